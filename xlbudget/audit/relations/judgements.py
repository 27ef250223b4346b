"""Judgements about all projects, against the figures that they speak of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product

from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.paragraphs import Document, Paragraph, once
from xlbudget.audit.projects import Measure, project_facts, project_tables
from xlbudget.audit.quantities import quantities
from xlbudget.audit.relation import FIX, Tie, relation
from xlbudget.audit.relations.monitoring import classed, column_of, values_of
from xlbudget.domain.money import plain

_SUBJECT = r"(?:各|全部|所有|其余|其他|[0-9一二两三四五六七八九十]+个|上述|以上)(?:[0-9一二三四五六七八九十]+个)?(?:预算|支出|部门|单位|监控)?(?:项目|指标|单位|子项|方向|标段|领域)(?:的)?(?:资金|支出|预算|“三公”经费)*"
_ABOVE = rf"{_SUBJECT}(?P<what>[^，。；#]{{0,10}}?)均?(?:在|达到|达|不低于|超过|高于)(?P<least>[0-9]+(?:\.[0-9]+)?)(?:%|分)(?:\(含\))?(?:以上|及以上)?"
_IN_TIME = rf"(?<!其中){_SUBJECT}(?:[^，。；]{{0,12}}?|[^，。；]{{0,8}}，)(?:均|都|全部)?已?(?<![未不])(?:达到|不低于|超过|符合|快于|高于|达到或超过|达到了)(?:[0-9.]+%的)?(?:序时|时序)进度(?!的)"
_DONE = rf"{_SUBJECT}[^，。；]{{0,10}}?(?:均|都)(?:已)?[^，。；]{{0,12}}?(?:执行完毕|支付完毕|支出完毕|全部支付|使用完毕)"
_FINE = r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)项目[^，。；]{0,6}?均?(?:能|已)?(?:按|按照)[^，。；]{0,10}?(?:正常|有序|顺利)?(?:执行|推进|实施)(?:，(?:不存在|未发现|没有)[^，。；]{0,12})?"
_ABLE = r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)(?:预算)?项目(?:[^，。；]{0,6}?均?|均[^，。；]{0,16}，[^，。；]{0,6}?)(?:能|可|可以)(?:够)?(?:全部|如期|按期|完全)?(?:实现|完成)[^，。；]{0,8}目标"
_SLOW = "进度缓慢|滞后|偏慢|缓慢"
_BEHIND = rf"(?<![0-9])[1-9][0-9]*个项目?[^，。；]{{0,10}}?(?:{_SLOW}|未开展|未达)|(?:项目|指标)有[1-9][0-9]*个。?[^。]{{0,12}}?(?:{_SLOW})|(?:未开展|未启动|{_SLOW})的项目(?:有|共)*[1-9][0-9]*个|(?:项目|经费|资金|工程)[^，。；]{{0,4}}进度(?:明显|相对|严重|较为)?(?:滞后|偏慢|缓慢|较慢|落后)(?!的)"
_UNABLE = r"项目[^。；]{0,20}?(?:预计)?(?:年内|年底|全年)?(?:无法|不能|难以)(?:如期|按期|按时|全部|完全)?(?:完成|实现)(?!的|[^，。；]{0,8}[0-9]个)"
_AHEAD = re.compile(r"对|若|如|防止|避免|凡|确保|力争|争取|将|计划|拟|预计到|推动|保证|要求|除|其余|促使")
_COLUMN_WORDS = (r"执行率|支付率|支出率|支出进度", r"实现程度|完成程度", r"得分|评分|分数", r"完成率")
Stated = tuple[Paragraph, re.Match[str]]
_NEAR = 6
_WHICH = "请核对结论，写明是哪些项目。"


def _stated(document: Document, pattern: str) -> Iterator[Stated]:
    """Where a judgement is stated of what is, not of what shall be."""
    for text in document.paragraphs:
        for match in re.finditer(pattern, text.clean):
            start, _ = text.passage.sentence(match.start())
            before = text.clean[max(start, match.start() - 12) : match.start()]
            if not _AHEAD.search(before) or (pattern in (_ABOVE, _IN_TIME) and re.search("除|其余", before)):
                yield text, match


def _judged(stated: Stated, against: Sequence[Quote], message: str, remedy: str = FIX) -> Tie:
    """A judgement and what speaks against it."""
    text, match = stated
    quotes = (text.quote(*match.span()), *against)
    return Tie(not against, quotes, message, "", match.group(), remedy)


Rated = list[tuple[str, Decimal, Quote]]


def _rates(document: Document) -> Iterator[Rated]:
    """How far the projects of each table are spent, as it says or by its amounts; without a table, as the text says."""
    for grid in project_tables(document):
        spent, budget = (column_of(grid, one, Holds.AMOUNT) for one in (Measure.SPENT, Measure.BUDGET))
        rows = values_of(grid, column_of(grid, Measure.RATE))
        if spent and budget and not rows:
            known = [(row, value, row.cell(budget).value) for row, value in values_of(grid, spent)]
            rows = [(row, value * 100 / whole) for row, value, whole in known if whole > 0]
        yield [(grid.name(row), value, row.quote) for row, value in rows]
    if not project_tables(document):
        told = [one for one in project_facts(document) if one.measure is Measure.RATE]
        yield [(one.name, one.figure.value, one.text.span(one.figure)) for one in told]


def _measured(document: Document, stated: Stated, wanted: str) -> Iterator[Rated]:
    """What each table tells of a measure, and as many numbers of it before a judgement as that counts (五个方向)."""
    text, match = stated
    for grid in document.grids:
        columns = [one for one in grid.of_kind(Holds.PERCENT, Holds.SCORE) if re.search(wanted, one.header)]
        rows = values_of(grid, columns[0]) if len(columns) == 1 else []
        yield [(grid.name(row), value, row.quote) for row, value in rows]
    told = [
        one for one in text.figures if re.search(f"(?:{wanted})为?$", one.lead) and one.end <= match.start()
    ]
    count = int(quantities(match.group())[0].value)
    yield [("", one.value, text.span(one)) for one in told[-count:] if count <= len(told)]


def _below(stated: Stated, rated: Rated, least: Decimal) -> list[Quote]:
    """The projects below a limit: those that are named before a judgement, or all but those (除……外)."""
    text, match = stated
    before = text.clean[max(0, match.start() - 40) : match.start()]
    named = [one for one in rated if one[0][:4] in before]
    others = [one for one in rated if one not in named]
    if match.group().startswith(("其余", "其他")) and "除" not in before:
        return []
    return [quote for _, value, quote in (others if "除" in before else named or others) if value < least]


@relation("TXT073", "“均在……以上”与统计表不符")
def all_above(document: Document) -> Iterator[Tie]:
    """写“各项目执行率均在60%以上”的，统计表里、前面列出的没有低于60%的项目。"""
    for stated in _stated(document, _ABOVE):
        match = stated[1]
        wanted = next((one for one in _COLUMN_WORDS if re.search(one, match["what"])), None)
        for rated in _measured(document, stated, wanted) if wanted else ():
            below = _below(stated, rated, Decimal(match["least"])) if len(rated) >= 2 else []
            message = f"这里写“{match.group()}”，有{len(below)}项低于{match['least']}。"
            yield _judged(stated, below[:3], message)


@relation("TXT072", "与序时进度的比较不对")
def in_time(document: Document) -> Iterator[Tie]:
    """写“高于序时进度”“均达到序时进度”的，执行率要真的不低于已过月份所占的比例。"""
    month = document.period.month if document.period else None
    if month is None or month == 12:
        return
    due = Decimal(month) * 100 / 12
    reached = [
        [
            (grid.name(row), value, row.quote)
            for row, value in values_of(grid, column_of(grid, Measure.ACHIEVEMENT))
        ]
        for grid in project_tables(document)
    ]
    rates = list(_rates(document))
    for stated, rated in product(_stated(document, _IN_TIME), rates if any(rates) else reached):
        behind = _below(stated, rated, due - 1) if len(rated) >= 2 else []
        message = f"{month}月的序时进度是{plain(round(due, 2))}%，有{len(behind)}个项目低于它。"
        yield _judged(stated, behind[:3], message)
    yield from _compared(document, due)


_OVER, _UNDER = "高于|快于|超过|超", "低于|慢于|落后于|滞后于|未达到?"
_THAN_DUE = rf"^，?(?:总体|整体)?(?P<word>{_OVER}|{_UNDER})(?:[0-9.]+%的)?序时进度"


def _compared(document: Document, due: Decimal) -> Iterator[Tie]:
    """执行率42.5%，高于序时进度."""
    for text, _, one in document.percents:
        match = re.match(_THAN_DUE, text.clean[one.end : one.end + 30])
        if match and re.search("执行率|支出进度|支出率", one.prefix):
            word, rate = match["word"], text.written(one)
            holds = one.value >= due - 1 if re.fullmatch(_OVER, word) else one.value <= due + 1
            message = f"序时进度是{plain(round(due, 2))}%，执行率{rate}，这里写{word}序时进度。"
            quote = text.quote(one.start, one.end + match.end())
            yield Tie(holds, (quote,), message, f"{round(due, 2)}%", f"{word}序时进度")


@relation("TXT074", "“执行完毕”与统计表不符")
def all_spent(document: Document) -> Iterator[Tie]:
    """写“各项目资金均已执行完毕”的，统计表里没有支出少于预算的项目。"""
    for stated, rated in product(_stated(document, _DONE), _rates(document)):
        left = [quote for _, value, quote in rated if value < 100] if len(rated) >= 2 else []
        yield _judged(stated, left[:3], f"这里写“{stated[1].group()}”，有{len(left)}个项目没有支完。")


@relation("TXT070", "结论与数字不符", Confidence.LIKELY)
def all_fine(document: Document) -> Iterator[Tie]:
    """写“各项目均正常执行”“不存在偏差”的，不能另有项目进度缓慢、执行率过低。"""
    behind = list(_stated(document, _BEHIND))
    told = behind[0][1].group() if behind else ""
    quotes = [text.quote(*match.span()) for text, match in behind[:2]]
    for text, match in _stated(document, _FINE):
        if re.search("均|全部|^.?各", match.group()):
            yield _judged((text, match), quotes, f"这里写“{match.group()}”，前面写“{told}”。", _WHICH)


@relation("TXT071", "“均能实现”与分类不符", Confidence.LIKELY)
def all_able(document: Document) -> Iterator[Tie]:
    """写“各项目均能实现目标”的，不能另有项目不能完全实现或差距较大。"""
    others = [one for one in classed(document) if one.name != "能实现" and one.count.value]
    told = f"{others[0].name}的有{others[0].text.written(others[0].count)}" if others else "有项目不能实现"
    quotes = [one.text.span(one.count) for one in others[:2]]
    quotes += [text.quote(*match.span()) for text, match in [*_stated(document, _UNABLE)][:1]]
    for text, match in _stated(document, _ABLE):
        if "均" in match.group():
            yield _judged((text, match), quotes, f"这里写“{match.group()}”，前面写{told}。", _WHICH)


_ALL_SO = r"(?<![等类])(?:各|全部|所有)[^，。；]{0,20}均(?:(?:控制在|未超[出过]?|不超过|在)[^，。；]{0,10}预算|[较比]上年(?:度|同期)?(?:均|都|有所|略有)*(?P<way>增|上升|提高|降|下降|减|压减))"


@relation("TXT145", "“均”与所列的数不符", Confidence.LIKELY)
def all_so(document: Document) -> Iterator[Tie]:
    """写“各单位支出均控制在预算以内”“各项支出均较上年下降”的，同处所列的数没有相反的。"""
    for text, match in _stated(document, _ALL_SO):
        if match["way"]:
            is_up = match["way"] in ("增", "上升", "提高")
            told = _changes(document)
            first, end = (
                bisect_left(told, text.block + by, key=lambda one: one[0].block) for by in (-_NEAR, 1)
            )
            other = [(one, each) for one, each in told[first:end] if each.sign == 1 - 2 * is_up]
        else:
            other = [(text, spent) for budget, spent in pairwise(text.money) if _is_overspent(budget, spent)]
        quotes = [one.span(each) for one, each in other[:3]]
        yield _judged((text, match), quotes, f"这里写“{match.group()}”，所列的数里有相反的。")


@once
def _changes(document: Document) -> Iterator[tuple[Paragraph, Figure]]:
    """What has grown or shrunk against the year before."""
    return ((text, one) for text, _, one in document.figures if one.sign and "上年" in one.lead)


def _is_overspent(budget: Figure, spent: Figure) -> bool:
    """Whether two amounts are 预算160万元、支出168万元."""
    is_pair = re.search("预算数?$", budget.lead) and re.fullmatch("[、，]?(?:支出|决算)数?", spent.lead)
    return bool(is_pair) and budget.sentence == spent.sentence and spent.value > budget.value


_PERCENT = r"(?<![0-9.])(?P<{}>[0-9]+(?:\.[0-9]+)?)%"
_REACHED = r"(?P<word>(?<!未)已?(?:达到|实现|高于|超过|超出)了?|未(?:能)?(?:达到|实现)|低于|不及)"
_TARGET = r"(?:年度|全年|年初|绩效|预期|考核|申报|设定)?(?:目标|指标|计划)值?"
_JUDGED = [
    re.compile(f"(?P<what>[^，。；：#、]{{2,16}})(?:为|是|达到?|完成)?{_PERCENT.format('own')}，{one}")
    for one in (
        rf"{_REACHED}{_TARGET}(?:的|为|[(])?(?:不低于|≥)?{_PERCENT.format('aim')}(?![0-9的])",
        rf"{_REACHED}(?:不低于|≥)?{_PERCENT.format('aim')}(?:以上)?的{_TARGET}",
    )
] + [
    re.compile(
        rf"(?P<what>[^，。；：#、]{{2,16}}?){_TARGET}(?:为|是)?(?:不低于|≥)?{_PERCENT.format('aim')}(?:以上)?，实际[^0-9，。；]{{0,8}}{_PERCENT.format('own')}，{_REACHED}{_TARGET}(?![0-9])"
    )
]
_LESS_IS_BETTER = re.compile(
    "差错|投诉|死亡|失业|发病|空置|返贫|违约|损|负债|事故|流失|逾期|信访|上访|误|超支|能耗|成本|偏差|下降|病"
)


@relation("TXT170", "是否达到目标写反了")
def target_reached(document: Document) -> Iterator[Tie]:
    """“合格率93%，达到了95%的年度目标”：写达到的不低于目标，写未达到的低于目标；越低越好的比率不比。"""
    for text in document.paragraphs:
        if "目标" not in text.clean and "指标" not in text.clean:
            continue
        for match in (one for pattern in _JUDGED for one in pattern.finditer(text.clean)):
            own, aim = Decimal(match["own"]), Decimal(match["aim"])
            is_under = match["word"].startswith(("未", "低", "不"))
            holds = is_under == (own < aim) or _LESS_IS_BETTER.search(match["what"]) is not None
            right = "未达到" if own < aim else "达到"
            message = f"实际{plain(own)}%，目标{plain(aim)}%，这里写“{match['word']}”。"
            yield Tie(holds, (text.quote(*match.span()),), message, right, match["word"])
