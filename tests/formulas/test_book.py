"""What references mean: names, tables, sheets, areas; and what a formula that is not understood seems to look at."""

from __future__ import annotations

import pytest

from tests.formulas.sheets import area_at, memory
from xlbudget.formulas.book import Area, Book, FormulaCell, ListTable, area_of, quoted, reference
from xlbudget.formulas.tree import Unparsed, parse, written
from xlbudget.sheets.formula import COLUMNS, ROWS
from xlbudget.sheets.table import Cell

NAMES = {
    ("", "总数"): "项目!$B$2",
    ("", "一列"): "项目!$B:$B",
    ("", "税率"): "0.13",
    ("", "两倍"): "总数*2",
    ("项目", "本地"): "项目!$A$1",
    ("a b", "本地"): "'a b'!$A$2",
    ("", "本地"): "项目!$C$3",
    ("", "相对"): "项目!A1",
    ("", "无表"): "$A$1",
    ("", "没了"): "项目!#REF!",
    ("", "绕甲"): "绕乙",
    ("", "绕乙"): "绕甲",
    ("", "外"): "[1]S!$A$1+项目!$D$4",
}
TABLES = {
    "表1": ListTable(Area("项目", 4, 2, 8, 5), ("数量", "单价 元", "it's", "a[1]"), totals=1),
    "无头": ListTable(Area("a b", 1, 1, 3, 1), ("值",), headers=0),
    "井": ListTable(Area("a b", 1, 3, 3, 4), ("#号", "a'b"),),
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Book:
    return memory({"项目": {"A1": 1, "C9": 2}, "a b": {}, "it's": {}, "Data": {}}, NAMES, TABLES)


def resolved(book: Book, text: str, sheet: str = "项目", row: int = 6) -> str:
    return written(book.resolve(FormulaCell(sheet, row, 9, text)))


MEANINGS = {
    "A1": "'项目'!A1",
    "$A$1:b2": "'项目'!$A$1:b2",
    "'a b'!A1": "'a b'!A1",
    "'it''s'!A1": "'it''s'!A1",
    "DATA!A1": "'Data'!A1",
    "A:B": "'项目'!A:B",
    "总数": "'项目'!$B$2",
    "SUM(一列)": "SUM('项目'!$B:$B)",
    "税率*2": "(0.13*2)",
    "两倍": "('项目'!$B$2*2)",
    "本地": "'项目'!$A$1",
    "'a b'!本地": "'a b'!$A$2",
    "DATA!本地": "'项目'!$C$3",
    "没了": "#REF!",
    "没有": "没有",
    "表1": "'项目'!B5:E7",
    "表1[数量]": "'项目'!B5:B7",
    "表1[[数量]:[it''s]]": "'项目'!B5:D7",
    "表1[[#This Row],[单价 元]]": "'项目'!C6",
    "表1[[#All],[数量]]": "'项目'!B4:B8",
    "表1[[#Headers],[数量]:[单价 元]]": "'项目'!B4:C4",
    "表1[[#Totals],[数量]]": "'项目'!B8",
    "表1[#Totals]": "'项目'!B8:E8",
    "表1[#All]": "'项目'!B4:E8",
    "表1[#Data]": "'项目'!B5:E7",
    "表1[]": "'项目'!B5:E7",
    "表1[it''s]": "'项目'!D5:D7",
    "表1[[#This Row],[it''s]]": "'项目'!D6",
    "表1[a'[1']]": "'项目'!E5:E7",
    "无头[值]": "'a b'!A1:A3",
    "井['#号]": "'a b'!C2:C3",
    "井[[#All],['#号]]": "'a b'!C1:C3",
    "井[[a''b]]": "'a b'!D2:D3",
    'SUMIF(A2:A4,"x",B1)': "SUMIF('项目'!A2:A4,\"x\",'项目'!B1:B3)",
    'SUMIF(A2:A4,"x",B:B)': "SUMIF('项目'!A2:A4,\"x\",'项目'!B1:B3)",
    'SUMIF(A:A,"x",B:B)': "SUMIF('项目'!A:A,\"x\",'项目'!B:B)",
    'AVERAGEIF(A2:B4,"x",$D$1:$D$2)': "AVERAGEIF('项目'!A2:B4,\"x\",'项目'!D1:E3)",
}
UNKNOWN = [
    "相对", "无表", "绕甲", "外", "表2[x]", "表1[没有]", "表1[[#Totals],[#Data],[数量]]", "无头[#Totals]", "表1[[数量],[it''s]]",
    "SUMIF(A2:A4,1,B1048576)",
]  # fmt: skip


@pytest.mark.parametrize(("formula", "meaning"), MEANINGS.items())
def test_references_names_and_tables_are_resolved(book: Book, formula: str, meaning: str) -> None:
    assert resolved(book, formula) == meaning


@pytest.mark.parametrize("formula", UNKNOWN)
def test_what_cannot_be_known_is_refused(book: Book, formula: str) -> None:
    with pytest.raises(Unparsed):
        resolved(book, formula)


def test_this_row_is_known_only_beside_the_table(book: Book) -> None:
    for sheet, row in (("项目", 9), ("项目", 3), ("a b", 6)):
        with pytest.raises(Unparsed):
            resolved(book, "表1[[#This Row],[数量]]", sheet, row)


def test_a_sheet_s_own_name_wins_there_only(book: Book) -> None:
    assert [resolved(book, "本地", sheet) for sheet in ("项目", "a b", "Data")] == [
        "'项目'!$A$1", "'a b'!$A$2", "'项目'!$C$3"
    ]  # fmt: skip


GLIMPSES = {
    "[1]S!A1+B2": ["项目!B2"],
    "'[1]S'!A1": [],
    '"A1"&#REF!': [],
    "SUM(项目:Data!C3)": ["项目!C3", "a b!C3", "it's!C3", "Data!C3"],
    "SUM('data:a b'!C3:D4)": ["a b!C3:D4", "it's!C3:D4", "Data!C3:D4"],
    "A1:INDEX(C:C,3)": ["项目!A1", "项目!C:C", "项目!A:C"],
    "A1:总数": ["项目!A1", "项目!B2"],
    "外": ["项目!D4"],
    "x!本地+": ["项目!A1", "a b!A2", "项目!C3"],
    "表1[@数量]": ["项目!B4:E8"],
    "$2:3 a1": ["项目!2:3", "项目!A1"],
    "LOG10(F1)(": ["项目!F1"],
    "绕甲": [],
}


@pytest.mark.parametrize(("formula", "areas"), GLIMPSES.items())
def test_what_a_formula_that_is_not_understood_looks_at(book: Book, formula: str, areas: list[str]) -> None:
    wanted = [
        area_of(parse(f"{quoted(sheet)}!{text}")) for sheet, _, text in (one.rpartition("!") for one in areas)
    ]
    assert sorted(book.glimpsed(formula, "项目")) == sorted(wanted)


def test_areas_are_written_as_they_are_read() -> None:
    for text in ("A1", "B2:C30", "XFD1048576"):
        area = area_at("it's", text)
        assert area_of(reference(area)) == area
    assert area_of(parse("项目!B2:A1")) == Area("项目", 1, 1, 2, 2)
    assert area_of(parse("项目!$C:B")) == Area("项目", 1, 2, ROWS, 3)
    assert area_of(parse("项目!3:$2")) == Area("项目", 2, 1, 3, COLUMNS)


def test_whole_columns_end_with_the_last_cell(book: Book) -> None:
    assert book.used(area_of(parse("项目!A:A"))) == Area("项目", 1, 1, 9, 1)
    assert book.used(area_of(parse("项目!20:20"))) == Area("项目", 20, 1, 20, 3)
    assert book.used(area_of(parse("项目!A20:A1048576"))) == Area("项目", 20, 1, 20, 1)
    assert book.used(area_of(parse("没有!A:A"))) == Area("没有", 1, 1, 1, 1)
    assert len(book.cells(area_of(parse("项目!A:C")))) == 9


def test_dates_count_as_in_the_file_but_from_1900_for_our_functions() -> None:
    def read(_: str) -> dict[int, dict[int, Cell]]:
        return {
            1: {1: Cell("number", "44750", format="yyyy-mm-dd"), 2: Cell("number", "5"), 3: length, 4: time}
        }

    length, time = Cell("number", "1.25", format="[h]:mm"), Cell("number", "0.5", format="h:mm")
    book = Book(("S",), (), read, date1904=True)
    cells = book.cells(Area("S", 1, 1, 1, 4))
    assert [cell and cell.text for cell in cells[0]] == ["43288", "5", "1.25", "0.5"]
    assert [cell and cell.text for cell in book.dated(cells)[0]] == ["44750", "5", "1.25", "0.5"]
    plain = Book(("S",), (), read)
    assert [cell and cell.text for cell in plain.cells(Area("S", 1, 1, 1, 1))[0]] == ["44750"]
