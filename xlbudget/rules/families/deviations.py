"""DEV: projects that deviate, and what is done about it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment, Flag, ProjectResult
from xlbudget.rules.families.cells import yuan_suspects
from xlbudget.rules.registry import Family, Violation, rule

FAMILY = Family(6, "DEV", "偏差整改")


def _why(result: ProjectResult) -> str:
    parts = []
    if result.flag is not None and result.flag is not Flag.REACHED:
        parts.append(f"预计年底{result.flag}")
    if result.light in ("红", "黄"):
        parts.append(f"预警为{result.light}")
    return "，".join(parts)


@rule("DEV001", Severity.WARNING, title="有偏差的项目没有填偏差整改", needs=["偏差整改.project_id"])
def no_correction(case: Assessment) -> Iterator[Violation]:
    """预计不能完全实现目标，或者预警为红、黄的项目，要在“偏差整改”表说明原因和措施。"""
    corrected = {row.project_id for row in case.facts.corrections}
    for result in case.results:
        project = result.project
        if project.id is None or project.id in corrected or yuan_suspects(project):
            continue
        if result.deviates:
            corrected.add(project.id)
            message = f"“{project.name or project.id}”{_why(result)}，“偏差整改”表里还没有填。"
            yield Violation(
                project.where("name"), message, f"请在“偏差整改”表补一行，项目编号填“{project.id}”。"
            )


@rule("DEV002", Severity.ERROR, title="偏差整改的项目编号找不到", needs=["项目.id"])
def correction_of_unknown_project(case: Assessment) -> Iterator[Violation]:
    """“偏差整改”表的项目编号，要在“项目”表里有。"""
    known = {project.id for project in case.facts.projects}
    for row in case.facts.corrections:
        if row.project_id is not None and row.project_id not in known:
            message = f"项目编号“{row.project_id}”在“项目”表里找不到。"
            yield Violation(row.where("project_id"), message, "请改成“项目”表里的编号。")


def _today(case: Assessment) -> date | None:
    """填报日期, else the last day of the cutoff month; never the clock."""
    unit = case.facts.unit
    if unit.filled_on or unit.year is None:
        return unit.filled_on
    return date(unit.year, unit.cutoff_month, calendar.monthrange(unit.year, unit.cutoff_month)[1])


@rule("DEV003", Severity.WARNING, title="整改超过时限")
def correction_overdue(case: Assessment) -> Iterator[Violation]:
    """整改结果还是“未整改”的，到填报日期时不能已经超过整改完成时限（没有填报日期的，按监控截止月份的月末算）。"""
    today = _today(case)
    for row in case.facts.corrections:
        if row.result == "未整改" and row.deadline and today and row.deadline < today:
            message = f"整改时限 {row.deadline} 已过（按 {today} 算），整改结果还是“未整改”。"
            yield Violation(
                row.where("result"), message, "请更新整改结果；需要延期的，请改时限并在整改措施里说明。"
            )
