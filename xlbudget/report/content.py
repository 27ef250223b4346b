"""The blocks of the report, by the names that profiles call them. The words come from the profile, the numbers from cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.measures import ProjectResult
from xlbudget.domain.model import Batch, Correction, KeyWork, Project
from xlbudget.domain.money import pct, plain
from xlbudget.domain.where import Where
from xlbudget.report.charts import charts
from xlbudget.report.document import (
    Block,
    Caption,
    Figure,
    Paragraph,
    Picture,
    Runs,
)
from xlbudget.report.results_table import results_table
from xlbudget.report.wording import (
    Value,
    clause,
    fill,
    join,
    number,
    purpose,
    separated,
)
from xlbudget.report.writer import Writer, content


def _total(projects: Iterable[Project]) -> Decimal:
    return sum((p.budget for p in projects if p.budget is not None), Decimal(0))


def _budget_cells(projects: Iterable[Project]) -> Iterator[Where]:
    return (cell for project in projects for cell in project.budget_cells)


def _amount_of(writer: Writer, project: Project) -> Figure:
    if project.budget is None:
        return Figure("？", project.budget_cells)
    return writer.amount(project.budget, project.budget_cells)


def _adjustment(writer: Writer, project: Project) -> Runs:
    if not project.adjustment or project.amount is None:
        return ()
    direction = writer.say("increase" if project.adjustment > 0 else "decrease")
    return writer.say(
        "adjusted",
        原预算=writer.amount(project.amount, [project.where("amount")]),
        增减=direction,
        调整额=writer.amount(abs(project.adjustment), [project.where("adjustment")]),
    )


def _project_list(writer: Writer, projects: Sequence[Project], key: str) -> Iterator[Block]:
    if not projects:
        yield Paragraph(writer.say(f"{key}_none"))
        return
    ids = [project.where("id") for project in projects]
    total = writer.amount(_total(projects), _budget_cells(projects))
    yield Paragraph(writer.say(key, 个数=writer.count(len(projects), ids), 金额=total))
    for index, project in enumerate(projects, 1):
        use = Figure(purpose(project.purpose or "（用途未填）"), (project.where("purpose"),))
        yield Paragraph(
            writer.say(
                f"{key}_item",
                序号=index,
                项目=writer.name(project),
                金额=_amount_of(writer, project),
                调整=_adjustment(writer, project),
                用途=use,
                追加月份=Figure(str(project.month or "？"), (project.where("month"),)),
            )
        )


@content("initial_projects")
def initial_projects(writer: Writer, _: str) -> Iterator[Block]:
    """Number and sum of initial projects, each with amount and purpose."""
    projects = [p for p in writer.case.facts.projects if p.batch is not Batch.SUPPLEMENTARY]
    yield from _project_list(writer, projects, "initial")


@content("supplementary_projects")
def supplementary_projects(writer: Writer, _: str) -> Iterator[Block]:
    """Number and sum of supplementary projects, each with month, amount and purpose."""
    projects = [p for p in writer.case.facts.projects if p.batch is Batch.SUPPLEMENTARY]
    yield from _project_list(writer, projects, "supplementary")


@content("funds_total")
def funds_total(writer: Writer, _: str) -> Iterator[Block]:
    """All rows together: number, budget, spent, execution rate."""
    case, totals = writer.case, writer.case.totals
    spent = [p.where("spent") for p in case.facts.projects]
    budgets = list(_budget_cells(case.facts.projects))
    known = totals.execution_rate is not None
    figure = Figure(pct(totals.execution_rate), (*spent, *budgets))
    rate = writer.say("funds_rate", 执行率=figure) if known else ()
    runs = writer.say(
        "funds_total",
        金额=writer.amount(totals.budget, budgets),
        支出=writer.amount(totals.spent, spent),
        执行率=rate,
    )
    if totals.incomplete:
        runs = join([runs, writer.say("funds_incomplete", 个数=totals.incomplete)])
    yield Paragraph(runs)


@content("contracts")
def contracts(writer: Writer, _: str) -> Iterator[Block]:
    """Contract facts: each contract of a project once, beside what all its batches provide."""
    seen: set[tuple[str | None, Decimal]] = set()
    for project in writer.case.facts.projects:
        if not project.contract or (project.id, project.contract) in seen:
            continue
        seen.add((project.id, project.contract))
        batches = [p for p in writer.case.facts.projects if p.id == project.id] if project.id else [project]
        yield Paragraph(
            writer.say(
                "contract",
                项目=writer.names_of(project.id) if project.id else (writer.name(project),),
                合同=writer.amount(project.contract, [project.where("contract")]),
                金额=writer.amount(_total(batches), _budget_cells(batches)),
            )
        )


def _notes(writer: Writer, section: str) -> Iterator[Paragraph]:
    """The unit's own paragraphs for a section."""
    for note in writer.case.facts.notes:
        if note.section == section and note.text:
            for line in filter(None, map(str.strip, note.text.splitlines())):
                yield Paragraph((Figure(line, (note.where("text"),)),))


@content("notes")
def notes(writer: Writer, section: str) -> Iterator[Block]:
    """The unit's own paragraphs; nothing where there are none."""
    yield from _notes(writer, section)


@content("text")
def text(writer: Writer, section: str) -> Iterator[Block]:
    """The unit's own paragraphs, else the profile's standard wording, else 无."""
    own = list(_notes(writer, section))
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
    blocks = list(_notes(writer, section))
    categories = dict.fromkeys(work.category or "其他" for work in writer.case.facts.key_works)
    for category in categories:
        works = [w for w in writer.case.facts.key_works if (w.category or "其他") == category]
        items = separated([_work(writer, work) for work in works], "；")
        blocks.append(Paragraph(writer.say("work_paragraph", 类别=category, 各事项=items)))
    yield from blocks or [Paragraph(writer.say("nothing"))]


def _ids_of(results: Iterable[ProjectResult]) -> list[Where]:
    return [result.project.where("id") for result in results]


@content("bands")
def bands(writer: Writer, _: str) -> Iterator[Block]:
    """All bands with their number of projects."""
    case = writer.case
    items = []
    for label, results in case.bands:
        key = "band_not_started" if label == case.profile.not_started else "band"
        items.append(writer.say(key, 分档=label, 个数=writer.count(len(results), _ids_of(results))))
    runs = writer.say("bands", 各档=separated(items, "，"))
    if case.unknown_band:
        unknown = writer.count(len(case.unknown_band), _ids_of(case.unknown_band))
        runs = join([runs, writer.say("bands_unknown", 个数=unknown)])
    yield Paragraph(runs)


@content("forecast")
def forecast(writer: Writer, _: str) -> Iterator[Block]:
    """The three forecast classes with number and amount."""
    values: dict[str, Value] = {"差距": plain(writer.case.profile.forecast.partly)}
    known = 0
    for one in writer.case.forecast:
        projects = [result.project for result in one.results]
        known += len(projects)
        values[f"{one.flag}个数"] = writer.count(len(projects), _ids_of(one.results))
        values[f"{one.flag}金额"] = writer.amount(one.amount, _budget_cells(projects))
    runs = writer.say("forecast", **values)
    unknown = len(writer.case.results) - known
    if unknown:
        runs = join([runs, writer.say("forecast_unknown", 个数=unknown)])
    yield Paragraph(runs)


@content("table")
def table(writer: Writer, _: str) -> Iterator[Block]:
    """The statistics table: a row a project row, and 合计."""
    yield results_table(writer.case, writer.name)


@content("charts")
def chart_pictures(writer: Writer, _: str) -> Iterator[Block]:
    """The charts of 图表, each with its caption; of one with nothing to draw only why."""
    number = 0
    for chart in charts(writer.case, writer.plain_name):
        if chart.empty:
            yield Caption((f"{chart.title}：没有图。{chart.note}",))
        else:
            number += 1
            yield Picture(chart)
            yield Caption((f"图{number}　{chart.title}。{chart.note}",))


@content("deviations")
def deviations(writer: Writer, section: str) -> Iterator[Block]:
    """How many projects deviate, and why, by cause; then the unit's paragraphs."""
    off = [result for result in writer.case.results if result.deviates]
    rows = [row for row in writer.case.facts.corrections if row.analysis]
    groups: dict[tuple[str, ...], list[Correction]] = {}
    for row in rows:
        groups.setdefault(row.causes, []).append(row)
    number_off = writer.count(len(off), _ids_of(off))
    explained = {row.project_id for row in rows}
    told = [result for result in off if result.project.id in explained]
    if not off:
        yield Paragraph(writer.say("deviations_none"))
    else:
        key = "deviations" if told else "deviations_silent"
        yield Paragraph(writer.say(key, 个数=number_off, 说明个数=writer.count(len(told), _ids_of(told))))
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
    yield from _notes(writer, section)


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
        结果=part("result", "结果", row.result, "result"),
        建议=part("advice", "建议", row.advice, "advice"),
    )


@content("corrections")
def corrections(writer: Writer, section: str) -> Iterator[Block]:
    """Corrective actions with their results; then the unit's paragraphs; 无 where there is neither."""
    rows = writer.case.facts.corrections
    own = list(_notes(writer, section))
    if rows:
        tally = {
            result: writer.count(len(members), [row.where("result") for row in members])
            for result in ("已整改", "整改中", "未整改")
            for members in ([row for row in rows if row.result == result],)
        }
        ids = [row.where("project_id") for row in rows]
        yield Paragraph(writer.say("corrections", 个数=writer.count(len(rows), ids), **tally))
        for index, row in enumerate(rows, 1):
            yield Paragraph(_correction(writer, index, row))
    yield from own
    if not rows and not own:
        yield Paragraph(writer.say("nothing"))
