"""Values that formulas compute with, and what a spreadsheet makes of one where it wants a number, a text or a truth value.

A blank cell is None, a number a float (spreadsheets count in binary numbers, and so must who wants their results).
Where programs are known to differ, NotEvaluable says so: a wrong figure in a report is worse than an empty cell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Final

from xlbudget.domain.money import plain, stored_number
from xlbudget.formulas.tree import Node
from xlbudget.formulas.typed import typed_number
from xlbudget.reading.table import Cell

LONGEST = 32_767
"""Characters that a cell can hold."""


class NotEvaluable(Exception):  # noqa: N818  (a fact about a formula, told to the user)
    """A formula whose result is not known for sure; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Err:
    """An error value, such as #N/A."""

    text: str


class Shows(Exception):  # noqa: N818  (not an error of the program: the formula shows this error value)
    """A part of a formula comes to an error value, and so does what is computed from it."""

    def __init__(self, error: Err) -> None:
        super().__init__(error.text)
        self.error = error


NULL, DIV, VALUE, REF, NAME, NUM, NA = (
    Err(one) for one in ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
)


class Nearly(float):
    """What a difference leaves that is 0 but for the last binary digits; programs differ on whether it is 0."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands in a cell whose value is not known, and why."""

    reason: str


Scalar = float | str | bool | Err | None
MISSING: Final = Unknown("少了一个参数")
"""An argument that was left out between two commas."""


# -- cells ---------------------------------------------------------------------------------------------


def from_cell(cell: Cell) -> Scalar | Unknown:
    """What a formula sees of a cell."""
    if cell.kind == "number":
        try:
            number = float(stored_number(cell.text))
        except DecimalException:
            number = math.nan
        return number if math.isfinite(number) else Unknown("引用的单元格里不是正常的数")
    if cell.kind == "text":
        return cell.text
    if cell.kind == "bool":
        return cell.text in ("1", "true")
    if cell.kind == "error":
        return Err(cell.text)
    return Unknown(
        cell.text or "它引用的公式还没有计算结果" if cell.kind == "uncached" else "引用了读不出的日期"
    )


def to_cell(value: Scalar) -> Cell:
    """A result as a cell keeps it: numbers have 15 digits, nothing is 0. Raises NotEvaluable."""
    if value is None:
        return Cell("number", "0")
    if isinstance(value, bool):
        return Cell("bool", "1" if value else "0")
    if isinstance(value, float):
        return Cell("number", plain(fifteen(certain(value))))
    if isinstance(value, Err):
        return Cell("error", value.text)
    return Cell("text", fitting(value))


def same(one: Cell | None, other: Cell | None) -> bool:
    """Whether two cells hold the same value, numbers to 15 digits."""
    if one is None or other is None:
        return one is other
    if one.kind != other.kind:
        return False
    return one.text == other.text or from_cell(one) == from_cell(other)


def read_literal(node: Node) -> Cell | None:
    """The value of a literal; None for what is none."""
    if node.kind == "number":
        return Cell("number", node.text)
    if node.kind == "text":
        return Cell("text", node.text[1:-1].replace('""', '"'))
    if node.kind == "bool":
        return Cell("bool", "1" if node.text == "TRUE" else "0")
    return Cell("error", node.text) if node.kind == "error" else None


# -- numbers -------------------------------------------------------------------------------------------


def fifteen(number: float) -> Decimal:
    """A number to the 15 digits that spreadsheets show and keep."""
    return stored_number(repr(float(number)))


def exactly(number: float) -> Decimal:
    """The shortest decimal number that is this binary one."""
    return Decimal(repr(float(number)))


def certain(number: float) -> float:
    """The number, unless it is nearly 0. Raises NotEvaluable."""
    if isinstance(number, Nearly):
        raise NotEvaluable("结果差一点点才是 0，各种软件算出来不一样")
    return number


def finite(number: float) -> float:
    """The number; one that is too large is an error value. Raises Shows."""
    if not math.isfinite(number):
        raise Shows(NUM)
    return number


def added(one: float, other: float) -> float:
    """A sum; what only the last digits keep from 0 is marked."""
    total = finite(one + other)
    return Nearly(total) if total and abs(total) < abs(one) * 2e-15 else total


def agreed(step: Callable[[Decimal], Decimal], number: float) -> float:
    """What rounding makes of a number, where its 15 digits and its binary digits do not disagree.

    Raises NotEvaluable where they do: INT(0.29*100) is 28 here and 29 there.
    """
    rounded, other = float(step(fifteen(number))), float(step(exactly(number)))
    if rounded != other and fifteen(rounded) != fifteen(other):
        raise NotEvaluable("正好在取舍的边上，各种软件算出来不一样")
    return rounded


def number_of(value: Scalar | Unknown) -> float:
    """What counts where a number is wanted. Raises Shows and NotEvaluable."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return float(value)
    if value is None or value is MISSING:
        return 0.0
    if isinstance(value, str):
        return typed(value)
    raise _instead(value)


def typed(text: str) -> float:
    """The number that a spreadsheet reads in a text. Raises Shows(#VALUE!), and NotEvaluable where that depends."""
    try:
        number = typed_number(text)
    except ValueError:
        raise NotEvaluable("文字能不能当作数，各种软件不一样") from None
    if number is None:
        raise Shows(VALUE)
    return float(number)


def text_of(value: Scalar | Unknown) -> str:
    """What counts where a text is wanted. Raises Shows and NotEvaluable."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if value is None or value is MISSING:
        return ""
    if isinstance(value, float):
        if value and not 1e-5 <= abs(value) < 1e15:
            raise NotEvaluable("很大或很小的数变成文字，各种软件不一样")
        return plain(fifteen(certain(value)))
    raise _instead(value)


def truth_of(value: Scalar | Unknown) -> bool:
    """What counts where a condition is wanted. Raises Shows and NotEvaluable."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return certain(value) != 0
    if value is None or value is MISSING:
        return False
    if isinstance(value, str):
        if value.strip().upper() in ("TRUE", "FALSE") or any(one.isdigit() for one in value):
            raise NotEvaluable("文字能不能当作条件，各种软件不一样")
        raise Shows(VALUE)
    raise _instead(value)


def whole(value: Scalar | Unknown) -> int:
    """What counts where a whole number is wanted; the rest is cut off. Raises NotEvaluable where programs round it."""
    number = number_of(value)
    if number != int(finite(number)):
        raise NotEvaluable("该用整数的地方有小数，各种软件的取舍不一样")
    return int(number)


def _instead(value: Err | Unknown) -> Shows | NotEvaluable:
    """What is raised where there is no value."""
    return Shows(value) if isinstance(value, Err) else NotEvaluable(value.reason)


def fitting(text: str) -> str:
    """A text that a cell can hold. Raises NotEvaluable."""
    if len(text) > LONGEST:
        raise NotEvaluable("结果的文字太长")
    return text


# -- comparisons ---------------------------------------------------------------------------------------


def equal(one: Scalar, other: Scalar) -> bool:
    """Whether two values are equal to a spreadsheet. Raises Shows and NotEvaluable."""
    return _order(one, other, ordered=False) == 0


def before(one: Scalar, other: Scalar) -> bool:
    """Whether a value comes before another one. Raises Shows and NotEvaluable."""
    return _order(one, other, ordered=True) < 0


_KINDS = (float, str, bool)


def _order(one: Scalar, other: Scalar, *, ordered: bool) -> int:
    """-1, 0 or 1; without `ordered` anything but 0 only means that they differ."""
    for value in (one, other):
        if isinstance(value, Err):
            raise Shows(value)
    one, other = _filled(one, other), _filled(other, one)
    if isinstance(one, float) and isinstance(other, float):
        return _order_of_numbers(one, other)
    if isinstance(one, str) and isinstance(other, str):
        return _order_of_texts(one.lower(), other.lower(), ordered=ordered)
    if isinstance(one, bool) and isinstance(other, bool):
        return one - other
    kinds = (
        [isinstance(one, kind) for kind in _KINDS].index(True),
        [isinstance(other, kind) for kind in _KINDS].index(True),
    )
    if ordered and bool in (type(one), type(other)):
        raise NotEvaluable("逻辑值和别的值比大小，各种软件不一样")
    return -1 if kinds < kinds[::-1] else 1


def _filled(value: Scalar, other: Scalar) -> Scalar:
    """Nothing is as good as the 0, "" or FALSE that it is compared with."""
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _order_of_texts(one: str, other: str, *, ordered: bool) -> int:
    if one == other:
        return 0
    if ordered and one and other:
        raise NotEvaluable("文字的先后次序，各种软件不一样")
    return 1 if one else -1


def _order_of_numbers(one: float, other: float) -> int:
    order = (one > other) - (one < other)
    if not order:
        return 0
    if isinstance(one, Nearly) or isinstance(other, Nearly):
        one, other = (0.0 if isinstance(value, Nearly) else value for value in (one, other))
        if (one > other) - (one < other) != order:
            raise NotEvaluable("两个数差一点点才相等，各种软件算出来不一样")
        return order
    gap, size = abs(one - other), max(abs(one), abs(other))
    if gap > size * 1e-13:
        return order
    if gap < size * 2e-15 and fifteen(one) == fifteen(other):
        return 0
    raise NotEvaluable("两个数差一点点才相等，各种软件算出来不一样")
