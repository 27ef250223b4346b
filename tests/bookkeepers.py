"""Bookkeepers' workbooks: five with habits of their own and four careful ones, as data under cases/bookkeepers.

A file gives 首页, then a table a sheet (its first row the headers, [] an empty row), what was done to the sheets
before (先改) and after (后改) filling, and 错处: every mistake as [sheet, header, row, rule or family, words].
The row counts the file's rows from 1; 0 is 首页, 表下1 the first line below the table, null no cell; header "*" is
any cell of the row. The words must stand in the finding.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import yaml
from openpyxl.utils import get_column_letter

from tests.files import label, parts, saved, zipped
from xlbudget import app
from xlbudget.domain.finding import Finding
from xlbudget.layout import INPUT_SHEETS

FOLDER = Path(__file__).parent / "cases" / "bookkeepers"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
CAREFUL = tuple(name for name in NAMES if name.startswith("clean-"))
MESSY = tuple(name for name in NAMES if name not in CAREFUL)


class Mistake(NamedTuple):
    """Where a bookkeeper erred, the rule (or its family) that has to find it, and words of the finding."""

    sheet: str
    header: str
    row: int | str | None
    rule: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}-{self.header}-{self.row}-{self.rule}"


@dataclass(slots=True)
class Filled:
    """A workbook's bytes, and where the file's rows and headers went."""

    content: bytes = b""
    rows: dict[tuple[str, int | str | None], int] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)

    def last(self, sheet: str) -> int:
        """The last row of a sheet that was filled."""
        return max(row for (name, _), row in self.rows.items() if name == sheet)

    def cell(self, one: Mistake) -> str | None:
        """The address of a mistake; None when it is in no cell."""
        if one.row is None:
            return None
        letter = get_column_letter(self.columns[one.sheet, one.header])
        return f"{letter}{self.rows[one.sheet, one.row or one.header]}"

    def fits(self, finding: Finding, one: Mistake) -> bool:
        """Whether a finding is what the mistake should give."""
        where = finding.where
        if where.sheet != one.sheet or not finding.code.startswith(one.rule):
            return False
        if one.words not in finding.message + finding.remedy:
            return False
        if one.header == "*":
            return (where.cell or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(
                self.rows[one.sheet, one.row]
            )
        return where.cell == self.cell(one) and (one.row is not None or one.header in finding.message)


@cache
def facts(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return found


def mistakes(name: str) -> list[Mistake]:
    return [Mistake(*one) for one in facts(name).get("错处", [])]


@cache
def blank() -> bytes:
    return app.new_workbook(None, sample=False)


@cache
def workbook(name: str) -> Filled:
    """The blank workbook as the bookkeeper filled it in."""
    data, filled = facts(name), Filled()
    book = openpyxl.load_workbook(io.BytesIO(blank()))
    cached: dict[tuple[str, str], object] = {}
    for step in data.get("先改", []):
        _before(book[step[0]], *step[1:])
    for header, value in data["首页"].items():
        cell = label(book["首页"], header).offset(0, 1)
        _put(cell, value, cached)
        filled.rows["首页", header], filled.columns["首页", header] = cell.row, cell.column
    for sheet in INPUT_SHEETS[1:]:
        if sheet.name in data:
            _fill(book[sheet.name], data[sheet.name], filled, cached)
    _as_usual(book["指标"], data, filled)
    for number, (where, column, text) in enumerate(data.get("表下", []), 1):
        row = filled.last(where) + 2
        book[where].cell(row, column).value = text
        filled.rows[where, f"表下{number}"] = row
    for step in data.get("后改", []):
        _after(book[step[0]], filled, *step[1:])
    filled.content = _with_values(saved(book), book.sheetnames, cached)
    return filled


def _before(sheet: Any, what: str, place: int, text: str) -> None:
    """Insert a column with a header, or a title row above the headers."""
    top = next(cell.row for cells in sheet.iter_rows() for cell in cells if str(cell.value).endswith("*"))
    if what == "插入列":
        sheet.insert_cols(place)
        sheet.cell(top, place).value = text
    else:
        sheet.insert_rows(place)
        sheet.cell(place, 1).value = text


def _after(sheet: Any, filled: Filled, what: str, header: str, *rest: Any) -> None:
    """Merge a column's cells from one row to another, or write another header."""
    column = filled.columns[sheet.title, header]
    if what == "合并":
        top, bottom = (filled.rows[sheet.title, row] for row in rest)
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=column, end_column=column)
    else:
        label(sheet, header).value = rest[0]


def _fill(
    sheet: Any, table: Sequence[Sequence[Any]], filled: Filled, cached: dict[tuple[str, str], object]
) -> None:
    headers, *rows = table
    cells = [label(sheet, header) for header in headers]
    known = [column.header for one in INPUT_SHEETS if one.name == sheet.title for column in one.columns]
    for header in known:
        filled.columns[sheet.title, header] = label(sheet, header).column
    for number, row in enumerate(rows, 1):
        filled.rows[sheet.title, number] = cells[0].row + number
        for head, value in zip(cells, row, strict=bool(row)):
            _put(sheet.cell(head.row + number, head.column), value, cached)


def _put(cell: Any, value: Any, cached: dict[tuple[str, str], object]) -> None:
    """Put a value; {值, 格式}, {公式, 值}, {错误} and {布尔} say what YAML alone cannot."""
    if not isinstance(value, Mapping):
        cell.value = None if value == "" else value
        return
    if "公式" in value:
        cell.value = f"={value['公式']}"
        if "值" in value:
            cached[cell.parent.title, cell.coordinate] = value["值"]
    else:
        cell.value = value.get("错误", value.get("布尔", value.get("值")))
        cell.number_format = value.get("格式", "General")


def _usual(month: int) -> Iterator[dict[str, Any]]:
    """Three indicators of a project that is on time."""
    yield {
        "一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "完成数量", "计算符号": "≥", "年度指标值": 120,
        "计量单位": "件", "当前完成值": 10 * month, "全年预计完成值": 120,
    }  # fmt: skip
    yield {
        "一级指标": "效益指标", "二级指标": "社会效益指标", "三级指标": "受益情况", "计算符号": "定性",
        "年度指标值": "有效改善", "当前完成值": "达成", "全年预计完成值": "达成",
    }  # fmt: skip
    yield {
        "一级指标": "满意度指标", "二级指标": "服务对象满意度指标", "三级指标": "服务对象满意度", "计算符号": "≥",
        "年度指标值": 90, "计量单位": "%", "当前完成值": "未到期", "全年预计完成值": 92,
    }  # fmt: skip


def _as_usual(sheet: Any, data: Mapping[str, Any], filled: Filled) -> None:
    """Append indicators in good order for the projects that are listed under 照常."""
    row = filled.last(sheet.title)
    usual = data.get("照常", {"月份": 0, "项目": []})
    for project in usual["项目"]:
        for cells in _usual(usual["月份"]):
            row += 1
            for header, value in {"项目编号": project, **cells}.items():
                sheet.cell(row, filled.columns[sheet.title, header]).value = value
    filled.rows[sheet.title, "照常"] = row


def _with_values(content: bytes, sheets: Sequence[str], cached: Mapping[tuple[str, str], object]) -> bytes:
    """The workbook with the values of its formulas, as a spreadsheet program would have saved it."""
    members = parts(content)
    for (sheet, address), value in cached.items():
        part = f"xl/worksheets/sheet{sheets.index(sheet) + 1}.xml"
        kind = ' t="str"' if isinstance(value, str) else ""
        pattern = rf'<c r="{address}"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?</c>'
        new = rf'<c r="{address}"\1{kind}><f>\2</f><v>{escape(str(value))}</v></c>'
        text, count = re.subn(pattern, new, members[part].decode())
        assert count == 1, (sheet, address)
        members[part] = text.encode()
    return zipped(members)
