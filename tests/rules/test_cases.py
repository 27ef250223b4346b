"""Every rule against its cases in tests/cases: what fails it, where, and what does not.

In a failing case nothing else at WARNING or above may be found unless the case says so: one cause, one finding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.build import case_of
from xlbudget import rules
from xlbudget.domain.finding import Severity

CASES = Path(__file__).parent.parent / "cases"


def load() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for path in sorted(CASES.glob("[A-Z]*.yaml")):
        for code, cases in yaml.safe_load(path.read_text("utf-8")).items():
            found += [(code, case.get("不合") or case["合"], case) for case in cases]
    return found


ALL = load()


@pytest.mark.parametrize(("code", "says", "case"), ALL, ids=[f"{code} {says}" for code, says, _ in ALL])
def test_case(code: str, says: str, case: dict[str, Any]) -> None:
    findings = rules.check(case_of(case), strict=True)
    found = [str(one.where) for one in findings if one.code == code]
    assert found == case.get("位置", []), says
    if "不合" in case:
        assert found
        grave = {one.code for one in findings if one.severity is not Severity.INFO}
        assert grave - {code} == set(case.get("还有", []))
        severity = case.get("级别", rules.REGISTRY[code].severity)
        assert {one.severity for one in findings if one.code == code} == {severity}


def test_every_rule_has_a_failing_and_a_passing_case() -> None:
    failing = {code for code, _, case in ALL if "不合" in case}
    passing = {code for code, _, case in ALL if "合" in case}
    assert failing == passing == set(rules.REGISTRY)


def test_the_clean_unit_is_clean() -> None:
    assert [one.message for one in rules.check(case_of({}), strict=True)] == []


def test_messages_say_what_and_what_to_do() -> None:
    """Message and remedy are whole sentences; a remedy tells what to do."""
    for _, _, case in ALL:
        for one in rules.check(case_of(case), strict=True):
            assert one.message.endswith("。")
            assert one.remedy.endswith("。")
            assert "\n" not in one.message
            assert len(one.message) < 120
