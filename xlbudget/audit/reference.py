"""The page of relations (docs/checks.md), written from the relations themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlbudget.audit import against, relations
from xlbudget.audit.relation import AGAINST, RELATIONS, RETIRED, Relation

assert relations.MODULES
assert against
_HEAD = """# 报告核对的检查项

本页由程序从检查项本身生成（`uv run python docs/make_references.py`），不要手工修改。

`xlbudget audit 报告` 逐项检查报告自己前后是否一致；加上 `--against 工作簿`，再与工作簿核对。`run` 生成的报告也先过一遍同样的检查，
结果列在“校验结果”里。编号不会改作他用。最多的把握程度：**确定**（算得出来，或同一件事说了两遍）、**很可能**、**可能**。
"""


def _table(registry: Mapping[str, Relation]) -> Iterator[str]:
    yield "| 编号 | 查什么 | 报告应当 | 把握 |"
    yield "|---|---|---|---|"
    for code, one in sorted(registry.items()):
        yield f"| {code} | {one.title} | {one.requirement} | {one.sure.label} |"


def check_reference() -> str:
    """The whole page as Markdown."""
    lines = [_HEAD, "## 报告自己前后核对", "", *_table(RELATIONS), ""]
    lines += [
        "## 与工作簿核对（--against）",
        "",
        *_table(AGAINST),
        "",
        f"不再使用的编号：{'、'.join(RETIRED)}。",
        "",
    ]
    return "\n".join(lines)
