"""Finding sheets, header rows and data rows by their text, wherever people moved them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlbudget.domain.finding import Where
from xlbudget.domain.model import Remark, RemarkKind
from xlbudget.sheets import layout, reading
from xlbudget.sheets.layout import Sheet, header_key
from xlbudget.sheets.memory import Memory, is_ours
from xlbudget.sheets.numerals import tidy
from xlbudget.sheets.table import Cell, Located, Table


def find_table(tables: Mapping[str, Table], name: str) -> Table | None:
    """The sheet of this name, also when blanks or asterisks stand in its tab."""
    if name in tables:
        return tables[name]
    return next((table for key, table in tables.items() if header_key(key) == name), None)


def headers_in(cells: Mapping[int, Cell], sheet: Sheet) -> dict[str, int]:
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
        found = headers_in(cells, sheet)
        if len(required & found.keys()) >= 2:
            return number, found
    return None


def _report_missing_headers(
    sheet: Sheet, name: str, found: Mapping[str, int], row: int, cells: Mapping[int, Cell]
) -> Iterator[Remark]:
    """Name each header that is missing, and the one that was written instead where that can be seen."""
    strange = [
        tidy(cell.text) for n, cell in cells.items() if cell.kind == "text" and n not in found.values()
    ]
    for column in sheet.inputs:
        if column.field in found:
            continue
        header = column.header
        message = f"“{name}”表找不到表头“{header}”。"
        remedy = f"请在第 {row} 行补上表头“{header}”，或用 xlbudget new 另建一个工作簿，从里面复制这一列。"
        written = next(
            (text for text in strange if header in header_key(text) or header_key(text) in header), None
        )
        if written:
            remedy = f"第 {row} 行写的是“{reading.shorten(written)}”，请改回“{header}”。"
        yield Remark(RemarkKind.NO_HEADER, Where(name), message, remedy)


def locate(
    tables: Mapping[str, Table], sheet: Sheet, memory: Memory, remarks: list[Remark]
) -> tuple[Located, Table] | None:
    """Find a sheet, its header row, columns and data rows; what is missing is added to `remarks`."""
    table = find_table(tables, sheet.name)
    if table is None:
        message = f"找不到“{sheet.name}”表。"
        remedy = f"请用 xlbudget new 另建一个工作簿，把里面的“{sheet.name}”表复制过来（没有内容也要保留空表），表名不要改。"
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
    remarks.extend(_report_missing_headers(sheet, table.name, columns, row, table.rows[row]))
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
