"""IND: indicators against their targets, their reasons and their own forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlbudget.domain.finding import Severity
from xlbudget.domain.indicators import FULL, value_achievement
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Comparison, Indicator, Likelihood
from xlbudget.domain.money import pct, plain
from xlbudget.reading import units
from xlbudget.rules.registry import Family, Violation, rule
from xlbudget.rules.words import name

FAMILY = Family(4, "IND", "指标")


def explained(row: Indicator) -> bool:
    """Whether an indicator says why it deviates, by category or in words (or has no column to say it in)."""
    return bool(row.causes or row.reason) or row.unknown("causes") or row.where("causes").at is None


@rule("IND001", Severity.ERROR, title="权重合计不对")
def weights_do_not_add_up(case: Assessment) -> Iterator[Violation]:
    """监控口径用到权重时，一个项目各指标的权重都要填，不为负数，合计等于规定的分值。"""
    wanted = case.profile.weights.indicators
    reported = set()
    for result in case.results:
        if not result.weights_wrong or result.project.id in reported:
            continue
        reported.add(result.project.id)
        rows = [one.indicator for one in result.indicators]
        if any(row.unknown("weight") or row.where("weight").at is None for row in rows):
            continue  # CEL004 and CEL008 told of what cannot be read and of the missing column
        wrong = [row for row in rows if row.weight is None or row.weight < 0]
        total = sum((row.weight or Decimal(0) for row in rows), Decimal(0))
        lack = "，有指标没有填权重" if any(row.weight is None for row in rows) else ""
        name = result.project.name or result.project.id
        message = (
            f"“{name}”各指标权重合计 {plain(total)}{lack}，应为 {plain(wanted)}；每个指标都要填，不能是负数。"
        )
        yield Violation(
            (wrong or rows)[0].where("weight"),
            message,
            f"请核对各指标的权重，没有填的补上，是负数的改正，使合计等于 {plain(wanted)}。",
        )


@rule("IND002", Severity.WARNING, title="超额完成没有说明原因")
def over_achieved(case: Assessment) -> Iterator[Violation]:
    """超过目标的幅度大于监控口径规定的（计算符号是“＝”的，只要超过目标），要填偏差原因或原因说明。"""
    limit = case.profile.over_achievement
    for result in case.indicators:
        row = result.indicator
        target, actual = row.target, row.actual
        if not isinstance(target, Decimal) or not isinstance(actual, Decimal) or explained(row):
            continue
        if row.comparison in (Comparison.AT_LEAST, Comparison.MORE):
            if result.uncapped is None or result.uncapped <= 100 + limit:
                continue
            how = f"达到目标 {plain(target)} 的 {pct(result.uncapped)}%，超过目标 {plain(limit)}% 以上"
        elif row.comparison is Comparison.EQUAL and actual > target:
            how = f"大于目标值 {plain(target)}，而计算符号是“＝”"
        else:
            continue
        message = f"{name(row)}当前完成值 {plain(actual)} {how}，没有说明原因。"
        yield Violation(row.where("causes"), message, "请填偏差原因或原因说明；目标定低了的也请写明。")


@rule("IND003", Severity.WARNING, title="预警为红或黄，没有填偏差原因")
def light_without_cause(case: Assessment) -> Iterator[Violation]:
    """预警为红或黄的指标，要填偏差原因。"""
    for result in case.indicators:
        row = result.indicator
        if result.light not in case.profile.reasons_for or row.causes or row.unknown("causes"):
            continue
        if row.where("causes").at is None:
            continue  # CEL008 told of the missing column
        if row.actual is None:
            continue  # CEL002 asks for the value itself
        message = f"{name(row)}预警为{result.light}（实现程度 {pct(result.achievement)}%），没有填偏差原因。"
        yield Violation(row.where("causes"), message, "请选偏差原因；当前完成值填错了的请改正。")


@rule("IND004", Severity.WARNING, title="全年预计完成值小于当前完成值")
def forecast_below_actual(case: Assessment) -> Iterator[Violation]:
    """越大越好的指标（≥ ＞ ＝），全年预计完成值不小于当前完成值。"""
    for row in case.facts.indicators:
        if row.comparison is None or not row.comparison.wants_more:
            continue
        if (
            isinstance(row.full_year, Decimal)
            and isinstance(row.actual, Decimal)
            and row.full_year < row.actual
        ):
            message = f"{name(row)}全年预计完成值 {plain(row.full_year)} 小于当前完成值 {plain(row.actual)}。"
            rate = units.is_percent(row.measure_unit)
            remedy = "请核对；比率确实会下降的，不用改。" if rate else "请核对；全年预计要包括已经完成的。"
            yield Violation(row.where("full_year"), message, remedy, Severity.INFO if rate else None)


@rule("IND005", Severity.WARNING, title="完成目标可能性与全年预计完成值矛盾")
def likelihood_against_forecast(case: Assessment) -> Iterator[Violation]:
    """填“确定能”的，全年预计完成值要达到目标；填“完全不可能”的，不会达到目标。"""
    for row in case.facts.indicators:
        if row.full_year is None:
            continue
        expected = value_achievement(row, row.full_year, case.profile)
        if expected is None:
            continue
        shown = plain(row.full_year) if isinstance(row.full_year, Decimal) else row.full_year
        if row.likelihood is Likelihood.CERTAIN and expected < FULL:
            contradiction = f"全年预计完成值 {shown} 达不到目标"
        elif row.likelihood is Likelihood.IMPOSSIBLE and expected >= FULL:
            contradiction = f"全年预计完成值 {shown} 能达到目标"
        else:
            continue
        message = f"{name(row)}完成目标可能性填的是“{row.likelihood}”，但{contradiction}。"
        yield Violation(row.where("likelihood"), message, "两栏请改成一致。")
