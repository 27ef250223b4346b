"""Growth: an amount, by how much it changed, by how many percent, and against what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import HUNDRED, Interval
from xlbudget.audit.labels import bare
from xlbudget.audit.paragraphs import Document, Paragraph, is_money, joins
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.values import percent_words, shown

_NEAR = 60
"""Characters between figures that belong together."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change as told: by how much, by how many percent, of what, against what."""

    text: Paragraph
    amount: Figure | None
    percent: Figure | None
    levels: tuple[Figure, ...]
    """Whatever could be meant by what changed, the nearest last."""
    linked: bool
    """Whether nothing but neutral words stands between the last of them and the change."""
    before: Figure | None

    @property
    def start(self) -> int:
        first = [one.start for one in (self.amount, self.percent) if one]
        return min([*first, *([self.levels[-1].start] if self.levels and self.linked else [])])

    @property
    def end(self) -> int:
        return max(one.end for one in (self.amount, self.percent) if one)


def _changes(document: Document) -> Iterator[_Change]:
    for text in document.paragraphs:
        used: set[int] = set()
        for at, one in enumerate(text.figures):
            if one.part is Part.CHANGE and at not in used and one.kind is not Kind.POINTS:
                partner = _partner(text, at)
                used.update({at} if partner is None else {at, partner})
                yield _change(text, at, partner)


def _partner(text: Paragraph, at: int) -> int | None:
    """The percentage to an amount of change, or the amount to a percentage, right behind it."""
    figures = text.figures
    if at + 1 >= len(figures):
        return None
    one, other = figures[at], figures[at + 1]
    percents = [each.kind is Kind.PERCENT for each in (one, other)]
    near = other.start - one.end <= 24 and one.sentence == other.sentence
    if other.part is not Part.CHANGE or sum(percents) != 1 or not near:
        return None
    return at + 1 if joins(text.clean[one.end : other.start].lstrip("(")) else None


def _change(text: Paragraph, at: int, partner: int | None) -> _Change:
    one = text.figures[at]
    pair = [one] if partner is None else [one, text.figures[partner]]
    amount = next((each for each in pair if each.kind is not Kind.PERCENT), None)
    percent = next((each for each in pair if each.kind is Kind.PERCENT), None)
    unit = amount.kind if amount else None
    earlier = [each for each in text.figures[:at] if each.sentence >= one.sentence - 1]
    levels = _named_first(text, one, [each for each in text.figures[:at] if each.is_level and is_money(each)])
    linked = bool(levels)
    levels = levels or [
        each
        for each in earlier
        if each.is_level and each.kind is (unit or each.kind) and each.kind in (Kind.MONEY, Kind.COUNT)
    ]
    before = next(
        (
            each
            for each in reversed(earlier)
            if each.part in (Part.BEFORE, Part.FROM)
            and one.start - each.end < 16
            and each.sentence == one.sentence
        ),
        None,
    )
    last = max(one.end, pair[-1].end)
    before = before or next(
        (
            each
            for each in text.figures[at + 1 : at + 4]
            if each.part is Part.BEFORE
            and (each.depth > one.depth or each.sentence == one.sentence)
            and 0 <= each.start - last < 12
        ),
        None,
    )
    if (
        before is None
        and levels
        and re.match(rf"(?:其中)?{words.LAST_YEAR}", levels[-1].prefix)
        and _is_linked(text, levels[-1], one)
    ):
        before = levels[-1]
    return _Change(
        text,
        amount,
        percent,
        tuple(levels),
        linked or (bool(levels) and _is_linked(text, levels[-1], one)),
        before,
    )


def _named_first(text: Paragraph, change: Figure, levels: Sequence[Figure]) -> list[Figure]:
    """The amount whose name a change repeats: 收入5126万元，其中……。收入比上年增加366万元."""
    subject = bare(re.sub(r"(?:比|较|与|同)[^，。；#]*$", "", words.CHANGED.sub("", change.lead)))
    if len(subject) < 2 or not levels:
        return []
    named = [one for one in levels if subject in one.lead and one.sentence < change.sentence]
    return [named[-1]] if len(named) == 1 else []


def _is_linked(text: Paragraph, level: Figure, change: Figure) -> bool:
    between = text.between(level.end, change.start)
    if level.depth > change.depth:
        return False
    if (
        level.statement != change.statement
        and sum(one.is_level and one.statement == level.statement and is_money(one) for one in text.figures)
        > 1
    ):
        return False
    return change.start - level.end <= _NEAR and joins(between.lstrip("("))


def _base(change: _Change, level: Figure) -> Interval | None:
    """What it was before, by what it is and by how much it changed."""
    assert change.amount is not None
    moved = change.amount.range if change.amount.sign > 0 else -change.amount.range
    base = level.range - moved
    return base if base.low > 0 else None


def _fits(change: _Change, level: Figure) -> bool:
    base = _base(change, level)
    assert change.amount is not None and change.percent is not None
    if base is None:
        return True
    ratio = change.amount.range.percent_of(base)
    return ratio is None or ratio.meets(change.percent.range)


def _same_unit(one: Figure, other: Figure) -> bool:
    return one.kind is other.kind and (one.kind is Kind.MONEY or one.unit == other.unit)


def _is_vague(figures: Sequence[Figure | None]) -> bool:
    return any(one is not None and one.about for one in figures)


@relation("TXT100", "增减额与增减幅度不符")
def growth_from_change(document: Document) -> Iterator[Tie]:
    """“116000元，同比增加16000元，增长16%”：增减幅度等于增减额除以上年数（本年数减去增减额）。"""
    for change in _changes(document):
        amount, percent = change.amount, change.percent
        if amount is None or percent is None or amount.sign != percent.sign or not amount.value:
            continue
        known = change.before or (change.levels[-1] if change.linked else None)
        if known is None or _is_vague((amount, percent, known)) or not _same_unit(amount, known):
            continue
        text = change.text
        quote = text.quote(change.start, change.end)
        if change.before is not None:
            ratio = amount.range.percent_of(change.before.range)
            holds = ratio is None or ratio.meets(percent.range)
            base = change.before.value
        else:
            holds = any(_fits(change, level) for level in change.levels)
            base = change.levels[-1].value - amount.value * amount.sign
        if base <= 0:
            continue
        expected = percent_words(amount.value / base * HUNDRED, percent)
        message = f"{text.written(amount)}除以上年的{shown(base, amount)}是{expected}，这里写{text.written(percent)}。"
        yield Tie(holds, (quote,), message, expected, text.written(percent))


@relation("TXT101", "一增一减")
def direction(document: Document) -> Iterator[Tie]:
    """“减少0.4万元，下降5%”：同一个变动，增减额与增减幅度同为增或同为减。"""
    for change in _changes(document):
        amount, percent = change.amount, change.percent
        if amount is None or percent is None or not amount.value or not percent.value:
            continue
        text = change.text
        told = [text.written(one) for one in (amount, percent)]
        message = f"{told[0]}写的是{_word(amount)}，{told[1]}写的是{_word(percent)}。"
        quote = text.quote(change.start, change.end)
        yield Tie(amount.sign == percent.sign, (quote,), message, _word(amount), _word(percent))


def _word(one: Figure) -> str:
    return "增" if one.sign > 0 else "减"


@relation("TXT102", "与上年相比的增减额不对")
def change_from_before(document: Document) -> Iterator[Tie]:
    """“13万元，比上年的10万元增加3万元”：增减额等于两个数之差。"""
    for change in _changes(document):
        amount, before = change.amount, change.before
        if amount is None or before is None or before.part is not Part.BEFORE or not change.levels:
            continue
        text, level = change.text, change.levels[-1]
        joined = (
            change.linked
            if before.start > amount.start
            else level.end <= before.start and joins(text.between(level.end, before.start))
        )
        if not joined or _is_vague((amount, before, level)) or before.kind is not amount.kind:
            continue
        moved = amount.range if amount.sign > 0 else -amount.range
        holds = any((before.range + moved).meets(one.range) for one in change.levels)
        gap = level.value - before.value
        expected = f"{'增加' if gap > 0 else '减少'}{shown(abs(gap), amount)}"
        message = f"{text.written(level)}与{text.written(before)}相差{shown(abs(gap), amount)}，这里写{_word(amount)}{text.written(amount)}。"
        yield Tie(holds, (text.quote(level.start, amount.end),), message, expected, text.written(amount))


@relation("TXT103", "由多少到多少，增减不对")
def from_to(document: Document) -> Iterator[Tie]:
    """“由100万元调整为120万元，调增20万元”：增减额等于后数减前数，增减幅度等于增减额除以前数。"""
    for text in document.paragraphs:
        for first, then, change in zip(text.figures, text.figures[1:], text.figures[2:], strict=False):
            if first.part is not Part.FROM or then.part is not Part.TO or change.part is not Part.CHANGE:
                continue
            if (
                not first.kind == then.kind
                or _is_vague((first, then, change))
                or change.start - then.end > 12
                or change.sentence != then.sentence
            ):
                continue
            gap = then.exact - first.exact
            if change.kind is Kind.PERCENT:
                ratio = gap.percent_of(first.range)
                told = Interval(change.value, change.value) if ratio is None else ratio
                expected = (
                    percent_words(abs(then.value - first.value) / first.value * HUNDRED, change)
                    if first.value
                    else ""
                )
            elif change.kind is first.kind:
                told, expected = gap, shown(abs(then.value - first.value), change)
            else:
                continue
            signed = (
                change.exact
                if change.kind is not Kind.PERCENT
                else change.range
                if change.sign > 0
                else -change.range
            )
            message = f"由{text.written(first)}到{text.written(then)}，{'增加' if then.value > first.value else '减少'}{expected}，这里写{_word(change)}{text.written(change)}。"
            yield Tie(
                told.meets(signed),
                (text.quote(first.start, change.end),),
                message,
                expected,
                text.written(change),
            )


@relation("TXT031", "增减幅度与两年的数不符")
def growth_of_two(document: Document) -> Iterator[Tie]:
    """“7期，比上年的10期下降30%”：增减幅度等于两年之差除以上年数。"""
    for change in _changes(document):
        percent, before = change.percent, change.before
        if percent is None or change.amount is not None or before is None or not change.levels:
            continue
        same = [one for one in change.levels if one.kind is before.kind and one.unit == before.unit]
        if not same or _is_vague((percent, before, same[-1])) or not before.value:
            continue
        level, text = same[-1], change.text
        first, last = sorted((level, before), key=lambda one: one.start)
        behind = before.start > percent.start
        joined = (
            change.linked
            if behind
            else joins(text.between(first.end, last.start)) and joins(text.between(before.end, percent.start))
        )
        if not (joined or _is_turned(same, before, percent)):
            continue
        ratios = [(each.range - before.range).percent_of(before.range) for each in same]
        signed = percent.range if percent.sign > 0 else -percent.range
        exact = (level.value - before.value) / before.value * HUNDRED
        expected = f"{'增长' if exact > 0 else '下降'}{percent_words(abs(exact), percent)}"
        message = f"{text.written(level)}与{text.written(before)}相比{expected}，这里写{_word(percent)}{text.written(percent)}。"
        holds = any(ratio is None or ratio.meets(signed) for ratio in ratios)
        yield Tie(
            holds,
            (text.quote(level.start, max(percent.end, before.end) if behind else percent.end),),
            message,
            expected,
            text.written(percent),
        )


def _is_turned(levels: Sequence[Figure], before: Figure, percent: Figure) -> bool:
    """Whether a percentage is exactly that of two amounts, but for its direction."""
    turned = -percent.range if percent.sign > 0 else percent.range
    ratios = [(one.range - before.range).percent_of(before.range) for one in levels]
    return percent.step < 1 and any(one is not None and one.meets(turned) for one in ratios)


_MOST = 400


@relation("TXT125", "没有一个整数算得出这个百分比", Confidence.LIKELY)
def no_whole_number(document: Document) -> Iterator[Tie]:
    """“16期，同比下降61%”：上年同期数没有写的，也要有一个整数算得出这个百分比。"""
    for change in _changes(document):
        percent, text = change.percent, change.text
        if percent is None or change.amount or change.before or not change.linked or percent.about:
            continue
        level = change.levels[-1]
        compared = re.search("同比|同期|上年|去年", text.clean[level.end : percent.start])
        if (
            level.kind is not Kind.COUNT
            or not 0 < level.value <= _MOST
            or level.value % 1
            or level.about
            or not compared
        ):
            continue
        message = f"没有一个整数能算出“{text.clean[level.start : percent.end]}”。"
        quote = text.quote(level.start, percent.end)
        yield Tie(
            _has_whole_base(level, percent),
            (quote,),
            message,
            "",
            text.written(percent),
            "请核对上年同期数和百分比。",
        )


def _has_whole_base(level: Figure, percent: Figure) -> bool:
    """Whether some whole number grows or shrinks to another by a percentage."""
    signed = percent.range if percent.sign > 0 else -percent.range
    ends = sorted(
        HUNDRED * level.value / (HUNDRED + end) for end in (signed.low, signed.high) if HUNDRED + end > 0
    )
    return len(ends) < 2 or any(ends[0] <= base <= ends[1] for base in range(int(ends[0]), int(ends[1]) + 2))


@relation("TXT104", "下降超过100%")
def more_than_all(document: Document) -> Iterator[Tie]:
    """金额、个数的下降幅度不会超过100%。"""
    for change in _changes(document):
        percent = change.percent
        if percent is not None and percent.sign < 0:
            text = change.text
            yield Tie(
                percent.value <= HUNDRED,
                (text.quote(percent.start, percent.end),),
                f"下降不会超过100%，这里写{text.written(percent)}。",
                "不超过100%",
                text.written(percent),
            )


_NOTHING = re.compile(
    r"(?:上年|去年|上一年|(?:19|20)[0-9]{2}年)(?:度|同期)?(?:没有|无|未|为零|为空)[^，。；0-9]{0,8}，(?:同比|比上年|较上年)?(?:增长|上升|增加)$"
)


@relation("TXT115", "基数为零的增长")
def growth_of_nothing(document: Document) -> Iterator[Tie]:
    """上年数为0的，算不出增长百分之几；本年数为0的，不会是增长。"""
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if (
                percent.kind is not Kind.PERCENT
                or percent.part is not Part.CHANGE
                or not percent.value
                or not at
            ):
                continue
            last = text.figures[at - 1]
            idle = last.part is Part.CHANGE and not last.value and last.kind is Kind.MONEY
            down = percent.sign < 0 and not (
                last.part is Part.BEFORE or re.search("上年|去年|(?:19|20)[0-9]{2}年预算", last.prefix)
            )
            if down and not idle:
                continue
            if _NOTHING.search(text.clean[: percent.start][-40:]):
                quote = text.quote(percent.start, percent.end)
                yield Tie(
                    False,
                    (quote,),
                    f"上年没有，算不出增长{text.written(percent)}。",
                    "不写百分比",
                    text.written(percent),
                )
                continue
            if (
                last.kind is not Kind.MONEY
                or not (last.is_level or idle or last.part is Part.BEFORE)
                or last.sentence != percent.sentence
            ):
                continue
            if percent.start - last.end > _NEAR or not joins(
                text.between(last.end, percent.start).lstrip("(")
            ):
                continue
            message = f"{text.written(last)}算不出增长{text.written(percent)}。"
            yield Tie(
                bool(last.value),
                (text.quote(last.start, percent.end),),
                message,
                "不写百分比",
                text.written(percent),
            )
