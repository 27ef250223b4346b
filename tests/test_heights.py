"""Rows are as high as their text needs, measured with a real font's widths and line height, not with our estimate.

What is measured is LibreOffice with Noto Sans SC; its columns are 1.0625 to 1.068 times as wide as Excel's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fontTools.ttLib import TTFont
from openpyxl.utils import get_column_letter
from pylopdf_fonts_zh_cn import sans_path

from tests.test_looks import CASES, facts
from xlbudget import app, layout, profiles
from xlbudget.hosts.template import input_sheets

PIXELS_A_DIGIT, PADDING, STRETCH = 8, 5, 1.0625
"""The workbook's own font at 96 dpi, Excel's padding of a column, and how much wider LibreOffice draws it."""
INDENT = 9.5
"""Points that LibreOffice takes for an indent: three blanks of DejaVu Sans 10."""


@cache
def font() -> tuple[dict[int, str], Any, float]:
    """Characters, widths (thousandths of the size) and line height over the size of Noto Sans SC."""
    read = TTFont(sans_path(), lazy=True)
    height = (read["hhea"].ascent - read["hhea"].descent) / read["head"].unitsPerEm
    return read.getBestCmap(), read["hmtx"], height


def width(text: str, size: float) -> float:
    characters, widths, _ = font()
    return (
        sum(widths[characters[ord(one)]][0] if ord(one) in characters else 1000 for one in text) * size / 1000
    )


def lines(text: str, points: float, size: float) -> int:
    """Lines that a text takes: words and numbers stay whole where they fit, other characters part anywhere."""
    count = 0
    for paragraph in text.split("\n"):
        count, used = count + 1, 0.0
        for token in re.findall(r"[!-~]+|.", paragraph):
            wide = width(token, size)
            if used and used + wide > points:
                count, used = count + 1, 0.0
            count, used = count + int(wide // points), used + wide
    return count


def blocks(sheet: Any) -> Iterator[tuple[str, str, float, float, float]]:
    """Cells with wrapped text: address, text, width and height in points, font size."""
    spans = {one.min_row * 20000 + one.min_col: one for one in sheet.merged_cells.ranges}

    def points(column: int) -> float:
        letter = get_column_letter(column)
        pixels = (sheet.column_dimensions[letter].width - 0.71) * PIXELS_A_DIGIT + PADDING
        return float(pixels * 0.75 * STRETCH)

    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str) or not cell.alignment.wrap_text:
                continue
            span = spans.get(cell.row * 20000 + cell.column)
            right, bottom = (span.max_col, span.max_row) if span else (cell.column, cell.row)
            room = sum(points(column) for column in range(cell.column, right + 1))
            heights = [sheet.row_dimensions[number].height or 15.0 for number in range(cell.row, bottom + 1)]
            yield (
                cell.coordinate,
                cell.value,
                room - cell.alignment.indent * INDENT,
                sum(heights),
                cell.font.size,
            )


def too_low(sheet: Any) -> list[str]:
    """Cells whose text does not fit between the borders of their row."""
    return [
        f"{cell}: {text[:20]}"
        for cell, text, room, height, size in blocks(sheet)
        if lines(text, room - 4, size) * size * font()[2] > height + 1
    ]


@pytest.fixture(scope="module", params=CASES)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    source = tmp_path_factory.mktemp("heights") / "s.xlsx"
    source.write_bytes(input_sheets(facts(*CASES[request.param]), profiles.load("central")))
    app.run(source, app.Destinations(Path(source.parent / "out.xlsx")))
    return openpyxl.load_workbook(source.parent / "out.xlsx")


@pytest.mark.parametrize("name", [sheet.name for sheet in layout.RESULT_SHEETS])
def test_rows_of_result_sheets_are_high_enough(book: Any, name: str) -> None:
    sheet = book[name]
    assert list(blocks(sheet))
    assert too_low(sheet) == []


def test_rows_of_the_guide_are_high_enough(tmp_path: Path) -> None:
    app.create(tmp_path / "n.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "n.xlsx")[layout.GUIDE.name]
    assert sum(1 for _ in blocks(sheet)) > 100
    assert too_low(sheet) == []


def test_rows_that_are_too_low_are_noticed(book: Any) -> None:
    sheet = book[layout.REPORT.name]
    heights = {row: one.height for row, one in sheet.row_dimensions.items()}
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height / 2
    assert len(too_low(sheet)) > 10
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height
