"""Files, exit codes and messages (SPEC 2 and 8): whatever is handed in, nobody sees a traceback or loses a byte."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import posixpath
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import docx
import msoffcrypto.format.ooxml
import openpyxl
import pytest
from lxml import etree
from openpyxl.chart import BarChart, Reference

import xlbudget.app
import xlbudget.cli
import xlbudget.export.docx
import xlbudget.export.pdf
import xlbudget.terminal
from tests import files
from tests.files import FRONT, FRONT_PART, INDICATORS, PROJECT_PART, PROJECTS, mark, snapshot
from xlbudget.rules.registry import REGISTRY

NASTY_NAMES = (
    "2022年 上半年 (1).xlsx",
    'it\'s "q".xlsx',
    "“某县网信办”.xlsx",
    "[bold]x[red].xlsx",
    "a%20b&c;$HOME.xlsx",
    "🙂.xlsx",
    "表.v1.2.XLSX",
    " 前有空格.xlsx",
)


"""Built once; typer would build it anew for each call, which takes longer than most calls."""


class Result(NamedTuple):
    code: int
    out: str
    err: str


class Shell:
    """Runs commands in this process, in a folder of its own; what lands in the system's temp is watched."""

    def __init__(
        self, folder: Path, temp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.temp = folder, temp
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.chdir(folder)
        monkeypatch.setattr(tempfile, "tempdir", str(temp))

    def put(self, name: str, content: bytes | None = None) -> Path:
        path = self.folder / name
        path.write_bytes(files.sample() if content is None else content)
        return path

    def __call__(self, *arguments: str | Path) -> Result:
        self._monkeypatch.setattr(sys, "argv", ["xlbudget", *map(str, arguments)])
        self._capsys.readouterr()
        code = xlbudget.cli._run()
        result = Result(code, *self._capsys.readouterr())
        assert "Traceback" not in result.err
        return result

    def json(self, *arguments: str | Path) -> dict[str, Any]:
        return one_object(self(*arguments, "--json").out)

    def refused(self, *arguments: str | Path, words: Iterable[str] = ()) -> Result:
        """Run what must end with exit code 2: a Chinese message, and nothing on the disk any different."""
        before = snapshot(self.folder)
        result = self(*arguments)
        assert result.code == 2, result
        assert result.out == ""
        assert_chinese(result.err)
        assert [word for word in words if word not in result.err] == [], result.err
        assert snapshot(self.folder) == before
        assert list(self.temp.iterdir()) == []
        return result

    def refused_by_all(self, path: Path, words: Iterable[str]) -> None:
        self.refused("check", path, words=words)
        self.refused("run", path, "--docx", "r.docx", "--pdf", "r.pdf", words=words)
        self.refused("run", path, "--in-place", "--json", words=words)
        self.refused("explain", path, words=words)


@pytest.fixture
def shell(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    return Shell(tmp_path, tmp_path_factory.mktemp("temp"), monkeypatch, capsys)


@pytest.fixture
def plain_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of where files go: exports that take no time."""
    monkeypatch.setattr(xlbudget.export.docx, "render_docx", lambda _: b"docx")
    monkeypatch.setattr(xlbudget.export.pdf, "render_pdf", lambda _: b"pdf")


def assert_chinese(message: str) -> None:
    """A message for the user: Chinese, and no English sentence slipped in between."""
    assert re.search("[\u4e00-\u9fff]{3}", message), message
    bare = re.sub(r"“[^”]*”|/\S+|xlbudget( [a-z-]+)*", "", message)
    assert not re.search(r"[A-Za-z]+ [a-z]+\b", bare), message


def one_object(text: str) -> dict[str, Any]:
    def never(constant: str) -> None:
        raise AssertionError(constant)

    value = json.loads(text, parse_constant=never)
    assert isinstance(value, dict)
    return value


def command(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    names = {**os.environ, **environment}
    names.pop("PYTHONIOENCODING", None)
    return subprocess.run(
        [sys.executable, "-m", "xlbudget", *map(str, arguments)],
        cwd=cwd,
        env=names,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def relations(content: bytes) -> list[tuple[str, str]]:
    """Id and target of each relation inside the package."""
    found = (dict(one.attrib) for one in etree.fromstring(content))
    return [(str(one["Id"]), str(one["Target"])) for one in found if one.get("TargetMode") != "External"]


def assert_sound(content: bytes) -> dict[str, bytes]:
    """A package whose parts, types and relations fit together; returns its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
    found = files.parts(content)
    named = [str(one.get("PartName")) for one in etree.fromstring(found[files.TYPES]) if one.get("PartName")]
    assert [name for name in named if name.lstrip("/") not in found] == []
    for name in (name for name in found if name.endswith(".rels")):
        folder = posixpath.dirname(posixpath.dirname(name))
        targets = {resolved(folder, target) for _, target in relations(found[name])}
        assert targets <= set(found), name
    openpyxl.load_workbook(io.BytesIO(content))
    return found


def resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


# -- what cannot be opened -----------------------------------------------------------------------------


def word_document() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


def foreign_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "工资"])
    return files.saved(book)


def encrypted() -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(files.sample())).encrypt("秘密123", buffer)
    return buffer.getvalue()


def signed() -> bytes:
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    relation = (
        f'<Relationship Id="rSig" Type="{origin}" Target="/_xmlsignatures/origin.sigs"/></Relationships>'
    )
    return files.repacked(
        {
            "_rels/.rels": lambda content: content.replace(b"</Relationships>", relation.encode()),
            "_xmlsignatures/origin.sigs": b"",
            "_xmlsignatures/sig1.xml": b"<Signature/>",
        }
    )


def strict() -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return files.replaced(
        files.WORKBOOK, re.escape(namespace), "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


Make = Callable[[], bytes]
BIFF = files.OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(4096)
UNREADABLE: dict[str, tuple[str, Make, tuple[str, ...]]] = {
    "empty": ("a.xlsx", lambda: b"", ("a.xlsx", "空文件")),
    "text": ("a.xlsx", "项目,预算\n一,1\n".encode, ("a.xlsx", "不是 Excel 工作簿")),
    "csv": ("a.csv", lambda: "项目,预算\n一,1\n".encode("gbk"), ("a.csv",)),
    "html": ("a.xlsx", lambda: b"<html><table><tr><td>1</td></tr></table></html>", ("不是 Excel 工作簿",)),
    "rubbish": ("a.xlsx", lambda: random.Random(1).randbytes(5000), ("a.xlsx",)),
    "PK only": ("a.xlsx", lambda: b"PK\x03\x04", ("a.xlsx", "不完整")),
    "empty zip": ("a.xlsx", lambda: files.zipped({}), ("a.xlsx", "不是")),
    "no types": ("a.xlsx", lambda: files.repacked({files.TYPES: None}), ("不是 Excel 工作簿",)),
    "other zip": ("a.xlsx", lambda: files.zipped({"照片.jpg": b"x" * 99}), ("不是 Excel 工作簿",)),
    "docx": ("a.xlsx", word_document, ("a.xlsx", "不是 .xlsx 或 .xlsm 工作簿")),
    "foreign": ("a.xlsx", foreign_workbook, ("不是预算绩效监控工作簿", "首页")),
    "xls": ("a.xls", lambda: BIFF, ("a.xls", "旧的 .xls", "另存为 .xlsx")),
    "xls renamed": ("a.xlsx", lambda: BIFF, ("旧的 .xls", "另存为 .xlsx")),
    "xlsx named xls": ("a.XLS", files.sample, (".xls", "另存为 .xlsx")),
    "password": ("a.xlsx", encrypted, ("a.xlsx", "密码")),
    "password, xlsm": ("a.xlsm", encrypted, ("a.xlsm", "密码")),
    "signed": ("a.xlsx", signed, ("a.xlsx", "数字签名")),
    "strict": ("a.xlsx", strict, ("Strict Open XML",)),
    "no workbook part": ("a.xlsx", lambda: files.repacked({files.WORKBOOK: None}), (files.WORKBOOK,)),
    "no workbook rels": (
        "a.xlsx",
        lambda: files.repacked({files.WORKBOOK_RELS: None}),
        ("workbook.xml.rels",),
    ),
    "no shared strings": (
        "a.xlsx",
        lambda: files.repacked({"xl/sharedStrings.xml": None}),
        ("sharedStrings.xml",),
    ),
}


@pytest.mark.parametrize(("name", "make", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(shell: Shell, name: str, make: Make, words: tuple[str, ...]) -> None:
    shell.refused_by_all(shell.put(name, make()), words)


def test_missing_file_and_folder(shell: Shell) -> None:
    (shell.folder / "资料.xlsx").mkdir()
    shell.refused_by_all(shell.folder / "没有.xlsx", ("没有.xlsx", "找不到文件"))
    shell.refused_by_all(shell.folder / "没有" / "a.xlsx", ("a.xlsx", "找不到"))
    shell.refused_by_all(shell.folder / "资料.xlsx", ("资料.xlsx", "文件夹"))
    shell.put("a.xlsx")
    shell.refused_by_all(shell.folder / "a.xlsx" / "b.xlsx", ("b.xlsx",))


@pytest.mark.parametrize("name", [f"{'a' * 300}.xlsx", f"{'长' * 100}.xlsx", f"{'a/' * 3000}a.xlsx"])
def test_name_that_no_file_can_have(shell: Shell, name: str) -> None:
    shell.refused_by_all(Path(name), (name[:3],))


@pytest.mark.parametrize("content", [files.sample(), files.edited(lambda _: None)], ids=["ours", "openpyxl"])
def test_truncated(shell: Shell, content: bytes) -> None:
    for cut in files.cuts(content, 20):
        path = shell.put("a.xlsx", content[:cut])
        shell.refused("check", path, words=("a.xlsx",))
        shell.refused("run", path, words=("a.xlsx",))


def test_flipped_bytes_are_noticed(shell: Shell) -> None:
    """A part with a wrong check sum is damage, whether the part is read or only copied."""
    with zipfile.ZipFile(io.BytesIO(files.sample())) as archive:
        infos = archive.infolist()
    for info in infos:
        content = bytearray(files.sample())
        content[info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2] ^= 0x55
        path = shell.put("a.xlsx", bytes(content))
        shell.refused("run", path, words=("a.xlsx", "损坏", info.filename))


def test_whatever_is_broken_is_not_our_fault(shell: Shell) -> None:
    """Bytes changed at random, in the file and inside its parts: never exit code 3, never a change of the file."""
    chance = random.Random(20220708)
    original = files.parts(files.sample())
    parts = ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", files.TYPES, files.WORKBOOK_RELS]
    parts += [f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3, 11)]
    failed = []
    for index in range(60):
        if index % 3:
            part = chance.choice(parts)
            text = bytearray(original[part])
            places = [place for place, byte in enumerate(text) if chr(byte).isalnum()]
            text[chance.choice(places)] = ord(chance.choice("x0A9-"))
            content = files.repacked({part: bytes(text)})
        else:
            part = ""
            whole = bytearray(files.sample())
            whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            content = bytes(whole)
        path = shell.put("a.xlsx", content)
        result = shell("check", path)
        assert path.read_bytes() == content
        if result.code not in (0, 1, 2):
            failed.append((index, part, result.err))
    assert failed == []


# -- damage inside -------------------------------------------------------------------------------------

DAMAGED: dict[str, tuple[str, str, str]] = {
    "tag not closed": (PROJECT_PART, "</sheetData>", ""),
    "cut off": (PROJECT_PART, "(?s)</row>.*", "</row>"),
    "bare ampersand": (PROJECT_PART, "<sheetData>", "<sheetData>&"),
    "unknown entity": (PROJECT_PART, "<sheetData>", "<sheetData>&nbsp;"),
    "control character": ("xl/sharedStrings.xml", "<t>", "<t>\x01"),
    "no XML": (PROJECT_PART, "(?s).*", "hello"),
    "nothing": (PROJECT_PART, "(?s).+", ""),
    "workbook": (files.WORKBOOK, "</sheets>", ""),
    "types": (files.TYPES, "</Types>", ""),
    "rels": (files.WORKBOOK_RELS, "</Relationships>", ""),
    "strings": ("xl/sharedStrings.xml", "</sst>", ""),
    "styles": ("xl/styles.xml", "</styleSheet>", ""),
}


@pytest.mark.parametrize(("part", "old", "new"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_xml(shell: Shell, part: str, old: str, new: str) -> None:
    shell.refused_by_all(shell.put("a.xlsx", files.replaced(part, old, new)), (part, "损坏"))


ODD: dict[str, tuple[str, str, str]] = {
    "row number": (PROJECT_PART, '<row r="5"', '<row r="abc"'),
    "row number negative": (PROJECT_PART, '<row r="5"', '<row r="-5"'),
    "row number huge": (PROJECT_PART, '<row r="5"', '<row r="99999999999999999999"'),
    "rows twice": (PROJECT_PART, '<row r="6"', '<row r="5"'),
    "cell without row": (PROJECT_PART, '<c r="A5"', '<c r="A"'),
    "cell without column": (PROJECT_PART, '<c r="A5"', '<c r="5"'),
    "cell empty reference": (PROJECT_PART, '<c r="A5"', '<c r=""'),
    "cell reference in Chinese": (PROJECT_PART, '<c r="A5"', '<c r="甲5"'),
    "cell lower case": (PROJECT_PART, '<c r="A5"', '<c r="a5"'),
    "cell column huge": (PROJECT_PART, '<c r="A5"', '<c r="ZZZZZZZZZ5"'),
    "style": (PROJECT_PART, '(<c r="A5" s=)"\\d+"', '<c r="A5" s="x"'),
    "style negative": (PROJECT_PART, '(<c r="A5" s=)"\\d+"', '<c r="A5" s="-1"'),
    "style huge": (PROJECT_PART, '(<c r="A5" s=)"\\d+"', '<c r="A5" s="99999"'),
    "string index": (PROJECT_PART, ' t="s"><v>\\d+</v>', ' t="s"><v>99999</v>'),
    "string index superscript": (PROJECT_PART, ' t="s"><v>\\d+</v>', ' t="s"><v>²</v>'),
    "type": (PROJECT_PART, ' t="s"', ' t="quux"'),
    "comment in a cell": (PROJECT_PART, "<v>", "<!-- x --><v>"),
    "comment in a row": (PROJECT_PART, "<c ", "<!-- x --><c "),
    "instruction between rows": (PROJECT_PART, "<row ", "<?x y?><row "),
    "foreign root": (PROJECT_PART, "(?s).+", "<x/>"),
    "foreign workbook root": (files.WORKBOOK, "(?s).+", "<x/>"),
    "foreign types root": (files.TYPES, "(?s).+", "<x/>"),
    "foreign rels root": (files.WORKBOOK_RELS, "(?s).+", "<x/>"),
    "foreign styles root": ("xl/styles.xml", "(?s).+", "<x/>"),
    "no styles": (files.WORKBOOK_RELS, '<Relationship [^>]*styles.xml"/>', ""),
    "no strings": (files.WORKBOOK_RELS, '<Relationship [^>]*sharedStrings.xml"/>', ""),
    "relation to nowhere": (files.WORKBOOK_RELS, "worksheets/sheet2.xml", "worksheets/none.xml"),
    "relation upwards": (files.WORKBOOK_RELS, "worksheets/sheet2.xml", "../../../../etc/passwd"),
    "relation to itself": (files.WORKBOOK_RELS, "worksheets/sheet2.xml", "workbook.xml"),
    "relation absolute": (files.WORKBOOK_RELS, "worksheets/sheet2.xml", "/xl/worksheets/sheet2.xml"),
    "sheet without id": (files.WORKBOOK, '(<sheet name="项目" sheetId="2") r:id="[^"]*"', '<sheet name="项目" sheetId="2"'),
    "sheet id": (files.WORKBOOK, 'sheetId="2"', 'sheetId="x"'),
    "sheet listed twice": (files.WORKBOOK, '<sheet name="指标"', '<sheet name="项目"'),
    "defined name of tab": (files.WORKBOOK, 'localSheetId="\\d+"', 'localSheetId="x"'),
    "active tab": (files.WORKBOOK, "<workbookView ", '<workbookView activeTab="x" '),
    "format number": ("xl/styles.xml", 'numFmtId="\\d+"', 'numFmtId="x"'),
    "format missing": ("xl/styles.xml", '<xf numFmtId="\\d+"', "<xf "),
    "column widths": (PROJECT_PART, '<col min="1"', '<col min="x"'),
    "number": (PROJECT_PART, "<v>2.41</v>", "<v>2.4.1</v>"),
    "number huge": (PROJECT_PART, "<v>2.41</v>", "<v>1E999999999</v>"),
    "number tiny": (PROJECT_PART, "<v>2.41</v>", "<v>1E-999999999</v>"),
    "number 1E300": (PROJECT_PART, "<v>2.41</v>", "<v>1E300</v>"),
    "number long": (PROJECT_PART, "<v>2.41</v>", f"<v>{'9' * 5000}</v>"),
    "number empty": (PROJECT_PART, "<v>2.41</v>", "<v></v>"),
    "number NaN": (PROJECT_PART, "<v>2.41</v>", "<v>NaN</v>"),
    "number infinite": (PROJECT_PART, "<v>2.41</v>", "<v>-INF</v>"),
    "month huge": (FRONT_PART, "(?<=<v>)6(?=</v>)", "1E400"),
    "year huge": (FRONT_PART, "(?<=<v>)2022(?=</v>)", "1E400"),
    "date huge": (FRONT_PART, "(?<=<v>)44750(?=</v>)", "1E30"),
    "date long ago": (FRONT_PART, "(?<=<v>)44750(?=</v>)", "1"),
    "date far away": (FRONT_PART, "(?<=<v>)44750(?=</v>)", "2958465"),
    "1904": (files.WORKBOOK, "<workbookPr ", '<workbookPr date1904="1" '),
    "escaped surrogate": ("xl/sharedStrings.xml", "<t>网信工作专项经费", "<t>_xD800_网信"),
    "escaped vertical tab": ("xl/sharedStrings.xml", "<t>网信工作专项经费", "<t>网信工作_x000B_专项经费"),
    "escaped control": ("xl/sharedStrings.xml", "<t>网信工作专项经费", "<t>_x0000_网_x0007_信"),
    "markup of rich": ("xl/sharedStrings.xml", "<t>网信工作专项经费", "<t>[/]网信[bold red]"),
    "formula of a user": ("xl/sharedStrings.xml", "<t>网信工作专项经费", "<t>=HYPERLINK(&quot;http://x&quot;)"),
    "markup of typst": ("xl/sharedStrings.xml", "<t>网信工作专项经费", "<t>#import &quot;x&quot; $a$ `b` \\ *c* @d &lt;e&gt;"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "old", "new"), ODD.values(), ids=ODD)
def test_odd_content_is_never_our_fault(shell: Shell, part: str, old: str, new: str) -> None:
    """What no office program writes is refused or reported or read; the program does not fall over it."""
    content = files.replaced(part, old, new)
    path = shell.put("a.xlsx", content)
    shows = part == "xl/sharedStrings.xml" or old == "<v>2.41</v>"
    exports = ("--docx", "r.docx", "--pdf", "r.pdf") if shows else ()
    result = shell("run", path, *exports, "--json")
    assert result.code in (0, 1, 2), result.err
    assert path.read_bytes() == content
    assert list(shell.temp.iterdir()) == []
    if result.code == 2:
        assert_chinese(result.err)
        assert [one.name for one in shell.folder.iterdir()] == ["a.xlsx"]
        return
    one_object(result.out)
    written = files.parts((shell.folder / "a-监控结果.xlsx").read_bytes())
    assert all(etree.fromstring(written[name]) is not None for name in written if name.endswith(".xml"))
    assert shell("check", path).code == result.code


# -- attacks -------------------------------------------------------------------------------------------

BOMBS: dict[str, Make] = {
    "picture": lambda: files.with_streams({"xl/media/image1.png": files.swollen(310, b"\0")}),
    "sheet": lambda: files.with_streams({FRONT_PART: files.bloated_sheet(310)}),
    "types": lambda: files.with_streams({files.TYPES: files.swollen(310)}),
    "extra sheet": lambda: files.with_streams({"xl/worksheets/sheet99.xml": files.bloated_sheet(310)}),
    "many parts": lambda: files.zipped(
        files.parts(files.sample()) | {f"x/{n}.bin": b"" for n in range(21_000)}
    ),
    "1.2 GB in parts": lambda: files.with_streams(
        {f"x/{n}.bin": files.swollen(40, b"\0") for n in range(30)}
    ),
    "320 MB in parts": lambda: files.with_streams({f"x/{n}.bin": files.swollen(40, b"\0") for n in range(8)}),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_bombs(shell: Shell, make: Make) -> None:
    path = shell.put("a.xlsx", make())
    shell.refused("check", path, words=("a.xlsx", "大得不正常"))
    shell.refused("run", path, words=("a.xlsx", "大得不正常"))


@pytest.mark.parametrize("part", [FRONT_PART, "xl/media/image1.png"])
def test_bombs_that_lie_about_their_size(tmp_path: Path, part: str) -> None:
    """A part whose header says 90 kB but that inflates to 700 MB is refused before it fills the memory."""
    pytest.importorskip("resource")
    content = files.with_streams({part: files.lying(files.bloated_sheet(700), 90_000)})
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (6 * 10**8, 6 * 10**8));"
        "from xlbudget.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "run", str(path)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert_chinese(done.stderr)
    assert "a.xlsx" in done.stderr
    assert snapshot(tmp_path) == {"a.xlsx": mark(content)}


DTD_PARTS = (
    FRONT_PART,
    files.WORKBOOK,
    "xl/sharedStrings.xml",
    files.TYPES,
    files.WORKBOOK_RELS,
    "_rels/.rels",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("part", DTD_PARTS)
def test_document_types(shell: Shell, part: str, encoding: str) -> None:
    for kind in files.DTDS:
        path = shell.put("a.xlsx", files.with_dtd(part, kind, encoding))
        shell.refused("check", path, words=("a.xlsx", part, "DTD"))
        shell.refused("run", path, words=("a.xlsx", part, "DTD"))


@pytest.mark.parametrize("padding", [0, 70_000])
@pytest.mark.parametrize(
    "part",
    [PROJECT_PART, "xl/styles.xml", "docProps/app.xml", "xl/theme/theme1.xml", "xl/worksheets/sheet10.xml"],
)
def test_document_types_behind_a_comment(shell: Shell, part: str, padding: int) -> None:
    path = shell.put("a.xlsx", files.with_dtd(part, "bare", padding=padding))
    shell.refused("run", path, words=(part, "DTD"))


def test_document_type_in_a_part_of_another_name(shell: Shell) -> None:
    """The sheet lies in sheet1.bin."""
    hidden = "xl/worksheets/sheet1.bin"
    content = files.parts(files.with_dtd(FRONT_PART, "external-entity"))
    content[hidden] = content.pop(FRONT_PART)
    for part in (files.TYPES, files.WORKBOOK_RELS):
        content[part] = content[part].replace(b"sheet1.xml", b"sheet1.bin")
    shell.refused_by_all(shell.put("a.xlsx", files.zipped(content)), (hidden, "DTD"))


# -- workbooks that are not complete -------------------------------------------------------------------


def two_labels(book: Any) -> None:
    for name in ("单位全称", "监控截止月份"):
        files.no_label(FRONT, name)(book)


CANNOT_COMPUTE: dict[str, tuple[files.Change, tuple[str, ...]]] = {
    "no 首页": (files.no_sheet(FRONT), ("不是预算绩效监控工作簿", FRONT)),
    "no 项目 and 指标": (files.no_sheet(PROJECTS, INDICATORS), ("不是预算绩效监控工作簿", PROJECTS)),
    "month empty": (files.front("监控截止月份", None), ("监控截止月份", "C10", "没有填", "1 至 12")),
    "month 13": (files.front("监控截止月份", 13), ("监控截止月份", "C10", "13", "1 至 12")),
    "month 0": (files.front("监控截止月份", 0), ("监控截止月份", "C10", "1 至 12")),
    "month -6": (files.front("监控截止月份", -6), ("监控截止月份", "C10", "-6")),
    "month 6.5": (files.front("监控截止月份", 6.5), ("监控截止月份", "C10", "6.5")),
    "month 六个月": (files.front("监控截止月份", "六个月"), ("监控截止月份", "C10", "六个月")),
    "month 6至8月": (files.front("监控截止月份", "6至8月"), ("监控截止月份", "C10", "6至8月")),
    "month TRUE": (files.front("监控截止月份", True), ("监控截止月份", "C10")),
    "month formula": (files.front("监控截止月份", "=5+1"), ("监控截止月份", "C10", "没有计算结果")),
    "month label": (files.no_label(FRONT, "监控截止月份"), ("找不到“监控截止月份”", "首页")),
    "two labels": (two_labels, ("找不到“监控截止月份”", "首页")),
    "unit empty": (files.front("金额单位", None), ("金额单位", "C11", "没有填", "万元或元")),
    "unit blank": (files.front("金额单位", "　 "), ("金额单位", "C11", "万元或元")),
    "unit 美元": (files.front("金额单位", "美元"), ("金额单位", "C11", "美元", "万元或元")),
    "unit 千元": (files.front("金额单位", "千元"), ("金额单位", "C11", "千元")),
    "unit 1": (files.front("金额单位", 1), ("金额单位", "C11")),
    "unit label": (files.no_label(FRONT, "金额单位"), ("金额单位", "首页")),
}


@pytest.mark.parametrize(("change", "words"), CANNOT_COMPUTE.values(), ids=CANNOT_COMPUTE)
def test_cannot_compute(shell: Shell, change: files.Change, words: tuple[str, ...]) -> None:
    shell.refused_by_all(shell.put("a.xlsx", files.edited(change)), words)


@pytest.mark.parametrize("value", ["6月", "６", "1-6月", "6月底"])
def test_months_that_can_be_read(shell: Shell, value: str) -> None:
    path = shell.put("a.xlsx", files.edited(files.front("监控截止月份", value)))
    result = shell("check", path, "--json")
    if result.code != 2:
        assert one_object(result.out)["unit"]["cutoff_month"] == 6


@pytest.mark.usefixtures("plain_exports")
@pytest.mark.parametrize("name", [PROJECTS, INDICATORS, "重点工作", "偏差整改", "文字说明"])
def test_missing_sheet(shell: Shell, name: str) -> None:
    path = shell.put("a.xlsx", files.edited(files.no_sheet(name)))
    before = path.read_bytes()
    for arguments in (("check", path), ("run", path, "--docx", "r.docx")):
        result = shell(*arguments, "--json")
        assert result.code == 1
        found = [one for one in one_object(result.out)["findings"] if one["code"] == "CEL009"]
        assert [(one["severity"], one["sheet"], one["cell"]) for one in found] == [("ERROR", name, None)]
        assert name in found[0]["message"]
        assert found[0]["remedy"]
    assert shell("check", path).code == 1
    assert path.read_bytes() == before
    assert_sound((shell.folder / "a-监控结果.xlsx").read_bytes())
    assert (shell.folder / "r.docx").is_file()


def lower_headers(book: Any) -> None:
    book[PROJECTS].insert_rows(1, 20)


MISSING_HEADERS: dict[str, tuple[files.Change, str, str]] = {
    "预算数": (files.no_label(PROJECTS, "预算数"), PROJECTS, "预算数"),
    "项目编号": (files.no_label(PROJECTS, "项目编号"), PROJECTS, "项目编号"),
    "年度指标值": (files.no_label(INDICATORS, "年度指标值"), INDICATORS, "年度指标值"),
    "计算符号": (files.no_label(INDICATORS, "计算符号"), INDICATORS, "计算符号"),
    "当前完成值": (files.no_label(INDICATORS, "当前完成值"), INDICATORS, "当前完成值"),
    "整改措施": (files.no_label("偏差整改", "整改措施"), "偏差整改", "整改措施"),
    "预算年度": (files.no_label(FRONT, "预算年度"), FRONT, "预算年度"),
    "单位全称": (files.no_label(FRONT, "单位全称"), FRONT, "单位全称"),
    "row too low": (lower_headers, PROJECTS, "表头行"),
}


@pytest.mark.parametrize(("change", "sheet", "word"), MISSING_HEADERS.values(), ids=MISSING_HEADERS)
def test_missing_header(shell: Shell, change: files.Change, sheet: str, word: str) -> None:
    content = files.edited(change)
    path = shell.put("a.xlsx", content)
    for arguments in (("check", path), ("run", path)):
        result = shell(*arguments, "--json")
        assert result.code == 1
        found = [one for one in one_object(result.out)["findings"] if one["code"] == "CEL008"]
        assert [(one["severity"], one["sheet"]) for one in found] == [("ERROR", sheet)]
        assert word in found[0]["message"]
    assert path.read_bytes() == content


FIGURES = ("unit", "projects", "totals", "bands", "forecast")


def figures(result: dict[str, Any]) -> dict[str, Any]:
    return {name: result[name] for name in FIGURES}


def test_moved_headers(shell: Shell) -> None:
    plain, moved = shell.put("a.xlsx"), shell.put("b.xlsx", files.edited(files.columns_moved))
    expected, found = shell.json("check", plain), shell.json("run", moved)
    assert figures(found) == figures(expected)
    codes = [sorted(one["code"] for one in each["findings"]) for each in (found, expected)]
    assert codes[0] == codes[1]
    again = shell.json("check", shell.folder / "b-监控结果.xlsx")
    assert (figures(again), again["findings"]) == (figures(found), found["findings"])


def test_five_thousand_indicators(shell: Shell) -> None:
    path = shell.put("a.xlsx", files.many_indicators(5000))
    result = shell("run", path, "--json")
    assert result.code == 0, result.err
    value = one_object(result.out)
    assert value["totals"]["projects"] == 5
    assert value["projects"][0]["achievement"] == 50.07  # (5 × 100 + 100 + 4976 × 50 + 98.39…) / 4983
    book = openpyxl.load_workbook(shell.folder / "a-监控结果.xlsx", read_only=True)
    assert sum(1 for row in book[INDICATORS].iter_rows(min_row=5, values_only=True) if row[0]) == 5000


# -- where outputs go ----------------------------------------------------------------------------------


BAD_DESTINATIONS: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("-o", "b.xlsm"), ("b.xlsm", "扩展名", ".xlsx")),
    (("-o", "b"), ("b", "扩展名", ".xlsx")),
    (("-o", "b.xls"), ("b.xls", "扩展名")),
    (("-o", "a.xlsx"), ("原文件", "--in-place")),
    (("-o", "./a.xlsx"), ("原文件", "--in-place")),
    (("-o", "夹.xlsx/../a.xlsx"), ("原文件", "--in-place")),
    (("-o", "same.xlsx"), ("原文件", "--in-place")),
    (("-o", "没有/b.xlsx"), ("没有", "不存在")),
    (("--docx", "没有/b.docx"), ("没有", "不存在")),
    (("--pdf", "没有/b.pdf"), ("没有", "不存在")),
    (("--pdf", "a.xlsx/b.pdf"), ("a.xlsx", "不存在")),
    (("-o", "夹.xlsx"), ("夹.xlsx", "文件夹")),
    (("--docx", "夹.docx"), ("夹.docx", "文件夹")),
    (("--pdf", "夹.pdf"), ("夹.pdf", "文件夹")),
    (("--docx", "b.doc"), ("b.doc", "扩展名", ".docx")),
    (("--pdf", "b.docx"), ("b.docx", "扩展名", ".pdf")),
    (("--docx", "b.docx", "--pdf", "b.docx"), ("b.docx", "扩展名", ".pdf")),
    (("--docx", "x.docx", "--pdf", "x.pdf"), ("重复",)),
    (("-o", ""), ("输出",)),
    (("-o", "长" * 100 + ".xlsx"), ("长长", "太长")),
    (("--docx", "长" * 100 + ".docx"), ("长长", "太长")),
    (("--pdf", "长" * 100 + ".pdf"), ("长长", "太长")),
]


@pytest.mark.parametrize(
    ("options", "words"), BAD_DESTINATIONS, ids=[" ".join(one)[:30] for one, _ in BAD_DESTINATIONS]
)
def test_destinations_that_are_refused(
    shell: Shell, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    shell.put("a.xlsx")
    for name in ("夹.xlsx", "夹.docx", "夹.pdf"):
        (shell.folder / name).mkdir()
    (shell.folder / "same.xlsx").symlink_to("a.xlsx")
    for name in ("x.docx", "x.pdf"):
        (shell.folder / name).symlink_to("target.bin")
    shell.refused("run", "a.xlsx", *options, words=words)


def test_existing_outputs_are_replaced(shell: Shell) -> None:
    shell.put("a.xlsx")
    for name in ("b.xlsx", "r.docx", "r.pdf"):
        shell.put(name, b"old")
    value = shell.json("run", "a.xlsx", "-o", "b.xlsx", "--docx", "r.docx", "--pdf", "r.pdf")
    assert value["outputs"] == [str(shell.folder / name) for name in ("b.xlsx", "r.docx", "r.pdf")]
    assert_sound((shell.folder / "b.xlsx").read_bytes())
    assert (shell.folder / "r.docx").read_bytes().startswith(b"PK")
    assert (shell.folder / "r.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in shell.folder.iterdir()) == ["a.xlsx", "b.xlsx", "r.docx", "r.pdf"]
    assert (shell.folder / "a.xlsx").read_bytes() == files.sample()


def test_outputs_of_a_workbook_with_errors_are_drafts(shell: Shell) -> None:
    path = shell.put("a.xlsx", files.edited(files.front("单位全称", None)))
    result = shell("run", path, "--docx", "r.docx", "--pdf", "r.pdf")
    assert result.code == 1
    text = "".join(one.text for one in docx.Document(str(shell.folder / "r.docx")).paragraphs)
    assert "草稿" in text
    names = sorted(one.name for one in shell.folder.iterdir())
    assert names == ["a-监控结果.xlsx", "a.xlsx", "r.docx", "r.pdf"]


def test_in_place_keeps_backups(shell: Shell) -> None:
    path = shell.put("a.xlsx")
    value = shell.json("run", path, "--in-place")
    first = path.read_bytes()
    assert first != files.sample()
    assert (shell.folder / "a-备份.xlsx").read_bytes() == files.sample()
    assert sorted(value["outputs"]) == sorted([str(path), str(shell.folder / "a-备份.xlsx")])
    shell.json("run", path, "--in-place")
    assert (shell.folder / "a-备份.xlsx").read_bytes() == files.sample()
    assert (shell.folder / "a-备份2.xlsx").read_bytes() == first
    assert len(list(shell.folder.iterdir())) == 3
    assert_sound(path.read_bytes())


def test_in_place_by_name_and_by_link(shell: Shell) -> None:
    path = shell.put("a.xlsx")
    assert shell("run", path, "--in-place", "-o", "a.xlsx").code == 0
    assert (shell.folder / "a-备份.xlsx").read_bytes() == files.sample()
    (shell.folder / "b.xlsx").write_bytes(files.sample())
    link = shell.folder / "c.xlsx"
    link.symlink_to("b.xlsx")
    assert shell("run", link, "--in-place").code == 0
    assert link.is_symlink()
    assert (shell.folder / "b.xlsx").read_bytes() != files.sample()
    backups = [one for one in shell.folder.glob("*备份*") if one.name != "a-备份.xlsx"]
    assert [one.read_bytes() for one in backups] == [files.sample()]


TO_ALL = ("run", "a.xlsx", "-o", "b.xlsx", "--docx", "r.docx", "--pdf", "r.pdf")


@pytest.mark.usefixtures("plain_exports")
@pytest.mark.parametrize(
    "arguments", [TO_ALL, ("run", "a.xlsx", "--in-place"), ("new", "n.xlsx"), ("demo", "d")]
)
@pytest.mark.parametrize("where", ["replace", "open"])
def test_no_permission_to_write(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, where: str, arguments: tuple[str, ...]
) -> None:
    """Works for root too: the system calls are made to refuse."""
    for name in ("a.xlsx", "b.xlsx", "r.docx", "r.pdf"):
        shell.put(name)
    real = os.open

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    def not_for_writing(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(os, where, denied if where == "replace" else not_for_writing)
    shell.refused(*arguments, words=("没有权限",))


@pytest.mark.usefixtures("plain_exports")
@pytest.mark.parametrize("name", ["b.xlsx", "r.docx", "r.pdf"])
@pytest.mark.parametrize("in_place", [False, True])
def test_all_outputs_or_none(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str, in_place: bool
) -> None:
    """One output is open in Excel or Word: nothing else is written either, the original least of all."""
    shell.put("a.xlsx")
    for other in ("b.xlsx", "r.docx", "r.pdf"):
        shell.put(other, b"old")
    real = os.replace

    def denied_for_one(source: Any, target: Any, **more: Any) -> None:
        if Path(target).name == ("a.xlsx" if in_place and name == "b.xlsx" else name):
            raise PermissionError(13, "Permission denied")
        real(source, target, **more)

    monkeypatch.setattr(os, "replace", denied_for_one)
    options = ("--in-place",) if in_place else ("-o", "b.xlsx")
    result = shell("run", "a.xlsx", *options, "--docx", "r.docx", "--pdf", "r.pdf")
    assert result.code == 2
    assert "没有权限" in result.err
    assert_chinese(result.err)
    left = {path: data for path, data in snapshot(shell.folder).items() if "备份" not in path}
    old = mark(b"old")
    assert left == {"a.xlsx": mark(files.sample()), "b.xlsx": old, "r.docx": old, "r.pdf": old}


PROC = Path("/proc/self")


@pytest.mark.usefixtures("plain_exports")
@pytest.mark.skipif(not PROC.is_dir(), reason="needs a folder that refuses files even from root")
@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "a.xlsx", "-o", "/proc/self/b.xlsx"),
        ("run", "a.xlsx", "--docx", "/proc/self/b.docx"),
        ("run", "a.xlsx", "--in-place", "--docx", "/proc/self/b.docx"),
        ("run", "a.xlsx", "--pdf", "/proc/self/b.pdf"),
        ("new", "/proc/self/b.xlsx"),
        ("demo", "/proc/self/demo"),
    ],
)
def test_folder_that_takes_no_files(shell: Shell, arguments: tuple[str, ...]) -> None:
    shell.put("a.xlsx")
    shell.refused(*arguments, words=("写不了",))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_real_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.sample())
    locked = tmp_path / "locked"
    locked.mkdir()
    output = tmp_path / "b.xlsx"
    output.write_bytes(b"old")
    output.chmod(0o444)
    locked.chmod(0o555)
    try:
        for arguments in (("-o", output), ("-o", locked / "b.xlsx"), ("--pdf", locked / "b.pdf")):
            done = command("run", path, *arguments, cwd=tmp_path)
            assert done.returncode == 2
            assert "没有权限" in done.stderr
        path.chmod(0)
        done = command("check", path, cwd=tmp_path)
        assert (done.returncode, "没有权限" in done.stderr) == (2, True)
    finally:
        locked.chmod(0o755)
        path.chmod(0o644)
    assert snapshot(tmp_path) == {"a.xlsx": mark(files.sample()), "b.xlsx": mark(b"old"), "locked": "folder"}


@pytest.mark.parametrize(
    "error", [PermissionError(13, "x"), OSError(5, "Input/output error"), TimeoutError(110, "x")]
)
def test_file_that_cannot_be_read(shell: Shell, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    path = shell.put("a.xlsx")
    real = Path.read_bytes

    def denied(self: Path) -> bytes:
        if self.name == "a.xlsx":
            raise error
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", denied)
        results = [shell("check", path), shell("run", path)]
    assert [result.code for result in results] == [2, 2]
    assert all("打不开" in result.err for result in results)
    assert_chinese(results[0].err)
    assert snapshot(shell.folder) == {"a.xlsx": mark(files.sample())}


@pytest.mark.usefixtures("plain_exports")
def test_full_disk(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.put("a.xlsx")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    shell.refused(*TO_ALL, words=("磁盘满了",))
    shell.refused("run", "a.xlsx", "--in-place", words=("磁盘满了",))
    shell.refused("new", "n.xlsx", words=("磁盘满了",))
    shell.refused("demo", "d", words=("磁盘满了",))


def test_long_names(shell: Shell) -> None:
    """A name that is allowed (255 bytes), whose default output's is not."""
    shell.put("长" * 82 + ".xlsx")
    shell.refused("run", "长" * 82 + ".xlsx", words=("太长",))
    assert shell("run", "长" * 82 + ".xlsx", "-o", "b.xlsx").code == 0


# -- new, demo -----------------------------------------------------------------------------------------


def test_new(shell: Shell) -> None:
    assert shell("new", "空 白.xlsx").code == 0
    assert shell("new", "样例.xlsx", "--sample").code == 0
    assert (shell.folder / "样例.xlsx").read_bytes() == files.sample()
    assert_sound((shell.folder / "空 白.xlsx").read_bytes())
    assert shell("check", "样例.xlsx").code == 0
    assert list(shell.temp.iterdir()) == []


NEW_REFUSED: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("有.xlsx",), ("有.xlsx", "已经有了", "没有改动")),
    (("有.xlsx", "--sample"), ("有.xlsx", "已经有了")),
    (("夹.xlsx",), ("夹.xlsx", "已经有了")),
    (("夹",), ("夹", "已经有了")),
    (("a.xls",), ("a.xls", "扩展名")),
    (("a",), ("a", "扩展名", ".xlsx")),
    (("没有/a.xlsx",), ("没有", "不存在")),
    (("有.xlsx/a.xlsx",), ("有.xlsx", "不存在")),
    (("a.xlsx", "--profile", "没有的口径"), ("没有的口径", "hebei-county")),
    (("长" * 100 + ".xlsx",), ("长长", "太长")),
]


@pytest.mark.parametrize(
    ("arguments", "words"), NEW_REFUSED, ids=[" ".join(one)[:30] for one, _ in NEW_REFUSED]
)
def test_new_refuses(shell: Shell, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    shell.put("有.xlsx", b"mine")
    (shell.folder / "夹").mkdir()
    (shell.folder / "夹.xlsx").mkdir()
    shell.refused("new", *arguments, words=words)


def test_demo(shell: Shell) -> None:
    first = shell("demo")
    assert first.code == 0
    made = snapshot(shell.folder)
    names = {Path(name).suffix for name in made}
    assert {".xlsx", ".docx", ".pdf"} <= names
    assert all(name.split("/")[0] == "xlbudget-demo" for name in made)
    assert "xlbudget-demo" in first.out
    again = shell("demo")
    assert (again.code, again.out) == (0, first.out)
    assert snapshot(shell.folder) == made
    assert shell("demo", "另一个 文件夹").code == 0
    assert list(shell.temp.iterdir()) == []


def test_demo_leaves_other_folders_alone(shell: Shell) -> None:
    (shell.folder / "我的资料").mkdir()
    (shell.folder / "空").mkdir()
    (shell.folder / "我的资料" / "样例.xlsx").write_bytes(b"mine")
    shell.put("文件", b"mine")
    for name in ("我的资料", "空", "文件", "."):
        shell.refused("demo", name, words=("已经有了", "没有改动"))
    shell.refused("demo", "没有/demo", words=("没有", "不存在"))


@pytest.mark.usefixtures("plain_exports")
def test_demo_behind_a_link(shell: Shell) -> None:
    assert shell("demo", "d").code == 0
    (shell.folder / "link").symlink_to("d")
    assert shell("demo", "link").code in (0, 2)
    assert list(shell.temp.iterdir()) == []


@pytest.mark.parametrize("name", ["长" * 100, "x" * 300])
def test_demo_with_a_name_that_is_too_long(shell: Shell, name: str) -> None:
    shell.refused("demo", name, words=("太长",))


@pytest.mark.usefixtures("plain_exports")
def test_demo_that_fails_keeps_the_last_one(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell("demo", "d").code == 0
    before = snapshot(shell.folder)
    real = os.replace

    def denied(source: Any, target: Any, **more: Any) -> None:
        if Path(target).name == "d":
            raise PermissionError(13, "Permission denied")
        real(source, target, **more)

    monkeypatch.setattr(os, "replace", denied)
    result = shell("demo", "d")
    assert snapshot(shell.folder) == before
    assert result.code == 2
    assert "没有权限" in result.err


# -- usage ---------------------------------------------------------------------------------------------

USAGE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "unknown option": (("check", "a.xlsx", "--bogus"), ("--bogus",)),
    "unknown short option": (("run", "a.xlsx", "-x"), ("-x",)),
    "unknown option of all": (("--bogus",), ("--bogus",)),
    "option of another command": (("check", "a.xlsx", "--in-place"), ("--in-place",)),
    "option cut short": (("run", "a.xlsx", "--in-plac"), ("--in-plac",)),
    "missing FILE of check": (("check",), ("缺少", "FILE")),
    "missing FILE of run": (("run", "--in-place"), ("缺少", "FILE")),
    "missing FILE of explain": (("explain",), ("缺少", "FILE")),
    "missing FILE of new": (("new", "--sample"), ("缺少", "FILE")),
    "missing value": (("run", "a.xlsx", "-o"), ("-o",)),
    "missing value of long option": (("run", "a.xlsx", "--docx"), ("--docx",)),
    "flag with a value": (("check", "a.xlsx", "--json=yes"), ("--json",)),
    "too many arguments": (("check", "a.xlsx", "b.xlsx"), ("b.xlsx",)),
    "unknown command": (("bogus",), ("bogus", "命令")),
    "command in Chinese": (("校验",), ("校验", "命令")),
    "unknown command of profiles": (("profiles", "bogus"), ("bogus", "命令")),
    "unknown project": (("explain", "a.xlsx", "没有的项目"), ("没有的项目", "网信工作专项经费")),
    "FILE empty": (("check", ""), ()),
    "no command": ((), ("xlbudget",)),
    "no command of profiles": (("profiles",), ("xlbudget",)),
}


@pytest.mark.parametrize(("arguments", "words"), USAGE.values(), ids=USAGE)
def test_usage(shell: Shell, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    shell.put("a.xlsx")
    before = snapshot(shell.folder)
    result = shell(*arguments)
    assert result.code == 2
    assert snapshot(shell.folder) == before
    assert [word for word in words if word not in result.err + result.out] == []
    if arguments not in ((), ("profiles",)):
        assert result.out == ""
        assert_chinese(result.err)


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("--version",), ("profiles", "list")])
def test_help(shell: Shell, arguments: tuple[str, ...]) -> None:
    result = shell(*arguments)
    assert (result.code, result.err) == (0, "")
    assert result.out


# -- our own faults ------------------------------------------------------------------------------------


class BoomError(Exception):
    pass


def crash(*_: object, **__: object) -> NoReturn:
    raise BoomError("exploded inside")


@pytest.mark.parametrize(
    "name",
    [
        "app.opening.bind",
        "app.opening.assess",
        "judge.compose",
        "app.filling.fill_workbook",
        "app.running.write_all",
    ],
)
@pytest.mark.parametrize("options", [("-o", "b.xlsx"), ("--in-place",)])
def test_crash(shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str, options: tuple[str, ...]) -> None:
    for one in ("a.xlsx", "b.xlsx", "r.docx"):
        shell.put(one)
    before = snapshot(shell.folder)
    monkeypatch.setattr(f"xlbudget.{name}", crash)
    result = shell("run", "a.xlsx", *options, "--docx", "r.docx", "--json")
    assert (result.code, result.out) == (3, "")
    assert "不是您的问题" in result.err
    assert_chinese(result.err)
    left = {path: data for path, data in snapshot(shell.folder).items() if "备份" not in path}
    assert left == before
    logs = list(shell.temp.iterdir())
    assert [str(log) in result.err for log in logs] == [True]
    assert "exploded inside" in logs[0].read_text("utf-8")


def test_crash_after_writing_does_not_deny_it(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the original is already rewritten, the message must not say that files were left alone."""
    path = shell.put("a.xlsx")
    monkeypatch.setattr(xlbudget.terminal, "show_run", crash)
    result = shell("run", path, "--in-place")
    assert result.code == 3
    assert path.read_bytes() == files.sample() or "没有改动" not in result.err


def test_crash_of_a_rule_is_a_finding(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` and `run` go on without the rule that fails, and say so."""
    path = shell.put("a.xlsx")
    before = shell.json("check", path)
    monkeypatch.setitem(REGISTRY, "PRJ001", dataclasses.replace(REGISTRY["PRJ001"], check=crash))
    result = shell("check", path, "--json")
    after = one_object(result.out)
    assert result.code == 1
    assert figures(after) == figures(before)
    added = [one for one in after["findings"] if one not in before["findings"]]
    assert [one["code"] for one in added] == ["SYS001"]
    assert shell("run", path).code == 1
    assert path.read_bytes() == files.sample()


@pytest.mark.usefixtures("plain_exports")
def test_interrupted(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.put("a.xlsx")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    before = snapshot(shell.folder)
    result = shell(*TO_ALL)
    assert (result.code, result.out) == (130, "")
    assert snapshot(shell.folder) == before


def test_interrupted_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xlbudget.app.opening.bind", stop)
    result = shell("check", shell.put("a.xlsx"))
    assert result.code == 130
    assert_chinese(result.err)


# -- the same again ------------------------------------------------------------------------------------


def test_twice_gives_the_same_bytes(shell: Shell) -> None:
    shell.put("a.xlsx")
    for name in ("1", "2"):
        assert (
            shell(
                "run", "a.xlsx", "-o", f"{name}.xlsx", "--docx", f"{name}.docx", "--pdf", f"{name}.pdf"
            ).code
            == 0
        )
    for suffix in (".xlsx", ".docx", ".pdf"):
        assert (shell.folder / f"1{suffix}").read_bytes() == (shell.folder / f"2{suffix}").read_bytes()


def test_other_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Neither hash seed, time zone, locale nor folder show in the outputs."""
    results = []
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        folder = tmp_path / seed
        folder.mkdir()
        (folder / "a.xlsx").write_bytes(files.sample())
        arguments = ("run", "a.xlsx", "--docx", "r.docx", "--pdf", "r.pdf")
        done = command(*arguments, cwd=folder, PYTHONHASHSEED=seed, TZ=zone, LANG="C", LC_ALL="C")
        assert done.returncode == 0, done.stderr
        results.append(snapshot(folder))
    assert results[0].keys() == {"a.xlsx", "a-监控结果.xlsx", "r.docx", "r.pdf"}
    assert [name for name in results[0] if results[0][name] != results[1][name]] == []


@pytest.mark.parametrize("maker", ["ours", "openpyxl"])
def test_on_its_own_output(shell: Shell, maker: str) -> None:
    """Also after openpyxl saved the output: figures stay, and nothing counts as typed by hand."""
    shell.put("a.xlsx")
    first = shell.json("run", "a.xlsx", "-o", "b.xlsx")
    if maker == "openpyxl":
        book = openpyxl.load_workbook(shell.folder / "b.xlsx")
        book.save(shell.folder / "b.xlsx")
    second = shell.json("run", "b.xlsx", "-o", "c.xlsx")
    assert figures(second) == figures(first)
    assert second["findings"] == first["findings"]
    assert "CEL013" not in [one["code"] for one in second["findings"]]


def test_in_place_again_and_again_changes_nothing(shell: Shell) -> None:
    """A workbook run every month must not grow: after the first run, parts stay as they are."""
    path = shell.put("a.xlsx")
    shell.json("run", path, "--in-place")
    first = files.parts(path.read_bytes())
    for _ in range(3):
        shell.json("run", path, "--in-place")
    last = files.parts(path.read_bytes())
    assert {name: len(last[name]) for name in last} == {name: len(first[name]) for name in first}
    assert [name for name in first if first[name] != last[name]] == []


def test_computed_cells_typed_by_hand_are_noticed(shell: Shell) -> None:
    """The counterpart: CEL013 does come when somebody types over a result."""
    shell.put("a.xlsx")
    shell.json("run", "a.xlsx", "-o", "b.xlsx")
    book = openpyxl.load_workbook(shell.folder / "b.xlsx")
    header = files.label(book[PROJECTS], "实现程度(%)")
    header.offset(1, 0).value = 12.34
    book.save(shell.folder / "b.xlsx")
    found = [one for one in shell.json("check", "b.xlsx")["findings"] if one["code"] == "CEL013"]
    assert [(one["severity"], one["cell"]) for one in found] == [("INFO", header.offset(1, 0).coordinate)]


def test_check_and_explain_leave_the_file_alone(shell: Shell) -> None:
    path = shell.put("a.xlsx")
    os.utime(path, ns=(1_600_000_000_000_000_000, 1_600_000_000_123_456_789))
    path.chmod(0o640)
    for arguments in (("check",), ("check", "--json"), ("explain",), ("explain", "--json"), ("run",)):
        assert shell(arguments[0], path, *arguments[1:]).code == 0
    assert path.stat().st_mtime_ns == 1_600_000_000_123_456_789
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == files.sample()
    assert [one.name for one in sorted(shell.folder.iterdir())] == ["a-监控结果.xlsx", "a.xlsx"]


@pytest.mark.usefixtures("plain_exports")
def test_json_is_one_object(shell: Shell) -> None:
    shell.put("good.xlsx")
    shell.put("bad.xlsx", files.edited(files.no_sheet(INDICATORS)))
    for name, code in (("good.xlsx", 0), ("bad.xlsx", 1)):
        for arguments in (
            ("check", name),
            ("run", name, "--docx", "r.docx", "--pdf", "r.pdf"),
            ("run", name, "--in-place"),
            ("explain", name),
        ):
            result = shell(*arguments, "--json")
            assert result.code == code, result
            assert "projects" in one_object(result.out)
    value = shell.json("run", "good.xlsx", "--pdf", "r.pdf")
    assert [Path(one).is_absolute() and Path(one).is_file() for one in value["outputs"]] == [True, True]
    assert shell.json("check", "good.xlsx")["outputs"] == []


# -- what is the user's own ----------------------------------------------------------------------------


def with_own_things(book: Any) -> None:
    """A sheet with data, formulas, a comment and a chart, first among the tabs; one at the end; a name."""
    sheet = book.create_sheet("我的分析", 0)
    for row in (["月份", "金额"], ["1月", 3], ["2月", 5], ["合计", "=SUM(B2:B3)"]):
        sheet.append(row)
    sheet["B4"].comment = openpyxl.comments.Comment("核对过", "张三")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "D2")
    book.create_sheet("附表 1")["A1"] = "附表"
    name = openpyxl.workbook.defined_name.DefinedName("我的区域", attr_text="我的分析!$B$2:$B$3")
    book.defined_names["我的区域"] = name


def is_ours(part: str, book: bytes) -> bool:
    """Parts that `run` may rewrite: the package's lists, styles, and the sheets that xlbudget declares."""
    found = files.parts(book)
    targets = dict(relations(found[files.WORKBOOK_RELS]))
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    own = {files.TYPES, files.WORKBOOK, files.WORKBOOK_RELS, "xl/styles.xml"}
    for sheet in etree.fromstring(found[files.WORKBOOK]).iter("{*}sheet"):
        if not str(sheet.get("name")).startswith(("我的", "附表")):
            own.add(resolved("xl", targets[str(sheet.get(key))]))
    return part in own


FOREIGN_PARTS = {
    "customXml/item1.xml": b'<?xml version="1.0"?>\r\n<x  a = "1" />\r\n',
    "docProps/custom.xml": b"<Properties xmlns='x'/>",
    "xl/vbaProject.bin": files.OLE + bytes(range(256)),
    "xl/media/图片 1.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "xl/printerSettings/printerSettings1.bin": b"\0" * 999,
    "empty.bin": b"",
}


@pytest.mark.parametrize("source", ["xlsx", "openpyxl", "own things"])
def test_foreign_parts_survive(shell: Shell, source: str) -> None:
    base = files.sample()
    if source != "xlsx":
        base = files.edited(with_own_things if source == "own things" else lambda _: None)
    content = files.repacked(FOREIGN_PARTS, base)
    shell.put("a.xlsx", content)
    assert shell("run", "a.xlsx", "-o", "b.xlsx").code == 0
    assert shell("run", "b.xlsx", "--in-place").code == 0
    before, after = files.parts(content), assert_sound((shell.folder / "b.xlsx").read_bytes())
    changed = [name for name in before if before[name] != after.get(name) and not is_ours(name, content)]
    assert changed == []
    if source == "own things":
        assert any(name.startswith("xl/charts/") for name in before)
        old, new = (
            openpyxl.load_workbook(io.BytesIO(one))
            for one in (content, (shell.folder / "b.xlsx").read_bytes())
        )
        assert [name for name in new.sheetnames if name in old.sheetnames] == old.sheetnames
        assert new.defined_names["我的区域"].attr_text == "我的分析!$B$2:$B$3"
        for name in new.sheetnames:
            for kind, one in new[name].defined_names.items():
                assert f"'{name}'!" in one.attr_text or f"{name}!" in one.attr_text, (name, kind)
            assert (new[name].print_title_rows is None) or "$" in str(new[name].print_title_rows)


def test_old_calculation_chain_goes(shell: Shell) -> None:
    """A formula in a computed cell is replaced by a value, so the chain that names it goes with it."""
    shell.put("s.xlsx")
    assert shell("run", "s.xlsx", "-o", "s2.xlsx").code == 0
    base = (shell.folder / "s2.xlsx").read_bytes()
    header = files.label(openpyxl.load_workbook(io.BytesIO(base))[PROJECTS], "预算执行率(%)")
    cell = header.offset(1, 0).coordinate
    chain = f'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="{cell}" i="2"/></calcChain>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    override = (
        '<Override PartName="/xl/calcChain.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    )
    relation = f'<Relationship Id="rIdCalc" Type="{kind}" Target="calcChain.xml"/></Relationships>'

    def formula(content: bytes) -> bytes:
        text, count = re.subn(f'(<c r="{cell}"[^>]*>)<v>', r"\1<f>K5/I5*100</f><v>", content.decode())
        assert count == 1
        return text.encode()

    content = files.repacked(
        {
            PROJECT_PART: formula,
            "xl/calcChain.xml": chain.encode(),
            files.TYPES: lambda one: one.replace(b"</Types>", override.encode()),
            files.WORKBOOK_RELS: lambda one: one.replace(b"</Relationships>", relation.encode()),
        },
        base,
    )
    shell.put("a.xlsx", content)
    assert shell("run", "a.xlsx", "-o", "b.xlsx").code == 0
    after = assert_sound((shell.folder / "b.xlsx").read_bytes())
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after[files.TYPES] + after[files.WORKBOOK_RELS]


# -- names, folders, locales ---------------------------------------------------------------------------


@pytest.mark.usefixtures("plain_exports")
@pytest.mark.parametrize("name", NASTY_NAMES)
def test_names_of_files(shell: Shell, name: str) -> None:
    folder = shell.folder / "我的 '文件夹' [1]"
    folder.mkdir()
    path = folder / name
    path.write_bytes(files.sample())
    pdf = folder / f"{path.stem}.pdf"
    result = shell("run", path, "--pdf", pdf)
    expected = folder / f"{path.stem}-监控结果{path.suffix}"
    assert result.code == 0, result.err
    assert {one.name for one in folder.iterdir()} == {name, expected.name, pdf.name}
    flat = re.sub(r"\s", "", result.out)
    assert all(re.sub(r"\s", "", str(one)) in flat for one in (expected, pdf))
    assert shell.json("run", path)["outputs"] == [str(expected)]
    assert shell("run", path, "--in-place").code == 0
    assert (folder / f"{path.stem}-备份{path.suffix}").read_bytes() == files.sample()


def test_name_that_is_no_text(tmp_path: Path) -> None:
    """A name in GBK, from an archive that was packed on Windows."""
    name = os.fsdecode("上半年.xlsx".encode("gbk"))
    try:
        (tmp_path / name).write_bytes(files.sample())
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only Unicode names")
    for arguments in (("run", name, "--json"),):
        done = command(*arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    assert len(list(tmp_path.iterdir())) == 2


def test_from_another_folder(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("资料", "别处"):
        (shell.folder / name).mkdir()
    source = shell.folder / "资料" / "a.xlsx"
    source.write_bytes(files.sample())
    monkeypatch.chdir(shell.folder / "别处")
    value = shell.json("run", "../资料/a.xlsx", "--docx", "r.docx", "--pdf", "../资料/r.pdf")
    expected = [
        shell.folder / "资料" / "a-监控结果.xlsx",
        shell.folder / "别处" / "r.docx",
        shell.folder / "资料" / "r.pdf",
    ]
    assert value["outputs"] == [str(path) for path in expected]
    assert all(path.is_file() for path in expected)
    assert len([one for one in shell.folder.rglob("*") if one.is_file()]) == 4


@pytest.mark.parametrize("locale", [{"LANG": "C", "LC_ALL": "C"}])
def test_plain_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    path = tmp_path / "样例 表.xlsx"
    path.write_bytes(files.sample())
    done = command("run", path, "--json", cwd=tmp_path, **locale)
    assert done.returncode == 0, done.stderr
    value = one_object(done.stdout)
    assert value["projects"][0]["name"] == "网信工作专项经费"
    assert value["outputs"] == [str(tmp_path / "样例 表-监控结果.xlsx")]
    done = command("check", "没有这个文件.xlsx", cwd=tmp_path, **locale)
    assert (done.returncode, done.stdout) == (2, "")
    assert "找不到文件“没有这个文件.xlsx”" in done.stderr


def test_output_in_gbk_console(tmp_path: Path) -> None:
    """PYTHONIOENCODING of a Chinese Windows: characters beyond it do no harm."""
    (tmp_path / "a.xlsx").write_bytes(files.sample())
    environment = {**os.environ, "PYTHONIOENCODING": "gbk"}
    done = subprocess.run(
        [sys.executable, "-m", "xlbudget", "run", "a.xlsx"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell with pipes")
@pytest.mark.parametrize("arguments", ["check a.xlsx", "run a.xlsx --json"])
def test_reader_of_the_output_goes_away(tmp_path: Path, arguments: str) -> None:
    """`xlbudget … | head -0` is nobody's fault."""
    (tmp_path / "a.xlsx").write_bytes(files.sample())
    script = f'{{ "{sys.executable}" -m xlbudget {arguments}; echo "code $?" >&2; }} | true'
    done = subprocess.run(
        ["/bin/sh", "-c", f"sleep 0; {script}"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert "code 3" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("name", ["某某口径", "../../../etc/passwd"])
def test_unknown_profile_is_a_finding(shell: Shell, name: str) -> None:
    """The default profile is used, the cell is named, and the report is a draft."""
    path = shell.put("a.xlsx", files.edited(files.front("监控口径", name)))
    result = shell("run", path, "--json")
    value = one_object(result.out)
    assert result.code == 1
    assert value["unit"]["profile"] == "hebei-county"
    (finding,) = [one for one in value["findings"] if one["code"] == "CEL005"]
    assert (finding["sheet"], finding["cell"], finding["severity"]) == ("首页", "F4", "ERROR")
    assert name in finding["message"]
    assert "hebei-county" in finding["message"]
