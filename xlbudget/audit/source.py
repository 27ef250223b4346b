"""What a reader makes of a document: lines and tables in their order, each with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a line of a document that knows only lines.

    `label` tells people where it stands (第3段, 第2页第5行). `wrapped` lines may end anywhere, also inside a number.
    """

    text: str
    label: str
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as rows of cells, all of the same length; of merged cells only the first has the text, the others are ""."""

    rows: tuple[tuple[str, ...], ...]
    label: str
    """第1个表; its rows are called 第1个表第2行."""


Item = Line | Table
Source = tuple[Item, ...]
"""A document from top to bottom."""


LONGEST = 250_000
"""Characters of a document that can be audited: some six hundred pages."""


def is_too_long(source: Source) -> bool:
    """Whether a document is longer than any report; each cell of a table counts as a character more."""
    size = 0
    for item in source:
        if isinstance(item, Line):
            size += len(item.text)
        else:
            size += sum(len(row) + sum(map(len, row)) for row in item.rows)
    return size > LONGEST


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: an item of the source, in a table also row and column (from 0), and the words for people."""

    item: int
    label: str
    row: int | None = None
    column: int | None = None
