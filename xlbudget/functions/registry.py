"""The worksheet functions, each declared once; wrappers, evaluation without Excel and the reference come from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlbudget.domain.indicators import IndicatorResult, assess_indicator
from xlbudget.domain.measures import Flag, ProjectResult, assess_project, flag_of, has_no_rate
from xlbudget.domain.model import Indicator, Project
from xlbudget.domain.money import YUAN_PER_WAN, in_wan, percent, plain
from xlbudget.domain.profile import Profile
from xlbudget.domain.registry import declare
from xlbudget.functions.blocks import (
    Block,
    ErrorValue,
    Fails,
    Result,
    Session,
    amount_unit,
    block,
    column,
    single,
    value_of,
)
from xlbudget.reading import dates, quantities
from xlbudget.reading.cells import is_empty
from xlbudget.reading.numerals import parse_percent
from xlbudget.reading.said import Context
from xlbudget.reading.table import Cell

CATEGORY = "预算绩效"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument as people see it: its Chinese name, what to give, whether it may be left out."""

    name: str
    label: str
    help: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A worksheet function: what it tells, its arguments, an example, and the pure function behind it."""

    name: str
    title: str
    arguments: tuple[Argument, ...]
    example: str
    call: Callable[..., list[Result]]

    @property
    def least(self) -> int:
        """How many arguments must be given."""
        return sum(not one.optional for one in self.arguments)


FUNCTIONS: dict[str, Function] = {}
"""By name, in the order of declaration."""
_Call = Callable[..., list[Result]]

ROWS = Argument("rows", "指标行", "“指标”表的一行或几行，从第一个填报列到最后一个填报列")
PROJECT_ROWS = Argument("rows", "项目行", "“项目”表的一行或几行，从第一个填报列到最后一个填报列")
HEADER = Argument("header", "表头", "同样几列的表头；不写就按模板的列顺序", optional=True)
MONTH = Argument("month", "截止月份", "监控截止月份，1 至 12")
PROFILE = Argument("profile", "监控口径", "口径的编号或名称；不写用默认口径", optional=True)
UNIT = Argument("unit", "金额单位", "万元或元；不写是万元", optional=True)
PROJECT_HEADER = Argument("project_header", "项目表头", "“项目”表同样几列的表头")
INDICATOR_ROWS = Argument("indicator_rows", "全部指标行", "“指标”表的全部数据行，按项目编号取用")
INDICATOR_HEADER = Argument("indicator_header", "指标表头", "“指标”表同样几列的表头")


def function(name: str, title: str, *arguments: Argument, example: str) -> Callable[[_Call], _Call]:
    """Register a function under a name; its Python function is given a Session and the arguments as blocks."""

    def register(call: _Call) -> _Call:
        declare(FUNCTIONS, name, Function(name, title, arguments, example, call))
        return call

    return register


def evaluate(name: str, given: Sequence[Any], session: Session) -> list[Result] | Result:
    """What a function comes to: a column of results, or one where there is one row.

    `given` are cells, values, rows, or rows of rows; None for what is left out. Bad input gives an error value.
    """
    wanted = FUNCTIONS[name]
    if not wanted.least <= len(given) <= len(wanted.arguments):
        return ErrorValue.VALUE
    try:
        blocks = [None if one is None else block(one) for one in given]
        if any(one is None for one in blocks[: wanted.least]):
            return ErrorValue.VALUE
        results = wanted.call(session, *blocks)
    except Fails as failed:
        return failed.error
    return results[0] if len(results) == 1 else results


# -- what several functions need -----------------------------------------------------------------------


def _month(given: Block) -> int:
    return value_of(dates.read_month, given)


def _shown(value: Fraction | None) -> Decimal | None:
    return percent(value)


def _indicators(
    tell: Callable[[IndicatorResult], Result | None],
    session: Session,
    rows: Block,
    month: int,
    header: Block | None,
    profile: Block | None,
) -> list[Result]:
    judged = session.profile(profile)
    return column(session.indicators(rows, header), lambda one: tell(assess_indicator(one, month, judged)))


def _projects(
    tell: Callable[[ProjectResult], Result | None],
    projects: Sequence[Project | None],
    indicators: Sequence[Indicator | None],
    month: int,
    profile: Profile,
) -> list[Result]:
    """A result a project row, with the indicators of the same 项目编号."""
    wanted = {one.id for one in projects if one}
    own: dict[str, list[IndicatorResult]] = {}
    for one in indicators:
        if one and one.project_id and one.project_id in wanted:
            own.setdefault(one.project_id, []).append(assess_indicator(one, month, profile))
    return column(
        projects,
        lambda one: tell(assess_project(one, tuple(own.get(one.id or "", ())), month, profile)),
    )


def _need_indicators(result: ProjectResult) -> None:
    if not result.indicators:
        raise Fails(ErrorValue.NA)


# -- indicators ----------------------------------------------------------------------------------------


@function("ACHIEVEMENT", "指标的实现程度（%）", ROWS, HEADER, PROFILE, example="=ACHIEVEMENT(A5:P5,A$4:P$4)")
def achievement(
    session: Session, rows: Block, header: Block | None = None, profile: Block | None = None
) -> list[Result]:
    """当前完成值与年度指标值相比，0 至 100；未到期的是空白。"""

    def tell(result: IndicatorResult) -> Result | None:
        return _shown(result.achievement) if result.due else ""

    return _indicators(tell, session, rows, MONTHS, header, profile)


@function(
    "INDICATOR_FORECAST", "指标预计年底的实现程度（%）", ROWS, MONTH, HEADER, PROFILE,
    example="=INDICATOR_FORECAST(A5:P5,6,A$4:P$4)",
)  # fmt: skip
def indicator_forecast(
    session: Session, rows: Block, month: Block, header: Block | None = None, profile: Block | None = None
) -> list[Result]:
    """按全年预计完成值、完成目标可能性或进度推算，0 至 100；未到期又没有预计的是空白。"""

    def tell(result: IndicatorResult) -> Result | None:
        return "" if result.forecast_left_out else _shown(result.forecast)

    return _indicators(tell, session, rows, _month(month), header, profile)


@function(
    "WARNING_LIGHT", "指标的预警", ROWS, MONTH, HEADER, PROFILE, example="=WARNING_LIGHT(A5:P5,6,A$4:P$4)"
)
def warning_light(
    session: Session, rows: Block, month: Block, header: Block | None = None, profile: Block | None = None
) -> list[Result]:
    """红、黄、绿、蓝、灰。"""
    return _indicators(lambda result: result.light, session, rows, _month(month), header, profile)


# -- project rows --------------------------------------------------------------------------------------


@function(
    "ADJUSTED_BUDGET", "项目的调整后预算", PROJECT_ROWS, HEADER, UNIT, example='=ADJUSTED_BUDGET(A5:Q5,A$4:Q$4,"万元")'
)  # fmt: skip
def adjusted_budget(
    session: Session, rows: Block, header: Block | None = None, unit: Block | None = None
) -> list[Result]:
    """预算数加调整额，单位同表里的金额。"""
    divisor = YUAN_PER_WAN if amount_unit(unit) == "万元" else Decimal(1)

    def tell(project: Project) -> Result | None:
        return None if project.budget is None else Decimal(plain(project.budget / divisor))

    return column(session.projects(rows, header, unit), tell)


@function(
    "EXECUTION_RATE", "项目的预算执行率（%）", PROJECT_ROWS, HEADER, UNIT, example="=EXECUTION_RATE(A5:Q5,A$4:Q$4)"
)  # fmt: skip
def execution_rate(
    session: Session, rows: Block, header: Block | None = None, unit: Block | None = None
) -> list[Result]:
    """累计支出除以调整后预算；预算为 0 的是空白。"""

    def tell(project: Project) -> Result | None:
        return (
            "" if has_no_rate(project) else _shown(assess_project(project, (), MONTHS, judged).execution_rate)
        )

    judged = session.profile(None)
    return column(session.projects(rows, header, unit), tell)


@function(
    "PROJECT_ACHIEVEMENT", "项目的绩效目标实现程度（%）",
    PROJECT_ROWS, PROJECT_HEADER, INDICATOR_ROWS, INDICATOR_HEADER, PROFILE, UNIT,
    example="=PROJECT_ACHIEVEMENT(A5:Q5,A$4:Q$4,指标!A$5:P$30,指标!A$4:P$4)",
)  # fmt: skip
def project_achievement(
    session: Session,
    rows: Block,
    header: Block,
    indicator_rows: Block,
    indicator_header: Block,
    profile: Block | None = None,
    unit: Block | None = None,
) -> list[Result]:
    """各指标和预算执行率按监控口径的方法合成；没有指标的是 #N/A。"""

    def tell(result: ProjectResult) -> Result | None:
        _need_indicators(result)
        return _shown(result.achievement)

    projects = session.projects(rows, header, unit)
    indicators = session.indicators(indicator_rows, indicator_header)
    return _projects(tell, projects, indicators, MONTHS, session.profile(profile))


@function(
    "PROJECT_FORECAST", "项目预计年底的实现程度（%）",
    PROJECT_ROWS, PROJECT_HEADER, INDICATOR_ROWS, INDICATOR_HEADER, MONTH, PROFILE, UNIT,
    example="=PROJECT_FORECAST(A5:Q5,A$4:Q$4,指标!A$5:P$30,指标!A$4:P$4,6)",
)  # fmt: skip
def project_forecast(
    session: Session,
    rows: Block,
    header: Block,
    indicator_rows: Block,
    indicator_header: Block,
    month: Block,
    profile: Block | None = None,
    unit: Block | None = None,
) -> list[Result]:
    """各指标的年底预计按监控口径的方法合成；没有可预计的指标是空白，没有指标的是 #N/A。"""

    def tell(result: ProjectResult) -> Result | None:
        _need_indicators(result)
        left_out = all(one.forecast_left_out for one in result.indicators)
        return "" if left_out and not result.weights_wrong else _shown(result.forecast)

    projects = session.projects(rows, header, unit)
    indicators = session.indicators(indicator_rows, indicator_header)
    return _projects(tell, projects, indicators, _month(month), session.profile(profile))


@function(
    "FORECAST_FLAG", "预计实现情况",
    Argument("percent", "预计实现程度", "预计年底的实现程度，0 至 100"), PROFILE,
    example="=FORECAST_FLAG(PROJECT_FORECAST(A5:Q5,A$4:Q$4,指标!A$5:P$30,指标!A$4:P$4,6))",
)  # fmt: skip
def forecast_flag(session: Session, percentages: Block, profile: Block | None = None) -> list[Result]:
    """能实现、不能完全实现或差距较大；空白仍是空白。"""
    judged = session.profile(profile)

    def tell(cell: Cell) -> Result | None:
        flag: Flag | None = flag_of(_percentage(cell), judged)
        return flag

    return column(_only_column(percentages), tell)


@function(
    "PROJECT_LIGHT", "项目的指标预警",
    PROJECT_ROWS, PROJECT_HEADER, INDICATOR_ROWS, INDICATOR_HEADER, MONTH, PROFILE,
    example="=PROJECT_LIGHT(A5:Q5,A$4:Q$4,指标!A$5:P$30,指标!A$4:P$4,6)",
)  # fmt: skip
def project_light(
    session: Session,
    rows: Block,
    header: Block,
    indicator_rows: Block,
    indicator_header: Block,
    month: Block,
    profile: Block | None = None,
) -> list[Result]:
    """该项目各指标预警中最重的一个；没有指标的是 #N/A。"""

    def tell(result: ProjectResult) -> Result | None:
        _need_indicators(result)
        return result.indicator_light

    projects = session.projects(rows, header, None)
    indicators = session.indicators(indicator_rows, indicator_header)
    return _projects(tell, projects, indicators, _month(month), session.profile(profile))


@function(
    "BUDGET_LIGHT", "项目的资金预警", PROJECT_ROWS, MONTH, HEADER, PROFILE, UNIT,
    example="=BUDGET_LIGHT(A5:Q5,6,A$4:Q$4)",
)  # fmt: skip
def budget_light(
    session: Session,
    rows: Block,
    month: Block,
    header: Block | None = None,
    profile: Block | None = None,
    unit: Block | None = None,
) -> list[Result]:
    """预算执行率与序时进度相比：红、黄、绿，未到追加月份是灰；预算为 0 的是空白。"""

    def tell(result: ProjectResult) -> Result | None:
        return "" if has_no_rate(result.project) else result.budget_light

    projects = session.projects(rows, header, unit)
    return _projects(tell, projects, (), _month(month), session.profile(profile))


# -- single values -------------------------------------------------------------------------------------


def _only_column(given: Block) -> list[Cell | None]:
    """The cells of a block one column wide, None for empty ones. Raises Fails."""
    if any(len(row) != 1 for row in given):
        raise Fails(ErrorValue.VALUE)
    return [None if is_empty(row[0]) else row[0] for row in given]


def _percentage(cell: Cell) -> Fraction:
    """A percentage on the 0–100 scale, 95% as text too. Raises Fails."""
    single(((cell,),))
    if cell.kind == "text":
        found = parse_percent(cell.text)
        if found is not None:
            return Fraction(found)
    return Fraction(value_of(quantities.read_number, ((cell,),)))


@function(
    "AMOUNT_WAN", "金额换算成万元",
    Argument("amount", "金额", "一个金额或一列金额，例如 60000元、6万、1,234.5"), UNIT,
    example='=AMOUNT_WAN("60000元")',
)  # fmt: skip
def amount_wan(session: Session, amounts: Block, unit: Block | None = None) -> list[Result]:
    """读出金额，换算成万元；不带单位的数按“金额单位”算。"""
    del session
    context = Context(amount_unit(unit))

    def tell(cell: Cell) -> Result | None:
        single(((cell,),))
        return in_wan(value_of(lambda one, _: quantities.read_amount(one, context), ((cell,),)))

    return column(_only_column(amounts), tell)


@function(
    "YEAR_ON_YEAR", "同比增减（%）",
    Argument("now", "今年", "今年的数"), Argument("before", "上年同期", "上年同期的数"),
    example="=YEAR_ON_YEAR(7,10)",
)  # fmt: skip
def year_on_year(session: Session, now: Block, before: Block) -> list[Result]:
    """今年比上年同期增加（正）或减少（负）百分之几；上年同期不大于 0 的没有同比，是 #N/A。"""
    del session
    this, last = (Fraction(value_of(quantities.read_number, one)) for one in (now, before))
    if last <= 0:
        raise Fails(ErrorValue.NA)
    return [percent((this / last - 1) * 100) or Decimal(0)]
