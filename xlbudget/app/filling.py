"""Results written into a workbook, and the formulas in it brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xlbudget import __version__, layout
from xlbudget.app.opening import INPUT_NAMES, CannotGoOn, Opened, is_input, open_host
from xlbudget.domain.model import Remark, RemarkKind
from xlbudget.domain.where import Where
from xlbudget.hosts import FileHost, Host
from xlbudget.hosts.package import Package
from xlbudget.layout import fill
from xlbudget.layout.formula import plain_formula
from xlbudget.layout.locate import find_table
from xlbudget.layout.memory import MEMORY_SHEET, remember, remember_findings
from xlbudget.pages.charts import chart_grid
from xlbudget.pages.check import check_grid
from xlbudget.pages.grid import Grid, note_grid, waiting_grid
from xlbudget.pages.report import forms_grid, report_grid, stats_grid
from xlbudget.reading.said import shorten
from xlbudget.reading.table import Value
from xlbudget.report.compose import charts_of
from xlbudget.report.forms import forms

if TYPE_CHECKING:
    from xlbudget.formulas.book import CacheWrite, FormulaCell
    from xlbudget.formulas.refresh import NotRefreshed, Refreshed


def write_findings(host: Host, opened: Opened) -> None:
    """Write what was found: notes, colours, 校验结果, the state on 首页. Results of an earlier run stay."""
    host.write_grid(check_grid(opened.findings))
    _write_state(host, opened, remember_findings(opened.memory, opened.findings))


def write_figures(host: Host, opened: Opened) -> None:
    """Write what was found and the figures: computed columns, 统计表."""
    write_computed(host, opened)
    host.write_grid(check_grid(opened.findings))
    host.write_grid(stats_grid(opened.report, opened.case))
    _write_state(host, opened, fill.memory_rows(opened.case, opened.findings))


def write_results(host: Host, opened: Opened) -> None:
    """Write every result into a workbook."""
    write_computed(host, opened)
    for grid in _result_grids(opened):
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
    if any(layout.sheet_name(tab) == layout.EXPLAIN.name for tab in host.tabs()):
        host.write_grid(note_grid(layout.EXPLAIN, "点“预算绩效”选项卡的“数从哪里来”，这里会重新写。"))
    host.write_marks([])
    host.write_memory(MEMORY_SHEET, remember({}))


def fill_workbook(
    host: FileHost, opened: Opened, folder: Path, earlier: Refreshed | None = None
) -> Refreshed | None:
    """Write every result into a file that is not saved yet; what became of the formulas in it, if there are any.

    `earlier` is what became of them when the same file was filled before.
    """
    write_results(host, opened)
    return _refresh_formulas(host, folder, earlier)


def _refresh_formulas(host: FileHost, folder: Path, earlier: Refreshed | None) -> Refreshed | None:
    """Give formulas of the user's own their new results."""
    book = host.book()
    if not book.formulas:
        return None
    from xlbudget.formulas.refresh import is_ours, refresh
    from xlbudget.functions.blocks import Session

    refreshed = refresh(book, host.changed(), Session(folder), earlier)
    ours = any(is_ours(one.text) for one in book.formulas)
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
        where = Where(layout.sheet_name(sheet), first.row, first.column)
        named = f"公式“={shorten(plain_formula(first.text[:200]))}”的结果先清空了"
        count = f"，共 {len(formulas)} 个单元格，这是第一个" if len(formulas) > 1 else ""
        remedy = "请用 Excel 或 WPS 打开结果文件，按 Ctrl+Alt+F9 重新计算，再保存。"
        yield Remark(RemarkKind.NOT_REFRESHED, where, f"{named}{count}：{cause}。", remedy)


def _result_grids(opened: Opened) -> Iterator[Grid]:
    """Every output sheet, in the order of layout.RESULT_SHEETS."""
    yield check_grid(opened.findings)
    document = opened.report
    yield stats_grid(document, opened.case)
    figures = chart_grid(charts_of(opened.case))
    yield report_grid(document, figures)
    if len(opened.case.results) > layout.MOST_FORMS:
        yield note_grid(layout.FORMS, _TOO_MANY_FORMS)
    else:
        made = forms(opened.case, draft=opened.draft)
        yield forms_grid((form for _, form in made), len(opened.case.results))
    yield figures


_TOO_MANY_FORMS = f"项目超过 {layout.MOST_FORMS} 行，这张表没有生成。要每个项目的监控表，请运行 xlbudget run 工作簿 --forms 文件夹。"


@dataclass(frozen=True)
class _Filled:
    """A workbook that was filled, and what became of the formulas in it."""

    host: FileHost
    opened: Opened
    refreshed: Refreshed | None
    told: tuple[Remark, ...]
    """Formulas without a result that are among the findings that it shows."""

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """Formulas whose result is not known."""
        return tuple(_remarks(self.refreshed.failures)) if self.refreshed else ()

    @cached_property
    def fed_back(self) -> list[CacheWrite]:
        """New results in cells that people fill in."""
        writes = self.refreshed.writes if self.refreshed else []
        return [one for one in writes if is_input(self.opened, one.sheet, one.row, one.column)]


def filled_workbook(host: FileHost, opened: Opened, source: Path) -> tuple[Opened, bytes]:
    """The filled workbook; formulas that could not be refreshed are among the findings that it shows.

    A formula in an input cell may look at results. The workbook is then read and filled again with what it came to, until
    nothing changes any more; where that does not end, the cell is named.
    """
    folder = source.resolve().parent

    def filled_with(
        host: FileHost, opened: Opened, told: tuple[Remark, ...], earlier: Refreshed | None = None
    ) -> _Filled:
        return _Filled(host, opened, fill_workbook(host, opened, folder, earlier), told)

    def anew(old: _Filled, remarks: tuple[Remark, ...]) -> _Filled:
        """Filled again: from what it came to, or, where there is only more to tell, from the beginning."""
        if old.fed_back:
            host: FileHost = Package(source, old.host.save())
            return filled_with(host, open_host(host, folder, remarks), remarks)
        opened = replace(old.opened, judged=old.opened.judged.told(remarks))
        return filled_with(old.host.original(), opened, remarks, old.refreshed)

    def following(old: _Filled) -> _Filled | None:
        return anew(old, old.remarks) if old.fed_back or old.remarks != old.told else None

    filled, ended = settle(filled_with(host, opened, ()), following, _MOST_TURNS)
    if not ended:
        filled = anew(filled, (*filled.remarks, *map(_restless, filled.fed_back)))
    return filled.opened, filled.host.save()


_MOST_TURNS = 4
T = TypeVar("T")


def settle(first: T, following: Callable[[T], T | None], turns: int) -> tuple[T, bool]:
    """Do something again until there is nothing to do (None): the last of it, and whether it came to an end."""
    for _ in range(turns):
        found = following(first)
        if found is None:
            return first, True
        first = found
    return first, False


def _restless(write: CacheWrite) -> Remark:
    """Tell of an input whose formula looks at what is computed from it."""
    message = "这里的公式引用了计算结果，计算结果又用到这一格，算了几遍还不稳定。"
    where = Where(layout.sheet_name(write.sheet), write.row, write.column)
    return Remark(RemarkKind.NOT_REFRESHED, where, message, "请直接填写数字，不要引用计算列。")
