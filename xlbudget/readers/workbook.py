"""Workbooks: of a result of ours the report, of any other one every visible sheet, with values as they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xlbudget.audit.source import Item, Line, Table
from xlbudget.domain.where import address
from xlbudget.files.xml import tag
from xlbudget.hosts.package import Package
from xlbudget.layout import CHECK, REPORT, STATS, header_key
from xlbudget.pages.grid import WAITING
from xlbudget.readers import MAX_CELLS, MAX_ITEMS, CannotRead, Reading, too_long
from xlbudget.readers.repeated import Rows, same_beginning
from xlbudget.readers.shown import shown
from xlbudget.reading import table as sheets

_LONG = 40
"""Characters: a lone cell with more is a sentence, not part of a table."""


def read_workbook(path: Path, content: bytes) -> Reading:
    """A workbook. Raises CannotOpen or CannotRead."""
    package = Package(path, content)
    names = _chosen(_visible(package))
    source: list[Item] = []
    notes: list[str] = []
    cells = 0
    for name in names:
        (sheet,) = [one for one in package.tables([name]).values() if one.name == name]
        cells += sum(len(row) for row in sheet.rows.values())
        if cells > MAX_CELLS:
            raise too_long(path)
        items = list(_items(sheet))
        if any(isinstance(item, Line) and item.text == WAITING for item in items):
            raise CannotRead(f"“{path.name}”的“{name}”还没有生成。请先运行 xlbudget run，再核对结果文件。")
        source.extend(items)
        uncomputed = sum(cell.kind == "uncached" for row in sheet.rows.values() for cell in row.values())
        if uncomputed:
            notes.append(
                f"工作表“{name}”有 {uncomputed} 个公式还没有计算结果，当作空白。请用 Excel 或 WPS 打开，保存一次，再核对。"
            )
        if len(source) > MAX_ITEMS:
            raise too_long(path)
    return Reading(tuple(source), tuple(notes))


def _visible(package: Package) -> list[str]:
    tabs = package.workbook.root.iterfind(f"{tag('sheets')}/{tag('sheet')}")
    shown_tabs = {one.get("name", "") for one in tabs if one.get("state") in (None, "visible")}
    return [name for name in package.workbook.sheets() if name in shown_tabs]


def _chosen(names: Sequence[str]) -> list[str]:
    """The sheets to be read: of a result of ours those that make the report."""
    known = {header_key(name) for name in names}
    if not {REPORT.name, CHECK.name} <= known:
        return list(names)
    return [name for name in names if header_key(name) in (REPORT.name, STATS.name)]


Row = tuple[int, dict[int, str]]
"""A row's number and its texts by column."""


def _pieces(sheet: str, rows: Sequence[Row]) -> Iterator[Item]:
    """Rows that follow each other as a table; lone texts below it are lines."""
    end = len(rows)
    while end and len(rows[end - 1][1]) == 1 and not _is_mark("".join(rows[end - 1][1].values())):
        end -= 1
    columns = sorted({column for _, row in rows[:end] for column in row})
    if len(columns) == 1:
        end = 0
    if end:
        cells = tuple(tuple(row.get(column, "") for column in columns) for _, row in rows[:end])
        yield Table(_once(cells), f"“{sheet}”{address(rows[0][0], columns[0])}起的表")
    yield from (_line(sheet, *row) for row in rows[end:])


def _once(rows: Rows) -> Rows:
    """Rows without the header that stands again at the top of each printed page."""
    kept: list[tuple[str, ...]] = []
    at = 0
    while at < len(rows):
        repeated = same_beginning(rows, rows[at:]) if kept else 0
        kept.extend(rows[at : at + 1] if not repeated else ())
        at += repeated or 1
    return tuple(kept)


def _is_mark(text: str) -> bool:
    """Whether a text is a number or a tick."""
    return text[:1].isdigit() or (text[:1] in "-√—" and len(text) < 20)


def _line(sheet: str, number: int, row: dict[int, str]) -> Line:
    ((column, text),) = row.items()
    return Line(text, f"“{sheet}”{address(number, column)}")


def _items(sheet: sheets.Table) -> Iterator[Item]:
    """A sheet from top to bottom: rows with one cell are lines, rows with several that follow each other a table."""
    rows: list[Row] = []
    spans = _spans(sheet)
    before = 0
    for number, cells in sheet.rows.items():
        texts = {
            column: text
            for column, cell in cells.items()
            if sheet.merged.shown(number, column) is None and (text := shown(cell))
        }
        if not texts:
            continue
        alone = len(texts) == 1 and _stands_alone(number, texts, spans, rows)
        if number != before + 1 or alone:
            yield from _pieces(sheet.name, rows)
            rows = []
        if alone:
            yield _line(sheet.name, number, texts)
        else:
            rows.append((number, texts))
        before = number
    yield from _pieces(sheet.name, rows)


def _spans(sheet: sheets.Table) -> set[tuple[int, int]]:
    """Cells that reach over several columns."""
    return {(top, left) for top, left, _, right in sheet.merged.areas if right > left}


def _stands_alone(
    number: int, texts: dict[int, str], spans: set[tuple[int, int]], above: Sequence[Row]
) -> bool:
    """Whether the only text of a row is a line of its own, and not part of a table that has begun above it."""
    ((column, text),) = texts.items()
    return not above or (number, column) in spans or len(text) > _LONG or "。" in text
