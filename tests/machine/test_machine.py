"""What is asked of a registry, on the one in memory, on ours over winreg, and on the real one under Windows."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine import winreg_stand_in
from tests.machine.windows import MemoryRegistry, program, registry_of, windows
from xlbudget.machine import office
from xlbudget.machine.windows import Registry, Stored, WindowsRegistry, this_machine


@pytest.fixture(params=["memory", "winreg"])
def registry(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Registry:
    if request.param == "memory":
        return MemoryRegistry()
    if sys.platform != "win32":
        monkeypatch.setitem(sys.modules, "winreg", winreg_stand_in)
    return WindowsRegistry()


@pytest.fixture
def key(registry: Registry) -> Iterator[str]:
    name = rf"HKCU\Software\xlbudget-test-{uuid.uuid4().hex}"
    yield name
    for inner in registry.subkeys(name):
        registry.remove(rf"{name}\{inner}")
    registry.remove(name)


def test_what_is_written_is_read(registry: Registry, key: str) -> None:
    assert registry.value(key, "Path") is None
    assert registry.values(key) == {}
    assert registry.subkeys(key) == []
    registry.write(key, {"Path": "C:\\预算 绩效\\", "AllowSubFolders": 1, "": "default"})
    assert registry.value(key.upper().replace("HKCU", "HKCU"), "PATH") == "C:\\预算 绩效\\"
    assert registry.value(key, "AllowSubFolders") == 1
    assert registry.value(key) == "default"
    assert registry.value(key, "Other") is None
    assert registry.values(key) == {"Path": "C:\\预算 绩效\\", "AllowSubFolders": 1, "": "default"}


def test_keys_lie_in_keys_and_go_away(registry: Registry, key: str) -> None:
    for name in ("Location0", "Location1"):
        registry.write(rf"{key}\{name}", {"Path": name})
    assert sorted(registry.subkeys(key)) == ["Location0", "Location1"]
    registry.remove(rf"{key}\Location0")
    registry.remove(rf"{key}\Location0")
    assert registry.subkeys(key) == ["Location1"]


def test_this_machine_knows_itself() -> None:
    machine = this_machine()
    assert machine.python.version == sys.version_info[:3]
    assert machine.python.executable.is_file()
    assert (machine.windows is not None) == (sys.platform == "win32")
    assert machine.speaks("C:\\Python\\pythonw.exe")


@pytest.mark.parametrize(
    ("ansi", "text", "speaks"),
    [("gbk", "预算", True), ("cp1252", "预算", False), ("cp1252", "C:\\x", True), ("utf-8", "预算", True)],
)
def test_a_code_page_has_a_text_or_not(tmp_path: Path, ansi: str, text: str, speaks: bool) -> None:
    assert windows(tmp_path, ansi=ansi).speaks(text) is speaks


LOCATIONS = r"Excel\Security\Trusted Locations"
MINE = rf"HKCU\Software\Microsoft\Office\16.0\{LOCATIONS}"
DECIDED = rf"HKCU\Software\Policies\Microsoft\Office\16.0\{LOCATIONS}"


@pytest.mark.parametrize(
    ("values", "folder", "trust"),
    [
        ({}, "//server/share", office.Trust.UNLISTED),
        ({rf"{MINE}\Location1": {"Path": r"\\server\share"}}, "//server/share", office.Trust.NETWORK_OFF),
        (
            {rf"{MINE}\Location1": {"Path": r"\\server\share"}, MINE: {"AllowNetworkLocations": 1}},
            "//server/share",
            office.Trust.GIVEN,
        ),
        (
            {rf"{MINE}\X": {"Path": r"\\server\share"}, MINE: {"AllowNetworkLocations": 1}, DECIDED: {"AllowNetworkLocations": 0}},
            "//server/share",
            office.Trust.NETWORK_OFF,
        ),
        ({rf"{MINE}\X": {"Path": "D:\\监控", "AllowSubfolders": 1}}, "d:/监控/一中", office.Trust.GIVEN),
        ({rf"{MINE}\X": {"Path": "D:\\监控"}}, "d:/监控/一中", office.Trust.UNLISTED),
        ({rf"{MINE}\X": {"Path": "D:\\监控", "AllowSubFolders": 1}}, "d:/监控2", office.Trust.UNLISTED),
    ],
)  # fmt: skip
def test_which_folders_are_trusted(
    tmp_path: Path, values: dict[str, dict[str, Stored]], folder: str, trust: office.Trust
) -> None:
    machine = windows(tmp_path)
    for key, one in values.items():
        registry_of(machine).put(key, **one)
    assert office.trust(machine, Path(folder)) is trust


@pytest.mark.parametrize(
    ("content", "bits"),
    [
        (program(32), 32),
        (program(64), 64),
        (b"", None),
        (b"MZ", None),
        (program(64)[:100], None),
        (b"#!" * 99, None),
    ],
)
def test_a_program_says_its_bits(content: bytes, bits: int | None) -> None:
    assert office.program_bits(content) == bits
