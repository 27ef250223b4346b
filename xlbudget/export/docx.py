"""Document → Word with real styles and a real table, in the layout of GB/T 9704—2012."""

from __future__ import annotations

import copy
import io
import math
from collections.abc import Sequence
from typing import Any, assert_never

import docx
from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Mm, Pt
from lxml import etree

from xlbudget.export import file_date, is_number
from xlbudget.export.marks import identifier
from xlbudget.export.numbering import Numbering
from xlbudget.files.archive import repack
from xlbudget.files.xml import legal
from xlbudget.pages.metrics import row_height
from xlbudget.report.document import (
    Block,
    Caption,
    DataTable,
    Document,
    Heading,
    Label,
    Paragraph,
    Picture,
    Runs,
    Signature,
    TableCell,
    Title,
    words,
)

FANG, HEI, KAI, SONG = "仿宋", "黑体", "楷体", "方正小标宋简体"
PITCH = Pt(29)
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_STYLES: dict[str, tuple[str, float, Any, float]] = {
    # style: East Asian font, size, alignment, first-line indent in characters
    "Normal": (FANG, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, 2),
    "Title": (SONG, 22, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "Heading 1": (HEI, 16, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "Heading 2": (KAI, 16, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "附件标记": (HEI, 16, WD_ALIGN_PARAGRAPH.LEFT, 0),
    "表格文字": (FANG, 12, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "表格表头": (HEI, 12, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "表格小字": (FANG, 9, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "表格小字表头": (HEI, 9, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "Caption": (FANG, 12, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "插图": (FANG, 12, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "落款": (FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT, 0),
    "Header": (HEI, 14, WD_ALIGN_PARAGRAPH.RIGHT, 0),
    "Footer": ("宋体", 14, WD_ALIGN_PARAGRAPH.CENTER, 0),
}
_GAPS = {"插图": (8.0, 0.0), "Caption": (4.0, 8.0)}
"""Style → points above and below its paragraphs."""
_CELL_MARGIN = 2.5
"""Points between the text of a table and its lines."""
_DIGIT = 0.64
"""Width of a digit over its size, in the widest font that stands in for Times New Roman."""
_TABLE_GAP = Pt(6)
_LONG = 280
"""Characters: ten lines."""
_LONGEST_PROPERTY = 255
_PORTRAIT, _LANDSCAPE = (37, 35, 28, 26), (18, 20, 15, 15)
"""Margins in mm: top, bottom, left, right."""


def _speak_chinese(word: Any) -> None:
    """The language of every text: in another one punctuation is set as if it were Latin or Japanese."""
    for one in word.styles.element.iter(qn("w:lang")):
        one.set(qn("w:eastAsia"), "zh-CN")
    for one in word.settings.element.iter(qn("w:themeFontLang")):
        one.set(qn("w:eastAsia"), "zh-CN")


def _style(word: Any, name: str) -> None:
    font, size, alignment, indent = _STYLES[name]
    if name not in word.styles:
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Normal"]
    style = word.styles[name]
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    style.font.name = "Times New Roman"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), font)
    style.font.color.rgb = None
    for color in style.element.rPr.findall(qn("w:color")):
        style.element.rPr.remove(color)
    layout = style.paragraph_format
    layout.alignment = alignment
    before, after = _GAPS.get(name, (size / 4, size / 4) if name.startswith("表格") else (0, 0))
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.first_line_indent = Pt(size * indent)
    if size <= 12:
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = PITCH if size <= 16 else Pt(36)
    layout.right_indent = Pt(2 * size) if name == "落款" else None
    layout.keep_with_next = name in ("Heading 1", "Heading 2", "插图")
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _field(paragraph: Any, instruction: str) -> None:
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = instruction
        run._r.append(mark)


def _page(word: Any, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if document.landscape:
        section.orientation = WD_ORIENTATION.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    top, bottom, left, right = _margins(document)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(min(15, top / 2)), Mm(min(25, bottom / 2))
    word.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = "Footer", side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        paragraph.add_run("— ")
        _field(paragraph, "PAGE")
        paragraph.add_run(" —")
    for header in (section.header, section.even_page_header) if document.draft else ():
        header.paragraphs[0].text = "草稿"
        header.paragraphs[0].style = "Header"
    if document.landscape:
        _name_on_next_pages(section, document)


def _name_on_next_pages(section: Any, document: Document) -> None:
    """A form that goes on on another page says there what it is about."""
    section.different_first_page_header_footer = True
    footer = section.first_page_footer.paragraphs[0]
    footer._p.getparent().replace(footer._p, copy.deepcopy(section.footer.paragraphs[0]._p))
    if document.draft:
        section.first_page_header.paragraphs[0].text = "草稿"
        section.first_page_header.paragraphs[0].style = "Header"
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.text = f"{document.title}（续）{'　草稿' if document.draft else ''}"
        paragraph.style = "表格小字"
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _margins(document: Document) -> tuple[int, int, int, int]:
    return _LANDSCAPE if document.landscape else _PORTRAIT


def _text_width(document: Document) -> float:
    """Width of the text in mm."""
    return (297 if document.landscape else 210) - sum(_margins(document)[2:])


def _above_table(word: Any) -> None:
    """Keep a table off the paragraph above it; a table right above gets a thin line between."""
    if word.element.body[-2:] and isinstance(word.element.body[-2], CT_Tbl):
        thin = word.add_paragraph(style="表格小字").paragraph_format
        thin.line_spacing_rule, thin.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    elif word.paragraphs:
        word.paragraphs[-1].paragraph_format.space_after = _TABLE_GAP


def _below_table(paragraph: Any) -> None:
    """Keep the paragraph that was added last off a table above it."""
    previous = paragraph._p.getprevious()
    if previous is not None and isinstance(previous, CT_Tbl):
        paragraph.paragraph_format.space_before = _TABLE_GAP


def _table(word: Any, block: DataTable, room: float) -> None:
    """Add a table that is `room` mm wide."""
    _above_table(word)
    rows = [*block.header, *block.body]
    table = word.add_table(rows=len(rows), cols=len(block.widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow_margins(table)
    widths = [Mm(room * width / sum(block.widths)) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    styles = {head: word.styles[_table_style(block.size, head=head)].style_id for head in (True, False)}
    grid = [list(line.cells) for line in table.rows]
    for number, (row, line, cells) in enumerate(zip(rows, table.rows, grid, strict=True)):
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        _row_properties(line, header=number < len(block.header))
        for column, content in enumerate(row):
            if content is not None:
                head = number < len(block.header) or content.head
                _table_cell(cells[column], content, styles[head])
                _fit_number(cells[column], block.size, sum(widths[column : column + content.columns]))
                # The last row never stands alone on a page.
                cells[column].paragraphs[0].paragraph_format.keep_with_next = number == len(rows) - 2 or None
    _heads_fit(table, block, widths)
    for number, row in enumerate(rows):
        for column, content in enumerate(row):
            if content is not None and (content.rows > 1 or content.columns > 1):
                grid[number][column].merge(grid[number + content.rows - 1][column + content.columns - 1])


def _heads_fit(table: Any, block: DataTable, widths: Sequence[int]) -> None:
    """Make rows of heads as high as those need that span them: LibreOffice cuts these where it repeats the heads."""
    least = [0.0] * len(block.header)
    for number, row in enumerate(block.header):
        for column, content in enumerate(row):
            if content is not None and content.rows > 1:
                room = sum(widths[column : column + content.columns]) / Pt(1) - 2 * _CELL_MARGIN
                needed = row_height([(words(content.runs), room)], size=block.size) + block.size / 2
                for spanned in range(number, number + content.rows):
                    least[spanned] = max(least[spanned], needed / content.rows)
    for line, height in zip(table.rows, least, strict=False):
        if height:
            line.height, line.height_rule = Pt(math.ceil(height)), WD_ROW_HEIGHT_RULE.AT_LEAST


def _narrow_margins(table: Any) -> None:
    """Let the text of a table come close to its lines."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(int(20 * _CELL_MARGIN)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _table_style(size: float, *, head: bool) -> str:
    small = size < 12
    if head:
        return "表格小字表头" if small else "表格表头"
    return "表格小字" if small else "表格文字"


def _row_properties(row: Any, *, header: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _table_cell(cell: Any, content: TableCell, style: str) -> None:
    """Fill a cell; `style` is the id of its paragraph's, since looking one up by its name takes as long as all the rest."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style
    paragraph.add_run(words(content.runs))
    if content.align == "left":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _fit_number(cell: Any, size: float, width: int) -> None:
    """Make a number smaller that is wider than its cell, where Word would part it between two lines."""
    (run,) = cell.paragraphs[0].runs
    room = width / Pt(1) - 2 * _CELL_MARGIN
    needed = len(run.text) * size * _DIGIT
    if is_number(run.text) and needed > room:
        run.font.size = Pt(math.floor(2 * size * room / needed) / 2)


def _picture(word: Any, block: Picture) -> None:
    """A vector picture, with pixels for programs that show no SVG."""
    from xlbudget.export.pictures import WIDTH, draw

    vector, pixels = draw(block.chart)
    shape = word.add_paragraph(style="插图").add_run().add_picture(io.BytesIO(pixels), width=Pt(WIDTH))
    shape._inline.docPr.set("descr", f"{block.chart.title}。{block.chart.note}")
    number = len([part for part in word.part.package.iter_parts() if part.partname.ext == "svg"]) + 1
    part = Part(PackURI(f"/word/media/chart{number}.svg"), "image/svg+xml", vector, word.part.package)
    extensions = OxmlElement("a:extLst")
    extension = etree.SubElement(extensions, qn("a:ext"), uri=_SVG_EXTENSION)
    svg = etree.SubElement(extension, f"{{{_SVG}}}svgBlip", nsmap={"asvg": _SVG})
    svg.set(qn("r:embed"), word.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE))
    next(shape._inline.iter(qn("a:blip"))).append(extensions)


def _add(word: Any, block: Block, room: float, numbering: Numbering) -> None:
    match block:
        case DataTable():
            _table(word, block, room)
        case Picture():
            _picture(word, block)
        case Heading(level, text):
            numbering.heading(word, level, text)
            _below_table(word.paragraphs[-1])
        case Signature():
            _signature(word, block)
        case Title(runs):
            paragraph = _paragraph(word, runs, "Title")
            gap = Pt(6) if word.sections[0].orientation == WD_ORIENTATION.LANDSCAPE else Pt(14)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = gap
        case Label(runs):
            _paragraph(word, runs, "附件标记")
        case Caption(runs):
            _paragraph(word, runs, "Caption")
        case Paragraph(runs):
            _paragraph(word, runs, "Normal")
        case _:
            assert_never(block)


def _signature(word: Any, block: Signature) -> None:
    """落款: never alone on a page; a long text may be parted above it, and LibreOffice parts none that is kept."""
    above = [one for one in word.paragraphs[-1:] if len(one.text) < _LONG]
    added = [word.add_paragraph(), *(word.add_paragraph(words(line), "落款") for line in block.lines)]
    for paragraph in [*above, *added[:-1]]:
        paragraph.paragraph_format.keep_with_next = True


def _paragraph(word: Any, runs: Runs, style: str) -> Any:
    paragraph = word.add_paragraph(words(runs), style=style)
    _below_table(paragraph)
    return paragraph


def _drop_leftovers(word: Any) -> None:
    """Parts of python-docx's template that are not ours: the styles for Word 2007, a picture of an empty page."""
    for relations in (word.part.rels, word.part.package.rels):
        for identity, relation in list(relations.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
                del relations[identity]


def _property(text: str) -> str:
    """A text as a property of the file: python-docx takes no longer ones, XML no control characters."""
    return legal(text)[:_LONGEST_PROPERTY]


def render_docx(document: Document) -> bytes:
    """Render a report; the same document gives the same bytes."""
    word = docx.Document()
    _drop_leftovers(word)
    _speak_chinese(word)
    for name in _STYLES:
        _style(word, name)
    _page(word, document)
    numbering = Numbering(word)
    for block in document.blocks:
        _add(word, block, _text_width(document), numbering)
    dated = file_date(document.dated).replace(tzinfo=None)
    properties = word.core_properties
    properties.title, properties.author = _property(document.title), _property(document.author)
    properties.last_modified_by = ""
    properties.created = properties.modified = dated
    properties.comments = properties.keywords = ""
    properties.language = "zh-CN"
    properties.revision = 1
    properties.identifier = identifier(word.part.blob)
    buffer = io.BytesIO()
    word.save(buffer)
    return repack(buffer.getvalue())
