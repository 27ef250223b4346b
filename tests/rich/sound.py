"""What Excel would repair or silently lose: references inside a file that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rich.book import TYPES, Element, tag
from tests.rich.package import Parts
from xlbudget.domain.where import address


def faults(parts: Parts) -> list[str]:
    """Everything in a file that does not hold together."""
    return [
        *_dangling(parts),
        *_orphans(parts),
        *_chain(parts),
        *_notes(parts),
        *_shapes(parts),
        *_counts(parts),
    ]


def _dangling(parts: Parts) -> Iterator[str]:
    """Relations to parts that are not there, parts without type, types of parts that are not there."""
    for source in ("", *(name for name in parts if not name.endswith(".rels"))):
        for _, _, target in parts.relations(source):
            if target not in parts and ":" not in target:
                yield f"{source} → {target}"
    yield from (f"{name} has no type" for name in parts if name != TYPES and not parts.content_type(name))
    for one in parts.root(TYPES).iter(tag("ct", "Override")):
        if one.get("PartName", "").lstrip("/") not in parts:
            yield f"{one.get('PartName')} is declared only"


def _orphans(parts: Parts) -> Iterator[str]:
    """Cells that share a formula which stands nowhere."""
    for name, part in parts.sheets().items():
        shared = [one for one in parts.root(part).iter(tag("m", "f")) if one.get("t") == "shared"]
        masters = {one.get("si") for one in shared if one.get("ref")}
        yield from (
            f"{name} shares formula {one.get('si')}" for one in shared if one.get("si") not in masters
        )


def _chain(parts: Parts) -> Iterator[str]:
    """Cells in the chain of calculation that have no formula: Excel asks whether to repair."""
    book = parts.root(parts.workbook())
    names = {one.get("sheetId", ""): one.get("name", "") for one in book.iter(tag("m", "sheet"))}
    formulas = {
        (name, cell.get("r"))
        for name, part in parts.sheets().items()
        for cell in parts.root(part).iter(tag("m", "c"))
        if cell.find(tag("m", "f")) is not None
    }
    for chain in parts.related(parts.workbook(), "calcChain"):
        for one in parts.root(chain):
            if (names.get(one.get("i", "")), one.get("r")) not in formulas:
                yield f"chain of calculation: {names.get(one.get('i', ''))}!{one.get('r')}"


def _notes(parts: Parts) -> Iterator[str]:
    """Notes without a box in the drawing that the sheet shows, boxes without a note, and boxes in a page header."""
    for name, part in parts.sheets().items():
        notes = {
            one.get("ref", "")
            for comments in parts.related(part, "comments")
            for one in parts.root(comments).iter(tag("m", "comment"))
        }
        shown, header = parts.shown_by(name, "legacyDrawing"), parts.shown_by(name, "legacyDrawingHF")
        boxes = boxes_of(parts, shown)
        yield from (f"{name}!{cell} has a note without a box" for cell in sorted(notes - set(boxes)))
        yield from (f"{name}!{cell} has a box without a note" for cell in sorted(set(boxes) - notes))
        yield from (
            f"{name}!{cell} has {boxes.count(cell)} boxes" for cell in set(boxes) if boxes.count(cell) > 1
        )
        yield from (
            f"{name} has boxes of notes in its page header: {cell}" for cell in boxes_of(parts, header)
        )


def _shapes(parts: Parts) -> Iterator[str]:
    """Shapes of one number in a VML drawing, and controls of a sheet without their shape."""
    for name, part in parts.sheets().items():
        for element in ("legacyDrawing", "legacyDrawingHF"):
            shown = parts.shown_by(name, element)
            shapes = parts.root(shown).findall(tag("v", "shape")) if shown else []
            numbers = [
                (one.get(tag("o", "spid"), one.get("id", ""))).removeprefix("_x0000_s") for one in shapes
            ]
            for number in sorted({one for one in numbers if numbers.count(one) > 1}):
                yield f"{name} has {numbers.count(number)} shapes {number}"
            if element == "legacyDrawing":
                controls = [one.get("shapeId", "") for one in parts.root(part).iter(tag("m", "control"))]
                yield from (
                    f"{name} has no shape for control {one}" for one in controls if one not in numbers
                )


def boxes_of(parts: Parts, drawing: str) -> list[str]:
    """The cells whose notes a VML drawing shows."""
    found = parts.root(drawing).findall(tag("v", "shape")) if drawing else []
    return [cell for cell in map(note_of, found) if cell]


def note_of(shape: Element) -> str:
    """The cell whose note a shape is; empty for any other shape."""
    data = shape.find(tag("x", "ClientData"))
    if data is None or data.get("ObjectType") != "Note":
        return ""
    row, column = (int(data.findtext(tag("x", name)) or 0) for name in ("Row", "Column"))
    return address(row + 1, column + 1)


def _counts(parts: Parts) -> Iterator[str]:
    """Collections of looks whose number of entries is not what they say."""
    for part in parts.related(parts.workbook(), "styles"):
        for group in parts.root(part):
            if group.get("count") is not None and int(group.get("count", "")) != len(group):
                yield f"{group.tag.partition('}')[2]} count"
