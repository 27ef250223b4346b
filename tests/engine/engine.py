"""An xlwings engine over tests/engine/com.py, so that live.py runs through the real xlwings package.

Only what live.py and ribbon.py call is there; what is missing fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import xlwings as xw
from xlwings import base_classes

from tests.engine import com, sheets, state
from tests.engine.state import Excel

NAME = "xlbudget-test"


class Engine:
    """What `xw.Engine` wraps."""

    name, type = NAME, "desktop"

    def __init__(self) -> None:
        self.programs: list[Excel] = []

    @property
    def apps(self) -> Apps:
        return Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return "" if value is None else value


ENGINE = Engine()


class Apps(base_classes.Apps):
    """`cleanup` is what xlwings has: it kills every program without a visible workbook."""

    killed = 0

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @staticmethod
    def cleanup() -> None:
        Apps.killed += 1

    def __iter__(self) -> Iterator[App]:
        return iter([App(one) for one in self.engine.programs])


def _state(name: str) -> property:
    """A property of the program, read and set in one call each."""

    def get(self: App) -> Any:
        self.excel.tick(f"App.{name}")
        return getattr(self.excel, name)

    def put(self: App, value: Any) -> None:
        self.excel.tick(f"App.{name}=")
        setattr(self.excel, name, value)

    return property(get, put)


class App(base_classes.App):
    engine = ENGINE
    screen_updating = _state("screen_updating")
    calculation = _state("calculation")
    enable_events = _state("enable_events")
    display_alerts = _state("display_alerts")

    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @property
    def pid(self) -> int:
        return 4711

    @property
    def status_bar(self) -> Any:
        self.excel.tick("App.status_bar")
        return self.excel.status_bar

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self.excel.tick("App.status_bar=")
        self.excel.show(value)

    def calculate(self) -> None:
        self.excel.tick("App.calculate")
        self.excel.recalculate(self.excel)

    def alert(self, *_: Any) -> None:
        raise AssertionError("a modal dialog from Python blocks Excel")

    @property
    def selection(self) -> Range:
        shown = self.excel.sheet(self.excel.active)
        return Range(com.Range(self.excel, shown, com.areas_of(shown.selection)))


class Book(base_classes.Book):
    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @property
    def api(self) -> sheets.Workbook:
        return sheets.Workbook(self.excel)

    @property
    def name(self) -> str:
        return str(self.api.Name)

    @property
    def fullname(self) -> str:
        path = str(self.api.FullName)
        if "://" in path:
            raise xw.XlwingsError("cannot find the local file of a URL")
        return path

    @property
    def app(self) -> App:
        return App(self.excel)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self.excel)


class Sheets(base_classes.Sheets):
    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @property
    def active(self) -> Sheet:
        return Sheet(self.excel, self.excel.sheet(self.excel.active))

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self.excel, one) for one in self.excel.sheets])

    def __len__(self) -> int:
        return len(self.excel.sheets)

    def __call__(self, key: str | int) -> Sheet:
        if isinstance(key, int):
            return Sheet(self.excel, self.excel.sheets[key - 1])
        return Sheet(self.excel, self.excel.sheet(key))

    def add(self, before: Any = None, after: Any = None, name: str = "") -> Sheet:
        self.excel.tick("Sheets.add")
        if self.excel.structure_protected:
            raise com.ComError("the workbook's structure is protected")
        beside = before or after
        assert beside is not None
        index = self.excel.sheets.index(beside.sheet) + (before is None)
        self.excel.sheets.insert(index, state.Sheet(name))
        self.excel.active = name
        return Sheet(self.excel, self.excel.sheets[index])


class Sheet(base_classes.Sheet):
    def __init__(self, excel: Excel, sheet: state.Sheet) -> None:
        self.excel, self.sheet = excel, sheet

    @property
    def api(self) -> sheets.Worksheet:
        return sheets.Worksheet(self.excel, self.sheet)

    @property  # type: ignore[misc]
    def name(self) -> str:
        return str(self.api.Name)

    @property
    def index(self) -> int:
        return self.excel.sheets.index(self.sheet) + 1

    @property
    def book(self) -> Book:
        return Book(self.excel)

    @property
    def notes(self) -> list[Note]:
        self.excel.tick("Worksheet.Comments")
        return [Note(com.Comment(self.excel, self.sheet, place)) for place in sorted(self.sheet.notes)]

    @property
    def used_range(self) -> Range:
        return Range(self.api.UsedRange)

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, str):
            assert last is None
            return Range(com.Range(self.excel, self.sheet, com.areas_of(first)))
        begin, end = _corner(first, 0), _corner(last or first, 2)
        return Range(com.Range(self.excel, self.sheet, [(*begin, *end)]))


def _corner(place: Any, begin: int) -> tuple[int, int]:
    """Row and column of a cell, or of the first (0) or last (2) cell of a range."""
    if isinstance(place, Range):
        area = place.cells.areas[0]
        return area[begin], area[begin + 1]
    row, column = place
    return row, column


class Range(base_classes.Range):
    def __init__(self, cells: com.Range) -> None:
        self.cells = cells

    @property
    def api(self) -> com.Range:
        return self.cells

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.cells.excel, self.cells.sheet)

    @property
    def row(self) -> int:
        return int(self.cells.Row)

    @property
    def column(self) -> int:
        return int(self.cells.Column)

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.cells.areas[0]
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        top, left = self.cells.areas[0][:2]
        assert column is not None
        place = top + row - 1, left + column - 1
        return Range(com.Range(self.cells.excel, self.cells.sheet, [(*place, *place)]))

    @property
    def raw_value(self) -> Any:
        return self.cells.Value

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self.cells.Value = value

    @property
    def formula(self) -> Any:
        return self.cells.Formula

    @formula.setter
    def formula(self, value: Any) -> None:
        self.cells.Formula = value

    @property  # type: ignore[misc]
    def number_format(self) -> Any:
        return self.cells.NumberFormat

    @property
    def merge_cells(self) -> bool | None:
        merged = self.cells.MergeCells
        return None if merged is None else bool(merged)

    @property
    def merge_area(self) -> Range:
        return Range(self.cells.MergeArea)

    def clear_contents(self) -> None:
        self.cells.ClearContents()

    @property
    def note(self) -> Note | None:
        found = self.cells.Comment
        return None if found is None else Note(found)

    def add_note(self, text: str) -> None:
        self.cells.AddComment(text)

    @property
    def comment(self) -> object | None:
        """A threaded comment."""
        return object() if self.cells.areas[0][:2] in self.cells.sheet.threads else None

    def select(self) -> None:
        self.cells.Select()


class Note(base_classes.Note):
    def __init__(self, comment: com.Comment) -> None:
        self.comment = comment

    @property  # type: ignore[misc]
    def text(self) -> str:
        return str(self.comment.Text())

    @property
    def location(self) -> Range:
        return Range(self.comment.Parent)

    def delete(self) -> None:
        self.comment.Delete()


def open_book(content: bytes, path: str = "C:\\填报\\监控.xlsx") -> tuple[Excel, xw.Book]:
    """Excel with a workbook open, and the workbook as xlwings gives it to callers."""
    excel = state.load(content, path)
    return excel, book_of(excel)


def book_of(excel: Excel) -> xw.Book:
    """The workbook of a program that runs."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=ENGINE))
    ENGINE.programs[:] = [excel]
    return xw.Book(impl=Book(excel))
