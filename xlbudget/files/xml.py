"""Small helpers around lxml for spreadsheet parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, cast

from lxml import etree

from xlbudget.files import CannotOpen

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOC_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

Element = etree._Element

_DOCTYPES = tuple(
    "<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OPEN_BREAK = re.compile(rb"<br\s*>")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def tag(name: str, namespace: str = MAIN) -> str:
    return f"{{{namespace}}}{name}"


_R, _T = tag("r"), tag("t")


class TooLarge(CannotOpen):
    """A part would take more memory than there should be for it."""


MOST_MEMORY = 250 * 2**20
"""Bytes that the tree of a part may take."""


def _memory(content: bytes) -> int:
    """About how many bytes the tree of a part takes, by its elements and attributes: up to thirty times its text."""
    elements, attributes = content.count(b"<") - content.count(b"</"), content.count(b'="')
    return len(content) + 110 * elements + 150 * attributes


def parse(content: bytes, part: str) -> Element:
    """Parse a part. Raises CannotOpen when it is no well-formed XML or has a DTD, TooLarge before it takes too much memory."""
    if _memory(content) > MOST_MEMORY:
        raise TooLarge(
            f"工作簿的部件 {part} 太大，读不下来。请用 Excel 或 WPS 打开，删去多余的内容（空行、格式、批注），另存再试。"
        )
    if part.endswith(".vml"):  # Excel reads the open <br> that it and others write in captions
        content = _OPEN_BREAK.sub(rb"<br/>", content)
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError:
        raise torn(part, "已损坏") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise CannotOpen(f"工作簿的部件 {part} 带有 DTD 声明，为安全起见不打开。")
    return root


def torn(part: str, what: str) -> CannotOpen:
    """What is said of a part in which something is wrong that only an office program can mend."""
    gap = "" if part.endswith("）") else " "
    return CannotOpen(f"工作簿的部件 {part}{gap}{what}。请用 Excel 或 WPS 打开修复并另存，再试。")


class _Decided(Exception):  # noqa: N818  (not an error: the parser need not go on)
    """What was asked is known."""


class _Prolog:
    """Is told by the parser what a part begins with, and stops it there."""

    found = False

    def doctype(self, *_: object) -> None:
        self.found = True
        raise _Decided

    def start(self, *_: object) -> None:
        raise _Decided

    def close(self) -> None:
        pass


def has_document_type(pieces: Iterable[bytes]) -> bool:
    """Whether a part has a DTD: only before its root can there be one, elsewhere `<!DOCTYPE` is text.

    What cannot be parsed so far has one where it may seem to have one.
    """
    prolog = _Prolog()
    parser = etree.XMLParser(
        target=cast(Any, prolog), resolve_entities=False, no_network=True, load_dtd=False
    )
    given, rest = [], iter(pieces)
    try:
        for piece in rest:
            given.append(piece)
            parser.feed(piece)
    except _Decided:
        return prolog.found
    except etree.XMLSyntaxError:
        pass
    content = b"".join(chain(given, rest))
    return any(mark in content for mark in _DOCTYPES)


_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,12}\s*", re.ASCII)


def integer(text: str | None, default: int = 0) -> int:
    """A whole number of an attribute. Raises CannotOpen for anything else."""
    if text is None:
        return default
    if not _INTEGER.fullmatch(text):
        raise CannotOpen(f"工作簿内部有不正常的编号“{text[:20]}”。请用 Excel 或 WPS 打开修复并另存，再试。")
    return int(text)


def is_strict(root: Element) -> bool:
    """Whether a part is of the variant of the standard whose names are others."""
    return (etree.QName(root).namespace or "").startswith("http://purl.oclc.org/ooxml")


def text_of(element: Element) -> str:
    """The text of an element without children, also where comments stand in it."""
    text = element.text or ""
    return text + "".join(one.tail or "" for one in element) if len(element) else text


def serialize(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def legal(text: str) -> str:
    """Drop characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def unescape(text: str) -> str:
    """Turn Excel's _x000A_ into the character it stands for; characters that XML cannot hold are dropped."""
    return legal(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def raw_text(element: Element) -> str:
    """Text of a string item as it is written: its own and its runs' <t>, without phonetic hints."""
    parts = []
    for child in element:
        if child.tag == _T:
            parts.append(text_of(child))
        elif child.tag == _R:
            parts.extend(map(text_of, child.findall(_T)))
    return "".join(parts)


def escape(text: str) -> str:
    """A text for a cell: legal characters, and nothing that Excel would take for an escape."""
    return _ESCAPED.sub(lambda match: f"_x005F{match[0]}", legal(text))


def worded(text: str) -> tuple[str, bool]:
    """A text as a cell holds it, and whether it needs xml:space="preserve"; that is seen only when it is clean."""
    clean = escape(text)
    return clean, clean != clean.strip() or "\n" in clean


def put(root: Element, element: Element, order: Sequence[str]) -> None:
    """Set the child of this name at its place in the schema's order, replacing one that is there."""
    name = etree.QName(element).localname
    old = root.find(element.tag)
    if old is not None:
        root.replace(old, element)
        return
    before = set(order[: order.index(name)])
    position = 0
    for index, child in enumerate(root):
        if isinstance(child.tag, str) and etree.QName(child).localname in before:
            position = index + 1
    root.insert(position, element)


def unset(element: Element, *names: str) -> None:
    """Remove attributes where they are."""
    for name in names:
        if element.get(name) is not None:
            del element.attrib[name]


def drop(root: Element, name: str) -> None:
    for old in root.findall(tag(name)):
        root.remove(old)
