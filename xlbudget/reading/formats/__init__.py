"""Excel's number formats: the one place that knows them (SPEC 3a)."""

from xlbudget.reading.formats.bare import shows_itself
from xlbudget.reading.formats.built_in import BUILT_IN, SAME_EVERYWHERE
from xlbudget.reading.formats.dates import DAYS_1904
from xlbudget.reading.formats.meaning import (
    Kind,
    Meaning,
    is_calendar,
    is_date,
    is_general,
    is_percent,
    meaning,
    show,
    show_text,
)

__all__ = [
    "BUILT_IN", "DAYS_1904", "SAME_EVERYWHERE", "Kind", "Meaning", "is_calendar", "is_date", "is_general",
    "is_percent", "meaning", "show", "show_text", "shows_itself",
]  # fmt: skip
