"""Tables that were flattened to text: cells parted by tabs or blanks, or one cell a line.

Nothing is taken for a table unless its rows have one shape: as many numbers in each, behind as many words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from operator import itemgetter

from xlbudget.audit.passage import HEADING, INVISIBLE, squeeze

_NUMBER = re.compile(r"[-+]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?$|[-—–/－]+$|[√✓☑○●×]$")
_BEGINS_AS_NUMBER = re.compile(rf"[\s{INVISIBLE}]*+[0-9０-９.．+＋\-–—―－−~～〜﹣/／√✓☑○●×]")
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
    return (
        _aligned(lines, _WIDE) or _aligned(lines, _BLANKS) or _broken_cells(lines) or _one_cell_a_line(lines)
    )


def is_number(cell: str) -> bool:
    return (
        _BEGINS_AS_NUMBER.match(cell) is not None
        and _NUMBER.match(squeeze(cell).replace("，", ",")) is not None
    )


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


_TICK = re.compile(r"[√✓☑○●×]$")
_SHAPE = re.compile("(n?w+)(n+)(w?)")


def _shape(cells: Sequence[str]) -> tuple[int, int]:
    """How many words and numbers a row has, but for a last word; (0, 0) where they are mixed."""
    match = _SHAPE.fullmatch("".join("wn"[is_number(cell)] for cell in cells))
    return (len(match[1]), len(match[2])) if match else (0, 0)


def _aligned(lines: Sequence[str], gap: re.Pattern[str]) -> FlatTable | None:
    """Rows of words, numbers and perhaps a last word (能实现), parted by blanks below a line of headers.

    Ticks are dropped, for blanks do not tell their column.
    """
    header = _split(_UNIT.sub("", lines[0]), _BLANKS)
    header = header if len(header) > 1 else lines[0].split("、")
    rows: list[tuple[int, list[str]]] = []
    units: list[str] = []
    for at, line in enumerate(lines[1:_LONGEST_RUN] if 3 <= len(header) <= _MOST_HEADERS else (), 1):
        cells = [cell for cell in _split(line, gap) if not _TICK.match(cell)]
        has_numbers = any(map(is_number, cells))
        shape = _shape(cells)
        is_full = gap is _WIDE and len(cells) == len(header)
        if (
            has_numbers
            and (is_full or any(shape))
            and (gap is _WIDE or not rows or shape[1] == _shape(rows[0][1])[1])
        ):
            rows.append((at, cells))
        elif has_numbers or _PROSE.search(line) or len(cells) >= (2 if rows else len(header)):
            break
        elif not rows:
            units += cells if not HEADING.match(line) else ()
        elif not HEADING.match(line):
            rows[-1][1][max(_shape(rows[-1][1])[0] - 1, 0)] += cells[0]  # the rest of a name
    full = [_shape(cells) for _, cells in rows if len(cells) == len(header)]
    known = [one for one in full or [_shape(cells) for _, cells in rows] if any(one)]
    most = (min if full else max)((numbers for _, numbers in known), default=0)
    words = min(max((texts for texts, _ in known), default=0), len(header) - most)
    if len(rows) < 2 or len(units) not in (0, most) or words < 1:
        return None
    header[words : words + len(units)] = map("".join, zip(header[words:], units, strict=False))
    shaped = [
        tuple(cells if len(cells) == len(header) else _filled(cells, len(header), words, most))
        for _, cells in rows
    ]
    return FlatTable((tuple(header), *shaped), (0, *(at for at, _ in rows)), rows[-1][0] + 1)


def _filled(cells: Sequence[str], width: int, words: int, most: int) -> list[str]:
    """A row with fewer cells than the header: its words, its numbers, and its last word at the end."""
    texts, numbers = _shape(cells)
    fitted = _fitted(cells[: texts + numbers], numbers, words, most)
    return [*fitted, *[""] * (width - len(fitted) - 1), "".join(cells[texts + numbers :])][:width]


def _fitted(row: Sequence[str], numbers: int, words: int, most: int) -> list[str]:
    """A row whose words fill as many cells as the header has for them: what is missing is left out at the front."""
    texts = list(row[: len(row) - numbers])
    if len(texts) > words:
        texts = [*texts[: words - 1], "".join(texts[words - 1 :])]
    if len(texts) < words and texts and (texts[0].isdigit() or _TOTAL.search(texts[0])):
        texts = [*texts, *[""] * (words - len(texts))]
    return [*[""] * (words - len(texts)), *texts, *row[len(row) - numbers :], *[""] * (most - numbers)]


# -- one cell a line -----------------------------------------------------------------------------------


_NAMES = re.compile("项目(?:名称)?$")
_MEASURES = re.compile(
    r"(?:资金数额|(?:全年|年初)?预算(?:金额|数)?|资金|金额|(?:[0-9—-]*月底?|预计)?(?:全年|累计)?支出(?:金额|数)?|执行率|支出进度|(?:[0-9]*月底)?(?:绩效)?(?:目标)?(?:实现程度|完成程度))(?:[（(][^（()）]*[)）])?"
)
_HEADER_ENDS = re.compile(r"(?:程度|率|进度|支出|数额?|金额|较大|年底|情况|预计)$|[)）]$")
_FORECAST = re.compile("(?:不?能|基本|差距|有|未|难以)[^0-9]{0,6}$")


def _broken_cells(lines: Sequence[str]) -> FlatTable | None:
    """A table of projects whose headers and names are broken into any number of cells: its numbers and 能实现 part the rows."""
    cells = _cells(lines)
    name = next((at for at, cell in enumerate(cells[:2]) if _NAMES.match(cell)), None)
    kept = [(at, cell) for at, cell in enumerate(cells) if not _TICK.match(cell)]
    runs = [list(run) for _, run in groupby(kept, lambda one: is_number(one[1]))] if name is not None else []
    heads = [at for at, (_, cell) in enumerate(runs[0]) if _HEADER_ENDS.search(cell)] if runs else []
    if name is None or not heads or len(runs) < 4:
        return None
    measures = _MEASURES.findall("".join(cell for _, cell in runs[0][name + 1 : heads[-1] + 1]))
    runs[0] = runs[0][heads[-1] + 1 + name :]  # the department before the first name
    rows: list[list[str]] = []
    starts, end = [0], 0
    for texts, numbers in zip(runs[::2], [*runs[1::2], []], strict=False):
        if rows and _FORECAST.match(texts[0][1]):
            rows[-1][-1] = texts.pop(0)[1]
        title = "".join(cell for _, cell in texts if not HEADING.match(cell))
        is_row = len(numbers) == len(measures) or (len(numbers) < len(measures) and _TOTAL.search(title))
        if not title or not numbers or not is_row:
            break
        values = [cell for _, cell in numbers]
        rows.append([title, *values, *[""] * (len(measures) - len(values) + 1)])
        starts.append(texts[0][0])
        end = numbers[-1][0] + 1
    if len(rows) < 2:
        return None
    return FlatTable((("项目名称", *measures, "年底预计"), *map(tuple, rows)), tuple(starts), end)


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
    runs = [list(run) for _, run in groupby(range(len(cells)), numbers.__getitem__)]
    for words in (1, 2):
        width = len(runs[0]) - words
        most = width - words
        if numbers[0] or not words < width <= _MOST_HEADERS:
            continue
        pairs_of = zip([runs[0][width:], *runs[2::2]], runs[1::2], strict=False)
        shapes = ((texts, row, len(texts) <= words and len(row) == most) for texts, row in pairs_of)
        rows = [(texts, row) for texts, row, _ in takewhile(itemgetter(2), shapes)]
        if len(rows) >= 2:
            shaped = [_fitted([cells[at] for at in (*texts, *row)], most, words, most) for texts, row in rows]
            starts = (0, *(texts[0] for texts, _ in rows))
            return FlatTable((tuple(cells[:width]), *map(tuple, shaped)), starts, rows[-1][1][-1] + 1)
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
