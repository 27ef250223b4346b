"""Word files: comments, bookmarks, tables, references to styles, order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.excel_rules.package import Element, Package, in_order, local, names_of, tag
from tests.excel_rules.packaging import twice
from tests.excel_rules.rule import DOCUMENT, Part, rule, sub

COMMENTS, SETTINGS = "word/comments1.xml", "word/settings.xml"
PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
    "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
    "sectPr pPrChange"
)
RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden color "
    "spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
)
CELL = (
    "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"
)
TABLE = (
    "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd "
    "tblLayout tblCellMar tblLook tblCaption tblDescription"
)


def val(element: Element | None, default: str = "") -> str:
    return default if element is None else element.get(tag("w:val"), default)


def documents(package: Package) -> Iterator[Part]:
    if package.main and package.book is None:
        yield Part(package, package.main)


def stories(package: Package) -> Iterator[Part]:
    """Everything that text stands in."""
    if package.book is None:
        names = (
            name
            for name in package.parts
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments\d*)\.xml", name)
        )
        yield from (Part(package, name) for name in names)


def comment_parts(package: Package) -> Iterator[Part]:
    yield from (Part(package, name) for name in package.parts_of_type("wordprocessingml.comments+xml"))


@rule(
    documents,
    "docxcompose issue 65, docxtemplater issue 333: comments are missing or corrupt; ECMA-376 part 1, 17.13.4",
    *(
        sub("word", DOCUMENT, f'<w:{name} w:id="0"/>', "")
        for name in ("commentRangeStart", "commentRangeEnd", "commentReference")
    ),
    sub("word", COMMENTS, '(<w:comment [^>]*w:id=)"0"', r'\1"1"'),
)
def comments_are_anchored(one: Part) -> Iterator[str]:
    """Every comment is there once, and its range begins, ends and is referred to once."""
    ids = Counter(
        note.get(tag("w:id"))
        for part in comment_parts(one.package)
        for note in part.root.iter(tag("w:comment"))
    )
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        found = Counter(
            each.get(tag("w:id"))
            for part in stories(one.package)
            for each in part.root.iter(tag(f"w:{name}"))
        )
        if found != ids or any(count > 1 for count in ids.values()):
            yield f"{name} {list(((found - ids) + (ids - found)).items())[:4]}"


@rule(
    comment_parts,
    "ECMA-376 part 1, 17.13.4.2; Word's limits of author 255 and initials 9",
    sub("word", COMMENTS, 'w:author="[^"]*"', 'w:author=""'),
    sub("word", COMMENTS, 'w:initials="[^"]*"', 'w:initials="xlbudget01"'),
    sub("word", COMMENTS, "<w:p>.*?</w:p>|<w:p .*?</w:p>", "", 99),
    sub("word", COMMENTS, 'w:date="[^"]*"', 'w:date="2022-01-01"'),
)
def comments_are_complete(one: Part) -> Iterator[str]:
    """A comment has an author, short initials, a date with time and a paragraph."""
    for note in one.root.iter(tag("w:comment")):
        author, initials, date = (note.get(tag(f"w:{name}"), "") for name in ("author", "initials", "date"))
        dated = not date or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", date)
        if not 0 < len(author) <= 255 or len(initials) > 9 or not dated or note.find(tag("w:p")) is None:
            yield f"{author} {initials} {date}"


@rule(
    documents,
    "dolanmiu/docx issue 3478: bookmarks with one id; python-docx pull request 445: names",
    sub(
        "word",
        DOCUMENT,
        "<w:body>",
        '<w:body><w:bookmarkStart w:id="91" w:name="a"/><w:bookmarkStart w:id="91" w:name="b"/><w:bookmarkEnd w:id="91"/>',
    ),
    sub("word", DOCUMENT, "<w:body>", '<w:body><w:bookmarkStart w:id="91" w:name="a"/>'),
    sub(
        "word",
        DOCUMENT,
        "<w:body>",
        "<w:body>"
        + "".join(f'<w:bookmarkStart w:id="{n}" w:name="a"/><w:bookmarkEnd w:id="{n}"/>' for n in (91, 92)),
    ),
)
def bookmarks_are_pairs(one: Part) -> Iterator[str]:
    """Bookmarks have ids and names of their own, and end."""
    starts = [each for part in stories(one.package) for each in part.root.iter(tag("w:bookmarkStart"))]
    ends = [
        each.get(tag("w:id"))
        for part in stories(one.package)
        for each in part.root.iter(tag("w:bookmarkEnd"))
    ]
    ids = [each.get(tag("w:id")) for each in starts]
    yield from twice(ids)
    yield from twice(each.get(tag("w:name"), "").lower() for each in starts)
    if Counter(ids) != Counter(ends):
        yield f"{ids[:5]} {ends[:5]}"


@rule(
    stories,
    "poi-tl issue 361, dolanmiu/docx issue 2719: drawings with one id",
    sub(
        "word",
        DOCUMENT,
        "<w:body>",
        '<w:body><w:p xmlns:wp="urn:x"><w:r><w:drawing><wp:docPr id="1"/><wp:docPr id="1"/></w:drawing></w:r></w:p>',
    ),
)
def drawings_have_ids(one: Part) -> Iterator[str]:
    """Drawings have ids of their own."""
    yield from twice(each.get("id") for each in one.root.iter("{*}docPr"))


@rule(
    stories,
    "[MS-DOCX] 2.2.4 paraId: less than 0x80000000, unique",
    *(
        sub(
            "word",
            DOCUMENT,
            "<w:body>",
            f'<w:body xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:p w14:paraId="{first}"/><w:p w14:paraId="{second}"/>',
        )
        for first, second in (("90000000", "00000001"), ("00000001", "00000001"))
    ),
)
def paragraph_ids_are_unique(one: Part) -> Iterator[str]:
    """Ids of paragraphs are unique and below 80000000."""
    ids = [each.get(tag("w14:paraId")) for each in one.root.iter(tag("w:p")) if each.get(tag("w14:paraId"))]
    yield from twice(ids)
    yield from (str(number) for number in ids if not 0 < int(number or "0", 16) < 0x80000000)


@rule(
    stories,
    "ECMA-376 part 1, 17.7.4.17 style, 17.9.15 num",
    sub("word", DOCUMENT, '<w:pStyle w:val="[^"]*"', '<w:pStyle w:val="Zz"'),
    sub("word", DOCUMENT, "<w:pPr>", '<w:pPr><w:numPr><w:numId w:val="999"/></w:numPr>'),
)
def styles_of_texts_are_there(one: Part) -> Iterator[str]:
    """Styles and numberings that a text refers to are there."""
    known: dict[str, set[str]] = {"styleId": set(), "numId": {"0"}}
    for kind, name, element in (("styles", "styleId", "style"), ("numbering", "numId", "num")):
        for part in one.package.related(one.package.main, kind):
            known[name] |= {
                each.get(tag(f"w:{name}"), "") for each in one.package.root(part).iter(tag(f"w:{element}"))
            }
    for each in one.root.iter(*(tag(f"w:{name}") for name in ("pStyle", "rStyle", "tblStyle", "numId"))):
        if val(each) not in known["numId" if local(each) == "numId" else "styleId"]:
            yield f"{local(each)} {val(each)}"


@rule(
    documents,
    "ECMA-376 part 1, CT_Body: sectPr is the last element",
    sub("word", DOCUMENT, "(</w:sectPr>)(</w:body>)", r"\1<w:p/>\2"),
)
def the_section_ends_the_body(one: Part) -> Iterator[str]:
    """The body ends with its section."""
    body = one.root.find(tag("w:body"))
    if body is None or not len(body) or local(body[-1]) != "sectPr":
        yield "no section"


@rule(
    documents,
    "ECMA-376 part 1, CT_Settings: elements once each",
    sub("word", SETTINGS, "</w:settings>", '<w:zoom w:percent="9"/><w:zoom w:percent="9"/></w:settings>'),
)
def settings_are_told_once(one: Part) -> Iterator[str]:
    """A setting is there once."""
    for part in one.package.related(one.part, "settings"):
        yield from twice(
            name for name in names_of(one.package.root(part)) if name not in ("activeWritingStyle", "rsid")
        )


# -- tables --------------------------------------------------------------------------------------------


@rule(
    stories,
    "docx-rs pull request 918, pandoc issue 4953: a cell ends with a paragraph; PHPWord issue 2505: a row without cells",
    sub("word", DOCUMENT, "(<w:tc>(?:<w:tcPr>.*?</w:tcPr>)?).*?(</w:tc>)", r"\1\2"),
    sub("word", DOCUMENT, "<w:tr[> ]", lambda match: f"<w:tr/>{match[0]}"),
    sub("word", DOCUMENT, "<w:tblGrid>.*?</w:tblGrid>", ""),
)
def tables_are_complete(one: Part) -> Iterator[str]:
    """A table has a grid and rows, a row has cells, and a cell ends with a paragraph."""
    for table in one.root.iter(tag("w:tbl")):
        rows = table.findall(tag("w:tr"))
        if (
            table.find(tag("w:tblGrid")) is None
            or not rows
            or any(row.find(tag("w:tc")) is None for row in rows)
        ):
            yield "no grid, no rows or a row without cells"
    for cell in one.root.iter(tag("w:tc")):
        if not len(cell) or local(cell[-1]) != "p":
            yield " ".join(names_of(cell))


def spans(row: Element) -> Iterator[tuple[int, int, Element]]:
    """The cells of a row with the column of the grid where they begin, and how many they span."""
    column = int(val(row.find(f"{tag('w:trPr')}/{tag('w:gridBefore')}"), "0"))
    for cell in row.findall(tag("w:tc")):
        width = int(val(cell.find(f"{tag('w:tcPr')}/{tag('w:gridSpan')}"), "1"))
        yield column, width, cell
        column += width


@rule(
    stories,
    "ECMA-376 part 1, 17.4.17 gridSpan, 17.4.48 tblGrid",
    sub("word", DOCUMENT, "<w:gridCol [^>]*/>", ""),
)
def rows_fill_the_grid(one: Part) -> Iterator[str]:
    """The cells of a row span as many columns as the grid has."""
    for table in one.root.iter(tag("w:tbl")):
        grid = table.findall(f"{tag('w:tblGrid')}/{tag('w:gridCol')}")
        for row in table.findall(tag("w:tr")):
            after = int(val(row.find(f"{tag('w:trPr')}/{tag('w:gridAfter')}"), "0"))
            end = max((column + width for column, width, _ in spans(row)), default=0)
            if end + after != len(grid):
                yield f"{end} of {len(grid)}"


@rule(
    stories,
    "ECMA-376 part 1, 17.4.84 vMerge: continues a cell of the same columns above",
    sub("word", DOCUMENT, '<w:vMerge w:val="restart"/>', ""),
)
def merged_cells_begin_somewhere(one: Part) -> Iterator[str]:
    """A cell that goes on from above has one above, of the same columns."""
    for table in one.root.iter(tag("w:tbl")):
        living: dict[int, int] = {}
        for row in table.findall(tag("w:tr")):
            for column, width, cell in spans(row):
                merge = cell.find(f"{tag('w:tcPr')}/{tag('w:vMerge')}")
                if merge is None:
                    living.pop(column, None)
                elif val(merge, "continue") == "restart":
                    living[column] = width
                elif living.get(column) != width:
                    yield f"column {column}"


@rule(
    stories,
    "Word joins tables that follow each other; a paragraph keeps them apart",
    sub("word", DOCUMENT, "(<w:tbl>.*?</w:tbl>)", r"\1\1"),
)
def tables_are_apart(one: Part) -> Iterator[str]:
    """A paragraph stands between two tables."""
    for table in one.root.iter(tag("w:tbl")):
        following = table.getnext()
        if following is not None and local(following) == "tbl":
            yield "two tables"


@rule(
    stories,
    "ECMA-376 part 1, 17.4.80 trHeight; Word's limit of 22 inches (31,680)",
    sub("word", DOCUMENT, "<w:trPr>", '<w:trPr><w:trHeight w:val="99999"/>'),
)
def rows_are_low_enough(one: Part) -> Iterator[str]:
    """A row is at most 22 inches high."""
    yield from (
        val(each) for each in one.root.iter(tag("w:trHeight")) if not 0 <= int(val(each, "0")) <= 31_680
    )


ORDERS = {"pPr": PARAGRAPH, "rPr": RUN, "tcPr": CELL, "tblPr": TABLE}


@rule(
    stories,
    "ECMA-376 part 1, CT_PPr, CT_RPr, CT_TcPr, CT_TblPr: sequences",
    sub("word", DOCUMENT, "<w:pPr>", '<w:pPr><w:jc w:val="left"/><w:keepNext/>'),
    sub("word", DOCUMENT, "<w:r>", '<w:r><w:rPr><w:sz w:val="9"/><w:b/></w:rPr>'),
    sub("word", DOCUMENT, "<w:tcPr>", '<w:tcPr><w:vAlign w:val="top"/>'),
    sub("word", DOCUMENT, "<w:tblPr>", "<w:tblPr><w:tblLook/>"),
)
def properties_are_in_order(one: Part) -> Iterator[str]:
    """Properties of paragraphs, runs, cells and tables stand in the order of the schema."""
    for each in one.root.iter(*(tag(f"w:{name}") for name in ORDERS)):
        if not in_order(each, ORDERS[local(each)]):
            yield f"{local(each)} {' '.join(names_of(each))}"
