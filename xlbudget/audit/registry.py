"""What a check is, and how checks are registered and run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xlbudget.audit.case import Case
from xlbudget.audit.finding import SEVERITY, AuditFinding, Confidence, Quote
from xlbudget.domain.registry import declare
from xlbudget.domain.visible import visible

F = TypeVar("F", bound=Callable[..., Iterator[Any]])


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a check finds: how sure, what is wrong, what to do, the accused words and what they contradict."""

    confidence: Confidence
    message: str
    remedy: str
    quotes: tuple[Quote, ...]
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Check(Generic[F]):
    """A check with its code (never reused) and title; its docstring is what a report must keep."""

    code: str
    title: str
    requirement: str
    function: F


CheckFunction = Callable[[Case], Iterator[Contradiction]]
CHECKS: dict[str, Check[CheckFunction]] = {}
"""Checks of a document in itself, by code."""


def registered(registry: dict[str, Check[F]], code: str, title: str) -> Callable[[F], F]:
    """Register a check. Raises ValueError for a code used twice."""

    def register(function: F) -> F:
        declare(registry, code, Check(code, title, (function.__doc__ or "").strip(), function))
        return function

    return register


def check(code: str, title: str) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check of a document in itself."""
    return registered(CHECKS, code, title)


def finding(one: Check[F], told: Contradiction) -> AuditFinding:
    """A contradiction with the code of its check, as grave as it is sure."""
    return AuditFinding(
        one.code,
        SEVERITY[told.confidence],
        told.confidence,
        visible(told.message),
        visible(told.remedy),
        told.quotes,
        told.expected,
        told.found,
    )
