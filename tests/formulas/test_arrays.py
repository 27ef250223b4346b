"""Sums over conditions, element by element: input → literal, and what is not sure."""

from __future__ import annotations

import pytest

from xlbudget.formulas.arrays import MOST, sum_product
from xlbudget.formulas.book import Book, FormulaCell
from xlbudget.formulas.engine import Engine
from xlbudget.formulas.tree import Node, parse
from xlbudget.sheets.table import Cell

COLUMNS: dict[int, list[str | Cell | None]] = {
    1: ["年初", "追加", "追加", None],
    2: ["10", "20", "30", "40"],
    3: [Cell("text", "5"), Cell("bool", "1"), Cell("number", "2"), None],
    4: [Cell("number", "1"), Cell("error", "#N/A"), Cell("number", "3"), Cell("number", "4")],
}


def cell(value: str | Cell | None) -> Cell | None:
    if value is None or isinstance(value, Cell):
        return value
    return Cell("number", value) if value.isdigit() else Cell("text", value)


def book() -> Book:
    rows: dict[int, dict[int, Cell]] = {}
    for column, values in COLUMNS.items():
        for row, value in enumerate(values, 1):
            found = cell(value)
            if found is not None:
                rows.setdefault(row, {})[column] = found
    return Book(("表",), (), lambda _: rows)


def told(formula: str) -> str | None:
    found = book()
    tree = found.resolve(FormulaCell("表", 9, 9, formula))
    assert isinstance(tree, Node)
    engine = Engine(found)
    literal = sum_product(tree, found.cells, lambda one: engine.value(one, "表", 9, 9))
    return None if literal is None else literal.text if not literal.parts else f"-{literal.parts[0].text}"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('SUMPRODUCT((A1:A4="追加")*B1:B4)', "50"),
        ('SUMPRODUCT((A1:A4="追加")*1)', "2"),
        ('SUMPRODUCT(--(A1:A4="追加"),B1:B4)', "50"),
        ('SUMPRODUCT((A1:A4="追加")*(B1:B4>20)*B1:B4)', "30"),
        ('SUMPRODUCT((A1:A4="追加")*-B1:B4)', "-50"),
        ("SUMPRODUCT(B1:B4/3)", "33.3333333333333"),
        ("SUMPRODUCT(B1:B4,B1:B4)", "3000"),
        ("SUMPRODUCT(B1:B4,C1:C4)", "60"),  # texts and truth values are no numbers
        ("SUMPRODUCT((A1:A4<>\"\")*1)", "3"),
        ("SUMPRODUCT((B1:B4>ROUND(AVERAGE(B1:B4),2))*B1:B4)", "70"),
        ("SUMPRODUCT((B1:B4>AVERAGE(B1:B4))*B1:B4)", None),  # the 16th digit could decide
        ("SUMPRODUCT(B1:B4*D1:D4)", "#N/A"),
        ("SUMPRODUCT({1;2;3;4},B1:B4)", "300"),
        ("SUMPRODUCT((A1:A4=\"追加\")*B1:B3)", None),  # not of one size
        ("SUMPRODUCT(B1:B4,B1:B3)", None),
        ("SUMPRODUCT((A1:A4<\"追加\")*1)", None),  # which text comes first is not sure
        ("SUMPRODUCT(1/COUNTIF(A1:A4,A1:A4))", None),
        (f"SUMPRODUCT(B1:B{MOST + 1}*2)", None),
        ("SUM(B1:B4*2)", None),
    ],
)  # fmt: skip
def test_sum_product(formula: str, expected: str | None) -> None:
    assert parse(formula)
    assert told(formula) == expected
