"""The report document as a Word or PDF file, in the layout of GB/T 9704—2012."""

from __future__ import annotations

from datetime import UTC, date, datetime

WITHOUT_DATE = date(2000, 1, 1)


def file_date(dated: date | None) -> datetime:
    """The date that goes into file properties: 填报日期, else a constant. Never the clock."""
    day = dated or WITHOUT_DATE
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
