"""Notes, and the shapes that show them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.excel_rules.package import NS, Book, Element, Package, Sheet, length, tag, told
from tests.excel_rules.packaging import twice
from tests.excel_rules.places import Place, place_of
from tests.excel_rules.rule import PROJECTS, books, rule, sub

VML, SECOND, COMMENTS = "xl/drawings/vmlDrawing1.vml", "xl/drawings/vmlDrawing2.vml", "xl/comments1.xml"
BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a sheet."""

    sheet: Sheet
    part: str
    root: Element

    @property
    def comments(self) -> list[Element]:
        return self.root.findall("m:commentList/m:comment", NS)


def notes(package: Package) -> Iterator[Notes]:
    for sheet in package.book.sheets if package.book else ():
        yield from (Notes(sheet, part, package.root(part)) for part in sheet.related("comments"))


@rule(
    notes,
    "ECMA-376 part 1, CT_Comment",
    sub("run", COMMENTS, 'authorId="0"', 'authorId="5"'),
    sub("run", COMMENTS, r"(<comment .*?</comment>)", r"\1\1"),
    sub("run", COMMENTS, '<comment ref="[^"]*"', '<comment ref="A0"'),
)
def notes_have_cells_and_authors(one: Notes) -> Iterator[str]:
    """A cell has one note, and its author is known."""
    authors = len(one.root.findall("m:authors/m:author", NS))
    yield from twice(note.get("ref") for note in one.comments)
    for note in one.comments:
        if int(note.get("authorId", "0")) >= authors or place_of(note.get("ref")) is None:
            yield told(note)


@rule(
    notes,
    "support.microsoft.com: 32,767 characters of a cell's text; the same holds for notes",
    sub("run", COMMENTS, "(<t[^>]*>)[^<]*", lambda m: f"{m[1]}{'字' * 32_768}"),
)
def notes_are_short(one: Notes) -> Iterator[str]:
    """A note has at most 32,767 characters."""
    yield from (
        str(note.get("ref")) for note in one.comments if length("".join(map(str, note.itertext()))) > 32_767
    )


def number_of(shape: Element) -> str:
    """The number in _x0000_s1025, or the id as it is."""
    return (shape.get(tag("o:spid")) or shape.get("id") or "").removeprefix("_x0000_s")


def places(drawing: Element) -> Iterator[tuple[Element, Place]]:
    """The shapes of notes with their cells."""
    for shape in drawing.iter(tag("v:shape")):
        data = shape.find("x:ClientData", NS)
        if data is not None and data.get("ObjectType") == "Note":
            row, column = (int(data.findtext(f"x:{name}", "-1", NS)) for name in ("Row", "Column"))
            yield shape, Place(row + 1, column + 1)


@rule(
    notes,
    "openxlsx2 issue 535, abap2xlsx issue 1214: notes and shapes that do not belong together",
    sub("run", VML, "<x:Row>[0-9]+</x:Row>", "<x:Row>50</x:Row>"),
    sub("run", PROJECTS, "<legacyDrawing[^>]*/>", ""),
    sub("run", VML, "<v:shape .*?</v:shape>", ""),
)
def notes_have_shapes(one: Notes) -> Iterator[str]:
    """Every note has a shape in the drawing that the sheet shows, and every shape a note."""
    part = one.sheet.shown("legacyDrawing")
    shapes = Counter(place for _, place in places(one.sheet.package.root(part))) if part else Counter[Place]()
    cells = Counter(place_of(note.get("ref")) or Place(0, 0) for note in one.comments)
    if shapes != cells:
        yield f"{list((shapes - cells).items())[:3]} {list((cells - shapes).items())[:3]}"


@rule(
    notes,
    "[MS-OE376] x:Anchor: eight numbers",
    sub("run", VML, "<x:Anchor>[^<]*", "<x:Anchor>11, 12, 4, 6"),
    sub("run", VML, "<x:Anchor>[^<]*", "<x:Anchor>11, 12, 4, 6, 10, 0, 8, 0"),
    sub("run", VML, "<x:Anchor>[^<]*", "<x:Anchor>16384, 12, 4, 6, 16385, 0, 8, 0"),
)
def shapes_are_on_the_sheet(one: Notes) -> Iterator[str]:
    """The shape of a note begins before it ends, within the sheet."""
    part = one.sheet.shown("legacyDrawing")
    for shape, _ in places(one.sheet.package.root(part)) if part else ():
        anchor = [
            int(number) for number in re.findall(r"-?\d+", shape.findtext("x:ClientData/x:Anchor", "", NS))
        ]
        if len(anchor) != 8 or min(anchor) < 0:
            yield str(anchor)
            continue
        left, _, top, _, right, _, bottom, _ = anchor
        if left > right or top > bottom or right > 16_383 or bottom > 1_048_575:
            yield str(anchor)


@rule(
    books,
    "ISO/IEC 29500-1, 14.2.2.14 idmap; exceljs pull request 3070: Excel wants to repair workbooks with shared blocks",
    sub("run", SECOND, 'data="2"', 'data="1"'),
    sub("run", SECOND, "_x0000_s2049", "_x0000_s1025"),
    sub("run", SECOND, "_x0000_s2049", "_x0000_s9999"),
)
def shapes_have_numbers_of_their_own(book: Book) -> Iterator[str]:
    """No two drawings claim a block of shape numbers, no two shapes have a number, and it lies in a block of the drawing."""
    claimed: list[str] = []
    numbers: list[str] = []
    for part in (name for name in book.package.parts if name.endswith(".vml")):
        root = book.package.root(part)
        data = ",".join(one.get("data", "") for one in root.iter(tag("o:idmap")))
        blocks = {int(one) for one in data.split(",") if one.strip()}
        claimed += map(str, blocks)
        found = [number for one in root.iter(tag("v:shape")) if (number := number_of(one)).isdecimal()]
        numbers += found
        yield from (
            f"{part} {number} not in {blocks}" for number in found if int(number) // BLOCK not in blocks
        )
    yield from (f"block {one}" for one in twice(claimed))
    yield from (f"shape {one}" for one in twice(numbers))
