"""Whether a file of ours is still as we wrote it: each report carries a hash of its own content."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from pathlib import Path

_PREFIX = "xlbudget:"
_IDENTIFIER = re.compile(rb"<dc:identifier>([^<]{1,80})</dc:identifier>")
_MAIN, _CORE = "word/document.xml", "docProps/core.xml"
_MOST = 64 << 20
"""Bytes of a part that are looked at: none of ours is larger."""
_SEAL = re.compile(rb"\n%xlbudget:([0-9a-f]{32})\n")
_STYLES, _OWN_STYLE = "word/styles.xml", "附件标记".encode()
"""A style that only our reports have, by which one is known when a program has dropped its identifier."""
_BROKEN = (
    KeyError,
    OSError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    ValueError,
    EOFError,
    zlib.error,
)
"""What reading a damaged package raises."""


def _hash(content: bytes) -> str:
    return hashlib.blake2s(content, digest_size=16).hexdigest()


def identifier(main: bytes) -> str:
    """What a Word file carries as its identifier; `main` is its main part. Whoever edits the file leaves it, or drops it."""
    return f"{_PREFIX}{_hash(main)}"


def sealed(pdf: bytes) -> bytes:
    """A PDF with a comment behind its end that tells its hash."""
    return pdf + f"\n%{identifier(pdf)}\n".encode()


def made_by_us(content: bytes) -> bool:
    """Whether a file is one of ours, edited or not."""
    return _SEAL.search(content) is not None or _is_our_word(content)


def untouched(content: bytes) -> bool:
    """Whether a file is one of ours, and as we wrote it."""
    seal = _SEAL.search(content)
    if seal:
        return seal.end() == len(content) and seal[1].decode() == _hash(content[: seal.start()])
    try:
        found = _IDENTIFIER.search(_part(content, _CORE))
        return found is not None and found[1].decode("utf-8", "replace") == identifier(_part(content, _MAIN))
    except _BROKEN:
        return False


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package, package.open(name) as part:
        return part.read(_MOST)


def _is_our_word(content: bytes) -> bool:
    try:
        found = _IDENTIFIER.search(_part(content, _CORE))
        marked = found is not None and found[1].startswith(_PREFIX.encode())
        return marked or _OWN_STYLE in _part(content, _STYLES)
    except _BROKEN:
        return False


def kept_version(path: Path) -> bytes | None:
    """The content of a report of ours that is about to be replaced, when somebody has edited it."""
    try:
        content = path.read_bytes()
    except OSError:
        return None  # it is not there, or whoever writes it will say why not
    return content if made_by_us(content) and not untouched(content) else None
