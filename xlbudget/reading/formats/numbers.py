"""What a section of a number format shows of a number: digits in their placeholders, words around them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from xlbudget.reading.formats import chinese
from xlbudget.reading.formats.code import Part, Section, Unclear

_EXACT = Context(prec=1000)
"""Enough for the largest number of a workbook with as many decimals as a format can ask for."""
_FULL_WIDTH = 3
_WIDEST = 11
"""Characters that General shows of a number without its sign."""


class Span(NamedTuple):
    """A stretch of what is shown: digits (with their separators), or words."""

    text: str
    digits: bool
    arabic: str = ""
    """Digits before they were turned into Chinese ones."""


def number_spans(section: Section, size: Decimal) -> list[Span]:
    """What is shown of a number that is not negative, already scaled. Raises Unclear where nobody can be sure."""
    if section.language == "strange":
        raise Unclear
    if section.frame is not None:
        before, after = section.frame
        whole, decimals = _cells(section, size)
        point = "." if section.has(Part.POINT) else ""
        spans = [Span(before, False), Span("".join((*whole, point, *decimals)), True), Span(after, False)]
    else:
        written = _written(section, size)
        spans = list(_filled(section, {part: iter(texts) for part, texts in written.items()}))
    return [_translated(span, section, size) for span in spans] if section.numerals else spans


def _written(section: Section, size: Decimal) -> Written:
    if section.has(Part.DIVIDED):
        return _fraction(section, size)
    if section.has(Part.EXPONENT):
        return _scientific(section, size)
    if not section.digits:
        return {Part.GENERAL: [general(size)]}
    whole, decimals = _cells(section, size)
    return {
        Part.WHOLE: _cut(section, Part.WHOLE, whole),
        Part.POINT: ["." if section.has(Part.WHOLE) else "".join(whole) + "."],
        Part.DECIMALS: _cut(section, Part.DECIMALS, decimals),
    }


Written = dict[Part, list[str]]
"""For each kind of placeholder the texts of its pieces, in their order."""


def _filled(section: Section, written: dict[Part, Iterator[str]]) -> Iterator[Span]:
    for piece in section.pieces:
        if piece.part in written:
            yield Span(next(written[piece.part]), True)
        else:
            yield Span(piece.code, False)


def _translated(span: Span, section: Section, size: Decimal) -> Span:
    """General is written as a numeral, placeholders digit by digit. Unclear: [DBNum3]General, and one that is cut."""
    text = span.text
    if not span.digits:
        return span
    if not section.has(Part.GENERAL):
        return Span(chinese.digit_by_digit(text, section.numerals), True, text)
    if section.numerals == _FULL_WIDTH or Decimal(text) != size or "E" in text:
        raise Unclear
    whole, point, decimals = text.partition(".")
    told = chinese.numeral(int(whole), section.numerals)
    return Span(told + point + chinese.digit_by_digit(decimals, section.numerals), True, text)


# -- digits in placeholders ----------------------------------------------------------------------------

_PADDING = {"0": "0", "?": " ", "#": ""}


def rounded(size: Decimal, places: int) -> Decimal:
    """Half away from zero, as Excel shows numbers."""
    return size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)


def _cells(section: Section, size: Decimal) -> tuple[list[str], list[str]]:
    """The digits of a number, one for each placeholder before and behind the point."""
    pattern = section.codes(Part.DECIMALS)
    whole, _, decimals = format(rounded(size, len(pattern)), "f").partition(".")
    return _whole_cells(section, whole.lstrip("0")), _decimal_cells(pattern, decimals)


def _decimal_cells(pattern: str, digits: str) -> list[str]:
    digits = digits.rstrip("0")
    return [*digits, *(_PADDING[sign] for sign in pattern[len(digits) :])]


def _whole_cells(section: Section, digits: str) -> list[str]:
    """Digits from the right into placeholders; the first one takes those that are left."""
    pattern = section.codes(Part.WHOLE)
    missing = max(len(pattern) - len(digits), 0)
    cells = [*(_PADDING[sign] for sign in pattern[:missing]), *digits]
    if section.grouped:
        for place in range(len(cells) - 4, -1, -3):
            cells[place] += "," if cells[place].strip() else cells[place]
    extra = len(cells) - len(pattern)
    return ["".join(cells[: extra + 1]), *cells[extra + 1 :]]


def _cut(section: Section, part: Part, cells: list[str]) -> list[str]:
    """Cells, one a placeholder, put together piece by piece."""
    texts = []
    at = 0
    for piece in section.pieces:
        if piece.part is part:
            texts.append("".join(cells[at : at + len(piece.code)]))
            at += len(piece.code)
    return texts


# -- powers of ten, fractions, General -----------------------------------------------------------------


def _scientific(section: Section, size: Decimal) -> Written:
    """1.23E+04; with several places before the point the power is a multiple of their number."""
    step, decimals = len(section.codes(Part.WHOLE)), section.codes(Part.DECIMALS)
    if not step or (not size and step > 1):
        raise Unclear
    power = size.adjusted() // step * step if size else 0
    mantissa = rounded(size.scaleb(-power), len(decimals))
    if mantissa.adjusted() >= step:
        power += step
        mantissa = rounded(size.scaleb(-power), len(decimals))
    whole, _, rest = format(mantissa, "f").partition(".")
    sign = "-" if power < 0 else section.codes(Part.EXPONENT)[1:].replace("-", "")
    return {
        Part.WHOLE: _cut(section, Part.WHOLE, _whole_cells(section, whole.lstrip("0"))),
        Part.POINT: ["."],
        Part.DECIMALS: _cut(section, Part.DECIMALS, _decimal_cells(decimals, rest)),
        Part.EXPONENT: [f"E{sign}"],
        Part.POWER: [str(abs(power)).zfill(len(section.codes(Part.POWER)))],
    }


_NEAR = Fraction(1, 10**9)
"""What a stored fraction (0.333333333333333) may differ from the shown one; beyond that programs choose differently."""


def _fraction(section: Section, size: Decimal) -> Written:
    """2 1/3: the numerator is put to the right of its places, the denominator to the left."""
    above, below = section.codes(Part.NUMERATOR), section.codes(Part.DENOMINATOR)
    if set(above) != {"?"} or not (set(below) == {"?"} or below.isdigit()) or below.startswith("0"):
        raise Unclear
    mixed = section.has(Part.WHOLE)
    whole = int(size.to_integral_value(ROUND_FLOOR)) if mixed else 0
    rest = Fraction(size) - whole
    if below.isdigit():
        numerator, denominator = int(rest * int(below) + Fraction(1, 2)), int(below)
    else:
        near = rest.limit_denominator(10 ** len(below) - 1)
        numerator, denominator = near.as_integer_ratio()
        if abs(near - rest) > _NEAR:
            raise Unclear
    if mixed and numerator == denominator:
        whole, numerator = whole + 1, 0
    if mixed and not numerator:
        digits = str(whole) if whole else "0"
        return {
            Part.WHOLE: _cut(section, Part.WHOLE, _whole_cells(section, digits)), Part.NUMERATOR: [" " * len(above)], Part.DIVIDED: [" "],
            Part.DENOMINATOR: [" " * len(below)],
        }  # fmt: skip
    return {
        Part.WHOLE: _cut(section, Part.WHOLE, _whole_cells(section, str(whole) if whole else "")),
        Part.NUMERATOR: [str(numerator).rjust(len(above))],
        Part.DIVIDED: ["/"],
        Part.DENOMINATOR: [str(denominator).ljust(len(below))],
    }


def general(size: Decimal) -> str:
    """A number that is not negative as General shows it in a wide column: at most 11 characters."""
    power = size.adjusted() if size else 0
    if power >= _WIDEST or power < -9:
        return _with_power(size)
    plain = _plain(size)
    if len(plain) <= _WIDEST:
        return plain
    if power < -4:
        return _with_power(size)
    short = _plain(rounded(size, 9 - max(power, 0) if power < 10 else 0))
    return short if len(short) <= _WIDEST else _with_power(size)


def _plain(size: Decimal) -> str:
    text = format(size, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_power(size: Decimal) -> str:
    power = size.adjusted()
    mantissa = rounded(size.scaleb(-power), 5)
    if mantissa >= 10:
        mantissa, power = mantissa / 10, power + 1
    return f"{_plain(mantissa)}E{'-' if power < 0 else '+'}{abs(power):02d}"
