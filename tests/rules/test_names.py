"""Names that differ by a character or two, compared with Levenshtein's distance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from xlbudget.domain.names import within_edits

NAMES = st.text("聘请经费一", max_size=9)


@given(NAMES, NAMES, st.sampled_from([1, 2]))
def test_within_edits_is_the_distance(a: str, b: str, limit: int) -> None:
    assert within_edits(a, b, limit) == (Levenshtein.distance(a, b) <= limit)


@given(NAMES, st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "费", "新"])), max_size=2))
def test_so_many_edits_are_within(name: str, edits: list[tuple[int, str]]) -> None:
    other = name
    for place, sign in edits:
        other = other[:place] + sign + other[place + (sign != "新") :]
    assert within_edits(name, other, 2)
