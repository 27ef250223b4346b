"""A grid as the content of a worksheet part. Rows are written as text: a tree of 200,000 cells takes five times as long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape as xml_escape

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.hosts.xml import Element, escape, tag
from xlbudget.sheets.grid import Grid, GridCell, Value
from xlbudget.sheets.table import Cell, Table, address, column_letter

_XML_SPACE = ' xml:space="preserve"'


def rows_text(grid: Grid, style: Callable[[str], int], prefix: str) -> bytes:
    """All rows of a grid as XML; `prefix` is that of the sheet's own namespace, such as "x:"."""
    styles = {name: str(style(name)) for name in dict.fromkeys(cell.style for cell in grid.cells.values())}
    rows = _by_row(grid)
    letters = [column_letter(column) for column in range(1 + max((c for _, c in grid.cells), default=0))]
    out: list[bytes] = []
    for row in sorted({*rows, *grid.heights}):
        height = f' ht="{grid.heights[row]:g}" customHeight="1"' if row in grid.heights else ""
        cells = "".join(
            _cell_text(f"{letters[column]}{row}", styles[cell.style], cell.value, prefix)
            for column, cell in sorted(rows.get(row, {}).items())
        )
        out.append(f'<{prefix}row r="{row}"{height}>{cells}</{prefix}row>'.encode())
    return b"".join(out)


def _by_row(grid: Grid) -> dict[int, dict[int, GridCell]]:
    rows: dict[int, dict[int, GridCell]] = defaultdict(dict)
    for (row, column), cell in grid.cells.items():
        rows[row][column] = cell
    return rows


def _cell_text(reference: str, style: str, value: Value, p: str) -> str:
    if value is None:
        return f'<{p}c r="{reference}" s="{style}"/>'
    if not isinstance(value, str):
        return f'<{p}c r="{reference}" s="{style}"><{p}v>{plain(value)}</{p}v></{p}c>'
    space = _XML_SPACE if value != value.strip() or "\n" in value else ""
    text = xml_escape(escape(value))
    return f'<{p}c r="{reference}" s="{style}" t="inlineStr"><{p}is><{p}t{space}>{text}</{p}t></{p}is></{p}c>'


def links(grid: Grid) -> Element:
    element = etree.Element(tag("hyperlinks"))
    for (row, column), cell in sorted(_linked(grid)):
        place = address(row, column)
        etree.SubElement(element, tag("hyperlink"), ref=place, location=_location(cell.link))
    return element


def _linked(grid: Grid) -> Iterator[tuple[tuple[int, int], GridCell]]:
    return (item for item in grid.cells.items() if item[1].link and item[1].value is not None)


def _location(where: object) -> str:
    sheet, _, cell = str(where).rpartition("!")
    quoted = (sheet or str(where)).replace("'", "''")
    return f"'{quoted}'!{cell if sheet else 'A1'}"


def breaks(rows: Sequence[int]) -> Element:
    element = etree.Element(tag("rowBreaks"), count=str(len(rows)), manualBreakCount=str(len(rows)))
    for row in rows:
        etree.SubElement(element, tag("brk"), id=str(row), max="16383", man="1")
    return element


def merges(ranges: Sequence[str]) -> Element:
    element = etree.Element(tag("mergeCells"), count=str(len(ranges)))
    for one in ranges:
        etree.SubElement(element, tag("mergeCell"), ref=one)
    return element


def dimension(grid: Grid) -> Element:
    last = max((column for _, column in grid.cells), default=1)
    return etree.Element(tag("dimension"), ref=f"A1:{column_letter(last)}{max(1, grid.row)}")


def table_of(grid: Grid) -> Table:
    """What a reader of the sheet would find."""
    table = Table(grid.sheet.name)
    for row, cells in sorted(_by_row(grid).items()):
        filled = {column: _cell(cell.value) for column, cell in cells.items() if cell.value is not None}
        if filled:
            table.rows[row] = filled
    return table


def _cell(value: str | int | Decimal) -> Cell:
    return Cell("text", value) if isinstance(value, str) else Cell("number", plain(value))
