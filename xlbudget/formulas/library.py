"""All functions that formulas may call, gathered from the modules that declare them."""

from __future__ import annotations

from xlbudget.domain.registry import discover
from xlbudget.formulas import choices, references

MODULES = (choices, references, *discover("xlbudget.formulas.functions"))
