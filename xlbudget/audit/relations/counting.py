"""Counts: of a list, of the parts of a whole, of what is left; quantity times price, and averages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import Interval, rounded
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.paragraphs import Document, Paragraph, is_money
from xlbudget.audit.projects import project_tables
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.totals import mark_of
from xlbudget.audit.slips import significant, slipped_to
from xlbudget.audit.values import shown

# -- announced and listed ------------------------------------------------------------------------------

_LISTED = re.compile(
    r"(?P<noun>[^，。；：#]{0,14}?)(?:，)?(?:分别)?(?:是|为|即|包括|有)?(?:：|(?<=是)|(?<=为)|(?<=括))(?P<list>[^。；：]{4,400}?)(?=[。；]|$)"
)
_ORDINALS = re.compile(r"(?:^|[，。；：])([一二三四五六七八九十]{1,2})是")


@relation("TXT008", "列举的个数不对")
def count_of_list(document: Document) -> Iterator[Tie]:
    """“5个派出法庭，分别为甲、乙、丙、丁、戊”：说几个，就列几个。"""
    for text in document.paragraphs:
        for one in text.figures:
            if one.kind is not Kind.COUNT or one.about or not 2 <= one.value <= 40 or one.value % 1:
                continue
            yield from _ordinal_tie(text, one)
            if one.unit not in ("个", "项", "家", "所", "类", "种", "名", "处"):
                continue
            match = re.match(
                r"(?P<noun>[^，。；：、0-9]{0,12})[，]?(?:分别[是为]|即|具体[是为])：?(?P<list>[^。；：0-9]{4,300})[。；]",
                text.clean[one.end :],
            )
            if match is None:
                continue
            least, most = _members(match["list"])
            if most < 2:
                continue
            message = f"这里写{text.written(one)}，列出的是{least}个。"
            holds = least <= one.value <= most
            yield Tie(
                holds,
                (text.quote(one.start, one.end + match.end()),),
                message,
                f"{least}个",
                text.written(one),
            )


def _members(listed: str) -> tuple[int, int]:
    """How many things a list names: by 、 alone, and where 和 and 及 part things, too."""
    listed = re.sub(r"\([^()]*\)|“[^”]*”", "项", listed)
    if "等" in listed[-6:] or "，" in listed.rstrip("，"):
        return 0, 0
    fewest = len([one for one in listed.split("、") if one])
    if re.search(r"[和及与]", listed.rpartition("、")[2]) is None and fewest < 2:
        return 0, 0
    last = listed.rpartition("、")[2]
    joined = bool(re.search(r".{2,}(?:和|及|与|以及).{2,}", last))
    return fewest, fewest + len(re.findall(r"和|及|与", listed)) if joined or re.search(
        r"[和及与]", listed
    ) else fewest


def _ordinal_tie(text: Paragraph, one: Figure) -> Iterator[Tie]:
    """四个方面：一是……二是……"""
    match = re.match(r"(?:方面|问题|原因|措施|特点|不足)[^。；]{0,14}[：。]", text.clean[one.end :])
    if match is None:
        return
    ordinals = [each[1] for each in _ORDINALS.finditer(text.clean[one.end + match.end() - 1 :])]
    expected = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"][: len(ordinals)]
    if len(ordinals) < 2 or ordinals != expected:
        return
    message = f"这里写{text.written(one)}{match.group()[:2]}，下面说到“{ordinals[-1]}是”。"
    yield Tie(
        one.value == len(ordinals),
        (text.quote(one.start, one.end),),
        message,
        f"{len(ordinals)}个",
        text.written(one),
    )


@relation("TXT007", "列举的项目与个数不符")
def count_of_lines(document: Document) -> Iterator[Tie]:
    """“3个项目，具体如下：”下面要列出3个。"""
    paragraphs = document.paragraphs
    for at, text in enumerate(paragraphs[:-2]):
        counted = [
            one
            for one in text.figures
            if one.kind is Kind.COUNT and one.unit in ("个", "项", "类") and not one.about
        ]
        if (
            not counted
            or not re.search(r"(?:如下|分别[是为]|具体[是为]|包括)：?$|：$", text.clean.removesuffix("。"))
            or not re.match(r"[^，。；]{0,6}(?:项目|资金|经费|问题|方面)", text.clean[counted[-1].end :])
        ):
            continue
        kind = mark_of(paragraphs[at + 1].clean)
        if not kind or kind == mark_of(text.clean) or paragraphs[at + 1].block != text.block + 1:
            continue
        lines = 0
        for one in paragraphs[at + 1 :]:
            mark = mark_of(one.clean)
            if (mark == mark_of(text.clean) and mark) or (
                not mark and lines and kind in ("numeral", "numeral in brackets")
            ):
                break
            if not mark:
                break
            lines += mark == kind
        last = counted[-1]
        message = f"这里写{text.written(last)}，下面列出的是{lines}个。"
        yield Tie(
            lines < 2 or lines == last.value,
            (text.quote(last.start, last.end),),
            message,
            f"{lines}个",
            text.written(last),
            sure=Confidence.LIKELY,
        )


# -- initial and added ---------------------------------------------------------------------------------

_WHOLE = re.compile(
    r"(?:项目|单位)[^#，。；]{0,8}(?:共计|总共|合计|共有|共|总数)(?:为|有)?$|共[^#，。；]{0,12}$"
)


@relation("TXT002", "项目总数与各部分不符")
def initial_and_added(document: Document) -> Iterator[Tie]:
    """“项目共16个，年初8个，年中增加8个”：总数等于年初的加追加的。"""
    for text in document.paragraphs:
        for inside in text.sentences:
            counted = [
                one for one in inside if one.kind is Kind.COUNT and one.unit in ("个", "项") and not one.about
            ]
            initial = [one for one in counted if "年初" in one.lead]
            added = [
                one for one in counted if re.search(r"追加|年中|新增|增加", one.lead) and one not in initial
            ]
            whole = [
                one for one in counted if one not in initial and one not in added and _WHOLE.search(one.lead)
            ]
            if len(whole) != 1 or len(initial) != 1 or not added or counted[0] is not whole[0]:
                continue
            summed = initial[0].value + sum((one.value for one in added), Decimal(0))
            message = (
                f"年初{text.written(initial[0])}加追加的，是{summed}个，这里写共{text.written(whole[0])}。"
            )
            quote = text.quote(whole[0].start, added[-1].end)
            yield Tie(summed == whole[0].value, (quote,), message, f"{summed}个", text.written(whole[0]))


# -- bands ---------------------------------------------------------------------------------------------

_NO_BAND = re.compile(r"(?:未开展|未启动|尚无|没有|暂不|暂未|未到)[^#，。；]{0,14}$")
_BAND = re.compile(r"[0-9.]+%?(?:\(不?含\))?(?:-|至|到|以上|以下|及以上)|以上|以下|未开展|未启动")


@relation("TXT005", "分档没有包括全部项目", Confidence.LIKELY)
def bands(document: Document) -> Iterator[Tie]:
    """各档项目个数加起来，等于全部项目。"""
    for text in document.paragraphs:
        for inside in text.sentences:
            rows = [one for one in inside if one.kind is Kind.COUNT and one.unit in ("个", "项")]
            banded = [one for one in rows if _is_band(text, one)]
            banded = [
                one
                for one in rows
                if banded and (one in banded or (one.start > banded[0].start and _NO_BAND.search(one.lead)))
            ]
            ends = " ".join(text.clean[max(0, one.start - 24) : one.start] for one in banded)
            if len(banded) < 3 or "以下" not in ends or not ("以上" in ends or "达到" in ends):
                continue
            summed = sum((one.value for one in banded), Decimal(0))
            rows = {Decimal(len(grid.data)) for grid in project_tables(document)}
            wholes = {
                one.value
                for each in document.paragraphs
                for one in each.figures
                if one.kind is Kind.COUNT
                and one not in banded
                and _counts_all(each, one)
                and not re.search("年初|追加", one.prefix)
            }
            if len(wholes) != 1:
                continue
            (whole,) = wholes
            if summed in rows and whole not in rows:
                where, count = next(
                    (each, one)
                    for each in document.paragraphs
                    for one in each.figures
                    if one.value == whole and one.kind is Kind.COUNT and _counts_all(each, one)
                )
                message = f"这里写{where.written(count)}，各档加起来、统计表里都是{summed}个。"
                yield Tie(
                    False,
                    (where.quote(count.start, count.end), text.quote(banded[0].start, banded[-1].end)),
                    message,
                    f"{summed}个",
                    where.written(count),
                )
                continue
            message = f"各档加起来是{summed}个，全部项目是{whole}个。"
            holds = whole in (summed, summed - banded[-1].value)
            yield Tie(
                holds, (text.quote(banded[0].start, banded[-1].end),), message, f"{whole}个", f"{summed}个"
            )


def _is_band(text: Paragraph, one: Figure) -> bool:
    before = text.clean[max(text.passage.sentence(one.start)[0], one.start - 30) : one.start]
    clause = before.rpartition("，")[2] or before
    return bool(_BAND.search(clause)) and bool(
        re.search("项目", clause + text.clean[one.end : one.end + 4]) or "%" in clause
    )


def _counts_all(text: Paragraph, one: Figure) -> bool:
    near = one.lead[-14:] + "#" + one.tail[:8]
    return (
        one.unit in ("个", "项")
        and bool(re.search(r"项目[^#]{0,6}(?:共|总)?#|#(?:预算|支出)?项目|项目#", near))
        and bool(re.search(r"全部|共|监控|纳入|所有", one.prefix + one.tail))
    )


# -- what is left --------------------------------------------------------------------------------------

_LEFT = re.compile(
    r"[，；、]?(?:其余|剩余|尚余|余额|结余|未[^#，。；]{1,4}|尚有|尚未[^#，。；]{1,4}|尚差|还差|余下|余)(?:的|资金|金额|款项)?(?:为)?"
)


@relation("TXT119", "余下的数不对")
def remainder(document: Document) -> Iterator[Tie]:
    """“共2130条，已整改2024条，未整改106条”：余下的等于总数减去其余的。"""
    for text in document.paragraphs:
        for at, left in enumerate(text.figures):
            loose = _ends_with_rest(left)
            if (
                left.kind not in (Kind.MONEY, Kind.COUNT)
                or not left.value
                or not (_LEFT.fullmatch(left.lead) or loose)
                or left.about
            ):
                continue
            before = [
                one
                for one in text.figures[:at]
                if one.is_level
                and one.kind is left.kind
                and one.sentence >= left.sentence - 1
                and not one.about
            ]
            before = [one for one in before if left.kind is Kind.MONEY or one.unit == left.unit]
            if len(before) < 2:
                continue
            every = [one for one in text.figures if one.kind is left.kind and one is not left]
            holds = any(
                (a.exact - b.exact).meets(left.exact) for a in every for b in every if a is not b
            ) or any(one.exact.meets(left.exact) for one in every)
            pairs = [(a, b) for a in before for b in before if a.start < b.start and a.value > b.value]
            meant = [(a, b) for a, b in pairs if _slips_to(left, a.exact - b.exact)]
            if loose and not _LEFT.fullmatch(left.lead):
                meant = [
                    (a, b)
                    for a, b in meant
                    if (a.exact - b.exact).low <= left.value / 10_000 <= (a.exact - b.exact).high
                ]
            if holds or len(meant) != 1 or meant[0][0] is not before[0]:
                if holds:
                    yield Tie(True, (text.quote(left.start, left.end),))
                continue
            a, b = meant[0]
            expected = shown(a.value - b.value, left)
            message = f"{text.written(a)}减去{text.written(b)}是{expected}，这里写{text.written(left)}。"
            yield Tie(
                False,
                (text.quote(left.start, left.end), text.quote(a.start, b.end)),
                message,
                expected,
                text.written(left),
            )


def _ends_with_rest(left: Figure) -> bool:
    return bool(re.search(r"(?:收支结余|结余|收支差额|差额)$", left.lead))


def _slips_to(one: Figure, meant: Interval) -> bool:
    return slipped_to(one.value, one.step, meant) is not None


# -- quantity times price ------------------------------------------------------------------------------

_PRICE = re.compile(
    r"(?:每[^#，。；]{1,6}?(?:每年|每月)?|[亩户人]均|单价|均价|标准[为是]?|单位造价|造价)(?:补助|补贴|安排|综合造价|造价|投入|租金|奖励|资助|按)?(?:约|为|是)?$"
)
_AMOUNT = re.compile(
    r"^[，、]?(?:共计|合计|小计|共需|共|计|需|投入|安排|金额|完成投资|投资|总投资|年租金|总价|支出|发放|资金|补助资金)(?:资金|金额|补贴|补助|经费|支出)?(?:约|为|共)?$"
)


@relation("TXT120", "数量乘单价不等于金额")
def product(document: Document) -> Iterator[Tie]:
    """“98台，单价0.45万元，计44.1万元”：金额等于数量乘单价。"""
    for text in document.paragraphs:
        for at, price in enumerate(text.figures[:-1]):
            amount = text.figures[at + 1]
            if not is_money(price) or not is_money(amount) or price.sentence != amount.sentence:
                continue
            by_unit = re.match(r"/[^，。；]{1,4}", price.tail)
            if not (_PRICE.search(price.lead) or by_unit) or not _AMOUNT.search(amount.lead) or amount.about:
                continue
            counts = [
                one for one in text.figures[:at] if one.kind is Kind.COUNT and one.sentence == price.sentence
            ]
            if by_unit:
                counts = [
                    one
                    for one in text.figures[:at]
                    if one.kind is Kind.COUNT and by_unit.group()[1:].startswith(one.unit)
                ]
            if not counts or (price.start - counts[-1].end > 16 and not by_unit):
                continue
            every = [one for one in text.figures[:at] if one.kind is Kind.COUNT]
            results = [one.exact * price.range for one in every] + [
                a.exact * b.exact * price.range for a in every for b in every if a is not b
            ]
            holds = any(one.meets(amount.range) for one in results) or any(
                (one * Interval(Decimal(12), Decimal(12))).meets(amount.range) for one in results
            )
            money = [one for one in text.figures if is_money(one) and one is not price and one is not amount]
            holds = (
                holds
                or amount.depth != price.depth
                or any(counts[-1].exact * price.range == one.exact for one in money)
            )
            expected = shown(counts[-1].value * price.value, amount)
            message = f"{text.written(counts[-1])}乘{text.written(price)}是{expected}，这里写{text.written(amount)}。"
            yield Tie(
                holds, (text.quote(counts[-1].start, amount.end),), message, expected, text.written(amount)
            )


_AVERAGE = re.compile(
    r"(?P<unit>生|人|户|车|亩|村|家|校|月|日|次|场|件|台)均[^#，。；]{0,8}$|平均每?(?P<each>[^#，。；]{1,6}?)(?:有|受益|出动|接待|服务|支出|补助|发放|投入|参加|约|的|人数|用)*$"
)
_WORDS_OF = {"车": "辆", "人": "人", "校": "所"}


@relation("TXT129", "同一组数前后不一致", Confidence.LIKELY)
def pairs_told_twice(document: Document) -> Iterator[Tie]:
    """“64批次、522人次”：成对的两个数前后都写的，一个相同，另一个也相同。"""
    known: dict[tuple[str, str, str, Decimal], list[tuple[Paragraph, Figure, Figure]]] = {}
    for text in document.paragraphs:
        for one, other in zip(text.figures, text.figures[1:], strict=False):
            if (
                one.kind is not Kind.COUNT
                or other.kind is not Kind.COUNT
                or other.start - one.end > 6
                or one.unit == other.unit
                or one.about
                or other.about
            ):
                continue
            if len(significant(one.value, one.step)) >= 2 or len(significant(other.value, other.step)) >= 3:
                known.setdefault((one.unit, other.unit, "first", one.value), []).append((text, one, other))
                known.setdefault((one.unit, other.unit, "second", other.value), []).append((text, other, one))
    for same in known.values():
        first_text, equal, first = same[0]
        for text, _, one in same[1:]:
            if (
                text is first_text
                or one.value == first.value
                or len(significant(equal.value, equal.step)) < 2
            ):
                continue
            if slipped_to(one.value, one.step, Interval(first.value, first.value)) is None:
                continue
            found, expected = text.written(one), first_text.written(first)
            message = f"这里写{found}，前面写{expected}（都是{text.written(same[0][1]) if text is first_text else first_text.written(equal)}）。"
            yield Tie(
                False,
                (text.quote(one.start, one.end), first_text.quote(first.start, first.end)),
                message,
                expected,
                found,
            )


_STATES = re.compile(
    r"[，、；]?(?:其中)?(?:已)?(?:完工|竣工|在建|未开工|开工|未完工|已完成|正在实施|未启动|整改|未整改|正在整改)[^#，。；]{0,4}"
)


@relation("TXT132", "各状态的个数加起来不等于总数", Confidence.LIKELY)
def states_add_up(document: Document) -> Iterator[Tie]:
    """“共40个项目，已完工31个、在建8个、未开工1个”：加起来等于总数。"""
    for text in document.paragraphs:
        for inside in text.sentences:
            rows = [
                one
                for one in inside
                if one.kind is Kind.COUNT and _STATES.fullmatch(one.lead) and not one.about
            ]
            if len(rows) < 3 or len({one.unit for one in rows}) != 1:
                continue
            before = [
                one
                for each in document.paragraphs
                if each.block <= text.block
                for one in each.figures
                if one.kind is Kind.COUNT
                and one.unit == rows[0].unit
                and one not in rows
                and (each is not text or one.end <= rows[0].start)
            ]
            summed = sum((one.value for one in rows), Decimal(0))
            near = [one for one in before[-3:] if _slips_to(one, Interval(summed, summed))]
            holds = any(one.value == summed for one in before)
            if holds or len(near) == 1:
                expected = "" if holds else f"{near[0].value}"
                quote = text.quote(rows[0].start, rows[-1].end)
                yield Tie(
                    holds, (quote,), f"各状态加起来是{summed}，总数写{expected}。", expected, f"{summed}"
                )


@relation("TXT121", "平均数不对", Confidence.LIKELY)
def average(document: Document) -> Iterator[Tie]:
    """“4.92万人，41个行政村，平均每个行政村1200人”：平均数等于总数除以个数。"""
    for text in document.paragraphs:
        for mean in text.figures:
            match = _AVERAGE.search(mean.lead)
            if match is None or mean.kind not in (Kind.MONEY, Kind.COUNT):
                continue
            unit = _WORDS_OF.get(match["unit"], match["unit"]) or match["each"].removeprefix("个")
            inside = [one for one in text.figures if one is not mean and not one.about and one.is_level]
            if unit == "月":
                months = re.search(r"1-([0-9]{1,2})月", text.clean[: mean.start])
                whole = next(
                    (
                        one
                        for one in inside
                        if _sums_unit(one, mean) and one.sentence == mean.sentence and one.value > mean.value
                    ),
                    None,
                )
                if months and whole and not mean.about and _is_meant(mean, whole.value / int(months[1])):
                    expected = shown(whole.value / int(months[1]), mean)
                    holds = abs(whole.value / int(months[1]) - mean.value) <= mean.value * _LOOSE
                    yield Tie(
                        holds,
                        (text.quote(mean.start, mean.end),),
                        f"平均是{expected}，这里写{text.written(mean)}。",
                        expected,
                        text.written(mean),
                    )
                continue
            near = _nearby(document, text) if _is_specific(match, mean) or unit == "生" else inside
            counts = [
                one for one in near if one.kind is Kind.COUNT and one is not mean and _counts_unit(one, unit)
            ]
            sums = [
                one
                for one in inside
                if _sums_unit(one, mean) and one.value > mean.value and one.sentence == mean.sentence
            ]
            ratios = [(a.value / b.value, a, b) for a in sums for b in counts if a is not b and b.value]
            monthly = re.search("每?[月年]", mean.prefix) or mean.about
            if (
                monthly
                or not ratios
                or any(
                    abs(ratio - mean.value) <= max(mean.step, mean.value * _LOOSE) for ratio, _, _ in ratios
                )
            ):
                continue
            meant = {(a.value, b.value) for ratio, a, b in ratios if _is_meant(mean, ratio)}
            if len(meant) != 1:
                continue
            ((whole, number),) = meant
            expected = shown(whole / number, mean)
            quote = text.quote(mean.start, mean.end)
            yield Tie(
                False,
                (quote,),
                f"平均是{expected}，这里写{text.written(mean)}。",
                expected,
                text.written(mean),
            )


def _is_meant(mean: Figure, ratio: Decimal) -> bool:
    """Whether an average is the right one but for a digit, a zero, or its unit."""
    if ratio.quantize(mean.step) == mean.value * 10_000 or ratio == mean.value / 10_000:
        return True
    near = mean.value / 12 <= ratio <= mean.value * 12
    return near and slipped_to(mean.value, mean.step, rounded(ratio, mean.step)) is not None


_LOOSE = Decimal("0.02")
"""Averages are told in round numbers."""


def _is_specific(match: re.Match[str], mean: Figure) -> bool:
    return match["each"] is not None and len(match["each"]) >= 2


def _nearby(document: Document, text: Paragraph) -> list[Figure]:
    """The figures of a paragraph and of those before it."""
    return [
        one
        for each in document.paragraphs
        if each.block <= text.block
        for one in each.figures
        if one.is_level and not one.about
    ]


def _counts_unit(one: Figure, unit: str) -> bool:
    if unit == "生":
        return "生" in one.tail[:4] or bool(re.search("生(?:总数)?$", one.lead))
    return (
        unit.startswith(one.unit)
        or one.unit.startswith(unit)
        or (len(unit) > 1 and one.tail.startswith(unit[:2]))
    )


def _sums_unit(one: Figure, mean: Figure) -> bool:
    return one.kind is mean.kind and (one.kind is Kind.MONEY or one.unit.startswith(mean.unit))


_ = (Sequence, Part, sum_of)
