"""How each figure came about: the cells it rests on and the arithmetic, in a bookkeeper's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.indicators import Basis, IndicatorResult, is_timed, progress_ratio, value_achievement
from xlbudget.domain.measures import Assessment, ProjectResult, Term, start_month, time_progress
from xlbudget.domain.model import Comparison, Indicator, Light, Status
from xlbudget.domain.money import pct, percent, plain, wan
from xlbudget.domain.profile import Method, Profile
from xlbudget.domain.where import Where

UNKNOWN = "算不出"
ROUNDING = "各项按未四舍五入的数计算，最后保留两位小数"


@dataclass(frozen=True, slots=True)
class Part:
    """One term of a figure: what it is, its value (percentage), the cells, and how it was computed."""

    what: str
    value: Decimal | None
    cells: tuple[Where, ...]
    how: str


@dataclass(frozen=True, slots=True)
class FigureNote:
    """One figure of a project row with its arithmetic."""

    what: str
    formula: str
    result: str
    cells: tuple[Where, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one project row; `parts`, `formula` and `result` are those of 实现程度."""

    result: ProjectResult
    parts: tuple[Part, ...]
    formula: str
    figures: tuple[FigureNote, ...]


def _percent_or_unknown(value: Fraction | None) -> str:
    return UNKNOWN if value is None else pct(value)


def _value_words(
    one: Indicator, what: str, value: Decimal | Status, uncapped: Fraction, profile: Profile
) -> str:
    """How a value becomes an achievement, with the cap where it bites."""
    capped = "" if 0 <= uncapped <= 100 else f"，按 {'100' if uncapped > 100 else '0'} 计"
    if isinstance(value, Status):
        return f"{what}“{value}”，记 {plain(profile.grades[value])}"
    if one.comparison is Comparison.QUALITATIVE:
        return f"{what}填的就是百分比 {plain(value)}{capped}"
    target = one.target if isinstance(one.target, Decimal) else Decimal(0)
    sign = one.comparison or ""
    if target <= 0:
        return f"目标{sign}{plain(target)}，{what} {plain(value)}，{'达到' if uncapped >= 100 else '没有达到'}，记 {pct(uncapped)}"
    if one.comparison and one.comparison.wants_more:
        return f"{what} {plain(value)} ÷ 年度指标值 {plain(target)} × 100 = {pct(uncapped)}{capped}"
    if value <= target:
        return f"目标{sign}{plain(target)}，{what} {plain(value)}，在目标以内，记 100"
    over = f"（1 −（{plain(value)} − {plain(target)}）÷ {plain(target)}）× 100"
    return f"目标{sign}{plain(target)}，{what} {plain(value)} 超出目标，{over} = {pct(uncapped)}（不低于 0）"


def achievement_words(result: IndicatorResult, profile: Profile) -> str:
    """How an indicator's achievement came about."""
    one = result.indicator
    if not result.due:
        return "未到期，不参加计算"
    if one.unknown("actual"):
        return "当前完成值读不出来，算不出"
    if one.actual is None:
        return "当前完成值没有填，按 0 计"
    if result.uncapped is None:
        return "计算符号或年度指标值没有填，或者读不出来，算不出"
    return _value_words(one, "当前完成值", one.actual, result.uncapped, profile)


def forecast_words(result: IndicatorResult, month: int, profile: Profile) -> str:
    """How an indicator's forecast came about."""
    one = result.indicator
    if result.forecast_left_out:
        return "未到期，也没有填年底预计，不参加计算"
    if result.forecast is None:
        return "所需内容读不出来，算不出"
    if result.basis is Basis.FULL_YEAR and one.full_year is not None:
        uncapped = value_achievement(one, one.full_year, profile) or Fraction(0)
        return _value_words(one, "全年预计完成值", one.full_year, uncapped, profile)
    if result.basis is Basis.LIKELIHOOD and one.likelihood:
        value = profile.likelihood[one.likelihood]
        raised = f"，低于当前的实现程度，改按 {pct(result.forecast)} 计" if result.forecast > value else ""
        return f"完成目标可能性“{one.likelihood}”，记 {plain(value)}{raised}"
    if result.basis is Basis.PROGRESS:
        return f"按进度推算：{pct(result.achievement)} × 12 ÷ {month} = {pct(result.forecast)}（不超过 100）"
    return f"没有填年底预计，取当前的实现程度 {pct(result.forecast)}"


def _indicator_cells(one: Indicator, *fields: str) -> tuple[Where, ...]:
    return tuple(one.where(field) for field in fields)


def _parts(case: Assessment, result: ProjectResult) -> Iterator[Part]:
    for one in result.indicators:
        cells = _indicator_cells(one.indicator, "actual", "target")
        name = one.indicator.level3 or "（三级指标未填）"
        yield Part(name, percent(one.achievement), cells, achievement_words(one, case.profile))
    rate, project = result.execution_rate, result.project
    capped = None if rate is None else percent(min(Fraction(100), max(Fraction(0), rate)))
    yield Part("预算执行率", capped, (project.where("spent"), *project.budget_cells), _rate_words(result))


def _rate_words(result: ProjectResult) -> str:
    project, rate = result.project, result.execution_rate
    if rate is not None and project.spent is not None and project.budget is not None:
        over = "，计入平均时按 100" if rate > 100 else ""
        return f"累计支出 {wan(project.spent)} 万元 ÷ 调整后预算 {wan(project.budget)} 万元 × 100 = {pct(rate)}{over}"
    if project.budget is not None and project.budget <= 0:
        return "调整后预算不大于 0，没有执行率，不参加计算"
    return "预算或支出没有填，或者读不出来，算不出"


def _mean_words(terms: tuple[Term, ...], profile: Profile, value: Fraction | None) -> str:
    """The mean written out: (a + b) ÷ n, or Σ(value × weight) ÷ Σ weight."""
    if profile.method is Method.EQUAL_MEAN:
        formula = f"（{' + '.join(pct(term.value) for term in terms)}）÷ {len(terms)}"
    else:
        products = " + ".join(f"{pct(term.value)}×{pct(term.weight)}" for term in terms)
        formula = f"（{products}）÷ {pct(sum((t.weight for t in terms), Fraction(0)))}"
    return f"{formula} = {_percent_or_unknown(value)}"


def _achievement_formula(result: ProjectResult, profile: Profile) -> str:
    if not result.indicators:
        return "没有绩效指标，算不出"
    if result.weights_wrong:
        return f"权重不全或合计不是 {plain(profile.weights.indicators)}，算不出"
    if result.started is False:
        return "没有支出，各指标也都没有进展，属于工作未开展，记 0"
    if result.achievement is None:
        return "有内容读不出来或没有填，算不出（见上面各项）"
    return _mean_words(result.terms, profile, result.achievement)


def _budget_note(result: ProjectResult) -> FigureNote:
    project = result.project
    if project.budget is None:
        return FigureNote(
            "调整后预算", "预算数没有填，或者预算数、调整额读不出来", UNKNOWN, project.budget_cells
        )
    formula = f"预算数 {wan(project.amount or Decimal(0))} 万元"
    if project.adjustment is not None:
        formula += f" ＋ 调整额 {wan(project.adjustment)} 万元"
    return FigureNote("调整后预算", formula, f"{wan(project.budget)} 万元", project.budget_cells)


def _forecast_cells(result: IndicatorResult) -> tuple[Where, ...]:
    """The cells that an indicator's forecast rests on."""
    fields = {
        Basis.FULL_YEAR: ("full_year", "target"),
        Basis.LIKELIHOOD: ("likelihood", "actual", "target"),
        None: ("full_year", "likelihood", "actual", "target"),
    }
    return _indicator_cells(result.indicator, *fields.get(result.basis, ("actual", "target")))


def _forecast_notes(case: Assessment, result: ProjectResult) -> Iterator[FigureNote]:
    used: list[Where] = []
    for one in result.indicators:
        cells = _forecast_cells(one)
        used += cells
        name = f"预计：{one.indicator.level3 or '（三级指标未填）'}"
        words = forecast_words(one, case.month, case.profile)
        yield FigureNote(name, words, _percent_or_unknown(one.forecast), cells)
    cells = tuple(used)
    formula = (
        _mean_words(result.forecast_terms, case.profile, result.forecast)
        if result.forecast is not None
        else "没有可以预计的指标、权重不对，或者有内容没有填、读不出来"
    )
    yield FigureNote("预计年底实现程度", formula, _percent_or_unknown(result.forecast), cells)
    if result.flag and result.forecast is not None:
        gap = plain(100 - (percent(result.forecast) or Decimal(0)))
        limits = case.profile.forecast
        rule = f"差距不超过 {plain(limits.reached)} 为能实现，不超过 {plain(limits.partly)} 为不能完全实现，再大为差距较大"
        yield FigureNote(
            "预计实现情况", f"与目标差距 100 − {pct(result.forecast)} = {gap}；{rule}", result.flag, cells
        )


def light_words(result: IndicatorResult, month: int, profile: Profile) -> str:
    """Why an indicator has its light."""
    one = result.indicator
    comparison, target = one.comparison, one.target
    if result.light is None or comparison is None:
        return "所需内容没有填，或者读不出来" if result.due else "未到期"
    if not result.due:
        return "未到期"
    if comparison.wants_more and is_timed(one) and isinstance(target, Decimal) and target > 0:
        return _progress_words(one, target, month, profile)
    if result.light is Light.GREEN:
        return "已达到目标"
    if result.light is Light.GREY:
        limits = not comparison.wants_more and comparison is not Comparison.QUALITATIVE
        waiting = one.due_month is not None and month < one.due_month and not limits
        return f"还没有到计划完成月份（{one.due_month}月）" if waiting else "还没有填完成值"
    limit = not comparison.wants_more and comparison is not Comparison.QUALITATIVE
    return "超出目标" if limit else f"实现程度 {pct(result.achievement)}，没有达到目标"


def _progress_words(one: Indicator, target: Decimal, month: int, profile: Profile) -> str:
    limits = profile.lights
    actual = one.actual if isinstance(one.actual, Decimal) else Decimal(0)
    ratio = progress_ratio(one, target, month)
    rule = (
        f"小于 {plain(limits.red)} 红，小于 {plain(limits.yellow)} 黄，小于 {plain(limits.blue)} 绿，再大为蓝"
    )
    return f"按序时：{plain(actual)} ÷（{plain(target)} × {month}/12）= {pct(ratio)}；{rule}"


def _light_notes(case: Assessment, result: ProjectResult) -> Iterator[FigureNote]:
    for one in result.indicators:
        cells = _indicator_cells(one.indicator, "actual", "target", "due_month")
        name = f"预警：{one.indicator.level3 or '（三级指标未填）'}"
        yield FigureNote(name, light_words(one, case.month, case.profile), one.light or "—", cells)
    marks = "、".join(one.light or "—" for one in result.indicators)
    cells = tuple(one.indicator.where("actual") for one in result.indicators)
    yield FigureNote("指标预警", f"各指标预警（{marks}）中最重的", result.indicator_light or "—", cells)
    project = result.project
    money = (project.where("spent"), *project.budget_cells)
    yield FigureNote("资金预警", _budget_light_words(case, result), result.budget_light or "—", money)
    both = f"指标预警 {result.indicator_light or '—'} 与资金预警 {result.budget_light or '—'} 中较重的"
    yield FigureNote("综合预警", both, result.light or "—", (*cells, *money))


def _budget_light_words(case: Assessment, result: ProjectResult) -> str:
    project, month = result.project, case.month
    start = start_month(project) or 1
    if result.budget_light is Light.GREY:
        return f"{start} 月才追加，晚于监控截止月份"
    if result.execution_rate is None or result.budget_light is None:
        return "没有执行率，不预警"
    progress = time_progress(month, start)
    ratio = result.execution_rate / progress
    limits = case.profile.lights
    rule = f"小于 {plain(limits.budget_red)} 红，小于 {plain(limits.budget_yellow)} 黄，其余绿"
    return f"执行率 {pct(result.execution_rate)} ÷ 序时进度 {pct(progress)} = {pct(ratio)}；{rule}"


def _expected_rate(result: ProjectResult) -> FigureNote:
    project, rate = result.project, result.forecast_execution_rate
    cells = (project.where("full_year_spending"), *project.budget_cells)
    if rate is None or project.full_year_spending is None or project.budget is None:
        return FigureNote("预计执行率", "全年预计支出或预算没有填，或读不出来", UNKNOWN, cells)
    formula = (
        f"全年预计支出 {wan(project.full_year_spending)} 万元 ÷ 调整后预算 {wan(project.budget)} 万元 × 100"
    )
    return FigureNote("预计执行率", formula, pct(rate), cells)


def explain(case: Assessment, result: ProjectResult) -> Explanation:
    """Explain every figure of one project row."""
    parts = tuple(_parts(case, result))
    formula = _achievement_formula(result, case.profile)
    rate = parts[-1]
    figures = [
        _budget_note(result),
        FigureNote("预算执行率", rate.how, _percent_or_unknown(result.execution_rate), rate.cells),
        FigureNote("实现程度", formula, _percent_or_unknown(result.achievement), ()),
        *(
            [FigureNote("分档", f"按实现程度 {pct(result.achievement)} 归档", result.band, ())]
            if result.band
            else []
        ),
        *_forecast_notes(case, result),
        _expected_rate(result),
        *_light_notes(case, result),
    ]
    return Explanation(result, parts, formula, tuple(figures))
