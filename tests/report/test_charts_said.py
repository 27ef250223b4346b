"""What a chart says in a sentence, on both sides of 序时进度."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.build import case_of
from xlbudget.report.charts import charts


def said(changes: dict[str, Any]) -> list[str]:
    return [one.statement for one in charts(case_of(changes), lambda project: project.name or "")]


@pytest.mark.parametrize(
    ("spent", "statement"),
    [
        (4.99, "1 个项目的预算执行率低于序时进度"),
        (5, "各项目的预算执行率都不低于序时进度"),
        ("不清楚", ""),
    ],
)
def test_how_many_are_behind(spent: Any, statement: str) -> None:
    assert said({"项目": [{"累计支出": spent}]})[1] == statement


def test_the_furthest_behind_come_first() -> None:
    rows = [
        {},
        *(
            {
                "项目编号": f"00{n}",
                "项目名称": f"甲{n}",
                "预算批次": "年初",
                "预算数": 10,
                "累计支出": n,
                "资金用途": "用于监测",
            }
            for n in (7, 1, 4)
        ),
    ]
    drawn = charts(case_of({"项目": rows}), lambda project: project.name or "")[1]
    assert drawn.labels == ("甲1", "甲4", "河道管护经费", "甲7")


def test_the_statement_stands_before_the_note() -> None:
    achieved, executed, bands = charts(case_of({}), lambda project: project.name or "")
    assert achieved.note.startswith(f"{achieved.statement}。截至 6 月底")
    assert bands.statement == "实现程度在“50%（含）以上”的项目最多，有 1 个"
    assert executed.title == "各项目预算执行率与序时进度（%）"


def test_each_bar_has_the_light_of_its_project() -> None:
    changes = {"项目": [{"累计支出": 1}], "偏差整改": []}
    achieved, executed, bands = charts(case_of(changes), lambda project: project.name or "")
    assert (achieved.lights, executed.lights, bands.lights) == (("红",), ("红",), ())
