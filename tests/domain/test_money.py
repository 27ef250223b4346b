"""Exact arithmetic: sums and rounding in whole numbers are those of the plain definitions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.domain.money import fraction, plain, round_half_up, stored_number, total

FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9)


@given(st.lists(FRACTIONS, max_size=12))
def test_total_is_the_sum(values: list[Fraction]) -> None:
    assert total(values) == sum(values, Fraction(0))


@given(NUMBERS)
def test_a_fraction_is_the_number(number: Decimal) -> None:
    assert fraction(number) == Fraction(number)


@given(NUMBERS, st.integers(0, 6))
def test_halves_are_rounded_away_from_zero(number: Decimal, places: int) -> None:
    wanted = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=40))
    assert round_half_up(Fraction(number), places) == wanted


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e308", Decimal("1e308")),
        ("-9.99e308", Decimal("-9.99e308")),
        ("1e309", None),
        ("-1e999999", None),
        ("1e-308", Decimal("1e-308")),
        ("1e-309", Decimal(0)),
        ("1e-999999", Decimal(0)),
        ("0e999999", Decimal(0)),
    ],
)
def test_numbers_that_no_program_holds(text: str, number: Decimal | None) -> None:
    if number is None:
        with pytest.raises(InvalidOperation):
            stored_number(text)
    else:
        assert stored_number(text) == number
        assert len(plain(stored_number(text))) < 400
