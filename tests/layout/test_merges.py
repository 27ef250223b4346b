"""Merges are areas: what they hide is asked for, never listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.reading.table import Merges

Area = tuple[int, int, int, int]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ((5, 2), None),
        ((5, 3), (5, 2)),
        ((6, 2), (5, 2)),
        ((7, 3), (5, 2)),
        ((8, 2), None),
        ((4, 2), None),
        ((6, 1), None),
        ((6, 4), None),
        ((9, 2), None),
        ((10, 2), (9, 2)),
    ],
)
def test_the_first_cell_shows_for_all_of_its_area(
    place: tuple[int, int], shown: tuple[int, int] | None
) -> None:
    assert Merges(((9, 2, 10, 2), (5, 2, 7, 3))).shown(*place) == shown


@given(st.lists(st.tuples(*[st.integers(1, 9)] * 4), max_size=6))
def test_every_cell_of_areas_that_do_not_overlap(drawn: list[Area]) -> None:
    areas: list[Area] = []
    hidden: dict[tuple[int, int], tuple[int, int]] = {}
    for a, b, c, d in drawn:
        top, left, bottom, right = min(a, c), min(b, d), max(a, c), max(b, d)
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if cells.isdisjoint(hidden):
            areas.append((top, left, bottom, right))
            hidden |= dict.fromkeys(cells, (top, left))
    merges = Merges(tuple(areas))
    places = [(row, column) for row in range(11) for column in range(11)]
    wanted = {place: hidden[place] for place in places if place in hidden and hidden[place] != place}
    assert {place: to for place in places if (to := merges.shown(*place))} == wanted


def test_millions_of_cells_are_one_area() -> None:
    merges = Merges(((2, 1, 1_048_576, 16_384), (1, 1, 1, 2)))
    assert (merges.shown(1_048_576, 16_384), merges.shown(1, 3)) == ((2, 1), None)
