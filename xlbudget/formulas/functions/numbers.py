"""Rounding, arithmetic, and whether something is a number."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation

from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.operators import power
from xlbudget.formulas.values import (
    DIV,
    NA,
    NUM,
    Err,
    Nearly,
    NotEvaluable,
    Scalar,
    Shows,
    agreed,
    certain,
    exactly,
    fifteen,
    finite,
)


def rounded_to(number: float, places: int, rounding: str) -> float:
    """A number with so many decimals. Raises NotEvaluable where its last binary digits decide."""
    if isinstance(number, Nearly):
        if places > 12 or rounding == ROUND_UP:
            certain(number)
        return 0.0
    if abs(places) > 30:
        raise NotEvaluable("小数位数太大")

    def step(value: Decimal) -> Decimal:
        try:
            return value.quantize(Decimal(1).scaleb(-places), rounding)
        except InvalidOperation:
            return value  # it has fewer decimals than asked for

    return agreed(step, number)


@function("ROUND", needs="xi")
def rounded(_: At, number: float, places: int) -> float:
    """Rounded half away from 0, by the 15 digits that are shown; not all programs do so for whole numbers."""
    if places < 1 or isinstance(number, Nearly):
        return rounded_to(number, places, ROUND_HALF_UP)
    return rounded_to(float(fifteen(number)), places, ROUND_HALF_UP)


@function("ROUNDUP", needs="xi")
def rounded_up(_: At, number: float, places: int) -> float:
    """Rounded away from 0."""
    return rounded_to(number, places, ROUND_UP)


@function("ROUNDDOWN", needs="xi")
@function("TRUNC", needs="x", takes="i")
def rounded_down(_: At, number: float, places: int = 0) -> float:
    """Rounded towards 0."""
    return rounded_to(number, places, ROUND_DOWN)


@function("INT", needs="n")
def floored(_: At, number: float) -> float:
    """The whole number that is not larger."""
    return rounded_to(number, 0, ROUND_FLOOR)


def _steps(number: float, step: float, rounding: str) -> float:
    """How many steps a number has, rounded."""
    return float(_quotient(number, step, rounding)) if step else 0.0


def _quotient(number: float, step: float, rounding: str) -> Decimal:
    """A quotient rounded to a whole number, where 15 digits and binary digits agree."""
    found = {(one(number) / one(step)).quantize(Decimal(1), rounding) for one in (fifteen, exactly)} | {
        fifteen(number / step).quantize(Decimal(1), rounding),
        exactly(number / step).quantize(Decimal(1), rounding),
    }
    if len(found) > 1:
        raise NotEvaluable("正好在取舍的边上，各种软件算出来不一样")
    return found.pop()


@function("CEILING", needs="nn")
def ceiling(_: At, number: float, step: float) -> float:
    """The next multiple of a step away from 0."""
    return _multiple(number, step, ROUND_UP)


@function("FLOOR", needs="nn")
def floor(_: At, number: float, step: float) -> float:
    """The next multiple of a step towards 0."""
    return _multiple(number, step, ROUND_DOWN)


@function("MROUND", needs="nn")
def nearest(_: At, number: float, step: float) -> float:
    """The nearest multiple of a step."""
    return _multiple(number, step, ROUND_HALF_UP)


def _multiple(number: float, step: float, rounding: str) -> float:
    if number * step < 0 or (step == 0 and number):
        raise NotEvaluable("正负号不同或步长为 0，各种软件结果不一样")
    return finite(_steps(number, step, rounding) * step)


@function("MOD", needs="nn")
def remainder(_: At, number: float, divisor: float) -> float:
    """What is left after division, with the sign of the divisor."""
    if divisor == 0:
        raise Shows(DIV)
    if abs(number / divisor) > 1e12:
        raise NotEvaluable("商太大")
    left = number - divisor * float(_quotient(number, divisor, ROUND_FLOOR))
    if left and abs(left) < abs(number) * 1e-14:
        raise NotEvaluable("余数差一点点才是 0，各种软件算出来不一样")
    return left


@function("QUOTIENT", needs="nn")
def quotient(_: At, number: float, divisor: float) -> float:
    """The whole part of a quotient."""
    if divisor == 0:
        raise Shows(DIV)
    return float(_quotient(number, divisor, ROUND_DOWN))


@function("EVEN", needs="n")
def even(_: At, number: float) -> float:
    """The next even number away from 0."""
    return _steps(number, 2.0, ROUND_UP) * 2


@function("ABS", needs="x")
def absolute(_: At, number: float) -> float:
    """Without its sign."""
    return Nearly(abs(number)) if isinstance(number, Nearly) else abs(number)


@function("SIGN", needs="n")
def sign(_: At, number: float) -> float:
    """1, 0 or -1."""
    return float((number > 0) - (number < 0))


@function("SQRT", needs="n")
def root(_: At, number: float) -> float:
    """The square root."""
    if number < 0:
        raise Shows(NUM)
    return math.sqrt(number)


@function("POWER", needs="nn")
def to_the_power(_: At, base: float, exponent: float) -> float:
    """A number to the power of another one."""
    return power(base, exponent)


@function("EXP", needs="n")
def exponential(_: At, number: float) -> float:
    """e to the power of a number."""
    if number > 700:
        raise Shows(NUM)
    return math.exp(number)


@function("LN", needs="n")
def natural_logarithm(_: At, number: float) -> float:
    """The logarithm to the base e."""
    return _logarithm(number, math.e)


@function("LOG10", needs="n")
@function("LOG", needs="n", takes="n")
def logarithm(_: At, number: float, base: float = 10.0) -> float:
    """The logarithm to a base."""
    return _logarithm(number, base)


def _logarithm(number: float, base: float) -> float:
    if number <= 0 or base <= 0:
        raise Shows(NUM)
    if base == 1:
        raise Shows(DIV)
    return (
        math.log(number) if base == math.e else math.log10(number) if base == 10 else math.log(number, base)
    )


@function("PI")
def pi(_: At) -> float:
    """3.14159…"""
    return math.pi


@function("FACT", needs="i")
def factorial(_: At, number: int) -> float:
    """1 × 2 × 3 …"""
    if not 0 <= number <= 170:
        raise Shows(NUM)
    return float(math.factorial(number))


@function("COMBIN", needs="ii")
def combinations(_: At, number: int, chosen: int) -> float:
    """In how many ways some can be chosen."""
    if not 0 <= chosen <= number:
        raise Shows(NUM)
    if number > 1000:
        raise NotEvaluable("数太大")
    return finite(float(math.comb(number, chosen)))


# -- what a value is -----------------------------------------------------------------------------------


@function("ISNUMBER", needs="e")
def is_number(_: At, value: Scalar) -> bool:
    """Whether it is a number."""
    return isinstance(value, float)


@function("ISTEXT", needs="e")
def is_text(_: At, value: Scalar) -> bool:
    """Whether it is a text."""
    return isinstance(value, str)


@function("ISNONTEXT", needs="e")
def is_no_text(_: At, value: Scalar) -> bool:
    """Whether it is no text."""
    return not isinstance(value, str)


@function("ISBLANK", needs="e")
def is_blank(_: At, value: Scalar) -> bool:
    """Whether nothing stands there."""
    return value is None


@function("ISLOGICAL", needs="e")
def is_logical(_: At, value: Scalar) -> bool:
    """Whether it is a truth value."""
    return isinstance(value, bool)


@function("ISERROR", needs="e")
def is_error(_: At, value: Scalar) -> bool:
    """Whether it is an error."""
    return isinstance(value, Err)


@function("ISNA", needs="e")
def is_missing(_: At, value: Scalar) -> bool:
    """Whether it is #N/A."""
    return value == NA


@function("ISERR", needs="e")
def is_other_error(_: At, value: Scalar) -> bool:
    """Whether it is an error other than #N/A."""
    return isinstance(value, Err) and value != NA


@function("ISEVEN", needs="i")
def is_even(_: At, number: int) -> bool:
    """Whether it is even."""
    return number % 2 == 0


@function("ISODD", needs="i")
def is_odd(_: At, number: int) -> bool:
    """Whether it is odd."""
    return number % 2 == 1


@function("NA")
def missing(_: At) -> Err:
    """#N/A."""
    return NA


@function("N", needs="v")
def as_number(_: At, value: Scalar) -> float:
    """A number or truth value as a number, anything else as 0."""
    return float(value) if isinstance(value, float | bool) else 0.0
