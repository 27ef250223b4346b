"""As much of the module winreg as xlbudget uses, with the signatures of its documentation."""

from __future__ import annotations

from typing import Any

HKEY_CLASSES_ROOT, HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = 0x80000000, 0x80000001, 0x80000002
KEY_READ, KEY_WRITE, KEY_WOW64_64KEY = 0x20019, 0x20006, 0x100
REG_SZ, REG_BINARY, REG_DWORD = 1, 3, 4


class Key:
    """A key, also as the handle of itself."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.values: dict[str, tuple[Any, int]] = {}

    def __enter__(self) -> Key:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


_roots = {hive: Key() for hive in (HKEY_CLASSES_ROOT, HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE)}


def _walk(hive: int, path: str, make: bool) -> Key:
    key = _roots[hive]
    for name in path.split("\\"):
        found = next((one for one in key.keys if one.lower() == name.lower()), None)
        if found is None:
            if not make:
                raise FileNotFoundError(2, "not there")
            found = name
            key.keys[name] = Key()
        key = key.keys[found]
    return key


def OpenKey(key: int, sub_key: str, reserved: int = 0, access: int = KEY_READ) -> Key:  # noqa: ARG001, N802
    return _walk(key, sub_key, make=False)


def CreateKeyEx(key: int, sub_key: str, reserved: int = 0, access: int = KEY_WRITE) -> Key:  # noqa: ARG001, N802
    return _walk(key, sub_key, make=True)


def QueryValueEx(key: Key, value_name: str) -> tuple[Any, int]:  # noqa: N802
    for name, value in key.values.items():
        if name.lower() == value_name.lower():
            return value
    raise FileNotFoundError(2, "not there")


def QueryInfoKey(key: Key) -> tuple[int, int, int]:  # noqa: N802
    return len(key.keys), len(key.values), 0


def EnumKey(key: Key, index: int) -> str:  # noqa: N802
    return list(key.keys)[index]


def EnumValue(key: Key, index: int) -> tuple[str, Any, int]:  # noqa: N802
    name, (value, kind) = list(key.values.items())[index]
    return name, value, kind


def SetValueEx(key: Key, value_name: str, reserved: int, type: int, value: Any) -> None:  # noqa: ARG001, N802
    key.values[value_name] = (value, type)


def DeleteKeyEx(key: int, sub_key: str, access: int = KEY_WOW64_64KEY, reserved: int = 0) -> None:  # noqa: ARG001, N802
    parent, _, name = sub_key.rpartition("\\")
    there = _walk(key, parent, make=False)
    if name not in there.keys:
        raise FileNotFoundError(2, "not there")
    if there.keys[name].keys:
        raise PermissionError(5, "has keys")
    del there.keys[name]
