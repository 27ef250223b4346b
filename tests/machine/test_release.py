"""The zip that a county hands out holds what it says, opens, and is the same each time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from tests.word_text import no_space
from xlbudget import __version__, app
from xlbudget.machine.manual import manual_folder, parts_of
from xlbudget.machine.release import release


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("release")
    (folder / "offline").mkdir()
    (folder / "offline" / "install.cmd").write_bytes(b"rem")
    (path,) = release(folder / "out", folder / "offline")
    first = path.read_bytes()
    assert release(folder / "out", folder / "offline") == [path]
    assert path.read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        return {
            name.removeprefix(f"xlbudget-{__version__}/"): package.read(name) for name in package.namelist()
        }


def test_what_is_in_it(handed_out: dict[str, bytes]) -> None:
    names = {name for name in handed_out if "监控表/" not in name}
    assert names == {
        "说明.txt", "空白工作簿/预算绩效监控.xlsm", "空白工作簿/预算绩效监控.xlsx", "样例/样例.xlsx", "样例/样例-监控结果.xlsx",
        "样例/样例-监控报告.docx", "样例/样例-监控报告.pdf", "使用手册.docx", "使用手册.pdf", "离线版/install.cmd",
    }  # fmt: skip
    assert sum(1 for name in handed_out if name.startswith("样例/监控表/")) == 4
    for name, content in handed_out.items():
        if name.endswith((".xlsx", ".xlsm")):
            assert "首页" in openpyxl.load_workbook(io.BytesIO(content)).sheetnames


def test_the_manual_says_what_the_markdown_says(handed_out: dict[str, bytes]) -> None:
    """Every word of every part, in Word and in PDF, and every picture."""
    parts = parts_of((manual_folder() / "README.zh-CN.md").read_text("utf-8"))
    word = docx.Document(io.BytesIO(handed_out["使用手册.docx"]))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    written = no_space("".join([*(one.text for one in word.paragraphs), *cells]))
    printed = no_space(
        "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(handed_out["使用手册.pdf"])).pages)
    )
    texts = [one.text for one in parts if one.kind not in ("picture", "table")]
    texts += [cell for one in parts for row in one.rows for cell in row]
    assert len(texts) > 100
    assert [text for text in texts if no_space(text) not in written] == []
    # A text that goes on over a page has the page's number in it.
    missing = [text for text in texts if no_space(text) not in printed]
    assert len(missing) < 12, missing
    pictures = [one for one in parts if one.kind == "picture"]
    assert len(word.inline_shapes) == len(pictures) >= 8


def test_the_markdown_is_read() -> None:
    text = "# 题\n\n一段**话**\n接着。\n\n- 甲\n  续\n- [乙](x)\n\n    命令\n\n| 头 | 尾 |\n|---|---|\n| `a` | b |\n\n![图](p.png)\n"
    assert [(one.kind, one.text or one.rows) for one in parts_of(text)] == [
        ("heading1", "题"),
        ("text", "一段话接着。"),
        ("item", "甲续"),
        ("item", "乙"),
        ("code", "命令"),
        ("table", (("头", "尾"), ("a", "b"))),
        ("picture", "p.png"),
    ]


def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(app.CannotGoOn, match="不是文件夹"):
        release(tmp_path / "out", tmp_path / "nothing")
