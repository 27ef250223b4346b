"""The manual (Markdown) as Word and PDF, with its pictures: headings, paragraphs, lists, tables, commands."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from xlbudget.export import file_date
from xlbudget.export.typesetting import chosen_fonts, typeset

_DATED = file_date(None)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_MARKS = re.compile(r"\*\*|`")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the manual: its kind (heading1…3, text, item, code, picture, table), its text or the rows of a table."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def manual_folder() -> Path:
    """The folder of README.zh-CN.md and its pictures: in a wheel beside this module, in a checkout at the top."""
    packed = Path(str(resources.files("xlbudget.machine"))) / "manual"
    return packed if packed.is_dir() else Path(__file__).parent.parent.parent


def _plain(text: str) -> str:
    """The words of a line: a link by its name, marks for bold and code left out."""
    return _MARKS.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text))).strip()


def _row(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _table(lines: Sequence[str]) -> Iterator[Part]:
    """A table as it is; one of pictures as the pictures, one below the other."""
    head, _, *body = [_row(line) for line in lines]
    pictures = [_IMAGE.search(cell) for cell in (cell for row in body for cell in row)]
    if all(pictures):
        for found in pictures:
            if found:
                yield Part("picture", found[2])
    else:
        yield Part("table", rows=tuple(tuple(map(_plain, row)) for row in (head, *body)))


def parts_of(markdown: str) -> list[Part]:
    """The parts of the manual in their order."""
    found: list[Part] = []
    for block in re.split(r"\n\s*\n", markdown):
        lines = block.rstrip().splitlines()
        if not lines:
            continue
        if lines[0].startswith("#"):
            level = len(lines[0]) - len(lines[0].lstrip("#"))
            found.append(Part(f"heading{min(level, 3)}", _plain(lines[0].lstrip("# "))))
            lines = lines[1:]
        if lines and lines[0].startswith("|"):
            found += _table(lines)
        elif lines and all(line.startswith("    ") for line in lines):
            found.append(Part("code", "\n".join(line[4:] for line in lines)))
        elif lines:
            found += _text(lines)
    return found


_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+")


def _text(lines: Sequence[str]) -> Iterator[Part]:
    """Paragraphs and items of a list; a line that goes on belongs to the one before."""
    joined: list[str] = []
    for line in lines:
        if joined and not _ITEM.match(line):
            joined[-1] += line.strip()
        else:
            joined.append(line)
    for text in joined:
        item = _ITEM.match(text)
        if words := _plain(text[item.end() :] if item else text):
            yield Part("item" if item else "text", words)
        for found in _IMAGE.finditer(text):
            yield Part("picture", found[2])


def manual_docx(parts: Sequence[Part], folder: Path) -> bytes:
    """The manual as Word."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    from xlbudget.files.archive import repack

    word: Any = docx.Document()
    for style in ("Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Title"):
        word.styles[style].font.name = "Times New Roman"
        word.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    for one in word.styles.element.iter(qn("w:lang")):
        one.set(qn("w:eastAsia"), "zh-CN")
    for part in parts:
        match part.kind:
            case "heading1":
                word.add_paragraph(part.text, style="Title")
            case "heading2" | "heading3":
                word.add_heading(part.text, int(part.kind[-1]) - 1)
            case "picture":
                word.add_picture(str(folder / part.text), width=Cm(14))
            case "table":
                table = word.add_table(0, len(part.rows[0]), style="Table Grid")
                for row in part.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
            case "item":
                word.add_paragraph(part.text, style="List Bullet")
            case kind:
                run = word.add_paragraph().add_run(part.text)
                run.font.size = Pt(9 if kind == "code" else 11)
    properties = word.core_properties
    properties.title, properties.author = parts[0].text, "xlbudget"
    properties.created = properties.modified = _DATED.replace(tzinfo=None)
    buffer = io.BytesIO()
    word.save(buffer)
    return repack(buffer.getvalue())


def manual_pdf(parts: Sequence[Part], folder: Path) -> bytes:
    """The manual as PDF."""
    names = dict.fromkeys(part.text for part in parts if part.kind == "picture")
    files = {f"picture{number}.png": (folder / name).read_bytes() for number, name in enumerate(names)}
    places = dict(zip(names, files, strict=True))
    content = [
        {"kind": one.kind, "text": places.get(one.text, one.text), "rows": [list(row) for row in one.rows]}
        for one in parts
    ]
    given = {"title": parts[0].text, "fonts": chosen_fonts(), "parts": content}
    return typeset("manual.typ", {"document": given}, "pdf", dated=_DATED, pictures=files)
