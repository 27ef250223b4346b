"""One worksheet part: read as a Table, edited cell by cell, or filled whole from a Grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from xlbudget.domain.where import address
from xlbudget.files import CannotOpen
from xlbudget.files.xml import Element, drop, integer, put, tag, text_of, unescape
from xlbudget.formulas.book import shifted
from xlbudget.hosts.gridxml import breaks, dimension, links, merges, rows_text, table_of
from xlbudget.hosts.plainrows import Found
from xlbudget.hosts.rowsxml import ORDER, Rows
from xlbudget.hosts.rowtree import Edit, F, PutFormula, PutResult, PutValue, split_address
from xlbudget.layout import OutputSheet
from xlbudget.layout.formula import COLUMNS, ROWS, moved
from xlbudget.pages.breaks import scale
from xlbudget.pages.grid import Grid
from xlbudget.pages.styles import Look
from xlbudget.reading.formats import DAYS_1904
from xlbudget.reading.table import Cell, Kind, Merges, Table, Value

_KINDS: dict[str, Kind] = {
    "": "number",
    "n": "number",
    "b": "bool",
    "e": "error",
    "d": "date",
    "str": "text",
    "inlineStr": "text",
}
MAX_STYLED = 1024
MAX_MERGED = 10_000
MOST_CELLS = 1_000_000
"""Filled cells of a sheet, and twice its rows, that are read: some 200 MB."""


def split_area(reference: str) -> tuple[int, int, int, int]:
    """B7:C9 → (7, 2, 9, 3): top, left, bottom, right; a single cell is an area too, and so are B:C and 7:9."""
    first, _, last = (one.strip() for one in reference.partition(":"))
    if first.isalpha() and last.isalpha():
        return *split_address(f"{first}1"), *split_address(f"{last}{ROWS}")
    if first.isdecimal() and last.isdecimal():
        return *split_address(f"A{first}"), integer(last), COLUMNS
    return *split_address(first), *split_address(last or first)


def _cells_in(top: int, left: int, bottom: int, right: int) -> int:
    return (bottom - top + 1) * (right - left + 1)


class Written(NamedTuple):
    """A formula in a cell. Cells that share one have the text of the first, which stands so far above and left."""

    row: int
    column: int
    element: Element
    text: str
    below: int
    right: int

    @property
    def shares(self) -> bool:
        """Whether the formula reads otherwise in its own cell."""
        return bool(self.below or self.right)

    def here(self) -> str:
        """The formula as it reads in its own cell."""
        return moved(self.text, self.below, self.right) if self.shares else self.text


class SheetXml:
    """A worksheet part: `root` is its tree without the rows, which stay text until they are needed."""

    def __init__(self, root: Element, rows: Rows) -> None:
        self.root = root
        self._rows = rows
        self._edits: dict[int, list[Edit]] = {}
        self._grid: Grid | None = None
        """What the sheet was filled with; its rows are written when the part is."""
        self._styles: dict[str, str] = {}

    @property
    def formulas_changed(self) -> bool:
        """Whether cells that had a formula lost or changed it, or others got one."""
        return self._rows.formulas_changed

    # -- reading ---------------------------------------------------------------------------------------

    def table(
        self,
        name: str,
        strings: Sequence[str] | None,
        formats: Sequence[str],
        is_error: Callable[[str], bool] = lambda _: False,
        *,
        date1904: bool,
    ) -> Table:
        """The filled cells, with type, exact text, formula and number format. Raises CannotOpen.

        `strings` are the texts that cells refer to by number, where there are any.
        `is_error` tells of a value's metadata, by its number, whether it only describes an error, such as #SPILL!.
        """
        if self._grid is not None:
            return table_of(self._grid)
        self.apply()
        table = Table(name, merged=self._merged())
        codes = {str(number): code for number, code in enumerate(formats)}
        size = 0
        for number, row in self._rows.read():
            cells = {}
            for found in row:
                cell = _cell(found, strings, codes, date1904)
                if cell is not None:
                    rich = found.metadata and not is_error(found.metadata)
                    cells[found.column] = cell._replace(rich=True) if rich else cell
            if cells:
                table.rows[number] = cells
                size += 2 + len(cells)
                if size > MOST_CELLS:
                    raise CannotOpen(
                        f"工作表“{name}”填了太多内容（到第 {number} 行为止，已有 {len(table.rows)} 行），读不下来。"
                        "多半是公式或编号一直拉到了后面的空行：请选中多余的行，整行删除，保存后再试。"
                    )
        return table

    def _merged(self) -> Merges:
        """The merges of a size that people make."""
        elements = self.root.iterfind(f"{tag('mergeCells')}/{tag('mergeCell')}")
        areas = (split_area(one.get("ref", "A1")) for one in elements)
        return Merges(tuple(area for area in areas if _cells_in(*area) <= MAX_MERGED))

    def formulas(self) -> Iterator[Written]:
        """Every formula, as it is written."""
        self.apply()
        shared: dict[str | None, tuple[int, int, str]] = {}
        for block in self._rows.trees_with_formulas():
            for row, column, cell in block.placed():
                formula = cell.find(F)
                if formula is None:
                    continue
                top, left, text = row, column, text_of(formula).strip()
                if formula.get("t") == "shared":
                    if formula.get("ref"):
                        shared[formula.get("si")] = row, column, text
                    elif formula.get("si") in shared:
                        top, left, text = shared[formula.get("si")]
                yield Written(row, column, formula, text, row - top, column - left)

    def hidden(self) -> tuple[int, ...]:
        """The numbers of the rows that are not seen, from above to below."""
        return () if self._grid is not None else tuple(sorted(self._rows.hidden()))

    @property
    def filtered(self) -> bool:
        """Whether a filter is at work, wherever it is written down."""
        found = self.root.find(tag("sheetPr"))
        return found is not None and found.get("filterMode") in ("1", "true")

    # -- writing ---------------------------------------------------------------------------------------

    def set_value(self, row: int, column: int, value: Value) -> None:
        """Put a value into a cell; its style stays, a new one takes its column's (or upper neighbour's)."""
        self._edits.setdefault(row, []).append(PutValue(column, value))

    def set_formula(self, row: int, column: int, formula: str, value: Value) -> None:
        """Put a formula and its result into a cell; None is a result that comes later."""
        self._edits.setdefault(row, []).append(PutFormula(column, formula, value))

    def set_result(self, row: int, column: int, result: Cell | None) -> None:
        """Put a result beside a cell's formula, which stays; None takes the old result away."""
        self._edits.setdefault(row, []).append(PutResult(column, result))

    def apply(self) -> None:
        """Write what was asked for into the rows, all together."""
        edits, self._edits = self._edits, {}
        added = self._rows.edit(edits, self._column_styles()) if edits else []
        if added:
            rows, columns = zip(*added, strict=True)
            self._include(min(rows), min(columns), max(rows), max(columns))

    def _include(self, top: int, left: int, bottom: int, right: int) -> None:
        """Let the sheet's dimension, where it has one, include an area."""
        element = self.root.find(tag("dimension"))
        if element is not None and element.get("ref"):
            old = split_area(element.get("ref", ""))
            area = min(old[0], top), min(old[1], left), max(old[2], bottom), max(old[3], right)
            if area != old:
                element.set("ref", f"{address(area[0], area[1])}:{address(area[2], area[3])}")

    def _column_styles(self) -> dict[int, str]:
        """Styles of columns; of those for which several are given the last counts."""
        styles: dict[int, str] = {}
        left = set(range(1, MAX_STYLED + 1))
        for one in reversed(self.root.findall(f"{tag('cols')}/{tag('col')}")):
            meant = range(integer(one.get("min"), 1), min(integer(one.get("max"), 1), MAX_STYLED) + 1)
            new = (
                {number for number in left if number in meant} if len(left) < len(meant) else left & {*meant}
            )
            styles |= dict.fromkeys(new, one.get("style", ""))
            left -= new
        return styles

    def fill(self, grid: Grid, style: Callable[[Look], int], tab: Callable[[str], str] = str) -> None:
        """Replace content, merges, links and row breaks by a grid's; everything else of the sheet stays.

        `tab` tells the tab of a sheet that a link leads to, and none for one that is not there.
        """
        self._rows.clear()
        self._edits.clear()
        self._grid = grid
        self._styles = {name: str(style(name)) for name in grid.styles}
        self._put_or_drop("mergeCells", merges(grid.merges))
        self._put_or_drop("hyperlinks", links(grid, tab))
        self._put_or_drop("rowBreaks", breaks(grid.breaks))
        put(self.root, dimension(grid), ORDER)

    def finished(self, content: bytes) -> Iterator[bytes]:
        """The serialized part, piece by piece, with its rows."""
        before, after = self._rows.around(content)
        yield before
        yield from (
            self._rows.text if self._grid is None else rows_text(self._grid, self._styles, self._rows.prefix)
        )
        yield after

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


def _cell(
    found: Found, strings: Sequence[str] | None, codes: Mapping[str, str], date1904: bool
) -> Cell | None:
    """A cell, unless it is empty; `codes` are number formats by the text of their index."""
    _, style, kind, value, inline, formula, _ = found
    code = codes.get(style) or codes.get(str(integer(style or None)), "General")
    if kind != "str":
        value = value.strip()
    if inline is not None and (kind == "inlineStr" or not value):
        return Cell("text", unescape(inline), formula, code)
    if not value:
        if formula is None:
            return None
        return Cell("text", "", formula, code) if kind == "str" else Cell("uncached", "", formula, code)
    if kind == "s" and strings is None:
        raise CannotOpen("工作簿缺少部件 sharedStrings.xml，单元格里的文字找不到。请重新取得文件。")
    if kind == "s" and strings is not None:
        index = int(value) if value.isascii() and value.isdigit() else len(strings)
        if index < len(strings):
            return Cell("text", strings[index], formula, code)
        return Cell("error", "#字符串缺失", formula, code)
    if kind == "str":
        value = unescape(value)
    if kind not in _KINDS:
        return Cell("error", f"#类型不明({kind})", formula, code)
    cell = Cell(_KINDS[kind], value, formula, code)
    return shifted(cell, DAYS_1904) if date1904 else cell


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
