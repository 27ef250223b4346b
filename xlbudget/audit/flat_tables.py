"""Tables that were flattened to text: cells parted by tabs or blanks, or one cell a line.

Nothing is taken for a table unless its rows have one shape: as many numbers in each, behind as many words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"[-+]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?$|[-—–/－]+$|[√✓☑○●×]$")
_SENTENCE = re.compile(r"[。；！？]|，.*，")
_PROSE = re.compile(r"[，。；！？]|(?<!其中)：")
_AMOUNT = re.compile(r"[0-9](?:万|亿)?元\s*$")
_LONGEST_LINE = 2000
"""Characters: no row of a table has more."""
_LONGEST_CELL = 40
_LONGEST_RUN = 5000
_MOST_HEADERS = 14
_BLANKS = re.compile(r"[ \u3000]+")
_UNIT = re.compile(r"[(（]?(?:金额)?单位[：:][^()（）]{1,6}[)）]?")
_TOTAL = re.compile(r"[合小总共]计|总[分额]|总得分")
_WIDE = re.compile(r"[ \u3000]{2,}")
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
    return not _PROSE.search(_UNIT.sub("", line)) and not _AMOUNT.search(line)


def flat_table(lines: Sequence[str]) -> FlatTable | None:
    """The table that begins at the first line, or None."""
    if "\t" in lines[0].strip():
        return _tabbed(lines)
    return _blanks(lines) or max(
        (_one_cell_a_line(lines), _wrapped_names(lines)), key=lambda one: one.length if one else 0
    )


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


def _split(line: str, gap: re.Pattern[str]) -> list[str]:
    joined = _SPACED_WORDS.sub(lambda match: "".join(match.group().split()), line.strip())
    return [cell.strip() for cell in gap.split(joined) if cell.strip()]


def _numbers_behind(cells: Sequence[str]) -> int:
    """How many numbers a row ends with."""
    return next((count for count, cell in enumerate(reversed(cells)) if not is_number(cell)), len(cells))


def _blanks(lines: Sequence[str]) -> FlatTable | None:
    """A line of headers, and below it rows of words with the same number of numbers behind them."""
    return _parted(lines, _WIDE) or _parted(lines, _BLANKS)


def _parted(lines: Sequence[str], gap: re.Pattern[str]) -> FlatTable | None:
    header = _split(_UNIT.sub("", lines[0]), gap)
    if len(header) == 1:
        header = header[0].split("、")
    if not 3 <= len(header) <= _MOST_HEADERS or any(map(is_number, header)):
        return None
    rows: list[list[str]] = []
    for line in lines[1:_LONGEST_RUN]:
        cells = _split(line, gap)
        is_row = 2 <= len(cells) <= len(header) or gap is _BLANKS
        is_prose = _PROSE.search(line) and not (gap is _WIDE and len(cells) == len(header))
        if len(line) > _LONGEST_LINE or is_prose or not is_row or not _numbers_behind(cells):
            break
        rows.append(cells)
    full = [_numbers_behind(row) for row in rows if gap is _WIDE and len(row) == len(header)]
    most = min(full, default=0) or _numbers_behind([*rows, [""]][0])
    words = len(header) - most
    shaped: list[tuple[str, ...]] = []
    for row in rows:
        numbers = _numbers_behind(row)
        if not (numbers == most or (full and (len(row) in (len(header), words + numbers)))):
            break
        shaped.append(tuple(row if full and len(row) == len(header) else _fitted(row, numbers, words, most)))
    if len(shaped) < 2 or words < 1:
        return None
    return FlatTable((tuple(header), *shaped), tuple(range(len(shaped) + 1)), len(shaped) + 1)


def _fitted(row: Sequence[str], numbers: int, words: int, most: int) -> list[str]:
    """A row whose words fill as many cells as the header has for them: what is missing is left out at the front."""
    texts = list(row[: len(row) - numbers])
    if len(texts) > words:
        texts = [*texts[: words - 1], "".join(texts[words - 1 :])]
    if len(texts) < words and texts and (texts[0].isdigit() or _TOTAL.search(texts[0])):
        texts = [*texts, *[""] * (words - len(texts))]
    return [*[""] * (words - len(texts)), *texts, *row[len(row) - numbers :], *[""] * (most - numbers)]


# -- one cell a line -----------------------------------------------------------------------------------


_CODE = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}$")


def _one_cell_a_line(lines: Sequence[str]) -> FlatTable | None:
    """Header cells one below the other, then rows of as many: words (and codes before names) first, numbers behind."""
    cells = _cells(lines)
    if len(cells) < 4:
        return None
    coded = re.search("编码|代码", cells[0]) is not None
    pairs = zip(cells, [*cells[1:], ""], strict=True)
    numbers = [
        is_number(cell) and not (coded and _CODE.match(cell) and not is_number(after))
        for cell, after in pairs
    ]
    first = next((at for at, number in enumerate(numbers) if number), None)
    if first is None or first < 3:
        return None
    for words in (1, 2):
        width = first - words
        if not words < width <= _MOST_HEADERS:
            continue
        rows = _rows_of(cells, numbers, width, words)
        if len(rows) >= 2:
            placed = [(0, cells[:width]), *rows]
            end = rows[-1][0] + len(rows[-1][1])
            return FlatTable(
                tuple(
                    tuple(_fitted(row, width - words, words, width - words)) if at else tuple(row)
                    for at, row in placed
                ),
                tuple(at for at, _ in placed),
                end,
            )
    return None


_NAMED = re.compile(r".{0,4}(?:项目|名称|单位|部门|乡镇|科目).{0,4}$")
_JUDGED = re.compile(r"(?:不能完全|基本|部分|不能|能)实现$|差距较大$")
_CONTINUED = re.compile(r"[(（]|(?:目标)?实现程度[(（]")
_NAME_LINES = 3


def _wrapped_names(lines: Sequence[str]) -> FlatTable | None:
    """One cell a line, where a name takes up to three lines, and a total leaves cells out at its end."""
    cells = _cells(lines)
    numbers = [is_number(cell) or _JUDGED.match(cell) is not None for cell in cells]
    if True not in numbers or not _NAMED.match(cells[0]):
        return None
    first = numbers.index(True)
    count = next((at for at, one in enumerate(numbers[first:]) if not one), 0)
    heads = [at for at in range(first) if not (at and _CONTINUED.match(cells[at]))]
    if not 2 <= count < len(heads) - 1 <= count + _NAME_LINES:
        return None
    ends = [*heads[1 : count + 1], at := heads[count + 1]]
    rows = [tuple("".join(cells[start:end]) for start, end in zip(heads, ends, strict=False))]
    starts = [0]
    while True in numbers[at : at + _NAME_LINES + 1]:
        end = numbers.index(True, at)
        stop = next((to for to in range(end, end + count) if to >= len(cells) or not numbers[to]), end + count)
        name, missing = "".join(cells[at:end]), count - (stop - end)
        if not name or (missing and not _TOTAL.search(name)):
            break
        rows.append((name, *cells[end:stop], *[""] * missing))
        starts.append(at)
        at = stop
    return FlatTable(tuple(rows), tuple(starts), at) if len(rows) > _NAME_LINES else None


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


def _rows_of(
    cells: Sequence[str], numbers: Sequence[bool], width: int, words: int
) -> list[tuple[int, list[str]]]:
    """Rows after the header: one to `words` words, then the numbers, as many in each."""
    rows: list[tuple[int, list[str]]] = []
    at = width
    while at < len(cells):
        texts = 0
        while at + texts < len(cells) and not numbers[at + texts] and texts < words:
            texts += 1
        end = at + texts + width - words
        is_lone_number = texts == 1 < words and cells[at].isdigit()
        if texts == 0 or is_lone_number or end > len(cells) or not all(numbers[at + texts : end]):
            break
        rows.append((at, list(cells[at:end])))
        at = end
    return rows
