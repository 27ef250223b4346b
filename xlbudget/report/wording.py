"""Sentences with {placeholders} filled by values that may carry their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from xlbudget.domain.money import plain, wan
from xlbudget.domain.where import Where
from xlbudget.report.document import Figure, Run, Runs, words

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

Value = str | int | Figure | Runs


class UnknownPlaceholder(Exception):  # noqa: N818
    """A sentence of a profile uses a {name} that is not provided there."""


def fill(sentence: str, values: Mapping[str, Value]) -> Runs:
    """Fill placeholders; neighbouring words are joined. Raises UnknownPlaceholder naming it."""
    runs: list[Run] = []
    for index, part in enumerate(_PLACEHOLDER.split(sentence)):
        if index % 2 == 0:
            runs.append(part)
        elif part in values:
            value = values[part]
            runs.extend(
                value if isinstance(value, tuple) else (value if isinstance(value, Figure) else str(value),)
            )
        else:
            known = "、".join(values)
            raise UnknownPlaceholder(f"“{sentence}”里的“{{{part}}}”不能用在这里，可用的有：{known}")
    return join(runs)


def join(parts: Iterable[Run | Runs]) -> Runs:
    """Put runs together, merging neighbouring words."""
    merged: list[Run] = []
    for part in parts:
        for run in part if isinstance(part, tuple) else (part,):
            if isinstance(run, str) and merged and isinstance(merged[-1], str):
                merged[-1] += run
            elif run != "":
                merged.append(run)
    return tuple(merged)


def without_breaks(runs: Runs) -> Runs:
    """The runs on one line."""
    return join(run.replace("\n", "") if isinstance(run, str) else run for run in runs)


def one_line(runs: Runs) -> str:
    return words(without_breaks(runs))


def separated(items: Iterable[Runs], separator: str) -> Runs:
    parts: list[Run | Runs] = []
    for item in items:
        parts.extend((separator, item) if parts else (item,))
    return join(parts)


def amount(yuan: Decimal, sources: Iterable[Where]) -> Figure:
    """An amount in 万元 with its cells."""
    return Figure(wan(yuan), tuple(sources))


def number(value: Decimal, sources: Iterable[Where]) -> Figure:
    return Figure(plain(value), tuple(sources))


def clause(text: str) -> str:
    """A text that a sentence goes on after: outer blanks and its full stop dropped, one line."""
    return re.sub(r"\s*\n\s*", "", text.strip()).rstrip("。；;，,.、 ")


_PREPOSITIONS = ("用于", "主要用于", "专项用于", "通过", "为", "根据", "按照", "按")


def purpose(text: str) -> str:
    """资金用途 as a clause: with 用于 unless it opens with a preposition of its own."""
    bare = clause(text)
    return bare if bare.startswith(_PREPOSITIONS) else f"用于{bare}"
