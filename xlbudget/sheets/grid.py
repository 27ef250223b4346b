"""Content of an output sheet: cells with value, style and link; heights, merges, page breaks."""

from __future__ import annotations

import math
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

    def wide(self, text: str, style: str, *, height: float, link: Where | None = None) -> int:
        """Write a text across all columns."""
        row = self.line(GridCell(text, style, link), height=height)
        self.merge(row, 1, row, len(self.sheet.widths))
        return row


def width_in_half(text: str) -> int:
    """Width of a line in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def lines_needed(text: str, half_widths: float) -> int:
    """How many lines a text takes where `half_widths` half-width characters fit in one."""
    room = max(2, math.floor(half_widths))
    return max(1, sum(max(1, math.ceil(width_in_half(line) / room)) for line in text.split("\n")))


def row_height(texts: list[tuple[str, float]], *, size: float = 11, least: float = 20) -> float:
    """Height in points that shows every (text, column width) of a row at a font size."""
    lines = max(lines_needed(text, (width - 1) * 10.5 / size) for text, width in texts)
    return min(409.0, max(least, round(lines * size * 1.35 + 5, 1)))
