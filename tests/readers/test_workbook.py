"""What is read of workbooks: visible sheets, values as they are shown, lines and tables."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.readers.word import source_of, tables, texts
from xlbudget.audit.source import Line, Table
from xlbudget.readers import CannotRead, Reading, read_bytes
from xlbudget.readers.shown import shown
from xlbudget.reading.table import Cell


def book(rows: list[list[Any]], edit: Any = None) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "汇报"
    for row in rows:
        sheet.append(row)
    if edit:
        edit(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def reading(content: bytes) -> Reading:
    return read_bytes(Path("表.xlsx"), content)


ROWS: list[list[Any]] = [
    ["某局2024年1—6月监控情况"],
    [],
    ["共3个项目，预算13.91万元。"],
    ["项目", "预算数", "执行率"],
    ["甲", 2.41, 0.9839],
    ["乙", None, 0],
    [None, None, 5],
    ["合计"],
    ["说明：单位为万元。"],
]


def percent(_: Any, sheet: Any) -> None:
    for row in (5, 6):
        sheet.cell(row, 3).number_format = "0.00%"
        sheet.cell(row, 2).number_format = '#,##0.00"万元"'


def test_lines_and_tables() -> None:
    source = source_of(book(ROWS, percent), "表.xlsx")
    assert [(item.label, item.text if isinstance(item, Line) else item.rows) for item in source] == [
        ("“汇报”A1", "某局2024年1—6月监控情况"),
        ("“汇报”A3", "共3个项目，预算13.91万元。"),
        ("“汇报”A4起的表", (("项目", "预算数", "执行率"), ("甲", "2.41万元", "98.39%"), ("乙", "", "0.00%"), ("", "", "5"))),
        ("“汇报”A8", "合计"),
        ("“汇报”A9", "说明：单位为万元。"),
    ]  # fmt: skip


def test_merged_cells_and_columns_that_nothing_stands_in() -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("A4:D4")
        sheet["A4"] = "注：以上均为年初数。"

    rows: list[list[Any]] = [["部门", None, None, "金额"], ["甲", None, "一", 1], ["残留", None, "二", 2]]
    source = source_of(book(rows, merge), "表.xlsx")
    assert tables(source) == [(("部门", "", "金额"), ("甲", "一", "1"), ("", "二", "2"))]
    assert texts(source) == ["注：以上均为年初数。"]


def test_a_header_that_is_repeated_for_each_page_counts_once() -> None:
    head: list[Any] = ["项目", "金额"]
    rows: list[list[Any]] = [head, ["甲", 1], head, ["乙", 2], ["乙", 2]]
    assert tables(source_of(book(rows), "表.xlsx")) == [
        (("项目", "金额"), ("甲", "1"), ("乙", "2"), ("乙", "2"))
    ]


def test_hidden_sheets_are_left_out() -> None:
    def hide(made: Any, _: Any) -> None:
        made.create_sheet("第二")["B2"] = "看得见"
        for state in ("hidden", "veryHidden"):
            sheet = made.create_sheet(state)
            sheet["A1"] = "看不见"
            sheet.sheet_state = state

    source = source_of(book([["一"]], hide), "表.xlsx")
    assert [(item.label, item.text) for item in source if isinstance(item, Line)] == [
        ("“汇报”A1", "一"), ("“第二”B2", "看得见"),
    ]  # fmt: skip


def test_formulas_without_result_are_told() -> None:
    told = reading(book([["合计", "=SUM(B2:B3)", "万元"], ["甲", 1], ["乙", 2]]))
    assert tables(told.source)[0][0] == ("合计", "", "万元")
    assert told.notes == (
        "工作表“汇报”有 1 个公式还没有计算结果，当作空白。请用 Excel 或 WPS 打开，保存一次，再核对。",
    )
    assert reading(book([["一"]])).notes == ()


def test_of_our_own_results_the_report_is_read(produced: Path, sample: Path) -> None:
    source = read_bytes(Path("out.xlsx"), (produced / "out.xlsx").read_bytes()).source
    sheets = {item.label.split("”")[0].strip("“") for item in source}
    assert sheets == {"统计表", "监控报告"}
    assert "13.91" in {
        cell for item in source if isinstance(item, Table) for row in item.rows for cell in row
    }
    with pytest.raises(CannotRead, match="还没有生成。请先运行 xlbudget run"):
        read_bytes(sample, sample.read_bytes())


# -- formats -----------------------------------------------------------------------------------------------

NUMBERS = {
    ("1234.5", "General"): "1234.5",
    ("0.1", "0%"): "10%",
    ("0.25334", "0.00%"): "25.33%",
    ("0.005", "0%"): "1%",
    ("1234.565", "#,##0.00"): "1,234.57",
    ("1234567", "#,##0"): "1,234,567",
    ("0", "#,##0.00"): "0.00",
    ("0.5", "#.##"): ".5",
    ("2.4", "0.0###"): "2.4",
    ("2.41", "0.0###"): "2.41",
    ("2.41", '0.00"万元"'): "2.41万元",
    ("2.41", "0.00万元"): "2.41万元",
    ("-3", "0;(0)"): "(3)",
    ("-3", "#,##0_);[Red]\\(#,##0\\)"): "(3)",
    ("0", '0;-0;"—"'): "—",
    ("1234567", '#,##0.0,"千元"'): "1,234.6千元",
    ("7", "000"): "007",
    ("5", "[$¥-804]#,##0.00"): "¥5.00",
    ("3", "@"): "3",
    ("1E+3", "General"): "1000",
    ("12345678901234567890", "0"): "12345678901234600000",
    ("24100", 'General"元"'): "24100元",
    ("123456789012.5", 'General"元"'): "123456789012.5元",
    ("75", '[<60]"不达标";"达标"'): "达标",
    ("-1", ";;;"): "",
    ("0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '): "-",
    ("1.5", "[h]:mm"): "36:00",
    ("0.25", "h:mm"): "6:00",
    ("5", "#" * 256): "5",
    ("5", "[未知]0"): "5",
    ("-0.001", "0.00"): "0.00",
}
DATES = {
    "yyyy/m/d": "2024/7/8",
    'yyyy"年"m"月"d"日"': "2024年7月8日",
    "yyyy-mm-dd": "2024-07-08",
    "[$-804]yyyy年m月": "2024年7月",
    "m月d日": "7月8日",
    "yyyy.mm.dd;@": "2024.07.08",
    "aaaa": "星期一",
    "yyyy/m/d h:mm": "2024/7/8 0:00",
}


@pytest.mark.parametrize(("number", "code"), NUMBERS)
def test_numbers_in_formats(number: str, code: str) -> None:
    assert shown(Cell("number", number, None, code)) == NUMBERS[number, code]


@pytest.mark.parametrize("code", DATES)
def test_dates_in_formats(code: str) -> None:
    serial = (date(2024, 7, 8) - date(1899, 12, 30)).days
    assert shown(Cell("number", str(serial), None, code)) == DATES[code]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (Cell("text", " 甲 "), "甲"), (Cell("bool", "1"), "TRUE"), (Cell("error", "#REF!"), "#REF!"),
        (Cell("uncached", "", "A1"), ""), (Cell("date", "2024-07-08T00:00:00", None, "yyyy-mm-dd"), "2024-07-08"),
        (Cell("date", "2024-07-08", None, "m月d日"), "7月8日"), (Cell("date", "2024-07-08", None, "0"), "2024-07-08"),
        (Cell("number", "1e999999", None, "0.00"), "1e999999"), (Cell("number", "nan", None, "0"), "nan"),
    ],
)  # fmt: skip
def test_other_cells(cell: Cell, wanted: str) -> None:
    assert shown(cell) == wanted
