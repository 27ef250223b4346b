"""Heavy by what stands around the cells: formats, merges, columns, rules, links, names, sheets, strings, notes."""

from __future__ import annotations

import re

from heavy import (
    DOC_RELS,
    INDICATORS,
    MAIN,
    NOTES,
    PACKAGE_RELS,
    PROJECTS,
    STRINGS,
    STYLES,
    WORKBOOK,
    Book,
    dice,
    kind,
    number_cell,
    numbered,
    text_cell,
    zipped,
)

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


# -- formats ---------------------------------------------------------------------------------------------


def _format(code: str) -> bytes:
    """The sample whose amounts bear a number format."""
    book = Book().read_whole()
    codes = re.sub(r'(<numFmt [^>]*formatCode=")[^"]*', lambda match: match[1] + code, book.parts[STYLES])
    book.parts[STYLES] = codes
    return book.packed()


_FORMATS = {
    "long": "0" * 300_000,
    "of_decimals": "0." + "0" * 300_000,
    "of_quotes": "&quot;" * 300_000,
    "of_brackets": "[" * 300_000,
    "of_sections": ";" * 300_000,
    "of_commas": "0" + "," * 300_000,
    "of_percents": "0" + "%" * 300_000,
    "of_years": "y" * 300_000,
    "of_literals": "0" + "\\元" * 150_000,
    "of_stars": "*" * 300_000,
    "of_seconds": "s0" * 150_000,
    "of_marks": "#?" * 150_000,
}


def _register_formats() -> None:
    for name, code in _FORMATS.items():

        def make(code: str = code) -> bytes:
            return _format(code)

        make.__name__ = f"format_{name}"
        kind(".xlsx", "check", "run", "audit")(make)


_register_formats()


@kind()
def many_number_formats() -> bytes:
    codes = "".join(
        f'<numFmt numFmtId="{n}" formatCode="0.00&quot;元{n}&quot;"/>' for n in range(1_000, 101_000)
    )
    return Book().before(STYLES, "</numFmts>", codes).packed()


@kind()
def many_cell_formats() -> bytes:
    xfs = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * 300_000
    return Book().before(STYLES, "</cellXfs>", xfs).packed()


@kind()
def many_fonts() -> bytes:
    fonts = "".join(f'<font><sz val="{n / 10}"/><name val="宋体"/></font>' for n in range(100_000))
    return Book().before(STYLES, "</fonts>", fonts).packed()


@kind()
def many_formats_in_cells() -> bytes:
    codes = "".join(
        f'<numFmt numFmtId="{n}" formatCode="0.00&quot;元{n}&quot;"/>' for n in range(1_000, 41_000)
    )
    xfs = "".join(
        f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for n in range(1_000, 41_000)
    )
    book = Book().before(STYLES, "</numFmts>", codes).before(STYLES, "</cellXfs>", xfs)
    return book.rows(
        PROJECTS, numbered(10, 20_009, lambda n: f'<c r="I{n}" s="{n + 20}"><v>3</v></c>')
    ).packed()


@kind()
def deep_styles() -> bytes:
    return (
        Book().before(STYLES, "</styleSheet>", "<extLst>" + "<a>" * 240 + "</a>" * 240 + "</extLst>").packed()
    )


@kind()
def many_colours() -> bytes:
    dxfs = '<dxf><fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill></dxf>' * 100_000
    return Book().before(STYLES, "</dxfs>", dxfs).packed()


# -- merges ----------------------------------------------------------------------------------------------


def _merges(*areas: str) -> bytes:
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return Book().before(PROJECTS, "<conditionalFormatting", f"<mergeCells>{cells}</mergeCells>").packed()


@kind()
def merge_of_ten_million_cells() -> bytes:
    return _merges("A20:T500019")


@kind()
def merge_of_whole_sheet() -> bytes:
    return _merges("A1:XFD1048576")


@kind()
def thousand_merges_of_ten_thousand_cells() -> bytes:
    return _merges(*(f"A{n}:J{n + 999}" for n in range(10, 1_000_000, 1_000)))


@kind()
def many_merges() -> bytes:
    return _merges(*(f"{c}{n}:{c}{n + 1}" for c in "ABCDE" for n in range(10, 120_010, 2)))


@kind()
def overlapping_merges() -> bytes:
    return _merges(*(f"A10:J{1_000 + n}" for n in range(5_000)))


@kind()
def merges_over_filled_rows() -> bytes:
    """Many merges, each over many filled rows."""
    cells = "".join(f'<mergeCell ref="A{n}:A{n + 3_000}"/>' for n in range(10, 3_010))
    book = Book().rows(PROJECTS, numbered(10, 6_009, lambda n: text_cell(f"B{n}", f"第{n}号项目")))
    return book.before(PROJECTS, "<conditionalFormatting", f"<mergeCells>{cells}</mergeCells>").packed()


@kind()
def merges_across_filled_rows() -> bytes:
    """One merge a row over all columns."""
    cells = "".join(f'<mergeCell ref="A{n}:XFD{n}"/>' for n in range(10, 10_010))
    book = Book().rows(PROJECTS, numbered(10, 10_009, lambda n: text_cell(f"B{n}", f"第{n}号项目")))
    return book.before(PROJECTS, "<conditionalFormatting", f"<mergeCells>{cells}</mergeCells>").packed()


# -- columns, rules, links -------------------------------------------------------------------------------


@kind()
def many_column_elements() -> bytes:
    columns = '<col min="1" max="16384" width="9" style="3"/>' * 100_000
    return Book().before(PROJECTS, "</cols>", columns).packed()


@kind()
def rules_of_many_areas() -> bytes:
    areas = " ".join(f"A{n}:B{n + 30}" for n in range(5, 100_000))
    rule = f'<conditionalFormatting sqref="{areas}"><cfRule type="expression" priority="99"><formula>1</formula></cfRule></conditionalFormatting>'
    return Book().before(PROJECTS, "<dataValidations", rule).packed()


@kind()
def many_rules() -> bytes:
    rules = "".join(
        f'<conditionalFormatting sqref="A5:A{n + 100}"><cfRule type="expression" priority="{n}"><formula>1</formula></cfRule></conditionalFormatting>'
        for n in range(50_000)
    )
    return Book().before(PROJECTS, "<dataValidations", rules).packed()


@kind()
def validations_of_many_areas() -> bytes:
    areas = " ".join(f"A{n}" for n in range(5, 200_000))
    return (
        Book()
        .before(PROJECTS, "</dataValidations>", f'<dataValidation type="whole" sqref="{areas}"/>')
        .packed()
    )


@kind()
def many_validations() -> bytes:
    rules = "".join(f'<dataValidation type="whole" sqref="A5:A{n + 30}"/>' for n in range(65_000))
    return Book().before(PROJECTS, "</dataValidations>", rules).packed()


@kind()
def validation_of_no_area() -> bytes:
    rule = f'<dataValidation type="whole" sqref="{"A" * 1_000_000}"/>'
    return Book().before(PROJECTS, "</dataValidations>", rule).packed()


@kind()
def validation_of_digits() -> bytes:
    rule = f'<dataValidation type="whole" sqref="A5:A{"9" * 300_000}"/>'
    return Book().before(PROJECTS, "</dataValidations>", rule).packed()


@kind()
def many_hyperlinks() -> bytes:
    links = "".join(f'<hyperlink ref="A{n}" location="项目!A{n}"/>' for n in range(5, 65_535))
    return Book().before(PROJECTS, "<pageMargins", f"<hyperlinks>{links}</hyperlinks>").packed()


@kind()
def many_outside_hyperlinks() -> bytes:
    book = Book()
    links = "".join(f'<hyperlink ref="A{n}" r:id="rId{n}"/>' for n in range(5, 65_535))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{DOC_RELS}/hyperlink" Target="https://example.org/{n}" TargetMode="External"/>'
        for n in range(5, 65_535)
    )
    book.before(PROJECTS, "<pageMargins", f"<hyperlinks>{links}</hyperlinks>")
    book.parts["xl/worksheets/_rels/sheet2.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELS}">{relations}</Relationships>'
    )
    return book.packed()


@kind()
def many_page_breaks() -> bytes:
    breaks = "".join(f'<brk id="{n}" max="16383" man="1"/>' for n in range(1, 200_000))
    return Book().before(PROJECTS, "</worksheet>", f"<rowBreaks>{breaks}</rowBreaks>").packed()


@kind()
def many_protected_ranges() -> bytes:
    ranges = "".join(f'<protectedRange name="r{n}" sqref="A5:A{n + 100}"/>' for n in range(50_000))
    return Book().before(PROJECTS, "<autoFilter", f"<protectedRanges>{ranges}</protectedRanges>").packed()


# -- names, sheets, strings ------------------------------------------------------------------------------


@kind()
def many_names() -> bytes:
    names = "".join(f'<definedName name="名称{n}">项目!$A$5:$A$204</definedName>' for n in range(100_000))
    return Book().before(WORKBOOK, "</definedNames>", names).packed()


@kind()
def many_names_of_a_sheet() -> bytes:
    names = "".join(
        f'<definedName name="名称{n}" localSheetId="{n % 13}">项目!$A$5:$A$204</definedName>'
        for n in range(100_000)
    )
    return Book().before(WORKBOOK, "</definedNames>", names).packed()


@kind()
def names_of_names() -> bytes:
    names = "".join(f'<definedName name="N{n}_">N{n + 1}_+N{n + 1}_</definedName>' for n in range(10_000))
    book = Book().before(WORKBOOK, "</definedNames>", names)
    return book.sheet(90, "我的", '<row r="1"><c r="A1"><f>N1_+项目!T5</f><v>1</v></c></row>').packed()


@kind()
def name_of_many_areas() -> bytes:
    text = ",".join(f"项目!$A${n}:$B${n + 30}" for n in range(5, 60_000))
    return Book().before(WORKBOOK, "</definedNames>", f'<definedName name="大">{text}</definedName>').packed()


@kind()
def many_sheets() -> bytes:
    book = Book()
    for number in range(90, 3_090):
        book.parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    numbers = range(90, 3_090)
    book.before(
        "[Content_Types].xml",
        "</Types>",
        "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SPREADSHEET}.worksheet+xml"/>'
            for n in numbers
        ),
    )
    book.before(
        WORKBOOK, "</sheets>", "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rIdH{n}"/>' for n in numbers)
    )
    book.before(
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        "".join(
            f'<Relationship Id="rIdH{n}" Type="{DOC_RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        ),
    )
    return book.packed()


@kind()
def many_tabs_of_one_part() -> bytes:
    book = Book()
    tabs = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId2"/>' for n in range(90, 20_090))
    return book.before(WORKBOOK, "</sheets>", tabs).packed()


@kind()
def many_relations() -> bytes:
    relations = "".join(
        f'<Relationship Id="x{n}" Type="{DOC_RELS}/hyperlink" Target="y{n}"/>' for n in range(100_000)
    )
    return Book().before("xl/_rels/workbook.xml.rels", "</Relationships>", relations).packed()


@kind()
def many_content_types() -> bytes:
    types = "".join(f'<Override PartName="/x{n}.xml" ContentType="text/xml"/>' for n in range(100_000))
    return Book().before("[Content_Types].xml", "</Types>", types).packed()


@kind()
def many_parts() -> bytes:
    book = Book()
    book.parts |= {f"customXml/item{n}.xml": "<a/>" for n in range(15_000)}
    return book.packed()


@kind()
def parts_of_long_names() -> bytes:
    book = Book()
    book.parts |= {f"customXml/{'x' * 30_000}{n}.xml": "<a/>" for n in range(300)}
    return book.packed()


@kind()
def many_strings() -> bytes:
    strings = "".join(f"<si><t>第{n}个字符串</t></si>" for n in range(300_000))
    return Book().before(STRINGS, "</sst>", strings).packed()


@kind()
def long_strings() -> bytes:
    random = dice()
    strings = "".join(f"<si><t>{random.randrange(10**9)}{'长' * 32_000}</t></si>" for n in range(300))
    return Book().before(STRINGS, "</sst>", strings).packed()


@kind()
def strings_of_many_runs() -> bytes:
    runs = "<r><rPr><b/></rPr><t>段</t></r>" * 32_000
    return Book().before(STRINGS, "</sst>", f"<si>{runs}</si>" * 10).packed()


@kind()
def one_long_string_in_many_cells() -> bytes:
    book = Book().before(STRINGS, "</sst>", f"<si><t>{'长' * 32_767}</t></si>")
    index = book.parts[STRINGS].count("<si>") - 1
    cells = numbered(10, 20_009, lambda n: f'<c r="B{n}" t="s"><v>{index}</v></c>')
    return book.rows(PROJECTS, cells).packed()


@kind()
def one_long_string_in_many_notes() -> bytes:
    book = Book().before(STRINGS, "</sst>", f"<si><t>{'预算1万元，支出2万元。' * 2_500}</t></si>")
    index = book.parts[STRINGS].count("<si>") - 1
    cells = numbered(
        10, 3_009, lambda n: text_cell(f"A{n}", "资金情况补充") + f'<c r="B{n}" t="s"><v>{index}</v></c>'
    )
    return book.rows(NOTES, cells).packed()


@kind()
def strings_of_escapes() -> bytes:
    return Book().before(STRINGS, "</sst>", f"<si><t>{'_x005F_x' * 4_000}</t></si>" * 200).packed()


# -- notes, drawings, tables, chains ----------------------------------------------------------------------


def _commented(number: int) -> Book:
    comments = "".join(
        f'<comment ref="C{n}" authorId="0"><text><t>某人的批注</t></text></comment>'
        for n in range(10, 10 + number)
    )
    book = Book().relate(PROJECTS, "comments", "../comments90.xml", "rIdC")
    text = f'<comments xmlns="{MAIN}"><authors><author>某人</author></authors><commentList>{comments}</commentList></comments>'
    return book.add("xl/comments90.xml", text, f"{_SPREADSHEET}.comments+xml")


@kind()
def many_comments() -> bytes:
    return _commented(500_000).packed()


@kind()
def many_comments_with_shapes() -> bytes:
    book = _commented(50_000).relate(PROJECTS, "vmlDrawing", "../drawings/vmlDrawing90.vml", "rIdV")
    shapes = "".join(
        f'<v:shape id="_x0000_s{n}" type="#_x0000_t202"><x:ClientData ObjectType="Note"><x:Row>{n}</x:Row><x:Column>2</x:Column></x:ClientData></v:shape>'
        for n in range(9, 50_009)
    )
    book.parts["xl/drawings/vmlDrawing90.vml"] = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel">{shapes}</xml>'
    )
    book.before(
        "[Content_Types].xml",
        "<Override",
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
    )
    return book.before(PROJECTS, "</worksheet>", '<legacyDrawing r:id="rIdV"/>').packed()


@kind()
def our_comments() -> bytes:
    """Notes that read like ours, all of which go."""
    book = _commented(50_000)
    book.parts["xl/comments90.xml"] = book.parts["xl/comments90.xml"].replace(
        "某人的批注", "【错误】旧的批注"
    )
    return book.packed()


@kind()
def drawing_of_many_anchors() -> bytes:
    anchor = (
        "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{n}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        "<xdr:to><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        '<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="{n}" name="s{n}"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp><xdr:clientData/></xdr:twoCellAnchor>'
    )
    shapes = "".join(anchor.replace("{n}", str(n)) for n in range(1, 30_000))
    drawing = f'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">{shapes}</xdr:wsDr>'
    book = Book()
    for part in (PROJECTS, "xl/worksheets/sheet11.xml"):
        book.relate(part, "drawing", "../drawings/drawing90.xml", "rIdD")
        book.before(part, "</worksheet>", f'<drawing xmlns:r="{DOC_RELS}" r:id="rIdD"/>')
    return book.add(
        "xl/drawings/drawing90.xml", drawing, "application/vnd.openxmlformats-officedocument.drawing+xml"
    ).packed()


@kind()
def many_tables() -> bytes:
    book = Book()
    relations, parts = [], []
    for n in range(3_000):
        text = f'<table xmlns="{MAIN}" id="{n + 1}" name="表{n}" displayName="表{n}" ref="A4:B{n + 10}"><tableColumns count="2"><tableColumn id="1" name="a"/><tableColumn id="2" name="b"/></tableColumns></table>'
        book.parts[f"xl/tables/table{n}.xml"] = text
        relations.append(
            f'<Relationship Id="rIdT{n}" Type="{DOC_RELS}/table" Target="../tables/table{n}.xml"/>'
        )
        parts.append(f'<tablePart r:id="rIdT{n}"/>')
    book.parts["xl/worksheets/_rels/sheet2.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELS}">{"".join(relations)}</Relationships>'
    )
    return book.before(
        PROJECTS, "</worksheet>", f'<tableParts count="3000">{"".join(parts)}</tableParts>'
    ).packed()


@kind()
def table_of_many_columns() -> bytes:
    columns = "".join(f'<tableColumn id="{n}" name="列{n}"/>' for n in range(1, 16_385))
    text = f'<table xmlns="{MAIN}" id="1" name="大表" displayName="大表" ref="A4:XFD1048576"><tableColumns>{columns}</tableColumns></table>'
    book = Book().relate(PROJECTS, "table", "../tables/table90.xml", "rIdT")
    book.add("xl/tables/table90.xml", text, f"{_SPREADSHEET}.table+xml")
    return book.before(
        PROJECTS, "</worksheet>", '<tableParts count="1"><tablePart r:id="rIdT"/></tableParts>'
    ).packed()


@kind()
def long_calculation_chain() -> bytes:
    cells = "".join(f'<c r="A{n}" i="2"/>' for n in range(1, 1_000_000))
    book = Book().add(
        "xl/calcChain.xml", f'<calcChain xmlns="{MAIN}">{cells}</calcChain>', f"{_SPREADSHEET}.calcChain+xml"
    )
    relation = f'<Relationship Id="rIdK" Type="{DOC_RELS}/calcChain" Target="calcChain.xml"/>'
    return book.before("xl/_rels/workbook.xml.rels", "</Relationships>", relation).packed()


@kind()
def deep_xml() -> bytes:
    return (
        Book()
        .before(PROJECTS, "</worksheet>", "<extLst>" + "<a>" * 100_000 + "</a>" * 100_000 + "</extLst>")
        .packed()
    )


@kind()
def many_namespaces() -> bytes:
    spaces = " ".join(f'xmlns:n{n}="urn:n{n}"' for n in range(20_000))
    return Book().replace(PROJECTS, "<worksheet ", f"<worksheet {spaces} ").packed()


@kind()
def many_attributes() -> bytes:
    attributes = " ".join(f'a{n}="1"' for n in range(100_000))
    return Book().replace(PROJECTS, "<sheetFormatPr ", f"<sheetFormatPr {attributes} ").packed()


@kind()
def long_attribute() -> bytes:
    return Book().replace(INDICATORS, 'spans="1:19"', f'spans="{"1:19 " * 300_000}"').packed()


@kind()
def empty_elements() -> bytes:
    return Book().before(PROJECTS, "</worksheet>", "<extLst>" + "<a/>" * 1_000_000 + "</extLst>").packed()


@kind()
def comments_between_rows() -> bytes:
    return (
        Book()
        .rows(PROJECTS, "<!-- x -->" * 300_000 + numbered(10, 5_009, lambda n: number_cell(f"A{n}", n)))
        .packed()
    )


@kind()
def many_pieces_of_text_in_a_value() -> bytes:
    return Book().rows(PROJECTS, f'<row r="10"><c r="I10"><v>{"1<!-- -->" * 100_000}</v></c></row>').packed()


@kind()
def zip_of_empty_parts() -> bytes:
    return zipped({f"{n}": b"" for n in range(60_000)})
