"""One worksheet part: read as a Table, edited cell by cell, or filled whole from a Grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.hosts.xml import Element, drop, escape, integer, put, tag, unescape, unset
from xlbudget.sheets.formula import moved
from xlbudget.sheets.grid import Grid, Value
from xlbudget.sheets.layout import OutputSheet
from xlbudget.sheets.pages import scale
from xlbudget.sheets.reading import is_date_format
from xlbudget.sheets.table import Cell, Kind, Table, address, column_letter, column_number

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
_DAYS_1904 = 1462
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
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        integer(reference or "?")
    return integer(reference[len(letters) :] or "?"), column_number(letters.upper())


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
        self.formulas_went = False
        self._cells: dict[int, dict[int, Element]] = {}
        self._column_styles: dict[int, str | None] | None = None

    # -- reading ---------------------------------------------------------------------------------------

    def table(self, name: str, strings: Sequence[str], formats: Sequence[str], *, date1904: bool) -> Table:
        """The filled cells, with type, exact text, formula and number format."""
        table = Table(name, merged=self._merged())
        for number in sorted(self.rows):
            cells: dict[int, Cell] = {}
            column = 0
            for element in self.rows[number].iterchildren(_C):
                reference = element.get("r")
                column = split_address(reference)[1] if reference else column + 1
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
            first, _, last = one.get("ref", "A1").partition(":")
            (top, left), (bottom, right) = split_address(first), split_address(last or first)
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
            value.text = escape(result.text) if result.kind == "text" else result.text
            formula = cell.find(_F)
            if formula is None:
                cell.insert(0, value)
            else:
                formula.addnext(value)

    def formulas(self) -> Iterator[tuple[int, int, str, Element]]:
        """Row, column, text and element of each formula; cells that share one have its text as it reads there."""
        shared: dict[str | None, tuple[int, int, str]] = {}
        for number, line in self.rows.items():
            for column, cell in self._cells_of(number, line).items():
                formula = cell.find(_F)
                if formula is None:
                    continue
                text = formula.text or ""
                if formula.get("t") == "shared":
                    if formula.get("ref"):
                        shared[formula.get("si")] = number, column, text
                    elif formula.get("si") in shared:
                        top, left, first = shared[formula.get("si")]
                        text = moved(first, number - top, column - left)
                yield number, column, text, formula

    def _take_formula(self, cell: Element) -> None:
        """Take a cell's formula away; cells that share it get it from the first of them."""
        self.formulas_went = True
        formula = cell.find(_F)
        assert formula is not None
        if formula.get("t") == "shared" and formula.get("ref"):
            heirs = (one for one in self.data.iter(_F) if one is not formula and one.get("t") == "shared")
            heir = next((one for one in heirs if one.get("si") == formula.get("si")), None)
            if heir is not None:
                first, owner = cell.get("r", ""), heir.getparent()
                assert owner is not None
                here = owner.get("r", "")
                (row, column), (top, left) = split_address(here), split_address(first)
                heir.text = moved(formula.text or "", row - top, column - left)
                heir.set("ref", f"{here}:{formula.get('ref', '').rpartition(':')[2]}")
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
        return cell

    def _cells_of(self, row: int, line: Element) -> dict[int, Element]:
        """A row's cells by column, read once."""
        if row not in self._cells:
            cells: dict[int, Element] = {}
            column = 0
            for element in line.iterchildren(_C):
                reference = element.get("r")
                column = split_address(reference)[1] if reference else column + 1
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

    def fill(self, grid: Grid, style: Callable[[str], int]) -> None:
        """Replace content, merges, links and row breaks by a grid's; everything else of the sheet stays."""
        self.formulas_went |= next(self.data.iter(_F), None) is not None
        for old in list(self.data):
            self.data.remove(old)
        self.rows.clear()
        self._cells.clear()
        links = etree.Element(tag("hyperlinks"))
        for (row, column), cell in sorted(grid.cells.items()):
            line = self.rows.get(row)
            if line is None:
                line = etree.SubElement(self.data, _ROW, r=str(row))
                if row in grid.heights:
                    line.set("ht", f"{grid.heights[row]:g}")
                    line.set("customHeight", "1")
                self.rows[row] = line
            reference = address(row, column)
            element = etree.SubElement(line, _C, r=reference, s=str(style(cell.style)))
            set_content(element, cell.value)
            if cell.link and cell.value is not None:
                etree.SubElement(links, tag("hyperlink"), ref=reference, location=_location(cell.link))
        for row in sorted(set(grid.heights) - set(self.rows)):
            line = self._new_row(row)
            line.set("ht", f"{grid.heights[row]:g}")
            line.set("customHeight", "1")
        self._put_or_drop("mergeCells", _merges(grid.merges))
        self._put_or_drop("hyperlinks", links)
        self._put_or_drop("rowBreaks", _breaks(grid.breaks))
        last = max((column for _, column in grid.cells), default=1)
        dimension = f"A1:{column_letter(last)}{max(1, grid.row)}"
        put(self.root, etree.Element(tag("dimension"), ref=dimension), ORDER)

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


def _location(where: object) -> str:
    sheet, _, cell = str(where).rpartition("!")
    quoted = (sheet or str(where)).replace("'", "''")
    return f"'{quoted}'!{cell if sheet else 'A1'}"


def _breaks(rows: Sequence[int]) -> Element:
    element = etree.Element(tag("rowBreaks"), count=str(len(rows)), manualBreakCount=str(len(rows)))
    for row in rows:
        etree.SubElement(element, tag("brk"), id=str(row), max="16383", man="1")
    return element


def _merges(ranges: Sequence[str]) -> Element:
    element = etree.Element(tag("mergeCells"), count=str(len(ranges)))
    for one in ranges:
        etree.SubElement(element, tag("mergeCell"), ref=one)
    return element


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
        value = str(Decimal(value) + _DAYS_1904)
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
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
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
