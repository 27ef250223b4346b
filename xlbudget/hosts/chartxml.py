"""A new chart part in our look: bars full or hatched, told apart without colour; numbers at the bars, no legend.

Its series have no data yet, and what it leaves unsaid is written by chartsaid.py, as in any other chart. XlsxWriter writes the same, and takes a tenth of a second to be imported.
"""

from __future__ import annotations

from html import escape

from xlbudget.files.xml import legal
from xlbudget.hosts.chartsaid import CHART
from xlbudget.pages.grid import PlacedChart

MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_AXES = ("50010001", "50010002")
"""Numbers of the axes of names and of values."""


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


_HATCHED = (
    '<a:pattFill prst="ltUpDiag"><a:fgClr><a:srgbClr val="595959"/></a:fgClr>'
    '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
)


def _title(text: str, size: int) -> str:
    """A title of a chart or an axis, `size` in hundredths of a point."""
    look = f'sz="{size}" b="0" baseline="0"'
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr {look}/></a:pPr>"
        f'<a:r><a:rPr lang="zh-CN" {look}/><a:t>{escape(legal(text), quote=False)}</a:t></a:r></a:p></c:rich></c:tx>'
        "<c:layout/></c:title>"
    )


def _font(size: int) -> str:
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" baseline="0"/></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _series(number: int, *, reference: bool) -> str:
    fill, border = (_HATCHED, "7F7F7F") if reference else (_solid("1F4E79"), "1F4E79")
    numbers = (
        '<c:dLbls><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:spPr>{_solid("FFFFFF")}</c:spPr>{_font(800)}<c:showVal val="1"/></c:dLbls>'
    )
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>'
        f"<c:spPr>{fill}<a:ln>{_solid(border)}</a:ln></c:spPr>{'' if reference else numbers}</c:ser>"
    )


def _axes(placed: PlacedChart, words: str) -> str:
    chart, (names, values) = placed.chart, _AXES
    ends = '<c:crosses val="autoZero"/>'
    return (
        f'<c:catAx><c:axId val="{names}"/><c:scaling>'
        f'<c:orientation val="{"maxMin" if chart.across else "minMax"}"/></c:scaling>'
        f'<c:axPos val="{"l" if chart.across else "b"}"/><c:tickLblPos val="nextTo"/>{_font(900)}'
        f'<c:crossAx val="{values}"/>{ends}<c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/></c:catAx>'
        f'<c:valAx><c:axId val="{values}"/><c:scaling><c:orientation val="minMax"/><c:max val="1"/><c:min val="0"/>'
        f'</c:scaling><c:axPos val="{"t" if chart.across else "l"}"/>{_title(words, 900) if words else ""}'
        '<c:numFmt formatCode="General" sourceLinked="1"/><c:majorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:crossAx val="{names}"/>{ends}'
        '<c:crossBetween val="between"/></c:valAx>'
    )


def legend(placed: PlacedChart) -> str:
    """What the bars are, in words: programs do not agree on the order of a legend's entries."""
    looks = {False: "实心条", True: "斜线条"}
    return "，".join(f"{looks[one.reference]}为{one.name}" for one in placed.chart.series)


def chart_xml(placed: PlacedChart) -> bytes:
    """The chart part. The upper end of the axis of values comes with the data."""
    chart = placed.chart
    several = len(chart.series) > 1
    series = "".join(_series(number, reference=one.reference) for number, one in enumerate(chart.series))
    axes = "".join(f'<c:axId val="{axis}"/>' for axis in _AXES)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{MAIN}" xmlns:r="{_RELATIONS}"><c:lang val="zh-CN"/><c:chart>'
        f"{_title(chart.title, 1200)}<c:plotArea><c:layout/>"
        f'<c:barChart><c:barDir val="{"bar" if chart.across else "col"}"/><c:grouping val="clustered"/>{series}'
        f'<c:gapWidth val="{40 if several else 60}"/>{axes}</c:barChart>'
        f"{_axes(placed, legend(placed) if several else '')}</c:plotArea>"
        '<c:plotVisOnly val="1"/></c:chart><c:printSettings><c:headerFooter/>'
        '<c:pageMargins b="0.75" l="0.7" r="0.7" t="0.75" header="0.3" footer="0.3"/><c:pageSetup/>'
        "</c:printSettings></c:chartSpace>"
    ).encode()
