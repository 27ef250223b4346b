"""How cells look, by name. Hosts turn a Style into their own formats; colour is never the only sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NewType

from xlbudget.domain.money import plain

BODY_FONT = "宋体"
BODY_SIZE = 11
UNIT_FONT, UNIT_SIZE = "Verdana", 10
"""The workbook's own font, whose digits are the unit of column widths: 8 px, and DejaVu Sans, which stands in for
it elsewhere, is as wide. No cell of ours shows it."""


@dataclass(frozen=True, slots=True)
class Style:
    """Look of a cell; colours are RRGGBB, sizes points."""

    font: str = BODY_FONT
    size: float = BODY_SIZE
    bold: bool = False
    underline: bool = False
    color: str = "000000"
    fill: str | None = None
    border: bool = False
    horizontal: str = "left"
    vertical: str = "center"
    wrap: bool = True
    shrink: bool = False
    """Whether what is wider than its cell is made smaller (a text is wrapped instead)."""
    indent: int = 0
    format: str = "General"
    locked: bool = True


GRID = "BFBFBF"
"""Colour of all lines."""
_HEAD = "D9E2F3"
_COMPUTED = "EDEDED"
_INPUT = "FFFDF2"
INDENT = 10.5
"""Points that an indent of 1 takes from the width of a cell: three blanks of the workbook's own font."""
MOST_DECIMALS = 6
_AMOUNT = "#,##0.00####"
"""No digit of an amount is rounded away: 0.000001 万元 is a 分. Computed ones have a blank to keep off the border."""

Name = Literal[
    "title", "hint", "head", "head_computed", "input", "input_text", "input_number", "input_amount", "input_center",
    "input_date", "steps", "label_optional", "front_required", "front_text", "label_link", "state_small", "link_left", "computed", "computed_number", "computed_amount", "label", "front", "front_date", "state", "body",
    "body_center", "body_number", "link", "error", "warning", "info", "group", "report_label", "report_title", "report_h1",
    "report_h2", "report_text", "report_sign", "report_head", "report_caption", "report_cell", "report_left", "form_title",
    "form_caption", "form_head", "form_cell", "form_left", "chart_note", "stats_title", "plain",
]  # fmt: skip
Derived = NewType("Derived", str)
"""The name of a style that is made of another one: one more shade, so many decimals."""
Look = Name | Derived
STYLES: dict[Look, Style] = {
    "title": Style(font="黑体", size=16, horizontal="left", wrap=False),
    "hint": Style(size=10, color="595959", wrap=False),
    "head": Style(bold=True, fill=_HEAD, border=True, horizontal="center"),
    "head_computed": Style(bold=True, fill="C9C9C9", border=True, horizontal="center"),
    "input": Style(border=True, fill=_INPUT, indent=1, locked=False),
    "input_text": Style(border=True, fill=_INPUT, format="@", indent=1, locked=False),
    # Plain General, and an indent in place of a blank in the format: a % that is typed stays only in such cells.
    "input_number": Style(
        border=True,
        fill=_INPUT,
        horizontal="right",
        wrap=False,
        shrink=True,
        indent=1,
        locked=False,
    ),
    "input_amount": Style(
        border=True,
        fill=_INPUT,
        horizontal="right",
        wrap=False,
        shrink=True,
        indent=1,
        format=_AMOUNT,
        locked=False,
    ),
    "input_center": Style(border=True, fill=_INPUT, horizontal="center", locked=False),
    "input_date": Style(border=True, fill=_INPUT, horizontal="center", format="yyyy-mm-dd", locked=False),
    "computed": Style(border=True, fill=_COMPUTED, horizontal="center", locked=False),
    "computed_number": Style(
        border=True,
        fill=_COMPUTED,
        horizontal="right",
        wrap=False,
        shrink=True,
        format="0.00_ ",
        locked=False,
    ),
    "computed_amount": Style(
        border=True,
        fill=_COMPUTED,
        horizontal="right",
        wrap=False,
        shrink=True,
        format=f"{_AMOUNT}_ ",
        locked=False,
    ),
    "label": Style(bold=True, fill=_HEAD, border=True, wrap=False, indent=1),
    "label_optional": Style(color="404040", fill="F2F5FA", border=True, wrap=False, indent=1),
    "steps": Style(size=10, color="404040", vertical="top"),
    "front": Style(border=True, fill="FFFFFF", indent=1, locked=False),
    "front_text": Style(border=True, fill="FFFFFF", format="@", indent=1, locked=False),
    "label_link": Style(color="0563C1", fill="F2F5FA", underline=True, border=True, wrap=False, indent=1),
    "front_required": Style(border=True, fill="FFF7DB", indent=1, locked=False),
    "front_date": Style(border=True, fill="FFFFFF", format="yyyy-mm-dd", indent=1, locked=False),
    "state": Style(border=True, fill=_COMPUTED, horizontal="left", indent=1),
    "state_small": Style(size=8, color="7F7F7F", border=True, fill=_COMPUTED, horizontal="left", indent=1),
    "body": Style(border=True, indent=1),
    "body_center": Style(border=True, horizontal="center"),
    "body_number": Style(border=True, horizontal="right", wrap=False, shrink=True, format="General_ "),
    "link": Style(border=True, horizontal="center", underline=True, color="0563C1"),
    "link_left": Style(border=True, underline=True, color="0563C1", indent=1),
    "error": Style(border=True, bold=True, horizontal="center", color="9C0006", fill="FFC7CE"),
    "warning": Style(border=True, bold=True, horizontal="center", color="7F6000", fill="FFEB9C"),
    "info": Style(border=True, horizontal="center", color="1F4E79", fill="DDEBF7"),
    "group": Style(bold=True, fill="F2F2F2", border=True, indent=1),
    "report_label": Style(font="黑体", size=16, wrap=False),
    "report_title": Style(font="黑体", size=22, horizontal="center"),
    "report_h1": Style(font="黑体", size=16, indent=3),
    "report_h2": Style(font="楷体", size=16, indent=3),
    "report_text": Style(font="仿宋", size=16, vertical="top"),
    "report_sign": Style(font="仿宋", size=16, horizontal="right"),
    "report_head": Style(font="黑体", size=11, border=True, horizontal="center"),
    "report_caption": Style(font="仿宋", size=12, horizontal="center"),
    "form_title": Style(font="黑体", size=16, horizontal="center"),
    "form_caption": Style(font="仿宋", size=11, horizontal="center"),
    "form_head": Style(font="黑体", size=10, border=True, horizontal="center"),
    "form_cell": Style(font="仿宋", size=10, border=True, horizontal="center"),
    "form_left": Style(font="仿宋", size=10, border=True, indent=1),
    "chart_note": Style(size=10, color="595959"),
    "report_cell": Style(font="仿宋", size=11, border=True, horizontal="center"),
    "report_left": Style(font="仿宋", size=11, border=True, indent=1),
    "stats_title": Style(font="黑体", size=18, horizontal="center"),
    "plain": Style(),
}

SHADES = ("FFFDF1", "FFFDF0", "FFFDEF", "FFFDEE")
SHADED: tuple[Name, ...] = ("input_number", "input_amount")
"""Styles with an indent and shrunk numbers: LibreOffice (7.4) forgets the indent of such a cell that looks exactly like
the one that it drew before. So each column of a sheet has its own shade, which nobody can tell from the others."""


def shaded(style: Name, columns: int) -> Look:
    """A style for one more column of a sheet that has so many columns with it."""
    return Derived(f"{style}_{columns}") if columns and style in SHADED else style


STYLES |= {
    shaded(style, number): replace(STYLES[style], fill=fill)
    for style in SHADED
    for number, fill in enumerate(SHADES, 1)
}

_NUMBERS: dict[Name, str] = {"report_cell": "", "form_cell": "", "body_number": "_ "}
"""Styles whose numbers show exactly their own decimals → what follows the digits."""


def decimals(number: Decimal) -> int:
    """How many decimals a number has, without zeros at its end."""
    return len(plain(number).partition(".")[2])


def number_style(name: Name, decimals: int) -> Derived:
    """The style of a number with that many decimals: General would round it to the width of its column."""
    return Derived(f"{name}_{min(decimals, MOST_DECIMALS)}")


STYLES |= {
    number_style(name, decimals): replace(
        STYLES[name], wrap=False, shrink=True, format=("0." if decimals else "0") + "0" * decimals + blank
    )
    for name, blank in _NUMBERS.items()
    for decimals in range(MOST_DECIMALS + 1)
}


def inner_width(style: Look, points: float) -> float:
    """What an indent leaves of a cell's width, in points."""
    return points - STYLES[style].indent * INDENT
