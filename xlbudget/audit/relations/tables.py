"""Tables: totals of columns, sums of rows, levels of codes, rates between columns, scores.

A check is a reading of the whole table (this row is the sum of those, this column that of those). It is taken where all rows or
columns but one agree with it; where more disagree the reading is wrong, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from xlbudget.audit.finding import Confidence
from xlbudget.audit.grid import NOTHING, Cell, Column, Grid, Kind, Row
from xlbudget.audit.interval import HUNDRED, Interval
from xlbudget.audit.interval import total as sum_of
from xlbudget.audit.paragraphs import Document
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.slips import slipped_to
from xlbudget.domain.money import plain, round_half_up

# -- sums of columns -----------------------------------------------------------------------------------


def parents(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """The rows right below each row by their codes: 201 has 20106, that has 2010601."""
    coded = [row for row in rows if row.code and not row.is_total]
    if not coded:
        return _by_indent(rows)
    found: dict[int, list[Row]] = {}
    for row in coded:
        above = [
            one for one in coded if one.code != row.code and row.code.startswith(one.code) and one.at < row.at
        ]
        if above:
            found.setdefault(max(above, key=lambda one: len(one.code)).at, []).append(row)
    return found


def _by_indent(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """The rows right below each row where blanks before the words tell the levels."""
    found: dict[int, list[Row]] = {}
    if len({row.indent for row in rows if not row.is_total}) < 2:
        return {}
    for at, row in enumerate(rows):
        above = [one for one in rows[:at] if one.indent < row.indent and not one.is_total]
        if above and not row.is_total:
            found.setdefault(above[-1].at, []).append(row)
    return found


def _owned(grid: Grid, rows: Sequence[Row]) -> set[int]:
    """The rows that add up, in every column, to a row above them: its parts, whatever they are called."""
    owned: set[int] = set()
    for at, row in enumerate(rows):
        if row.at in owned:
            continue
        for end in range(at + 2, len(rows) + 1):
            below = rows[at + 1 : end]
            columns = [one.at for one in grid.amounts if one.at in row.numbers]
            if (
                columns
                and any(row.numbers[one].value for one in columns)
                and all(_is_sum(below, row, one) for one in columns)
            ):
                if len(below) >= 2 or below[0].is_sub:
                    owned |= {one.at for one in below}
                break
    return owned


def _is_flat(rows: Sequence[Row]) -> bool:
    """Whether nothing tells that rows are parts of other rows."""
    return not any(row.is_sub or row.code for row in rows) and len({_numbering(row) for row in rows}) == 1


_NUMBERING = [
    re.compile(one)
    for one in (
        r"[一二三四五六七八九十]{1,3}[、.]",
        r"\([一二三四五六七八九十]{1,3}\)",
        r"[0-9]{1,2}[.、](?![0-9])",
        r"\([0-9]{1,2}\)",
    )
]


def _numbering(row: Row) -> int | None:
    return next((level for level, one in enumerate(_NUMBERING) if one.match(row.label)), None)


def member_sets(grid: Grid, total: Row) -> Iterator[list[Row]]:
    """Which rows a total can be the sum of: all, the leaves or the tops of their codes, those of one numbering, subtotals."""
    totals = [row for row in grid.rows if row.is_total]
    before = [row for row in grid.rows if row.at < total.at]
    last = max((row.at for row in totals if row.at < total.at), default=-1)
    group = [row for row in before if row.at > last and not row.is_total]
    after = [row for row in grid.rows if row.at > total.at and not row.is_total]
    data = [row for row in before if not row.is_total]
    for rows in (group, data, after if not before else []):
        plain_rows = [row for row in rows if not row.is_sub]
        if len(rows) >= 2:
            yield rows
        if len(plain_rows) >= 2:
            yield plain_rows
        below = parents(rows)
        if below:
            inside = {row.at for some in below.values() for row in some}
            yield [row for row in rows if row.at not in below]
            yield [row for row in rows if row.at not in inside]
        owned = _owned(grid, rows)
        if owned:
            yield [row for row in rows if row.at not in owned]
        levels = {level for row in rows if (level := _numbering(row)) is not None}
        if levels:
            yield [row for row in rows if _numbering(row) == min(levels)]
            yield [row for row in rows if _numbering(row) is None and not row.is_sub]
    subtotals = [row for row in totals if row.at < total.at]
    if len(subtotals) >= 2:
        yield subtotals
        yield [*subtotals, *[row for row in group]]


def summed(rows: Sequence[Row], column: int) -> Interval:
    return sum_of(row.numbers.get(column, NOTHING).range for row in rows)


def _value(rows: Sequence[Row], column: int) -> Decimal:
    return sum((row.numbers.get(column, NOTHING).value for row in rows), Decimal(0))


def _says_something(rows: Sequence[Row], column: int) -> bool:
    """Whether a column has two numbers to add up."""
    return sum(bool(row.numbers.get(column, NOTHING).value) for row in rows) >= 2


def _is_sum(rows: Sequence[Row], total: Row, column: int) -> bool:
    return summed(rows, column).meets(total.numbers[column].range)


@relation("TXT040", "合计行不等于各行之和")
def column_totals(document: Document) -> Iterator[Tie]:
    """表里的合计，等于各行（有小计的，各小计；有科目级次的，最末一级）之和。"""
    for grid in document.grids:
        totals = [row for row in grid.rows if row.is_total]
        wrong_rows = {row.at for row in broken_rows(grid)}
        for total in totals:
            yield from _total_tie(grid, total, wrong_rows, _scores_before(document, grid))


def _scores_before(document: Document, grid: Grid) -> set[Decimal]:
    """Points given in the tables above (10 for 预算执行率), which the total of the indicators' table may count in."""
    others = [
        one
        for one in document.grids
        if one is not grid and grid.position - 3 <= one.position <= grid.position
    ]
    cells = [
        row.numbers[each.at].value
        for one in others
        for each in one.of_kind(Kind.SCORE)
        for row in one.rows
        if each.at in row.numbers
    ]
    return {Decimal(10), *cells}


def _total_tie(grid: Grid, total: Row, wrong_rows: set[int], points: set[Decimal]) -> Iterator[Tie]:
    columns = [one for one in grid.of_kind(Kind.AMOUNT, Kind.SCORE) if one.at in total.numbers]
    sets = [rows for rows in member_sets(grid, total) if len(rows) >= 2]
    best: tuple[int, list[Row]] | None = None
    for rows in sets:
        fitting = sum(_is_sum(rows, total, one.at) for one in columns if _says_something(rows, one.at))
        if best is None or fitting > best[0]:
            best = (fitting, rows)
    if best is None:
        return
    rows = best[1]
    open_columns = [one for one in columns if _says_something(rows, one.at)]
    failing = [
        one
        for one in open_columns
        if not any(_is_sum(some, total, one.at) for some in sets)
        and not (one.kind is Kind.SCORE and total.numbers[one.at].value - _value(rows, one.at) in points)
    ]
    if not failing:
        yield Tie(True, (total.quote,))
        return
    slips = [_slip_in(grid, rows, total, one) for one in failing]
    if len(failing) > 1 and not _same_row(slips, total):
        return
    if not best[0] and (
        slips[0] is None or not _is_flat(rows) or _owned(grid, rows) or slips[0][0] is not total
    ):
        return
    told, value = total.numbers[failing[0].at].value, _value(rows, failing[0].at)
    if slips[0] is None and not value / 2 <= told <= value * 2:
        return
    yield _column_tie(total, rows, failing[0], slips[0], wrong_rows)


def _same_row(slips: Sequence[tuple[Row, Decimal] | None], total: Row) -> bool:
    """Whether several columns fail by the slip of one row."""
    rows = {None if one is None else one[0].at for one in slips}
    return len(rows) == 1 and None not in rows and bool(total)


def _confirmed(grid: Grid, column: Column) -> set[int]:
    """The rows whose percentage confirms their number in a column."""
    rates = [
        rate
        for one in grid.of_kind(Kind.PERCENT)
        for rate, _ in _rates(grid, one)
        if column.at in (rate.part.at, rate.whole.at)
    ]
    return {row.at for row in grid.rows for rate in rates if rate.holds(row)}


def _slip_in(grid: Grid, every: Sequence[Row], total: Row, column: Column) -> tuple[Row, Decimal] | None:
    """The row whose number makes the sum right by one slip: the total itself first, none that a percentage confirms."""
    at = column.at
    everything = summed(every, at)
    cell = total.numbers[at]
    confirmed = _confirmed(grid, column)
    rows = [row for row in every if row.at not in confirmed]
    for row in rows:
        own = row.numbers.get(at)
        if own is not None and own.value > cell.value:
            rest = Interval(everything.low - own.range.low, everything.high - own.range.high)
            need = cell.range - rest
            if need.low <= own.value / 10_000 <= need.high:
                return row, own.value / 10_000
    meant = slipped_to(cell.value, cell.step, everything) if total.at not in confirmed else None
    if meant is not None:
        return total, meant
    for row in rows:
        own = row.numbers.get(at)
        if own is not None and own.value:
            rest = Interval(everything.low - own.range.low, everything.high - own.range.high)
            meant = slipped_to(own.value, own.step, cell.range - rest)
            if meant is not None:
                return row, meant
    return None


def _column_tie(
    total: Row, rows: Sequence[Row], column: Column, slip: tuple[Row, Decimal] | None, wrong_rows: set[int]
) -> Tie:
    value = sum((row.numbers.get(column.at, NOTHING).value for row in rows), Decimal(0))
    found, expected = plain(total.numbers[column.at].value), plain(value)
    message = f"“{_name(column)}”的合计写{found}，各行加起来是{expected}。"
    accused = [row for row in rows if row.at in wrong_rows or (slip is not None and slip[0] is row)]
    if len(accused) == 1 and total.at not in wrong_rows:
        return Tie(False, (accused[0].quote, total.quote), message, expected, found)
    return Tie(False, (total.quote,), message, expected, found)


def _name(column: Column) -> str:
    return column.header.split(" ")[-1] or f"第{column.at + 1}列"


# -- levels of codes -----------------------------------------------------------------------------------


@relation("TXT110", "上级科目不等于下级科目之和")
def code_levels(document: Document) -> Iterator[Tie]:
    """类、款、项：每一类等于它各款之和，每一款等于它各项之和。"""
    for grid in document.grids:
        yield from _levels(grid, parents(grid.rows), {row.at for row in broken_rows(grid)})


@relation("TXT111", "“其中”各行超过所属的行")
def sub_rows(document: Document) -> Iterator[Tie]:
    """“其中”的各行，加起来不超过它们所属的行。"""
    for grid in document.grids:
        for above, below in _subs(grid.rows):
            pairs = [
                (above.numbers[one.at], row.numbers[one.at])
                for one in grid.amounts
                for row in below
                if one.at in above.numbers and one.at in row.numbers
            ]
            most = max(
                (cell.value for row in grid.rows if row.is_total for cell in row.numbers.values()),
                default=Decimal(0),
            )
            wrong = [
                (head, part)
                for head, part in pairs
                if part.range.low > head.range.high and (above.is_total or part.value > most)
            ]
            if pairs:
                head, part = (wrong or pairs)[0]
                message = f"“{above.label}”写{plain(head.value)}，其中的一项写{plain(part.value)}。"
                quotes = (above.quote, below[0].quote)
                yield Tie(not wrong, quotes, message, f"不小于{plain(part.value)}", plain(head.value))


def _subs(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Rows with the 其中 rows right below them."""
    for at, row in enumerate(rows):
        below = []
        for one in rows[at + 1 :]:
            if not one.is_sub:
                break
            below.append(one)
        if below and not row.is_sub:
            yield row, below


def _levels(grid: Grid, below: dict[int, list[Row]], wrong_rows: set[int]) -> Iterator[Tie]:
    """Each row with codes below it; all columns of it are one tie."""
    by_place = {row.at: row for row in grid.rows}
    broken: list[tuple[Row, list[Row], Column]] = []
    held = 0
    for at, rows in below.items():
        above = by_place[at]
        wrong = [one for one in grid.amounts if one.at in above.numbers and not _is_sum(rows, above, one.at)]
        held += not wrong
        broken += [(above, rows, wrong[0])] if wrong else []
    if not broken:
        if held:
            yield Tie(True, (grid.rows[0].quote,))
        return
    if len(broken) > 2 or held < len(broken):
        return
    above, rows, column = _most_wrong(broken)
    if above is None:
        return
    value = sum((row.numbers.get(column.at, NOTHING).value for row in rows), Decimal(0))
    found, expected = plain(above.numbers[column.at].value), plain(value)
    message = f"“{above.label}”的“{_name(column)}”写{found}，下级科目加起来是{expected}。"
    order = sorted((above, *rows), key=lambda row: row.at not in wrong_rows)
    yield Tie(False, tuple(row.quote for row in order), message, expected, found)


def _most_wrong(broken: Sequence[tuple[Row, list[Row], Column]]) -> tuple[Row | None, list[Row], Column]:
    """Of two broken levels the row that is in both: the lower one is wrong."""
    if len(broken) == 1:
        return broken[0]
    (upper, members, column), lower = broken
    if any(row.at == lower[0].at for row in members):
        return lower
    return None, members, column


# -- sums of rows --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Equation:
    """One column is the sum of others (or the difference of two)."""

    result: Column
    terms: tuple[tuple[int, Column], ...]
    """Sign and column."""

    @property
    def columns(self) -> set[int]:
        return {self.result.at, *(one.at for _, one in self.terms)}

    def value(self, row: Row) -> Decimal:
        return sum((sign * row.numbers.get(one.at, NOTHING).value for sign, one in self.terms), Decimal(0))

    def holds(self, row: Row) -> bool:
        ranges = [row.numbers.get(one.at, NOTHING).range for _, one in self.terms]
        right = sum_of(
            each if sign > 0 else -each for (sign, _), each in zip(self.terms, ranges, strict=True)
        )
        return right.meets(row.numbers[self.result.at].range)

    def speaks(self, row: Row) -> bool:
        """Whether a row has numbers that could break it: at least two terms that are not nothing."""
        return (
            self.result.at in row.numbers
            and sum(bool(row.numbers.get(one.at, NOTHING).value) for _, one in self.terms) >= 2
        )

    def touches(self, row: Row) -> bool:
        return self.result.at in row.numbers and any(one.at in row.numbers for _, one in self.terms)


_WHOLE_HEAD = re.compile(r"合计|总计|小计|总额|共计|调整后|结余|差额|增减|全年预算|预算数")


def _candidates(columns: Sequence[Column]) -> Iterator[Equation]:
    """Sums of neighbouring columns, and differences of two, that a table may keep."""
    count = len(columns)
    for at, result in enumerate(columns):
        for first in range(count):
            for last in range(first + 2, count + 1):
                terms = columns[first:last]
                if first <= at < last or (first != at + 1 and last != at):
                    continue
                yield Equation(result, tuple((1, one) for one in terms))
        for one, other in combinations(columns, 2):
            if at not in (columns.index(one), columns.index(other)):
                yield Equation(result, ((1, one), (-1, other)))
                yield Equation(result, ((-1, one), (1, other)))


_MOST_COLUMNS = 12
_LEAST_ROWS = 3


def equations(grid: Grid) -> Iterator[tuple[Equation, list[Row]]]:
    """The sums that a table keeps in all rows but one at most, with the row that breaks each; the widest first."""
    for kind in (Kind.AMOUNT, Kind.SCORE):
        yield from _equations(grid, grid.of_kind(kind))


def _equations(grid: Grid, columns: Sequence[Column]) -> Iterator[tuple[Equation, list[Row]]]:
    if not 3 <= len(columns) <= _MOST_COLUMNS:
        return
    found = []
    for one in _candidates(columns):
        rows = [row for row in grid.rows if one.touches(row)]
        speaking = [row for row in rows if one.speaks(row)]
        if len(speaking) < _LEAST_ROWS - 1 or len(rows) < _LEAST_ROWS:
            continue
        wrong = [row for row in rows if not one.holds(row)]
        right = len([row for row in speaking if row not in wrong])
        if len(wrong) <= 1 and right >= 2 and (not wrong or right >= 2 * len(wrong)):
            found.append((len(one.terms), one, wrong))
    found.sort(key=lambda each: -each[0])
    for _, one, wrong in found:
        yield one, wrong


def broken_rows(grid: Grid) -> list[Row]:
    """Rows that break a sum which all others keep."""
    return [row for one, wrong in _kept(grid) for row in wrong]


def _kept(grid: Grid) -> list[tuple[Equation, list[Row]]]:
    """Sums by their result: where one reading of a column holds everywhere, another that one row breaks is chance."""
    known = list(equations(grid))
    sound = [one for one, wrong in known if not wrong]
    results = {one.result.at for one in sound}
    return [
        (one, wrong)
        for one, wrong in known
        if not wrong
        or (
            one.result.at not in results
            and not any(one.columns <= wider.columns for wider in sound)
            and _is_headed(one)
        )
    ]


def _is_headed(one: Equation) -> bool:
    return bool(one.result.header) and all(each.header for _, each in one.terms)


@relation("TXT042", "表里一行的数加减不对")
def row_sums(document: Document) -> Iterator[Tie]:
    """一列是其他几列之和（合计等于基本支出加项目支出、年初预算加追加等于调整后预算）的，每一行都对得上。"""
    for grid in document.grids:
        told: set[int] = set()
        for one, wrong in _kept(grid):
            for row in wrong:
                if row.at in told or not _is_named(one):
                    continue
                told.add(row.at)
                found, expected = plain(row.numbers[one.result.at].value), plain(one.value(row))
                message = (
                    f"“{_name(one.result)}”写{found}，按其他各行的关系应是{expected}（{_formula(one)}）。"
                )
                yield Tie(False, (row.quote,), message, expected, found)
            if not wrong:
                yield Tie(True, (grid.rows[0].quote,))
        yield from _few_rows(grid, told)


def _is_named(one: Equation) -> bool:
    """Whether the header of a result says that it is one; a difference needs that, a sum of three does not."""
    return (
        len(one.terms) > 2
        or bool(_WHOLE_HEAD.search(one.result.header))
        or any(_WHOLE_HEAD.search(each.header) for _, each in one.terms)
    )


def _formula(one: Equation) -> str:
    first, *others = one.terms
    right = _name(first[1]) + "".join(("＋" if sign > 0 else "－") + _name(each) for sign, each in others)
    return f"{_name(one.result)}＝{right}"


_SUM_HEAD = re.compile(r"(?:合计|总计|小计)$")


def _few_rows(grid: Grid, told: set[int]) -> Iterator[Tie]:
    """Tables of one or two rows: 合计 and the columns behind it, where one slip repairs the row."""
    columns = grid.amounts
    if len(grid.rows) >= _LEAST_ROWS or len(columns) < 3:
        return
    for at, result in enumerate(columns):
        terms = columns[at + 1 :]
        if (
            not _SUM_HEAD.search(result.header)
            or len(terms) < 2
            or any(_SUM_HEAD.search(one.header) for one in terms)
        ):
            continue
        one = Equation(result, tuple((1, each) for each in terms))
        for row in grid.rows:
            if row.at in told or not one.speaks(row):
                continue
            cell = row.numbers[result.at]
            holds = one.holds(row)
            meant = (
                None if holds else slipped_to(cell.value, cell.step, Interval(one.value(row), one.value(row)))
            )
            if holds or meant is not None:
                message = f"“{_name(result)}”写{plain(cell.value)}，后面各列加起来是{plain(one.value(row))}。"
                yield Tie(holds, (row.quote,), message, plain(one.value(row)), plain(cell.value))


# -- rates between columns -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """How a column of percentages comes of two others."""

    percent: Column
    part: Column
    whole: Column
    grown: bool
    """Whether it is by how much the one is more than the other."""

    def ratio(self, row: Row) -> Interval | None:
        part, whole = row.numbers.get(self.part.at), row.numbers.get(self.whole.at)
        if part is None or whole is None or not whole.value:
            return None
        top = part.printed - whole.printed if self.grown else part.printed
        return top.percent_of(whole.printed)

    def holds(self, row: Row) -> bool | None:
        """None where the row does not say."""
        ratio, told = self.ratio(row), row.numbers.get(self.percent.at)
        if ratio is None or told is None:
            return None
        return any(ratio.meets(each) for each in _spellings(told, self.grown))

    def exact(self, row: Row) -> Decimal:
        part, whole = row.numbers[self.part.at].value, row.numbers[self.whole.at].value
        return (part - whole if self.grown else part) / whole * HUNDRED


def _spellings(told: Cell, grown: bool) -> list[Interval]:
    """A percentage as printed, also as a fraction, and without its sign where it grows."""
    found = [told.printed]
    if told.value <= 2 and not told.percent and told.step < 1:
        found.append(Interval(told.printed.low * HUNDRED, told.printed.high * HUNDRED))
    if grown:
        found += [-each for each in found]
    return found


@relation("TXT041", "表里的百分比与其他列的数不符")
def column_rates(document: Document) -> Iterator[Tie]:
    """执行率、增减幅度等百分比的列，每一行都等于同样两列之比。"""
    for grid in document.grids:
        for percent in grid.of_kind(Kind.PERCENT):
            for rate, wrong in _rates(grid, percent):
                for row in wrong:
                    found, expected = (
                        plain(row.numbers[percent.at].value),
                        plain(round_half_up(_fraction(rate.exact(row)), 2)),
                    )
                    how = f"{_name(rate.part)}与{_name(rate.whole)}"
                    message = f"“{_name(percent)}”写{found}，按{how}算是{expected}。"
                    yield Tie(False, (row.quote,), message, f"{expected}%", found)
                if not wrong:
                    yield Tie(True, (grid.rows[0].quote,))


def _fraction(value: Decimal) -> Decimal:
    from fractions import Fraction

    return Fraction(value)  # type: ignore[return-value]


_RATE_NAMED = re.compile(r"执行率|支出率|完成率|支付率|进度|使用率|完成预算")
_GROWTH_NAMED = re.compile(r"增减|增长|增幅|降幅|变动|同比|±|比上年")


def _rates(grid: Grid, percent: Column) -> Iterator[tuple[Rate, list[Row]]]:
    """The reading of a column of percentages that most rows keep, with the row that breaks it."""
    best: tuple[int, Rate, list[Row]] | None = None
    for part in grid.amounts:
        for whole in grid.amounts:
            for grown in (False, True):
                if part is whole:
                    continue
                rate = Rate(percent, part, whole, grown)
                known = [(row, held) for row in grid.rows if (held := rate.holds(row)) is not None]
                right = sum(held for row, held in known if row.numbers[percent.at].value not in (0, 100))
                wrong = [row for row, held in known if not held]
                if best is None or (right, -len(wrong)) > (best[0], -len(best[2])):
                    best = (right, rate, wrong)
    if best is None:
        return
    right, rate, wrong = best
    if len(wrong) <= 1 and right >= 2:
        yield rate, wrong
    elif right < 2:
        yield from _named_rate(grid, percent)


def _named_rate(grid: Grid, percent: Column) -> Iterator[tuple[Rate, list[Row]]]:
    """执行率 in a table of a row or two: 执行数 and the 预算数 before it, where one slip repairs the percentage."""
    if not _RATE_NAMED.search(percent.header):
        return
    parts = [
        one
        for one in grid.amounts
        if re.search(r"执行|支出|完成|使用|决算", one.header) and "预算数" not in one.header
    ]
    wholes = [one for one in grid.amounts if re.search(r"预算|全年|计划", one.header) and one not in parts]
    if len(parts) != 1 or not wholes:
        return
    rates = [Rate(percent, parts[0], whole, False) for whole in wholes]
    rows = [row for row in grid.rows if any(rate.holds(row) is not None for rate in rates)]
    wrong = [row for row in rows if not any(rate.holds(row) for rate in rates)]
    if len(wrong) == 1:
        for rate in reversed(rates):
            cell, ratio = wrong[0].numbers[percent.at], rate.ratio(wrong[0])
            if ratio is not None and slipped_to(cell.value, cell.step, ratio) is not None:
                yield rate, wrong
                return


# -- scores --------------------------------------------------------------------------------------------


@relation("TXT133", "表里数量乘单价不等于金额")
def row_products(document: Document) -> Iterator[Tie]:
    """数量、单价、金额三列的表，每一行金额等于数量乘单价。"""
    for grid in document.grids:
        found = [
            [one for one in grid.amounts if re.search(head, one.header)]
            for head in (r"数量|台数|面积|里程", r"单价|标准|均价", r"金额|预算|小计|资金|补助额")
        ]
        if any(len(one) != 1 for one in found):
            continue
        (count,), (price,), (amount,) = found
        rows = [row for row in grid.rows if all(one.at in row.numbers for one in (count, price, amount))]
        for scale in (Decimal(1), Decimal(10_000), 1 / Decimal(10_000)):
            wrong = [row for row in rows if not _multiplies(row, count, price, amount, scale)]
            if len(wrong) == 1 and len(rows) >= 3:
                row = wrong[0]
                value = row.numbers[count.at].value * row.numbers[price.at].value * scale
                expected, written = plain(value.normalize()), plain(row.numbers[amount.at].value)
                yield Tie(
                    False, (row.quote,), f"数量乘单价是{expected}，金额写{written}。", expected, written
                )
                break


def _multiplies(row: Row, count: Column, price: Column, amount: Column, scale: Decimal) -> bool:
    product = row.numbers[count.at].range * row.numbers[price.at].printed * Interval(scale, scale)
    return product.meets(row.numbers[amount.at].printed)


_TARGET = re.compile(
    r"(?P<sign>≥|>=|不低于|≤|<=|不超过|=|＝)?(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?P<unit>[^0-9]{0,6})$"
)
_ALL_REACHED = re.compile(
    r"(?:各项?|全部|所有|[0-9]+个|[0-9]+项[^，。；]{0,10})?指标[^，。；]{0,4}均(?:已)?(?:完成|达到|达标|实现)"
)


@relation("TXT130", "“指标均已完成”与指标表不符", Confidence.LIKELY)
def all_reached(document: Document) -> Iterator[Tie]:
    """写“各项指标均已完成”的，指标表里每个指标的完成值都达到指标值。"""
    missed = [(grid, row) for grid in document.grids for row in grid.rows if _is_missed(grid, row)]
    for text in document.paragraphs:
        for match in _ALL_REACHED.finditer(text.clean):
            before = text.clean[max(0, match.start() - 12) : match.start()]
            if missed and not re.search("除|外|其余|未", before) and len(missed) <= 3:
                rows = tuple(row.quote for _, row in missed)
                message = f"这里写“{match.group()}”，表里“{missed[0][1].label[-12:]}”没有达到指标值。"
                yield Tie(False, (text.quote(match.start(), match.end()), *rows), message, "", match.group())


def _is_missed(grid: Grid, row: Row) -> bool:
    target = next((one.at for one in grid.columns if re.search("指标值|目标值", one.header)), None)
    actual = next(
        (one.at for one in grid.columns if re.search("完成值|实际值|实际完成|完成情况", one.header)), None
    )
    if target is None or actual is None:
        return False
    wanted, got = (_TARGET.match(row.words.get(at, "")) for at in (target, actual))
    if not wanted or not got or wanted["unit"].strip() != got["unit"].strip() or not wanted["sign"]:
        return False
    aim, value = (Decimal(one["number"].replace(",", "")) for one in (wanted, got))
    return (
        value < aim
        if wanted["sign"] in ("≥", ">=", "不低于")
        else value > aim
        if wanted["sign"] in ("≤", "<=", "不超过")
        else False
    )


@relation("TXT112", "得分超过分值")
def scores(document: Document) -> Iterator[Tie]:
    """每项得分不超过该项分值。"""
    for grid in document.grids:
        full = [one for one in grid.of_kind(Kind.SCORE) if re.search(r"分值|权重|满分|标准分", one.header)]
        got = [
            one for one in grid.of_kind(Kind.SCORE) if re.search(r"得分|评分", one.header) and one not in full
        ]
        if len(full) != 1 or len(got) != 1:
            continue
        for row in grid.rows:
            most, own = row.numbers.get(full[0].at), row.numbers.get(got[0].at)
            if most is not None and own is not None and not most.percent:
                message = f"“{row.label}”得{plain(own.value)}分，分值只有{plain(most.value)}分。"
                yield Tie(
                    own.value <= most.value,
                    (row.quote,),
                    message,
                    f"不超过{plain(most.value)}",
                    plain(own.value),
                    group=(grid.position, "scores"),
                )


_ = (Callable, Confidence)
