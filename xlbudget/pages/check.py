"""校验结果: findings counted by rule, then listed, the gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from xlbudget import layout
from xlbudget.domain.finding import Alike, Finding, Severity, folded, tally
from xlbudget.domain.where import Where
from xlbudget.pages.breaks import Pages
from xlbudget.pages.grid import Grid, GridCell
from xlbudget.pages.metrics import column_points, row_height
from xlbudget.pages.styles import Name, inner_width

_LEVELS: dict[Severity, Name] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}


def _level(severity: Severity) -> GridCell:
    return GridCell(severity.label, _LEVELS[severity])


def _summary(grid: Grid, groups: Sequence[Sequence[Alike]]) -> None:
    """How often each rule was broken, the gravest first, with a link to where the list tells of it."""
    grid.line(*(GridCell(text, "head") for text in ("项数", "级别", "规则", "哪一类问题")), height=24)
    grid.merge(grid.row, 4, grid.row, 6)
    rules: dict[tuple[Severity, str, str], int] = Counter()
    first: dict[tuple[Severity, str, str], int] = {}
    place = 0
    for members in groups:
        place += 1  # the heading of a severity
        for alike in members:
            key = (alike.first.severity, alike.first.code, alike.first.title)
            first.setdefault(key, place + 1)
            rules[key] += len(alike.findings)
            place += len(alike.findings)
    top = grid.row + len(rules) + _LIST_HEAD
    for key, number in rules.items():
        severity, code, title = key
        grid.line(
            GridCell(number, "body_center"),
            _level(severity),
            GridCell(code, "body_center"),
            GridCell(title, "link_left", Where(layout.CHECK.name, top + first[key], 4)),
            height=20,
        )
        grid.merge(grid.row, 4, grid.row, 6)


_LIST_HEAD = 2
"""Rows between the categories and the list: a gap and its headers."""


def check_grid(findings: Sequence[Finding]) -> Grid:
    """Findings counted by rule, then listed, the gravest first, each with a link, what is wrong and what to do."""
    grid = Grid(layout.CHECK)
    grid.wide("校验结果", "title", height=30)
    if not findings:
        grid.wide("没有发现问题。", "hint", height=20)
        return grid
    told = f"共 {len(findings)} 项：{tally(findings)}。点“位置”可以跳到单元格，点“哪一类问题”跳到下面的清单。"
    grid.wide(told, "hint", height=20)
    grid.line(height=6)
    alikes = folded(findings)
    groups = [list(members) for _, members in groupby(alikes, key=lambda one: one.first.severity)]
    _summary(grid, groups)
    grid.line(height=6)
    heads = ("序号", "级别", "规则", "位置", "问题", "怎么办")
    grid.line(*(GridCell(text, "head") for text in heads), height=24)
    grid.repeat_rows = (grid.row, grid.row)
    pages, index = Pages(grid), 0
    for members in groups:
        rows = [row for alike in members for row in _rows(alike)]
        pages.keep(_GROUP + sum(row.height for row in rows[: 2 if len(rows) == 2 else 1]))
        grid.wide(f"{rows[0].finding.severity.label} {len(rows)} 项", "group", height=_GROUP)
        for number, row in enumerate(rows):
            index += 1
            last_two = rows[number:] if number == len(rows) - 2 and index == len(findings) - 1 else [row]
            pages.keep(sum(one.height for one in last_two))
            _finding(grid, index, row)
    return grid


_GROUP = 22.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding as it is listed."""

    finding: Finding
    message: str
    remedy: str

    @property
    def height(self) -> float:
        widths = [inner_width("body", column_points(width)) for width in layout.CHECK.widths[4:]]
        return row_height(list(zip((self.message, self.remedy), widths, strict=True)))


def _rows(alike: Alike) -> list[_Row]:
    """Its findings, each in a row of its own, so that each place has its link; what is to do stands once."""
    number = len(alike.findings)
    count = f"（这一类共 {number} 处）" if number > 1 else ""
    first = _Row(alike.first, alike.first.message + count, alike.first.remedy)
    return [first, *(_Row(one, one.message, "同上。") for one in alike.findings[1:])]


def _finding(grid: Grid, index: int, row: _Row) -> None:
    finding = row.finding
    grid.line(
        GridCell(index, "body_center"),
        _level(finding.severity),
        GridCell(finding.code, "body_center"),
        GridCell(str(finding.where), "link", finding.where),
        GridCell(row.message, "body"),
        GridCell(row.remedy, "body"),
        height=row.height,
    )
