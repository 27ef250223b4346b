"""The package: its members, types, relations, XML, properties, ribbon and VBA project."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree

from tests.excel_rules.package import NS, VERSION, Book, Package, app_version, length, local, tag
from tests.excel_rules.rule import (
    APP,
    BOOK,
    CHARTS,
    STYLES,
    TYPES,
    Part,
    add,
    books,
    rule,
    sub,
    whole,
    xml_parts,
)

OPC = "ECMA-376 part 2 (OPC)"


def twice(names: Iterable[str | None]) -> Iterator[str]:
    """What is there more than once."""
    yield from (f"{name} {count} times" for name, count in Counter(names).items() if count > 1)


@rule(
    xml_parts,
    f"{OPC}, 8.2: no DTD",
    sub("run", CHARTS, "</sheetData>", "</sheetdata>"),
    sub("run", STYLES, "<styleSheet", "<!DOCTYPE a><styleSheet"),
)
def xml_can_be_read(one: Part) -> Iterator[str]:
    """Parts are well-formed and have no document type."""
    try:
        etree.fromstring(one.package.parts[one.part], etree.XMLParser(huge_tree=True, resolve_entities=False))
    except etree.XMLSyntaxError as error:
        yield str(error)
    if b"<!DOCTYPE" in one.package.parts[one.part][:1000]:
        yield "a document type"


@rule(whole, f"{OPC}, part names: equivalent by ASCII case", add("run", "XL/styles.xml"))
def part_names_are_unique(package: Package) -> Iterator[str]:
    """No part is there twice, also not in other capitals."""
    yield from twice(entry.name.lower() for entry in package.entries)


@rule(
    whole,
    f"{OPC}, mapping to ZIP: stored or deflated, not encrypted",
    add("run", "xl/x.xml", method=zipfile.ZIP_BZIP2),
    add("run", "xl\\y.xml", method=8),
    add("run", "xl/z.xml", flags=1),
)
def members_are_plain(package: Package) -> Iterator[str]:
    """Members are stored or deflated, not encrypted, and have relative names with slashes."""
    for name, method, flags in package.entries:
        if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or flags & 1:
            yield f"{name} method {method} flags {flags}"
        if "\\" in name or name.startswith("/"):
            yield name


@rule(
    whole,
    f"{OPC}, content types",
    sub("run", TYPES, '(<Override PartName="/xl/styles.xml"[^>]*/>)', r"\1\1"),
    sub("run", TYPES, '(<Default Extension="rels"[^>]*/>)', r"\1\1"),
)
def types_are_told_once(package: Package) -> Iterator[str]:
    """A part or a suffix has one type."""
    root = package.root(TYPES)
    yield from twice((one.get("PartName") or one.get("Extension") or "").lower() for one in root)


@rule(
    whole,
    f"{OPC}, content types",
    sub("run", TYPES, "</Types>", '<Override PartName="/xl/none.xml" ContentType="x/y"/></Types>'),
)
def types_are_those_of_parts(package: Package) -> Iterator[str]:
    """A type is told of parts that are there."""
    names = {name.lower() for name in package.parts}
    yield from (part for part in package.overrides if part.lower() not in names)


@rule(
    whole,
    f"{OPC}, content types; tealeg/xlsx pull request 88: a part without its type makes Excel repair",
    sub("run", TYPES, '<Override PartName="/xl/comments1.xml"[^>]*/>', ""),
    sub("run", TYPES, '<Default Extension="vml"[^>]*/>', ""),
)
def parts_have_types(package: Package) -> Iterator[str]:
    """Every part has a type of its own; plain application/xml is that of custom parts alone."""
    for name in package.parts:
        kind = package.content_type(name)
        plain = kind == "application/xml" and not name.startswith(("customXml", "customUI"))
        if name != TYPES and not name.endswith("/") and (not kind or plain):
            yield f"{name}: {kind or 'no type'}"


def relation_parts(package: Package) -> Iterator[Part]:
    yield from (Part(package, name) for name in package.parts if name.endswith(".rels"))


@rule(
    relation_parts,
    f"{OPC}, relationships: Id is an xsd:ID",
    sub("run", "xl/_rels/workbook.xml.rels", 'Id="rId2"', 'Id="rId1"'),
)
def relation_ids_are_unique(one: Part) -> Iterator[str]:
    """The relations of a part have ids of their own."""
    yield from twice(relation.get("Id") for relation in one.root)


def owner(rels: str) -> str:
    """xl/_rels/workbook.xml.rels → xl/workbook.xml."""
    return re.sub(r"(^|/)_rels/([^/]*)\.rels$", r"\1\2", rels)


@rule(
    relation_parts,
    f"{OPC}, relationships; openxlsx2 issue 535: relations to other parts make Excel drop them",
    sub("run", "xl/_rels/workbook.xml.rels", "worksheets/sheet2.xml", "worksheets/sheet99.xml"),
    add("run", "xl/_rels/none.xml.rels", b"<Relationships/>"),
)
def relations_lead_somewhere(one: Part) -> Iterator[str]:
    """Relations lead from a part that is there to parts that are there."""
    source = owner(one.part)
    if source and source not in one.package.parts:
        yield f"no {source}"
    for relation in one.package.relations(source).values():
        if not relation.external and relation.target not in one.package.parts:
            yield f"no {relation.target}"


@rule(
    xml_parts,
    "ECMA-376 part 1, 22.8: an r:id names a relation of the part",
    sub("run", CHARTS, 'r:id="rIdXl1"', 'r:id="rIdQ"'),
)
def relation_ids_are_known(one: Part) -> Iterator[str]:
    """Every r:id of a part is one of its relations."""
    known, names = one.package.relations(one.part), tag("r:")
    for element in one.root.iter(etree.Element):
        for name, value in element.attrib.items():
            if str(name).startswith(names) and value and value not in known:
                yield f"{local(element)} {value!s}"


@rule(
    relation_parts,
    "Excel's limit of a link (xlsxwriter, worksheet.py: 2,079 characters)",
    sub(
        "run",
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        lambda _: (
            f'<Relationship Id="z" Type="x/hyperlink" TargetMode="External" Target="http://a/{"b" * 2100}"/></Relationships>'
        ),
    ),
)
def links_out_are_short(one: Part) -> Iterator[str]:
    """Links to other files have at most 2,079 characters."""
    for relation in one.root:
        if relation.get("TargetMode") == "External" and length(relation.get("Target")) > 2079:
            yield relation.get("Target", "")[:60]


# -- properties ----------------------------------------------------------------------------------------


@rule(
    whole,
    f"{OPC}, core properties: each once, dates as W3CDTF",
    sub("run", "docProps/core.xml", "(<dcterms:created.*</dcterms:created>)", r"\1\1"),
    sub("run", "docProps/core.xml", "T00:00:00Z", " 0:00"),
)
def core_properties_are_sound(package: Package) -> Iterator[str]:
    """Core properties are there once each, dates with time and zone."""
    for part in package.related("", "core-properties"):
        root = package.root(part)
        yield from twice(map(local, root))
        for one in root:
            dated = local(one) in ("created", "modified")
            if dated and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", one.text or ""):
                yield f"{local(one)} {one.text}"


@rule(
    whole,
    "ECMA-376 part 1, 22.2: AppVersion XX.YYYY; size of a vector",
    sub("run", APP, "<AppVersion>12.0000", "<AppVersion>3.1"),
    sub(
        "run",
        APP,
        "<Company",
        '<TitlesOfParts xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><vt:vector size="9" baseType="lpstr"/></TitlesOfParts><Company',
    ),
)
def app_properties_are_sound(package: Package) -> Iterator[str]:
    """AppVersion reads 16.0300; vectors are as long as they say."""
    version = app_version(package)
    if version is not None and not VERSION.fullmatch(version):
        yield version
    for part in package.related("", "extended-properties"):
        vectors = package.root(part).iter(tag("vt:vector"))
        yield from (f"vector of {len(one)}" for one in vectors if int(one.get("size", "0")) != len(one))


TITLES = '<TitlesOfParts xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><vt:vector size="1" baseType="lpstr"><vt:lpstr>首页</vt:lpstr></vt:vector></TitlesOfParts><Company'


@rule(
    books,
    "ECMA-376 part 1, 22.2 TitlesOfParts: what Explorer shows of a file",
    sub("run", APP, "<Company", TITLES),
)
def titles_name_all_sheets(book: Book) -> Iterator[str]:
    """The list of sheets in the properties, where there is one, names all that people see."""
    for part in book.package.related("", "extended-properties"):
        lists = [one for one in book.package.root(part) if local(one) == "TitlesOfParts"]
        titles = [title.text for one in lists for title in one.iter(tag("vt:lpstr"))]
        if titles:
            seen = [name for name, visible in zip(book.names, book.visible, strict=True) if visible]
            yield from (name for name in seen if name not in titles)


# -- ribbon and macros ---------------------------------------------------------------------------------

MACRO_TYPES = "application/vnd.ms-excel.sheet.macroEnabled.main"


@rule(
    books,
    "[MS-OE376] macro-enabled types; Excel refuses a .xlsm whose type is a plain workbook's",
    sub(
        "macros", TYPES, MACRO_TYPES, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"
    ),
    sub("macros", "xl/_rels/workbook.xml.rels", '<Relationship [^>]*vbaProject"[^>]*/>', ""),
)
def macros_and_type_agree(book: Book) -> Iterator[str]:
    """A workbook has a VBA project if its type says so, and one only."""
    kind = book.package.content_type(book.part)
    if bool(book.macros) != ("macroEnabled" in kind):
        yield f"{book.macros} {kind}"
    if len(book.package.related(book.part, "vbaProject")) > 1:
        yield "two projects"


def ribbons(package: Package) -> Iterator[Part]:
    yield from (Part(package, name) for name in package.parts if re.fullmatch(r"customUI/[^/]*\.xml", name))


@rule(
    ribbons,
    "[MS-CUSTOMUI] id: unique; length of texts at most 1,024",
    sub("macros", "customUI/customUI14.xml", '(<button id=")([^"]+)(".*?<button id=")[^"]+', r"\1\2\3\2"),
    sub("macros", "_rels/.rels", '<Relationship [^>]*customUI14.xml"[^>]*/>', ""),
    sub("macros", "customUI/customUI.xml", 'screentip="[^"]*"', lambda _: f'screentip="{"字" * 1025}"'),
)
def ribbon_is_sound(one: Part) -> Iterator[str]:
    """A ribbon belongs to the package, its controls have ids of their own and texts of at most 1,024 characters."""
    if one.part not in {relation.target for relation in one.package.relations("").values()}:
        yield "no relation"
    elements = list(one.root.iter(etree.Element))
    yield from twice(element.get("id") for element in elements if element.get("id"))
    for element in elements:
        for name in ("label", "screentip", "supertip", "description"):
            if length(element.get(name)) > 1024:
                yield f"{element.get('id')} {name}"


@rule(
    books,
    "[MS-OVBA] 2.3.4.2.3: module names; codeName of ECMA-376 part 1, CT_SheetPr",
    sub("macros", "xl/worksheets/sheet2.xml", 'codeName="[^"]*"', 'codeName="Sheet1"'),
    sub("macros", "xl/worksheets/sheet2.xml", 'codeName="[^"]*"', 'codeName="2a"'),
    sub("macros", "xl/worksheets/sheet2.xml", ' codeName="[^"]*"', ""),
    sub("macros", BOOK, 'codeName="[^"]*"', 'codeName="Zz9"'),
)
def code_names_are_modules(book: Book) -> Iterator[str]:
    """Code names are identifiers of at most 31 characters, unique, and each is a module of the VBA project."""
    properties = book.root.find("m:workbookPr", NS)
    named = {} if properties is None else {book.part: properties.get("codeName")}
    for sheet in book.sheets:
        element = sheet.find("m:sheetPr")
        named[sheet.part] = None if element is None else element.get("codeName")
    yield from twice(name.lower() for name in named.values() if name)
    project = book.package.parts[book.macros] if book.macros else b""
    for part, name in named.items():
        if name is not None and not re.fullmatch(r"[^\W\d_]\w{0,30}", name):
            yield f"{part} {name}"
        if book.macros and (name is None or name.encode() not in project):
            yield f"{part} {name} is no module"
