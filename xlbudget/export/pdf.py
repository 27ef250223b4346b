"""Document → PDF by typst: no office suite, no system font needed."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from xlbudget.export import file_date
from xlbudget.report.document import (
    Block,
    DataTable,
    Document,
    Heading,
    Label,
    Signature,
    TableCell,
    Title,
    words,
)

FAMILIES = {
    "fang": ("FangSong_GB2312", "FangSong", "仿宋_GB2312", "仿宋", "STFangsong"),
    "hei": ("SimHei", "黑体", "STHeiti"),
    "kai": ("KaiTi_GB2312", "KaiTi", "楷体_GB2312", "楷体", "STKaiti"),
    "song": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "SimSun", "宋体", "STSong"),
}
"""Families that the standard asks for, by every name they bear, best first."""
FALLBACK = {"fang": "Noto Serif SC", "hei": "Noto Sans SC", "kai": "Noto Serif SC", "song": "Noto Serif SC"}
_NAMES = {"fang": "仿宋", "hei": "黑体", "kai": "楷体", "song": "小标宋"}


@cache
def _fonts() -> Any:
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    return typst.Fonts(include_system_fonts=True, font_paths=[str(sans_path().parent)])


def _chosen() -> dict[str, list[str]]:
    """For each role the families that this machine has, and the font that comes with xlbudget last."""
    present = set(_fonts().families())
    return {
        role: [name for name in names if name in present] + [FALLBACK[role]]
        for role, names in FAMILIES.items()
    }


def font_note() -> str | None:
    """Which fonts of the standard are missing here and replaced; None when all are there."""
    missing = [_NAMES[role] for role, names in _chosen().items() if len(names) == 1]
    if not missing:
        return None
    return f"本机没有{'、'.join(missing)}字体，PDF 里用思源宋体、思源黑体代替。"


def _cell(cell: TableCell) -> dict[str, Any]:
    return {"text": words(cell.runs), "columns": cell.columns, "rows": cell.rows, "align": cell.align}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, DataTable):
        header = [_cell(cell) for row in block.header for cell in row if cell is not None]
        body = [_cell(cell) for row in block.body for cell in row]
        return {"kind": "table", "header": header, "body": body, "widths": block.widths}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Signature):
        return {"kind": "signature", "lines": [words(line) for line in block.lines]}
    kind = {Label: "label", Title: "title"}.get(type(block), "paragraph")
    return {"kind": kind, "text": words(block.runs)}


def render_pdf(document: Document) -> bytes:
    """Render a report; the same document gives the same bytes on the same machine."""
    import typst

    dated = file_date(document.dated)
    content = {
        "title": document.title,
        "author": document.author,
        "date": [dated.year, dated.month, dated.day],
        "draft": document.draft,
        "fonts": _chosen(),
        "blocks": [_block(block) for block in document.blocks],
    }
    source = (resources.files(__package__) / "report.typ").read_bytes()
    pdf = typst.compile(
        source,
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
        timestamp=dated,
    )
    assert isinstance(pdf, bytes)
    return pdf
