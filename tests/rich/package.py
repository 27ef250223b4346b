"""A finished file seen from outside: parts, relations, content types, and the trails of features in it."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from tests.rich.book import NS, TYPES, Element, rels_of, tag
from tests.rich.registry import BOOK, PACKAGE, Trail


class Parts(dict[str, bytes]):
    """The parts of a file by name."""

    @classmethod
    def of(cls, content: bytes) -> Parts:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return cls({name: package.read(name) for name in package.namelist()})

    def root(self, name: str) -> Element:
        return etree.fromstring(self[name])

    def relations(self, source: str) -> Iterator[tuple[str, str, str]]:
        """Id, type and target of each relation of a part (empty: of the package); outer targets as they stand."""
        if rels_of(source) in self:
            for one in self.root(rels_of(source)):
                target = one.get("Target", "")
                if one.get("TargetMode") != "External":
                    folder = "" if target.startswith("/") else posixpath.dirname(source)
                    target = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
                yield one.get("Id", ""), one.get("Type", ""), target

    def related(self, source: str, kind: str) -> list[str]:
        """Targets of the relations whose type ends so."""
        return [target for _, one, target in self.relations(source) if one.endswith(f"/{kind}")]

    def workbook(self) -> str:
        return self.related("", "officeDocument")[0]

    def sheets(self) -> dict[str, str]:
        """Sheet name → part."""
        targets = {identity: target for identity, _, target in self.relations(self.workbook())}
        tabs = self.root(self.workbook()).iterfind(f"{tag('m', 'sheets')}/{tag('m', 'sheet')}")
        return {one.get("name", ""): targets[one.get(tag("r", "id"), "")] for one in tabs}

    def shown_by(self, sheet: str, element: str) -> str:
        """The part that an element of a sheet (such as its legacyDrawing) shows; empty if it has none."""
        part = self.sheets()[sheet]
        found = self.root(part).find(tag("m", element))
        if found is None:
            return ""
        targets = {identity: target for identity, _, target in self.relations(part)}
        return targets[found.get(tag("r", "id"), "")]

    def content_type(self, name: str) -> str:
        """What a part is declared as; empty if nothing declares it."""
        types = self.root(TYPES)
        for one in types.iter(tag("ct", "Override")):
            if one.get("PartName") == f"/{name}":
                return one.get("ContentType", "")
        extension = name.rpartition(".")[2].lower()
        defaults = {one.get("Extension", "").lower(): one for one in types.iter(tag("ct", "Default"))}
        return defaults[extension].get("ContentType", "") if extension in defaults else ""

    def reached(self, trail: Trail) -> list[str]:
        """The parts (or outer targets) at the end of a trail."""
        start, *kinds = trail.path.split(">")
        starts = {PACKAGE: "", BOOK: self.workbook(), **self.sheets()}
        found = [starts[start]] if start in starts else []
        for kind in kinds:
            found = [target for one in found for target in self.related(one, kind)]
        return found

    def seen(self, trail: Trail) -> list[tuple[str, bytes]]:
        """What a feature looks like: content type and canonical XML (or bytes) of all that its trail leads to."""
        looks: list[tuple[str, bytes]] = []
        for name in self.reached(trail):
            if name not in self:
                looks += [("elsewhere", name.encode())] if ":" in name or name.startswith("file") else []
            elif not trail.xpath:
                looks.append((self.content_type(name), self[name]))
            else:
                found = self.root(name).xpath(trail.xpath, namespaces=NS)
                assert isinstance(found, list)
                looks += [(self.content_type(name), _canonical(one)) for one in found]
        return looks


def _canonical(found: object) -> bytes:
    if isinstance(found, etree._Element):
        return etree.tostring(found, method="c14n", exclusive=True)
    return str(found).encode()
