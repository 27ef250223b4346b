"""A table as numbers: which rows and columns hold amounts, codes, percentages; which rows are totals, and what stands below what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from xlbudget.audit.assemble import Placed
from xlbudget.audit.finding import QUOTE_LENGTH, Quote
from xlbudget.audit.interval import Interval, exactly, printed, rounded
from xlbudget.audit.passage import squeeze
from xlbudget.audit.quantities import MONEY_UNITS, last_digit

_NUMBER = re.compile(r"([-+]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(%|万元|亿元|元|个|项)?$")
_CODE_HEAD = re.compile(r"编码|编号|代码|序号|^类|^款|^项$|栏次|行次|类款项|文号|年份|年度$|科目$")
_COUNTER = re.compile(r"序号|编号|行次|栏次")
_PERCENT_HEAD = re.compile(r"%|率|占比|比重|比例|幅度|增幅|降幅|百分比|进度")
_SCORE_HEAD = re.compile(r"分值|得分|权重|满分|评分|分数")
_TOTAL = re.compile(
    r"(?:.{0,12}(?:合计|总计|共计|总额|总分|小计)|总得分|全[县市区省镇乡州旗])(?:\(.*\))?$|^(?:合|总|小)计"
)
_SUB = re.compile(r"^(?:其中|其：)")
_AMOUNT_HEAD = re.compile("元|价|额|数量|预算|决算|支出|收入|合计")
_TICK = re.compile(r"[√✓✔☑■●]$")
_CLASS_HEAD = re.compile(r"能实现|不能|差距|部分|完全")
_DASHES = re.compile(r"[-—–/]++$")
_LONGEST_HEADER = 5


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    CODE = "code"
    AMOUNT = "amount"
    PERCENT = "percent"
    SCORE = "score"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a cell as printed: its value, one unit of its last digit, whether % stands behind it."""

    value: Decimal
    step: Decimal
    percent: bool
    range: Interval = field(init=False)
    """What it stands for in a sum: whole numbers are exact, others rounded."""

    def __post_init__(self) -> None:
        is_whole = self.step == 1
        object.__setattr__(self, "range", exactly(self.value) if is_whole else rounded(self.value, self.step))

    @property
    def printed(self) -> Interval:
        """What it may have been before it was rounded or cut off."""
        return printed(self.value, self.step)


NOTHING = Cell(Decimal(0), Decimal(1), False)


@dataclass(frozen=True, slots=True)
class Column:
    at: int
    kind: Kind
    header: str
    """The words of its header cells, from the top."""

    @property
    def name(self) -> str:
        """What people call it: its lowest header cell."""
        return self.header.split(" ")[-1] or f"第{self.at + 1}列"


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its words, its code (of 类款项 or numbers), its numbers by column."""

    at: int
    label: str
    code: str
    numbers: dict[int, Cell]
    texts: dict[int, str]
    """Its words, and its ticks, by column."""
    words: dict[int, str]
    """All its cells that are filled, as they stand."""
    indent: int
    """How many blanks stand before its words."""
    is_total: bool
    is_sub: bool
    """Whether it is part of a row above it (其中)."""
    quote: Quote

    def cell(self, column: Column) -> Cell:
        """Its number in a column, nothing where it has none."""
        return self.numbers.get(column.at, NOTHING)


@dataclass(frozen=True, eq=False)
class Grid:
    """A table. `above` are the paragraphs before it: its title, its unit."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    position: int
    above: str

    def of_kind(self, *kinds: Kind) -> list[Column]:
        return [one for one in self.columns if one.kind in kinds]

    @cached_property
    def amounts(self) -> list[Column]:
        return self.of_kind(Kind.AMOUNT)

    @cached_property
    def name_column(self) -> int | None:
        """The column that names the project (the unit, the item) of each row."""
        texts = self.of_kind(Kind.TEXT)
        for pattern in (r"项目名称|^项目$|资金项目|专项名称", r"项目|名称|单位|部门|科目|内容|事项"):
            found = [
                one.at
                for one in texts
                if re.search(pattern, one.header) and not re.search("类别|性质|说明|备注|原因", one.header)
            ]
            if found:
                return found[0]
        return texts[0].at if texts else None

    def name(self, row: Row) -> str:
        """What a row is about; where its own cell is empty, what the row above is about."""
        return self._names[row.at]

    @cached_property
    def _names(self) -> dict[int, str]:
        at, names, name = self.name_column, {}, ""
        for row in self.rows:
            name = row.label if at is None else row.texts.get(at, name)
            names[row.at] = name
        return names

    @property
    def data(self) -> list[Row]:
        """The rows that are no totals and no parts of others."""
        return [row for row in self.rows if not row.is_total and not row.is_sub]

    @cached_property
    def unit(self) -> Decimal | None:
        """What its amounts are printed in; None where nothing tells."""
        found = re.findall(
            r"(?:单位：?|[(（])(?:人民币)?(万元|亿元|千元|元)",
            self.above + " ".join(one.header for one in self.columns),
        )
        return MONEY_UNITS[found[-1]] if found else None


def number_in(cell: str) -> Cell | None:
    """The number of a cell; None where it has none."""
    match = _NUMBER.match(squeeze(cell).replace("，", ","))
    if match is None or len(match[1]) > 24:
        return None
    value = Decimal(match[1].replace(",", ""))
    return Cell(value, last_digit(value), match[2] == "%")


def read_grids(placed: Placed, position: int, above: str) -> Iterator[Grid]:
    """A table as grids: a new one where a row of headers stands among the rows."""
    cells = [[squeeze(cell) for cell in row] for row in placed.rows]
    starts = [0]
    for at in range(1, len(cells)):
        if _is_new_header(cells[starts[-1] : at], cells[at]):
            starts.append(at)
    for first, last in pairwise([*starts, len(cells)]):
        some = Placed(placed.rows[first:last], placed.places[first:last], placed.label)
        yield from _read_grid(some, cells[first:last], position, above)


_HEADER_WORD = re.compile(r"指标|分值|得分|名称|预算|执行|权重|资金|完成|合计|支出|金额|单位|项目|年度")


def _is_new_header(above: Sequence[Sequence[str]], row: Sequence[str]) -> bool:
    """Whether a row below numbers is the header of what follows: words that headers have, and no number."""
    filled = [cell for cell in row if cell]
    words = sum(bool(_HEADER_WORD.search(cell)) and len(cell) <= 12 for cell in filled)
    return (
        len(filled) >= 3
        and words >= 3
        and words * 3 >= len(filled) * 2
        and not any(map(number_in, filled))
        and any(number_in(cell) is not None for line in above for cell in line)
    )


def _read_grid(placed: Placed, cells: Sequence[Sequence[str]], position: int, above: str) -> Iterator[Grid]:
    """A table with at least one column of numbers below a header, each of its sides."""
    header = _header_rows(cells)
    if not header or header == len(cells):
        return
    columns = tuple(_column(cells, header, at) for at in range(len(cells[0])))
    for panel in _panels(columns):
        if any(one.kind in (Kind.AMOUNT, Kind.SCORE, Kind.PERCENT) for one in panel):
            rows = tuple(_rows(placed, cells, header, panel))
            if rows:
                yield Grid(panel, rows, position, above)


_SECOND_SIDE = re.compile(r"项目|科目|支出|收入|功能|内容|用途")


def _panels(columns: Sequence[Column]) -> Iterator[tuple[Column, ...]]:
    """The sides of a table: 收入 with its amounts at the left, 支出 with its own at the right."""
    first = 0
    for at, one in enumerate(columns):
        numbers = any(each.kind is Kind.AMOUNT for each in columns[first:at])
        more = any(each.kind is Kind.AMOUNT for each in columns[at:])
        if (
            one.kind is Kind.TEXT
            and numbers
            and more
            and _SECOND_SIDE.search(one.header)
            and columns[first].kind is Kind.TEXT
        ):
            yield tuple(columns[first:at])
            first = at
    yield tuple(columns[first:])


def _header_rows(cells: Sequence[Sequence[str]]) -> int:
    """How many rows at the top have no number, or only those of the columns (1 2 3 …)."""
    count = 0
    for row in cells[:_LONGEST_HEADER]:
        numbers = [number_in(cell) for cell in row if cell]
        known = [one for one in numbers if one is not None]
        if known and not _counts_columns(known):
            break
        if count and not known and _is_section(row):
            break
        count += 1
    return count


def _counts_columns(numbers: Sequence[Cell]) -> bool:
    values = [one.value for one in numbers]
    return len(values) >= 3 and all(b - a == 1 for a, b in pairwise(values)) and values[0] in (0, 1)


def _is_section(row: Sequence[str]) -> bool:
    """Whether a row is a heading inside the table: one filled cell, numbered."""
    filled = [cell for cell in row if cell]
    return len(filled) == 1 and bool(
        re.match(r"[一二三四五六七八九十]+、|\([一二三四五六七八九十]\)", filled[0])
    )


def _column(cells: Sequence[Sequence[str]], header: int, at: int) -> Column:
    head = _head(cells, header, at)
    body = [row[at] for row in cells[header:] if row[at] and not _DASHES.match(row[at])]
    numbers = [one for cell in body if (one := number_in(cell)) is not None]
    own = [row[at] for row in cells[:header] if row[at]]
    lowest = own[-1] if own else head
    ticks = sum(bool(_TICK.match(cell)) for cell in body)
    others = len(body) - ticks  # the number of projects in the row of totals
    if (ticks and not others) or (_CLASS_HEAD.search(lowest) and others <= 1 and len(numbers) == others):
        return Column(at, Kind.TICK, head)
    if not numbers or len(numbers) * 3 < len(body):
        return Column(at, Kind.TEXT, head)
    is_code = _are_codes(body) and not _AMOUNT_HEAD.search(head)
    if _CODE_HEAD.search(lowest) or (not own and _CODE_HEAD.search(head)) or is_code:
        return Column(at, Kind.CODE, head)
    if _SCORE_HEAD.search(lowest) and "率" not in lowest:
        return Column(at, Kind.SCORE, head)
    percent = _PERCENT_HEAD.search(lowest) or sum(one.percent for one in numbers) * 2 > len(numbers)
    return Column(at, Kind.PERCENT if percent else Kind.AMOUNT, head)


def _are_codes(body: Sequence[str]) -> bool:
    """Whether cells look like 类款项 codes: two, three, five or seven digits, some with a zero before, or some below others."""
    if not all(cell.isdigit() for cell in body):
        return False
    is_padded = any(cell.startswith("0") and len(cell) > 1 for cell in body)
    classes = {cell for cell in body if len(cell) == 3}
    below = [cell[:3] in classes for cell in body if len(cell) in (5, 7)]
    return is_padded or (bool(below) and all(below) and len(classes) + len(below) == len(body))


def _head(cells: Sequence[Sequence[str]], header: int, at: int) -> str:
    """The header words above a column; a cell merged to the right counts for those below it."""
    parts = []
    for level in range(header):
        cell = cells[level][at]
        if not cell and any(lower[at] for lower in cells[level + 1 : header]):
            left = next((column for column in range(at - 1, -1, -1) if cells[level][column]), None)
            if left is not None and any(lower[left] for lower in cells[level + 1 : header]):
                cell = cells[level][left]
        if cell and number_in(cell) is None:
            parts.append(cell)
    return " ".join(parts)


def _rows(
    placed: Placed, cells: Sequence[Sequence[str]], header: int, columns: Sequence[Column]
) -> Iterator[Row]:
    held = [one for one in columns if one.kind not in (Kind.TEXT, Kind.CODE)]
    codes = [one.at for one in columns if one.kind is Kind.CODE]
    coded = [one.at for one in columns if one.kind is Kind.CODE and not _COUNTER.search(one.header)]
    texts = [one.at for one in columns if one.kind is Kind.TEXT]
    for at in range(header, len(cells)):
        row = cells[at]
        numbers = {one.at: number for one in held if (number := number_in(row[one.at])) is not None}
        words = [row[each] for each in texts if row[each] and not _DASHES.match(row[each])]
        words += [row[each] for each in codes if row[each] and number_in(row[each]) is None]
        label = "".join(words[:3])
        if not numbers:
            continue
        shown = " ".join(" ".join(cell.split()) for cell in placed.rows[at] if cell.strip())
        is_total = any(_TOTAL.match(word) for word in words[:3])
        code = "".join(row[each] for each in coded if row[each].isdigit())
        texts_of = {
            one.at: row[one.at] for one in columns if one.kind in (Kind.TEXT, Kind.TICK) and row[one.at]
        }
        filled = {one.at: row[one.at] for one in columns if row[one.at]}
        written = next((cell for cell in placed.rows[at] if cell.strip()), "")
        indent = len(written) - len(written.lstrip(" \u3000"))
        yield Row(
            at,
            label,
            code,
            numbers,
            texts_of,
            filled,
            indent,
            is_total,
            bool(_SUB.match(label)),
            Quote(shown[:QUOTE_LENGTH], placed.places[at]),
        )


_TARGET = re.compile(
    r"(?P<sign>≥|>=|不低于|≤|<=|不超过|=|＝)?(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?P<unit>[^0-9]{0,6})$"
)


def falls_short(target: str, actual: str) -> bool:
    """Whether what was reached (57.6万度) misses a target (≥60万度); both in one unit, else nothing is said."""
    wanted, got = _TARGET.match(target), _TARGET.match(actual)
    if not wanted or not got or wanted["unit"].strip() != got["unit"].strip():
        return False
    aim, value = (Decimal(one["number"].replace(",", "")) for one in (wanted, got))
    if wanted["sign"] in ("≥", ">=", "不低于") or target == "100%":
        return value < aim
    return value > aim if wanted["sign"] in ("≤", "<=", "不超过") else False
