"""What commands show on a terminal, with rich; widths count Chinese characters as two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.money import pct, wan
from xlbudget.report.explain import ROUNDING, Explanation

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def _console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def tally(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return "，".join(f"{severity.label} {counts[severity]} 项" for severity in Severity)


def show_findings(findings: Sequence[Finding]) -> None:
    """All findings, grouped by sheet."""
    console = _console()
    for sheet, group in groupby(findings, key=lambda finding: finding.where.sheet):
        table = Table(title=sheet, title_justify="left", show_lines=True, expand=True)
        table.add_column("级别", width=4, no_wrap=True)
        table.add_column("单元格", width=6, no_wrap=True)
        table.add_column("问题和办法", ratio=1, overflow="fold")
        for one in group:
            level = f"[{_STYLE[one.severity]}]{one.severity.label}[/]"
            text = f"{escape(one.message)}\n[dim]→{escape(one.remedy)}（{one.code}）[/]"
            table.add_row(level, one.where.cell or "", text)
        console.print(table)
    console.print("没有发现问题。" if not findings else f"共 {len(findings)} 项：{tally(findings)}。")


def show_results(console: Console, case: Assessment) -> None:
    table = Table(expand=False)
    for header, justify in (("项目", "left"), ("批次", "left"), ("万元", "right"), ("执行率", "right"),
                            ("实现程度", "right"), ("预计", "left"), ("预警", "center")):  # fmt: skip
        table.add_column(header, justify=justify)  # type: ignore[arg-type]
    for one in case.results:
        project = one.project
        budget = "—" if project.budget is None else wan(project.budget)
        cells = (
            escape(project.name or "—"), project.batch or "—", budget, pct(one.execution_rate),
            pct(one.achievement), one.flag or "—", one.light or "—",
        )  # fmt: skip
        table.add_row(*cells)
    console.print(table)
    totals = case.totals
    console.print(
        f"合计 {totals.projects} 个项目，预算 {wan(totals.budget)} 万元，支出 {wan(totals.spent)} 万元，"
        f"执行率 {pct(totals.execution_rate)}%。"
    )


def show_run(case: Assessment, findings: Sequence[Finding], written: Iterable[Path]) -> None:
    """The results in short, how many findings there are, and where the files are."""
    console = _console()
    show_results(console, case)
    console.print(f"校验：{tally(findings)}。明细见“校验结果”表，或运行 xlbudget check。")
    if any(finding.severity is Severity.ERROR for finding in findings):
        console.print("[bold red]有错误，报告标为草稿。请改正后再运行一次。[/]")
    for path in written:
        console.print(f"已写好：{escape(str(path))}", soft_wrap=True)


def show_demo(case: Assessment, findings: Sequence[Finding], files: Iterable[Path]) -> None:
    console = _console()
    show_results(console, case)
    console.print(f"校验：{tally(findings)}。")
    console.print("演示结果：")
    for path in files:
        if not path.name.startswith("."):
            console.print(f"  {escape(str(path))}", soft_wrap=True)


def _where(cells: Iterable[object]) -> str:
    return " ".join(dict.fromkeys(str(cell) for cell in cells))


def show_explanations(explanations: Iterable[Explanation]) -> None:
    """Each project's figures with arithmetic and cells."""
    console = _console()
    for one in explanations:
        project = one.result.project
        month = f"{project.month}月" if project.month else ""
        console.print(
            f"\n[bold]{escape(project.name or '')}[/]（编号 {project.id or '—'}，{month}{project.batch or ''}）"
        )
        console.print("  实现程度的各项：")
        for part in one.parts:
            value = "—" if part.value is None else str(part.value)
            console.print(f"    {escape(part.what)} = {value}", soft_wrap=True)
            console.print(f"      [dim]{escape(part.how)}；单元格 {_where(part.cells)}[/]", soft_wrap=True)
        for figure in one.figures:
            console.print(f"  {escape(figure.what)}：[bold]{figure.result}[/]", soft_wrap=True)
            cells = f"；单元格 {_where(figure.cells)}" if figure.cells else ""
            console.print(f"      [dim]{escape(figure.formula)}{cells}[/]", soft_wrap=True)
    console.print(f"\n说明：{ROUNDING}。")
