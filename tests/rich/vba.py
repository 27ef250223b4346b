"""A VBA project from sources: MS-OVBA streams in a compound file, just enough for programs that read one."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _SMALL = 512, 64
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def vba_project(modules: Mapping[str, str]) -> bytes:
    """The bytes of vbaProject.bin; modules that are not called Module… belong to the workbook and its sheets."""
    streams = {name: _packed(_source(name, text)) for name, text in modules.items()}
    streams |= {"_VBA_PROJECT": b"\xcc\x61\xff\xff\0\0\0", "dir": _packed(_directory(list(modules)))}
    lines = ['ID="{00000000-0000-0000-0000-000000000000}"']
    lines += [f"Module={one}" if _plain(one) else f"Document={one}/&H00000000" for one in modules]
    project = "\r\n".join([*lines, 'Name="VBAProject"', 'HelpContextID="0"', ""]).encode()
    return _compound(streams, project)


def _plain(name: str) -> bool:
    return name.startswith("Module")


def _source(name: str, text: str) -> bytes:
    base = "" if _plain(name) else 'Attribute VB_Base = "0{00020820-0000-0000-C000-000000000046}"\r\n'
    return f'Attribute VB_Name = "{name}"\r\n{base}{text}'.encode()


def _packed(content: bytes) -> bytes:
    """A compressed container (MS-OVBA 2.4.1) of literals only."""
    chunks = b"\x01"
    for start in range(0, len(content), 3000):
        piece = content[start : start + 3000]
        body = b"".join(b"\0" + piece[at : at + 8] for at in range(0, len(piece), 8))
        chunks += struct.pack("<H", 0xB000 | len(body) + 2 - 3) + body
    return chunks


def _record(identity: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", identity, len(content)) + content


def _directory(modules: list[str]) -> bytes:
    """The dir stream (MS-OVBA 2.3.4.2)."""
    none = struct.pack("<I", 0)
    parts = [
        _record(0x01, struct.pack("<I", 3)), _record(0x02, struct.pack("<I", 0x409)), _record(0x14, struct.pack("<I", 0x409)),
        _record(0x03, struct.pack("<H", 1252)), _record(0x04, b"VBAProject"), _record(0x05), _record(0x40), _record(0x06),
        _record(0x3D), _record(0x07, none), _record(0x08, none), struct.pack("<HIIH", 0x09, 4, 1, 1), _record(0x0C),
        _record(0x3C), _record(0x0F, struct.pack("<H", len(modules))), _record(0x13, b"\xff\xff"),
    ]  # fmt: skip
    for name in modules:
        plain, wide = name.encode(), name.encode("utf-16-le")
        parts += [
            _record(0x19, plain), _record(0x47, wide), _record(0x1A, plain), _record(0x32, wide), _record(0x1C), _record(0x48),
            _record(0x31, none), _record(0x1E, none), _record(0x2C, b"\xff\xff"), _record(0x21 if _plain(name) else 0x22),
            _record(0x2B),
        ]  # fmt: skip
    return b"".join([*parts, _record(0x10)])


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    head = struct.pack("<64sHBBIII", wide, len(wide) + 2, kind, 1, left, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _compound(streams: Mapping[str, bytes], project: bytes) -> bytes:
    """A compound file (MS-CFB) with a storage VBA of these small streams, and PROJECT beside it."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    data = b""
    table: list[int] = []
    places: dict[str, tuple[int, int]] = {}
    for name, content in [*((name, streams[name]) for name in names), ("PROJECT", project)]:
        assert 0 < len(content) < 4096
        places[name] = (len(table), len(content))
        count = -(-len(content) // _SMALL)
        table += [*range(len(table) + 1, len(table) + count), _END]
        data += content.ljust(count * _SMALL, b"\0")
    entries = [
        b"",
        _entry("VBA", 1, _NONE, 2, 3, 0, 0),
        _entry("PROJECT", 2, _NONE, _NONE, _NONE, *places["PROJECT"]),
    ]
    for number, name in enumerate(names):
        following = 4 + number if number + 1 < len(names) else _NONE
        entries.append(_entry(name, 2, _NONE, following, _NONE, *places[name]))
    blocks = [len(entries), len(table), len(data)]
    sizes = [-(-blocks[0] * 128 // _SECTOR), -(-blocks[1] * 4 // _SECTOR), -(-blocks[2] // _SECTOR)]
    starts = [1, 1 + sizes[0], 1 + sizes[0] + sizes[1]]
    entries[0] = _entry("Root Entry", 5, _NONE, _NONE, 1, starts[2], len(data))
    chain = [_FAT]
    for start, size in zip(starts, sizes, strict=True):
        chain += [*range(start + 1, start + size), _END]
    assert len(chain) <= _SECTOR // 4
    head = struct.pack("<8s16sHHHHH6x", bytes.fromhex("D0CF11E0A1B11AE1"), b"", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIIII", 0, 1, starts[0], 0, 4096, starts[1], sizes[1], _END, 0, 0)
    head += struct.pack("<108I", *([_FREE] * 108))
    return head + b"".join((
        struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain))),
        b"".join(entries).ljust(sizes[0] * _SECTOR, b"\0"),
        struct.pack(f"<{len(table)}I", *table).ljust(sizes[1] * _SECTOR, b"\xff"),
        data.ljust(sizes[2] * _SECTOR, b"\0"),
    ))  # fmt: skip
