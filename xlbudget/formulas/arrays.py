"""SUMPRODUCT over conditions and arithmetic of ranges, which the engine gets wrong: element by element."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from xlbudget.domain.money import stored_number
from xlbudget.formulas.book import Area, area_of, reference
from xlbudget.formulas.gate import Trust, is_cell, takes_ranges, trust
from xlbudget.formulas.tree import Node
from xlbudget.formulas.values import literal, number_cell, read_array, read_literal
from xlbudget.sheets.table import Cell

MOST = 20_000
"""Elements of one sum that are computed one by one."""
Rows = tuple[tuple[Cell | None, ...], ...]
CellsOf = Callable[[Area], Rows]
ValueOf = Callable[[Node], Cell]


def sum_product(call: Node, cells: CellsOf, value: ValueOf) -> Node | None:
    """What a call of SUMPRODUCT comes to, as a literal; None where that is not sure.

    `cells` gives what stands in an area, `value` computes a formula without arrays. Raises NotEvaluable as they do.
    """
    if call.function != "SUMPRODUCT" or not call.parts:
        return None
    blocks = [_block(part, cells, value) for part in call.parts]
    shapes = {(len(block), len(block[0])) for block in blocks if block}
    if None in blocks or len(shapes) != 1:
        return None
    columns = [[cell for row in block for cell in row] for block in blocks if block]
    broken = next(
        (one for column in columns for one in column if one is not None and one.kind == "error"), None
    )
    if broken is not None:
        return literal(broken)
    total = Decimal(0)
    for elements in zip(*columns, strict=True):
        product = Decimal(1)
        for cell in elements:
            product *= stored_number(cell.text) if cell is not None and cell.kind == "number" else 0
        total += product
    return literal(number_cell(total))


def _block(part: Node, cells: CellsOf, value: ValueOf) -> Rows | None:
    """The elements of one argument; None where one of them is not sure."""
    if part.kind == "array":
        return read_array(part)
    if part.kind == "ref":
        return cells(area_of(part))
    areas = _spread(part)
    sizes = {(area.bottom - area.top, area.right - area.left) for area in areas}
    if len(sizes) != 1:
        return None
    ((height, width),) = sizes
    if (height + 1) * (width + 1) > MOST:
        return None
    rows = []
    for down in range(height + 1):
        trees = [_element(part, cells, down, right) for right in range(width + 1)]
        if any(trust(tree) is not Trust.SURE for tree in trees):
            return None
        rows.append(tuple(read_literal(tree) or value(tree) for tree in trees))
    return tuple(rows)


def _spread(node: Node) -> list[Area]:
    """The ranges of which each element takes a cell; those that a function takes whole are not among them."""
    if node.kind == "ref":
        return [] if is_cell(node) else [area_of(node)]
    if takes_ranges(node.function):
        return []
    return [area for part in node.parts for area in _spread(part)]


def _element(node: Node, cells: CellsOf, down: int, right: int) -> Node:
    """An expression over ranges as it reads for one of their cells, whose value stands in it."""
    if node.kind == "ref" and not is_cell(node):
        sheet, top, left, *_ = area_of(node)
        place = Area(sheet, top + down, left + right, top + down, left + right)
        cell = cells(place)[0][0]
        plain = cell is not None and cell.kind in ("number", "text", "bool", "error")
        return literal(cell) if cell is not None and plain else reference(place)
    if takes_ranges(node.function):
        return node
    parts = tuple(_element(part, cells, down, right) for part in node.parts)
    return Node(node.kind, node.text, parts)
