"""A workbook with all that Excel can put into one, built on one of ours, to prove that nothing of it is lost."""

from __future__ import annotations

from tests.rich import cells, data, drawings, notes, shell
from tests.rich.book import Book
from tests.rich.registry import FEATURES, Feature, Trail

__all__ = ["MODULES", "Feature", "Trail", "features", "rich_workbook"]
MODULES = (cells, drawings, notes, data, shell)
"""Read in this order, which is the order of building."""


def features(*, macros: bool) -> list[Feature]:
    """Features of such a workbook, the chain of calculation last: it lists the formulas of all others."""
    chosen = [one for one in FEATURES if macros or not one.macros]
    return sorted(chosen, key=lambda one: one.name == "chain_of_calculation")


def rich_workbook(content: bytes, *, macros: bool) -> bytes:
    """One of our workbooks (blank, filled or computed) with every feature added; same bytes each time."""
    book = Book(content, macros=macros)
    for one in features(macros=macros):
        one.build(book)
    return book.pack()
