"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xlbudget.audit.source import Place
from xlbudget.domain.finding import Severity


class Confidence(StrEnum):
    """How sure a finding is: arithmetic or the same fact twice; a strong hint; worth a look."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def label(self) -> str:
        return {"certain": "确定", "likely": "很可能", "possible": "可能"}[self.value]


SEVERITY = {
    Confidence.CERTAIN: Severity.ERROR,
    Confidence.LIKELY: Severity.WARNING,
    Confidence.POSSIBLE: Severity.INFO,
}
"""The highest severity that a confidence allows."""
QUOTE_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the document (at most 160 characters, blanks taken together) and where they stand."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """A contradiction: the accused words first, then what they contradict."""

    code: str
    severity: Severity
    confidence: Confidence
    message: str
    remedy: str
    quotes: tuple[Quote, ...]
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A number or a judgement that the document states. `value` is a number, a month or words; `unit` may be empty."""

    kind: str
    value: str
    unit: str
    quote: Quote
