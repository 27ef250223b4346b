"""Formulas that call our functions or depend on what changed get the results that they have now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from xlbudget.addin.blocks import Session
from xlbudget.addin.functions import FUNCTIONS
from xlbudget.formulas import library
from xlbudget.formulas.book import Area, Book, CacheWrite, FormulaCell, Place, calls_of
from xlbudget.formulas.cells import Cells
from xlbudget.formulas.depend import Waiting, Watchers, affected, levels
from xlbudget.formulas.evaluate import At, Results, results
from xlbudget.formulas.sight import Sight, sight_of, targets
from xlbudget.formulas.tree import Node, Unparsed
from xlbudget.formulas.values import NotEvaluable, same
from xlbudget.sheets.formula import calls
from xlbudget.sheets.table import Cell

assert library.MODULES  # functions are known once their modules are imported

CIRCLE = "公式循环引用"
MOST_WRITTEN = 1_500_000
"""Characters of all formulas together that are read."""


@dataclass(frozen=True, slots=True)
class NotRefreshed:
    """A formula whose result is not known any more, and why."""

    formula: FormulaCell
    reason: str


@dataclass(slots=True)
class Refreshed:
    """The results that changed, and the formulas whose results are not known."""

    book: Book
    writes: list[CacheWrite] = field(default_factory=list)
    failures: list[NotRefreshed] = field(default_factory=list)


def refresh(
    book: Book, changed: Iterable[Area], session: Session, earlier: Refreshed | None = None
) -> Refreshed:
    """The results that change in a workbook that was written to.

    `earlier` is what became of the same file with the same cells changed: it holds where no sheet that formulas look
    at was written to otherwise.
    """
    if earlier is not None and earlier.book.same_as(book):
        return earlier
    areas = list(changed)
    formulas = _within_reach(book, {area.sheet for area in areas})
    if not formulas:
        return Refreshed(book)
    refreshing = _Refresh(book, formulas, areas, session)
    found = refreshing.run()
    refreshing.restore()
    return found


_OUTWARD = re.compile(rf"[!\[#]|INDIRECT|{'|'.join(FUNCTIONS)}", re.IGNORECASE)
"""What a formula has that looks at other sheets, or calls a function of ours."""


def _within_reach(book: Book, changed: set[str]) -> tuple[FormulaCell, ...]:
    """The formulas that may have to be looked at: those of a sheet that knows nothing but itself stay as they are."""
    names = {name for _, name in book.names} | book.tables.keys()
    reached = changed | {
        one.sheet
        for one in book.formulas
        if _OUTWARD.search(one.text)
        or (names and not names.isdisjoint(re.findall(r"[^\W\d][\w.]*", one.text.upper())))
    }
    without = {
        one.sheet for one in book.formulas if one.sheet not in reached and _cached(book, one.place) is None
    }
    return tuple(one for one in book.formulas if one.sheet in reached | without)


def _cached(book: Book, place: Place) -> Cell | None:
    """The result that the file holds for a formula."""
    sheet, row, column = place
    cell = book.rows(sheet).get(row, {}).get(column)
    return None if cell is None or cell.kind == "uncached" else cell


class _Wait(Exception):  # noqa: N818  (not an error: other formulas come first)
    """A computed reference means cells of formulas that are not computed yet."""

    def __init__(self, needed: Sequence[int]) -> None:
        super().__init__(needed)
        self.needed = needed


class _Refresh:
    def __init__(
        self, book: Book, formulas: Sequence[FormulaCell], changed: Sequence[Area], session: Session
    ) -> None:
        self._book, self._session = book, session
        self._cells = Cells(book)
        self._cells.ready = self._ready
        self._formulas = formulas
        self._own = [one.area for one in formulas]
        self._trees = _trees(book, formulas)
        self._sights = [self._sight(index) for index in range(len(self._formulas))]
        self._changed, self._written = changed, Watchers([changed])
        self._without: set[int] = set()
        """Formulas without a result in the file; where others look at them they are computed, and not told of."""
        self._open, self._settled = Waiting(self._own), set[int]()
        """Formulas that are still to be looked at, and those that were."""
        self._chosen: set[int] = set()
        """Formulas that get new results, since something that they look at is new."""
        self._circle: set[int] = set()
        self._found = Refreshed(book)
        self.restore = self._cells.restore

    @cached_property
    def _owners(self) -> Watchers:
        """The formulas by the cells that they fill."""
        return Watchers([[area] for area in self._own])

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
        self._without = {n for n in every if _cached(self._book, self._formulas[n].place) is None}
        wanted = self._chosen | possible
        wanted |= self._helpers(wanted)
        self._open.add(wanted)
        before = Watchers([one.needs if n in wanted else () for n, one in enumerate(self._sights)])
        ordered, self._circle = levels(before, self._own, wanted)
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

    # -- one after the other ---------------------------------------------------------------------------

    def _ready(self, area: Area) -> None:
        """Let formulas whose cells a computed reference means come first."""
        if self._without:
            owners = set(self._owners.of(area))
            self._open.add(n for n in (owners & self._without) - self._settled if n not in self._open)
        needed = sorted(self._open.within(area))
        if needed:
            raise _Wait(needed)

    def _close(self, index: int) -> None:
        self._open.remove(index)
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
        needed = {n for area in areas for n in self._open.within(area)} - waiting
        if needed:
            raise _Wait(sorted(needed))
        owners = {n for area in areas for n in self._owners.of(area)}
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
            if not same(cell, _cached(self._book, (formula.sheet, row, column))):
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


def _trees(book: Book, formulas: Sequence[FormulaCell]) -> list[Node | str]:
    """The tree of each formula, or why there is none."""
    found: list[Node | str] = []
    length = 0
    for formula in formulas:
        length += len(formula.text)
        try:
            found.append(book.resolve(formula) if length < MOST_WRITTEN else "这个工作簿的公式太多")
        except Unparsed:
            found.append("引用了别的文件，或者用了读不懂的写法")
    return found
