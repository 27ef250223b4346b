"""偏差原因分析 and 整改措施: what deviates, why, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlbudget.domain.measures import ProjectResult
from xlbudget.domain.model import Correction
from xlbudget.domain.workdays import after_working_days
from xlbudget.report.blocks.shared import ids_of, notes_of, replaced
from xlbudget.report.document import Block, Figure, Paragraph, Runs
from xlbudget.report.wording import clause, separated
from xlbudget.report.writer import Writer, content


def _names(writer: Writer, results: Sequence[ProjectResult]) -> Runs:
    return separated([(writer.name(one.project),) for one in results], "、")


def _who_deviates(writer: Writer, explained: set[str | None]) -> Runs:
    """The number of projects that deviate and their names: exactly as many, those without a reason included."""
    off = [result for result in writer.case.results if result.deviates]
    told = [result for result in off if result.project.id in explained]
    silent = [result for result in off if result.project.id not in explained]
    number = writer.count(len(off), ids_of(off))
    if not off:
        return writer.say("deviations_none")
    if not silent:
        return writer.say("deviations_told", 偏差个数=number, 已说明=_names(writer, told))
    if not told:
        return writer.say("deviations_silent", 偏差个数=number, 未说明=_names(writer, silent))
    return writer.say(
        "deviations",
        偏差个数=number,
        说明个数=writer.count(len(told), ids_of(told)),
        已说明=_names(writer, told),
        未说明个数=writer.count(len(silent), ids_of(silent)),
        未说明=_names(writer, silent),
    )


@content("deviations")
def deviations(writer: Writer, section: str) -> Iterator[Block]:
    """Which projects deviate, and why, by cause; then the unit's paragraphs."""
    if replaced(writer, section):
        yield from notes_of(writer, section)
        return
    rows = [row for row in writer.case.facts.corrections if row.analysis]
    yield Paragraph(_who_deviates(writer, {row.project_id for row in rows}))
    groups: dict[tuple[str, ...], list[Correction]] = {}
    for row in rows:
        groups.setdefault(row.causes, []).append(row)
    for causes, members in groups.items():
        items = [
            writer.say(
                "cause_item",
                项目=writer.names_of(row.project_id),
                分析=Figure(clause(row.analysis or ""), (row.where("analysis"),)),
            )
            for row in members
        ]
        cause = "、".join(causes) or "其他"
        yield Paragraph(writer.say("cause", 原因=cause, 项目与分析=separated(items, "；")))
    yield from notes_of(writer, section)


_RESULTS = {"已整改": "result_done", "整改中": "result_going_on", "未整改": "result_open"}


def _correction(writer: Writer, index: int, row: Correction) -> Runs:
    def part(key: str, placeholder: str, value: str | None, field: str) -> Runs:
        return writer.say(key, **{placeholder: Figure(value, (row.where(field),))}) if value else ()

    deadline = f"{row.deadline.year}年{row.deadline.month}月{row.deadline.day}日" if row.deadline else None
    return writer.say(
        "correction_item",
        序号=index,
        项目=writer.names_of(row.project_id),
        措施=Figure(clause(row.measures or "（措施未填）"), (row.where("measures"),)),
        责任=part("responsible", "责任人", row.responsible, "responsible"),
        时限=part("deadline", "时限", deadline, "deadline"),
        结果=writer.say(_RESULTS[row.result]) if row.result in _RESULTS else (),
        建议=part("advice", "建议", row.advice, "advice"),
    )


def _decide(writer: Writer) -> Runs:
    """Until when it is decided what becomes of deviating projects, where the profile sets a term."""
    unit, days = writer.case.facts.unit, writer.case.profile.decision_days
    if days is None or unit.filled_on is None or not any(one.deviates for one in writer.case.results):
        return ()
    last = after_working_days(unit.filled_on, days)
    day = Figure(f"{last.year}年{last.month}月{last.day}日", (unit.where("filled_on"),))
    return writer.say("decide", 工作日=str(days), 期限=day)


@content("corrections")
def corrections(writer: Writer, section: str) -> Iterator[Block]:
    """Corrective actions with their results; then the unit's paragraphs; 无 where there is neither."""
    rows = () if replaced(writer, section) else writer.case.facts.corrections
    own = notes_of(writer, section)
    if rows:
        tally = {
            result: writer.count(len(members), [row.where("result") for row in members])
            for result in _RESULTS
            for members in ([row for row in rows if row.result == result],)
        }
        ids = [row.where("project_id") for row in rows]
        yield Paragraph(writer.say("corrections", 个数=writer.count(len(rows), ids), **tally))
        for index, row in enumerate(rows, 1):
            yield Paragraph(_correction(writer, index, row))
    decide = () if replaced(writer, section) else _decide(writer)
    if decide:
        yield Paragraph(decide)
    yield from own
    if not rows and not own and not decide:
        yield Paragraph(writer.say("nothing"))
