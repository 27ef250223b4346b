"""How much room text takes: widths of columns, lines of a cell, heights of rows.

Nobody can ask the program that will show a sheet, so rows are as high as the needier of two renderings asks for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

POINTS_PER_UNIT, COLUMN_PADDING = 6.0, 3.75
"""Width of a column unit and of its padding in points: digits of the workbook's own font are 8 px wide."""
TALLEST = 409.0
"""Excel's tallest row, in points."""
_PADDING = 4.0


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a program draws: column width over Excel's, line height and width of a Latin letter over font size."""

    stretch: float
    pitch: float
    letter: float


EXCEL = Rendering(1.0, 1.36, 0.5)
"""宋体, 仿宋 and 黑体 are there."""
STAND_IN = Rendering(1.06, 1.46, 0.64)
"""LibreOffice with Noto CJK and DejaVu Sans in place of them."""
RENDERINGS = (EXCEL, STAND_IN)

_OPENING, _CLOSING = "（《“‘【〔", "，。、；：？！）】》〉」』”’〕…—％%·"
_TOKEN = re.compile(f"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]*")
"""What stays on one line: a number or word, a character; with the signs that no line begins or ends with."""


def column_points(width: float) -> float:
    """Width of a column in points."""
    return width * POINTS_PER_UNIT + COLUMN_PADDING


@lru_cache(maxsize=1 << 12)
def _width(text: str, size: float, letter: float) -> float:
    return sum(
        size if unicodedata.east_asian_width(character) in "WFA" else size * letter for character in text
    )


def wrapped(text: str, points: float, size: float, rendering: Rendering = EXCEL) -> list[str]:
    """The lines that a text takes in a cell of a width; put together again they are the text."""
    room = max(2 * size, points * rendering.stretch - COLUMN_PADDING - 2)
    if len(text) * size <= room and "\n" not in text:  # no character is wider than its font size
        return [text]
    lines = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for token in _TOKEN.findall(paragraph):
            whole = _width(token, size, rendering.letter)
            for piece in [token] if whole <= room else token:
                wide = whole if piece is token else _width(piece, size, rendering.letter)
                if used + wide > room and line:
                    lines.append(line)
                    line, used = "", 0.0
                line += piece
                used += wide
        lines.append(line)
    return lines


@lru_cache(maxsize=1 << 12)
def _text_height(text: str, points: float, size: float) -> float:
    """Height in points of a text in the needier rendering; a sheet says much of what it says many times."""
    return max(len(wrapped(text, points, size, one)) * size * one.pitch for one in RENDERINGS)


def row_height(texts: Iterable[tuple[str, float]], *, size: float = 11, least: float = 20) -> float:
    """Height in points that shows every (text, width in points) of a row at a font size."""
    needed = max(_text_height(text, points, size) for text, points in texts)
    return min(TALLEST, max(least, round(needed + _PADDING, 1)))
