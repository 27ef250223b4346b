"""Rows, cells, texts and formulas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.excel_rules.package import Element, Package, Sheet, length, names_of, tag, told
from tests.excel_rules.places import Area, area_of, is_formula, without_texts, wrong_sheets
from tests.excel_rules.rule import CHECKED, LIMITS, PROJECTS, Part, rule, sheets, sub
from xlbudget.files.xml import XML_SPACE

ERRORS = frozenset(
    [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
        "#PYTHON!",
        "#EXTERNAL!",
    ]
)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([Ee][+-]?\d+)?")


@rule(
    sheets,
    "ECMA-376 part 1, CT_SheetData: ascending rows",
    sub("run", PROJECTS, '<row r="6"', '<row r="5"'),
    sub("run", PROJECTS, '<row r="6"', '<row r="1048577"'),
)
def rows_ascend(sheet: Sheet) -> Iterator[str]:
    """Rows stand once each, from above to below."""
    last = 0
    for row in sheet.rows:
        number = int(row.get("r", last + 1))
        if not last < number <= 1_048_576:
            yield f"row {number} after {last}"
        last = number


@rule(
    sheets,
    "FastExcel issue 72, openspout issue 362: cells out of order are dropped",
    sub("run", PROJECTS, '<c r="I5"', '<c r="A5"'),
    sub("run", PROJECTS, '<c r="I5"', '<c r="I6"'),
)
def cells_ascend(sheet: Sheet) -> Iterator[str]:
    """Cells stand in their row, once each, from left to right."""
    before = (0, 0)
    for cell in sheet.cells:
        row = cell.element.getparent()
        if not before < cell.at or row is None or row.get("r", str(cell.at.row)) != str(cell.at.row):
            yield cell.ref
        before = cell.at


@rule(sheets, f"{LIMITS}: row height 409 points", sub("run", PROJECTS, ' ht="[^"]*"', ' ht="500"'))
def rows_are_low(sheet: Sheet) -> Iterator[str]:
    """A row is at most 409.5 points high."""
    yield from (
        f"row {row.get('r')} {h}" for row in sheet.rows if not 0 <= float(h := row.get("ht", "0")) <= 409.5
    )


@rule(sheets, "ECMA-376 part 1, CT_Row spans", sub("run", PROJECTS, 'spans="1:24"', 'spans="5:6"'))
def spans_hold_the_cells(sheet: Sheet) -> Iterator[str]:
    """The columns that a row claims to span hold its cells."""
    for cell in sheet.cells:
        row = cell.element.getparent()
        spans = "" if row is None else row.get("spans", "")
        pieces = [tuple(map(int, one.split(":"))) for one in spans.split()]
        if pieces and not any(first <= cell.at.column <= last for first, last in pieces):
            yield f"{cell.ref} {spans}"


@rule(
    sheets,
    f"ECMA-376 part 1, CT_Col; {LIMITS}: column width 255",
    sub("run", PROJECTS, '<col min="2" max="2"', '<col min="1" max="2"'),
    sub("run", PROJECTS, '(<col [^>]*width=)"[^"]*"', r'\1"256"'),
)
def columns_ascend(sheet: Sheet) -> Iterator[str]:
    """Column settings do not overlap, from left to right; no column is wider than 255."""
    last = 0
    for one in sheet.all("m:cols/m:col"):
        first, end = int(one.get("min", "0")), int(one.get("max", "0"))
        if not last < first <= end <= 16_384 or not 0 <= float(one.get("width", "9")) <= 255:
            yield told(one)
        last = end


@rule(
    sheets,
    "ECMA-376 part 1, CT_SheetDimension: the area with cells",
    sub("run", PROJECTS, '<dimension ref="[^"]*"', '<dimension ref="A1:B2"'),
)
def dimension_holds_the_cells(sheet: Sheet) -> Iterator[str]:
    """All cells lie in the area that the sheet claims to use."""
    element = sheet.find("m:dimension")
    area = area_of(None if element is None else element.get("ref"))
    if element is not None and sheet.cells:
        rows, columns = zip(*(cell.at for cell in sheet.cells), strict=True)
        used = Area(min(rows), min(columns), max(rows), max(columns))
        if area is None or area[:2] > used[:2] or area.bottom < used.bottom or area.right < used.right:
            yield f"{element.get('ref')} {used}"


@rule(
    sheets,
    "ECMA-376 part 1, ST_CellType; libxlsxwriter issue 122, umya-spreadsheet issue 279: NaN",
    sub("run", PROJECTS, r'(<c r="I5"[^>]*><v>)[^<]*', r"\1NaN"),
    sub("run", PROJECTS, r'(<c r="I5"[^>]*)><v>[^<]*', r'\1 t="b"><v>2'),
    sub("run", PROJECTS, r'(<c r="I5"[^>]*)><v>[^<]*', r'\1 t="e"><v>#WHAT!'),
    sub("run", PROJECTS, r'(<c r="I5"[^>]*)><v>[^<]*', r'\1 t="s"><v>9999'),
    sub("run", PROJECTS, r'(<c r="I5"[^>]*)>', r'\1 t="x">'),
    sub("run", PROJECTS, r'(<c r="I5"[^>]*><v>)[^<]*', r"\g<1>1e308"),
)
def values_are_of_their_kind(sheet: Sheet) -> Iterator[str]:
    """Numbers are finite, truth 0 or 1, errors known, shared texts there."""
    for cell in sheet.cells:
        if cell.value is not None and not _is_of_kind(cell.kind, cell.value, len(sheet.book.strings)):
            yield f"{cell.ref} {cell.kind} {cell.value[:20]}"


def _is_of_kind(kind: str, value: str, strings: int) -> bool:
    match kind:
        case "n":
            return NUMBER.fullmatch(value) is not None and abs(float(value)) < 1e308
        case "b":
            return value in ("0", "1")
        case "e":
            return value in ERRORS
        case "s":
            return value.isdecimal() and int(value) < strings
        case _:
            return kind in ("str", "d")


@rule(
    sheets,
    "ECMA-376 part 1, CT_Cell: is with inlineStr, str with a formula's text",
    sub("run", CHECKED, 't="inlineStr"><is><t>[^<]*</t></is>', 't="str"><v>a</v>'),
    sub("run", CHECKED, 't="inlineStr"(><is>)', r't="s"\1'),
    sub("run", CHECKED, 't="inlineStr"><is><t>[^<]*</t></is>', 't="inlineStr"><v>1</v>'),
    sub("run", PROJECTS, r'(<c r="I5"[^>]*)><v>[^<]*</v>', r'\1 t="str"><f>A1</f>'),
)
def texts_stand_where_they_belong(sheet: Sheet) -> Iterator[str]:
    """An inline text is one, and nothing else has one; a formula's text has its formula, and a text."""
    for cell in sheet.cells:
        inline = cell.inline is not None
        if inline != (cell.kind == "inlineStr") or (inline and (cell.value or cell.formula is not None)):
            yield cell.ref
        if cell.kind == "str" and (cell.formula is None or cell.element.find(tag("m:v")) is None):
            yield cell.ref


@rule(
    sheets,
    "ECMA-376 part 1, CT_Cell: f, v, is",
    sub("rich", PROJECTS, r"(<f>[^<]*</f>)(<v>[^<]*</v>)", r"\2\1"),
)
def cells_are_in_order(sheet: Sheet) -> Iterator[str]:
    """In a cell stand formula, value, inline text, in this order."""
    order = ["f", "v", "is", "extLst"]
    for cell in sheet.cells:
        names = names_of(cell.element)
        if len(names) > 1 and names != sorted(names, key=order.index):
            yield f"{cell.ref} {names}"


@rule(
    sheets,
    "abap2xlsx issue 235: a style past the last makes Excel repair",
    sub("run", PROJECTS, r'(<c r="I5" s=")\d+', r"\g<1>999"),
    sub("run", PROJECTS, r'(<col [^>]*style=")\d+', r"\g<1>999"),
    sub("run", PROJECTS, r'<row r="6"', '<row s="999" r="6"'),
)
def styles_are_there(sheet: Sheet) -> Iterator[str]:
    """Cells, rows and columns bear formats that are there."""
    used = [(cell.ref, cell.element.get("s")) for cell in sheet.cells]
    used += [(f"row {row.get('r')}", row.get("s")) for row in sheet.rows]
    used += [(f"column {one.get('min')}", one.get("style")) for one in sheet.all("m:cols/m:col")]
    yield from (f"{where} {style}" for where, style in used if int(style or 0) >= sheet.book.formats)


# -- texts ---------------------------------------------------------------------------------------------


def texts_of(package: Package) -> Iterator[Part]:
    """The parts that texts of cells and notes stand in."""
    if package.book is not None:
        kinds = ("worksheet+xml", "sharedStrings+xml", "comments+xml")
        yield from (Part(package, name) for kind in kinds for name in package.parts_of_type(kind))


def texts(one: Part) -> Iterable[Element]:
    return one.root.iter(tag("m:t"))


@rule(
    texts_of,
    f"{LIMITS}: 32,767 characters; ImportExcel issue 1166, openxlsx issue 145",
    sub("run", CHECKED, "<t>([^<]*)</t>", lambda _: f"<t>{'字' * 40_000}</t>"),
    sub("run", CHECKED, "<t>([^<]*)</t>", lambda _: f"<t>{'😀' * 20_000}</t>"),
)
def texts_are_short(one: Part) -> Iterator[str]:
    """A text has at most 32,767 characters."""
    yield from (f"{length(text.text)} characters" for text in texts(one) if length(text.text) > 32_767)


@rule(
    texts_of,
    f"{LIMITS}: 253 line feeds a cell",
    sub("run", CHECKED, "<t>([^<]*)</t>", lambda _: "<t>" + "字\n" * 254 + "字</t>"),
)
def texts_have_few_lines(one: Part) -> Iterator[str]:
    """A text has at most 253 line feeds."""
    yield from (
        f"{(text.text or '').count(chr(10))} lines"
        for text in texts(one)
        if (text.text or "").count("\n") > 253
    )


@rule(
    texts_of,
    "XML 1.0, 2.10: xml:space, without which Excel drops blanks at the ends",
    sub("run", CHECKED, "<t>", "<t> "),
)
def blanks_at_ends_are_kept(one: Part) -> Iterator[str]:
    """A text that begins or ends with a blank asks for its blanks to be kept."""
    for text in texts(one):
        if (text.text or "") != (text.text or "").strip(" \t\r\n") and text.get(XML_SPACE) != "preserve":
            yield repr((text.text or "")[:40])


@rule(
    texts_of, "ECMA-376 part 1, ST_Xstring: _xHHHH_ is a character", sub("run", CHECKED, "<t>", "<t>_x0041_")
)
def escapes_are_meant(one: Part) -> Iterator[str]:
    """No text reads _x0041_: Excel would show A."""
    found = ((text.text or "") for text in texts(one))
    yield from (text[:60] for text in found if re.search(r"_x(?!000[9AaDd]_|005[Ff]_)[0-9A-Fa-f]{4}_", text))


# -- formulas ------------------------------------------------------------------------------------------

NEW = frozenset(
    [
        "IFS",
        "SWITCH",
        "CONCAT",
        "TEXTJOIN",
        "MAXIFS",
        "MINIFS",
        "XLOOKUP",
        "XMATCH",
        "FILTER",
        "SORT",
        "SORTBY",
        "UNIQUE",
        "SEQUENCE",
        "RANDARRAY",
        "LET",
        "LAMBDA",
        "VSTACK",
        "HSTACK",
        "TEXTSPLIT",
        "TEXTBEFORE",
        "TEXTAFTER",
        "TOROW",
        "TOCOL",
        "CHOOSECOLS",
        "CHOOSEROWS",
        "TAKE",
        "DROP",
        "EXPAND",
        "BYROW",
        "BYCOL",
        "MAP",
        "REDUCE",
        "SCAN",
        "ISFORMULA",
        "FORMULATEXT",
        "IFNA",
        "NUMBERVALUE",
        "SHEET",
        "SHEETS",
        "ENCODEURL",
        "DAYS",
        "ISOWEEKNUM",
        "BITAND",
        "XOR",
        "UNICODE",
        "UNICHAR",
        "STDEV.S",
        "STDEV.P",
        "VAR.S",
        "VAR.P",
        "PERCENTILE.INC",
        "QUARTILE.INC",
        "RANK.EQ",
        "RANK.AVG",
        "MODE.SNGL",
        "NORM.DIST",
        "CEILING.MATH",
        "FLOOR.MATH",
        "ARABIC",
        "BASE",
        "DECIMAL",
    ]
)
"""Functions that came after Excel 2007."""
SUM = r"(<c r=\"[A-Z]+[0-9]+\"[^>]*><f>)([^<]*)(</f>)"


@rule(
    sheets,
    f"{LIMITS}: formulas of 8,192 characters; ECMA-376 part 1, 18.17: without =",
    sub("rich", PROJECTS, SUM, r"\1=\2\3"),
    sub("rich", PROJECTS, SUM, r"\1SUM((A1)\3"),
    sub("rich", PROJECTS, SUM, lambda m: f"{m[1]}{'1+' * 4100}1{m[3]}"),
)
def formulas_can_be_read(sheet: Sheet) -> Iterator[str]:
    """Formulas close their brackets, have no = and at most 8,192 characters."""
    for cell in sheet.formulas:
        text = "" if cell.formula is None else cell.formula.text
        if text and not is_formula(text):
            yield f"{cell.ref} {text[:60]}"


@rule(
    sheets,
    "xlsxwriter.readthedocs.io, Working with formulas: functions added in Excel 2010 and later have _xlfn.",
    sub("rich", PROJECTS, SUM, r"\1XLOOKUP(A1,A1,A1)\3"),
)
def new_functions_are_marked(sheet: Sheet) -> Iterator[str]:
    """Functions that Excel 2007 did not know have their prefix, without which they are #NAME?."""
    for cell in sheet.formulas:
        text = without_texts("" if cell.formula is None else cell.formula.text or "")
        for name in re.findall(r"(?<![\w.])([A-Z][A-Z0-9.]*)\(", text):
            if name in NEW:
                yield f"{cell.ref} {name}"


@rule(
    sheets,
    "ECMA-376 part 1, 18.17.2.2: a sheet's name in a formula",
    sub("rich", PROJECTS, SUM, r"\1没有的表!A1\3"),
    sub("rich", PROJECTS, SUM, r"\1'没有 的表'!A1\3"),
)
def formulas_name_sheets(sheet: Sheet) -> Iterator[str]:
    """The sheets that formulas name are there, and quoted where they need it."""
    for cell in sheet.formulas:
        text = "" if cell.formula is None else cell.formula.text or ""
        yield from (f"{cell.ref} {wrong}" for wrong in wrong_sheets(text, sheet.book.names))


@rule(
    sheets,
    "openxlsx2 issue 1217: shared formulas without their first cell are dropped",
    sub("rich", PROJECTS, SUM, '<c r="XFD5"><f t="shared" si="77"></f>'),
    sub("rich", PROJECTS, SUM, r'<c r="XFD5"><f t="array">\2\3'),
)
def shared_formulas_have_a_first(sheet: Sheet) -> Iterator[str]:
    """A shared formula stands in one cell, with its area; an array formula has an area too."""
    formulas = [cell.formula for cell in sheet.formulas if cell.formula is not None]
    shared = [one for one in formulas if one.get("t") == "shared"]
    first = Counter(one.get("si") for one in shared if one.get("ref"))
    yield from (
        f"si {number} {first[number]} times"
        for number in {one.get("si") for one in shared}
        if first[number] != 1
    )
    yield from (told(one) for one in formulas if one.get("t") == "array" and area_of(one.get("ref")) is None)


@rule(
    sheets,
    "ECMA-376 part 1, 18.9: cm counts cellMetadata",
    sub("rich", PROJECTS, SUM, r'<c r="XFD5" cm="99"><f>\2\3'),
)
def metadata_of_cells_are_there(sheet: Sheet) -> Iterator[str]:
    """Metadata that a cell names are there."""
    root = sheet.book.one("sheetMetadata")
    count = 0 if root is None else len(root.findall(f"{tag('m:cellMetadata')}/{tag('m:bk')}"))
    yield from (cell.ref for cell in sheet.cells if int(cell.element.get("cm", "0")) > count)
