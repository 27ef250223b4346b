"""The page of checks (docs/checks.md), written from the checks themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xlbudget.audit import checks
from xlbudget.audit.against import AGAINST
from xlbudget.audit.registry import CHECKS, Check

assert checks.MODULES
_HEAD = """# 报告核对的检查项

本页由程序从检查项本身生成（`uv run python docs/make_references.py`），不要手工修改。

`xlbudget audit 报告` 逐项检查报告自己前后是否一致；加上 `--against 工作簿`，再与工作簿核对。`run` 生成的报告也先过一遍同样的检查，
结果列在“校验结果”里。编号不会改作他用。每条结果都有把握程度：**确定**（算得出来，或同一件事说了两遍）、**很可能**、**可能**。
"""


def _table(registry: Mapping[str, Check[Any]]) -> Iterator[str]:
    yield "| 编号 | 查什么 | 报告应当 |"
    yield "|---|---|---|"
    for code, one in sorted(registry.items()):
        yield f"| {code} | {one.title} | {one.requirement} |"


def check_reference() -> str:
    """The whole page as Markdown."""
    lines = [_HEAD, "## 报告自己前后核对", "", *_table(CHECKS), ""]
    lines += ["## 与工作簿核对（--against）", "", *_table(AGAINST), ""]
    return "\n".join(lines)
