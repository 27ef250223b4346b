"""Every check, one function in one place; a module a topic. All are found by themselves."""

from __future__ import annotations

from xlbudget.domain.registry import discover

MODULES = discover(__name__)
