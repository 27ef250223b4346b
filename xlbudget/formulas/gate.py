"""How far the engine can be trusted with a formula, told from its shape alone.

The engine computes most formulas rightly and some wrongly without a word (scalar functions over arrays, wildcards
over Chinese, number formats, the 16th digit). What is listed here was compared with LibreOffice. Everything else
counts only where it reproduces, from the old cells, the result that the file already holds.
"""

from __future__ import annotations

import re
from enum import Enum

from xlbudget.formulas.tree import Node


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
    "SUMPRODUCT",
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
_CLEAN = {
    "ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "TRUNC", "SIGN", "LEN", "LEFT", "RIGHT", "MID", "UPPER", "LOWER",
    "SUBSTITUTE", "CONCATENATE", "EXACT", "REPT", "ISNUMBER", "ISTEXT", "ISBLANK", "ISERROR", "ISNA", "ISERR",
    "NOT", "AND", "OR", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "TEXT", "MATCH",
}  # fmt: skip
"""Results that have no more than 15 digits, as cells have none."""
_SCALAR = (_CLEAN - _OVER_RANGES - _CRITERIA - {"MATCH"}) | {
    "ABS", "MOD", "SQRT", "POWER", "IF", "IFERROR", "IFNA", "N",
}  # fmt: skip
_FORMAT = re.compile(r'"(?:#,##)?0(?:\.0+)?%?"')
_PLAIN_CRITERION = re.compile(r'"[^?~]*"')


def trust(tree: Node) -> Trust:
    """The trust that the worst part of a formula deserves."""
    called = {node.function for node in tree.walk() if node.kind == "call"}
    if called & (CLOCK | ELSEWHERE):
        return Trust.NEVER
    return Trust.SURE if _single(tree) and not called & BLIND else Trust.UNSURE


def _is_range(node: Node) -> bool:
    return node.kind == "array" or (node.kind == "ref" and not _is_cell(node))


def _is_cell(node: Node) -> bool:
    return node.kind == "ref" and bool(re.fullmatch(r"\$?[A-Za-z]+\$?\d+", node.text.rpartition("!")[2]))


def _single(node: Node) -> bool:
    """Whether a part surely is one value, computed as a spreadsheet does."""
    if node.kind in ("number", "text", "bool", "error", "none"):
        return True
    if node.kind == "ref":
        return _is_cell(node)
    if node.kind == "binary":
        both = all(map(_single, node.parts))
        return both and (node.text not in ("=", "<>", "&") or all(map(_clean, node.parts)))
    if node.kind in ("prefix", "suffix"):
        return node.text != "@" and _single(node.parts[0])
    return node.kind == "call" and _single_call(node)


def _clean(node: Node) -> bool:
    """Whether a value has at most the 15 digits of a cell, so that it compares and reads as in a spreadsheet."""
    if node.kind == "call":
        if node.function in ("IF", "IFERROR", "IFNA"):
            return all(map(_clean, node.parts[node.function == "IF" :]))
        return node.function in _CLEAN
    return node.kind in ("number", "text", "bool", "error", "none", "ref") or (
        node.kind == "binary" and node.text in "&<>="
    )


def _single_call(node: Node) -> bool:
    name, given = node.function, node.parts
    if name in _OVER_RANGES:
        cells = ("ref", "number", "array") if name != "SUMPRODUCT" else ("ref",)
        return bool(given) and all(
            one.kind in cells or (one.kind == "call" and _single(one)) for one in given
        )
    if name in ("AND", "OR"):
        return bool(given) and all(one.kind != "text" and _single(one) for one in given)
    if name in _CRITERIA:
        return all(
            one.kind in ("ref", "number") or bool(_PLAIN_CRITERION.fullmatch(one.text)) for one in given
        )
    if name in _LOOKUPS:
        kinds = _LOOKUPS[name]
        return len(given) <= len(kinds) and all(
            _is_range(one) if ranged else _single(one) for one, ranged in zip(given, kinds, strict=False)
        )
    if name == "TEXT":
        return len(given) == 2 and _single(given[0]) and bool(_FORMAT.fullmatch(given[1].text))
    return name in _SCALAR and all(map(_single, given))
