"""FCT: what the forecast for the year's end rests on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xlbudget.domain.finding import Severity
from xlbudget.domain.indicators import Basis, IndicatorResult
from xlbudget.domain.measures import Assessment, Flag, ProjectResult
from xlbudget.domain.model import Light
from xlbudget.domain.money import pct, percent, plain
from xlbudget.rules.families.cells import yuan_suspects
from xlbudget.rules.families.indicators import explained
from xlbudget.rules.registry import Family, Violation, rule
from xlbudget.rules.words import name

FAMILY = Family(5, "FCT", "年底预计")


def _reasons_given(case: Assessment, result: ProjectResult) -> bool:
    """Whether indicators or 偏差整改 say why the project is behind."""
    corrected = any(row.project_id == result.project.id and row.analysis for row in case.facts.corrections)
    return corrected or any(explained(one.indicator) for one in result.indicators)


@rule("FCT001", Severity.WARNING, title="预警为红却预计能实现，没有说明", needs=["偏差整改.project_id"])
def reached_though_red(case: Assessment) -> Iterator[Violation]:
    """预警为红、又预计年底能实现目标的项目，要说明理由。"""
    reported = set()
    for result in case.results:
        said = result.project.id in reported or _reasons_given(case, result) or yuan_suspects(result.project)
        if result.flag is not Flag.REACHED or result.light is not Light.RED or said:
            continue
        reported.add(result.project.id)
        red = next((one for one in result.indicators if one.light is Light.RED), result.indicators[0])
        title = result.project.name or result.project.id
        message = f"“{title}”预警为红，却预计年底能实现目标，没有说明原因。"
        remedy = "请在这里填偏差原因，或在“偏差整改”表说明；实现不了的，请改全年预计完成值。"
        yield Violation(red.indicator.where("causes"), message, remedy)


def _weakest(results: tuple[IndicatorResult, ...], *, forecast: bool) -> IndicatorResult:
    def value(one: IndicatorResult) -> Fraction:
        shown = one.forecast if forecast else one.achievement
        return Fraction(101) if shown is None else shown

    return min(results, key=value)


@rule("FCT002", Severity.INFO, title="正好在分界线上")
def on_the_boundary(case: Assessment) -> Iterator[Violation]:
    """实现程度或预计差距正好等于分档界限的，差一点就归到另一档，请留意。"""
    lowers = {band.lower for band in case.profile.bands if band.lower > 0}
    limit = case.profile.forecast.partly
    for result in case.results:
        title = result.project.name or result.project.id
        achievement, forecast = percent(result.achievement), percent(result.forecast)
        if achievement in lowers:
            weakest = _weakest(result.indicators, forecast=False)
            message = f"“{title}”的实现程度正好是分档界限 {pct(result.achievement)}%，归入“{result.band}”。"
            yield Violation(weakest.indicator.where("actual"), message, "请核对当前完成值；没有错就不用管。")
        if forecast is not None and 100 - forecast == limit:
            weakest = _weakest(result.indicators, forecast=True)
            message = f"“{title}”预计年底与目标正好差距 {plain(limit)}%，归入“{result.flag}”。"
            yield Violation(
                weakest.indicator.where("full_year"), message, "请核对全年预计完成值；没有错就不用管。"
            )


@rule("FCT003", Severity.INFO, title="预计完成情况是推算的")
def extrapolated(case: Assessment) -> Iterator[Violation]:
    """没有填全年预计完成值和完成目标可能性的，按序时考核的指标按进度推算。"""
    for result in case.indicators:
        if result.basis is Basis.PROGRESS:
            message = f"{name(result.indicator)}没有填年底预计，按目前进度推算为 {pct(result.forecast)}%。"
            yield Violation(
                result.indicator.where("full_year"),
                message,
                "推算不合适的，请填全年预计完成值或完成目标可能性。",
            )
