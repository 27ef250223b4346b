"""Characters of a page as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple
from unicodedata import east_asian_width

from xlbudget.readers.pdf_page import Char

_SAME_LINE = 0.35
_CELL_GAP = 1.3
_WORD_GAP = 0.2
_TWICE = 0.12
_WITHIN = 0.08
_SLACK = 2.0
"""Shares of the size of a character: how far lines lie apart, gaps between cells, words, copies (bold) and letters, spare room."""


class TextLine(NamedTuple):
    """A line of text, where it begins and ends, its baseline, and the size of its characters."""

    text: str
    left: float
    right: float
    base: float
    size: float


def size_of(chars: Iterable[Char]) -> float:
    """How wide a Chinese character is among these."""
    sizes = [char.right - char.left for char in chars if _is_wide(char)]
    return median(sizes) if sizes else 0.85 * median([char.height for char in chars])


def lines_of(chars: Iterable[Char], gap: str = "\t") -> list[TextLine]:
    """Lines from top to bottom; `gap` stands where cells of a row lie apart."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda one: (one.base, one.left)):
        for row in rows[-3:][::-1]:
            if abs(char.base - row[0].base) <= _SAME_LINE * max(char.height, row[0].height) / 1.2:
                row.append(char)
                break
        else:
            rows.append([char])
    lines = [_line(sorted(row, key=lambda one: one.left), gap) for row in rows]
    return sorted(lines, key=lambda line: line.base)


def _line(chars: Sequence[Char], gap: str) -> TextLine:
    size = max(size_of(chars), 0.1)
    text, before = chars[0].text, chars[0]
    for char in chars[1:]:
        if _is_copy(before, char, size):
            continue
        room = char.left - before.right
        if room > _CELL_GAP * size:
            text += gap
        elif (room > _WORD_GAP * size and (char.after_blank or _are_words(before.text, char.text))) or (
            char.after_blank and _are_words(before.text, char.text)
        ):
            text += " "
        text, before = text + char.text, char
    return TextLine(text, chars[0].left, before.right, chars[0].base, size)


def _is_copy(before: Char, char: Char, size: float) -> bool:
    """Whether a character was drawn a second time to look bold; one glyph for two (——) stands beside itself in the file."""
    near = char.text == before.text and char.left - before.left < _TWICE * size
    return near and abs(char.number - before.number) > 1


def _are_words(before: str, after: str) -> bool:
    return before[-1].isascii() and after[0].isascii() and before[-1].isalnum() and after[0].isalnum()


def tokens(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """Characters that no program parts between lines: those of a number or a word; Chinese ones alone."""
    token: list[Char] = []
    for char in chars:
        if token and not _belongs(token[-1], char):
            yield token
            token = []
        token.append(char)
    if token:
        yield token


def _belongs(before: Char, char: Char) -> bool:
    room = char.left - before.right
    same_line = abs(char.base - before.base) < 0.5 and -0.5 * char.height < room < _WITHIN * char.height
    return same_line and char.number == before.number + 1 and not (_is_wide(before) or _is_wide(char))


def _is_wide(char: Char) -> bool:
    return east_asian_width(char.text[0]) in "WF"


def cell_text(chars: Iterable[Char], width: float) -> str:
    """The text of a table's cell: its lines joined, unless there was room for more on a line that ends."""
    lines = lines_of(chars, " ")
    text = lines[0].text if lines else ""
    for before, line in pairwise(lines):
        free = width - (before.right - before.left)
        if free > _first_word(line.text) * line.size + _SLACK * line.size:
            text += "\n"
        elif (
            before.text[-1].isascii()
            and line.text[0].isascii()
            and (before.text[-1] + line.text[0]).isalpha()
        ):
            text += " "
        text += line.text
    return text


def _first_word(text: str) -> float:
    """How many characters wide the first thing is that cannot be parted."""
    if not text[0].isascii():
        return 1
    length = next((at for at, sign in enumerate(text) if not sign.isascii() or sign.isspace()), len(text))
    return length / 2
