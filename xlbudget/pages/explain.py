"""数从哪里来: how the figures of projects came about, each source a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlbudget import layout
from xlbudget.domain.money import plain
from xlbudget.domain.where import Where
from xlbudget.pages.grid import Grid, GridCell
from xlbudget.pages.metrics import column_points, row_height
from xlbudget.pages.styles import inner_width
from xlbudget.report.explain import ROUNDING, UNKNOWN, Explanation

_WORDS, _LINKS = 3, 4
"""Columns of words (what, how, result) and of links."""


def explain_grid(explanations: Iterable[Explanation]) -> Grid:
    """A block a project row: its figures, then the terms of 实现程度, with arithmetic and the cells behind."""
    grid = Grid(layout.EXPLAIN)
    grid.wide(layout.EXPLAIN.name, "title", height=30)
    grid.wide(f"{ROUNDING}。点单元格的名字，可以跳过去。", "hint", height=20)
    for one in explanations:
        project = one.result.project
        batch = f"{f'{project.month}月' if project.month else ''}{project.batch or ''}"
        grid.line(height=6)
        grid.wide(
            f"{project.name or '（项目名称未填）'}（编号 {project.id or '—'}，{batch}）", "group", height=22
        )
        heads = ("数", "怎么算的", "结果", "用到的单元格")
        grid.line(*(GridCell(text, "head") for text in heads), height=24)
        grid.merge(grid.row, _WORDS + 1, grid.row, _WORDS + _LINKS)
        for what, how, result, cells in _lines(one):
            _line(grid, what, how, result, list(dict.fromkeys(cells)))
    return grid


def _lines(one: Explanation) -> Iterator[tuple[str, str, str, Iterable[Where]]]:
    for figure in one.figures:
        yield figure.what, figure.formula, figure.result, figure.cells
    for part in one.parts:
        yield (
            f"　其中：{part.what}",
            part.how,
            UNKNOWN if part.value is None else plain(part.value),
            part.cells,
        )


def _line(grid: Grid, what: str, how: str, result: str, cells: list[Where]) -> None:
    widths = [inner_width("body", column_points(width)) for width in layout.EXPLAIN.widths[:_WORDS]]
    height = row_height(list(zip((what, how, result), widths, strict=True)))
    words: list[GridCell | None] = [GridCell(text, "body") for text in (what, how, result)]
    grid.line(*words, *_links(cells[:_LINKS]), height=height)
    for start in range(_LINKS, len(cells), _LINKS):
        nothing = [GridCell(None, "body")] * _WORDS
        grid.line(*nothing, *_links(cells[start : start + _LINKS]), height=20)


def _links(cells: list[Where]) -> list[GridCell]:
    found = [GridCell(str(one), "link", one if one.at else None) for one in cells]
    return found + [GridCell(None, "body")] * (_LINKS - len(found))
