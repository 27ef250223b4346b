"""Points and indicators: points against their maximum and their total, what was reached against its target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit.finding import Confidence
from xlbudget.audit.grid import Grid, Kind, Row, falls_short
from xlbudget.audit.interval import exactly
from xlbudget.audit.paragraphs import Document
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.slips import slipped_to
from xlbudget.domain.money import plain


def points_before(document: Document, grid: Grid) -> set[Decimal]:
    """Points given in the tables above (10 for 预算执行率), which the total of the indicators' table may count in."""
    return {Decimal(10)} | {
        row.numbers[each.at].value
        for one in document.grids
        if one is not grid and grid.position - 3 <= one.position <= grid.position
        for each in one.of_kind(Kind.SCORE)
        for row in one.rows
        if each.at in row.numbers
    }


_ALL = r"(?:各项?|全部|所有|[0-9]+个|[0-9]+项[^，。；]{0,10})?"
_ALL_REACHED = rf"(?:{_ALL}指标|[0-9两三四五]+项(?:满意度|指标))[^，。；]{{0,4}}(?:均|全部)(?:已)?(?:完成|达到|达标|实现)"


@relation("TXT130", "“指标均已完成”与指标表不符", Confidence.LIKELY)
def all_reached(document: Document) -> Iterator[Tie]:
    """写“各项指标均已完成”的，指标表里每个指标的完成值都达到指标值。"""
    short = [(grid, row) for grid in document.grids for row in grid.rows if _is_missed(grid, row)]
    for text in document.paragraphs if 1 <= len(short) <= 3 else ():
        for match in re.finditer(_ALL_REACHED, text.clean):
            clause = re.split("[。；]", text.clean[: match.end()])[-1]
            kinds = re.findall("数量|质量|时效|成本|效益|满意", clause)
            heads = {grid.position: "".join(one.header for one in grid.columns) for grid, _ in short}
            missed = [
                row
                for grid, row in short
                if not kinds or any(one in row.label + heads[grid.position] for one in kinds)
            ]
            if missed and not re.search(
                "除|外|其余|未", text.clean[max(0, match.start() - 12) : match.start()]
            ):
                quotes = (text.quote(*match.span()), *(row.quote for row in missed))
                message = f"这里写“{match.group()}”，表里“{missed[0].label[-12:]}”没有达到指标值。"
                yield Tie(False, quotes, message, "", match.group())


def _is_missed(grid: Grid, row: Row) -> bool:
    heads = ("指标值|目标值|^目标$", "完成值|实际值|实际完成|完成情况|^实际$")
    places = [next((one.at for one in grid.columns if re.search(head, one.header)), -1) for head in heads]
    target, actual = (row.words.get(at, "") for at in places)
    return falls_short(target, actual)


@relation("TXT048", "得分与评分表不符")
def total_scores(document: Document) -> Iterator[Tie]:
    """正文写的总得分，是评分表的合计。"""
    totals = [
        (row, row.numbers[one.at].value)
        for grid in document.grids
        for one in grid.of_kind(Kind.SCORE)
        if re.search("得分|评分", one.header)
        for row in grid.rows
        if row.is_total and one.at in row.numbers
    ]
    for text, _, one in document.figures:
        told = one.unit == "分" and re.search("(?:自评|总)(?:总)?(?:得)?分(?:为|是)?$", one.lead)
        if told and not one.about and len({value for _, value in totals}) == 1:
            row, value = totals[0]
            points = points_before(document, document.grids[-1])
            expected = f"{plain(value)}分"
            message = f"这里写{text.written(one)}，评分表合计是{expected}。"
            holds = one.value == value or one.value - value in points
            is_near = (
                len(plain(value)) == len(plain(one.value))
                and slipped_to(one.value, one.step, exactly(value)) is not None
            )
            if holds or is_near:
                yield tie(holds, text, [one], message, expected, one, row.quote)


def points(grid: Grid) -> Iterator[tuple[Row, Decimal, Decimal]]:
    """Rows with the points that they can have and have."""
    columns = grid.of_kind(Kind.SCORE)
    full = [one.at for one in columns if re.search(r"分值|权重|满分|标准分", one.header)]
    got = [one.at for one in columns if re.search(r"得分|评分", one.header) and one.at not in full]
    for row in grid.rows if len(full) == len(got) == 1 else ():
        most, own = row.numbers.get(full[0]), row.numbers.get(got[0])
        if most and own and not most.percent and not own.percent:
            yield row, most.value, own.value


@relation("TXT112", "得分超过分值")
def scores(document: Document) -> Iterator[Tie]:
    """每项得分不超过该项分值。"""
    for grid in document.grids:
        for row, most, own in points(grid):
            limit, found = plain(most), plain(own)
            message = f"“{row.label}”得{found}分，分值只有{limit}分。"
            yield Tie(
                own <= most, (row.quote,), message, f"不超过{limit}", found, group=(grid.position, "scores")
            )
