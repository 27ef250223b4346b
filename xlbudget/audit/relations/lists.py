"""Lines that follow each other, a name and an amount each, and what their sum is said to be: before them, or behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, groupby, islice

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import exactly
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.labels import bare
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.passage import mark_of
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.totals import (
    Whole,
    adds_up,
    is_amount,
    neighbours,
    slips_of,
    sum_of_values,
    tie_of,
    told_again,
    wholes,
)
from xlbudget.audit.slips import is_exchanged, significant
from xlbudget.audit.values import shown

_LONGEST, _MOST_LINES, _BACK, _LEAST_DIGITS = 60, 60, 3, 4
_NAME = re.compile(r"[^，。；]{2,40}")
_BEHIND = re.compile(r"^(?:以上|上述)?[^，。；]{0,10}(?:合计|共计|总计|共)[^#，。；]{0,6}$")
_FOLLOW = re.compile("(?:：|--|用于)$")
_SOME = re.compile("主要|重点|其中|部分")
_REST = re.compile("^(?:其他|其余|其它)")
_WHOSE = re.compile(_REST.pattern + "|收入|支出|经费|资金")
_TOTAL = re.compile(words.TOTAL.pattern + "(?:为|是|达)?$")
_ANNOUNCED = re.compile(r"(?:其中|如下|包括|分别[为是]|具体[为是]?|明细|以下方面|以下几[^，。；]{1,3}|构成|情况[是为]?|用于|安排[是为]?)[：，]?$|：$|原因[：是为]*$")  # fmt: skip
_FLAT, _MOST_MARKED, _MOST_BLOCKS, _LEAST_LISTED = 60, 60, 200, 3
_Line = tuple[Paragraph, Figure]


def list_wholes(document: Document, changes: bool = False) -> Iterator[Whole]:
    """Totals, or changes, whose parts are the first of each line below; words or two marked lines announce them."""
    marks = [*(mark_of(one.clean) for one in document.paragraphs), ""]
    for at, text in enumerate(document.paragraphs[:-1]):
        own, kind = marks[at : at + 2]
        if kind == own or not text.figures or not _ANNOUNCED.search(text.clean[-24:].removesuffix("。")):
            continue
        total = next((one for one in reversed(text.figures) if _is_listed(one, changes)), None)
        if total is None or total.about or (kind and kind in map(mark_of, text.above)):
            continue
        lines = _lines(text, document.paragraphs[at + 1 :], kind)
        every = [(line, one) for line in lines for one in line.figures if _is_listed(one, changes)]
        exact = [(line, one) for line, one in every if changes or not one.about]
        own_year = _YEAR.search(text.clean)
        parts = tuple(_own(each, own_year) for _, each in groupby(exact, key=lambda part: part[0].block))
        if len(parts) >= 2:
            complete = len(parts) == len(lines)
            told = re.search("如下|分别|包括|构成|明细", text.clean[-16:]) is not None
            is_counted = any(one.value == len(parts) >= _LEAST_LISTED for one in text.counts)
            told |= is_counted
            yield Whole(text, total, parts, complete, told and complete, is_counted and complete)


def _own(line: Iterable[tuple[Paragraph, Figure]], year: re.Match[str] | None) -> tuple[Paragraph, Figure]:
    """The first amount of a line, but for those of other years than the total: 2024年预算为0万元，2025年安排5万元."""
    every = list(line)
    own = [
        each for each in every if not (told := _YEAR.search(each[1].prefix)) or told[0] == (year and year[0])
    ]
    return (own or every)[0] if year else every[0]


_YEAR = re.compile("(?:19|20)[0-9]{2}年")


def _lines(text: Paragraph, below: Sequence[Paragraph], kind: str) -> list[Paragraph]:
    """The lines of a list: all with the mark of the first, lines between them with another mark left out."""
    lines: list[Paragraph] = []
    for one in below:
        mark = mark_of(one.clean)
        if mark == kind and (kind or (len(one.clean) <= _FLAT and one.figures)):
            lines.append(one)
        elif not kind or mark in (mark_of(text.clean), ""):
            break
        if len(lines) > _MOST_MARKED or one.block > text.block + _MOST_BLOCKS:
            break
    return lines


def _is_listed(one: Figure, changes: bool) -> bool:
    """Whether it is a change of money, or money that stands in no brackets."""
    return one.is_money and (one.part is Part.CHANGE if changes else one.is_level and not one.depth)


def _item(text: Paragraph) -> Figure | None:
    """The amount of a line that gives a name and one amount, or the count of one that gives a name and a count."""
    told = [one for one in text.figures if is_amount(one) and one.is_level and not one.depth]
    money = [one for one in told if one.is_money] or told[:1]
    is_one = len(money) == 1 and not money[0].about and len(text.clean) <= _LONGEST
    if not is_one or _FOLLOW.search(text.clean) or _TOTAL.search(money[0].lead):
        return None
    return money[0] if _NAME.fullmatch(text.between(0, money[0].start)) else None


def _runs(document: Document) -> Iterator[tuple[int, list[_Line]]]:
    """Lines of one kind that follow each other, and the number of the first among the paragraphs."""
    run: list[_Line] = []
    for at, text in enumerate(document.paragraphs):
        one = _item(text)
        if run and not (one and _goes_on(run[-1], (text, one)) and len(run) < _MOST_LINES):
            yield at - len(run), run
            run = []
        if one:
            run.append((text, one))
    yield len(document.paragraphs) - len(run), run


def _goes_on(last: _Line, line: _Line) -> bool:
    (before, amount), (text, one) = last, line
    is_next = text.block == before.block + 1 and mark_of(text.clean) == mark_of(before.clean)
    return is_next and amount.is_like(one)


def _wholes(document: Document, at: int, run: list[_Line]) -> Iterator[tuple[Whole, bool]]:
    """What the lines may come to, and whether the words say so; the likeliest first."""
    end = next((number for number, (text, _) in enumerate(run, 1) if _REST.search(text.clean)), len(run))
    for stop in dict.fromkeys((len(run), end)):
        parts = tuple(run[:stop])
        for text in document.paragraphs[at + len(run) : at + len(run) + 1]:
            yield from _behind(text, parts)
        yield from _above(document, at, parts)


def _like(text: Paragraph, parts: tuple[_Line, ...]) -> list[Figure]:
    return [one for one in text.figures if one.is_like(parts[0][1]) and not one.about]


def _behind(text: Paragraph, parts: tuple[_Line, ...]) -> Iterator[tuple[Whole, bool]]:
    """以上四项共计320170万元."""
    for one in _like(text, parts)[:1]:
        counts = [each.value for each in text.counts if each.end <= one.start]
        if _BEHIND.search(one.prefix) and all(each == len(parts) for each in counts):
            is_near = sum_of_values(each for _, each in parts) * 2 > one.value
            yield Whole(text, one, parts, True, bool(counts)), is_near


def _above(document: Document, at: int, parts: tuple[_Line, ...]) -> Iterator[tuple[Whole, bool]]:
    """支出合计638.10万元, 其中八类支出112640万元，包括：, 主要支出：; of several amounts the last first."""
    above = document.paragraphs[max(0, at - _BACK) : at][::-1]
    text = next((one for one in above if _like(one, parts)), None)
    if text is None:
        return
    like = _like(text, parts)
    is_total = _TOTAL.search(like[-1].lead) and len(text.clean) <= like[-1].end + 1
    is_told = _FOLLOW.search(above[0].clean) if text is above[0] or len(like) == 1 else None
    is_counted = any(one.value == len(parts) for one in text.counts)
    is_all = is_counted or not _SOME.search(text.clean[-24:]) or _REST.search(parts[-1][0].clean)
    for one in reversed(like):
        is_last = one is like[-1] and bool(is_told or (is_total and text is above[0]))
        yield Whole(text, one, parts, bool(is_all), is_counted and is_last), is_last


def _inner(run: list[_Line]) -> Iterator[list[tuple[Whole, bool]]]:
    """税收收入27180万元 before its lines, of which the last is 其他税收."""
    for at, (text, one) in enumerate(run):
        end = next((to for to in range(at + 4, len(run)) if _REST.search(run[to][0].clean)), at)
        kind = _WHOSE.sub("", bare(run[end][1].lead)) if end > at else ""
        if kind and kind in one.lead:
            yield [(Whole(text, one, tuple(run[at + 1 : end + 1]), True), True)]


@relation("TXT014", "逐项金额加起来不等于写明的合计")
def listed_below(document: Document) -> Iterator[Tie]:
    """“预算74万元，其中：”下面逐项列出的金额，加起来等于写明的合计。"""
    repeated = told_again(document)
    return filter(None, (tie_of(one, repeated) for one in list_wholes(document)))


@relation("TXT140", "逐行列出的数加起来不等于总数")
def lines_add_up(document: Document) -> Iterator[Tie]:
    """“支出合计138万元”下面逐行列出的，或者“以上四项共计”前面逐行列出的，加起来等于这个总数。"""
    repeated, known = told_again(document), {id(one.total) for one in list_wholes(document)}
    for at, run in _runs(document):
        for known_sums in [*_inner(run), list(_wholes(document, at, run))] if len(run) >= 3 else []:
            if not any(_fits(*each) for each in known_sums):
                meant = (
                    each
                    for each, told in known_sums
                    if id(each.total) not in known and (told or _is_exchange(each))
                )
                yield from islice(filter(None, (tie_of(each, repeated) for each in meant)), 1)


def _fits(whole: Whole, is_told: bool) -> bool:
    return adds_up(whole) if is_told else sum_of(one.exact for one in whole.figures).meets(whole.total.exact)


def _is_exchange(whole: Whole) -> bool:
    """Whether two digits exchanged repair a sum of long numbers."""
    digits = max(len(significant(one.value, one.step)) for one in whole.figures)
    slips = [(one.figure, one.meant) for one in slips_of(whole) if not one.is_of_unit]
    return digits >= _LEAST_DIGITS and any(
        is_exchanged(one.value, one.step, exactly(meant)) for one, meant in slips
    )


@relation("TXT109", "各项增减加起来不等于总的增减")
def changes_add_up(document: Document) -> Iterator[Tie]:
    """“比上年增加15.1万元：1.……增加16.67万元；2.……减少1.57万元”：各项增减加起来等于总的增减。"""
    for whole in list_wholes(document, changes=True):
        text, total, (where, first) = whole.text, whole.total, whole.parts[0]
        if whole.complete and not any(one.about for one in whole.figures):
            summed = shown(sum((one.value * one.sign for one in whole.figures), Decimal(0)), total)
            message = f"写明的是{text.written(total)}，下面各项增减加起来是{summed}。"
            holds = sum_of(one.exact for one in whole.figures).meets(total.exact)
            yield tie(holds, text, [total], message, summed, total, where.span(first))


@relation("TXT123", "同样几项的总数前后不一致", Confidence.LIKELY)
def same_items(document: Document) -> Iterator[Tie]:
    """“资金646万元，用于以上3类支出”：前面这3类加起来是多少，就是多少。"""
    for text, total, count in neighbours(document):
        is_again = count.is_count and count.lead.endswith(("以上", "上述"))
        is_total = is_again and total.is_money and total.is_level and re.search("合计|总额|共", total.lead)
        if not is_total or count.sentence != total.sentence:
            continue
        told = (one for one in chain(wholes(document), list_wholes(document)) if one.total.is_money)
        same = [one for one in told if len(one.parts) == count.value and one.text.block < text.block]
        same = [one for one in same if adds_up(one)]
        if same:
            where, before = same[-1].text, same[-1].total
            message = f"这几项前面写共{where.written(before)}，这里写{text.written(total)}。"
            holds = total.exact.meets(before.exact)
            yield tie(holds, text, [total], message, where.written(before), total, where.span(before))
