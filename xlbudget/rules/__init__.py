"""Every rule, one function in one place; a module a family (families/). `check` runs them all."""

from __future__ import annotations

from xlbudget.domain.finding import Finding
from xlbudget.domain.measures import Assessment
from xlbudget.domain.registry import discover
from xlbudget.layout import SHEET_ORDER
from xlbudget.rules.registry import REGISTRY, Family, Rule, run

__all__ = ["FAMILIES", "REGISTRY", "Rule", "check", "order"]

FAMILIES: tuple[Family, ...] = tuple(one.FAMILY for one in discover("xlbudget.rules.families"))


def order(finding: Finding) -> tuple[int, int, int, str]:
    """By sheet as in the workbook, then by row, column and code."""
    sheet = finding.where.sheet
    place = SHEET_ORDER.index(sheet) if sheet in SHEET_ORDER else len(SHEET_ORDER)
    row, column = finding.where.at or (0, 0)
    return place, row, column, finding.code


def check(case: Assessment, *, strict: bool = False) -> list[Finding]:
    """Run every rule."""
    return run(REGISTRY.values(), case, strict=strict)
