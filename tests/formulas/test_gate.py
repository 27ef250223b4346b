"""How far the engine is trusted with a formula."""

from __future__ import annotations

import pytest

from tests.formulas.sheets import cell
from xlbudget.formulas.gate import Trust, delicate, trust
from xlbudget.formulas.tree import Node, parse
from xlbudget.sheets.table import Cell

SURE = [
    "A1", "1+A1*2", "-A1", "A1%", "ROUND(A1/B1,2)", "ROUND(A1,-2)", "SUM(A1:A5,3,{1,2})", "SUM(A1:A5)-B1", "SUM(ROUND(A1,2),B1)",
    "AVERAGE(A:A)", "MEDIAN(A1:A5)", "IF(A1>5,B1,\"无\")", "IF(ROUND(A1/3,2)>=5,1,2)", "IFERROR(A1/B1,\"—\")", "_xlfn.IFNA(A1,0)",
    "AND(A1>1,B1=\"x\")", "NOT(A1=1)", "A1&\"万元\"", "ROUND(A1*2,2)&\"%\"", "TEXT(A1/B1,\"0.00%\")", "TEXT(A1,\"#,##0.00\")",
    "COUNTIF(A1:A5,\"项目*\")", "COUNTIF(A:A,B1)", "COUNTIF(A:A,5)", "COUNTIFS(A:A,\"x\",B:B,\">=2\")", "SUMIF(A:A,B1,C:C)",
    "SUMIFS(C:C,A:A,\"x\",B:B,\"<>\")", "AVERAGEIF(A:A,\">2\")", "INDEX(A1:C5,2,3)", "INDEX(A1:A5,MATCH(B1,C1:C5,0))",
    "VLOOKUP(A1,B1:D9,2,FALSE)", "VLOOKUP(\"x\",B1:D9,2,0)", "HLOOKUP(A1,B1:D9,2,0)", "LARGE(A1:A5,2)", "RANK(A1,A1:A5)",
    "LEN(A1)", "LEFT(A1&B1,2)", "SUBSTITUTE(A1,\"年\",\"\")", "ISNUMBER(A1/B1)", "ISBLANK(A1)", "INT(A1)", "ROUNDUP(ROUND(A1/3,6),2)",
    "(A1>1)=(B1>1)", "MAX(0,ROUND(A1-B1,2))",
]  # fmt: skip
UNSURE = {
    "a difference compares in the 16th digit": ["A1+B1=C1", "IF(A1-B1>=0.1,1,2)", "IF(SUM(A1:A3)>100,1,2)", "A1*3<>B1", "RANK(A1*1.1,B1:B5)"],
    "… reads there": ["A1/3&\"\"", "LEN(A1/3)", "CONCATENATE(\"共\",SUM(A1:A3))", "LEFT(A1*1.1,3)"],
    "… steps there": ["INT(A1*100)", "ROUNDUP(A1/3,2)", "TRUNC(A1-B1)", "IF(A1-B1,1,2)", "SIGN(A1-B1)", "MOD(A1,2)", "INDEX(A1:A9,B1/0.1)"],
    "texts are ordered by language": ["A1>\"乙\"", "\"a\"<A1", "IF(A1>=\"\",1,2)"],
    "several values": ["A1:A5", "A1:A5*2", "ROUND(A1:A5,1)", "SUM(A1:A5*2)", "SUM(IF(A1:A5>1,1))", "SUMPRODUCT((A1:A5=1)*B1:B5)", "LEN(A1:A5)", "COUNTIF(A:A,B1:B2)", "SUM(COUNTIF(A:A,{\"a\",\"b\"}))", "VLOOKUP(A1:A2,B1:C9,2,0)", "@A1:A5", "{1,2}"],
    "texts count as numbers": ["SUMPRODUCT(A1:A5,B1:B5)", "SUMPRODUCT(A1:A5)"],
    "wildcards": ["COUNTIF(A:A,\"项目?\")", "SUMIF(A:A,\"a~*\",B:B)", "COUNTIF(A:A,\">=\"&B1)"],
    "sorted or not": ["MATCH(A1,B1:B9)", "MATCH(A1,B1:B9,1)", "VLOOKUP(A1,B1:C9,2)", "VLOOKUP(A1,B1:C9,2,TRUE)", "LOOKUP(A1,B1:B9)"],
    "number formats": ["TEXT(A1,\"yyyy年m月d日\")", "TEXT(A1,\"[DBNum2]\")", "TEXT(A1,B1)", "TEXT(A1,\"aaaa\")"],
    "letters beyond ASCII": ["UPPER(A1)", "LOWER(A1)"],
    "cells that are found only then": ["INDIRECT(\"A1\")", "SUM(OFFSET(A1,0,0,3))", "SUM(A1,INDIRECT(B1))"],
    "never compared": ["FOO(A1)", "XIRR(A1:A5,B1:B5)", "LET(_xlpm.x,A1,_xlpm.x+1)", "名称", "SUBTOTAL(9,A1:A5)", "DATE(2024,1,A1)", "SUM()", "SUM(\"3\")", "AND(\"x\")", "INDEX(A1:A5)", "COUNTIF(A1:A5)", "SUMIFS(A:A,B:B)", "COUNTIF({1,2},1)"],
}  # fmt: skip
NEVER = [
    "TODAY()", "NOW()-A1", "IF(A1>1,RAND(),0)", "SUM(A1,RANDBETWEEN(1,2))", "CELL(\"row\",A1)", "INFO(\"x\")", "GETPIVOTDATA(A1,B1)",
    "INDIRECT(TODAY())", "_xlfn.RANDARRAY(2)",
]  # fmt: skip


@pytest.mark.parametrize("formula", SURE)
def test_sure(formula: str) -> None:
    assert trust(parse(formula)) is Trust.SURE


@pytest.mark.parametrize(
    ("reason", "formula"), [(why, one) for why, found in UNSURE.items() for one in found]
)
def test_unsure(reason: str, formula: str) -> None:
    assert trust(parse(formula)) is Trust.UNSURE, reason


@pytest.mark.parametrize("formula", NEVER)
def test_never(formula: str) -> None:
    assert trust(parse(formula)) is Trust.NEVER


@pytest.mark.parametrize("formula", SURE)
def test_one_unsure_part_makes_the_whole_unsure(formula: str) -> None:
    for around in ("ROUND(({})+FOO(A1),2)", "IF(FOO(A1),({}),1)", "SUM(A1:A5*2)+({})"):
        assert trust(parse(around.format(formula))) is not Trust.SURE


DELICATE: list[tuple[str, str | float | bool | None, bool]] = [
    ("LEFT(S!A1,2)", True, True),
    ("LEFT(S!A1,2)", "中文", False),
    ("LEFT(S!B1&S!A1,2)", "𠮷田", True),
    ("COUNTIF(S!C1:C9,S!A1)", "项目?", True),
    ("COUNTIF(S!C1:C9,S!A1)", "a~b", True),
    ("COUNTIF(S!C1:C9,S!A1)", "项目*", False),
    ("S!A1>5", "十", True),
    ("S!A1>5", 10.0, False),
    ("IF(S!B1>5,S!A1,0)", "十", False),
    ("S!A1=5", "十", False),
    ("MATCH(S!A1,S!C1:C9,0)", None, True),
    ("MATCH(S!A1,S!C1:C9,0)", 0.0, False),
    ("INDEX(S!C1:C9,S!A1)", None, False),
    ("SUM(S!A1,S!B1)", True, False),
]


@pytest.mark.parametrize(("formula", "held", "expected"), DELICATE)
def test_what_a_cell_holds_can_make_a_formula_unsure(
    formula: str, held: str | float | bool | None, expected: bool
) -> None:
    def at(node: Node) -> Cell | None:
        return cell(held) if node.text == "S!A1" and held is not None else None

    assert trust(parse(formula)) is Trust.SURE
    assert delicate(parse(formula), at) is expected
