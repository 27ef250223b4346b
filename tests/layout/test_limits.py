"""How much a workbook may hold, both sides of each bound."""

from __future__ import annotations

import pytest

from tests.rules.build import tables
from xlbudget import layout
from xlbudget.layout import Sheet, limits
from xlbudget.layout.bind import bind
from xlbudget.layout.limits import TooMuch
from xlbudget.reading.table import Cell, Table

Tables = dict[str, Table]


def with_rows(sheet: Sheet, number: int) -> Tables:
    """The clean unit whose sheet has so many rows with only their first column filled."""
    found = tables({})
    head = {row: cells for row, cells in found[sheet.name].rows.items() if row <= layout.HEADER_ROW}
    rows = {row: {1: Cell("text", "001")} for row in range(layout.FIRST_ROW, layout.FIRST_ROW + number)}
    found[sheet.name] = Table(sheet.name, head | rows)
    return found


@pytest.mark.parametrize("sheet", layout.TABLE_SHEETS, ids=lambda sheet: sheet.name)
def test_rows_of_a_sheet(sheet: Sheet) -> None:
    most = sheet.most
    assert len(bind(with_rows(sheet, most)).located[sheet.name].rows) == most
    message = (
        f"“{sheet.name}”表填了 {most + 1} 行（第 5 行至第 {most + 5} 行），最多能算 {most} 行。.*整行删除"
    )
    with pytest.raises(TooMuch, match=message):
        bind(with_rows(sheet, most + 1))


def test_rows_with_marks_of_nothing_do_not_count() -> None:
    found = with_rows(layout.PROJECTS, 1)
    rows = found["项目"].rows
    rows.update({row: {1: Cell("text", "无")} for row in range(100, 100 + layout.PROJECTS.most + 1)})
    assert bind(found).located["项目"].rows == (5,)


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
@pytest.mark.parametrize("place", [("文字说明", 2), ("首页", 3)])
def test_long_texts_of_a_sheet(
    place: tuple[str, int], more: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_LONG", 20_000)
    found = tables({"文字说明": [{"章节": "资金情况补充", "内容": "无"}]})
    sheet, column = place
    length = limits.LONG_TEXT + 20_000 + more
    found[sheet].rows[5][column] = Cell("text", "字" * length)
    if refused:
        with pytest.raises(TooMuch, match=rf"“{sheet}”表里的文字太长，做不成报告：到 [BC]5 为止"):
            bind(found)
    else:
        bind(found)


def test_short_texts_and_columns_of_ones_own_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_LONG", 10)
    found = tables({"文字说明": [{"章节": "资金情况补充", "内容": "字" * limits.LONG_TEXT}]})
    found["文字说明"].rows[5][60] = Cell("text", "字" * 20_000)
    assert len(bind(found).facts.notes) == 1


@pytest.mark.parametrize(("most", "refused"), [(6, False), (5, True)])
def test_rows_of_one_number_share_its_indicators(
    most: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_PAIRS", most)
    found = with_rows(layout.PROJECTS, 2) | {"指标": with_rows(layout.INDICATORS, 3)["指标"]}
    if refused:
        with pytest.raises(TooMuch, match="编号“001”在“项目”表有 2 行，在“指标”表有 3 行"):
            bind(found)
    else:
        bind(found)
