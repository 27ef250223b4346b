"""Who depends on what: the same as a naive look at every pair of formulas."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.formulas.book import Area
from xlbudget.formulas.depend import Watchers, affected, levels, meet

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


@settings(max_examples=300, deadline=None)
@given(GRAPHS, st.lists(CELLS, max_size=2), st.sets(st.integers(0, 13), max_size=2))
def test_affected_formulas_are_those_that_a_naive_search_finds(
    graph: list[tuple[Area, list[Area]]], changed: list[Area], always: set[int]
) -> None:
    always = {index for index in always if index < len(graph)}
    watchers = Watchers([looked_at for _, looked_at in graph])
    own = [one for one, _ in graph]
    assert affected(watchers, own, changed, always) == naive(graph, changed, always)


@settings(max_examples=300, deadline=None)
@given(GRAPHS, st.data())
def test_each_comes_after_those_it_looks_at(
    graph: list[tuple[Area, list[Area]]], data: st.DataObject
) -> None:
    chosen = set(data.draw(st.sets(st.integers(0, max(len(graph) - 1, 0))))) if graph else set()
    watchers, own = Watchers([looked_at for _, looked_at in graph]), [one for one, _ in graph]
    ordered, circle = levels(watchers, own, chosen)
    place = {index: number for number, level in enumerate(ordered) for index in level}
    assert sorted([*place, *circle]) == sorted(chosen)
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


def test_a_chain_has_as_many_levels_as_formulas_and_a_circle_none() -> None:
    def at(row: int) -> Area:
        return Area("甲", row, 1, row, 1)

    chain = Watchers([[at(row)] for row in range(1, 51)])
    own = [at(row) for row in range(2, 52)]
    assert affected(chain, own, [at(1)], ()) == set(range(50))
    assert levels(chain, own, set(range(50))) == ([[index] for index in range(50)], set())
    assert levels(Watchers([[at(2)], [at(1)], [at(2)]]), [at(1), at(2), at(3)], {0, 1, 2}) == ([], {0, 1, 2})
