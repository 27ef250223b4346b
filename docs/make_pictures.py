"""Make docs/pictures from the sample: pages of the report and the sheets. Needs LibreOffice and poppler.

Run it as `uv run python docs/make_pictures.py`.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from xlbudget import app

PICTURES = Path(__file__).parent / "pictures"


def pages(pdf: Path, prefix: str, resolution: int) -> None:
    """One PNG a page, named prefix-1.png …"""
    subprocess.run(["pdftoppm", "-r", str(resolution), "-png", str(pdf), str(PICTURES / prefix)], check=True)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        source = app.create(folder / "s.xlsx", sample=True)
        app.run(source, app.Destinations(folder / "out.xlsx", folder / "r.docx", folder / "r.pdf"))
        pages(folder / "r.pdf", "report", 60)
        profile = (folder / "profile").as_uri()
        office = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", work, str(folder / "out.xlsx")], check=True, capture_output=True)
        pages(folder / "out.pdf", "sheet", 50)


if __name__ == "__main__":
    main()
