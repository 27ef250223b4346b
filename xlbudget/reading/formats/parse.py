"""A number format taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from xlbudget.reading.formats.code import Code, Condition, Part, Piece, Section, Unclear
from xlbudget.reading.formats.roles import as_date, as_number

LONGEST = 255
"""Characters that Excel allows in a number format."""


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
    return Code(tuple(sections) or (GENERAL,), text)


# -- tokens --------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<blank>\\.|.)|\*(?P<fill>\\.|.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])"
    r"|(?P<calendar>b[12])|(?P<date>y+|m+|d+|h+|s+|a{3,}|e+|g+|b+)|(?P<digit>[0#?])|(?P<comma>,+)|(?P<end>;)"
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
    r"(<=|>=|<>|<|>|=)\s*(-?(?:\d{1,99}(?:\.\d{0,99})?|\.\d{1,99})(?:E[+-]?\d\d?)?)", re.IGNORECASE | re.ASCII
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


_ENGLISH, _LANGUAGE = 9, 0x3FF


def _language(locale: str) -> str:
    """Of 804, 0804, zh-CN, 409 …; strange where it asks for another calendar or other digits."""
    if not re.fullmatch(r"[0-9a-f]{1,8}", locale):
        named = "en" if re.fullmatch(r"en-[a-z]{2}", locale) else "strange" if "," in locale else "other"
        return "zh" if locale in ("zh-cn", "zh-hans") else named
    value = int(locale, 16)
    if value > 0xFFFF:
        return "strange"
    return "zh" if value == 0x804 else "en" if value & _LANGUAGE == _ENGLISH else "other"


def _section(tokens: list[Token]) -> Section:
    built = _Builder()
    for name, text in tokens:
        _add(built, name, text)
    if not built.pieces and tokens and not built.system and _only_directives(tokens):
        built.add(Part.GENERAL, "")
    dated = built.system or any(one.part in (Part.DATE, Part.ELAPSED, Part.HALF_DAY) for one in built.pieces)
    roles = as_date(built.pieces) if dated else as_number(built.pieces)
    return Section(
        tuple(roles.pieces), built.condition, built.language, built.numerals, built.system, roles.power,
        roles.percent, roles.grouped,
    )  # fmt: skip


def _only_directives(tokens: list[Token]) -> bool:
    """[红色] alone colours what General shows."""
    return all(name == "bracket" for name, _ in tokens)


_PARTS = {
    "quoted": Part.TEXT, "escaped": Part.TEXT, "blank": Part.BLANK, "general": Part.GENERAL, "half": Part.HALF_DAY,
    "exponent": Part.EXPONENT, "date": Part.DATE, "digit": Part.WHOLE, "comma": Part.COMMA,
}  # fmt: skip
_SIGNS = {".": Part.POINT, "/": Part.DIVIDED, "@": Part.CELL_TEXT, "%": Part.PERCENT}


def _add(built: _Builder, name: str, text: str) -> None:
    if name in _PARTS:
        special = {"blank": " ", "general": "", "date": text.lower()}
        built.add(_PARTS[name], special.get(name, text))
    elif name == "bracket":
        built.bracket(text)
    elif name == "calendar" and text in ("B2", "b2"):
        built.language = "strange"
    elif name == "below":
        built.add(Part.DIVIDED, "/")
        built.add(Part.DENOMINATOR, text)
    elif name == "sign":
        built.add(_SIGNS.get(text, Part.DIGIT if text in "123456789" else Part.TEXT), text)


GENERAL = _section([("general", "")])
"""What a number is shown in where no section says anything else."""
