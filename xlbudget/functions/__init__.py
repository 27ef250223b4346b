"""The worksheet functions, declared once for every door. Pure."""

from __future__ import annotations

from xlbudget.domain.registry import discover

MODULES = discover("xlbudget.functions.worksheet")
