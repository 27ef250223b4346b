"""Our own reports, read back: every word of the document model, in order, every cell in its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_looks import facts
from tests.test_units import filled
from tests.units import COUNTIES
from tests.word_text import no_space
from xlbudget import app, profiles
from xlbudget.audit.source import Line, Source, Table
from xlbudget.hosts.template import input_sheets
from xlbudget.readers import read
from xlbudget.report.document import DataTable, Document, Heading, Picture, Signature, words

UNITS = ("sample", "教育局", "卫健局", "水利局", "文旅局", "long")


def source_of(folder: Path, unit: str, sample: bytes) -> Path:
    if unit in ("sample", "long"):
        made = sample if unit == "sample" else input_sheets(facts(40, True), profiles.load("central"))
        path = folder / "s.xlsx"
        path.write_bytes(made)
        return path
    return filled(folder, next(one for one in COUNTIES if one.name == unit), "clean")[0]


class Made:
    def __init__(self, folder: Path, unit: str, sample: bytes) -> None:
        source = source_of(folder, unit, sample)
        self.forms = folder / "forms"
        self.workbook, self.docx, self.pdf = (folder / name for name in ("out.xlsx", "r.docx", "r.pdf"))
        to = app.Destinations(self.workbook, {".docx": self.docx, ".pdf": self.pdf}, forms=self.forms)
        opened, _ = app.run(source, to)
        self.document = opened.report


@pytest.fixture(scope="module", params=UNITS)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sample_bytes: bytes
) -> Made:
    return Made(tmp_path_factory.mktemp("read"), request.param, sample_bytes)


Piece = str | tuple[tuple[str, ...], ...]


def joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Texts that follow each other taken together, so that only words, tables and their order count."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece:
            found.append(piece)
    return found


PICTURE = "\0"
"""Stands for a chart: in a PDF its labels are text like any other."""


def wanted(document: Document, *, pictures: bool = False) -> Iterator[Piece]:
    for block in document.blocks:
        if isinstance(block, DataTable):
            yield tuple(
                tuple("" if cell is None else no_space(words(cell.runs)) for cell in row)
                for row in (*block.header, *block.body)
            )
        elif isinstance(block, Heading):
            yield no_space(block.text)
        elif isinstance(block, Signature):
            yield from (no_space(words(line)) for line in block.lines)
        elif isinstance(block, Picture):
            yield PICTURE if pictures else ""
        else:
            yield no_space(words(block.runs))


def got(source: Source) -> Iterator[Piece]:
    for item in source:
        if isinstance(item, Table):
            yield tuple(tuple(map(no_space, row)) for row in item.rows)
        else:
            yield no_space(item.text)


def test_word(made: Made) -> None:
    source = read(made.docx)
    assert joined(got(source)) == joined(wanted(made.document))
    assert not any(isinstance(item, Line) and item.wrapped for item in source)


def test_pdf(made: Made) -> None:
    source = read(made.pdf)
    found, right = joined(got(source)), joined(wanted(made.document, pictures=True))
    assert len(found) == len(right)
    for one, other in zip(found, right, strict=True):
        if isinstance(other, str) and PICTURE in other:
            assert isinstance(one, str)
            assert re.fullmatch(re.escape(other).replace(PICTURE, ".{10,900}"), one)
        else:
            assert one == other
    assert all(item.wrapped for item in source if isinstance(item, Line))


def test_sheet(made: Made) -> None:
    report = [item for item in read(made.workbook) if "“监控报告”" in item.label]
    assert joined(got(tuple(report))) == joined(wanted(made.document))


def test_forms(made: Made) -> None:
    """监控表: a page of merged cells; each of its texts is read once."""
    for path in sorted(made.forms.iterdir())[:3]:
        source = read(path)
        cells = [cell for item in source if isinstance(item, Table) for row in item.rows for cell in row]
        assert sum(map(bool, cells)) > 20
        assert {len(row) for item in source if isinstance(item, Table) for row in item.rows}


def test_the_comparison_can_fail(made: Made) -> None:
    """A lost line, two cells that changed places, and a wrong order are seen."""
    right = joined(wanted(made.document))
    source = read(made.docx)
    assert joined(got(source[1:])) != right
    assert joined(got((source[1], source[0], *source[2:]))) != right
    number = next(at for at, item in enumerate(source) if isinstance(item, Table))
    table = source[number]
    assert isinstance(table, Table)
    turned = Table((*table.rows[:-1], tuple(reversed(table.rows[-1]))), table.label)
    assert joined(got((*source[:number], turned, *source[number + 1 :]))) != right
