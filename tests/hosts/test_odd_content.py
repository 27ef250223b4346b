"""What other programs leave in the parts of a workbook, or leave out: read as Excel reads it, or told; never our fault."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import files
from tests.files import FRONT_PART, PROJECT_PART, TYPES, WORKBOOK, WORKBOOK_RELS, repacked, sample
from tests.hosts.test_part_names import outcome, refused
from xlbudget import app
from xlbudget.domain.finding import Finding
from xlbudget.files import CannotOpen
from xlbudget.files.xml import DOC_RELS
from xlbudget.hosts.package import Package
from xlbudget.layout.fill import CellWrite

STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
NOTES_PART = "xl/worksheets/sheet6.xml"
Change = Callable[[bytes], bytes]


def changed(pattern: str, new: str, count: int = 1) -> Change:
    """A change of a part: matches replaced (0: all); the pattern must match."""

    def change(content: bytes) -> bytes:
        text, found = re.subn(pattern, new, content.decode(), count=count, flags=re.DOTALL)
        assert found, pattern
        return text.encode()

    return change


def findings(content: bytes, folder: Path) -> Sequence[Finding]:
    source = folder / "s.xlsx"
    source.write_bytes(content)
    return app.run(source, app.Destinations(folder / "o.xlsx"))[0].findings


def told(found: Sequence[Finding], cell: str) -> set[str]:
    return {one.code for one in found if one.where.cell == cell}


# -- whitespace, comments, encodings ---------------------------------------------------------------------

SAME: dict[str, tuple[str, Change]] = {
    "line breaks in <v>": (PROJECT_PART, changed("<v>([^<]*)</v>", r"<v>\n\1\n</v>", 0)),
    "blanks in <v>": (FRONT_PART, changed("<v>([^<]*)</v>", r"<v>\t \1 </v>", 0)),
    "a comment in <v>": (PROJECT_PART, changed("<v>2.41</v>", "<v>2<!-- 9 -->.41</v>", 0)),
    "CDATA in <v>": (PROJECT_PART, changed("<v>2.41</v>", "<v><![CDATA[2.41]]></v>", 0)),
    "an instruction in <v>": (PROJECT_PART, changed("<v>2.41</v>", "<v>2.<?x y?>41</v>")),
    "a comment in a text": (STRINGS, changed("<t>网信工作专项经费", "<t>网信<!-- 不是 -->工作专项经费")),
    "a document type in a comment": (PROJECT_PART, changed("<sheetData>", "<!-- <!DOCTYPE x> --><sheetData>")),
    "a document type in an instruction": (STRINGS, changed("<sst", "<?x <!DOCTYPE x>?><sst")),
    "blanks in addresses": (PROJECT_PART, changed('<row r="5"(.*?)<c r="A5"', r'<row r=" 5 "\1<c r=" A5 "')),
    "small letters in addresses": (PROJECT_PART, changed('<c r="K5"', '<c r="k5"')),
    "blanks in numbers of styles": (PROJECT_PART, changed('<c r="A5" s="(\\d+)"', r'<c r="A5" s=" \1 "')),
    "blanks in types": (PROJECT_PART, changed(' t="s"', ' t=" s "', 0)),
    "cells out of order": (PROJECT_PART, changed('(<c r="A5".*?</c>)(<c r="B5".*?</c>)', r"\2\1")),
    "rows out of order": (PROJECT_PART, changed('(<row r="5".*?</row>)(<row r="6".*?</row>)', r"\2\1")),
    "rows without numbers": (PROJECT_PART, changed('<row r="[6-9]"', "<row", 0)),
    "line breaks in areas": (PROJECT_PART, changed('sqref="A5:X204"', 'sqref="\n A5:X204\n Z5:Z9 "', 0)),
    "texts in the cells": (PROJECT_PART, changed('<c r="B5" (s="\\d+") t="s"><v>\\d+</v>', r'<c r="B5" \1 t="inlineStr"><is><r><t>网信工作</t></r><r><t>专项经费</t></r></is>')),
    "a text without its type": (PROJECT_PART, changed('<c r="B5" (s="\\d+") t="s"><v>\\d+</v>', r'<c r="B5" \1><is><t>网信工作专项经费</t></is>')),
    "a date by ISO": (FRONT_PART, changed("><v>44750</v>", ' t="d"><v>\n2022-07-08T00:00:00Z </v>')),
    "UTF-8 with its mark": (PROJECT_PART, lambda part: b"\xef\xbb\xbf" + part),
    "no declaration": (PROJECT_PART, changed(r"^<\?xml.*?\?>", "")),
    "no theme": ("xl/theme/theme1.xml", changed("(?s).*", "<x/>")),
}  # fmt: skip


@pytest.mark.parametrize(("part", "change"), SAME.values(), ids=SAME)
def test_what_makes_no_difference(part: str, change: Change, tmp_path: Path) -> None:
    content = repacked({part: change})
    plain = outcome(sample(), tmp_path)[0]
    found = outcome(content, tmp_path)[0]
    assert {**found, "findings": None} == {**plain, "findings": None}
    assert [one for one in found["findings"] if one not in plain["findings"]] == []
    assert findings(content, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
@pytest.mark.parametrize(
    "part", [TYPES, "_rels/.rels", WORKBOOK, WORKBOOK_RELS, STRINGS, STYLES, PROJECT_PART]
)
def test_every_part_in_another_encoding(part: str, encoding: str, tmp_path: Path) -> None:
    def encode(content: bytes) -> bytes:
        text = re.sub(r"^<\?xml.*?\?>", f'<?xml version="1.0" encoding="{encoding}"?>', content.decode())
        return text.encode(encoding)

    assert outcome(repacked({part: encode}), tmp_path)[0] == outcome(sample(), tmp_path)[0]


@pytest.mark.parametrize("text", ["<![CDATA[<!DOCTYPE html>]]>", "&lt;!DOCTYPE html>"])
def test_a_document_type_that_is_text(text: str, tmp_path: Path) -> None:
    cell = f'<c r="Q5" t="inlineStr"><is><t>{text}</t></is></c>'
    content = repacked({PROJECT_PART: changed('(<row r="5".*?)</row>', rf"\1{cell}</row>")})
    expected = outcome(sample(), tmp_path)[0]["totals"]
    assert outcome(content, tmp_path)[0]["totals"] == expected
    assert openpyxl.load_workbook(tmp_path / "o.xlsx")["项目"]["Q5"].value == "<!DOCTYPE html>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-be", "gb18030"])
@pytest.mark.parametrize("part", [PROJECT_PART, "docProps/app.xml", "xl/theme/theme1.xml"])
@pytest.mark.parametrize("before", ["", "<!-- <!DOCTYPE y> -->", "<?x y?>\n"])
def test_a_real_document_type_in_any_encoding(part: str, encoding: str, before: str) -> None:
    def typed(content: bytes) -> bytes:
        text = re.sub(r"^<\?xml.*?\?>\s*", "", content.decode())
        name = encoding.removesuffix("-be")
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        return f'{mark}<?xml version="1.0" encoding="{name}"?>{before}<!DOCTYPE x>{text}'.encode(encoding)

    refused(repacked({part: typed}), "表.xlsx", part, "DTD")


# -- parts and texts that are missing --------------------------------------------------------------------

BARE: Change = changed(' s="\\d+"| style="\\d+"', "", 0)


def without(content: bytes, *names: str) -> bytes:
    """A workbook without parts, which nothing names any more."""
    words = "|".join(re.escape(name.rpartition("/")[2]) for name in names)
    gone = dict.fromkeys(names)
    return repacked(
        {
            **gone,
            WORKBOOK_RELS: changed(f'<Relationship [^>]*(?:{words})"[^>]*/>', "", 0),
            TYPES: changed(f'<Override [^>]*(?:{words})"[^>]*/>', "", 0),
        },
        content,
    )


@pytest.mark.parametrize("numbers", ["no cell has a style", "cells have styles"])
def test_no_styles(numbers: str, tmp_path: Path) -> None:
    """Cells look plain, also after ours were added; only the date lost its look and cannot be read."""
    sheets = {f"xl/worksheets/sheet{number}.xml": BARE for number in range(1, 14)}
    content = without(repacked(sheets) if numbers.startswith("no") else sample(), STYLES)
    found = outcome(content, tmp_path)[0]
    assert found["totals"] == outcome(sample(), tmp_path)[0]["totals"]
    outcome(content, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert (book["项目"]["B5"].font.sz, book["项目"]["B5"].fill.fill_type) == (11, None)
    assert (
        book["统计表"]["A1"].font.sz
        == openpyxl.load_workbook(_run_of_sample(tmp_path))["统计表"]["A1"].font.sz
    )


def _run_of_sample(folder: Path) -> Path:
    outcome(sample(), folder)
    return folder / "o.xlsx"


def test_a_styles_part_that_nothing_names_is_named(tmp_path: Path) -> None:
    """PyExcelerate writes an empty one."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheets = {f"xl/worksheets/sheet{number}.xml": BARE for number in range(1, 14)}
    content = repacked({STYLES: f'<styleSheet xmlns="{main}"/>'.encode()}, without(repacked(sheets), STYLES))
    outcome(content, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert (book["项目"]["B5"].font.sz, book["项目"]["B5"].fill.fill_type) == (11, None)
    assert book["统计表"]["A1"].font.sz > 11


def inline(content: bytes) -> bytes:
    """A workbook whose texts stand in the cells."""
    texts = re.findall(r"<si>(.*?)</si>", files.parts(content)[STRINGS].decode(), re.DOTALL)

    def one(match: re.Match[str]) -> str:
        return f' t="inlineStr"><is>{texts[int(match[1])]}</is>'

    def change(part: bytes) -> bytes:
        return re.sub(r' t="s"><v>(\d+)</v>', one, part.decode()).encode()

    return repacked({f"xl/worksheets/sheet{number}.xml": change for number in range(1, 7)}, content)


@pytest.mark.parametrize("named", [True, False])
def test_no_shared_strings_although_named(named: bool, tmp_path: Path) -> None:
    """Nothing is missing where no cell refers to them; else what they said is lost, and nothing is guessed."""
    content = repacked({STRINGS: None}, inline(sample())) if named else without(inline(sample()), STRINGS)
    assert outcome(content, tmp_path)[0] == outcome(sample(), tmp_path)[0]
    refused(repacked({STRINGS: None}) if named else without(sample(), STRINGS), "sharedStrings.xml")


@pytest.mark.parametrize("relation", ["", "rIdNone"])
def test_a_tab_without_its_part_stays(relation: str, tmp_path: Path) -> None:
    """Modules of very old Excel are listed among the sheets."""
    tab = f'<sheet name="Module1" sheetId="77" state="veryHidden" r:id="{relation}"/></sheets>'
    content = repacked({WORKBOOK: changed("</sheets>", tab)})
    found, made = outcome(content, tmp_path)
    assert found == outcome(sample(), tmp_path)[0]
    assert f'sheetId="77" state="veryHidden" r:id="{relation}"'.encode() in files.parts(made)[WORKBOOK]


@pytest.mark.parametrize("name", ["统计表", "_xlbudget", " 文字说明 "])
def test_a_tab_of_ours_without_its_part_is_refused(name: str) -> None:
    change = changed(f'<sheet name="{name.strip()}"([^>]*) r:id="[^"]*"', rf'<sheet name="{name}"\1 r:id=""')
    refused(repacked({WORKBOOK: change}), "表.xlsx", name)


def test_a_sheet_that_is_elsewhere_is_refused() -> None:
    outside = changed(
        'Target="worksheets/sheet2.xml"', 'Target="worksheets/sheet2.xml" TargetMode="External"'
    )
    refused(repacked({WORKBOOK_RELS: outside}), "表.xlsx", "项目")


@pytest.mark.parametrize(
    "target", ["worksheets/sheet3.xml", "/xl/worksheets/sheet3.xml", r"worksheets\\SHEET3.xml"]
)
@pytest.mark.parametrize("number", [2, 11], ids=["an input", "an output"])
def test_two_tabs_with_one_part_are_refused(number: int, target: str) -> None:
    """Filled as the other, a sheet would be written over."""
    shared = changed(f'Target="worksheets/sheet{number}.xml"', f'Target="{target}"')
    refused(repacked({WORKBOOK_RELS: shared}), "表.xlsx", "也是另一张工作表的内容")


CHART_RELS, NOTE_RELS = "xl/drawings/_rels/drawing1.xml.rels", "xl/worksheets/_rels/sheet2.xml.rels"
SHEET_RELS = "xl/worksheets/_rels/sheet11.xml.rels"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook after a run, with charts and notes of ours."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "s.xlsx").write_bytes(files.edited(lambda book: odd_projects(book, "不清楚")))
    app.run(folder / "s.xlsx", app.Destinations(folder / "o.xlsx"))
    return (folder / "o.xlsx").read_bytes()


def odd_projects(book: Any, text: str) -> None:
    """A finding on two sheets, so that both have a note."""
    files.label(book[files.PROJECTS], "累计支出").offset(1, 0).value = text
    files.label(book[files.INDICATORS], "当前完成值").offset(1, 0).value = text


@pytest.mark.parametrize(
    ("rels", "old", "new"),
    [
        (CHART_RELS, "../charts/chart1.xml", "/xl/worksheets/sheet1.xml"),
        (CHART_RELS, "../charts/chart2.xml", "/[Content_Types].xml"),
        (CHART_RELS, "../charts/chart3.xml", "/xl/_rels/workbook.xml.rels"),
        (CHART_RELS, "../charts/chart1.xml", "../charts/chart2.xml"),
        (SHEET_RELS, "../drawings/drawing1.xml", "/xl/workbook.xml"),
        (NOTE_RELS, "../comments1.xml", "/xl/styles.xml"),
        (NOTE_RELS, "../comments1.xml", "../comments2.xml"),
        (NOTE_RELS, "../drawings/vmlDrawing1.vml", "/xl/worksheets/sheet1.xml"),
        (NOTE_RELS, "../drawings/vmlDrawing1.vml", "../drawings/vmlDrawing2.vml"),
        (WORKBOOK_RELS, "styles.xml", "theme/theme1.xml"),
    ],
)
def test_a_relation_to_another_part_is_refused(
    rels: str, old: str, new: str, written: bytes, tmp_path: Path
) -> None:
    """Nothing is written over a part that is of another kind, or shown in two places."""
    (tmp_path / "s.xlsx").write_bytes(repacked({rels: changed(f'"{re.escape(old)}"', f'"{new}"')}, written))
    with pytest.raises(CannotOpen, match=r"不是该有的内容|同时用在两处"):
        app.run(tmp_path / "s.xlsx", app.Destinations(tmp_path / "o.xlsx"))
    assert not (tmp_path / "o.xlsx").exists()


def test_what_is_only_named_as_the_chain_of_calculation_stays() -> None:
    """A formula that is written over drops the chain, and nothing else."""
    chain = f'<Relationship Id="c" Type="{DOC_RELS}/calcChain" Target="workbook.xml"/></Relationships>'
    edits = {
        WORKBOOK_RELS: changed("</Relationships>", chain),
        PROJECT_PART: changed('(<row r="5".*?)</row>', r'\1<c r="T5"><f>1+0</f><v>1</v></c></row>'),
    }
    host = Package(Path("表.xlsx"), repacked(edits))
    host.write_cells([CellWrite("项目", 5, 20, Decimal(1))])
    assert WORKBOOK in files.parts(host.save())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"),
        ("(</?)worksheet", r"\1chartsheet"),
    ],
)
def test_a_sheet_of_another_kind_is_refused(old: str, new: str) -> None:
    refused(repacked({PROJECT_PART: changed(old, new, 0)}), "项目", "不是普通的工作表")


@pytest.mark.parametrize(
    "gone", ["xl/theme/theme1.xml", "docProps/app.xml", "docProps/core.xml", "_rels/.rels"]
)
def test_parts_that_are_not_needed(gone: str, tmp_path: Path) -> None:
    assert outcome(repacked({gone: None}), tmp_path)[0] == outcome(sample(), tmp_path)[0]


# -- cells -----------------------------------------------------------------------------------------------

CELLS: dict[str, tuple[str, set[str]]] = {
    "an unknown type": (' t="quux"><v>2.41</v>', {"CEL011"}),
    "the type of a text in capitals": (' t="S"><v>2</v>', {"CEL011"}),
    "a text that is not there": (' t="s"><v>99999</v>', {"CEL011"}),
    "no text": (' t="inlineStr"><is/>', {"CEL001"}),
    "an empty text": (' t="s"><v/>', {"CEL001"}),
    "nothing": ("><v></v>", {"CEL001"}),
    "true": (' t="b"><v> 1 </v>', {"CEL004"}),
    "full-width digits": ("><v>２.41</v>", {"CEL011"}),
    "digits with lines": ("><v>2_4</v>", {"CEL011"}),
    "hexadecimal": ("><v>0x12</v>", {"CEL011"}),
    "two numbers": ("><v>2 41</v>", {"CEL011"}),
    "no number": ("><v>NaN</v>", {"CEL011"}),
    "a long number": ("><v>12345678901234567</v>", {"CEL011"}),
    "a number beyond all": ("><v>1e400</v>", {"CEL011"}),
    "a number beyond Python": ("><v>-1e999999999999</v>", {"CEL011"}),
    "the smallest number that is too long": ("><v>1E15</v>", {"CEL011"}),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "codes"), CELLS.values(), ids=CELLS)
def test_what_a_cell_may_hold(inside: str, codes: set[str], tmp_path: Path) -> None:
    content = repacked({PROJECT_PART: changed('(<c r="I5" s="\\d+").*?</c>', rf"\1{inside}</c>")})
    source = tmp_path / "s.xlsx"
    source.write_bytes(content)
    opened, _ = app.run(source, app.Destinations(tmp_path / "o.xlsx"))
    assert told(opened.findings, "I5") == codes


LONG = ["12345678901234567", "1e400", "-1e999999999999", "1E15", "9" * 400]


@pytest.mark.parametrize("number", LONG)
def test_a_number_too_long_in_any_cell(number: str, tmp_path: Path) -> None:
    """Codes, options, months, flags, texts, computed columns: each cell of a row at once, on every sheet."""
    for part in (PROJECT_PART, "xl/worksheets/sheet3.xml", "xl/worksheets/sheet5.xml", NOTES_PART):
        change = changed(
            '(<c r="[A-Z]+5"(?: s="\\d+")?)(?: t="\\w+")?>.*?</c>', rf"\1><v>{number}</v></c>", 0
        )
        assert any(one.code == "CEL011" for one in findings(repacked({part: change}), tmp_path)), part


@pytest.mark.parametrize("number", LONG)
def test_a_number_too_long_in_a_computed_column(number: str, tmp_path: Path) -> None:
    cell = f'<c r="T5"><v>{number}</v></c>'
    content = repacked({PROJECT_PART: changed('(<row r="5".*?)</row>', rf"\1{cell}</row>")})
    found = findings(content, tmp_path)
    assert [(one.severity.name, "计算列" in one.message) for one in found if one.where.cell == "T5"] == [
        ("INFO", True)
    ]
    assert [one.code for one in found if one.severity.name == "ERROR"] == []


@pytest.mark.parametrize("number", LONG)
@pytest.mark.parametrize(("column", "what"), [("A", "项目编号"), ("B", "项目名称"), ("E", "资金来源")])
def test_a_number_too_long_merged_over_rows(number: str, column: str, what: str, tmp_path: Path) -> None:
    """It is told for each row that it covers."""

    def change(content: bytes) -> bytes:
        first = changed(f'(<c r="{column}5"(?: s="\\d+")?)(?: t="\\w+")?>.*?</c>', rf"\1><v>{number}</v></c>")
        rest = changed(f'<c r="{column}6".*?</c>', "")
        merged = f'<mergeCells count="1"><mergeCell ref="\n{column}5:{column}6 "/></mergeCells>'
        return changed("(<autoFilter[^>]*/>)", rf"\1{merged}")(rest(first(content)))

    content = repacked({PROJECT_PART: change})
    source = tmp_path / "s.xlsx"
    source.write_bytes(content)
    opened, _ = app.run(source, app.Destinations(tmp_path / "o.xlsx"))
    messages = [
        one.message
        for one in opened.findings
        if one.code == "CEL011" and one.where.cell in (f"{column}5", f"{column}6")
    ]
    assert len(messages) == 2
    assert all(what in one for one in messages)


@pytest.mark.parametrize("value", ["x", "NaN", "INF", "1e400", "1e999999999999", "99999999", ""])
@pytest.mark.parametrize("cell", ["F10", "A900"])
def test_a_date_of_1904_that_is_no_number(cell: str, value: str, tmp_path: Path) -> None:
    """Also in a sheet's own cells; it is told where it stands."""
    edits: dict[str, files.Edit] = {WORKBOOK: changed("<workbookPr ", '<workbookPr date1904=" true " ')}
    look = re.search(rb'<c r="F10" s="(\d+)"', files.parts(sample())[FRONT_PART])
    assert look
    if cell == "F10":
        edits[FRONT_PART] = changed("<v>44750</v>", f"<v>{value}</v>")
    else:
        row = f'<row r="900"><c r="A900" s="{look[1].decode()}"><v>{value}</v></c></row></sheetData>'
        edits[PROJECT_PART] = changed("</sheetData>", row)
    assert bool(told(findings(repacked(edits), tmp_path), cell)) == (value != "")


def test_dates_of_1904(tmp_path: Path) -> None:
    change = {WORKBOOK: changed("<workbookPr ", '<workbookPr date1904="1" ')}
    content = repacked({**change, FRONT_PART: changed("<v>44750</v>", "<v>43288</v>")})
    assert outcome(content, tmp_path)[0] == outcome(sample(), tmp_path)[0]


def test_computed_columns_that_show_dates_in_a_workbook_of_1904(tmp_path: Path) -> None:
    """What we wrote there is ours again, though dates are read shifted; what somebody types is not."""
    look = re.search(rb'<c r="F10" s="(\d+)"', files.parts(sample())[FRONT_PART])
    assert look
    dated = rb'<c r="S5" s="%s"' % look[1]

    def styled(content: bytes) -> bytes:
        return re.sub(
            rb'(<row r="5".*?)</row>', rb"\1" + dated + b"/></row>", content, count=1, flags=re.DOTALL
        )

    change: dict[str, files.Edit] = {WORKBOOK: changed("<workbookPr ", '<workbookPr date1904="1" ')}
    change |= {FRONT_PART: changed("<v>44750</v>", "<v>43288</v>"), PROJECT_PART: styled}
    source = tmp_path / "s.xlsx"
    source.write_bytes(repacked(change))
    app.run(source, app.Destinations(tmp_path / "o.xlsx"))
    assert dated in files.parts((tmp_path / "o.xlsx").read_bytes())[PROJECT_PART]
    again = app.open_workbook(tmp_path / "o.xlsx").findings
    assert [one for one in again if one.code == "CEL013"] == []


def test_a_comment_among_the_names_of_a_workbook(tmp_path: Path) -> None:
    content = repacked({WORKBOOK: changed("</definedNames>", "<!-- 名称 --></definedNames>")})
    assert outcome(content, tmp_path)[0] == outcome(sample(), tmp_path)[0]


# -- sparse sheets, blank pictures -----------------------------------------------------------------------

CORNER = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize("cell", ["D60", "XFD1048576"])
def test_sparse_sheets(cell: str, tmp_path: Path) -> None:
    """A cell in the last row and column of a sheet of ours; a formula that looks as far as that is right, or told of."""
    formula = f'<c r="{cell}"><f>SUM(项目!Q:XFD)</f><v>1</v></c>'
    row = f'<row r="{cell.lstrip("XFD")}">{formula}</row></sheetData>'
    edits = {PROJECT_PART: changed("</sheetData>", CORNER), NOTES_PART: changed("</sheetData>", row)}
    expected = outcome(sample(), tmp_path)[0]["totals"]
    assert outcome(repacked(edits), tmp_path)[0]["totals"] == expected
    source = tmp_path / "s.xlsx"
    told = [one.message for one in app.run(source, app.Destinations(tmp_path / "o.xlsx"))[0].findings]
    book = openpyxl.load_workbook(tmp_path / "o.xlsx", data_only=True)
    numbers = [one for values in book["项目"].iter_rows(5, 9, 17, values_only=True) for one in values]
    total = 1 + sum(one for one in numbers if isinstance(one, int | float))
    shown = book["文字说明"][cell].value
    assert shown == pytest.approx(total) or (shown is None and any("SUM(项目!Q:XFD)" in one for one in told))


def test_a_project_in_the_last_row(tmp_path: Path) -> None:
    """Its findings and their notes stay within the sheet."""
    row = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>009</t></is></c></row></sheetData>'
    assert told(findings(repacked({PROJECT_PART: changed("</sheetData>", row)}), tmp_path), "I1048576")
    drawings = [
        part
        for name, part in files.parts((tmp_path / "o.xlsx").read_bytes()).items()
        if name.endswith(".vml")
    ]
    anchors = re.findall(rb"<x:Anchor>([^<]*)<", b"".join(drawings))
    assert anchors
    corners = [[int(number) for number in anchor.split(b",")] for anchor in anchors]
    assert all(one[2] < one[6] <= 1_048_575 and one[0] < one[4] <= 16_383 for one in corners)


def blank_picture(megabytes: int) -> bytes:
    stream = files.swollen(megabytes, b"\xff", b"\x01\0\0\0l\0\0\0")
    return files.with_streams({"xl/media/image1.emf": stream})


def test_a_blank_picture_is_no_bomb(tmp_path: Path) -> None:
    content = blank_picture(30)
    found, made = outcome(content, tmp_path)
    assert found == outcome(sample(), tmp_path)[0]
    picture = files.parts(made)["xl/media/image1.emf"]
    assert zlib.crc32(picture) == files.swollen(30, b"\xff", b"\x01\0\0\0l\0\0\0")[1]


def test_how_large_blank_pictures_may_be() -> None:
    assert app.open_workbook(Path("表.xlsx"), blank_picture(255)).case.results
    refused(blank_picture(256), "表.xlsx", "大得不正常")
    streams = {f"xl/media/{number}.emf": files.swollen(40, b"\0") for number in range(7)}
    refused(files.with_streams(streams), "表.xlsx", "大得不正常")


@pytest.mark.parametrize("name", ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet2.bin", "xl/vml.VML"])
def test_what_is_parsed_may_not_swell(name: str) -> None:
    """Also a sheet under another name."""
    streams = {name: files.bloated_sheet(30)}
    content = files.with_streams(streams)
    if name.endswith(".bin"):
        there = files.deflated(files.parts(sample())[WORKBOOK_RELS].replace(b"sheet2.xml", b"sheet2.bin"))
        content = files.with_streams({**streams, WORKBOOK_RELS: there})
    refused(content, "表.xlsx", "大得不正常")


def test_what_was_packed_fast_opens_again_when_packed_well(tmp_path: Path) -> None:
    """Rows of one formula, as Excel packs them: 138 times as large, and 222 times after a run."""
    row = '<row r="{}">' + '<c t="str"><f t="shared" si="0"/><v>已完成</v></c>' * 40 + "</row>"
    sheet = "".join(row.format(number) for number in range(1, 6000)).encode()
    content = files.with_streams({"xl/worksheets/sheet99.xml": files.deflated(sheet, level=1)})
    assert outcome(content, tmp_path)[0] == outcome(sample(), tmp_path)[0]
