"""A zip package read safely and written reproducibly."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from xlbudget.hosts import CannotOpen
from xlbudget.hosts.files import reason

MAX_TOTAL = 2**30
MAX_PARTS = 20_000
MAX_RATIO = 150
RATIO_FROM = 10 * 2**20
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Trade:
    """The kind of file that an archive should be: how messages call it, and whether it is only read."""

    name: str
    program: str
    suffix: str
    old: str
    read_only: bool = False


WORKBOOK = Trade("工作簿", "Excel", ".xlsx", ".xls")
WORD = Trade("文档", "Word", ".docx", ".doc")


def is_ole(content: bytes) -> bool:
    """Whether a file is of the binary kind before 2007 (or encrypted)."""
    return content.startswith(_OLE)


def ole_reason(path: Path, content: bytes, trade: Trade) -> str:
    """Why such a file is not read."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return f"“{path.name}”有打开密码。请用 {trade.program} 或 WPS 打开，取消密码后另存，再试。"
    return f"“{path.name}”是旧的 {trade.old} 格式。请用 {trade.program} 或 WPS 打开，另存为 {trade.suffix}，再试。"


def read_file(path: Path) -> bytes:
    """Read a file. Raises CannotOpen with the reason."""
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise CannotOpen(f"“{path}”是文件夹，不是工作簿。") from None
    except FileNotFoundError:
        raise CannotOpen(f"找不到文件“{path}”。请核对文件名和所在文件夹。") from None
    except OSError as error:
        raise CannotOpen(
            f"打不开“{path}”：{reason(error)}。请关闭打开它的程序，或复制到别的文件夹再试。"
        ) from None
    except ValueError:
        raise CannotOpen(f"“{path}”不能用作文件名。请核对文件名。") from None


class Archive:
    """The parts of a package by name, in their order, read on demand."""

    def __init__(self, path: Path, content: bytes, trade: Trade = WORKBOOK) -> None:
        self.path, self.content, self.trade = path, content, trade
        if not content:
            raise CannotOpen(f"“{path.name}”是空文件。请重新从原处取得，或用 xlbudget new 新建。")
        if is_ole(content):
            raise CannotOpen(ole_reason(path, content, trade))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            whole = (
                "文件不完整，可能没有下载或复制完"
                if content.startswith(b"PK")
                else f"它不是 {trade.program} {trade.name}"
            )
            raise CannotOpen(
                f"打不开“{path.name}”：{whole}。请重新取得文件，或另存为 {trade.suffix} 再试。"
            ) from None
        self.infos = {info.filename: info for info in self._zip.infolist()}
        self._check_size()
        self._check_signature()
        self._check_document_types()

    def _check_size(self) -> None:
        total = sum(info.file_size for info in self.infos.values())
        packed = sum(info.compress_size for info in self.infos.values())
        swollen = total > RATIO_FROM and total > MAX_RATIO * packed
        swollen = swollen or any(
            info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size
            for info in self.infos.values()
        )
        if total > MAX_TOTAL or len(self.infos) > MAX_PARTS or swollen:
            raise CannotOpen(f"“{self.path.name}”展开后大得不正常，为安全起见不打开。请确认文件来源。")
        if any(info.flag_bits & 1 for info in self.infos.values()):
            raise CannotOpen(f"“{self.path.name}”加了密。请取消密码后另存，再试。")

    def _check_signature(self) -> None:
        signed = any(name.lower().startswith("_xmlsignatures/") for name in self.infos)
        if signed and not self.trade.read_only:
            raise CannotOpen(
                f"“{self.path.name}”带数字签名，改动会使签名失效，所以不处理。请用没有签名的副本。"
            )

    def _check_document_types(self) -> None:
        """Refuse a part with a DTD: no office program writes one, attacks with entities do."""
        for name in self.infos:
            if name.lower().endswith((".xml", ".rels", ".vml")):
                content = self.read(name)
                if any(mark in content for mark in _DOCTYPES):
                    raise CannotOpen(
                        f"“{self.path.name}”里有正常{self.trade.name}不会有的内容（{name} 带 DTD 声明），为安全起见没有打开。"
                        f"请用 {self.trade.program} 或 WPS 打开，另存一份再试。"
                    )

    def _damaged(self, name: str) -> CannotOpen:
        return CannotOpen(
            f"“{self.path.name}”已损坏（部件 {name} 读不出来）。"
            f"请用 {self.trade.program} 或 WPS 打开修复并另存，或重新取得文件。"
        )

    def read(self, name: str) -> bytes:
        """A part, inflated piece by piece, so that one that lies about its size does no harm.

        Raises CannotOpen when it is missing or damaged.
        """
        info = self.infos.get(name)
        if info is None:
            raise CannotOpen(
                f"“{self.path.name}”缺少部件 {name}，不是完整的{self.trade.name}。请重新取得文件。"
            )
        try:
            with self._zip.open(info) as part:
                return b"".join(iter(lambda: part.read(_PIECE), b""))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise self._damaged(name) from None

    def write(self, changed: Mapping[str, Iterable[bytes]], dropped: frozenset[str]) -> bytes:
        """The package with parts changed, added or dropped; everything else as it was, in its order."""
        kept = [name for name in self.infos if name not in dropped]
        old = (
            (name, changed[name] if name in changed else (self.read(name),), self.infos[name])
            for name in kept
        )
        new = ((name, content, None) for name, content in changed.items() if name not in self.infos)
        return pack(chain(old, new))


def pack(parts: Iterable[tuple[str, Iterable[bytes], zipfile.ZipInfo | None]]) -> bytes:
    """Zip parts, given in pieces, with the dates they had, new ones with a constant date: the same parts, the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content, known in parts:
            info = zipfile.ZipInfo(name, known.date_time if known else (1980, 1, 1, 0, 0, 0))
            info.compress_type = known.compress_type if known else zipfile.ZIP_DEFLATED
            info.external_attr = known.external_attr if known else 0
            info.create_system = known.create_system if known else 0
            with out.open(info, "w") as part:
                for piece in content:
                    part.write(piece)
    return buffer.getvalue()


def repack(content: bytes, edit: dict[str, tuple[str, str]] | None = None) -> bytes:
    """Zip a package anew with constant dates, after regular-expression edits of named parts."""
    parts: list[tuple[str, Iterable[bytes], None]] = []
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        for info in source.infolist():
            part = source.read(info)
            if edit and info.filename in edit:
                pattern, replacement = edit[info.filename]
                part = re.sub(pattern, replacement, part.decode("utf-8")).encode("utf-8")
            parts.append((info.filename, (part,), None))
    return pack(parts)
