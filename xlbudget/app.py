"""The use cases: new, check, run, explain (audit: auditing.py). The one place where the parts are put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlbudget import __version__, profiles, rules
from xlbudget.domain.finding import Finding, Where
from xlbudget.domain.measures import Assessment, assess
from xlbudget.domain.model import Monitoring, Remark, RemarkKind
from xlbudget.domain.profile import Profile
from xlbudget.hosts import CannotOpen, CannotWrite, FileHost, Host
from xlbudget.hosts.archive import read_file
from xlbudget.hosts.files import Original, file_names, folder_for, reason, write_all, write_atomic
from xlbudget.hosts.package import Package, as_new_workbook
from xlbudget.readers import CannotRead
from xlbudget.report.compose import charts_of, compose
from xlbudget.report.document import Document
from xlbudget.report.explain import Explanation, explain
from xlbudget.report.form import faults
from xlbudget.report.forms import forms
from xlbudget.sheets import fill, layout
from xlbudget.sheets.bind import Bound, NotAWorkbookOfOurs, bind
from xlbudget.sheets.chart_sheet import chart_grid
from xlbudget.sheets.check_sheet import check_grid
from xlbudget.sheets.formula import calls, plain_formula
from xlbudget.sheets.grid import Grid, Value, note_grid, waiting_grid
from xlbudget.sheets.guide import guide_grid
from xlbudget.sheets.limits import TooMuch
from xlbudget.sheets.locate import find_table
from xlbudget.sheets.memory import MEMORY_SHEET, remember, remember_findings
from xlbudget.sheets.reading import shorten
from xlbudget.sheets.report_sheet import forms_grid, report_grid, stats_grid
from xlbudget.sheets.table import Table, address

if TYPE_CHECKING:
    from xlbudget.formulas.book import CacheWrite, FormulaCell
    from xlbudget.formulas.refresh import NotRefreshed, Refreshed


class CannotGoOn(Exception):  # noqa: N818
    """Something about the input or the request that the user has to change; exit code 2."""


CANNOT = (
    CannotGoOn,
    CannotOpen,
    CannotRead,
    CannotWrite,
    NotAWorkbookOfOurs,
    TooMuch,
    profiles.BrokenProfile,
    profiles.UnknownProfile,
)
"""Everything that is told to the user as a message with exit code 2."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that was read, judged and checked."""

    front: Table
    memory: Table | None
    bound: Bound
    case: Assessment
    findings: tuple[Finding, ...]

    @property
    def draft(self) -> bool:
        return rules.has_errors(self.findings)


def exists(path: Path) -> bool:
    """Whether a path is there. Raises CannotGoOn for a name that no file can have."""
    try:
        return path.exists()
    except OSError as error:
        raise CannotGoOn(f"“{path}”不能用：{reason(error)}。请换一个名字。") from None
    except ValueError:
        raise CannotGoOn(f"“{path}”不能用作文件名。请换一个名字。") from None


def open_workbook(path: Path, content: bytes | None = None, *, strict: bool = False) -> Opened:
    """Read and check a workbook file, or its `content`. Raises one of CANNOT; `strict` lets a crashing rule raise."""
    return open_host(_package(path, content), path.resolve().parent, strict=strict)


def _package(path: Path, content: bytes | None = None) -> Package:
    if path.suffix.lower() == ".xls" and exists(path):
        raise CannotGoOn(f"“{path.name}”是旧的 .xls 格式。请用 Excel 或 WPS 打开，另存为 .xlsx，再试。")
    return Package(path, content)


INPUT_NAMES = (*(sheet.name for sheet in layout.INPUT_SHEETS), MEMORY_SHEET)
"""The sheets that are read."""


def open_host(
    host: Host, folder: Path | None, remarks: Sequence[Remark] = (), *, strict: bool = False
) -> Opened:
    """Read and check a workbook, wherever it lives; `remarks` are added to what reading has to say.

    Profiles of one's own are looked for in `folder`. Raises one of CANNOT.
    """
    tables = host.tables(INPUT_NAMES)
    bound = bind(tables, host.tabs())
    facts = bound.facts.model_copy(update={"remarks": (*bound.facts.remarks, *remarks)})
    profile, facts = _profile_of(facts, folder)
    case = assess(facts, profile)
    memory = tables.get(MEMORY_SHEET)
    return Opened(bound.front, memory, bound, case, rules.check(case, strict=strict))


def _profile_of(facts: Monitoring, folder: Path | None) -> tuple[Profile, Monitoring]:
    """The profile that 首页 names; an unknown one is a finding, and the default is used."""
    try:
        return load_profile(facts.unit.profile, folder), facts
    except profiles.UnknownProfile as error:
        remedy = f"现在按默认口径 {profiles.DEFAULT} 计算。请改成上面列出的口径。"
        where = facts.unit.where("profile")
        remark = Remark(RemarkKind.UNKNOWN_OPTION, where, f"监控口径：{error}", remedy)
        return load_profile(None, folder), facts.model_copy(update={"remarks": (*facts.remarks, remark)})


def load_profile(name: str | None, folder: Path | None) -> Profile:
    """A profile that is sound in its numbers and in its sentences. Raises UnknownProfile or BrokenProfile."""
    return sound(profiles.load(name, folder))


def sound(profile: Profile) -> Profile:
    """The profile, when its report form is whole. Raises BrokenProfile naming the keys."""
    wrong = faults(profile.report, layout.SECTIONS)
    if wrong:
        lines = [f"监控口径“{profile.id}”有 {len(wrong)} 处不对：", *(f"  {one}" for one in wrong)]
        raise profiles.BrokenProfile("\n".join(lines))
    return profile


def report_of(opened: Opened) -> Document:
    return compose(opened.case, draft=opened.draft)


def write_findings(host: Host, opened: Opened) -> None:
    """Write what was found: notes, colours, 校验结果, the state on 首页. Results of an earlier run stay."""
    host.write_grid(check_grid(opened.findings))
    _write_state(host, opened, remember_findings(opened.memory, opened.findings))


def write_figures(host: Host, opened: Opened) -> None:
    """Write what was found and the figures: computed columns, 统计表."""
    write_computed(host, opened)
    host.write_grid(check_grid(opened.findings))
    host.write_grid(stats_grid(report_of(opened), opened.case))
    _write_state(host, opened, fill.memory_rows(opened.case, opened.findings))


def write_results(host: Host, opened: Opened, document: Document) -> None:
    """Write every result into a workbook."""
    write_computed(host, opened)
    for grid in _result_grids(opened, document):
        host.write_grid(grid)
    _write_state(host, opened, fill.memory_rows(opened.case, opened.findings))


def announce_computed(host: Host, opened: Opened) -> None:
    """Remember what is about to be written into computed cells beside what was: if that is cut short, both are ours."""
    old = remember_findings(opened.memory, opened.findings)
    host.write_memory(MEMORY_SHEET, [*old, *fill.memory_rows(opened.case, [])])


def write_computed(host: Host, opened: Opened) -> None:
    """Write the computed columns."""
    located = opened.bound.located
    front = opened.front.name if host.keeps_functions else None
    host.write_cells(fill.computed_cells(opened.case, located, functions_of=front))
    for place in located.values():
        host.grow(place.name, place.header_row, place.rows)


def _write_state(host: Host, opened: Opened, memory: Sequence[Sequence[Value]]) -> None:
    """Write what tells of the results, the state on 首页 last: who reads it there finds everything written."""
    host.write_marks(fill.marks(opened.findings))
    host.write_memory(MEMORY_SHEET, memory)
    state = fill.state_of(opened.case, opened.findings, __version__, opened.bound.fingerprint)
    host.write_cells(fill.state_cells(opened.front, state))


def clear_results(host: Host) -> None:
    """Take away everything that was ever written, and nothing that people filled in."""
    tables = host.tables(INPUT_NAMES)
    front = find_table(tables, layout.FRONT.name)
    if front is None or find_table(tables, layout.PROJECTS.name) is None:
        raise CannotGoOn("这不是预算绩效监控工作簿，没有要清除的结果。")
    host.write_cells(fill.state_cells(front, dict.fromkeys(layout.STATE_LABELS)))
    host.write_cells(fill.cleared_cells(tables))
    for sheet in layout.RESULT_SHEETS:
        host.write_grid(waiting_grid(sheet))
    host.write_marks([])
    host.write_memory(MEMORY_SHEET, remember({}))


def fill_workbook(
    host: FileHost, opened: Opened, document: Document, folder: Path, earlier: Refreshed | None = None
) -> tuple[bytes, Refreshed | None]:
    """Write every result into a file; its bytes, and what became of the formulas in it, if there are any.

    `earlier` is what became of them when the same file was filled before.
    """
    write_results(host, opened, document)
    refreshed = _refresh_formulas(host, folder, earlier)
    return host.save(), refreshed


def _refresh_formulas(host: FileHost, folder: Path, earlier: Refreshed | None) -> Refreshed | None:
    """Give formulas of the user's own their new results."""
    book = host.book()
    if not book.formulas:
        return None
    from xlbudget.addin.blocks import Session
    from xlbudget.addin.functions import FUNCTIONS
    from xlbudget.formulas.refresh import refresh

    refreshed = refresh(book, host.changed(), Session(folder), earlier)
    ours = any(calls(one.text) & FUNCTIONS.keys() for one in book.formulas)
    # Where the functions are not installed, computing everything would show #NAME? instead of their results.
    host.write_results(refreshed.writes, recalculate=bool(refreshed.failures) and not ours)
    return refreshed


def _remarks(failures: Sequence[NotRefreshed]) -> Iterator[Remark]:
    """Tell of formulas whose results were taken away, once for all of a sheet and a cause."""
    causes: dict[tuple[str, str], list[FormulaCell]] = {}
    for missed in failures:
        causes.setdefault((missed.formula.sheet, missed.reason), []).append(missed.formula)
    for (sheet, cause), formulas in causes.items():
        first = min(formulas, key=lambda one: (one.row, one.column))
        where = Where(layout.sheet_name(sheet), address(first.row, first.column))
        named = f"公式“={shorten(plain_formula(first.text[:200]))}”的结果先清空了"
        count = f"，共 {len(formulas)} 个单元格，这是第一个" if len(formulas) > 1 else ""
        remedy = "请用 Excel 或 WPS 打开结果文件，按 Ctrl+Alt+F9 重新计算，再保存。"
        yield Remark(RemarkKind.NOT_REFRESHED, where, f"{named}{count}：{cause}。", remedy)


def _result_grids(opened: Opened, document: Document) -> Iterator[Grid]:
    """Every output sheet, in the order of layout.RESULT_SHEETS."""
    yield check_grid(opened.findings)
    yield stats_grid(document, opened.case)
    figures = chart_grid(charts_of(opened.case))
    yield report_grid(document, figures)
    if len(opened.case.results) > layout.MOST_FORMS:
        yield note_grid(layout.FORMS, _TOO_MANY_FORMS)
    else:
        yield forms_grid(form for _, form in forms(opened.case, draft=opened.draft))
    yield figures


_TOO_MANY_FORMS = f"项目超过 {layout.MOST_FORMS} 行，这张表没有生成。要每个项目的监控表，请运行 xlbudget run 工作簿 --forms 文件夹。"


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where `run` writes to."""

    workbook: Path
    docx: Path | None = None
    pdf: Path | None = None
    in_place: bool = False
    forms: Path | None = None
    """A folder for a Word file a project."""

    def all(self) -> list[Path]:
        return [path for path in (self.workbook, self.docx, self.pdf) if path is not None]


def default_output(path: Path) -> Path:
    return path.with_name(f"{path.stem}-监控结果{path.suffix}")


def check_destinations(source: Path, to: Destinations) -> None:
    """Refuse outputs that would overwrite the input or each other. Raises CannotGoOn."""
    if to.workbook.suffix.lower() != source.suffix.lower():
        raise CannotGoOn(f"输出文件“{to.workbook.name}”的扩展名要与“{source.name}”一样，是 {source.suffix}。")
    for path, suffix in ((to.docx, ".docx"), (to.pdf, ".pdf")):
        if path is not None and path.suffix.lower() != suffix:
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

    Returns what was read and the files written, a backup (in place) last. Raises one of CANNOT.
    """
    before = read_file(source) if to.in_place else None
    host: FileHost = _package(source, before)
    opened = open_host(host, source.resolve().parent)
    check_destinations(source, to)
    rewritten = to.in_place and to.workbook.resolve() == source.resolve()
    original = Original.of(source, before) if rewritten and before is not None else None
    opened, document, content = _filled(host, opened, source)
    files: list[tuple[Path, bytes]] = [(to.workbook, content)]
    if to.docx:
        from xlbudget.export.docx import render_docx

        files.append((to.docx, render_docx(document)))
    if to.pdf:
        from xlbudget.export.pdf import render_pdf

        files.append((to.pdf, render_pdf(document)))
    if to.forms:
        files.extend(_form_files(opened, to.forms))
    with folder_for(to.forms) if to.forms else nullcontext():
        write_all(files[::-1], original)
    written = [path for path, _ in files] + ([original.backup] if original else [])
    return opened, [path.resolve() for path in written]


def _filled(host: FileHost, opened: Opened, source: Path) -> tuple[Opened, Document, bytes]:
    """The filled workbook; formulas that could not be refreshed are among the findings that it shows.

    A formula in an input cell may look at results. The workbook is then read and filled again with what it came to, until
    nothing changes any more; where that does not end, the cell is named.
    """
    folder = source.resolve().parent
    told: list[Remark] = []
    refreshed: Refreshed | None = None
    for turn in range(_MOST_TURNS):
        document = report_of(opened)
        content, refreshed = fill_workbook(host, opened, document, folder, refreshed)
        fed_back = (
            [one for one in refreshed.writes if is_input(opened, one.sheet, one.row, one.column)]
            if refreshed
            else []
        )
        remarks = list(_remarks(refreshed.failures)) if refreshed else []
        if turn == _MOST_TURNS - 2:
            remarks += [_restless(one) for one in fed_back]
        if turn == _MOST_TURNS - 1 or (not fed_back and remarks == told):
            break
        host = Package(source, content) if fed_back else host.original()
        refreshed = None if fed_back else refreshed
        opened, told = open_host(host, folder, remarks), remarks
    return opened, document, content


_MOST_TURNS = 6


def is_input(opened: Opened, sheet: str, row: int, column: int) -> bool:
    """Whether a cell is one that people fill in."""
    if sheet == opened.front.name:
        return address(row, column) in opened.case.facts.unit.cells.values()
    for place in opened.bound.located.values():
        if place.name == sheet and row in place.rows:
            return column in {place.columns.get(one.field) for one in place.sheet.inputs}
    return False


def _restless(write: CacheWrite) -> Remark:
    """Tell of an input whose formula looks at what is computed from it."""
    message = "这里的公式引用了计算结果，计算结果又用到这一格，算了几遍还不稳定。"
    where = Where(layout.sheet_name(write.sheet), address(write.row, write.column))
    return Remark(RemarkKind.NOT_REFRESHED, where, message, "请直接填写数字，不要引用计算列。")


def _form_files(opened: Opened, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """A 监控表 for each project."""
    from xlbudget.export.docx import render_docx

    made = list(forms(opened.case, draft=opened.draft))
    for name, (_, form) in zip(file_names(title for title, _ in made), made, strict=True):
        yield folder / f"{name}.docx", render_docx(form)


def new_workbook(profile: str | None, *, sample: bool, macros: bool = False) -> bytes:
    """A blank or the sample workbook, as .xlsm with `macros`. Raises UnknownProfile or BrokenProfile."""
    from xlbudget import sample as samples
    from xlbudget.addin.reference import function_help
    from xlbudget.hosts.template import input_sheets

    chosen = load_profile(profile, Path.cwd())
    content = as_new_workbook(input_sheets(samples.load() if sample else {}, chosen))
    host = Package(Path("模板.xlsx"), content)
    for sheet in layout.RESULT_SHEETS:
        host.write_grid(waiting_grid(sheet))
    host.write_grid(guide_grid(function_help()))
    host.write_memory(MEMORY_SHEET, remember({}))
    return _with_macros(host.save()) if macros else host.save()


def _with_macros(content: bytes) -> bytes:
    """A new workbook as .xlsm with ribbon and functions."""
    from xlbudget.addin.project import macros
    from xlbudget.hosts.macros import with_macros

    return with_macros(content, macros())


def create(path: Path, *, profile: str | None = None, sample: bool = False) -> Path:
    """Write a new workbook; an existing file is never touched. Raises one of CANNOT."""
    if exists(path):
        raise CannotGoOn(f"“{path}”已经有了，没有改动它。请换一个文件名。")
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".xlsm"):
        raise CannotGoOn(f"“{path.name}”的扩展名应为 .xlsx 或 .xlsm。")
    check_folder(path)
    write_atomic(path, new_workbook(profile, sample=sample, macros=suffix == ".xlsm"))
    return path.resolve()


def explain_workbook(path: Path, project: str | None) -> tuple[Opened, list[Explanation]]:
    """How each figure came about, for all projects or those of a number or name."""
    opened = open_workbook(path)
    chosen = [
        result
        for result in opened.case.results
        if project is None or project in (result.project.id, result.project.name)
    ]
    if project is not None and not chosen:
        known = "、".join(dict.fromkeys(f"{p.id}（{p.name}）" for p in opened.case.facts.projects))
        raise CannotGoOn(f"没有编号或名称为“{project}”的项目。表里有：{known or '无'}。")
    return opened, [explain(opened.case, result) for result in chosen]
