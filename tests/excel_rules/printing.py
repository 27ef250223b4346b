"""Sheets as they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.excel_rules.package import Element, Sheet, is_on, length, local, told
from tests.excel_rules.rule import CHECKED, FORMS, LIMITS, PROJECTS, REPORT, rule, sheets, sub


def breaks(sheet: Sheet) -> list[Element]:
    return [*sheet.all("m:rowBreaks"), *sheet.all("m:colBreaks")]


MANY = "<rowBreaks>" + "".join(f'<brk id="{row}" man="1"/>' for row in range(1, 1025)) + "</rowBreaks>"


@rule(
    sheets,
    f"NPOI issue 456: not more than 1,024; {LIMITS}: 1,026",
    sub("run", FORMS, "<rowBreaks.*</rowBreaks>", MANY),
)
def breaks_are_few(sheet: Sheet) -> Iterator[str]:
    """A sheet has at most 1,023 breaks of pages in one direction."""
    yield from (f"{local(one)} {len(one)}" for one in breaks(sheet) if len(one) > 1023)


@rule(
    sheets,
    "ECMA-376 part 1, CT_PageBreak; ClosedXML issue 666: breaks twice",
    sub("run", REPORT, r'manualBreakCount="\d+"', 'manualBreakCount="9"'),
    sub("run", REPORT, '(<brk id="[0-9]+"[^>]*/>)', r"\1\1"),
    sub("run", REPORT, '<brk id="[0-9]+"', '<brk id="0"'),
)
def breaks_are_counted(sheet: Sheet) -> Iterator[str]:
    """Breaks are as many as they say, each once, from the first row on."""
    for one in breaks(sheet):
        ids = [int(found.get("id", "0")) for found in one]
        manual = sum(is_on(found.get("man")) for found in one)
        if int(one.get("count", len(one))) != len(one) or int(one.get("manualBreakCount", "0")) != manual:
            yield told(one)
        if ids != sorted(set(ids)) or min(ids, default=1) < 1:
            yield str(ids[:9])


@rule(
    sheets,
    "a page behind the last row would be empty",
    sub("run", REPORT, '<brk id="[0-9]+"', '<brk id="3200"'),
)
def pages_are_not_empty(sheet: Sheet) -> Iterator[str]:
    """Rows follow the last break."""
    ids = [int(one.get("id", "0")) for one in sheet.all("m:rowBreaks/m:brk")]
    if max(ids, default=0) >= max(sheet.last_row, 1):
        yield f"{max(ids)} of {sheet.last_row}"


@rule(
    sheets,
    "ECMA-376 part 1, CT_BreakMax: of a row break max is a column (ClosedXML issue 2842)",
    sub("run", REPORT, 'max="16383"', 'max="1048575"'),
)
def breaks_reach_across(sheet: Sheet) -> Iterator[str]:
    """A break between rows ends with the last column at most."""
    yield from (told(one) for one in sheet.all("m:rowBreaks/m:brk") if int(one.get("max", "0")) > 16_383)


@rule(
    sheets,
    "support.microsoft.com: Excel passes over manual page breaks where it fits to pages",
    sub("run", REPORT, "<sheetPr>", '<sheetPr><pageSetUpPr fitToPage="1"/>'),
)
def pages_are_broken_or_fitted(sheet: Sheet) -> Iterator[str]:
    """A sheet with breaks is not fitted to pages."""
    fitted = sheet.find("m:sheetPr/m:pageSetUpPr")
    if breaks(sheet) and fitted is not None and is_on(fitted.get("fitToPage")):
        yield "both"


@rule(
    sheets,
    f"{LIMITS} (scale 10 to 400 per cent); ECMA-376 part 1, CT_PageSetup",
    sub("run", CHECKED, 'scale="[0-9]+"', 'scale="5"'),
    sub("run", CHECKED, "<pageSetup ", '<pageSetup fitToHeight="32768" '),
    sub("run", CHECKED, 'firstPageNumber="1"', 'firstPageNumber="40000"'),
)
def page_setup_is_possible(sheet: Sheet) -> Iterator[str]:
    """Scale, pages to fit on, paper and first page number are such that Excel has them."""
    bounds = {"scale": (10, 400), "fitToHeight": (0, 32767), "fitToWidth": (0, 32767), "paperSize": (0, 118)}
    for one in sheet.all("m:pageSetup"):
        for name, (least, most) in {**bounds, "firstPageNumber": (-32765, 32767)}.items():
            if not least <= int(one.get(name, "10")) <= most:
                yield f"{name} {one.get(name)}"


@rule(sheets, "ECMA-376 part 1, CT_PageMargins: inches", sub("run", CHECKED, 'left="[^"]*"', 'left="90"'))
def margins_are_possible(sheet: Sheet) -> Iterator[str]:
    """Margins are at least 0 and less than 49 inches."""
    for one in sheet.all("m:pageMargins"):
        yield from (f"{name!s} {value!s}" for name, value in one.attrib.items() if not 0 <= float(value) < 49)


CODES = re.compile(r'&("[^"]*"|\d{1,3}|K[0-9A-F]{6}|K\d\d[+-]\d{3}|[LCRPNDTGFAZSXYUEBIOH&])')


@rule(
    sheets,
    f"{LIMITS}: 255 characters; libxlsxwriter issue 305; openxlsx2 issue 747: unknown codes",
    sub("run", CHECKED, "<oddFooter>", "<oddFooter>&amp;Q"),
    sub("run", CHECKED, "<oddFooter>", f"<oddFooter>{'字' * 256}"),
)
def headers_and_footers_can_be_read(sheet: Sheet) -> Iterator[str]:
    """Headers and footers have at most 255 characters and no unknown codes."""
    for one in sheet.root.iterfind("{*}headerFooter/*"):
        text = one.text or ""
        if length(text) > 255 or "&" in CODES.sub("", text):
            yield f"{local(one)} {text[:60]}"


@rule(
    sheets,
    "what is wider than a page is printed on further pages without their first columns",
    sub(
        "run",
        PROJECTS,
        "<colBreaks.*</colBreaks>",
        '<colBreaks count="1" manualBreakCount="1"><brk id="16384" max="1048575" man="1"/></colBreaks>',
    ),
)
def column_breaks_are_columns(sheet: Sheet) -> Iterator[str]:
    """A break between columns is within the sheet."""
    yield from (
        str(one.get("id")) for one in sheet.all("m:colBreaks/m:brk") if int(one.get("id", "0")) > 16_383
    )
