"""Finding sheets, header rows and data rows by their text, wherever people moved them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlbudget import layout
from xlbudget.domain.model import Remark, RemarkKind
from xlbudget.domain.where import Where, address
from xlbudget.layout import Sheet, header_key, sheet_name, tab_of
from xlbudget.layout.located import Located
from xlbudget.layout.memory import Memory, is_ours
from xlbudget.reading.cells import is_empty
from xlbudget.reading.numerals import tidy
from xlbudget.reading.said import shorten
from xlbudget.reading.table import Cell, Table

Columns = dict[str, tuple[int, ...]]
"""Field → the columns that its header stands over, from the left; more than one is an error."""


def find_table(tables: Mapping[str, Table], name: str) -> Table | None:
    """The sheet of this name, also when blanks or asterisks stand in its tab."""
    return tables.get(tab_of(tables, name) or name)


def namesakes(tables: Mapping[str, Table], name: str) -> str:
    """The tabs that are known by one name, quoted; empty where there is no more than one."""
    tabs = [f"“{tab}”" for tab in tables if sheet_name(tab) == name]
    return "、".join(tabs) if len(tabs) > 1 else ""


def alike(tabs: Sequence[str], name: str) -> str | None:
    """A tab that seems to be a sheet under another name, as 项目 - 表格 1 that Numbers writes; it begins alike, or has the name in it."""
    others = {tab: header_key(tab) for tab in tabs if sheet_name(tab) not in layout.SHEET_ORDER}
    found = [tab for tab, key in others.items() if key.startswith(name)]
    return next(iter([*found, *(tab for tab, key in others.items() if name in key)]), None)


def columns_of(cells: Mapping[int, Cell], sheet: Sheet) -> Columns:
    """The columns of each header that stands in a row; those of hidden columns count."""
    wanted = {header_key(column.header): column.field for column in sheet.columns}
    found: Columns = {}
    for number, cell in sorted(cells.items()):
        name = wanted.get(header_key(cell.text)) if cell.kind == "text" else None
        if name:
            found[name] = (*found.get(name, ()), number)
    return found


def first_of(columns: Columns) -> dict[str, int]:
    """Field → the first column of its header."""
    return {field: numbers[0] for field, numbers in columns.items()}


def twins_of(columns: Columns) -> Columns:
    """The fields whose header stands more than once."""
    return {field: numbers for field, numbers in columns.items() if len(numbers) > 1}


def _header_row(table: Table, sheet: Sheet) -> tuple[int, Columns] | None:
    required = {column.field for column in sheet.columns if column.required}
    for number, cells in table.rows.items():
        if number > layout.HEADER_SEARCH_ROWS:
            break
        found = columns_of(cells, sheet)
        if len(required & found.keys()) >= 2:
            return number, found
    return None


def _report_missing_headers(
    sheet: Sheet, found: Columns, row: int, cells: Mapping[int, Cell]
) -> Iterator[Remark]:
    """Name each header that is missing, and the one that was written instead where that can be seen."""
    known = {number for numbers in found.values() for number in numbers}
    strange = [tidy(cell.text) for n, cell in cells.items() if cell.kind == "text" and n not in known]
    for column in sheet.inputs:
        if column.field in found or column.later:
            continue
        header = column.header
        message = f"“{sheet.name}”表找不到表头“{header}”。"
        remedy = f"请在第 {row} 行补上表头“{header}”，或用 xlbudget new 另建一个工作簿，从里面复制这一列。"
        written = next(
            (text for text in strange if header in header_key(text) or header_key(text) in header), None
        )
        if written:
            remedy = f"第 {row} 行写的是“{shorten(written)}”，请改回“{header}”。"
        yield Remark(RemarkKind.NO_HEADER, Where(sheet.name), message, remedy)


def _report_twins(sheet: Sheet, twins: Columns, row: int) -> Iterator[Remark]:
    for field, numbers in twins.items():
        header, cells = sheet.by_field[field].header, [(row, number) for number in numbers]
        yield twice(f"表头“{header}”", sheet.name, cells, "列")


def twice(what: str, sheet: str, cells: Sequence[tuple[int, int]], kind: str) -> Remark:
    """Tell of something that stands more than once, by row and column of the cells where it does."""
    shown = "、".join(address(*one) for one in cells)
    message = f"{what}有 {len(cells)} 处：{shown}，不知道以哪一处为准。"
    remedy = f"请只留一处，多余的一{kind}删去或改名（隐藏的也算）。"
    return Remark(RemarkKind.TWICE, Where(sheet, *cells[-1]), message, remedy)


def _no_sheet(name: str, tabs: Sequence[str]) -> Remark:
    message, other = f"找不到“{name}”表。", alike(tabs, name)
    remedy = (
        f"请用 xlbudget new 另建一个工作簿，把里面的“{name}”表复制过来（没有内容也要保留空表），表名不要改。"
    )
    if other:
        message += f"有一张表叫“{other}”。"
        remedy = f"如果“{other}”就是它，请把表名改回“{name}”；不是的话，{remedy}"
    return Remark(RemarkKind.NO_SHEET, Where(name), message, remedy)


def locate(
    tables: Mapping[str, Table],
    sheet: Sheet,
    memory: Memory,
    remarks: list[Remark],
    tabs: Sequence[str] = (),
) -> tuple[Located, Table] | None:
    """Find a sheet, its header row, columns and data rows; what is missing or stands twice is added to `remarks`.

    `tabs` are all that the workbook has.
    """
    table = find_table(tables, sheet.name)
    if table is None:
        remarks.append(_no_sheet(sheet.name, tabs))
        return None
    header = _header_row(table, sheet)
    if header is None:
        names = "、".join(column.header for column in sheet.columns if column.required)
        message = f"“{sheet.name}”表前 {layout.HEADER_SEARCH_ROWS} 行里找不到表头行（{names}）。"
        remedy = "请恢复表头行，文字与模板一致。"
        remarks.append(Remark(RemarkKind.NO_HEADER, Where(sheet.name), message, remedy))
        return None
    same = namesakes(tables, sheet.name)
    if same:
        message = f"“{sheet.name}”表不止一张，标签只差空格：{same}。只读了“{table.name}”。"
        remedy = "请只留一张，其余的改成别的名字。"
        remarks.append(Remark(RemarkKind.TWICE, Where(sheet.name), message, remedy))
    row, columns = header
    twins = twins_of(columns)
    remarks.extend(_report_missing_headers(sheet, columns, row, table.rows[row]))
    remarks.extend(_report_twins(sheet, twins, row))
    filled, stale = _data_rows(table, sheet, memory, row, columns)
    return Located(sheet, table.name, row, first_of(columns), twins, filled, stale), table


def _data_rows(
    table: Table, sheet: Sheet, memory: Memory, header: int, columns: Columns
) -> tuple[tuple[int, ...], tuple[tuple[int, str], ...]]:
    """The rows with input, and the computed cells (row, field) of ours in rows without."""
    inputs = [number for column in sheet.inputs for number in columns.get(column.field, ())]
    filled: list[int] = []
    stale: list[tuple[int, str]] = []
    for number, cells in table.rows.items():
        if number <= header:
            continue
        if any(not is_empty(cells.get(column)) for column in inputs):
            filled.append(number)
            continue
        for column in sheet.computed:
            cell = cells.get(columns.get(column.field, (0,))[0])
            if cell and is_ours(memory, sheet.name, column.field, cell):
                stale.append((number, column.field))
    return tuple(filled), tuple(stale)
