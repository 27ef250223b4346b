"""Make docs/pictures from the sample: pages of the report and the sheets. Needs LibreOffice, poppler and WeasyPrint.

Run it as `uv run --with weasyprint python docs/make_pictures.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
from pypdf import PdfReader

from xlbudget import app, auditing, layout

PICTURES = Path(__file__).parent / "pictures"


NAMES = dict(zip(layout.SHEET_ORDER, (
    "front", "projects", "indicators", "key-works", "corrections", "notes",
    "check", "stats", "report-sheet", "forms", "charts", "guide",
), strict=True))  # fmt: skip


def pages(pdf: Path, name: str, first: int = 1, last: int = 0) -> None:
    """Picture the pages from first to last (0: to the end), numbered from 1."""
    for number, page in enumerate(range(first, (last or len(PdfReader(pdf).pages)) + 1), 1):
        command = ["pdftoppm", "-r", "60", "-png", "-singlefile", "-f", str(page), "-l", str(page), str(pdf)]
        subprocess.run([*command, str(PICTURES / f"{name}-{number}")], check=True)


def sheets(pdf: Path, wanted: Mapping[str, str]) -> None:
    """Picture the wanted sheets of a workbook; LibreOffice gives each a bookmark."""
    reader = PdfReader(pdf)
    starts = [(str(one.title), (reader.get_destination_page_number(one) or 0) + 1) for one in reader.outline]
    ends = [start - 1 for _, start in starts[1:]] + [len(reader.pages)]
    for (name, start), end in zip(starts, ends, strict=True):
        if name in wanted:
            pages(pdf, wanted[name], start, end)


def as_pdf(source: Path) -> Path:
    """Convert a file with LibreOffice, which hangs now and then: it gets three attempts."""
    for attempt in range(3):
        profile = (source.parent / f"profile{attempt}").as_uri()
        office = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        process = subprocess.Popen(
            [*office, "--outdir", str(source.parent / "pdf"), str(source)], start_new_session=True
        )
        try:
            process.wait(timeout=60)
            return source.parent / "pdf" / f"{source.stem}.pdf"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    raise SystemExit(f"LibreOffice did not convert {source.name}")


def mistakes(source: Path, target: Path) -> None:
    """The sample with what people get wrong: an amount in words, a month missing, spending above the budget."""
    book = openpyxl.load_workbook(source)
    projects = book[layout.PROJECTS.name]
    projects["I6"], projects["G8"], projects["K9"] = "两万多", None, 1.8
    book.save(target)


AUDITED = Path(__file__).parents[1] / "tests/audit/corpus/open/civil-affairs-aug.docx"


def audit_page(folder: Path) -> Path:
    """The page of an audit, as it is printed."""
    import weasyprint

    auditing.audit_document(AUDITED, html=folder / "audit.html")
    weasyprint.HTML(str(folder / "audit.html")).write_pdf(str(folder / "audit.pdf"))
    return folder / "audit.pdf"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        source = app.create(folder / "s.xlsx", sample=True)
        app.run(
            source,
            app.Destinations(folder / "out.xlsx", {".docx": folder / "r.docx", ".pdf": folder / "r.pdf"}),
        )
        pages(folder / "r.pdf", "report")
        pages(as_pdf(folder / "r.docx"), "word")
        sheets(as_pdf(folder / "out.xlsx"), NAMES)
        mistakes(source, folder / "m.xlsx")
        app.run(folder / "m.xlsx", app.Destinations(folder / "wrong.xlsx"))
        wrong = {layout.CHECK.name: "wrong-check", layout.PROJECTS.name: "wrong-projects"}
        sheets(as_pdf(folder / "wrong.xlsx"), wrong)
        app.run(app.create(folder / "s.xlsm", sample=True), app.Destinations(folder / "macro.xlsm"))
        macro = {layout.PROJECTS.name: "macro-projects", layout.INDICATORS.name: "macro-indicators"}
        sheets(as_pdf(folder / "macro.xlsm"), macro)
        pages(audit_page(folder), "audit", 1, 2)


if __name__ == "__main__":
    main()
