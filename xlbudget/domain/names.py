"""When two names of projects are one name mistyped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

COUNTERS = re.compile(
    r"[0-9０-９一二三四五六七八九十甲乙丙丁上中下东西南北大小新旧前后内外男女老少春夏秋冬]|第|期|届|季度|年|月"
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


_LONG, _MOST_EDITS = 8, 2
"""From so many characters on a name may differ in two."""


def names_alike(a: str, b: str) -> bool:
    """Whether one name looks like the other mistyped: a character or two lost, added or swapped."""
    shorter = min(len(a), len(b))
    if max(abs(len(a) - len(b)), len(set(a) - set(b)), len(set(b) - set(a))) > _MOST_EDITS:
        return False
    if sorted(a) == sorted(b) and a != b and shorter >= 6:
        left, right = _without_common_ends(a, b)
        return not COUNTERS.search(left)
    if a == b or shorter < 4 or not within_edits(a, b, 1 if shorter < _LONG else _MOST_EDITS):
        return False
    if _LEVELS.findall(a) != _LEVELS.findall(b):
        return False
    left, right = _without_common_ends(a, b)
    return not (COUNTERS.search(left) or COUNTERS.search(right))


_MOST_REPLACED, _MOST_ADDED = 2, 4


def is_variant(a: str, b: str) -> bool:
    """Whether one name may be another in other words: alike, or one word of it exchanged or left out."""
    left, right = _without_common_ends(a, b)
    most = _MOST_REPLACED if left and right else _MOST_ADDED
    is_near = max(len(left), len(right)) <= most and min(len(a), len(b)) >= len(left + right) + 4
    is_same = _LEVELS.findall(a) == _LEVELS.findall(b) and not COUNTERS.search(left + right)
    return names_alike(a, b) or (a != b and is_near and is_same)


class Likely:
    """Names by the signs in them, as sets of bits (bit n is name n): of thousands, few are left to be compared."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._with: dict[str, int] = defaultdict(int)
        self._counted: dict[str, int] = defaultdict(int)
        self._signs: dict[int, int] = defaultdict(int)
        self._long = 0
        for number, name in enumerate(names):
            bit = 1 << number
            self._counted[_counted(name)] |= bit
            self._signs[len(set(name))] |= bit
            self._long |= bit if len(name) >= _LONG else 0
            for sign in set(name):
                self._with[sign] |= bit

    def alike(self, name: str, first: int = 0) -> Iterator[int]:
        """The positions from `first` on of names that may be alike this one: what differs in more signs cannot be."""
        found = 0
        for lacked, names in enumerate(self._lacking(name)):
            for size, those in self._signs.items():
                edits = max(lacked, size - len(set(name)) + lacked)
                if edits <= 1:
                    found |= names & those
                elif edits == _MOST_EDITS and len(name) >= _LONG:
                    found |= names & those & self._long
        found = found >> first << first
        while found:
            lowest = found & -found
            yield lowest.bit_length() - 1
            found ^= lowest

    def _lacking(self, name: str) -> list[int]:
        """The names that lack none, one or two of a name's signs, of those that count alike."""
        lacking = [self._counted.get(_counted(name), 0), 0, 0]
        for sign in set(name):
            has = self._with.get(sign, 0)
            lacking = [
                lacking[0] & has,
                lacking[1] & has | lacking[0] & ~has,
                lacking[2] & has | lacking[1] & ~has,
            ]
            if not any(lacking):
                break
        return lacking


def _counted(name: str) -> str:
    """The counting signs of a name: names that are alike have the same."""
    return "".join(sign for sign in COUNTERS.findall(name) if len(sign) == 1)


def alike_pairs(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The positions of names that are nearly alike; quick for thousands of names.

    Where more than `MOST_COMPARED` pairs look alike, the rest is not compared.
    """
    likely = Likely(names)
    bare = [COUNTERS.sub("", name) for name in names]
    pairs = ((at, later) for at, name in enumerate(names) for later in likely.alike(name, at + 1))
    for at, later in islice(pairs, MOST_COMPARED):
        if bare[at] != bare[later] and names_alike(names[at], names[later]):
            yield at, later


MOST_COMPARED = 150_000
"""All pairs of more than 500 names."""
