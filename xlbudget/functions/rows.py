"""What several functions need: a result for each row of indicators or projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from xlbudget.domain.indicators import IndicatorResult, assess_indicator
from xlbudget.domain.measures import ProjectResult, assess_project
from xlbudget.domain.model import Indicator, Project
from xlbudget.domain.profile import Profile
from xlbudget.functions.blocks import (
    Block,
    ErrorValue,
    Fails,
    Result,
    Session,
    column,
    single,
    value_of,
)
from xlbudget.reading import dates, quantities
from xlbudget.reading.cells import is_empty
from xlbudget.reading.numerals import parse_percent
from xlbudget.reading.table import Cell


def month_of(given: Block) -> int:
    return value_of(dates.read_month, given)


def each_indicator(
    tell: Callable[[IndicatorResult], Result | None],
    session: Session,
    rows: Block,
    month: int,
    header: Block | None,
    profile: Block | None,
) -> list[Result]:
    judged = session.profile(profile)
    return column(session.indicators(rows, header), lambda one: tell(assess_indicator(one, month, judged)))


def each_project(
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


def need_indicators(result: ProjectResult) -> None:
    if not result.indicators:
        raise Fails(ErrorValue.NA)


def only_column(given: Block) -> list[Cell | None]:
    """The cells of a block one column wide, None for empty ones. Raises Fails."""
    if any(len(row) != 1 for row in given):
        raise Fails(ErrorValue.VALUE)
    return [None if is_empty(row[0]) else row[0] for row in given]


def percentage_of(cell: Cell) -> Fraction:
    """A percentage on the 0–100 scale, 95% as text too. Raises Fails."""
    single(((cell,),))
    if cell.kind == "text":
        found = parse_percent(cell.text)
        if found is not None:
            return Fraction(found)
    return Fraction(value_of(quantities.read_number, ((cell,),)))
