"""Every relation, a module a family. All are found by themselves."""

from __future__ import annotations

from xlbudget.domain.registry import discover

MODULES = discover(__name__)
