"""Functions for which a reference is a place: OFFSET, INDIRECT, INDEX, ROW and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.book import Area
from xlbudget.formulas.evaluate import At, element, evaluate, form, scalar
from xlbudget.formulas.tree import Node, Unparsed, parse
from xlbudget.formulas.values import MISSING, REF, NotEvaluable, Shows, text_of, truth_of, whole
from xlbudget.sheets.formula import COLUMNS, ROWS
from xlbudget.sheets.table import address

BLIND = {"INDIRECT", "OFFSET"}
"""Which cells they look at is known only when they are computed."""
PLACES = {"OFFSET", "INDEX", "ROW", "COLUMN", "ROWS", "COLUMNS", "ISREF", "AREAS"}
"""Functions whose first argument is a place: what stands there does not matter to them, or only a part of it."""


def _placed(sheet: str, top: int, left: int, bottom: int, right: int) -> Range:
    """A computed reference. Raises Shows where it lies beside the sheet."""
    if min(top, left) < 1 or bottom > ROWS or right > COLUMNS:
        raise Shows(REF)
    return Range(Area(sheet, top, left, bottom, right), found=True)


def _range(node: Node, at: At) -> Range:
    value = evaluate(node, at)
    if not isinstance(value, Range):
        raise NotEvaluable("该用单元格引用的地方不是引用")
    return value


def _count(parts: Sequence[Node], least: int, most: int) -> None:
    if not least <= len(parts) <= most:
        raise NotEvaluable("函数的参数个数不对")


@form("OFFSET")
def offset(parts: Sequence[Node], at: At) -> Value:
    """The range so many rows below and columns to the right of another one, perhaps of another size."""
    _count(parts, 3, 5)
    area = _range(parts[0], at).area
    down, right = (whole(scalar(part, at)) for part in parts[1:3])
    sizes = [area.bottom - area.top + 1, area.right - area.left + 1]
    for n, part in enumerate(parts[3:]):
        value = evaluate(part, at)
        if value is not MISSING:
            sizes[n] = whole(scalar(part, at))
    if min(sizes) == 0:
        raise Shows(REF)
    if min(sizes) < 0:
        raise NotEvaluable("OFFSET 的高或宽是负数，各种软件结果不一样")
    top, left = area.top + down, area.left + right
    return _placed(area.sheet, top, left, top + sizes[0] - 1, left + sizes[1] - 1)


@form("INDIRECT")
def indirect(parts: Sequence[Node], at: At) -> Value:
    """The range that a text names."""
    _count(parts, 1, 2)
    text = text_of(scalar(parts[0], at)).strip()
    given = evaluate(parts[1], at) if len(parts) > 1 else True
    letters = given is not MISSING and truth_of(element(given, at))  # type: ignore[arg-type]
    try:
        tree = at.cells.book.meaning(_parsed(text if letters else _with_letters(text, at)), at.formula)
    except Unparsed:
        raise NotEvaluable("INDIRECT 的文字读不懂，或者指的是别的文件") from None
    if tree.kind == "name":
        raise Shows(REF)
    value = evaluate(tree, at)
    if not isinstance(value, Range):
        raise NotEvaluable("INDIRECT 的文字不是单元格引用")
    if value.area.sheet not in at.cells.book.sheets:
        raise Shows(REF)
    return Range(value.area, found=True)


@lru_cache(maxsize=1 << 12)
def _parsed(text: str) -> Node:
    return parse(text)


_NUMBERED = re.compile(r"R(\d+|\[-?\d+\])?C(\d+|\[-?\d+\])?", re.IGNORECASE)


def _with_letters(text: str, at: At) -> str:
    """R2C3 or R[-1]C as an address with letters. Raises Unparsed."""
    sheet, mark, places = text.rpartition("!")
    found = []
    for place in places.split(":"):
        match = _NUMBERED.fullmatch(place)
        if not match:
            raise Unparsed(text)
        row, column = _number(match[1], at.formula.row), _number(match[2], at.formula.column)
        if not (1 <= row <= ROWS and 1 <= column <= COLUMNS):
            raise Unparsed(text)
        found.append(address(row, column))
    return sheet + mark + ":".join(found)


def _number(written: str | None, own: int) -> int:
    if not written:
        return own
    return own + int(written[1:-1]) if written.startswith("[") else int(written)


@form("INDEX")
def index(parts: Sequence[Node], at: At) -> Value:
    """A cell, row or column of a range or array, by its number."""
    _count(parts, 2, 3)
    block = evaluate(parts[0], at.inside())
    if isinstance(block, Range):
        height, width = block.height, block.width
    else:
        block = element(block, at)
        if not isinstance(block, Array):
            block = Array([block], 1, 1)
        height, width = block.height, block.width
    first = _position(parts[1], at)
    if len(parts) == 3:
        row, column = first, _position(parts[2], at)
    elif height == 1:
        row, column = 1 if width > 1 or first else 0, first
    elif width == 1:
        row, column = first, 1
    else:
        raise NotEvaluable("INDEX 少了一个参数，各种软件结果不一样")
    if row < 0 or column < 0 or row > height or column > width:
        raise Shows(REF)
    return part_of(block, row, column)


def _position(part: Node, at: At) -> int:
    value = evaluate(part, at)
    return 0 if value is MISSING else whole(scalar(part, at))


def part_of(block: Range | Array, row: int, column: int) -> Value:
    """A row, a column, both or a single value of a block, by numbers from 1; 0 stands for all."""
    if isinstance(block, Range):
        sheet, top, left, bottom, right = block.area
        rows = (top + row - 1, top + row - 1) if row else (top, bottom)
        columns = (left + column - 1, left + column - 1) if column else (left, right)
        return _placed(sheet, rows[0], columns[0], rows[1], columns[1])
    if row and column:
        return block.at(row - 1, column - 1)
    if column == 0 and row == 0:
        return block
    if row:
        return Array([block.at(row - 1, n) for n in range(block.width)], 1, block.width)
    return Array(block.values[column - 1 :: block.width], block.height, 1, block.rest[column - 1 : column])


def _extent(node: Node, at: At) -> tuple[int, int]:
    value = evaluate(node, at.inside())
    if isinstance(value, Range | Array):
        return value.height, value.width
    element(value, at)
    return 1, 1


@form("ROWS")
def rows(parts: Sequence[Node], at: At) -> Value:
    """How many rows a range or array has."""
    _count(parts, 1, 1)
    return float(_extent(parts[0], at)[0])


@form("COLUMNS")
def columns(parts: Sequence[Node], at: At) -> Value:
    """How many columns a range or array has."""
    _count(parts, 1, 1)
    return float(_extent(parts[0], at)[1])


@form("ROW")
def row(parts: Sequence[Node], at: At) -> Value:
    """The number of a row, or of each row of a range."""
    return _numbers(parts, at, upright=True)


@form("COLUMN")
def column(parts: Sequence[Node], at: At) -> Value:
    """The number of a column, or of each column of a range."""
    return _numbers(parts, at, upright=False)


def _numbers(parts: Sequence[Node], at: At, *, upright: bool) -> Value:
    _count(parts, 0, 1)
    if not parts:
        if at.formula.array:
            raise NotEvaluable("数组公式里的 ROW() 和 COLUMN()，各种软件结果不一样")
        return float(at.formula.row if upright else at.formula.column)
    area = _range(parts[0], at).area
    first, last = (area.top, area.bottom) if upright else (area.left, area.right)
    if first == last:
        return float(first)
    if not at.spread:
        raise NotEvaluable("结果是几个值，不是一个")
    at.cells.work.make(last - first + 1)
    values = [float(number) for number in range(first, last + 1)]
    return Array(values, len(values), 1) if upright else Array(values, 1, len(values))


@form("ISREF")
def is_reference(parts: Sequence[Node], at: At) -> Value:
    """Whether something is a reference."""
    _count(parts, 1, 1)
    return isinstance(evaluate(parts[0], at), Range)
