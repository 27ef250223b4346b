"""Dates as numbers of days, and times as parts of a day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import ROUND_FLOOR

from xlbudget.formulas.arrays import Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.numbers import rounded_to
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.functions.statistics import numbers_of
from xlbudget.formulas.typed import FIRST_DAY, looks_like_a_date
from xlbudget.formulas.values import NUM, NotEvaluable, Shows, typed
from xlbudget.reading.formats import DAYS_1904

_EPOCH = date(1899, 12, 30)
_LAST = 2_958_465
"""9999-12-31."""


def _day(at: At, number: float) -> date:
    """The day of a number. Raises NotEvaluable before March 1900, where programs count differently."""
    serial = int(rounded_to(number, 0, ROUND_FLOOR)) + (DAYS_1904 if at.cells.book.date1904 else 0)
    if serial < 0 or serial > _LAST:
        raise Shows(NUM)
    if serial < FIRST_DAY:
        raise NotEvaluable("1900 年 3 月以前的日期，各种软件的算法不一样")
    return _EPOCH + timedelta(days=serial)


def _number(at: At, day: date) -> float:
    serial = (day - _EPOCH).days - (DAYS_1904 if at.cells.book.date1904 else 0)
    if (day - _EPOCH).days < FIRST_DAY or serial < 0:
        raise NotEvaluable("1900 年 3 月以前的日期，各种软件的算法不一样")
    return float(serial)


def _moved(day: date, months: int, *, end: bool = False) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1900 <= year <= 9999:
        raise Shows(NUM)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if end else min(day.day, last))


@function("DATE", needs="iii")
def date_of(at: At, year: int, month: int, day: int) -> float:
    """The day of a year, month and day; too many months or days go into the next year or month."""
    if not 1900 <= year <= 9999:
        raise NotEvaluable("1900 年以前的年份，各种软件的算法不一样")
    if abs(month) > 12_000 or abs(day) > _LAST:
        raise Shows(NUM)
    try:
        return _number(at, _moved(date(year, 1, 1), month - 1) + timedelta(days=day - 1))
    except OverflowError:
        raise Shows(NUM) from None


@function("DATEVALUE", needs="t")
def date_in(_: At, text: str) -> float:
    """The day that a text says."""
    if not looks_like_a_date(text):
        raise NotEvaluable("文字能不能当作日期，各种软件不一样")
    return typed(text)


@function("YEAR", needs="n")
def year(at: At, number: float) -> float:
    """The year of a day."""
    return float(_day(at, number).year)


@function("MONTH", needs="n")
def month(at: At, number: float) -> float:
    """The month of a day."""
    return float(_day(at, number).month)


@function("DAY", needs="n")
def day(at: At, number: float) -> float:
    """The day of its month."""
    return float(_day(at, number).day)


@function("WEEKDAY", needs="n", takes="i")
def weekday(at: At, number: float, kind: int = 1) -> float:
    """The day of its week."""
    monday = _day(at, number).weekday()
    if kind == 1:
        return float((monday + 1) % 7 + 1)
    if kind == 2:
        return float(monday + 1)
    if kind == 3:
        return float(monday)
    raise NotEvaluable("WEEKDAY 的这种算法没有把握")


@function("WEEKNUM", needs="n", takes="i")
def week(at: At, number: float, kind: int = 1) -> float:
    """The week of its year, the first being that of 1 January."""
    found = _day(at, number)
    if kind == 21:
        return float(found.isocalendar().week)
    if kind not in (1, 2):
        raise NotEvaluable("WEEKNUM 的这种算法没有把握")
    first = (date(found.year, 1, 1).weekday() + (1 if kind == 1 else 0)) % 7
    number = ((found - date(found.year, 1, 1)).days + first) // 7 + 1
    if number > 52:
        raise NotEvaluable("年末的周算哪一年，各种软件不一样")
    return float(number)


@function("ISOWEEKNUM", needs="n")
def iso_week(at: At, number: float) -> float:
    """The week of its year, the first being that of 4 January."""
    return float(_day(at, number).isocalendar().week)


@function("EDATE", needs="ni")
def months_later(at: At, number: float, months: int) -> float:
    """The same day so many months later."""
    return _number(at, _moved(_day(at, number), months))


@function("EOMONTH", needs="ni")
def month_end(at: At, number: float, months: int) -> float:
    """The last day of the month so many months later."""
    return _number(at, _moved(_day(at, number), months, end=True))


@function("DAYS", needs="nn")
def days_between(at: At, end: float, start: float) -> float:
    """How many days lie between two."""
    return float((_day(at, end) - _day(at, start)).days)


@function("DATEDIF", needs="nnt")
def difference(at: At, start: float, end: float, unit: str) -> float:
    """How many whole years, months or days lie between two."""
    first, last = _day(at, start), _day(at, end)
    if first > last:
        raise Shows(NUM)
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    whole = {"D": (last - first).days, "M": months, "Y": months // 12, "YM": months % 12}
    if unit.upper() not in whole:
        raise NotEvaluable("DATEDIF 的这种算法，各种软件结果不一样")
    return float(whole[unit.upper()])


def _holidays(at: At, given: Value | None) -> set[date]:
    return set() if given is None else {_day(at, one) for one in numbers_of(at, given)}


@function("NETWORKDAYS", needs="nn", takes="r")
def working_days(at: At, start: float, end: float, holidays: Value | None = None) -> float:
    """How many working days there are from one day to another, both counted."""
    first, last = _day(at, start), _day(at, end)
    low, high = min(first, last), max(first, last)
    weeks, rest = divmod((high - low).days + 1, 7)
    count = weeks * 5 + sum((low.weekday() + n) % 7 < 5 for n in range(rest))
    count -= sum(low <= one <= high and one.weekday() < 5 for one in _holidays(at, holidays))
    return float(count if first <= last else -count)


@function("WORKDAY", needs="ni", takes="r")
def working_day(at: At, start: float, count: int, holidays: Value | None = None) -> float:
    """The working day so many later."""
    if abs(count) > 100_000:
        raise NotEvaluable("天数太大")
    found, free = _day(at, start), _holidays(at, holidays)
    step = timedelta(days=1 if count > 0 else -1)
    at.cells.work.spend(abs(count))
    while count:
        found += step
        if found.weekday() < 5 and found not in free:
            count -= 1 if step.days > 0 else -1
    return _number(at, found)


# -- times ---------------------------------------------------------------------------------------------


@function("TIME", needs="iii")
def time(_: At, hour: int, minute: int, second: int) -> float:
    """A time as a part of a day."""
    seconds = hour * 3600 + minute * 60 + second
    if not 0 <= seconds < 86400 or max(hour, minute, second) > 32767:
        raise NotEvaluable("超过一天的时间，各种软件的算法不一样")
    return seconds / 86400


def _second(number: float) -> int:
    """The second of a day. Raises NotEvaluable between two seconds, which some round and some cut off."""
    seconds = (number % 1) * 86400
    if number < 0:
        raise Shows(NUM)
    if abs(seconds - round(seconds)) > 1e-3:
        raise NotEvaluable("时间有零头，各种软件的取舍不一样")
    return round(seconds) % 86400


@function("HOUR", needs="n")
def hour(_: At, number: float) -> float:
    """The hour of a time."""
    return float(_second(number) // 3600)


@function("MINUTE", needs="n")
def minute(_: At, number: float) -> float:
    """The minute of a time."""
    return float(_second(number) // 60 % 60)


@function("SECOND", needs="n")
def second(_: At, number: float) -> float:
    """The second of a time."""
    return float(_second(number) % 60)
