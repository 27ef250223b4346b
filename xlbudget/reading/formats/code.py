"""What a number format consists of: sections with their conditions, and in each the pieces that are shown."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


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
    PERCENT = "percent"
    DIGIT = "digit"
    """1 to 9 outside of quotes. These three become others, none is left in a section."""
    GENERAL = "general"
    CELL_TEXT = "@"
    DATE = "date"
    """A run of y, m, d, h, s, a, e, g or b; `M` where it means minutes."""
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


@dataclass(frozen=True)
class Section:
    """What is shown of a number that a section applies to."""

    pieces: tuple[Piece, ...]
    condition: Condition | None
    language: str
    """zh, en, other, or strange (another calendar, other digits); empty: the program's own."""
    numerals: int
    """1–3 of [DBNum1] to [DBNum3], else 0."""
    system: str
    """date or time where the machine's own long form is shown."""
    power: int
    """Power of ten that the number is multiplied by before it is shown (percent 2, a scaling comma −3)."""
    percent: bool
    grouped: bool

    @cached_property
    def _codes(self) -> dict[Part, str]:
        codes: dict[Part, str] = {}
        for part, code in self.pieces:
            codes[part] = codes.get(part, "") + code
        return codes

    @cached_property
    def frame(self) -> tuple[str, str] | None:
        """The words before and after, where all placeholders stand together."""
        digits = [piece.part in (Part.WHOLE, Part.POINT, Part.DECIMALS) for piece in self.pieces]
        if True not in digits or any(map(self.has, (Part.EXPONENT, Part.DIVIDED))):
            return None
        first, end = digits.index(True), len(digits) - digits[::-1].index(True)
        if not all(digits[first:end]):
            return None
        before, after = self.pieces[:first], self.pieces[end:]
        return "".join(piece.code for piece in before), "".join(piece.code for piece in after)

    @cached_property
    def clock(self) -> bool:
        """Whether it shows a time of day or a length of time."""
        hours = any(piece.part is Part.DATE and piece.code[0] in "hMs" for piece in self.pieces)
        return hours or self.system == "time" or self.has(Part.ELAPSED) or self.has(Part.HALF_DAY)

    def has(self, part: Part) -> bool:
        return part in self._codes

    def codes(self, part: Part) -> str:
        """The placeholders of a kind, one after the other."""
        return self._codes.get(part, "")

    @cached_property
    def dated(self) -> bool:
        return bool(self.system) or any(map(self.has, (Part.DATE, Part.ELAPSED, Part.HALF_DAY)))

    @cached_property
    def digits(self) -> bool:
        return any(map(self.has, (Part.WHOLE, Part.DECIMALS, Part.NUMERATOR)))


@dataclass(frozen=True, slots=True)
class Code:
    """A whole number format: its sections for numbers, and the one for texts if it has one."""

    sections: tuple[Section, ...]
    text: Section | None


class Unclear(ValueError):  # noqa: N818  (a format that Excel refuses, or that nobody can be sure of)
    """A number format that is not valid or cannot be followed for sure."""
