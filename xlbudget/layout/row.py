"""A row while it is being read: its cells by field, what was said of them, and whether it is data at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import DecimalException
from typing import Any, TypeVar

from xlbudget.domain.model import Place, Remark, RemarkKind
from xlbudget.domain.money import plain, stored_number
from xlbudget.layout import Column, Kind, Sheet, header_key
from xlbudget.layout.located import Located
from xlbudget.layout.memory import Memory, is_ours
from xlbudget.reading.cells import cell_text, is_empty, remedy_for
from xlbudget.reading.numerals import tidy
from xlbudget.reading.said import Context, Reading, Refused, shorten
from xlbudget.reading.table import Cell, Table

TOTAL_WORDS = {"合计", "小计", "总计", "总合计", "共计"}

Values = dict[str, Any]
T = TypeVar("T")


@dataclass(slots=True)
class RowReader:
    """A row while it is being read."""

    place: Place
    cells: dict[int, Cell]
    columns: Mapping[str, int]
    remarks: list[Remark]
    hidden: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Columns whose cell a merge hides → row and column of the cell that shows there."""
    unreadable: set[str] = field(default_factory=set)

    def cell(self, name: str) -> Cell | None:
        cell = self.cells.get(self.columns.get(name, 0))
        return None if cell is None or is_empty(cell) else cell

    def says_nothing(self, name: str) -> bool:
        """Whether a field holds a mark for nothing (无, /), which is read as empty."""
        cell = self.cells.get(self.columns.get(name, 0))
        return cell is not None and is_empty(cell) and bool(tidy(cell.text))

    def say(self, kind: RemarkKind, column: Column, message: str, remedy: str) -> None:
        text = f"{column.header}：{message}"
        self.remarks.append(Remark(kind, self.place.where(column.field), text, remedy))

    def read(
        self, column: Column, reader: Callable[[Cell, Context], Reading[T]], context: Context
    ) -> T | None:
        """Read a field's cell; None where it is empty, or refused, which makes the field unknown."""
        found = self.reading(column, self.cell(column.field), reader, context)
        return found.value if found else None

    def reading(
        self,
        column: Column,
        cell: Cell | None,
        reader: Callable[[Cell, Context], Reading[T]],
        context: Context,
    ) -> Reading[T] | None:
        """Read a cell as that of a field, and tell what there is to say of it."""
        if cell is None or (cell.rich and not self._stands_for_more(column, cell)):
            return None
        try:
            found = reader(cell, context.choosing(column.options))
        except Refused as refused:
            self.unreadable.add(column.field)
            self.say(refused.kind, column, refused.message, remedy_for(cell, refused))
            return None
        for kind, message, remedy in found.said:
            self.say(kind, column, message, remedy)
        return found

    def _stands_for_more(self, column: Column, cell: Cell) -> bool:
        """Tell of a cell that shows a picture or a record; whether it has a text that can be read all the same.

        Without one it counts as empty where a text would stand.
        """
        what = "单元格里是图片或关联数据"
        if column.kind not in (Kind.TEXT, Kind.NAME, Kind.CODE):
            self.unreadable.add(column.field)
            remedy = f"请直接填写，例如“{column.example}”。"
            self.say(RemarkKind.UNREADABLE, column, f"{what}，读不出来。", remedy)
        elif cell.kind == "text":
            text = shorten(cell_text(cell))
            self.say(RemarkKind.PICTURE, column, f"{what}，按其中的文字“{text}”读取。", "读得对可以不管。")
            return True
        else:
            number = self.columns[column.field]
            self.cells = {n: one for n, one in self.cells.items() if n != number}
            remedy = "要写进报告的请改填文字；不用的话可以不管。"
            self.say(RemarkKind.PICTURE, column, f"{what}，读不出文字，当作没有填。", remedy)
        return False

    def require(self, column: Column) -> None:
        """Report a required cell that is empty (a missing column was reported once for all rows)."""
        if column.field not in self.columns or self.cell(column.field) is not None:
            return
        if self.columns[column.field] in self.hidden:
            message = "这里被合并单元格盖住了，没有内容。"
            self.say(RemarkKind.REQUIRED, column, message, "请取消合并，每行都填。")
            return
        example = f"，例如“{column.example}”" if column.example else ""
        remedy = f"请补填{column.header}{example}。"
        self.say(RemarkKind.REQUIRED, column, "必填，没有填。", remedy)


_SHARED_BY_MERGE = {Kind.CODE, Kind.NAME, Kind.OPTION}
"""What a merged cell says for all the rows that it covers; amounts and numbers stand for one row only."""


def content(cell: Cell) -> str:
    """The text of a cell; of a number its digits, which programs write as 8.39 or 8.390000000000001."""
    if cell.kind != "number":
        return cell.text
    try:
        return plain(stored_number(cell.text))
    except DecimalException:
        return cell.text


def agreement(copies: Sequence[Cell | None]) -> tuple[bool, Cell | None]:
    """Whether the copies of a cell say the same, empty ones aside, and the cell that says it, if one does."""
    filled = [cell for cell in copies if cell is not None and not is_empty(cell)]
    agree = len(set(map(_shown, filled))) <= 1
    return agree, filled[0] if agree and filled else None


def _shown(cell: Cell) -> str:
    try:
        return cell_text(cell)
    except Refused:  # a number that is none
        return cell.text


def reconcile(row: RowReader, twins: Mapping[str, Sequence[int]]) -> None:
    """Let a header that stands twice say what all its columns say; where these differ the field is unknown."""
    for name, columns in twins.items():
        agree, said = agreement([row.cells.get(number) for number in columns])
        if not agree:
            row.unreadable.add(name)
            row.columns = {field: number for field, number in row.columns.items() if field != name}
        elif said is not None:
            row.cells = {**row.cells, columns[0]: said}


def rows(located: Located, table: Table, remarks: list[Remark]) -> Iterator[RowReader]:
    missing = {column.field for column in located.sheet.inputs} - located.columns.keys()
    for number in located.rows:
        place = Place(located.sheet.name, number, located.columns)
        row = RowReader(place, table.rows[number], located.columns, remarks)
        row.hidden = {
            column: shown
            for column in (located.columns.values() if table.merged.areas else ())
            if (shown := table.merged.shown(number, column))
        }
        row.unreadable |= missing
        if row.hidden:
            _read_merged(row, located, table)
        reconcile(row, located.twins)
        yield row


def _read_merged(row: RowReader, located: Located, table: Table) -> None:
    """Let a number, name or option that is merged over several rows stand in each of them."""
    for column in located.sheet.inputs:
        number = located.columns.get(column.field, 0)
        top, left = row.hidden.get(number, (0, 0))
        shown = table.rows.get(top, {}).get(left)
        if (
            left != number
            or top <= located.header_row
            or shown is None
            or column.kind not in _SHARED_BY_MERGE
        ):
            continue
        row.cells = {**row.cells, number: shown}
        try:
            text = shorten(cell_text(shown))
        except Refused:
            continue  # what is wrong with it is told in each row
        row.say(
            RemarkKind.INTERPRETED,
            column,
            f"单元格是合并的，按第 {top} 行的“{text}”读取。",
            "读得对可以不管。",
        )


_NOTE = re.compile(
    r"(注|备注|说明|填报说明|填表说明|填报人|审核人|制表人?|经办人|单位负责人|联系人|联系电话|金额单位|单位)\s*[:：]"
)
_BRACKETED = re.compile(r"[(（].{0,10}[)）]$")


_ODD_KEY = re.compile(rf"{_NOTE.pattern}|{_BRACKETED.pattern}|[合小总共]\s*计|总合计")


def _is_header(cell: Cell, sheet: Sheet) -> bool:
    return header_key(cell.text) == header_key(sheet.columns[0].header)


def not_data(row: RowReader, sheet: Sheet) -> str | None:
    """What a row is when it is no data: a 合计, a repeated header, a line of units, a note below the table."""
    key = row.cell(sheet.columns[0].field)
    if (
        key is not None
        and (key.kind != "text" or not _ODD_KEY.match(tidy(key.text)))
        and not _is_header(key, sheet)
    ):
        return None
    texts = {n: tidy(cell.text) for n, cell in row.cells.items() if cell.kind == "text" and tidy(cell.text)}
    if any("".join(text.split()) in TOTAL_WORDS for text in texts.values()) and not _has_key(row, sheet):
        return "合计"
    headers = {row.columns.get(column.field): header_key(column.header) for column in sheet.columns}
    if sum(header_key(text) == headers.get(n) for n, text in texts.items()) >= 2:
        return "重复的表头"
    filled = [cell for n, cell in row.cells.items() if n in headers and not is_empty(cell)]
    if len(texts) < len(filled):
        return None
    if texts and all(_BRACKETED.match(text) for text in texts.values()):
        return "单位或提示"
    note = any(_NOTE.match(text) for text in texts.values())
    return "表下的说明" if note and len(filled) <= 3 and not _has_key(row, sheet) else None


def _has_key(row: RowReader, sheet: Sheet) -> bool:
    """Whether the row has a number (or, in sheets without one, a first entry) of its own."""
    cell = row.cell(sheet.columns[0].field)
    try:
        text = "" if cell is None else "".join(cell_text(cell).split())
    except Refused:
        return True
    return bool(text) and text not in TOTAL_WORDS and not _NOTE.match(text)


def say_not_data(row: RowReader, sheet: Sheet, what: str) -> None:
    inputs = {row.columns.get(column.field): column.field for column in sheet.inputs}
    name = next((inputs[n] for n in sorted(row.cells) if n in inputs and not is_empty(row.cells[n])), "")
    message = f"这一行看来是{what}，不作为数据读取。"
    remedy = (
        "可以不管；程序会自己算合计。" if what == "合计" else "可以不管；如果是要填报的内容，请补全这一行。"
    )
    row.remarks.append(Remark(RemarkKind.INTERPRETED, row.place.where(name), message, remedy))


def say_overtyped(row: RowReader, sheet: Sheet, memory: Memory) -> None:
    for column in sheet.computed:
        number = row.columns.get(column.field)
        cell = row.cells.get(number) if number else None
        if cell is None or is_empty(cell) or is_ours(memory, sheet.name, column.field, cell):
            continue
        shown = f"公式“={shorten(cell.formula)}”" if cell.formula else f"“{shorten(cell.text)}”"
        message = f"这是计算列，手工填的{shown}不参与计算，会被计算结果替换。"
        row.say(RemarkKind.OVERTYPED, column, message, "要改结果，请改填报栏里的内容。")
