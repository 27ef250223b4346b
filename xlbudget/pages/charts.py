"""图表: native charts above the figures that they show."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlbudget import layout
from xlbudget.pages.breaks import Pages
from xlbudget.pages.grid import Grid, GridCell, PlacedChart
from xlbudget.pages.metrics import row_height
from xlbudget.pages.styles import Look, decimals, number_style
from xlbudget.report.charts import Chart, Series

_AREA_ROW = 20.0
"""Height of the rows that a chart lies on."""
_PER_BAR, _AROUND, _COLUMNS = 17.0, 56.0, 180.0
_LEAST = 120.0
_CAPTION = 40.0
"""Room for what stands below a chart of the report: two lines."""


def chart_height(chart: Chart) -> float:
    """Height of a chart in points: room for a bar and its reference for each label; two charts share a page."""
    return max(_LEAST, _AROUND + _PER_BAR * len(chart.labels)) if chart.across else _COLUMNS


def _area(grid: Grid, pages: Pages, chart: Chart, below: float) -> tuple[int, int]:
    """Empty rows for a chart, on one page with what stands below it: first and last row."""
    rows = math.ceil(chart_height(chart) / _AREA_ROW)
    pages.keep(rows * _AREA_ROW + below)
    first = grid.row + 1
    for _ in range(rows):
        grid.line(height=_AREA_ROW)
    return first, grid.row


def chart_grid(charts: Sequence[Chart]) -> Grid:
    """Every chart with its note, then a table of figures for each; of one with nothing to draw only why."""
    grid = Grid(layout.CHARTS)
    pages = Pages(grid)
    grid.wide("图表", "title", height=30)
    places: list[tuple[Chart, int, int]] = []
    for chart in charts:
        text = f"{chart.title}：没有图。{chart.note}" if chart.empty else chart.note
        note = row_height([(text, grid.points)], size=10, least=20)
        if not chart.empty:
            places.append((chart, *_area(grid, pages, chart, note + 10)))
        grid.wide(text, "chart_note", height=note)
        grid.line(height=10)
    pages.turn()
    grid.wide("图中的数", "title", height=30)
    for chart, top, bottom in places:
        grid.charts.append(
            PlacedChart(chart, top, bottom, len(grid.sheet.widths), _figures(grid, pages, chart))
        )
    return grid


def _figures(grid: Grid, pages: Pages, chart: Chart) -> int:
    """The figures of a chart as a table; the row of its header."""
    pages.keep(24 + 24 + 20 * len(chart.labels))
    grid.line(GridCell(chart.title, "group"), height=24)
    grid.merge(grid.row, 1, grid.row, len(chart.series) + 1)
    heads = (chart.heading, *(series.name for series in chart.series))
    header = grid.line(*(GridCell(text, "head") for text in heads), height=24)
    styles = [_style(series) for series in chart.series]
    for index, label in enumerate(chart.labels):
        numbers = (
            GridCell(series.values[index], style) for series, style in zip(chart.series, styles, strict=True)
        )
        grid.line(GridCell(label, "body"), *numbers, height=20)
    grid.line(height=12)
    return header


def _style(series: Series) -> Look:
    """The style that shows every value of a series in full, with the decimal points in line."""
    return number_style(
        "body_number", max((decimals(value) for value in series.values if value is not None), default=0)
    )


def place_chart(grid: Grid, pages: Pages, chart: Chart, data_row: int) -> None:
    """A chart within another sheet, with room for its caption; its figures are those on 图表."""
    top, bottom = _area(grid, pages, chart, _CAPTION)
    grid.charts.append(PlacedChart(chart, top, bottom, len(grid.sheet.widths), data_row))
