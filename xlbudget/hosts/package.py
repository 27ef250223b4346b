"""A workbook file, edited part by part: what is not ours stays byte for byte."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from lxml import etree

from xlbudget.files import CannotOpen
from xlbudget.files.archive import Archive, read_file, repack
from xlbudget.files.parts import Parts
from xlbudget.files.xml import DOC_RELS, integer, is_strict, parse, put, raw_text, tag, unescape
from xlbudget.formulas.book import MOST_WRITTEN, Area, Book, CacheWrite, FormulaCell, Hidden, ListTable, Place
from xlbudget.hosts.charts import write_charts
from xlbudget.hosts.comments import Blocks, write_notes
from xlbudget.hosts.growth import grow
from xlbudget.hosts.richvalues import rich_errors
from xlbudget.hosts.rowsxml import FORMULA, ORDER, taken_apart
from xlbudget.hosts.sheetxml import SheetXml, Written, blank_sheet, split_area
from xlbudget.hosts.stylebook import BLANK_STYLES, StyleBook
from xlbudget.hosts.workbookxml import WorkbookXml, is_ours
from xlbudget.layout import CHARTS, INPUT_SHEETS, OutputSheet, linked_tab, sheet_name, tab_of
from xlbudget.layout.fill import CellWrite, Mark
from xlbudget.layout.formula import COLUMNS, ROWS
from xlbudget.pages.grid import Grid, GridCell
from xlbudget.reading.table import Table, Value

_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES_USED = [re.compile(rb"\s%s=[\"'](\d{1,4})[\"']" % name) for name in (b"(?:s|style)", b"dxfId")]
_SHEET_TYPE, _STYLES_TYPE = f"{_OFFICE}.worksheet+xml", f"{_OFFICE}.styles+xml"


def as_new_workbook(content: bytes) -> bytes:
    """What XlsxWriter made, without its wish that everything be computed when it is opened.

    Where functions are not installed, computing would show #NAME? in place of the results that `run` put beside them.
    """
    return repack(content, {"xl/workbook.xml": (r' fullCalcOnLoad="1"', "")})


class Package:
    """A workbook file (or its `content`, then `path` only names it) as a host. Raises CannotOpen for whatever is no sound .xlsx or .xlsm."""

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.parts = Parts(Archive(path, read_file(path) if content is None else content))
        self.workbook = WorkbookXml(self.parts)
        self._styles_part, self.styles = self._open_styles()
        self._sheets: dict[str, SheetXml] = {}
        self._strings: list[str] | None = None
        self._formats: list[str] | None = None
        self._errors: frozenset[str] | None = None
        self._written: set[Place] = set()
        self._filled: set[str] = set()

    def _open_styles(self) -> tuple[str, StyleBook]:
        """The styles part. Some programs write none, or refer to none; then one is made, or the one that lies there is taken."""
        part = self.workbook.related("styles")
        if part:
            return part, StyleBook(self.parts.writable(part, "styleSheet", self.workbook.part))
        part = self.parts.spelled(posixpath.join(posixpath.dirname(self.workbook.part), "styles.xml"))
        if not self.parts.has(part):
            self.parts.add(part, BLANK_STYLES, _STYLES_TYPE)
        self.parts.declare(part, _STYLES_TYPE)
        self.parts.relate(self.workbook.part, "styles", part)
        styles = StyleBook(self.parts.root(part))
        sheets = [self.parts.content(sheet) for sheet in self.workbook.sheets().values()]
        numbers = ([int(n) for sheet in sheets for n in used.findall(sheet)] for used in _STYLES_USED)
        styles.reserve(*(1 + max(one, default=-1) for one in numbers))
        return part, styles

    def sheet(self, name: str) -> SheetXml:
        """The XML of a sheet that is there. Raises CannotOpen for what is damaged, or no worksheet but bears a name of ours."""
        part = self.workbook.sheets()[name]
        if part not in self._sheets:
            root, rows = taken_apart(self.parts.content(part), f"{part}（工作表“{name}”）")
            if is_strict(root) or (root.tag != tag("worksheet") and is_ours(name)):
                raise CannotOpen(
                    f"“{self.parts.archive.path.name}”的“{name}”不是普通的工作表（{part}）。"
                    "请用 Excel 打开，给它改个名字，或另存为普通的“Excel 工作簿(.xlsx)”，再试。"
                )
            self.parts.keep(part, root)
            self._sheets[part] = SheetXml(root, rows)
        return self._sheets[part]

    def _shared_strings(self) -> Sequence[str] | None:
        """The texts that cells refer to by number; None where there is no such part."""
        part = self.workbook.related("sharedStrings")
        if self._strings is None and part:
            items = parse(self.parts.content(part), part).iterchildren(tag("si"))
            self._strings = [unescape(raw_text(item)) for item in items]
        return self._strings

    def _touch(self, sheet: str) -> None:
        self.parts.touch(self.workbook.sheets()[sheet])

    # -- the host's methods ----------------------------------------------------------------------------

    def tables(self, names: Iterable[str]) -> Mapping[str, Table]:
        """Read the sheets of these names; a name with stray blanks counts."""
        wanted = set(names)
        return {name: self._table(name) for name in self.tabs() if {name, sheet_name(name)} & wanted}

    def tabs(self) -> Sequence[str]:
        """All sheets, in the order of their tabs."""
        return list(self.workbook.sheets())

    def _tab(self, name: str) -> str:
        """The tab of a sheet that is there, else its name."""
        return tab_of(self.workbook.sheets(), name) or name

    def _table(self, name: str) -> Table:
        if self._formats is None:
            self._formats = self.styles.formats()
        strings, date1904 = self._shared_strings(), self.workbook.date1904
        return self.sheet(name).table(name, strings, self._formats, self._is_error, date1904=date1904)

    def _is_error(self, metadata: str) -> bool:
        """Whether the metadata of a value only describe an error."""
        if self._errors is None:
            self._errors = rich_errors(self.parts, self.workbook.part)
        return metadata in self._errors

    def write_cells(self, writes: Iterable[CellWrite]) -> None:
        """Put values into cells of existing sheets."""
        for write in writes:
            if write.formula:
                self.sheet(write.sheet).set_formula(write.row, write.column, write.formula, write.value)
            else:
                self.sheet(write.sheet).set_value(write.row, write.column, write.value)
            if write.value is not None or not write.formula:
                self._written.add((write.sheet, write.row, write.column))
            self._touch(write.sheet)

    def write_grid(self, grid: Grid) -> None:
        """Replace an output sheet's content, making the sheet where it is missing."""
        name = self._tab(grid.sheet.name)
        if name not in self.workbook.sheets():
            self._add_sheet(name, blank_sheet(grid.sheet))
        sheet = self.sheet(name)
        sheet.fill(grid, self.styles.index, lambda name: linked_tab(self.workbook.sheets(), name))
        if grid.sheet.numbers_outside:
            sheet.set_header(grid.header)
        if grid.repeat_rows:
            first, last = grid.repeat_rows
            self.workbook.define(name, "_xlnm.Print_Titles", f"'{name}'!${first}:${last}")
        self._write_charts(name, grid)
        self._filled.add(name)
        self._touch(name)

    def _write_charts(self, name: str, grid: Grid) -> None:
        part = self.workbook.sheets()[name]
        drawing = write_charts(
            self.parts,
            self.parts.shown(part, self.sheet(name).root.find(tag("drawing"))),
            grid,
            self._tab(CHARTS.name),
        )
        if drawing:
            self._refer(name, "drawing", "drawing", drawing)

    @cached_property
    def _blocks(self) -> Blocks:
        return Blocks(self.parts)

    def write_marks(self, marks: Sequence[Mark]) -> None:
        """Put notes on cells with findings; our notes of an earlier run go, other people's stay."""
        by_sheet: dict[str, list[Mark]] = {}
        for mark in marks:
            by_sheet.setdefault(self._tab(mark.sheet), []).append(mark)
        for name, part in self.workbook.sheets().items():
            if any(sheet_name(name) == sheet.name for sheet in INPUT_SHEETS):
                shown = self.parts.shown(part, self.sheet(name).root.find(tag("legacyDrawing")))
                drawing = write_notes(self.parts, part, shown, by_sheet.get(name, []), self._blocks)
                if drawing:
                    self._refer(name, "legacyDrawing", "vmlDrawing", drawing)

    def _refer(self, sheet: str, element: str, kind: str, part: str) -> None:
        """Let a sheet show a part that it did not show before."""
        reference = etree.Element(tag(element), nsmap={"r": DOC_RELS})
        reference.set(tag("id", DOC_RELS), self.parts.relate(self.workbook.sheets()[sheet], kind, part))
        put(self.sheet(sheet).root, reference, ORDER)
        self._touch(sheet)

    def write_memory(self, name: str, rows: Sequence[Sequence[Value]]) -> None:
        """Replace the content of a hidden sheet."""
        look = OutputSheet(name, widths=(20, 20, 80, 4, 20, 20))
        if name not in self.workbook.sheets():
            self._add_sheet(name, blank_sheet(look), hidden=True)
        grid = Grid(look)
        for values in rows:
            grid.line(*(None if value is None else GridCell(value, "plain") for value in values))
        self.sheet(name).fill(grid, self.styles.index)
        self._filled.add(name)
        self._touch(name)

    def _add_sheet(self, name: str, content: bytes, *, hidden: bool = False) -> None:
        part = self.parts.add("xl/worksheets/sheet{}.xml", content, _SHEET_TYPE)
        self.workbook.list_sheet(name, part, hidden=hidden)

    def grow(self, sheet: str, header: int, rows: Sequence[int]) -> None:
        """Let what was prepared below a header reach as far as the rows that are filled."""
        grow(self.parts, self.workbook, sheet, self.sheet(sheet), header, rows)

    @property
    def keeps_functions(self) -> bool:
        """Whether the workbook can hold macros, and so our worksheet functions."""
        return self.workbook.macros

    # -- formulas --------------------------------------------------------------------------------------

    def book(self) -> Book:
        """The workbook as its formulas see it; those that were just written are not among them."""
        sheets = self.workbook.sheets()
        return Book(
            sheets=tuple(sheets),
            formulas=tuple(self._formulas(sheets)),
            read=lambda name: self._table(name).rows,
            names=self.workbook.names(),
            tables=self._list_tables(),
            date1904=self.workbook.date1904,
            hidden=self._hidden,
        )

    def original(self) -> Package:
        """The workbook before anything was written."""
        return Package(self.parts.archive.path, self.parts.archive.content)

    def changed(self) -> list[Area]:
        """The cells that were written to; all cells of a sheet that was filled anew."""
        return [
            *(Area(sheet, row, column, row, column) for sheet, row, column in sorted(self._written)),
            *(Area(sheet, 1, 1, ROWS, COLUMNS) for sheet in sorted(self._filled)),
        ]

    def _formulas(self, sheets: Mapping[str, str]) -> Iterator[FormulaCell]:
        made = 0
        tabs: dict[str, str] = {}
        for name, part in sheets.items():
            tabs.setdefault(part, name)  # where several tabs show one part, the formulas are the first's
        for part, name in tabs.items():
            for one in self._written_formulas(name, part):
                made += len(one.text) if one.shares else 0
                unread = one.shares and made > MOST_WRITTEN
                cell = FormulaCell(
                    name, one.row, one.column, one.text if unread else one.here(), unread=unread
                )
                if one.element.get("t") == "array":
                    top, left, bottom, right = split_area(one.element.get("ref", ""))
                    parent = one.element.getparent()
                    dynamic = parent is not None and parent.get("cm") is not None
                    size = bottom - top + 1, right - left + 1
                    cell = replace(cell, array=True, height=size[0], width=size[1], dynamic=dynamic)
                yield cell

    def _written_formulas(self, name: str, part: str) -> Iterator[Written]:
        """The formulas of a sheet; those that were just written are not among them, nor are data tables."""
        if not self.parts.may_hold(part, FORMULA) and not self.keeps_functions:
            return
        for one in self.sheet(name).formulas():
            if (name, one.row, one.column) not in self._written and one.element.get("t") != "dataTable":
                yield one

    def _hidden(self, name: str) -> Hidden:
        """The rows of a sheet that are not seen, and the filters that choose among rows."""
        sheet, part = self.sheet(name), self.workbook.sheets()[name]
        roots = [sheet.root, *(self.parts.root(one) for one in self.parts.all_related(part, "table"))]
        found = [one for root in roots for one in root.iterchildren(tag("autoFilter"))]
        choosing = [one for one in found if one.find(tag("filterColumn")) is not None and one.get("ref")]
        areas = [split_area(one.get("ref", "")) for one in choosing]
        filters = tuple((top + 1, bottom) for top, _, bottom, _ in areas)
        return Hidden(sheet.hidden(), filters, sheet.filtered and not filters)

    def _list_tables(self) -> dict[str, ListTable]:
        """The tables (ListObjects) of all sheets by name in capitals."""
        found = {}
        for sheet, part in self.workbook.sheets().items():
            for one in self.parts.all_related(part, "table"):
                root = self.parts.root(one)
                area = Area(sheet, *split_area(root.get("ref", "A1")))
                columns = tuple(unescape(column.get("name", "")) for column in root.iter(tag("tableColumn")))
                headers, totals = integer(root.get("headerRowCount"), 1), integer(root.get("totalsRowCount"))
                name = root.get("displayName") or root.get("name") or ""
                found[name.upper()] = ListTable(area, columns, headers, totals)
        return found

    def write_results(self, results: Iterable[CacheWrite], *, recalculate: bool = False) -> None:
        """Put new results beside formulas; None takes an old one away.

        `recalculate` asks the program that opens the workbook next to compute all formulas.
        """
        for one in results:
            self.sheet(one.sheet).set_result(one.row, one.column, one.cell)
            self._touch(one.sheet)
        if recalculate:
            self.workbook.recalculate()

    def save(self) -> bytes:
        """The package with what was written."""
        for sheet in self._sheets.values():
            sheet.apply()
        chain = self.workbook.related("calcChain")
        changed = any(sheet.formulas_changed for sheet in self._sheets.values())
        if chain and changed and self.parts.content_type(chain).lower().endswith(".calcchain+xml"):
            # Excel makes a new chain of calculation; it would repair a file whose chain names cells without formula.
            self.parts.drop(chain, self.workbook.part)
        if self.styles.changed:
            self.parts.touch(self._styles_part)
        return self.parts.pack({part: sheet.finished for part, sheet in self._sheets.items()})
