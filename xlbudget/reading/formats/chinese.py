"""Digits as [DBNum1] to [DBNum3] write them in a Chinese Excel: 二万四千一百 · 贰万肆仟壹佰 · １２３."""

from __future__ import annotations

from xlbudget.reading.formats.code import Unclear

_DIGITS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_TENS = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟")}
_MYRIADS = ("", "万", "亿")


def digit_by_digit(text: str, style: int) -> str:
    """2022 → 二〇二二; what is no digit stays."""
    return text.translate({ord(str(value)): sign for value, sign in enumerate(_DIGITS[style])})


def numeral(number: int, style: int, *, short: bool = False) -> str:
    """10500 → 一万〇五百; `short`, as in dates: 十二 for 一十二. Style 1 or 2, below 万亿.

    Raises Unclear where programs disagree: 一百亿〇二千 or 一百亿二千.
    """
    if number == 0:
        return _DIGITS[style][0]
    text, lower = "", 1000
    for myriad in _MYRIADS:
        number, section = divmod(number, 10**4)
        if not section and number and lower >= 1000 and text:
            raise Unclear
        if section:
            zero = _DIGITS[style][0] if text and lower < 1000 else ""
            text = _section(section, style) + myriad + zero + text
        lower = section
    return text[1:] if short and style == 1 and text.startswith("一十") else text


def _section(number: int, style: int) -> str:
    """A number below 10,000; a gap of zeros within it is said once."""
    digits, tens = _DIGITS[style], _TENS[style]
    text = ""
    for place, sign in enumerate(reversed(str(number))):
        if sign != "0":
            text = digits[int(sign)] + tens[place] + text
        elif text and not text.startswith(digits[0]):
            text = digits[0] + text
    return text
