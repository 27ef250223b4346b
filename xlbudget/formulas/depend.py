"""Which formulas depend on cells that changed, in an order in which they can be computed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlbudget.formulas.book import Area

_SMALL = 8
"""Areas of so few rows are looked up by row."""


class Watchers:
    """Formulas by the cells that they look at."""

    def __init__(self, looked_at: Sequence[Iterable[Area]] = ()) -> None:
        self._by_row: dict[tuple[str, int], list[tuple[Area, int]]] = defaultdict(list)
        self._large: dict[str, dict[Area, list[int]]] = defaultdict(dict)
        for index, areas in enumerate(looked_at):
            for area in areas:
                self.add(area, index)

    def add(self, area: Area, index: int) -> None:
        """Let a formula look at one more area."""
        if area.bottom - area.top < _SMALL:
            for row in range(area.top, area.bottom + 1):
                self._by_row[area.sheet, row].append((area, index))
        else:
            self._large[area.sheet].setdefault(area, []).append(index)

    def of(self, changed: Area) -> Iterator[int]:
        """The formulas that look at any cell of an area."""
        if changed.bottom - changed.top < 1000:
            for row in range(changed.top, changed.bottom + 1):
                for area, index in self._by_row.get((changed.sheet, row), ()):
                    if area.left <= changed.right and area.right >= changed.left:
                        yield index
        else:
            for (sheet, row), found in self._by_row.items():
                if sheet == changed.sheet and changed.top <= row <= changed.bottom:
                    yield from (
                        index
                        for area, index in found
                        if area.left <= changed.right and area.right >= changed.left
                    )
        for area, indices in self._large.get(changed.sheet, {}).items():
            if meet(area, changed):
                yield from indices


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

    `own` is where each formula's result stands.
    """
    found: set[int] = set()
    waiting = [*always, *(index for area in changed for index in watchers.of(area))]
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting.extend(watchers.of(own[index]))
    return found


def levels(watchers: Watchers, own: Sequence[Area], chosen: set[int]) -> tuple[list[list[int]], set[int]]:
    """The chosen formulas so that each comes after those it looks at, and those that turn in a circle."""
    followers: Mapping[int, set[int]] = {index: set(watchers.of(own[index])) & chosen for index in chosen}
    before = dict.fromkeys(chosen, 0)
    for index in chosen:
        for follower in followers[index]:
            before[follower] += 1
    ready = sorted(index for index, count in before.items() if count == 0)
    ordered: list[list[int]] = []
    while ready:
        ordered.append(ready)
        following: list[int] = []
        for index in ready:
            for follower in followers[index]:
                before[follower] -= 1
                if before[follower] == 0:
                    following.append(follower)
        ready = sorted(following)
    return ordered, chosen - {index for level in ordered for index in level}


class Waiting:
    """Formulas that are still to come, by where their results stand."""

    def __init__(self, own: Sequence[Area]) -> None:
        self._own = own
        self._rows: dict[tuple[str, int], list[int]] = defaultdict(list)
        """Sheet and column → the rows of formulas that fill one cell, from above to below."""
        self._at: dict[tuple[str, int, int], int] = {}
        self._large: set[int] = set()
        self._all: set[int] = set()

    def __contains__(self, index: int) -> bool:
        return index in self._all

    def add(self, indices: Iterable[int]) -> None:
        """Let formulas wait."""
        for index in indices:
            area = self._own[index]
            self._all.add(index)
            single = area.top == area.bottom and area.left == area.right
            if single and (area.sheet, area.left, area.top) not in self._at:
                self._at[area.sheet, area.left, area.top] = index
                insort(self._rows[area.sheet, area.left], area.top)
            else:
                self._large.add(index)

    def remove(self, index: int) -> None:
        """Let a formula wait no more."""
        if index not in self._all:
            return
        self._all.discard(index)
        self._large.discard(index)
        area = self._own[index]
        rows = self._rows.get((area.sheet, area.left), [])
        place = bisect_left(rows, area.top)
        if place < len(rows) and self._at.get((area.sheet, area.left, area.top)) == index:
            del rows[place], self._at[area.sheet, area.left, area.top]

    def within(self, area: Area) -> Iterator[int]:
        """The formulas that have cells in an area."""
        yield from (index for index in self._large if meet(self._own[index], area))
        columns = (
            [(area.sheet, number) for number in range(area.left, area.right + 1)]
            if area.right - area.left < len(self._rows)
            else [one for one in self._rows if one[0] == area.sheet and area.left <= one[1] <= area.right]
        )
        for column in columns:
            rows = self._rows.get(column, [])
            for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
                yield self._at[*column, row]
