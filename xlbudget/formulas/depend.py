"""Which formulas depend on cells that changed, in an order in which they can be computed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter

from xlbudget.formulas.book import Area

_NARROW = 4
"""Areas of so few columns are looked up by column."""


def _blocks(top: int, bottom: int) -> Iterator[tuple[int, int]]:
    """The fewest blocks of 1, 2, 4, 8… rows, each at a multiple of its size, that rows are made of: level and number."""
    level, end = 0, bottom + 1
    while top < end:
        if top & 1:
            yield level, top
            top += 1
        if end & 1:
            end -= 1
            yield level, end
        level, top, end = level + 1, top >> 1, end >> 1


class _Lines:
    """Areas of a sheet by the blocks of rows that they are made of."""

    def __init__(self) -> None:
        self._blocks: dict[int, dict[int, dict[Area, None]]] = defaultdict(lambda: defaultdict(dict))
        self._sorted: list[Area] = []
        """From above to below."""

    def add(self, area: Area) -> None:
        insort(self._sorted, area)
        for level, block in _blocks(area.top, area.bottom):
            self._blocks[level][block][area] = None

    def remove(self, area: Area) -> None:
        del self._sorted[bisect_left(self._sorted, area)]
        for level, block in _blocks(area.top, area.bottom):
            del self._blocks[level][block][area]

    def meeting(self, top: int, bottom: int, *, forget: bool = False) -> Iterator[Area]:
        """The areas that have a row in common with others: those that hold the first, and those that begin below it."""
        for level, blocks in self._blocks.items():
            yield from blocks.pop(top >> level, ()) if forget else blocks.get(top >> level, ())
        if bottom > top:
            below = slice(*(bisect_right(self._sorted, row, key=_top) for row in (top, bottom)))
            found = self._sorted[below]
            if forget:
                del self._sorted[below]
            yield from found


_top = attrgetter("top")


class Watchers:
    """Formulas by the cells that they look at."""

    def __init__(self, looked_at: Iterable[Iterable[Area]] = ()) -> None:
        self._columns: dict[str, dict[int, _Lines]] = defaultdict(lambda: defaultdict(_Lines))
        """Sheet → column → areas; those of many columns under 0."""
        self._indices: dict[Area, list[int]] = {}
        for index, areas in enumerate(looked_at):
            for area in areas:
                self.add(area, index)

    def add(self, area: Area, index: int) -> None:
        """Let a formula look at one more area."""
        if area in self._indices:
            self._indices[area].append(index)
            return
        self._indices[area] = [index]
        for lines in self._lines(area):
            lines.add(area)

    def remove(self, area: Area, index: int) -> None:
        """Let a formula look at an area no more."""
        self._indices[area].remove(index)
        if not self._indices[area]:
            del self._indices[area]
            for lines in self._lines(area):
                lines.remove(area)

    def _lines(self, area: Area) -> list[_Lines]:
        columns = range(area.left, area.right + 1) if area.right - area.left < _NARROW else [0]
        return [self._columns[area.sheet][column] for column in columns]

    def of(self, changed: Area) -> Iterator[int]:
        """The formulas that look at any cell of an area; some more than once."""
        for area in self._meeting(changed):
            yield from self._indices.get(area, ())

    def taken(self, changed: Area) -> Iterator[int]:
        """The same, which then look at the areas that have such a cell no more."""
        for area in self._meeting(changed, forget=True):
            yield from self._indices.pop(area, ())

    def _meeting(self, changed: Area, *, forget: bool = False) -> Iterator[Area]:
        columns = self._columns.get(changed.sheet, {})
        for area in columns[0].meeting(changed.top, changed.bottom) if 0 in columns else ():
            if meet(area, changed):
                yield area
        for column in numbers_within(columns, changed.left, changed.right):
            yield from columns[column].meeting(changed.top, changed.bottom, forget=forget)


def numbers_within(known: Collection[int], first: int, last: int) -> list[int]:
    """The known numbers from one to another, whichever is quicker to find out."""
    if last - first < len(known):
        return [number for number in range(first, last + 1) if number in known]
    return [number for number in known if first <= number <= last]


def meet(one: Area, other: Area) -> bool:
    """Whether two areas have a cell in common."""
    return (
        one.sheet == other.sheet
        and one.top <= other.bottom
        and one.bottom >= other.top
        and one.left <= other.right
        and one.right >= other.left
    )


def affected(
    watchers: Watchers, own: Sequence[Area], changed: Iterable[Area], always: Iterable[int]
) -> set[int]:
    """Formulas that depend on changed cells, directly or through others, with those that always count.

    `own` is where each formula's result stands. What the watchers look at is used up.
    """
    found: set[int] = set()
    waiting = [*always, *(index for area in changed for index in watchers.taken(area))]
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting.extend(watchers.taken(own[index]))
    return found


class Waiting:
    """Formulas that are still to come, by where their results stand."""

    def __init__(self, own: Sequence[Area]) -> None:
        self._own = own
        self._rows: dict[tuple[str, int], list[int]] = defaultdict(list)
        """Sheet and column → the rows of formulas that fill one cell, from above to below."""
        self._at: dict[tuple[str, int, int], int] = {}
        self._large = Watchers()
        self._all: set[int] = set()

    def __contains__(self, index: int) -> bool:
        return index in self._all

    def add(self, indices: Iterable[int]) -> None:
        """Let formulas wait."""
        for index in indices:
            if index in self._all:
                continue
            area = self._own[index]
            self._all.add(index)
            single = area.top == area.bottom and area.left == area.right
            if single and (area.sheet, area.left, area.top) not in self._at:
                self._at[area.sheet, area.left, area.top] = index
                insort(self._rows[area.sheet, area.left], area.top)
            else:
                self._large.add(area, index)

    def remove(self, index: int) -> None:
        """Let a formula wait no more."""
        if index not in self._all:
            return
        self._all.discard(index)
        area = self._own[index]
        place = area.sheet, area.left, area.top
        if self._at.get(place) != index:
            self._large.remove(area, index)
            return
        rows = self._rows[area.sheet, area.left]
        del rows[bisect_left(rows, area.top)], self._at[place]

    def within(self, area: Area) -> Iterator[int]:
        """The formulas that have cells in an area."""
        yield from self._large.of(area)
        columns = (
            [(area.sheet, number) for number in range(area.left, area.right + 1)]
            if area.right - area.left < len(self._rows)
            else [one for one in self._rows if one[0] == area.sheet and area.left <= one[1] <= area.right]
        )
        for column in columns:
            rows = self._rows.get(column, [])
            for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
                yield self._at[*column, row]


def in_order(
    looked_at: Sequence[Iterable[Area]], own: Sequence[Area], chosen: Iterable[int]
) -> tuple[list[int], set[int]]:
    """The chosen formulas so that each comes after those it looks at, and those that turn in a circle or look at one."""
    ordered: list[int] = []
    ahead, begun = Waiting(own), Waiting(own)
    ahead.add(chosen)
    path: list[tuple[int, list[Area]]] = []

    def begin(index: int) -> None:
        ahead.remove(index)
        begun.add([index])
        path.append((index, [*looked_at[index]]))

    for first in sorted(chosen):
        if first in ahead:
            begin(first)
        while path:
            index, left = path[-1]
            needed = next(ahead.within(left[-1]), None) if left else None
            if needed is not None:
                begin(needed)
            elif left:
                left.pop()
            else:
                path.pop()
                if not any(True for area in looked_at[index] for _ in begun.within(area)):
                    begun.remove(index)
                    ordered.append(index)
    return ordered, {index for index in chosen if index in begun}
