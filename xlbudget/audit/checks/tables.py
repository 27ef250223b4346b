"""Tables in themselves: totals, rates, ticks, rows that cannot be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xlbudget.audit.case import Case
from xlbudget.audit.checks.arithmetic import agrees, percent_words
from xlbudget.audit.facts import Measure, worded
from xlbudget.audit.finding import Confidence
from xlbudget.audit.headers import CLASSES, MONEY, Role
from xlbudget.audit.names import bare_name
from xlbudget.audit.passage import squeeze
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import added_up, column_sum, near, slipped_rows, ticked
from xlbudget.audit.tables import Column, Number, ReadTable, Row, RowKind
from xlbudget.domain.money import plain

_FIX = "请核对这一行，重新计算。"
_NOTHING = ("", "-", "--", "/", "无")
_ADDABLE = {*MONEY, Role.COUNT, Role.SCORE, Role.WEIGHT}


@check("TXT040", "合计行不等于各行之和")
def total_rows(case: Case) -> Iterator[Contradiction]:
    """表里的合计，等于各行（有小计的，各小计）之和。"""
    for table in case.tables:
        total = table.total
        if total is None:
            continue
        for column, head in enumerate(table.columns):
            number = total.numbers[column]
            if head.role not in _ADDABLE or number is None:
                continue
            sums = list(_sums(table, column, total))
            if slipped_rows(table, column) or (head.role is Role.LEFT and any(_wrong_rows(table))):
                continue  # TXT051 or TXT042 tells of the row
            if not sums or any(
                near(number.value, value, max(slack, number.step / 2)) for value, slack in sums
            ):
                continue
            slipped = _unit_slip(table, column, number, sums[0][0])
            if slipped is not None:
                yield slipped
                continue
            expected, found = _words(head, sums[0][0]), _words(head, number.value)
            name = "".join(head.header.split())
            message = f"“{name}”一列各行加起来是{expected}，合计行写{found}。"
            yield Contradiction(Confidence.CERTAIN, message, _FIX, (total.quote,), expected, found)


def _words(head: Column, value: Decimal) -> str:
    if head.role in MONEY:
        return worded(Measure.BUDGET, value, head.unit or "")
    return f"{plain(value)}{head.unit or ''}"


def _unit_slip(table: ReadTable, column: int, total: Number, value: Decimal) -> Contradiction | None:
    """The row that makes the total right when its number is ten thousand times smaller or larger."""
    head = table.columns[column]
    for row in table.data if head.role in MONEY else []:
        one = row.numbers[column]
        for factor in (Decimal("0.0001"), Decimal(10_000)) if one else ():
            assert one is not None
            if near(value - one.value + one.value * factor, total.value, total.step / 2):
                expected, found = _words(head, one.value * factor), _words(head, one.value)
                message = f"这里写{found}，按合计算应是{expected}，单位写错了。"
                return Contradiction(
                    Confidence.CERTAIN, message, "请核对单位。", (row.quote,), expected, found
                )
    return None


def _sums(table: ReadTable, column: int, total: Row) -> Iterator[tuple[Decimal, Decimal]]:
    """What the column may rightly come to: all rows; all subtotals; rows before the total row."""
    cut = table.rows.index(total)
    for rows in (table.rows[:cut], table.rows[cut + 1 :]):
        if any(row.numbers[column] is None and squeeze(row.cells[column]) not in _NOTHING for row in rows):
            continue  # a cell that is not a plain number: what it adds is not known
        groups = [row.numbers[column] for row in rows if row.kind is RowKind.GROUP]
        data = [row.numbers[column] for row in rows if row.kind is RowKind.DATA]
        subtotals = [row.numbers[column] for row in rows if row.kind is RowKind.SUBTOTAL]
        for numbers in (data, subtotals, groups):
            known = [one for one in numbers if one is not None]
            if len(known) >= 2 or (known and len(rows) == 1):
                value, slack = added_up((one.value, one.step) for one in known)
                yield value, slack if any(one.step < _unit(table, column) for one in known) else Decimal(0)


def _unit(table: ReadTable, column: int) -> Decimal:
    from xlbudget.audit.quantities import MONEY_UNITS

    return MONEY_UNITS.get(table.columns[column].unit or "", Decimal(1))


@check("TXT041", "表里的执行率不等于支出除以预算")
def row_rates(case: Case) -> Iterator[Contradiction]:
    """每行的执行率，等于该行支出除以预算。"""
    for table in case.tables:
        rate, spent = table.only(Role.RATE), table.only(Role.SPENT)
        budgets = table.at(Role.BUDGET, Role.INITIAL)
        if rate is None or spent is None or not budgets:
            continue
        wrong = [
            row
            for row in table.rows
            if _is_off(row, rate, spent, budgets)
            and not (row is table.total and _fits_sums(table, rate, spent, budgets))
        ]
        if len(wrong) * 2 > len([row for row in table.rows if row.numbers[rate]]):
            continue  # another kind of rate
        for row in wrong:
            exact = _rate(row, spent, budgets[-1])
            number = row.numbers[rate]
            assert number is not None
            expected, found = percent_words(exact, number.step), f"{plain(number.value)}%"
            message = f"支出除以预算是{expected}，这里写{found}。"
            yield Contradiction(Confidence.CERTAIN, message, _FIX, (row.quote,), expected, found)


def _rate(row: Row, spent: int, budget: int) -> Fraction:
    part, whole = row.numbers[spent], row.numbers[budget]
    assert part is not None
    assert whole is not None
    return Fraction(part.value) / Fraction(whole.value) * 100


def _is_off(row: Row, rate: int, spent: int, budgets: list[int]) -> bool:
    number, part = row.numbers[rate], row.numbers[spent]
    wholes = [one for at in budgets if (one := row.numbers[at]) is not None and one.value > 0]
    if number is None or part is None or len(wholes) != len(budgets):
        return False
    return not any(_rate_fits(number, part, whole) for whole in wholes)


def _fits_sums(table: ReadTable, rate: int, spent: int, budgets: list[int]) -> bool:
    """Whether the rate in the total row is that of the sums; then another number of that row is wrong."""
    part, wholes = column_sum(table.data, spent), [column_sum(table.data, at) for at in budgets]
    number = table.total.numbers[rate] if table.total else None
    if part is None or number is None:
        return False
    return any(_rate_fits(number, Number(*part), Number(*whole)) for whole in wholes if whole and whole[0])


def _rate_fits(rate: Number, part: Number, whole: Number) -> bool:
    base = Fraction(whole.value)
    exact = Fraction(part.value) / base * 100
    blur = (Fraction(part.step) / base + Fraction(part.value) * Fraction(whole.step) / base**2) * 50
    decimals = part.step != part.step.to_integral_value() or part.step % 10_000 or whole.step % 10_000
    blur = blur if decimals else Fraction(0)
    return (
        agrees(rate.value, rate.step, exact)
        or abs(Fraction(rate.value) - exact) <= blur + Fraction(rate.step) / 2
    )


@check("TXT042", "表里的年初预算加追加不等于调整后预算")
def row_budgets(case: Case) -> Iterator[Contradiction]:
    """年初预算加追加（调整）等于调整后预算；预算减支出等于结余。"""
    for table in case.tables:
        yield from _wrong_rows(table)


def _wrong_rows(table: ReadTable) -> Iterator[Contradiction]:
    yield from _row_sums(table, table.only(Role.INITIAL), table.only(Role.ADDED), table.only(Role.BUDGET), 1)
    budget = table.only(Role.BUDGET)
    if budget is None and not table.at(Role.ADDED):
        budget = table.only(Role.INITIAL)
    yield from _row_sums(table, budget, table.only(Role.SPENT), table.only(Role.LEFT), -1)


def _row_sums(
    table: ReadTable, first: int | None, second: int | None, result: int | None, sign: int
) -> Iterator[Contradiction]:
    if first is None or second is None or result is None:
        return
    wrong, right = [], 0
    for row in table.data:
        a, b, c = row.numbers[first], row.numbers[second], row.numbers[result]
        if a is None or c is None or (b is None and squeeze(row.cells[second]) not in _NOTHING):
            continue
        other = b.value if b else Decimal(0)
        value = a.value + sign * other
        slack = max(a.step, b.step if b else a.step, c.step)
        if near(value, c.value, slack if slack < _unit(table, result) else Decimal(0)):
            right += 1
        else:
            wrong.append((row, value, c.value))
    for row, value, found in wrong if right > len(wrong) else []:
        expected, written = worded(Measure.BUDGET, value), worded(Measure.BUDGET, found)
        heads = [table.columns[at].header.replace(" ", "") for at in (first, second, result)]
        message = (
            f"“{heads[0]}”{'加' if sign > 0 else '减'}“{heads[1]}”是{expected}，“{heads[2]}”写{written}。"
        )
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (row.quote,), expected, written)


@check("TXT043", "预计实现情况勾了几项")
def one_tick_a_row(case: Case) -> Iterator[Contradiction]:
    """统计表每个项目在三类里勾选一类。"""
    for table in case.tables:
        columns = [at for role in CLASSES if (at := table.only(role)) is not None]
        if len(columns) < 2 or not any(ticked(table, role) for role in CLASSES):
            continue
        places = Counter(row.quote.place for role in CLASSES for row in ticked(table, role))
        for row in table.data:
            marks = places[row.quote.place]
            if marks > 1:
                message = "这一行在三类里勾了几项。"
                yield Contradiction(
                    Confidence.CERTAIN, message, "请只勾一项。", (row.quote,), "1项", f"{marks}项"
                )


@check("TXT044", "统计表里项目重名，分不清")
def same_name_twice(case: Case) -> Iterator[Contradiction]:
    """同一个项目名称在统计表里有几行的，要写明批次。"""
    for table in case.project_tables:
        column = table.only(Role.PROJECT)
        assert column is not None
        seen: dict[tuple[str, ...], Row] = {}
        for row in table.data:
            if not row.cells[column] or not row.named or _has_indicators(table):
                continue
            key = (squeeze(row.cells[column]), *_telling(table, row))
            first = seen.setdefault(key, row)
            if first is not row and first.quote.place != row.quote.place:
                name = bare_name(row.cells[column])
                message = f"“{name}”在表里有几行，看不出分别是什么。"
                remedy = "请在名称后写明批次，例如“（年初）”“（6月追加）”。"
                yield Contradiction(Confidence.LIKELY, message, remedy, (row.quote, first.quote), "", name)


def _telling(table: ReadTable, row: Row) -> tuple[str, ...]:
    """The cells that may tell rows of one name apart: every text but the department, the number in order and ticks."""
    silent = (Role.NUMBER, Role.DEPARTMENT, Role.PROJECT, *CLASSES, Role.FLAG, Role.LIGHT)
    return tuple(
        "" if column.role in silent or number is not None else squeeze(cell)
        for column, number, cell in zip(table.columns, row.numbers, row.cells, strict=True)
    )


def _has_indicators(table: ReadTable) -> bool:
    """Whether a project has a row for each of its indicators."""
    return bool(table.at(Role.INDICATOR, Role.TARGET, Role.ACTUAL))


@check("TXT045", "表里的同比、占比、完成率算不出来")
def row_percentages(case: Case) -> Iterator[Contradiction]:
    """同比等于本期比上年同期的增减，完成率等于完成值除以指标值。"""
    for table in case.tables:
        yield from _ratios(
            table, table.only(Role.COMPLETION), table.only(Role.ACTUAL), table.only(Role.TARGET), less=0
        )
        yield from _ratios(
            table, table.only(Role.GROWTH), table.only(Role.NOW), table.only(Role.BEFORE), less=100
        )


def _ratios(
    table: ReadTable, percent: int | None, part: int | None, whole: int | None, *, less: int
) -> Iterator[Contradiction]:
    if percent is None or part is None or whole is None:
        return
    wrong, right = [], 0
    for row in table.data:
        number, a, b = row.numbers[percent], row.numbers[part], row.numbers[whole]
        if number is None or a is None or b is None or b.value <= 0:
            continue
        exact = Fraction(a.value) / Fraction(b.value) * 100 - less
        if (
            agrees(number.value, number.step, exact)
            or (less and agrees(abs(number.value), number.step, abs(exact)))
            or (not less and exact > 100 and number.value == 100)
            or _inverse(number, a, b, less)
        ):
            right += 1
        else:
            wrong.append((row, exact, number))
    for row, exact, number in wrong if right > len(wrong) else []:
        expected, found = percent_words(exact, number.step), f"{plain(number.value)}%"
        message = f"按这一行的数算是{expected}，这里写{found}。"
        yield Contradiction(Confidence.LIKELY, message, _FIX, (row.quote,), expected, found)


def _inverse(number: Number, part: Number, whole: Number, less: int) -> bool:
    """Whether the percentage is that of an indicator that should be small (≤)."""
    if less or not part.value:
        return not less
    over = max(Fraction(0), 1 - (Fraction(part.value) - Fraction(whole.value)) / Fraction(whole.value)) * 100
    return agrees(number.value, number.step, min(Fraction(100), over))


@check("TXT049", "支出超过预算")
def row_overspent(case: Case) -> Iterator[Contradiction]:
    """表里每个项目的支出不超过预算。"""
    for table in case.project_tables:
        spent, budgets = table.only(Role.SPENT), table.at(Role.BUDGET, Role.INITIAL)
        for row in table.data if spent is not None and budgets else []:
            part, wholes = row.numbers[spent or 0], [row.numbers[at] for at in budgets]
            known = [one.value for one in wholes if one is not None]
            if part is not None and len(known) == len(wholes) and part.value > max(known) > 0:
                expected, found = (worded(Measure.BUDGET, value) for value in (max(known), part.value))
                message = f"支出{found}超过预算{expected}。"
                yield Contradiction(
                    Confidence.LIKELY,
                    message,
                    "请核对支出，或写明追加了多少。",
                    (row.quote,),
                    expected,
                    found,
                )


_SLIPPED = 10_000
"""How many times larger an amount is that was typed in 元 in a table of 万元."""


@check("TXT051", "单位可能写错")
def unit_of_cell(case: Case) -> Iterator[Contradiction]:
    """一列金额用同一个单位：一个数比其他各数都大得多，多半是把元填进了万元的表。"""
    for table in case.project_tables:
        for column in table.at(*MONEY):
            for row in slipped_rows(table, column):
                number = row.numbers[column]
                assert number is not None
                expected, found = (
                    _words(table.columns[column], number.value / _SLIPPED),
                    _words(table.columns[column], number.value),
                )
                message = f"这里写{found}，比这一列其他的数大得多，可能应是{expected}。"
                yield Contradiction(Confidence.LIKELY, message, "请核对单位。", (row.quote,), expected, found)
