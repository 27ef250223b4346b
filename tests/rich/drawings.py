"""What is drawn above the cells: charts, pictures, shapes, sparklines."""

from __future__ import annotations

import struct
import zlib

from tests.rich.book import Book, guid, ns, part, snippet
from tests.rich.cells import ANALYSIS, INDICATORS, PROJECTS
from tests.rich.registry import Trail, feature

FRONT, PICTURES, CHART_TAB, RESULTS = "首页", "附图", "执行率图", "统计表"
_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CHARTSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml"
_LOOK = "http://schemas.microsoft.com/office/2011/relationships"
_C14 = "http://schemas.microsoft.com/office/drawing/2007/8/2/chart"
_STYLED = (
    "axisTitle categoryAxis chartArea dataLabel dataLabelCallout dataPoint dataPoint3D dataPointLine dataPointMarker "
    "dataPointMarkerLayout dataPointWireframe dataTable downBar dropLine errorBar floor gridlineMajor gridlineMinor "
    "hiLoLine leaderLine legend plotArea plotArea3D seriesAxis seriesLine title trendline trendlineLabel upBar valueAxis wall"
)
_CHART_XML = (
    f'<c:chartSpace {ns("c", "a", "r", "mc")}><c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/>'
    f'<mc:AlternateContent><mc:Choice Requires="c14" xmlns:c14="{_C14}"><c14:style val="102"/></mc:Choice><mc:Fallback>'
    '<c:style val="2"/></mc:Fallback></mc:AlternateContent><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r>'
    '<a:rPr lang="zh-CN"/><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted '
    'val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
    '<c:ser><c:idx val="0"/><c:order val="0"/><c:invertIfNegative val="0"/><c:val><c:numRef><c:f>{formula}</c:f><c:numCache>'
    '<c:formatCode>General</c:formatCode><c:ptCount val="1"/><c:pt idx="0"><c:v>2.41</c:v></c:pt></c:numCache></c:numRef>'
    '</c:val></c:ser><c:gapWidth val="150"/><c:axId val="111"/><c:axId val="222"/></c:barChart><c:catAx><c:axId val="111"/>'
    '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="222"/></c:catAx>'
    '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
    '<c:crossAx val="111"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
)


def png(red: int, green: int, blue: int, side: int = 24) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def drawing(book: Book, sheet: str) -> str:
    """The drawing part of a sheet, made where there is none."""
    known = book.related(book.sheets()[sheet], "drawing")
    if known:
        return known
    content = part(f"<xdr:wsDr {ns('xdr', 'a')}/>")
    name = book.free("xl/drawings/drawing{}.xml")
    identity = book.attach(book.sheets()[sheet], "drawing", name, content, _DRAWING)
    book.put(sheet, f'<drawing r:id="{identity}"/>')
    return name


def anchor(book: Book, sheet: str, at: tuple[int, int], inner: str) -> None:
    """Put an object on a sheet; `at`: column and row of its corner, from 0."""
    corners = "".join(
        f"<xdr:{name}><xdr:col>{at[0] + size}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{at[1] + size * 2}</xdr:row>"
        f"<xdr:rowOff>9525</xdr:rowOff></xdr:{name}>"
        for name, size in (("from", 0), ("to", 3))
    )
    xml = f'<xdr:twoCellAnchor editAs="oneCell">{corners}{inner}<xdr:clientData/></xdr:twoCellAnchor>'
    book.root(drawing(book, sheet)).append(snippet(xml))


def frame(number: int, name: str, prefix: str, inner: str) -> str:
    """A frame for something that a namespace of its own describes."""
    uri = ns(prefix).partition("=")[2].strip('"')
    return (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{number}" name="{name}"><a:extLst>'
        f'<a:ext uri="{{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}}"><a16:creationId id="{guid(name)}"/></a:ext></a:extLst>'
        '</xdr:cNvPr><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
        f'</xdr:xfrm><a:graphic><a:graphicData uri="{uri}">{inner}</a:graphicData></a:graphic></xdr:graphicFrame>'
    )


def _new_chart(book: Book, drawing_part: str, title: str, formula: str) -> str:
    """Add a chart with its style and colours; the id of the relation from the drawing."""
    name = book.free("xl/charts/chart{}.xml")
    number = name.removeprefix("xl/charts/chart").removesuffix(".xml")
    content = part(_CHART_XML.replace("{title}", title).replace("{formula}", formula))
    identity = book.attach(drawing_part, "chart", name, content, _CHART)
    look = '<cs:lnRef idx="0"/><cs:fillRef idx="0"/><cs:effectRef idx="0"/><cs:fontRef idx="minor"/>'
    items = "".join(f"<cs:{one}>{look}</cs:{one}>" for one in _STYLED.split())
    items = items.replace("<cs:dataPointMarkerLayout>" + look + "</cs:dataPointMarkerLayout>",
                          '<cs:dataPointMarkerLayout symbol="circle" size="5"/>')  # fmt: skip
    style = part(f'<cs:chartStyle {ns("cs", "a")} id="201">{items}</cs:chartStyle>')
    book.attach(
        name,
        f"{_LOOK}/chartStyle",
        f"xl/charts/style{number}.xml",
        style,
        "application/vnd.ms-office.chartstyle+xml",
    )
    colours = part(
        f'<cs:colorStyle {ns("cs", "a")} meth="cycle" id="10"><a:schemeClr val="accent1"/></cs:colorStyle>'
    )
    kind = "application/vnd.ms-office.chartcolorstyle+xml"
    book.attach(name, f"{_LOOK}/chartColorStyle", f"xl/charts/colors{number}.xml", colours, kind)
    return identity


@feature(
    Trail(f"{PROJECTS}>drawing>chart", "//c:barChart"),
    Trail(f"{PROJECTS}>drawing>chart>chartStyle"),
    Trail(f"{PROJECTS}>drawing>chart>chartColorStyle"),
    Trail(f"{PROJECTS}>drawing", "//xdr:graphicFrame"),
    Trail(f"{ANALYSIS}>drawing>chart", "//mc:AlternateContent"),
)
def native_charts(book: Book) -> None:
    """Charts on an input sheet and on the user's own."""
    for sheet, at, formula in (
        (PROJECTS, (2, 12), "项目!$J$5:$J$9"),
        (ANALYSIS, (1, 8), "我的分析!$C$1:$C$4"),
    ):
        identity = _new_chart(book, drawing(book, sheet), f"{sheet}用图", formula)
        anchor(book, sheet, at, frame(2, "图表 1", "c", f'<c:chart r:id="{identity}"/>'))


@feature(
    Trail(f"{RESULTS}>drawing", "//xdr:graphicFrame[.//xdr:cNvPr[@name='图表 1']]"),
    Trail(f"{RESULTS}>drawing>chart", "//c:barChart"),
)
def chart_on_a_result_sheet(book: Book) -> None:
    """A chart of the user's beside our results, on a sheet that we write anew."""
    identity = _new_chart(book, drawing(book, RESULTS), "自用", "统计表!$C$6:$C$9")
    anchor(book, RESULTS, (9, 2), frame(2, "图表 1", "c", f'<c:chart r:id="{identity}"/>'))


@feature(Trail(f"{CHART_TAB}>drawing>chart", "//c:barChart"), Trail(CHART_TAB, "/m:chartsheet/m:sheetViews"))
def chart_tab(book: Book) -> None:
    """A sheet that is nothing but a chart."""
    name = book.free("xl/drawings/drawing{}.xml")
    sheet = part(
        f'<chartsheet {ns("r", main="m")}><sheetPr/><sheetViews><sheetView zoomScale="90" workbookViewId="0" '
        'zoomToFit="1"/></sheetViews><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<drawing r:id="rId1"/></chartsheet>'
    )
    new = book.add_sheet(CHART_TAB, sheet, _CHARTSHEET)
    content = part(f"<xdr:wsDr {ns('xdr', 'a')}/>")
    assert book.attach(new, "drawing", name, content, _DRAWING) == "rId1"
    chart = frame(2, "图表 1", "c", f'<c:chart r:id="{_new_chart(book, name, "执行率", "项目!$T$5:$T$9")}"/>')
    book.root(name).append(
        snippet(f'<xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9296400" cy="6070600"/>{chart}<xdr:clientData/>'
                "</xdr:absoluteAnchor>")
    )  # fmt: skip


@feature(
    Trail(f"{FRONT}>drawing>image"), Trail(f"{PICTURES}>drawing>image"), Trail(f"{FRONT}>drawing", "//xdr:pic"),
    Trail(PICTURES, "//m:picture"), Trail(f"{PICTURES}>image"),
)  # fmt: skip
def pictures(book: Book) -> None:
    """A coat of arms on 首页, a scan on a sheet of its own, and a background."""
    blank = part(f"<worksheet {ns('r', main='m')}><sheetData/></worksheet>")
    book.add_sheet(PICTURES, blank)
    for number, sheet in enumerate((FRONT, PICTURES), 1):
        image = f"xl/media/image{number}.png"
        identity = book.attach(drawing(book, sheet), "image", image, png(200, 30 * number, 40))
        anchor(book, sheet, (6, 3), (
            f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="5" name="图片 4" descr="单位印章"/><xdr:cNvPicPr><a:picLocks '
            f'noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{identity}"/><a:stretch>'
            "<a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"609600\" "
            'cy="609600"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
        ))  # fmt: skip
    background = book.attach(book.sheets()[PICTURES], "image", "xl/media/image3.png", png(240, 240, 250))
    book.put(PICTURES, f'<picture r:id="{background}"/>')


@feature(
    Trail(f"{PROJECTS}>drawing", "//xdr:sp[.//a:t]"), Trail(f"{FRONT}>drawing", "//xdr:cxnSp"),
    Trail(f"{FRONT}>drawing>hyperlink"),
)  # fmt: skip
def shapes(book: Book) -> None:
    """A text box bound to nothing, an arrow, and a shape that is a link."""
    box = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="9" name="文本框 8"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="457200"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        '</a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr wrap="square"/><a:lstStyle/><a:p><a:r><a:rPr lang="zh-CN" b="1"/>'
        "<a:t>本表由财务科维护，勿改格式</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    anchor(book, PROJECTS, (8, 12), box)
    link = book.relate(drawing(book, FRONT), "hyperlink", "https://example.org/?a=1&b=2", external=True)
    arrow = (
        f'<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="10" name="箭头 9"><a:hlinkClick r:id="{link}"/></xdr:cNvPr>'
        '<xdr:cNvCxnSpPr/></xdr:nvCxnSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="0"/></a:xfrm>'
        '<a:prstGeom prst="straightConnector1"><a:avLst/></a:prstGeom></xdr:spPr></xdr:cxnSp>'
    )
    anchor(book, FRONT, (6, 10), arrow)


@feature(Trail(PROJECTS, "//x14:sparklineGroups"), Trail(INDICATORS, "//x14:sparklineGroups"))
def sparklines(book: Book) -> None:
    """A line and a column sparkline beside our data."""
    for sheet, cell, data in ((PROJECTS, "AF5", "J5:N5"), (INDICATORS, "V6", "Q5:Q9")):
        book.extend(book.sheets()[sheet], "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}", (
            f'<x14:sparklineGroups><x14:sparklineGroup type="column" displayEmptyCellsAs="gap" negative="1" xr2:uid="'
            f'{guid(cell)}"><x14:colorSeries theme="4" tint="-0.499984740745262"/><x14:colorNegative theme="5"/><x14:sparklines>'
            f"<x14:sparkline><xm:f>{sheet}!{data}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline></x14:sparklines>"
            "</x14:sparklineGroup></x14:sparklineGroups>"
        ))  # fmt: skip
