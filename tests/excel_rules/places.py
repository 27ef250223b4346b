"""Addresses, areas and formulas as text, read independently of the code under test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

ROWS, COLUMNS = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


class Place(NamedTuple):
    row: int
    column: int


class Area(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Area) -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place_of(text: str | None) -> Place | None:
    """$B$7 → row 7, column 2; None for what is no cell."""
    match = _CELL.fullmatch(text or "")
    if match is None:
        return None
    found = Place(int(match[2]), column_of(match[1]))
    return found if found.row <= ROWS and found.column <= COLUMNS else None


def area_of(text: str | None) -> Area | None:
    """B7:C9, B7, B:C or 7:9; None for what is no area."""
    if columns := re.fullmatch(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", text or ""):
        return Area(1, column_of(columns[1]), ROWS, column_of(columns[2]))
    if rows := re.fullmatch(r"\$?(\d+):\$?(\d+)", text or ""):
        return Area(int(rows[1]), 1, int(rows[2]), COLUMNS)
    first, _, last = (text or "").partition(":")
    top, bottom = place_of(first), place_of(last or first)
    if top is None or bottom is None or top.row > bottom.row or top.column > bottom.column:
        return None
    return Area(*top, *bottom)


def overlap(areas: Iterable[Area]) -> tuple[Area, Area] | None:
    """The first two areas that overlap."""
    living: list[Area] = []
    for area in sorted(areas):
        living = [one for one in living if one.bottom >= area.top]
        for one in living:
            if one.meets(area):
                return one, area
        living.append(area)
    return None


def areas_of(sqref: str | None) -> list[Area | None]:
    return [area_of(one) for one in (sqref or "").split()]


def without_texts(formula: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', '""', formula)


def is_balanced(formula: str) -> bool:
    """Whether quotes, brackets and braces of a formula close."""
    rest = re.sub(r"'(?:[^']|'')*'", "", without_texts(formula))
    return rest.count('"') % 2 == 0 and all(rest.count(a) == rest.count(b) for a, b in ("()", "{}"))


def is_formula(text: str | None) -> bool:
    """A formula as files hold it: not empty, without =, of at most 8,192 characters."""
    return bool(text) and not str(text).startswith("=") and len(str(text)) <= 8192 and is_balanced(str(text))


def sheets_in(formula: str) -> Iterator[str]:
    """The sheets that a formula names, with their quotes."""
    for match in re.finditer(r"('(?:[^']|'')*'|[\w.\u4e00-\u9fff]+)!", without_texts(formula)):
        yield match[1]


def needs_quotes(name: str) -> bool:
    return not re.fullmatch(r"[^\W\d][\w.]*", name) or looks_like_a_cell(name)


def looks_like_a_cell(name: str) -> bool:
    """A1, R1C1, R, C, true, false: names that Excel takes for something else."""
    if re.fullmatch(r"(?i)r\d*c\d*|r\d*|c\d*|true|false", name):
        return True
    return place_of(name.upper()) is not None


def wrong_sheets(formula: str, names: Sequence[str]) -> Iterator[str]:
    """Sheets in a formula that are not there or want quotes; other workbooks' and lost ones do not count."""
    known = {name.lower() for name in names}
    for written in sheets_in(formula):
        name = written[1:-1].replace("''", "'") if written.startswith("'") else written
        if name.startswith("[") or name in ("", "#REF"):
            continue
        if any(one.lower() not in known for one in ([name] if name.lower() in known else name.split(":"))):
            yield f"{written} is no sheet"
        elif written == name and needs_quotes(name):
            yield f"{written} wants quotes"
