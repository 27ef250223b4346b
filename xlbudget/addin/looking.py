"""From one finding to the next, and where figures come from."""

from __future__ import annotations

import re
from collections.abc import Callable

from xlbudget import app, layout
from xlbudget.addin.desk import Desk
from xlbudget.domain.where import Where, row_and_column
from xlbudget.hosts.live_state import PREFIX
from xlbudget.pages.explain import explain_grid
from xlbudget.reading.said import shorten

# -- from one finding to the next ----------------------------------------------------------------------

_CELL = re.compile(r"(.+)!([A-Z]{1,3}[1-9]\d*)")


def next_issue(desk: Desk) -> str:
    """Go to the next cell of 校验结果 after the active one; the status bar says which it is."""
    return _go(desk, _after)


def previous_issue(desk: Desk) -> str:
    """Go to the one before."""
    return _go(desk, _before)


def _go(desk: Desk, chosen: Callable[[list[Where], Where], int]) -> str:
    issues = _listed(desk)
    if not issues:
        return "“校验结果”里没有列出单元格。请先点“校验”。"
    here = desk.book.app.selection
    tab = layout.sheet_name(desk.book.sheets.active.name)
    index = chosen(list(issues), Where(tab, here.row, here.column) if here else Where(""))
    where, message = list(issues.items())[index]
    desk.host.show(where)
    text = f"{PREFIX}第 {index + 1} 个，共 {len(issues)} 个：{where}　{shorten(message, 80)}"
    desk.book.app.status_bar = text
    return ""


def _listed(desk: Desk) -> dict[Where, str]:
    """Cells in the order of 校验结果, each once → what is wrong; of sheets that can be shown."""
    shown = desk.host.shown()
    found: dict[Where, str] = {}
    for cells in desk.host.contents(layout.CHECK.name).rows.values():
        match = _CELL.fullmatch(cells[4].text) if 4 in cells else None
        if match and match[1] in shown:
            message = cells[5].text if 5 in cells else ""
            found.setdefault(Where(match[1], *row_and_column(match[2])), message)
    return found


def _after(places: list[Where], here: Where) -> int:
    """The one after `here` in the list, or on the same sheet; else the first."""
    if here in places:
        return (places.index(here) + 1) % len(places)
    later = (
        i
        for i, one in enumerate(places)
        if one.sheet == here.sheet and one.at and here.at and one.at > here.at
    )
    return next(later, 0)


def _before(places: list[Where], here: Where) -> int:
    """The one before `here` in the list, or on the same sheet; else the last."""
    if here in places:
        return (places.index(here) - 1) % len(places)
    earlier = [
        i
        for i, one in enumerate(places)
        if one.sheet == here.sheet and one.at and here.at and one.at < here.at
    ]
    return earlier[-1] if earlier else len(places) - 1


# -- where figures come from ---------------------------------------------------------------------------


def explain(desk: Desk) -> str:
    """Explain the project of the selected row; all projects where none is selected."""
    sheet, here = layout.sheet_name(desk.book.sheets.active.name), desk.book.app.selection
    with desk.quiet() as program:
        program.tell("正在读取和计算……")
        opened = desk.open()
        number = _project_at(opened, sheet, here.row if here else 0)
        explanations = app.explain_opened(opened, number)
        if not explanations:
            raise app.CannotGoOn("“项目”表里一个项目也没有填，没有可以说明的数。")
        program.tell("正在写出……")
        desk.host.write_grid(explain_grid(explanations))
    desk.host.show(Where(layout.EXPLAIN.name))
    return (
        "" if number else "没有选中哪个项目，所以全部列出。在“项目”或“指标”表里选中一行再点，就只列那一个。"
    )


def _project_at(opened: app.Opened, sheet: str, row: int) -> str | None:
    """The number of the project that a row of an input sheet speaks of."""
    facts = opened.case.facts
    rows = [(one.place, one.id) for one in facts.projects]
    rows += [(one.place, one.project_id) for one in facts.indicators]
    rows += [(one.place, one.project_id) for one in facts.corrections]
    known = {project.id for project in facts.projects}
    found = (number for place, number in rows if (place.sheet, place.row) == (sheet, row) and number in known)
    return next(found, None)
