"""Operators over long arrays of plain numbers or texts, many at a time; whatever is not plain is left to be looked at singly."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

from xlbudget.formulas.values import DIV, Scalar

Plain = float | Sequence[float]
_NUMBER: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_PLAIN = frozenset((float, bool, type(None)))


def quick(sign: str, one: Scalar | Sequence[Scalar], other: Scalar | Sequence[Scalar]) -> list[Scalar] | None:
    """The results of an operator over sequences of one length, of which one may be a single value; else None."""
    if sign in ("=", "<>") and isinstance(other, str) and isinstance(one, Sequence):
        return _equal_texts(one, other, wanted=sign == "=")
    first, second = _numbers(one), _numbers(other)
    if first is None or second is None:
        return None
    if sign in _COMPARED:
        compared = _compared(sign, first, second) if _all_numbers(one) and _all_numbers(other) else None
        return None if compared is None else [*compared]
    if sign == "/":
        return _divided(first, second)
    return _computed(sign, first, second) if sign in _NUMBER else None


def _equal_texts(given: Sequence[Scalar], wanted_text: str, *, wanted: bool) -> list[Scalar] | None:
    """Which of texts and blank cells are equal to a text; None where there are errors."""
    if not {type(value) for value in given} <= {str, type(None), float, bool}:
        return None
    lowered = wanted_text.lower()
    return [
        ((value or "").lower() == lowered if value is None or isinstance(value, str) else False) is wanted
        for value in given
    ]


def _numbers(given: Scalar | Sequence[Scalar]) -> Plain | None:
    """Numbers, truth values and blank cells as numbers; None for anything else."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        return float(given or 0) if type(given) in _PLAIN else None  # type: ignore[arg-type]
    if not {type(value) for value in given} <= _PLAIN:
        return None
    return [float(value or 0) for value in given]  # type: ignore[arg-type]


def _all_numbers(given: Scalar | Sequence[Scalar]) -> bool:
    """Whether nothing but numbers is there: truth values are no numbers to a comparison."""
    if isinstance(given, Sequence) and not isinstance(given, str):
        return {type(value) for value in given} <= {float, type(None)}
    return type(given) is float


def _pairs(one: Plain, other: Plain) -> tuple[Sequence[float], Sequence[float]]:
    length = len(one) if isinstance(one, Sequence) else len(other) if isinstance(other, Sequence) else 1
    first = one if isinstance(one, Sequence) else [one] * length
    return first, other if isinstance(other, Sequence) else [other] * length


def _compared(sign: str, one: Plain, other: Plain) -> list[bool] | None:
    first, second = _pairs(one, other)
    if any(a != b and abs(a - b) <= abs(a) * 1e-13 for a, b in zip(first, second, strict=True)):
        return None
    return [*map(_COMPARED[sign], first, second)]


def _divided(one: Plain, other: Plain) -> list[Scalar] | None:
    found = [a / b if b else DIV for a, b in zip(*_pairs(one, other), strict=True)]
    return [*found] if all(value is DIV or math.isfinite(value) for value in found) else None  # type: ignore[arg-type]


def _computed(sign: str, one: Plain, other: Plain) -> list[Scalar] | None:
    first, second = _pairs(one, other)
    found = [*map(_NUMBER[sign], first, second)]
    if not all(map(math.isfinite, found)):
        return None
    if sign != "*" and any(
        value and abs(value) < abs(a) * 2e-15 for a, value in zip(first, found, strict=True)
    ):
        return None
    return [*found]
