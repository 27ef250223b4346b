"""The page that shows what an audit found: whole, sound HTML, every quote marked and linked, nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.audited import finding, quote
from tests.word_text import no_space
from xlbudget.audit.finding import Quote
from xlbudget.audit.source import Line, Place, Source, Table
from xlbudget.domain.finding import Severity
from xlbudget.export.audit_html import render_html
from xlbudget.export.quotes import Spot, spots

SOURCE: Source = (
    Line("某局2024年1—6月\n监控报告", "第1段"),
    Line("年初预算项目3个，资金<6.41>万元 & 其他。", "第2段"),
    Table((("项目", "金额"), ("甲", "2.41"), ("合计", "13.91")), "第1个表"),
    Line("共5个项目，预算13.91万元。", "第3段"),
)


class Page(HTMLParser):
    """A page taken apart: ids, links, the marked words, and elements that are not closed."""

    EMPTY = ("meta", "br", "!DOCTYPE")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marks: list[str] = []
        self.rows = 0
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.marks += [""] if tag == "mark" else []
        self.rows += tag == "tr"
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "title" not in self.open:
            if "mark" in self.open and "sup" not in self.open:
                self.marks[-1] += data
            if "sup" not in self.open:
                self.text += data


def test_all_is_there_and_linked() -> None:
    findings = [
        finding(quote(SOURCE, "项目3个"), quote(SOURCE, "共5个项目")),
        finding(
            quote(SOURCE, "合计 13.91"), quote(SOURCE, "13.91万元"), code="AUD002", severity=Severity.WARNING
        ),
        finding(quote(SOURCE, "2.41", cell=True), code="AUD003", severity=Severity.INFO),
    ]
    html = render_html("监控<报告>.docx", SOURCE, findings)
    page = Page(html)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} == set(page.ids)
    assert page.marks == ["项目3个", "2.41", "合计", "13.91", "共5个项目", "13.91万元"]
    assert page.rows == 3
    for words in (
        "核对结果：监控<报告>.docx",
        "错误 1 项、警告 1 项、提示 1 项",
        "资金<6.41>万元 & 其他",
        "应为 5个，文中为 3个",
        "AUD002",
        "很可能",
        "第1个表第3行",
    ):
        assert words in page.text
    etree.fromstring(html.replace("<!DOCTYPE html>\n", "").replace("<meta charset='utf-8'>", ""))


def test_nothing_from_outside() -> None:
    html = render_html("a", SOURCE, [finding(quote(SOURCE, "3"))])
    assert re.findall(r"(?:src|url|@import|<script|<link|https?:)", html) == []


def test_no_findings() -> None:
    page = Page(render_html("a.pdf", SOURCE, []))
    assert "没有发现前后不一致的地方" in page.text
    assert page.marks == []
    assert no_space("年初预算项目3个") in no_space(page.text)


def test_overlapping_words_are_marked_once_by_the_worst() -> None:
    line: Source = (Line("预算13.91万元", "第1段"),)
    place = Place(0, "第1段")
    findings = [
        finding(Quote("预算13.91", place), severity=Severity.INFO),
        finding(Quote("13.91万元", place)),
        finding(Quote("13.91", place), severity=Severity.WARNING),
    ]
    html = render_html("a", line, findings)
    assert Page(html).marks == ["预算", "13.91", "万元"]
    assert re.findall(r"<mark class='(\w+)'", html) == ["info", "error", "error"]
    assert re.findall(r"<sup>(.*?)</sup>", html) == [
        "<a href='#f1'>1</a>、<a href='#f3'>3</a>", "<a href='#f2'>2</a>",
    ]  # fmt: skip


EVIL = st.text(st.sampled_from("<>&'\"/预算3个 \n\x00\x0b\ud800;=script"), max_size=15)


@given(
    name=EVIL,
    texts=st.lists(EVIL, min_size=1, max_size=4),
    cells=st.lists(EVIL, min_size=2, max_size=2),
    data=st.data(),
)
def test_any_words_are_escaped(name: str, texts: list[str], cells: list[str], data: st.DataObject) -> None:
    source: Source = (*(Line(text, text) for text in texts), Table((tuple(cells),), name))
    findings = []
    for number, text in enumerate(texts):
        start = data.draw(st.integers(0, len(text)))
        findings.append(finding(Quote(text[start:], Place(number, name)), code=name))
    findings.append(finding(Quote(cells[1], Place(len(texts), name, 0, 1))))
    page = Page(render_html(name, source, findings))
    assert page.open == []
    assert set(page.links) >= {"#" + one for one in page.ids if one.startswith("q")}
    assert "\x00" not in page.text


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("预算 13.91\n万元", "预算13.91 万元", "预算 13.91\n万元"), ("预算13.91万元", "13.91", "13.91"),
        ("预算13.91万元，", "13.91万元， 支出2万元", "13.91万元，"), ("共13.91万元。", "预算共13.91万元。", "共13.91万元。"),
        ("万元", "共13.91万元。", "万元"), ("预算", "支出", "预算"), ("a\u200bb", "ab", "a\u200bb"),
    ],
)  # fmt: skip
def test_where_words_stand(text: str, words: str, wanted: str) -> None:
    (spot,) = spots(Line(text, ""), Quote(words, Place(0, "")))
    assert text[spot.start : spot.end] == wanted


def test_where_words_stand_in_tables() -> None:
    table = Table((("a b", "", "c"), ("ab", "x", "c")), "")

    def found(words: str, row: int | None = None, column: int | None = None) -> tuple[Spot, ...]:
        return spots(table, Quote(words, Place(0, "", row, column)))

    assert found("a b c", 0) == (Spot(0, 3, 0, 0), Spot(0, 1, 0, 2))
    assert found("x", 1, 1) == (Spot(0, 1, 1, 1),)
    assert found("ab x", 1, 2) == (Spot(0, 2, 1, 0), Spot(0, 1, 1, 1))
    assert found("没有", 0) == (Spot(0, 3, 0, 0), Spot(0, 1, 0, 2))
    assert found("没有", 1, 2) == (Spot(0, 1, 1, 2),)
    assert found("x") == (Spot(0, 1, 1, 1),)
