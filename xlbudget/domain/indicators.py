"""Measures of one indicator: achievement, forecast, light (SPEC 4). Percentages are Fractions, 0–100."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from xlbudget.domain.model import Comparison, Indicator, Light, Likelihood, Status
from xlbudget.domain.money import fraction
from xlbudget.domain.profile import Profile

FULL = Fraction(100)
NOTHING = Fraction(0)
MONTHS = 12


class Basis(StrEnum):
    """What a forecast rests on, the strongest first."""

    FULL_YEAR = "全年预计完成值"
    LIKELIHOOD = "完成目标可能性"
    PROGRESS = "按进度推算"
    CURRENT = "当前值"


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """What an indicator comes to. None is: not due, left out of the forecast, or unknown."""

    indicator: Indicator
    uncapped: Fraction | None
    achievement: Fraction | None
    forecast: Fraction | None
    basis: Basis | None
    light: Light | None

    @property
    def due(self) -> bool:
        """Whether it counts in means; 未到期 does not."""
        return self.indicator.actual is not Status.NOT_DUE

    @property
    def forecast_left_out(self) -> bool:
        """Whether it is 未到期 and says nothing of the year's end."""
        one = self.indicator
        silent = one.full_year is None and one.likelihood is None
        unread = one.unknown("full_year") or one.unknown("likelihood")
        return not self.due and silent and not unread


def cap(value: Fraction) -> Fraction:
    return min(FULL, max(NOTHING, value))


def is_timed(indicator: Indicator) -> bool | None:
    """是否按序时考核: as filled in, else 是 for 数量指标; None when that cannot be known."""
    if indicator.timed is not None:
        return indicator.timed
    if indicator.unknown("timed") or indicator.level2 is None:
        return None
    return indicator.level2.strip() in ("数量指标", "数量")


@lru_cache(maxsize=1 << 12)
def _ratio(actual: Decimal, target: Decimal, comparison: Comparison) -> Fraction:
    """Uncapped achievement of a number against a number; ＞ and ＜ count equality as reached."""
    if comparison.wants_more:
        if target > 0:
            return fraction(actual) / fraction(target) * 100
        if target < 0:
            holds = actual == target if comparison is Comparison.EQUAL else actual >= target
        else:
            holds = actual == 0 if comparison is Comparison.EQUAL else actual >= 0
        return FULL if holds else NOTHING
    if actual <= target:
        return FULL
    if target <= 0:
        return NOTHING
    return max(NOTHING, 1 - fraction(actual - target) / fraction(target)) * 100


def value_achievement(indicator: Indicator, value: Decimal | Status, profile: Profile) -> Fraction | None:
    """Uncapped achievement that `value` would mean for the indicator; None when it cannot be known."""
    if isinstance(value, Status):
        return fraction(profile.grades[value]) if value in profile.grades else None
    if indicator.comparison is Comparison.QUALITATIVE:
        return fraction(value)
    if indicator.comparison is None or not isinstance(indicator.target, Decimal):
        return None
    return _ratio(value, indicator.target, indicator.comparison)


def _achievement(indicator: Indicator, profile: Profile) -> Fraction | None:
    if indicator.actual is Status.NOT_DUE or indicator.unknown("actual"):
        return None
    if indicator.actual is None:
        return NOTHING
    return value_achievement(indicator, indicator.actual, profile)


def _forecast(
    indicator: Indicator, achievement: Fraction | None, month: int, profile: Profile
) -> tuple[Fraction | None, Basis | None]:
    """Forecast for the year's end from the best thing known, with its basis."""
    if indicator.unknown("full_year"):
        return None, None
    if indicator.full_year is not None:
        value = value_achievement(indicator, indicator.full_year, profile)
        return (cap(value), Basis.FULL_YEAR) if value is not None else (None, None)
    if indicator.unknown("likelihood"):
        return None, None
    not_due = indicator.actual is Status.NOT_DUE
    if indicator.likelihood is not None:
        return _from_likelihood(indicator.likelihood, achievement, not_due, profile)
    if not_due or achievement is None:
        return None, None
    return _from_now(indicator, achievement, month)


def _from_likelihood(
    likelihood: Likelihood, achievement: Fraction | None, not_due: bool, profile: Profile
) -> tuple[Fraction | None, Basis | None]:
    value = fraction(profile.likelihood[likelihood])
    if not_due or value >= FULL:
        return value, Basis.LIKELIHOOD
    return (None, None) if achievement is None else (max(value, achievement), Basis.LIKELIHOOD)


def _from_now(
    indicator: Indicator, achievement: Fraction, month: int
) -> tuple[Fraction | None, Basis | None]:
    if indicator.comparison is None:
        return achievement, None
    timed = is_timed(indicator) if indicator.comparison.wants_more else False
    if timed is None:
        return (None if achievement else NOTHING), None
    if timed:
        return cap(achievement * MONTHS / month), Basis.PROGRESS
    return achievement, Basis.CURRENT


def _when_due(indicator: Indicator, month: int, late: Light) -> Light | None:
    """灰 before 计划完成月份, from then on `late`."""
    if indicator.due_month is None:
        return None
    return Light.GREY if month < indicator.due_month else late


def _light(indicator: Indicator, achievement: Fraction | None, month: int, profile: Profile) -> Light | None:
    if indicator.actual is Status.NOT_DUE:
        return Light.GREY
    if achievement is None or indicator.comparison is None:
        return None
    if indicator.comparison is Comparison.QUALITATIVE:
        return _qualitative_light(indicator, achievement, month, profile)
    if indicator.comparison.wants_more:
        return _target_light(indicator, achievement, month, profile)
    if indicator.actual is None:
        return Light.GREY
    return Light.GREEN if achievement >= FULL else Light.RED


def _qualitative_light(
    indicator: Indicator, achievement: Fraction, month: int, profile: Profile
) -> Light | None:
    if achievement >= FULL:
        return Light.GREEN
    if achievement >= fraction(profile.lights.qualitative_yellow):
        return Light.YELLOW
    return _when_due(indicator, month, Light.RED)


def _target_light(indicator: Indicator, achievement: Fraction, month: int, profile: Profile) -> Light | None:
    """≥ ＞ ＝: by progress when 按序时 and the target is positive, else by whether it is reached when due."""
    target = indicator.target if isinstance(indicator.target, Decimal) else None
    timed = is_timed(indicator) if target is None or target > 0 else False
    if timed is None or (timed and target is None):
        return None
    if timed and target is not None:
        return _progress_light(progress_ratio(indicator, target, month), profile)
    if achievement >= FULL:
        return Light.GREEN
    late = Light.YELLOW if achievement >= fraction(profile.lights.due_yellow) else Light.RED
    return _when_due(indicator, month, late)


def progress_ratio(indicator: Indicator, target: Decimal, month: int) -> Fraction:
    """The actual over the target's share up to `month`; an empty actual is 0, `target` is positive."""
    actual = indicator.actual if isinstance(indicator.actual, Decimal) else Decimal(0)
    return fraction(actual) / fraction(target) * Fraction(MONTHS, month)


def _progress_light(ratio: Fraction, profile: Profile) -> Light:
    limits = profile.lights
    if ratio < fraction(limits.red):
        return Light.RED
    if ratio < fraction(limits.yellow):
        return Light.YELLOW
    return Light.GREEN if ratio < fraction(limits.blue) else Light.BLUE


def assess_indicator(indicator: Indicator, month: int, profile: Profile) -> IndicatorResult:
    """Compute every measure of one indicator at the end of `month` (1–12)."""
    uncapped = _achievement(indicator, profile)
    achievement = None if uncapped is None else cap(uncapped)
    forecast, basis = _forecast(indicator, achievement, month, profile)
    light = _light(indicator, achievement, month, profile)
    return IndicatorResult(indicator, uncapped, achievement, forecast, basis, light)
