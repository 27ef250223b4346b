"""What a formula looks at: told from its text, or, for OFFSET and INDIRECT, found by computing where they point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xlbudget.formulas.arrays import Range
from xlbudget.formulas.book import Area, area_of, around
from xlbudget.formulas.evaluate import At, evaluate
from xlbudget.formulas.references import BLIND, PLACES
from xlbudget.formulas.tree import Node
from xlbudget.formulas.values import NotEvaluable
from xlbudget.layout.formula import COLUMNS, ROWS


@dataclass(slots=True)
class Sight:
    """The areas that a formula looks at."""

    needs: list[Area] = field(default_factory=list)
    """They have to be computed before it."""
    within: list[Area] = field(default_factory=list)
    """It looks at some of their cells, which is told when it is computed."""
    blind: list[Node] = field(default_factory=list)
    """Parts that may look anywhere."""


def sight_of(tree: Node) -> Sight:
    """What a formula looks at. A reference that OFFSET or ROW is given is a place, and nothing that they need."""
    sight = Sight()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        parts = node.parts
        if node.kind == "ref":
            sight.needs.append(area_of(node))
        elif node.kind == "binary" and node.text == ":":
            found = [area_of(one) for one in node.walk() if one.kind == "ref"]
            sight.within += around(found)
            parts = tuple(one for one in parts if one.kind != "ref")
            if any(one.function in BLIND for one in node.walk()):
                sight.blind.append(node)
        elif node.function in PLACES and parts and parts[0].kind == "ref":
            if node.function == "INDEX":
                sight.within.append(area_of(parts[0]))
            parts = parts[1:]
        if node.function in BLIND:
            sight.blind.append(node)
        waiting.extend(parts)
    return sight


def targets(sight: Sight, at: At) -> Iterator[Area]:
    """Where the blind parts of a formula point; all cells where they may where that cannot be told."""
    for node in sight.blind:
        try:
            found = evaluate(node, at)
        except NotEvaluable:
            yield from _anywhere(node, at)
        else:
            if isinstance(found, Range):
                yield found.area


def _anywhere(node: Node, at: At) -> Iterator[Area]:
    """Every cell that a reference may mean: OFFSET stays on its sheet, and a text may begin with a sheet's name."""
    sheets = {area_of(one).sheet for one in node.walk() if one.kind == "ref"}
    blind = [one for one in node.walk() if one.function in BLIND]
    for one in blind:
        first = one.parts[0] if one.parts else one
        named = _named(first) if one.function == "INDIRECT" else ""
        if first.kind == "ref" or named:
            sheets |= {named} - {""}
        else:
            sheets |= set(at.cells.book.sheets)
    for sheet in sorted(sheets):
        yield Area(sheet, 1, 1, ROWS, COLUMNS)


def _named(text: Node) -> str:
    """The sheet that a text begins with, "项目!A"&ROW(); empty where it does not tell."""
    while text.kind == "binary" and text.text == "&":
        text = text.parts[0]
    sheet, mark, _ = text.text[1:-1].partition("!") if text.kind == "text" else ("", "", "")
    return sheet.strip("'").replace("''", "'") if mark else ""
