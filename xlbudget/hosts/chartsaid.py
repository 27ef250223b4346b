"""What a chart part says outright: elements whose absence means what we mean in files of Office 2007 alone.

Where docProps/app.xml has another AppVersion than 12, a missing element counts as its default of the schema (ECMA-376 part 1,
21.2.2: CT_Boolean is true, CT_TickMark is cross): labels then carry series, category and key, axes vanish. Seen in LibreOffice
7.4, which reads so (oox/source/drawingml/chart: axismodel.cxx, axiscontext.cxx) and keeps for good what it read when it saves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from xlbudget.files.xml import Element, put, tag

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_AXIS_ORDER = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossesAt auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl"
)
_ORDERS = {
    "chartSpace": "date1904 lang roundedCorners",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs",
    "title": "tx layout overlay",
    "legend": "legendPos legendEntry layout overlay",
    "barChart": "barDir grouping varyColors",
    "ser": "idx order tx spPr invertIfNegative",
    "dLbls": "dLbl numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "catAx": _AXIS_ORDER,
    "valAx": _AXIS_ORDER,
}
"""Children in the order of the schema, as far as is needed to know where one belongs."""
_AXIS = {"delete": "0", "majorTickMark": "out", "minorTickMark": "none"}
_MEANT: Mapping[str, Mapping[str, str]] = {
    "chartSpace": {"roundedCorners": "0"},
    "chart": {"autoTitleDeleted": "0", "plotVisOnly": "1", "dispBlanksAs": "gap"},
    "title": {"overlay": "0"},
    "legend": {"overlay": "0"},
    "barChart": {"varyColors": "0"},
    "ser": {"invertIfNegative": "0"},
    "dLbls": dict.fromkeys(
        ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize"), "0"
    ),
    "catAx": {**_AXIS, "noMultiLvlLbl": "0"},
    "valAx": _AXIS,
}


def say_outright(root: Element) -> None:
    """Write what a chart part leaves unsaid, as Office 2007 means it; what it says stays."""
    for parent in _parents(root):
        name = etree.QName(parent).localname
        for child, value in _MEANT[name].items():
            if parent.find(tag(child, CHART)) is None:
                put(parent, etree.Element(tag(child, CHART), val=value), _ORDERS[name].split())


def _parents(root: Element) -> Iterator[Element]:
    """The elements of a chart part that have to say something; its series are bars."""
    bars = root.iter(tag("barChart", CHART))
    series = (one for chart in bars for one in chart.iterchildren(tag("ser", CHART)))
    labels = (one for one in root.iter(tag("dLbls", CHART)) if one.find(tag("delete", CHART)) is None)
    others = (tag(name, CHART) for name in _MEANT if name not in ("chartSpace", "chart", "ser", "dLbls"))
    return iter([root, *root.iterchildren(tag("chart", CHART)), *series, *labels, *root.iter(*others)])


def is_spoiled(root: Element) -> bool:
    """Whether a program took what was missing for true, and saved it: labels with their key, category and series."""
    return any(
        all(_is_set(labels, name) for name in ("showLegendKey", "showCatName", "showSerName"))
        for labels in root.iter(tag("dLbls", CHART))
    )


def _is_set(parent: Element, name: str) -> bool:
    child = parent.find(tag(name, CHART))
    return child is not None and child.get("val", "1") in ("1", "true")
