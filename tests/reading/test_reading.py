"""How cells are read: the table in tests/cases/reading.yaml, and what must hold for any text at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.build import cell
from xlbudget.domain.model import Comparison, RemarkKind
from xlbudget.domain.money import plain
from xlbudget.layout import Kind
from xlbudget.reading import cells as reading
from xlbudget.reading import dates, quantities
from xlbudget.reading.comparisons import read_comparison
from xlbudget.reading.numerals import tidy
from xlbudget.reading.said import Context, Reading, Refused
from xlbudget.reading.table import Cell
from xlbudget.reading.targets import Target, read_actual, read_target

TABLE = yaml.safe_load((Path(__file__).parent.parent / "cases" / "reading.yaml").read_text("utf-8"))
ROWS = [(group, row) for group in TABLE for row in group["行"]]
PLAIN: dict[Kind, Callable[[Cell, Context], Reading[Any]]] = {
    Kind.AMOUNT: quantities.read_amount, Kind.NUMBER: quantities.read_number, Kind.MONTH: dates.read_month,
    Kind.YEAR: dates.read_year, Kind.DATE: dates.read_date, Kind.DEADLINE: dates.read_date,
    Kind.FLAG: reading.read_flag, Kind.OPTION: reading.read_option, Kind.OPTIONS: reading.read_options,
    Kind.CODE: reading.read_code, Kind.TEXT: reading.read_text, Kind.NAME: reading.read_name, Kind.WEIGHT: quantities.read_weight,
}  # fmt: skip


def target_of(words: dict[str, Any]) -> Target:
    one = cell(words["年度指标值"])
    assert one is not None
    return read_target(Comparison(words["计算符号"]), words.get("计量单位") or None, one, Context()).value


def read(group: dict[str, Any], one: Cell, context: Context) -> Reading[Any]:
    kind = Kind(group["种类"])
    if kind in (Kind.ACTUAL, Kind.FULL_YEAR):
        return read_actual(target_of(group["目标"]), one, context, may_wait=kind is Kind.ACTUAL)
    if kind is Kind.TARGET:
        target, said = read_target(None, group["单位"], one, context)
        return Reading(
            target.value if target.comparison is None else [str(target.comparison), target.value], said
        )
    if kind is Kind.COMPARISON:
        comparison, said = read_comparison(one, context)
        return Reading(comparison[0], said)
    return PLAIN[kind](one, context)


def outcome(group: dict[str, Any], typed: Any) -> tuple[Any, str | None]:
    """Value and what was said, in the words of the table."""
    one = cell(typed)
    if reading.is_empty(one) or one is None:
        return None, "空"
    context = Context(group.get("单位", "万元"), group.get("年度"), group.get("选项", ()))
    try:
        value, told = read(group, one, context)
    except Refused:
        return None, "错误"
    words = {RemarkKind.INTERPRETED: "提示", RemarkKind.SMALL_PERCENT: "警告", RemarkKind.UNSEEN: "警告"}
    said = {words[kind] for kind, _, _ in told}
    return value, "警告" if "警告" in said else next(iter(said), None)


def comparable(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [comparable(one) for one in value]
    return str(value)


@pytest.mark.parametrize(("group", "row"), ROWS, ids=[f"{g['种类']} {r[0]!r}" for g, r in ROWS])
def test_table(group: dict[str, Any], row: list[Any]) -> None:
    typed, value, said = row[0], row[1], row[2] if len(row) > 2 else None
    found, found_said = outcome(group, typed)
    assert (comparable(found), found_said) == (comparable(value), said)


def test_the_table_is_long() -> None:
    assert len(ROWS) >= 200


TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(
        alphabet="0123456789０１２３.,，%％万亿千百十元年月日约余多-—－+（）()<>=≥≤ 　个次期一二三两零",
        max_size=10,
    ),
)
NUMBERS = {
    Kind.AMOUNT: quantities.read_amount,
    Kind.NUMBER: quantities.read_number,
    Kind.WEIGHT: quantities.read_weight,
}


def refusal(group: dict[str, Any], text: str, context: Context) -> Refused | None:
    try:
        read(group, Cell("text", text), context)
    except Refused as refused:
        return refused
    return None


@given(TEXTS)
def test_no_text_crashes_any_reader(text: str) -> None:
    for group in TABLE:
        if not reading.is_empty(Cell("text", text)):
            context = Context(group.get("单位", "万元"), group.get("年度"), group.get("选项", ()))
            refused = refusal(group, text, context)
            assert refused is None or (refused.message and refused.remedy)


@given(TEXTS, st.sampled_from(sorted(NUMBERS)), st.sampled_from(["万元", "元"]))
def test_a_reading_printed_and_read_again_is_the_same(text: str, kind: Kind, unit: str) -> None:
    """What a number was read as, written plainly, reads as that number and needs no interpretation."""
    if reading.is_empty(Cell("text", text)):
        return
    try:
        value = NUMBERS[kind](Cell("text", text), Context(unit)).value
    except Refused:
        return
    shown = value / (10_000 if kind is Kind.AMOUNT and unit == "万元" else 1)
    assert NUMBERS[kind](Cell("text", plain(shown)), Context(unit)) == (value, ())


@given(TEXTS)
def test_nothing_is_interpreted_in_silence(text: str) -> None:
    """Without a remark the text is the number itself, blanks and the unit of the workbook aside."""
    if reading.is_empty(Cell("text", text)):
        return
    try:
        value, said = quantities.read_amount(Cell("text", text), Context("元"))
    except Refused:
        return
    if not said:
        assert Decimal(tidy(text).removesuffix("元")) == value
    else:
        assert plain(value) in said[0].message


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_stored_numbers_come_back_exactly(number: Decimal) -> None:
    """A number stored as the nearest binary fraction with 17 digits is read as what was typed."""
    stored = Cell("number", repr(float(number)))
    assert quantities.read_amount(stored, Context("元")) == (number, ())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("大约一半吧", "“大约一半吧”读不出数字。"),
        ("约 ５０ 次", "“约 ５０ 次”的单位与计量单位“%”不一致。"),
        ("一百二十人左右", "“一百二十人左右”的单位与计量单位“%”不一致。"),
    ],
)
def test_a_refusal_quotes_what_was_typed(typed: str, message: str) -> None:
    target = Target(Comparison.AT_LEAST, Decimal(95), "%", percent=True)
    with pytest.raises(Refused) as refused:
        read_actual(target, Cell("text", typed), Context(), may_wait=True)
    assert refused.value.message == message


NEXT = {"计量单位": "次", "计算符号": "≥", "年度指标值": 100}


@pytest.mark.parametrize(
    ("kind", "typed", "quoted", "remedy"),
    [
        ("amount", {"值": 24100, "格式": '0"吨"'}, "“24100吨”", "请先把格式改为常规"),
        ("amount", {"值": 0.06, "格式": "0%"}, "“6%”", "请先把格式改为常规"),
        ("amount", {"值": 24100, "格式": '0"元"00"分"'}, "“24100”的格式", "请把单元格格式改为常规"),
        ("amount", {"值": 0.25, "格式": "h:mm"}, "“6:00”", "请把单元格格式改为常规"),
        ("amount", "6吨", "“6吨”", "请填一个数字"),
        ("actual", {"值": 0.5, "格式": "0%"}, "“50%”", "请先把格式改为常规"),
        ("actual", {"值": 50, "格式": '0"天"'}, "“50天”", "请先把格式改为常规"),
        ("actual", "不少于50天", "“不少于50天”", "请换算成“次”"),
        ("actual", "达到50%以上", "“达到50%以上”", "单位是“次”"),
        ("target", "5天以内", "“5天以内”", "请换算成“次”"),
        ("target", "≥95%", "“≥95%”", "请把计量单位改为“%”"),
        ("month", {"值": 6, "格式": '0"个月"'}, "“6个月”", "请先把格式改为常规"),
    ],
)  # fmt: skip
def test_a_refusal_quotes_what_is_seen_and_its_remedy_helps(
    kind: str, typed: Any, quoted: str, remedy: str
) -> None:
    one = cell(typed)
    assert one is not None
    with pytest.raises(Refused) as refused:
        read({"种类": kind, "单位": "次" if kind == "target" else "万元", "目标": NEXT}, one, Context())
    assert quoted in refused.value.message
    assert remedy in reading.remedy_for(one, refused.value)


def test_a_number_that_shows_as_another_is_told_with_what_is_seen() -> None:
    found = quantities.read_amount(Cell("number", "60000", None, "0!.0,"), Context())
    assert [one.message for one in found.said] == ["单元格存的是 60000，显示为“6.0”，按“6 万元”读取。"]


@pytest.mark.parametrize(
    ("serial", "meant"),
    [
        ("44752", "2022-07-10"),
        ("45291", "2023-12-31"),
        ("44197", "2021-01-01"),
        ("45292", ""),
        ("44196", ""),
        ("7", ""),
    ],
)
def test_a_date_that_lost_its_format_is_named(serial: str, meant: str) -> None:
    """People see a number; the remedy names the day where it is about 预算年度."""
    with pytest.raises(Refused) as refused:
        dates.read_date(Cell("number", serial), Context(year=2022))
    assert refused.value.message == f"“{serial}”读不出日期。"
    assert refused.value.remedy.startswith(f"像是日期 {meant} 丢了格式" if meant else "请填日期")
