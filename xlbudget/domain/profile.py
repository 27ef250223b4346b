"""A profile (监控口径): every number and wording that a place may set differently. Read from TOML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from xlbudget.domain.model import Light, Likelihood, Status


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Method(StrEnum):
    """How indicators and the execution rate become a project's achievement (SPEC 4)."""

    EQUAL_MEAN = "equal_mean"
    WEIGHTED = "weighted"
    SELF_EVAL = "self_eval"

    @property
    def uses_weights(self) -> bool:
        return self is not Method.EQUAL_MEAN


class Weights(_Strict):
    """Weight of the execution rate, and what the weights of a project's indicators must add up to."""

    execution: Decimal = Field(gt=0)
    indicators: Decimal = Field(gt=0)


class Band(_Strict):
    """A band (分档) holds the rounded achievements from `lower` up to the next band."""

    label: str = Field(min_length=1)
    lower: Decimal = Field(ge=0, le=100)


class ForecastLimits(_Strict):
    """Largest gap to 100 for 能实现 and for 不能完全实现; whether the execution rate is averaged in."""

    reached: Decimal = Field(ge=0, le=100)
    partly: Decimal = Field(ge=0, le=100)
    include_execution: bool = False


class LightLimits(_Strict):
    """Limits of the lights: ratios to 序时进度, and achievements for what is judged when it is due."""

    red: Decimal = Field(gt=0)
    yellow: Decimal = Field(gt=0)
    blue: Decimal = Field(gt=0)
    due_yellow: Decimal = Field(ge=0, le=100)
    qualitative_yellow: Decimal = Field(ge=0, le=100)
    budget_red: Decimal = Field(gt=0)
    budget_yellow: Decimal = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> LightLimits:
        if not (self.red < self.yellow < self.blue and self.budget_red < self.budget_yellow):
            raise ValueError("红灯界限须小于黄灯界限，黄灯界限须小于蓝灯界限")
        return self


class ExecutionFloor(_Strict):
    """From month `month` on (until the next floor's month) the execution rate is at least `rate` %."""

    month: int = Field(ge=1, le=12)
    rate: Decimal = Field(ge=0, le=100)


class Version(_Strict):
    """Thresholds that a document sets for a time: in force from `valid_from` to `valid_until` (none: until further notice)."""

    valid_from: date
    valid_until: date | None = None
    source: str = Field(min_length=1)
    checked: date
    """Day on which the document was last looked up."""
    over_achievement: Decimal | None = Field(default=None, ge=0)
    execution_floors: tuple[ExecutionFloor, ...] | None = None
    achievement_gap: Decimal | None = Field(default=None, ge=0)
    decision_days: int | None = Field(default=None, ge=1, le=250)

    @property
    def values(self) -> dict[str, object]:
        """What it sets."""
        told = {"valid_from", "valid_until", "source", "checked"}
        return {name: getattr(self, name) for name in self.model_fields_set - told}


def covers(first: date, last: date | None, day: date) -> bool:
    """Whether a day lies in a time that may have no end."""
    return first <= day and (last is None or day <= last)


class Terms(_Strict):
    """Words that a place's reviewers go by."""

    levels: dict[str, tuple[str, ...]]
    """一级指标 → the 二级指标 that belong to it."""
    time_units: tuple[str, ...]
    """What the unit of a 时效指标 has in it."""
    growth: tuple[str, ...]
    """Names of rates that may exceed 100 %."""
    lasting: tuple[str, ...]
    """Names of what lasts for months, as against months of the calendar."""
    saving: tuple[str, ...]
    """Names of cost indicators of which more is better."""
    empty_reasons: tuple[str, ...]
    """Texts that stand where a reason should, and give none."""

    def gives_reason(self, text: str | None) -> bool:
        """Whether a text says anything."""
        return bool(text) and (text or "").strip("。.！! ") not in self.empty_reasons


class Section(_Strict):
    """A heading of the report with its content blocks and the sections below it."""

    heading: str = Field(min_length=1)
    content: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


class Addition(StrEnum):
    """What 监控表 has beside the official form."""

    ADJUSTED = "调整后预算"
    BATCHES = "预算批次"


class ReportForm(_Strict):
    """How the report is worded: title pattern, tree of sections, sentences and standard texts."""

    title: str
    sections: tuple[Section, ...]
    wording: dict[str, str]
    standard_text: dict[str, str] = {}
    labels: dict[str, str] = {}
    """Titles and heads of tables and forms that a place words differently (report/labels.py)."""
    additions: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnFile:
    """The file of a place's own profile: its name, eight hexadecimal digits over its content."""

    name: str
    digest: str
    replaces: bool
    """Whether a shipped profile has the same id or name."""

    def __str__(self) -> str:
        return f"“{self.name}”（校验码 {self.digest}）"


_NO_THRESHOLDS = {"execution_floors": (), "achievement_gap": None, "decision_days": None}


class Profile(_Strict):
    """Typed thresholds and wording of one place."""

    _own_file: OwnFile | None = PrivateAttr(default=None)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    valid_from: date
    valid_until: date | None = None
    usual_month: int | None = Field(default=None, ge=1, le=12)
    """监控截止月份 that a new workbook starts with."""
    method: Method
    weights: Weights
    bands: tuple[Band, ...] = Field(min_length=1)
    not_started: str = Field(min_length=1)
    forecast: ForecastLimits
    lights: LightLimits
    grades: dict[Status, Decimal]
    likelihood: dict[Likelihood, Decimal]
    over_achievement: Decimal = Field(ge=0)
    reasons_for: tuple[Light, ...] = (Light.RED, Light.YELLOW)
    """Lights of an indicator that need 偏差原因."""
    execution_floors: tuple[ExecutionFloor, ...] = ()
    achievement_gap: Decimal | None = Field(default=None, ge=0)
    """Largest distance between the indicators' achievement and the execution rate that needs no look."""
    decision_days: int | None = Field(default=None, ge=1, le=250)
    """Working days after the report in which 继续执行, 调剂 or 取消 is chosen for what deviates."""
    checked: date | None = None
    """Day on which the document behind it was last looked up."""
    versions: tuple[Version, ...] = ()
    """Thresholds of other times than the profile's own, or set anew within it; the latest in force counts."""
    terms: Terms
    report: ReportForm

    @property
    def own_file(self) -> OwnFile | None:
        """The file beside the workbook that this was read from; None for a shipped profile."""
        return self._own_file

    def read_from(self, file: OwnFile) -> Self:
        """This profile as one that was read from a file. (No field: a file must not say where it comes from.)"""
        own = self.model_copy()
        own._own_file = file
        return own

    def valid_on(self, day: date) -> bool:
        return covers(self.valid_from, self.valid_until, day)

    def on(self, day: date) -> Self:
        """This profile with the thresholds in force on a day: outside its own time none, but for its versions'."""
        values: dict[str, object] = {} if self.valid_on(day) else dict(_NO_THRESHOLDS)
        for version in sorted(self.versions, key=lambda one: one.valid_from):
            if covers(version.valid_from, version.valid_until, day):
                values |= version.values
        return self.model_copy(update=values) if values else self

    @model_validator(mode="after")
    def _partition(self) -> Profile:
        if self.bands[-1].lower != 0 or any(a.lower <= b.lower for a, b in pairwise(self.bands)):
            raise ValueError("bands 须从高到低排列，最后一档的 lower 为 0")
        if self.forecast.reached >= self.forecast.partly:
            raise ValueError("forecast.reached 须小于 forecast.partly")
        for floors in (self.execution_floors, *(one.execution_floors or () for one in self.versions)):
            if any(a.month >= b.month for a, b in pairwise(floors)):
                raise ValueError("execution_floors 须按月份从小到大排列")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until 不能早于 valid_from")
        missing = set(Likelihood) - set(self.likelihood)
        missing_grades = {Status.REACHED, Status.PARTLY, Status.MISSED} ^ set(self.grades)
        if missing or missing_grades:
            raise ValueError("grades 须含达成、部分达成、未达成，likelihood 须含确定能、有可能、完全不可能")
        return self
