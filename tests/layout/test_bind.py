"""Where sheets, headers and rows are found, and what a row of cells becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.rules.build import cell, tables
from xlbudget import layout
from xlbudget.domain.model import Comparison, Monitoring, RemarkKind
from xlbudget.layout.bind import NotAWorkbookOfOurs, bind
from xlbudget.layout.locate import find_table, locate
from xlbudget.layout.memory import digest
from xlbudget.reading.table import Cell, Merges, Table

Tables = dict[str, Table]


def facts(changes: Mapping[str, Any]) -> Monitoring:
    return bind(tables(changes)).facts


def said(found: Tables, kind: RemarkKind) -> list[str]:
    """The remarks of a kind, with their places."""
    return [f"{one.where} {one.message}" for one in bind(found).facts.remarks if one.kind is kind]


def put(found: Tables, name: str, rows: dict[int, dict[int, Cell]]) -> None:
    """Give a sheet other rows, the first of them first."""
    found[name] = Table(name, dict(sorted(rows.items())))


def moved(table: Table, down: int) -> Table:
    """A table whose rows stand further down."""
    return Table(table.name, {row + down: cells for row, cells in table.rows.items()})


# -- sheets and header rows ----------------------------------------------------------------------------


def test_a_sheet_is_known_with_blanks_and_asterisks_in_its_tab() -> None:
    found = {" 项目*": Table(" 项目*"), "别的项目": Table("别的项目")}
    assert find_table(found, "项目") is found[" 项目*"]
    assert find_table(found | {"项目": Table("项目")}, "项目") == Table("项目")
    assert find_table(found, "指标") is None


@pytest.mark.parametrize(("row", "read"), [(1, True), (20, True), (21, False)])
def test_the_header_row_is_one_of_the_first_20(row: int, read: bool) -> None:
    found = tables({})
    found["项目"] = moved(found["项目"], row - layout.HEADER_ROW)
    assert len(bind(found).facts.projects) == read
    told = said(found, RemarkKind.NO_HEADER)
    assert bool(told) != read
    assert (
        read
        or "“项目”表前 20 行里找不到表头行（项目编号、项目名称、预算批次、预算数、累计支出、资金用途）"
        in told[0]
    )


def test_a_header_row_has_two_required_headers() -> None:
    """One of them may stand in a title; headers that need not be filled do not count."""
    found = tables({})
    title, others = {1: Cell("text", "项目名称")}, {1: Cell("text", "部门名称"), 2: Cell("text", "备注")}
    put(found, "项目", {1: title, 2: others, **found["项目"].rows})
    located = locate(found, layout.PROJECTS, {}, [])
    assert located is not None
    assert (located[0].header_row, located[0].rows) == (4, (5,))


def test_the_first_header_row_counts_and_what_stands_above_it_is_no_data() -> None:
    found = tables({})
    heads, data = found["项目"].rows[4], found["项目"].rows[5]
    put(found, "项目", {2: data, 4: heads, 5: data, 6: heads, 7: data})
    assert [one.place.row for one in bind(found).facts.projects] == [5, 7]
    assert said(found, RemarkKind.INTERPRETED) == ["项目!A6 这一行看来是重复的表头，不作为数据读取。"]


def test_a_number_is_no_header() -> None:
    found = tables({})
    found["项目"].rows[4][2] = Cell("error", "项目名称")
    assert said(found, RemarkKind.NO_HEADER) == ["项目 “项目”表找不到表头“项目名称”。"]


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("累计支出（截至6月底）", "第 4 行写的是“累计支出（截至6月底）”，请改回“累计支出”。"),
        ("支出", "第 4 行写的是“支出”，请改回“累计支出”。"),
        ("付款", "请在第 4 行补上表头“累计支出”，或用 xlbudget new 另建一个工作簿，从里面复制这一列。"),
    ],
)
def test_a_missing_header_is_named_with_what_was_written_instead(written: str, remedy: str) -> None:
    found = tables({})
    column = next(n for n, one in found["项目"].rows[4].items() if one.text.startswith("累计支出"))
    found["项目"].rows[4][column] = Cell("text", written)
    told = [one for one in bind(found).facts.remarks if one.kind is RemarkKind.NO_HEADER]
    assert [(str(one.where), one.remedy) for one in told] == [("项目", remedy)]


def test_rows_without_input_are_no_data_and_what_was_computed_there_is_stale() -> None:
    found = tables({"项目": [{"预算执行率(%)": 50}]})
    table = found["项目"].rows
    column = next(n for n, one in table[4].items() if one.text == "预算执行率(%)")
    ours, typed = {column: Cell("number", "50")}, {column: Cell("number", "51")}
    put(found, "项目", {**table, 6: ours, 7: typed, 8: {2: Cell("text", "—")}, 9: {60: Cell("text", "自用")}})
    memory = {("项目", "execution_rate"): frozenset({digest("项目", "execution_rate", "50")})}
    located = locate(found, layout.PROJECTS, memory, [])
    assert located is not None
    assert (located[0].rows, located[0].stale) == ((5,), ((6, "execution_rate"),))


# -- 首页 ----------------------------------------------------------------------------------------------


def test_the_value_stands_to_the_right_of_its_label() -> None:
    found = tables({})
    front = found["首页"]
    front.rows[4] = {3: Cell("text", "单位全称*："), 4: Cell("text", "某县水利局"), 5: Cell("text", "某县")}
    unit = bind(found).facts.unit
    assert (unit.full_name, unit.cells["full_name"], unit.department) == ("某县水利局", (4, 4), "水利局")


def test_a_label_is_a_text() -> None:
    found = tables({})
    found["首页"].rows[4][2] = Cell("error", "单位全称")
    assert said(found, RemarkKind.NO_HEADER) == ["首页 “首页”表找不到“单位全称”这一栏。"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"首页": {"监控截止月份": ""}}, "“监控截止月份”没有填好，无法计算（首页!C12：没有填）。请在这一格填写（1 至 12），再试。"),
        ({"首页": {"监控截止月份": 13}}, "（首页!C12：“13”不在 1 至 12 月之内）"),
        ({"首页": {"金额单位": "美元"}}, "“金额单位”没有填好，无法计算（首页!C13：“美元”不是可选的内容）。请在这一格填写（万元或元），再试。"),
        ({"缺表头": ["金额单位"]}, "无法计算：“首页”表找不到“金额单位”这一栏。请补上这一栏，在它右边一格填写（万元或元），再试。"),
    ],
)  # fmt: skip
def test_what_nothing_can_be_computed_without(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(NotAWorkbookOfOurs) as error:
        facts(changes)
    found = layout.FRONT.columns
    rows = {one.header: number for number, one in enumerate(found, 4)}
    wanted = text.replace("C12", f"C{rows['监控截止月份']}").replace("C13", f"C{rows['金额单位']}")
    assert wanted in str(error.value)


def test_a_workbook_of_ours_has_the_front_and_one_of_the_lists() -> None:
    found = tables({})
    assert bind({name: one for name, one in found.items() if name != "项目"}).facts.indicators
    assert bind({name: one for name, one in found.items() if name != "指标"}).facts.projects
    with pytest.raises(NotAWorkbookOfOurs, match="找不到“首页”表"):
        bind({name: one for name, one in found.items() if name != "首页"})
    with pytest.raises(NotAWorkbookOfOurs, match="找不到“项目”和“指标”表"):
        bind({"首页": found["首页"]})


# -- cells that are merged over several rows -----------------------------------------------------------


def merged(column: str, rows: int = 3, *, sheet: str = "指标", first: int = 5, left: int = 0) -> Tables:
    """The clean unit with a column's cells merged over rows; what the merge hides is gone."""
    found = tables({"指标": [{"项目编号": "001"}]})
    table = found[sheet]
    number = next(n for n, one in table.rows[4].items() if one.text.rstrip("*") == column)
    for row in range(first + 1, first + rows):
        table.rows[row].pop(number, None)
    area = (first, number - left, first + rows - 1, number)
    found[sheet] = replace(table, merged=Merges((area,)))
    return found


@pytest.mark.parametrize("column", ["项目编号", "三级指标", "一级指标"])
def test_a_number_name_or_option_that_is_merged_stands_in_each_row(column: str) -> None:
    found = merged(column)
    rows = bind(found).facts.indicators
    field = next(one.field for one in layout.INDICATORS.columns if one.header == column)
    assert len({getattr(one, field) for one in rows}) == 1
    told = said(found, RemarkKind.INTERPRETED)
    assert [one.partition(" ")[0][-1] for one in told] == ["6", "7"]
    assert all("单元格是合并的，按第 5 行的“" in one for one in told)
    assert said(found, RemarkKind.REQUIRED) == []


def test_an_amount_that_is_merged_stands_in_one_row_only() -> None:
    found = merged("年度指标值")
    assert [one.target for one in bind(found).facts.indicators] == [Decimal(100), None, None]
    assert said(found, RemarkKind.REQUIRED) == [
        "指标!F6 年度指标值：这里被合并单元格盖住了，没有内容。",
        "指标!F7 年度指标值：这里被合并单元格盖住了，没有内容。",
    ]


def test_a_merge_that_begins_in_another_column_or_in_the_header_says_nothing() -> None:
    for found in (merged("三级指标", left=1), merged("三级指标", 2, first=4)):
        assert [one for one in said(found, RemarkKind.INTERPRETED) if "三级指标" in one] == []
        assert "这里被合并单元格盖住了" in "".join(said(found, RemarkKind.REQUIRED))


def test_a_merge_of_an_empty_cell_says_nothing() -> None:
    found = merged("三级指标")
    del found["指标"].rows[5][next(n for n, one in found["指标"].rows[4].items() if one.text == "三级指标*")]
    assert said(found, RemarkKind.INTERPRETED) == []
    assert len(said(found, RemarkKind.REQUIRED)) == 3


# -- rows ----------------------------------------------------------------------------------------------


def indicator(**changes: Any) -> Any:
    """The first indicator of the clean unit with cells changed."""
    return facts({"指标": [changes]}).indicators[0]


@pytest.mark.parametrize(
    ("changes", "comparison", "target", "unreadable"),
    [
        ({}, Comparison.AT_LEAST, Decimal(100), set()),
        ({"计算符号": "≥100", "年度指标值": ""}, Comparison.AT_LEAST, Decimal(100), set()),
        ({"计算符号": "≥100", "年度指标值": 100}, Comparison.AT_LEAST, Decimal(100), set()),
        ({"计算符号": "≥100", "年度指标值": 90}, Comparison.AT_LEAST, None, {"target"}),
        ({"计算符号": "", "年度指标值": "≤90"}, Comparison.AT_MOST, Decimal(90), set()),
        ({"计算符号": "", "年度指标值": 90}, None, Decimal(90), set()),
        ({"计算符号": "大约", "年度指标值": 90}, None, Decimal(90), {"comparison"}),
        ({"计算符号": "大约", "年度指标值": "≥90"}, None, Decimal(90), {"comparison"}),
        ({"年度指标值": "很多"}, Comparison.AT_LEAST, None, {"target"}),
        ({"年度指标值": ""}, Comparison.AT_LEAST, None, set()),
    ],
)
def test_comparison_and_target(
    changes: dict[str, Any], comparison: Comparison | None, target: Decimal | None, unreadable: set[str]
) -> None:
    one = indicator(**changes)
    assert (one.comparison, one.target, one.unreadable) == (comparison, target, unreadable)


def test_without_the_column_of_comparisons_no_target_is_read() -> None:
    one = facts({"缺表头": ["计算符号"]}).indicators[0]
    assert (one.comparison, one.target, one.actual, one.full_year) == (None, None, None, None)
    assert one.unreadable == {"comparison", "target", "actual", "full_year"}


def test_a_month_that_is_due_is_december_where_nothing_is_said() -> None:
    assert indicator().due_month == 12
    assert indicator(计划完成月份=6).due_month == 6
    unread = indicator(计划完成月份="雨季")
    assert (unread.due_month, unread.unreadable) == (None, {"due_month"})


@pytest.mark.parametrize(
    ("typed", "quantity", "words"),
    [(20, 20, None), ("20", 20, None), ("20余次", 20, "20余次"), ("很多", None, None)],
)
def test_a_quantity_keeps_the_words_that_say_more(
    typed: Any, quantity: int | None, words: str | None
) -> None:
    row = {"类别": "宣传", "工作事项": "发放材料", "数量": typed, "计量单位": "次", "上年同期": "10余次"}
    (work,) = facts({"重点工作": [row]}).key_works
    assert work.quantity == quantity
    assert work.quantity_words == words
    assert work.before == 10


def test_only_the_text_of_a_note_may_say_that_there_is_nothing() -> None:
    def note(content: Any) -> str | None:
        return facts({"文字说明": [{"章节": "下一步监控工作", "内容": content}]}).notes[0].text

    assert (note("无"), note(" 无 "), note("/"), note("无。")) == ("无", "无", None, "无。")
    assert facts({"项目": [{"资金用途": "无"}]}).projects[0].purpose is None


def test_a_deadline_without_a_year_is_in_the_year_of_the_budget() -> None:
    row = {
        "项目编号": "001",
        "偏差原因": "其他",
        "原因分析": "工期",
        "整改措施": "催办",
        "整改完成时限": "9月底",
    }
    assert facts({"偏差整改": [row]}).corrections[0].deadline == date(2024, 9, 30)


# -- the fingerprint -----------------------------------------------------------------------------------


def fingerprint(found: Tables) -> str:
    return bind(found).fingerprint


def test_the_fingerprint_tells_what_was_filled_in() -> None:
    clean = fingerprint(tables({}))
    other: list[dict[str, Any]] = [
        {"首页": {"单位全称": "某县水务局"}},
        {"首页": {"联系电话": 1}},
        {"项目": [{"预算数": "10.01"}]},
        {"项目": [{"备注": "甲"}]},
        {"指标": [{"备注": "甲"}]},
        {"指标": [{}, {}, {}, {"项目编号": "001"}]},
        {"文字说明": [{"章节": "下一步监控工作", "内容": "加快。"}]},
    ]
    prints = [fingerprint(tables(one)) for one in other]
    assert len({clean, *prints}) == len(other) + 1
    assert {len(one) for one in prints} == {12}


def test_the_fingerprint_does_not_tell_where_it_was_filled_in() -> None:
    found = tables({"项目": [{"预算执行率(%)": 50}]})
    found["项目"] = moved(found["项目"], 3)
    rows = found["指标"].rows.items()
    put(found, "指标", {row: {number + 2: one for number, one in cells.items()} for row, cells in rows})
    found["指标"].rows[6][1] = Cell("text", "自用")
    assert fingerprint(found) == fingerprint(tables({}))


def test_the_fingerprint_takes_a_number_as_it_is_meant() -> None:
    """Programs write 8.39 in more than one way."""
    found = tables({"项目": [{"累计支出": 8.39}]})
    number = next(n for n, one in found["项目"].rows[4].items() if one.text == "累计支出*")
    before = fingerprint(found)
    for text in ("8.390", "8.3900000000000006", "839e-2"):
        found["项目"].rows[5][number] = Cell("number", text)
        assert fingerprint(found) == before
    for other in (Cell("number", "8.391"), Cell("text", "8.390"), Cell("error", "x")):
        found["项目"].rows[5][number] = other
        assert fingerprint(found) != before


def test_cells_of_these_tests_are_cells() -> None:
    assert cell(8.39) == Cell("number", "8.39")
