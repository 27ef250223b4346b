"""Each relation of the audit: text in, expected and found out; and texts that must not be accused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from xlbudget.audit.audit import audit
from xlbudget.audit.finding import AuditFinding
from xlbudget.audit.relation import RELATIONS
from xlbudget.audit.source import Source
from xlbudget.readers import read_bytes

CASES: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(
    Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8")
)
BAD = [(code, case) for code, cases in CASES.items() for case in cases["bad"]]
GOOD = [(code, case) for code, cases in CASES.items() for case in cases["good"]]


def source_of(text: str) -> Source:
    """A text as a file that somebody audits; lines with | are tables."""
    return read_bytes(Path("报告.txt"), text.encode()).source


def told(findings: tuple[AuditFinding, ...]) -> list[tuple[str, str, str]]:
    return [(one.code, one.expected, one.found) for one in findings]


def test_every_relation_has_a_failing_and_a_passing_case() -> None:
    assert {code for code, cases in CASES.items() if cases["bad"] and cases["good"]} == set(RELATIONS)


@pytest.mark.parametrize(("code", "case"), BAD, ids=[f"{code}-{case['found']}" for code, case in BAD])
def test_a_contradiction_is_found_and_nothing_else(code: str, case: dict[str, Any]) -> None:
    findings = audit(source_of(case["text"])).findings
    assert told(findings) == [(code, case["expected"], case["found"])]


@pytest.mark.parametrize(("code", "case"), GOOD, ids=[code for code, _ in GOOD])
def test_what_is_right_is_not_accused(code: str, case: dict[str, Any]) -> None:
    assert code in RELATIONS
    assert told(audit(source_of(case["text"])).findings) == []
