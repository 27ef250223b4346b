"""A workbook read and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbudget import layout, profiles
from xlbudget.domain.finding import Finding
from xlbudget.domain.measures import Assessment, assess
from xlbudget.domain.model import Monitoring, Remark, RemarkKind
from xlbudget.domain.profile import Profile
from xlbudget.domain.told import Told
from xlbudget.files.writing import reason
from xlbudget.hosts import Host
from xlbudget.hosts.package import Package
from xlbudget.judge import Judged, judge
from xlbudget.layout.bind import Bound, bind
from xlbudget.layout.memory import MEMORY_SHEET
from xlbudget.reading.table import Table
from xlbudget.report.document import Document
from xlbudget.report.form import faults


class CannotGoOn(Told):
    """Something about the input or the request that the user has to change; exit code 2."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that was read, judged and checked."""

    front: Table
    memory: Table | None
    bound: Bound
    judged: Judged

    @property
    def case(self) -> Assessment:
        return self.judged.case

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.judged.findings

    @property
    def draft(self) -> bool:
        return self.judged.draft

    @property
    def report(self) -> Document:
        return self.judged.report


def exists(path: Path) -> bool:
    """Whether a path is there. Raises CannotGoOn for a name that no file can have."""
    try:
        return path.exists()
    except OSError as error:
        raise CannotGoOn(f"“{path}”不能用：{reason(error)}。请换一个名字。") from None
    except ValueError:
        raise CannotGoOn(f"“{path}”不能用作文件名。请换一个名字。") from None


def open_workbook(path: Path, content: bytes | None = None, *, strict: bool = False) -> Opened:
    """Read and check a workbook file, or its `content`. Raises Told; `strict` lets a crashing rule raise."""
    return open_host(package_of(path, content), path.resolve().parent, strict=strict)


def package_of(path: Path, content: bytes | None = None) -> Package:
    if path.suffix.lower() == ".xls" and exists(path):
        raise CannotGoOn(f"“{path.name}”是旧的 .xls 格式。请用 Excel 或 WPS 打开，另存为 .xlsx，再试。")
    return Package(path, content)


INPUT_NAMES = (*(sheet.name for sheet in layout.INPUT_SHEETS), MEMORY_SHEET)
"""The sheets that are read."""


def open_host(
    host: Host, folder: Path | None, remarks: Sequence[Remark] = (), *, strict: bool = False
) -> Opened:
    """Read and check a workbook, wherever it lives; `remarks` are added to what reading has to say.

    Profiles of one's own are looked for in `folder`. Raises Told.
    """
    tables = host.tables(INPUT_NAMES)
    bound = bind(tables, host.tabs())
    profile, facts = _profile_of(bound.facts, folder)
    judged = judge(assess(facts, profile), remarks, strict=strict)
    return Opened(bound.front, tables.get(MEMORY_SHEET), bound, judged)


def _profile_of(facts: Monitoring, folder: Path | None) -> tuple[Profile, Monitoring]:
    """The profile that 首页 names; an unknown one is a finding, and the default is used."""
    try:
        return load_profile(facts.unit.profile, folder), facts
    except profiles.UnknownProfile as error:
        remedy = f"现在按默认口径 {profiles.DEFAULT} 计算。请改成上面列出的口径。"
        where = facts.unit.where("profile")
        remark = Remark(RemarkKind.UNKNOWN_OPTION, where, f"监控口径：{error}", remedy)
        return load_profile(None, folder), facts.model_copy(update={"remarks": (*facts.remarks, remark)})


def load_profile(name: str | None, folder: Path | None) -> Profile:
    """A profile that is sound in its numbers and in its sentences. Raises UnknownProfile or BrokenProfile."""
    return sound(profiles.load(name, folder))


def sound(profile: Profile) -> Profile:
    """The profile, when its report form is whole. Raises BrokenProfile naming the keys."""
    wrong = faults(profile.report, layout.SECTIONS)
    if wrong:
        lines = [f"监控口径“{profile.id}”有 {len(wrong)} 处不对：", *(f"  {one}" for one in wrong)]
        raise profiles.BrokenProfile("\n".join(lines))
    return profile


def is_input(opened: Opened, sheet: str, row: int, column: int) -> bool:
    """Whether a cell is one that people fill in."""
    if sheet == opened.front.name:
        return (row, column) in opened.case.facts.unit.cells.values()
    for place in opened.bound.located.values():
        if place.name == sheet and row in place.rows:
            return column in {place.columns.get(one.field) for one in place.sheet.inputs}
    return False
