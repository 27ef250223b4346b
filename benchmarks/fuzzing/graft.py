"""Our filled input sheets put into a workbook of anybody's, at the level of the zip, and what `run` may change there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import date, timedelta
from xml.sax.saxutils import escape

from lxml import etree

from benchmarks.fuzzing.judge import name_of
from benchmarks.fuzzing.kinds import Parts
from benchmarks.fuzzing.packages import packed, unpacked
from xlbudget import layout
from xlbudget.files.xml import DOC_RELS, MAIN, RELS, TYPES, Element, raw_text, tag

ROOT_RELS, CONTENT_TYPES = "_rels/.rels", "[content_types].xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
OURS = "xlgraft"
INPUTS = tuple(sheet.name for sheet in layout.INPUT_SHEETS)
_LATER = (
    "extLst",
    "dataValidations",
    "conditionalFormatting",
    "legacyDrawing",
    "drawing",
    "pageSetup",
    "autoFilter",
    "hyperlinks",
)


_DATES = (36_000, 60_000)


class CannotGraft(Exception):  # noqa: N818
    """The workbook is not one into which a sheet can be put: not a zip, no workbook part, XML that does not parse."""


def our_sheets(sample: bytes) -> dict[str, bytes]:
    """Our input sheets without looks, with their texts in the cells."""
    parts = dict(unpacked(sample))
    strings = [raw_text(one) for one in _root(parts["xl/sharedStrings.xml"]) if one.tag == tag("si")]
    targets = {one.get("Id"): one.get("Target", "") for one in _root(parts["xl/_rels/workbook.xml.rels"])}
    made = {}
    for one in _root(parts["xl/workbook.xml"]).iter(tag("sheet")):
        if one.get("name") in INPUTS:
            root = _root(parts[f"xl/{targets[one.get(tag('id', DOC_RELS))]}"])
            _bare(root, strings)
            made[one.get("name", "")] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def _bare(root: Element, strings: list[str]) -> None:
    """Take out what refers to looks, to strings and to other parts."""
    for name in _LATER:
        for one in root.findall(tag(name)):
            root.remove(one)
    for one in root.iter(tag("c"), tag("row"), tag("col")):
        for name in ("s", "style", "customFormat"):
            if name in one.attrib:
                del one.attrib[name]
        text = _text(one, strings)
        if text is not None:
            one.set("t", "inlineStr")
            inner = f'<is xmlns="{MAIN}"><t xml:space="preserve">{escape(text)}</t></is>'
            one[:] = [etree.fromstring(inner)]


def _text(cell: Element, strings: list[str]) -> str | None:
    """What a cell is to hold as text: its string, or a date, which without its look would be a bare number."""
    value = cell.findtext(tag("v")) or ""
    if cell.get("t") == "s":
        return strings[int(value)]
    day = int(value) if value.isdigit() else 0
    return f"{date(1899, 12, 30) + timedelta(day)}" if _DATES[0] < day < _DATES[1] else None


def _root(content: bytes) -> Element:
    try:
        return etree.fromstring(content, etree.XMLParser(huge_tree=True, resolve_entities=False))
    except etree.XMLSyntaxError as error:
        raise CannotGraft(str(error)) from None


def workbook_part(by_name: Mapping[str, bytes]) -> str:
    """The workbook's name in lower case. Raises CannotGraft."""
    for one in _root(by_name.get(ROOT_RELS, b"")):
        if one.get("Type", "").endswith("/officeDocument"):
            part = name_of(one.get("Target", ""))
            if part in by_name and part.endswith(".xml"):
                return part
    raise CannotGraft("no workbook part")


def rels_of(part: str) -> str:
    return posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")


def grafted(content: bytes, sheets: Mapping[str, bytes]) -> bytes:
    """The workbook with sheets put behind its own. Raises CannotGraft."""
    try:
        parts = unpacked(content)
    except Exception as error:
        raise CannotGraft(f"{type(error).__name__}: {error}") from None
    by_name = {name_of(name): part for name, part in parts}
    if len(by_name) < len(parts):
        raise CannotGraft("a part stands twice")
    book = workbook_part(by_name)
    names = {_sheet.get("name") for _sheet in _root(by_name[book]).iter("{*}sheet")}
    if names & {*INPUTS} or not names:
        raise CannotGraft("it has our sheets already, or none at all")
    changed = {
        book: _with_tabs(by_name[book], sheets),
        rels_of(book): _with_relations(by_name.get(rels_of(book), b""), sheets),
        CONTENT_TYPES: _with_types(by_name.get(CONTENT_TYPES, b""), posixpath.dirname(book), sheets),
    }
    new: Parts = [
        (posixpath.join(posixpath.dirname(book), f"{OURS}{n}.xml"), one)
        for n, one in enumerate(sheets.values())
    ]
    return packed([*((name, changed.get(name_of(name), part)) for name, part in parts), *new])


def _with_tabs(book: bytes, sheets: Mapping[str, bytes]) -> bytes:
    root = _root(book)
    space = etree.QName(root).namespace or ""
    tabs = root.find(f"{{{space}}}sheets")
    if tabs is None:
        raise CannotGraft("no tabs")
    used = [
        int(one.get("sheetId", "0"))
        for one in tabs
        if isinstance(one.tag, str) and one.get("sheetId", "").isdigit()
    ]
    relations = DOC_RELS if space == MAIN else "http://purl.oclc.org/ooxml/officeDocument/relationships"
    for number, name in enumerate(sheets):
        tab = etree.SubElement(
            tabs, f"{{{space}}}sheet", name=name, sheetId=str(max(used, default=0) + 1 + number)
        )
        tab.set(f"{{{relations}}}id", f"{OURS}{number}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_relations(rels: bytes, sheets: Mapping[str, bytes]) -> bytes:
    root = _root(rels)
    for number, _ in enumerate(sheets):
        etree.SubElement(
            root,
            tag("Relationship", RELS),
            Id=f"{OURS}{number}",
            Type=f"{DOC_RELS}/worksheet",
            Target=f"{OURS}{number}.xml",
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_types(types: bytes, folder: str, sheets: Mapping[str, bytes]) -> bytes:
    root = _root(types)
    for number, _ in enumerate(sheets):
        name = f"/{folder}/{OURS}{number}.xml" if folder else f"/{OURS}{number}.xml"
        etree.SubElement(root, tag("Override", TYPES), PartName=name, ContentType=SHEET_TYPE)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# -- what may change -----------------------------------------------------------------------------------


def changes(before: bytes, after: bytes) -> list[str]:
    """What `run` did to a grafted workbook and may not do: parts changed that are not ours, looks or tabs that are gone."""
    old = {name_of(name): part for name, part in unpacked(before)}
    new = {name_of(name): part for name, part in unpacked(after)}
    book = workbook_part(old)
    styles = _target(old, book, "styles")
    ours = {book, rels_of(book), CONTENT_TYPES, styles}
    touched = [
        name
        for name in old
        if name in new and old[name] != new[name] and name not in ours and OURS not in name
    ]
    found = [
        f"changed: {re.sub(r'[0-9]+', '#', name)}"
        for name in touched
        if not _only_results(old[name], new[name])
    ]
    found += [f"tabs: {one}" for one in _tabs_changed(old[book], new[book])]
    if styles in old and styles in new and not _begins(_root(old[styles]), _root(new[styles])):
        found.append("changed: looks that were there")
    found += [
        f"relation lost: {one}"
        for one in _entries(old[rels_of(book)]) - _entries(new[rels_of(book)])
        if "calcChain" not in one
    ]
    return found


def _only_results(old: bytes, new: bytes) -> bool:
    """Whether two sheets differ in nothing but the results of formulas, which `run` may compute anew or empty."""
    return _without_results(old) == _without_results(new)


def _without_results(sheet: bytes) -> bytes:
    root = _root(sheet)
    for cell in root.iter("{*}c"):
        if cell.find("{*}f") is not None:
            cell.attrib.pop("t", "")
            for value in cell.findall("{*}v"):
                cell.remove(value)
    return etree.tostring(root, method="c14n")


def _target(parts: Mapping[str, bytes], book: str, kind: str) -> str:
    for one in _root(parts[rels_of(book)]):
        if isinstance(one.tag, str) and one.get("Type", "").endswith(f"/{kind}"):
            return name_of(
                posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(book), one.get("Target", "").replace("\\", "/"))
                )
            )
    return ""


def _tabs_changed(old: bytes, new: bytes) -> list[str]:
    """Tabs or names that are not as they were; ours may stand among them."""
    before, after = ([_told(one) for one in _root(book).iter("{*}sheet")] for book in (old, new))
    found = [] if [one for one in after if one in before] == before else ["sheets lost, changed or moved"]
    names, still = (
        [(one.get("name"), one.text) for one in _root(book).iter("{*}definedName")] for book in (old, new)
    )
    return [*found, *(f"name {one[0]} lost" for one in names if one not in still)]


def _told(one: Element) -> str:
    return repr(sorted((str(key), str(value)) for key, value in one.attrib.items()))


def _entries(rels: bytes) -> set[str]:
    return {_told(one) for one in _root(rels) if isinstance(one.tag, str)}


def _begins(old: Element, new: Element) -> bool:
    """Whether each collection of looks begins with what was in it."""
    for group in old:
        if isinstance(group.tag, str):
            other = new.find(group.tag)
            before = [etree.tostring(one, method="c14n") for one in group]
            after = [etree.tostring(one, method="c14n") for one in other] if other is not None else []
            if after[: len(before)] != before:
                return False
    return True
