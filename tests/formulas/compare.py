"""A workbook full of formulas, what we make of them, and whether another program agrees."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.formulas.generate import DATA, ODD, RANGES, Nests, systematic
from tests.formulas.shapes import ARRAYS, FILTERED_ROWS, HIDDEN_ROWS, MORE, shapes
from tests.formulas.sheets import Content, add_sheet, put
from tests.rich.book import Book as Parts
from xlbudget.formulas.book import Area
from xlbudget.formulas.refresh import refresh
from xlbudget.functions.blocks import Session
from xlbudget.hosts.package import Package
from xlbudget.layout.formula import COLUMNS, ROWS
from xlbudget.reading.table import Cell

SHEET, DETAILS, FILTERED = "算式", "明细", "筛选"
SEED, NESTS = 20240701, 300
_ITEMS: dict[str, tuple[Content, ...]] = {
    "A": ("项目", "甲", "甲", "乙", "乙", "甲", "甲", "甲", "乙", "甲"),
    "B": ("金额", 10, 20, 30, 40, 50, 60, ("=SUBTOTAL(9,B2:B7)", 210), 80, None),
    "C": ("率", 1, "#N/A", 3, "#DIV/0!", 5, 6, 7, 8, 9),
}
"""A list with a subtotal in it."""


class Formula(NamedTuple):
    """A formula without =, and whether it is an array formula."""

    text: str
    array: bool = False


def corpus() -> list[Formula]:
    """Every formula that is compared."""
    nests = itertools.islice((one for one in Nests(SEED) if DATA in one), NESTS)
    plain = dict.fromkeys([*systematic(), *shapes(), *nests])
    return [*map(Formula, plain), *(Formula(one, array=True) for one in ARRAYS)]


def workbook(computed: bytes, formulas: Sequence[Formula]) -> bytes:
    """The computed sample with values of every kind, and formulas that nobody computed yet."""
    book = Parts(computed, macros=False)
    for name in (DATA, DETAILS, FILTERED, SHEET):
        add_sheet(book, name)
    for column, values in {"A": ODD, **RANGES, **MORE}.items():
        _fill(book, DATA, column, values)
    for name, hidden in ((DETAILS, HIDDEN_ROWS), (FILTERED, FILTERED_ROWS)):
        for column, values in _ITEMS.items():
            _fill(book, name, column, values)
        for row in hidden:
            book.row(name, row).set("hidden", "1")
    chosen = '<filterColumn colId="0"><filters><filter val="甲"/></filters></filterColumn>'
    book.put(FILTERED, f'<autoFilter ref="A1:C10">{chosen}</autoFilter>')
    book.define("_xlnm._FilterDatabase", f"{FILTERED}!$A$1:$C$10", FILTERED, hidden="1")
    for row, formula in enumerate(formulas, 1):
        more = {"t": "array", "ref": f"A{row}"} if formula.array else {}
        put(book, SHEET, f"A{row}", (f"={formula.text}", None), **more)
    return book.pack()


def _fill(book: Parts, sheet: str, column: str, values: Sequence[Content]) -> None:
    for row, value in enumerate(values, 1):
        if value is not None:
            put(book, sheet, f"{column}{row}", value)


def ours(path: Path) -> tuple[dict[int, Cell], dict[int, str]]:
    """What we compute, and why not, by row."""
    host = Package(path)
    changed = [Area(sheet, 1, 1, ROWS, COLUMNS) for sheet in (DATA, DETAILS, FILTERED, "项目", "统计表")]
    found = refresh(host.book(), changed, Session())
    return (
        {one.row: one.cell for one in found.writes if one.cell and one.sheet == SHEET},
        {one.formula.row: one.reason for one in found.failures if one.formula.sheet == SHEET},
    )


def value(cell: Cell) -> object:
    """A cell as Python has it."""
    if cell.kind == "number":
        return float(cell.text)
    return cell.text == "1" if cell.kind == "bool" else cell.text


def agree(one: object, other: object) -> bool:
    """The same value, numbers to 12 digits; an empty text may be shown as nothing, a truth value as 0 or 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one == other
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-12 * max(abs(one), abs(other))
    return one == ("" if other is None else other)
