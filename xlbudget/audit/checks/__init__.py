"""Every check, one function in one place; a module a topic."""

from xlbudget.audit.checks import (
    amounts,
    arithmetic,
    counts,
    indicators,
    judgements,
    naming,
    periods,
    projects,
    tables,
)

__all__ = [
    "amounts",
    "arithmetic",
    "counts",
    "indicators",
    "judgements",
    "naming",
    "periods",
    "projects",
    "tables",
]
