"""The workbook part: tabs, views, names, and the chain of calculation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.excel_rules.package import NS, Book, in_order, is_on, length, local, names_of, tag
from tests.excel_rules.packaging import twice
from tests.excel_rules.places import area_of, is_formula, looks_like_a_cell, place_of, wrong_sheets
from tests.excel_rules.rule import BOOK, PROJECTS, STYLES, books, rule, sub

ORDER = (
    "fileVersion fileSharing workbookPr AlternateContent revisionPtr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
    "fileRecoveryPr webPublishObjects extLst"
)


@rule(
    books,
    "ECMA-376 part 1, CT_Workbook: a sequence",
    sub("run", BOOK, "(<definedNames>.*</definedNames>)(<calcPr[^>]*/>)", r"\2\1"),
)
def workbook_is_in_order(book: Book) -> Iterator[str]:
    """The elements of the workbook stand in the order of the schema."""
    if not in_order(book.root, ORDER):
        yield " ".join(names_of(book.root))


@rule(
    books,
    "support.microsoft.com: Rename a worksheet; openxlsx issue 65: 31 characters",
    sub("run", BOOK, 'name="统计表"', 'name="统计/表"'),
    sub("run", BOOK, 'name="统计表"', f'name="{"表" * 32}"'),
    sub("run", BOOK, 'name="统计表"', 'name="\'统计表"'),
    sub("run", BOOK, 'name="统计表"', 'name="History"'),
)
def sheet_names_are_possible(book: Book) -> Iterator[str]:
    """A tab's name has 1 to 31 characters, none of []:*?/\\ in it, no ' at its ends, and is not History."""
    for name in book.names:
        ends = name.startswith("'") or name.endswith("'")
        if (
            not 1 <= length(name) <= 31
            or re.search(r"[\[\]:*?/\\]", name)
            or ends
            or name.lower() == "history"
        ):
            yield name


@rule(
    books,
    "ECMA-376 part 1, CT_Sheet; [MS-OI29500] sheetId at most 65534",
    sub("run", BOOK, 'name="统计表"', 'name="图表"'),
    sub("run", BOOK, 'sheetId="2"', 'sheetId="1"'),
    sub("run", BOOK, 'r:id="rId2"', 'r:id="rId1"'),
    sub("run", BOOK, 'sheetId="2"', 'sheetId="65535"'),
)
def tabs_are_unique(book: Book) -> Iterator[str]:
    """Tabs have a name, a number up to 65,534 and a relation of their own."""
    yield from twice(name.lower() for name in book.names)
    yield from twice(f"sheetId {tab.get('sheetId')}" for tab in book.tabs)
    yield from twice(f"r:id {tab.get(tag('r:id'))}" for tab in book.tabs)
    yield from (f"sheetId {n}" for tab in book.tabs if not 1 <= int(n := tab.get("sheetId", "0")) <= 65534)


@rule(
    books,
    "openxlsx2 pull request 793 (activeTab past the end); SheetJS issue 1433, XlsxWriter issue 210 (hidden)",
    sub("run", BOOK, "<workbookView ", '<workbookView activeTab="12" '),
    sub("run", BOOK, "<workbookView ", '<workbookView firstSheet="99" '),
    sub("run", BOOK, '(<sheet [^>]*?)( state="[^"]*")?( r:id)', r'\1 state="hidden"\3', 99),
)
def a_visible_sheet_is_in_front(book: Book) -> Iterator[str]:
    """Some sheet is seen, and the first and the active one of each window are."""
    if not any(book.visible):
        yield "no visible sheet"
    for view in book.root.findall("m:bookViews/m:workbookView", NS):
        for name in ("activeTab", "firstSheet"):
            number = int(view.get(name, "0"))
            if number >= len(book.visible) or not book.visible[number]:
                yield f"{name} {number}"


@rule(
    books,
    "xlsxwriter, worksheet.select(): sheets that are selected together are a group, and are edited together",
    sub("run", PROJECTS, "<sheetView ", '<sheetView tabSelected="1" '),
)
def the_active_sheet_alone_is_selected(book: Book) -> Iterator[str]:
    """No sheet but the active one is selected: what people type would go into all of them."""
    for sheet in book.sheets:
        if (
            any(is_on(view.get("tabSelected")) for view in sheet.all("m:sheetViews/m:sheetView"))
            and sheet.number != book.active
        ):
            yield sheet.name


# -- names ---------------------------------------------------------------------------------------------


def is_built_in(name: str) -> bool:
    return name.startswith("_xlnm.")


@rule(
    books,
    "support.microsoft.com: Names in formulas (syntax rules for names)",
    sub("run", BOOK, 'name="xlb_errors"', 'name="AB12"'),
    sub("run", BOOK, 'name="xlb_errors"', 'name="2x"'),
    sub("run", BOOK, 'name="xlb_errors"', 'name="R1C1"'),
    sub("run", BOOK, 'name="xlb_errors"', f'name="{"x" * 256}"'),
)
def names_are_possible(book: Book) -> Iterator[str]:
    """A defined name is an identifier of at most 255 characters that is not read as a cell."""
    for one in book.defined:
        name = one.get("name", "")
        identifier = (
            re.fullmatch(r"(?:[^\W\d]|\\)[\w.\\?]*", name)
            and not looks_like_a_cell(name)
            and length(name) <= 255
        )
        if not is_built_in(name) and (not identifier or name.lower().startswith("_xl")):
            yield name


@rule(
    books,
    "ECMA-376 part 1, 18.2.5: unique in its scope, localSheetId counts sheets",
    sub("run", BOOK, 'name="xlb_errors"', 'name="XLB_warnings"'),
    sub("run", BOOK, 'localSheetId="1"', 'localSheetId="99"'),
)
def names_are_unique(book: Book) -> Iterator[str]:
    """A name is defined once in the workbook or for a sheet that is there."""
    yield from twice(f"{one.get('name', '').lower()} {one.get('localSheetId')}" for one in book.defined)
    yield from (
        one.get("name", "") for one in book.defined if int(one.get("localSheetId", "0")) >= len(book.tabs)
    )


@rule(
    books,
    'PSExcel issue 54 ("Removed Records: Named range"); exceljs issue 664',
    sub("run", BOOK, ">_xlbudget!", ">_xlbudge!"),
    sub("run", BOOK, ">_xlbudget!", ">=_xlbudget!"),
    sub("run", BOOK, "'统计表'!|'校验结果'!", "2 表!"),
)
def names_mean_something(book: Book) -> Iterator[str]:
    """What a name means is a formula over sheets that are there, quoted where they need it."""
    for one in book.defined:
        if not is_formula(one.text):
            yield f"{one.get('name')} {one.text}"
        yield from (f"{one.get('name')} {wrong}" for wrong in wrong_sheets(one.text or "", book.names))


PARTS = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")


@rule(
    books,
    "ECMA-376 part 1, 18.2.5 _xlnm.Print_Titles, _xlnm.Print_Area; exceljs issue 664",
    sub("run", BOOK, r"重点工作!\$4:\$4", "重点工作!$A$4:$B$4"),
    sub("run", BOOK, r"重点工作!\$4:\$4", "项目!$4:$4"),
    sub(
        "run",
        BOOK,
        "</definedNames>",
        '<definedName name="_xlnm.Print_Area" localSheetId="0">首页!A1:B2</definedName></definedNames>',
    ),
)
def printed_areas_are_the_sheets_own(book: Book) -> Iterator[str]:
    """Print titles are whole rows or columns, print areas absolute areas, of the sheet itself."""
    whole, area = r"\$\d+:\$\d+|\$[A-Z]+:\$[A-Z]+", r"\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?"
    for one in book.defined:
        forms = {"_xlnm.Print_Titles": whole, "_xlnm.Print_Area": f"{whole}|{area}"}.get(one.get("name", ""))
        local_sheet = one.get("localSheetId")
        for piece in PARTS.split(one.text or "") if forms else ():
            sheet, _, place = piece.rpartition("!")
            own = local_sheet is not None and book.names[int(local_sheet)] == sheet.strip("'").replace(
                "''", "'"
            )
            if not own or not re.fullmatch(forms or "", place) or area_of(place) is None:
                yield f"{one.get('name')} {one.text}"


@rule(
    books,
    "ECMA-376 part 1, 18.2.5 _xlnm._FilterDatabase; LibreOffice shows no filter without it",
    sub("run", BOOK, r"\$A\$4:\$X\$204", "$A$4:$X$20"),
    sub("run", PROJECTS, "<autoFilter[^>]*/>", '<autoFilter ref="A4:Q99"/>'),
)
def filters_are_named(book: Book) -> Iterator[str]:
    """The area of a sheet's filter is that of its hidden name."""
    named = {
        one.get("localSheetId"): area_of((one.text or "").rpartition("!")[2])
        for one in book.defined
        if one.get("name") == "_xlnm._FilterDatabase"
    }
    for sheet in book.sheets:
        found = sheet.find("m:autoFilter")
        if found is not None and named.get(str(sheet.number)) != area_of(found.get("ref")):
            yield f"{sheet.name} {found.get('ref')}"


# -- what else belongs to it ---------------------------------------------------------------------------


@rule(
    books,
    "Open-XML-SDK issue 1457, openxlsx2 issue 437: Removed Records: Formula from /xl/calcChain.xml",
    sub("rich", "xl/calcChain.xml", '<c r="[A-Z]+[0-9]+"', '<c r="XFD9"'),
    sub("rich", "xl/calcChain.xml", r"""(<c r="AA5"[^>]*/>)""", r"\1\1"),
)
def the_chain_names_formulas(book: Book) -> Iterator[str]:
    """The chain of calculation names cells with formulas, each once."""
    chain = book.one("calcChain")
    formulas = {sheet.tab.get("sheetId"): {one.at for one in sheet.formulas} for sheet in book.sheets}
    identity, seen = None, set()
    for one in chain if chain is not None else ():
        identity = one.get("i", identity)
        cell = identity, place_of(one.get("r"))
        if cell[1] not in formulas.get(identity, set()) or (cell in seen and not one.get("a")):
            yield f"sheet {identity} {one.get('r')}"
        seen.add(cell)


@rule(
    books,
    "ECMA-376 part 1, CT_Sst",
    sub("run", "xl/sharedStrings.xml", r'uniqueCount="\d+"', 'uniqueCount="3"'),
)
def shared_texts_are_counted(book: Book) -> Iterator[str]:
    """There are as many shared texts as their part says."""
    root = book.one("sharedStrings")
    if root is not None and int(root.get("uniqueCount", len(book.strings))) != len(book.strings):
        yield f"{root.get('uniqueCount')} of {len(book.strings)}"


@rule(
    books,
    "ECMA-376 part 1, CT_Stylesheet: a sequence",
    sub("run", STYLES, "(<fonts.*</fonts>)(<fills.*</fills>)", r"\2\1"),
)
def styles_are_in_order(book: Book) -> Iterator[str]:
    """The collections of looks stand in the order of the schema."""
    root, order = (
        book.one("styles"),
        "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    )
    if root is not None and not in_order(root, order):
        yield " ".join(map(local, root))
