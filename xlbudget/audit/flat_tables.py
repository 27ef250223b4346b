"""Tables that were flattened to text: cells parted by tabs or blanks, or one cell a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from xlbudget.audit.headers import Role, is_header, is_header_row, role_of
from xlbudget.audit.passage import squeeze

_GAP = re.compile(r"\t|[ \u3000]{2,}")
_BLANKS = re.compile(r"[ \t\u3000]+")
NUMBER_CELL = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?$|[√✓☑○●×]$|[-—/无]$")
_SENTENCE = re.compile(r"[。；]|，.*，")
_CELL_LENGTH = 40
_SPACED_WORDS = re.compile(
    r"[合小总共][ \u3000]+计|项[ \u3000]+目|名[ \u3000]+称|金[ \u3000]+额|备[ \u3000]+注|序[ \u3000]+号|部[ \u3000]+门"
)
_LEAST_HEADERS, _MOST_HEADERS = 3, 14
_LONGEST_LINE = 2000
"""Characters: no row of a table has more."""
_WITHOUT_NUMBER = 60
"""Cells one below the other among which a row would have ended."""
_WORD_CELL = re.compile(
    r"[红黄绿蓝灰](?:灯|色)?$|(?:不?能(?:完全|够)?(?:实现|完成)?|差距较大|部分实现|正常|是|否|年初|[0-9]+月追加|跨年)$"
)
"""Words in the last columns of a row: lights, classes, remarks."""
_DEPARTMENT = re.compile(r"(?:局|委|办|院|馆|校|学|会|中心|镇|乡|街道|队|站|部|处|股|科|室|所|公司)$")
_TEXT_ROLES = (Role.PROJECT, Role.DEPARTMENT, Role.BATCH, Role.INDICATOR, Role.FLAG, Role.LIGHT)


@dataclass(frozen=True, slots=True)
class FlatTable:
    """Rows of a table found in lines; `lines` names the line where each row begins, `length` how many lines it takes."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    length: int


def may_begin(line: str) -> bool:
    """Whether a line could be the header of a table, or the first of its cells."""
    if len(line) > _LONGEST_LINE or _SENTENCE.search(line):
        return False
    cells = [_split(line, gap) for gap in (_GAP, _BLANKS)]
    return any(map(is_header_row, cells)) or is_header(squeeze(line)) or _is_counter(line)


def flat_table(lines: Sequence[str]) -> FlatTable | None:
    """The table that begins at the first line, or None."""
    if is_header_row(_split(lines[0], _GAP)):
        return _gapped(lines, _GAP)
    if is_header_row(_split(lines[0], _BLANKS)):
        return _gapped(lines, _BLANKS)
    if is_header(squeeze(lines[0])) or _is_counter(lines[0]):
        return _one_cell_a_line(lines)
    return None


def _split(line: str, gap: re.Pattern[str]) -> list[str]:
    line = _SPACED_WORDS.sub(lambda match: "".join(match.group().split()), line)
    cells = [cell.strip() for cell in gap.split(line.strip("\r\n"))]
    return cells if gap is _GAP else [cell for cell in cells if cell]


def _is_counter(line: str) -> bool:
    return squeeze(line) in ("序号", "编号")


def _gapped(lines: Sequence[str], gap: re.Pattern[str]) -> FlatTable | None:
    """A header line and the lines below it that are rows."""
    rows: list[list[str]] = []
    starts: list[int] = []
    end = 0
    for number, line in enumerate(lines):
        cells = _split(line, gap)
        if _SENTENCE.search(line):
            break
        if len(cells) < 2:
            if not rows or not _belongs(line, lines[number + 1 : number + 2], gap):
                break
            rows[-1] = _joined(rows[-1], cells)
        else:
            rows.append(cells)
            starts.append(number)
        end = number + 1
    if len(rows) < 2:
        return None
    if not any("\t" in line for line in lines[:end]):
        rows = list(map(_without_ticks, rows))
    rows = _right_aligned(rows) if gap is _BLANKS else _without_padding(rows)
    width = max(map(len, rows))
    return FlatTable(tuple(tuple(_wide(row, width)) for row in rows), tuple(starts), end)


def _without_ticks(row: Sequence[str]) -> list[str]:
    """A row without its ticks: where blanks part the cells, empty boxes are lost, and which box was ticked with them."""
    return ["" if _TICK.match(squeeze(cell)) else cell for cell in row]


_TICK = re.compile(r"[√✓☑]$")


def _belongs(line: str, following: Sequence[str], gap: re.Pattern[str]) -> bool:
    """Whether a lone cell is the rest of a broken row: short, and rows go on below it."""
    return len(squeeze(line)) <= 12 and bool(following) and len(_split(following[0], gap)) > 2


def _joined(row: list[str], cells: list[str]) -> list[str]:
    """A row with the rest of its broken text cell."""
    texts = [at for at, cell in enumerate(row) if cell and not NUMBER_CELL.match(squeeze(cell))]
    at = texts[-1] if texts else 0
    return [cell + (cells[0] if position == at and cells else "") for position, cell in enumerate(row)]


def _wide(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _without_padding(rows: list[list[str]]) -> list[list[str]]:
    """Rows whose cells were lined up with as many tabs as it took: as many filled cells as headers, whatever is between."""
    filled = [[cell for cell in row if cell] for row in rows]
    wanted = len(filled[0])
    fitting = sum(len(row) == wanted for row in filled)
    padded = any("" in row[: len(cells)] for row, cells in zip(rows, filled, strict=True))
    if padded and fitting * 5 >= len(rows) * 4:
        rows = filled
    first = _first_number(rows[1:])
    return [
        _total_fitted(row, wanted, first, len(rows) - 2)
        if row and _is_total(row[0]) and len(row) < wanted
        else row
        for row in rows
    ]


def _right_aligned(rows: list[list[str]]) -> list[list[str]]:
    """Rows split at single blanks: where a cell (a merged department) is missing, it is the first; a tick keeps the end."""
    width, first = len(rows[0]), _first_number(rows[1:])
    return [
        _total_fitted(row, width, first, len(rows) - 2)
        if row[:1] and _is_total(row[0])
        else ["", *row]
        if len(row) == width - 1 and len(row) > 2 and _first_number([row]) == first - 1
        else row
        for row in rows
    ]


def _first_number(rows: Sequence[Sequence[str]]) -> int:
    """The column where the numbers of rows begin, behind their names; 1 where there are none."""
    places = [
        at
        for row in rows
        if not (row and _is_total(row[0]))
        for at in [next((at for at, cell in enumerate(row) if at and NUMBER_CELL.match(squeeze(cell))), None)]
        if at is not None
    ]
    return Counter(places).most_common(1)[0][0] if places else 1


def _total_fitted(row: Sequence[str], width: int, first: int, rows: int) -> list[str]:
    """A row of totals, its numbers below those of the other rows; a text before them (7个项目) stays where it is."""
    texts = list(row[: _first_number([["", *row[1:]]])])
    numbers = list(row[len(texts) :])
    if len(texts) == first - 1 >= 1 and numbers[:1] == [str(rows)]:
        texts.append(numbers.pop(0))  # 合计 5 285.5: the number of projects stands below their names
    lead = [*texts, *[""] * (first - len(texts))]
    return [*lead, *numbers, *[""] * (width - len(lead) - len(numbers))][: max(width, len(row))]


def _is_total(cell: str) -> bool:
    return squeeze(cell) in ("合计", "总计", "小计", "共计")


def _one_cell_a_line(lines: Sequence[str]) -> FlatTable | None:
    """Header cells one below the other, then cells of rows, until a line that is too long for a cell."""
    if not all(is_header(squeeze(line)) or _is_counter(line) for line in lines[:_LEAST_HEADERS]):
        return None
    if not any(map(_is_number, lines[: _MOST_HEADERS + _WITHOUT_NUMBER])):
        return None
    cells = _cells(lines)
    headers = 0
    while headers < min(len(cells), _MOST_HEADERS) and (
        is_header(squeeze(cells[headers])) or _is_counter(cells[headers])
    ):
        headers += 1
    if headers < _LEAST_HEADERS:
        return None
    roles = [role_of(squeeze(cell)) for cell in cells[:headers]]
    texts = next((at for at, role in enumerate(roles) if role not in _TEXT_ROLES), headers)
    rows, starts, end = _rows_of(cells, headers, max(texts, 1))
    if len(rows) < 2:
        return None
    return FlatTable((tuple(cells[:headers]), *rows), (0, *starts), end)


@lru_cache(maxsize=1 << 12)
def _is_number(cell: str) -> bool:
    return NUMBER_CELL.match(squeeze(cell)) is not None


def _cells(lines: Sequence[str]) -> list[str]:
    """Lines that can be cells, until one is too long, or many have been without a number."""
    cells: list[str] = []
    numbered = 0
    for line in lines:
        long = len(line) > _LONGEST_LINE or len(squeeze(line)) > _CELL_LENGTH
        if long or _SENTENCE.search(line) or "\t" in line.strip():
            break
        cells.append(line.strip())
        if _is_number(line):
            numbered = len(cells)
        if len(cells) - numbered > _WITHOUT_NUMBER:
            break
    return cells


def _rows_of(cells: list[str], width: int, texts: int) -> tuple[list[tuple[str, ...]], list[int], int]:
    """Cells after `width` headers as rows: a text after numbers begins a new one."""
    first = texts
    rows: list[tuple[str, ...]] = []
    starts: list[int] = []
    row: list[str] = []
    begin = end = width

    def finish(at: int) -> None:
        nonlocal end
        if sum(bool(NUMBER_CELL.match(squeeze(cell))) for cell in row) >= 1 and len(row) <= width:
            rows.append(tuple(_without_ticks(_fitted(row, width, first, len(rows)))))
            starts.append(begin)
            end = at

    numbers = False
    for at in range(width, len(cells)):
        number = bool(NUMBER_CELL.match(squeeze(cells[at])))
        if numbers and len(row) < width and _WORD_CELL.match(squeeze(cells[at])):
            row.append(cells[at])
            continue
        if (numbers and not number) or (len(row) == width and number):
            finish(at)
            row, begin, numbers = [], at, False
        if not number and (len(row) >= texts or (row and not _DEPARTMENT.search(squeeze(row[-1])))):
            row[-1] += cells[at]  # a name broken over several lines
        else:
            row.append(cells[at])
        numbers = numbers or (number and len(row) > 1)
    finish(len(cells))
    return rows, starts, end


def _fitted(row: list[str], width: int, first: int, rows: int) -> list[str]:
    """A row with fewer cells than headers: a merged first cell, or boxes without a tick at its end."""
    if _is_total(row[0]):
        return _total_fitted(row, width, first, rows)
    texts = sum(not NUMBER_CELL.match(squeeze(cell)) for cell in row)
    short = width - len(row)
    if short and texts == 1:
        return ["", *row, *[""] * (short - 1)]
    return [*row, *[""] * short]
