r"""xlwings' settings of the user: `%USERPROFILE%\.xlwings\xlwings.conf`, one `"KEY","value"` a line.

VBA reads the file in the code page of Windows, so everything that is not ours is kept byte for byte.
"""

from __future__ import annotations

import re
from pathlib import Path

from xlbudget.machine.windows import Machine

INTERPRETER = "INTERPRETER_WIN"
_LINE = re.compile(rb'^[ \t]*"?([^",\r\n]*?)"?[ \t]*,[ \t]*(.*?)[ \t]*$')


def conf_file(machine: Machine) -> Path | None:
    home = machine.folder("USERPROFILE")
    return home / ".xlwings" / "xlwings.conf" if home else None


def _key(line: bytes) -> str | None:
    found = _LINE.match(line)
    return found[1].decode("ascii", "replace").strip().lower() if found else None


def read(content: bytes, key: str, encoding: str) -> str | None:
    """The value of a key, whatever its case; the first one counts, as in VBA. None where it is missing."""
    for line in content.splitlines():
        if _key(line) == key.lower():
            found = _LINE.match(line)
            assert found
            return found[2].strip(b'"').decode(encoding, "replace")
    return None


def with_value(content: bytes, key: str, value: str | None, encoding: str) -> bytes:
    """The settings with a key set, or without it when the value is None; a second line of it goes, others stay.

    Raises UnicodeEncodeError when the code page lacks a character.
    """
    ours = f'"{key}","{value}"\r\n'.encode(encoding) if value is not None else b""
    lines = content.splitlines(keepends=True)
    kept, placed = [], False
    for line in lines:
        if _key(line.rstrip(b"\r\n")) != key.lower():
            kept.append(line)
        elif not placed:
            kept.append(ours)
            placed = True
    if not placed and ours:
        if kept and not kept[-1].endswith((b"\n", b"\r")):
            kept[-1] += b"\r\n"
        kept.append(ours)
    return b"".join(kept)
