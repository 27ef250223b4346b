"""What each button of the ribbon does, in the workbook that is open. One message comes back, which VBA shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import xlwings as xw

from xlbudget import __version__, app, layout, profiles
from xlbudget.addin import looking, troubles
from xlbudget.addin.desk import Desk
from xlbudget.domain.finding import Severity, tally
from xlbudget.domain.told import Told
from xlbudget.domain.where import Where, address
from xlbudget.export.exporters import EXPORTERS, Exporter
from xlbudget.hosts.live_state import Quiet, spare_other_programs
from xlbudget.layout import OutputSheet, fill

_MOST_TURNS = 6
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


# -- rules -----------------------------------------------------------------------------------------------


def _profile(desk: Desk) -> str:
    """Put another profile into 首页."""
    wanted = desk.answer.strip()
    if not wanted:
        raise app.CannotGoOn("没有输入监控口径的名称，没有改动。")
    try:
        chosen = app.load_profile(wanted, desk.folder)
    except profiles.UnknownProfile as error:
        raise app.CannotGoOn(f"{error}没有改动。") from None
    unit = desk.open().case.facts.unit
    place = unit.where("profile")
    if place.at is None:
        raise app.CannotGoOn("首页找不到“监控口径”这一栏，没有改动。")
    desk.host.write_cells([fill.CellWrite(place.sheet, *place.at, chosen.name)])
    desk.host.show(place)
    return f"监控口径换成了“{chosen.name}”。现在的结果还是按原来的口径算的，请再点“计算”或“一键出报告”。"


# -- workbooks -----------------------------------------------------------------------------------------


def _new(desk: Desk, *, sample: bool) -> str:
    """Make a workbook where people wanted it, and open it."""
    if not desk.answer:
        raise app.CannotGoOn("没有选放在哪里，没有新建。")
    path = app.create(Path(desk.answer), sample=sample)
    desk.book.api.Application.Workbooks.Open(str(path))
    return f"已新建并打开“{path.name}”。从“首页”开始填，填好后点“一键出报告”。"


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


def _forms(desk: Desk) -> str:
    told: list[str] = []
    path = desk.beside()
    folder = path.with_name(f"{path.stem}-监控表")
    with desk.quiet() as program:
        program.tell("正在读取和校验……")
        opened = desk.open()
        program.tell("正在写监控表……")
        written = app.write_forms(opened, folder, told.append)
    return (
        f"{len(written)} 份监控表存在“{folder.name}”文件夹里，在工作簿旁边。{''.join(told)}{_draft(opened)}"
    )


def _all(desk: Desk) -> str:
    """Everything for the report in one go."""
    desk.beside()
    return "\n".join([_report(desk), *(_export(one, desk) for one in EXPORTERS.values())])


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


def _audit_any(desk: Desk) -> str:
    """Audit a report that somebody chose against itself."""
    from xlbudget import auditing

    if not desk.answer:
        raise app.CannotGoOn("没有选报告，没有核对。")
    report = Path(desk.answer)
    suffix = ".docx" if report.suffix.lower() == ".docx" else ".html"
    target = report.with_name(f"{report.stem}-核对{suffix}")
    with desk.quiet() as program:
        program.tell(f"正在核对“{report.name}”……")
        word, page = (target, None) if suffix == ".docx" else (None, target)
        audited = auditing.audit_document(report, docx=word, html=page)
    findings = audited.audit.findings
    if not findings:
        return f"“{report.name}”里没有发现前后不一致的地方。"
    marked = "标成了批注" if suffix == ".docx" else "标在网页上"
    return f"“{report.name}”核对完：{tally(findings)}。问题{marked}，在旁边的“{target.name}”里。"


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
        return f"这个工作簿里没有“{beginning}”的说明。点“新建”建一个 .xlsm 工作簿，它的“填报说明”表里有。"
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
    "next_issue": looking.next_issue,
    "previous_issue": looking.previous_issue,
    "explain": looking.explain,
    "compute": _compute,
    "profile": _profile,
    "all": _all,
    "report": _report,
    **{one.button: partial(_export, one) for one in EXPORTERS.values()},
    "forms": _forms,
    "folder": _folder,
    "audit": _audit,
    "audit_any": _audit_any,
    "new": partial(_new, sample=False),
    "sample": partial(_new, sample=True),
    "clear": _clear,
    "guide": _guide,
    "functions": _functions,
    "doctor": _doctor,
    "about": _about,
}
"""Id of a button → what it does. The text that comes back is shown when it is not empty."""


def press(button: str, book: xw.Book, answer: str = "") -> str:
    """Do what a button says, in a workbook that is open, and return what to tell the user, perhaps nothing.

    `answer` is what VBA asked for before (buttons.py).

    Nothing is raised: what the user can mend is said, what is our fault is written to a log as well.
    """
    desk = Desk(book, answer)
    try:
        spare_other_programs()
        told = ACTIONS[button](desk)
    except Told as error:
        told = str(error)
    except Exception as error:
        told = troubles.our_fault(button, error)
    return troubles.fitting(told + (troubles.not_given_back(desk.lost) if desk.lost else ""))
