"""Document → Word with real styles and a real table, in the layout of GB/T 9704—2012."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xlbudget.export import file_date
from xlbudget.hosts.archive import repack
from xlbudget.report.document import (
    Block,
    DataTable,
    Document,
    Heading,
    Label,
    Signature,
    TableCell,
    Title,
    words,
)

FANG, HEI, KAI, SONG = "仿宋", "黑体", "楷体", "方正小标宋简体"
PITCH = Pt(29)
_STYLES: dict[str, tuple[str, float, Any, float]] = {
    # style: East Asian font, size, alignment, first-line indent in characters
    "Normal": (FANG, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, 2),
    "Title": (SONG, 22, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "Heading 1": (HEI, 16, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "Heading 2": (KAI, 16, WD_ALIGN_PARAGRAPH.LEFT, 2),
    "附件标记": (HEI, 16, WD_ALIGN_PARAGRAPH.LEFT, 0),
    "表格文字": (FANG, 12, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "表格表头": (HEI, 12, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "落款": (FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT, 0),
    "Header": (HEI, 14, WD_ALIGN_PARAGRAPH.RIGHT, 0),
    "Footer": ("宋体", 14, WD_ALIGN_PARAGRAPH.CENTER, 0),
}
_TEXT_WIDTH_MM = 210 - 28 - 26


def _style(word: Any, name: str) -> None:
    font, size, alignment, indent = _STYLES[name]
    if name not in [one.name for one in word.styles]:
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
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = Pt(size * indent)
    table = name.startswith("表格")
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE if table else WD_LINE_SPACING.EXACTLY
    if not table:
        layout.line_spacing = PITCH if size <= 16 else Pt(36)
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
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
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


def _table(word: Any, block: DataTable) -> None:
    rows = [*block.header, *block.body]
    table = word.add_table(rows=len(rows), cols=len(block.widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = [Mm(_TEXT_WIDTH_MM * width / sum(block.widths)) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate(rows):
        line = table.rows[number]
        cells = list(line.cells)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        _row_properties(line, header=number < len(block.header))
        for column, content in enumerate(row):
            if content is not None:
                style = "表格表头" if number < len(block.header) else "表格文字"
                _table_cell(cells[column], content, style)
    for number, row in enumerate(block.header):
        for column, content in enumerate(row):
            if content is not None and (content.rows > 1 or content.columns > 1):
                end = table.cell(number + content.rows - 1, column + content.columns - 1)
                table.cell(number, column).merge(end)


def _row_properties(row: Any, *, header: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _table_cell(cell: Any, content: TableCell, style: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(words(content.runs))
    if content.align == "left":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _add(word: Any, block: Block) -> None:
    if isinstance(block, DataTable):
        _table(word, block)
    elif isinstance(block, Heading):
        word.add_paragraph(block.text, style=f"Heading {min(block.level, 2)}")
    elif isinstance(block, Signature):
        word.add_paragraph()
        for line in block.lines:
            word.add_paragraph(f"{words(line)}　　", style="落款")
    else:
        style = {Label: "附件标记", Title: "Title"}.get(type(block), "Normal")
        paragraph = word.add_paragraph(words(block.runs), style=style)
        if isinstance(block, Title):
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(14)


def _drop_old_styles(word: Any) -> None:
    """The part of Word 2007 that repeats the styles of python-docx's template; ours would contradict it."""
    for identity, relation in list(word.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del word.part.rels[identity]


def render_docx(document: Document) -> bytes:
    """Render a report; the same document gives the same bytes."""
    word = docx.Document()
    _drop_old_styles(word)
    for name in _STYLES:
        _style(word, name)
    _page(word, document)
    for block in document.blocks:
        _add(word, block)
    dated = file_date(document.dated).replace(tzinfo=None)
    properties = word.core_properties
    properties.title, properties.author, properties.last_modified_by = document.title, document.author, ""
    properties.created = properties.modified = dated
    properties.comments = properties.keywords = ""
    properties.revision = 1
    buffer = io.BytesIO()
    word.save(buffer)
    return repack(buffer.getvalue())
