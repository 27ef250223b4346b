"""What worksheet functions are given (ranges as blocks of cells) and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

from xlbudget import layout, profiles
from xlbudget.domain.model import Indicator, Place, Project, Row
from xlbudget.domain.profile import Profile
from xlbudget.layout import Sheet
from xlbudget.layout.bind import bind_indicator, bind_project
from xlbudget.layout.locate import Columns, columns_of, first_of, twins_of
from xlbudget.layout.row import RowReader, reconcile
from xlbudget.reading.cells import is_empty
from xlbudget.reading.said import Context, Reading, Refused
from xlbudget.reading.table import Cell

R = TypeVar("R", bound=Row)
T = TypeVar("T")


class ErrorValue(StrEnum):
    """Error values of a spreadsheet that our functions give."""

    VALUE = "#VALUE!"
    NA = "#N/A"


class Fails(Exception):  # noqa: N818  (not an error of the program: the formula shows this error value)
    """A function cannot tell its result; the cell shows `error`."""

    def __init__(self, error: ErrorValue) -> None:
        super().__init__(error)
        self.error = error


Block = tuple[tuple[Cell | None, ...], ...]
"""A range: rows of cells; None is an empty cell."""
Result = Decimal | str | ErrorValue
"""Of one row; "" where there is nothing to tell, such as the achievement of what is not due."""


def _cell(value: Any) -> Cell | None:
    """A value as a spreadsheet or xlwings gives it, as a cell. Raises Fails for what no cell holds."""
    if value is None or isinstance(value, Cell):
        return value
    if isinstance(value, ErrorValue):
        return Cell("error", value)
    if isinstance(value, bool):
        return Cell("bool", "1" if value else "0")
    if isinstance(value, int | float | Decimal):
        return Cell("number", repr(value) if isinstance(value, float) else str(value))
    if isinstance(value, datetime | date):
        return Cell("date", value.isoformat())
    if isinstance(value, str):
        return Cell("error", value) if value in _ERRORS else Cell("text", value)
    raise Fails(ErrorValue.VALUE)


_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


class _Made(tuple[tuple[Cell | None, ...], ...]):
    """A block that `block` made, so that it stays the same one when it is given again."""


def block(value: Any) -> Block:
    """A value, a row or rows of values as a block."""
    if isinstance(value, _Made):
        return value
    rows = value if isinstance(value, list | tuple) and not isinstance(value, Cell) else [[value]]
    if not rows or not all(isinstance(row, list | tuple) and not isinstance(row, Cell) for row in rows):
        rows = [rows]
    return _Made(tuple(map(_cell, row)) for row in rows)


def single(given: Block) -> Cell:
    """The one cell of a block. Raises Fails where it is empty, several, or an error."""
    if len(given) != 1 or len(given[0]) != 1:
        raise Fails(ErrorValue.VALUE)
    cell = given[0][0]
    if cell is None or is_empty(cell):
        raise Fails(ErrorValue.VALUE)
    if cell.kind == "error":
        raise Fails(ErrorValue.NA if cell.text == ErrorValue.NA else ErrorValue.VALUE)
    return cell


@dataclass
class Session:
    """What functions share while a workbook is evaluated: profiles, and tables that were read before."""

    folder: Path | None = None
    """Where a place's own profiles lie: beside the workbook."""
    _profiles: dict[str, Profile] = field(default_factory=dict)
    _columns: dict[tuple[str, int], tuple[object, Columns]] = field(default_factory=dict)
    _rows: dict[tuple[str, int, int, str], tuple[object, tuple[Row | None, ...]]] = field(
        default_factory=dict
    )

    def profile(self, name: Block | None) -> Profile:
        """The profile of an id or name, the default for an empty cell. Raises Fails(#N/A) for an unknown one."""
        cell = name[0][0] if name else None
        wanted = "" if cell is None or is_empty(cell) else single(name or ()).text
        if wanted not in self._profiles:
            try:
                self._profiles[wanted] = profiles.load(wanted or None, self.folder)
            except (profiles.UnknownProfile, profiles.BrokenProfile):
                raise Fails(ErrorValue.NA) from None
        return self._profiles[wanted]

    def indicators(self, rows: Block, header: Block | None) -> tuple[Indicator | None, ...]:
        """Rows of 指标; None for an empty row."""
        return self._read(layout.INDICATORS, rows, header, Context(), bind_indicator)

    def projects(self, rows: Block, header: Block | None, unit: Block | None) -> tuple[Project | None, ...]:
        """Rows of 项目, with amounts in 万元 unless `unit` says 元; None for an empty row."""
        return self._read(layout.PROJECTS, rows, header, Context(amount_unit(unit)), bind_project)

    def _columns_of(self, sheet: Sheet, header: Block | None) -> Columns:
        """Where columns stand by a header, which thousands of formulas share."""
        key = sheet.name, id(header)
        if key not in self._columns:
            self._columns[key] = (header, _columns(sheet, header))
        return self._columns[key][1]

    def _read(
        self,
        sheet: Sheet,
        rows: Block,
        header: Block | None,
        context: Context,
        bind: Callable[[RowReader, Context], R],
    ) -> tuple[R | None, ...]:
        """Read rows once for all formulas that are given the same block."""
        key = (sheet.name, id(rows), id(header), context.amount_unit)
        if key not in self._rows:  # the blocks are kept too, so that no other one gets their ids
            found = _bound(sheet, rows, self._columns_of(sheet, header), context, bind)
            self._rows[key] = ((rows, header), tuple(found))
        return cast(tuple[R | None, ...], self._rows[key][1])


def amount_unit(unit: Block | None) -> str:
    """万元 or 元; 万元 for an empty cell. Raises Fails."""
    cell = unit[0][0] if unit else None
    text = "万元" if cell is None or is_empty(cell) else single(unit or ()).text.strip()
    if text not in layout.AMOUNT_UNITS:
        raise Fails(ErrorValue.VALUE)
    return text


def _columns(sheet: Sheet, header: Block | None) -> Columns:
    """Field → columns within the block, by its header row or by the template's order. Raises Fails(#N/A)."""
    if header is None or all(cell is None for row in header for cell in row):
        return {column.field: (number,) for number, column in enumerate(sheet.inputs, 1)}
    if len(header) != 1:
        raise Fails(ErrorValue.VALUE)
    found = columns_of({n: cell for n, cell in enumerate(header[0], 1) if cell}, sheet)
    if not found:
        raise Fails(ErrorValue.NA)
    return found


def _bound(
    sheet: Sheet,
    rows: Block,
    columns: Columns,
    context: Context,
    bind: Callable[[RowReader, Context], R],
) -> Iterator[R | None]:
    first, twins = first_of(columns), twins_of(columns)
    for number, row in enumerate(rows, 1):
        cells = {n: cell for n, cell in enumerate(row, 1) if cell is not None}
        if all(is_empty(cells.get(n)) for numbers in columns.values() for n in numbers):
            yield None
            continue
        reader = RowReader(Place(sheet.name, number, first), cells, first, [])
        reconcile(reader, twins)
        yield bind(reader, context)


PLAIN = Context()


def value_of(read: Callable[[Cell, Context], Reading[T]], given: Block, context: Context = PLAIN) -> T:
    """Read a single cell as people type. Raises Fails."""
    try:
        return read(single(given), context).value
    except Refused:
        raise Fails(ErrorValue.VALUE) from None


def column(rows: Sequence[T | None], tell: Callable[[T], Result | None]) -> list[Result]:
    """A result a row: "" for an empty row, the error value where the row cannot tell."""
    return ["" if row is None else _told(row, tell) for row in rows]


def _told(row: T, tell: Callable[[T], Result | None]) -> Result:
    try:
        told = tell(row)
    except Fails as failed:
        return failed.error
    return ErrorValue.VALUE if told is None else told
