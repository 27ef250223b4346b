"""Chart parts: new ones against XlsxWriter, which shares nothing with ours; what all have to say; spoiled ones are made anew."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from lxml import etree

from tests import files
from tests.engine.engine import open_book
from xlbudget import app
from xlbudget.hosts.charts import refresh
from xlbudget.hosts.chartsaid import say_outright
from xlbudget.hosts.chartxml import chart_xml
from xlbudget.hosts.live import Live
from xlbudget.hosts.package import Package
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
LABELS, VALUE = ("甲",), (Decimal(1),)
ONE = (Series("实现程度", VALUE),)
TWO = (Series("执行率", VALUE), Series("A<B & 序时", VALUE, reference=True))


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
    chart = Chart("k", "各项目 <程度> & 进度（%）", "h", LABELS, series, "", across=across)
    placed = PlacedChart(chart, 1, 2, 3, 4)
    chinese = by_xlsxwriter(chart, legend).replace(b"en-US", b"zh-CN")
    ours, theirs = canonical(chart_xml(placed), placed), canonical(chinese, placed)
    assert ours == theirs
    assert ours.count("<c:ser>") == len(series)


def test_the_comparison_sees_a_colour() -> None:
    placed = PlacedChart(Chart("k", "t", "h", LABELS, ONE, ""), 1, 2, 3, 4)
    other = chart_xml(placed).replace(b"1F4E79", b"1F4E78", 1)
    assert canonical(other, placed) != canonical(chart_xml(placed), placed)


# -- what a chart says outright ------------------------------------------------------------------------

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def children(root: Any, path: str) -> str:
    """The children of an element of a chart part, with their values where they have any."""
    element = root.find("/".join(["."] + [f"{C}{name}" for name in path.split("/") if name]))
    values = ((etree.QName(one).localname, one.get("val")) for one in element)
    return " ".join(name if value is None else f"{name}={value}" for name, value in values)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "lang=zh-CN roundedCorners=0 chart printSettings"),
        ("chart", "title autoTitleDeleted=0 plotArea plotVisOnly=1 dispBlanksAs=gap"),
        ("chart/title", "tx layout overlay=0"),
        ("chart/plotArea/valAx/title", "tx layout overlay=0"),
        ("chart/plotArea/barChart", "barDir=bar grouping=clustered varyColors=0 ser ser gapWidth=40 axId=50010001 axId=50010002"),
        ("chart/plotArea/barChart/ser", "idx=0 order=0 spPr invertIfNegative=0 dLbls"),
        ("chart/plotArea/barChart/ser/dLbls", "numFmt spPr txPr showLegendKey=0 showVal=1 showCatName=0 showSerName=0 showPercent=0 showBubbleSize=0"),
        ("chart/plotArea/catAx", "axId=50010001 scaling delete=0 axPos=l majorTickMark=out minorTickMark=none tickLblPos=nextTo txPr crossAx=50010002 crosses=autoZero auto=1 lblAlgn=ctr lblOffset=100 noMultiLvlLbl=0"),
        ("chart/plotArea/valAx", "axId=50010002 scaling delete=0 axPos=t title numFmt majorTickMark=none minorTickMark=none tickLblPos=none spPr crossAx=50010001 crosses=autoZero crossBetween=between"),
    ],
)  # fmt: skip
def test_what_is_missing_is_written_at_its_place(path: str, expected: str) -> None:
    """Against the order of the schema and what Excel 2016 writes."""
    root = etree.fromstring(chart_xml(PlacedChart(Chart("k", "t", "h", LABELS, TWO, ""), 1, 2, 3, 4)))
    before = children(root, path)
    say_outright(root)
    assert children(root, path) == expected != before
    once = etree.tostring(root)
    say_outright(root)
    assert etree.tostring(root) == once


def test_what_a_chart_says_stays() -> None:
    """Rounded corners, a deleted axis, a title over the bars, labels without their value: somebody wanted them."""
    said = {"roundedCorners": "<c:chart>", "delete": '<c:axPos val="l"/>', "overlay": "</c:title>"}
    text = chart_xml(PlacedChart(Chart("k", "t", "h", LABELS, ONE, ""), 1, 2, 3, 4)).decode()
    for name, before in said.items():
        text = text.replace(before, f'<c:{name} val="1"/>{before}', 1)
    text = text.replace('<c:showVal val="1"/>', '<c:showVal val="0"/><c:showCatName val="1"/>')
    root = etree.fromstring(text.encode())
    say_outright(root)
    for name in said:
        assert next(root.iter(f"{C}{name}")).get("val") == "1"
    assert [one.get("val") for one in root.iterfind(f"{C}chart/{C}plotArea/{C}valAx/{C}delete")] == ["0"]
    assert [one.get("val") for one in root.iter(f"{C}showVal", f"{C}showCatName", f"{C}showSerName")] == [
        "0",
        "1",
        "0",
    ]


SHOWN = ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize")


def unsaid(chart: bytes) -> bytes:
    """As earlier versions wrote it, into a workbook of Excel 2016."""
    return re.sub(rb'<c:(delete|overlay|show(?!Val)\w+|varyColors|roundedCorners) val="0"/>', b"", chart)


def taken_for_true(chart: bytes) -> bytes:
    """As a program saves it that took what was missing for true; the bars are wide, as somebody wanted them."""
    return re.sub(rb'(<c:show\w+ val=)"0"', rb'\1"1"', chart).replace(
        b'gapWidth val="40"', b'gapWidth val="9"'
    )


def one_more_name(chart: bytes) -> bytes:
    """Somebody wants to see the names of projects at their bars."""
    return chart.replace(b'<c:showCatName val="0"/>', b'<c:showCatName val="1"/>')


def shown(content: bytes) -> list[str]:
    """What the labels of the first chart on 图表 show, and how wide its gaps are."""
    root = etree.fromstring(files.parts(content)["xl/charts/chart1.xml"])
    labels, gap = next(root.iter(f"{C}dLbls")), next(root.iter(f"{C}gapWidth"))
    return [
        one.get("val", "") for one in (*labels, gap) if etree.QName(one).localname in (*SHOWN, "gapWidth")
    ]


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (unsaid, ["40"], ["0", "0", "0", "0", "0", "40"]),
        (taken_for_true, ["1", "1", "1", "1", "1", "9"], ["0", "0", "0", "0", "0", "40"]),
        (one_more_name, ["0", "1", "0", "0", "0", "40"], ["0", "1", "0", "0", "0", "40"]),
    ],
)  # fmt: skip
def test_labels_that_cannot_be_read_are_mended(
    edit: Callable[[bytes], bytes], before: list[str], after: list[str], produced: Path, tmp_path: Path
) -> None:
    edits = {f"xl/charts/chart{number}.xml": edit for number in (1, 2, 3)}
    spoiled = files.repacked(edits, (produced / "out.xlsx").read_bytes())
    assert shown(spoiled) == before
    (tmp_path / "a.xlsx").write_bytes(spoiled)
    app.run(tmp_path / "a.xlsx", app.Destinations(tmp_path / "b.xlsx"))
    assert shown((tmp_path / "b.xlsx").read_bytes()) == after


@pytest.mark.parametrize(("names", "gap"), [(3, 40), (2, 9)])
def test_labels_that_cannot_be_read_are_mended_in_an_open_workbook(names: int, gap: int) -> None:
    """Key, category and series together are no wish of anybody's; two of them may be one, and the chart keeps its look."""
    excel, book = open_book(files.sample())
    app.write_results(Live(book), app.open_host(Live(book), None))
    chart = excel.sheet("图表").charts[0]
    chart["ChartGroup.GapWidth"] = 9
    for name in ("ShowLegendKey", "ShowCategoryName", "ShowSeriesName")[:names]:
        chart["series"][0][f"DataLabels.{name}"] = True
    app.write_results(Live(book), app.open_host(Live(book), None))
    assert excel.sheet("图表").charts[-1 if names == 3 else 0]["ChartGroup.GapWidth"] == gap


# -- a chart with nothing to draw ----------------------------------------------------------------------


def no_indicators(book: Any) -> None:
    """Charts stand in the report of this profile."""
    files.front("监控口径", "central")(book)
    for row in book["指标"].iter_rows(min_row=5):
        for cell in row:
            cell.value = None


def test_a_chart_with_nothing_to_draw_is_not_there(tmp_path: Path) -> None:
    """Without indicators no project has an achievement: the other two charts are drawn, and 图表 says why."""
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    source.write_bytes(files.edited(no_indicators))
    opened, _ = app.run(source, app.Destinations(target))
    drawn = [name for name in files.parts(target.read_bytes()) if name.startswith("xl/charts/")]
    assert len(drawn) == 4  # on 图表 and in 监控报告
    said = "各项目绩效目标实现程度与序时进度（%）：没有图。截至 6 月底，序时进度 50%。5 个项目暂不能计算实现程度，不在图中。"
    texts = [
        cell.text for row in Package(target).tables(["图表"])["图表"].rows.values() for cell in row.values()
    ]
    assert said in texts
    assert "各项目预算执行率与序时进度（%）" in texts
    assert "各项目绩效目标实现程度与序时进度（%）" not in texts
    captions = [text for text in opened.report.texts() if text.startswith(("各项目绩效", "图"))]
    assert captions[0] == said
    assert [text[:6] for text in captions[1:]] == ["图1　各项目", "图2　各实现"]
