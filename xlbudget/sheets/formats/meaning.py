"""Numbers in number formats: what Excel shows (zh-CN), and which number or date people see there (SPEC 3a)."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from xlbudget.sheets.formats.code import Code, Condition, Part, Section, Unclear, parsed
from xlbudget.sheets.formats.dates import Moment, date_parts, date_spans, moment
from xlbudget.sheets.formats.numbers import Span, number_spans

_STORED = Context(prec=15, rounding=ROUND_HALF_EVEN)
_LARGEST, _SMALLEST = 308, -307
"""Powers of ten that a workbook can hold."""


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
    """As Excel shows it, with its blanks; empty also where that is not known."""
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
    seen = _seen(number, code, epoch_1904=epoch_1904)
    return None if seen is None else seen.text


def show_text(text: str, code: str) -> str:
    """A text as it is shown: through the section for texts, if there is one."""
    known = parsed(code)
    if known is None or known.text is None:
        return text
    shown = (text if piece.part is Part.CELL_TEXT else piece.code for piece in known.text.pieces)
    return text if known.text.has(Part.GENERAL) else "".join(shown)


def meaning(number: Decimal, code: str, *, epoch_1904: bool = False) -> Meaning:
    """Which number, date or words people see."""
    seen = _seen(number, code, epoch_1904=epoch_1904)
    if seen is None:
        return Meaning(Kind.UNKNOWN, number, "")
    if seen.moment is not None:
        return _of_moment(seen, seen.moment)
    return _of_number(seen)


@lru_cache(maxsize=1 << 10)
def _first(code: str) -> Section | None:
    known = parsed(code)
    return None if known is None else known.sections[0]


def is_date(code: str) -> bool:
    """Whether a format shows dates, times or lengths of time."""
    section = _first(code) if len(code) <= 255 else None
    return section is not None and section.dated


def is_percent(code: str) -> bool:
    """Whether a format multiplies by 100 to show a percentage."""
    section = _first(code) if len(code) <= 255 else None
    return section is not None and section.percent and not section.dated


# -- what is shown -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """A number in the section that it takes."""

    number: Decimal
    section: Section
    spans: list[Span]
    minus: bool
    """Excel itself sets a minus (which it leaves out where only zeros are shown)."""
    moment: Moment | None = None

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def _seen(number: Decimal, code: str, *, epoch_1904: bool) -> _Seen | None:
    known = parsed(code)
    if known is None or not number.is_finite() or number.adjusted() > _LARGEST:
        return None
    number = _STORED.create_decimal(number) if number.adjusted() >= _SMALLEST else Decimal(0)
    try:
        section, minus = _choose(known, number)
        if section.dated:
            at = moment(number, section, epoch_1904=epoch_1904)
            return at and _Seen(number, section, date_spans(section, at), False, at)
        spans = number_spans(section, abs(number).scaleb(section.power))
    except Unclear:
        return None
    if minus and not _only_zeros(section, spans):
        spans.insert(0, Span("-", False))
    return _Seen(number, section, spans, minus)


def _only_zeros(section: Section, spans: list[Span]) -> bool:
    digits = "".join(span.arabic or span.text for span in spans if span.digits)
    return bool(digits) and not section.has(Part.DIVIDED) and not re.search("[1-9]", digits)


_ABOVE_0 = Condition(">", Decimal(0))


def _choose(code: Code, number: Decimal) -> tuple[Section, bool]:
    """The section that a number takes, and whether Excel sets a minus before it. Raises Unclear."""
    sections, negative = code.sections, number < 0
    first = sections[0].condition
    second = sections[1].condition if len(sections) > 1 else None
    if first is None and second is None:
        return _by_sign(sections, number)
    first = first or _ABOVE_0
    if first.holds(number):
        return sections[0], negative and not _for_negatives(first)
    if len(sections) == 1:
        if code.text is not None:
            raise Unclear
        general = parsed("General")
        assert general is not None
        return general.sections[0], negative and _minus_in_rest(first)
    if second is not None and second.holds(number):
        return sections[1], negative and not _for_negatives(second)
    if second is None and len(sections) == 2:
        return sections[1], negative and _minus_in_rest(first)
    if second is None or len(sections) == 2:
        raise Unclear
    return sections[2], negative


def _by_sign(sections: tuple[Section, ...], number: Decimal) -> tuple[Section, bool]:
    if len(sections) == 1:
        return sections[0], number < 0
    if number < 0:
        return sections[1], False
    return sections[2 if not number and len(sections) > 2 else 0], False


def _for_negatives(condition: Condition) -> bool:
    """A section that only negative numbers take has its own sign."""
    sign, limit = condition
    return (limit < 0 and sign in ("<", "<=", "=")) or (limit == 0 and sign == "<")


def _minus_in_rest(condition: Condition) -> bool:
    sign, limit = condition
    return sign == "=" or (limit >= 0 and sign in (">", ">="))


# -- what it means -------------------------------------------------------------------------------------


def _of_moment(seen: _Seen, at: Moment) -> Meaning:
    parts = date_parts(seen.section)
    if parts & {"year", "month", "day"}:
        kind = Kind.DATE
    elif "elapsed" in parts:
        kind = Kind.DURATION
    else:
        kind = Kind.WEEKDAY if parts == {"weekday"} else Kind.TIME
    words = [span.text for span in seen.spans if not span.digits]
    before = words[0].strip() if words and not seen.spans[0].digits else ""
    after = words[-1].strip() if words and not seen.spans[-1].digits else ""
    return Meaning(kind, seen.number, seen.text, before, after, date=at.date(), time=at.time(), parts=parts)


_MINUS = "-−－–"
_DASHES = {"-", "—", "－", "–", "--", "——", "−"}
_SEPARATORS = re.compile(r"[,，' \u00a0]*")
_TOUCHES = re.compile(r"[0-9０-９.．,]")


def _of_number(seen: _Seen) -> Meaning:
    number, text = seen.number, seen.text
    if not text.strip():
        return Meaning(Kind.HIDDEN, number, text)
    digits = [
        index
        for index, span in enumerate(seen.spans)
        if re.search(r"\d", span.arabic or span.text) and span.digits
    ]
    if not digits and not number and text.strip() in _DASHES:
        return Meaning(Kind.NUMBER, number, text, rounded=Decimal(0))  # the zero of bookkeepers
    if not digits:
        return Meaning(Kind.WORDS, number, text, text.strip())
    start = 1 if seen.minus and seen.spans[0] == Span("-", False) else 0
    before = "".join(span.text for span in seen.spans[start : digits[0]])
    after = "".join(span.text for span in seen.spans[digits[-1] + 1 :])
    told = _told(seen, seen.spans[digits[0] : digits[-1] + 1])
    if told is None or _TOUCHES.match(before[-1:]) or _TOUCHES.match(after[:1]) or text.count("%") > 1:
        return Meaning(Kind.UNKNOWN, number, text)
    shift, rounded, decimals = told
    before, after, negative = _without_sign(before.strip(), after.strip(), below_zero=number < 0)
    negative ^= seen.minus
    sign = -1 if negative else 1
    return Meaning(
        _kind(seen.section, before, after),
        sign * abs(number).scaleb(seen.section.power - shift),
        text,
        before,
        after,
        decimals,
        None if rounded is None else sign * rounded,
        number != 0 and negative is not (number < 0),
    )


def _kind(section: Section, before: str, after: str) -> Kind:
    if after.startswith(("%", "％")) or before.endswith("%"):
        return Kind.PERCENT
    if after.startswith("‰") or before.endswith("‰"):
        return Kind.PERMILLE
    return Kind.GENERAL if section.has(Part.GENERAL) else Kind.NUMBER


def _without_sign(before: str, after: str, *, below_zero: bool) -> tuple[str, str, bool]:
    """Words around digits without the minus or the brackets that make them negative, and whether these did."""
    if (
        below_zero
        and before.rfind("(") > before.rfind(")")
        and after.partition(")")[1]
        and "(" not in after.partition(")")[0]
    ):
        at = before.rfind("(")
        head, _, tail = after.partition(")")
        return f"{before[:at]}{before[at + 1 :]}".strip(), f"{head}{tail}".strip(), True
    for minus in _MINUS + ("负" if below_zero else ""):
        if before.startswith(minus) or before.endswith(minus):
            return before.removeprefix(minus).removesuffix(minus).strip(), after, True
        if after.startswith(minus):
            return before, after.removeprefix(minus).strip(), True
    return before, after, False


def _told(seen: _Seen, spans: list[Span]) -> tuple[int, Decimal | None, int] | None:
    """Of digits with what stands among them: powers of ten behind a literal point, the number, its decimals.

    None where the digits make no number.
    """
    if seen.section.has(Part.DIVIDED):
        return 0, _fraction("".join(span.text for span in spans)), 0
    text, points = "", 0
    for span in spans:
        if span.digits:
            text += (span.arabic or span.text).replace(",", "").replace(" ", "")
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
    return decimals if points else 0, number, decimals


def _fraction(text: str) -> Decimal | None:
    whole, _, rest = text.strip().rpartition(" ") if "/" in text else (text.strip(), "", "")
    value = Fraction(whole.strip() or 0) + Fraction(rest.strip() or 0)
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return Decimal(value.numerator) / Decimal(value.denominator) if denominator == 1 else None
