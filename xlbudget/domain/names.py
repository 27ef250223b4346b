"""When two names of projects are one name mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

COUNTERS = re.compile(
    r"[0-9０-９一二三四五六七八九十甲乙丙丁上中下东西南北大小新旧前后内外男女老少]|第|期|届|季度|年|月"
)
_LEVELS = re.compile(r"小学|初中|高中|中学|幼儿园|助学金|奖学金|本科|专科|乡|镇|县|市|村|区")


def _without_common_ends(a: str, b: str) -> tuple[str, str]:
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


_ONE_EDIT = ((1, 1), (1, 0), (0, 1))
"""What one edit takes from the ends of two texts: a character swapped, dropped or added."""


def within_edits(a: str, b: str, limit: int) -> bool:
    """Whether at most `limit` (1 or 2) characters dropped, added or swapped make one text the other."""
    left, right = _without_common_ends(a, b)
    if max(len(left), len(right)) <= limit:
        return True
    return (
        limit == 2
        and any(  # the edits are at the first and at the last place where the texts differ
            left[i : len(left) - k] == right[j : len(right) - m] for i, j in _ONE_EDIT for k, m in _ONE_EDIT
        )
    )


def names_alike(a: str, b: str) -> bool:
    """Whether one name looks like the other mistyped: a character or two lost, added or swapped."""
    shorter = min(len(a), len(b))
    if abs(len(a) - len(b)) > 2 or len(set(a) - set(b)) > 2 or len(set(b) - set(a)) > 2:
        return False
    if sorted(a) == sorted(b) and a != b and shorter >= 6:
        left, right = _without_common_ends(a, b)
        return not COUNTERS.search(left)
    if a == b or shorter < 4 or not within_edits(a, b, 1 if shorter < 8 else 2):
        return False
    if _LEVELS.findall(a) != _LEVELS.findall(b):
        return False
    left, right = _without_common_ends(a, b)
    return not (COUNTERS.search(left) or COUNTERS.search(right))


def alike_pairs(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The positions of names that are nearly alike; quick for thousands of names."""
    known = [(COUNTERS.sub("", name), frozenset(name), name) for name in names]
    for (at, (bare, signs, name)), (later, (other, others, second)) in combinations(enumerate(known), 2):
        if bare == other or len(signs - others) > 2 or len(others - signs) > 2:
            continue
        if names_alike(name, second):
            yield at, later
