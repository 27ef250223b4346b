"""Growth: an amount, by how much it changed, by how many percent, and against what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import HUNDRED, Interval, exactly
from xlbudget.audit.labels import bare
from xlbudget.audit.paragraphs import Document, Paragraph, joins, once
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.slips import is_exchanged, significant
from xlbudget.audit.values import percent_words, shown
from xlbudget.domain.money import plain

_NEAR = 60
"""Characters between figures that belong together."""
AMOUNTS = (Kind.MONEY, Kind.COUNT)
_NOTHING = re.compile(
    r"(?:上年|去年|上一年|(?:19|20)[0-9]{2}年)(?:度|同期)?[^。；0-9]{0,16}?(?:没有|无|未|为零|为空|为0)[^，。；0-9]{0,8}，(?:支出为0，)?(?:同比|比上年|较上年)?(?:增长|上升|增加)$"
)


def is_vague(*figures: Figure) -> bool:
    return any(one.about for one in figures)


def is_percent_of(percent: Figure, part: Interval, whole: Interval) -> bool:
    """Whether one value is so many percent of another."""
    ratio = part.percent_of(whole)
    return ratio is not None and ratio.meets(percent.range)


def of_none(holds: bool, text: Paragraph, figures: Sequence[Figure], reason: str) -> Tie:
    """A tie of a percentage, the last of some figures, with something that must not be nothing."""
    percent = figures[-1]
    return tie(holds, text, figures, f"{reason}{text.written(percent)}。", "不写百分比", percent)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change as told: by how much, by how many percent, of what, against what."""

    text: Paragraph
    amount: Figure | None
    percent: Figure | None
    levels: Sequence[Figure]
    """Whatever could be meant by what changed, the nearest last."""
    linked: bool
    """Whether nothing but neutral words stands between the last of them and the change."""
    before: Figure | None

    @property
    def figures(self) -> list[Figure]:
        level = self.levels[-1] if self.linked else None
        return [one for one in (level, self.amount, self.percent) if one]


@once
def _changes(document: Document) -> Iterator[_Change]:
    partner: Figure | None = None
    for text, at, one in document.figures:
        if one.part is not Part.CHANGE or one.kind is Kind.POINTS or one is partner:
            continue
        partner = _partner(text, at)
        amount, percent = (partner, one) if one.is_percent else (one, partner)
        named = _named(text, at)
        near = [each for each in text.figures[:at] if each.is_level and each.sentence >= one.sentence - 1]
        kinds = [kind for kind in AMOUNTS if amount is None or kind is amount.kind]
        levels = named or [each for each in near if each.kind in kinds]
        is_beside = bool(levels) and _is_linked(text, levels[-1], one)
        before = _before(text, at, (partner or one).end)
        if before is None and is_beside and _OF_BEFORE.match(levels[-1].prefix):
            before = levels[-1]
        before = before or _of_year_before(text, one, levels)
        yield _Change(text, amount, percent, levels, bool(named) or is_beside, before)


_OF_PLAN = re.compile("[超短]收$|[多少]支出$|(?:核|调|追)[增减加]$")
_OF_BEFORE = re.compile(rf"(?:其中)?{words.LAST_YEAR}(?![^，。；]{{0,4}}结[转余])")
_BESIDE = re.compile(
    rf"[，、；(]?(?:同比|环比|同口径|比上年|较上年|与上年相比|比去年|较去年|分别|均|也|各|约|减少额|增长额)*(?:{words.CHANGE})(?:[了为达约是率额]|幅度|比例)*"
)


def _partner(text: Paragraph, at: int) -> Figure | None:
    """The percentage to an amount of change, or the amount to a percentage, right behind it."""
    one = text.figures[at]
    for other in text.figures[at + 1 : at + 2]:
        is_near = other.start - one.end <= 24 and other.sentence == one.sentence
        is_of_plan = _OF_PLAN.search(one.lead) and re.search(words.LAST_YEAR, other.lead)
        if other.part is Part.CHANGE and other.is_percent != one.is_percent and is_near and not is_of_plan:
            return other if _BESIDE.fullmatch(text.clean[one.end : other.start]) else None
    return None


def _before(text: Paragraph, at: int, end: int) -> Figure | None:
    """What a change (that ends there) is compared with: told right before it, or else right behind it."""
    one = text.figures[at]
    for each in reversed(text.figures[:at]):
        is_near = each.sentence == one.sentence and one.start - each.end < 16
        if is_near and each.part in (Part.BEFORE, Part.FROM):
            return each
    for each in text.figures[at + 1 : at + 4]:
        is_told = each.depth > one.depth or (
            each.sentence == one.sentence and words.OF_LAST_YEAR.search(each.lead)
        )
        if is_told and 0 <= each.start - end < 12 and each.part is Part.BEFORE:
            return each
    return None


_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")


def _of_year_before(text: Paragraph, change: Figure, levels: Sequence[Figure]) -> Figure | None:
    """2021年8650万元，2022年同比增加380万元: the amount is told of the year before that of the change."""
    told, own = _YEAR.findall(change.prefix), _YEAR.search(levels[-1].prefix) if levels else None
    is_before = len(told) == 1 and own and int(own[1]) == int(told[0]) - 1
    is_before = is_before and levels[-1].sentence == change.sentence
    return levels[-1] if is_before and joins(text.between(levels[-1].end, change.start)) else None


def _named(text: Paragraph, at: int) -> list[Figure]:
    """The amount whose name a change repeats: 收入5126万元，其中……。收入比上年增加366万元."""
    change = text.figures[at]
    subject = bare(re.sub(r"(?:比|较|与|同)[^，。；#]*$", "", words.CHANGED.sub("", change.lead)))
    levels = [one for one in text.figures[:at] if one.is_level and one.is_money]
    named = [one for one in levels if subject in one.lead and one.sentence < change.sentence]
    return named if len(subject) >= 2 and len(named) == 1 else []


def _is_linked(text: Paragraph, level: Figure, change: Figure) -> bool:
    money = sum(one.is_money and one.is_level for one in text.figures if one.statement == level.statement)
    is_apart = money > 1 and level.statement != change.statement
    if is_apart or level.depth > change.depth or change.start - level.end > _NEAR:
        return False
    return joins(text.between(level.end, change.start).lstrip("("))


def _signed(change: Figure) -> Interval:
    return change.range if change.sign > 0 else -change.range


def _word(one: Figure) -> str:
    return "增" if one.sign > 0 else "减"


@relation("TXT100", "增减额与增减幅度不符")
def growth_from_change(document: Document) -> Iterator[Tie]:
    """“116000元，同比增加16000元，增长16%”：增减幅度等于增减额除以上年数（本年数减去增减额）。"""
    for change in _changes(document):
        text, amount, percent = change.text, change.amount, change.percent
        if amount is None or percent is None or amount.sign != percent.sign or not amount.value:
            continue
        known = change.before or (change.levels[-1] if change.linked else None)
        if known is None or is_vague(amount, percent, known) or not amount.is_like(known):
            continue
        base, bases = known.value, [known.range]
        if change.before is None:
            base -= amount.value * amount.sign
            bases = [level.range - _signed(amount) for level in change.levels]
            first = change.levels[0]
            if re.search(
                f"{words.LAST_YEAR}(?!结)|(?:19|20)[0-9]{{2}}年",
                text.clean[text.passage.sentence(first.start)[0] : first.start],
            ) and re.search("预算|决算|本年|今年|当年", amount.lead):
                bases += [level.range for level in change.levels]
        if base > 0:
            holds = any(one.low <= 0 or is_percent_of(percent, amount.range, one) for one in bases)
            expected = percent_words(amount.value / base * HUNDRED, percent)
            message = f"{text.written(amount)}除以上年的{shown(base, amount)}是{expected}，这里写{text.written(percent)}。"
            yield tie(holds, text, change.figures, message, expected, percent)


@relation("TXT136", "增减幅度的两位数字写颠倒", Confidence.LIKELY)
def exchanged_growth(document: Document) -> Iterator[Tie]:
    """“比上年减少76.50万元，下降6.48%”：哪个数都算不出，颠倒两位数字正好算得出的，是写颠倒了。"""
    for change in _changes(document):
        text, amount, percent = change.text, change.amount, change.percent
        if amount is None or percent is None or not amount.value or is_vague(amount, percent):
            continue
        near = [one for each in document.up_to(text, 2) for one in each.figures]
        levels = [
            one for one in near if one is not amount and one.is_like(amount) and one.value > amount.value
        ]
        bases = [one.range - _signed(amount) for one in levels] + [one.range for one in levels]
        ratios = [
            ratio for base in bases if base.low > 0 and (ratio := amount.range.percent_of(base)) is not None
        ]
        is_right = any(ratio.meets(percent.range) for ratio in ratios)
        if len(significant(percent.value, percent.step)) < 3 or is_right:
            continue
        for ratio in ratios:
            around = Interval(ratio.low - percent.step, ratio.high + percent.step / 2)
            if is_exchanged(percent.value, percent.step, around):
                expected = percent_words((ratio.low + ratio.high) / 2, percent)
                message = f"按{text.written(amount)}算是{expected}，这里写{text.written(percent)}，两位数字像是写颠倒了。"
                yield tie(False, text, (amount, percent), message, expected, percent)
                break


@relation("TXT101", "一增一减")
def direction(document: Document) -> Iterator[Tie]:
    """“减少0.4万元，下降5%”：同一个变动，增减额与增减幅度同为增或同为减。"""
    for change in _changes(document):
        text, amount, percent = change.text, change.amount, change.percent
        if amount and percent and amount.value and percent.value:
            told = [f"{text.written(one)}写的是{_word(one)}" for one in (amount, percent)]
            holds, quotes = amount.sign == percent.sign, (text.span(*change.figures),)
            yield Tie(holds, quotes, f"{'，'.join(told)}。", _word(amount), _word(percent))


_COMPARED = re.compile(r"[，(]?(?:比|较|与)[^#，。；]{0,14}")


@relation("TXT102", "与上年相比的增减额不对")
def change_from_before(document: Document) -> Iterator[Tie]:
    """“13万元，比上年的10万元增加3万元”：增减额等于两个数之差。"""
    for change in _changes(document):
        text, amount, before = change.text, change.amount, change.before
        if amount is None or before is None or before.part is not Part.BEFORE or not change.levels:
            continue
        level = change.levels[-1]
        between = text.between(level.end, before.start)
        others = [
            one
            for one in text.money
            if one.statement == level.statement != before.statement and one.is_like(level)
        ]
        is_told_first = (
            level.end <= before.start
            and len(others) <= 1
            and (joins(between) or _COMPARED.fullmatch(between) is not None)
        )
        joined = change.linked if before.start > amount.start else is_told_first
        if not joined or is_vague(amount, before, level) or before.kind is not amount.kind:
            continue
        gap = level.value - before.value
        apart = shown(abs(gap), amount)
        expected = f"{'增加' if gap > 0 else '减少'}{apart}"
        message = f"{text.written(level)}与{text.written(before)}相差{apart}，这里写{_word(amount)}{text.written(amount)}。"
        holds = any((before.range + _signed(amount)).meets(one.range) for one in change.levels)
        yield tie(holds, text, (level, amount), message, expected, amount)


@relation("TXT103", "由多少到多少，增减不对")
def from_to(document: Document) -> Iterator[Tie]:
    """“由100万元调整为120万元，调增20万元”：增减额等于后数减前数，增减幅度等于增减额除以前数。"""
    for text, at, change in document.figures:
        if at < 2 or change.part is not Part.CHANGE:
            continue
        first, then = text.figures[at - 2 : at]
        is_near = change.start - then.end <= 12 and change.sentence == then.sentence
        is_alike = first.kind is then.kind and change.kind in (Kind.PERCENT, first.kind)
        is_moved = first.part is Part.FROM and then.part is Part.TO
        if not (is_moved and is_near and is_alike) or is_vague(first, then, change):
            continue
        gap, apart = then.exact - first.exact, abs(then.value - first.value)
        if change.is_percent:
            holds = (gap.percent_of(first.range) or exactly(change.value)).meets(_signed(change))
            expected = percent_words(apart / first.value * HUNDRED, change) if first.value else ""
        else:
            holds, expected = gap.meets(change.exact), shown(apart, change)
        moved = f"{'增加' if then.value > first.value else '减少'}{expected}"
        message = f"由{text.written(first)}到{text.written(then)}，{moved}，这里写{_word(change)}{text.written(change)}。"
        yield tie(holds, text, (first, change), message, expected, change)


@relation("TXT177", "增减方向与本年的数不符", Confidence.LIKELY)
def opposite_direction(document: Document) -> Iterator[Tie]:
    """“与上年的3782.32万元相比增加116.6万元”：加（减）出来的数全文没有，反过来的数正好是本年写明的，是方向写反了。"""
    known = {one.value for _, _, one in document.figures if one.is_money and one.is_level}
    for change in _changes(document):
        text, amount, before = change.text, change.amount, change.before
        if amount is None or before is None or not amount.is_money or is_vague(amount, before):
            continue
        told, other = (before.value + sign * amount.sign * amount.value for sign in (1, -1))
        is_long = len(significant(other, before.step)) >= _LONG and before.step == amount.step
        if before.is_money and is_long and told != other:
            way = "减少" if amount.sign > 0 else "增加"
            message = f"本年是{shown(other, before)}，比{text.written(before)}{way}，这里写{_word(amount)}{text.written(amount)}。"
            holds = told in known or other not in known
            yield tie(holds, text, (before, amount), message, way[0], amount)


@relation("TXT179", "上升、下降与前后两个数不符")
def rises_or_falls(document: Document) -> Iterator[Tie]:
    """“占比由上年的63.01%上升到62.35%”：说上升，后一个数就不小于前一个数；说下降，就不大于。"""
    for text in document.paragraphs:
        for first, then in pairwise(text.figures):
            between = text.clean[first.end : then.start]
            moved = _MOVED_TO.fullmatch(between) if first.kind is then.kind else None
            if moved and first.unit == then.unit and _FROM_HERE.search(first.lead):
                sign = 1 if words.IS_UP.match(moved["word"]) else -1
                way = "上升" if then.value > first.value else "下降"
                message = f"由{text.written(first)}到{text.written(then)}，不是{moved['word']}。"
                holds = (then.value - first.value) * sign >= 0
                yield tie(holds, text, (first, then), message, way, then)


_MOVED_TO = re.compile(r"(?:的)?(?P<word>上升|提高|增长|增加|提升|下降|降低|减少|回落)(?:到|至|为)(?:了)?")
_LONG = 5
_FROM_HERE = re.compile("(?:由|从)[^#，。；]{0,14}$")
_TO_THERE = re.compile("[^#，。；]{0,8}(?:到|至|为)[^#，。；]{0,12}")
_MOVED_BY = re.compile(
    "，(?:净|共|合计)?(?P<word>增加|新增|增|提高|提升|上升|延长|扩大|缩短|减少|下降|降低|压缩|降|减)了?"
)
_GREW = "增提上延扩新"


@relation("TXT174", "由多少到多少，差不对")
def moved_by(document: Document) -> Iterator[Tie]:
    """“由42分钟缩短至26分钟，缩短16分钟”“由98.6%提高到99.1%，提高0.5个百分点”：差等于后数与前数之差。"""
    for text, at, change in document.figures:
        if at < 2 or is_vague(change, *text.figures[at - 2 : at]):
            continue
        first, then = text.figures[at - 2 : at]
        told = _MOVED_BY.fullmatch(text.between(then.end, change.start))
        kind = Kind.POINTS if first.is_percent else first.kind
        is_alike = change.kind is kind and first.unit == then.unit == change.unit
        is_moved = _FROM_HERE.search(first.lead) and _TO_THERE.fullmatch(then.lead)
        if told and is_moved and is_alike:
            gap = then.range - first.range if first.is_percent else then.exact - first.exact
            signed = change.range if told["word"][0] in _GREW else -change.range
            by = abs(then.value - first.value)
            apart = f"{plain(by)}个百分点" if first.is_percent else shown(by, change)
            expected = f"{'增' if then.value > first.value else '减'}{apart}"
            message = f"由{text.written(first)}到{text.written(then)}，相差{apart}，这里写{told['word']}{text.written(change)}。"
            yield tie(gap.meets(signed), text, (first, change), message, expected, change)


@relation("TXT031", "增减幅度与两年的数不符")
def growth_of_two(document: Document) -> Iterator[Tie]:
    """“7期，比上年的10期下降30%”：增减幅度等于两年之差除以上年数。"""
    for change in _changes(document):
        text, percent, before = change.text, change.percent, change.before
        if percent is None or change.amount or before is None:
            continue
        levels = [one for one in change.levels if one.unit == before.unit and one is not before]
        if not levels or is_vague(percent, before, levels[-1]) or not before.value:
            continue
        level, is_behind = levels[-1], before.start > percent.start
        ratios = [(one.range - before.range).percent_of(before.range) for one in levels]
        signed = _signed(percent)
        apart = text.between(min(level.end, before.end), max(level.start, before.start))
        is_told = joins(apart) and joins(text.between(before.end, percent.start))
        is_turned = percent.step < 1 and any(one is not None and one.meets(-signed) for one in ratios)
        if is_turned or (change.linked if is_behind else is_told):
            exact = (level.value - before.value) / before.value * HUNDRED
            expected = f"{'增长' if exact > 0 else '下降'}{percent_words(abs(exact), percent)}"
            message = f"{text.written(level)}与{text.written(before)}相比{expected}，这里写{_word(percent)}{text.written(percent)}。"
            quoted = (level, percent, before) if is_behind else (level, percent)
            holds = any(one is None or one.meets(signed) for one in ratios)
            yield tie(holds, text, quoted, message, expected, percent)


@relation("TXT125", "没有一个整数算得出这个百分比", Confidence.LIKELY)
def no_whole_number(document: Document) -> Iterator[Tie]:
    """“16期，同比下降61%”：上年同期数没有写的，也要有一个整数算得出这个百分比。"""
    for change in _changes(document):
        percent, text = change.percent, change.text
        if percent is None or change.amount or change.before or not change.linked or percent.about:
            continue
        level = change.levels[-1]
        is_whole = level.is_count and 0 < level.value <= 400 and not level.value % 1 and not level.about
        if is_whole and re.search("同比|同期|上年|去年", text.clean[level.end : percent.start]):
            message = f"没有一个整数能算出“{text.clean[level.start : percent.end]}”。"
            holds, remedy = _has_whole_base(level, percent), "请核对上年同期数和百分比。"
            yield tie(holds, text, (level, percent), message, "", percent, remedy=remedy)


def _has_whole_base(level: Figure, percent: Figure) -> bool:
    """Whether some whole number grows or shrinks to another by a percentage."""
    grown = [HUNDRED + end for end in (_signed(percent).low, _signed(percent).high)]
    ends = sorted(HUNDRED * level.value / one for one in grown if one > 0)
    return len(ends) < 2 or any(ends[0] <= base <= ends[1] for base in range(int(ends[0]), int(ends[1]) + 2))


@relation("TXT104", "下降超过100%")
def more_than_all(document: Document) -> Iterator[Tie]:
    """金额、个数的下降幅度不会超过100%。"""
    for change in _changes(document):
        text, percent = change.text, change.percent
        if percent and percent.sign < 0:
            message = f"下降不会超过100%，这里写{text.written(percent)}。"
            yield tie(percent.value <= HUNDRED, text, (percent,), message, "不超过100%", percent)


@relation("TXT115", "基数为零的增长")
def growth_of_nothing(document: Document) -> Iterator[Tie]:
    """上年数为0的，算不出增长百分之几；本年数为0的，不会是增长。"""
    for text, at, percent in document.figures:
        if not (at and percent.is_percent and percent.part is Part.CHANGE and percent.value):
            continue
        last = text.figures[at - 1]
        is_before = last.part is Part.BEFORE
        is_idle = last.is_money and last.part is Part.CHANGE and not last.value
        of_before = is_before or re.search("上年|去年|(?:19|20)[0-9]{2}年预算", last.prefix)
        if percent.sign < 0 and not (of_before or is_idle):
            continue
        is_near = last.sentence == percent.sentence and percent.start - last.end <= _NEAR
        is_of = last.is_money and (last.is_level or is_idle or is_before) and is_near
        if _NOTHING.search(text.clean[: percent.start][-60:]):
            yield of_none(False, text, (percent,), "上年没有，算不出增长")
        elif is_of and joins(text.between(last.end, percent.start).lstrip("(")):
            yield of_none(bool(last.value), text, (last, percent), f"{text.written(last)}算不出增长")
        elif zero := _zero_before(text, at):
            yield of_none(False, text, (zero, percent), f"{text.written(zero)}算不出增长")


def _zero_before(text: Paragraph, at: int) -> Figure | None:
    """The nothing of last year that a sentence compares with: 上年0人，本年132人，同比增长132%."""
    percent = text.figures[at]
    near = [
        one
        for one in text.figures[max(0, at - 3) : at]
        if one.sentence == percent.sentence and not one.is_percent
    ]
    zeros = [
        one
        for one in near
        if not one.value and one.part is not Part.CHANGE and re.search(f"{words.LAST_YEAR}", one.prefix)
    ]
    is_told = re.search("同比|比上年|较上年", text.clean[near[-1].end : percent.start]) if near else None
    return zeros[0] if zeros and is_told and len({one.unit for one in near}) == 1 else None
