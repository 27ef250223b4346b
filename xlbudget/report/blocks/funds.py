"""资金情况: projects by batch, totals, contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlbudget.domain.model import Batch, Project
from xlbudget.domain.money import pct
from xlbudget.report.blocks.shared import budget_cells, total
from xlbudget.report.document import Block, Figure, Paragraph, Runs
from xlbudget.report.wording import Value, join, purpose, separated
from xlbudget.report.writer import Writer, content


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


def _listed(writer: Writer, project: Project, *, alone: bool) -> Figure:
    """The name in a list that tells the batch anyway; with its batch where that does not tell the rows apart."""
    if not alone:
        return writer.name(project)
    return Figure(project.name or "（项目名称未填）", (project.where("name"),))


def _project_list(writer: Writer, projects: Sequence[Project], key: str) -> Iterator[Block]:
    if not projects:
        yield Paragraph(writer.say(f"{key}_none"))
        return
    ids = [project.where("id") for project in projects]
    amount = writer.amount(total(projects), budget_cells(projects))
    yield Paragraph(writer.say(key, 个数=writer.count(len(projects), ids), 金额=amount))
    twice = Counter((project.name, project.month) for project in projects)
    for index, project in enumerate(projects, 1):
        use = Figure(purpose(project.purpose or "（用途未填）"), (project.where("purpose"),))
        yield Paragraph(
            writer.say(
                f"{key}_item",
                序号=index,
                项目=_listed(writer, project, alone=twice[project.name, project.month] == 1),
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


def _batches(writer: Writer) -> Runs:
    """That rows were counted, where a project has several; nothing where none has."""
    rows = Counter(project.id for project in writer.case.facts.projects if project.id)
    several = {number: count for number, count in rows.items() if count > 1}
    if not several:
        return ()
    counts = set(several.values())
    ids = [one.where("id") for one in writer.case.facts.projects if one.id in several]
    return writer.say(
        "batches",
        多批次=writer.count(len(several), ids),
        各="各" if len(several) > 1 and len(counts) == 1 else "",
        批次数=writer.count(counts.pop(), ids) if len(counts) == 1 else "多",
    )


@content("funds_total")
def funds_total(writer: Writer, _: str) -> Iterator[Block]:
    """All rows together: number, budget, spent, execution rate."""
    case, totals = writer.case, writer.case.totals
    spent = [p.where("spent") for p in case.facts.projects]
    budgets = list(budget_cells(case.facts.projects))
    known = totals.execution_rate is not None
    figure = Figure(pct(totals.execution_rate), (*spent, *budgets))
    rate = writer.say("funds_rate", 执行率=figure) if known else ()
    runs = writer.say(
        "funds_total",
        批次=_batches(writer),
        金额=writer.amount(totals.budget, budgets),
        支出=writer.amount(totals.spent, spent),
        执行率=rate,
    )
    if totals.incomplete:
        runs = join([runs, writer.say("funds_incomplete", 个数=totals.incomplete)])
    yield Paragraph(runs)


def _signed(writer: Writer) -> Iterator[dict[str, Value]]:
    """Each contract of a project once, beside what all its batches provide."""
    seen: set[tuple[str | None, Decimal]] = set()
    for project in writer.case.facts.projects:
        if not project.contract or (project.id, project.contract) in seen:
            continue
        seen.add((project.id, project.contract))
        batches = [p for p in writer.case.facts.projects if p.id == project.id] if project.id else [project]
        yield {
            "项目": writer.names_of(project.id) if project.id else (writer.name(project),),
            "合同": writer.amount(project.contract, [project.where("contract")]),
            "金额": writer.amount(total(batches), budget_cells(batches)),
        }


@content("contracts")
def contracts(writer: Writer, _: str) -> Iterator[Block]:
    """Contract facts in one sentence."""
    signed = list(_signed(writer))
    if len(signed) == 1:
        yield Paragraph(writer.say("contract", **signed[0]))
    elif signed:
        cells = [p.where("contract") for p in writer.case.facts.projects if p.contract]
        items = separated([writer.say("contract_item", **one) for one in signed], "；")
        yield Paragraph(writer.say("contracts", 份数=writer.count(len(signed), cells), 各合同=items))
