"""Where a workbook lives. A host reads tables and writes cells; nothing above it knows XML or COM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from xlbudget.formulas.book import Area, Book, CacheWrite
from xlbudget.layout.fill import CellWrite, Mark
from xlbudget.pages.grid import Grid
from xlbudget.reading.table import Table, Value


class Host(Protocol):
    """What every host does: read sheets, write cells, write whole output sheets, keep a memory.

    Grids, their links and marks name sheets as xlbudget does; a host knows the tabs, which may have blanks besides.
    """

    def tables(self, names: Iterable[str]) -> Mapping[str, Table]:
        """The sheets of these names (blanks in names aside) that the workbook has, by their tabs."""

    def tabs(self) -> Sequence[str]:
        """All sheets, in the order of their tabs."""

    def write_cells(self, writes: Iterable[CellWrite]) -> None:
        """Put values into cells, whose look stays."""

    def write_grid(self, grid: Grid) -> None:
        """Replace the content of an output sheet; the sheet is made where it is missing."""

    def write_marks(self, marks: Sequence[Mark]) -> None:
        """Put notes on cells with findings, and take away those of an earlier run."""

    def write_memory(self, name: str, rows: Sequence[Sequence[Value]]) -> None:
        """Replace the content of a hidden sheet."""

    def grow(self, sheet: str, header: int, rows: Sequence[int]) -> None:
        """Let dropdowns, colours and filters below a header reach as far as the rows that are filled."""

    @property
    def keeps_functions(self) -> bool:
        """Whether computed cells hold worksheet functions beside their values."""


class FileHost(Host, Protocol):
    """A workbook that no program has open: nobody but us gives its formulas new results."""

    def book(self) -> Book:
        """The workbook as its formulas see it; those that were just written are not among them."""

    def original(self) -> FileHost:
        """The workbook before anything was written."""

    def changed(self) -> Sequence[Area]:
        """The cells that were written to."""

    def write_results(self, results: Iterable[CacheWrite], *, recalculate: bool = False) -> None:
        """Put new results beside formulas; perhaps ask the next program to compute them all."""

    def save(self) -> bytes:
        """The workbook with everything that was written."""
