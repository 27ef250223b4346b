"""A file as rules see it: its parts and relations, and of a workbook the sheets with all their cells."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from tests.excel_rules.places import Place, place_of

Element = etree._Element
_OFFICE = "http://schemas.openxmlformats.org"
NS = {
    "m": f"{_OFFICE}/spreadsheetml/2006/main",
    "r": f"{_OFFICE}/officeDocument/2006/relationships",
    "rel": f"{_OFFICE}/package/2006/relationships",
    "ct": f"{_OFFICE}/package/2006/content-types",
    "c": f"{_OFFICE}/drawingml/2006/chart",
    "a": f"{_OFFICE}/drawingml/2006/main",
    "xdr": f"{_OFFICE}/drawingml/2006/spreadsheetDrawing",
    "w": f"{_OFFICE}/wordprocessingml/2006/main",
    "vt": f"{_OFFICE}/officeDocument/2006/docPropsVTypes",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
TYPES = "[Content_Types].xml"


def tag(name: str) -> str:
    """m:row → the name as lxml has it."""
    prefix, _, local = name.partition(":")
    return f"{{{NS[prefix]}}}{local}"


def local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def names_of(element: Element) -> list[str]:
    """Local names of the children."""
    return [local(child) for child in element if isinstance(child.tag, str)]


def told(element: Element) -> str:
    """The attributes of an element."""
    return " ".join(f"{name!s}={value!s}" for name, value in element.items())


def is_on(value: str | None) -> bool:
    return value in ("1", "true")


def length(text: str | None) -> int:
    """Characters as Excel counts them: units of UTF-16."""
    return len((text or "").encode("utf-16-le")) // 2


class Entry(NamedTuple):
    """A member of the zip."""

    name: str
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0


class Relation(NamedTuple):
    kind: str
    target: str
    external: bool


class Cell(NamedTuple):
    element: Element
    ref: str
    at: Place
    kind: str
    value: str | None
    formula: Element | None
    inline: Element | None

    @property
    def text(self) -> str:
        """The text of a text cell, an inline one's too; that of a shared one stands elsewhere."""
        if self.inline is not None:
            return "".join(one.text or "" for one in self.inline.iter(tag("m:t")))
        return self.value or ""


def _cells(root: Element) -> Iterator[Cell]:
    value, formula, inline = tag("m:v"), tag("m:f"), tag("m:is")
    for one in root.iterfind("m:sheetData/m:row/m:c", NS):
        ref, children = one.get("r", ""), {child.tag: child for child in one}
        found = children.get(value)
        text = None if found is None else found.text
        at = place_of(ref) or Place(0, 0)
        yield Cell(one, ref, at, one.get("t", "n"), text, children.get(formula), children.get(inline))


class Package:
    """A .xlsx, .xlsm, .xlam or .docx."""

    def __init__(
        self, entries: Sequence[Entry], parts: Mapping[str, bytes], trees: Mapping[str, Element]
    ) -> None:
        self.entries, self.parts = entries, parts
        self._trees = dict(trees)
        self._cells: dict[str, list[Cell]] = {}

    @classmethod
    def read(cls, content: bytes) -> Package:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            parts = {info.filename: archive.read(info) for info in infos}
        return cls([Entry(info.filename, info.compress_type, info.flag_bits) for info in infos], parts, {})

    def with_part(self, name: str, content: bytes | None, entry: Entry | None = None) -> Package:
        """The package with a part changed, added or (None) gone; trees of the others are shared."""
        parts = {one: part for one, part in self.parts.items() if one != name}
        entries = [one for one in self.entries if one.name != name]
        if content is not None:
            parts[name] = content
            entries.append(entry or Entry(name))
        made = Package(entries, parts, {one: root for one, root in self._trees.items() if one != name})
        made._cells = {one: cells for one, cells in self._cells.items() if one != name}
        return made

    def root(self, part: str) -> Element:
        if part not in self._trees:
            parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
            self._trees[part] = etree.fromstring(self.parts[part], parser)
        return self._trees[part]

    def cells(self, sheet: str) -> list[Cell]:
        """All cells of a sheet's part."""
        if sheet not in self._cells:
            self._cells[sheet] = list(_cells(self.root(sheet)))
        return self._cells[sheet]

    @cached_property
    def xml_parts(self) -> list[str]:
        return [name for name in self.parts if name.endswith((".xml", ".rels", ".vml"))]

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part by their ids."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.parts:
            return {}
        found = {}
        for one in self.root(rels):
            target, external = one.get("Target", ""), one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[one.get("Id", "")] = Relation(one.get("Type", "").rpartition("/")[2], target, external)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that a part refers to by relations of a kind, as far as they are there."""
        relations = self.relations(part).values()
        return [one.target for one in relations if one.kind == kind and one.target in self.parts]

    @cached_property
    def overrides(self) -> dict[str, str]:
        found = self.root(TYPES).iter(tag("ct:Override"))
        return {one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in found}

    @cached_property
    def defaults(self) -> dict[str, str]:
        found = self.root(TYPES).iter(tag("ct:Default"))
        return {one.get("Extension", "").lower(): one.get("ContentType", "") for one in found}

    def content_type(self, part: str) -> str:
        return self.overrides.get(part) or self.defaults.get(part.rpartition(".")[2].lower(), "")

    def parts_of_type(self, end: str) -> list[str]:
        return [name for name in self.parts if self.content_type(name).endswith(end)]

    @cached_property
    def main(self) -> str:
        """The workbook, or the document."""
        return next(iter(self.related("", "officeDocument")), "")

    @cached_property
    def book(self) -> Book | None:
        found = self.main and local(self.root(self.main)) == "workbook"
        return Book(self, self.main) if found else None


class Book:
    """A workbook: its part, and its tabs as far as they are worksheets."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part, self.root = package, part, package.root(part)
        self.tabs = self.root.findall("m:sheets/m:sheet", NS)
        self.names = [one.get("name", "") for one in self.tabs]
        self.visible = [one.get("state", "visible") == "visible" for one in self.tabs]

    @cached_property
    def sheets(self) -> list[Sheet]:
        relations = self.package.relations(self.part)
        found = [
            (number, one, relations.get(one.get(tag("r:id"), ""))) for number, one in enumerate(self.tabs)
        ]
        return [
            Sheet(self, number, one, rel.target)
            for number, one, rel in found
            if rel and rel.kind == "worksheet" and rel.target in self.package.parts
        ]

    def one(self, kind: str) -> Element | None:
        """The root of the part that the workbook refers to by a relation of a kind."""
        return next((self.package.root(one) for one in self.package.related(self.part, kind)), None)

    @cached_property
    def strings(self) -> list[str]:
        """The shared texts, without phonetic hints."""
        root = self.one("sharedStrings")
        items = [] if root is None else root.findall("m:si", NS)
        texts = ([*item.iterfind("m:t", NS), *item.iterfind("m:r/m:t", NS)] for item in items)
        return ["".join(one.text or "" for one in pieces) for pieces in texts]

    @cached_property
    def formats(self) -> int:
        """How many cell formats there are."""
        styles = self.one("styles")
        return 1 if styles is None else len(styles.findall("m:cellXfs/m:xf", NS))

    @cached_property
    def active(self) -> int:
        view = self.root.find("m:bookViews/m:workbookView", NS)
        return 0 if view is None else int(view.get("activeTab", "0"))

    @cached_property
    def macros(self) -> str | None:
        """The VBA project."""
        return next(iter(self.package.related(self.part, "vbaProject")), None)

    @property
    def defined(self) -> list[Element]:
        return self.root.findall("m:definedNames/m:definedName", NS)


class Sheet:
    """A worksheet with its tab."""

    def __init__(self, book: Book, number: int, tab: Element, part: str) -> None:
        self.book, self.number, self.tab, self.part = book, number, tab, part
        self.package = book.package
        self.name = tab.get("name", "")
        self.root = book.package.root(part)

    def find(self, path: str) -> Element | None:
        return self.root.find(path, NS)

    def all(self, path: str) -> list[Element]:
        return self.root.findall(path, NS)

    @cached_property
    def rows(self) -> list[Element]:
        return self.all("m:sheetData/m:row")

    @cached_property
    def last_row(self) -> int:
        return max((int(row.get("r", "0")) for row in self.rows), default=0)

    @cached_property
    def cells(self) -> list[Cell]:
        return self.package.cells(self.part)

    @cached_property
    def formulas(self) -> list[Cell]:
        return [one for one in self.cells if one.formula is not None]

    def text(self, cell: Cell) -> str:
        """The text of a text cell, wherever it stands."""
        return self.book.strings[int(cell.value or 0)] if cell.kind == "s" else cell.text

    def shown(self, element: str) -> str | None:
        """The part whose relation an element of the sheet names."""
        found = self.find(f"m:{element}")
        wanted = None if found is None else found.get(tag("r:id"))
        relation = self.package.relations(self.part).get(wanted or "")
        return relation.target if relation and relation.target in self.package.parts else None

    def related(self, kind: str) -> list[str]:
        return self.package.related(self.part, kind)


def in_order(element: Element, order: str) -> bool:
    """Whether children stand in an order, as far as it names them."""
    places = {name: number for number, name in enumerate(order.split())}
    found = [places[name] for name in names_of(element) if name in places]
    return found == sorted(found)


VERSION = re.compile(r"\d\d\.\d{4}")


def app_version(package: Package) -> str | None:
    """AppVersion of docProps/app.xml."""
    for part in package.related("", "extended-properties"):
        return next((one.text for one in package.root(part) if local(one) == "AppVersion"), None)
    return None
