"""Years, months and dates: 2022年度 · 6月 · 12月底前 · 第二季度 · 2022.7.10 · 二〇二二年七月八日 · 年底前."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from xlbudget.domain.model import RemarkKind
from xlbudget.sheets import formats
from xlbudget.sheets.numerals import bare_words, chinese_integer, is_plain
from xlbudget.sheets.reading import (
    Context,
    Refused,
    cell_date,
    cell_number,
    cell_text,
    check_sound,
    seen,
    shorten,
    unreadable,
)
from xlbudget.sheets.table import Cell

_NUMERAL = re.compile(r"[〇零一二三四五六七八九十]+(?=\s*(?:年|个?月|日|号|季度|$))")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_AT_END = r"(?:份|底|末|初|中旬|上旬|下旬|内)*(?:之?前|以前|全部|完成|整改|到位)*"
"""What people put behind a month or a quarter; whatever it is, the month's last day counts."""
_WORDS = {
    "年底": 12, "年末": 12, "年终": 12, "全年": 12, "年内": 12, "上半年": 6, "下半年": 12, "年中": 6,
    "1季度": 3, "2季度": 6, "3季度": 9, "4季度": 12,
}  # fmt: skip
_THIS_YEAR = re.compile(
    r"^(?:[本当今](?=年[底末终中内])|本年度?|当年|今年|年度|至|截至|截止|到|预计|计划|力争|确保|不[晚迟]于|于)+"
)
_NEXT_YEAR = re.compile(r"^(?:次年|明年|下一?年|翌年)度?")
_MONTH_REMEDY = "请填 1 至 12 的月份，例如 6 或 6月。"
_DATE_REMEDY = "请填日期，例如 2022-07-10；只到月份的填 2022年9月 或 9月底。"


def _folded(text: str) -> str:
    """Half-width, with the Chinese numerals of years, months and days as digits."""

    def digits(match: re.Match[str]) -> str:
        number = chinese_integer(match[0])
        return match[0] if number is None else str(number)

    return _NUMERAL.sub(digits, bare_words(text))


# -- years and months ----------------------------------------------------------------------------------


def read_year(cell: Cell, context: Context) -> int:
    check_sound(cell)
    said = _shown_date(cell)
    if said:
        _refuse_small_serial(cell, said)
    text = str(said.date.year) if said and "year" in said.parts else cell_text(cell)
    match = re.fullmatch(rf"{_YEAR}(?:\.0+|\s*年度?)?", _folded(text))
    if match is None:
        raise unreadable(text, "读不出年度", "请填四位数年份，例如 2022。")
    if text != match["year"]:
        context.interpreted(text, match["year"])
    return int(match["year"])


_MONTHS = (
    re.compile(
        rf"(?:{_YEAR}\s*[年./-]\s*)?(?P<month>\d{{1,3}})\s*(?:\.0+|月(?:\s*{_DAY}\s*[日号]?)?{_AT_END})?"
    ),
    re.compile(rf"{_YEAR}\s*[年./-]\s*(?P<month>\d{{1,2}})\s*[./-]\s*{_DAY}"),
    re.compile(rf"{_YEAR}(?P<month>0[1-9]|1[0-2])"),
    re.compile(r"(?P<month>\d{1,2})\s*[./-]\s*(?:1[3-9]|2\d|3[01])"),
)
"""1-6 is no month: it may be January to June."""


@lru_cache(maxsize=1 << 10)
def month_of(text: str, this_year: int | None = None) -> int | None:
    """The number of the month that a text names: 6月底 → 6, 第三季度 → 9; None where it names none.

    Whether there is such a month is not checked. Raises Refused for a month of another year.
    """
    folded = _THIS_YEAR.sub("", _folded(text))
    for word, month in _WORDS.items():
        if re.fullmatch(rf"第?{word}{_AT_END}", folded):
            return month
    match = next(filter(None, (pattern.fullmatch(folded) for pattern in _MONTHS)), None)
    if match is None:
        return None
    _refuse_other_year(text, match.groupdict().get("year"), this_year)
    return int(match["month"])


def _refuse_other_year(text: str, year: int | str | None, this_year: int | None) -> None:
    """March of next year is not March."""
    if year and this_year and int(year) != this_year:
        what = f"“{shorten(text)}”不在预算年度 {this_year} 年之内。"
        raise Refused(RemarkKind.MONTH_RANGE, what, f"请填 {this_year} 年的月份，1 至 12。")


def read_month(cell: Cell, context: Context) -> int:
    """A month 1–12 from 6, 6月, 12月底前, a date …"""
    check_sound(cell)
    said = _shown_date(cell)
    month = _month_shown(cell, said, context)
    text = said.shown if said else cell_text(cell)
    if month is None:
        raise unreadable(text, "读不出月份", _MONTH_REMEDY)
    if not 1 <= month <= 12:
        raise Refused(RemarkKind.MONTH_RANGE, f"“{text}”不在 1 至 12 月之内。", _MONTH_REMEDY)
    if text != str(month):
        context.interpreted(text, f"{month}月", always=said is not None)
    return month


def _month_shown(cell: Cell, said: _Day | None, context: Context) -> int | None:
    if said:
        _refuse_small_serial(cell, said)
        _refuse_other_year(said.shown, said.date.year if "year" in said.parts else None, context.year)
        return said.date.month if "month" in said.parts else None
    one = seen(cell, context, "月份").cell
    if one.kind not in ("number", "text") or (one.kind == "number" and cell_number(one) % 1):
        return None
    named = month_of(cell_text(one), context.year)
    return int(cell_number(one)) if named is None and one.kind == "number" else named


class _Day(NamedTuple):
    """A day in a date cell, and which of year, month and day people see of it."""

    date: date
    parts: frozenset[str]
    shown: str


def _shown_date(cell: Cell) -> _Day | None:
    """What a cell with a date shows; None for all other cells."""
    day = cell_date(cell)
    if day is None:
        return None
    if cell.kind == "date":
        return _Day(day, frozenset(("year", "month", "day")), day.isoformat())
    said = formats.meaning(cell_number(cell), cell.format)
    return _Day(day, frozenset(said.parts), said.shown)


_YEARS = range(1980, 2100)
"""Of budgets and of what is done about them."""


def _refuse_small_serial(cell: Cell, said: _Day) -> None:
    """A 6 that shows as 1月, or a 2022 that shows as 1905, because its cell had a date format: neither is meant."""
    if said.date.year not in _YEARS:
        what = f"是按日期格式显示的，单元格存的是 {cell_text(cell._replace(format='General'))}"
        raise unreadable(said.shown, what, "请把单元格格式改为常规，再重新填写。")


# -- dates ---------------------------------------------------------------------------------------------

_SEPARATOR = r"\s*[年./-]\s*"
_CLOCK = (
    r"(?:\s*\(?(?:星期|周)[1-6一二三四五六日天]\)?)?"
    r"(?:(?:[\sT]+|(?<=[日号]))\d{1,2}(?::\d{1,2}(?::\d{1,2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?)?))?"
)
_DATE = re.compile(rf"{_YEAR}{_SEPARATOR}(?P<month>\d{{1,2}})\s*[月./-]\s*(?P<day>\d{{1,2}})\s*[日号]?")
_COMPACT = re.compile(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)")
_LOOSE = re.compile(
    rf"(?:{_DATE.pattern}|(?P<m2>\d{{1,2}})\s*[月./-]\s*(?P<d2>\d{{1,2}})\s*[日号]?){_CLOCK}{_AT_END}"
)
_YEAR_AND = re.compile(
    rf"{_YEAR}(?:\s*(?:年度?(?=\D)|年\s*(?=\d)|[./-]\s*|(?=[上下第全]))|(?=\d\d$))(?P<rest>.+)", re.DOTALL
)


def read_date(cell: Cell, context: Context) -> date:
    """A day; of a month, a quarter or a year its last day; without a year, in 预算年度."""
    check_sound(cell)
    said = _shown_date(cell)
    if said:
        return _from_date_cell(cell, said, context)
    text = cell_text(cell)
    if cell.kind not in ("text", "number"):
        raise unreadable(text, "读不出日期", _DATE_REMEDY)
    words = bare_words(text)
    exact = _DATE.fullmatch(words) or _COMPACT.fullmatch(words)
    if exact:
        return _valid(text, *(int(exact[name]) for name in ("year", "month", "day")))
    if cell.kind == "number" and formats.is_date(cell.format):
        raise unreadable(text, "不是有效的日期", _DATE_REMEDY)
    day = _loose_date(text, context.year) if cell.kind == "text" or not is_plain(text) else None
    if day is None:
        lost = _lost_format(cell, context.year)
        remedy = (
            f"像是日期 {lost.isoformat()} 丢了格式；是的话，请填 {lost.isoformat()}。"
            if lost
            else _DATE_REMEDY
        )
        raise unreadable(text, "读不出日期", remedy)
    context.interpreted(text, day.isoformat())
    return day


def _lost_format(cell: Cell, this_year: int | None) -> date | None:
    """The day of a bare 44750: a date whose format was lost on the way, where it is about 预算年度."""
    if cell.kind != "number" or this_year is None or not formats.shows_itself(cell.format):
        return None
    day = formats.meaning(cell_number(cell), "yyyy-mm-dd").date
    return day if day and abs(day.year - this_year) <= 1 else None


def _from_date_cell(cell: Cell, said: _Day, context: Context) -> date:
    """The day that a date format shows; Excel keeps 2022年9月 as its first day and shows the month only."""
    _refuse_small_serial(cell, said)
    day = said.date
    if "month" not in said.parts:
        raise unreadable(said.shown, "读不出日期", _DATE_REMEDY)
    if "day" not in said.parts:
        day = _last_day(said.shown, day.year, day.month)
    if day != said.date or ("year" not in said.parts and day.year != context.year):
        context.interpreted(said.shown, day.isoformat(), always=True)
    return day


def _loose_date(text: str, this_year: int | None) -> date | None:
    """2022年底 · 2022-7-8 10:00 · 7月8日前 · 次年3月 · 第三季度末."""
    folded = _folded(text)
    year = this_year
    following = _NEXT_YEAR.match(folded)
    if following and this_year:
        folded, year = folded[following.end() :], this_year + 1
    folded = _THIS_YEAR.sub("", folded)
    match = _LOOSE.fullmatch(folded)
    if match:
        year = int(match["year"]) if match["year"] else year
        month, day = int(match["month"] or match["m2"]), int(match["day"] or match["d2"])
        return _valid(text, year, month, day) if year else None
    named = _YEAR_AND.fullmatch(folded)
    rest = folded
    if named:
        year, rest = int(named["year"]), named["rest"]
        rest = f"年{rest}" if rest[0] in "底末终中内" else rest
    has_month = month_of(rest) if named or not rest.isdigit() else None
    return _last_day(text, year, has_month) if has_month and year else None


def _last_day(text: str, year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise unreadable(text, "不是有效的日期", _DATE_REMEDY)
    return date(year, month, calendar.monthrange(year, month)[1])


def _valid(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise unreadable(text, "不是有效的日期", _DATE_REMEDY) from None
