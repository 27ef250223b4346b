"""xlwings' own engine for Windows over tests/engine/com.py: pywin32 is stubbed, so that only Excel itself is not real."""

from __future__ import annotations

import atexit
import ctypes
import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import xlwings as xw

from tests.engine import sheets
from tests.engine.com import ComError
from tests.engine.state import Excel

_MODULES = (
    "pywintypes",
    "win32api",
    "win32con",
    "pythoncom",
    "win32com",
    "win32com.client",
    "win32gui",
    "win32process",
    "win32timezone",
)
_NAME = "xlwings._xlwindows"


class _Time:
    pass


def _stubs() -> dict[str, types.ModuleType]:
    """The modules of pywin32 with the names that xlwings' engine asks for."""
    made = {name: types.ModuleType(name) for name in _MODULES}
    made["pywintypes"].__dict__.update(com_error=ComError, TimeType=_Time)
    made["pythoncom"].__dict__.update(CoInitialize=lambda: None, __file__="pythoncom.dll")
    client = made["win32com.client"]
    for name in ("CDispatch", "DispatchBaseClass"):
        setattr(client, name, type(name, (), {}))
    client.__dict__.update(Dispatch=None, DispatchEx=None)
    made["win32com"].__dict__["client"] = client
    made["win32process"].__dict__["GetWindowThreadProcessId"] = lambda _: (1, 4711)
    return made


@contextmanager
def engine() -> Iterator[Any]:
    """The module of xlwings' engine for Windows; what it registers for the end of Python is taken back."""
    forms: dict[str, Any] = {
        "oledll": mock.MagicMock(),
        "windll": mock.MagicMock(),
        "PyDLL": mock.MagicMock(),
    }
    with mock.patch.dict(sys.modules, _stubs()), mock.patch.multiple(ctypes, create=True, **forms):
        module = importlib.import_module(_NAME)
        try:
            yield module
        finally:
            atexit.unregister(module.cleanup)
            sys.modules.pop(_NAME, None)
            vars(xw).pop("_xlwindows", None)


def book_of(module: Any, excel: Excel) -> xw.Book:
    """The open workbook as xlwings gives it to whoever is called from Excel on Windows."""
    return xw.Book(impl=module.Book(xl=sheets.Workbook(excel)))
