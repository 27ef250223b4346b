"""Where printed pages of an output sheet end, so that no heading stands last and no row is torn."""

from __future__ import annotations

from xlbudget.sheets.grid import Grid

_POINTS_PER_MM = 72 / 25.4
_A4 = (210.0, 297.0)
_SLACK = 0.97
"""Share of a page that is used: programs differ by a few points."""


def page_size(grid: Grid) -> tuple[float, float]:
    """Width and height of a printed page in points of the sheet, which is shrunk when it is wider."""
    sheet = grid.sheet
    top, bottom, left, right = sheet.margins_mm
    across, down = _A4[::-1] if sheet.landscape else _A4
    width, height = (across - left - right) * _POINTS_PER_MM, (down - top - bottom) * _POINTS_PER_MM
    return width, height * max(1.0, grid.points / width)


class Pages:
    """Keeps account of how full the page is while rows are added to a grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._height = page_size(grid)[1] * _SLACK
        self._top = 0
        """Last row of the page before."""

    @property
    def room(self) -> float:
        """What is left of this page, in points."""
        rows = range(self._top + 1, self._grid.row + 1)
        return self._height - sum(self._grid.heights.get(row, 15.0) for row in rows)

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
