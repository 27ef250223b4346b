"""The VBA sources and ribbon XML as they go into a workbook: ours from vba/, xlwings' own from the installed package."""

from __future__ import annotations

import re
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from xlbudget.hosts.macros import Macros
from xlbudget.vba.made import SETTINGS_SHEET, settings_rows

WORKBOOK_MODULE = "ThisWorkbook.cls"
_HERE = Path(__file__).parent


def sources() -> Path:
    """The folder of our sources: vba/ of a checkout, or where a wheel has it."""
    installed = _HERE / "sources"
    return installed if installed.is_dir() else _HERE.parent.parent / "vba"


def _text(path: Path) -> str:
    """A source with the line ends that VBA wants."""
    return path.read_text("ascii").replace("\n", "\r\n")


def xlwings_module() -> str:
    """xlwings' own module, whole and with its licence, from the installed package: its DLLs are of the same version."""
    found = find_spec("xlwings")  # without importing it, which takes half a second
    assert found is not None
    assert found.origin is not None
    return _text(Path(found.origin).with_name("xlwings.bas"))


def xlwings_version(module: str) -> str:
    """The version that a text of xlwings' module is of; empty where it names none."""
    found = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', module)
    return found[1] if found else ""


def macros() -> Macros:
    """Everything that a new workbook with macros gets."""
    folder = sources()
    modules = {"xlwings": xlwings_module()}
    assert xlwings_version(modules["xlwings"]) == metadata.version("xlwings")
    modules |= {path.stem: _text(path) for path in sorted(folder.glob("*.bas"))}
    ribbons = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("customUI*.xml"))}
    return Macros(modules, _text(folder / WORKBOOK_MODULE), ribbons, SETTINGS_SHEET, settings_rows())
