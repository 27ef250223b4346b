"""IND: indicators against their targets, their reasons and their own forecasts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.finding import Severity
from xlbudget.domain.indicators import FULL, MONTHS, NOTHING, value_achievement
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Comparison, Indicator, Light, Likelihood
from xlbudget.domain.money import pct, plain
from xlbudget.domain.profile import Terms
from xlbudget.reading import units
from xlbudget.rules.registry import Family, Violation, rule
from xlbudget.rules.words import bare, name

FAMILY = Family(4, "IND", "指标")


def explained(row: Indicator) -> bool:
    """Whether an indicator says why it deviates, by category or in words (or has no column to say it in)."""
    return bool(row.causes or row.reason) or row.unknown("causes") or row.where("causes").at is None


def _is_quantity(row: Indicator) -> bool:
    """Whether a number is wanted."""
    return row.comparison is not None and row.comparison is not Comparison.QUALITATIVE


def _has(name: str | None, words: tuple[str, ...]) -> bool:
    return any(word in (name or "") for word in words)


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
        if above_whole(row, case.profile.terms):
            continue  # IND012 tells of it
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


def _expected(case: Assessment, row: Indicator) -> Fraction | None:
    """What 全年预计完成值 comes to; None where it is not told."""
    return None if row.full_year is None else value_achievement(row, row.full_year, case.profile)


@rule("IND005", Severity.WARNING, title="完成目标可能性与全年预计完成值矛盾")
def likelihood_against_forecast(case: Assessment) -> Iterator[Violation]:
    """填“确定能”的，全年预计完成值要达到目标；填“完全不可能”的，不会达到目标。"""
    for row in case.facts.indicators:
        expected = _expected(case, row)
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


# -- what reviewers return -----------------------------------------------------------------------------


@rule("IND006", Severity.WARNING, title="三级指标重复", needs=["指标.project_id"])
def same_name_twice(case: Assessment) -> Iterator[Violation]:
    """一个项目的三级指标不重复。"""
    seen: dict[tuple[str, str], Indicator] = {}
    for row in case.facts.indicators:
        if row.level3 and row.project_id is not None:
            first = seen.setdefault((row.project_id, bare(row.level3)), row)
            if first is not row:
                message = f"三级指标{name(row)}与第 {first.place.row} 行重复。"
                yield Violation(
                    row.where("level3"), message, "请删去多余的一行；考核内容不同的，请把名称写得有区别。"
                )


@rule("IND007", Severity.WARNING, title="没有填计量单位", needs=["指标.measure_unit"])
def no_unit(case: Assessment) -> Iterator[Violation]:
    """年度指标值是数的，要填计量单位。"""
    for row in case.facts.indicators:
        unit_known = bool(row.measure_unit) or row.unknown("measure_unit")
        if _is_quantity(row) and isinstance(row.target, Decimal) and not unit_known:
            message = f"{name(row)}目标是 {plain(row.target)}，没有填计量单位。"
            yield Violation(row.where("measure_unit"), message, "请补填计量单位，比率填“%”。")


_LONGEST = 100


@rule("IND008", Severity.INFO, title="三级指标太长")
def long_name(case: Assessment) -> Iterator[Violation]:
    """三级指标不超过 100 个字。"""
    for row in case.facts.indicators:
        if row.level3 and len(row.level3) > _LONGEST:
            message = f"三级指标有 {len(row.level3)} 个字，超过 {_LONGEST} 个字。"
            yield Violation(row.where("level3"), message, "请只写指标名称，考核办法写在备注里。")


@rule("IND009", Severity.WARNING, title="二级指标不属于一级指标")
def level_of_another(case: Assessment) -> Iterator[Violation]:
    """二级指标要属于所填的一级指标；监控口径没有列出的二级指标，只作提示。"""
    levels = case.profile.terms.levels
    homes: dict[str, list[str]] = {}
    for level1, below in levels.items():
        for level2 in below:
            homes.setdefault(level2.removesuffix("指标"), []).append(level1)
    for row in case.facts.indicators:
        if row.level1 not in levels or not row.level2:
            continue
        level2 = row.level2.strip().removesuffix("指标")
        home = homes.get(level2, [])
        stem = row.level1.removesuffix("指标")
        if row.level1 in home or (not home and stem in level2):
            continue
        if home:
            message = f"“{row.level2}”属于{'、'.join(home)}，一级指标填的是{row.level1}。"
            yield Violation(row.where("level2"), message, "请核对一级指标和二级指标，改正其中一个。")
        else:
            usual = "、".join(levels[row.level1])
            message = f"“{row.level2}”不是{row.level1}常用的二级指标（{usual}）。"
            yield Violation(
                row.where("level2"), message, "写法有规定的不用改；否则请从列表里选。", Severity.INFO
            )


_CALENDAR_MONTH = re.compile(r"(?:月份?|月(?:底|末|初|中旬|上旬|下旬))(?:之?前|以前)?$")


def _is_month(row: Indicator, terms: Terms) -> bool:
    """Whether a target is a month of the calendar, not a time in months."""
    return bool(_CALENDAR_MONTH.match(row.measure_unit or "")) and not _has(row.level3, terms.lasting)


@rule("IND010", Severity.WARNING, title="时效指标的计量单位不是时间", needs=["指标.measure_unit"])
def timeliness_without_time(case: Assessment) -> Iterator[Violation]:
    """时效指标用时间或者比率（%）考核。"""
    terms = case.profile.terms
    for row in case.facts.indicators:
        if not _is_quantity(row) or not (row.level2 or "").startswith("时效") or not row.measure_unit:
            continue
        if not units.is_percent(row.measure_unit) and not _has(row.measure_unit, terms.time_units):
            message = f"时效指标{name(row)}的计量单位是“{row.measure_unit}”，不是时间。"
            yield Violation(
                row.where("measure_unit"),
                message,
                "请改用时间（月、天等）或比率考核；考核数量的请改为数量指标。",
            )


@rule("IND011", Severity.ERROR, title="月份目标大于 12")
def month_beyond_december(case: Assessment) -> Iterator[Violation]:
    """以月份为目标的时效指标，目标值为 1 至 12。"""
    for row in case.facts.indicators:
        if not (row.level2 or "").startswith("时效") or not isinstance(row.target, Decimal):
            continue
        if row.target > MONTHS and _is_month(row, case.profile.terms):
            message = f"{name(row)}目标是 {plain(row.target)} {row.measure_unit}，一年只有 12 个月。"
            yield Violation(
                row.where("target"), message, "请核对目标；是工期的，请把计量单位改为“个月”并在名称里写明。"
            )


_ZERO = Decimal(0)
_RATE = re.compile(r"(?:率|满意度)(?:[（(].*[）)])?$")
_WHOLE = Decimal(100)


def _is_rate(row: Indicator, terms: Terms) -> bool:
    """Whether an indicator is a share of a whole, which is at most 100 %."""
    title = (row.level3 or "").strip()
    return units.is_percent(row.measure_unit) and bool(_RATE.search(title)) and not _has(title, terms.growth)


def above_whole(row: Indicator, terms: Terms) -> str:
    """The field of a rate that is above 100 %; nothing where none is."""
    if not _is_quantity(row):
        return ""
    for field in ("target", "actual", "full_year"):
        value = getattr(row, field)
        if isinstance(value, Decimal) and value > _WHOLE and _is_rate(row, terms):
            return field
    return ""


_VALUES = {"target": "年度指标值", "actual": "当前完成值", "full_year": "全年预计完成值"}


@rule("IND012", Severity.WARNING, title="比率大于 100%")
def rate_above_whole(case: Assessment) -> Iterator[Violation]:
    """名称是“……率”“……满意度”、计量单位是 % 的（增长率一类除外），目标值和完成值不大于 100；写明了原因的不提。"""
    for row in case.facts.indicators:
        field = above_whole(row, case.profile.terms)
        if field and not (row.reason or row.remark):
            message = f"{name(row)}{_VALUES[field]}是 {plain(getattr(row, field))}%，大于 100%。"
            yield Violation(row.where(field), message, "请核对；确实会大于 100% 的，请在原因说明里写明。")


@rule("IND013", Severity.WARNING, title="成本指标用了“≥”或“＞”")
def cost_wants_more(case: Assessment) -> Iterator[Violation]:
    """成本指标一般越小越好，用“≤”；节约率、降低率一类除外。"""
    for row in case.facts.indicators:
        cost = row.level1 == "成本指标" or (row.level2 or "").removesuffix("指标").endswith("成本")
        if not cost or row.comparison not in (Comparison.AT_LEAST, Comparison.MORE) or row.remark:
            continue
        if not _has(row.level3, case.profile.terms.saving):
            message = f"成本指标{name(row)}的计算符号是“{row.comparison}”，成本越高完成得越好，不合常理。"
            yield Violation(
                row.where("comparison"), message, "请改为“≤”；考核节约多少的，请在名称里写明“节约”。"
            )


@rule("IND014", Severity.WARNING, title="目标不用做事就能达到")
def met_by_doing_nothing(case: Assessment) -> Iterator[Violation]:
    """目标不能是“≥0”“＞负数”，什么都不做也能达到；增长率一类，和写明了原因的，不提。"""
    for row in case.facts.indicators:
        target = row.target
        if not isinstance(target, Decimal) or row.reason or row.remark:
            continue
        at_least = row.comparison is Comparison.AT_LEAST and target <= 0
        more = row.comparison is Comparison.MORE and target < 0
        if (at_least or more) and not _has(row.level3, case.profile.terms.growth):
            message = f"{name(row)}的目标是“{row.comparison}{plain(target)}”，什么都不做也能达到。"
            yield Violation(row.where("target"), message, "请填要达到的数；不应发生的事，请改为“＝0”或“≤0”。")


@rule("IND015", Severity.INFO, title="把预算数当作产出数量", needs=["项目.id", "项目.amount"])
def budget_as_output(case: Assessment) -> Iterator[Violation]:
    """产出指标考核做了多少事，不考核花了多少钱：目标值不是项目的预算数。"""
    budgets: dict[str, set[Decimal]] = {}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for project in case.facts.projects:
        number, known = project.id or "", {project.amount or _ZERO, project.budget or _ZERO}
        sums[number] += project.budget or _ZERO
        budgets[number] = budgets.get(number, set()) | known | {sums[number]}
    for row in case.facts.indicators:
        scale = {"万元": 10_000, "元": 1}.get(units.common(row.measure_unit or ""))
        if row.level1 != "产出指标" or scale is None or not isinstance(row.target, Decimal):
            continue
        if row.target and row.target * scale in budgets.get(row.project_id or "", ()):
            message = f"产出指标{name(row)}的目标 {plain(row.target)} {row.measure_unit}就是项目的预算数。"
            yield Violation(row.where("target"), message, "请改为要完成的事的数量；确实考核金额的不用改。")


def _reason_asked(case: Assessment, row: Indicator, light: Light | None) -> bool:
    """Whether a light wants a reason, and IND003 does not ask for its kind already."""
    return light in case.profile.reasons_for and bool(row.causes) and not row.unknown("reason")


@rule("IND016", Severity.WARNING, title="偏差原因选“其他”，没有说明", needs=["指标.reason"])
def other_without_words(case: Assessment) -> Iterator[Violation]:
    """偏差原因选了“其他”的，要在原因说明或备注里写明是什么。"""
    for result in case.indicators:
        row = result.indicator
        if "其他" not in row.causes or row.unknown("reason") or row.reason or row.remark:
            continue
        if not (row.reason_is_nothing and _reason_asked(case, row, result.light)):
            message = f"{name(row)}偏差原因选了“其他”，没有写是什么原因。"
            yield Violation(row.where("reason"), message, "请在原因说明里写明具体原因。")


@rule("IND017", Severity.WARNING, title="原因说明等于没有说", needs=["指标.reason"])
def reason_says_nothing(case: Assessment) -> Iterator[Violation]:
    """预警为红或黄的指标，原因说明不能只写“无”“正常”一类的话。"""
    for result in case.indicators:
        row = result.indicator
        if not _reason_asked(case, row, result.light):
            continue
        empty = row.reason and not case.profile.terms.gives_reason(row.reason)
        if (empty or row.reason_is_nothing) and not row.remark:
            said = f"“{row.reason}”" if row.reason else "“无”"
            message = f"{name(row)}预警为{result.light}，原因说明只写{said}，没有说明原因。"
            yield Violation(row.where("reason"), message, "请写明具体原因，例如哪项工作、因为什么推迟。")


_UNFINISHED = re.compile(
    r"未完成|没有完成|尚未完成|未能完成|没完成|未达成|未达到|没有达到|进度滞后|进度缓慢|进展缓慢"
)


@rule("IND018", Severity.INFO, title="预警为绿，却写没有完成")
def unfinished_though_green(case: Assessment) -> Iterator[Violation]:
    """预警为绿或蓝的指标，原因说明一般不写“未完成”；写了的，请核对当前完成值。"""
    for result in case.indicators:
        row = result.indicator
        if result.light in (Light.GREEN, Light.BLUE) and row.reason and _UNFINISHED.search(row.reason):
            message = f"{name(row)}预警为{result.light}，原因说明却写“{_UNFINISHED.findall(row.reason)[0]}”。"
            yield Violation(row.where("reason"), message, "请核对当前完成值和原因说明。")


@rule("IND019", Severity.WARNING, title="可能完不成，没有说明原因", needs=["指标.causes"])
def doubtful_without_reason(case: Assessment) -> Iterator[Violation]:
    """完成目标可能性填“有可能”“完全不可能”的，要填偏差原因或原因说明。"""
    for result in case.indicators:
        row = result.indicator
        if row.likelihood not in (Likelihood.POSSIBLE, Likelihood.IMPOSSIBLE):
            continue
        if explained(row) or row.remark or result.light in case.profile.reasons_for:
            continue  # IND003 asks where the light is red or yellow
        if row.likelihood is Likelihood.IMPOSSIBLE and (_expected(case, row) or NOTHING) >= FULL:
            continue  # IND005 tells of it
        message = f"{name(row)}完成目标可能性填“{row.likelihood}”，没有说明原因。"
        yield Violation(row.where("causes"), message, "请填偏差原因或原因说明；确定能完成的，请改可能性。")
