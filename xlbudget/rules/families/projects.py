"""PRJ: the list of projects and what belongs to each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Batch, Comparison, Indicator, Project
from xlbudget.domain.names import alike_pairs
from xlbudget.domain.where import Where
from xlbudget.layout import PROJECTS
from xlbudget.rules.families.cells import lost_zeros, without_zeros
from xlbudget.rules.registry import Family, Violation, rule
from xlbudget.rules.words import bare, name, tells_of_several_years

FAMILY = Family(2, "PRJ", "项目")


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
    for at, later in alike_pairs([title for title, _ in projects]):
        (first, project), (second, other) = projects[at], projects[later]
        message = f"“{second}”与第 {project.place.row} 行“{first}”只差一两个字。"
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


# -- what reviewers return -----------------------------------------------------------------------------


def _indicators_of(case: Assessment) -> Iterator[tuple[Project, list[Indicator]]]:
    """Projects that have indicators, each at its first row."""
    rows: dict[str | None, list[Indicator]] = defaultdict(list)
    for row in case.facts.indicators:
        rows[row.project_id].append(row)
    for number, project in _first_rows(case).items():
        if number in rows:
            yield project, rows[number]


_WANTED = {"质量指标": "质量", "时效指标": "时效", "成本指标": "成本"}


@rule("PRJ009", Severity.INFO, title="缺质量、时效或成本指标", needs=["指标.level1", "指标.level2"])
def lacking_kinds(case: Assessment) -> Iterator[Violation]:
    """一个项目的指标一般包括质量、时效、成本三方面。"""
    for project, rows in _indicators_of(case):
        if any(row.level1 is None or row.level2 is None for row in rows):
            continue
        kinds = {f"{row.level1}{row.level2}" for row in rows}
        lacking = [title for title, word in _WANTED.items() if not any(word in kind for kind in kinds)]
        if lacking:
            message = f"“{project.name or project.id}”没有{'、'.join(lacking)}。"
            yield Violation(project.where("id"), message, "适合考核的请补填；不适合的就不用管。")


@rule("PRJ010", Severity.INFO, title="只有定性指标", needs=["指标.comparison"])
def only_qualitative(case: Assessment) -> Iterator[Violation]:
    """一个项目至少有一个能用数考核的指标。"""
    for project, rows in _indicators_of(case):
        if all(row.comparison is Comparison.QUALITATIVE for row in rows):
            message = f"“{project.name or project.id}”的 {len(rows)} 个指标都是定性指标，没有一个能用数考核。"
            yield Violation(project.where("id"), message, "请把能计数的改为定量指标。")


def _goals(case: Assessment) -> dict[str, tuple[Project, str]]:
    """The goal of each project that has one, with the row where it first stands."""
    found: dict[str, tuple[Project, str]] = {}
    for project in case.facts.projects:
        if project.id is not None and project.goal:
            found.setdefault(project.id, (project, project.goal))
    return found


@rule("PRJ011", Severity.WARNING, title="年度总体目标没有填", needs=["项目.goal", "项目.id"])
def no_goal(case: Assessment) -> Iterator[Violation]:
    """每个项目要填年度总体目标；全部项目都没有填的，只提示一次。"""
    goals = _goals(case)
    unread = {project.id for project in case.facts.projects if project.unknown("goal")}
    lacking = [
        one for number, one in _first_rows(case).items() if number not in goals and number not in unread
    ]
    remedy = "请补填，与绩效目标申报表一致。"
    if not goals and lacking:
        message = f"{len(lacking)} 个项目的年度总体目标都没有填。"
        yield Violation(lacking[0].where("goal"), message, remedy, Severity.INFO)
        return
    for project in lacking:
        yield Violation(project.where("goal"), f"{name(project) or project.id}没有填年度总体目标。", remedy)


@rule("PRJ012", Severity.WARNING, title="年度总体目标只是项目名称")
def goal_is_the_name(case: Assessment) -> Iterator[Violation]:
    """年度总体目标要写明做什么、做到什么程度，不能只写项目名称。"""
    for project, goal in _goals(case).values():
        if project.name and bare(goal) == bare(project.name):
            yield Violation(
                project.where("goal"),
                f"{name(project)}的年度总体目标只写了项目名称。",
                "请写明一年里要做哪些事、达到什么效果。",
            )


@rule("PRJ013", Severity.INFO, title="几个项目的年度总体目标相同")
def same_goal(case: Assessment) -> Iterator[Violation]:
    """不同项目的年度总体目标一般不相同。"""
    first: dict[str, Project] = {}
    for project, goal in _goals(case).values():
        other = first.setdefault(bare(goal), project)
        if other is not project:
            message = f"{name(project)}的年度总体目标与第 {other.place.row} 行{name(other)}一字不差。"
            yield Violation(project.where("goal"), message, "请按各自的任务填写；确实相同的不用改。")


@rule("PRJ014", Severity.WARNING, title="资金用途只是项目名称")
def purpose_is_the_name(case: Assessment) -> Iterator[Violation]:
    """资金用途要写明钱用来做什么，不能只写项目名称。"""
    for project in case.facts.projects:
        if not project.purpose or not project.name:
            continue
        if bare(project.purpose) == bare(project.name):
            yield Violation(
                project.where("purpose"),
                f"{name(project)}的资金用途只写了项目名称，报告里会变成一句空话。",
                "请写明钱用来做什么，例如购买什么、补助谁。",
            )


_YEARS = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CARRIED = re.compile(r"结转|跨年|延续|续建|尾款|质保|清算|补发|欠")


@rule("PRJ015", Severity.INFO, title="项目名称里是别的年度")
def year_of_another(case: Assessment) -> Iterator[Violation]:
    """项目名称里写了年度的，一般是预算年度；资金用途或备注写明跨年、结转的不提。"""
    year = case.facts.unit.year
    for project in _first_rows(case).values():
        years = {int(one) for one in _YEARS.findall(project.name or "")}
        if year is None or not years or min(years) <= year <= max(years):
            continue
        told = f"{project.purpose or ''}{project.remark or ''}"
        explained = years & {int(one) for one in _YEARS.findall(told)}
        if explained or _CARRIED.search(f"{project.name}{told}") or tells_of_several_years(project):
            continue
        shown = "、".join(map(str, sorted(years)))
        message = f"{name(project)}名称里是 {shown} 年，预算年度是 {year} 年。"
        yield Violation(project.where("name"), message, "请核对；是以前年度项目的，请在备注里写明。")


@rule("PRJ016", Severity.INFO, title="部门名称与首页不同")
def other_department(case: Assessment) -> Iterator[Violation]:
    """项目行的部门名称一般与首页的部门名称相同；同一个名称只提一次。"""
    unit = case.facts.unit
    known = {bare(one) for one in (unit.department, unit.full_name, unit.supervisor) if one}
    if not unit.department:
        return
    for project in case.facts.projects:
        title = bare(project.department or "")
        if title and title not in known and not project.remark:
            known.add(title)
            message = f"部门名称“{project.department}”与首页的“{unit.department}”不同。"
            yield Violation(
                project.where("department"), message, "请核对；是下属单位的，请填在“实施单位”一栏。"
            )


_TRANSFER = "上级转移支付"


@rule("PRJ017", Severity.INFO, title="没有填追加文号", needs=["项目.document_no"])
def no_document(case: Assessment) -> Iterator[Violation]:
    """追加的预算、上级转移支付，要填下达资金的文号。"""
    for project in case.facts.projects:
        added = project.batch is Batch.SUPPLEMENTARY
        if (
            not (added or project.funding == _TRANSFER)
            or project.document_no
            or project.unknown("document_no")
        ):
            continue
        if "号" not in f"{project.purpose or ''}{project.remark or ''}":
            what = "是追加的预算" if added else f"资金来源是{_TRANSFER}"
            message = f"{name(project)}{what}，没有填文号。"
            yield Violation(
                project.where("document_no"), message, "请补填下达资金的文号；没有文号的请在备注里说明。"
            )
