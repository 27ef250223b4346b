"""Shares and rates: percent of an amount that the words name, of a plan, of the whole that a list adds up to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import HUNDRED, Interval, total
from xlbudget.audit.paragraphs import Document, Paragraph, joins
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.totals import wholes
from xlbudget.audit.slips import slipped_to
from xlbudget.audit.values import percent_words, shown

AMOUNTS = (Kind.MONEY, Kind.COUNT)
PERCENTS = (Part.SHARE, Part.RATE)


def fits(part: Figure, whole: Figure, percent: Figure) -> bool:
    """Whether an amount is so many percent of another."""
    ratio = part.range.percent_of(whole.range)
    return ratio is not None and ratio.meets(percent.range)


def alike(one: Figure, other: Figure) -> bool:
    """Whether two amounts can be set in proportion."""
    return (
        one.kind is other.kind and one.kind in AMOUNTS and (one.kind is Kind.MONEY or one.unit == other.unit)
    )


def window(text: Paragraph, at: int, back: int = 1) -> list[Figure]:
    """The amounts before a figure, of its sentence and so many sentences before it."""
    one = text.figures[at]
    return [
        each for each in text.figures[:at] if each.sentence >= one.sentence - back and each.kind in AMOUNTS
    ]


def is_vague(*figures: Figure) -> bool:
    return any(one.about for one in figures)


def _told(text: Paragraph, part: Figure, whole: Figure, percent: Figure) -> tuple[str, str, str]:
    expected = percent_words(part.value / whole.value * HUNDRED, percent)
    written = text.written(percent)
    return f"{text.written(part)}是{text.written(whole)}的{expected}，这里写{written}。", expected, written


@relation("TXT033", "占比、完成比例与写明的基数不符")
def of_named_base(document: Document) -> Iterator[Tie]:
    """“4348万元，占年初预算10065万元的43.2%”：百分比等于前一个数除以写明的基数。"""
    for text in document.paragraphs:
        for at, base in enumerate(text.figures[:-1]):
            percent = text.figures[at + 1]
            if base.part is not Part.BASE or percent.kind is not Kind.PERCENT or not base.value:
                continue
            earlier = [one for one in window(text, at) if alike(one, base)]
            parts = [one for one in earlier if one.is_level]
            if not parts or not _stands_before(text, parts[-1], base) or is_vague(parts[-1], base, percent):
                continue
            holds = any(fits(one, base, percent) for one in earlier)
            yield Tie(
                holds, (text.quote(parts[-1].start, percent.end),), *_told(text, parts[-1], base, percent)
            )


def _stands_before(text: Paragraph, part: Figure, base: Figure) -> bool:
    """Whether an amount stands in the clause before that of its base, or in the same."""
    between = text.between(part.end, max(part.end, base.clause))
    return joins(between) and part.depth <= base.depth


@dataclass(frozen=True, slots=True)
class _Rated:
    """A rate: what was done, what was planned, by the words before each."""

    done: Figure
    plans: tuple[Figure, ...]
    named: str
    """Which plan the rate names: 年初, 全年 …"""


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
    if not (_NAMED.search(percent.prefix) or _EXECUTION.search(percent.prefix)):
        return None
    known = [
        one
        for one in window(text, at)
        if (one.is_level or (one.part is Part.BEFORE and "预算" in one.lead))
        and one.kind is Kind.MONEY
        and one.depth <= percent.depth
    ]
    known = _since_last_rate(text, at, known)
    done = next(
        (
            one
            for one in reversed(known)
            if not _is_plan(one) and (words.SPENT.search(one.prefix) or one is known[0])
        ),
        None,
    )
    if done is None:
        return None
    plans = tuple(one for one in known if one is not done and _is_plan(one))
    last = max((done, *plans), key=lambda one: one.start)
    if not joins(text.between(last.end, max(last.end, percent.clause))):
        return None
    named = _NAMED.search(percent.prefix)
    return _Rated(done, plans, (named and named[1]) or "")


def _since_last_rate(text: Paragraph, at: int, known: list[Figure]) -> list[Figure]:
    last = max((one.end for one in text.figures[:at] if one.part in PERCENTS), default=0)
    return [one for one in known if one.start >= last]


def _is_plan(one: Figure) -> bool:
    lead = one.lead
    plan, spent = [*_PLAN.finditer(lead)], [*words.SPENT.finditer(lead)]
    return bool(plan) and (not spent or spent[-1].end() <= plan[-1].end())


@relation("TXT030", "执行率与预算、支出不符")
def execution_rate(document: Document) -> Iterator[Tie]:
    """“年初预算为100万元，支出决算为90万元，完成年初预算的90%”：比例等于支出除以预算。"""
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if percent.part not in PERCENTS or percent.kind is not Kind.PERCENT or percent.about:
                continue
            rated = _rated(text, at)
            if rated is None or not rated.plans or is_vague(rated.done, *rated.plans):
                continue
            plans = [one for one in rated.plans if rated.named and rated.named in one.prefix] or list(
                rated.plans
            )
            if len(rated.plans) > 2 or not plans[-1].value or abs(rated.done.start - plans[-1].start) > _FAR:
                continue
            if plans[-1].sentence != rated.done.sentence and not _is_slip(rated.done, plans[-1], percent):
                continue
            others = [one for one in window(text, at, 2) if one.kind is Kind.MONEY]
            turned = {id(one) for one in rated.plans}
            pairs = [
                (a, b)
                for a in others
                for b in others
                if a is not b and not (id(a) in turned and b is rated.done)
            ]
            holds = any(fits(a, b, percent) for a, b in pairs) or _sum_fits(rated, percent)
            yield Tie(
                holds,
                (text.quote(min(plans[-1].start, rated.done.start), percent.end),),
                *_told(text, rated.done, plans[-1], percent),
            )


_FAR = 80


def _is_slip(part: Figure, whole: Figure, percent: Figure) -> bool:
    """Whether a percentage is the right one but for a slip."""
    ratio = part.range.percent_of(whole.range)
    return ratio is not None and slipped_to(percent.value, percent.step, ratio) is not None


def _sum_fits(rated: _Rated, percent: Figure) -> bool:
    ratio = rated.done.range.percent_of(total(one.range for one in rated.plans))
    return ratio is not None and ratio.meets(percent.range)


@relation("TXT105", "完成比例用的不是写明的预算", Confidence.LIKELY)
def rate_of_another_base(document: Document) -> Iterator[Tie]:
    """“完成年初预算的95%”：比例要按年初预算算，不能按全年预算、到位资金算。"""
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if percent.part not in PERCENTS or percent.kind is not Kind.PERCENT:
                continue
            rated = _rated(text, at)
            if rated is None or not rated.named or len(rated.plans) < 2 or is_vague(rated.done, *rated.plans):
                continue
            named = [one for one in rated.plans if rated.named in one.prefix]
            if len(named) != 1 or not named[0].value:
                continue
            told = _told(text, rated.done, named[0], percent)
            others = [one for one in rated.plans if one is not named[0] and fits(rated.done, one, percent)]
            holds = fits(rated.done, named[0], percent) or not others
            yield Tie(holds, (text.quote(named[0].start, percent.end),), *told)
    yield from _rates_of_the_adjusted(document)
    yield from _rates_of_what_arrived(document)


def _rates_of_what_arrived(document: Document) -> Iterator[Tie]:
    """预算执行进度70%, where it is 70 % of what arrived and not of the budget that is told beside it."""
    for text in document.paragraphs:
        for percent in text.figures:
            if percent.kind is not Kind.PERCENT or not re.search(
                "预算执行(?:进度|率)(?:为|达)?$", percent.prefix
            ):
                continue
            money = [
                one
                for one in text.figures
                if one.kind is Kind.MONEY
                and one.sentence == percent.sentence
                and one.end <= percent.start
                and one.is_level
            ]
            plans = [one for one in money if "预算" in one.lead]
            arrived = [
                one for one in money[:-1] if re.search("到位|额度|收到", one.lead) and "预算" not in one.lead
            ]
            if len(plans) != 1 or len(arrived) != 1 or is_vague(money[-1], plans[0]) or not plans[0].value:
                continue
            holds = fits(money[-1], plans[0], percent) or not fits(money[-1], arrived[0], percent)
            yield Tie(
                holds,
                (text.quote(plans[0].start, percent.end),),
                *_told(text, money[-1], plans[0], percent),
                sure=Confidence.POSSIBLE,
            )


def _rates_of_the_adjusted(document: Document) -> Iterator[Tie]:
    """占年初预算的56%, where it is 56 % of 调整后预算 and no other amount."""
    for text in document.paragraphs:
        for percent in text.figures:
            if (
                percent.part not in PERCENTS
                or percent.kind is not Kind.PERCENT
                or not re.search("年初预算[^#，。；]{0,4}$", percent.prefix)
            ):
                continue
            money = [
                one
                for one in text.figures
                if one.kind is Kind.MONEY and one.end <= percent.start and one.is_level
            ]
            if (
                not money
                or is_vague(money[-1])
                or not joins(text.between(money[-1].end, max(money[-1].end, percent.clause)))
            ):
                continue
            bases = [one for one in money[:-1] if fits(money[-1], one, percent)]
            adjusted = [
                one for one in bases if re.search("调整|全年预算|到位", one.lead) and "年初" not in one.lead
            ]
            if (
                bases
                and adjusted == bases
                and any("调整" in one.lead or "增" in one.lead or "减" in one.lead for one in money)
            ):
                written = text.written(percent)
                message = (
                    f"{written}是按{adjusted[0].lead[-6:]}{text.written(adjusted[0])}算的，不是按年初预算。"
                )
                yield Tie(False, (text.quote(money[-1].start, percent.end),), message, "", written)


@relation("TXT106", "基数为零，算不出百分比")
def of_nothing(document: Document) -> Iterator[Tie]:
    """年初预算（上年数）为0的，不写完成比例（增减幅度）。"""
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if percent.kind is not Kind.PERCENT or not percent.value or percent.part not in PERCENTS:
                continue
            last = text.figures[at - 1] if at else None
            statement = text.clean[text.clean.rfind("。", 0, percent.start) + 1 : percent.start]
            if re.search("未安排预算|没有预算|无预算|预算为零", statement) and re.search(
                "预算[^#，。；]{0,4}$", percent.prefix
            ):
                yield Tie(
                    False,
                    (text.quote(percent.start, percent.end),),
                    f"没有安排预算，算不出{text.written(percent)}。",
                    "不写百分比",
                    text.written(percent),
                )
                continue
            if last is not None and last.part is Part.BASE and not last.value:
                message = f"基数是{text.written(last)}，算不出{text.written(percent)}。"
                yield Tie(
                    False,
                    (text.quote(last.start, percent.end),),
                    message,
                    "不写百分比",
                    text.written(percent),
                )
                continue
            rated = _rated(text, at)
            if rated is None or not rated.done.value or not rated.plans:
                continue
            named = [one for one in rated.plans if rated.named and rated.named in one.prefix] or list(
                rated.plans
            )
            zero = all(not one.value for one in named)
            message = f"{_before(named[-1])}为{text.written(named[-1])}，算不出{text.written(percent)}。"
            yield Tie(
                not zero,
                (text.quote(named[-1].start, percent.end),),
                message,
                "不写百分比",
                text.written(percent),
            )


def _before(one: Figure) -> str:
    return one.lead.removesuffix("为").removesuffix("是")[-12:] or "基数"


# -- shares in a list ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Share:
    text: Paragraph
    part: Figure
    percent: Figure


def _shares(text: Paragraph) -> Iterator[_Share]:
    """Amounts with the share right behind them; a row of amounts with a row of shares."""
    figures = text.figures
    for at, percent in enumerate(figures):
        if percent.part is not Part.SHARE or percent.about or re.search("相加|合计|之和|共", percent.lead):
            continue
        if at and figures[at - 1].part is Part.SHARE and figures[at - 1].end + 2 >= percent.start:
            continue
        row = _row(figures, at)
        amounts = [
            one for one in figures[max(0, at - 2 * len(row) - 2) : at] if one.is_level and one.kind in AMOUNTS
        ]
        if len(row) > 1:
            same = [one for one in amounts if one.end <= percent.clause]
            if len(same) >= len(row) and same[-len(row) :][0].kind is same[-1].kind:
                yield from (
                    _Share(text, part, each) for part, each in zip(same[-len(row) :], row, strict=True)
                )
        elif amounts and joins(
            text.between(amounts[-1].end, max(amounts[-1].end, percent.clause)).lstrip("(")
        ):
            yield _Share(text, amounts[-1], percent)


def _row(figures: Sequence[Figure], at: int) -> list[Figure]:
    """A percentage and those that follow it as in 30%、57%和15%."""
    row = [figures[at]]
    for one in figures[at + 1 :]:
        if one.part is not Part.SHARE or one.start - row[-1].end > 2:
            break
        row.append(one)
    return row


@relation("TXT032", "占比与各部分的数不符")
def shares_of_one_whole(document: Document) -> Iterator[Tie]:
    """一组数各占总数的百分之几，都按同一个总数算得出来。"""
    for group, wholes in _groups(document):
        shares = [one for one in group if one.part.value]
        if len(shares) < 2:
            continue
        best = max(
            wholes, key=lambda whole: sum(fits(one.part, whole, one.percent) for one in shares), default=None
        )
        if best is None:
            continue
        fitting = [one for one in shares if fits(one.part, best, one.percent)]
        if len(fitting) < max(1, len(shares) - 1) or not _is_proven(shares, fitting, best):
            continue
        for one in shares:
            holds = one in fitting or any(fits(one.part, whole, one.percent) for whole in wholes)
            told = _told(one.text, one.part, best, one.percent)
            yield Tie(holds, (one.text.quote(one.part.start, one.percent.end),), *told)


def _is_proven(shares: Sequence[_Share], fitting: Sequence[_Share], whole: Figure) -> bool:
    """Whether the whole is that of all shares: two others fit it, or all amounts together come to it."""
    return len(fitting) >= 2 or total(one.part.range for one in shares).meets(whole.range)


def _groups(document: Document) -> Iterator[tuple[list[_Share], list[Figure]]]:
    """Shares of one sentence or of one list in lines, with the amounts that could be their whole."""
    found: list[tuple[list[_Share], list[Figure]]] = []
    last: Paragraph | None = None
    for text in document.paragraphs:
        shares = list(_shares(text))
        if not shares:
            if text.figures:
                last = text
            continue
        amounts = [one for one in text.figures if one.kind in AMOUNTS and one.value]
        if (
            found
            and last is not None
            and found[-1][0][-1].text is last
            and len(shares) == 1
            and text.block == last.block + 1
        ):
            found[-1][0].extend(shares)
            found[-1][1].extend(amounts)
        else:
            before = [one for one in last.figures if one.kind in AMOUNTS and one.value] if last else []
            for statement in sorted({one.percent.statement for one in shares}):
                found.append(
                    ([one for one in shares if one.percent.statement == statement], [*before, *amounts])
                )
        last = text
    yield from found


@relation("TXT127", "占总数的比例不对", Confidence.LIKELY)
def share_of_its_total(document: Document) -> Iterator[Tie]:
    """“收入48650万元，其中税收41840万元，占86%”：占比等于这一部分除以总数。"""
    totals = {id(one): (whole.text, whole.total) for whole in wholes(document) for _, one in whole.parts[:1]}
    for text in document.paragraphs:
        for share in _shares(text):
            if id(share.part) not in totals:
                continue
            where, whole = totals[id(share.part)]
            every = [one for one in text.figures if alike(one, share.part)]
            holds = (
                any(fits(share.part, one, share.percent) for one in every) or share.percent.value > HUNDRED
            )
            ratio = share.part.range.percent_of(whole.range)
            if (
                holds
                or ratio is None
                or slipped_to(share.percent.value, share.percent.step, _about(ratio, share.percent)) is None
            ):
                continue
            yield Tie(
                False,
                (text.quote(share.part.start, share.percent.end),),
                *_told(where, share.part, whole, share.percent),
            )


def _about(ratio: Interval, percent: Figure) -> Interval:
    """A percentage as far as it may have been rounded or cut off."""
    return Interval(ratio.low - percent.step, ratio.high + percent.step / 2)


_TEN_THOUSAND = Decimal(10_000)


@relation("TXT126", "元、万元、亿元写错")
def unit_of_part(document: Document) -> Iterator[Tie]:
    """一部分不会是总数的几千倍；换一个单位正好算得出占比的，是单位写错。"""
    for whole in wholes(document, least=1):
        text, part = whole.parts[0]
        if whole.total.kind is Kind.MONEY and whole.total.value:
            factor = part.value / whole.total.value
            message = f"总数{whole.text.written(whole.total)}，其中的一部分写{text.written(part)}。"
            expected = shown(part.value / _TEN_THOUSAND, part)
            holds = (
                factor < _FAR_MORE
                or part.value / _TEN_THOUSAND > whole.total.value
                or whole.total.unit == "元"
            )
            yield Tie(holds, (text.quote(part.start, part.end),), message, expected, text.written(part))
    for text in document.paragraphs:
        for share in _shares(text):
            if share.part.kind is not Kind.MONEY or share.part.unit == "元" or not share.part.value:
                continue
            bases = [
                one for one in text.figures if one.kind is Kind.MONEY and one is not share.part and one.value
            ]
            if any(fits(share.part, one, share.percent) for one in bases):
                continue
            for factor in (_TEN_THOUSAND, 1 / _TEN_THOUSAND):
                moved = share.part.range * Interval(factor, factor)
                if any(
                    (ratio := moved.percent_of(one.range)) is not None and ratio.meets(share.percent.range)
                    for one in bases
                    if one.value > share.part.value * factor
                ):
                    expected = f"{shown(share.part.value * factor, share.part)}"
                    message = f"{text.written(share.part)}与占比{text.written(share.percent)}对不上，单位像是写错了。"
                    yield Tie(
                        False,
                        (text.quote(share.part.start, share.percent.end),),
                        message,
                        expected,
                        text.written(share.part),
                    )


_FAR_MORE = 50


@relation("TXT131", "执行率与全部预算不符", Confidence.LIKELY)
def rate_of_all(document: Document) -> Iterator[Tie]:
    """“7个项目支出611.08万元，执行率71.38%”：预算总额在别处写明的，执行率按它算。"""
    plans = [
        (text, one)
        for text in document.paragraphs
        for one in text.figures
        if one.kind is Kind.MONEY
        and one.is_level
        and not one.about
        and not one.depth
        and _WHOLE_PLAN.search(one.lead)
    ]
    if len({one.value for _, one in plans}) != 1:
        return
    where, plan = plans[0]
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if (
                percent.kind is not Kind.PERCENT
                or not re.search(r"(?:预算)?执行率(?:为|达)?$", percent.lead)
                or percent.about
                or not at
            ):
                continue
            done = text.figures[at - 1]
            if (
                done.kind is not Kind.MONEY
                or not done.is_level
                or done.sentence != percent.sentence
                or not _ALL_SPENT.search(done.prefix)
            ):
                continue
            ratio = done.range.percent_of(plan.range)
            money = [one for each in document.paragraphs for one in each.figures if one.kind is Kind.MONEY]
            holds = any(fits(done, one, percent) for one in money)
            if ratio is None or ratio.high > 150:
                continue
            yield Tie(
                holds,
                (text.quote(done.start, percent.end), where.quote(plan.start, plan.end)),
                *_told(text, done, plan, percent),
            )


_WHOLE_PLAN = re.compile(
    r"(?:^|项目)(?:全年|年度|部门|总)*预算(?:资金|总额|安排|总投资)+(?:共计|合计|总计|为)*$"
)
_ALL_SPENT = re.compile(
    r"(?:#项目|各项目|全部项目|项目)(?:累计|共|已|实际)*(?:支出|支付|执行|使用)(?:资金)?(?:共计|合计|共)?$|^[0-9月日至截底-]*(?:累计|共)(?:支出|支付|执行)(?:资金)?$"
)


@relation("TXT134", "金额比全文其他各数大得多", Confidence.LIKELY)
def far_above_all(document: Document) -> Iterator[Tie]:
    """一个数比全文其他各数大几千倍，多半是把万元写成了亿元。"""
    money = [(text, one) for text in document.paragraphs for one in text.figures if one.kind is Kind.MONEY]
    money.sort(key=lambda each: each[1].value)
    if len(money) < _FEW or money[-1][1].unit not in ("亿元", "万亿元"):
        return
    (text, one), (_, second) = money[-1], money[-2]
    if re.search("产值|总值|旅游|销售|贷款|经营|自有|融资|存款|投资|消费|贸易|债务|GDP", one.prefix):
        return
    in_tables = max(
        (
            cell.value * (grid.unit or 1)
            for grid in document.grids
            for row in grid.rows
            for cell in row.numbers.values()
        ),
        default=Decimal(0),
    )
    limit = max(second.value, in_tables)
    message = f"这里写{text.written(one)}，全文其他的数最大是{shown(limit, second)}，单位像是写错了。"
    yield Tie(
        one.value < limit * 50 or limit <= 0,
        (text.quote(one.start, one.end),),
        message,
        shown(one.value / _TEN_THOUSAND, one),
        text.written(one),
    )


_FEW = 6


# -- rates of two numbers ------------------------------------------------------------------------------

_RATIO = re.compile(
    r"(?:合格|参训|出勤|到课|参会|结案|办结|核销|审结|完成|回收|有效|整改|结算|开工|竣工|完工|入住|验收|通过|覆盖|达标|参保|到位|拨付|发放|使用|满意|支出|执行|支付|兑付|到账|下达|中标|续签|就业|上岗|签约|入学|治愈|及格|优良|优秀)率(?:为|达到?|是|：|约)?$"
)


@relation("TXT036", "比率与两个数不符")
def rate_of_two(document: Document) -> Iterator[Tie]:
    """“抽检1260批次，合格1248批次，合格率99.05%”：比率等于前面两个数之比。"""
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if percent.kind is not Kind.PERCENT or percent.about or not _RATIO.search(percent.lead):
                continue
            known = [one for one in _since_last_rate(text, at, window(text, at, 0)) if one.is_level]
            if len(known) < 2 or not alike(known[-1], known[-2]) or is_vague(known[-1], known[-2]):
                continue
            small, large = sorted(known[-2:], key=lambda one: one.value)
            if not _is_of_these(percent, small, large, known):
                continue
            near = percent.start - known[-1].end <= 10 and known[-1].start - known[-2].end <= 30
            if (
                not near
                or not large.value
                or (percent.value > HUNDRED and "完成率" not in percent.lead)
                or len(known) > 3
            ):
                continue
            inside = [one for one in text.figures if one.sentence == percent.sentence]
            holds = any(
                fits(a, b, percent) for a in inside for b in inside if a is not b and alike(a, b)
            ) or _of_both(known, percent)
            yield Tie(holds, (text.quote(known[-2].start, percent.end),), *_told(text, small, large, percent))


def _is_of_these(percent: Figure, small: Figure, large: Figure, known: Sequence[Figure]) -> bool:
    """Whether the words of a rate speak of its two numbers: 合格1248批次……合格率; money of a plan."""
    stem = percent.lead.rpartition("率")[0][-2:]
    if small.kind is Kind.MONEY:
        return (
            len(known) == 2 and bool(words.BUDGET.search(large.lead)) and not words.SPENT.search(large.lead)
        )
    beside = small.prefix[-10:] + small.tail[:4]
    return any(sign in beside for sign in stem)


def _of_both(known: Sequence[Figure], percent: Figure) -> bool:
    """Whether a rate is that of one in both together: spent and left."""
    ratios = [one.range.percent_of(total(each.range for each in known[-2:])) for one in known[-2:]]
    return any(one is not None and one.meets(percent.range) for one in ratios)


_TASK = re.compile(r"(?:任务|目标|计划|指标)[^#，。；]{0,8}$")
_OF_TASK = re.compile(r"(?:完成|占|达到?|为)[^#，。；]{0,8}(?:任务|目标|计划|指标)[^#，。；]{0,4}$")


@relation("TXT034", "完成任务的比例不对")
def rate_of_task(document: Document) -> Iterator[Tie]:
    """“培训210人，完成年度任务的35%，年度任务为600人”：比例等于完成数除以任务数。"""
    for text in document.paragraphs:
        for at, percent in enumerate(text.figures):
            if percent.kind is not Kind.PERCENT or percent.about or not _OF_TASK.search(percent.prefix):
                continue
            inside = [one for one in text.figures if one.sentence == percent.sentence and one.kind in AMOUNTS]
            before = [one for one in inside if one.end <= percent.start and one.is_level]
            if not before or percent.start - before[-1].end > 16:
                continue
            part = before[-1]
            tasks = [one for one in inside if one is not part and alike(one, part) and _TASK.search(one.lead)]
            if len(tasks) != 1 or is_vague(part, tasks[0]) or not tasks[0].value:
                continue
            first, last = sorted((part, tasks[0]), key=lambda one: one.start)
            quote = text.quote(first.start, max(percent.end, last.end))
            holds = any(fits(part, one, percent) for one in inside if one is not part and alike(one, part))
            yield Tie(holds, (quote,), *_told(text, part, tasks[0], percent))


@relation("TXT035", "百分点之差不对")
def points(document: Document) -> Iterator[Tie]:
    """“48.6%，比上年同期的45.3%提高3.3个百分点”：百分点等于两个百分数之差。"""
    for text in document.paragraphs:
        for one, other, told in zip(text.figures, text.figures[1:], text.figures[2:], strict=False):
            if told.kind is not Kind.POINTS or one.kind is not Kind.PERCENT or other.kind is not Kind.PERCENT:
                continue
            compared = words.COMPARED_WITH.search(other.lead)
            sign = _points_sign(told)
            apart = one.sentence != told.sentence or told.start - other.end > 12 or other.start - one.end > 20
            apart_only = re.search("相差|差距", told.lead)
            if not compared or not (sign or apart_only) or apart:
                continue
            gap = one.value - other.value
            step = max(each.step for each in (one, other, told))
            holds = abs((abs(gap) if apart_only else gap) - (sign or 1) * told.value) <= step / 2
            expected = f"{'高' if gap > 0 else '低'}{Fraction(abs(gap)) and abs(gap)}个百分点"
            message = f"{text.written(one)}与{text.written(other)}相差{abs(gap)}个百分点，这里写{told.lead}{text.written(told)}。"
            yield Tie(holds, (text.quote(one.start, told.end),), message, expected, text.written(told))


def _points_sign(told: Figure) -> int:
    if told.sign:
        return told.sign
    if re.search(r"(?:快|高|超|超出|超过|领先|高出|高于)(?:了|出)?$", told.lead):
        return 1
    return -1 if re.search(r"(?:慢|低|落后|低于|滞后)(?:了|出)?$", told.lead) else 0


# -- a base that is named elsewhere --------------------------------------------------------------------

_BASE_NAME = re.compile(
    r"(?:占|完成)(?:了|全县|全市|全区|本)?(?P<name>[^#，。；0-9]{3,16}?)(?:总额|总数|总量)?(?:的)?(?:比重|比例)?(?:为|是|达)?(?:约)?$"
)


@relation("TXT116", "占比与前面写明的总数不符", Confidence.LIKELY)
def of_base_named_before(document: Document) -> Iterator[Tie]:
    """“占到位资金的90%”：前面写明到位资金多少的，百分比按它算。"""
    seen: dict[str, list[tuple[Paragraph, Figure]]] = {}
    for text in document.paragraphs:
        for at, one in enumerate(text.figures):
            match = (
                _BASE_NAME.search(one.prefix) if one.kind is Kind.PERCENT and one.part in PERCENTS else None
            )
            if match is None or one.about or not at:
                if one.kind is Kind.MONEY and one.is_level and not one.about and one.value:
                    seen.setdefault(text.headings[:1][0] if text.headings else "", []).append((text, one))
                continue
            known = [each for some in seen.values() for each in some]
            yield from _named_base_tie(text, one, text.figures[at - 1], match["name"], known)


def _named_base_tie(
    text: Paragraph, percent: Figure, part: Figure, name: str, known: Sequence[tuple[Paragraph, Figure]]
) -> Iterator[Tie]:
    if (
        part.kind is not Kind.MONEY
        or not part.is_level
        or not joins(text.between(part.end, max(part.end, percent.clause)))
    ):
        return
    name = "到位" if name == "到位资金" else name
    bases = [
        (where, one)
        for where, one in known
        if one is not part and name in re.sub(r"\([^()]*\)", "", one.lead)
    ]
    named = [
        (where, one)
        for where, one in bases
        if re.search(
            re.escape(name) + r"(?:资金)?(?:合计|总计|共计|总额|完成|为|是|达|预算|决算|累计|支出)*$",
            one.lead,
        )
    ]
    if len({one.value for _, one in named}) != 1 or fits(part, named[-1][1], percent):
        return
    nearby = [one for one in text.figures if one.kind is Kind.MONEY and one is not part]
    where, base = named[-1]
    elsewhere = any(fits(part, one, percent) for _, one in known) or any(
        fits(part, one, percent) for one in nearby
    )
    exact = part.range.percent_of(base.range)
    if exact is None or exact.low > HUNDRED:
        return
    slip = slipped_to(
        percent.value, percent.step, Interval(exact.low - percent.step, exact.high + percent.step)
    )
    if elsewhere or slip is not None:
        expected = percent_words(part.value / base.value * HUNDRED, percent)
        message = f"{text.written(part)}占{name}（{where.written(base)}）的{expected}，这里写{text.written(percent)}。"
        yield Tie(
            False,
            (text.quote(part.start, percent.end), where.quote(base.start, base.end)),
            message,
            expected,
            text.written(percent),
        )
