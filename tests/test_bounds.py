"""What is too much is refused or told with a reason, by the commands themselves."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from tests import files
from tests.formulas.sheets import Content, area_at, memory
from xlbudget import app, auditing
from xlbudget.domain.told import Told
from xlbudget.formulas.refresh import TOO_MANY, refresh
from xlbudget.functions.blocks import Session
from xlbudget.hosts.package import Package
from xlbudget.layout.limits import TooMuch
from xlbudget.readers import CannotRead


@pytest.mark.parametrize(("most", "written"), [(5, False), (4, True)])
def test_forms_of_very_many_projects(
    most: int, written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample has five rows of four projects; `--forms` writes one a project all the same."""
    monkeypatch.setattr("xlbudget.layout.MOST_FORMS", most)
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
    with pytest.raises(Told) as told:
        app.open_workbook(path)
    assert isinstance(told.value, TooMuch)
    assert "“项目”表填了 3005 行（第 5 行至第 3009 行），最多能算 2000 行。" in str(told.value)


@pytest.mark.parametrize("text", ["9" * 2_100_000, "预算5万元。" * 310_000, "项目\n" * 300_000])
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
    claims = auditing.audit_document(path).audit.claims
    assert [(one.value, one.unit) for one in claims] == [("5", "万元")]


def own_formulas(*cells: str, tabs: int = 1) -> Package:
    """The sample with formulas below its projects; with further tabs that show the same part, which is then none of ours."""
    rows = "".join(f'<row r="{n}"><c r="A{n}">{cell}<v>1</v></c></row>' for n, cell in enumerate(cells, 50))
    content = files.replaced(files.PROJECT_PART, "</sheetData>", f"{rows}</sheetData>")
    (identity,) = re.findall('name="项目"[^>]*(r:id="[^"]*")', files.parts(content)[files.WORKBOOK].decode())
    if tabs > 1:
        content = files.retabbed({"项目": "旧的"}, content)
    more = "".join(f'<sheet name="又{n}" sheetId="{n + 90}" {identity}/>' for n in range(1, tabs))
    edit = {files.WORKBOOK: lambda part: part.replace(b"</sheets>", more.encode() + b"</sheets>")}
    return Package(Path("a.xlsx"), files.repacked(edit, content))


def test_formulas_of_one_part_are_those_of_its_first_tab() -> None:
    formulas = own_formulas("<f>T5*2</f>", tabs=9).book().formulas
    assert [(one.sheet, one.row, one.text) for one in formulas] == [("旧的", 50, "T5*2")]


@pytest.mark.parametrize(("most", "unread"), [(8, [False] * 3), (7, [False, False, True])])
def test_shared_formulas_are_written_out_up_to_a_length(
    most: int, unread: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlbudget.hosts.package.MOST_WRITTEN", most)
    follower = '<f t="shared" si="0"/>'
    book = own_formulas('<f t="shared" ref="A50:A52" si="0">T5*2</f>', follower, follower).book()
    assert [one.unread for one in book.formulas] == unread
    assert [one.text for one in book.formulas] == ["T5*2", "T6*2", "T5*2" if unread[-1] else "T7*2"]


def test_formulas_that_are_too_many_lose_their_results_and_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at what they look at, so that none keeps a result that may be old."""
    monkeypatch.setattr("xlbudget.formulas.refresh.MOST_WRITTEN", 8)
    book = memory({"S": {"A1": 1, "B1": ("=A1+1", 1), "B2": ("=A1+2", 1), "B3": ("=C9", 1)}})
    found = refresh(book, [area_at("S", "A1")], Session(None))
    assert [(one.formula.row, one.reason) for one in found.failures] == [(2, TOO_MANY), (3, TOO_MANY)]
    assert [(one.row, one.cell and one.cell.text) for one in found.writes] == [(1, "2"), (2, None), (3, None)]


def test_no_cell_is_emptied_twice_by_large_array_formulas() -> None:
    """They lie one over the other here, as no program lets them."""
    cells: dict[str, Content] = {f"A{n}": ("=Z1*2", 1) for n in range(1, 21)} | {"B7": 3}
    arrays = {f"S!A{n}": f"A{n}:C200000" for n in range(1, 21)}
    found = refresh(memory({"S": {"Z1": 1} | cells}, arrays=arrays), [area_at("S", "Z1")], Session(None))
    assert len(found.failures) == 20
    places = [(one.row, one.column) for one in found.writes]
    assert sorted(places) == sorted({*((n, 1) for n in range(1, 21)), (7, 2)})
