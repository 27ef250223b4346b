"""What is too much is refused or told with a reason, by the commands themselves."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests import files
from xlbudget import app, auditing
from xlbudget.readers import CannotRead
from xlbudget.sheets.limits import TooMuch


@pytest.mark.parametrize(("most", "written"), [(5, False), (4, True)])
def test_forms_of_very_many_projects(
    most: int, written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample has five rows of four projects; `--forms` writes one a project all the same."""
    monkeypatch.setattr("xlbudget.sheets.layout.MOST_FORMS", most)
    source = tmp_path / "a.xlsx"
    source.write_bytes(files.sample())
    app.run(source, app.Destinations(tmp_path / "b.xlsx", forms=tmp_path / "forms"))
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "b.xlsx").read_bytes()))["监控表"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("--forms" in text for text in texts) is written
    assert (len(texts) == 2) is written
    assert len(list((tmp_path / "forms").glob("*.docx"))) == 4


def test_a_number_filled_down_to_the_end_of_a_sheet(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(10, 3010))
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.replaced(files.PROJECT_PART, "</sheetData>", f"{rows}</sheetData>"))
    with pytest.raises(app.CANNOT) as told:
        app.open_workbook(path)
    assert isinstance(told.value, TooMuch)
    assert "“项目”表填了 3005 行（第 5 行至第 3009 行），最多能算 2000 行。" in str(told.value)


@pytest.mark.parametrize("text", ["9" * 400_000, "预算5万元。" * 60_000, "项目\n" * 60_000])
def test_a_document_longer_than_any_report(text: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        CannotRead, match=r"“报告\.txt”太长了，不像一份监控报告。请核对文件，或者分成几份再核对。"
    ):
        auditing.audit_document(path)


def test_numerals_without_end_are_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("一亿三千万" * 27_000 + "。预算5万元。", encoding="utf-8")
    (text, *_) = auditing.audit_document(path).audit.case.texts[-1:]
    assert [one.value for one in text.quantities] == [50_000]
