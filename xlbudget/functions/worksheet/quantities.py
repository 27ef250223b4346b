"""Functions of single amounts and numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.money import in_wan, percent
from xlbudget.functions.blocks import (
    Block,
    ErrorValue,
    Fails,
    Result,
    Session,
    amount_unit,
    column,
    value_of,
)
from xlbudget.functions.registry import UNIT, Argument, function
from xlbudget.functions.rows import only_column
from xlbudget.reading import quantities
from xlbudget.reading.said import Context
from xlbudget.reading.table import Cell


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
        return in_wan(value_of(quantities.read_amount, ((cell,),), context))

    return column(only_column(amounts), tell)


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
