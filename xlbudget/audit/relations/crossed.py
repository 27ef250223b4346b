"""Sums that go beyond one row or one column: across both, from row to row, from table to table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, pairwise, permutations, product

from xlbudget.audit.grid import Column, Grid, Kind, Row
from xlbudget.audit.interval import Interval, exactly
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.paragraphs import Document
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.scores import points
from xlbudget.audit.relations.tables import candidates, member_sets, parents
from xlbudget.audit.slips import slipped_to
from xlbudget.domain.money import plain

Term = tuple[int, Row, Column]
"""Sign, row and column of a number in a sum that comes to nothing."""
_NOTHING = exactly(Decimal(0))


@relation("TXT139", "表里一个数与几处加减都对不上")
def crossed(document: Document) -> Iterator[Tie]:
    """表里的一个数，同时合得上它所在的行、列、级次的加减；几处都对不上、又都指向同一个数的，是它写错了。"""
    for grid in document.grids:
        sums = [(terms, _holds(terms)) for terms in chain(_down(grid), _across(grid))]
        broken: dict[tuple[int, int], list[tuple[Row, Column, Interval]]] = defaultdict(list)
        for terms in (some for some, holds in sums if not holds):
            for sign, row, column in terms:
                others = sum_of(_signed(one) for one in terms if one[1:] != (row, column))
                if column.at in row.numbers:
                    broken[row.at, column.at].append((row, column, -others if sign > 0 else others))
        sound = {(row.at, column.at) for some, holds in sums if holds for _, row, column in some}
        yield from _accused([needs for at, needs in broken.items() if at not in sound and len(needs) > 1])


def _holds(terms: Sequence[Term]) -> bool:
    return sum_of(map(_signed, terms)).meets(_NOTHING)


def _accused(places: Sequence[Sequence[tuple[Row, Column, Interval]]]) -> Iterator[Tie]:
    """The numbers that all their broken sums want to be one and the same other, if that is one slip away."""
    for needs in places:
        row, column, _ = needs[0]
        cell = row.numbers[column.at]
        wanted = Interval(max(one.low for *_, one in needs), min(one.high for *_, one in needs))
        meant = slipped_to(cell.value, cell.step, wanted) if wanted.low <= wanted.high else None
        if meant is not None:
            found, expected = plain(cell.value), plain(meant)
            message = f"“{row.label}”的“{column.name}”写{found}，{len(needs)}处加减关系都应是{expected}。"
            yield Tie(False, (row.quote,), message, expected, found)


def _signed(term: Term) -> Interval:
    sign, row, column = term
    return row.cell(column).range if sign > 0 else -row.cell(column).range


def _down(grid: Grid) -> Iterator[list[Term]]:
    """In each column, a row and the rows that it is the sum of: by their levels, and to the totals."""
    by_place = {row.at: row for row in grid.rows}
    columns = grid.of_kind(Kind.AMOUNT, Kind.SCORE)
    sums = [(by_place[at], rows) for at, rows in parents(grid.rows).items()]
    for total in grid.rows:
        sets = member_sets(grid, total) if total.is_total else []
        fits = [sum(_is_sum(one, total, rows) for one in columns) for rows in sets]
        if fits and max(fits) >= 1:
            sums.append((total, list(sets[fits.index(max(fits))])))
    for above, rows in sums:
        for column in columns:
            if column.at in above.numbers:
                yield [(1, above, column), *((-1, row, column) for row in rows)]


def _is_sum(column: Column, total: Row, rows: Sequence[Row]) -> bool:
    parts = sum_of(row.cell(column).range for row in rows)
    return column.at in total.numbers and parts.meets(total.numbers[column.at].range)


def _across(grid: Grid) -> Iterator[list[Term]]:
    """In each row, the columns that add up in most rows of the table; each such sum once."""
    known: set[frozenset[int]] = set()
    for one in chain.from_iterable(candidates(grid.of_kind(kind)) for kind in (Kind.AMOUNT, Kind.SCORE)):
        name = frozenset(each.at for each in one.columns)
        rows = [row for row in grid.rows if one.touches(row)]
        wrong = one.wrong(rows, len(rows) // 4) if name not in known else None
        if wrong is not None and sum(map(one.speaks, rows)) - sum(map(one.speaks, wrong)) >= 3 * max(
            len(wrong), 1
        ):
            known.add(name)
            for row in rows:
                yield [(1, row, one.result), *((-sign, row, column) for sign, column in one.terms)]


@relation("TXT155", "累计数不等于上期累计加本期")
def running(document: Document) -> Iterator[Tie]:
    """分月、分季度的表，每期累计等于上期累计加本期数。"""
    for grid in document.grids:
        for total, own in permutations(grid.amounts, 2):
            rows = [row for row in grid.data if total.at in row.numbers and own.at in row.numbers]
            wanted = [last.cell(total).range + row.cell(own).range for last, row in pairwise(rows)]
            wrong = [
                (row, one)
                for row, one in zip(rows[1:], wanted, strict=True)
                if not one.meets(row.cell(total).range)
            ]
            is_running = "累计" in total.name and len(wanted) >= 3 * max(len(wrong), 1)
            is_beside = len(wrong) == 2 and rows.index(wrong[1][0]) == rows.index(wrong[0][0]) + 1
            if is_running and (len(wrong) == 1 or is_beside):
                row, one = wrong[0]
                found, expected = plain(row.cell(total).value), plain(one.middle)
                message = f"“{row.label}”的“{total.name}”写{found}，上期累计加本期“{own.name}”是{expected}。"
                yield Tie(False, (row.quote,), message, expected, found)


@relation("TXT156", "总分不等于各项得分之和")
def points_of_tables(document: Document) -> Iterator[Tie]:
    """预算执行率的分在另一张表的，总分等于指标表各项得分加上它。"""
    for last, grid in pairwise(document.grids):
        for total in (row for row in grid.rows if row.is_total):
            told = {full: own for row, full, own in points(grid) if row is total}
            rows = [(full, own) for row, full, own in points(grid) if not row.is_total]
            for (full, own), (_, most, more) in product(told.items(), points(last)):
                value = sum((each for _, each in rows), more)
                is_of_both = (
                    sum((each for each, _ in rows), most) == full and grid.position <= last.position + 3
                )
                if is_of_both and len(rows) >= 2 and abs(own - value) < most:
                    message = f"总分写{plain(own)}，各项得分加起来是{plain(value)}。"
                    yield Tie(own == value, (total.quote,), message, plain(value), plain(own))
