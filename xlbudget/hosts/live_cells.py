"""Cells of an open workbook: blocks of values → Table, values → what Excel takes for just these values.

Excel gives numbers as floats, errors as whole numbers, dates as numbers that only their format tells apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import xlwings as xw

from xlbudget.files.xml import legal
from xlbudget.formulas.book import shifted
from xlbudget.hosts.sheetxml import MAX_MERGED
from xlbudget.reading.formats import DAYS_1904
from xlbudget.reading.table import Cell, Merges, Table, Value

ERRORS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
}
"""What Excel hands over for an error → how it looks; others (#SPILL!, #CALC! …) are still errors."""
BLOCK = 1_000_000
"""Cells that are read at once: an input sheet is one block, unless somebody formatted a million rows."""
LONGEST_IN_BLOCK = 8000
"""Excel takes longer texts (up to 32,767 characters) only one at a time."""

_SEEN = 12
"""Excel's number for cells that are not hidden."""

Rows = Sequence[Sequence[Any]]


def block(sheet: xw.Sheet, top: int, left: int, bottom: int, right: int) -> xw.Range:
    return sheet.range((top, left), (bottom, right))


def _square(value: Any) -> Rows:
    """What a block holds, also where it is a single cell."""
    return value if isinstance(value, list | tuple) else ((value,),)


# -- reading -------------------------------------------------------------------------------------------


def read(sheet: xw.Sheet, *, date1904: bool) -> Table:
    """The filled cells of a sheet with type, exact text and formula, merges; of numbers also the format."""
    table = contents(sheet)
    _read_formats(sheet, table, date1904=date1904)
    return replace(table, merged=Merges(tuple(sorted(_merged(sheet, table)))))


def contents(sheet: xw.Sheet) -> Table:
    """The filled cells, in two calls: formulas, values. Numbers have the 15 digits that Excel keeps, and no format yet."""
    table = Table(sheet.name)
    used = sheet.used_range
    top, left, (height, width) = used.row, used.column, used.shape
    step = max(1, BLOCK // width)
    for first in range(top, top + height, step):
        last = min(first + step, top + height) - 1
        area = block(sheet, first, left, last, left + width - 1)
        formulas, values = _square(area.formula), _square(area.api.Value2)
        for row, (texts, found) in enumerate(zip(formulas, values, strict=True), first):
            cells = dict(_cells(texts, found, left)) if any(texts) else {}
            if cells:
                table.rows[row] = cells
    return table


def _cells(formulas: Sequence[Any], values: Sequence[Any], left: int) -> Iterator[tuple[int, Cell]]:
    for column, (text, value) in enumerate(zip(formulas, values, strict=True), left):
        cell = _cell(text, value)
        if cell is not None:
            yield column, cell


def _cell(text: Any, value: Any) -> Cell | None:
    # A text that looks like a formula is its own value.
    formula = text[1:] if isinstance(text, str) and text.startswith("=") and text != value else None
    if isinstance(value, bool):
        return Cell("bool", str(int(value)), formula)
    if isinstance(value, float):
        return Cell("number", _number(value), formula)
    if isinstance(value, int):
        return Cell("error", ERRORS.get(value, "#UNKNOWN!"), formula)
    if value is None or value == "":
        return None if formula is None else Cell("text", "", formula)
    return Cell("text", legal(str(value)), formula)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _read_formats(sheet: xw.Sheet, table: Table, *, date1904: bool) -> None:
    """Give numbers their formats: a call a column, more where formats differ within it."""
    columns: dict[int, list[int]] = {}
    for row, cells in table.rows.items():
        for column, cell in cells.items():
            if cell.kind == "number":
                columns.setdefault(column, []).append(row)
    for column, rows in columns.items():
        for row, code in _formats(sheet, column, rows):
            cell = table.rows[row][column]._replace(format=code)
            table.rows[row][column] = shifted(cell, DAYS_1904) if date1904 else cell


def _formats(sheet: xw.Sheet, column: int, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Rows with their number formats; where Excel says that they differ, each half is asked."""
    code = block(sheet, rows[0], column, rows[-1], column).number_format
    if code is not None:
        yield from ((row, code) for row in rows)
    elif len(rows) == 1:
        yield rows[0], "General"
    else:
        half = len(rows) // 2
        yield from _formats(sheet, column, rows[:half])
        yield from _formats(sheet, column, rows[half:])


Areas = set[tuple[int, int, int, int]]


def _merged(sheet: xw.Sheet, table: Table) -> Areas:
    """The merges among the filled rows and columns."""
    found: Areas = set()
    if table.rows:
        width = max(max(cells) for cells in table.rows.values())
        _find_merges(sheet, (min(table.rows), 1, max(table.rows), width), found)
    return found


def _find_merges(sheet: xw.Sheet, area: tuple[int, int, int, int], found: Areas) -> None:
    """Look for merges where Excel says that there are some, in ever smaller areas."""
    top, left, bottom, right = area
    merged = block(sheet, *area).merge_cells
    if merged is False or (merged and _is_whole(sheet.range((top, left)).merge_area, area, found)):
        return
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        halves = (top, left, middle, right), (middle + 1, left, bottom, right)
    else:
        middle = (left + right) // 2
        halves = (top, left, bottom, middle), (top, middle + 1, bottom, right)
    for half in halves:
        _find_merges(sheet, half, found)


def _is_whole(merge: xw.Range, area: tuple[int, int, int, int], found: Areas) -> bool:
    """Enter a merge of a size that people make, when an area has nothing else; whether that is so."""
    (height, width), first = merge.shape, (merge.row, merge.column)
    bottom, right = first[0] + height - 1, first[1] + width - 1
    if bottom < area[2] or right < area[3]:
        return False
    if height * width <= MAX_MERGED:
        found.add((*first, bottom, right))
    return True


# -- writing -------------------------------------------------------------------------------------------


def literal(text: str) -> str:
    """A text as Excel takes it for a text: what might be read as a number, date or formula gets an apostrophe.

    Only words that begin with a Chinese character and name no number are surely none of these (6月 is a date there).
    """
    sure = text[:1].isalpha() and not text[0].isascii() and not any(map(str.isnumeric, text))
    return text if sure or not text else f"'{text}"


def native(value: Value) -> str | float | None:
    """A value as COM takes it: it knows no Decimal and no whole numbers of more than 32 bits."""
    if isinstance(value, str):
        return literal(value)
    return None if value is None else float(value)


def write(area: xw.Range, rows: Sequence[Sequence[str | float | None]]) -> None:
    """Put values (formulas among them) into a block in one call; very long texts follow one by one."""
    long = {
        (row, column): text
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
        if isinstance(text, str) and len(text) > LONGEST_IN_BLOCK
    }
    area.formula = [
        [None if (row, column) in long else value for column, value in enumerate(line)]
        for row, line in enumerate(rows)
    ]
    for (row, column), text in long.items():
        area(row + 1, column + 1).raw_value = text


def write_among_filters(area: xw.Range, rows: Sequence[Sequence[str | float | None]]) -> None:
    """Put values into a block of which a filter may hide rows: across those Excel writes blocks wrongly, and says nothing.

    Rows that are seen are written in blocks, hidden ones cell by cell.
    """
    top, seen = area.row, _seen_rows(area)
    last = len(rows) - 1
    first = 0
    for index in range(len(rows)):
        if top + index not in seen:
            for column, value in enumerate(rows[index], 1):
                area(index + 1, column).raw_value = "" if value is None else value
            first = index + 1
        elif index == last or top + index + 1 not in seen:
            part = area.sheet.range(area(first + 1, 1), area(index + 1, len(rows[0])))
            write(part, rows[first : index + 1])
            first = index + 1


def _seen_rows(area: xw.Range) -> set[int]:
    try:
        seen = area.api.EntireRow.SpecialCells(_SEEN)
    except Exception:  # Excel has no other word for "none"
        return set()
    return {row for part in seen.Areas for row in range(part.Row, part.Row + part.Rows.Count)}
