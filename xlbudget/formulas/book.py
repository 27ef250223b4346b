"""A workbook as its formulas see it: sheets, cells, names, tables, and what a reference means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from functools import cached_property, lru_cache
from typing import NamedTuple

from xlbudget.domain.where import address, column_number
from xlbudget.formulas.tree import HIGHEST, Node, Unparsed, parse, replaced
from xlbudget.layout.formula import COLUMNS, ROWS, Piece, pieces
from xlbudget.reading.formats import DAYS_1904, is_calendar
from xlbudget.reading.table import Cell

Rows = dict[int, dict[int, Cell]]
"""The filled cells of a sheet."""
LARGEST = 10_000
"""Parts that names and ranges through several sheets may stand for."""
LONGEST_REFERENCE = 500
"""Characters that a text can have that is taken for a reference."""
MOST_WRITTEN = 1_500_000
"""Characters of all formulas together that are read."""


class Area(NamedTuple):
    """A rectangle of cells, rows and columns from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula (without =) in a cell; an array formula fills `height` × `width` cells from there."""

    sheet: str
    row: int
    column: int
    text: str
    array: bool = False
    height: int = 1
    width: int = 1
    dynamic: bool = False
    """Whether the size of the array follows from its values."""
    unread: bool = False
    """Whether the workbook has too many formulas for this one; its text is that of the one that it shares."""

    @property
    def place(self) -> Place:
        return self.sheet, self.row, self.column

    @property
    def area(self) -> Area:
        bottom, right = self.row + self.height - 1, self.column + self.width - 1
        return Area(self.sheet, self.row, self.column, bottom, right)


Place = tuple[str, int, int]
"""Sheet, row, column."""


@dataclass(frozen=True, slots=True)
class CacheWrite:
    """A new result for a formula's cell; None where it is not known."""

    sheet: str
    row: int
    column: int
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class ListTable:
    """A table (ListObject): where it lies and what its columns are called."""

    area: Area
    columns: tuple[str, ...]
    headers: int = 1
    totals: int = 0


@dataclass(frozen=True, slots=True)
class Hidden:
    """Rows of a sheet that are not seen."""

    rows: tuple[int, ...] = ()
    """From above to below."""
    filters: tuple[tuple[int, int], ...] = ()
    """From which row to which a filter chooses what is seen; other rows were hidden by hand."""
    unclear: bool = False
    """Whether rows may be filtered out by a filter that is not written down."""


@dataclass
class Book:
    """What formulas can refer to. Names are by sheet ("" for the workbook's) and in capitals, as tables are."""

    sheets: tuple[str, ...]
    formulas: tuple[FormulaCell, ...]
    read: Callable[[str], Rows]
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tables: Mapping[str, ListTable] = field(default_factory=dict)
    date1904: bool = False
    hidden: Callable[[str], Hidden] = lambda _: Hidden()
    """The rows of a sheet that are not seen."""
    _rows: dict[str, Rows] = field(default_factory=dict)
    _meanings: dict[tuple[str, str, int], Node | None] = field(default_factory=dict)
    _pointed: dict[tuple[str, str, int], Node | None] = field(default_factory=dict)
    _last: dict[str, tuple[int, int]] = field(default_factory=dict)
    _glimpsed: int = 0
    """Characters that were glimpsed at."""

    def rows(self, sheet: str) -> Rows:
        """The cells of a sheet, read once; none for a sheet that is not there. Dates count as in the file."""
        if sheet not in self._rows:
            rows = self.read(sheet) if sheet in self.sheets else {}
            if self.date1904:
                rows = {
                    n: {k: shifted(cell, -DAYS_1904) for k, cell in row.items()} for n, row in rows.items()
                }
            self._rows[sheet] = rows
        return self._rows[sheet]

    def same_as(self, other: Book) -> bool:
        """Whether another book has the same formulas, and the same cells on all sheets that were read in this one."""
        return self.formulas == other.formulas and all(
            rows == other.rows(sheet) for sheet, rows in self._rows.items() if rows
        )

    def dated(self, cells: tuple[tuple[Cell | None, ...], ...]) -> tuple[tuple[Cell | None, ...], ...]:
        """Cells with their dates counted from 1900, as `read` gives them, whatever the workbook counts from."""
        if not self.date1904:
            return cells
        return tuple(tuple(cell and shifted(cell, DAYS_1904) for cell in row) for row in cells)

    def used(self, area: Area) -> Area:
        """The part of an area that can hold something: whole columns end with the last filled row."""
        if area.sheet not in self._last:
            rows = self.rows(area.sheet)
            last = max((max(cells, default=1) for cells in rows.values()), default=1)
            self._last[area.sheet] = max(rows, default=1), last
        row, column = self._last[area.sheet]
        bottom = max(area.top, min(area.bottom, row)) if area.bottom == ROWS else area.bottom
        right = max(area.left, min(area.right, column)) if area.right == COLUMNS else area.right
        return area._replace(bottom=bottom, right=right)

    def cells(self, area: Area) -> tuple[tuple[Cell | None, ...], ...]:
        """The cells of an area."""
        rows, used = self.rows(area.sheet), self.used(area)
        columns = range(used.left, used.right + 1)
        nothing: dict[int, Cell] = {}
        return tuple(
            tuple(map(rows.get(row, nothing).get, columns)) for row in range(used.top, used.bottom + 1)
        )

    def resolve(self, cell: FormulaCell) -> Node:
        """The formula's tree, with names and tables replaced by what they mean, every reference with its sheet.

        Raises Unparsed for what cannot be known from the text.
        """
        return self.meaning(parse(cell.text), cell)

    def pointed(self, text: str, cell: FormulaCell) -> Node:
        """What a text points at in a cell, as `resolve` tells it; found once for all cells of a sheet."""
        if len(text) > LONGEST_REFERENCE:
            raise Unparsed(text)
        key = cell.sheet, text, 0 if "[" not in text else cell.row  # a table's row may be meant
        if key not in self._pointed:
            try:
                self._pointed[key] = self.meaning(parse(text), cell)
            except Unparsed:
                self._pointed[key] = None
        known = self._pointed[key]
        if known is None:
            raise Unparsed(text)
        return known

    def meaning(self, tree: Node, cell: FormulaCell) -> Node:
        """What a tree means in a cell, as `resolve` tells it."""
        tree = self._plain(tree, cell, 0, [])
        if any(node.kind == "ref" and _is_deep(node) for node in tree.walk()):
            raise Unparsed("several sheets where one is wanted")
        return tree

    def glimpsed(self, formula: str, sheet: str) -> list[Area]:
        """The cells that a formula that is not understood seems to look at, those in other files aside.

        Raises Unparsed once such formulas and the names in them are too long together.
        """
        found: list[Area] = []
        texts, seen, computed = [formula], set[str](), False
        for text in texts:
            self._glimpsed += len(text)
            if self._glimpsed > MOST_WRITTEN:
                raise Unparsed(formula)
            told = pieces(text)
            for before, cells in dict.fromkeys(_glimpses(told)):
                sheets = self._meant(before[:-1]) if before else [sheet]
                found += [area_of(Node("ref", f"{quoted(one)}!{cells}")) for one in sheets]
            unquoted = "".join(one for kind, one in told if kind != "text")
            named = {name.upper() for name in re.findall(r"[^\W\d][\w.]*", unquoted)} - seen
            seen |= named
            found += [self.tables[name].area for name in named & self.tables.keys()]
            texts += [meaning for name in named & self._called.keys() for meaning in self._called[name]]
            computed = computed or bool(_COMPUTED_RANGE.search(unquoted))
        return found + around(found) if computed else found

    @cached_property
    def _called(self) -> Mapping[str, list[str]]:
        """What each name means, on whatever sheet."""
        found = defaultdict[str, list[str]](list)
        for (_, name), meaning in self.names.items():
            found[name].append(meaning)
        return found

    def _meant(self, name: str) -> list[str]:
        """The sheets before a !: one, all from one to another, or none of this workbook."""
        first, _, last = _unquoted(name).partition(":")
        ends = [
            self.sheets.index(one) for one in map(self._spelled, (first, last or first)) if one in self.sheets
        ]
        return list(self.sheets[min(ends) : max(ends) + 1]) if len(ends) == 2 else []

    def _spelled(self, sheet: str) -> str:
        """A sheet's name as the workbook spells it; capitals do not matter in formulas."""
        if sheet in self.sheets:
            return sheet
        return next((one for one in self.sheets if one.casefold() == sheet.casefold()), sheet)

    def _plain(self, tree: Node, cell: FormulaCell, depth: int, sizes: list[int]) -> Node:
        """A tree with its names replaced; `sizes` are those of names that were replaced before."""
        if depth > 8 or (depth and tree.height > HIGHEST / 8) or sum(sizes) > LARGEST:
            raise Unparsed("names in names")

        def change(node: Node) -> Node | None:
            if node.function in ("SUMIF", "AVERAGEIF"):
                return _as_large(node)
            if node.function in _THROUGH:
                return self._through(node)
            if node.kind == "ref" and _is_deep(node):
                return None
            sheet, _, name = node.text.rpartition("!")
            sheet = self._spelled(_unquoted(sheet)) if sheet else cell.sheet
            if node.kind == "ref":
                return Node("ref", f"{quoted(sheet)}!{name}")
            if node.kind != "name":
                return None
            if "[" in node.text and depth and "#this row" in node.text.casefold():
                raise Unparsed(node.text)
            if "[" in node.text:
                return self._column(node.text, cell)
            meaning = self.names.get((sheet, name.upper())) or self.names.get(("", name.upper()))
            if meaning is not None:
                found = self._named(meaning, cell, depth, sizes)
                sizes.append(len(found.walk()))
                return found
            table = self.tables.get(node.text.upper())
            return None if table is None else reference(_data(table))

        return replaced(tree, change)

    def _named(self, meaning: str, cell: FormulaCell, depth: int, sizes: list[int]) -> Node:
        """What a name means, which is the same in all cells of a sheet."""
        key = cell.sheet, meaning, depth
        if key not in self._meanings:
            try:
                self._meanings[key] = self._plain(_absolute(parse(meaning)), cell, depth + 1, sizes)
            except Unparsed:
                self._meanings[key] = None
        known = self._meanings[key]
        if known is None:
            raise Unparsed(meaning)
        return known

    def _through(self, call: Node) -> Node:
        """A call in which a range through several sheets is one of each sheet."""
        parts: list[Node] = []
        for part in call.parts:
            sheets, _, text = part.text.rpartition("!")
            deep = part.kind == "ref" and _is_deep(part)
            names = self._meant(sheets) if deep else []
            if deep and not names:
                raise Unparsed(part.text)
            parts += [Node("ref", f"{quoted(name)}!{text}") for name in names] if deep else [part]
            if len(parts) > LARGEST:
                raise Unparsed(part.text)
        return Node("call", call.text, tuple(parts))

    def _column(self, text: str, cell: FormulaCell) -> Node:
        """The cells that a structured reference means."""
        name, _, inner = text.partition("[")
        table = self.tables.get(name.upper())
        if table is None:
            raise Unparsed(text)
        parts = _ITEM.findall(inner[:-1]) if inner.startswith("[") else [inner[:-1]]
        columns = [one for one in parts if one and not one.startswith("#")]
        parts = [one for one in parts if one.startswith("#")]
        area = _section(table, parts, cell)
        if columns:
            numbers = [_index(table, one) for one in columns]
            spanned = len(numbers) == 1 or "]:[" in inner
            if not spanned:
                raise Unparsed(text)
            area = area._replace(left=area.left + min(numbers), right=area.left + max(numbers))
        return reference(area)


_COMPUTED_RANGE = re.compile(r":\s*[^\W\d][\w.]*\(|\)\s*:")
"""A range with an end that a function finds, such as A1:INDEX(C:C,3)."""
_ITEM = re.compile(r"\[((?:[^\[\]']|'.)*)\]")


def _glimpses(told: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    """Every reference among pieces, after what stands before it up to a !, if one does."""
    sheet = cells = ""
    for kind, text in [*told, ("", "")]:
        if kind in ("cell", "columns", "rows") or (cells and text == ":"):
            cells += text
            continue
        if cells:
            yield sheet if sheet.endswith("!") else "", cells.rstrip(":")
            sheet = cells = ""
        joined = kind in ("sheet", "bracket", "error", "name") or text in (":", "!")
        sheet = sheet + text if joined else ""


_THROUGH = {"SUM", "AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV", "STDEVP", "VAR", "VARP"}
"""Functions that take ranges through several sheets."""


def _is_deep(ref: Node) -> bool:
    """Whether a reference goes through several sheets: '1月:3月'!A1. (No : stands in a sheet's name.)"""
    return ":" in ref.text.rpartition("!")[0]


def _unescaped(name: str) -> str:
    return re.sub(r"'(.)", r"\1", name)


def shifted(cell: Cell, days: int) -> Cell:
    """A date moved; other cells, also those that are no number, as they are."""
    if cell.kind != "number" or not is_calendar(cell.format):
        return cell
    try:
        return cell._replace(text=str(Decimal(cell.text) + days))
    except DecimalException:
        return cell


def around(areas: Iterable[Area]) -> list[Area]:
    """The smallest area of each sheet with all of its areas in it."""
    found: dict[str, Area] = {}
    for one in areas:
        sheet, top, left, bottom, right = found.setdefault(one.sheet, one)
        corner = max(bottom, one.bottom), max(right, one.right)
        found[sheet] = Area(sheet, min(top, one.top), min(left, one.left), *corner)
    return list(found.values())


def _as_large(call: Node) -> Node | None:
    """SUMIF and AVERAGEIF add up an area as large as the one they look through, whatever size is written."""
    given = call.parts
    if len(given) != 3 or given[0].kind != "ref" or given[2].kind != "ref":
        return None
    wanted, area = area_of(given[0]), area_of(given[2])
    bottom, right = area.top + wanted.bottom - wanted.top, area.left + wanted.right - wanted.left
    if bottom > ROWS or right > COLUMNS:
        raise Unparsed(call.text)
    summed = given[2] if (bottom, right) == area[3:] else reference(area._replace(bottom=bottom, right=right))
    return Node("call", call.text, (*given[:2], summed))


def _index(table: ListTable, column: str) -> int:
    wanted = _unescaped(column).casefold()
    found = [n for n, one in enumerate(table.columns) if one.casefold() == wanted]
    if not found:
        raise Unparsed(column)
    return found[0]


def _data(table: ListTable) -> Area:
    area = table.area
    return area._replace(top=area.top + table.headers, bottom=area.bottom - table.totals)


def _section(table: ListTable, parts: list[str], cell: FormulaCell) -> Area:
    area, kinds = table.area, {one.casefold() for one in parts}
    if kinds == {"#all"}:
        return area
    if kinds == {"#headers"}:
        return area._replace(bottom=area.top + table.headers - 1)
    if kinds == {"#totals"} and table.totals:
        return area._replace(top=area.bottom)
    if kinds == {"#this row"} and cell.sheet == area.sheet and area.top <= cell.row <= area.bottom:
        return area._replace(top=cell.row, bottom=cell.row)
    if kinds <= {"#data"}:
        return _data(table)
    raise Unparsed("".join(parts))


def _absolute(tree: Node) -> Node:
    """The meaning of a name, when it is the same in every cell. Raises Unparsed."""
    for node in tree.walk():
        corners = node.text.rpartition("!")[2].split(":") if node.kind == "ref" else ()
        if any(not re.fullmatch(r"\$[A-Za-z]+\$\d+|\$[A-Za-z]+|\$\d+", one) for one in corners):
            raise Unparsed(node.text)
        if node.kind == "ref" and "!" not in node.text:
            raise Unparsed(node.text)
    return tree


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def reference(area: Area) -> Node:
    """An area as a reference with its sheet."""
    first, last = address(area.top, area.left), address(area.bottom, area.right)
    return Node("ref", f"{quoted(area.sheet)}!{first}" + (f":{last}" if last != first else ""))


def area_of(node: Node) -> Area:
    """The area that a reference with its sheet means."""
    return _area(node.text)


@lru_cache(maxsize=1 << 14)
def _area(reference: str) -> Area:
    sheet, _, text = reference.rpartition("!")
    rows, columns = [], []
    for corner in text.replace("$", "").upper().split(":"):
        letters = corner.rstrip("0123456789")
        columns += [column_number(letters)] if letters else [1, COLUMNS]
        rows += [int(corner[len(letters) :])] if corner[len(letters) :] else [1, ROWS]
    return Area(_unquoted(sheet), min(rows), min(columns), max(rows), max(columns))


def references(tree: Node) -> list[Area]:
    """Every area that a tree refers to."""
    return [area_of(node) for node in tree.walk() if node.kind == "ref"]


def calls_of(tree: Node) -> set[str]:
    """Every function that a tree calls."""
    return {node.function for node in tree.walk() if node.kind == "call"}
