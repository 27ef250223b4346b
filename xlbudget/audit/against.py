"""A document against the workbook that it reports on: its facts, its tables, and its words where xlbudget wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xlbudget.audit.assemble import Placed, assemble
from xlbudget.audit.case import Case
from xlbudget.audit.checks.projects import measure_of
from xlbudget.audit.facts import Fact, Subject, Whole, worded
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.headers import CLASSES, Role
from xlbudget.audit.names import bare_name
from xlbudget.audit.passage import Passage, squeeze
from xlbudget.audit.registry import Check, Contradiction, registered
from xlbudget.audit.source import Place, Source
from xlbudget.audit.sums import near, ticked
from xlbudget.audit.tables import ReadTable, Row
from xlbudget.audit.truth import Truth
from xlbudget.domain.measures import ProjectResult
from xlbudget.domain.model import Batch


@dataclass(frozen=True)
class Witness:
    """The workbook's figures, and the report that xlbudget writes about it."""

    truth: Truth
    report: Source


AgainstFunction = Callable[[Case, Witness], Iterator[Contradiction]]
AGAINST: dict[str, Check[AgainstFunction]] = {}
_FIX = "请以工作簿为准改正；工作簿填错的，改工作簿后重新生成报告。"


@registered(AGAINST, "TXT080", "与工作簿的数不符")
def facts_against_workbook(case: Case, witness: Witness) -> Iterator[Contradiction]:
    """报告里的个数、金额、百分比、追加月份，与工作簿的一样。"""
    for one in case.facts:
        values = witness.truth.values(one)
        if one.about or not values or any(near(one.value, value, one.step / 2) for value in values):
            continue
        expected = "或".join(
            sorted(worded(one.measure, value, "" if one.unit == "元" else one.unit) for value in values)[:2]
        )
        message = f"这里写{one.subject}{one.measure}{one.shown}，工作簿是{expected}。"
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (one.quote,), expected, one.shown)


@registered(AGAINST, "TXT081", "统计表与工作簿不符")
def tables_against_workbook(case: Case, witness: Witness) -> Iterator[Contradiction]:
    """统计表每一行的数和勾选，与工作簿里该项目的一样；合计也一样。"""
    for table in case.project_tables:
        classes = _classes_by_place(table)
        for row in table.data:
            subject = _subject(row.cells[table.only(Role.PROJECT) or 0])
            results = witness.truth.by_name.get(subject.name)
            if results is not None:
                yield from _numbers_of(table, row, subject, witness.truth)
                yield from _class_of(row, subject, classes.get(row.quote.place, set()), results)
        if table.total is not None and all(_is_known(row, table, witness.truth) for row in table.data):
            yield from _numbers_of(table, table.total, Subject(Whole.ALL), witness.truth)


def _is_known(row: Row, table: ReadTable, truth: Truth) -> bool:
    return _subject(row.cells[table.only(Role.PROJECT) or 0]).name in truth.by_name


def _classes_by_place(table: ReadTable) -> dict[Place, set[str]]:
    """The classes that each row is ticked for."""
    found: dict[Place, set[str]] = {}
    for role in CLASSES:
        for row in ticked(table, role):
            found.setdefault(row.quote.place, set()).add(str(role))
    return found


def _subject(cell: str) -> Subject:
    """The project that a cell names, and its batch where that stands behind the name in brackets."""
    behind = re.search(r"[（(][^（()）]*(年初|追加)", cell)
    batch = None if behind is None else Whole.INITIAL if behind[1] == "年初" else Whole.ADDED
    return Subject(Whole.PROJECT, bare_name(cell), batch)


def _numbers_of(table: ReadTable, row: Row, subject: Subject, truth: Truth) -> Iterator[Contradiction]:
    for head, number in zip(table.columns, row.numbers, strict=True):
        measure = measure_of(head.role)
        if measure is None or number is None:
            continue
        unit = head.unit or ""
        one = Fact(measure, subject, number.value, number.step, False, unit, row.quote, table.position, 0)
        values = truth.values(one)
        if values and not any(near(number.value, value, number.step / 2) for value in values):
            expected = worded(measure, min(values), unit)
            message = f"{subject}的{measure}写{one.shown}，工作簿是{expected}。"
            yield Contradiction(Confidence.CERTAIN, message, _FIX, (row.quote,), expected, one.shown)


def _class_of(
    row: Row, subject: Subject, flags: set[str], results: list[ProjectResult]
) -> Iterator[Contradiction]:
    wanted = {Whole.INITIAL: Batch.INITIAL, Whole.ADDED: Batch.SUPPLEMENTARY}
    some = [one for one in results if subject.batch is None or one.project.batch is wanted[subject.batch]]
    known = {str(one.flag) for one in some if one.flag}
    if len(flags) == 1 and known and not flags <= known:
        expected, found = "或".join(sorted(known)), "、".join(flags)
        message = f"{subject}勾的是{found}，工作簿是{expected}。"
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (row.quote,), expected, found)


@registered(AGAINST, "TXT082", "项目与工作簿不符")
def projects_against_workbook(case: Case, witness: Witness) -> Iterator[Contradiction]:
    """统计表列出的项目，与工作簿的项目一样多、一样名。"""
    known = witness.truth.by_name
    for table in case.project_tables:
        column = table.only(Role.PROJECT)
        names = {bare_name(row.cells[column or 0]): row.quote for row in table.data}
        if not names.keys() & known.keys():
            continue
        for name, quote in names.items():
            if name not in known:
                message = f"工作簿里没有“{name}”。"
                yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), "", name)
        for name in known.keys() - names.keys():
            message = f"工作簿里的“{name}”没有列在统计表里。"
            yield Contradiction(Confidence.LIKELY, message, _FIX, (table.data[-1].quote,), name, "")


@registered(AGAINST, "TXT083", "标题与工作簿不符")
def title_against_workbook(case: Case, witness: Witness) -> Iterator[Contradiction]:
    """标题的年度和期间，与工作簿首页的一样。"""
    unit, title = witness.truth.case.facts.unit, case.period
    if title is None:
        return
    if title.year and unit.year and title.year != unit.year:
        message = f"标题是{title.year}年，工作簿是{unit.year}年。"
        yield Contradiction(
            Confidence.CERTAIN, message, _FIX, (title.quote,), f"{unit.year}年", f"{title.year}年"
        )
    if title.month and unit.cutoff_month and title.month != unit.cutoff_month:
        message = f"标题到{title.month}月，工作簿监控到{unit.cutoff_month}月。"
        yield Contradiction(
            Confidence.CERTAIN, message, _FIX, (title.quote,), f"{unit.cutoff_month}月", f"{title.month}月"
        )


_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|√")
Pieces = tuple[str, tuple[str, ...], Quote]
"""Words with their numbers masked, the numbers, the words as they stand."""


@registered(AGAINST, "TXT084", "与工作簿生成的报告不符")
def words_against_report(case: Case, witness: Witness) -> Iterator[Contradiction]:
    """与按工作簿生成的报告只差数字的句子和表格行，数字要一样。"""
    written = list(_pieces(case.blocks))
    generated = list(_pieces(assemble(witness.report)))
    right: dict[str, Counter[tuple[str, ...]]] = {}
    for words, numbers, _ in generated:
        right.setdefault(words, Counter())[numbers] += 1
    for words, numbers, quote in written:
        known = right.get(words)
        if known is None or not numbers:
            continue
        if known[numbers]:
            known[numbers] -= 1
            continue
        free = [candidate for candidate, left in known.items() if left] or list(known)
        nearest = min(
            free, key=lambda candidate: sum(a != b for a, b in zip(candidate, numbers, strict=True))
        )
        pairs = [(a, b) for a, b in zip(nearest, numbers, strict=True) if a != b]
        if pairs:
            expected, found = "、".join(a for a, _ in pairs), "、".join(b for _, b in pairs)
            message = f"这里写{found}，按工作簿是{expected}。"
            yield Contradiction(Confidence.CERTAIN, message, _FIX, (quote,), expected, found)


def _pieces(blocks: tuple[Passage | Placed, ...]) -> Iterator[Pieces]:
    """The sentences and table rows of a document that have words."""
    for block in blocks:
        if isinstance(block, Passage):
            for span in block.sentences:
                text = block.clean[span.start : span.end]
                yield (
                    _masked(text),
                    tuple(_NUMBER.findall(text)),
                    Quote(block.words(span.start, span.end)[:160], block.place(span.start)),
                )
        else:
            for cells, place in zip(block.rows, block.places, strict=True):
                text = "|".join(map(squeeze, cells))
                shown = " ".join(" ".join(cell.split()) for cell in cells if cell.strip())
                yield _masked(text), tuple(_NUMBER.findall(text)), Quote(shown[:160], place)


def _masked(text: str) -> str:
    return _NUMBER.sub("#", text)
