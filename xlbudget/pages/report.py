"""统计表, 监控报告 and 监控表: documents laid out in the cells of a sheet, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, assert_never

from xlbudget import layout
from xlbudget.domain.measures import Assessment
from xlbudget.domain.money import in_wan, plain
from xlbudget.pages.breaks import Pages
from xlbudget.pages.charts import place_chart
from xlbudget.pages.grid import Grid, GridCell
from xlbudget.pages.heads import broken
from xlbudget.pages.metrics import TALLEST, column_points, row_height, wrapped
from xlbudget.pages.styles import Look, Name, decimals, inner_width, number_style
from xlbudget.reading.numerals import is_plain
from xlbudget.report.document import (
    Align,
    Block,
    Caption,
    DataTable,
    Document,
    Heading,
    Label,
    Paragraph,
    Picture,
    Signature,
    TableCell,
    TableRow,
    Title,
    words,
)
from xlbudget.report.labels import label

_BODY, _TITLE, _CAPTION = 16, 22, 12
_SIGNED_LINE, _ABOVE_SIGNATURE = 30.0, 20.0
_LEAST_BELOW = 2 * _BODY * 1.5
"""What at least stands below a heading on its page, in points: two lines."""
_PARTED = 8
"""Lines of a paragraph that may be parted between two pages."""
_COUNT, _COUNT_GAP = 26.0, 10.0
"""Height of a row of a small table, and of the gap above it."""


# -- tables ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a table as it stands in the sheet; `spans` are column, rows and columns of its spanning cells."""

    cells: Sequence[GridCell | None]
    height: float
    spans: Sequence[tuple[int, int, int]]
    tall: Sequence[tuple[int, float]]
    """Of cells that span several rows their number and the height that the text needs."""


@lru_cache(maxsize=1 << 12)
def _shown(text: str, style: Name) -> tuple[GridCell, bool]:
    """A cell of a table, and whether it may have a link: LibreOffice does not wrap a text with one.

    Numbers of the report are numbers in the sheet too; 001 is none.
    """
    short = is_plain(text)
    if short and plain(Decimal(text)) == text:
        number = Decimal(text)
        return GridCell(number, _number_style(style, number)), True
    return GridCell(text, style), short or text == "√"


def _number_style(style: Name, number: Decimal) -> Look:
    return number_style(style, decimals(number)) if style in ("report_cell", "form_cell") else style


def _grid_cell(cell: TableCell, text: str, style: Name) -> GridCell:
    shown, short = _shown(text, style)
    if short:
        for run in cell.runs:
            if not isinstance(run, str) and run.sources:
                return GridCell(shown.value, shown.style, run.sources[0])
    return shown


class _TableLook(NamedTuple):
    """Styles of a table's heads and cells, and the size of their text in points."""

    head: Name
    left: Name
    cell: Name
    size: float


_REPORT_TABLE = _TableLook("report_head", "report_left", "report_cell", 11)
_FORM_TABLE = _TableLook("form_head", "form_left", "form_cell", 10)


class _Columns:
    """The columns of a table: which style its cells have, and how much room they leave for text."""

    def __init__(self, sheet: layout.OutputSheet, look: _TableLook) -> None:
        self.size, self.head = look.size, look.head
        self.styles: dict[Align, Name] = {"left": look.left, "center": look.cell}
        self._widths = [column_points(width) for width in sheet.widths]
        self._rooms: dict[tuple[Name, int, int], float] = {}

    def __len__(self) -> int:
        return len(self._widths)

    def room(self, style: Name, column: int, columns: int) -> float:
        """Points of width that a text has which begins in a column and spans some."""
        key = style, column, columns
        if key not in self._rooms:
            self._rooms[key] = inner_width(style, sum(self._widths[column : column + columns], 0.0))
        return self._rooms[key]


def _laid_out(row: TableRow, table: _Columns, *, head: bool) -> _Line:
    cells: list[GridCell | None] = [None] * len(row)
    texts, spans, tall = [], [], []
    for column, cell in enumerate(row):
        if cell is None:
            continue
        runs, columns, rows, align, names = cell
        style = table.head if head or names else table.styles[align]
        text = words(runs)
        if text or rows > 1:
            room = table.room(style, column, columns)
            if style == table.head:
                text = broken(text, room, table.size)
            cells[column] = shown = _grid_cell(cell, text, style)
            if rows > 1:
                tall.append((rows, row_height([(text, room)], size=table.size)))
            elif isinstance(shown.value, str):
                texts.append((text, room))
        else:
            cells[column] = _shown(text, style)[0]
        if columns > 1 or rows > 1:
            spans.append((column + 1, rows, columns))
    height = row_height(texts or [("", 60.0)], size=table.size, least=table.size + 15)
    return _Line(cells, height, spans, tall)


def _raised(lines: Sequence[_Line]) -> list[_Line]:
    """The rows, with the last of several higher where a cell that spans them needs it."""
    raised = list(lines)
    for start, line in enumerate(lines):
        for rows, needed in line.tall:
            end = min(start + rows, len(raised))
            lack = needed - _height(raised[start:end])
            if lack > 0:
                raised[end - 1] = replace(raised[end - 1], height=raised[end - 1].height + lack)
    return raised


def _write(grid: Grid, lines: Sequence[_Line]) -> None:
    """Write rows of a table, with their spans."""
    first = grid.row + 1
    for line in lines:
        grid.line(*line.cells, height=line.height)
    for number, line in enumerate(lines, first):
        for column, rows, columns in line.spans:
            grid.merge(number, column, number + rows - 1, column + columns - 1)


def _joined(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    """Rows in groups that stay on one page: those that spanning cells hold together, and the last two."""
    start = end = 0
    for number, line in enumerate(lines):
        if number == end and number > start and number < len(lines) - 1:
            yield lines[start:end]
            start = number
        end = max([end, number + 1, *(number + rows for _, rows, _ in line.spans)])
    if lines:
        yield lines[start:]


def _table(
    grid: Grid, pages: Pages, table: DataTable, columns: _Columns, *, above: GridCell | None = None
) -> None:
    """Write a table; where it goes on on another page, its header stands there again, below what it is about."""
    header = _raised([_laid_out(row, columns, head=True) for row in table.header])
    body = _raised([_laid_out(row, columns, head=False) for row in table.body])
    for number, group in enumerate(_joined(body) if body else [()]):
        turned = pages.keep(_height(group) + (0 if number else _height(header)))
        if turned and above is not None:
            grid.line(above, height=22)
            grid.merge(grid.row, 1, grid.row, len(columns))
        if turned or not number:
            _write(grid, header)
        _write(grid, group)


def _height(lines: Sequence[_Line]) -> float:
    return sum(line.height for line in lines)


# -- 统计表 ---------------------------------------------------------------------------------------------


def stats_grid(document: Document, case: Assessment) -> Grid:
    """The statistics table, then bands and forecast classes, each whole on one page."""
    grid = Grid(layout.STATS)
    pages = Pages(grid)
    grid.wide(label(case, "stats_title"), "stats_title", height=36)
    note = f"{case.facts.unit.full_name or ''}　{label(case, 'stats_period')}　金额单位：万元"
    grid.wide(note, "hint", height=20)
    for block in document.blocks:
        if isinstance(block, DataTable):
            _table(grid, pages, block, _Columns(grid.sheet, _REPORT_TABLE))
    bands = [(name, len(rows)) for name, rows in case.bands]
    if case.unknown_band:
        bands.append(("数据不全", len(case.unknown_band)))
    _counts(grid, pages, ("实现程度分档", "项目数"), bands)
    heads = (label(case, "stats_forecast"), "项目数", "金额（万元）")
    _counts(grid, pages, heads, list(_forecasts(case)))
    return grid


def _forecasts(case: Assessment) -> Iterator[tuple[str, int, Decimal]]:
    """Forecast classes with number and amount in 万元, and what is in none of them."""
    for one in case.forecast:
        yield one.flag, len(one.results), in_wan(one.amount)
    unknown = [result.project.budget or Decimal(0) for result in case.results if result.flag is None]
    if unknown:
        yield "数据不全或未到考核时点", len(unknown), in_wan(sum(unknown, Decimal(0)))


def _counts(
    grid: Grid, pages: Pages, heads: Sequence[str], rows: Sequence[tuple[str, *tuple[int | Decimal, ...]]]
) -> None:
    """A small table: labels over the first two columns, numbers in the next."""
    pages.keep(_COUNT_GAP + _COUNT * (1 + len(rows)))
    grid.line(height=_COUNT_GAP)
    lines = [[GridCell(head, "report_head") for head in heads]]
    for name, *numbers in rows:
        cells = [GridCell(one, _number_style("report_cell", Decimal(one))) for one in numbers]
        lines.append([GridCell(name, "report_left"), *cells])
    for first, *others in lines:
        grid.line(first, None, *others, height=_COUNT)
        grid.merge(grid.row, 1, grid.row, 2)


# -- 监控报告 -------------------------------------------------------------------------------------------

_HEADING_STYLE: dict[int, Name] = {1: "report_h1", 2: "report_h2"}


def report_grid(document: Document, figures: Grid) -> Grid:
    """The whole report on A4: paragraphs across the page with computed heights, the table, 落款.

    `figures` is the sheet 图表, whose tables its charts draw.
    """
    grid = Grid(layout.REPORT)
    grid.header = "草稿" if document.draft else ""
    data_rows = {placed.chart.key: placed.data_row for placed in figures.charts}
    pages = Pages(grid)
    for index, block in enumerate(document.blocks):
        match block:
            case Heading(level, text):
                _keep_heading(grid, pages, document.blocks[index:])
                _line(grid, text, _HEADING_STYLE.get(level, "report_h2"), _BODY)
            case Paragraph(runs):
                _paragraph(grid, pages, words(runs), _signature_height(document.blocks[index + 1 :]))
            case Picture(chart):
                place_chart(grid, pages, chart, data_rows[chart.key])
            case DataTable():
                _table(grid, pages, block, _Columns(grid.sheet, _REPORT_TABLE))
            case Signature():
                _signature(grid, pages, block)
            case Title(runs):
                text = words(runs)
                grid.wide(text, "report_title", height=row_height([(text, grid.points)], size=_TITLE) + 16)
            case Label(runs):
                _line(grid, words(runs), "report_label", _BODY)
            case Caption(runs):
                _line(grid, words(runs), "report_caption", _CAPTION)
            case _:
                assert_never(block)
    return grid


def _line(grid: Grid, text: str, style: Name, size: float) -> None:
    """A short text across the page; headings are as wide as two characters less than the page."""
    grid.wide(text, style, height=row_height([(text, grid.points - 2 * size)], size=size))


def _keep_heading(grid: Grid, pages: Pages, blocks: Sequence[Block]) -> None:
    """Let a heading stand on one page with the headings that follow at once and the beginning of what is below."""
    following = next((n for n, block in enumerate(blocks) if not isinstance(block, Heading)), len(blocks))
    above = [block.text for block in blocks[:following] if isinstance(block, Heading)]
    heights = [row_height([(text, grid.points - 2 * _BODY)], size=_BODY) for text in above]
    pages.keep(sum(heights) + _least(grid, blocks[following:]))


def _least(grid: Grid, blocks: Sequence[Block]) -> float:
    """Height of what cannot be parted from a heading: two lines, or all of a text that is not parted at all."""
    if blocks and isinstance(blocks[0], Paragraph):
        lines = _lines(grid, words(blocks[0].runs))
        if len(lines) < _PARTED:
            return _text_height(lines, grid) + _signature_height(blocks[1:])
    return _LEAST_BELOW


def _signature(grid: Grid, pages: Pages, block: Signature) -> None:
    """落款 below an empty line, whole on one page."""
    if not pages.keep(_signature_height([block])):
        grid.line(height=_ABOVE_SIGNATURE)
    for line in block.lines:
        grid.wide(f"{words(line)}　　", "report_sign", height=_SIGNED_LINE)


def _signature_height(blocks: Sequence[Block]) -> float:
    """Height of the 落款, when it is what comes next."""
    following = blocks[0] if blocks else None
    return _ABOVE_SIGNATURE + len(following.lines) * _SIGNED_LINE if isinstance(following, Signature) else 0.0


def _lines(grid: Grid, text: str) -> list[str]:
    """The lines of an indented paragraph."""
    return wrapped(f"　　{text}", grid.points, _BODY)


def _text_height(lines: Sequence[str], grid: Grid) -> float:
    return row_height([("".join(lines), grid.points)], size=_BODY)


def _fitting(lines: Sequence[str], grid: Grid, room: float) -> int:
    """How many of a paragraph's lines one row in that room can show."""
    fitting = min(len(lines), int(room // _BODY))
    while fitting > 0 and _text_height(lines[:fitting], grid) > min(room, TALLEST - 1):
        fitting -= 1
    return fitting


def _paragraph(grid: Grid, pages: Pages, text: str, below: float) -> None:
    """An indented paragraph; a long one that does not fit goes on on the next page, two lines at least on each.

    `below` is the height of what its last lines have to share a page with.
    """
    lines = _lines(grid, text)
    if len(lines) < _PARTED:
        pages.keep(_text_height(lines, grid) + below)
    while lines:
        fitting = _fitting(lines, grid, pages.room)
        if fitting < len(lines) or _text_height(lines, grid) + below > pages.room:
            fitting = min(fitting, len(lines) - 2)
            if fitting < 2 and not pages.empty:
                pages.turn()
                continue
        taken = max(1, fitting)
        piece, lines = lines[:taken], lines[taken:]
        grid.wide("".join(piece), "report_text", height=_text_height(piece, grid))


# -- 监控表 ---------------------------------------------------------------------------------------------


def forms_grid(forms: Iterable[Document], most: int) -> Grid:
    """项目支出绩效目标执行监控表: every form, of so many at most, on pages of its own."""
    grid = Grid(layout.FORMS)
    pages, columns = Pages(grid, due=most - 1), _Columns(grid.sheet, _FORM_TABLE)
    for form in forms:
        pages.turn(due=True)
        above = GridCell(f"{form.title}（续）", "form_caption")
        for block in form.blocks:
            if isinstance(block, DataTable):
                _table(grid, pages, block, columns, above=above)
            elif isinstance(block, Title):
                grid.wide(words(block.runs), "form_title", height=34)
            elif isinstance(block, Caption):
                grid.wide(words(block.runs), "form_caption", height=22)
    if not grid.rows:
        grid.wide("没有项目。", "hint", height=20)
    return grid
