"""Streams of a PDF that swell: pdfium would inflate them whole, and take twenty times as much to keep what they draw."""

from __future__ import annotations

import re
import zlib

MOST = 8 * 2**20
MOST_OF_FONTS = 64 * 2**20
"""Bytes that a stream may inflate to: what a page draws, and a font with all characters."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PIECE = 2**16
_HEAD = 1_000


def is_swollen(content: bytes) -> bool:
    """Whether a stream inflates to more than a report needs. Pictures do not count: they are never unpacked."""
    return any(_is_swollen(content, match.start(), match.end()) for match in _STREAM.finditer(content))


def _is_swollen(content: bytes, head_end: int, start: int) -> bool:
    head = content[max(0, head_end - _HEAD) : head_end]
    head = head[head.rfind(b" obj") + 1 :]
    if b"/Image" in head or b"Flate" not in head:
        return False
    return head.count(b"Flate") > 1 or _inflates(
        content, start, MOST_OF_FONTS if b"/Length1" in head else MOST
    )


def _inflates(content: bytes, start: int, limit: int) -> bool:
    """Whether packed bytes inflate beyond a limit; those that cannot be unpacked do not."""
    unpacker, size = zlib.decompressobj(), 0
    while not unpacker.eof and size <= limit and start < len(content):
        packed = content[start : start + _PIECE]
        start += _PIECE
        try:
            while packed and size <= limit and not unpacker.eof:
                size += len(unpacker.decompress(packed, 2**20))
                packed = unpacker.unconsumed_tail
        except zlib.error:
            return False
    return size > limit
