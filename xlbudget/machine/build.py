"""The files for Excel: a blank workbook with macros, and an add-in for workbooks without."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from xlbudget import app
from xlbudget.files.writing import folder_for, write_all
from xlbudget.hosts.macros import with_macros
from xlbudget.hosts.package import as_new_workbook
from xlbudget.hosts.template import addin_sheet
from xlbudget.machine import office
from xlbudget.vba import xlwings_module
from xlbudget.vba.project import macros

WORKBOOK, ADDIN = "xlbudget.xlsm", office.ADDIN


def workbook_file() -> bytes:
    """A blank .xlsm."""
    return app.new_workbook(None, sample=False, macros=True)


def addin_file() -> bytes:
    """The .xlam: ribbon and functions for plain .xlsx workbooks."""
    return with_macros(as_new_workbook(addin_sheet()), macros(addin=True), addin=True)


def build(folder: Path) -> list[Path]:
    """Write both files, replacing older ones together. Raises Told."""
    app.check_folder(folder)
    files = [(folder / WORKBOOK, workbook_file()), (folder / ADDIN, addin_file())]
    with folder_for(folder):
        write_all(files[::-1])
    return [path.resolve() for path, _ in files]


def built_with(content: bytes) -> str | None:
    """The xlwings version whose module a workbook file holds; None where it holds none."""
    from pyopenvba import ExcelFile, PyOpenVBAError

    with tempfile.TemporaryDirectory(prefix="xlbudget-") as folder:
        path = Path(folder) / "book.xlsm"
        path.write_bytes(content)
        try:
            with ExcelFile(path) as file:
                return xlwings_module.version(file.vba_modules().get("xlwings", "")) or None
        except (PyOpenVBAError, zipfile.BadZipFile):
            return None
