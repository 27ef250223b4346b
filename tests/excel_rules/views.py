"""How a sheet is shown and protected: order of its elements, panes, selections, zoom, password."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.excel_rules.package import Element, Sheet, in_order, names_of, told
from tests.excel_rules.places import area_of, areas_of, place_of
from tests.excel_rules.rule import CHECKED, LIMITS, PROJECTS, rule, sheets, sub

ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter "
    "sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks "
    "printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags "
    "drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
)


@rule(
    sheets,
    "ECMA-376 part 1, CT_Worksheet; exceljs issue 627: rowBreaks behind drawing",
    sub("run", CHECKED, "(<sheetProtection[^>]*/>)(<mergeCells.*</mergeCells>)", r"\2\1"),
)
def sheet_is_in_order(sheet: Sheet) -> Iterator[str]:
    """The elements of a sheet stand in the order of the schema."""
    if not in_order(sheet.root, ORDER):
        yield " ".join(names_of(sheet.root))


@rule(
    sheets,
    "ECMA-376 part 1, CT_Worksheet",
    sub("run", CHECKED, "(<pageMargins[^>]*/>)", r"\1\1"),
    sub("run", "xl/worksheets/sheet11.xml", "(<drawing [^>]*/>)", r"\1\1"),
)
def elements_are_there_once(sheet: Sheet) -> Iterator[str]:
    """A sheet has one drawing, one filter …, and only conditional formats several times."""
    several = {"conditionalFormatting", "AlternateContent"}
    yield from (
        name for name, count in Counter(names_of(sheet.root)).items() if count > 1 and name not in several
    )


def panes(view: Element) -> set[str]:
    """The panes that a view has."""
    pane = view.find("{*}pane")
    if pane is None:
        return {"topLeft"}
    right, below = float(pane.get("xSplit", "0")) > 0, float(pane.get("ySplit", "0")) > 0
    names = [("topLeft", True), ("topRight", right), ("bottomLeft", below), ("bottomRight", right and below)]
    return {name for name, there in names if there}


@rule(
    sheets,
    "openspout pull request 409, xlnt issue 395: panes that are not there make Excel repair the view",
    sub("run", PROJECTS, '<pane xSplit="2" ySplit="4"', '<pane xSplit="0" ySplit="4"'),
    sub("run", PROJECTS, 'topLeftCell="C5"', 'topLeftCell="B5"'),
    sub("run", PROJECTS, 'topLeftCell="C5"', ""),
)
def panes_are_there(sheet: Sheet) -> Iterator[str]:
    """A frozen sheet is split somewhere, names the first cell behind the split, and the active pane is there."""
    for view in sheet.all("m:sheetViews/m:sheetView"):
        for pane in view.findall("{*}pane"):
            first = place_of(pane.get("topLeftCell"))
            frozen = pane.get("state", "split").startswith("frozen")
            split = int(float(pane.get("ySplit", "0"))), int(float(pane.get("xSplit", "0")))
            if pane.get("activePane", "topLeft") not in panes(view) or panes(view) == {"topLeft"}:
                yield told(pane)
            if frozen and (first is None or first.row <= split[0] or first.column <= split[1]):
                yield f"topLeftCell {pane.get('topLeftCell')} of {split}"


@rule(
    sheets,
    "PhpSpreadsheet issue 532: a selection in another pane makes Excel repair the view",
    sub("run", PROJECTS, 'activeCell="C1" sqref="C1"', 'activeCell="C1" sqref="D1"'),
    sub("run", PROJECTS, '<selection pane="topRight"', '<selection pane="bottomRight"'),
    sub("run", PROJECTS, "<pane [^>]*/>", ""),
)
def selections_are_in_panes(sheet: Sheet) -> Iterator[str]:
    """A pane has one selection, with the active cell in it."""
    for view in sheet.all("m:sheetViews/m:sheetView"):
        found = view.findall("{*}selection")
        names = [one.get("pane", "topLeft") for one in found]
        if len(names) != len(set(names)) or not set(names) <= panes(view):
            yield " ".join(names)
        for one in found:
            cell, areas = area_of(one.get("activeCell", "A1")), areas_of(one.get("sqref", "A1"))
            if cell is None or not any(area is not None and area.meets(cell) for area in areas):
                yield told(one)


@rule(
    sheets,
    f"{LIMITS}: zoom 10 to 400 per cent",
    sub("run", PROJECTS, "<sheetView ", '<sheetView zoomScale="900" '),
)
def zoom_is_possible(sheet: Sheet) -> Iterator[str]:
    """Zoom is 10 to 400 per cent."""
    for view in sheet.all("m:sheetViews/m:sheetView"):
        for name in ("zoomScale", "zoomScaleNormal", "zoomScaleSheetLayoutView", "zoomScalePageLayoutView"):
            if int(view.get(name, "0")) and not 10 <= int(view.get(name, "0")) <= 400:
                yield f"{name} {view.get(name)}"


@rule(
    sheets,
    "ECMA-376 part 1, CT_SheetProtection",
    sub("run", CHECKED, "<sheetProtection ", '<sheetProtection password="XYZ" '),
    sub("run", CHECKED, "<sheetProtection ", '<sheetProtection hashValue="YQ==" '),
)
def passwords_are_hashes(sheet: Sheet) -> Iterator[str]:
    """A password is four hexadecimal digits, or a hash with algorithm, salt and number of turns."""
    for one in sheet.all("m:sheetProtection"):
        old, new = one.get("password"), one.get("hashValue")
        if old and (new or not re.fullmatch("[0-9A-Fa-f]{4}", old)):
            yield told(one)
        if new and not all(one.get(name) for name in ("algorithmName", "saltValue", "spinCount")):
            yield told(one)
