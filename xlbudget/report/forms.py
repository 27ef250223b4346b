"""监控表 (by its profile 项目支出绩效目标执行监控表, 项目支出绩效自评表 …): one form a project, with all its batches and indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.model import Batch, Indicator, Likelihood, Project, Row
from xlbudget.domain.money import pct, plain, wan
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
    unit = case.facts.unit
    name, number = _text(project, "name"), _text(project, "id")
    supervisor = unit.supervisor or unit.department or unit.full_name or ""
    implementer = project.implementer or project.department or unit.full_name or ""
    field = "supervisor" if unit.supervisor else "department" if unit.department else "full_name"
    yield _line(*_pair("项目名称", name, 3), *_pair("项目编号", number, 8))
    over = Figure(supervisor, (unit.where(field),))
    where = next((f for f in ("implementer", "department") if getattr(project, f)), None)
    doing = Figure(implementer, (project.where(where) if where else unit.where("full_name"),))
    yield _line(*_pair("主管部门", over, 3), *_pair("实施单位", doing, 8))


def batch_words(project: Project) -> str:
    """年初, or the month that a supplementary batch came in."""
    if project.batch is Batch.SUPPLEMENTARY:
        return f"{project.month}月追加" if project.month else "追加，月份未填"
    return project.batch or "批次未填"


def _funds_row(label: str, results: Sequence[ProjectResult], *, foreseen: bool) -> TableRow:
    """One batch, or all together, beside their common head: a sum is unknown when one of its parts is."""
    projects = [result.project for result in results]

    def total(field: str) -> Decimal | None:
        values = [getattr(project, field) for project in projects]
        return None if None in values else sum(values, Decimal(0))

    def figure(field: str) -> Figure:
        cells = [where for project in projects for where in _cells(project, field)]
        value = total(field)
        return Figure("—" if value is None else wan(value), tuple(cells))

    budget, spent = total("budget"), total("spent")
    known = budget is not None and spent is not None and budget > 0
    rate = Fraction(spent or 0) / Fraction(budget or 1) * 100 if known else None
    funding = "、".join(dict.fromkeys(project.funding for project in projects if project.funding))
    sources = tuple(project.where("funding") for project in projects)
    cells = (*figure("spent").sources, *figure("budget").sources)
    return _line(
        2,
        _words(label, left=True),
        _cell(figure("budget"), columns=2),
        _cell(figure("spent"), columns=3),
        _cell(Figure(pct(rate), cells), columns=3 if foreseen else 4),
        *([_cell(figure("full_year_spending"))] if foreseen else []),
        _cell(Figure(funding, sources), columns=4, left=True),
    )


def _cells(project: Project, field: str) -> tuple[Where, ...]:
    return project.budget_cells if field == "budget" else (project.where(field),)


def _funds(case: Assessment, results: Sequence[ProjectResult]) -> Iterator[TableRow]:
    full_year = labels.label(case, "form_full_year")
    foreseen = bool(full_year)
    several = len(results) > 1
    side = _words("项目资金（万元）", 2, len(results) + several + 1, head=True)
    spent, rate = labels.label(case, "form_spent"), labels.label(case, "form_rate")
    heads = [
        ("批次", 1),
        ("调整后预算", 2),
        (spent, 3),
        (rate, 3 if foreseen else 4),
        (full_year, 1),
        ("资金来源", 4),
    ]
    yield _line(side, *(_words(text, columns, head=True) for text, columns in heads if text))
    if several:
        yield _funds_row("年度资金总额", results, foreseen=foreseen)
    for result in results:
        yield _funds_row(batch_words(result.project), [result], foreseen=foreseen)


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


def _indicator(one: Indicator, *, foreseen: bool) -> TableRow:
    causes = {cause if cause in CAUSES else "其他" for cause in one.causes}
    chosen = (one.likelihood,) if one.likelihood else ()
    return _line(
        _said(one, "level1", one.level1),
        _said(one, "level2", one.level2),
        _said(one, "level3", one.level3, left=True),
        _value(one, "target", one.comparison or ""),
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
    rows = [_indicator(one.indicator, foreseen=foreseen) for one in results[0].indicators]
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
