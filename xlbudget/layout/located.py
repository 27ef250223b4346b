"""Where a sheet of ours was found in a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlbudget.layout import Sheet


@dataclass(frozen=True, slots=True)
class Located:
    """Where a sheet's header row and columns were found, and which rows hold data."""

    sheet: Sheet
    name: str
    """Its tab, which may have blanks that the sheet's own name has not."""
    header_row: int
    columns: Mapping[str, int]
    twins: Mapping[str, tuple[int, ...]]
    """Fields whose header stands more than once → all their columns."""
    rows: tuple[int, ...]
    stale: tuple[tuple[int, str], ...] = ()
    """Computed cells (row, field) of ours that were left behind in rows without input."""
