"""Workbooks of a given size for benchmarks and for looking at: plausible, deterministic."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from xlbudget import layout, profiles
from xlbudget.hosts.template import input_sheets

PROJECT = ["项目编号", "项目名称", "预算批次", "预算数", "累计支出", "全年预计支出", "资金用途"]
INDICATOR = ["项目编号", "一级指标", "二级指标", "三级指标", "计算符号", "年度指标值", "计量单位", "计划完成月份",
             "当前完成值", "全年预计完成值"]  # fmt: skip
KINDS = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)


def values(projects: int, indicators: int, mistakes: int = 0, seed: int = 1) -> dict[str, Any]:
    """Facts by sheet and header; `mistakes` cells hold what cannot be read."""
    dice = random.Random(seed)
    money, rows = [], []
    for number in range(1, projects + 1):
        budget = dice.randint(2, 400)
        spent = round(budget * dice.uniform(0.42, 0.7), 2)
        money.append([f"{number:04}", f"第{number}号项目经费", "年初", budget, spent, budget, "用于日常工作"])
    for number in range(indicators):
        level1, level2 = KINDS[number % 4]
        target = dice.randint(20, 100)
        actual: Any = target // 2 if level2 == "数量指标" else target
        if number < mistakes:
            actual = "大约一半吧"
        project = f"{number % projects + 1:04}"
        rows.append([project, level1, level2, f"指标{number}", "≥", target, "次", 12, actual, target])
    front = {"单位全称": "某县某局", "部门名称": "某局", "预算年度": 2024, "监控截止月份": 6}
    return {
        layout.FRONT.name: front,
        layout.PROJECTS.name: {"表头": PROJECT, "行": money},
        layout.INDICATORS.name: {"表头": INDICATOR, "行": rows},
    }


def workbook(path: Path, projects: int, indicators: int, mistakes: int = 0) -> Path:
    path.write_bytes(input_sheets(values(projects, indicators, mistakes), profiles.load(None)))
    return path


def functions(path: Path, number: int, *, formulas: bool = True) -> Path:
    """A computed workbook with a sheet of functions over 指标, perhaps each with a formula on it, without results."""
    import openpyxl

    from xlbudget import app

    app.run(workbook(path.with_stem("source"), 20, number), app.Destinations(path))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("我的")
    for row in range(5, 5 + number):
        sheet.cell(row, 1).value = f"=ACHIEVEMENT(指标!A{row}:P{row},指标!A$4:P$4)"
        if formulas:
            sheet.cell(row, 2).value = f'=IF(A{row}>=60,"达到","没有达到")&ROUND(A{row},0)'
    book.save(path)
    return path
