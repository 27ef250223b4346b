"""What a check says: how grave, where, what is wrong, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
