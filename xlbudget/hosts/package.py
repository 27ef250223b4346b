"""A workbook file, edited part by part: what is not ours stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lxml import etree

from xlbudget.hosts.archive import Archive, read_file
from xlbudget.hosts.charts import write_charts
from xlbudget.hosts.comments import write_notes
from xlbudget.hosts.parts import Parts
from xlbudget.hosts.sheetxml import ORDER, SheetXml, blank_sheet, rich_text
from xlbudget.hosts.stylebook import StyleBook
from xlbudget.hosts.workbookxml import WorkbookXml
from xlbudget.hosts.xml import DOC_RELS, put, tag
from xlbudget.sheets.fill import CellWrite, Mark
from xlbudget.sheets.grid import Grid, GridCell, Value
from xlbudget.sheets.layout import INPUT_SHEETS, OutputSheet, header_key
from xlbudget.sheets.table import Table

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class Package:
    """A workbook file (or its `content`, then `path` only names it) as a host. Raises CannotOpen for whatever is no sound .xlsx or .xlsm."""

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.parts = Parts(Archive(path, read_file(path) if content is None else content))
        self.workbook = WorkbookXml(self.parts)
        self.styles = StyleBook(self.parts.root(self.workbook.related("styles") or ""))
        self._sheets: dict[str, SheetXml] = {}
        self._strings: list[str] | None = None

    def sheet(self, name: str) -> SheetXml:
        """The XML of a sheet that is there."""
        part = self.workbook.sheets()[name]
        if part not in self._sheets:
            self._sheets[part] = SheetXml(self.parts.root(part))
        return self._sheets[part]

    def _shared_strings(self) -> list[str]:
        if self._strings is None:
            part = self.workbook.related("sharedStrings")
            items = self.parts.root(part).iterchildren(tag("si")) if part else ()
            self._strings = [rich_text(item) for item in items]
        return self._strings

    def _touch(self, sheet: str) -> None:
        self.parts.touch(self.workbook.sheets()[sheet])

    # -- the host's methods ----------------------------------------------------------------------------

    def tables(self, names: Iterable[str]) -> Mapping[str, Table]:
        """Read the sheets of these names; a name with stray blanks counts."""
        wanted, formats = set(names), self.styles.formats()
        return {
            name: self.sheet(name).table(
                name, self._shared_strings(), formats, date1904=self.workbook.date1904
            )
            for name in self.workbook.sheets()
            if name in wanted or header_key(name) in wanted
        }

    def write_cells(self, writes: Iterable[CellWrite]) -> None:
        """Put values into cells of existing sheets."""
        for write in writes:
            self.sheet(write.sheet).set_value(write.row, write.column, write.value)
            self._touch(write.sheet)

    def write_grid(self, grid: Grid) -> None:
        """Replace an output sheet's content, making the sheet where it is missing."""
        name = grid.sheet.name
        if name not in self.workbook.sheets():
            self._add_sheet(name, blank_sheet(grid.sheet))
        sheet = self.sheet(name)
        sheet.fill(grid, self.styles.index)
        if grid.sheet.numbers_outside:
            sheet.set_header(grid.header)
        if grid.repeat_rows:
            first, last = grid.repeat_rows
            self.workbook.define(name, "_xlnm.Print_Titles", f"'{name}'!${first}:${last}")
        self._write_charts(name, grid)
        self._touch(name)

    def _write_charts(self, name: str, grid: Grid) -> None:
        part = self.workbook.sheets()[name]
        drawing = write_charts(
            self.parts, self.parts.shown(part, self.sheet(name).root.find(tag("drawing"))), grid
        )
        if drawing:
            self._refer(name, "drawing", "drawing", drawing)

    def write_marks(self, marks: Sequence[Mark]) -> None:
        """Put notes on cells with findings; our notes of an earlier run go, other people's stay."""
        by_sheet: dict[str, list[Mark]] = {}
        for mark in marks:
            by_sheet.setdefault(mark.sheet, []).append(mark)
        for name, part in self.workbook.sheets().items():
            if any(header_key(name) == sheet.name for sheet in INPUT_SHEETS):
                shown = self.parts.shown(part, self.sheet(name).root.find(tag("legacyDrawing")))
                drawing = write_notes(self.parts, part, shown, by_sheet.get(name, []))
                if drawing:
                    self._refer(name, "legacyDrawing", "vmlDrawing", drawing)

    def _refer(self, sheet: str, element: str, kind: str, part: str) -> None:
        """Let a sheet show a part that it did not show before."""
        reference = etree.Element(tag(element))
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
        self._touch(name)

    def _add_sheet(self, name: str, content: bytes, *, hidden: bool = False) -> None:
        part = self.parts.add("xl/worksheets/sheet{}.xml", content, _SHEET_TYPE)
        self.workbook.list_sheet(name, part, hidden=hidden)

    def save(self) -> bytes:
        """The package with what was written."""
        chain = self.workbook.related("calcChain")
        if chain and any(sheet.formulas_went for sheet in self._sheets.values()):
            # Excel makes a new chain of calculation; it would repair a file whose chain names cells without formula.
            self.parts.drop(chain, self.workbook.part)
        if self.styles.changed:
            self.parts.touch(self.workbook.related("styles") or "")
        return self.parts.pack()
