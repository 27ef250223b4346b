"""IND: indicators against each other and against their project."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.money import plain
from xlbudget.rules.registry import Violation, rule


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
        if any(row.unknown("weight") for row in rows):
            continue
        empty = next((row for row in rows if row.weight is None), None)
        total = sum((row.weight or Decimal(0) for row in rows), Decimal(0))
        lack = "，有指标没有填权重" if empty else ""
        message = f"“{result.project.name or result.project.id}”各指标权重合计 {plain(total)}{lack}，应为 {plain(wanted)}。"
        yield Violation(
            (empty or rows[0]).where("weight"), message, f"请调整权重，使合计等于 {plain(wanted)}。"
        )
