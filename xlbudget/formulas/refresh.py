"""Formulas that call our functions or depend on what changed get the results that they have now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlbudget.addin.blocks import Block, ErrorValue, Result, Session, block
from xlbudget.addin.functions import FUNCTIONS, evaluate
from xlbudget.domain.money import plain
from xlbudget.formulas.arrays import sum_product
from xlbudget.formulas.book import Area, Book, CacheWrite, FormulaCell, Place, area_of, calls_of, references
from xlbudget.formulas.depend import Watchers, affected, levels
from xlbudget.formulas.engine import Engine
from xlbudget.formulas.gate import BLIND, Trust, delicate, trust
from xlbudget.formulas.tree import Node, Unparsed, replaced
from xlbudget.formulas.values import NotEvaluable, array_node, literal, read_array, read_literal, same
from xlbudget.sheets.formula import calls
from xlbudget.sheets.table import Cell

Values = tuple[tuple[Cell, ...], ...]
"""Results of a formula: one cell, or the block that an array formula fills."""

_UNCONFIRMED = "没法用文件里原来的结果核对"
"""Once a wrong result was taken away there is none; the reason stays the same."""


@dataclass(frozen=True, slots=True)
class NotRefreshed:
    """A formula whose result is not known any more, and why."""

    formula: FormulaCell
    reason: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    writes: tuple[CacheWrite, ...] = ()
    failures: tuple[NotRefreshed, ...] = ()


def refresh(new: Book, old: Book, changed: Iterable[Area], session: Session) -> Refreshed:
    """The results that change in `new`, a workbook that was written to; `old` is the same before that."""
    if not new.formulas:
        return Refreshed()
    return _Refresh(new, old, session).run(list(changed))


class _Refresh:
    def __init__(self, new: Book, old: Book, session: Session) -> None:
        self._new = _Calculator(new, session)
        self._old = _Calculator(old, session)
        self._formulas = new.formulas
        self._trees = [_tree(new, one) for one in new.formulas]
        self._own = [one.area for one in new.formulas]
        self._blind = [n for n, one in enumerate(new.formulas) if self._calls(n, one) & BLIND]
        self._unknown: dict[Place, str] = {}
        """Cells whose result is not known → why."""

    def _calls(self, index: int, formula: FormulaCell) -> set[str]:
        """The functions that a formula calls, also one that is not understood."""
        tree = self._trees[index]
        return calls_of(tree) if isinstance(tree, Node) else calls(formula.text)

    def run(self, changed: Sequence[Area]) -> Refreshed:
        looked_at = [self._looked_at(index) for index in range(len(self._formulas))]
        watchers = Watchers(looked_at)
        ours = [n for n, one in enumerate(self._formulas) if self._calls(n, one) & FUNCTIONS.keys()]
        chosen = affected(watchers, self._own, changed, [*ours, *self._blind])
        helpers = self._uncached(chosen, looked_at) - chosen
        # Nobody knows what an INDIRECT looks at, so it and all that depends on it come last.
        late = affected(watchers, self._own, (), self._blind)
        found: list[Refreshed] = []
        for part in ((chosen | helpers) - late, (chosen | helpers) & late):
            ordered, circle = levels(watchers, self._own, part)
            for index in [*(one for level in ordered for one in level), *sorted(circle)]:
                reason = "公式循环引用" if index in circle else ""
                found.append(self._refreshed(index, looked_at[index], reason, told=index in chosen))
        early = [index for index in self._blind if self._looked_too_early(index)]
        found += [
            self._failed(self._formulas[index], "公式的先后次序不清楚", told=True)
            for index in sorted(affected(watchers, self._own, (), early))
        ]
        writes = {(one.sheet, one.row, one.column): one for told in found for one in told.writes}
        failures = (one for told in found for one in told.failures)
        return Refreshed(tuple(writes.values()), tuple(failures))

    def _looked_too_early(self, index: int) -> bool:
        """Whether a blind formula comes to something else once everything is computed."""
        formula = self._formulas[index]
        if formula.place in self._unknown:
            return False
        try:
            return not _equal(self._results(index), self._held(formula, self._new.book))
        except NotEvaluable:
            return True

    def _looked_at(self, index: int) -> list[Area]:
        tree, formula = self._trees[index], self._formulas[index]
        if isinstance(tree, Node):
            return references(tree)
        return self._new.book.glimpsed(formula.text, formula.sheet)

    def _uncached(self, chosen: set[int], looked_at: Sequence[Iterable[Area]]) -> set[int]:
        """Formulas without a result that the chosen ones look at, directly or through others."""
        without = [n for n, one in enumerate(self._formulas) if self._cached(one.place) is None]
        if not without:
            return set()
        watchers = Watchers([[self._own[n]] for n in without])
        found: set[int] = set()
        waiting = list(chosen)
        while waiting:
            for area in looked_at[waiting.pop()]:
                fresh = {without[one] for one in watchers.of(area)} - found
                found |= fresh
                waiting.extend(fresh)
        return found

    def _cached(self, place: Place, book: Book | None = None) -> Cell | None:
        """The result that the file holds for a formula."""
        sheet, row, column = place
        cell = (book or self._new.book).rows(sheet).get(row, {}).get(column)
        return None if cell is None or cell.kind == "uncached" else cell

    def _refreshed(self, index: int, looked_at: Iterable[Area], reason: str, *, told: bool) -> Refreshed:
        formula = self._formulas[index]
        try:
            if reason:
                raise NotEvaluable(reason)
            self._check_known(looked_at)
            values = self._results(index)
        except NotEvaluable as failed:
            return self._failed(formula, str(failed), told=told)
        writes = tuple(_writes(formula, values, self._cached)) if told else ()
        self._new.put(formula, values)
        return Refreshed(writes)

    def _failed(self, formula: FormulaCell, reason: str, *, told: bool) -> Refreshed:
        """A formula whose result is not known: it loses the one that it had."""
        writes = tuple(_writes(formula, None, self._cached)) if told else ()
        self._unknown[formula.place] = reason
        if self._blind:
            self._new.lose(formula)
        return Refreshed(writes, (NotRefreshed(formula, reason),) if told else ())

    def _held(self, formula: FormulaCell, book: Book) -> list[list[Cell | None]]:
        """The results that a workbook holds for a formula."""
        _, top, left, bottom, right = formula.area
        return [
            [self._cached((formula.sheet, row, column), book) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    def _check_known(self, looked_at: Iterable[Area]) -> None:
        """Raise NotEvaluable where a formula looks at a cell whose result is not known."""
        for area in looked_at if self._unknown else ():
            for sheet, row, column in self._unknown:
                inside = area.top <= row <= area.bottom and area.left <= column <= area.right
                if sheet == area.sheet and inside:
                    raise NotEvaluable("它引用的公式没有算出来")

    def _results(self, index: int) -> Values:
        """What a formula comes to now, when that can be trusted. Raises NotEvaluable."""
        formula, tree = self._formulas[index], self._trees[index]
        if not isinstance(tree, Node):
            raise NotEvaluable(tree)
        reduced = self._new.reduced(tree, formula)
        direct = _direct(reduced, formula)
        if direct is not None:
            return direct
        deserved = trust(reduced)
        if deserved is Trust.SURE and delicate(reduced, self._new.held):
            deserved = Trust.UNSURE
        if deserved is Trust.NEVER:
            raise NotEvaluable("结果随时间变化，或者要看单元格以外的内容")
        values = self._new.computed(reduced, formula)
        shaky = formula.array or any(cell.kind == "error" for row in values for cell in row)
        if deserved is Trust.UNSURE or shaky:
            self._confirm(tree, formula)
        return values

    def _confirm(self, tree: Node, formula: FormulaCell) -> None:
        """Compute a formula from the old cells; only who gets the file's old result is believed the new one."""
        held = self._held(formula, self._old.book)
        if any(cell is None for row in held for cell in row):
            raise NotEvaluable(_UNCONFIRMED)
        reduced = self._old.reduced(tree, formula)
        values = _direct(reduced, formula) or self._old.computed(reduced, formula)
        if not _equal(values, held):
            raise NotEvaluable(_UNCONFIRMED)


def _tree(book: Book, formula: FormulaCell) -> Node | str:
    """A formula's tree, or why there is none."""
    try:
        return book.resolve(formula)
    except Unparsed:
        return "引用了别的文件，或者用了读不懂的写法"


def _equal(one: Sequence[Sequence[Cell | None]], other: Sequence[Sequence[Cell | None]]) -> bool:
    """Whether two blocks of the same size hold the same values."""
    return all(same(*pair) for rows in zip(one, other, strict=True) for pair in zip(*rows, strict=True))


def _direct(tree: Node, formula: FormulaCell) -> Values | None:
    """The result of a formula that is a literal by now: a call of ours and nothing more."""
    single = read_literal(tree)
    if single is not None:
        return tuple((single,) * formula.width for _ in range(formula.height))
    if tree.kind != "array":
        return None
    found = read_array(tree)
    if not formula.array:
        return ((found[0][0],),)  # a plain formula shows the first value of an array
    return _spread(found, formula)


def _spread(found: Values, formula: FormulaCell) -> Values:
    """Values in the cells of an array formula: one row or column is repeated, what is missing is #N/A."""
    if formula.dynamic and (len(found), len(found[0])) != (formula.height, formula.width):
        raise NotEvaluable("数组的大小变了，和它占的单元格不一样")
    nothing = Cell("error", ErrorValue.NA)

    def at(row: int, column: int) -> Cell:
        row, column = 0 if len(found) == 1 else row, 0 if len(found[0]) == 1 else column
        return found[row][column] if row < len(found) and column < len(found[0]) else nothing

    return tuple(tuple(at(row, column) for column in range(formula.width)) for row in range(formula.height))


def _writes(formula: FormulaCell, values: Values | None, cached: Any) -> Iterator[CacheWrite]:
    """Writes for the cells whose result is another than before."""
    for row in range(formula.height):
        for column in range(formula.width):
            place = formula.sheet, formula.row + row, formula.column + column
            cell = None if values is None else values[row][column]
            if not same(cell, cached(place)):
                yield CacheWrite(*place, cell)


class _Calculator:
    """Computes over one state of a workbook."""

    def __init__(self, book: Book, session: Session) -> None:
        self.book = book
        self._session = session
        self._engine = Engine(book)
        self._blocks: dict[Area, Block] = {}
        self._areas: list[Area] = []
        """Areas that were blocks, by their number among the watchers."""
        self._watchers = Watchers()

    def put(self, formula: FormulaCell, values: Values) -> None:
        """Let other formulas see the results of one."""
        for number in self._watchers.of(formula.area):
            self._blocks.pop(self._areas[number], None)
        for row, cells in enumerate(values, formula.row):
            line = self.book.rows(formula.sheet).setdefault(row, {})
            for column, cell in enumerate(cells, formula.column):
                kept = line.get(column)
                line[column] = cell._replace(format=kept.format) if kept else cell
                self._engine.forget(formula.sheet, row, column, cell)

    def lose(self, formula: FormulaCell) -> None:
        """Let nobody see the old results of a formula."""
        for row in range(formula.row, formula.row + formula.height):
            line = self.book.rows(formula.sheet).setdefault(row, {})
            line |= dict.fromkeys(range(formula.column, formula.column + formula.width), Cell("uncached", ""))
        self._engine.unload()

    def held(self, node: Node) -> Cell | None:
        """What stands in a cell that a formula refers to."""
        sheet, row, column, *_ = area_of(node)
        return self.book.rows(sheet).get(row, {}).get(column)

    def computed(self, tree: Node, formula: FormulaCell) -> Values:
        """What the engine makes of a formula. Raises NotEvaluable."""
        if calls_of(tree) & BLIND:
            self._engine.load_everything()
        if formula.array:
            return self._engine.values(tree, formula.height, formula.width)
        return ((self._engine.value(tree, *formula.place),),)

    def reduced(self, tree: Node, formula: FormulaCell) -> Node:
        """The tree with every call of our functions, and every sum over conditions, replaced by what it comes to.

        Raises NotEvaluable.
        """

        def change(node: Node) -> Node | None:
            if node.kind != "call":
                return None
            if node.function not in FUNCTIONS:
                return sum_product(
                    node, self._plain_cells, lambda tree: self._engine.value(tree, *formula.place)
                )
            given = [self._argument(part, formula) for part in node.parts]
            results = evaluate(node.function, given, self._session)
            if not isinstance(results, list):
                return literal(_result(results))
            return array_node(tuple((_result(one),) for one in results))

        return replaced(tree, change)

    def _plain_cells(self, area: Area) -> Block:
        """The cells of an area. Raises NotEvaluable for a formula without a result."""
        found = self.book.cells(area)
        if any(cell is not None and cell.kind == "uncached" for row in found for cell in row):
            raise NotEvaluable("它引用的公式还没有计算结果")
        return found

    def _argument(self, node: Node, formula: FormulaCell) -> Block | None:
        """What a function is given: the cells of a reference as they are, else a computed value."""
        if node.kind == "none":
            return None
        if node.kind == "ref":
            area = area_of(node)
            if area not in self._blocks:
                self._blocks[area] = block(self.book.dated(self.book.cells(area)))
                self._watchers.add(area, len(self._areas))
                self._areas.append(area)
            return self._blocks[area]
        single = read_literal(node)
        if single is not None:
            return ((single,),)
        if node.kind == "array":
            return read_array(node)
        if trust(node) is not Trust.SURE:
            raise NotEvaluable("函数的参数算不准")
        return ((self._engine.value(node, *formula.place),),)


def _result(result: Result) -> Cell:
    """A function's result as a cell."""
    if isinstance(result, ErrorValue):
        return Cell("error", result)
    return Cell("text", result) if isinstance(result, str) else Cell("number", plain(result))
