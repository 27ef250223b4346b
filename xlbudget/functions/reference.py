"""The reference of worksheet functions (docs/functions.md, and the end of 填报说明), written from their declarations."""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.functions.registry import FUNCTIONS, Argument, Function

_HEAD = """# 工作表函数

本页由程序从函数本身生成（`uv run python docs/make_references.py`），不要手工修改。

`.xlsm` 工作簿的计算列里就是这些函数；也可以在自己的单元格、自己的工作表里用。命令行运行 `xlbudget run` 时，不打开 Excel 也会把它们的
结果算好、存好，包括嵌套在别的公式里的、写在名称或表格里的。

- **一行或几行**：给一行就得一个结果，给几行就得一列结果。空行的结果是空白。
- **表头**：给了表头，列的顺序就不要紧，中间插入了列也不要紧；不给表头，按模板的列顺序。
- **监控口径**：编号或名称都可以，不写就按默认口径。自己的口径文件要和工作簿放在同一个文件夹。
- **算不出来**：读不懂的内容得 #VALUE!，找不到的口径、表头、指标得 #N/A，这样 SUM 不会漏算。本来就没有结果的（例如未到期的指标）是空白。
- **合并单元格**：函数只看得到合并区域的第一格。项目编号合并了的，请取消合并。
"""


def signature(one: Function) -> str:
    """The function with the Chinese names of its arguments, optional ones in brackets."""
    return f"{one.name}({', '.join(f'[{a.label}]' if a.optional else a.label for a in one.arguments)})"


def _argument(argument: Argument) -> str:
    return f"- {argument.label}{'（可不写）' if argument.optional else ''}：{argument.help}。"


def _section(one: Function) -> Iterator[str]:
    yield f"## {one.name}"
    yield ""
    yield f"**{one.title}**。{one.call.__doc__}"
    yield ""
    yield f"`{signature(one)}`"
    yield ""
    yield from map(_argument, one.arguments)
    yield ""
    yield f"例：`{one.example}`"
    yield ""


def function_reference() -> str:
    """The whole page as Markdown."""
    lines = [_HEAD, *(line for one in FUNCTIONS.values() for line in _section(one))]
    return "\n".join(lines)


def function_help() -> list[tuple[str, str, str]]:
    """Name, explanation and example of each function, for 填报说明."""
    return [
        (one.name, f"{one.title}。{one.call.__doc__}写法：{signature(one)}。", one.example)
        for one in FUNCTIONS.values()
    ]
