"""Pictures in cells and linked data: told as such, where Excel itself has only #VALUE! to stand in for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import files
from tests.files import PROJECT_PART, WORKBOOK_RELS
from xlbudget import app
from xlbudget.domain.finding import Finding
from xlbudget.hosts.package import Package

RICH = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
METADATA = f"""<metadata xmlns="{MAIN}" xmlns:xlrd="{RICH}">
<metadataTypes count="2"><metadataType name="XLDAPR"/><metadataType name="XLRICHVALUE"/></metadataTypes>
<futureMetadata name="XLRICHVALUE" count="2">
<bk><extLst><ext uri="{{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}}"><xlrd:rvb i="0"/></ext></extLst></bk>
<bk><extLst><ext uri="{{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}}"><xlrd:rvb i="1"/></ext></extLst></bk>
</futureMetadata><valueMetadata count="2"><bk><rc t="2" v="0"/></bk><bk><rc t="2" v="1"/></bk></valueMetadata></metadata>"""
VALUES = f'<rvData xmlns="{RICH}"><rv s="0"><v>0</v><v>5</v></rv><rv s="1"><v>8</v></rv></rvData>'
STRUCTURES = (
    f'<rvStructures xmlns="{RICH}"><s t="_localImage"><k n="_rvRel:LocalImageIdentifier" t="i"/></s>'
    '<s t="_error"><k n="errorType" t="i"/></s></rvStructures>'
)
PARTS = {
    "sheetMetadata": ("xl/metadata.xml", METADATA),
    "rdRichValue": ("xl/richData/rdrichvalue.xml", VALUES),
    "rdRichValueStructure": ("xl/richData/rdrichvaluestructure.xml", STRUCTURES),
}
PICTURE, SPILL = ' t="e" vm="1"', ' t="e" vm="2"'


def workbook(cell: str, attributes: str, without: str = "", **other: str) -> bytes:
    """The sample with a rich value in a cell of 项目."""
    known = {kind: (name, other.get(kind, text)) for kind, (name, text) in PARTS.items() if kind != without}
    relations = "".join(
        f'<Relationship Id="rR{kind}" Type="http://schemas.example/relationships/{kind}" Target="/{name}"/>'
        for kind, (name, _) in known.items()
    )

    def put(content: bytes) -> bytes:
        text = content.decode()
        row = re.search(r"\d+", cell)
        assert row
        pattern = rf'<c r="{cell}"([^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)'
        new, count = re.subn(pattern, rf'<c r="{cell}"\1{attributes}><v>#VALUE!</v></c>', text, count=1)
        if not count:
            end = text.index("</row>", text.index(f'<row r="{row[0]}"'))
            new = f'{text[:end]}<c r="{cell}"{attributes}><v>#VALUE!</v></c>{text[end:]}'
        return new.encode()

    return files.repacked(
        {
            PROJECT_PART: put,
            WORKBOOK_RELS: lambda part: part.replace(
                b"</Relationships>", relations.encode() + b"</Relationships>"
            ),
        }
        | {},
        files.zipped(files.parts(files.sample()) | {name: text.encode() for name, text in known.values()}),
    )


def findings(cell: str, content: bytes) -> list[Finding]:
    return [one for one in app.open_workbook(Path("a.xlsx"), content).findings if one.where.cell == cell]


def is_rich(content: bytes) -> bool:
    return Package(Path("a.xlsx"), content).tables(["项目"])["项目"].rows[5][17].rich


REMARK, SPENT, NAME = "Q5", "K5", "B5"


def test_a_picture_in_a_text_column_is_only_told() -> None:
    (told,) = findings(REMARK, workbook(REMARK, PICTURE))
    assert (told.code, told.severity) == ("CEL022", "INFO")
    assert "图片" in told.message


def test_a_picture_in_place_of_a_required_text_leaves_it_empty() -> None:
    found = findings(NAME, workbook(NAME, PICTURE))
    assert [(one.code, one.severity) for one in found] == [("CEL001", "ERROR"), ("CEL022", "INFO")]


def test_a_picture_in_an_amount_is_an_error() -> None:
    content = workbook(SPENT, PICTURE)
    (told,) = findings(SPENT, content)
    assert (told.code, told.severity) == ("CEL004", "ERROR")
    assert "图片" in told.message
    assert app.open_workbook(Path("a.xlsx"), content).case.facts.projects[0].spent is None


def test_an_error_that_tells_more_is_still_an_error() -> None:
    """#SPILL! has metadata as well; a dynamic array has others."""
    for attributes in (SPILL, ' t="e" cm="1"'):
        (told,) = findings(REMARK, workbook(REMARK, attributes))
        assert (told.code, told.severity) == ("CEL011", "ERROR")


@pytest.mark.parametrize("kind", PARTS)
def test_what_cannot_be_looked_up_is_no_error(kind: str) -> None:
    """Parts that are missing, damaged or lead nowhere."""
    assert is_rich(workbook(REMARK, SPILL, without=kind))
    assert is_rich(workbook(REMARK, SPILL, **{kind: "<x"}))
    assert is_rich(workbook(REMARK, SPILL, **{kind: "<x/>"}))
    assert not is_rich(workbook(REMARK, SPILL))


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "1e9", "99999999999999999999"])
def test_numbers_that_mean_nothing(number: str) -> None:
    assert is_rich(workbook(REMARK, f' t="e" vm="{number}"'))
    assert is_rich(workbook(REMARK, SPILL, sheetMetadata=METADATA.replace('v="1"', f'v="{number}"')))
    assert is_rich(workbook(REMARK, SPILL, rdRichValue=VALUES.replace('s="1"', f's="{number}"')))


def test_a_picture_stays_where_it_is() -> None:
    host = Package(Path("a.xlsx"), workbook(REMARK, PICTURE))
    opened = app.open_host(host, None)
    app.write_results(host, opened)
    assert re.search(
        rb'<c r="Q5"[^>]* vm="1"[^>]*><v>#VALUE!</v></c>', files.parts(host.save())[PROJECT_PART]
    )
