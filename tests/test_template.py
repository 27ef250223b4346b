"""The committed template is what the sources give; a blank workbook says what is missing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl

from xlbudget import app, layout
from xlbudget.domain.where import column_letter
from xlbudget.layout import Kind

TEMPLATE = Path(__file__).parent.parent / "workbook" / "xlbudget.xlsx"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_committed_template_is_fresh() -> None:
    fresh, committed = parts(app.new_workbook(None, sample=False)), parts(TEMPLATE.read_bytes())
    assert sorted(fresh) == sorted(committed)
    assert [name for name in fresh if fresh[name] != committed[name]] == []


def test_sheets_stand_in_order_and_the_memory_is_hidden() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    assert book.sheetnames[:-1] == list(layout.SHEET_ORDER)
    assert book["_xlbudget"].sheet_state == "veryHidden"


def test_headers_are_exactly_their_names() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    for sheet in layout.TABLE_SHEETS:
        row = [cell.value for cell in book[sheet.name][layout.HEADER_ROW]]
        assert row == [column.label for column in sheet.columns]
        assert not book[sheet.name].merged_cells.ranges
    front = {cell.value: cell for row in book["首页"].iter_rows() for cell in row if cell.value}
    assert {column.label for column in layout.FRONT.columns} <= set(front)


def test_every_input_column_has_a_hint_and_an_example() -> None:
    assert [
        c.header for sheet in layout.INPUT_SHEETS for c in sheet.inputs if not c.hint or not c.example
    ] == []


def test_hints_and_dropdowns_cover_all_prepared_rows() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    for sheet in layout.TABLE_SHEETS:
        last = layout.HEADER_ROW + sheet.prepared
        rules = book[sheet.name].data_validations.dataValidation
        covered = {
            column
            for rule in rules
            for area in rule.sqref.ranges
            if (area.min_row, area.max_row) == (layout.FIRST_ROW, last)
            for column in range(area.min_col, area.max_col + 1)
        }
        assert covered == {n for n, column in enumerate(sheet.columns, 1) if not column.computed}


def test_only_plain_dropdowns_refuse_other_content() -> None:
    """Several causes, a level 2 of one's own and ≥ typed as >= are not blocked."""
    sheet = openpyxl.load_workbook(TEMPLATE)["指标"]
    rules = [
        rule
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list" and rule.showErrorMessage
    ]
    blocking = {next(iter(rule.sqref.ranges)).min_col for rule in rules}
    names = {layout.INDICATORS.columns[n - 1].header for n in blocking}
    assert names == {"一级指标", "是否按序时考核", "完成目标可能性"}


def test_output_sheets_are_protected_and_input_sheets_are_not() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    assert [book[sheet.name].protection.sheet for sheet in layout.OUTPUT_SHEETS] == [True] * len(
        layout.OUTPUT_SHEETS
    )
    assert not any(book[sheet.name].protection.sheet for sheet in layout.INPUT_SHEETS)


def test_input_cells_keep_the_percent_sign_that_is_typed() -> None:
    """Excel, WPS and LibreOffice drop it in cells with a format of one's own, and the number is then 0.9."""
    book = openpyxl.load_workbook(TEMPLATE)
    formats = {
        (column.kind, book[sheet.name].column_dimensions[column_letter(n)].number_format)
        for sheet in layout.TABLE_SHEETS
        for n, column in enumerate(sheet.columns, 1)
        if not column.computed
    }
    plain = {
        Kind.CODE: "@",
        Kind.DATE: "yyyy-mm-dd",
        Kind.DEADLINE: "yyyy-mm-dd",
        Kind.AMOUNT: "#,##0.00####",
    }
    assert formats == {(kind, plain.get(kind, "General")) for kind, _ in formats}
    assert {Kind.TARGET, Kind.ACTUAL, Kind.FULL_YEAR, Kind.WEIGHT, Kind.NUMBER} <= {
        kind for kind, _ in formats
    }


def test_numbers_keep_off_their_border() -> None:
    """By an indent, which LibreOffice forgets in cells that look exactly like another one of their row."""
    book = openpyxl.load_workbook(TEMPLATE)
    found = {}
    for sheet in layout.TABLE_SHEETS:
        looks = [
            book[sheet.name].column_dimensions[column_letter(n)] for n in range(1, 1 + len(sheet.columns))
        ]
        shrunk = [one for one in looks if one.alignment.shrink_to_fit and one.alignment.indent]
        assert {one.alignment.horizontal for one in shrunk} <= {"right"}
        assert len({one.fill.fgColor.rgb for one in shrunk}) == len(shrunk)
        found[sheet.name] = len(shrunk)
    assert found == {"项目": 5, "指标": 4, "重点工作": 2, "偏差整改": 0, "文字说明": 0}
