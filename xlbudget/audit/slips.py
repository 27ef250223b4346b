"""One slip of a typist: another digit, two digits exchanged, one lost or doubled, a unit taken for another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from xlbudget.audit.interval import Interval


def is_exchanged(value: Decimal, step: Decimal, meant: Interval) -> bool:
    """Whether two digits exchanged make a number what it should be. Of all slips that is chance most seldom."""
    written = digits_of(value, step)
    for first, second in combinations(range(len(written)), 2):
        other = [*written]
        other[first], other[second] = other[second], other[first]
        if written[first] != written[second] and meant.low <= int("".join(other)) * step <= meant.high:
            return True
    return False


_UNITS = [Decimal(10) ** power for power in (1, -1, 2, -2, 3, -3, 4, -4, 8, -8)]


def digits_of(value: Decimal, step: Decimal) -> str:
    """The digits that a number is printed with, down to its last one."""
    return str(int((abs(value) / step).to_integral_value()))


def is_one_slip(written: str, meant: str) -> bool:
    """Whether digits are others by one slip."""
    if written == meant:
        return False
    if len(written) == len(meant):
        wrong = [at for at, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2 and written[wrong[0]] == meant[wrong[1]] and written[wrong[1]] == meant[wrong[0]]
        )
    longer, shorter = (written, meant) if len(written) > len(meant) else (meant, written)
    return len(longer) == len(shorter) + 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )


def slipped_to(value: Decimal, step: Decimal, meant: Interval) -> Decimal | None:
    """What a printed number should be, where one slip explains it; None where none does. `meant` is what it has to lie in."""
    if meant.high <= 0:
        return None
    for factor in _UNITS:
        if meant.low <= value * factor <= meant.high and value:
            return value * factor
    first = (meant.low / step).to_integral_value(rounding="ROUND_CEILING")
    last = (meant.high / step).to_integral_value(rounding="ROUND_FLOOR")
    written = digits_of(value, step)
    if last - first > _MOST_CANDIDATES:
        return None
    middle = (meant.low + meant.high) / 2
    candidates = [Decimal(number) * step for number in range(int(first), int(last) + 1)]
    for one in sorted(candidates, key=lambda each: abs(each - middle)):
        if one > 0 and is_one_slip(written, digits_of(one, step)):
            return one
    return None


_MOST_CANDIDATES = 40


def chance(numbers: Sequence[tuple[Decimal, Decimal]]) -> float:
    """How likely it is that one slip in one of some numbers (value, step) makes them agree although nothing is wrong."""
    longest = max((len(significant(value, step)) for value, step in numbers), default=0)
    return min(1.0, len(numbers) * 10.0 * longest / 10.0**longest)


def significant(value: Decimal, step: Decimal) -> str:
    """The digits of a number that say something: without the zeros at its end."""
    return digits_of(value, step).rstrip("0")
