"""The VBA project as every version of Office reads it: sources alone, no version, no cache."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, parse_vba_project, rebuild_module_stream, serialize_dir_stream

from tests.files import parts
from xlbudget import app
from xlbudget.hosts.macros import PROJECT_PART, as_macro_workbook, portable
from xlbudget.machine import build
from xlbudget.vba.project import macros


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return build.workbook_file()


@pytest.fixture(scope="module", params=["workbook", "addin"])
def project(request: pytest.FixtureRequest, workbook: bytes) -> bytes:
    return parts(workbook if request.param == "workbook" else build.addin_file())[PROJECT_PART]


def version_bound(project: bytes) -> list[str]:
    """What one version of Office alone takes: its number, caches ([MS-OVBA] 2.3.4.1, 2.3.4.3), SRP streams (2.2.6)."""
    storage = CFB.from_bytes(project)
    stream = storage.get_stream_in_storage("VBA", "_VBA_PROJECT")
    reserved, version, zero = struct.unpack("<HHB", stream[:5])
    faults = [] if (reserved, version, zero) == (0x61CC, 0xFFFF, 0) else [f"version {version:04X}"]
    faults += ["cache of the project"] if len(stream) > 7 else []
    faults += [name for name in storage.list_streams_in_storage("VBA") if name.startswith("__SRP_")]
    return faults + [f"cache of {one.name}" for one in parse_vba_project(storage).modules if one.text_offset]


def with_stream(project: bytes, content: bytes) -> bytes:
    storage = CFB.from_bytes(project)
    storage.write_stream_in_storage("VBA", "_VBA_PROJECT", content)
    return bytes(storage.to_bytes())


def with_cache(project: bytes, name: str) -> bytes:
    """Bytes before a module's source, as Office keeps compiled code."""
    storage = CFB.from_bytes(project)
    parsed = parse_vba_project(storage)
    module = parsed.get_module(name)
    stream = b"\x01\x16" + bytes(30) + rebuild_module_stream(module, parsed.code_page)
    storage.write_stream_in_storage("VBA", module.stream_name, stream)
    module.text_offset = 32
    storage.write_stream_in_storage("VBA", "dir", compress(serialize_dir_stream(parsed)))
    return bytes(storage.to_bytes())


def test_no_version_and_no_cache(project: bytes) -> None:
    assert version_bound(project) == []
    stream = CFB.from_bytes(project).get_stream_in_storage("VBA", "_VBA_PROJECT")
    assert stream == bytes.fromhex("CC61FFFF000000")


def test_the_check_of_versions_can_fail(project: bytes) -> None:
    named = with_stream(project, bytes.fromhex("CC61B500000000"))
    assert version_bound(named) == ["version 00B5"]
    cached = with_stream(project, bytes.fromhex("CC61FFFF000000") + bytes(9))
    assert version_bound(cached) == ["cache of the project"]
    assert version_bound(with_cache(project, "Sheet1")) == ["cache of Sheet1"]


def test_what_the_library_writes_by_itself_is_bound_to_a_version(tmp_path: Path) -> None:
    """Else there were nothing to do; and what is done to it loses no word of any module."""
    path = tmp_path / "new.xlsm"
    path.write_bytes(as_macro_workbook(app.new_workbook(None, sample=False)))
    with ExcelFile(path) as file:
        added = file.add_vba_project()
        for name, source in macros().modules.items():
            added.add_module(name, source)
        file.save()
    before = parts(path.read_bytes())[PROJECT_PART]
    caches = ["cache of the project", "cache of ThisWorkbook", "cache of Sheet1"]
    assert version_bound(before) == ["version 00B5", *caches]
    after = portable(before)
    assert version_bound(after) == []
    assert modules(after) == modules(before)
    assert portable(after) == after


def modules(project: bytes) -> dict[str, str]:
    return {one.name: one.source for one in parse_vba_project(CFB.from_bytes(project)).modules}
