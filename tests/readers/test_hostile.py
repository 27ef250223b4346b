"""Files that are not what they seem, broken, huge or malicious: a message, in bounded time and memory, never another error."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import files
from tests.readers.pdfs import pdf
from tests.readers.test_docx import made_by_python_docx
from tests.readers.word import p, r, source_of, tbl, tc, texts, tr, word, zipped
from xlbudget.readers import CannotRead, read_bytes

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "old Word": ("a.doc", OLE, "是旧的 .doc 格式。请用 Word 或 WPS 打开，另存为 .docx"),
    "old Word under a new name": ("a.docx", OLE, "是旧的 .doc 格式"),
    "old Excel": ("a.xls", OLE, "是旧的 .xls 格式。请用 Excel 或 WPS 打开，另存为 .xlsx"),
    "encrypted": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "有打开密码。请用 Word 或 WPS 打开，取消密码"),
    "RTF": ("a.doc", b"{\\rtf1\\ansi}", "是 RTF 格式。请用 Word 或 WPS 打开，另存为 .docx"),
    "web page": ("a.doc", b"<html><body>x</body></html>", "是网页"),
    "web page of Word": ("a.doc", b"\xef\xbb\xbfMIME-Version: 1.0\r\n", "是网页"),
    "picture": ("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(90), "是图片，没有文字可读。请先用 OCR"),
    "OFD": ("a.pdf", zipped({"OFD.xml": b"<x/>"}), "是 OFD 版式文件"),
    "ODF": ("a.docx", zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "是 OpenDocument 文件"),
    "slides": ("a.pptx", zipped({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}), "是演示文稿"),
    "plain zip": ("a.zip", zipped({"报告.txt": b"x"}), "是压缩包，不是一份报告。请解压后再试"),
    "half a zip": ("a.docx", made_by_python_docx()[:9000], "文件不完整，可能没有下载或复制完"),
    "no document in it": ("a.docx", zipped({"[Content_Types].xml": b"<x/>"}), "缺少部件|已损坏"),
    "no XML": ("a.docx", zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"}), "已损坏"),
    "another XML": ("a.docx", word("").replace(b"nothing", b""), "没有文字"),
    "only blanks": ("a.txt", b" \n\t\n", "没有文字"),
    "embedded file": ("a.docx", word('<w:altChunk r:id="x"/>'), "嵌着另一个文件"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str) -> None:
    file, content, told = REFUSED[name]
    with pytest.raises(CannotRead, match=told) as caught:
        source_of(content, file)
    assert file in str(caught.value)


def test_files_are_judged_by_their_bytes() -> None:
    report = pdf("正文。")
    for name in ("a.pdf", "a.docx", "a.txt", "a"):
        assert texts(source_of(report, name)) == ["正文。"]
        assert texts(source_of("正文。".encode(), name)) == ["正文。"]
        assert texts(source_of(word(p("正文。")), name)) == ["正文。"]


def test_a_text_may_begin_like_a_picture() -> None:
    assert texts(source_of("BM是部门的缩写".encode(), "a.txt")) == ["BM是部门的缩写"]
    with pytest.raises(CannotRead, match="是图片"):
        source_of(b"BM\x36\x10\0\0\0\0\0\0\x36\0\0\0", "a.bmp")


def test_a_signed_document_can_be_read() -> None:
    signed = io.BytesIO(word(p("正文。")))
    with zipfile.ZipFile(signed, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<x/>")
    assert texts(source_of(signed.getvalue())) == ["正文。"]


@pytest.mark.parametrize("part", ["document", "styles", "footnotes"])
@pytest.mark.parametrize("kind", files.DTDS)
def test_document_types(part: str, kind: str) -> None:
    doctype, reference = files.DTDS[kind]
    made = zipfile.ZipFile(io.BytesIO(word(p("正文"), styles="", footnotes="")))
    parts = {name: made.read(name) for name in made.namelist()}
    parts[f"word/{part}.xml"] = doctype.encode() + parts[f"word/{part}.xml"].replace(
        b"</w:", reference.encode() + b"</w:", 1
    )
    with pytest.raises(CannotRead, match="带 DTD 声明），为安全起见没有打开"):
        source_of(zipped(parts))


def test_broken_styles_and_lists_do_no_harm_but_broken_notes_do() -> None:
    made = zipfile.ZipFile(io.BytesIO(word(p("正文"), styles="", numbering="", footnotes="")))
    parts = {name: made.read(name) for name in made.namelist()}
    assert texts(source_of(zipped(parts | {"word/styles.xml": b"<", "word/numbering.xml": b""}))) == ["正文"]
    with pytest.raises(CannotRead, match=r"部件 word/footnotes\.xml 读不出来"):
        source_of(zipped(parts | {"word/footnotes.xml": b"<"}))


# -- huge ones -----------------------------------------------------------------------------------------------


def test_very_many_paragraphs() -> None:
    assert len(source_of(word(p("预算2.41万元") * 50_000))) == 50_000


def nested(depth: int) -> str:
    made = tbl(tr("内", "里"))
    for _ in range(depth):
        made = tbl(tr("外", tc(made, p())))
    return made


HUGE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "paragraphs": ("a.docx", lambda: word(p("字") * 200_001)),
    "lines": ("a.txt", lambda: b"x\n" * 200_001),
    "text": ("a.txt", lambda: "预算".encode() * 17_000_000),
    "columns": ("a.docx", lambda: word(tbl(tr(*[tc("x", properties='<w:gridSpan w:val="9999"/>')] * 200), *[tr("x")] * 60))),
    "rows": ("a.docx", lambda: word(tbl(tr(*["x"] * 500), *[tr("x")] * 5_000))),
    "a bomb": ("a.docx", lambda: word(p("字") + " " * (40 * 2**20))),
    "nesting": ("a.docx", lambda: word(nested(90))),
    "runs": ("a.docx", lambda: word("<w:sdt><w:sdtContent>" * 130 + p("字") + "</w:sdtContent></w:sdt>" * 130)),
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_huge_ones(name: str) -> None:
    file, make = HUGE[name]
    with pytest.raises(CannotRead, match=r"太长了|大得不正常|已损坏"):
        source_of(make(), file)


def test_a_part_that_is_too_large_to_be_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbudget.readers.docx.MAX_PART", 2_000)
    assert texts(source_of(word(p("字")))) == ["字"]
    with pytest.raises(CannotRead, match="太长了"):
        source_of(word(p("字") * 2_000))


def test_nesting_that_people_make_is_read() -> None:
    assert len(source_of(word(nested(20)))) == 21


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """A very large document is read within 1.2 GB of addresses."""
    pytest.importorskip("resource")
    path = tmp_path / "a.docx"
    numbers = random.Random(3)
    path.write_bytes(word("".join(p(r(f"预算{numbers.randrange(10**9)}万元")) for _ in range(150_000))))
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (12 * 10**8, 12 * 10**8));"
        "from pathlib import Path; from xlbudget.readers import read; print(len(read(Path(sys.argv[1]))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, str(path)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.stdout.strip() == "150000", done.stderr


def test_a_file_beyond_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    from xlbudget.readers import MAX_FILE, read

    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(CannotRead, match="超过 300 MB，太大了"):
        read(path)


# -- broken ones ---------------------------------------------------------------------------------------------


def broken(content: bytes, numbers: random.Random) -> bytes:
    damaged = bytearray(content[: numbers.randrange(len(content) // 2, len(content) + 1)])
    for _ in range(numbers.randrange(20)):
        damaged[numbers.randrange(len(damaged))] = numbers.randrange(256)
    return bytes(damaged)


@pytest.mark.parametrize("name", ["报告.docx", "报告.txt", "报告.xlsx", "报告.md"])
def test_damaged_files(name: str, produced: Path) -> None:
    whole = {
        "报告.docx": (produced / "r.docx").read_bytes(),
        "报告.xlsx": (produced / "out.xlsx").read_bytes(),
        "报告.txt": "预算绩效运行监控报告\n项目\t金额\n".encode() * 40,
        "报告.md": "# 报告\n|a|b|\n|-|-|\n|1|**2**|\n".encode() * 40,
    }[name]
    numbers = random.Random(11)
    for _ in range(80):
        with contextlib.suppress(CannotRead):
            read_bytes(Path(name), broken(whole, numbers))


def test_damaged_xml() -> None:
    """Attributes and elements of any kind in wrong places: still no other error."""
    made = zipfile.ZipFile(io.BytesIO(made_by_python_docx()))
    parts = {name: made.read(name) for name in made.namelist()}
    numbers = random.Random(5)
    names = [name for name in parts if name.endswith(".xml") and name.startswith("word/")]
    for _ in range(150):
        name = numbers.choice(names)
        content = bytearray(parts[name])
        for _ in range(4):
            at = content.find(b'="', numbers.randrange(len(content)))
            if at > 0:
                content[at + 2 : at + 3] = numbers.choice([b"-", b"9999999", b"x", b""])
        with contextlib.suppress(CannotRead):
            source_of(zipped(parts | {name: bytes(content)}))
