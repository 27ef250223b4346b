"""监控表 (by its profile 项目支出绩效目标执行监控表, 项目支出绩效自评表 …): one form a project, with all its batches and indicators."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from xlbudget.domain.indicators import IndicatorResult
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.model import Batch, Indicator, Likelihood, Project, Row
from xlbudget.domain.money import pct, plain, wan
from xlbudget.domain.profile import Addition
from xlbudget.domain.where import Where
from xlbudget.report import labels
from xlbudget.report.document import (
    Block,
    Caption,
    DataTable,
    Document,
    Figure,
    Run,
    TableCell,
    TableRow,
    Title,
)

_LIKELIHOODS = tuple(Likelihood)
CAUSES = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")
_WIDTHS = (10.6, 11.5, 21, 12, 11.5, 11.5, 5.5, 5.5, 5.5, 5.5, 5.5, 19, 6.8, 6.8, 7, 10.3)
_SIZE = 9


def _cell(*runs: Run, columns: int = 1, left: bool = False) -> TableCell:
    return TableCell(runs, columns, align="left" if left else "center")


@lru_cache
def _words(
    text: str, columns: int = 1, rows: int = 1, *, left: bool = False, head: bool = False
) -> TableCell:
    """A cell without figures: the same one in every form that says so."""
    return TableCell((text,), columns, rows, "left" if left else "center", head)


def _line(*cells: TableCell | int) -> TableRow:
    """A row of cells; each is followed by the positions that it spans, a number stands for spanned ones."""
    row: list[TableCell | None] = []
    for cell in cells:
        if isinstance(cell, int):
            row += [None] * cell
        else:
            row.append(cell)
            row += [None] * (cell.columns - 1)
    return tuple(row)


def _text(row: Row, field: str, shown: str | None = None) -> Figure:
    value = getattr(row, field) if shown is None else shown
    return Figure("" if value is None else str(value), (row.where(field),))


def _pair(label: str, value: Figure, columns: int) -> tuple[TableCell, TableCell]:
    wide = 2 if columns == 3 else 3
    return _words(label, wide, head=True), _cell(value, columns=columns, left=True)


def _facts(case: Assessment, project: Project) -> Iterator[TableRow]:
    name, number = _text(project, "name"), _text(project, "id")
    yield _line(*_pair("项目名称", name, 3), *_pair("项目编号", number, 8))
    over, doing = _offices(case, project)
    yield _line(*_pair("主管部门及代码", over, 3), *_pair("实施单位", doing, 8))


def _offices(case: Assessment, project: Project) -> tuple[Figure, Figure]:
    """主管部门 and 实施单位; 单位预算编码 stands with whichever of them is the unit."""
    unit = case.facts.unit
    code = f"[{unit.budget_code}]" if unit.budget_code else ""
    code_cell = (unit.where("budget_code"),) if code else ()
    field = "supervisor" if unit.supervisor else "department" if unit.department else "full_name"
    over = f"{'' if unit.supervisor else code}{getattr(unit, field) or ''}"
    over_cells = (unit.where(field), *(() if unit.supervisor else code_cell))
    where = next((f for f in ("implementer", "department") if getattr(project, f)), None)
    own = where is None and unit.supervisor
    doing = getattr(project, where) if where else f"{code if own else ''}{unit.full_name or ''}"
    doing_cells = (project.where(where),) if where else (unit.where("full_name"), *(code_cell if own else ()))
    return Figure(over, over_cells), Figure(doing, doing_cells)


def batch_words(project: Project) -> str:
    """年初, or the month that a supplementary batch came in."""
    if project.batch is Batch.SUPPLEMENTARY:
        return f"{project.month}月追加" if project.month else "追加，月份未填"
    return project.batch or "批次未填"


def _sum(projects: Sequence[Project], field: str) -> Decimal | None:
    """A sum over rows; unknown when one of its parts is."""
    values = [getattr(project, field) for project in projects]
    return None if None in values else sum(values, Decimal(0))


def _funds_row(label: str, projects: Sequence[Project], heads: Sequence[_Money]) -> TableRow:
    """Money of some rows of a project, a cell a column."""
    budget, spent = _sum(projects, "budget"), _sum(projects, "spent")
    known = budget is not None and spent is not None and budget > 0
    rate = Fraction(spent or 0) / Fraction(budget or 1) * 100 if known else None
    cells = []
    for head in heads:
        if head.field == "rate":
            sources = tuple(
                cell for field in ("spent", "budget") for one in projects for cell in _cells(one, field)
            )
            cells.append(_cell(Figure(pct(rate), sources), columns=head.columns))
            continue
        of = [one for one in projects if head.field != "amount" or one.batch is not Batch.SUPPLEMENTARY]
        value = _sum(of, head.field)
        sources = tuple(cell for one in of for cell in _cells(one, head.field))
        cells.append(_cell(Figure("—" if value is None else wan(value), sources), columns=head.columns))
    return _line(2, _words(label, left=True), *cells)


def _cells(project: Project, field: str) -> tuple[Where, ...]:
    return project.budget_cells if field == "budget" else (project.where(field),)


class _Money(NamedTuple):
    """A column of the block of funds: its head, what it sums and how many columns of the form it takes."""

    head: str
    field: str
    columns: int


def _money_columns(case: Assessment) -> list[_Money]:
    full_year = labels.label(case, "form_full_year")
    adjusted = Addition.ADJUSTED in case.profile.report.additions
    columns = [_Money("年初预算数", "amount", 1 if adjusted else 2)]
    if adjusted:
        columns.append(_Money("调整后预算", "budget", 1))
    columns.append(_Money(labels.label(case, "form_spent"), "spent", 3))
    columns.append(_Money(labels.label(case, "form_rate"), "rate", 3 if full_year else 8))
    if full_year:
        columns.append(_Money(full_year, "full_year_spending", 5))
    return columns


_PUBLIC, _OTHER = "一般公共预算拨款", "其他资金"


def _sources(projects: Sequence[Project]) -> dict[str, list[Project]]:
    """Rows by 资金来源: those of the official form always, others where there are some; what is not told is other money."""
    found: dict[str, list[Project]] = {_PUBLIC: []}
    for project in projects:
        if project.funding != _OTHER and project.funding:
            found.setdefault(project.funding, []).append(project)
    found[_OTHER] = [project for project in projects if project.funding in (_OTHER, None)]
    return found


def _funds(case: Assessment, results: Sequence[ProjectResult]) -> Iterator[TableRow]:
    """年度资金总额 and its sources; the batches where the profile asks for them."""
    projects = [result.project for result in results]
    heads = _money_columns(case)
    rows = [("年度资金总额", projects)]
    rows += [
        (f"　其中：{source}" if source == _PUBLIC else f"　　　　{source}", some)
        for source, some in _sources(projects).items()
    ]
    if Addition.BATCHES in case.profile.report.additions and len(projects) > 1:
        rows += [(f"　按批次：{batch_words(one)}", [one]) for one in projects]
    side = _words("项目资金（万元）", 2, len(rows) + 1, head=True)
    yield _line(side, _words("", head=True), *(_words(one.head, one.columns, head=True) for one in heads))
    for label, some in rows:
        yield _funds_row(label, some, heads)


def _notes(case: Assessment) -> Caption:
    """What the figures of a form mean."""
    adjusted = Addition.ADJUSTED in case.profile.report.additions
    base = "调整后预算" if adjusted else "调整后预算（年初预算数加年中追加和调整）"
    return Caption((f"注：执行率＝执行数÷{base}×100%；资金来源没有填的列入其他资金；“√”表示选中的一项。",))


def _value(one: Indicator, field: str, sign: str = "", columns: int = 1) -> TableCell:
    value = getattr(one, field)
    if one.unknown(field):
        return _cell(Figure("？", (one.where(field),)), columns=columns)
    if isinstance(value, Decimal):
        return _said(one, field, f"{sign}{plain(value)}{one.measure_unit or ''}", columns)
    return _said(one, field, value and str(value), columns)


def _said(
    one: Indicator, field: str, value: str | None, columns: int = 1, *, left: bool = False
) -> TableCell:
    """What an indicator says in words, often nothing."""
    if not value:
        return _words("", columns, left=left)
    return _cell(Figure(value, (one.where(field),)), columns=columns, left=left)


def _ticks(
    one: Indicator, field: str, choices: Sequence[str], chosen: Collection[str]
) -> Sequence[TableCell]:
    """A tick below each of the choices that was chosen."""
    if not chosen:
        return [_words("")] * len(choices)
    return [_said(one, field, "√" if choice in chosen else None) for choice in choices]


_SAYS_ITSELF = re.compile(r"[前后内外上下不≥≤＞＜><=＝]|之间|达到|完成")


def _target(one: Indicator) -> TableCell:
    """年度指标值 as it was typed, with its sign where the words do not say it."""
    words = one.target_words
    if words is None:
        return _value(one, "target", one.comparison or "")
    unit = one.measure_unit or ""
    shown = words if _SAYS_ITSELF.search(words) else f"{one.comparison or ''}{words}"
    return _said(
        one, "target", shown if not unit or unit in shown or _SAYS_ITSELF.search(words) else f"{shown}{unit}"
    )


_MOST_MERGED = 8
"""Rows that a merged 一级指标 covers: with more its words could stand on another page."""


def _levels(rows: Sequence[IndicatorResult]) -> list[TableCell | None]:
    """The cells of 一级指标: one over the rows that follow each other with the same; None where a row is covered."""
    cells: list[TableCell | None] = []
    start = 0
    for index, row in enumerate(rows):
        level = row.indicator.level1
        if cells and level and level == rows[start].indicator.level1 and index - start < _MOST_MERGED:
            cells.append(None)
            continue
        start = index
        same = [one.indicator.level1 for one in rows[index : index + _MOST_MERGED]]
        span = next((n for n, one in enumerate(same) if one != level), len(same)) if level else 1
        cells.append(_said(row.indicator, "level1", level)._replace(rows=span))
    return cells


def _indicator(one: Indicator, level1: TableCell | None, *, foreseen: bool) -> TableRow:
    causes = {cause if cause in CAUSES else "其他" for cause in one.causes}
    chosen = (one.likelihood,) if one.likelihood else ()
    return _line(
        1 if level1 is None else level1,
        _said(one, "level2", one.level2),
        _said(one, "level3", one.level3, left=True),
        _target(one),
        _value(one, "actual", columns=1 if foreseen else 2),
        *([_value(one, "full_year")] if foreseen else []),
        *_ticks(one, "causes", CAUSES, causes),
        _said(one, "reason", one.reason, 1 if foreseen else 4, left=True),
        *(_ticks(one, "likelihood", _LIKELIHOODS, chosen) if foreseen else ()),
        _said(one, "remark", one.remark, left=True),
    )


@lru_cache
def _indicator_heads(actual: str, *, foreseen: bool) -> tuple[TableRow, TableRow]:
    tall = ("一级指标", "二级指标", "三级指标", "年度指标值")
    first = _line(
        *(_words(text, rows=2) for text in tall),
        _words(actual, 1 if foreseen else 2, rows=2),
        *([_words("全年预计完成情况", rows=2)] if foreseen else []),
        _words("偏差原因分析", 6 if foreseen else 9),
        *([_words("完成目标可能性", 3)] if foreseen else []),
        _words("备注", rows=2),
    )
    reason = _words("原因说明", 1 if foreseen else 4)
    likelihoods = map(_words, _LIKELIHOODS) if foreseen else ()
    return first, _line(6, *map(_words, CAUSES), reason, *likelihoods, 1)


def _indicators(case: Assessment, results: Sequence[ProjectResult]) -> DataTable:
    foreseen = bool(labels.label(case, "form_full_year"))
    heads = _indicator_heads(labels.label(case, "form_actual"), foreseen=foreseen)
    shown = results[0].indicators
    rows = [
        _indicator(one.indicator, level1, foreseen=foreseen)
        for one, level1 in zip(shown, _levels(shown), strict=True)
    ]
    empty = _line(_words("没有填绩效指标", 16))
    return DataTable(heads, tuple(rows or [empty]), _WIDTHS, _SIZE)


def _signers(case: Assessment) -> Caption:
    unit = case.facts.unit
    people = (
        ("填报人", "prepared_by"),
        ("审核人", "reviewed_by"),
        ("单位负责人", "head"),
        ("联系电话", "phone"),
    )
    runs: list[Run] = []
    for label, field in people:
        runs += [
            f"{'　　　　　　' if runs else ''}{label}：",
            Figure(getattr(unit, field) or "　　　　　", (unit.where(field),)),
        ]
    return Caption(tuple(runs))


def _form(case: Assessment, results: Sequence[ProjectResult], *, draft: bool) -> Document:
    unit, project = case.facts.unit, results[0].project
    goals = dict.fromkeys(one.project.goal for one in results if one.project.goal)
    goal_cells = tuple(one.project.where("goal") for one in results)
    goal = _line(
        _words("年度总体目标", 2, head=True),
        _cell(Figure("；".join(goals), goal_cells), columns=14, left=True),
    )
    above = DataTable((), (*_facts(case, project), *_funds(case, results), goal), _WIDTHS, _SIZE)
    year = Figure(str(unit.year or "（年度未填）"), (unit.where("year"),))
    title = labels.label(case, "form_title")
    blocks: tuple[Block, ...] = (
        Title((f"{title}（草稿）" if draft else title,)),
        Caption(("（", year, "年度）")),
        above,
        _indicators(case, results),
        _notes(case),
        _signers(case),
    )
    author = unit.full_name or unit.department or ""
    name = project.name or project.id or ""
    return Document(f"{title}：{name}", blocks, draft, unit.filled_on, author, landscape=True)


def forms(case: Assessment, *, draft: bool) -> Iterator[tuple[str, Document]]:
    """A form for each project with 项目编号 and 项目名称 (what a file may be called), in the order of the rows."""
    groups: dict[str, list[ProjectResult]] = {}
    for result in case.results:
        key = result.project.id or f"第{result.project.place.row}行"
        groups.setdefault(key, []).append(result)
    for key, results in groups.items():
        yield " ".join(filter(None, (key, results[0].project.name))), _form(case, results, draft=draft)
