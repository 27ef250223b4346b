"""What a formula comes to. Whatever is not surely the same in Excel raises NotEvaluable, with the reason for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache

from xlbudget.addin.blocks import Block, ErrorValue, Result, Session
from xlbudget.addin.functions import FUNCTIONS as OURS
from xlbudget.addin.functions import evaluate as evaluate_ours
from xlbudget.domain.money import plain
from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.book import Area, FormulaCell, area_of
from xlbudget.formulas.cells import Cells
from xlbudget.formulas.functions.registry import FUNCTIONS, Function
from xlbudget.formulas.operators import UNARY, combined, each, fills
from xlbudget.formulas.tree import Node
from xlbudget.formulas.values import (
    MISSING,
    Err,
    Nearly,
    NotEvaluable,
    Scalar,
    Shows,
    Unknown,
    certain,
    from_cell,
    number_of,
    read_literal,
    text_of,
    to_cell,
    truth_of,
    whole,
)
from xlbudget.sheets.formula import pieces
from xlbudget.sheets.table import Cell

Results = tuple[tuple[Cell, ...], ...]
"""Results of a formula: one cell, or the block that an array formula fills."""

NEVER = {
    "TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO", "GETPIVOTDATA", "RTD", "WEBSERVICE", "FILTERXML", "CALL",
    "REGISTER.ID", "CUBEVALUE", "CUBEMEMBER", "CUBESET", "CUBERANKEDMEMBER", "CUBEMEMBERPROPERTY", "CUBEKPIMEMBER", "CUBESETCOUNT",
}  # fmt: skip
"""They change without any cell having changed, or look at what stands in no cell."""
EACH = 100
"""How many values one looks at while a short formula is computed."""
_SHORT = 200
"""Characters that take no time to speak of."""
_SEVERAL = "结果是几个值，不是一个"


class Spread(IntEnum):
    """What a range means where a single value is wanted."""

    NOT = 0
    """The cell beside the formula, in some programs; so nothing for sure."""
    INSIDE = 1
    """Each of its cells: inside SUMPRODUCT and the like."""
    WHOLE = 2
    """Each of its cells: in an array formula."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a formula stands, and what it may look at."""

    cells: Cells
    session: Session
    formula: FormulaCell
    spread: Spread = Spread.NOT
    names: Mapping[str, Value] = field(default_factory=dict)

    def inside(self) -> At:
        """The same place, with ranges taken cell by cell."""
        return self if self.spread else replace(self, spread=Spread.INSIDE)

    def named(self, name: str, value: Value) -> At:
        """The same place, with a name of LET."""
        return replace(self, names={**self.names, name: value})


Form = Callable[[Sequence[Node], At], Value]
FORMS: dict[str, Form] = {}
"""Functions that see their arguments as they are written: they compute only some of them, or take places."""


def form(*names: str) -> Callable[[Form], Form]:
    """Register such a function under its names."""

    def register(call: Form) -> Form:
        FORMS.update(dict.fromkeys(names, call))
        return call

    return register


def results(tree: Node, at: At) -> Results:
    """What a formula comes to in its cells. Raises NotEvaluable."""
    formula = at.formula
    at.cells.work.start()
    at.cells.work.spend(EACH)
    at.cells.work.fill(formula.height * formula.width, 0)
    found = _results(tree, at)
    at.cells.work.fill(0, sum(len(cell.text) for row in found for cell in row if cell.kind == "text"))
    return found


def _results(tree: Node, at: At) -> Results:
    formula = at.formula
    value = evaluate(tree, replace(at, spread=Spread.WHOLE) if formula.array else at)
    if isinstance(value, Range):
        value = at.cells.scalar(value) if value.single else _several(value, at)
    if isinstance(value, Nearly) and tree.kind == "binary" and tree.text in "+-":
        value = 0.0
    if isinstance(value, Unknown):
        raise NotEvaluable(value.reason)
    if not isinstance(value, Array):
        return ((to_cell(value),) * formula.width,) * formula.height
    if not formula.array:
        if not value.single and tree.function not in OURS:
            raise NotEvaluable(_SEVERAL)
        return ((to_cell(value.at(0, 0)),),)  # a plain formula shows the first value of an array
    if formula.dynamic and (value.height, value.width) != (formula.height, formula.width):
        raise NotEvaluable("数组的大小变了，和它占的单元格不一样")
    return tuple(tuple(map(to_cell, row)) for row in fills(value, formula.height, formula.width))


def _several(value: Range, at: At) -> Array:
    """The cells of a range, in an array formula."""
    if not at.formula.array:
        raise NotEvaluable(_SEVERAL)
    return at.cells.array(value)


# -- parts of a formula --------------------------------------------------------------------------------


def evaluate(node: Node, at: At) -> Value:
    """What a part of a formula comes to. Raises NotEvaluable."""
    if node.kind == "ref":
        return Range(area_of(node))
    if node.kind == "binary":
        if node.text == ":":
            return _between(node, at)
        one, other = element(evaluate(node.parts[0], at), at), element(evaluate(node.parts[1], at), at)
        return combined(at.cells, node.text, one, other)
    if node.kind == "call":
        return _called(node, at)
    if node.kind in ("prefix", "suffix"):
        if node.text == "+":
            return evaluate(node.parts[0], at)
        if node.text == "@":
            raise NotEvaluable("用了 @，要看公式所在的行")
        return each(at.cells, UNARY[node.text], (element(evaluate(node.parts[0], at), at),))
    if node.kind == "array":
        return constant(node.text)
    if node.kind == "none":
        return MISSING
    if node.kind == "name":
        if node.text.lower() in at.names:
            return at.names[node.text.lower()]
        raise NotEvaluable(f"名称“{node.text}”不知道指什么")
    return _literal(node)


def _literal(node: Node) -> Scalar:
    cell = read_literal(node)
    value = from_cell(cell) if cell is not None else None
    if isinstance(value, Unknown):
        raise NotEvaluable(value.reason)
    return value


def element(value: Value, at: At) -> Scalar | Array:
    """A value where a single one is wanted; ranges are taken cell by cell where the formula asks for that."""
    if isinstance(value, Range):
        if value.single:
            return at.cells.scalar(value)
        if not at.spread:
            raise NotEvaluable(_SEVERAL)
        return at.cells.array(value)
    if isinstance(value, Array):
        return value.at(0, 0) if value.single else value
    if isinstance(value, Unknown):
        return None
    return value


def scalar(node: Node, at: At) -> Scalar:
    """A part of a formula that has to be one value."""
    value = element(evaluate(node, at), at)
    if isinstance(value, Array):
        raise NotEvaluable(_SEVERAL)
    return value


def sound(value: Scalar) -> Scalar:
    """A value that is no error. Raises Shows."""
    if isinstance(value, Err):
        raise Shows(value)
    return value


@lru_cache(maxsize=64)
def constant(text: str) -> Array:
    """An array constant."""
    rows: list[list[Scalar]] = [[]]
    sign = 1.0
    for kind, piece in pieces(text[1:-1]):
        if piece == ";":
            rows.append([])
        elif piece == "-":
            sign = -1.0
        elif kind in ("number", "text", "error", "name"):
            rows[-1].append(_constant(kind, piece, sign))
            sign = 1.0
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise NotEvaluable("数组写得不整齐")
    return Array([one for row in rows for one in row], len(rows), len(rows[0]))


def _constant(kind: str, text: str, sign: float) -> Scalar:
    if kind == "number":
        return float(text) * sign
    return _literal(Node("bool" if kind == "name" else kind, text.upper() if kind == "name" else text))  # type: ignore[arg-type]


def _between(node: Node, at: At) -> Value:
    """The range from one reference to another, one of which is computed: A1:INDEX(A:A,9)."""
    ends = [evaluate(part, at) for part in node.parts]
    for end in ends:
        if isinstance(end, Err):
            return end
    areas = [end.area for end in ends if isinstance(end, Range)]
    if len(areas) < 2 or areas[0].sheet != areas[1].sheet:
        raise NotEvaluable("区域的两头不清楚")
    one, other = areas
    top, left = min(one.top, other.top), min(one.left, other.left)
    bottom, right = max(one.bottom, other.bottom), max(one.right, other.right)
    return Range(Area(one.sheet, top, left, bottom, right), found=True)


# -- functions -----------------------------------------------------------------------------------------


def _called(node: Node, at: At) -> Value:
    name = node.function
    try:
        if name in FORMS:
            return FORMS[name](node.parts, at)
        if name in OURS:
            return _ours(node, at)
        if name in FUNCTIONS:
            return _applied(FUNCTIONS[name], node.parts, at)
    except Shows as shown:
        return shown.error
    if name in NEVER:
        raise NotEvaluable("结果随时间变化，或者要看单元格以外的内容")
    raise NotEvaluable(f"用了算不了的函数 {name}")


def _applied(function: Function, parts: Sequence[Node], at: At) -> Value:
    kinds = function.given(len(parts))
    if kinds is None:
        raise NotEvaluable(f"函数 {function.name} 的参数个数不对")
    wanted = "".join(kinds)
    given: list[Value] = []
    for kind, part in zip(wanted, parts, strict=True):
        value = evaluate(part, at.inside() if kind == "a" else at)
        if kind in "nxibtve" and value is not MISSING:
            value = element(value, at)
        given.append(value)
    lifted = [n for n, kind in enumerate(wanted) if kind in "nxibtve" and isinstance(given[n], Array)]
    if not lifted:
        return _computed(function, wanted, given, at)

    def one(*elements: Scalar) -> Scalar:
        filled = list(given)
        for n, value in zip(lifted, elements, strict=True):
            filled[n] = value
        try:
            found = _computed(function, wanted, filled, at)
        except Shows as shown:
            return shown.error
        found = element(found, at)
        if isinstance(found, Array):
            raise NotEvaluable(_SEVERAL)
        return found

    return each(at.cells, one, [given[n] for n in lifted])  # type: ignore[misc]


def _computed(function: Function, kinds: str, given: Sequence[Value], at: At) -> Value:
    """The result of a function; long texts take long."""
    handed = [*map(_handed, kinds, given)]
    length = sum(len(one) for one in handed if isinstance(one, str))
    if length > _SHORT:
        at.cells.work.spend(length // 4)
    return function.call(at, *handed)


def _handed(kind: str, value: Value) -> object:
    """An argument as a function wants it. Raises Shows and NotEvaluable."""
    return _HANDED[kind](value)


_HANDED: dict[str, Callable[..., object]] = {
    "n": lambda value: certain(number_of(value)),
    "x": number_of,
    "i": whole,
    "b": truth_of,
    "t": text_of,
    "v": lambda value: None if value is MISSING else sound(value),
    "e": lambda value: None if value is MISSING else value,
    "r": lambda value: value,
    "a": lambda value: value,
}


def _ours(node: Node, at: At) -> Value:
    """A call of a function of ours: a value, or a column of them."""
    given = [_argument(part, at) for part in node.parts]
    found = evaluate_ours(node.function, given, at.session)
    if not isinstance(found, list):
        return _told(found)
    return Array([_told(one) for one in found], len(found), 1)


def _told(result: Result) -> Scalar:
    """A function's result."""
    if isinstance(result, ErrorValue):
        return Err(str(result))
    return result if isinstance(result, str) else float(plain(result))


def _argument(node: Node, at: At) -> Block | None:
    """What a function of ours is given: the cells of a reference as they are, else a computed value."""
    value = evaluate(node, at)
    if value is MISSING:
        return None
    if isinstance(value, Range):
        return at.cells.block(value)
    if isinstance(value, Array):
        values = value.full()
        lines = [values[n : n + value.width] for n in range(0, len(values), value.width)]
        return tuple(tuple(None if one is None else to_cell(one) for one in line) for line in lines)
    return ((None if value is None else to_cell(value),),)  # type: ignore[arg-type]
