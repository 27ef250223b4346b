"""xlwings' real COM server on a machine without COM: pywin32 is stubbed, everything above it is xlwings' own."""

from __future__ import annotations

import asyncio  # noqa: F401  (before the platform is said to be another)
import atexit
import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest import mock

MISSING = -2147352572
"""What COM hands over for an argument that was left out."""
OURS = "xlbudget.addin.udfs"
BUTTONS = "xlbudget.addin.buttons"
_WIN32 = (
    "pythoncom", "pywintypes", "win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone",
    "win32com", "win32com.client", "win32com.client.dynamic", "win32com.server", "win32com.server.dispatcher",
    "win32com.server.exception", "win32com.server.policy", "win32com.server.util",
)  # fmt: skip


class ComError(Exception):
    """Stands for pywintypes.com_error."""


class _Dispatched:
    """Stands for the classes of win32com's objects; none is ever made."""


def _module(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__getattr__ = lambda attribute: mock.MagicMock(name=f"{name}.{attribute}")  # type: ignore[method-assign]
    if name == "pywintypes":
        module.com_error = ComError  # type: ignore[attr-defined]
        module.TimeType = datetime  # type: ignore[attr-defined]
    if name == "pythoncom":
        module.ole_error = ComError  # type: ignore[attr-defined]
        module.TypeIIDs = mock.MagicMock()  # type: ignore[attr-defined]
    if name == "win32com.client":
        for one in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
            setattr(module, one, _Dispatched)
        module.Dispatch = lambda book: book  # type: ignore[attr-defined]
    if name == "win32com.server.util":
        module.unwrap = mock.Mock(side_effect=ComError)  # type: ignore[attr-defined]
    return module


def _stubs() -> dict[str, ModuleType]:
    """Stand-ins for pywin32, packages holding their modules."""
    made = {name: _module(name) for name in _WIN32}
    for name, module in made.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, module)
    return made


@dataclass(frozen=True)
class Server:
    """The COM server's object that VBA talks to, and the modules behind it."""

    python: Any
    udfs: Any
    xlwings: Any

    def call(self, name: str, *given: Any) -> Any:
        """CallUDF, as VBA calls it for a formula."""
        return self.python.CallUDF(OURS, name, given, None, None)

    def press(self, button: str, book: Any) -> Any:
        """CallUDF, as VBA calls it for a button."""
        return self.python.CallUDF(BUTTONS, "press", (button,), book, None)


def _is_forgotten(name: str) -> bool:
    """Whether a module is imported anew, because it holds xlwings."""
    return name.split(".", maxsplit=1)[0] == "xlwings" or name in (OURS, BUTTONS)


@contextmanager
def server() -> Iterator[Server]:
    """xlwings imported as on Windows, and forgotten again."""
    names = [name for name in sys.modules if _is_forgotten(name)]
    kept = {name: sys.modules.pop(name) for name in names}
    windows = {name: mock.MagicMock() for name in ("PyDLL", "windll", "oledll")}
    try:
        with mock.patch.dict(sys.modules, _stubs()), mock.patch.multiple(ctypes, create=True, **windows):
            with mock.patch.object(sys, "platform", "win32"), mock.patch.object(atexit, "register"):
                xlwings = import_module("xlwings")
            yield Server(import_module("xlwings.com_server").XLPython(), import_module(OURS), xlwings)
    finally:
        for name in [name for name in sys.modules if _is_forgotten(name)]:
            del sys.modules[name]
        sys.modules.update(kept)
