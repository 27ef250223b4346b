"""Operators of formulas, over single values and over arrays element by element."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice, repeat

from xlbudget.formulas.arrays import Array
from xlbudget.formulas.cells import Cells
from xlbudget.formulas.quick import quick
from xlbudget.formulas.values import (
    DIV,
    NA,
    NUM,
    Err,
    Nearly,
    NotEvaluable,
    Scalar,
    Shows,
    added,
    before,
    certain,
    equal,
    finite,
    fitting,
    number_of,
    text_of,
)

Operation = Callable[..., Scalar]
SLOW = 10
"""How many plain values one takes as long as that is looked at singly."""
_AT_ONCE = 500
"""Values that are computed before the length of texts is looked at."""


def quiet(operation: Operation) -> Operation:
    """The operation with error values as results."""

    def calm(*given: Scalar) -> Scalar:
        try:
            return operation(*given)
        except Shows as shown:
            return shown.error

    return calm


def _plus(one: Scalar, other: Scalar) -> float:
    return added(number_of(one), number_of(other))


def _minus(one: Scalar, other: Scalar) -> float:
    return added(number_of(one), -number_of(other))


def _times(one: Scalar, other: Scalar) -> float:
    first, second = number_of(one), number_of(other)
    product = finite(first * second)
    near = isinstance(first, Nearly) or isinstance(second, Nearly)
    return Nearly(product) if near and product else product


def _over(one: Scalar, other: Scalar) -> float:
    first, second = number_of(one), certain(number_of(other))
    if second == 0:
        raise Shows(DIV)
    quotient = finite(first / second)
    return Nearly(quotient) if isinstance(first, Nearly) and quotient else quotient


def power(one: Scalar, other: Scalar) -> float:
    """A number to the power of another one."""
    base, exponent = certain(number_of(one)), certain(number_of(other))
    if (base < 0 and exponent != int(exponent)) or (base == 0 and exponent <= 0):
        raise NotEvaluable("这样的乘方，各种软件结果不一样")
    try:
        return finite(base**exponent)
    except OverflowError:
        raise Shows(NUM) from None


def _joined(one: Scalar, other: Scalar) -> str:
    return fitting(text_of(one) + text_of(other))


_OPERATIONS: dict[str, Operation] = {
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": _over,
    "^": power,
    "&": _joined,
    "=": equal,
    "<>": lambda one, other: not equal(one, other),
    "<": before,
    ">": lambda one, other: before(other, one),
    "<=": lambda one, other: not before(other, one),
    ">=": lambda one, other: not before(one, other),
}
BINARY = {operator: quiet(operation) for operator, operation in _OPERATIONS.items()}
UNARY: dict[str, Operation] = {
    "-": quiet(lambda one: -number_of(one) if number_of(one) else 0.0),
    "%": quiet(lambda one: number_of(one) / 100),
}


def combined(cells: Cells, sign: str, one: Scalar | Array, other: Scalar | Array) -> Scalar | Array:
    """What an operator makes of two values or arrays."""
    return each(cells, BINARY[sign], (one, other), sign)


def each(
    cells: Cells, operation: Operation, given: Sequence[Scalar | Array], sign: str = ""
) -> Scalar | Array:
    """An operation over values, or over arrays element by element; a single row or column is repeated.

    `sign` is that of an operator, which can be had quicker for plain values.
    """
    arrays = [one for one in given if isinstance(one, Array)]
    if not arrays:
        return operation(*given)
    height, width = max(one.height for one in arrays), max(one.width for one in arrays)
    filled = max((one.filled for one in arrays if one.height == height), default=1)
    if any(one.height not in (1, height) or one.width not in (1, width) for one in arrays):
        raise NotEvaluable("数组的大小不一样")
    cells.work.make(filled * width)
    parts = [[*_spread(one, height, width, filled)] if isinstance(one, Array) else one for one in given]
    values = quick(sign, *parts) if sign else None
    if values is None:
        cells.work.spend(SLOW * filled * width)
        values = _mapped(cells, operation, [one if isinstance(one, list) else repeat(one) for one in parts])
    rest = [*map(operation, *(_rest(one, height, width) for one in given))] if filled < height else ()
    return Array(values, height, width, rest)


def _mapped(cells: Cells, operation: Operation, given: Sequence[Iterable[Scalar]]) -> list[Scalar]:
    """The results of an operation. Raises NotEvaluable where they are texts that together are too long."""
    values: list[Scalar] = []
    found = map(operation, *given)
    while part := [*islice(found, _AT_ONCE)]:
        values += part
        if isinstance(part[0], str):
            cells.work.hold(sum(len(one) for one in part if isinstance(one, str)) // 8)
    return values


def _spread(given: Array, height: int, width: int, filled: int) -> Iterable[Scalar]:
    """The elements of the first rows of an array, as large as the others are."""
    rows = given.values
    if given.height == 1 < height:
        rows = [*rows] * filled
    elif given.filled < filled:
        rows = [*rows, *[*given.rest] * (filled - given.filled)]
    return rows if given.width == width else chain.from_iterable(repeat(one, width) for one in rows)


def _rest(given: Scalar | Array, height: int, width: int) -> Iterable[Scalar]:
    if not isinstance(given, Array):
        return repeat(given, width)
    row = given.values if given.height == 1 < height else given.rest
    return row if given.width == width else repeat(row[0], width)


def fills(found: Array, height: int, width: int) -> list[list[Scalar]]:
    """An array in the cells of a formula: a single row or column is repeated, what is missing is #N/A."""
    missing: Err = NA

    def at(row: int, column: int) -> Scalar:
        row, column = 0 if found.height == 1 else row, 0 if found.width == 1 else column
        return found.at(row, column) if row < found.height and column < found.width else missing

    return [[at(row, column) for column in range(width)] for row in range(height)]
