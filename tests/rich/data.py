"""Rules and data: validation, conditional formats, tables, pivot tables with slicers, filters, links to other files."""

from __future__ import annotations

from tests.rich.book import WORKBOOK, Book, guid, ns, part, plain_text, snippet, tag
from tests.rich.cells import ANALYSIS, INDICATORS, PROJECTS, WORKS
from tests.rich.drawings import anchor
from tests.rich.registry import BOOK, Trail, feature

PIVOT = "透视"
_SML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SLICER = "http://schemas.microsoft.com/office/2007/relationships"


@feature(Trail(PROJECTS, "//x14:dataValidations"), Trail(INDICATORS, "//x14:dataValidations"))
def validation_from_other_sheet(book: Book) -> None:
    """Dropdowns whose list stands on another sheet: Excel keeps those in an extension."""
    for sheet, area in ((PROJECTS, "E5:E204"), (INDICATORS, "P5:P2004")):
        rules = book.sheet(sheet).find(tag("m", "dataValidations"))
        assert rules is not None
        for old in rules.findall(f"{tag('m', 'dataValidation')}[@sqref='{area}']"):
            rules.remove(old)
        rules.set("count", str(len(rules)))
        book.extend(book.sheets()[sheet], "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}", (
            f'<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1" showInputMessage="1" '
            f'showErrorMessage="1" xr:uid="{guid(area)}"><x14:formula1><xm:f>{ANALYSIS}!$A$2:$A$4</xm:f></x14:formula1>'
            f"<xm:sqref>{area}</xm:sqref></x14:dataValidation></x14:dataValidations>"
        ))  # fmt: skip


@feature(Trail(PROJECTS, "//x14:conditionalFormattings"), Trail(PROJECTS, "//m:cfRule[@type='dataBar']"))
def bars_and_icons(book: Book) -> None:
    """Data bars and icons of the new kind on our cells, in an extension that a plain rule points to."""
    bar = guid("bar")
    book.put(PROJECTS, (
        '<conditionalFormatting sqref="L5:L204"><cfRule type="dataBar" priority="31"><dataBar><cfvo type="min"/><cfvo '
        'type="max"/><color rgb="FF638EC6"/></dataBar><extLst><ext uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}">'
        f"<x14:id>{bar}</x14:id></ext></extLst></cfRule></conditionalFormatting>"
    ))  # fmt: skip
    icons = "".join(f'<x14:cfvo type="percent"><xm:f>{value}</xm:f></x14:cfvo>' for value in (0, 33, 67))
    book.extend(book.sheets()[PROJECTS], "{78C0D931-6437-407d-A8EE-F0AAD7539E65}", (
        '<x14:conditionalFormattings><x14:conditionalFormatting>'
        f'<x14:cfRule type="dataBar" id="{bar}"><x14:dataBar minLength="0" maxLength="100" border="1" '
        'negativeBarBorderColorSameAsPositive="0"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/><x14:borderColor '
        'rgb="FF638EC6"/><x14:negativeFillColor rgb="FFFF0000"/><x14:negativeBorderColor rgb="FFFF0000"/><x14:axisColor '
        'rgb="FF000000"/></x14:dataBar></x14:cfRule><xm:sqref>L5:L204</xm:sqref></x14:conditionalFormatting>'
        f'<x14:conditionalFormatting><x14:cfRule type="iconSet" priority="32" id="{guid("icons")}"><x14:iconSet iconSet='
        f'"3Stars">{icons}</x14:iconSet></x14:cfRule><xm:sqref>T5:T204</xm:sqref></x14:conditionalFormatting>'
        "</x14:conditionalFormattings>"
    ))  # fmt: skip


@feature(Trail(PROJECTS, "//m:conditionalFormatting[.//m:colorScale]"), Trail(ANALYSIS, "//m:cfRule[@type='iconSet']"),
         Trail(f"{BOOK}>styles", "/m:styleSheet/m:dxfs/m:dxf[m:font/m:strike]"))  # fmt: skip
def own_conditional_formats(book: Book) -> None:
    """Colour scales, icons and a formula of the user's own, with a look of its own."""
    book.put(PROJECTS, (
        '<conditionalFormatting sqref="J5:J204"><cfRule type="colorScale" priority="33"><colorScale><cfvo type="min"/><cfvo '
        'type="max"/><color rgb="FFFCFCFF"/><color rgb="FFF8696B"/></colorScale></cfRule></conditionalFormatting>'
    ))  # fmt: skip
    book.put(ANALYSIS, (
        '<conditionalFormatting sqref="C1:C4"><cfRule type="iconSet" priority="1"><iconSet iconSet="3TrafficLights1"><cfvo '
        'type="percent" val="0"/><cfvo type="percent" val="33"/><cfvo type="percent" val="67"/></iconSet></cfRule>'
        "</conditionalFormatting>"
    ))  # fmt: skip
    looks = book.root("xl/styles.xml").find(tag("m", "dxfs"))
    assert looks is not None
    looks.append(snippet('<dxf><font><strike/><color theme="0" tint="-0.24994659260841701"/></font></dxf>'))
    looks.set("count", str(len(looks)))
    book.put(WORKS, (
        f'<conditionalFormatting sqref="A5:F204"><cfRule type="expression" dxfId="{len(looks) - 1}" priority="34"><formula>'
        '$F5="已取消"</formula></cfRule></conditionalFormatting>'
    ))  # fmt: skip


@feature(
    Trail(f"{INDICATORS}>table", "/m:table/m:autoFilter"), Trail(f"{INDICATORS}>table", "//m:calculatedColumnFormula"),
    Trail(INDICATORS, "//m:tableParts"), Trail(INDICATORS, "//m:c[m:f[contains(.,'指标表')]]"),
)  # fmt: skip
def table(book: Book) -> None:
    """Our 指标 as a table of Excel's, with its own filter, a column of the user's and a calculated one."""
    sheet = book.sheet(INDICATORS)
    for old in sheet.findall(tag("m", "autoFilter")):
        sheet.remove(old)
    names = book.root(WORKBOOK).find(tag("m", "definedNames"))
    assert names is not None
    for one in [
        one for one in names if one.get("name") == "_xlnm._FilterDatabase" and INDICATORS in (one.text or "")
    ]:
        names.remove(one)
    book.text(INDICATORS, "T4", "经办人")
    book.text(INDICATORS, "U4", "加权")
    for row in range(5, 9):
        book.cell(INDICATORS, f"U{row}", "<f>指标表[[#This Row],[权重]]*2</f><v>0</v>")
    head = next(row for row in sheet.iter(tag("m", "row")) if row.get("r") == "4")
    strings = book.root("xl/sharedStrings.xml")
    titles = [plain_text(strings[int(cell[0].text or "0")]) for cell in head][:21]
    columns = "".join(
        f'<tableColumn id="{n}" xr3:uid="{guid(title)}" name="{title}"'
        + (
            "><calculatedColumnFormula>指标表[[#This Row],[权重]]*2</calculatedColumnFormula></tableColumn>"
            if title == "加权"
            else "/>"
        )
        for n, title in enumerate(titles, 1)
    )
    content = part(
        f'<table {ns("mc", "xr", "xr3", main="m")} mc:Ignorable="xr xr3" id="3" xr:uid="{guid("table")}" name="指标表" '
        f'displayName="指标表" ref="A4:U2004" totalsRowShown="0"><autoFilter ref="A4:U2004" xr:uid="{guid("filter")}">'
        '<filterColumn colId="18"><filters><filter val="红"/><filter val="黄"/><filter val="绿"/></filters></filterColumn></autoFilter>'
        f'<tableColumns count="{len(titles)}">{columns}</tableColumns><tableStyleInfo name="TableStyleMedium2" '
        'showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>'
    )
    identity = book.attach(
        book.sheets()[INDICATORS], "table", "xl/tables/table1.xml", content, f"{_SML}.table+xml"
    )
    book.put(INDICATORS, f'<tableParts count="1"><tablePart r:id="{identity}"/></tableParts>')


@feature(
    Trail(f"{PIVOT}>pivotTable", "//m:dataField"), Trail(f"{BOOK}>pivotCacheDefinition", "//m:worksheetSource"),
    Trail(f"{BOOK}>pivotCacheDefinition>pivotCacheRecords", "//m:r"), Trail(BOOK, "//m:pivotCaches"),
    Trail(f"{PIVOT}>pivotTable>pivotCacheDefinition"),
)  # fmt: skip
def pivot_table(book: Book) -> None:
    """A pivot table over 项目, with its cache."""
    sheet = part(
        f'<worksheet {ns("r", main="m")}><dimension ref="A3:B6"/><sheetData><row r="3"><c r="A3" t="inlineStr"><is><t>行标签'
        '</t></is></c><c r="B3" t="inlineStr"><is><t>求和项:预算数</t></is></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>'
        '年初</t></is></c><c r="B4"><v>6.41</v></c></row><row r="5"><c r="A5" t="inlineStr"><is><t>追加</t></is></c><c r="B5">'
        '<v>7.5</v></c></row><row r="6"><c r="A6" t="inlineStr"><is><t>总计</t></is></c><c r="B6"><v>13.91</v></c></row>'
        "</sheetData></worksheet>"
    )
    new = book.add_sheet(PIVOT, sheet)
    definition = part(
        f'<pivotCacheDefinition {ns("r", main="m")} r:id="rId1" refreshedBy="王某" refreshedDate="44750.5" createdVersion="6" '
        'refreshedVersion="6" minRefreshableVersion="3" recordCount="2"><cacheSource type="worksheet"><worksheetSource '
        f'ref="G4:J9" sheet="{PROJECTS}"/></cacheSource><cacheFields count="4"><cacheField name="预算批次*" numFmtId="0">'
        '<sharedItems count="2"><s v="年初"/><s v="追加"/></sharedItems></cacheField><cacheField name="追加月份" numFmtId="0">'
        '<sharedItems containsBlank="1"/></cacheField><cacheField name="追加文号" numFmtId="0"><sharedItems '
        'containsBlank="1"/></cacheField><cacheField name="预算数*" numFmtId="0"><sharedItems containsSemiMixedTypes="0" '
        'containsString="0" containsNumber="1" minValue="1.5" maxValue="6.41"/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    kind = f"{_SML}.pivotCacheDefinition+xml"
    identity = book.attach(WORKBOOK, "pivotCacheDefinition", cache, definition, kind)
    records = part(
        f'<pivotCacheRecords {ns("r", main="m")} count="2"><r><x v="0"/><m/><m/><n v="6.41"/></r><r><x v="1"/><s v="6"/><m/>'
        '<n v="7.5"/></r></pivotCacheRecords>'
    )
    name = "xl/pivotCache/pivotCacheRecords1.xml"
    assert book.attach(cache, "pivotCacheRecords", name, records, f"{_SML}.pivotCacheRecords+xml") == "rId1"
    book.put_workbook(f'<pivotCaches><pivotCache cacheId="5" r:id="{identity}"/></pivotCaches>')
    table = "xl/pivotTables/pivotTable1.xml"
    book.attach(new, "pivotTable", table, _pivot_xml(), f"{_SML}.pivotTable+xml")
    book.relate(table, "pivotCacheDefinition", cache)


def _pivot_xml() -> bytes:
    other = '<pivotField showAll="0"/>'
    return part(
        f'<pivotTableDefinition {ns(main="m")} name="数据透视表1" cacheId="5" applyNumberFormats="0" applyBorderFormats="0" '
        'applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption="值" '
        'updatedVersion="6" minRefreshableVersion="3" useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" '
        'outline="1" outlineData="1" multipleFieldFilters="0"><location ref="A3:B6" firstHeaderRow="1" firstDataRow="1" '
        'firstDataCol="1"/><pivotFields count="4"><pivotField axis="axisRow" showAll="0"><items count="3"><item x="0"/><item '
        f'x="1"/><item t="default"/></items></pivotField>{other}{other}<pivotField dataField="1" showAll="0"/></pivotFields>'
        '<rowFields count="1"><field x="0"/></rowFields><rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i>'
        '</rowItems><colItems count="1"><i/></colItems><dataFields count="1"><dataField name="求和项:预算数" fld="3" '
        'baseField="0" baseItem="0"/></dataFields><pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" '
        'showColHeaders="1" showRowStripes="0" showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
    )


@feature(
    Trail(f"{PIVOT}>slicer", "//x14:slicer"), Trail(f"{BOOK}>slicerCache", "//x14:pivotTables"),
    Trail(BOOK, "//x14:slicerCaches"), Trail(PIVOT, "//x14:slicerList"), Trail(f"{PIVOT}>drawing", "//sle:slicer"),
    Trail(BOOK, "//m:definedName[@name='切片器_预算批次']"),
)  # fmt: skip
def slicer(book: Book) -> None:
    """A slicer of the pivot table."""
    tab = next(one for one in book.root(WORKBOOK).iter(tag("m", "sheet")) if one.get("name") == PIVOT)
    cache = part(
        f'<slicerCacheDefinition {ns(main="x14")} name="切片器_预算批次" sourceName="预算批次*"><pivotTables><pivotTable tabId='
        f'"{tab.get("sheetId")}" name="数据透视表1"/></pivotTables><data><tabular pivotCacheId="5"><items count="2"><i x="0" s="1"/>'
        '<i x="1" s="1"/></items></tabular></data></slicerCacheDefinition>'
    )
    name, kind = "xl/slicerCaches/slicerCache1.xml", "application/vnd.ms-excel.slicerCache+xml"
    identity = book.attach(WORKBOOK, f"{_SLICER}/slicerCache", name, cache, kind)
    reference = f'<x14:slicerCaches><x14:slicerCache r:id="{identity}"/></x14:slicerCaches>'
    book.extend(WORKBOOK, "{BBE1A952-AA13-448e-AADC-164F8A28A991}", reference)
    content = part(f'<slicers {ns(main="x14")}><slicer name="预算批次" cache="切片器_预算批次" caption="预算批次" '
                   'rowHeight="225425"/></slicers>')  # fmt: skip
    name, kind = "xl/slicers/slicer1.xml", "application/vnd.ms-excel.slicer+xml"
    identity = book.attach(book.sheets()[PIVOT], f"{_SLICER}/slicer", name, content, kind)
    book.define("切片器_预算批次", "#N/A")
    shown = (
        '<mc:AlternateContent><mc:Choice Requires="a14" xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main">'
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="预算批次"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/drawing/2010/slicer"><sle:slicer name="预算批次"/></a:graphicData></a:graphic>'
        '</xdr:graphicFrame></mc:Choice><mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/>'
        '<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback></mc:AlternateContent>"
    )
    anchor(book, PIVOT, (4, 2), shown)
    book.extend(book.sheets()[PIVOT], "{A8765BA9-456A-4dab-B4F3-ACF838C121DE}",
                f'<x14:slicerList><x14:slicer r:id="{identity}"/></x14:slicerList>')  # fmt: skip


@feature(
    Trail(f"{BOOK}>externalLink", "//m:externalBook"), Trail(BOOK, "//m:externalReferences"),
    Trail(f"{BOOK}>externalLink>externalLinkPath"), Trail(ANALYSIS, "//m:c[contains(m:f,'[1]')]"),
)  # fmt: skip
def external_link(book: Book) -> None:
    """A formula on a cell of another file, with the values that were last seen there."""
    content = part(
        f'<externalLink {ns("r", main="m")}><externalBook r:id="rId1"><sheetNames><sheetName val="上年"/></sheetNames>'
        '<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>12.5</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>"
    )
    name = "xl/externalLinks/externalLink1.xml"
    identity = book.attach(WORKBOOK, "externalLink", name, content, f"{_SML}.externalLink+xml")
    book.relate(name, "externalLinkPath", "file:///C:\\财务\\上年.xlsx".replace("\\", "/"), external=True)
    book.put_workbook(f'<externalReferences><externalReference r:id="{identity}"/></externalReferences>')
    book.cell(ANALYSIS, "A6", "<f>[1]上年!$A$1*2</f><v>25</v>")


@feature(Trail(f"{BOOK}>connections", "//m:dbPr"), Trail(f"{ANALYSIS}>queryTable", "//m:queryTableField"))
def query(book: Book) -> None:
    """Data fetched from elsewhere, and how."""
    connections = part(
        f'<connections {ns(main="m")}><connection id="1" name="台账" type="1" refreshedVersion="6"><dbPr connection="DSN=财务;" '
        'command="SELECT 1"/></connection></connections>'
    )
    book.attach(WORKBOOK, "connections", "xl/connections.xml", connections, f"{_SML}.connections+xml")
    fields = '<queryTableFields count="1"><queryTableField id="1" name="金额"/></queryTableFields>'
    content = part(
        f'<queryTable {ns(main="m")} name="台账" connectionId="1" autoFormatId="16"><queryTableRefresh nextId="2">{fields}'
        "</queryTableRefresh></queryTable>"
    )
    name = "xl/queryTables/queryTable1.xml"
    book.attach(book.sheets()[ANALYSIS], "queryTable", name, content, f"{_SML}.queryTable+xml")


@feature(Trail(PROJECTS, "//m:hyperlinks/m:hyperlink"), Trail(f"{PROJECTS}>hyperlink"), Trail(PROJECTS, "//m:ignoredErrors"),
         Trail(PROJECTS, "//m:cellWatches"), Trail(PROJECTS, "//m:rowBreaks"))  # fmt: skip
def links_and_errors(book: Book) -> None:
    """Links from input cells, green triangles switched off, watches, page breaks."""
    identity = book.relate(
        book.sheets()[PROJECTS], "hyperlink", "https://example.org/%E6%89%B9%E5%A4%8D", external=True
    )
    book.put(PROJECTS, f'<hyperlinks><hyperlink ref="B5" r:id="{identity}" tooltip="批复"/><hyperlink ref="B9" '
             f'location="{ANALYSIS}!A1" display="分析"/></hyperlinks>')  # fmt: skip
    book.put(
        PROJECTS, '<ignoredErrors><ignoredError sqref="A5:A204" numberStoredAsText="1"/></ignoredErrors>'
    )
    book.put(PROJECTS, '<cellWatches><cellWatch r="S5"/></cellWatches>')
    book.put(
        PROJECTS, '<rowBreaks count="1" manualBreakCount="1"><brk id="7" max="16383" man="1"/></rowBreaks>'
    )
    book.put(PROJECTS, '<phoneticPr fontId="0" type="noConversion"/>')
