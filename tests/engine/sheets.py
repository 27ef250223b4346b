"""Worksheets, workbook and program of Excel's object model, over tests/engine/state.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.engine import state
from tests.engine.com import COLUMNS, ROWS, Bag, Com, ComError, Comment, Hyperlinks, Range, areas_of
from tests.engine.state import Excel

SETUP = (
    "PrintTitleRows OddAndEvenPagesHeaderFooter ScaleWithDocHeaderFooter RightHeader CenterFooter RightFooter "
    "EvenPage.RightHeader.Text EvenPage.CenterFooter.Text EvenPage.LeftFooter.Text TopMargin BottomMargin LeftMargin "
    "RightMargin PaperSize Orientation Zoom CenterHorizontally FirstPageNumber"
)
_SERIES = "Name XValues Values HasDataLabels"
_LABELS = "Font.Size ShowLegendKey ShowCategoryName ShowSeriesName"
_FILL = "ForeColor.RGB BackColor.RGB"
_CHART = (
    "ChartType HasTitle ChartTitle.Text ChartTitle.Font.Size ChartTitle.Font.Bold HasLegend DisplayBlanksAs"
)
_AXIS = (
    "TickLabels.Font.Size ReversePlotOrder MinimumScale MaximumScale HasMajorGridlines TickLabelPosition MajorTickMark "
    "Format.Line.Visible HasTitle AxisTitle.Text AxisTitle.Font.Size AxisTitle.Font.Bold"
)


class Worksheet(Com):
    def __init__(self, excel: Excel, sheet: state.Sheet) -> None:
        super().__init__(excel)
        self.sheet = sheet

    def get_Name(self) -> str:  # noqa: N802
        return self.sheet.name

    def set_Name(self, value: str) -> None:  # noqa: N802
        if self.excel.active == self.sheet.name:
            self.excel.active = value
        self.sheet.name = value

    def get_Index(self) -> int:  # noqa: N802
        return self.excel.sheets.index(self.sheet) + 1

    def get_Visible(self) -> int:  # noqa: N802
        return self.sheet.visible

    def get_Comments(self) -> list[Comment]:  # noqa: N802
        return [Comment(self.excel, self.sheet, place) for place in sorted(self.sheet.notes)]

    def do_Move(self, Before: Worksheet) -> None:  # noqa: N802, N803
        if self.sheet.visible != -1:
            raise ComError("a hidden sheet cannot be moved")
        self.excel.sheets.remove(self.sheet)
        self.excel.sheets.insert(self.excel.sheets.index(Before.sheet), self.sheet)

    def do_Range(self, first: str | Range, last: Range | None = None) -> Range:  # noqa: N802
        if isinstance(first, str):
            return Range(self.excel, self.sheet, areas_of(first))
        assert last is not None
        return Range(self.excel, self.sheet, [(*first.areas[0][:2], *last.areas[0][2:])])

    def get_Cells(self) -> Range:  # noqa: N802
        return Range(self.excel, self.sheet, [(1, 1, ROWS, COLUMNS)])

    def get_UsedRange(self) -> Range:  # noqa: N802
        places = [*self.sheet.cells, *self.sheet.notes] or [(1, 1)]
        rows, columns = [row for row, _ in places], [column for _, column in places]
        return Range(self.excel, self.sheet, [(min(rows), min(columns), max(rows), max(columns))])

    def get_Hyperlinks(self) -> Hyperlinks:  # noqa: N802
        return Hyperlinks(self.excel, self.sheet)

    def get_StandardHeight(self) -> float:  # noqa: N802
        return 15.0

    def set_Visible(self, value: int) -> None:  # noqa: N802
        if self.excel.structure_protected:
            raise ComError("the workbook's structure is protected")
        self.sheet.visible = value

    def do_Activate(self) -> None:  # noqa: N802
        if self.sheet.visible != -1:
            raise ComError("hidden")
        self.excel.active = self.sheet.name

    def get_Tab(self) -> Tab:  # noqa: N802
        return Tab(self.excel, self.sheet)

    def get_PageSetup(self) -> Bag:  # noqa: N802
        return Bag(self.excel, self.sheet.setup, "PageSetup", SETUP)

    def get_Parent(self) -> Workbook:  # noqa: N802
        return Workbook(self.excel)

    def get_HPageBreaks(self) -> Breaks:  # noqa: N802
        return Breaks(self.excel, self.sheet)

    def do_ResetAllPageBreaks(self) -> None:  # noqa: N802
        self.sheet.breaks = []

    def get_FilterMode(self) -> bool:  # noqa: N802
        return bool(self.sheet.filtered)

    def do_ShowAllData(self) -> None:  # noqa: N802
        if self.sheet.protected:
            raise ComError(f"{self.sheet.name} is protected")
        self.sheet.filtered = set()

    def get_ProtectContents(self) -> bool:  # noqa: N802
        return self.sheet.protected

    def do_Protect(self, **options: bool) -> None:  # noqa: N802
        known = {"DrawingObjects", "Contents", "Scenarios", "AllowFormattingColumns", "AllowFormattingRows"}
        assert options.keys() == known
        self.sheet.protected = True

    def do_Unprotect(self, password: str) -> None:  # noqa: N802
        assert password, "without a password at hand Excel asks for one in a dialog"
        if self.sheet.password not in ("", password):
            raise ComError("wrong password")
        self.sheet.protected = False

    def do_ChartObjects(self) -> ChartObjects:  # noqa: N802
        return ChartObjects(self.excel, self.sheet)


class Tab(Worksheet):
    def set_Color(self, value: int) -> None:  # noqa: N802
        self.sheet.tab = value


class Breaks(Worksheet):
    def do_Add(self, Before: Range) -> None:  # noqa: N802, N803
        self.sheet.breaks.append(Before.areas[0][0] - 1)


class Worksheets(Com):
    """The sheets of the workbook."""

    def __call__(self, key: str | int) -> Worksheet:
        self.excel.tick("Worksheets.Item")
        sheet = self.excel.sheets[key - 1] if isinstance(key, int) else self.excel.sheet(key)
        return Worksheet(self.excel, sheet)

    def __iter__(self) -> Iterator[Worksheet]:
        return iter([Worksheet(self.excel, one) for one in self.excel.sheets])

    def get_Count(self) -> int:  # noqa: N802
        return len(self.excel.sheets)

    def get_Parent(self) -> Workbook:  # noqa: N802
        return Workbook(self.excel)

    def do_Add(self, Before: Worksheet) -> Worksheet:  # noqa: N802, N803
        if self.excel.structure_protected:
            raise ComError("the workbook's structure is protected")
        new = state.Sheet(f"Sheet{len(self.excel.sheets) + 1}")
        self.excel.sheets.insert(self.excel.sheets.index(Before.sheet), new)
        self.excel.active = new.name
        return Worksheet(self.excel, new)


_CALCULATION = {"automatic": -4105, "manual": -4135, "semiautomatic": 2}


class Workbooks(Com):
    """The workbooks that are open."""

    def do_Open(self, path: str) -> None:  # noqa: N802
        self.excel.opened.append(path)


class Application(Com):
    """The program."""

    def get_Workbooks(self) -> Workbooks:  # noqa: N802
        return Workbooks(self.excel)

    def get_Hwnd(self) -> int:  # noqa: N802
        return 1

    def get_Calculation(self) -> int:  # noqa: N802
        return _CALCULATION[self.excel.calculation]

    def set_Calculation(self, value: int) -> None:  # noqa: N802
        self.excel.calculation = next(name for name, one in _CALCULATION.items() if one == value)

    def do_Calculate(self) -> None:  # noqa: N802
        self.excel.recalculate(self.excel)

    def get_Selection(self) -> Range:  # noqa: N802
        shown = self.excel.sheet(self.excel.active)
        return Range(self.excel, shown, areas_of(shown.selection))

    def set_StatusBar(self, value: str | bool) -> None:  # noqa: N802
        self.excel.show(value)


def _setting(name: str, kept: str) -> None:
    """Let the program have a property that the state keeps."""
    setattr(Application, f"get_{name}", lambda self: getattr(self.excel, kept))
    if not hasattr(Application, f"set_{name}"):
        setattr(Application, f"set_{name}", lambda self, value: setattr(self.excel, kept, value))


for _name, _kept in (
    ("ScreenUpdating", "screen_updating"),
    ("EnableEvents", "enable_events"),
    ("DisplayAlerts", "display_alerts"),
    ("StatusBar", "status_bar"),
):
    _setting(_name, _kept)


class Workbook(Com):
    def get_Application(self) -> Application:  # noqa: N802
        return Application(self.excel)

    def get_Worksheets(self) -> Worksheets:  # noqa: N802
        return Worksheets(self.excel)

    def get_ActiveSheet(self) -> Worksheet:  # noqa: N802
        return Worksheet(self.excel, self.excel.sheet(self.excel.active))

    def get_Date1904(self) -> bool:  # noqa: N802
        return self.excel.date1904

    def get_ProtectStructure(self) -> bool:  # noqa: N802
        return self.excel.structure_protected

    def get_FullName(self) -> str:  # noqa: N802
        return self.excel.path

    def get_Name(self) -> str:  # noqa: N802
        return self.excel.path.replace("\\", "/").rpartition("/")[2]

    def do_Activate(self) -> None:  # noqa: N802
        pass

    def do_Windows(self, index: int) -> Bag:  # noqa: N802
        assert index == 1
        shown = self.excel.sheet(self.excel.active)
        return Bag(self.excel, shown.window, "Window", "DisplayGridlines SplitColumn SplitRow FreezePanes")


# -- charts --------------------------------------------------------------------------------------------


class ChartObjects(Worksheet):
    def __iter__(self) -> Iterator[ChartObject]:
        return iter([ChartObject(self.excel, self.sheet, one) for one in self.sheet.charts])

    def do_Add(self, left: float, top: float, width: float, height: float) -> ChartObject:  # noqa: N802
        if self.sheet.protected:
            raise ComError(f"{self.sheet.name} is protected")
        assert left >= 0
        assert top >= 0
        assert width > 0
        assert height > 0
        self.sheet.charts.append({"Name": f"Chart {len(self.sheet.charts) + 1}", "series": [{}], "axes": {}})
        return ChartObject(self.excel, self.sheet, self.sheet.charts[-1])


class ChartObject(Com):
    """A frame with its chart; Excel begins a chart with whatever is selected."""

    def __init__(self, excel: Excel, sheet: state.Sheet, kept: dict[str, Any]) -> None:
        super().__init__(excel)
        self.sheet, self.kept = sheet, kept

    def get_Name(self) -> str:  # noqa: N802
        return str(self.kept["Name"])

    def set_Name(self, value: str) -> None:  # noqa: N802
        self.kept["Name"] = value

    def set_Left(self, value: float) -> None:  # noqa: N802
        self.kept["Left"] = value

    def set_Top(self, value: float) -> None:  # noqa: N802
        self.kept["Top"] = value

    def set_Width(self, value: float) -> None:  # noqa: N802
        self.kept["Width"] = value

    def set_Height(self, value: float) -> None:  # noqa: N802
        self.kept["Height"] = value

    def do_Delete(self) -> None:  # noqa: N802
        self.sheet.charts.remove(self.kept)

    def get_Chart(self) -> Chart:  # noqa: N802
        return Chart(self.excel, self.kept, "Chart", _CHART)


class Chart(Bag):
    def __getattr__(self, name: str) -> Any:
        if name in ("SeriesCollection", "Axes", "ChartGroups"):
            self.excel.tick(f"Chart.{name}")
            return getattr(self, f"do_{name}")
        return super().__getattr__(name)

    def do_SeriesCollection(self, index: int | None = None) -> Any:  # noqa: N802
        if index is None:
            return SeriesCollection(self.excel, self.kept)
        return Series(self.excel, self.kept["series"], index - 1)

    def do_Axes(self, kind: int) -> Bag:  # noqa: N802
        return Bag(self.excel, self.kept["axes"].setdefault(kind, {}), "Axis", _AXIS)

    def do_ChartGroups(self, index: int) -> Bag:  # noqa: N802
        assert index == 1
        return Bag(self.excel, self.kept, "ChartGroup", "GapWidth")


class SeriesCollection(Com):
    def __init__(self, excel: Excel, kept: dict[str, Any]) -> None:
        super().__init__(excel)
        self.kept = kept

    def get_Count(self) -> int:  # noqa: N802
        return len(self.kept["series"])

    def do_NewSeries(self) -> Series:  # noqa: N802
        self.kept["series"].append({})
        return Series(self.excel, self.kept["series"], len(self.kept["series"]) - 1)


class Series(Bag):
    def __init__(self, excel: Excel, all_series: list[dict[str, Any]], index: int) -> None:
        super().__init__(excel, all_series[index], "Series", _SERIES)
        self.all_series, self.index = all_series, index

    def __getattr__(self, name: str) -> Any:
        if name == "Delete":
            return lambda: self.all_series.pop(self.index)
        if name == "Format":
            return Format(self.excel, self.kept)
        if name == "DataLabels":
            return lambda: Bag(self.excel, self.kept, "DataLabels", _LABELS)
        return super().__getattr__(name)


class Format(Com):
    def __init__(self, excel: Excel, kept: dict[str, Any]) -> None:
        super().__init__(excel)
        self.kept = kept

    def get_Fill(self) -> Fill:  # noqa: N802
        return Fill(self.excel, self.kept, "Fill", _FILL)


class Fill(Bag):
    def __getattr__(self, name: str) -> Any:
        if name == "Patterned":
            return lambda pattern: self.kept.__setitem__("Pattern", pattern)
        return super().__getattr__(name)
