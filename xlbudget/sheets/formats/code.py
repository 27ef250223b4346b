"""A number format taken apart: sections with their conditions, and in each the pieces that are shown."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

LONGEST = 255
"""Characters that Excel allows in a number format."""


class Part(StrEnum):
    """What a piece of a section stands for."""

    TEXT = "text"
    BLANK = "blank"
    """A blank as wide as a sign (_x)."""
    WHOLE = "whole"
    """Placeholders of digits before the point."""
    POINT = "point"
    DECIMALS = "decimals"
    EXPONENT = "exponent"
    """E+ or E-."""
    POWER = "power"
    """Placeholders of digits behind E."""
    NUMERATOR = "numerator"
    DIVIDED = "divided"
    DENOMINATOR = "denominator"
    COMMA = "comma"
    """Until it is known what a comma means; none is left in a section."""
    GENERAL = "general"
    CELL_TEXT = "@"
    DATE = "date"
    """A run of y, m, d, h, s, a or e; `M` where it means minutes."""
    ELAPSED = "elapsed"
    HALF_DAY = "half day"
    SUBSECOND = "subsecond"


class Piece(NamedTuple):
    """One piece; `code` is the literal, the placeholders or the letters."""

    part: Part
    code: str


class Condition(NamedTuple):
    """When a section applies: [>=100]."""

    sign: str
    limit: Decimal

    def holds(self, number: Decimal) -> bool:
        return _COMPARE[self.sign](number, self.limit)


_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """What is shown of a number that a section applies to."""

    pieces: tuple[Piece, ...]
    condition: Condition | None
    language: str
    """zh, en, other, or empty: the program's own."""
    numerals: int
    """1–3 of [DBNum1] to [DBNum3], else 0."""
    system: str
    """date or time where the machine's own long form is shown."""
    power: int
    """Power of ten that the number is multiplied by before it is shown (percent 2, a scaling comma −3)."""
    percent: bool
    grouped: bool

    def has(self, *parts: Part) -> bool:
        return any(piece.part in parts for piece in self.pieces)

    def codes(self, part: Part) -> str:
        """The placeholders of a kind, one after the other."""
        return "".join(piece.code for piece in self.pieces if piece.part is part)

    @property
    def dated(self) -> bool:
        return bool(self.system) or self.has(Part.DATE, Part.ELAPSED, Part.HALF_DAY)

    @property
    def digits(self) -> bool:
        return self.has(Part.WHOLE, Part.DECIMALS, Part.NUMERATOR)


@dataclass(frozen=True, slots=True)
class Code:
    """A whole number format: its sections for numbers, and the one for texts if it has one."""

    sections: tuple[Section, ...]
    text: Section | None


class Unclear(ValueError):  # noqa: N818  (a format that Excel refuses, or that nobody can be sure of)
    """A number format that is not valid or cannot be followed for sure."""


def parsed(code: str) -> Code | None:
    """A number format taken apart, in time that its length (at most 255) bounds; None where it is unclear."""
    return _parsed(code) if len(code) <= LONGEST else None


@lru_cache(maxsize=1 << 10)
def _parsed(code: str) -> Code | None:
    try:
        sections = [_section(tokens) for tokens in _split(code or "General")]
        return _arranged(sections)
    except Unclear:
        return None


def _arranged(sections: list[Section]) -> Code:
    """The section with @ is the one for texts, as is the fourth."""
    conditions = [index for index, one in enumerate(sections) if one.condition]
    if len(conditions) > 2 or (conditions and conditions[-1] > 1):
        raise Unclear
    texts = [one for one in sections if one.has(Part.CELL_TEXT)]
    if len(sections) > 4 or len(texts) > 1 or (texts and texts[0] is not sections[-1]):
        raise Unclear
    if len(sections) == 4 or texts:
        *sections, text = sections
        if text.digits or text.dated:
            raise Unclear
    else:
        text = None
    return Code(tuple(sections) or (_section([("general", "")]),), text)


# -- tokens --------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<blank>\\.|.)|\*(?P<fill>\\.|.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|a{3,}|e+)|(?P<calendar>b1)|(?P<digit>[0#?])|(?P<comma>,+)|(?P<end>;)"
    r"|/(?P<below>[1-9][0-9]*)"
    r'|(?P<sign>[^"\\!_*\[\]abdeghmnsy])',
    re.IGNORECASE | re.DOTALL,
)
Token = tuple[str, str]
"""Name of the group that matched, and its text."""


def _split(code: str) -> Iterator[list[Token]]:
    """The tokens of each section."""
    section: list[Token] = []
    at = 0
    while at < len(code):
        match = _TOKEN.match(code, at)
        if match is None:
            raise Unclear
        name = str(match.lastgroup)
        if name == "exponent" and not any(kind == "digit" for kind, _ in section):
            name, at = "date", at + 1  # the year of e-mm-dd
        else:
            at = match.end()
        if name == "end":
            yield section
            section = []
        else:
            section.append((name, match[name] if name != "date" else match[0].rstrip("+-")))
    yield section


_COLOURS = {
    "black", "blue", "cyan", "green", "magenta", "red", "white", "yellow",
    "黑色", "蓝色", "蓝绿色", "青色", "绿色", "洋红", "洋红色", "红色", "白色", "黄色",
}  # fmt: skip
_COLOUR = re.compile(r"(?:color|颜色)\s*\d{1,2}")
_CONDITION = re.compile(
    r"(<=|>=|<>|<|>|=)\s*(-?\d{1,99}(?:\.\d{0,99})?(?:E[+-]?\d\d?)?)", re.IGNORECASE | re.ASCII
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_NUMERALS = re.compile(r"dbnum([123])", re.IGNORECASE)
_LOCALE = re.compile(r"\$(?P<symbol>[^-]*)(?:-(?P<locale>.*))?", re.DOTALL)
_SYSTEM = {"f800": "date", "x-sysdate": "date", "f400": "time", "x-systime": "time"}


class _Builder:
    """Collects what stands in one section."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.condition: Condition | None = None
        self.language = self.system = ""
        self.numerals = 0
        self.power = 0
        self.percent = False

    def add(self, part: Part, code: str) -> None:
        self.pieces.append(Piece(part, code))

    def bracket(self, content: str) -> None:
        """[红色] [>=100] [$¥-804] [DBNum1] [h]: each but the last changes what the section is."""
        condition = _CONDITION.fullmatch(content)
        numerals = _NUMERALS.fullmatch(content)
        if _ELAPSED.fullmatch(content):
            self.add(Part.ELAPSED, content.lower())
        elif condition and self.condition is None:
            self.condition = Condition(condition[1], Decimal(condition[2]))
        elif numerals:
            self.numerals = int(numerals[1])
        elif content.startswith("$"):
            self._locale(content)
        elif content.lower() not in _COLOURS and not _COLOUR.fullmatch(content.lower()):
            raise Unclear

    def _locale(self, content: str) -> None:
        match = _LOCALE.fullmatch(content)
        symbol, locale = (match["symbol"], (match["locale"] or "").lower()) if match else ("", "")
        if symbol:
            self.add(Part.TEXT, symbol)
        self.system = _SYSTEM.get(locale, self.system)
        if locale and locale not in _SYSTEM:
            self.language = _language(locale)


def _language(locale: str) -> str:
    """Of 804, 0804, zh-CN, 409 … Raises Unclear where it asks for another calendar or other digits."""
    number = re.fullmatch(r"[0-9a-f]{1,8}", locale)
    if number is None:
        if "," in locale:
            raise Unclear
        return {"zh-cn": "zh", "zh-hans": "zh"}.get(locale, "en" if locale.startswith("en-") else "other")
    value = int(locale, 16)
    if value > 0xFFFF:
        raise Unclear
    return "zh" if value == 0x804 else "en" if value & 0x3FF == 9 else "other"


def _section(tokens: list[Token]) -> Section:
    built = _Builder()
    for name, text in tokens:
        _add(built, name, text)
    if not built.pieces and tokens and not built.system and _only_directives(tokens):
        built.add(Part.GENERAL, "")
    dated = built.system or any(one.part in (Part.DATE, Part.ELAPSED, Part.HALF_DAY) for one in built.pieces)
    pieces, grouped = (_as_date(built.pieces), False) if dated else _as_number(built)
    return Section(
        tuple(pieces), built.condition, built.language, built.numerals, built.system, built.power,
        built.percent, grouped,
    )  # fmt: skip


def _only_directives(tokens: list[Token]) -> bool:
    """[红色] alone colours what General shows."""
    return all(name == "bracket" for name, _ in tokens)


def _add(built: _Builder, name: str, text: str) -> None:
    if name in ("quoted", "escaped"):
        built.add(Part.TEXT, text)
    elif name == "blank":
        built.add(Part.BLANK, " ")
    elif name == "bracket":
        built.bracket(text)
    elif name == "general":
        built.add(Part.GENERAL, "")
    elif name == "half":
        built.add(Part.HALF_DAY, text)
    elif name == "exponent":
        built.add(Part.EXPONENT, text.upper())
    elif name == "date":
        built.add(Part.DATE, text.lower())
    elif name == "digit":
        built.add(Part.WHOLE, text)
    elif name == "comma":
        built.add(Part.COMMA, text)
    elif name == "below":
        built.add(Part.DIVIDED, "/")
        built.add(Part.DENOMINATOR, text)
    elif name == "sign":
        _add_sign(built, text)


def _add_sign(built: _Builder, sign: str) -> None:
    if sign == "%":
        built.power += 2
        built.percent = True
    built.add({".": Part.POINT, "/": Part.DIVIDED, "@": Part.CELL_TEXT}.get(sign, Part.TEXT), sign)


# -- numbers -------------------------------------------------------------------------------------------


def _as_number(built: _Builder) -> tuple[list[Piece], bool]:
    """The pieces of a section for numbers, each placeholder in its role; whether thousands are set apart."""
    pieces, grouped = _with_commas(built)
    if any(piece.part is Part.DIVIDED for piece in pieces):
        return _as_fraction(pieces), grouped
    role = Part.WHOLE
    made: list[Piece] = []
    for piece in pieces:
        part, code = piece
        if part is Part.POINT and role is Part.WHOLE:
            role = Part.DECIMALS
        elif part is Part.POINT:
            part = Part.TEXT
        elif part is Part.EXPONENT:
            if role is Part.POWER:
                raise Unclear
            role = Part.POWER
        elif part is Part.WHOLE:
            part = role
        made.append(Piece(part, code))
    _check_number(made, built.power, grouped=grouped)
    return _joined(made), grouped


def _with_commas(built: _Builder) -> tuple[list[Piece], bool]:
    """Commas between placeholders set thousands apart, behind the last one they divide, elsewhere they are shown.

    Raises Unclear for what programs understand differently (0,.0 and 0.0,0).
    """
    given = built.pieces
    pieces: list[Piece] = []
    grouped = False
    last = max((index for index, piece in enumerate(given) if piece.part is Part.WHOLE), default=-1)
    for index, piece in enumerate(given):
        if piece.part is not Part.COMMA:
            pieces.append(piece)
            continue
        before = given[index - 1].part if index else Part.TEXT
        pointed = any(one.part is Part.POINT for one in given[:index])
        if before is Part.WHOLE and index < last:
            if pointed or given[index + 1].part is Part.POINT:
                raise Unclear
            grouped = True
        elif before is Part.WHOLE or (before is Part.POINT and last > -1):
            built.power -= 3 * len(piece.code)
        else:
            pieces.append(Piece(Part.TEXT, piece.code))
    return pieces, grouped


def _check_number(pieces: list[Piece], power: int, *, grouped: bool) -> None:
    parts = {piece.part for piece in pieces}
    digits = parts & {Part.WHOLE, Part.DECIMALS, Part.POWER}
    general = sum(piece.part is Part.GENERAL for piece in pieces)
    if general > 1 or (general and (digits or power or Part.POINT in parts)):
        raise Unclear
    if Part.CELL_TEXT in parts and (digits or general):
        raise Unclear
    if Part.EXPONENT in parts and not (Part.POWER in parts and digits - {Part.POWER}):
        raise Unclear
    if grouped and (Part.EXPONENT in parts or len(_runs(pieces, Part.WHOLE)) > 1):
        raise Unclear


def _runs(pieces: list[Piece], part: Part) -> list[int]:
    """Where runs of a part begin."""
    return [
        index
        for index, piece in enumerate(pieces)
        if piece.part is part and (not index or pieces[index - 1].part is not part)
    ]


_RUNS = {Part.TEXT, Part.WHOLE, Part.DECIMALS, Part.POWER, Part.SUBSECOND}


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Placeholders that follow each other, and texts, as one piece."""
    made: list[Piece] = []
    for piece in pieces:
        if made and made[-1].part is piece.part and piece.part in _RUNS:
            made[-1] = Piece(piece.part, made[-1].code + piece.code)
        else:
            made.append(piece)
    return made


_LARGEST_BELOW = 4
"""Digits of a denominator, beyond which nobody reads a fraction."""


def _as_fraction(pieces: list[Piece]) -> list[Piece]:
    """# ?/? and # ??/100: at most one whole, a blank, one numerator and one denominator, and words around."""
    made = _joined(pieces)
    slash, *more = [index for index, piece in enumerate(made) if piece.part is Part.DIVIDED]
    if more or slash in (0, len(made) - 1) or made[slash - 1].part is not Part.WHOLE:
        raise Unclear
    below = made[slash + 1]
    if below.part not in (Part.WHOLE, Part.DENOMINATOR) or len(below.code) > _LARGEST_BELOW:
        raise Unclear
    made[slash - 1] = Piece(Part.NUMERATOR, made[slash - 1].code)
    made[slash + 1] = Piece(Part.DENOMINATOR, below.code)
    before = [piece.part for piece in made[: slash - 1]]
    behind = [piece.part for piece in made[slash + 2 :]]
    if (
        set(before) - {Part.TEXT, Part.BLANK, Part.WHOLE}
        or before.count(Part.WHOLE) > 1
        or set(behind) - {Part.TEXT, Part.BLANK}
    ):
        raise Unclear
    return made


# -- dates ---------------------------------------------------------------------------------------------


def _as_date(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a section for dates: minutes told from months, zeros behind a point as parts of a second."""
    made: list[Piece] = []
    clock = False
    for piece in pieces:
        part, code = piece
        if part is Part.WHOLE:
            if code != "0" or not made or made[-1].part not in (Part.POINT, Part.SUBSECOND):
                raise Unclear
            if made[-1].part is Part.POINT:
                made.pop()
                code = ".0"
            part = Part.SUBSECOND
            if not clock:
                raise Unclear
        elif part in (Part.GENERAL, Part.CELL_TEXT, Part.EXPONENT):
            raise Unclear
        elif part in (Part.DIVIDED, Part.DENOMINATOR, Part.COMMA):
            part = Part.TEXT
        clock = clock or part is Part.ELAPSED or (part is Part.DATE and code[0] in "hs")
        made.append(Piece(part, code))
    made = _joined([Piece(Part.TEXT, piece.code) if piece.part is Part.POINT else piece for piece in made])
    return _with_minutes(made)


def _with_minutes(pieces: list[Piece]) -> list[Piece]:
    """m and mm are minutes behind hours or seconds, and before seconds; each of these tells of one m only."""
    timed = [index for index, piece in enumerate(pieces) if piece.part in (Part.DATE, Part.ELAPSED)]
    used: set[int] = set()
    for order, index in enumerate(timed):
        code = pieces[index].code
        if pieces[index].part is not Part.DATE or code not in ("m", "mm"):
            continue
        near = [timed[other] for other in (order - 1, order + 1) if 0 <= other < len(timed)]
        tells = [
            one for one in near
            if one not in used and pieces[one].code.strip("[]")[0] in ("hs" if one < index else "s")
        ]  # fmt: skip
        if tells:
            used.add(tells[0])
            pieces[index] = Piece(Part.DATE, "M" * len(code))
    return pieces
