"""Projects: their numbers in text and table, contracts and spending against their funds, months, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from xlbudget.audit.finding import Confidence
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.interval import rounded
from xlbudget.audit.paragraphs import Document
from xlbudget.audit.projects import (
    Measure,
    ProjectFact,
    bare_name,
    contracts,
    listed_names,
    measure_of,
    mentions,
    project_facts,
    project_tables,
    row_values,
)
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.slips import slipped_to
from xlbudget.audit.values import shown
from xlbudget.domain.money import plain
from xlbudget.domain.names import names_alike

_MOST_SUMMED = 6


def _sums(values: list[Decimal]) -> set[Decimal]:
    """All that some of a project's rows add up to: 年初 and 追加."""
    some = values[:_MOST_SUMMED]
    return {
        sum(chosen, Decimal(0)) for size in range(1, len(some) + 1) for chosen in combinations(some, size)
    }


@relation("TXT021", "项目的数与统计表、前文不符", Confidence.LIKELY)
def project_told_otherwise(document: Document) -> Iterator[Tie]:
    """正文里一个项目的预算、支出、执行率、实现程度，与统计表里该项目的、与前面写的一样。"""
    told: dict[tuple[str, Measure], ProjectFact] = {}
    for one in project_facts(document, listed_names(document)):
        if one.measure is not Measure.BUDGET and _is_of_other_months(document, one):
            continue
        if one.measure is Measure.BUDGET and _is_adjusted(document, one.name):
            continue
        known = row_values(document, one.name, one.measure)
        steps = [one.figure.step, *(step for _, _, _, step in known)]
        if known:
            sums = _sums([value for _, _, value, _ in known])
            holds = any(rounded(value, max(steps)).meets(one.figure.range) for value in sums)
            grid, row, value, step = known[0]
            if not holds and (len(known) > 1 or not _one_slip(one, value)):
                continue
            expected = shown(value, one.figure)
            message = f"“{one.name}”的{one.measure}这里写{one.text.written(one.figure)}，表里是{expected}。"
            yield Tie(
                holds,
                (one.text.quote(one.figure.start, one.figure.end), row.quote),
                message,
                expected,
                one.text.written(one.figure),
            )
            continue
        if one.measure not in (Measure.BUDGET, Measure.CONTRACT):
            continue
        first = told.setdefault((one.name, one.measure), one)
        if first is not one and first.text is not one.text:
            holds = rounded(first.figure.value, max(steps)).meets(one.figure.range)
            if not holds and not _one_slip(one, first.figure.value):
                continue
            expected = first.text.written(first.figure)
            message = f"“{one.name}”的{one.measure}这里写{one.text.written(one.figure)}，前面写{expected}。"
            yield Tie(
                holds,
                (
                    one.text.quote(one.figure.start, one.figure.end),
                    first.text.quote(first.figure.start, first.figure.end),
                ),
                message,
                expected,
                one.text.written(one.figure),
            )


def _is_adjusted(document: Document, name: str) -> bool:
    """Whether the text tells of a change to a project's budget, so that it has two."""
    return any(
        re.search(
            re.escape(name)
            + r"[^。；]{0,20}(?:追加|调减|调增|调整|压减)|(?:追加|调减|调增|压减)[^。；]{0,20}"
            + re.escape(name),
            text.clean,
        )
        for text in document.paragraphs
        if name in text.clean
    )


def _is_of_other_months(document: Document, one: ProjectFact) -> bool:
    """Whether a number is told for other months than the report is about."""
    title = document.period
    clause = one.text.clean[max(0, one.figure.clause - 12) : one.figure.start]
    months = [int(each) for each in re.findall(r"([0-9]{1,2})月", clause)]
    return (bool(months) and (title is None or title.month != months[-1])) or bool(
        re.search("季度|上半年", clause)
    )


def _one_slip(one: ProjectFact, value: Decimal) -> bool:
    step = one.figure.step
    return value > 0 and slipped_to(one.figure.value, step, rounded(value, step / 100)) is not None


def _funds(document: Document, name: str, facts: list[ProjectFact]) -> Decimal | None:
    """All that is provided for a project; None where nothing is told of it."""
    rows = [value for _, _, value, _ in row_values(document, name, Measure.BUDGET)]
    stated = [one.figure.value for one in facts if one.name == name and one.measure is Measure.BUDGET]
    most = [sum(rows, Decimal(0))] if rows else []
    most += [sum(set(stated), Decimal(0))] if stated else []
    return max(most) if most else None


_YEARS = re.compile(
    r"[三两二四五]年(?:期)?|分[0-9一二三四五两]*年|跨年|总投资|分期|多年|[0-9]年期|其余|下年|明年|自筹|尾款|其他资金|续建|累计|上年|两个年度|分[0-9、]*(?:两|三)"
)


@relation("TXT023", "合同金额大于安排的资金", Confidence.LIKELY)
def contract_above_funds(document: Document) -> Iterator[Tie]:
    """合同金额一般不大于该项目年初、追加资金之和；分年支付的要写明。"""
    names = listed_names(document)
    facts = [*project_facts(document, names), *contracts(document, names)]
    for one in facts:
        if one.measure is not Measure.CONTRACT or _YEARS.search(one.text.clean):
            continue
        funds = _funds(document, one.name, facts)
        if funds:
            found, most = one.text.written(one.figure), shown(funds, one.figure)
            message = f"“{one.name}”合同金额{found}，安排的资金至多{most}。"
            yield Tie(
                one.figure.value <= funds,
                (one.text.quote(one.figure.start, one.figure.end),),
                message,
                f"不超过{most}",
                found,
            )
    yield from _within(document)
    yield from _beside_its_budget(document, {one.figure for one in facts})


def _beside_its_budget(document: Document, known: set[object]) -> Iterator[Tie]:
    """A contract and a budget, the only ones of a paragraph."""
    for text in document.paragraphs:
        money = [one for one in text.figures if one.kind is Kind.MONEY and one.is_level and not one.about]
        signed = [one for one in money if re.search(r"(?:合同|中标|成交)[^#，。；]{0,8}$", one.lead)]
        planned = [
            one
            for one in money
            if re.search(r"(?<!低于)(?<!高于)(?<!超过)(?<!超)预算(?:资金|总额|数|安排)?(?:为)?$", one.lead)
        ]
        if len(signed) != 1 or len(planned) != 1 or signed[0] in known or _YEARS.search(text.clean):
            continue
        message = f"合同金额{text.written(signed[0])}，预算{text.written(planned[0])}。"
        quotes = (text.quote(signed[0].start, signed[0].end), text.quote(planned[0].start, planned[0].end))
        yield Tie(
            signed[0].value <= planned[0].value,
            quotes,
            message,
            f"不超过{text.written(planned[0])}",
            text.written(signed[0]),
        )


_WITHIN = re.compile(r"(?:均)?在[^#，。；]{0,10}$")


def _within(document: Document) -> Iterator[Tie]:
    """合同金额4556万元，在到位资金4380万元之内."""
    for text in document.paragraphs:
        for nearest, limit in zip(text.figures, text.figures[1:], strict=False):
            one = next(each for each in text.figures if each.sentence == limit.sentence)
            one = one if one.kind is limit.kind and one.is_level else nearest
            inside = re.match(r"(?:以内|之内|内|范围内|额度内)", limit.tail)
            if (
                inside
                and one.sentence == limit.sentence
                and one.kind is limit.kind
                and one.is_level
                and _WITHIN.search(limit.lead)
            ):
                message = f"{text.written(one)}不在{text.written(limit)}以内。"
                yield Tie(
                    one.value <= limit.value,
                    (text.quote(one.start, limit.end),),
                    message,
                    f"不超过{text.written(limit)}",
                    text.written(one),
                )


@relation("TXT025", "支出超过预算", Confidence.LIKELY)
def spent_above_budget(document: Document) -> Iterator[Tie]:
    """一个项目写明的支出，不超过写明的预算（连同追加）。"""
    facts = list(project_facts(document, listed_names(document)))
    for one in facts:
        if (
            one.measure is not Measure.SPENT
            or re.search("追加|结转|上年", one.text.clean)
            or re.search("追加", one.name)
        ):
            continue
        funds = _funds(document, one.name, facts)
        if funds and one.figure.value <= funds * 3:
            found, most = one.text.written(one.figure), shown(funds, one.figure)
            message = f"“{one.name}”支出{found}，预算至多{most}。"
            yield Tie(
                one.figure.value <= funds,
                (one.text.quote(one.figure.start, one.figure.end),),
                message,
                f"不超过{most}",
                found,
            )


@relation("TXT049", "表里支出超过预算", Confidence.LIKELY)
def rows_above_budget(document: Document) -> Iterator[Tie]:
    """表里每个项目的支出不超过预算。"""
    for grid in project_tables(document):
        columns = [one for one in grid.columns if one.kind is Holds.AMOUNT]
        budgets = [one for one in columns if measure_of(one.header) is Measure.BUDGET]
        spent = [one for one in columns if measure_of(one.header) is Measure.SPENT]
        if len(spent) != 1 or not budgets:
            continue
        for row in grid.data:
            most = [row.numbers[one.at].value for one in budgets if one.at in row.numbers]
            own = row.numbers.get(spent[0].at)
            if most and own is not None:
                limit = max(sum(most, Decimal(0)) if len(most) > 1 else most[0], max(most))
                message = f"“{grid.name(row)}”支出{plain(own.value)}，预算{plain(max(most))}。"
                yield Tie(
                    own.value <= limit,
                    (row.quote,),
                    message,
                    f"不超过{plain(max(most))}",
                    plain(own.value),
                    group=("above", grid.position),
                )


# -- months --------------------------------------------------------------------------------------------

_ADDED = re.compile(
    r"(?P<month>[0-9]{1,2}|十[一二]?|[一二三四五六七八九])月(?:份|[0-9]{1,2}日|底|初|中旬|上旬|下旬)?[^。；#]{0,24}?(?:才)?追加(?!支付|拨付|支出|下达)"
)
_NUMERALS = {
    sign: number
    for number, sign in enumerate(
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1
    )
}


@relation("TXT022", "追加月份前后不一致")
def months_of_supplements(document: Document) -> Iterator[Tie]:
    """同一个追加项目，前后写的追加月份要一样。"""
    names = listed_names(document)
    for text in document.paragraphs:
        for match in re.finditer(r"追加[^。]{0,12}?((?:“[^”]{3,40}”、?)+)", text.clean):
            names.update(
                {
                    bare_name(one): text.quote(match.start(), match.end())
                    for one in re.findall(r"“([^”]+)”", match[1])
                }
            )
    first: dict[str, tuple[int, object]] = {}
    for text in document.paragraphs:
        for match in _ADDED.finditer(text.clean):
            month = int(match["month"]) if match["month"].isdigit() else _NUMERALS[match["month"]]
            stop = re.compile("[。；]").search(text.clean, match.end())
            end = stop.end() if stop else len(text.clean)
            following = _ADDED.search(text.clean, match.end(), end)
            end = following.start() if following else end
            named = [one.name for one in mentions(text, names) if match.end() <= one.start < end]
            direct = re.match(r"(?:的|了)?“?", text.clean[match.end() :])
            if direct and direct.group() and named:
                named = named[:1]
            quote = text.quote(match.start(), match.end())
            for name in named:
                known = first.setdefault(name, (month, quote))
                if known[0] != month:
                    message = f"“{name}”这里写{month}月追加，前面写{known[0]}月。"
                    yield Tie(False, (quote, known[1]), message, f"{known[0]}月", f"{month}月")


@relation("TXT062", "追加月份晚于监控期间", Confidence.LIKELY)
def supplements_in_time(document: Document) -> Iterator[Tie]:
    """报告里的追加项目，是监控期间以内追加的。"""
    title = document.period
    if title is None or title.month is None:
        return
    for text in document.paragraphs:
        for match in _ADDED.finditer(text.clean):
            month = int(match["month"]) if match["month"].isdigit() else _NUMERALS[match["month"]]
            ahead = re.search(
                "拟|将|计划|申请|预计|上年|去年|(?:19|20)[0-9]{2}年",
                text.clean[max(0, match.start() - 8) : match.end()],
            )
            if not ahead and 1 <= month <= 12:
                message = f"监控到{title.month}月，这里写{month}月追加。"
                yield Tie(
                    month <= title.month,
                    (text.quote(match.start(), match.end()),),
                    message,
                    f"{title.month}月以前",
                    f"{month}月",
                )


# -- names ---------------------------------------------------------------------------------------------


@relation("TXT044", "统计表里项目重名，分不清", Confidence.LIKELY)
def twins(document: Document) -> Iterator[Tie]:
    """同一个项目名称在统计表里有几行的，要写明批次。"""
    for grid in project_tables(document):
        at = grid.name_column
        seen: dict[str, list] = {}
        for row in grid.data:
            if at in row.texts:
                others = "".join(
                    text
                    for column, text in row.texts.items()
                    if column != at and not re.fullmatch("[√✓]", text)
                )
                seen.setdefault(row.texts[at] + "|" + others, []).append(row)
        for key, rows in seen.items():
            name = key.partition("|")[0]
            if len(name) >= 3:
                message = f"表里“{name}”有{len(rows)}行，看不出分别是什么。"
                yield Tie(
                    len(rows) == 1,
                    tuple(row.quote for row in reversed(rows)),
                    message,
                    "",
                    name,
                    "请写明批次（年初、几月追加），或者分别写全名称。",
                )


_BREAK = re.compile(r"[，。；：、“”()和与及的]")


@relation("TXT050", "同一项目写成两个名称", Confidence.LIKELY)
def near_names(document: Document) -> Iterator[Tie]:
    """一个项目在全文只用一个名称。"""
    names = listed_names(document)
    if len(names) > _MOST_NAMES:
        return
    for name in names:
        if len(name) < 5:
            continue
        for text in document.paragraphs:
            for start, other in _almost(text.clean, name):
                if (
                    other in names
                    or any(other in longer or longer in other for longer in names if longer != name)
                    or _BREAK.search(other)
                ):
                    continue
                if not _is_meant(text.clean, start, start + len(other), names):
                    continue
                inside = any(
                    one.start < start + len(other) and start < one.end for one in mentions(text, names)
                )
                if not inside:
                    message = f"“{other}”与“{name}”像是同一个项目。"
                    yield Tie(
                        False,
                        (text.quote(start, start + len(other)), names[name]),
                        message,
                        name,
                        other,
                        "请全文只用一个名称。",
                    )
                    break


_MOST_NAMES = 60


def _is_meant(text: str, start: int, end: int, names: dict[str, object]) -> bool:
    """Whether words stand where a project is named: in quotation marks, before 项目, beside another project."""
    if (
        text[max(0, start - 1) : start] == "“"
        or text[end : end + 2] == "项目"
        or re.match(r"[，。：]?(?:预算|资金|支出|[0-9.]+万?元)|将|和|、", text[end : end + 6])
    ):
        return True
    beside = [
        name for name in names if text.startswith(name, end + 1) or text.endswith(name, 0, max(0, start - 1))
    ]
    return bool(beside)


def _almost(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Where a text has almost a name: it begins and ends like it, and a character is lost, added, exchanged."""
    for match in re.finditer(re.escape(name[:2]), text):
        for change in (-1, 0, 1):
            other = text[match.start() : match.start() + len(name) + change]
            if (
                other != name
                and other[-2:] == name[-2:]
                and len(other) == len(name) + change
                and names_alike(other, name)
            ):
                yield match.start(), other
                break


# -- units ---------------------------------------------------------------------------------------------


@relation("TXT024", "元与万元混用", Confidence.POSSIBLE)
def mixed_units(document: Document) -> Iterator[Tie]:
    """同一份报告里，各项目的预算用同一个单位。"""
    facts = [one for one in project_facts(document, listed_names(document)) if one.measure is Measure.BUDGET]
    in_yuan = [one for one in facts if one.figure.unit == "元" and one.figure.value >= 10_000]
    if len(facts) - len(in_yuan) >= 2 and in_yuan:
        one = in_yuan[0]
        expected = f"{plain(one.figure.value / 10_000)}万元"
        if expected not in one.text.clean:
            message = f"“{one.name}”的预算用元，其他项目用万元。"
            yield Tie(
                False,
                (one.text.quote(one.figure.start, one.figure.end),),
                message,
                expected,
                one.text.written(one.figure),
                "请用同一个单位。",
            )


@relation("TXT051", "单位可能写错", Confidence.LIKELY)
def outlier(document: Document) -> Iterator[Tie]:
    """一列金额用同一个单位：一个数比其他各数都大得多，多半是把元填进了万元的表。"""
    for grid in project_tables(document):
        for column in grid.amounts:
            cells = sorted(
                ((row.numbers[column.at].value, row) for row in grid.data if column.at in row.numbers),
                key=lambda one: one[0],
            )
            if len(cells) < 3 or cells[-2][0] <= 0:
                continue
            (largest, row), second = cells[-1], cells[-2][0]
            message = f"“{grid.name(row)}”写{plain(largest)}，比其他各行大得多，像是把元填进了万元的表。"
            holds = largest < 5000 or largest < second * 100
            yield Tie(holds, (row.quote,), message, plain(largest / 10_000), plain(largest))


_ = Kind
