"""Every rule, one function in one place; a module a family. `check` runs them all."""

from __future__ import annotations

from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.layout import INDICATORS, PROJECTS, SHEET_ORDER
from xlbudget.rules import cells, deviations, forecasts, funds, indicators, profiles, projects
from xlbudget.rules.registry import REGISTRY, Rule, crashed, run

__all__ = ["FAMILIES", "REGISTRY", "Rule", "check"]

FAMILIES = {
    "CEL": ("单元格", cells),
    "PRJ": ("项目", projects),
    "FND": ("资金", funds),
    "IND": ("指标", indicators),
    "FCT": ("年底预计", forecasts),
    "DEV": ("偏差整改", deviations),
    "PRF": ("监控口径", profiles),
}
_FIGURES = {
    f"{sheet.name}.{one.field}" for sheet in (PROJECTS, INDICATORS) for one in sheet.inputs if one.required
}
"""Columns that the figures of the report rest on."""


def _order(finding: Finding) -> tuple[int, int, int, str]:
    """By sheet as in the workbook, then by row, column and code."""
    sheet = finding.where.sheet
    place = SHEET_ORDER.index(sheet) if sheet in SHEET_ORDER else len(SHEET_ORDER)
    row, column = finding.where.at or (0, 0)
    return place, row, column, finding.code


def check(case: Assessment, *, strict: bool = False) -> tuple[Finding, ...]:
    """Run every rule, and audit the report that comes of it; findings come in the order of the workbook."""
    found = run(REGISTRY.values(), case, strict=strict) + _of_report(case, strict=strict)
    return tuple(sorted(found, key=_order))


def _of_report(case: Assessment, *, strict: bool) -> list[Finding]:
    """TXT: what the audit says to the report. If it crashes, that is SYS001 as with any rule.

    Where nobody typed a text there is nothing that could contradict the figures; where a column that they rest on is
    missing, whatever contradicts them follows from that.
    """
    facts = case.facts
    if not (facts.notes or facts.corrections or facts.key_works) or facts.absent & _FIGURES:
        return []
    from xlbudget.rules import texts  # what it reads with is loaded where a report is at hand

    try:
        return list(texts.findings(case))
    except Exception as error:
        if strict:
            raise
        return [crashed("TXT", "报告文字核对", error)]


def has_errors(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
