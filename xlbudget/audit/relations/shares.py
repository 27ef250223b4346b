"""Shares and rates: percent of an amount that the words name, of a plan, of the whole that a list adds up to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, permutations
from typing import Any

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.interval import HUNDRED, Interval, exactly, rounded, total
from xlbudget.audit.paragraphs import Document, Paragraph, joins, once
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.growth import AMOUNTS, is_percent_of, is_vague, of_none
from xlbudget.audit.relations.totals import EACH, sum_of_values, wholes
from xlbudget.audit.slips import chance, is_exchanged, significant, slipped_to
from xlbudget.audit.values import in_words, percent_words, shown
from xlbudget.domain.money import plain

PERCENTS = (Part.SHARE, Part.RATE)
_TEN_THOUSAND = Decimal(10_000)
_FAR_MORE = 50  # times as much as any part or other amount can be
_NO_MARGIN = exactly(Decimal(0))


def fits(part: Figure, whole: Figure, percent: Figure) -> bool:
    """Whether an amount is so many percent of another."""
    return is_percent_of(percent, part.range, whole.range)


def fits_any(part: Figure, some: Iterable[Figure], percent: Figure) -> bool:
    """Whether an amount is so many percent of one of some others."""
    return any(fits(part, one, percent) for one in some)


def is_slip(part: Figure, whole: Figure, percent: Figure, margin: Interval = _NO_MARGIN) -> bool:
    """Whether a percentage is one slip away from the right one, or from one that differs from it within a margin."""
    ratio = part.range.percent_of(whole.range)
    return ratio is not None and slipped_to(percent.value, percent.step, ratio + margin) is not None


def window(text: Paragraph, at: int, back: int = 1) -> list[Figure]:
    """The amounts before a figure, of its sentence and so many sentences before it."""
    first = text.figures[at].sentence - back
    return [one for one in text.figures[:at] if one.sentence >= first and one.kind in AMOUNTS]


def _rates(document: Document) -> Iterator[tuple[Paragraph, int, Figure]]:
    """Every percentage of a whole or of a plan, exact or not."""
    return (each for each in document.figures if each[2].is_percent and each[2].part in PERCENTS)


def up_to_clause(text: Paragraph, one: Figure, then: Figure) -> str:
    """The words from a figure to the clause of another, and what that begins with before 占 or 完成."""
    subject = _RELATED.match(then.prefix) if then.clause > one.start else None
    return text.between(one.end, max(one.end, then.clause)) + (subject[0] if subject else "")


_RELATED = re.compile(r"[^#]*?(?=占|完成|达到?)")


def ratio_tie(
    holds: bool,
    text: Paragraph,
    part: Figure,
    whole: Figure,
    percent: Figure,
    quoted: Sequence[Figure] = (),
    *more: Quote,
    **others: Any,
) -> Tie:
    """A tie of a percentage with its part and whole, quoted from the first to the last of the three or of `quoted`."""
    expected = percent_words(part.value / whole.value * HUNDRED, percent)
    base = text.written(whole) if whole in text.figures else shown(whole.value, whole)
    message = f"{text.written(part)}是{base}的{expected}，这里写{text.written(percent)}。"
    return tie(holds, text, quoted or (part, whole, percent), message, expected, percent, *more, **others)


@relation("TXT033", "占比、完成比例与写明的基数不符")
def of_named_base(document: Document) -> Iterator[Tie]:
    """“4348万元，占年初预算10065万元的43.2%”：百分比等于前一个数除以写明的基数。"""
    for text, at, percent in document.percents:
        base = text.figures[at - 1]
        if not at or base.part is not Part.BASE or not base.value:
            continue
        earlier = [one for one in window(text, at - 1) if one.is_like(base)]
        part = next((one for one in reversed(earlier) if one.is_level), None)
        if part is None or part.depth > base.depth or is_vague(part, base):
            continue
        if joins(up_to_clause(text, part, base)):
            holds = any(fits(one, base, percent) for one in earlier)
            yield ratio_tie(holds, text, part, base, percent)


@dataclass(frozen=True, slots=True)
class _Rated:
    """What a rate is of: what was done, what was planned, and which of these plans the rate names (年初, 全年 …)."""

    done: Figure
    plans: Sequence[Figure]
    named: Sequence[Figure]


_PLAN = re.compile(
    r"(年初|全年|调整后?|调整预算|年度|批复|下达|到位|中期|计划|上年)?[^#，。；]{0,6}(?:预算|计划|指标|资金|任务|目标|经费)"
)
_NAMED = re.compile(
    r"(?:完成|占|达|为|支出)?(年初|全年|调整后?|年度)?(?:的)?[^#，。；]{0,4}预算[^#，。；]{0,6}$"
)
_EXECUTION = re.compile(r"(?:预算|执行|支出|支付|使用|资金|拨付|完成|进度)[^#，。；]{0,4}(?:率|进度|比例)")


def _rated(text: Paragraph, at: int) -> _Rated | None:
    """What a rate is of, where the words leave no doubt: one amount spent right before it, amounts of the plan before that."""
    percent = text.figures[at]
    naming = _NAMED.search(percent.prefix)
    if not naming and not _EXECUTION.search(percent.prefix):
        return None
    known = [one for one in since_last_rate(text, at, 1) if one.is_money and one.depth <= percent.depth]
    known = [one for one in known if one.is_level or (one.part is Part.BEFORE and "预算" in one.lead)]
    plans = [one for one in known if _is_plan(one)]
    spent = [one for one in known if one is known[0] or words.SPENT.search(one.prefix)]
    done = [one for one in spent if one not in plans]
    if not done:
        return None
    last = max((done[-1], *plans), key=lambda one: one.start)
    if not joins(up_to_clause(text, last, percent)):
        return None
    name = naming[1] if naming else None
    return _Rated(done[-1], plans, [one for one in plans if name and name in one.prefix])


def since_last_rate(text: Paragraph, at: int, back: int) -> list[Figure]:
    """The figures before a rate, after the last rate that has an amount of its own: 291万元，完成年初预算的120%，完成调整预算的98%."""
    own = max((one.start for one in text.figures[:at] if one.is_money or one.is_count), default=0)
    last = max((one.end for one in text.figures[:at] if one.part in PERCENTS and one.end < own), default=0)
    return [one for one in window(text, at, back) if one.start >= last]


def _is_plan(one: Figure) -> bool:
    plan, spent = [*_PLAN.finditer(one.lead)], [*words.SPENT.finditer(one.lead)]
    return bool(plan) and (not spent or spent[-1].end() <= plan[-1].end())


@relation("TXT030", "执行率与预算、支出不符")
def execution_rate(document: Document) -> Iterator[Tie]:
    """“年初预算为100万元，支出决算为90万元，完成年初预算的90%”：比例等于支出除以预算。"""
    for text, at, percent in _rates(document):
        rated = _rated(text, at)
        if rated is None or not 1 <= len(rated.plans) <= 2 or is_vague(percent, rated.done, *rated.plans):
            continue
        done, plan = rated.done, (rated.named or rated.plans)[-1]
        is_told_together = plan.sentence == done.sentence or is_slip(done, plan, percent)
        if not plan.value or abs(done.start - plan.start) > 80 or not is_told_together:
            continue
        others = [one for one in window(text, at, 2) if one.is_money]
        pairs = [(a, b) for a, b in permutations(others, 2) if b is not done or a not in rated.plans]
        left = Interval(plan.range.low - done.range.high, plan.range.high - done.range.low)
        if re.search("结转|结余|剩余", done.lead) or is_percent_of(percent, left, plan.range):
            continue
        plans = total(one.range for one in rated.plans)
        holds = any(fits(a, b, percent) for a, b in pairs) or is_percent_of(percent, done.range, plans)
        yield ratio_tie(holds, text, done, plan, percent)


@relation("TXT105", "完成比例用的不是写明的预算", Confidence.LIKELY)
def rate_of_another_base(document: Document) -> Iterator[Tie]:
    """“完成年初预算的95%”：比例要按年初预算算，不能按全年预算、到位资金算。"""
    for text, at, percent in _rates(document):
        rated = _rated(text, at)
        if rated is None or len(rated.plans) < 2 or len(rated.named) != 1:
            continue
        done, plan = rated.done, rated.named[0]
        if plan.value and not is_vague(done, *rated.plans):
            holds = fits(done, plan, percent) or not fits_any(done, rated.plans, percent)
            yield ratio_tie(holds, text, done, plan, percent, (plan, percent))
    yield from _rates_of_the_adjusted(document)
    yield from _rates_of_what_arrived(document)


def _rates_of_what_arrived(document: Document) -> Iterator[Tie]:
    """预算执行进度70%, where it is 70 % of what arrived and not of the budget that is told beside it."""
    for text, at, percent in document.figures:
        if not percent.is_percent or not re.search("预算执行(?:进度|率)(?:为|达)?$", percent.prefix):
            continue
        money = [one for one in window(text, at, 0) if one.is_money and one.is_level]
        plans = [one for one in money if "预算" in one.lead]
        arrived = [one for one in money[:-1] if one not in plans and re.search("到位|额度|收到", one.lead)]
        if len(plans) != 1 or len(arrived) != 1 or is_vague(money[-1], plans[0]) or not plans[0].value:
            continue
        holds = fits(money[-1], plans[0], percent) or not fits(money[-1], arrived[0], percent)
        yield ratio_tie(holds, text, money[-1], plans[0], percent, sure=Confidence.POSSIBLE)


def _rates_of_the_adjusted(document: Document) -> Iterator[Tie]:
    """占年初预算的56%, where it is 56 % of 调整后预算 and no other amount."""
    for text, at, percent in _rates(document):
        money = [one for one in text.figures[:at] if one.is_money and one.is_level]
        if not money or money[-1].about or not re.search("年初预算[^#，。；]{0,4}$", percent.prefix):
            continue
        spent = money[-1]
        above = [] if len(money) > 1 else _plans_above(document, text)
        bases = [one for one in (*money[:-1], *above) if fits(spent, one, percent)]
        money += above
        is_adjusted = any(re.search("调整|[增减]", one.lead) for one in money) and all(
            re.search("调整|全年预算|到位", one.lead) and "年初" not in one.lead for one in bases
        )
        if bases and is_adjusted and joins(up_to_clause(text, spent, percent)):
            message = f"{text.written(percent)}是按{bases[0].lead[-6:]}{shown(bases[0].value, bases[0])}算的，不是按年初预算。"
            yield tie(False, text, (spent, percent), message, "", percent)


def _plans_above(document: Document, text: Paragraph) -> list[Figure]:
    """The budgets of the year that are told in the paragraphs above, where one of them is 年初预算."""
    above = [one for each in document.up_to(text, _ABOVE) if each is not text for one in each.money]
    plans = [one for one in above if one.is_level and not one.depth and _IN_ALL.search(one.lead)]
    return plans if any("年初预算" in one.lead for one in plans) else []


_ABOVE = 4
_IN_ALL = re.compile(
    "(?:^|我[局单]位?|部门)?(?:20[0-9]{2}年度?)?(?:年初预算|调整后?(?:的)?(?:年度|全年)?预算|全年(?:可用)?预算)(?:数|总额|合计)*(?:为|是)?$"
)


@relation("TXT106", "基数为零，算不出百分比")
def of_nothing(document: Document) -> Iterator[Tie]:
    """年初预算（上年数）为0的，不写完成比例（增减幅度）。"""
    for text, at, percent in _rates(document):
        if not percent.value:
            continue
        last, rated = text.figures[at - 1], _rated(text, at)
        statement = text.clean[: percent.start].rpartition("。")[2]
        is_unplanned = re.search("未安排预算|没有预算|无预算|预算为零", statement)
        if is_unplanned and re.search("预算[^#，。；]{0,4}$", percent.prefix):
            yield of_none(False, text, (percent,), "没有安排预算，算不出")
        elif at and last.part is Part.BASE and not last.value:
            yield of_none(False, text, (last, percent), f"基数是{text.written(last)}，算不出")
        elif rated and rated.plans and rated.done.value:
            plans = rated.named or rated.plans
            name = plans[-1].lead.removesuffix("为").removesuffix("是")[-12:] or "基数"
            reason = f"{name}为{text.written(plans[-1])}，算不出"
            yield of_none(any(one.value for one in plans), text, (plans[-1], percent), reason)


# -- shares in a list ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Share:
    text: Paragraph
    part: Figure
    percent: Figure

    def fits(self, whole: Figure) -> bool:
        return fits(self.part, whole, self.percent)


@once
def _shares(document: Document) -> Iterator[_Share]:
    """Amounts with the share right behind them; a row of amounts with a row of shares."""
    for text, at, percent in document.figures:
        last = text.figures[at - 1]
        if percent.part is not Part.SHARE or percent.about or re.search("相加|合计|之和|共", percent.lead):
            continue
        if at and last.part is Part.SHARE and last.end + 2 >= percent.start:
            continue
        following = next(iter(text.figures[at + 1 : at + 2]), None)
        if following and following.is_level and text.clean[percent.end : following.start] == "(":
            yield _Share(text, following, percent)
            continue
        row = _row(text.figures[at:])
        near = text.figures[max(0, at - 2 * len(row) - 2) : at]
        parts = [one for one in near if one.is_level and one.kind in AMOUNTS]
        if len(row) > 1:
            parts = [one for one in parts if one.end <= percent.clause][-len(row) :]
            if len(parts) == len(row) and parts[0].kind is parts[-1].kind:
                yield from (_Share(text, part, each) for part, each in zip(parts, row, strict=True))
        elif parts and joins(up_to_clause(text, parts[-1], percent).lstrip("(")):
            yield _Share(text, parts[-1], percent)


def _row(figures: Sequence[Figure]) -> list[Figure]:
    """A percentage and those that follow it as in 30%、57%和15%."""
    row = [figures[0]]
    for one in figures[1:]:
        if one.part is not Part.SHARE or one.start - row[-1].end > 2:
            break
        row.append(one)
    return row


@relation("TXT178", "各部分占比加起来不是100%", Confidence.LIKELY)
def shares_of_all(document: Document) -> Iterator[Tie]:
    """“基本支出占21.3%，项目支出占78.7%”：各部分列全的，占比加起来是100%，各个尾数四舍五入除外。"""
    for text in document.paragraphs:
        shares = [one for one in text.figures if one.is_percent and one.part is Part.SHARE and not one.about]
        for _, some in groupby(shares, lambda one: (one.statement, one.depth)):
            parts = list(some)
            behind = text.clean[parts[-1].end : text.passage.sentence(parts[-1].start)[1]]
            is_rest_told = re.search("其余|其他|剩余|另", behind)
            if len(parts) >= 2 and not is_rest_told and _are_all(parts):
                yield from _hundred(text, parts)


_ROW, _SELDOM = 3, 0.1


def _are_all(parts: Sequence[Figure]) -> bool:
    """Whether shares are those of all parts: by what they are of, or told in one row that comes to 100 but seldom by chance."""
    labels = [one.prefix for one in parts]
    is_seldom = chance([(one.value, one.step) for one in parts]) < _SELDOM
    is_long = len(parts) >= _ROW and all(len(significant(one.value, one.step)) >= _ROW for one in parts)
    is_row = is_long and "分别占" in parts[0].lead and len(_row(parts)) == len(parts)
    return words.is_family(labels) or (is_seldom and (is_row or words.is_complete(labels)))


def _hundred(text: Paragraph, parts: Sequence[Figure]) -> Iterator[Tie]:
    """Whether shares come to 100; they are accused where a slip in one of them explains why not."""
    around, summed = total(rounded(one.value, one.step) for one in parts), sum_of_values(parts)
    holds = around.low - parts[0].step <= HUNDRED <= around.high + parts[0].step
    missing = HUNDRED - summed
    if holds or any(slipped_to(one.value, one.step, rounded(one.value + missing, one.step)) for one in parts):
        told = f"{plain(summed)}%"
        message = f"各部分占比加起来是{told}，不是100%。"
        yield Tie(holds, (text.span(*parts),), message, "100%", told)


@relation("TXT032", "占比与各部分的数不符")
def shares_of_one_whole(document: Document) -> Iterator[Tie]:
    """一组数各占总数的百分之几，都按同一个总数算得出来。"""
    for group, around in _groups(document):
        shares = [one for one in group if one.part.value]
        if len(shares) == 1:
            yield from _share_of_count(shares[0])
        bases = [one for one in around if not one.about] or around
        if len(shares) < 2 or not bases:
            continue
        best = max(bases, key=lambda base: sum(one.fits(base) for one in shares))
        fitting = sum(one.fits(best) for one in shares)
        # The whole is that of all shares where two others fit it, or all amounts together come to it.
        if fitting < 2 and not total(one.part.range for one in shares).meets(best.range):
            continue
        if fitting >= len(shares) - 1:
            for one in (each for each in shares if each.part.value <= best.value):
                holds = any(one.fits(base) for base in bases)
                yield ratio_tie(holds, one.text, one.part, best, one.percent, (one.part, one.percent))


def _share_of_count(share: _Share) -> Iterator[Tie]:
    """共10个项目，其中完成4个，占40%: the only larger count of the statement is that of all."""
    text, part = share.text, share.part
    near = [one for one in text.counts if one.statement == part.statement and one.end <= part.start]
    wholes_told = [one for one in near if one.is_like(part) and one.value >= part.value and one.value]
    of_all = [one for one in wholes_told if re.search("共|总|全部|合计|纳入", one.lead)]
    if part.is_count and len(of_all) == 1 and len(wholes_told) <= 2 and not part.about:
        holds = any(share.fits(one) for one in text.counts)
        yield ratio_tie(holds, text, part, of_all[0], share.percent, sure=Confidence.LIKELY)


def _groups(document: Document) -> list[tuple[list[_Share], list[Figure]]]:
    """Shares of one sentence or of one list in lines, with the amounts that could be their whole."""
    found: list[tuple[list[_Share], list[Figure]]] = []
    filled = [text for text in document.paragraphs if text.figures]
    shares_of = {block: list(some) for block, some in groupby(_shares(document), lambda one: one.text.block)}
    for last, text in zip((None, *filled), filled, strict=False):
        shares = shares_of.get(text.block, [])
        around = [one for each in (last, text) if each for one in each.figures]
        bases = [one for one in around if one.kind in AMOUNTS and one.value]
        is_next = last and text.block == last.block + 1 and len(shares) == 1
        if is_next and found and found[-1][0][-1].text is last:
            found[-1][0].extend(shares)
            found[-1][1].extend(bases)
        else:
            statements = groupby(shares, lambda one: one.percent.statement)
            found.extend((list(some), list(bases)) for _, some in statements)
    return found


@relation("TXT135", "百分比的两位数字写颠倒", Confidence.LIKELY)
def exchanged_digits(document: Document) -> Iterator[Tie]:
    """“上级补助2844.20万元，占76.88%”：哪个总数都算不出，颠倒两位数字（78.86%）正好算得出的，是写颠倒了。"""
    for share in _shares(document):
        text, part, percent = share.text, share.part, share.percent
        if part.about or len(significant(percent.value, percent.step)) < 3:
            continue
        bases = [(one, each) for each in document.up_to(text, 40) for one in each.figures]
        larger = [(one, each) for one, each in bases if one.is_like(part) and one.value > part.value]
        if not fits_any(part, (one for one, _ in larger), percent):
            for base, each in larger:
                ratio = part.range.percent_of(base.range)
                is_near = each.block >= text.block - 6 and base.is_level
                if is_near and ratio and is_exchanged(percent.value, percent.step, _rounded(ratio, percent)):
                    yield ratio_tie(False, text, part, base, percent, (part, percent))
                    break


def _rounded(ratio: Interval, percent: Figure) -> Interval:
    return Interval(ratio.low - percent.step, ratio.high + percent.step / 2)


@relation("TXT126", "元、万元、亿元写错")
def unit_of_part(document: Document) -> Iterator[Tie]:
    """一部分不会是总数的几千倍；换一个单位正好算得出占比的，是单位写错。"""
    for whole in wholes(document, least=1):
        (text, part), base = whole.parts[0], whole.total
        if base.is_money and base.value and not EACH.search(base.lead):
            moved = part.value / _TEN_THOUSAND
            holds = part.value / base.value < _FAR_MORE or moved > base.value or base.unit == "元"
            message = f"总数{text.written(base)}，其中的一部分写{text.written(part)}。"
            yield tie(holds, text, (part,), message, in_words(moved), part)
    yield from _shares_in_another_unit(document)


def _shares_in_another_unit(document: Document) -> Iterator[Tie]:
    """Shares of amounts that are right once their unit is another."""
    for share in _shares(document):
        text, part, percent = share.text, share.part, share.percent
        bases = [one for one in text.figures if one.is_money and one is not part and one.value]
        if not part.is_money or part.unit == "元" or not part.value or fits_any(part, bases, percent):
            continue
        for factor in (_TEN_THOUSAND, 1 / _TEN_THOUSAND):
            moved, value = part.range * exactly(factor), part.value * factor
            if any(one.value > value and is_percent_of(percent, moved, one.range) for one in bases):
                message = f"{text.written(part)}与占比{text.written(percent)}对不上，单位像是写错了。"
                yield tie(False, text, (part, percent), message, in_words(value), part)
