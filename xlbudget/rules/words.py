"""How rules word projects and amounts: the name first, money in the workbook's own unit."""

from __future__ import annotations

from decimal import Decimal

from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Indicator, Project
from xlbudget.domain.money import plain, wan


def name(row: Project | Indicator) -> str:
    """The project's or indicator's name in quotes; nothing where it is empty."""
    text = row.name if isinstance(row, Project) else row.level3
    return f"“{text}”" if text else ""


def money(case: Assessment, yuan: Decimal) -> str:
    """An amount with its unit, as people typed it."""
    return f"{wan(yuan)} 万元" if case.facts.unit.amount_unit == "万元" else f"{plain(yuan)} 元"
