"""Values of cells on their way to the engine and back, and as literals of a formula."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from xlbudget.domain.money import plain, stored_number
from xlbudget.formulas.tree import Node
from xlbudget.sheets.table import Cell

KINDS = {
    "Value": "#VALUE!", "Div": "#DIV/0!", "Na": "#N/A", "Ref": "#REF!", "Num": "#NUM!", "Null": "#NULL!",
}  # fmt: skip
"""The engine's errors → error values that a cell may show."""
ERRORS = {text: kind for kind, text in KINDS.items()}
LONGEST = 32_767
"""Characters that a cell can hold."""


class NotEvaluable(Exception):  # noqa: N818  (a fact about a formula, told to the user)
    """A formula whose result is not known; the text says why, for people."""


def number_cell(value: Decimal) -> Cell:
    """A number as a cell keeps it: 15 digits. Raises NotEvaluable for what is none."""
    if not value.is_finite() or abs(value) >= Decimal("1e300"):
        raise NotEvaluable("结果不是正常的数")
    return Cell("number", plain(stored_number(str(value))))


def from_engine(value: Any) -> Cell:
    """A result of the engine as a cell. Raises NotEvaluable for what it could not compute."""
    if value is None:
        return Cell("number", "0")
    if isinstance(value, bool):
        return Cell("bool", "1" if value else "0")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise NotEvaluable("结果不是正常的数")
        return number_cell(Decimal(repr(float(value))))
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise NotEvaluable("结果的文字太长")
        return Cell("text", value)
    if isinstance(value, dict) and value.get("kind") in KINDS:
        return Cell("error", KINDS[value["kind"]])
    kind = value.get("kind") if isinstance(value, dict) else None
    raise NotEvaluable("公式循环引用" if kind == "Circ" else "用了算不了的函数或写法")


def same(one: Cell | None, other: Cell | None) -> bool:
    """Whether two cells hold the same value, numbers to 15 digits."""
    if one is None or other is None:
        return one is other
    if one.kind != other.kind:
        return False
    if one.kind == "number":
        return stored_number(one.text) == stored_number(other.text)
    if one.kind == "bool":
        return (one.text in ("1", "true")) == (other.text in ("1", "true"))
    return one.text == other.text


def literal(cell: Cell) -> Node:
    """A cell's value as a literal of a formula."""
    if cell.kind == "number":
        negative = cell.text.startswith("-")
        number = Node("number", cell.text.lstrip("-"))
        return Node("prefix", "-", (number,)) if negative else number
    if cell.kind == "bool":
        return Node("bool", "TRUE" if cell.text in ("1", "true") else "FALSE")
    if cell.kind == "error":
        return Node("error", cell.text)
    return Node("text", '"' + cell.text.replace('"', '""') + '"')


def read_literal(node: Node) -> Cell | None:
    """The value of a literal; None for what is none."""
    if node.kind == "prefix" and node.text in "+-" and node.parts[0].kind == "number":
        return Cell("number", node.text.strip("+") + node.parts[0].text)
    if node.kind == "number":
        return Cell("number", node.text)
    if node.kind == "text":
        return Cell("text", node.text[1:-1].replace('""', '"'))
    if node.kind == "bool":
        return Cell("bool", "1" if node.text == "TRUE" else "0")
    return Cell("error", node.text) if node.kind == "error" else None


_IN_ARRAY = re.compile(r'"(?:[^"]|"")*"|[^,;{}]+|[,;]')


def array_node(rows: tuple[tuple[Cell, ...], ...]) -> Node:
    """Rows of values as an array constant."""

    def text(cell: Cell) -> str:
        node = literal(cell)
        return node.text if not node.parts else node.text + node.parts[0].text

    return Node("array", "{" + ";".join(",".join(map(text, row)) for row in rows) + "}")


def read_array(node: Node) -> tuple[tuple[Cell, ...], ...]:
    """The rows of an array constant. Raises NotEvaluable."""
    rows: list[list[Cell]] = [[]]
    for item in _IN_ARRAY.findall(node.text):
        if item == ";":
            rows.append([])
        elif item != ",":
            rows[-1].append(_array_item(item.strip()))
    return tuple(map(tuple, rows))


def _array_item(item: str) -> Cell:
    if item.startswith('"'):
        return Cell("text", item[1:-1].replace('""', '"'))
    if item.upper() in ("TRUE", "FALSE"):
        return Cell("bool", "1" if item.upper() == "TRUE" else "0")
    if item.startswith("#"):
        return Cell("error", item)
    return Cell("number", item)
