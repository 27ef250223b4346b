"""Numbers whose format says what they are: percent signs that count and those that are only shown, first and last dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from xlbudget.domain.model import Comparison
from xlbudget.reading import cells as reading
from xlbudget.reading import dates
from xlbudget.reading.said import Context, Refused
from xlbudget.reading.table import Cell
from xlbudget.reading.targets import Target, read_actual

PERCENT = Target(Comparison.AT_LEAST, Decimal(90), "%", percent=True)


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("0.95", "0%", "95"),
        ("0.95", "0.00 %", "95"),
        ("0.95", "[红色]0%", "95"),
        ("0.95", "0%;-0%", "95"),
        ("95", '0"%"', "95"),
        ("95", r"0\%", "95"),
        ("95", '0.0" 个%"', "95"),
        ("95", "0;-0%", "95"),
        ("95", "General", "95"),
    ],
)
def test_a_percent_sign_counts_where_it_is_no_literal(stored: str, code: str, shown: str) -> None:
    found = read_actual(PERCENT, Cell("number", stored, None, code), Context(), may_wait=True)
    assert found.value == Decimal(shown)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", date(1900, 1, 1)),
        ("31", date(1900, 1, 31)),
        ("32", date(1900, 2, 1)),
        ("59", date(1900, 2, 28)),
        ("61", date(1900, 3, 1)),
        ("62", date(1900, 3, 2)),
        ("45473", date(2024, 6, 30)),
        ("45473.75", date(2024, 6, 30)),
        ("2958465", date(9999, 12, 31)),
    ],
)
def test_the_day_that_a_serial_number_shows(serial: str, day: date) -> None:
    """Excel counts a 29 February 1900 that never was: before it a day has one number less than one would think."""
    assert reading.cell_date(Cell("number", serial, None, "yyyy/m/d")) == day


@pytest.mark.parametrize("serial", ["0", "-1", "2958466"])
def test_what_is_no_day(serial: str) -> None:
    with pytest.raises(Refused):
        dates.read_date(Cell("number", serial, None, "yyyy/m/d"), Context())
