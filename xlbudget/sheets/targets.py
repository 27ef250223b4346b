"""Reading of 年度指标值, 当前完成值, 全年预计完成值: the cells of an indicator that explain each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

from xlbudget.domain.model import Comparison, RemarkKind, Status
from xlbudget.domain.money import plain
from xlbudget.sheets import formats, units
from xlbudget.sheets.comparisons import agree, split_comparison
from xlbudget.sheets.dates import month_of
from xlbudget.sheets.numerals import SCALES, half_width, is_plain, parse_number, parse_percent, parse_tenths
from xlbudget.sheets.quantities import read_quantity
from xlbudget.sheets.reading import (
    Context,
    Refused,
    cell_text,
    check_sound,
    percentage_shown,
    shorten,
    unreadable,
)
from xlbudget.sheets.table import Cell

T = TypeVar("T")
_STATUS_WORDS = {
    Status.REACHED: ("达成", "已达成", "已完成", "完成", "达标", "已达标", "全部完成", "全部达成", "达到", "已达到", "合格"),
    Status.PARTLY: ("部分达成", "部分完成", "基本达成", "基本完成", "部分达标", "基本达标"),
    Status.MISSED: ("未达成", "未完成", "没有完成", "未达标", "没有达成", "不达标", "未达到", "没完成"),
    Status.NOT_DUE: ("未到期", "尚未到期", "未到考核时点", "尚未到考核时点", "未到考核期", "尚未到考核期", "未到时点",
                     "未到考核时间", "尚未到考核时间", "尚未考核", "年底考核"),
}  # fmt: skip
_MARKS = {
    "√": Status.REACHED, "✓": Status.REACHED, "✔": Status.REACHED, "是": Status.REACHED, "y": Status.REACHED,
    "×": Status.MISSED, "✗": Status.MISSED, "否": Status.MISSED, "n": Status.MISSED,
}  # fmt: skip
_DATED = re.compile("[年月季]")
_DONE = re.compile(r"(?:已经?|共|累计|实际)*完成(?=[约近]?\d)")
_STATUS_OF = {word: status for status, words in _STATUS_WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Target:
    """What a row's actual is measured by."""

    comparison: Comparison | None
    value: Decimal | str | None
    unit: str | None
    """The row's 计量单位; where it has none, the one that stands with the value."""
    percent: bool


_RISING = (Comparison.AT_LEAST, Comparison.MORE, Comparison.EQUAL)


def read_target(
    comparison: Comparison | None, unit: str | None, cell: Cell, context: Context, *, stated: str = ""
) -> Target:
    """Read 年度指标值; it may bring the comparison with it (≥95%).

    `stated` is a value that stands beside the comparison in 计算符号; another one here is refused.
    """
    check_sound(cell)
    text = cell_text(cell)
    own, rest = split_comparison(text) if _worded(cell) else (None, text)
    if comparison is Comparison.QUALITATIVE:
        if own not in (None, Comparison.QUALITATIVE) and _is_number(rest):
            raise _contradicts(text, f"的“{comparison}”")
        return Target(comparison, text, unit, percent=False)
    if own is Comparison.QUALITATIVE and comparison is None:
        return Target(own, rest or text, unit, percent=False)
    if own and comparison and not agree(own, comparison):
        raise _contradicts(text, f"的“{comparison}”")
    found = _numeric_target(comparison, own, unit, Cell("text", rest) if own else cell, context, text)
    if stated and _read_stated(stated, unit) != found.value:
        raise _contradicts(text, f"里的“{shorten(stated)}”")
    return found


def _numeric_target(
    comparison: Comparison | None,
    own: Comparison | None,
    unit: str | None,
    cell: Cell,
    context: Context,
    text: str,
) -> Target:
    quiet = Context(year=context.year)
    unit = unit or _unit_said(cell)
    percentage = _percentage(cell, unit)
    percent_unit = units.is_percent(unit)
    if percentage is not None and unit and not percent_unit and units.is_known(unit):
        what = f"是百分数，与计量单位“{unit}”不一致"
        raise unreadable(text, what, f"请填以“{unit}”为单位的数；目标是百分数的，请把计量单位改为“%”。")
    value = (
        percentage if percentage is not None else _requoted(cell, text, partial(read_quantity, unit), quiet)
    )
    percent = percentage is not None or percent_unit
    meant = comparison or own
    if percent_unit and percentage is None and meant in _RISING and 0 < value <= 1:
        raise _fraction_of_percent(text, value, cell)
    context.said += [one for one in quiet.said if one[0] is not RemarkKind.INTERPRETED]
    if own or quiet.said or (percentage is not None and not _plain_percent(cell)):
        sign = "%" if percent else (unit or "")
        context.interpreted(text, f"{meant or ''}{plain(value)}{sign}", always=own is not None)
    return Target(meant, value, unit or ("%" if percent else None), percent)


def _worded(cell: Cell) -> bool:
    """Whether a cell may show words, as a text or beside a number by its format ("≥"0%)."""
    return cell.kind == "text" or (cell.kind == "number" and not formats.shows_itself(cell.format))


def _unit_said(cell: Cell) -> str | None:
    """The unit that a target brings along where the row has none: 100万元, 12月底前."""
    text = cell_text(cell)
    number = parse_number(text)
    if number is None:
        return "月" if cell.kind == "text" and _DATED.search(text) and month_of(text) else None
    if not number.unit or units.share_of_percent(number.unit) is not None:
        return None
    return next(word for word, scale in SCALES.items() if scale == number.scale) + number.unit


def _plain_percent(cell: Cell) -> bool:
    """Whether a cell shows plain digits and %, which need no interpretation."""
    shown = "".join((percentage_shown(cell) or cell_text(cell)).split())
    return shown.endswith("%") and is_plain(shown.removesuffix("%"))


def _requoted(cell: Cell, text: str, read: Callable[[Cell, Context], T], context: Context) -> T:
    """Read a part of a text; a refusal quotes the whole of it."""
    try:
        return read(cell, context)
    except Refused as refused:
        part, whole = f"“{shorten(cell_text(cell))}”", f"“{shorten(text)}”"
        raise Refused(refused.kind, refused.message.replace(part, whole, 1), refused.remedy) from None


def _contradicts(text: str, other: str) -> Refused:
    what = f"与“计算符号”一栏{other}不一致"
    return unreadable(text, what, "请在“计算符号”一栏只填符号，这里只填数，两处要一致。")


def _fraction_of_percent(text: str, value: Decimal, cell: Cell) -> Refused:
    """0.9 where the unit is %: somebody meant 90 %, whose sign the cell did not keep."""
    hundred, one = value * 100, plain(value)
    first = "" if _keeps_percent(cell) else "先把单元格格式改为常规，再"
    remedy = f"目标是 {plain(hundred)}% 的，请填 {_percent_words(hundred, cell)}；确实是 {one}% 的，请{first}填 {one}%。"
    return unreadable(text, f"的计量单位是“%”，按字面只有 {one}%", remedy)


def _percent_words(value: Decimal, cell: Cell) -> str:
    """How to type a percentage into this cell; one with a format of its own drops the % that is typed."""
    bare = plain(value)
    return f"{bare} 或 {bare}%" if _keeps_percent(cell) else f"{bare}（不带百分号）"


def _keeps_percent(cell: Cell) -> bool:
    """Whether Excel keeps the % of 90% when it is typed into the cell: as General or text it does."""
    return cell.kind == "text" or cell.format in ("General", "@", "")


def _is_number(text: str) -> bool:
    try:
        read_quantity(None, Cell("text", text), Context())
    except Refused:
        return parse_percent(text) is not None
    return True


def _read_stated(stated: str, unit: str | None) -> Decimal | str | None:
    try:
        return read_target(Comparison.EQUAL, unit, Cell("text", stated), Context()).value
    except Refused:
        return None


def read_actual(target: Target, cell: Cell, context: Context, *, may_wait: bool) -> Decimal | Status:
    """Read 当前完成值 (`may_wait`: 未到期 is allowed) or 全年预计完成值 against its target."""
    check_sound(cell)
    text = cell_text(cell)
    qualitative = target.comparison is Comparison.QUALITATIVE
    if _worded(cell):
        found = _read_words(target, text, context, may_wait=may_wait)
        if found is not None:
            return found
    percentage = _percentage(cell, target.unit, tenths=target.percent or qualitative)
    if percentage is not None:
        return _accept_percentage(percentage, cell, target, context)
    read = _qualitative_number if qualitative else partial(read_quantity, target.unit)
    value = read(cell, context)
    _warn_of_small_percent(value, cell, target, context)
    return value


_LONGEST = 100
"""Characters: nobody words longer what was done."""


def _read_words(target: Target, text: str, context: Context, *, may_wait: bool) -> Decimal | Status | None:
    """Read 达成, ≥95% or 已完成20次; None for what has no such words."""
    if len(text) > _LONGEST:
        return None
    status = _status(text, qualitative=target.comparison is Comparison.QUALITATIVE)
    if status is not None:
        return _accept_status(status, text, target, context, may_wait=may_wait)
    comparison, rest = split_comparison(text)
    if comparison in (Comparison.AT_MOST, Comparison.LESS) and rest:
        raise unreadable(text, "只说了不超过多少，没有说实际完成多少", "请填实际完成的数，不带符号。")
    done = _DONE.match(text)
    if done or (comparison is not None and rest):
        part = Cell("text", text[done.end() :] if done else rest)
        return _with_sign(target, part, text, context, may_wait=may_wait)
    return None


def _status(text: str, *, qualitative: bool) -> Status | None:
    """达成 and its like by many words; a tick or 是 too, where the target is a text."""
    folded = "".join(half_width(text).split())
    mark = _MARKS.get(folded.lower()) if qualitative else None
    return _STATUS_OF.get(folded) or mark


def _with_sign(
    target: Target, cell: Cell, text: str, context: Context, *, may_wait: bool
) -> Decimal | Status:
    """≥95% as an actual means that 95% at least was reached: read as 95%, and said."""
    quiet = Context(year=context.year)
    value = _requoted(cell, text, partial(read_actual, target, may_wait=may_wait), quiet)
    percent = target.percent or _percentage(cell, target.unit) is not None
    shown = plain(value) if isinstance(value, Decimal) else value
    context.interpreted(text, f"{shown}{'%' if percent else (target.unit or '')}")
    context.said += [one for one in quiet.said if one[0] is not RemarkKind.INTERPRETED]
    return value


def _accept_status(status: Status, text: str, target: Target, context: Context, *, may_wait: bool) -> Status:
    if status is Status.NOT_DUE and not may_wait:
        raise unreadable(text, "不能填在这里", "请填预计到年底的完成值，不知道就不填。")
    if status is not Status.NOT_DUE and target.comparison is not Comparison.QUALITATIVE:
        unit = f"（单位：{target.unit}）" if target.unit else ""
        raise unreadable(text, "不是数字，这个指标要填数字", f"请填实际完成的数字{unit}。")
    if text != status:
        context.interpreted(text, status)
    return status


def _percentage(cell: Cell, unit: str | None, *, tenths: bool = True) -> Decimal | None:
    """The percentage that a cell shows or says, unless it is in the row's own unit (5‰ where that is ‰)."""
    text = cell.text if cell.kind == "text" else percentage_shown(cell)
    if text is None:
        return None
    other = bool(unit) and not units.is_percent(unit)
    if other and half_width(text).endswith(half_width(unit or "")):
        return None
    found = parse_percent(text)
    return parse_tenths(text) if found is None and tenths and not other else found


def _accept_percentage(value: Decimal, cell: Cell, target: Target, context: Context) -> Decimal:
    """95% is 95 where unit or target is a percentage (or no unit says otherwise), else refused."""
    text = cell_text(cell)
    natural = target.percent or target.comparison is Comparison.QUALITATIVE
    if not natural and target.unit:
        what = f"是百分数，而目标和计量单位“{target.unit}”不是"
        raise unreadable(text, what, f"请填实际完成的数，单位是“{target.unit}”。")
    if not natural or not _plain_percent(cell):
        context.interpreted(text, f"{plain(value)}%", always=not natural)
    return value


def _qualitative_number(cell: Cell, context: Context) -> Decimal:
    try:
        return read_quantity("%", cell, context)
    except Refused:
        remedy = (
            "定性指标请填达成、部分达成或未达成；也可以填完成的百分比，例如 80%；没到考核时点的填“未到期”。"
        )
        raise unreadable(shorten(cell_text(cell)), "读不出完成情况", remedy) from None


def _warn_of_small_percent(value: Decimal, cell: Cell, target: Target, context: Context) -> None:
    """A bare number up to 1 against a percentage of 10 or more is taken as it stands, with a warning."""
    if not 0 < value <= 1:
        return
    qualitative = target.comparison is Comparison.QUALITATIVE
    large = isinstance(target.value, Decimal) and target.value >= 10
    if qualitative or (target.percent and large):
        hundred = value * 100
        message = f"填的是 {cell_text(cell)}，按 {plain(value)}% 计算，可能是想填 {plain(hundred)}%。"
        remedy = f"如果是，请填 {_percent_words(hundred, cell)}。"
        context.said.append((RemarkKind.SMALL_PERCENT, message, remedy))
