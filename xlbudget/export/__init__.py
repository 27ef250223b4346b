"""The report document as a Word or PDF file, in the layout of GB/T 9704—2012."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

WITHOUT_DATE = date(2000, 1, 1)


def is_number(text: str) -> bool:
    """Whether a text of a table is a number, which cannot be parted between lines."""
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None


def file_date(dated: date | None) -> datetime:
    """The date that goes into file properties: 填报日期, else a constant. Never the clock."""
    day = dated or WITHOUT_DATE
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
