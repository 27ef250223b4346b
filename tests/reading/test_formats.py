"""What number formats show, and which number people see there."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xlbudget.reading.formats import (
    BUILT_IN,
    SAME_EVERYWHERE,
    Kind,
    is_calendar,
    is_date,
    is_general,
    is_percent,
    meaning,
    show,
    show_text,
)
from xlbudget.reading.formats.parse import LONGEST

ACCOUNTING = BUILT_IN[43]
TO_YI = '[>=100000000]0\\.00,,"亿";[>=10000]0\\.0,"万";0'
"""A literal point and scaling commas by conditions, as Chinese forms use them."""

# -- what is shown: format, then number → text -------------------------------------------------------------

NUMBERS: dict[str, dict[str, str | None]] = {
    "0": {"0": "0", "7": "7", "0.5": "1", "1.5": "2", "-0.5": "-1", "-0.4": "0", "1234567": "1234567"},
    "000": {"7": "007", "1234": "1234", "-7": "-007"},
    "0.00": {
        "0": "0.00",
        "2.345": "2.35",
        "-2.345": "-2.35",
        "-0.001": "0.00",
        "1e15": "1000000000000000.00",
    },
    "#": {"0": "", "0.4": "", "5": "5", "-0.4": ""},
    "#.##": {"0": ".", "5": "5.", "0.5": ".5", "1.25": "1.25", "-0.001": "."},
    ".00": {"0.5": ".50", "12.5": "12.50"},
    "0.0#?": {"1": "1.0 ", "1.25": "1.25 ", "1.256": "1.256"},
    "??0": {"7": "  7", "1234": "1234"},
    "#,##0": {"999": "999", "1000": "1,000", "1234567.5": "1,234,568", "-1234": "-1,234"},
    "#,##0.00": {"1234.5": "1,234.50", "12345678901234.56": "12,345,678,901,234.60"},
    "000,000": {"1234": "001,234"},
    "???,??0": {"12": "     12"},
    "#.##0,00": {"-1234.5": "-1234.5000"},
    "0.00_ ": {"1": "1.00 "},
    "* 0": {"5": "5"},
    "0%": {"0.95": "95%", "0.005": "1%", "-0.5": "-50%"},
    "0.00%": {"0.25334": "25.33%"},
    '0"%"': {"95": "95%"},
    "0‰": {"5": "5‰", "0.005": "0‰"},
    "0,": {"1234567": "1235", "499": "0"},
    "0.0,": {"1234567": "1234.6"},
    '0.00,"千元"': {"24100": "24.10千元"},
    '#,##0.00,,"百万元"': {"12345678": "12.35百万元"},
    '0,"万"': {"24100": "24万"},
    "0!.0,": {"60000": "6.0", "62": "0.0"},
    "0!.0000": {"24100": "2.4100", "60000": "6.0000", "5": "0.0005"},
    '0!.0000,"万元"': {"24100": "0.0024万元"},
    '0\\.0,"万元"': {"60000": "6.0万元", "-60000": "-6.0万元"},
    '0"."00': {"1234": "12.34"},
    TO_YI: {"123456789": "1.23亿", "99999999": "10000.0万", "60000": "6.0万", "9999": "9999", "-5": "-5"},
    "000-0000": {"5551234": "555-1234"},
    "0000 0000 0000": {"622200001111": "6222 0000 1111"},
    '0"元"00"分"': {"12345": "123元45分"},
    "0.00E+00": {"12345": "1.23E+04", "0.00012": "1.20E-04", "0": "0.00E+00", "99999": "1.00E+05"},
    "##0.0E+0": {"12345": "12.3E+3", "999960": "1.0E+6", "0": None},
    "0E-0": {"0.001": "1E-3", "1000": "1E3"},
    "# ?/?": {
        "1.5": "1 1/2",
        "0.25": " 1/4",
        "5": "5    ",
        "0": "0    ",
        "0.333333333333333": " 1/3",
        "0.3": None,
    },
    "# ??/100": {"0.95": " 95/100", "1.999": "2       "},
    "?/?": {"1.5": "3/2"},
    "@": {"5": "5", "-1.5": "-1.5"},
}
SECTIONS: dict[str, dict[str, str | None]] = {
    "0;(0)": {"-3": "(3)", "3": "3", "0": "0"},
    "0;-0": {"-0.3": "-0"},
    "#,##0_);[Red](#,##0)": {"3": "3 ", "-3": "(3)"},
    '0;-0;"—"': {"0": "—", "-1": "-1", "0.4": "0"},
    ";;;": {"1": "", "-1": "", "0": ""},
    ";": {"1": "", "-1": ""},
    "0;": {"5": "5", "-5": "", "0": "0"},
    "0;;": {"5": "5", "-5": "", "0": ""},
    "0;@": {"-5": "-5"},
    "0;-0;@": {"0": "0", "-5": "-5"},
    '"元"0': {"-5": "-元5"},
    '"无"': {"5": "无", "-5": "-无"},
    ACCOUNTING: {"1234.5": " 1,234.50 ", "-1234.5": " -1,234.50 ", "0": " -   "},
    '[<60]"不达标";"达标"': {"75": "达标", "60": "达标", "59.99": "不达标"},
    '[>=60]"达标";"未达标"': {"60": "达标", "59.99": "未达标", "-5": "-未达标"},
    '[=1]"男";[=2]"女"': {"1": "男", "2": "女", "3": None},
    '[=1]"男";[=2]"女";"未填"': {"3": "未填"},
    "[>=100]0.0": {"100": "100.0", "99.5": "99.5", "-5": "-5"},
    "[>.5]0.0;0": {"0.6": "0.6", "0.5": "1"},
    "[<0]0.0;0": {"-5": "5.0", "5": "5"},
    "[<-5]0;0.0": {"-6": "6", "-3": "3.0"},
    '[>5]"多"0;0;"零"': {"6": "多6", "5": None},
    '0;[>=-5]"近"0;0.0': {"3": "3", "-3": "-近3", "-6": "-6.0"},
    "[红色]0": {"5": "5"},
    "[Color 5][<>0]0.0": {"5": "5.0"},
    "[颜色12]0": {"5": "5"},
    "[Red]": {"5": "5"},
    "[$¥-804]#,##0.00": {"5": "¥5.00", "-5": "-¥5.00"},
    "[$￥-zh-CN]0": {"5": "￥5"},
    "[$€-2] 0": {"5": "€ 5"},
    "[$USD]0": {"5": "USD5"},
    "#,##0.00 [$€-407]": {"1234.5": "1,234.50 €"},
    "[$-2000000]0": {"5": None},
    "0.00 ;-0": {"1": "1.00 "},
}
GENERAL: dict[str, dict[str, str | None]] = {
    "": {"1234.5": "1234.5"},
    "General": {
        "0": "0", "-1.5": "-1.5", "0.1": "0.1", "99999999999": "99999999999", "100000000000": "1E+11",
        "123456789.123": "123456789.1", "12345678901.5": "12345678902", "0.0001234567891": "0.000123457",
        "0.000012345": "0.000012345", "0.0000123456": "1.23456E-05", "0.00001": "0.00001", "0.0000000001": "1E-10", "1e300": "1E+300",
        "999999999999": "1E+12", "0.333333333333333": "0.333333333",
    },
    "G/通用格式": {"-1234.5": "-1234.5"},
    'General"元"': {"24100": "24100元", "-5": "-5元"},
    '"约"General;"负"General': {"-5": "负5"},
    "General_ ": {"0.9": "0.9 "},
}  # fmt: skip
NUMERALS: dict[str, dict[str, str | None]] = {
    "[DBNum1]General": {
        "24100": "二万四千一百", "10": "一十", "105": "一百〇五", "0": "〇", "1203450": "一百二十万三千四百五十",
        "100000001": "一亿〇一", "1.05": "一.〇五", "-3": "-三", "99999999999": "九百九十九亿九千九百九十九万九千九百九十九", "100000000000": None, "123456789.12": None, "10000002000": None,
    },
    '[DBNum2]G/通用格式"元整"': {"24100": "贰万肆仟壹佰元整", "1005": "壹仟零伍元整", "2000000": "贰佰万元整"},
    "[DBNum2][$-804]General": {"10010": "壹万零壹拾"},
    "[DBNum1]0": {"2022": "二〇二二", "1234": "一二三四"},
    "[DBNum2]0角0分": {"12": "壹角贰分", "5": "零角伍分"},
    "[DBNum3]0": {"123": "１２３"},
    "[DBNum3]General": {"123": None},
    "[DBNum4]0": {"1": None},
}  # fmt: skip
DATES: dict[str, dict[str, str | None]] = {
    "yyyy/m/d": {
        "44820": "2022/9/16", "0": "1900/1/0", "1": "1900/1/1", "59": "1900/2/28", "60": "1900/2/29", "61": "1900/3/1",
        "2958465": "9999/12/31", "2958465.99": "9999/12/31", "2958466": None, "-1": None, "44820.99": "2022/9/16",
    },
    'yyyy"年"m"月"d"日"': {"44820": "2022年9月16日"},
    "yyyy年m月d日": {"44820": "2022年9月16日"},
    'm"月"': {"6": "1月"},
    "yy.mm.dd": {"44820": "22.09.16"},
    "emmdd": {"44820": "20220916"},
    "e-mm-dd": {"44820": "2022-09-16"},
    "aaaa": {"44820": "星期五", "1": "星期日"},
    "aaa": {"44820": None},
    "dddd": {"44820": "Friday"},
    "d-mmm-yy": {"44820": "16-Sep-22"},
    "mmmm": {"44820": "September"},
    "mmmmm": {"44820": "S"},
    "[$-804]mmmm dddd": {"44820": "九月 星期五"},
    "[$-804]mmm": {"44820": "9月"},
    "[$-409]mmmm": {"44820": "September"},
    "[$-411]mmmm": {"44820": None},
    "[$-411]yyyy年m月d日": {"44820": "2022年9月16日"},
    "[$-130000]yyyy/m/d": {"44820": None},
    "[$-407]yyyy/m/d": {"44820": None},
    "[$-407]yyyy-m-d": {"44820": "2022-9-16"},
    "[$-407]mmmm": {"44820": None},
    'ggge"年"': {"44820": "2022年"},
    "[$-411]ggge": {"44820": None},
    "bbbb-bb": {"44820": "2565-65"},
    "B2yyyy/m/d": {"44820": None},
    "[$-F800]dddd, mmmm dd, yyyy": {"44820": "2022年9月16日"},
    "[$-F400]h:mm:ss AM/PM": {"44820.25": "6:00:00"},
    "[DBNum1][$-804]yyyy年m月d日": {"44845": "二〇二二年十月十一日", "44820": "二〇二二年九月十六日"},
    "[DBNum2]yyyy年m月d日": {"42712": "贰零壹陆年壹拾贰月捌日"},
    "[DBNum2]mm月dd日": {"42712": "壹拾贰月零捌日"},
    "[DBNum3]yyyy年m月d日": {"42712": "２０１６年１２月８日"},
    "h:mm": {"0.25": "6:00", "0.5": "12:00", "0.99999": "23:59", "1.75": "18:00"},
    "hh:mm:ss": {"0.70707": "16:58:11", "0.9999999": "00:00:00"},
    "yyyy-mm-dd hh:mm:ss": {"44820.9999999": "2022-09-17 00:00:00"},
    "hh:mm:ss.00": {"0.70707": "16:58:10.85"},
    "mm:ss": {"0.5": "00:00", "0.0012": "01:44"},
    "m/d h:m": {"44820.3": "9/16 7:12"},
    "h:mm AM/PM": {"0.25": "6:00 AM", "0.5": "12:00 PM", "0": "12:00 AM"},
    "h:mm A/P": {"0.75": "6:00 P"},
    '上午/下午h"时"mm"分"': {"0.75": "下午6时00分", "0.25": "上午6时00分"},
    "[$-804]AM/PM h:mm": {"0.75": "下午 6:00"},
    "[h]:mm": {"1.5": "36:00", "0.25": "6:00", "-0.5": None},
    "[mm]": {"0.001": "01"},
    "[s]": {"0.001": "86"},
    "[DBNum1][h]": {"51.5": None},
    "[DBNum1]yy": {"44820": "二二"},
    "b1yyyy": {"44820": "2022"},
}  # fmt: skip
REFUSED = [
    '"open', "0\\", "0_", "[未知]0", "[h", "0]", "0;0;0;0;0", "@;0", "0;0;0;0.0", "yyyy 0", "0/", "/", "0E+", "E+00", "nn",
    "[>1]0;[>2]0;[>3]0", "0;0;[>1]0", "0%%", "0,%", "0,.0", "05", "#,##0-0", "General0", "General General", "0@",
    "[NatNum1]0", "0 0/0", "?/?/?", "?.?/?", "yyyy%", ".0.yyyy", "0.0E+0E+0", "x,,", "[$-1E000804]0", "[$-130000]0", "[$-zh-CN,1300]0",
]  # fmt: skip
"""Formats that Excel refuses or that programs understand differently."""

TABLES = (NUMBERS, SECTIONS, GENERAL, NUMERALS, DATES)
SHOWN = [
    (code, number, text)
    for table in TABLES
    for code, cases in table.items()
    for number, text in cases.items()
]


@pytest.mark.parametrize(("code", "number", "text"), SHOWN)
def test_what_is_shown(code: str, number: str, text: str | None) -> None:
    assert show(Decimal(number), code) == text


@pytest.mark.parametrize("code", REFUSED)
def test_formats_that_are_refused(code: str) -> None:
    assert show(Decimal(1), code) is None
    seen = meaning(Decimal(1), code)
    assert (seen.kind, seen.shown, seen.value) == (Kind.UNKNOWN, "", Decimal(1))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e309", "1e999999"])
def test_what_no_workbook_can_hold(number: str) -> None:
    assert show(Decimal(number), "0") is None
    assert meaning(Decimal(number), "General").kind is Kind.UNKNOWN


def test_numbers_beyond_the_bounds_of_binary_ones() -> None:
    assert show(Decimal("1e308"), "0") == "1" + "0" * 308
    assert show(Decimal("1e-400"), "0.0") == "0.0"
    assert show(Decimal("0e999999"), "0") == "0"
    assert show(Decimal("1e-999999"), "General") == "0"


def test_a_format_has_at_most_255_characters() -> None:
    assert show(Decimal(5), "#" * LONGEST) == "5"
    assert show(Decimal(5), "#" * (LONGEST + 1)) is None
    assert not is_date("y" * (LONGEST + 1))
    assert is_date("y" * LONGEST)


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "1904/1/1"), ("43358", "2022/9/16"), ("2957003", "9999/12/31"), ("2957004", None), ("-1", None)],
)
def test_dates_from_1904(number: str, text: str | None) -> None:
    assert show(Decimal(number), "yyyy/m/d", epoch_1904=True) == text
    assert show(Decimal("1.5"), "[h]:mm", epoch_1904=True) == "36:00"
    assert show(Decimal(43358), "aaaa", epoch_1904=True) == "星期五"


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("甲", "0", "甲"), ("甲", "@", "甲"), ("甲", '"项目"@', "项目甲"), ("甲", '0;-0;0;@"（略）"', "甲（略）"), ("甲", ";;;", ""),
        ("甲", '0;0;0;"文字"', "文字"), ("甲", "@@", "甲甲"), ("甲", "0;0;0;General", "甲"), ("甲", "[未知]@", "甲"),
        ("甲", "_ @_ ", " 甲 "), ("甲", '"x' * 300, "甲"),
    ],
)  # fmt: skip
def test_texts(text: str, code: str, wanted: str) -> None:
    assert show_text(text, code) == wanted


# -- what it means -----------------------------------------------------------------------------------------

MEANT: list[tuple[str, str, Kind, str, str, str, int, str | None, bool]] = [
    # format, number: kind, value, before, after, decimals, rounded, the sign differs
    ("General", "5.25", Kind.GENERAL, "5.25", "", "", 2, "5.25", False),
    ('General"元"', "24100", Kind.GENERAL, "24100", "", "元", 0, "24100", False),
    ("General", "0.333333333333333", Kind.GENERAL, "0.333333333333333", "", "", 9, "0.333333333", False),
    ("@", "5", Kind.GENERAL, "5", "", "", 0, "5", False),
    ('#,##0.00"元"', "60000", Kind.NUMBER, "60000", "", "元", 2, "60000.00", False),
    ('"¥"#,##0.00', "1234.565", Kind.NUMBER, "1234.565", "¥", "", 2, "1234.57", False),
    ("[$¥-804]0_ ", "-5", Kind.NUMBER, "-5", "¥", "", 0, "-5", False),
    ('0.00,"千元"', "24105", Kind.NUMBER, "24.105", "", "千元", 2, "24.11", False),
    ('0.00"亿元"', "5", Kind.NUMBER, "5", "", "亿元", 2, "5.00", False),
    ("0!.0,", "60450", Kind.NUMBER, "6.0450", "", "", 1, "6.0", False),
    ('0!.0000"万元"', "24100", Kind.NUMBER, "2.4100", "", "万元", 4, "2.4100", False),
    ('0"."00,"万"', "1234567", Kind.NUMBER, "12.34567", "", "万", 2, "12.35", False),
    ("0!,0000", "12345", Kind.NUMBER, "12345", "", "", 0, "12345", False),
    ("0000 0000", "12345678", Kind.NUMBER, "12345678", "", "", 0, "12345678", False),
    ("0%", "0.955", Kind.PERCENT, "95.5", "", "%", 0, "96", False),
    ('0.0%"左右"', "0.5", Kind.PERCENT, "50", "", "%左右", 1, "50.0", False),
    ('0"%"', "95", Kind.PERCENT, "95", "", "%", 0, "95", False),
    ("0‰", "5", Kind.PERMILLE, "5", "", "‰", 0, "5", False),
    ("0.00E+00", "12345", Kind.NUMBER, "12345", "", "", 2, "12300", False),
    ("# ?/?", "1.5", Kind.NUMBER, "1.5", "", "", 0, None, False),
    ("0;(0)", "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ("0;(¥0元)", "-3", Kind.NUMBER, "-3", "¥", "元", 0, "-3", False),
    ("(0)", "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ('"-"0', "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ('0;"▲"0', "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ('"▲"0', "3", Kind.NUMBER, "3", "▲", "", 0, "3", False),
    ("0;（0）", "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ('"（"0"）"', "3", Kind.NUMBER, "3", "（", "）", 0, "3", False),
    ('0"(万元)"', "-3", Kind.NUMBER, "-3", "", "(万元)", 0, "-3", False),
    ("0;0", "-3", Kind.NUMBER, "3", "", "", 0, "3", True),
    ("-0", "3", Kind.NUMBER, "-3", "", "", 0, "-3", True),
    ("0;0-", "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ('0;"负"0', "-3", Kind.NUMBER, "-3", "", "", 0, "-3", False),
    ("0.0", "-0.04", Kind.NUMBER, "-0.04", "", "", 1, "0.0", False),
    (ACCOUNTING, "0", Kind.NUMBER, "0", "", "", 0, "0", False),
    ('[DBNum2]General"元整"', "24100", Kind.GENERAL, "24100", "", "元整", 0, "24100", False),
    ("[DBNum1]0", "12", Kind.NUMBER, "12", "", "", 0, "12", False),
    ('0;-0;"无"', "0", Kind.WORDS, "0", "无", "", 0, None, False),
    ('[<60]"不达标";"达标"', "75", Kind.WORDS, "75", "达标", "", 0, None, False),
    ('#"元"', "0", Kind.WORDS, "0", "元", "", 0, None, False),
    (";;;", "-1", Kind.HIDDEN, "-1", "", "", 0, None, False),
    ("#", "0.4", Kind.HIDDEN, "0.4", "", "", 0, None, False),
    ("* ", "5", Kind.HIDDEN, "5", "", "", 0, None, False),
    ('0"元"00"分"', "12345", Kind.UNKNOWN, "12345", "", "", 0, None, False),
    ("000-0000", "5551234", Kind.UNKNOWN, "5551234", "", "", 0, None, False),
    ('0"0000"', "6", Kind.UNKNOWN, "6", "", "", 0, None, False),
    ('"0."00', "6", Kind.UNKNOWN, "6", "", "", 0, None, False),
    ('0%"%"', "6", Kind.UNKNOWN, "6", "", "", 0, None, False),
    ("yyyy/m/d", "-1", Kind.UNKNOWN, "-1", "", "", 0, None, False),
]


@pytest.mark.parametrize("case", MEANT, ids=lambda case: f"{case[0]} {case[1]}")
def test_which_number_is_seen(case: tuple[Any, ...]) -> None:
    code, number, kind, value, before, after, decimals, rounded, differs = case
    seen = meaning(Decimal(number), code)
    assert (seen.kind, seen.value, seen.before, seen.after) == (kind, Decimal(value), before, after)
    assert (seen.decimals, seen.sign_differs) == (decimals, differs)
    assert seen.rounded == (None if rounded is None else Decimal(rounded))
    assert seen.shown == (show(Decimal(number), code) or "")


@pytest.mark.parametrize(
    ("code", "number", "kind", "day", "clock", "parts"),
    [
        ("yyyy-mm-dd", "44820", Kind.DATE, date(2022, 9, 16), time(0), "year month day"),
        ("yyyy年m月", "44820", Kind.DATE, date(2022, 9, 16), time(0), "year month"),
        ('m"月"', "6", Kind.DATE, date(1900, 1, 6), time(0), "month"),
        ("yyyy/m/d h:mm", "44820.75", Kind.DATE, date(2022, 9, 16), time(18), "year month day hour minute"),
        ("yyyy/m/d", "60", Kind.DATE, None, time(0), "year month day"),
        ("yyyy/m/d", "0", Kind.DATE, None, time(0), "year month day"),
        ("d dddd", "44820", Kind.DATE, date(2022, 9, 16), time(0), "day weekday"),
        ("aaaa", "44820", Kind.WEEKDAY, date(2022, 9, 16), time(0), "weekday"),
        ("[$-130000]yyyy/m/d", "44820", Kind.DATE, date(2022, 9, 16), time(0), "year month day"),
        ("[$-407]d/m/yyyy", "44820", Kind.DATE, date(2022, 9, 16), time(0), "year month day"),
        ("[$-411]ggge年", "44820", Kind.DATE, date(2022, 9, 16), time(0), "year"),
        ("aaa", "44820", Kind.WEEKDAY, date(2022, 9, 16), time(0), "weekday"),
        ("dddd", "44820", Kind.WEEKDAY, date(2022, 9, 16), time(0), "weekday"),
        ("h:mm", "0.25", Kind.TIME, None, time(6), "hour minute"),
        ("AM/PM", "0.75", Kind.TIME, None, time(18), "hour"),
        ("mm:ss", "0.0012", Kind.TIME, None, time(0, 1, 44), "minute second"),
        ("[h]:mm", "1.5", Kind.DURATION, date(1900, 1, 1), time(12), "elapsed minute"),
        ("[$-F800]x", "44820", Kind.DATE, date(2022, 9, 16), time(0), "year month day"),
        ("[$-F400]x", "0.5", Kind.TIME, None, time(12), "hour minute second"),
    ],
)
def test_which_date_is_seen(
    code: str, number: str, kind: Kind, day: date | None, clock: time, parts: str
) -> None:
    seen = meaning(Decimal(number), code)
    assert (seen.kind, seen.date, seen.time, seen.parts) == (kind, day, clock, frozenset(parts.split()))
    assert (seen.value, seen.rounded) == (Decimal(number), None)


@pytest.mark.parametrize(
    ("code", "dated", "calendar", "percent", "general"),
    [
        ("General", False, False, False, True), ("", False, False, False, True), ("@", False, False, False, True),
        ('General"日"', False, False, False, True), ("0.00", False, False, False, False),
        ("yyyy/m/d", True, True, False, False), ("aaaa", True, True, False, False), ("h:mm", True, False, False, False),
        ("[h]:mm", True, False, False, False), ("[$-F800]", True, True, False, False), ('0"日"', False, False, False, False),
        ("0\\d", False, False, False, False), ("[Red]0;yyyy", False, False, False, False), ("yyyy/m/d;@", True, True, False, False),
        ("0%", False, False, True, False), ("0.0%;-0.0%", False, False, True, False), ('0"%"', False, False, False, False),
        ("0\\%", False, False, False, False), ("0;0%", False, False, False, False), ("[未知]0%", False, False, False, False),
    ],
)  # fmt: skip
def test_what_a_format_is_for(code: str, dated: bool, calendar: bool, percent: bool, general: bool) -> None:
    assert (is_date(code), is_calendar(code), is_percent(code), is_general(code)) == (
        dated, calendar, percent, general,
    )  # fmt: skip


@pytest.mark.parametrize("number", BUILT_IN)
def test_formats_that_are_named_by_number(number: int) -> None:
    code = BUILT_IN[number]
    assert show(Decimal("44820.5"), code) is not None or code == "# ?/?"
    assert is_date(code) is (number in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
    assert is_percent(code) is (number in (9, 10))


def test_styles_are_written_by_number_only_where_it_means_the_same_everywhere() -> None:
    assert {BUILT_IN[number] for number in SAME_EVERYWHERE} >= {"General", "0.00", "0%", "[h]:mm:ss", "@"}
    assert not {14, 22, 31, 37, 43, 58} & set(SAME_EVERYWHERE)


# -- what holds for all ------------------------------------------------------------------------------------

signs = [
    *'0#?.,;%@/ -+()[]"\\!_*<>=Eymdhsaegbn月¥',
    "General",
    "AM/PM",
    "[h]",
    "[>=1]",
    "[$-804]",
    "[DBNum2]",
    "[红色]",
    "00",
]
anything = st.lists(st.sampled_from(signs), max_size=14).map("".join) | st.text(max_size=12)
stored = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-(10**6), 10**6, places=4)


@settings(max_examples=500)
@given(stored, anything, st.booleans())
@example(Decimal("1e308"), "0.0" + "0" * 250, False)
@example(Decimal("1e-300"), "#,##0E+0", False)
@example(Decimal("0.5"), '0"又"?/?', False)
def test_every_format_is_followed_or_refused(number: Decimal, code: str, epoch_1904: bool) -> None:
    text = show(number, code, epoch_1904=epoch_1904)
    seen = meaning(number, code, epoch_1904=epoch_1904)
    assert seen.shown == (text or "")
    assert len(seen.shown) < 310 + 256 * 12
    if seen.kind in (Kind.DATE, Kind.TIME, Kind.WEEKDAY, Kind.DURATION):
        assert is_date(code) or ";" in code or "[" in code
    elif text is None:
        assert seen.kind is Kind.UNKNOWN
    assert show_text("甲", code) is not None


placeholders = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "¥", '"约"', "_ ", "[$¥-804]", "[红色]"]),
    st.sampled_from(["0", "#,##0", "000", "#0"]),
    st.sampled_from(["", ".0", ".00", ".0#", "\\.0", "!.00", '"."000']),
    st.sampled_from(["", ",", ",,", "%"]),
    st.sampled_from(["", "元", '"万元"', "_ ", ")"]),
)


@settings(max_examples=500)
@given(st.decimals(-(10**11), 10**11, places=3), placeholders, st.sampled_from(["", ";-{}", ";({})", ";{}"]))
def test_the_number_seen_is_the_value_rounded(number: Decimal, code: str, negative: str) -> None:
    code += negative.format(code) if not code.startswith("[红色]") else ""
    seen = meaning(number, code)
    digits = re.sub(r"[^0-9.]", "", seen.shown)
    if not digits or ("," in code and "%" in code):
        return
    assert seen.rounded is not None
    assert abs(seen.rounded) == Decimal(digits)
    unit = Decimal(1).scaleb(-seen.decimals)
    assert seen.value.quantize(unit, ROUND_HALF_UP) == seen.rounded
    assert seen.sign_differs is (number < 0 < seen.value)


@given(st.integers(0, 10**12 - 1), st.sampled_from([1, 2]))
def test_numerals_say_the_number(number: int, style: int) -> None:
    text = show(Decimal(number), f"[DBNum{style}]General")
    if text is not None:
        assert (
            read_numeral(
                text.translate(str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟零", "一二三四五六七八九十百千〇"))
            )
            == number
        )


def read_numeral(text: str) -> int:
    """A numeral with all its units, read from its largest unit."""
    for sign, unit in {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}.items():
        if sign in text:
            before, _, after = text.partition(sign)
            return read_numeral(before) * unit + read_numeral(after)
    return int(
        text.translate({ord(sign): str(value) for value, sign in enumerate("〇一二三四五六七八九")}) or "0"
    )


def test_a_long_format_costs_nothing() -> None:
    """Nothing is read of it: its length alone decides."""

    class Unreadable(str):
        def __iter__(self) -> Any:
            raise AssertionError

        def __hash__(self) -> int:
            raise AssertionError

    assert show(Decimal(1), Unreadable("0" * 300_000)) is None
    assert meaning(Decimal(1), Unreadable("0" * 300_000)).kind is Kind.UNKNOWN
