"""Units by their words (units.toml): which are known, which are the same, which convert exactly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_PERCENT = "%"


class Units(NamedTuple):
    """The words of units.toml."""

    known: frozenset[str]
    same: Mapping[str, str]
    """Another word → the word used here."""
    dimensions: tuple[Mapping[str, int], ...]


@cache
def vocabulary() -> Units:
    data = tomllib.loads(files(__package__).joinpath("units.toml").read_text("utf-8"))
    same = {other: word for word, others in data["same"].items() for other in others.split()}
    dimensions = tuple(data["convert"].values())
    measured = {unit for dimension in dimensions for unit in dimension}
    known = {*data["counts"].split(), *data["measures"].split(), *same, *same.values(), *measured}
    return Units(frozenset(known), same, dimensions)


@lru_cache(maxsize=1 << 10)
def common(unit: str) -> str:
    """The word used here for a unit: 公斤 and kg are 千克, 5个村 are 村."""
    words = vocabulary()
    for word in (unit, unit.lower(), unit.removeprefix("个")):
        if word in words.same:
            return words.same[word]
    bare = unit.removeprefix("个")
    return bare if bare and bare in words.known else unit


def is_known(word: str) -> bool:
    """Whether a word behind a number is a unit, also with a scale (万人次, 百分点) or 个 before it."""
    known = vocabulary().known
    return not word or word in known or word.lower() in known or common(word) in known


def ratio(unit: str, other: str) -> Fraction | None:
    """How many of `other` one `unit` is, where that is exact: 公里 and 米 → 1000."""
    for dimension in vocabulary().dimensions:
        if unit in dimension and other in dimension:
            return Fraction(dimension[unit], dimension[other])
    return None


def share_of_percent(unit: str) -> Decimal | None:
    """How many percent one of a unit is (‰ → 0.1); None where the unit is no share."""
    found = ratio(common(unit), _PERCENT) if unit else None
    return None if found is None else Decimal(found.numerator) / found.denominator


def is_percent(unit: str | None) -> bool:
    return bool(unit) and common(unit or "") == _PERCENT
