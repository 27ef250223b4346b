"""What `run` may change in a workbook, said narrowly; everything else that differs is told."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator

from lxml import etree

from tests.rich.book import TYPES, Element, plain_text, rels_of, remove, tag
from tests.rich.package import Parts
from tests.rich.sound import faults, note_of
from xlbudget import layout
from xlbudget.domain.where import address
from xlbudget.hosts.rowtree import split_address
from xlbudget.layout.memory import MEMORY_SHEET

Judge = Callable[[Element, Element], Iterator[str]]
OWNED = {
    "sheets with computed cells (首页, 项目, 指标)": "computed columns in rows with data and the state on 首页 get values",
    "input sheets without notes": "a sheet that gets its first note shows its VML (legacyDrawing)",
    "comments and VML of input sheets": "our notes of the last run go, new ones come, wherever there are any",
    "result sheets and their drawings": "cells, merges, links, breaks; our charts take the new data",
    f"{MEMORY_SHEET}": "remembers what was written",
    "xl/styles.xml": "our looks are added at the end of each collection",
    "xl/workbook.xml": "result sheets that are missing are entered; the print titles of result sheets",
    "rels and [Content_Types].xml": "name the parts that came, and no longer the chain of calculation that went",
    "xl/calcChain.xml": "goes when a formula in an owned cell was replaced by its value, or one came there (.xlsm)",
    "sheets with formulas": "a formula keeps its text; the result beside it may be a new one",
}
"""What is owned, and why it may change."""
_RESULTS = {one.name for one in layout.RESULT_SHEETS} | {MEMORY_SHEET}
_FILLED = {"sheetData", "mergeCells", "hyperlinks", "rowBreaks", "dimension", "headerFooter", "drawing"}
_NEW_PARTS = re.compile(
    r"xl/(worksheets/sheet|comments|drawings/drawing|drawings/vmlDrawing|charts/chart|worksheets/_rels/sheet|"
    r"drawings/_rels/drawing)\d+\.(xml|vml|xml\.rels)"
)
_CELL = re.compile(r"/worksheet/sheetData\[0\]/row\[\d+\]/c\[(\w+)\]( new| @t| @cm| @vm|/.*)")
_RESULT_CHANGES = ("/v[0] text", "/v[0] new", "/v[0] gone", " @t")
_SPANS = re.compile(r"/worksheet/sheetData\[0\]/row\[\d+\] @spans")


def unexplained(before: Parts, after: Parts) -> list[str]:
    """Every difference between a workbook and what `run` made of it that is not owned; empty when all is well."""
    owned = _owned(before, after)
    found = [f"{name} new" for name in after if name not in before and not _NEW_PARTS.fullmatch(name)]
    found += faults(after)
    for name in before:
        if name not in after:
            found += [] if name in _dropped(before) else [f"{name} gone"]
        elif before[name] != after[name]:
            judge = owned.get(name)
            if judge is None:
                found.append(f"{name} changed")
            else:
                found += [f"{name} {one}" for one in judge(before.root(name), after.root(name))]
                found += _prolog(name, before[name], after[name])
    return found


def _prolog(name: str, old: bytes, new: bytes) -> Iterator[str]:
    """The start tag of the root, with its namespaces and their prefixes, must be the same to the byte."""
    tags = [
        re.search(rb"<[\w:]+[^>]*>", one[one.find(b"?>") + 2 if b"?>" in one else 0 :]) for one in (old, new)
    ]
    assert tags[0]
    assert tags[1]
    if tags[0][0].rstrip(b"/>") != tags[1][0].rstrip(b"/>"):
        yield f"{name} root tag"


def _owned(before: Parts, after: Parts) -> dict[str, Judge]:
    owned: dict[str, Judge] = {TYPES: _additions, before.workbook(): _workbook}
    owned[rels_of(before.workbook())] = _additions
    owned |= dict.fromkeys(before.related(before.workbook(), "styles"), _styles)
    for name, part in before.sheets().items():
        if name in _RESULTS:
            owned |= {part: _result, rels_of(part): _additions}
            for drawing in before.related(part, "drawing"):
                owned |= {drawing: _chart_frames, rels_of(drawing): _additions}
                owned |= dict.fromkeys(_our_charts(before, drawing), _chart)
        elif next(before.root(part).iter(tag("m", "f")), None) is not None:
            owned[part] = _input(set(), False)
    for sheet in layout.INPUT_SHEETS:
        owned |= _owned_of_input(before, after, sheet)
    return owned


def _our_charts(parts: Parts, drawing: str) -> list[str]:
    """The charts on a drawing whose frames carry our name."""
    targets = {identity: target for identity, _, target in parts.relations(drawing)}
    return [
        targets[chart.get(tag("r", "id"), "")]
        for frame in parts.root(drawing).iter(tag("xdr", "graphicFrame"))
        if next(frame.iter(tag("xdr", "cNvPr"))).get("name", "").startswith("xlbudget ")
        for chart in frame.iter(tag("c", "chart"))
    ]


def _owned_of_input(before: Parts, after: Parts, sheet: layout.Sheet) -> dict[str, Judge]:
    part = before.sheets()[sheet.name]
    first_notes = not before.related(part, "comments") and bool(after.related(part, "comments"))
    ours = our_notes(before, sheet.name) | our_notes(after, sheet.name)
    owned: dict[str, Judge] = {}
    if sheet.computed or sheet is layout.FRONT or first_notes:
        bare = first_notes and not before.shown_by(sheet.name, "legacyDrawing")
        owned[part] = _input(owned_cells(before, sheet), bare)
    if first_notes:
        owned[rels_of(part)] = _additions
    if ours:
        owned |= dict.fromkeys(before.related(part, "comments"), _comments)
        shown = before.shown_by(sheet.name, "legacyDrawing")
        owned |= {shown: _shapes(ours)} if shown else {}
    return owned


def _dropped(before: Parts) -> list[str]:
    """The chain of calculation may go when it lists an owned cell."""
    ids = {
        one.get("name", ""): one.get("sheetId", "")
        for one in before.root(before.workbook()).iter(tag("m", "sheet"))
    }
    owned = {(ids[sheet.name], cell) for sheet in layout.INPUT_SHEETS for cell in owned_cells(before, sheet)}
    results = {ids[name] for name in _RESULTS if name in ids}
    macros = "macroEnabled" in before.content_type(before.workbook())
    return [
        name
        for name in before.related(before.workbook(), "calcChain")
        if macros
        or any((one.get("i"), one.get("r")) in owned or one.get("i") in results for one in before.root(name))
    ]


# -- which cells are ours ------------------------------------------------------------------------------


def texts(parts: Parts, sheet: str) -> dict[str, str]:
    """Address → text of the cells with texts."""
    strings = [plain_text(item) for item in parts.root(parts.related(parts.workbook(), "sharedStrings")[0])]
    found = {}
    for cell in parts.root(parts.sheets()[sheet]).iter(tag("m", "c")):
        value = cell.findtext(tag("m", "v")) or ""
        text = strings[int(value)] if cell.get("t") == "s" else cell.findtext(f".//{tag('m', 't')}") or value
        found[cell.get("r", "")] = text
    return found


def owned_cells(parts: Parts, sheet: layout.Sheet) -> set[str]:
    """Computed columns in rows below the header that have a number of a project; on 首页 the cells beside its labels."""
    content = texts(parts, sheet.name)
    places = {split_address(cell): text for cell, text in content.items()}
    if sheet is layout.FRONT:
        labels = set(layout.STATE_LABELS.values())
        return {address(row, column + 1) for (row, column), text in places.items() if text in labels}
    headers = {column.header for column in sheet.computed}
    columns = [
        column for (row, column), text in places.items() if row == layout.HEADER_ROW and text in headers
    ]
    rows = [row for (row, column), text in places.items() if row > layout.HEADER_ROW and column == 1 and text]
    return {address(row, column) for row in rows for column in columns}


def our_notes(parts: Parts, sheet: str) -> set[str]:
    """Cells that carry a note of xlbudget's."""
    found = set()
    for part in parts.related(parts.sheets()[sheet], "comments"):
        authors, items = list(parts.root(part))[:2]
        names = [one.text for one in authors]
        found |= {one.get("ref", "") for one in items if names[int(one.get("authorId", ""))] == "xlbudget"}
    return found


# -- two trees -----------------------------------------------------------------------------------------


def differences(old: Element, new: Element, path: str = "") -> Iterator[str]:
    r"""Where two elements differ: "/worksheet/sheetData\[0\]/row[5]/c[T5] @t", "… new", "… gone", "… text", "… order"."""
    here = path or f"/{etree.QName(old).localname}"
    if old.tag != new.tag:
        yield f"{here} tag"
    for name in sorted({*old.attrib, *new.attrib}):
        if old.get(name) != new.get(name):
            yield f"{here} @{etree.QName(name).localname}"
    if (old.text or "") != (new.text or "") or (path and (old.tail or "") != (new.tail or "")):
        yield f"{here} text"
    before, after = _children(old), _children(new)
    yield from (f"{here}/{key} gone" for key in before if key not in after)
    yield from (f"{here}/{key} new" for key in after if key not in before)
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield f"{here} order"
    for key, child in before.items():
        if key in after:
            yield from differences(child, after[key], f"{here}/{key}")


def _children(element: Element) -> dict[str, Element]:
    """Children under their name and address, else their number among those of their name."""
    found: dict[str, Element] = {}
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else "remark"
        reference = (
            child.get("ref") if name == "comment" else child.get("r") if name in ("row", "c") else None
        )
        number = sum(key.startswith(f"{name}[") for key in found) if reference is None else 0
        found[f"{name}[{reference or number}]"] = child
    return found


# -- judges: what may differ in an owned part ----------------------------------------------------------


def _input(cells: set[str], first_notes: bool) -> Judge:
    def judge(old: Element, new: Element) -> Iterator[str]:
        computed = {one.getparent().get("r") for one in old.iter(tag("m", "f"))}  # type: ignore[union-attr]
        for one in differences(old, new):
            cell = _CELL.fullmatch(one)
            noted = first_notes and one == "/worksheet/legacyDrawing[0] new"
            result = cell and cell[1] in computed and cell[2] in _RESULT_CHANGES
            if not (_SPANS.fullmatch(one) or noted or result or (cell and cell[1] in cells)):
                yield one

    return judge


def _result(old: Element, new: Element) -> Iterator[str]:
    for one in differences(old, new):
        if re.split(r"[\[ /]", one.removeprefix("/worksheet/"))[0] not in _FILLED:
            yield one


def _additions(old: Element, new: Element) -> Iterator[str]:
    """Relations or types: entries come for parts that came, and only that of the chain of calculation goes."""
    entries = [[etree.tostring(one, method="c14n", exclusive=True) for one in root] for root in (old, new)]
    yield from (f"lost {one!r}" for one in entries[0] if one not in entries[1] and b"calcChain" not in one)
    kinds = rb"worksheet|drawing|chart|comments|vml"
    yield from (f"got {one!r}" for one in entries[1] if one not in entries[0] and not re.search(kinds, one))
    if [one for one in entries[0] if one in entries[1]] != [one for one in entries[1] if one in entries[0]]:
        yield "order"


def _workbook(old: Element, new: Element) -> Iterator[str]:
    roots = (copy.deepcopy(old), copy.deepcopy(new))
    tabs = [[one.get("name", "") for one in root.iter(tag("m", "sheet"))] for root in roots]
    for root, names in zip(roots, tabs, strict=True):
        for view in root.iter(tag("m", "workbookView")):
            for name in {"activeTab", "firstSheet"} & set(view.attrib):
                view.set(name, names[int(view.get(name, ""))])
        for one in list(root.iter(tag("m", "definedName"))):
            local = one.get("localSheetId")
            if one.get("name") == "_xlnm.Print_Titles" and local and names[int(local)] in _RESULTS:
                remove(one)
            elif local:
                one.set("localSheetId", names[int(local)])
        for one in list(root.iter(tag("m", "sheet"))):
            if one.get("name") in _RESULTS and one.get("name") not in tabs[0]:
                remove(one)
    yield from differences(*roots)


def _styles(old: Element, new: Element) -> Iterator[str]:
    """What was there stays where it was, because cells refer to it by number."""
    for one in differences(old, new):
        if not re.fullmatch(
            r"/styleSheet/(numFmts|fonts|fills|borders|cellXfs)\[0\]( @count|/\w+\[\d+\] new)", one
        ):
            yield one


def _comments(old: Element, new: Element) -> Iterator[str]:
    """Without our notes and our name both are the same; the order of notes on a sheet says nothing."""
    roots = (copy.deepcopy(old), copy.deepcopy(new))
    for root in roots:
        authors, items = list(root)[:2]
        ours = {str(n): one for n, one in enumerate(authors) if one.text == "xlbudget"}
        for one in [*ours.values(), *(one for one in items if one.get("authorId") in ours)]:
            remove(one)
        items[:] = sorted(items, key=lambda one: one.get("ref", ""))
    yield from differences(*roots)


def _shapes(ours: set[str]) -> Judge:
    """Without the boxes of our notes both drawings are the same."""

    def judge(old: Element, new: Element) -> Iterator[str]:
        roots = (copy.deepcopy(old), copy.deepcopy(new))
        for root in roots:
            for shape in root.findall(tag("v", "shape")):
                if note_of(shape) in ours:
                    root.remove(shape)
        for one in differences(*roots):
            if not re.fullmatch(r"/xml/shapetype\[\d\] new", one):
                yield one

    return judge


def _chart_frames(old: Element, new: Element) -> Iterator[str]:
    """Anchors of our charts move, come and go; others stay."""
    plain = []
    for root in (old, new):
        kept = [
            etree.tostring(one, method="c14n", exclusive=True)
            for one in root
            if not any(
                (name.get("name") or "").startswith("xlbudget ") for name in one.iter(tag("xdr", "cNvPr"))
            )
        ]
        plain.append(kept)
    if plain[0] != plain[1]:
        yield "objects of others"


def _chart(old: Element, new: Element) -> Iterator[str]:
    """A chart of ours keeps its look; only the data of its series change."""
    yield from (one for one in differences(old, new) if not re.search(r"/ser\[\d+\]/(tx|cat|val)\[", one))
