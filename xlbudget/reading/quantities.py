"""Amounts and quantities: a number with its unit, in the unit of the workbook or of the row."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.money import YUAN_PER_WAN, exact, plain
from xlbudget.reading import dates, units
from xlbudget.reading.cells import Seen, cell_date, cell_number, cell_text, check_sound, seen
from xlbudget.reading.numerals import (
    SCALES,
    Number,
    bare_words,
    half_width,
    is_plain,
    parse_number,
    parse_percent,
    tidy,
)
from xlbudget.reading.said import Context, Reading, Said, as_shown, interpreted, unreadable
from xlbudget.reading.table import Cell

# -- amounts -------------------------------------------------------------------------------------------

_CURRENCY = re.compile(r"^(?P<sign>[-+(负]?)\s*(?:人民币|RMB|CNY|¥)[:\s]*", re.IGNORECASE)
_CURRENCY_END = re.compile(r"(?:人民币|RMB|CNY)$", re.IGNORECASE)
_WHOLE = re.compile(r"(?<=[元圆万亿拾佰仟十百千角分])\s*[整正](?=$|[()])")
_DIGIT = "[0-9零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
_CENTS = re.compile(
    rf"(?:(?P<yuan>.+[元圆])零?)?(?:(?P<jiao>{_DIGIT})角)?零?(?:(?P<fen>{_DIGIT})分)?", re.DOTALL
)
_UNCLEAR_SCALES = {10, 100, 1000}
_AMOUNT_REMEDY = "请填一个数字，例如 6、1,234.5 或 60000元。"


def read_amount(cell: Cell, context: Context) -> Reading[Decimal]:
    """An amount, returned in 元. A bare number is in the workbook's unit."""
    check_sound(cell)
    own = YUAN_PER_WAN if context.amount_unit == "万元" else Decimal(1)
    one = seen(cell, "金额")
    if one.cell.kind == "number":
        yuan = cell_number(one.cell) * own
    elif one.cell.kind == "text":
        yuan = _typed_amount(one.cell.text, own)
    else:
        raise unreadable(cell_text(cell), "读不出金额", _AMOUNT_REMEDY)
    if one.stored or (one.cell.kind == "text" and not is_plain(one.cell.text)):
        return Reading(yuan, _told(one, f"{plain(yuan / own)} {context.amount_unit}"))
    return Reading(yuan, one.said)


def _told(one: Seen, reading: str) -> tuple[Said, ...]:
    """What a cell was read as that shows more than a plain number."""
    if one.stored:
        return (*one.said, *as_shown(one.stored, one.shown, reading))
    return (*one.said, *interpreted(cell_text(one.cell), reading))


def _typed_amount(typed: str, own: Decimal) -> Decimal:
    text = _WHOLE.sub("", _CURRENCY_END.sub("", _CURRENCY.sub(r"\g<sign>", bare_words(typed))).strip())
    cents = _CENTS.fullmatch(text)
    if cents and (cents["jiao"] or cents["fen"]):
        return _with_cents(cents, typed)
    number = parse_number(text)
    if number is None or not _is_yuan(number.unit):
        raise unreadable(tidy(typed), "读不出金额", _AMOUNT_REMEDY)
    if not number.unit and number.scale in _UNCLEAR_SCALES and own != 1:
        what = "看不出是多少元还是多少万元"
        raise unreadable(tidy(typed), what, f"请写明单位，例如“{tidy(typed)}元”，或只填以万元为单位的数字。")
    scaled = number.unit or number.scale > 1
    return number.value * number.scale if scaled else number.value * own


def _is_yuan(unit: str) -> bool:
    return units.common(unit) in ("", "元")


def _with_cents(cents: re.Match[str], typed: str) -> Decimal:
    """元 with 角 and 分: 壹佰元伍角."""
    whole = parse_number(cents["yuan"] or "0元")
    if whole is None or whole.value * whole.scale % 1 or not (whole.unit and _is_yuan(whole.unit)):
        raise unreadable(tidy(typed), "读不出金额", _AMOUNT_REMEDY)
    jiao, fen = (parse_number(cents[name] or "0") for name in ("jiao", "fen"))
    rest = (jiao.value if jiao else 0) / Decimal(10) + (fen.value if fen else 0) / Decimal(100)
    yuan = whole.value * whole.scale
    return yuan - rest if yuan < 0 else yuan + rest


# -- quantities ----------------------------------------------------------------------------------------

_UNIT_SCALE = re.compile(rf"({'|'.join(sorted(filter(None, SCALES), key=len, reverse=True))})(?=.)")


def _own_unit(measure_unit: str | None) -> tuple[int, str]:
    """The scale and the bare unit of a 计量单位: 万人 → 10,000 and 人; 千克 is a unit by itself."""
    unit = half_width(measure_unit or "")
    match = _UNIT_SCALE.match(unit)
    if match is None or units.is_known(unit):
        return 1, units.common(unit)
    return SCALES[match[1]], units.common(unit[match.end() :])


def fit_unit(number: Number, measure_unit: str | None, text: str) -> Decimal:
    """The number in the row's 计量单位: 20万人 is 20 where the unit is 万人, 50000米 is 50 where it is 公里.

    Raises Refused, with the `text` of the cell, where one unit is not exactly so many of the other.
    """
    value = Fraction(number.value) * number.scale
    if measure_unit and number.unit == half_width(measure_unit):
        return exact(value)
    own_scale, own = _own_unit(measure_unit)
    unit = units.common(number.unit)
    word = next((word for word, scale in SCALES.items() if scale == number.scale > 1), "")
    if word and number.unit and units.is_known(word + number.unit):  # 5 and 千 before 克
        unit, value = units.common(word + number.unit), Fraction(number.value)
    elif number.scale == 1 and not unit:
        return number.value
    if unit and own and unit != own:
        ratio = units.ratio(unit, own)
        if ratio is None or not _terminates(value * ratio):
            what = f"的单位与计量单位“{measure_unit}”不一致"
            raise unreadable(text, what, f"请换算成“{measure_unit}”再填，只填数字。")
        value *= ratio
    return exact(value / own_scale)


def _terminates(value: Fraction) -> bool:
    """Whether a decimal number writes the value exactly."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def read_number(cell: Cell, context: Context) -> Reading[Decimal]:
    """A number without a unit."""
    return read_quantity(None, cell, context)


def read_quantity(measure_unit: str | None, cell: Cell, context: Context) -> Reading[Decimal]:
    """A quantity in the row's 计量单位; where that is 月, the number of a month from 6月 or 12月底前, too."""
    check_sound(cell)
    months = units.common(half_width(measure_unit or "")) == "月"
    if months and cell_date(cell):
        month = dates.read_month(cell, context)
        return Reading(Decimal(month.value), month.said)
    one = seen(cell, "数")
    if one.cell.kind == "number":
        value = cell_number(one.cell)
    else:
        value = _typed_quantity(measure_unit, one, context.year, months=months)
    if one.stored or (one.cell.kind != "number" and not is_plain(one.cell.text)):
        return Reading(value, _told(one, f"{plain(value)}{measure_unit or ''}"))
    return Reading(value, one.said)


def _typed_quantity(measure_unit: str | None, one: Seen, this_year: int | None, *, months: bool) -> Decimal:
    text = cell_text(one.cell)
    parsed = parse_number(text, measure_unit or "") if one.cell.kind == "text" else None
    if parsed is not None and half_width(text).startswith("("):
        raise unreadable(text, "看不出是不是负数", "负数请在前面写“-”，不是负数的请去掉括号。")
    if parsed is not None:
        return fit_unit(parsed, measure_unit, text)
    month = dates.month_of(text, this_year) if months and one.cell.kind == "text" else None
    if month is None or not 1 <= month <= 12:
        unit = f"，单位是“{measure_unit}”" if measure_unit else ""
        raise unreadable(text, "读不出数字", f"请只填一个数字{unit}，例如 12 或 1,234.5。")
    return Decimal(month)


def read_weight(cell: Cell, context: Context) -> Reading[Decimal]:
    """A weight; 10% and 10 are the same."""
    check_sound(cell)
    one = seen(cell, "权重")
    percentage = parse_percent(one.cell.text) if one.cell.kind == "text" else None
    if percentage is None:
        return read_quantity("分", cell, context)
    return Reading(percentage, interpreted(cell.text, plain(percentage)) if cell.kind == "text" else ())
