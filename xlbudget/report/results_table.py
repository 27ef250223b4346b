"""The statistics table (统计表): a row a project row with achievement and forecast class, and 合计."""

from __future__ import annotations

from collections.abc import Callable

from xlbudget.domain.measures import Assessment, Flag, ProjectResult
from xlbudget.domain.model import Project
from xlbudget.domain.money import pct, wan
from xlbudget.domain.where import Where
from xlbudget.report.document import DataTable, Figure, TableCell
from xlbudget.report.labels import label

_WIDTHS = (12.4, 24, 16, 13.6, 9.4, 12.3, 12.3)


def _header(case: Assessment) -> tuple[tuple[TableCell | None, ...], ...]:
    first = ("部门名称", "项目名称", "资金数额（万元）", label(case, "achievement"))
    tall = tuple(TableCell((text,), rows=2) for text in first)
    wide = TableCell((label(case, "forecast"),), columns=3)
    flags = tuple(TableCell((flag,)) for flag in Flag)
    return (*tall, wide, None, None), (None, None, None, None, *flags)


def achievement_cells(result: ProjectResult) -> tuple[Where, ...]:
    """The cells that an achievement rests on: actuals and targets, spent and budget."""
    parts = [one.indicator.where(field) for one in result.indicators for field in ("actual", "target")]
    return (*parts, result.project.where("spent"), *result.project.budget_cells)


def _row(case: Assessment, result: ProjectResult, name: Callable[[Project], Figure]) -> tuple[TableCell, ...]:
    project, unit = result.project, case.facts.unit
    department = project.department or unit.department or ""
    where = project.where("department") if project.department else unit.where("department")
    budget = "—" if project.budget is None else wan(project.budget)
    cells = [
        TableCell((Figure(department, (where,)),)),
        TableCell((name(project),), align="left"),
        TableCell((Figure(budget, project.budget_cells),)),
        TableCell((Figure(pct(result.achievement), achievement_cells(result)),)),
    ]
    reached = tuple(one.indicator.where("full_year") for one in result.indicators)
    cells += [TableCell((Figure("√", reached) if result.flag is flag else "",)) for flag in Flag]
    return tuple(cells)


def results_table(case: Assessment, name: Callable[[Project], Figure]) -> DataTable:
    """Build the table; `name` words a project (with its batch where needed)."""
    rows = [_row(case, result, name) for result in case.results]
    budgets = tuple(cell for p in case.facts.projects for cell in p.budget_cells)
    ids = tuple(p.where("id") for p in case.facts.projects)
    total = [
        TableCell(("合计",)),
        TableCell((Figure(str(case.totals.projects), ids), "个项目"), align="left"),
        TableCell((Figure(wan(case.totals.budget), budgets),)),
        TableCell(("—",)),
    ]
    for one in case.forecast:
        flagged = tuple(result.project.where("id") for result in one.results)
        total.append(TableCell((Figure(str(len(one.results)), flagged),)))
    return DataTable(_header(case), (*rows, tuple(total)), _WIDTHS)
