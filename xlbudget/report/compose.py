"""Assessment → Document: the profile's sections one after the other, each with its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xlbudget.domain.measures import Assessment
from xlbudget.domain.profile import Section
from xlbudget.domain.registry import discover
from xlbudget.report.charts import Chart, charts
from xlbudget.report.document import (
    Block,
    Caption,
    Document,
    Figure,
    Heading,
    Label,
    Runs,
    Signature,
    Title,
)
from xlbudget.report.labels import OWN_RULES
from xlbudget.report.wording import (
    fill,
    join,
    one_line,
    without_breaks,
)
from xlbudget.report.writer import CONTENT, Writer

discover("xlbudget.report.blocks")
TITLE_ROOM = 20
"""Characters of 2号 that fit in a line of A4 between the margins of GB/T 9704."""


def _section(writer: Writer, section: Section, level: int) -> Iterator[Block]:
    yield Heading(level, section.heading)
    for entry in section.content:
        name, _, argument = entry.partition(":")
        yield from CONTENT[name](writer, argument)
    for below in section.sections:
        yield from _section(writer, below, level + 1)


def _signature(case: Assessment) -> Iterator[Signature]:
    unit = case.facts.unit
    lines: list[Runs] = []
    if unit.full_name:
        lines.append((Figure(unit.full_name, (unit.where("full_name"),)),))
    if unit.filled_on:
        day = f"{unit.filled_on.year}年{unit.filled_on.month}月{unit.filled_on.day}日"
        lines.append((Figure(day, (unit.where("filled_on"),)),))
    if lines:
        yield Signature(tuple(lines))


def charts_of(case: Assessment) -> tuple[Chart, ...]:
    """The charts of an assessment, projects worded as in the report."""
    return charts(case, Writer(case).plain_name)


def compose(case: Assessment) -> Document:
    """Write the whole report. Raises UnknownPlaceholder for a profile whose sentence cannot be filled."""
    writer = Writer(case)
    unit = case.facts.unit
    title = fill(case.profile.report.title, writer.common)
    blocks: list[Block] = []
    if unit.attachment_no:
        blocks.append(Label((Figure(unit.attachment_no, (unit.where("attachment_no"),)),)))
    blocks.append(_title(title))
    for section in case.profile.report.sections:
        blocks.extend(_section(writer, section, 1))
    blocks.extend(_signature(case))
    if case.profile.own_file:
        blocks.append(Caption((OWN_RULES.format(case.profile.own_file),)))
    author = unit.full_name or unit.department or ""
    return Document(one_line(title), tuple(blocks), draft=False, dated=unit.filled_on, author=author)


def as_draft(report: Document, case: Assessment) -> Document:
    """The report of a case, marked as a draft: in its title, and for those who lay it out."""
    writer = Writer(case)
    title = _title(join([fill(case.profile.report.title, writer.common), "（", writer.say("draft"), "）"]))
    blocks = tuple(title if isinstance(block, Title) else block for block in report.blocks)
    return replace(report, blocks=blocks, draft=True)


def _title(title: Runs) -> Title:
    return Title(title if len(one_line(title)) > TITLE_ROOM else without_breaks(title))
