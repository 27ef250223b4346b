"""What a report judges, against its own figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit.case import Case, Text, quote_of
from xlbudget.audit.facts import Measure, Whole
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.headers import CLASSES, Role
from xlbudget.audit.quantities import Kind
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import counts, ticked

_FIX = "请按各项目的实际情况改写。"
_ALL = r"(?:各(?:个)?(?:预算)?项目|所有(?:预算)?项目|全部(?:预算)?项目|(?:[0-9]+|[一二两三四五六七八九十]+)个项目|各项(?:资金|支出|目标|绩效目标|工作)|项目(?:资金)?)"
FINE = re.compile(
    _ALL
    + r"[^，。；]{0,12}?(?:均|都|全部)[^，。；]{0,14}?(?:正常(?:执行|推进|开展|进行)|按(?:预算|绩效|年初|预定)?(?:的)?(?:目标|计划|进度|序时)[^，。；]{0,8}(?:执行|推进|完成|实施)|达到序时|符合序时|不低于序时|不慢于序时|快于序时|高于序时|完成序时|进展顺利|进度正常|推进顺利)"
    r"|(?:未发现|不存在|没有(?:发现|出现)?|无)[^，。；]{0,8}(?:偏差|偏离|进度(?:缓慢|滞后)|滞后)[^，。；]{0,6}(?:项目|情况|问题)"
)
ABLE = re.compile(
    _ALL
    + r"[^，。；]{0,14}?(?:均|都|全部)[^，。；]{0,10}?能(?:够)?[^，。；]{0,8}(?:实现|完成|达成)[^，。；]{0,10}"
)
_BEHIND = re.compile(
    r"(?:(?P<count>[0-9]+|[一二两三四五六七八九十]+)个(?:项目)?[^，。；]{0,18}(?:偏差|滞后|缓慢|未达|偏低|较慢|较低|红灯|黄灯|预警|影响)"
    r"|(?:偏差|滞后|缓慢|偏低|较慢|红灯|黄灯|未达序时|影响部门整体绩效目标实现)[^，。；]{0,16}项目(?:有|共|为)?(?P<after>[0-9]+|[一二两三四五六七八九十]+)个"
    r"|进度(?:较为|比较|相对|明显)?(?:缓慢|滞后|偏慢|较慢))"
)
_WISH = re.compile(r"下一步|下半年|将|要求|确保|争取|力争|应|须|需|避免|防止|杜绝")
_SLOW, _ROUNDING = Decimal("0.6"), Decimal("0.5")


@check("TXT070", "结论与数字不符")
def all_is_well(case: Case) -> Iterator[Contradiction]:
    """写“各项目均正常执行”“不存在偏差”的，不能另有项目进度缓慢、执行率过低。"""
    for text, match in case.matches(FINE):
        if _is_wish(text, match) or _is_condition(text, match):
            continue
        pace = "序时" in match.group()
        witness = _behind(case, text) or _slow_row(case, Decimal(1) if pace else _SLOW) or _unreached(case)
        if witness is not None:
            message = f"这里写“{match.group()}”，但有项目进度落后。"
            yield Contradiction(
                Confidence.LIKELY, message, _FIX, (quote_of(text, match), witness), "", match.group()
            )


def _is_wish(text: Text, match: re.Match[str]) -> bool:
    start, _ = text.passage.sentence(match.start())
    before = text.clean[max(start, match.start() - 12) : match.start()]
    return bool(_WISH.search(before))


def _is_condition(text: Text, match: re.Match[str]) -> bool:
    """Whether exceptions are told beside it: 除…外."""
    start, end = text.passage.sentence(match.start())
    return bool(
        re.search(r"除[^，。]{1,40}(?:外|以外)|其余|其他项目|多数|大部分|基本", text.clean[start:end])
    )


def _behind(case: Case, but: Text) -> Quote | None:
    """Where the report itself says that a project is behind."""
    for text, match in case.matches(_BEHIND):
        number = match["count"] or match["after"]
        if (
            number in ("0", "零")
            or _is_wish(text, match)
            or re.search(r"未发现|不存在|没有|无", text.clean[max(0, match.start() - 8) : match.start()])
        ):
            continue
        if text is not but or not FINE.search(text.clean[max(0, match.start() - 20) : match.end() + 4]):
            return quote_of(text, match)
    return None


def _slow_row(case: Case, share: Decimal) -> Quote | None:
    """The slowest row, where its execution rate is below a share of what the months passed would have."""
    month = case.period.month if case.period else None
    if not month:
        return None
    limit = Decimal(month) / 12 * 100 * share - _ROUNDING
    slow = [
        (number.value, row.quote)
        for table in case.project_tables
        if (column := table.only(Role.RATE)) is not None
        for row in table.data
        if (number := row.numbers[column]) is not None and number.value < limit
    ]
    return min(slow, key=lambda pair: pair[0])[1] if slow else None


@check("TXT071", "“均能实现”与分类不符")
def all_will_be_reached(case: Case) -> Iterator[Contradiction]:
    """写“各项目均能实现目标”的，不能另有项目不能完全实现或差距较大。"""
    for text, match in case.matches(ABLE):
        if _is_wish(text, match) or _is_condition(text, match) or "不能" in match.group():
            continue
        number = re.match("[0-9]+", match.group())
        some = number is not None and Decimal(number.group()) not in {total.value for total in counts(case)}
        witness = None if some else _unreached(case)
        if witness is not None:
            message = f"这里写“{match.group()}”，但有项目不能完全实现。"
            yield Contradiction(
                Confidence.LIKELY, message, _FIX, (quote_of(text, match), witness), "", match.group()
            )


def _unreached(case: Case) -> Quote | None:
    for one in case.of(Measure.COUNT, Whole.CLASS):
        if one.subject.name != "能实现" and one.value > 0:
            return one.quote
    for table in case.project_tables:
        for role in CLASSES[1:]:
            rows = ticked(table, role)
            if rows:
                return rows[0].quote
    return None


_PACE = re.compile(
    r"(?P<below>低于|落后于|慢于|未达到?|滞后于|达不到|不及)[^，。；]{0,4}序时(?:进度)?|(?P<above>高于|快于|超过|超|达到|符合|好于)[^，。；]{0,4}序时(?:进度)?"
)


@check("TXT072", "与序时进度的比较不对")
def pace(case: Case) -> Iterator[Contradiction]:
    """写“高于序时进度”的，执行率要真的高于已过月份所占的比例。"""
    month = case.period.month if case.period else None
    if not month:
        return
    due = Decimal(month) / 12 * 100
    for text, match in case.matches(_PACE):
        start, _ = text.passage.sentence(match.start())
        rates = [
            one
            for one in text.quantities
            if one.kind is Kind.PERCENT
            and start <= one.start < match.start()
            and match.start() - one.end <= 14
        ]
        if (
            not rates
            or not re.search(r"执行率|支出进度|支出率|执行进度|支付", text.clean[start : rates[-1].start])
            or _is_wish(text, match)
        ):
            continue
        rate, below = rates[-1], bool(match["below"])
        if rate.about or len(rates) > 1 or re.search(r"季度|当月", text.clean[start : rate.start]):
            continue
        if (rate.value >= due) if below else (rate.value < due - Decimal("0.5")):
            shown = f"{due.quantize(Decimal('0.01')):f}%"
            message = f"{month}月底的序时进度是{shown}，{text.written(rate)}不是“{match.group()}”。"
            quote = text.passage.quote(rate.start, match.end())
            yield Contradiction(Confidence.LIKELY, message, _FIX, (quote,), shown, match.group())


_AT_LEAST = re.compile(
    _ALL
    + r"(?:的)?(?P<what>预算执行率|执行率|支出进度|实现程度|自评得分|得分)均(?:在|达到?|超过|高于)(?P<number>[0-9]+(?:\.[0-9]+)?)(?:%|分)(?:\(含\))?(?:以上)?"
)
_COLUMNS = {"得分": Role.SCORE, "实现程度": Role.ACHIEVEMENT}


@check("TXT073", "“均在……以上”与统计表不符")
def all_at_least(case: Case) -> Iterator[Contradiction]:
    """写“各项目执行率均在60%以上”的，统计表里没有低于60%的项目。"""
    for text, match in case.matches(_AT_LEAST):
        role = next((role for word, role in _COLUMNS.items() if word in match["what"]), Role.RATE)
        if _is_wish(text, match) or _is_condition(text, match):
            continue
        for table in case.project_tables:
            column = table.only(role)
            low = [
                row
                for row in table.data
                if column is not None
                and (one := row.numbers[column])
                and one.value < Decimal(match["number"])
            ]
            if low:
                message = f"这里写“{match.group()}”，统计表里有更低的。"
                quotes = (quote_of(text, match), low[0].quote)
                yield Contradiction(Confidence.CERTAIN, message, _FIX, quotes, "", match.group())
                break


_SPENT_OUT = re.compile(
    _ALL
    + r"[^，。；]{0,8}?(?:均|都|全部)[^，。；]{0,12}?(?:执行|支付|支出|使用)完毕|无结转结余|没有结转结余|全部执行完毕"
)


@check("TXT074", "“执行完毕”与统计表不符")
def all_is_spent(case: Case) -> Iterator[Contradiction]:
    """写“各项目资金均已执行完毕”的，统计表里没有支出少于预算的项目。"""
    for text, match in case.matches(_SPENT_OUT):
        if _is_wish(text, match) or _is_condition(text, match):
            continue
        for table in case.project_tables:
            spent, budgets = table.only(Role.SPENT), table.at(Role.BUDGET)
            rows = [row for row in table.data if spent is not None and len(budgets) == 1]
            short = [
                row
                for row in rows
                if (a := row.numbers[spent or 0]) and (b := row.numbers[budgets[0]]) and a.value < b.value
            ]
            if short:
                message = f"这里写“{match.group()}”，统计表里有没用完的。"
                quotes = (quote_of(text, match), short[0].quote)
                yield Contradiction(Confidence.LIKELY, message, _FIX, quotes, "", match.group())
                break
