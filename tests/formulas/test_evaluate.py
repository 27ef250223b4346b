"""What formulas come to: input → expected, and on the other side what is not sure."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.formulas.sheets import Content, area_at, memory
from xlbudget.addin.blocks import Session
from xlbudget.formulas import library
from xlbudget.formulas.book import Book, FormulaCell, Hidden
from xlbudget.formulas.cells import Cells
from xlbudget.formulas.evaluate import At, results
from xlbudget.formulas.values import NotEvaluable
from xlbudget.sheets.table import Cell

assert library.MODULES

CELLS: Mapping[str, Content] = {
    "A1": 10, "A2": 20, "A3": 30, "A4": 40, "A5": 50,
    "B1": "001", "B2": "002", "B3": "2", "B4": 2, "B5": "甲",
    "C1": "甲", "C2": "乙", "C3": "甲", "C4": ('=""', ""), "C5": "#N/A",
    "D1": 2.5, "D2": -1, "D3": 0.3, "D4": 44743, "D5": True,
    "E1": "1,234.5", "E2": "50%", "E3": "12元", "E4": " 7 ", "E5": "2022年7月1日",
    "F1": 1, "F2": 1, "F3": 3, "F4": ("=SUBTOTAL(9,F1:F3)", 5), "F5": 7, "F6": 8,
    "G1": 5, "G2": 1, "G3": 4,
    "H1": 110101199001011234, "H2": "110101199001011234", "H3": "110101199001011235",
}  # fmt: skip


def book(**more: object) -> Book:
    found = memory({"S": CELLS, "T": {"A1": 1, "A2": 2}, "U": {"A1": 4}}, **more)  # type: ignore[arg-type]
    found.hidden = lambda name: Hidden((2, 5), ((5, 9),)) if name == "S" else Hidden()
    return found


def told(formula: str, array: str = "", place: str = "Z9", within: Book | None = None) -> object:
    """What a formula comes to: a value, rows of values for an array formula over cells, or why it is not sure."""
    found = within or book()
    area = area_at("S", array or place)
    size = area.bottom - area.top + 1, area.right - area.left + 1
    cell = FormulaCell("S", area.top, area.left, formula, bool(array), *size)
    try:
        rows = results(found.resolve(cell), At(Cells(found), Session(), cell))
    except NotEvaluable as reason:
        return f"? {reason}"
    values = [[_value(one) for one in row] for row in rows]
    return values if array and size != (1, 1) else values[0][0]


def _value(cell: Cell) -> object:
    if cell.kind == "number":
        return float(cell.text)
    return cell.text == "1" if cell.kind == "bool" else cell.text


SURE: dict[str, object] = {
    # branches
    "IF(A1>5,1,FOO(A1))": 1, "IF(A1>50,FOO(A1),2)": 2, "IF(A9=\"\",\"\",TODAY())": "", "IF(A1>50,1)": False, "IF(A1>5,,3)": 0,
    "IFERROR(1/0,\"错\")": "错", "IFERROR(A1,FOO(1))": 10, "_xlfn.IFNA(NA(),1)": 1, "_xlfn.IFNA(1/0,1)": "#DIV/0!",
    "_xlfn.IFS(A1>50,1,A1>5,2,TRUE,FOO(1))": 2, "_xlfn.IFS(A1>50,1)": "#N/A", "_xlfn.SWITCH(C2,\"甲\",1,\"乙\",2,FOO(1))": 2, "_xlfn.SWITCH(9,1,2,3)": 3,
    "CHOOSE(2,FOO(1),A2)": 20, "CHOOSE(9,1,2)": "#VALUE!", "_xlfn.LET(_xlpm.x,A1,_xlpm.y,_xlpm.x*2,_xlpm.y+1)": 21, "SUM(IF(A1>5,A1:A3,B1:B3))": 60,
    "SUM(CHOOSE(2,B1:B3,A1:A2))": 30, "IF({1,0},A1,A2)": "? 结果是几个值，不是一个",
    # numbers
    "A1+A2*2": 50, "-A1%": -0.1, "2^3^2": 64, "-2^2": 4, "1-0.9-0.1": 0, "A9+1": 1, "TRUE+1": 2, "C1*1": "#VALUE!", "C4+1": "#VALUE!", "1/A9": "#DIV/0!",
    "E1*2": 2469, "E2*100": 50, "E4+0": 7, "\"2022-7-1\"+0": 44743, "\"12:30\"*24": 12.5, "(0.1+0.2)=0.3": True, "(1.1-1)=0.1": True, "IF(0.1+0.2>0.3,1,0)": 0,
    "ROUND(1.005,2)": 1.01, "ROUND(2.675,2)": 2.68, "ROUND(-2.5,0)": -3, "ROUND(71.2725*10,2)": 712.73, "ROUNDUP(1.21,1)": 1.3, "TRUNC(-1.99)": -1, "INT(-0.5)": -1,
    "MOD(-7,3)": 2, "MOD(10.5,3)": 1.5, "QUOTIENT(-7,2)": -3, "CEILING(7.3,2)": 8, "FLOOR(7.3,2)": 6, "MROUND(7,3)": 6, "SQRT(-1)": "#NUM!", "MOD(1,0)": "#DIV/0!",
    # texts
    "A1&\"万元\"": "10万元", "1/3&\"\"": "0.333333333333333", "0.1+0.2&\"\"": "0.3", "TRUE&A9": "TRUE", "LEN(C1&B2)": 4, "LEFT(\"中文abc\",3)": "中文a", "RIGHT(B1,0)": "",
    "MID(\"abc\",9,1)": "", "FIND(\"b\",\"abc\")": 2, "FIND(\"B\",\"abc\")": "#VALUE!", "SEARCH(\"B\",\"abc\")": 2, "SEARCH(\"?c\",\"abc\")": 2, "SEARCH(\"a*c\",\"xxabc\")": 3,
    "REPLACE(\"abc\",2,1,\"xy\")": "axyc", "SUBSTITUTE(\"a-b-c\",\"-\",\"+\",2)": "a-b+c", "REPT(\"★\",3)": "★★★", "TRIM(\" a  b \")": "a b", "TRIM(\"　a　\")": "　a　", "LENB(\"预算a\")": 5,
    "LEFTB(\"预算a\",4)": "预算", "RIGHTB(\"预算a\",3)": "算a", "MIDB(\"a预算\",2,2)": "预", "ASC(\"ＡＢ１\")": "AB1", "UPPER(\"ａb\")": "ＡB", "VALUE(\"1,234.5\")": 1234.5, "VALUE(\"50%\")": 0.5,
    "VALUE(\"abc\")": "#VALUE!", "TEXT(24100,\"[DBNum2][$-804]General\")&\"元整\"": "贰万肆仟壹佰元整", "TEXT(99,\"[>=60]\"\"达标\"\";\"\"未达标\"\"\")": "达标", "TEXT(44743,\"yyyy年m月d日\")": "2022年7月1日",
    "TEXT(0.0512,\"0.0%\")": "5.1%", "TEXT(\"3.5\",\"0.00\")": "3.50", "_xlfn.TEXTJOIN(\"、\",TRUE,C1:C4)": "甲、乙、甲", "_xlfn.CONCAT(B1:B3,A1)": "001002210", "FIXED(1234.567,1)": "1,234.6",
    "EXACT(\"a\",\"A\")": False, "\"a\"=\"A\"": True, "C1<>\"甲\"": False, "A9=\"\"": True, "A9=0": True, "C4=\"\"": True, "C1>\"\"": True, "\"10\">5": True,
    # statistics
    "SUM(A1:A5,1)": 151, "SUM(A:A)": 150, "SUM(B1:B4)": 2, "AVERAGE(A1:A5)": 30, "MAX(C1:C3)": 0, "COUNT(A1:D3)": 6, "COUNTA(C1:C9)": 5, "COUNTBLANK(C1:C9)": 5, "COUNTBLANK(C:C)": 1048572,
    "SUM(C1:C5)": "#N/A", "MEDIAN(A1:A4)": 25, "STDEV(A1:A3)": 10, "LARGE(A1:A5,2)": 40, "SMALL(A1:A5,9)": "#NUM!", "RANK(A2,A1:A5)": 4, "RANK(A2,A1:A5,1)": 2, "SUM(LARGE(A1:A5,{1,2}))": 90,
    "MODE(F1:F3)": 1, "PERCENTILE(A1:A5,0.5)": 30, "QUARTILE(A1:A5,1)": 20, "SUM(T:U!A1)": 5, "SUM('T:U'!A1,A1)": 15, "AND(A1>5,A2>5)": True, "OR(A1>50,C1=\"甲\")": True, "AND(A1:A5)": True,
    # criteria
    "COUNTIF(C1:C5,\"甲\")": 2, "COUNTIF(C:C,\"?\")": 3, "COUNTIF(A1:A5,\">=\"&A3)": 3, "SUMIF(C1:C3,\"甲\",A1)": 40, "SUMIF(A1:A5,\">15\")": 140, "SUMIFS(A1:A3,C1:C3,\"甲\",A1:A3,\">10\")": 30,
    "COUNTIF(B1:B1,\"001\")": 1, "COUNTIF(C1:C3,\"<>甲\")": 1, "COUNTIF(A:A,\"<>10\")": 1048575, "COUNTIFS(A:A,\"\",C:C,\"\")": 1048571, "SUMIF(T!A:A,\"<>1\",A:A)": 140, "AVERAGEIF(C1:C3,\"无\",A1:A3)": "#DIV/0!",
    "SUM(COUNTIF(C1:C5,{\"甲\",\"乙\"}))": 3, "_xlfn.MAXIFS(A1:A5,C1:C5,\"甲\")": 30, "SUMIFS(A1:A3,C1:C2,\"甲\")": "#VALUE!", "COUNTIF(C1:C3,\"~*\")": 0,
    # looking up
    "MATCH(30,A1:A5,0)": 3, "MATCH(\"乙\",C1:C3,0)": 2, "MATCH(\"?\",C1:C3,0)": 1, "MATCH(35,A1:A5)": 3, "MATCH(5,A1:A5)": "#N/A", "MATCH(9E+307,G1:G3)": 3, "VLOOKUP(20,A1:C5,3,0)": "乙",
    "VLOOKUP(25,A1:C5,2)": "002", "VLOOKUP(99,A1:C5,4,0)": "#REF!", "VLOOKUP(\"无\",C1:D5,2,FALSE)": "#N/A", "HLOOKUP(10,A1:C5,2,0)": 20, "LOOKUP(35,A1:A5,C1:C5)": "甲", "LOOKUP(1,0/(C1:C3=\"甲\"),A1:A3)": 30,
    "LOOKUP(35,{0,30,60},{\"差\",\"中\",\"好\"})": "中", "INDEX(A1:C5,2,3)": "乙", "INDEX(A1:A5,9)": "#REF!", "SUM(INDEX(A1:C5,0,1))": 150, "VLOOKUP(\"乙\",IF({1,0},C1:C3,A1:A3),2,0)": 20,
    "_xlfn.XLOOKUP(99,A1:A5,C1:C5,\"无\")": "无", "_xlfn.XLOOKUP(20,A1:A5,C1:C5)": "乙", "_xlfn.XLOOKUP(99,A1:A5,C1:C5)": "#N/A", "_xlfn.XLOOKUP(\"甲\",C1:C3,A1:A3,,0,-1)": 30,
    # places
    "ROW()": 9, "COLUMN()": 26, "ROW(A3)": 3, "ROWS(A:A)": 1048576, "COLUMNS(A1:C1)": 3, "OFFSET(A1,2,0)": 30, "SUM(OFFSET(A1,1,0,2,1))": 50, "OFFSET(A1,-1,0)": "#REF!", "SUM(A1:OFFSET(A1,1,0))": 30,
    "SUM(A1:INDEX(A:A,3))": 60, "INDIRECT(\"A\"&2)": 20, "SUM(INDIRECT(\"T!A1:A2\"))": 3, "INDIRECT(\"R3C1\",FALSE)": 30, "INDIRECT(\"R[-7]C1\",FALSE)": 20, "INDIRECT(\"没有!A1\")": "#REF!", "ISREF(A1)": True, "ISREF(1)": False,
    # arrays inside SUMPRODUCT
    "SUMPRODUCT((C1:C3=\"甲\")*A1:A3)": 40, "SUMPRODUCT(--(C1:C3=\"甲\"),A1:A3)": 40, "SUMPRODUCT(A1:A3,B1:B3)": 0, "SUMPRODUCT(1/COUNTIF(C1:C3,C1:C3))": 2, "SUMPRODUCT((A:A>20)*(A:A))": 120, "SUMPRODUCT(--(A:A=\"\"))": 1048571,
    "SUMPRODUCT(A1:A3,A1:A2)": "#VALUE!", "SUMPRODUCT((C1:C5=\"甲\")*1)": "#N/A", "SUMPRODUCT(A1:A3*{1;2;3})": 140, "SUM({1,2;3,4}*{1,2})": 16,
    # hidden rows
    "SUBTOTAL(9,A1:A5)": 100, "SUBTOTAL(109,A1:A5)": 80, "SUBTOTAL(3,C1:C4)": 4, "SUBTOTAL(103,C1:C4)": 3, "SUBTOTAL(101,A1:A5)": 26.6666666666667, "SUBTOTAL(9,F1:F6)": 13, "SUBTOTAL(109,T!A1:A2)": 3, "SUBTOTAL(12,A1:A5)": "#VALUE!",
    "SUM(SUBTOTAL(109,A1:A3),1)": 41, "_xlfn.AGGREGATE(9,5,A1:A5)": 80, "_xlfn.AGGREGATE(9,7,C1:C5,A1:A2)": 10, "_xlfn.AGGREGATE(14,5,A1:A5,1)": 40, "_xlfn.AGGREGATE(9,6,T!A1:A2)": 3, "_xlfn.AGGREGATE(15,6,A1:A3/(C1:C3=\"甲\"),2)": 30,
    # dates
    "YEAR(D4)": 2022, "MONTH(\"2022-7-1\")": 7, "DATE(2022,14,3)": 44960, "DATE(2022,3,0)": 44620, "EOMONTH(D4,0)": 44773, "EDATE(DATE(2024,1,31),1)": 45351, "WEEKDAY(D4,2)": 5, "DATEDIF(44561,D4,\"M\")": 6, "DATEDIF(D4,44561,\"D\")": "#NUM!",
    "_xlfn.DAYS(D4,44561)": 182, "NETWORKDAYS(44743,44749)": 5, "WORKDAY(D4,1)": 44746, "TIME(12,0,0)": 0.5, "HOUR(0.5)": 12, "DATEVALUE(\"2022-7-1\")": 44743,
}  # fmt: skip
DOUBT: dict[str, tuple[str, ...]] = {
    "结果随时间变化": ("TODAY()", "IF(A1>5,NOW(),1)", "A1+RAND()", "CELL(\"row\",A1)"),
    "用了算不了的函数": ("FOO(A1)", "IFERROR(FOO(A1),0)", "IF(A1>5,FOO(1),2)", "NUMBERSTRING(5,1)", "IFERROR(NUMBERSTRING(5,1),0)", "XIRR(A1:A5,B1:B5)"),
    "各种软件算出来不一样": (
        "INT(0.29*100)", "TRUNC(4.35*100)", "ROUNDUP(0.1+0.2,1)", "ROUND(0.285*100,0)", "MOD(0.3,0.1)", "(10.08-10)=0.08", "IF(1-0.9-0.1=0,1,2)", "(1-0.9-0.1)*1", "SUM(0.1,0.2,-0.3)", "1/(0.3-0.2-0.1)",
        "MATCH(0.1+0.2,{0,0.3,1})",
    ),
    "文字的先后次序": ("C1>\"乙\"", "\"a\"<\"b\"", "COUNTIF(C1:C3,\">甲\")", "IF(C1>=C2,1,2)"),
    "各种软件的比法不一样": (
        "COUNTIF(B1:B4,\"002\")", "COUNTIF(B1:B4,2)", "SUMIF(B1:B4,B2,A1:A4)", "SUMIFS(A1:A4,B1:B4,\"2\")", "COUNTIF(H2:H3,H2)", "COUNTIF(D1:D5,TRUE)", "COUNTIF(C1:C5,C5)", "COUNTIF(E1:E5,12)",
    ),
    "各种软件不一样": (
        "E3*1", "E5+1", "VALUE(\"(12)\")", "VALUE(\"5-\")", "VALUE(\"１２\")", "VALUE(\"¥12\")", "SUM(\"3\",1)", "COUNT(\"3\")", "IF(\"12\",1,2)", "NOT(\"TRUE\")", "VALUE(\"1/2\")", "LEN(\"𠮷\")", "CODE(\"中\")", "1E-7&\"\"", "1E+20&\"\"",
        "COUNTIF(C1:C4,\"<>\")", "COUNTIF(C1:C4,\"=\")", "LENB(\"“”\")",
    ),
    "各种软件结果不一样": ("LEFTB(\"预算\",3)", "0^0", "(-8)^(1/3)", "FLOOR(-2.5,2)", "MATCH(A9,A1:A5,0)", "LOOKUP(\"座\",C1:C3)", "RANK(11,A1:A5)", "OFFSET(A5,0,0,-2)", "DATEDIF(44561,44743,\"MD\")", "VLOOKUP(\"乙\",C1:D3,2)"),
    "取舍不一样": ("LARGE(A1:A5,1.5)", "SMALL(A1:A5,D1)", "INDEX(A1:A5,D1)", "OFFSET(A1,0.5,0)", "LEFT(C1,1.5)"),
    "结果是几个值": ("A1:A5*2", "SUM(A1:A5*2)", "MAX((C1:C3=\"甲\")*A1:A3)", "MATCH(1,(C1:C3=\"甲\")*(A1:A3=30),0)", "LEN(A1:A5)", "A1:A5", "COUNTIF(C1:C3,C1:C2)", "ROW(A1:A5)", "{1,2}"),
    "没有从小到大排序": ("MATCH(3,G1:G3)", "LOOKUP(3,G1:G3)", "VLOOKUP(3,G1:H3,2)"),
    "筛选": ("_xlfn.AGGREGATE(9,6,A1:A5)",),
    "1900 年": ("YEAR(0)", "MONTH(59)", "DATE(1899,1,1)", "YEAR(A9)"),
    "太": ("REPT(\"ab\",20000)", "SUMPRODUCT(ROW(A1:A400000))", "SUM(_xlfn.SEQUENCE(1000,1000))", "_xlfn.CONCAT(REPT(\"a\",30000),REPT(\"b\",30000))", "WORKDAY(D4,1000000)"),
    "参数个数不对": ("ROUND(1)", "LEFT()", "IF(1)", "VLOOKUP(1,A1:B2)", "COUNTIFS(A1:A5)", "SUMIFS(A1:A5,B1:B5)"),
    "不知道指什么": ("没有的名称+1", "_xlfn.LET(_xlpm.x,1,_xlpm.y)"),
}  # fmt: skip


@pytest.mark.parametrize(("formula", "expected"), SURE.items())
def test_what_is_sure(formula: str, expected: object) -> None:
    found = told(formula)
    assert found == (pytest.approx(expected, rel=1e-14) if isinstance(expected, float) else expected)
    assert type(found) is type(expected) or {type(found), type(expected)} == {int, float}


@pytest.mark.parametrize(
    ("reason", "formula"), [(why, one) for why, formulas in DOUBT.items() for one in formulas]
)
def test_what_is_not_sure(reason: str, formula: str) -> None:
    found = told(formula)
    assert isinstance(found, str)
    assert found.startswith("? ")
    assert reason in found
