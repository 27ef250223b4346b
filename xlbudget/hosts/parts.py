"""The parts of a package: read on demand, changed, added, dropped, related to each other, and put together again."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count

from lxml import etree

from xlbudget.hosts.archive import Archive
from xlbudget.hosts.xml import DOC_RELS, RELS, TYPES, Element, parse, serialize, tag

CONTENT_TYPES = "[Content_Types].xml"


def rels_of(part: str) -> str:
    """The part that holds a part's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Parts:
    """Parsed parts by name; only what was touched is written anew."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._roots: dict[str, Element] = {}
        self._dirty: set[str] = set()
        self._added: dict[str, bytes] = {}
        self._dropped: set[str] = set()

    def names(self) -> set[str]:
        """Every part there is."""
        return {*self.archive.infos, *self._added} - self._dropped

    def root(self, part: str) -> Element:
        """A part's XML. Raises CannotOpen when it is missing or damaged."""
        if part not in self._roots:
            self._roots[part] = parse(self.content(part), part)
        return self._roots[part]

    def content(self, part: str) -> bytes:
        """A part as it was before anything was changed. Raises CannotOpen when it is missing or damaged."""
        return self._added[part] if part in self._added else self.archive.read(part)

    def keep(self, part: str, root: Element) -> None:
        """Let a tree stand for a part from here on."""
        self._roots[part] = root

    def may_hold(self, part: str, pattern: re.Pattern[bytes]) -> bool:
        """Whether a part of the file can have a pattern in it; one in another encoding than UTF-8 always can."""
        if part not in self.archive.infos:
            return False
        content = self.archive.read(part)
        return b"\0" in content[:200] or pattern.search(content) is not None

    def content_type(self, part: str) -> str:
        """What a part is declared as, by its name or by its suffix."""
        types = self.root(CONTENT_TYPES)
        for one in types.iter(tag("Override", TYPES)):
            if one.get("PartName") == f"/{part}":
                return one.get("ContentType", "")
        suffix = part.rpartition(".")[2].lower()
        defaults = types.iter(tag("Default", TYPES))
        return next(
            (d.get("ContentType", "") for d in defaults if d.get("Extension", "").lower() == suffix), ""
        )

    def touch(self, *parts: str) -> None:
        """Tell that the XML of parts was changed."""
        self._dirty.update(parts)

    def replace(self, part: str, content: bytes) -> None:
        """Give a part new content."""
        self._roots[part] = parse(content, part)
        self.touch(part)

    # -- relations -------------------------------------------------------------------------------------

    def relations(self, part: str) -> Iterable[Element]:
        """The relations of a part."""
        rels = rels_of(part)
        return self.root(rels).iter(tag("Relationship", RELS)) if rels in self.names() else ()

    @staticmethod
    def resolve(target: str, base: str) -> str:
        """The part that a target means, seen from a part."""
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))

    def all_related(self, part: str, kind: str) -> Iterator[str]:
        """The parts that a part refers to by relations of this kind."""
        for one in self.relations(part):
            if one.get("Type", "").endswith(f"/{kind}"):
                yield self.resolve(one.get("Target", ""), part)

    def related(self, part: str, kind: str) -> str | None:
        """The first of them."""
        return next(self.all_related(part, kind), None)

    def shown(self, part: str, element: Element | None) -> str | None:
        """The part whose relation an element of a part names."""
        wanted = None if element is None else element.get(tag("id", DOC_RELS))
        for one in self.relations(part) if wanted else ():
            if one.get("Id") == wanted:
                found = self.resolve(one.get("Target", ""), part)
                return found if found in self.names() else None
        return None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation from a part to another and return its id."""
        rels = rels_of(part)
        if rels not in self.names():
            self._added[rels] = f'<Relationships xmlns="{RELS}"/>'.encode()
        self.touch(rels)
        relations = self.root(rels)
        ids = {one.get("Id") for one in relations}
        identity = next(f"rIdXl{index}" for index in count(1) if f"rIdXl{index}" not in ids)
        kind = f"{DOC_RELS}/{kind}"
        etree.SubElement(relations, tag("Relationship", RELS), Id=identity, Type=kind, Target=f"/{target}")
        return identity

    # -- parts that come and go ------------------------------------------------------------------------

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first free number and declare its type; .vml is declared by its suffix."""
        names = self.names() | self._dropped
        numbered = (pattern.format(number) for number in count(1))
        part = next(name for name in numbered if name not in names and rels_of(name) not in names)
        self._added[part] = content
        types = self.root(CONTENT_TYPES)
        suffix = part.rpartition(".")[2]
        if suffix == "xml":
            etree.SubElement(types, tag("Override", TYPES), PartName=f"/{part}", ContentType=content_type)
        elif all(one.get("Extension", "").lower() != suffix for one in types):
            types.insert(0, etree.Element(tag("Default", TYPES), Extension=suffix, ContentType=content_type))
        self.touch(CONTENT_TYPES)
        return part

    def drop(self, part: str, owner: str) -> None:
        """Take a part away, with its type and the relations of its owner to it."""
        self._dropped.add(part)
        types, rels = self.root(CONTENT_TYPES), rels_of(owner)
        for one in [one for one in types if one.get("PartName") == f"/{part}"]:
            types.remove(one)
        relations = self.root(rels)
        for one in list(self.relations(owner)):
            if self.resolve(one.get("Target", ""), owner) == part:
                relations.remove(one)
        self.touch(CONTENT_TYPES, rels)

    def pack(self, finish: Mapping[str, Callable[[bytes], Iterable[bytes]]]) -> bytes:
        """The package with what was changed; `finish` completes the text of some parts, in pieces."""
        changed: dict[str, Iterable[bytes]] = {}
        for part, root in self._roots.items():
            if part in self._dirty:
                content = serialize(root)
                changed[part] = finish[part](content) if part in finish else (content,)
        added = {part: changed.pop(part, (content,)) for part, content in self._added.items()}
        return self.archive.write({**changed, **added}, frozenset(self._dropped))
