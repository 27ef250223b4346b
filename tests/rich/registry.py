"""The features: each is one function, and says where it can be found in a finished workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.rich.book import Book

Build = Callable[[Book], None]


@dataclass(frozen=True, slots=True)
class Trail:
    """The way to what a feature added: a sheet (or 工作簿, or the package) and the kinds of the relations to follow."""

    path: str
    """Such as "项目>drawing>chart": where to start, then ends of relation types; all parts reached count."""
    xpath: str = ""
    """What there is to find in those parts; empty: the part itself, byte for byte."""


@dataclass(frozen=True, slots=True)
class Feature:
    name: str
    build: Build
    trails: tuple[Trail, ...]
    macros: bool


FEATURES: list[Feature] = []
"""In the order in which they are built."""
PACKAGE, BOOK = "包", "工作簿"


def feature(*trails: Trail, macros: bool = False) -> Callable[[Build], Build]:
    """Register a feature; `macros` for one that only an .xlsm has."""

    def register(build: Build) -> Build:
        FEATURES.append(Feature(build.__name__, build, trails, macros))
        return build

    return register
