"""What formulas call through xlwings' COM server: a Python function a worksheet function, and nothing else.

A formula can name whatever stands here, so buttons have a module of their own.
"""

from __future__ import annotations

import atexit
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import xlwings as xw

from xlbudget.functions.blocks import Block, ErrorValue, Result, Session, block
from xlbudget.functions.registry import FUNCTIONS, Function, evaluate
from xlbudget.reading.table import Cell

MARK = "\x01"
"""Begins a number that VBA sends with its format: mark, number, mark, format."""
ERRORS = range(-2146826288, -2146825288)
"""Error values as COM hands them over; xlwings words those that Excel had before 2018."""
KEPT_SECONDS = 5.0
"""So long is what was read kept for other formulas; then a changed profile counts."""

Given = Sequence[Sequence[Any]] | None


@dataclass
class _Shared:
    """What formulas of one folder share while Excel recalculates."""

    session: Session
    born: float
    blocks: dict[str, Block] = field(default_factory=dict)

    def block(self, given: Given) -> Block | None:
        """An argument as a block, the same one for the same content, so that it is read once."""
        if given is None:
            return None
        key = repr(given)  # 1, 1.0, True and "1" are different
        if key not in self.blocks:
            self.blocks[key] = block([[_cell(value) for value in row] for row in given])
        return self.blocks[key]


_shared: dict[str, _Shared] = {}


def _of(folder: str) -> _Shared:
    now = time.monotonic()
    for old in [name for name, one in _shared.items() if now - one.born > KEPT_SECONDS]:
        del _shared[old]
    if folder not in _shared:
        place = Path(folder) if folder and "://" not in folder else None
        _shared[folder] = _Shared(Session(place), now)
    return _shared[folder]


def _cell(value: Any) -> Any:
    """A value as xlwings hands it over, as `block` takes it."""
    if isinstance(value, str) and value.startswith(MARK):
        _, number, look = value.split(MARK, 2)
        return Cell("number", str(Decimal(number)), None, look)
    if isinstance(value, int) and value in ERRORS:
        return ErrorValue.VALUE
    return value


def _shown(result: Result) -> float | str:
    """A result as COM takes it: a Decimal would become a currency with four decimals."""
    return float(result) if isinstance(result, Decimal) else str(result)


def answer(name: str, folder: str | None, given: Sequence[Given]) -> Any:
    """A function's result, or a column of them; error values as text, which VBA makes real ones of."""
    shared = _of(folder or "")
    result = evaluate(name, [shared.block(one) for one in given], shared.session)
    return [[_shown(one)] for one in result] if isinstance(result, list) else _shown(result)


def _for_com(one: Function) -> Callable[..., Any]:
    """A registered function as xlwings calls it: the folder, then each argument as rows of values."""

    def call(folder: str | None, *given: Given) -> Any:
        return answer(one.name, folder, given)

    parameters = [Parameter("folder", Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [
        Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=None if a.optional else Parameter.empty)
        for a in one.arguments
    ]
    call.__name__, call.__doc__ = one.name, one.title
    call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {}  # xlwings would take them for converters
    wrapped: Callable[..., Any] = xw.func(call)
    for argument in one.arguments:
        wrapped = xw.arg(argument.name, ndim=2, err_to_str=True)(wrapped)
    return wrapped


def _register() -> None:
    """Put every function where xlwings looks for it."""
    globals().update({name: _for_com(one) for name, one in FUNCTIONS.items()})


def spare_other_excels() -> None:
    """Let xlwings not end Excel processes that are none of ours when Python ends."""
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        atexit.unregister(windows.cleanup)


_register()
spare_other_excels()
