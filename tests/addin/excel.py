"""Our VBA run without Excel: pyOpenVBA's interpreter and Excel model, with what of Excel our modules need besides."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
from pyopenvba.apps.excel._windows import window_of
from pyopenvba.interpreter import (
    EMPTY,
    MISSING,
    NULL,
    VBAArray,
    VBAErrorValue,
    VBAInt,
    VBAObject,
    member,
    method,
)
from pyopenvba.interpreter import setter as vba_setter
from pyopenvba.interpreter._values import error

from tests.addin import com
from xlbudget.vba.project import macros, of_addin

NO_CALLER = VBAErrorValue(2023)
"""What Application.Caller is where no cell calls."""
CVERR = -2146828288
"""What COM adds to the number of an error value."""

_WINDOWS = """
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, Optional ByVal Config As String, Optional ByVal mode As Long) As Long
    Set Result = CreateObject("xlbudget.python")
End Function

Public Function LoadLibrary(ByVal name As String) As Long
    LoadLibrary = 1
End Function

Public Function MessageBoxW(ByVal owner As Variant, ByVal text As String, ByVal title As String, ByVal kind As Long) As Long
    MessageBoxW = CreateObject("xlbudget.windows").Box(text, title, kind)
End Function
"""
"""What our modules declare of Windows and of xlwings' DLL."""
_DECLARED = re.compile(r"^ *Private Declare .*?[^_\r]\r?$\n?", re.MULTILINE | re.DOTALL)
CallUdf = Callable[..., Any]


def to_python(value: object) -> Any:
    """A VBA value as COM hands it to Python."""
    if value is EMPTY or value is NULL:
        return None
    if value is MISSING:
        return com.MISSING
    if isinstance(value, VBAErrorValue):
        return value.number + CVERR
    if isinstance(value, VBAInt):
        return int(value)
    if isinstance(value, VBAArray):
        if len(value.bounds) == 1:
            return tuple(map(to_python, value.items))
        (top, bottom), (left, right) = value.bounds
        return tuple(
            tuple(to_python(value.get([row, column])) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )
    return value


def to_vba(value: Any) -> object:
    """What Python gives back, as COM hands it to VBA: rows become an array that counts from 0."""
    if value is None:
        return EMPTY
    if not isinstance(value, list | tuple):
        return value
    array = VBAArray([(0, len(value) - 1), (0, len(value[0]) - 1)])
    for row, cells in enumerate(value):
        for column, cell in enumerate(cells):
            array.set([row, column], cell)
    return array


class Python(VBAObject):
    """The COM server's object, seen from VBA."""

    def __init__(self, call: CallUdf) -> None:
        self._call = call

    @method(name="CallUDF")
    def call_udf(
        self, script: object, name: object, given: object, book: object = None, caller: object = None
    ) -> object:
        arguments = given.items if isinstance(given, VBAArray) else []
        workbook = None if book is MISSING else book
        return to_vba(self._call(script, name, tuple(map(to_python, arguments)), workbook, caller))


class Shell(VBAObject):
    """WScript.Shell: on this machine no text names a variable of the environment."""

    @method(name="ExpandEnvironmentStrings")
    def expand(self, text: object) -> object:
        if text == "False":
            return False  # the interpreter compares no text with a truth value, VBA does
        return text


class Windows(VBAObject):
    """Windows' own message box, or what a machine that forbids it answers."""

    def __init__(self, boxes: list[tuple[object, object, object]], answer: int, *, forbidden: bool) -> None:
        self._boxes, self._answer, self._forbidden = boxes, answer, forbidden

    @method(name="Box")
    def box(self, text: object, title: object, kind: object) -> object:
        if self._forbidden:
            raise error(453, "Can't find DLL entry point")
        self._boxes.append((text, title, kind))
        return VBAInt(self._answer, "Long")


class Control(VBAObject):
    """A control of the ribbon, in the window of a workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book

    @member(name="Context")
    def context(self) -> object:
        return window_of(self._book)


class SilentControl(VBAObject):
    """A control of a program that does not tell its window."""

    @member(name="Context")
    def context(self) -> object:
        raise error(438, "Object doesn't support this property or method")


class Tabs(VBAObject):
    """The ribbon as VBA holds it."""

    refreshed = 0

    @method(name="Invalidate")
    def invalidate(self) -> object:
        self.refreshed += 1
        return EMPTY


class _Excel(Application):
    """Excel with what the model lacks and our modules use."""

    caller: object = NO_CALLER
    described: list[dict[str, Any]]
    pointer: object

    @member(name="Caller")
    def _caller(self) -> object:
        return self.caller

    @member(name="Hwnd")
    def _hwnd(self) -> object:
        return VBAInt(1234, "Long")

    @method(name="MacroOptions")
    def _macro_options(
        self, macro: object, description: object, category: object, argumentdescriptions: object
    ) -> object:
        if self.vba_get("ThisWorkbook", []).addin:
            raise error(1004, "Cannot edit a macro on a hidden workbook.")
        helps = argumentdescriptions.items if isinstance(argumentdescriptions, VBAArray) else []
        self.described.append({
            "macro": macro, "text": description, "category": category, "helps": helps,
            "quiet": not self.screen_updating and not self.enable_events,
        })  # fmt: skip
        return EMPTY

    chosen: object
    """What people choose in a dialog for files; False where they think better of it."""
    asked: list[tuple[object, ...]]

    @method(name="GetOpenFilename")
    def _open(self, filefilter: object, filterindex: object, title: object) -> object:
        self.asked.append(("open", filefilter, filterindex, title))
        return self.chosen

    @method(name="GetSaveAsFilename")
    def _save(
        self, initialfilename: object, filefilter: object, filterindex: object, title: object
    ) -> object:
        self.asked.append(("save", initialfilename, filefilter, filterindex, title))
        return self.chosen

    @member(name="Cursor")
    def _cursor(self) -> object:
        return self.pointer

    @vba_setter("Cursor")
    def _set_cursor(self, value: object) -> None:
        self.pointer = value


class _Book(Workbook):
    addin = False
    chart_in_front = False
    shown: tuple[bool, ...] = ()
    """What IsAddin was set to."""

    @property
    def active_sheet(self) -> Any:
        return None if self.chart_in_front else super().active_sheet

    @member(name="IsAddin")
    def _is_addin(self) -> object:
        return self.addin

    @vba_setter("IsAddin")
    def _set_addin(self, value: object) -> None:
        self.addin = bool(value)
        self.shown += (self.addin,)

    @member(name="HasVBProject")
    def _has_project(self) -> object:
        return str(self.name).endswith((".xlsm", ".xlam"))


class Excel:
    """A workbook of ours, open, with its macros; Python is `call` (CallUDF's arguments) or cannot be started.

    All modules run as they are built; `edit` changes a module's text for negative controls.
    """

    def __init__(
        self, path: Path, call: CallUdf | None, *, addin: bool = False, edit: Callable[[str], str] = str
    ) -> None:
        self.app = ExcelApplication.open(path, with_vba=False)
        self.application: Any = self.app.application
        self.application.__class__, self.application.described = _Excel, []
        self.application.pointer = VBAInt(-4143, "Long")
        self.book: Any = self.app.workbook
        self.book.__class__, self.book.addin = _Book, addin
        self.call, self.starts, self.messages_forbidden = call, 0, False
        self.answer = 1
        """The button of a message that is pressed: 1 is OK, 6 yes, 7 no."""
        self.application.chosen, self.application.asked = False, []
        self.boxes: list[tuple[object, object, object]] = []
        """Text, title and kind of Windows' own messages."""
        self._let_intrinsics()
        self.app.interpreter.host.create = self._create
        ours = macros(addin=addin)
        self.app.add_module(_WINDOWS, name="Windows_")
        self.modules = {name: edit(_DECLARED.sub("", source)) for name, source in ours.modules.items()}
        for name, source in self.modules.items():
            self.app.add_module(source, name=name)
        # The interpreter has no events of others.
        workbook_module = ours.workbook_module.replace("WithEvents ", "")
        self.app.add_module(workbook_module, name="ThisWorkbook", kind="document")

    def _let_intrinsics(self) -> None:
        """What the interpreter does not do with the machine: no file is there, no variable is set, a text is its address."""
        interpreter: Any = self.app.interpreter

        def no_file(*_: object) -> object:
            raise error(53, "File not found")

        interpreter._intrinsics = {
            **interpreter._intrinsics,
            "getattr": no_file,
            "environ": lambda *_: "",
            "strptr": lambda _, arguments, __: arguments[0],
        }

    def _create(self, name: str) -> object:
        if name == "WScript.Shell":
            return Shell()
        if name == "xlbudget.windows":
            return Windows(self.boxes, self.answer, forbidden=self.messages_forbidden)
        assert name == "xlbudget.python"
        self.starts += 1
        if self.call is None:
            raise error(1000, "Could not load the DLL")
        return Python(self.call)

    def open(self, path: Path) -> Any:
        """Another workbook, in front."""
        other: Any = self.app.open_workbook(path)
        other.__class__ = _Book
        self.app.activate_workbook(other)
        return other

    def formula(self, text: str, sheet: str) -> Any:
        """What a formula over ranges, with a function of ours outside, comes to."""
        self.application.caller = self.range("A1", sheet)
        name, arguments = text.rstrip(")").split("(", 1)
        given = ", ".join(self._argument(one, sheet) for one in arguments.split(","))
        result = self.app.evaluate(f"{name}({given})")
        self.application.caller = NO_CALLER
        return result

    def _argument(self, text: str, sheet: str) -> str:
        found = re.fullmatch(r"(?:(.+)!)?(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)", text)
        if not found:
            return text
        return f'Worksheets("{found[1] or sheet}").Range("{found[2].replace("$", "")}")'

    def range(self, address: str, sheet: str) -> object:
        return self.book.sheet_named(sheet).vba_get("Range", [address])

    def run(self, macro: str, *arguments: object) -> Any:
        """A procedure of ours by its name in the workbook, or in the add-in where this is one."""
        return self.app.run(of_addin(macro) if self.book.addin else macro, *arguments)

    @property
    def messages(self) -> list[object]:
        """What people were told, by Windows or by VBA."""
        return [text for text, _, _ in self.boxes] + self.plain_messages

    @property
    def plain_messages(self) -> list[object]:
        """What VBA's own MsgBox showed."""
        return [text for kind, text, *_ in self.app.dialogs if kind == "MsgBox"]
