"""What a Word or PDF file says of itself: names of any length and with any character."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from tests import files
from xlbudget import app
from xlbudget.export.docx import render_docx
from xlbudget.export.pdf import render_pdf
from xlbudget.files.xml import legal
from xlbudget.report.document import Document, Paragraph, Title


def document(title: str, author: str) -> Document:
    return Document(title, (Title(("报告",)), Paragraph(("正文。",))), draft=False, dated=None, author=author)


NAMES = [
    "",
    "某单位",
    "长" * 254,
    "长" * 255,
    "长" * 256,
    "长" * 30_000,
    "甲\n乙\t丙",
    "\u202e甲",
    "甲\x01\x1b乙\x0b",
    "\ufffe甲",
    "𠀀" * 200,
]


@pytest.mark.parametrize("name", NAMES)
def test_properties_of_word(name: str) -> None:
    content = render_docx(document(name, name))
    assert content == render_docx(document(name, name))
    found = docx.Document(io.BytesIO(content)).core_properties
    assert (found.title, found.author) == (legal(name)[:255], legal(name)[:255])


@pytest.mark.parametrize("name", NAMES)
def test_properties_of_pdf(name: str) -> None:
    content = render_pdf(document(name, name))
    assert content == render_pdf(document(name, name))
    found = pypdf.PdfReader(io.BytesIO(content)).metadata
    assert found is not None
    assert (legal(found.title or ""), legal(found.author or "")) == (legal(name), legal(name))


def test_a_unit_with_a_long_name(tmp_path: Path) -> None:
    """Its report and its forms are written; the page shows the whole name."""

    def change(book: openpyxl.Workbook) -> None:
        files.front("单位全称", "某" * 300)(book)
        book["项目"]["B5"].value = "名" * 300

    source = tmp_path / "s.xlsx"
    source.write_bytes(files.edited(change))
    word, pdf, folder = tmp_path / "r.docx", tmp_path / "r.pdf", tmp_path / "表"
    _, written = app.run(
        source, app.Destinations(tmp_path / "o.xlsx", {".docx": word, ".pdf": pdf}, forms=folder)
    )
    assert len(written) == 7
    shown = docx.Document(str(word))
    assert any("某" * 300 in one.text for one in shown.paragraphs)
    assert len(shown.core_properties.title) == 255
    assert any("名" * 71 in path.name for path in folder.iterdir())
