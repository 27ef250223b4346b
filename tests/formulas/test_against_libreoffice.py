"""Ordinary formulas that the gate trusts: what we put beside them is what LibreOffice computes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from tests.formulas.generate import DATA, ODD, RANGES, Nests, systematic
from tests.formulas.sheets import add_sheet, put
from tests.office.conftest import (
    Convert,
    convert,  # noqa: F401
)
from tests.rich.book import Book as Parts
from xlbudget.addin.blocks import Session
from xlbudget.formulas.book import Area
from xlbudget.formulas.gate import Trust, trust
from xlbudget.formulas.refresh import Refreshed, refresh
from xlbudget.formulas.tree import parse
from xlbudget.hosts.package import Package
from xlbudget.sheets.formula import COLUMNS, ROWS
from xlbudget.sheets.table import Cell

pytestmark = pytest.mark.office

SHEET = "算式"
SEED, NESTS = 20240701, 300
ONLY_LIBREOFFICE = {
    r'F\(.*"\*"': "counts numbers as * too; * stands for text only",
    r"数据!A1=TRUE|TRUE\)\)?$": "truth values are the numbers 1 and 0",
    r"^(LARGE|SMALL)\(数据!D1:D8,数据!A20\)$": "does not read a number with blanks around it where one is wanted",
    r'TEXT\([\d./*]+,"0': "rounds the binary number; a format rounds its 15 digits",
    r"1-0\.9-0\.1": "makes every difference beside 0 a 0; Excel only the last one of a formula",
}
"""Where LibreOffice is the odd one: pattern of the formula → what it does otherwise than Excel."""


class Compared(NamedTuple):
    formulas: tuple[str, ...]
    ours: dict[int, Cell]
    failed: dict[int, str]
    theirs: dict[int, object]


def formulas() -> list[str]:
    nests = itertools.islice((one for one in Nests(SEED) if DATA in one), NESTS)
    return [
        one
        for one in dict.fromkeys([*systematic(), *nests])
        if trust(parse(one)) is Trust.SURE or "SUMPRODUCT(" in one
    ]


def workbook(computed: bytes, texts: list[str]) -> bytes:
    """The computed sample with values of every kind, and formulas that nobody computed yet."""
    book = Parts(computed, macros=False)
    add_sheet(book, DATA)
    add_sheet(book, SHEET)
    for column, values in {"A": ODD, **RANGES}.items():
        for row, value in enumerate(values, 1):
            if value is not None:
                put(book, DATA, f"{column}{row}", value)
    for row, text in enumerate(texts, 1):
        put(book, SHEET, f"A{row}", (f"={text}", None))
    return book.pack()


def refreshed(path: Path) -> Refreshed:
    host = Package(path)
    changed = [Area(sheet, 1, 1, ROWS, COLUMNS) for sheet in (DATA, "项目", "统计表")]
    return refresh(host.book(), host.original().book(), changed, Session())


@pytest.fixture
def compared(produced: Path, tmp_path: Path, convert: Convert) -> Compared:  # noqa: F811
    texts, path = formulas(), tmp_path / "算.xlsx"
    path.write_bytes(workbook((produced / "out.xlsx").read_bytes(), texts))
    found = refreshed(path)
    path = convert(path.rename(tmp_path / "源.xlsx"), "ods")  # another format, so that nothing is taken over
    shown = openpyxl.load_workbook(convert(path, "xlsx"), data_only=True)[SHEET]
    return Compared(
        tuple(texts),
        {one.row: one.cell for one in found.writes if one.cell},
        {one.formula.row: one.reason for one in found.failures},
        {row: shown.cell(row, 1).value for row in range(1, len(texts) + 1)},
    )


def value(cell: Cell) -> object:
    if cell.kind == "number":
        return float(cell.text)
    return cell.text == "1" if cell.kind == "bool" else cell.text


def agree(ours: object, theirs: object) -> bool:
    """The same value, numbers to 12 digits; LibreOffice shows an empty text as nothing."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs))
    return ours == ("" if theirs is None else theirs)


def test_trusted_formulas_come_to_what_libreoffice_computes(compared: Compared) -> None:
    texts = compared.formulas
    wrong = [
        (texts[row - 1], value(cell), compared.theirs[row])
        for row, cell in compared.ours.items()
        if not agree(value(cell), compared.theirs[row])
    ]
    assert [one for one in wrong if not any(re.search(known, one[0]) for known in ONLY_LIBREOFFICE)] == []
    unused = [known for known in ONLY_LIBREOFFICE if not any(re.search(known, one[0]) for one in wrong)]
    assert unused == []
    assert len(wrong) < 60
    kinds = Counter(type(value(cell)) for cell in compared.ours.values())
    assert len(compared.ours) > 3000
    assert min(kinds[float], kinds[str], kinds[bool]) > 100
    assert len(set(compared.ours) | set(compared.failed)) == len(texts)
    # Errors count only where they can be checked; apart from them little is given up.
    given_up = [texts[row - 1] for row in compared.failed if not str(compared.theirs[row]).startswith("#")]
    assert len(given_up) < 45
    assert len(compared.failed) > 300
