"""More pages than a sheet may have breaks: nothing is lost, each form begins on a page, and rows follow each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.make import workbook
from tests import files
from tests.engine.engine import open_book
from xlbudget import app, layout
from xlbudget.hosts.live import Live
from xlbudget.layout import STATS
from xlbudget.pages import breaks
from xlbudget.pages.breaks import MOST_BREAKS, Pages
from xlbudget.pages.grid import Grid


def test_breaks_end_at_their_bound() -> None:
    grid = Grid(STATS)
    pages = Pages(grid)
    for _ in range(3000):
        pages.keep(700)
        grid.line(height=700)
    assert len(grid.breaks) == MOST_BREAKS == 1023
    assert not pages.keep(700)
    assert grid.row == 3000


def test_breaks_that_are_due_are_set_aside() -> None:
    """1,000 documents of three rows, of which one fills a page: 999 breaks between them, 24 within the first twelve."""
    grid = Grid(STATS)
    pages = Pages(grid, due=999)
    for _ in range(1000):
        pages.turn(due=True)
        for _ in range(3):
            pages.keep(700)
            grid.line(height=700)
    assert grid.breaks == [*range(1, 37), *range(39, 3000, 3)]
    assert len(grid.breaks) == MOST_BREAKS


def test_all_forms_that_are_made_can_begin_on_a_page() -> None:
    assert layout.MOST_FORMS - 1 <= MOST_BREAKS


@pytest.mark.parametrize("most", [1023, 8])
def test_a_workbook_with_more_pages_than_breaks(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six forms of three pages: with eight breaks the first has its inner ones and none of the others, but all begin on a page."""
    monkeypatch.setattr(breaks, "MOST_BREAKS", most)
    source, target = workbook(tmp_path / "a.xlsx", 6, 240), tmp_path / "b.xlsx"
    app.run(source, app.Destinations(target))
    sheets = [
        files.parts(target.read_bytes())[f"xl/worksheets/sheet{number}.xml"].decode()
        for number in (7, 8, 9, 10)
    ]
    ends = [[int(row) for row in re.findall('<brk id="([0-9]+)"', sheet)] for sheet in sheets]
    assert all(len(rows) <= most for rows in ends)
    titles = [
        int(row) for row in re.findall(r'"A(\d+)"[^>]*><is><t[^>]*>项目支出绩效目标执行监控表<', sheets[-1])
    ]
    assert len(titles) == 6
    assert {row - 1 for row in titles[1:]} <= {*ends[-1]}
    assert len(ends[-1]) == min(most, 17)
    assert len(re.findall(">指标[0-9]+<", sheets[-1])) == 240


def test_an_open_workbook_gets_no_more_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks, "MOST_BREAKS", 3)
    excel, book = open_book(files.sample())
    app.write_results(Live(book), app.open_host(Live(book), None))
    assert max(len(sheet.breaks) for sheet in excel.sheets) == 3
