"""One project, one name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from xlbudget.audit.case import Case
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.headers import Role
from xlbudget.audit.names import bare_name, by_head, mixed_up, near_mentions
from xlbudget.audit.registry import Contradiction, check
from xlbudget.domain.names import Likely, names_alike


@check("TXT050", "同一项目写成两个名称")
def names_agree(case: Case) -> Iterator[Contradiction]:
    """一个项目在全文只用一个名称。"""
    listed = _listed(case)
    told: set[str] = set()
    heads, known = by_head(case.names), frozenset(case.names)
    for text in case.texts:
        near = near_mentions(text.clean, heads, known, text.mentions)
        for name, span in chain(near, mixed_up(text.clean, case.names, text.mentions)):
            if (
                span.name not in told
                and mistyped(span.name, name)
                and not _COUNTED.match(text.clean, span.end)
            ):
                told.add(span.name)
                yield _differ(
                    span.name, name, text.passage.quote(span.start, span.end), _first(case, name, listed)
                )
    mentioned = {one.name: (text, one) for text in case.texts for one in reversed(text.mentions)}
    table = list(listed)
    likely = Likely(table)
    for new in case.names:
        if new in listed or new in told or new not in mentioned:
            continue
        others = (table[at] for at in likely.alike(new))
        old = next((name for name in others if names_alike(name, new) and mistyped(name, new)), None)
        if old is not None:
            told.add(new)
            text, one = mentioned[new]
            yield _differ(new, old, text.passage.quote(one.start, one.end), listed[old])


def mistyped(a: str, b: str) -> bool:
    """Whether one name is the other with characters lost, exchanged in order, or one of them another."""
    short, long = sorted((a, b), key=len)
    if len(short) == len(long):
        return sorted(short) == sorted(long) or sum(x != y for x, y in zip(short, long, strict=True)) == 1
    if len(long) - len(short) == _WORD and _is_abbreviated(short, long):
        return False
    rest = iter(long)
    return all(sign in rest for sign in short)


_COUNTED = re.compile(r"了?[0-9][0-9.,]*+(?![万亿]?元)[^0-9.,万亿元]")
"""老旧小区改造3个: work that was done, and no project."""
_WORD = 2
"""Characters of a word that an abbreviation leaves out."""


def _is_abbreviated(short: str, long: str) -> bool:
    return any(long[:at] + long[at + _WORD :] == short for at in range(len(long) - 1))


def _listed(case: Case) -> dict[str, Quote]:
    """The names in project tables and their rows."""
    found: dict[str, Quote] = {}
    for table in case.project_tables:
        column = table.only(Role.PROJECT)
        for row in table.data:
            found.setdefault(bare_name(row.cells[column or 0]), row.quote)
    return found


def _first(case: Case, name: str, listed: dict[str, Quote]) -> Quote | None:
    for text in case.texts:
        for one in text.mentions:
            if one.name == name:
                return text.passage.quote(one.start, one.end)
    return listed.get(name)


def _differ(written: str, name: str, quote: Quote, other: Quote | None) -> Contradiction:
    message = f"这里写“{written}”，别处写“{name}”，像是同一个项目。"
    quotes = (quote, other) if other else (quote,)
    return Contradiction(Confidence.LIKELY, message, "是同一个项目的，请统一名称。", quotes, name, written)
