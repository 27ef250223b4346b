"""Functions that compute only some of their arguments: IF, IFERROR, CHOOSE, LET and the like.

The branch that is not taken does not matter: what cannot be computed there does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.evaluate import At, Spread, element, evaluate, form, scalar, sound
from xlbudget.formulas.functions.statistics import values_of
from xlbudget.formulas.operators import each, quiet
from xlbudget.formulas.tree import Node
from xlbudget.formulas.values import (
    MISSING,
    NA,
    VALUE,
    Err,
    NotEvaluable,
    Scalar,
    Shows,
    equal,
    truth_of,
    whole,
)

Test = Callable[[Scalar], bool]
_WRONG_COUNT = "函数的参数个数不对"


def _arrays(node: Node, at: At) -> Scalar | Array:
    """A part as a value or array, ranges cell by cell where the formula allows it."""
    return element(evaluate(node, at), at)


def _branch(node: Node | None, at: At) -> Value:
    """What a branch comes to; one that was left empty is 0."""
    value = False if node is None else evaluate(node, at)
    return 0.0 if value is MISSING else value


def _lifted(value: Value, at: At) -> Scalar | Array:
    """A branch as the elements of an array need it: ranges cell by cell."""
    if isinstance(value, Range):
        return at.cells.scalar(value) if value.single else at.cells.array(value)
    return element(value, at)


@form("IF")
def choose_one(parts: Sequence[Node], at: At) -> Value:
    """One of two branches; over an array of conditions, element by element."""
    if not 2 <= len(parts) <= 3:
        raise NotEvaluable(_WRONG_COUNT)
    condition, no = _arrays(parts[0], at), parts[2] if len(parts) == 3 else None
    if not isinstance(condition, Array):
        return _branch(parts[1] if truth_of(condition) else no, at)
    if at.spread is Spread.INSIDE:
        raise NotEvaluable("IF 在这里是不是逐格计算，各种软件不一样")
    branches = [_lifted(_branch(part, at), at) for part in (parts[1], no)]
    pick = quiet(lambda one, yes, other: yes if truth_of(one) else other)
    return each(at.cells, pick, [condition, *branches])


@form("IFERROR")
def unless_error(parts: Sequence[Node], at: At) -> Value:
    """A value, or another one in place of an error."""
    return _unless(parts, at, lambda value: isinstance(value, Err))


@form("IFNA")
def unless_missing(parts: Sequence[Node], at: At) -> Value:
    """A value, or another one in place of #N/A."""
    return _unless(parts, at, lambda value: value == NA)


def _unless(parts: Sequence[Node], at: At, wrong: Test) -> Value:
    if len(parts) != 2:
        raise NotEvaluable(_WRONG_COUNT)
    value = _branch(parts[0], at)
    shown = _lifted(value, at) if not isinstance(value, Range) or value.single or at.spread else None
    if isinstance(shown, Array):
        other = _lifted(_branch(parts[1], at), at)
        return each(at.cells, lambda one, instead: instead if wrong(one) else one, [shown, other])
    return _branch(parts[1], at) if wrong(shown) else value


@form("AND")
def all_hold(parts: Sequence[Node], at: At) -> Value:
    """Whether all conditions hold."""
    return all(_conditions(parts, at))


@form("OR")
def one_holds(parts: Sequence[Node], at: At) -> Value:
    """Whether one condition holds."""
    return any(_conditions(parts, at))


@form("NOT")
def opposite(parts: Sequence[Node], at: At) -> Value:
    """Whether a condition does not hold."""
    if len(parts) != 1:
        raise NotEvaluable(_WRONG_COUNT)
    return each(at.cells, quiet(lambda one: not truth_of(one)), [_arrays(parts[0], at)])


def _conditions(parts: Sequence[Node], at: At) -> list[bool]:
    """Numbers and truth values as conditions; texts and blank cells of ranges do not count. Raises Shows."""
    found: list[bool] = []
    for part in parts:
        value = evaluate(part, at)
        if isinstance(value, Range | Array):
            values = [one for one in values_of(at, value) if one is not None and not isinstance(one, str)]
            found += [truth_of(one) for one in values]
        elif isinstance(value, str):
            raise NotEvaluable("文字能不能当作条件，各种软件不一样")
        else:
            found.append(truth_of(value))
    if not found:
        raise NotEvaluable("没有条件可以判断，各种软件结果不一样")
    return found


@form("IFS")
def first_true(parts: Sequence[Node], at: At) -> Value:
    """What stands behind the first condition that holds."""
    if len(parts) % 2 or not parts:
        raise NotEvaluable(_WRONG_COUNT)
    for condition, result in zip(parts[::2], parts[1::2], strict=True):
        if truth_of(scalar(condition, at)):
            return _branch(result, at)
    return NA


@form("SWITCH")
def matching(parts: Sequence[Node], at: At) -> Value:
    """What stands behind the first value that is equal, or the last argument."""
    if len(parts) < 3:
        raise NotEvaluable(_WRONG_COUNT)
    wanted, rest = sound(scalar(parts[0], at)), parts[1:]
    for value, result in zip(rest[::2], rest[1::2], strict=False):
        if equal(wanted, scalar(value, at)):
            return _branch(result, at)
    return _branch(rest[-1], at) if len(rest) % 2 else NA


@form("CHOOSE")
def by_number(parts: Sequence[Node], at: At) -> Value:
    """The argument of a number; over an array of numbers, columns side by side."""
    if len(parts) < 2:
        raise NotEvaluable(_WRONG_COUNT)
    number = _arrays(parts[0], at)
    if isinstance(number, Array):
        branches = [_lifted(_branch(part, at), at) for part in parts[1:]]
        return each(at.cells, quiet(_picked), [number, *branches])
    chosen = whole(number)
    if not 1 <= chosen < len(parts):
        raise Shows(VALUE)
    return _branch(parts[chosen], at)


def _picked(number: Scalar, *values: Scalar) -> Scalar:
    chosen = whole(number)
    if not 1 <= chosen <= len(values):
        raise Shows(VALUE)
    return values[chosen - 1]


@form("LET")
def named(parts: Sequence[Node], at: At) -> Value:
    """An expression with names for parts of it."""
    if len(parts) % 2 == 0 or len(parts) < 3:
        raise NotEvaluable(_WRONG_COUNT)
    for name, value in zip(parts[:-1:2], parts[1::2], strict=True):
        if name.kind != "name":
            raise NotEvaluable("LET 的名称读不懂")
        at = at.named(name.text.lower(), evaluate(value, at))
    return evaluate(parts[-1], at)
