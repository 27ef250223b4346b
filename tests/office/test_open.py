"""Produced files open in LibreOffice and show the figures; the validators find no error."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.files import edited, label, repacked
from tests.office.conftest import Convert, Validate
from xlbudget import app
from xlbudget.domain.where import row_and_column
from xlbudget.functions.registry import FUNCTIONS
from xlbudget.hosts.package import Package
from xlbudget.layout.fill import CellWrite
from xlbudget.machine import build

pytestmark = pytest.mark.office

FIGURES = ("99.77", "42.86", "46.48", "13.91", "25.33", "能实现", "50%（含）以上", "舆情处置经费")


def pdf_text(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    return "".join(done.stdout.split())


def test_amounts_of_a_column_end_at_one_place(tmp_path: Path, convert: Convert) -> None:
    """Also beside another amount: LibreOffice forgets the indent of a cell that looks like the one before."""
    path, place = tmp_path / "a.xlsx", tmp_path / "box.html"

    def change(book: Any) -> None:
        for header, step in (("全年预计支出", 2), ("合同金额", 1)):
            cell = label(book["项目"], header)
            for row in range(1, 6):
                cell.offset(row, 0).value = 77.77 if row % step == 0 else None

    path.write_bytes(edited(change))
    subprocess.run(["pdftotext", "-bbox", str(convert(path, "pdf")), str(place)], check=True)
    ends = re.findall(r'xMax="([\d.]+)"[^>]*>77\.77</word>', place.read_text("utf-8"))
    assert len(ends) == 7
    assert len({round(float(end)) for end in ends}) == 2


CHART = "xl/charts/chart1.xml"


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        (lambda part: part, ["0", "1", "0", "0", "out", "none"]),
        (lambda part: re.sub(rb"<c:(show(?!Val)\w+|m\w+TickMark|delete) [^>]*/>", b"", part), ["1", "1", "1", "1", "cross", "cross"]),
    ],
    ids=["ours", "with nothing said"],
)  # fmt: skip
def test_charts_can_be_read_after_libreoffice_saved_them(
    edit: Any, shown: list[str], produced: Path, tmp_path: Path, convert: Convert
) -> None:
    """In a file that is not of Office 2007 what a chart does not say is true, and is kept so. What it says, it stays."""
    path = tmp_path / "before" / "图.xlsx"
    path.parent.mkdir()
    later = {"docProps/app.xml": lambda part: part.replace(b"12.0000", b"16.0300"), CHART: edit}
    path.write_bytes(repacked(later, (produced / "out.xlsx").read_bytes()))
    with zipfile.ZipFile(convert(path, "xlsx:Calc MS Excel 2007 XML")) as package:
        chart = package.read(CHART).decode()
    labels = [
        re.search(f'<c:show{name} val="([01])"', chart) for name in ("LegendKey", "Val", "CatName", "SerName")
    ]
    ticks = [re.search(f'<c:{name}TickMark val="([a-z]+)"', chart) for name in ("major", "minor")]
    assert [one[1] for one in (*labels, *ticks) if one] == shown


def test_workbook_opens_and_shows_the_figures(produced: Path, convert: Convert) -> None:
    text = pdf_text(convert(produced / "out.xlsx", "pdf"))
    assert [figure for figure in FIGURES if figure not in text] == []
    assert "#NAME?" not in text
    assert "###" not in text


@pytest.mark.parametrize("name", ["r.docx"])
def test_word_opens_and_shows_the_figures(produced: Path, convert: Convert, name: str) -> None:
    text = pdf_text(convert(produced / name, "pdf"))
    assert [figure for figure in FIGURES[:4] if figure not in text] == []


def test_pdf_embeds_every_font_and_has_no_missing_glyph(produced: Path) -> None:
    done = subprocess.run(["pdffonts", str(produced / "r.pdf")], check=True, capture_output=True, text=True)
    rows = done.stdout.splitlines()[2:]
    assert rows
    assert all(re.search(r"\byes yes yes\b|\byes +yes +yes\b", row) for row in rows)
    reader = pypdf.PdfReader(io.BytesIO((produced / "r.pdf").read_bytes()))
    assert "\ufffd" not in "".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("name", ["s.xlsx", "out.xlsx", "r.docx"])
def test_open_xml_validators(produced: Path, name: str, sdk_errors: Validate, audit_errors: Validate) -> None:
    assert sdk_errors(produced / name) == []
    assert audit_errors(produced / name) == []


def test_draft_is_valid_too(tmp_path: Path, sample: Path, sdk_errors: Validate) -> None:
    """A workbook with errors: 草稿 in header and title, findings in 校验结果."""
    import openpyxl

    book = openpyxl.load_workbook(sample)
    book["项目"]["I5"] = "六个多"
    book.save(sample)
    files = app.Destinations(tmp_path / "o.xlsx", {".docx": tmp_path / "o.docx"})
    opened, _ = app.run(sample, files)
    assert opened.draft
    before = [str(one) for one in sdk_errors(sample)]
    after = [str(one) for one in sdk_errors(tmp_path / "o.xlsx")]
    assert [one for one in after if "styles.xml" not in one] == [
        one for one in before if "styles.xml" not in one
    ]
    assert sdk_errors(tmp_path / "o.docx") == []


def test_the_validator_can_fail(tmp_path: Path, produced: Path, sdk_errors: Validate) -> None:
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(produced / "out.xlsx") as source, zipfile.ZipFile(broken, "w") as out:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<sheetData><wrong/>")
            out.writestr(info.filename, content)
    assert sdk_errors(broken)


def test_saved_by_libreoffice_gives_the_same_figures(produced: Path, convert: Convert) -> None:
    """A workbook that LibreOffice saved is as welcome as the one it came from."""
    saved = convert(produced / "s.xlsx", "xlsx")
    ours, theirs = app.open_workbook(produced / "s.xlsx"), app.open_workbook(saved)
    assert [(r.achievement, r.forecast, r.light, r.band) for r in theirs.case.results] == [
        (r.achievement, r.forecast, r.light, r.band) for r in ours.case.results
    ]
    assert not theirs.draft


def macro_workbook(folder: Path, cells: Mapping[str, str | None] | None = None) -> Path:
    """The sample as a computed .xlsm, with these cells of 指标 changed before."""
    source, out = folder / "s.xlsm", folder / "o.xlsm"
    host = Package(app.create(source, sample=True))
    for cell, value in (cells or {}).items():
        host.write_cells([CellWrite("指标", *row_and_column(cell), value)])
    source.write_bytes(host.save())
    app.run(source, app.Destinations(out))
    return out


def test_macro_workbook_shows_its_results(tmp_path: Path, convert: Convert) -> None:
    """LibreOffice does not run the macros and shows what `run` put beside the functions."""
    text = pdf_text(convert(macro_workbook(tmp_path), "pdf"))
    assert [figure for figure in FIGURES if figure not in text] == []
    assert [one for one in ("#NAME?", "#VALUE!", "Err:", "###") if one in text] == []


def test_blank_and_error_results_are_no_unknown_names(tmp_path: Path, convert: Convert) -> None:
    """With the macros beside them LibreOffice knows the names; a blank result it shows as #VALUE! all the same."""
    out = macro_workbook(tmp_path, {"K5": "不清楚", "K11": "未到期", "L11": None, "M11": None})
    text = pdf_text(convert(out, "pdf"))
    assert "#VALUE!" in text
    assert "#NAME?" not in text


def test_macro_workbook_is_valid(tmp_path: Path, sdk_errors: Validate, audit_errors: Validate) -> None:
    out = macro_workbook(tmp_path)
    assert sdk_errors(out) == []
    assert audit_errors(out) == []


@pytest.mark.parametrize("name", [build.WORKBOOK, build.ADDIN])
def test_built_files_are_valid(
    tmp_path: Path, name: str, sdk_errors: Validate, audit_errors: Validate
) -> None:
    path = tmp_path / name
    path.write_bytes(build.workbook_file() if name == build.WORKBOOK else build.addin_file())
    assert sdk_errors(path) == []
    assert audit_errors(path) == []
    good = path.read_bytes()
    path.write_bytes(repacked({"customUI/customUI14.xml": lambda one: one.replace(b"size=", b"sise=")}, good))
    assert sdk_errors(path)
    path.write_bytes(repacked({"xl/workbook.xml": lambda one: one.replace(b"codeName=", b"codNam=")}, good))
    assert audit_errors(path)


def test_no_function_is_built_in_to_libreoffice(tmp_path: Path, convert: Convert) -> None:
    """Without a result beside them LibreOffice computes what it knows; it knows none of ours."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, openpyxl.worksheet.worksheet.Worksheet)
    for row, name in enumerate([*FUNCTIONS, "SUM"], 1):
        sheet.cell(row, 1).value = f"={name}(1,1,1,1)"
    book.save(tmp_path / "names.xlsx")
    lines = convert(tmp_path / "names.xlsx", "csv").read_text("utf-8").split()
    assert lines == ["#NAME?"] * len(FUNCTIONS) + ["4"]
