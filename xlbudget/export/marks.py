"""Whether a file of ours is still as we wrote it: each report carries a hash of its own content."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

_PREFIX = "xlbudget:"
_IDENTIFIER = re.compile(rb"<dc:identifier>([^<]{1,80})</dc:identifier>")
_MAIN, _CORE = "word/document.xml", "docProps/core.xml"
_MOST = 64 << 20
"""Bytes of a part that are looked at: none of ours is larger."""
_TAIL = re.compile(rb"\n%xlbudget:([0-9a-f]{32})\n\Z")


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
    return _identifier_of(content) is not None or _TAIL.search(content) is not None


def untouched(content: bytes) -> bool:
    """Whether a file is one of ours, and as we wrote it."""
    tail = _TAIL.search(content)
    if tail:
        return tail[1].decode() == _hash(content[: tail.start()])
    stored = _identifier_of(content)
    return stored is not None and stored == identifier(_part(content, _MAIN))


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package, package.open(name) as part:
        return part.read(_MOST)


def _identifier_of(content: bytes) -> str | None:
    """The identifier that we gave a Word file; None for any other file, also for one that cannot be read."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return None
    try:
        found = _IDENTIFIER.search(_part(content, _CORE))
    except (KeyError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, ValueError, EOFError):
        return None
    text = found[1].decode("utf-8", "replace") if found else ""
    return text if text.startswith(_PREFIX) else None


def kept_version(path: Path) -> bytes | None:
    """The content of an output that is about to be replaced, when somebody edited it or it is none of ours."""
    try:
        content = path.read_bytes()
    except OSError:
        return None  # it is not there, or whoever writes it will say why not
    try:
        return None if untouched(content) else content
    except (KeyError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, ValueError, EOFError):
        return content
