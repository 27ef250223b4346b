"""Judgements about all projects, against the figures that they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Column, Grid
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.projects import Measure, project_tables
from xlbudget.audit.relation import FIX, Tie, relation
from xlbudget.audit.relations.monitoring import classed, column_of, values_of
from xlbudget.domain.money import plain

_SUBJECT = r"(?:各|全部|所有|其余|[0-9一二三四五六七八九十]+个|上述|以上)(?:[0-9一二三四五六七八九十]+个)?(?:预算|支出|部门|单位|监控)?(?:项目|指标|单位)(?:的)?(?:资金|支出|预算|“三公”经费)*"
_ABOVE = rf"{_SUBJECT}(?P<what>[^，。；#]{{0,10}}?)均?(?:在|达到|达|不低于|超过|高于)(?P<least>[0-9]+(?:\.[0-9]+)?)(?:%|分)(?:\(含\))?(?:以上|及以上)?"
_IN_TIME = rf"(?<!其余)(?<!其中){_SUBJECT}[^，。；]{{0,12}}?(?:均|都|全部)?已?(?:达到|不低于|超过|符合|快于|高于|达到或超过|达到了)(?:[0-9.]+%的)?(?:序时|时序)进度"
_DONE = rf"{_SUBJECT}[^，。；]{{0,10}}?(?:均|都)(?:已)?[^，。；]{{0,12}}?(?:执行完毕|支付完毕|支出完毕|全部支付|使用完毕)"
_FINE = r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)项目[^，。；]{0,6}?均?(?:能|已)?(?:按|按照)[^，。；]{0,10}?(?:正常|有序|顺利)?(?:执行|推进|实施)(?:，(?:不存在|未发现|没有)[^，。；]{0,12})?"
_ABLE = r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)(?:预算)?项目[^，。；]{0,6}?均?(?:能|可|可以)(?:够)?(?:全部|如期|按期|完全)?(?:实现|完成)[^，。；]{0,8}目标"
_BEHIND = r"(?P<count>[0-9]+)个项目?[^，。；]{0,10}?(?:进度缓慢|滞后|偏慢|缓慢|未开展|未达)|(?:项目|指标)有(?P<other>[0-9]+)个。?[^。]{0,12}?(?:进度缓慢|滞后|偏慢|缓慢)"
_AHEAD = re.compile(r"确保|力争|争取|将|计划|拟|预计到|推动|保证|要求|除|其余|促使")
_COLUMN_WORDS = (r"执行率|支付率|支出率|支出进度", r"实现程度|完成程度", r"得分|评分|分数", r"完成率")
Stated = tuple[Paragraph, re.Match[str]]
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


def _below(stated: Stated, grid: Grid, column: Column, least: Decimal) -> list[Quote]:
    """The projects below a limit, without those that the words before a judgement leave out (除……外)."""
    text, match = stated
    before = text.clean[max(0, match.start() - 40) : match.start()]
    below = [row for row, value in values_of(grid, column) if value < least]
    return [row.quote for row in below if "除" not in before or grid.name(row)[:4] not in before]


@relation("TXT073", "“均在……以上”与统计表不符")
def all_above(document: Document) -> Iterator[Tie]:
    """写“各项目执行率均在60%以上”的，统计表里没有低于60%的项目。"""
    for (text, match), grid in product(_stated(document, _ABOVE), document.grids):
        wanted = next((one for one in _COLUMN_WORDS if re.search(one, match["what"])), None)
        rated = grid.of_kind(Holds.PERCENT, Holds.SCORE)
        columns = [one for one in rated if wanted and re.search(wanted, one.header)]
        if len(columns) == 1 and len(grid.data) >= 2:
            below = _below((text, match), grid, columns[0], Decimal(match["least"]))
            message = f"这里写“{match.group()}”，表里有{len(below)}项低于{match['least']}。"
            yield _judged((text, match), below[:3], message)


@relation("TXT072", "与序时进度的比较不对")
def in_time(document: Document) -> Iterator[Tie]:
    """写“高于序时进度”“均达到序时进度”的，执行率要真的不低于已过月份所占的比例。"""
    month = document.period.month if document.period else None
    if month is None or month == 12:
        return
    due = Decimal(month) * 100 / 12
    for (text, match), grid in product(_stated(document, _IN_TIME), project_tables(document)):
        column = column_of(grid, Measure.RATE)
        if column and len(values_of(grid, column)) >= 2:
            behind = _below((text, match), grid, column, due - 1)
            message = f"{month}月的序时进度是{plain(round(due, 2))}%，表里有{len(behind)}个项目低于它。"
            yield _judged((text, match), behind[:3], message)
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
    for (text, match), grid in product(_stated(document, _DONE), project_tables(document)):
        column = column_of(grid, Measure.RATE)
        if column and len(grid.data) >= 2:
            left = [row.quote for row, value in values_of(grid, column) if value < 100]
            message = f"这里写“{match.group()}”，表里有{len(left)}个项目没有支完。"
            yield _judged((text, match), left[:3], message)


@relation("TXT070", "结论与数字不符", Confidence.LIKELY)
def all_fine(document: Document) -> Iterator[Tie]:
    """写“各项目均正常执行”“不存在偏差”的，不能另有项目进度缓慢、执行率过低。"""
    stated = _stated(document, _BEHIND)
    behind = [(text, match) for text, match in stated if int(match["count"] or match["other"]) > 0]
    told = behind[0][1].group() if behind else ""
    quotes = [text.quote(*match.span()) for text, match in behind[:2]]
    for text, match in _stated(document, _FINE):
        if re.search("均|全部|^.?各", match.group()):
            yield _judged((text, match), quotes, f"这里写“{match.group()}”，前面写“{told}”。", _WHICH)


@relation("TXT071", "“均能实现”与分类不符", Confidence.LIKELY)
def all_able(document: Document) -> Iterator[Tie]:
    """写“各项目均能实现目标”的，不能另有项目不能完全实现或差距较大。"""
    others = [one for one in classed(document) if one.name != "能实现" and one.count.value]
    told = f"{others[0].name}的有{others[0].text.written(others[0].count)}" if others else ""
    quotes = [one.text.span(one.count) for one in others[:2]]
    for text, match in _stated(document, _ABLE):
        if "均" in match.group():
            yield _judged((text, match), quotes, f"这里写“{match.group()}”，前面写{told}。", _WHICH)
