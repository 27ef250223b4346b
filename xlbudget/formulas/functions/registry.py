"""The functions that formulas may call, each declared once with what its arguments are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xlbudget.domain.registry import declare
from xlbudget.formulas.arrays import Value

Kind = str
"""How an argument is handed over:
n  a number            x  a number that may nearly be 0       i  a whole number       b  a condition
t  a text              v  any value but errors                e  any value
r  a range, an array or a value as it is                      a  the same, computed over ranges as in an array formula
"""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the kinds of its arguments, how many of them are needed, how many of the last may repeat."""

    name: str
    kinds: str
    least: int
    repeats: int
    call: Callable[..., Value]

    def given(self, count: int) -> Iterator[Kind] | None:
        """The kinds of so many arguments; None where it does not take so many."""
        more = count - len(self.kinds)
        if count < self.least or (more > 0 and (not self.repeats or more % self.repeats)):
            return None
        tail = self.kinds[-self.repeats :] if self.repeats else ""
        return iter((self.kinds + tail * (max(more, 0) // max(self.repeats, 1)))[:count])


FUNCTIONS: dict[str, Function] = {}
"""By name."""
Call = Callable[..., Any]


def function(*names: str, needs: str = "", takes: str = "", repeats: int = 0) -> Callable[[Call], Call]:
    """Register a function under its names; it is called with the place of the formula and its arguments.

    `needs` and `takes` are the kinds of the arguments that must and that may be given.
    """

    def register(call: Call) -> Call:
        for name in names:
            declare(FUNCTIONS, name, Function(name, needs + takes, len(needs), repeats, call))
        return call

    return register
