"""A formula as a tree: parsed from its text, and written as text again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from xlbudget.sheets.formula import Piece, bare_name, pieces

Kind = Literal[
    "number", "text", "bool", "error", "ref", "name", "call", "binary", "prefix", "suffix", "array", "none"
]
_RANGE = 7
_BINDING = {
    ":": _RANGE,
    "<": 1,
    ">": 1,
    "=": 1,
    "<=": 1,
    ">=": 1,
    "<>": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}
_SIGN = 6
_DEEPEST = 60
HIGHEST = 160
"""Levels of a tree; a sum of so many terms has as many."""


class Unparsed(ValueError):  # noqa: N818  (a fact about a formula)
    """A formula that is not understood."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula. `text` is the operator, name, reference or literal as written; `parts` its operands."""

    kind: Kind
    text: str
    parts: tuple[Node, ...] = ()

    @property
    def function(self) -> str:
        """The name of the function called, in capitals and without a file's prefixes; empty for what is no call."""
        return bare_name(self.text.rpartition("!")[2]) if self.kind == "call" else ""

    @property
    def height(self) -> int:
        """How many levels the tree has."""
        levels, level = 0, [self]
        while level:
            levels, level = levels + 1, [part for node in level for part in node.parts]
        return levels

    def walk(self) -> list[Node]:
        """This part and all below it."""
        found = [self]
        for node in found:
            found += node.parts
        return found


def written(node: Node) -> str:
    """The text of a tree; in brackets, so that it reads the same whatever stands around it, but for long sums."""
    parts = [written(part) for part in node.parts]
    if node.kind == "call":
        return f"{node.text}({','.join(parts)})"
    if node.kind == "binary":
        left = node.parts[0]
        if (
            left.kind == "binary" and _BINDING[left.text] == _BINDING[node.text]
        ):  # the engine limits brackets in brackets
            parts[0] = parts[0][1:-1]
        return f"({parts[0]}{node.text}{parts[1]})"
    if node.kind == "prefix":
        return f"({node.text}{parts[0]})"
    if node.kind == "suffix":
        return f"({parts[0]}{node.text})"
    return node.text


def replaced(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """The tree with parts replaced, the innermost first; `change` gives None for what stays."""
    if node.parts:
        parts = tuple([replaced(part, change) for part in node.parts])
        same = all(new is old for new, old in zip(parts, node.parts, strict=True))
        node = node if same else Node(node.kind, node.text, parts)
    return change(node) or node


def parse(formula: str) -> Node:
    """Parse a formula (without =). Raises Unparsed, for references to other workbooks too."""
    reader = _Reader([piece for piece in pieces(formula) if piece[1].strip()])
    node = reader.expression(0, 0)
    if reader.kind or node.height > HIGHEST:
        raise Unparsed(formula)
    return node


class _Reader:
    """Reads pieces one after the other."""

    def __init__(self, found: list[Piece]) -> None:
        self._pieces = [*found, ("", ""), ("", "")]
        self._at = 0
        self.kind, self.text = self._pieces[0]
        """The piece that comes next; empty at the end."""

    @property
    def _following(self) -> Piece:
        """The piece after the one that comes next."""
        return self._pieces[self._at + 1]

    def take(self, wanted: str = "") -> str:
        text = self.text
        if not self.kind or (wanted and text != wanted):
            raise Unparsed(text)
        self._at += 1
        self.kind, self.text = self._pieces[self._at]
        return text

    def _operator(self) -> str:
        """The operator that comes next, without taking it."""
        if self.kind != "other" or self.text not in "<>=&+-*/^%":
            return ""
        if self.text in "<>" and self._following[0] == "other":
            pair = self.text + self._following[1]
            return pair if pair in ("<=", ">=", "<>") else self.text
        return self.text

    def expression(self, binding: int, depth: int) -> Node:
        if depth > _DEEPEST:
            raise Unparsed("too deep")
        if self.kind == "other" and self.text in "+-@":
            sign = self.take()
            left = Node("prefix", sign, (self.expression(_SIGN, depth + 1),))
        else:
            left = self._operand(depth)
        while operator := self._operator():
            if operator == "%":
                self.take()
                left = Node("suffix", "%", (left,))
                continue
            if _BINDING[operator] <= binding:
                break
            for _ in operator:
                self.take()
            left = Node("binary", operator, (left, self.expression(_BINDING[operator], depth + 1)))
        return left

    def _operand(self, depth: int) -> Node:
        """A value, or a range of which a name or a function is an end: A1:INDEX(A:A,9)."""
        left = self._value(depth)
        if self.text != ":":
            return left
        self.take()
        right = self._value(depth)
        if {left.kind, right.kind} - {"ref", "name", "call"} or left.kind == right.kind == "ref":
            raise Unparsed(right.text)
        return Node("binary", ":", (left, right))

    def _value(self, depth: int) -> Node:
        kind = self.kind
        if kind == "number":
            return Node("number", self.take())
        if kind == "text":
            return Node("text", self.take())
        if kind == "error":
            return Node("error", self.take())
        if kind == "other" and self.text == "(":
            self.take()
            inside = self.expression(0, depth + 1)
            self.take(")")
            return inside
        if kind == "other" and self.text == "{":
            return self._array()
        if kind in ("sheet", "cell", "columns", "rows"):
            return self._reference("")
        if kind == "name":
            return self._name(depth)
        if kind == "bracket":
            return self._call_elsewhere(depth)
        raise Unparsed(self.text)

    def _call_elsewhere(self, depth: int) -> Node:
        """A function of an add-in, which files call with the number of the add-in's file: [1]!NAME(…)."""
        file = self.take() + self.take("!")
        name = self.take()
        if self._pieces[self._at - 1][0] != "name" or self.text != "(":
            raise Unparsed(name)
        return Node("call", file + name, self._arguments(depth))

    def _reference(self, sheet: str) -> Node:
        """A cell, an area, whole columns or rows, or a name, perhaps on a named sheet."""
        if self.kind == "sheet":
            sheet = self.take()
        if "[" in sheet:  # another file
            raise Unparsed(sheet)
        if sheet and self.kind == "error":
            return Node("error", self.take())
        if sheet and self.kind == "name":
            return self._name_on(sheet)
        if self.kind not in ("cell", "columns", "rows"):
            raise Unparsed(self.text)
        first = self.kind
        text = self.take()
        if first == "cell" and self.text == ":" and self._following[0] == "cell":
            self.take()
            text += f":{self.take()}"
        if self.kind == "bracket" or self.text == "#":
            raise Unparsed(self.text)
        return Node("ref", sheet + text)

    def _name_on(self, sheet: str) -> Node:
        name = self.take()
        if self.kind == "bracket" or self.text == "(" or name.endswith("!"):
            raise Unparsed(name)
        return Node("name", sheet + name)

    def _name(self, depth: int) -> Node:
        text = self.take()
        if self.text == ":" and self._following[1].endswith("!"):
            text += self.take() + self.take()  # from one sheet to another
        if text.endswith("!"):
            return self._reference(text)
        if self.text == "(":
            return Node("call", text, self._arguments(depth))
        if text.upper() in ("TRUE", "FALSE"):
            return Node("bool", text.upper())
        if self.kind == "bracket":
            return Node("name", text + self.take())
        return Node("name", text)

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        self.take("(")
        found: list[Node] = []
        if self.text == ")":
            self.take()
            return ()
        while True:
            missing = self.kind == "other" and self.text in ",)"
            found.append(Node("none", "") if missing else self.expression(0, depth + 1))
            if self.take() == ")":
                return tuple(found)
            if self._pieces[self._at - 1][1] != ",":
                raise Unparsed(self.text)

    def _array(self) -> Node:
        """An array constant, as it is written: it can be long."""
        text = self.take("{")
        while self.text != "}":
            constant = self.kind in ("number", "text", "error") or self.text.upper() in ("TRUE", "FALSE")
            if not constant and self.text not in (",", ";", "+", "-"):
                raise Unparsed(self.text)
            text += self.take()
        return Node("array", text + self.take("}"))
