"""Measures of project rows and of the whole unit (SPEC 4); each result keeps the parts it came from.

Inside, percentages are exact Fractions; flags and bands judge the rounded percentage that people see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from xlbudget.domain.indicators import MONTHS, NOTHING, Basis, IndicatorResult, assess_indicator, cap
from xlbudget.domain.model import Batch, Light, Monitoring, Project, Status
from xlbudget.domain.money import fraction, percent, total
from xlbudget.domain.profile import Method, Profile

_ONE = Fraction(1)


class Flag(StrEnum):
    REACHED = "能实现"
    PARTLY = "不能完全实现"
    FAR = "差距较大"


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a weighted mean: `indicator` is None for the execution rate."""

    value: Fraction
    weight: Fraction
    indicator: IndicatorResult | None = None


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """What a project row comes to, with the terms behind achievement and forecast.

    `achievement`, `forecast`, rates are exact percentages or None; `started` is None when unknown.
    """

    project: Project
    indicators: tuple[IndicatorResult, ...]
    execution_rate: Fraction | None
    forecast_execution_rate: Fraction | None
    started: bool | None
    terms: tuple[Term, ...]
    achievement: Fraction | None
    forecast_terms: tuple[Term, ...]
    forecast: Fraction | None
    basis: Basis | None
    flag: Flag | None
    indicator_light: Light | None
    budget_light: Light | None
    light: Light | None
    band: str | None
    weights_wrong: bool

    @property
    def deviates(self) -> bool:
        """偏差: the flag is not 能实现, or the light is 红 or 黄."""
        behind = self.flag is not None and self.flag is not Flag.REACHED
        return behind or self.light in (Light.RED, Light.YELLOW)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over rows, in 元; `incomplete` rows lack an amount, the rate covers rows with both."""

    projects: int
    budget: Decimal
    spent: Decimal
    execution_rate: Fraction | None
    incomplete: int


@dataclass(frozen=True, slots=True)
class ForecastClass:
    flag: Flag
    results: tuple[ProjectResult, ...]

    @property
    def amount(self) -> Decimal:
        """Sum of 调整后预算 in 元 of the class's rows."""
        return sum((r.project.budget or Decimal(0) for r in self.results), Decimal(0))


@dataclass(frozen=True, slots=True)
class Assessment:
    """A unit's facts and everything computed from them under a profile."""

    facts: Monitoring
    profile: Profile
    results: tuple[ProjectResult, ...]
    indicators: tuple[IndicatorResult, ...]
    totals: Totals
    bands: tuple[tuple[str, tuple[ProjectResult, ...]], ...]
    unknown_band: tuple[ProjectResult, ...]
    forecast: tuple[ForecastClass, ...]

    @property
    def month(self) -> int:
        return self.facts.unit.cutoff_month


def worst_light(lights: Iterable[Light | None]) -> Light | None:
    """The worst light: 红 > 黄 > 绿 = 蓝 > 灰; a None among them is unknown and only 红 outweighs it."""
    shown = list(lights)
    if Light.RED in shown:
        return Light.RED
    if not shown or None in shown:
        return None
    if Light.YELLOW in shown:
        return Light.YELLOW
    if all(light is Light.BLUE for light in shown):
        return Light.BLUE
    return Light.GREEN if Light.GREEN in shown or Light.BLUE in shown else Light.GREY


def has_no_rate(project: Project) -> bool:
    """Budget known to be 0 or less: no execution rate, no light, not part of the mean."""
    return project.budget is not None and project.budget <= 0


def _rate(amount: Decimal | None, project: Project) -> Fraction | None:
    if amount is None or project.budget is None or project.budget <= 0:
        return None
    return fraction(amount) / fraction(project.budget) * 100


def _started(project: Project, results: Sequence[IndicatorResult]) -> bool | None:
    """Whether a project is under way: something spent, or an actual that is not empty, 0, 未达成, 未到期."""
    idle = {None, Decimal(0), Status.MISSED, Status.NOT_DUE}
    unread = any(r.indicator.unknown("actual") for r in results)
    if any(r.indicator.actual not in idle for r in results):
        return True
    if project.spent is None:
        return None
    if project.spent != 0:
        return True
    return None if unread else False


def _weights_wrong(results: Sequence[IndicatorResult], profile: Profile) -> bool:
    if not profile.method.uses_weights or not results:
        return False
    weights = [r.indicator.weight for r in results]
    if any(weight is None or weight < 0 for weight in weights):
        return True
    return sum((w for w in weights if w is not None), Decimal(0)) != profile.weights.indicators


def _weight(result: IndicatorResult, profile: Profile) -> Fraction:
    return fraction(result.indicator.weight or Decimal(0)) if profile.method.uses_weights else _ONE


def _mean(terms: Sequence[Term]) -> Fraction | None:
    weights = total(t.weight for t in terms)
    return total(t.value * t.weight for t in terms) / weights if weights else None


def _terms(
    project: Project, rate: Fraction | None, results: Sequence[IndicatorResult], profile: Profile
) -> tuple[Term, ...] | None:
    """The terms of the achievement, weights scaled for self_eval; None when one of them is unknown."""
    if not results or any(r.due and r.achievement is None for r in results):
        return None
    if rate is None and (not has_no_rate(project) or profile.method is Method.SELF_EVAL):
        return None
    due = [Term(r.achievement or NOTHING, _weight(r, profile), r) for r in results if r.due]
    if profile.method is Method.SELF_EVAL:
        whole = total(t.weight for t in due)
        scale = fraction(profile.weights.indicators) / whole if whole else NOTHING
        due = [Term(t.value, t.weight * scale, t.indicator) for t in due]
    if rate is None:
        return tuple(due)
    weight = fraction(profile.weights.execution) if profile.method.uses_weights else _ONE
    return (*due, Term(cap(rate), weight))


def _forecast_terms(
    project: Project, rate: Fraction | None, results: Sequence[IndicatorResult], profile: Profile
) -> tuple[Term, ...] | None:
    kept = [r for r in results if not r.forecast_left_out]
    if any(r.forecast is None for r in kept):
        return None
    terms = [Term(r.forecast or NOTHING, _weight(r, profile), r) for r in kept]
    if profile.forecast.include_execution and terms and not has_no_rate(project):
        if rate is None:
            return None
        weight = fraction(profile.weights.execution) if profile.method.uses_weights else _ONE
        terms.append(Term(cap(rate), weight))
    return tuple(terms)


def flag_of(forecast: Fraction | None, profile: Profile) -> Flag | None:
    """预计实现情况 of a forecast, by the gap of its rounded percentage."""
    rounded = percent(forecast)
    if rounded is None:
        return None
    gap = 100 - rounded
    if gap <= profile.forecast.reached:
        return Flag.REACHED
    return Flag.PARTLY if gap <= profile.forecast.partly else Flag.FAR


def start_month(project: Project) -> int | None:
    """The month that a row's money counts from: 1, or 追加月份; None when that is unknown."""
    if project.batch is None:
        return None
    return project.month if project.batch is Batch.SUPPLEMENTARY else 1


def time_progress(month: int, start: int = 1) -> Fraction:
    """序时进度 at the end of `month` for what began with `start`, as a percentage."""
    return Fraction(month - start + 1, MONTHS + 1 - start) * 100


def _budget_light(project: Project, rate: Fraction | None, month: int, profile: Profile) -> Light | None:
    """资金预警 against 序时进度; a supplementary batch counts from its month."""
    start = start_month(project)
    if project.budget is None or start is None:
        return None
    if start > month:
        return Light.GREY
    if rate is None:
        return None
    ratio = rate / time_progress(month, start)
    if ratio < fraction(profile.lights.budget_red):
        return Light.RED
    return Light.YELLOW if ratio < fraction(profile.lights.budget_yellow) else Light.GREEN


def band_of(achievement: Fraction | None, started: bool | None, profile: Profile) -> str | None:
    """The band of a rounded achievement; 工作未开展 is a band of its own."""
    rounded = percent(achievement)
    if rounded is None:
        return None
    if started is False:
        return profile.not_started
    return next(band.label for band in profile.bands if rounded >= band.lower)


def _achievement(terms: tuple[Term, ...] | None, started: bool | None) -> Fraction | None:
    """The mean of the terms; 0 for 工作未开展, whatever else is unknown."""
    if started is False:
        return NOTHING
    return _mean(terms) if terms is not None and started else None


def _weakest(terms: Sequence[Term]) -> Basis | None:
    """The weakest basis of the terms; None when one of them is unknown."""
    order = list(Basis)
    bases = [term.indicator.basis for term in terms if term.indicator]
    known = [basis for basis in bases if basis]
    return max(known, key=order.index) if known and len(known) == len(bases) else None


def assess_project(
    project: Project, results: tuple[IndicatorResult, ...], month: int, profile: Profile
) -> ProjectResult:
    """Compute every measure of one project row from its money and its indicators' results."""
    rate = _rate(project.spent, project)
    started = _started(project, results)
    wrong = _weights_wrong(results, profile)
    terms = _terms(project, rate, results, profile)
    achievement = _achievement(terms, started) if results and not wrong else None
    ahead = None if wrong else _forecast_terms(project, rate, results, profile)
    forecast = _mean(ahead) if ahead else None
    indicator_light = worst_light(r.light for r in results)
    no_light = has_no_rate(project)
    budget_light = None if no_light else _budget_light(project, rate, month, profile)
    lights = ([indicator_light] if results else []) + ([] if no_light else [budget_light])
    return ProjectResult(
        project=project,
        indicators=results,
        execution_rate=rate,
        forecast_execution_rate=_rate(project.full_year_spending, project),
        started=started,
        terms=terms or (),
        achievement=achievement,
        forecast_terms=ahead or (),
        forecast=forecast,
        basis=_weakest(ahead) if ahead and forecast is not None else None,
        flag=flag_of(forecast, profile),
        indicator_light=indicator_light,
        budget_light=budget_light,
        light=worst_light(lights),
        band=band_of(achievement, started, profile),
        weights_wrong=wrong,
    )


def _totals(projects: Sequence[Project]) -> Totals:
    both = [(p.budget, p.spent) for p in projects if p.budget is not None and p.spent is not None]
    covered = sum((budget for budget, _ in both), Decimal(0))
    spent = sum((spent for _, spent in both), Decimal(0))
    return Totals(
        projects=len(projects),
        budget=sum((p.budget for p in projects if p.budget is not None), Decimal(0)),
        spent=sum((p.spent for p in projects if p.spent is not None), Decimal(0)),
        execution_rate=fraction(spent) / fraction(covered) * 100 if covered > 0 else None,
        incomplete=len(projects) - len(both),
    )


def assess(facts: Monitoring, profile: Profile) -> Assessment:
    """Compute every measure of a unit's monitoring under a profile, as it is in force at the end of the cutoff month."""
    month, last = facts.unit.cutoff_month, facts.unit.last_day
    profile = profile.on(last) if last else profile
    indicators = tuple(assess_indicator(one, month, profile) for one in facts.indicators)
    by_project: dict[str, list[IndicatorResult]] = {}
    for result in indicators:
        by_project.setdefault(result.indicator.project_id or "", []).append(result)
    by_project.pop("", None)
    results = tuple(
        assess_project(p, tuple(by_project.get(p.id or "", ())), month, profile) for p in facts.projects
    )
    labels = [band.label for band in profile.bands] + [profile.not_started]
    return Assessment(
        facts=facts,
        profile=profile,
        results=results,
        indicators=indicators,
        totals=_totals(facts.projects),
        bands=tuple((label, tuple(r for r in results if r.band == label)) for label in labels),
        unknown_band=tuple(r for r in results if r.band is None),
        forecast=tuple(ForecastClass(flag, tuple(r for r in results if r.flag is flag)) for flag in Flag),
    )
