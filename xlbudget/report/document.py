"""Blocks of a report. Text is a sequence of runs: plain words, or figures that know their cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xlbudget.domain.finding import Where


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a name as it is printed, with the cells that it came from."""

    text: str
    sources: tuple[Where, ...] = ()


Run = str | Figure
Runs = tuple[Run, ...]


def words(runs: Runs) -> str:
    """The runs as they are read."""
    return "".join(run if isinstance(run, str) else run.text for run in runs)


@dataclass(frozen=True, slots=True)
class Label:
    """附件 label above the title."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Title:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is 一、, level 2 （一）."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class TableCell:
    runs: Runs
    columns: int = 1
    rows: int = 1
    align: str = "center"


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table; header cells may span, and a spanned position holds None. `widths` are shares of the page."""

    header: tuple[tuple[TableCell | None, ...], ...]
    body: tuple[tuple[TableCell, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: lines at the right end (unit, date)."""

    lines: tuple[Runs, ...]


Block = Label | Title | Heading | Paragraph | DataTable | Signature


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `dated` goes into file properties; `draft` is set when findings are ERROR."""

    title: str
    blocks: tuple[Block, ...]
    draft: bool
    dated: date | None
    author: str

    def texts(self) -> Iterator[str]:
        """Every piece of text in reading order."""
        for block in self.blocks:
            if isinstance(block, Heading):
                yield block.text
            elif isinstance(block, DataTable):
                for row in (*block.header, *block.body):
                    yield from (words(cell.runs) for cell in row if cell is not None)
            elif isinstance(block, Signature):
                yield from map(words, block.lines)
            else:
                yield words(block.runs)
