"""The self-test against an Excel of paper, which does what the command line does; and what it finds when that one errs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.machine.windows import windows
from xlbudget import app
from xlbudget.layout import fill
from xlbudget.machine import selftest
from xlbudget.machine.install import CannotInstall
from xlbudget.machine.selftest import NOT_FOR_CELLS, Excel, Step, self_test
from xlbudget.machine.windows import this_machine
from xlbudget.vba.project import macros

Cells = dict[tuple[str, int, int], Any]


class PaperExcel:
    """Reads workbooks with openpyxl; buttons run the command line's use cases. A formula of ours comes to what it should,
    one that calls a macro to nothing."""

    def __init__(self) -> None:
        self.path = Path()
        self.books: dict[Path, Cells] = {}
        self.addin: Path | None = None
        self.chart = False
        self.closed = False

    @property
    def cells(self) -> Cells:
        return self.books[self.path]

    @cells.setter
    def cells(self, cells: Cells) -> None:
        self.books[self.path] = cells

    def version(self) -> str:
        return "16.0"

    def open(self, path: Path) -> None:
        self.path, self.chart = path, False
        self._read(path)

    def _read(self, path: Path) -> None:
        book = openpyxl.load_workbook(path, data_only=True)
        self.cells = {
            (sheet.title, cell.row, cell.column): cell.value
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
        }

    def open_addin(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            assert "xl/vbaProject.bin" in archive.namelist()
        self.addin = path

    def activate(self, path: Path) -> None:
        assert path in self.books
        self.path, self.chart = path, False

    def unseen(self, path: Path) -> bool:
        return path == self.addin

    def chart_in_front(self) -> None:
        self.chart = True

    def formula(self, text: str) -> Any:
        return -30 if self.addin and text == "=YEAR_ON_YEAR(7,10)" else "#NAME?"

    def recalculate(self) -> None:
        """Results lie beside the formulas."""

    def block(self, sheet: str, last_row: int, last_column: int) -> Sequence[Sequence[Any]]:
        columns = range(1, last_column + 1)
        return [
            [self.cells.get((sheet, row, column)) for column in columns] for row in range(1, last_row + 1)
        ]

    def press(self, button: str, *, addin: bool = False) -> str:
        if addin:
            assert self.addin
        else:
            assert self.path.suffix == ".xlsm"
        if button in ("compute", "report", "all"):
            result = self.path.with_name(f"computed{self.path.suffix}")
            app.run(self.path, app.Destinations(result))
            self._read(result)
        elif button == "clear":
            self.clear(self.path)
        elif button == "forms":
            folder = self.path.with_name(f"{self.path.stem}-监控表")
            folder.mkdir(exist_ok=True)
            (folder / "001.docx").write_bytes(b"form")
        elif button in ("word", "pdf"):
            suffix = {"word": ".docx", "pdf": ".pdf"}[button]
            self.path.with_name(f"{self.path.stem}-监控报告{suffix}").write_bytes(b"report")
        return f"{button} 好了"

    def clear(self, path: Path) -> None:
        opened = app.open_workbook(path)
        for one in fill.computed_cells(opened.case, opened.bound.located):
            self.books[path][one.sheet, one.row, one.column] = None

    def quit(self) -> None:
        self.closed = True


def failed(steps: Sequence[Step]) -> dict[str, str]:
    return {one.name: one.found for one in steps if not one.passed}


def run(folder: Path, excel: Excel) -> list[Step]:
    return self_test(folder, lambda: excel)


def test_an_excel_that_does_right_passes(tmp_path: Path) -> None:
    excel = PaperExcel()
    steps = run(tmp_path, excel)
    assert failed(steps) == {}
    assert len(steps) == 28
    assert excel.closed
    found = {one.name: one.found for one in steps}
    assert found["Excel 的版本"] == "16.0"
    assert found["函数重新计算，与命令行的结果一致"].endswith("格一致")
    assert int(found["函数重新计算，与命令行的结果一致"].split()[0]) > 50


class WithoutFunctions(PaperExcel):
    """The add-in did not load: #NAME? everywhere."""

    def recalculate(self) -> None:
        self.cells = dict.fromkeys(self.cells, "#NAME?")


class OneWrong(PaperExcel):
    """A single number is wrong by a hundredth."""

    def recalculate(self) -> None:
        numbers = [key for key, value in self.cells.items() if key[0] == "项目" and isinstance(value, float)]
        where = max(numbers, key=lambda key: key[2])  # computed columns are the last ones
        self.cells = {**self.cells, where: self.cells[where] + 0.01}


class NoButtons(PaperExcel):
    def press(self, button: str, *, addin: bool = False) -> str:
        if addin:
            return super().press(button, addin=True)
        raise RuntimeError(f"Cannot run the macro {button}")


class ComputesNothing(PaperExcel):
    def press(self, button: str, *, addin: bool = False) -> str:
        return "没有做完" if button in ("compute", "report", "all") else super().press(button, addin=addin)


class WritesNothing(PaperExcel):
    def press(self, button: str, *, addin: bool = False) -> str:
        return "没有权限" if button in ("word", "pdf", "forms") else super().press(button, addin=addin)


class ClearsNothing(PaperExcel):
    def press(self, button: str, *, addin: bool = False) -> str:
        return "" if button == "clear" else super().press(button, addin=addin)


class ClearsTheOther(PaperExcel):
    """The add-in's button reaches the other project (xlwings issue 973)."""

    def press(self, button: str, *, addin: bool = False) -> str:
        if addin and button == "clear":
            self.clear(next(one for one in self.books if one.name == "自检-按钮.xlsm"))
        return super().press(button, addin=addin)


class LooksAtTheSheetInFront(PaperExcel):
    def press(self, button: str, *, addin: bool = False) -> str:
        if self.chart:
            raise RuntimeError("Method 'Range' of object '_Global' failed")
        return super().press(button, addin=addin)


class LetsCellsPress(PaperExcel):
    """A formula runs the macro that it names; `names` are those of the workbook or of the add-in."""

    names = "Xlb"

    def formula(self, text: str) -> Any:
        if text == f'={self.names}Press("clear")':
            self.clear(self.path)
        return super().formula(text)


class LetsCellsPressTheAddin(LetsCellsPress):
    names = "Xla"


class WithoutAddinFunctions(PaperExcel):
    def formula(self, text: str) -> Any:  # noqa: ARG002
        return "#NAME?"


class ShowsTheAddin(PaperExcel):
    """Describing functions left the add-in as an ordinary workbook."""

    def unseen(self, path: Path) -> bool:  # noqa: ARG002
        return False


BUTTONS = {
    f"按钮：{name}"
    for name in (
        "校验",
        "下一个问题",
        "上一个问题",
        "数从哪里来",
        "计算",
        "清除结果",
        "生成报告",
        "导出 Word",
        "导出 PDF",
        "导出监控表",
        "一键出报告",
    )
}
CHART = "图表工作表在前面时，按钮：计算"
SPARED, CELL = "后面带宏的工作簿没有被清除", "单元格不能借工作簿的宏做事"
ADDIN_CELL = "单元格不能借加载项的宏做事"


@pytest.mark.parametrize(
    ("excel", "steps", "words"),
    [
        (WithoutFunctions, {"函数重新计算，与命令行的结果一致"}, "#NAME?"),
        (OneWrong, {"函数重新计算，与命令行的结果一致"}, "有 1 格不一致"),
        (NoButtons, {*BUTTONS, CHART, SPARED, CELL}, ""),
        (
            ComputesNothing,
            {
                "按钮：计算",
                "按钮：生成报告",
                "按钮：一键出报告",
                CHART,
                "加载项的按钮：计算",
                ADDIN_CELL,
                SPARED,
                CELL,
            },
            "不一致",
        ),
        (WritesNothing, {"按钮：导出 Word", "按钮：导出 PDF", "按钮：导出监控表"}, "没有权限"),
        (ClearsNothing, {"按钮：清除结果", "加载项的按钮：清除结果"}, "没有清空"),
        (LooksAtTheSheetInFront, {CHART}, "Range"),
        (ClearsTheOther, {SPARED, CELL}, "不一致"),
        (LetsCellsPress, {CELL}, "不一致"),
        (LetsCellsPressTheAddin, {ADDIN_CELL}, "不一致"),
        (WithoutAddinFunctions, {"不带宏的工作簿里，加载项的函数"}, "应为 -30"),
        (ShowsTheAddin, {"加载项写好函数说明以后仍是隐藏的"}, "普通工作簿"),
    ],
)
def test_an_excel_that_errs_is_found_out(
    tmp_path: Path, excel: Callable[[], PaperExcel], steps: set[str], words: str
) -> None:
    paper = excel()
    wrong = failed(run(tmp_path, paper))
    assert set(wrong) == steps
    assert all(words in one for one in wrong.values())
    assert paper.closed


@pytest.mark.parametrize(("addin", "names"), [(False, "Xlb"), (True, "Xla")])
def test_what_cells_must_not_call_is_what_our_macros_have(addin: bool, names: str) -> None:
    """But for RunPython, which is not among them."""
    text = "\n".join(macros(addin=addin).modules.values())
    there = {found[1] for found in re.finditer(r"^Public (?:Sub|Function) (\w+)", text, re.MULTILINE)}
    called = {one.format(names).split("(")[0] for one in NOT_FOR_CELLS}
    assert called - there == {"RunPython"}


def test_nothing_is_tried_without_excel(tmp_path: Path) -> None:
    def missing() -> Excel:
        raise OSError("class not registered")

    steps = self_test(tmp_path, missing)
    assert failed(steps) == {"启动 Excel": "OSError：class not registered"}
    assert steps[-1].name == "启动 Excel"


def test_the_report_can_be_sent_back(tmp_path: Path) -> None:
    steps = [Step("一", True, ""), Step("二", False, "为什么")]
    selftest.write_report(tmp_path / selftest.REPORT, steps, "xlbudget 诊断")
    content = (tmp_path / selftest.REPORT).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[2:6] == ["[通过] 一", "[没通过] 二：为什么", "", "共 2 步，1 步没通过。"]
    assert lines[-2] == "xlbudget 诊断"
    assert "共 1 步，全部通过。" in selftest.text(steps[:1], "")


def test_other_systems_are_told_politely(tmp_path: Path) -> None:
    selftest.check_machine(windows(tmp_path))
    if this_machine().windows is None:
        with pytest.raises(CannotInstall, match="不是 Windows"):
            selftest.check_machine(this_machine())
