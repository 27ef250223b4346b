"""What a document says again on each page: headers of tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

Rows = tuple[tuple[str, ...], ...]
NUMBER = re.compile(r"-?[0-9][0-9,.]*%?$")


def same_beginning(rows: Rows, following: Sequence[tuple[str, ...]]) -> int:
    """How many rows of a table's header stand again where the table goes on; rows with numbers are none."""
    count = 0
    for row, other in zip(rows, following, strict=False):
        if row != other or any(NUMBER.match(cell) for cell in row):
            break
        count += 1
    return count
