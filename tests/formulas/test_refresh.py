"""Formulas of the user's own after `run`: refreshed, emptied and told, or not touched."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
import python_calamine
from typer.testing import CliRunner

from tests import files
from tests.formulas.sheets import Content, Value, add_sheet, area_at, memory, put, put_all
from tests.rich.book import WORKBOOK
from tests.rich.book import Book as Parts
from tests.rich.cells import inserted_column
from xlbudget import app
from xlbudget.cli import cli
from xlbudget.domain.where import address
from xlbudget.formulas.book import Area, ListTable
from xlbudget.formulas.refresh import refresh
from xlbudget.functions.blocks import Session
from xlbudget.hosts.package import Package

OWN, OTHER = "我的分析", "a b's"
GONE, SAME = "(emptied)", "(not touched)"
P9, P_HEAD = "项目!A9:Q9", "项目!A$4:Q$4"
ROWS_, HEAD = "指标!A$5:P$28", "指标!A$4:P$4"
ALL = f"{P9},{P_HEAD},{ROWS_},{HEAD}"

FUNCTIONS: list[tuple[str, Value, Value]] = [
    (f"=ROUND(EXECUTION_RATE({P9},{P_HEAD}),0)", 25, 50),
    (f"=IF(EXECUTION_RATE({P9},{P_HEAD})>=50,\"过半\",\"未过半\")", "未过半", "过半"),
    (f"=IFERROR(PROJECT_ACHIEVEMENT({ALL}),\"—\")", 46.48, 50),
    (f"=IFERROR(PROJECT_ACHIEVEMENT({P9},{P_HEAD},指标!A$4:P$4,{HEAD}),\"—\")", 1, "—"),
    ("=SUM(EXECUTION_RATE(项目!A5:Q9,项目!A$4:Q$4))", 123.72, 148.39),
    ("=AVERAGE(EXECUTION_RATE(项目!A5:Q9,项目!A$4:Q$4))", 24.744, 29.678),
    ("=INDEX(EXECUTION_RATE(项目!A5:Q9,项目!A$4:Q$4),5)", 25.33, 50),
    (f"=TEXT(EXECUTION_RATE({P9},{P_HEAD}),\"0.00\")&\"%\"", "25.33%", "50.00%"),
    (f"=\"预警：\"&BUDGET_LIGHT({P9},6,{P_HEAD})", "预警：绿", "预警：绿"),
    ("=ADJUSTED_BUDGET(项目!A8:Q8,项目!A$4:Q$4,\"万元\")*2", 12, 12),
    ("=MAX(ACHIEVEMENT(指标!A5:P9,指标!A$4:P$4))", 99, 100),
    ("=INDICATOR_FORECAST(指标!A5:P5,6,指标!A$4:P$4)", 100, 100),
    ("=WARNING_LIGHT(指标!A5:P5,首页!C10,指标!A$4:P$4)&\"\"", "", "蓝"),
    (f"=FORECAST_FLAG(PROJECT_FORECAST({ALL},6))", "差距较大", "能实现"),
    (f"=PROJECT_LIGHT({ALL},6)", "#NAME?", "绿"),
    ("=AMOUNT_WAN(\"60000元\")+AMOUNT_WAN(\"1.5万\")", 0, 7.5),
    ("=YEAR_ON_YEAR(7,10)", "#NAME?", -30),
    ("=YEAR_ON_YEAR(7,0)", 0, "#N/A"),
    ("=EXECUTION_RATE(1,2,3,4,5)", 0, "#VALUE!"),
    (f"=_xludf.EXECUTION_RATE({P9},{P_HEAD})", 25.33, 50),
    (f"=[1]!EXECUTION_RATE({P9},{P_HEAD})", 25.33, 50),
    ("=EXECUTION_RATE(项目行,项目头)", 25.33, 50),
    ("=EXECUTION_RATE(项目!本行,项目头)", 25.33, 50),
    ("=SUM(EXECUTION_RATE(套名,项目头))", 25.33, 50),
    (f"=ACHIEVEMENT(指标!A5:P5,指标!A$4:P$4)-PROJECT_ACHIEVEMENT({ALL})", 53.52, 50),
]  # fmt: skip
"""Formulas that call our functions: their result before (which may be anything), and after."""

ORDINARY: list[tuple[str, Value, Value]] = [
    ("=项目!S9", 25.33, 50),
    ("=项目!S9", None, 50),
    ("=SUM(项目!S5:S9)", 123.72, 148.39),
    ("=SUM(项目!S:S)", 123.72, 148.39),
    ("=SUM(项目!S5:S9)", 1, 148.39),  # a stale result of a formula that is sure
    ("=ROUND(AVERAGE(项目!S5:S9),1)", 24.7, 29.7),
    ("=IF(项目!T9>=50,\"50%以上\",\"50%以下\")", "50%以下", "50%以上"),
    ("=项目!T9>=50", False, True),
    ("=IF(项目!T9<50,1,NA())", 1, "#N/A"),
    ("=IFERROR(1/(项目!S9-50),\"除数是0\")", -0.04, "除数是0"),
    ("=1/(项目!S9-50)", -0.0405350628293474, "#DIV/0!"),
    ("=1/(项目!S9-50)", 7, "#DIV/0!"),
    ("=VLOOKUP(\"004\",项目!A5:T9,20,FALSE)", 46.48, 50),
    ("=SUMIF(项目!A5:A9,\"002\",项目!S5:S9)", 0, 0),
    ("=COUNTIF(统计表!D5:D9,\">=50\")", 1, 2),
    ("=统计表!C13", 1, 2),
    ("=统计表!D9&\"%\"", "46.48%", "50%"),
    ("=LEN(监控报告!A1)>=0", True, True),
    ("=SUMPRODUCT((项目!F5:F9=\"追加\")*项目!S5:S9)", 25.33, 50),
    ("=SUMPRODUCT((项目!F5:F9=\"追加\")*项目!S5:S9)", 25.3, 50),
    ("=SUMPRODUCT((项目!F5:F9=\"追加\")*项目!S5:S9)", None, 50),
    ("=MOD(ROUND(项目!S9,0),7)", 4, 1),
    ("=率*2", 50.66, 100),
    ("=项目!本率+1", 26.33, 51),
    ("=SUM(表1[执行率])", 27.33, 52),
    ("=SUM(表1[[#All],[执行率]])", 54.66, 104),
    ("=表1[[#Totals],[执行率]]", 27.33, 52),
    ("=SUM(表1[it''s '[元']])", 30, 30),
    ("=TODAY()-项目!S9", 45000, GONE),
    ("=[1]Sheet1!A1+项目!S9", 26.33, GONE),
    ("=SUM(项目:指标!S9)", 25.33, 50),
    ("=SUM('项目:指标'!S9)", None, 50),
    ("='项目:指标'!S9", 25.33, GONE),
    ("=_xludf.FOO(项目!S9)", 1, GONE),
    ("=没有的名称+项目!S9", "#NAME?", GONE),
    ("=_xlfn.LET(_xlpm.x,项目!S9,_xlpm.x+1)", 26.33, 51),
    ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)(项目!S9)", 26.33, GONE),
    ("=" + "+".join(["项目!S9"] * 100), 2533, 5000),
    ("=" + "+".join(["项目!S9"] * 900), 22797, GONE),
    ("=SUM(项目!S5:S9)-123.72-24.67", -24.67, 0),
    ("=COUNTIF(项目!B5:B9,\"舆情*\")+项目!S9", 26.33, 51),
    ("=COUNTIF(项目!B5:B9,\"舆情????\")+项目!S9", 26.33, 51),
]  # fmt: skip
"""Ordinary formulas over computed cells: the result that the file holds for the old figures, and the new one."""

UNTOUCHED: list[tuple[str, Value]] = [
    ("=1+1", 3),
    ("=1+1", None),
    ("=SUM(项目!I5:I9)", 99),
    ("=SUM(项目!I5:I9)", None),
    ("=TODAY()", 45000),
    ("=_xludf.FOO(项目!I5)", "#NAME?"),
    ("=[1]Sheet1!A1", 5),
    ("=SUM(首页:指标!I5)", 12),
    ('=A1&"x"', "旧x"),
    ("=项目!B5", "旧"),
    ("=Z1000", True),
    ("=#REF!+1", "#REF!"),
]
"""Formulas that have nothing to do with what was computed; their results may be wrong or missing."""


class World(NamedTuple):
    source: Path
    out: Path
    opened: app.Opened

    def shown(self, sheet: str, reference: str) -> object:
        """What a cell shows, as openpyxl and calamine both read it."""
        value = book(self.out)[sheet][reference].value
        row, column = area_at(sheet, reference)[1:3]
        rows = grid(self.out, sheet)
        other = rows[row - 1][column - 1] if len(rows) >= row and len(rows[0]) >= column else ""
        assert other == ("" if value is None else value) or str(value).startswith("#"), (value, other)
        return value


@cache
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


@cache
def grid(path: Path, sheet: str) -> list[list[object]]:
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    return [list(row) for row in rows.to_python(skip_empty_area=False)]


@cache
def computed() -> bytes:
    """The sample after a first run."""
    host = Package(Path("样例.xlsx"), files.sample())
    opened = app.open_host(host, None)
    app.fill_workbook(host, opened, Path())
    return host.save()


def spent_more() -> Parts:
    """The computed sample in which somebody then doubled what 舆情处置经费 has spent."""
    found = Parts(computed(), macros=False)
    put(found, "项目", "K9", 0.75)
    add_sheet(found, OWN)
    return found


def ran(content: bytes, folder: Path) -> World:
    source, out = folder / "源.xlsx", folder / "果.xlsx"
    source.write_bytes(content)
    opened, _ = app.run(source, app.Destinations(out))
    return World(source, out, opened)


def part(path: Path, sheet: str) -> str:
    with zipfile.ZipFile(path) as package:
        found = Parts(path.read_bytes(), macros=False)
        return package.read(found.sheets()[sheet]).decode()


def element(path: Path, sheet: str, reference: str) -> str:
    """A cell as it stands in the file."""
    found = re.search(rf'<c r="{reference}"[^>]*?(/>|>.*?</c>)', part(path, sheet))
    return found[0] if found else ""


def named(found: Parts) -> None:
    found.define("项目行", "项目!$A$9:$Q$9")
    found.define("项目头", "项目!$A$4:$Q$4")
    found.define("套名", "项目行")
    found.define("率", "项目!$S$9")
    found.define("本行", "项目!$A$9:$Q$9", "项目")
    found.define("本率", "率", "项目")


def table(found: Parts, sheet: str, area: str, columns: list[str]) -> None:
    """A table 表1 with a row of totals."""
    head = "".join(f'<tableColumn id="{n}" name="{name}"/>' for n, name in enumerate(columns, 1))
    xml = (
        f'<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="表1" displayName="表1"'
        f' ref="{area}" totalsRowCount="1"><tableColumns count="{len(columns)}">{head}</tableColumns></table>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    identity = found.attach(found.sheets()[sheet], "table", "xl/tables/table77.xml", xml.encode(), kind)
    found.put(sheet, f'<tableParts count="1"><tablePart r:id="{identity}"/></tableParts>')


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One workbook with all of them: functions in B, ordinary ones in D, untouched ones in F; a table in J:K."""
    found = spent_more()
    named(found)
    for column, cases in (("B", FUNCTIONS), ("D", ORDINARY)):
        put_all(found, OWN, [(f"{column}{row}", (one[0], one[1])) for row, one in enumerate(cases, 1)])
    put_all(found, OWN, [(f"F{row}", one) for row, one in enumerate(UNTOUCHED, 1)])
    put_all(
        found, OWN, {"J1": "执行率", "J2": ("=项目!S9", 25.33), "J3": 2, "J4": ("=SUM(表1[执行率])", 27.33)}
    )
    put_all(
        found, OWN, {"K1": "it's [元]", "K2": 10, "K3": 20, "L2": ("=表1[[#This Row],[执行率]]*2", 50.66)}
    )
    table(found, OWN, "J1:K4", ["执行率", "it's [元]"])
    add_sheet(found, OTHER)
    put_all(found, OTHER, {"A1": ("=项目!I5*2", 1), "A2": ("=B1", None), "B1": 4})
    return ran(found.pack(), tmp_path_factory.mktemp("world"))


def expect(world: World, sheet: str, reference: str, after: Value) -> None:
    if after == GONE:
        assert "<v" not in element(world.out, sheet, reference)
        assert "<f" in element(world.out, sheet, reference)
        assert [one for one in world.opened.findings if one.code == "CEL015" and one.where.sheet == sheet]
        return
    shown = world.shown(sheet, reference)
    assert type(shown) is type(after) or {type(shown), type(after)} == {int, float}
    assert shown == (pytest.approx(after, rel=1e-13, abs=0) if isinstance(after, float) else after)


@pytest.mark.parametrize(
    ("row", "case"), list(enumerate(FUNCTIONS, 1)), ids=[one[0][:40] for one in FUNCTIONS]
)
def test_formulas_that_call_our_functions(world: World, row: int, case: tuple[str, Value, Value]) -> None:
    expect(world, OWN, f"B{row}", case[2])


@pytest.mark.parametrize(("row", "case"), list(enumerate(ORDINARY, 1)), ids=[one[0][:40] for one in ORDINARY])
def test_ordinary_formulas_over_computed_cells(
    world: World, row: int, case: tuple[str, Value, Value]
) -> None:
    expect(world, OWN, f"D{row}", case[2])


def test_tables_own_columns(world: World) -> None:
    assert [world.shown(OWN, one) for one in ("J2", "J4", "L2")] == [50, 52, 100]


@pytest.mark.parametrize("row", range(1, len(UNTOUCHED) + 1), ids=[one[0] for one in UNTOUCHED])
def test_the_others_stay_byte_for_byte(world: World, row: int) -> None:
    before = element(world.source, OWN, f"F{row}")
    assert "<f>" in before
    assert element(world.out, OWN, f"F{row}") == before


def test_a_sheet_without_such_formulas_stays_byte_for_byte(world: World) -> None:
    assert part(world.out, OTHER) == part(world.source, OTHER)


def test_formulas_keep_their_texts(world: World) -> None:
    before, after = (re.findall(r"<f.*?(?:/>|</f>)", part(path, OWN)) for path in (world.source, world.out))
    assert before == after
    assert len(before) > 80


def test_a_second_run_gives_the_same_bytes(world: World, tmp_path: Path) -> None:
    again = tmp_path / "果.xlsx"
    app.run(world.out, app.Destinations(again))
    assert again.read_bytes() == world.out.read_bytes()


def test_a_wrong_expectation_is_noticed(world: World) -> None:
    with pytest.raises(AssertionError):
        expect(world, OWN, "B1", 25)
    with pytest.raises(AssertionError):
        expect(world, OWN, "B1", GONE)
    with pytest.raises(AssertionError):
        expect(world, OWN, f"D{[one[2] for one in ORDINARY].index(GONE) + 1}", 1)


# -- what is told --------------------------------------------------------------------------------------


def test_a_finding_says_which_formula_where_why_and_what_to_do(world: World) -> None:
    told = {one.where.cell: one for one in world.opened.findings if one.code == "CEL015"}
    gone = [f"D{row}" for row, one in enumerate(ORDINARY, 1) if one[2] == GONE]
    assert set(told) < set(gone)
    one = told[f"D{[case[0] for case in ORDINARY].index('=_xludf.FOO(项目!S9)') + 1}"]
    assert (one.severity.value, one.where.sheet) == ("INFO", OWN)
    assert one.message == "公式“=FOO(项目!S9)”的结果先清空了：用了算不了的函数 FOO。"
    assert "保存" in one.remedy
    assert all(len(each.message) < 200 for each in told.values())


def test_one_finding_for_all_formulas_of_a_sheet_and_a_cause(tmp_path: Path) -> None:
    found = spent_more()
    add_sheet(found, OTHER)
    put_all(found, OWN, [(f"{column}{row}", ("=_xlfn.FOO(项目!S9)", 1)) for row in (2, 3) for column in "BC"])
    put(found, OWN, "A9", ("=BAR(项目!S9)", 1))
    put(found, OTHER, "A5", ("=_xlfn.LET(_xlpm.a,项目!S9,_xlfn.FOO(_xlpm.a))", 1))
    world = ran(found.pack(), tmp_path)
    found_all = [one for one in world.opened.findings if one.code == "CEL015"]
    told = {f"{one.where.sheet}!{one.where.cell}": one.message for one in found_all}
    assert told == {
        f"{OWN}!B2": "公式“=FOO(项目!S9)”的结果先清空了，共 4 个单元格，这是第一个：用了算不了的函数 FOO。",
        f"{OWN}!A9": "公式“=BAR(项目!S9)”的结果先清空了：用了算不了的函数 BAR。",
        f"{OTHER}!A5": "公式“=LET(a,项目!S9,FOO(a))”的结果先清空了：用了算不了的函数 FOO。",
    }


def load_option(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        return b'fullCalcOnLoad="1"' in package.read(WORKBOOK)


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"A1": ("=项目!S9", 25.33)}, False),
        ({"A1": ("=FOO(项目!S9)", 1)}, True),
        ({"A1": ("=FOO(项目!S9)", 1), "A2": ("=AMOUNT_WAN(5)", 5)}, False),
        ({"A1": ("=FOO(项目!I5)", 1)}, False),
    ],
)
def test_recalculation_is_asked_for_where_it_does_no_harm(
    cells: Mapping[str, Content], asked: bool, tmp_path: Path
) -> None:
    found = spent_more()
    put_all(found, OWN, cells)
    world = ran(found.pack(), tmp_path)
    assert not load_option(world.source)
    assert load_option(world.out) is asked


def test_exit_code_and_json_tell_no_more_than_the_finding(tmp_path: Path) -> None:
    found = spent_more()
    (tmp_path / "无.xlsx").write_bytes(found.pack())
    put(found, OWN, "A1", ("=FOO(项目!S9)", 1))
    (tmp_path / "有.xlsx").write_bytes(found.pack())
    answers = [CliRunner().invoke(cli, ["run", str(tmp_path / f"{one}.xlsx"), "--json"]) for one in "无有"]
    assert [one.exit_code for one in answers] == [0, 0]
    without, with_one = (json.loads(one.stdout) for one in answers)
    (told,) = [one for one in with_one.pop("findings") if one not in without.pop("findings", [])][-1:]
    assert (told["code"], told["sheet"], told["cell"]) == ("CEL015", OWN, "A1")
    without.pop("outputs"), with_one.pop("outputs")
    assert with_one == without


# -- where formulas stand ------------------------------------------------------------------------------


def test_formulas_among_our_own_cells(tmp_path: Path) -> None:
    found = spent_more()
    put(found, "项目", "AA9", ('=EXECUTION_RATE(A9:Q9,A$4:Q$4)&""', "25.33"))
    put(found, "项目", "Z9", ("=S9-R9", 23.83))
    put(found, "指标", "W5", ("=ROUND(Q5/2,0)", 3))
    put(found, "首页", "J20", ("=MAX(项目!S5:S9)", 98.39))
    put(found, "首页", "J21", ("=SUM(项目!S5:S9)/5", 24.744))
    world = ran(found.pack(), tmp_path)
    assert [world.shown("项目", one) for one in ("AA9", "Z9")] == ["50", 48.5]
    assert world.shown("指标", "W5") == 50
    assert [world.shown("首页", one) for one in ("J20", "J21")] == [98.39, 29.678]
    assert [one for one in world.opened.findings if one.code == "CEL015"] == []


def test_formulas_in_a_column_that_the_user_inserted(tmp_path: Path) -> None:
    found = spent_more()
    inserted_column(found)
    put(found, "项目", "D9", ("=ROUND(EXECUTION_RATE(项目!E9:R9,E$4:R$4),0)&T9", "0"))
    put(found, "项目", "D8", ("=T9*2", 50.66))
    world = ran(found.pack(), tmp_path)
    assert [world.shown("项目", one) for one in ("D9", "D8", "T9")] == ["5050", 100, 50]


def test_shared_formulas(tmp_path: Path) -> None:
    found = spent_more()
    put(found, OWN, "A5", ("=ROUND(项目!S5,0)", 98), t="shared", ref="A5:A9", si="0")
    for row, old in ((6, 0), (7, 0), (8, 0), (9, 25)):
        put(found, OWN, f"A{row}", ("", old), t="shared", si="0")
    world = ran(found.pack(), tmp_path)
    assert [world.shown(OWN, f"A{row}") for row in range(5, 10)] == [98, 0, 0, 0, 50]
    assert part(world.out, OWN).count('t="shared"') == 5


def test_array_formulas_of_the_right_and_of_a_wrong_size(tmp_path: Path) -> None:
    found = spent_more()
    rates = "=EXECUTION_RATE(项目!A5:Q9,项目!A$4:Q$4)"
    for column, size in (("A", 5), ("B", 6), ("C", 3)):
        put(found, OWN, f"{column}1", (rates, 98.39), t="array", ref=f"{column}1:{column}{size}")
        put_all(found, OWN, [(f"{column}{row}", 1) for row in range(2, size + 1)])
    put(found, OWN, "D1", ("=项目!S8:S9*2", 0), t="array", ref="D1:D2")
    put(found, OWN, "D2", 50.66)
    put(found, OWN, "E1", ("=项目!S7:S9*2", 0), t="array", ref="E1:E2")
    put(found, OWN, "E2", 0)
    world = ran(found.pack(), tmp_path)
    new = [98.39, 0, 0, 0, 50]
    assert [world.shown(OWN, f"A{row}") for row in range(1, 6)] == new
    assert [world.shown(OWN, f"B{row}") for row in range(1, 7)] == [*new, "#N/A"]
    assert [world.shown(OWN, f"C{row}") for row in range(1, 4)] == new[:3]
    assert [world.shown(OWN, f"D{row}") for row in (1, 2)] == [0, 100]
    assert [world.shown(OWN, f"E{row}") for row in (1, 2)] == [0, 0]


@pytest.mark.parametrize(("size", "after"), [(5, [98.39, 0, 0, 0, 50]), (4, [None] * 4)])
def test_dynamic_arrays(size: int, after: list[object], tmp_path: Path) -> None:
    found = spent_more()
    rates = "=EXECUTION_RATE(项目!A5:Q9,项目!A$4:Q$4)"
    put(found, OWN, "A1", (rates, 98.39), t="array", ref=f"A1:A{size}")
    found.row(OWN, 1)[0].set("cm", "1")
    put_all(found, OWN, [(f"A{row}", 7) for row in range(2, size + 1)])
    put(found, OWN, "C1", (f"=SUM(A1:A{size})", 1))
    world = ran(found.pack(), tmp_path)
    assert [world.shown(OWN, f"A{row}") for row in range(1, size + 1)] == after
    assert world.shown(OWN, "C1") == (148.39 if size == 5 else None)
    assert 'cm="1"' in element(world.out, OWN, "A1")


def test_a_chain_of_fifty_and_one_that_breaks(tmp_path: Path) -> None:
    found = spent_more()
    put(found, OWN, "A1", ("=项目!S9", 25.33))
    put_all(found, OWN, [(f"A{row}", (f"=A{row - 1}+1", None)) for row in range(2, 51)])
    put(found, OWN, "B1", ("=FOO(项目!S9)", 25.33))
    put_all(found, OWN, [(f"B{row}", (f"=B{row - 1}+1", row)) for row in range(2, 51)])
    world = ran(found.pack(), tmp_path)
    assert [world.shown(OWN, f"A{row}") for row in (1, 2, 50)] == [50, 51, 99]
    assert [world.shown(OWN, f"B{row}") for row in (1, 2, 50)] == [None] * 3
    told = [one.message for one in world.opened.findings if one.code == "CEL015"]
    assert told == [
        "公式“=FOO(项目!S9)”的结果先清空了：用了算不了的函数 FOO。",
        "公式“=B1+1”的结果先清空了，共 49 个单元格，这是第一个：它引用的公式没有算出来。",
    ]


def test_helpers_without_results_are_computed_but_not_written(tmp_path: Path) -> None:
    """openpyxl saves formulas without results."""
    work = openpyxl.load_workbook(io.BytesIO(spent_more().pack()))
    sheet = work[OWN]
    sheet["A1"], sheet["A2"], sheet["A3"] = "=项目!I9*2", "=A1+项目!S9", "=A1+1"
    work.save(tmp_path / "平.xlsx")
    world = ran((tmp_path / "平.xlsx").read_bytes(), tmp_path)
    assert [world.shown(OWN, one) for one in ("A1", "A2", "A3")] == [None, 53, None]


def test_a_formula_in_an_input_cell_that_nothing_computed_changes(tmp_path: Path) -> None:
    found = spent_more()
    put(found, "项目", "K9", ("=我的分析!A1/2", 0.75))
    put(found, OWN, "A1", 1.5)
    world = ran(found.pack(), tmp_path)
    assert element(world.out, "项目", "K9") == element(world.source, "项目", "K9")
    assert world.shown("项目", "S9") == 50


def test_many_formulas_are_quick(tmp_path: Path) -> None:
    found = spent_more()
    rate = "EXECUTION_RATE(项目!A$5:Q$9,项目!A$4:Q$4)"
    put_all(found, OWN, [(f"A{row}", (f"=INDEX({rate},{row % 5 + 1})+{row}", row)) for row in range(1, 1501)])
    put_all(found, OWN, [(f"B{row}", (f"=A{row}+SUM(项目!S:S)", row)) for row in range(1, 1501)])
    start = time.perf_counter()
    world = ran(found.pack(), tmp_path)
    assert time.perf_counter() - start < 20
    assert [world.shown(OWN, one) for one in ("A4", "A1499", "B1500")] == [54, 1549, 1746.78]


# -- in memory: one formula, what it looks at before and after -----------------------------------------


def results(
    before: Mapping[str, Content],
    after: Mapping[str, Content],
    formulas: Mapping[str, Content],
    **more: object,
) -> dict[str, str | None]:
    """What the formulas' cells get, when some cells of a sheet change."""
    new = memory({"S": {**before, **after, **formulas}}, **more)  # type: ignore[arg-type]
    changed = [area_at("S", one) for one in after]
    found = refresh(new, changed, Session())
    return {address(one.row, one.column): one.cell and one.cell.text for one in found.writes}


CIRCLE = {"B1": ("=C1+A1", 1), "C1": ("=B1", 1), "D1": ("=C1+1", 2), "E1": ("=A1+1", 2)}
DIRECT: list[tuple[str, Mapping[str, Content], Mapping[str, str | None]]] = [
    ("circle", CIRCLE, {"B1": None, "C1": None, "D1": None, "E1": "6"}),
    ("itself", {"B1": ("=SUM(A1:B1)", 1)}, {"B1": None}),
    ("computed in parts far down", {"B900": ("=ROUND(AMOUNT_WAN(A1*2)*A2,1)", 1)}, {"B900": "20"}),
    ("blind after what it sees", {"B1": ("=INDIRECT(\"C9\")+0", 1), "C9": ("=A1", 1)}, {"C9": "5", "B1": "5"}),
    ("blind over a sheet", {"B1": ("=INDIRECT(\"S!C9\")", 1), "C9": ("=A1", 1)}, {"C9": "5", "B1": "5"}),
    ("blind sees nothing unknown", {"B1": ("=INDIRECT(\"S!C9\")", 1), "C9": ("=FOO(A1)", 1)}, {"C9": None, "B1": None}),
    ("one row of several", {"B2": ("=A1:A2*2", 2)}, {"B2": None}),
    ("the whole of an area", {"B2": ("=INDEX(A1:A2,A3)", 1)}, {"B2": None}),
    ("SUMIF as large as needed", {"B1": ("=SUMIF(A1:A2,\"<9\",A1)", 3)}, {"B1": "7"}),
    ("truth value as text", {"A9": True, "B1": ("=LEFT(A9,A1-3)", "T")}, {"B1": "TR"}),
    ("dates and percentages", {"A9": 44750, "B1": ("=A9+A1*10%", 44750.1)}, {"B1": "44750.5"}),
    ("far too many cells", {"B1": ("=SUM(A1:C900000)+A1", 1)}, {"B1": None}),
    ("nothing changed", {"B1": ("=A1-A1+2", 2)}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("formulas", "after"), [one[1:] for one in DIRECT], ids=[one[0] for one in DIRECT])
def test_directly(formulas: Mapping[str, Content], after: Mapping[str, str | None]) -> None:
    assert results({"A1": 1, "A2": 2, "A3": 0}, {"A1": 5}, formulas) == after


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    """Dates in cells, in our functions and in formulas are those that the user sees."""
    found = spent_more()
    properties = found.root(WORKBOOK).find("{*}workbookPr")
    assert properties is not None
    properties.set("date1904", "1")
    style = next(one.get("s") for one in found.row("首页", 10) if one.get("r") == "F10")
    put(found, OWN, "A1", 43288, style or "")
    put(found, OWN, "B1", ("=A1+项目!S9*0", 43288), style or "")
    put(found, OWN, "C1", ("=_xlfn.DAYS(A1,DATE(2022,7,1))+项目!S9*0", 7))
    world = ran(found.pack(), tmp_path)
    assert "<v>43288</v>" in element(world.out, OWN, "B1")
    assert world.shown(OWN, "C1") == 7


BLIND: dict[str, Content] = {
    "A1": ('=INDIRECT("项目!S9")', 25.33),
    "A2": ("=SUM(OFFSET(项目!S5,0,0,5))", 123.72),
    "A3": ("=A1*2", 50.66),
}


@pytest.mark.parametrize(
    ("more", "after"),
    [
        ({}, [50, 148.39, 100]),
        ({"B1": ('=INDIRECT("我的分析!B2")', 25.33), "B2": ("=项目!S9", 25.33)}, [50, 148.39, 100]),
        ({"B1": ('=INDIRECT("项目!S9")', 25)}, [50, 148.39, 100]),
        ({"B1": ("=项目!I5", None)}, [50, 148.39, 100]),
    ],
)
def test_formulas_that_find_their_cells_themselves(
    more: Mapping[str, Content], after: list[object], tmp_path: Path
) -> None:
    """They are computed after what they turn out to look at, whatever is missing elsewhere."""
    found = spent_more()
    put_all(found, OWN, {**BLIND, **more})
    world = ran(found.pack(), tmp_path)
    assert [world.shown(OWN, one) for one in BLIND] == after


def test_cells_with_a_percent_format_mean_the_same_to_a_function_as_to_a_computed_column(
    tmp_path: Path,
) -> None:
    found = spent_more()
    work = openpyxl.load_workbook(io.BytesIO(found.pack()))
    sheet = work["指标"]
    sheet["F7"], sheet["K7"] = 1, 0.9
    sheet["F7"].number_format = sheet["K7"].number_format = "0%"
    work[OWN]["A1"] = "=ACHIEVEMENT(指标!A7:P7,指标!A$4:P$4)"
    work.save(tmp_path / "平.xlsx")
    world = ran((tmp_path / "平.xlsx").read_bytes(), tmp_path)
    assert world.shown(OWN, "A1") == world.shown("指标", "Q7") == 90


def test_a_table_of_another_size_is_read_as_it_is() -> None:
    tables = {"T": ListTable(Area("S", 1, 3, 3, 3), ("a b",))}
    cells: dict[str, Content] = {"C1": "a b", "C2": 1, "C3": 2}
    formulas: dict[str, Content] = {"E2": ("=SUM(T[a b])", 3), "E3": ("=T[[#This Row],[a b]]", 2)}
    assert results(cells, {"C2": 5}, formulas, tables=tables) == {"E2": "7"}


def test_results_are_cells_of_fifteen_digits() -> None:
    assert results({"A1": 1}, {"A1": 2}, {"B1": ("=A1/3", 1)}) == {"B1": "0.666666666666667"}
    assert results({"A1": 2}, {"A1": 2}, {"B1": ("=A1/3", 0.66666666666666663)}) == {}
