"""TXT: the report, read as any other before it leaves: do its words agree with its figures?"""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.audit.audit import audit
from xlbudget.audit.own_report import own_report
from xlbudget.audit.registry import CHECKS
from xlbudget.domain.finding import Finding, Where
from xlbudget.domain.measures import Assessment
from xlbudget.report.compose import compose
from xlbudget.sheets.layout import REPORT


def findings(case: Assessment) -> Iterator[Finding]:
    """What the audit finds in the report of a case, at the cell that the accused words come from."""
    report = own_report(compose(case, draft=False))
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
