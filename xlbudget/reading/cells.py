"""How a cell is read (SPEC 3): one reader for each kind of column.

A reader is given a cell that is not empty and returns its value with word of what it had to interpret. What it
cannot read it refuses, saying what would be accepted. Nothing is guessed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import NamedTuple

from xlbudget.domain.model import RemarkKind
from xlbudget.domain.money import plain, stored_number
from xlbudget.reading import formats
from xlbudget.reading.formats import Kind as Shows
from xlbudget.reading.numerals import half_width, tidy
from xlbudget.reading.said import Context, Reading, Refused, Said, interpreted, shorten, unreadable
from xlbudget.reading.table import Cell

LARGEST, SMALLEST = Decimal("1e15"), Decimal("1e-12")
"""Beyond its 15 digits Excel knows no number exactly; what is smaller is left over from its arithmetic."""
EMPTY_MARKS = {"", "/", "／", "-", "--", "—", "——", "－", "–", "无", "\\"}


def remedy_for(cell: Cell, refused: Refused) -> str:
    """What to do; where words came from the format of a number, typing the number again would not help."""
    if cell.kind != "number" or formats.shows_itself(cell.format) or "格式" in refused.remedy:
        return refused.remedy
    return f"显示的内容有一部分是单元格格式带出来的，请先把格式改为常规。{refused.remedy}"


# -- what a cell holds ---------------------------------------------------------------------------------


def check_sound(cell: Cell) -> None:
    """Refuse error values, formulas without a value, and numbers that are none."""
    if cell.kind == "error":
        text = f"单元格显示错误值 {cell.text}。"
        raise Refused(RemarkKind.CELL_ERROR, text, "请改正公式，或直接填写内容。")
    if cell.kind == "uncached":
        text = f"公式“={shorten(cell.formula or '')}”还没有计算结果。"
        raise Refused(RemarkKind.CELL_ERROR, text, "请用 Excel 或 WPS 打开，保存一次；或直接填写内容。")


@lru_cache(maxsize=1 << 12)
def cell_number(cell: Cell) -> Decimal:
    """The stored number of a number cell."""
    try:
        number = stored_number(cell.text)
    except DecimalException:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        message = f"单元格里的“{shorten(cell.text)}”不是正常的数。"
        raise Refused(RemarkKind.CELL_ERROR, message, "请重新填写数字。")
    return number if abs(number) >= SMALLEST else Decimal(0)


def cell_date(cell: Cell) -> date | None:
    """The date that a cell shows (1900 date system); None when it shows none."""
    if cell.kind == "date":
        try:
            return datetime.fromisoformat(cell.text).date()
        except ValueError:
            return None
    if cell.kind != "number" or formats.shows_itself(cell.format):
        return None
    return formats.meaning(cell_number(cell), cell.format).date


@lru_cache(maxsize=1 << 12)
def cell_text(cell: Cell) -> str:
    """The cell as a text, as people see it: dates as 年-月-日, numbers with the words of their format."""
    if cell.kind == "number":
        return _shown_number(cell)
    if cell.kind == "date":
        day = cell_date(cell)
        return day.isoformat() if day else tidy(cell.text)
    if cell.kind == "bool":
        return "TRUE" if cell.text in ("1", "true") else "FALSE"
    return tidy(cell.text)


def _shown_number(cell: Cell) -> str:
    number = cell_number(cell)
    if formats.shows_itself(cell.format) and not _PADDED.fullmatch(cell.format):
        return plain(number)
    said = formats.meaning(number, cell.format)
    if said.date:
        return said.date.isoformat()
    if said.kind in _NUMBERS:
        exact_shown = said.rounded == said.value and said.kind is not Shows.GENERAL
        return said.shown.replace(",", "").strip() if exact_shown else _as_typed(said)
    return said.shown.strip() or plain(number)


_PADDED = re.compile("0{2,}")
"""A format that shows leading zeros."""
_NUMBERS = {Shows.GENERAL, Shows.NUMBER, Shows.PERCENT, Shows.PERMILLE}


def _as_typed(said: formats.Meaning) -> str:
    """What a number shows as, written plainly: 24100 under #,##0.00"元" is 24100元."""
    return f"{said.before}{plain(said.value)}{said.after}"


class Seen(NamedTuple):
    """A cell as people see it: a bare number, or a text with the words that its format shows with the number."""

    cell: Cell
    stored: str = ""
    """What the cell holds, where it shows another number or words in its place."""
    shown: str = ""
    said: tuple[Said, ...] = ()


def _unseen(cell: Cell, number: Decimal, why: str) -> Seen:
    """A cell that holds a number that nobody sees as it is."""
    kind = RemarkKind.UNSEEN if number else RemarkKind.INTERPRETED
    message = f"单元格存的是 {plain(number)}，{why}，按 {plain(number)} 读取。"
    remedy = "请把单元格格式改为常规，看清这个数，再改正或删去。"
    return Seen(cell._replace(format="General"), said=(Said(kind, message, remedy),))


def seen(cell: Cell, what: str) -> Seen:
    """A number means what its format shows (SPEC 3a). Raises Refused for dates and times, which are no `what`."""
    if cell.kind == "date":
        raise _shown_otherwise(cell_text(cell), "日期", what)
    if cell.kind != "number" or formats.shows_itself(cell.format):
        return Seen(cell)
    number = cell_number(cell)
    said = formats.meaning(number, cell.format)
    stored = "" if said.value == number else plain(number)
    match said.kind:
        case Shows.DATE | Shows.TIME | Shows.DURATION | Shows.WEEKDAY:
            kind = {Shows.DATE: "日期", Shows.WEEKDAY: "星期"}.get(said.kind, "时间")
            raise _shown_otherwise(said.shown, kind, what)
        case Shows.HIDDEN:
            return _unseen(cell, number, "格式让它显示为空白")
        case Shows.WORDS if not number and tidy(said.shown) in EMPTY_MARKS:
            return _unseen(cell, number, f"格式让它显示为“{tidy(said.shown)}”")
        case Shows.UNKNOWN if _UNIT_SIGN.search(cell.format):
            raise unreadable(
                plain(number), f"的格式“{shorten(cell.format)}”看不懂，不知道显示成多少", _PLAIN_FORMAT
            )
        case Shows.UNKNOWN:
            return _unseen(cell, number, f"格式“{shorten(cell.format)}”看不懂")
        case Shows.WORDS:
            return Seen(Cell("text", said.shown), plain(number), said.shown)
        case Shows.GENERAL | Shows.NUMBER if not (said.before or said.after):
            bare = Cell("number", plain(said.value)) if stored else cell._replace(format="General")
            return Seen(bare, stored, said.shown)
        case Shows.GENERAL | Shows.NUMBER:
            return Seen(Cell("text", _as_typed(said)), stored, said.shown)
        case _:
            return Seen(Cell("text", _as_typed(said)))


_UNIT_SIGN = re.compile("[元圆角分千万亿%‰]")
"""What may make a number in an unknown format another one; elsewhere digits are digits."""
_PLAIN_FORMAT = "请把单元格格式改为常规，再重新填写。"


def percentage_shown(cell: Cell) -> str | None:
    """95% for a number that its format shows as a percentage (or 5‰); None for all others."""
    if cell.kind != "number" or formats.shows_itself(cell.format):
        return None
    said = formats.meaning(cell_number(cell), cell.format)
    return _as_typed(said) if said.kind in (Shows.PERCENT, Shows.PERMILLE) else None


def _shown_otherwise(shown: str, kind: str, what: str) -> Refused:
    return unreadable(shown, f"显示为{kind}，读不出{what}", _PLAIN_FORMAT)


def is_empty(cell: Cell | None) -> bool:
    """Empty, blank, or marked as nothing (/ — 无)."""
    if cell is None:
        return True
    if cell.kind != "text" or len(tidy(cell.text[:_HEAD])) > 2:
        return False
    return tidy(cell.text) in EMPTY_MARKS


_HEAD = 80
"""Characters of a text that show nearly always that it is none of the marks, which have two at most."""


# -- readers -------------------------------------------------------------------------------------------


def read_text(cell: Cell, _: Context) -> Reading[str]:
    check_sound(cell)
    return Reading(cell_text(cell))


_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")
_WHOLE = re.compile(r"^(\d+)\.0+$")


def read_name(cell: Cell, _: Context) -> Reading[str]:
    """A short text on one line: line breaks that came along with copying are dropped."""
    check_sound(cell)
    return Reading(_LINE_BREAK.sub("", cell_text(cell)))


def read_code(cell: Cell, _: Context) -> Reading[str]:
    """A number that is a name: 1 and 1.0 are "1", leading zeros count."""
    check_sound(cell)
    if cell.kind == "bool" or cell_date(cell):
        raise unreadable(cell_text(cell), "不像编号", "请把单元格格式设为文本，再填编号。")
    text = half_width(cell_text(cell)).removeprefix("'")
    return Reading(_WHOLE.sub(r"\1", text))


_YES = {"是", "√", "✓", "✔", "y", "yes", "对", "有", "☑", "1", "true", "v"}
_NO = {"否", "×", "x", "n", "no", "不是", "不", "✗", "☐", "□", "0", "false", "非"}


def read_flag(cell: Cell, _: Context) -> Reading[bool]:
    check_sound(cell)
    text = cell_text(cell)
    folded = half_width(text).lower()
    if folded not in _YES | _NO:
        raise Refused(RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”不是可选的内容。", "请填“是”或“否”。")
    yes = folded in _YES
    return Reading(yes, () if text in ("是", "否") else interpreted(text, "是" if yes else "否"))


_SYNONYMS = {
    "年初预算": "年初", "年初安排": "年初", "期初": "年初", "追加预算": "追加", "年中追加": "追加", "调剂追加": "追加",
    "一般公共预算": "一般公共预算拨款", "一般公共预算资金": "一般公共预算拨款", "财政拨款": "一般公共预算拨款",
    "政府性基金预算": "政府性基金", "政府性基金预算拨款": "政府性基金", "政府性基金拨款": "政府性基金",
    "上级转移支付资金": "上级转移支付", "转移支付": "上级转移支付", "上级资金": "上级转移支付", "其他": "其他资金",
    "成本": "成本指标", "产出": "产出指标", "效益": "效益指标", "满意度": "满意度指标",
    "服务对象满意度": "满意度指标", "服务对象满意度指标": "满意度指标", "满意指标": "满意度指标",
    "肯定能": "确定能", "一定能": "确定能", "能": "确定能", "能完成": "确定能", "确定": "确定能", "可能": "有可能",
    "不可能": "完全不可能", "不能": "完全不可能", "完全不能": "完全不可能",
    "已完成整改": "已整改", "整改完成": "已整改", "已完成": "已整改", "正在整改": "整改中", "尚未整改": "未整改",
    "经费": "经费保障", "制度": "制度保障", "人员": "人员保障", "硬件条件": "硬件条件保障", "硬件": "硬件条件保障",
    "其它": "其他", "其他原因": "其他", "继续": "继续执行", "收回资金": "收回", "暂停执行": "暂停",
    "万": "万元", "人民币元": "元", "人民币万元": "万元", "单位:万元": "万元", "单位:元": "元",
}  # fmt: skip


def option_of(text: str, options: Sequence[str]) -> str | None:
    """The option that a text means, exactly or by a common other word; None when none."""
    folded = "".join(half_width(text).split())
    for candidate in (folded, _SYNONYMS.get(folded, "")):
        if candidate in options:
            return candidate
    return None


def read_option(cell: Cell, context: Context) -> Reading[str]:
    check_sound(cell)
    text = cell_text(cell)
    found = option_of(text, context.options)
    if found is None:
        accepted = "、".join(context.options)
        raise Refused(
            RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”不是可选的内容。", f"请从下面选一个：{accepted}。"
        )
    return Reading(found, () if text == found else interpreted(text, found))


def read_options(cell: Cell, context: Context) -> Reading[tuple[str, ...]]:
    """Several options, joined by 、 (or a comma, a semicolon, a line break)."""
    check_sound(cell)
    text = cell_text(cell)
    parts = [part for part in re.split(r"[、,;/\n+ ]+|和|及", half_width(text)) if part]
    found = [option_of(part, context.options) for part in parts]
    known = [option for option in found if option is not None]
    if not known or len(known) < len(found):
        accepted = "、".join(context.options)
        remedy = f"请从下面选，可选多个，用“、”隔开：{accepted}。"
        raise Refused(RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”里有不可选的内容。", remedy)
    unique = tuple(dict.fromkeys(known))
    joined = "、".join(unique)
    return Reading(unique, () if text == joined else interpreted(text, joined))
