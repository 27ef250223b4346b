"""Where the words that an audit quotes stand in an item of the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlbudget.audit.finding import Quote
from xlbudget.audit.source import Item, Line

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LEAST = 4
"""Characters of a quote that at least must stand in an item, where the quote reaches beyond it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a line's text, or of a cell's."""

    start: int
    end: int
    row: int | None = None
    column: int | None = None


def spots(item: Item, quote: Quote) -> tuple[Spot, ...]:
    """The stretches of an item that hold a quote, or what lies in this item of it; else the whole line, cell or row."""
    if isinstance(item, Line):
        whole = [Spot(0, len(item.text))]
        return _found([item.text], whole, quote.text) or _filled([item.text], whole)
    row, column = quote.place.row, quote.place.column
    cells = [
        (text, Spot(0, len(text), at, across))
        for at, texts in enumerate(item.rows)
        for across, text in enumerate(texts)
        if row in (None, at)
    ]
    own = [(text, spot) for text, spot in cells if column in (None, spot.column)]
    for chosen in (own, cells):
        found = _found([text for text, _ in chosen], [spot for _, spot in chosen], quote.text)
        if found:
            return found
    return _filled([text for text, _ in own], [spot for _, spot in own])


def _filled(texts: Sequence[str], wholes: Sequence[Spot]) -> tuple[Spot, ...]:
    return tuple(spot for text, spot in zip(texts, wholes, strict=True) if text.strip())


def _found(texts: Sequence[str], wholes: Sequence[Spot], quote: str) -> tuple[Spot, ...]:
    """A quote in texts that follow each other, blanks aside, as a stretch of each text that it reaches into."""
    places = [(number, at) for number, text in enumerate(texts) for at in _solid(text)]
    solid = "".join(texts[number][at] for number, at in places)
    start, end = _part(solid, "".join(quote[at] for at in _solid(quote)))
    reached: dict[int, tuple[int, int]] = {}
    for number, at in places[start:end]:
        reached[number] = reached.get(number, (at, at))[0], at + 1
    return tuple(
        Spot(first, last, wholes[number].row, wholes[number].column)
        for number, (first, last) in reached.items()
    )


def _solid(text: str) -> Iterator[int]:
    return (at for at, sign in enumerate(text) if not sign.isspace() and sign not in _INVISIBLE)


def _part(text: str, quote: str) -> tuple[int, int]:
    """Where a quote stands in a text, or its beginning at the text's end, or its end at the text's beginning."""
    if not quote or not text:
        return 0, 0
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    if text in quote:
        return 0, len(text)
    for length in range(min(len(text), len(quote)) - 1, _LEAST - 1, -1):
        if text.endswith(quote[:length]):
            return len(text) - length, len(text)
        if text.startswith(quote[-length:]):
            return 0, length
    return 0, 0
