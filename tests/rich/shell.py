"""What belongs to the workbook as a whole: names, protection, views, looks, properties, ribbon, macros, custom data."""

from __future__ import annotations

import base64
import hashlib

from tests.rich.book import TYPES, WORKBOOK, Book, Element, guid, ns, part, rooted, snippet, tag
from tests.rich.cells import ANALYSIS, INDICATORS, PROJECTS
from tests.rich.registry import BOOK, PACKAGE, Trail, feature
from tests.rich.vba import vba_project

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_METADATA = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
_UI = "http://schemas.microsoft.com/office/{}/relationships/ui/extensibility"
_MS = "http://schemas.microsoft.com/office"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


@feature(Trail(BOOK, "/m:workbook/@mc:Ignorable"), Trail(BOOK, "//xr:revisionPtr"), Trail(BOOK, "//m:fileVersion"),
         Trail(BOOK, "//mc:AlternateContent//x15ac:absPath"), Trail(BOOK, "//m:ext[.//xcalcf:feature]"))  # fmt: skip
def workbook_root(book: Book) -> None:
    """The namespaces, the path where it was saved and the revision that Excel 365 writes."""
    old = book.root(WORKBOOK)
    new = rooted(old, ("r", "mc", "x15", "xr", "xr6", "xr10", "xr2"), "x15 xr xr6 xr10 xr2")
    book.set_root(WORKBOOK, new)
    version = new.find(tag("m", "fileVersion"))
    assert version is not None
    version.set("lowestEdited", "7")
    version.addnext(snippet('<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="D:\\财务\\2022\\"/></mc:Choice>'
                            "</mc:AlternateContent>"))  # fmt: skip
    pointer = snippet(f'<xr:revisionPtr revIDLastSave="0" documentId="13_ncr:1_{guid("document")}" xr6:coauthVersionLast="47" '
                      f'xr6:coauthVersionMax="47" xr10:uidLastSave="{guid("saved")}"/>')  # fmt: skip
    before = new.find(tag("m", "bookViews"))
    assert before is not None
    before.addprevious(pointer)
    book.extend(WORKBOOK, "{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}", (
        '<xcalcf:calcFeatures><xcalcf:feature name="microsoft.com:RD"/><xcalcf:feature name="microsoft.com:FV"/>'
        "</xcalcf:calcFeatures>"
    ))  # fmt: skip


@feature(
    Trail(BOOK, "//m:definedName[starts-with(@name,'我的_')]"), Trail(BOOK, "//m:definedName[@name='_xlnm.Print_Area']"),
    Trail(BOOK, "//m:definedName[@comment]"),
)  # fmt: skip
def names(book: Book) -> None:
    """Names of the user's: of the book, of a sheet, hidden, a constant, a formula, print areas."""
    book.define("我的_预算", f"{PROJECTS}!$J$5:$J$204", comment="全部预算")
    book.define("我的_税率", "0.13")
    book.define("我的_动态", f"OFFSET({PROJECTS}!$A$5,0,0,COUNTA({PROJECTS}!$A$5:$A$204),1)")
    book.define("我的_局部", f"{ANALYSIS}!$C$1:$C$4", ANALYSIS)
    book.define("我的_隐藏", '"x&y"', hidden="1")
    book.define("_xlnm.Print_Area", f"{PROJECTS}!$A$1:$AB$60", PROJECTS)
    book.define("_xlnm.Print_Area", f"{ANALYSIS}!$A$1:$H$40", ANALYSIS)


@feature(Trail(BOOK, "//m:workbookProtection"), Trail(ANALYSIS, "//m:sheetProtection"), Trail(ANALYSIS, "//m:protectedRanges"),
         Trail(BOOK, "//m:fileSharing"))  # fmt: skip
def protection(book: Book) -> None:
    """The structure locked, the user's own sheet locked with a password but for one range."""
    book.put_workbook('<fileSharing readOnlyRecommended="1" userName="王某"/>')
    keys = {
        "AlgorithmName": "SHA-512",
        "HashValue": _hash("a"),
        "SaltValue": f"{_hash('b')[:22]}==",
        "SpinCount": "100000",
    }
    whole = " ".join(f'workbook{key}="{value}"' for key, value in keys.items())
    lock = " ".join(f'{key[0].lower()}{key[1:]}="{value}"' for key, value in keys.items())
    book.put_workbook(f'<workbookProtection {whole} lockStructure="1"/>')
    book.put(ANALYSIS, f'<sheetProtection {lock} sheet="1" objects="1" scenarios="1" sort="0"/>')
    book.put(
        ANALYSIS, f'<protectedRanges><protectedRange {lock} sqref="C1:C4" name="区域1"/></protectedRanges>'
    )


@feature(
    Trail(BOOK, "//m:customWorkbookViews"),
    Trail(PROJECTS, "//m:customSheetViews"),
    Trail(BOOK, "//m:bookViews"),
)
def custom_views(book: Book) -> None:
    """A saved view, and a tab in the middle that is in front."""
    view = guid("view")
    book.put_workbook(f'<customWorkbookViews><customWorkbookView name="打印用" guid="{view}" maximized="1" windowWidth="1600" '
                      'windowHeight="900" activeSheetId="2"/></customWorkbookViews>')  # fmt: skip
    book.put(PROJECTS, f'<customSheetViews><customSheetView guid="{view}" scale="90" hiddenColumns="1"><pageMargins left="0.7" '
             'right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></customSheetView></customSheetViews>')  # fmt: skip
    window = next(book.root(WORKBOOK).iter(tag("m", "workbookView")))
    window.set("activeTab", "3")
    window.set("firstSheet", "1")


@feature(Trail(f"{BOOK}>styles", "//m:cellStyle[@name='我的重点']"), Trail(f"{BOOK}>styles", "/m:styleSheet/m:tableStyles/*"),
         Trail(f"{BOOK}>styles", "/m:styleSheet/m:colors"), Trail(f"{BOOK}>styles", "/m:styleSheet/@mc:Ignorable"),
         Trail(f"{BOOK}>styles", "//x14:slicerStyles"), Trail(f"{BOOK}>styles", "//m:fonts/@x14ac:knownFonts"),
         Trail(f"{BOOK}>theme"))  # fmt: skip
def looks(book: Book) -> None:
    """Fonts, fills, formats, a named cell style, a table style, recent colours."""
    old = book.root("xl/styles.xml")
    book.set_root("xl/styles.xml", rooted(old, ("mc", "x14ac", "x16r2", "xr"), "x14ac x16r2 xr"))
    root = book.root("xl/styles.xml")
    groups = {one.tag.partition("}")[2]: one for one in root}
    groups["fonts"].set(tag("x14ac", "knownFonts"), "1")
    gradient = '<gradientFill degree="90"><stop position="0"><color theme="0"/></stop><stop position="1"><color theme="4"/></stop>'
    for group, xml in (
        (
            "fonts",
            '<font><i/><sz val="12"/><color theme="5"/><name val="楷体"/><family val="3"/><charset val="134"/></font>',
        ),
        ("fills", f"<fill>{gradient}</gradientFill></fill>"),
        (
            "borders",
            '<border diagonalUp="1"><left/><right/><top/><bottom/><diagonal style="hair"><color auto="1"/></diagonal></border>',
        ),
        ("cellStyleXfs", '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" applyNumberFormat="0"/>'),
        (
            "cellStyles",
            f'<cellStyle name="我的重点" xfId="{len(groups["cellStyleXfs"])}" xr:uid="{guid("style")}"/>',
        ),
    ):
        groups[group].append(snippet(xml))
    fonts, fills, borders = (len(groups[one]) - 1 for one in ("fonts", "fills", "borders"))
    groups["cellXfs"].append(snippet(f'<xf numFmtId="9" fontId="{fonts}" fillId="{fills}" borderId="{borders}" xfId="1" '
                                     'quotePrefix="1" applyFont="1"/>'))  # fmt: skip
    for group in ("fonts", "fills", "borders", "cellStyleXfs", "cellStyles", "cellXfs"):
        groups[group].set("count", str(len(groups[group])))
    _more_looks(book, groups["tableStyles"])
    for row in (1, 2):
        book.row(ANALYSIS, row)[0].set("s", str(len(groups["cellXfs"]) - 1))


def _more_looks(book: Book, styles: Element) -> None:
    styles.append(snippet('<tableStyle name="我的表" pivot="0" count="1"><tableStyleElement type="headerRow" dxfId="0"/>'
                          "</tableStyle>"))  # fmt: skip
    styles.set("count", "1")
    styles.addnext(
        snippet('<colors><mruColors><color rgb="FFC00000"/><color rgb="FF1F4E79"/></mruColors></colors>')
    )
    book.extend(
        "xl/styles.xml",
        "{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}",
        '<x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/>',
    )


@feature(Trail(f"{PACKAGE}>extended-properties", "//ep:Manager"), Trail(f"{PACKAGE}>core-properties", "//cp:keywords"),
         Trail(f"{PACKAGE}>custom-properties", "//op:property"), Trail(f"{PACKAGE}>thumbnail"))  # fmt: skip
def properties(book: Book) -> None:
    """Odd properties of the file, some of the user's own, and a small picture of it."""
    book.root("docProps/app.xml").insert(0, snippet("<ep:Manager>王某 &amp; 李某</ep:Manager>"))
    core = book.root("docProps/core.xml")
    core.append(snippet("<cp:keywords>预算；绩效 \u3000 监控</cp:keywords>"))
    core.append(snippet('<dc:description xml:space="preserve">第一行\n  第二行 🙂</dc:description>'))
    custom = part(
        f'<Properties {ns("vt", main="op")}><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="密级"><vt:lpwstr>'
        "内部</vt:lpwstr></property></Properties>"
    )
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    book.attach("", "custom-properties", "docProps/custom.xml", custom, kind)
    book.attach(
        "",
        f"{_METADATA}/thumbnail",
        "docProps/thumbnail.jpeg",
        b"\xff\xd8\xff\xe0 stand-in for a picture \xff\xd9",
    )


@feature(
    Trail(f"{BOOK}>customXml", "//*[local-name()='条目']"),
    Trail(f"{BOOK}>customXml>customXmlProps", "//ds:schemaRef"),
)
def custom_xml(book: Book) -> None:
    """Data of other programs, stored in the file."""
    item = b'<?xml version="1.0"?>\r\n<!-- made elsewhere --><p:data xmlns:p="urn:example:oa" ><p:\xe6\x9d\xa1\xe7\x9b\xae a=\'1\'/></p:data >'
    book.attach(WORKBOOK, "customXml", "customXml/item1.xml", item)
    properties = part(f'<ds:datastoreItem {ns("ds")} ds:itemID="{guid("item")}"><ds:schemaRefs><ds:schemaRef ds:uri="urn:example:oa"/>'
                      "</ds:schemaRefs></ds:datastoreItem>")  # fmt: skip
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    book.attach("customXml/item1.xml", "customXmlProps", "customXml/itemProps1.xml", properties, kind)


@feature(
    Trail(f"{PROJECTS}>printerSettings"),
    Trail(f"{INDICATORS}>printerSettings"),
    Trail(PROJECTS, "//m:pageSetup"),
)
def printer_settings(book: Book) -> None:
    """What the printer's driver keeps, as bytes."""
    for number, sheet in enumerate((PROJECTS, INDICATORS), 1):
        content = "HP LaserJet 财务科".encode("utf-16-le") + bytes(range(256)) * number
        name = f"xl/printerSettings/printerSettings{number}.bin"
        identity = book.attach(book.sheets()[sheet], "printerSettings", name, content)
        for setup in book.sheet(sheet).iter(tag("m", "pageSetup")):
            setup.set(tag("r", "id"), identity)


@feature(Trail(f"{PACKAGE}>webextensiontaskpanes", "//wetp:taskpane"),
         Trail(f"{PACKAGE}>webextensiontaskpanes>webextension", "//we:reference"))  # fmt: skip
def web_extension(book: Book) -> None:
    """An add-in of the new kind in a pane."""
    panes = part(
        f'<wetp:taskpanes {ns("wetp", "r")}><wetp:taskpane dockstate="right" visibility="0" width="350" row="4">'
        '<wetp:webextensionref r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    )
    name = "xl/webextensions/taskpanes.xml"
    kind = "application/vnd.ms-office.webextensiontaskpanes+xml"
    book.attach("", f"{_MS}/2011/relationships/webextensiontaskpanes", name, panes, kind)
    extension = part(
        f'<we:webextension {ns("we")} id="{guid("web")}"><we:reference id="wa104380862" version="1.1.0.0" store="zh-CN" '
        'storeType="OMEX"/><we:alternateReferences/><we:properties/><we:bindings/></we:webextension>'
    )
    kind = "application/vnd.ms-office.webextension+xml"
    book.attach(
        name, f"{_MS}/2011/relationships/webextension", "xl/webextensions/webextension1.xml", extension, kind
    )


@feature(
    Trail(f"{PACKAGE}>2006/relationships/ui/extensibility", "//ui:button"),
    Trail(f"{PACKAGE}>2007/relationships/ui/extensibility", "//ui14:button"),
    Trail(f"{PACKAGE}>2007/relationships/ui/extensibility>image"),
)  # fmt: skip
def ribbon(book: Book) -> None:
    """Buttons in the ribbon, in the form of 2010 and in that of 2007, with a picture."""
    for year, prefix, file in (("2006", "ui", "customUI"), ("2007", "ui14", "customUI14")):
        content = part(
            f'<customUI {ns(main=prefix)} onLoad="OnLoad"><ribbon><tabs><tab id="tabOwn" label="我的工具"><group id="grp" '
            'label="填报"><button id="go" label="汇总" image="logo" onAction="OnGo"/></group></tab></tabs></ribbon></customUI>'
        )
        book.attach("", _UI.format(year), f"customUI/{file}.xml", content)
        image = book.parts.get("customUI/images/logo.png")
        if image is None:
            book.add("customUI/images/logo.png", b"\x89PNG stand-in")
        book.relate(f"customUI/{file}.xml", "image", "customUI/images/logo.png")


@feature(Trail(f"{BOOK}>vbaProject"), Trail(BOOK, "//m:workbookPr[@codeName]"), Trail(PROJECTS, "//m:sheetPr[@codeName]"),
         macros=True)  # fmt: skip
def macros(book: Book) -> None:
    """A VBA project whose modules are named as the sheets are in code."""
    kind = "application/vnd.ms-office.vbaProject"
    modules = {"ThisWorkbook": "", "Module1": "Sub OnGo(control As Object)\r\nEnd Sub\r\n"}
    next(book.root(WORKBOOK).iter(tag("m", "workbookPr"))).set("codeName", "ThisWorkbook")
    for number, name in enumerate(book.sheets(), 1):
        for properties in book.sheet(name).iter(tag("m", "sheetPr")):
            properties.set("codeName", f"Sheet{number}")
            modules[f"Sheet{number}"] = ""
    relation = f"{_MS}/2006/relationships/vbaProject"
    book.attach(WORKBOOK, relation, "xl/vbaProject.bin", vba_project(modules), kind)
    for one in book.root(TYPES):
        if one.get("ContentType") == _MAIN:
            one.set("ContentType", _MACRO_MAIN)
