"""Functions of rows of 指标."""

from __future__ import annotations

from xlbudget.domain.indicators import IndicatorResult
from xlbudget.domain.money import percent
from xlbudget.functions.blocks import (
    Block,
    Result,
    Session,
)
from xlbudget.functions.registry import HEADER, MONTH, MONTHS, PROFILE, ROWS, function
from xlbudget.functions.rows import each_indicator, month_of


@function("ACHIEVEMENT", "指标的实现程度（%）", ROWS, HEADER, PROFILE, example="=ACHIEVEMENT(A5:P5,A$4:P$4)")
def achievement(
    session: Session, rows: Block, header: Block | None = None, profile: Block | None = None
) -> list[Result]:
    """当前完成值与年度指标值相比，0 至 100；未到期的是空白。"""

    def tell(result: IndicatorResult) -> Result | None:
        return percent(result.achievement) if result.due else ""

    return each_indicator(tell, session, rows, MONTHS, header, profile)


@function(
    "INDICATOR_FORECAST", "指标预计年底的实现程度（%）", ROWS, MONTH, HEADER, PROFILE,
    example="=INDICATOR_FORECAST(A5:P5,6,A$4:P$4)",
)  # fmt: skip
def indicator_forecast(
    session: Session, rows: Block, month: Block, header: Block | None = None, profile: Block | None = None
) -> list[Result]:
    """按全年预计完成值、完成目标可能性或进度推算，0 至 100；未到期又没有预计的是空白。"""

    def tell(result: IndicatorResult) -> Result | None:
        return "" if result.forecast_left_out else percent(result.forecast)

    return each_indicator(tell, session, rows, month_of(month), header, profile)


@function(
    "WARNING_LIGHT", "指标的预警", ROWS, MONTH, HEADER, PROFILE, example="=WARNING_LIGHT(A5:P5,6,A$4:P$4)"
)
def warning_light(
    session: Session, rows: Block, month: Block, header: Block | None = None, profile: Block | None = None
) -> list[Result]:
    """红、黄、绿、蓝、灰。"""
    return each_indicator(lambda result: result.light, session, rows, month_of(month), header, profile)
