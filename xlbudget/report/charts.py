"""Charts of an assessment as data: what stands beside what. Hosts and exporters draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.measures import Assessment, ProjectResult, start_month, time_progress
from xlbudget.domain.model import Project
from xlbudget.domain.money import pct, percent

MOST = 30
"""Projects that are still legible in one chart on A4."""
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


Namer = Callable[[Project], str]


def shortened(text: str, room: int = LABEL) -> str:
    """A text of at most `room` characters: beginning and end, which tells batches and phases apart."""
    if len(text) <= room:
        return text
    tail = room * 2 // 5
    return f"{text[: room - tail - 1]}…{text[-tail:]}"


def _labels(results: Sequence[ProjectResult], name: Namer) -> tuple[str, ...]:
    short = [shortened(name(one.project)) for one in results]
    twice = Counter(short)
    return tuple(
        f"{label} {one.project.id or one.project.place.row}" if twice[label] > 1 else label
        for label, one in zip(short, results, strict=True)
    )


def _chosen(
    case: Assessment, value: Callable[[ProjectResult], Fraction | None], what: str
) -> tuple[list[ProjectResult], str]:
    """The rows to draw (the lowest ones where there are too many) and what was left out."""
    known = [one for one in case.results if value(one) is not None]
    missing = len(case.results) - len(known)
    notes = [f"{missing} 个项目算不出{what}，不在图中。"] if missing else []
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
        _labels(rows, name),
        (Series("实现程度", values), Series("序时进度", (percent(progress),) * len(rows), reference=True)),
        f"截至 {case.month} 月底，序时进度 {pct(progress)}%。{note}",
        most=100,
    )


def _row_progress(case: Assessment, result: ProjectResult) -> Decimal | None:
    start = start_month(result.project)
    return None if start is None or start > case.month else percent(time_progress(case.month, start))


def _execution(case: Assessment, name: Namer) -> Chart:
    rows, note = _chosen(case, lambda one: one.execution_rate, "预算执行率")
    values = tuple(percent(one.execution_rate) for one in rows)
    progress = tuple(_row_progress(case, one) for one in rows)
    return Chart(
        "execution",
        "各项目预算执行率与序时进度（%）",
        "项目",
        _labels(rows, name),
        (Series("预算执行率", values), Series("序时进度", progress, reference=True)),
        f"追加项目的序时进度从追加月份算起。{note}",
    )


def _bands(case: Assessment) -> Chart:
    bands = [(label, len(rows)) for label, rows in case.bands]
    if case.unknown_band:
        bands.append(("算不出", len(case.unknown_band)))
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
    return _achievement(case, name), _execution(case, name), _bands(case)
