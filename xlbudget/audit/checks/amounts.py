"""Money of all projects together: said twice, added up, against tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit.case import Case, Text, once
from xlbudget.audit.checks.arithmetic import DELTA
from xlbudget.audit.facts import MONEY_MEASURES, Fact, Measure, Whole, worded
from xlbudget.audit.finding import Confidence
from xlbudget.audit.headers import Role
from xlbudget.audit.quantities import Kind, Quantity
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import (
    BUDGET_COLUMNS,
    Total,
    added_facts,
    added_up,
    budgets,
    class_tables,
    column_sum,
    counts,
    facts_once,
    near,
    near_one,
    slipped_rows,
    unclassed,
)
from xlbudget.domain.money import plain

_FIX = "请按预算批复和账簿核对，把各处改成一致。"


@check("TXT010", "同一金额前后不一致")
def amounts_agree(case: Case) -> Iterator[Contradiction]:
    """同一笔总额（年初预算、追加、累计支出、合同），前后各处要一样。"""
    for measure in MONEY_MEASURES:
        for whole in (Whole.INITIAL, Whole.ADDED, Whole.ALL, Whole.CLASS):
            groups: dict[str, list[Fact]] = {}
            for one in case.of(measure, whole):
                groups.setdefault(one.subject.name, []).append(one)
            for facts in groups.values():
                yield from _differing(case, facts)


def _differing(case: Case, facts: list[Fact]) -> Iterator[Contradiction]:
    first = facts[0]
    for one in facts[1:]:
        if near(one.value, first.value, max(one.step, first.step) / 2) or _explained(case, one, first):
            continue
        sure = Confidence.CERTAIN if first.subject.whole is not Whole.ALL else Confidence.LIKELY
        message = f"这里写{one.subject}{one.measure}{one.shown}，前面写{first.shown}。"
        yield Contradiction(sure, message, _FIX, (one.quote, first.quote), first.shown, one.shown)


def _explained(case: Case, one: Fact, first: Fact) -> bool:
    """Whether one of two totals is that of another stretch: of the year's beginning only, or with what was added."""
    if one.subject.whole is not Whole.ALL or one.measure is not Measure.BUDGET:
        return False
    parts = _parts_of_all(case)
    slack = max(one.step, first.step)
    amounts = (one.value, first.value, abs(one.value - first.value))
    return any(near_one(parts, amount, slack) for amount in amounts)


@once
def _parts_of_all(case: Case) -> list[Decimal]:
    """The money of the year's beginning, and what was added, by the text and by the tables, ascending."""
    parts = {fact.value for fact in case.of(Measure.BUDGET, Whole.INITIAL, Whole.ADDED)}
    for table in case.tables:
        sums = [column_sum(table.data, column) for column in table.at(Role.INITIAL, Role.ADDED)]
        parts |= {total[0] for total in sums if total is not None}
    return sorted(parts)


@check("TXT011", "年初预算加追加不等于总额")
def parts_of_budget(case: Case) -> Iterator[Contradiction]:
    """年初预算加追加资金，等于预算总额。"""
    initial, all_ = (case.of(Measure.BUDGET, whole) for whole in (Whole.INITIAL, Whole.ALL))
    added = added_facts(case, Measure.BUDGET)
    if not (initial and added and all_):
        return
    value, slack = added_up([(one.value, one.step) for one in (initial[0], *added)])
    whole = [one for one in all_ if one.together]
    known = [*initial, *added]
    if whole and not any(near(one.value, value, max(slack, one.step / 2)) for one in all_):
        one = whole[0]
        if any(near(one.value, other.value, one.step / 2) for other in known):
            return
        expected = worded(Measure.BUDGET, value)
        extra = "、".join(other.shown for other in added)
        message = f"年初{initial[0].shown}加追加{extra}是{expected}，这里写{one.shown}。"
        quotes = (one.quote, initial[0].quote, added[0].quote)
        yield Contradiction(Confidence.LIKELY, message, _FIX, quotes, expected, one.shown)


@check("TXT012", "金额合计与统计表不符")
def totals_against_tables(case: Case) -> Iterator[Contradiction]:
    """写明的预算总额、累计支出总额，等于统计表的合计。"""
    for measure, roles in ((Measure.BUDGET, (*BUDGET_COLUMNS, Role.ADDED)), (Measure.SPENT, (Role.SPENT,))):
        totals = list(_table_totals(case, roles))
        for one in case.of(measure, Whole.ALL):
            if totals and one.together and not any(_agrees(one, total) for total in totals):
                expected = worded(measure, totals[0].value)
                message = f"这里写{measure}共{one.shown}，{totals[0].words}{expected}。"
                quotes = (one.quote, totals[0].quote)
                yield Contradiction(_sure(one, totals), message, _FIX, quotes, expected, one.shown)


def _agrees(one: Fact, total: Total) -> bool:
    return near(one.value, total.value, max(total.slack, one.step / 2))


def _sure(one: Fact, totals: list[Total]) -> Confidence:
    """A number ten thousand times off, or near the total, is a slip; another may be of other money."""
    nearest = min(totals, key=lambda total: abs(total.value - one.value))
    ratio = one.value / nearest.value if nearest.value else Decimal(0)
    return (
        Confidence.CERTAIN
        if Decimal("0.5") <= ratio <= 2 or ratio in (10_000, Decimal("0.0001"))
        else Confidence.LIKELY
    )


def _table_totals(case: Case, roles: tuple[Role, ...]) -> Iterator[Total]:
    for table in case.project_tables:
        for column in table.at(*roles):
            total = None if slipped_rows(table, column) else column_sum(table.data, column)
            words = f"统计表“{table.columns[column].header}”合计"
            if total is not None:
                yield Total(*total, words, table.data[0].quote)
            last = table.total.numbers[column] if table.total else None
            if table.total and last:
                yield Total(last.value, last.step / 2, words, table.total.quote)


@check("TXT013", "各类项目涉及资金与统计表不符")
def class_money(case: Case) -> Iterator[Contradiction]:
    """写明的各类项目资金，等于统计表里该类各行的资金之和；各类之和等于全部项目的资金。"""
    facts = facts_once(case.of(Measure.BUDGET, Whole.CLASS))
    told = False
    for table, rows in class_tables(case):
        for name, one in facts.items():
            sums = [
                column_sum(rows[name], column) or (Decimal(0), Decimal(0))
                for column in table.at(*BUDGET_COLUMNS)
            ]
            if sums and not any(near(one.value, value, max(slack, one.step / 2)) for value, slack in sums):
                expected = worded(Measure.BUDGET, sums[-1][0])
                message = f"这里写“{name}”的项目涉及资金{one.shown}，统计表里该类合计{expected}。"
                witness = (rows[name] or table.data)[0].quote
                yield Contradiction(
                    Confidence.CERTAIN, message, _FIX, (one.quote, witness), expected, one.shown
                )
                told = True
    numbers = facts_once(case.of(Measure.COUNT, Whole.CLASS))
    funded = {name for name, one in numbers.items() if one.value}
    if (
        not told
        and facts
        and not unclassed(case)
        and funded <= facts.keys()
        and (len(facts) == 3 or _cover_all(case, numbers))
    ):
        yield from _class_sum(case, facts)


def _cover_all(case: Case, numbers: dict[str, Fact]) -> bool:
    """Whether the classes that are told have all projects."""
    value = sum((one.value for one in numbers.values()), Decimal(0))
    return any(total.value == value for total in counts(case))


def _class_sum(case: Case, facts: dict[str, Fact]) -> Iterator[Contradiction]:
    value, slack = added_up((one.value, one.step) for one in facts.values())
    totals = [total for total in budgets(case) if total.quote not in [one.quote for one in facts.values()]]
    if totals and not any(near(value, total.value, max(slack, total.slack)) for total in totals):
        accused = max(facts.values(), key=lambda one: one.value)
        expected, found = worded(Measure.BUDGET, totals[0].value), worded(Measure.BUDGET, value)
        message = f"各类项目涉及资金加起来是{found}，{totals[0].words}{expected}。"
        yield Contradiction(
            Confidence.LIKELY, message, _FIX, (accused.quote, totals[0].quote), expected, found
        )


@check("TXT014", "逐项金额加起来不等于写明的合计")
def listed_amounts(case: Case) -> Iterator[Contradiction]:
    """“共3个项目，预算6.41万元，具体如下”下面逐项列出的金额，加起来等于6.41万元。"""
    for whole in (Whole.INITIAL, Whole.ADDED, Whole.ALL):
        for count in case.of(Measure.COUNT, whole):
            totals = [
                one
                for one in case.of(Measure.BUDGET, whole)
                if one.block == count.block and one.start > count.start
            ]
            items = _items_below(case, count) if totals else []
            if len(items) != count.value or len(items) < 2:
                continue
            value, slack = added_up((one.value, one.step) for one in items)
            if not near(value, totals[0].value, max(slack, totals[0].step / 2)):
                expected = worded(Measure.BUDGET, value)
                message = f"下面逐项列出的金额加起来是{expected}，这里写{totals[0].shown}。"
                quotes = (totals[0].quote, items[0].quote)
                yield Contradiction(Confidence.CERTAIN, message, _FIX, quotes, expected, totals[0].shown)


def _block(text: Text) -> int:
    return text.block


def _items_below(case: Case, count: Fact) -> list[Fact]:
    """The first amount of each passage below a statement that begins with a project."""
    found: dict[str, Fact] = {}
    for text in case.texts[bisect_left(case.texts, count.block, key=_block) :]:
        if text.block == count.block and len(text.clean) <= count.start:
            continue
        facts = [
            one
            for one in case.facts_at.get(text.block, ())
            if one.measure is Measure.BUDGET
            and one.subject.whole is Whole.PROJECT
            and (one.block > count.block or one.start > count.start)
        ]
        if not facts:
            if text.block > count.block:
                break
            continue
        if len(found) > count.value:
            break  # more than was said
        for one in facts:
            found.setdefault(one.subject.name, one)
    return list(found.values())


_PARTS = re.compile(
    r"其中[：，]?|按[^，。；0-9]{2,6}分[：，]?|(?<=[个家所])[^，。；()0-9]{0,4}\((?=[^()]*[0-9]+[个家所][、，])|分项目看[：，]?|包括[：，]?|具体(?:为|是|包括)[：，]?|分别(?:是|为)[：，]?|(?<=元)："
)
_WHOLE_LIST = re.compile("分别|具体|按")
_OPEN_END = re.compile(r"等|主要|占|约")
_ALL_PARTS = re.compile(r"分项目看|分别|具体|：|财政|预算|资金|基金|补助|拨款|自筹|中央|省级|市级|县级")
_OTHER_COUNT = re.compile(
    r"其中|享受|受益|实际|比|上年|去年|同比|每|合计|共计|总计|(?<!公)共(?!服)|增|减|低于|高于|已|目前|本年|今年|截至|另"
)
_NOT_A_PART = re.compile(
    r"去年|上半年|往年|(?<!基本)(?<!项目)支出|(?<!转移)支付|执行|使用|其中|比|上年|同比|每|合计|共计|总计|(?<!公)共|增|减|低于|高于|已|目前|本年|今年|截至|另"
)


@check("TXT015", "各部分加起来不等于总数")
def parts_of_whole(case: Case) -> Iterator[Contradiction]:
    """“共30万元，其中甲18万元、乙12万元”：各部分加起来不超过总数，列全的要等于总数。"""
    for at, text in enumerate(case.texts):
        for match in _PARTS.finditer(text.clean):
            total = _total_before(text, match.start(), match.group()[:4] == "分项目看")
            if total is None or total.about:
                continue
            below, parts = text, _parts_after(text, match.end(), total)
            if not parts and match.end() >= len(text.clean) - 1 and at + 1 < len(case.texts):
                below = case.texts[at + 1]
                parts = _parts_after(below, 0, total)
            if len(parts) >= 2 and not any(one.about for one in parts):
                yield from _judge_parts(text, total, below, parts, match.group())


def _total_before(text: Text, position: int, by_project: bool) -> Quantity | None:
    """The number that a list of parts stands behind; of 分项目看 the first amount of the sentence before it."""
    if by_project:
        start = text.clean.rfind("。", 0, position - 1) + 1
        money = [one for one in text.quantities if start <= one.start < position and one.kind is Kind.MONEY]
        return money[0] if money else None
    before = [
        one
        for one in text.quantities
        if one.end <= position
        and one.kind in (Kind.MONEY, Kind.COUNT)
        and not re.search("上年|去年|同期", text.clean[max(0, one.start - 8) : one.start])
    ]
    near_by = [
        one
        for one in before
        if position - one.end <= _TOTAL_WITHIN
        and "。" not in text.clean[one.end : position]
        and not DELTA.search(text.clean[max(0, one.start - 10) : one.start])
    ]
    return near_by[-1] if near_by else None


_TOTAL_WITHIN = 14


def _parts_after(text: Text, start: int, total: Quantity) -> list[Quantity]:
    """Numbers of the total's unit, one a clause, until words that speak of something else."""
    end = text.clean.find("。", start)
    parts: list[Quantity] = []
    since = start
    for one in text.quantities:
        same = one.kind is total.kind and (one.kind is Kind.MONEY or one.unit == total.unit)
        if one.start < start or not same or _is_bracketed(text.clean, start, one.start):
            continue
        lead = text.clean[since : one.start]
        counted = total.kind is Kind.COUNT and (len(lead) > _NOUN or re.search("[；%]", lead))
        if (
            (end >= 0 and one.start > end)
            or len(lead) > _LEAD
            or counted
            or not re.search(r"[\u4e00-\u9fff]{2}", lead)
            or (_NOT_A_PART if total.kind is Kind.MONEY else _OTHER_COUNT).search(lead)
        ):
            break
        if parts and not re.search("[，、；和及]", lead):
            parts.pop()  # two numbers in one clause: which of them is the part cannot be told
            break
        parts.append(one)
        since = one.end
    if parts and (_shares_clause(text, parts[-1], total.unit) or _goes_on(text, parts[-1], total, end)):
        return []
    return parts


def _goes_on(text: Text, part: Quantity, total: Quantity, end: int) -> bool:
    """Whether more numbers of the total's kind follow in the sentence, which were not understood as parts."""
    last = end if end >= 0 else len(text.clean)
    return total.kind is Kind.MONEY and any(
        one.kind is Kind.MONEY and part.end <= one.start < last for one in text.quantities
    )


def _is_bracketed(text: str, start: int, position: int) -> bool:
    """Whether a position is in brackets that open after `start`: what is said there is of one part only."""
    return text.count("(", start, position) > text.count(")", start, position)


def _shares_clause(text: Text, part: Quantity, unit: str) -> bool:
    """Whether another number of the unit follows in the clause of the last part: which of them counts cannot be told."""
    ends = [at for sign in "，、；。" if (at := text.clean.find(sign, part.end)) >= 0]
    end = min(ends, default=len(text.clean))
    return any(part.end <= one.start < end and one.unit == unit for one in text.quantities)


_LEAD, _NOUN = 30, 12


def _judge_parts(
    above: Text, total: Quantity, text: Text, parts: list[Quantity], word: str
) -> Iterator[Contradiction]:
    sums = [added_up((one.value, one.step) for one in parts[:number]) for number in range(2, len(parts) + 1)]
    loose = max((slack for _, slack in sums), default=Decimal(0)) if total.kind is Kind.MONEY else Decimal(0)
    if any(near(value, total.value, max(loose, total.blur)) for value, _ in sums):
        return
    value = sums[-1][0]
    over = value > total.value
    words = text.clean[max(0, parts[0].start - _LEAD) : parts[-1].end]
    if not over and (
        (total.kind is Kind.COUNT and not _WHOLE_LIST.match(word))
        or _OPEN_END.search(words)
        or not _ALL_PARTS.search(word + words)
    ):
        return
    quote = text.passage.quote(parts[0].start, parts[-1].end)
    quotes = (above.passage.quote(total.start, total.end), quote)
    shown = worded(Measure.BUDGET, value) if total.kind is Kind.MONEY else f"{plain(value)}{total.unit}"
    slip = _unit_slip(text, parts, total, value)
    if slip is not None:
        written, right = slip
        message = f"这里写{written}，按合计算应是{right}，单位写错了。"
        yield Contradiction(Confidence.CERTAIN, message, "请核对单位。", quotes[::-1], right, written)
        return
    written = above.written(total)
    message = f"各部分加起来是{shown}，总数写{written}。"
    sure = Confidence.CERTAIN if over else Confidence.LIKELY
    yield Contradiction(sure, message, "请核对总数和各部分。", tuple(dict.fromkeys(quotes)), shown, written)


def _unit_slip(text: Text, parts: list[Quantity], total: Quantity, value: Decimal) -> tuple[str, str] | None:
    """The part that makes the sum right when 元 is read as 万元, or 万元 as 元: as written, and as it should be."""
    for one in parts if total.kind is Kind.MONEY else []:
        for factor in (Decimal(10_000), Decimal("0.0001")):
            if near(
                value - one.value + one.value * factor, total.value, max(one.step * factor, total.step) / 2
            ):
                return text.written(one), worded(Measure.BUDGET, one.value * factor)
    return None
