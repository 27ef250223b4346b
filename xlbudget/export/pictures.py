"""Charts as pictures: drawn by typst, as vectors and as pixels for programs that show no vectors."""

from __future__ import annotations

from typing import Any

from xlbudget.export.typesetting import chosen_fonts, typeset
from xlbudget.report.charts import Chart

WIDTH = 430.0
"""Width of a picture in points; the text of a report is 442 wide."""
_PIXELS = 200.0


def chart_data(chart: Chart) -> dict[str, Any]:
    """A chart as data for chart.typ."""
    return {
        "title": chart.statement or chart.title,
        "labels": chart.labels,
        "lights": chart.lights,
        "across": chart.across,
        "most": chart.most,
        "series": [
            {
                "name": series.name,
                "reference": series.reference,
                "values": [None if value is None else float(value) for value in series.values],
            }
            for series in chart.series
        ],
    }


def draw(chart: Chart) -> tuple[bytes, bytes]:
    """A chart as SVG, with letters as outlines, and as PNG."""
    given = {"chart": {"chart": chart_data(chart), "fonts": chosen_fonts(), "width": WIDTH}}
    return typeset("picture.typ", given, "svg"), typeset("picture.typ", given, "png", ppi=_PIXELS)
