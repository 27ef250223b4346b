"""Numbers as findings tell them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from xlbudget.audit.figures import Figure, unit_of
from xlbudget.domain.money import plain, round_half_up

_DECIMALS = 2


def decimals(one: Figure) -> int:
    """How many decimals a number is printed with."""
    step = one.step / unit_of(one)
    return max(0, -int(step.normalize().as_tuple().exponent)) if step < 1 else 0


def percent_words(value: Decimal, like: Figure) -> str:
    """A percentage, with as many decimals as another one, at least two."""
    return f"{plain(round_half_up(Fraction(value), max(decimals(like), _DECIMALS)))}%"


def shown(value: Decimal, like: Figure) -> str:
    """A value in the unit of a figure."""
    return f"{plain(round_half_up(Fraction(value) / Fraction(unit_of(like)), max(decimals(like), _DECIMALS)))}{like.unit}"


def in_words(value: Decimal) -> str:
    """An amount in the unit that makes it short."""
    for unit, size in (("亿元", 10**8), ("万元", 10**4)):
        if value >= size:
            return f"{plain(round_half_up(Fraction(value) / size, _DECIMALS))}{unit}"
    return f"{plain(round_half_up(Fraction(value), _DECIMALS))}元"
