"""What a document claims: every number and judgement with its kind, for people and programs that want to see what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xlbudget.audit.case import Case, Text
from xlbudget.audit.checks.arithmetic import CHANGE
from xlbudget.audit.checks.judgements import ABLE, FINE
from xlbudget.audit.facts import Measure, Whole
from xlbudget.audit.finding import Claim
from xlbudget.audit.headers import MONEY, PERCENT
from xlbudget.audit.periods import month_of, periods_in
from xlbudget.audit.quantities import MONEY_UNITS, Kind, Quantity
from xlbudget.domain.money import plain
from xlbudget.domain.registry import declare

ClaimReader = Callable[[Case], Iterator[Claim]]
KINDS: dict[str, ClaimReader] = {}
"""Readers of claims, by kind."""


def kind(name: str) -> Callable[[ClaimReader], ClaimReader]:
    """Register the reader of a kind of claim."""

    def register(function: ClaimReader) -> ClaimReader:
        declare(KINDS, name, function)
        return function

    return register


def claims_of(case: Case) -> tuple[Claim, ...]:
    """All claims in the order of the document."""
    found = [claim for reader in KINDS.values() for claim in reader(case)]
    return tuple(sorted(found, key=lambda one: (one.quote.place.item, one.quote.place.row or 0)))


def _numbers(case: Case, *kinds: Kind) -> Iterator[tuple[Text, Quantity]]:
    return ((text, one) for text in case.texts for one in text.quantities if one.kind in kinds)


def _claim(name: str, text: Text, one: Quantity) -> Claim:
    value = one.value / MONEY_UNITS[one.unit] if one.kind is Kind.MONEY else one.value
    return Claim(name, plain(value), one.unit, text.passage.quote(one.start, one.end))


def _of_fact(name: str, case: Case, measure: Measure, *wholes: Whole) -> Iterator[Claim]:
    for one in case.facts:
        if one.measure is measure and one.subject.whole in wholes:
            value = one.value / MONEY_UNITS.get(one.unit, 1)
            yield Claim(name, f"{one.subject}：{plain(value)}", one.unit, one.quote)


@kind("count")
def counts(case: Case) -> Iterator[Claim]:
    """个数: 7个项目, 16家, 20余期."""
    return (_claim("count", *found) for found in _numbers(case, Kind.COUNT))


@kind("amount")
def amounts(case: Case) -> Iterator[Claim]:
    """金额: in text in the unit as written, in tables in 万元."""
    yield from (_claim("amount", *found) for found in _numbers(case, Kind.MONEY))
    for table in case.tables:
        for row in table.rows:
            for at in table.at(*MONEY):
                number = row.numbers[at]
                if number is not None:
                    yield Claim("amount", plain(number.value / 10_000), "万元", row.quote)


@kind("percent")
def percents(case: Case) -> Iterator[Claim]:
    """百分比, in text and in tables."""
    yield from (_claim("percent", *found) for found in _numbers(case, Kind.PERCENT, Kind.POINTS))
    for table in case.tables:
        for row in table.rows:
            for at in table.at(*PERCENT):
                number = row.numbers[at]
                if number is not None:
                    yield Claim("percent", plain(number.value), "%", row.quote)


@kind("comparison")
def comparisons(case: Case) -> Iterator[Claim]:
    """同比: 同比下降30%."""
    for text, match in case.matches(CHANGE):
        yield Claim("comparison", match.group(), "%", text.passage.quote(match.start(), match.end()))


@kind("month")
def months(case: Case) -> Iterator[Claim]:
    """月份: 6月份追加, 截至6月底."""
    return (_claim("month", *found) for found in _numbers(case, Kind.MONTH))


@kind("period")
def periods(case: Case) -> Iterator[Claim]:
    """期间: 1—6月, 上半年; the value is its last month."""
    for text in case.texts:
        for match in periods_in(text.passage):
            month = month_of(match)
            if month is not None:
                quote = text.passage.quote(match.start(), match.end())
                yield Claim("period", f"1—{month}", "月", quote)


@kind("project")
def projects(case: Case) -> Iterator[Claim]:
    """项目名称, wherever one is named."""
    for text in case.texts:
        for one in text.mentions:
            yield Claim("project", one.name, "", text.passage.quote(one.start, one.end))
    for name, rows in case.rows_by_name.items():
        for _, row in rows:
            yield Claim("project", name, "", row.quote)


@kind("band")
def bands(case: Case) -> Iterator[Claim]:
    """分档个数."""
    return _of_fact("band", case, Measure.COUNT, Whole.BAND)


@kind("class")
def classes(case: Case) -> Iterator[Claim]:
    """预计实现情况各类的个数和资金."""
    yield from _of_fact("class", case, Measure.COUNT, Whole.CLASS)
    yield from _of_fact("class", case, Measure.BUDGET, Whole.CLASS)


@kind("contract")
def contracts(case: Case) -> Iterator[Claim]:
    """合同金额."""
    return _of_fact("contract", case, Measure.CONTRACT, Whole.PROJECT, Whole.ALL)


@kind("judgement")
def judgements(case: Case) -> Iterator[Claim]:
    """结论: 各项目均正常执行, 均能实现."""
    for pattern in (FINE, ABLE):
        for text, match in case.matches(pattern):
            yield Claim("judgement", match.group(), "", text.passage.quote(match.start(), match.end()))
