"""Looking for a value: MATCH, VLOOKUP, LOOKUP, XLOOKUP and what picks from ranges."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.references import part_of
from xlbudget.formulas.values import MISSING, NA, REF, VALUE, NotEvaluable, Scalar, Shows, certain
from xlbudget.formulas.wildcards import wildcards

Index = dict[tuple[type, object], int]


def _line(given: Value) -> Range | Array:
    """A range or array of one row or column. Raises NotEvaluable."""
    if not isinstance(given, Range | Array) or min(given.height, given.width) != 1:
        raise NotEvaluable("查找区域不是一行或一列")
    return given


def _values(at: At, given: Range | Array) -> Sequence[Scalar]:
    """The values of a row or column, the blank rest of a column left out."""
    if isinstance(given, Array):
        return given.full()
    return at.cells.kept("values", given.area, lambda: at.cells.array(given).values)


def _index(values: Sequence[Scalar]) -> Index:
    """Where each value stands first."""
    found: Index = {}
    for place, value in enumerate(values):
        if value is not None:
            found.setdefault(_key(value), place)
    return found


def _key(value: Scalar) -> tuple[type, object]:
    return type(value), value.lower() if isinstance(value, str) else value


def _exact(at: At, wanted: Scalar, given: Range | Array, *, pattern: bool = True) -> int:
    """The place from 0 of a value. Raises Shows(#N/A) where it is not there."""
    if wanted is None:
        raise NotEvaluable("要找的是空单元格，各种软件结果不一样")
    values = _values(at, given)
    at.cells.work.spend(1)
    if isinstance(wanted, str) and pattern and re.search(r"[*?~]", wanted):
        at.cells.work.spend(len(values))
        meant = wildcards(wanted)
        place = next((n for n, one in enumerate(values) if isinstance(one, str) and meant.fits(one)), -1)
    else:
        at.cells.work.spend(0 if isinstance(given, Range) else 5 * len(values))
        index = (
            at.cells.kept("index", given.area, lambda: _index(values))
            if isinstance(given, Range)
            else _index(values)
        )
        place = index.get(_key(wanted), -1)
        if place < 0 and isinstance(wanted, float):
            _near_none(at, values, certain(wanted))
    if place < 0:
        raise Shows(NA)
    return place


def _near_none(at: At, values: Sequence[Scalar], wanted: float) -> None:
    """Raise NotEvaluable where a number is there but for its last digits."""
    if wanted != round(wanted, 6) or abs(wanted) > 1e9:
        at.cells.work.spend(2 * len(values))
        for one in values:
            if isinstance(one, float) and abs(one - wanted) <= abs(wanted) * 1e-13:
                raise NotEvaluable("两个数差一点点才相等，各种软件算出来不一样")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of a row or column with their places; the largest alone where they do not ascend."""

    numbers: Sequence[float]
    places: Sequence[int]
    ascending: bool


def _numbers(values: Sequence[Scalar]) -> _Numbers:
    found = [(n, one) for n, one in enumerate(values) if isinstance(one, float)]
    ascending = all(one[1] <= other[1] for one, other in pairwise(found))
    if ascending or not found:
        return _Numbers([one for _, one in found], [n for n, _ in found], ascending=True)
    return _Numbers([max(one for _, one in found)], [found[-1][0]], ascending=False)


def _sorted(at: At, wanted: Scalar, given: Range | Array) -> int:
    """The place of the last number that is not larger, among numbers that ascend or all are not larger.

    Raises Shows(#N/A) where all are larger, NotEvaluable where the order matters.
    """
    if not isinstance(wanted, float):
        raise NotEvaluable("按先后次序查找文字，各种软件结果不一样")
    certain(wanted)
    if isinstance(given, Range):
        found = at.cells.kept("numbers", given.area, lambda: _numbers(_values(at, given)))
    else:
        at.cells.work.spend(5 * len(given.values))
        found = _numbers(given.full())
    after = bisect_right(found.numbers, wanted)
    for one in (*found.numbers[max(after - 1, 0) : after], *found.numbers[after : after + 1]):
        if one != wanted and abs(one - wanted) <= abs(wanted) * 1e-13:
            raise NotEvaluable("两个数差一点点才相等，各种软件算出来不一样")
    if not found.ascending and not after:
        raise NotEvaluable("查找区域没有从小到大排序")
    if not after:
        raise Shows(NA)
    return found.places[after - 1]


@function("MATCH", needs="vr", takes="i")
def match(at: At, wanted: Scalar, given: Value, how: int = 1) -> float:
    """The place of a value in a row or column."""
    line = _line(given)
    if how == 0:
        return float(_exact(at, wanted, line) + 1)
    if how < 0:
        raise NotEvaluable("从大到小查找，各种软件结果不一样")
    return float(_sorted(at, wanted, line) + 1)


def _table(given: Value) -> Range | Array:
    if not isinstance(given, Range | Array):
        raise NotEvaluable("查找区域不是单元格区域")
    return given


@function("VLOOKUP", needs="vri", takes="b")
def below(at: At, wanted: Scalar, given: Value, column: int, near: bool = True) -> Value:
    """The value in a column of the row whose first cell is equal."""
    table = _table(given)
    if column < 1 or column > table.width:
        raise Shows(VALUE if column < 1 else REF)
    row = _found(at, wanted, part_of(table, 0, 1), near)
    return part_of(table, row + 1, column)


@function("HLOOKUP", needs="vri", takes="b")
def beside(at: At, wanted: Scalar, given: Value, row: int, near: bool = True) -> Value:
    """The value in a row of the column whose first cell is equal."""
    table = _table(given)
    if row < 1 or row > table.height:
        raise Shows(VALUE if row < 1 else REF)
    column = _found(at, wanted, part_of(table, 1, 0), near)
    return part_of(table, row, column + 1)


def _found(at: At, wanted: Scalar, line: Value, near: bool) -> int:
    return _sorted(at, wanted, _line(line)) if near else _exact(at, wanted, _line(line))


@function("LOOKUP", needs="va", takes="a")
def look_up(at: At, wanted: Scalar, given: Value, results: Value | None = None) -> Value:
    """The value beside the last number that is not larger; LOOKUP(1,0/(conditions),results) finds the last row."""
    line = _line(given)
    place = _sorted(at, wanted, line)
    shown = line if results is None else _line(results)
    if max(shown.height, shown.width) < place + 1:
        raise Shows(NA)
    return _at(shown, place)


def _at(line: Range | Array, place: int) -> Value:
    return part_of(line, 1, place + 1) if line.height == 1 else part_of(line, place + 1, 1)


@function("XLOOKUP", needs="vrr", takes="rii")
def x_look_up(
    at: At, wanted: Scalar, given: Value, results: Value, instead: Value = NA, how: int = 0, order: int = 1
) -> Value:
    """The value beside the first or last equal one, or another value where there is none."""
    line, shown = _line(given), _table(results)
    if how not in (0, 2) or order not in (1, -1) or (how == 2 and order == -1):
        raise NotEvaluable("XLOOKUP 的这种查法算不了")
    if max(line.height, line.width) != (shown.height if line.width == 1 else shown.width):
        raise Shows(VALUE)
    try:
        place = _exact(at, wanted, line, pattern=how == 2) if order == 1 else _last(at, wanted, line)
    except Shows as missing:
        if missing.error != NA:
            raise
        return instead if instead is not MISSING else NA
    return part_of(shown, place + 1, 0) if line.width == 1 else part_of(shown, 0, place + 1)


def _last(at: At, wanted: Scalar, line: Range | Array) -> int:
    values = _values(at, line)
    at.cells.work.spend(len(values))
    _exact(at, wanted, line, pattern=False)
    return max(n for n, one in enumerate(values) if one is not None and _key(one) == _key(wanted))


@function("XMATCH", needs="vr", takes="i")
def x_match(at: At, wanted: Scalar, given: Value, how: int = 0) -> float:
    """The place of an equal value in a row or column."""
    if how not in (0, 2):
        raise NotEvaluable("XMATCH 的这种查法算不了")
    return float(_exact(at, wanted, _line(given), pattern=how == 2) + 1)


@function("TRANSPOSE", needs="a")
def transpose(at: At, given: Value) -> Value:
    """Rows as columns."""
    if not isinstance(given, Range | Array):
        return given
    block = at.cells.array(given) if isinstance(given, Range) else given
    values = block.full()
    turned = [values[n] for column in range(block.width) for n in range(column, len(values), block.width)]
    return Array(turned, block.width, block.height)
