"""Word documents: paragraphs and tables as a person reads them, each piece of text with the element that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlbudget.audit.source import Item, Line, Table
from xlbudget.hosts import CannotOpen
from xlbudget.hosts.archive import WORD, Archive, Trade
from xlbudget.hosts.parts import Parts
from xlbudget.hosts.xml import Element
from xlbudget.readers import MAX_CELLS, MAX_ITEMS, CannotRead, Reading, too_long
from xlbudget.readers.numbering import Numbering, child, local, value, whole

MAX_PART = 64 * 2**20
"""Bytes of a part: its tree takes about ten times as much."""
_WIDEST = 200
"""Columns that a cell may span; Word makes at most 63."""
_READ = Trade(WORD.name, WORD.program, WORD.suffix, WORD.old, read_only=True)
_GONE = {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "Fallback", "sdtPr", "sdtEndPr"}
_CLEAR = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"}
_OFF = {"0", "false", "off"}
_SIGNS = {
    ("wingdings", 0xFC): "√", ("wingdings", 0xFB): "×", ("wingdings", 0xFE): "☑", ("wingdings", 0xFD): "☒",
    ("wingdings", 0xA8): "□", ("wingdings", 0x6F): "□", ("wingdings", 0xA1): "○", ("wingdings", 0x6C): "●",
    ("wingdings", 0x6E): "■", ("wingdings 2", 0x50): "√", ("wingdings 2", 0x52): "☑", ("wingdings 2", 0x4F): "×",
    ("wingdings 2", 0x51): "☒", ("wingdings 2", 0x54): "☒", ("wingdings 2", 0xA3): "□", ("wingdings 2", 0x2A): "□",
    ("symbol", 0xB3): "≥", ("symbol", 0xA3): "≤", ("symbol", 0xB1): "±", ("symbol", 0xD6): "√", ("symbol", 0xB4): "×",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, and the element in a run that holds it; numbers that Word writes itself have none."""

    text: str
    element: Element | None


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


def text_of(pieces: Iterable[Piece]) -> str:
    """What pieces read together."""
    return "".join(piece.text for piece in pieces)


def read_docx(path: Path, content: bytes) -> Reading:
    """A Word document. Raises CannotRead or CannotOpen."""
    return Reading(tuple(block.item() for block in open_docx(path, content, trade=_READ)[2]))


def open_docx(path: Path, content: bytes, trade: Trade = WORD) -> tuple[Parts, str, list[Block]]:
    """The parts of a document, the name of its main part, and its blocks. Raises CannotRead or CannotOpen."""
    parts = Parts(Archive(path, content, trade))
    main = parts.related("", "officeDocument")
    if main not in parts.names():
        main = "word/document.xml"
    root = _root(path, parts, main)
    body = child(root, "body")
    if body is None:
        raise CannotRead(f"“{path.name}”不是 Word 文档。请用 Word 或 WPS 打开，另存为 .docx，再试。")
    for show_contents in (False, True):
        walk = _Walk(path, parts, main, show_contents)
        walk.body(body)
        if not walk.in_contents:
            break
    return parts, main, walk.blocks


def _root(path: Path, parts: Parts, part: str) -> Element:
    """A part's XML. Raises CannotRead when it is missing, damaged or huge."""
    info = parts.archive.infos.get(part)
    if info is not None and info.file_size > MAX_PART:
        raise too_long(path)
    try:
        return parts.root(part)
    except CannotOpen:
        raise CannotRead(
            f"“{path.name}”已损坏（部件 {part} 读不出来）。请用 Word 或 WPS 打开修复并另存，再试。"
        ) from None


def _optional(path: Path, parts: Parts, main: str, kind: str) -> Element | None:
    """A part that a document can be read without, such as its styles."""
    part = parts.related(main, kind)
    try:
        return _root(path, parts, part) if part in parts.names() and part else None
    except CannotRead:
        return None


def _notes(path: Path, parts: Parts, main: str, kind: str) -> dict[str, Element]:
    part = parts.related(main, kind)
    if part is None or part not in parts.names():
        return {}
    return {value(one, "id") or "": one for one in _root(path, parts, part) if value(one, "type") is None}


def is_on(element: Element | None) -> bool:
    """Whether a property is there and not switched off."""
    return element is not None and (value(element) or "1").lower() not in _OFF


def _hidden_styles(styles: Element | None) -> set[str]:
    """The styles whose text is hidden, also by the style that they are based on."""
    found = [one for one in styles if local(one) == "style"] if styles is not None else []
    known = {value(one, "styleId") or "": one for one in found}
    hidden = {name for name, one in known.items() if is_on(child(one, "rPr", "vanish"))}
    for name in known:
        at, seen = name, {name}
        while at not in hidden and child(known[at], "rPr", "vanish") is None:
            at = value(child(known[at], "basedOn")) or ""
            if at not in known or at in seen:
                break
            seen.add(at)
        if at in hidden:
            hidden.add(name)
    return hidden


@dataclass(slots=True)
class _Paragraph:
    """What was found in a paragraph: text, and boxes and notes with the run that shows them."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[Element, Element]] = field(default_factory=list)
    notes: list[tuple[str, str, Element]] = field(default_factory=list)


class _Walk:
    """Goes through a document and collects its blocks."""

    def __init__(self, path: Path, parts: Parts, main: str, show_contents: bool) -> None:
        styles = _optional(path, parts, main, "styles")
        self.path = path
        self.blocks: list[Block] = []
        self._numbering = Numbering(_optional(path, parts, main, "numbering"), styles)
        self._hidden = _hidden_styles(styles)
        self._footnotes = {
            kind: _notes(path, parts, main, f"{kind}s") for kind in ("footnote", "endnote")
        }
        self._show_contents = show_contents
        self._fields: list[list[str]] = []
        """Open fields: "code" or "result", and the instruction."""
        self._deleted_mark: list[Piece] = []
        self._counts = {"段": 0, "表": 0, "footnote": 0, "endnote": 0}
        self._cells = 0

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents did not end, so that what followed was taken for it."""
        return not self._show_contents and self._skips()

    # -- blocks ----------------------------------------------------------------------------------------

    def body(self, container: Element, host: Element | None = None) -> None:
        """Everything in a container of paragraphs and tables; `host` where it is not the main text."""
        for element in _children(container):
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
        found = self._paragraph(element)
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

    def _beside(self, found: _Paragraph, host: Element | None) -> None:
        """The text boxes and notes of a paragraph, after it."""
        for run, box in found.boxes:
            self.body(box, run if host is None else host)
        for kind, identity, run in found.notes:
            note = self._footnotes[kind].get(identity)
            if note is not None:
                self._note(kind, note, run if host is None else host)

    def _note(self, kind: str, note: Element, host: Element) -> None:
        self._counts[kind] += 1
        label = f"{'脚注' if kind == 'footnote' else '尾注'}{self._counts[kind]}"
        for element in _children(note):
            found = self._paragraph(element) if local(element) == "p" else None
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
        later: list[tuple[_Paragraph | None, Element | None]] = []
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
        self, row: Element, cells: Sequence[Element], later: list[tuple[_Paragraph | None, Element | None]]
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

    def _cell(
        self, cell: Element, later: list[tuple[_Paragraph | None, Element | None]]
    ) -> list[Piece]:
        pieces: list[Piece] = []
        for element in _children(cell):
            if local(element) == "tbl":
                later.append((None, element))
            elif local(element) == "p":
                found = self._paragraph(element)
                if found is None:
                    continue
                later.append((found, None))
                if pieces and found.pieces:
                    pieces.append(Piece("\n", None))
                pieces += found.pieces
        return pieces

    # -- paragraphs ------------------------------------------------------------------------------------

    def _paragraph(self, element: Element) -> _Paragraph | None:
        """A paragraph's text; None where its end was deleted, so that it goes on in the next one."""
        self._fields = [one for one in self._fields if one[0] == "result"]
        found = _Paragraph(self._deleted_mark)
        style = value(child(element, "pPr", "pStyle"))
        number = self._numbering.number_of(element)
        self._inline(element, found, None, hidden=style in self._hidden)
        mark = child(element, "pPr", "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self._deleted_mark = found.pieces
            return None
        self._deleted_mark = []
        if number and text_of(found.pieces).strip():
            found.pieces.insert(0, Piece(number, None))
        return found

    def _inline(self, element: Element, found: _Paragraph, run: Element | None, *, hidden: bool) -> None:
        for one in element:
            name = local(one)
            if not name or name in _GONE or name.endswith("Pr"):
                if name == "instrText" and self._fields:
                    self._fields[-1][1] += one.text or ""
            elif name in ("drawing", "pict", "object"):
                if run is not None and not hidden:
                    found.boxes.extend((run, box) for box in _boxes(one))
            elif name == "fldChar":
                self._field(value(one, "fldCharType"))
            elif name in ("footnoteReference", "endnoteReference"):
                if run is not None and not hidden:
                    found.notes.append((name.removesuffix("Reference"), value(one, "id") or "", run))
            elif name == "r":
                self._inline(one, found, one if run is None else run, hidden=self._is_hidden(one, hidden))
            elif name == "sdt" and is_on(child(one, "sdtPr", "showingPlcHdr")):
                continue
            elif (text := _text(one, name)) is not None:
                if text and not hidden and not self._skips():
                    found.pieces.append(Piece(text, one))
            elif not (name == "fldSimple" and self._is_contents(value(one, "instr") or "")):
                self._inline(one, found, run, hidden=hidden)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(["code", ""])
        elif self._fields and kind == "separate":
            self._fields[-1][0] = "result"
        elif self._fields and kind == "end":
            self._fields.pop()

    def _is_contents(self, instruction: str) -> bool:
        return not self._show_contents and instruction.strip().upper().startswith("TOC")

    def _skips(self) -> bool:
        """Whether text here is the code of a field, or a table of contents, which says everything a second time."""
        return any(state == "code" or self._is_contents(text) for state, text in self._fields)

    def _is_hidden(self, run: Element, otherwise: bool) -> bool:
        properties = child(run, "rPr")
        vanish = child(properties, "vanish")
        if vanish is not None:
            return is_on(vanish)
        return otherwise or value(child(properties, "rStyle")) in self._hidden


def _text(element: Element, name: str) -> str | None:
    """What an element of a run reads; None where it is no text."""
    match name:
        case "t":
            return element.text or ""
        case "tab" | "ptab":
            return "\t"
        case "br" | "cr":
            return "" if value(element, "type") in ("page", "column") else "\n"
        case "noBreakHyphen":
            return "-"
        case "sym":
            code = value(element, "char") or ""
            number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else 0
            font = (value(element, "font") or "").lower()
            return _SIGNS.get((font, number & 0xFF), "" if number >= 0xE000 or number < 32 else chr(number))
    return None


def _span(element: Element | None, least: int = 0) -> int:
    return min(max(least, whole(value(element), least)), _WIDEST)


def _children(container: Element) -> Iterator[Element]:
    """Paragraphs and tables of a container, also those in content controls and in accepted changes."""
    for one in container:
        name = local(one)
        if name in _CLEAR:
            yield from _children(one)
        elif name and name not in _GONE:
            yield one


def _named(container: Element, name: str) -> Iterator[Element]:
    return (one for one in _children(container) if local(one) == name)


def _boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes of a drawing."""
    for one in element:
        if local(one) == "txbxContent":
            yield one
        elif local(one) != "Fallback":
            yield from _boxes(one)
