"""How much a workbook may hold: far more than anybody fills in, and little enough to be computed in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from xlbudget.domain.model import Monitoring
from xlbudget.domain.told import Told
from xlbudget.domain.where import address
from xlbudget.layout.located import Located
from xlbudget.reading.table import Table

LONG_TEXT, MOST_LONG = 500, 500_000
"""Characters from which on a text is long, and how many all long ones of a sheet may have beyond that."""

MOST_PAIRS = 100_000
"""Indicators of all rows of projects, each row with those of its number."""


class TooMuch(Told):
    """The workbook holds more than can be computed. The text is for the user."""


def check_rows(place: Located) -> None:
    """Refuse a sheet with too many rows: a number or a formula was filled down to its end. Raises TooMuch."""
    most, rows = place.sheet.most, place.rows
    if len(rows) > most:
        raise TooMuch(
            f"“{place.name}”表填了 {len(rows)} 行（第 {rows[0]} 行至第 {rows[-1]} 行），最多能算 {most} 行。"
            "多半是编号或公式一直拉到了后面的空行：请选中多余的行，整行删除，保存后再试；"
            "真有这么多，请分成几个工作簿。"
        )


def check_texts(table: Table, places: Iterable[tuple[int, int]]) -> None:
    """Refuse cells of a sheet, by row and column, whose texts are too long to make a report of. Raises TooMuch."""
    more = 0
    for row, column in places:
        cell = table.rows[row].get(column)
        if cell is None or len(cell.text) <= LONG_TEXT or cell.kind != "text":
            continue
        more += len(cell.text) - LONG_TEXT
        if more > MOST_LONG:
            raise TooMuch(
                f"“{table.name}”表里的文字太长，做不成报告：到 {address(row, column)} 为止，"
                f"超过 {LONG_TEXT} 字的单元格已多出 {MOST_LONG // 10_000} 万字。"
                "多半是误贴了整篇文件：请删去，或者改成简短的说明，再试。"
            )


def inputs_of(place: Located) -> Iterator[tuple[int, int]]:
    """Row and column of all cells of a sheet that people fill in."""
    columns = [place.columns[one.field] for one in place.sheet.inputs if one.field in place.columns]
    return ((row, column) for row in place.rows for column in columns)


def check_pairs(facts: Monitoring) -> None:
    """Refuse rows of projects of one number with very many indicators of it. Raises TooMuch."""
    rows = Counter(one.id for one in facts.projects if one.id)
    each = Counter(one.project_id for one in facts.indicators)
    pairs = {number: count * each[number] for number, count in rows.items()}
    if sum(pairs.values()) > MOST_PAIRS:
        number = max(pairs, key=pairs.__getitem__)
        raise TooMuch(
            f"编号“{number}”在“项目”表有 {rows[number]} 行，在“指标”表有 {each[number]} 行，每一行项目都要算一遍这些指标，"
            "算不下来。多半是编号一直拉成了一样的：请改成各项目自己的编号，再试。"
        )
