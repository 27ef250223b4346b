"""Percentages that follow from numbers beside them: execution rate, 同比, shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xlbudget.audit.case import Case, Text
from xlbudget.audit.finding import Confidence
from xlbudget.audit.quantities import Kind, Quantity, decimal_of, last_digit
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import budgets
from xlbudget.domain.money import plain, round_half_up

_FIX = "请重新计算。"
_BUDGET_LEAD = re.compile(r"(?:预算|资金|安排|下达|批复|到位)[^，；。]{0,10}$")
_SPENT_LEAD = re.compile(r"(?:支出|支付|执行|拨付|使用)(?:资金|金额|数|额)?(?:共计|合计|共|为|达|了)?$")
_RATE_LEAD = re.compile(
    r"(?:执行率|支出进度|支出率|支付进度|支付率|执行进度|使用率|执行比例|占(?:全年|年初|调整后)?预算(?:数|总额|资金)?的?|占[^，。；]{0,6}的)(?:达到|达|为|是|约|已)?$"
)
_MORE_MONEY = 3


def agrees(found: Decimal, step: Decimal, exact: Fraction) -> bool:
    """Whether a printed number is the exact one, rounded or cut off at its last digit."""
    distance = abs(Fraction(found) - exact)
    return distance <= Fraction(step) / 2 or (Fraction(found) <= exact and distance < Fraction(step))


def percent_words(exact: Fraction, step: Decimal) -> str:
    digits = max(0, -int(step.as_tuple().exponent)) if step < 1 else 0
    return f"{plain(round_half_up(exact, max(digits, 2)))}%"


@check("TXT030", "执行率与预算、支出不符")
def execution_rate(case: Case) -> Iterator[Contradiction]:
    """同一句里写了预算、支出和执行率的，执行率等于支出除以预算。"""
    for text in case.texts:
        for span in text.passage.sentences:
            inside = list(text.between(span.start, span.end))
            for rate in inside:
                if rate.kind is Kind.PERCENT and not rate.about and _RATE_LEAD.search(_lead(text, rate, 24)):
                    yield from _judge_rate(text, inside, rate)


def _lead(text: Text, one: Quantity, length: int) -> str:
    return text.clean[max(0, one.start - length) : one.start]


def _judge_rate(text: Text, inside: list[Quantity], rate: Quantity) -> Iterator[Contradiction]:
    """Compare a rate with all pairs of amounts before it; accuse it only when there is one pair, and that is read for sure."""
    start = max((one.end for one in inside if one.kind is Kind.PERCENT and one.end <= rate.start), default=0)
    money = [one for one in inside if one.kind is Kind.MONEY and start <= one.start < rate.start]
    if not 2 <= len(money) <= _MORE_MONEY or any(one.about for one in money):
        return
    spent = [one for one in money if _SPENT_LEAD.search(_lead(text, one, 12))]
    budget = [one for one in money if one not in spent and _BUDGET_LEAD.search(_lead(text, one, 16))]
    if len(spent) != 1 or not budget or any(one.value == 0 for one in budget):
        return
    pairs = [(a, b) for a in money for b in money if a is not b and b.value]
    if any(_fits(rate, a, b) for a, b in pairs):
        return
    if len(budget) > 1 and any(
        _fits(rate, spent[0], b, sum((x.value for x in budget), Decimal(0))) for b in budget
    ):
        return
    exact = Fraction(spent[0].value) / Fraction(budget[-1].value) * 100
    expected, found = percent_words(exact, rate.step), text.written(rate)
    message = f"{text.written(spent[0])}除以{text.written(budget[-1])}是{expected}，这里写{found}。"
    quote = text.passage.quote(budget[-1].start, rate.end)
    sure = Confidence.CERTAIN if len(money) == 2 else Confidence.LIKELY
    yield Contradiction(sure, message, _FIX, (quote,), expected, found)


def _fits(rate: Quantity, spent: Quantity, budget: Quantity, whole: Decimal | None = None) -> bool:
    """Whether a rate is spent / budget, within the rounding of all three."""
    base = Fraction(budget.value if whole is None else whole)
    exact = Fraction(spent.value) / base * 100
    return _agrees_blurred(rate.value, rate.step, exact, spent, base, budget.blur)


def _agrees_blurred(
    percent: Decimal, step: Decimal, exact: Fraction, part: Quantity, base: Fraction, blur: Decimal
) -> bool:
    """Whether a percentage agrees where its part and its base (by `blur`) may have been rounded before they were printed."""
    off = (Fraction(part.blur) / base + Fraction(part.value) * Fraction(blur) / base**2) * 100
    return agrees(percent, step, exact) or abs(Fraction(percent) - exact) <= off + Fraction(step) / 2


CHANGE = re.compile(
    r"(?P<word>增长|上升|提高|增加|上涨|增幅|多了?|压缩|缩短|缩减|下降|减少|降低|下滑|回落|降幅|少了?)(?:了|达到?|约|为|幅度[为达])?(?:(?P<percent>[0-9]+(?:\.[0-9]+)?)%|百分之(?P<words>[零一二三四五六七八九十百点]+))"
)
_COMPARED = re.compile(r"同比|同期|上年|去年|上一年|比20[0-9]{2}年|较20[0-9]{2}年|环比|上季度")
_DOWN = ("压缩", "缩短", "缩减", "下降", "减少", "降低", "下滑", "回落", "降幅", "少", "少了")
_BEFORE = re.compile(
    r"(?:上年|去年|上一年|20[0-9]{2}年)(?:同期|全年)?(?:的|为|是|：|仅|共|有|完成|支出|检查|接到|受理|发放|办理)*[^，。；0-9]{0,8}$"
)
_FROM = re.compile(r"(?:由|从)[^，。；0-9]{0,14}$")
_FROM_TO = re.compile(r"[由从][^，；。]{0,24}到[^，；。]{0,12}，?$")
DELTA = re.compile(
    r"(?:减少|增加|下降|增长|上升|提高|增收|减收|增支|减支|(?<!至)少|多|增|减)(?:了)?[^，。；0-9]{0,3}$"
)
_MOST = 5000


@check("TXT031", "同比算不出来")
def year_on_year(case: Case) -> Iterator[Contradiction]:
    """“16期，同比下降61%”：上年同期数写了的要算得出这个百分比，没有写的也要有一个整数算得出。"""
    for text in case.texts:
        last = 0  # where the change before ended
        for match in CHANGE.finditer(text.clean):
            since, last = last, match.end()
            start, _ = text.passage.sentence(match.start())
            start = max(start, text.clean.rfind("；", 0, match.start()) + 1)
            before = text.clean[start : match.start()]
            if not (_COMPARED.search(before[-40:]) or _FROM_TO.search(before)) or text.clean[
                match.end() : match.end() + 2
            ] in (
                "左右",
                "以上",
                "以内",
            ):
                continue
            inside = [
                one
                for one in text.between(max(start, since), match.start())
                if one.kind in (Kind.COUNT, Kind.MONEY)
            ]
            yield from _judge_change(text, inside, match)


def _judge_change(text: Text, inside: list[Quantity], match: re.Match[str]) -> Iterator[Contradiction]:
    percent = Decimal(match["percent"]) if match["percent"] else decimal_of(match["words"])
    if percent is None:
        return
    step = last_digit(percent)
    down = match["word"] in _DOWN
    quote = text.passage.quote(inside[0].start if inside else match.start(), match.end())
    written = match.group()
    if down and percent > 100:
        message = f"下降不会超过100%，这里写{written}。"
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), "不超过100%", written)
        return
    if not inside or any(one.about for one in inside) or _about(text, match):
        return
    deltas = [one for one in inside if DELTA.search(_lead(text, one, 10))]
    inside = [one for one in inside if one not in deltas]
    earlier = [
        one for one in inside if _BEFORE.search(_lead(text, one, 24)) or _FROM.search(_lead(text, one, 18))
    ]
    now = [one for one in inside if one not in earlier and (not earlier or one.unit == earlier[0].unit)]
    if (deltas and not earlier) or (
        inside and re.search("率|占", text.clean[inside[-1].end : match.start()])
    ):
        return
    if len(earlier) == 1 and len(now) == 1 and now[0].kind is earlier[0].kind:
        yield from _two_numbers(text, now[0], earlier[0], percent, step, down, match)
    elif (
        not earlier
        and len(now) == 1
        and now[0].kind is Kind.COUNT
        and 0 < now[0].value <= _MOST
        and not _whole_before(now[0].value, percent, step, down)
    ):
        message = f"没有一个整数能算出“{text.written(now[0])}，{written}”。"
        yield Contradiction(Confidence.LIKELY, message, "请核对上年同期数和百分比。", (quote,), "", written)


def _about(text: Text, match: re.Match[str]) -> bool:
    return bool(
        re.search(
            r"约|近|超|余|多于",
            text.clean[max(0, match.start() - 2) : match.end("word") + 2].replace(match["word"], ""),
        )
    )


def _two_numbers(
    text: Text,
    now: Quantity,
    before: Quantity,
    percent: Decimal,
    step: Decimal,
    down: bool,
    match: re.Match[str],
) -> Iterator[Contradiction]:
    if not before.value:
        return
    exact = (Fraction(now.value) / Fraction(before.value) - 1) * 100
    quote = text.passage.quote(min(now.start, before.start), match.end())
    shown_now, shown_before = text.written(now), text.written(before)
    if exact and (exact < 0) is not down:
        right = "下降" if exact < 0 else "增长"
        message = f"{shown_now}比{shown_before}{right}了，这里写{match['word']}。"
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), right, match["word"])
        return
    if not _change_fits(now, before, percent, step):
        expected = percent_words(abs(exact), step)
        message = f"{shown_now}与{shown_before}相比变动{expected}，这里写{match.group()}。"
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), expected, f"{plain(percent)}%")


def _change_fits(now: Quantity, before: Quantity, percent: Decimal, step: Decimal) -> bool:
    base = Fraction(before.value)
    exact = abs((Fraction(now.value) / base - 1) * 100)
    return _agrees_blurred(percent, step, exact, now, base, before.blur)


def _whole_before(now: Decimal, percent: Decimal, step: Decimal, down: bool) -> bool:
    """Whether there is a whole number that, falling or growing by the percentage, comes to `now`."""
    low, high = Fraction(percent) - Fraction(step), Fraction(percent) + Fraction(step)
    ends = [1 - low / 100, 1 - high / 100] if down else [1 + low / 100, 1 + high / 100]
    if min(ends) <= 0:
        return True
    nearest = sorted(Fraction(now) / end for end in ends)
    first = int(nearest[0]) - 1
    for candidate in range(max(1, first), int(nearest[1]) + 3):
        exact = abs((Fraction(now) / candidate - 1) * 100)
        rounded = abs(Fraction(percent) - exact) <= Fraction(step) / 2
        if ((Fraction(now) < candidate) is down or not exact) and rounded:
            return True
    return False


_SHARE = re.compile(
    r"占(?P<of>[^，。；0-9]{0,12}?)(?:的)?(?:比重|比例|比)?(?:为|达|是)?(?P<percent>[0-9]+(?:\.[0-9]+)?)%"
)


@check("TXT032", "占比与个数不符")
def shares(case: Case) -> Iterator[Contradiction]:
    """“共10个项目，其中完成4个，占40%”：占比等于部分除以总数。"""
    for text in case.texts:
        for match in _SHARE.finditer(text.clean):
            start, _ = text.passage.sentence(match.start())
            counted = [
                one
                for one in text.between(start, match.start())
                if one.end <= match.start() and one.kind in (Kind.COUNT, Kind.MONEY)
            ]
            if len(counted) < 2 or match.start() - counted[-1].end > 12 or counted[-1].about:
                continue
            part = counted[-1]
            wholes = [
                one
                for one in counted[:-1]
                if one.kind is part.kind and one.unit == part.unit and one.value >= part.value and one.value
            ]
            if (
                not wholes
                or len(wholes) > 3
                or any(one.about for one in wholes)
                or _RATE_LEAD.search(text.clean[match.start() : match.start("percent")])
            ):
                continue
            percent = Decimal(match["percent"])
            step = last_digit(percent)
            if any(_share_fits(part, one, percent, step) for one in wholes):
                continue
            whole = wholes[0]
            if not re.search(r"共|总|合计|全部|纳入", text.clean[max(0, whole.start - 14) : whole.start]):
                continue
            exact = Fraction(part.value) / Fraction(whole.value) * 100
            expected = percent_words(exact, step)
            message = f"{text.written(part)}占{text.written(whole)}的{expected}，这里写{plain(percent)}%。"
            quote = text.passage.quote(whole.start, match.end())
            yield Contradiction(Confidence.LIKELY, message, _FIX, (quote,), expected, f"{plain(percent)}%")


_OF_BUDGET = re.compile(
    r"占(?:全部|总|全年|部门|项目)+(?:预算|资金)(?:资金|总额|总数|总量|数|额)?的?(?:比重|比例)?(?:为|达)?(?P<percent>[0-9]+(?:\.[0-9]+)?)%"
)


@check("TXT033", "占全部预算的比例不对")
def shares_of_budget(case: Case) -> Iterator[Contradiction]:
    """“合计420万元，占全部预算的19.09%”：占比等于这笔钱除以预算总额。"""
    totals = [total for total in budgets(case) if total.value]
    for text, match in case.matches(_OF_BUDGET):
        start, _ = text.passage.sentence(match.start())
        before = [one for one in text.between(start, match.start()) if one.end <= match.start()]
        if (
            not before
            or before[-1].kind is not Kind.MONEY
            or match.start() - before[-1].end > 4
            or before[-1].about
            or not totals
        ):
            continue
        part, percent = before[-1], Decimal(match["percent"])
        step = last_digit(percent)
        inside = [one.value for one in before[:-1] if one.kind is Kind.MONEY and one.value > part.value]
        bases = [total.value for total in totals] + inside
        if not any(
            abs(Fraction(percent) - Fraction(part.value) / Fraction(base) * 100) <= Fraction(step)
            for base in bases
        ):
            expected = percent_words(Fraction(part.value) / Fraction(totals[0].value) * 100, step)
            message = f"{text.written(part)}占全部预算的{expected}，这里写{plain(percent)}%。"
            quote = text.passage.quote(part.start, match.end())
            yield Contradiction(
                Confidence.LIKELY, message, _FIX, (quote, totals[0].quote), expected, f"{plain(percent)}%"
            )


_OF_TASK = re.compile(
    r"(?:完成|占|达到?|为)(?:了)?(?:全年|年度|本年|年初|本年度|年)?(?:的)?(?:任务|目标|计划)(?:数|量|任务|值)?(?:[0-9.,]+万?[^0-9，。；%]{1,3})?的?(?P<percent>[0-9]+(?:\.[0-9]+)?)%"
)
_TASK = re.compile(r"(?:任务|目标|计划)[^，。；0-9]{0,6}$")


@check("TXT034", "完成任务的比例不对")
def shares_of_task(case: Case) -> Iterator[Contradiction]:
    """“培训210人，完成年度任务的35%，年度任务为600人”：比例等于完成数除以任务数。"""
    for text, match in case.matches(_OF_TASK):
        start, end = text.passage.sentence(match.start())
        inside = [one for one in text.between(start, end) if one.kind in (Kind.COUNT, Kind.MONEY)]
        before = [one for one in inside if one.end <= match.start("percent")]
        named = match.start("percent") - before[-1].end <= 1 and len(before) > 1 if before else False
        before = (
            before[:-1] if named else before
        )  # 完成全年目标4万人次的46.6%: the task itself stands in between
        if not before or match.start() - before[-1].end > 4 or before[-1].about:
            continue
        part, percent = before[-1], Decimal(match["percent"])
        wholes = [
            one
            for one in inside
            if one is not part and one.unit == part.unit and _TASK.search(_lead(text, one, 8))
        ]
        step = last_digit(percent)
        if (
            len(wholes) == 1
            and wholes[0].value
            and not wholes[0].about
            and not _share_fits(part, wholes[0], percent, step)
        ):
            whole = wholes[0]
            expected = percent_words(Fraction(part.value) / Fraction(whole.value) * 100, step)
            message = f"{text.written(part)}是{text.written(whole)}的{expected}，这里写{plain(percent)}%。"
            quote = text.passage.quote(min(part.start, whole.start), max(match.end(), whole.end))
            yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), expected, f"{plain(percent)}%")


_POINTS = re.compile(
    r"(?P<one>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%[^。；]{0,16}?(?:比|较|与)[^。；%]{0,16}?(?P<other>[0-9]+(?:\.[0-9]+)?)%(?:的[^，。；0-9]{0,8})?[^。；0-9%]{0,8}?"
    r"(?P<word>提高|上升|增加|增长|快|高|超|降低|下降|减少|低|慢|回落|落后)(?:了|出)?(?P<points>[0-9]+(?:\.[0-9]+)?)个?百分点"
)
_LESS = ("降低", "下降", "减少", "低", "慢", "回落", "落后")


@check("TXT035", "百分点之差不对")
def points(case: Case) -> Iterator[Contradiction]:
    """“48.6%，比上年同期的45.3%提高3.3个百分点”：百分点等于两个百分数之差。"""
    for text, match in case.matches(_POINTS):
        one, other, told = (Decimal(match[name]) for name in ("one", "other", "points"))
        gap = one - other
        step = max(last_digit(number) for number in (one, other, told))
        down = match["word"] in _LESS
        if abs(abs(gap) - told) <= step / 2 and (gap <= 0 if down else gap >= 0):
            continue
        right = abs(abs(gap) - told) <= step / 2
        expected = f"{plain(abs(gap))}个百分点" if not right else ("低" if gap < 0 else "高")
        found = f"{plain(told)}个百分点" if not right else match["word"]
        message = f"{plain(one)}%与{plain(other)}%相差{plain(abs(gap))}个百分点，这里写{match['word']}{plain(told)}个百分点。"
        quote = text.passage.quote(match.start(), match.end())
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), expected, found)


_RATE_OF = re.compile(
    r"(?:合格|参训|出勤|到课|参会|结案|办结|核销|审结|完成|回收|有效|整改|结算|开工|竣工|完工|入住|验收|通过|办结|覆盖|达标|参保|到位|拨付|发放|使用|满意)率(?:为|达到?|是|：)?(?P<percent>[0-9]+(?:\.[0-9]+)?)%"
)


@check("TXT036", "比率与两个数不符")
def rates_of_two(case: Case) -> Iterator[Contradiction]:
    """“抽检1260批次，合格1248批次，合格率99.05%”：比率等于前面两个数之比。"""
    for text, match in case.matches(_RATE_OF):
        start, _ = text.passage.sentence(match.start())
        start = max(start, text.clean.rfind("%", 0, match.start()) + 1)
        counted = [one for one in text.between(start, match.start()) if one.kind is Kind.COUNT]
        if len(counted) != 2 or counted[0].unit != counted[1].unit or any(one.about for one in counted):
            continue
        small, large = sorted(counted, key=lambda one: one.value)
        percent = Decimal(match["percent"])
        step = last_digit(percent)
        near_by = match.start() - counted[-1].end <= 6
        if not large.value or not near_by or percent > 100 or _share_fits(small, large, percent, step):
            continue
        expected = percent_words(Fraction(small.value) / Fraction(large.value) * 100, step)
        message = f"{text.written(small)}是{text.written(large)}的{expected}，这里写{match.group()}。"
        quote = text.passage.quote(counted[0].start, match.end())
        yield Contradiction(Confidence.LIKELY, message, _FIX, (quote,), expected, f"{plain(percent)}%")


def _share_fits(part: Quantity, whole: Quantity, percent: Decimal, step: Decimal) -> bool:
    exact = Fraction(part.value) / Fraction(whole.value) * 100
    blur = Fraction(part.blur + whole.blur) / Fraction(whole.value) * 100
    return agrees(percent, step, exact) or abs(Fraction(percent) - exact) <= Fraction(step) / 2 + blur
