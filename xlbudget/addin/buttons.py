"""What buttons call through xlwings' COM server."""

from __future__ import annotations

import xlwings as xw

from xlbudget.addin import ribbon
from xlbudget.addin.udfs import spare_other_excels


def press(button: str, answer: str = "") -> str:
    """Do what a button does; returns what VBA shows when Python has finished. `answer` is what VBA asked for."""
    return ribbon.press(button, xw.Book.caller(), answer or "")


press.__annotations__ = {}  # xlwings would take them for converters
xw.sub(press)  # marks it for the server
spare_other_excels()
