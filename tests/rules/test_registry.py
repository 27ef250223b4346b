"""A rule that crashes is our fault and stops nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.rules.build import case_of
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Remark, RemarkKind
from xlbudget.domain.where import Where
from xlbudget.judge import judge
from xlbudget.report.compose import compose
from xlbudget.report.document import Document
from xlbudget.rules import REGISTRY
from xlbudget.rules.registry import Rule, Violation, run


def broken(_: Assessment) -> Iterator[Violation]:
    raise ZeroDivisionError("oops")
    yield


BROKEN = Rule("XXX001", Severity.WARNING, "坏规则", "填报惯例", "总是出错。", broken)


def test_a_crash_becomes_sys001_and_the_others_go_on() -> None:
    case = case_of({"项目": [{"累计支出": 11}]})
    findings = run([BROKEN, REGISTRY["FND001"]], case, strict=False)
    assert [one.code for one in findings] == ["SYS001", "FND001"]
    assert "XXX001" in findings[0].message
    assert "不是填报的问题" in findings[0].remedy


def test_tests_run_strict() -> None:
    with pytest.raises(ZeroDivisionError):
        run([BROKEN], case_of({}), strict=True)


def test_running_does_not_change_the_registry() -> None:
    before = dict(REGISTRY)
    case = case_of({})
    assert run(REGISTRY.values(), case, strict=True) == run(REGISTRY.values(), case, strict=True)
    assert before == REGISTRY


def test_every_rule_has_a_title_a_requirement_and_a_basis() -> None:
    for one in REGISTRY.values():
        assert one.title
        assert one.requirement.endswith("。")
        assert one.basis


def test_findings_come_in_the_order_of_the_workbook() -> None:
    """By sheet, row and column, not by their letters; at one cell by code; what names no cell comes first."""
    places = [
        "我的汇总!B2",
        "指标!A5",
        "项目!B10",
        "项目!B9",
        "项目!AA5",
        "项目!C5",
        "首页!C4",
        "项目",
        "文字说明!A5",
    ]
    findings = judge(
        case_of({"没有算出来的公式": places, "指标": [{"项目编号": "009"}]}), strict=True
    ).findings
    told = {"CEL007", "CEL015"}
    found = [(str(one.where), one.code) for one in findings if one.code in told]
    assert found == [
        ("首页!C4", "CEL015"),
        ("项目", "CEL015"),
        ("项目!C5", "CEL015"),
        ("项目!AA5", "CEL015"),
        ("项目!B9", "CEL015"),
        ("项目!B10", "CEL015"),
        ("指标!A5", "CEL007"),
        ("指标!A5", "CEL015"),
        ("文字说明!A5", "CEL015"),
        ("我的汇总!B2", "CEL015"),
    ]


TYPED = [
    {"文字说明": [{"章节": "下一步监控工作", "内容": "加快支出。"}]},
    {"偏差整改": [{"项目编号": "001", "偏差原因": "其他", "原因分析": "工期", "整改措施": "催办"}]},
    {"重点工作": [{"类别": "宣传", "工作事项": "发放材料"}]},
]


def failing_audit(_: Document) -> Iterator[Finding]:
    raise ZeroDivisionError("oops")
    yield


@pytest.mark.parametrize("typed", TYPED, ids=["a note", "a correction", "a piece of work"])
def test_the_report_is_audited_where_somebody_typed_a_text(
    typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlbudget.judge.audit_of_report", failing_audit)
    codes = [one.code for one in judge(case_of(typed)).findings if one.severity is Severity.ERROR]
    assert codes == ["SYS001"]
    with pytest.raises(ZeroDivisionError):
        judge(case_of(typed), strict=True)
    assert "SYS001" not in {one.code for one in judge(case_of({}), strict=True).findings}


def test_one_error_is_enough_for_a_draft() -> None:
    judged = judge(case_of({"项目": [{"累计支出": 11, "全年预计支出": ""}], "指标": [{"当前完成值": ""}]}))
    assert {one.severity for one in judged.findings} >= {Severity.ERROR, Severity.WARNING}
    assert judged.draft
    assert not replace(
        judged, findings=tuple(one for one in judged.findings if one.severity is Severity.WARNING)
    ).draft


def test_a_report_is_composed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is audited, becomes a draft, and more is told of how cells were read."""
    made: list[Document] = []

    def composed(case: Assessment) -> Document:
        made.append(compose(case))
        return made[-1]

    monkeypatch.setattr("xlbudget.judge.compose", composed)
    judged = judge(case_of(TYPED[0] | {"项目": [{"累计支出": 11}]}))
    remark = Remark(RemarkKind.NOT_REFRESHED, Where("项目", 5, 1), "公式没有算出来。", "请保存一次。")
    more = judged.told([remark])
    assert {one.code for one in more.findings} - {one.code for one in judged.findings} == {"CEL015"}
    assert (judged.report.draft, more.report.blocks) == (True, judged.report.blocks)
    assert more.told([]).findings == judged.findings
    assert len(made) == 1
    assert not made[0].draft


@pytest.mark.parametrize(
    ("number", "told", "last"), [(1000, 1000, "第999处"), (1001, 1001, "太多，只列出前 1000 处")]
)
def test_very_many_findings_of_one_rule(number: int, told: int, last: str) -> None:
    """The thousandth is told like the others; what follows is told as more."""

    def many(_: Assessment) -> Iterator[Violation]:
        for at in range(number):
            yield Violation(Where("项目", at + 5, 1), f"第{at}处不对。", "请改正。")

    rule = Rule("XXX002", Severity.WARNING, "有错", "填报惯例", "不能错。", many)
    findings = run([rule], case_of({}), strict=True)
    assert len(findings) == told
    assert last in findings[-1].message
    assert {(one.code, one.severity, one.where.sheet) for one in findings} == {
        ("XXX002", Severity.WARNING, "项目")
    }


def test_a_report_that_is_too_long_is_not_audited_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(
        {"文字说明": [{"章节": "资金情况补充", "内容": "本单位全年预算共99万元，累计支出5万元。" * 30}]}
    )
    before = {one.code for one in judge(case, strict=True).findings}
    monkeypatch.setattr("xlbudget.audit.source.LONGEST", 500)
    after = [one for one in judge(case, strict=True).findings if one.code.startswith("TXT")]
    assert "TXT000" not in before
    assert [(one.code, one.severity, one.where.sheet) for one in after] == [
        ("TXT000", Severity.INFO, "监控报告")
    ]
