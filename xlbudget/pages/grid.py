"""Content of an output sheet: cells with value, style and link; heights, merges, page breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from xlbudget.domain.where import Where
from xlbudget.layout import OutputSheet
from xlbudget.pages.metrics import TALLEST, column_points
from xlbudget.pages.styles import Look
from xlbudget.reading.table import Value
from xlbudget.report.charts import Chart


@dataclass(frozen=True, slots=True)
class GridCell:
    value: Value
    style: Look
    link: Where | None = None


@lru_cache
def _covered(style: Look) -> GridCell:
    """What stands in a cell that a merge hides."""
    return GridCell(None, style)


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart between two rows, across `columns` columns; its data stand in a table below a header row.

    Labels are in the first column, each series in one of the next.
    """

    chart: Chart
    top: int
    bottom: int
    columns: int
    data_row: int


@dataclass(slots=True)
class Grid:
    """A sheet being written, row by row; rows and columns from 1."""

    sheet: OutputSheet
    rows: list[list[GridCell | None]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Top, left, bottom, right."""
    repeat_rows: tuple[int, int] | None = None
    header: str = ""
    breaks: list[int] = field(default_factory=list)
    """Rows that a printed page ends with."""
    charts: list[PlacedChart] = field(default_factory=list)

    @property
    def row(self) -> int:
        """Number of the last row."""
        return len(self.rows)

    @property
    def cells(self) -> dict[tuple[int, int], GridCell]:
        """The cells by row and column."""
        return {
            (row, column): cell
            for row, cells in enumerate(self.rows, 1)
            for column, cell in enumerate(cells, 1)
            if cell is not None
        }

    @property
    def styles(self) -> list[Look]:
        """The styles of all cells, in the order in which they first come."""
        return list(dict.fromkeys(cell.style for row in self.rows for cell in row if cell is not None))

    def line(self, *cells: GridCell | None, height: float | None = None) -> int:
        """Write the next row and return its number."""
        self.rows.append([*cells])
        if height is not None:
            self.heights[self.row] = min(height, TALLEST)
        return self.row

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a block of rows that are there; its cells take the style of the first, so that borders close."""
        first = self.rows[top - 1][left - 1]
        assert first is not None
        covered = _covered(first.style)
        for cells in self.rows[top - 1 : bottom]:
            cells.extend([None] * (right - len(cells)))
            cells[left - 1 : right] = [cell or covered for cell in cells[left - 1 : right]]
        self.merges.append((top, left, bottom, right))

    @property
    def points(self) -> float:
        """Width of all columns together."""
        return sum(map(column_points, self.sheet.widths))

    def wide(self, text: str, style: Look, *, height: float, link: Where | None = None) -> int:
        """Write a text across all columns."""
        row = self.line(GridCell(text, style, link), height=height)
        self.merge(row, 1, row, len(self.sheet.widths))
        return row


WAITING = "填好后点“预算绩效”选项卡的“生成报告”，或者运行 xlbudget run，这里会自动生成。"


def waiting_grid(sheet: OutputSheet) -> Grid:
    """An output sheet of a workbook that was never run."""
    return note_grid(sheet, WAITING)


def note_grid(sheet: OutputSheet, note: str) -> Grid:
    """An output sheet that only says why it has no content."""
    grid = Grid(sheet)
    grid.wide(sheet.name, "title", height=30)
    grid.wide(note, "hint", height=20)
    return grid
