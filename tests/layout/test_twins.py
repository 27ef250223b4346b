"""Headers and labels that stand twice: both cells are named, what both say is read, what they dispute is unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.rules.build import case_of, tables
from xlbudget.domain.measures import Assessment
from xlbudget.functions.blocks import Session, block
from xlbudget.judge import judge
from xlbudget.layout.bind import NotAWorkbookOfOurs, bind
from xlbudget.reading.table import Cell

TWICE = "CEL021"


def told(case: Assessment) -> list[str]:
    return [one.message for one in judge(case, strict=True).findings if one.code == TWICE]


@pytest.mark.parametrize(
    ("typed", "second", "spent"),
    [
        (5, 5, 50000),
        (5, "5", 50000),
        (5, "", 50000),
        (5, "/", 50000),
        ("", 5, 50000),
        (5, 6, None),
        (5, "50000元", None),
        (0, 5, None),
        ("", "", None),
    ],
)
def test_what_two_columns_say(typed: Any, second: Any, spent: int | None) -> None:
    case = case_of({"项目": [{"累计支出": typed}], "第二处": {"项目": {"累计支出": [second]}}})
    assert told(case) == ["表头“累计支出”有 2 处：K4、Z4，不知道以哪一处为准。"]
    assert case.facts.projects[0].spent == (None if spent is None else Decimal(spent))
    assert case.totals.incomplete == (spent is None)


def test_only_the_rows_in_dispute_are_unknown() -> None:
    rows = [
        {},
        {"项目编号": "002", "项目名称": "堤防维修经费", "预算批次": "年初", "预算数": 4, "累计支出": 2},
    ]
    rows[1] |= {"资金用途": "用于维修"}
    case = case_of({"项目": rows, "第二处": {"项目": {"累计支出": [6, 2]}}})
    assert [one.spent for one in case.facts.projects] == [None, Decimal(20000)]
    assert "项目.spent" in case.facts.absent


def test_a_row_that_only_the_second_column_fills_counts() -> None:
    case = case_of({"第二处": {"文字说明": {"内容": ["只在第二列的一段。"]}}})
    assert [one.text for one in case.facts.notes] == ["只在第二列的一段。"]


def test_the_fingerprint_sees_both() -> None:
    found = {
        bind(tables({"第二处": twins})).fingerprint
        for twins in (
            {},
            {"项目": {"累计支出": [5]}},
            {"项目": {"累计支出": [6]}},
            {"首页": {"填报人": ""}},
            {"首页": {"填报人": "张某"}},
        )
    }
    assert len(found) == 5


@pytest.mark.parametrize("header", ["累计支出*", " 累 计\n支出 ", "累计\u200b支出", "＊累计支出"])
def test_headers_are_the_same_but_for_blanks(header: str) -> None:
    assert told(case_of({"第二处": {"项目": {header: [5]}}})) != []


@pytest.mark.parametrize("header", ["累计支出（上年）", "支出", "上年累计支出", "累计支出合计"])
def test_other_headers_are_no_second_ones(header: str) -> None:
    assert told(case_of({"第二处": {"项目": {header: [5]}}})) == []


# -- 首页 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "cell"),
    [("监控截止月份", "B10"), ("金额单位", "B11"), ("金额单位*", "B11"), ("监控截止月份：", "B10")],
)
@pytest.mark.parametrize("value", [6, 12, "万元", "元", ""])
def test_without_which_nothing_can_be_computed(label: str, cell: str, value: Any) -> None:
    """Also where both say the same: which one a person changes next month nobody knows."""
    with pytest.raises(NotAWorkbookOfOurs) as refused:
        case_of({"第二处": {"首页": {label: value}}})
    assert f"有 2 处：{cell}、B30" in str(refused.value)
    assert "无法计算" in str(refused.value)


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        ("水利局", "水利局", "水利局"),
        ("水利局", "", "水利局"),
        ("", "水利局", "水利局"),
        ("水利局", "财政局", None),
    ],
)
def test_what_two_labels_say(first: str, second: str, read: str | None) -> None:
    case = case_of({"首页": {"部门名称": first}, "第二处": {"首页": {"部门名称": second}}})
    assert told(case) == ["“部门名称”这一栏有 2 处：B5、B30，不知道以哪一处为准。"]
    assert case.facts.unit.department == read
    assert [one for one in judge(case).findings if one.code == "CEL001"] == []
    assert case.facts.unit.cells["department"] == ((30, 3) if not first else (5, 3))


@pytest.mark.parametrize("value", ["监控截止月份", "金额单位", "部门名称", "预算年度*", "填报人："])
def test_a_value_is_no_label(value: str) -> None:
    case = case_of({"首页": {"填报人": value}})
    assert told(case) == []
    assert case.facts.unit.prepared_by == value


def test_a_label_in_place_of_an_empty_value_is_a_value() -> None:
    """The next cell to the right of a label is its value, whatever stands there."""
    with pytest.raises(NotAWorkbookOfOurs, match="金额单位"):
        case_of({"首页": {"金额单位": "监控截止月份"}})


# -- worksheet functions -------------------------------------------------------------------------------


@pytest.mark.parametrize(("second", "spent"), [(5, 50000), (None, 50000), (6, None)])
def test_functions_read_as_run_does(second: int | None, spent: int | None) -> None:
    header = block([["项目编号", "累计支出", "累计支出"]])
    rows = block(
        [[Cell("text", "001"), Cell("number", "5"), None if second is None else Cell("number", str(second))]]
    )
    (project,) = Session().projects(rows, header, None)
    assert project is not None
    assert project.spent == (None if spent is None else Decimal(spent))
    assert project.unknown("spent") == (spent is None)
