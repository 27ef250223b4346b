"""Sums, counts, means, ranks: functions over the numbers of ranges."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.values import (
    DIV,
    NA,
    NUM,
    VALUE,
    Err,
    Nearly,
    NotEvaluable,
    Scalar,
    Shows,
    Unknown,
    finite,
    number_of,
)


def values_of(at: At, given: Value) -> Iterable[Scalar]:
    """The values of a range or array; blank cells of ranges may be left out."""
    if isinstance(given, Range):
        return at.cells.values(given)
    if isinstance(given, Array):
        at.cells.work.spend(len(given.values))
        return given.full() if any(one is not None for one in given.rest) else given.values
    return (None if isinstance(given, Unknown) else given,)


def numbers_of(at: At, *given: Value) -> list[float]:
    """The numbers of ranges and arrays, and single values as numbers. Raises Shows for errors."""
    found: list[float] = []
    for one in given:
        if isinstance(one, Range | Array):
            found += numbers_in(values_of(at, one))
        elif isinstance(one, str):
            raise NotEvaluable("直接写在函数里的文字算不算数，各种软件不一样")
        else:
            found.append(number_of(one))
    return found


def numbers_in(values: Iterable[Scalar]) -> list[float]:
    """The numbers among values. Raises Shows for an error."""
    found: list[float] = []
    for one in values:
        if isinstance(one, float):
            found.append(one)
        elif isinstance(one, Err):
            raise Shows(one)
    return found


# -- what lists of numbers come to ---------------------------------------------------------------------


def total(numbers: Sequence[float]) -> float:
    """A sum; what only the last digits keep from 0 is marked."""
    result = finite(sum(numbers, 0.0))
    near = result and abs(result) < 1e-13 * max(map(abs, numbers))
    return Nearly(result) if near else result


def mean(numbers: Sequence[float]) -> float:
    """The average. Raises Shows where there are no numbers."""
    count, found = _some(numbers, 1), total(numbers)
    return Nearly(found / count) if isinstance(found, Nearly) else found / count


def median(numbers: Sequence[float]) -> float:
    """The number in the middle, or between the two there."""
    if not numbers:
        raise Shows(NUM)
    return quantile(sorted(numbers), 0.5)


def product(numbers: Sequence[float]) -> float:
    """All numbers multiplied; 0 for none."""
    return finite(math.prod(numbers)) if numbers else 0.0


def variance(numbers: Sequence[float]) -> float:
    """The variance of a sample."""
    return _squares(numbers, 2) / (len(numbers) - 1)


def whole_variance(numbers: Sequence[float]) -> float:
    """The variance of all."""
    return _squares(numbers, 1) / len(numbers)


def _squares(numbers: Sequence[float], least: int) -> float:
    middle = math.fsum(numbers) / _some(numbers, least)
    return finite(math.fsum((one - middle) ** 2 for one in numbers))


def _some(numbers: Sequence[float], least: int) -> int:
    if len(numbers) < least:
        raise Shows(DIV)
    return len(numbers)


def mode(numbers: Sequence[float]) -> float:
    """The number that is there most often, the first of several."""
    (found, count), *_ = Counter(numbers).most_common(1) or [(0.0, 0)]
    if count < 2:
        raise Shows(NA)
    return found


def nth(ordered: Sequence[float], place: int, *, largest: bool) -> float:
    """The number at a place from above or below, of numbers from small to large."""
    if not 1 <= place <= len(ordered):
        raise Shows(NUM)
    return ordered[-place if largest else place - 1]


def quantile(ordered: Sequence[float], share: float) -> float:
    """The number below which a share of the others lies, of numbers from small to large."""
    if not ordered or not 0 <= share <= 1:
        raise Shows(NUM)
    place = share * (len(ordered) - 1)
    low = min(int(place), len(ordered) - 1)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


OVER_NUMBERS: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": total,
    "AVERAGE": mean,
    "MEDIAN": median,
    "PRODUCT": product,
    "MAX": lambda numbers: max(numbers, default=0.0),
    "MIN": lambda numbers: min(numbers, default=0.0),
    "VAR": variance,
    "VARP": whole_variance,
    "STDEV": lambda numbers: math.sqrt(variance(numbers)),
    "STDEVP": lambda numbers: math.sqrt(whole_variance(numbers)),
    "MODE": mode,
    "SUMSQ": lambda numbers: total([one * one for one in numbers]),
}
"""Functions of nothing but the numbers that they are given."""
_ALSO_CALLED = {"VAR": "VAR.S", "VARP": "VAR.P", "STDEV": "STDEV.S", "STDEVP": "STDEV.P", "MODE": "MODE.SNGL"}


def _over_numbers(name: str, call: Callable[[Sequence[float]], float]) -> None:
    def compute(at: At, *given: Value) -> float:
        return call(numbers_of(at, *given))

    names = [name, *([_ALSO_CALLED[name]] if name in _ALSO_CALLED else [])]
    function(*names, needs="r", repeats=1)(compute)


for _name, _call in OVER_NUMBERS.items():
    if _name != "SUM":
        _over_numbers(_name, _call)


@function("SUM", needs="r", repeats=1)
def summed(at: At, *given: Value) -> float:
    """The sum of all numbers."""
    parts: list[float] = []
    for one in given:
        parts += _summed(at, one) if isinstance(one, Array) else numbers_of(at, one)
    return total(parts)


def _summed(at: At, given: Array) -> list[float]:
    """The numbers of an array, those of its equal rows multiplied."""
    at.cells.work.spend(len(given.values))
    times = given.height - given.filled
    return [*numbers_in(given.values), *(one * times for one in (numbers_in(given.rest) if times else ()))]


@function("COUNT", needs="r", repeats=1)
def count(at: At, *given: Value) -> float:
    """How many numbers there are."""
    found = 0
    for one in given:
        if isinstance(one, str | bool | Unknown):
            raise NotEvaluable("直接写在函数里的文字算不算数，各种软件不一样")
        found += sum(isinstance(value, float) for value in values_of(at, one))
    return float(found)


@function("COUNTA", needs="r", repeats=1)
def count_filled(at: At, *given: Value) -> float:
    """How many cells are not blank."""
    return float(sum(value is not None for one in given for value in values_of(at, one)))


@function("COUNTBLANK", needs="r")
def count_blank(at: At, given: Value) -> float:
    """How many cells show nothing."""
    if not isinstance(given, Range):
        raise NotEvaluable("COUNTBLANK 要的是单元格区域")
    filled = sum(value is not None and value != "" for value in at.cells.values(given))
    return float(given.height * given.width - filled)


@function("SUMPRODUCT", needs="a", repeats=1)
def sum_of_products(at: At, *given: Value) -> float:
    """The sum of products of elements; what is no number counts as 0."""
    arrays = [_block(at, one) for one in given]
    if len({(one.height, one.width) for one in arrays}) > 1:
        raise Shows(VALUE)
    filled = max(one.filled for one in arrays)
    columns = [_factors([*one.values, *[*one.rest] * (filled - one.filled)]) for one in arrays]
    times = arrays[0].height - filled
    rests = [_factors(one.rest) for one in arrays] if times else [[]]
    at.cells.work.spend(sum(map(len, columns)))
    found = columns[0] if len(columns) == 1 else [math.prod(one) for one in zip(*columns, strict=True)]
    more = [math.prod(one) * times for one in zip(*rests, strict=True)]
    return total([*found, *more])


def _block(at: At, given: Value) -> Array:
    if isinstance(given, Range):
        return at.cells.array(given)
    if isinstance(given, Array):
        return given
    return Array([None if isinstance(given, Unknown) else given], 1, 1)


def _factors(values: Sequence[Scalar]) -> list[float]:
    found: list[float] = []
    for one in values:
        if isinstance(one, Err):
            raise Shows(one)
        found.append(one if isinstance(one, float) else 0.0)
    return found


# -- places among numbers ------------------------------------------------------------------------------


def _ordered(at: At, given: Value) -> Sequence[float]:
    """The numbers of a range or array from small to large."""
    if isinstance(given, Range):
        at.cells.work.spend(1)
        return at.cells.kept("ordered", given.area, lambda: sorted(numbers_of(at, given)))
    found = sorted(numbers_of(at, given))
    at.cells.work.spend(3 * len(found))
    return found


@function("LARGE", needs="ri")
def largest(at: At, given: Value, place: int) -> float:
    """The number at a place from above."""
    return nth(_ordered(at, given), place, largest=True)


@function("SMALL", needs="ri")
def smallest(at: At, given: Value, place: int) -> float:
    """The number at a place from below."""
    return nth(_ordered(at, given), place, largest=False)


@function("PERCENTILE", "PERCENTILE.INC", needs="rn")
def percentile(at: At, given: Value, share: float) -> float:
    """The number below which a share of the others lies."""
    return quantile(_ordered(at, given), share)


@function("QUARTILE", "QUARTILE.INC", needs="ri")
def quartile(at: At, given: Value, quarter: int) -> float:
    """The number below which so many quarters of the others lie."""
    return quantile(_ordered(at, given), quarter / 4)


@function("RANK", "RANK.EQ", needs="vr", takes="b")
def rank(at: At, value: Scalar, given: Value, upwards: bool = False) -> float:
    """The place of a number among others."""
    above, _ = _rank(at, value, given, upwards)
    return float(above + 1)


@function("RANK.AVG", needs="vr", takes="b")
def mean_rank(at: At, value: Scalar, given: Value, upwards: bool = False) -> float:
    """The place of a number among others; equal ones share the mean of theirs."""
    above, equals = _rank(at, value, given, upwards)
    return above + (equals + 1) / 2


def _rank(at: At, value: Scalar, given: Value, upwards: bool) -> tuple[int, int]:
    """How many numbers come before a number, and how many are equal."""
    if not isinstance(value, float):
        raise NotEvaluable("要排名的不是数")
    found = _ordered(at, given)
    first, last = bisect_left(found, value), bisect_right(found, value)
    for one in (*found[max(first - 1, 0) : first], *found[last : last + 1]):
        if abs(one - value) <= abs(value) * 1e-13:
            raise NotEvaluable("两个数差一点点才相等，各种软件算出来不一样")
    if first == last:
        raise NotEvaluable("要排名的数不在里面，各种软件结果不一样")
    return first if upwards else len(found) - last, last - first
