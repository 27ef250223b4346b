"""Audit a document: read it, run every check, tell each contradiction once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xlbudget.audit import checks
from xlbudget.audit.against import AGAINST, Witness
from xlbudget.audit.case import Case, build_case
from xlbudget.audit.finding import AuditFinding, Confidence
from xlbudget.audit.registry import CHECKS, finding
from xlbudget.audit.source import Source

assert checks.MODULES
_SURENESS = list(Confidence)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was read and what was found."""

    case: Case
    findings: tuple[AuditFinding, ...]


def audit(source: Source, witness: Witness | None = None) -> Audit:
    """Whether a document agrees with itself and, where one is given, with a workbook."""
    case = build_case(source)
    found = [finding(one, told) for one in CHECKS.values() for told in one.function(case)]
    if witness is not None:
        found += [finding(one, told) for one in AGAINST.values() for told in one.function(case, witness)]
    return Audit(case, _once(found))


def _once(findings: Iterable[AuditFinding]) -> tuple[AuditFinding, ...]:
    """In the order of the document; what several checks find about the same words is told once, by the surest."""
    kept: dict[tuple[int, int | None, str, str], AuditFinding] = {}
    for one in sorted(findings, key=_order):
        place = one.quotes[0].place
        kept.setdefault((place.item, place.row, _bare(one.expected), _bare(one.found)), one)
    return tuple(kept.values())


def _bare(words: str) -> str:
    """Numbers without their units, so that 13.91 and 13.91万元 are the same; words without numbers as they are."""
    return " ".join(re.findall(r"[0-9.]+", words)) or words


def _order(one: AuditFinding) -> tuple[int, int, int, str]:
    place = one.quotes[0].place
    return place.item, place.row or 0, _SURENESS.index(one.confidence), one.code
