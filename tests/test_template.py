"""The committed template is what the sources give; a blank workbook says what is missing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl

from xlbudget import app
from xlbudget.sheets import layout

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


def test_every_input_column_has_a_hint_or_dropdown_over_all_prepared_rows() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    for sheet in layout.TABLE_SHEETS:
        ranges = {
            str(area)
            for rule in book[sheet.name].data_validations.dataValidation
            for area in rule.sqref.ranges
        }
        last = layout.HEADER_ROW + sheet.prepared
        covered = {area.split(":")[0][0] for area in ranges if area.endswith(str(last))}
        assert len(covered) >= len([column for column in sheet.inputs if column.hint or column.options]) - 2


def test_output_sheets_are_protected_and_input_sheets_are_not() -> None:
    book = openpyxl.load_workbook(TEMPLATE)
    assert [book[sheet.name].protection.sheet for sheet in layout.OUTPUT_SHEETS] == [True] * 4
    assert not any(book[sheet.name].protection.sheet for sheet in layout.INPUT_SHEETS)
