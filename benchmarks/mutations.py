"""Change every number of our own reports, one at a time: how many changes does the audit notice?

`uv run python benchmarks/mutations.py [WORKBOOK...]` prints the share with and without `--against` (docs/audit.md).
Without a workbook it takes the sample.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from xlbudget import app
from xlbudget.audit.against import Witness
from xlbudget.audit.audit import audit
from xlbudget.audit.own_report import own_report
from xlbudget.audit.source import Line, Source
from xlbudget.audit.truth import Truth
from xlbudget.export.docx import render_docx
from xlbudget.readers import read_bytes

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
    document = app.report_of(opened)
    source = read_bytes(Path("report.docx"), render_docx(document)).source
    witness = Witness(Truth(opened.case), own_report(document).source)
    before = len(audit(source, witness).findings), len(audit(source).findings)
    number = against = alone = 0
    for mutant in mutants(source):
        number += 1
        against += len(audit(mutant, witness).findings) > before[0]
        alone += len(audit(mutant).findings) > before[1]
    return number, against, alone


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = [Path(name) for name in sys.argv[1:]]
        for workbook in given or [app.create(Path(folder) / "样例.xlsx", sample=True)]:
            number, against, alone = shares(workbook)
            print(
                f"{workbook.name}: {number} numbers, {against / number:.1%} against the workbook, {alone / number:.1%} alone"
            )


if __name__ == "__main__":
    main()
