"""PDFs made with typst for tests, and what is read of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from xlbudget.readers import Reading, read_bytes

HEAD = """
#set page(paper: "a4", margin: 25mm, footer: align(center, context [— #counter(page).display() —]))
#set text(font: "Noto Serif SC", size: 12pt, lang: "zh", region: "cn")
#set par(justify: true, leading: 0.9em, first-line-indent: (amount: 2em, all: true))
#set table(inset: 5pt)
#show table: set par(first-line-indent: 0pt, justify: false)
"""


@cache
def _fonts() -> Any:
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    return typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])


def pdf(body: str, *, head: str = HEAD) -> bytes:
    """A typst text as a PDF."""
    import typst

    made = typst.compile((head + body).encode(), font_paths=_fonts(), format="pdf")
    assert isinstance(made, bytes)
    return made


def quoted(text: str) -> str:
    """A text as a string of typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'#text("{escaped}")'


def table(rows: list[list[str]], extra: str = "") -> str:
    cells = ", ".join(f"[{quoted(cell)}]" for row in rows for cell in row)
    return f"#table(columns: {len(rows[0])}, {extra}{cells})\n"


def reading(content: bytes) -> Reading:
    return read_bytes(Path("报告.pdf"), content)
