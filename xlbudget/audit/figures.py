"""Numbers of a sentence with the part that each plays: an amount, a change and its direction, a share, a rate, what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from xlbudget.audit import vocabulary as words
from xlbudget.audit.interval import Interval, exactly, printed, rounded
from xlbudget.audit.passage import Passage
from xlbudget.audit.quantities import MONEY_UNITS, Kind, Quantity

COUNTED = (Kind.MONEY, Kind.PERCENT, Kind.POINTS, Kind.COUNT)


class Part(StrEnum):
    """What a number is to the others of its sentence."""

    LEVEL = "an amount, a count, or a percentage that stands for itself"
    CHANGE = "by how much something grew or shrank"
    BEFORE = "what it is compared with"
    FROM = "what it was before"
    TO = "what it became"
    BASE = "what a share or a rate is of"
    SHARE = "percent of a whole"
    RATE = "percent of a plan"


@dataclass(frozen=True, slots=True)
class Figure(Quantity):
    """A number with its part. `lead` and `tail` are the words of its clause before and behind it, up to the next numbers.

    `clause` is the start of its clause, `depth` how many brackets it stands in; `prefix` is the clause before it with # for
    each number.
    """

    part: Part
    sign: int
    """1 where it grew, -1 where it shrank, 0 where nothing is said of that."""
    lead: str
    tail: str
    prefix: str
    clause: int
    depth: int
    sentence: int
    statement: int
    """Which of the sentences that end with 。; a sentence ends with ； too."""
    fine: Decimal
    """One unit of the last digit that its paragraph prints such amounts with: 36万元 beside 27.9万元 is 36.0万元."""

    @property
    def is_level(self) -> bool:
        return self.part in (Part.LEVEL, Part.TO)

    @property
    def is_money(self) -> bool:
        return self.kind is Kind.MONEY

    @property
    def is_count(self) -> bool:
        return self.kind is Kind.COUNT

    @property
    def is_percent(self) -> bool:
        return self.kind is Kind.PERCENT

    def is_like(self, other: Figure) -> bool:
        """Whether both are money, or count in one unit."""
        return self.kind is other.kind and (self.is_money or (self.is_count and self.unit == other.unit))

    @property
    def exact(self) -> Interval:
        """What the number stands for in a sum: whole 元 and 万元 of ordinary size are exact, others rounded at their last digit.

        A change counts with its sign.
        """
        value = self.value * self.sign if self.part is Part.CHANGE else self.value
        unit = unit_of(self)
        is_whole = self.step >= unit and unit <= _EXACT_UNIT and abs(self.value) / unit < _EXACT_BELOW
        if self.about:
            return self.range if value >= 0 else -self.range
        return exactly(value) if is_whole else rounded(value, self.step)

    @property
    def range(self) -> Interval:
        """What the number may have been before it was printed; counts and whole 元 are exact, 约 and 余 widen to a tenth."""
        if self.about:
            return Interval(self.value * Decimal("0.9"), self.value * Decimal("1.1"))
        if self.is_count and self.step == 1:
            return exactly(self.value)
        if self.is_money and self.step == 1:
            return rounded(self.value, self.step)
        return printed(self.value, self.fine)


_EXACT_UNIT, _EXACT_BELOW = 10_000, 10_000
"""万元; an amount of as many units or more may have been rounded to a whole one."""


_STOPS = "，；。：！？\n"
_STOP = re.compile(f"[{_STOPS}()]")


def figures(passage: Passage, found: Sequence[Quantity]) -> list[Figure]:
    """The numbers of a passage that count or measure something, each with its part."""
    text = passage.clean
    counted = [one for one in found if one.kind in COUNTED]
    stops = [(match.start(), match.group()) for match in _STOP.finditer(text)]
    made: list[Figure] = []
    depth = clause = at = sentence = statement = 0
    outside: list[int] = []
    spans = passage.sentences
    finest: dict[str, Decimal] = {}
    for one in (each for each in counted if each.kind is Kind.MONEY):
        finest[one.unit] = min(one.step, finest.get(one.unit, one.step))
    for position, one in enumerate(counted):
        while at < len(stops) and stops[at][0] < one.start:
            place, sign = stops[at]
            if sign == "(":
                outside.append(clause)
                clause = place + 1
            elif sign == ")":
                clause = outside.pop() if outside else clause
            else:
                clause = place + 1
            if sign == "。":
                outside.clear()
                statement += 1
            depth = len(outside)
            at += 1
        while sentence + 1 < len(spans) and spans[sentence].end <= one.start:
            sentence += 1
        end = stops[at][0] if at < len(stops) else len(text)
        following = counted[position + 1].start if position + 1 < len(counted) else len(text)
        prefix = _masked(text, clause, one.start, counted, position)
        made.append(
            Figure(
                one.kind,
                one.value,
                one.unit,
                one.start,
                one.end,
                one.about,
                one.step,
                Part.LEVEL,
                0,
                prefix.rpartition("#")[2],
                text[one.end : min(end, following)],
                prefix,
                clause,
                depth,
                sentence,
                statement,
                finest.get(one.unit, one.step),
            )
        )
    told: list[Figure] = []
    for position in range(len(made)):
        parted = _with_part(text, made, position)
        told.append(_as_before(parted, told[-1]) if told else parted)
    return told


_AND = re.compile(r"[、，]?(?:和|及|与|以及|、)?")


def _as_before(one: Figure, last: Figure) -> Figure:
    """30%、57%和15%: the numbers of a row are all what the first is."""
    if (
        one.kind is last.kind
        and one.sentence == last.sentence
        and _AND.fullmatch(one.lead)
        and one.part is Part.LEVEL
    ):
        return replace(one, part=last.part, sign=last.sign)
    return one


def _masked(text: str, clause: int, start: int, counted: Sequence[Quantity], position: int) -> str:
    pieces, end = [], start
    while position and counted[position - 1].start >= clause:
        position -= 1
        pieces.append(text[counted[position].end : end])
        end = counted[position].start
    pieces.append(text[clause:end])
    masked = "#".join(reversed(pieces))
    return _BRACKETS.sub("", masked) if "(" in masked else masked


_BRACKETS = re.compile(r"\([^()]*\)")


def _with_part(text: str, made: Sequence[Figure], position: int) -> Figure:
    one = made[position]
    following = (
        made[position + 1] if position + 1 < len(made) and made[position + 1].clause == one.clause else None
    )
    if one.kind in (Kind.PERCENT, Kind.POINTS):
        part, sign = _percentage(one)
    else:
        part, sign = _amount(one, following, text)
    return one if part is Part.LEVEL else replace(one, part=part, sign=sign)


def _direction(one: Figure) -> int:
    """The sign of a change by the words before a number; 0 where they tell of none."""
    changed = words.CHANGED.search(one.lead)
    if not changed or (
        one.kind is not Kind.PERCENT and words.NOT_CHANGED.search(one.lead[: changed.end("word")])
    ):
        return 0
    sign = 1 if words.IS_UP.fullmatch(changed["word"]) else -1
    return -sign if one.value < 0 else sign


def _percentage(one: Figure) -> tuple[Part, int]:
    sign = _direction(one)
    if sign and not words.REACHED.search(one.lead):
        return Part.CHANGE, sign
    if words.SHARE_WORD.search(one.prefix):
        return Part.SHARE, 0
    if words.SHARE.search(one.prefix):
        return Part.SHARE, 0
    if words.RATE.search(one.prefix):
        return Part.RATE, 0
    return Part.LEVEL, 0


_THEN_CHANGED = re.compile(
    rf"(?:的[^，。；#]{{0,10}})?(?:相比|对比)?(?:[^，。；#]{{0,4}})?(?:{words.CHANGE}|持平)|(?:的[^，。；#]{{0,10}})?(?:相比|对比|比较)"
)


_A_YEAR = re.compile(r"(?:19|20)[0-9]{2}年(?:度|同期)?(?:为)?")


def _after_change(text: str, one: Figure) -> bool:
    """Whether a bracket stands right behind a percentage of change: 增长6.9%(2023年26,900万元)."""
    return bool(re.search(rf"{words.CHANGE}[^，。；#]{{0,3}}[0-9.]+%$", text[: one.clause - 1][-16:]))


def _amount(one: Figure, following: Figure | None, text: str) -> tuple[Part, int]:
    if words.REACHED.search(one.lead):
        return Part.TO, 0
    sign = _direction(one)
    if sign:
        return Part.CHANGE, sign
    if words.FROM.search(one.lead) and ("到" in one.tail or "至" in one.tail or "为" in one.tail):
        return Part.FROM, 0
    if words.OF_LAST_YEAR.search(one.lead) or (
        one.depth and _A_YEAR.fullmatch(one.prefix) and _after_change(text, one)
    ):
        return Part.BEFORE, 0
    if words.COMPARED_WITH.search(one.lead) and _THEN_CHANGED.match(one.tail):
        return Part.BEFORE, 0
    is_rated = following is not None and following.kind is Kind.PERCENT and one.tail in ("的", "")
    if is_rated and re.search(r"(?:占|完成|达到?|为)[^#]*$", one.prefix):
        return Part.BASE, 0
    return Part.LEVEL, 0


def unit_of(one: Figure) -> Decimal:
    """What the number is printed in: 10,000 for 万元, 1 for counts."""
    return MONEY_UNITS.get(one.unit, Decimal(1)) if one.kind is Kind.MONEY else Decimal(1)
