"""Functions whose results fill as many cells as they need: FILTER, UNIQUE, SORT, SEQUENCE."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.values import MISSING, NotEvaluable, Scalar, truth_of

Line = Sequence[Scalar]


def _block(at: At, given: Value) -> Array:
    block = at.cells.array(given) if isinstance(given, Range) else given
    if not isinstance(block, Array):
        raise NotEvaluable("要的是单元格区域或数组")
    return block


def _lines(block: Array) -> list[Line]:
    values = block.full()
    return [values[n : n + block.width] for n in range(0, len(values), block.width)]


def _array(lines: Sequence[Line]) -> Array:
    return Array([one for line in lines for one in line], len(lines), len(lines[0]))


@function("FILTER", needs="aa", takes="r")
def filtered(at: At, given: Value, wanted: Value, instead: Value = MISSING) -> Value:
    """The rows for which a condition holds."""
    block, conditions = _block(at, given), _block(at, wanted)
    if conditions.width != 1 or conditions.height != block.height:
        raise NotEvaluable("FILTER 的条件和数据不是一样多的行")
    if conditions.rest and truth_of(conditions.rest[0]):
        raise NotEvaluable("数组太大")
    chosen = [n for n, one in enumerate(conditions.values) if truth_of(one)]
    if chosen:
        return _array([[block.at(n, column) for column in range(block.width)] for n in chosen])
    if instead is MISSING:
        raise NotEvaluable("FILTER 没有找到任何行")
    return instead


@function("UNIQUE", needs="a")
def distinct(at: At, given: Value) -> Value:
    """The different rows, each as it stands first."""
    found: dict[Hashable, Line] = {}
    for line in _lines(_block(at, given)):
        key = tuple((type(one), one.lower() if isinstance(one, str) else one) for one in line)
        found.setdefault(key, line)
    return _array(list(found.values()))


@function("SORT", needs="a", takes="ii")
def ordered(at: At, given: Value, column: int = 1, direction: int = 1) -> Value:
    """The rows in the order of the numbers in a column."""
    block = _block(at, given)
    if not 1 <= column <= block.width or direction not in (1, -1):
        raise NotEvaluable("SORT 的这种排法算不了")
    lines = _lines(block)
    keys = [line[column - 1] for line in lines]
    if not all(isinstance(one, float) for one in keys):
        raise NotEvaluable("文字的先后次序，各种软件不一样")
    return _array(sorted(lines, key=lambda line: direction * line[column - 1]))  # type: ignore[operator]


@function("SEQUENCE", needs="i", takes="inn")
def sequence(at: At, height: int, width: int = 1, start: float = 1.0, step: float = 1.0) -> Value:
    """Numbers that go up by a step."""
    if height < 1 or width < 1:
        raise NotEvaluable("SEQUENCE 的大小不对")
    at.cells.work.make(height * width)
    return Array([start + step * n for n in range(height * width)], height, width)
