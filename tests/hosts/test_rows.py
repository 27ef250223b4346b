"""Rows that stay text are read and edited as their trees are: a comment in a part makes xlbudget parse all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from xlbudget.domain.where import address
from xlbudget.files import CannotOpen
from xlbudget.files.xml import MAIN, XML_SPACE, serialize
from xlbudget.hosts import rowsxml, rowtree
from xlbudget.hosts.rowsxml import taken_apart
from xlbudget.hosts.sheetxml import SheetXml, split_area
from xlbudget.layout import STATS
from xlbudget.pages.grid import Grid, GridCell
from xlbudget.reading.table import Cell, Table, Value

STRINGS = ("零", "一 ", "")
FORMATS = ("General", "0%", "yyyy-mm-dd")
HEAD = f'<worksheet xmlns="{MAIN}"><dimension ref="B2:C3"/>'
COLUMNS = '<cols><col min="2" max="3" style="2"/><col min="5" max="9" style="1"/></cols>'
Edits = list[tuple[int, int, Value]]


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rowsxml, "BLOCK", 3)
        yield


def part(rows: str, *, columns: bool = True, note: str = "") -> bytes:
    return f"{HEAD}{COLUMNS if columns else ''}{note}<sheetData>{rows}</sheetData></worksheet>".encode()


def opened(content: bytes) -> SheetXml:
    return SheetXml(*taken_apart(content, "xl/worksheets/sheet1.xml"))


def table(sheet: SheetXml) -> Table:
    return sheet.table("表", STRINGS, FORMATS, date1904=False)


def after(content: bytes, edits: Edits) -> tuple[str, Table]:
    """The part with values put into cells, in canonical form, and what is read from it."""
    sheet = opened(content)
    for row, column, value in edits:
        sheet.set_value(row, column, value)
    sheet.apply()
    written = b"".join(sheet.finished(serialize(sheet.root)))
    canonical: str = etree.canonicalize(written.decode().partition("?>\n")[2])
    assert table(opened(written)) == table(sheet)
    return canonical, table(sheet)


PLAIN = [
    "/>",
    "></c>",
    "><v>1.50</v></c>",
    ' t="s"><v>1</v></c>',
    ' t="s"><v>9</v></c>',
    ' t="b"><v>1</v></c>',
    ' t="n"><v>45000</v></c>',
    ' t="str"><v>文字_x000A_</v></c>',
    ' t="inlineStr"><is><t xml:space="preserve"> 甲</t></is></c>',
]
ANY = [
    *PLAIN,
    "><v></v></c>",
    ' t="str"><v>甲 &amp; &#10;乙</v></c>',
    ' t="inlineStr"><is><t>甲 &amp; 乙</t></is></c>',
    ' t="inlineStr"><is><t/></is></c>',
    ' t="inlineStr"><is><t></t></is></c>',
    ' t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>',
    "><f>A1+1</f><v>2</v></c>",
    ' t="str"><f>A1&amp;"x"</f><v>x</v></c>',
    "><f>B2</f></c>",
    ' cm="1"><v>3</v></c>',
]
STYLES = st.sampled_from(["", ' s="1"', ' s="2"', ' s="77"'])
LOOKS = st.sampled_from(
    ["", ' spans="1:9"', ' spans="1:9" ht="20.25" customHeight="1"', ' s="1" customFormat="1"']
)


def sheets(contents: list[str]) -> st.SearchStrategy[dict[int, tuple[str, dict[int, tuple[str, str]], bool]]]:
    cells = st.dictionaries(st.integers(1, 8), st.tuples(STYLES, st.sampled_from(contents)), max_size=6)
    return st.dictionaries(st.integers(1, 12), st.tuples(LOOKS, cells, st.booleans()), max_size=12)


ROWS = st.one_of(sheets(PLAIN), sheets(ANY))
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.integers(-9, 9),
    st.just(Decimal("2.50")),
    st.sampled_from(["能实现", " <甲>&乙\n", "_x000A_"]),
)
EDITS = st.lists(st.tuples(st.integers(1, 14), st.integers(1, 10), VALUES), max_size=8)


def text_of(rows: dict[int, tuple[str, dict[int, tuple[str, str]], bool]]) -> str:
    out = ""
    for row, (look, cells, closed) in sorted(rows.items()):
        inner = "".join(
            f'<c r="{address(row, column)}"{style}{content}'
            for column, (style, content) in sorted(cells.items())
        )
        out += f'<row r="{row}"{look}/>' if closed and not cells else f'<row r="{row}"{look}>{inner}</row>'
    return out


@settings(max_examples=300)
@given(ROWS, EDITS, st.booleans())
@example({1: ("", {}, False)}, [(1, 2, Decimal("2.50")), (1, 2, None)], False)
def test_text_and_tree_agree(
    rows: dict[int, tuple[str, dict[int, tuple[str, str]], bool]], edits: Edits, columns: bool
) -> None:
    text = text_of(rows)
    plain, whole = (
        part(text, columns=columns),
        part(text, columns=columns, note="<!-- all of it is parsed -->"),
    )
    assert table(opened(plain)) == table(opened(whole))
    assert after(plain, edits) == after(whole, edits)


@settings(max_examples=100)
@given(ROWS, EDITS)
def test_what_is_not_edited_stays(
    rows: dict[int, tuple[str, dict[int, tuple[str, str]], bool]], edits: Edits
) -> None:
    """An oracle of its own: the rows as they were read, with the values that were put into them."""
    content = part(text_of(rows))
    expected = {row: dict(cells) for row, cells in table(opened(content)).rows.items()}
    for row, column, value in edits:
        cells = expected.setdefault(row, {})
        cells.pop(column, None)
        if value is not None:
            text = f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else str(value)
            cells[column] = Cell("text" if isinstance(value, str) else "number", text)
    found = after(content, edits)[1].rows
    changed = {(row, column) for row, column, _ in edits}
    bare = {
        row: {
            c: cell._replace(format="General") if (row, c) in changed else cell for c, cell in cells.items()
        }
        for row, cells in found.items()
    }
    assert bare == {row: cells for row, cells in expected.items() if cells}


ROW = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
MANY = "".join(ROW.format(number) for number in range(1, 9))
ODD = {
    "a comment": MANY.replace("<v>4</v>", "<v>4</v><!-- </row><row r='4'> -->"),
    "CDATA": MANY.replace("<v>4</v>", "<v><![CDATA[4]]></v>"),
    "an instruction": MANY.replace('<row r="5">', '<?x </sheetData>?><row r="5">'),
    "no addresses": MANY.replace(' r="A4"', "").replace('<row r="5">', "<row>"),
    "no address at the end of a block": MANY.replace('<row r="4">', "<row>"),
    "rows out of order": MANY.replace('<row r="2"><c r="A2">', '<row r="20"><c r="A20">'),
    "other quotes": MANY.replace('<row r="5">', "<row r='5' x='>'>"),
    "an attribute with >": MANY.replace('<row r="5">', '<row x=">" r="5">'),
    "blanks between": MANY.replace("</row>", "</row>\n  ").replace("<c ", "\n  <c "),
    "something of the future": MANY.replace(
        "<v>4</v></c>", '<v>4</v></c><extLst><ext><row xmlns="urn:z"><c/></row></ext></extLst>'
    ),
    "another name of rows": MANY.replace(
        "<v>4</v></c>", '<v>4</v></c><z:row xmlns:z="urn:z" r="6"><z:c r="A6"/></z:row>'
    ),
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD.keys())
def test_odd_rows_are_edited_where_they_are(rows: str) -> None:
    edits: Edits = [(4, 1, 40), (5, 2, "新"), (6, 1, None)]
    text, read = after(part(rows), edits)
    expected = {1: 1, 2: 2, 3: 3, 4: 40, 5: 5, 7: 7, 8: 8}
    if "out of order" in rows or '"20"' in rows:
        expected = {1: 1, 3: 3, 4: 40, 5: 5, 7: 7, 8: 8, 20: 2}
    assert {row: int(cells[1].text) for row, cells in sorted(read.rows.items()) if 1 in cells} == expected
    assert read.rows[5][2] == Cell("text", "新", None, "yyyy-mm-dd")
    assert list(read.rows) == sorted(read.rows)
    assert text.count('r="A4"') <= 1


TORN = {
    "a row twice": MANY.replace('<row r="5">', '<row r="4">').replace('"A5"', '"A4"'),
    "a row twice, once without number": MANY.replace('<row r="5">', "<row>") + ROW.format(5),
    "a cell twice": MANY.replace('<c r="A5">', '<c r="A5"/><c r="A5">'),
    "a cell twice, once without address": MANY.replace('<c r="A5">', '<c/><c r="A5">'),
    "a cell of another row": MANY.replace('<c r="A5">', '<c r="A6">'),
    "a row in a row": MANY.replace("</c></row>", '</c><row r="9"/></row>', 1),
    "a cell in a cell": MANY.replace("<v>5</v>", '<is><c r="B5"><f>A1</f></c></is>'),
    "a cell without a row": MANY + '<c r="A9"><v>9</v></c>',
    "row 0": MANY.replace('<row r="1"><c r="A1">', '<row r="0"><c r="A0">'),
    "a row behind the last": MANY + ROW.format(1_048_577),
    "a column behind the last": MANY.replace('<c r="A5">', '<c r="XFE5">'),
}


@pytest.mark.parametrize("note", ["", "<!-- all of it is parsed -->"])
@pytest.mark.parametrize("rows", TORN.values(), ids=TORN.keys())
def test_rows_that_cannot_be_told_apart_are_refused(rows: str, note: str) -> None:
    with pytest.raises(CannotOpen, match=r"sheet1\.xml.*Excel"):
        table(opened(part(rows, note=note)))


@pytest.mark.parametrize("note", ["", "<!-- all of it is parsed -->"])
def test_the_last_cell_of_a_sheet(note: str) -> None:
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    found = after(part(MANY + last, note=note), [(1_048_576, 16_383, 5), (1_048_575, 16_384, 7)])[1].rows
    texts = {row: {column: cell.text for column, cell in cells.items()} for row, cells in found.items()}
    assert texts[1_048_576] == {16_383: "5", 16_384: "1"}
    assert texts[1_048_575] == {16_384: "7"}


SHUFFLED = '<row r="1"><c r="D1"><v>4</v></c><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>'


@pytest.mark.parametrize("column", [1, 2, 3, 4, 5])
def test_cells_out_of_order_are_edited_where_they_are(column: int) -> None:
    """None of them is there twice afterwards, and the others stay."""
    text, read = after(part(SHUFFLED), [(1, column, 9)])
    expected = {1: "1", 3: "3", 4: "4"} | {column: "9"}
    assert {number: cell.text for number, cell in read.rows[1].items()} == expected
    assert len(re.findall("<c ", text)) == len(expected)


def test_formulas_of_cells_without_address_are_where_they_stand() -> None:
    rows = "<row><c/><c><f>A1</f><v>1</v></c></row><row><c><f> \n B1\n</f><v>2</v></c></row>"
    found = [(one.row, one.column, one.here()) for one in opened(part(rows)).formulas()]
    assert found == [(1, 2, "A1"), (2, 1, "B1")]


def test_rows_of_the_future_are_not_taken_for_rows() -> None:
    future = '</c><extLst><ext><row xmlns="urn:z" r="9"><c r="A9"/></row></ext></extLst>'
    rows = ROW.format(1) + ROW.format(2) + ROW.format(3).replace("</c>", future)
    assert list(after(part(rows), [(3, 1, 5)])[1].rows) == [1, 2, 3]


@pytest.mark.parametrize("damage", ["&", "&nbsp;", "</c>", "<v>", "\x01"])
@pytest.mark.parametrize("place", ['<row r="5">', '<c r="A5">', "<v>5</v>", '</c></row><row r="6">'])
@pytest.mark.parametrize("edited", [False, True])
def test_damage_is_told_of(damage: str, place: str, edited: bool) -> None:
    """Also where a regular expression would pass over it, and nothing was read before."""
    sheet = opened(part(MANY.replace(place, place + damage)))
    if edited:
        sheet.set_value(5, 1, 7)
    with pytest.raises(CannotOpen, match="损坏"):
        sheet.apply() if edited else table(sheet)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_that_is_declared(encoding: str) -> None:
    rows = MANY.replace("<v>3</v>", '<v>3</v></c><c r="B3" t="str"><v>文字</v>')
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = part(rows).decode()
    content = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)
    assert after(content, [(2, 2, "新")]) == after(part(rows), [(2, 2, "新")])
    assert table(opened(content)).rows[3][2].text == "文字"


@pytest.mark.parametrize("data", ["<sheetData/>", "", "<sheetData></sheetData>", "<sheetData>\n</sheetData>"])
def test_a_sheet_without_rows_gets_some(data: str) -> None:
    content = f"{HEAD}{data}</worksheet>".encode()
    assert {row: cells[3].text for row, cells in after(content, [(9, 3, 1), (2, 3, 2)])[1].rows.items()} == {
        2: "2",
        9: "1",
    }


def test_a_new_cell_looks_like_the_one_above_in_the_block_before() -> None:
    rows = MANY.replace('<c r="A3">', '<c r="A3" s="1">').replace('<c r="A4"><v>4</v></c>', "")
    assert after(part(rows, columns=False), [(4, 1, 7)])[1].rows[4][1].format == "0%"


@pytest.mark.parametrize("note", ["", "<!-- all of it is parsed -->"])
def test_a_row_with_a_new_cell_says_no_more_how_far_it_spans(note: str) -> None:
    rows = MANY.replace('<row r="5">', '<row r="5" spans="1:1" ht="20">')
    text = after(part(rows, note=note), [(5, 3, "新")])[0]
    assert '<row ht="20" r="5"><c r="A5"><v>5</v></c><c r="C5" s="2" t="inlineStr">' in text
    assert 'spans="1:1"' in after(part(rows, note=note), [(5, 3, None), (5, 1, 6)])[0]


@pytest.mark.parametrize(
    ("reference", "area"),
    [
        ("B7:C9", (7, 2, 9, 3)),
        ("b7", (7, 2, 7, 2)),
        (" B7 : C9\n", (7, 2, 9, 3)),
        ("B:C", (1, 2, 1_048_576, 3)),
        ("7:9", (7, 1, 9, 16_384)),
    ],
)
def test_areas(reference: str, area: tuple[int, int, int, int]) -> None:
    assert split_area(reference) == area


@pytest.mark.parametrize("reference", ["", "B", "7", "#REF!", "甲:乙", "B7:C", "B0x", "１:２", "$B$7"])
def test_what_is_no_area(reference: str) -> None:
    with pytest.raises(CannotOpen):
        split_area(reference)


def test_blocks_are_small_here() -> None:
    """Else the tests above would try one block only."""
    root, rows = taken_apart(part(MANY), "x")
    assert [block.count(b"<row") for block in rows.text] == [3, 3, 2]
    assert len(taken_apart(part(MANY, note="<!-- -->"), "x")[1].text) == 1
    assert root.find(rowtree.DATA) is not None


TEXTS = [
    ("合计\t\x01", "合计\t", True),
    ("\x02\n合计", "\n合计", True),
    ("\ufffe 合计", " 合计", True),
    ("合计\x1f", "合计", False),
    ("\x01合计\x1c\x02", "合计", False),
    ("甲\t\x01乙", "甲\t乙", False),
    ("甲\n乙", "甲\n乙", True),
    ("甲\u3000", "甲\u3000", True),
]
"""A text; what XML can hold of it; whether other programs would trim that."""


def as_row(sheet: SheetXml, text: str) -> None:
    sheet.set_value(5, 1, text)


def as_result(sheet: SheetXml, text: str) -> None:
    sheet.set_result(5, 1, Cell("text", text))


def as_grid(sheet: SheetXml, text: str) -> None:
    grid = Grid(STATS)
    for _ in range(4):
        grid.line()
    grid.line(GridCell(text, "plain"))
    sheet.fill(grid, lambda _: 0)


@pytest.mark.parametrize("note", ["", "<!-- all of it is parsed -->"])
@pytest.mark.parametrize("write", [as_row, as_result, as_grid])
@pytest.mark.parametrize(("text", "kept", "trimmed"), TEXTS)
def test_blanks_at_an_end_stay(write: Any, note: str, text: str, kept: str, trimmed: bool) -> None:
    """Also where characters behind them cannot be written."""
    sheet = opened(part(MANY, note=note))
    write(sheet, text)
    sheet.apply()
    root = etree.fromstring(b"".join(sheet.finished(serialize(sheet.root))))
    (cell,) = [one for one in root.iter() if one.get("r") == "A5"]
    (element,) = [one for one in cell.iter() if one.text]
    assert element.text == kept
    assert (element.get(XML_SPACE) == "preserve") == trimmed
