"""Builders of good, odd and hostile workbook files, as bytes."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from xlbudget import app

TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
FRONT_PART, PROJECT_PART = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
FRONT, PROJECTS, INDICATORS = "首页", "项目", "指标"
MB = 2**20
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

Change = Callable[[Any], None]
Edit = bytes | None | Callable[[bytes], bytes]


@cache
def sample() -> bytes:
    """The sample workbook as `xlbudget new --sample` writes it."""
    return app.new_workbook(None, sample=True)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(members: Mapping[str, bytes], level: int = 6) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def repacked(edits: Mapping[str, Edit], content: bytes | None = None) -> bytes:
    """The sample with parts replaced, edited, added or (None) left out."""
    members = parts(content or sample())
    for name, edit in edits.items():
        new = edit(members[name]) if callable(edit) else edit
        if new is None:
            del members[name]
        else:
            members[name] = new
    return zipped(members)


def replaced(part: str, pattern: str, new: str) -> bytes:
    """The sample with the first match of a pattern in a part replaced; the pattern must match."""
    text, count = re.subn(pattern, lambda _: new, parts(sample())[part].decode(), count=1)
    assert count == 1, pattern
    return repacked({part: text.encode()})


def retabbed(tabs: Mapping[str, str], content: bytes | None = None) -> bytes:
    """The sample with other names on the tabs of some sheets, also where names of the workbook refer to them."""

    def edit(part: bytes) -> bytes:
        text = part.decode()
        for name, tab in tabs.items():
            text, count = re.subn(f'(<sheet [^>]*name="){name}"', rf'\g<1>{tab}"', text)
            assert count == 1, name
            text = re.sub(f"(>|,)'?{name}'?!", rf"\g<1>'{tab}'!", text)
        return text.encode()

    return repacked({WORKBOOK: edit}, content)


# -- by openpyxl ---------------------------------------------------------------------------------------


def edited(change: Change) -> bytes:
    """The sample opened, changed and saved by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(sample()))
    change(book)
    return saved(book)


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def label(sheet: Any, text: str) -> Any:
    """The first cell that holds a label or header."""
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return next(cell for cell in cells if str(cell.value or "").rstrip("*") == text)


def front(name: str, value: object) -> Change:
    """Set a value on 首页."""

    def change(book: Any) -> None:
        label(book[FRONT], name).offset(0, 1).value = value

    return change


def no_label(sheet: str, name: str) -> Change:
    """Empty a label or header."""

    def change(book: Any) -> None:
        label(book[sheet], name).value = None

    return change


def no_sheet(*names: str) -> Change:
    def change(book: Any) -> None:
        for name in names:
            del book[name]

    return change


def columns_moved(book: Any) -> None:
    """Empty columns and rows inserted, one column moved to the end, headers 12 rows lower."""
    for name in (PROJECTS, INDICATORS, "重点工作", "偏差整改", "文字说明"):
        sheet = book[name]
        sheet.insert_cols(1, 2)
        sheet.insert_cols(5)
        first = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).endswith("*"))
        last = sheet.max_column + 2
        for row in range(first.row, sheet.max_row + 1):
            sheet.cell(row, last).value = sheet.cell(row, first.column).value
            sheet.cell(row, first.column).value = None
        sheet.insert_rows(1, 12)
    book[FRONT].insert_cols(1, 3)
    book[FRONT].insert_rows(1, 5)


def many_indicators(number: int) -> bytes:
    """The sample with so many indicators of project 001."""

    def change(book: Any) -> None:
        sheet = book[INDICATORS]
        head = label(sheet, "项目编号").row
        names = [str(cell.value or "").rstrip("*") for cell in sheet[head]]
        row = {
            "项目编号": "001",
            "一级指标": "产出指标",
            "二级指标": "数量指标",
            "计算符号": "≥",
            "年度指标值": 10,
            "当前完成值": 5,
            "全年预计完成值": 10,
        }
        last = max(cell.row for cell in sheet["A"] if cell.value)
        for index in range(number - (last - head)):
            row["三级指标"] = f"指标{index}"
            for column, name in enumerate(names, 1):
                if name in row:
                    sheet.cell(last + 1 + index, column).value = row[name]

    return edited(change)


# -- hostile files -------------------------------------------------------------------------------------


def raw_zip(members: Mapping[str, tuple[bytes, int, int]]) -> bytes:
    """A zip of deflated streams given with their CRC and the size that the headers claim."""
    body, directory = b"", b""
    for name, (stream, crc, size) in members.items():
        encoded = name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 0x21, crc, len(stream), size, len(encoded), 0)
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + encoded
        body += b"PK\x03\x04" + common + encoded + stream
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def deflated(content: bytes, level: int = 6) -> tuple[bytes, int, int]:
    packer = zlib.compressobj(level, wbits=-15)
    return packer.compress(content) + packer.flush(), zlib.crc32(content), len(content)


@cache
def swollen(
    megabytes: int, byte: bytes = b" ", head: bytes = b"", tail: bytes = b""
) -> tuple[bytes, int, int]:
    """A deflated stream of head, so many megabytes of one byte, tail; made without inflating it."""
    chunk = byte * MB
    packer = zlib.compressobj(wbits=-15)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(tail) + packer.flush()
    crc = zlib.crc32(head)
    for _ in range(megabytes):
        crc = zlib.crc32(chunk, crc)
    return start + once * megabytes + end, zlib.crc32(tail, crc), len(head) + megabytes * MB + len(tail)


def with_streams(streams: Mapping[str, tuple[bytes, int, int]]) -> bytes:
    """The sample with raw streams as parts."""
    return raw_zip({name: deflated(content) for name, content in parts(sample()).items()} | dict(streams))


def bloated_sheet(megabytes: int) -> tuple[bytes, int, int]:
    """A worksheet part, well-formed, of so many megabytes of blanks."""
    head, tail = parts(sample())[FRONT_PART].split(b"<sheetData>")
    return swollen(megabytes, b" ", head + b"<sheetData>", tail)


def lying(stream: tuple[bytes, int, int], claimed: int) -> tuple[bytes, int, int]:
    return stream[0], stream[1], claimed


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DTDS = {
    "billion-laughs": (f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]>', "&l9;"),
    "external-entity": ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>', "&f;"),
    "external-dtd": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', ""),
    "bare": ("<!DOCTYPE x>", ""),
}


def with_dtd(part: str, kind: str, encoding: str = "utf-8", padding: int = 0) -> bytes:
    """The sample with a document type (and its entity used) in a part, after so many blanks."""
    doctype, reference = DTDS[kind]

    def edit(content: bytes) -> bytes:
        text = re.sub(r"^\s*<\?xml.*?\?>\s*", "", content.decode("utf-8"))
        before, end, after = text.rpartition("</")
        name = encoding.partition("-le")[0].partition("-be")[0]
        declaration = f'<?xml version="1.0" encoding="{name}"?>'
        pad = f"<!--{' ' * padding}-->" if padding else ""
        return f"{declaration}{pad}{doctype}{before}{reference}{end}{after}".encode(encoding)

    return repacked({part: edit})


def cuts(content: bytes, number: int) -> Iterator[int]:
    """Where to cut a zip file: spread evenly, inside members and inside the directory."""
    yield from (len(content) * index // number for index in range(1, number))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        for info in (infos[0], infos[7], infos[-1]):
            yield info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2
        yield archive.start_dir
        yield archive.start_dir + 20
    yield from (len(content) - 22, len(content) - 10, len(content) - 1)


def mark(content: bytes) -> str:
    """Stands for the content of a file; short, so that a failing comparison stays readable."""
    return f"{len(content)} bytes {hashlib.sha256(content).hexdigest()[:16]}"


def snapshot(folder: Path) -> dict[str, str]:
    """Everything below a folder: files with the mark of their bytes, links with their target."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        else:
            found[name] = mark(path.read_bytes()) if path.is_file() else "folder"
    return found
