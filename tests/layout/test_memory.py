"""Cells with findings as the conditional formats of the input sheets find them."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from xlbudget import app, layout
from xlbudget.domain.finding import Severity
from xlbudget.domain.where import row_and_column
from xlbudget.layout.memory import MARKED, MEMORY_SHEET, is_marked


def number_in(formula: str, row: int, column: int) -> int:
    """What a conditional format looks for in a cell."""
    number = formula.removeprefix("=LOOKUP(").partition(",")[0]
    return int(eval(number.replace("ROW()", str(row)).replace("COLUMN()", str(column))))


def test_every_cell_with_a_finding_is_found_by_its_conditional_format(tmp_path: Path, sample: Path) -> None:
    book = openpyxl.load_workbook(sample)
    book["项目"]["I5"], book["指标"]["K9"], book["指标"]["K10"] = "六个多", "一半吧", None
    book.save(sample)
    opened, _ = app.run(sample, app.Destinations(tmp_path / "o.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")[MEMORY_SHEET]
    for severity, (_, letter) in MARKED.items():
        kept = [cell.value for cell in sheet[letter] if cell.value is not None]
        assert kept == sorted(set(kept))  # LOOKUP bisects
        expected = {
            number_in(is_marked(one.where.sheet, severity), *row_and_column(one.where.cell))
            for one in opened.findings
            if one.severity is severity and one.where.cell
        }
        assert set(kept) == expected
        assert len(kept) >= 1
    assert any(one.severity is Severity.ERROR for one in opened.findings)


def test_no_two_cells_share_a_number() -> None:
    corners = [(1, 1), (1, 16384), (2, 1), (1048576, 1), (1048576, 16384)]
    numbers = [
        number_in(is_marked(sheet.name, Severity.ERROR), *corner)
        for sheet in layout.INPUT_SHEETS
        for corner in corners
    ]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < 10**15  # a spreadsheet keeps 15 digits
