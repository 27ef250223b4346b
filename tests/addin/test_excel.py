"""The VBA itself, run: ranges reach Python with their formats, errors become error values, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyopenvba.interpreter import VBAErrorValue
from pyopenvba.interpreter._values import error

from tests.addin import com
from tests.addin.excel import CVERR, CallUdf, Excel
from tests.test_units import filled
from tests.units import COUNTIES
from xlbudget import app
from xlbudget.functions.registry import FUNCTIONS
from xlbudget.hosts.macros import as_macro_workbook, with_macros
from xlbudget.reading.table import Cell
from xlbudget.vba.made import SETTINGS_SHEET, TEXTS
from xlbudget.vba.project import macros

ERRORS = {"#VALUE!": VBAErrorValue(2015), "#N/A": VBAErrorValue(2042)}


@pytest.fixture(scope="module")
def server() -> Iterator[com.Server]:
    with com.server() as made:
        yield made


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a computed .xlsm."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "s.xlsm").write_bytes(app.new_workbook(None, sample=True, macros=True))
    app.run(folder / "s.xlsm", app.Destinations(folder / "o.xlsm"))
    return folder / "o.xlsm"


def formulas(path: Path) -> list[tuple[str, str, str, Any]]:
    """Sheet, cell, formula and what `run` put beside it, of every formula of ours."""
    book, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return [
        (sheet, cell.coordinate, cell.value[1:], shown[sheet][cell.coordinate].value)
        for sheet in ("项目", "指标")
        for row in book[sheet].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value[1:].split("(")[0] in FUNCTIONS
    ]


def differences(path: Path, call: CallUdf, most: int = 1000) -> tuple[int, list[tuple[str, Any, Any]]]:
    """How many formulas were computed, spread over the workbook, and those that come to something else."""
    excel, found = Excel(path, call), formulas(path)
    chosen = found[:: len(found) // most + 1]
    wrong = []
    for sheet, cell, formula, kept in chosen:
        wanted = ERRORS.get(kept, "" if kept is None else kept)
        result = excel.formula(formula, sheet)
        if result != wanted:
            wrong.append((cell, result, wanted))
    return len(chosen), wrong


def test_formulas_of_the_sample(sample: Path, server: com.Server) -> None:
    count, wrong = differences(sample, server.python.CallUDF)
    assert count > 100
    assert wrong == []


def test_formulas_of_a_unit_typed_as_people_type(tmp_path: Path, server: com.Server) -> None:
    """With formats that Excel gives: what `run` read from the file is what Excel's values and formats say."""
    path, _, _ = filled(tmp_path, COUNTIES[0], "messy")
    source, out = tmp_path / "s.xlsm", tmp_path / "o.xlsm"
    source.write_bytes(as_macro_workbook(path.read_bytes()))
    app.run(source, app.Destinations(out))
    out.write_bytes(_with_settings(out.read_bytes()))
    count, wrong = differences(out, server.python.CallUDF, most=40)
    assert count >= 20
    assert wrong == []


def _with_settings(content: bytes) -> bytes:
    from xlbudget.hosts.package import Package

    host = Package(Path("x.xlsm"), content)
    host.write_memory(SETTINGS_SHEET, macros().rows)
    return host.save()


def test_a_difference_is_noticed(sample: Path, server: com.Server) -> None:
    def other(script: str, name: str, *rest: Any) -> Any:
        return 1.0 if name == "WARNING_LIGHT" else server.python.CallUDF(script, name, *rest)

    count, wrong = differences(sample, other)
    assert 0 < len(wrong) < count


# -- what reaches Python -------------------------------------------------------------------------------


class Recorder:
    """Python that keeps what it is given."""

    def __init__(self, result: Any = 1.0) -> None:
        self.given: list[Any] = []
        self.result = result

    def __call__(self, script: str, name: str, given: tuple[Any, ...], book: object, _: object) -> Any:
        self.given.append((script, name, given, book))
        return self.result


def sheet_with(path: Path, values: dict[str, Any], formats: dict[str, str]) -> Path:
    """The template with cells of 重点工作 set."""
    book = openpyxl.load_workbook(path, keep_vba=True)
    for address, value in values.items():
        book["重点工作"][address].value = value
    for address, look in formats.items():
        book["重点工作"][address].number_format = look
    out = path.with_name("cells.xlsm")
    book.save(out)
    return out


def given_for(path: Path, address: str) -> Any:
    python = Recorder()
    excel = Excel(path, python)
    assert excel.formula(f"AMOUNT_WAN({address})", "重点工作") == 1
    ((script, name, (folder, value, unit), book),) = python.given
    assert (script, name, unit, book) == ("xlbudget.addin.udfs", "AMOUNT_WAN", None, None)
    assert Path(folder) == path.parent.resolve()
    return value


def test_numbers_bring_their_format(sample: Path, server: com.Server) -> None:
    def cells(address: str) -> Any:
        value = given_for(path, address)
        rows = value if isinstance(value, tuple) else ((value,),)
        return [[server.udfs._cell(cell) for cell in row] for row in rows]

    values = {"B5": 0.95, "B6": 7, "B7": "甲", "B8": None, "C5": 0.07, "C6": 12.5, "C7": -0.5, "C8": 44742}
    general = dict.fromkeys(("B5", "B6", "B7", "B8", "C6", "C7"), "General")
    path = sheet_with(sample, values, {**general, "C5": "0%", "C7": "0.0%", "C8": "yyyy-mm-dd"})
    seven, half = Cell("number", "0.07", None, "0%"), Cell("number", "-0.5", None, "0.0%")
    day = Cell("number", "44742", None, "yyyy-mm-dd")
    assert cells("B5:C8") == [[0.95, seven], [7, 12.5], ["甲", half], [None, day]]
    assert [cells(one) for one in ("C5", "B5", "B7", "B8")] == [[[seven]], [[0.95]], [["甲"]], [[None]]]


def test_of_whole_columns_the_rows_in_use(sample: Path) -> None:
    path = sheet_with(sample, {"B5": 1, "B6": 2}, dict.fromkeys(("B5", "B6"), "General"))
    python = Recorder()
    excel = Excel(path, python)
    excel.application.caller = excel.range("A1", "重点工作")
    excel.app.evaluate('AMOUNT_WAN(Worksheets("重点工作").Columns(2))')
    ((_, _, (_, value, _), _),) = python.given
    assert value[4:6] == ((1.0,), (2.0,))
    assert len(value) < 1000


def test_several_areas_are_an_error(sample: Path) -> None:
    python = Recorder()
    excel = Excel(sample, python)
    excel.app.evaluate('AMOUNT_WAN(Worksheets("重点工作").Range("B5,D5"))')
    ((_, _, (folder, value, _), _),) = python.given
    assert value == CVERR + 2015
    assert folder == str(sample.parent)  # asked by no cell, the workbook's own


def test_results_become_error_values(sample: Path) -> None:
    python = Recorder([["#VALUE!"], [1.5], ["红"], [""], ["#N/A"]])
    found = Excel(sample, python).formula("AMOUNT_WAN(B5:B9)", "重点工作")
    assert found == [[VBAErrorValue(2015)], [1.5], ["红"], [""], [VBAErrorValue(2042)]]
    assert Excel(sample, Recorder("#N/A")).formula("AMOUNT_WAN(B5)", "重点工作") == VBAErrorValue(2042)


# -- when Python fails ---------------------------------------------------------------------------------


def test_a_python_that_does_not_start_is_not_asked_a_thousand_times(sample: Path) -> None:
    excel = Excel(sample, None)
    assert [excel.formula("AMOUNT_WAN(B5)", "重点工作") for _ in range(50)] == [VBAErrorValue(2015)] * 50
    assert excel.starts == 1


def test_a_python_that_was_closed_is_started_again(sample: Path) -> None:
    failing = [False]

    def call(*_: Any) -> Any:
        if failing[0]:
            failing[0] = False
            raise error(462, "the server is gone")
        return 2.0

    excel = Excel(sample, call)
    assert excel.formula("AMOUNT_WAN(B5)", "重点工作") == 2
    assert excel.formula("AMOUNT_WAN(B5)", "重点工作") == 2
    assert excel.starts == 1
    failing[0] = True
    assert excel.formula("AMOUNT_WAN(B5)", "重点工作") == 2
    assert excel.starts == 2


# -- buttons -------------------------------------------------------------------------------------------


def test_a_button_shows_its_message_when_python_is_done(sample: Path) -> None:
    python = Recorder("有 2 处错误。")
    excel = Excel(sample, python)
    excel.run("Xlb_check", excel.book)
    ((script, name, given, book),) = python.given
    assert (script, name, given) == ("xlbudget.addin.udfs", "press", ("check",))
    assert book is excel.book
    assert excel.messages == ["有 2 处错误。"]
    assert excel.app.dialogs[0][2] == TEXTS["title"]
    assert Excel(sample, Recorder("")).run("XlbButton", "check") is None


def test_a_button_with_nothing_to_say_shows_nothing(sample: Path) -> None:
    excel = Excel(sample, Recorder(""))
    excel.run("Xlb_folder", excel.book)
    assert excel.messages == []


@pytest.mark.parametrize("starts", [True, False])
def test_whatever_fails_is_said_and_excel_is_as_before(sample: Path, starts: bool) -> None:
    excel: Excel

    def call(*_: Any) -> Any:
        excel.application.calculation = -4135
        assert excel.application.display_alerts is False
        excel.application.enable_events = excel.application.screen_updating = False
        excel.application.status_bar = "正在计算"
        raise error(1000, "Traceback: KeyError " + "x" * 1000)

    excel = Excel(sample, call if starts else None)
    excel.run("Xlb_compute", excel.book)
    (message,) = excel.messages
    assert message.startswith(TEXTS["failed"])
    assert ("KeyError" if starts else "DLL") in message
    assert len(message) < 1000  # a message box shows no more
    state = excel.application
    assert state.display_alerts is True
    assert (state.calculation, state.enable_events, state.screen_updating, state.status_bar) == (
        -4105,
        True,
        True,
        False,
    )


def test_without_the_hidden_sheet_it_still_speaks(tmp_path: Path) -> None:
    (tmp_path / "x.xlsm").write_bytes(as_macro_workbook(app.new_workbook(None, sample=False)))
    excel = Excel(tmp_path / "x.xlsm", None)
    excel.run("Xlb_compute", excel.book)
    assert excel.messages[0].startswith("xlbudget: failed")
    excel.run("XlbDescribe")
    assert excel.application.described == []


def test_the_addin_works_on_the_workbook_in_front(sample: Path, tmp_path: Path) -> None:
    excel = Excel(sample, Recorder("x"))
    excel.book.addin = True
    other = excel.app.open_workbook(_plain(tmp_path))
    excel.app.activate_workbook(other)
    assert excel.run("XlbPress", "check") == "x"
    assert excel.call.given[0][3] is other  # type: ignore[union-attr]
    excel.application.active_book = None
    assert excel.run("XlbPress", "check") == TEXTS["no_workbook"]


def _plain(folder: Path) -> Path:
    path = folder / "平.xlsx"
    openpyxl.Workbook().save(path)
    return path


def test_the_addin_hides_its_tab_before_a_workbook_that_has_one(sample: Path, tmp_path: Path) -> None:
    excel = Excel(sample, None)
    assert excel.run("XlbVisible") is True  # an .xlsm always shows its own
    excel.book.addin = True
    assert excel.run("XlbVisible") is False
    other = excel.app.open_workbook(_plain(tmp_path))
    other.__class__ = excel.book.__class__
    excel.app.activate_workbook(other)
    assert excel.run("XlbVisible") is True


# -- help ----------------------------------------------------------------------------------------------


def test_opening_describes_every_function(sample: Path) -> None:
    excel = Excel(sample, None)
    excel.app.interpreter.run("Workbook_Open", module="ThisWorkbook")
    described = {str(one["macro"]).rpartition("!")[2]: one for one in excel.application.described}
    assert described.keys() == FUNCTIONS.keys()
    for name, one in FUNCTIONS.items():
        assert one.title in described[name]["text"]
        assert len(described[name]["helps"]) == len(one.arguments)
    excel.run("XlbDescribe")
    assert len(excel.application.described) == len(FUNCTIONS)


def test_help_that_excel_refuses_at_first_comes_later(sample: Path) -> None:
    excel = Excel(sample, None)
    excel.application.refuses_help = True
    excel.app.interpreter.run("Workbook_Open", module="ThisWorkbook")
    assert excel.application.described == []
    excel.application.refuses_help = False
    excel.app.interpreter.run("host_WorkbookActivate", [excel.book], module="ThisWorkbook")
    assert len(excel.application.described) == len(FUNCTIONS)


def test_with_macros_needs_no_more_than_a_new_workbook() -> None:
    assert with_macros(app.new_workbook(None, sample=False), macros()) == app.new_workbook(
        None, sample=False, macros=True
    )
