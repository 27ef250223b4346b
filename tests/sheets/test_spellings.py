"""Amounts and dates in every spelling at once, by the meaning that they were made from."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.sheets.test_numerals import CAPITAL, PLAIN, mixed, numeral
from xlbudget.domain.money import plain
from xlbudget.sheets.dates import read_date, read_month
from xlbudget.sheets.quantities import read_amount
from xlbudget.sheets.reading import Context, Refused
from xlbudget.sheets.table import Cell

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SPELLINGS: dict[str, Callable[[int], str]] = {
    "plain": str,
    "grouped": lambda number: f"{number:,}",
    "grouped by a Chinese comma": lambda number: f"{number:,}".replace(",", "，"),
    "full width": lambda number: str(number).translate(FULL_WIDTH),
    "numeral": lambda number: numeral(number, PLAIN),
    "capitals": lambda number: numeral(number, CAPITAL),
    "mixed": mixed,
}
SIGNS = {"": 1, "-": -1, "－": -1, "−": -1, "负": -1, "约": 1, "近": 1, "¥": 1, "-¥": -1, "人民币": 1}
UNITS = {"元": 1, "圆": 1, "块钱": 1, "元整": 1}
SCALES = {"": 1, "万": 10**4, "萬": 10**4, "亿": 10**8, "w": 10**4}
ENDS = ("", "。", "；", "，", "左右", "（含税）", "\n", "　", "\u200b")


@given(
    st.integers(1, 99_999_999),
    st.sampled_from(sorted(SPELLINGS)),
    st.sampled_from(sorted(SIGNS)),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(ENDS),
    st.sampled_from(["万元", "元"]),
)
@example(24100, "capitals", "人民币", "元整", "（含税）", "万元")
def test_an_amount_in_yuan(number: int, spelling: str, sign: str, unit: str, end: str, own: str) -> None:
    text = f"{sign}{SPELLINGS[spelling](number)}{unit}{end}"
    if end == "左右" and unit == "元整":
        return
    assert read_amount(Cell("text", text), Context(own)) == SIGNS[sign] * number * UNITS[unit]


@given(
    st.integers(1, 999_999), st.integers(0, 4), st.sampled_from(sorted(SCALES)), st.sampled_from(["元", ""])
)
def test_an_amount_with_decimals_and_a_scale(digits: int, places: int, scale: str, unit: str) -> None:
    """Without scale and unit it is in the workbook's own unit."""
    number = Decimal(digits).scaleb(-places)
    context = Context("万元")
    yuan = read_amount(Cell("text", f"{plain(number)}{scale}{unit}"), context)
    assert yuan == number * (SCALES[scale] if scale or unit else 10_000)
    assert bool(context.said) == (bool(scale or unit) and (scale, unit) != ("万", "元"))


@given(
    st.integers(1, 9_999_999),
    st.integers(0, 2),
    st.sampled_from(["", "!.0", "\\.00", '"."0000']),
    st.sampled_from(
        [("", 10_000), ('"元"', 1), ("\\元", 1), ('"千元"', 1000), ("万元", 10**4), ('"亿元"', 10**8)]
    ),
    st.sampled_from(["", "[红色]", "[$-804]"]),
)
def test_an_amount_under_a_format(
    number: int, thousands: int, point: str, unit: tuple[str, int], first: str
) -> None:
    """Scaling commas, literal points and units: the number that is seen, and told wherever it is another one."""
    words, factor = unit
    code = f"{first}0{point}{',' * thousands}{words}"
    seen = Decimal(number).scaleb(-3 * thousands - point.count("0"))
    context = Context("万元")
    assert read_amount(Cell("number", str(number), None, code), context) == seen * factor
    assert bool(context.said) or (factor == 10_000 and seen == number)


@pytest.mark.parametrize("nothing", ["人", "%", "/年", "½", "O", "²", "-7", "~7", "半", "美元", "多点", ",5"])
@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_what_is_left_behind_a_number_is_refused(spelling: str, nothing: str) -> None:
    with pytest.raises(Refused):
        read_amount(Cell("text", f"{SPELLINGS[spelling](24_000)}{nothing}"), Context())


DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))
AFTER = st.sampled_from(["", "前", "之前", "以前", "前完成", "前完成整改"])


@given(DAYS, AFTER, st.booleans())
def test_a_day_in_every_spelling(day: date, after: str, numerals: bool) -> None:
    month, number = (re.sub("^一十", "十", numeral(one)) for one in (day.month, day.day))
    short = f"{month}月{number}日" if numerals else f"{day.month}月{day.day}日"
    for text in (short, f"2022年{short}", f"截至{short}", f"二〇二二年{short}", f"{day.month}.{day.day}"):
        assert read_date(Cell("text", text + after), Context(year=2022)) == day


@given(DAYS, st.sampled_from(["", "底", "末", "底前", "底前完成整改", "份"]))
def test_a_month_is_its_last_day_and_its_number(day: date, after: str) -> None:
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    for text in (f"{day.month}月{after}", f"2022年{day.month}月{after}", f"{numeral(day.month)}月{after}"):
        assert read_date(Cell("text", text), Context(year=2022)) == last
        assert read_month(Cell("text", text), Context(year=2022)) == day.month
    with pytest.raises(Refused):
        read_month(Cell("text", f"2023年{day.month}月{after}"), Context(year=2022))
