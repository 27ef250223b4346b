"""How far the engine can be trusted with a formula, told from its shape alone.

The engine computes most formulas rightly and some wrongly without a word (scalar functions over arrays, wildcards
over Chinese, number formats, the 16th digit). What is listed here was compared with LibreOffice. Everything else
counts only where it reproduces, from the old cells, the result that the file already holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from xlbudget.formulas.tree import Node
from xlbudget.sheets.table import Cell


class Trust(Enum):
    SURE = "sure"
    UNSURE = "unsure"
    NEVER = "never"


CLOCK = {"TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY"}
"""Their results change without any cell having changed."""
ELSEWHERE = {
    "CELL", "INFO", "GETPIVOTDATA", "RTD", "WEBSERVICE", "FILTERXML", "CALL", "REGISTER.ID", "CUBEVALUE", "CUBEMEMBER",
    "CUBESET", "CUBERANKEDMEMBER", "CUBEMEMBERPROPERTY", "CUBEKPIMEMBER", "CUBESETCOUNT",
}  # fmt: skip
"""They look at what stands in no cell."""
BLIND = {"INDIRECT", "OFFSET"}
"""Which cells they look at is known only when they are computed."""
_OVER_RANGES = {
    "SUM",
    "AVERAGE",
    "MIN",
    "MAX",
    "COUNT",
    "COUNTA",
    "COUNTBLANK",
    "MEDIAN",
    "PRODUCT",
}
_CRITERIA = {"SUMIF", "SUMIFS", "COUNTIF", "COUNTIFS", "AVERAGEIF", "AVERAGEIFS"}
_LOOKUPS: dict[str, tuple[bool, ...]] = {
    # which arguments are ranges
    "INDEX": (True, False, False),
    "MATCH": (False, True, False),
    "VLOOKUP": (False, True, False, False),
    "HLOOKUP": (False, True, False, False),
    "LARGE": (True, False),
    "SMALL": (True, False),
    "RANK": (False, True, False),
}
_TEXTUAL = {"LEN", "LEFT", "RIGHT", "MID", "SUBSTITUTE", "CONCATENATE", "EXACT", "REPT"}
_ASKING = {"ISNUMBER", "ISTEXT", "ISBLANK", "ISERROR", "ISNA", "ISERR"}
_ROUNDED = {"ROUND", "TEXT"}
_STEPS = {"ROUNDUP", "ROUNDDOWN", "INT", "TRUNC", "SIGN", "NOT"}
_CLEAN = _TEXTUAL | _ASKING | _ROUNDED | _STEPS | {
    "AND", "OR", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "MATCH", "RANK",
}  # fmt: skip
"""Results that have no more than 15 digits, as cells have none."""
_PICKING = {"IF", "IFERROR", "IFNA"}
_ANY_DIGITS = _ASKING | _ROUNDED | _PICKING | {"ABS", "SQRT", "POWER", "N"}
"""Of what a computation leaves in the 16th digit they make as little as a spreadsheet does."""
_COMPARING = {"=", "<>", "<", ">", "<=", ">="}
_FORMAT = re.compile(r'"(?:#,##)?0(?:\.0+)?%?"')
_EXACTLY = ((Node("number", "0"),), (Node("bool", "FALSE"),))
_PLAIN_CRITERION = re.compile(r'"[^?~]*"')


def trust(tree: Node) -> Trust:
    """The trust that the worst part of a formula deserves."""
    called = {node.function for node in tree.walk() if node.kind == "call"}
    if called & (CLOCK | ELSEWHERE):
        return Trust.NEVER
    return Trust.SURE if _single(tree) and not called & BLIND else Trust.UNSURE


def _is_range(node: Node) -> bool:
    return node.kind == "array" or (node.kind == "ref" and not is_cell(node))


def takes_ranges(function: str) -> bool:
    """Whether a function is given ranges whole."""
    return (
        function in _OVER_RANGES or function in _CRITERIA or function in _LOOKUPS or function == "SUMPRODUCT"
    )


def is_cell(node: Node) -> bool:
    """Whether a reference means a single cell."""
    return node.kind == "ref" and bool(re.fullmatch(r"\$?[A-Za-z]+\$?\d+", node.text.rpartition("!")[2]))


def _single(node: Node) -> bool:
    """Whether a part surely is one value, computed as a spreadsheet does."""
    if node.kind in ("number", "text", "bool", "error", "none"):
        return True
    if node.kind == "ref":
        return is_cell(node)
    if node.kind == "binary":
        if not all(map(_single, node.parts)):
            return False
        if node.text[0] in "<>" and node.text != "<>" and any(one.kind == "text" for one in node.parts):
            return False  # which text comes first is told by the language of the spreadsheet
        return node.text not in (*_COMPARING, "&") or all(map(_clean, node.parts))
    if node.kind in ("prefix", "suffix"):
        return node.text != "@" and _single(node.parts[0])
    return node.kind == "call" and _single_call(node)


def _clean(node: Node) -> bool:
    """Whether a value has at most the 15 digits of a cell, so that it compares and reads as in a spreadsheet."""
    if node.kind == "call":
        if node.function in _PICKING:
            return all(map(_clean, node.parts))
        return node.function in _CLEAN
    if node.kind == "prefix":
        return _clean(node.parts[0])
    return node.kind in ("number", "text", "bool", "error", "none", "ref") or (
        node.kind == "binary" and node.text in (*_COMPARING, "&")
    )


def _single_call(node: Node) -> bool:
    name, given = node.function, node.parts
    if name in _OVER_RANGES:
        return bool(given) and all(
            one.kind in ("ref", "number", "array") or (one.kind == "call" and _single(one)) for one in given
        )
    if name in ("AND", "OR"):
        return bool(given) and all(one.kind != "text" and _single_clean(one) for one in given)
    if name in _CRITERIA:
        return _criteria(name, given)
    if name in _LOOKUPS:
        return _lookup(name, given)
    if name == "TEXT":
        return len(given) == 2 and _single(given[0]) and bool(_FORMAT.fullmatch(given[1].text))
    if name in _ANY_DIGITS:
        first = _clean(given[0]) if name == "IF" and given else True
        return first and all(map(_single, given)) and (name != "ROUND" or all(map(_clean, given[1:])))
    return name in _STEPS | _TEXTUAL and all(map(_single_clean, given))


def _single_clean(node: Node) -> bool:
    return _single(node) and _clean(node)


def _criteria(name: str, given: tuple[Node, ...]) -> bool:
    """Whether ranges stand where ranges belong, and each criterion is a cell, a number or a plain text."""
    if name.endswith("IFS") and name != "COUNTIFS":
        summed, given = given[:1], given[1:]
    else:
        summed, given = (
            given[2:] if name in ("SUMIF", "AVERAGEIF") else (),
            given[: 2 if name[-1] == "F" else None],
        )
    ranges, criteria = (*summed, *given[::2]), given[1::2]
    return len(given) % 2 == 0 and all(one.kind == "ref" for one in ranges) and all(
        is_cell(one) or one.kind == "number" or bool(_PLAIN_CRITERION.fullmatch(one.text)) for one in criteria
    )  # fmt: skip


def _lookup(name: str, given: tuple[Node, ...]) -> bool:
    """Whether one value is looked for exactly, or picked by its place."""
    kinds = _LOOKUPS[name]
    if not 2 <= len(given) <= len(kinds):
        return False
    exact = kinds.index(True) == 0 or name == "RANK" or given[len(kinds) - 1 :] in _EXACTLY
    return exact and all(
        _is_range(one) if ranged else _single_clean(one) for one, ranged in zip(given, kinds, strict=False)
    )


_ORDERING = _COMPARING - {"=", "<>"}
_TOUCHY = _TEXTUAL | _CRITERIA


def delicate(tree: Node, held: Callable[[Node], Cell | None]) -> bool:
    """Whether a cell that a formula looks at holds what the engine is not sure with; `held` gives a cell."""
    for node in tree.walk():
        if node.kind == "binary" and node.text in _ORDERING:
            found = [held(one) for one in node.parts if is_cell(one)]
            if any(one is not None and one.kind == "text" for one in found):
                return True
        if node.function in _LOOKUPS and any(held(one) is None for one in node.parts[:1] if is_cell(one)):
            return True  # spreadsheets differ on whether nothing is looked for as 0
        if node.function in _TOUCHY:
            found = [held(one) for one in node.walk() if is_cell(one)]
            if any(one is not None and _odd(one) for one in found):
                return True
    return False


def _odd(cell: Cell) -> bool:
    """Truth values as text, wildcards, and characters that count as two."""
    return cell.kind == "bool" or (
        cell.kind == "text" and bool(re.search("[?~\U00010000-\U0010ffff]", cell.text))
    )
