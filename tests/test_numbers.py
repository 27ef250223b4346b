"""A number is the same wherever it is shown: with its own decimals, whole, within its column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Pt
from openpyxl.utils import get_column_letter

from benchmarks.make import values
from tests.test_heights import PADDING, PIXELS_A_DIGIT, width
from xlbudget import app, layout, profiles
from xlbudget.domain.money import plain
from xlbudget.hosts.template import input_sheets
from xlbudget.pages.heads import broken

AMOUNTS = {"元": [12345678.91, 1234567890.5, 0.01, 700000], "万元": [1234.567891, 3.5, 0.000001, 24]}
SMALLEST_SHRINK = 0.6
"""Of a number of 13 digits and more; others are hardly smaller than the text beside them."""


@pytest.fixture(scope="module", params=AMOUNTS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = values(4, 8)
    made["首页"] = {**made["首页"], "金额单位": request.param}
    rows = [list(row) for row in made["项目"]["行"]]
    for row, amount in zip(rows, AMOUNTS[request.param], strict=True):
        row[3] = row[4] = row[5] = amount
    made["项目"] = {**made["项目"], "行": rows}
    path: Path = tmp_path_factory.mktemp("numbers")
    (path / "s.xlsx").write_bytes(input_sheets(made, profiles.load("central")))
    app.run(
        path / "s.xlsx",
        app.Destinations(path / "out.xlsx", {".docx": path / "r.docx", ".pdf": path / "r.pdf"}),
    )
    return path


def shown(value: Any, code: str) -> str:
    """What the formats of ours make of a number."""
    whole, _, optional = code.removesuffix("_ ").partition(".")
    least, most = optional.count("0"), len(optional)
    if code.startswith("General"):
        return plain(Decimal(str(value)))
    text = f"{Decimal(str(value)):{',' if ',' in whole else ''}.{most}f}"
    while "." in text and text.endswith("0") and len(text.partition(".")[2]) > least:
        text = text[:-1]
    return text


def numbers(sheet: Any) -> Iterator[tuple[Any, float]]:
    """Cells with a number, and their width in points, in the narrower drawing of Excel."""
    spans = {one.coord.partition(":")[0]: one for one in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float):
                span = spans.get(cell.coordinate)
                columns = range(cell.column, (span.max_col if span else cell.column) + 1)
                sizes = [sheet.column_dimensions[get_column_letter(one)].width - 0.71 for one in columns]
                yield cell, sum((size * PIXELS_A_DIGIT + PADDING) * 0.75 for size in sizes)


def faults(sheet: Any) -> list[str]:
    """Numbers that lose a digit, or that neither fit their column nor are shrunk into it legibly."""
    found = []
    for cell, room in numbers(sheet):
        text = shown(cell.value, cell.number_format)
        if Decimal(text.replace(",", "")) != Decimal(str(cell.value)):
            found.append(f"{cell.coordinate}: {cell.value} shown as {text}")
        share = (room - 4) / width(text, cell.font.size)
        if share < 1 and not (cell.alignment.shrink_to_fit and share >= SMALLEST_SHRINK):
            found.append(f"{cell.coordinate}: {text} needs {1 / share:.2f} of its column")
        if share < 1 and cell.alignment.wrap_text:
            found.append(f"{cell.coordinate}: wrapped numbers are not shrunk")
    return found


@pytest.mark.parametrize(
    "name", [layout.STATS.name, layout.REPORT.name, layout.FORMS.name, layout.CHARTS.name]
)
def test_numbers_of_output_sheets_are_whole(folder: Path, name: str) -> None:
    sheet = openpyxl.load_workbook(folder / "out.xlsx")[name]
    assert sum(1 for _ in numbers(sheet)) >= 5
    assert not any(cell.number_format == "General" for cell, _ in numbers(sheet))
    assert faults(sheet) == []


def test_amounts_of_projects_are_whole(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "out.xlsx")[layout.PROJECTS.name]
    heads = {cell.value.rstrip("*"): cell.column for cell in sheet[layout.HEADER_ROW]}
    columns = {heads[one] for one in ("预算数", "累计支出", "全年预计支出", "调整后预算")}
    cells = [cell for cell, _ in numbers(sheet) if cell.column in columns]
    assert len(cells) == 16
    assert {cell.number_format for cell in cells} == {"#,##0.00####", "#,##0.00####_ "}
    assert [one for one in faults(sheet) if one[:1] in "IKLR"] == []


def test_a_number_that_is_cut_or_rounded_is_noticed(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "out.xlsx")[layout.STATS.name]
    long = max((cell for cell, _ in numbers(sheet)), key=lambda cell: len(str(cell.value)))
    long.number_format = "0.0"
    assert faults(sheet)
    long.number_format = "0.000000"
    sheet.column_dimensions[long.column_letter].width = 5
    assert faults(sheet)


def test_long_numbers_of_word_tables_stay_on_one_line(folder: Path) -> None:
    (table,) = docx.Document(str(folder / "r.docx")).tables
    long = [
        (run.text, (run.font.size or Pt(12)).pt, cell.width.pt)
        for row in table.rows
        for cell in row.cells
        for run in cell.paragraphs[0].runs
        if re.fullmatch(r"[0-9.]{7,}", run.text)
    ]
    assert long
    assert [one for one in long if len(one[0]) * one[1] * 0.64 > one[2] - 5] == []


@pytest.mark.parametrize(
    ("text", "points", "lines"),
    [
        ("经费保障", 36.75, "经费\n保障"),
        ("硬件条件保障", 36.75, "硬件\n条件\n保障"),
        ("完全不可能", 39.75, "完全\n不可能"),
        ("资金数额（万元）", 69.75, "资金数额\n（万元）"),
        ("1—6月执行情况", 69.75, "1—6月执行\n情况"),
        ("能实现", 69.75, "能实现"),
        ("项目名称", 300, "项目名称"),
    ],
)
def test_heads_are_broken_between_words(text: str, points: float, lines: str) -> None:
    assert broken(text, points, 10) == lines
