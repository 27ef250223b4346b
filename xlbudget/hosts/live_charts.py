"""Native charts of an open workbook, through Excel's own objects. A chart that is there keeps its look."""

from __future__ import annotations

from typing import Any

from xlbudget.domain.where import column_letter
from xlbudget.hosts.charts import NAME, most
from xlbudget.hosts.chartxml import legend
from xlbudget.hosts.live_looks import Area, area_address, colour
from xlbudget.pages.grid import Grid, PlacedChart

_BARS, _COLUMNS = 57, 51
_CATEGORIES, _VALUES = 1, 2
_NONE, _GAPS, _HATCHED = -4142, 1, 22
_INSET = 2.0
"""Points between a chart and the borders of its rows."""
_INK, _HATCH, _PAPER = "1F4E79", "595959", "FFFFFF"


def draw(sheet: Any, data: Any, grid: Grid) -> None:
    """Put a grid's charts on a sheet, their figures on `data`; those of ours that are not wanted any more go."""
    known = {one.Name.removeprefix(NAME): one for one in sheet.ChartObjects() if one.Name.startswith(NAME)}
    for placed in grid.charts:
        frame = known.pop(placed.chart.key, None)
        if frame is not None and not _fits(frame.Chart, placed):
            frame.Delete()
            frame = None
        if frame is None:
            frame = _new(sheet, placed)
        _place(frame, sheet.Range(area_address((placed.top, 1, placed.bottom, placed.columns))))
        _refresh(frame.Chart, data, placed)
    for frame in known.values():
        frame.Delete()


def _fits(native: Any, placed: PlacedChart) -> bool:
    """Whether a chart still draws as many series as it has, and its labels can be read: see charts.fits."""
    collection = native.SeriesCollection()
    if collection.Count != len(placed.chart.series):
        return False
    labelled = (native.SeriesCollection(index) for index in range(1, collection.Count + 1))
    labels = [one.DataLabels() for one in labelled if one.HasDataLabels]
    return not any(one.ShowLegendKey and one.ShowCategoryName and one.ShowSeriesName for one in labels)


def _new(sheet: Any, placed: PlacedChart) -> Any:
    """A chart in our look, still without figures."""
    frame = sheet.ChartObjects().Add(0, 0, 100, 100)
    frame.Name = f"{NAME}{placed.chart.key}"
    native, chart = frame.Chart, placed.chart
    native.ChartType = _BARS if chart.across else _COLUMNS
    collection = native.SeriesCollection()
    while collection.Count:  # Excel draws what happens to be selected
        native.SeriesCollection(1).Delete()
    for series in chart.series:
        _dress_series(collection.NewSeries(), reference=series.reference)
    native.ChartGroups(1).GapWidth = 40 if len(chart.series) > 1 else 60
    native.HasTitle = True
    native.ChartTitle.Text = chart.title
    native.ChartTitle.Font.Size, native.ChartTitle.Font.Bold = 12, False
    native.HasLegend = False
    native.DisplayBlanksAs = _GAPS
    _dress_axes(native, placed)
    return frame


def _dress_series(native: Any, *, reference: bool) -> None:
    """A full bar with its number, or a hatched one for what it is compared with: told apart without colour."""
    fill = native.Format.Fill
    if reference:
        fill.Patterned(_HATCHED)
        fill.ForeColor.RGB, fill.BackColor.RGB = colour(_HATCH), colour(_PAPER)
        return
    fill.ForeColor.RGB = colour(_INK)
    native.HasDataLabels = True
    native.DataLabels().Font.Size = 8


def _dress_axes(native: Any, placed: PlacedChart) -> None:
    names, values = native.Axes(_CATEGORIES), native.Axes(_VALUES)
    names.TickLabels.Font.Size = 9
    names.ReversePlotOrder = placed.chart.across
    values.MinimumScale = 0
    values.HasMajorGridlines = False
    values.TickLabelPosition = values.MajorTickMark = _NONE
    values.Format.Line.Visible = False
    if len(placed.chart.series) > 1:
        values.HasTitle = True
        values.AxisTitle.Text = legend(placed)
        values.AxisTitle.Font.Size, values.AxisTitle.Font.Bold = 9, False


def _place(frame: Any, area: Any) -> None:
    frame.Left, frame.Top = area.Left, area.Top + _INSET
    frame.Width, frame.Height = area.Width, area.Height - 2 * _INSET


def _refresh(native: Any, data: Any, placed: PlacedChart) -> None:
    """Point every series to its cells."""
    header = placed.data_row
    first, last = header + 1, header + len(placed.chart.labels)

    def cells(area: Area) -> Any:
        return data.Range(area_address(area))

    for index in range(1, len(placed.chart.series) + 1):
        series = native.SeriesCollection(index)
        series.Name = f"='{data.Name}'!${column_letter(index + 1)}${header}"
        series.XValues = cells((first, 1, last, 1))
        series.Values = cells((first, index + 1, last, index + 1))
    native.Axes(_VALUES).MaximumScale = float(most(placed))
