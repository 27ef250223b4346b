"""A percentage that somebody types into LibreOffice stays one: real keys, a real window, the file that is saved."""

from __future__ import annotations

import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.files import edited
from tests.office.screen import missing, open_in_window
from xlbudget import app

pytestmark = pytest.mark.office
TYPED = {"K7": ("95%", Decimal(95)), "K8": ("480", Decimal(480)), "K13": ("96.5%", Decimal("96.5"))}
"""Cell of 指标 → what is typed into it, and what it means there: rates are in %, one is an amount of 元."""


def wait_until_saved(path: Path, before: bytes) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        now = path.read_bytes()
        if now != before and now[-22:-18] == b"PK\x05\x06":
            return
        time.sleep(0.5)
    raise TimeoutError("the workbook was not saved")


@pytest.mark.parametrize(("look", "stays"), [(None, True), ("0.00_ ", False)])
def test_a_percentage_typed_by_keys_stays_one(look: str | None, stays: bool, tmp_path: Path) -> None:
    """In a cell as ours are; in one with a format of its own the sign is lost, which is why ours have none."""
    if missing():
        if os.environ.get("XLBUDGET_OFFICE") == "required":
            pytest.fail(f"required here and missing: {missing()}")
        pytest.skip(f"needs {missing()}")
    path = tmp_path / "typed.xlsx"

    def begin(book: Any) -> None:
        book.active = book.sheetnames.index("指标")
        for sheet in book.worksheets:
            sheet.sheet_view.tabSelected = sheet.title == "指标"
        book["指标"].sheet_view.selection[-1].activeCell = "K7"
        book["指标"].sheet_view.selection[-1].sqref = "K7"
        for cell in TYPED if look else ():
            book["指标"][cell].number_format = look

    path.write_bytes(edited(begin))
    before = path.read_bytes()
    with open_in_window(path, tmp_path / "profile") as screen:
        screen.wait_for("typed.xlsx")
        time.sleep(2)
        row = 7
        for cell, (text, _) in TYPED.items():
            screen.press(*["Down"] * (int(cell[1:]) - row))
            screen.type(text)
            screen.press("Return")
            row = int(cell[1:]) + 1
        screen.press("ctrl+s")
        wait_until_saved(path, before)
    facts = app.open_workbook(path).case.facts
    read = {f"K{one.place.row}": one.actual for one in facts.indicators}
    assert read["K8"] == 480
    assert (
        {cell: read[cell] for cell in TYPED} == {cell: value for cell, (_, value) in TYPED.items()}
    ) is stays
