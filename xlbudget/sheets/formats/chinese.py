"""Digits as [DBNum1] to [DBNum3] write them in a Chinese Excel: 二万四千一百 · 贰万肆仟壹佰 · ２万４千１百."""

from __future__ import annotations

_DIGITS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_TENS = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟"), 3: ("", "十", "百", "千")}
_MYRIADS = ("", "万", "亿")
LARGEST = 10**12
"""From here on programs disagree (万亿 or 兆)."""


def digit_by_digit(text: str, style: int) -> str:
    """2022 → 二〇二二; what is no digit stays."""
    return text.translate({ord(str(value)): sign for value, sign in enumerate(_DIGITS[style])})


def numeral(number: int, style: int, *, short: bool = False) -> str:
    """10500 → 一万〇五百; `short`, as in dates: 十二 for 一十二. Only below `LARGEST`."""
    if number == 0:
        return _DIGITS[style][0]
    text = ""
    place, gap = 0, False
    while number:
        number, section = divmod(number, 10**4)
        if section:
            zero = _DIGITS[style][0] if gap and text else ""
            text = _section(section, style) + _MYRIADS[place] + zero + text
        gap = section < 1000
        place += 1
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
