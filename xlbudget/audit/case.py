"""A document as the checks see it: passages, tables, names, facts, period."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from xlbudget.audit.assemble import Block, assemble
from xlbudget.audit.facts import Fact, Measure, Subject, Whole
from xlbudget.audit.finding import Quote
from xlbudget.audit.headers import Role
from xlbudget.audit.names import Mention, bare_name, known_names, mentions, spellings
from xlbudget.audit.passage import Passage
from xlbudget.audit.periods import Period, title_period, unit_of
from xlbudget.audit.quantities import Quantity, quantities
from xlbudget.audit.source import Source
from xlbudget.audit.statements import statements
from xlbudget.audit.tables import ReadTable, Row, read_table

_SO_MANY = re.compile(r"([0-9]+)个[^，。；]{0,8}项目")
_ABOUT_SOME = re.compile(r"重点|偏差|滞后|部分|主要|较慢|缓慢|问题|整改|上年|去年|重大|典型|抽[取查样]|抽选")


@dataclass(frozen=True)
class Text:
    """A passage with what was found in it; `block` is its number among the blocks of the document."""

    block: int
    passage: Passage
    quantities: Sequence[Quantity]
    mentions: Sequence[Mention]

    @property
    def clean(self) -> str:
        return self.passage.clean

    def between(self, start: int, end: int) -> Sequence[Quantity]:
        """The numbers that begin in a stretch of the text."""
        first, last = (bisect_left(self.quantities, at, key=_start) for at in (start, end))
        return self.quantities[first:last]

    def written(self, one: Quantity) -> str:
        """A number with its unit as it stands in the text."""
        return self.clean[one.start : one.end]


def _start(one: Quantity) -> int:
    return one.start


@dataclass(frozen=True)
class Case:
    """Everything that checks look at."""

    blocks: tuple[Block, ...]
    texts: tuple[Text, ...]
    tables: tuple[ReadTable, ...]
    names: tuple[str, ...]
    facts: tuple[Fact, ...]
    period: Period | None
    known: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was computed of it once."""

    def of(self, measure: Measure, *wholes: Whole) -> list[Fact]:
        """Exact facts of a measure about some kinds of subject, in the order of the document."""
        key = (measure, wholes)
        if key not in self.known:
            self.known[key] = [
                one
                for one in self.facts
                if one.measure is measure and one.subject.whole in wholes and not one.about
            ]
        found: list[Fact] = self.known[key]
        return found

    def about(self, measure: Measure, subject: Subject) -> list[Fact]:
        """Exact facts of a measure about one subject."""
        return [
            one for one in self.facts if one.measure is measure and one.subject == subject and not one.about
        ]

    @cached_property
    def project_tables(self) -> list[ReadTable]:
        """Tables with a row a project, of all projects; one that has no such row says nothing of projects."""
        tables = [table for table in self.tables if table.is_project_table and table.data]
        return [table for table in tables if not self.is_selective(table)]

    @cached_property
    def rows_by_name(self) -> dict[str, list[tuple[ReadTable, Row]]]:
        """The rows of all project tables by the name of their project."""
        found: dict[str, list[tuple[ReadTable, Row]]] = {}
        for table in self.tables:
            column = table.only(Role.PROJECT)
            if table.is_project_table and column is not None:
                for row in table.data:
                    found.setdefault(bare_name(row.cells[column]), []).append((table, row))
        return found

    @cached_property
    def facts_by_name(self) -> dict[str, list[Fact]]:
        """Facts by the name of the project (the class, the band) that they are about."""
        found: dict[str, list[Fact]] = {}
        for one in self.facts:
            found.setdefault(one.subject.name, []).append(one)
        return found

    @cached_property
    def text_at(self) -> dict[int, Text]:
        """Texts by their number among the blocks."""
        return {text.block: text for text in self.texts}

    @cached_property
    def facts_at(self) -> dict[int, list[Fact]]:
        """Facts by the number of their block."""
        found: dict[int, list[Fact]] = {}
        for one in self.facts:
            found.setdefault(one.block, []).append(one)
        return found

    def is_selective(self, table: ReadTable) -> bool:
        """Whether the words above a table say that it lists only some projects."""
        before = self.before(table)[-60:]
        named = _SO_MANY.findall(before)
        part = bool(named) and Decimal(named[-1]) == len(table.data) and self._more_than(len(table.data))
        return part or bool(_ABOUT_SOME.search(before[-40:]))

    def _more_than(self, number: int) -> bool:
        """Whether more projects than a number are spoken of."""
        return any(one.value > number for one in self.of(Measure.COUNT, Whole.ALL))

    def before(self, table: ReadTable) -> str:
        """The text just above a table."""
        block = self.blocks[table.position - 1] if table.position else None
        return block.clean if isinstance(block, Passage) else ""

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[Text, re.Match[str]]]:
        """Where a pattern stands in the texts."""
        found = self.known.get(pattern)
        if found is None:
            found = [(text, match) for text in self.texts for match in pattern.finditer(text.clean)]
            self.known[pattern] = found
        yield from found


Result = TypeVar("Result")


def once(function: Callable[[Case], Result]) -> Callable[[Case], Result]:
    """Let a function be computed once of each case."""

    def known(case: Case) -> Result:
        if function not in case.known:
            case.known[function] = function(case)
        result: Result = case.known[function]
        return result

    return known


def quote_of(text: Text, match: re.Match[str]) -> Quote:
    """The sentence around a match."""
    return text.passage.quote(match.start(), match.end())


def build_case(source: Source) -> Case:
    """Read a document for the checks."""
    blocks = assemble(source)
    tables, before = [], ""
    for position, block in enumerate(blocks):
        if isinstance(block, Passage):
            before = block.clean
        elif (table := read_table(block, position, before)) is not None:
            tables.append(table)
    passages = [(at, block) for at, block in enumerate(blocks) if isinstance(block, Passage)]
    names = known_names(tables, [passage for _, passage in passages])
    spelled = spellings(names)
    period = title_period([passage for _, passage in passages])
    texts = tuple(
        Text(at, passage, quantities(passage.clean), mentions(passage.clean, spelled))
        for at, passage in passages
    )
    year = period.year if period else None
    unit = unit_of([passage for _, passage in passages])
    facts = tuple(
        fact
        for text in texts
        for fact in statements(text.passage, text.block, text.quantities, text.mentions, year, unit)
    )
    return Case(blocks, texts, tuple(tables), names, facts, period)
