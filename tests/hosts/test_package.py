"""The package host: what it reads, what it writes, and that everything else stays as it was."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from xlbudget import app, layout
from xlbudget.domain.where import address
from xlbudget.hosts.package import Package
from xlbudget.layout.fill import CellWrite, Mark
from xlbudget.pages.grid import Grid, GridCell


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, text in content.items():
            archive.writestr(part, text)
    return out.getvalue()


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = parts(before), parts(after)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def package(content: bytes) -> Package:
    return Package(Path("t.xlsx"), content)


def with_openpyxl(content: bytes, edit: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_part(content: bytes, name: str) -> str:
    return package(content).workbook.sheets()[name]


def test_reads_type_formula_text_and_format(sample_bytes: bytes) -> None:
    def edit(book: Any) -> None:
        sheet = book["项目"]
        sheet["I5"] = 2.410000000000001
        sheet["J5"] = "=1+1"
        sheet["K5"] = True
        sheet["L5"] = "#REF!"
        sheet["L5"].data_type = "e"
        sheet["M5"] = 0.5
        sheet["M5"].number_format = "0%"

    row = package(with_openpyxl(sample_bytes, edit)).tables(["项目"])["项目"].rows[5]
    assert row[9].text == "2.410000000000001"
    assert (row[10].kind, row[10].formula) == ("uncached", "1+1")
    assert (row[11].kind, row[11].text) == ("bool", "1")
    assert (row[12].kind, row[12].text) == ("error", "#REF!")
    assert (row[13].kind, row[13].format) == ("number", "0%")


def test_writing_a_cell_changes_its_sheet_only(sample_bytes: bytes) -> None:
    host = package(sample_bytes)
    host.write_cells([CellWrite("项目", 5, 20, Decimal("99.77")), CellWrite("项目", 5, 22, "能实现")])
    assert changed(sample_bytes, host.save()) == {sheet_part(sample_bytes, "项目")}


def test_a_run_changes_owned_parts_only(sample: Path, tmp_path: Path) -> None:
    """Shared strings, theme, unowned sheets, properties … stay byte for byte."""
    out = tmp_path / "o.xlsx"
    app.run(sample, app.Destinations(out))
    content = sample.read_bytes()
    owned = {
        sheet_part(content, name)
        for name in ("首页", "项目", "指标", *(one.name for one in layout.RESULT_SHEETS), "_xlbudget")
    }
    touched = changed(content, out.read_bytes())
    notes = {name for name in touched if "comments" in name or "vmlDrawing" in name or name.endswith(".rels")}
    charts = {name for name in touched if name.startswith(("xl/charts/", "xl/drawings/drawing"))}
    assert not charts & set(parts(content))
    assert touched - notes - charts <= owned | {
        "xl/styles.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
        "xl/worksheets/sheet4.xml",
    }


def test_owned_sheets_differ_in_owned_cells_only(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.xlsx"
    app.run(sample, app.Destinations(out))
    before, after = openpyxl.load_workbook(sample), openpyxl.load_workbook(out)
    for sheet in layout.TABLE_SHEETS:
        columns = {index for index, column in enumerate(sheet.columns, 1) if column.computed}
        cells = {
            cell.coordinate for row in after[sheet.name].iter_rows() for cell in row if cell.column in columns
        }
        for row in after[sheet.name].iter_rows():
            for cell in row:
                old = before[sheet.name][cell.coordinate]
                assert cell.coordinate in cells or cell.value == old.value
                if old.has_style:
                    assert cell.number_format == old.number_format


def test_missing_output_sheet_is_made_again_at_its_place(sample_bytes: bytes, tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        del book["统计表"]
        del book["校验结果"]
        book.create_sheet("我的表", 1)

    source, out = tmp_path / "s.xlsx", tmp_path / "o.xlsx"
    source.write_bytes(with_openpyxl(sample_bytes, edit))
    app.run(source, app.Destinations(out))
    book = openpyxl.load_workbook(out)
    assert [name for name in book.sheetnames if name != "我的表"][:-1] == list(layout.SHEET_ORDER)
    assert book["统计表"]["C6"].value is not None
    for sheet in ("项目", "指标"):
        assert book[sheet].print_title_rows == f"${layout.HEADER_ROW}:${layout.HEADER_ROW}"


def notes_of(content: bytes, sheet: str) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {c.coordinate: c.comment.text for row in book[sheet].iter_rows() for c in row if c.comment}


def test_notes_come_and_go_and_a_users_note_stays(sample_bytes: bytes) -> None:
    def edit(book: Any) -> None:
        book["项目"]["K6"].comment = Comment("核对过", "财务科")
        book["项目"]["B5"].comment = Comment("全称", "财务科")

    content = with_openpyxl(sample_bytes, edit)
    host = package(content)
    marks = [
        Mark("项目", (6, 11), "没有支出"),
        Mark("项目", (7, 11), "没有支出"),
        Mark("指标", (5, 14), "填原因"),
    ]
    host.write_marks(marks)
    first = host.save()
    assert notes_of(first, "项目") == {"B5": "全称", "K6": "核对过", "K7": "没有支出"}
    assert notes_of(first, "指标") == {"N5": "填原因"}
    again = package(first)
    again.write_marks([Mark("指标", (6, 14), "填原因")])
    second = again.save()
    assert notes_of(second, "项目") == {"B5": "全称", "K6": "核对过"}
    assert notes_of(second, "指标") == {"N6": "填原因"}
    drawing = next(
        name for name in parts(second) if name.endswith(".vml") and b"ObjectType" in parts(second)[name]
    )
    assert drawing


def test_a_repaired_finding_is_cleared(sample_bytes: bytes, tmp_path: Path) -> None:
    """Finding, note and list go when the cell is repaired in the result workbook itself."""
    path, out = tmp_path / "s.xlsx", tmp_path / "o.xlsx"
    path.write_bytes(with_openpyxl(sample_bytes, lambda book: book["项目"].__setitem__("I5", "两三万")))
    opened, _ = app.run(path, app.Destinations(out))
    assert opened.draft
    assert "I5" in notes_of(out.read_bytes(), "项目")
    out.write_bytes(with_openpyxl(out.read_bytes(), lambda book: book["项目"].__setitem__("I5", 2.41)))
    opened, _ = app.run(out, app.Destinations(out, in_place=True))
    assert not opened.draft
    assert "I5" not in notes_of(out.read_bytes(), "项目")
    text = [value for row in openpyxl.load_workbook(out)["校验结果"].values for value in row]
    assert "项目!I5" not in text


def test_links_of_the_findings_point_at_cells(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.xlsx"
    app.run(sample, app.Destinations(out))
    sheet = openpyxl.load_workbook(out)["校验结果"]
    links = {
        cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink
    }
    assert links["项目!K6"] == "'项目'!K6"


def test_replaced_formula_drops_the_chain_of_calculation(sample_bytes: bytes) -> None:
    types = parts(sample_bytes)["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument'
        b'.spreadsheetml.calcChain+xml"/></Types>',
    )
    rels = parts(sample_bytes)["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'calcChain" Target="calcChain.xml"/></Relationships>',
    )
    chain = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="T5" i="2"/></calcChain>'
    name = sheet_part(sample_bytes, "项目")
    new = {
        "[Content_Types].xml": types,
        "xl/_rels/workbook.xml.rels": rels,
        "xl/calcChain.xml": chain,
    }
    host = package(packed({**parts(sample_bytes), **new}))
    host.write_cells([CellWrite("项目", 5, 20, Decimal(1))])
    saved = parts(host.save())
    assert "xl/calcChain.xml" in saved
    saved[name], found = re.subn(rb'(<c r="T5"[^>]*>)<v>', rb"\1<f>1+0</f><v>", saved[name])
    assert found == 1
    host = package(packed(saved))
    host.write_cells([CellWrite("项目", 5, 20, Decimal(2))])
    saved = parts(host.save())
    assert "xl/calcChain.xml" not in saved
    assert b"calcChain" not in saved["[Content_Types].xml"] + saved["xl/_rels/workbook.xml.rels"]


VALUES = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=4, allow_nan=False),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=30,
    ),
)
WRITES = st.dictionaries(st.tuples(st.integers(1, 300), st.integers(1, 40)), VALUES, min_size=1, max_size=30)


@settings(max_examples=30)
@given(WRITES)
def test_what_is_written_is_read_back_by_others(writes: dict[tuple[int, int], Any]) -> None:
    """Random writes through the host, read by openpyxl, calamine and the host itself, agree."""
    blank = BLANK
    host = package(blank)
    host.write_cells([CellWrite("文字说明", row, column, value) for (row, column), value in writes.items()])
    content = host.save()
    ours = package(content).tables(["文字说明"])["文字说明"].rows
    theirs = openpyxl.load_workbook(io.BytesIO(content))["文字说明"]
    rows = (
        python_calamine.load_workbook(io.BytesIO(content))
        .get_sheet_by_name("文字说明")
        .to_python(skip_empty_area=False)
    )
    for (row, column), value in writes.items():
        shown, other = theirs[address(row, column)].value, rows[row - 1][column - 1]
        if isinstance(value, str):
            assert ours[row][column].text == value
            assert shown == value
            assert other == value
        else:
            assert Decimal(ours[row][column].text) == value
            assert Decimal(str(shown)) == pytest.approx(value)
            assert float(str(other)) == pytest.approx(float(value))
    assert changed(blank, content) == {sheet_part(blank, "文字说明")}


BLANK = app.new_workbook(None, sample=False)


def test_grid_is_written_with_merges_heights_and_links(sample_bytes: bytes) -> None:
    grid = Grid(layout.STATS)
    grid.wide("标题", "title", height=30)
    grid.line(
        GridCell(1, "body"), GridCell(Decimal("2.5"), "body_number"), GridCell("=1+1", "body"), height=20
    )
    host = package(sample_bytes)
    host.write_grid(grid)
    sheet = openpyxl.load_workbook(io.BytesIO(host.save()))["统计表"]
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:G1"]
    assert sheet.row_dimensions[1].height == 30
    assert [cell.value for cell in sheet[2]][:2] == [1, 2.5]
    assert (sheet["C2"].value, sheet["C2"].data_type) in (("=1+1", "s"), ("=1+1", "f"))
    assert package(host.save()).tables(["统计表"])["统计表"].rows[2][3].kind == "text"
