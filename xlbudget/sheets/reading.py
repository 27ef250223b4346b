"""How a cell is read (SPEC 3): one reader for each kind of column.

A reader returns the value, None for empty, and leaves word in `said` of what it had to interpret. What it
cannot read it refuses, saying what would be accepted. Nothing is guessed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from fractions import Fraction
from functools import lru_cache

from xlbudget.domain.model import RemarkKind
from xlbudget.domain.money import YUAN_PER_WAN, exact, plain, stored_number
from xlbudget.sheets.formats import is_date, is_percent
from xlbudget.sheets.numerals import SCALES, Number, half_width, is_plain, parse_number, parse_percent, tidy
from xlbudget.sheets.table import Cell

LARGEST, SMALLEST = Decimal("1e15"), Decimal("1e-12")
"""Beyond its 15 digits Excel knows no number exactly; what is smaller is left over from its arithmetic."""
EMPTY_MARKS = {"", "/", "／", "-", "--", "—", "——", "－", "–", "无", "\\"}


class Refused(Exception):  # noqa: N818  (not an error of the program: the cell's content is refused)
    """The cell cannot be read: what kind of trouble, what is wrong, what to do."""

    def __init__(self, kind: RemarkKind, message: str, remedy: str) -> None:
        super().__init__(message)
        self.kind, self.message, self.remedy = kind, message, remedy


@dataclass(slots=True)
class Context:
    """What a reader needs to know besides the cell, and what it had to say."""

    amount_unit: str = "万元"
    year: int | None = None
    options: Sequence[str] = ()
    said: list[tuple[RemarkKind, str, str]] = field(default_factory=list)

    def interpreted(self, text: str, reading: str, *, always: bool = False) -> None:
        """Note a reading that was more than copying; a unit that is the column's own needs no word."""
        if not always and "".join(text.split()) == "".join(reading.split()):
            return
        message = f"“{text}”按“{reading}”读取。"
        self.said.append((RemarkKind.INTERPRETED, message, "读得不对请改写成规范的内容；读得对可以不管。"))


def unreadable(shown: str, what: str, remedy: str) -> Refused:
    return Refused(RemarkKind.UNREADABLE, f"“{shorten(shown)}”{what}。", remedy)


def shorten(text: str, limit: int = 40) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


# -- what a cell holds ---------------------------------------------------------------------------------

is_date_format, is_percent_format = is_date, is_percent


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
    """The date of a date cell (1900 date system); None when it is no date."""
    if cell.kind == "date":
        try:
            return datetime.fromisoformat(cell.text).date()
        except ValueError:
            return None
    if cell.kind != "number" or not is_date_format(cell.format):
        return None
    serial = int(cell_number(cell))
    if not 1 <= serial <= 2_958_465:
        return None
    return date(1899, 12, 30) + timedelta(days=serial if serial > 59 else serial + 1)


@lru_cache(maxsize=1 << 12)
def cell_text(cell: Cell) -> str:
    """The cell as a text, numbers written plainly, dates as 年-月-日."""
    if cell.kind in ("number", "date"):
        day = cell_date(cell)
        if day:
            return day.isoformat()
        if cell.kind == "number":
            return shown_number(cell)
    if cell.kind == "bool":
        return "TRUE" if cell.text in ("1", "true") else "FALSE"
    return tidy(cell.text)


def shown_number(cell: Cell) -> str:
    """The number as people see it: percentages as such, leading zeros of a format like 000."""
    number = cell_number(cell)
    if is_percent_format(cell.format):
        return f"{plain(number * 100)}%"
    text = plain(number)
    return text.zfill(len(cell.format)) if re.fullmatch("0{2,}", cell.format) else text


def is_empty(cell: Cell | None) -> bool:
    """Empty, blank, or marked as nothing (/ — 无)."""
    if cell is None:
        return True
    return cell.kind == "text" and tidy(cell.text) in EMPTY_MARKS


# -- readers -------------------------------------------------------------------------------------------


def read_text(cell: Cell, _: Context) -> str:
    check_sound(cell)
    return cell_text(cell)


_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")
_WHOLE = re.compile(r"^(\d+)\.0+$")


def read_name(cell: Cell, context: Context) -> str:
    """A short text on one line: line breaks that came along with copying are dropped."""
    return _LINE_BREAK.sub("", read_text(cell, context))


def read_code(cell: Cell, _: Context) -> str:
    """A number that is a name: 1 and 1.0 are "1", leading zeros count."""
    check_sound(cell)
    if cell.kind == "bool" or cell_date(cell):
        raise unreadable(cell_text(cell), "不像编号", "请把单元格格式设为文本，再填编号。")
    text = half_width(cell_text(cell)).removeprefix("'")
    return _WHOLE.sub(r"\1", text)


_MONEY_UNITS = {"": None, "元": 1, "圆": 1, "块": 1, "块钱": 1, "元整": 1, "元正": 1, "圆整": 1}


def read_amount(cell: Cell, context: Context) -> Decimal:
    """An amount, returned in 元. A bare number is in the workbook's unit."""
    check_sound(cell)
    own = YUAN_PER_WAN if context.amount_unit == "万元" else Decimal(1)
    if cell.kind == "number":
        _not_a_date(cell, "金额")
        if is_percent_format(cell.format):
            raise unreadable(cell_text(cell), "是百分数，不是金额", "请填金额，例如 6 或 60000元。")
        return cell_number(cell) * own
    text = cell_text(cell)
    number = parse_number(re.sub(r"^(人民币|RMB|CNY|¥)\s*", "", half_width(text), flags=re.IGNORECASE))
    if cell.kind != "text" or number is None or number.unit not in _MONEY_UNITS:
        raise unreadable(text, "读不出金额", "请填一个数字，例如 6、1,234.5 或 60000元。")
    unit = _MONEY_UNITS[number.unit]
    scaled = unit is not None or number.scale > 1
    yuan = number.value * number.scale if scaled else number.value * own
    if not is_plain(text):
        shown = yuan / own
        context.interpreted(text, f"{plain(shown)} {context.amount_unit}")
    return yuan


def _not_a_date(cell: Cell, what: str) -> None:
    day = cell_date(cell)
    if day:
        remedy = "请把单元格格式改为常规，再重新填写。"
        raise unreadable(day.isoformat(), f"显示为日期，读不出{what}", remedy)


_UNIT_SCALE = re.compile(rf"({'|'.join(sorted(filter(None, SCALES), key=len, reverse=True))})(?=.)")
_SAME_UNIT = {
    "平米": "平方米", "平方": "平方米", "㎡": "平方米", "m2": "平方米", "米²": "平方米", "kg": "千克", "公斤": "千克",
    "km": "公里", "千米": "公里", "m": "米", "日": "天", "个工作日": "工作日", "t": "吨", "h": "小时", "度": "千瓦时",
    "个百分点": "%", "百分点": "%", "百分比": "%", "人民币": "元", "圆": "元",
}  # fmt: skip
_IN_BASE: dict[str, tuple[str, Fraction]] = {
    "米": ("长度", Fraction(1)), "公里": ("长度", Fraction(1000)), "里": ("长度", Fraction(500)),
    "克": ("重量", Fraction(1)), "斤": ("重量", Fraction(500)), "千克": ("重量", Fraction(1000)),
    "吨": ("重量", Fraction(10**6)), "亩": ("土地", Fraction(1)), "公顷": ("土地", Fraction(15)),
}  # fmt: skip
"""Units that convert exactly: dimension, and how many of its smallest unit."""
_MEASURES = {
    *_IN_BASE,
    "平方米",
    "立方米",
    "天",
    "工作日",
    "小时",
    "分钟",
    "周",
    "月",
    "年",
    "元",
    "%",
    "升",
    "千瓦时",
}
"""Units that measure; the others count things (次, 期, 场 …) and may stand for each other."""
_PERCENT_UNITS = {"%", "百分比", "百分点", "百分率", "个百分点"}


def is_percent_unit(unit: str | None) -> bool:
    return half_width(unit or "") in _PERCENT_UNITS


def _common_unit(unit: str) -> str:
    return _SAME_UNIT.get(unit.lower(), unit)


def _own_unit(measure_unit: str | None) -> tuple[int, str]:
    """The scale and the bare unit of a 计量单位: 万人 → 10,000 and 人; 千克 is a unit by itself."""
    unit = half_width(measure_unit or "")
    match = _UNIT_SCALE.match(unit)
    if match is None or _common_unit(unit) in _MEASURES:
        return 1, _common_unit(unit)
    return SCALES[match[1]], _common_unit(unit[match.end() :])


def fit_unit(number: Number, measure_unit: str | None, text: str) -> Decimal:
    """The number in the row's 计量单位: 20万人 is 20 where the unit is 万人, 50000米 is 50 where it is 公里.

    Raises Refused where the units measure different things, with the `text` of the cell.
    """
    own_scale, own = _own_unit(measure_unit)
    scale, unit = number.scale, _common_unit(number.unit)
    whole = next((w for w, f in SCALES.items() if f == scale and f > 1), "") + number.unit
    if _common_unit(whole) in _MEASURES and scale > 1:
        scale, unit = 1, _common_unit(whole)
    value = Fraction(number.value) * scale
    if unit and own and unit != own:
        mine, theirs = _IN_BASE.get(own), _IN_BASE.get(unit)
        if mine and theirs and mine[0] == theirs[0]:
            return exact(value * theirs[1] / mine[1])
        if {unit, own} & _MEASURES:
            what = f"的单位与计量单位“{measure_unit}”不一致"
            raise unreadable(text, what, f"请换算成“{measure_unit}”再填，只填数字。")
    if scale == 1 and not unit:
        return number.value
    return exact(value / own_scale)


def read_number(cell: Cell, context: Context) -> Decimal:
    """A number without a unit."""
    return read_quantity(None, cell, context)


def read_quantity(measure_unit: str | None, cell: Cell, context: Context) -> Decimal:
    """A quantity in the row's 计量单位."""
    check_sound(cell)
    if cell.kind == "number":
        _not_a_date(cell, "数")
        number = cell_number(cell)
        return number * 100 if is_percent_format(cell.format) else number
    text = cell_text(cell)
    parsed = parse_number(text) if cell.kind == "text" else None
    if parsed is None:
        unit = f"，单位是“{measure_unit}”" if measure_unit else ""
        raise unreadable(text, "读不出数字", f"请只填一个数字{unit}，例如 12 或 1,234.5。")
    value = fit_unit(parsed, measure_unit, text)
    if not is_plain(text):
        context.interpreted(text, f"{plain(value)}{measure_unit or ''}")
    return value


def read_weight(cell: Cell, context: Context) -> Decimal:
    """A weight; 10% and 10 are the same."""
    if cell.kind == "text":
        percentage = parse_percent(cell.text)
        if percentage is not None:
            context.interpreted(cell.text, plain(percentage))
            return percentage
    return read_quantity("分", cell, context)


_YES = {"是", "√", "✓", "✔", "y", "yes", "对", "有", "☑", "1", "true", "v"}
_NO = {"否", "×", "x", "n", "no", "不是", "不", "✗", "☐", "□", "0", "false", "非"}


def read_flag(cell: Cell, context: Context) -> bool:
    check_sound(cell)
    text = cell_text(cell)
    folded = half_width(text).lower()
    if folded not in _YES | _NO:
        raise Refused(RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”不是可选的内容。", "请填“是”或“否”。")
    if text not in ("是", "否"):
        context.interpreted(text, "是" if folded in _YES else "否")
    return folded in _YES


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


def read_option(cell: Cell, context: Context) -> str:
    check_sound(cell)
    text = cell_text(cell)
    found = option_of(text, context.options)
    if found is None:
        accepted = "、".join(context.options)
        raise Refused(
            RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”不是可选的内容。", f"请从下面选一个：{accepted}。"
        )
    if text != found:
        context.interpreted(text, found)
    return found


def read_options(cell: Cell, context: Context) -> tuple[str, ...]:
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
    if text != "、".join(unique):
        context.interpreted(text, "、".join(unique))
    return unique
