"""What a workbook says: the figures that a report about it may state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from xlbudget.audit.facts import NOT_STARTED, Band, Fact, Measure, Whole
from xlbudget.audit.names import bare_name
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.model import Batch
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

    def values(self, one: Fact) -> set[Decimal]:
        """What the workbook allows a fact to be; empty where it says nothing about it."""
        if one.subject.whole is Whole.PROJECT:
            known = [self.by_name.get(name, []) for name in one.subject.name.split("、")]
            return (
                set.intersection(*(_of_project(one.measure, rows, one.subject.batch) for rows in known))
                if all(known)
                else set()
            )
        rows = self._rows(one)
        return set() if rows is None else self._of_rows(one.measure, rows)

    def _rows(self, one: Fact) -> list[ProjectResult] | None:
        """The rows that a fact is about."""
        results = list(self.case.results)
        if one.subject.whole is Whole.ALL:
            return results
        if one.subject.whole is Whole.INITIAL:
            return [result for result in results if result.project.batch is Batch.INITIAL]
        if one.subject.whole is Whole.ADDED:
            return [result for result in results if result.project.batch is Batch.SUPPLEMENTARY]
        if one.subject.whole is Whole.CLASS:
            return [result for result in results if result.flag == one.subject.name]
        return None if one.band is None else _in_band(results, one.band, one.subject.name)

    def _of_rows(self, measure: Measure, rows: list[ProjectResult]) -> set[Decimal]:
        if measure is Measure.COUNT:
            return {Decimal(len(rows)), Decimal(len({row.project.id for row in rows}))}
        if measure is Measure.BUDGET:
            return {_sum(row.project.budget for row in rows), _sum(row.project.amount for row in rows)}
        if measure is Measure.SPENT:
            return {_sum(row.project.spent for row in rows)}
        if measure is Measure.RATE and len(rows) == len(self.case.results):
            rate = percent(self.case.totals.execution_rate)
            return set() if rate is None else {rate}
        return set()


def _sum(numbers: Iterable[Decimal | None]) -> Decimal:
    return sum((number for number in numbers if number is not None), Decimal(0))


def _in_band(results: list[ProjectResult], band: Band, name: str) -> list[ProjectResult] | None:
    """The rows whose achievement is in a band; those 工作未开展 are a band of their own."""
    if not name.startswith(Measure.ACHIEVEMENT):
        return None
    if band == NOT_STARTED:
        return [result for result in results if result.started is False]
    rounded = [(result, percent(result.achievement)) for result in results if result.started is not False]
    return [result for result, value in rounded if value is not None and band.holds(value)]


def _of_project(measure: Measure, rows: list[ProjectResult], batch: Whole | None) -> set[Decimal]:
    """What may be said of one project: the value of each of its rows, sums of them for money."""
    wanted = {Whole.INITIAL: Batch.INITIAL, Whole.ADDED: Batch.SUPPLEMENTARY}
    some = [row for row in rows if batch is None or row.project.batch is wanted[batch]]
    if measure is Measure.BUDGET:
        return (
            _sums([row.project.budget for row in some])
            | _sums([row.project.amount for row in some])
            | _sums([row.project.adjustment for row in some])
        )
    if measure is Measure.SPENT:
        return _sums([row.project.spent for row in some])
    if measure is Measure.CONTRACT:
        return _sums([row.project.contract for row in some])
    values = {
        Measure.RATE: [percent(row.execution_rate) for row in some],
        Measure.ACHIEVEMENT: [percent(row.achievement) for row in some],
        Measure.FORECAST: [percent(row.forecast) for row in some],
        Measure.MONTH: [Decimal(row.project.month) if row.project.month else None for row in some],
    }.get(measure, [])
    return {value for value in values if value is not None}


def _sums(numbers: list[Decimal | None]) -> set[Decimal]:
    known = [abs(number) for number in numbers if number is not None]
    some = known[:_SUMMED_AT_MOST]
    sums = {
        sum(chosen, Decimal(0)) for size in range(1, len(some) + 1) for chosen in combinations(some, size)
    }
    return sums | ({sum(known, Decimal(0))} if known else set())
