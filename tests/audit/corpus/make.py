"""Builds the Word and PDF reports of the corpus: `python -m tests.audit.corpus.make [NAME…]`."""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.audit.corpus.source import Block, Source, cells_of, read_source
from tests.office.conftest import converted

HERE = Path(__file__).parent
_DATED = datetime(2024, 1, 1, tzinfo=UTC)


def _word_font(run: Any, family: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.size, run.font.name = Pt(size), family
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)


def _word_text(paragraph: Any, text: str, family: str, size: float) -> None:
    """Several runs with borders inside words and numbers, as Word leaves them after editing."""
    lengths, start = cycle((9, 4, 17, 6, 23)), 0
    while start < len(text):
        end = start + next(lengths)
        _word_font(paragraph.add_run(text[start:end]), family, size)
        start = end


def _word_table(document: Any, block: Block, options: dict[str, str]) -> None:
    table = document.add_table(len(block.rows), len(block.rows[0]))
    table.style = options.get("grid", "Table Grid")
    for cell in cells_of(block.rows):
        place = table.cell(cell.row, cell.column)
        if cell.columns * cell.rows > 1:
            place = place.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
        _word_text(place.paragraphs[0], cell.text, "宋体", 10.5)


def _word_block(document: Any, block: Block, options: dict[str, str]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    if block.kind == "table":
        _word_table(document, block, options)
        return
    paragraph = document.add_paragraph(style="List Number" if block.kind == "item" else None)
    if block.kind in {"title", "caption"}:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if block.kind == "paragraph":
        paragraph.paragraph_format.first_line_indent = Pt(32)
    family, size = {"title": ("宋体", 22.0), "heading": ("黑体", 16.0)}.get(block.kind, ("仿宋", 16.0))
    _word_text(paragraph, block.text, family, size)


def _undated(made: bytes) -> bytes:
    """The same archive with all members dated 1980, so that building twice gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word(source: Source) -> bytes:
    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.author = properties.comments = ""
    properties.created = properties.modified = _DATED.replace(tzinfo=None)
    if header := source.options.get("header"):
        document.sections[0].header.paragraphs[0].text = header
    for block in source.blocks:
        _word_block(document, block, source.options)
    package = document.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del package.rels[key]
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _typst_table(block: Block, options: dict[str, str]) -> str:
    cells = [
        f"table.cell(x: {one.column}, y: {one.row}, colspan: {one.columns}, rowspan: {one.rows}, {_quoted(one.text)})"
        for one in cells_of(block.rows)
    ]
    stroke = options.get("stroke", "0.5pt")
    return f"#table(columns: {len(block.rows[0])}, stroke: {stroke}, {', '.join(cells)})"


def _typst_block(block: Block, options: dict[str, str]) -> str:
    text = _quoted(block.text)
    if block.kind == "table":
        return f"#[#set par(first-line-indent: 0pt)\n#set text(size: 9pt)\n{_typst_table(block, options)}]"
    if block.kind in {"title", "caption"}:
        size = {"title": 18, "caption": 12}[block.kind]
        return f"#align(center, text(size: {size}pt, {text}))"
    if block.kind == "item":
        return f"+ #{text}"
    font = options.get("heading", "Noto Serif SC") if block.kind == "heading" else "Noto Serif SC"
    return f"#par(text(font: {_quoted(font)}, {text}))"


def _typst(source: Source) -> str:
    options = source.options
    header = f"[#set text(size: 9pt)\n#{_quoted(options['header'])}]" if "header" in options else "none"
    pattern = options.get("pages", "— 1 —")
    return "\n\n".join(
        [
            f"#set page(paper: {_quoted(options.get('paper', 'a4'))}, header: {header}, numbering: {_quoted(pattern)})",
            f'#set text(font: "Noto Serif SC", lang: "zh", size: {options.get("size", "14")}pt)',
            f"#set par(first-line-indent: (amount: 2em, all: true), leading: {options.get('leading', '1em')}, justify: true)",
            *(_typst_block(block, options) for block in source.blocks),
        ]
    )


def pdf(source: Source) -> bytes:
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
    made = typst.compile(_typst(source).encode(), font_paths=fonts, format="pdf", timestamp=_DATED)
    assert isinstance(made, bytes)
    return made


def office_pdf(source: Source) -> bytes:
    """The PDF that LibreOffice prints of the Word file; raises RuntimeError where it hangs three times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.docx").write_bytes(word(source))
        # It hangs now and then, with any file.
        if not any(converted(folder / f"profile{n}", folder / "report.docx", "pdf") for n in range(3)):
            raise RuntimeError("LibreOffice did not print the report")
        return (folder / "report.pdf").read_bytes()


def build(path: Path) -> bytes:
    """The bytes of the report that a source describes."""
    source = read_source(path)
    if "office" in source.options:
        return office_pdf(source)
    return {"docx": word, "pdf": pdf}[source.suffix](source)


def target(path: Path) -> Path:
    return path.parent.parent / f"{path.stem}.{read_source(path).suffix}"


def sources() -> list[Path]:
    return sorted(HERE.glob("*/sources/*.txt"))


def main(wanted: list[str]) -> None:
    for path in sources():
        if not wanted or path.stem in wanted:
            target(path).write_bytes(build(path))


if __name__ == "__main__":
    main(sys.argv[1:])
