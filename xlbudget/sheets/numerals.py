"""Numbers as people type them: 1,234.5 · １２ · 6万 · 约20 · 20余期 · 十二 · 百分之九十五."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {
    ord("−"): "-", ord("﹣"): "-", ord("–"): "-", ord("﹪"): "%", ord("￥"): "¥", ord("﹐"): ",",
}  # fmt: skip
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERAL = "[" + "".join((*_DIGITS, *_TENS)) + "]"
SCALES = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4,
    "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
}  # fmt: skip
_SCALE = "|".join(sorted(filter(None, SCALES), key=len, reverse=True))
_NUMBER = re.compile(
    r"(?P<about>约|大约|大概|近|将近|接近|超|逾)?\s*"
    r"(?P<sign>[-+(])?\s*"
    r"(?:(?P<arabic>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    rf"|(?P<chinese>{_NUMERAL}(?:[{''.join((*_DIGITS, *_TENS, *_MYRIADS))}]*{_NUMERAL}|)))"
    rf"\s*(?P<more>余|多)?\s*(?P<scale>{_SCALE})?\s*(?P<more2>余|多)?\s*\)?\s*"
    r"(?P<rest>[^0-9,.].*)?$"
)
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?$", re.ASCII)
_DIGITS_AT_MOST = 15
_PERCENT = ("%", "百分点", "个百分点")
_PARTICLES = ("吧", "呢", "嘛")
"""No unit ends so: what was typed is talk."""
_ABOUT_END = re.compile(r"(左右|上下|余|多)$")


class Number(NamedTuple):
    """A number with its scale as written and the unit behind it."""

    value: Decimal
    scale: int
    unit: str


@lru_cache(maxsize=1 << 12)
def tidy(text: str) -> str:
    """Drop invisible characters and outer blanks; the words themselves stay as typed."""
    return text.translate(_INVISIBLE).replace("\u3000", " ").replace("\xa0", " ").strip()


@lru_cache(maxsize=1 << 12)
def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, all dashes that mean minus as -.

    Not NFKC: that would read 5² as 52 and 100㎡ as 100m2.
    """
    return tidy(text).translate(_HALF_WIDTH)


def chinese_integer(text: str) -> int | None:
    """Read a Chinese numeral; None when it is none, or colloquial and ambiguous (一千二)."""
    total = section = digit = 0
    last_unit = 10
    seen = False
    for character in text:
        if character in _DIGITS:
            if seen and digit and character not in "零〇":
                return None
            digit = _DIGITS[character]
            if digit == 0:
                last_unit = 10
            seen = True
        elif character in _TENS:
            unit = _TENS[character]
            if not digit and unit != 10:
                return None
            section += (digit or 1) * unit
            digit, last_unit, seen = 0, unit, True
        elif character in _MYRIADS:
            total = (total + section + digit) * _MYRIADS[character]
            section = digit = 0
            last_unit = _MYRIADS[character]
        else:
            return None
    if digit and last_unit > 10:
        return None
    return total + section + digit if seen else None


def parse_number(text: str) -> Number | None:
    """Take a number, its scale (万, 亿 …) and what follows it; None when there is not exactly one."""
    folded = half_width(text)
    match = _NUMBER.match(folded)
    if match is None:
        return None
    if match["arabic"]:
        value: Decimal | None = Decimal(match["arabic"].replace(",", ""))
    else:
        integer = chinese_integer(match["chinese"])
        value = None if integer is None else Decimal(integer)
    rest = (match["rest"] or "").strip()
    if match["sign"] == "(":
        if ")" not in folded:
            return None
        rest = rest.removeprefix(")").strip()
    about = _ABOUT_END.search(rest)
    if about:
        rest = rest[: about.start()].strip()
    if value is not None and len(value.as_tuple().digits) > _DIGITS_AT_MOST:
        return None
    rest = rest.replace("m²", "㎡").replace("m2", "㎡")
    if (
        value is None
        or rest.startswith(("分之", "几", "数", "来", "半"))
        or rest.endswith(_PARTICLES)
        or any(c.isdigit() or c in _DIGITS for c in rest)
    ):
        return None
    if match["sign"] in ("-", "("):
        value = -value
    return Number(value, SCALES[match["scale"] or ""], rest)


def is_plain(text: str) -> bool:
    """Whether a text is a number in plain digits, so that reading it needs no interpretation."""
    return _PLAIN.match(tidy(text)) is not None


def parse_percent(text: str) -> Decimal | None:
    """Read 95%, 约 95％ or 百分之九十五 as 95; None when it is no percentage."""
    folded = half_width(text)
    if folded.startswith("百分之"):
        number = parse_number(folded.removeprefix("百分之"))
        return number.value if number and number.scale == 1 and not number.unit else None
    number = parse_number(folded)
    return number.value if number and number.scale == 1 and number.unit in _PERCENT else None
