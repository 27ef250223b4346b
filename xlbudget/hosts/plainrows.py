"""Rows as nearly all programs write them, read and edited as text: trees take three times as long.

Whatever is written in another way (formulas, entities, rich text …) is None here, and left to a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xlbudget.domain.where import address, column_number
from xlbudget.hosts.gridxml import cell_text
from xlbudget.layout.formula import ROWS
from xlbudget.reading.table import Value

_ROW = re.compile(r'<row r="([0-9]{1,7})"[^>]*(?<!/)>')
_CELL = re.compile(
    r'<c r="([A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])([0-9]+)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r'(?:/>|>(?:<v>([^<&\r]*)</v>|<is><t(?: xml:space="preserve")?>([^<&\r]+)</t></is>)?</c>)'
)
_SPANS = re.compile(r'\sspans="[^"]*"')


class Found(NamedTuple):
    """A cell as it is written: attributes, <v> and <f>, the text of <is>."""

    column: int
    style: str
    kind: str
    value: str
    inline: str | None
    formula: str | None = None
    metadata: str = ""
    """The number of the value's metadata: a picture in the cell, a record of linked data."""


def cells(content: bytes) -> Iterator[tuple[int, list[Found]]] | None:
    """The cells of rows by number."""
    text = content.decode()
    found = []
    for line in text.split("</row>"):
        start = line.rfind("<row ")
        row = _ROW.match(line, max(start, 0))
        if row:
            here = _CELL.findall(line, row.end())
            if line.count("<c", row.end()) != len(here) or not _in_place(row[1], here):
                return None
            found.append((int(row[1]), here))
        elif "<c" in line:
            return None
    return (
        (
            row,
            [
                Found(column_number(one), style, kind, value, inline or None)
                for one, _, style, kind, value, inline in here
            ],
        )
        for row, here in found
    )


def _in_place(row: str, cells: Sequence[Sequence[str]]) -> bool:
    """Whether a row is one that Excel knows, and each of its cells has an address of its own in it."""
    apart = len({one[0] for one in cells}) == len(cells)
    return apart and {row}.issuperset([one[1] for one in cells]) and 0 < int(row) <= ROWS


def edited(
    content: bytes, values: Mapping[int, Mapping[int, Value]], styles: Mapping[int, str]
) -> tuple[bytes, list[tuple[int, int]]] | None:
    """Rows with values put into cells (by row and column), and the places of cells that were not there.

    A new cell takes its column's style; None also where a column has none.
    """
    lines = content.decode().split("</row>")
    added: list[tuple[int, int]] = []
    known = set()
    for index, line in enumerate(lines):
        start = line.rfind("<row ")
        row = _ROW.match(line, max(start, 0))
        number = int(row[1]) if row else 0
        if row and number in values:
            new = _edited_row(line[start : row.end()], line[row.end() :], number, values[number], styles)
            if new is None:
                return None
            lines[index] = line[:start] + new[0]
            added += [(number, column) for column in new[1]]
            known.add(number)
    return ("</row>".join(lines).encode(), added) if known == values.keys() else None


def _edited_row(
    head: str, inner: str, row: int, values: Mapping[int, Value], styles: Mapping[int, str]
) -> tuple[str, Sequence[int]] | None:
    """A row without its end, and the columns of cells that were not there."""
    old = {column_number(one[1]): one for one in _CELL.finditer(inner)}
    columns = list(old)
    if sum(len(one[0]) for one in old.values()) != len(inner) or columns != sorted(columns):
        return None
    texts = {column: one[0] for column, one in old.items()}
    added = [column for column, value in values.items() if column not in old and value is not None]
    if not all(styles.get(column) for column in added):
        return None
    for column in values.keys() & {*old, *added}:
        style = old[column][3] if column in old else styles[column]
        attribute = f' s="{style}"' if style else ""
        texts[column] = f'<c r="{address(row, column)}{cell_text(attribute, values[column])}'
    if added:
        head = _SPANS.sub("", head, count=1)
    return head + "".join([texts[column] for column in sorted(texts)]), added
