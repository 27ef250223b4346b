"""The last of so many working days: Mondays to Fridays."""

from __future__ import annotations

from datetime import date

import pytest

from xlbudget.domain.workdays import after_working_days


@pytest.mark.parametrize(
    ("day", "number", "last"),
    [
        (date(2026, 7, 10), 1, date(2026, 7, 13)),  # a Friday
        (date(2026, 7, 10), 10, date(2026, 7, 24)),
        (date(2026, 7, 11), 1, date(2026, 7, 13)),  # a Saturday
        (date(2026, 7, 13), 5, date(2026, 7, 20)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)
def test_last_working_day(day: date, number: int, last: date) -> None:
    assert after_working_days(day, number) == last
