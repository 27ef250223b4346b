"""Native charts: a drawing on a sheet and a part a chart. A chart that is there keeps its look, only its data change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from xlbudget.domain.money import plain
from xlbudget.domain.where import column_letter
from xlbudget.files.parts import Parts
from xlbudget.files.xml import DOC_RELS, Element, legal, put, tag
from xlbudget.hosts.chartsaid import CHART, is_spoiled, say_outright
from xlbudget.hosts.chartxml import MAIN, chart_xml
from xlbudget.pages.grid import Grid, PlacedChart

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
BLANK_DRAWING = f'<xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="{MAIN}"/>'.encode()
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
NAME = "xlbudget "
_FIRST_ID = 1000
_INSET, _LAST_ROW = 25_400, 228_600
"""Distance of a chart from the borders of its first and last row, in EMU, lest its frame is printed on the next page."""
_HEADROOM = Decimal("1.15")
"""Upper end of the axis over the largest value: room for its number."""
_SERIES = "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val"
"""Children of a series in the order of the schema."""


def most(placed: PlacedChart) -> Decimal:
    """Upper end of the axis of values."""
    values = [value for series in placed.chart.series for value in series.values if value is not None]
    return max([Decimal(placed.chart.most or 1), *values]) * _HEADROOM


def write_charts(parts: Parts, drawing_part: str | None, grid: Grid, data: str) -> str | None:
    """Put a grid's charts on a drawing; ours of an earlier run take the new data, those not wanted any more go.

    `data` is the tab with their figures. Returns the drawing where one had to be made.
    """
    made = None
    if drawing_part is None:
        if not grid.charts:
            return None
        drawing_part = made = parts.add("xl/drawings/drawing{}.xml", BLANK_DRAWING, _DRAWING_TYPE)
    drawing = parts.writable(drawing_part, "wsDr", grid.sheet.name)
    known = frames(drawing)
    for chart in grid.charts:
        anchor = known.pop(chart.chart.key, None)
        shown = None if anchor is None else parts.shown(drawing_part, _reference(anchor))
        if anchor is None or shown is None:
            shown = parts.add("xl/charts/chart{}.xml", chart_xml(chart), _CHART_TYPE)
            anchor = new_frame(drawing, chart, parts.relate(drawing_part, "chart", shown))
        elif not fits(parts.writable(shown, "chartSpace", f"{drawing_part} {chart.chart.key}"), chart):
            parts.replace(shown, chart_xml(chart))
        place(anchor, chart)
        say_outright(parts.root(shown))
        refresh(parts.root(shown), chart, data)
        parts.touch(shown)
    for anchor in known.values():
        drawing.remove(anchor)
    if grid.charts or known:
        parts.touch(drawing_part)
    return made


def _range(sheet: str, column: int, first: int, last: int) -> str:
    letter = column_letter(column)
    end = f":${letter}${last}" if last > first else ""
    return f"'{sheet}'!${letter}${first}{end}"


def _cache(kind: str, formula: str, values: list[str | None]) -> Element:
    """A reference with what stands there, so that programs that do not recalculate show it too."""
    reference = etree.Element(tag(f"{kind}Ref", CHART))
    etree.SubElement(reference, tag("f", CHART)).text = formula
    cache = etree.SubElement(reference, tag(f"{kind}Cache", CHART))
    if kind == "num":
        etree.SubElement(cache, tag("formatCode", CHART)).text = "General"
    etree.SubElement(cache, tag("ptCount", CHART), val=str(len(values)))
    for index, value in enumerate(values):
        if value is not None:
            point = etree.SubElement(cache, tag("pt", CHART), idx=str(index))
            etree.SubElement(point, tag("v", CHART)).text = legal(value)
    return reference


def _series_data(placed: PlacedChart, index: int, sheet: str) -> Iterator[tuple[str, Element]]:
    chart, header = placed.chart, placed.data_row
    first, last = header + 1, header + len(chart.labels)
    series = chart.series[index]
    values = [None if value is None else plain(value) for value in series.values]
    yield "tx", _cache("str", _range(sheet, index + 2, header, header), [series.name])
    yield "cat", _cache("str", _range(sheet, 1, first, last), list(chart.labels))
    yield "val", _cache("num", _range(sheet, index + 2, first, last), values)


def fits(root: Element, placed: PlacedChart) -> bool:
    """Whether a chart part still draws as many series as the chart has, and its labels can be read."""
    return len(list(root.iter(tag("ser", CHART)))) == len(placed.chart.series) and not is_spoiled(root)


def refresh(root: Element, placed: PlacedChart, sheet: str) -> None:
    """Point every series of a chart part to its cells and keep their values with it."""
    for index, series in enumerate(root.iter(tag("ser", CHART))):
        for name, reference in _series_data(placed, index, sheet):
            for old in series.findall(tag(name, CHART)):
                series.remove(old)
            element = etree.Element(tag(name, CHART))
            element.append(reference)
            put(series, element, _SERIES.split())
    for end in root.iterfind(f".//{tag('valAx', CHART)}/{tag('scaling', CHART)}/{tag('max', CHART)}"):
        end.set("val", plain(most(placed)))


def frames(drawing: Element) -> dict[str, Element]:
    """Our charts on a drawing: key → anchor."""
    found = {}
    for anchor in drawing:
        name = anchor.find(
            f"{tag('graphicFrame', DRAWING)}/{tag('nvGraphicFramePr', DRAWING)}/{tag('cNvPr', DRAWING)}"
        )
        if name is not None and name.get("name", "").startswith(NAME):
            found[name.get("name", "").removeprefix(NAME)] = anchor
    return found


def _reference(anchor: Element) -> Element | None:
    """The element of an anchor that names its chart part."""
    return next(anchor.iter(tag("chart", CHART)), None)


def _corner(name: str, column: int, row: int, below: int) -> Element:
    corner = etree.Element(tag(name, DRAWING))
    for part, value in (("col", column), ("colOff", 0), ("row", row), ("rowOff", below)):
        etree.SubElement(corner, tag(part, DRAWING)).text = str(value)
    return corner


def place(anchor: Element, placed: PlacedChart) -> None:
    """Put an anchor between the chart's rows."""
    for old in [*anchor.findall(tag("from", DRAWING)), *anchor.findall(tag("to", DRAWING))]:
        anchor.remove(old)
    anchor.insert(0, _corner("from", 0, placed.top - 1, _INSET))
    anchor.insert(1, _corner("to", placed.columns, placed.bottom - 1, _LAST_ROW))
    name = next(anchor.iter(tag("cNvPr", DRAWING)))
    name.set("descr", f"{placed.chart.title}。{placed.chart.note}")


def new_frame(drawing: Element, placed: PlacedChart, relation: str) -> Element:
    """Add an anchor with a frame for a chart."""
    used = [
        int(one.get("id", "0")) for one in drawing.iter(tag("cNvPr", DRAWING)) if one.get("id", "").isdigit()
    ]
    anchor = etree.SubElement(drawing, tag("twoCellAnchor", DRAWING), editAs="oneCell")
    frame = etree.SubElement(anchor, tag("graphicFrame", DRAWING), macro="")
    properties = etree.SubElement(frame, tag("nvGraphicFramePr", DRAWING))
    etree.SubElement(
        properties,
        tag("cNvPr", DRAWING),
        id=str(max([_FIRST_ID, *used]) + 1),
        name=f"{NAME}{placed.chart.key}",
    )
    etree.SubElement(properties, tag("cNvGraphicFramePr", DRAWING))
    transform = etree.SubElement(frame, tag("xfrm", DRAWING))
    etree.SubElement(transform, tag("off", MAIN), x="0", y="0")
    etree.SubElement(transform, tag("ext", MAIN), cx="0", cy="0")
    graphic = etree.SubElement(
        etree.SubElement(frame, tag("graphic", MAIN)), tag("graphicData", MAIN), uri=CHART
    )
    chart = etree.SubElement(graphic, tag("chart", CHART), nsmap={"c": CHART, "r": DOC_RELS})
    chart.set(tag("id", DOC_RELS), relation)
    etree.SubElement(anchor, tag("clientData", DRAWING))
    return anchor
