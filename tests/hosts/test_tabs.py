"""A sheet is known by its name without blanks: what is found and written is the same, and links lead to the tab."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import files
from tests.engine.engine import open_book
from tests.files import FRONT, INDICATORS, PROJECTS, label
from xlbudget import app, layout, results
from xlbudget.domain.where import Where
from xlbudget.hosts.live import Live
from xlbudget.hosts.package import Package
from xlbudget.layout import sheet_name, tab_of
from xlbudget.layout.bind import NotAWorkbookOfOurs

BLANKS = {
    "behind": "{} ",
    "before": " {}",
    "full width": "{}\u3000",
    "no break": "\u00a0{}",
    "zero width": "{}\u200b",
}


def typed(book: Any) -> None:
    """Texts that contradict the figures, mistakes in cells, a profile that is unknown."""
    book["文字说明"]["A9"].value = "监控工作开展情况"
    book["文字说明"]["B9"].value = "我单位年初安排预算项目9个，资金120万元。"
    label(book[PROJECTS], "累计支出").offset(1, 0).value = "不清楚"
    label(book[INDICATORS], "当前完成值").offset(2, 0).value = None
    label(book[FRONT], "监控口径").offset(0, 1).value = "没有"


CONTENT = files.edited(typed)


def found(content: bytes) -> dict[str, Any]:
    opened = app.open_workbook(Path("a.xlsx"), content, strict=True)
    value: dict[str, Any] = json.loads(results.dumps(results.of_run(opened.case, opened.findings, [])))
    return value


WANTED = found(CONTENT)


@pytest.mark.parametrize("sheet", [one.name for one in layout.INPUT_SHEETS])
def test_one_tab_with_a_blank(sheet: str) -> None:
    assert {"TXT001", "CEL004", "CEL002", "CEL005"} <= {one["code"] for one in WANTED["findings"]}
    for pattern in BLANKS.values():
        assert found(files.retabbed({sheet: pattern.format(sheet)}, CONTENT)) == WANTED


def run(tabs: dict[str, str], *, macros: bool = False) -> tuple[Any, bytes]:
    """The workbook after a run, as openpyxl reads it, and as bytes."""
    content = app.new_workbook(None, sample=True, macros=True) if macros else CONTENT
    host = Package(Path("a.xlsm" if macros else "a.xlsx"), files.retabbed(tabs, content))
    opened = app.open_host(host, None)
    app.fill_workbook(host, opened, Path())
    written = host.save()
    return openpyxl.load_workbook(io.BytesIO(written)), written


ALL = {name: f" {name[0]} {name[1:]}" for name in layout.SHEET_ORDER}


def test_every_tab_with_blanks_is_written_as_without() -> None:
    """Into the same tabs, none is added; cells, notes and links say the same, links lead to the tabs that are there."""
    (plain, _), (blank, written) = run({}), run(ALL)
    assert [sheet_name(tab) for tab in blank.sheetnames] == plain.sheetnames
    assert blank.sheetnames[:-1] == [ALL[name] for name in layout.SHEET_ORDER]
    links = 0
    for one, other in zip(plain, blank, strict=True):
        for row, same in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for cell, twin in zip(row, same, strict=True):
                assert cell.value == twin.value
                assert (cell.comment and cell.comment.text) == (twin.comment and twin.comment.text)
                if cell.hyperlink and "!" in cell.hyperlink.location:  # others lead to a name
                    sheet, place = cell.hyperlink.location[1:].split("'!")
                    assert twin.hyperlink.location == f"'{ALL[sheet]}'!{place}"
                    links += 1
    assert links > 50
    charts = [part for name, part in files.parts(written).items() if name.startswith("xl/charts/chart")]
    formulas = re.findall(r"<(?:\w+:)?f>(.+?)</", b"".join(charts).decode().replace("&apos;", "'"))
    assert len(formulas) > 5
    assert {one.rpartition("!")[0] for one in formulas} == {f"'{ALL['图表']}'"}


def test_functions_refer_to_the_tabs_that_are_there() -> None:
    (book, written) = run({FRONT: "首页 ", INDICATORS: " 指标"}, macros=True)
    texts = {
        str(cell.value)
        for name in (PROJECTS, " 指标")
        for row in book[name].iter_rows(min_row=5)
        for cell in row
        if str(cell.value).startswith("=")
    }
    assert len(texts) > 20
    referred = {one for text in texts for one in re.findall(r"'[^']+'(?=!)|[^\W\d]+(?=!)", text)}
    assert referred == {"'首页 '", "' 指标'"}
    again = Package(Path("a.xlsm"), written)
    opened = app.open_host(again, None)
    assert not [one for one in opened.findings if one.code == "CEL013"]
    app.fill_workbook(again, opened, Path())
    assert again.save() == written


def test_an_open_workbook_is_shown_at_its_tabs() -> None:
    excel, book = open_book(files.retabbed(ALL))
    live = Live(book)
    opened = app.open_host(live, None)
    app.write_results(live, opened)
    assert [sheet_name(one.name) for one in excel.sheets][:-1] == list(layout.SHEET_ORDER)
    assert set(layout.SHEET_ORDER) == live.shown()
    live.show(Where("项目", 7, 2))
    assert excel.active == ALL["项目"]
    assert live.contents("统计表").rows


@pytest.mark.parametrize(
    ("tabs", "name", "tab"),
    [
        (["项目", "项目 "], "项目", "项目"),
        (["项目 ", "项目"], "项目", "项目"),
        (["甲", " 项目", "项目 "], "项目", " 项目"),
        (["项目明细"], "项目", None),
        ([], "项目", None),
        (["我的 表", "我的表"], "我的表", "我的表"),
        (["我的 表"], "我的表", None),
    ],
)
def test_which_tab_is_meant(tabs: list[str], name: str, tab: str | None) -> None:
    assert tab_of(tabs, name) == tab


@pytest.mark.parametrize("name", ["文字说明", "项目"])
def test_two_tabs_that_differ_by_blanks(name: str) -> None:
    """Told with both names; the one of exactly this name is read, notes stand there, the other one stays as it is."""
    host = Package(Path("a.xlsx"), CONTENT)
    part = files.parts(CONTENT)[host.workbook.sheets()[name]]
    content = files.edited(lambda book: book.create_sheet(f"{name} "))
    twin = Package(Path("a.xlsx"), content)
    content = files.repacked(
        {twin.workbook.sheets()[f"{name} "]: part, twin.workbook.sheets()[name]: part}, content
    )
    findings = app.open_workbook(Path("a.xlsx"), content).findings
    (told,) = [one for one in findings if one.code == "CEL021"]
    assert str(told.where) == name
    assert f"“{name}”、“{name} ”" in told.message
    twin = Package(Path("a.xlsx"), content)
    before = twin.tables([f"{name} "])[f"{name} "]
    opened = app.open_host(twin, None)
    app.write_results(twin, opened)
    assert Package(Path("a.xlsx"), twin.save()).tables([f"{name} "])[f"{name} "] == before


def test_two_front_sheets_are_refused() -> None:
    content = files.edited(lambda book: book.create_sheet("首 页"))
    with pytest.raises(NotAWorkbookOfOurs, match="“首页”、“首 页”"):
        app.open_workbook(Path("a.xlsx"), content)


RENAMED = {
    "Numbers": ({FRONT: "首页 - 表格 1"}, ["首页", "“首页 - 表格 1”改回“首页”"]),
    "all": (
        {name: f"{name} - 表格 1" for name in (FRONT, PROJECTS, INDICATORS)},
        ["“首页 - 表格 1”改回“首页”", "“项目 - 表格 1”改回“项目”", "“指标 - 表格 1”改回“指标”"],
    ),
    "both lists": (
        {PROJECTS: "项目表", INDICATORS: "2022指标"},
        ["“项目表”改回“项目”", "“2022指标”改回“指标”"],
    ),
    "none alike": ({FRONT: "封面"}, ["找不到“首页”表", "xlbudget new"]),
}


@pytest.mark.parametrize(("tabs", "words"), RENAMED.values(), ids=RENAMED)
def test_a_renamed_front_sheet_is_recognised(tabs: dict[str, str], words: list[str]) -> None:
    with pytest.raises(NotAWorkbookOfOurs) as told:
        app.open_workbook(Path("a.xlsx"), files.retabbed(tabs))
    assert [word for word in words if word not in str(told.value)] == []


@pytest.mark.parametrize("sheet", [one.name for one in layout.TABLE_SHEETS])
@pytest.mark.parametrize(
    ("pattern", "named"),
    [("{} - 表格 1", True), ("{}表", True), ("一、{}", True), ("说 {} 明", True), ("别的", False)],
)
def test_a_renamed_sheet_is_one_finding(sheet: str, pattern: str, named: bool) -> None:
    tab = pattern.format(sheet)
    findings = app.open_workbook(Path("a.xlsx"), files.retabbed({sheet: tab})).findings
    (told,) = [one for one in findings if one.severity == "ERROR"]
    assert (told.code, str(told.where)) == ("CEL009", sheet)
    assert (f"“{tab}”" in told.message) == (f"“{tab}”" in told.remedy) == named
    assert not [one for one in findings if one.severity == "WARNING"]
