"""Our VBA run without Excel: pyOpenVBA's interpreter and Excel model, with what of Excel our modules need besides."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
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
from xlbudget.vba.project import macros

CVERR = -2146828288
"""What COM adds to the number of an error value."""

_STAND_IN = """
Public Function XLPy() As Object
    Set XLPy = CreateObject("xlbudget.python")
End Function
"""
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


class _Excel(Application):
    """Excel with what the model lacks and our modules use."""

    caller: object = VBAErrorValue(2023)
    described: list[dict[str, Any]]
    refuses_help = False

    @member(name="Caller")
    def _caller(self) -> object:
        return self.caller

    @method(name="MacroOptions")
    def _macro_options(
        self, macro: object, description: object, category: object, argumentdescriptions: object
    ) -> object:
        if self.refuses_help:
            raise error(1004, "Cannot edit a macro on a hidden workbook")
        helps = argumentdescriptions.items if isinstance(argumentdescriptions, VBAArray) else []
        self.described.append({"macro": macro, "text": description, "category": category, "helps": helps})
        return EMPTY

    @member(name="Cursor")
    def _cursor(self) -> object:
        return VBAInt(-4143, "Long")

    @vba_setter("Cursor")
    def _set_cursor(self, value: object) -> None:
        pass


class _Book(Workbook):
    addin = False

    @member(name="IsAddin")
    def _is_addin(self) -> object:
        return self.addin

    @member(name="HasVBProject")
    def _has_project(self) -> object:
        return str(self.name).endswith(".xlsm")


class Excel:
    """A workbook of ours, open, with its macros; Python is `call` (CallUDF's arguments) or cannot be started."""

    def __init__(self, path: Path, call: CallUdf | None) -> None:
        self.app = ExcelApplication.open(path, with_vba=False)
        self.application: Any = self.app.application
        self.application.__class__, self.application.described = _Excel, []
        self.book: Any = self.app.workbook
        self.book.__class__ = _Book
        self.call, self.starts = call, 0
        self.app.interpreter.host.create = self._create
        ours = macros()
        sheet_exists = re.search(r"Function SheetExists.*?End Function", ours.modules["xlwings"], re.DOTALL)
        assert sheet_exists
        self.app.add_module(_STAND_IN + sheet_exists[0], name="xlwings")
        for name in ("XlbCore", "XlbFunctions", "XlbRibbon"):
            self.app.add_module(ours.modules[name], name=name)
        # The interpreter has no events of others.
        workbook_module = ours.workbook_module.replace("WithEvents ", "")
        self.app.add_module(workbook_module, name="ThisWorkbook", kind="document")

    def _create(self, name: str) -> object:
        assert name == "xlbudget.python"
        self.starts += 1
        if self.call is None:
            raise error(1000, "Could not load the DLL")
        return Python(self.call)

    def formula(self, text: str, sheet: str) -> Any:
        """What a formula over ranges, with a function of ours outside, comes to."""
        self.application.caller = self.range("A1", sheet)
        name, arguments = text.rstrip(")").split("(", 1)
        return self.app.evaluate(
            f"{name}({', '.join(self._argument(one, sheet) for one in arguments.split(','))})"
        )

    def _argument(self, text: str, sheet: str) -> str:
        found = re.fullmatch(r"(?:(.+)!)?(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)", text)
        if not found:
            return text
        return f'Worksheets("{found[1] or sheet}").Range("{found[2].replace("$", "")}")'

    def range(self, address: str, sheet: str) -> object:
        return self.book.sheet_named(sheet).vba_get("Range", [address])

    def run(self, macro: str, *arguments: object) -> Any:
        return self.app.run(macro, *arguments)

    @property
    def messages(self) -> Sequence[str]:
        return [text for kind, text, *_ in self.app.dialogs if kind == "MsgBox"]
