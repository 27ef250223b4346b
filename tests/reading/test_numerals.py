"""Chinese numerals against a generator of their own, in both directions, and what is no numeral at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlbudget.audit.quantities import quantities
from xlbudget.reading.numerals import chinese_integer, parse_number, parse_percent
from xlbudget.reading.quantities import read_amount
from xlbudget.reading.said import Context, Refused
from xlbudget.reading.table import Cell

PLAIN = ("零一二三四五六七八九", "", "十", "百", "千")
CAPITAL = ("零壹贰叁肆伍陆柒捌玖", "", "拾", "佰", "仟")


def section(number: int, words: tuple[str, ...]) -> str:
    """A number from 1 to 9,999; 零 stands once for the places skipped within it."""
    digits, *places = words
    text, skipped = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if skipped and text else "") + digits[digit] + places[power]
        skipped = not digit
    return text


def numeral(number: int, words: tuple[str, ...] = PLAIN) -> str:
    """The numeral of a number below 10¹⁶ as textbooks write it."""
    if not number:
        return words[0][0]
    high, rest = divmod(number, 10**8)
    middle, low = divmod(rest, 10**4)
    text = numeral(high, words) + "亿" if high else ""
    if middle:
        text += ("零" if text and middle < 1000 else "") + section(middle, words) + "万"
    if low:
        text += ("零" if text and (low < 1000 or not middle) else "") + section(low, words)
    return text


NUMBERS = st.one_of(
    st.integers(0, 10**16 - 1),
    st.builds(lambda digits, zeros: digits * 10**zeros % 10**16, st.integers(0, 9999), st.integers(0, 12)),
    st.builds(lambda high, low: high * 10**8 + low, st.integers(1, 99), st.integers(0, 9999)),
)


@given(NUMBERS, st.sampled_from([PLAIN, CAPITAL]))
@example(130_000_000, PLAIN)
@example(100_000_003, PLAIN)
@example(10_0000_0000_0000, CAPITAL)
def test_every_numeral_is_read_as_its_number(number: int, words: tuple[str, ...]) -> None:
    text = numeral(number, words)
    assert chinese_integer(text) == number
    if text.startswith(("一十", "壹拾")):
        assert chinese_integer(text[1:]) == number


@given(st.text(alphabet="零〇一二三四五六七八九十百千万亿", min_size=1, max_size=9))
@example("二百三百")
@example("一百零零五")
def test_what_is_read_is_the_numeral_of_that_number(text: str) -> None:
    """Nothing is read but numerals: written anew they differ in 零 and 一 only, or are strings of digits."""
    number = chinese_integer(text)
    if number is None:
        return
    assert bare(text) == bare(numeral(number)) or text.translate(ARABIC) == str(number).zfill(len(text))


ARABIC = str.maketrans("零〇一二三四五六七八九", "00123456789")


def bare(text: str) -> str:
    """Without 零 and the 一 that may be left out before 十."""
    return text.replace("零", "").replace("〇", "").replace("一十", "十")


@given(st.integers(1, 10**12), st.sampled_from(["万元", "元"]))
def test_amounts_in_numerals(number: int, unit: str) -> None:
    """一亿三千万元 is 13,000 万元 in a workbook in 万元, and as much in a text."""
    text = f"{numeral(number)}元"
    assert read_amount(Cell("text", text), Context(unit)).value == number
    if number >= 10:
        (found,) = quantities(f"共安排资金{text}。")
        assert found.value == number


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_arabic_digits_in_sections(high: int, low: int) -> None:
    assert chinese_integer(f"{high}亿零{low}万") == high * 10**8 + low * 10**4
    assert parse_number(f"{high}亿{low}万元") == parse_number(f"{high * 10**4 + low}万元")


def mixed(number: int) -> str:
    """A number with Arabic digits in sections: 1亿零300万5000."""
    text = ""
    for sign, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, number = divmod(number, size)
        text += f"{'零' if text and part < 1000 else ''}{part}{sign}" if part else ""
    return text


@given(st.integers(10**4, 10**12))
@example(1_0000_0500)
@example(31_9710_8917)
def test_arabic_digits_in_sections_of_an_amount(number: int) -> None:
    """The same amount in a cell and in a text."""
    assert read_amount(Cell("text", f"{mixed(number)}元"), Context()).value == number
    (found,) = quantities(f"共安排资金{mixed(number)}元。")
    assert found.value == number


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("31亿2千万元", 3_120_000_000), ("9710万2千元", 97_102_000), ("3千5百元", 3500), ("一二〇万元", 1_200_000), ("5万零8百元", 50_800)],
)  # fmt: skip
def test_mixed_and_spelled_amounts(text: str, yuan: int) -> None:
    assert read_amount(Cell("text", text), Context()).value == yuan
    (found,) = quantities(f"共安排资金{text}。")
    assert found.value == yuan


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一〇五", 105), ("一零五", 105), ("二〇二二", 2022), ("一〇〇", 100), ("〇", 0), ("零", 0), ("十五", 15),
        ("一百十五", 115), ("两千", 2000), ("两万两千", 22_000), ("壹拾万零伍仟", 105_000), ("一万五百", 10_500),
        ("一万亿", 10**12), ("三万五千亿", 3_500_000_000_000), ("3千5百", 3500), ("1亿零5000", 100_005_000), ("萬", None),
        ("二0二二", 2022), ("5壹", None), ("10三", None), ("5零零", None), ("2零亿", None), ("伍萬億", 5 * 10**12), ("一千二", None), ("一万二", None), ("一亿五千", None), ("三亿五", None), ("1万5", None),
        ("二百三百", None), ("一百零", None), ("一百零零五", None), ("零一百", None), ("百", None), ("万", None),
        ("三五", None), ("七八", None), ("八七", 87), ("十十", None), ("两十", None), ("一百零两", None), ("一二三千", None),
        ("二十零五", None), ("一万零一千", None), ("一亿二亿", None), ("一万二万", None), ("", None), ("5.5", None),
        ("一" * 61, None),
    ],
)  # fmt: skip
def test_numerals_by_the_book_and_by_habit(text: str, number: int | None) -> None:
    assert chinese_integer(text) == number


@pytest.mark.parametrize(
    ("text", "percent"),
    [("95%", 95), ("百分之九十五", 95), ("百分之九十五点五", "95.5"), ("千分之五", "0.5"), ("5‰", "0.5"), ("5百分点", 5),
     ("5个百分点", 5), ("九成", None), ("95", None), ("百分之九十五次", None)],
)  # fmt: skip
def test_percentages(text: str, percent: int | str | None) -> None:
    assert parse_percent(text) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize("length", [61, 400_000])
@pytest.mark.parametrize("sign", ["9", "九", "万", "一万", "(", ",", "零"])
def test_long_texts_are_no_numbers(sign: str, length: int) -> None:
    """No time is spent on what nobody types as a number."""
    text = sign * length
    assert parse_number(text) is None
    assert chinese_integer(text) is None
    with pytest.raises(Refused):
        read_amount(Cell("text", text), Context())
