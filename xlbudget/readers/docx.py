"""Word documents: paragraphs and tables as a person reads them, each piece of text with the element that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbudget.audit.source import Item, Line, Table
from xlbudget.hosts import CannotOpen
from xlbudget.hosts.archive import WORD, Archive, Trade
from xlbudget.hosts.parts import Parts
from xlbudget.hosts.xml import Element, TooLarge
from xlbudget.readers import MAX_CELLS, MAX_ITEMS, CannotRead, Reading, too_long
from xlbudget.readers.numbering import child, local, value, whole
from xlbudget.readers.word_text import Paragraph, Piece, TextReader, children, text_of

MAX_PART = 64 * 2**20
"""Bytes of a part: its tree takes about ten times as much."""
_WIDEST = 200
"""Columns that a cell may span; Word makes at most 63."""
_READ = Trade(WORD.name, WORD.program, WORD.suffix, WORD.old, read_only=True)


@dataclass(slots=True)
class WordLine:
    """A paragraph. `host` is the run of the main text that shows it where it stands in a text box or a note."""

    pieces: list[Piece]
    label: str
    host: Element | None = None

    def item(self) -> Item:
        return Line(text_of(self.pieces), self.label)


@dataclass(slots=True)
class WordTable:
    """A table: for each cell its pieces, none where another cell spans it."""

    rows: list[list[list[Piece]]]
    label: str
    host: Element | None = None

    def item(self) -> Item:
        return Table(tuple(tuple(text_of(cell).strip() for cell in row) for row in self.rows), self.label)


Block = WordLine | WordTable


def read_docx(path: Path, content: bytes) -> Reading:
    """A Word document. Raises CannotRead or CannotOpen."""
    return Reading(tuple(block.item() for block in open_docx(path, content, _READ).blocks))


@dataclass(frozen=True, slots=True)
class WordDocument:
    """The parts of a document, the name of the main one, and its blocks, one for each item of the source."""

    parts: Parts
    main: str
    blocks: list[Block]


def open_docx(path: Path, content: bytes, trade: Trade = WORD) -> WordDocument:
    """A document taken apart. Raises CannotRead or CannotOpen."""
    parts = Parts(Archive(path, content, trade))
    main = parts.related("", "officeDocument")
    if main is None:
        main = "word/document.xml"
    root = _root(path, parts, main)
    body = child(root, "body")
    if body is None:
        raise CannotRead(f"“{path.name}”不是 Word 文档。请用 Word 或 WPS 打开，另存为 .docx，再试。")
    for show_contents in (False, True):
        walk = _Walk(path, parts, main, show_contents=show_contents)
        walk.body(body)
        if not walk.text.in_contents:
            break
    return WordDocument(parts, main, walk.blocks)


def _root(path: Path, parts: Parts, part: str) -> Element:
    """A part's XML. Raises CannotRead when it is missing, damaged or huge."""
    if parts.archive.size(part) > MAX_PART:
        raise too_long(path)
    try:
        return parts.root(part)
    except TooLarge:
        raise too_long(path) from None
    except CannotOpen:
        raise CannotRead(
            f"“{path.name}”已损坏（部件 {part} 读不出来）。请用 Word 或 WPS 打开修复并另存，再试。"
        ) from None


def _optional(path: Path, parts: Parts, main: str, kind: str) -> Element | None:
    """A part that a document can be read without, such as its styles."""
    part = parts.related(main, kind)
    try:
        return _root(path, parts, part) if part else None
    except CannotRead:
        return None


def _notes(path: Path, parts: Parts, main: str, kind: str) -> dict[str, Element]:
    part = parts.related(main, kind)
    if part is None:
        return {}
    return {
        value(one, "id") or "": one
        for one in _root(path, parts, part)
        if value(one, "type") in (None, "normal")
    }


class _Walk:
    """Goes through a document and collects its blocks."""

    def __init__(self, path: Path, parts: Parts, main: str, *, show_contents: bool) -> None:
        numbering, styles = (_optional(path, parts, main, kind) for kind in ("numbering", "styles"))
        self.path = path
        self.blocks: list[Block] = []
        self.text = TextReader(numbering, styles, show_contents=show_contents)
        self._notes = {kind: _notes(path, parts, main, f"{kind}s") for kind in ("footnote", "endnote")}
        self._counts = {"段": 0, "表": 0, "footnote": 0, "endnote": 0}
        self._cells = 0

    # -- blocks ----------------------------------------------------------------------------------------

    def body(self, container: Element, host: Element | None = None) -> None:
        """Everything in a container of paragraphs and tables; `host` where it is not the main text."""
        for element in children(container):
            match local(element):
                case "p":
                    self._line(element, host)
                case "tbl":
                    self._table(element, host)
                case "altChunk" | "subDoc":
                    raise CannotRead(
                        f"“{self.path.name}”里嵌着另一个文件，只有 Word 读得出来。请用 Word 打开，另存一份再试。"
                    )

    def _line(self, element: Element, host: Element | None) -> None:
        found = self.text.paragraph(element)
        if found is None:
            return
        text = text_of(found.pieces)
        if text.strip():
            if host is None:
                self._counts["段"] += 1
                label = f"第{self._counts['段']}段"
            else:
                label = f"第{self._counts['段']}段旁的文本框"
            self._add(WordLine(found.pieces, label, host))
        self._beside(found, host)

    def _beside(self, found: Paragraph, host: Element | None) -> None:
        """The text boxes and notes of a paragraph, after it."""
        for run, box in found.boxes:
            self.body(box, run if host is None else host)
        for kind, identity, run in found.notes:
            note = self._notes[kind].get(identity)
            if note is not None:
                self._note(kind, note, run if host is None else host)

    def _note(self, kind: str, note: Element, host: Element) -> None:
        self._counts[kind] += 1
        label = f"{'脚注' if kind == 'footnote' else '尾注'}{self._counts[kind]}"
        for element in children(note):
            found = self.text.paragraph(element) if local(element) == "p" else None
            if found is not None and text_of(found.pieces).strip():
                self._add(WordLine(found.pieces, label, host))

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        if len(self.blocks) > MAX_ITEMS:
            raise too_long(self.path)

    # -- tables ----------------------------------------------------------------------------------------

    def _table(self, element: Element, host: Element | None) -> None:
        """A table, then what stands in its cells besides text. A frame of one cell is no table."""
        rows = [row for row in _named(element, "tr") if child(row, "trPr", "del") is None]
        cells = [[*_named(row, "tc")] for row in rows]
        if [len(row) for row in cells] == [1]:
            self.body(cells[0][0], host)
            return
        later: list[tuple[Paragraph | None, Element | None]] = []
        grid = [self._row(row, found, later) for row, found in zip(rows, cells, strict=True)]
        width = max(map(len, grid), default=0)
        self._cells += width * len(grid)
        if self._cells > MAX_CELLS:
            raise too_long(self.path)
        if any(text_of(cell).strip() for row in grid for cell in row):
            self._counts["表"] += 1
            rows_of_pieces = [row + [[] for _ in range(width - len(row))] for row in grid]
            self._add(WordTable(rows_of_pieces, f"第{self._counts['表']}个表", host))
        for paragraph, nested in later:
            if paragraph is not None:
                self._beside(paragraph, host)
            if nested is not None:
                self._table(nested, host)

    def _row(
        self, row: Element, cells: Sequence[Element], later: list[tuple[Paragraph | None, Element | None]]
    ) -> list[list[Piece]]:
        properties = child(row, "trPr")
        found: list[list[Piece]] = [[] for _ in range(_span(child(properties, "gridBefore")))]
        for cell in cells:
            pieces = self._cell(cell, later)
            merge, across = child(cell, "tcPr", "vMerge"), child(cell, "tcPr", "hMerge")
            hidden = any(one is not None and value(one) != "restart" for one in (merge, across))
            found.append([] if hidden else pieces)
            found.extend([] for _ in range(_span(child(cell, "tcPr", "gridSpan"), 1) - 1))
        return found + [[] for _ in range(_span(child(properties, "gridAfter")))]

    def _cell(self, cell: Element, later: list[tuple[Paragraph | None, Element | None]]) -> list[Piece]:
        pieces: list[Piece] = []
        for element in children(cell):
            if local(element) == "tbl":
                later.append((None, element))
            elif local(element) == "p":
                found = self.text.paragraph(element)
                if found is None:
                    continue
                later.append((found, None))
                if pieces and found.pieces:
                    pieces.append(Piece("\n", None))
                pieces += found.pieces
        return pieces


def _span(element: Element | None, least: int = 0) -> int:
    return min(max(least, whole(value(element), least)), _WIDEST)


def _named(container: Element, name: str) -> Iterator[Element]:
    return (one for one in children(container) if local(one) == name)
