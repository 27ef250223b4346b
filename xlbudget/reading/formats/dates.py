"""What a section of a number format shows of a date, a time or a length of time."""

from __future__ import annotations

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from xlbudget.reading.formats import chinese
from xlbudget.reading.formats.code import Part, Piece, Section, Unclear
from xlbudget.reading.formats.numbers import Span

_DAY_0 = date(1899, 12, 30).toordinal()
DAYS_1904 = 1462
"""From the first day of 1900 to that of 1904, where some workbooks count from."""
_LAST_DAY = 2_958_465
"""9999-12-31."""
_DAY = 86_400
_FALSE_LEAP_DAY = 60
"""29 February 1900, which Excel counts though it never was."""
_BUDDHIST = 543
"""Years that the Buddhist count is ahead."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_CHINESE_WEEKDAYS = "日一二三四五六"
_NAMES = {
    "y": "year", "e": "year", "b": "year", "g": "year", "m": "month", "d": "day", "a": "weekday", "h": "hour",
    "M": "minute", "s": "second",
}  # fmt: skip


class Moment(NamedTuple):
    """A stored number as a date and a time of day."""

    year: int
    month: int
    day: int
    weekday: int
    """0 is Sunday, as Excel counts: before March 1900 a day early."""
    seconds: int
    """Of the day."""
    fraction: Decimal
    """Of the second."""
    days: int
    """Whole days since the system's day 0."""

    @property
    def hour(self) -> int:
        return self.seconds // 3600

    @property
    def minute(self) -> int:
        return self.seconds // 60 % 60

    def date(self) -> date | None:
        """None for days that are in no calendar: 0 January and 29 February 1900."""
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    def time(self) -> time:
        return time(self.hour, self.minute, self.seconds % 60)


def moment(number: Decimal, section: Section, *, epoch_1904: bool) -> Moment | None:
    """The moment that a section shows, rounded as it shows it; None beyond the years that Excel knows."""
    if number < 0 or number >= _LAST_DAY + 1:
        return None
    days, seconds = int(number), Decimal(0)
    if section.clock:
        places = max(
            (len(piece.code) - 1 for piece in section.pieces if piece.part is Part.SUBSECOND), default=0
        )
        total = (number * _DAY).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        days, seconds = int(total // _DAY), total % _DAY
    serial = days + (DAYS_1904 if epoch_1904 else 0)
    if serial > _LAST_DAY:
        return None
    whole = int(seconds)
    return Moment(*_calendar(serial), (serial - 1) % 7, whole, seconds - whole, days)


def _calendar(serial: int) -> tuple[int, int, int]:
    if serial == 0:
        return 1900, 1, 0
    if serial == _FALSE_LEAP_DAY:
        return 1900, 2, 29
    day = date.fromordinal(_DAY_0 + (serial if serial > _FALSE_LEAP_DAY else serial + 1))
    return day.year, day.month, day.day


@lru_cache(maxsize=1 << 10)
def date_parts(section: Section) -> frozenset[str]:
    """Which parts of a moment are shown: year, month, day, weekday, hour, minute, second, elapsed."""
    if section.system:
        return frozenset(
            ("year", "month", "day") if section.system == "date" else ("hour", "minute", "second")
        )
    parts = {_part(piece) for piece in section.pieces if piece.part is Part.DATE}
    parts |= {"elapsed"} if section.has(Part.ELAPSED) else set()
    return frozenset(parts | ({"hour"} if section.has(Part.HALF_DAY) else set()))


def _part(piece: Piece) -> str:
    return "weekday" if piece.code.startswith("ddd") else _NAMES[piece.code[0]]


def date_spans(section: Section, at: Moment) -> list[Span]:
    """What is shown of a moment. Raises Unclear where nobody can be sure."""
    separated = "/" in section.codes(Part.TEXT)  # by a sign of the language: 16.9.2022 under [$-407]
    if section.language == "strange" or (section.language == "other" and separated):
        raise Unclear
    if section.system == "date":
        return [Span(f"{at.year}年{at.month}月{at.day}日", True)]
    if section.system == "time":
        return [Span(f"{at.hour}:{at.minute:02d}:{at.seconds % 60:02d}", True)]
    halves = section.has(Part.HALF_DAY)
    return [_span(piece, section, at, halves=halves) for piece in section.pieces]


def _span(piece: Piece, section: Section, at: Moment, *, halves: bool) -> Span:
    part, code = piece
    if part is Part.ELAPSED:
        return Span(_elapsed(code, section, at), True)
    if part is Part.HALF_DAY:
        return Span(_half_day(code, section, at), True)
    if part is Part.SUBSECOND:
        return Span("." + format(at.fraction, "f").partition(".")[2][: len(code) - 1], True)
    if part is not Part.DATE:
        return Span(code, False)
    if code[0] in "ag" or (code[0] in "md" and len(code) > 2):
        return Span(_name(code, section, at), True)
    return Span(_count(code, section, at, halves=halves), True)


def _elapsed(code: str, section: Section, at: Moment) -> str:
    if section.numerals:
        raise Unclear
    total = at.days * _DAY + at.seconds
    return str(total // {"h": 3600, "m": 60, "s": 1}[code[0]]).zfill(len(code))


def _half_day(code: str, section: Section, at: Moment) -> str:
    late = at.hour >= 12
    if code.upper() == "A/P":
        return code[2] if late else code[0]
    if code == "上午/下午" or section.language == "zh":
        return "下午" if late else "上午"
    if section.language == "other":
        raise Unclear
    return "PM" if late else "AM"


def _count(code: str, section: Section, at: Moment, *, halves: bool) -> str:
    if code[0] in "yeb":
        number = at.year + (_BUDDHIST if code[0] == "b" else 0)
        year = f"{number % 100:02d}" if code in ("y", "yy", "b", "bb") else str(number)
        return chinese.digit_by_digit(year, section.numerals) if section.numerals else year
    if len(code) > 2:
        raise Unclear
    hour = (at.hour + 11) % 12 + 1 if halves else at.hour
    count = {"m": at.month, "d": at.day, "h": hour, "M": at.minute, "s": at.seconds % 60}[code[0]]
    text = str(count).zfill(len(code))
    if section.numerals in (1, 2) and not text.startswith("0"):
        return chinese.numeral(count, section.numerals, short=True)
    return chinese.digit_by_digit(text, section.numerals) if section.numerals else text


def _name(code: str, section: Section, at: Moment) -> str:
    """Names of months and weekdays: English where no language is named, but aaaa is Chinese.

    An era (ggg) is nothing in Chinese. Raises Unclear where versions of Excel differ: aaa is 五 or 周五, as ddd is
    under [$-804].
    """
    language = section.language or ("zh" if code[0] in "ag" else "en")
    if code[0] == "g" and language == "zh":
        return ""
    code = "dddd" if code.startswith("dddd") else code
    if language == "zh":
        names = {
            "aaaa": f"星期{_CHINESE_WEEKDAYS[at.weekday]}",
            "dddd": f"星期{_CHINESE_WEEKDAYS[at.weekday]}",
            "mmm": f"{at.month}月",
            "mmmm": f"{chinese.numeral(at.month, 1, short=True)}月",
        }
    else:
        weekday, month = _WEEKDAYS[at.weekday], _MONTHS[at.month - 1]
        names = {"ddd": weekday[:3], "dddd": weekday, "mmm": month[:3], "mmmm": month, "mmmmm": month[0]}
    if language == "other" or code not in names:
        raise Unclear
    return names[code]
