"""Audit a document: read it, try every relation, tell each contradiction once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import localcontext
from functools import partial

from xlbudget.audit import relations
from xlbudget.audit.against import Witness
from xlbudget.audit.claims import claims_of
from xlbudget.audit.finding import AuditFinding, Claim, Confidence
from xlbudget.audit.paragraphs import Document, read
from xlbudget.audit.relation import AGAINST, RELATIONS, findings_of
from xlbudget.audit.source import Source, parts_of

assert relations.MODULES
_FROM_SUREST = list(Confidence)
_DIGITS = 100
"""Numbers of forty digits are multiplied and divided without an error, whatever they mean."""
_FOR_A_PROCESS = 2
"""Parts of a document: fewer are read sooner than a process starts."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found, and what the document claims where that was asked for."""

    findings: tuple[AuditFinding, ...]
    claims: tuple[Claim, ...] = ()


Part = tuple[int, Source]


def audit(
    source: Source, witness: Witness | None = None, *, with_claims: bool = False, processes: int = 1
) -> Audit:
    """Whether a document agrees with itself and, where one is given, with a workbook.

    The parts of a long document know nothing of each other; several processes read them sooner, with the same result.
    """
    parts = list(parts_of(source))
    alone = witness if len(parts) == 1 else None
    made = each_part(partial(_audited, witness=alone, with_claims=with_claims), parts, processes)
    found = [told for one in made for told in one.findings]
    if witness is not None and alone is None:
        found += _against(read(source), witness)
    return Audit(_once(found), tuple(claim for one in made for claim in one.claims))


def _audited(part: Part, *, witness: Witness | None, with_claims: bool) -> Audit:
    first, source = part
    with localcontext() as context:
        context.prec = _DIGITS
        document = read(source, first)
        found = [told for one in RELATIONS.values() for told in findings_of(one, document)]
        if witness is not None:
            found += _against(document, witness)
        return Audit(tuple(found), claims_of(document) if with_claims else ())


def _against(document: Document, witness: Witness) -> list[AuditFinding]:
    with localcontext() as context:
        context.prec = _DIGITS
        return [told for one in AGAINST.values() for told in findings_of(one, document, witness)]


def each_part(judge: Callable[[Part], Audit], parts: Sequence[Part], processes: int) -> list[Audit]:
    """What is made of each part, in their order; without other processes where they do not start, or are killed."""
    workers = min(processes, len(parts) // _FOR_A_PROCESS)
    if workers > 1:
        from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

        try:
            with ProcessPoolExecutor(workers) as pool:
                return list(pool.map(judge, parts))
        except (BrokenExecutor, OSError, NotImplementedError):
            pass
    return [judge(part) for part in parts]


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
