"""Raw tables → Monitoring: finds sheets, headers and rows by their text, reads every cell, keeps places."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from xlbudget import layout
from xlbudget.domain.model import (
    Batch,
    Comparison,
    Correction,
    Indicator,
    KeyWork,
    Monitoring,
    Note,
    Place,
    Project,
    Remark,
    RemarkKind,
    Row,
    Unit,
)
from xlbudget.domain.told import Told
from xlbudget.domain.where import Where
from xlbudget.layout import Column, Kind, Sheet, header_key
from xlbudget.layout.limits import check_pairs, check_rows, check_texts, inputs_of
from xlbudget.layout.locate import alike, find_table, locate, namesakes, twice
from xlbudget.layout.located import Located
from xlbudget.layout.memory import MEMORY_SHEET, recall
from xlbudget.layout.row import (
    RowReader,
    Values,
    agreement,
    content,
    not_data,
    rows,
    say_not_data,
    say_overtyped,
)
from xlbudget.reading import dates, quantities, units
from xlbudget.reading.cells import (
    cell_text,
    read_code,
    read_flag,
    read_name,
    read_option,
    read_options,
    read_text,
)
from xlbudget.reading.comparisons import read_comparison
from xlbudget.reading.said import Context, Reading
from xlbudget.reading.table import Cell, Table
from xlbudget.reading.targets import Target, read_actual, read_target


class NotAWorkbookOfOurs(Told):
    """The workbook lacks what nothing can be computed without. The text is for the user."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The facts, where they were found, and a fingerprint of everything that was filled in."""

    facts: Monitoring
    front: Table
    """首页."""
    located: Mapping[str, Located]
    fingerprint: str


_READERS: dict[Kind, Callable[[Cell, Context], Reading[Any]]] = {
    Kind.TEXT: read_text,
    Kind.NAME: read_name,
    Kind.CODE: read_code,
    Kind.AMOUNT: quantities.read_amount,
    Kind.NUMBER: quantities.read_number,
    Kind.WEIGHT: quantities.read_weight,
    Kind.YEAR: dates.read_year,
    Kind.MONTH: dates.read_month,
    Kind.DATE: dates.read_date,
    Kind.DEADLINE: dates.read_date,
    Kind.FLAG: read_flag,
    Kind.OPTION: read_option,
    Kind.OPTIONS: read_options,
}


# -- 首页 ----------------------------------------------------------------------------------------------


def _labels(table: Table) -> dict[str, list[tuple[int, int]]]:
    """Label → where it stands. What stands to the right of a label is its value, whatever it reads."""
    labels = {header_key(column.header): column.field for column in layout.FRONT.columns}
    found: dict[str, list[tuple[int, int]]] = {}
    for row, cells in table.rows.items():
        value = 0
        for column, cell in sorted(cells.items()):
            name = labels.get(header_key(cell.text).rstrip(":")) if cell.kind == "text" else None
            if name and column != value:
                found.setdefault(name, []).append((row, column))
                value = column + 1
    return found


def _find_front(tables: Mapping[str, Table], tabs: Sequence[str]) -> Table:
    table = find_table(tables, layout.FRONT.name)
    same = namesakes(tables, layout.FRONT.name)
    if same:
        raise NotAWorkbookOfOurs(
            f"“首页”表不止一张，标签只差空格：{same}，不知道以哪一张为准，无法计算。请只留一张，再试。"
        )
    known = [sheet.name for sheet in (layout.PROJECTS, layout.INDICATORS) if find_table(tables, sheet.name)]
    if table is None or not known:
        missing = layout.FRONT.name if table is None else "项目”和“指标"
        lost = [sheet.name for sheet in layout.INPUT_SHEETS if find_table(tables, sheet.name) is None]
        others = [(other, name) for name in lost if (other := alike(tabs, name))]
        remedy = "请用 xlbudget new 生成的工作簿填报，表名不要改。"
        if others:
            renamed = "、".join(f"“{other}”改回“{name}”" for other, name in others)
            remedy = f"表名好像改过，请把{renamed}，再试。"
        raise NotAWorkbookOfOurs(f"这不是预算绩效监控工作簿：找不到“{missing}”表。{remedy}")
    return table


def _bind_unit(table: Table, remarks: list[Remark]) -> Unit:
    """首页 as facts. Raises NotAWorkbookOfOurs where nothing can be computed without what it does not say."""
    values: Values = {}
    cells: dict[str, tuple[int, int]] = {}
    labels = _labels(table)
    for column in layout.FRONT.columns:
        places = labels.get(column.field)
        if not places:
            _report_missing_label(column, remarks)
            continue
        if len(places) > 1:
            _report_twin_label(column, places, remarks)
        agree, (row, number) = _value_of(table, places)
        cells[column.field] = row, number
        place = Place(layout.FRONT.name, row, {column.field: number})
        one = RowReader(place, table.rows.get(row, {}), {column.field: number}, remarks)
        context = Context(year=values.get("year"))
        value = one.read(column, _READERS[column.kind], context) if agree else None
        if value is not None:
            values[column.field] = value
        if column.required and column.field not in _INDISPENSABLE and agree:
            one.require(column)
    for name, what in _INDISPENSABLE.items():
        if name not in values:
            raise NotAWorkbookOfOurs(_cannot_compute(name, what, cells, remarks))
    return Unit(sheet=layout.FRONT.name, cells=cells, **values)


_INDISPENSABLE = {"cutoff_month": "1 至 12", "amount_unit": "万元或元"}
"""What nothing can be computed without."""


def _value_of(table: Table, places: Sequence[tuple[int, int]]) -> tuple[bool, tuple[int, int]]:
    """Where the value of a label stands; of one that stands twice whether all say the same, and one that says it."""
    values = [(row, column + 1) for row, column in places]
    found = [table.rows.get(row, {}).get(column) for row, column in values]
    agree, said = agreement(found)
    return agree, values[found.index(said)] if said is not None else values[0]


def _report_twin_label(column: Column, places: Sequence[tuple[int, int]], remarks: list[Remark]) -> None:
    told = twice(f"“{column.header}”这一栏", layout.FRONT.name, places, "处")
    if column.field in _INDISPENSABLE:
        message = told.message.removesuffix("。")
        raise NotAWorkbookOfOurs(f"“首页”表的{message}，无法计算。{told.remedy}")
    remarks.append(told)


def _cannot_compute(name: str, what: str, cells: Mapping[str, tuple[int, int]], remarks: list[Remark]) -> str:
    header, sheet = layout.FRONT.by_field[name].header, layout.FRONT.name
    if name not in cells:
        return (
            f"无法计算：“{sheet}”表找不到“{header}”这一栏。请补上这一栏，在它右边一格填写（{what}），再试。"
        )
    shown = next((one.message for one in remarks if one.where.at == cells[name]), "没有填")
    shown = shown.removeprefix(f"{header}：").rstrip("。")
    return f"“{header}”没有填好，无法计算（{Where(sheet, *cells[name])}：{shown}）。请在这一格填写（{what}），再试。"


def _report_missing_label(column: Column, remarks: list[Remark]) -> None:
    name = layout.FRONT.name
    message = f"“{name}”表找不到“{column.header}”这一栏。"
    remedy = f"请补上“{column.header}”，在它右边一格填写内容。"
    remarks.append(Remark(RemarkKind.NO_HEADER, Where(name), message, remedy))


# -- tables --------------------------------------------------------------------------------------------


def _read_plain(row: RowReader, sheet: Sheet, context: Context, skip: frozenset[str] = frozenset()) -> Values:
    """The values of all fields that are read for themselves."""
    values: Values = {}
    for column in sheet.inputs:
        if column.field in skip:
            continue
        value = row.read(column, _READERS[column.kind], context)
        if value is not None:
            values[column.field] = value
        elif column.required:
            row.require(column)
    return values


def bind_project(row: RowReader, context: Context) -> Project:
    values = _read_plain(row, layout.PROJECTS, context)
    columns = layout.PROJECTS.by_field
    if "batch" in values:
        values["batch"] = Batch(values["batch"])
    supplementary = values.get("batch") == Batch.SUPPLEMENTARY
    if supplementary and row.cell("month") is None and "month" in row.columns:
        row.say(
            RemarkKind.NO_MONTH, columns["month"], "追加项目没有填追加月份。", "请填追加下达的月份，1 至 12。"
        )
    return Project(place=row.place, unreadable=frozenset(row.unreadable), **values)


_INDICATOR_SPECIAL = frozenset({"comparison", "target", "actual", "full_year"})


def bind_indicator(row: RowReader, context: Context) -> Indicator:
    values = _read_plain(row, layout.INDICATORS, context, skip=_INDICATOR_SPECIAL)
    target = _read_target_of(row, values.get("measure_unit"), context)
    columns = layout.INDICATORS.by_field
    values |= {"comparison": target.comparison, "target": target.value, "measure_unit": target.unit}
    values["target_words"] = _typed_words(row.cell("target"), target.value)
    for name in ("actual", "full_year"):
        if "comparison" not in row.columns:
            row.unreadable.add(name)  # nobody knows whether a number or a word is wanted
            continue
        reader = partial(read_actual, target, may_wait=name == "actual")
        values[name] = row.read(columns[name], reader, context)
    if row.cell("actual") is None and "actual" in row.columns:
        row.say(RemarkKind.NO_ACTUAL, columns["actual"], "没有填，按 0 计算。", _actual_remedy(target))
    if row.cell("due_month") is None and "due_month" not in row.unreadable:
        values["due_month"] = 12
    values["reason_is_nothing"] = row.says_nothing("reason")
    return Indicator(place=row.place, unreadable=frozenset(row.unreadable), **values)


_PLAIN_NUMBER = re.compile(r"[\d,.，．\s]+")


def _typed_words(cell: Cell | None, value: object) -> str | None:
    """What a target says beside its number, where somebody typed it as a text."""
    if cell is None or cell.kind != "text" or not isinstance(value, Decimal) or cell.rich:
        return None
    text = cell_text(cell)
    return None if _PLAIN_NUMBER.fullmatch(text) else text


def _actual_remedy(target: Target) -> str:
    what = (
        "达成、部分达成或未达成" if target.comparison is Comparison.QUALITATIVE else "完成的数，没有完成填 0"
    )
    return f"请填{what}；没到考核时点填“未到期”。"


def _read_target_of(row: RowReader, unit: str | None, context: Context) -> Target:
    """计算符号 and 年度指标值, which may stand in one cell."""
    columns, percent = layout.INDICATORS.by_field, units.is_percent(unit)
    comparison, rest = row.read(columns["comparison"], read_comparison, context) or (None, "")
    if comparison is None and "comparison" not in row.columns:
        row.unreadable.add("target")  # CEL008 told of the missing column; without it nothing can be compared
        return Target(None, None, unit, percent)
    cell = row.cell("target")
    stated = rest if cell else ""
    if cell is None and rest and "target" in row.columns:
        cell = row.cell("comparison")
    reader = partial(read_target, comparison, unit, stated=stated)
    found = row.reading(columns["target"], cell, reader, context)
    target = found.value if found else Target(comparison, None, unit, percent)
    if target.comparison is None and "comparison" not in row.unreadable and "target" in row.columns:
        row.require(columns["comparison"])
    if cell is None:
        row.require(columns["target"])
    return replace(target, comparison=None) if "comparison" in row.unreadable else target


def _bind_key_work(row: RowReader, context: Context) -> KeyWork:
    values = _read_plain(row, layout.KEY_WORKS, context, skip=frozenset({"quantity", "before"}))
    reader = partial(quantities.read_quantity, values.get("measure_unit"))
    for name in ("quantity", "before"):
        cell = row.cell(name)
        found = row.reading(layout.KEY_WORKS.by_field[name], cell, reader, context)
        if found:
            values[name] = found.value
        if cell and found and found.said and name == "quantity":
            values["quantity_words"] = cell_text(cell)
    return KeyWork(place=row.place, unreadable=frozenset(row.unreadable), **values)


def _bind_correction(row: RowReader, context: Context) -> Correction:
    values = _read_plain(row, layout.CORRECTIONS, context)
    return Correction(place=row.place, unreadable=frozenset(row.unreadable), **values)


def _bind_note(row: RowReader, context: Context) -> Note:
    number = row.columns.get("text")
    cell = row.cells.get(number) if number else None
    nothing = cell is not None and cell.kind == "text" and cell.text.strip() == "无"
    values = _read_plain(row, layout.NOTES, context, skip=frozenset({"text"} if nothing else ()))
    if nothing:
        values["text"] = "无"
    return Note(place=row.place, unreadable=frozenset(row.unreadable), **values)


_BINDERS: dict[str, tuple[str, Callable[[RowReader, Context], Row]]] = {
    layout.PROJECTS.name: ("projects", bind_project),
    layout.INDICATORS.name: ("indicators", bind_indicator),
    layout.KEY_WORKS.name: ("key_works", _bind_key_work),
    layout.CORRECTIONS.name: ("corrections", _bind_correction),
    layout.NOTES.name: ("notes", _bind_note),
}


def bind(tables: Mapping[str, Table], tabs: Sequence[str] = ()) -> Bound:
    """Read a whole workbook; `tabs` are all that it has. Raises NotAWorkbookOfOurs when nothing can be computed."""
    remarks: list[Remark] = []
    memory = recall(tables.get(MEMORY_SHEET))
    front = _find_front(tables, tabs)
    check_texts(front, ((row, column) for row, cells in front.rows.items() for column in cells))
    unit = _bind_unit(front, remarks)
    located: dict[str, Located] = {}
    groups: dict[str, tuple[Row, ...]] = {}
    absent: set[str] = set()
    for sheet in layout.TABLE_SHEETS:
        found = locate(tables, sheet, memory, remarks, tabs)
        columns = found[0].columns if found else {}
        absent |= {f"{sheet.name}.{one.field}" for one in sheet.inputs if one.field not in columns}
        if found is None:
            continue
        located[sheet.name] = found[0]
        check_rows(found[0])
        check_texts(found[1], inputs_of(found[0]))
        name, binder = _BINDERS[sheet.name]
        context = Context(unit.amount_unit, unit.year)
        found_rows = []
        for row in rows(*found, remarks):
            other = not_data(row, sheet)
            if other:
                say_not_data(row, sheet, other)
                continue
            absent |= {f"{sheet.name}.{field}" for field in columns.keys() - row.columns.keys()}
            found_rows.append(binder(row, context))
            say_overtyped(row, sheet, memory)
        groups[name] = tuple(found_rows)
    facts = Monitoring(unit=unit, remarks=tuple(remarks), absent=frozenset(absent), **groups)
    check_pairs(facts)
    return Bound(facts, front, located, _fingerprint(tables, front, located))


def _fingerprint(tables: Mapping[str, Table], front: Table, located: Mapping[str, Located]) -> str:
    """Twelve hexadecimal digits over the content of every input cell, independent of where columns stand."""
    digest = hashlib.blake2s(digest_size=6)
    for name, places in sorted(_labels(front).items()):
        for row, column in places:
            cell = front.rows[row].get(column + 1)
            digest.update(f"{name}\0{content(cell) if cell else ''}\0".encode("utf-8", "surrogatepass"))
    for sheet in located.values():
        names = [column.field for column in sheet.sheet.inputs]
        columns = [n for name in names for n in sheet.twins.get(name, (sheet.columns.get(name, 0),))]
        for row in sheet.rows:
            cells = tables[sheet.name].rows[row]
            texts = (content(cells[column]) if column in cells else "" for column in columns)
            digest.update("\0".join((sheet.sheet.name, *texts, "")).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
