r"""xlwings' settings: files with `"KEY","value"` pairs, one of the user, perhaps one beside the workbook that goes before it.

VBA reads them token by token, two tokens a turn, whatever the lines (learn.microsoft.com, “Input # statement” and “Write #
statement”; http://proscada.ru/cimplicity/bce-lrf/lrfi/input__statement_.htm spells the same rules out): a comma or a line's
end delimits, quotation marks are left out, a blank line is an empty token, and the end of the file within a turn is an error.
It decodes them in the code page of Windows, so everything that is not ours is kept byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlbudget.machine.windows import Machine

NAME = "xlwings.conf"
INTERPRETER, DEBUG = "INTERPRETER_WIN", "DEBUG UDFS"
ODD = "里的内容不成对（多了空行，或者少了值），Excel 读到这里会出错。请用记事本打开，删去空行，补全每一行的两项，"
"""What is wrong with an odd file, after its name; what is to be done then follows."""
_TOKEN = re.compile(rb'[ \t]*(?:"([^"\r\n]*)"?[ \t]*(?:,|\r\n|\r|\n)?|([^,\r\n]*)(?:,|\r\n|\r|\n|\Z))')


def conf_file(machine: Machine) -> Path | None:
    r"""%USERPROFILE%\.xlwings\xlwings.conf"""
    home = machine.folder("USERPROFILE")
    return home / ".xlwings" / NAME if home else None


def conf_files(machine: Machine, folder: Path | None) -> list[Path]:
    """The files that a workbook in a folder takes settings from, as far as they are there; the first one goes before."""
    wanted = (folder / NAME if folder else None, conf_file(machine))
    return [one for one in wanted if one is not None and one.is_file()]


def _tokens(content: bytes) -> list[tuple[bytes, int]]:
    """Each token, and where what comes after it begins."""
    found, at = [], 0
    while at < len(content):
        token = _TOKEN.match(content, at)
        assert token
        text = token[1] if token[1] is not None else token[2].rstrip(b" \t")
        at = token.end()
        found.append((text, at))
    return found


def _pairs(content: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    """Each turn of VBA's reading: key, value, and the bytes that they take in the file."""
    tokens, start = _tokens(content), 0
    for (key, _), (value, end) in zip(tokens[::2], tokens[1::2], strict=False):
        yield key.decode("ascii", "replace").lower(), value, content[start:end]
        start = end


def odd(content: bytes) -> bool:
    """Whether VBA runs into the end of the file: a key without a value, or a blank line too many."""
    return len(_tokens(content)) % 2 == 1


def read(content: bytes, key: str, encoding: str) -> str | None:
    """The value of a key, whatever its case; the first one counts, as in VBA. None where it is missing."""
    values = (value for one, value, _ in _pairs(content) if one == key.lower())
    found = next(values, None)
    return None if found is None else found.decode(encoding, "replace")


def effective(files: Sequence[Path], key: str, encoding: str) -> tuple[str, Path] | None:
    """The value that VBA takes and the file that it stands in; None where no file has the key. Raises OSError."""
    for path in files:
        value = read(path.read_bytes(), key, encoding)
        if value is not None:
            return value, path
    return None


def with_value(content: bytes, key: str, value: str | None, encoding: str) -> bytes:
    """The settings with a key set, or without it when the value is None; a second pair of it goes, others stay.

    Raises UnicodeEncodeError when the code page lacks a character.
    """
    ours = f'"{key}","{value}"\r\n'.encode(encoding) if value is not None else b""
    kept, placed, rest = b"", False, len(content)
    for one, _, span in _pairs(content):
        rest -= len(span)
        if one != key.lower():
            kept += span
        elif not placed:
            kept += ours
            placed = True
    kept += content[len(content) - rest :] if rest else b""
    if not placed and ours:
        kept += b"\r\n" if kept and not kept.endswith((b"\n", b"\r", b",")) else b""
        kept += ours
    return kept
