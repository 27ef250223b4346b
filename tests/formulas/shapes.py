"""Formulas as offices write them, beyond the plain functions of generate.py: dates, texts, places, arrays, subtotals."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from tests.formulas.sheets import Content

DATA = "数据"
MORE: dict[str, tuple[Content, ...]] = {
    "L": ("001", "002", "003", "010", "011", "100", "101", "abc"),
    "M": (44743, 44804, 44620, 44561.75, 45351, 44927, 36526, 73050),
    "N": ("预算执行率", "项目A", " 乙 丙 ", "a-b-c", "2022年7月1日", "12,345.6", "2022-7-1", "50%"),
    "O": (1, 3, 5, 7, 9, 11, 13, 15),
    "P": ("办公室", "财务科", "办公室", "项目科", "财务科", "办公室", "人事科", "项目科"),
    "Q": (5, 3, 8, 1, 9, 2, 7, 4),
    "R": ("12元", "（3）", "3.50", "1e3", "-7", "12:30", "abc", "0.5%"),
}
"""In L1:L8 and so on, beside the ranges of generate.py."""
HIDDEN_ROWS = (3, 6)
"""Rows of 明细 that are hidden by hand."""
FILTERED_ROWS = (4, 5, 9)
"""Rows of 筛选 that a filter hides."""

_DATES = tuple(f"{{d}}!M{row}" for row in range(1, 9))
_OF_DATES = (
    "YEAR(x)", "MONTH(x)", "DAY(x)", "WEEKDAY(x)", "WEEKDAY(x,2)", "WEEKDAY(x,3)", "WEEKNUM(x)", "WEEKNUM(x,2)", "WEEKNUM(x,21)",
    "_xlfn.ISOWEEKNUM(x)", "EDATE(x,1)", "EDATE(x,-13)", "EOMONTH(x,0)", "EOMONTH(x,-1)", "DATE(YEAR(x),MONTH(x)+1,0)", "_xlfn.DAYS(x,44562)",
    'DATEDIF(36526,x,"M")', 'DATEDIF(36526,x,"Y")', 'DATEDIF(36526,x,"D")', 'DATEDIF(36526,x,"YM")', "NETWORKDAYS(44562,x)",
    "WORKDAY(x,10)", "WORKDAY(x,-3)", "HOUR(x)", "MINUTE(x)", "INT(x)", 'TEXT(x,"yyyy-mm-dd")', 'TEXT(x,"yyyy年m月d日")', 'TEXT(x,"yyyy/m/d")',
    'TEXT(x,"m月")', 'TEXT(x,"yymmdd")', 'TEXT(x,"hh:mm")', "x+30", "x-DATE(2022,1,1)",
)  # fmt: skip
_NUMBERS = (
    "0",
    "1",
    "-1",
    "0.5",
    "2.675",
    "1234.5",
    "-1234.567",
    "1234567.891",
    "98.765",
    "0.0512",
    "{d}!D2",
    "{d}!G1",
)
_CODES = (
    "0", "0.0", "0.00", "#,##0", "#,##0.00", "0%", "0.0%", "0.00%", "#", "#.##", "00000", "0.00;-0.00", "0.00;[Red]-0.00;零", "#,##0.00元",
    '0.00""元""', '""约""0""万元""', "0.0,", "#,##0,", '[>=60]""达标"";""未达标""', '[>=100]0;[<0]""负"";0.0', "0.00E+00", "@", "General",
)  # fmt: skip
_TEXTS = (
    'VALUE("1,234.5")', 'VALUE("50%")', 'VALUE("2022-7-1")', 'VALUE(" 12 ")', 'VALUE("-3.5")', 'VALUE("1e3")', 'VALUE("abc")', 'VALUE("")',
    'VALUE("12:30")', '"50%"+0', '"1,234.5"*2', '"12"&3', '--"7"', '"3"*"4"', "{d}!N6*2", "{d}!N7+1", "{d}!N8*100", "{d}!R3+{d}!R5", "{d}!R7*1",
    "IFERROR({d}!R1*1,0)", "IFERROR(VALUE({d}!R7),-1)", 'LENB("预算")', 'LENB("预算a1")', 'LEFTB("预算a",4)', 'RIGHTB("预算a",3)', 'MIDB("a预算",2,2)',
    "LENB({d}!N1)", "LENB({d}!N1)-LEN({d}!N1)", 'TRIM(" a  b ")', "TRIM({d}!N3)", 'TRIM("　a　")', "LEN(TRIM({d}!N3))", 'CLEAN("a"&CHAR(10)&"b")',
    'FIND("b",{d}!N4)', 'FIND("B",{d}!N4)', 'SEARCH("B",{d}!N4)', 'SEARCH("?-c",{d}!N4)', 'FIND("-",{d}!N4,3)', 'IFERROR(FIND("x",{d}!N4),0)',
    'LEFT({d}!N4,FIND("-",{d}!N4)-1)', 'MID({d}!N4,FIND("-",{d}!N4)+1,9)', 'RIGHT({d}!N1,LEN({d}!N1)-2)', 'REPLACE({d}!N1,1,2,"决算")',
    'REPLACE("abc",9,1,"x")', 'SUBSTITUTE({d}!N4,"-","")', 'SUBSTITUTE({d}!N4,"-","/",2)', 'LEN({d}!N4)-LEN(SUBSTITUTE({d}!N4,"-",""))',
    'PROPER("ab cd")', 'ASC("ＡＢ１２")', 'UPPER("ａb")', 'T("x")', "T(5)", "FIXED(1234.567,1)", "FIXED(1234.567,1,TRUE)", "FIXED(-0.5,0)", 'CODE("A")',
    "CHAR(65)", '_xlfn.TEXTJOIN("、",TRUE,{d}!P1:P4)', '_xlfn.TEXTJOIN(",",FALSE,{d}!C1:C4)', "_xlfn.CONCAT({d}!E1:E5)", '_xlfn.CONCAT({d}!A1,"x",TRUE)',
    'EXACT({d}!L1,"001")', 'REPT("★",{d}!O2)', '"共"&COUNTA({d}!P1:P8)&"项"', '"第"&{d}!O1&"期"', 'TEXT({d}!D1,"0")&"%"', '"Ａ"="A"', '"ａ"="Ａ"',
)  # fmt: skip
_PLACES = (
    "ROW()", "COLUMN()", "ROW({d}!B3)", "COLUMN({d}!C1)", "ROWS({d}!A1:C9)", "COLUMNS({d}!A1:C9)", "ROWS({d}!A:A)", "ISREF({d}!A1)", "ISREF(1)",
    "OFFSET({d}!D1,1,0)", "SUM(OFFSET({d}!D1,0,0,3))", "SUM(OFFSET({d}!D1,1,0,2,1))", "SUM(OFFSET({d}!D1:D3,1,0))", "SUM(OFFSET({d}!A1,0,3,COUNT({d}!D1:D8),1))",
    "OFFSET({d}!D1,-1,0)", "IFERROR(OFFSET({d}!D1,-1,0),0)", "SUM({d}!D1:OFFSET({d}!D1,2,0))", "SUM({d}!D1:INDEX({d}!D:D,4))", "AVERAGE(INDEX({d}!D:D,2):INDEX({d}!D:D,5))",
    'INDIRECT("数据!D2")', 'SUM(INDIRECT("数据!D1:D4"))', 'SUM(INDIRECT("数据!D"&2&":D"&5))', 'INDIRECT("数据!R2C4",FALSE)', 'SUM(INDIRECT("数据!D:D"))',
    'INDIRECT("没有的表!A1")', 'IFERROR(INDIRECT("没有的表!A1"),"无")', "SUM(INDEX({d}!C1:F8,0,2))", "SUM(INDEX({d}!C1:F8,3,0))", "INDEX({d}!D1:D8,9)",
    "INDEX({d}!C1:F8,3,2)", "INDEX(({d}!D1:D8),2)", "INDEX({1,2;3,4},2,1)", "SUM(INDEX({1,2;3,4},0,2))", "SUM(CHOOSE(2,{d}!D1:D3,{d}!F1:F3))",
    "SUM(IF({d}!D1>5,{d}!D1:D3,{d}!F1:F3))", "CHOOSE({d}!O2,\"甲\",\"乙\",\"丙\")", "CHOOSE(9,1,2)", "CHOOSE(1.9,\"甲\",\"乙\")",
    '_xlfn.IFS({d}!D1>50,"大",{d}!D1>5,"中",TRUE,"小")', '_xlfn.IFS({d}!D1>50,"大")', '_xlfn.SWITCH({d}!O2,1,"一",3,"三","其他")', '_xlfn.SWITCH({d}!P2,"办公室",1,"财务科",2)',
    'IF({d}!A16="","",TEXT({d}!A16,"0.00"))', 'IF({d}!D1="","",TEXT({d}!D1,"0.00"))', 'IFERROR(IF({d}!D1>0,VLOOKUP("无",{d}!E1:G8,2,0),1),"没有")',
    "IF(FALSE,FOO(1),2)", "IFERROR(1/0,2)", "_xlfn.IFNA(NA(),3)", "_xlfn.IFNA(1/0,3)",
)  # fmt: skip
_LOOKUPS = (
    'VLOOKUP("002",{d}!L1:O8,2,0)', "MATCH({d}!L3,{d}!L1:L8,0)", 'MATCH("0*",{d}!L1:L8,0)', "MATCH(6,{d}!O1:O8)", "MATCH(6,{d}!O1:O8,1)", "MATCH(0,{d}!O1:O8)", "MATCH(99,{d}!O1:O8)",
    "VLOOKUP(6,{d}!O1:Q8,2)", "VLOOKUP(6,{d}!O1:Q8,3,TRUE)", "VLOOKUP(0,{d}!O1:Q8,2)", "VLOOKUP(15,{d}!O1:Q8,2,1)", "HLOOKUP(1,{d}!O1:Q8,4,0)", "LOOKUP(6,{d}!O1:O8,{d}!P1:P8)",
    "LOOKUP(6,{d}!O1:O8)", "LOOKUP(0,{d}!O1:O8)", "LOOKUP(9E+307,{d}!Q1:Q8)", "LOOKUP(9E+307,{d}!C:C)", "MATCH(9E+307,{d}!C:C)", 'LOOKUP(1,0/({d}!P1:P8="财务科"),{d}!Q1:Q8)',
    'LOOKUP(2,1/(({d}!P1:P8="办公室")*({d}!Q1:Q8>3)),{d}!O1:O8)', 'LOOKUP(1,0/({d}!P1:P8="无"),{d}!Q1:Q8)', "LOOKUP(0,{-1,0,5},{\"低\",\"中\",\"高\"})",
    'LOOKUP({d}!D2,{0,10,60},{"差","中","好"})', 'VLOOKUP({d}!D2,{0,"差";10,"中";60,"好"},2)', 'VLOOKUP("财务科",IF({1,0},{d}!P1:P8,{d}!Q1:Q8),2,0)',
    'VLOOKUP("财务科",CHOOSE({1,2},{d}!P1:P8,{d}!Q1:Q8),2,0)', 'MATCH(1,INDEX(({d}!P1:P8="财务科")*({d}!Q1:Q8>5),0),0)', 'IF(ISNA(MATCH("无",{d}!P1:P8,0)),"新","旧")',
    'INDEX({d}!Q1:Q8,MATCH("项目科",{d}!P1:P8,0))', 'SUMPRODUCT(({d}!P1:P8="办公室")*{d}!Q1:Q8)', 'SUMPRODUCT(({d}!P1:P8="办公室")*({d}!Q1:Q8>3))', "SUMPRODUCT(1/COUNTIF({d}!P1:P8,{d}!P1:P8))",
    "SUMPRODUCT(--(MATCH({d}!P1:P8,{d}!P1:P8,0)=ROW({d}!P1:P8)))", "SUMPRODUCT(({d}!Q1:Q8>{d}!Q1)*1)+1", "SUMPRODUCT((MOD(ROW({d}!Q1:Q8),2)=0)*{d}!Q1:Q8)", "SUMPRODUCT(LARGE({d}!Q1:Q8,{1,2,3}))",
    "SUM(LARGE({d}!Q1:Q8,{1,2,3}))", "AVERAGE(SMALL({d}!Q1:Q8,{1,2}))", 'SUM(COUNTIF({d}!P1:P8,{"办公室","人事科"}))', 'SUM(SUMIF({d}!P1:P8,{"办公室","人事科"},{d}!Q1:Q8))',
    'SUM(COUNTIFS({d}!P1:P8,{"办公室","财务科"},{d}!Q1:Q8,">4"))', 'SUMPRODUCT(SUMIF({d}!P1:P8,{"办公室","人事科"},{d}!Q1:Q8))', 'SUMPRODUCT(ISNUMBER(FIND("办",{d}!P1:P8))*{d}!Q1:Q8)',
    'SUMPRODUCT(({d}!P:P="办公室")*({d}!Q:Q))', 'SUMPRODUCT(--({d}!E:E=""))', "SUMPRODUCT((YEAR({d}!M1:M8)=2022)*{d}!Q1:Q8)", "SUMPRODUCT((MONTH({d}!M1:M8)=7)*1)", "SUMPRODUCT({d}!Q1:Q8^2)",
    "SUMPRODUCT(({d}!L1:L8=\"002\")*{d}!Q1:Q8)", "SUMPRODUCT(--(LEN({d}!L1:L8)=3),{d}!Q1:Q8)", "MAX({d}!Q1:Q8)-MIN({d}!Q1:Q8)", "RANK({d}!Q1,{d}!Q1:Q8)+COUNTIF({d}!Q$1:Q1,{d}!Q1)-1",
    'COUNTIF({d}!L1:L8,"002")', 'SUMIF({d}!L1:L8,"002",{d}!Q1:Q8)', 'SUMIF({d}!L1:L8,{d}!L2,{d}!Q1:Q8)', 'SUMIFS({d}!Q1:Q8,{d}!L1:L8,"010",{d}!O1:O8,">1")', 'COUNTIF({d}!L1:L8,"0*")',
    'COUNTIF({d}!P1:P8,"?务科")', 'COUNTIF({d}!P1:P8,"*科")', 'COUNTIF({d}!P1:P8,"<>财务科")', 'COUNTIF({d}!P:P,"<>财务科")', 'COUNTIF({d}!C1:C8,">="&{d}!O2)', 'COUNTIF({d}!M1:M8,">="&DATE(2022,1,1))',
    'COUNTIFS({d}!M1:M8,">=2022-1-1",{d}!M1:M8,"<2022-7-1")', 'SUMIF({d}!Q1:Q8,">3")', 'SUMIF({d}!P1:P8,"*科",{d}!Q1)', 'SUMIF({d}!P:P,"办公室",{d}!Q:Q)', 'COUNTIFS({d}!P:P,"",{d}!Q:Q,"")',
    'SUMIF({d}!C:C,"<>7",{d}!D:D)', 'AVERAGEIFS({d}!Q1:Q8,{d}!P1:P8,"无")', '_xlfn.MAXIFS({d}!Q1:Q8,{d}!P1:P8,"办公室")', '_xlfn.MINIFS({d}!Q1:Q8,{d}!P1:P8,"无")',
    'SUMIFS({d}!Q1:Q8,{d}!P1:P8,"办公室",{d}!O1:O7,">1")', "COUNTIF({d}!P1:P8,\"\")", "COUNTIF({d}!E1:E8,\"=\")", "COUNTIF({d}!E1:E8,\"<>\")",
)  # fmt: skip
_STATISTICS = (
    "STDEV(a)", "STDEVP(a)", "VAR(a)", "VARP(a)", "_xlfn.STDEV.S(a)", "_xlfn.STDEV.P(a)", "_xlfn.VAR.S(a)", "MODE(a)", "PERCENTILE(a,0.3)", "PERCENTILE(a,1)", "QUARTILE(a,1)", "QUARTILE(a,3)",
    "LARGE(a,2)", "SMALL(a,3)", "LARGE(a,99)", "SUMSQ(a)", "PRODUCT(a)", "AVERAGE(a)", "MEDIAN(a)", "COUNT(a)", "COUNTA(a)",
)  # fmt: skip
_ARITHMETIC = (
    "CEILING(7.3,2)", "CEILING(-7.3,-2)", "CEILING(0.3*10,1)", "FLOOR(7.3,2)", "FLOOR(-7.3,-2)", "MROUND(7,3)", "MROUND(-7,-3)", "MOD(10,3)", "MOD(-10,3)", "MOD(10,-3)", "MOD(10.5,3)", "MOD(7,0)",
    "QUOTIENT(7,2)", "QUOTIENT(-7,2)", "EVEN(3)", "EVEN(-3)", "SIGN(-2)", "ABS(-2.5)", "POWER(2,10)", "POWER(4,0.5)", "POWER(-2,3)", "SQRT(2)", "EXP(1)", "LN(10)", "LOG(100)", "LOG(8,2)", "LOG10(1000)",
    "PI()", "FACT(5)", "COMBIN(5,2)", "ISEVEN(4)", "ISODD(4)", "N(TRUE)", 'N("3")', "ROUND(1234.5678,-2)", "ROUND(-1.5,0)", "ROUNDUP(-1.21,1)", "ROUNDDOWN(-1.29,1)", "TRUNC(5.99)", "INT(-5.01)",
    "(1.1-1)=0.1", "(0.1+0.2)=0.3", "IF(1.1-1>=0.1,1,0)", "IF(0.1*3=0.3,1,0)", "1=1.0", "5>\"a\"", "\"a\"=\"A\"", "\"b\"<>\"B\"", "TRUE=TRUE", "1=\"1\"", "{d}!A16=0", "{d}!A16=\"\"", "{d}!D1=10",
    "AND({d}!D1>5,{d}!P1=\"办公室\")", "OR({d}!D1>50,{d}!P1=\"无\")", "NOT({d}!D1>5)", "AND({d}!O1:O8)", "OR({d}!D1=10,1/0)", "SUM(1,2,3)", "SUM({d}!D1:D3,{d}!F1,5)", "MAX(1,2,{d}!D1)", "MIN({d}!C1:C8,0)",
    "SUM({d}!1:1)", "SUM({d}!D:E)", "COUNTA({d}!P:P)-1", "SUM({d}!D1:D8)/COUNT({d}!D1:D8)", "1-SUM({d}!G4:G5)", "ROUND({d}!D1/{d}!O2,2)*100&\"%\"", "{d}!D1/{d}!A3", "SUM({1,2;3,4}*{1,2})", "SUM({1,2,3}*{1;2})",
)  # fmt: skip
_SUBTOTALS = tuple(
    f"SUBTOTAL({kind},{sheet}!B2:B10)" for kind, sheet in product((*range(1, 12), *range(101, 112)), ("明细", "筛选"))
) + tuple(
    f"_xlfn.AGGREGATE({kind},{option},明细!B2:B10)" for kind, option in product((1, 2, 3, 4, 5, 9, 12), (1, 3, 5, 7))
) + (
    "_xlfn.AGGREGATE(9,6,数据!H1:H8)", "_xlfn.AGGREGATE(9,7,明细!C2:C10)", "_xlfn.AGGREGATE(14,6,数据!H1:H8,2)", "_xlfn.AGGREGATE(15,6,数据!Q1:Q8,1)", "_xlfn.AGGREGATE(14,5,明细!B2:B10,1)", "SUBTOTAL(9,明细!B2:B10,明细!B2:B3)",
    "SUBTOTAL(9,数据!H1:H8)", "SUBTOTAL(109,明细!B:B)", "SUBTOTAL(3,明细!A:A)-1", "_xlfn.AGGREGATE(15,6,数据!O1:O8/(数据!P1:P8=\"财务科\"),1)", "_xlfn.AGGREGATE(14,6,数据!Q1:Q8/(数据!P1:P8=\"办公室\"),2)",
)  # fmt: skip


def shapes() -> list[str]:
    """All of them, without =."""
    found = [shape.replace("x", date) for shape in _OF_DATES for date in _DATES]
    found += [f'TEXT({number},"{code}")' for number in _NUMBERS for code in _CODES]
    areas = ("{d}!Q1:Q8", "{d}!C1:C8", "{d}!I1:I8", "{d}!G1:G8", "{d}!H1:H8", "{d}!C2:C3")
    found += [shape.replace("(a", f"({area}") for shape in _STATISTICS for area in areas]
    found += [*_TEXTS, *_PLACES, *_LOOKUPS, *_ARITHMETIC, *_SUBTOTALS, *_dates()]
    return list(dict.fromkeys(one.replace("{d}", DATA) for one in found))


def _dates() -> Iterator[str]:
    for text in ("2022,7,1", "2022,14,3", "2022,2,30", "2022,3,0", "2022,1,-5", "2024,2,29"):
        yield f"DATE({text})"
    yield from (
        'DATEVALUE("2022-7-1")', "TIME(8,30,0)", "TIME(8,30,0)*24", 'DATEDIF(44743,44561,"D")', "YEAR(0)", "EDATE(DATE(2024,1,31),1)", 'WEEKDAY("2022-7-1")',
        "NETWORKDAYS(DATE(2022,1,1),DATE(2022,1,31),数据!M6)", 'TEXT(DATE(2022,7,1),"yyyy年mm月")', "MONTH(DATE(2022,7,1))&\"月\"",
    )  # fmt: skip


ARRAYS = tuple(
    one.replace("{d}", DATA)
    for one in (
        'SUM(({d}!P1:P8="办公室")*{d}!Q1:Q8)', 'SUM(IF({d}!P1:P8="办公室",{d}!Q1:Q8,0))', 'SUM(IF({d}!P1:P8="办公室",{d}!Q1:Q8))', 'MAX(IF({d}!P1:P8="办公室",{d}!Q1:Q8))',
        'MIN(IF({d}!P1:P8="办公室",{d}!Q1:Q8))', 'AVERAGE(IF({d}!P1:P8="财务科",{d}!Q1:Q8))', 'MATCH(1,({d}!P1:P8="财务科")*({d}!Q1:Q8>5),0)', "SUM(1/COUNTIF({d}!P1:P8,{d}!P1:P8))",
        'INDEX({d}!Q1:Q8,SMALL(IF({d}!P1:P8="办公室",ROW({d}!P1:P8)),2))', 'IFERROR(INDEX({d}!Q1:Q8,SMALL(IF({d}!P1:P8="办公室",ROW({d}!P1:P8)),9)),"")', 'COUNT(IF({d}!Q1:Q8>3,{d}!Q1:Q8))',
        "SUM(LEN({d}!N1:N8))", "SUM(IFERROR({d}!H1:H8,0))", "SUM(IF(ISNUMBER({d}!H1:H8),{d}!H1:H8))", "MAX({d}!Q1:Q8*{d}!O1:O8)", "SUM({d}!Q1:Q8*{d}!O1:O8)", "SUM(ROUND({d}!D1:D8/3,2))",
        'SUM(LARGE({d}!Q1:Q8,ROW(INDIRECT("1:3"))))', "SUM(({d}!Q1:Q8>AVERAGE({d}!Q1:Q8))*1)", "{d}!Q1:Q8*2", "SUM({d}!Q1:Q3*TRANSPOSE({d}!O1:O3))", 'SUM(IF(MOD(ROW({d}!Q1:Q8),2)=0,{d}!Q1:Q8,0))',
        '_xlfn.TEXTJOIN("、",TRUE,IF({d}!P1:P8="办公室",{d}!L1:L8,""))', "SUM(--(TEXT({d}!M1:M8,\"yyyy\")=\"2022\"))", 'SUM(({d}!L1:L8>="")*1)', "MEDIAN(IF({d}!Q1:Q8>2,{d}!Q1:Q8))", 'SUM(N({d}!P1:P8="办公室"))',
        'VLOOKUP("财务科"&5,IF({1,0},{d}!P1:P8&{d}!O1:O8,{d}!Q1:Q8),2,0)', "SUM(MID(12345,ROW(INDIRECT(\"1:5\")),1)*1)", "SUM((YEAR({d}!M1:M8)=2022)*({d}!Q1:Q8))", "AND({d}!Q1:Q8>0)", "OR({d}!Q1:Q8>8)",
        "SUM(COUNTIF({d}!P1:P8,{d}!P1:P3))", 'SUM(SUMIF({d}!P1:P8,{d}!P1:P3,{d}!Q1:Q8))', 'INDEX({d}!P1:P8,MATCH(MAX({d}!Q1:Q8),{d}!Q1:Q8,0))', "SUM(VLOOKUP({d}!O1:O3,{d}!O1:Q8,3,0))", "STDEV(IF({d}!Q1:Q8>2,{d}!Q1:Q8))",
    )
)  # fmt: skip
"""Array formulas, without =."""
MODERN = tuple(
    one.replace("{d}", DATA)
    for one in (
        "_xlfn.XLOOKUP(3,{d}!O1:O8,{d}!P1:P8)", '_xlfn.XLOOKUP(4,{d}!O1:O8,{d}!P1:P8,"无")', '_xlfn.XLOOKUP("财务科",{d}!P1:P8,{d}!Q1:Q8,0,0,-1)', '_xlfn.XMATCH("项目科",{d}!P1:P8)', "SUM(_xlfn.UNIQUE({d}!Q1:Q8))",
        'SUM(_xlfn._xlws.FILTER({d}!Q1:Q8,{d}!P1:P8="办公室"))', "INDEX(_xlfn._xlws.SORT({d}!Q1:Q8),2)", "SUM(_xlfn.SEQUENCE(3,2,5,2))", "ROWS(_xlfn.UNIQUE({d}!P1:P8))", '_xlfn.TEXTJOIN("、",TRUE,_xlfn.UNIQUE({d}!P1:P8))',
        "_xlfn.LET(_xlpm.x,{d}!D1,_xlpm.x*2+1)",
    )
)  # fmt: skip
"""Array formulas that only newer programs know."""
