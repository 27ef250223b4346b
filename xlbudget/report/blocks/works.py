"""The unit's own paragraphs, and 重点工作 with 同比."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xlbudget.domain.model import KeyWork
from xlbudget.domain.money import pct
from xlbudget.report.blocks.shared import notes_of, replaced
from xlbudget.report.document import Block, Figure, Paragraph, Runs
from xlbudget.report.wording import Value, clause, fill, number, separated
from xlbudget.report.writer import Writer, content


@content("notes")
def notes(writer: Writer, section: str) -> Iterator[Block]:
    """The unit's own paragraphs; nothing where there are none."""
    yield from notes_of(writer, section)


@content("text")
def text(writer: Writer, section: str) -> Iterator[Block]:
    """The unit's own paragraphs, else the profile's standard wording, else 无."""
    own = notes_of(writer, section)
    standard = writer.case.profile.report.standard_text.get(section)
    if own:
        yield from own
    else:
        yield Paragraph(fill(standard, writer.common) if standard else writer.say("nothing"))


def _year_on_year(writer: Writer, work: KeyWork) -> Runs:
    if work.before is None or work.quantity is None or work.quantity_words is not None:
        return ()  # 20余次 against 15 gives no percentage
    sources = [work.where("quantity"), work.where("before")]
    if work.before <= 0:
        return writer.say("year_on_year_zero") if work.before == 0 else ()
    change = (Fraction(work.quantity) / Fraction(work.before) - 1) * 100
    if change == 0:
        return writer.say("year_on_year_same")
    return writer.say(
        "year_on_year",
        上年=number(work.before, sources[1:]),
        单位=work.measure_unit or "",
        增减=writer.say("grew" if change > 0 else "fell"),
        百分比=Figure(pct(abs(change)), tuple(sources)),
    )


def _quantity(work: KeyWork) -> tuple[Value, str]:
    """The quantity and its unit; as typed where that says more (20余次)."""
    unit, sources = work.measure_unit or "", (work.where("quantity"),)
    if work.quantity is None:
        return "", ""
    if work.quantity_words is None:
        return number(work.quantity, sources), unit
    shown = work.quantity_words
    return Figure(shown, sources), "" if unit and shown.endswith(unit) else unit


def _work(writer: Writer, work: KeyWork) -> Runs:
    quantity, unit = _quantity(work)
    note = f"，{clause(work.note)}" if work.note else ""
    return writer.say(
        "work",
        事项=Figure(clause(work.item or ""), (work.where("item"),)),
        数量=quantity,
        单位=unit,
        同比=_year_on_year(writer, work),
        说明=note,
    )


@content("key_works")
def key_works(writer: Writer, section: str) -> Iterator[Block]:
    """The unit's paragraphs, then 重点工作 by category with 同比 computed."""
    blocks: list[Block] = [*notes_of(writer, section)]
    rows = () if replaced(writer, section) else writer.case.facts.key_works
    categories: dict[str, list[KeyWork]] = {}
    for work in rows:
        categories.setdefault(work.category or "其他", []).append(work)
    for category, works in categories.items():
        items = separated([_work(writer, work) for work in works], "；")
        blocks.append(Paragraph(writer.say("work_paragraph", 类别=category, 各事项=items)))
    yield from blocks or [Paragraph(writer.say("nothing"))]
