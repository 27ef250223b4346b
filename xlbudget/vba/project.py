"""The VBA sources and ribbon XML as they go into a workbook: ours from vba/, xlwings' own from the installed package."""

from __future__ import annotations

import re
from pathlib import Path

from xlbudget.hosts.macros import Macros
from xlbudget.vba import xlwings_module
from xlbudget.vba.made import SETTINGS_SHEET, settings_rows

WORKBOOK_MODULE = "ThisWorkbook.cls"
_HERE = Path(__file__).parent


def sources() -> Path:
    """The folder of our sources: vba/ of a checkout, or where a wheel has it."""
    installed = _HERE / "sources"
    return installed if installed.is_dir() else _HERE.parent.parent / "vba"


def _text(path: Path) -> str:
    """A source as VBA wants it."""
    return _lines(path.read_text("ascii"))


def _lines(text: str) -> str:
    return text.replace("\n", "\r\n")


def of_addin(text: str) -> str:
    """VBA or ribbon XML with the add-in's own names: where two open files have a callback of one name, Excel may call
    the other file's (https://github.com/xlwings/xlwings/issues/973).
    """
    return re.sub(r"\bXlb(?=[A-Z_])", "Xla", text)


def macros(*, addin: bool = False) -> Macros:
    """Everything that a new workbook with macros gets, or the add-in. Raises OtherXlwings."""
    folder = sources()
    own = of_addin if addin else str
    modules = {"xlwings": own(_lines(xlwings_module.closed(xlwings_module.installed())))}
    modules |= {own(path.stem): own(_text(path)) for path in sorted(folder.glob("*.bas"))}
    ribbons = {path.name: own(path.read_text("utf-8")) for path in sorted(folder.glob("customUI*.xml"))}
    book = own(_text(folder / WORKBOOK_MODULE))
    return Macros(modules, book, ribbons, SETTINGS_SHEET, settings_rows())
