"""The readable sources of the Word and PDF reports.

The first line says what to build, the others are one block each:
`# title`, `## heading`, `! centred caption`, `- item that Word numbers`,
`| a row | of a table |`, `~` a blank line, all else a paragraph.
In a table `<` joins a cell with the one to its left and `^` with the one above; `//` breaks a line.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["title", "heading", "caption", "item", "paragraph", "table"]
_MARKS: dict[str, Kind] = {"# ": "title", "## ": "heading", "! ": "caption", "- ": "item"}


@dataclass(frozen=True)
class Block:
    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    suffix: str
    options: dict[str, str]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Cell:
    """A cell with its place, counted from 0, and the columns and rows that it covers."""

    text: str
    column: int
    row: int
    columns: int
    rows: int


def _block(line: str) -> Block:
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            return Block(kind, line.removeprefix(mark).replace("//", "\n"))
    return Block("paragraph", "" if line == "~" else line.replace("//", "\n"))


def _row(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("//", "\n") for cell in line.strip()[1:-1].split("|"))


def read_source(path: Path) -> Source:
    """Blocks of a source; raises ValueError where the rows of a table differ in length."""
    first, *lines = path.read_text("utf-8").splitlines()
    suffix, *options = shlex.split(first.removeprefix("@"))
    blocks: list[Block] = []
    going_on = False
    for line in lines:
        is_row = line.startswith("|")
        if is_row and going_on:
            blocks[-1] = Block("table", rows=(*blocks[-1].rows, _row(line)))
        elif is_row:
            blocks.append(Block("table", rows=(_row(line),)))
        elif line:
            blocks.append(_block(line))
        going_on = is_row
    for block in blocks:
        if len({len(row) for row in block.rows}) > 1:
            raise ValueError(f"{path.name}: rows of different length after {block.rows[0]}")
    pairs = (one.partition("=") for one in options)
    return Source(suffix, {key: value for key, _, value in pairs}, tuple(blocks))


def cells_of(rows: tuple[tuple[str, ...], ...]) -> list[Cell]:
    """The cells of a table in reading order, each with what it covers."""
    cells = []
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text in {"<", "^"}:
                continue
            columns = rows_ = 1
            while x + columns < len(row) and row[x + columns] == "<":
                columns += 1
            while y + rows_ < len(rows) and rows[y + rows_][x] == "^":
                rows_ += 1
            cells.append(Cell(text, x, y, columns, rows_))
    return cells
