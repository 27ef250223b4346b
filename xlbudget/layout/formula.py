"""The text of a formula: its pieces, the functions it calls, and the same formula in another cell."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby

from xlbudget.domain.where import column_letter, column_number

COLUMNS, ROWS = 16_384, 1_048_576
_COLUMN, _ROW = r"\$?[A-Za-z]{1,3}", r"\$?[1-9][0-9]{0,6}"
_CELL = re.compile(rf"({_COLUMN})({_ROW})")
_PIECES = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*+")
    |(?P<sheet>'(?:[^']|'')*+'!)
    |(?P<bracket>\[(?:[^\[\]]|\[[^\]]*+\])*+\])
    |(?P<open>["'\[].*)
    |(?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!))
    |(?P<cell>(?<![\w.$\\?]){_COLUMN}{_ROW}(?![\w.(!\[]))
    |(?P<columns>(?<![\w.$\\?]){_COLUMN}:{_COLUMN}(?![\w.(!\[]))
    |(?P<rows>(?<![\w.$\\?]){_ROW}:{_ROW}(?![\w.(!]))
    |(?P<number>(?<![\w.])(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[Ee][+-]?[0-9]++)?(?![\w(!]))
    |(?P<name>[^\W\d][\w.\\?]*!?|\\[\w.\\?]*)
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
Piece = tuple[str, str]
_MOVING = ("cell", "columns", "rows")


def pieces(formula: str) -> list[Piece]:
    """A formula (without =) as (kind, text): text, sheet, bracket, error, cell, columns, rows, number, name, other.

    What is opened and never closed takes the rest; its kind is open.
    """
    return [(match.lastgroup or "other", match[0]) for match in _PIECES.finditer(formula)]


def _moved_part(part: str, by: int, limit: int) -> str | None:
    """A column or row of a reference, moved where it is relative; None where it falls off the sheet."""
    if part.startswith("$") or not by:
        return part
    if part.isdigit():
        row = int(part) + by
        return str(row) if 1 <= row <= limit else None
    column = column_number(part.upper()) + by
    return column_letter(column) if 1 <= column <= limit else None


def _moved_cell(text: str, rows: int, columns: int) -> str | None:
    column, row = _CELL.fullmatch(text).groups()  # type: ignore[union-attr]
    parts = (_moved_part(column, columns, COLUMNS), _moved_part(row, rows, ROWS))
    return None if None in parts else "".join(parts)  # type: ignore[arg-type]


@lru_cache(maxsize=8)
def _fixed_and_moving(formula: str) -> list[Piece]:
    """The pieces of a formula, those beside each other that never move as one: cells that share it move the others."""
    found: list[Piece] = []
    for moving, group in groupby(pieces(formula), lambda piece: piece[0] in _MOVING):
        together = list(group)
        found += together if moving else [("", "".join(text for _, text in together))]
    return found


def moved(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads in the cell that many rows below and columns to the right."""
    out = []
    for kind, text in _fixed_and_moving(formula):
        piece: str | None = text
        if kind == "cell":
            piece = _moved_cell(text, rows, columns)
        elif kind:
            by, limit = (columns, COLUMNS) if kind == "columns" else (rows, ROWS)
            ends = [_moved_part(end, by, limit) for end in text.split(":")]
            piece = None if None in ends else ":".join(ends)  # type: ignore[arg-type]
        out.append("#REF!" if piece is None else piece)
    return "".join(out)


_PREFIX = re.compile(r"^(?:_xlfn\.|_xlws\.|_xludf\.|_xll\.)+", re.IGNORECASE)
_ANY_PREFIX = re.compile(r"^(?:_xlfn\.|_xlws\.|_xludf\.|_xll\.|_xlpm\.)+", re.IGNORECASE)


@cache
def bare_name(name: str) -> str:
    """The name of a function in capitals, without the prefixes that files give it."""
    return _PREFIX.sub("", name).upper()


def plain_formula(formula: str) -> str:
    """A formula as people see it, without the prefixes that files give to names."""
    return "".join(_ANY_PREFIX.sub("", text) if kind == "name" else text for kind, text in pieces(formula))


def calls(formula: str) -> set[str]:
    """Names of the functions that a formula calls."""
    found = pieces(formula)
    following = [*found[1:], ("", "")]
    return {
        bare_name(text)
        for (kind, text), (_, after) in zip(found, following, strict=False)
        if kind == "name" and after == "("
    }
