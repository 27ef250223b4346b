"""What is read of a PDF: lines in order, tables with and without lines, nothing of headers and page numbers."""

from __future__ import annotations

import contextlib
import io
import random
import zlib
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import NameObject, NumberObject

from tests.office.conftest import Convert, convert
from tests.readers.pdfs import HEAD, pdf, reading, table
from tests.readers.word import source_of, tables, texts
from tests.word_text import no_space
from xlbudget.audit.source import Line, Source, Table
from xlbudget.readers import CannotRead
from xlbudget.readers.pdf_page import _sign

__all__ = ["convert"]

LONG = "我单位对照年初批复的绩效目标，逐个项目核对了1—6月的预算执行和目标完成情况，共涉及12个项目、资金1358.6万元。"


def read(body: str, head: str = HEAD) -> Source:
    return reading(pdf(body, head=head)).source


def changed(content: bytes, edit: Any) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    edit(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_lines_in_order() -> None:
    source = read(f"= 报告\n\n{LONG}\n\n{LONG}")
    lines = texts(source)
    assert lines[0] == "报告"
    assert no_space("".join(lines[1:])) == LONG * 2
    assert [item.label for item in source][:3] == ["第1页第1行", "第1页第2行", "第1页第3行"]
    assert all(item.wrapped for item in source if isinstance(item, Line))


def test_words_and_numbers_keep_their_blanks() -> None:
    assert texts(read("Python 3 and Excel 2024，附件 4")) == ["Python 3 and Excel 2024，附件 4"]


def test_cells_without_lines_are_parted_by_tabs() -> None:
    rows = [
        ["项目名称", "预算数", "支出数"],
        ["网信工作专项经费", "2.41", "2.3712"],
        ["舆情处置经费", "1.5", "0.38"],
    ]
    source = read(table(rows, "stroke: none, column-gutter: 2em, "))
    assert texts(source) == ["\t".join(row) for row in rows]
    assert tables(source) == []


# -- headers and page numbers ------------------------------------------------------------------------------

HEADED = (
    '#set page(paper: "a4", margin: 25mm, header: {}, footer: {})\n'
    '#set text(font: "Noto Serif SC", size: 12pt)\n#set par(leading: 0.9em)\n'
)
NUMBERS = {
    "dashes": "align(center, context [— #counter(page).display() —])",
    "plain": "align(right, context counter(page).display())",
    "of all": "context [第#counter(page).display()页 共#counter(page).final().first()页]",
    "slash": "context [#counter(page).display() / #counter(page).final().first()]",
}


@pytest.mark.parametrize("footer", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("pages", [1, 2, 5])
def test_headers_and_page_numbers(footer: str, pages: int) -> None:
    head = HEADED.format("[某县网信办绩效监控材料 #h(1fr) 内部资料]", footer)
    body = "#pagebreak()".join(
        f"#v(4pt)第{page}页的正文。{LONG}\n\n2022\n\n{'完。' * page}" for page in range(pages)
    )
    lines = texts(read(body, head))
    wanted = [f"第{page}页的正文。{LONG}2022{'完。' * page}" for page in range(pages)]
    header = "某县网信办绩效监控材料\t内部资料"
    assert "".join(lines).replace(header, "") == "".join(wanted)
    assert (header in lines) == (pages == 1)


def test_what_is_said_again_in_the_text_stays() -> None:
    """Body lines that stand at one place of every page, also first and last ones, are no headers."""
    body = "#pagebreak()".join(f"一、项目情况\n\n{LONG}\n\n第{page}个\n\n2024" for page in range(4))
    lines = texts(read(body))
    assert lines.count("一、项目情况") == 4
    assert lines.count("2024") == 4


def test_a_number_is_not_the_page_s() -> None:
    """A year alone on the first line of a page is no page number; the number 3 below on the third page is."""
    head = HEADED.format("none", "none")
    assert texts(read(f"2024\n\n{LONG}", head))[0] == "2024"
    pages = "#pagebreak()".join(f"{LONG}#v(1fr)#align(center)[{page + 7}]" for page in range(3))
    assert "".join(texts(read(pages, head))) == LONG * 3
    assert texts(read(f"{LONG}#v(1fr)#align(center)[13]", head))[-1] == "13"


def test_watermarks_are_left_out() -> None:
    head = HEAD + "#set page(background: rotate(30deg, text(60pt, fill: luma(220))[内部资料]))\n"
    assert no_space("".join(texts(read(LONG, head)))) == LONG


def test_bold_by_drawing_twice() -> None:
    twice = "".join(f"#place(dx: {shift}pt)[{LONG[:20]}]" for shift in (0, 0.4))
    assert texts(read(twice)) == [LONG[:20]]
    assert texts(read("执行率——完成率，11家、22家")) == ["执行率——完成率，11家、22家"]


def test_turned_pages() -> None:
    for angle in (90, -90, 180):
        turned = f"#rotate({angle}deg, reflow: true, block(width: 160mm)[{LONG} {table(GRID)}])"
        source = read(turned, HEAD.replace("justify: true", "justify: false"))
        assert no_space("".join(texts(source))).replace("—1—", "") == LONG
        assert tables(source) == [tuple(map(tuple, GRID))]


# -- tables with lines -------------------------------------------------------------------------------------

GRID = [["项目名称", "预算数", "执行率"], ["网信工作专项经费", "2.41", "98.39%"], ["舆情处置经费", "1.5", ""]]
STYLES = {
    "all lines": "stroke: 0.5pt, ",
    "thin lines": "stroke: 0.2pt, ",
    "heavy lines": "stroke: 1.8pt, ",
    "double lines": "column-gutter: 1.5pt, row-gutter: 1.5pt, stroke: 0.4pt, ",
    "open sides": "stroke: (x, y) => (top: 0.5pt, bottom: 0.5pt, left: if x > 0 { 0.5pt }), ",
    "open above": "stroke: (x, y) => (left: 0.5pt, right: 0.5pt, bottom: 0.5pt), ",
    "narrow columns": "columns: (4em, 3em, 4em), ",
    "shaded header": "fill: (x, y) => if y == 0 { luma(220) }, ",
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_ruled_tables(style: str) -> None:
    made = table(GRID, style)
    if "columns: (" in style:
        made = made.replace("columns: 3, ", "")
    source = read(f"前。\n\n{made}\n后。")
    assert tables(source) == [tuple(map(tuple, GRID))]
    assert [type(item) for item in source] == [Line, Table, Line]
    assert source[1].label == "第1个表"


def test_lines_drawn_as_thin_bars() -> None:
    """Word draws the lines of tables as filled rectangles."""
    bars = [f"#place(dx: {x}mm, rect(width: 0.5pt, height: 30mm, fill: black))" for x in (0, 40, 80)]
    bars += [f"#place(dy: {y}mm, rect(width: 80mm, height: 0.5pt, fill: black))" for y in (0, 10, 20, 30)]
    words = [
        f"#place(dx: {3 + 40 * x}mm, dy: {3 + 10 * y}mm, [格{y}{x}])" for x in range(2) for y in range(3)
    ]
    source = read("\n".join([*bars, *words]))
    assert tables(source) == [(("格00", "格01"), ("格10", "格11"), ("格20", "格21"))]


def test_merged_cells() -> None:
    made = """#table(columns: 4,
      table.cell(rowspan: 2)[部门], table.cell(rowspan: 2)[项目], table.cell(colspan: 2)[预计年底实现情况],
      [能实现], [差距较大], table.cell(rowspan: 2)[网信办], [甲], [√], [], [乙], [], [√],
      table.cell(colspan: 2)[合计], [1], [1])"""
    assert tables(read(made)) == [(
        ("部门", "项目", "预计年底实现情况", ""), ("", "", "能实现", "差距较大"), ("网信办", "甲", "√", ""),
        ("", "乙", "", "√"), ("合计", "", "1", "1"),
    )]  # fmt: skip


def test_lines_of_a_cell_are_joined_and_its_paragraphs_are_not() -> None:
    made = f"#table(columns: (5em, 12em), [网络安全公司聘请经费], [{LONG}], [甲], [第一条。\\ 第二条。])"
    ((first, second),) = tables(read(made))
    assert first == ("网络安全公司聘请经费", LONG)
    assert second == ("甲", "第一条。\n第二条。")


def test_a_number_wider_than_its_cell_stays_whole() -> None:
    made = "#table(columns: (3em, 3em, 5em), [甲], [987.65%], [乙], [12.5], [1234567.89], [丙])"
    assert tables(read(made)) == [(("甲", "987.65%", "乙"), ("12.5", "1234567.89", "丙"))]


def test_a_frame_is_no_table() -> None:
    source = read(f"#rect(width: 100%)[{LONG}]\n\n后。")
    assert tables(source) == []
    assert no_space("".join(texts(source))) == LONG + "后。"


def test_a_drawing_is_no_table() -> None:
    """Axes with lines of a grid, and text across them."""
    lines = "".join(f"#place(dx: {x}mm, line(angle: 90deg, length: 60mm))" for x in range(0, 100, 10))
    lines += "".join(f"#place(dy: {y}mm, line(length: 90mm))" for y in range(0, 70, 10))
    source = read(lines + "#place(dx: 2mm, dy: 12mm)[各项目实现程度与序时进度比较一览]")
    assert tables(source) == []
    assert texts(source) == ["各项目实现程度与序时进度比较一览"]


def rows_of(count: int) -> list[list[str]]:
    return [["项目", "金额"]] + [[f"项目{number}", f"{number}.5"] for number in range(count)]


@pytest.mark.parametrize("repeat", ["true", "false"])
def test_a_table_goes_on_on_the_next_page(repeat: str) -> None:
    rows = rows_of(90)
    header = f"table.header(repeat: {repeat}, [项目], [金额]), "
    source = read("前。\n\n" + table(rows[1:], header) + "\n后。")
    assert tables(source) == [tuple(map(tuple, rows))]
    assert texts(source) == ["前。", "后。"]


def test_two_tables_are_two() -> None:
    first, second = rows_of(3), [["单位", "人数", "说明"], ["甲", "3", ""]]
    source = read(f"{table(first)}\n#pagebreak()\n{table(second)}\n中。\n\n{table(first)}")
    assert tables(source) == [tuple(map(tuple, rows)) for rows in (first, second, first)]
    assert [item.label for item in source if isinstance(item, Table)] == ["第1个表", "第2个表", "第3个表"]


def test_a_row_parted_between_pages_is_one() -> None:
    long = LONG * 30
    rows = [["项目", "说明", "金额"], ["甲", long, "1"], ["乙", "短", "2"]]
    ((_, row, last),) = tables(
        read("#v(120mm)" + table(rows).replace("columns: 3", "columns: (4em, 20em, 4em)"))
    )
    assert (no_space(row[1]), row[0], row[2]) == (long, "甲", "1")
    assert last == ("乙", "短", "2")


# -- what cannot be read -----------------------------------------------------------------------------------


def with_scan(content: bytes) -> bytes:
    """A PDF with one more page, which is a picture."""

    def add(writer: Any) -> None:
        picture = pypdf.generic.StreamObject()
        picture._data = bytes(40 * 40)
        picture |= {
            NameObject(f"/{key}"): value
            for key, value in {
                "Type": NameObject("/XObject"), "Subtype": NameObject("/Image"), "Width": NumberObject(40),
                "Height": NumberObject(40), "BitsPerComponent": NumberObject(8), "ColorSpace": NameObject("/DeviceGray"),
            }.items()
        }  # fmt: skip
        page = writer.add_blank_page(595, 842)
        drawing = pypdf.generic.DecodedStreamObject()
        drawing.set_data(b"q 595 0 0 842 0 0 cm /A Do Q")
        page[NameObject("/Contents")] = writer._add_object(drawing)
        pictures = pypdf.generic.DictionaryObject({NameObject("/A"): writer._add_object(picture)})
        page[NameObject("/Resources")] = pypdf.generic.DictionaryObject({NameObject("/XObject"): pictures})

    return changed(content, add)


def test_scans() -> None:
    empty = pdf("#page(footer: none)[]")
    with pytest.raises(
        CannotRead, match="是扫描件，里面没有文字，核对不了。请先用 OCR 识别成文字，或换成 Word 版"
    ):
        reading(with_scan(empty))
    mixed = reading(with_scan(pdf(LONG)))
    assert mixed.notes == ("第 2 页是图片，没有文字，没有核对。",)
    assert no_space("".join(texts(mixed.source))) == LONG
    assert reading(pdf(LONG)).notes == ()
    with pytest.raises(CannotRead, match="里没有文字"):
        reading(empty)


def test_passwords() -> None:
    content = pdf(LONG)

    def closed(writer: Any) -> None:
        writer.encrypt("geheim", algorithm="RC4-128")

    def print_only(writer: Any) -> None:
        writer.encrypt("", "geheim", algorithm="RC4-128")

    with pytest.raises(CannotRead, match="有打开密码。请先取消密码"):
        reading(changed(content, closed))
    assert no_space("".join(texts(reading(changed(content, print_only)).source))) == LONG


def test_text_without_encoding() -> None:
    """Fonts that say of no glyph which character it is."""

    def forget(writer: Any) -> None:
        for one in writer.pages[0]["/Resources"]["/Font"].values():
            font = one.get_object()
            font.pop("/ToUnicode", None)
            font[NameObject("/Encoding")] = NameObject("/Identity-H")
            info = font["/DescendantFonts"][0].get_object()["/CIDSystemInfo"]
            info[NameObject("/Ordering")] = pypdf.generic.TextStringObject("Identity")

    with pytest.raises(CannotRead, match=r"没有可用的编码|没有文字"):
        reading(changed(pdf(LONG), forget))


def test_very_many_pages() -> None:
    def grow(writer: Any) -> None:
        for _ in range(2_000):
            writer.add_blank_page()

    with pytest.raises(CannotRead, match="太长了，不像一份监控报告"):
        reading(changed(pdf("字"), grow))


def drawing(content: bytes, packed: bytes, filters: str = "/FlateDecode") -> bytes:
    """A PDF whose first page draws one more (packed) stream."""

    def add(writer: Any) -> None:
        stream = pypdf.generic.StreamObject()
        stream._data = packed
        names = [NameObject(name) for name in filters.split()]
        stream[NameObject("/Filter")] = names[0] if len(names) == 1 else pypdf.generic.ArrayObject(names)
        page = writer.pages[0]
        page[NameObject("/Contents")] = pypdf.generic.ArrayObject(
            [page["/Contents"].indirect_reference, writer._add_object(stream)]
        )

    return changed(content, add)


@pytest.mark.parametrize(("megabytes", "refused"), [(1, False), (7, False), (9, True), (60, True)])
def test_streams_that_swell(megabytes: int, refused: bool) -> None:
    content = drawing(pdf(LONG), zlib.compress(b" " * (megabytes * 2**20)))
    if refused:
        with pytest.raises(CannotRead, match="展开后大得不正常"):
            reading(content)
    else:
        assert no_space("".join(texts(reading(content).source))) == LONG


def test_streams_packed_twice_are_refused() -> None:
    packed = zlib.compress(zlib.compress(b" " * 2**20))
    with pytest.raises(CannotRead, match="展开后大得不正常"):
        reading(drawing(pdf(LONG), packed, "/FlateDecode /FlateDecode"))


def test_a_page_of_very_many_lines() -> None:
    """A map has more lines than a table; the text is read all the same."""

    def draw(writer: Any) -> None:
        stream = pypdf.generic.DecodedStreamObject()
        paths = (f"{n % 500} {n % 700} m {n % 500 + 9} {n % 700} l S" for n in range(60_000))
        stream.set_data("\n".join(paths).encode())
        page = writer.pages[0]
        page[NameObject("/Contents")] = pypdf.generic.ArrayObject(
            [page["/Contents"].indirect_reference, writer._add_object(stream)]
        )

    assert no_space("".join(texts(reading(changed(pdf(LONG), draw)).source))) == LONG


def test_damaged_ones() -> None:
    """Whatever is broken: a message or what can be read, never another error."""
    content = pdf(f"{LONG}\n\n{table(GRID)}")
    numbers = random.Random(7)
    for _ in range(150):
        broken = bytearray(content[: numbers.randrange(200, len(content))])
        for _ in range(numbers.randrange(12)):
            broken[numbers.randrange(len(broken))] = numbers.randrange(256)
        with contextlib.suppress(CannotRead):
            reading(bytes(broken))
    with pytest.raises(CannotRead, match="已损坏，或者不是完整的 PDF"):
        reading(b"%PDF-1.7\nnothing else")


@pytest.mark.parametrize(
    ("sign", "wanted"),
    [("⽤", "用"), ("⻚", "页"), ("ﬁ", "fi"), ("万", "万"), ("\u00ad", ""), ("\ue000", None), ("\ufffe", "-"), ("\t", " ")],
)  # fmt: skip
def test_signs(sign: str, wanted: str | None) -> None:
    assert _sign(ord(sign)) == wanted


# -- PDFs of LibreOffice -----------------------------------------------------------------------------------


@pytest.mark.office
def test_a_word_report_printed_by_libreoffice(produced: Path, tmp_path: Path, convert: Convert) -> None:
    """The words and the table of our Word report come back from LibreOffice's PDF of it."""
    made = convert(produced / "r.docx", "pdf")
    source, word = reading(made.read_bytes()).source, source_of((produced / "r.docx").read_bytes())
    assert no_space("".join(texts(source))) == no_space("".join(texts(word)))
    assert [[[no_space(cell) for cell in row] for row in one] for one in tables(source)] == [
        [[no_space(cell) for cell in row] for row in one] for one in tables(word)
    ]
    assert tmp_path.exists()
