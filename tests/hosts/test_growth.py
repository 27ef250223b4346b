"""Rows beyond those that were prepared: filters, dropdowns, colours, tables and names reach as far as the data."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from benchmarks.make import values
from xlbudget import app, profiles
from xlbudget.hosts.growth import grown
from xlbudget.hosts.template import input_sheets
from xlbudget.sheets import layout

LAST = 2304
"""Of 2,300 indicators; 2,000 rows are prepared."""


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ("E5:E2004", "E5:E2304"),
        ("A4:S2004", "A4:S2304"),
        ("$A$4:$S$2004", "$A$4:$S$2304"),
        ("A5:S2004 E5:E2004", "A5:S2304 E5:E2304"),
        ("A5:A2304", "A5:A2304"),
        ("A5:A3000", "A5:A3000"),
        ("K5:K9", "K5:K9"),
        ("K100:K2004", "K100:K2004"),
        ("K5", "K5"),
        ("A1:S2004", "A1:S2004"),
    ],
)
def test_grown(areas: str, expected: str) -> None:
    assert grown(areas, 4, LAST) == expected


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Path]:
    """Before and after `run`, with a user's own table, name, colours and a dropdown for a few cells."""
    folder = tmp_path_factory.mktemp("growth")
    source, out = folder / "s.xlsx", folder / "o.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(input_sheets(values(40, 2300), profiles.load(None))))
    sheet = book["指标"]
    sheet.conditional_formatting.add(
        "F5:F2004", FormulaRule(["F5>90"], fill=PatternFill("solid", bgColor="FFFF00"))
    )
    few = DataValidation(type="whole", operator="greaterThan", formula1="0")
    few.add("F5:F9")
    sheet.add_data_validation(few)
    sheet.print_area = "A4:S2004"
    book.defined_names["全部目标"] = DefinedName("全部目标", attr_text="指标!$F$5:$F$2004")
    book["重点工作"].add_table(Table(displayName="重点", ref="A4:F5"))
    for row in range(5, 12):
        book["重点工作"].cell(row, 1).value, book["重点工作"].cell(row, 2).value = "宣传", f"事项{row}"
    book.save(source)
    app.run(source, app.Destinations(out))
    return openpyxl.load_workbook(source), openpyxl.load_workbook(out), out


def areas(sheet: Any) -> list[str]:
    return [str(one.sqref) for one in sheet.data_validations.dataValidation] + [
        str(one.sqref) for one in sheet.conditional_formatting
    ]


def test_what_was_prepared_reaches_the_last_row(books: tuple[Any, Any, Path]) -> None:
    before, after, _ = books
    prepared, now = areas(before["指标"]), areas(after["指标"])
    assert sum("2004" in one for one in prepared) > 15
    assert now == [one.replace("2004", str(LAST)) for one in prepared]
    assert "F5:F9" in now
    assert after["指标"].auto_filter.ref == f"A4:S{LAST}"
    assert after["指标"].print_area == f"'指标'!$A$4:$S${LAST}"
    assert after.defined_names["全部目标"].attr_text == f"指标!$F$5:$F${LAST}"
    assert after["项目"].auto_filter.ref == before["项目"].auto_filter.ref
    assert after["指标"][f"Q{LAST}"].value is not None
    assert after["重点工作"].tables["重点"].ref == "A4:F11"


def test_again_the_same(books: tuple[Any, Any, Path], tmp_path: Path) -> None:
    out = books[2]
    app.run(out, app.Destinations(tmp_path / "again.xlsx"))
    assert (tmp_path / "again.xlsx").read_bytes() == out.read_bytes()


def test_prepared_rows_are_as_many_as_these_tests_think() -> None:
    assert layout.INDICATORS.prepared + layout.HEADER_ROW == 2004
