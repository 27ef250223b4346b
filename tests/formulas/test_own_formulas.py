"""Computed columns of an .xlsm: their functions, computed on their own, come to what `run` put beside them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.test_units import VARIANTS, filled
from tests.units import COUNTIES, County
from xlbudget import app
from xlbudget.addin.blocks import Session
from xlbudget.addin.functions import FUNCTIONS
from xlbudget.formulas.refresh import Refreshed, refresh
from xlbudget.hosts.macros import as_macro_workbook
from xlbudget.hosts.package import Package
from xlbudget.sheets import layout
from xlbudget.sheets.formula import calls
from xlbudget.sheets.own_formulas import FORMULAS


def run(content: bytes, folder: Path) -> Path:
    source, out = folder / "源.xlsm", folder / "果.xlsm"
    source.write_bytes(content)
    app.run(source, app.Destinations(out))
    return out


def recomputed(path: Path) -> Refreshed:
    """Every function of a workbook, computed anew; the writes are what differs from the results in the file."""
    host = Package(path)
    return refresh(host.book(), [], Session(path.parent))


def functions_in(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [
        cell.value for sheet in (book["项目"], book["指标"]) for row in sheet.iter_rows() for cell in row
    ]
    texts = [value for value in cells if isinstance(value, str) and value.startswith("=")]
    return [text for text in texts if calls(text[1:]) & FUNCTIONS.keys()]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("county", COUNTIES, ids=lambda one: one.name)
def test_functions_come_to_what_run_computed(tmp_path: Path, county: County, variant: str) -> None:
    path, unit, _ = filled(tmp_path, county, variant)
    out = run(as_macro_workbook(path.read_bytes()), tmp_path)
    found = recomputed(out)
    assert (found.writes, found.failures) == ([], [])
    if variant != "moved":  # there computed columns lie between the others, and values stand alone
        assert len(functions_in(out)) == 7 * len(unit.facts.projects) + 3 * len(unit.facts.indicators)


def test_what_cannot_be_known_is_an_error_value_and_what_is_not_due_is_blank(
    sample: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(sample)
    projects, indicators = book["项目"], book["指标"]
    projects["I5"], indicators["K5"], indicators["K11"], indicators["L11"] = (
        "两三万",
        "不清楚",
        "未到期",
        None,
    )
    indicators["M11"] = None
    book.save(sample)
    out = run(as_macro_workbook(sample.read_bytes()), tmp_path)
    shown = openpyxl.load_workbook(out, data_only=True)
    assert [shown["项目"][f"{column}5"].value for column in "RST"] == ["#VALUE!"] * 3
    assert [shown["指标"][f"{column}5"].value for column in "QRS"] == ["#VALUE!", 100, "#VALUE!"]
    assert [shown["指标"][f"{column}11"].value for column in "QRS"] == [None, None, "灰"]
    found = recomputed(out)
    assert (found.writes, found.failures) == ([], [])


def test_a_wrong_result_is_noticed(sample: Path, tmp_path: Path) -> None:
    out = run(as_macro_workbook(sample.read_bytes()), tmp_path)
    host = Package(out)
    host.sheet("项目").set_formula(
        5, 20, "PROJECT_ACHIEVEMENT(A5:Q5,A$4:Q$4,指标!$A$5:$P$78,指标!$A$4:$P$4)", "99"
    )
    host.parts.touch(host.workbook.sheets()["项目"])
    out.write_bytes(host.save())
    (write,) = recomputed(out).writes
    assert (write.sheet, write.row, write.column) == ("项目", 5, 20)
    assert write.cell is not None
    assert write.cell.text == "99.77"


def test_every_computed_column_has_a_formula_of_a_registered_function() -> None:
    columns = {(sheet.name, one.field) for sheet in layout.TABLE_SHEETS for one in sheet.computed}
    assert set(FORMULAS) == columns
    assert {name for text in FORMULAS.values() for name in calls(text)} <= set(FUNCTIONS)


def test_a_second_run_and_a_run_as_xlsx(sample: Path, tmp_path: Path) -> None:
    """Twice the same bytes, nothing taken for typed by hand; an .xlsx of the same workbook holds plain values."""
    out = run(as_macro_workbook(sample.read_bytes()), tmp_path)
    again = tmp_path / "再.xlsm"
    opened, _ = app.run(out, app.Destinations(again))
    assert again.read_bytes() == out.read_bytes()
    assert [one for one in opened.findings if one.code in ("CEL013", "CEL015")] == []
    book = openpyxl.load_workbook(out)
    plain, result = tmp_path / "平.xlsx", tmp_path / "平果.xlsx"
    book.save(plain)  # openpyxl loses the results, not the functions
    app.run(plain, app.Destinations(result))
    assert functions_in(result) == []
    assert openpyxl.load_workbook(result)["项目"]["T5"].value == 99.77


def test_a_row_that_lost_its_input_loses_its_functions(sample: Path, tmp_path: Path) -> None:
    out = run(as_macro_workbook(sample.read_bytes()), tmp_path)
    host = Package(out)
    sheet = host.sheet("指标")
    for column in range(1, 17):
        sheet.set_value(28, column, None)
    host.parts.touch(host.workbook.sheets()["指标"])
    book = openpyxl.load_workbook(run(host.save(), tmp_path))
    assert [book["指标"][f"{column}28"].value for column in "QRS"] == [None] * 3
    assert book["指标"]["Q27"].value == "=ACHIEVEMENT(A27:P27,A$4:P$4,首页!$F$4)"
