"""What a document claims: every number and judgement with its kind, for people and programs that want to see what was read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from xlbudget.audit.figures import Figure, Part, unit_of
from xlbudget.audit.finding import Claim
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.periods import month_of, periods_in
from xlbudget.audit.projects import Measure, contracts, listed_names, money_scale, named, project_facts
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relations.monitoring import Banded, banded, classed
from xlbudget.domain.money import plain
from xlbudget.domain.registry import declare

ClaimReader = Callable[[Document], Iterator[Claim]]
KINDS: dict[str, ClaimReader] = {}
"""Readers of claims, by kind."""
_WAN = 10_000


def kind(name: str) -> Callable[[ClaimReader], ClaimReader]:
    """Register the reader of a kind of claim."""

    def register(function: ClaimReader) -> ClaimReader:
        declare(KINDS, name, function)
        return function

    return register


def claims_of(document: Document) -> tuple[Claim, ...]:
    """All claims of a document, in its order."""
    found = [claim for reader in KINDS.values() for claim in reader(document)]
    return tuple(sorted(found, key=lambda one: (one.quote.place.item, one.quote.place.row or 0)))


def _claim(name: str, text: Paragraph, one: Figure, about: str = "") -> Claim:
    return Claim(name, about + plain(one.value / unit_of(one)), one.unit, text.span(one))


def _cells(document: Document, name: str, column_kind: Holds, unit: str) -> Iterator[Claim]:
    for grid in document.grids:
        for column in grid.of_kind(column_kind):
            scale = money_scale(grid, column) / _WAN if column_kind is Holds.AMOUNT else 1
            for row in grid.rows:
                if column.at in row.numbers:
                    yield Claim(name, plain(row.numbers[column.at].value * scale), unit, row.quote)


@kind("count")
def counts(document: Document) -> Iterator[Claim]:
    """个数: 7个项目, 16家, 20余期."""
    return (_claim("count", text, one) for text, _, one in document.figures if one.is_count)


@kind("amount")
def amounts(document: Document) -> Iterator[Claim]:
    """金额: in text in the unit as written, in tables in 万元."""
    yield from (_claim("amount", text, one) for text, _, one in document.figures if one.is_money)
    yield from _cells(document, "amount", Holds.AMOUNT, "万元")


@kind("percent")
def percents(document: Document) -> Iterator[Claim]:
    """百分比, in text and in tables."""
    told = (Kind.PERCENT, Kind.POINTS)
    yield from (_claim("percent", text, one) for text, _, one in document.figures if one.kind in told)
    yield from _cells(document, "percent", Holds.PERCENT, "%")


@kind("comparison")
def comparisons(document: Document) -> Iterator[Claim]:
    """同比: 下降30%."""
    for text, _, one in document.figures:
        if one.is_percent and one.part is Part.CHANGE:
            word = re.search(r"[^，。；：()比年期]*$", one.lead)
            value = (word.group() if word else "") + text.written(one)
            yield Claim("comparison", value, "%", text.span(one))


@kind("month")
def months(document: Document) -> Iterator[Claim]:
    """月份: 6月份追加, 截至6月底."""
    for text in document.paragraphs:
        for one in text.quantities:
            if one.kind is Kind.MONTH:
                yield Claim("month", plain(one.value), one.unit, text.quote(one.start, one.end))


@kind("period")
def periods(document: Document) -> Iterator[Claim]:
    """期间: 1—6月, 上半年; the value is its last month."""
    for text in document.paragraphs:
        for match in periods_in(text.passage):
            month = month_of(match)
            if month is not None:
                yield Claim("period", f"1—{month}", "月", text.quote(match.start(), match.end()))


@kind("project")
def projects(document: Document) -> Iterator[Claim]:
    """项目名称, wherever one is named in the text, and in its table."""
    for text, mentioned in named(document):
        for one in mentioned:
            yield Claim("project", one.name, "", text.quote(one.start, one.end))
    for name, quote in listed_names(document).items():
        if quote.place.row is not None:
            yield Claim("project", name, "", quote)


@kind("band")
def bands(document: Document) -> Iterator[Claim]:
    """分档个数."""
    for band in (each for told in banded(document) for each in told):
        yield _claim("band", band.text, band.count, f"{band.measure}:{_label(band)}：")
    for text, _, one in document.figures:
        if one.is_count and re.search(r"(?:工作未开展|未开展工作)[^#，。；]{0,6}$", one.lead):
            yield _claim("band", text, one, f"{Measure.ACHIEVEMENT}:工作未开展：")


def _label(one: Banded) -> str:
    if one.upper is None:
        return f"{plain(one.lower)}%以上"
    return f"{plain(one.lower)}%—{plain(one.upper)}%" if one.lower else f"{plain(one.upper)}%以下"


@kind("class")
def classes(document: Document) -> Iterator[Claim]:
    """预计实现情况各类的个数和资金."""
    for one in classed(document):
        yield _claim("class", one.text, one.count, f"{one.name}：")
        if one.money is not None:
            yield _claim("class", one.text, one.money, f"{one.name}：")


@kind("contract")
def all_contracts(document: Document) -> Iterator[Claim]:
    """合同金额."""
    told = [*project_facts(document), *contracts(document)]
    for one in {each.figure: each for each in told if each.measure is Measure.CONTRACT}.values():
        yield _claim("contract", one.text, one.figure, f"“{one.name}”：")


_JUDGED = re.compile(
    r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)(?:[^，。；0-9]{0,6})?项目[^，。；0-9]{0,6}?均[^，。；]{2,24}"
)


@kind("judgement")
def judgements(document: Document) -> Iterator[Claim]:
    """结论: 各项目均正常执行, 均能实现."""
    for text in document.paragraphs:
        for match in _JUDGED.finditer(text.clean):
            yield Claim("judgement", match.group(), "", text.quote(match.start(), match.end()))
