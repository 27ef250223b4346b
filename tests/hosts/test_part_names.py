"""Packages as odd programs zip them: names of parts in any spelling, parts twice, damage; relations that all programs follow."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests import files
from tests.files import (
    PROJECT_PART,
    TYPES,
    WORKBOOK,
    WORKBOOK_RELS,
    parts,
    repacked,
    replaced,
    sample,
    zipped,
)
from xlbudget import app, results
from xlbudget.files import CannotOpen
from xlbudget.files.archive import part_key

Spell = Callable[[str], str]
SHEET = "xl/worksheets/sheet2.xml"


def outcome(content: bytes, folder: Path) -> tuple[dict[str, Any], bytes]:
    """What a run tells, and the workbook that it writes; a run of that one writes the same bytes."""
    source, out = folder / "s.xlsx", folder / "o.xlsx"
    source.write_bytes(content)
    opened, _ = app.run(source, app.Destinations(out))
    made = out.read_bytes()
    app.run(out, app.Destinations(folder / "again.xlsx"))
    assert (folder / "again.xlsx").read_bytes() == made
    return results.of_run(opened.case, opened.findings, []), made


def refused(content: bytes, *words: str) -> None:
    with pytest.raises(CannotOpen) as told:
        app.open_workbook(Path("表.xlsx"), content)
    assert [word for word in words if word.lower() not in str(told.value).lower()] == []


def names_of(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def respelled(spell: Spell, content: bytes | None = None) -> bytes:
    return zipped({spell(name): part for name, part in parts(content or sample()).items()})


SPELLED: dict[str, Spell] = {
    "small letters": str.lower,
    "capitals": str.upper,
    "backslashes": lambda name: name.replace("/", "\\"),
    "a slash before": lambda name: f"/{name}",
    "a dot before": lambda name: f"./{name}",
    "slashes twice": lambda name: name.replace("/", "//"),
    "mixed": lambda name: f".\\{name.title()}",
}


@pytest.mark.parametrize("spell", SPELLED.values(), ids=SPELLED)
def test_names_of_parts_in_any_spelling(spell: Spell, tmp_path: Path) -> None:
    told, made = outcome(respelled(spell), tmp_path)
    assert told == outcome(sample(), tmp_path)[0]
    before = [spell(name) for name in names_of(sample())]
    assert names_of(made)[: len(before)] == before


@pytest.mark.parametrize(
    "folder", ["xl/charts/chart1.xml/", "xl/drawings\\drawing1.xml\\", "xl/comments1.xml/"]
)
def test_a_folder_named_as_a_part_that_is_made_stays_a_folder(folder: str, tmp_path: Path) -> None:
    told, made = outcome(zipped(parts(sample()) | {folder: b"<kept/>"}), tmp_path)
    assert told == outcome(sample(), tmp_path)[0]
    assert parts(made)[folder] == b"<kept/>"
    assert part_key(folder) not in {part_key(name) for name in names_of(made) if name != folder}


@pytest.mark.parametrize(("inside", "outside"), [("a b.xml", "a%20b.xml"), ("a%20b.xml", "a b.xml")])
def test_a_blank_in_a_name_is_written_in_two_ways(inside: str, outside: str, tmp_path: Path) -> None:
    told = replaced(WORKBOOK_RELS, re.escape("sheet2.xml"), outside)
    told = repacked({TYPES: lambda one: one.replace(b"sheet2.xml", b"a%20b.xml")}, told)
    content = respelled(lambda name: name.replace("sheet2.xml", inside), told)
    assert outcome(content, tmp_path)[0]["totals"]["projects"] == 5


TARGETS = [
    "/xl/worksheets/sheet2.xml",
    "./worksheets/sheet2.xml",
    "../xl/./worksheets/sheet2.xml",
    "../../xl/worksheets/sheet2.xml",
    "worksheets\\sheet2.xml",
    "\\xl\\worksheets\\sheet2.xml",
    "Worksheets/SHEET2.xml",
    "worksheets/sheet%32.xml",
]


@pytest.mark.parametrize("target", TARGETS)
def test_targets_of_relations_in_any_spelling(target: str, tmp_path: Path) -> None:
    content = replaced(WORKBOOK_RELS, re.escape("worksheets/sheet2.xml"), target)
    assert outcome(content, tmp_path)[0] == outcome(sample(), tmp_path)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/xl/workbook.xml", "/XL/WorkBook.xml"),
        ("/xl/workbook.xml", "xl/workbook.xml"),
        ("/xl/worksheets/sheet2.xml", "\\xl\\worksheets\\Sheet2.XML"),
        ('Extension="rels"', 'Extension="RELS"'),
        ("spreadsheetml.sheet.main", "SpreadsheetML.Sheet.Main"),
    ],
)
def test_content_types_in_any_spelling(old: str, new: str, tmp_path: Path) -> None:
    assert outcome(replaced(TYPES, re.escape(old), new), tmp_path)[0] == outcome(sample(), tmp_path)[0]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("xl/a.xml", "xl/a.xml"),
        ("\\XL\\A.xml", "xl/a.xml"),
        ("./xl/../xl/a.xml", "xl/a.xml"),
        ("../xl//a.xml", "xl/a.xml"),
        ("xl/a%20b.xml", "xl/a b.xml"),
        ("xl/100%.png", "xl/100%.png"),
        ("", ""),
        ("/", ""),
    ],
)
def test_what_names_are_compared_by(name: str, key: str) -> None:
    assert part_key(name) == key


@pytest.mark.parametrize(
    "twin", [SHEET, "xl/worksheets/Sheet2.xml", "xl\\worksheets\\sheet2.xml", f"/{SHEET}"]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_twice_is_refused(twin: str) -> None:
    """Programs do not agree which one counts."""
    buffer = io.BytesIO(sample())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(twin, parts(sample())[PROJECT_PART].replace(b"2.41", b"9.99"))
    refused(buffer.getvalue(), "表.xlsx", "sheet2.xml", "有两份")


def test_folders_in_the_zip_stay(tmp_path: Path) -> None:
    buffer = io.BytesIO(sample())
    with zipfile.ZipFile(buffer, "a") as archive:
        for name in ("xl/", "xl/worksheets/"):
            archive.writestr(zipfile.ZipInfo(name), b"")
    made = outcome(buffer.getvalue(), tmp_path)[1]
    assert {"xl/", "xl/worksheets/"} <= set(names_of(made))


def test_a_name_in_chinese_without_the_mark_of_utf_8(tmp_path: Path) -> None:
    """Older Chinese programs write GBK; the picture is found by that name and written in UTF-8."""
    name = "xl/media/预算.png"
    content = zipped({**parts(sample()), "xl/media/AAAA.png": b"png"})
    content = content.replace(b"xl/media/AAAA.png", name.encode("gbk"))
    assert name in names_of(outcome(content, tmp_path)[1])


# -- how it is zipped ------------------------------------------------------------------------------------


class _Stream(io.RawIOBase):
    """A file that only grows, as the answer of a server: sizes follow behind the parts."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.content += bytes(content)
        return len(content)


def _zipped_by(method: int = zipfile.ZIP_DEFLATED, *, large: bool = False, stream: bool = False) -> bytes:
    grown, whole = _Stream(), io.BytesIO()
    target: Any = grown if stream else whole
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts(sample()).items():
            with archive.open(name, "w", force_zip64=large) as part:
                part.write(content)
    return grown.content or whole.getvalue()


ZIPPED: dict[str, Callable[[], bytes]] = {
    "stored": lambda: _zipped_by(zipfile.ZIP_STORED),
    "zip64": lambda: _zipped_by(large=True),
    "sizes behind": lambda: _zipped_by(stream=True),
    "comment": lambda: sample()[:-2] + struct.pack("<H", 3) + b"abc",
    "bytes before": lambda: b"x" * 1000 + sample(),
    "bytes behind": lambda: sample() + b"\0" * 100,
}


@pytest.mark.parametrize("make", ZIPPED.values(), ids=ZIPPED)
def test_every_way_to_zip(make: Callable[[], bytes], tmp_path: Path) -> None:
    assert outcome(make(), tmp_path)[0] == outcome(sample(), tmp_path)[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_excel_does_not_know(method: int) -> None:
    refused(_zipped_by(method), "表.xlsx", "压缩方式")


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(sample())
    for place in (content.index(b"PK\x01\x02") + 8, 6):
        content[place] |= 1
    refused(bytes(content), "表.xlsx", "加了密")


_FIELDS = {"method": 10, "checksum": 16, "packed": 20, "size": 24, "name": 28, "extra": 30, "offset": 42}
"""Where fields of an entry of a zip's directory are."""


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize("value", [0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_wrong_directory_is_no_fault_of_ours(field: str, value: int) -> None:
    """Any entry of it; also the place of all of it, so that parts seem to begin before the file."""
    wide = "<I" if field in ("checksum", "packed", "size", "offset") else "<H"
    limit = 0xFFFFFFFF if wide == "<I" else 0xFFFF
    entries = [match.start() for match in re.finditer(b"PK\x01\x02", sample())]
    for entry in (entries[0], entries[4], entries[-1]):
        content = bytearray(sample())
        struct.pack_into(wide, content, entry + _FIELDS[field], min(value, limit))
        _opens_or_is_refused(bytes(content))


@pytest.mark.parametrize("place", range(4, 20, 2))
@pytest.mark.parametrize("by", [-1000, -50, -1, 1, 50, 30_000])
def test_a_wrong_end_of_the_directory_is_no_fault_of_ours(place: int, by: int) -> None:
    content = bytearray(sample())
    end = content.rindex(b"PK\x05\x06") + place
    struct.pack_into("<H", content, end, (struct.unpack_from("<H", content, end)[0] + by) & 0xFFFF)
    _opens_or_is_refused(bytes(content))


def test_parts_that_begin_before_the_file() -> None:
    content = bytearray(sample())
    end = content.rindex(b"PK\x05\x06") + 16
    struct.pack_into("<I", content, end, struct.unpack_from("<I", content, end)[0] + 50)
    refused(bytes(content), "表.xlsx", "损坏")


def _opens_or_is_refused(content: bytes) -> None:
    told = ""
    try:
        assert len(app.open_workbook(Path("表.xlsx"), content).case.results) == 5
    except CannotOpen as error:
        told = str(error)
    assert not told or "表.xlsx" in told


# -- relations that we add -------------------------------------------------------------------------------


def targets(content: bytes) -> dict[str, list[str]]:
    """The targets of the relations inside a package, by the part that holds them."""
    return {
        name: [
            one.get("Target", "")
            for one in etree.fromstring(part)
            if isinstance(one.tag, str) and one.get("TargetMode") != "External"
        ]
        for name, part in parts(content).items()
        if name.endswith(".rels")
    }


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_relations_have_relative_targets(suffix: str, tmp_path: Path) -> None:
    """Some programs cannot follow others, and see no sheet at the end of them."""
    new = app.create(tmp_path / f"n{suffix}", sample=True)
    out, word = tmp_path / f"o{suffix}", tmp_path / "o.docx"
    app.run(new, app.Destinations(out, {".docx": word}))
    for path in (new, out, word):
        content = path.read_bytes()
        found = targets(content)
        assert [one for held in found.values() for one in held if one.startswith("/")] == []
        for rels, held in found.items():
            folder = posixpath.dirname(posixpath.dirname(rels))
            there = {posixpath.normpath(posixpath.join(folder, one)) for one in held}
            assert there <= set(names_of(content)), rels
    kinds = " ".join(one for held in targets(out.read_bytes()).values() for one in held)
    for part in ("../charts/chart1.xml", "../drawings/drawing1.xml", "vmlDrawing1.vml", "../comments1.xml"):
        assert part in kinds


def test_relations_of_others_stay(tmp_path: Path) -> None:
    content = replaced(WORKBOOK_RELS, '"worksheets/sheet2.xml', '"/xl/worksheets/sheet2.xml')
    made = outcome(content, tmp_path)[1]
    assert "/xl/worksheets/sheet2.xml" in targets(made)[WORKBOOK_RELS]


def test_a_package_that_declares_relations_one_by_one(tmp_path: Path) -> None:
    """The parts with relations that we add are declared all the same."""
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    each = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name in ("_rels/.rels", WORKBOOK_RELS)
    )
    content = replaced(TYPES, '<Default Extension="rels"[^>]*/>', each)
    made = parts(outcome(content, tmp_path)[1])
    assert any(name.startswith("xl/worksheets/_rels/") for name in made)
    assert f'<Default Extension="rels" ContentType="{kind}"/>'.encode() in made[TYPES]


def test_the_workbook_is_the_one_that_the_package_names(tmp_path: Path) -> None:
    """Another workbook part that nothing refers to does not count."""
    other = parts(sample())[WORKBOOK].replace("首页".encode(), "别页".encode())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    override = f'<Override PartName="/old/workbook.xml" ContentType="{kind}"/><Override '
    content = repacked(
        {"old/workbook.xml": other, TYPES: lambda one: one.replace(b"<Override ", override.encode(), 1)}
    )
    assert outcome(content, tmp_path)[0] == outcome(sample(), tmp_path)[0]
    assert files.parts(outcome(content, tmp_path)[1])["old/workbook.xml"] == other
