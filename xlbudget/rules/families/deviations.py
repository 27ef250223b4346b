"""DEV: projects that deviate, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment, Flag, ProjectResult
from xlbudget.domain.model import Indicator, Light, Likelihood
from xlbudget.domain.workdays import after_working_days
from xlbudget.rules.families.cells import yuan_suspects
from xlbudget.rules.registry import Family, Violation, rule
from xlbudget.rules.words import name, project_named

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
    return unit.filled_on or unit.last_day


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


# -- what reviewers return -----------------------------------------------------------------------------


def _deviating(case: Assessment) -> set[str | None]:
    """Numbers of the projects of which there is something to explain."""
    lights = (Light.RED, Light.YELLOW)
    return {one.project.id for one in case.results if one.deviates or one.budget_light in lights}


@rule("DEV004", Severity.WARNING, title="完全不可能实现，处理建议却是继续执行", needs=["项目.id"])
def impossible_but_goes_on(case: Assessment) -> Iterator[Violation]:
    """有指标完全不可能完成的项目，处理建议一般不是“继续执行”。"""
    impossible: dict[str | None, Indicator] = {}
    for one in case.facts.indicators:
        if one.likelihood is Likelihood.IMPOSSIBLE:
            impossible.setdefault(one.project_id, one)
    for row in case.facts.corrections:
        indicator = impossible.get(row.project_id)
        if row.advice == "继续执行" and indicator:
            message = f"指标{name(indicator)}完全不可能完成，处理建议却是“继续执行”。"
            remedy = "请改处理建议（调剂、调减、收回、暂停），或者核对指标的完成目标可能性。"
            yield Violation(row.where("advice"), message, remedy)


_ASKED = {"responsible": "责任人", "deadline": "整改完成时限"}


@rule("DEV005", Severity.INFO, title="没有填责任人或整改完成时限")
def nobody_or_no_deadline(case: Assessment) -> Iterator[Violation]:
    """整改措施要有责任人和完成时限；已经整改的不提。"""
    for row in case.facts.corrections:
        lacking = [
            field for field in _ASKED
            if getattr(row, field) is None and not row.unknown(field) and row.where(field).at
        ]  # fmt: skip
        if lacking and row.result != "已整改":
            what = "和".join(_ASKED[field] for field in lacking)
            yield Violation(row.where(lacking[0]), f"没有填{what}。", f"请补填{what}。")


@rule("DEV006", Severity.INFO, title="整改完成时限在预算年度以后")
def deadline_after_the_year(case: Assessment) -> Iterator[Violation]:
    """整改要在预算年度内完成。"""
    year = case.facts.unit.year
    for row in case.facts.corrections:
        if year is not None and row.deadline and row.deadline.year > year:
            message = f"整改完成时限 {row.deadline} 在 {year} 年以后。"
            yield Violation(row.where("deadline"), message, "请核对；确实要到下一年的，请在整改措施里说明。")


@rule("DEV007", Severity.INFO, title="没有偏差的项目填了偏差整改", needs=["项目.id"])
def correction_without_deviation(case: Assessment) -> Iterator[Violation]:
    """“偏差整改”表只填有偏差的项目；算不出有没有偏差的、已经整改的不提。"""
    deviating = _deviating(case)
    judged = {one.project.id for one in case.results if one.flag is not None and one.light is not None}
    unsure = {one.project.id for one in case.results if one.flag is None or one.light is None}
    for row in case.facts.corrections:
        number = row.project_id
        if number in judged and number not in unsure | deviating and row.result != "已整改":
            message = f"“{project_named(case)(number)}”预计能实现目标，预警也不是红、黄。"
            yield Violation(row.where("project_id"), message, "请核对项目编号；没有偏差的不用填。")


@rule("DEV008", Severity.WARNING, title="原因分析等于没有说")
def analysis_says_nothing(case: Assessment) -> Iterator[Violation]:
    """有偏差的项目，原因分析不能只写“正常”一类的话。"""
    deviating = _deviating(case)
    for row in case.facts.corrections:
        if row.analysis and row.project_id in deviating and not case.profile.terms.gives_reason(row.analysis):
            message = f"原因分析只写“{row.analysis}”，没有说明为什么有偏差。"
            yield Violation(row.where("analysis"), message, "请写明具体原因，例如哪项工作、因为什么推迟。")


@rule("DEV009", Severity.INFO, title="没有填处理建议")
def no_advice(case: Assessment) -> Iterator[Violation]:
    """监控口径规定了期限的，有偏差的项目要在期限内（从填报日期算，周一至周五计）确定处理建议。"""
    days, filled = case.profile.decision_days, case.facts.unit.filled_on
    if days is None or filled is None:
        return
    last, deviating = after_working_days(filled, days), _deviating(case)
    for row in case.facts.corrections:
        if (
            row.project_id in deviating
            and row.advice is None
            and not row.unknown("advice")
            and row.where("advice").at
        ):
            message = f"没有填处理建议，最迟 {last}（报告报出后 {days} 个工作日，遇法定节假日顺延）确定。"
            yield Violation(row.where("advice"), message, "请从列表里选继续执行、调剂、调减、收回或暂停。")
