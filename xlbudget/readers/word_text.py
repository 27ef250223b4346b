"""The text of Word paragraphs: what a person sees of runs, fields, changes and hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlbudget.files.xml import Element
from xlbudget.readers.numbering import Numbering, child, local, value

_GONE = {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "Fallback", "sdtPr", "sdtEndPr"}
_TRANSPARENT = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_BESIDE = {"drawing", "pict", "object", *_NOTES}
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
class Paragraph:
    """What was found in a paragraph: text, and boxes and notes with the run that shows them."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[Element, Element]] = field(default_factory=list)
    notes: list[tuple[str, str, Element]] = field(default_factory=list)


def text_of(pieces: Iterable[Piece]) -> str:
    """What pieces read together."""
    return "".join(piece.text for piece in pieces)


def is_on(element: Element | None) -> bool:
    """Whether a property is there and not switched off."""
    return element is not None and (value(element) or "1").lower() not in _OFF


def hidden_styles(styles: Element | None) -> set[str]:
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


class TextReader:
    """Reads paragraphs in their order; fields and deleted ends of paragraphs reach over several."""

    def __init__(self, numbering: Element | None, styles: Element | None, *, show_contents: bool) -> None:
        self._numbering = Numbering(numbering, styles)
        self._hidden = hidden_styles(styles)
        self._show_contents = show_contents
        self._fields: list[list[str]] = []
        """Open fields: "code" or "result", and the instruction."""
        self._goes_on: list[Piece] = []
        """What stands before the deleted end of a paragraph."""

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents did not end, so that what followed was taken for it."""
        return not self._show_contents and self._skips()

    def paragraph(self, element: Element) -> Paragraph | None:
        """What is found in a paragraph; None where its end was deleted, so that it goes on in the next one."""
        self._fields = [one for one in self._fields if one[0] == "result"]
        found = Paragraph(self._goes_on)
        style = value(child(element, "pPr", "pStyle"))
        number = self._numbering.number_of(element)
        self._read(element, found, None, hidden=style in self._hidden)
        mark = child(element, "pPr", "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self._goes_on = found.pieces
            return None
        self._goes_on = []
        if number and text_of(found.pieces).strip():
            found.pieces.insert(0, Piece(number, None))
        return found

    def _read(self, element: Element, found: Paragraph, run: Element | None, *, hidden: bool) -> None:
        """Everything below an element; `run` is the outermost run about it."""
        for one in element:
            name = local(one)
            if name == "r":
                self._read(one, found, one if run is None else run, hidden=self._is_hidden(one, hidden))
            elif name == "fldChar":
                self._field(value(one, "fldCharType"))
            elif name == "instrText" and self._fields:
                self._fields[-1][1] += one.text or ""
            elif name in _BESIDE:
                if run is not None and not hidden:
                    _note_beside(one, name, found, run)
            elif (text := _text(one, name)) is not None:
                if text and not hidden and not self._skips():
                    found.pieces.append(Piece(text, one))
            elif self._is_read(one, name):
                self._read(one, found, run, hidden=hidden)

    def _is_read(self, element: Element, name: str) -> bool:
        """Whether there is text to be read below an element."""
        if not name or name in _GONE or name.endswith("Pr"):
            return False
        if name == "sdt" and is_on(child(element, "sdtPr", "showingPlcHdr")):
            return False
        return not (name == "fldSimple" and self._is_contents(value(element, "instr") or ""))

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


def _note_beside(element: Element, name: str, found: Paragraph, run: Element) -> None:
    """Remember the text boxes of a drawing, or a note, with the run that shows them."""
    if name in _NOTES:
        found.notes.append((_NOTES[name], value(element, "id") or "", run))
    else:
        found.boxes.extend((run, box) for box in _boxes(element))


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


def children(container: Element) -> Iterator[Element]:
    """Paragraphs and tables of a container, also those in content controls and in accepted changes."""
    for one in container:
        name = local(one)
        if name in _TRANSPARENT:
            yield from children(one)
        elif name and name not in _GONE:
            yield one


def _boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes of a drawing."""
    for one in element:
        if local(one) == "txbxContent":
            yield one
        elif local(one) != "Fallback":
            yield from _boxes(one)
