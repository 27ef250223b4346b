"""What a workbook says: the figures that a report about it may state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from xlbudget.audit.projects import Measure, bare_name
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.money import percent

_SUMMED_AT_MOST = 6


@dataclass(frozen=True)
class Truth:
    """The assessment of a workbook, asked in the words of a report."""

    case: Assessment

    @cached_property
    def by_name(self) -> dict[str, list[ProjectResult]]:
        """Rows by the project's name."""
        found: dict[str, list[ProjectResult]] = {}
        for result in self.case.results:
            if result.project.name:
                found.setdefault(bare_name(result.project.name), []).append(result)
        return found

    def of_project(self, name: str, measure: Measure) -> set[Decimal]:
        """What may be said of one project: the value of each of its rows, sums of them for money."""
        rows = self.by_name.get(name, [])
        if measure is Measure.BUDGET:
            return (
                _sums(row.project.budget for row in rows)
                | _sums(row.project.amount for row in rows)
                | _sums(row.project.adjustment for row in rows)
            )
        if measure is Measure.SPENT:
            return _sums(row.project.spent for row in rows)
        if measure is Measure.CONTRACT:
            return _sums(row.project.contract for row in rows)
        rates = {
            Measure.RATE: [percent(row.execution_rate) for row in rows],
            Measure.ACHIEVEMENT: [percent(row.achievement) for row in rows],
        }.get(measure, [])
        return {value for value in rates if value is not None}

    def counts(self, rows: Iterable[ProjectResult]) -> set[Decimal]:
        """How many projects some rows are: each batch for itself, or each project once."""
        known = list(rows)
        return {Decimal(len(known)), Decimal(len({row.project.id for row in known}))}

    def in_class(self, name: str) -> list[ProjectResult]:
        """The rows of a forecast class."""
        return [row for row in self.case.results if row.flag == name]

    def in_band(self, lower: Decimal, upper: Decimal | None) -> list[ProjectResult]:
        """The rows whose achievement is in a band; those that have not begun are in none."""
        rounded = [(row, percent(row.achievement)) for row in self.case.results if row.started is not False]
        return [
            row
            for row, value in rounded
            if value is not None and value >= lower and (upper is None or value < upper)
        ]


def budget_of(rows: Iterable[ProjectResult]) -> Decimal:
    """The money of some rows, in 元."""
    return sum((row.project.budget for row in rows if row.project.budget is not None), Decimal(0))


def _sums(numbers: Iterable[Decimal | None]) -> set[Decimal]:
    known = [abs(number) for number in numbers if number is not None]
    some = known[:_SUMMED_AT_MOST]
    sums = {
        sum(chosen, Decimal(0)) for size in range(1, len(some) + 1) for chosen in combinations(some, size)
    }
    return sums | ({sum(known, Decimal(0))} if known else set())
