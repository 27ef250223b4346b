"""What a person reads in a Word file: paragraphs with the numbers that Word writes before them, and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

_NUMERALS = ["", *"一二三四五六七八九十"]


def no_space(text: str) -> str:
    return "".join(text.split())


def _numbered(paragraph: Any) -> Any:
    """The numbering that a paragraph, or else its style, refers to."""
    for properties in (paragraph._p.pPr, paragraph.style.element.pPr):
        if properties is not None and properties.numPr is not None:
            return properties.numPr
    return None


def _patterns(word: Any, identity: int) -> dict[int, str]:
    """Level → pattern of a list, which must count in Chinese."""
    root = word.part.numbering_part.element
    number = next(one for one in root.findall(qn("w:num")) if one.get(qn("w:numId")) == str(identity))
    wanted = number.find(qn("w:abstractNumId")).get(qn("w:val"))
    abstract = next(
        one for one in root.findall(qn("w:abstractNum")) if one.get(qn("w:abstractNumId")) == wanted
    )
    levels = abstract.findall(qn("w:lvl"))
    assert {one.find(qn("w:numFmt")).get(qn("w:val")) for one in levels} == {"chineseCounting"}
    return {int(one.get(qn("w:ilvl"))): one.find(qn("w:lvlText")).get(qn("w:val")) for one in levels}


def paragraphs_of(path: Path) -> list[str]:
    """The paragraphs outside tables."""
    word = docx.Document(str(path))
    counts: dict[int, int] = {}
    found = []
    for paragraph in word.paragraphs:
        number, label = _numbered(paragraph), ""
        if number is not None and number.numId.val:
            level = number.ilvl.val
            counts = {key: value for key, value in counts.items() if key <= level}
            counts[level] = counts.get(level, 0) + 1
            pattern = _patterns(word, number.numId.val)[level]
            label = pattern.replace(f"%{level + 1}", _NUMERALS[counts[level]])
        found.append(label + paragraph.text)
    return found


def words_of_docx(path: Path) -> str:
    """Every word, without blanks."""
    tables = docx.Document(str(path)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    return no_space("".join([*paragraphs_of(path), *cells]))
