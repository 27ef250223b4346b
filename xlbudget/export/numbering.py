"""Numbers of headings (一、 and （一）) as Word's own numbering, so that a heading put in between renumbers the others."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_DIGITS = "零一二三四五六七八九"
_LEVELS = (("{}、", "%1、"), ("（{}）", "（%2）"))
"""Level → how a number is read, and the same for Word."""


def chinese(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; up to 99."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


class Numbering:
    """Numbers headings in one Word document, and tells which of them bear the number that Word would give."""

    def __init__(self, word: Any) -> None:
        root = word.part.numbering_part.element
        self._identity = str(
            max([int(one.get(qn("w:numId"))) for one in root.findall(qn("w:num"))] + [0]) + 1
        )
        self._counts = [0, 0]
        abstract = _abstract(
            str(
                max([int(one.get(qn("w:abstractNumId"))) for one in root.findall(qn("w:abstractNum"))] + [0])
                + 1
            )
        )
        first = root.find(qn("w:num"))
        if first is None:
            root.append(abstract)
        else:
            first.addprevious(abstract)
        number = _child(root, "w:num")
        number.set(qn("w:numId"), self._identity)
        _child(number, "w:abstractNumId", abstract.get(qn("w:abstractNumId")))
        for level in range(len(_LEVELS)):
            self._refer(word.styles[f"Heading {level + 1}"].element.get_or_add_pPr(), level, self._identity)

    def heading(self, word: Any, level: int, text: str) -> None:
        """Add a heading; where its text begins with the number whose turn it is, Word writes that number."""
        level = min(level, len(_LEVELS)) - 1
        expected = _LEVELS[level][0].format(chinese(self._counts[level] + 1))
        numbered = text.startswith(expected)
        paragraph = word.add_paragraph(
            text.removeprefix(expected) if numbered else text, style=f"Heading {level + 1}"
        )
        if numbered:
            self._counts[level] += 1
            self._counts[level + 1 :] = [0] * len(self._counts[level + 1 :])
        else:
            self._refer(paragraph._p.get_or_add_pPr(), level, "0")

    @staticmethod
    def _refer(properties: Any, level: int, identity: str) -> None:
        number = properties.get_or_add_numPr()
        number.get_or_add_ilvl().val = level
        number.get_or_add_numId().val = int(identity)


def _child(parent: Any, name: str, value: str | None = None) -> Any:
    child = OxmlElement(name)
    if value is not None:
        child.set(qn("w:val"), value)
    parent.append(child)
    return child


def _abstract(identity: str) -> Any:
    """A multilevel list whose levels belong to the heading styles; the number is followed by the text at once."""
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), identity)
    _child(abstract, "w:multiLevelType", "multilevel")
    for level, (_, pattern) in enumerate(_LEVELS):
        one = _child(abstract, "w:lvl")
        one.set(qn("w:ilvl"), str(level))
        _child(one, "w:start", "1")
        _child(one, "w:numFmt", "chineseCounting")
        _child(one, "w:pStyle", f"Heading{level + 1}")
        _child(one, "w:suff", "nothing")
        _child(one, "w:lvlText", pattern)
        _child(one, "w:lvlJc", "left")
    return abstract
