"""校验结果: findings counted by rule, then listed by sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from xlbudget import layout
from xlbudget.domain.finding import Finding, Severity, tally
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


def _summary(grid: Grid, findings: Sequence[Finding]) -> None:
    """How often each rule was broken, the gravest first."""
    grid.line(*(GridCell(text, "head") for text in ("项数", "级别", "规则", "哪一类问题")), height=24)
    grid.merge(grid.row, 4, grid.row, 6)
    order = list(Severity)
    groups = Counter((order.index(one.severity), one.code, one.title) for one in findings)
    for (rank, code, title), number in sorted(groups.items()):
        severity = order[rank]
        grid.line(
            GridCell(number, "body_center"),
            _level(severity),
            GridCell(code, "body_center"),
            GridCell(title, "body"),
            height=20,
        )
        grid.merge(grid.row, 4, grid.row, 6)


def check_grid(findings: Sequence[Finding]) -> Grid:
    """Findings counted by rule, then listed by sheet, each with a link, what is wrong and what to do."""
    grid = Grid(layout.CHECK)
    grid.wide("校验结果", "title", height=30)
    if not findings:
        grid.wide("没有发现问题。", "hint", height=20)
        return grid
    grid.wide(f"共 {len(findings)} 项：{tally(findings)}。点“位置”可以跳到单元格。", "hint", height=20)
    grid.line(height=6)
    _summary(grid, findings)
    grid.line(height=6)
    heads = ("序号", "级别", "规则", "位置", "问题", "怎么办")
    grid.line(*(GridCell(text, "head") for text in heads), height=24)
    grid.repeat_rows = (grid.row, grid.row)
    pages, index = Pages(grid), 0
    for sheet, group in groupby(findings, key=lambda one: one.where.sheet):
        members = list(group)
        pages.keep(_GROUP + sum(map(_height, members[: 2 if len(members) == 2 else 1])))
        grid.wide(f"{sheet}：{tally(members)}", "group", height=_GROUP)
        for finding in members:
            index += 1
            last_two = findings[index - 1 :] if index > len(findings) - 2 else (finding,)
            pages.keep(sum(map(_height, last_two)))
            _finding(grid, index, finding)
    return grid


_GROUP = 22.0


def _height(finding: Finding) -> float:
    widths = [inner_width("body", column_points(width)) for width in layout.CHECK.widths[4:]]
    return row_height(list(zip((finding.message, finding.remedy), widths, strict=True)))


def _finding(grid: Grid, index: int, finding: Finding) -> None:
    grid.line(
        GridCell(index, "body_center"),
        _level(finding.severity),
        GridCell(finding.code, "body_center"),
        GridCell(str(finding.where), "link", finding.where),
        GridCell(finding.message, "body"),
        GridCell(finding.remedy, "body"),
        height=_height(finding),
    )
