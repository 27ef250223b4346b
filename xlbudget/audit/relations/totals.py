"""Totals and their parts: in one sentence, in brackets, in the list below, with what is added to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import Interval
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.paragraphs import Document, Paragraph, is_money
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.slips import chance, slipped_to
from xlbudget.audit.values import in_words, shown

Member = tuple[Paragraph, Figure]
_SEARCHED = 12
"""Parts among which some could be meant."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A total and what the words call its parts; `complete` where the words say that these are all."""

    text: Paragraph
    total: Figure
    parts: tuple[Member, ...]
    complete: bool
    stated: bool = False
    """Whether the words add them up themselves (加上……总计), so that a sum that is near but wrong needs no slip to be wrong."""


# -- where wholes are told -----------------------------------------------------------------------------

_COMPLETE = re.compile(r"包括|包含|分为|分别|构成|如下|分[^，。；#]{1,8}(?:看|情况)|具体|：$|明细")
_NESTED = re.compile(r"其中|^含|，含|包括|主要[为是用]")
_REACH = 90


def wholes(document: Document, least: int = 2) -> Iterator[Whole]:
    """Every total of which so many parts follow in the same paragraph."""
    for text in document.paragraphs:
        for match in words.PARTS_FOLLOW.finditer(text.clean):
            if match.group() == "：" and match.end() < len(text.clean):
                continue
            found = _whole_at(text, match.start(), match.end(), bool(_COMPLETE.search(match.group())), least)
            if found is not None:
                yield found
        yield from _bracketed(text)
        yield from _families(text)
        yield from _unit_slips(text)


def _before(text: Paragraph, position: int, depth: int) -> Figure | None:
    """The total that words like 其中 at a position speak of."""
    for one in reversed(text.figures):
        if one.end > position or position - one.end > _REACH:
            continue
        if one.kind in (Kind.MONEY, Kind.COUNT) and one.is_level and one.depth <= depth:
            return one
    return None


def _depth(text: Paragraph, position: int) -> int:
    start = text.passage.sentence(position)[0]
    inside = text.clean[start:position]
    return max(0, inside.count("(") - inside.count(")"))


def _whole_at(text: Paragraph, start: int, end: int, complete: bool, least: int) -> Whole | None:
    depth = _depth(text, start)
    total = _before(text, start, depth)
    if total is None or total.about or total.depth < depth - 1:
        return None
    stop = text.clean.find("。", end)
    stop = len(text.clean) if stop < 0 else stop
    if depth:
        close = text.clean.find(")", end)
        stop = close if 0 <= close < stop else stop
    inside = [one for one in text.figures if end <= one.start < stop]
    parts = _parts(text, inside, total, end, depth)
    first_item = text.clean.find("；", end, stop)
    if len([one for one in parts if one.start < first_item]) >= 2:
        parts = [one for one in parts if one.start < first_item]
    if len(parts) > 1 and all(_AND.fullmatch(one.lead) for one in parts[1:]) and total.kind is not Kind.MONEY:
        return None
    if parts and _REST_IN_WORDS.search(text.clean[parts[-1].end : stop]):
        return None
    complete = complete or words.is_complete([one.lead for one in parts])
    return Whole(text, total, tuple((text, one) for one in parts), complete) if len(parts) >= least else None


def _parts(text: Paragraph, inside: Sequence[Figure], total: Figure, start: int, depth: int) -> list[Figure]:
    """The amounts of a list: not those in brackets, not changes or shares, not what is part of a part."""
    parts: list[Figure] = []
    nested_until = start
    last = start
    for one in inside:
        lead = text.clean[last : one.start]
        last = one.end
        if not one.is_level or one.depth > depth or not _same(one, total):
            continue
        if parts and one.start >= nested_until and _NESTED.search(_outside_brackets(lead)):
            nested_until = _next_item(text, one.start)
        if parts and one.start < nested_until:
            continue
        if parts and re.search(words.TOTAL.pattern + "[为是达]?$", one.lead):
            break
        parts.append(one)
    return parts


def _outside_brackets(lead: str) -> str:
    return re.sub(r"\([^()]*\)|^[^()]*\)|\([^()]*$", "", lead)


def _next_item(text: Paragraph, position: int) -> int:
    """Where the item of a list ends: at its semicolon or full stop."""
    match = re.compile("[；。]").search(text.clean, position)
    return match.end() if match else len(text.clean)


def _same(one: Figure, total: Figure) -> bool:
    return one.kind is total.kind and not one.about


_REST_IN_WORDS = re.compile(r"^[^0-9。]{0,12}(?:其余|其它|其他|另外|等)[^0-9]{0,20}$")
_AND = re.compile(r"[、，]?(?:和|及|与|以及)?")


_LEVEL = re.compile(
    r"[，、；]?(?:和|其中)?(?:中央|省|市|县|区|镇|乡|上级|本级|街道|基本支出|项目支出|人员经费|公用经费)(?:级|财政|本级|补助|配套|资金|专项|拨款|转移支付|安排|承担|投入|预算|经费|衔接)*(?:为)?"
)


def _families(text: Paragraph) -> Iterator[Whole]:
    """650万元，中央310万元，省级180万元，县级160万元: no word announces the parts, but they are the members of a family."""
    for at, total in enumerate(text.figures[:-2]):
        if not is_money(total) or not total.is_level or total.about:
            continue
        parts = []
        for one in text.figures[at + 1 :]:
            if (
                one.sentence != total.sentence
                or not one.is_level
                or not _same(one, total)
                or one.depth != total.depth
            ):
                break
            parts.append(one)
        while len(parts) >= 2 and not all(_LEVEL.fullmatch(one.lead) for one in parts):
            parts.pop()
        opening = text.clean[total.end : total.end + 3]
        if (
            len(parts) >= 2
            and not words.PARTS_FOLLOW.match(opening.lstrip("，"))
            and not _LEVEL.fullmatch(total.lead)
        ):
            yield Whole(text, total, tuple((text, one) for one in parts), True)


_OPENED = re.compile(r"\(")


def _unit_slips(text: Paragraph) -> Iterator[Whole]:
    """52亿元，其中8.6亿元、43.4万元: a total and the amounts behind it, of which one is right in another unit."""
    for at, total in enumerate(text.figures[:-2]):
        if not is_money(total) or not total.is_level:
            continue
        parts = [
            one
            for one in text.figures[at + 1 :]
            if one.statement == total.statement
            and is_money(one)
            and one.is_level
            and one.depth == total.depth
        ]
        units = {one.unit for one in (total, *parts)}
        plain_parts = all(not re.search("每|均|单价|标准|^计|，计", one.lead) for one in parts)
        if len(parts) >= 2 and units == {"万元", "亿元"} and plain_parts:
            for end in range(2, len(parts) + 1):
                whole = Whole(text, total, tuple((text, one) for one in parts[:end]), False)
                slip = slip_of(whole)
                if slip is not None and _is_unit(slip) and not adds_up(whole):
                    yield whole
                    return


def _bracketed(text: Paragraph) -> Iterator[Whole]:
    """12万元(甲5万元、乙7万元)."""
    for at, total in enumerate(text.figures):
        if (
            total.tail
            or text.clean[total.end : total.end + 1] != "("
            or total.kind not in (Kind.MONEY, Kind.COUNT)
        ):
            continue
        close = text.clean.find(")", total.end)
        inside = [one for one in text.figures[at + 1 :] if one.start < close]
        parts = _parts(text, inside, total, total.end + 1, total.depth + 1)
        if len(parts) >= 2 and total.is_level and not words.PARTS_FOLLOW.match(text.clean, total.end + 1):
            yield Whole(
                text,
                total,
                tuple((text, one) for one in parts),
                total.kind is Kind.COUNT and total.unit not in _PEOPLE,
            )


# -- lists in lines ------------------------------------------------------------------------------------

_MARKS = {
    "dash": re.compile(r"--?|[●•·◆■★]"),
    "figure": re.compile(r"[0-9]{1,2}[.、．]"),
    "figure in brackets": re.compile(r"\([0-9]{1,2}\)|[0-9]{1,2}\)"),
    "circled": re.compile(r"[①-⑳]"),
    "numeral": re.compile(r"[一二三四五六七八九十]{1,3}[、.]"),
    "numeral in brackets": re.compile(r"\([一二三四五六七八九十]{1,3}\)"),
}
_ANNOUNCED = re.compile(
    r"(?:其中|如下|包括|分别[为是]|具体[为是]?|明细|以下方面|以下几[^，。；]{1,3}|构成|情况[是为]?|用于|安排[是为]?)[：，]?$|：$|原因[：是为]*$"
)


def mark_of(text: str) -> str:
    """What kind of mark a line of a list begins with; "" for none."""
    return next((kind for kind, pattern in _MARKS.items() if pattern.match(text)), "")


def _lists(document: Document) -> Iterator[tuple[Paragraph, list[Paragraph]]]:
    """Paragraphs that announce a list, with the lines of it."""
    paragraphs = document.paragraphs
    for at, text in enumerate(paragraphs[:-1]):
        tail = text.clean[-24:].removesuffix("。")
        if not text.figures or not (_ANNOUNCED.search(tail) or _marked_next(paragraphs, at)):
            continue
        lines = _lines(paragraphs, at)
        if len(lines) >= 2:
            yield text, lines


def _marked_next(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether two marked lines of another kind follow, although no word announces them."""
    own = mark_of(paragraphs[at].clean)
    following = [mark_of(one.clean) for one in paragraphs[at + 1 : at + 3]]
    return len(following) == 2 and following[0] == following[1] != own and bool(following[0])


def _lines(paragraphs: Sequence[Paragraph], at: int) -> list[Paragraph]:
    """The lines of a list: all with the mark of the first, lines between them with another mark left out."""
    own, kind = mark_of(paragraphs[at].clean), mark_of(paragraphs[at + 1].clean)
    if kind and kind in map(mark_of, paragraphs[at].above):
        return []
    lines: list[Paragraph] = []
    for one in paragraphs[at + 1 :]:
        mark = mark_of(one.clean)
        if mark == kind and (kind or (len(one.clean) <= _FLAT and one.figures)):
            if kind == own:
                break
            lines.append(one)
        elif not kind or mark == own or not mark:
            break
        if len(lines) > _MOST_LINES or one.block > paragraphs[at].block + 200:
            break
    return lines


_FLAT, _MOST_LINES = 60, 60


def list_wholes(document: Document) -> Iterator[Whole]:
    """Totals whose parts are the lines below them."""
    for text, lines in _lists(document):
        candidates = [
            one for one in text.figures if one.is_level and one.kind is Kind.MONEY and not one.depth
        ]
        if not candidates or candidates[-1].about:
            continue
        total = candidates[-1]
        firsts = [_first(line, total) for line in lines]
        parts = [(line, one) for line, one in zip(lines, firsts, strict=True) if one is not None]
        if len(parts) >= 2:
            told = bool(re.search("如下|分别|包括|构成|明细", text.clean[-16:]))
            yield Whole(
                text, total, tuple(parts), len(parts) == len(lines), told and len(parts) == len(lines)
            )


def _first(line: Paragraph, total: Figure) -> Figure | None:
    """The amount of a line of a list."""
    return next((one for one in line.figures if one.is_level and _same(one, total) and not one.depth), None)


# -- whether they add up -------------------------------------------------------------------------------


def adds_up(whole: Whole) -> bool:
    """Whether some reading of the parts comes to the total."""
    ranges = [one.exact for _, one in whole.parts]
    told = whole.total.exact
    if sum_of(ranges).meets(told):
        return True
    others = [
        one
        for one in whole.text.figures
        if one is not whole.total
        and one.is_level
        and one.start < whole.parts[0][1].start
        and one.kind is whole.total.kind
    ]
    if any(sum_of(ranges).meets(one.exact) for one in others if whole.parts[0][0] is whole.text):
        return True
    return _some_add_up(ranges, told)


def _some_add_up(ranges: Sequence[Interval], told: Interval) -> bool:
    if len(ranges) > _SEARCHED:
        return any(sum_of(ranges[:end]).meets(told) for end in range(2, len(ranges)))
    return any(
        sum_of(chosen).meets(told) for size in range(2, len(ranges)) for chosen in combinations(ranges, size)
    )


_LEAST_CHANCE = 0.03
_PEOPLE = ("人", "名", "户", "人次")
"""Who is counted under one word may be counted under another, too: 党员118名，女党员71名."""


@dataclass(frozen=True, slots=True)
class Slip:
    """Which number of a sum is wrong by one slip, and what it should be."""

    member: Member
    meant: Decimal


def slip_of(whole: Whole) -> Slip | None:
    """The one slip that repairs a sum, where it cannot well be chance."""
    ranges = [one.exact for _, one in whole.parts]
    everything = sum_of(ranges)
    told = whole.total.exact
    units = {one.unit for _, one in whole.parts}
    if whole.total.kind is Kind.COUNT and units != {whole.total.unit}:
        return None
    members = [*whole.parts, (whole.text, whole.total)]
    over = everything.low > told.high
    apart = whole.total.kind is Kind.MONEY or whole.total.unit not in _PEOPLE
    numbers = [(one.value, one.step) for _, one in members]
    only_units = not (whole.complete or (over and apart)) and chance(numbers) > _LEAST_CHANCE
    found = []
    meant = slipped_to(whole.total.value, whole.total.step, everything)
    if meant is not None:
        found.append(Slip((whole.text, whole.total), meant))
    for (text, one), own in zip(whole.parts, ranges, strict=True):
        rest = Interval(everything.low - own.low, everything.high - own.high)
        meant = slipped_to(one.value, one.step, told - rest)
        if meant is not None:
            found.append(Slip((text, one), meant))
    if only_units:
        return _unit_slip([one for one in found if _is_unit(one)])
    return found[0] if len(found) == 1 or (found and found[0].member[1] is whole.total) else _unit_slip(found)


def _unit_slip(found: Sequence[Slip]) -> Slip | None:
    """Of several slips that repair a sum that of a unit, else the first."""
    units = [one for one in found if _is_unit(one)]
    return (units or [*found, None])[0]


def tie_of(whole: Whole) -> Tie | None:
    """A total against its parts; None where it cannot be known whether they are all."""
    quotes = _quotes(whole)
    if adds_up(whole):
        return Tie(True, quotes)
    slip = slip_of(whole)
    if slip is None and whole.stated and _is_near(whole):
        slip = Slip((whole.text, whole.total), whole.total.value)
    if slip is None:
        return None
    summed = sum((one.value for _, one in whole.parts), Decimal(0))
    text, one = slip.member
    if one is not whole.total and text is not whole.text:
        quotes = (quotes[0], text.quote(one.start, one.end))
    message = f"写明的是{whole.text.written(whole.total)}，各部分加起来是{shown(summed, whole.total)}。"
    if one is not whole.total and _is_unit(slip):
        message += f"如果{text.written(one)}应为{in_words(slip.meant)}，就对得上。"
        quotes = (text.quote(one.start, one.end), *quotes)
        return Tie(False, quotes, message, shown(summed, whole.total), whole.text.written(whole.total))
    return Tie(False, quotes, message, shown(summed, whole.total), whole.text.written(whole.total))


def _is_near(whole: Whole) -> bool:
    summed = sum((one.value for _, one in whole.parts), Decimal(0))
    return abs(summed - whole.total.value) * 10 <= whole.total.value


def _is_unit(slip: Slip) -> bool:
    return bool(slip.member[1].value) and (
        slip.meant / slip.member[1].value
    ).normalize().as_tuple().digits == (1,)


def _quotes(whole: Whole) -> tuple:
    first, last = whole.parts[0], whole.parts[-1]
    if last[0] is whole.text:
        return (whole.text.quote(whole.total.start, last[1].end),)
    return (
        whole.text.quote(whole.total.start, whole.total.end),
        first[0].quote(first[1].start, first[1].end),
    )


@relation("TXT015", "各部分加起来不等于总数")
def parts_of_total(document: Document) -> Iterator[Tie]:
    """“共30万元，其中甲18万元、乙12万元”：各部分加起来不超过总数，列全的要等于总数。"""
    for whole in wholes(document):
        tie = tie_of(whole)
        if tie is not None:
            yield tie


@relation("TXT014", "逐项金额加起来不等于写明的合计")
def listed_below(document: Document) -> Iterator[Tie]:
    """“预算74万元，其中：”下面逐项列出的金额，加起来等于写明的合计。"""
    for whole in list_wholes(document):
        tie = tie_of(whole)
        if tie is not None:
            yield tie


@relation("TXT107", "加上各项，不等于写明的总计")
def plus_total(document: Document) -> Iterator[Tie]:
    """“收入40.5亿元，加上转移支付32.5亿元……，收入总计73亿元”：加起来等于总计。"""
    for text in document.paragraphs:
        for inside in text.sentences:
            money = [one for one in inside if one.kind is Kind.MONEY and one.is_level]
            totals = [
                at
                for at, one in enumerate(money)
                if re.search(
                    r"(?:总计|合计|总量|共计|总额|财力|总收入|总支出|来源)(?:为|是|达|达到)?$", one.lead
                )
            ]
            plus = [
                at
                for at, one in enumerate(money)
                if re.search(r"(?:加上?|再加|加：)", one.prefix[:6] or one.lead[:6])
            ]
            if not plus or not totals or totals[0] <= plus[0] or plus[0] == 0:
                continue
            parts = [one for one in money[: totals[0]] if not one.depth]
            if len(parts) < 2 or any(one.about for one in parts):
                continue
            tie = tie_of(Whole(text, money[totals[0]], tuple((text, one) for one in parts), True, True))
            if tie is not None:
                start, end = parts[0].start, money[totals[0]].end
                yield Tie(
                    tie.holds, (text.quote(max(start, end - 60), end),), tie.message, tie.expected, tie.found
                )


_TOTAL_BEHIND = re.compile(
    r"^[，；]?(?:以上)?(?:共|合计|共计|总计|总共|[两三四五六]项(?:合计|共计)|各项合计|自评总分|总分|自评得分|总得分|自评总得分)[^#，。；]{0,6}$"
)


@relation("TXT108", "前面各项加起来不等于合计")
def total_behind(document: Document) -> Iterator[Tie]:
    """“甲5万元、乙3万元，合计8万元”：合计等于前面各项之和。"""
    for text in document.paragraphs:
        for inside in text.sentences:
            money = [one for one in inside if one.kind in (Kind.MONEY, Kind.COUNT) and one.is_level]
            for at, total in enumerate(money):
                if at < 2 or not _TOTAL_BEHIND.search(total.lead):
                    continue
                parts = [one for one in money[:at] if _same(one, total) and one.depth == total.depth]
                if len(parts) >= 2 and not total.about:
                    yield from _suffix_tie(text, parts, total)


def _suffix_tie(text: Paragraph, parts: Sequence[Figure], total: Figure) -> Iterator[Tie]:
    told = total.exact
    ranges = [one.exact for one in parts]
    quote = text.quote(parts[0].start, total.end)
    if any(sum_of(ranges[start:]).meets(told) for start in range(len(ranges) - 1)) or _some_add_up(
        ranges, told
    ):
        yield Tie(True, (quote,))
        return
    tie = tie_of(Whole(text, total, tuple((text, one) for one in parts), False))
    if tie is not None:
        yield Tie(tie.holds, (quote, *tie.quotes[1:]), tie.message, tie.expected, tie.found)


_QUARTER = re.compile(r"(?:^|[，、；：])?(?:第?[一二三四]季度|上半年|下半年)[^#，。；]{0,8}$")
_WHOLE_PERIOD = re.compile(r"累计|全年|前三季度|上半年|1-[0-9]{1,2}月")


@relation("TXT128", "各季度加起来不等于累计数")
def quarters(document: Document) -> Iterator[Tie]:
    """“一季度支出312.4万元，二季度支出496.7万元，三季度支出458.2万元”：加起来等于写明的累计数。"""
    wholes_told = [
        (text, one)
        for text in document.paragraphs
        for one in text.figures
        if is_money(one) and one.is_level and not one.about and _WHOLE_PERIOD.search(one.lead)
    ]
    for text in document.paragraphs:
        for inside in text.sentences:
            parts = [one for one in inside if is_money(one) and one.is_level and _QUARTER.search(one.lead)]
            parts = [one for one in parts if not one.about]
            if len(parts) < 2:
                continue
            known = [(where, one) for where, one in wholes_told if one not in parts]
            own = [
                (text, one)
                for one in text.figures
                if is_money(one) and one.is_level and one.end <= parts[0].start
            ]
            ties = [
                Whole(where, one, tuple((text, part) for part in parts), False)
                for where, one in [*known, *own]
            ]
            told = [tie for one in ties if (tie := tie_of(one)) is not None]
            quote = text.quote(parts[0].start, parts[-1].end)
            if any(adds_up(one) for one in ties):
                yield Tie(True, (quote,))
            elif told:
                yield Tie(
                    False, (quote, *told[-1].quotes), told[-1].message, told[-1].expected, told[-1].found
                )


@relation("TXT109", "各项增减加起来不等于总的增减")
def changes_add_up(document: Document) -> Iterator[Tie]:
    """“比上年增加15.1万元：1.……增加16.67万元；2.……减少1.57万元”：各项增减加起来等于总的增减。"""
    for text, lines in _lists(document):
        total = next(
            (one for one in reversed(text.figures) if one.part is Part.CHANGE and one.kind is Kind.MONEY),
            None,
        )
        if total is None:
            continue
        firsts = [
            next((one for one in line.figures if one.part is Part.CHANGE and one.kind is Kind.MONEY), None)
            for line in lines
        ]
        parts = [(line, one) for line, one in zip(lines, firsts, strict=True) if one is not None]
        if len(parts) < 2 or len(parts) != len(lines) or any(one.about for _, one in [*parts, (text, total)]):
            continue
        summed = sum_of(one.exact for _, one in parts)
        value = sum((one.value * one.sign for _, one in parts), Decimal(0))
        message = f"写明的是{text.written(total)}，下面各项增减加起来是{shown(value, total)}。"
        quotes = (text.quote(total.start, total.end), parts[0][0].quote(parts[0][1].start, parts[0][1].end))
        yield Tie(summed.meets(total.exact), quotes, message, shown(value, total), text.written(total))


@relation("TXT123", "同样几项的总数前后不一致", Confidence.LIKELY)
def same_items(document: Document) -> Iterator[Tie]:
    """“资金646万元，用于以上3类支出”：前面这3类加起来是多少，就是多少。"""
    known = [whole for whole in (*wholes(document), *list_wholes(document)) if adds_up(whole)]
    for text in document.paragraphs:
        for total, count in zip(text.figures, text.figures[1:], strict=False):
            above = (
                re.search(r"以上$|上述$", count.lead)
                and count.kind is Kind.COUNT
                and count.sentence == total.sentence
            )
            if (
                not above
                or not is_money(total)
                or not total.is_level
                or not re.search("共计|合计|总额|共", total.lead)
            ):
                continue
            same = [
                one
                for one in known
                if len(one.parts) == count.value and one.text.block < text.block and is_money(one.total)
            ]
            if same:
                found, expected = text.written(total), same[-1].text.written(same[-1].total)
                quotes = (
                    text.quote(total.start, total.end),
                    same[-1].text.quote(same[-1].total.start, same[-1].total.end),
                )
                yield Tie(
                    total.exact.meets(same[-1].total.exact),
                    quotes,
                    f"这几项前面写共{expected}，这里写{found}。",
                    expected,
                    found,
                )
