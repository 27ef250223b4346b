"""Cells as the sheet shows them: numbers and dates in their formats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from xlbudget.reading.cells import cell_date, cell_text
from xlbudget.reading.formats import is_date, is_general, meaning, show
from xlbudget.reading.said import Refused
from xlbudget.reading.table import Cell

_DAY_0 = date(1899, 12, 30)


def shown(cell: Cell) -> str:
    """A cell as a reader of the sheet sees it; empty for a formula without a result."""
    if cell.kind == "uncached":
        return ""
    if cell.kind in ("text", "error"):
        return cell.text.strip()
    try:
        text = _in_its_format(cell)
        return cell_text(cell) if text is None else text.strip()
    except (Refused, InvalidOperation):  # a number that is none
        return cell.text.strip()


def _in_its_format(cell: Cell) -> str | None:
    """None where the format says nothing, or nobody can be sure of what it says."""
    if cell.kind == "date":
        return _typed_date(cell)
    if cell.kind != "number" or cell.format == "General":
        return None
    text = show(Decimal(cell.text), cell.format)
    return _uncut(cell) if text is not None and is_general(cell.format) else text


def _uncut(cell: Cell) -> str:
    """General leaves at most 11 characters of a number; what a report repeats is the number behind them."""
    seen = meaning(Decimal(cell.text), cell.format)
    return seen.shown if seen.rounded == seen.value else f"{seen.before}{seen.value:f}{seen.after}"


def _typed_date(cell: Cell) -> str | None:
    """A date that stands in the file as one, and not as a number."""
    day = cell_date(cell)
    code = cell.format if is_date(cell.format) else "yyyy-mm-dd"
    return None if day is None else show(Decimal((day - _DAY_0).days), code)
