"""What every block of the report is written with, and the registry of blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Batch, Project
from xlbudget.domain.registry import declare
from xlbudget.domain.where import Where
from xlbudget.report.document import (
    Block,
    Figure,
    Runs,
    words,
)
from xlbudget.report.form import COMMON, CONTENTS, SENTENCES
from xlbudget.report.wording import (
    Value,
    amount,
    fill,
)


@dataclass(frozen=True)
class Writer:
    """What every content block writes with: the case and the profile's sentences."""

    case: Assessment

    def say(self, key: str, **values: Value) -> Runs:
        """Fill the profile's sentence `key`; unit, year and month are always at hand."""
        assert set(values) <= {*SENTENCES[key], *COMMON}, (key, sorted(values))
        return fill(self.case.profile.report.wording[key], {**self.common, **values})

    @cached_property
    def common(self) -> dict[str, Value]:
        unit = self.case.facts.unit
        full_name = unit.full_name or unit.department or "（单位全称未填）"
        return {
            "单位全称": Figure(full_name, (unit.where("full_name"),)),
            "单位": Figure(unit.department or full_name, (unit.where("department"),)),
            "年度": Figure(str(unit.year or "（年度未填）"), (unit.where("year"),)),
            "月": Figure(str(self.case.month), (unit.where("cutoff_month"),)),
            "期间": f"1—{self.case.month}月" if self.case.month > 1 else "1月",
            "个数": self.count(len(self.case.results), self._ids),
        }

    def count(self, number: int, sources: Iterable[Where]) -> Figure:
        """A number of things; a 0 rests on everything that was looked at."""
        return Figure(str(number), tuple(sources) or self._ids)

    def amount(self, yuan: Decimal, sources: Iterable[Where]) -> Figure:
        """An amount in 万元; a 0 rests on everything that was looked at."""
        return amount(yuan, tuple(sources) or self._ids)

    @cached_property
    def _ids(self) -> tuple[Where, ...]:
        return tuple(project.where("id") for project in self.case.facts.projects)

    def name(self, project: Project) -> Figure:
        """The project's name; with its batch where the name stands twice."""
        name = project.name or "（项目名称未填）"
        if self._names[project.name] > 1:
            name += words(self.say("batch", 批次=self._batch(project)))
        return Figure(name, (project.where("name"),))

    def plain_name(self, project: Project) -> str:
        return self.name(project).text

    @cached_property
    def _names(self) -> Counter[str | None]:
        return Counter(project.name for project in self.case.facts.projects)

    def _batch(self, project: Project) -> Runs:
        if project.batch is Batch.SUPPLEMENTARY:
            month = project.month
            return self.say("batch_supplementary", 追加月份=str(month)) if month else ("追加，月份未填",)
        return self.say("batch_initial") if project.batch else ("批次未填",)

    def names_of(self, project_id: str | None) -> Runs:
        """The project that a row of 偏差整改 speaks of (one name for all its batches)."""
        for project in self.case.facts.projects:
            if project.id == project_id and project.name:
                return (Figure(project.name, (project.where("name"),)),)
        return (f"项目{project_id or '（编号未填）'}",)


Content = Callable[[Writer, str], Iterator[Block]]
CONTENT: dict[str, Content] = {}


def content(name: str) -> Callable[[Content], Content]:
    """Register a block that a profile's sections may name (with `:章节` where it takes notes)."""

    def register(function: Content) -> Content:
        assert name in CONTENTS, name
        declare(CONTENT, name, function)
        return function

    return register
