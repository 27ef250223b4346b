"""Names that differ by a character or two, compared with Levenshtein's distance."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from xlbudget.domain.names import COUNTERS, Likely, alike_pairs, names_alike, within_edits

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


SPELLED = st.one_of(
    st.text("聘请经费一3第季度小学", max_size=9),
    st.lists(
        st.sampled_from(["宣传", "工作", "经费", "第", "3", "季度", "小学", "中学", "县"]), max_size=6
    ).map("".join),
)


@given(st.lists(SPELLED, max_size=12))
def test_alike_names_are_found_as_by_comparing_all(names: list[str]) -> None:
    """Those that differ in counting words only are not told apart by them: they are meant."""
    wanted = [
        (at, later)
        for (at, a), (later, b) in combinations(enumerate(names), 2)
        if COUNTERS.sub("", a) != COUNTERS.sub("", b) and names_alike(a, b)
    ]
    assert list(alike_pairs(names)) == wanted


def test_of_thousands_of_names_few_are_compared() -> None:
    names = [
        f"{one}{other}镇卫生院{n}号设备购置"
        for n, one in enumerate("甲乙丙丁戊己庚辛")
        for other in "子丑寅卯"
    ]
    likely = Likely([*names, *(f"第{n}号项目经费" for n in range(3000))])
    assert sum(1 for _ in likely.alike("第1500号项目经费")) == 1
    assert {at // 4 for at in likely.alike(names[5])} == {1}


def test_a_limit_of_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{sign}类公共服务保障经费" for sign in "文体广电旅游教育"]
    assert len(list(alike_pairs(names))) == 28
    monkeypatch.setattr("xlbudget.domain.names.MOST_COMPARED", 10)
    assert len(list(alike_pairs(names))) == 10
