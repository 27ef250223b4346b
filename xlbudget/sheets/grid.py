"""Content of an output sheet: cells with value, style and link; heights, merges, page breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from xlbudget.domain.finding import Where
from xlbudget.report.charts import Chart
from xlbudget.sheets.layout import OutputSheet
from xlbudget.sheets.metrics import column_points
from xlbudget.sheets.table import address

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class GridCell:
    value: Value
    style: str
    link: Where | None = None


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
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    repeat_rows: tuple[int, int] | None = None
    header: str = ""
    breaks: list[int] = field(default_factory=list)
    """Rows that a printed page ends with."""
    charts: list[PlacedChart] = field(default_factory=list)
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
        covered = GridCell(None, self.cells[top, left].style)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.cells.setdefault((row, column), covered)
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


WAITING = "填好后运行 xlbudget run，这里会自动生成。"


def waiting_grid(sheet: OutputSheet) -> Grid:
    """An output sheet of a workbook that was never run."""
    grid = Grid(sheet)
    grid.wide(sheet.name, "title", height=30)
    grid.wide(WAITING, "hint", height=20)
    return grid
