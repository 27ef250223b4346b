"""How right the audit is on labelled reports, and how many changed digits it notices (`benchmarks/audit.py`, docs/audit.md)."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.audit.corpus.score import Accusation, Score, hits, score
from tests.audit.corpus.truth import KINDS, reports, text_of, truth_of
from xlbudget import readers
from xlbudget.audit.audit import audit
from xlbudget.audit.finding import AuditFinding, Confidence
from xlbudget.audit.relation import RELATIONS

CORPORA = ("forms", "open", "more", "held")
LEAST, ENOUGH = 0.9, 5
"""What may accuse: nine of ten right, told by at least five accusations."""
DOCUMENTS, NUMBERS, SEED = 14, 12, 5


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as far as it is measured: its relation, how sure it is, and whether the truth has it."""

    code: str
    sure: Confidence
    right: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """One labelled report: what its accusations are worth, and all that was told of it."""

    score: Score
    told: tuple[Told, ...]


def measured(report: Path) -> Measured:
    """A report against the truth beside it; what is only possible accuses nobody, so it is told and not scored."""
    truth, text = truth_of(report), text_of(report)
    findings = audit(readers.read(report)).findings
    made = [Accusation(tuple(quote.text for quote in one.quotes), one.confidence) for one in findings]
    told = tuple(
        Told(one.code, one.confidence, any(hits(accusation, each, text) for each in truth.contradictions))
        for one, accusation in zip(findings, made, strict=True)
    )
    return Measured(score(truth, text, (one for one in made if one.sure != Confidence.POSSIBLE)), told)


@dataclass(frozen=True, slots=True)
class Totals:
    """A corpus in numbers. A contradiction that is told twice is found once."""

    documents: int
    planted: int
    found: int
    false: int
    clean: int
    untouched: int


def totals(reports: Sequence[Measured]) -> Totals:
    scores = [one.score for one in reports]
    found = sum(len(one.found) for one in scores)
    clean = [one for one in scores if not one.found and not one.missed]
    return Totals(
        documents=len(scores),
        planted=found + sum(len(one.missed) for one in scores),
        found=found,
        false=sum(len(one.false_alarms) for one in scores),
        clean=len(clean),
        untouched=sum(not one.false_alarms for one in clean),
    )


@dataclass(frozen=True, slots=True)
class Earned:
    """What a relation is worth where it accuses, or (`sure` is possible) where it only hints."""

    code: str
    sure: Confidence
    right: int
    false: int

    @property
    def is_too_sure(self) -> bool:
        """Whether it accuses, and has not earned it."""
        made = self.right + self.false
        return self.sure is not Confidence.POSSIBLE and made >= ENOUGH and self.right < LEAST * made


def earned(reports: Iterable[Measured]) -> list[Earned]:
    """The relations that said something, by code; `sure` is the most that each may say."""
    counts: Counter[tuple[str, bool, bool]] = Counter(
        (one.code, one.sure is Confidence.POSSIBLE, one.right) for each in reports for one in each.told
    )
    return [
        Earned(
            code,
            Confidence.POSSIBLE if hint else RELATIONS[code].sure,
            counts[code, hint, True],
            counts[code, hint, False],
        )
        for code, hint in sorted({(code, hint) for code, hint, _ in counts})
    ]


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def precision_page(corpora: Sequence[str]) -> Iterator[str]:
    """The lines that `--precision` prints. They name no report."""
    everything: list[Measured] = []
    yield f"{'documents':>9} {'planted':>7} {'found':>5} {'recall':>6} {'false':>5} {'precision':>9} {'clean untouched':>15}  corpus"
    for name in corpora:
        made = [measured(report) for report in reports(name)]
        everything += made
        one = totals(made)
        yield (
            f"{one.documents:>9} {one.planted:>7} {one.found:>5} {share(one.found, one.planted):>6} {one.false:>5} "
            f"{share(one.found, one.found + one.false):>9} {f'{one.untouched} of {one.clean}':>15}  {name}"
        )
    yield f"\n{'code':<6} {'right':>5} {'false':>5} {'precision':>9}  relation"
    yield from map(_relation_line, earned(everything))
    yield f"\n{'found':>9}  kind of contradiction"
    yield from _kind_lines([one.score for one in everything])


def _relation_line(one: Earned) -> str:
    mark = f"  ← below {LEAST:.0%}" if one.is_too_sure else ""
    precision = share(one.right, one.right + one.false)
    return f"{one.code:<6} {one.right:>5} {one.false:>5} {precision:>9}  {one.sure.label}：{RELATIONS[one.code].title}{mark}"


def _kind_lines(scores: Iterable[Score]) -> Iterator[str]:
    found, planted = Counter[str](), Counter[str]()
    for one in scores:
        found.update(each.kind for each in one.found)
        planted.update(each.kind for each in (*one.found, *one.missed))
    for kind, count in sorted(planted.items()):
        yield f"{f'{found[kind]}/{count}':>9}  {kind}: {KINDS.get(kind, '')}"


def changed_digits(text: str, dice: random.Random) -> Iterator[str]:
    """A text with one digit changed, for some of its numbers, chosen at random."""
    spots = list(re.finditer(r"[0-9]+(?:\.[0-9]+)?", text))
    for spot in dice.sample(spots, min(NUMBERS, len(spots))):
        at = spot.start() + dice.choice([at for at, sign in enumerate(spot.group()) if sign.isdigit()])
        digit = dice.choice([sign for sign in "123456789" if sign != text[at]])
        yield text[:at] + digit + text[at + 1 :]


def _accused(text: str) -> Counter[tuple[str, int, int | None]]:
    """How often each relation accuses at each place of a text."""
    found: tuple[AuditFinding, ...] = audit(readers.read_bytes(Path("a.txt"), text.encode()).source).findings
    places = ((one.code, one.quotes[0].place) for one in found if one.confidence is not Confidence.POSSIBLE)
    return Counter((code, place.item, place.row) for code, place in places)


def digits(corpus: str) -> tuple[int, int]:
    """How many digits were changed one at a time in the first texts of a corpus, and how many changes were noticed."""
    dice = random.Random(SEED)
    made = noticed = 0
    for report in [one for one in reports(corpus) if one.suffix == ".txt"][:DOCUMENTS]:
        text = text_of(report)
        before = _accused(text)
        for changed in changed_digits(text, dice):
            made += 1
            noticed += bool(_accused(changed) - before)
    return made, noticed
