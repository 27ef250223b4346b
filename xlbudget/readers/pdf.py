"""PDF with text: lines in reading order without page headers and numbers, tables joined across pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2 as pdfium

from xlbudget.audit.source import Item, Line, Table
from xlbudget.readers import MAX_CELLS, MAX_ITEMS, CannotRead, Reading, too_long
from xlbudget.readers.pdf_guard import is_swollen
from xlbudget.readers.pdf_lines import TextLine, lines_of
from xlbudget.readers.pdf_page import open_pdf, read_page
from xlbudget.readers.pdf_tables import RuledTable, tables_of
from xlbudget.readers.repeated import NUMBER, Rows, same_beginning

MAX_PAGES = 2_000
MAX_CHARS = 5_000_000
MAX_DRAWN = 3_000_000
"""Limits of a document: pages, characters, drawn objects."""
_PASSWORD = 4
_MARGIN = 0.13
"""Share of a page's height, above and below, where headers and page numbers stand."""
_SAME_PLACE = 8.0
"""Points."""
_WIDEST_PITCH = 2.2
"""Distance of lines in sizes of their characters."""
_GAP, _GAP_TO_TABLE = 1.2, 0.6
"""Distances between lines, in those of the text, that part headers and footers from it."""
_PAGE_NUMBER = re.compile(
    r"[-—–―－·.\s~～]*(?:第\s*)?[0-9０-９]{1,4}\s*页?(?:\s*[,，/／]?\s*(?:共\s*)?[0-9]{1,4}\s*页?)?[-—–―－·.\s~～]*$"
)
_BARE_NUMBER = re.compile(r"[0-9]{1,4}$")
_LONG = 40
"""Characters of a cell that may be parted between pages after a full stop, too."""
_CONTINUED = re.compile(r"[（(]?续表?\s*[一二三四五六七八九十0-9]*[）)]?$")


@dataclass(slots=True)
class _Page:
    number: int
    height: float
    lines: list[TextLine]
    tables: list[RuledTable]


def read_pdf(path: Path, content: bytes) -> Reading:
    """A PDF. Raises CannotRead when it is encrypted, damaged, scanned or too long."""
    if is_swollen(content):
        raise CannotRead(f"“{path.name}”展开后大得不正常，为安全起见不打开。请确认文件来源。")
    try:
        document = open_pdf(content)
    except pdfium.PdfiumError as error:
        raise CannotRead(_reason(path, error)) from error
    try:
        pages, scanned = _pages(path, document)
    finally:
        document.close()
    if not any(page.lines or page.tables for page in pages):
        raise CannotRead(
            f"“{path.name}”是扫描件，里面没有文字，核对不了。请先用 OCR 识别成文字，或换成 Word 版再试。"
            if scanned
            else f"“{path.name}”里没有文字，没有可以核对的内容。请核对是不是这个文件。"
        )
    _drop_margins(pages)
    return Reading(tuple(_items(path, pages)), _told(scanned))


def _reason(path: Path, error: pdfium.PdfiumError) -> str:
    if getattr(error, "err_code", None) == _PASSWORD:
        return f"“{path.name}”有打开密码。请先取消密码，再试。"
    return f"“{path.name}”已损坏，或者不是完整的 PDF。请重新取得文件，或换成 Word 版再试。"


def _told(scanned: Sequence[int]) -> tuple[str, ...]:
    if not scanned:
        return ()
    named = "、".join(map(str, scanned[:20])) + (" 等" if len(scanned) > 20 else "")
    return (f"第 {named} 页是图片，没有文字，没有核对。",)


def _pages(path: Path, document: Any) -> tuple[list[_Page], list[int]]:
    """What stands on each page, and the pages that are only a picture."""
    if len(document) > MAX_PAGES:
        raise too_long(path)
    pages, scanned = [], []
    total = garbled = drawn = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            raise CannotRead(f"“{path.name}”第 {number + 1} 页已损坏。请重新取得文件再试。") from None
        found = read_page(page)
        page.close()
        total, garbled = total + len(found.chars), garbled + found.garbled
        drawn += found.drawn
        if total + garbled > MAX_CHARS or drawn > MAX_DRAWN or found.cut:
            raise too_long(path)
        if found.scanned:
            scanned.append(number + 1)
        tables, rest = tables_of(found.chars, found.across, found.down)
        pages.append(_Page(number + 1, found.height, lines_of(rest), tables))
    if garbled > total / 5 + 10:
        raise CannotRead(
            f"“{path.name}”里的文字没有可用的编码，复制出来是乱码，核对不了。请换成 Word 版，或用 OCR 识别后再试。"
        )
    return pages, scanned


# -- headers, footers and page numbers ---------------------------------------------------------------------


def _drop_margins(pages: Sequence[_Page]) -> None:
    """Take away what stands at one place of many pages, and page numbers."""
    gaps = [below.base - line.base for page in pages for line, below in pairwise(page.lines)]
    sizes = [line.size for page in pages for line in page.lines]
    pitch = min(median(gaps), _WIDEST_PITCH * median(sizes)) if gaps else 0
    marginal = [_marginal(page, pitch) for page in pages]
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, lines in zip(pages, marginal, strict=True):
        for line in lines:
            for near in (-1, 0, 1):
                places[_key(line), _place(line) + near].add(page.number)
    often = max(2, min(len(pages) * 0.3, 20))
    shifts = Counter(
        shift
        for page, lines in zip(pages, marginal, strict=True)
        for shift in {_shift(page, line) for line in lines}
    )
    for page, lines in zip(pages, marginal, strict=True):
        numbers = {id(line) for line in lines if _is_page_number(page, line, shifts)}
        gone = numbers | {id(line) for line in lines if len(places[_key(line), _place(line)]) >= often}
        if not page.tables and len(gone) == len(page.lines):
            gone = numbers  # a page of nothing but what stands on others, too, was meant to say it
        page.lines = [line for line in page.lines if id(line) not in gone]


def _is_page_number(page: _Page, line: TextLine, shifts: Counter[int | None]) -> bool:
    """Whether the first or last line of a page is its number; a bare one counts below, or on several pages."""
    if line not in (page.lines[0], page.lines[-1]) or not _PAGE_NUMBER.match(line.text):
        return False
    shift = _shift(page, line)
    return shift is None or shifts[shift] > 1 or (shift == 0 and line.base > page.height / 2)


def _shift(page: _Page, line: TextLine) -> int | None:
    """By how much a bare number differs from the page's own; None of what is no bare number."""
    return int(line.text) - page.number if _BARE_NUMBER.match(line.text) else None


def _key(line: TextLine) -> str:
    """A line with its numbers left open."""
    return re.sub("[0-9]+", "#", "".join(line.text.split()))


def _place(line: TextLine) -> int:
    return round(line.base / _SAME_PLACE)


def _marginal(page: _Page, pitch: float) -> list[TextLine]:
    """Lines near the upper or lower edge that a gap parts from what the page is about."""
    margin = _MARGIN * page.height
    tops = [table.top for table in page.tables]
    bottoms = [table.bottom for table in page.tables]
    head = [line for line in page.lines if line.base < min([margin, *tops])]
    foot = [line for line in page.lines if line.base > max([page.height - margin, *bottoms])]
    while head and not _parted(head[-1].base, [line.base for line in page.lines], tops, pitch):
        head.pop()
    while foot and not _parted(
        -foot[0].base, [-line.base for line in page.lines], [-b for b in bottoms], pitch
    ):
        foot.pop(0)
    return head + foot


def _parted(base: float, lines: Sequence[float], tables: Sequence[float], pitch: float) -> bool:
    """Whether there is a gap between a line and the next line or table."""
    line = min((one - base for one in lines if one > base), default=2 * pitch)
    table = min((one - base for one in tables if one > base), default=pitch)
    return line >= _GAP * pitch and table >= _GAP_TO_TABLE * pitch


# -- lines and tables in their order -----------------------------------------------------------------------


def _items(path: Path, pages: Sequence[_Page]) -> Iterator[Item]:
    cells = tables = 0
    for count, piece in enumerate(_continued(pages)):
        if isinstance(piece, RuledTable):
            cells += len(piece.rows) * len(piece.columns)
            tables += 1
            yield Table(piece.rows, f"第{tables}个表")
        else:
            yield piece
        if count >= MAX_ITEMS or cells > MAX_CELLS:
            raise too_long(path)


def _continued(pages: Sequence[_Page]) -> Iterator[Line | RuledTable]:
    """Lines and tables from top to bottom; a table that ends a page takes up the one that begins the next."""
    open_table: RuledTable | None = None
    for page in pages:
        fresh = True
        for piece in _in_order(page):
            if isinstance(piece, RuledTable):
                if open_table is not None and fresh and _goes_on(open_table, piece):
                    open_table.rows = _rows_together(open_table.rows, piece.rows)
                    open_table.columns = piece.columns
                else:
                    if open_table is not None:
                        yield open_table
                    open_table = piece
            else:
                if open_table is not None and fresh and _CONTINUED.match(piece.text):
                    continue
                if open_table is not None:
                    yield open_table
                    open_table = None
                yield piece
            fresh = False
    if open_table is not None:
        yield open_table


def _in_order(page: _Page) -> Iterator[Line | RuledTable]:
    pieces: list[TextLine | RuledTable] = sorted(
        [*page.lines, *page.tables], key=lambda one: one.top if isinstance(one, RuledTable) else one.base
    )
    number = 0
    for piece in pieces:
        if isinstance(piece, RuledTable):
            yield piece
        else:
            number += 1
            yield Line(piece.text, f"第{page.number}页第{number}行", wrapped=True)


def _goes_on(table: RuledTable, following: RuledTable) -> bool:
    pairs = zip(table.columns, following.columns, strict=False)
    return len(table.columns) == len(following.columns) and all(abs(a - b) < 5 for a, b in pairs)


def _rows_together(rows: Rows, following: Rows) -> Rows:
    """Rows of two pages: the repeated header goes, and a row that was parted is put together."""
    repeated = same_beginning(rows, following)
    rest = following[repeated:]
    if rest and rows and _is_rest(rows[-1], rest[0]):
        joined = tuple(above + below for above, below in zip(rows[-1], rest[0], strict=True))
        return (*rows[:-1], joined, *rest[1:])
    return (*rows, *rest)


def _is_rest(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row is what did not fit on the page before: no first cell, no number, only cells that have a beginning."""
    filled = [(one, other) for one, other in zip(above, below, strict=True) if other]
    if not filled or below[0] or not above[0]:
        return False
    return all(one and not NUMBER.match(other) and _may_go_on(one) for one, other in filled)


def _may_go_on(text: str) -> bool:
    return len(text) > _LONG or not text.endswith(("。", "；", "！", "？", "√"))
