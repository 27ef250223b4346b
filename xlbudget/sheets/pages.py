"""Where printed pages of an output sheet end, so that no heading stands last and no row is torn."""

from __future__ import annotations

from xlbudget.sheets.grid import Grid
from xlbudget.sheets.layout import OutputSheet
from xlbudget.sheets.metrics import column_points

_POINTS_PER_MM = 72 / 25.4
_STRETCH = 1.07
"""Widest drawing of columns over Excel's, as measured in LibreOffice."""
_A4 = (210.0, 297.0)
_SLACK = 0.97
"""Share of a page that is used: programs differ by a few points."""


def _paper(sheet: OutputSheet) -> tuple[float, float]:
    """Width and height between the margins, in points."""
    top, bottom, left, right = sheet.margins_mm
    across, down = _A4[::-1] if sheet.landscape else _A4
    return (across - left - right) * _POINTS_PER_MM, (down - top - bottom) * _POINTS_PER_MM


def scale(sheet: OutputSheet) -> int:
    """Per cent at which all columns fit on the paper, also where they are drawn wider.

    A fixed scale and not "fit to width", with which Excel passes over our page breaks.
    """
    widest = sum(map(column_points, sheet.widths)) * _STRETCH
    return min(100, int(100 * _paper(sheet)[0] / widest))


class Pages:
    """Keeps account of how full the page is while rows are added to a grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._height = _paper(grid.sheet)[1] * _SLACK * 100 / scale(grid.sheet)
        self._top = 0
        """Last row of the page before."""

    @property
    def room(self) -> float:
        """What is left of this page, in points."""
        return self._height - self._repeated - self._tall(self._top + 1, self._grid.row)

    @property
    def _repeated(self) -> float:
        """Height of the rows that stand again on this page."""
        first, last = self._grid.repeat_rows or (1, 0)
        return self._tall(first, last) if self._top >= last else 0.0

    def _tall(self, first: int, last: int) -> float:
        return sum(self._grid.heights.get(row, 15.0) for row in range(first, last + 1))

    @property
    def empty(self) -> bool:
        return self._grid.row == self._top

    def turn(self) -> None:
        """End the page here, unless nothing stands on it."""
        if not self.empty:
            self._grid.breaks.append(self._grid.row)
            self._top = self._grid.row

    def keep(self, height: float) -> bool:
        """Make sure that what follows stands on one page, where a page is that long; whether it turned."""
        if height <= self.room or self.empty:
            return False
        self.turn()
        return True
