"""Heads of narrow columns, broken between words: 经费 / 保障, not 经费保 / 障."""

from __future__ import annotations

import re
from functools import lru_cache

from xlbudget.pages.metrics import RENDERINGS, wrapped

_WORDS = re.compile("（[^（）]*）|[0-9]+(?:—[0-9]+)?月底?|不可能|可能性|能实现|[^\\W0-9]{2}|.")
"""Words of a head: what is in brackets, a period, else two characters each."""


def _fits(text: str, points: float, size: float) -> bool:
    return all(len(wrapped(text, points, size, one)) == 1 for one in RENDERINGS)


@lru_cache(maxsize=1 << 10)
def broken(text: str, points: float, size: float) -> str:
    """A head with line breaks between its words, where it does not fit on one line of a cell."""
    if _fits(text, points, size):
        return text
    lines = [""]
    for word in _WORDS.findall(text):
        alone = word.startswith("（") and len(lines) == 1  # 资金数额 / （万元）
        if lines[-1] and (alone or not _fits(lines[-1] + word, points, size)):
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)
