"""Tables of indicators and scores: in themselves, and against the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit.case import Case, Text
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.headers import Role
from xlbudget.audit.passage import squeeze
from xlbudget.audit.quantities import Kind, Quantity, quantities
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import column_sum
from xlbudget.audit.tables import ReadTable, Row
from xlbudget.domain.money import plain

_FIX = "请核对原始记录，把两处改成一致。"
_TAIL = re.compile(r"(?:批次|数量|个数|台数|次数|人数|户数|场次|面积|数)?(?:\([^()]*\))?$")
_NUMBERED = (Role.TARGET, Role.ACTUAL, Role.FULL_YEAR)
_OTHER_TIME = re.compile(r"上年|去年|同期|往年|目标|任务|计划|预计|拟|将|下半年|其中|季度|明年|还|再|剩余|尚")


def _indicator_column(table: ReadTable) -> int | None:
    """The last column of indicators (三级指标), in a table that has targets and what was reached."""
    columns = table.at(Role.INDICATOR)
    return columns[-1] if columns and table.at(Role.ACTUAL) else None


@check("TXT046", "指标完成数与指标表不符")
def indicators_against_table(case: Case) -> Iterator[Contradiction]:
    """正文里一个指标的完成数，是指标表里该指标的数。"""
    for table in case.tables:
        column = _indicator_column(table)
        for row in table.data if column is not None else []:
            name = _TAIL.sub("", squeeze(row.cells[column or 0]))
            numbers = _numbers(table, row)
            if len(name) >= 4 and numbers:
                for text in case.texts:
                    yield from _wrong_numbers(text, name, numbers, row)


def _numbers(table: ReadTable, row: Row) -> list[Quantity]:
    return [
        one
        for at in table.at(*_NUMBERED)
        for one in quantities(squeeze(row.cells[at]))
        if one.kind is Kind.COUNT
    ]


def _wrong_numbers(text: Text, name: str, numbers: list[Quantity], row: Row) -> Iterator[Contradiction]:
    at = text.clean.find(name)
    if at < 0:
        return
    end = at + len(name)
    after = [one for one in text.quantities if end <= one.start <= end + 4 and one.kind is Kind.COUNT]
    start, _ = text.passage.sentence(at)
    if not after or after[0].about or _OTHER_TIME.search(text.clean[max(start, at - 12) : after[0].start]):
        return
    known = [one for one in numbers if one.unit == after[0].unit]
    if known and all(one.value != after[0].value for one in known):
        expected = "或".join(dict.fromkeys(f"{plain(one.value)}{one.unit}" for one in known))
        found = text.written(after[0])
        message = f"这里写“{name}”{found}，指标表里是{expected}。"
        quotes = (text.passage.quote(at, after[0].end), row.quote)
        yield Contradiction(Confidence.LIKELY, message, _FIX, quotes, expected, found)


_NUMBER = re.compile(r"[0-9]++(?:\.[0-9]++)?+(?![0-9.])")
_TARGET = re.compile(rf"(?P<sign>[≥≤=><＞＜]|不低于|不少于|不超过|不高于)?(?P<number>{_NUMBER.pattern})")


@check("TXT047", "完成目标可能性与预计完成值矛盾")
def likelihood_against_forecast(case: Case) -> Iterator[Contradiction]:
    """写“确定能”的指标，全年预计完成值要达到年度指标值。"""
    for table in case.tables:
        target, forecast, likely = (
            table.only(role) for role in (Role.TARGET, Role.FULL_YEAR, Role.LIKELIHOOD)
        )
        if target is None or forecast is None or likely is None:
            continue
        for row in table.data:
            wanted = _TARGET.match(squeeze(row.cells[target]))
            number = _NUMBER.match(squeeze(row.cells[forecast]))
            if wanted is None or number is None or squeeze(row.cells[likely]) != "确定能":
                continue
            if not _holds(wanted["sign"] or "≥", Decimal(number.group()), Decimal(wanted["number"])):
                message = f"全年预计{row.cells[forecast]}，达不到{row.cells[target]}，却写“确定能”。"
                remedy = "请改完成目标可能性，或核对预计完成值。"
                yield Contradiction(Confidence.CERTAIN, message, remedy, (row.quote,), "", "确定能")


def _holds(sign: str, value: Decimal, target: Decimal) -> bool:
    return value <= target if sign in ("≤", "<", "＜", "不超过", "不高于") else value >= target


def _score(table: ReadTable, column: int) -> tuple[Decimal, Quote] | None:
    """The total of a column of scores: of its own row, else the sum."""
    if table.total is not None:
        number = table.total.numbers[column]
        return None if number is None else (number.value, table.total.quote)
    found = column_sum(table.data, column)
    return None if found is None else (found[0], table.data[-1].quote)


_SCORE = re.compile(
    r"(?:得分|总分|评分|自评分|综合得分|总得分)(?:为|是|：|合计|共)?(?P<score>[0-9]+(?:\.[0-9]+)?)分"
)


@check("TXT048", "得分与评分表不符")
def score_against_table(case: Case) -> Iterator[Contradiction]:
    """正文写的总得分，是评分表的合计。"""
    totals = [
        total for table in case.tables for column in table.at(Role.SCORE) if (total := _score(table, column))
    ]
    if not totals:
        return
    for text, match in case.matches(_SCORE):
        score = Decimal(match["score"])
        about_all = re.search(r"自评|总|综合|合计|报告", text.clean[max(0, match.start() - 16) : match.end()])
        if about_all and all(score != value for value, _ in totals):
            expected, found = f"{plain(totals[0][0])}分", f"{plain(score)}分"
            message = f"这里写{found}，评分表合计是{expected}。"
            quotes = (text.passage.quote(match.start(), match.end()), totals[0][1])
            yield Contradiction(Confidence.CERTAIN, message, _FIX, quotes, expected, found)
