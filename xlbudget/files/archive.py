"""A zip package read safely and written reproducibly."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

from xlbudget.files import CannotOpen
from xlbudget.files.writing import reason
from xlbudget.files.xml import has_document_type

MAX_TOTAL = 2**30
MAX_PARTS = 20_000
MAX_RATIO = 400
RATIO_FROM = 10 * 2**20
"""Parts that are parsed: bytes from which on a part may not be more than so many times as large as its zipped text.

Rows of one formula and one text come to 120 times from Excel, which packs fast, and to 250 times from us; blanks to 1000.
"""
MAX_SWOLLEN = 256 * 2**20
"""Parts that are only copied, such as pictures: blank ones deflate well, so that limit begins here."""
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError, NotImplementedError, OSError, OverflowError,
    RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises for a damaged file."""
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The only ones that the standard of office files knows."""
_PARSED = (".xml", ".rels", ".vml")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
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


@lru_cache(maxsize=1 << 14)
def part_key(name: str) -> str:
    """What names of parts are compared by: capitals, `\\`, `./`, `//`, `%20` and a leading `/` make no difference."""
    path = unquote(name.replace("\\", "/")).lower()
    return posixpath.normpath("/" + path.lstrip("/")).lstrip("/")


def _own_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry; of bytes that are not said to be UTF-8 zipfile makes letters of an old code page."""
    name = info.orig_filename.partition("\0")[0]
    if not info.flag_bits & 0x800 and not name.isascii():
        for encoding in ("utf-8", "gb18030"):
            try:
                return name.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
    return name


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
        except BROKEN:
            whole = (
                "文件不完整，可能没有下载或复制完"
                if content.startswith(b"PK")
                else f"它不是 {trade.program} {trade.name}"
            )
            raise CannotOpen(
                f"打不开“{path.name}”：{whole}。请重新取得文件，或另存为 {trade.suffix} 再试。"
            ) from None
        self._entries = [(_own_name(info), info) for info in self._zip.infolist()]
        """Everything in the zip, folders too, under its own name."""
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self.names: dict[str, str] = {}
        """The name of each part, with plain slashes, by what it is compared by."""
        self.folders: set[str] = set()
        """What folders are compared by: none is a part, even where one holds something."""
        self._list_parts()
        self._check_sizes()
        self._check_signature()
        self._check_document_types()

    def _list_parts(self) -> None:
        for name, info in self._entries:
            plain_name = name.replace("\\", "/").lstrip("/")
            key = part_key(plain_name)
            if plain_name.endswith("/"):
                self.folders.add(key)
                continue
            if key in self._infos:
                raise CannotOpen(
                    f"“{self.path.name}”里部件 {plain_name} 有两份，不知道哪一份是对的，所以不处理。"
                    f"请用 {self.trade.program} 或 WPS 打开，核对内容后另存一份，再试。"
                )
            if info.flag_bits & 1:
                raise CannotOpen(f"“{self.path.name}”加了密。请取消密码后另存，再试。")
            if info.compress_type not in _COMPRESSIONS:
                raise CannotOpen(
                    f"“{self.path.name}”的压缩方式 {self.trade.program} 也不认识（部件 {plain_name}）。"
                    f"请用 {self.trade.program} 或 WPS 重新保存，不要用压缩软件打包，再试。"
                )
            self._infos[key], self.names[key] = info, plain_name

    def _check_sizes(self) -> None:
        parsed = [info for key, info in self._infos.items() if key.endswith(_PARSED)]
        copied = [info for key, info in self._infos.items() if not key.endswith(_PARSED)]
        swollen = _swollen(parsed, RATIO_FROM) or _swollen(copied, MAX_SWOLLEN)
        total = sum(info.file_size for info in self._infos.values())
        if swollen or total > MAX_TOTAL or len(self._entries) > MAX_PARTS:
            raise self._too_large()

    def _too_large(self) -> CannotOpen:
        return CannotOpen(f"“{self.path.name}”展开后大得不正常，为安全起见不打开。请确认文件来源。")

    def _check_signature(self) -> None:
        signed = any(key.startswith("_xmlsignatures/") for key in self._infos)
        if signed and not self.trade.read_only:
            raise CannotOpen(
                f"“{self.path.name}”带数字签名，改动会使签名失效，所以不处理。请用没有签名的副本。"
            )

    def _check_document_types(self) -> None:
        """Refuse a part with a DTD: no office program writes one, attacks with entities do."""
        for key, name in self.names.items():
            if key.endswith(_PARSED) and has_document_type(self._pieces(self._infos[key], name)):
                raise CannotOpen(
                    f"“{self.path.name}”里有正常{self.trade.name}不会有的内容（{name} 带 DTD 声明），为安全起见没有打开。"
                    f"请用 {self.trade.program} 或 WPS 打开，另存一份再试。"
                )

    def _damaged(self, name: str) -> CannotOpen:
        return CannotOpen(
            f"“{self.path.name}”已损坏（部件 {name} 读不出来）。"
            f"请用 {self.trade.program} 或 WPS 打开修复并另存，或重新取得文件。"
        )

    def size(self, name: str) -> int:
        """Bytes that a part says it has; 0 for one that is not there."""
        info = self._infos.get(part_key(name))
        return info.file_size if info else 0

    def read(self, name: str) -> bytes:
        """A part that is to be parsed. Raises CannotOpen when it is missing, damaged or swollen."""
        info = self._infos.get(part_key(name))
        if info is None:
            raise CannotOpen(
                f"“{self.path.name}”缺少部件 {name}，不是完整的{self.trade.name}。请重新取得文件。"
            )
        if _swollen([info], RATIO_FROM):
            raise self._too_large()
        return b"".join(self._pieces(info, name))

    def _pieces(self, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
        """A part inflated piece by piece, so that one that lies about its size does no harm."""
        try:
            with self._zip.open(info) as part:
                yield from iter(lambda: part.read(_PIECE), b"")
        except BROKEN:
            raise self._damaged(name) from None

    def write(self, changed: Mapping[str, Iterable[bytes]], dropped: frozenset[str]) -> bytes:
        """The package with parts changed, added or dropped; everything else as it was, in its order."""
        new = {part_key(name): (name, content) for name, content in changed.items()}
        gone = {part_key(name) for name in dropped}
        keys = {id(info): key for key, info in self._infos.items()}
        old = [
            (name, new.pop(key)[1] if key in new else self._pieces(info, name), info)
            for name, info in self._entries
            if (key := keys.get(id(info))) not in gone
        ]
        return pack(chain(old, ((name, content, None) for name, content in new.values())))


def _swollen(infos: Sequence[zipfile.ZipInfo], least: int) -> bool:
    """Whether one part, or all together, are of at least that size and deflated more than any honest content does."""
    sizes = [(info.file_size, info.compress_size) for info in infos]
    sizes.append((sum(full for full, _ in sizes), sum(packed for _, packed in sizes)))
    return any(full > least and full > MAX_RATIO * packed for full, packed in sizes)


def pack(parts: Iterable[tuple[str, Iterable[bytes], zipfile.ZipInfo | None]]) -> bytes:
    """Zip parts, given in pieces, with the dates they had, new ones with a constant date: the same parts, the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content, known in parts:
            info = zipfile.ZipInfo(name, known.date_time if known else (1980, 1, 1, 0, 0, 0))
            info.filename = name  # on Windows zipfile would turn backslashes
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
