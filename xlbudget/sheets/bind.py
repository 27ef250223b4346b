"""Raw tables → Monitoring: finds sheets, headers and rows by their text, reads every cell, keeps places."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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
from xlbudget.sheets import dates, layout, reading
from xlbudget.sheets.comparisons import read_comparison
from xlbudget.sheets.layout import Column, Kind, Sheet, header_key
from xlbudget.sheets.memory import MEMORY_SHEET, Memory, is_ours, recall
from xlbudget.sheets.reading import Context, Refused
from xlbudget.sheets.table import Cell, Table, address, column_letter
from xlbudget.sheets.targets import Target, read_actual, read_target

TOTAL_WORDS = {"合计", "小计", "总计", "总合计", "共计"}


class NotAWorkbookOfOurs(Exception):  # noqa: N818  (a fact about the input, reported to the user)
    """The workbook lacks what nothing can be computed without. The text is for the user."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a sheet's header row and columns were found, and which rows hold data."""

    sheet: Sheet
    name: str
    header_row: int
    columns: Mapping[str, int]
    rows: tuple[int, ...]
    stale: tuple[tuple[int, str], ...] = ()
    """Computed cells (row, field) of ours that were left behind in rows without input."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The facts, where they were found, and a fingerprint of everything that was filled in."""

    facts: Monitoring
    located: Mapping[str, Located]
    fingerprint: str


Values = dict[str, Any]


@dataclass(slots=True)
class _Row:
    """A row while it is being read."""

    place: Place
    cells: dict[int, Cell]
    columns: Mapping[str, int]
    remarks: list[Remark]
    values: Values = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def cell(self, name: str) -> Cell | None:
        number = self.columns.get(name)
        cell = self.cells.get(number) if number else None
        return None if reading.is_empty(cell) else cell

    def say(self, kind: RemarkKind, column: Column, message: str, remedy: str) -> None:
        text = f"{column.header}：{message}"
        self.remarks.append(Remark(kind, self.place.where(column.field), text, remedy))

    def read(self, column: Column, reader: Callable[[Cell, Context], Any], context: Context) -> Any:
        """Read one cell; a refusal becomes a remark and the field unknown."""
        cell = self.cell(column.field)
        if cell is None:
            return None
        context.said.clear()
        try:
            value = reader(cell, context)
        except Refused as refused:
            self.unreadable.add(column.field)
            self.say(refused.kind, column, refused.message, refused.remedy)
            return None
        for kind, message, remedy in context.said:
            self.say(kind, column, message, remedy)
        self.values[column.field] = value
        return value

    def require(self, column: Column) -> None:
        """Report a required cell that is empty (a missing column was reported once for all rows)."""
        if column.field in self.columns and self.cell(column.field) is None:
            hint = column.hint or f"填上{column.header}。"
            self.say(RemarkKind.REQUIRED, column, "必填，没有填。", f"请补填：{hint}")


_READERS: dict[Kind, Callable[[Cell, Context], Any]] = {
    Kind.TEXT: reading.read_text,
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


# -- finding sheets and headers ------------------------------------------------------------------------


def _find_table(tables: Mapping[str, Table], name: str) -> Table | None:
    if name in tables:
        return tables[name]
    return next((table for key, table in tables.items() if header_key(key) == name), None)


def _headers(cells: Mapping[int, Cell], sheet: Sheet) -> dict[str, int]:
    """Field → column number for the headers that stand in a row; the first of equal headers counts."""
    wanted = {header_key(column.header): column.field for column in sheet.columns}
    found: dict[str, int] = {}
    for number, cell in sorted(cells.items()):
        name = wanted.get(header_key(cell.text)) if cell.kind == "text" else None
        if name:
            found.setdefault(name, number)
    return found


def _header_row(table: Table, sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    required = {column.field for column in sheet.columns if column.required}
    for number, cells in table.rows.items():
        if number > layout.HEADER_SEARCH_ROWS:
            break
        found = _headers(cells, sheet)
        if len(required & found.keys()) >= 2:
            return number, found
    return None


def _report_missing_headers(sheet: Sheet, name: str, found: Mapping[str, int], row: int) -> Iterator[Remark]:
    missing = [column.header for column in sheet.inputs if column.field not in found]
    for header in missing:
        message = f"“{name}”表找不到表头“{header}”。"
        remedy = f"请在第 {row} 行补上表头“{header}”，或从新模板复制这一列。"
        yield Remark(RemarkKind.NO_HEADER, Where(name), message, remedy)


def _locate(
    tables: Mapping[str, Table], sheet: Sheet, memory: Memory, remarks: list[Remark]
) -> tuple[Located, Table] | None:
    table = _find_table(tables, sheet.name)
    if table is None:
        message = f"找不到“{sheet.name}”表。"
        remedy = "请从新模板复制这张表（没有内容也要保留空表），表名不要改。"
        remarks.append(Remark(RemarkKind.NO_SHEET, Where(sheet.name), message, remedy))
        return None
    header = _header_row(table, sheet)
    if header is None:
        names = "、".join(column.header for column in sheet.columns if column.required)
        message = f"“{table.name}”表前 {layout.HEADER_SEARCH_ROWS} 行里找不到表头行（{names}）。"
        remedy = "请恢复表头行，文字与模板一致。"
        remarks.append(Remark(RemarkKind.NO_HEADER, Where(table.name), message, remedy))
        return None
    row, columns = header
    remarks.extend(_report_missing_headers(sheet, table.name, columns, row))
    inputs = [columns[column.field] for column in sheet.inputs if column.field in columns]
    filled: list[int] = []
    stale: list[tuple[int, str]] = []
    for number, cells in table.rows.items():
        if number <= row:
            continue
        if any(not reading.is_empty(cells.get(column)) for column in inputs):
            filled.append(number)
            continue
        for column in sheet.computed:
            cell = cells.get(columns.get(column.field, 0))
            if cell and is_ours(memory, sheet.name, column.field, cell):
                stale.append((number, column.field))
    return Located(sheet, table.name, row, columns, tuple(filled), tuple(stale)), table


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
    table = _find_table(tables, layout.FRONT.name)
    known = [sheet.name for sheet in (layout.PROJECTS, layout.INDICATORS) if _find_table(tables, sheet.name)]
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
        one = _Row(place, table.rows.get(row, {}), {column.field: number}, remarks)
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
        return f"算不下去：“{sheet}”表找不到“{header}”这一栏。请补上这一栏，在它右边一格填{what}，再试。"
    shown = next((one.message for one in remarks if one.where.cell == cells[name]), "没有填")
    shown = shown.removeprefix(f"{header}：").rstrip("。")
    return f"不知道“{header}”，算不下去（{sheet}!{cells[name]}：{shown}）。请填{what}后再试。"


def _report_missing_label(column: Column, name: str, remarks: list[Remark]) -> None:
    message = f"“{name}”表找不到“{column.header}”这一栏。"
    remedy = f"请补上“{column.header}”，在它右边一格填写内容。"
    remarks.append(Remark(RemarkKind.NO_HEADER, Where(name), message, remedy))


# -- tables --------------------------------------------------------------------------------------------


def _rows(located: Located, table: Table, remarks: list[Remark]) -> Iterator[_Row]:
    letters = {name: column_letter(number) for name, number in located.columns.items()}
    for number in located.rows:
        place = Place(located.name, number, letters)
        yield _Row(place, table.rows[number], located.columns, remarks)


def _read_plain(row: _Row, sheet: Sheet, context: Context, skip: frozenset[str] = frozenset()) -> None:
    for column in sheet.inputs:
        if column.field in skip:
            continue
        context.options = column.options
        row.read(column, _READERS[column.kind], context)
        if column.required:
            row.require(column)


def _is_total(row: _Row) -> bool:
    """A 合计 row that somebody added below the data."""
    for name in ("id", "name", "project_id", "level1"):
        cell = row.cell(name)
        if cell is not None and cell.kind == "text":
            return "".join(cell.text.split()) in TOTAL_WORDS
    return False


def _say_total(row: _Row) -> None:
    name = next(name for name in ("id", "name", "project_id", "level1") if row.cell(name))
    message = "这一行是合计，不作为数据读取。"
    remedy = "可以不管；程序会自己算合计。"
    row.remarks.append(Remark(RemarkKind.INTERPRETED, row.place.where(name), message, remedy))


def _say_overtyped(row: _Row, sheet: Sheet, memory: Memory) -> None:
    for column in sheet.computed:
        number = row.columns.get(column.field)
        cell = row.cells.get(number) if number else None
        if cell is None or reading.is_empty(cell) or is_ours(memory, sheet.name, column.field, cell):
            continue
        shown = (
            f"公式“={reading.shorten(cell.formula)}”" if cell.formula else f"“{reading.shorten(cell.text)}”"
        )
        message = f"这是计算列，手工填的{shown}不参与计算，会被计算结果替换。"
        row.say(RemarkKind.OVERTYPED, column, message, "要改结果，请改左边的填报内容。")


def _bind_project(row: _Row, context: Context) -> Project:
    _read_plain(row, layout.PROJECTS, context)
    columns = layout.PROJECTS.by_field
    supplementary = row.values.get("batch") is Batch.SUPPLEMENTARY or row.values.get("batch") == "追加"
    if supplementary and row.cell("month") is None and "month" in row.columns:
        row.say(
            RemarkKind.NO_MONTH, columns["month"], "追加项目没有填追加月份。", "请填追加下达的月份，1 至 12。"
        )
    values = dict(row.values)
    if "batch" in values:
        values["batch"] = Batch(values["batch"])
    return Project(place=row.place, unreadable=frozenset(row.unreadable), **values)


_INDICATOR_SPECIAL = frozenset({"comparison", "target", "actual", "full_year"})


def _bind_indicator(row: _Row, context: Context) -> Indicator:
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


def _bind_target(row: _Row, context: Context) -> Target:
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
    found: Target | None = row.read(columns["target"], partial(read_target, comparison, unit), context)
    target = found or Target(comparison, None, unit, reading.is_percent_unit(unit))
    row.values["target"] = target.value
    if target.comparison is None and "comparison" not in row.unreadable:
        row.require(columns["comparison"])
    row.require(columns["target"])
    if "comparison" in row.unreadable:
        target = Target(None, target.value, unit, target.percent)
    return target


def _bind_key_work(row: _Row, context: Context) -> KeyWork:
    _read_plain(row, layout.KEY_WORKS, context, skip=frozenset({"quantity", "before"}))
    unit = row.values.get("measure_unit")
    for name in ("quantity", "before"):
        column = layout.KEY_WORKS.by_field[name]
        row.read(column, partial(reading.read_quantity, unit), context)
        cell = row.cell(name)
        if name == "quantity" and name in row.values and context.said and cell is not None:
            row.values["quantity_words"] = reading.cell_text(cell)
    return KeyWork(place=row.place, unreadable=frozenset(row.unreadable), **row.values)


def _bind_correction(row: _Row, context: Context) -> Correction:
    _read_plain(row, layout.CORRECTIONS, context)
    return Correction(place=row.place, unreadable=frozenset(row.unreadable), **row.values)


def _bind_note(row: _Row, context: Context) -> Note:
    number = row.columns.get("text")
    cell = row.cells.get(number) if number else None
    nothing = cell is not None and cell.kind == "text" and cell.text.strip() == "无"
    _read_plain(row, layout.NOTES, context, skip=frozenset({"text"} if nothing else ()))
    if nothing:
        row.values["text"] = "无"
    return Note(place=row.place, unreadable=frozenset(row.unreadable), **row.values)


_BINDERS: dict[str, tuple[str, Callable[[_Row, Context], Row]]] = {
    layout.PROJECTS.name: ("projects", _bind_project),
    layout.INDICATORS.name: ("indicators", _bind_indicator),
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
        found = _locate(tables, sheet, memory, remarks)
        if found is None:
            continue
        located[sheet.name] = found[0]
        name, binder = _BINDERS[sheet.name]
        context = Context(unit.amount_unit, unit.year)
        rows = []
        for row in _rows(*found, remarks):
            if _is_total(row):
                _say_total(row)
                continue
            rows.append(binder(row, context))
            _say_overtyped(row, sheet, memory)
        groups[name] = tuple(rows)
    facts = Monitoring(unit=unit, remarks=tuple(remarks), **groups)
    return Bound(facts, located, _fingerprint(tables, unit, located))


def _fingerprint(tables: Mapping[str, Table], unit: Unit, located: Mapping[str, Located]) -> str:
    """Twelve hexadecimal digits over the text of every input cell, independent of where columns stand."""
    digest = hashlib.blake2s(digest_size=6)
    front = tables[unit.sheet].rows
    for name, (row, column) in sorted(_front_cells(tables[unit.sheet]).items()):
        cell = front[row].get(column)
        digest.update(f"{name}\0{cell.text if cell else ''}\0".encode())
    for sheet in located.values():
        columns = [sheet.columns.get(column.field, 0) for column in sheet.sheet.inputs]
        for row in sheet.rows:
            cells = tables[sheet.name].rows[row]
            texts = (cells[column].text if column in cells else "" for column in columns)
            digest.update("\0".join((sheet.sheet.name, *texts, "")).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
