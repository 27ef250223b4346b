"""Every rule, one function in one place; a module a family. `check` runs them all."""

from __future__ import annotations

import re

from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.rules import cells, deviations, forecasts, funds, indicators, projects
from xlbudget.rules.registry import REGISTRY, Rule, run
from xlbudget.sheets.layout import SHEET_ORDER
from xlbudget.sheets.table import column_number

__all__ = ["FAMILIES", "REGISTRY", "Rule", "check"]

FAMILIES = {
    "CEL": ("单元格", cells),
    "PRJ": ("项目", projects),
    "FND": ("资金", funds),
    "IND": ("指标", indicators),
    "FCT": ("年底预计", forecasts),
    "DEV": ("偏差整改", deviations),
}
_CELL = re.compile(r"([A-Z]+)(\d+)")


def _order(finding: Finding) -> tuple[int, int, int, str]:
    """By sheet as in the workbook, then by row, column and code."""
    sheet = finding.where.sheet
    place = SHEET_ORDER.index(sheet) if sheet in SHEET_ORDER else len(SHEET_ORDER)
    match = _CELL.match(finding.where.cell or "")
    row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
    return place, row, column, finding.code


def check(case: Assessment, *, strict: bool = False) -> tuple[Finding, ...]:
    """Run every rule; findings come in the order of the workbook."""
    return tuple(sorted(run(REGISTRY.values(), case, strict=strict), key=_order))


def has_errors(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
