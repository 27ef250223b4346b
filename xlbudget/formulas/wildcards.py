"""Texts with wildcards: * for any characters, ? for one, ~ before a sign that means itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from xlbudget.formulas.values import NotEvaluable

_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Wildcards:
    """A text cut at each *; every piece has a fixed length, so that looking for them takes no longer than reading."""

    pieces: tuple[re.Pattern[str], ...]
    lengths: tuple[int, ...]

    def fits(self, text: str) -> bool:
        """Whether a whole text is meant."""
        text = text.lower()
        if len(self.pieces) == 1:
            return self.pieces[0].fullmatch(text) is not None
        last = len(text) - self.lengths[-1]
        start = self._after(text, 0, 0) if self.pieces[0].match(text) else -1
        return (
            0 <= start <= last
            and self.pieces[-1].match(text, last) is not None
            and self._end(start, text, last)
        )

    def _after(self, text: str, number: int, start: int) -> int:
        """Where a piece ends that is found from a place on; -1 where it is not."""
        found = self.pieces[number].search(text, start)
        return found.end() if found else -1

    def _end(self, start: int, text: str, last: int) -> bool:
        """Whether the pieces between the first and the last follow each other."""
        for number in range(1, len(self.pieces) - 1):
            start = self._after(text, number, start)
            if start < 0 or start > last:
                return False
        return True

    def found_in(self, text: str, start: int) -> int:
        """The place from 0 where a text that is meant begins; -1 where there is none."""
        text = text.lower()
        first = self.pieces[0].search(text, start)
        end = first.end() if first else -1
        for number in range(1, len(self.pieces)):
            end = self._after(text, number, end) if end >= 0 else -1
        return first.start() if first and end >= 0 else -1


@lru_cache(maxsize=256)
def wildcards(text: str) -> Wildcards:
    """A text with wildcards. Raises NotEvaluable for one that programs read differently."""
    if len(text) > _LONGEST:
        raise NotEvaluable("要找的文字太长")
    if any(ord(one) > 0xFFFF for one in text):
        raise NotEvaluable("通配符遇到生僻字，各种软件不一样")
    pieces: list[list[str]] = [[]]
    for sign in re.findall(r"~[*?~]|.", text.lower(), re.DOTALL):
        if sign == "*":
            pieces.append([])
        else:
            pieces[-1].append("." if sign == "?" else re.escape(sign[-1]))
    patterns = tuple(re.compile("".join(one), re.DOTALL) for one in pieces)
    return Wildcards(patterns, tuple(map(len, pieces)))
