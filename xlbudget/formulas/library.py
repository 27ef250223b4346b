"""All functions that formulas may call, gathered from the modules that declare them."""

from __future__ import annotations

from xlbudget.formulas import choices, references
from xlbudget.formulas.functions import (
    criteria,
    dates,
    dynamic,
    lookups,
    numbers,
    statistics,
    subtotals,
    texts,
)

MODULES = (choices, criteria, dates, dynamic, lookups, numbers, references, statistics, subtotals, texts)
