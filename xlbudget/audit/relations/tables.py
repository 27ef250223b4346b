"""Tables: totals of columns, sums of rows, levels of codes, rates between columns, scores.

A check is a reading of the whole table (this row is the sum of those, this column that of those). It is taken where all rows or
columns but one agree with it; where more disagree the reading is wrong, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice, takewhile

from xlbudget.audit.grid import Cell, Column, Grid, Kind, Row
from xlbudget.audit.interval import Interval, exactly
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.paragraphs import Document
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.rates import rate_of
from xlbudget.audit.relations.scores import points, points_before
from xlbudget.audit.slips import slipped_to
from xlbudget.domain.money import plain


def _value(rows: Sequence[Row], column: Column) -> Decimal:
    return sum((row.cell(column).value for row in rows), Decimal(0))


def _range(rows: Sequence[Row], column: Column) -> Interval:
    return sum_of(row.cell(column).range for row in rows)


def _is_sum(rows: Sequence[Row], total: Row, column: Column) -> bool:
    return _range(rows, column).meets(total.numbers[column.at].range)


def parents(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """The rows right below each row: by codes (201 has 20106, that has 2010601), else by the blanks before the words."""
    data = [row for row in rows if not row.is_total]
    coded = [row for row in data if row.code]
    found: dict[int, list[Row]] = {}
    for at, row in enumerate(coded or data):
        if coded:
            above = [one for one in coded[:at] if row.code != one.code and row.code.startswith(one.code)]
            nearest = max(above, key=lambda one: len(one.code), default=None)
        else:
            nearest = next((one for one in reversed(data[:at]) if one.indent < row.indent), None)
        if nearest:
            found.setdefault(nearest.at, []).append(row)
    return found


def _owned(grid: Grid, rows: Sequence[Row]) -> set[int]:
    """The rows that add up, in every column, to a row above them: its parts, whatever they are called."""
    owned: set[int] = set()
    for at, row in enumerate(rows):
        columns = [one for one in grid.amounts if one.at in row.numbers]
        if row.at in owned or not any(row.numbers[one.at].value for one in columns):
            continue
        tails = (rows[at + 1 : end] for end in range(at + 2, len(rows) + 1))
        below = next((some for some in tails if all(_is_sum(some, row, one) for one in columns)), [])
        if len(below) >= 2 or any(one.is_sub for one in below):
            owned |= {one.at for one in below}
    return owned


_NUMBERING = r"([一二三四五六七八九十]{1,3}[、.])|(\([一二三四五六七八九十]{1,3}\))|([0-9]{1,2}[.、](?![0-9]))|(\([0-9]{1,2}\))"


def _numbering(row: Row) -> int | None:
    """The level that the mark before the words of a row tells of."""
    match = re.match(_NUMBERING, row.label)
    return match.lastindex if match else None


def member_sets(grid: Grid, total: Row) -> list[Sequence[Row]]:
    """Which rows, two at least, a total can be the sum of; each set once."""
    sets = {tuple(row.at for row in rows): rows for rows in _possible_sets(grid, total) if len(rows) >= 2}
    return list(sets.values())


def _possible_sets(grid: Grid, total: Row) -> Iterator[Sequence[Row]]:
    """The rows above it (back to the last total, or all), or those below it; subtotals."""
    before = [row for row in grid.rows if row.at < total.at]
    subtotals = [row for row in before if row.is_total]
    data = [row for row in before if not row.is_total]
    group = [row for row in data if not subtotals or row.at > subtotals[-1].at]
    after = [row for row in grid.rows if row.at > total.at and not row.is_total]
    every = (group,) if "小计" in total.label else (group, data, [] if before else after)
    for rows in every:
        yield from _readings(grid, rows)
    if len(subtotals) >= 2:
        yield subtotals
        yield [*subtotals, *group]


def _readings(grid: Grid, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Which of some rows can add up: all, the leaves or the tops of their codes, those of one numbering."""
    below = parents(rows)
    inside = {row.at for some in below.values() for row in some}
    owned = _owned(grid, rows)
    top = min((level for row in rows if (level := _numbering(row)) is not None), default=None)
    yield rows
    yield [row for row in rows if not row.is_sub]
    yield [row for row in rows if row.at not in below]
    yield [row for row in rows if row.at not in inside]
    yield [row for row in rows if row.at not in owned]
    yield [row for row in rows if _numbering(row) == top]
    yield [row for row in rows if _numbering(row) is None and not row.is_sub]


@relation("TXT040", "合计行不等于各行之和")
def column_totals(document: Document) -> Iterator[Tie]:
    """表里的合计，等于各行（有小计的，各小计；有科目级次的，最末一级）之和。"""
    for grid in document.grids:
        wrong_rows = {row.at for row in broken_rows(grid)}
        wrong_rows |= {row.at for row, most, own in points(grid) if own > most}
        for total in grid.rows:
            if total.is_total:
                yield from _total_tie(grid, total, wrong_rows, points_before(document, grid))


def _total_tie(grid: Grid, total: Row, wrong_rows: set[int], elsewhere: set[Decimal]) -> Iterator[Tie]:
    columns = [one for one in grid.of_kind(Kind.AMOUNT, Kind.SCORE) if one.at in total.numbers]
    sets = member_sets(grid, total)
    if not sets:
        return
    fits = [sum(_is_sum(rows, total, one) for one in columns if _says_something(rows, one)) for rows in sets]
    rows = sets[fits.index(max(fits))]
    failing = [
        one
        for one in columns
        if _says_something(rows, one)
        and not any(_is_sum(some, total, one) for some in sets)
        and not (one.kind is Kind.SCORE and total.numbers[one.at].value - _value(rows, one) in elsewhere)
    ]
    if not failing:
        yield Tie(True, (total.quote,))
        return
    slips = [_slip_in(grid, rows, total, one) for one in failing]
    column, row = failing[0], slips[0]
    is_one_row = row is not None and all(one is row for one in slips)
    told, value = total.numbers[column.at].value, _value(rows, column)
    if (
        (len(failing) > 1 and not is_one_row)
        or (not max(fits) and (row is not total or not _is_flat(rows) or _owned(grid, rows)))
        or (row is None and not value / 2 <= told <= value * 2)
    ):
        return
    accused = [one for one in rows if (one.at in wrong_rows or one is row) and total.at not in wrong_rows]
    quotes = (accused[0].quote, total.quote) if len(accused) == 1 else (total.quote,)
    message = f"“{column.name}”的合计写{plain(told)}，各行加起来是{plain(value)}。"
    yield Tie(False, quotes, message, plain(value), plain(told))


def _says_something(rows: Sequence[Row], column: Column) -> bool:
    """Whether a column has two numbers to add up."""
    return sum(bool(row.cell(column).value) for row in rows) >= 2


def _is_flat(rows: Sequence[Row]) -> bool:
    """Whether nothing tells that rows are parts of other rows."""
    return not any(row.is_sub or row.code for row in rows) and len(set(map(_numbering, rows))) == 1


def _confirmed(grid: Grid, column: Column) -> set[int]:
    """The rows whose percentage confirms their number in a column."""
    rates = [read[0] for one in grid.of_kind(Kind.PERCENT) if (read := rate_of(grid, one))]
    return {row.at for one in rates if column in (one.part, one.whole) for row in grid.rows if one.holds(row)}


def _slip_in(grid: Grid, rows: Sequence[Row], total: Row, column: Column) -> Row | None:
    """The row whose number makes the sum right by one slip: the total itself first, none that a percentage confirms."""
    confirmed = _confirmed(grid, column)
    everything, cell = _range(rows, column), total.numbers[column.at]
    needed: list[tuple[Row, Cell, Interval]] = []
    for row in rows:
        own = row.cell(column)
        if own.value and row.at not in confirmed:
            rest = Interval(everything.low - own.range.low, everything.high - own.range.high)
            needed.append((row, own, cell.range - rest))
    for row, own, need in needed:
        if own.value > cell.value and need.low <= own.value / 10_000 <= need.high:
            return row
    if total.at not in confirmed and slipped_to(cell.value, cell.step, everything) is not None:
        return total
    slips = [row for row, own, need in needed if slipped_to(own.value, own.step, need) is not None]
    return slips[0] if len(slips) == 1 else None


@relation("TXT110", "上级科目不等于下级科目之和")
def code_levels(document: Document) -> Iterator[Tie]:
    """类、款、项：每一类等于它各款之和，每一款等于它各项之和。"""
    for grid in document.grids:
        by_place = {row.at: row for row in grid.rows}
        levels = [(by_place[at], rows) for at, rows in parents(grid.rows).items()]
        broken = [(above, rows) for above, rows in levels if _wrong_columns(grid, above, rows)]
        held = len(levels) - len(broken)
        if held and not broken:
            yield Tie(True, (grid.rows[0].quote,))
        # Of two broken levels the row that is in both is wrong: the lower one.
        is_one_row = len(broken) == 1 or (len(broken) == 2 and broken[1][0] in broken[0][1])
        if is_one_row and held >= len(broken):
            above, rows = broken[-1]
            column = _wrong_columns(grid, above, rows)[0]
            wrong_rows = {row.at for row in broken_rows(grid)}
            found, expected = plain(above.numbers[column.at].value), plain(_value(rows, column))
            message = f"“{above.label}”的“{column.name}”写{found}，下级科目加起来是{expected}。"
            order = sorted((above, *rows), key=lambda row: row.at not in wrong_rows)
            yield Tie(False, tuple(row.quote for row in order), message, expected, found)


def _wrong_columns(grid: Grid, above: Row, rows: Sequence[Row]) -> list[Column]:
    return [one for one in grid.amounts if one.at in above.numbers and not _is_sum(rows, above, one)]


@relation("TXT111", "“其中”各行超过所属的行")
def sub_rows(document: Document) -> Iterator[Tie]:
    """“其中”的各行，加起来不超过它们所属的行。"""
    for grid in document.grids:
        totals = [cell.value for row in grid.rows if row.is_total for cell in row.numbers.values()]
        most = max(totals, default=Decimal(0))
        for at, above in enumerate(grid.rows):
            below = list(takewhile(lambda row: row.is_sub, grid.rows[at + 1 :]))
            places = [one.at for one in grid.amounts if one.at in above.numbers]
            cells = [(at, row.numbers[at]) for at in places for row in below if at in row.numbers]
            pairs = [(above.numbers[at], part) for at, part in cells]
            if above.is_sub or not pairs:
                continue
            larger = [(head, part) for head, part in pairs if part.range.low > head.range.high]
            wrong = [each for each in larger if above.is_total or each[1].value > most]
            head, part = (plain(one.value) for one in (wrong or pairs)[0])
            message = f"“{above.label}”写{head}，其中的一项写{part}。"
            yield Tie(not wrong, (above.quote, below[0].quote), message, f"不小于{part}", head)


@dataclass(frozen=True, slots=True)
class Equation:
    """One column is the sum of others (or the difference of two)."""

    result: Column
    terms: tuple[tuple[int, Column], ...]
    """Sign and column."""

    @property
    def columns(self) -> set[Column]:
        return {self.result, *(one for _, one in self.terms)}

    def value(self, row: Row) -> Decimal:
        return sum((sign * row.cell(one).value for sign, one in self.terms), Decimal(0))

    def holds(self, row: Row) -> bool:
        low = high = Decimal(0)
        for sign, one in self.terms:
            part = row.cell(one).range if sign > 0 else -row.cell(one).range
            low, high = low + part.low, high + part.high
        told = row.numbers[self.result.at].range
        return low <= told.high and told.low <= high

    def wrong(self, rows: Sequence[Row], most: int) -> list[Row] | None:
        """The rows that break it; None where they are more than some."""
        found = list(islice((row for row in rows if not self.holds(row)), most + 1))
        return found if len(found) <= most else None

    def touches(self, row: Row) -> bool:
        return self.result.at in row.numbers and any(one.at in row.numbers for _, one in self.terms)

    def speaks(self, row: Row) -> bool:
        """Whether a row has numbers that could break it: at least two terms that are not nothing."""
        return self.touches(row) and sum(bool(row.cell(one).value) for _, one in self.terms) >= 2

    def says(self, row: Row) -> bool:
        """Whether a row that adds nothing to one number agrees with a header that promises a sum."""
        return (
            self.touches(row)
            and bool(_WHOLE_HEAD.search(self.result.header))
            and all(sign > 0 for sign, _ in self.terms)
            and bool(row.cell(self.result).value)
        )

    @property
    def is_named(self) -> bool:
        """Whether headers say that one is the result; a difference needs that, a sum of three does not."""
        of_it = all(sign > 0 and "其中" in one.header for sign, one in self.terms)
        return len(self.terms) > 2 or of_it or any(_WHOLE_HEAD.search(one.header) for one in self.columns)

    def __str__(self) -> str:
        (_, first), *others = self.terms
        signed = (("＋" if sign > 0 else "－") + one.name for sign, one in others)
        return f"{self.result.name}＝{first.name}{''.join(signed)}"


_WHOLE_HEAD = re.compile(r"合计|总计|小计|总额|共计|调整后|结余|差额|增减|全年预算|预算数")
_SUM_HEAD = re.compile(r"(?:合计|总计|小计)$")
_MOST_COLUMNS = 12
_LEAST_ROWS = 3


def candidates(columns: Sequence[Column]) -> Iterator[Equation]:
    """Sums of neighbouring columns, and differences of two, that a table may keep."""
    for at, result in enumerate(columns if len(columns) <= _MOST_COLUMNS else ()):
        before, after = columns[:at], columns[at + 1 :]
        sums = [before[first:] for first in range(len(before) - 1)]
        sums += [after[:last] for last in range(2, len(after) + 1)]
        yield from (Equation(result, tuple((1, one) for one in terms)) for terms in sums)
        for one, other in combinations([*before, *after], 2):
            yield Equation(result, ((1, one), (-1, other)))
            yield Equation(result, ((-1, one), (1, other)))
        if re.search("结余|结转|余额", result.header) and len(before) >= 3:
            first, second, third = before[-3:]
            yield Equation(result, ((1, first), (1, second), (-1, third)))


@lru_cache(maxsize=1 << 8)
def _kept(grid: Grid) -> Sequence[tuple[Equation, Row | None]]:
    """The sums that a table keeps in all rows but one at most, with the row that breaks each; the widest first.

    Where one reading of a column holds everywhere, another that one row breaks is chance.
    """
    known: list[tuple[Equation, Row | None]] = []
    for one in (each for kind in (Kind.AMOUNT, Kind.SCORE) for each in candidates(grid.of_kind(kind))):
        rows = [row for row in grid.rows if one.touches(row)]
        wrong = one.wrong(rows, 1) if len(rows) >= _LEAST_ROWS else None
        if (
            wrong is not None
            and sum(one.speaks(row) or one.says(row) for row in rows if row not in wrong) >= 2
        ):
            known.append((one, next(iter(wrong), None)))
    known.sort(
        key=lambda each: (
            each[0].result.kind is Kind.SCORE,
            -len(each[0].terms),
            not _WHOLE_HEAD.search(each[0].result.header),
        )
    )
    sound = [one for one, row in known if row is None]
    return [
        (one, row)
        for one, row in known
        if row is None
        or (
            not any(one.result == other.result or one.columns <= other.columns for other in sound)
            and all(each.header for each in one.columns)
        )
    ]


def broken_rows(grid: Grid) -> list[Row]:
    """Rows that break a sum which all others keep."""
    return [wrong for _, wrong in _kept(grid) if wrong]


@relation("TXT042", "表里一行的数加减不对")
def row_sums(document: Document) -> Iterator[Tie]:
    """一列是其他几列之和（合计等于基本支出加项目支出、年初预算加追加等于调整后预算）的，每一行都对得上。"""
    for grid in document.grids:
        told: set[int] = set()
        for one, wrong in _kept(grid):
            if wrong is None:
                yield Tie(True, (grid.rows[0].quote,))
            elif wrong.at not in told and one.is_named:
                told.add(wrong.at)
                found, expected = plain(wrong.numbers[one.result.at].value), plain(one.value(wrong))
                message = f"“{one.result.name}”写{found}，按其他各行的关系应是{expected}（{one}）。"
                yield Tie(False, (wrong.quote,), message, expected, found)
        if len(grid.rows) < _LEAST_ROWS:
            yield from _few_rows(grid)


def _few_rows(grid: Grid) -> Iterator[Tie]:
    """Tables of one or two rows: 合计 and the columns behind it, where one slip repairs the row."""
    for at, result in enumerate(grid.amounts):
        terms = grid.amounts[at + 1 :]
        if not _SUM_HEAD.search(result.header) or any(_SUM_HEAD.search(one.header) for one in terms):
            continue
        equation = Equation(result, tuple((1, one) for one in terms))
        for row in filter(equation.speaks, grid.rows):
            cell, value = row.numbers[result.at], equation.value(row)
            holds = equation.holds(row)
            if holds or slipped_to(cell.value, cell.step, exactly(value)) is not None:
                found, expected = plain(cell.value), plain(value)
                message = f"“{result.name}”写{found}，后面各列加起来是{expected}。"
                yield Tie(holds, (row.quote,), message, expected, found)
