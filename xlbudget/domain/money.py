"""Amounts in 元 as Decimal, percentages on a 0–100 scale as Fraction, and how both are worded."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from math import lcm

YUAN_PER_WAN = Decimal(10_000)
_STORED = Context(prec=15, rounding=ROUND_HALF_EVEN)
_EXACT = Context(prec=60)
_LARGEST = 308
"""Powers of ten that a number of a program can have."""


def stored_number(text: str) -> Decimal:
    """Read the text of a stored number through the 15 significant digits that Excel itself keeps.

    What is smaller than any number of a program is 0. Raises decimal.InvalidOperation when `text` is no number, or larger.
    """
    if not text.isascii() or "_" in text:
        raise InvalidOperation(text[:40])  # Python takes ４ and 1_000 for numbers
    number = _STORED.create_decimal(text)
    if not number.is_finite() or -_LARGEST <= number.adjusted() <= _LARGEST:
        return number
    if number and number.adjusted() > _LARGEST:
        raise InvalidOperation(text[:40])
    return Decimal(0)


@lru_cache(maxsize=1 << 12)
def fraction(number: Decimal) -> Fraction:
    """The number as a fraction; a workbook has the same targets and limits many times."""
    return Fraction(number)


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum, brought to its lowest terms once and not at each addition."""
    parts = list(values)
    whole = lcm(*(one.denominator for one in parts))
    return Fraction(sum(one.numerator * (whole // one.denominator) for one in parts), whole)


def exact(value: Fraction) -> Decimal:
    """Turn a fraction that terminates in decimal notation into that Decimal (otherwise 60 digits)."""
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def round_half_up(value: Fraction, places: int = 2) -> Decimal:
    """Round once, half away from zero (四舍五入), to a Decimal with `places` decimals."""
    scaled, whole = abs(value.numerator) * 10**places, value.denominator
    digits = (2 * scaled + whole) // (2 * whole)
    return Decimal(digits if value.numerator >= 0 else -digits).scaleb(-places)


def percent(value: Fraction | None) -> Decimal | None:
    """Round a percentage for print and for every comparison that people make with the printed one."""
    return None if value is None else round_half_up(value)


def in_wan(yuan: Decimal) -> Decimal:
    """Convert 元 to 万元, at most 6 decimals (a 分 is 0.000001 万元)."""
    return round_half_up(Fraction(yuan) / 10_000, 6)


def plain(number: Decimal | Fraction | int) -> str:
    """Word a number as people write it: no exponent, no trailing zeros, no negative zero."""
    if isinstance(number, Fraction):
        number = exact(number)
    text = format(Decimal(number), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def wan(yuan: Decimal) -> str:
    """Word an amount in 万元, without the unit: 24100 元 → 2.41."""
    return plain(in_wan(yuan))


def pct(value: Fraction | None) -> str:
    """Word a percentage with two decimals at most, without the sign; 未知 is worded as —."""
    rounded = percent(value)
    return "—" if rounded is None else plain(rounded)
