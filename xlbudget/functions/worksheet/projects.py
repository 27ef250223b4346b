"""Functions of rows of 项目."""

from __future__ import annotations

from decimal import Decimal

from xlbudget.domain.measures import Flag, ProjectResult, assess_project, flag_of, has_no_rate
from xlbudget.domain.model import Project
from xlbudget.domain.money import YUAN_PER_WAN, percent, plain
from xlbudget.functions.blocks import (
    Block,
    Result,
    Session,
    amount_unit,
    column,
)
from xlbudget.functions.registry import (
    HEADER,
    INDICATOR_HEADER,
    INDICATOR_ROWS,
    MONTH,
    MONTHS,
    PROFILE,
    PROJECT_HEADER,
    PROJECT_ROWS,
    UNIT,
    Argument,
    function,
)
from xlbudget.functions.rows import (
    each_project,
    month_of,
    need_indicators,
    only_column,
    percentage_of,
)
from xlbudget.reading.table import Cell


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
            ""
            if has_no_rate(project)
            else percent(assess_project(project, (), MONTHS, judged).execution_rate)
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
        need_indicators(result)
        return percent(result.achievement)

    projects = session.projects(rows, header, unit)
    indicators = session.indicators(indicator_rows, indicator_header)
    return each_project(tell, projects, indicators, MONTHS, session.profile(profile))


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
        need_indicators(result)
        left_out = all(one.forecast_left_out for one in result.indicators)
        return "" if left_out and not result.weights_wrong else percent(result.forecast)

    projects = session.projects(rows, header, unit)
    indicators = session.indicators(indicator_rows, indicator_header)
    return each_project(tell, projects, indicators, month_of(month), session.profile(profile))


@function(
    "FORECAST_FLAG", "预计实现情况",
    Argument("percent", "预计实现程度", "预计年底的实现程度，0 至 100"), PROFILE,
    example="=FORECAST_FLAG(PROJECT_FORECAST(A5:Q5,A$4:Q$4,指标!A$5:P$30,指标!A$4:P$4,6))",
)  # fmt: skip
def forecast_flag(session: Session, percentages: Block, profile: Block | None = None) -> list[Result]:
    """能实现、不能完全实现或差距较大；空白仍是空白。"""
    judged = session.profile(profile)

    def tell(cell: Cell) -> Result | None:
        flag: Flag | None = flag_of(percentage_of(cell), judged)
        return flag

    return column(only_column(percentages), tell)


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
        need_indicators(result)
        return result.indicator_light

    projects = session.projects(rows, header, None)
    indicators = session.indicators(indicator_rows, indicator_header)
    return each_project(tell, projects, indicators, month_of(month), session.profile(profile))


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
    return each_project(tell, projects, (), month_of(month), session.profile(profile))
