"""The styles of output sheets are known by their names, and every name has a look."""

from __future__ import annotations

from typing import get_args

from xlbudget.pages.styles import STYLES, Name, number_style, shaded


def test_every_name_has_a_style() -> None:
    names = set(get_args(Name))
    assert names <= STYLES.keys()
    derived = {number_style("report_cell", 2), shaded("input_amount", 1)}
    assert derived <= STYLES.keys() - names
