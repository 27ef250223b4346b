"""Things that are declared where they are written, and known by a code or a name: rules, checks, functions, buttons."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def declare(registry: dict[str, T], name: str, one: T) -> None:
    """Put a thing into its registry. Raises ValueError for a name that is taken, whoever took it."""
    if name in registry:
        raise ValueError(f"{name} is declared twice")
    registry[name] = one


def discover(package: str) -> tuple[ModuleType, ...]:
    """Import every module of a package, by name, so that what they declare is known. Raises LookupError for none."""
    path = import_module(package).__path__
    modules = tuple(import_module(f"{package}.{one.name}") for one in pkgutil.iter_modules(path))
    if not modules:
        raise LookupError(f"{package} declares nothing")
    return modules
