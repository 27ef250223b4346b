"""The rows of a worksheet part: text, of which one block at a time is a tree, while it is read or edited.

A tree takes thirty times the room of its text; a sheet of 5,000 indicators would take 60 MB.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from itertools import pairwise
from typing import assert_never, cast

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.domain.where import address, column_number
from xlbudget.files import CannotOpen
from xlbudget.files.xml import (
    XML_SPACE,
    Element,
    integer,
    parse,
    put,
    raw_text,
    serialize,
    tag,
    text_of,
    torn,
    unset,
    worded,
)
from xlbudget.hosts.plainrows import Found, cells, edited
from xlbudget.layout.formula import COLUMNS, ROWS, moved
from xlbudget.reading.table import Cell, Value

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet."""
BLOCK = 500
"""Rows that are a tree together."""
DATA = tag("sheetData")
C, F, V, IS, T = (tag(name) for name in ("c", "f", "v", "is", "t"))
_ROW = tag("row")
FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>/]")
_MAY_HIDE = re.compile(rb"\shidden\s*=|\sht\s*=\s*[\"']0")
_RESULT_TYPES: dict[str, str] = {"number": "", "text": "str", "bool": "b", "error": "e"}


def split_address(reference: str) -> tuple[int, int]:
    """B7 → (7, 2)."""
    reference = reference.strip()
    letters = reference.rstrip("0123456789")
    return integer(reference[len(letters) :] or "?"), _column(letters)


@cache
def _column(letters: str) -> int:
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        integer(letters or "?")
    return column_number(letters.upper())


# -- a part, taken apart -------------------------------------------------------------------------------

_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^>]*\?>)?")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_ATTRIBUTES = rb"(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?"
_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData" + _ATTRIBUTES + rb">")


def taken_apart(content: bytes, part: str) -> tuple[Element, Rows]:
    """A worksheet part as a tree without its rows, and the rows. Raises CannotOpen when it is damaged."""
    found = _plain_area(content)
    if found:
        start, end = found
        root = parse(content[:start] + content[end:], part)
        data = root.find(DATA)
        if data is not None:
            return root, Rows(part, root, data, content[start:end], plain=True)
    root = parse(content, part)
    data = root.find(DATA)
    if data is None:
        data = etree.Element(DATA)
        put(root, data, ORDER)
    alone, holder = _alone(root, data)
    holder.text, data.text = data.text, None
    holder.extend(list(data))
    return root, Rows(part, root, data, _inner(alone) if len(holder) else b"", plain=False)


def _plain_area(content: bytes) -> tuple[int, int] | None:
    """Where the rows of a part begin and end.

    None for whatever is not written as all programs write it: then the whole has to be parsed first.
    """
    declaration = _DECLARATION.match(content)
    rest = declaration.end() if declaration else 0
    odd = _ENCODING.search(content, 0, rest) or b"\0" in content[:200]
    if odd or content.find(b"<!", rest) >= 0 or content.find(b"<?", rest) >= 0:
        return None
    found = _DATA.search(content) if content.count(b"sheetData") == 2 else None
    end = content.find(b"</" + found[1] + b"sheetData", found.end()) if found else -1
    return None if found is None or end < 0 else (found.end(), end)


def _plain_blocks(text: bytes, prefix: bytes) -> tuple[list[bytes], list[int]] | None:
    """Rows as blocks, with the number of the last row of each; None where they cannot be told apart safely."""
    rows = [*re.compile(b"<" + prefix + rb"row\s(?:[^>]*?\s)?r=\"([0-9]{1,7})\"").finditer(text)]
    numbers = [int(row[1]) for row in rows]
    known = len(rows) == len(re.findall(b"<" + prefix + rb"row[\s/>]", text))
    ascending = all(one < other for one, other in pairwise(numbers))
    # Cells that share a formula, and what programs of the future add, have to be seen together.
    if not numbers or not known or not ascending or b'"shared"' in text or b"extLst" in text:
        return None
    cuts = [0, *(row.start() for row in rows[BLOCK::BLOCK]), len(text)]
    blocks = [text[one:other] for one, other in pairwise(cuts)]
    return blocks, [*numbers[BLOCK - 1 : -1 : BLOCK], numbers[-1]][: len(blocks)]


def _alone(root: Element, data: Element) -> tuple[Element, Element]:
    """A worksheet with no more than an empty <sheetData>, and that."""
    alone = etree.Element(root.tag, nsmap=cast("dict[str, str]", root.nsmap))
    return alone, etree.SubElement(alone, DATA, nsmap=cast("dict[str, str]", data.nsmap))


def _inner(alone: Element) -> bytes:
    """The text of the rows of such a worksheet. (No > stands in an attribute that lxml writes.)"""
    return (
        etree.tostring(alone, encoding="UTF-8", xml_declaration=False).split(b">", 2)[2].rsplit(b"</", 2)[0]
    )


class Rows:
    """The rows of a worksheet part; `data`, where they go, holds a mark in their place."""

    def __init__(self, part: str, root: Element, data: Element, text: bytes, *, plain: bool) -> None:
        self._part, self._uncut, self._plain = part, text, plain
        self._blocks: list[bytes] = []
        self._lasts: Sequence[int] = []
        """Number of the last row of each block, where there are several."""
        alone, holder = _alone(root, data)
        holder.text = "|"
        self._head, _, self._tail = etree.tostring(alone, encoding="UTF-8").rpartition(b"|")
        self._mark = etree.Comment(f"xlbudget {blake2s(serialize(root)).hexdigest()}")
        data[:] = [self._mark]
        self.prefix = f"{data.prefix}:" if data.prefix else ""
        self._sound = False
        """Whether all blocks were parsed before."""
        self.formulas_changed = False
        """Whether cells that had a formula lost or changed it, or others got one."""

    def _cut(self) -> None:
        """Cut the rows into blocks when they are needed: a sheet that is filled anew needs none."""
        if self._uncut:
            found = _plain_blocks(self._uncut, self.prefix.encode()) if self._plain else None
            self._blocks, self._lasts = found or ([self._uncut], [])
            self._uncut, self._plain = b"", found is not None and not self.prefix

    def clear(self) -> None:
        """Take all rows away."""
        self.formulas_changed |= any(map(FORMULA.search, (self._uncut, *self._blocks)))
        self._uncut, self._blocks, self._lasts = b"", [], []

    def around(self, content: bytes) -> tuple[bytes, bytes]:
        """What stands before and after the rows in the serialized part."""
        before, after = content.split(f"<!--{self._mark.text}-->".encode())
        return before, after

    @property
    def text(self) -> Sequence[bytes]:
        self._cut()
        return self._blocks

    def read(self) -> Iterator[tuple[int, Iterable[Found]]]:
        """The cells of rows by number; rows are not always in order."""
        for content in self.text:
            root = self._parsed(content)  # regular expressions would pass over damage
            found: Iterable[tuple[int, Iterable[Found]]] | None = cells(content) if self._plain else None
            if found is None:
                block = Block(root, self._part)
                found = ((row, map(_found, sorted(block.cells(row).items()))) for row in sorted(block.rows))
            yield from found
        self._sound = True

    def trees_with_formulas(self) -> Iterator[Block]:
        """The blocks in which there are formulas."""
        for content in self.text:
            if FORMULA.search(content):
                yield self._tree(content)

    def hidden(self) -> Iterator[int]:
        """The numbers of the rows that are not seen."""
        for content in self.text:
            if _MAY_HIDE.search(content):
                rows = self._tree(content).rows
                yield from (number for number, row in rows.items() if _is_hidden(row))

    def _parsed(self, content: bytes) -> Element:
        """The tree of a block. Raises CannotOpen when it is damaged."""
        return parse(self._head + content + self._tail, self._part)

    def _tree(self, content: bytes) -> Block:
        return Block(self._parsed(content), self._part)

    def edit(self, edits: Mapping[int, Sequence[Edit]], styles: Mapping[int, str]) -> list[tuple[int, int]]:
        """Edit rows by number; the places of cells that were not there. `styles` are those of columns."""
        if not self.text:
            self._blocks, self._plain = [b""], False
        wanted: dict[int, list[int]] = {}
        for row in sorted(edits):
            wanted.setdefault(min(bisect_left(self._lasts, row), len(self._blocks) - 1), []).append(row)
        added: list[tuple[int, int]] = []
        for number, rows in sorted(wanted.items()):
            here = {row: edits[row] for row in rows}
            new = self._edited_as_text(number, here, styles) or self._edited_as_tree(number, here, styles)
            self._blocks[number] = new[0]
            added += new[1]
        return added

    def _edited_as_text(
        self, number: int, edits: Mapping[int, Sequence[Edit]], styles: Mapping[int, str]
    ) -> tuple[bytes, list[tuple[int, int]]] | None:
        if not self._plain or not all(isinstance(one, PutValue) for row in edits.values() for one in row):
            return None
        if not self._sound:
            self._parsed(self._blocks[number])
        values = {
            row: {one.column: one.value for one in several if isinstance(one, PutValue)}
            for row, several in edits.items()
        }
        if any(len(values[row]) < len(one) for row, one in edits.items()):
            return None  # a cell that is written twice
        return edited(self._blocks[number], values, styles)

    def _edited_as_tree(
        self, number: int, edits: Mapping[int, Sequence[Edit]], styles: Mapping[int, str]
    ) -> tuple[bytes, list[tuple[int, int]]]:
        block = self._tree(self._blocks[number])
        block.styles = styles
        block.above = self._tree(self._blocks[number - 1]) if number else None
        for row, several in edits.items():
            for edit in several:
                block.apply(row, edit)
        self.formulas_changed |= block.formulas_changed
        return _inner(block.root), block.added


def _is_hidden(row: Element) -> bool:
    """Whether a row is hidden, or has no height."""
    height = row.get("ht", "")
    flat = re.fullmatch(r"0+(?:\.0*)?", height) is not None
    return row.get("hidden") in ("1", "true") or flat


@dataclass(frozen=True, slots=True)
class PutValue:
    """A value in place of what a cell of a row holds."""

    column: int
    value: Value


@dataclass(frozen=True, slots=True)
class PutFormula:
    """A formula with its result."""

    column: int
    formula: str
    value: Value


@dataclass(frozen=True, slots=True)
class PutResult:
    """A new result beside a formula; None takes the old one away."""

    column: int
    value: Cell | None


Edit = PutValue | PutFormula | PutResult


class Block:
    """Rows as a tree. Raises CannotOpen where rows or cells do not stand where they can stand."""

    def __init__(self, root: Element, part: str) -> None:
        self.root, self.data, self._part = root, root[0], part
        self.rows: dict[int, Element] = {}
        self._cells: dict[int, dict[int, Element]] = {}
        number = 0
        for row in self.data.iterchildren(_ROW):
            number = integer(row.get("r"), number + 1)
            if not 1 <= number <= ROWS:
                raise torn(part, f"里有第 {number} 行，Excel 没有这样的行")
            if number in self.rows:
                raise torn(part, f"里第 {number} 行有两份，不知道哪一份是对的")
            self.rows[number] = row
        for one in self.data.iter(_ROW, C):
            holder = one.getparent()
            if holder is None or holder.tag != (DATA if one.tag == _ROW else _ROW):
                raise torn(part, "里单元格套着单元格")
        self.styles: Mapping[int, str] = {}
        """Styles of columns."""
        self.above: Block | None = None
        """The rows above these."""
        self.formulas_changed = False
        self.added: list[tuple[int, int]] = []
        """Places of cells that were not there."""

    def apply(self, row: int, edit: Edit) -> None:
        """Edit a cell of a row."""
        match edit:
            case PutValue(column, value):
                self.set_value(row, column, value)
            case PutFormula(column, formula, value):
                self.set_formula(row, column, formula, value)
            case PutResult(column, result):
                self.set_result(row, column, result)
            case _:
                assert_never(edit)

    def cells(self, row: int) -> dict[int, Element]:
        """A row's cells by column; one without an address stands next to the one before."""
        if row not in self._cells:
            found: dict[int, Element] = {}
            column, digits = 0, str(row)
            for element in self.rows[row].iterchildren(C):
                column = self._column_of(element.get("r"), row, digits) or column + 1
                if column > COLUMNS:
                    raise self._misplaced(address(row, column), row)
                if column in found:
                    raise torn(self._part, f"里单元格 {address(row, column)} 有两份，不知道哪一份是对的")
                found[column] = element
            self._cells[row] = found
        return self._cells[row]

    def _column_of(self, reference: str | None, row: int, digits: str) -> int:
        """The column of an address in a row, whose number is given in digits too; 0 where there is no address."""
        if not reference:
            return 0
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] == digits and letters.isalpha():
            return _column(letters)
        line, column = split_address(reference)
        if line != row:
            raise self._misplaced(reference, row)
        return column

    def _misplaced(self, place: str, row: int) -> CannotOpen:
        return torn(self._part, f"里第 {row} 行有单元格 {place}，那里不能有")

    def placed(self) -> Iterator[tuple[int, int, Element]]:
        """Every cell with its row and column."""
        for row in self.rows:
            for column, cell in self.cells(row).items():
                yield row, column, cell

    # -- writing ---------------------------------------------------------------------------------------

    def set_value(self, row: int, column: int, value: Value) -> None:
        """Put a value into a cell; its style stays, a new one takes its column's (or upper neighbour's)."""
        cell = self._cell(row, column)
        if cell is not None:
            if cell.find(F) is not None:
                self._take_formula(row, column, cell)
            for child in list(cell):
                cell.remove(child)
            unset(cell, "t", "cm", "vm")
            set_content(cell, value)
        elif value is not None:
            set_content(self._new_cell(row, column), value)

    def set_formula(self, row: int, column: int, formula: str, value: Value) -> None:
        """Put a formula and its result into a cell; None is a result that comes later."""
        cell = self._cell(row, column)
        if cell is None:
            cell = self._new_cell(row, column)
        old = cell.find(F)
        if old is None or old.text != formula or old.attrib:
            self.set_value(row, column, None)
            self.formulas_changed = True
            etree.SubElement(cell, F).text = formula
        if isinstance(value, str):
            self.set_result(row, column, Cell("text", value))
        else:
            self.set_result(row, column, None if value is None else Cell("number", plain(value)))

    def set_result(self, row: int, column: int, result: Cell | None) -> None:
        """Put a result beside a cell's formula, which stays; None takes the old result away."""
        cell = self._cell(row, column)
        if cell is None and result is None:
            return
        if cell is None:
            cell = self._new_cell(row, column)
        for child in [child for child in cell if child.tag in (V, IS)]:
            cell.remove(child)
        unset(cell, "t", "vm")
        if result is not None:
            kind = _RESULT_TYPES[result.kind]
            if kind:
                cell.set("t", kind)
            value = etree.Element(V)
            if result.kind == "text":
                _put_text(value, result.text)
            else:
                value.text = result.text
            formula = cell.find(F)
            if formula is None:
                cell.insert(0, value)
            else:
                formula.addnext(value)

    # -- formulas --------------------------------------------------------------------------------------

    def _take_formula(self, top: int, left: int, cell: Element) -> None:
        """Take a cell's formula away; cells that share it get it from the first of them."""
        self.formulas_changed = True
        formula = cell.find(F)
        assert formula is not None
        if formula.get("t") == "shared" and formula.get("ref"):
            shared = ((row, column, one.find(F)) for row, column, one in self.placed() if one is not cell)
            for row, column, heir in shared:
                if heir is None or heir.get("t") != "shared" or heir.get("si") != formula.get("si"):
                    continue
                heir.text = moved(text_of(formula), row - top, column - left)
                heir.set("ref", f"{address(row, column)}:{formula.get('ref', '').rpartition(':')[2]}")
                break
        cell.remove(formula)

    # -- cells -----------------------------------------------------------------------------------------

    def _cell(self, row: int, column: int) -> Element | None:
        """The cell at a place, if there is one."""
        return self.cells(row).get(column) if row in self.rows else None

    def _new_cell(self, row: int, column: int) -> Element:
        style = self.styles.get(column) or self._style_above(row, column)
        attributes = {"r": address(row, column)} | ({"s": style} if style else {})
        line = self.rows[row] if row in self.rows else self._new_row(row)
        cells, cell = self.cells(row), line.makeelement(C, attributes)
        before = max((one for one in cells if one < column), default=None)
        if before is None:
            line.insert(0, cell)
        else:
            cells[before].addnext(cell)
        cells[column] = cell
        unset(line, "spans")
        self.added.append((row, column))
        return cell

    def _style_above(self, row: int, column: int) -> str | None:
        block = self.above if row - 1 not in self.rows and self.above else self
        above = block._cell(row - 1, column)
        return None if above is None else above.get("s")

    def _new_row(self, row: int) -> Element:
        line = etree.Element(_ROW, r=str(row))
        later = [number for number in self.rows if number > row]
        if later:
            self.rows[min(later)].addprevious(line)
        else:
            self.data.append(line)
        self.rows[row] = line
        return line


def _found(placed: tuple[int, Element]) -> Found:
    """A cell as it is written."""
    column, element = placed
    value = inline = formula = None
    for child in element:
        if child.tag == V:
            value = text_of(child)
        elif child.tag == F:
            formula = text_of(child).strip()
        elif child.tag == IS:
            inline = raw_text(child)
    style, kind = element.get("s", "").strip(), element.get("t", "").strip()
    return Found(column, style, kind, value or "", inline, formula, element.get("vm", ""))


def set_content(cell: Element, value: Value) -> None:
    """Write a value into an empty <c>: numbers as numbers, texts as inline strings."""
    if value is None:
        return
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        _put_text(etree.SubElement(etree.SubElement(cell, IS), T), value)
    else:
        etree.SubElement(cell, V).text = plain(value)


def _put_text(element: Element, text: str) -> None:
    clean, keep = worded(text)
    element.text = clean or None
    if keep:
        element.set(XML_SPACE, "preserve")
