"""What a worksheet function is; wrappers, evaluation without Excel and the reference come from this registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlbudget.domain.registry import declare
from xlbudget.functions.blocks import (
    ErrorValue,
    Fails,
    Result,
    Session,
    block,
)

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
