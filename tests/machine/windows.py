"""A Windows machine in a folder: registry in memory, people's folders on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xlbudget.machine.windows import Machine, Python, Stored

EXCEL_CLSID = "{00024500-0000-0000-C000-000000000046}"


class MemoryRegistry:
    """A registry that, like the real one, ignores the case of names and lists keys in keys."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Stored]] = {}
        self.locked: tuple[str, ...] = ()

    def _find(self, key: str) -> dict[str, Stored] | None:
        return next((values for name, values in self.keys.items() if name.lower() == key.lower()), None)

    def value(self, key: str, name: str = "") -> Stored | None:
        return next((v for n, v in (self._find(key) or {}).items() if n.lower() == name.lower()), None)

    def values(self, key: str) -> dict[str, Stored]:
        return dict(self._find(key) or {})

    def subkeys(self, key: str) -> list[str]:
        start = key.lower() + "\\"
        inner = [name[len(start) :].split("\\")[0] for name in self.keys if name.lower().startswith(start)]
        return list(dict.fromkeys(inner))

    def write(self, key: str, values: Mapping[str, str | int]) -> None:
        if any(key.lower().startswith(one.lower()) for one in self.locked):
            raise PermissionError("access denied")
        self.put(key, **values)

    def remove(self, key: str) -> None:
        if any(key.lower().startswith(one.lower()) for one in self.locked):
            raise PermissionError("access denied")
        self.keys = {name: values for name, values in self.keys.items() if name.lower() != key.lower()}

    def put(self, key: str, default: Stored | None = None, **values: Stored) -> None:
        there = self._find(key)
        if there is None:
            there = self.keys.setdefault(key, {})
        there.update(values)
        if default is not None:
            there[""] = default


def program(bits: int, kind: int | None = None) -> bytes:
    """The head of a Windows program, for Intel's processors unless another kind is given."""
    kind = kind or {32: 0x014C, 64: 0x8664}[bits]
    head = bytearray(512)
    head[:2], head[60:64] = b"MZ", (128).to_bytes(4, "little")
    head[128:132], head[132:134] = b"PE\0\0", kind.to_bytes(2, "little")
    return bytes(head)


def windows(root: Path, *, ansi: str = "gbk", bits: int = 64, excel: int | None = 64) -> Machine:
    """A tidy machine of somebody with Excel 365 and a Python with xlwings' DLLs, on a path with Chinese and blanks."""
    registry = MemoryRegistry()
    home = root / "用户" / "预算 科"
    environment = {
        "USERPROFILE": str(home),
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
        "TEMP": str(home / "AppData" / "Local" / "Temp"),
    }
    for folder in environment.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    place = root / "预算 绩效" / "python"
    place.mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe"):
        (place / name).write_bytes(program(bits))
    if excel is not None:
        office = root / "Office16"
        office.mkdir()
        (office / "EXCEL.EXE").write_bytes(program(excel))
        command = str(office / "EXCEL.EXE")
        registry.put(r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", command)
        registry.put(r"HKCR\Excel.Application\CLSID", EXCEL_CLSID)
        registry.put(r"HKCR\Excel.Application\CurVer", "Excel.Application.16")
        registry.put(rf"HKCR\CLSID\{EXCEL_CLSID}\LocalServer32", f'"{command}" /automation')
        start = str(home / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART")
        key = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations"
        registry.put(rf"{key}\Location0", Path=start + "\\")
    python = Python(place / "python.exe", place, place, (3, 11, 9), bits)
    return Machine((10, 0, 19045), environment, registry, ansi, python)


def registry_of(machine: Machine) -> MemoryRegistry:
    assert isinstance(machine.registry, MemoryRegistry)
    return machine.registry


def build_stand_in(folder: Path) -> list[Path]:
    """Two files with the names of those that the build makes."""
    made = [folder / "xlbudget.xlsm", folder / "xlbudget.xlam"]
    for path in made:
        path.write_bytes(b"built " + path.suffix.encode())
    return made
