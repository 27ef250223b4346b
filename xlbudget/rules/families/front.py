"""UNT: 首页, who reports and when."""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment
from xlbudget.rules.registry import Family, Violation, rule

FAMILY = Family(8, "UNT", "首页")


@rule("UNT001", Severity.WARNING, title="填报日期早于监控截止月末")
def filled_too_early(case: Assessment) -> Iterator[Violation]:
    """填报日期不早于监控截止月份的最后一天。"""
    unit = case.facts.unit
    if unit.filled_on and unit.last_day and unit.filled_on < unit.last_day:
        message = f"填报日期 {unit.filled_on} 早于 {unit.cutoff_month} 月底（{unit.last_day}），数据还没有到截止时点。"
        yield Violation(unit.where("filled_on"), message, "请核对填报日期、预算年度和监控截止月份。")


@rule("UNT002", Severity.INFO, title="填报人与审核人相同")
def reviewed_by_oneself(case: Assessment) -> Iterator[Violation]:
    """填报人和审核人一般不是同一个人。"""
    unit = case.facts.unit
    if unit.prepared_by and unit.reviewed_by and unit.prepared_by == unit.reviewed_by:
        message = f"填报人和审核人都是“{unit.prepared_by}”。"
        yield Violation(unit.where("reviewed_by"), message, "请由另一人审核；只有一个人的可以不管。")


_USUAL = {"supervisor": "主管部门", "budget_code": "单位预算编码", "phone": "联系电话"}


@rule("UNT003", Severity.INFO, title="首页有栏目没有填")
def front_incomplete(case: Assessment) -> Iterator[Violation]:
    """主管部门、单位预算编码、联系电话，财政部门汇总时要用，一般都填。"""
    unit = case.facts.unit
    lacking = [field for field in _USUAL if getattr(unit, field) is None and unit.where(field).at]
    if lacking:
        what = "、".join(_USUAL[field] for field in lacking)
        yield Violation(unit.where(lacking[0]), f"首页没有填{what}。", "请补填；没有主管部门的不用管。")
