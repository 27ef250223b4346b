"""Deadlines in working days."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def after_working_days(day: date, number: int) -> date:
    """The last of `number` working days after a day. Mondays to Fridays count: public holidays are set anew each year."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < _SATURDAY
    return day
