"""Workbooks with formulas for tests: in memory, or as files with the results that Excel would have left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tests.rich.book import Book as Parts
from tests.rich.book import ns, part
from xlbudget.formulas.book import Area, Book, FormulaCell, ListTable, Rows
from xlbudget.hosts.rowtree import split_address
from xlbudget.reading.table import Cell

Value = str | float | bool | None
"""A cell of a test: a text, a number, a truth value; a text that begins with # is an error, with = a formula."""
Content = Value | tuple[str, Value]
"""A value, or a formula (with =) and the result beside it."""
UNCACHED = None


def cell(value: Value, formula: str | None = None) -> Cell:
    """A value as a cell of the workbook."""
    if value is None:
        return Cell("uncached", "", formula)
    if isinstance(value, bool):
        return Cell("bool", "1" if value else "0", formula)
    if isinstance(value, str):
        return Cell("error" if value.startswith("#") else "text", value, formula)
    return Cell("number", repr(value), formula)


def memory(
    content: Mapping[str, Mapping[str, Content]],
    names: Mapping[tuple[str, str], str] | None = None,
    tables: Mapping[str, ListTable] | None = None,
    arrays: Mapping[str, str] | None = None,
    *,
    date1904: bool = False,
) -> Book:
    """A workbook in memory: sheet → cell → content; `arrays` gives the area of array formulas by Sheet!A1."""
    rows: dict[str, Rows] = {sheet: {} for sheet in content}
    formulas = []
    for sheet, cells in content.items():
        for reference, given in cells.items():
            row, column = split_address(reference)
            formula, value = given if isinstance(given, tuple) else ("", given)
            if formula:
                area = (arrays or {}).get(f"{sheet}!{reference}", "")
                formulas.append(_formula(sheet, row, column, formula[1:], area))
            if formula or value is not None:
                rows[sheet].setdefault(row, {})[column] = cell(value, formula[1:] or None)
    return Book(
        tuple(content), tuple(formulas), rows.__getitem__, names or {}, tables or {}, date1904=date1904
    )


def _formula(sheet: str, row: int, column: int, text: str, area: str) -> FormulaCell:
    if not area:
        return FormulaCell(sheet, row, column, text)
    one = area_at(sheet, area)
    return FormulaCell(
        sheet, row, column, text, True, one.bottom - one.top + 1, one.right - one.left + 1, "#" in area
    )


def area_at(sheet: str, text: str) -> Area:
    """A1:B2 on a sheet; a # at the end is no part of it."""
    first, _, last = text.rstrip("#").partition(":")
    return Area(sheet, *split_address(first), *split_address(last or first))


# -- as files ------------------------------------------------------------------------------------------


def add_sheet(book: Parts, name: str) -> None:
    """A sheet of the user's own at the end."""
    book.add_sheet(name, part(f"<worksheet {ns('r', main='m')}><sheetData/></worksheet>"))


def put(book: Parts, sheet: str, reference: str, content: Content, style: str = "", **formula: str) -> None:
    """A value, or a formula with its result, as Excel writes it; attributes are of the <f>."""
    text, value = content if isinstance(content, tuple) else ("", content)
    attributes = "".join(f' {name}="{given}"' for name, given in formula.items())
    inner = f"<f{attributes}>{escape(text[1:])}</f>" if text or formula else ""
    kind = ""
    if isinstance(value, bool):
        kind, inner = "b", f"{inner}<v>{int(value)}</v>"
    elif isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() else ""
        kind, inner = "e" if value.startswith("#") else "str", f"{inner}<v{space}>{escape(value)}</v>"
    elif value is not None:
        inner += f"<v>{value!r}</v>"
    given = ({"t": kind} if kind else {}) | ({"s": style} if style else {})
    book.cell(sheet, reference, inner, **given)


def put_all(book: Parts, sheet: str, cells: Mapping[str, Content] | Sequence[tuple[str, Content]]) -> None:
    for reference, content in cells.items() if isinstance(cells, Mapping) else cells:
        put(book, sheet, reference, content)
