"""Numbers in number formats: what Excel shows (zh-CN), and which number or date people see there (SPEC 3a)."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from xlbudget.reading.formats.code import Part, Section
from xlbudget.reading.formats.dates import Moment, date_parts
from xlbudget.reading.formats.numbers import Span
from xlbudget.reading.formats.parse import parsed
from xlbudget.reading.formats.section import Seen, seen


class Kind(StrEnum):
    """What people take a shown number for."""

    GENERAL = "general"
    NUMBER = "number"
    PERCENT = "percent"
    PERMILLE = "permille"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    """[h]:mm."""
    WEEKDAY = "weekday"
    WORDS = "words"
    """Only words in place of the number."""
    HIDDEN = "hidden"
    """Nothing: ;;; or an empty section."""
    UNKNOWN = "unknown"
    """The format is invalid or unclear, or its digits make no number that can be told (0"元"00"分", 000-0000)."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A stored number as people see it."""

    kind: Kind
    value: Decimal
    """Scaled as it is shown (95 for 0.95 under 0%), not rounded, with the sign that is seen; the stored number
    where no number is seen (dates, words, nothing, unknown)."""
    shown: str
    """As Excel shows it, with its blanks; empty also where that is not known (then `show` gives None)."""
    before: str = ""
    after: str = ""
    """Words around the digits, currency and % with them; without blanks at their ends and without minus or brackets
    that make the number negative."""
    decimals: int = 0
    """Digits shown behind the point."""
    rounded: Decimal | None = None
    """The number that the shown text says."""
    sign_differs: bool = False
    """A negative number that is shown without any sign, or a positive one with a minus."""
    date: datetime.date | None = None
    time: datetime.time | None = None
    parts: frozenset[str] = frozenset()
    """Of year, month, day, weekday, hour, minute, second, elapsed: those that are shown."""


def show(number: Decimal, code: str, *, epoch_1904: bool = False) -> str | None:
    """The text that Excel shows; None where the format is invalid or unclear, and for dates that do not exist."""
    found = seen(number, code, epoch_1904=epoch_1904)
    return None if found is None or (found.moment is not None and not found.spans) else found.text


def show_text(text: str, code: str) -> str:
    """A text as it is shown: through the section for texts, if there is one."""
    known = parsed(code)
    if known is None or known.text is None or known.text.has(Part.GENERAL):
        return text
    return "".join(text if piece.part is Part.CELL_TEXT else piece.code for piece in known.text.pieces)


def meaning(number: Decimal, code: str, *, epoch_1904: bool = False) -> Meaning:
    """Which number, date or words people see."""
    found = seen(number, code, epoch_1904=epoch_1904)
    if found is None:
        return Meaning(Kind.UNKNOWN, number, "")
    return _of_number(found) if found.moment is None else _of_moment(found, found.moment)


def is_date(code: str) -> bool:
    """Whether a format shows dates, times or lengths of time."""
    section = _first(code)
    return section is not None and section.dated


def is_calendar(code: str) -> bool:
    """Whether a format shows days, so that it matters from which day the workbook counts (1900 or 1904)."""
    section = _first(code)
    return section is not None and bool(date_parts(section) & {"year", "month", "day", "weekday"})


def is_general(code: str) -> bool:
    """Whether a format leaves it to Excel how numbers look (General, @), with words around or without."""
    section = _first(code)
    return section is not None and section.has(Part.GENERAL)


def is_percent(code: str) -> bool:
    """Whether a format multiplies by 100 to show a percentage."""
    section = _first(code)
    return section is not None and section.percent and not section.dated


def _first(code: str) -> Section | None:
    known = parsed(code)
    return None if known is None else known.sections[0]


# -- what it means -------------------------------------------------------------------------------------


def _of_moment(found: Seen, at: Moment) -> Meaning:
    parts = date_parts(found.section)
    if parts & {"year", "month", "day"}:
        kind = Kind.DATE
    elif "elapsed" in parts:
        kind = Kind.DURATION
    else:
        kind = Kind.WEEKDAY if parts == {"weekday"} else Kind.TIME
    return Meaning(kind, found.number, found.text, date=at.date(), time=at.time(), parts=parts)


_DASHES = {"-", "—", "－", "–", "--", "——", "−"}
_DIGIT = re.compile(r"\d")
_TOUCHES = re.compile(r"[0-9０-９.．,]")


def _of_number(found: Seen) -> Meaning:
    number, text = found.number, found.text
    digits = [index for index, span in enumerate(found.spans) if span.digits and _DIGIT.search(_arabic(span))]
    if not text.strip():
        return Meaning(Kind.HIDDEN, number, text)
    if not digits and not number and text.strip() in _DASHES:
        return Meaning(Kind.NUMBER, number, text, rounded=Decimal(0))  # the zero of bookkeepers
    if not digits:
        return Meaning(Kind.WORDS, number, text, text.strip())
    before = "".join(span.text for span in found.spans[: digits[0]])
    after = "".join(span.text for span in found.spans[digits[-1] + 1 :])
    told = _told(found.section, found.spans[digits[0] : digits[-1] + 1])
    if told is None or _TOUCHES.match(before[-1:]) or _TOUCHES.match(after[:1]) or text.count("%") > 1:
        return Meaning(Kind.UNKNOWN, number, text)
    return _signed(found, told, before.strip(), after.strip())


class _Told(NamedTuple):
    """What digits say."""

    number: Decimal | None
    """None for a fraction."""
    decimals: int
    shift: int
    """Digits behind a point that is but a word of the format."""


def _signed(found: Seen, told: _Told, before: str, after: str) -> Meaning:
    number = found.number
    before, after, negative = _without_sign(before, after, below_zero=number < 0)
    negative |= found.minus
    sign = -1 if negative else 1
    return Meaning(
        _kind(found.section, before, after),
        sign * abs(number).scaleb(found.section.power - told.shift),
        found.text,
        before,
        after,
        told.decimals,
        None if told.number is None else sign * told.number,
        number != 0 and negative is not (number < 0),
    )


def _kind(section: Section, before: str, after: str) -> Kind:
    if after.startswith(("%", "％")) or before.endswith(("%", "％")):
        return Kind.PERCENT
    if after.startswith("‰") or before.endswith("‰"):
        return Kind.PERMILLE
    return Kind.GENERAL if section.has(Part.GENERAL) else Kind.NUMBER


_OPEN = re.compile(r"(?P<out>.*)[(（](?P<in>[^()（）]*)", re.DOTALL)
_CLOSE = re.compile(r"(?P<in>[^()（）]*)[)）](?P<out>.*)", re.DOTALL)
_MINUS = "-−－–"


@lru_cache(maxsize=1 << 10)
def _without_sign(before: str, after: str, *, below_zero: bool) -> tuple[str, str, bool]:
    """Words around digits without the minus or the brackets that make them negative, and whether these did."""
    opened, closed = _OPEN.fullmatch(before), _CLOSE.fullmatch(after)
    if below_zero and opened and closed:
        before, after = opened["out"] + opened["in"], closed["in"] + closed["out"]
        return before.strip(), after.strip(), True
    for minus in _MINUS + "负▲△" * below_zero:
        if before.startswith(minus) or before.endswith(minus):
            return before.removeprefix(minus).removesuffix(minus).strip(), after, True
        if after.startswith(minus):
            return before, after.removeprefix(minus).strip(), True
    return before, after, False


_SEPARATORS = re.compile(r"[,，' \u00a0]*")


def _told(section: Section, spans: list[Span]) -> _Told | None:
    """What digits say with what stands among them; None where they make no number."""
    if section.has(Part.DIVIDED):
        return _Told(None, 0, 0)
    text, points = "", 0
    for span in spans:
        if span.digits:
            text += _arabic(span).replace(",", "").replace(" ", "")
        elif span.text.strip() in (".", "．"):
            points += 1
            text += "."
        elif not _SEPARATORS.fullmatch(span.text):
            return None
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    decimals = len(text.partition("E")[0].partition(".")[2])
    return _Told(number, decimals, decimals if points else 0)


def _arabic(span: Span) -> str:
    return span.arabic or span.text
