"""Notes on cells: a comments part and its drawing. Ours carry our author name; everybody else's stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count

from lxml import etree

from xlbudget.domain.where import address
from xlbudget.files.parts import Parts
from xlbudget.files.xml import XML_SPACE, Element, escape, tag
from xlbudget.hosts.rowtree import split_address
from xlbudget.layout.fill import Mark, is_our_note
from xlbudget.layout.formula import COLUMNS, ROWS

AUTHOR = "xlbudget"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
VML = "urn:schemas-microsoft-com:vml"
OFFICE = "urn:schemas-microsoft-com:office:office"
EXCEL = "urn:schemas-microsoft-com:office:excel"
_BLOCK = 1024
"""Shapes of a workbook are numbered in blocks of so many, and no two drawings have one in common: where they do, Excel wants to
repair the file (ISO/IEC 29500-1, 14.2.2.14 idmap; exceljs pull request 3070)."""
_IDMAPS = re.compile(rb"<(?:\w+:)?idmap\b[^>]*?\bdata=[\"']([\d, ]*)")
_NUMBERED = re.compile(r"_x0000_s([0-9]{1,9})")
_SHAPES = re.compile(rb"[\"']_x0000_s(\d{1,9})[\"']")

BLANK_COMMENTS = f'<comments xmlns="{tag("x")[1:-2]}"><authors/><commentList/></comments>'.encode()


class Blocks:
    """The blocks of shape numbers that drawings of a workbook have, as far as they are known, and new ones."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @cached_property
    def _owners(self) -> Counter[int]:
        """Of each block the number of drawings that claim it or have shapes in it. Old ones are no sound XML."""
        owners = Counter[int]()
        for name in self._parts.names():
            if name.lower().endswith(".vml"):
                content = self._parts.content(name)
                claimed = _numbers(b",".join(_IDMAPS.findall(content)))
                owners.update({*claimed, *(int(one) // _BLOCK for one in _SHAPES.findall(content))})
        return owners

    def of(self, drawing: Element) -> list[int]:
        """The blocks that a drawing has for itself."""
        idmap = drawing.find(f".//{{{OFFICE}}}idmap")
        data = "" if idmap is None else idmap.get("data", "")
        return [block for block in _numbers(data.encode()) if self._owners[block] == 1]

    def new(self) -> int:
        """A block that no drawing has."""
        block = next(number for number in count(1) if not self._owners[number])
        self._owners[block] = 1
        return block


def _numbers(data: bytes) -> list[int]:
    return [int(one) for one in data.split(b",") if one.strip().isdigit()]


def write_notes(
    parts: Parts, sheet: str, drawing: str | None, marks: Sequence[Mark], blocks: Blocks
) -> str | None:
    """Put notes on a sheet whose drawing of notes (legacyDrawing) is known; ours of an earlier run go.

    Returns the drawing where one had to be made.
    """
    comments = parts.related(sheet, "comments")
    if not marks and (comments is None or not _ours(parts.root(comments))):
        return None
    made = None
    if comments is None:
        comments = parts.add("xl/comments{}.xml", BLANK_COMMENTS, _COMMENTS_TYPE)
        parts.relate(sheet, "comments", comments)
    if drawing is None:
        drawing = made = parts.add("xl/drawings/vmlDrawing{}.vml", blank_drawing(blocks.new()), _VML_TYPE)
    replace_notes(
        parts.writable(comments, "comments", sheet), parts.writable(drawing, "xml", sheet), marks, blocks
    )
    parts.touch(comments, drawing)
    return made


def _ours(comments: Element) -> list[Element]:
    """Our notes among all of a sheet."""
    authors = [one.text for one in comments.iterfind(f"{tag('authors')}/{tag('author')}")]
    ours = {str(index) for index, name in enumerate(authors) if name == AUTHOR}
    # Excel signs notes that are made in it with its user's name, LibreOffice forgets authors.
    return [
        one
        for one in comments.iter(tag("comment"))
        if one.get("authorId") in ours or is_our_note("".join(map(str, one.itertext())))
    ]


def blank_drawing(block: int) -> bytes:
    """A drawing without notes; `block` numbers the sheet, so that shape ids are unique in the workbook."""
    return (
        f'<xml xmlns:v="{VML}" xmlns:o="{OFFICE}" xmlns:x="{EXCEL}">'
        f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
    ).encode()


def replace_notes(comments: Element, drawing: Element, marks: Sequence[Mark], blocks: Blocks) -> None:
    """Take our old notes away and put the marks' in; a cell with somebody else's note keeps that one."""
    authors, items = comments.find(tag("authors")), comments.find(tag("commentList"))
    if authors is None:
        authors = etree.Element(tag("authors"))
        comments.insert(0, authors)
    if items is None:
        items = etree.SubElement(comments, tag("commentList"))
    old = _ours(comments)
    for one in old:
        items.remove(one)
    taken = {one.get("ref", "").strip() for one in items}
    added = [mark for mark in marks if address(*mark.at) not in taken]
    # Where a cell has no note any more, a shape is left over from one that was lost.
    cells = [*(split_address(one.get("ref", "A1")) for one in old), *(mark.at for mark in added)]
    _remove_shapes(drawing, set(cells))
    for mark in added:
        items.append(_comment(mark, _author(authors)))
    items[:] = sorted(items, key=lambda one: split_address(one.get("ref", "A1")))
    _add_shapes(drawing, [mark.at for mark in added], blocks)


def _author(authors: Element) -> str:
    for index, one in enumerate(authors):
        if one.text == AUTHOR:
            return str(index)
    etree.SubElement(authors, tag("author")).text = AUTHOR
    return str(len(authors) - 1)


def _comment(mark: Mark, author: str) -> Element:
    comment = etree.Element(tag("comment"), ref=address(*mark.at), authorId=author)
    run = etree.SubElement(etree.SubElement(comment, tag("text")), tag("r"))
    look = etree.SubElement(run, tag("rPr"))
    etree.SubElement(look, tag("sz"), val="10")
    etree.SubElement(look, tag("rFont"), val="宋体")
    etree.SubElement(look, tag("charset"), val="134")
    text = etree.SubElement(run, tag("t"))
    text.text = escape(mark.text)
    text.set(XML_SPACE, "preserve")
    return comment


def _place(shape: Element) -> tuple[int, int]:
    row, column = shape.find(f".//{{{EXCEL}}}Row"), shape.find(f".//{{{EXCEL}}}Column")
    if row is None or column is None:
        return 0, 0
    texts = (row.text or "").strip(), (column.text or "").strip()
    if not all(text.isascii() and text.isdecimal() for text in texts):
        return 0, 0
    return int(texts[0]) + 1, int(texts[1]) + 1


def _remove_shapes(drawing: Element, places: set[tuple[int, int]]) -> None:
    for shape in drawing.findall(f"{{{VML}}}shape"):
        if _place(shape) in places:
            drawing.remove(shape)


def _shape_numbers(drawing: Element) -> set[int]:
    """The numbers of shapes of all kinds, as in groups."""
    names = (one.get(f"{{{OFFICE}}}spid") or one.get("id") or "" for one in drawing.iter())
    return {int(match[1]) for name in names if (match := _NUMBERED.fullmatch(name))}


def _free(drawing: Element, blocks: Blocks) -> Iterator[int]:
    """Numbers for new shapes of a drawing: what is left of its own blocks, then new blocks."""
    used, own = _shape_numbers(drawing), blocks.of(drawing)
    for block in (own[index] if index < len(own) else blocks.new() for index in count()):
        yield from (
            number for number in range(block * _BLOCK + 1, (block + 1) * _BLOCK) if number not in used
        )


def _map_blocks(drawing: Element) -> None:
    """Let a drawing say which blocks its shapes are in."""
    idmap = drawing.find(f".//{{{OFFICE}}}idmap")
    if idmap is None:
        drawing.insert(0, etree.fromstring(blank_drawing(1))[0])
        idmap = next(drawing.iter(f"{{{OFFICE}}}idmap"))
    idmap.set("data", ",".join(map(str, sorted({one // _BLOCK for one in _shape_numbers(drawing)}))))


def _add_shapes(drawing: Element, places: Sequence[tuple[int, int]], blocks: Blocks) -> None:
    if not places:
        return
    kinds = {one.get("id") for one in drawing.findall(f"{{{VML}}}shapetype")}
    if "_x0000_t202" not in kinds:
        drawing.append(etree.fromstring(blank_drawing(1))[-1])
    for number, (row, column) in zip(_free(drawing, blocks), places, strict=False):
        left, right = min(column, COLUMNS - 2), min(column + 4, COLUMNS - 1)
        top, bottom = max(0, row - 2), min(row + 4, ROWS - 1)
        anchor = f"{left}, 12, {top}, 6, {right}, 20, {bottom}, 10"
        shape = (
            f'<v:shape xmlns:v="{VML}" xmlns:o="{OFFICE}" xmlns:x="{EXCEL}" id="_x0000_s{number}" '
            'type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" '
            'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
            '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
            '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
            f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
            f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
        )
        drawing.append(etree.fromstring(shape))
    _map_blocks(drawing)
