r"""A workbook's links to the add-in: a formula with one of its functions, such as [1]!ACHIEVEMENT(A5), keeps the path of the
add-in that it was entered with, and Excel looks there (https://mskb.pkisolutions.com/kb/817578).

On another machine that path leads nowhere, and Excel asks for the file. A link of the kind xlStartup has no path: it means
the start folder of whoever opens the workbook (LibreOffice's test ScExportTest6, testXlStartupExternalXLSX, has such a file
of Excel's), and there the add-in lies wherever it was installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from xlbudget.files.archive import Archive, read_file
from xlbudget.files.parts import Parts, rels_of
from xlbudget.files.writing import Original, refuse_if_open, write_all
from xlbudget.files.xml import DOC_RELS, RELS, Element, tag
from xlbudget.machine.office import ADDIN

_STARTUP = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup"
_ID = tag("id", DOC_RELS)


def _to_addin(relation: Element) -> bool:
    name = re.split(r"[\\/]", unquote(relation.get("Target", "")))[-1]
    return name.lower() == ADDIN


def _links(parts: Parts) -> Iterator[tuple[str, Element, Element]]:
    """Each link to the add-in: its part, the element that stands for the add-in, and the relation that says where it is."""
    for book in parts.all_related("", "officeDocument"):
        for part in parts.all_related(book, "externalLink"):
            external = next((one for one in parts.root(part) if one.get(_ID)), None)
            if external is None or not parts.has(rels_of(part)):
                continue
            for relation in parts.root(rels_of(part)).iter(tag("Relationship", RELS)):
                if relation.get("Id") == external.get(_ID) and _to_addin(relation):
                    yield part, external, relation


def paths(content: bytes, path: Path) -> tuple[list[str], bool]:
    """The paths of the add-in that a workbook's links keep, and whether it has any link to the add-in. Raises CannotOpen."""
    found = [relation for _, _, relation in _links(Parts(Archive(path, content)))]
    kept = [unquote(one.get("Target", "")) for one in found if one.get("Type") != _STARTUP]
    return list(dict.fromkeys(kept)), bool(found)


def without_paths(content: bytes, path: Path) -> bytes | None:
    """A workbook whose links to the add-in have no path, everything else as it was; None where there is nothing to change.

    Raises CannotOpen.
    """
    parts, changed = Parts(Archive(path, content)), False
    for part, external, relation in _links(parts):
        if relation.get("Type") != _STARTUP:
            changed = True
            relation.set("Type", _STARTUP)
            relation.set("Target", ADDIN)
            parts.touch(rels_of(part))
            _forget_other_places(parts, part, external)
    return parts.pack({}) if changed else None


def _forget_other_places(parts: Parts, part: str, external: Element) -> None:
    """Take away where else Excel 365 notes that the add-in was (alternateUrls)."""
    relations = parts.root(rels_of(part))
    for other in [one for one in external if str(one.tag).endswith("}alternateUrls")]:
        named = {one.get(_ID) for one in other}
        external.remove(other)
        parts.touch(part)
        for relation in [one for one in relations if one.get("Id") in named]:
            relations.remove(relation)


def relink(path: Path, *, in_place: bool) -> list[str]:
    """Write a workbook whose links to the add-in have no path, beside it or in its place after a backup; says what was done.

    Raises CannotOpen or CannotWrite.
    """
    before = read_file(path)
    content = without_paths(before, path)
    if content is None:
        return [f"“{path.name}”里没有带路径的加载项链接，不用改。"]
    if in_place:
        original = Original.of(path, before)
        write_all([(path, content)], original)
        return [f"已改好：{path}", f"原来的留在：{original.backup}"]
    copy = path.with_name(f"{path.stem}-改好链接{path.suffix}")
    refuse_if_open(copy)
    write_all([(copy, content)])
    return [f"已改好，写在：{copy}", f"没有动“{path.name}”。"]
