"""Audit a document: read it, run every check, tell each contradiction once."""

from __future__ import annotations

from dataclasses import dataclass

from xlbudget.audit import checks
from xlbudget.audit.case import Case, build_case
from xlbudget.audit.finding import AuditFinding
from xlbudget.audit.registry import CHECKS, findings_of
from xlbudget.audit.source import Source

assert checks.__all__


@dataclass(frozen=True, slots=True)
class Audit:
    """What was read and what was found."""

    case: Case
    findings: tuple[AuditFinding, ...]


def audit(source: Source) -> Audit:
    """Whether a document agrees with itself."""
    case = build_case(source)
    return Audit(case, _once(findings_of(CHECKS.values(), case)))


def _once(findings: list[AuditFinding]) -> tuple[AuditFinding, ...]:
    """What several checks find about the same words is told once, by the surest."""
    kept: dict[tuple[str, int, int | None, str], AuditFinding] = {}
    for one in findings:
        accused = one.quotes[0]
        kept.setdefault((accused.text, accused.place.item, accused.place.row, one.found), one)
    return tuple(kept.values())
