"""Tables that were flattened to text: cells parted by tabs or blanks, or one cell a line.

Nothing is taken for a table unless its rows have one shape: as many numbers in each, behind as many words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"[-+]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?$|[-—–/－]+$|[√✓☑○●×]$")
_SENTENCE = re.compile(r"[。；！？]|，.*，")
_PROSE = re.compile(r"[，。；：！？]")
_AMOUNT = re.compile(r"[0-9](?:万|亿)?元\s*$")
_LONGEST_LINE = 2000
"""Characters: no row of a table has more."""
_LONGEST_CELL = 40
_LONGEST_RUN = 5000
_MOST_HEADERS = 14
_BLANKS = re.compile(r"[ \u3000]+")
_SPACED_WORDS = re.compile(
    r"[合小总共][ \u3000]+计|项[ \u3000]+目|名[ \u3000]+称|金[ \u3000]+额|备[ \u3000]+注|序[ \u3000]+号|部[ \u3000]+门|类[ \u3000]+别"
)


@dataclass(frozen=True, slots=True)
class FlatTable:
    """Rows of a table found in lines; `lines` names the line where each row begins, `length` how many lines it takes."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    length: int


def may_begin(line: str) -> bool:
    """Whether a line could be the header of a table, or the first of its cells: no sentence, no number."""
    if len(line) > _LONGEST_LINE or not line.strip():
        return False
    if "\t" in line.strip():
        return not _SENTENCE.search(line)
    return not _PROSE.search(line) and not _AMOUNT.search(line)


def flat_table(lines: Sequence[str]) -> FlatTable | None:
    """The table that begins at the first line, or None."""
    if "\t" in lines[0].strip():
        return _tabbed(lines)
    return _blanks(lines) or _one_cell_a_line(lines)


def is_number(cell: str) -> bool:
    return _NUMBER.match(cell.strip().replace("，", ",")) is not None


# -- cells parted by tabs ------------------------------------------------------------------------------


def _tabbed(lines: Sequence[str]) -> FlatTable | None:
    rows: list[list[str]] = []
    starts: list[int] = []
    end = 0
    for number, line in enumerate(lines[:_LONGEST_RUN]):
        if len(line) > _LONGEST_LINE or _SENTENCE.search(line):
            break
        if "\t" in line.strip():
            rows.append([cell.strip() for cell in line.strip("\r\n").split("\t")])
            starts.append(number)
        elif rows and _goes_on(line, lines[number + 1 : number + 2]):
            rows[-1] = _with_rest(rows[-1], line.strip())
        else:
            break
        end = number + 1
    if len(rows) < 2 or not any(map(is_number, rows[-1])):
        return None
    rows = _without_padding(rows)
    width = max(map(len, rows))
    return FlatTable(tuple((*row, *[""] * (width - len(row))) for row in rows), tuple(starts), end)


def _goes_on(line: str, following: Sequence[str]) -> bool:
    """Whether a lone cell is the rest of a broken row: short, and rows go on below it."""
    return (
        0 < len(line.strip()) <= 12
        and bool(following)
        and following[0].count("\t") >= 2
        and not is_number(line)
    )


def _with_rest(row: Sequence[str], rest: str) -> list[str]:
    """A row with the rest of its broken words."""
    texts = [at for at, cell in enumerate(row) if cell and not is_number(cell)]
    at = texts[-1] if texts else 0
    return [cell + rest if position == at else cell for position, cell in enumerate(row)]


def _without_padding(rows: list[list[str]]) -> list[list[str]]:
    """Rows lined up with as many tabs as it took: as many filled cells as headers, whatever is between."""
    filled = [[cell for cell in row if cell] for row in rows]
    wanted = len(filled[0])
    fitting = sum(len(row) == wanted for row in filled)
    padded = any("" in row[: len(cells)] for row, cells in zip(rows, filled, strict=True))
    return filled if padded and fitting == len(rows) else rows


# -- cells parted by blanks ----------------------------------------------------------------------------


def _split(line: str) -> list[str]:
    joined = _SPACED_WORDS.sub(lambda match: "".join(match.group().split()), line.strip())
    return [cell for cell in _BLANKS.split(joined) if cell]


def _numbers_behind(cells: Sequence[str]) -> int:
    """How many numbers a row ends with."""
    count = 0
    for cell in reversed(cells):
        if not is_number(cell):
            break
        count += 1
    return count


def _blanks(lines: Sequence[str]) -> FlatTable | None:
    """A line of headers, and below it rows of words with the same number of numbers behind them."""
    header = _split(lines[0])
    if not 3 <= len(header) <= _MOST_HEADERS or any(map(is_number, header)):
        return None
    rows, count = [header], 0
    for line in lines[1:_LONGEST_RUN]:
        cells = _split(line)
        if len(line) > _LONGEST_LINE or _PROSE.search(line) or len(cells) < 2:
            break
        numbers = _numbers_behind(cells)
        if not numbers or (count and numbers != count):
            break
        count = numbers
        rows.append(cells)
    words = len(header) - count
    if len(rows) < 3 or count < 1 or words < 1:
        return None
    fitted = [header, *(_fitted(row, count, words) for row in rows[1:])]
    return FlatTable(tuple(map(tuple, fitted)), tuple(range(len(rows))), len(rows))


def _fitted(row: Sequence[str], numbers: int, words: int) -> list[str]:
    """A row whose words fill as many cells as the header has for them: what is missing is left out at the front."""
    texts = list(row[: len(row) - numbers])
    if len(texts) > words:
        texts = [*texts[: words - 1], "".join(texts[words - 1 :])]
    if len(texts) < words and texts and texts[0].isdigit():
        texts = [*texts, *[""] * (words - len(texts))]
    return [*[""] * (words - len(texts)), *texts, *row[len(row) - numbers :]]


# -- one cell a line -----------------------------------------------------------------------------------


def _one_cell_a_line(lines: Sequence[str]) -> FlatTable | None:
    """Header cells one below the other, then rows of as many: words first, numbers behind."""
    cells = _cells(lines)
    first = next((at for at, cell in enumerate(cells) if is_number(cell)), None)
    if first is None or first < 3:
        return None
    for words in (1, 2):
        width = first - words
        if not words < width <= _MOST_HEADERS or first != width + words:
            continue
        rows = _rows_of(cells, width, words)
        if len(rows) >= 2:
            placed = [(0, cells[:width]), *rows]
            end = rows[-1][0] + len(rows[-1][1])
            return FlatTable(
                tuple(tuple(_fitted(row, width - words, words)) if at else tuple(row) for at, row in placed),
                tuple(at for at, _ in placed),
                end,
            )
    return None


def _cells(lines: Sequence[str]) -> list[str]:
    """Lines that can be cells, until one is too long, or many have been without a number."""
    cells: list[str] = []
    numbered = 0
    for line in lines[:_LONGEST_RUN]:
        cell = line.strip()
        if not cell or len(cell) > _LONGEST_CELL or _PROSE.search(cell) or "\t" in cell:
            break
        cells.append(cell)
        if is_number(cell):
            numbered = len(cells)
        if len(cells) - numbered > 2 * _MOST_HEADERS:
            break
    return cells


def _rows_of(cells: Sequence[str], width: int, words: int) -> list[tuple[int, list[str]]]:
    """Rows after the header: one to `words` words, then the numbers, as many in each."""
    rows: list[tuple[int, list[str]]] = []
    at = width
    while at < len(cells):
        texts = 0
        while at + texts < len(cells) and not is_number(cells[at + texts]) and texts < words:
            texts += 1
        if texts == 1 < words and cells[at].isdigit():
            break
        row = list(cells[at : at + texts + width - words])
        if texts == 0 or len(row) < texts + width - words or not all(map(is_number, row[texts:])):
            break
        rows.append((at, row))
        at += len(row)
    return rows
