"""Every figure of `assess` against the oracle, which computes SPEC section 4 a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.facts import (
    IndicatorFact,
    ProjectFact,
    UnitFact,
    as_monitoring,
    computed,
    differences,
    expected,
    profile_of,
    unit_facts,
)
from xlbudget.domain.indicators import cap
from xlbudget.domain.measures import Assessment, assess

METHODS = st.sampled_from(oracle.METHODS)
MANY = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SOME = settings(MANY, max_examples=60)


def assessed(facts: UnitFact, method: str = "equal_mean") -> Assessment:
    return assess(as_monitoring(facts), profile_of(method))


def disagreements(facts: UnitFact, method: str = "equal_mean") -> list[str]:
    return differences(computed(assessed(facts, method)), expected(facts, method))


@pytest.mark.parametrize("method", oracle.METHODS)
@MANY
@given(facts=unit_facts())
def test_every_figure_is_the_oracles(method: str, facts: UnitFact) -> None:
    assert disagreements(facts, method) == []


@pytest.mark.parametrize("method", oracle.METHODS)
@MANY
@given(facts=unit_facts(unread=False))
def test_every_figure_of_well_filled_facts_is_the_oracles(method: str, facts: UnitFact) -> None:
    assert disagreements(facts, method) == []


# -- what was published --------------------------------------------------------------------------------

FULL, NOTHING = Decimal(10), Decimal(0)


def _with_six(done: int, amount: str, spent: str) -> UnitFact:
    """A project with six indicators, `done` of them at 100 and the others at 0; amounts in 元."""
    project = ProjectFact("1", amount=Decimal(amount), spent=Decimal(spent))
    actuals = [FULL] * done + [NOTHING] * (6 - done)
    return UnitFact(
        6, (project,), tuple(IndicatorFact("1", target=FULL, actual=actual) for actual in actuals)
    )


@pytest.mark.parametrize(
    ("done", "amount", "spent", "rate", "achievement", "band"),
    [
        (3, "20000", "0", "0", "42.86", "30%（含）—50%"),
        (3, "15000", "3800", "25.33", "46.48", "30%（含）—50%"),
        (6, "24100", "23712", "98.39", "99.77", "50%（含）以上"),
        (3, "60000", "0", "0", "42.86", "30%（含）—50%"),
        (6, "20000", "20000", "100", "100", "50%（含）以上"),
        (0, "20000", "0", "0", "0", "工作未开展"),
        (0, "20000", "20", "0.1", "0.01", "30%以下"),
    ],
)
def test_published_figures(
    done: int, amount: str, spent: str, rate: str, achievement: str, band: str
) -> None:
    row = computed(assessed(_with_six(done, amount, spent)))["rows"][0]
    assert row["execution_rate"] == Decimal(rate)
    assert row["achievement"] == Decimal(achievement)
    assert row["band"] == band


# -- what holds for whatever was filled in -------------------------------------------------------------


@SOME
@given(facts=unit_facts(), method=METHODS)
def test_bands_and_flags_partition_the_rows(facts: UnitFact, method: str) -> None:
    case = assessed(facts, method)
    in_bands = [result for _, rows in case.bands for result in rows] + list(case.unknown_band)
    assert sorted(map(id, in_bands)) == sorted(map(id, case.results))
    flagged = [result for one in case.forecast for result in one.results]
    unflagged = [result for result in case.results if result.flag is None]
    assert sorted(map(id, flagged + unflagged)) == sorted(map(id, case.results))


@SOME
@given(facts=unit_facts())
def test_totals_are_sums_of_their_parts(facts: UnitFact) -> None:
    case = assessed(facts)
    rows = [(result.project.budget, result.project.spent) for result in case.results]
    assert case.totals.projects == len(facts.projects)
    assert case.totals.budget == sum(budget for budget, _ in rows if budget is not None)
    assert case.totals.spent == sum(spent for _, spent in rows if spent is not None)
    assert case.totals.incomplete == sum(None in row for row in rows)
    for one in case.forecast:
        assert one.amount == sum(result.project.budget or 0 for result in one.results)


@SOME
@given(facts=unit_facts(), method=METHODS)
def test_percentages_stay_between_0_and_100(facts: UnitFact, method: str) -> None:
    case = assessed(facts, method)
    for one in case.indicators:
        assert one.achievement == (None if one.uncapped is None else cap(one.uncapped))
    percentages = [value for one in case.results for value in (one.achievement, one.forecast)]
    percentages += [value for one in case.indicators for value in (one.achievement, one.forecast)]
    assert all(0 <= value <= 100 for value in percentages if value is not None)


@SOME
@given(facts=unit_facts(), method=METHODS, data=st.data())
def test_order_does_not_matter(facts: UnitFact, method: str, data: st.DataObject) -> None:
    places = data.draw(st.permutations(range(len(facts.projects))))
    indicators = tuple(data.draw(st.permutations(facts.indicators)))
    moved = UnitFact(facts.month, tuple(facts.projects[place] for place in places), indicators)
    before, after = computed(assessed(facts, method)), computed(assessed(moved, method))
    assert differences({"rows": [before["rows"][place] for place in places]}, {"rows": after["rows"]}) == []
    for part in ("totals", "bands", "forecast"):
        assert differences(before[part], after[part]) == []


@pytest.mark.parametrize(
    ("spent", "actual", "rate", "uncapped"), [("15000", "13", "150", "130"), ("-5000", "-2", "-50", "-20")]
)
def test_uncapped_is_kept_beside_capped(spent: str, actual: str, rate: str, uncapped: str) -> None:
    project = ProjectFact("1", spent=Decimal(spent))
    case = assessed(UnitFact(12, (project,), (IndicatorFact("1", actual=Decimal(actual)),)))
    within = cap(Fraction(uncapped))
    assert (case.results[0].execution_rate, case.indicators[0].uncapped) == (
        Fraction(rate),
        Fraction(uncapped),
    )
    assert (case.results[0].achievement, case.indicators[0].achievement) == (within, within)


# -- a cell that cannot be read: nothing is claimed that another content would belie -------------------

POSSIBLE: dict[str, tuple[Any, ...]] = {
    "timed": (True, False),
    "likelihood": ("确定能", "有可能", "完全不可能"),
    "due": tuple(range(1, 13)),
    "level2": ("数量指标", "质量指标"),
}
SHOWN = ("achievement", "forecast", "forecast_flag", "indicator_light", "light", "band", "basis")


def with_cell(fact: IndicatorFact, field: str, value: Any) -> IndicatorFact:
    changed: dict[str, Any] = {field: value}
    return replace(fact, **changed)


def _worlds(facts: UnitFact, field: str) -> Iterator[UnitFact]:
    first, *others = facts.indicators
    for value in POSSIBLE[field]:
        yield replace(facts, indicators=(with_cell(first, field, value), *others))


@pytest.mark.parametrize("field", POSSIBLE)
@SOME
@given(facts=unit_facts(unread=False).filter(lambda facts: facts.indicators), method=METHODS)
def test_nothing_is_claimed_beyond_what_is_known(field: str, facts: UnitFact, method: str) -> None:
    first, *others = facts.indicators
    unread = replace(facts, indicators=(with_cell(first, field, None), *others))
    found = computed(assessed(unread, method))
    for world in _worlds(facts, field):
        wanted = expected(world, method)
        for row, true in zip(found["rows"], wanted["rows"], strict=True):
            claims = {name: row[name] for name in SHOWN if row[name] is not None}
            assert differences(claims, {name: true[name] for name in claims}) == []


@pytest.mark.parametrize("field", ["timed", "comparison"])
def test_a_basis_that_is_not_known_leaves_the_rows_unknown(field: str) -> None:
    unread = with_cell(IndicatorFact("1", level2="数量指标"), field, None)
    known = IndicatorFact("1", actual=Decimal(10), level2="数量指标")
    case = assessed(UnitFact(6, (ProjectFact("1", spent=Decimal(5)),), (known, unread)))
    assert [one.basis for one in case.indicators] == ["按进度推算", None]
    assert (case.results[0].forecast, case.results[0].basis) == (Fraction(50), None)


# -- would the comparison notice? ----------------------------------------------------------------------


def _boundaries() -> UnitFact:
    """Facts on the limits of every measure, so that a limit moved a little changes a figure."""
    money = [("1", "6000"), ("2", "8000"), ("3", "0"), ("4", "5000")]
    projects = [ProjectFact(number, spent=Decimal(spent), full_year=Decimal(9000)) for number, spent in money]
    late = ProjectFact("4", "追加", 7, spent=Decimal(2000))
    indicators = [
        IndicatorFact("1", actual=Decimal(6), timed=True),
        IndicatorFact("1", actual=Decimal(8), likelihood="有可能", due=6),
        IndicatorFact("1", "≤", actual=Decimal(12)),
        IndicatorFact("2", "定性", "提高", "部分达成", timed=True, full_year="部分达成"),
        IndicatorFact("2", actual=Decimal(12), timed=True),
        IndicatorFact("2", actual=Decimal(8), timed=True),
        IndicatorFact("3", actual=Decimal(0), likelihood="完全不可能"),
        IndicatorFact("4", actual=Decimal(5)),
    ]
    shares = {"1": ("30", "30", "30"), "2": ("30", "30", "30"), "3": ("90",), "4": ("90",)}
    weighing = [Decimal(weight) for number in ("1", "2", "3", "4") for weight in shares[number]]
    weighed = [replace(one, weight=weight) for one, weight in zip(indicators, weighing, strict=True)]
    return UnitFact(12, (*projects, late), tuple(weighed))


MUTATIONS: dict[str, tuple[str, Any]] = {
    "部分达成 is 71": ("WORDS", {**oracle.WORDS, "部分达成": Fraction(71)}),
    "有可能 is 84": ("LIKELIHOODS", {**oracle.LIKELIHOODS, "有可能": Fraction(84)}),
    "a band begins above 50": ("band_of", lambda value, _: "50%（含）以上" if value > 50 else "30%以下"),
    "红 at 0.6 of the money": ("spending_light", lambda r: "红" if r <= Fraction("0.6") else "绿"),
    "红 at 0.6 of the target": ("timed_light", lambda r: "红" if r <= Fraction("0.6") else "绿"),
    "70 is not enough for 黄": ("qualitative_light", lambda value, _: "黄" if value > 70 else "灰"),
    "a gap of 30 is 差距较大": ("flag_of", lambda value: "能实现" if value > 70 else "差距较大"),
    "the rate weighs 9": ("RATE_WEIGHT", Fraction(9)),
    "the rate is not capped": ("HUNDRED", Fraction(101)),
    "percentages are cut off": ("percentage", lambda v: Decimal(int(v)) if isinstance(v, Fraction) else None),
}


@pytest.mark.parametrize("method", oracle.METHODS)
def test_the_limits_agree(method: str) -> None:
    assert disagreements(_boundaries(), method) == []


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_wrong_oracle_is_noticed(mutation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, wrong = MUTATIONS[mutation]
    monkeypatch.setattr(oracle, name, wrong)
    assert disagreements(_boundaries(), "self_eval") != []
