"""A number in the section of its format: which one it takes, and what is shown there."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from xlbudget.reading.formats.code import Code, Condition, Part, Section, Unclear
from xlbudget.reading.formats.dates import Moment, date_spans, moment
from xlbudget.reading.formats.numbers import Span, number_spans
from xlbudget.reading.formats.parse import GENERAL, parsed

_STORED = Context(prec=15, rounding=ROUND_HALF_EVEN)
_LARGEST, _SMALLEST = 308, -307
"""Powers of ten that a workbook can hold."""


class Seen(NamedTuple):
    """A number as it is shown in the section that it takes."""

    number: Decimal
    section: Section
    spans: list[Span]
    text: str
    minus: bool = False
    """Excel itself sets a minus before it, which it leaves out where only zeros are shown."""
    moment: Moment | None = None


def seen(number: Decimal, code: str, *, epoch_1904: bool) -> Seen | None:
    """A number in its format; without spans where it is a date whose wording is not sure.

    None where the format is invalid or unclear, where no section applies, and for dates that Excel does not know.
    """
    known = parsed(code)
    if known is None or not number.is_finite() or (number and number.adjusted() > _LARGEST):
        return None
    number = _STORED.create_decimal(number) if number and number.adjusted() >= _SMALLEST else Decimal(0)
    try:
        section, minus = _choose(known, number)
        if section.dated:
            return _at_moment(number, section, epoch_1904=epoch_1904)
        spans = number_spans(section, abs(number).scaleb(section.power))
    except Unclear:
        return None
    sign = "-" if minus and not _only_zeros(section, spans) else ""
    return Seen(number, section, spans, sign + "".join([span.text for span in spans]), minus)


def _only_zeros(section: Section, spans: list[Span]) -> bool:
    if section.has(Part.DIVIDED) or not (section.digits or section.has(Part.GENERAL)):
        return False
    digits = "".join(span.arabic or span.text for span in spans if span.digits)
    return not set(digits) & set("123456789")


def _at_moment(number: Decimal, section: Section, *, epoch_1904: bool) -> Seen | None:
    at = moment(number, section, epoch_1904=epoch_1904)
    if at is None:
        return None
    try:
        spans = date_spans(section, at)
    except Unclear:
        spans = []
    return Seen(number, section, spans, "".join([span.text for span in spans]), moment=at)


# -- which section -------------------------------------------------------------------------------------

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
        return GENERAL, negative and _minus_in_rest(first)
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
