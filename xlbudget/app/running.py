"""The use case run: compute, fill, export."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from xlbudget.app.filling import filled_workbook
from xlbudget.app.opening import CannotGoOn, Opened, exists, open_host, package_of
from xlbudget.export.exporters import EXPORTERS
from xlbudget.files.archive import read_file
from xlbudget.files.writing import Original, file_names, folder_for, numbered_backup, write_all
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


def reports_beside(workbook: Path, suffix: str) -> list[Path]:
    """Where a workbook's report is looked for, the name that the buttons give it first."""
    stem = workbook.stem.removesuffix("-监控结果")
    names = dict.fromkeys((f"{workbook.stem}-监控报告", f"{stem}-监控报告", "监控报告", "报告"))
    return [workbook.with_name(f"{name}{suffix}") for name in names]


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


def run(
    source: Path, to: Destinations, say: Callable[[str], None] = lambda _: None
) -> tuple[Opened, list[Path]]:
    """Regenerate: compute, fill, export. Everything is made before anything is written.

    Returns what was read and the files written, a backup (in place) last. `say` hears of reports that were edited and are
    kept beside the new ones, and of forms whose project is gone. Raises Told.
    """
    before = read_file(source) if to.in_place else None
    host: FileHost = package_of(source, before)
    opened = open_host(host, source.resolve().parent)
    check_destinations(source, to)
    rewritten = to.in_place and to.workbook.resolve() == source.resolve()
    original = Original.of(source, before) if rewritten and before is not None else None
    opened, content = filled_workbook(host, opened, source)
    reports = [(path, EXPORTERS[suffix].render(opened.report)) for suffix, path in to.reports.items()]
    if to.forms:
        reports.extend(_form_files(opened, to.forms))
    kept = list(kept_beside(path for path, _ in reports))
    files = [(to.workbook, content), *reports, *((one.place, one.content) for one in kept)]
    with folder_for(to.forms) if to.forms else nullcontext():
        write_all(files[::-1], original)
    for one in kept:
        say(one.told)
    if to.forms:
        _tell_orphans(to.forms, {path for path, _ in reports}, say)
    written = [path for path, _ in files] + ([original.backup] if original else [])
    return opened, [path.resolve() for path in written]


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that somebody edited, and where that version goes before a new one takes its place."""

    path: Path
    place: Path
    content: bytes

    @property
    def told(self) -> str:
        return f"“{self.path.name}”和程序写的不一样（有人改过，或者是以前的版本写的），原来那份存成了“{self.place.name}”。"


def kept_beside(paths: Iterable[Path]) -> Iterator[Kept]:
    """Those of the reports about to be replaced that are not as we wrote them."""
    from xlbudget.export.marks import kept_version

    taken: set[Path] = set()
    for path in paths:
        content = kept_version(path)
        if content is not None:
            place = numbered_backup(path, taken)
            taken.add(place)
            yield Kept(path, place, content)


def replace_report(path: Path, content: bytes) -> str:
    """Write one report; what is to be said of the one that it replaced."""
    kept = list(kept_beside([path]))
    write_all([*((one.place, one.content) for one in kept), (path, content)])
    return "".join(one.told for one in kept)


def write_forms(opened: Opened, folder: Path, say: Callable[[str], None]) -> list[Path]:
    """Write a 监控表 for each project into a folder. `say` hears what `run` would say of them."""
    check_folder(folder)
    files = list(_form_files(opened, folder))
    kept = list(kept_beside(path for path, _ in files))
    with folder_for(folder):
        write_all([*((one.place, one.content) for one in kept), *files])
    for one in kept:
        say(one.told)
    _tell_orphans(folder, {path for path, _ in files}, say)
    return [path for path, _ in files]


_MOST_TOLD = 5


def _tell_orphans(folder: Path, written: Collection[Path], say: Callable[[str], None]) -> None:
    """Name forms of ours in the folder that no project of the workbook has any more."""
    from xlbudget.export.marks import made_by_us

    known = {path.name for path in written}
    names = [
        path.name for path in sorted(folder.glob("*.docx"))
        if path.name not in known and not _BACKUP.search(path.stem) and path.is_file() and made_by_us(path.read_bytes())
    ]  # fmt: skip
    if names:
        more = f" 等 {len(names)} 份" if len(names) > _MOST_TOLD else ""
        shown = "、".join(f"“{name}”" for name in names[:_MOST_TOLD])
        say(
            f"“{folder.name}”里的{shown}{more}，工作簿里已经没有对应的项目（可能改了名称或编号），没有动它们，请核对后删除。"
        )


_BACKUP = re.compile(r"-备份\d*$")


def _form_files(opened: Opened, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """A 监控表 for each project."""
    render = EXPORTERS[".docx"].render
    made = list(forms(opened.case, draft=opened.draft))
    for name, (_, form) in zip(file_names(title for title, _ in made), made, strict=True):
        yield folder / f"{name}.docx", render(form)
