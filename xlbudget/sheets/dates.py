"""Reading of years, months, dates and deadlines: 2022年度 · 6月 · 12月底前 · 第二季度 · 2022.7.10."""

from __future__ import annotations

import calendar
import re
from datetime import date

from xlbudget.domain.model import RemarkKind
from xlbudget.sheets.numerals import half_width, parse_number
from xlbudget.sheets.reading import (
    Context,
    Refused,
    cell_date,
    cell_number,
    cell_text,
    check_sound,
    is_percent_format,
    unreadable,
)
from xlbudget.sheets.table import Cell


def read_year(cell: Cell, context: Context) -> int:
    check_sound(cell)
    day = cell_date(cell)
    text = str(day.year) if day else cell_text(cell)
    match = re.fullmatch(r"((?:19|20)\d\d)\s*(?:年度?)?", half_width(text))
    if match is None:
        raise unreadable(text, "读不出年度", "请填四位数年份，例如 2022。")
    if text != match[1]:
        context.interpreted(text, match[1])
    return int(match[1])


_FIRST_YEAR = 1900
_MONTH_WORDS = {
    "年底": 12, "年末": 12, "年终": 12, "全年": 12, "年内": 12, "上半年": 6, "下半年": 12, "年中": 6,
    "一季度": 3, "二季度": 6, "三季度": 9, "四季度": 12, "1季度": 3, "2季度": 6, "3季度": 9, "4季度": 12,
}  # fmt: skip
_MONTH_END = r"(?:份|底|末|初|中旬|上旬|下旬)*(?:之?前|以前|完成)?"
_MONTH = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)\s*[年./-]\s*)?(?P<month>\d{{1,3}})\s*"
    rf"(?:月{_MONTH_END}|月\s*\d{{1,2}}\s*[日号]?{_MONTH_END}|[./-]\s*\d{{1,2}})?$"
)
_MONTH_REMEDY = "请填 1 至 12 的月份，例如 6 或 6月。"


def _month_of(text: str) -> int | None:
    folded = re.sub(r"^(?:本年|当年|今年|年度|至|截至|到)+", "", half_width(text))
    for word, month in _MONTH_WORDS.items():
        if re.fullmatch(rf"第?{word}{_MONTH_END}", folded):
            return month
    match = _MONTH.match(folded)
    if match:
        return int(match["month"])
    numeral = re.fullmatch(rf"([一二三四五六七八九十]{{1,2}})月{_MONTH_END}", folded)
    parsed = parse_number(numeral[1]) if numeral else None
    return int(parsed.value) if parsed else None


def read_month(cell: Cell, context: Context) -> int:
    """A month 1–12 from 6, 6月, 12月底前, a date …"""
    check_sound(cell)
    day = cell_date(cell)
    if day and day.year > _FIRST_YEAR:
        context.interpreted(day.isoformat(), f"{day.month}月")
        return day.month
    if day:  # 5 typed into a cell that shows dates as 5月
        cell = cell._replace(format="General")
    text = cell_text(cell)
    if cell.kind == "number":
        number = cell_number(cell)
        if number != int(number) or is_percent_format(cell.format):
            raise unreadable(text, "读不出月份", _MONTH_REMEDY)
        month: int | None = int(number)
    else:
        month = _month_of(text) if cell.kind == "text" else None
    if month is None:
        raise unreadable(text, "读不出月份", _MONTH_REMEDY)
    if not 1 <= month <= 12:
        raise Refused(RemarkKind.MONTH_RANGE, f"“{text}”不在 1 至 12 月之内。", _MONTH_REMEDY)
    if text != str(month):
        context.interpreted(text, f"{month}月")
    return month


_DATE = re.compile(
    r"((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*(?:[日号])?(?:前|以前|之前)?$"
)
_YEAR_MONTH = re.compile(rf"((?:19|20)\d\d)\s*[年./-]\s*(\d{{1,2}})\s*月?{_MONTH_END}$")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*(?:[日号])?(?:前|以前|之前)?$")
_DATE_REMEDY = "请填日期，例如 2022-07-10。"


def _valid_date(text: str, year: int, month: int, day: int | None) -> date:
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise unreadable(text, "不是有效的日期", _DATE_REMEDY) from None


def _compact_date(text: str) -> date | None:
    match = re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", text)
    return _valid_date(text, *map(int, match.groups())) if match else None


def _full_date(cell: Cell) -> date | None:
    check_sound(cell)
    day = cell_date(cell)
    if day:
        return day
    text = half_width(cell_text(cell))
    match = _DATE.match(text)
    return _valid_date(text, *map(int, match.groups())) if match else _compact_date(text)


def read_date(cell: Cell, _: Context) -> date:
    day = _full_date(cell)
    if day is None:
        raise unreadable(cell_text(cell), "读不出日期", _DATE_REMEDY)
    return day


def read_deadline(cell: Cell, context: Context) -> date:
    """A date, or a month meaning its last day; without a year, in 预算年度."""
    day = _full_date(cell)
    if day:
        return day
    text = cell_text(cell)
    folded = half_width(text)
    match = _YEAR_MONTH.match(folded)
    if match:
        day = _valid_date(text, int(match[1]), int(match[2]), None)
    else:
        month_day = _MONTH_DAY.match(folded)
        month = int(month_day[1]) if month_day else _month_of(text)
        if month is None or context.year is None:
            raise unreadable(text, "读不出日期", "请填日期或月份，例如 2022-09-30 或 9月底。")
        day = _valid_date(text, context.year, month, int(month_day[2]) if month_day else None)
    context.interpreted(text, day.isoformat())
    return day
