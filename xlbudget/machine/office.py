r"""What Excel, WPS and administrators leave in the registry. Nothing here writes.

docs/excel.md lists each key and value with its source.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PureWindowsPath

from xlbudget.machine.windows import Machine

ADDIN = "xlbudget.xlam"
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


def policy_keys(machine: Machine) -> tuple[str, ...]:
    """The keys of what administrators decide, before the user's settings and in this order: cloud, user, machine."""
    version = office(machine)
    return (
        rf"HKCU\Software\Policies\Microsoft\Cloud\Office\{version}",
        rf"HKCU\Software\Policies\Microsoft\Office\{version}",
        rf"HKLM\SOFTWARE\Policies\Microsoft\Office\{version}",
    )


def decided(machine: Machine, key: str, name: str) -> int | None:
    r"""What an administrator decided, by a key such as Excel\Security and a value's name; None where nobody did."""
    values = (machine.registry.value(rf"{policy}\{key}", name) for policy in policy_keys(machine))
    return next((value for value in values if isinstance(value, int)), None)


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


def changed_by_wps(machine: Machine) -> bool:
    """Whether WPS keeps a copy of what it found where `Excel.Application` is registered."""
    keys = [rf"HKCR\{EXCEL_CLASS}\CurVer", rf"HKCR\{EXCEL_CLASS}\CLSID"]
    number = machine.registry.value(keys[-1])
    keys += [rf"HKCR\{root}\{number!s}\LocalServer32" for root in ("CLSID", r"WOW6432Node\CLSID")]
    return any(machine.registry.value(key, ".ksobak") is not None for key in keys)


def wps_installed(machine: Machine) -> bool:
    return any(machine.registry.value(rf"{hive}\{_APP_PATH}\et.exe") for hive in ("HKCU", "HKLM")) or bool(
        machine.registry.subkeys(r"HKCU\Software\Kingsoft\Office")
    )


# -- macros --------------------------------------------------------------------------------------------

ENABLED, ASK, SIGNED_ONLY, DISABLED = 1, 2, 3, 4
"""VBAWarnings: all macros run; Excel asks (its default); only signed ones; none, without a word."""


def macro_setting(machine: Machine) -> tuple[int, bool]:
    """VBAWarnings in force, and whether an administrator set it."""
    policy = decided(machine, r"Excel\Security", "VBAWarnings")
    if policy is not None:
        return policy, True
    value = machine.registry.value(rf"{excel_key(machine)}\Security", "VBAWarnings")
    return (value if isinstance(value, int) else ASK), False


def blocks_marked(machine: Machine) -> bool:
    """Whether macros in files from elsewhere are blocked: by default, unless an administrator lets Excel ask."""
    return decided(machine, r"Excel\Security", "blockcontentexecutionfrominternet") != 0


# -- trusted locations ---------------------------------------------------------------------------------

LOCATIONS = r"Excel\Security\Trusted Locations"
_OF_MACHINE = (
    r"HKLM\SOFTWARE\Microsoft\Office",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Office",
    r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\REGISTRY\MACHINE\Software\Microsoft\Office",
    r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\REGISTRY\MACHINE\Software\WOW6432Node\Microsoft\Office",
)
"""Where installing Office puts locations for all users: MSI of both kinds, Click-to-Run of both kinds."""


class Trust(StrEnum):
    """Whether Excel opens files of a folder without questions, or why not."""

    GIVEN = "given"
    UNLISTED = "unlisted"
    ALL_OFF = "all off"
    """No location counts."""
    OWN_OFF = "own off"
    """Only those count that an administrator gave, and the folder is none of them."""
    NETWORK_OFF = "network off"
    """It is listed, but lies on the network."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A trusted location: its registry key, its folder, whether folders in it are trusted too, and who gave it."""

    key: str
    path: str
    deep: bool
    decided: bool
    """Whether an administrator did."""

    def holds(self, folder: str) -> bool:
        mine, wanted = _comparable(self.path), _comparable(folder)
        return wanted == mine or (self.deep and wanted.startswith(mine + "\\"))


def trusted_key(machine: Machine) -> str:
    return rf"{excel_key(machine)}\Security\Trusted Locations"


def trusted(machine: Machine) -> list[Trusted]:
    """All trusted locations that are written down: the user's, the machine's, those that an administrator gave."""
    roots = [(trusted_key(machine), False)]
    roots += [(rf"{root}\{office(machine)}\{LOCATIONS}", False) for root in _OF_MACHINE]
    roots += [(rf"{policy}\{LOCATIONS}", True) for policy in policy_keys(machine)]
    found = []
    for root, by_policy in roots:
        for name in machine.registry.subkeys(root):
            path = machine.registry.value(rf"{root}\{name}", "Path")
            if isinstance(path, str) and path:
                deep = machine.registry.value(rf"{root}\{name}", "AllowSubFolders") == 1
                found.append(Trusted(rf"{root}\{name}", expand(machine, path), deep, by_policy))
    return found


def _switch(machine: Machine, name: str) -> int | None:
    """A switch of the Trust Center's page of locations: an administrator's, else the user's."""
    policy = decided(machine, LOCATIONS, name)
    value = machine.registry.value(trusted_key(machine), name) if policy is None else policy
    return value if isinstance(value, int) else None


def trust(machine: Machine, folder: Path) -> Trust:
    """Whether files in a folder are opened without questions: all checks and the installer ask here."""
    if _switch(machine, "AllLocationsDisabled") == 1:
        return Trust.ALL_OFF
    own = decided(machine, r"Common\Security\Trusted Locations", "Allow User Locations") != 0
    holding = [one for one in trusted(machine) if one.holds(str(folder))]
    if not any(own or one.decided for one in holding):
        return Trust.UNLISTED if own else Trust.OWN_OFF
    if is_network(folder) and _switch(machine, "AllowNetworkLocations") != 1:
        return Trust.NETWORK_OFF
    return Trust.GIVEN


def expand(machine: Machine, text: str) -> str:
    """Put in what %VARIABLES% stand for; Windows does not care about the case of their names."""
    known = {name.upper(): value for name, value in machine.environment.items()}
    return re.sub(r"%([^%]+)%", lambda found: known.get(found[1].upper(), found[0]), text)


def same_folder(one: str, other: str) -> bool:
    return _comparable(one) == _comparable(other)


def _comparable(path: str) -> str:
    return path.replace("/", "\\").rstrip("\\").lower()


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
