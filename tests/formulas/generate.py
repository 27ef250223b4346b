"""Ordinary formulas, generated: every function that is trusted over every kind of value, and random nests of them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.formulas.sheets import Content

DATA = "数据"
ODD: tuple[Content, ...] = (
    1, -2.5, 0, 0.1, 0.3, 33.3, 2.675, 1.005, -1.255, 1e-7, 123456789012, 1e15, 98.765, 44927, 0.95,
    None, ('=""', ""), "中文 项目", "12", " 7 ", "50%", "abc", "Ａｂｃ", "#N/A", "#DIV/0!",
)  # fmt: skip
"""In A1, A2 …: what a single argument may be."""
RANGES: dict[str, tuple[Content, ...]] = {
    "C": (1.5, None, "中文", 7, -2, 3.25, "12", 0),
    "D": (10, 20.5, 30, 40, 50, -60, 70, 80),
    "E": ("项目一", "项目二", "项目一", None, "其他", "项目三", "项目一", "abc"),
    "F": (1, 2, 4, 8, 16, 32, 64, 128),
    "G": (33.3, 33.3, 33.4, 0.1, 0.2, 0.3, 1.1, 2.2),
    "H": (3, "#N/A", 5, 6, 7, 8, 9, 10),
    "I": (None,) * 8,
    "J": ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"),
}
"""In C1:C8 and so on."""
HEIGHT = 8
_VALUES = [f"{DATA}!A{row}" for row in range(1, len(ODD) + 1)]
_UNARY = (
    "ABS(x)", "INT(x)", "SIGN(x)", "SQRT(x)", "TRUNC(x)", "N(x)", "LEN(x)", "UPPER(x)", "LOWER(x)", "NOT(x)",
    "ISNUMBER(x)", "ISTEXT(x)", "ISBLANK(x)", "ISERROR(x)", "ISNA(x)", "ISERR(x)", "-x", "+x", "x%", "x*1", "x+0",
    "x&\"\"", "x=0", 'x=""', "x<>1", "x>0", "x<=1", "x=TRUE", "ROUND(x,0)", "ROUND(x,2)", "ROUND(x,-2)", "ROUNDUP(x,1)",
    "ROUNDDOWN(x,1)", "TRUNC(x,1)", "MOD(x,3)", "MOD(7,x)", "POWER(x,2)", "x^2", "2^x", "1/x", "LEFT(x,2)", "RIGHT(x,2)",
    "MID(x,2,3)", "REPT(x,2)", 'SUBSTITUTE(x,"项","目")', 'CONCATENATE("〔",x,"〕")', 'EXACT(x,"abc")',
    'IF(x,"是","否")', 'IFERROR(x,"错")', '_xlfn.IFNA(x,"无")', "AND(x,TRUE)", "OR(x,FALSE)", 'TEXT(x,"0")', 'TEXT(x,"0.00")',
    'TEXT(x,"#,##0.00")', 'TEXT(x,"0.0%")', "SUM(x)", "AVERAGE(x)", "MIN(x)", "MAX(x)", "COUNT(x)", "COUNTA(x)",
    "COUNTBLANK(x)", "MEDIAN(x)", "PRODUCT(x)", "SUM(x,1)", "IF(x>10,ROUND(x/3,2),-x)", "ROUND(x*1.15,2)", "ROUND(x/7,4)",
    "COUNTIF({d}!C1:C8,x)", "SUMIF({d}!C1:C8,x,{d}!D1:D8)", "MATCH(x,{d}!C1:C8,0)", "RANK(x,{d}!F1:F8)",
    "VLOOKUP(x,{d}!C1:D8,2,FALSE)", "INDEX({d}!D1:D8,x)", "LARGE({d}!D1:D8,x)", "SMALL({d}!D1:D8,x)",
)  # fmt: skip
_OVER = ("SUM", "AVERAGE", "MIN", "MAX", "COUNT", "COUNTA", "COUNTBLANK", "MEDIAN", "PRODUCT", "SUMPRODUCT")
_AREAS = ("C1:C8", "D1:D8", "E1:E8", "G1:G8", "H1:H8", "I1:I8", "C1:D8", "D:D", "C2:C3", "A1:A15")
_CRITERIA = (
    '"项目一"', '"项目*"', '"*"', '"<>项目一"', '"<>"', '""', '">20"', '"<=10"', '"=20.5"', "20.5", '"20.5"', '"<>0"', "0",
    "{d}!A1", "{d}!A16", "{d}!A17", "{d}!E1", '"ABC"',
)  # fmt: skip
_OTHER = (
    "MATCH(40,{d}!D1:D8,0)", 'MATCH("项目三",{d}!E1:E8,0)', 'MATCH("项目*",{d}!E1:E8,0)', "MATCH(9,{d}!F1:F8)",
    'INDEX({d}!E1:E8,MATCH(30,{d}!D1:D8,0))', "INDEX({d}!C1:E8,2,3)", "INDEX({d}!C1:E8,5,1)", "INDEX({d}!A1:J1,4)",
    'VLOOKUP("项目二",{d}!E1:G8,2,FALSE)', 'VLOOKUP("项目二",{d}!E1:G8,3,0)', "VLOOKUP(9,{d}!F1:J8,5)",
    'VLOOKUP("没有",{d}!E1:G8,2,0)', "HLOOKUP(10,{d}!D1:F8,3,FALSE)", "LARGE({d}!D1:D8,2)", "SMALL({d}!C1:C8,1)",
    "RANK(30,{d}!D1:D8)", "RANK(30,{d}!D1:D8,1)", "RANK(31,{d}!D1:D8)", "SUMPRODUCT({d}!D1:D8,{d}!F1:F8)",
    "SUMPRODUCT(({d}!D1:D8>10)*{d}!F1:F8)", "SUMPRODUCT(--({d}!E1:E8=\"项目一\"))", "SUMPRODUCT(({d}!E1:E8<>\"\")*1)",
    "SUMPRODUCT(({d}!E1:E8=\"项目二\")*({d}!D1:D8>=20),{d}!F1:F8)", "SUMPRODUCT(--ISNUMBER({d}!C1:C8))",
    "SUMPRODUCT((LEFT({d}!E1:E8,2)=\"项目\")*{d}!D1:D8)", "SUMPRODUCT(LEN({d}!E1:E8))", "SUMPRODUCT({d}!D1:D8/{d}!F1:F8)",
    "SUMPRODUCT(({d}!D1:D8>AVERAGE({d}!D1:D8))*1)", "SUMPRODUCT((项目!A5:A9=\"002\")*项目!I5:I9)", "SUMPRODUCT(ROUND({d}!D1:D8/3,2))",
    "SUMPRODUCT((项目!S5:S9>=50)*(项目!W5:W9=\"绿\"),项目!I5:I9)/SUM(项目!I5:I9)", "SUMPRODUCT({1;2;3},{4;5;6})",
    "SUMPRODUCT({d}!C1:C8,{d}!D1:D8)", "SUM({d}!D1:D8,{d}!F1:F8,5)", "SUM({1,2;3,4})", "MAX({d}!D1:D8,100)",
    "SUM({d}!G1:G3)-100", "SUM({d}!G4:G5)-{d}!G6", "{d}!G4+{d}!G5-{d}!G6", "{d}!G7*3-{d}!G8-1.1", "1-0.9-0.1",
    "IF(ROUND(SUM({d}!G1:G3),2)>=100,\"平\",\"不平\")", "ROUND({d}!G7/{d}!G8,4)", "IFERROR({d}!D1/{d}!A3,\"—\")",
    "ROUND(SUM({d}!D1:D8)/COUNT({d}!D1:D8),2)", "SUM(项目!T5:T9)", "AVERAGE(项目!S5:S9)", "ROUND(AVERAGE(项目!T5:T9),2)",
    'SUMIF(项目!A5:A9,"002",项目!I5:I9)', 'COUNTIFS(项目!F5:F9,"追加",项目!W5:W9,"绿")', 'SUMIFS(项目!I5:I9,项目!F5:F9,"年初")',
    'COUNTIF(项目!V5:V9,"能实现")', 'AVERAGEIF(项目!F5:F9,"年初",项目!T5:T9)', 'AVERAGEIFS(项目!T5:T9,项目!I5:I9,">=2")',
    'VLOOKUP("004",项目!A5:T9,20,FALSE)', "INDEX(项目!T5:T9,MATCH(\"舆情处置经费\",项目!B5:B9,0))", "项目!K5/项目!R5",
    'TEXT(项目!K5/项目!R5,"0.00%")', 'IF(项目!T5>=50,"50%以上","50%以下")', "RANK(项目!T5,项目!T5:T9)", "MAX(项目!T:T)",
    "COUNTA(项目!A:A)", "SUM(项目!R5:R9)-SUM(项目!I5:I9)", "SUM(统计表!C5:C9)-统计表!C10", "COUNTBLANK({d}!C:C)",
    "COUNTBLANK({d}!C1:J8)", "IF(AND({d}!D1>5,{d}!D2<30),1,2)", "IF(OR({d}!D1>50,NOT({d}!A3)),1,2)", "IF({d}!D1>5,,3)",
    "IF({d}!D1>50,1)", "-2^2", "2^3^2", "2^-1", "10-2-3", "12/2/3", "1-50%", "-{d}!D1^2", "--{d}!A19", "(1+2)*3%",
    "2*-3", "\"a\"&1+2", "1=1", "1<2", "\"a\"=\"A\"", "\"项\"=\"项\"", "{d}!A16=0", "{d}!A16=\"\"", "{d}!A16&\"x\"",
    "ROUND(2.5,0)", "ROUND(-2.5,0)", "ROUND(0.285,2)", "ROUND(1234567.895,2)", "ROUND(1.45,1)", "ROUND(1E+15/3,2)",
    "ROUNDUP(1.00000000001,2)", "ROUNDUP(-1.1,0)", "ROUNDDOWN(1.999,2)", "TRUNC(-1.999,2)", "INT(-0.5)", "MOD(-7,3)",
    "MOD(7,-3)", "MOD(-0.5,1)", "MOD(10.5,3)", "POWER(2,0.5)", "POWER(-8,3)", "0^0", "LEN(\"中文abc\")", "LEFT(\"中文abc\",3)",
    "MID(\"中文abc\",2,9)", "RIGHT(\"中文\",5)", "MID(\"abc\",9,1)", "SUBSTITUTE(\"一二一\",\"一\",\"三\",2)",
    "SUBSTITUTE(\"abc\",\"\",\"x\")", "REPT(\"★\",3)", "REPT(\"a\",0)", "LEN({d}!E1&{d}!E2)", "EXACT(\"A\",\"a\")",
    "CONCATENATE({d}!E1,{d}!D1,TRUE)", "IFERROR(MATCH(\"无\",{d}!E1:E8,0),0)", "IFERROR(1/0,IFERROR(2/0,3))",
    "ISNUMBER(MATCH(\"其他\",{d}!E1:E8,0))", "COUNT({d}!C1:C8,1,2)", "MEDIAN({d}!C1:C8,3)", "AVERAGE({d}!C1:C8,{d}!D1:D2)",
    "SUM(ROUND({d}!G1,0),ROUND({d}!G2,0))", "MAX(0,{d}!D1-{d}!D2)", "MIN(100,ROUND({d}!K1,2))", "MIN(100,{d}!D1)",
    'LEFT("𠮷田",1)', 'LEN("𠮷田")', 'VLOOKUP("项目?",{d}!E1:G8,2,0)', 'IF({d}!D1="10","同","不同")', 'IF({d}!A19=12,1,0)',
    'ROUND("3.456",2)', "ROUND({d}!A19,1)", 'TEXT(1234.5,"#,##0.00")', 'TEXT(0.125,"0%")', 'TEXT(2.675,"0.00")',
    'TEXT(-0.001,"0.00")', 'TEXT(1.005,"0.00")', 'TEXT(0.5,"0")', 'TEXT(1.5,"0")', 'TEXT(1E+15,"0")', 'TEXT(12345678.905,"#,##0.00")',
)  # fmt: skip


def systematic() -> list[str]:
    """Functions × shapes of arguments × values, without =."""
    found = [re.sub(r"\bx\b", value, shape) for shape in _UNARY for value in _VALUES]
    found += [f"{name}({DATA}!{area})" for name in _OVER for area in _AREAS]
    for criterion in _CRITERIA:
        for area in ("C1:C8", "D1:D8", "E1:E8"):
            found.append(f"COUNTIF({DATA}!{area},{criterion})")
            found.append(f"SUMIF({DATA}!{area},{criterion},{DATA}!F1:F8)")
            found.append(f"AVERAGEIF({DATA}!{area},{criterion},{DATA}!F1:F8)")
        found.append(f'SUMIFS({DATA}!F1:F8,{DATA}!E1:E8,{criterion},{DATA}!D1:D8,">0")')
        found.append(f'COUNTIFS({DATA}!E1:E8,{criterion},{DATA}!C1:C8,"<>")')
    found += [*_OTHER, *_halves()]
    found = [one if "!" in one else f"IF({DATA}!$D$1>0,{one})" for one in dict.fromkeys(found)]
    return [one.replace("{d}", DATA) for one in found]


def _halves() -> Iterator[str]:
    """Products and quotients that lie on the edge between two roundings, or that binary numbers put beside it."""
    chance = random.Random(5)
    for _ in range(300):
        one, other = chance.randint(1, 99999) * 10 + 5, chance.choice((1, 10, 0.1, 100, 7, 1.15, 3))
        yield f"ROUND({{d}}!D1*{one / 10000}*{other},2)"
        yield f"ROUND({one}/1000+{other},2)"
        yield f'TEXT({one / 1000}*{other},"0.00")'
        yield f'TEXT({one}/{other}/1000,"0.0%")'


_CELLS = tuple(f"{DATA}!{column}{row}" for column in "DFG" for row in range(1, HEIGHT + 1))
_AREAS_OF = tuple(f"{DATA}!{c}{top}:{c}{end}" for c in "CDFG" for top in (1, 2, 4) for end in (5, 8))
_LEAVES = {
    "n": ("3", "0.5", "100", *_CELLS),
    "c": ("2", *_CELLS),
    "t": ('"中文"', '"abc"', f"{DATA}!E1", f"{DATA}!E4", f"{DATA}!J3"),
    "b": ("TRUE", f"{DATA}!D1>20", f'{DATA}!E1="项目一"', f"ISBLANK({DATA}!E4)"),
    "a": _AREAS_OF,
}
_NESTED = {
    "n": (
        "(<n>+<n>)", "(<n>-<n>)", "(<n>*<n>)", "(<n>/<n>)", "<c>", "ROUND(<n>,1)", "ABS(<n>)", "-<n>", "N(<n>)", "SUM(<a>)",
        "AVERAGE(<a>)", "MEDIAN(<a>)", "MAX(<a>,<a>)", "SUM(ROUND(<n>,1),<a>)", "MIN(ROUND(<n>,2),<a>)", "IF(<b>,<n>,<n>)",
        "IFERROR(<n>,<n>)", f'SUMIF({DATA}!E1:E8,"项目一",{DATA}!G1:G8)', f"INDEX({DATA}!D1:D8,3)",
    ),
    "c": (
        "ROUND(<n>,2)", "ROUND(<n>,0)", "ROUNDUP(<c>,1)", "ROUNDDOWN(<c>,0)", "INT(<c>)", "SIGN(<c>)", "COUNT(<a>)", "LEN(<t>)",
        f'COUNTIF({DATA}!E1:E8,"项目*")', f"COUNTIF({DATA}!E1:E8,{DATA}!E2)", f"MATCH(4,{DATA}!F1:F8,0)", "IF(<b>,<c>,<c>)",
    ),
    "t": (
        "<t>&<t>", "<t>&<c>", "LEFT(<t>,2)", "RIGHT(<t>,3)", "MID(<t>,2,2)", 'SUBSTITUTE(<t>,"文","件")', "IF(<b>,<t>,<t>)",
        'TEXT(<c>,"0.00")', 'TEXT(<c>,"#,##0.0")', "CONCATENATE(<t>,<t>)", 'IFERROR(<t>,"错")', f"INDEX({DATA}!J1:J8,2)",
    ),
    "b": (
        "(<c>><c>)", "(<c><=<c>)", "(<c>=<c>)", "(<c><><c>)", "(<t>=<t>)", "AND(<b>,<b>)", "OR(<b>,<b>)", "NOT(<b>)",
        "ISNUMBER(<n>)", "ISERROR(<n>)", "ISTEXT(<t>)",
    ),
    "a": _AREAS_OF,
}  # fmt: skip
"""Numbers, numbers of 15 digits, texts, truth values, areas: what each can be made of."""


class Nests:
    """Random formulas of the grammar that the gate calls sure."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def __iter__(self) -> Iterator[str]:
        while True:
            yield self._made(self._chance.choice("nnctb"), self._chance.randint(2, 4))

    def _made(self, kind: str, depth: int) -> str:
        shape = self._chance.choice(_NESTED[kind] if depth > 0 else _LEAVES[kind])
        return re.sub("<([nctba])>", lambda found: self._made(found[1], depth - 1), shape)
