"""Numbers in running text: amounts, percentages, counts, months, years, each with its unit and how exact it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xlbudget.reading.numerals import chinese_integer, spoken_integer


class Kind(StrEnum):
    """What a number counts."""

    MONEY = "amount"
    PERCENT = "percent"
    POINTS = "points"
    COUNT = "count"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a clean text. Money is in 元, percentages on a 0–100 scale; `unit` is as written (万元, 个, 期 …).

    `step` is one unit of its last digit, in the scale of `value`.
    """

    kind: Kind
    value: Decimal
    unit: str
    start: int
    end: int
    about: bool
    step: Decimal


MONEY_UNITS = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "百万元": Decimal(1_000_000), "千万元": Decimal(10_000_000), "亿元": Decimal(100_000_000), "万亿元": Decimal(10**12)}  # fmt: skip
_SCALES = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_CHINESE = "零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟"
_COUNTERS = "人次|批次|册次|条次|家次|场次|人份|公顷|立方米|千瓦时|标段|盏|单|度(?!电)|株|床|分钟|小时|台套|人|个|项(?!目)|家|期|次|件|份|场|户|名|台|套|条|处|所|篇|起|亩|公里|千米|平方米|㎡|米|吨|辆|批|部|座|间|册|笔|倍|天|类|宗|例|幅|块|棵|株|头|只|根|本|张|支|对|组|班|轮|届|门|车次|课时|学时|万字|字|分(?![之钟别项类期批为布管局析成享配散工公])|年级|村|镇|乡|县|栋|眼|孔|口(?!径|头|岸|碑|腔)|艘|幢|盒|箱|袋|瓶|升|公斤|千克|克|桩|道|顷|帧|枚|匹|尾|羽|架|航班|车位|平米"
_NUMBER = re.compile(
    rf"(?P<percent_words>百分之(?P<part>[0-9]+(?:\.[0-9]+)?|[{_CHINESE}]+(?:点[{_CHINESE}]+)?))"
    rf"|(?P<number>(?<![0-9.,])(?:(?:[0-9]+(?:[千百]?[亿万]|[千百])零?){{2,6}}[0-9]{{0,4}}(?=元)|[0-9]+亿零?[0-9]{{1,4}}万|[0-9]+[亿万](?:零[0-9]{{1,3}}|[0-9]{{3,4}})(?=元))|(?<![0-9.])[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|[{_CHINESE}][{_CHINESE}万亿]*(?:点[零〇一二三四五六七八九]+(?=[百千万亿元%]))?)"
    rf"(?P<more>余|多|来)?(?P<scale>百万|千万|十万|万亿|[百千万亿](?!分))?(?P<more2>余|多|来)?"
    rf"(?P<unit>元(?!宝)|%|个百分点|百分点|个多?月|(?:多|余)?(?:{_COUNTERS})|年|月|日|号)?(?P<whole>整)?"
)
_ABOUT = re.compile(
    r"(约|大约|近|将近|接近|超|超过|逾|不少于|不低于|至少|不足|突破|高于|低于|少于|多于|大于|小于|不超过|控制在)$"
)
_ABOUT_AFTER = re.compile(r"(?:\(含\)|\(含本数\)|（含）)?(左右|上下|以上|以下|以内|及以上|及以下|之内|不等)")
_MINUS = re.compile(r"[^0-9月年日%A-Za-z-]-$")
_ORDINAL = re.compile(r"(第|〔|\[|图|表|附件|附表|No\.?|[A-Za-z])$")
_NOT_A_NUMBER = re.compile(r"(唯|万|同|第|统|之|某|任|每|逐|进一步|另|单|专)$")
_WORDS = re.compile(
    r"[一两十百千](?:体|致|直|些|样|般|旦|定|步|方面|并|事一议|律|起(?!网|案|事|因)|级|手|线|岗|中心|站|次性|批次|卡通|件事|网|把手|季度|是|查|盘棋|张网|分|一对应)"
)


def quantities(text: str) -> list[Quantity]:
    """Every number of a clean text that has a meaning of its own, in order."""
    found = []
    for match in _NUMBER.finditer(text):
        one = _quantity(text, match)
        if one is not None:
            found.append(one)
    return found


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    before = text[max(0, match.start() - 6) : match.start()]
    if match["percent_words"]:
        value = decimal_of(match["part"])
        return None if value is None else _made(Kind.PERCENT, value, "%", match, text, before, value)
    number, unit = match["number"], match["unit"] or ""
    negative = unit == "元" and _MINUS.search(before)
    if _ORDINAL.search(before) or (
        not number[0].isdigit() and (_WORDS.match(text, match.start()) or _NOT_A_NUMBER.search(before))
    ):
        return None
    scale = match["scale"] or ""
    if unit in ("月", "年") and "." in number:
        number = number.partition(".")[2]  # the number of a paragraph, then a month: 1.7月份
    value = decimal_of(number)
    if value is None:
        return None
    if not scale and number[-1] in "万亿":  # 一百二十万 and 一亿三千万 are told in 万
        scale = number[-1]
        value /= _SCALES[scale]
    return _with_unit(text, match, -value if negative else value, scale, unit, before)


def _with_unit(
    text: str, match: re.Match[str], value: Decimal, scale: str, unit: str, before: str
) -> Quantity | None:
    """A number by what stands behind it; None for a bare one that names nothing."""
    scaled = value * _SCALES[scale]
    if unit == "元":
        if scale + unit not in MONEY_UNITS:
            return _made(Kind.MONEY, scaled, "元", match, text, before, scaled)
        return _made(Kind.MONEY, scaled, scale + "元", match, text, before, value)
    if unit in ("%", "百分点", "个百分点"):
        kind = Kind.PERCENT if unit == "%" else Kind.POINTS
        return _made(kind, value, "%", match, text, before, value)
    if unit == "月":
        whole = value == int(value) and 1 <= value <= 12 and not scale
        return _made(Kind.MONTH, value, "月", match, text, before, value) if whole else None
    if unit == "年":
        whole = value == int(value) and 1990 <= value <= 2100
        return _made(Kind.YEAR, value, "年", match, text, before, value) if whole else None
    if unit in ("日", "号", "个月", "个多月"):
        return None
    if unit:
        return _made(Kind.COUNT, scaled, unit.lstrip("多余") or "个", match, text, before, value)
    stands_alone = not text[match.end() : match.end() + 1] or text[match.end()] in _BEHIND_MONEY
    if scale in ("万", "亿", "万亿") and match["number"][0].isdigit() and stands_alone:
        return _made(Kind.MONEY, scaled, scale + "元", match, text, before, value)
    return None


_BEHIND_MONEY = "，。；、：()）（资用的和及以是为%-+” \n"
"""What may stand behind 万 where 元 was left out."""


def last_digit(number: Decimal) -> Decimal:
    """One unit of the last digit that a number is printed with: 0.01 for 25.33, 1 for 25."""
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


_ARABIC = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?", re.ASCII)
_LONGEST = 40
"""Digits: no amount of a budget has more; whole pages of digits are no numbers."""


def decimal_of(number: str) -> Decimal | None:
    """A number in digits, or in Chinese numerals (二十五点三); None where they are none, or have no end."""
    if len(number) > _LONGEST:
        return None
    if _ARABIC.fullmatch(number):
        return Decimal(number.replace(",", ""))
    whole, _, part = number.partition("点")
    integer = spoken_integer(whole)
    digits = [chinese_integer(sign) for sign in part]
    if integer is None or any(digit is None or digit > 9 for digit in digits):
        return None
    return Decimal(f"{integer}.{''.join(map(str, digits))}") if digits else Decimal(integer)


def _made(
    kind: Kind, value: Decimal, unit: str, match: re.Match[str], text: str, before: str, printed: Decimal
) -> Quantity:
    more = match["more"] or match["more2"]
    unit_end = match.end()
    about = bool(
        more
        or _ABOUT.search(before)
        or _ABOUT_AFTER.match(text, unit_end)
        or "多" in (match["unit"] or "")
        or "余" in (match["unit"] or "")
    )
    step = last_digit(printed)
    if kind is Kind.MONEY:
        step *= MONEY_UNITS[unit]
    return Quantity(kind, value, unit, match.start(), unit_end, about, step)
