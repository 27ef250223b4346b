"""One worksheet part: read as a Table, edited cell by cell, or filled whole from a Grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from hashlib import blake2s

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.formulas.book import DAYS_1904
from xlbudget.hosts.gridxml import breaks, dimension, links, merges, rows_text, table_of
from xlbudget.hosts.xml import XML_SPACE, Element, drop, escape, integer, put, tag, unescape, unset
from xlbudget.sheets.formula import moved
from xlbudget.sheets.grid import Grid, Value
from xlbudget.sheets.layout import OutputSheet
from xlbudget.sheets.pages import scale
from xlbudget.sheets.reading import is_date_format
from xlbudget.sheets.table import Cell, Kind, Table, address, column_number

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_ROW, _C, _V, _F, _IS, _T, _R = (tag(name) for name in ("row", "c", "v", "f", "is", "t", "r"))
_KINDS: dict[str | None, Kind] = {
    None: "number",
    "n": "number",
    "b": "bool",
    "e": "error",
    "d": "date",
    "str": "text",
}
_RESULT_TYPES: dict[str, str] = {"number": "", "text": "str", "bool": "b", "error": "e"}
MAX_STYLED = 1024
MAX_MERGED = 10_000


def rich_text(element: Element) -> str:
    """Text of a string item: its own and its runs' <t>, without phonetic hints."""
    parts = []
    for child in element:
        if child.tag == _T:
            parts.append(child.text or "")
        elif child.tag == _R:
            parts.extend(one.text or "" for one in child.findall(_T))
    return unescape("".join(parts))


def split_address(reference: str) -> tuple[int, int]:
    """B7 → (7, 2)."""
    letters = reference.rstrip("0123456789")
    return integer(reference[len(letters) :] or "?"), _column(letters)


def split_area(reference: str) -> tuple[int, int, int, int]:
    """B7:C9 → (7, 2, 9, 3): top, left, bottom, right; a single cell is an area too."""
    first, _, last = reference.partition(":")
    return *split_address(first), *split_address(last or first)


@cache
def _column(letters: str) -> int:
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        integer(letters or "?")
    return column_number(letters.upper())


def column_of(reference: str) -> int:
    """B7 → 2."""
    return _column(reference.rstrip("0123456789"))


class SheetXml:
    """A parsed worksheet part."""

    def __init__(self, root: Element) -> None:
        self.root = root
        data = root.find(tag("sheetData"))
        if data is None:
            data = etree.Element(tag("sheetData"))
            put(root, data, ORDER)
        self.data = data
        self.rows: dict[int, Element] = {}
        number = 0
        for row in data.iterchildren(_ROW):
            number = integer(row.get("r"), number + 1)
            self.rows[number] = row
        self.formulas_changed = False
        self._grid: Grid | None = None
        self._rows_text = b""
        self._place: Element | None = None
        """Stands where the rows of a grid go when the part is written."""
        self._cells: dict[int, dict[int, Element]] = {}
        self._column_styles: dict[int, str | None] | None = None

    # -- reading ---------------------------------------------------------------------------------------

    def table(self, name: str, strings: Sequence[str], formats: Sequence[str], *, date1904: bool) -> Table:
        """The filled cells, with type, exact text, formula and number format."""
        if self._grid is not None:
            return table_of(self._grid)
        table = Table(name, merged=self._merged())
        for number in sorted(self.rows):
            cells: dict[int, Cell] = {}
            column = 0
            for element in self.rows[number].iterchildren(_C):
                reference = element.get("r")
                column = column_of(reference) if reference else column + 1
                cell = _cell(element, strings, formats, date1904)
                if cell is not None:
                    cells[column] = cell
            if cells:
                table.rows[number] = cells
        return table

    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Cells hidden by merges, as long as those are of a size that people make."""
        hidden: dict[tuple[int, int], tuple[int, int]] = {}
        for one in self.root.iterfind(f"{tag('mergeCells')}/{tag('mergeCell')}"):
            top, left, bottom, right = split_area(one.get("ref", "A1"))
            if (bottom - top + 1) * (right - left + 1) > MAX_MERGED:
                continue
            for row in range(top, bottom + 1):
                hidden |= {
                    (row, column): (top, left)
                    for column in range(left, right + 1)
                    if (row, column) != (top, left)
                }
        return hidden

    # -- writing ---------------------------------------------------------------------------------------

    def set_value(self, row: int, column: int, value: Value) -> None:
        """Put a value into a cell; its style stays, a new one takes its column's (or upper neighbour's)."""
        cell = self._cell_element(row, column, create=value is not None)
        if cell is None:
            return
        if cell.find(_F) is not None:
            self._take_formula(cell)
        for child in list(cell):
            cell.remove(child)
        unset(cell, "t", "cm", "vm")
        set_content(cell, value)

    def include(self, row: int, column: int) -> None:
        """Let the sheet's dimension, where it has one, include a cell."""
        element = self.root.find(tag("dimension"))
        if element is not None and element.get("ref"):
            top, left, bottom, right = split_area(element.get("ref", ""))
            area = min(top, row), min(left, column), max(bottom, row), max(right, column)
            if area != (top, left, bottom, right):
                element.set("ref", f"{address(area[0], area[1])}:{address(area[2], area[3])}")

    def set_formula(self, row: int, column: int, formula: str, value: Value) -> None:
        """Put a formula and its result into a cell; None is a result that comes later."""
        cell = self._cell_element(row, column, create=True)
        assert cell is not None
        old = cell.find(_F)
        if old is None or old.text != formula or old.attrib:
            self.set_value(row, column, None)
            self.formulas_changed = True
            etree.SubElement(cell, _F).text = formula
        if isinstance(value, str):
            self.set_result(row, column, Cell("text", value))
        else:
            self.set_result(row, column, None if value is None else Cell("number", plain(value)))

    def set_result(self, row: int, column: int, result: Cell | None) -> None:
        """Put a result beside a cell's formula, which stays; None takes the old result away."""
        cell = self._cell_element(row, column, create=result is not None)
        if cell is None:
            return
        for child in [child for child in cell if child.tag in (_V, _IS)]:
            cell.remove(child)
        unset(cell, "t", "vm")
        if result is not None:
            kind = _RESULT_TYPES[result.kind]
            if kind:
                cell.set("t", kind)
            value = etree.Element(_V)
            if result.text != result.text.strip():
                value.set(XML_SPACE, "preserve")
            value.text = (escape(result.text) if result.kind == "text" else result.text) or None
            formula = cell.find(_F)
            if formula is None:
                cell.insert(0, value)
            else:
                formula.addnext(value)

    def formulas(self) -> Iterator[tuple[int, int, str, Element]]:
        """Row, column, text and element of each formula; cells that share one have its text as it reads there."""
        shared: dict[str | None, tuple[int, int, str]] = {}
        for formula in self.data.iter(_F):
            row, column = self._place_of(formula.getparent())
            text = formula.text or ""
            if formula.get("t") == "shared":
                if formula.get("ref"):
                    shared[formula.get("si")] = row, column, text
                elif formula.get("si") in shared:
                    top, left, first = shared[formula.get("si")]
                    text = moved(first, row - top, column - left)
            yield row, column, text, formula

    def _place_of(self, cell: Element | None) -> tuple[int, int]:
        """Row and column of a cell; some writers leave addresses out, and cells stand one after the other."""
        assert cell is not None
        if cell.get("r"):
            return split_address(cell.get("r", ""))
        line = cell.getparent()
        row = next(number for number, one in self.rows.items() if one is line)
        found = self._cells_of(row, self.rows[row])
        return row, next(column for column, one in found.items() if one is cell)

    def _take_formula(self, cell: Element) -> None:
        """Take a cell's formula away; cells that share it get it from the first of them."""
        self.formulas_changed = True
        formula = cell.find(_F)
        assert formula is not None
        if formula.get("t") == "shared" and formula.get("ref"):
            heirs = (one for one in self.data.iter(_F) if one is not formula and one.get("t") == "shared")
            heir = next((one for one in heirs if one.get("si") == formula.get("si")), None)
            if heir is not None:
                (row, column), (top, left) = self._place_of(heir.getparent()), self._place_of(cell)
                heir.text = moved(formula.text or "", row - top, column - left)
                heir.set("ref", f"{address(row, column)}:{formula.get('ref', '').rpartition(':')[2]}")
        cell.remove(formula)

    def _cell_element(self, row: int, column: int, *, create: bool) -> Element | None:
        line = self.rows.get(row)
        if line is None:
            if not create:
                return None
            line = self._new_row(row)
        cells = self._cells_of(row, line)
        if column in cells:
            return cells[column]
        if not create:
            return None
        cell = etree.Element(_C, r=address(row, column))
        style = self._style_for(row, column)
        if style:
            cell.set("s", style)
        before = [number for number in cells if number < column]
        if before:
            cells[max(before)].addnext(cell)
        else:
            line.insert(0, cell)
        cells[column] = cell
        unset(line, "spans")
        self.include(row, column)
        return cell

    def _cells_of(self, row: int, line: Element) -> dict[int, Element]:
        """A row's cells by column, read once."""
        if row not in self._cells:
            cells: dict[int, Element] = {}
            column = 0
            for element in line.iterchildren(_C):
                reference = element.get("r")
                column = column_of(reference) if reference else column + 1
                cells[column] = element
            self._cells[row] = cells
        return self._cells[row]

    def _new_row(self, row: int) -> Element:
        line = etree.Element(_ROW, r=str(row))
        later = [number for number in self.rows if number > row]
        if later:
            self.rows[min(later)].addprevious(line)
        else:
            self.data.append(line)
        self.rows[row] = line
        return line

    def _style_for(self, row: int, column: int) -> str | None:
        """The column's style, else that of the cell above."""
        if self._column_styles is None:
            self._column_styles = {
                number: one.get("style")
                for one in self.root.iterfind(f"{tag('cols')}/{tag('col')}")
                for number in range(
                    integer(one.get("min"), 1), min(integer(one.get("max"), 1), MAX_STYLED) + 1
                )
            }
        own = self._column_styles.get(column)
        if own:
            return own
        above = self._cell_element(row - 1, column, create=False)
        return None if above is None else above.get("s")

    def fill(self, grid: Grid, style: Callable[[str], int], *, readable: bool) -> None:
        """Replace content, merges, links and row breaks by a grid's; everything else of the sheet stays.

        `readable` keeps the grid, so that the sheet can still be read as a table.
        """
        self.formulas_changed |= next(self.data.iter(_F), None) is not None
        for old in list(self.data):
            self.data.remove(old)
        self.data.text = None
        self.rows.clear()
        self._cells.clear()
        self._grid = grid if readable else None
        prefix = f"{self.data.prefix}:" if self.data.prefix else ""
        self._rows_text = rows_text(grid, style, prefix)
        self._place = etree.Comment(f"xlbudget {blake2s(self._rows_text).hexdigest()}")
        self.data.append(self._place)
        self._put_or_drop("mergeCells", merges(grid.merges))
        self._put_or_drop("hyperlinks", links(grid))
        self._put_or_drop("rowBreaks", breaks(grid.breaks))
        put(self.root, dimension(grid), ORDER)

    def finished(self, content: bytes) -> bytes:
        """The serialized part with the rows of the grid that filled it."""
        if self._place is None:
            return content
        before, after = content.split(f"<!--{self._place.text}-->".encode())
        return b"".join((before, self._rows_text, after))

    def set_header(self, header: str) -> None:
        """Set the page header's right part, and page numbers outside: odd pages right, even pages left."""
        element = etree.Element(tag("headerFooter"), differentOddEven="1", scaleWithDoc="0")
        for page, side in (("odd", "R"), ("even", "L")):
            if header:
                etree.SubElement(element, tag(f"{page}Header")).text = f'&R&"黑体,常规"&14{header}'
            etree.SubElement(element, tag(f"{page}Footer")).text = f"&{side}{_NUMBER_FONT}　— &P —　"
        put(self.root, element, ORDER)

    def _put_or_drop(self, name: str, element: Element) -> None:
        if len(element):
            put(self.root, element, ORDER)
        else:
            drop(self.root, name)


def _cell(element: Element, strings: Sequence[str], formats: Sequence[str], date1904: bool) -> Cell | None:
    kind = element.get("t")
    formula = value = None
    inline: Element | None = None
    for child in element:
        if child.tag == _V:
            value = child.text
        elif child.tag == _F:
            formula = child.text or ""
        elif child.tag == _IS:
            inline = child
    style = integer(element.get("s"))
    code = formats[style] if 0 <= style < len(formats) else "General"
    if kind == "inlineStr" and inline is not None:
        return Cell("text", rich_text(inline), formula, code)
    if value is None or (value == "" and formula is not None):
        if formula is None:
            return None
        return Cell("text", "", formula, code) if kind == "str" else Cell("uncached", "", formula, code)
    if kind == "s":
        index = int(value) if value.isascii() and value.isdigit() else -1
        known = 0 <= index < len(strings)
        return (
            Cell("text", strings[index], formula, code)
            if known
            else Cell("error", "#字符串缺失", formula, code)
        )
    if kind == "str":
        value = unescape(value)
    elif kind in (None, "n") and date1904 and is_date_format(code):
        value = str(Decimal(value) + DAYS_1904)
    return Cell(_KINDS.get(kind, "text"), value, formula, code)


def set_content(cell: Element, value: Value) -> None:
    """Write a value into an empty <c>: numbers as numbers, texts as inline strings."""
    if value is None:
        return
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, _IS), _T)
        text.text = escape(value)
        if value != value.strip() or "\n" in value:
            text.set(XML_SPACE, "preserve")
    else:
        etree.SubElement(cell, _V).text = plain(value)


_MM = 25.4
_NUMBER_FONT = '&"宋体,常规"&14'
"""Page numbers of GB/T 9704 are 4号."""


def blank_sheet(sheet: OutputSheet) -> bytes:
    """A new output sheet: widths, frozen rows, A4 print set-up, protection; no cells yet."""
    frozen = sheet.frozen_rows
    pane = (
        f'<pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft"/>'
        if frozen
        else ""
    )
    columns = "".join(
        f'<col min="{index}" max="{index}" width="{width + 0.7109375:g}" customWidth="1"/>'
        for index, width in enumerate(sheet.widths, 1)
    )
    top, bottom, left, right = (f"{value / _MM:.4f}" for value in sheet.margins_mm)
    orientation = "landscape" if sheet.landscape else "portrait"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetPr><tabColor rgb="FF{sheet.tab}"/></sheetPr>'
        f'<dimension ref="A1"/><sheetViews><sheetView showGridLines="0" workbookViewId="0">{pane}</sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData/>'
        '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>'
        '<printOptions horizontalCentered="1"/>'
        f'<pageMargins left="{left}" right="{right}" top="{top}" bottom="{bottom}" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" scale="{scale(sheet)}" firstPageNumber="1" orientation="{orientation}" '
        'useFirstPageNumber="1"/>'
        '<headerFooter scaleWithDoc="0"><oddFooter>&amp;C— &amp;P —</oddFooter></headerFooter></worksheet>'
    ).encode()
