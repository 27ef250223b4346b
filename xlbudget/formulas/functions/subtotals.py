"""SUBTOTAL and AGGREGATE: only rows that are seen, and no subtotals among what is summed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.functions.statistics import OVER_NUMBERS, nth, numbers_in, quantile
from xlbudget.formulas.values import VALUE, Err, NotEvaluable, Scalar, Shows, certain, number_of, whole

_NAMES = (
    "AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV", "STDEVP", "SUM", "VAR", "VARP", "MEDIAN", "MODE",
)  # fmt: skip
"""What the numbers 1, 2, 3 … of the first argument mean."""
_SUBTOTALS = 11


@function("SUBTOTAL", needs="ir", repeats=1)
def subtotal(at: At, kind: int, *given: Value) -> float:
    """A sum, count or the like of the rows that a filter shows; from 101 on of those that nothing hides."""
    by_hand, number = kind > 100, kind - 100 if kind > 100 else kind
    if not 1 <= number <= _SUBTOTALS:
        raise Shows(VALUE)
    values: list[Scalar] = []
    for one in given:
        shown = _Shown(at, _range(one))
        values += shown.values(shown.hidden if by_hand else shown.filtered(), nested=False)
    return _told(number, values)


def _range(given: Value) -> Range:
    if not isinstance(given, Range):
        raise NotEvaluable("要的是单元格区域")
    return given


@function("AGGREGATE", needs="iia", repeats=1)
def aggregate(at: At, kind: int, option: int, *given: Value) -> float:
    """A sum, count or the like, without hidden rows, errors or subtotals as the option says."""
    if not (1 <= kind <= 19 and 0 <= option <= 7):
        raise Shows(VALUE)
    blocks = given if kind <= len(_NAMES) else given[:1]
    values: list[Scalar] = []
    for one in blocks:
        values += _chosen(at, one, option, array=kind > len(_NAMES))
    if option in (2, 3, 6, 7):
        values = [one for one in values if not isinstance(one, Err)]
    if kind <= len(_NAMES):
        return _told(kind, values)
    if len(given) != 2 or kind > 17:
        raise NotEvaluable("AGGREGATE 的这种算法没有把握")
    numbers, place = sorted(numbers_in(values)), _single(at, given[1])
    if kind == 16:
        return quantile(numbers, certain(number_of(place)))
    if kind == 17:
        return quantile(numbers, whole(place) / 4)
    return nth(numbers, whole(place), largest=kind == 14)


def _chosen(at: At, given: Value, option: int, *, array: bool) -> list[Scalar]:
    """The values that an option leaves; those of a computed array all count."""
    if isinstance(given, Array) and array:
        return list(given.full())
    shown = _Shown(at, _range(given))
    hides = option % 2 == 1
    if not hides and shown.filtered():
        raise NotEvaluable("筛选隐藏的行算不算，各种软件不一样")
    return shown.values(shown.hidden if hides else (), nested=option > 3)


def _single(at: At, given: Value) -> Scalar:
    if isinstance(given, Range) and given.single:
        return at.cells.scalar(given)
    if isinstance(given, float):
        return given
    raise NotEvaluable("结果是几个值，不是一个")


def _told(number: int, values: list[Scalar]) -> float:
    name = _NAMES[number - 1]
    if name == "COUNTA":
        return float(sum(one is not None for one in values))
    if name == "COUNT":
        return float(sum(isinstance(one, float) for one in values))
    return OVER_NUMBERS[name](numbers_in(values))


class _Shown:
    """A range, and which of its rows are seen."""

    def __init__(self, at: At, given: Range) -> None:
        self._at, self._given = at, given
        self._sheet = at.cells.hidden(given.area.sheet)
        rows = self._sheet.rows
        self.hidden = rows[bisect_left(rows, given.area.top) : bisect_right(rows, given.area.bottom)]
        """Rows of the range that are hidden, by whatever means."""
        at.cells.work.spend(len(self.hidden))

    def filtered(self) -> Sequence[int]:
        """Rows of the range that a filter hides. Raises NotEvaluable where that cannot be told."""
        if self.hidden and self._sheet.unclear:
            raise NotEvaluable("看不出隐藏的行是筛选掉的还是手工隐藏的")
        return [
            row for row in self.hidden if any(first <= row <= last for first, last in self._sheet.filters)
        ]

    def values(self, without: Sequence[int], *, nested: bool) -> list[Scalar]:
        """The values, with nothing in place of those of some rows, and of subtotals unless these count."""
        area = self._given.area
        block = self._at.cells.array(self._given)
        values, width = list(block.values), block.width
        for row in without:
            first = (row - area.top) * width
            values[first : first + width] = [None] * len(values[first : first + width])
        for row, column, alone in () if nested else self._at.cells.subtotals(area):
            place = (row - area.top) * width + column - area.left
            if place < len(values) and row not in without:
                if not alone:
                    raise NotEvaluable("分类汇总里又有分类汇总的算式，各种软件算法不一样")
                values[place] = None
        return values
