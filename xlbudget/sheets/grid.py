"""Content of an output sheet: cells with value, style and link; heights, merges, page breaks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

from xlbudget.domain.finding import Where
from xlbudget.sheets.layout import OutputSheet
from xlbudget.sheets.table import address

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class GridCell:
    value: Value
    style: str
    link: Where | None = None


@dataclass(slots=True)
class Grid:
    """A sheet being written, row by row; rows and columns from 1."""

    sheet: OutputSheet
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    repeat_rows: tuple[int, int] | None = None
    header: str = ""
    row: int = 0

    def line(self, *cells: GridCell | None, height: float | None = None) -> int:
        """Write the next row and return its number."""
        self.row += 1
        for column, cell in enumerate(cells, 1):
            if cell is not None:
                self.cells[self.row, column] = cell
        if height is not None:
            self.heights[self.row] = height
        return self.row

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a block; its cells take the style of the first, so that borders close."""
        first = self.cells[top, left]
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.cells.setdefault((row, column), GridCell(None, first.style))
        self.merges.append(f"{address(top, left)}:{address(bottom, right)}")

    @property
    def points(self) -> float:
        """Width of all columns together."""
        return sum(map(column_points, self.sheet.widths))

    def wide(self, text: str, style: str, *, height: float, link: Where | None = None) -> int:
        """Write a text across all columns."""
        row = self.line(GridCell(text, style, link), height=height)
        self.merge(row, 1, row, len(self.sheet.widths))
        return row


POINTS_PER_UNIT, COLUMN_PADDING = 6.0, 3.75
"""Width of a column unit and of its padding in points: the workbook's font is 宋体 11, whose digits are 8 px."""
LINE_PITCH = 1.5
"""Line height over font size, with room for fonts that stand in for 宋体 and 仿宋 (Noto CJK has 1.45)."""
TALLEST = 409.0
"""Excel's tallest row, in points."""


def column_points(width: float) -> float:
    """Width of a column in points."""
    return width * POINTS_PER_UNIT + COLUMN_PADDING


def wrapped(text: str, points: float, size: float) -> list[str]:
    """The lines that a text takes in a width, full-width characters being as wide as the font is high."""
    room = max(2 * size, points - COLUMN_PADDING - 2)
    lines = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for character in paragraph:
            wide = size if unicodedata.east_asian_width(character) in "WFA" else size / 2
            if used + wide > room:
                lines.append(line)
                line, used = "", 0.0
            line += character
            used += wide
        lines.append(line)
    return lines


def row_height(texts: list[tuple[str, float]], *, size: float = 11, least: float = 20) -> float:
    """Height in points that shows every (text, width in points) of a row at a font size."""
    lines = max(len(wrapped(text, points, size)) for text, points in texts)
    return min(TALLEST, max(least, round(lines * size * LINE_PITCH + 4, 1)))
