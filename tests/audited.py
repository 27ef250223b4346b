"""Findings of an audit made by hand, for what shows them."""

from __future__ import annotations

from xlbudget.audit.finding import AuditFinding, Confidence, Quote
from xlbudget.audit.source import Line, Place, Source
from xlbudget.domain.finding import Severity


def quote(source: Source, words: str, *, cell: bool = False) -> Quote:
    """The first place where words stand: in a line, in the cells of a row, or (`cell`) in a cell."""
    for number, item in enumerate(source):
        if isinstance(item, Line):
            if words in " ".join(item.text.split()) and not cell:
                return Quote(words, Place(number, item.label))
            continue
        for at, row in enumerate(item.rows):
            label = f"{item.label}第{at + 1}行"
            for column, text in enumerate(row):
                if cell and words == text:
                    return Quote(words, Place(number, label, at, column))
            if words in " ".join(" ".join(text.split()) for text in row if text) and not cell:
                return Quote(words, Place(number, label, at))
    raise AssertionError(words)


def finding(*quotes: Quote, code: str = "AUD001", severity: Severity = Severity.ERROR) -> AuditFinding:
    confidence = {Severity.ERROR: Confidence.CERTAIN, Severity.WARNING: Confidence.LIKELY}
    return AuditFinding(
        code, severity, confidence.get(severity, Confidence.POSSIBLE), f"{code}：文中说3个，表中有5个。",
        "请核对后改成一致。", quotes, "5个", "3个",
    )  # fmt: skip
