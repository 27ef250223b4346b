"""Blocks of values and references, and how much of them the formulas of a workbook may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlbudget.formulas.book import Area
from xlbudget.formulas.values import NotEvaluable, Scalar, Unknown

MOST_WORK = 10_000_000
"""Cells and values that all formulas of a workbook together may look at."""
MOST_VALUES = 300_000
"""Values that an array may have."""
MOST_MADE = 2_000_000
"""Values that the arrays of one formula may have together; eight characters of a text count as one."""
MOST_FILLED = 100_000
"""Cells that array formulas may fill."""
MOST_TEXT = 5_000_000
"""Characters of all results."""
TOO_LARGE = "数组太大"


@dataclass(frozen=True, slots=True)
class Array:
    """A block of values, row by row. Rows below those of `values` all are `rest`: columns end in a million blanks."""

    values: Sequence[Scalar]
    height: int
    width: int
    rest: Sequence[Scalar] = ()

    @property
    def single(self) -> bool:
        return self.height == self.width == 1

    @property
    def filled(self) -> int:
        """How many rows `values` has."""
        return len(self.values) // self.width

    def at(self, row: int, column: int) -> Scalar:
        """The value at a place from 0."""
        if row < self.filled:
            return self.values[row * self.width + column]
        return self.rest[column]

    def full(self) -> Sequence[Scalar]:
        """All values. Raises NotEvaluable for too many."""
        missing = self.height - self.filled
        if not missing:
            return self.values
        if self.height * self.width > MOST_VALUES:
            raise NotEvaluable(TOO_LARGE)
        return [*self.values, *[*self.rest] * missing]


@dataclass(frozen=True, slots=True)
class Range:
    """A reference; `found` where a formula computed which cells it means, as OFFSET does."""

    area: Area
    found: bool = False

    @property
    def single(self) -> bool:
        return self.area.top == self.area.bottom and self.area.left == self.area.right

    @property
    def height(self) -> int:
        return self.area.bottom - self.area.top + 1

    @property
    def width(self) -> int:
        return self.area.right - self.area.left + 1


Value = Scalar | Unknown | Array | Range


class Work:
    """What the formulas of a workbook asked for so far. (Not the time that it takes: results must not depend on it.)"""

    def __init__(self) -> None:
        self._done = self._made = self._filled = self._text = 0

    def start(self) -> None:
        """Begin with another formula."""
        self._made = 0

    def spend(self, count: int) -> None:
        """Count values that are looked at. Raises NotEvaluable when it becomes too much for one workbook."""
        self._done += count
        if self._done > MOST_WORK:
            raise NotEvaluable("这个工作簿的公式要算的内容太多")

    def make(self, count: int) -> None:
        """Count the values of an array. Raises NotEvaluable for too many."""
        self._made += count
        if count > MOST_VALUES or self._made > MOST_MADE:
            raise NotEvaluable(TOO_LARGE)
        self.spend(2 * count)

    def hold(self, count: int) -> None:
        """Count values beside those of arrays, such as the characters of texts."""
        self._made += count
        if self._made > MOST_MADE:
            raise NotEvaluable(TOO_LARGE)

    def fill(self, cells: int, characters: int) -> None:
        """Count what is put into cells. Raises NotEvaluable for too much."""
        self._filled += cells if cells > 1 else 0
        self._text += characters
        if self._filled > MOST_FILLED or self._text > MOST_TEXT:
            raise NotEvaluable("结果占的单元格太多，或者文字太长")
