"""Workbook tables from a few words: a clean unit, and what a case changes in it by sheet and header."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from xlbudget import layout, profiles
from xlbudget.domain.measures import Assessment, assess
from xlbudget.domain.model import Remark, RemarkKind
from xlbudget.domain.profile import OwnFile
from xlbudget.domain.where import Where, row_and_column
from xlbudget.layout import SHEET_ORDER, sheet_name
from xlbudget.layout.bind import bind
from xlbudget.reading.table import Cell, Table

CLEAN: dict[str, Any] = {
    "首页": {
        "单位全称": "某县水利局", "部门名称": "水利局", "预算年度": 2024, "监控截止月份": 6, "金额单位": "万元",
        "监控口径": "hebei-county", "主管部门": "某县人民政府", "单位预算编码": "101001", "联系电话": "0312-0000000",
    },
    "项目": [
        {"项目编号": "001", "项目名称": "河道管护经费", "预算批次": "年初", "预算数": 10, "累计支出": 5,
         "全年预计支出": 10, "资金用途": "用于河道日常管护", "年度总体目标": "管护河道100公里，水环境明显改善"},
    ],
    "指标": [
        {"项目编号": "001", "一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "管护河道长度", "计算符号": "≥",
         "年度指标值": 100, "计量单位": "公里", "权重": 30, "当前完成值": 50, "全年预计完成值": 100},
        {"项目编号": "001", "一级指标": "效益指标", "二级指标": "社会效益指标", "三级指标": "水环境改善",
         "计算符号": "定性", "年度指标值": "明显改善", "权重": 40, "当前完成值": "达成", "全年预计完成值": "达成"},
        {"项目编号": "001", "一级指标": "满意度指标", "二级指标": "服务对象满意度指标", "三级指标": "群众满意度",
         "计算符号": "≥", "年度指标值": 90, "计量单位": "%", "权重": 20, "当前完成值": "未到期",
         "全年预计完成值": 92},
    ],
    "重点工作": [], "偏差整改": [], "文字说明": [],
}  # fmt: skip


def cell(value: Any) -> Cell | None:
    """A typed value as a cell: {格式: "0%", 值: 0.95}, {公式: …}, {错误: …} say what YAML alone cannot."""
    if isinstance(value, Mapping):
        if "错误" in value:
            return Cell("error", value["错误"])
        if "公式" in value:
            cached = value.get("值")
            return (
                Cell("uncached", "", value["公式"])
                if cached is None
                else Cell("number", str(cached), value["公式"])
            )
        if "图片" in value:
            text = value.get("文字")
            return Cell("text", text, rich=True) if text else Cell("error", "#VALUE!", rich=True)
        if value.get("类型") == "bool":
            return Cell("bool", str(value["值"]))
        return Cell("number", str(value["值"]), None, value["格式"])
    if isinstance(value, bool):
        return Cell("bool", str(int(value)))
    if isinstance(value, int | float):
        return Cell("number", repr(value))
    if isinstance(value, date):
        return Cell("text", value.isoformat())
    return None if value is None or value == "" else Cell("text", str(value))


def _table(
    sheet: layout.Sheet,
    rows: Sequence[Mapping[str, Any]],
    without: Sequence[str],
    twins: Mapping[str, Sequence[Any]],
) -> Table:
    columns = enumerate(sheet.columns, 1)
    heads = {n: Cell("text", column.label) for n, column in columns if column.header not in without}
    table = Table(sheet.name, {4: heads})
    for number, row in enumerate(rows, 5):
        unknown = set(row) - {column.header for column in sheet.columns}
        assert not unknown, f"no such header: {unknown}"
        cells = {n: cell(row.get(column.header)) for n, column in enumerate(sheet.columns, 1)}
        table.rows[number] = {n: one for n, one in cells.items() if one is not None}
    for last, (header, values) in enumerate(twins.items(), len(sheet.columns) + 2):
        for number, value in enumerate([header, *values], 4):
            one = cell(value)
            if one:
                table.rows.setdefault(number, {})[last] = one
    return table


def _front(values: Mapping[str, Any], without: Sequence[str], twins: Mapping[str, Any]) -> Table:
    table = Table("首页")
    for number, column in enumerate(layout.FRONT.columns, 4):
        one = cell(values.get(column.header))
        label = {} if column.header in without else {2: Cell("text", column.label)}
        table.rows[number] = label | ({3: one} if one else {})
    for number, (header, value) in enumerate(twins.items(), 30):
        one = cell(value)
        table.rows[number] = {2: Cell("text", header)} | ({3: one} if one else {})
    return table


def merged(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The clean unit with a case's changes: rows merge by position, further rows are added
    (projects with a goal of their own), 无 empties a sheet."""
    facts = copy.deepcopy(CLEAN)
    facts["首页"].update(changes.get("首页", {}))
    for sheet in layout.TABLE_SHEETS:
        change = changes.get(sheet.name, [])
        if change == "无":
            facts[sheet.name] = []
            continue
        rows = facts[sheet.name]
        for index, row in enumerate(change):
            if index < len(rows):
                rows[index].update(row)
            elif sheet is layout.PROJECTS and row.get("预算批次"):
                rows.append({"年度总体目标": f"按时完成第 {index} 项任务", **row})
            else:
                rows.append(dict(row))
    return facts


def tables(changes: Mapping[str, Any]) -> dict[str, Table]:
    """Tables as a host would read them; those renamed are read when they are known by their name but for blanks."""
    facts, without, twins = merged(changes), changes.get("缺表头", []), changes.get("第二处", {})
    found = {"首页": _front(facts["首页"], without, twins.get("首页", {}))}
    for sheet in layout.TABLE_SHEETS:
        if sheet.name not in changes.get("缺表", []):
            found[sheet.name] = _table(sheet, facts[sheet.name], without, twins.get(sheet.name, {}))
    for tab, name in {**changes.get("又一张", {}), **changes.get("改名", {})}.items():
        found[tab] = replace(found[name], name=tab)
    for name in changes.get("改名", {}).values():
        del found[name]
    return found


_profile = cache(profiles.load)


def case_of(changes: Mapping[str, Any]) -> Assessment:
    found = tables(changes)
    facts = bind(
        {tab: table for tab, table in found.items() if sheet_name(tab) in SHEET_ORDER}, list(found)
    ).facts
    missed = [Remark(RemarkKind.NOT_REFRESHED, _where(place), "公式没有算出来。", "请保存一次。")
              for place in changes.get("没有算出来的公式", [])]  # fmt: skip
    facts = facts.model_copy(update={"remarks": (*facts.remarks, *missed)})
    profile = _profile(facts.unit.profile)
    extra = changes.get("口径")
    if extra:
        profile = profile.model_validate(profile.model_dump() | extra)
    if "口径文件" in changes:
        profile = profile.read_from(OwnFile("x.toml", "0123abcd", changes["口径文件"] == "代替自带的"))
    return assess(facts, profile)


def _where(place: str) -> Where:
    """项目!K5, or a sheet alone, as a place."""
    sheet, _, cell = place.partition("!")
    return Where(sheet, *(row_and_column(cell) if cell else ()))
