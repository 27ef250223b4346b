"""What a check is, and how checks are run; findings come in the order of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from xlbudget.audit.case import Case
from xlbudget.audit.finding import SEVERITY, AuditFinding, Confidence, Quote


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a check finds: how sure, what is wrong, what to do, the accused words and what they contradict."""

    confidence: Confidence
    message: str
    remedy: str
    quotes: tuple[Quote, ...]
    expected: str = ""
    found: str = ""


CheckFunction = Callable[[Case], Iterator[Contradiction]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check with its code (never reused) and title; its docstring is what a report must keep."""

    code: str
    title: str
    requirement: str
    function: CheckFunction


CHECKS: dict[str, Check] = {}


def check(code: str, title: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check. Raises ValueError for a code used twice."""

    def register(function: CheckFunction) -> CheckFunction:
        if code in CHECKS and CHECKS[code].function.__qualname__ != function.__qualname__:
            raise ValueError(f"check code {code} is used twice")
        CHECKS[code] = Check(code, title, (function.__doc__ or "").strip(), function)
        return function

    return register


def findings_of(checks: Iterable[Check], case: Case) -> list[AuditFinding]:
    """Run checks; what two of them find at the same place is told once, by the surer one."""
    found = [_finding(one, contradiction) for one in checks for contradiction in one.function(case)]
    found.sort(key=lambda one: (_order(one.quotes[0]), list(Confidence).index(one.confidence), one.code))
    return found


def _finding(one: Check, told: Contradiction) -> AuditFinding:
    return AuditFinding(
        one.code,
        SEVERITY[told.confidence],
        told.confidence,
        told.message,
        told.remedy,
        told.quotes,
        told.expected,
        told.found,
    )


def _order(quote: Quote) -> tuple[int, int, int]:
    return quote.place.item, quote.place.row or 0, quote.place.column or 0
