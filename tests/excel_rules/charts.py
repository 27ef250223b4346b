"""Drawings and charts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.excel_rules.package import (
    NS,
    Element,
    Package,
    app_version,
    in_order,
    length,
    local,
    names_of,
    tag,
    told,
)
from tests.excel_rules.packaging import twice
from tests.excel_rules.places import area_of, wrong_sheets
from tests.excel_rules.rule import APP, Part, rule, sub

CHART, DRAWING = "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"
SERIES = (
    "idx order tx spPr invertIfNegative pictureOptions marker explosion dPt dLbls trendline errBars cat xVal val yVal bubbleSize "
    "bubble3D shape smooth extLst"
)
LABELS = (
    "dLbl idx delete layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize "
    "separator showLeaderLines leaderLines extLst"
)


def drawings(package: Package) -> Iterator[Part]:
    yield from (Part(package, name) for name in package.parts_of_type("drawing+xml"))


def charts(package: Package) -> Iterator[Part]:
    if package.book is not None:
        yield from (Part(package, name) for name in package.parts_of_type("drawingml.chart+xml"))


@rule(
    drawings,
    "ECMA-376 part 1, CT_NonVisualDrawingProps: id unique, name required",
    sub("run", DRAWING, 'id="1002"', 'id="1001"'),
    sub("run", DRAWING, '(<xdr:cNvPr [^>]*name=)"[^"]*"', r'\1""'),
)
def shapes_are_named(one: Part) -> Iterator[str]:
    """Shapes of a drawing have names, and ids of their own."""
    shapes = [
        shape for shape in one.root.iter(tag("xdr:cNvPr")) if not list(shape.iterancestors("{*}Fallback"))
    ]
    yield from twice(shape.get("id") for shape in shapes)
    yield from (told(shape) for shape in shapes if not shape.get("name"))


@rule(
    drawings,
    "ECMA-376 part 1, CT_TwoCellAnchor",
    sub("run", DRAWING, "<xdr:from><xdr:col>0", "<xdr:from><xdr:col>9"),
    sub("run", DRAWING, "<xdr:clientData/>", ""),
    sub("run", DRAWING, "(<xdr:to>.*?<xdr:row>)[0-9]+", r"\g<1>1048576"),
)
def anchors_are_on_the_sheet(one: Part) -> Iterator[str]:
    """A shape begins before it ends, within the sheet, and says what happens to it when cells move."""
    for anchor in one.root.iter(tag("xdr:twoCellAnchor")):
        corners = (anchor.iterfind(f"{tag(name)}/*") for name in ("xdr:from", "xdr:to"))
        start, end = ([int(child.text or 0) for child in corner] for corner in corners)
        if (
            end[:2] < start[:2]
            or end[2:] < start[2:]
            or min(start + end) < 0
            or end[0] > 16_383
            or end[2] > 1_048_575
        ):
            yield f"{start} {end}"
        if anchor.find(tag("xdr:clientData")) is None:
            yield "no clientData"


@rule(
    drawings,
    "ECMA-376 part 1, 21.2.2.27 chart: r:id of a chart part",
    sub("run", "xl/drawings/_rels/drawing1.xml.rels", '/chart"', '/image"'),
)
def frames_show_charts(one: Part) -> Iterator[str]:
    """A frame with a chart is related to the part of a chart."""
    relations = one.package.relations(one.part)
    for chart in one.root.iter(tag("c:chart")):
        found = relations.get(chart.get(tag("r:id"), ""))
        if found is None or found.kind != "chart":
            yield str(found)


# -- charts --------------------------------------------------------------------------------------------


def axes(one: Part) -> dict[str | None, Element]:
    found = one.root.iter(*(tag(f"c:{name}") for name in ("catAx", "valAx", "dateAx", "serAx")))
    return {value(axis, "axId"): axis for axis in found}


def value(element: Element, child: str) -> str | None:
    found = element.find(tag(f"c:{child}"))
    return None if found is None else found.get("val")


@rule(
    charts,
    "ECMA-376 part 1, CT_PlotArea: axId and crossAx in pairs",
    sub("run", CHART, '<c:crossAx val="50010002"/>', '<c:crossAx val="7"/>'),
    sub("run", CHART, '<c:axId val="50010002"/></c:barChart>', "</c:barChart>"),
)
def axes_belong_together(one: Part) -> Iterator[str]:
    """The axes of a chart are those that its bars name, and cross each other."""
    known = axes(one)
    used = {
        axis.get("val")
        for axis in one.root.iterfind("c:chart/c:plotArea/*/c:axId", NS)
        if axis.getparent() not in known.values()
    }
    if used != set(known):
        yield f"{used} {set(known)}"
    for name, axis in known.items():
        other = known.get(value(axis, "crossAx"))
        if other is None or value(other, "crossAx") != name:
            yield f"{name} crosses {value(axis, 'crossAx')}"


@rule(charts, "ECMA-376 part 1, CT_Scaling", sub("run", CHART, '<c:max val="[^"]*"/>', '<c:max val="0"/>'))
def axes_have_length(one: Part) -> Iterator[str]:
    """An axis ends above where it begins."""
    for axis in axes(one).values():
        ends = [value(scaling, name) for scaling in axis.iterfind("c:scaling", NS) for name in ("min", "max")]
        if None not in ends and float(ends[0] or 0) >= float(ends[1] or 0):
            yield str(ends)


@rule(
    charts,
    "ECMA-376 part 1, CT_BarSer: idx, order",
    sub("run", CHART, '<c:order val="1"/>', '<c:order val="0"/>'),
    sub("run", CHART, '<c:idx val="1"/>', '<c:idx val="0"/>'),
)
def series_are_numbered(one: Part) -> Iterator[str]:
    """Series have numbers and places of their own."""
    for name in ("idx", "order"):
        yield from twice(f"{name} {value(series, name)}" for series in one.root.iter(tag("c:ser")))


@rule(
    charts,
    "ECMA-376 part 1, EG_SerShared, Group_DLbls: sequences",
    sub("run", CHART, "(<c:tx><c:strRef>.*?</c:tx>)(<c:spPr>.*?</c:spPr>)(<c:inv)", r"\2\1\3"),
    sub("run", CHART, "(<c:numFmt[^>]*/>)(<c:spPr>.*?</c:spPr>)(<c:txPr>)", r"\2\1\3"),
)
def series_are_in_order(one: Part) -> Iterator[str]:
    """The elements of series and labels stand in the order of the schema."""
    for name, order in (("ser", SERIES), ("dLbls", LABELS), ("dLbl", LABELS)):
        yield from (
            " ".join(names_of(found))
            for found in one.root.iter(tag(f"c:{name}"))
            if not in_order(found, order)
        )


def references(one: Part) -> Iterator[tuple[str, Element | None]]:
    """What series refer to, and what stood there."""
    for found in one.root.iter(tag("c:strRef"), tag("c:numRef")):
        cache = found.find("c:strCache", NS)
        yield found.findtext("c:f", "", NS), found.find("c:numCache", NS) if cache is None else cache


@rule(
    charts,
    "ECMA-376 part 1, 21.2.2.65 f: a formula",
    sub("run", CHART, r"\$A\$36:\$A\$40", "$A$40:$A$36"),
    sub("run", CHART, "<c:f>'图表'!", "<c:f>'没有'!"),
)
def series_refer_to_cells(one: Part) -> Iterator[str]:
    """Series refer to cells of sheets that are there."""
    assert one.package.book is not None
    for formula, _ in references(one):
        if not formula.startswith(("(", "[")):
            yield from wrong_sheets(formula, one.package.book.names)
            cells = formula.rpartition("!")[2]
            if area_of(cells) is None and not re.fullmatch(r"[\w.]+", cells):
                yield formula


@rule(
    charts,
    "ECMA-376 part 1, CT_NumData, CT_StrData: ptCount, idx",
    sub("run", CHART, '<c:pt idx="4">', '<c:pt idx="44">'),
    sub("run", CHART, r"\$A\$36:\$A\$40", "$A$36:$A$41"),
    sub("run", CHART, "(<c:numCache>.*?<c:v>)[^<]*", r"\1很多"),
)
def what_stood_there_fits(one: Part) -> Iterator[str]:
    """What is kept of the cells is as much as they are, numbers among numbers."""
    number = re.compile(r"-?\d+(\.\d+)?([Ee][+-]?\d+)?|#N/A")
    for formula, cache in references(one):
        if cache is None:
            continue
        area, count = area_of(formula.rpartition("!")[2]), int(value(cache, "ptCount") or -1)
        points = {
            int(point.get("idx", "-1")): point.findtext("c:v", "", NS) for point in cache.iterfind("c:pt", NS)
        }
        if list(points) != sorted(points) or max(points, default=0) >= max(count, 1):
            yield f"{formula} {list(points)[:9]} of {count}"
        if area and (area.bottom - area.top + 1) * (area.right - area.left + 1) != count:
            yield f"{formula} {count} points"
        if local(cache) == "numCache":
            yield from (text for text in points.values() if not number.fullmatch(text))


SHOWN = tuple(f"show{name}" for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize"))
SAID = [
    ("chart", ("autoTitleDeleted",)), ("title", ("overlay",)), ("legend", ("overlay",)), ("catAx", ("delete", "majorTickMark", "minorTickMark")),
    ("valAx", ("delete", "majorTickMark", "minorTickMark")), ("barChart", ("varyColors",)), ("lineChart", ("varyColors",)), ("pieChart", ("varyColors",)),
]  # fmt: skip


def unsaid(one: Part) -> Iterator[str]:
    """What a chart leaves to the reader."""
    wanted: list[tuple[Element, tuple[str, ...]]] = [(one.root, ("roundedCorners",))]
    wanted += [(found, names) for parent, names in SAID for found in one.root.iter(tag(f"c:{parent}"))]
    wanted += [(found, ("invertIfNegative",)) for found in one.root.iterfind(".//c:barChart/c:ser", NS)]
    wanted += [(found, SHOWN) for found in one.root.iter(tag("c:dLbls")) if value(found, "delete") is None]
    yield from (
        f"{local(parent)} {name}" for parent, names in wanted for name in names if value(parent, name) is None
    )


def ours(package: Package) -> Iterator[Part]:
    """The charts that xlbudget draws."""
    for drawing in drawings(package):
        relations = package.relations(drawing.part)
        for anchor in drawing.root:
            names = [shape.get("name", "") for shape in anchor.iter(tag("xdr:cNvPr"))]
            for chart in (
                anchor.iter(tag("c:chart")) if any(name.startswith("xlbudget ") for name in names) else ()
            ):
                yield Part(package, relations[chart.get(tag("r:id"), "")].target)


@rule(
    ours,
    "LibreOffice, oox/source/drawingml/chart/axismodel.cxx: what is missing is true unless the file is of Office 2007",
    *(
        sub("run", CHART, f"<c:{name} [^>]*/>", "")
        for name in (
            "roundedCorners",
            "autoTitleDeleted",
            "overlay",
            "delete",
            "minorTickMark",
            "varyColors",
            "invertIfNegative",
            "showSerName",
        )
    ),
)
def our_charts_leave_nothing_unsaid(one: Part) -> Iterator[str]:
    """Charts of ours say everything whose absence means another thing in later files: others may save the workbook."""
    yield from unsaid(one)


@rule(
    charts,
    "ECMA-376 part 1, CT_TextLanguageID: the language of proofing; labels of ours are Chinese",
    sub("run", CHART, 'lang="zh-CN"', 'lang="chinese"'),
    sub("run", CHART, '<c:lang val="zh-CN"/>', '<c:lang val="zh_CN"/>'),
)
def languages_are_tags(one: Part) -> Iterator[str]:
    """Languages are tags such as zh-CN."""
    tags = [
        found.get("lang", "en") for found in one.root.iter(tag("a:rPr"), tag("a:endParaRPr"), tag("a:defRPr"))
    ]
    tags += [found.get("val", "") for found in one.root.iter(tag("c:lang"))]
    yield from (name for name in tags if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?(-[A-Z]{2})?", name))


@rule(
    drawings,
    "ECMA-376 part 1, CT_NonVisualDrawingProps descr: what screen readers say",
    sub("run", DRAWING, 'descr="[^"]*"', lambda _: f'descr="{"字" * 2001}"'),
)
def descriptions_are_short(one: Part) -> Iterator[str]:
    """The description of a shape has at most 2,000 characters."""
    for shape in one.root.iter(tag("xdr:cNvPr")):
        if length(shape.get("descr")) > 2000:
            yield shape.get("name", "")


@rule(
    charts,
    "LibreOffice, oox/source/drawingml/chart: see our_charts_leave_nothing_unsaid; AppVersion of docProps/app.xml",
    *(sub("later", CHART, f"<c:{name} [^>]*/>", "") for name in ("showLegendKey", "delete")),
    sub("plain", APP, "12.0000", "15.0000"),
)
def later_files_say_everything(one: Part) -> Iterator[str]:
    """In a file that is not of Office 2007 no chart leaves its labels and axes unsaid."""
    if not (app_version(one.package) or "").startswith("12."):
        shown = ("dLbls show", "catAx delete", "valAx delete")
        yield from (name for name in unsaid(one) if name.startswith(shown))
