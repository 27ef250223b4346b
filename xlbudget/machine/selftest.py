"""A self-test on the user's own machine: Excel opens our workbooks, computes, and is asked to press our buttons.

What only a person can see (the ribbon, prompts, messages) stands in docs/excel.zh-CN.md as numbered steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TypeVar

from xlbudget import __version__, app
from xlbudget.domain.where import address
from xlbudget.files.writing import write_atomic
from xlbudget.layout import fill
from xlbudget.layout.fill import CellWrite
from xlbudget.machine import build
from xlbudget.machine.install import CannotInstall
from xlbudget.machine.windows import Machine

REPORT = "xlbudget-自检.txt"
_FUNCTIONS, _BUTTONS, _PLAIN = "自检-函数.xlsm", "自检-按钮.xlsm", "自检-加载项.xlsx"
_TOLERANCE = 0.005
"""Computed percentages have two decimals."""


T = TypeVar("T")


class Excel(Protocol):
    """What the self-test asks of Excel."""

    def version(self) -> str:
        """Such as 16.0."""

    def open(self, path: Path) -> None:
        """Open a workbook with its macros; it is in front, and the one that the rest is about."""

    def open_addin(self, path: Path) -> None:
        """Open an add-in beside the workbooks."""

    def activate(self, path: Path) -> None:
        """Bring an open workbook to the front; the rest is about it."""

    def unseen(self, path: Path) -> bool:
        """Whether an open file is an add-in, which shows no window."""

    def chart_in_front(self) -> None:
        """Give the workbook a chart sheet, and leave that in front."""

    def formula(self, text: str) -> Any:
        """What a formula comes to in a cell of the workbook that is empty before and after; an error as its text."""

    def recalculate(self) -> None:
        """Compute every formula anew, whatever was stored."""

    def block(self, sheet: str, last_row: int, last_column: int) -> Sequence[Sequence[Any]]:
        """The values from A1 on, an error as its text or number, an empty cell as None."""

    def press(self, button: str, *, addin: bool = False) -> str:
        """Do what a button of the workbook's ribbon does, or of the add-in's; its message comes back."""

    def quit(self) -> None:
        """Close what was opened, without saving, and this Excel."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was tried and how it went."""

    name: str
    passed: bool
    found: str


class _Failed(Exception):  # noqa: N818
    """A step did not give what it should. The text is for the report."""


def self_test(folder: Path, start: Callable[[], Excel]) -> list[Step]:
    """Make workbooks and the add-in in a folder and try them in Excel. Nothing after a failed start is tried."""
    steps: list[Step] = []
    made = _try(steps, "生成样例工作簿和加载项", lambda: _prepare(folder))
    if made is None:
        return steps
    excel = _try(steps, "启动 Excel", start)
    if excel is None:
        return steps
    try:
        _try(steps, "Excel 的版本", excel.version)
        for tried in (_function_steps, _button_steps, _chart_steps, _addin_steps):
            for name, action in tried(excel, made):
                _try(steps, name, action)
    finally:
        with suppress(Exception):
            excel.quit()
    return steps


def _try(steps: list[Step], name: str, action: Callable[[], T]) -> T | None:
    """Do a step and note how it went. Returns None where it failed."""
    try:
        result = action()
    except _Failed as error:
        steps.append(Step(name, False, str(error)))
        return None
    except Exception as error:  # whatever COM raises belongs into the report
        steps.append(Step(name, False, f"{type(error).__name__}：{error}"))
        return None
    steps.append(Step(name, True, result if isinstance(result, str) else ""))
    return result


@dataclass(frozen=True, slots=True)
class _Made:
    """The workbooks, and what their computed cells must show."""

    functions: Path
    buttons: Path
    plain: Path
    """Without macros and results, for the add-in."""
    addin: Path
    expected: tuple[CellWrite, ...]


def _prepare(folder: Path) -> _Made:
    """A sample that has its results beside the functions, two without results, and the add-in."""
    buttons = app.create(folder / _BUTTONS, sample=True)
    opened, _ = app.run(buttons, app.Destinations(folder / _FUNCTIONS))
    expected = tuple(
        one for one in fill.computed_cells(opened.case, opened.bound.located) if one.value is not None
    )
    plain = app.create(folder / _PLAIN, sample=True)
    addin = folder / build.ADDIN
    addin.write_bytes(build.addin_file())
    return _Made(folder / _FUNCTIONS, buttons, plain, addin, expected)


Steps = Iterator[tuple[str, Callable[[], object]]]


def _function_steps(excel: Excel, made: _Made) -> Steps:
    def recomputes() -> str:
        excel.recalculate()
        return _compare(excel, made.expected)

    yield "打开有函数的工作簿", lambda: excel.open(made.functions)
    yield "函数重新计算，与命令行的结果一致", recomputes


def _button_steps(excel: Excel, made: _Made) -> Steps:
    folder, stem = made.buttons.parent, made.buttons.stem

    def writes(button: str, suffix: str) -> str:
        message = excel.press(button)
        if not (folder / f"{stem}-监控报告{suffix}").is_file():
            raise _Failed(f"没有得到 {suffix} 文件。Excel 说：{message}")
        return message

    def computes(button: str) -> str:
        message = excel.press(button)
        return f"{_compare(excel, made.expected)}。{message}"

    def forms() -> str:
        message = excel.press("forms")
        if not list((folder / f"{stem}-监控表").glob("*.docx")):
            raise _Failed(f"没有得到监控表。Excel 说：{message}")
        return message

    yield "打开没有结果的工作簿", lambda: excel.open(made.buttons)
    yield "按钮：校验", lambda: excel.press("check")
    yield "按钮：下一个问题", lambda: excel.press("next_issue")
    yield "按钮：上一个问题", lambda: excel.press("previous_issue")
    yield "按钮：数从哪里来", lambda: excel.press("explain")
    yield "按钮：计算", lambda: computes("compute")
    yield "按钮：清除结果", lambda: _clears(excel, made.expected)
    yield "按钮：生成报告", lambda: computes("report")
    yield "按钮：导出 Word", lambda: writes("word", ".docx")
    yield "按钮：导出 PDF", lambda: writes("pdf", ".pdf")
    yield "按钮：导出监控表", forms
    yield "按钮：一键出报告", lambda: computes("all")


def _chart_steps(excel: Excel, made: _Made) -> Steps:
    """xlwings' own module looked for its settings on the sheet in front, which a chart sheet has no cells for."""

    def computes() -> str:
        message = excel.press("compute")
        return f"{_compare(excel, made.expected)}。{message}"

    yield "图表工作表放在前面", excel.chart_in_front
    yield "图表工作表在前面时，按钮：计算", computes


NOT_FOR_CELLS = ('{}Press("clear")', '{}Answer("clear")', "{}_clear(A1)", "XLPy()", 'RunPython("pass")')
"""What a formula must not be able to do; {} is Xlb in a workbook and Xla in the add-in."""


def _addin_steps(excel: Excel, made: _Made) -> Steps:
    """The add-in beside the workbook with macros, which stays open behind one without."""

    def hidden() -> str:
        if not excel.unseen(made.addin):
            raise _Failed("加载项显示成了普通工作簿")
        return ""

    def function() -> str:
        value = excel.formula("=YEAR_ON_YEAR(7,10)")
        if not _same(Decimal(-30), value):
            raise _Failed(f"=YEAR_ON_YEAR(7,10) 应为 -30，Excel 是 {value}")
        return str(value)

    def computes() -> str:
        message = excel.press("compute", addin=True)
        return f"{_compare(excel, made.expected)}。{message}"

    def spared() -> str:
        excel.activate(made.buttons)
        return _compare(excel, made.expected)

    yield "打开加载项", lambda: excel.open_addin(made.addin)
    yield "打开不带宏的工作簿", lambda: excel.open(made.plain)
    yield "加载项写好函数说明以后仍是隐藏的", hidden
    yield "不带宏的工作簿里，加载项的函数", function
    yield "加载项的按钮：计算", computes
    yield "单元格不能借加载项的宏做事", lambda: _refuses(excel, made.expected, "Xla")
    yield "加载项的按钮：清除结果", lambda: _clears(excel, made.expected, addin=True)
    yield "后面带宏的工作簿没有被清除", spared
    yield "单元格不能借工作簿的宏做事", lambda: _refuses(excel, made.expected, "Xlb")


def _clears(excel: Excel, expected: Sequence[CellWrite], *, addin: bool = False) -> str:
    message = excel.press("clear", addin=addin)
    left = [address(one.row, one.column) for one, value in _shown(excel, expected) if value not in (None, "")]
    if left:
        raise _Failed(f"还有 {len(left)} 格没有清空，例如 {left[0]}。Excel 说：{message}")
    return message


def _refuses(excel: Excel, expected: Sequence[CellWrite], names: str) -> str:
    """Formulas that call our macros change nothing; says what each came to."""
    formulas = [f"={one.format(names)}" for one in NOT_FOR_CELLS]
    values = [f"{one} 是 {excel.formula(one)}" for one in formulas]
    return f"{_compare(excel, expected)}；{'；'.join(values)}"


def _shown(excel: Excel, expected: Sequence[CellWrite]) -> list[tuple[CellWrite, Any]]:
    """Each expected cell with what Excel shows there; one read a sheet."""
    found = []
    for sheet in dict.fromkeys(one.sheet for one in expected):
        cells = [one for one in expected if one.sheet == sheet]
        block = excel.block(sheet, max(one.row for one in cells), max(one.column for one in cells))
        found += [(one, block[one.row - 1][one.column - 1]) for one in cells]
    return found


def _compare(excel: Excel, expected: Sequence[CellWrite]) -> str:
    """Say how many cells agree. Raises _Failed naming the first ones that do not."""
    wrong = [
        f"{one.sheet}!{address(one.row, one.column)} 应为 {one.value}，Excel 是 {value}"
        for one, value in _shown(excel, expected)
        if not _same(one.value, value)
    ]
    if wrong:
        raise _Failed(f"{len(expected)} 格中有 {len(wrong)} 格不一致：{'；'.join(wrong[:3])}")
    return f"{len(expected)} 格一致"


def _same(wanted: object, value: object) -> bool:
    if isinstance(wanted, Decimal | int | float) and not isinstance(wanted, bool):
        number = isinstance(value, Decimal | int | float) and not isinstance(value, bool)
        return number and abs(float(wanted) - float(value)) < _TOLERANCE  # type: ignore[arg-type]
    return wanted == value


def text(steps: Sequence[Step], doctor: str) -> str:
    """The report to send back: the steps, then what the doctor says."""
    failed = sum(not one.passed for one in steps)
    lines = [f"xlbudget 自检（版本 {__version__}）", ""]
    lines += [
        f"[{'通过' if one.passed else '没通过'}] {one.name}" + (f"：{one.found}" if one.found else "")
        for one in steps
    ]
    lines += [
        "",
        f"共 {len(steps)} 步，{failed} 步没通过。" if failed else f"共 {len(steps)} 步，全部通过。",
        "",
        doctor,
        "",
    ]
    return "\n".join(lines)


def write_report(path: Path, steps: Sequence[Step], doctor: str) -> None:
    """Write the report so that Notepad shows it. Raises CannotWrite."""
    write_atomic(path, text(steps, doctor).replace("\n", "\r\n").encode("utf-8-sig"))


# -- the real one --------------------------------------------------------------------------------------


def check_machine(machine: Machine) -> None:
    """Raises CannotInstall where there can be no Excel."""
    if machine.windows is None:
        raise CannotInstall("自检要在装有 Excel 的 Windows 电脑上运行，这台电脑不是 Windows，没有做自检。")


class LiveExcel:
    """An Excel of its own, visible, through xlwings. It has not been tried by us: no machine of ours has Excel."""

    def __init__(self) -> None:
        import xlwings

        # xlwings would end Excel processes of other people's without a visible workbook, also when Python ends.
        for engine in xlwings.engines:
            type(engine.impl.apps).cleanup = staticmethod(lambda: None)
        self._app: Any = xlwings.App(visible=True, add_book=False)
        self._book: Any = None
        self._addin = ""

    def version(self) -> str:
        return str(self._app.api.Version)

    def open(self, path: Path) -> None:
        self._book = self._app.books.open(str(path))
        self._book.activate()

    def open_addin(self, path: Path) -> None:
        self._app.api.Workbooks.Open(str(path))
        self._addin = path.name

    def activate(self, path: Path) -> None:
        self._book = self._app.books[path.name]
        self._book.activate()

    def unseen(self, path: Path) -> bool:
        return bool(self._app.api.Workbooks(path.name).IsAddin)

    def chart_in_front(self) -> None:
        self._book.api.Charts.Add().Activate()

    def formula(self, text: str) -> Any:
        cell = self._book.sheets[0].range("ZZ1")
        cell.formula = text
        value = cell.options(err_to_str=True).value
        cell.clear_contents()
        return value

    def recalculate(self) -> None:
        self._app.api.CalculateFullRebuild()

    def block(self, sheet: str, last_row: int, last_column: int) -> Sequence[Sequence[Any]]:
        area = self._book.sheets[sheet].range((1, 1), (last_row, last_column))
        values: list[list[Any]] = area.options(ndim=2, err_to_str=True).value
        return values

    def press(self, button: str, *, addin: bool = False) -> str:
        macro = f"'{self._addin}'!XlaPress" if addin else f"'{self._book.name}'!XlbPress"
        return str(self._app.api.Run(macro, button) or "")

    def quit(self) -> None:
        for book in list(self._app.books):
            book.close()
        self._app.quit()
