"""Totals and their parts: in one sentence, in brackets, in the list below, with what is added to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import QUOTE_LENGTH, Quote
from xlbudget.audit.interval import Interval, exactly
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.paragraphs import Document, Paragraph, once
from xlbudget.audit.passage import mark_of
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.slips import chance, digits_of, is_exchanged, slipped_to
from xlbudget.audit.values import in_words, shown

_COMPLETE = re.compile(r"包括|包含|分为|分别|构成|如下|分[^，。；#]{1,8}(?:看|情况)|按.+分|具体|：$|明细")
_NESTED = re.compile(r"其中|^含|，含|包括|主要[为是用]")
_SUBTOTAL = re.compile(words.TOTAL.pattern + "[为是达]?$")
_BRACKETS = re.compile(r"\([^()]*\)|^[^()]*\)|\([^()]*$")
_REST_IN_WORDS = re.compile(r"^[^0-9。]{0,12}(?:其余|其它|其他|另外|等)[^0-9]{0,20}$")
_MOVED = re.compile("报废|新购|购置|新增|减少|增加|调[入出]|退出|新建|撤销")
_ENDS = re.compile("等(?!级)")
_AND = re.compile(r"[、，]?(?:和|及|与|以及)?")
_OPENED = re.compile(r"[^，。；：、()0-9]{0,3}\(")
_LEVEL = re.compile(r"[，、；]?(?:和|其中)?(?:中央|省|市|县|区|镇|乡|上级|本级|街道|基本支出|项目支出|人员经费|公用经费)(?:级|财政|本级|补助|配套|资金|专项|拨款|转移支付|安排|承担|投入|预算|经费|衔接)*(?:为)?")  # fmt: skip
_GRAND_TOTAL = re.compile(
    r"(?:总计|合计|总量|共计|总额|财力|总收入|总支出|来源|(?:资金|收入|支出)共)(?:为|是|达|达到)?$"
)
_TOTAL_BEHIND = re.compile(r"^[，；]?(?:以上)?(?:共|累计结[余转]|合计|共计|总计|总共|[两三四五六](?:项|年)(?:合计|共计)|各项合计|(?:自评|综合|评价)?(?:总分|得分|总得分))[^#，。；]{0,6}$")  # fmt: skip
_APART = re.compile(r"(?:(?:镇|乡|村|县|区|市|街道|社区|年|月|季度|年级|班|以上|以下|[0-9]%)[、和及与]?[^、和及与，。；]*){2,}分别")  # fmt: skip
"""Words for places, periods, bands: what is in one of them is in no other."""
_PEOPLE = ("人", "名", "户", "人次")
"""Who is counted under one word may be counted under another, too: 党员118名，女党员71名."""
EACH = re.compile(r"(?:[人户亩生村家月日次]均|每[^，。；]{1,10}|单价|标准)[为是约]?$")
_REACH = 90
_LEAST_CHANCE, _MOST_WRONG = 0.03, 6
_SEARCHED, _MOST_BASES, _LONG, _LEAST_LISTED = 12, 6, 4, 3


@dataclass(frozen=True, slots=True)
class Whole:
    """A total and what the words call its parts; `complete` where the words say that these are all."""

    text: Paragraph
    total: Figure
    parts: tuple[tuple[Paragraph, Figure], ...]
    complete: bool
    stated: bool = False
    """Whether the words add them up themselves (加上……总计), so that a sum that is near but wrong needs no slip to be wrong."""

    exhaustive: bool = False
    """Whether the words leave no part out, so that some of them alone are not what is meant."""

    @property
    def figures(self) -> list[Figure]:
        """Its parts without their paragraphs."""
        return [one for _, one in self.parts]


def _whole(text: Paragraph, total: Figure, parts: Iterable[Figure], complete: bool = False) -> Whole:
    return Whole(text, total, tuple((text, one) for one in parts), complete)


def sentences(document: Document) -> Iterator[tuple[Paragraph, list[Figure]]]:
    """The figures of every sentence, with the paragraph."""
    return ((text, inside) for text in document.paragraphs for inside in text.sentences)


def neighbours(document: Document) -> Iterator[tuple[Paragraph, Figure, Figure]]:
    """Every two figures that follow each other in a paragraph."""
    return ((text, one, other) for text in document.paragraphs for one, other in pairwise(text.figures))


def is_amount(one: Figure) -> bool:
    """Whether it can be added up: money or a count."""
    return one.is_money or one.is_count


def sum_of_values(figures: Iterable[Figure]) -> Decimal:
    return sum((one.value for one in figures), Decimal(0))


def _is_exact_money(one: Figure) -> bool:
    return one.is_money and one.is_level and not one.about


def wholes(document: Document, least: int = 2) -> list[Whole]:
    """Every total of which so many parts follow in the same paragraph."""
    return [one for one in _wholes(document) if len(one.parts) >= least]


@once
def _wholes(document: Document) -> Iterator[Whole]:
    for text in document.paragraphs:
        yield from _announced(text, 1)
        yield from _bracketed(text)
        yield from _after_colon(text)
        yield from _families(text)
        yield from islice(_unit_slips(text), 1)


def _announced(text: Paragraph, least: int) -> Iterator[Whole]:
    """Totals before words like 其中 with the parts behind them."""
    for match in words.PARTS_FOLLOW.finditer(text.clean):
        start, end = match.span()
        inside = text.clean[text.passage.sentence(start)[0] : start]
        depth = max(0, inside.count("(") - inside.count(")"))
        near = [one for one in text.figures if start - _REACH <= one.end <= start and one.depth <= depth]
        total = next((one for one in reversed(near) if is_amount(one) and one.is_level), None)
        if total is None or total.about or total.depth < depth - 1:
            continue
        is_named = match[0][:2] in text.clean[total.clause : start] or total.end == start
        if match[0].endswith("中，") and not match[0].endswith("其中，") and not is_named:
            continue
        stop = _next("。)" if depth else "。", text, end)
        parts = _parts(text, total, end, stop, depth)
        first_item = [one for one in parts if one.start < _next("；", text, end)]
        parts = first_item if len(first_item) >= 2 else parts
        leads = [one.lead for one in parts]
        is_row = len(parts) > 1 and all(map(_AND.fullmatch, leads[1:])) and not total.is_money
        is_apart = is_row and _APART.search(text.clean[end : parts[0].start]) is not None
        complete = bool(_COMPLETE.search(match[0])) or words.is_complete(leads)
        complete |= is_apart and sum_of_values(parts) > total.value
        rest = _BRACKETS.sub("", text.clean[parts[-1].end : stop]) if parts else ""
        is_rest = _REST_IN_WORDS.search(rest) or (parts and _ENDS.match(parts[-1].tail))
        if len(parts) >= least and is_row == is_apart and not is_rest:
            yield _whole(text, total, parts, complete)


def _next(signs: str, text: Paragraph, start: int) -> int:
    """Where one of some signs stands next; the end where none does."""
    found = [text.clean.find(sign, start) for sign in signs]
    return min((at for at in found if at >= 0), default=len(text.clean))


def _parts(text: Paragraph, total: Figure, start: int, stop: int, depth: int) -> list[Figure]:
    """The amounts of a list: not those in brackets, not changes or shares, not what is part of a part."""
    parts: list[Figure] = []
    nested_until = last = start
    for one in (each for each in text.figures if start <= each.start < stop):
        lead = _BRACKETS.sub("", text.clean[last : one.start])
        last = one.end
        is_other = one.depth > depth or one.about or one.kind is not total.kind
        is_each = EACH.search(one.lead) and not EACH.search(total.lead)
        if is_other or is_each or not one.is_level:
            continue
        if parts and one.start >= nested_until and _NESTED.search(lead):
            nested_until = _next("；。", text, one.start)
        if parts and one.start < nested_until:
            continue
        if parts and (_SUBTOTAL.search(one.lead) or _ENDS.match(parts[-1].tail)):
            break
        parts.append(one)
    return parts


def _bracketed(text: Paragraph) -> Iterator[Whole]:
    """12万元(甲5万元、乙7万元)."""
    for total in text.figures:
        opened = _OPENED.match(text.clean, total.end)
        if is_amount(total) and total.is_level and opened:
            start = opened.end()
            parts = _parts(text, total, start, text.clean.find(")", start), total.depth + 1)
            is_named = opened[0] == "(" or all(one.tail[:1] in ("", "、") for one in parts)
            is_moved = any(_MOVED.search(one.lead) for one in parts)
            if (
                len(parts) >= 2
                and is_named
                and not is_moved
                and not words.PARTS_FOLLOW.match(text.clean, start)
            ):
                is_all = words.is_complete([one.lead for one in parts])
                yield _whole(text, total, parts, is_all or (total.is_count and total.unit not in _PEOPLE))


def _after_colon(text: Paragraph) -> Iterator[Whole]:
    """1514.6万元：中央和省级1180万元、县级260万元、上年结余74.6万元。 Nothing but these follows up to the full stop."""
    for total in text.money:
        if total.is_level and not total.about and text.clean[total.end : total.end + 1] == "：":
            stop = _next("。；", text, total.end)
            behind = [one for one in text.figures if total.end < one.start < stop]
            parts = _parts(text, total, total.end + 1, stop, total.depth)
            is_plus = any(one.lead.lstrip("，、").startswith("加") for one in parts)
            is_list = all(one.tail[:1] in ("", "、", "，" if is_plus else "、") for one in parts)
            if is_list and len(parts) >= _LEAST_LISTED and parts == behind and parts[-1].end >= stop - 1:
                is_all = words.TOTAL.search(total.lead) is not None
                yield replace(_whole(text, total, parts, True), stated=is_plus, exhaustive=is_all)


def _families(text: Paragraph) -> Iterator[Whole]:
    """650万元，中央310万元，省级180万元，县级160万元: no word announces the parts, but they are the members of a family."""
    for at, total in enumerate(text.figures):
        opening = text.clean[total.end : total.end + 3].lstrip("，")
        if _is_exact_money(total) and not (_LEVEL.fullmatch(total.lead) or words.PARTS_FOLLOW.match(opening)):
            parts = list(takewhile(partial(_is_of_family, total), text.figures[at + 1 :]))
            if len(parts) >= 2:
                yield _whole(text, total, parts, True)


def _is_of_family(total: Figure, one: Figure) -> bool:
    is_beside = one.sentence == total.sentence and one.depth == total.depth
    return is_beside and _is_exact_money(one) and _LEVEL.fullmatch(one.lead) is not None


def _unit_slips(text: Paragraph) -> Iterator[Whole]:
    """52亿元，其中8.6亿元、43.4万元: a total and the amounts behind it, of which one is right in another unit."""
    money = [one for one in text.figures if one.is_money and one.is_level]
    if not {"万元", "亿元"} <= {one.unit for one in money}:
        return
    for at, total in enumerate(money):
        behind = [one for one in money[at + 1 :] if one.statement == total.statement]
        parts = [one for one in behind if one.depth == total.depth]
        is_mixed = {one.unit for one in (total, *parts)} == {"万元", "亿元"}
        if is_mixed and not any(re.search("每|均|单价|标准|^计|，计", one.lead) for one in parts):
            for end in range(2, len(parts) + 1):
                whole = _whole(text, total, parts[:end])
                if any(one.is_of_unit for one in slips_of(whole)[:1]) and not adds_up(whole):
                    yield whole


def adds_up(whole: Whole) -> bool:
    """Whether some reading of the parts comes to the total, or all of them to another amount before them."""
    (where, first), ranges, told = whole.parts[0], [one.exact for one in whole.figures], whole.total.exact
    amounts = whole.text.figures if where is whole.text else ()
    amounts = [one for one in amounts if one.is_level and one.kind is whole.total.kind]
    behind = [one for one in amounts if one.start > whole.figures[-1].end and words.TOTAL.search(one.lead)]
    others = [one.exact for one in amounts if one.start < first.start or one in behind]
    if any(sum_of(ranges).meets(one) for one in (told, *(others if not whole.exhaustive else ()))):
        return True
    if whole.exhaustive:
        return False
    sizes = range(2, len(ranges))
    if len(ranges) > _SEARCHED:
        return any(sum_of(ranges[:size]).meets(told) for size in sizes)
    most = told.high - sum(min(one.low, Decimal(0)) for one in ranges)
    sums = [(0, Decimal(0), Decimal(0))]
    for one in ranges:
        more = ((size + 1, low + one.low, high + one.high) for size, low, high in sums)
        sums += [each for each in more if each[1] <= most]
    return any(size in sizes and low <= told.high and told.low <= high for size, low, high in sums)


def told_again(document: Document) -> set[Decimal]:
    """The amounts that the text tells more than once, or a table holds, too."""
    told = Counter(one.value for text in document.paragraphs for one in text.money)
    rows = ((grid.unit or 10_000, row.numbers.values()) for grid in document.grids for row in grid.rows)
    cells = {cell.value * unit for unit, numbers in rows for cell in numbers}
    return {value for value, count in told.items() if count > 1 or value in cells}


class Slip(NamedTuple):
    """Which number of a sum is wrong by one slip, and what it should be."""

    text: Paragraph
    figure: Figure
    meant: Decimal

    @property
    def is_exchange(self) -> bool:
        """Whether two digits of a long number are exchanged: of all slips that is chance most seldom."""
        one = self.figure
        is_long = len(digits_of(one.value, one.step)) >= _LONG and one.is_money
        return is_long and is_exchanged(one.value, one.step, exactly(self.meant))

    @property
    def is_of_unit(self) -> bool:
        """Whether only the unit is wrong."""
        value = self.figure.value
        return bool(value) and (self.meant / value).normalize().as_tuple().digits == (1,)


def slips_of(whole: Whole, repeated: Container[Decimal] = ()) -> list[Slip]:
    """Each slip that alone repairs a sum, where that cannot well be chance; the likeliest first, `repeated` amounts last."""
    total, told = whole.total, whole.total.exact
    if total.is_count and {one.unit for one in whole.figures} != {total.unit}:
        return []
    everything = sum_of(one.exact for one in whole.figures)
    for text, one in whole.parts:
        meant = told - sum_of(each.exact for each in whole.figures if each is not one)
        inner = _sum_in_brackets(text, one)
        if inner and meant.meets(exactly(inner)):
            return [Slip(text, one, inner)]
    members, found = ((whole.text, total), *whole.parts), []
    for text, one in members:
        others = Interval(everything.low - one.exact.low, everything.high - one.exact.high)
        value = slipped_to(one.value, one.step, everything if one is total else told - others)
        if value is not None:
            found.append(Slip(text, one, value))
    apart = total.is_money or total.unit not in _PEOPLE
    is_sure = whole.complete or (everything.low > told.high and apart)
    if not is_sure and chance([(one.value, one.step) for _, one in members]) > _LEAST_CHANCE:
        return [one for one in found if one.is_of_unit or one.is_exchange][:1]
    sound = is_confirmed(whole.text, total)
    order = [
        (one.figure.value in repeated, one.figure is not total or sound, not one.is_of_unit) for one in found
    ]
    return [found[at] for at in sorted(range(len(found)), key=order.__getitem__)]


def _sum_in_brackets(text: Paragraph, one: Figure) -> Decimal:
    """What the like amounts in the brackets behind an amount come to."""
    behind = [each for each in text.figures if each.start > one.end and each.is_like(one)]
    return sum_of_values(takewhile(lambda each: each.depth > one.depth, behind))


def is_confirmed(text: Paragraph, total: Figure) -> bool:
    """Whether a percentage of the paragraph is that of a total and another amount there, before its parts."""
    others = [one for one in text.money if one is not total]
    percents = [one for one in text.figures if one.is_percent and one.step < 1 and one.value not in (0, 100)]
    ratios = [a.range.percent_of(b.range) for one in others for a, b in ((one, total), (total, one))]
    return any(ratio is not None and ratio.meets(one.range) for ratio in ratios for one in percents)


def _quotes(whole: Whole) -> tuple[Quote, ...]:
    """A total with its parts: in one quote where they stand together, in lines without marks, too; else with the first."""
    text, (where, first) = whole.text, whole.parts[0]
    if where is text:
        return (text.quote(whole.total.start, whole.figures[-1].end),)
    texts = sorted((text, *(each for each, _ in whole.parts)), key=lambda one: one.block)
    start = whole.total.clause if texts[0] is text else 0
    starts = [start, *[0] * len(whole.parts)]
    joined = " ".join(one.passage.words(at, len(one.clean)) for at, one in zip(starts, texts, strict=True))
    is_together = texts[-1].block - texts[0].block == len(texts) - 1 and not mark_of(where.clean)
    if is_together and len(joined) <= QUOTE_LENGTH:
        return (Quote(joined, texts[0].passage.place(start)),)
    return text.span(whole.total), where.span(first)


def tie_of(whole: Whole, repeated: Container[Decimal] = ()) -> Tie | None:
    """A total against its parts; None where it cannot be known whether they are all."""
    text, total, quotes = whole.text, whole.total, _quotes(whole)
    if adds_up(whole):
        return Tie(True, quotes)
    slips, value = slips_of(whole, repeated), sum_of_values(whole.figures)
    is_near = abs(value - total.value) * 10 <= total.value
    if not slips and not (whole.stated and is_near):
        return None
    told, summed = text.written(total), shown(value, total)
    message = f"写明的是{told}，各部分加起来是{summed}。"
    wrong = tuple(one.text.span(one.figure) for one in slips[:_MOST_WRONG] if one.figure is not total)
    is_apart, first = len(quotes) > 1, next(iter(slips), None)
    if first and first.figure is not total:
        if len(slips) == 1 or first.is_of_unit:
            meant = in_words(first.meant) if first.figure.is_money else shown(first.meant, first.figure)
            message += f"如果{first.text.written(first.figure)}应为{meant}，就对得上。"
        if (is_apart and len(slips) == 1) or first.is_of_unit or is_confirmed(text, total):
            return Tie(False, (wrong[0], *quotes, *wrong[1:]), message, summed, told)
    return Tie(False, (quotes[0], *wrong) if is_apart and wrong else quotes, message, summed, told)


@relation("TXT015", "各部分加起来不等于总数")
def parts_of_total(document: Document) -> Iterator[Tie]:
    """“共30万元，其中甲18万元、乙12万元”：各部分加起来不超过总数，列全的要等于总数。"""
    return filter(None, map(tie_of, wholes(document)))


@relation("TXT107", "加上各项，不等于写明的总计")
def plus_total(document: Document) -> Iterator[Tie]:
    """“收入40.5亿元，加上转移支付32.5亿元……，收入总计73亿元”：加起来等于总计。"""
    before: list[tuple[Paragraph, Figure]] = []
    for text, inside in sentences(document):
        money = [one for one in inside if one.is_money and one.is_level and not EACH.search(one.lead)]
        plus = next((at for at, one in enumerate(money) if "加" in one.prefix[:6]), -1)
        end = next((at for at, one in enumerate(money) if _GRAND_TOTAL.search(one.lead)), -1)
        parts = [(text, one) for one in money[: end if plus >= 0 else 0] if not one.depth]
        is_plain = not any(one.about for _, one in parts)
        if plus < end and len(parts) >= 2 and is_plain and not _is_reduced(inside, parts[0][1], money[end]):
            total, stated = money[end], Whole(text, money[end], tuple(parts), True, True, True)
            bases = before[-_MOST_BASES:] if plus == 0 and not adds_up(stated) else []
            wholes_of = [replace(stated, parts=(base, *parts), stated=not bases) for base in bases] or [
                stated
            ]
            told = [each for one in wholes_of if (each := tie_of(one))]
            if any(one.holds for one in told) or (plus == 0 and len(told) > 1):
                told = [Tie(True, ())]
            quote = text.quote(max(parts[0][1].start, total.end - 60), total.end)
            yield from (replace(one, quotes=(quote,)) for one in told)
        before += [(text, one) for one in money if not one.about and not one.depth]


def _is_reduced(inside: Sequence[Figure], first: Figure, last: Figure) -> bool:
    """Whether something is taken off between two amounts: 追加4万元，调减9万元."""
    return any(one.is_money and one.sign < 0 and first.start < one.start < last.start for one in inside)


@relation("TXT108", "前面各项加起来不等于合计")
def total_behind(document: Document) -> Iterator[Tie]:
    """“甲5万元、乙3万元，合计8万元”：合计等于前面各项之和。"""
    for text, inside in sentences(document):
        amounts = [one for one in inside if is_amount(one) and one.is_level and not EACH.search(one.lead)]
        for at, total in enumerate(amounts):
            like = [one for one in amounts[:at] if one.is_like(total) and not one.about]
            parts = [one for one in like if one.depth == total.depth]
            is_row = "分别" in total.prefix or any("分别" in one.prefix for one in parts)
            is_row |= _is_enumerated(text, [*parts, total])
            is_score = total.unit == "分" or is_row
            if (
                len(parts) < 2
                or total.about
                or not (total.is_money or is_score)
                or not _TOTAL_BEHIND.search(total.lead)
            ):
                continue
            ranges, quote = [one.exact for one in parts], text.span(parts[0], total)
            holds = any(sum_of(ranges[start:]).meets(total.exact) for start in range(len(ranges) - 1))
            if told := Tie(True, (quote,)) if holds else tie_of(_whole(text, total, parts, is_row)):
                yield replace(told, quotes=(quote, *told.quotes[1:]))


def _is_enumerated(text: Paragraph, row: Sequence[Figure]) -> bool:
    """甲24场、乙58场、丙46场，共计128场: three counts or more in one clause, nothing between them but their names."""
    between = [text.clean[one.end : other.start] for one, other in pairwise(row)]
    return len(row) > _LEAST_LISTED and all(
        re.fullmatch("、[^，。；：、()]{1,12}", one) for one in between[:-1]
    )
