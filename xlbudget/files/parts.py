"""The parts of a package: read on demand, changed, added, dropped, related to each other, and put together again."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import count

from lxml import etree

from xlbudget.files.archive import Archive, part_key
from xlbudget.files.xml import DOC_RELS, RELS, TYPES, Element, parse, serialize, tag, torn

CONTENT_TYPES = "[Content_Types].xml"
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


def rels_of(part: str) -> str:
    """The part that holds a part's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Parts:
    """Parsed parts by name; only what was touched is written anew. Names may be given in any spelling."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._names = dict(archive.names)
        """Every part there is: what its name is compared by → the name."""
        self._roots: dict[str, Element] = {}
        self._dirty: set[str] = set()
        self._added: dict[str, bytes] = {}
        self._dropped: set[str] = set()
        self._owners: dict[str, str] = {}

    def names(self) -> Collection[str]:
        """Every part there is."""
        return self._names.values()

    def has(self, part: str) -> bool:
        return part_key(part) in self._names

    def spelled(self, part: str) -> str:
        """A part's name as the file spells it, and one that is not there as it is given."""
        return self._names.get(part_key(part), part)

    def root(self, part: str) -> Element:
        """A part's XML. Raises CannotOpen when it is missing or damaged."""
        part = self.spelled(part)
        if part not in self._roots:
            self._roots[part] = parse(self.content(part), part)
        return self._roots[part]

    def content(self, part: str) -> bytes:
        """A part as it was before anything was changed. Raises CannotOpen when it is missing or damaged."""
        part = self.spelled(part)
        return self._added[part] if part in self._added else self.archive.read(part)

    def writable(self, part: str, kind: str, owner: str) -> Element:
        """A part's XML, to be written as that of `owner`: a relation may lead to any part, and two to the same.

        Raises CannotOpen where its root is not named `kind`, or it was another owner's before.
        """
        root = self.root(part)
        if etree.QName(root).localname != kind:
            raise torn(part, "不是该有的内容")
        if self._owners.setdefault(part_key(part), owner) != owner:
            raise torn(part, "同时用在两处")
        return root

    def keep(self, part: str, root: Element) -> None:
        """Let a tree stand for a part from here on."""
        self._roots[self.spelled(part)] = root

    def may_hold(self, part: str, pattern: re.Pattern[bytes]) -> bool:
        """Whether a part of the file can have a pattern in it; one in another encoding than UTF-8 always can."""
        if part_key(part) not in self.archive.names:
            return False
        content = self.archive.read(part)
        return b"\0" in content[:200] or pattern.search(content) is not None

    def content_type(self, part: str) -> str:
        """What a part is declared as, by its name or by its suffix."""
        types, key = self.root(CONTENT_TYPES), part_key(part)
        for one in types.iter(tag("Override", TYPES)):
            if part_key(one.get("PartName", "")) == key:
                return one.get("ContentType", "")
        suffix = key.rpartition(".")[2]
        defaults = types.iter(tag("Default", TYPES))
        return next(
            (d.get("ContentType", "") for d in defaults if d.get("Extension", "").lower() == suffix), ""
        )

    def touch(self, *parts: str) -> None:
        """Tell that the XML of parts was changed."""
        self._dirty.update(map(self.spelled, parts))

    def replace(self, part: str, content: bytes) -> None:
        """Give a part new content."""
        self.keep(part, parse(content, part))
        self.touch(part)

    # -- relations -------------------------------------------------------------------------------------

    def relations(self, part: str) -> Iterable[Element]:
        """The relations of a part to parts of the package."""
        rels = rels_of(part)
        for one in self.root(rels).iter(tag("Relationship", RELS)) if self.has(rels) else ():
            if one.get("TargetMode") != "External":
                yield one

    def resolve(self, target: str, base: str) -> str:
        """The part that a target means, seen from a part."""
        target = target.replace("\\", "/")
        if not target.startswith("/"):
            target = posixpath.join(posixpath.dirname(base), target)
        return self.spelled(posixpath.normpath("/" + target.lstrip("/")).lstrip("/"))

    def all_related(self, part: str, kind: str) -> Iterator[str]:
        """The parts that a part refers to by relations of this kind, as far as they are there."""
        for one in self.relations(part):
            target = self.resolve(one.get("Target", ""), part)
            if one.get("Type", "").endswith(f"/{kind}") and self.has(target):
                yield target

    def related(self, part: str, kind: str) -> str | None:
        """The first of them."""
        return next(self.all_related(part, kind), None)

    def shown(self, part: str, element: Element | None) -> str | None:
        """The part whose relation an element of a part names."""
        wanted = None if element is None else element.get(tag("id", DOC_RELS))
        for one in self.relations(part) if wanted else ():
            if one.get("Id") == wanted:
                found = self.resolve(one.get("Target", ""), part)
                return found if self.has(found) else None
        return None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation from a part to another and return its id.

        Its target is relative to the part: some programs cannot follow others.
        """
        rels = rels_of(part)
        if not self.has(rels):
            self._declare_suffix("rels", _RELS_TYPE)
            self._put(rels, f'<Relationships xmlns="{RELS}"/>'.encode())
        self.touch(rels)
        relations = self.root(rels)
        ids = {one.get("Id") for one in relations}
        identity = next(f"rIdXl{index}" for index in count(1) if f"rIdXl{index}" not in ids)
        attributes = {
            "Id": identity,
            "Type": f"{DOC_RELS}/{kind}",
            "Target": posixpath.relpath(target, posixpath.dirname(part) or "."),
        }
        etree.SubElement(relations, tag("Relationship", RELS), attributes)
        return identity

    # -- parts that come and go ------------------------------------------------------------------------

    def _put(self, part: str, content: bytes) -> None:
        self._names[part_key(part)] = part
        self._added[part] = content

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first free number and declare its type; .vml is declared by its suffix."""
        taken = self._names.keys() | self._dropped | self.archive.folders
        numbered = (pattern.format(number) for number in count(1))
        part = next(
            name for name in numbered if part_key(name) not in taken and part_key(rels_of(name)) not in taken
        )
        self._put(part, content)
        suffix = part.rpartition(".")[2]
        if suffix == "xml":
            self.declare(part, content_type)
        else:
            self._declare_suffix(suffix, content_type)
        return part

    def declare(self, part: str, content_type: str) -> None:
        """Tell what a part is, unless that is told."""
        if self.content_type(part).lower() != content_type.lower():
            types = self.root(CONTENT_TYPES)
            etree.SubElement(types, tag("Override", TYPES), PartName=f"/{part}", ContentType=content_type)
            self.touch(CONTENT_TYPES)

    def _declare_suffix(self, suffix: str, content_type: str) -> None:
        """Tell what parts with a suffix are, unless that is told."""
        types = self.root(CONTENT_TYPES)
        if all(one.get("Extension", "").lower() != suffix for one in types):
            types.insert(0, etree.Element(tag("Default", TYPES), Extension=suffix, ContentType=content_type))
            self.touch(CONTENT_TYPES)

    def drop(self, part: str, owner: str) -> None:
        """Take a part away, with its type and the relations of its owner to it."""
        key, types, rels = part_key(part), self.root(CONTENT_TYPES), rels_of(owner)
        for one in [one for one in types if part_key(one.get("PartName", "")) == key]:
            types.remove(one)
        for one in list(self.relations(owner)):
            holder = one.getparent()
            if holder is not None and part_key(self.resolve(one.get("Target", ""), owner)) == key:
                holder.remove(one)
        self.touch(CONTENT_TYPES, rels)
        self._names.pop(key, None)
        self._dropped.add(key)

    def pack(self, finish: Mapping[str, Callable[[bytes], Iterable[bytes]]]) -> bytes:
        """The package with what was changed; `finish` completes the text of some parts, in pieces."""
        changed: dict[str, Iterable[bytes]] = {}
        for part, root in self._roots.items():
            if part in self._dirty:
                content = serialize(root)
                changed[part] = finish[part](content) if part in finish else (content,)
        added = {part: changed.pop(part, (content,)) for part, content in self._added.items()}
        return self.archive.write({**changed, **added}, frozenset(self._dropped))
