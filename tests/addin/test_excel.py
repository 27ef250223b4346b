"""The VBA itself, run: ranges reach Python with their formats, errors become error values, and nothing is left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyopenvba.interpreter import VBAErrorValue, VBAInt, VBARuntimeError
from pyopenvba.interpreter._values import error

from tests.addin import com
from tests.addin.excel import CVERR, NO_CALLER, CallUdf, Control, Excel, SilentControl, Tabs
from tests.files import parts
from tests.test_units import filled
from tests.units import COUNTIES
from xlbudget import app, layout
from xlbudget.functions.registry import FUNCTIONS
from xlbudget.hosts.macros import as_macro_workbook, with_macros
from xlbudget.reading.table import Cell
from xlbudget.vba.buttons import BUTTONS
from xlbudget.vba.made import MARK, SETTINGS_SHEET, TEXTS
from xlbudget.vba.project import macros, of_addin

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


def press(excel: Excel, button: str, book: Any = None) -> None:
    """Press a button in the window of a workbook, of ours where none is said."""
    excel.run(f"Xlb_{button}", Control(book or excel.book))


def test_a_button_shows_its_message_when_python_is_done(sample: Path) -> None:
    python = Recorder("有 2 处错误。")
    excel = Excel(sample, python)
    press(excel, "check")
    ((script, name, given, book),) = python.given
    assert (script, name, given) == ("xlbudget.addin.buttons", "press", ("check", ""))
    assert book is excel.book
    assert excel.boxes == [("有 2 处错误。", TEXTS["title"], 64)]
    assert excel.plain_messages == []


def test_where_windows_shows_no_message_vba_does(sample: Path) -> None:
    excel = Excel(sample, Recorder("有 2 处错误。"))
    excel.messages_forbidden = True
    press(excel, "check")
    assert excel.boxes == []
    assert excel.plain_messages == ["有 2 处错误。"]
    assert excel.app.dialogs[0][2] == TEXTS["title"]


def test_a_button_with_nothing_to_say_shows_nothing(sample: Path) -> None:
    excel = Excel(sample, Recorder(""))
    press(excel, "folder")
    assert excel.messages == []


def state(excel: Excel) -> dict[str, object]:
    names = ("calculation", "enable_events", "display_alerts", "screen_updating", "status_bar", "pointer")
    return {name: getattr(excel.application, name) for name in names}


@pytest.mark.parametrize("starts", [True, False])
@pytest.mark.parametrize("others", [True, False])
def test_whatever_fails_is_said_and_excel_is_as_before(sample: Path, starts: bool, others: bool) -> None:
    """As it was found, also where the macro of somebody else has set it (`others`)."""
    excel: Excel

    def call(*_: Any) -> Any:
        excel.application.calculation = -4135
        assert excel.application.display_alerts is False
        excel.application.enable_events = excel.application.screen_updating = others
        excel.application.status_bar = "正在计算"
        raise error(1000, "Traceback: KeyError " + "x" * 1000)

    excel = Excel(sample, call if starts else None)
    if others:
        excel.application.display_alerts = excel.application.screen_updating = False
        excel.application.enable_events = False
        excel.application.status_bar, excel.application.pointer = "别的宏正在运行", VBAInt(2, "Long")
    before = state(excel)
    press(excel, "compute")
    (message,) = excel.messages
    assert str(message).startswith(TEXTS["failed"])
    assert ("KeyError" if starts else "DLL") in str(message)
    assert len(str(message)) < 1000  # a message box shows no more
    assert state(excel) == before


def test_the_check_of_settings_can_fail(sample: Path) -> None:
    """As it was: alerts and screen were switched on, whoever had switched them off."""
    excel = Excel(sample, Recorder(""), edit=lambda text: text.replace("Alerts = alerts", "Alerts = True"))
    excel.application.display_alerts = False
    before = state(excel)
    press(excel, "check")
    assert state(excel) == {**before, "display_alerts": True}


def test_a_message_that_python_is_missing_says_how_functions_recover(sample: Path) -> None:
    excel = Excel(sample, None)
    assert excel.formula("AMOUNT_WAN(B5)", "重点工作") == VBAErrorValue(2015)
    press(excel, "compute")
    assert "Ctrl+Alt+F9" in str(excel.messages[0])
    excel.call = Recorder(2.0)
    assert excel.formula("AMOUNT_WAN(B5)", "重点工作") == VBAErrorValue(2015)  # not asked again for a minute
    press(excel, "compute")  # unless a button has found it
    assert excel.formula("AMOUNT_WAN(B5)", "重点工作") == 2


def test_without_the_hidden_sheet_it_still_speaks(tmp_path: Path) -> None:
    (tmp_path / "x.xlsm").write_bytes(as_macro_workbook(app.new_workbook(None, sample=False)))
    excel = Excel(tmp_path / "x.xlsm", None)
    press(excel, "compute")
    assert str(excel.messages[0]).startswith("xlbudget: failed")
    excel.run("XlbDescribe")
    assert excel.application.described == []


def _plain(folder: Path, name: str = "平.xlsx") -> Path:
    path = folder / name
    openpyxl.Workbook().save(path)
    return path


# -- what buttons ask ------------------------------------------------------------------------------------

YES, NO = 6, 7


@pytest.mark.parametrize(("answer", "done"), [(YES, True), (NO, False)])
@pytest.mark.parametrize("forbidden", [False, True])
def test_clear_asks_first(sample: Path, answer: int, done: bool, forbidden: bool) -> None:
    python = Recorder("")
    excel = Excel(sample, python)
    excel.messages_forbidden = forbidden
    excel.answer = answer
    excel.app.answer_dialogs(answer)
    press(excel, "clear")
    assert bool(python.given) is done
    assert "不能撤销" in str(excel.messages[0])


def test_the_check_of_questions_can_fail(sample: Path) -> None:
    python = Recorder("")
    excel = Excel(sample, python, edit=lambda text: text.replace("= vbYes)", "<> 0)"))
    excel.answer = NO
    press(excel, "clear")
    assert python.given


@pytest.mark.parametrize(("button", "asked"), [("audit_any", "open"), ("new", "save"), ("sample", "save")])
def test_a_file_is_chosen_in_excels_own_dialog(sample: Path, button: str, asked: str) -> None:
    python = Recorder("")
    excel = Excel(sample, python)
    excel.application.chosen = "C:\\填报\\报告.docx"
    press(excel, button)
    (one,) = python.given
    assert one[2] == (button, "C:\\填报\\报告.docx")
    kind, *words = excel.application.asked[0]
    assert kind == asked
    assert BUTTONS[button].question.words in words  # type: ignore[union-attr]
    assert BUTTONS[button].question.filter in words  # type: ignore[union-attr]


def test_a_file_dialog_that_is_cancelled_does_nothing(sample: Path) -> None:
    python = Recorder("")
    excel = Excel(sample, python)
    excel.application.chosen = False
    press(excel, "audit_any")
    assert (python.given, excel.messages) == ([], [])


@pytest.mark.parametrize(("typed", "given"), [("四川", [("profile", "四川")]), ("", [])])
def test_the_name_of_a_profile_is_asked_for(sample: Path, typed: str, given: list[Any]) -> None:
    python = Recorder("")
    excel = Excel(sample, python)
    excel.app.answer_dialogs(typed)
    press(excel, "profile")
    assert [one[2] for one in python.given] == given


# -- two files of ours ---------------------------------------------------------------------------------


def test_a_workbook_serves_itself_alone(sample: Path, tmp_path: Path) -> None:
    """A press in another's window may arrive here; nothing is done, neither there nor here."""
    python = Recorder("x")
    excel = Excel(sample, python)
    other = excel.open(_plain(tmp_path))
    press(excel, "check", other)
    assert python.given == []
    assert excel.messages == [TEXTS["other_workbook"]]
    press(excel, "check", excel.book)  # its own window, whatever is in front
    assert python.given[0][3] is excel.book


def test_the_check_of_windows_can_fail(sample: Path, tmp_path: Path) -> None:
    """As it was: an .xlsm worked on itself, wherever the press came from."""
    python = Recorder("x")
    excel = Excel(sample, python, edit=lambda text: text.replace("If XlbServes(book) Then", "If True Then"))
    press(excel, "check", excel.open(_plain(tmp_path)))
    assert python.given != []


def test_the_addin_serves_the_workbook_in_whose_window_it_was_pressed(sample: Path, tmp_path: Path) -> None:
    python = Recorder("x")
    excel = Excel(sample, python, addin=True)
    other, front = excel.open(_plain(tmp_path)), excel.open(_plain(tmp_path, "前.xlsx"))
    press(excel, "check", other)
    excel.run("Xlb_check", SilentControl())  # a program that does not tell
    assert [given[3] for given in python.given] == [other, front]
    excel.application.active_book = None
    excel.run("Xlb_check", SilentControl())
    assert excel.messages[-1] == TEXTS["no_workbook"]


def test_programs_press_by_name(sample: Path, tmp_path: Path) -> None:
    """As the self-test does."""
    excel = Excel(sample, Recorder("x"))
    excel.open(_plain(tmp_path))
    assert excel.run("XlbPress", "check") == "x"
    assert excel.call.given[0][3] is excel.book  # type: ignore[union-attr]
    excel = Excel(sample, Recorder("x"), addin=True)
    other = excel.open(_plain(tmp_path))
    assert excel.run("XlbPress", "check") == "x"
    assert excel.call.given[0][3] is other  # type: ignore[union-attr]


def seen_by_others(modules: Mapping[str, str]) -> set[str]:
    """Names that other projects, ribbons and formulas find: what is Public, but in private modules."""
    return {
        name
        for text in modules.values()
        if "Option Private Module" not in text
        for name in re.findall(r"^(?:Public )?(?:Sub|Function) (\w+)", text, re.MULTILINE)
    }


def test_the_addin_has_names_of_its_own() -> None:
    """A callback of one name in two open files may be called in the other (xlwings' issue 973)."""
    book, addin = macros(), macros(addin=True)
    assert seen_by_others(book.modules) & seen_by_others(addin.modules) == set(FUNCTIONS)
    assert book.modules.keys() & addin.modules.keys() == {"xlwings"}
    for name, ribbon in addin.ribbons.items():
        called = set(re.findall(r'(?:onAction|onLoad|getVisible)="(\w+)"', ribbon))
        assert called <= seen_by_others(addin.modules)
        assert called.isdisjoint(seen_by_others(book.modules))
        assert of_addin(book.ribbons[name]) == ribbon
    assert seen_by_others(book.modules) & seen_by_others(macros().modules) > set(FUNCTIONS)  # it can fail


def test_the_addin_hides_its_tab_before_a_workbook_that_has_one(sample: Path, tmp_path: Path) -> None:
    excel = Excel(sample, None)
    assert visible(excel, excel.book)  # an .xlsm always shows its own
    excel = Excel(sample, None, addin=True)
    assert not visible(excel, excel.book)
    assert visible(excel, excel.open(_plain(tmp_path)))


def visible(excel: Excel, book: Any) -> bool:
    """What the tab's callback answers for a control in the window of a workbook."""
    excel.app.add_module(of_addin(_ASKING) if excel.book.addin else _ASKING, name="Asking")
    return bool(excel.app.run("Asked", Control(book)))


_ASKING = """
Public Function Asked(ByVal control As Object) As Variant
    Xlb_getVisible control, Asked
End Function
"""


def test_the_tab_stays_before_others_that_use_xlwings(sample: Path, tmp_path: Path) -> None:
    """They have a sheet of that name, too, and an .xlsx saved from ours has it without macros."""
    excel = Excel(sample, None, addin=True)
    book = openpyxl.Workbook()
    book.create_sheet(SETTINGS_SHEET)["A1"] = "INTERPRETER_WIN"
    book.save(tmp_path / "别的.xlsm")
    assert visible(excel, excel.open(tmp_path / "别的.xlsm"))
    book[SETTINGS_SHEET]["C1"] = MARK
    book.save(tmp_path / "我们的.xlsm")
    book.save(tmp_path / "没有宏.xlsx")
    assert not visible(excel, excel.open(tmp_path / "我们的.xlsm"))
    assert visible(excel, excel.open(tmp_path / "没有宏.xlsx"))


# -- what cells call -----------------------------------------------------------------------------------


def public(modules: Mapping[str, str]) -> dict[str, list[str]]:
    """Procedures that a formula can name, in private modules too, and the types of the arguments that they need."""
    found = {}
    for text in modules.values():
        for name, given in re.findall(r"^(?:Public )?(?:Sub|Function) (\w+)\((.*)\)", text, re.MULTILINE):
            needed = [one for one in given.split(", ") if one and "Optional" not in one]
            found[name] = [one.rpartition(" As ")[2] for one in needed]
    return {name: types for name, types in found.items() if name not in FUNCTIONS}


def traces(excel: Excel) -> list[object]:
    """What anything that is done leaves behind: Python started or asked, somebody told, help, a setting changed."""
    asked, described = excel.call.given, excel.application.described  # type: ignore[union-attr]
    return [len(asked), excel.starts, len(excel.messages), len(described), state(excel), excel.book.shown]


def done_from_cells(path: Path, *, addin: bool = False, edit: Callable[[str], str] = str) -> list[str]:
    """Procedures that do something when a cell calls them with whatever suits them."""
    excel, tabs = Excel(path, Recorder("x"), addin=addin, edit=edit), Tabs()
    excel.run("XlbLoaded", tabs)
    excel.application.caller = excel.range("A1", "重点工作")
    suiting: dict[str, object] = dict.fromkeys(("String", "Variant"), "clear")
    suiting |= dict.fromkeys(("Object", "IRibbonControl", "IRibbonUI"), Control(excel.book))
    faults = []
    for name, types in public(excel.modules).items():
        before = traces(excel)
        with suppress(VBARuntimeError):
            excel.app.run(name, *(suiting[one] for one in types))
        if traces(excel) != before:
            faults.append(name)
    excel.application.caller = NO_CALLER
    with suppress(VBARuntimeError):
        excel.run("XlbRefresh")
    return faults if tabs.refreshed == 1 else [*faults, "the tab"]


@pytest.mark.parametrize("addin", [False, True])
def test_procedures_that_cells_can_name_do_nothing_there(sample: Path, addin: bool) -> None:
    """But compute: XlbCall asks Python as every function does, in a module that knows no button (test_udfs)."""
    assert len(public(macros(addin=addin).modules)) > 20
    assert done_from_cells(sample, addin=addin) == ["XlaCall" if addin else "XlbCall"]
    excel = Excel(sample, Recorder("x"), addin=addin)
    excel.run("XlbCall", "press", "clear")
    assert excel.call.given[0][:2] == ("xlbudget.addin.udfs", "press")  # type: ignore[union-attr]


def test_the_check_of_cells_can_fail(sample: Path) -> None:
    """As it was, every button could be pressed by a formula, and xlwings' server started by one."""

    def unguarded(text: str) -> str:
        return text.replace("TypeName(Application.Caller)", '""')

    def answering(text: str) -> str:
        return text.replace("If Not XlbAsking Then Exit Function", "")

    faults = done_from_cells(sample, edit=unguarded)
    assert {"XlbPress", "XlbAnswer", "XlbButton", "Xlb_clear", "XlbDescribe", "the tab"} <= set(faults)
    assert done_from_cells(sample, edit=answering) == ["XLPy", "XlbCall"]


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


def opened_addin(path: Path, folder: Path, edit: Callable[[str], str] = str) -> Excel:
    """The add-in loaded, and two workbooks activated after it."""
    excel = Excel(path, None, addin=True, edit=edit)
    excel.app.interpreter.run("Workbook_Open", module="ThisWorkbook")
    assert excel.application.described == []
    for name in ("一.xlsx", "二.xlsx"):
        other = excel.open(_plain(folder, name))
        excel.app.interpreter.run("host_WorkbookActivate", [other], module="ThisWorkbook")
        assert excel.application.active_book is other
    return excel


def test_the_addin_describes_its_functions_once_while_it_is_none(sample: Path, tmp_path: Path) -> None:
    """Excel edits no macro of a hidden workbook. Meanwhile nothing is drawn and no event comes; then all is as before."""
    excel = opened_addin(sample, tmp_path)
    described = excel.application.described
    assert [str(one["macro"]).rpartition("!")[2] for one in described] == list(FUNCTIONS)
    assert all(one["quiet"] for one in described)
    assert excel.book.shown == (False, True)
    assert excel.application.screen_updating
    assert excel.application.enable_events


def test_help_that_excel_refuses_is_not_tried_at_every_workbook(sample: Path, tmp_path: Path) -> None:
    def hidden(text: str) -> str:
        return text.replace("ThisWorkbook.IsAddin = False", "ThisWorkbook.IsAddin = True")

    excel = opened_addin(sample, tmp_path, hidden)  # as it was: the add-in stays hidden
    assert excel.application.described == []
    assert excel.book.shown == (True, True)  # for one workbook, not for two


def test_with_macros_needs_no_more_than_a_new_workbook() -> None:
    """But for what 填报说明 says of the functions."""
    plain, ours = (
        parts(one)
        for one in (
            with_macros(app.new_workbook(None, sample=False), macros()),
            app.new_workbook(None, sample=False, macros=True),
        )
    )
    assert plain.keys() == ours.keys()
    guide = f"xl/worksheets/sheet{len(layout.SHEET_ORDER)}.xml"
    assert [name for name in plain if plain[name] != ours[name]] == [guide]
