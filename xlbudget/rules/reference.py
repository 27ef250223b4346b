"""The rule reference (docs/rules.md), written from the rules' own metadata."""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.reading.notes import NOTES
from xlbudget.rules import FAMILIES, REGISTRY
from xlbudget.rules.registry import CUSTOM

_HEAD = """# 校验规则

本页由程序从规则本身生成（`uv run python docs/make_references.py`），不要手工修改。

校验分三级：**错误**要改正，改正前报告标“草稿”；**警告**要看一看，属实的按提示说明原因；**提示**是告诉您程序怎么理解、怎么计算，
没有不妥就不用管。每条结果都写明单元格、问题和办法。规则编号不会改作他用。
"""


def _table(family: str) -> Iterator[str]:
    yield "| 编号 | 级别 | 规则 | 要求 | 依据 |"
    yield "|---|---|---|---|---|"
    for code, one in sorted(REGISTRY.items()):
        if code.startswith(family):
            yield f"| {code} | {one.severity.label} | {one.title} | {one.requirement} | {one.basis} |"


def _reading() -> Iterator[str]:
    yield from ("## 数是怎么读的", "", "| | 怎么读 | 例 |", "|---|---|---|")
    for note in NOTES:
        shown = note.shown.replace("|", "\\|")
        yield f"| {note.title} | {note.text} | {note.where}：{shown} |"
    yield ""


def rule_reference() -> str:
    """The whole page as Markdown."""
    lines = [_HEAD, *_reading()]
    for family in sorted(FAMILIES):
        lines += [f"## {family.title}（{family.letters}）", "", *_table(family.letters), ""]
    lines += [
        "## 报告文字（TXT）",
        "",
        "生成的报告先按核对报告的办法查一遍：文字说明里写的数，与算出来的是否一致。各项检查见 [checks.md](checks.md)。"
        "TXT000：报告太长（超过 25 万字），没有核对。",
        "",
        "## 程序自身（SYS）",
        "",
        "SYS001：某条规则运行出错。这是程序的问题，不是填报的问题，其他规则照常检查；请把工作簿发给维护人员。",
        "",
        f"“依据”写“{CUSTOM}”的，来自各地填报的通行做法，没有专门文件。",
        "",
    ]
    return "\n".join(lines)
