"""Which number a spreadsheet reads in a text: 1,234.5 · 50% · 2022-7-1 · 12:30."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

_DIGITS = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?"
_NUMBER = re.compile(rf"([+-]?{_DIGITS}(?:[Ee][+-]?[0-9]{{1,3}})?)(%?)")
_DATE = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_DOUBTFUL = re.compile(r"[0-9０-９一二三四五六七八九十〇零]")
_IN_NUMBERS = re.compile(
    r"[0-9０-９\s+\-.,:/%()（）＋－．，：／％¥￥$€£年月日号时点分秒上下午星期周一二三四五六七八九十〇零百千万亿元Ee]"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|am|pm",
    re.IGNORECASE,
)
_LONGEST = 60
_EPOCH = date(1899, 12, 30)
FIRST_DAY = 61
"""1900-03-01: before it Excel counts a day more than others."""


def typed_number(text: str) -> Decimal | None:
    """The number in a text, None for what is none in any spreadsheet. Raises ValueError where spreadsheets differ."""
    if len(text) > _LONGEST:
        if _IN_NUMBERS.sub("", text[:_LONGEST]):
            return None
        raise ValueError(text[:_LONGEST])
    return _typed(text)


@lru_cache(maxsize=1 << 12)
def _typed(text: str) -> Decimal | None:
    bare = text.strip(" ")
    number = _NUMBER.fullmatch(bare)
    if number:
        value = Decimal(number[1].replace(",", ""))
        if abs(value) >= Decimal("1e300"):
            raise ValueError(text)
        return value / 100 if number[2] else value
    day, clock = _DATE.fullmatch(bare), _TIME.fullmatch(bare)
    if day:
        return _serial(int(day[1]), int(day[3]), int(day[4]))
    if clock:
        seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
        return Decimal(seconds) / 86400
    if bare.upper() in ("TRUE", "FALSE"):
        raise ValueError(text)
    if _DOUBTFUL.search(bare) and not _IN_NUMBERS.sub("", bare):
        raise ValueError(text)
    return None


def looks_like_a_date(text: str) -> bool:
    """Whether a text is read as a day."""
    return bool(_DATE.fullmatch(text.strip(" ")))


def _serial(year: int, month: int, day: int) -> Decimal:
    """A date as a number of days. Raises ValueError for one that there is not."""
    days = (date(year, month, day) - _EPOCH).days
    if days < FIRST_DAY:
        raise ValueError(days)
    return Decimal(days)
