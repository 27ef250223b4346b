"""Paragraphs and tables of any kind, written as Word, PDF, Markdown and workbook: the same words come back in their order."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.readers.pdfs import HEAD, pdf, quoted
from tests.readers.pdfs import table as typst_table
from tests.word_text import no_space
from xlbudget.audit.source import Line, Source
from xlbudget.readers import read_bytes

SIGNS = "预算绩效运行监控项目资金经费年初追加万元实现程度县局中心，。、；：（）“”《》≥≤％"
WORD = st.text(st.sampled_from(SIGNS), min_size=1, max_size=25)
NUMBER = st.from_regex(r"[1-9][0-9]{0,5}(\.[0-9]{1,4})?%?", fullmatch=True)
SENTENCE = st.lists(st.one_of(WORD, NUMBER), min_size=1, max_size=12).map("".join)
CELL = st.one_of(
    st.text(st.sampled_from("预算项目经费网信办（）"), min_size=1, max_size=14),
    st.sampled_from("—√"),
    st.from_regex(r"[1-9][0-9]{0,3}(\.[0-9]{1,2})?%?", fullmatch=True),
)
Grid = list[list[str]]


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A table with a header of words; cells of its body may be empty, but no row and no column is."""
    width, height = draw(st.integers(2, 5)), draw(st.integers(1, 6))
    header = [
        f"{draw(st.sampled_from(['项目', '金额', '部门', '备注']))}{chr(0x4E00 + at)}" for at in range(width)
    ]
    rows = [
        [draw(CELL)] + [draw(st.one_of(CELL, st.just(""))) for _ in range(width - 1)] for _ in range(height)
    ]
    return [header, *rows]


BLOCKS = st.lists(st.one_of(SENTENCE, grids()), min_size=1, max_size=6)
Blocks = list[str | Grid]
Shape = list[str | tuple[tuple[str, ...], ...]]
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parted(blocks: Blocks) -> Blocks:
    """With a line between tables that follow each other, which programs would take for one."""
    found: Blocks = []
    for block in blocks:
        if found and isinstance(block, list) and isinstance(found[-1], list):
            found.append("另表：")
        found.append(block)
    return found


def shape(pieces: Blocks | Source) -> Shape:
    """Lines taken together, tables cell by cell, without blanks."""
    found: Shape = []
    for piece in pieces:
        if isinstance(piece, str | Line):
            text = no_space(piece if isinstance(piece, str) else piece.text)
            if found and isinstance(found[-1], str):
                found[-1] += text
            else:
                found.append(text)
        else:
            rows = piece if isinstance(piece, list) else piece.rows
            found.append(tuple(tuple(map(no_space, row)) for row in rows))
    return found


def read(content: bytes, name: str) -> Shape:
    return shape(read_bytes(Path(name), content).source)


@given(BLOCKS)
@several
def test_word(blocks: Blocks) -> None:
    document = docx.Document()
    for block in parted(blocks):
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            table = document.add_table(len(block), len(block[0]))
            for cells, row in zip(block, table.rows, strict=True):
                for text, cell in zip(cells, row.cells, strict=True):
                    cell.text = text
    out = io.BytesIO()
    document.save(out)
    assert read(out.getvalue(), "a.docx") == shape(parted(blocks))


@given(BLOCKS, st.sampled_from(["8pt", "12pt", "16pt"]))
@several
def test_pdf(blocks: Blocks, size: str) -> None:
    pieces = [quoted(block) if isinstance(block, str) else typst_table(block) for block in parted(blocks)]
    made = pdf("\n\n".join(pieces), head=HEAD.replace("size: 12pt", f"size: {size}"))
    assert read(made, "a.pdf") == shape(parted(blocks))


@given(BLOCKS)
@several
def test_markdown(blocks: Blocks) -> None:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block, ""]
        else:
            rows = ["| " + " | ".join(row) + " |" for row in block]
            lines += [rows[0], "|" + " --- |" * len(block[0]), *rows[1:], ""]
    assert read("\n".join(lines).encode(), "a.md") == shape(blocks)


@given(BLOCKS)
@several
def test_workbook(blocks: Blocks) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for block in blocks:
        for row in [[block]] if isinstance(block, str) else block:
            sheet.append([cell or None for cell in row])
        sheet.append([])
    out = io.BytesIO()
    made.save(out)
    assert no_space(str(read(out.getvalue(), "a.xlsx"))) == no_space(str(shape(filled(blocks))))


def filled(blocks: Blocks) -> Blocks:
    """As a sheet shows it: the lone cell of a last row is a line below the table."""
    found: Blocks = []
    for block in blocks:
        if isinstance(block, str):
            found.append(block)
            continue
        rows, below = list(block), []
        while (
            len(rows) > 1
            and not any(rows[-1][1:])
            and not (rows[-1][0][0].isdigit() or rows[-1][0][0] in "√—")
        ):
            below.append(rows.pop()[0])
        found += [rows, *below[::-1]]
    return found
