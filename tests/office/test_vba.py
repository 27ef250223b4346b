"""LibreOffice, a reader of VBA of its own, finds our modules word for word."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pyopenvba.cfb import CFB

from tests.files import repacked
from tests.office.conftest import Convert
from xlbudget.hosts.macros import PROJECT_PART
from xlbudget.machine import build
from xlbudget.vba.project import macros

pytestmark = pytest.mark.office
_OWN = ("Rem Attribute VBA_ModuleType", "Option VBASupport")
"""Lines that LibreOffice puts before a module."""


def modules(document: Path) -> dict[str, list[str]]:
    """Module → its lines, of a document that LibreOffice made of a workbook with macros."""
    found = {}
    with zipfile.ZipFile(document) as package:
        for part in package.namelist():
            if part.startswith("Basic/VBAProject/") and not part.endswith("script-lb.xml"):
                root = etree.fromstring(package.read(part))
                found[Path(part).stem] = [one for one in lines(root.text or "") if not one.startswith(_OWN)]
    return found


def lines(text: str) -> list[str]:
    return [one.rstrip() for one in text.splitlines() if one.strip() and not one.startswith("Attribute ")]


def wrong(document: Path) -> list[str]:
    """Modules that LibreOffice does not have as they are written."""
    found = modules(document)
    wanted = {**macros().modules, "ThisWorkbook": macros().workbook_module}
    return [name for name, source in wanted.items() if found.get(name) != lines(source)]


def test_libreoffice_reads_every_module(tmp_path: Path, convert: Convert) -> None:
    path = tmp_path / "book.xlsm"
    path.write_bytes(build.workbook_file())
    assert wrong(convert(path, "ods")) == []


def test_the_check_can_fail(tmp_path: Path, convert: Convert) -> None:
    """A stream that does not begin where the project says is no module."""

    def shifted(project: bytes) -> bytes:
        storage = CFB.from_bytes(project)
        stream = storage.get_stream_in_storage("VBA", "XlbCore")
        storage.write_stream_in_storage("VBA", "XlbCore", bytes(7) + stream)
        return bytes(storage.to_bytes())

    path = tmp_path / "book.xlsm"
    path.write_bytes(repacked({PROJECT_PART: shifted}, build.workbook_file()))
    assert wrong(convert(path, "ods")) == ["XlbCore"]
