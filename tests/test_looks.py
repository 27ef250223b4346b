"""What people look at, for small and large units, short and long texts: words, pages, heights, charts, forms."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from lxml import etree

from benchmarks.make import values
from tests.word_text import no_space, paragraphs_of, words_of_docx
from xlbudget import app, profiles
from xlbudget.export.docx import render_docx
from xlbudget.export.numbering import chinese
from xlbudget.hosts.chartsaid import CHART
from xlbudget.hosts.template import input_sheets
from xlbudget.report.charts import MOST
from xlbudget.report.document import Document, Heading, Paragraph, words
from xlbudget.report.forms import forms

LONG_NAME = "关于进一步加强乡镇街道基层治理体系和治理能力现代化建设及信息化平台升级改造（二期）补助资金配套"
PARAGRAPH = "我单位对照年初批复的绩效目标，逐个项目核对了1—6月的预算执行和目标完成情况，查看了合同、验收单、付款凭证等资料。"
CASES = {"5": (5, False), "40": (40, False), "200": (200, False), "40 long": (40, True)}


def facts(projects: int, long: bool) -> dict[str, Any]:
    made = values(projects, projects * 5)
    for index, row in enumerate(made["项目"]["行"]):
        row[4] = round(row[3] * (index * 37 % 100) / 100, 2)
        if long or index % 7 == 0:
            row[1], row[6] = (
                f"{LONG_NAME}{index}",
                "用于" + "平台建设、运维、培训和第三方监理，" * (20 if long else 2),
            )
    text = (PARAGRAPH * 60)[:3000] if long else PARAGRAPH
    chapters = ("监控工作开展情况", "偏差原因分析", "下一步监控工作")
    made["文字说明"] = {"表头": ["章节", "内容"], "行": [[chapter, text] for chapter in chapters]}
    made["首页"] |= {"附件编号": "附件4", "填报日期": date(2024, 7, 10)}
    return made


@dataclass
class Made:
    folder: Path
    opened: app.Opened
    document: Document

    @cached_property
    def book(self) -> Any:
        return openpyxl.load_workbook(self.folder / "out.xlsx")

    def sheet(self, name: str) -> Any:
        return self.book[name]


@pytest.fixture(scope="module", params=CASES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("looks")
    source = folder / "s.xlsx"
    source.write_bytes(input_sheets(facts(*CASES[request.param]), profiles.load("central")))
    to = app.Destinations(folder / "out.xlsx", {".docx": folder / "r.docx", ".pdf": folder / "r.pdf"})
    opened, _ = app.run(source, to)
    return Made(folder, opened, opened.report)


def pages_of_pdf(path: Path) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
    return [no_space(page.extract_text()).replace(f"—{number}—", "") for number, page in enumerate(pages, 1)]


def words_of_sheet(sheet: Any) -> str:
    return no_space("".join("" if value is None else str(value) for row in sheet.values for value in row))


def missing(document: Document, text: str, head: str = "") -> list[str]:
    """Texts of a document that are not found; `head` is what stands again on each page of a table."""
    bare = text.replace(head, "") if head else text
    return [one for one in document.texts() if no_space(one) not in text and no_space(one) not in bare]


def test_every_word_is_in_all_three(made: Made) -> None:
    head = "".join(no_space(words(cell.runs)) for row in table_of(made).header for cell in row if cell)
    assert missing(made.document, words_of_docx(made.folder / "r.docx")) == []
    assert missing(made.document, words_of_sheet(made.sheet("监控报告")), head) == []
    assert missing(made.document, "".join(pages_of_pdf(made.folder / "r.pdf")), head) == []


def test_headings_are_numbered_by_word(made: Made) -> None:
    """No heading holds its number as text, and yet each is read with it."""
    headings = [block.text for block in made.document.blocks if isinstance(block, Heading)]
    word = docx.Document(str(made.folder / "r.docx"))
    typed = [one.text for one in word.paragraphs if one.style and one.style.name.startswith("Heading")]
    assert len(typed) == len(headings) >= 7
    assert all(full.endswith(part) for full, part in zip(headings, typed, strict=True))
    assert all(part[0] not in "一二三四（" for part in typed)
    assert [one for one in paragraphs_of(made.folder / "r.docx") if one in headings] == headings


@pytest.mark.parametrize(
    ("headings", "typed"),
    [
        ([(1, "一、开展情况"), (2, "（一）资金"), (2, "（二）监控"), (1, "二、结果"), (2, "（一）分档")],
         ["开展情况", "资金", "监控", "结果", "分档"]),
        ([(1, "三、下一步"), (2, "（一）资金")], ["三、下一步", "资金"]),
        ([(1, "开展情况"), (1, "一、结果")], ["开展情况", "结果"]),
        ([(1, f"{chinese(n)}、第{n}部分") for n in range(1, 24)], [f"第{n}部分" for n in range(1, 24)]),
    ],
)  # fmt: skip
def test_only_a_number_whose_turn_it_is_becomes_words_own(
    headings: list[tuple[int, str]], typed: list[str], tmp_path: Path
) -> None:
    blocks = tuple(Heading(level, text) for level, text in headings)
    path = tmp_path / "r.docx"
    path.write_bytes(render_docx(Document("题", blocks, draft=False, dated=None, author="")))
    assert [one.text for one in docx.Document(str(path)).paragraphs] == typed
    if len(headings) < 10:
        assert paragraphs_of(path) == [text for _, text in headings]


def table_of(made: Made) -> Any:
    return next(block for block in made.document.blocks if hasattr(block, "header"))


def test_pages_are_neither_empty_nor_too_many(made: Made) -> None:
    """A page holds about 600 characters of text; tables, charts and headings need less than twice that room.

    落款 may stand alone only below a paragraph that is longer than a page.
    """
    pages = pages_of_pdf(made.folder / "r.pdf")
    last = [block for block in made.document.blocks if isinstance(block, Paragraph)][-1]
    full = pages[:-1] if len(words(last.runs)) > 900 else pages
    assert all(len(page) > 20 for page in full)
    letters = sum(len(no_space(text)) for text in made.document.texts())
    assert len(pages) <= 6 + letters / 300


def test_sheet_pages_fit_and_no_heading_ends_one(made: Made) -> None:
    """From the file itself: rows between two breaks fit the paper, and the last of them is no heading."""
    sheet = made.sheet("监控报告")
    margins = sheet.page_margins
    room = 297 / 25.4 * 72 - (margins.top + margins.bottom) * 72
    headings = {block.text for block in made.document.blocks if isinstance(block, Heading)}
    ends = [one.id for one in sheet.row_breaks.brk] + [sheet.max_row]
    starts = [1] + [end + 1 for end in ends[:-1]]
    for start, end in zip(starts, ends, strict=True):
        heights = [sheet.row_dimensions[row].height for row in range(start, end + 1)]
        assert all(0 < height <= 409 for height in heights)
        assert sum(heights) <= room
        assert sheet.cell(end, 1).value not in headings
    assert len(ends) <= 8 + sum(len(no_space(text)) for text in made.document.texts()) / 250


def test_rows_of_statistics_fill_pages_and_none_is_left_alone(made: Made) -> None:
    """No page of 统计表 ends below a header or before the row of totals, and none is higher than the paper."""
    sheet = made.sheet("统计表")
    heads = {row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "部门名称"}
    ends = [one.id for one in sheet.row_breaks.brk] + [sheet.max_row]
    room = (297 / 25.4 - sheet.page_margins.top - sheet.page_margins.bottom) * 72
    for start, end in zip([1, *(end + 1 for end in ends)], ends, strict=False):
        heights = [sheet.row_dimensions[row].height for row in range(start, end + 1)]
        assert sum(heights) * sheet.page_setup.scale / 100 <= room
        assert not {end, end - 1} & heads
        assert sheet.cell(end + 1, 1).value != "合计"
    assert sheet.print_title_rows is None
    assert len(heads) > (len(made.opened.case.results) > 30)


def test_statistics_add_up_when_something_is_unknown(sample: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sample)
    book["指标"]["F6"] = "很多"
    book.save(tmp_path / "s.xlsx")
    opened, _ = app.run(tmp_path / "s.xlsx", app.Destinations(tmp_path / "o.xlsx"))
    assert any(result.flag is None for result in opened.case.results)
    rows = list(openpyxl.load_workbook(tmp_path / "o.xlsx")["统计表"].iter_rows(values_only=True))
    start = next(n for n, row in enumerate(rows) if row[0] == "预计实现情况")
    classes = {row[0]: row[2:4] for row in rows[start + 1 :]}
    assert "数据不全或未到考核时点" in classes
    assert sum(number for number, _ in classes.values()) == 5
    assert round(sum(amount for _, amount in classes.values()), 6) == 13.91


MONITORING = ("预计", "监控", "12月底", "1—12月", "序时")


def test_a_self_evaluation_says_nothing_of_monitoring(tmp_path: Path) -> None:
    written = facts(5, False)
    written["首页"] |= {"监控口径": "self-eval", "监控截止月份": 12}
    source = tmp_path / "s.xlsx"
    source.write_bytes(input_sheets(written, profiles.load("self-eval")))
    opened, _ = app.run(source, app.Destinations(tmp_path / "o.xlsx"))
    every = [opened.report, *dict(forms(opened.case, draft=opened.draft)).values()]
    said = [text for document in every for text in document.texts()] + [every[1].title]
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    said += [words_of_sheet(book["统计表"]), words_of_sheet(book["监控表"])]
    assert [text for text in said if any(word in text for word in MONITORING)] == []
    other = dict(forms(replace(opened.case, profile=profiles.load("central")), draft=False)).values()
    assert any(word in text for form in other for text in form.texts() for word in MONITORING)


def test_pages_are_numbered_from_one_at_full_size(made: Made) -> None:
    book = openpyxl.load_workbook(made.folder / "out.xlsx")
    for name in ("校验结果", "统计表", "监控报告", "监控表", "图表"):
        assert book[name].page_setup.firstPageNumber == 1
        assert book[name].page_setup.useFirstPageNumber
        assert not book[name].HeaderFooter.scaleWithDoc
    assert book["监控报告"].oddFooter.right.size == 14


def test_a_form_names_its_project_on_every_page(made: Made) -> None:
    sheet = made.sheet("监控表")
    for end in [one.id for one in sheet.row_breaks.brk]:
        assert "表" in sheet.cell(end + 1, 1).value
    _, form = next(forms(made.opened.case, draft=False))
    word = docx.Document(io.BytesIO(render_docx(form)))
    assert word.sections[0].header.paragraphs[0].text == f"{form.title}（续）"
    assert word.sections[0].first_page_header.paragraphs[0].text == ""


# -- charts ---------------------------------------------------------------------------------------------


def chart_parts(path: Path) -> list[etree._Element]:
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        return [etree.fromstring(package.read(name)) for name in names]


def references(root: etree._Element) -> list[tuple[str, list[str]]]:
    """Each reference of a chart with what the chart keeps of it."""
    space = {"c": CHART}
    return [
        (one.findtext("c:f", namespaces=space) or "", [v.text or "" for v in one.iterfind(".//c:v", space)])
        for one in root.iterfind(".//c:ser//c:f/..", space)
    ]


def cells_of(sheet: Any, formula: str) -> list[str]:
    found = sheet[formula.partition("!")[2].replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [str(cell.value) for row in rows for cell in row if cell.value is not None]


def test_charts_show_the_cells_that_they_refer_to(made: Made) -> None:
    sheet = made.sheet("图表")
    charts = chart_parts(made.folder / "out.xlsx")
    assert len(charts) == 6  # three on 图表, three in the report of this profile
    for chart in charts:
        assert references(chart)
        for formula, kept in references(chart):
            assert formula.startswith("'图表'!")
            assert kept == cells_of(sheet, formula)


def test_a_chart_stays_legible(made: Made) -> None:
    projects = len(made.opened.case.results)
    for chart in chart_parts(made.folder / "out.xlsx"):
        labels = references(chart)[1][1]
        assert len(labels) <= MOST
        assert len(set(labels)) == len(labels)
        assert all(len(label) <= 22 for label in labels)
    notes = words_of_sheet(made.sheet("图表"))
    assert (f"共{projects}个项目，图中是实现程度落后最多的{MOST}个。" in notes) == (projects > MOST)


def test_a_chart_has_room_for_its_numbers_and_stays_on_its_page(made: Made) -> None:
    """The axis goes beyond every bar; the frame ends within its rows, the last of which is 20 pt high."""
    space = {"c": CHART, "x": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"}
    for chart in chart_parts(made.folder / "out.xlsx"):
        (end,) = chart.findall(".//c:valAx/c:scaling/c:max", space)
        bars = [float(value) for _, kept in references(chart)[2::3] for value in kept]
        assert float(end.get("val", "0")) >= 1.1 * max(bars)
    with zipfile.ZipFile(made.folder / "out.xlsx") as package:
        drawings = [package.read(name) for name in package.namelist() if "drawings/drawing" in name]
    corners = [etree.fromstring(one).findall(".//x:rowOff", space) for one in drawings]
    offsets = [int(one.text or "0") for found in corners for one in found]
    assert len(offsets) == 12
    assert all(0 < one < 20 * 12700 for one in offsets)


def test_a_second_run_keeps_how_a_chart_looks(sample: Path, tmp_path: Path) -> None:
    """Colours that somebody gave a chart stay; the data are new."""
    first, coloured, second = (tmp_path / f"{n}.xlsx" for n in "123")
    app.run(sample, app.Destinations(first))
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(coloured, "w") as out:
        for info in source.infolist():
            out.writestr(info.filename, source.read(info).replace(b"1F4E79", b"AB12CD"))
    book = openpyxl.load_workbook(coloured)
    assert book["项目"]["K5"].value == 2.3712
    with zipfile.ZipFile(coloured) as package:
        assert b"AB12CD" in package.read("xl/charts/chart1.xml")
    app.run(coloured, app.Destinations(second))
    with zipfile.ZipFile(second) as package:
        assert b"AB12CD" in package.read("xl/charts/chart1.xml")
    assert [references(one) for one in chart_parts(second)] == [references(one) for one in chart_parts(first)]


def test_sample_charts_show_its_figures(produced: Path) -> None:
    achieved, executed, bands = (
        [kept for _, kept in references(one)] for one in chart_parts(produced / "out.xlsx")
    )
    assert achieved[2] == ["42.86", "42.86", "42.86", "46.48", "99.77"]  # the furthest behind first
    assert achieved[5] == ["50"] * 5
    assert executed[2] == ["0", "0", "0", "25.33", "98.39"]
    assert executed[5] == ["50", "50", "14.29", "14.29", "50"]
    assert bands[2] == ["1", "4", "0", "0"]


# -- 监控表 ---------------------------------------------------------------------------------------------


def test_every_project_has_its_form(made: Made) -> None:
    every = dict(forms(made.opened.case, draft=made.opened.draft))
    assert len(every) == len({result.project.id for result in made.opened.case.results})
    shown = words_of_sheet(made.sheet("监控表"))
    for form in every.values():
        assert missing(form, shown) == []


def test_forms_as_word_files(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "监控表"
    opened, written = app.run(sample, app.Destinations(tmp_path / "o.xlsx", forms=folder))
    every = dict(forms(opened.case, draft=False))
    assert [path.name for path in written[1:]] == [f"{name}.docx" for name in every]
    for path, form in zip(written[1:], every.values(), strict=True):
        assert missing(form, words_of_docx(path)) == []
    table = docx.Document(str(folder / "002 网络安全公司聘请经费.docx")).tables[0]
    assert [cell.text for cell in table.rows[3].cells][2:6] == ["年度资金总额", "2", "8", "0"]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    app.run(sample, app.Destinations(tmp_path / "o.xlsx", forms=folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
