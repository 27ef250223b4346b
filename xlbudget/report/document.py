"""Blocks of a report. Text is a sequence of runs: plain words, or figures that know their cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, assert_never

from xlbudget.domain.where import Where
from xlbudget.report.charts import Chart


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a name as it is printed, with the cells that it came from."""

    text: str
    sources: tuple[Where, ...] = ()


Run = str | Figure
Runs = tuple[Run, ...]


def words(runs: Runs) -> str:
    """The runs as they are read."""
    if len(runs) == 1:  # most cells of a table
        (run,) = runs
        return run if isinstance(run, str) else run.text
    return "".join([run if isinstance(run, str) else run.text for run in runs])


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
class Caption:
    """A small centred line: what a picture shows, what a form is about."""

    runs: Runs


Align = Literal["left", "center"]


class TableCell(NamedTuple):
    """A cell of a table and how many rows and columns it spans."""

    runs: Runs
    columns: int = 1
    rows: int = 1
    align: Align = "center"
    head: bool = False
    """Whether it names what stands beside or below it."""


TableRow = tuple[TableCell | None, ...]
"""Cells by column; a position that another cell spans holds None."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table; its header is repeated on every page. `widths` are shares of the page, `size` is in points."""

    header: tuple[TableRow, ...]
    body: tuple[TableRow, ...]
    widths: tuple[float, ...]
    size: float = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart; its caption stands below as a block of its own."""

    chart: Chart


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: lines at the right end (unit, date)."""

    lines: tuple[Runs, ...]


Block = Label | Title | Heading | Paragraph | Caption | DataTable | Picture | Signature


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `dated` goes into file properties; `draft` is set when findings are ERROR."""

    title: str
    blocks: tuple[Block, ...]
    draft: bool
    dated: date | None
    author: str
    landscape: bool = False

    def texts(self) -> Iterator[str]:
        """Every piece of text in reading order."""
        for block in self.blocks:
            match block:
                case Heading():
                    yield block.text
                case DataTable():
                    for row in (*block.header, *block.body):
                        yield from (words(cell.runs) for cell in row if cell is not None)
                case Signature():
                    yield from map(words, block.lines)
                case Picture():
                    pass
                case Label() | Title() | Paragraph() | Caption():
                    yield words(block.runs)
                case _:
                    assert_never(block)
