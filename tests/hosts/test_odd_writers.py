"""Workbooks as odd writers leave them: results come into the right places, or the workbook is refused with the reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.rich.package import Parts
from xlbudget import app
from xlbudget.files import CannotOpen

Edit = Callable[[Parts], None]
FORMULA = b'<row r="60"><c r="D60"><f>SUM(\xe9\xa1\xb9\xe7\x9b\xae!R5:R9)</f><v>1</v></c></row></sheetData>'
NOTES = "文字说明"


def packed(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return buffer.getvalue()


def edited(content: bytes, edit: Edit) -> bytes:
    parts = Parts.of(content)
    edit(parts)
    return packed(parts)


def replace(sheet: str, old: bytes, new: bytes) -> Edit:
    def edit(parts: Parts) -> None:
        name = parts.sheets()[sheet]
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return edit


def twice(content: bytes, folder: Path) -> tuple[bytes, bytes]:
    """A workbook run, and its result run again."""
    made = []
    for number in range(2):
        source, out = folder / f"s{number}.xlsx", folder / f"o{number}.xlsx"
        source.write_bytes(content)
        app.run(source, app.Destinations(out))
        content = out.read_bytes()
        made.append(content)
    return made[0], made[1]


@pytest.mark.parametrize(
    "edit",
    [
        replace("统计表", b"<sheetData>", b"<sheetData>\n  "),
        replace("统计表", b"<sheetData>", b'<sheetData xmlns:zz="urn:z">'),
        replace("监控报告", b"<sheetViews>", b"<!-- <sheetData/> --><sheetViews>"),
        replace("_xlbudget", b"<sheetData>", b"<sheetData><!-- x -->"),
    ],
)
def test_rows_of_an_output_sheet_stand_where_rows_stand(produced: Path, tmp_path: Path, edit: Edit) -> None:
    first, second = twice(edited((produced / "out.xlsx").read_bytes(), edit), tmp_path)
    assert first == second
    book = openpyxl.load_workbook(io.BytesIO(first))
    expected = openpyxl.load_workbook(produced / "out.xlsx")
    for name in ("统计表", "监控报告", "_xlbudget"):
        assert list(book[name].values) == list(expected[name].values)


def prefixed(parts: Parts) -> None:
    name = parts.sheets()[NOTES]
    text = parts[name].replace(b"</sheetData>", FORMULA).decode()
    body = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text[text.index("<worksheet") :])
    parts[name] = ('<?xml version="1.0"?>' + body.replace(" xmlns=", " xmlns:x=", 1)).encode()


def in_utf16(parts: Parts) -> None:
    name = parts.sheets()[NOTES]
    text = parts[name].replace(b"</sheetData>", FORMULA).decode()
    parts[name] = ('<?xml version="1.0" encoding="UTF-16"?>' + text[text.index("<worksheet") :]).encode(
        "utf-16"
    )


def without_addresses(parts: Parts) -> None:
    name = parts.sheets()[NOTES]
    formula = FORMULA.replace(b'<c r="D60">', b"<c/><c/><c/><c>")
    parts[name] = parts[name].replace(b"</sheetData>", formula)


@pytest.mark.parametrize(
    "edit", [replace(NOTES, b"</sheetData>", FORMULA), prefixed, in_utf16, without_addresses]
)
def test_formulas_are_found_however_they_are_written(produced: Path, tmp_path: Path, edit: Edit) -> None:
    first, second = twice(edited((produced / "out.xlsx").read_bytes(), edit), tmp_path)
    assert first == second
    assert openpyxl.load_workbook(io.BytesIO(first), data_only=True)[NOTES]["D60"].value == 13.91


def test_a_workbook_declared_by_its_suffix(sample: Path, tmp_path: Path) -> None:
    def edit(parts: Parts) -> None:
        types = parts["[Content_Types].xml"].decode()
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        types = re.sub(rf'<Override PartName="/xl/workbook.xml" ContentType="{re.escape(kind)}"/>', "", types)
        types = re.sub(r'(<Default Extension="xml" ContentType=")[^"]*', rf"\1{kind}", types)
        parts["[Content_Types].xml"] = types.encode()

    first, second = twice(edited(sample.read_bytes(), edit), tmp_path)
    assert first == second


def test_a_sheet_whose_part_is_lost_is_named(sample: Path) -> None:
    def edit(parts: Parts) -> None:
        del parts[parts.sheets()[NOTES]]

    sample.write_bytes(edited(sample.read_bytes(), edit))
    with pytest.raises(CannotOpen, match=NOTES):
        app.open_workbook(sample)


@pytest.mark.parametrize(
    ("pattern", "old", "new"),
    [
        ("vmlDrawing", b"<x:Row>", b"<x:Row>a"),
        ("vmlDrawing", b"</x:Row>", b".0</x:Row>"),
        ("vmlDrawing", b'data="', b'data="x,'),
        ("comments", b"<authors>", b"<authors><author> </author>"),
    ],
)
def test_notes_of_odd_writers_do_no_harm(
    produced: Path, tmp_path: Path, pattern: str, old: bytes, new: bytes
) -> None:
    def edit(parts: Parts) -> None:
        names = [name for name in parts if pattern in name and old in parts[name]]
        assert names
        for name in names:
            parts[name] = parts[name].replace(old, new)

    twice(edited((produced / "out.xlsx").read_bytes(), edit), tmp_path)


def test_our_notes_are_known_without_their_author(produced: Path, tmp_path: Path) -> None:
    """LibreOffice saves every author as a blank."""

    def edit(parts: Parts) -> None:
        for name in [name for name in parts if re.fullmatch(r"xl/comments\d+\.xml", name)]:
            parts[name] = parts[name].replace(b"<author>xlbudget</author>", b"<author> </author>")

    before = openpyxl.load_workbook(produced / "out.xlsx")["项目"]
    notes = {cell.coordinate for row in before.iter_rows() for cell in row if cell.comment}
    first, _ = twice(edited((produced / "out.xlsx").read_bytes(), edit), tmp_path)
    after = openpyxl.load_workbook(io.BytesIO(first))["项目"]
    found = [cell.comment for row in after.iter_rows() for cell in row if cell.comment]
    assert len(found) == len(notes) > 0
    assert {one.author for one in found} == {"xlbudget"}


def test_shapes_of_notes_that_were_lost_are_replaced(produced: Path, tmp_path: Path) -> None:
    """The drawing of the notes is there, their texts are not: a relation leads nowhere."""

    def edit(parts: Parts) -> None:
        names = [name for name in parts if "worksheets/_rels" in name and b"/comments" in parts[name]]
        assert names
        for name in names:
            parts[name] = re.sub(rb"\.\./comments\d\.xml", b"nowhere.xml", parts[name])

    first, second = twice(edited((produced / "out.xlsx").read_bytes(), edit), tmp_path)
    assert first == second


@pytest.mark.parametrize("number", ["-1", "-99", "99", " 1 "])
def test_names_of_tabs_that_are_not_there_mean_nothing(number: str, produced: Path, tmp_path: Path) -> None:
    def edit(parts: Parts) -> None:
        name = f'<definedName name="x" localSheetId="{number}">\n 1 </definedName></definedNames>'
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</definedNames>", name.encode())
        parts[parts.sheets()[NOTES]] = parts[parts.sheets()[NOTES]].replace(b"</sheetData>", FORMULA)

    first, second = twice(edited((produced / "out.xlsx").read_bytes(), edit), tmp_path)
    assert first == second
