"""Formulas that call our functions or depend on what changed get the results that they have now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from xlbudget.addin.blocks import Session
from xlbudget.addin.functions import FUNCTIONS
from xlbudget.formulas import library
from xlbudget.formulas.book import Area, Book, CacheWrite, FormulaCell, Place, calls_of
from xlbudget.formulas.cells import Cells
from xlbudget.formulas.depend import Watchers, affected, levels
from xlbudget.formulas.evaluate import At, Results, results
from xlbudget.formulas.sight import Sight, sight_of, targets
from xlbudget.formulas.tree import Node, Unparsed
from xlbudget.formulas.values import NotEvaluable, same
from xlbudget.sheets.formula import calls
from xlbudget.sheets.table import Cell

assert library.MODULES  # functions are known once their modules are imported

CIRCLE = "公式循环引用"


@dataclass(frozen=True, slots=True)
class NotRefreshed:
    """A formula whose result is not known any more, and why."""

    formula: FormulaCell
    reason: str


@dataclass(slots=True)
class Refreshed:
    """The results that changed, and the formulas whose results are not known."""

    writes: list[CacheWrite] = field(default_factory=list)
    failures: list[NotRefreshed] = field(default_factory=list)


def refresh(book: Book, changed: Iterable[Area], session: Session) -> Refreshed:
    """The results that change in a workbook that was written to."""
    if not book.formulas:
        return Refreshed()
    return _Refresh(book, list(changed), session).run()


class _Wait(Exception):  # noqa: N818  (not an error: other formulas come first)
    """A computed reference means cells of formulas that are not computed yet."""

    def __init__(self, needed: Sequence[int]) -> None:
        super().__init__(needed)
        self.needed = needed


class _Refresh:
    def __init__(self, book: Book, changed: Sequence[Area], session: Session) -> None:
        self._book, self._session = book, session
        self._cells = Cells(book)
        self._cells.ready = self._ready
        self._formulas = book.formulas
        self._own = [one.area for one in book.formulas]
        self._trees = [_tree(book, one) for one in book.formulas]
        self._sights = [self._sight(index) for index in range(len(self._formulas))]
        self._changed, self._written = changed, Watchers([changed])
        self._owners = Watchers([[area] for area in self._own])
        self._without: set[int] = set()
        """Formulas without a result in the file; where others look at them they are computed, and not told of."""
        self._open: set[int] = set()
        """Formulas that are still to be looked at."""
        self._settled: set[int] = set()
        self._chosen: set[int] = set()
        """Formulas that get new results, since something that they look at is new."""
        self._circle: set[int] = set()
        self._found = Refreshed()

    def _sight(self, index: int) -> Sight:
        tree, formula = self._trees[index], self._formulas[index]
        if isinstance(tree, Node):
            return sight_of(tree)
        return Sight(needs=self._book.glimpsed(formula.text, formula.sheet))

    def _is_ours(self, index: int) -> bool:
        """Whether a formula calls a function of ours, also one that is not understood."""
        tree = self._trees[index]
        called = calls_of(tree) if isinstance(tree, Node) else calls(self._formulas[index].text)
        return not called.isdisjoint(FUNCTIONS)

    def run(self) -> Refreshed:
        """Look at every formula that may have another result, each after those that it needs."""
        every = range(len(self._formulas))
        watchers = Watchers([[*one.needs, *one.within] for one in self._sights])
        ours = [n for n in every if self._is_ours(n)]
        self._chosen = affected(watchers, self._own, self._changed, ours)
        # What a blind one looks at is known when its turn comes; so it may concern all that depends on it.
        possible = affected(watchers, self._own, (), [n for n in every if self._sights[n].blind])
        self._open = self._chosen | possible
        self._without = {n for n in every if self._cached(self._formulas[n].place) is None}
        self._open |= self._helpers(self._open)
        before = Watchers([one.needs for one in self._sights])
        ordered, self._circle = levels(before, self._own, self._open)
        for index in [*(one for level in ordered for one in level), *sorted(self._circle)]:
            self._settle(index)
        return self._found

    def _helpers(self, wanted: set[int]) -> set[int]:
        """Formulas without a result that some look at, directly or through others."""
        found: set[int] = set()
        waiting = list(wanted) if self._without else []
        while waiting:
            for area in self._sights[waiting.pop()].needs:
                fresh = (set(self._owners.of(area)) & self._without) - found
                found |= fresh
                waiting.extend(fresh)
        return found

    def _cached(self, place: Place) -> Cell | None:
        """The result that the file holds for a formula."""
        sheet, row, column = place
        cell = self._book.rows(sheet).get(row, {}).get(column)
        return None if cell is None or cell.kind == "uncached" else cell

    # -- one after the other ---------------------------------------------------------------------------

    def _ready(self, area: Area) -> None:
        """Let formulas whose cells a computed reference means come first."""
        owners = set(self._owners.of(area))
        self._open |= (owners & self._without) - self._settled
        needed = sorted(owners & self._open)
        if needed:
            raise _Wait(needed)

    def _close(self, index: int) -> None:
        self._open.discard(index)
        self._settled.add(index)

    def _settle(self, first: int) -> None:
        """Look at a formula, after those that it waits for."""
        waiting, among = [first], {first}
        while waiting:
            index = waiting[-1]
            try:
                if index in self._open:
                    self._decide(index, among)
                among.discard(waiting.pop())
            except _Wait as wait:
                fresh = [n for n in wait.needed if n not in among]
                waiting += fresh
                among |= set(fresh)
                if not fresh:
                    self._fail(index, CIRCLE)

    def _decide(self, index: int, waiting: set[int]) -> None:
        """Give a formula its new result, unless nothing that it looks at is new. Raises _Wait."""
        tree, formula = self._trees[index], self._formulas[index]
        if index not in self._chosen:
            if self._concerned(index, waiting):
                self._chosen.add(index)
            elif index not in self._without:
                self._close(index)
                return
        try:
            if not isinstance(tree, Node):
                raise NotEvaluable(tree)
            if index in self._circle:
                raise NotEvaluable(CIRCLE)
            values = results(tree, At(self._cells, self._session, formula))
        except NotEvaluable as failed:
            self._fail(index, str(failed))
            return
        self._close(index)
        self._found.writes += self._writes(index, values)
        self._cells.put(formula, values)

    def _concerned(self, index: int, waiting: set[int]) -> bool:
        """Whether anything that a formula looks at is new. Raises _Wait where that is not known yet."""
        sight, at = self._sights[index], At(self._cells, self._session, self._formulas[index])
        areas = [*sight.needs, *sight.within, *targets(sight, at)]
        if any(next(self._written.of(one), None) is not None for one in areas):
            return True
        owners = {n for area in areas for n in self._owners.of(area)}
        needed = [n for n in owners & self._open if n not in waiting]
        if needed:
            raise _Wait(sorted(needed))
        return not owners.isdisjoint(self._chosen)

    def _fail(self, index: int, reason: str) -> None:
        """Take the result of a formula away, since it is not known any more."""
        formula = self._formulas[index]
        self._close(index)
        if index in self._chosen:
            self._found.writes += self._writes(index, None)
            self._found.failures.append(NotRefreshed(formula, reason))
        self._cells.lose(formula, "它引用的公式没有算出来")

    def _writes(self, index: int, values: Results | None) -> Iterator[CacheWrite]:
        """Writes for the cells of a formula whose result is another than before."""
        formula = self._formulas[index]
        if index not in self._chosen:
            return
        for row, column in self._filled(formula) if values is None else _cells(formula):
            cell = None if values is None else values[row - formula.row][column - formula.column]
            if not same(cell, self._cached((formula.sheet, row, column))):
                yield CacheWrite(formula.sheet, row, column, cell)

    def _filled(self, formula: FormulaCell) -> list[tuple[int, int]]:
        """The cells of a formula that hold something. (An array formula can be given a million.)"""
        rows = self._book.rows(formula.sheet)
        _, top, left, bottom, right = formula.area
        held = (n for n in (range(top, bottom + 1) if bottom - top < len(rows) else rows) if n in rows)
        return [
            (n, column) for n in held if top <= n <= bottom for column in rows[n] if left <= column <= right
        ]


def _cells(formula: FormulaCell) -> Iterator[tuple[int, int]]:
    """The cells of a formula by row and column."""
    _, top, left, bottom, right = formula.area
    return product(range(top, bottom + 1), range(left, right + 1))


def _tree(book: Book, formula: FormulaCell) -> Node | str:
    """A formula's tree, or why there is none."""
    try:
        return book.resolve(formula)
    except Unparsed:
        return "引用了别的文件，或者用了读不懂的写法"
