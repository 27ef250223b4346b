"""The cells of a workbook as formulas read them: by column, so that a range is a few slices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, zip_longest
from typing import Any, TypeVar, cast

from xlbudget.addin.blocks import Block, block
from xlbudget.formulas.arrays import MOST_VALUES, TOO_LARGE, Array, Range, Work
from xlbudget.formulas.book import Area, Book, FormulaCell, Hidden, Place, Rows
from xlbudget.formulas.depend import Watchers, meet
from xlbudget.formulas.tree import Unparsed, parse
from xlbudget.formulas.typed import looks_like_a_date
from xlbudget.formulas.values import NotEvaluable, Scalar, Unknown, from_cell
from xlbudget.sheets.table import Cell

MOST_HELD = 5_000_000
"""Cells of columns, the blank ones above others counted, that are held at a time."""
_FEW = 1000
"""Cells of an array formula that are marked one by one."""
Column = list[Scalar]
T = TypeVar("T")


_SUBTOTAL = re.compile(r"(?<![\w.])(?:SUBTOTAL|AGGREGATE)\s*\(", re.IGNORECASE)


def _is_subtotal(formula: str) -> bool:
    """Whether a formula is a subtotal and nothing more."""
    try:
        return parse(formula).function in ("SUBTOTAL", "AGGREGATE")
    except Unparsed:
        return False


class _Sheet:
    """The columns of a sheet that were read so far."""

    def __init__(self, rows: Rows) -> None:
        self.filled = {column for cells in rows.values() for column in cells}
        self.columns: dict[int, Column] = {}
        self.unknown: dict[int, dict[int, Unknown]] = {}
        """Column → row → why the value is not known."""


class Cells:
    """One state of a workbook."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._sheets: dict[str, _Sheet] = {}
        self._kept: dict[Area, dict[str, Any]] = {}
        """What was made of an area, until one of its cells changes."""
        self._areas: list[Area] = []
        """Areas of which something was kept, by their number among the watchers."""
        self._watchers = Watchers()
        self._subtotals: dict[tuple[str, int], dict[int, bool]] | None = None
        self._hidden: dict[str, Hidden] = {}
        self.work = Work()
        self._held = 0
        self._replaced: dict[Place, Cell | None] = {}
        self._lost: list[tuple[Area, str]] = []
        """Areas of large array formulas whose results are not known, and why."""
        self.ready: Callable[[Area], None] = lambda _: None
        """Called before computed references are read, so that other formulas can be computed first."""

    def _sheet(self, name: str) -> _Sheet:
        if name not in self._sheets:
            if name not in self.book.sheets:
                raise NotEvaluable(f"引用了没有的工作表“{name}”")
            self._sheets[name] = _Sheet(self.book.rows(name))
        return self._sheets[name]

    def _column(self, name: str, number: int) -> Column:
        """A column down to its last filled cell."""
        sheet = self._sheet(name)
        if number not in sheet.columns:
            found = {row: cells[number] for row, cells in self.book.rows(name).items() if number in cells}
            self._held += max(found, default=0)
            if self._held > MOST_HELD:
                raise NotEvaluable("引用的单元格太多")
            sheet.columns[number] = [None] * max(found, default=0)
            sheet.unknown[number] = {}
            for row, cell in found.items():
                self._set(sheet, row, number, self._value(cell))
        return sheet.columns[number]

    def _value(self, cell: Cell) -> Scalar | Unknown:
        value = from_cell(cell)
        if self.book.date1904 and isinstance(value, str) and looks_like_a_date(value):
            return Unknown("文字写的日期在从 1904 年算起的工作簿里，各种软件读法不一样")
        return value

    def _set(self, sheet: _Sheet, row: int, column: int, value: Scalar | Unknown) -> None:
        line, unknown = sheet.columns[column], sheet.unknown[column]
        if len(line) < row:
            line.extend([None] * (row - len(line)))
        unknown.pop(row, None)
        if isinstance(value, Unknown):
            unknown[row], value = value, None
        line[row - 1] = value

    # -- reading ---------------------------------------------------------------------------------------

    def _check(self, given: Range) -> None:
        """Let formulas come first whose cells a range means. Raises NotEvaluable where a large one failed."""
        if given.found:
            self.ready(given.area)
        for area, reason in self._lost:
            if meet(area, given.area):
                raise NotEvaluable(reason)

    def _lines(self, given: Range) -> dict[int, Column]:
        """The filled part of each filled column of a range. Raises NotEvaluable where a value is not known."""
        self._check(given)
        name, top, left, bottom, right = given.area
        sheet = self._sheet(name)
        numbers = range(left, right + 1) if right - left < len(sheet.filled) else sorted(sheet.filled)
        lines = {}
        for number in numbers:
            if left <= number <= right and number in sheet.filled:
                lines[number] = found = self._column(name, number)[top - 1 : bottom]
                self.work.spend(len(found) + 1)
                for row, unknown in sheet.unknown[number].items():
                    if top <= row <= bottom:
                        raise NotEvaluable(unknown.reason)
        return lines

    def scalar(self, given: Range) -> Scalar:
        """What stands in a single cell."""
        self._check(given)
        name, row, column, *_ = given.area
        line = self._column(name, column)
        if row > len(line):
            return None
        if row in self._sheets[name].unknown[column]:
            raise NotEvaluable(self._sheets[name].unknown[column][row].reason)
        return line[row - 1]

    def values(self, given: Range) -> Iterable[Scalar]:
        """The values of a range row by row; blank cells may be left out."""
        lines = list(self._lines(given).values())
        if len(lines) < 2:
            return lines[0] if lines else ()
        return chain.from_iterable(zip_longest(*lines))

    def array(self, given: Range) -> Array:
        """A range as an array. Raises NotEvaluable for one that is too large."""
        lines, width = self._lines(given), given.width
        height = max(map(len, lines.values()), default=0)
        if height > MOST_VALUES:
            raise NotEvaluable(TOO_LARGE)
        rest = [None] if height < given.height else ()
        if width == 1:
            return Array(next(iter(lines.values()), []), given.height, 1, rest)
        self.work.make(max(height, 1) * width)
        values: list[Scalar] = [None] * (height * width)
        for number, line in lines.items():
            values[number - given.area.left : len(line) * width : width] = line
        return Array(values, given.height, width, [*rest] * width)

    def kept(self, what: str, area: Area, make: Callable[[], T]) -> T:
        """What was made of an area before, as long as no cell of it has changed."""
        if area not in self._kept:
            self._kept[area] = {}
            self._watchers.add(area, len(self._areas))
            self._areas.append(area)
        found = self._kept[area]
        if what not in found:
            found[what] = make()
        return cast(T, found[what])

    def block(self, given: Range) -> Block:
        """The cells of a range with their formats, for functions of ours; the same one as long as none changes."""
        book, area = self.book, self.book.used(given.area)
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > MOST_VALUES:
            raise NotEvaluable("引用的单元格太多")
        self._lines(Range(area, given.found))
        return self.kept("block", given.area, lambda: block(book.dated(book.cells(area))))

    def subtotals(self, area: Area) -> Iterator[tuple[int, int, bool]]:
        """Cells (row, column) of an area whose formula is a subtotal (True), or computes with one (False)."""
        if self._subtotals is None:
            self._subtotals = {}
            for one in self.book.formulas:
                if _SUBTOTAL.search(one.text):
                    rows = self._subtotals.setdefault((one.sheet, one.column), {})
                    rows[one.row] = _is_subtotal(one.text)
        for (sheet, column), rows in self._subtotals.items():
            if sheet == area.sheet and area.left <= column <= area.right:
                self.work.spend(len(rows))
                yield from (
                    (row, column, alone) for row, alone in rows.items() if area.top <= row <= area.bottom
                )

    def hidden(self, sheet: str) -> Hidden:
        """The rows of a sheet that are not seen."""
        if sheet not in self._hidden:
            self._hidden[sheet] = self.book.hidden(sheet)
        return self._hidden[sheet]

    # -- writing ---------------------------------------------------------------------------------------

    def put(self, formula: FormulaCell, cells: tuple[tuple[Cell, ...], ...]) -> None:
        """Let other formulas see the results of one."""
        for row, line in enumerate(cells, formula.row):
            for column, cell in enumerate(line, formula.column):
                self._show(formula.sheet, row, column, cell)
        self._changed(formula.area)

    def lose(self, formula: FormulaCell, reason: str) -> None:
        """Let nobody see the old results of a formula."""
        if formula.height * formula.width > _FEW:
            self._lost.append((formula.area, reason))
            return
        nothing = Cell("uncached", reason)
        self.put(formula, ((nothing,) * formula.width,) * formula.height)

    def _show(self, name: str, row: int, column: int, cell: Cell) -> None:
        held = self.book.rows(name).setdefault(row, {})
        old = held.get(column)
        self._replaced.setdefault((name, row, column), old)
        held[column] = cell._replace(format=old.format) if old else cell
        if name in self._sheets:
            sheet = self._sheets[name]
            sheet.filled.add(column)
            if column in sheet.columns:
                self._set(sheet, row, column, self._value(cell))

    def restore(self) -> None:
        """Put the cells back that were there before formulas got new results."""
        for (name, row, column), cell in self._replaced.items():
            held = self.book.rows(name)
            if cell is not None:
                held[row][column] = cell
            else:
                del held[row][column]
                if not held[row]:
                    del held[row]

    def _changed(self, area: Area) -> None:
        for number in set(self._watchers.of(area)):
            self._kept.get(self._areas[number], {}).clear()
