"""FND: the money of project rows."""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.money import wan
from xlbudget.rules.registry import Violation, rule


@rule("FND001", Severity.ERROR, title="支出超过预算")
def spending_exceeds_budget(case: Assessment) -> Iterator[Violation]:
    """累计支出不超过调整后预算（预算数＋调整额）。"""
    for project in case.facts.projects:
        budget, spent = project.budget, project.spent
        if budget is not None and budget >= 0 and spent is not None and spent > budget:
            message = f"累计支出 {wan(spent)} 万元大于调整后预算 {wan(budget)} 万元。"
            yield Violation(project.where("spent"), message, "请核对支出；预算有调整的，请补填调整额。")


@rule("FND002", Severity.ERROR, title="预算为负数")
def negative_budget(case: Assessment) -> Iterator[Violation]:
    """预算数＋调整额不小于 0。"""
    for project in case.facts.projects:
        if project.budget is not None and project.budget < 0:
            field = "adjustment" if project.adjustment else "amount"
            message = f"调整后预算为 {wan(project.budget)} 万元，是负数。"
            yield Violation(project.where(field), message, "请核对预算数和调整额；调减额不能大于预算数。")
