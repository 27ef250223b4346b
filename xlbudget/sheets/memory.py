"""What xlbudget wrote into computed cells, remembered in the workbook as short hashes.

A hidden sheet holds, for each computed column, the hashes of the values written. A value that is neither
empty, nor a formula of ours, nor remembered was typed by somebody. Values are kept by column, not by
address, so that sorting and deleting rows does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from xlbudget.domain.money import plain
from xlbudget.sheets.reading import cell_number
from xlbudget.sheets.table import Cell, Table

MEMORY_SHEET = "_xlbudget"
_PER_CELL = 3000

Memory = Mapping[tuple[str, str], frozenset[str]]


def digest(sheet: str, field: str, text: str) -> str:
    """Eight hexadecimal digits that stand for a value in a column."""
    return hashlib.blake2s(f"{sheet}\0{field}\0{text}".encode(), digest_size=4).hexdigest()


def remember(written: Mapping[tuple[str, str], Iterable[str]]) -> list[list[str]]:
    """Rows of the memory sheet: sheet, field, hashes (as many rows as Excel's cell length asks for)."""
    rows = [["本表由 xlbudget 使用，用来分辨计算列里的数是算出来的还是手填的。"]]
    for (sheet, field), texts in sorted(written.items()):
        hashes = sorted({digest(sheet, field, text) for text in texts})
        chunks = range(0, len(hashes), _PER_CELL)
        rows.extend([sheet, field, " ".join(hashes[start : start + _PER_CELL])] for start in chunks)
    return rows


def recall(table: Table | None) -> Memory:
    """Read the memory sheet; whatever does not look like it is ignored."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in (table.rows if table else {}).values():
        texts = [row[column].text if column in row else "" for column in (1, 2, 3)]
        if texts[1] and texts[2]:
            found.setdefault((texts[0], texts[1]), set()).update(texts[2].split())
    return {key: frozenset(hashes) for key, hashes in found.items()}


def is_ours(memory: Memory, sheet: str, field: str, cell: Cell) -> bool:
    """Tell whether a computed cell holds what xlbudget wrote there (or in another row of the column)."""
    if cell.formula is not None or cell.kind not in ("number", "text"):
        return False
    text = plain(cell_number(cell)) if cell.kind == "number" else cell.text
    return digest(sheet, field, text) in memory.get((sheet, field), ())
