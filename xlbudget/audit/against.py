"""A document against the workbook that it reports on: its projects, its tables, and its words where xlbudget wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlbudget.audit.assemble import Placed, assemble
from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Column, Grid, Row
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.passage import Passage, squeeze
from xlbudget.audit.projects import (
    Measure,
    bare_name,
    measure_of,
    money_scale,
    project_facts,
    project_tables,
)
from xlbudget.audit.relation import AGAINST, Tie, relation
from xlbudget.audit.relations.monitoring import CLASSES, banded, class_of, classed, told_counts
from xlbudget.audit.source import Source
from xlbudget.audit.truth import Truth, budget_of
from xlbudget.audit.values import in_words, shown
from xlbudget.domain.money import plain


@dataclass(frozen=True)
class Witness:
    """The workbook's figures, and the report that xlbudget writes about it."""

    truth: Truth
    report: Source


_FIX = "请以工作簿为准改正；工作簿填错的，改工作簿后重新生成报告。"


def _told(
    text: Paragraph, one: Figure, what: str, values: set[Decimal], slack: Decimal = Decimal(0)
) -> Iterator[Tie]:
    """A number of the text against what the workbook allows it to be; nothing where it says nothing of it."""
    if one.about or not values:
        return
    holds = any(abs(one.value - value) <= slack for value in values)
    expected = "或".join(sorted({shown(value, one) for value in values})[:2])
    message = f"这里写{what}{text.written(one)}，工作簿是{expected}。"
    yield Tie(holds, (text.span(one),), message, expected, text.written(one), _FIX)


@relation("TXT080", "与工作簿的数不符", registry=AGAINST)
def numbers_against_workbook(document: Document, witness: Witness) -> Iterator[Tie]:
    """报告里的个数、金额、百分比、追加月份，与工作簿的一样。"""
    truth = witness.truth
    for one in project_facts(document):
        values = truth.of_project(one.name, one.measure)
        yield from _told(one.text, one.figure, f"“{one.name}”{one.measure}", values, one.figure.step / 2)
    for told in classed(document):
        rows = truth.in_class(told.name)
        yield from _told(told.text, told.count, f"{told.name}的项目", truth.counts(rows))
        if told.money is not None:
            yield from _told(
                told.text, told.money, f"{told.name}的资金", {budget_of(rows)}, told.money.step / 2
            )
    for bands in banded(document):
        for band in bands:
            if band.measure is Measure.ACHIEVEMENT:
                values = truth.counts(truth.in_band(band.lower, band.upper))
                yield from _told(band.text, band.count, "这一档的项目", values)
    everything = truth.counts(truth.case.results)
    for number, quote in told_counts(document).items():
        expected = f"{min(everything)}个"
        yield Tie(
            number in everything,
            (quote,),
            f"这里写共{number}个，工作簿是{expected}。",
            expected,
            f"{number}个",
            _FIX,
        )


# -- tables --------------------------------------------------------------------------------------------


@relation("TXT081", "统计表与工作簿不符", registry=AGAINST)
def tables_against_workbook(document: Document, witness: Witness) -> Iterator[Tie]:
    """统计表每一行的数和勾选，与工作簿里该项目的一样；合计也一样。"""
    truth = witness.truth
    for grid in project_tables(document):
        columns = [
            (one, measure) for one in grid.columns if (measure := measure_of(one.header)) and _is_numeric(one)
        ]
        for row in grid.data:
            name = bare_name(grid.name(row))
            if name in truth.by_name:
                for column, measure in columns:
                    yield from _cell(grid, row, column, measure, truth.of_project(name, measure))
                yield from _tick(grid, row, name, truth)
        known = all(bare_name(grid.name(row)) in truth.by_name for row in grid.data)
        for row in grid.rows if known else ():
            for column, measure in columns:
                if row.is_total and measure in (Measure.BUDGET, Measure.SPENT):
                    totals = truth.case.totals
                    value = totals.budget if measure is Measure.BUDGET else totals.spent
                    yield from _cell(grid, row, column, measure, {value})


def _is_numeric(column: Column) -> bool:
    return column.kind in (Holds.AMOUNT, Holds.PERCENT)


def _cell(grid: Grid, row: Row, column: Column, measure: Measure, values: set[Decimal]) -> Iterator[Tie]:
    cell = row.numbers.get(column.at)
    if cell is None or not values:
        return
    is_money = column.kind is Holds.AMOUNT
    scale = money_scale(grid, column) if is_money else Decimal(1)
    holds = any(abs(cell.value * scale - value) <= cell.step * scale / 2 for value in values)
    expected = in_words(min(values)) if is_money else f"{plain(min(values))}%"
    found = in_words(cell.value * scale) if is_money else f"{plain(cell.value)}%"
    yield Tie(
        holds, (row.quote,), f"“{row.label}”的{measure}写{found}，工作簿是{expected}。", expected, found, _FIX
    )


def _tick(grid: Grid, row: Row, name: str, truth: Truth) -> Iterator[Tie]:
    """The class that a row is ticked for."""
    ticks = {class_of(one.header.split(" ")[-1]) for one in grid.of_kind(Holds.TICK) if one.at in row.texts}
    told = [one for one in CLASSES if one in ticks]
    known = sorted({str(one.flag) for one in truth.by_name[name] if one.flag})
    if len(told) == 1 and known:
        expected = "或".join(known)
        message = f"“{name}”勾的是{told[0]}，工作簿是{expected}。"
        yield Tie(told[0] in known, (row.quote,), message, expected, told[0], _FIX)


@relation("TXT082", "项目与工作簿不符", registry=AGAINST)
def projects_against_workbook(document: Document, witness: Witness) -> Iterator[Tie]:
    """统计表列出的项目，与工作簿的项目一样多、一样名。"""
    known = witness.truth.by_name
    for grid in project_tables(document):
        names = {bare_name(grid.name(row)): row.quote for row in grid.data}
        if not names.keys() & known.keys():
            continue
        for name, quote in names.items():
            yield Tie(name in known, (quote,), f"工作簿里没有“{name}”。", "", name, _FIX)
        for name in known.keys() - names.keys():
            message = f"工作簿里的“{name}”没有列在统计表里。"
            yield Tie(False, (grid.rows[-1].quote,), message, name, "", _FIX, sure=Confidence.LIKELY)


@relation("TXT083", "标题与工作簿不符", registry=AGAINST)
def title_against_workbook(document: Document, witness: Witness) -> Iterator[Tie]:
    """标题的年度和期间，与工作簿首页的一样。"""
    unit, title = witness.truth.case.facts.unit, document.period
    if title is None:
        return
    if title.year and unit.year:
        message = f"标题是{title.year}年，工作簿是{unit.year}年。"
        yield Tie(title.year == unit.year, (title.quote,), message, f"{unit.year}年", f"{title.year}年", _FIX)
    if title.month and unit.cutoff_month:
        message = f"标题到{title.month}月，工作簿监控到{unit.cutoff_month}月。"
        expected, found = f"{unit.cutoff_month}月", f"{title.month}月"
        yield Tie(title.month == unit.cutoff_month, (title.quote,), message, expected, found, _FIX)


# -- words ---------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|√")
Piece = tuple[str, tuple[str, ...], Quote]
"""Words with their numbers masked, the numbers, the words as they stand."""


@relation("TXT084", "与工作簿生成的报告不符", registry=AGAINST)
def words_against_report(document: Document, witness: Witness) -> Iterator[Tie]:
    """与按工作簿生成的报告只差数字的句子和表格行，数字要一样。"""
    right: dict[str, Counter[tuple[str, ...]]] = {}
    for words, numbers, _ in _pieces(assemble(witness.report)):
        right.setdefault(words, Counter())[numbers] += 1
    for words, numbers, quote in _pieces(document.blocks):
        known = right.get(words)
        if known is None or not numbers:
            continue
        if known[numbers]:
            known[numbers] -= 1
            continue
        free = [candidate for candidate, left in known.items() if left] or list(known)
        nearest = min(
            free, key=lambda candidate: sum(a != b for a, b in zip(candidate, numbers, strict=True))
        )
        pairs = [(a, b) for a, b in zip(nearest, numbers, strict=True) if a != b]
        expected, found = "、".join(a for a, _ in pairs), "、".join(b for _, b in pairs)
        yield Tie(not pairs, (quote,), f"这里写{found}，按工作簿是{expected}。", expected, found, _FIX)


def _pieces(blocks: Sequence[Passage | Placed]) -> Iterator[Piece]:
    """The sentences and table rows of a document that have words."""
    for block in blocks:
        if isinstance(block, Passage):
            for span in block.sentences:
                text = block.clean[span.start : span.end]
                quote = Quote(block.words(span.start, span.end)[:160], block.place(span.start))
                yield _NUMBER.sub("#", text), tuple(_NUMBER.findall(text)), quote
        else:
            for cells, place in zip(block.rows, block.places, strict=True):
                text = "|".join(map(squeeze, cells))
                shown_row = " ".join(" ".join(cell.split()) for cell in cells if cell.strip())
                yield _NUMBER.sub("#", text), tuple(_NUMBER.findall(text)), Quote(shown_row[:160], place)
