"""Values with metadata: pictures in cells, records of linked data, and errors that tell more than their name."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from xlbudget.files import CannotOpen
from xlbudget.files.parts import Parts
from xlbudget.files.xml import Element, tag


def rich_errors(parts: Parts, workbook: str) -> frozenset[str]:
    """The numbers that cells have as `vm` whose value is but an error, as #SPILL! is.

    A number leads to a type and an index in the metadata, the index to a rich value, and that to its structure.
    """
    try:
        metadata, values, structures = [
            parts.root(parts.related(workbook, kind) or "")
            for kind in ("sheetMetadata", "rdRichValue", "rdRichValueStructure")
        ]
    except CannotOpen:  # missing or damaged: nobody knows what the values are
        return frozenset()
    kinds = [one.get("t") for one in _all(structures, "s")]
    records = [_at(kinds, one.get("s")) for one in _all(values, "rv")]
    blocks = [_at(records, one.get("i")) for one in _all(metadata, "rvb")]
    types = [None, *(one.get("name") for one in metadata.iter(tag("metadataType")))]
    numbered = enumerate(metadata.iterfind(f"{tag('valueMetadata')}/{tag('bk')}/{tag('rc')}"), 1)
    return frozenset(
        str(number)
        for number, one in numbered
        if _at(types, one.get("t")) == "XLRICHVALUE" and _at(blocks, one.get("v")) == "_error"
    )


def _all(root: Element, name: str) -> list[Element]:
    """The elements of a name, of whatever namespace."""
    return [one for one in root.iter() if isinstance(one.tag, str) and etree.QName(one).localname == name]


def _at(items: Sequence[str | None], index: str | None) -> str | None:
    number = int(index) if index and index.isascii() and index.isdecimal() and len(index) < 10 else len(items)
    return items[number] if number < len(items) else None
