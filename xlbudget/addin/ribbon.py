"""What each button of the ribbon does, in the workbook that is open. One message comes back, which VBA shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import xlwings as xw

from xlbudget import __version__, app, layout
from xlbudget.addin import troubles
from xlbudget.domain.finding import Severity, tally
from xlbudget.domain.told import Told
from xlbudget.domain.where import Where, address, row_and_column
from xlbudget.export.exporters import EXPORTERS, Exporter
from xlbudget.hosts.live import Live
from xlbudget.hosts.live_state import PREFIX, Quiet, quiet, spare_other_programs
from xlbudget.layout import OutputSheet, fill
from xlbudget.reading.said import shorten

_MOST_TURNS = 6
_SAVE_FIRST = "工作簿还没有保存。请先保存，再点一次：文件要放在它旁边。"
_IN_THE_CLOUD = (
    "这个工作簿在网盘上（OneDrive 或 SharePoint），找不到它在本机的文件夹。请另存到本机，再点一次。"
)


@dataclass
class Desk:
    """The workbook that somebody works on, and the program that has it open."""

    book: xw.Book
    lost: list[str] = field(default_factory=list)
    """Settings that the program did not take back."""

    @cached_property
    def host(self) -> Live:
        return Live(self.book)

    @cached_property
    def path(self) -> Path | str:
        """Where the workbook lies, or why there is no such place."""
        try:
            name = self.book.fullname
        except Exception:  # xlwings finds no file for a URL
            return _IN_THE_CLOUD
        if "://" in name:
            return _IN_THE_CLOUD
        return Path(name) if "/" in name or "\\" in name else _SAVE_FIRST

    @property
    def folder(self) -> Path | None:
        """Where profiles of one's own are looked for."""
        return self.path.parent if isinstance(self.path, Path) else None

    def beside(self) -> Path:
        """The workbook's file, beside which others are put. Raises CannotGoOn where there is none."""
        if isinstance(self.path, str):
            raise app.CannotGoOn(self.path)
        return self.path

    def open(self) -> app.Opened:
        return app.open_host(self.host, self.folder)

    def quiet(self) -> AbstractContextManager[Quiet]:
        """Keep the program quiet; what it does not take back afterwards is in `lost`."""
        return quiet(self.book.app, self.lost)


# -- data and figures ----------------------------------------------------------------------------------


def _check(desk: Desk) -> str:
    with desk.quiet() as program:
        program.tell("正在读取和校验……")
        opened = desk.open()
        program.tell("正在列出问题……")
        _begin(desk, opened, layout.CHECK)
        app.write_findings(desk.host, opened)
    if not opened.findings:
        return "没有发现问题。"
    desk.host.show(Where(layout.CHECK.name))
    return f"{_counted(opened)}。已列在“校验结果”，有错误和警告的单元格已经着色。"


def _compute(desk: Desk) -> str:
    with desk.quiet() as program:
        opened, restless = _settled(desk, program)
        program.tell("正在写出统计表……")
        _begin(desk, opened, layout.CHECK, layout.STATS)
        app.announce_computed(desk.host, opened)
        app.write_figures(desk.host, opened)
        old_report = len(desk.host.contents(layout.REPORT.name).rows) > len(_WAITING)
    desk.host.show(Where(layout.STATS.name))
    later = "“监控报告”还是上一次的，要更新请点“生成报告”。" if old_report else ""
    return f"已经算好，填入计算列和“统计表”。{_counted(opened)}。{restless}{later}"


def _report(desk: Desk) -> str:
    with desk.quiet() as program:
        opened, restless = _settled(desk, program)
        program.tell("正在写报告……")
        _begin(desk, opened, *layout.RESULT_SHEETS)
        app.announce_computed(desk.host, opened)
        app.write_results(desk.host, opened)
    desk.host.show(Where(layout.REPORT.name))
    return f"报告写好了。{_counted(opened)}。{restless}{_draft(opened)}"


def _clear(desk: Desk) -> str:
    with desk.quiet() as program:
        program.tell("正在清除结果……")
        app.clear_results(desk.host)
    return "计算列、着色、批注和各张结果表都清空了，填报的内容没有动。"


_WAITING = ("title", "hint")
"""Rows of an output sheet that waits for results."""


def _begin(desk: Desk, opened: app.Opened, *sheets: OutputSheet) -> None:
    """Empty what is about to be written: where that is cut short, nothing old or half-done looks like a result."""
    empty = fill.state_cells(opened.front, dict.fromkeys(layout.STATE_LABELS))
    desk.host.write_cells(empty)
    for sheet in sheets:
        desk.host.begin(sheet)


def _settled(desk: Desk, program: Quiet) -> tuple[app.Opened, str]:
    """Read and compute, again where formulas in input cells look at computed ones; what to say if that never ends."""
    program.tell("正在读取和计算……")
    opened = desk.open()
    formulas = _input_formulas(desk, opened)

    def computed_again(before: app.Opened) -> app.Opened | None:
        app.announce_computed(desk.host, before)
        app.write_computed(desk.host, before)
        desk.book.app.calculate()
        after = desk.open()
        return None if after.bound.fingerprint == before.bound.fingerprint else after

    opened, ended = app.settle(opened, computed_again, _MOST_TURNS) if formulas else (opened, True)
    cells = "、".join(formulas[:5])
    return opened, "" if ended else f"填报格里的公式引用了计算结果，算了几遍还不稳定，请直接填数字：{cells}。"


def _input_formulas(desk: Desk, opened: app.Opened) -> list[str]:
    """Cells that people fill in and that hold a formula."""
    return [
        f"{name}!{address(row, column)}"
        for name, table in desk.host.last.items()
        for row, cells in table.rows.items()
        for column, cell in cells.items()
        if cell.formula is not None and app.is_input(opened, name, row, column)
    ]


def _counted(opened: app.Opened) -> str:
    return tally(opened.findings) if opened.findings else "没有发现问题"


def _draft(opened: app.Opened) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in opened.findings)
    return f"还有 {errors} 项错误，所以标为草稿。" if errors else ""


# -- from one finding to the next ----------------------------------------------------------------------

_CELL = re.compile(r"(.+)!([A-Z]{1,3}[1-9]\d*)")


def _next_issue(desk: Desk) -> str:
    """Go to the next cell of 校验结果 after the active one; the status bar says which it is."""
    issues = _listed(desk)
    if not issues:
        return "“校验结果”里没有列出单元格。请先点“校验”。"
    here = desk.book.app.selection
    tab = layout.sheet_name(desk.book.sheets.active.name)
    index = _after(list(issues), Where(tab, here.row, here.column) if here else Where(""))
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


# -- files ---------------------------------------------------------------------------------------------


def _export(exporter: Exporter, desk: Desk) -> str:
    target = app.reports_beside(desk.beside(), exporter.suffix)[0]
    with desk.quiet() as program:
        program.tell("正在读取和校验……")
        opened = desk.open()
        program.tell(f"正在写“{target.name}”……")
        kept = app.replace_report(target, exporter.render(opened.report))
    told = f"已经存成“{target.name}”，在工作簿旁边。{kept}{_draft(opened)}"
    return "\n".join(filter(None, (told, exporter.note())))


def _folder(desk: Desk) -> str:
    troubles.open_folder(desk.beside().parent)
    return ""


# -- audit ---------------------------------------------------------------------------------------------


def _audit(desk: Desk) -> str:
    """Audit the Word report beside the workbook, as people changed it by hand, against what the workbook says now."""
    from xlbudget import auditing

    places = app.reports_beside(desk.beside(), ".docx")
    report = next((path for path in places if app.exists(path)), None)
    if report is None:
        raise app.CannotGoOn(f"工作簿旁边没有“{places[0].name}”。请先点“导出 Word”，改好、存盘，再核对。")
    target = report.with_name(f"{report.stem}-核对.docx")
    with desk.quiet() as program:
        program.tell("正在读取和计算……")
        witness = auditing.witness_of(desk.open())
        program.tell(f"正在核对“{report.name}”……")
        audited = auditing.audit_document(report, witness=witness, docx=target)
    findings = audited.audit.findings
    if not findings:
        return f"“{report.name}”前后一致，与工作簿也一致。"
    return f"“{report.name}”核对完：{tally(findings)}。问题标成了批注，在旁边的“{target.name}”里。"


# -- help ----------------------------------------------------------------------------------------------


def _guide(desk: Desk) -> str:
    return _show_guide(desk, "填报说明")


def _functions(desk: Desk) -> str:
    return _show_guide(desk, "函数")


def _show_guide(desk: Desk, beginning: str) -> str:
    """Show 填报说明 at the row that begins with a text."""
    rows = desk.host.contents(layout.GUIDE.name).rows
    row = next((n for n, cells in rows.items() if 1 in cells and cells[1].text.startswith(beginning)), None)
    if row is None:
        return "这个工作簿里没有“填报说明”表。可以用 xlbudget new 另建一个工作簿，里面有。"
    if layout.GUIDE.name not in desk.host.shown():
        return "“填报说明”表隐藏了。请在任一工作表标签上点右键，选“取消隐藏”。"
    desk.host.show(Where(layout.GUIDE.name, row, 1))
    return ""


def _doctor(_: Desk) -> str:
    from xlbudget.machine import doctor

    return doctor.report()


def _about(desk: Desk) -> str:
    lines = [f"xlbudget {__version__}", "预算绩效运行监控：校验、计算、生成报告"]
    try:
        profile = desk.open().case.profile
        lines.append(f"监控口径：{profile.name}（{profile.id}）")
    except Told:
        lines.append("现在打开的不是预算绩效监控工作簿，或者首页还没有填好。")
    lines.append("开源软件，Apache-2.0 许可")
    return "\n".join(lines)


ACTIONS: dict[str, Callable[[Desk], str]] = {
    "check": _check,
    "next_issue": _next_issue,
    "compute": _compute,
    "clear": _clear,
    "report": _report,
    **{one.button: partial(_export, one) for one in EXPORTERS.values()},
    "folder": _folder,
    "audit": _audit,
    "guide": _guide,
    "functions": _functions,
    "doctor": _doctor,
    "about": _about,
}
"""Id of a button → what it does. The text that comes back is shown when it is not empty."""


def press(button: str, book: xw.Book) -> str:
    """Do what a button says, in a workbook that is open, and return what to tell the user, perhaps nothing.

    Nothing is raised: what the user can mend is said, what is our fault is written to a log as well.
    """
    desk = Desk(book)
    try:
        spare_other_programs()
        told = ACTIONS[button](desk)
    except Told as error:
        told = str(error)
    except Exception as error:
        told = troubles.our_fault(button, error)
    return troubles.fitting(told + (troubles.not_given_back(desk.lost) if desk.lost else ""))
