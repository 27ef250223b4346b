"""PRJ: the list of projects and what belongs to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xlbudget.domain.finding import Severity, Where
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Batch, Project
from xlbudget.domain.names import alike_pairs
from xlbudget.rules.cells import lost_zeros, without_zeros
from xlbudget.rules.registry import Violation, rule
from xlbudget.sheets.layout import PROJECTS


def _first_rows(case: Assessment) -> dict[str, Project]:
    """The first row of each project number."""
    first: dict[str, Project] = {}
    for project in case.facts.projects:
        if project.id is not None:
            first.setdefault(project.id, project)
    return first


@rule("PRJ001", Severity.ERROR, title="项目重复")
def duplicate_key(case: Assessment) -> Iterator[Violation]:
    """项目编号、预算批次、追加月份都相同的，只能有一行。"""
    seen: dict[tuple[str, Batch, int | None], Project] = {}
    for project in case.facts.projects:
        incomplete = project.batch is Batch.SUPPLEMENTARY and project.month is None
        if project.id is None or project.batch is None or incomplete:
            continue
        month = project.month if project.batch is Batch.SUPPLEMENTARY else None
        first = seen.setdefault((project.id, project.batch, month), project)
        if first is not project:
            when = f"{month}月" if month else ""
            message = f"项目编号“{project.id}”的{when}{project.batch}批次与第 {first.place.row} 行重复，两行都计入了合计。"
            yield Violation(
                project.where("id"),
                message,
                "请删去多余的一行；是不同项目的，请改项目编号；是不同批次的，请改预算批次或追加月份。",
            )


@rule("PRJ002", Severity.WARNING, title="同一编号有两个名称")
def two_names(case: Assessment) -> Iterator[Violation]:
    """同一个项目编号的各个批次，项目名称要一样。"""
    first = _first_rows(case)
    for project in case.facts.projects:
        other = first.get(project.id or "")
        if other and project.name and other.name and project.name != other.name:
            message = f"编号“{project.id}”这里叫“{project.name}”，第 {other.place.row} 行叫“{other.name}”。"
            yield Violation(
                project.where("name"), message, "同一项目请用同一名称；是两个项目的，请用两个编号。"
            )


@rule("PRJ003", Severity.INFO, title="两个项目名称很像")
def similar_names(case: Assessment) -> Iterator[Violation]:
    """编号不同、名称只差一两个字的，可能是同一个项目写成了两个。"""
    projects = [(project.name, project) for project in _first_rows(case).values() if project.name]
    for at, later in alike_pairs([name for name, _ in projects]):
        (name, project), (second, other) = projects[at], projects[later]
        message = f"“{second}”与第 {project.place.row} 行“{name}”只差一两个字。"
        yield Violation(other.where("name"), message, "是同一项目请统一名称和编号；不是就不用改。")


@rule("PRJ004", Severity.ERROR, title="项目没有绩效指标", needs=["指标.project_id"])
def no_indicators(case: Assessment) -> Iterator[Violation]:
    """每个项目至少有一个绩效指标。"""
    with_indicators = {row.project_id for row in case.facts.indicators}
    first = _first_rows(case)
    bare = without_zeros(first)
    named = with_indicators | {lost_zeros(number, bare) for number in with_indicators if number}
    for number, project in first.items():
        if number not in named:
            message = f"“{project.name or number}”在“指标”表里没有指标，算不出实现程度。"
            yield Violation(project.where("id"), message, f"请在“指标”表补填编号“{number}”的指标。")


@rule("PRJ005", Severity.WARNING, title="追加月份晚于监控截止月份")
def supplement_after_cutoff(case: Assessment) -> Iterator[Violation]:
    """追加月份不晚于监控截止月份。"""
    for project in case.facts.projects:
        if project.batch is Batch.SUPPLEMENTARY and project.month and project.month > case.month:
            message = f"追加月份 {project.month} 月晚于监控截止的 {case.month} 月。"
            yield Violation(project.where("month"), message, "请核对追加月份，或首页的监控截止月份。")


def _missing_level(case: Assessment, levels: tuple[str, ...]) -> Iterator[tuple[Project, str]]:
    """Projects with indicators that lack one of the levels; rows with an unread level may be it."""
    found: dict[str | None, set[str | None]] = defaultdict(set)
    for row in case.facts.indicators:
        found[row.project_id].add(row.level1)
    for number, project in _first_rows(case).items():
        present = found.get(number, {None})
        lacking = [level for level in levels if level not in present]
        if lacking and None not in present:
            yield project, "、".join(lacking)


@rule("PRJ006", Severity.WARNING, title="缺产出指标或效益指标", needs=["指标.level1"])
def no_output_or_benefit(case: Assessment) -> Iterator[Violation]:
    """每个项目要有产出指标和效益指标。"""
    for project, lacking in _missing_level(case, ("产出指标", "效益指标")):
        message = f"“{project.name or project.id}”没有{lacking}。"
        yield Violation(
            project.where("id"), message, f"请在“指标”表补填{lacking}，或核对已填指标的一级指标。"
        )


@rule("PRJ007", Severity.INFO, title="没有满意度指标", needs=["指标.level1"])
def no_satisfaction(case: Assessment) -> Iterator[Violation]:
    """面向服务对象的项目一般有满意度指标。"""
    for project, lacking in _missing_level(case, ("满意度指标",)):
        message = f"“{project.name or project.id}”没有{lacking}。"
        yield Violation(project.where("id"), message, "有服务对象的项目请补填；没有就不用管。")


@rule("PRJ008", Severity.ERROR, title="没有填项目", needs=["项目.id"])
def no_projects(case: Assessment) -> Iterator[Violation]:
    """“项目”表至少填一个项目。"""
    if not case.facts.projects:
        yield Violation(
            Where(PROJECTS.name), "“项目”表里一个项目也没有填。", "请先填“项目”表，再填“指标”表。"
        )
