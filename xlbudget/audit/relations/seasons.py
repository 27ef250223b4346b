"""Months, quarters and halves of a year: what they add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from xlbudget.audit.figures import Figure
from xlbudget.audit.paragraphs import Document, Paragraph, once
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.totals import Whole, is_amount, tie_of
from xlbudget.audit.vocabulary import any_of

_NAMED = {
    **dict.fromkeys(("全年", "四个季度", "各季度", "一至四季度", "一到四季度", "一-四季度"), (1, 12)),
    **dict.fromkeys(("前三季度", "前三个季度", "前九个月", "一至三季度", "一-三季度"), (1, 9)),
    **{"上半年": (1, 6), "下半年": (7, 12), "一、二季度": (1, 6), "三、四季度": (7, 12)},
    **{"一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12)},
}
_MONTHS = re.compile(
    rf"{any_of(*_NAMED)}(?!末)|(?:(?P<first>[0-9]{{1,2}})月?份?[-至到])?(?P<last>[0-9]{{1,2}})月份?(?![底末初中上下0-9])"
)
_OTHER = re.compile(r"余额|同期|上年|去年|结转|每|人均|平均|标准|计划|目标|任务|预算(?!支出|收入|执行)")
_REACH, _WINDOW = 4, 24


class Told(NamedTuple):
    """An amount of the months from `first` to `last`; `own` where the words right before it name them."""

    text: Paragraph
    figure: Figure
    first: int
    last: int
    own: bool = True

    def is_before(self, other: Told) -> bool:
        """Whether another amount is told in the same statement, of the months that follow."""
        is_next = self.last + 1 == other.first and self.text is other.text and self.own and other.own
        return (
            is_next and self.figure.statement == other.figure.statement and self.figure.is_like(other.figure)
        )


def _months_in(words: str, end: int) -> tuple[int, int] | None:
    """The months that words name last, as far as they are over at the end of the report."""
    found = list(_MONTHS.finditer(words))[-1:]
    spans = [_NAMED.get(one[0]) or (int(one["first"] or one["last"]), int(one["last"])) for one in found]
    return next(((first, min(last, max(first, end))) for first, last in spans), None)


@once
def _told(document: Document) -> Iterator[Told]:
    """Amounts with their months: named right before them, in the same sentence, else those of the whole report."""
    end = (document.period and document.period.month) or 12
    for text in document.paragraphs:
        amounts = [one for one in text.figures if is_amount(one) and one.is_level and not one.about]
        known = [(at, one) for at, one in enumerate(amounts) if not _OTHER.search(one.lead)]
        for at, one in known:
            own = _months_in(one.lead, end)
            if own and re.search("分别[^#，。；]{0,4}$", one.lead):
                row = [one, *takewhile(lambda each: re.fullmatch("[、和，]", each.lead), amounts[at + 1 :])]
                size, rest = divmod(own[1] - own[0] + 1, len(row))
                starts = range(own[0], own[1] + 1, size) if size and not rest else ()
                yield from (
                    Told(text, each, start, start + size - 1)
                    for each, start in zip(row, starts, strict=False)
                )
            elif own:
                yield Told(text, one, *own)
            elif one.is_money and (not at or amounts[at - 1].sentence != one.sentence):
                above = text.clean[text.passage.sentence(one.start)[0] : one.start]
                yield Told(text, one, *(_months_in(above, end) or (1, end)), own=False)


@relation("TXT128", "各月、各季度加起来不等于累计数")
def seasons(document: Document) -> Iterator[Tie]:
    """“一季度支出312.4万元，二季度支出496.7万元，三季度支出458.2万元”：加起来等于写明的累计数。"""
    told, at = _told(document), 0
    while at < len(told):
        end = at + 1
        while end < len(told) and told[end - 1].is_before(told[end]):
            end += 1
        yield from _added_up(told[at:end], [*told[max(0, at - _WINDOW) : at], *told[end : end + _WINDOW]])
        at = end


def _added_up(row: list[Told], around: list[Told]) -> Iterator[Tie]:
    """Amounts of months that follow each other, against those that are told of them together."""
    own, block = row[0].text, row[0].text.block
    near = [one for one in around if abs(one.text.block - block) <= _REACH]
    near.sort(key=lambda one: (abs(one.text.block - block), one.text.block > block))
    for first, last in dict.fromkeys((one.first, one.last) for one in near):
        parts = tuple((own, one.figure) for one in row if first <= one.first and one.last <= last)
        ends = {one.first for one in row} >= {first} and {one.last for one in row} >= {last}
        known = []
        for one in near if len(parts) >= 2 and ends else ():
            each = (
                tie_of(Whole(one.text, one.figure, parts, one.text is own))
                if (one.first, one.last) == (first, last)
                else None
            )
            difference = abs(sum(part.value for _, part in parts) - one.figure.value)
            known += [(one, each)] if each and (each.holds or difference * 5 < one.figure.value) else []
        for one, each in sorted(known, key=lambda each: not each[1].holds)[:1]:
            figures = [part for _, part in parts] + ([one.figure] if one.text is own else [])
            yield replace(each, quotes=(own.span(*figures), *each.quotes[one.text is not own :]))
