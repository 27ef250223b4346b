"""A workbook as parts and relations that features add to, laid out and zipped as Excel does."""

from __future__ import annotations

import io
import posixpath
import re
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from xlbudget.domain.where import column_letter
from xlbudget.hosts.rowsxml import ORDER
from xlbudget.hosts.rowtree import split_address

Element = etree._Element

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MS = "http://schemas.microsoft.com/office"
NS = {
    "m": MAIN,
    "r": OFFICE,
    "rel": f"{PACKAGE}/relationships",
    "ct": f"{PACKAGE}/content-types",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "x14": f"{_MS}/spreadsheetml/2009/9/main",
    "x14ac": f"{_MS}/spreadsheetml/2009/9/ac",
    "x15": f"{_MS}/spreadsheetml/2010/11/main",
    "x15ac": f"{_MS}/spreadsheetml/2010/11/ac",
    "x16r2": f"{_MS}/spreadsheetml/2015/02/main",
    "x18tc": f"{_MS}/spreadsheetml/2018/threadedcomments",
    "xcalcf": f"{_MS}/spreadsheetml/2018/calcfeatures",
    "xda": f"{_MS}/spreadsheetml/2017/dynamicarray",
    "xm": f"{_MS}/excel/2006/main",
    "xr": f"{_MS}/spreadsheetml/2014/revision",
    "xr2": f"{_MS}/spreadsheetml/2015/revision2",
    "xr3": f"{_MS}/spreadsheetml/2016/revision3",
    "xr6": f"{_MS}/spreadsheetml/2016/revision6",
    "xr10": f"{_MS}/spreadsheetml/2016/revision10",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "a14": f"{_MS}/drawing/2010/main",
    "a16": f"{_MS}/drawing/2014/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "cs": f"{_MS}/drawing/2012/chartStyle",
    "sle": f"{_MS}/drawing/2010/slicer",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
    "ep": "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    "cp": f"{PACKAGE}/metadata/core-properties",
    "op": "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ds": "http://schemas.openxmlformats.org/officeDocument/2006/customXml",
    "we": f"{_MS}/webextensions/webextension/2010/11",
    "wetp": f"{_MS}/webextensions/taskpanes/2010/11",
    "ui": f"{_MS}/2006/01/customui",
    "ui14": f"{_MS}/2009/07/customui",
}
"""Prefixes for snippets and for the XPaths of features."""
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_EXTENSIONS = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
    "bin": "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings",
}
_SHEET_ROOT = ("r", "mc", "x14ac", "xr", "xr2", "xr3")
_WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr", "workbookProtection", "bookViews",
    "sheets", "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews",
    "pivotCaches", "extLst",
)  # fmt: skip
_DATE = (1980, 1, 1, 0, 0, 0)


def tag(prefix: str, name: str) -> str:
    return f"{{{NS[prefix]}}}{name}"


def ns(*prefixes: str, main: str = "") -> str:
    """Declarations of namespaces for the root of a part; `main` names the one without prefix."""
    default = [f'xmlns="{NS[main]}"'] if main else []
    return " ".join(default + [f'xmlns:{prefix}="{NS[prefix]}"' for prefix in prefixes])


def part(xml: str) -> bytes:
    return DECLARATION + xml.encode()


def snippet(xml: str, main: str = "m") -> Element:
    """An element; names without prefix are of a worksheet, or of no namespace."""
    return etree.fromstring(f"<w {ns(*NS, main=main)}>{xml}</w>")[0]


def guid(text: str) -> str:
    return f"{{{str(uuid.uuid5(uuid.NAMESPACE_OID, text)).upper()}}}"


def rels_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def rooted(old: Element, prefixes: tuple[str, ...], ignorable: str) -> Element:
    """The root again, with these namespaces declared and some of them to be ignored where unknown."""
    new = etree.fromstring(f"<{etree.QName(old).localname} {ns(*prefixes, main='m')}/>")
    for name, value in old.attrib.items():
        new.set(name, value)
    new.set(tag("mc", "Ignorable"), ignorable)
    for child in list(old):
        new.append(child)
    return new


def remove(element: Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def plain_text(item: Element) -> str:
    """The text of a shared string, without phonetic hints."""
    hints = {one for hint in item.iter(tag("m", "rPh")) for one in hint}
    return "".join(one.text or "" for one in item.iter(tag("m", "t")) if one not in hints)


class _Stream(io.RawIOBase):
    """A file that cannot be sought in: zipfile then writes data descriptors."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.content += data
        return len(data)


class Book:
    """The parts of a workbook. Parts, relations and sheets are added under the names that Excel would give."""

    def __init__(self, content: bytes, *, macros: bool) -> None:
        self.macros = macros
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self._roots: dict[str, Element] = {}

    # -- parts -----------------------------------------------------------------------------------------

    def root(self, name: str) -> Element:
        if name not in self._roots:
            self._roots[name] = etree.fromstring(self.parts[name])
        return self._roots[name]

    def set_root(self, name: str, root: Element) -> None:
        self._roots[name] = root

    def add(self, name: str, content: bytes, content_type: str = "") -> str:
        """Add a part; without a content type its extension declares it."""
        assert name not in self.parts, name
        self.parts[name] = content
        types = self.root(TYPES)
        extension = name.rpartition(".")[2]
        if content_type:
            etree.SubElement(types, tag("ct", "Override"), PartName=f"/{name}", ContentType=content_type)
        elif extension in _EXTENSIONS and not types.xpath(
            f"ct:Default[@Extension='{extension}']", namespaces=NS
        ):
            default = etree.Element(
                tag("ct", "Default"), Extension=extension, ContentType=_EXTENSIONS[extension]
            )
            types.insert(0, default)
        return name

    def relate(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """Relate a part (empty: the package) to another one; a kind without scheme is one of the standard's.

        As Excel often does, the newest relation stands first.
        """
        rels = rels_of(source)
        if rels not in self.parts:
            self.parts[rels] = part(f"<Relationships {ns(main='rel')}/>")
        root = self.root(rels)
        numbers = [int(found[1]) for one in root if (found := re.fullmatch(r"rId(\d+)", one.get("Id", "")))]
        identity = f"rId{max(numbers, default=0) + 1}"
        where = target if external else posixpath.relpath(target, posixpath.dirname(source) or ".")
        relation = etree.Element(tag("rel", "Relationship"), Id=identity)
        relation.set("Type", kind if ":" in kind else f"{OFFICE}/{kind}")
        relation.set("Target", where)
        if external:
            relation.set("TargetMode", "External")
        root.insert(0, relation)
        return identity

    def attach(self, source: str, kind: str, name: str, content: bytes, content_type: str = "") -> str:
        """Add a part that another one relates to; the id of the relation is returned."""
        self.add(name, content, content_type)
        return self.relate(source, kind, name)

    def free(self, pattern: str) -> str:
        """The first name of this pattern that no part has."""
        return next(name for n in range(1, 99) if (name := pattern.format(n)) not in self.parts)

    def related(self, source: str, kind: str) -> str:
        """The part that a part relates to by a standard kind, empty if none."""
        if rels_of(source) in self.parts:
            for one in self.root(rels_of(source)):
                if one.get("Type") == f"{OFFICE}/{kind}":
                    target = one.get("Target", "")
                    return target.lstrip("/") if target.startswith("/") else self._resolved(source, target)
        return ""

    @staticmethod
    def _resolved(source: str, target: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))

    # -- sheets ----------------------------------------------------------------------------------------

    def sheets(self) -> dict[str, str]:
        """Sheet name → part, in the order of the tabs."""
        relations = {one.get("Id"): one.get("Target", "") for one in self.root(rels_of(WORKBOOK))}
        found = {}
        for one in self.root(WORKBOOK).iterfind(f"{tag('m', 'sheets')}/{tag('m', 'sheet')}"):
            target = relations[one.get(tag("r", "id"))]
            found[one.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return found

    def sheet(self, name: str) -> Element:
        return self.root(self.sheets()[name])

    def add_sheet(self, name: str, content: bytes, content_type: str = SHEET_TYPE, *, after: str = "") -> str:
        """Add a sheet at the end or after another one, and count on what refers to tabs by number."""
        folder = "chartsheets" if "chartsheet" in content_type else "worksheets"
        number = next(n for n in range(1, 99) if f"xl/{folder}/sheet{n}.xml" not in self.parts)
        new = f"xl/{folder}/sheet{number}.xml"
        identity = self.attach(WORKBOOK, folder[:-1], new, content, content_type)
        tabs = self.root(WORKBOOK).find(tag("m", "sheets"))
        assert tabs is not None
        names = list(self.sheets())
        place = names.index(after) + 1 if after else len(names)
        used = max(int(one.get("sheetId", "0")) for one in tabs)
        tabs.insert(place, snippet(f'<sheet name="{name}" sheetId="{used + 7}" r:id="{identity}"/>'))
        for one in self.root(WORKBOOK).iterfind(f"{tag('m', 'definedNames')}/*[@localSheetId]"):
            if int(one.get("localSheetId", "")) >= place:
                one.set("localSheetId", str(int(one.get("localSheetId", "")) + 1))
        return new

    def put(self, sheet: str, xml: str) -> Element:
        """Add an element to a sheet at its place in the schema's order, after others of its name."""
        element = snippet(xml)
        inner = element if etree.QName(element).namespace == MAIN else element[0][0]
        _insert(self.sheet(sheet), element, ORDER, etree.QName(inner).localname)
        return element

    def put_workbook(self, xml: str) -> Element:
        element = snippet(xml)
        _insert(self.root(WORKBOOK), element, _WORKBOOK_ORDER, etree.QName(element).localname)
        return element

    def extend(self, name: str, uri: str, xml: str) -> None:
        """Add an extension to the root of a part."""
        root = self.root(name)
        extensions = root.find(tag("m", "extLst"))
        if extensions is None:
            extensions = etree.SubElement(root, tag("m", "extLst"))
        extensions.append(snippet(f'<ext uri="{uri}">{xml}</ext>'))

    def define(self, name: str, value: str, sheet: str = "", **attributes: str) -> None:
        names = self.root(WORKBOOK).find(tag("m", "definedNames"))
        assert names is not None
        one = etree.SubElement(names, tag("m", "definedName"), name=name)
        if sheet:
            one.set("localSheetId", str(list(self.sheets()).index(sheet)))
        for key, text in attributes.items():
            one.set(key, text)
        one.text = value
        names[:] = sorted(
            names, key=lambda each: (each.get("name", "").lower(), each.get("localSheetId") or "")
        )

    # -- cells -----------------------------------------------------------------------------------------

    def string(self, xml: str) -> int:
        """Index of a new shared string, given as the content of its <si>."""
        strings = self.root("xl/sharedStrings.xml")
        strings.append(snippet(f"<si>{xml}</si>"))
        for name in ("count", "uniqueCount"):
            strings.set(name, str(len(strings)))
        return len(strings) - 1

    def text(self, sheet: str, reference: str, text: str) -> None:
        self.cell(sheet, reference, f"<v>{self.string(f'<t>{text}</t>')}</v>", t="s")

    def row(self, sheet: str, number: int) -> Element:
        data = self.sheet(sheet).find(tag("m", "sheetData"))
        assert data is not None
        for index, row in enumerate(data):
            if int(row.get("r", "0")) >= number:
                if row.get("r") != str(number):
                    data.insert(index, etree.Element(tag("m", "row"), r=str(number)))
                return row
        return etree.SubElement(data, tag("m", "row"), r=str(number))

    def cell(self, sheet: str, reference: str, inner: str, **attributes: str) -> Element:
        """Set the content of a cell; its style stays unless one is given."""
        number, column = split_address(reference)
        row = self.row(sheet, number)
        if "spans" in row.attrib:
            del row.attrib["spans"]
        columns = [split_address(one.get("r", ""))[1] for one in row]
        if column not in columns:
            row.insert(sum(one < column for one in columns), etree.Element(tag("m", "c"), r=reference))
        cell = row[sorted({*columns, column}).index(column)]
        for name in {"t", "cm", "vm"} & set(cell.attrib):
            del cell.attrib[name]
        for name, value in attributes.items():
            cell.set(name, value)
        cell[:] = list(snippet(f"<c>{inner}</c>"))
        return cell

    # -- the file --------------------------------------------------------------------------------------

    def pack(self) -> bytes:
        """The file: content types first, pictures stored, sizes after the data."""
        stream = _Stream()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            for name in sorted(self.parts, key=_position):
                root = self._roots.get(name)
                content = self.parts[name] if root is None else part(etree.tostring(root, encoding="unicode"))
                method = zipfile.ZIP_STORED if name.endswith((".png", ".jpeg")) else zipfile.ZIP_DEFLATED
                info = zipfile.ZipInfo(name, _DATE)
                info.compress_type = method
                with package.open(info, "w") as member:
                    member.write(content)
        return bytes(stream.content)


def excel_root(book: Book, name: str) -> None:
    """Give a worksheet the root that Excel 365 writes."""
    old = book.root(name)
    if old.get(tag("xr", "uid")) is None:
        new = rooted(old, _SHEET_ROOT, "x14ac xr xr2 xr3")
        new.set(tag("xr", "uid"), guid(name))
        book.set_root(name, new)


def cells(sheet: Element) -> Iterator[Element]:
    return sheet.iter(tag("m", "c"))


def shifted(text: str, first: int) -> str:
    """References with columns from `first` on moved one to the right."""

    def move(match: re.Match[str]) -> str:
        column = split_address(f"{match[2]}1")[1]
        return f"{match[1]}{column_letter(column + (column >= first))}{match[3]}"

    return re.sub(r"(?<![A-Za-z_!\d])(\$?)([A-Z]{1,3})(\$?\d+)\b", move, text)


def _insert(parent: Element, element: Element, order: tuple[str, ...], name: str) -> None:
    before = order[: order.index(name) + 1]
    place = 0
    for index, child in enumerate(parent):
        known = etree.QName(child).localname
        if known == "AlternateContent" and known not in order:
            known = etree.QName(child[0][0]).localname
        place = index + 1 if known in before else place
    parent.insert(place, element)


def _position(name: str) -> tuple[int, str]:
    first = (TYPES, "_rels/.rels", WORKBOOK, rels_of(WORKBOOK))
    folders = ("xl/worksheets/sheet", "xl/worksheets/", "xl/", "customXml/", "docProps/")
    if name in first:
        return first.index(name), name
    return 4 + next((n for n, one in enumerate(folders) if name.startswith(one)), len(folders)), name
