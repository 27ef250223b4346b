"""Document → PDF by typst: no office suite, no system font needed."""

from __future__ import annotations

from typing import Any, assert_never

from xlbudget.export import file_date, is_number
from xlbudget.export.marks import sealed
from xlbudget.export.pictures import chart_data
from xlbudget.export.typesetting import chosen_fonts, typeset
from xlbudget.report.document import (
    Block,
    Caption,
    DataTable,
    Document,
    Heading,
    Label,
    Paragraph,
    Picture,
    Signature,
    TableCell,
    TableRow,
    Title,
    words,
)

_LONG = 300
"""Characters of a cell whose row may be parted between pages with the one beside it."""


def _cell(cell: TableCell, x: int, y: int, head: bool) -> dict[str, Any]:
    spans, text = {"columns": cell.columns, "rows": cell.rows}, words(cell.runs)
    look = {"align": cell.align, "head": head or cell.head, "number": is_number(text)}
    return {"text": text, "x": x, "y": y, **look, **spans}


def _cells(rows: tuple[TableRow, ...], top: int, *, head: bool = False) -> list[dict[str, Any]]:
    return [
        _cell(cell, x, y, head)
        for y, row in enumerate(rows, top)
        for x, cell in enumerate(row)
        if cell is not None
    ]


def _table(block: DataTable) -> dict[str, Any]:
    above = len(block.header)
    header, body = _cells(block.header, 0, head=True), _cells(block.body, above)
    from_here = above + len(block.body) - 2
    short = all(len(one["text"]) <= _LONG for one in body if one["y"] >= from_here)
    held = from_here if short and len(block.body) > 1 else None
    look = {"widths": block.widths, "size": block.size, "last_two": held}
    return {"kind": "table", "header": header, "body": body, **look}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case DataTable():
            return _table(block)
        case Heading(level, text):
            return {"kind": "heading", "level": level, "text": text}
        case Signature(lines):
            return {"kind": "signature", "lines": [words(line) for line in lines]}
        case Picture(chart):
            return {"kind": "picture", "chart": chart_data(chart)}
        case Label(runs):
            return {"kind": "label", "text": words(runs)}
        case Title(runs):
            return {"kind": "title", "text": words(runs)}
        case Caption(runs):
            return {"kind": "caption", "text": words(runs)}
        case Paragraph(runs):
            return {"kind": "paragraph", "text": words(runs)}
        case _:
            assert_never(block)


def render_pdf(document: Document) -> bytes:
    """Render a report, sealed (marks.py); the same document gives the same bytes on the same machine."""
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
    return sealed(typeset("report.typ", {"document": content}, "pdf", dated=dated))
