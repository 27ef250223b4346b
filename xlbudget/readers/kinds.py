"""What kind of document a file is, by its first bytes and, of a package, its parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xlbudget.files.archive import BROKEN, WORD, WORKBOOK, is_ole, ole_reason, part_key
from xlbudget.readers import ACCEPTED, CannotRead, Reading

Reader = Callable[[Path, bytes], Reading]

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|MIME-Version:)", re.IGNORECASE)
_OLD_SHEETS = (".xls", ".et", ".xlt")
_PACKAGES = (  # a part that tells the kind, and what is said of it
    ("OFD.xml", "是 OFD 版式文件，这里读不了。请用 WPS 或阅读器转成 PDF，再试。"),
    ("content.xml", "是 OpenDocument 文件。请用 WPS 或 Word 打开，另存为 .docx，再试。"),
    ("ppt/presentation.xml", f"是演示文稿。{ACCEPTED}。"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file: its bytes and, of a package, the names of its parts as `part_key` gives them."""

    content: bytes
    parts: frozenset[str] = frozenset()

    @property
    def packed(self) -> bool:
        return self.content.startswith(b"PK")


# What reads a kind is loaded where a file of it is at hand.


def _workbook(path: Path, content: bytes) -> Reading:
    from xlbudget.readers.workbook import read_workbook

    return read_workbook(path, content)


def _word(path: Path, content: bytes) -> Reading:
    from xlbudget.readers.docx import read_docx

    return read_docx(path, content)


def _pdf(path: Path, content: bytes) -> Reading:
    from xlbudget.readers.pdf import read_pdf

    return read_pdf(path, content)


def _text(path: Path, content: bytes) -> Reading:
    from xlbudget.readers.text import read_text

    return read_text(path, content)


KINDS: tuple[tuple[Callable[[File], bool], Reader], ...] = (
    (lambda file: any(name.startswith("xl/") for name in file.parts), _workbook),
    (lambda file: part_key("[Content_Types].xml") in file.parts, _word),
    (lambda file: not file.packed and b"%PDF-" in file.content[:1024], _pdf),
    (lambda file: not file.packed, _text),
)
"""How a kind is known → what reads it; the first that fits."""


def reader_of(path: Path, content: bytes) -> Reader:
    """The function that reads a file of this kind. Raises CannotRead, with what to do, for kinds that are not read."""
    file = File(content, _parts_of(path, content) if content.startswith(b"PK") else frozenset())
    reader = next((reader for fits, reader in KINDS if fits(file)), None)
    if reader is None:
        raise CannotRead(f"“{path.name}”是压缩包，不是一份报告。请解压后再试。{ACCEPTED}。")
    if reader is _text:
        _refuse_others(path, content)
    return reader


def _parts_of(path: Path, content: bytes) -> frozenset[str]:
    """The parts of a package. Raises CannotRead where it is broken, or of a kind that is not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = frozenset(part_key(name) for name in package.namelist())
    except BROKEN:
        raise CannotRead(
            f"打不开“{path.name}”：文件不完整，可能没有下载或复制完。请重新取得文件再试。"
        ) from None
    for part, told in _PACKAGES:
        if part_key(part) in names:
            raise CannotRead(f"“{path.name}”{told}")
    return names


def _refuse_others(path: Path, content: bytes) -> None:
    if is_ole(content):
        sheets = path.suffix.lower() in _OLD_SHEETS or "Workbook".encode("utf-16-le") in content
        raise CannotRead(ole_reason(path, content, WORKBOOK if sheets else WORD))
    if content.startswith(b"{\\rtf"):
        raise CannotRead(f"“{path.name}”是 RTF 格式。请用 Word 或 WPS 打开，另存为 .docx，再试。")
    bitmap = content.startswith(b"BM") and content[6:10] == bytes(4)
    if bitmap or content.startswith(_PICTURES):
        raise CannotRead(f"“{path.name}”是图片，没有文字可读。请先用 OCR 识别，或换成 Word 版再试。")
    if _HTML.match(content.removeprefix(b"\xef\xbb\xbf")[:200]):
        raise CannotRead(f"“{path.name}”是网页。请用 Word 或 WPS 打开，另存为 .docx，再试。")
