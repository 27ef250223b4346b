"""What a check says: how grave, where, what is wrong, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, field_validator

from xlbudget.domain.visible import visible
from xlbudget.domain.where import Where


class Severity(StrEnum):
    """ERROR stops a report from being final, WARNING wants a look, INFO tells how something was taken."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    INFO = "INFO"

    @property
    def label(self) -> str:
        return {"ERROR": "错误", "WARNING": "警告", "INFO": "提示"}[self.value]


class Finding(BaseModel):
    """One thing to look at in one place. `message` says what is wrong, `remedy` what to do."""

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Severity
    title: str
    where: Where
    message: str
    remedy: str

    _visible = field_validator("message", "remedy")(visible)


class Graded(Protocol):
    """Whatever has a severity."""

    @property
    def severity(self) -> Severity: ...


def tally(findings: Iterable[Graded]) -> str:
    """How many findings there are of each severity, in words."""
    counts = Counter(finding.severity for finding in findings)
    return "，".join(f"{severity.label} {counts[severity]} 项" for severity in Severity)


MOST_ALIKE = 3
"""Remarks (提示) of one rule that are told one by one; more are folded into the first."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings of one rule that are told together: the first in full, of the others the place."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def more(self) -> str:
        """The message's end that says where the others are; nothing where there are none."""
        others = [str(one.where) for one in self.findings[1:]]
        shown = "、".join(others[:_PLACES]) + (" 等" if len(others) > _PLACES else "")
        return f"同类共 {len(self.findings)} 处，另有 {shown}。" if others else ""


_PLACES = 6


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then warnings, then remarks; each in the order given."""
    order = list(Severity)
    return sorted(findings, key=lambda one: order.index(one.severity))


def folded(findings: Iterable[Finding]) -> list[Alike]:
    """The gravest first; remarks of a rule that come more than MOST_ALIKE times together at the place of the first."""
    ordered = gravest_first(findings)
    remarks = Counter(one.code for one in ordered if one.severity is Severity.INFO)
    groups: dict[object, list[Finding]] = {}
    for number, one in enumerate(ordered):
        many = one.severity is Severity.INFO and remarks[one.code] > MOST_ALIKE
        groups.setdefault(one.code if many else number, []).append(one)
    return [Alike(tuple(members)) for members in groups.values()]
