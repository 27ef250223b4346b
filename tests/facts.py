"""One description of a unit's facts, rendered twice: as domain objects and as records of the oracle.

In a description None is a cell that nobody can read (or a required one left empty) and "" an empty cell;
amounts are in 元. `differences` compares every figure of an assessment with the oracle's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from tests import oracle
from xlbudget import profiles
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.model import (
    Batch,
    Comparison,
    Indicator,
    Likelihood,
    Monitoring,
    Place,
    Project,
    Status,
    Unit,
)
from xlbudget.domain.money import percent
from xlbudget.domain.profile import Method, Profile

Entry = Decimal | str | None
"""A cell's content: a number, a word ("" for empty), or None for unreadable."""

NO_COLUMNS: Mapping[str, int] = MappingProxyType({})
TIMED: tuple[bool | str, ...] = ("", "", True, False)
WORDS = ("达成", "部分达成", "未达成")


@dataclass(frozen=True, slots=True)
class ProjectFact:
    """A row of 项目: the money that the measures need."""

    id: str
    batch: str | None = "年初"
    month: int | None = None
    amount: Decimal | None = Decimal(10_000)
    adjustment: Entry = ""
    spent: Decimal | None = Decimal(0)
    full_year: Entry = ""


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """A row of 指标. `timed` is "" when 是否按序时考核 is empty; `target` of 定性 is a text."""

    project: str
    comparison: str | None = "≥"
    target: Entry = Decimal(10)
    actual: Entry = ""
    full_year: Entry = ""
    likelihood: str | None = ""
    timed: bool | str | None = ""
    level2: str | None = "质量指标"
    due: int | None = 12
    weight: Entry = ""


@dataclass(frozen=True, slots=True)
class UnitFact:
    """What a unit filled in, with 监控截止月份 N."""

    month: int
    projects: tuple[ProjectFact, ...]
    indicators: tuple[IndicatorFact, ...]


# -- as domain objects ---------------------------------------------------------------------------------


def _unread(fact: ProjectFact | IndicatorFact, names: Mapping[str, str]) -> frozenset[str]:
    return frozenset(field for name, field in names.items() if getattr(fact, name) is None)


def _number(entry: Entry) -> Decimal | None:
    return entry if isinstance(entry, Decimal) else None


def _value(entry: Entry) -> Decimal | Status | None:
    return Status(entry) if isinstance(entry, str) and entry else _number(entry)


def as_project(fact: ProjectFact, row: int) -> Project:
    names = {
        "amount": "amount",
        "adjustment": "adjustment",
        "spent": "spent",
        "full_year": "full_year_spending",
    }
    return Project(
        place=Place("项目", row, NO_COLUMNS),
        unreadable=_unread(fact, names),
        id=fact.id,
        name=f"项目{fact.id}",
        batch=Batch(fact.batch) if fact.batch else None,
        month=fact.month,
        amount=fact.amount,
        adjustment=_number(fact.adjustment),
        spent=fact.spent,
        full_year_spending=_number(fact.full_year),
    )


def as_indicator(fact: IndicatorFact, row: int) -> Indicator:
    fields = ("comparison", "target", "actual", "full_year", "likelihood", "timed", "level2", "weight")
    return Indicator(
        place=Place("指标", row, NO_COLUMNS),
        unreadable=_unread(fact, {name: name for name in fields} | {"due": "due_month"}),
        project_id=fact.project,
        level2=fact.level2,
        comparison=Comparison(fact.comparison) if fact.comparison else None,
        target=fact.target,
        weight=_number(fact.weight),
        timed=fact.timed if isinstance(fact.timed, bool) else None,
        due_month=fact.due,
        actual=_value(fact.actual),
        full_year=_value(fact.full_year),
        likelihood=Likelihood(fact.likelihood) if fact.likelihood else None,
    )


def as_monitoring(facts: UnitFact) -> Monitoring:
    return Monitoring(
        unit=Unit(sheet="首页", cells={}, cutoff_month=facts.month, amount_unit="元"),
        projects=tuple(as_project(one, row) for row, one in enumerate(facts.projects, 5)),
        indicators=tuple(as_indicator(one, row) for row, one in enumerate(facts.indicators, 5)),
    )


@cache
def profile_of(method: str) -> Profile:
    """The shipped hebei-county profile with another method."""
    return profiles.load("hebei-county").model_copy(update={"method": Method(method)})


# -- as records of the oracle --------------------------------------------------------------------------


def _exact(entry: Entry) -> Fraction | str | None:
    return Fraction(entry) if isinstance(entry, Decimal) else entry


def project_record(fact: ProjectFact) -> oracle.Record:
    return {
        "id": fact.id,
        "batch": fact.batch,
        "month": fact.month,
        "initial": _exact(fact.amount),
        "adjustment": Fraction(0) if fact.adjustment == "" else _exact(fact.adjustment),
        "spent": _exact(fact.spent),
        "full_year": None if fact.full_year == "" else _exact(fact.full_year),
    }


def indicator_record(fact: IndicatorFact) -> oracle.Record:
    return {
        "id": fact.project,
        "comparison": fact.comparison,
        "target": _exact(fact.target),
        "actual": _exact(fact.actual),
        "full_year": _exact(fact.full_year),
        "likelihood": fact.likelihood,
        "timed": None if fact.timed == "" else fact.timed,
        "level2": fact.level2,
        "due": fact.due,
        "weight": None if fact.weight == "" else _exact(fact.weight),
    }


def expected(facts: UnitFact, method: str) -> oracle.Record:
    """What the oracle says of the facts."""
    projects = [project_record(one) for one in facts.projects]
    return oracle.evaluate(projects, [indicator_record(one) for one in facts.indicators], facts.month, method)


# -- every figure of an assessment, in the oracle's shape ----------------------------------------------


def _row_figures(result: ProjectResult) -> oracle.Record:
    return {
        "budget": result.project.budget,
        "spent": result.project.spent,
        "execution_rate": percent(result.execution_rate),
        "achievement": percent(result.achievement),
        "forecast": percent(result.forecast),
        "forecast_execution_rate": percent(result.forecast_execution_rate),
        "forecast_flag": result.flag,
        "indicator_light": result.indicator_light,
        "budget_light": result.budget_light,
        "light": result.light,
        "band": result.band,
        "basis": result.basis,
    }


def computed(case: Assessment) -> oracle.Record:
    """What xlbudget says, in the shape of `oracle.evaluate`."""
    totals = case.totals
    return {
        "rows": [_row_figures(result) for result in case.results],
        "totals": {
            "projects": totals.projects,
            "budget": totals.budget,
            "spent": totals.spent,
            "execution_rate": percent(totals.execution_rate),
            "incomplete": totals.incomplete,
        },
        "bands": {label: len(rows) for label, rows in case.bands} | {"unknown": len(case.unknown_band)},
        "forecast": {one.flag: {"projects": len(one.results), "amount": one.amount} for one in case.forecast},
        "indicators": [
            {
                "achievement": percent(one.achievement),
                "uncapped": one.uncapped,
                "forecast": percent(one.forecast),
                "basis": one.basis,
                "light": one.light,
            }
            for one in case.indicators
        ],
    }


def figures(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a tree of dicts and lists with its path; numbers as exact fractions."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from figures(part, f"{path}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from figures(part, f"{path}[{number}]")
    else:
        yield path, Fraction(value) if isinstance(value, int | Decimal) else value


def differences(found: oracle.Record, wanted: oracle.Record) -> list[str]:
    """The figures that differ, each with its path; none when the trees are equal."""
    left, right = dict(figures(found)), dict(figures(wanted))
    paths = dict.fromkeys([*left, *right])
    missing = object()
    return [
        f"{path}: {left.get(path)} instead of {right.get(path)}"
        for path in paths
        if left.get(path, missing) != right.get(path, missing)
    ]


# -- random facts --------------------------------------------------------------------------------------

MONTHS = st.integers(1, 12)
NUMBERS = st.integers(-300, 30_000).map(lambda hundredths: Decimal(hundredths) / 100)
AMOUNTS = st.one_of(st.integers(0, 20), st.integers(0, 500_000)).map(lambda n: Decimal(n) / 2 * 100)
TARGETS = st.one_of(st.sampled_from((0, 1, 12, 20, 30, 95, 100, -5)).map(Decimal), NUMBERS)
SHARES = tuple(map(Decimal, ("0.3", "0.5", "0.6", "0.7", "0.8", "1", "1.15", "1.2", "2", "0.001")))


def sometimes_unread(cells: st.SearchStrategy[Any], *, unread: bool) -> st.SearchStrategy[Any]:
    return st.one_of(cells, cells, cells, cells, st.none()) if unread else cells


@st.composite
def near(draw: st.DrawFn, whole: Decimal, month: int) -> Decimal:
    """A number at one of the limits: a round share of `whole`, perhaps of its part that is due by now."""
    part = whole * month / 12 if (whole * month) % 12 == 0 and draw(st.booleans()) else whole
    return part * draw(st.sampled_from(SHARES))


def _quantities(target: Entry, month: int) -> st.SearchStrategy[Decimal]:
    whole = target if isinstance(target, Decimal) else Decimal(12)
    return st.one_of(st.just(Decimal(0)), NUMBERS, near(whole, month), near(whole, month))


@st.composite
def indicator_facts(draw: st.DrawFn, project: str, month: int, *, unread: bool = True) -> IndicatorFact:
    """A row of 指标; words stand only in 定性 rows (reading refuses them elsewhere)."""
    comparison = draw(sometimes_unread(st.sampled_from(list(Comparison)), unread=unread))
    qualitative = comparison is Comparison.QUALITATIVE
    target = "有效提高" if qualitative else draw(sometimes_unread(TARGETS, unread=unread))
    values: st.SearchStrategy[Any] = st.sampled_from(WORDS) if qualitative else _quantities(target, month)
    values = st.one_of(values, values, values, _quantities(Decimal(100), month)) if qualitative else values
    return IndicatorFact(
        project=project,
        comparison=None if comparison is None else comparison.value,
        target=target,
        actual=draw(
            sometimes_unread(st.one_of(values, values, st.sampled_from(["", "未到期"])), unread=unread)
        ),
        full_year=draw(sometimes_unread(st.one_of(st.just(""), values), unread=unread)),
        likelihood=draw(st.sampled_from(["", "", *Likelihood])),
        timed=draw(st.sampled_from(TIMED)),
        level2=draw(st.sampled_from(["数量指标", "质量指标", "社会效益指标"])),
        due=draw(MONTHS),
    )


@st.composite
def weights(draw: st.DrawFn, count: int, *, unread: bool) -> tuple[Entry, ...]:
    """Weights that add up to 90 more often than not; else wrong, empty, unreadable or negative ones."""
    parts = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    rest = Decimal(90 - sum(parts[1:]))
    right: list[Entry] = [rest, *map(Decimal, parts[1:])] if count else []
    if count and unread and draw(st.integers(0, 3)) == 0:
        position = draw(st.integers(0, count - 1))
        right[position] = draw(st.sampled_from([None, "", Decimal(91), Decimal(-10), Decimal("30.5")]))
    return tuple(right)


@st.composite
def project_facts(draw: st.DrawFn, number: str, month: int, *, unread: bool = True) -> ProjectFact:
    """A row of 项目: any batch, any month, budgets of 0 and below among them."""
    batch = draw(sometimes_unread(st.sampled_from(list(Batch)), unread=unread))
    amount = draw(sometimes_unread(AMOUNTS, unread=unread))
    whole = amount or Decimal(1200)
    adjusted = st.one_of(st.just(""), AMOUNTS, AMOUNTS.map(lambda one: -one), st.just(-whole))
    spendings = st.one_of(st.just(Decimal(0)), AMOUNTS, near(whole, month))
    supplementary = batch is Batch.SUPPLEMENTARY
    return ProjectFact(
        id=number,
        batch=None if batch is None else batch.value,
        month=draw(sometimes_unread(MONTHS, unread=unread)) if supplementary else None,
        amount=amount,
        adjustment=draw(sometimes_unread(st.one_of(st.just(""), adjusted), unread=unread)),
        spent=draw(sometimes_unread(spendings, unread=unread)),
        full_year=draw(sometimes_unread(st.one_of(st.just(""), AMOUNTS), unread=unread)),
    )


@st.composite
def unit_facts(draw: st.DrawFn, *, unread: bool = True) -> UnitFact:
    """A unit of up to four projects with up to three batches and five indicators each."""
    month = draw(MONTHS)
    projects: list[ProjectFact] = []
    indicators: list[IndicatorFact] = []
    for number in map(str, range(1, draw(st.integers(0, 4)) + 1)):
        batches = draw(st.sampled_from((1, 1, 2, 3)))
        projects.extend(draw(project_facts(number, month, unread=unread)) for _ in range(batches))
        count = draw(st.integers(0, 5))
        for weight in draw(weights(count, unread=unread)):
            one = draw(indicator_facts(number, month, unread=unread))
            indicators.append(replace(one, weight=weight))
    return UnitFact(month, tuple(projects), tuple(indicators))
