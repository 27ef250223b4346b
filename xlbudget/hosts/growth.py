"""What was prepared for so many rows reaches as far as the rows that are filled: filters, dropdowns, colours, tables, names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlbudget.files.parts import Parts
from xlbudget.files.xml import Element, integer, tag
from xlbudget.hosts.sheetxml import SheetXml
from xlbudget.hosts.workbookxml import WorkbookXml

LEAST = 20
"""A range of fewer rows was meant for just these rows, and stays."""
_AREA = re.compile(r"(\$?[A-Z]{1,3}\$?)([1-9]\d{0,6}):(\$?[A-Z]{1,3}\$?)([1-9]\d{0,6})(?!\d)")


def grown(areas: str, header: int, last: int, least: int = LEAST) -> str:
    """Areas that begin with the header or the row below, so that they do not end above `last`; others as they are."""

    def stretch(match: re.Match[str]) -> str:
        first, end = int(match[2]), int(match[4])
        prepared = first in (header, header + 1) and end - header >= least
        return f"{match[1]}{first}:{match[3]}{max(end, last) if prepared else end}"

    return _AREA.sub(stretch, areas)


def grow(
    parts: Parts, workbook: WorkbookXml, name: str, sheet: SheetXml, header: int, rows: Sequence[int]
) -> None:
    """Stretch all that was prepared on a sheet whose data lie below `header` in `rows`."""
    last = max(rows, default=0)
    changed = False
    for element in sheet.root.iter(
        tag("dataValidation"), tag("conditionalFormatting"), tag("ignoredError"), tag("protectedRange")
    ):
        changed |= _stretch(element, "sqref", header, last)
    for element in sheet.root.iter(f"{{{_XM}}}sqref"):
        longer = grown(element.text or "", header, last)
        changed |= longer != element.text
        element.text = longer
    filters = sheet.root.find(tag("autoFilter"))
    if filters is not None:
        changed |= _stretch(filters, "ref", header, last, 1)
    part = workbook.sheets()[name]
    for table in parts.all_related(part, "table"):
        if _grow_table(parts.writable(table, "table", part), header, rows):
            parts.touch(table)
    workbook.grow_names(name, lambda areas: grown(areas, header, last, 1))
    if changed:
        parts.touch(part)


_XM = "http://schemas.microsoft.com/office/excel/2006/main"


def _stretch(element: Element, attribute: str, header: int, last: int, least: int = LEAST) -> bool:
    """Stretch an attribute's areas; whether that changed it."""
    old = element.get(attribute, "")
    longer = grown(old, header, last, least)
    if longer != old:
        element.set(attribute, longer)
    return longer != old


def _grow_table(root: Element, header: int, rows: Sequence[int]) -> bool:
    """Take rows that follow a table without a gap into it, unless it ends with totals; whether that changed it."""
    match = _AREA.fullmatch(root.get("ref", ""))
    if match is None or integer(root.get("totalsRowCount")) or int(match[2]) != header:
        return False
    end, filled = int(match[4]), set(rows)
    while end + 1 in filled:
        end += 1
    changed = False
    for element in (root, root.find(tag("autoFilter"))):
        changed |= element is not None and _stretch(element, "ref", header, end, 1)
    return changed
