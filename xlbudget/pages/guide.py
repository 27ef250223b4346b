"""填报说明: how to fill in each column, with an example, from the declarations of the layout."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget import layout
from xlbudget.layout import Column, Kind
from xlbudget.pages.grid import Grid, GridCell
from xlbudget.pages.metrics import column_points, row_height
from xlbudget.pages.styles import inner_width
from xlbudget.reading.notes import NOTES

_STEPS = (
    "一、填“首页”，再填“项目”“指标”；“重点工作”“偏差整改”“文字说明”有内容就填。",
    "二、点“预算绩效”选项卡的“校验”，看“校验结果”表，逐条修改。没有这个选项卡的，在命令窗口运行“xlbudget run 文件名”，看生成的“…-监控结果”文件，回到原来的工作簿修改、存盘。",
    "三、没有错误了，点“一键出报告”，得到 Word 和 PDF，也可以从“监控报告”表打印（命令窗口：再运行一次，加 --docx、--pdf）。",
    "金额可以写 6、1,234.5、60000元、6万；完成值可以写 95%、20余次；没有的内容可以留空或写“/”。灰色列由程序计算。",
)
_KINDS = {
    Kind.AMOUNT: "填金额。",
    Kind.MONTH: "填月份，6、6月都可以。",
    Kind.DATE: "填日期。",
    Kind.DEADLINE: "填日期或月份。",
    Kind.FLAG: "填“是”或“否”。",
}


def _explanation(column: Column) -> str:
    text = column.hint or _KINDS.get(column.kind, "有就填，没有不填。")
    said = all(option in text for option in column.options)
    if column.options and not said and column.kind is not Kind.COMPARISON:
        text += f"可选：{'、'.join(column.options)}。"
    return text


def _entry(grid: Grid, sheet: str, name: str, required: str, text: str, example: str) -> None:
    widths = [inner_width("body", column_points(width)) for width in layout.GUIDE.widths]
    cells = (
        GridCell(sheet, "body_center"),
        GridCell(name, "body"),
        GridCell(required, "body_center"),
        GridCell(text, "body"),
        GridCell(example, "body"),
    )
    grid.line(*cells, height=row_height([(name, widths[1]), (text, widths[3]), (example, widths[4])]))


def guide_grid(functions: Sequence[tuple[str, str, str]]) -> Grid:
    """Build the guide sheet; `functions` are names, explanations and examples of worksheet functions."""
    grid = Grid(layout.GUIDE)
    grid.wide("填报说明", "title", height=30)
    for step in _STEPS:
        grid.wide(step, "plain", height=row_height([(step, grid.points)], least=20))
    grid.line(height=6)
    grid.line(*(GridCell(text, "head") for text in ("工作表", "栏目", "必填", "怎么填", "示例")), height=24)
    grid.repeat_rows = (grid.row, grid.row)
    for sheet in layout.INPUT_SHEETS:
        grid.wide(f"{sheet.name}：{sheet.purpose}", "group", height=24)
        for column in sheet.columns:
            text = _explanation(column)
            required = "计算" if column.computed else ("必填" if column.required else "")
            _entry(grid, sheet.name, column.header, required, text, column.example)
    grid.wide("数是怎么读的", "group", height=24)
    for note in NOTES:
        _entry(grid, "各表", note.title, "", note.text, note.shown)
    if functions:
        grid.wide("函数：在 .xlsm 工作簿的单元格里使用", "group", height=24)
    for name, text, example in functions:
        _entry(grid, "函数", name, "", text, example)
    return grid
