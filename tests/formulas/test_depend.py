"""Who depends on what: the same as a naive look at every pair of formulas."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.formulas.book import Area
from xlbudget.formulas.depend import Waiting, Watchers, affected, in_order, meet

CELLS = st.builds(
    lambda sheet, top, left, height, width: Area(sheet, top, left, top + height, left + width),
    st.sampled_from("甲乙"),
    st.integers(1, 12),
    st.integers(1, 4),
    st.sampled_from([0, 0, 0, 1, 3, 9, 2000]),
    st.sampled_from([0, 0, 1, 2]),
)
GRAPHS = st.lists(st.tuples(CELLS, st.lists(CELLS, max_size=3)), max_size=14)


def overlap(one: Area, other: Area) -> bool:
    """Cell by cell, as far as rows and columns are concerned."""
    rows = range(max(one.top, other.top), min(one.bottom, other.bottom) + 1)
    columns = range(max(one.left, other.left), min(one.right, other.right) + 1)
    return one.sheet == other.sheet and bool(rows) and bool(columns)


def naive(graph: list[tuple[Area, list[Area]]], changed: list[Area], always: set[int]) -> set[int]:
    found = set(always)
    while True:
        areas = changed + [graph[index][0] for index in found]
        more = {
            index
            for index, (_, looked_at) in enumerate(graph)
            if any(overlap(one, area) for one in looked_at for area in areas)
        }
        if more <= found:
            return found
        found |= more


@settings(max_examples=300)
@given(GRAPHS, st.lists(CELLS, max_size=2), st.sets(st.integers(0, 13), max_size=2))
def test_affected_formulas_are_those_that_a_naive_search_finds(
    graph: list[tuple[Area, list[Area]]], changed: list[Area], always: set[int]
) -> None:
    always = {index for index in always if index < len(graph)}
    watchers = Watchers([looked_at for _, looked_at in graph])
    own = [one for one, _ in graph]
    assert affected(watchers, own, changed, always) == naive(graph, changed, always)


@settings(max_examples=300)
@given(GRAPHS, st.data())
def test_each_comes_after_those_it_looks_at(
    graph: list[tuple[Area, list[Area]]], data: st.DataObject
) -> None:
    chosen = set(data.draw(st.sets(st.integers(0, max(len(graph) - 1, 0))))) if graph else set()
    own = [one for one, _ in graph]
    ordered, circle = in_order([looked_at for _, looked_at in graph], own, chosen)
    place = {index: number for number, index in enumerate(ordered)}
    assert sorted([*ordered, *circle]) == sorted(chosen)
    looks = {
        index: {other for other in chosen if any(overlap(one, own[other]) for one in graph[index][1])}
        for index in chosen
    }
    for index, number in place.items():
        assert all(other in place and place[other] < number for other in looks[index])
    for index in circle:  # each of them looks at one of them
        assert looks[index] & circle


@given(CELLS, CELLS)
def test_areas_meet_where_they_overlap(one: Area, other: Area) -> None:
    assert meet(one, other) == meet(other, one) == overlap(one, other)


@settings(max_examples=300)
@given(GRAPHS, CELLS, st.lists(st.integers(0, 13)))
def test_those_that_look_at_an_area_are_found_until_they_are_taken(
    graph: list[tuple[Area, list[Area]]], changed: Area, gone: list[int]
) -> None:
    looked_at = [areas for _, areas in graph]
    watchers = Watchers(looked_at)
    for index in {index for index in gone if index < len(graph)}:
        for area in looked_at[index]:
            watchers.remove(area, index)
        looked_at[index] = []
    wanted = {n for n, areas in enumerate(looked_at) if any(overlap(one, changed) for one in areas)}
    assert set(watchers.of(changed)) == wanted
    assert set(watchers.taken(changed)) == wanted
    assert set(watchers.of(changed)) == set()


def at(row: int, last: int | None = None) -> Area:
    return Area("甲", row, 1, last or row, 1)


def test_a_chain_is_in_order_and_a_circle_is_not() -> None:
    chain = [[at(row)] for row in range(1, 51)]
    own = [at(row) for row in range(2, 52)]
    assert affected(Watchers(chain), own, [at(1)], ()) == set(range(50))
    assert in_order(chain, own, set(range(50))) == ([*range(50)], set())
    assert in_order(chain[::-1], own[::-1], set(range(50))) == ([*reversed(range(50))], set())
    assert in_order([[at(2)], [at(1)], [at(2)]], [at(1), at(2), at(3)], {0, 1, 2}) == ([], {0, 1, 2})


@pytest.mark.parametrize("turn", [1, -1])
def test_formulas_on_all_above_are_put_in_order_without_a_look_at_each_pair(
    turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Mock()
    within = Waiting.within
    monkeypatch.setattr(Waiting, "within", lambda self, area: (asked(), within(self, area))[1])
    number = 1_000
    looked_at = [[at(1, row - 1)] if row > 1 else [] for row in range(1, number + 1)][::turn]
    ordered, circle = in_order(looked_at, [at(row) for row in range(1, number + 1)][::turn], range(number))
    assert (ordered[::turn], circle) == ([*range(number)], set())
    assert asked.call_count <= 5 * number
