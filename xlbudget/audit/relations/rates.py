"""Columns that follow from others: percentages of two, and amounts of a number and a price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import permutations, product

from xlbudget.audit.grid import NOTHING, Cell, Column, Grid, Kind, Row
from xlbudget.audit.interval import HUNDRED, Interval, exactly
from xlbudget.audit.paragraphs import Document
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.slips import slipped_to
from xlbudget.domain.money import plain, round_half_up


@dataclass(frozen=True, slots=True)
class Rate:
    """How a column of percentages comes of two others, or of one and its total."""

    percent: Column
    part: Column
    whole: Column | Row
    grown: bool = False
    """Whether it is by how much the one is more than the other."""

    @property
    def name(self) -> str:
        return f"{self.part.name}与{self.whole.name if isinstance(self.whole, Column) else self.whole.label}"

    def whole_of(self, row: Row) -> Cell | None:
        if isinstance(self.whole, Row):
            return self.whole.numbers.get(self.part.at)
        return row.numbers.get(self.whole.at)

    def ratio(self, row: Row) -> Interval | None:
        part, whole = row.numbers.get(self.part.at), self.whole_of(row)
        if part is None or whole is None or not whole.value:
            return None
        top = part.printed - whole.printed if self.grown else part.printed
        return top.percent_of(whole.printed)

    def holds(self, row: Row) -> bool | None:
        """None where the row does not say."""
        ratio, told = self.ratio(row), row.numbers.get(self.percent.at)
        if ratio is None or told is None:
            return None
        spellings = [told.printed]
        if told.value <= 2 and not told.percent and told.step < 1:
            spellings.append(told.printed * exactly(HUNDRED))
        if told.value == HUNDRED and ratio.low > HUNDRED and "完成" in self.percent.header:
            return True  # more than the aim counts as all of it
        return any(ratio.meets(one) or (self.grown and ratio.meets(-one)) for one in spellings)

    def exact(self, row: Row) -> Decimal:
        part, whole = row.cell(self.part).value, (self.whole_of(row) or NOTHING).value
        return (part - whole if self.grown else part) / whole * HUNDRED


def _readings(grid: Grid, percent: Column) -> Iterator[Rate]:
    kind = Kind.SCORE if "得分率" in percent.header else Kind.AMOUNT
    for part, whole in permutations(grid.of_kind(kind), 2):
        yield from (Rate(percent, part, whole), Rate(percent, part, whole, True))
    for part, total in product(grid.amounts, [row for row in grid.rows if row.is_total]):
        yield Rate(percent, part, total)


@relation("TXT041", "表里的百分比与其他列的数不符")
def column_rates(document: Document) -> Iterator[Tie]:
    """执行率、增减幅度等百分比的列，每一行都等于同样两列之比。"""
    for grid in document.grids:
        for percent in grid.of_kind(Kind.PERCENT):
            rate, wrong = rate_of(grid, percent) or (None, None)
            if rate and wrong:
                found, expected = wrong.numbers[percent.at].value, round_half_up(Fraction(rate.exact(wrong)))
                message = f"“{percent.name}”写{plain(found)}，按{rate.name}算是{plain(expected)}。"
                yield Tie(False, (wrong.quote,), message, f"{plain(expected)}%", plain(found))
            elif rate:
                yield Tie(True, (grid.rows[0].quote,))


@lru_cache(maxsize=1 << 8)
def rate_of(grid: Grid, percent: Column) -> tuple[Rate, Row | None] | None:
    """The reading of a column of percentages that all rows but one at most keep, with the row that breaks it."""
    readings: list[tuple[int, Rate, list[Row]]] = []
    for rate in _readings(grid, percent):
        held = [(row, rate.holds(row)) for row in grid.rows]
        right = [row for row, holds in held if holds and row.numbers[percent.at].value not in (0, 100)]
        readings.append((len(right), rate, [row for row, holds in held if holds is False]))
    if not readings:
        return None
    count, rate, wrong = max(readings, key=lambda one: (one[0], -len(one[2])))
    plain_ones = sum(rate.holds(row) is True for row in grid.rows)
    if count < 2 and not (count == 1 and plain_ones > 2 and _RATE_NAMED.search(percent.header)):
        return _named_rate(grid, percent)
    return (rate, next(iter(wrong), None)) if len(wrong) <= 1 else None


_RATE_NAMED = re.compile(r"执行率|支出率|完成率|支付率|进度|使用率|完成预算")
_PART_NAMED = re.compile(r"执行|支出|完成|使用|决算")


def _named_rate(grid: Grid, percent: Column) -> tuple[Rate, Row] | None:
    """执行率 in a table of a row or two: 执行数 and the 预算数 before it, where one slip repairs the percentage."""
    parts = [one for one in grid.amounts if _PART_NAMED.search(one.header) and "预算数" not in one.header]
    wholes = [one for one in grid.amounts if re.search(r"预算|全年|计划", one.header) and one not in parts]
    if len(parts) != 1 or not _RATE_NAMED.search(percent.header):
        return None
    rates = [Rate(percent, parts[0], whole) for whole in wholes]
    held = [(row, {rate.holds(row) for rate in rates}) for row in grid.rows]
    wrong = [row for row, answers in held if False in answers and True not in answers]
    for rate in reversed(rates if len(wrong) == 1 else []):
        cell, ratio = wrong[0].numbers[percent.at], rate.ratio(wrong[0])
        if ratio is not None and slipped_to(cell.value, cell.step, ratio) is not None:
            return rate, wrong[0]
    return None


_FACTORS = (r"数量|台数|面积|里程", r"单价|标准|均价", r"金额|预算|小计|资金|补助额")
_SCALES = (Decimal(1), Decimal(10_000), 1 / Decimal(10_000))


@relation("TXT133", "表里数量乘单价不等于金额")
def row_products(document: Document) -> Iterator[Tie]:
    """数量、单价、金额三列的表，每一行金额等于数量乘单价。"""
    for grid in document.grids:
        columns = [[one for one in grid.amounts if re.search(head, one.header)] for head in _FACTORS]
        if any(len(one) != 1 for one in columns):
            continue
        count, price, amount = (one for (one,) in columns)
        rows = [row for row in grid.rows if {count.at, price.at, amount.at} <= row.numbers.keys()]
        for scale in _SCALES if len(rows) >= 3 else ():
            products = [row.cell(count).range * row.cell(price).printed * exactly(scale) for row in rows]
            told = zip(rows, products, strict=True)
            wrong = [row for row, one in told if not one.meets(row.cell(amount).printed)]
            if len(wrong) == 1:
                value = wrong[0].cell(count).value * wrong[0].cell(price).value * scale
                expected, found = plain(value.normalize()), plain(wrong[0].cell(amount).value)
                message = f"数量乘单价是{expected}，金额写{found}。"
                yield Tie(False, (wrong[0].quote,), message, expected, found)
                break
