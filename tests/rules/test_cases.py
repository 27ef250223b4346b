"""Every rule against its cases in tests/cases: what fails it, where, and what does not.

In a failing case nothing else at WARNING or above may be found unless the case says so: one cause, one finding.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.build import case_of
from xlbudget import layout, results
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.where import row_and_column
from xlbudget.judge import judge
from xlbudget.report.compose import as_draft, compose
from xlbudget.report.explain import explain
from xlbudget.report.forms import forms
from xlbudget.rules import REGISTRY

CASES = Path(__file__).parent.parent / "cases"


def load() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for path in sorted(CASES.glob("[A-Z]*.yaml")):
        for code, cases in yaml.safe_load(path.read_text("utf-8")).items():
            found += [(code, case.get("不合") or case["合"], case) for case in cases]
    return found


ALL = load()
FAILING = [number for number, (_, _, case) in enumerate(ALL) if "不合" in case]


def named(number: int) -> str:
    return " ".join(ALL[number][:2])


@cache
def findings_in(number: int) -> tuple[Finding, ...]:
    """All that is found in a case, by its number."""
    return judge(case_of(ALL[number][2]), strict=True).findings


@pytest.mark.parametrize("number", range(len(ALL)), ids=named)
def test_case(number: int) -> None:
    code, says, case = ALL[number]
    findings = findings_in(number)
    found = [str(one.where) for one in findings if one.code == code]
    assert found == case.get("位置", []), says
    if "不合" in case:
        assert found
        grave = {one.code for one in findings if one.severity is not Severity.INFO}
        assert grave - {code} == set(case.get("还有", []))
        severity = case.get("级别", REGISTRY[code].severity)
        assert {one.severity for one in findings if one.code == code} == {severity}
        assert all(case.get("说", "") in one.message + one.remedy for one in findings if one.code == code)


def test_every_rule_has_a_failing_and_a_passing_case() -> None:
    failing = {code for code, _, case in ALL if "不合" in case}
    passing = {code for code, _, case in ALL if "合" in case}
    assert failing == passing == set(REGISTRY)


def test_the_clean_unit_is_clean() -> None:
    """Three indicators cannot be of every kind; there is nothing else to say."""
    assert [one.code for one in judge(case_of({}), strict=True).findings] == ["PRJ009"]


def test_messages_say_what_and_what_to_do() -> None:
    """Message and remedy are whole sentences; a remedy tells what to do."""
    for number in range(len(ALL)):
        for one in findings_in(number):
            assert one.message.endswith("。")
            assert one.remedy.endswith("。")
            assert "\n" not in one.message
            assert len(one.message) < 120


# -- without the column that a finding points at -------------------------------------------------------

STAYS = {"DEV001", "PRF001"}
"""Codes whose finding holds also without its column, and then names the sheet alone; the others are silent."""


ELSEWHERE = {"CEL015", "CEL021"}
"""They point at sheets of the user's own and at second headers."""


def header_at(where: str) -> str:
    """The header (on 首页 the label) of a place in the tables of a case."""
    sheet, _, cell = where.partition("!")
    row, column = row_and_column(cell)
    at = row - 4 if sheet == layout.FRONT.name else column - 1
    return next(one.columns[at].header for one in layout.INPUT_SHEETS if one.name == sheet)


def pointed_at() -> list[tuple[int, str]]:
    """Failing cases with each header that their findings point at."""
    found = []
    for number in FAILING:
        code, _, case = ALL[number]
        cells = [where for where in case["位置"] if "!" in where and code not in ELSEWHERE]
        found += [(number, header) for header in sorted({header_at(where) for where in cells})]
    return found


@pytest.mark.parametrize(
    ("number", "header"), [pytest.param(*one, id=f"{named(one[0])}，缺{one[1]}") for one in pointed_at()]
)
def test_without_the_column_there_is_no_cell(number: int, header: str) -> None:
    """Nothing crashes, a missing header of an input is told, and what is still said names no cell of its column."""
    code, _, case = ALL[number]
    changed = case | {"缺表头": [*case.get("缺表头", []), header]}
    findings = judge(case_of(changed), strict=True).findings
    told = any(one.code == "CEL008" and header in one.message for one in findings)
    assert told == (code != "CEL013")  # that is for computed columns
    found = [str(one.where) for one in findings if one.code == code]
    assert [where for where in found if "!" in where and header_at(where) == header] == []
    assert bool([where for where in found if "!" not in where]) == (code in STAYS)


FULL: dict[str, Any] = {
    "项目": [{"累计支出": 3.5, "调整额": 1, "合同金额": 12}, {"项目编号": "002", "预算批次": "追加", "追加月份": 5}],
    "指标": [{"当前完成值": 20, "完成目标可能性": "有可能"}, {"全年预计完成值": ""}, {"当前完成值": "", "计划完成月份": 6}],
    "重点工作": [{"类别": "宣传", "工作事项": "发放材料", "数量": "20余次", "计量单位": "次", "上年同期": 10}],
    "偏差整改": [{"项目编号": "001", "偏差原因": "其他", "原因分析": "汛期推迟", "整改措施": "八月开工", "整改结果": "未整改"}],
    "文字说明": [{"章节": "下一步监控工作", "内容": "加快支出。"}],
}  # fmt: skip
HEADERS = {column.header for one in layout.INPUT_SHEETS for column in one.columns}
NEEDED = {"监控截止月份", "金额单位"}
"""Labels without which nothing can be computed."""


def test_without_any_one_column_all_is_made_that_can_be() -> None:
    """Rules, report, forms, explanations and JSON, one header after the other missing."""
    for header in sorted(HEADERS - NEEDED):
        case = case_of(FULL | {"口径": {"method": "weighted", "achievement_gap": 10}, "缺表头": [header]})
        findings = judge(case, strict=True).findings
        assert as_draft(compose(case), case).blocks
        assert len(list(forms(case, draft=True))) == 2
        assert results.dumps(results.of_explanations(explain(case, one) for one in case.results))
        assert results.dumps(results.of_run(case, findings, []))
