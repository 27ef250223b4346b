"""Points and indicators: points against their maximum and their total, what was reached against its target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit.finding import Confidence
from xlbudget.audit.grid import Grid, Kind, Row, falls_short
from xlbudget.audit.interval import HUNDRED, exactly
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


def _aim_and_result(grid: Grid, row: Row) -> tuple[str, str]:
    """The target and the result of an indicator, as they stand; "" where the table has no such column."""
    heads = ("指标值|目标值|^目标$", "完成值|实际值|实际完成|完成情况|^实际$")
    places = [next((one.at for one in grid.columns if re.search(head, one.header)), -1) for head in heads]
    target, actual = (row.words.get(at, "") for at in places)
    return target, actual


def _is_missed(grid: Grid, row: Row) -> bool:
    return falls_short(*_aim_and_result(grid, row))


_ASKED = re.compile("是否(?:达到|完成|达标|实现)|达标情况")
_REACHED = re.compile("(?:已|基本|全部)?(?:达到|达标|完成|实现)(?:目标)?|是")
_MISSED = re.compile("(?:未|没有)(?:达到|达标|完成|实现)(?:目标)?|否")


@relation("TXT173", "指标表里“已达到”“未达到”与数值不符")
def reached_or_not(document: Document) -> Iterator[Tie]:
    """“是否达到目标”写“已达到”的，完成值不低于目标值；写“未达到”的，低于目标值。"""
    for grid in document.grids:
        place = next((one.at for one in grid.columns if _ASKED.search(one.header)), -1)
        for row in grid.data if place >= 0 else ():
            told, (target, actual) = row.words.get(place, ""), _aim_and_result(grid, row)
            least = target.lstrip("≥")
            is_least = least != target or target[:1].isdigit()
            is_short, is_more = falls_short(f"≥{least}", actual), falls_short(f"≥{actual}", least)
            is_known = is_least and (is_short or is_more or least == actual)
            if is_known and (_REACHED.fullmatch(told) or _MISSED.fullmatch(told)):
                expected = "未达到" if is_short else "达到"
                message = f"“{row.label}”目标{target}，完成{actual}，这里写“{told}”。"
                holds = bool(_MISSED.fullmatch(told)) is is_short
                yield Tie(holds, (row.quote,), message, expected, told, group=grid.position)


@relation("TXT048", "得分与评分表不符")
def total_scores(document: Document) -> Iterator[Tie]:
    """正文写的总得分，是评分表的合计。"""
    totals = [
        (row, row.numbers[one.at].value)
        for grid in document.grids
        for one in grid.of_kind(Kind.SCORE)
        if re.search("得分|评分", one.header)
        for row in grid.rows
        if row.is_total and one.at in row.numbers and "平均" not in row.label
    ]
    sums = {
        sum((row.cell(one).value for row in grid.data), Decimal(0))
        for grid in document.grids
        for one in grid.of_kind(Kind.SCORE)
    }
    for text, _, one in document.figures:
        told = one.unit == "分" and re.search(
            "(?:自评|总|综合|绩效|评价)(?:总)?(?:得)?分(?:为|是)?$", one.lead
        )
        if told and not one.about and len({value for _, value in totals}) == 1:
            row, value = totals[0]
            points = points_before(document, document.grids[-1])
            expected = f"{plain(value)}分"
            message = f"这里写{text.written(one)}，评分表合计是{expected}。"
            holds = one.value == value or one.value - value in points or one.value in sums
            is_near = (
                len(plain(value)) == len(plain(one.value))
                and slipped_to(one.value, one.step, exactly(value)) is not None
            )
            if holds or is_near:
                yield tie(holds, text, [one], message, expected, one, row.quote)


_ITEM = re.compile(
    r"(?:^|[，。；：、.])[^，。；：.0-9]{2,20}\(?(?P<full>[0-9]+(?:\.[0-9]+)?)分\)?[，：]?(?:自评)?(?:得分?|实得|自评)(?:为)?(?P<own>[0-9]+(?:\.[0-9]+)?)分"
)
_TOTAL_POINTS = re.compile(r"(?:自评|综合|绩效|评价|总|最终|合计)(?:自评|总|综合)*(?:得分|分|得)(?:为|是)?$")


@relation("TXT167", "总得分不等于各部分得分之和")
def points_in_text(document: Document) -> Iterator[Tie]:
    """“决策（20分）得19.5分……总得分92.5分”：各部分满分合计100分的，得分加起来等于总得分。"""
    items = [(text, match) for text in document.paragraphs for match in _ITEM.finditer(text.clean)]
    parts = [(Decimal(match["full"]), Decimal(match["own"])) for _, match in items]
    if len(parts) < 3 or sum(full for full, _ in parts) != HUNDRED:
        return
    value = sum((own for _, own in parts), Decimal(0))
    for text, _, one in document.figures:
        is_own = not re.search("上年|去年|同期|平均|较|比", one.prefix)
        if one.unit == "分" and is_own and not one.about and _TOTAL_POINTS.search(one.lead):
            message = f"总得分写{text.written(one)}，各部分得分加起来是{plain(value)}分。"
            quote = items[0][0].quote(*items[0][1].span())
            yield tie(one.value == value, text, [one], message, f"{plain(value)}分", one, quote)


_GRADES = "优良中差"
_BOUND = re.compile(
    r"(?P<least>[0-9]{2})分?(?:\(含\)|及)?(?:以上|[-至到][0-9.]{2,5}分?(?:\(不?含\))?)(?:的)?(?:为|，|是|：)?“?(?P<grade>[优良中])"
)
_GRADED = re.compile(
    r"(?:评价|自评|绩效|综合)?(?:等级|结果|级别|评级|结论)(?:评定)?(?:为|是|：)“?(?P<grade>[优良中差])”?(?:秀|好)?(?=[，。；(]|$)"
)


@relation("TXT168", "评价等级与得分不符")
def grades(document: Document) -> Iterator[Tie]:
    """得分87.8分的等级不会是“优”：90分及以上为优，80—90分为良，60—80分为中，写明了别的分档的按写明的。"""
    told = {
        one["grade"]: Decimal(one["least"])
        for text in document.paragraphs
        for one in _BOUND.finditer(text.clean)
    }
    least = told or dict(zip(_GRADES, map(Decimal, (90, 80, 60)), strict=False))
    for text in document.paragraphs:
        for match in _GRADED.finditer(text.clean):
            near = [one for one in text.figures if one.unit == "分" and -60 < one.end - match.start() <= 0]
            own = [one for one in near if _TOTAL_POINTS.search(one.lead) or len(near) == 1]
            if len(own) != 1 or own[0].about or own[0].value > HUNDRED:
                continue
            meant = next((grade for grade in _GRADES if own[0].value >= least.get(grade, HUNDRED + 1)), "差")
            message = f"得{text.written(own[0])}，等级应是“{meant}”，这里写“{match['grade']}”。"
            quote = text.quote(own[0].start, match.end())
            yield Tie(meant == match["grade"], (quote,), message, meant, match["grade"])


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
