"""An open workbook as a host, through xlwings. The program that has it open computes its formulas itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import xlwings as xw

from xlbudget.domain.where import Where
from xlbudget.files import CannotWrite
from xlbudget.hosts.live_cells import block, contents, native, read, write, write_among_filters
from xlbudget.hosts.live_charts import draw
from xlbudget.hosts.live_looks import (
    dress,
    furnish,
    grow_colours,
    rectangles,
    refuse_protected,
    reset,
    set_pages,
    show,
    size_note,
    unprotected,
)
from xlbudget.layout import CHARTS, INPUT_SHEETS, SHEET_ORDER, OutputSheet, linked_tab, sheet_name, tab_of
from xlbudget.layout.fill import CellWrite, Mark, is_our_note
from xlbudget.pages.grid import Grid
from xlbudget.reading.table import Merges, Table, Value

_VISIBLE, _VERY_HIDDEN = -1, 2
_UNFINISHED = "正在写入。如果一直是这句话，就是没有写完，请再点一次。"
_INPUTS = {sheet.name for sheet in INPUT_SHEETS}


class Live:
    """A workbook that is open in Excel (or WPS)."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        self._sheets = {sheet.name: sheet for sheet in book.sheets}
        self.last: dict[str, Table] = {}
        """Sheets as they were read last, until they are written to."""
        self._merged: dict[str, Merges] = {}
        """Merges by sheet: of their cells only the one that shows can have a note."""

    def tables(self, names: Iterable[str]) -> Mapping[str, Table]:
        """Read the sheets of these names anew; a name with stray blanks counts."""
        wanted = set(names)
        date1904 = bool(self.book.api.Date1904)
        for name, sheet in self._sheets.items():
            if {name, sheet_name(name)} & wanted:
                self.last[name] = read(sheet, date1904=date1904)
                self._merged[name] = self.last[name].merged
        return {name: table for name, table in self.last.items() if {name, sheet_name(name)} & wanted}

    def tabs(self) -> Sequence[str]:
        """All sheets, in the order of their tabs."""
        return list(self._sheets)

    def _tab(self, name: str) -> str:
        """The tab of a sheet that is there, else its name."""
        return tab_of(self._sheets, name) or name

    def contents(self, name: str) -> Table:
        """What stands in a sheet, without formats; empty where the sheet is missing."""
        sheet = self._sheets.get(self._tab(name))
        return Table(name) if sheet is None else contents(sheet)

    def shown(self) -> set[str]:
        """The names of the sheets that are not hidden."""
        return {sheet_name(tab) for tab, sheet in self._sheets.items() if sheet.api.Visible == _VISIBLE}

    def show(self, where: Where) -> None:
        """Bring a cell, or the beginning of a sheet, before the user's eyes, unless the sheet is hidden."""
        if where.sheet in self.shown():
            show(self._sheets[self._tab(where.sheet)].api, where.cell or "A1")

    @property
    def keeps_functions(self) -> bool:
        """Whether the workbook can hold macros, and so our worksheet functions."""
        return self.book.name.lower().endswith(".xlsm")

    # -- cells of input sheets -------------------------------------------------------------------------

    def write_cells(self, writes: Iterable[CellWrite]) -> None:
        """Put values and formulas into cells, block by block.

        A formula that stands there already is not written again: Excel would compute it again, and all that depends on it.
        """
        by_sheet: dict[str, dict[tuple[int, int], CellWrite]] = defaultdict(dict)
        for one in writes:
            by_sheet[one.sheet][one.row, one.column] = one
        for name, cells in by_sheet.items():
            known = self.last.pop(name, Table(name))
            wanted = {place: _content(one) for place, one in cells.items()}
            stand = {place for place, one in wanted.items() if _stands(known, place, one)}
            if stand == wanted.keys():
                self.last[name] = known
                continue
            refuse_protected(self._sheets[name].api)
            for area in rectangles(
                place for place in wanted if place not in stand or not cells[place].formula
            ):
                top, left, bottom, right = area
                rows = [[wanted[r, c] for c in range(left, right + 1)] for r in range(top, bottom + 1)]
                write_among_filters(block(self._sheets[name], *area), rows)

    def grow(self, sheet: str, header: int, rows: Sequence[int]) -> None:
        """Let the colours below a header reach as far as the rows that are filled; Excel grows tables itself."""
        grow_colours(self._sheets[sheet].api, header, max(rows, default=0))

    # -- notes -----------------------------------------------------------------------------------------

    def write_marks(self, marks: Sequence[Mark]) -> None:
        """Put notes on cells with findings; our notes of an earlier run go, other people's stay."""
        by_sheet: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
        for mark in marks:
            tab, cell = self._tab(mark.sheet), mark.at
            texts, shown = by_sheet[tab], self._merged.get(tab, Merges()).shown(*cell) or cell
            texts[shown] = f"{texts[shown]}\n{mark.text}" if shown in texts else mark.text
        for name, sheet in self._sheets.items():
            if sheet_name(name) in _INPUTS:
                _replace_notes(sheet, by_sheet.get(name, {}))

    # -- output sheets ---------------------------------------------------------------------------------

    def begin(self, look: OutputSheet) -> None:
        """Empty an output sheet that is about to be written, but for a text that says so."""
        sheet = self._sheets.get(self._tab(look.name))
        if sheet is not None:
            with unprotected(sheet.api):
                sheet.used_range.clear_contents()
                sheet.range("A1").raw_value = _UNFINISHED

    def write_grid(self, grid: Grid) -> None:
        """Replace an output sheet's content, making the sheet where it is missing; its values come last.

        Until then the first cell says that it is not finished, so that what was cut short is not taken for a result.
        """
        sheet = self._output(grid.sheet)
        data = self._output(CHARTS) if grid.charts else sheet
        with unprotected(sheet.api):
            used = sheet.used_range
            old_bottom, old_right = used.row + used.shape[0] - 1, used.column + used.shape[1] - 1
            cells = grid.cells
            right = max((column for _, column in cells), default=1)
            reset(sheet.api, (1, 1, max(grid.row, old_bottom), max(right, old_right)))
            sheet.range("A1").raw_value = _UNFINISHED
            dress(sheet.api, grid, lambda name: linked_tab(self._sheets, name))
            set_pages(sheet.api, grid)
            draw(sheet.api, data.api, grid)
            _write_values(sheet, {place: cell.value for place, cell in cells.items()})

    def write_memory(self, name: str, rows: Sequence[Sequence[Value]]) -> None:
        """Replace the content of a hidden sheet, in one call: it is never half of an old and half of a new one."""
        look = OutputSheet(name, widths=(20, 20, 80, 4, 20, 20))
        sheet = self._sheets.get(name)
        if sheet is None:
            sheet = self._add(look)
            sheet.api.Visible = _VERY_HIDDEN
        values = {(r, c): value for r, line in enumerate(rows, 1) for c, value in enumerate(line, 1)}
        used = sheet.used_range
        values.setdefault((used.row + used.shape[0] - 1, len(look.widths)), None)
        with unprotected(sheet.api):
            _write_values(sheet, values)

    def _output(self, look: OutputSheet) -> xw.Sheet:
        return self._sheets.get(self._tab(look.name)) or self._add(look)

    def _add(self, look: OutputSheet) -> xw.Sheet:
        """Make a sheet at its place among the tabs; what people look at stays in front."""
        shown = self.book.sheets.active
        try:
            sheet = self.book.sheets.add(look.name, **self._beside(look.name))
        except Exception as error:
            if not self.book.api.ProtectStructure:
                raise
            message = "工作簿的结构被保护了，建不了“{}”表。请在“审阅”里撤销工作簿保护，再点一次。"
            raise CannotWrite(message.format(look.name)) from error
        furnish(sheet.api, look)
        shown.api.Activate()
        self._sheets = {one.name: one for one in self.book.sheets}
        return sheet

    def _beside(self, name: str) -> dict[str, xw.Sheet]:
        """Where a new sheet goes: before one that follows it, else behind those that people see."""
        later = SHEET_ORDER[SHEET_ORDER.index(name) + 1 :] if name in SHEET_ORDER else ()
        names, shown = list(self._sheets), self.shown()
        last = max(index for index, one in enumerate(names) if sheet_name(one) in shown)
        follower = next(
            (one for one in names if sheet_name(one) in later), next(iter(names[last + 1 :]), None)
        )
        # xlwings moves sheets to get one to the end, which Excel refuses for hidden ones.
        return {"before": self._sheets[follower]} if follower else {"after": self._sheets[names[last]]}


def _content(one: CellWrite) -> str | float | None:
    return native(one.value) if one.formula is None else f"={one.formula}"


def _stands(table: Table, place: tuple[int, int], wanted: str | float | None) -> bool:
    """Whether a cell that was read holds exactly this already."""
    cell = table.rows.get(place[0], {}).get(place[1])
    if cell is None:
        return wanted is None
    if cell.formula is not None:
        return wanted == f"={cell.formula}"
    if cell.kind == "number":
        return isinstance(wanted, float) and wanted == float(cell.text)
    return cell.kind == "text" and isinstance(wanted, str) and wanted.removeprefix("'") == cell.text


def _write_values(sheet: xw.Sheet, values: Mapping[tuple[int, int], Value]) -> None:
    """Write values from A1 on in one call."""
    bottom = max((row for row, _ in values), default=0)
    right = max((column for _, column in values), default=0)
    if bottom:
        rows = [
            [native(values.get((row, column))) for column in range(1, right + 1)]
            for row in range(1, bottom + 1)
        ]
        write(block(sheet, 1, 1, bottom, right), rows)


def _replace_notes(sheet: xw.Sheet, wanted: Mapping[tuple[int, int], str]) -> None:
    """Bring our notes of a sheet up to date, touching only those that change."""
    notes = {_place(note): note for note in sheet.notes}
    texts = {place: note.text for place, note in notes.items()}
    gone = [place for place, text in texts.items() if is_our_note(text) and text != wanted.get(place)]
    added = [place for place in wanted if place not in texts or place in gone]
    if gone or added:
        refuse_protected(sheet.api)
    for place in gone:
        notes[place].delete()
    for place in added:
        _add_note(sheet.range(place), wanted[place])


def _place(note: xw.Note) -> tuple[int, int]:
    cell = note.location
    return cell.row, cell.column


def _add_note(cell: xw.Range, text: str) -> None:
    """Put a note on a cell, unless people talk there in a threaded comment, beside which Excel allows none."""
    try:
        cell.add_note(text)
    except Exception:
        if cell.comment is None:
            raise
        return
    size_note(cell.api, text)
