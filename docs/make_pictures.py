"""Make docs/pictures from the sample: pages of the report and the sheets. Needs LibreOffice and poppler.

Run it as `uv run python docs/make_pictures.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from xlbudget import app

PICTURES = Path(__file__).parent / "pictures"


def pages(pdf: Path, prefix: str, resolution: int) -> None:
    """One PNG a page, named prefix-1.png …"""
    subprocess.run(["pdftoppm", "-r", str(resolution), "-png", str(pdf), str(PICTURES / prefix)], check=True)


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


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        source = app.create(folder / "s.xlsx", sample=True)
        app.run(source, app.Destinations(folder / "out.xlsx", folder / "r.docx", folder / "r.pdf"))
        pages(folder / "r.pdf", "report", 60)
        pages(as_pdf(folder / "r.docx"), "word", 45)
        pages(as_pdf(folder / "out.xlsx"), "sheet", 55)


if __name__ == "__main__":
    main()
