"""What several blocks need: sums of projects, the unit's own paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xlbudget.domain.measures import ProjectResult
from xlbudget.domain.model import Project
from xlbudget.domain.where import Where
from xlbudget.report.document import Figure, Paragraph
from xlbudget.report.writer import Writer


def total(projects: Iterable[Project]) -> Decimal:
    """Sum of 调整后预算 in 元."""
    return sum((p.budget for p in projects if p.budget is not None), Decimal(0))


def budget_cells(projects: Iterable[Project]) -> Iterator[Where]:
    return (cell for project in projects for cell in project.budget_cells)


def ids_of(results: Iterable[ProjectResult]) -> list[Where]:
    return [result.project.where("id") for result in results]


def notes_of(writer: Writer, section: str) -> list[Paragraph]:
    """The unit's own paragraphs for a section."""
    return [
        Paragraph((Figure(line, (note.where("text"),)),))
        for note in writer.case.facts.notes
        if note.section == section and note.text
        for line in filter(None, map(str.strip, note.text.splitlines()))
    ]


def replaced(writer: Writer, section: str) -> bool:
    """Whether the unit's own paragraphs stand instead of what would be generated."""
    notes = writer.case.facts.notes
    return any(note.section == section and note.replaces and note.text for note in notes)
