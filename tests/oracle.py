"""The measures of SPEC.md section 4, computed a second time, from the sentences alone.

It shares no code with the package that it checks. Values are exact Fractions; a percentage is rounded once,
at the end. Two kinds of "no value" are kept apart: None is what cannot be known, OUT is what is known not to
take part (an indicator not due, the rate or light of a row with budget 0 or less).
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final


class Left(Enum):
    OUT = "out"


OUT: Final = Left.OUT

Value = Fraction | Left | None
Light = str | Left | None
Record = dict[str, Any]

ZERO = Fraction(0)
HUNDRED = Fraction(100)
AT_LEAST = ("≥", "＞", "＝")
AT_MOST = ("≤", "＜", "<=")
WORDS = {"达成": HUNDRED, "部分达成": Fraction(70), "未达成": ZERO}
LIKELIHOODS = {"确定能": HUNDRED, "有可能": Fraction(85), "完全不可能": Fraction(50)}
BASES = ("全年预计完成值", "完成目标可能性", "按进度推算", "当前值")  # strongest first
FLAGS = ("能实现", "不能完全实现", "差距较大")
BANDS = ("50%（含）以上", "30%（含）—50%", "30%以下", "工作未开展")
METHODS = ("equal_mean", "weighted", "self_eval")
RATE_WEIGHT = Fraction(10)
WEIGHT_TOTAL = Fraction(90)


def percentage(value: Value) -> Decimal | None:
    """Rounded half up to 2 decimals (a half goes away from 0); through integers, so never twice."""
    if not isinstance(value, Fraction):
        return None
    hundredths = int(abs(value) * 100 + Fraction(1, 2))
    return Decimal(f"{'-' if value < 0 and hundredths else ''}{hundredths}E-2")


def cap(value: Value) -> Value:
    return max(ZERO, min(HUNDRED, value)) if isinstance(value, Fraction) else value


# --- an indicator


def uncapped_achievement(indicator: Record, actual: Any) -> Value:
    if actual == "未到期":
        return OUT
    if actual == "":
        return ZERO
    if actual is None or indicator["comparison"] is None:
        return None
    if indicator["comparison"] == "定性":
        return WORDS.get(actual) if isinstance(actual, str) else Fraction(actual)
    return compared(indicator["comparison"], actual, indicator["target"])


def compared(comparison: str, actual: Any, target: Any) -> Value:
    if target is None or isinstance(actual, str):
        return None
    if comparison in AT_MOST:
        return at_most(Fraction(actual), Fraction(target))
    if comparison in AT_LEAST:
        return at_least(comparison, Fraction(actual), Fraction(target))
    raise ValueError(f"unknown comparison {comparison!r}")


def at_least(comparison: str, actual: Fraction, target: Fraction) -> Fraction:
    if target > 0:
        return actual / target * 100
    holds = actual == target if comparison == "＝" else actual >= target
    return HUNDRED if holds else ZERO


def at_most(actual: Fraction, target: Fraction) -> Fraction:
    if actual <= target:
        return HUNDRED
    if target <= 0:
        return ZERO
    return max(ZERO, 1 - (actual - target) / target) * 100


def achievement_of(indicator: Record) -> Value:
    return cap(uncapped_achievement(indicator, indicator["actual"]))


def is_timed(indicator: Record) -> bool:
    timed = indicator["timed"]
    return indicator["level2"] == "数量指标" if timed is None else bool(timed)


def forecast_of(indicator: Record, n: int) -> tuple[Value, str | None]:
    """The forecast and its basis; what has no forecast has no basis."""
    value, basis = forecast_and_source(indicator, n)
    return (value, basis) if isinstance(value, Fraction) else (value, None)


def forecast_and_source(indicator: Record, n: int) -> tuple[Value, str | None]:
    achievement = achievement_of(indicator)
    full_year, likelihood = indicator["full_year"], indicator["likelihood"]
    if full_year not in ("", "未到期"):  # 未到期 gives no value for the year, so it is as good as empty
        return cap(uncapped_achievement(indicator, full_year)), "全年预计完成值"
    if likelihood != "":
        return likely(LIKELIHOODS[likelihood], achievement), "完成目标可能性"
    if not isinstance(achievement, Fraction):
        return achievement, None
    return from_current(indicator, achievement, n)


def from_current(indicator: Record, achievement: Fraction, n: int) -> tuple[Value, str | None]:
    if indicator["comparison"] is None:
        # only an empty actual comes here: 0 on any basis, but the basis depends on the comparison
        return achievement, None
    if not is_timed(indicator):
        return achievement, "当前值"
    if indicator["comparison"] in AT_LEAST:
        return cap(achievement * 12 / n), "按进度推算"
    return achievement, "当前值"


def likely(value: Fraction, achievement: Value) -> Value:
    if achievement is OUT or value == HUNDRED:  # no achievement is above 100, known or not
        return value
    return None if achievement is None else max(value, achievement)


def indicator_light(indicator: Record, n: int) -> str | None:
    comparison, actual = indicator["comparison"], indicator["actual"]
    if actual == "未到期" or (actual == "" and comparison in AT_MOST):
        return "灰"
    achievement = achievement_of(indicator)
    if comparison is None or not isinstance(achievement, Fraction):
        return None
    if comparison in AT_MOST:
        # 100 exactly when within the target: any overrun lowers the achievement
        return "绿" if achievement == 100 else "红"
    if comparison == "定性":
        return qualitative_light(achievement, n >= indicator["due"])
    return at_least_light(indicator, achievement, n)


def at_least_light(indicator: Record, achievement: Fraction, n: int) -> str | None:
    target, actual = indicator["target"], indicator["actual"]
    if is_timed(indicator) and target is None:
        return None
    if is_timed(indicator) and target > 0:
        done = ZERO if actual == "" else Fraction(actual)
        return timed_light(done / (Fraction(target) * n / 12))
    return untimed_light(achievement, n >= indicator["due"])


def qualitative_light(achievement: Fraction, late: bool) -> str:
    if achievement >= 100:
        return "绿"
    if achievement >= 70:
        return "黄"
    return "红" if late else "灰"


def timed_light(r: Fraction) -> str:
    if r < Fraction("0.6"):
        return "红"
    if r < Fraction("0.8"):
        return "黄"
    return "绿" if r < Fraction("1.2") else "蓝"


def untimed_light(achievement: Fraction, late: bool) -> str:
    if achievement >= 100:
        return "绿"
    if not late:
        return "灰"
    return "黄" if achievement >= 80 else "红"


# --- the money of a row


def budget_of(project: Record) -> Fraction | None:
    initial, adjustment = project["initial"], project["adjustment"]
    return None if initial is None or adjustment is None else Fraction(initial) + Fraction(adjustment)


def share_of_budget(amount: Fraction | None, budget: Fraction | None) -> Value:
    """amount / budget × 100: the execution rate, now or forecast."""
    if budget is None:
        return None
    if budget <= 0:
        return OUT
    return None if amount is None else Fraction(amount) / budget * 100


def time_progress_of(project: Record, n: int) -> Fraction | None:
    """0 or less: the money came after month N."""
    if project["batch"] == "年初":
        return Fraction(n, 12)
    month = project["month"]
    return None if month is None else Fraction(n - month + 1, 13 - month)


def budget_light(project: Record, rate: Value, n: int) -> Light:
    budget, time_progress = budget_of(project), time_progress_of(project, n)
    if budget is not None and budget <= 0:
        return OUT
    if budget is None or time_progress is None:
        return None
    if time_progress <= 0:
        return "灰"
    return None if not isinstance(rate, Fraction) else spending_light(rate / (time_progress * 100))


def spending_light(r: Fraction) -> str:
    if r < Fraction("0.6"):
        return "红"
    return "黄" if r < Fraction("0.8") else "绿"


def worst(lights: Sequence[Light]) -> Light:
    present = [light for light in lights if light is not OUT]
    if "红" in present:
        return "红"
    if None in present:
        return None
    if not present:
        return OUT
    if "黄" in present:
        return "黄"
    if all(light == "蓝" for light in present):
        return "蓝"
    return "绿" if "绿" in present or "蓝" in present else "灰"


# --- achievement and forecast of a row


def weights_of(indicators: list[Record], method: str) -> list[Fraction] | None:
    """None: wrong."""
    if method == "equal_mean":
        return [Fraction(1) for _ in indicators]
    weights = [indicator["weight"] for indicator in indicators]
    if any(weight is None or weight < 0 for weight in weights) or sum(weights) != WEIGHT_TOTAL:
        return None
    return [Fraction(weight) for weight in weights]


def mean(weighted: list[tuple[Fraction, Value]]) -> Value:
    """Σ weight × value / Σ weight of all that takes part; OUT: nothing does."""
    numerator = denominator = ZERO
    for weight, value in weighted:
        if value is None:
            return None
        if value is not OUT:
            numerator += weight * value
            denominator += weight
    return numerator / denominator if denominator else OUT


def not_started(spent: Fraction | None, indicators: list[Record]) -> bool | None:
    """工作未开展; None: cannot be known."""
    nothing = [None if spent is None else spent == 0]
    for indicator in indicators:
        actual = indicator["actual"]
        nothing.append(None if actual is None else actual in ("", "未达成", "未到期") or actual == 0)
    if False in nothing:
        return False
    return None if None in nothing else True


def by_method(weighted: list[tuple[Fraction, Value]], rate: Value, method: str) -> Value:
    capped = min(rate, HUNDRED) if isinstance(rate, Fraction) else rate
    if method == "equal_mean":
        return mean([*weighted, (Fraction(1), capped)])
    if method == "weighted":
        return mean([*weighted, (RATE_WEIGHT, capped)])
    targets = mean(weighted)
    if not isinstance(capped, Fraction) or targets is None:
        return None
    if targets is OUT:  # none due: the execution rate alone
        return capped
    return RATE_WEIGHT * capped / 100 + WEIGHT_TOTAL * targets / 100


def row_achievement(indicators: list[Record], rate: Value, idle: bool | None, method: str) -> Value:
    weights = weights_of(indicators, method)
    if not indicators or weights is None:
        return None
    if idle is None:  # achievement and band are null together
        return None
    if idle:
        return ZERO
    achievements = [achievement_of(indicator) for indicator in indicators]
    return by_method(list(zip(weights, achievements, strict=True)), rate, method)


def row_forecast(indicators: list[Record], n: int, method: str) -> tuple[Value, str | None]:
    weights = weights_of(indicators, method)
    if not indicators or weights is None:
        return None, None
    forecasts = [forecast_of(indicator, n) for indicator in indicators]
    value = mean([(weight, forecast) for weight, (forecast, _) in zip(weights, forecasts, strict=True)])
    if not isinstance(value, Fraction):
        return value, None
    bases = [basis for forecast, basis in forecasts if forecast is not OUT]
    known = [basis for basis in bases if basis is not None]
    return value, max(known, key=BASES.index) if len(known) == len(bases) else None


def flag_of(forecast: Decimal | None) -> str | None:
    if forecast is None:
        return None
    gap = 100 - forecast
    if gap <= 0:
        return "能实现"
    return "不能完全实现" if gap <= 30 else "差距较大"


def band_of(achievement: Decimal | None, idle: bool | None) -> str | None:
    if achievement is None:
        return None
    if achievement >= 50:
        return "50%（含）以上"
    if achievement >= 30:
        return "30%（含）—50%"
    return "工作未开展" if idle else "30%以下"


# --- all of it


def evaluate_row(project: Record, indicators: list[Record], n: int, method: str) -> Record:
    budget, spent = budget_of(project), project["spent"]
    rate = share_of_budget(spent, budget)
    idle = not_started(spent, indicators)
    achievement = percentage(row_achievement(indicators, rate, idle, method))
    unrounded_forecast, basis = row_forecast(indicators, n, method)
    forecast = percentage(unrounded_forecast)
    of_indicators = worst([indicator_light(indicator, n) for indicator in indicators])
    of_budget = budget_light(project, rate, n)
    return {
        "budget": budget,
        "spent": spent,
        "execution_rate": percentage(rate),
        "achievement": achievement,
        "forecast": forecast,
        "forecast_execution_rate": percentage(share_of_budget(project["full_year"], budget)),
        "forecast_flag": flag_of(forecast),
        "indicator_light": shown(of_indicators),
        "budget_light": shown(of_budget),
        "light": shown(worst([of_indicators, of_budget])),
        "band": band_of(achievement, idle),
        "basis": basis,
    }


def shown(light: Light) -> str | None:
    return None if light is OUT else light


def evaluate_indicator(indicator: Record, n: int) -> Record:
    uncapped = uncapped_achievement(indicator, indicator["actual"])
    forecast, basis = forecast_of(indicator, n)
    return {
        "achievement": percentage(cap(uncapped)),
        "uncapped": None if uncapped is OUT else uncapped,
        "forecast": percentage(forecast),
        "basis": basis,
        "light": indicator_light(indicator, n),
    }


def totals_of(rows: list[Record]) -> Record:
    both = [row for row in rows if row["budget"] is not None and row["spent"] is not None]
    spent_of_both = sum((row["spent"] for row in both), ZERO)
    budget_of_both = sum((row["budget"] for row in both), ZERO)
    return {
        "projects": len(rows),
        "budget": sum((row["budget"] for row in rows if row["budget"] is not None), ZERO),
        "spent": sum((row["spent"] for row in rows if row["spent"] is not None), ZERO),
        "execution_rate": percentage(share_of_budget(spent_of_both, budget_of_both)),
        "incomplete": len(rows) - len(both),
    }


def forecast_class(rows: list[Record], flag: str) -> Record:
    flagged = [row for row in rows if row["forecast_flag"] == flag]
    amount = sum((row["budget"] for row in flagged if row["budget"] is not None), ZERO)
    return {"projects": len(flagged), "amount": amount}


def evaluate(projects: list[Record], indicators: list[Record], n: int, method: str = "equal_mean") -> Record:
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}")
    rows = []
    for project in projects:
        own = [indicator for indicator in indicators if indicator["id"] == project["id"]]
        rows.append(evaluate_row(project, own, n, method))
    bands = {band: sum(row["band"] == band for row in rows) for band in BANDS}
    bands["unknown"] = sum(row["band"] is None for row in rows)
    return {
        "rows": rows,
        "totals": totals_of(rows),
        "bands": bands,
        "forecast": {flag: forecast_class(rows, flag) for flag in FLAGS},
        "indicators": [evaluate_indicator(indicator, n) for indicator in indicators],
    }
