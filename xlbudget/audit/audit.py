"""Audit a document: read it, try every relation, tell each contradiction once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import localcontext

from xlbudget.audit import relations
from xlbudget.audit.against import Witness
from xlbudget.audit.finding import AuditFinding, Confidence
from xlbudget.audit.paragraphs import Document, read
from xlbudget.audit.relation import AGAINST, RELATIONS, findings_of
from xlbudget.audit.source import Source, parts_of

assert relations.MODULES
_FROM_SUREST = list(Confidence)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was read and what was found."""

    documents: tuple[Document, ...]
    """The document, a long one in parts."""
    findings: tuple[AuditFinding, ...]


def audit(source: Source, witness: Witness | None = None) -> Audit:
    """Whether a document agrees with itself and, where one is given, with a workbook."""
    with localcontext() as context:
        context.prec = _DIGITS
        return _audit(source, witness)


_DIGITS = 100
"""Numbers of forty digits are multiplied and divided without an error, whatever they mean."""


def _audit(source: Source, witness: Witness | None) -> Audit:
    documents = tuple(read(part, first) for first, part in parts_of(source))
    found = [told for each in documents for one in RELATIONS.values() for told in findings_of(one, each)]
    if witness is not None:
        whole = documents[0] if len(documents) == 1 else read(source)
        found += [told for one in AGAINST.values() for told in findings_of(one, whole, witness)]
    return Audit(documents, _once(found))


def _once(findings: Iterable[AuditFinding]) -> tuple[AuditFinding, ...]:
    """In the order of the document; what several relations find about the same words is told once, by the surest."""
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
    return place.item, place.row or 0, _FROM_SUREST.index(one.confidence), one.code
