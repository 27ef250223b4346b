"""A sheet as it was found: cells with type, exact text, formula and number format, by address."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

Value = str | int | Decimal | None
"""What is written into a cell."""
Kind = Literal["number", "text", "bool", "error", "date", "uncached"]


class Cell(NamedTuple):
    """One filled cell. `text` is the exact stored text; kind `uncached` is a formula without a value."""

    kind: Kind
    text: str
    formula: str | None = None
    format: str = "General"
    rich: bool = False
    """Whether it shows a picture or a record of linked data, for which its text only stands in."""


@dataclass(frozen=True, slots=True)
class Merges:
    """The merges of a sheet as areas: one can cover millions of cells, which are never listed."""

    areas: tuple[tuple[int, int, int, int], ...] = ()
    """Top, left, bottom, right of each; they do not overlap."""
    _columns: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict, compare=False, repr=False)
    """Top, bottom, left of those that cover a column."""

    def shown(self, row: int, column: int) -> tuple[int, int] | None:
        """Row and column of the cell that shows in place of one that a merge hides; None for any other cell."""
        areas = self._columns.get(column)
        if areas is None:
            inside = (
                (top, bottom, left) for top, left, bottom, right in self.areas if left <= column <= right
            )
            areas = self._columns[column] = sorted(inside)
        at = bisect_right(areas, row, key=_top) - 1
        if at < 0 or areas[at][1] < row:
            return None
        shown = areas[at][0], areas[at][2]
        return None if shown == (row, column) else shown


def _top(area: tuple[int, int, int]) -> int:
    return area[0]


@dataclass(frozen=True, slots=True)
class Table:
    """The filled cells of a sheet: row number → column number → Cell, both from 1, rows ascending."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: Merges = field(default_factory=Merges)
