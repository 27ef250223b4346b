"""A Word document with the findings of an audit as comments on the words that they are about; all else stays as it was."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from xlbudget.audit.finding import AuditFinding, Quote
from xlbudget.export import file_date
from xlbudget.export.quotes import Spot, spots
from xlbudget.files.parts import Parts
from xlbudget.files.xml import RELS, XML_SPACE, Element, legal, tag
from xlbudget.readers.docx import Block, WordDocument, WordLine, open_docx
from xlbudget.readers.numbering import local, value, whole
from xlbudget.readers.word_text import Piece, text_of

AUTHOR, INITIALS = "xlbudget 核对", "核对"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_CONTAINERS = {
    "p",
    "hyperlink",
    "ins",
    "moveTo",
    "sdtContent",
    "smartTag",
    "customXml",
    "fldSimple",
    "dir",
    "bdo",
}
"""Where a mark of a comment may stand."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment: its number in the file, the words it is about, its paragraphs."""

    identity: str
    quote: Quote
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    """A beginning or an end of a comment: before or after a character of an element of a run, or a whole run."""

    comment: str
    begins: bool
    element: Element
    offset: int | None
    """Characters of the element before the edge; None for a run as a whole."""


def annotate(
    content: bytes,
    findings: Sequence[AuditFinding],
    path: Path = Path("文档.docx"),
) -> bytes:
    """A .docx with comments for findings whose places are items of the source that was read from the same bytes.

    `path` only names it. Raises CannotRead or CannotOpen for what is no Word document, or a signed one.
    """
    word = open_docx(path, content)
    if not findings:
        return content
    namespace = etree.QName(word.parts.root(word.main)).namespace or ""
    root = _comments_root(word, namespace)
    comments = list(_comments(word, root, findings))
    for comment in comments:
        root.append(_comment_element(comment, namespace))
    edges = [edge for comment in comments for edge in _edges(comment, word.blocks[comment.quote.place.item])]
    begun: dict[tuple[Element, int | None], Element] = {}
    # From the back, so that what stands before an edge stays in its element; the beginnings at one place in one run.
    for edge in sorted(edges, key=lambda one: (-(one.offset or 0), not one.begins)):
        key = edge.element, edge.offset
        run = begun.get(key) if edge.begins else None
        if run is None:
            run = _run_at(edge)
        if edge.begins:
            begun[key] = run
        _mark(edge, run, namespace)
    word.parts.touch(word.main)
    return word.parts.pack({})


# -- the comments part -----------------------------------------------------------------------------------


def _comments_root(word: WordDocument, namespace: str) -> Element:
    """The root of the comments part, which is made where there is none."""
    parts = word.parts
    part = parts.related(word.main, "comments")
    if part is None:
        blank = f'<w:comments xmlns:w="{namespace}"/>'.encode()
        part = parts.add("word/comments{}.xml", blank, _TYPE)
        _relate(parts, word.main, part, strict="purl.oclc.org" in namespace)
    parts.touch(part)
    return parts.writable(part, "comments", word.main)


def _relate(parts: Parts, main: str, part: str, *, strict: bool) -> None:
    identity = parts.relate(main, "comments", part)
    if strict:
        for relation in parts.relations(main):
            if relation.tag == tag("Relationship", RELS) and relation.get("Id") == identity:
                relation.set("Type", _STRICT_RELATION)


def _comments(word: WordDocument, root: Element, findings: Sequence[AuditFinding]) -> Iterator[_Comment]:
    used = [value(one, "id") for one in root]
    used += [
        value(one, "id") for one in word.parts.root(word.main).iter() if local(one) == "commentReference"
    ]
    identity = max((whole(one, -1) for one in used), default=-1)
    for number, finding in enumerate(findings, 1):
        for index, quote in enumerate(finding.quotes):
            identity += 1
            text = _other(number, finding) if index else _accusing(number, finding)
            block = word.blocks[quote.place.item]
            where = (f"（指{block.label}里的“{_short(quote.text)}”）",) if block.host is not None else ()
            yield _Comment(str(identity), quote, (*text, *where))


def _accusing(number: int, finding: AuditFinding) -> tuple[str, ...]:
    return f"【{number}】{finding.severity.label}：{finding.message}", f"{finding.remedy}（{finding.code}）"


def _other(number: int, finding: AuditFinding) -> tuple[str, ...]:
    first = finding.quotes[0]
    return (f"【{number}】与{first.place.label}的“{_short(first.text)}”对照，说明见同号批注。",)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _comment_element(comment: _Comment, namespace: str) -> Element:
    def name(local_name: str) -> str:
        return tag(local_name, namespace)

    element = etree.Element(name("comment"), nsmap={"w": namespace})
    dated = file_date(None).strftime("%Y-%m-%dT%H:%M:%SZ")
    for key, text in (("id", comment.identity), ("author", AUTHOR), ("date", dated), ("initials", INITIALS)):
        element.set(name(key), text)
    for text in comment.paragraphs:
        paragraph = etree.SubElement(element, name("p"))
        properties = etree.SubElement(paragraph, name("pPr"))
        # Reports have large type, an indent and a fixed pitch; comments inherit them unless told otherwise.
        etree.SubElement(properties, name("spacing"), {name("line"): "240", name("lineRule"): "auto"})
        etree.SubElement(properties, name("ind"), {name("firstLine"): "0", name("firstLineChars"): "0"})
        etree.SubElement(properties, name("jc"), {name("val"): "left"})
        run = etree.SubElement(paragraph, name("r"))
        look = etree.SubElement(run, name("rPr"))
        etree.SubElement(look, name("sz"), {name("val"): "18"})
        etree.SubElement(run, name("t"), {XML_SPACE: "preserve"}).text = legal(text)
    return element


# -- where a comment begins and ends ---------------------------------------------------------------------


def _edges(comment: _Comment, block: Block) -> tuple[_Edge, ...]:
    if (
        block.host is not None
    ):  # Word has no comments in text boxes; they stand where the box or the note is shown
        return tuple(_Edge(comment.identity, begins, block.host, None) for begins in (True, False))
    found = spots(block.item(), comment.quote)
    first, last = found[0], found[-1]
    begin = _first_sign(*_pieces(block, first))
    end = _last_sign(*_pieces(block, last, end=True))
    return _Edge(comment.identity, True, *begin), _Edge(comment.identity, False, *end)


def _pieces(block: Block, spot: Spot, *, end: bool = False) -> tuple[list[Piece], int]:
    """The pieces that a stretch stands in, and its beginning or end in their text."""
    at = spot.end if end else spot.start
    if isinstance(block, WordLine):
        return block.pieces, at
    pieces = block.rows[spot.row or 0][spot.column or 0]
    text = text_of(pieces)
    return pieces, at + len(text) - len(text.lstrip())


def _first_sign(pieces: list[Piece], start: int) -> tuple[Element, int]:
    """The element that holds the character at a place, or the first one after it, and how much of it is before."""
    passed = 0
    for piece in pieces:
        if passed + len(piece.text) > start and piece.element is not None:
            return piece.element, max(0, start - passed)
        passed += len(piece.text)
    return _last_sign(pieces, passed)


def _last_sign(pieces: list[Piece], end: int) -> tuple[Element, int]:
    """The element that holds the character before a place, or the last one before that, and how much of it is before."""
    left = sum(len(piece.text) for piece in pieces)
    for piece in reversed(pieces):
        left -= len(piece.text)
        if left < end and piece.element is not None:
            return piece.element, min(len(piece.text), end - left)
    raise ValueError("no words to comment on")


# -- runs --------------------------------------------------------------------------------------------------


def _mark(edge: _Edge, run: Element, namespace: str) -> None:
    """Put a mark before the run where a comment begins, or one and the comment's sign after that where it ends."""
    identity = {tag("id", namespace): edge.comment}
    if edge.begins:
        run.addprevious(etree.Element(tag("commentRangeStart", namespace), identity))
        return
    sign = etree.Element(tag("r", namespace))
    etree.SubElement(sign, tag("commentReference", namespace), identity)
    run.addnext(sign)
    run.addnext(etree.Element(tag("commentRangeEnd", namespace), identity))


def _run_at(edge: _Edge) -> Element:
    """The run that begins (or ends) at an edge; it is parted there where more stands in it."""
    run = _outermost(edge.element)
    if edge.offset is None or edge.element.getparent() is not run or local(run) != "r":
        return run
    element, text = edge.element, edge.element.text or ""
    if local(element) == "t" and 0 < edge.offset < len(text):
        rest = copy.copy(element)
        rest.text, element.text = text[edge.offset :], text[: edge.offset]
        for one in (element, rest):
            one.set(XML_SPACE, "preserve")
        element.addnext(rest)
        element = rest if edge.begins else element
    following = element if edge.begins else element.getnext()
    if following is None:
        return run
    before = following.getprevious()
    if before is None or local(before) == "rPr":
        return run
    rest_run = _part(run, following)
    return rest_run if edge.begins else run


def _outermost(element: Element) -> Element:
    """What stands in a paragraph, a link or the like and holds an element."""
    parent = element.getparent()
    while parent is not None and local(parent) not in _CONTAINERS:
        element, parent = parent, parent.getparent()
    return element


def _part(run: Element, child: Element) -> Element:
    """Move a child of a run and all after it into a new run of the same look; returns that."""
    moved = [child, *child.itersiblings()]
    fresh = etree.SubElement(run, run.tag)  # below the run, for the prefixes that are declared there
    for key, text in run.attrib.items():
        fresh.set(key, text)
    look = next((one for one in run if local(one) == "rPr"), None)
    if look is not None:
        fresh.append(copy.deepcopy(look))
    run.addnext(fresh)
    fresh.extend(moved)
    return fresh
