"""Cells as the sheet shows them: numbers and dates in their formats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from xlbudget.sheets.reading import Refused, cell_date, cell_text, is_date_format
from xlbudget.sheets.table import Cell

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<digits>[0#?.,]+)|(?P<sign>.)'
)
_DATE = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|(y+|m+|d+|a+|e+)|(.)', re.IGNORECASE)
_CLOCK = re.compile(r"[hs]|am/pm|上午", re.IGNORECASE)
_LONGEST = 400


class _Pattern(NamedTuple):
    """A section of a number format: what stands before and after the digits, and how those are written."""

    before: str
    after: str
    integers: int
    decimals: tuple[int, int]
    """Least and most decimals."""
    thousands: bool
    scale: int
    """Powers of ten that the number is multiplied by."""


def shown(cell: Cell) -> str:
    """A cell as a reader of the sheet sees it; empty for a formula without a result."""
    if cell.kind == "uncached":
        return ""
    if cell.kind in ("text", "error"):
        return cell.text.strip()
    try:
        return _shown(cell)
    except (Refused, InvalidOperation):  # a number that is none
        return cell.text.strip()


def _shown(cell: Cell) -> str:
    day = cell_date(cell)
    if day is not None:
        return _date_text(cell, day.year, day.month, day.day)
    if cell.kind == "number" and not is_date_format(cell.format):
        number = Decimal(cell.text)
        if number.is_finite() and abs(number.adjusted()) < _LONGEST:
            return _number_text(number, cell)
    return cell_text(cell)


def _date_text(cell: Cell, year: int, month: int, day: int) -> str:
    code = cell.format if is_date_format(cell.format) else "yyyy-mm-dd"
    code = code.split(";", maxsplit=1)[0]
    if _CLOCK.search(re.sub(r'"[^"]*"|\[[^\]]*\]', "", code)):
        return f"{year}-{month}-{day}"

    def one(match: re.Match[str]) -> str:
        quoted, escaped, token, sign = match.groups()
        if token is None:
            return quoted or escaped or (sign if sign and sign != "@" else "")
        kind = token[0].lower()
        number = {"y": year if len(token) > 2 else year % 100, "e": year, "m": month, "d": day}.get(kind)
        return "" if number is None else f"{number:02d}" if len(token) == 2 else str(number)

    return _DATE.sub(one, code).strip()


def _number_text(number: Decimal, cell: Cell) -> str:
    sections = _sections(cell.format)
    negative = number < 0 and len(sections) > 1
    section = sections[1] if negative else sections[2] if number == 0 and len(sections) > 2 else sections[0]
    pattern = _pattern(section)
    if pattern is None:
        return cell_text(cell)
    return _written(abs(number) if negative else number, pattern).strip()


@lru_cache
def _sections(code: str) -> tuple[str, ...]:
    parts = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    return tuple(parts[:3])


@lru_cache
def _pattern(section: str) -> _Pattern | None:
    """A section of a format taken apart; None where it is General or too special to be followed."""
    before, after, digits = "", "", ""
    percent = 0
    for match in _TOKEN.finditer(section):
        literal = match["quoted"] or match["escaped"] or ""
        if match["digits"] and match["digits"].strip(",.") == "" and not digits:
            literal = match["digits"]
        elif match["digits"]:
            if after:
                return None
            digits += match["digits"]
        elif match["bracket"] is not None:
            literal = match["bracket"][1:].split("-")[0] if match["bracket"].startswith("$") else ""
        elif match["sign"]:
            if match["sign"] in "Ee/@" or section.strip().lower() in ("", "general", "g/通用格式"):
                return None
            percent += match["sign"] == "%"
            literal = match["sign"]
        if digits:
            after += literal
        else:
            before += literal
    if not digits and not before:
        return None
    whole, _, decimals = digits.partition(".")
    shrunk = sum(len(part) - len(part.rstrip(",")) for part in (whole, decimals))
    least = len(decimals.rstrip("#?,"))
    most = len(decimals.replace(",", ""))
    commas = "," in whole.rstrip(",")
    integers = -1 if not digits else whole.count("0")
    return _Pattern(before, after, integers, (least, most), commas, 2 * percent - 3 * shrunk)


def _written(number: Decimal, pattern: _Pattern) -> str:
    if pattern.integers < 0:
        return pattern.before
    least, most = pattern.decimals
    scaled = number.scaleb(pattern.scale)
    exact = Context(prec=max(28, scaled.adjusted() + most + 3))
    rounded = scaled.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP, context=exact)
    whole, _, decimals = format(abs(rounded), "f").partition(".")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    whole = whole.lstrip("0").rjust(pattern.integers, "0")
    if pattern.thousands and whole:
        whole = f"{int(whole):,}"
    sign = "-" if rounded < 0 else ""
    return f"{sign}{pattern.before}{whole}{'.' + decimals if decimals else ''}{pattern.after}"
