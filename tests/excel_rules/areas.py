"""What lies over areas of a sheet: merges, filters, validations, conditional formats, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.excel_rules.package import NS, Element, Sheet, length, tag
from tests.excel_rules.packaging import twice
from tests.excel_rules.places import (
    Area,
    area_of,
    areas_of,
    is_balanced,
    is_formula,
    overlap,
    sheets_in,
    without_texts,
    wrong_sheets,
)
from tests.excel_rules.rule import CHECKED, FORMS, LIMITS, PROJECTS, rule, sheets, sub

OI = "[MS-OI29500] 2.1.613 dataValidation"


def merges(sheet: Sheet) -> list[Area]:
    found = (area_of(one.get("ref")) for one in sheet.all("m:mergeCells/m:mergeCell"))
    return [one for one in found if one is not None]


@rule(
    sheets,
    "abap2xlsx issue 361, XlsxWriter issue 848: Removed Records: Merge cells",
    sub(
        "run",
        FORMS,
        '<mergeCell ref="([A-Z]+)([0-9]+:[A-Z]+[0-9]+)"/>',
        r'<mergeCell ref="\1\2"/><mergeCell ref="\1\2"/>',
    ),
    sub("run", FORMS, '<mergeCell ref="([A-Z]+[0-9]+):[A-Z]+[0-9]+"', r'<mergeCell ref="\1:\1"'),
    sub("run", FORMS, '(<mergeCells count=")[0-9]+', r"\g<1>1"),
)
def merges_do_not_overlap(sheet: Sheet) -> Iterator[str]:
    """Merges are areas of several cells, apart from each other, and as many as they say."""
    elements = sheet.find("m:mergeCells")
    if elements is not None:
        areas = merges(sheet)
        single = [area for area in areas if area[:2] == area[2:]]
        if (
            single
            or len(areas) != len(elements)
            or int(elements.get("count", len(elements))) != len(elements)
        ):
            yield f"{len(areas)} of {elements.get('count')}, {single[:2]}"
        found = overlap(areas)
        if found:
            yield str(found)


@rule(
    sheets,
    "ECMA-376 part 1, CT_AutoFilter: colId counts from the first column",
    sub(
        "run",
        PROJECTS,
        '<autoFilter ref="A4:X204"/>',
        '<autoFilter ref="A4:X204"><filterColumn colId="77"/></autoFilter>',
    ),
    sub("run", PROJECTS, '<autoFilter ref="A4:X204"/>', '<autoFilter ref="X4:A204"/>'),
)
def filters_are_areas(sheet: Sheet) -> Iterator[str]:
    """A filter is an area, and what it filters are columns of it."""
    for one in sheet.all("m:autoFilter"):
        area = area_of(one.get("ref"))
        columns = [int(column.get("colId", "0")) for column in one.findall("m:filterColumn", NS)]
        if area is None or any(column > area.right - area.left for column in columns):
            yield f"{one.get('ref')} {columns}"


# -- validations ---------------------------------------------------------------------------------------


def validations(sheet: Sheet) -> list[Element]:
    return sheet.all("m:dataValidations/m:dataValidation")


@rule(
    sheets,
    "ECMA-376 part 1, CT_DataValidations; xlsxwriter: 65,533 a sheet",
    sub("run", PROJECTS, 'dataValidations count="17"', 'dataValidations count="3"'),
    sub("run", PROJECTS, "<dataValidations.*</dataValidations>", "<dataValidations/>"),
)
def validations_are_counted(sheet: Sheet) -> Iterator[str]:
    """Validations are as many as they say, one at least, and at most 65,533."""
    found = sheet.find("m:dataValidations")
    if found is not None and not (
        0 < len(found) <= 65_533 and int(found.get("count", len(found))) == len(found)
    ):
        yield f"{len(found)} of {found.get('count')}"


@rule(
    sheets,
    f"{OI}: titles 32, prompt 255, error 224 characters",
    *(
        sub("run", PROJECTS, f' {name}="[^"]*"', f' {name}="{"字" * most}"')
        for name, most in (("promptTitle", 33), ("errorTitle", 33), ("prompt", 256), ("error", 225))
    ),
)
def hints_are_short(sheet: Sheet) -> Iterator[str]:
    """Hints and errors of a validation are as short as Excel wants them."""
    for one in validations(sheet):
        for name, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 224)):
            if length(one.get(name)) > most:
                yield f"{one.get('sqref')} {name} {length(one.get(name))}"


@rule(
    sheets,
    "Apache POI pull request 187, Telerik forum (ListDataValidationRule): 255 characters of a list",
    sub("run", PROJECTS, '"年初,追加"', '"' + "年初," * 90 + '"'),
    sub("run", PROJECTS, '"年初,追加"', '"年初;追加"'),
    sub("run", PROJECTS, '"年初,追加"', '"年初, 追加"'),
    sub("run", PROJECTS, '"年初,追加"', '"年初,追加'),
)
def lists_are_short(sheet: Sheet) -> Iterator[str]:
    """A list of choices has at most 255 characters, commas between its entries and no blanks around them."""
    for one in validations(sheet):
        text = one.findtext("m:formula1", "", NS)
        if text.startswith('"') and one.get("type") == "list":
            entries = text[1:-1].split(",")
            wrong = len(text) < 2 or not text.endswith('"') or length(text) - 2 > 255 or ";" in text
            if wrong or any(entry != entry.strip() for entry in entries):
                yield text[:60]


@rule(
    sheets,
    "ECMA-376 part 1, CT_DataValidation",
    sub("run", PROJECTS, '<formula1>"年初,追加"', "<formula1>=A1"),
    sub("run", PROJECTS, '<formula1>"年初,追加"</formula1>', ""),
    sub("run", PROJECTS, '<formula1>"年初,追加"', "<formula1>没有!A1:A2"),
)
def validations_have_formulas(sheet: Sheet) -> Iterator[str]:
    """What a validation allows is a formula without =, over sheets that are there; a list has one."""
    for one in validations(sheet):
        texts = [
            found.text or "" for found in (*one.findall("m:formula1", NS), *one.findall("m:formula2", NS))
        ]
        if one.get("type") in ("list", "custom") and not texts:
            yield f"{one.get('sqref')} without formula"
        for text in texts:
            wrong = list(wrong_sheets(text, sheet.book.names))
            if not is_formula(text) or wrong:
                yield f"{one.get('sqref')} {text[:60]} {wrong}"


@rule(
    sheets,
    f"{OI}: 1 to 32,767 areas; Excel keeps one validation a cell",
    sub("run", PROJECTS, 'sqref="B5:B204"', 'sqref="A5:B204"'),
    sub("run", PROJECTS, 'sqref="B5:B204"', 'sqref=""'),
    sub("run", PROJECTS, 'sqref="B5:B204"', 'sqref="B5:B0"'),
)
def validations_do_not_overlap(sheet: Sheet) -> Iterator[str]:
    """A cell has one validation."""
    areas: list[Area] = []
    for one in validations(sheet):
        found = areas_of(one.get("sqref"))
        areas += [area for area in found if area is not None]
        if not 1 <= len(found) <= 32_767 or None in found:
            yield str(one.get("sqref"))[:60]
    both = overlap(areas)
    if both:
        yield str(both)


# -- conditional formats -------------------------------------------------------------------------------


def conditions(sheet: Sheet) -> list[Element]:
    return sheet.all("m:conditionalFormatting/m:cfRule")


@rule(
    sheets,
    "PhpSpreadsheet issue 4312: a dxfId that is not there",
    sub("run", PROJECTS, 'dxfId="0"', 'dxfId="99"'),
)
def looks_of_conditions_are_there(sheet: Sheet) -> Iterator[str]:
    """The look of a condition is among the differential ones."""
    styles = sheet.book.one("styles")
    count = 0 if styles is None else len(styles.findall("m:dxfs/m:dxf", NS))
    yield from (f"dxfId {n}" for one in conditions(sheet) if int(n := one.get("dxfId", "-1")) >= count)


@rule(
    sheets,
    "ClosedXML pull request 15: priorities are unique in a sheet",
    sub("run", PROJECTS, 'priority="2"', 'priority="1"'),
    sub("run", PROJECTS, 'priority="2"', 'priority="0"'),
)
def priorities_are_unique(sheet: Sheet) -> Iterator[str]:
    """Conditions have priorities of their own, from 1."""
    numbers = [one.get("priority", "0") for one in conditions(sheet)]
    yield from twice(numbers)
    yield from (number for number in numbers if int(number) < 1)


FORMULAS = dict.fromkeys(
    ("colorScale", "dataBar", "iconSet", "top10", "aboveAverage", "duplicateValues", "uniqueValues"), 0
)


@rule(
    sheets,
    "ECMA-376 part 1, CT_CfRule; exceljs issue 2178: a format without rules",
    sub("run", PROJECTS, ' operator="equal"', ""),
    sub("run", PROJECTS, "(<conditionalFormatting[^>]*>).*?(</conditionalFormatting>)", r"\1\2"),
    sub("run", PROJECTS, '<conditionalFormatting sqref="[^"]*"', '<conditionalFormatting sqref=""'),
    sub("run", PROJECTS, "<formula>[^<]*</formula>(</cfRule>)", r"\1"),
)
def conditions_are_complete(sheet: Sheet) -> Iterator[str]:
    """A conditional format has an area and rules, a rule as many formulas as its kind needs."""
    for one in sheet.all("m:conditionalFormatting"):
        areas = areas_of(one.get("sqref"))
        if not areas or None in areas or one.find("m:cfRule", NS) is None:
            yield str(one.get("sqref"))
    for one in conditions(sheet):
        kind, operator = one.get("type", ""), one.get("operator")
        two = operator in ("between", "notBetween")
        wanted = FORMULAS.get(kind, {"expression": 1, "cellIs": 2 if two else 1}.get(kind))
        count = len(one.findall("m:formula", NS))
        if (wanted is not None and count != wanted) or (kind == "cellIs" and not operator):
            yield f"{kind} {operator} {count} formulas"


@rule(
    sheets,
    "ECMA-376 part 1, CT_CfRule; support.microsoft.com: no unions, intersections, array constants in conditions",
    sub("run", PROJECTS, "<formula>", "<formula>="),
    sub("run", PROJECTS, "<formula>", "<formula>{1,2}+"),
)
def formulas_of_conditions_can_be_read(sheet: Sheet) -> Iterator[str]:
    """A condition's formula has no =, no array constants, and its brackets close."""
    for one in conditions(sheet):
        for formula in one.findall("m:formula", NS):
            text = formula.text or ""
            if not text or text.startswith("=") or not is_balanced(text) or "{" in without_texts(text):
                yield text[:60]


@rule(
    sheets,
    "[MS-XLSX] 2.6 x14:cfRule: Excel 2007 refuses conditions over other sheets, which later ones keep in the extension",
    sub("run", PROJECTS, r"xlb_errors\)", "_xlbudget!E:E)"),
)
def conditions_stay_on_their_sheet(sheet: Sheet) -> Iterator[str]:
    """A condition does not name another sheet; through a defined name it may look there."""
    for one in conditions(sheet):
        yield from (
            name for formula in one.findall("m:formula", NS) for name in sheets_in(formula.text or "")
        )


@rule(
    sheets,
    "[MS-XLSX] x14:id: the same in both halves of a condition",
    sub("rich", PROJECTS, "<x14:id>[^<]*", "<x14:id>{0}"),
)
def extended_conditions_are_there(sheet: Sheet) -> Iterator[str]:
    """What a condition says more of itself is there."""
    known = {one.get("id") for one in sheet.root.iter(tag("x14:cfRule"))}
    yield from (str(one.text) for one in sheet.root.iter(tag("x14:id")) if one.text not in known)


# -- links ---------------------------------------------------------------------------------------------


@rule(
    sheets,
    f"{LIMITS}: 65,530 hyperlinks",
    sub("run", CHECKED, '(<hyperlink ref="D5"[^>]*/>)', r"\1\1"),
    sub("run", CHECKED, '<hyperlink ref="D5"', '<hyperlink ref="D0"'),
    sub(
        "run",
        CHECKED,
        "<hyperlinks>",
        lambda _: (
            "<hyperlinks>" + "".join(f'<hyperlink ref="Z{n}" location="A1"/>' for n in range(1, 65_532))
        ),
    ),
    sub("run", CHECKED, "<hyperlinks>.*</hyperlinks>", "<hyperlinks/>"),
)
def links_are_few(sheet: Sheet) -> Iterator[str]:
    """A sheet has at most 65,530 links, one a cell."""
    element = sheet.find("m:hyperlinks")
    if element is not None:
        counts = Counter(one.get("ref") for one in element)
        if not 0 < len(element) <= 65_530:
            yield f"{len(element)} links"
        yield from (f"{ref} {n}" for ref, n in counts.items() if n > 1 or area_of(ref) is None)


@rule(
    sheets,
    "ECMA-376 part 1, CT_Hyperlink; Syncfusion's FAQ: 255 characters of a screen tip",
    sub("run", CHECKED, "location=\"'项目'!K6\"", 'location="项 目!K6"'),
    sub("run", CHECKED, "location=\"'项目'!K6\"", "location=\"'没有'!K6\""),
    sub("run", CHECKED, "location=\"'项目'!K6\"", ""),
    sub("run", CHECKED, "<hyperlink ", lambda _: f'<hyperlink tooltip="{"字" * 256}" '),
    sub("run", CHECKED, "location=\"'项目'!K6\"", "location=\"'项目'!K0\""),
)
def links_lead_somewhere(sheet: Sheet) -> Iterator[str]:
    """A link leads to a cell or a name of a sheet that is there, or out; its tip is short."""
    for one in sheet.all("m:hyperlinks/m:hyperlink"):
        location, _, cell = one.get("location", "").rpartition("!")
        inside = one.get(tag("r:id")) is None
        if length(one.get("tooltip")) > 255 or length(one.get("location")) > 2079:
            yield f"{one.get('ref')} is long"
        if inside and not cell:
            yield f"{one.get('ref')} leads nowhere"
        if inside and location:
            yield from wrong_sheets(f"{location}!A1", sheet.book.names)
            if area_of(cell) is None:
                yield cell
