"""The numbers that Word writes before paragraphs: 一、 （一） 1. ① and the like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xlbudget.files.xml import Element

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 9999


def local(element: Element) -> str:
    """An element's name without namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of this name, of that the next, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def value(element: Element | None, name: str = "val") -> str | None:
    """An attribute in whichever namespace."""
    if element is None:
        return None
    found = (text for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return next(map(str, found), None)


def whole(text: str | None, default: int = 0) -> int:
    """A whole number of an attribute; what is none counts as the default."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text) else default


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """12 → 十二, 20 → 二十, 105 → 一百零五; from 1 to 9999."""
    written, gap = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            written += ("零" if gap else "") + digits[digit] + (units[power - 1] if power else "")
            gap = False
        else:
            gap = bool(written)
    short = written.startswith(digits[1] + units[0]) and digits is _DIGITS
    return written[1:] if short else written


def _roman(number: int) -> str:
    written = ""
    for worth, sign in _ROMAN:
        while number >= worth:
            written, number = written + sign, number - worth
    return written


def _letters(number: int) -> str:
    return chr(97 + (number - 1) % 26) * min(9, 1 + (number - 1) // 26)


def _enclosed(first: int) -> Callable[[int], str]:
    """Signs such as ①; there are twenty of each kind."""
    return lambda number: chr(first + number - 1) if number <= 20 else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
         "taiwaneseCountingThousand"), chinese),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        lambda number: chinese(number, _FORMAL, "拾佰仟")),
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"),
        lambda number: "".join(_DIGITS[int(digit)] for digit in str(number))),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _enclosed(0x2460)),
    "decimalEnclosedParen": _enclosed(0x2474),
    "decimalEnclosedFullstop": _enclosed(0x2488),
    "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
    "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
    **dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"),
        lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))),
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "bullet": lambda _: "",
    "none": lambda _: "",
}  # fmt: skip


def written(number: int, form: str) -> str:
    """A number as a list writes it; forms that are not known are written in digits."""
    return _FORMS.get(form, str)(number) if 0 < number <= _MOST else str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: where it starts, how it counts, its pattern (%1、) and what parts it from the text."""

    start: int
    form: str
    pattern: str
    gap: str
    style: str | None
    legal: bool


def _level(element: Element) -> Level:
    suffix = value(child(element, "suff"))
    form = value(child(element, "numFmt")) or "decimal"
    return Level(
        whole(value(child(element, "start")), 1),
        form,
        "" if form == "bullet" else value(child(element, "lvlText")) or "",
        "" if suffix == "nothing" else " ",
        value(child(element, "pStyle")),
        child(element, "isLgl") is not None,
    )


def _levels(element: Element) -> dict[int, Level]:
    return {whole(value(one, "ilvl")): _level(one) for one in element if local(one) == "lvl"}


class Numbering:
    """Counts the lists of a document; paragraphs are to be asked for in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._overrides: dict[str, dict[int, Level | int]] = {}
        self._styles: dict[str, tuple[str | None, Element | None]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        for element in numbering if numbering is not None else ():
            self._declare(element)
        for style in styles if styles is not None else ():
            if local(style) == "style":
                found = child(style, "pPr", "numPr")
                self._styles[value(style, "styleId") or ""] = (value(child(style, "basedOn")), found)

    def _declare(self, element: Element) -> None:
        if local(element) == "abstractNum":
            identity = value(element, "abstractNumId") or ""
            self._abstract[identity] = _levels(element)
            link = value(child(element, "numStyleLink"))
            if link:
                self._links[identity] = link
        elif local(element) == "num":
            identity = value(element, "numId") or ""
            self._numbers[identity] = value(child(element, "abstractNumId")) or ""
            self._overrides[identity] = dict(_overrides(element))

    def number_of(self, paragraph: Element) -> str:
        """The number before a paragraph with what parts it from the text; empty where there is none."""
        found = self._reference(paragraph)
        if found is None:
            return ""
        identity, at = found
        abstract = self._resolved(identity)
        levels = self._abstract.get(abstract, {})
        overrides = self._overrides.get(identity, {})
        levels = levels | {key: one for key, one in overrides.items() if isinstance(one, Level)}
        if at not in levels:
            return ""
        self._count(identity, abstract, at, levels)
        return self._text(abstract, at, levels)

    def _resolved(self, identity: str) -> str:
        """The abstract list of a number, followed through a style of lists."""
        abstract = self._numbers.get(identity, "")
        link = self._links.get(abstract)
        if link and not self._abstract.get(abstract):
            number = value(child(self._styles.get(link, (None, None))[1], "numId")) or ""
            return self._numbers.get(number, abstract)
        return abstract

    def _reference(self, paragraph: Element) -> tuple[str, int] | None:
        """The list and the level that a paragraph, or else its style, refers to."""
        own = child(paragraph, "pPr", "numPr")
        style = value(child(paragraph, "pPr", "pStyle"))
        identity, level = value(child(own, "numId")), value(child(own, "ilvl"))
        seen: set[str] = set()
        while identity is None and style and style not in seen:
            seen.add(style)
            base, properties = self._styles.get(style, (None, None))
            identity = value(child(properties, "numId"))
            if identity is not None and level is None:
                level = value(child(properties, "ilvl")) or self._level_of_style(identity, style)
            style = base
        if identity is None or identity == "0":
            return None
        return identity, whole(level)

    def _level_of_style(self, identity: str, style: str) -> str:
        levels = self._abstract.get(self._resolved(identity), {})
        return str(next((at for at, one in levels.items() if one.style == style), 0))

    def _count(self, identity: str, abstract: str, at: int, levels: dict[int, Level]) -> None:
        counts = self._counts.setdefault(abstract, {})
        override = self._overrides.get(identity, {}).get(at)
        fresh = (identity, at) not in self._begun
        self._begun.add((identity, at))
        if isinstance(override, int) and fresh:
            counts[at] = override
        else:
            counts[at] = counts[at] + 1 if at in counts else levels[at].start
        for deeper in [key for key in counts if key > at]:
            del counts[deeper]

    def _text(self, abstract: str, at: int, levels: dict[int, Level]) -> str:
        level, counts = levels[at], self._counts[abstract]

        def one(match: re.Match[str]) -> str:
            wanted = int(match[1]) - 1
            known = levels.get(wanted, level)
            form = "decimal" if level.legal else known.form
            return written(counts.get(wanted, known.start), form)

        text = re.sub(r"%([1-9])", one, level.pattern)
        return text + level.gap if text.strip() else ""


def _overrides(number: Element) -> Iterator[tuple[int, Level | int]]:
    for one in number:
        if local(one) == "lvlOverride":
            at, level = whole(value(one, "ilvl")), child(one, "lvl")
            start = value(child(one, "startOverride"))
            if level is not None:
                yield at, _level(level)
            elif start is not None:
                yield at, whole(start, 1)
