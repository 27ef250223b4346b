"""What is read of a Word document: what a person sees of it, in its order."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from tests.office.conftest import Convert, convert
from tests.readers.word import (
    field,
    p,
    r,
    source_of,
    tables,
    tbl,
    tc,
    texts,
    tr,
    word,
)
from xlbudget.audit.source import Line, Table
from xlbudget.readers.numbering import chinese, written

__all__ = ["convert"]

BOX = "<w:txbxContent>{}</w:txbxContent>"
DRAWN = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing></mc:Choice>'
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
HIDDEN = "<w:vanish/>"

PARAGRAPHS = {
    "runs and tabs": (p(r("预算2.4"), r("1万"), "<w:r><w:tab/><w:t>元</w:t></w:r>"), ["预算2.41万\t元"]),
    "empty ones are left out": (p() + p("  ") + p("一"), ["一"]),
    "line breaks": (p("<w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:br w:type='page'/></w:r>"), ["上\n下"]),
    "content controls": (
        "<w:sdt><w:sdtPr/><w:sdtContent>" + p("<w:sdt><w:sdtContent>" + r("控件") + "</w:sdtContent></w:sdt>") + "</w:sdtContent></w:sdt>",
        ["控件"],
    ),
    "placeholders of empty controls": (
        p("甲", "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + r("单击输入") + "</w:sdtContent></w:sdt>"),
        ["甲"],
    ),
    "changes": (
        p("共", "<w:ins>" + r("5") + "</w:ins>", "<w:del><w:r><w:delText>3</w:delText></w:r></w:del>", "个")
        + p("<w:moveFrom>" + r("旧处") + "</w:moveFrom>", "<w:moveTo>" + r("新处") + "</w:moveTo>"),
        ["共5个", "新处"],
    ),
    "a deleted end of a paragraph": (p("上半", properties="<w:rPr><w:del/></w:rPr>") + p("下半"), ["上半下半"]),
    "fields": (p("第", field(" PAGE ", r("7")), "页"), ["第7页"]),
    "a field within the code of one": (
        p("见", field(" IF " + "</w:instrText></w:r>" + field("X", r("码")) + "<w:r><w:instrText>", r("果")), "。"),
        ["见果。"],
    ),
    "simple fields": (p('<w:fldSimple w:instr="DATE">' + r("7月8日") + "</w:fldSimple>"), ["7月8日"]),
    "a field that does not end hides only its code": (
        p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "码") + p("正文"),
        ["正文"],
    ),
    "links": (p("<w:hyperlink>" + r("网址") + "</w:hyperlink>"), ["网址"]),
    "hidden text": (p("见", r("藏", HIDDEN), r("不藏", '<w:vanish w:val="0"/>')), ["见不藏"]),
    "ruby": (p("<w:r><w:ruby><w:rt>" + r("yú") + "</w:rt><w:rubyBase>" + r("舆") + "</w:rubyBase></w:ruby></w:r>"), ["舆"]),
    "formulas": (p("比", "<m:oMath><m:r><m:t>30%</m:t></m:r></m:oMath>"), ["比30%"]),
    "symbols": (
        p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>',
          '<w:r><w:sym w:font="X" w:char="2265"/></w:r>'),
        ["√☑≥"],
    ),
    "hyphens": (p("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>6</w:t><w:softHyphen/></w:r>"), ["1-6"]),
    "text boxes follow their paragraph": (p("正文", DRAWN.format(BOX.format(p("框里"))), "续") + p("后"), ["正文续", "框里", "后"]),
    "old text boxes": (p("<w:r><w:pict><v:textbox>" + BOX.format(p("框")) + "</v:textbox></w:pict></w:r>"), ["框"]),
    "comments and notes of the file itself are none": (p("<!-- 注 -->" + r("字"), "<?x y?>"), ["字"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_paragraphs(name: str) -> None:
    body, wanted = PARAGRAPHS[name]
    assert texts(source_of(word(body))) == wanted
    assert texts(source_of(word(body, strict=True))) == wanted


def test_contents_are_left_out() -> None:
    """A table of contents says the headings a second time; one that does not end hides nothing."""
    entries = r("一、开展情况") + "<w:r><w:tab/><w:t>3</w:t></w:r>"
    whole = p(field(' TOC \\o "1-2" ', entries)) + p("一、开展情况")
    assert texts(source_of(word(whole))) == ["一、开展情况"]
    simple = p(f'<w:fldSimple w:instr="TOC">{entries}</w:fldSimple>') + p("正文")
    assert texts(source_of(word(simple))) == ["正文"]
    endless = whole.replace('<w:r><w:fldChar w:fldCharType="end"/></w:r>', "")
    assert texts(source_of(word(endless)))[-1] == "一、开展情况"
    assert len(texts(source_of(word(endless)))) == 2


def test_hidden_styles() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:basedOn w:val="C"/></w:style>'
    )
    body = (
        p("见", r("藏", '<w:rStyle w:val="H"/>'))
        + p("藏", r("见", '<w:vanish w:val="false"/>'), properties='<w:pStyle w:val="B"/>')
        + p("见", properties='<w:pStyle w:val="C"/>')
    )
    assert texts(source_of(word(body, styles=styles))) == ["见", "见", "见"]


def test_notes() -> None:
    note = '<w:footnote w:id="{}"{}>{}</w:footnote>'
    footnotes = note.format(0, ' w:type="separator"', p("—")) + note.format(3, "", p("脚注一") + p("脚注二"))
    endnotes = '<w:endnote w:id="3">' + p("尾注") + "</w:endnote>"
    body = p("正文", '<w:r><w:footnoteReference w:id="3"/></w:r>') + p(
        "后", '<w:r><w:endnoteReference w:id="3"/></w:r>', '<w:r><w:footnoteReference w:id="9"/></w:r>'
    )
    source = source_of(word(body, footnotes=footnotes, endnotes=endnotes))
    assert [(item.label, item.text) for item in source if isinstance(item, Line)] == [
        ("第1段", "正文"), ("脚注1", "脚注一"), ("脚注1", "脚注二"), ("第2段", "后"), ("尾注1", "尾注"),
    ]  # fmt: skip


# -- tables ----------------------------------------------------------------------------------------------


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


MERGE, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
TABLES = {
    "plain": (tbl(tr("甲", "乙"), tr("1", "2")), [(("甲", "乙"), ("1", "2"))]),
    "spans": (
        tbl(
            tr(tc("部门", properties=MERGE), tc("实现情况", properties=span(2))),
            tr(tc("残留", properties=GOES_ON), "能", "否"),
        ),
        [(("部门", "实现情况", ""), ("", "能", "否"))],
    ),
    "old horizontal merges": (
        tbl(tr(tc("甲", properties='<w:hMerge w:val="restart"/>'), tc("", properties="<w:hMerge/>")), tr("1", "2")),
        [(("甲", ""), ("1", "2"))],
    ),
    "rows of unequal length": (tbl(tr("甲", "乙", "丙"), tr("1")), [(("甲", "乙", "丙"), ("1", "", ""))]),
    "left out cells": (
        tbl(tr("甲", "乙"), tr("2", properties='<w:gridBefore w:val="1"/>')),
        [(("甲", "乙"), ("", "2"))],
    ),
    "paragraphs of a cell": (tbl(tr(tc("甲", "", "乙"), "丙"), tr("1", "2")), [(("甲\n乙", "丙"), ("1", "2"))]),
    "deleted rows": (
        tbl(tr("甲", "乙"), tr("旧", "旧", properties="<w:del/>"), tr("新", "新", properties="<w:ins/>")),
        [(("甲", "乙"), ("新", "新"))],
    ),
    "controls about rows and cells": (
        tbl(
            "<w:sdt><w:sdtContent>" + tr("甲", "<w:sdt><w:sdtContent>" + tc("乙") + "</w:sdtContent></w:sdt>") + "</w:sdtContent></w:sdt>",
            tr("1", "2"),
        ),
        [(("甲", "乙"), ("1", "2"))],
    ),
    "nested ones after the outer one": (
        tbl(tr("甲", tc("乙", tbl(tr("内", "里"), tr("3", "4")), p())), tr("1", "2")),
        [(("甲", "乙"), ("1", "2")), (("内", "里"), ("3", "4"))],
    ),
    "empty ones are left out": (p("字") + tbl(tr("", ""), tr("", "")), []),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    body, wanted = TABLES[name]
    source = source_of(word(p("前") + body + p("后")))
    assert tables(source) == wanted
    assert [item.label for item in source if isinstance(item, Table)] == [
        f"第{number}个表" for number in range(1, len(wanted) + 1)
    ]
    assert texts(source)[-1] == "后"


def test_a_frame_of_one_cell_is_no_table() -> None:
    inner = tbl(tr("甲", "乙"), tr("1", "2"))
    source = source_of(word(tbl(tr(tc("说明", inner, "结尾")))))
    assert [type(item) for item in source] == [Line, Table, Line]
    assert texts(source) == ["说明", "结尾"]


def test_boxes_and_notes_in_cells_come_after_the_table() -> None:
    cell = tc(p("甲", DRAWN.format(BOX.format(p("框")))))
    source = source_of(word(tbl(tr(cell, "乙"), tr("1", "2"))))
    assert [type(item) for item in source] == [Table, Line]
    assert texts(source) == ["框"]


# -- numbers -----------------------------------------------------------------------------------------------

LEVEL = '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="{}"/>{}<w:lvlText w:val="{}"/></w:lvl>'
NOTHING = '<w:suff w:val="nothing"/>'
NUMBERING = (
    '<w:abstractNum w:abstractNumId="5">'
    + LEVEL.format(0, 1, "chineseCounting", NOTHING, "%1、")
    + LEVEL.format(1, 1, "chineseCounting", NOTHING, "（%2）")
    + LEVEL.format(2, 3, "decimal", "", "%1.%3")
    + LEVEL.format(3, 1, "bullet", "", "●")
    + '</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="5"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
)


def numbered(level: int, number: int = 2) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def test_numbers_that_word_writes() -> None:
    levels = [0, 1, 1, 0, 1, 2, 2, 3, 0]
    body = "".join(p("项", properties=numbered(level)) for level in levels)
    body += (
        p("项", properties=numbered(0, 3))
        + p("项", properties=numbered(0, 3))
        + p("项", properties=numbered(0, 0))
    )
    assert texts(source_of(word(body, numbering=NUMBERING))) == [
        "一、项", "（一）项", "（二）项", "二、项", "（一）项", "二.3 项", "二.4 项", "项", "三、项", "七、项", "八、项", "项",
    ]  # fmt: skip


def test_numbers_of_styles() -> None:
    styles = (
        '<w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
    )
    body = "".join(p("项", properties=f'<w:pStyle w:val="{style}"/>') for style in ("H1", "H2", "H3"))
    assert texts(source_of(word(body, numbering=NUMBERING, styles=styles))) == ["一、项", "二、项", "项"]


@pytest.mark.parametrize(
    ("number", "form", "wanted"),
    [
        (10, "chineseCounting", "十"), (12, "chineseCountingThousand", "十二"), (20, "japaneseCounting", "二十"),
        (105, "chineseCounting", "一百零五"), (110, "chineseCounting", "一百一十"), (1010, "chineseCounting", "一千零一十"),
        (11, "chineseLegalSimplified", "壹拾壹"), (3, "decimalEnclosedCircle", "③"), (21, "decimalEnclosedCircle", "21"),
        (4, "upperRoman", "IV"), (1949, "lowerRoman", "mcmxlix"), (27, "lowerLetter", "aa"), (2, "upperLetter", "B"),
        (3, "ideographTraditional", "丙"), (12, "decimalFullWidth", "１２"), (7, "decimalZero", "07"), (5, "neu", "5"),
        (0, "chineseCounting", "0"), (99_999, "chineseCounting", "99999"),
    ],
)  # fmt: skip
def test_forms_of_numbers(number: int, form: str, wanted: str) -> None:
    assert written(number, form) == wanted


def test_chinese_numbers_are_distinct() -> None:
    assert len({chinese(number) for number in range(1, 10_000)}) == 9_999


# -- real programs -----------------------------------------------------------------------------------------


def made_by_python_docx() -> bytes:
    document = docx.Document()
    document.add_heading("预算绩效运行监控报告", 0)
    document.add_paragraph("全年预算项目3个，资金6.41万元。")
    table = document.add_table(rows=3, cols=3)
    for index, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{index}"
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("结尾", style="List Number")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def shapes(content: bytes, name: str = "报告.docx") -> list[object]:
    return [
        item.text.replace(" ", "") if isinstance(item, Line) else item.rows
        for item in source_of(content, name)
    ]


def test_python_docx() -> None:
    assert shapes(made_by_python_docx()) == [
        "预算绩效运行监控报告",
        "全年预算项目3个，资金6.41万元。",
        (("格0", "格1\n格2", ""), ("格3\n格6", "格4", "格5"), ("", "格7", "格8")),
        "1.结尾",
    ]


@pytest.mark.office
def test_libreoffice_writes_it_too(tmp_path: Path, convert: Convert) -> None:
    """A document saved again by LibreOffice reads the same, as a .docx and as a PDF."""
    path = tmp_path / "a.docx"
    path.write_bytes(made_by_python_docx())
    odt = convert(path, "odt")
    (tmp_path / "b.odt").write_bytes(odt.read_bytes())
    again = convert(tmp_path / "b.odt", "docx:MS Word 2007 XML")
    assert shapes(again.read_bytes()) == shapes(path.read_bytes())
