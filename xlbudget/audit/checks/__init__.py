"""Every check, one function in one place; a module a topic."""

from xlbudget.audit.checks import amounts, arithmetic, counts, judgements, naming, periods, projects, tables

__all__ = ["amounts", "arithmetic", "counts", "judgements", "naming", "periods", "projects", "tables"]
