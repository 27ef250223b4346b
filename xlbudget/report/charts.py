"""Charts of an assessment as data: what stands beside what. Hosts and exporters draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
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


def _chosen(
    case: Assessment, value: Callable[[ProjectResult], Fraction | None], what: str
) -> tuple[list[ProjectResult], str]:
    """The rows to draw (the lowest ones where there are too many) and what was left out."""
    known = [one for one in case.results if value(one) is not None]
    missing = len(case.results) - len(known)
    notes = [f"{missing} 个项目暂不能计算{what}，不在图中。"] if missing else []
    if len(known) > MOST:
        notes.insert(0, f"共 {len(case.results)} 个项目，图中是{what}最低的 {MOST} 个。")
        known = sorted(known, key=lambda one: value(one) or Fraction(0))[:MOST]
    return known, "".join(notes) or ("" if known else "没有项目。")


def _achievement(case: Assessment, name: Namer) -> Chart:
    rows, note = _chosen(case, lambda one: one.achievement, "实现程度")
    progress = time_progress(case.month)
    values = tuple(percent(one.achievement) for one in rows)
    return Chart(
        "achievement",
        "各项目绩效目标实现程度与序时进度（%）",
        "项目",
        tuple(name(one.project) for one in rows),
        (Series("实现程度", values), Series("序时进度", (percent(progress),) * len(rows), reference=True)),
        f"截至 {case.month} 月底，序时进度 {pct(progress)}%。{note}",
        most=100,
    )


def _row_progress(case: Assessment, result: ProjectResult) -> Decimal | None:
    start = start_month(result.project)
    return None if start is None or start > case.month else percent(time_progress(case.month, start))


def _since(case: Assessment) -> str:
    """What has to be said of time progress where a supplementary budget is drawn."""
    added = any(one.project.batch is Batch.SUPPLEMENTARY for one in case.results)
    return "追加项目的序时进度从追加月份算起。" if added else ""


def _execution(case: Assessment, name: Namer) -> Chart:
    rows, note = _chosen(case, lambda one: one.execution_rate, "预算执行率")
    values = tuple(percent(one.execution_rate) for one in rows)
    progress = tuple(_row_progress(case, one) for one in rows)
    return Chart(
        "execution",
        "各项目预算执行率与序时进度（%）",
        "项目",
        tuple(name(one.project) for one in rows),
        (Series("预算执行率", values), Series("序时进度", progress, reference=True)),
        f"{_since(case)}{note}",
    )


def _bands(case: Assessment) -> Chart:
    bands = [(label, len(rows)) for label, rows in case.bands]
    if case.unknown_band:
        bands.append(("数据不全", len(case.unknown_band)))
    return Chart(
        "bands",
        "各实现程度分档的项目数（个）",
        "分档",
        tuple(label for label, _ in bands),
        (Series("项目数", tuple(Decimal(number) for _, number in bands)),),
        f"共 {len(case.results)} 个项目。",
        across=False,
    )


def charts(case: Assessment, name: Namer) -> tuple[Chart, ...]:
    """Achievement and execution by project, each against time progress, and the bands; `name` words a project."""
    label = _namer(case, name)
    return _achievement(case, label), _execution(case, label), _bands(case)
