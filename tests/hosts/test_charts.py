"""A new chart part against XlsxWriter, which writes valid charts and shares nothing with ours."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from lxml import etree

from xlbudget.hosts.charts import refresh
from xlbudget.hosts.chartxml import chart_xml
from xlbudget.pages.grid import PlacedChart
from xlbudget.report.charts import Chart, Series

FULL: dict[str, Any] = {"fill": {"color": "#1F4E79"}, "border": {"color": "#1F4E79"}}
HATCHED: dict[str, Any] = {
    "pattern": {"pattern": "light_upward_diagonal", "fg_color": "#595959", "bg_color": "#FFFFFF"},
    "border": {"color": "#7F7F7F"},
}
NUMBERS = {"value": True, "font": {"size": 8}, "num_format": "General", "fill": {"color": "#FFFFFF"}}
VALUES: dict[str, Any] = {
    "min": 0, "max": 1, "major_gridlines": {"visible": False}, "label_position": "none", "line": {"none": True},
    "major_tick_mark": "none",
}  # fmt: skip
ONE, TWO = (Series("实现程度", ()),), (Series("执行率", ()), Series("A<B & 序时", (), reference=True))


def by_xlsxwriter(chart: Chart, legend: str) -> bytes:
    several = len(chart.series) > 1
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("图表")
        native = book.add_chart({"type": "bar" if chart.across else "column"})
        for series in chart.series:
            look = HATCHED if series.reference else FULL | {"data_labels": NUMBERS}
            native.add_series({"values": ["图表", 0, 0, 0, 0], "gap": 40 if several else 60, **look})
        native.set_title({"name": chart.title, "name_font": {"size": 12, "bold": False}, "overlay": False})
        small = {"size": 9, "bold": False}
        values = VALUES | ({"name": legend, "name_font": small} if several else {})
        names = {"num_font": {"size": 9}, **({"reverse": True} if chart.across else {})}
        native.set_x_axis(values if chart.across else names)
        native.set_y_axis(names if chart.across else values)
        native.set_legend({"none": True})
        sheet.insert_chart(0, 0, native)
    with zipfile.ZipFile(buffer) as package:
        return package.read("xl/charts/chart1.xml")


def canonical(content: bytes, placed: PlacedChart) -> str:
    """A chart part with its data, in which nothing but what it says counts."""
    root = etree.fromstring(content)
    refresh(root, placed, "图表")
    text: str = etree.canonicalize(etree.tostring(root, encoding="unicode"))
    return text


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize(
    ("series", "legend"), [(ONE, ""), (TWO, "实心条为执行率，斜线条为A<B & 序时")], ids=["one", "two"]
)
def test_a_new_chart_is_what_xlsxwriter_makes(across: bool, series: tuple[Series, ...], legend: str) -> None:
    chart = Chart("k", "各项目 <程度> & 进度（%）", "h", (), series, "", across=across)
    placed = PlacedChart(chart, 1, 2, 3, 4)
    ours, theirs = canonical(chart_xml(placed), placed), canonical(by_xlsxwriter(chart, legend), placed)
    assert ours == theirs
    assert ours.count("<c:ser>") == len(series)


def test_the_comparison_sees_a_colour() -> None:
    placed = PlacedChart(Chart("k", "t", "h", (), ONE, ""), 1, 2, 3, 4)
    other = chart_xml(placed).replace(b"1F4E79", b"1F4E78", 1)
    assert canonical(other, placed) != canonical(chart_xml(placed), placed)
