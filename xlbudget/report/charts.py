"""Charts of an assessment as data: what stands beside what. Hosts and exporters draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.measures import Assessment, ProjectResult, start_month, time_progress
from xlbudget.domain.model import Batch, Project
from xlbudget.domain.money import pct, percent

MOST = 12
"""Projects in a chart: two charts share a page of A4."""
LABEL = 16
"""Characters of a project's name that a chart has room for."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of the chart's labels; a `reference` is what the others are held against."""

    name: str
    values: tuple[Decimal | None, ...]
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars across (one a project) or columns. `key` never changes; `note` says what is left out."""

    key: str
    title: str
    heading: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str
    statement: str = ""
    """What it shows, in a sentence that changes with the figures: drawn pictures have it as their title. (The title of a
    native chart stays as it was made, or as somebody worded it.)"""
    lights: tuple[str | None, ...] = ()
    """The light of each bar, which gives a drawn picture its colours and patterns."""
    across: bool = True
    most: int | None = None
    """Upper end of the axis, where it is known."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw; the note says why."""
        return not self.labels


Namer = Callable[[Project], str]


def shortened(text: str, room: int = LABEL) -> str:
    """A text of at most `room` characters: beginning and end, which tells batches and phases apart."""
    if len(text) <= room:
        return text
    tail = room * 2 // 5
    return f"{text[: room - tail - 1]}…{text[-tail:]}"


def _namer(case: Assessment, name: Namer) -> Namer:
    """How a project is labelled in every chart, whichever others stand beside it."""
    short = {id(one.project): shortened(name(one.project)) for one in case.results}
    twice = Counter(short.values())

    def label(project: Project) -> str:
        text = short[id(project)]
        return f"{text} {project.id or project.place.row}" if twice[text] > 1 else text

    return label


@dataclass(frozen=True, slots=True)
class _Bar:
    """A project in a chart: what it reached and 序时进度, as percentages; `due` is None where it has not begun."""

    result: ProjectResult
    value: Decimal
    due: Decimal | None

    @property
    def project(self) -> Project:
        return self.result.project

    @property
    def gap(self) -> Decimal:
        return self.value - (self.due or Decimal(0))


def _chosen(case: Assessment, bars: list[_Bar], what: str) -> tuple[list[_Bar], str]:
    """The bars to draw, those furthest behind first (and alone where there are too many), and what was left out."""
    missing = len(case.results) - len(bars)
    notes = [f"{missing} 个项目暂不能计算{what}，不在图中。"] if missing else []
    if len(bars) > MOST:
        notes.insert(0, f"共 {len(case.results)} 个项目，图中是{what}落后最多的 {MOST} 个。")
    return sorted(bars, key=lambda one: one.gap)[:MOST], "".join(notes) or ("" if bars else "没有项目。")


def _statement(bars: list[_Bar], what: str, due: str) -> str:
    """What a chart shows, in a sentence: how many projects are behind."""
    behind = sum(one.due is not None and one.value < one.due for one in bars)
    if behind:
        return f"{behind} 个项目的{what}低于序时进度{due}"
    return f"各项目的{what}都不低于序时进度{due}" if bars else ""


def _against_time(
    key: str, what: str, bars: list[_Bar], drawn: list[_Bar], name: Namer, due: str, note: str
) -> Chart:
    statement = _statement(bars, what, due)
    return Chart(
        key,
        f"各项目{'绩效目标' if what == '实现程度' else ''}{what}与序时进度（%）",
        "项目",
        tuple(name(one.project) for one in drawn),
        (
            Series(what, tuple(one.value for one in drawn)),
            Series("序时进度", tuple(one.due for one in drawn), reference=True),
        ),
        f"{statement}。{note}" if statement else note,
        statement,
        tuple(one.result.light for one in drawn),
    )


def _bars(
    case: Assessment,
    value: Callable[[ProjectResult], Fraction | None],
    due: Callable[[ProjectResult], Decimal | None],
) -> list[_Bar]:
    shown = ((one, percent(value(one))) for one in case.results)
    return [_Bar(one, number, due(one)) for one, number in shown if number is not None]


def _achievement(case: Assessment, name: Namer) -> Chart:
    progress = percent(time_progress(case.month))
    bars = _bars(case, lambda one: one.achievement, lambda _: progress)
    drawn, note = _chosen(case, bars, "实现程度")
    told = f"截至 {case.month} 月底，序时进度 {pct(time_progress(case.month))}%。{note}"
    due = f"（{pct(time_progress(case.month))}%）"
    return replace(_against_time("achievement", "实现程度", bars, drawn, name, due, told), most=100)


def _row_progress(case: Assessment, result: ProjectResult) -> Decimal | None:
    start = start_month(result.project)
    return None if start is None or start > case.month else percent(time_progress(case.month, start))


def _since(case: Assessment) -> str:
    """What has to be said of time progress where a supplementary budget is drawn."""
    added = any(one.project.batch is Batch.SUPPLEMENTARY for one in case.results)
    return "追加项目的序时进度从追加月份算起。" if added else ""


def _execution(case: Assessment, name: Namer) -> Chart:
    bars = _bars(case, lambda one: one.execution_rate, lambda one: _row_progress(case, one))
    drawn, note = _chosen(case, bars, "预算执行率")
    told = f"{_since(case)}{note}"
    return _against_time("execution", "预算执行率", bars, drawn, name, "", told)


def _bands(case: Assessment) -> Chart:
    bands = [(label, len(rows)) for label, rows in case.bands]
    if case.unknown_band:
        bands.append(("数据不全", len(case.unknown_band)))
    top = max(number for _, number in bands)
    most = [label for label, number in bands if number == top and number]
    statement = f"实现程度在“{most[0]}”的项目最多，有 {top} 个" if len(most) == 1 else ""
    return Chart(
        "bands",
        "各实现程度分档的项目数（个）",
        "分档",
        tuple(label for label, _ in bands),
        (Series("项目数", tuple(Decimal(number) for _, number in bands)),),
        f"{f'{statement}。' if statement else ''}共 {len(case.results)} 个项目。",
        statement,
        across=False,
    )


def charts(case: Assessment, name: Namer) -> tuple[Chart, ...]:
    """Achievement and execution by project, each against time progress, and the bands; `name` words a project."""
    label = _namer(case, name)
    return _achievement(case, label), _execution(case, label), _bands(case)
