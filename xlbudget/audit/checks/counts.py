"""How many projects there are: said twice, added up, counted in tables and lists."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from xlbudget.audit.case import Case, Text
from xlbudget.audit.facts import NOT_STARTED, Fact, Measure, Whole
from xlbudget.audit.finding import Confidence
from xlbudget.audit.headers import Role
from xlbudget.audit.quantities import Kind, decimal_of
from xlbudget.audit.registry import Contradiction, check
from xlbudget.audit.sums import class_tables, counts, facts_once, names_counts, unclassed
from xlbudget.audit.tables import ReadTable
from xlbudget.domain.money import plain

_FIX = "请核对项目清单，把两处改成一致。"


@check("TXT001", "项目个数前后不一致")
def counts_agree(case: Case) -> Iterator[Contradiction]:
    """同一类项目的个数，前后各处要一样，与统计表的行数也要一样。"""
    for whole in (Whole.ALL, Whole.INITIAL, Whole.ADDED, Whole.CLASS, Whole.BAND):
        groups: dict[str, list[Fact]] = {}
        for one in case.of(Measure.COUNT, whole):
            groups.setdefault(one.subject.name, []).append(one)
        for facts in groups.values():
            for other in facts[1:]:
                if other.value != facts[0].value and (
                    whole is not Whole.ALL or other.together == facts[0].together
                ):
                    yield _differ(other, facts[0])


def _differ(one: Fact, other: Fact) -> Contradiction:
    message = f"这里写{one.subject}{one.shown}，前面写{other.shown}。"
    return Contradiction(Confidence.CERTAIN, message, _FIX, (one.quote, other.quote), other.shown, one.shown)


@check("TXT002", "项目总数与清单、统计表不符")
def total_count(case: Case) -> Iterator[Contradiction]:
    """写明的项目总数，等于统计表的行数，也等于年初个数加追加个数。"""
    totals = counts(case)
    by_name = names_counts(case)
    for one in case.of(Measure.COUNT, Whole.ALL):
        if not one.together:
            continue
        others = [total for total in totals if total.quote != one.quote]
        wrong = [total for total in others if total.value != one.value]
        if not wrong or one.value in by_name or (len(wrong) < len(others)):
            continue
        expected = f"{plain(wrong[0].value)}个"
        message = f"这里写项目{one.shown}，{wrong[0].words}{expected}。"
        yield Contradiction(
            Confidence.CERTAIN, message, _FIX, (one.quote, wrong[0].quote), expected, one.shown
        )


@check("TXT003", "各类项目个数加起来不等于总数")
def classes_cover_all(case: Case) -> Iterator[Contradiction]:
    """能实现、不能完全实现、差距较大三类加起来，等于全部项目。"""
    facts = facts_once(case.of(Measure.COUNT, Whole.CLASS))
    totals = counts(case)
    if not totals or len(facts) < 2 or any(classes_against_table(case)):
        return
    value = sum((one.value for one in facts.values()), Decimal(0))
    allowed = {total.value for total in totals} | names_counts(case)
    if value in allowed or value + unclassed(case) in allowed or (len(facts) < 3 and value < max(allowed)):
        return
    accused = max(facts.values(), key=lambda one: one.value)
    expected = f"{plain(totals[0].value)}个"
    message = f"各类项目加起来是{plain(value)}个，{totals[0].words}{expected}。"
    quotes = (accused.quote, totals[0].quote)
    yield Contradiction(Confidence.CERTAIN, message, _FIX, quotes, expected, f"{plain(value)}个")


@check("TXT004", "各类项目个数与统计表不符")
def classes_against_table(case: Case) -> Iterator[Contradiction]:
    """写明的各类个数，等于统计表里打勾的行数。"""
    for _, rows in class_tables(case):
        for name, one in facts_once(case.of(Measure.COUNT, Whole.CLASS)).items():
            members = rows[name]
            if one.value != len(members) and one.value + sum(map(len, rows.values())) != len(members):
                message = f"这里写“{name}”的项目{one.shown}，统计表里有{len(members)}个。"
                witness = (members or [row for group in rows.values() for row in group])[0].quote
                quotes = (one.quote, witness)
                yield Contradiction(Confidence.CERTAIN, message, _FIX, quotes, f"{len(members)}个", one.shown)


@check("TXT005", "分档没有包括全部项目")
def bands_cover_all(case: Case) -> Iterator[Contradiction]:
    """各档项目个数加起来，等于全部项目。"""
    for measure in (Measure.ACHIEVEMENT, Measure.RATE):
        facts = facts_once(
            one for one in case.of(Measure.COUNT, Whole.BAND) if one.subject.name.startswith(measure)
        )
        totals = counts(case)
        bands = [one for one in facts.values() if one.band is not None]
        if len(bands) < 2 or not totals or _overlap(bands):
            continue
        value = sum((one.value for one in bands), Decimal(0))
        role = Role.ACHIEVEMENT if measure is Measure.ACHIEVEMENT else Role.RATE
        allowed = {total.value for total in totals} | names_counts(case) | _known_rows(case, role)
        if value in allowed or value + unclassed(case) in allowed:
            continue
        whole = _is_partition(bands)
        if value < max(allowed) and _has_other_counts(case, bands):
            continue
        sure = Confidence.CERTAIN if whole or value > max(allowed) else Confidence.LIKELY
        expected = f"{plain(totals[0].value)}个"
        missing = "" if whole else "，有的档没有写"
        message = f"各档项目加起来是{plain(value)}个，{totals[0].words}{expected}{missing}。"
        remedy = "请把每一档都写上，各档加起来等于全部项目。"
        quotes = (bands[0].quote, totals[0].quote)
        yield Contradiction(sure, message, remedy, quotes, expected, f"{plain(value)}个")


def _known_rows(case: Case, role: Role) -> set[Decimal]:
    """How many rows have a percentage, in tables where some show that it is not known (—)."""
    columns = [(table, column) for table in case.project_tables if (column := table.only(role)) is not None]
    return {Decimal(sum(row.numbers[column] is not None for row in table.data)) for table, column in columns}


def _has_other_counts(case: Case, bands: list[Fact]) -> bool:
    """Whether the paragraphs of bands count more projects than was understood, so that a band may only seem to be missing."""
    known = {(one.block, one.start) for one in case.facts if one.measure is Measure.COUNT}
    blocks = {one.block for one in bands}
    return any(
        one.unit == "个" and (text.block, one.start) not in known
        for text in case.texts
        if text.block in blocks
        for one in text.quantities
    )


def _spans(bands: list[Fact]) -> list[tuple[Decimal, Decimal]]:
    """The bounds of bands from low to high, without 工作未开展, which has none."""
    known = [one.band for one in bands if one.band and one.band != NOT_STARTED]
    return sorted(
        (band.lower or Decimal(0), _UNBOUNDED if band.upper is None else band.upper) for band in known
    )


_UNBOUNDED = Decimal(1000)


def _overlap(bands: list[Fact]) -> bool:
    """Whether bands overlap (80%以上 beside 50%以上), so that their numbers do not add up."""
    return any(a[1] > b[0] for a, b in pairwise(_spans(bands)))


def _is_partition(bands: list[Fact]) -> bool:
    """Whether bands leave no gap between 0 and 100."""
    spans = _spans(bands)
    whole = bool(spans) and spans[0][0] == 0 and spans[-1][1] == _UNBOUNDED
    return whole and all(a[1] == b[0] for a, b in pairwise(spans))


@check("TXT006", "分档个数与统计表不符")
def bands_against_table(case: Case) -> Iterator[Contradiction]:
    """写明的各档个数，等于统计表里实现程度或执行率落在该档的行数。"""
    for measure, role in ((Measure.ACHIEVEMENT, Role.ACHIEVEMENT), (Measure.RATE, Role.RATE)):
        tables = [table for table in case.project_tables if _whole_column(table, role) is not None]
        for one in case.of(Measure.COUNT, Whole.BAND):
            if not one.subject.name.startswith(measure) or one.band is None or one.band == NOT_STARTED:
                continue
            numbers = [_in_band(table, role, one) for table in tables]
            if numbers and one.value not in [number for pair in numbers for number in pair]:
                message = f"这里写{one.band.label}的项目{one.shown}，按统计表是{numbers[0][0]}个。"
                quotes = (one.quote, tables[0].data[0].quote)
                yield Contradiction(
                    Confidence.CERTAIN, message, _FIX, quotes, f"{numbers[0][0]}个", one.shown
                )


def _whole_column(table: ReadTable, role: Role) -> int | None:
    column = table.only(role)
    return column if column is not None and all(row.numbers[column] for row in table.data) else None


def _in_band(table: ReadTable, role: Role, one: Fact) -> tuple[int, int]:
    """How many rows are in a band: with 0 counted, and without (工作未开展 is a class of its own)."""
    column = table.only(role)
    assert column is not None
    assert one.band is not None
    values = [number.value for row in table.data if (number := row.numbers[column]) is not None]
    return sum(map(one.band.holds, values)), sum(one.band.holds(value) for value in values if value)


_NAMES_THEN_COUNT = re.compile(r"(?P<count>[0-9]+|[一二两三四五六七八九十])个(?:预算|支出)?项目")


@check("TXT007", "列举的项目与个数不符")
def listed_names(case: Case) -> Iterator[Contradiction]:
    """“甲、乙两个项目”要真有两个；“3个项目，具体如下”下面要列出3个。"""
    for text in case.texts:
        for match in _NAMES_THEN_COUNT.finditer(text.clean):
            names = _names_before(
                text.clean, [m for m in text.mentions if m.end <= match.start()], match.start()
            )
            word = match["count"]
            number = decimal_of(word)
            if len(names) >= 2 and len(set(names)) != number:
                shown = f"{len(set(names))}个"
                message = f"这里列举了{'、'.join(dict.fromkeys(names))}，是{shown}，写的是{number}个。"
                quote = text.passage.quote(match.start(), match.end())
                yield Contradiction(Confidence.LIKELY, message, _FIX, (quote,), shown, f"{number}个")
    yield from _lists_below(case)


def _names_before(clean: str, named: list, position: int) -> list[str]:  # type: ignore[type-arg]
    """The names listed one after the other right before a position."""
    found: list[str] = []
    for one in reversed(named):
        if not re.fullmatch(r"[”“、和与及]*", clean[one.end : position]):
            break
        found.append(one.name)
        position = one.start
    before = clean[max(0, position - 1) : position]
    return found[::-1] if before in ("", "“", "，", "。", "：", "是", "为", "因", "将", "对", "待") else []


def _lists_below(case: Case) -> Iterator[Contradiction]:
    """A count with 具体如下 against the passages below it that each begin with a project and its money."""
    for one in case.of(Measure.COUNT, Whole.INITIAL, Whole.ADDED, Whole.ALL):
        if not one.listed and not _items_beside(case, one):
            continue
        names = _items_beside(case, one) or _items_after(case, one)
        if len(names) >= 2 and len(names) != one.value:
            shown = f"{len(names)}个"
            message = f"这里写{one.subject}{one.shown}，下面列出{shown}：{'、'.join(names)}。"
            yield Contradiction(Confidence.LIKELY, message, _FIX, (one.quote,), shown, one.shown)


def _items_beside(case: Case, one: Fact) -> list[str]:
    """The names that follow in the same sentence, each with its money: 项目6个，资金324万元：甲186万元、乙24万元……"""
    text, beside = case.text_at[one.block], case.facts_at[one.block]
    _, end = text.passage.sentence(one.start)
    later = [fact.start for fact in beside if fact.measure is Measure.COUNT and fact.start > one.start]
    end = min([end, *later])
    items = [fact for fact in beside if fact.bare and one.start < fact.start < end]
    known = {item.start for item in items}
    money = [
        other
        for other in (text.between(items[0].start, end) if items else ())
        if other.kind is Kind.MONEY and other.start not in known
    ]
    if len(items) < 2 or items[0].start - one.start > _LIST_WITHIN or money:
        return []  # no list, or one with more than was understood
    return list(dict.fromkeys(fact.subject.name for fact in items))


_LIST_WITHIN = 48


def _block(text: Text) -> int:
    return text.block


def _items_after(case: Case, one: Fact) -> list[str]:
    """The names that begin the passages right below a statement; nothing where they are listed in another way."""
    names: list[str] = []
    for text in case.texts[bisect_right(case.texts, one.block, key=_block) :]:
        first = text.mentions[0] if text.mentions else None
        if first is None or not re.fullmatch(
            r"(?:[0-9]{1,2}[.、]|\([0-9一二三四五六七八九十]+\)|[①-⑳]|[一二三四五六七八九十]是)?“?",
            text.clean[: first.start],
        ):
            break
        if re.search(r"追加", text.clean[:40]) and one.subject.whole is Whole.INITIAL:
            break
        names.append(first.name)
    return names


_ENUMERATION = re.compile(
    r"(?P<count>[0-9]+|[二两三四五六七八九十])(?P<unit>个|项|家|所|处|名|座|条|类|方面)(?P<noun>[^，。；：、0-9]{0,8})，?(?:分别(?:为|是)|即|：)(?P<list>[^。；，：0-9]+?)(?:[。；，]|$)"
)
_JOINED = re.compile(r"[、和及与]")


@check("TXT008", "列举的个数不对")
def enumerations(case: Case) -> Iterator[Contradiction]:
    """“5个派出法庭，分别为甲、乙、丙、丁、戊”：说几个，就列几个。"""
    for text, match in case.matches(_ENUMERATION):
        listed = match["list"]
        items = [item for item in listed.split("、") if item]
        most = len(items) + len(_JOINED.findall(items[-1] if items else ""))
        word = match["count"]
        number = decimal_of(word)
        if number is None or most < 2 or "等" in listed or max(map(len, items)) > _ITEM_LENGTH:
            continue
        if len(items) <= number <= most:
            continue  # 和 may part two things, or stand inside a name
        shown = f"{most}{match['unit']}"
        written = f"{word}{match['unit']}"
        message = f"这里写{written}{match['noun']}，列出的是{shown}。"
        quote = text.passage.quote(match.start(), match.end())
        yield Contradiction(Confidence.LIKELY, message, _FIX, (quote,), shown, written)


_ITEM_LENGTH = 16
