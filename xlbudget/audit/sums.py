"""What a document gives as the number and the money of all its projects: each total with the words it comes from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlbudget.audit.case import Case, once
from xlbudget.audit.facts import Fact, Measure, Whole
from xlbudget.audit.finding import Quote
from xlbudget.audit.headers import CLASSES, Role
from xlbudget.audit.quantities import MONEY_UNITS
from xlbudget.audit.tables import ReadTable, Row

BUDGET_COLUMNS = (Role.BUDGET, Role.INITIAL)


@dataclass(frozen=True, slots=True)
class Total:
    """A total that the document gives or that its parts come to. `slack` is how far rounding can take it off."""

    value: Decimal
    slack: Decimal
    words: str
    quote: Quote


def near(a: Decimal, b: Decimal, slack: Decimal) -> bool:
    """Whether two numbers agree within what rounding explains."""
    return abs(a - b) <= slack


def near_one(values: Sequence[Decimal], number: Decimal, slack: Decimal) -> bool:
    """Whether one of ascending numbers agrees with a number within what rounding explains."""
    at = bisect_left(values, number - slack)
    return at < len(values) and values[at] <= number + slack


def added_up(numbers: Iterable[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """The sum of (value, step) pairs, and its slack: half a step of the finest for each of them."""
    pairs = list(numbers)
    finest = min((step for _, step in pairs), default=Decimal(0))
    return sum((value for value, _ in pairs), Decimal(0)), finest * len(pairs) / 2


def column_sum(rows: Iterable[Row], column: int) -> tuple[Decimal, Decimal] | None:
    """The sum of a column over rows; None where a number is missing."""
    numbers = [row.numbers[column] for row in rows]
    known = [(one.value, one.step) for one in numbers if one is not None]
    return added_up(known) if known and len(known) == len(numbers) else None


def slipped_rows(table: ReadTable, column: int) -> list[Row]:
    """Rows whose amount is more than a thousand times the largest of the others: 元 typed into a table of 万元."""
    known = [(number.value, row) for row in table.data if (number := row.numbers[column]) is not None]
    if len(known) < _FEW_ROWS:
        return []
    known.sort(key=lambda pair: pair[0])
    others, (largest, row) = known[:-1], known[-1]
    in_wan = largest / MONEY_UNITS.get(table.columns[column].unit or "", 1) >= _LOOKS_LIKE_YUAN
    return [row] if in_wan and others[-1][0] > 0 and largest >= others[-1][0] * _FAR_ABOVE else []


_FEW_ROWS, _FAR_ABOVE, _LOOKS_LIKE_YUAN = 3, 100, 5000


@once
def counts(case: Case) -> list[Total]:
    """How many projects there are: by the rows of tables, by statements, by year's beginning plus added ones."""
    none = Decimal(0)
    found = [
        Total(Decimal(len(table.data)), none, "统计表列出", table.data[0].quote)
        for table in case.project_tables
    ]
    found += [
        Total(one.value, none, "正文写明共有", one.quote)
        for one in case.of(Measure.COUNT, Whole.ALL)
        if one.together
    ]
    initial, added = case.of(Measure.COUNT, Whole.INITIAL), added_facts(case, Measure.COUNT)
    if initial and added:
        value = initial[0].value + sum(one.value for one in added)
        found.append(Total(value, none, "年初项目加追加项目是", added[0].quote))
    return found


def added_facts(case: Case, measure: Measure) -> list[Fact]:
    """What was added in all: one statement, or one for each month."""
    facts = facts_once(case.of(measure, Whole.ADDED))
    return [facts[""]] if "" in facts else list(facts.values())


@once
def names_counts(case: Case) -> set[Decimal]:
    """How many different names the project tables have, for reports that count a project once over its batches."""
    found = set()
    for table in case.project_tables:
        column = table.only(Role.PROJECT)
        if column is not None:
            found.add(Decimal(len({row.cells[column] for row in table.data})))
    return found


_UNCLASSED = re.compile(
    r"(?:另有|另外|还有|其余)(?P<count>[0-9]+)个(?:项目)?[^。；0-9]{0,24}(?:不全|暂不|暂未|未到|无法|尚未|暂无|不参与|不纳入|未纳入)"
)


@once
def unclassed(case: Case) -> Decimal:
    """How many projects the text says are in no class or band, since something of them is not known."""
    return max((Decimal(match["count"]) for _, match in case.matches(_UNCLASSED)), default=Decimal(0))


@once
def budgets(case: Case) -> list[Total]:
    """The money of all projects: by tables, statements, initial plus added money."""
    found = []
    for table in case.project_tables:
        for column in table.at(*BUDGET_COLUMNS):
            total = None if slipped_rows(table, column) else column_sum(table.data, column)
            if total is not None and total[0]:
                found.append(
                    Total(*total, f"统计表“{table.columns[column].header}”合计", table.data[0].quote)
                )
    stated = case.of(Measure.BUDGET, Whole.ALL)
    found += [Total(one.value, one.step / 2, "正文写明", one.quote) for one in stated]
    initial, added = case.of(Measure.BUDGET, Whole.INITIAL), added_facts(case, Measure.BUDGET)
    if initial and added:
        value, slack = added_up([(one.value, one.step) for one in (initial[0], *added)])
        found.append(Total(value, slack, "年初预算加追加是", added[0].quote))
    return found


def ticked(table: ReadTable, role: Role) -> list[Row]:
    """The rows of a table that are of a class: by a tick in its column, or by the words in a column of classes."""
    from xlbudget.audit.tables import TICK

    column = table.only(role)
    if column is not None:
        return [row for row in table.data if TICK.match("".join(row.cells[column].split()))]
    flag = table.only(Role.FLAG)
    return (
        []
        if flag is None
        else [row for row in table.data if "".join(row.cells[flag].split()) in _WORDS[role]]
    )


_WORDS = {
    Role.FULL: ("能实现", "能够实现", "能完成", "能", "完全能实现", "可以实现", "能完全实现"),
    Role.PARTLY: ("不能完全实现", "部分实现", "基本能实现", "不能完全完成", "部分完成"),
    Role.FAR: ("差距较大", "不能实现", "与目标差距较大", "不能完成"),
}


@once
def class_tables(case: Case) -> list[tuple[ReadTable, dict[str, list[Row]]]]:
    """Project tables in which each row has exactly one class, with their rows by class."""
    found = []
    for table in case.project_tables:
        rows = {str(role): ticked(table, role) for role in CLASSES}
        placed = [row for members in rows.values() for row in members]
        if placed and len(placed) == len(table.data) and len({id(row) for row in placed}) == len(placed):
            found.append((table, rows))
    return found


def facts_once(facts: Iterable[Fact]) -> dict[str, Fact]:
    """The first fact of each name."""
    found: dict[str, Fact] = {}
    for one in facts:
        found.setdefault(one.subject.name, one)
    return found
