"""Numbers as people type them: 1,234.5 · １２ · 6万 · 约20 · 20余期 · 一亿三千万 · 百分之九十五."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlbudget.reading import units

_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {
    ord("−"): "-", ord("﹣"): "-", ord("–"): "-", ord("﹪"): "%", ord("￥"): "¥", ord("﹐"): ",",
    ord("○"): "〇", ord("◯"): "〇", ord("萬"): "万", ord("億"): "亿",
}  # fmt: skip
_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad",
    )
)
_END_MARKS = frozenset("。.;,、")
_ZEROS = "零〇"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
    "貳": 2, "叄": 3, "參": 3, "陸": 6, "兩": 2,
} | {str(digit): digit for digit in range(10)}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_PAIRS = ("两", "兩")
"""两 counts hundreds, thousands and more, or stands alone; it is no digit of a string."""
SCALES = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4,
    "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_SCALE = "|".join(sorted(filter(None, SCALES), key=len, reverse=True))
_SIGNS = "".join((*_DIGITS, *_TENS, *_MYRIADS))
_ABOUT_START = re.compile(r"^(?:约|大约|大概|近|将近|接近|超|逾)\s*")
_TYPED = re.compile(
    rf"(?:{_ABOUT_START.pattern})?"
    r"(?P<sign>[-+(负])?\s*"
    rf"(?P<body>(?:[{_SIGNS},.]|点(?=[{_ZEROS}一二三四五六七八九]))+)"
    rf"\s*(?:(?:余|多)\s*(?P<scale>{_SCALE}|)\s*)?(?:余|多)?"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_ARABIC = re.compile(
    rf"(?P<number>[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?P<scale>{_SCALE}|)"
)
_SPOKEN = re.compile(rf"(?P<whole>[{_SIGNS}]+?)点(?P<part>[{_ZEROS}一二三四五六七八九]+)(?P<scale>{_SCALE}|)")
_MIXED = re.compile(r"[0-9]")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?$", re.ASCII)
_DIGITS_AT_MOST = 15
_LONGEST = 60
"""Characters: no number that a person types is longer, with its unit."""
_ABOUT_END = re.compile(r"(左右|上下|余|多)$")
_REMARK = re.compile(rf"(?<=.)\([^()0-9A-Za-z半负减亏{_SIGNS}]*\)$")
"""A remark in brackets behind a unit: 200批次（含复检）; behind a bare number it may say anything (15（含追加）)."""
_LATIN_WAN = re.compile(r"(?<=[0-9])\s*[wW](?![A-Za-z])")
_GAP = re.compile(r"(?<=[0-9])\s+(?=[十百千万亿])")


class Number(NamedTuple):
    """A number with its scale as written (1.3 and 亿) and the unit behind it."""

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


def bare_words(text: str) -> str:
    """Half-width, without the one mark that ends a sentence or an item of a list."""
    folded = half_width(text)
    words = folded[:-1].rstrip()
    return words if _END_MARKS.isdisjoint(words[-1:]) and folded[-1:] in _END_MARKS else folded


# -- Chinese numerals ----------------------------------------------------------------------------------

_STEP = re.compile(
    rf"(?P<zero>[{_ZEROS}])"
    rf"|(?P<digit>[{''.join(c for c, value in _DIGITS.items() if value)}])(?P<unit>[{''.join(_TENS)}])?"
    r"|(?P<ten>[十拾])"
)
_GUESSES = {"三五", *(f"{'一二三四五六七八九'[i : i + 2]}" for i in range(8))}
"""三五个 and 七八个 are about so many; nobody writes 35 or 78 so."""


def _section(text: str, before: int | None, *, named: bool = False) -> int | None:
    """A numeral below 10,000; `before` is the number of the section that stands before it, None for the first;
    `named` tells that 万 follows.

    Places go down; 零 stands where one is skipped, and a last digit alone needs it (一千二 may be 1,002 or 1,200).
    After a section that ends in 0, 零 may also stand before thousands (壹拾万零伍仟).
    """
    arabic = text[1:] if before is not None and text[0] in _ZEROS else text
    if arabic.isascii():
        alone = before is not None and not named and arabic == text and len(text) == 1
        return (
            int(arabic) if arabic.isdigit() and len(arabic) <= 4 and arabic[0] != "0" and not alone else None
        )
    total, place, zero, at = 0, 10_000, False, 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None or place == 1:
            return None
        at = step.end()
        if step["zero"]:
            if zero or (at == 1 and before is None):
                return None
            zero = True
            continue
        unit = 10 if step["ten"] else _TENS.get(step["unit"] or "", 1)
        digit = 1 if step["ten"] else _DIGITS[step["digit"]]
        skipped = unit * 10 < place
        bank_rule = place == 10_000 and before is not None and before % 10 == 0
        if (
            unit >= place
            or (zero and not skipped and not bank_rule)
            or (unit == 1 and skipped and not zero and (total or (before is not None and not named)))
            or (step["digit"] in _PAIRS and unit < 100 and len(text) > 1)
        ):
            return None
        total, place, zero = total + digit * unit, unit, False
    return None if zero else total


def _below_yi(text: str, before: int | None) -> int | None:
    """A numeral below 10⁸: a section and 万, another section."""
    head, wan, tail = text.partition("万")
    if not wan:
        if before is not None and text[0] not in _ZEROS:
            return None  # 一亿五千 is 1.5亿 to most people and 100,005,000 by the book
        return _section(text, 0 if before is not None else None)
    high = _section(head, before, named=True) if head else None
    low = _section(tail, high) if tail else 0
    return None if not high or low is None else high * 10**4 + low


def _digit_string(text: str) -> int | None:
    """一〇五, 二〇二二, 二0二二: digits that stand for themselves; of Arabic ones only 0 stands among others."""
    if len(text) < 2 or text in _GUESSES or any(c not in _DIGITS or c in _PAIRS for c in text):
        return None
    if not text.isascii() and any(c in "123456789" for c in text):
        return None
    return int("".join(str(_DIGITS[c]) for c in text))


def chinese_integer(text: str) -> int | None:
    """Read a Chinese numeral, capitals too; None when it is none, or colloquial and ambiguous (一千二).

    Sections of 亿 and 万 are added (一亿三千万 is 130,000,000); digits may be Arabic (1亿3000万).
    """
    if not text or len(text) > _LONGEST:
        return None
    if len(text) == 1 and text in _ZEROS:
        return 0
    plain_text = text.replace("萬", "万").replace("億", "亿")
    string = _digit_string(plain_text)
    if string is not None:
        return string
    head, yi, tail = plain_text.partition("亿")
    if not yi:
        return _below_yi(plain_text, None)
    high = _below_yi(head, None) if head else None
    low = _below_yi(tail, high) if tail else 0
    return None if not high or low is None else high * 10**8 + low


def spoken_integer(text: str) -> int | None:
    """A Chinese numeral, or a string of digits before 万 or 亿 (一二〇万)."""
    integer = chinese_integer(text)
    if integer is None and len(text) <= _LONGEST and text[-1:] in _MYRIADS:
        string = _digit_string(text[:-1])
        return None if string is None else string * _MYRIADS[text[-1]]
    return integer


# -- numbers with scale and unit -----------------------------------------------------------------------


def _body(text: str) -> tuple[Decimal, int] | None:
    """Value and scale of what consists of digits and numerals only: 1,234.5 · 2.5万 · 一亿三千万 · 三点五."""
    arabic = _ARABIC.fullmatch(text)
    if arabic:
        return Decimal(arabic["number"].replace(",", "")), SCALES[arabic["scale"]]
    spoken = _SPOKEN.fullmatch(text)
    if spoken:
        whole = chinese_integer(spoken["whole"])
        part = "".join(str(_DIGITS[c]) for c in spoken["part"])
        return None if whole is None else (Decimal(f"{whole}.{part}"), SCALES[spoken["scale"]])
    integer = spoken_integer(text)
    if integer is None:
        return None
    scales = _MYRIADS if any(c in _MYRIADS for c in text) or not _MIXED.match(text) else _TENS
    scale = next((scales[c] for c in reversed(text) if c in scales), 1)
    return Decimal(integer) / scale, scale


def _longest_body(text: str) -> tuple[tuple[Decimal, int], str] | None:
    """The number at the start of a run of numerals, and what is left: 一百千 before 米 is 一百 and 千."""
    for end in range(len(text), max(0, len(text) - 3), -1):
        if end < len(text) and text[end] not in _TENS and text[end] not in _MYRIADS:
            return None
        found = _body(text[:end])
        if found:
            return found, text[end:]
    return None


def parse_number(text: str, own_unit: str = "") -> Number | None:
    """Take a number, its scale (万, 亿 …) and its unit; None when there is not exactly one number.

    What is left must be a known unit word or `own_unit`, the one of the row.
    """
    folded = bare_words(text)
    if len(folded) > _LONGEST:
        return None
    own = half_width(own_unit)
    if own and folded != own and folded.endswith(own):
        bare = parse_number(folded.removesuffix(own))
        if bare and not bare.unit:
            return bare._replace(unit=own)
    match = _TYPED.fullmatch(_GAP.sub("", _LATIN_WAN.sub("万", folded)))
    found = _longest_body(match["body"]) if match else None
    if match is None or found is None:
        return None
    (value, scale), left = found
    more = SCALES[match["scale"] or ""]
    unit = _unit_behind(left + match["rest"].strip(), own, bracket=match["sign"] == "(")
    if unit is None or (more > 1 and (left or scale >= more)):
        return None
    if len(value.as_tuple().digits) > _DIGITS_AT_MOST:
        return None
    return Number(-value if match["sign"] in ("-", "(", "负") else value, scale * more, unit)


def _unit_behind(rest: str, own: str, *, bracket: bool) -> str | None:
    """The unit word in what stands behind a number, bare or in brackets; None where it is none that is known."""
    if bracket:
        head, closed, tail = rest.partition(")")
        if not closed:
            return None
        rest = (head + tail).strip()
    rest = _ABOUT_END.sub("", _REMARK.sub("", rest)).strip()
    unit = rest[1:-1].strip() if rest[:1] == "(" and rest[-1:] == ")" else rest
    return unit if unit == own or units.is_known(unit) else None


def is_plain(text: str) -> bool:
    """Whether a text is a number in plain digits, so that reading it needs no interpretation."""
    return _PLAIN.match(tidy(text)) is not None


_SHARES = {"百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01")}
_ALL = {"百分之百", "百分百"}
_POINTS = ("个百分点", "百分点", "百分比", "百分率")
"""百 belongs to the word, not to the number."""
_TENTHS = re.compile(rf"([{_SIGNS}]+(?:\.[0-9])?)成([一二三四五六七八九半])?")


def parse_percent(text: str) -> Decimal | None:
    """Read 95%, 约 95％, 百分之九十五 or 5‰ as a percentage; None when it is none."""
    folded = _ABOUT_START.sub("", bare_words(text))
    if folded in _ALL:
        return Decimal(100)
    for words, factor in _SHARES.items():
        if folded.startswith(words):
            number = parse_number(folded.removeprefix(words))
            return number.value * factor if number and number.scale == 1 and not number.unit else None
    word = next((one for one in _POINTS if folded.endswith(one)), None)
    number = parse_number(f"{folded.removesuffix(word)}%" if word else folded)
    share = units.share_of_percent(number.unit) if number else None
    return number.value * share if number and share is not None and number.scale == 1 else None


def parse_tenths(text: str) -> Decimal | None:
    """Read 八成, 9成 or 八成五 as a percentage; None when it is something else."""
    match = _TENTHS.fullmatch(_ABOUT_START.sub("", _ABOUT_END.sub("", bare_words(text))))
    found = _body(match[1]) if match else None
    if match is None or found is None or found[1] != 1 or found[0] > 10:
        return None
    return found[0] * 10 + (0 if not match[2] else 5 if match[2] == "半" else _DIGITS[match[2]])
