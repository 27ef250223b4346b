"""Formats under which a number shows as itself, so that nobody has to ask what it means."""

from __future__ import annotations

from functools import lru_cache

from xlbudget.reading.formats.code import Part, Section
from xlbudget.reading.formats.parse import parsed

_OF_SECTION = (set("+ "), set("-() "), set(" "))
"""Marks that a section for positive numbers, negative ones and zero may show beside digits."""


@lru_cache(maxsize=1 << 10)
def shows_itself(code: str) -> bool:
    """Whether a format only rounds, groups, pads or colours numbers: without words, scaling, dates, conditions."""
    known = parsed(code)
    if known is None or not all(map(_bare, known.sections, _OF_SECTION)):
        return False
    return len(known.sections) == 1 or any(piece.code in ("-", "(") for piece in known.sections[1].pieces)


def _bare(section: Section, marks: set[str]) -> bool:
    if section.power or section.dated or section.condition or section.numerals:
        return False
    numeric = [piece for piece in section.pieces if piece.part is not Part.BLANK]
    if not (section.digits or section.has(Part.GENERAL)):
        return False
    while numeric and numeric[0].part is Part.TEXT and marks.issuperset(numeric[0].code):
        numeric.pop(0)
    while numeric and numeric[-1].part is Part.TEXT and marks.issuperset(numeric[-1].code):
        numeric.pop()
    return all(piece.part is not Part.TEXT for piece in numeric)
