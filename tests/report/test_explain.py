"""What `explain` says: the cells and the arithmetic of every figure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.build import case_of
from xlbudget.report.explain import Explanation, explain

ROW: dict[str, dict[str, Any]] = {
    "≥": {"年度指标值": 100, "当前完成值": 50, "全年预计完成值": 100},
    "超额": {"年度指标值": 100, "当前完成值": 130, "全年预计完成值": 130},
    "≤": {"计算符号": "≤", "年度指标值": 10, "当前完成值": 12, "全年预计完成值": 10},
    "定性": {"计算符号": "定性", "年度指标值": "提高", "当前完成值": "部分达成", "全年预计完成值": "达成"},
    "未到期": {"当前完成值": "未到期", "全年预计完成值": ""},
    "空": {"当前完成值": ""},
    "推算": {"年度指标值": 100, "当前完成值": 40, "全年预计完成值": ""},
    "可能性": {"年度指标值": 100, "当前完成值": 40, "全年预计完成值": "", "完成目标可能性": "有可能"},
    "读不出": {"当前完成值": "一半多一点"},
}


def explained(name: str) -> Explanation:
    case = case_of({"指标": [ROW[name]]})
    return explain(case, case.results[0])


@pytest.mark.parametrize(
    ("name", "achievement", "forecast"),
    [
        ("≥", "当前完成值 50 ÷ 年度指标值 100 × 100 = 50", "全年预计完成值 100 ÷ 年度指标值 100 × 100 = 100"),
        ("超额", "130 ÷ 年度指标值 100 × 100 = 130，按 100 计", "= 130，按 100 计"),
        ("≤", "（1 −（12 − 10）÷ 10）× 100 = 80", "在目标以内，记 100"),
        ("定性", "当前完成值“部分达成”，记 70", "全年预计完成值“达成”，记 100"),
        ("未到期", "未到期，不参加计算", "未到期，也没有填年底预计"),
        ("空", "没有填，按 0 计", "全年预计完成值 100 ÷"),
        ("推算", "= 40", "按进度推算：40 × 12 ÷ 6 = 80"),
        ("可能性", "= 40", "完成目标可能性“有可能”，记 85"),
        ("读不出", "读不出来", "全年预计完成值 100 ÷"),
    ],
)
def test_indicator_words(name: str, achievement: str, forecast: str) -> None:
    found = explained(name)
    assert achievement in found.parts[0].how
    note = next(one for one in found.figures if one.what == "预计：管护河道长度")
    assert forecast in note.formula


def test_cells_and_formula_of_the_achievement() -> None:
    found = explained("≥")
    assert [[str(cell) for cell in part.cells] for part in found.parts] == [
        ["指标!K5", "指标!F5"], ["指标!K6", "指标!F6"], ["指标!K7", "指标!F7"], ["项目!K5", "项目!I5"],
    ]  # fmt: skip
    assert found.formula == "（50 + 100 + 50）÷ 3 = 66.67"


@pytest.mark.parametrize(
    ("changes", "formula"),
    [
        (
            {"项目": [{"累计支出": 0}], "指标": [{"当前完成值": 0}, {"当前完成值": "未达成"}]},
            "工作未开展，记 0",
        ),
        ({"指标": [{"当前完成值": "一半多"}]}, "有内容读不出来"),
        ({"口径": {"method": "weighted"}, "指标": [{"权重": 20}]}, "权重不全或合计不是 90"),
        ({"口径": {"method": "weighted"}}, "（50×30 + 100×40 + 50×10）÷ 80 = 75"),
    ],
)
def test_other_formulas(changes: dict[str, Any], formula: str) -> None:
    case = case_of(changes)
    assert formula in explain(case, case.results[0]).formula


def test_every_figure_of_the_row_is_explained() -> None:
    kinds = [one.what for one in explained("≥").figures]
    for what in ("调整后预算", "预算执行率", "实现程度", "分档", "预计年底实现程度", "预计实现情况", "预计执行率",
                 "指标预警", "资金预警", "综合预警"):  # fmt: skip
        assert what in kinds
