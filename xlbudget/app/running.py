"""The use case run: compute, fill, export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from xlbudget.app.filling import filled_workbook
from xlbudget.app.opening import CannotGoOn, Opened, exists, open_host, package_of
from xlbudget.export.exporters import EXPORTERS
from xlbudget.files.archive import read_file
from xlbudget.files.writing import Original, file_names, folder_for, write_all
from xlbudget.hosts import FileHost
from xlbudget.report.forms import forms


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where `run` writes to."""

    workbook: Path
    reports: Mapping[str, Path] = field(default_factory=dict)
    """The report by kinds of files, by their suffix (export/exporters.py)."""
    in_place: bool = False
    forms: Path | None = None
    """A folder for a Word file a project."""

    def all(self) -> list[Path]:
        return [self.workbook, *self.reports.values()]


def default_output(path: Path) -> Path:
    return path.with_name(f"{path.stem}-监控结果{path.suffix}")


def check_destinations(source: Path, to: Destinations) -> None:
    """Refuse outputs that would overwrite the input or each other. Raises CannotGoOn."""
    if to.workbook.suffix.lower() != source.suffix.lower():
        raise CannotGoOn(f"输出文件“{to.workbook.name}”的扩展名要与“{source.name}”一样，是 {source.suffix}。")
    for suffix, path in to.reports.items():
        if path.suffix.lower() != suffix:
            raise CannotGoOn(f"“{path.name}”的扩展名应为 {suffix}。")
    if to.workbook.resolve() == source.resolve() and not to.in_place:
        raise CannotGoOn("输出文件就是原文件。要直接改原文件，请加 --in-place（会先留一份备份）。")
    places = [path.resolve() for path in to.all()]
    if len(set(places)) < len(places):
        raise CannotGoOn("几个输出文件的名字重复了，请分别取名。")
    if to.forms is not None:
        check_folder(to.forms)
        if exists(to.forms) and not to.forms.is_dir():
            raise CannotGoOn(f"“{to.forms}”是一个文件，--forms 后面要写文件夹。")
    for path in to.all():
        if exists(path) and path.is_dir():
            raise CannotGoOn(f"“{path}”是一个文件夹，不能当作输出文件。")
        check_folder(path)


def check_folder(path: Path) -> None:
    """Refuse a file in a folder that does not exist. Raises CannotGoOn."""
    folder = path.resolve().parent
    if not exists(folder) or not folder.is_dir():
        raise CannotGoOn(f"文件夹“{folder}”不存在，请先建好，或换一个位置。")


def run(source: Path, to: Destinations) -> tuple[Opened, list[Path]]:
    """Regenerate: compute, fill, export. Everything is made before anything is written.

    Returns what was read and the files written, a backup (in place) last. Raises Told.
    """
    before = read_file(source) if to.in_place else None
    host: FileHost = package_of(source, before)
    opened = open_host(host, source.resolve().parent)
    check_destinations(source, to)
    rewritten = to.in_place and to.workbook.resolve() == source.resolve()
    original = Original.of(source, before) if rewritten and before is not None else None
    opened, content = filled_workbook(host, opened, source)
    files: list[tuple[Path, bytes]] = [(to.workbook, content)]
    files += [(path, EXPORTERS[suffix].render(opened.report)) for suffix, path in to.reports.items()]
    if to.forms:
        files.extend(_form_files(opened, to.forms))
    with folder_for(to.forms) if to.forms else nullcontext():
        write_all(files[::-1], original)
    written = [path for path, _ in files] + ([original.backup] if original else [])
    return opened, [path.resolve() for path in written]


def _form_files(opened: Opened, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """A 监控表 for each project."""
    render = EXPORTERS[".docx"].render
    made = list(forms(opened.case, draft=opened.draft))
    for name, (_, form) in zip(file_names(title for title, _ in made), made, strict=True):
        yield folder / f"{name}.docx", render(form)
