"""What stands in cells: a user's own columns, formulas of every kind, rich text; and what hangs on rows and columns."""

from __future__ import annotations

from lxml import etree

from tests.rich.book import WORKBOOK, Book, cells, excel_root, guid, ns, part, shifted, snippet, tag
from tests.rich.registry import BOOK, Trail, feature
from xlbudget import layout

ANALYSIS = "我的分析"
PROJECTS, INDICATORS, WORKS, CORRECTIONS = "项目", "指标", "重点工作", "偏差整改"
OWN_COLUMN = 4
"""Of 项目: a column inserted by the user, before 实施单位."""
_SHEET = f"""<worksheet {ns("r", "mc", "x14ac", "xr", "xr2", "xr3", main="m")} mc:Ignorable="x14ac xr xr2 xr3"
 xr:uid="{guid("analysis")}"><sheetPr codeName="Sheet77"><tabColor theme="5" tint="0.39997558519241921"/>
<outlinePr summaryBelow="0"/></sheetPr><dimension ref="A1:H14"/><sheetViews><sheetView showFormulas="0" zoomScale="85"
 zoomScaleNormal="85" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>
<selection pane="bottomLeft" activeCell="C3" sqref="C3:D4"/></sheetView></sheetViews>
<sheetFormatPr defaultRowHeight="14.25" outlineLevelRow="1" outlineLevelCol="1" x14ac:dyDescent="0.2"/>
<cols><col min="1" max="1" width="18.625" customWidth="1"/><col min="6" max="6" width="9" hidden="1" outlineLevel="1"/>
<col min="7" max="7" width="9" collapsed="1"/></cols><sheetData/><phoneticPr fontId="1" type="noConversion"/>
<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>"""


@feature(Trail(PROJECTS, "//m:c[starts-with(@r,'D')]"))
def inserted_column(book: Book) -> None:
    """A column of the user's between ours: everything to its right moves, as in Excel."""
    sheet = book.sheet(PROJECTS)
    _shift(sheet)
    for name in sheet.iter(tag("m", "formula")):
        name.text = shifted(name.text or "", OWN_COLUMN)
    for one in book.root(WORKBOOK).iterfind(f"{tag('m', 'definedNames')}/*"):
        if PROJECTS in (one.text or "") and "_FilterDatabase" in one.get("name", ""):
            one.text = (one.text or "").replace("$X$", "$Y$")
    notes = book.related(book.sheets()[PROJECTS], "comments")
    if notes:
        _shift(book.root(notes))
        for column in book.root(book.related(book.sheets()[PROJECTS], "vmlDrawing")).iter(tag("x", "Column")):
            column.text = str(int(column.text or "0") + (int(column.text or "0") >= OWN_COLUMN - 1))
    book.text(PROJECTS, "D4", "经办人（自用）")
    book.text(PROJECTS, "D5", "内部核对")
    book.cell(PROJECTS, "D6", "<f>B6&amp;D5</f><v>网络安全公司聘请经费内部核对</v>", t="str")


def _shift(root: etree._Element) -> None:
    for one in root.iter():
        for name in ("r", "ref", "sqref", "topLeftCell", "activeCell"):
            if name in one.attrib and one.tag != tag("m", "row"):
                one.set(name, shifted(one.get(name, ""), OWN_COLUMN))
        if one.tag == tag("m", "col"):
            for name in ("min", "max"):
                one.set(name, str(int(one.get(name, "")) + (int(one.get(name, "")) >= OWN_COLUMN)))


@feature(Trail(PROJECTS, "/m:worksheet/@xr:uid"), Trail(INDICATORS, "/m:worksheet/@mc:Ignorable"))
def worksheet_roots(book: Book) -> None:
    """Revision ids and namespaces to ignore, and the heights of descent in every row."""
    for sheet in layout.INPUT_SHEETS:
        name = book.sheets()[sheet.name]
        excel_root(book, name)
        for row in book.root(name).iter(tag("m", "row")):
            row.set(tag("x14ac", "dyDescent"), "0.15")
        for form in book.root(name).iter(tag("m", "sheetFormatPr")):
            form.set(tag("x14ac", "dyDescent"), "0.15")


@feature(Trail(ANALYSIS, "/m:worksheet/m:sheetPr"))
def own_sheet(book: Book) -> None:
    """A sheet of the user's among ours."""
    book.add_sheet(ANALYSIS, part(_SHEET.replace("\n", "")), after=INDICATORS)
    for row, text in enumerate(("资金来源", "一般公共预算拨款", "政府性基金", "其他资金"), 1):
        book.text(ANALYSIS, f"A{row}", text)
        book.cell(ANALYSIS, f"C{row}", f"<v>{row * 1.5}</v>")


@feature(
    Trail(INDICATORS, "//m:c[@r='W5' or @r='W6' or @r='W7' or @r='W8']/m:f"),
    Trail(PROJECTS, "//m:c[starts-with(@r,'AA')]"),
)
def columns_beyond(book: Book) -> None:
    """Columns beyond our last one, with formulas on our cells: numbers, texts, booleans, errors."""
    formulas = {
        "5": ("Q5/100", "0.5", ""),
        "6": ("IF(Q6&gt;60,&quot;好&quot;,&quot;&quot;)", "好", "str"),
        "7": ("Q7&gt;=100", "1", "b"),
        "8": ("1/0", "#DIV/0!", "e"),
    }
    for row, (formula, value, kind) in formulas.items():
        kinds = {"t": kind} if kind else {}
        book.cell(INDICATORS, f"W{row}", f"<f>{formula}</f><v>{value}</v>", **kinds)
        book.cell(PROJECTS, f"AA{row}", f"<f>{formula.replace('Q', 'J')}</f><v>{value}</v>", **kinds)
    book.text(PROJECTS, "AA4", "财务科复核")
    book.text(PROJECTS, "AC40", "远离数据的附注")
    book.put(PROJECTS, '<mergeCells count="1"><mergeCell ref="AC40:AE41"/></mergeCells>')


@feature(Trail(PROJECTS, "//m:c[@r='B9' or @r='J9']"), Trail(INDICATORS, "//m:c[@r='L5']"))
def formulas_as_input(book: Book) -> None:
    """Input cells that are calculated: a text, a number, a value from another sheet."""
    book.cell(PROJECTS, "B9", '<f>"舆情处置"&amp;"经费"</f><v>舆情处置经费</v>', t="str")
    book.cell(PROJECTS, "J9", "<f>1+0.5</f><v>1.5</v>")
    old = next(one for one in cells(book.sheet(INDICATORS)) if one.get("r") == "L5")
    book.cell(
        INDICATORS,
        "L5",
        f"<f>{ANALYSIS}!C2*0+{old.findtext(tag('m', 'v'))}</f><v>{old.findtext(tag('m', 'v'))}</v>",
    )


@feature(Trail(PROJECTS, "//m:c/m:f[@t='shared']"), Trail(ANALYSIS, "//m:c/m:f[@t='shared']"))
def shared_formulas(book: Book) -> None:
    """A formula written once for a block of cells."""
    book.cell(ANALYSIS, "D1", '<f t="shared" ref="D1:D4" si="0">C1*2</f><v>3</v>')
    book.cell(PROJECTS, "AB5", '<f t="shared" ref="AB5:AB9" si="0">J5-L5</f><v>0.0388</v>')
    for row in range(2, 5):
        book.cell(ANALYSIS, f"D{row}", f'<f t="shared" si="0"/><v>{row * 3}</v>')
    for row in range(6, 10):
        book.cell(PROJECTS, f"AB{row}", f'<f t="shared" si="0"/><v>{row}</v>')


@feature(Trail(ANALYSIS, "//m:c/m:f[@t='array'][not(../@cm)]"), Trail(PROJECTS, "//m:c/m:f[@t='array']"))
def array_formulas(book: Book) -> None:
    """Formulas of the old kind with Ctrl+Shift+Enter, over one cell and over several."""
    book.cell(ANALYSIS, "E1", '<f t="array" ref="E1:E2">C1:C2*D1:D2</f><v>4.5</v>')
    book.cell(ANALYSIS, "E2", "<v>18</v>")
    book.cell(PROJECTS, "AC4", '<f t="array" ref="AC4">SUM(J5:J9*(L5:L9&gt;0))</f><v>3.91</v>')


@feature(
    Trail(ANALYSIS, "//m:c[@cm='1']"),
    Trail(f"{BOOK}>sheetMetadata", "//xda:dynamicArrayProperties"),
    Trail(f"{BOOK}>sheetMetadata", "//m:cellMetadata"),
)
def dynamic_array(book: Book) -> None:
    """A spilling formula, which needs metadata."""
    book.cell(
        ANALYSIS,
        "G1",
        '<f t="array" ref="G1:G3">_xlfn.UNIQUE(A2:A4)</f><v>一般公共预算拨款</v>',
        t="str",
        cm="1",
    )
    for row, text in ((2, "政府性基金"), (3, "其他资金")):
        book.cell(ANALYSIS, f"G{row}", f"<v>{text}</v>", t="str")
    metadata = f"""<metadata {ns("xda", main="m")}><metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion=
"120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1"
 assign="1" coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>
<ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst>
</bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
    book.attach(WORKBOOK, "sheetMetadata", "xl/metadata.xml", part(metadata.replace("\n", "")), kind)


@feature(Trail(f"{BOOK}>sharedStrings", "//m:si[m:r or m:rPh]"), Trail(PROJECTS, "//m:c[@ph='1']"))
def rich_text(book: Book) -> None:
    """Shared strings in several fonts and with phonetic hints, in input cells and elsewhere."""
    runs = (
        '<r><rPr><b/><sz val="11"/><color rgb="FFFF0000"/><rFont val="宋体"/><charset val="134"/></rPr><t>信息化项目</t></r>'
        '<r><rPr><vertAlign val="superscript"/><sz val="11"/><rFont val="Times New Roman"/></rPr>'
        '<t xml:space="preserve">初审经费</t></r><rPh sb="0" eb="5"><t>xinxihua</t></rPh>'
        '<phoneticPr fontId="0" type="noConversion"/>'
    )
    book.cell(PROJECTS, "B7", f"<v>{book.string(runs)}</v>", t="s", ph="1")
    odd = '<t xml:space="preserve">  _x000D_两端空格 &amp; &lt;尖括号&gt; 🙂 </t>'
    book.cell(ANALYSIS, "A5", f"<v>{book.string(odd)}</v>", t="s")
    approximate = '<r><t>约</t></r><r><rPr><b/><sz val="11"/><rFont val="宋体"/></rPr><t>2</t></r>'
    book.cell(INDICATORS, "K6", f"<v>{book.string(approximate)}</v>", t="s")


@feature(Trail(PROJECTS, "//m:row[@hidden or @outlineLevel]"), Trail(PROJECTS, "//m:cols/m:col[@hidden]"))
def hidden_and_grouped(book: Book) -> None:
    """Rows grouped and folded, rows and columns hidden, thick rows."""
    for number in (31, 32):
        row = book.row(PROJECTS, number)
        row.set("outlineLevel", "1")
        row.set("hidden", "1")
    book.row(PROJECTS, 33).set("collapsed", "1")
    book.row(PROJECTS, 33).set("thickBot", "1")
    for form in book.sheet(PROJECTS).iter(tag("m", "sheetFormatPr")):
        form.set("outlineLevelRow", "1")
    columns = next(book.sheet(PROJECTS).iter(tag("m", "cols")))
    columns.append(snippet('<col min="30" max="30" width="0" hidden="1" customWidth="1"/>'))
    hidden = next(one for one in columns if one.get("min") == "18")
    hidden.set("hidden", "1")


@feature(
    Trail(f"{BOOK}>calcChain", "//m:c"),
)
def chain_of_calculation(book: Book) -> None:
    """The order in which Excel calculated; built last, from every formula."""
    ids = {one.get("name", ""): one.get("sheetId", "") for one in book.root(WORKBOOK).iter(tag("m", "sheet"))}
    rows = []
    for name in book.sheets():
        for cell in cells(book.sheet(name)):
            formula = cell.find(tag("m", "f"))
            if formula is not None:
                array = ' a="1"' if formula.get("t") == "array" else ""
                rows.append(f'<c r="{cell.get("r")}" i="{ids[name]}"{array}/>')
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    chain = part(f"<calcChain {ns(main='m')}>{''.join(rows)}</calcChain>")
    book.attach(WORKBOOK, "calcChain", "xl/calcChain.xml", chain, kind)
