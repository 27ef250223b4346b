"""What a reader makes of a document: lines and tables in their order, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
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


LONGEST, MOST_NUMBERS = 2_000_000, 300_000
"""Characters, and numbers in digits, of a document that can be audited: some five thousand pages."""
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


_PART, _LONGEST_PART = 40_000, 60_000
_CHAPTER = re.compile(r"\s*(?:第[一二三四五六七八九十]+[部章]|[一二三四五六七八九十]{1,3}\s*、|附\s*[件表])")


def parts_of(source: Source) -> Iterator[tuple[int, Source]]:
    """A long document (the reports of many offices in one) in parts of some thirty pages, cut before a chapter.

    Each part comes with the number of its first item; nothing is compared across parts, so that reading takes a time that
    grows with the length and no more.
    """
    first = size = 0
    for at, item in enumerate(source):
        is_chapter = isinstance(item, Line) and bool(_CHAPTER.match(item.text))
        if size > _LONGEST_PART or (size > _PART and is_chapter):
            yield first, source[first:at]
            first, size = at, 0
        texts = (item.text,) if isinstance(item, Line) else chain.from_iterable(item.rows)
        size += sum(len(text) + _CELL for text in texts)
    yield first, source[first:]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: an item of the source, in a table also row and column (from 0), and the words for people."""

    item: int
    label: str
    row: int | None = None
    column: int | None = None
