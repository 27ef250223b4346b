"""Looks: fonts, fills, borders, number formats and what refers to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.excel_rules.package import NS, Element, Package, in_order, is_on, length, names_of, tag, told
from tests.excel_rules.packaging import twice
from tests.excel_rules.rule import LIMITS, STYLES, Part, rule, sub


def looks(package: Package) -> Iterator[Part]:
    if package.book is not None:
        yield from (Part(package, name) for name in package.related(package.book.part, "styles"))


def group(one: Part, name: str) -> list[Element]:
    found = one.root.find(tag(f"m:{name}"))
    return [] if found is None else list(found.iterchildren("{*}*"))


@rule(
    looks,
    "ECMA-376 part 1, CT_Stylesheet: counts",
    sub("run", STYLES, r'fonts count="\d+"', 'fonts count="3"'),
    sub("run", STYLES, r'cellXfs count="\d+"', 'cellXfs count="3"'),
)
def looks_are_counted(one: Part) -> Iterator[str]:
    """Collections of looks are as long as they say."""
    for found in one.root:
        if found.get("count") is not None and int(found.get("count", "")) != len(found):
            yield f"{found.tag} {found.get('count')} of {len(found)}"


@rule(
    looks,
    "ECMA-376 part 1, CT_Xf; exceljs issue 1410: Removed Part: styles.xml (Load error)",
    *(
        sub("run", STYLES, f'(<cellXfs.*?{name}=")[0-9]+', r"\g<1>999")
        for name in ("fontId", "fillId", "borderId", "numFmtId", "xfId")
    ),
)
def formats_refer_to_what_is_there(one: Part) -> Iterator[str]:
    """A cell format names a font, a fill, a border, a number format and a style that are there."""
    sizes = {f"{name}Id": len(group(one, f"{name}s")) for name in ("font", "fill", "border")}
    own = {int(found.get("numFmtId", "0")) for found in group(one, "numFmts")}
    for name in ("cellStyleXfs", "cellXfs"):
        known = sizes if name == "cellStyleXfs" else {**sizes, "xfId": len(group(one, "cellStyleXfs"))}
        for xf in group(one, name):
            format_id = int(xf.get("numFmtId", "0"))
            missing = [key for key, size in known.items() if int(xf.get(key, "0")) >= size]
            if missing or (format_id >= 164 and format_id not in own):
                yield told(xf)


@rule(
    looks,
    "ClosedXML pull request 2769, IronCalc pull request 363: Excel takes the first two fills for none and gray125",
    sub("run", STYLES, "gray125", "gray0625"),
)
def the_first_fills_are_excels(one: Part) -> Iterator[str]:
    """The first two fills are none and gray125."""
    patterns = [fill.find("{*}patternFill") for fill in group(one, "fills")[:2]]
    found = [None if pattern is None else pattern.get("patternType", "none") for pattern in patterns]
    if found != ["none", "gray125"]:
        yield str(found)


@rule(
    looks,
    f"{LIMITS}: 200 to 250 number formats, 65,490 cell formats, 512 fonts a workbook",
    sub("run", STYLES, "</fonts>", "<font/>" * 513 + "</fonts>"),
    sub(
        "run",
        STYLES,
        "</numFmts>",
        "".join(f'<numFmt numFmtId="{n}" formatCode="0"/>' for n in range(1000, 1201)) + "</numFmts>",
    ),
)
def looks_are_few(one: Part) -> Iterator[str]:
    """A workbook has at most 200 number formats of its own, 512 fonts, 65,490 cell formats."""
    for name, most in (("numFmts", 200), ("fonts", 512), ("cellXfs", 65_490)):
        if len(group(one, name)) > most:
            yield f"{name} {len(group(one, name))}"


@rule(
    looks,
    "ECMA-376 part 1, CT_NumFmt: ids from 164; support.microsoft.com: 255 characters, up to four sections",
    sub("run", STYLES, r'formatCode="[^"]*"', 'formatCode="0.0&quot;"'),
    sub("run", STYLES, r'formatCode="[^"]*"', 'formatCode=""'),
    sub("run", STYLES, r'formatCode="[^"]*"', 'formatCode="0;0;0;0;0"'),
    sub(
        "run",
        STYLES,
        r'numFmtId="(16[0-9])"( formatCode="[^"]*"/><numFmt numFmtId=")[0-9]+',
        r'numFmtId="\1"\g<2>\1',
    ),
    sub("run", STYLES, r'formatCode="[^"]*"', lambda _: f'formatCode="{"0" * 256}"'),
)
def number_formats_can_be_read(one: Part) -> Iterator[str]:
    """Number formats have ids of their own, closed quotes and brackets, up to four sections and 255 characters."""
    found = group(one, "numFmts")
    yield from twice(each.get("numFmtId") for each in found)
    for each in found:
        code = each.get("formatCode", "")
        rest = re.sub(r"\\.|_.|\*.", "", re.sub(r'"[^"]*"', "", code))
        closed = '"' not in rest and rest.count("[") == rest.count("]") and rest.count(";") <= 3
        if not code or length(code) > 255 or not closed:
            yield code


@rule(
    looks,
    f"{LIMITS}: font size 1 to 409; ECMA-376 part 1, CT_FontName: 31 characters",
    sub("run", STYLES, 'sz val="[^"]*"', 'sz val="500"'),
    sub("run", STYLES, '<(name|rFont) val="[^"]*"', f'<name val="{"字" * 32}"'),
)
def fonts_are_possible(one: Part) -> Iterator[str]:
    """Fonts have a size from 1 to 409 and a name of at most 31 characters."""
    for font in group(one, "fonts"):
        size, name = font.find("{*}sz"), font.find("{*}name")
        if size is not None and not 1 <= float(size.get("val", "0")) <= 409:
            yield str(size.get("val"))
        if name is not None and not 1 <= length(name.get("val")) <= 31:
            yield str(name.get("val"))


@rule(
    looks,
    "ECMA-376 part 1, CT_CellStyle",
    sub("run", STYLES, "(<cellStyle [^>]*/>)", r"\1\1"),
    sub("run", STYLES, r'(<cellStyle [^>]*xfId=")\d+', r"\g<1>99"),
)
def cell_styles_are_unique(one: Part) -> Iterator[str]:
    """Cell styles have names of their own and formats that are there."""
    found = group(one, "cellStyles")
    yield from twice(each.get("name", "").lower() for each in found)
    size = len(group(one, "cellStyleXfs"))
    yield from (str(each.get("name")) for each in found if int(each.get("xfId", "0")) >= size)


@rule(
    looks,
    "EPPlus issue 337: a dxf in another order is corrupt",
    sub("run", STYLES, "<dxf>", "<dxf><border/><font/></dxf><dxf>"),
)
def differential_looks_are_in_order(one: Part) -> Iterator[str]:
    """The parts of a condition's look stand in the order of the schema."""
    order = "font numFmt fill alignment border protection extLst"
    yield from (" ".join(names_of(each)) for each in group(one, "dxfs") if not in_order(each, order))


@rule(
    looks,
    "ECMA-376 part 1, ST_UnsignedIntHex, CT_Color; LargeXlsx issue 17: colours of six digits",
    sub("run", STYLES, 'rgb="FF[0-9A-F]{6}"', 'rgb="000000"'),
    sub("run", STYLES, '<color rgb="[^"]*"', '<color indexed="99"'),
    sub("run", STYLES, '<color rgb="[^"]*"', '<color theme="12"'),
)
def colours_are_possible(one: Part) -> Iterator[str]:
    """Colours are eight hexadecimal digits, one of the palette's, or one of the theme's twelve."""
    for each in one.root.iter("{*}*"):
        rgb, indexed, theme = each.get("rgb"), each.get("indexed"), each.get("theme")
        if rgb is not None and not re.fullmatch("[0-9A-Fa-f]{8}", rgb):
            yield rgb
        if (indexed is not None and int(indexed) > 81) or (theme is not None and int(theme) > 11):
            yield told(each)


@rule(
    looks,
    "ECMA-376 part 1, CT_CellAlignment; [MS-OI29500]: indent at most 250",
    sub("run", STYLES, 'indent="1"', 'indent="300"'),
    sub("run", STYLES, "<alignment ", '<alignment textRotation="200" '),
    sub("run", STYLES, 'wrapText="1"', 'wrapText="1" shrinkToFit="1"'),
)
def alignments_are_possible(one: Part) -> Iterator[str]:
    """Indent and rotation are such that Excel has them; what is wrapped is not shrunk."""
    for each in one.root.iterfind("m:cellXfs/m:xf/m:alignment", NS):
        rotation = int(each.get("textRotation", "0"))
        both = is_on(each.get("wrapText")) and is_on(each.get("shrinkToFit"))
        if (
            not 0 <= int(each.get("indent", "0")) <= 250
            or both
            or not (0 <= rotation <= 180 or rotation == 255)
        ):
            yield told(each)
