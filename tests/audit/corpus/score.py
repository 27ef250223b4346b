"""How well an audit does on the corpus: what it found, what it missed, whom it accused wrongly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.audit.corpus.truth import Contradiction, Truth, no_space


@dataclass(frozen=True)
class Accusation:
    """A finding as far as it is scored: its quotes, the accused words first, and how sure it is."""

    quotes: tuple[str, ...]
    sure: str


@dataclass(frozen=True)
class Score:
    found: tuple[Contradiction, ...]
    missed: tuple[Contradiction, ...]
    false_alarms: tuple[Accusation, ...]
    against_right: tuple[Accusation, ...]
    """Those false alarms whose first quote overlaps with words that the truth calls right."""


def places(quote: str, text: str) -> list[range]:
    """Where a quote stands in a text, both without blanks."""
    wanted = re.escape(no_space(quote))
    return [range(one.start(), one.end()) for one in re.finditer(wanted, no_space(text)) if wanted]


def meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def overlap(one: str, other: str, text: str) -> bool:
    """Whether two quotes of a text share a place; an empty or unknown quote shares none."""
    return any(meet(a, b) for a in places(one, text) for b in places(other, text))


def hits(accusation: Accusation, contradiction: Contradiction, text: str) -> bool:
    first, *further = accusation.quotes
    if overlap(first, contradiction.quote, text):
        return True
    turned = overlap(first, contradiction.other, text)
    return turned and any(overlap(one, contradiction.quote, text) for one in further)


def score(truth: Truth, text: str, accusations: Iterable[Accusation]) -> Score:
    """What the accusations of one report are worth."""
    made = tuple(accusations)
    found = tuple(one for one in truth.contradictions if any(hits(each, one, text) for each in made))
    false = tuple(each for each in made if not any(hits(each, one, text) for one in truth.contradictions))
    return Score(
        found=found,
        missed=tuple(one for one in truth.contradictions if one not in found),
        false_alarms=false,
        against_right=tuple(
            each for each in false if any(overlap(each.quotes[0], one.quote, text) for one in truth.right)
        ),
    )


def summary(scores: Iterable[Score]) -> dict[str, Counter[str]]:
    """Counts that name no report: found and missed by kind, false alarms by how sure they were."""
    counts = {name: Counter[str]() for name in ("found", "missed", "false_alarms", "against_right")}
    for one in scores:
        counts["found"].update(each.kind for each in one.found)
        counts["missed"].update(each.kind for each in one.missed)
        counts["false_alarms"].update(each.sure for each in one.false_alarms)
        counts["against_right"].update(each.sure for each in one.against_right)
    return counts
