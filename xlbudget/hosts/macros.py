"""A new workbook gets its VBA project, its ribbon and the hidden sheet that both read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, parse_vba_project, rebuild_module_stream, serialize_dir_stream

from xlbudget.files.archive import Archive, repack
from xlbudget.files.parts import CONTENT_TYPES, Parts, rels_of
from xlbudget.files.xml import RELS, tag
from xlbudget.hosts.package import Package
from xlbudget.reading.table import Value

PROJECT_PART = "xl/vbaProject.bin"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBONS = {
    "customUI14.xml": "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    "customUI.xml": "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
}
"""Excel takes the newer form; WPS documents the older one."""
_CALCULATED_BY = "191029"
"""Excel 2019 and later. Excel computes a workbook anew that an earlier version computed last, here by thousands of calls."""

_ANY_VERSION = bytes.fromhex("CC61 FFFF 00 0000")
"""The stream _VBA_PROJECT without a version and without a cache, as [MS-OVBA] 2.3.4.1 wants it written. Office takes the
caches of a project, and not its sources, where the version in this stream is its own ([MS-OVBA] 1.6)."""


@dataclass(frozen=True, slots=True)
class Macros:
    """What a workbook gets: VBA sources by module name, ribbon XML by file name, rows of the hidden sheet."""

    modules: Mapping[str, str]
    workbook_module: str
    ribbons: Mapping[str, str]
    sheet: str
    rows: Sequence[Sequence[Value]]


def as_macro_workbook(content: bytes) -> bytes:
    """A new .xlsx as the kind of workbook that can hold macros; it has none yet."""
    return repack(content, {CONTENT_TYPES: (re.escape(_MAIN), WORKBOOK_TYPE)})


def with_macros(content: bytes, macros: Macros, *, addin: bool = False) -> bytes:
    """A new .xlsx as .xlsm or .xlam with everything in it; the same input gives the same bytes."""
    host = Package(Path("模板.xlsx"), content)
    host.write_memory(macros.sheet, macros.rows)
    content = repack(host.save(), {"xl/workbook.xml": (r'(?<= calcId=")\d+', _CALCULATED_BY)})
    content = _with_project(as_macro_workbook(content), macros)
    content = _with_ribbons(content, macros.ribbons)
    return repack(content, {CONTENT_TYPES: (re.escape(WORKBOOK_TYPE), ADDIN_TYPE)} if addin else None)


def _with_project(content: bytes, macros: Macros) -> bytes:
    """Add the VBA project; the workbook and every sheet get a module and its name as codeName."""
    with tempfile.TemporaryDirectory(prefix="xlbudget-") as folder:
        path = Path(folder) / "new.xlsm"
        path.write_bytes(content)
        with ExcelFile(path) as file:
            project = file.add_vba_project()
            file.set_module("ThisWorkbook", macros.workbook_module)
            for name, source in macros.modules.items():
                project.add_module(name, source)
            file.save()
        archive = Archive(path, path.read_bytes())
    return archive.write({PROJECT_PART: (portable(archive.read(PROJECT_PART)),)}, frozenset())


def portable(project: bytes) -> bytes:
    """A VBA project of sources alone, for every version of Office: no version, no cache, no compiled code."""
    storage = CFB.from_bytes(project)
    parsed = parse_vba_project(storage)
    for module in parsed.modules:
        storage.write_stream_in_storage(
            "VBA", module.stream_name, rebuild_module_stream(module, parsed.code_page)
        )
        module.text_offset = 0
    storage.write_stream_in_storage("VBA", "dir", compress(serialize_dir_stream(parsed)))
    storage.write_stream_in_storage("VBA", "_VBA_PROJECT", _ANY_VERSION)
    return bytes(storage.to_bytes())


def _with_ribbons(content: bytes, ribbons: Mapping[str, str]) -> bytes:
    """Add the ribbon in its forms, each related to the package."""
    parts = Parts(Archive(Path("模板.xlsm"), content))
    relations = parts.root(rels_of(""))
    added: dict[str, Iterable[bytes]] = {}
    for number, (name, text) in enumerate(ribbons.items(), 1):
        added[f"customUI/{name}"] = (text.encode(),)
        attributes = {"Id": f"rIdXl{number}", "Type": _RIBBONS[name], "Target": f"customUI/{name}"}
        etree.SubElement(relations, tag("Relationship", RELS), attributes)
    parts.touch(rels_of(""))
    with_relations = parts.pack({})
    return Archive(Path("模板.xlsm"), with_relations).write(added, frozenset())
