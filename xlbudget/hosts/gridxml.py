"""A grid as the content of a worksheet part. Rows are written as text: a tree of 200,000 cells takes five times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape as xml_escape

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.domain.where import Where, address, column_letter
from xlbudget.files.xml import Element, tag, worded
from xlbudget.pages.grid import Grid
from xlbudget.reading.table import Cell, Table, Value

_TOGETHER = 200
"""Rows that are written in one go."""
MOST_LINKS = 65_530
"""Links of a sheet (Microsoft's list of Excel's limits)."""
_XML_SPACE = ' xml:space="preserve"'


def rows_text(grid: Grid, styles: Mapping[str, str], prefix: str) -> Iterator[bytes]:
    """All rows of a grid as XML, some at a time; `prefix` is that of the sheet's own namespace, such as "x:"."""
    letters = [column_letter(column) for column in range(1, 1 + max(map(len, grid.rows), default=0))]
    written: dict[int, str] = {}
    """What follows the address of a cell, by its identity: most cells stand in many places."""
    lines: list[str] = []
    for row, cells in enumerate(grid.rows, 1):
        if row not in grid.heights and not any(cells):
            continue
        height = f' ht="{grid.heights[row]:g}" customHeight="1"' if row in grid.heights else ""
        content = []
        for letter, cell in zip(letters, cells, strict=False):
            if cell is not None:
                text = written.get(id(cell))
                if text is None:
                    text = written[id(cell)] = cell_text(f' s="{styles[cell.style]}"', cell.value, prefix)
                content.append(f'<{prefix}c r="{letter}{row}{text}')
        lines.append(f'<{prefix}row r="{row}"{height}>{"".join(content)}</{prefix}row>')
        if len(lines) == _TOGETHER:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def cell_text(style: str, value: Value, p: str = "") -> str:
    """A cell behind its address; `style` is that attribute, after a blank."""
    if value is None:
        return f'"{style}/>'
    if not isinstance(value, str):
        return f'"{style}><{p}v>{plain(value)}</{p}v></{p}c>'
    text, keep = worded(value)
    space = _XML_SPACE if keep else ""
    return f'"{style} t="inlineStr"><{p}is><{p}t{space}>{xml_escape(text, quote=False)}</{p}t></{p}is></{p}c>'


def links(grid: Grid, tab: Callable[[str], str]) -> Element:
    """The links of a grid, as far as they lead somewhere and Excel takes them."""
    element = etree.Element(tag("hyperlinks"))
    for row, cells in enumerate(grid.rows, 1):
        for column, cell in enumerate(cells, 1):
            if cell is None or cell.link is None or cell.value is None:
                continue
            to = location(cell.link, tab)
            if to and len(element) < MOST_LINKS:
                etree.SubElement(element, tag("hyperlink"), ref=address(row, column), location=to)
    return element


def location(where: Where, tab: Callable[[str], str]) -> str:
    """A place as links name it; empty where its sheet is not there (`tab` tells none)."""
    quoted = tab(where.sheet).replace("'", "''")
    return f"'{quoted}'!{where.cell or 'A1'}" if quoted else ""


def breaks(rows: Sequence[int]) -> Element:
    element = etree.Element(tag("rowBreaks"), count=str(len(rows)), manualBreakCount=str(len(rows)))
    for row in rows:
        etree.SubElement(element, tag("brk"), id=str(row), max="16383", man="1")
    return element


def merges(areas: Sequence[tuple[int, int, int, int]]) -> Element:
    element = etree.Element(tag("mergeCells"), count=str(len(areas)))
    for top, left, bottom, right in areas:
        etree.SubElement(element, tag("mergeCell"), ref=f"{address(top, left)}:{address(bottom, right)}")
    return element


def dimension(grid: Grid) -> Element:
    last = max((number for cells in grid.rows for number, cell in enumerate(cells, 1) if cell), default=1)
    return etree.Element(tag("dimension"), ref=f"A1:{column_letter(last)}{max(1, grid.row)}")


def table_of(grid: Grid) -> Table:
    """What a reader of the sheet would find."""
    table = Table(grid.sheet.name)
    for row, cells in enumerate(grid.rows, 1):
        filled = {n: _cell(one.value) for n, one in enumerate(cells, 1) if one and one.value is not None}
        if filled:
            table.rows[row] = filled
    return table


def _cell(value: str | int | Decimal) -> Cell:
    return Cell("text", value) if isinstance(value, str) else Cell("number", plain(value))
