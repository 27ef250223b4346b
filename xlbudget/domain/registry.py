"""Things that are declared where they are written, and known by a code or a name: rules, checks, functions, buttons."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def declare(registry: dict[str, T], name: str, one: T) -> None:
    """Put a thing into its registry. Raises ValueError for a name that is taken, whoever took it."""
    if name in registry:
        raise ValueError(f"{name} is declared twice")
    registry[name] = one
