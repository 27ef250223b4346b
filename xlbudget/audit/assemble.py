"""From the lines of a document to paragraphs and tables: broken lines are joined, flattened tables are found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from xlbudget.audit.flat_tables import FlatTable, flat_table, may_begin
from xlbudget.audit.passage import HEADING, Passage, passages
from xlbudget.audit.source import Line, Place, Source, Table

_ENDED = re.compile(r"(?:[。！？!?；;：:]|(?:其中|如下|包括)[—－-]++)\s*+[”\"』」)）]?\s*+$")
_GOES_ON = re.compile(r"[，,、(（“《—-]\s*+$")
_BEGINS_INSIDE = re.compile(r"\s*[，,、。；;：:)）”》%％]")
_ITEM = re.compile(r"[^，,。；;：:、]*?[0-9](?:[百千万亿]?(?P<unit>元|人次|人|户|个|亩|公里))\s*+$")
_LONG = 24
_FULL = 0.86


@dataclass(frozen=True, slots=True)
class Placed:
    """A table, and the place of each of its rows."""

    rows: tuple[tuple[str, ...], ...]
    places: tuple[Place, ...]
    label: str


Block = Passage | Placed


def assemble(source: Source, first: int = 0) -> tuple[Block, ...]:
    """The paragraphs and tables of a document, in their order; `first` is the number of its first item."""
    blocks: list[Block] = []
    run: list[tuple[int, Line]] = []
    for number, item in enumerate(source, first):
        if isinstance(item, Line):
            if item.text.strip():
                run.append((number, item))
            continue
        blocks.extend(_blocks_of(run))
        run = []
        blocks.append(_placed(number, item))
    return (*blocks, *_blocks_of(run))


def _placed(number: int, table: Table) -> Placed:
    rows = range(len(table.rows))
    places = tuple(Place(number, f"{table.label}第{row + 1}行", row) for row in rows)
    return Placed(table.rows, places, table.label)


def _blocks_of(run: Sequence[tuple[int, Line]]) -> Iterator[Block]:
    """Lines between two tables as paragraphs, and as the tables that were flattened into them."""
    width = _usual_width([line for _, line in run])
    texts = [line.text for _, line in run]
    position = 0
    paragraph: list[tuple[str, Place]] = []
    while position < len(run):
        table = _table_at(texts, position)
        if table is not None:
            if paragraph:
                yield from passages(paragraph)
                paragraph = []
            places = tuple(_place(*run[position + at]) for at in table.lines)
            yield Placed(table.rows, places, f"{run[position][1].label}起的表")
            position += table.length
            continue
        number, line = run[position]
        if paragraph and not _continues(run[position - 1][1], line, width):
            yield from passages(paragraph)
            paragraph = []
        paragraph.append((line.text, _place(number, line)))
        position += 1
    if paragraph:
        yield from passages(paragraph)


def _table_at(texts: Sequence[str], position: int) -> FlatTable | None:
    if not may_begin(texts[position]):
        return None
    return flat_table(texts[position : position + _LONGEST_TABLE])


_LONGEST_TABLE = 5000
"""Lines."""


def _place(number: int, line: Line) -> Place:
    return Place(number, line.label)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text.rstrip())


def _usual_width(lines: Sequence[Line]) -> float:
    """How wide a full line is where lines are wrapped."""
    widths = sorted(_width(line.text) for line in lines if line.wrapped)
    return widths[int(len(widths) * 0.9)] if widths else 0


def _continues(before: Line, line: Line, width: float) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if _BEGINS_INSIDE.match(line.text):
        return True
    if _ENDED.search(before.text) or HEADING.match(line.text):
        return False
    if _GOES_ON.search(before.text):
        return True
    item, last = _ITEM.match(line.text), _ITEM.search(before.text)
    if item and last and item["unit"] == last["unit"]:
        return False
    prose = re.search("[，,。]", before.text)
    if before.wrapped:
        return bool(prose) or _width(before.text) >= _FULL * width
    inside = len(before.text) > _LONG and prose
    return bool(inside) and not HEADING.match(before.text) and "\t" not in line.text
