"""Rows of a worksheet part as a tree, and the edits of their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.domain.where import address, column_number
from xlbudget.files import CannotOpen
from xlbudget.files.xml import (
    XML_SPACE,
    Element,
    integer,
    raw_text,
    tag,
    text_of,
    torn,
    unset,
    worded,
)
from xlbudget.hosts.plainrows import Found
from xlbudget.layout.formula import COLUMNS, ROWS, moved
from xlbudget.reading.table import Cell, Value

DATA = tag("sheetData")
C, F, V, IS, T = (tag(name) for name in ("c", "f", "v", "is", "t"))
ROW = tag("row")
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
        for row in self.data.iterchildren(ROW):
            number = integer(row.get("r"), number + 1)
            if not 1 <= number <= ROWS:
                raise torn(part, f"里有第 {number} 行，Excel 没有这样的行")
            if number in self.rows:
                raise torn(part, f"里第 {number} 行有两份，不知道哪一份是对的")
            self.rows[number] = row
        for one in self.data.iter(ROW, C):
            holder = one.getparent()
            if holder is None or holder.tag != (DATA if one.tag == ROW else ROW):
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
        line = etree.Element(ROW, r=str(row))
        later = [number for number in self.rows if number > row]
        if later:
            self.rows[min(later)].addprevious(line)
        else:
            self.data.append(line)
        self.rows[row] = line
        return line


def found_in(placed: tuple[int, Element]) -> Found:
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
