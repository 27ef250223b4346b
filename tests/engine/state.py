"""What an open workbook holds, in memory: loaded from a file, changed by tests/engine/com.py."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, to_excel
from openpyxl.worksheet.formula import ArrayFormula

from xlbudget.hosts.live_cells import ERRORS

CODES = {text: code for code, text in ERRORS.items()}
Place = tuple[int, int]
Look = dict[str, Any]
NORMAL: Look = {
    "Font.Name": "Verdana", "Font.Size": 10, "Font.Bold": False, "Font.Underline": -4142, "Font.Color": 0,
    "Interior": None, "Borders": None, "HorizontalAlignment": 1, "VerticalAlignment": -4107, "WrapText": False,
    "ShrinkToFit": False, "IndentLevel": 0, "NumberFormat": "General", "Locked": True,
}  # fmt: skip
_HORIZONTAL = {"left": -4131, "center": -4108, "right": -4152, None: 1, "general": 1}
_VERTICAL = {"top": -4160, "center": -4108, "bottom": -4107, None: -4107}


@dataclass
class Cell:
    """Value as Excel keeps it: float, str, bool, an error's code (int) or None; formula with its "="."""

    value: Any = None
    formula: str | None = None
    look: Look = field(default_factory=lambda: dict(NORMAL))


@dataclass
class Note:
    author: str
    text: str
    width: float = 108.0
    height: float = 60.0


@dataclass
class Sheet:
    """A sheet; rows and columns from 1."""

    name: str
    visible: int = -1
    cells: dict[Place, Cell] = field(default_factory=dict)
    columns: dict[int, Look] = field(default_factory=dict)
    """Looks of columns, which blank cells have."""
    notes: dict[Place, Note] = field(default_factory=dict)
    threads: set[Place] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    """Areas of conditional formats."""
    filter: str | None = None
    filtered: set[int] = field(default_factory=set)
    """Rows that the filter hides."""
    protected: bool = False
    password: str = ""
    charts: list[dict[str, Any]] = field(default_factory=list)
    setup: dict[str, Any] = field(default_factory=dict)
    window: dict[str, Any] = field(default_factory=dict)
    tab: int | None = None
    selection: str = "A1"

    def cell(self, place: Place) -> Cell:
        if place not in self.cells:
            self.cells[place] = Cell(look=dict(self.columns.get(place[1], NORMAL)))
        return self.cells[place]

    def look(self, place: Place) -> Look:
        known = self.cells.get(place)
        return known.look if known else self.columns.get(place[1], NORMAL)

    def merge_at(self, place: Place) -> tuple[int, int, int, int] | None:
        return next((m for m in self.merges if m[0] <= place[0] <= m[2] and m[1] <= place[1] <= m[3]), None)


@dataclass
class Excel:
    """A running program with one open workbook."""

    path: str
    sheets: list[Sheet]
    active: str
    date1904: bool = False
    structure_protected: bool = False
    calculation: str = "automatic"
    screen_updating: bool = True
    enable_events: bool = True
    display_alerts: bool = True
    status_bar: Any = False
    user: str = "张三"
    calls: list[str] = field(default_factory=list)
    watch: Callable[[str], None] = lambda _: None
    """Told of each call before it is answered; may raise."""
    recalculate: Callable[[Excel], None] = lambda _: None
    """What the formulas come to after cells have changed."""
    opened: list[str] = field(default_factory=list)
    """Files that were opened besides."""
    said: list[str] = field(default_factory=list)
    """What the status bar showed."""

    def show(self, text: Any) -> None:
        """Put something into the status bar; False gives it back to the program."""
        self.status_bar = text
        if text:
            self.said.append(text)

    def tick(self, name: str) -> None:
        self.calls.append(name)
        self.watch(name)

    def sheet(self, name: str) -> Sheet:
        return next(one for one in self.sheets if one.name == name)


def excel_colour(rgb: str | None) -> int | None:
    """ARGB of a file → Excel's number, blue first."""
    return int(rgb[6:8] + rgb[4:6] + rgb[2:4], 16) if isinstance(rgb, str) else None


def look_of(cell: Any) -> Look:
    """The look of a cell (or column) that openpyxl has read."""
    font, fill, border, align = cell.font, cell.fill, cell.border, cell.alignment
    return {
        "Font.Name": font.name,
        "Font.Size": font.sz,
        "Font.Bold": bool(font.b),
        "Font.Underline": 2 if font.u else -4142,
        "Font.Color": excel_colour(font.color.rgb) if font.color and font.color.type == "rgb" else 0,
        "Interior": excel_colour(fill.fgColor.rgb) if fill.fill_type == "solid" else None,
        "Borders": excel_colour(border.left.color.rgb) if border.left.style == "thin" else None,
        "HorizontalAlignment": _HORIZONTAL[align.horizontal],
        "VerticalAlignment": _VERTICAL[align.vertical],
        "WrapText": bool(align.wrap_text),
        "ShrinkToFit": bool(align.shrink_to_fit),
        "IndentLevel": int(align.indent),
        "NumberFormat": cell.number_format,
        "Locked": bool(cell.protection.locked),
    }


def _value(value: Any, kind: str) -> Any:
    if kind == "e":
        return CODES[value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    return value if isinstance(value, str) else float(to_excel(value, CALENDAR_WINDOWS_1900))


def _load_sheet(formulas: Any, values: Any) -> Sheet:
    sheet = Sheet(formulas.title, {"visible": -1, "hidden": 0, "veryHidden": 2}[formulas.sheet_state])
    looks: dict[int, Look] = {}
    for letter, dimension in formulas.column_dimensions.items():
        for column in range(dimension.min or 1, (dimension.max or 1) + 1):
            sheet.columns[column] = look_of(dimension)
            sheet.widths[column] = dimension.width
        assert letter
    for row in formulas.iter_rows():
        for one in row:
            if one.comment:
                sheet.notes[one.row, one.column] = Note(one.comment.author, one.comment.text)
            if one.hyperlink:
                sheet.links[one.row, one.column] = one.hyperlink.location
            if one.value is None and not one.has_style:
                continue
            look = looks.setdefault(one.style_id, look_of(one))
            text = one.value.text if isinstance(one.value, ArrayFormula) else one.value
            formula = text if one.data_type == "f" or isinstance(one.value, ArrayFormula) else None
            shown = values.cell(one.row, one.column)
            sheet.cells[one.row, one.column] = Cell(_value(shown.value, shown.data_type), formula, dict(look))
    sheet.merges = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in formulas.merged_cells.ranges]
    sheet.heights = {row: one.height for row, one in formulas.row_dimensions.items() if one.height}
    sheet.breaks = [one.id for one in formulas.row_breaks.brk]
    sheet.colours = [str(one.sqref) for one in formulas.conditional_formatting]
    sheet.filter = formulas.auto_filter.ref
    sheet.protected = formulas.protection.sheet
    sheet.setup = {"PrintTitleRows": formulas.print_title_rows}
    return sheet


def load(content: bytes, path: str) -> Excel:
    """Excel with a workbook open, as it is in a file."""
    excel = copy.deepcopy(_loaded(content))
    excel.path = path
    return excel


@lru_cache(maxsize=4)
def _loaded(content: bytes) -> Excel:
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheets = [_load_sheet(one, values[one.title]) for one in formulas]
    return Excel("", sheets, formulas.active.title, date1904=formulas.epoch.year == 1904)


_NUMBER = re.compile(
    r"[+-]?[\d,]*\.?\d+(e[+-]?\d+)?%?|[￥$¥][\d.,]+|\d+[-/]\d+([-/]\d+)?|\d+(年|月|日|时)[\d年月日时分]*",
    re.I,
)


def entered(text: str, number_format: str) -> tuple[Any, str | None]:
    """Value and formula of what is entered as a text; what looks like a number or date does not stay a text."""
    if text == "":
        return None, None
    if text.startswith("'"):
        return text[1:], None
    if number_format == "@":
        return text, None
    if text.startswith("=") and len(text) > 1:
        return None, text
    if text[0] in "+-@" and len(text) > 1 and not _NUMBER.fullmatch(text):
        raise ValueError(f"Excel takes {text!r} for a formula")
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE", None
    if text in CODES:
        return CODES[text], None
    if _NUMBER.fullmatch(text.strip()):
        digits = re.sub(r"[^\d.]", "", text) or "0"
        return float(digits if digits.count(".") < 2 else 0), None
    return text, None


def serial(value: datetime) -> float:
    return float(to_excel(value, CALENDAR_WINDOWS_1900))
