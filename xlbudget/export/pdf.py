"""Document → PDF by typst: no office suite, no system font needed."""

from __future__ import annotations

from typing import Any

from xlbudget.export import file_date
from xlbudget.export.pictures import chart_data
from xlbudget.export.typesetting import chosen_fonts, typeset
from xlbudget.report.document import (
    Block,
    Caption,
    DataTable,
    Document,
    Heading,
    Label,
    Picture,
    Signature,
    TableCell,
    TableRow,
    Title,
    words,
)


def _cell(cell: TableCell, head: bool) -> dict[str, Any]:
    spans = {"columns": cell.columns, "rows": cell.rows}
    return {"text": words(cell.runs), "align": cell.align, "head": head or cell.head, **spans}


def _cells(rows: tuple[TableRow, ...], *, head: bool = False) -> list[dict[str, Any]]:
    return [_cell(cell, head) for row in rows for cell in row if cell is not None]


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, DataTable):
        header, body = _cells(block.header, head=True), _cells(block.body)
        return {"kind": "table", "header": header, "body": body, "widths": block.widths, "size": block.size}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Signature):
        return {"kind": "signature", "lines": [words(line) for line in block.lines]}
    if isinstance(block, Picture):
        return {"kind": "picture", "chart": chart_data(block.chart)}
    kind = {Label: "label", Title: "title", Caption: "caption"}.get(type(block), "paragraph")
    return {"kind": kind, "text": words(block.runs)}


def render_pdf(document: Document) -> bytes:
    """Render a report; the same document gives the same bytes on the same machine."""
    dated = file_date(document.dated)
    content = {
        "title": document.title,
        "author": document.author,
        "date": [dated.year, dated.month, dated.day],
        "draft": document.draft,
        "landscape": document.landscape,
        "fonts": chosen_fonts(),
        "blocks": [_block(block) for block in document.blocks],
    }
    return typeset("report.typ", {"document": content}, "pdf", dated=dated)
