"""Tables with ruling lines: from lines and characters to rows of cells."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xlbudget.readers.pdf_lines import cell_text, tokens
from xlbudget.readers.pdf_page import Char, Rule

_NEAR = 3.0
"""Points by which lines may miss each other."""
_MOST_RULES = 1_000
_MOST_CELLS = 20_000
_FILLED = 0.3
_CROSSING = 0.12


@dataclass(slots=True)
class RuledTable:
    """A table on a page: where it begins and ends, its vertical lines, its cells."""

    top: float
    bottom: float
    columns: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(
    chars: Sequence[Char], across: Iterable[Rule], down: Iterable[Rule]
) -> tuple[list[RuledTable], list[Char]]:
    """The tables of a page, and the characters outside of them."""
    tables: list[RuledTable] = []
    rest = list(chars)
    for rows, columns in _frames(_joined(across), _joined(down)):
        grid = _Grid(rows, columns)
        inside, outside = grid.part(rest)
        if grid.is_table(inside):
            tables.append(grid.table(inside))
            rest = outside
    return sorted(tables, key=lambda table: table.top), rest


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Lines that are pieces of one line, or drawn side by side, made one."""
    found: list[list[Rule]] = []
    for rule in sorted(rules):
        if found and rule.at - found[-1][-1].at <= 1.5 and rule.at - found[-1][0].at <= _NEAR:
            found[-1].append(rule)
        else:
            found.append([rule])
    joined = []
    for group in found:
        at = sum(rule.at for rule in group) / len(group)
        start = end = None
        for rule in sorted(group, key=lambda one: one.start):
            if start is None or end is None or rule.start > end + _NEAR:
                if start is not None and end is not None:
                    joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            else:
                end = max(end, rule.end)
        if start is not None and end is not None:
            joined.append(Rule(at, start, end))
    return joined


def _frames(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Lines that hang together: horizontal and vertical ones that meet."""
    if len(across) + len(down) > _MOST_RULES:
        return
    parents = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for one, row in enumerate(across):
        for two, column in enumerate(down, len(across)):
            meets_row = row.start - _NEAR <= column.at <= row.end + _NEAR
            if meets_row and column.start - _NEAR <= row.at <= column.end + _NEAR:
                parents[root(one)] = root(two)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for index, rule in enumerate([*across, *down]):
        groups[root(index)][index >= len(across)].append(rule)
    alone: list[tuple[list[Rule], list[Rule]]] = []
    for rows, columns in groups.values():
        if len(rows) >= 2 and columns:
            yield rows, columns
        else:
            alone.append((rows, columns))
    yield from _without_ends(alone)


def _without_ends(groups: Iterable[tuple[list[Rule], list[Rule]]]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Three or more columns side by side without a line above and below: a row that fills a page."""
    by_ends: dict[tuple[int, int], tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for rows, columns in groups:
        for column in columns:
            found = by_ends[round(column.start / _NEAR), round(column.end / _NEAR)]
            found[0].extend(row for row in rows if row not in found[0])
            found[1].append(column)
    for rows, columns in by_ends.values():
        if len(columns) >= 3:
            left, right = min(one.at for one in columns), max(one.at for one in columns)
            ends = [Rule(at, left, right) for at in (columns[0].start, columns[0].end)]
            yield [*rows, *ends], columns


def _distinct(places: Iterable[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


class _Grid:
    """Places of lines, and which of the cells between them belong together because no line parts them."""

    def __init__(self, across: list[Rule], down: list[Rule]) -> None:
        sides = [min(rule.start for rule in across), max(rule.end for rule in across)]
        ends = [min(rule.start for rule in down), max(rule.end for rule in down)]
        self.xs = _distinct([*(rule.at for rule in down), *sides])
        self.ys = _distinct([*(rule.at for rule in across), *ends])
        self.down = down
        self.height, self.width = len(self.ys) - 1, len(self.xs) - 1
        self._parents = (
            list(range(self.height * self.width)) if self.height * self.width <= _MOST_CELLS else []
        )
        if self._parents:
            self._merge(across, down)

    def _root(self, cell: int) -> int:
        while self._parents[cell] != cell:
            self._parents[cell] = self._parents[self._parents[cell]]
            cell = self._parents[cell]
        return cell

    def _merge(self, across: list[Rule], down: list[Rule]) -> None:
        middles_x = [(a + b) / 2 for a, b in pairwise(self.xs)]
        middles_y = [(a + b) / 2 for a, b in pairwise(self.ys)]
        right = {(row, column) for row, y in enumerate(middles_y) for column in self._edges(self.xs, down, y)}
        below = {
            (row, column) for column, x in enumerate(middles_x) for row in self._edges(self.ys, across, x)
        }
        for row in range(self.height):
            for column in range(self.width):
                cell = row * self.width + column
                if column + 1 < self.width and (row, column + 1) not in right:
                    self._unite(cell, cell + 1)
                if row + 1 < self.height and (row + 1, column) not in below:
                    self._unite(cell, cell + self.width)

    @staticmethod
    def _edges(places: list[float], rules: list[Rule], at: float) -> Iterator[int]:
        """The numbers of the places where a line is drawn at this height (or at this distance from the left)."""
        for rule in rules:
            if rule.start - _NEAR <= at <= rule.end + _NEAR:
                yield min(range(len(places)), key=lambda index: abs(places[index] - rule.at))

    def _unite(self, one: int, two: int) -> None:
        first, second = sorted((self._root(one), self._root(two)))
        self._parents[second] = first

    def _cell(self, char: Char) -> int | None:
        x, y = (char.left + char.right) / 2, char.base - 0.3 * char.height
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        inside = 0 <= row < self.height and 0 <= column < self.width
        return self._root(row * self.width + column) if inside else None

    def part(self, chars: Sequence[Char]) -> tuple[dict[int, list[Char]], list[Char]]:
        """Characters by the first cell of their region, and those outside; a number wider than its cell stays whole."""
        inside: dict[int, list[Char]] = defaultdict(list)
        outside: list[Char] = []
        for token in tokens(chars) if self._parents else ():
            cells = [self._cell(char) for char in token]
            cell = max(set(cells), key=cells.count)
            (outside if cell is None else inside[cell]).extend(token)
        return inside, outside

    def is_table(self, inside: dict[int, list[Char]]) -> bool:
        """Whether this is no drawing and no frame: several cells, some filled, and no line through the text."""
        regions = len({self._root(cell) for cell in range(len(self._parents))})
        if regions < 2 or not inside or len(inside) < _FILLED * regions:
            return False
        chars = [char for cell in inside.values() for char in cell]
        crossed = sum(any(_crosses(rule, char) for rule in self.down) for char in chars)
        return crossed <= _CROSSING * len(chars)

    def table(self, inside: dict[int, list[Char]]) -> RuledTable:
        rights: dict[int, int] = {}
        for cell in range(len(self._parents)):
            root = self._root(cell)
            rights[root] = max(rights.get(root, 0), cell % self.width + 1)
        texts = {
            cell: cell_text(chars, self.xs[rights[cell]] - self.xs[cell % self.width])
            for cell, chars in inside.items()
        }
        rows = tuple(
            tuple(texts.get(row * self.width + column, "") for column in range(self.width))
            for row in range(self.height)
        )
        return RuledTable(self.ys[0], self.ys[-1], tuple(self.xs), rows)


def _crosses(rule: Rule, char: Char) -> bool:
    inset = 0.25 * (char.right - char.left)
    return (
        char.left + inset < rule.at < char.right - inset
        and rule.start < char.base - 0.3 * char.height < rule.end
    )
