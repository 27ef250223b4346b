"""Each example of 填报说明 is read as it says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from xlbudget.domain.model import Comparison
from xlbudget.domain.money import wan
from xlbudget.reading.dates import read_date
from xlbudget.reading.notes import NOTES, Example
from xlbudget.reading.quantities import read_amount
from xlbudget.reading.said import Context, Refused
from xlbudget.reading.table import Cell
from xlbudget.reading.targets import Target, read_actual


def actual(unit: str) -> Callable[[Cell], Any]:
    target = Target(Comparison.AT_LEAST, Decimal(90), unit, percent=unit == "%")
    return lambda cell: read_actual(target, cell, Context(), may_wait=True).value


READERS: dict[str, Callable[[Cell], Any]] = {
    "金额（万元）": lambda cell: wan(read_amount(cell, Context("万元")).value),
    "当前完成值（公里）": actual("公里"),
    "当前完成值（%）": actual("%"),
    "整改完成时限": lambda cell: read_date(cell, Context(year=2022)).value,
}


def cell_of(typed: str) -> Cell:
    """A text, or a number with its format as the notes write it: 60000，格式 0"元"."""
    number, _, code = typed.partition("，格式 ")
    return Cell("number", number, None, code) if code else Cell("text", typed)


@pytest.mark.parametrize(("where", "one"), [(note.where, one) for note in NOTES for one in note.examples])
def test_examples(where: str, one: Example) -> None:
    try:
        found: str | None = str(READERS[where](cell_of(one.typed)))
    except Refused:
        found = None
    assert found == one.read
