"""Rates and shares of a base that is told elsewhere: before them, in another sentence, or by two numbers beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, permutations

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import HUNDRED, Interval, total
from xlbudget.audit.paragraphs import Document, Paragraph, joins
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.growth import is_percent_of, is_vague
from xlbudget.audit.relations.shares import (
    PERCENTS,
    fits,
    fits_any,
    is_slip,
    ratio_tie,
    since_last_rate,
    up_to_clause,
    window,
)
from xlbudget.audit.values import in_words, percent_words

_TEN_THOUSAND = Decimal(10_000)
_FAR_MORE = 50  # times as much as any other amount can be
_WHOLE_PLAN = re.compile(
    r"(?:^|项目)(?:全年|年度|部门|总)*预算(?:资金|总额|安排|总投资)+(?:共计|合计|总计|为)*$"
)
_ALL_SPENT = re.compile(
    r"(?:#项目|各项目|全部项目|项目)(?:累计|共|已|实际)*(?:支出|支付|执行|使用)(?:资金)?(?:共计|合计|共)?$|^[0-9月日至截底-]*(?:累计|共)(?:支出|支付|执行)(?:资金)?$"
)


@relation("TXT131", "执行率与全部预算不符", Confidence.LIKELY)
def rate_of_all(document: Document) -> Iterator[Tie]:
    """“7个项目支出611.08万元，执行率71.38%”：预算总额在别处写明的，执行率按它算。"""
    money = [(text, one) for text in document.paragraphs for one in text.money]
    plans = [(text, one) for text, one in money if not one.depth and _WHOLE_PLAN.search(one.lead)]
    if len({one.value for _, one in plans}) != 1:
        return
    where, plan = plans[0]
    bases = [one for _, _, one in document.figures if one.is_money]
    for text, at, percent in document.percents:
        done = text.figures[at - 1]
        is_told = at and done.sentence == percent.sentence and re.search("执行率[为达]?$", percent.lead)
        if not is_told or not (done.is_money and done.is_level and _ALL_SPENT.search(done.prefix)):
            continue
        ratio = done.range.percent_of(plan.range)
        if ratio is not None and ratio.high <= 150:
            holds = fits_any(done, bases, percent)
            yield ratio_tie(holds, text, done, plan, percent, (done, percent), where.span(plan))


_ECONOMY = re.compile("产值|总值|旅游|销售|贷款|经营|自有|融资|存款|投资|消费|贸易|债务|GDP")


@relation("TXT134", "金额比全文其他各数大得多", Confidence.LIKELY)
def far_above_all(document: Document) -> Iterator[Tie]:
    """一个数比全文其他各数大几千倍，多半是把万元写成了亿元。"""
    money = [(text, one, _of_all_heads(text, one)) for text, _, one in document.figures if one.is_money]
    if len(money) < 6:
        return
    *_, (_, _, second), (text, one, value) = sorted(money, key=lambda each: each[2])
    if (value == one.value and one.unit not in ("亿元", "万亿元")) or _ECONOMY.search(one.prefix):
        return
    rows = [(grid.unit or 1, row) for grid in document.grids for row in grid.rows]
    limit = max([second, *(cell.value * unit for unit, row in rows for cell in row.numbers.values())])
    message = f"这里写{text.written(one)}，全文其他的数最大是{in_words(limit)}，单位像是写错了。"
    holds = value < limit * _FAR_MORE or limit <= 0
    yield tie(holds, text, (one,), message, in_words(one.value / _TEN_THOUSAND), one)


def _of_all_heads(text: Paragraph, one: Figure) -> Decimal:
    """An amount; one that is a head (人均) in 万元, times the heads that its sentence counts."""
    counts = [
        each for each in text.sentence_of(one) if each.is_count and each.unit in ("人", "人次", "户", "名")
    ]
    is_each = counts and one.unit != "元" and re.search(r"[人户生]均[^#，。；]{0,6}$", one.lead)
    return one.value * (counts[0].value if is_each else 1)


# -- rates of two numbers ------------------------------------------------------------------------------

_RATIO = re.compile(
    r"(?:合格|参训|出勤|到课|参会|结案|办结|核销|审结|完成|回收|有效|整改|结算|开工|竣工|完工|入住|验收|通过|覆盖|达标|参保|到位|拨付|发放|使用|满意|支出|执行|支付|兑付|到账|下达|中标|续签|就业|上岗|签约|入学|治愈|及格|优良|优秀)率(?:为|达到?|是|：|约)?$"
)
_BEDS = re.compile("入住率|床位使用率")
_TASK = re.compile(r"(?:任务|目标|计划|指标)[^#，。；]{0,8}$")
_OF_TASK = re.compile(r"(?:完成|占|达到?|为)[^#，。；]{0,8}(?:任务|目标|计划|指标)[^#，。；]{0,4}$")


@relation("TXT036", "比率与两个数不符")
def rate_of_two(document: Document) -> Iterator[Tie]:
    """“抽检1260批次，合格1248批次，合格率99.05%”：比率等于前面两个数之比。"""
    for text, at, percent in document.percents:
        every = [one for one in since_last_rate(text, at, 1) if one.is_level]
        known = [
            one for one in every if one.is_like(every[-1]) or (_BEDS.match(percent.lead) and one.is_count)
        ]
        if not _RATIO.search(percent.lead) or len(known) < 2:
            continue
        first, last = known[-2:]
        small, large = sorted((first, last), key=lambda one: one.value)
        if is_vague(last, first) or not large.value:
            continue
        inside = [one for one in every if one.sentence == percent.sentence]
        is_told = first in inside and len(inside) in (2, 3) and last.is_like(first)
        margin = Interval(-percent.step, percent.step / 2)
        if not (is_told or (small is last and is_slip(small, large, percent, margin))):
            continue
        is_near = percent.start - last.end <= 10 and last.start - first.end <= 30
        is_possible = percent.value <= HUNDRED or "完成率" in percent.lead
        if is_near and is_possible and _is_of_these(percent, small, large, len(inside)):
            pairs = permutations([*every, *text.sentence_of(percent)], 2)
            is_of_both = any(_is_part_of_all(percent, each) for each in ((first, last), inside))
            holds = is_of_both or any(a.kind is b.kind and fits(a, b, percent) for a, b in pairs)
            yield ratio_tie(holds, text, small, large, percent)


def _is_part_of_all(percent: Figure, row: Sequence[Figure]) -> bool:
    """Whether a rate is that of the first, or the first few, of a row, or of one of them, in all of the row."""
    ranges = [one.range for one in row]
    return any(is_percent_of(percent, one, total(ranges)) for one in (*ranges, *accumulate(ranges[:-1])))


def _is_of_these(percent: Figure, small: Figure, large: Figure, known: int) -> bool:
    """Whether the words of a rate speak of its two numbers: 合格1248批次……合格率; money of a plan."""
    if small.is_money:
        return known == 2 and bool(words.BUDGET.search(large.lead)) and not words.SPENT.search(large.lead)
    beside = small.prefix[-10:] + small.tail[:4]
    return any(sign in beside for sign in percent.lead.rpartition("率")[0][-4:])


@relation("TXT034", "完成任务的比例不对")
def rate_of_task(document: Document) -> Iterator[Tie]:
    """“培训210人，完成年度任务的35%，年度任务为600人”：比例等于完成数除以任务数。"""
    for text, at, percent in document.percents:
        before = [one for one in window(text, at, 0) if one.is_level]
        if not before or percent.start - before[-1].end > 16 or not _OF_TASK.search(percent.prefix):
            continue
        part = before[-1]
        others = [one for one in text.sentence_of(percent) if one is not part and one.is_like(part)]
        tasks = [one for one in others if _TASK.search(one.lead)]
        if len(tasks) == 1 and tasks[0].value and not is_vague(part, tasks[0]):
            yield ratio_tie(fits_any(part, others, percent), text, part, tasks[0], percent)


@relation("TXT035", "百分点之差不对")
def points(document: Document) -> Iterator[Tie]:
    """“48.6%，比上年同期的45.3%提高3.3个百分点”：百分点等于两个百分数之差。"""
    for text, at, told in document.figures:
        if at < 2 or told.kind is not Kind.POINTS:
            continue
        one, other = text.figures[at - 2 : at]
        is_near = told.start - other.end <= 12 and other.start - one.end <= 20
        if not (one.is_percent and other.is_percent and is_near and one.sentence == told.sentence):
            continue
        sign, is_apart = _points_sign(told), re.search("相差|差距", told.lead)
        if words.COMPARED_WITH.search(other.lead) and (sign or is_apart):
            gap = one.value - other.value
            step = max(each.step for each in (one, other, told))
            holds = abs((abs(gap) if is_apart else gap) - (sign or 1) * told.value) <= step / 2
            expected = f"{'高' if gap > 0 else '低'}{abs(gap) or 0}个百分点"
            message = f"{text.written(one)}与{text.written(other)}相差{abs(gap)}个百分点，这里写{told.lead}{text.written(told)}。"
            yield tie(holds, text, (one, told), message, expected, told)


def _points_sign(told: Figure) -> int:
    above = re.search(r"(?:快|高|超|超出|超过|领先|高出|高于)(?:了|出)?$", told.lead)
    below = re.search(r"(?:慢|低|落后|低于|滞后)(?:了|出)?$", told.lead)
    return told.sign or bool(above) - bool(below)


# -- a base that is named elsewhere --------------------------------------------------------------------

_BASE_NAME = re.compile(
    r"(?:占|完成)(?:了|全县|全市|全区|本)?(?P<name>[^#，。；0-9]{3,16}?)(?:总额|总数|总量)?(?:的)?(?:比重|比例)?(?:为|是|达)?(?:约)?$"
)
_BEHIND_NAME = r"(?:资金)?(?:合计|总计|共计|总额|完成|为|是|达|预算|决算|累计|支出)*$"


@relation("TXT116", "占比与前面写明的总数不符", Confidence.LIKELY)
def of_base_named_before(document: Document) -> Iterator[Tie]:
    """“占到位资金的90%”：前面写明到位资金多少的，百分比按它算。"""
    money = [(text, one) for text in document.paragraphs for one in text.money if one.value]
    for text, at, percent in document.percents:
        part, naming = text.figures[at - 1], _BASE_NAME.search(percent.prefix)
        if not at or not naming or percent.part not in PERCENTS:
            continue
        if not (part.is_money and part.is_level and joins(up_to_clause(text, part, percent))):
            continue
        name = "到位" if naming["name"] == "到位资金" else naming["name"]
        ends = re.compile(re.escape(name) + _BEHIND_NAME)
        known = [each for each in money if (each[0].block, each[1].start) < (text.block, percent.start)]
        told = [(where, one) for where, one in known if one is not part and name[:1] in one.lead]
        named = [(where, one) for where, one in told if ends.search(one.lead.replace("项目", ""))]
        if len({one.value for _, one in named}) != 1:
            continue
        where, base = named[-1]
        if "预算" in base.lead and re.search("决算|支出|执行", part.lead) and "预算" not in naming["name"]:
            continue
        ratio = part.range.percent_of(base.range)
        if ratio is None or ratio.low > HUNDRED or fits(part, base, percent):
            continue
        others = [one for _, one in known] + [one for one in text.figures if one.is_money and one is not part]
        margin = Interval(-percent.step, percent.step)
        is_total = naming["name"].startswith(("全部", "总"))
        if is_total or fits_any(part, others, percent) or is_slip(part, base, percent, margin):
            expected = percent_words(part.value / base.value * HUNDRED, percent)
            message = f"{text.written(part)}占{name}（{where.written(base)}）的{expected}，这里写{text.written(percent)}。"
            yield tie(False, text, (part, percent), message, expected, percent, where.span(base))
