"""What Excel and Word want of a file beyond its schema: one function a rule, its docstring the requirement.

A rule says whose word it is (`source`) and carries the edit that breaks it; test_rules.py sees each rule fail on its edit, and
runs all of them over everything that xlbudget writes. Of the sources issues, pull requests, Microsoft's list of limits,
[MS-OI29500] 2.1.613 and LibreOffice's code were read; sections and types of the standards and the other pages are named from memory.
"""

from __future__ import annotations

from tests.excel_rules import (
    areas,
    cells,
    charts,
    notes,
    packaging,
    printing,
    styles,
    tables,
    views,
    word,
    workbook,
)
from tests.excel_rules.rule import RULES, Rule, faults

__all__ = ["MODULES", "RULES", "Rule", "faults"]
MODULES = (packaging, workbook, views, cells, areas, tables, printing, charts, notes, styles, word)
"""Where rules are declared."""
