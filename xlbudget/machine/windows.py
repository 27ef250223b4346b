"""The machine that Excel runs on, behind one small object, so that all that looks at it is tried on any system."""

from __future__ import annotations

import codecs
import contextlib
import errno
import importlib
import locale
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

Stored = str | int | bytes | list[str]
"""What a registry value may be: REG_SZ and REG_EXPAND_SZ, REG_DWORD, REG_BINARY, REG_MULTI_SZ."""


class Registry(Protocol):
    r"""The registry. A key is written like `HKCU\Software\Microsoft`; HKCU, HKLM and HKCR are known."""

    def value(self, key: str, name: str = "") -> Stored | None:
        """A value of a key, its default value without a name; None where either is missing."""

    def values(self, key: str) -> dict[str, Stored]:
        """All values of a key, none where it is missing."""

    def subkeys(self, key: str) -> list[str]:
        """The names of the keys in a key."""

    def write(self, key: str, values: Mapping[str, str | int]) -> None:
        """Set values of a key, which is made where it is missing. Raises OSError."""

    def remove(self, key: str) -> None:
        """Delete a key without subkeys; nothing happens where it is missing. Raises OSError."""


class EmptyRegistry:
    """The registry of a system that has none."""

    def value(self, key: str, name: str = "") -> Stored | None:  # noqa: ARG002
        return None

    def values(self, key: str) -> dict[str, Stored]:  # noqa: ARG002
        return {}

    def subkeys(self, key: str) -> list[str]:  # noqa: ARG002
        return []

    def write(self, key: str, values: Mapping[str, str | int]) -> None:  # noqa: ARG002
        raise OSError("no registry here")

    def remove(self, key: str) -> None:
        """Nothing is there."""


class WindowsRegistry:
    """The registry of Windows as 64-bit programs see it; a 32-bit program's part lies under WOW6432Node."""

    def __init__(self) -> None:
        self._winreg: Any = importlib.import_module("winreg")

    def _hive(self, key: str) -> tuple[int, str]:
        names = {"HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE", "HKCR": "HKEY_CLASSES_ROOT"}
        hive, _, path = key.partition("\\")
        return getattr(self._winreg, names[hive]), path

    @contextlib.contextmanager
    def _opened(self, key: str) -> Iterator[Any]:
        hive, path = self._hive(key)
        access = self._winreg.KEY_READ | self._winreg.KEY_WOW64_64KEY
        with self._winreg.OpenKey(hive, path, 0, access) as handle:
            yield handle

    def value(self, key: str, name: str = "") -> Stored | None:
        try:
            with self._opened(key) as handle:
                found: Stored | None = self._winreg.QueryValueEx(handle, name)[0]
                return found
        except OSError:
            return None

    def values(self, key: str) -> dict[str, Stored]:
        try:
            with self._opened(key) as handle:
                count = self._winreg.QueryInfoKey(handle)[1]
                pairs = (self._winreg.EnumValue(handle, at) for at in range(count))
                return {name: value for name, value, _ in pairs if value is not None}
        except OSError:
            return {}

    def subkeys(self, key: str) -> list[str]:
        try:
            with self._opened(key) as handle:
                count = self._winreg.QueryInfoKey(handle)[0]
                return [self._winreg.EnumKey(handle, at) for at in range(count)]
        except OSError:
            return []

    def write(self, key: str, values: Mapping[str, str | int]) -> None:
        winreg = self._winreg
        hive, path = self._hive(key)
        with winreg.CreateKeyEx(hive, path, 0, winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY) as handle:
            for name, value in values.items():
                kind = winreg.REG_DWORD if isinstance(value, int) else winreg.REG_SZ
                winreg.SetValueEx(handle, name, 0, kind, value)

    def remove(self, key: str) -> None:
        hive, path = self._hive(key)
        with contextlib.suppress(FileNotFoundError):
            self._winreg.DeleteKeyEx(hive, path, self._winreg.KEY_WOW64_64KEY, 0)


@dataclass(frozen=True, slots=True)
class Python:
    """A Python on this machine."""

    executable: Path
    prefix: Path
    """Where pip puts the data files of packages, xlwings' DLLs among them."""
    base: Path
    """The installation that a virtual environment was made from; else the prefix itself."""
    version: tuple[int, int, int]
    bits: int

    @property
    def from_store(self) -> bool:
        """Whether it came from Microsoft's Store: new files that such a Python makes in AppData go into a folder of its
        own, where Excel does not see them. The registry is everybody's since 3.11 (docs.python.org, “Using Python on
        Windows”, redirection of local data; https://github.com/python/cpython/issues/85368 and pull/31199)."""
        return "windowsapps" in str(self.base).lower()

    @property
    def windowless(self) -> Path:
        """The program that shows no console, where it is there."""
        silent = self.executable.with_name("pythonw.exe")
        return silent if silent.is_file() else self.executable


@dataclass(frozen=True, slots=True)
class Machine:
    """What installing and diagnosing look at beside files."""

    windows: tuple[int, int, int] | None
    """Major, minor and build of Windows, None on another system."""
    environment: Mapping[str, str]
    registry: Registry
    ansi: str
    """The code page that VBA reads text files and the environment in and that xlwings' DLL takes paths in."""
    python: Python

    def folder(self, variable: str) -> Path | None:
        """The folder that an environment variable names."""
        value = self.environment.get(variable)
        return Path(value) if value else None

    def speaks(self, text: str) -> bool:
        """Whether the code page has every character of a text."""
        try:
            return text.encode(self.ansi).decode(self.ansi) == text
        except UnicodeError:
            return False

    @property
    def unicode(self) -> bool:
        """Whether the code page is UTF-8 (65001), in which VBA takes no character beyond ASCII rightly
        (https://superuser.com/questions/1616894: Chr fails from 128 on)."""
        return codecs.lookup(self.ansi).name == "utf-8"


def this_machine() -> Machine:
    """The machine that this program runs on."""
    here = Python(
        Path(sys.executable),
        Path(sys.prefix),
        Path(sys.base_prefix),
        sys.version_info[:3],
        struct.calcsize("P") * 8,
    )
    if sys.platform == "win32":
        found = sys.getwindowsversion()
        version = (found.major, found.minor, found.build)
        ansi = "utf-8" if locale.getencoding() == "cp65001" else "mbcs"
        return Machine(version, os.environ, WindowsRegistry(), ansi, here)
    return Machine(None, os.environ, EmptyRegistry(), locale.getpreferredencoding(False), here)


# -- the Mark of the Web -------------------------------------------------------------------------------

_STREAM = ":Zone.Identifier"
"""The alternate stream of a file that says where it came from; on other systems it would be a file beside it."""


def has_mark(path: Path) -> bool:
    """Whether Windows remembers that a file came from elsewhere (ZoneId 3 internet, 4 restricted)."""
    try:
        with open(f"{path}{_STREAM}", encoding="utf-8", errors="replace") as stream:
            lines = stream.read().replace(" ", "").splitlines()
    except OSError:
        return False
    return any(line in ("ZoneId=3", "ZoneId=4") for line in lines)


def remove_mark(path: Path) -> bool:
    """Make Windows forget where a file came from. Returns whether there was anything to forget. Raises OSError."""
    try:
        os.remove(f"{path}{_STREAM}")
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno == errno.EINVAL:  # FAT knows no streams
            return False
        raise
    return True
