"""SUMIF, COUNTIFS and their like: which cells a criterion means.

Programs read codes kept as text in two ways: Excel takes 002 and 2 for the same number, LibreOffice for different texts.
Where the cells make a difference between the two, the result is not sure.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlbudget.domain.money import stored_number
from xlbudget.formulas.arrays import Range, Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.functions.statistics import mean, numbers_in, total
from xlbudget.formulas.typed import typed_number
from xlbudget.formulas.values import VALUE, Err, NotEvaluable, Scalar, Shows, certain
from xlbudget.formulas.wildcards import wildcards

_DOUBTFUL = "条件和单元格里的数字样文字，各种软件的比法不一样"
_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Matched:
    """The places that a criterion means, row by row from 0, and whether the blank rest below counts too."""

    places: Sequence[int]
    rest: bool
    filled: int
    """How many places were looked at."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The cells of a range, sorted by what they are."""

    values: Sequence[Scalar]
    numbers: dict[float, list[int]]
    ordered: Sequence[float]
    """All numbers from small to large,"""
    by_size: Sequence[int]
    """and their places."""
    texts: dict[str, list[int]]
    digits: dict[Decimal, set[str]]
    """Texts that read as numbers, by the 15 digits that spreadsheets compare."""
    odd: frozenset[str]
    """Texts of which it is not sure whether they read as numbers."""

    @property
    def filled(self) -> int:
        return len(self.values)


def _block(values: Sequence[Scalar]) -> _Block:
    numbers: dict[float, list[int]] = {}
    texts: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        if isinstance(value, str):
            texts.setdefault(value.lower(), []).append(place)
        elif isinstance(value, float):
            numbers.setdefault(value, []).append(place)
    digits: dict[Decimal, set[str]] = {}
    odd = set()
    for text in texts:
        try:
            number = typed_number(text)
        except ValueError:
            odd.add(text)
            continue
        if number is not None:
            digits.setdefault(stored_number(str(number)), set()).add(text)
    by_size = [place for number in sorted(numbers) for place in numbers[number]]
    ordered = [number for number in sorted(numbers) for _ in numbers[number]]
    return _Block(values, numbers, ordered, by_size, texts, digits, frozenset(odd))


def matched(at: At, given: Value, criterion: Scalar) -> Matched:
    """The places of a range that a criterion means. Raises NotEvaluable."""
    if not isinstance(given, Range):
        raise NotEvaluable("条件区域要是单元格引用")
    block = at.cells.kept("criteria", given.area, lambda: _block(at.cells.array(given).values))
    places, rest = _places(block, criterion)
    at.cells.work.spend(3 * block.filled if _looks_at_all(criterion) else len(places) // 4 + 20)
    return Matched(places, rest, block.filled)


def _looks_at_all(criterion: Scalar) -> bool:
    """Whether every cell has to be looked at; equal ones are known."""
    return isinstance(criterion, str) and re.search(r"^<>|^=?$|[*?~]", criterion) is not None


def _places(block: _Block, criterion: Scalar) -> tuple[Sequence[int], bool]:
    if isinstance(criterion, bool | Err):
        raise NotEvaluable("条件是逻辑值或错误值，各种软件的比法不一样")
    if not isinstance(criterion, str):  # a blank cell is as good as 0
        return _equal_numbers(block, stored_number(repr(certain(criterion or 0.0))), None), False
    operator, operand = _CRITERION.fullmatch(criterion).groups()  # type: ignore[union-attr]
    if operator is None and operand == "":
        return _where(block, lambda one: one is None or one == ""), True
    if operand == "":
        return _blank(block, operator), operator == "="
    try:
        number = typed_number(operand)
    except ValueError:
        raise NotEvaluable(_DOUBTFUL) from None
    if number is None:
        return _by_text(block, operator, operand)
    if operator in ("<", ">", "<=", ">="):
        return _by_size(block, operator, float(number)), False
    found = _equal_numbers(block, stored_number(str(number)), operand.lower())
    return (_others(block, found), True) if operator == "<>" else (found, False)


def _where(block: _Block, test: Callable[[Scalar], bool]) -> list[int]:
    return [place for place, value in enumerate(block.values) if test(value)]


def _others(block: _Block, found: Sequence[int]) -> list[int]:
    without = set(found)
    return [place for place in range(block.filled) if place not in without]


def _blank(block: _Block, operator: str) -> list[int]:
    """Cells without or with a content; a formula that shows nothing is read in two ways."""
    if operator not in ("=", "<>") or "" in block.texts:
        raise NotEvaluable("公式得出的空文字算不算空，各种软件不一样")
    return _where(block, lambda one: (one is None) is (operator == "="))


def _by_size(block: _Block, operator: str, limit: float) -> Sequence[int]:
    """Cells with a number on one side of a limit. Raises NotEvaluable where the last digits decide."""
    ordered = block.ordered
    first, last = bisect_left(ordered, limit), bisect_right(ordered, limit)
    for number in (*ordered[max(first - 1, 0) : first], *ordered[last : last + 1]):
        if abs(number - limit) <= abs(limit) * 1e-13:
            raise NotEvaluable("两个数差一点点才相等，各种软件算出来不一样")
    if operator[0] == "<":
        return block.by_size[: last if "=" in operator else first]
    return block.by_size[first if "=" in operator else last :]


def _equal_numbers(block: _Block, number: Decimal, written: str | None) -> list[int]:
    """Cells with a number; texts that read as it have to be written as it is. Raises NotEvaluable."""
    texts = block.digits.get(number, set())
    if block.odd or texts - {written}:
        raise NotEvaluable(_DOUBTFUL)
    found = [*block.numbers.get(float(number), ())]
    for text in texts:
        found += block.texts[text]
    return sorted(found)


def _by_text(block: _Block, operator: str | None, operand: str) -> tuple[list[int], bool]:
    """Cells with a text, * and ? standing for any characters."""
    if operator in ("<", ">", "<=", ">="):
        raise NotEvaluable("文字的先后次序，各种软件不一样")
    if operand.upper() in ("TRUE", "FALSE") or operand.startswith("#"):
        raise NotEvaluable("条件是逻辑值或错误值，各种软件的比法不一样")
    if not re.search(r"[*?~]", operand):
        found = block.texts.get(operand.lower(), [])
    else:
        pattern = wildcards(operand)
        found = sorted(
            place for text, places in block.texts.items() if pattern.fits(text) for place in places
        )
    return (_others(block, found), True) if operator == "<>" else (list(found), False)


# -- the functions -------------------------------------------------------------------------------------


def _all(at: At, pairs: Sequence[Value], *beside: Value) -> tuple[Sequence[int], int]:
    """The places that all criteria mean (range, criterion, range, criterion …), and how many more below count too.

    Places are told as far down as any of the ranges, those beside included, has a filled cell.
    """
    ranges = [*pairs[::2], *beside]
    if not all(isinstance(one, Range) for one in ranges):
        raise NotEvaluable("条件区域要是单元格引用")
    if len({(one.height, one.width) for one in ranges if isinstance(one, Range)}) > 1:
        raise Shows(VALUE)
    found = [matched(at, *pair) for pair in zip(pairs[::2], pairs[1::2], strict=True)]  # type: ignore[arg-type]
    deepest = max(*(one.filled for one in found), *(len(_values(at, one)) for one in beside), 0)
    first = ranges[0]
    assert isinstance(first, Range)
    below = first.height * first.width - deepest if all(one.rest for one in found) else 0
    if len(found) == 1 and not beside:
        return found[0].places, below
    at.cells.work.spend(sum(len(one.places) for one in found))
    sets = [{*one.places, *(range(one.filled, deepest) if one.rest else ())} for one in found]
    return sorted(set.intersection(*sets)), below


def _values(at: At, given: Value) -> Sequence[Scalar]:
    assert isinstance(given, Range)
    return at.cells.kept("values", given.area, lambda: at.cells.array(given).values)


def _beside(at: At, given: Value, pairs: Sequence[Value]) -> list[float]:
    """The numbers of a range at the places that criteria mean. Raises Shows for errors."""
    places, _ = _all(at, pairs, given)
    values = _values(at, given)
    at.cells.work.spend(len(places))
    return numbers_in(values[place] for place in places if place < len(values))


@function("COUNTIF", needs="re")
@function("COUNTIFS", needs="re", repeats=2)
def count_if(at: At, *pairs: Value) -> float:
    """How many cells criteria mean."""
    places, below = _all(at, pairs)
    return float(len(places) + below)


@function("SUMIF", needs="re", takes="r")
def sum_if(at: At, looked: Value, criterion: Scalar, given: Value | None = None) -> float:
    """The sum of the cells beside those that a criterion means."""
    return total(_beside(at, looked if given is None else given, (looked, criterion)))


@function("AVERAGEIF", needs="re", takes="r")
def mean_if(at: At, looked: Value, criterion: Scalar, given: Value | None = None) -> float:
    """The mean of the cells beside those that a criterion means."""
    return mean(_beside(at, looked if given is None else given, (looked, criterion)))


def _over_criteria(name: str, call: Callable[[Sequence[float]], float]) -> None:
    def compute(at: At, given: Value, *pairs: Value) -> float:
        return call(_beside(at, given, pairs))

    function(name, needs="rre", repeats=2)(compute)


_over_criteria("SUMIFS", total)
_over_criteria("AVERAGEIFS", mean)
_over_criteria("MAXIFS", lambda numbers: max(numbers, default=0.0))
_over_criteria("MINIFS", lambda numbers: min(numbers, default=0.0))
