"""xlwings' module as it goes into a workbook: cut to what starts the server, closed, run by the interpreter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter import VBAError, VBARuntimeError

from tests.addin.excel import Excel
from xlbudget import app
from xlbudget.vba import xlwings_module
from xlbudget.vba.project import macros
from xlbudget.vba.xlwings_module import KEPT, OtherXlwings, closed, installed

_PROCEDURE = re.compile(r"^(Public |Private )?(?:Sub|Function) (\w+)", re.MULTILINE)
_UNQUALIFIED = re.compile(r"(?<![.\w])(?:Range|Cells|Rows|Columns)\((?!.*\bAs\b)")
"""A range of whatever sheet is in front."""
_REACHES_OUT = re.compile(
    r"\.Run\b|AppleScriptTask|MacScript|\bKill\b|\bFileCopy\b|\bMkDir\b|For Output|VBComponents|\.Add\(\)"
)
"""What runs a program or writes: files, sheets, code."""


def scopes(module: str) -> dict[str, str]:
    return {name: scope.strip() or "Public" for scope, name in _PROCEDURE.findall(module)}


def test_only_the_entry_is_public() -> None:
    found = scopes(closed(installed()))
    assert found.keys() == KEPT
    assert [name for name, scope in found.items() if scope == "Public"] == ["XLPy"]
    declared = re.findall(r"^ *(.*)\bDeclare ", closed(installed()), re.MULTILINE)
    assert set(declared) == {"Private "}
    whole = scopes(installed())
    assert {"RunPython", "ExecuteWindows", "SaveConfigToFile", "ImportXlwingsUdfsModule"} < whole.keys()
    assert set(whole.values()) == {"Public", "Private"}


def test_nothing_that_runs_programs_or_writes_is_left() -> None:
    """But the DLL, which starts Python when our modules ask."""
    assert _REACHES_OUT.findall(closed(installed())) == []
    assert len(set(_REACHES_OUT.findall(installed()))) > 5


def test_no_range_of_the_sheet_in_front() -> None:
    """A chart sheet has none. In our own modules neither."""
    assert [name for name, text in macros().modules.items() if _UNQUALIFIED.search(text)] == []
    assert _UNQUALIFIED.findall(installed()) == ["Range("]


def test_licence_version_and_options_are_there() -> None:
    module = closed(installed())
    assert module.startswith('Attribute VB_Name = "xlwings"\nOption Private Module\n')
    assert xlwings_module.version(module) == xlwings_module.version(installed()) != ""
    licence = re.search(r"'xlwings is distributed under.*?SUCH DAMAGE\.\n", installed(), re.DOTALL)
    assert licence
    assert licence[0] in module


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Function ParentFolder(", "Function FolderAbove(", "ParentFolder"),
        ("    XLPyLoadDLL\n", "    XLPyLoadDLL\n    ImportPythonUDFs\n", "ImportPythonUDFs"),
        ("In Range(sht", "In sht.Cells(sht", "For Each cell In Range"),
        ("Function XLPy()", "Function XLPy(Optional x)", "Function XLPy"),
        ('XLWINGS_VERSION As String = "', 'XLWINGS_VERSION As String = "9', ""),
    ],
)
def test_a_module_that_we_have_not_read_is_refused(old: str, new: str, told: str) -> None:
    assert old in installed()
    changed = installed().replace(old, new)
    with pytest.raises(OtherXlwings, match="不要单独升级 xlwings") as caught:
        closed(changed)
    assert told in str(caught.value)


def test_procedures_that_we_do_not_use_may_come_and_go() -> None:
    assert closed(installed().replace("Sub KillPy()", "Sub KillAll()")) == closed(installed())


def test_conditions_of_compilation() -> None:
    """Those that hold wherever our files run are settled, others stay whole."""
    text = """\
#Const App = "Microsoft Excel"
#If Mac Then
    mac
#Else
    #If Win64 Then
        64
    #Else
        32
    #End If
#End If
#If App = "Microsoft Word" Then
    word
    #If Win64 Then
        none
    #End If
#ElseIf App = "Microsoft Excel" Then
    excel
#Else
    other
#End If
#If Other Then
    a
#Else
    b
#End If
"""
    kept = [line.strip() for line in xlwings_module._compiled(text.splitlines(keepends=True))]
    known = ["#If Win64 Then", "64", "#Else", "32", "#End If", "excel"]
    assert kept == [*known, "#If Other Then", "a", "#Else", "b", "#End If"]


# -- run -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "book.xlsm"
    path.write_bytes(app.new_workbook(None, sample=False, macros=True))
    return path


def answer(*_: Any) -> str:
    return "好了"


@pytest.mark.parametrize("addin", [False, True])
def test_it_starts_the_server(workbook: Path, addin: bool) -> None:
    excel = Excel(workbook, answer, addin=addin)
    assert excel.run("XlbPress", "about") == "好了"
    assert excel.starts == 1


def test_it_gives_no_cell_the_server(workbook: Path) -> None:
    excel = Excel(workbook, answer)
    excel.application.caller = excel.range("A1", "项目")
    excel.run("XLPy")
    assert excel.starts == 0
    excel = Excel(workbook, answer, edit=lambda text: text.replace("If Not XlbAsking Then Exit Function", ""))
    excel.run("XLPy")
    assert excel.starts == 1  # as it was


def test_its_settings_are_read_while_a_chart_sheet_is_in_front(workbook: Path) -> None:
    excel = Excel(workbook, answer)
    excel.book.chart_in_front = True
    assert excel.run("XlbPress", "about") == "好了"

    def unqualified(text: str) -> str:
        return text.replace("In sht.Range(", "In Range(")

    excel = Excel(workbook, answer, edit=unqualified)
    assert excel.run("XlbPress", "about") == "好了"
    excel.book.chart_in_front = True
    assert "没有做完" in excel.run("XlbPress", "about")


def test_its_other_procedures_are_not_to_be_had(workbook: Path) -> None:
    excel = Excel(workbook, answer)
    with pytest.raises((VBAError, VBARuntimeError)):
        excel.app.evaluate('GetConfig("INTERPRETER_WIN")')
