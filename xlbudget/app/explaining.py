"""The use case explain: how each figure came about."""

from __future__ import annotations

from pathlib import Path

from xlbudget.app.opening import CannotGoOn, Opened, open_workbook
from xlbudget.report.explain import Explanation, explain


def explain_workbook(path: Path, project: str | None) -> tuple[Opened, list[Explanation]]:
    """How each figure came about, for all projects or those of a number or name."""
    opened = open_workbook(path)
    return opened, explain_opened(opened, project)


def explain_opened(opened: Opened, project: str | None) -> list[Explanation]:
    """The same of a workbook that was read. Raises CannotGoOn for a project that is not there."""
    chosen = [
        result
        for result in opened.case.results
        if project is None or project in (result.project.id, result.project.name)
    ]
    if project is not None and not chosen:
        known = "、".join(dict.fromkeys(f"{p.id}（{p.name}）" for p in opened.case.facts.projects))
        raise CannotGoOn(f"没有编号或名称为“{project}”的项目。表里有：{known or '无'}。")
    return [explain(opened.case, result) for result in chosen]
