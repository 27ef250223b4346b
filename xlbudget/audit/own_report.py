"""The report that xlbudget writes, as a document to audit, with the cells that its words come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from xlbudget.audit.finding import Quote
from xlbudget.audit.source import Item, Line, Source, Table
from xlbudget.domain.where import Where
from xlbudget.layout import CORRECTIONS, KEY_WORKS, NOTES
from xlbudget.report.document import (
    Block,
    Caption,
    DataTable,
    Document,
    Figure,
    Heading,
    Label,
    Paragraph,
    Picture,
    Runs,
    Signature,
    Title,
    words,
)


@dataclass(frozen=True)
class OwnReport:
    """A report as a source; `runs` are the pieces of each of its items."""

    source: Source
    runs: tuple[Runs, ...]

    def cell_of(self, item: int, words_accused: str) -> Where | None:
        """The cell that accused words come from: that of a person's own text if there is one, else of a figure."""
        figures = [run for run in self.runs[item] if isinstance(run, Figure) and run.sources]
        accused = "".join(words_accused.split())
        for one in sorted(figures, key=lambda figure: len(figure.text), reverse=True):
            text = "".join(one.text.split())
            if text and (text in accused or accused in text):
                return one.sources[0]
        return figures[0].sources[0] if figures else None

    def is_typed(self, quote: Quote) -> bool:
        """Whether quoted words are, or have among them, what people typed as text: only that can contradict the figures."""
        quoted = "".join(quote.text.split())
        typed = self._typed[quote.place.item]
        return any(text and (text in quoted or quoted in text) for text in typed)

    @cached_property
    def _typed(self) -> list[list[str]]:
        """What people typed as text, without blanks, of each item."""
        return [
            [
                "".join(run.text.split())
                for run in runs
                if isinstance(run, Figure) and any(where.sheet in _TYPED for where in run.sources)
            ]
            for runs in self.runs
        ]


_TYPED = (NOTES.name, CORRECTIONS.name, KEY_WORKS.name)


def own_report(document: Document) -> OwnReport:
    """The document model as lines and tables, in their order."""
    items: list[Item] = []
    runs: list[Runs] = []
    for block in document.blocks:
        for item, pieces in _items(block, len(items)):
            items.append(item)
            runs.append(pieces)
    return OwnReport(tuple(items), tuple(runs))


def _items(block: Block, position: int) -> Iterator[tuple[Item, Runs]]:
    label = f"第{position + 1}段"
    match block:
        case DataTable():
            rows = (*block.header, *block.body)
            cells = tuple(tuple("" if cell is None else words(cell.runs) for cell in row) for row in rows)
            runs = tuple(run for row in rows for cell in row if cell for run in cell.runs)
            yield Table(cells, "统计表"), runs
        case Heading():
            yield Line(block.text, label), (block.text,)
        case Signature():
            yield from ((Line(words(line), "落款"), line) for line in block.lines)
        case Picture():
            pass
        case Label() | Title() | Paragraph() | Caption():
            yield Line(words(block.runs), label), block.runs
        case _:
            assert_never(block)
