"""Every rule, one function in one place; a module a family. `check` runs them all."""

from __future__ import annotations

from xlbudget.domain.finding import Finding
from xlbudget.domain.measures import Assessment
from xlbudget.layout import SHEET_ORDER
from xlbudget.rules import cells, deviations, forecasts, funds, indicators, profiles, projects
from xlbudget.rules.registry import REGISTRY, Rule, run

__all__ = ["FAMILIES", "REGISTRY", "Rule", "check", "order"]

FAMILIES = {
    "CEL": ("单元格", cells),
    "PRJ": ("项目", projects),
    "FND": ("资金", funds),
    "IND": ("指标", indicators),
    "FCT": ("年底预计", forecasts),
    "DEV": ("偏差整改", deviations),
    "PRF": ("监控口径", profiles),
}


def order(finding: Finding) -> tuple[int, int, int, str]:
    """By sheet as in the workbook, then by row, column and code."""
    sheet = finding.where.sheet
    place = SHEET_ORDER.index(sheet) if sheet in SHEET_ORDER else len(SHEET_ORDER)
    row, column = finding.where.at or (0, 0)
    return place, row, column, finding.code


def check(case: Assessment, *, strict: bool = False) -> list[Finding]:
    """Run every rule."""
    return run(REGISTRY.values(), case, strict=strict)
