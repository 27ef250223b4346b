"""A document as the relations see it: paragraphs with their figures and scope, and tables with their columns and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any, TypeVar

from xlbudget.audit import vocabulary as words
from xlbudget.audit.assemble import Block, Placed, assemble
from xlbudget.audit.figures import Figure, figures
from xlbudget.audit.finding import Quote
from xlbudget.audit.grid import Grid, read_grids
from xlbudget.audit.passage import HEADING, Passage
from xlbudget.audit.periods import Period, title_period
from xlbudget.audit.quantities import Kind, Quantity, quantities
from xlbudget.audit.source import Source

_HEADING_LENGTH = 50
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_ACCOUNTS = {
    "fund": re.compile("政府性基金|基金预算"),
    "capital": re.compile("国有资本经营"),
    "general": re.compile("一般公共"),
    "fiscal": re.compile("财政拨款"),
}


def account_of(text: str) -> str:
    """Which of the accounts words speak of; "" where they say nothing of it."""
    return next((name for name, pattern in _ACCOUNTS.items() if pattern.search(text)), "")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its figures, the headings above it, its number among the blocks."""

    block: int
    passage: Passage
    quantities: Sequence[Quantity]
    figures: Sequence[Figure]
    headings: tuple[str, ...]
    above: tuple[str, ...]
    """The beginnings of the numbered paragraphs that it stands below, from the outermost."""

    @cached_property
    def clean(self) -> str:
        return self.passage.clean

    def written(self, one: Figure | Quantity) -> str:
        """A number with its unit as it stands in the text."""
        return self.clean[one.start : one.end]

    def quote(self, start: int, end: int) -> Quote:
        return self.passage.quote(start, end)

    def span(self, *figures: Figure) -> Quote:
        """The words from the first of some figures to the last."""
        return self.quote(min(one.start for one in figures), max(one.end for one in figures))

    @cached_property
    def money(self) -> list[Figure]:
        """Its exact amounts of money: no changes, nothing 约."""
        return [one for one in self.figures if one.is_money and one.is_level and not one.about]

    @cached_property
    def counts(self) -> list[Figure]:
        """Its exact counts: no changes, nothing 约."""
        return [one for one in self.figures if one.is_count and one.is_level and not one.about]

    def sentence_of(self, figure: Figure) -> list[Figure]:
        """The figures of its sentence."""
        return [one for one in self.figures if one.sentence == figure.sentence]

    @cached_property
    def sentences(self) -> list[list[Figure]]:
        """The figures of each sentence that has some."""
        found: dict[int, list[Figure]] = {}
        for one in self.figures:
            found.setdefault(one.sentence, []).append(one)
        return list(found.values())

    def between(self, start: int, end: int) -> str:
        """The words from `start` to `end` with # for each number and without what stands in brackets."""
        pieces, at = [], start
        for one in self.figures:
            if start <= one.start < end:
                pieces += [self.clean[at : one.start], "#"]
                at = min(one.end, end)
        pieces.append(self.clean[at:end])
        return _BRACKETS.sub("", "".join(pieces))

    @cached_property
    def year(self) -> str:
        """The year that the paragraph names first, else one that it stands below; "" where none is named."""
        for words_above in (self.clean, *reversed(self.above)):
            match = _YEAR.search(words_above)
            if match:
                return match[1]
        return ""


_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Document:
    """Everything that relations look at."""

    blocks: tuple[Block, ...]
    paragraphs: tuple[Paragraph, ...]
    grids: tuple[Grid, ...]
    known: dict[Callable[..., Any], Any] = field(default_factory=dict, compare=False, repr=False)
    """What was found in it once."""

    @cached_property
    def figures(self) -> list[tuple[Paragraph, int, Figure]]:
        """Every figure with its paragraph and its number there."""
        return [(text, at, one) for text in self.paragraphs for at, one in enumerate(text.figures)]

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {text.block: at for at, text in enumerate(self.paragraphs)}

    def up_to(self, text: Paragraph, before: int) -> Sequence[Paragraph]:
        """A paragraph with some of those before it."""
        at = self._positions[text.block]
        return self.paragraphs[max(0, at - before) : at + 1]

    @cached_property
    def percents(self) -> list[tuple[Paragraph, int, Figure]]:
        """Every exact percentage, likewise."""
        return [(text, at, one) for text, at, one in self.figures if one.is_percent and not one.about]

    @cached_property
    def cells(self) -> frozenset[Decimal]:
        """The numbers of all its tables, as they stand there."""
        rows = (row for grid in self.grids for row in grid.rows)
        return frozenset(cell.value for row in rows for cell in row.numbers.values())

    @cached_property
    def period(self) -> Period | None:
        """The period in its title."""
        return title_period([one.passage for one in self.paragraphs])


Found = TypeVar("Found")


def once(find: Callable[[Document], Iterable[Found]]) -> Callable[[Document], list[Found]]:
    """Let what is found in a document be looked for once."""

    @wraps(find)
    def found(document: Document) -> list[Found]:
        if find not in document.known:
            document.known[find] = list(find(document))
        result: list[Found] = document.known[find]
        return result

    return found


def is_heading(passage: Passage) -> bool:
    """Whether a paragraph is a heading: numbered, short, no sentence."""
    text = passage.clean
    return (
        len(text) <= _HEADING_LENGTH
        and bool(HEADING.match(text))
        and not re.search("[。；，]|[0-9.]+(?:万|亿)?元", text)
    )


def _level(text: str) -> int:
    return next((at for at, pattern in enumerate(_LEVELS) if pattern.match(text)), len(_LEVELS))


_LEVELS = [
    re.compile(one)
    for one in (
        r"第[一二三四五六七八九十]+[部章]",
        r"[一二三四五六七八九十]+[、.]",
        r"\([一二三四五六七八九十]+\)",
        r"[0-9]+[.、]",
        r"\([0-9]+\)|[①-⑳]",
    )
]


def read(source: Source, first: int = 0) -> Document:
    """Read a document (or the part of one that begins with item `first`) for the relations."""
    blocks = assemble(source, first)
    return Document(blocks, tuple(_paragraphs(blocks)), tuple(_grids(blocks)))


def _grids(blocks: Sequence[Block]) -> Iterator[Grid]:
    for position, block in enumerate(blocks):
        if isinstance(block, Placed):
            above = [one.clean for one in blocks[max(0, position - 3) : position] if isinstance(one, Passage)]
            yield from read_grids(block, position, "\n".join(above))


def _paragraphs(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    headings: list[tuple[int, str]] = []
    outline: list[tuple[int, str]] = []
    for position, block in enumerate(blocks):
        if not isinstance(block, Passage):
            continue
        if is_heading(block):
            level = _level(block.clean)
            headings = [one for one in headings if one[0] < level] + [(level, block.clean)]
        level = _level(block.clean)
        above = [one for one in outline if one[0] < level]
        if level < len(_LEVELS):
            outline = [*above, (level, block.clean[:_HEADING_LENGTH])]
        found = quantities(block.clean)
        yield Paragraph(
            position,
            block,
            found,
            figures(block, found),
            tuple(text for _, text in headings),
            tuple(text for _, text in above),
        )


def is_money(one: Figure) -> bool:
    return one.kind is Kind.MONEY


_ASIDE = re.compile(r"(?:占|完成|达到?)[^，。；#]{0,24}#(?:的#)?(?:%|[^，。；#]{0,4})")


def joins(between: str) -> bool:
    """Whether words between two figures name no other subject, so that the second speaks of the first."""
    bare = _ASIDE.sub("", between)
    return words.NEUTRAL_ONLY.fullmatch(bare) is not None
