"""Where printed pages of an output sheet end, so that no heading stands last and no row is torn."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from xlbudget.layout import OutputSheet, Sheet
from xlbudget.pages.grid import Grid
from xlbudget.pages.metrics import column_points

_POINTS_PER_MM = 72 / 25.4
_STRETCH = 1.07
"""Widest drawing of columns over Excel's, as measured in LibreOffice."""
_A4 = (210.0, 297.0)
_SLACK = 0.97
"""Share of a page that is used: programs differ by a few points."""


INPUT_MARGINS_MM = (13, 15, 15, 15)
"""Top, bottom, left, right of an input sheet."""
Margins = tuple[float, float, float, float]


def _paper(margins_mm: Margins, *, landscape: bool) -> tuple[float, float]:
    """Width and height between the margins, in points."""
    top, bottom, left, right = margins_mm
    across, down = _A4[::-1] if landscape else _A4
    return (across - left - right) * _POINTS_PER_MM, (down - top - bottom) * _POINTS_PER_MM


def _fitting(widths: Iterable[float], room: float) -> int:
    """Per cent at which columns fit into a room in points, also where they are drawn wider."""
    return min(100, int(100 * room / (sum(map(column_points, widths)) * _STRETCH)))


def scale(sheet: OutputSheet) -> int:
    """Per cent at which all columns fit on the paper.

    A fixed scale and not "fit to width", with which Excel passes over our page breaks.
    """
    return _fitting(sheet.widths, _paper(sheet.margins_mm, landscape=sheet.landscape)[0])


def across(sheet: Sheet) -> tuple[list[int], int]:
    """Of an input sheet the numbers of the columns that printed pages end with, and the scale at which pages fit."""
    fields = [column.field for column in sheet.columns]
    widths = [column.width for column in sheet.columns]
    ends = [fields.index(field) + 1 for field in sheet.page_ends]
    room = _paper(INPUT_MARGINS_MM, landscape=sheet.landscape)[0]
    pages = [
        (widths[: sheet.fixed] if start else []) + widths[start:end]
        for start, end in pairwise([0, *ends, len(widths)])
    ]
    return ends, min(_fitting(page, room) for page in pages)


MOST_BREAKS = 1023
"""Manual breaks of a sheet. Microsoft's list of limits says 1,026, but files with more than 1,024 do not open (NPOI issue 456)."""
_ENDLESS = 1e9


class Pages:
    """Keeps account of how full the page is while rows are added to a grid.

    Where a sheet has all the breaks that it may have, its rows follow each other, and programs break pages where these are full.
    `due` are breaks that are set aside for `turn(due=True)`.
    """

    def __init__(self, grid: Grid, due: int = 0) -> None:
        self._grid = grid
        self._due = due
        height = _paper(grid.sheet.margins_mm, landscape=grid.sheet.landscape)[1]
        self._height = height * _SLACK * 100 / scale(grid.sheet)
        self._top = 0
        """Last row of the page before."""

    @property
    def room(self) -> float:
        """What is left of this page, in points."""
        if not self._spare:
            return _ENDLESS
        return self._height - self._repeated - self._tall(self._top + 1, self._grid.row)

    @property
    def _repeated(self) -> float:
        """Height of the rows that stand again on this page."""
        first, last = self._grid.repeat_rows or (1, 0)
        return self._tall(first, last) if self._top >= last else 0.0

    def _tall(self, first: int, last: int) -> float:
        return sum(self._grid.heights.get(row, 15.0) for row in range(first, last + 1))

    @property
    def _spare(self) -> int:
        """How many breaks may still be set where none is due."""
        return max(0, MOST_BREAKS - len(self._grid.breaks) - self._due)

    @property
    def empty(self) -> bool:
        return self._grid.row == self._top

    def turn(self, *, due: bool = False) -> None:
        """End the page here, unless nothing stands on it."""
        if not self.empty and (due or self._spare):
            self._grid.breaks.append(self._grid.row)
            self._top = self._grid.row
            self._due -= due

    def keep(self, height: float) -> bool:
        """Make sure that what follows stands on one page, where a page is that long; whether it turned."""
        if height <= self.room or self.empty:
            return False
        self.turn()
        return True
