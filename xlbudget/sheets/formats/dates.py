"""What a section of a number format shows of a date, a time or a length of time."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xlbudget.sheets.formats import chinese
from xlbudget.sheets.formats.code import Part, Piece, Section, Unclear
from xlbudget.sheets.formats.numbers import Span

_DAYS_1904 = 1462
_LAST_DAY = 2_958_465
"""9999-12-31."""
_DAY = 86_400
_FALSE_LEAP_DAY = 60
"""29 February 1900, which Excel counts though it never was."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_CHINESE_WEEKDAYS = "日一二三四五六"
_NAMES = {
    "y": "year",
    "e": "year",
    "m": "month",
    "d": "day",
    "a": "weekday",
    "h": "hour",
    "M": "minute",
    "s": "second",
}


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
    places = max((len(piece.code) - 1 for piece in section.pieces if piece.part is Part.SUBSECOND), default=0)
    if number < 0 or number >= _LAST_DAY + 1:
        return None
    if _shows_clock(section):
        step = Decimal(1).scaleb(-places)
        total = (number * _DAY).quantize(step, ROUND_HALF_UP)
    else:
        total = number.to_integral_value(ROUND_FLOOR) * _DAY
    days, seconds = divmod(total, _DAY)
    whole = int(seconds)
    serial = int(days) + (_DAYS_1904 if epoch_1904 else 0)
    if serial > _LAST_DAY:
        return None
    return Moment(*_calendar(serial), (serial - 1) % 7, whole, seconds - whole, int(days))


def _calendar(serial: int) -> tuple[int, int, int]:
    if serial == 0:
        return 1900, 1, 0
    if serial == _FALSE_LEAP_DAY:
        return 1900, 2, 29
    day = date(1899, 12, 30) + timedelta(days=serial if serial > _FALSE_LEAP_DAY else serial + 1)
    return day.year, day.month, day.day


def _shows_clock(section: Section) -> bool:
    return section.system == "time" or any(
        piece.part in (Part.ELAPSED, Part.HALF_DAY, Part.SUBSECOND)
        or (piece.part is Part.DATE and piece.code[0] in "hMs")
        for piece in section.pieces
    )


def date_parts(section: Section) -> frozenset[str]:
    """Which parts of a moment are shown: year, month, day, weekday, hour, minute, second, elapsed."""
    if section.system:
        return frozenset(
            ("year", "month", "day") if section.system == "date" else ("hour", "minute", "second")
        )
    parts = set()
    for piece in section.pieces:
        if piece.part is Part.ELAPSED:
            parts.add("elapsed")
        elif piece.part is Part.HALF_DAY:
            parts.add("hour")
        elif piece.part is Part.DATE:
            parts.add("weekday" if piece.code[:3] == "ddd" else _NAMES[piece.code[0]])
    return frozenset(parts)


def date_spans(section: Section, at: Moment) -> list[Span]:
    """What is shown of a moment. Raises Unclear where nobody can be sure."""
    if section.system == "date":
        return [Span(f"{at.year}年{at.month}月{at.day}日", True)]
    if section.system == "time":
        return [Span(f"{at.hour}:{at.minute:02d}:{at.seconds % 60:02d}", True)]
    halves = section.has(Part.HALF_DAY)
    return [_span(piece, section, at, halves=halves) for piece in section.pieces]


def _span(piece: Piece, section: Section, at: Moment, *, halves: bool) -> Span:
    part, code = piece
    if part is Part.ELAPSED:
        return Span(_in_numerals(_elapsed(code, at), section), True)
    if part is Part.HALF_DAY:
        return Span(_half_day(code, section, at), True)
    if part is Part.SUBSECOND:
        return Span("." + format(at.fraction, "f").partition(".")[2][: len(code) - 1], True)
    if part is not Part.DATE:
        return Span(code, False)
    if code[0] == "a" or (code[0] in "md" and len(code) > 2):
        return Span(_name(code, section, at), True)
    return Span(_in_numerals(_count(code, at, halves=halves), section), True)


def _elapsed(code: str, at: Moment) -> str:
    total = at.days * _DAY + at.seconds
    count = total // {"h": 3600, "m": 60, "s": 1}[code[0]]
    return str(count).zfill(len(code))


def _half_day(code: str, section: Section, at: Moment) -> str:
    late = at.hour >= 12
    if code.upper() == "A/P":
        return code[2] if late else code[0]
    if code == "上午/下午" or section.language == "zh":
        return "下午" if late else "上午"
    if section.language == "other":
        raise Unclear
    return "PM" if late else "AM"


def _count(code: str, at: Moment, *, halves: bool) -> str:
    if code[0] == "y" and len(code) < 3:
        return f"{at.year % 100:02d}"
    if code[0] in "ye":
        return str(at.year)
    hour = (at.hour + 11) % 12 + 1 if halves else at.hour
    count = {"m": at.month, "d": at.day, "h": hour, "M": at.minute, "s": at.seconds % 60}[code[0]]
    if len(code) > 2:
        raise Unclear
    return str(count).zfill(len(code))


def _in_numerals(text: str, section: Section) -> str:
    if not section.numerals:
        return text
    if section.numerals == 3:
        raise Unclear
    if len(text) == 4 or text.startswith("0"):
        return chinese.digit_by_digit(text, section.numerals)
    return chinese.numeral(int(text), section.numerals, short=True)


def _name(code: str, section: Section, at: Moment) -> str:
    """Names of months and weekdays: English where no language is named, but aaa and aaaa are always Chinese."""
    if section.language == "other":
        raise Unclear
    if code[0] == "a":
        if section.language == "en":
            raise Unclear
        return ("星期" if len(code) > 3 else "") + _CHINESE_WEEKDAYS[at.weekday]
    if section.language == "zh":
        if code in ("dddd", "mmmm"):
            return (
                f"星期{_CHINESE_WEEKDAYS[at.weekday]}"
                if code == "dddd"
                else f"{chinese.numeral(at.month, 1, short=True)}月"
            )
        raise Unclear
    if code[0] == "d":
        return _WEEKDAYS[at.weekday][: 3 if len(code) == 3 else None]
    if len(code) > 5:
        raise Unclear
    return _MONTHS[at.month - 1][: {3: 3, 4: None, 5: 1}[len(code)]]
