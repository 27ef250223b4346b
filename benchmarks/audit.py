"""How good and how fast the audit is: `uv run python benchmarks/audit.py [WORKBOOK...]` (docs/audit.md).

Every number of our own reports is changed, one at a time: how many changes are noticed, with and without `--against`?
Without a workbook it takes the sample. Then a report of about a hundred pages is read and audited, as Word and as PDF.

`--precision [FOLDER...]`: labelled reports instead (tests/audit/corpus, or any folder of reports with their YAML): what is found,
who is accused wrongly, by relation and by kind. `--digits [FOLDER...]`: one digit of their numbers changed at a time.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf

from benchmarks import precision
from xlbudget import app
from xlbudget.audit.against import Witness
from xlbudget.audit.audit import audit
from xlbudget.audit.own_report import own_report
from xlbudget.audit.source import Line, Source
from xlbudget.audit.truth import Truth
from xlbudget.export.docx import render_docx
from xlbudget.export.pdf import render_pdf
from xlbudget.readers import read_bytes
from xlbudget.report.document import Document

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def changed(number: str) -> str:
    """Another number with as many decimals."""
    decimals = len(number.partition(".")[2])
    return f"{float(number) + 1:.{decimals}f}"


def mutants(source: Source) -> Iterator[Source]:
    """The document with one number changed, for each of its numbers."""
    for at, item in enumerate(source):
        if isinstance(item, Line):
            for text in _texts(item.text):
                yield (*source[:at], replace(item, text=text), *source[at + 1 :])
            continue
        for row, cells in enumerate(item.rows):
            for column, cell in enumerate(cells):
                for text in _texts(cell):
                    line = (*cells[:column], text, *cells[column + 1 :])
                    rows = (*item.rows[:row], line, *item.rows[row + 1 :])
                    yield (*source[:at], replace(item, rows=rows), *source[at + 1 :])


def _texts(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        yield text[: match.start()] + changed(match.group()) + text[match.end() :]


def shares(workbook: Path) -> tuple[int, int, int]:
    """How many numbers the Word report of a workbook has; how many changes are noticed against it, and alone."""
    opened = app.open_workbook(workbook)
    document = opened.report
    source = read_bytes(Path("report.docx"), render_docx(document)).source
    witness = Witness(Truth(opened.case), own_report(document).source)
    before = len(audit(source, witness).findings), len(audit(source).findings)
    number = against = alone = 0
    for mutant in mutants(source):
        number += 1
        against += len(audit(mutant, witness).findings) > before[0]
        alone += len(audit(mutant).findings) > before[1]
    return number, against, alone


def long_report() -> Document:
    """The sample's report over and over, about a hundred pages."""
    with tempfile.TemporaryDirectory() as folder:
        document = app.open_workbook(app.create(Path(folder) / "样例.xlsx", sample=True)).report
    return dataclasses.replace(document, blocks=document.blocks * 28)


def time_long_report() -> None:
    document = long_report()
    for name, content in (("report.docx", render_docx(document)), ("report.pdf", render_pdf(document))):
        started = time.perf_counter()
        source = read_bytes(Path(name), content).source
        read = time.perf_counter()
        audit(source)
        pages = f", {len(pypdf.PdfReader(io.BytesIO(content)).pages)} pages" if name.endswith("pdf") else ""
        print(f"{name}{pages}: read in {read - started:.1f} s, audited in {time.perf_counter() - read:.1f} s")


def print_own_reports(workbooks: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for workbook in workbooks or [app.create(Path(folder) / "样例.xlsx", sample=True)]:
            number, against, alone = shares(workbook)
            print(
                f"{workbook.name}: {number} numbers, {against / number:.1%} against the workbook, {alone / number:.1%} alone"
            )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("workbooks", nargs="*", type=Path, metavar="WORKBOOK")
    options.add_argument(
        "--precision", nargs="*", metavar="FOLDER", help="labelled reports against their truth"
    )
    options.add_argument(
        "--digits", nargs="*", metavar="FOLDER", help="one digit of a number changed at a time"
    )
    given = options.parse_args()
    if given.precision is not None:
        for line in precision.precision_page(given.precision or precision.CORPORA):
            print(line)
    if given.digits is not None:
        for corpus in given.digits or precision.CORPORA:
            made, noticed = precision.digits(corpus)
            print(f"{made:>9} changed digits, {precision.share(noticed, made)} noticed  {corpus}")
    if given.precision is None and given.digits is None:
        print_own_reports(given.workbooks)
        time_long_report()


if __name__ == "__main__":
    main()
