"""Numbers that are known only as far as they are printed: arithmetic over intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

HUNDRED = Decimal(100)
_NEARLY = Decimal("0.999")
"""A number cut off at its last digit was less than one unit of it more."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2

    def over(self, other: Interval) -> Interval | None:
        """The quotient; None where the divisor can be nothing."""
        if other.low <= 0 <= other.high:
            return None
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def meets(self, other: Interval) -> bool:
        """Whether they have a value in common."""
        return self.low <= other.high and other.low <= self.high

    def percent_of(self, whole: Interval) -> Interval | None:
        """How many percent of a whole; None of nothing."""
        part = self.over(whole)
        return None if part is None else Interval(part.low * HUNDRED, part.high * HUNDRED)


def exactly(value: Decimal) -> Interval:
    return Interval(value, value)


@lru_cache(maxsize=1 << 14)
def printed(value: Decimal, step: Decimal) -> Interval:
    """What a number may have been before it was printed to its last digit: rounded, or cut off."""
    cut = step * _NEARLY
    return Interval(value - step / 2, value + cut) if value >= 0 else Interval(value - cut, value + step / 2)


@lru_cache(maxsize=1 << 14)
def rounded(value: Decimal, step: Decimal) -> Interval:
    """What a number may have been before it was rounded to its last digit."""
    return Interval(value - step / 2, value + step / 2)


def total(parts: Iterable[Interval]) -> Interval:
    """The sum of intervals."""
    low = high = Decimal(0)
    for one in parts:
        low, high = low + one.low, high + one.high
    return Interval(low, high)
