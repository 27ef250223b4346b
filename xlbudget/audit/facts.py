"""What a document states about projects and money, as facts that can be compared: measure, subject, value, place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xlbudget.audit.finding import Quote
from xlbudget.domain.money import plain


class Measure(StrEnum):
    """What is measured. Money is in 元, percentages on a 0–100 scale."""

    COUNT = "项目个数"
    BUDGET = "预算"
    SPENT = "支出"
    LEFT = "结余"
    CONTRACT = "合同金额"
    RATE = "执行率"
    ACHIEVEMENT = "实现程度"
    FORECAST = "预计实现程度"
    MONTH = "追加月份"


MONEY_MEASURES = {Measure.BUDGET, Measure.SPENT, Measure.LEFT, Measure.CONTRACT}
PERCENT_MEASURES = {Measure.RATE, Measure.ACHIEVEMENT, Measure.FORECAST}


class Whole(StrEnum):
    """Which projects together a fact is about."""

    ALL = "全部项目"
    INITIAL = "年初项目"
    ADDED = "追加项目"
    CLASS = "预计分类"
    BAND = "分档"
    PROJECT = "项目"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact is about; `name` is the class, the band or the project, `batch` a project's batch where it is said."""

    whole: Whole
    name: str = ""
    batch: Whole | None = None

    def __str__(self) -> str:
        shown = f"“{self.name}”" if self.whole is Whole.PROJECT else self.name or str(self.whole)
        return f"{shown}（{self.batch}）" if self.batch else shown


@dataclass(frozen=True, slots=True)
class Band:
    """A band of percentages: from `lower` (counted in) to below `upper`; no bounds: 工作未开展."""

    lower: Decimal | None
    upper: Decimal | None

    @property
    def label(self) -> str:
        if self.lower is None:
            return "工作未开展" if self.upper is None else f"{plain(self.upper)}%以下"
        return (
            f"{plain(self.lower)}%以上"
            if self.upper is None
            else f"{plain(self.lower)}%—{plain(self.upper)}%"
        )

    def holds(self, value: Decimal) -> bool:
        return (self.lower is None or value >= self.lower) and (self.upper is None or value < self.upper)


NOT_STARTED = Band(None, None)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its meaning. `step` is one unit of its last digit, `about` tells 约, 余, 以上."""

    measure: Measure
    subject: Subject
    value: Decimal
    step: Decimal
    about: bool
    unit: str
    quote: Quote
    block: int
    start: int
    band: Band | None = None
    listed: bool = False
    """Whether the things counted are said to follow (具体如下)."""
    together: bool = False
    """Whether the words say that it is all of it (共, 合计, 总)."""
    bare: bool = False
    """Whether it stands right behind a name, and only the context tells that it is a budget."""

    @property
    def shown(self) -> str:
        """The number with its unit as it is printed."""
        return worded(self.measure, self.value, self.unit)


def worded(measure: Measure, value: Decimal, unit: str = "") -> str:
    """A number of a measure in words: 27.75万元, 35%, 7个."""
    if measure in MONEY_MEASURES:
        return f"{plain(value)}元" if unit == "元" else f"{plain(value / 10_000)}万元"
    if measure in PERCENT_MEASURES:
        return f"{plain(value)}%"
    return f"{plain(value)}{'月' if measure is Measure.MONTH else unit or '个'}"
