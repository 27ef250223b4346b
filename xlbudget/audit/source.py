"""What a reader makes of a document: lines and tables in their order, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain


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


LONGEST, MOST_NUMBERS = 250_000, 50_000
"""Characters, and numbers in digits, of a document that can be audited: some six hundred pages."""
_LINE, _CELL = 5, 1
_DIGITS = re.compile("[0-9]+")


def is_too_long(source: Source) -> bool:
    """Whether a document is longer than any report, or full of numbers; lines and cells count a little more than their text."""
    size = numbers = 0
    for item in source:
        texts = (item.text,) if isinstance(item, Line) else chain.from_iterable(item.rows)
        more = _LINE if isinstance(item, Line) else _CELL
        for text in texts:
            size += len(text) + more
            numbers += len(_DIGITS.findall(text))
        if size > LONGEST or numbers > MOST_NUMBERS:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: an item of the source, in a table also row and column (from 0), and the words for people."""

    item: int
    label: str
    row: int | None = None
    column: int | None = None
