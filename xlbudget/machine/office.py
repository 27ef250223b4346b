r"""What Excel and WPS leave in the registry. Nothing here writes.

Sources: excerpts of learn.microsoft.com “Trusted Locations for Office files” and “Macros from the internet are blocked by
default in Office”; the names of keys and values are those that Office is known to write, which no page that was read
promises (docs/excel.md lists each).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from xlbudget.machine.windows import Machine

EXCEL_CLASS = "Excel.Application"
_APP_PATH = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"
_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_OLDEST, NEWEST = "15.0", "16.0"
_NETWORK = "\\\\"


def office(machine: Machine) -> str:
    """The version of Office in its keys: 16.0 since 2016, also for 365; what Excel registered, else the newest."""
    current = machine.registry.value(rf"HKCR\{EXCEL_CLASS}\CurVer")
    found = re.fullmatch(rf"{re.escape(EXCEL_CLASS)}\.(\d+)", str(current or ""))
    return f"{found[1]}.0" if found and f"{found[1]}.0" in (_OLDEST, NEWEST) else NEWEST


def excel_key(machine: Machine) -> str:
    """The key of the user's settings of Excel."""
    return rf"HKCU\Software\Microsoft\Office\{office(machine)}\Excel"


def policy_key(machine: Machine) -> str:
    """The key of what an administrator decides about Excel; it goes before the user's settings."""
    return rf"HKCU\Software\Policies\Microsoft\Office\{office(machine)}\Excel"


# -- programs ------------------------------------------------------------------------------------------


def _program(command: str) -> Path:
    """The file of a command line such as `"C:\\…\\EXCEL.EXE" /automation`."""
    found = re.match(r'\s*"([^"]+)"|\s*(.*?\.exe)\b|\s*(\S+)', command, re.IGNORECASE)
    return Path(next((one for one in found.groups() if one), command) if found else command)


def excel_program(machine: Machine) -> Path | None:
    """excel.exe as Windows finds it; None where Excel is not installed."""
    for hive in ("HKCU", "HKLM"):
        value = machine.registry.value(rf"{hive}\{_APP_PATH}\excel.exe")
        if isinstance(value, str) and value:
            return _program(expand(machine, value))
    return None


X86, X64, ARM64 = 0x014C, 0x8664, 0xAA64


def program_kind(content: bytes) -> int | None:
    """The kind of processor that a Windows program or DLL is for, from its head; None when it is none ("PE Format")."""
    if len(content) < 64 or content[:2] != b"MZ":
        return None
    (at,) = struct.unpack_from("<I", content, 60)
    if len(content) < at + 6 or content[at : at + 4] != b"PE\0\0":
        return None
    return int.from_bytes(content[at + 4 : at + 6], "little")


def program_bits(content: bytes) -> int | None:
    """32 or 64; None for what is no Windows program."""
    return {X86: 32, X64: 64, ARM64: 64}.get(program_kind(content) or 0)


def excel_bits(machine: Machine) -> int | None:
    """32 or 64: what excel.exe says itself, else what Click-to-Run notes; None when neither is there."""
    program = excel_program(machine)
    try:
        if program is not None:
            with program.open("rb") as file:
                found = program_bits(file.read(4096))
            if found:
                return found
    except OSError:
        pass
    noted = machine.registry.value(_CLICK_TO_RUN, "Platform")
    return {"x86": 32, "x64": 64}.get(str(noted).lower())


def excel_version(machine: Machine) -> str | None:
    """The version that Click-to-Run notes, such as 16.0.17328.20162; None for other installations."""
    found = machine.registry.value(_CLICK_TO_RUN, "VersionToReport")
    return found if isinstance(found, str) else None


def class_owner(machine: Machine) -> Path | None:
    """The program that starts when xlwings asks for `Excel.Application`: excel.exe, or et.exe of WPS."""
    number = machine.registry.value(rf"HKCR\{EXCEL_CLASS}\CLSID")
    if not isinstance(number, str):
        return None
    for place in (rf"HKCR\CLSID\{number}", rf"HKCR\WOW6432Node\CLSID\{number}"):
        command = machine.registry.value(rf"{place}\LocalServer32")
        if isinstance(command, str) and command:
            return _program(expand(machine, command))
    return None


def wps_installed(machine: Machine) -> bool:
    return any(machine.registry.value(rf"{hive}\{_APP_PATH}\et.exe") for hive in ("HKCU", "HKLM")) or bool(
        machine.registry.subkeys(r"HKCU\Software\Kingsoft\Office")
    )


# -- macros --------------------------------------------------------------------------------------------

ENABLED, ASK, SIGNED_ONLY, DISABLED = 1, 2, 3, 4
"""VBAWarnings: all macros run; Excel asks (its default); only signed ones; none, without a word."""


def macro_setting(machine: Machine) -> tuple[int, bool]:
    """VBAWarnings in force, and whether an administrator set it."""
    for key, decided in ((policy_key(machine), True), (excel_key(machine), False)):
        value = machine.registry.value(rf"{key}\Security", "VBAWarnings")
        if isinstance(value, int):
            return value, decided
    return ASK, False


# -- trusted locations ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trusted:
    """A trusted location: its registry key, its folder, whether folders in it are trusted too."""

    key: str
    path: str
    deep: bool


def trusted_key(machine: Machine) -> str:
    return rf"{excel_key(machine)}\Security\Trusted Locations"


def trusted(machine: Machine) -> list[Trusted]:
    """The user's trusted locations and those that an administrator gave."""
    found = []
    for root in (trusted_key(machine), rf"{policy_key(machine)}\Security\Trusted Locations"):
        for name in machine.registry.subkeys(root):
            values = machine.registry.values(rf"{root}\{name}")
            path = values.get("Path")
            if isinstance(path, str) and path:
                deep = values.get("AllowSubFolders", values.get("AllowSubfolders", 0)) == 1
                found.append(Trusted(rf"{root}\{name}", expand(machine, path), deep))
    return found


def expand(machine: Machine, text: str) -> str:
    """Put in what %VARIABLES% stand for; Windows does not care about the case of their names."""
    known = {name.upper(): value for name, value in machine.environment.items()}
    return re.sub(r"%([^%]+)%", lambda found: known.get(found[1].upper(), found[0]), text)


def same_folder(one: str, other: str) -> bool:
    return _comparable(one) == _comparable(other)


def _comparable(path: str) -> str:
    return path.replace("/", "\\").rstrip("\\").lower()


def is_trusted(machine: Machine, folder: Path) -> bool:
    """Whether files in a folder are opened without questions; Excel's own start folder is, unless it was taken out."""
    wanted = _comparable(str(folder))
    return any(
        wanted == _comparable(one.path) or (one.deep and wanted.startswith(_comparable(one.path) + "\\"))
        for one in trusted(machine)
    )


def user_locations_allowed(machine: Machine) -> bool:
    """Whether an administrator lets trusted locations of users count."""
    version = office(machine)
    shared = rf"HKCU\Software\Policies\Microsoft\Office\{version}\Common\Security\Trusted Locations"
    if machine.registry.value(shared, "Allow User Locations") == 0:
        return False
    keys = (trusted_key(machine), rf"{policy_key(machine)}\Security\Trusted Locations")
    return all(machine.registry.value(key, "AllLocationsDisabled") != 1 for key in keys)


def is_network(folder: Path) -> bool:
    return str(folder).startswith((_NETWORK, "//"))


# -- add-ins -------------------------------------------------------------------------------------------


def start_folder(machine: Machine) -> Path | None:
    r"""%APPDATA%\Microsoft\Excel\XLSTART: Excel opens what lies there, and trusts it."""
    data = machine.folder("APPDATA")
    return data / "Microsoft" / "Excel" / "XLSTART" if data else None


def disabled_items(machine: Machine) -> list[str]:
    """Files that Excel keeps closed since it crashed with them.

    A value holds three 32-bit numbers (kind, bytes of the path, bytes of the title), then both as UTF-16. Nobody
    documents that, so whatever looks like text is read when the numbers make no sense.
    """
    found = []
    for value in machine.registry.values(rf"{excel_key(machine)}\Resiliency\DisabledItems").values():
        if isinstance(value, bytes) and len(value) > 12:
            size = int.from_bytes(value[4:8], "little")
            text = value[12 : 12 + size] if 0 < size <= len(value) - 12 else value[12:]
            found.append(text.decode("utf-16-le", errors="replace").rstrip("\0"))
    return found


def is_disabled(machine: Machine, file_name: str) -> bool:
    wanted = file_name.lower()
    return any(
        PureWindowsPath(one.lower()).name == wanted or wanted in one.lower()
        for one in disabled_items(machine)
    )
