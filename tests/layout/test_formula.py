"""Pieces of formulas, functions that they call, and moving them; openpyxl's translator is the oracle."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from xlbudget.domain.where import address
from xlbudget.layout.formula import calls, moved, pieces


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "expected"),
    [
        ("A1+$A1+A$1+$A$1", 2, 1, "B3+$A3+B$1+$A$1"),
        ("SUM(A1:B2,项目!C3)", 1, 0, "SUM(A2:B3,项目!C4)"),
        ("'A1 表'!B2&\"A1\"", 1, 1, "'A1 表'!C3&\"A1\""),
        ("SUM(A:A)+SUM($B:C)+SUM(1:2)+SUM($3:4)", 1, 1, "SUM(B:B)+SUM($B:D)+SUM(2:3)+SUM($3:5)"),
        ("LOG10(A1)+ATAN2(A1,B1)+A1B+Q1_合计", 1, 0, "LOG10(A2)+ATAN2(A2,B2)+A1B+Q1_合计"),
        ("表1[A1]+表1[[#This Row],[B2]]", 1, 1, "表1[A1]+表1[[#This Row],[B2]]"),
        ("[1]Sheet1!A1", 1, 1, "[1]Sheet1!B2"),
        ("ABC1!A1+XFD1", 0, 1, "ABC1!B1+#REF!"),
        ("A1", -1, 0, "#REF!"),
        ("1E5+A1*1.5e-3+1", 1, 0, "1E5+A2*1.5e-3+1"),
        ("IF(A1=#N/A,\"\"\"A1\"\"\",_xlfn.XLOOKUP(A1,B:B,C:C))", 1, 0,
         "IF(A2=#N/A,\"\"\"A1\"\"\",_xlfn.XLOOKUP(A2,B:B,C:C))"),
        ("ACHIEVEMENT(A5:P5,A$4:P$4)", 3, 0, "ACHIEVEMENT(A8:P8,A$4:P$4)"),
    ],
)  # fmt: skip
def test_moved(formula: str, rows: int, columns: int, expected: str) -> None:
    assert moved(formula, rows, columns) == expected


REFERENCES = st.builds(
    lambda a, column, b, row: f"{a}{address(row, column)[: -len(str(row))]}{b}{row}",
    st.sampled_from(["", "$"]), st.integers(30, 16000), st.sampled_from(["", "$"]), st.integers(50, 90_000),
)  # fmt: skip
AREAS = st.builds(lambda a, b: f"{a}:{b}", REFERENCES, REFERENCES)
SHEETS = st.sampled_from(["", "项目!", "'我的 表'!", "Sheet1!"])
OPERANDS = st.one_of(
    st.builds(lambda sheet, what: f"{sheet}{what}", SHEETS, st.one_of(REFERENCES, AREAS)),
    st.sampled_from(["1.5", "2E3", '"A1:B2"', '"说""A1"', "TRUE", "名称", "表1[列A1]", "LOG10(5)"]),
)
FORMULAS = st.builds(
    lambda name, inside, operator, last: f"{name}({','.join(inside)}){operator}{last}",
    st.sampled_from(["SUM", "ACHIEVEMENT", "IF", "_xlfn.XLOOKUP"]), st.lists(OPERANDS, min_size=1, max_size=4),
    st.sampled_from(["+", "&", "=", " - ", "<>"]), OPERANDS,
)  # fmt: skip


@given(FORMULAS, st.integers(-20, 200), st.integers(-20, 200))
def test_moved_as_openpyxl_moves(formula: str, rows: int, columns: int) -> None:
    translated = Translator(f"={formula}", "AD50").translate_formula(address(50 + rows, 30 + columns))
    assert f"={moved(formula, rows, columns)}" == translated


@given(st.one_of(st.text(), FORMULAS))
def test_the_pieces_are_the_formula(formula: str) -> None:
    assert "".join(text for _, text in pieces(formula)) == formula
    assert moved(formula, 0, 0) == formula


@pytest.mark.parametrize("opening", ["[", "'", '"', "[a", "'a", "[[", "['", "[a]["])
def test_what_is_never_closed_takes_the_rest(opening: str) -> None:
    """Else the end would be looked for again and again, from each place at which something opens."""
    found = pieces(f"A1+{opening * 9_999}")
    assert found[:2] == [("cell", "A1"), ("other", "+")]
    assert len(found) <= 4
    assert found[-1][0] == "open"


def test_a_formula_that_cells_share_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = Mock(side_effect=pieces)
    monkeypatch.setattr("xlbudget.layout.formula.pieces", apart)
    shared = "SUM(A1:B2,项目!C3)+1"
    assert [moved(shared, n, 0) for n in (0, 7)] == [shared, "SUM(A8:B9,项目!C10)+1"]
    assert apart.call_count == 1


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("ROUND(ACHIEVEMENT(A5:P5),0)", {"ROUND", "ACHIEVEMENT"}),
        ("achievement(A1)+_xlfn._xlws.FILTER(A:A,B:B)", {"ACHIEVEMENT", "FILTER"}),
        ('"ACHIEVEMENT("&ACHIEVEMENT+1', set()),
        ("'ACHIEVEMENT('!A1", set()),
        ("", set()),
        ("_xludf.ACHIEVEMENT(A1)+A1(2)", {"ACHIEVEMENT", "A1"}),
    ],
)
def test_calls(formula: str, expected: set[str]) -> None:
    assert calls(formula) == expected
