"""The filled workbook as facts: unit, projects, indicators and the texts around them.

Every row remembers its place, so that each figure can be traced to its cells. `None` means empty; a field
that holds something nobody can read is None too and its name stands in `unreadable`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from xlbudget.domain.where import Where


class Batch(StrEnum):
    INITIAL = "年初"
    SUPPLEMENTARY = "追加"


class Comparison(StrEnum):
    AT_LEAST = "≥"
    MORE = "＞"
    EQUAL = "＝"
    LESS = "＜"
    AT_MOST = "≤"
    QUALITATIVE = "定性"

    @property
    def wants_more(self) -> bool:
        """Whether a larger value is nearer to the target (≥ ＞ ＝)."""
        return self in (Comparison.AT_LEAST, Comparison.MORE, Comparison.EQUAL)


class Status(StrEnum):
    """What stands in a value cell instead of a number; NOT_DUE only in 当前完成值."""

    REACHED = "达成"
    PARTLY = "部分达成"
    MISSED = "未达成"
    NOT_DUE = "未到期"


class Likelihood(StrEnum):
    CERTAIN = "确定能"
    POSSIBLE = "有可能"
    IMPOSSIBLE = "完全不可能"


class Light(StrEnum):
    """Warning light (预警): 蓝 is ahead of time, 灰 not due yet."""

    RED = "红"
    YELLOW = "黄"
    GREEN = "绿"
    BLUE = "蓝"
    GREY = "灰"


class RemarkKind(StrEnum):
    """What reading a cell can have to say; each kind is reported by one rule of the family CEL."""

    REQUIRED = "required"
    NO_ACTUAL = "no_actual"
    NO_MONTH = "no_month"
    UNREADABLE = "unreadable"
    UNKNOWN_OPTION = "unknown_option"
    MONTH_RANGE = "month_range"
    NO_HEADER = "no_header"
    NO_SHEET = "no_sheet"
    TWICE = "twice"
    PICTURE = "picture"
    CELL_ERROR = "cell_error"
    INTERPRETED = "interpreted"
    OVERTYPED = "overtyped"
    SMALL_PERCENT = "small_percent"
    NOT_REFRESHED = "not_refreshed"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about how a cell was read."""

    kind: RemarkKind
    where: Where
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a sheet; `columns` maps field names to column numbers and is shared by a sheet's rows."""

    sheet: str
    row: int
    columns: Mapping[str, int]

    def where(self, field: str) -> Where:
        column = self.columns.get(field)
        return Where(self.sheet, self.row, column) if column else Where(self.sheet)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)


class Row(_Frozen):
    """Facts of one row, with its place."""

    place: Place
    unreadable: frozenset[str] = frozenset()

    def where(self, field: str) -> Where:
        """Return the cell of a field; without a cell when its column is missing."""
        return self.place.where(field)

    def unknown(self, field: str) -> bool:
        """Tell whether the cell holds something that could not be read."""
        return field in self.unreadable


class Unit(_Frozen):
    """首页: who reports, for which year and months, in which unit of money."""

    sheet: str
    cells: Mapping[str, tuple[int, int]]
    """Row and column of the value of each field that has its label."""
    full_name: str | None = None
    department: str | None = None
    budget_code: str | None = None
    supervisor: str | None = None
    region: str | None = None
    year: int | None = None
    cutoff_month: int
    amount_unit: str
    profile: str | None = None
    attachment_no: str | None = None
    prepared_by: str | None = None
    reviewed_by: str | None = None
    head: str | None = None
    phone: str | None = None
    filled_on: date | None = None

    @property
    def last_day(self) -> date | None:
        """Last day of the cutoff month; None while the year is unknown."""
        if self.year is None:
            return None
        return date(self.year, self.cutoff_month, monthrange(self.year, self.cutoff_month)[1])

    def where(self, field: str) -> Where:
        return Where(self.sheet, *self.cells.get(field, ()))


class Project(Row):
    """项目: one batch of one project with its own money, in 元."""

    id: str | None = None
    name: str | None = None
    department: str | None = None
    implementer: str | None = None
    funding: str | None = None
    batch: Batch | None = None
    month: int | None = None
    document_no: str | None = None
    amount: Decimal | None = None
    adjustment: Decimal | None = None
    spent: Decimal | None = None
    full_year_spending: Decimal | None = None
    contract: Decimal | None = None
    purpose: str | None = None
    goal: str | None = None
    key_project: bool | None = None
    remark: str | None = None

    @property
    def budget(self) -> Decimal | None:
        """调整后预算 in 元: 预算数 + 调整额; None when either cannot be known."""
        if self.amount is None or self.unknown("adjustment"):
            return None
        return self.amount + (self.adjustment or Decimal(0))

    @property
    def budget_cells(self) -> tuple[Where, ...]:
        fields = ("amount", "adjustment") if self.adjustment is not None else ("amount",)
        return tuple(self.where(field) for field in fields)


class Indicator(Row):
    """指标: a performance target of a project and how far it is. `target` of 定性 is a text."""

    project_id: str | None = None
    level1: str | None = None
    level2: str | None = None
    level3: str | None = None
    comparison: Comparison | None = None
    target: Decimal | str | None = None
    target_words: str | None = None
    """年度指标值 as typed, where that says more than the number (6月底前, 95%)."""
    measure_unit: str | None = None
    weight: Decimal | None = None
    timed: bool | None = None
    due_month: int | None = None
    actual: Decimal | Status | None = None
    full_year: Decimal | Status | None = None
    likelihood: Likelihood | None = None
    causes: tuple[str, ...] = ()
    reason: str | None = None
    reason_is_nothing: bool = False
    """Whether 原因说明 holds a mark for nothing (无, /)."""
    remark: str | None = None


class KeyWork(Row):
    """重点工作: a piece of work worth telling, with last year's figure where there is one."""

    category: str | None = None
    item: str | None = None
    quantity: Decimal | None = None
    quantity_words: str | None = None
    """The quantity as typed where that says more than the number (20余次)."""
    measure_unit: str | None = None
    before: Decimal | None = None
    note: str | None = None


class Correction(Row):
    """偏差整改: why a project deviates and what is done about it."""

    project_id: str | None = None
    causes: tuple[str, ...] = ()
    analysis: str | None = None
    measures: str | None = None
    responsible: str | None = None
    deadline: date | None = None
    result: str | None = None
    advice: str | None = None


class Note(Row):
    """文字说明: a paragraph of the unit's own for one section of the report."""

    section: str | None = None
    text: str | None = None
    mode: str | None = None

    @property
    def replaces(self) -> bool:
        """Whether the unit wants its own words instead of the generated ones."""
        return self.mode == "代替"


class Monitoring(_Frozen):
    """Everything that one unit filled in, and what there was to say while reading it."""

    unit: Unit
    projects: tuple[Project, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    key_works: tuple[KeyWork, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    remarks: tuple[Remark, ...] = ()
    absent: frozenset[str] = frozenset()
    """Columns (as 项目.spent) that are missing, or stand twice with different content: nobody knows what they say."""
