"""Files of any kind as lines and tables: what an audit reads. A file is judged by its bytes, not by its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xlbudget.audit.source import Source
from xlbudget.domain.told import Told
from xlbudget.files import CannotOpen

MAX_FILE = 300 * 2**20
MAX_ITEMS = 200_000
MAX_CELLS = 2_000_000
"""Limits on what is read: bytes of a file, lines and tables of a document, cells of all its tables."""
ACCEPTED = "可以核对的有 Word（.docx）、PDF、文本（.txt、.md）和工作簿（.xlsx、.xlsm）"


class CannotRead(Told):
    """The file is no document that can be read. The text is for the user."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it was read, and what the user should know about it (Chinese sentences)."""

    source: Source
    notes: tuple[str, ...] = ()


def read(path: Path) -> Source:
    """A document from top to bottom. Raises CannotRead."""
    return read_document(path).source


def read_document(path: Path) -> Reading:
    """A document, and what could not be read of it. Raises CannotRead."""
    return read_bytes(path, content_of(path))


def read_bytes(path: Path, content: bytes) -> Reading:
    """The same of bytes; `path` only names them. Raises CannotRead."""
    from xlbudget.readers.kinds import reader_of

    try:
        reading = reader_of(path, content)(path, content)
    except CannotOpen as error:
        raise CannotRead(str(error)) from error
    if not reading.source:
        raise CannotRead(f"“{path.name}”里没有文字，没有可以核对的内容。请核对是不是这个文件。")
    return reading


def too_long(path: Path) -> CannotRead:
    """What is said of a document that is beyond the limits."""
    return CannotRead(f"“{path.name}”太长了，不像一份监控报告。请核对文件，或者分成几份再核对。")


def content_of(path: Path) -> bytes:
    """The bytes of a document. Raises CannotRead where there are none, or too many."""
    from xlbudget.files.archive import read_file

    try:
        if path.is_file() and path.stat().st_size > MAX_FILE:
            raise CannotRead(f"“{path.name}”超过 {MAX_FILE >> 20} MB，太大了。请只留下报告的正文再核对。")
        if path.is_dir():
            raise CannotRead(f"“{path}”是文件夹，不是一份报告。")
        content = read_file(path)
    except (CannotOpen, OSError, ValueError) as error:
        told = str(error) if isinstance(error, CannotOpen) else f"“{path}”不能用作文件名。请核对文件名。"
        raise CannotRead(told) from error
    if not content:
        raise CannotRead(f"“{path.name}”是空文件。请重新从原处取得。")
    return content
