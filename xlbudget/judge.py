"""An assessment judged: what the rules say, and what the audit says of the report that comes of it (TXT)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlbudget import rules
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Remark
from xlbudget.domain.where import Where
from xlbudget.layout import INDICATORS, PROJECTS, REPORT
from xlbudget.report.compose import as_draft, compose
from xlbudget.report.document import Document
from xlbudget.rules.registry import crashed

_FIGURES = {
    f"{sheet.name}.{one.field}" for sheet in (PROJECTS, INDICATORS) for one in sheet.inputs if one.required
}
"""Columns that the figures of the report rest on."""


@dataclass(frozen=True)
class Judged:
    """An assessment and its findings, in the order of the workbook. The report is composed once, when it is wanted."""

    case: Assessment
    findings: tuple[Finding, ...]
    _own: _OwnReport

    @property
    def draft(self) -> bool:
        """Whether the report is not to be handed in: there are errors."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @cached_property
    def report(self) -> Document:
        """The report, marked as a draft where it is one."""
        return as_draft(self._own.report, self.case) if self.draft else self._own.report

    def told(self, remarks: Sequence[Remark]) -> Judged:
        """The same with this to tell besides of how cells were read, which changes no figure."""
        return _judged(self._own, remarks, strict=False)


class _OwnReport:
    """The report of an assessment, composed and audited once."""

    def __init__(self, case: Assessment) -> None:
        self.case = case
        self._findings: list[Finding] | None = None

    @cached_property
    def report(self) -> Document:
        return compose(self.case)

    def findings(self, *, strict: bool) -> list[Finding]:
        """TXT. If the audit crashes, that is SYS001 as with any rule, or raised when `strict`.

        Where nobody typed a text there is nothing that could contradict the figures; where a column that they rest on is
        missing, whatever contradicts them follows from that.
        """
        facts = self.case.facts
        if not (facts.notes or facts.corrections or facts.key_works) or facts.absent & _FIGURES:
            return []
        if self._findings is None:
            try:
                self._findings = list(audit_of_report(self.report))
            except Exception as error:
                if strict:
                    raise
                self._findings = [crashed("TXT", "报告文字核对", error)]
        return self._findings


def judge(case: Assessment, remarks: Sequence[Remark] = (), *, strict: bool = False) -> Judged:
    """Every rule, and the audit of the report; `remarks` are to be told besides those of reading.

    A crashing rule becomes SYS001, or raises when `strict`.
    """
    return _judged(_OwnReport(case), remarks, strict=strict)


def _judged(own: _OwnReport, remarks: Sequence[Remark], *, strict: bool) -> Judged:
    facts = own.case.facts
    more = facts.model_copy(update={"remarks": (*facts.remarks, *remarks)}) if remarks else facts
    case = replace(own.case, facts=more)
    found = (*rules.check(case, strict=strict), *own.findings(strict=strict))
    return Judged(case, tuple(sorted(found, key=rules.order)), own)


def audit_of_report(document: Document) -> Iterator[Finding]:
    """What the audit finds in our own report, at the cell that the accused words come from."""
    from xlbudget.audit.audit import audit  # what it reads with is loaded where a report is at hand
    from xlbudget.audit.own_report import own_report
    from xlbudget.audit.relation import RELATIONS
    from xlbudget.audit.source import is_too_long

    report = own_report(document)
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
            title=RELATIONS[one.code].title,
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
