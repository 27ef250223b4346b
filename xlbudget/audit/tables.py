"""A table as the auditor reads it: columns with their roles and units, rows of data and of totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from xlbudget.audit.assemble import Placed
from xlbudget.audit.finding import QUOTE_LENGTH, Quote
from xlbudget.audit.headers import CLASSES, MONEY, PERCENT, Role, is_header, is_value, role_of, unit_in
from xlbudget.audit.passage import squeeze
from xlbudget.audit.quantities import MONEY_UNITS, last_digit
from xlbudget.audit.source import Place

_NUMBER = re.compile(r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)(%|万元|亿元|元|个|项)?$")
TICK = re.compile(r"[√✓✔☑■●是]$|1$")
_TOTAL = re.compile(r"(.*)(合计|总计|共计|总分|总得分|总评)(\(.*\))?$")
_SUBTOTAL = re.compile(r"小计|(.*)小计(\(.*\))?$")
_GROUP = re.compile(r"[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)")
_PART = re.compile(r"(其中|其：|--|　　)")
_HEADER_ROWS = 4
_TORN = 10
_SEVERAL = 3


class RowKind(StrEnum):
    """What a row is to the sums."""

    DATA = "data"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    GROUP = "group"
    """一、…: the sum of the rows below it."""
    PART = "part"
    """其中: part of a row above it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role, the unit that its header (or the table) names, the header's words."""

    role: Role
    unit: str | None
    header: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a cell: money in 元, percentages on a 0–100 scale; `step` is one unit of its last digit."""

    value: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header."""

    kind: RowKind
    cells: tuple[str, ...]
    numbers: tuple[Number | None, ...]
    quote: Quote
    named: bool = True
    """Whether its own cell has the name of the project, or that of the row above is meant (merged cells)."""


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table that has a header."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    label: str
    position: int
    """Its number among the blocks of the document."""
    top: Place
    """Where its first row stands."""

    def at(self, *roles: Role) -> list[int]:
        """The columns with one of these roles, from left to right."""
        return [index for index, column in enumerate(self.columns) if column.role in roles]

    def only(self, role: Role) -> int | None:
        """The column with a role, where there is exactly one."""
        found = self.at(role)
        return found[0] if len(found) == 1 else None

    @property
    def data(self) -> list[Row]:
        return [row for row in self.rows if row.kind is RowKind.DATA]

    @property
    def total(self) -> Row | None:
        """The last row of totals, where the table has just one."""
        found = [row for row in self.rows if row.kind is RowKind.TOTAL]
        return found[0] if len(found) == 1 else None

    @property
    def is_project_table(self) -> bool:
        """Whether each row is a project with an amount, a percentage or a class."""
        return self.only(Role.PROJECT) is not None and bool(self.at(*MONEY, *PERCENT, *CLASSES, Role.FLAG))


def read_table(placed: Placed, position: int, before: str) -> ReadTable | None:
    """Read a table; None where no header is found. `before` is the text above it, which may name its unit."""
    header_rows = _header_rows(placed.rows)
    if not header_rows:
        return None
    columns = _counted(_columns(placed.rows[:header_rows], _unit_above(before)), placed.rows[header_rows:])
    if sum(column.role is not Role.OTHER for column in columns) < 2:
        return None
    rows = _with_groups(tuple(_rows(placed, header_rows, columns)))
    return ReadTable(columns, rows, placed.label, position, placed.places[0]) if rows else None


def _role_of_parts(parts: list[str]) -> Role:
    joined = squeeze("".join(parts))
    if sum(word in joined for word in ("预算", "支出", "结余", "执行率", "实现程度")) >= _SEVERAL:
        return Role.OTHER  # headers that ran together
    whole = role_of(joined) or Role.OTHER
    if len(squeeze("".join(parts))) <= _TORN and whole is not Role.OTHER:
        return whole
    for part in reversed(parts):
        role = role_of(part)
        if role is not None and role is not Role.OTHER:
            return role
    return whole


def _counted(columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]]) -> tuple[Column, ...]:
    """A column headed 项目 that holds numbers counts projects and does not name them."""

    def role(at: int, column: Column) -> Role:
        cells = [squeeze(row[at]) for row in rows if squeeze(row[at])]
        numbers = sum(bool(_NUMBER.match(cell)) for cell in cells)
        return Role.COUNT if column.role is Role.PROJECT and numbers * 2 > len(cells) else column.role

    return tuple(replace(column, role=role(at, column)) for at, column in enumerate(columns))


def _unit_above(text: str) -> str | None:
    match = re.search(r"单位：?(万元|亿元|千元|元)", squeeze(text)[-60:])
    return match[1] if match else None


def _header_rows(rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows at the top are header: they hold headers and no number."""
    count = 0
    for row in rows[:_HEADER_ROWS]:
        filled = [squeeze(cell) for cell in row if squeeze(cell)]
        if any(is_value(cell) or cell in ("√", "✓") for cell in filled):
            break
        known = sum(is_header(cell) for cell in filled)
        if known == 0 or known * 2 < len(filled):
            if count == 0 and len(filled) <= 2:
                count += 1  # a title in the first row
                continue
            break
        count += 1
    top = rows[:count]
    return count if any(sum(is_header(cell) for cell in row) >= 2 for row in top) else 0


def _columns(header: Sequence[tuple[str, ...]], unit: str | None) -> tuple[Column, ...]:
    joined = [_joined(header, at) for at in range(len(header[0]))]
    columns = tuple(Column(*_role(parts, unit), " ".join(parts)) for parts in joined)
    if {Role.INDICATOR, Role.TARGET} <= {column.role for column in columns}:
        return tuple(replace(one, role=Role.ACTUAL) if one.role is Role.SPENT else one for one in columns)
    return columns


def _joined(header: Sequence[tuple[str, ...]], at: int) -> list[str]:
    """The header cells above a column, from the top; a cell merged to the right counts for all below it."""
    parts = []
    for level, row in enumerate(header):
        cell = row[at]
        below = any(lower[at] for lower in header[level + 1 :])
        if not cell and below:
            cell = (
                next((row[left] for left in range(at - 1, -1, -1) if row[left]), "")
                if _spanned(header, level, at)
                else ""
            )
        if cell:
            parts.append(cell)
    return parts


def _spanned(header: Sequence[tuple[str, ...]], level: int, at: int) -> bool:
    """Whether an empty cell above a filled one belongs to the cell at its left: that one has cells below it, too."""
    left = next((column for column in range(at - 1, -1, -1) if header[level][column]), None)
    return left is not None and any(row[left] for row in header[level + 1 :])


def _role(parts: list[str], unit: str | None) -> tuple[Role, str | None]:
    """What a torn header says as a whole, else the lowest header cell that says something."""
    role = _role_of_parts(parts)
    named = unit_in("".join(parts))
    if role in PERCENT:
        named = "%"
    elif role in MONEY and named not in MONEY_UNITS:
        named = unit
    return role, named


def _rows(placed: Placed, first: int, columns: tuple[Column, ...]) -> Iterator[Row]:
    above: tuple[str, ...] = ()
    names = [at for at, column in enumerate(columns) if column.role is Role.PROJECT]
    for written, place in zip(placed.rows[first:], placed.places[first:], strict=True):
        if not any(squeeze(cell) for cell in written):
            continue
        kind = _kind(written)
        cells = written
        if kind is RowKind.DATA and above and len(names) == 1 and not squeeze(written[names[0]]):
            at = names[0]  # a name merged over several rows
            cells = (*written[:at], above[at], *written[at + 1 :])
        if kind is RowKind.DATA:
            if _is_remark(written, columns):
                continue
            above = cells
        numbers = tuple(_number(cell, column) for cell, column in zip(cells, columns, strict=True))
        yield Row(kind, cells, numbers, _quote(written, place), named=cells is written)


def _with_groups(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows that begin with 一、 are sums of groups only where other rows stand below them."""
    if any(row.kind is RowKind.DATA for row in rows):
        return rows
    return tuple(replace(row, kind=RowKind.DATA) if row.kind is RowKind.GROUP else row for row in rows)


def _is_remark(cells: Sequence[str], columns: tuple[Column, ...]) -> bool:
    """Whether a row is a caption or a note inside the table: one text and neither number nor tick."""
    numbers = any(_number(cell, column) for cell, column in zip(cells, columns, strict=True))
    ticks = any(TICK.match(squeeze(cell)) for cell in cells)
    return not numbers and not ticks and sum(bool(squeeze(cell)) for cell in cells) < 2


def _kind(cells: Sequence[str]) -> RowKind:
    texts = [squeeze(cell) for cell in cells[:4] if squeeze(cell)]
    for text in texts[:3]:
        if "小计" in text and _SUBTOTAL.match(text):
            return RowKind.SUBTOTAL
        if len(text) <= 10 and _TOTAL.match(text):
            return RowKind.TOTAL
    if any(_PART.match(text) for text in texts[:2]):
        return RowKind.PART
    if any(_GROUP.match(text) for text in texts[:2]):
        return RowKind.GROUP
    return RowKind.DATA


def _quote(cells: Sequence[str], place: Place) -> Quote:
    return Quote(" ".join(" ".join(cell.split()) for cell in cells if cell.strip())[:QUOTE_LENGTH], place)


def _number(cell: str, column: Column) -> Number | None:
    match = _NUMBER.match(squeeze(cell).replace("，", ","))
    if match is None:
        return None
    value = Decimal(match[1].replace(",", ""))
    step = last_digit(value)
    if column.role in MONEY:
        scale = MONEY_UNITS[match[2] if match[2] in MONEY_UNITS else column.unit or "万元"]
        return Number(value * scale, step * scale)
    return Number(value, step)
