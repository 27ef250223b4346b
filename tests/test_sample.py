"""The sample reproduces the published report's figures, the same in JSON, sheets, Word and PDF."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest

from tests.word_text import no_space, words_of_docx
from xlbudget import app, results
from xlbudget.report.document import DataTable, Document, words

NAMES = [
    "网信工作专项经费",
    "网络安全公司聘请经费（年初）",
    "信息化项目初审经费",
    "网络安全公司聘请经费（6月追加）",
    "舆情处置经费",
]
AMOUNTS = ["2.41", "2", "2", "6", "1.5"]
ACHIEVED = ["99.77", "42.86", "42.86", "42.86", "46.48"]


@pytest.fixture(scope="module")
def opened(produced: Path) -> app.Opened:
    return app.open_workbook(produced / "s.xlsx", strict=True)


@pytest.fixture(scope="module")
def document(opened: app.Opened) -> Document:
    return opened.report


def test_json(opened: app.Opened) -> None:
    data = json.loads(results.dumps(results.of_run(opened.case, opened.findings, [])))
    rows = data["projects"]
    assert [row["budget_wan"] for row in rows] == [2.41, 2, 2, 6, 1.5]
    assert [row["achievement"] for row in rows] == [99.77, 42.86, 42.86, 42.86, 46.48]
    assert [row["execution_rate"] for row in rows] == [98.39, 0, 0, 0, 25.33]
    assert {row["forecast_flag"] for row in rows} == {"能实现"}
    assert data["bands"] == {
        "50%（含）以上": 1, "30%（含）—50%": 4, "30%以下": 0, "工作未开展": 0, "unknown": 0,
    }  # fmt: skip
    assert data["totals"] == {
        "projects": 5, "budget_wan": 13.91, "spent_wan": 2.7512, "execution_rate": 19.78, "incomplete": 0,
    }  # fmt: skip
    assert data["forecast"] == {
        "能实现": {"projects": 5, "amount_wan": 13.91},
        "不能完全实现": {"projects": 0, "amount_wan": 0},
        "差距较大": {"projects": 0, "amount_wan": 0},
    }
    assert not [one for one in data["findings"] if one["severity"] == "ERROR"]


def expected_rows() -> list[list[str]]:
    rows = [
        ["网信办", name, amount, achieved, "√", "", ""]
        for name, amount, achieved in zip(NAMES, AMOUNTS, ACHIEVED, strict=True)
    ]
    return [*rows, ["合计", "5个项目", "13.91", "—", "5", "0", "0"]]


def test_table_of_the_document(document: Document) -> None:
    (table,) = [block for block in document.blocks if isinstance(block, DataTable)]
    assert [[words(cell.runs) for cell in row if cell] for row in table.body] == expected_rows()


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("sheet", ["统计表", "监控报告"])
def test_table_in_the_sheets(produced: Path, sheet: str) -> None:
    rows = [
        [_shown(v) for v in row[:7]] for row in openpyxl.load_workbook(produced / "out.xlsx")[sheet].values
    ]
    start = next(index for index, row in enumerate(rows) if row[0] == "网信办")
    assert rows[start : start + 6] == expected_rows()


def test_computed_columns(produced: Path) -> None:
    book = openpyxl.load_workbook(produced / "out.xlsx")
    header, *rows = list(book["项目"].values)[3:9]
    columns = {str(name).rstrip("*"): index for index, name in enumerate(header)}
    assert [str(row[columns["实现程度(%)"]]) for row in rows] == ACHIEVED
    assert [row[columns["资金预警"]] for row in rows] == ["绿", "红", "红", "红", "绿"]


def test_table_in_word(produced: Path) -> None:
    table = docx.Document(str(produced / "r.docx")).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows][2:] == expected_rows()


def test_every_word_is_in_word_pdf_and_sheet(produced: Path, document: Document) -> None:
    in_word = words_of_docx(produced / "r.docx")
    pages = pypdf.PdfReader(io.BytesIO((produced / "r.pdf").read_bytes())).pages
    in_pdf = no_space("".join(page.extract_text() for page in pages))
    for number in range(1, len(pages) + 1):
        in_pdf = in_pdf.replace(f"—{number}—", "")
    sheet = openpyxl.load_workbook(produced / "out.xlsx")["监控报告"]
    in_sheet = no_space("".join(_shown(value) for row in sheet.values for value in row))
    for text in document.texts():
        wanted = no_space(text)
        assert wanted in in_word
        assert wanted in in_pdf
        assert wanted in in_sheet


def test_numbers_know_their_cells(document: Document) -> None:
    """Every figure of the report names cells, and every cell is one of the input sheets."""
    figures = [
        run
        for block in document.blocks
        if not isinstance(block, DataTable) and hasattr(block, "runs")
        for run in block.runs
        if not isinstance(run, str)
    ]
    assert len(figures) > 50
    assert all(figure.sources and figure.sources[0].cell for figure in figures if figure.text)


GOLDEN = Path(__file__).parent / "golden" / "sample_findings.txt"


def test_findings_are_those_expected(opened: app.Opened) -> None:
    """What the sample is told, line by line; nothing at ERROR, so that its run exits 0."""
    lines = [f"{one.severity} {one.code} {one.where} {one.message}" for one in opened.findings]
    assert lines == GOLDEN.read_text("utf-8").splitlines()
    assert not opened.draft
