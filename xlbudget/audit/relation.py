"""What a relation is: numbers that the words themselves join, what each of them may be by the others, and when that accuses.

A relation is one function, registered with its code. It yields a tie for each place where its words stand, whether the numbers
agree or not; what is told of a broken one is decided here, in one place: nothing where several ties of one group are broken
(then the reading is wrong, not the document), and never more than the relation has earned by measurement (`sure`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import SEVERITY, AuditFinding, Confidence, Quote
from xlbudget.audit.paragraphs import Paragraph
from xlbudget.domain.registry import declare
from xlbudget.domain.visible import visible

FIX = "请核对这几个数，改正写错的一个。"


@dataclass(frozen=True, slots=True)
class Tie:
    """Numbers that belong together: whether they agree, and what is to be said where they do not; the accused words first.

    `group` names ties that are read in the same way (the rows of a column, the columns of a table).
    """

    holds: bool
    quotes: tuple[Quote, ...]
    message: str = ""
    expected: str = ""
    found: str = ""
    remedy: str = FIX
    group: Hashable = None
    sure: Confidence | None = None
    """Less than the relation allows, where this tie is read with less certainty."""


def tie(
    holds: bool,
    text: Paragraph,
    figures: Sequence[Figure],
    message: str,
    expected: str,
    accused: Figure,
    *more: Quote,
    **others: Any,
) -> Tie:
    """A tie of figures of one paragraph, quoted from the first to the last; `accused` is the one that is told as found."""
    quotes = () if holds else (text.span(*figures), *more)
    return Tie(holds, quotes, message, expected, text.written(accused), **others)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation with its code (never reused) and title; its docstring is what a report must keep."""

    code: str
    title: str
    requirement: str
    sure: Confidence
    """The most that it may say: what it has earned by measurement (docs/audit.md)."""
    find: Callable[..., Iterator[Tie]]


RELATIONS: dict[str, Relation] = {}
"""Relations of a document with itself, by code."""
AGAINST: dict[str, Relation] = {}
"""Relations of a document with a workbook, by code."""
RETIRED = tuple(f"TXT{number:03}" for number in (11, 12, 25, 43, 45, 46, 47, 51, 127, 129, 132))
"""Codes of what found nothing in the corpora, or attributed numbers by word lists; never given to another relation."""
Find = TypeVar("Find", bound=Callable[..., Iterator[Tie]])


def relation(
    code: str, title: str, sure: Confidence = Confidence.CERTAIN, registry: dict[str, Relation] = RELATIONS
) -> Callable[[Find], Find]:
    """Register a relation. Raises ValueError for a code used twice, also where the first has gone."""
    if code in RETIRED:
        raise ValueError(f"{code} was another relation")

    def register(find: Find) -> Find:
        declare(registry, code, Relation(code, title, (find.__doc__ or "").strip(), sure, find))
        return find

    return register


_FROM_SUREST = list(Confidence)


def broken(ties: Iterable[Tie]) -> Iterator[Tie]:
    """The ties that accuse. Of a group at most one may be broken, and only where another holds."""
    known = list(ties)
    failed = Counter(one.group for one in known if not one.holds)
    held = Counter(one.group for one in known if one.holds)
    for one in known:
        if not one.holds and (one.group is None or (failed[one.group] == 1 and held[one.group] >= 1)):
            yield one


def findings_of(one: Relation, *subjects: object) -> Iterator[AuditFinding]:
    """What a relation finds in a document (and its workbook)."""
    for tied in broken(one.find(*subjects)):
        sure = one.sure if tied.sure is None else max(one.sure, tied.sure, key=_FROM_SUREST.index)
        yield AuditFinding(
            one.code,
            SEVERITY[sure],
            sure,
            visible(tied.message),
            visible(tied.remedy),
            tied.quotes,
            tied.expected,
            tied.found,
        )
