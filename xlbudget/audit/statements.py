"""Facts in running text: what a number in a sentence measures, and of which projects."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from xlbudget.audit.facts import NOT_STARTED, Band, Fact, Measure, Subject, Whole
from xlbudget.audit.names import Mention
from xlbudget.audit.passage import Passage, Span
from xlbudget.audit.quantities import Kind, Quantity
from xlbudget.audit.words import (
    ADDED,
    AHEAD,
    BAND_BASE,
    BARE,
    BOUNDS,
    CHANGED,
    CHINESE_PERCENT,
    CLASS,
    CLASS_NAMES,
    DEPARTMENT,
    HEAD,
    IN_CLASS_BRACKETS,
    INITIAL,
    LISTED,
    MONEY_CUE,
    MONTH,
    NOT_A_LEVEL,
    OF_ALL_PROJECTS,
    OF_PROJECT,
    OF_WHOLE,
    OTHER_YEAR,
    PAID,
    PERCENT_CUE,
    PROJECT_AFTER,
    PROJECT_BEFORE,
    QUARTER,
    SOME,
    SPENDING,
    TOGETHER,
    WORK,
)
from xlbudget.reading.numerals import chinese_integer

_FAR_BACK = 400


@dataclass
class _Reader:
    """Reads the sentences of one passage; what an earlier sentence speaks of holds until another project is named."""

    passage: Passage
    block: int
    found: Sequence[Quantity]
    named: Sequence[Mention]
    year: int | None
    unit: str
    topic: str = ""
    overall: bool = False
    """Whether the passage speaks of all projects together."""

    def read(self) -> Iterator[Fact]:
        starts = [one.start for one in self.found]
        for sentence in self.passage.sentences:
            inside = list(self.found[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)])
            yield from self._sentence(sentence, inside)
            names = [one for one in self.named if sentence.start <= one.start < sentence.end]
            if names:
                first = HEAD.fullmatch(self.passage.clean[sentence.start : names[0].start])
                self.topic = names[0].name if first and len({one.name for one in names}) == 1 else ""

    def _sentence(self, sentence: Span, inside: list[Quantity]) -> Iterator[Fact]:
        """Facts of a sentence, each read with the words since the last number of its kind."""
        last_whole: Subject | None = None
        since = sentence.start
        for position, one in enumerate(inside):
            lead = self._lead(sentence, inside, position)
            if one.kind is Kind.COUNT:
                fact = self._count(sentence, since, one)
            elif one.kind is Kind.MONEY:
                fact = self._money(sentence, lead, one, last_whole, since)
            elif one.kind is Kind.PERCENT:
                fact = self._percent(sentence, lead, one, last_whole)
            else:
                fact = self._month(sentence, one) if one.kind is Kind.MONTH else None
            if fact is None:
                continue
            yield fact
            if one.kind is Kind.COUNT:
                self.overall = self.overall or fact.subject.whole in (Whole.ALL, Whole.INITIAL, Whole.ADDED)
                last_whole, since = fact.subject, one.end
            elif last_whole is None and fact.subject.whole is Whole.ALL:
                last_whole = fact.subject

    def _lead(self, sentence: Span, inside: list[Quantity], position: int) -> str:
        """The words of the clause before a number, after the last number before it."""
        text, one = self.passage.clean, inside[position]
        clause = max(text.rfind(sign, sentence.start, one.start) for sign in "，：；") + 1
        counted = (Kind.MONEY, Kind.PERCENT, Kind.COUNT)
        before = (inside[at] for at in range(position - 1, -1, -1))
        last = next((other.end for other in before if other.kind in counted), sentence.start)
        return text[max(sentence.start, clause, last) : one.start]

    def _before(self, sentence: Span, one: Quantity) -> str:
        """The words of the sentence before a number, the last of them in a sentence without end."""
        return self.passage.clean[max(sentence.start, one.start - _FAR_BACK) : one.start]

    def _fact(self, measure: Measure, subject: Subject, one: Quantity, **more: Any) -> Fact:
        quote = self.passage.quote(one.start, one.end)
        return Fact(
            measure, subject, one.value, one.step, one.about, one.unit, quote, self.block, one.start, **more
        )

    # -- how many projects -----------------------------------------------------------------------------

    def _count(self, sentence: Span, since: int, one: Quantity) -> Fact | None:
        text = self.passage.clean
        if one.unit not in ("个", "项"):
            return None
        before = text[max(since, one.start - _FAR_BACK) : one.start]
        after = text[one.end : min(sentence.end, one.end + _FAR_BACK)]
        clause = re.split(r"[，；：。]", before)[-1]
        named = PROJECT_BEFORE.search(before) or PROJECT_AFTER.match(after)
        bare = IN_CLASS_BRACKETS.sub("", clause)
        if not named and not (BOUNDS.search(in_digits(clause)) or CLASS.search(bare) or CLASS.match(after)):
            return None
        modifier = PROJECT_AFTER.match(after)
        told = modifier.group() if modifier else ""
        said = in_digits(clause) + told
        behind = CLASS.match(re.sub("^(?:预计|年底|预计年底)", "", after[len(told) :]))
        if behind is not None:
            return self._fact(Measure.COUNT, Subject(Whole.CLASS, CLASS_NAMES[str(behind.lastgroup)]), one)
        listed = bool(LISTED.match(after))
        whole = self._class_or_band(
            text[max(text.rfind("。", 0, one.start) + 1, one.start - _FAR_BACK) : one.start], before, said
        )
        if whole is not None and re.search("其中|连同|加上", clause):
            return None
        if whole is not None:
            subject, band = whole
            return self._fact(Measure.COUNT, subject, one, band=band)
        if (
            self._of_another_year(before)
            or not named
            or BOUNDS.search(said)
            or WORK.search(clause)
            or OTHER_YEAR.search(clause)
        ):
            return None
        plain = IN_CLASS_BRACKETS.sub("", said)
        if ADDED.search(plain) and not INITIAL.search(plain):
            month = MONTH.search(clause)
            subject = Subject(Whole.ADDED, month.group() if month else "")
            return self._fact(Measure.COUNT, subject, one, listed=listed)
        if INITIAL.search(plain) and not ADDED.search(plain):
            return self._fact(Measure.COUNT, Subject(Whole.INITIAL), one, listed=listed)
        if SOME.search(plain):
            return None
        if not OF_ALL_PROJECTS.fullmatch(self._without_unit(clause)):
            return None
        stated = bool(re.search(r"共计|总共|共有|共|总计|合计|总数|全部|所有|纳入", plain))
        if stated or re.search(r"(?:预算|监控|绩效)[^，]{0,6}$", plain) or PROJECT_BEFORE.search(clause):
            first = since == sentence.start and not stated and not ADDED.search(before)
            which = Whole.INITIAL if first and INITIAL.search(before) else Whole.ALL
            return self._fact(Measure.COUNT, Subject(which), one, listed=listed, together=stated)
        return None

    def _without_unit(self, clause: str) -> str:
        """A clause without the unit that the report is of, by its whole name or the end of it."""
        for size in range(len(self.unit), 2, -1):
            clause = clause.replace(self.unit[-size:], "")
        return clause

    def _class_or_band(self, sentence: str, before: str, said: str) -> tuple[Subject, Band | None] | None:
        """The class or the band that the words before a count name; what a band is of may stand earlier in the sentence."""
        found = list(BOUNDS.finditer(IN_CLASS_BRACKETS.sub(_keep_inclusive, said)))
        base = list(BAND_BASE.finditer(IN_CLASS_BRACKETS.sub("", sentence)))
        if found and (base or found[-1]["none"]):
            measure = base[-1].lastgroup if base else "ACHIEVEMENT"
            if found[-1]["none"]:
                return Subject(Whole.BAND, f"{Measure.ACHIEVEMENT}:工作未开展"), NOT_STARTED
            if measure in ("ACHIEVEMENT", "RATE"):
                band = _band(found[-1])
                return Subject(Whole.BAND, f"{Measure[measure]}:{band.label}"), band
            return None
        classes = list(CLASS.finditer(IN_CLASS_BRACKETS.sub("", before)))
        if classes and (classes[-1].lastgroup != "FULL" or re.search(r"目标|预计|年底", sentence)):
            return Subject(Whole.CLASS, CLASS_NAMES[str(classes[-1].lastgroup)]), None
        return None

    # -- money -----------------------------------------------------------------------------------------

    def _money(
        self, sentence: Span, lead: str, one: Quantity, whole: Subject | None, since: int
    ) -> Fact | None:
        bare = self._bare(sentence, one, lead)
        if bare is not None:
            return bare
        cues = list(MONEY_CUE.finditer(lead))
        if (
            PAID.match(self.passage.clean, one.end)
            or not cues
            or CHANGED.search(lead)
            or self._of_another_year(lead)
        ):
            return None
        measure = Measure[str(cues[-1].lastgroup)]
        if measure is Measure.SPENT and QUARTER.search(self._before(sentence, one)):
            return None
        subject = self._subject(sentence, lead, one, measure, whole, since)
        together = bool(re.search(r"共计|总共|合计|总计|共|总额|总", lead)) or whole is not None
        return None if subject is None else self._fact(measure, subject, one, together=together)

    def _bare(self, sentence: Span, one: Quantity, lead: str) -> Fact | None:
        """An amount right behind a project's name, as in a list of projects and not of what was spent on them."""
        text = self.passage.clean
        before = [m for m in self.named if m.end <= one.start][-1:]
        if not before or not BARE.fullmatch(text[before[0].end : one.start]) or CHANGED.search(lead):
            return None
        above = (
            text[max(0, sentence.start - 40) : sentence.start]
            if text.startswith("其中", sentence.start)
            else ""
        )
        if PAID.match(text, one.end) or SPENDING.search(above + text[sentence.start : before[0].start]):
            return None
        so_far = text[max(0, before[0].start - _FAR_BACK) : before[0].start]
        initial = INITIAL.search(so_far) and not ADDED.search(so_far)
        subject = Subject(Whole.PROJECT, before[0].name, Whole.INITIAL if initial else None)
        return self._fact(Measure.BUDGET, subject, one, bare=True)

    def _of_another_year(self, lead: str) -> bool:
        """Whether words speak of another year than the report's: by its number, the last one counts, or as 上年, 同期."""
        return self._names_another_year(lead) or bool(OTHER_YEAR.search(lead))

    def _names_another_year(self, words: str) -> bool:
        years = re.findall(r"(?:19|20)[0-9]{2}(?=年)", words)
        return bool(years) and self.year is not None and int(years[-1]) != self.year

    def _subject(
        self, sentence: Span, lead: str, one: Quantity, measure: Measure, whole: Subject | None, since: int
    ) -> Subject | None:
        """Whose money or percentage it is; None where that is not certain."""
        before = self._before(sentence, one)
        if whole is not None and whole.whole in (Whole.CLASS, Whole.BAND):
            between = self.passage.clean[since : one.start]
            alone = not [m for m in self.named if since <= m.start < one.start] and len(between) < 24
            return whole if alone and measure is Measure.BUDGET else None
        names = [m for m in self.named if sentence.start <= m.start < one.start]
        said = self.passage.clean[max([m.end for m in names], default=sentence.start) : one.start]
        if measure is not Measure.BUDGET and AHEAD.search(said[-30:]):
            return None
        if names:
            return self._project(sentence, names, lead, one, measure)
        spoken = lead if measure is Measure.CONTRACT else before
        if self.topic and not TOGETHER.search(spoken) and OF_PROJECT.fullmatch(spoken):
            return self._batched(self.topic, lead, measure)
        if self._names_another_year(before) or DEPARTMENT.search(before) or not OF_WHOLE.fullmatch(lead):
            return None
        return self._of_all(lead, before, measure, whole)

    def _of_all(self, lead: str, before: str, measure: Measure, whole: Subject | None) -> Subject | None:
        """All projects, those of the year's beginning or the added ones, by the words before a number."""
        if measure is Measure.BUDGET and ADDED.search(lead) and not INITIAL.search(lead):
            month = MONTH.search(before)
            return (
                Subject(Whole.ADDED, month.group() if month else "")
                if whole or TOGETHER.search(lead)
                else None
            )
        if measure is Measure.BUDGET and INITIAL.search(lead):
            return Subject(Whole.INITIAL) if whole or TOGETHER.search(lead) or "项目" in before else None
        if whole is not None and "调整后" not in lead:
            return whole
        going_on = self.overall and measure is not Measure.BUDGET and re.search("累计|截至|总体", lead)
        return Subject(Whole.ALL) if TOGETHER.search(lead) or whole is not None or going_on else None

    def _project(
        self, sentence: Span, names: list[Mention], lead: str, one: Quantity, measure: Measure
    ) -> Subject | None:
        """The project named last, where only words of its money stand between, and no other project beside it."""
        text = self.passage.clean
        nearest = names[-1]
        between = text[nearest.end : one.start]
        early = nearest.start - sentence.start <= 8 or text[nearest.start - 1] in "；、"
        if not OF_PROJECT.fullmatch(between) or ("，" in between and not early):
            return None
        if measure is Measure.BUDGET and re.search("元", between) and not re.search("年初|追加|调整后", lead):
            return None
        together = [
            m
            for m in names[:-1]
            if re.fullmatch(r"”?(?:\([^()]*\))?[、和与及“]*", text[m.end : nearest.start])
        ]
        return None if together else self._batched(nearest.name, lead, measure)

    def _batched(self, name: str, lead: str, measure: Measure) -> Subject:
        if measure is Measure.BUDGET and ADDED.search(lead):
            return Subject(Whole.PROJECT, name, Whole.ADDED)
        if measure is Measure.BUDGET and INITIAL.search(lead):
            return Subject(Whole.PROJECT, name, Whole.INITIAL)
        return Subject(Whole.PROJECT, name)

    # -- percentages and months ------------------------------------------------------------------------

    def _percent(self, sentence: Span, lead: str, one: Quantity, whole: Subject | None) -> Fact | None:
        text = self.passage.clean
        cues = list(PERCENT_CUE.finditer(lead))
        after = text[one.end : one.end + 4]
        if (
            not cues
            or NOT_A_LEVEL.search(lead[cues[-1].end() :])
            or NOT_A_LEVEL.search(lead[max(0, cues[-1].start() - 6) : cues[-1].start()])
        ):
            return None
        if re.match(r"\(?含?\)?(?:以上|以下|-|及以|之间|的要求|的标准)", after) or self._of_another_year(
            lead
        ):
            return None
        measure = Measure[str(cues[-1].lastgroup)]
        if measure is Measure.RATE and QUARTER.search(self._before(sentence, one)):
            return None
        subject = self._subject(sentence, lead, one, measure, whole, sentence.start)
        return None if subject is None else self._fact(measure, subject, one)

    def _month(self, sentence: Span, one: Quantity) -> Fact | None:
        """The month in which a project was added."""
        text = self.passage.clean
        after = re.match(
            r"(?:份)?(?:[^0-9。；]{0,24}[，,])?(?:又|再次|再|新)?(?:追加|新增)", text[one.end : one.end + 40]
        )
        if not after or text[max(0, one.start - 1) : one.start] == "-":
            return None
        names = [m for m in self.named if one.end <= m.start < sentence.end] or [
            m for m in self.named if sentence.start <= m.start < one.start
        ][-1:]
        rest = text[sentence.end : sentence.end + 4]
        if not names and re.match("其中|分别|具体|即", rest):
            names = [m for m in self.named if m.start >= sentence.end]
            return (
                self._fact(
                    Measure.MONTH,
                    Subject(Whole.PROJECT, "、".join(dict.fromkeys(m.name for m in names))),
                    one,
                )
                if names
                else None
            )
        if not names and self.topic:
            return self._fact(Measure.MONTH, Subject(Whole.PROJECT, self.topic), one)
        if names and all(_listed_together(text, a, b) for a, b in pairwise(names)):
            return self._fact(
                Measure.MONTH, Subject(Whole.PROJECT, "、".join(dict.fromkeys(m.name for m in names))), one
            )
        return self._fact(Measure.MONTH, Subject(Whole.PROJECT, names[0].name), one) if names else None


def in_digits(text: str) -> str:
    """Percentages in words as in digits: 百分之三十至五十 → 30%至50%."""

    def digits(match: re.Match[str]) -> str:
        first, dash, second = (match[1], match[2], match[3])
        return f"{chinese_integer(first)}%" + (f"{dash}{chinese_integer(second)}%" if second else "")

    return CHINESE_PERCENT.sub(digits, text)


def _keep_inclusive(match: re.Match[str]) -> str:
    return match.group() if "含" in match.group() and len(match.group()) <= 5 else ""


def _listed_together(text: str, one: Mention, other: Mention) -> bool:
    return bool(re.fullmatch(r"(?:[”“、，和与及]|[0-9.,]+(?:万|亿)?元)*", text[one.end : other.start]))


def _band(match: re.Match[str]) -> Band:
    def number(name: str) -> Decimal | None:
        return Decimal(match[name]) if match[name] else None

    lower = number("lower") if match["lower"] else number("above") or number("reached")
    upper = number("upper") if match["upper"] else number("below") or number("under")
    return Band(lower, upper)


def statements(
    passage: Passage,
    block: int,
    found: Sequence[Quantity],
    named: Sequence[Mention],
    year: int | None,
    unit: str,
) -> list[Fact]:
    """The facts that a passage states, in order."""
    return list(_Reader(passage, block, found, named, year, unit).read())
