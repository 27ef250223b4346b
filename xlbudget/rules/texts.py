"""TXT: the report, read as any other before it leaves: do its words agree with its figures?"""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.audit.audit import audit
from xlbudget.audit.own_report import own_report
from xlbudget.audit.registry import CHECKS
from xlbudget.audit.source import is_too_long
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.where import Where
from xlbudget.layout import REPORT
from xlbudget.report.compose import compose


def findings(case: Assessment) -> Iterator[Finding]:
    """What the audit finds in the report of a case, at the cell that the accused words come from."""
    report = own_report(compose(case, draft=False))
    if is_too_long(report.source):
        yield _too_long()
        return
    for one in audit(report.source).findings:
        if not any(map(report.is_typed, one.quotes)):
            continue  # the figures themselves: other rules tell of them, in the cells that they come from
        accused = one.quotes[0]
        where = report.cell_of(accused.place.item, accused.text) or Where(REPORT.name)
        yield Finding(
            code=one.code,
            severity=one.severity,
            title=CHECKS[one.code].title,
            where=where,
            message=f"报告写“{accused.text}”。{one.message}",
            remedy=one.remedy,
        )


def _too_long() -> Finding:
    return Finding(
        code="TXT000",
        severity=Severity.INFO,
        title="报告太长，文字没有核对",
        where=Where(REPORT.name),
        message="报告太长，文字说明里的数没有与计算结果核对。",
        remedy="可以不管；要核对的，请缩短文字说明，或者把项目分成几个工作簿。",
    )
