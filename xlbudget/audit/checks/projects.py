"""What is said of one project: in the text, in the table, in another place of the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from xlbudget.audit.case import Case, Text, once
from xlbudget.audit.facts import Fact, Measure, Whole, worded
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.headers import MONEY, Role
from xlbudget.audit.passage import Span
from xlbudget.audit.quantities import MONEY_UNITS, Kind
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import near, near_one
from xlbudget.audit.tables import Number, ReadTable, Row

_FIX = "请按原始资料核对，把各处改成一致。"
_ROLES = {
    Measure.BUDGET: (Role.BUDGET, Role.INITIAL, Role.ADDED),
    Measure.SPENT: (Role.SPENT,),
    Measure.LEFT: (Role.LEFT,),
    Measure.CONTRACT: (Role.CONTRACT,),
    Measure.RATE: (Role.RATE,),
    Measure.ACHIEVEMENT: (Role.ACHIEVEMENT,),
    Measure.FORECAST: (Role.FORECAST,),
}


def measure_of(role: Role) -> Measure | None:
    """What a column of a project table measures."""
    return next((measure for measure, roles in _ROLES.items() if role in roles), None)


def _numbers(rows: Iterable[tuple[ReadTable, Row]], roles: Sequence[Role]) -> list[tuple[Number, Quote]]:
    return [
        (number, row.quote)
        for table, row in rows
        for column in table.at(*roles)
        if (number := row.numbers[column]) is not None
    ]


def _explanations(numbers: Sequence[Decimal], given: Sequence[Decimal]) -> set[Decimal]:
    """What an amount may rightly be: a number of the table, a sum of some of them, such a sum and what was added."""
    some = list(dict.fromkeys(numbers))[:6]
    sums = {
        sum(chosen, Decimal(0)) for size in range(1, len(some) + 1) for chosen in combinations(some, size)
    }
    whole = sum(numbers, Decimal(0))
    gaps = {abs(one - other) for one in some for other in some if one != other}
    return sums | gaps | {whole} | {abs(one - other) for one in sums for other in dict.fromkeys(given)}


_Allowed = tuple[list[tuple[Number, Quote]], list[Decimal], Decimal]
"""The numbers of a project in tables, what a number of the text may be (ascending), the coarsest step."""


def _allowed(case: Case, name: str, roles: tuple[Role, ...], money: bool) -> _Allowed:
    numbers = _numbers(case.rows_by_name.get(name, ()), roles)
    values = [number.value for number, _ in numbers]
    given = [fact.value for fact in case.facts_by_name[name] if fact.subject.batch is not None]
    allowed = _explanations(values, given) if money else set(values)
    return numbers, sorted(allowed), max((number.step for number, _ in numbers), default=Decimal(0))


@check("TXT020", "项目的数与统计表不符")
def project_against_table(case: Case) -> Iterator[Contradiction]:
    """正文里一个项目的预算、支出、执行率、实现程度，与统计表里该项目的一样。"""
    known: dict[tuple[str, tuple[Role, ...], bool], _Allowed] = {}
    for one in case.facts:
        if one.subject.whole is not Whole.PROJECT or one.measure not in _ROLES or one.about:
            continue
        roles = tuple(MONEY) if one.bare else _ROLES[one.measure]
        money = one.unit in MONEY_UNITS
        key = (one.subject.name, roles, money)
        if key not in known:
            known[key] = _allowed(case, *key)
        numbers, allowed, step = known[key]
        if not numbers:
            continue
        slack = max(one.step, step) / 2
        part = (one.subject.batch or one.bare) and money and one.subject.name in _changed(case)
        if part or near_one(allowed, one.value, slack):
            continue
        number, quote = numbers[0]
        expected = worded(one.measure, number.value)
        unit = (
            "，差一万倍，请看单位"
            if money and number.value and one.value / number.value in (10_000, Decimal("0.0001"))
            else ""
        )
        message = f"这里写“{one.subject.name}”{one.measure}{one.shown}，统计表里是{expected}{unit}。"
        yield Contradiction(Confidence.CERTAIN, message, _FIX, (one.quote, quote), expected, one.shown)


_CHANGED = re.compile(r"追加|调[增减整剂]|核减|压减|新增|收回|盘活|统筹")


@once
def _changed(case: Case) -> set[str]:
    """The projects of which the text tells that their money was changed in the year, so that the first budget is not the last."""
    found = set()
    for text in case.texts:
        told = {span: _CHANGED.search(text.clean, span.start, span.end) for span in text.passage.sentences}
        found |= {one.name for one in text.mentions if told.get(Span(*text.passage.sentence(one.start)))}
    return found


@check("TXT021", "同一项目的数前后不一致")
def project_twice(case: Case) -> Iterator[Contradiction]:
    """正文几处说到同一个项目的同一个数，要一样。"""
    groups: dict[tuple[Measure, str, object], list[Fact]] = {}
    for one in case.facts:
        if one.subject.whole is Whole.PROJECT and one.measure in _ROLES and not one.about:
            groups.setdefault((one.measure, one.subject.name, one.subject.batch), []).append(one)
    for (measure, name, _), facts in groups.items():
        if _numbers(case.rows_by_name.get(name, ()), _ROLES[measure]):
            continue  # TXT020 compares each with the table
        first = facts[0]
        batched = sorted(
            fact.value
            for fact in case.facts_by_name[name]
            if fact.subject.batch is not None and fact.measure is measure
        )
        for other in facts[1:]:
            slack = max(other.step, first.step) / 2
            amounts = (abs(other.value - first.value), other.value, first.value)
            explained = any(near_one(batched, amount, slack) for amount in amounts)
            if not near(other.value, first.value, slack) and not explained:
                message = f"这里写“{name}”{measure}{other.shown}，前面写{first.shown}。"
                yield Contradiction(
                    Confidence.LIKELY, message, _FIX, (other.quote, first.quote), first.shown, other.shown
                )


@check("TXT022", "追加月份前后不一致")
def months_of_supplement(case: Case) -> Iterator[Contradiction]:
    """同一个追加项目，前后写的追加月份要一样。"""
    first: dict[str, Fact] = {}
    for one in case.of(Measure.MONTH, Whole.PROJECT):
        for name in one.subject.name.split("、"):
            other = first.setdefault(name, one)
            if other.value != one.value and len(_supplements(case)[name]) < 2:
                message = f"“{name}”这里写{one.shown}追加，前面写{other.shown}追加。"
                quotes = (one.quote, other.quote)
                yield Contradiction(
                    Confidence.CERTAIN, message, "请按追加文件核对月份。", quotes, other.shown, one.shown
                )


@once
def _supplements(case: Case) -> Mapping[str, set[Decimal]]:
    """The amounts that were added to each project; more than one tells of several supplements."""
    found = defaultdict[str, set[Decimal]](set)
    for name, facts in case.facts_by_name.items():
        found[name] |= {one.value for one in facts if one.subject.batch is Whole.ADDED}
    return found


def _budgets_of(case: Case, name: str) -> list[Decimal]:
    """The different amounts that tables and text give as the budget of a project."""
    key = ("budgets of", name)
    if key not in case.known:
        numbers = _numbers(case.rows_by_name.get(name, ()), (Role.BUDGET, Role.INITIAL, Role.ADDED))
        told = [fact.value for fact in case.facts_by_name.get(name, ()) if fact.measure is Measure.BUDGET]
        case.known[key] = list(dict.fromkeys([*(number.value for number, _ in numbers), *told]))
    found: list[Decimal] = case.known[key]
    return found


_SEVERAL_YEARS = re.compile(
    r"三年|两年|多年|个年度|分年|分期|跨年|跨年度|逐年|按年|年度支付|每年|质保|尾款|以后年度|下年|明年|续签|付清|余款|已付|前两年|累计支付|[二三四五]年期|剩余.{0,12}(?:20[0-9]{2}|次|下)年"
)


@check("TXT023", "合同金额大于安排的资金")
def contract_above_funds(case: Case) -> Iterator[Contradiction]:
    """合同金额一般不大于该项目年初、追加资金之和；分年支付的要写明。"""
    for one in case.of(Measure.CONTRACT, Whole.PROJECT):
        name = one.subject.name
        values = _budgets_of(case, name)
        text = case.text_at.get(one.block)
        told = text is not None and _SEVERAL_YEARS.search(text.clean)
        funds = sum(values, Decimal(0))
        if values and one.value > funds and not told and not _compared(text, one, values, funds):
            expected = worded(Measure.BUDGET, funds)
            message = f"“{name}”合同金额{one.shown}，安排的资金至多{expected}。"
            remedy = "请核对合同和预算；跨年支付的，请写明各年各付多少。"
            yield Contradiction(Confidence.LIKELY, message, remedy, (one.quote,), expected, one.shown)


def _compared(text: Text | None, one: Fact, values: Sequence[Decimal], funds: Decimal) -> bool:
    """Whether the sentence itself puts the sum of all batches beside the contract, so that nobody is misled."""
    if text is None or funds == max(values):
        return False
    start, end = text.passage.sentence(one.start)
    return any(
        other.value == funds
        for other in text.quantities
        if start <= other.start < end and other.start != one.start
    )


@check("TXT024", "元与万元混用")
def mixed_units(case: Case) -> Iterator[Contradiction]:
    """同一份报告里，各项目的预算用同一个单位。"""
    facts = [
        one for one in case.facts if one.measure is Measure.BUDGET and one.subject.whole is Whole.PROJECT
    ]
    in_wan = [one for one in facts if one.unit == "万元"]
    in_yuan = [
        one for one in facts if one.unit == "元" and one.value >= 10_000 and not _said_in_wan(case, one)
    ]
    if in_wan and in_yuan and len(in_yuan) < len(in_wan):
        one = in_yuan[0]
        expected = worded(Measure.BUDGET, one.value)
        message = f"这里用“元”（{one.shown}），别处用“万元”。"
        quotes = (one.quote, in_wan[0].quote)
        yield Contradiction(Confidence.POSSIBLE, message, "建议统一用万元。", quotes, expected, one.shown)


def _said_in_wan(case: Case, one: Fact) -> bool:
    """Whether the same sentence gives the amount in 万元, too."""
    text = case.text_at.get(one.block)
    if text is None:
        return False
    return any(
        other.kind is Kind.MONEY and other.unit == "万元" and other.value == one.value
        for other in text.between(*text.passage.sentence(one.start))
    )


@check("TXT025", "支出超过预算")
def spent_above_budget(case: Case) -> Iterator[Contradiction]:
    """一个项目写明的支出，不超过写明的预算（连同追加）。"""
    for one in case.of(Measure.SPENT, Whole.PROJECT):
        name = one.subject.name
        values = _budgets_of(case, name)
        funds = sum(values, Decimal(0))
        if values and one.value > funds:
            expected = worded(Measure.BUDGET, funds)
            message = f"“{name}”支出{one.shown}，预算至多{expected}。"
            yield Contradiction(
                Confidence.LIKELY,
                message,
                "请核对支出，或写明追加了多少。",
                (one.quote,),
                expected,
                one.shown,
            )
