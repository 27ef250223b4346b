"""What commands show on a terminal, with rich; widths count Chinese characters as two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xlbudget.audit.finding import AuditFinding
from xlbudget.domain.finding import Finding, Severity, folded, tally
from xlbudget.domain.measures import Assessment
from xlbudget.domain.money import pct, plain, wan
from xlbudget.domain.profile import Method, Profile, Version
from xlbudget.domain.visible import visible
from xlbudget.report.explain import ROUNDING, Explanation

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def _console() -> Console:
    return Console(highlight=False, soft_wrap=False)


_FRAME, _PLACE = 12, 18
"""Columns that code and gaps of the list of findings take, and that a place takes at most."""

_AUDIT_FRAME = 20
"""The same of the table of an audit."""


def _shown(text: str) -> str:
    """What somebody typed or named, as it may be shown: no signs of rich's, none that a terminal obeys."""
    return escape(visible(text))


_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,_:!/%+-]*%?|\n|.", re.DOTALL)


def wrapped(text: str, width: int) -> str:
    """A Chinese text in lines of at most `width` columns, ready for rich: broken anywhere but in a number or a Latin word.

    Rich itself breaks at blanks, which leaves ragged lines.
    """
    width, lines, line = max(10, width), [], ""
    for token in _TOKEN.findall(visible(text)):
        too_long = cell_len(line) + cell_len(token) > width
        if token == "\n" or (too_long and line):
            lines.append(line)
            line = ""
        for piece in chop_cells(token.strip("\n"), width) if cell_len(token) > width else [token.strip("\n")]:
            if cell_len(line) + cell_len(piece) > width:
                lines.append(line)
                line = ""
            line += piece
    return escape("\n".join([*lines, line]))


def show_findings(findings: Sequence[Finding]) -> None:
    """All findings, the gravest first; many remarks of one rule are folded into the first, with their number."""
    console = _console()
    groups = folded(findings)
    place = min(_PLACE, max((cell_len(_shown(str(one.first.where))) for one in groups), default=0))
    room = console.width - place - _FRAME
    for severity, members in groupby(groups, key=lambda one: one.first.severity):
        number = sum(one.severity is severity for one in findings)
        console.print(f"\n[{_STYLE[severity]}]{severity.label} {number} 项[/]")
        table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
        table.add_column(width=6, no_wrap=True)
        table.add_column(width=place, overflow="fold")
        table.add_column()
        for alike in members:
            one = alike.first
            lines = [
                wrapped(f"{one.message}{alike.more}", room),
                f"[dim]{wrapped(f'→{one.remedy}', room)}[/]",
            ]
            table.add_row(one.code, _shown(str(one.where)), "\n".join(lines))
        console.print(table)
    console.print("没有发现问题。" if not findings else f"\n共 {len(findings)} 项：{tally(findings)}。")


def show_audit(findings: Sequence[AuditFinding], claims_count: int) -> None:
    """What a document contradicts itself in: how sure, the words and their places, what to do."""
    console = _console()
    room = console.width - _AUDIT_FRAME
    table = Table(show_lines=True, expand=True)
    table.add_column("级别", width=4, no_wrap=True)
    table.add_column("把握", width=6, no_wrap=True)
    table.add_column("问题、原文和办法", ratio=1, overflow="fold")
    for one in findings:
        level = f"[{_STYLE[one.severity]}]{one.severity.label}[/]"
        message, remedy = wrapped(one.message, room), wrapped(f"→{one.remedy}（{one.code}）", room)
        quotes = [wrapped(f"{quote.place.label}：“{quote.text}”", room) for quote in one.quotes]
        lines = [message, *quotes, f"[dim]{remedy}[/]"]
        table.add_row(level, one.confidence.label, "\n".join(lines))
    if findings:
        console.print(table)
    counts = Counter(one.severity for one in findings)
    tallied = "，".join(f"{severity.label} {counts[severity]} 项" for severity in Severity)
    told = f"共 {len(findings)} 项：{tallied}" if findings else "没有发现前后不一致的地方"
    console.print(f"读出 {claims_count} 处数字和结论。{told}。")


def show_results(console: Console, case: Assessment) -> None:
    table = Table(expand=False)
    for header, justify in (("项目", "left"), ("批次", "left"), ("万元", "right"), ("执行率", "right"),
                            ("实现程度", "right"), ("预计", "left"), ("预警", "center")):  # fmt: skip
        table.add_column(header, justify=justify)  # type: ignore[arg-type]
    for one in case.results:
        project = one.project
        budget = "—" if project.budget is None else wan(project.budget)
        cells = (
            _shown(project.name or "—"), project.batch or "—", budget, pct(one.execution_rate),
            pct(one.achievement), one.flag or "—", one.light or "—",
        )  # fmt: skip
        table.add_row(*cells)
    console.print(table)
    console.print(total_words(case))


def total_words(case: Assessment) -> str:
    """The total line: what is summed, and how many rows lack an amount."""
    totals = case.totals
    words = f"合计 {totals.projects} 个项目，预算 {wan(totals.budget)} 万元，支出 {wan(totals.spent)} 万元"
    if totals.execution_rate is not None:
        words += f"，执行率 {pct(totals.execution_rate)}%"
    if totals.incomplete:
        words += f"；其中 {totals.incomplete} 个项目缺预算或支出，没有全部计入"
    return f"{words}。"


def show_run(case: Assessment, findings: Sequence[Finding], written: Iterable[Path]) -> None:
    """The results in short, how many findings there are, and where the files are."""
    console = _console()
    show_results(console, case)
    console.print(f"校验：{tally(findings)}。明细见“校验结果”表，或运行 xlbudget check。")
    if any(finding.severity is Severity.ERROR for finding in findings):
        console.print("[bold red]有错误，报告标为草稿。请在原来的工作簿里改正，存盘后再运行一次。[/]")
    for path in written:
        console.print(f"已写好：{_shown(str(path))}", soft_wrap=True)


def show_demo(case: Assessment, findings: Sequence[Finding], files: Iterable[Path]) -> None:
    console = _console()
    show_results(console, case)
    console.print(f"校验：{tally(findings)}。")
    console.print("演示结果：")
    for path in files:
        if not path.name.startswith("."):
            console.print(f"  {_shown(str(path))}", soft_wrap=True)


_METHODS = {
    Method.EQUAL_MEAN: "各指标与预算执行率等权平均",
    Method.WEIGHTED: "按权重加权平均",
    Method.SELF_EVAL: "预算执行率得分加各指标得分",
}


def profile_lines(profile: Profile) -> list[tuple[str, str]]:
    """The settings of a profile as label and value."""
    lights, forecast = profile.lights, profile.forecast
    bands = "、".join(f"{band.label}（从 {plain(band.lower)} 起）" for band in profile.bands)
    floors = (
        "、".join(f"{one.month}月起 {plain(one.rate)}%" for one in profile.execution_floors) or "没有规定"
    )
    gap = "没有规定" if profile.achievement_gap is None else f"不超过 {plain(profile.achievement_gap)}"
    weights = f"预算执行率 {plain(profile.weights.execution)}，各指标合计 {plain(profile.weights.indicators)}"
    until = f"至 {profile.valid_until}" if profile.valid_until else "起"
    return [
        ("编号", profile.id),
        ("名称", profile.name),
        ("依据", profile.basis),
        ("适用", f"{profile.valid_from} {until}"),
        ("最后核对", str(profile.checked or "没有记录")),
        ("计算方法", f"{_METHODS[profile.method]}（{profile.method}）"),
        ("权重", weights if profile.method.uses_weights else "不用"),
        ("分档", f"{bands}；{profile.not_started}"),
        (
            "预计",
            f"与目标差距不超过 {plain(forecast.reached)} 为能实现，不超过 {plain(forecast.partly)} 为不能完全实现，再大为差距较大",
        ),
        (
            "指标预警",
            f"完成数与序时进度之比小于 {plain(lights.red)} 红，小于 {plain(lights.yellow)} 黄，小于 {plain(lights.blue)} 绿，再大为蓝",
        ),
        (
            "资金预警",
            f"执行率与序时进度之比小于 {plain(lights.budget_red)} 红，小于 {plain(lights.budget_yellow)} 黄，其余绿",
        ),
        ("定性指标", "，".join(f"{status} {plain(value)}" for status, value in profile.grades.items())),
        ("可能性", "，".join(f"{one} {plain(value)}" for one, value in profile.likelihood.items())),
        ("超额完成", f"超过 {plain(profile.over_achievement)}% 要说明原因"),
        ("最低执行率", floors),
        ("实现程度与执行率之差", gap),
        (
            "确定处理意见",
            f"报告报出后 {profile.decision_days} 个工作日内" if profile.decision_days else "没有规定",
        ),
        *(_version_line(one) for one in profile.versions),
        ("报告标题", profile.report.title),
    ]


def _version_line(one: Version) -> tuple[str, str]:
    until = f"至 {one.valid_until}" if one.valid_until else "起"
    return f"{one.valid_from} {until}", f"另有规定 {len(one.values)} 项；{one.source}，{one.checked} 核对"


def show_profile(profile: Profile) -> None:
    """The settings of a profile as a table."""
    table = Table(show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in profile_lines(profile):
        table.add_row(label, _shown(value))
    _console().print(table)


def _where(cells: Iterable[object]) -> str:
    return _shown(" ".join(dict.fromkeys(str(cell) for cell in cells)))


def show_explanations(explanations: Iterable[Explanation]) -> None:
    """Each project's figures with arithmetic and cells."""
    console = _console()
    for one in explanations:
        project = one.result.project
        month = f"{project.month}月" if project.month else ""
        console.print(
            f"\n[bold]{_shown(project.name or '')}[/]（编号 {_shown(project.id or '—')}，{month}{project.batch or ''}）"
        )
        console.print("  实现程度的各项：")
        for part in one.parts:
            value = "—" if part.value is None else plain(part.value)
            console.print(f"    {_shown(part.what)} = {value}", soft_wrap=True)
            console.print(f"      [dim]{_shown(part.how)}；单元格 {_where(part.cells)}[/]", soft_wrap=True)
        for figure in one.figures:
            console.print(f"  {_shown(figure.what)}：[bold]{figure.result}[/]", soft_wrap=True)
            cells = f"；单元格 {_where(figure.cells)}" if figure.cells else ""
            console.print(f"      [dim]{_shown(figure.formula)}{cells}[/]", soft_wrap=True)
    console.print(f"\n说明：{ROUNDING}。")
