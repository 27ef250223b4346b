"""Numbers told one after the other of things named one after the other (甲、乙、丙分别为1、2、3), against the table of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from xlbudget.audit.figures import Figure, unit_of
from xlbudget.audit.finding import Confidence
from xlbudget.audit.grid import Cell, Column, Grid, Kind, Row
from xlbudget.audit.interval import HUNDRED, Interval, exactly, rounded
from xlbudget.audit.labels import bare
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.slips import slipped_to
from xlbudget.audit.values import shown

_JOINS = re.compile("、|和|及|与|以及|，")
_EACH = re.compile("分别[^#，。；]{0,8}$")
Named = list[Row]
Told = list[Interval | None]


@relation("TXT171", "分别所列的数与表里不符", Confidence.LIKELY)
def against_rows(document: Document) -> Iterator[Tie]:
    """“甲、乙、丙的执行率分别为95%、96%、90%”：按先后等于表里甲、乙、丙的，两个不会对调，其余都对的也不会错一个。"""
    for text in document.paragraphs:
        for run in _runs(text) if "分别" in text.clean else ():
            for grid in document.grids:
                rows = _named(text, run[0], grid)
                if len(rows) == len(run):
                    yield from _compared(text, run, rows, _columns(grid, rows, run[0]))


def _runs(text: Paragraph) -> Iterator[list[Figure]]:
    """The numbers told after 分别: of one kind, joined by nothing but 、 and 和."""
    for at, first in enumerate(text.figures):
        if _EACH.search(first.lead):
            run = [first]
            for one in text.figures[at + 1 :]:
                between = text.clean[run[-1].end : one.start]
                if one.unit != first.unit or not _JOINS.fullmatch(between):
                    break
                run.append(one)
            yield run


def _named(text: Paragraph, first: Figure, grid: Grid) -> Named:
    """The rows of a table that a sentence names before 分别, in its order; none where one is named by two rows."""
    start, _ = text.passage.sentence(first.start)
    before = text.clean[start : text.clean.rfind("分别", start, first.start)]
    found: dict[int, Row] = {}
    for row in sorted(grid.data, key=lambda each: -len(grid.name(each))):
        name = bare(grid.name(row)) or grid.name(row)
        at = before.find(name) if len(name) >= 2 else -1
        if at in found:
            return []
        if at >= 0:
            found[at] = row
            before = before[:at] + "#" * len(name) + before[at + len(name) :]
    return [found[at] for at in sorted(found)]


def _columns(grid: Grid, rows: Named, one: Figure) -> Iterator[Told]:
    """What the table tells of some rows: an amount or percentage a column, and percentages of two amounts."""
    if not one.is_percent:
        unit = (grid.unit or unit_of(one)) if one.is_money else 1
        for column in (*grid.amounts, *grid.of_kind(Kind.SCORE)):
            yield [exactly(cell.value * unit) if cell else None for cell in _cells(rows, column)]
        return
    for column in grid.of_kind(Kind.PERCENT):
        yield [rounded(cell.value, cell.step) if cell else None for cell in _cells(rows, column)]
    for part, whole in permutations(grid.amounts, 2):
        pairs = zip(_cells(rows, part), _cells(rows, whole), strict=True)
        shares = [a.range.percent_of(b.range) if a and b else None for a, b in pairs]
        yield shares
        yield [_distance(each) if each else None for each in shares]


def _cells(rows: Named, column: Column) -> list[Cell | None]:
    return [row.numbers.get(column.at) for row in rows]


def _distance(share: Interval) -> Interval:
    """How far a percentage is above or below 100."""
    by = share - exactly(HUNDRED)
    return by if by.low + by.high >= 0 else -by


def _compared(text: Paragraph, run: Sequence[Figure], rows: Named, columns: Iterator[Told]) -> Iterator[Tie]:
    """A tie where the numbers are those of one column, but for two that are exchanged, or one of at least three."""
    best: list[tuple[list[int], list[Interval]]] = []
    for column in columns:
        told = [each for each in column if each is not None]
        if len(told) == len(run):
            wrong = [at for at, one in enumerate(run) if not told[at].meets(one.range)]
            if not wrong:
                return
            best.append((wrong, told))
    for wrong, told in best:
        is_known = len({(one.low, one.high) for one in told}) > 1
        if is_known and (_exchanged(run, wrong, told) or _one_of_many(run, wrong, told)):
            first = run[wrong[0]]
            expected = shown(told[wrong[0]].middle, first)
            message = f"{rows[wrong[0]].label}这里写{text.written(first)}，按表里是{expected}。"
            yield tie(False, text, [first], message, expected, first, rows[wrong[0]].quote)
            return


def _exchanged(run: Sequence[Figure], wrong: Sequence[int], told: Sequence[Interval]) -> bool:
    return (
        len(wrong) == 2
        and told[wrong[0]].meets(run[wrong[1]].range)
        and told[wrong[1]].meets(run[wrong[0]].range)
    )


def _one_of_many(run: Sequence[Figure], wrong: Sequence[int], told: Sequence[Interval]) -> bool:
    """Whether one of at least three numbers is wrong: by a slip, or where it repeats its neighbour."""
    if len(wrong) != 1 or len(run) < 3:
        return False
    at = wrong[0]
    beside = [run[each].value for each in (at - 1, at + 1) if 0 <= each < len(run)]
    return run[at].value in beside or slipped_to(run[at].value, run[at].step, told[at]) is not None
