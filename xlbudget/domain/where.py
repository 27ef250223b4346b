"""A place in a workbook: a value inside, "K5" only where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@lru_cache
def column_letter(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache
def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """A cell's row and column as people know it: (5, 11) → K5."""
    return f"{column_letter(column)}{row}"


def row_and_column(cell: str) -> tuple[int, int]:
    """K5 → (5, 11), of an address that `address` made and a sheet or a test gives back."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_number(letters)


@dataclass(frozen=True, slots=True)
class Where:
    """A sheet, and the row and column (from 1) of a cell where one can be named."""

    sheet: str
    row: int | None = None
    column: int | None = None

    @property
    def at(self) -> tuple[int, int] | None:
        """Row and column of the cell, where one is named."""
        return None if self.row is None or self.column is None else (self.row, self.column)

    @property
    def cell(self) -> str | None:
        """The cell as it is shown: K5."""
        return address(*self.at) if self.at else None

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.at else self.sheet
