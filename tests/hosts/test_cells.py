"""One cell after something was put into it: what stays of it and what goes (type, result, formula, cm and vm)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from xlbudget.files import CannotOpen
from xlbudget.files.xml import MAIN, serialize
from xlbudget.hosts.rowsxml import taken_apart
from xlbudget.hosts.rowtree import split_address
from xlbudget.hosts.sheetxml import SheetXml
from xlbudget.reading.table import Cell, Value

Edit = Callable[[SheetXml], None]


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("A1", (1, 1)),
        ("Z9", (9, 26)),
        ("aa10", (10, 27)),
        ("XFD1048576", (1048576, 16384)),
        ("ZZZ1", (1, 18278)),
    ],
)
def test_an_address(reference: str, place: tuple[int, int]) -> None:
    assert split_address(reference) == place


@pytest.mark.parametrize("reference", ["", "1", "A", "AAAA1", "Ａ1", "é1", "$A$1", "A1B", "A-1", "A１"])
def test_what_is_no_address_is_damage(reference: str) -> None:
    with pytest.raises(CannotOpen):
        split_address(reference)


def value(content: Value, row: int = 2, column: int = 2) -> Edit:
    return lambda sheet: sheet.set_value(row, column, content)


def formula(text: str, result: Value, row: int = 2, column: int = 2) -> Edit:
    return lambda sheet: sheet.set_formula(row, column, text, result)


def result(kind: str | None, text: str = "", row: int = 2, column: int = 2) -> Edit:
    """A result beside a formula; a kind that is None takes the old one away."""
    cell = None if kind is None else Cell(kind, text)  # type: ignore[arg-type]
    return lambda sheet: sheet.set_result(row, column, cell)


def edited(rows: str, *edits: Edit, columns: str = "", note: str = "") -> tuple[str, bool]:
    """The rows after edits, and whether formulas changed."""
    content = f'<worksheet xmlns="{MAIN}">{columns}{note}<sheetData>{rows}</sheetData></worksheet>'
    sheet = SheetXml(*taken_apart(content.encode(), "xl/worksheets/sheet1.xml"))
    for edit in edits:
        edit(sheet)
    sheet.apply()
    text = b"".join(sheet.finished(serialize(sheet.root))).decode()
    return text.partition("<sheetData>")[2].rpartition("</sheetData>")[0], sheet.formulas_changed


def cell_after(cell: str, edit: Edit) -> tuple[str, bool]:
    """The cell B2 after an edit."""
    rows, changed = edited(f'<row r="2">{cell}</row>', edit)
    return rows.removeprefix('<row r="2">').removesuffix("</row>").removesuffix('<row r="2"/>'), changed


NUMBER, TEXT = '<c r="B2" s="3"><v>7.5</v></c>', '<c r="B2" s="3" t="inlineStr"><is><t>甲</t></is></c>'
EMPTY = '<c r="B2" s="3"/>'
OLD = {
    "a number": '<c r="B2" s="3"><v>1</v></c>',
    "a shared string": '<c r="B2" s="3" t="s"><v>1</v></c>',
    "an inline string": '<c r="B2" s="3" t="inlineStr"><is><t>乙</t></is></c>',
    "true": '<c r="B2" s="3" t="b"><v>1</v></c>',
    "an error": '<c r="B2" s="3" t="e"><v>#REF!</v></c>',
    "a picture in the cell": '<c r="B2" s="3" t="e" vm="1"><v>#VALUE!</v></c>',
    "a cell with metadata": '<c r="B2" s="3" cm="1"><v>1</v></c>',
    "nothing": EMPTY,
}
FORMULAS = {
    "a formula": '<c r="B2" s="3" t="str"><f>A1&amp;"x"</f><v>x</v></c>',
    "a formula without result": '<c r="B2" s="3"><f>A1</f></c>',
    "a dynamic array": '<c r="B2" s="3" cm="1"><f t="array" ref="B2:B4">SORT(A1:A3)</f><v>1</v></c>',
    "an array": '<c r="B2" s="3"><f t="array" ref="B2">SUM(A1:A3*1)</f><v>1</v></c>',
    "a linked datum": '<c r="B2" s="3" t="e" vm="2"><f>A1.Price</f><v>#VALUE!</v></c>',
}


@pytest.mark.parametrize("old", [*OLD.values(), *FORMULAS.values()], ids=[*OLD, *FORMULAS])
def test_a_value_leaves_nothing_but_the_style(old: str) -> None:
    had_formula = old in FORMULAS.values()
    assert cell_after(old, value(Decimal("7.50"))) == (NUMBER, had_formula)
    assert cell_after(old, value("甲")) == (TEXT, had_formula)
    assert cell_after(old, value(None)) == (EMPTY, had_formula)


@pytest.mark.parametrize("old", [*OLD.values(), *FORMULAS.values()], ids=[*OLD, *FORMULAS])
def test_a_formula_leaves_nothing_but_the_style(old: str) -> None:
    assert cell_after(old, formula("A9*2", 7)) == ('<c r="B2" s="3"><f>A9*2</f><v>7</v></c>', True)
    assert cell_after(old, formula("A9*2", None)) == ('<c r="B2" s="3"><f>A9*2</f></c>', True)
    assert cell_after(old, formula("A9*2", "绿")) == (
        '<c r="B2" s="3" t="str"><f>A9*2</f><v>绿</v></c>',
        True,
    )


def test_the_same_formula_only_gets_its_result() -> None:
    same = '<c r="B2" s="3" cm="1" t="str"><f>A1</f><v>旧</v></c>'
    assert cell_after(same, formula("A1", 7)) == ('<c r="B2" s="3" cm="1"><f>A1</f><v>7</v></c>', False)
    shared = '<c r="B2"><f t="shared" si="0">A1</f><v>1</v></c>'
    assert cell_after(shared, formula("A1", 7)) == ('<c r="B2"><f>A1</f><v>7</v></c>', True)


@pytest.mark.parametrize(
    ("new", "attribute", "written"),
    [
        (result("number", "7.5"), "", "<v>7.5</v>"),
        (result("text", "绿"), ' t="str"', "<v>绿</v>"),
        (result("text", " 绿"), ' t="str"', '<v xml:space="preserve"> 绿</v>'),
        (result("text", "绿\t"), ' t="str"', '<v xml:space="preserve">绿\t</v>'),
        (result("text", "_x0041_"), ' t="str"', "<v>_x005F_x0041_</v>"),
        (result("text", ""), ' t="str"', "<v/>"),
        (result("bool", "1"), ' t="b"', "<v>1</v>"),
        (result("error", "#N/A"), ' t="e"', "<v>#N/A</v>"),
        (result(None), "", ""),
    ],
)
@pytest.mark.parametrize(
    "old",
    [
        '<c r="B2" s="3"{}><f>A1</f>{}</c>',
        '<c r="B2" s="3" cm="1"{}><f t="array" ref="B2:B4">SORT(A1:A3)</f>{}</c>',
    ],
)
def test_a_result_stands_behind_its_formula(old: str, new: Edit, attribute: str, written: str) -> None:
    """The formula stays as it is, with what marks it as a dynamic array; what told of the old result goes."""
    for before in (
        ("", "<v>1</v>"),
        (' t="e" vm="2"', "<v>#VALUE!</v>"),
        (' t="str"', "<v>旧</v>"),
        ("", ""),
    ):
        assert cell_after(old.format(*before), new) == (old.format(attribute, written), False)


def test_a_result_of_an_array_in_a_cell_without_formula() -> None:
    assert cell_after('<c r="B2" t="inlineStr"><is><t>旧</t></is></c>', result("number", "7")) == (
        '<c r="B2"><v>7</v></c>', False,
    )  # fmt: skip
    assert cell_after("", result("number", "7")) == ('<c r="B2"><v>7</v></c>', False)
    assert cell_after("", result(None)) == ("", False)


# -- formulas that several cells share -----------------------------------------------------------------

SHARED = (
    '<row r="2"><c r="B2"><f t="shared" ref="B2:B4" si="0">A2*2</f><v>1</v></c>'
    '<c r="C2"><f t="shared" ref="C2:C4" si="1">A2*3</f><v>1</v></c></row>'
    '<row r="3"><c r="B3"><f t="shared" si="0"/><v>2</v></c><c r="C3"><f t="shared" si="1"/><v>2</v></c></row>'
    '<row r="4"><c r="B4"><f t="shared" si="0"/><v>3</v></c></row>'
)


def test_the_next_cell_inherits_a_shared_formula() -> None:
    rows, changed = edited(SHARED, value(9, 2, 3))
    assert changed
    assert '<c r="C2"><v>9</v></c>' in rows
    assert '<c r="C3"><f t="shared" si="1" ref="C3:C4">A3*3</f><v>2</v></c>' in rows
    assert rows.replace("<v>9</v>", "").count("<f") == 4
    assert '<c r="B2"><f t="shared" ref="B2:B4" si="0">A2*2</f>' in rows


def test_who_only_shares_a_formula_leaves_it_to_the_others() -> None:
    rows, changed = edited(SHARED, value(9, 3, 2))
    assert changed
    assert rows == SHARED.replace('<c r="B3"><f t="shared" si="0"/><v>2</v></c>', '<c r="B3"><v>9</v></c>')


def test_the_last_of_a_shared_formula_has_no_heir() -> None:
    rows, changed = edited(SHARED, value(9, 2, 3), value(9, 3, 3), value(1, 4, 3))
    assert changed
    assert "*3" not in rows
    assert 'si="1"' not in rows
    assert rows.count('si="0"') == 3


# -- new cells -----------------------------------------------------------------------------------------

COLS = '<cols><col min="2" max="2" style="5"/><col min="4" max="4"/></cols>'
ROW = '<row r="2" spans="1:3"><c r="A2" s="1"><v>1</v></c><c r="C2" s="2"><v>3</v></c></row>'


@pytest.mark.parametrize("note", ["", "<!-- all of it is parsed -->"], ids=["text", "tree"])
@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (value(7), '<row r="2"><c r="A2" s="1"><v>1</v></c><c r="B2" s="5"><v>7</v></c><c r="C2" s="2"><v>3</v></c></row>'),
        (value(7, 2, 4), '<row r="2"><c r="A2" s="1"><v>1</v></c><c r="C2" s="2"><v>3</v></c><c r="D2"><v>7</v></c></row>'),
        (value(7, 1, 1), '<row r="1"><c r="A1"><v>7</v></c></row>' + ROW),
        (value(7, 3, 3), ROW + '<row r="3"><c r="C3" s="2"><v>7</v></c></row>'),
        (value(7, 3, 2), ROW + '<row r="3"><c r="B3" s="5"><v>7</v></c></row>'),
        (value(7, 4, 3), ROW + '<row r="4"><c r="C4"><v>7</v></c></row>'),
        (value(None), ROW),
        (value(None, 9, 9), ROW),
    ],
)  # fmt: skip
def test_a_new_cell_stands_in_its_place_and_looks_like_its_column_or_the_cell_above(
    edit: Edit, expected: str, note: str
) -> None:
    rows, changed = edited(ROW, edit, columns=COLS, note=note)
    attributes_in_order = re.sub(
        r'<c( [rs]="\w+")( [rs]="\w+")', lambda m: "<c" + "".join(sorted(m.groups())), rows
    )
    assert (attributes_in_order, changed) == (expected, False)
