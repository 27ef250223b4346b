"""Raw tables → Monitoring: finds sheets, headers and rows by their text, reads every cell, keeps places."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import DecimalException
from functools import partial
from typing import Any

from xlbudget.domain.finding import Where
from xlbudget.domain.model import (
    Batch,
    Comparison,
    Correction,
    Indicator,
    KeyWork,
    Monitoring,
    Note,
    Place,
    Project,
    Remark,
    RemarkKind,
    Row,
    Unit,
)
from xlbudget.domain.money import plain, stored_number
from xlbudget.sheets import dates, layout, reading
from xlbudget.sheets.comparisons import read_comparison
from xlbudget.sheets.layout import Column, Kind, Sheet, header_key
from xlbudget.sheets.locate import find_table, locate
from xlbudget.sheets.memory import MEMORY_SHEET, recall
from xlbudget.sheets.reading import Context
from xlbudget.sheets.row import RowReader, Values, not_data, rows, say_not_data, say_overtyped
from xlbudget.sheets.table import Cell, Located, Table, address, column_letter
from xlbudget.sheets.targets import Target, read_actual, read_target


class NotAWorkbookOfOurs(Exception):  # noqa: N818  (a fact about the input, reported to the user)
    """The workbook lacks what nothing can be computed without. The text is for the user."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The facts, where they were found, and a fingerprint of everything that was filled in."""

    facts: Monitoring
    located: Mapping[str, Located]
    fingerprint: str


_READERS: dict[Kind, Callable[[Cell, Context], Any]] = {
    Kind.TEXT: reading.read_text,
    Kind.NAME: reading.read_name,
    Kind.CODE: reading.read_code,
    Kind.AMOUNT: reading.read_amount,
    Kind.NUMBER: reading.read_number,
    Kind.WEIGHT: reading.read_weight,
    Kind.YEAR: dates.read_year,
    Kind.MONTH: dates.read_month,
    Kind.DATE: dates.read_date,
    Kind.DEADLINE: dates.read_deadline,
    Kind.FLAG: reading.read_flag,
    Kind.OPTION: reading.read_option,
    Kind.OPTIONS: reading.read_options,
}


# -- 首页 ----------------------------------------------------------------------------------------------


def _front_cells(table: Table) -> dict[str, tuple[int, int]]:
    """Label → address of its value, the next cell to the right."""
    labels = {header_key(column.header): column.field for column in layout.FRONT.columns}
    found: dict[str, tuple[int, int]] = {}
    for row, cells in table.rows.items():
        for column, cell in sorted(cells.items()):
            name = labels.get(header_key(cell.text).rstrip(":")) if cell.kind == "text" else None
            if name:
                found.setdefault(name, (row, column + 1))
    return found


def _bind_unit(tables: Mapping[str, Table], remarks: list[Remark]) -> Unit:
    table = find_table(tables, layout.FRONT.name)
    known = [sheet.name for sheet in (layout.PROJECTS, layout.INDICATORS) if find_table(tables, sheet.name)]
    if table is None or not known:
        missing = layout.FRONT.name if table is None else "项目”和“指标"
        raise NotAWorkbookOfOurs(
            f"这不是预算绩效监控工作簿：找不到“{missing}”表。请用 xlbudget new 生成的工作簿填报，表名不要改。"
        )
    found = _front_cells(table)
    values: Values = {}
    cells = {name: address(row, column) for name, (row, column) in found.items()}
    context = Context()
    for column in layout.FRONT.columns:
        if column.field not in found:
            _report_missing_label(column, table.name, remarks)
            continue
        row, number = found[column.field]
        place = Place(table.name, row, {column.field: column_letter(number)})
        one = RowReader(place, table.rows.get(row, {}), {column.field: number}, remarks)
        context.options = column.options
        value = one.read(column, _READERS[column.kind], context)
        if value is not None:
            values[column.field] = value
        if column.required and column.field not in ("cutoff_month", "amount_unit"):
            one.require(column)
    for name, what in (("cutoff_month", "1 至 12"), ("amount_unit", "万元或元")):
        if name not in values:
            raise NotAWorkbookOfOurs(_cannot_compute(name, what, table.name, cells, remarks))
    return Unit(sheet=table.name, cells=cells, **values)


def _cannot_compute(name: str, what: str, sheet: str, cells: Mapping[str, str], remarks: list[Remark]) -> str:
    header = layout.FRONT.by_field[name].header
    if name not in cells:
        return (
            f"无法计算：“{sheet}”表找不到“{header}”这一栏。请补上这一栏，在它右边一格填写（{what}），再试。"
        )
    shown = next((one.message for one in remarks if one.where.cell == cells[name]), "没有填")
    shown = shown.removeprefix(f"{header}：").rstrip("。")
    return f"“{header}”没有填好，无法计算（{sheet}!{cells[name]}：{shown}）。请在这一格填写（{what}），再试。"


def _report_missing_label(column: Column, name: str, remarks: list[Remark]) -> None:
    message = f"“{name}”表找不到“{column.header}”这一栏。"
    remedy = f"请补上“{column.header}”，在它右边一格填写内容。"
    remarks.append(Remark(RemarkKind.NO_HEADER, Where(name), message, remedy))


# -- tables --------------------------------------------------------------------------------------------


def _read_plain(row: RowReader, sheet: Sheet, context: Context, skip: frozenset[str] = frozenset()) -> None:
    for column in sheet.inputs:
        if column.field in skip:
            continue
        context.options = column.options
        row.read(column, _READERS[column.kind], context)
        if column.required and column.field not in row.values:
            row.require(column)


def bind_project(row: RowReader, context: Context) -> Project:
    _read_plain(row, layout.PROJECTS, context)
    columns = layout.PROJECTS.by_field
    supplementary = row.values.get("batch") == Batch.SUPPLEMENTARY
    if supplementary and row.cell("month") is None and "month" in row.columns:
        row.say(
            RemarkKind.NO_MONTH, columns["month"], "追加项目没有填追加月份。", "请填追加下达的月份，1 至 12。"
        )
    values = dict(row.values)
    if "batch" in values:
        values["batch"] = Batch(values["batch"])
    return Project(place=row.place, unreadable=frozenset(row.unreadable), **values)


_INDICATOR_SPECIAL = frozenset({"comparison", "target", "actual", "full_year"})


def bind_indicator(row: RowReader, context: Context) -> Indicator:
    _read_plain(row, layout.INDICATORS, context, skip=_INDICATOR_SPECIAL)
    target = _bind_target(row, context)
    columns = layout.INDICATORS.by_field
    values = dict(row.values)
    values["comparison"] = target.comparison
    for name in ("actual", "full_year"):
        reader = partial(read_actual, target, may_wait=name == "actual")
        values[name] = row.read(columns[name], reader, context)
    if row.cell("actual") is None and "actual" in row.columns:
        row.say(RemarkKind.NO_ACTUAL, columns["actual"], "没有填，按 0 计算。", _actual_remedy(target))
    if row.cell("due_month") is None:
        values["due_month"] = 12
    return Indicator(place=row.place, unreadable=frozenset(row.unreadable), **values)


def _actual_remedy(target: Target) -> str:
    what = (
        "达成、部分达成或未达成" if target.comparison is Comparison.QUALITATIVE else "完成的数，没有完成填 0"
    )
    return f"请填{what}；没到考核时点填“未到期”。"


def _bind_target(row: RowReader, context: Context) -> Target:
    """Read 计算符号 and 年度指标值, which may stand in one cell."""
    columns = layout.INDICATORS.by_field
    unit = row.values.get("measure_unit")
    read = row.read(columns["comparison"], read_comparison, context)
    comparison, rest = read if read else (None, "")
    cell = row.cell("target")
    if rest and cell is None and "target" in row.columns:
        whole = row.cells[row.columns["comparison"]]
        row.cells = {**row.cells, row.columns["target"]: whole}
    row.values.pop("comparison", None)
    if comparison is None and "comparison" not in row.columns:
        row.unreadable.add("target")  # CEL008 told of the missing column; without it nothing can be compared
        return Target(None, None, unit, reading.is_percent_unit(unit))
    found: Target | None = row.read(columns["target"], partial(read_target, comparison, unit), context)
    target = found or Target(comparison, None, unit, reading.is_percent_unit(unit))
    row.values["target"] = target.value
    if target.comparison is None and "comparison" not in row.unreadable:
        row.require(columns["comparison"])
    row.require(columns["target"])
    if "comparison" in row.unreadable:
        target = Target(None, target.value, unit, target.percent)
    return target


def _bind_key_work(row: RowReader, context: Context) -> KeyWork:
    _read_plain(row, layout.KEY_WORKS, context, skip=frozenset({"quantity", "before"}))
    unit = row.values.get("measure_unit")
    for name in ("quantity", "before"):
        column = layout.KEY_WORKS.by_field[name]
        row.read(column, partial(reading.read_quantity, unit), context)
        cell = row.cell(name)
        if name == "quantity" and name in row.values and context.said and cell is not None:
            row.values["quantity_words"] = reading.cell_text(cell)
    return KeyWork(place=row.place, unreadable=frozenset(row.unreadable), **row.values)


def _bind_correction(row: RowReader, context: Context) -> Correction:
    _read_plain(row, layout.CORRECTIONS, context)
    return Correction(place=row.place, unreadable=frozenset(row.unreadable), **row.values)


def _bind_note(row: RowReader, context: Context) -> Note:
    number = row.columns.get("text")
    cell = row.cells.get(number) if number else None
    nothing = cell is not None and cell.kind == "text" and cell.text.strip() == "无"
    _read_plain(row, layout.NOTES, context, skip=frozenset({"text"} if nothing else ()))
    if nothing:
        row.values["text"] = "无"
    return Note(place=row.place, unreadable=frozenset(row.unreadable), **row.values)


_BINDERS: dict[str, tuple[str, Callable[[RowReader, Context], Row]]] = {
    layout.PROJECTS.name: ("projects", bind_project),
    layout.INDICATORS.name: ("indicators", bind_indicator),
    layout.KEY_WORKS.name: ("key_works", _bind_key_work),
    layout.CORRECTIONS.name: ("corrections", _bind_correction),
    layout.NOTES.name: ("notes", _bind_note),
}


def bind(tables: Mapping[str, Table]) -> Bound:
    """Read a whole workbook. Raises NotAWorkbookOfOurs when nothing can be computed from it."""
    remarks: list[Remark] = []
    memory = recall(tables.get(MEMORY_SHEET))
    unit = _bind_unit(tables, remarks)
    located: dict[str, Located] = {}
    groups: dict[str, tuple[Row, ...]] = {}
    for sheet in layout.TABLE_SHEETS:
        found = locate(tables, sheet, memory, remarks)
        if found is None:
            continue
        located[sheet.name] = found[0]
        _check_number(found[0])
        name, binder = _BINDERS[sheet.name]
        context = Context(unit.amount_unit, unit.year)
        found_rows = []
        for row in rows(*found, remarks):
            other = not_data(row, sheet)
            if other:
                say_not_data(row, sheet, other)
                continue
            found_rows.append(binder(row, context))
            say_overtyped(row, sheet, memory)
        groups[name] = tuple(found_rows)
    facts = Monitoring(unit=unit, remarks=tuple(remarks), **groups)
    return Bound(facts, located, _fingerprint(tables, unit, located))


def _check_number(place: Located) -> None:
    """Refuse a sheet with more rows than can be: a number or a formula was filled down to the end of the sheet.

    Raises NotAWorkbookOfOurs.
    """
    most, rows = place.sheet.most, place.rows
    if len(rows) > most:
        raise NotAWorkbookOfOurs(
            f"“{place.name}”表填了 {len(rows)} 行（第 {rows[0]} 行至第 {rows[-1]} 行），最多能算 {most} 行。"
            "多半是编号或公式一直拉到了后面的空行：请选中多余的行，整行删除，保存后再试；"
            "真有这么多，请分成几个工作簿。"
        )


def _fingerprint(tables: Mapping[str, Table], unit: Unit, located: Mapping[str, Located]) -> str:
    """Twelve hexadecimal digits over the content of every input cell, independent of where columns stand."""
    digest = hashlib.blake2s(digest_size=6)
    front = tables[unit.sheet].rows
    for name, (row, column) in sorted(_front_cells(tables[unit.sheet]).items()):
        cell = front[row].get(column)
        digest.update(f"{name}\0{_content(cell) if cell else ''}\0".encode())
    for sheet in located.values():
        columns = [sheet.columns.get(column.field, 0) for column in sheet.sheet.inputs]
        for row in sheet.rows:
            cells = tables[sheet.name].rows[row]
            texts = (_content(cells[column]) if column in cells else "" for column in columns)
            digest.update("\0".join((sheet.sheet.name, *texts, "")).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _content(cell: Cell) -> str:
    """The text of a cell; of a number its digits, which programs write as 8.39 or 8.390000000000001."""
    if cell.kind != "number":
        return cell.text
    try:
        return plain(stored_number(cell.text))
    except DecimalException:
        return cell.text
