"""Rows beyond those that were prepared: filters, dropdowns, colours, tables and names reach as far as the data."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table

from benchmarks.make import values
from tests import files
from xlbudget import app, layout, profiles
from xlbudget.hosts.growth import grown
from xlbudget.hosts.package import Package
from xlbudget.hosts.template import input_sheets

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
        ("K5:K24", "K5:K2304"),
        ("K5:K23", "K5:K23"),
        ("K4:K24", "K4:K2304"),
        ("K3:K2004", "K3:K2004"),
        ("K6:K2004", "K6:K2004"),
        ("K5:K2303", "K5:K2304"),
        ("K5:K2305", "K5:K2305"),
        ("", ""),
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


# -- one thing prepared, in a small workbook -----------------------------------------------------------

SHEET = "xl/worksheets/sheet1.xml"
NAME = "表 '一'"
QUOTED = "'表 ''一'''!"


def small(change: Callable[[Any], None]) -> bytes:
    """A workbook of one sheet whose header is row 4."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = NAME
    for column in "ABC":
        sheet[f"{column}4"] = f"表头{column}"
    change(sheet)
    return files.saved(book)


def after(content: bytes, rows: Sequence[int]) -> dict[str, bytes]:
    """The parts of the workbook when these rows below the header are filled."""
    package = Package(Path("x.xlsx"), content)
    package.grow(NAME, 4, rows)
    return files.parts(package.save())


def dropdown(sheet: Any) -> None:
    one = DataValidation(type="whole", operator="greaterThan", formula1="0")
    one.add("A5:A24")
    sheet.add_data_validation(one)


def colours(sheet: Any) -> None:
    sheet.conditional_formatting.add("A5:A24", FormulaRule(["A5>90"], fill=PatternFill("solid")))


def filters(sheet: Any) -> None:
    sheet.auto_filter.ref = "A4:C5"


def no_rows(sheet: Any) -> None:
    sheet.auto_filter.ref = "A4:C4"


NAMES = {
    "一处": QUOTED + "$A$4:$A$5",
    "两处": QUOTED + "$A$4:$A$5," + QUOTED + "$C$4:$C$5",
    "表头": QUOTED + "$A$4:$C$4",
    "别处": "别的表!$A$4:$A$5",
}


def names(sheet: Any) -> None:
    for name, text in NAMES.items():
        sheet.parent.defined_names[name] = DefinedName(name, attr_text=text)


def found(parts: dict[str, bytes], pattern: str) -> list[str]:
    """What a pattern's group finds in all parts."""
    return re.findall(pattern, "".join(parts[name].decode() for name in sorted(parts)))


@pytest.mark.parametrize(
    ("prepare", "pattern", "expected"),
    [
        (dropdown, '<dataValidation [^>]*?sqref="(.*?)"', "A5:A30"),
        (colours, '<conditionalFormatting sqref="(.*?)"', "A5:A30"),
        (filters, '<autoFilter ref="(.*?)"', "A4:C30"),
        (no_rows, '<autoFilter ref="(.*?)"', "A4:C4"),
        (names, 'name="一处"[^>]*>(.*?)<', QUOTED + "$A$4:$A$30"),
        (names, 'name="两处"[^>]*>(.*?)<', NAMES["两处"]),
        (names, 'name="表头"[^>]*>(.*?)<', NAMES["表头"]),
        (names, 'name="别处"[^>]*>(.*?)<', NAMES["别处"]),
    ],
)
def test_each_kind_by_itself(prepare: Callable[[Any], None], pattern: str, expected: str) -> None:
    content = small(prepare)
    assert found(after(content, [5, 30]), pattern) == [expected]
    assert after(content, [5]) == after(content, []) == files.parts(content)


IN_EXTENSION = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations count="1"><x14:dataValidation type="list">'
    '<xm:sqref xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">A5:A24</xm:sqref>'
    "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
)
IGNORED = '<ignoredErrors><ignoredError sqref="A5:A24" numberStoredAsText="1"/></ignoredErrors></worksheet>'
PROTECTED = '</sheetData><protectedRanges><protectedRange sqref="A5:A24" name="甲"/></protectedRanges>'


@pytest.mark.parametrize("new", [IN_EXTENSION, IGNORED, PROTECTED], ids=["x14", "ignored", "protected"])
def test_what_openpyxl_does_not_know(new: str) -> None:
    """A dropdown from another sheet, an ignored error, a protected range."""
    old = "</sheetData>" if new == PROTECTED else "</worksheet>"
    content = files.repacked(
        {SHEET: lambda part: part.replace(old.encode(), new.encode())}, small(lambda _: None)
    )
    assert found(after(content, [30]), "A5:A[0-9]+") == ["A5:A30"]
    assert after(content, [24]) == files.parts(content)


@pytest.mark.parametrize(
    ("area", "totals", "rows", "expected"),
    [
        ("A4:C5", None, [5, 6, 7], "A4:C7"),
        ("A4:C5", None, [5, 6, 8], "A4:C6"),
        ("A4:C5", None, [5, 7], "A4:C5"),
        ("A4:C5", None, [6], "A4:C6"),
        ("A4:C9", None, [5, 6, 7], "A4:C9"),
        ("A4:C9", None, [10, 11], "A4:C11"),
        ("A4:C6", 1, [5, 6, 7], "A4:C6"),
        ("A3:C5", None, [5, 6, 7], "A3:C5"),
        ("A5:C6", None, [6, 7], "A5:C6"),
        ("A4:C4", None, [5, 6], "A4:C4"),
    ],
)
def test_a_table_takes_the_rows_that_follow_it(
    area: str, totals: int | None, rows: list[int], expected: str
) -> None:
    """Not over a gap, not behind its totals, and not where it has a header of its own."""

    def prepare(sheet: Any) -> None:
        for row in (3, 5):
            for column in "ABC":
                sheet[f"{column}{row}"] = f"表头{column}"
        table = Table(displayName="甲", ref=area, totalsRowCount=totals)
        table.autoFilter = AutoFilter(ref="A4:C5" if totals else area)
        sheet.add_table(table)

    content = small(prepare)
    parts = after(content, rows)
    assert found(parts, '<table [^>]*?\\bref="(.*?)"') == [expected]
    assert found(parts, '<autoFilter [^>]*?ref="(.*?)"') == ["A4:C5" if totals else expected]
    assert (parts == files.parts(content)) == (area == expected)


def test_a_table_without_a_filter() -> None:
    content = small(lambda sheet: sheet.add_table(Table(displayName="甲", ref="A4:C5")))
    assert found(after(content, [5, 6]), '<table [^>]*?\\bref="(.*?)"') == ["A4:C6"]
    one_cell = files.repacked({"xl/tables/table1.xml": lambda part: part.replace(b"A4:C5", b"A4")}, content)
    assert after(one_cell, [5, 6]) == files.parts(one_cell)


def test_prepared_rows_are_as_many_as_these_tests_think() -> None:
    assert layout.INDICATORS.prepared + layout.HEADER_ROW == 2004


@pytest.mark.parametrize("areas", ["A5:A" + "9" * 300_000, "A" * 1_000_000, "A5:" * 300_000])
def test_areas_that_are_none_stay(areas: str) -> None:
    assert grown(areas, 4, 9_999_999) == areas
