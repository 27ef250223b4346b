"""Projects: their numbers in text and table, contracts and spending against their funds, months, names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Grid, Row
from xlbudget.audit.interval import exactly
from xlbudget.audit.paragraphs import Document, Paragraph, once
from xlbudget.audit.projects import (
    Measure,
    ProjectFact,
    bare_name,
    contracts,
    listed_names,
    longest_first,
    measure_of,
    mentions,
    project_facts,
    project_tables,
    row_values,
    spoken_names,
)
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.monitoring import is_slip_of
from xlbudget.audit.slips import significant
from xlbudget.audit.values import in_words, shown
from xlbudget.domain.money import plain
from xlbudget.domain.names import is_variant, names_alike

_MOST_SUMMED = 6
_MOST_ABOVE = Decimal("1.5")
"""Funds of half a contract are those of something else."""
_MOST_NAMES, _LONG = 60, 6


@relation("TXT021", "项目的数与统计表、前文不符", Confidence.LIKELY)
def project_told_otherwise(document: Document) -> Iterator[Tie]:
    """正文里一个项目的预算、支出、执行率、实现程度，与统计表里该项目的、与前面写的一样。"""
    told: dict[tuple[str, Measure, bool], ProjectFact] = {}
    for one in project_facts(document):
        is_budget = one.measure is Measure.BUDGET
        known = row_values(document, one.name, one.measure)
        is_unit = any(one.figure.value * 10_000 in (value, value * 10**8) for _, _, value, _ in known)
        if not is_unit and (
            _is_adjusted(document, one.name) if is_budget else _is_of_other_months(document, one)
        ):
            continue
        if re.search(r"\((?:类|款|项)\)", one.text.clean) or (known and "年初" in one.figure.lead):
            continue
        if known:
            yield from _against_rows(one, known)
        elif is_budget or one.measure is Measure.CONTRACT:
            is_named_only = one.figure.lead.endswith(one.name)  # an item of a list may be a part of its money
            first = told.setdefault((one.name, one.measure, is_named_only), one)
            value = first.figure.value
            holds = first.figure.exact.meets(one.figure.exact)
            if first.text is not one.text and (holds or is_slip_of(one.figure, value)):
                expected = first.text.written(first.figure)
                yield _told_tie(one, holds, f"前面写{expected}", expected, first.text.span(first.figure))


def _against_rows(one: ProjectFact, known: Sequence[tuple[Grid, Row, Decimal, Decimal]]) -> Iterator[Tie]:
    """A number of the text against those of its project's rows, and what some of them (年初 and 追加) add up to."""
    values = [value for _, _, value, _ in known[:_MOST_SUMMED]]
    step = max(one.figure.step, *(step for _, _, _, step in known))
    sizes = range(1, len(values) + 1)
    sums = {sum(some, Decimal(0)) for size in sizes for some in combinations(values, size)}
    told = one.figure.exact if one.figure.is_money else one.figure.range
    holds = any(abs(value - one.figure.value) < step or told.meets(exactly(value)) for value in sums)
    is_rate = one.measure in (Measure.RATE, Measure.ACHIEVEMENT)
    if holds or (len(known) == 1 and (is_rate or is_slip_of(one.figure, values[0]))):
        expected = in_words(values[0]) if one.figure.is_money else shown(values[0], one.figure)
        yield _told_tie(one, holds, f"表里是{expected}", expected, known[0][1].quote)


def _told_tie(one: ProjectFact, holds: bool, otherwise: str, expected: str, quote: Quote) -> Tie:
    message = f"“{one.name}”的{one.measure}这里写{one.text.written(one.figure)}，{otherwise}。"
    return tie(holds, one.text, [one.figure], message, expected, one.figure, quote)


_ADJUSTED = "追加|调减|调增|压减"


@once
def _adjusting(document: Document) -> Iterator[str]:
    """The paragraphs that tell of changes to budgets."""
    return (text.clean for text in document.paragraphs if re.search(rf"{_ADJUSTED}|调整", text.clean))


def _is_adjusted(document: Document, name: str) -> bool:
    """Whether the text tells of a change to a project's budget, so that it has two."""
    told = re.escape(name)
    pattern = rf"{told}[^。；]{{0,20}}(?:{_ADJUSTED}|调整)|(?:{_ADJUSTED})[^。；]{{0,20}}{told}"
    return any(name in text and re.search(pattern, text) for text in _adjusting(document))


def _is_of_other_months(document: Document, one: ProjectFact) -> bool:
    """Whether a number is told for other months than the report is about."""
    month = document.period.month if document.period else None
    clause = one.text.clean[max(0, one.figure.clause - 12) : one.figure.start]
    months = re.findall(r"([0-9]{1,2})月", clause)
    return any(int(each) != month for each in months[-1:]) or bool(re.search("季度|上半年", clause))


def _funds(document: Document, name: str, facts: Sequence[ProjectFact]) -> Decimal:
    """All that is provided for a project; 0 where nothing is told of it."""
    rows = [value for _, _, value, _ in row_values(document, name, Measure.BUDGET)]
    stated = [one.figure.value for one in facts if one.name == name and one.measure is Measure.BUDGET]
    return max(_all_of(rows), Decimal(0) if not rows and _is_adjusted(document, name) else _all_of(stated))


def _all_of(amounts: Iterable[Decimal]) -> Decimal:
    """What some funds come to: where the largest is the sum of the others, these are its parts."""
    known = set(amounts)
    whole = sum(known, Decimal(0))
    return max(known) if known and max(known) * 2 == whole else whole


_YEARS = re.compile(r"20[0-9]{2}年?[-至到]20|[三两二四五]年(?:期)?|分[0-9一二三四五两]*年|跨年|(?<!预算)总投资|不足|缺口|补足|差额|自有|[0-9]年已?支?付|应付|分期|多年|[0-9]年期|其余|共安排|下年|明年|自筹|尾款|其他资金|续建|累计|上年(?!同期)|两个年度|分[0-9、年]*(?:两|三)个?[年期批]")  # fmt: skip
_NO_OTHERS = re.compile(
    r"(?:无|没有|未安排)(?:其[他它]|自筹|配套)[^，。；]{0,3}(?:资金|来源|投入|经费)(?:来源)?|(?:无|没有)(?:资金)?缺口"
)
_FUND = r"(?:预算|资金|概算|投资|经费|限价|控制价|额度|总额|指标)"
_CLOSED = re.compile(
    rf"(?:[未不]|没有?)(?:超[出过]?|突破|高于|大于)[^，。；]{{0,14}}{_FUND}|在[^，。；]{{0,16}}{_FUND}(?:总?额度?|数|安排|控制)?[之以范]?围?内"
    rf"|(?:全部|均|都|费用)[^，。；]{{0,8}}[从由在以用][^，。；]{{1,24}}(?:支付|列支|解决|安排|承担|开支|保障)|[由以用][^，。；]{{0,20}}{_FUND}[^，。；]{{0,16}}全额"
)
_SIGNED = re.compile(r"^(?!.*(?:原|补充|变更|调整|其中|款|付))[^#]*(?:合同|中标|成交)[^#，。；]{0,8}$")
_PLANNED = re.compile(r"^(?!.*(?:低于|高于|超)).*预算(?:资金|总额|数|安排)?(?:为)?$")
_PROVIDED = re.compile(
    rf"^(?!.*(?:上年|去年|支付|支出|结余|低于|高于|超)).*(?:{_FUND}|安排|下达|到位|批复|配套|补助|追加)[^#，。；]{{0,6}}$"
    "|^(?:其中)?(?:中央|省|市|县|区|镇|上级|本级)[级财政]*$"
)
_OF_SOME = re.compile("首付|预付|进度|质保|尾款|差额|超出|部分|结算|审定|决算|实际|支付|[0-9]")


@relation("TXT023", "合同金额大于安排的资金", Confidence.LIKELY)
def contract_above_funds(document: Document) -> Iterator[Tie]:
    """合同金额一般不大于该项目年初、追加资金之和；分年支付的要写明。"""
    facts, wrong = [*project_facts(document), *contracts(document)], set()
    for one in facts:
        funds = _funds(document, one.name, facts) if one.measure is Measure.CONTRACT else Decimal(0)
        if funds and not _is_of_years(one.text.clean):
            most = shown(funds, one.figure)
            message = f"“{one.name}”合同金额{one.text.written(one.figure)}，安排的资金至多{most}。"
            yield _at_most(one.text, [one.figure], funds, most, message)
            wrong |= {one.figure} if one.figure.value > funds else set()
    yield from _within(document)
    for text in document.paragraphs:
        if any(_SIGNED.search(one.lead) for one in text.money) and wrong.isdisjoint(text.money):
            for item in re.finditer("[^；]+", text.clean):
                yield from _signed_within(document, text, item)


def _is_of_years(words: str) -> bool:
    """Whether words tell of other years or funds, from which a contract may be paid, too."""
    return _YEARS.search(_NO_OTHERS.sub("", words)) is not None


def _signed_within(document: Document, text: Paragraph, item: re.Match[str]) -> Iterator[Tie]:
    """安排资金860万元，施工合同896万元，全部在上述资金内解决: the contracts of an item against what it provides."""
    inside = [one for one in text.money if item.start() <= one.start < item.end()]
    found = [one for one in inside if _SIGNED.search(one.lead)]
    total = [one for one in found if re.search("总|合计|共", one.lead)][-1:]
    signed = total or [one for one in found if one.statement == found[-1].statement]
    funds = [one for one in inside if _PROVIDED.search(one.lead) and one not in found]
    if len({one.statement for one in found}) > 1:
        funds = [one for one in funds if one.statement == signed[-1].statement]
    if len({"合同" in one.lead for one in signed}) != 1:
        return
    behind = text.clean[signed[-1].end : item.end()]
    closed = _CLOSED.search(behind)
    is_limited = closed and re.match("[0-9]", behind[closed.end() :])
    if not is_limited and _is_of_years(item[0]):
        return
    if _NO_OTHERS.search(item[0]) or (closed and not _OF_SOME.search(behind[: closed.start()])):
        start = signed[-1].end + closed.start() if closed else len(text.clean)
        inside = [one for one in text.figures if one.is_money and one.clause <= start < one.end <= item.end()]
        funds = inside[:1] or funds or _all_funds(document)
    elif len(signed) > 1 or sum(bool(_PLANNED.search(one.lead)) for one in text.money) != 1:
        return
    whole, limit = (_all_of(one.value for one in some) for some in (signed, funds))
    most = shown(limit, signed[0])
    message = f"合同金额{shown(whole, signed[0])}，安排的资金至多{most}。"
    holds = whole <= limit or whole > limit * _MOST_ABOVE
    yield tie(holds, text, signed, message, most, signed[-1])


@once
def _all_funds(document: Document) -> list[Figure]:
    """The largest of all funds that the text tells; nothing where it tells of several projects."""
    funds = [one for text in document.paragraphs for one in text.money if _PROVIDED.search(one.lead)]
    is_one = len(listed_names(document)) < 2 and any(
        re.search("评价|自评", one.clean) for one in document.paragraphs[:3]
    )
    return sorted(funds, key=lambda one: one.value)[-1:] if is_one else []


def _at_most(
    text: Paragraph, figures: Sequence[Figure], limit: Decimal, most: str, message: str, *more: Quote
) -> Tie:
    """The first of some figures is not above a limit."""
    one = figures[0]
    return tie(one.value <= limit, text, figures, message, most, one, *more)


def _within(document: Document) -> Iterator[Tie]:
    """合同金额4556万元，在到位资金4380万元之内."""
    for text in document.paragraphs:
        for nearest, limit in pairwise(text.figures):
            first = text.sentence_of(limit)[0]
            one = first if first.kind is limit.kind and first.is_level else nearest
            is_same = one.sentence == limit.sentence and one.kind is limit.kind and one.is_level
            is_within = re.match(r"(?:以内|之内|内|范围内|额度内)", limit.tail)
            if is_same and is_within and re.search(r"(?:均)?在[^#，。；]{0,10}$", limit.lead):
                message = f"{text.written(one)}不在{text.written(limit)}以内。"
                yield _at_most(text, [one, limit], limit.value, text.written(limit), message)


@relation("TXT049", "表里支出超过预算", Confidence.LIKELY)
def rows_above_budget(document: Document) -> Iterator[Tie]:
    """表里每个项目的支出不超过预算。"""
    for grid in project_tables(document):
        budgets = [one.at for one in grid.amounts if measure_of(one.header) is Measure.BUDGET]
        spent = [one.at for one in grid.amounts if measure_of(one.header) is Measure.SPENT]
        for row in grid.data if len(spent) == 1 else ():
            most = [row.numbers[at].value for at in budgets if at in row.numbers]
            if max(most, default=Decimal(0)) and spent[0] in row.numbers:
                own, limit = row.numbers[spent[0]].value, plain(max(most))
                holds = own <= max(sum(most, Decimal(0)), *most)
                message = f"“{grid.name(row)}”支出{plain(own)}，预算{limit}。"
                group = ("above", grid.position)
                yield Tie(holds, (row.quote,), message, limit, plain(own), group=group)


_ADDED = r"(?P<month>[0-9]{1,2}|十[一二]?|[一二三四五六七八九])月(?:份|[0-9]{1,2}日|底|初|中旬|上旬|下旬)?[^。；#]{0,24}?(?:才)?追加(?!支付|拨付|支出|下达)"
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_AHEAD = re.compile("拟|将|计划|申请|预计|上年|去年|(?:19|20)[0-9]{2}年")


def _supplements(document: Document) -> Iterator[tuple[Paragraph, re.Match[str], int]]:
    """Where the text tells in which month something was added."""
    for text in document.paragraphs:
        for match in re.finditer(_ADDED, text.clean):
            month = match["month"]
            yield text, match, int(month) if month.isdigit() else _NUMERALS.index(month) + 1


@relation("TXT022", "追加月份前后不一致")
def months_of_supplements(document: Document) -> Iterator[Tie]:
    """同一个追加项目，前后写的追加月份要一样。"""
    names = spoken_names(document)
    for text in document.paragraphs:
        for match in re.finditer(r"追加[^。]{0,12}?((?:“[^”]{3,40}”、?)+)", text.clean):
            names.update({bare_name(one): bare_name(one) for one in re.findall(r"“([^”]+)”", match[1])})
    every, first = longest_first(names), dict[str, tuple[int, Quote]]()
    for text, match, month in _supplements(document):
        quote = text.quote(*match.span())
        for name in map(names.__getitem__, _supplied(text, match, every)):
            known, where = first.setdefault(name, (month, quote))
            if known != month:
                message = f"“{name}”这里写{month}月追加，前面写{known}月。"
                yield Tie(False, (quote, where), message, f"{known}月", f"{month}月")


_NAMED_BEFORE = re.compile("[”：]?(?:[为是系于])?")
_LIST_FOLLOWS = re.compile(r"[^。；]*[。；](?:其中|分别|一是|包括|具体|即|[1①(])")


def _supplied(text: Paragraph, match: re.Match[str], every: Sequence[str]) -> list[str]:
    """The projects that are said to be added: as many as are counted where a list follows; else those of the sentence."""
    end, found = match.end(), mentions(text, every)
    behind = re.split(_ADDED, text.clean[end:], maxsplit=1)[0]
    count = next((int(one.value) for one in text.counts if end <= one.start < end + _BESIDE), 0)
    is_list = count and _LIST_FOLLOWS.match(behind)
    stop = end + len(behind if is_list else re.split("[。；]", behind, maxsplit=1)[0])
    told = list(dict.fromkeys(one.name for one in found if end <= one.start < stop))
    if text.clean.startswith(("的", "了", "“"), end):
        rest = text.clean[end + 1 : stop]
        ends = [name for name in every for lost in range(1, len(name) - 4) if rest.startswith(name[lost:])]
        return (told or ends)[:1]
    before = [one.name for one in found if _NAMED_BEFORE.fullmatch(text.clean, one.end, match.start())]
    return (told[:count] if is_list else told) or before


@relation("TXT062", "追加月份晚于监控期间", Confidence.LIKELY)
def supplements_in_time(document: Document) -> Iterator[Tie]:
    """报告里的追加项目，是监控期间以内追加的。"""
    last = document.period.month if document.period else None
    for text, match, month in _supplements(document) if last else ():
        before = text.clean[max(0, match.start() - 8) : match.end()]
        if last and 1 <= month <= 12 and not _AHEAD.search(before):
            message = f"监控到{last}月，这里写{month}月追加。"
            yield Tie(month <= last, (text.quote(*match.span()),), message, f"{last}月以前", f"{month}月")


@relation("TXT044", "统计表里项目重名，分不清", Confidence.LIKELY)
def twins(document: Document) -> Iterator[Tie]:
    """同一个项目名称在统计表里有几行的，要写明批次。"""
    remedy = "请写明批次（年初、几月追加），或者分别写全名称。"
    for grid in project_tables(document):
        at = grid.name_column
        seen: dict[tuple[str, str], list[Row]] = {}
        for row in grid.data:
            if at in row.texts:
                others = [text for column, text in row.texts.items() if column != at]
                words = "".join(text for text in others if text not in ("√", "✓"))
                seen.setdefault((row.texts[at], words), []).append(row)
        for (name, _), rows in seen.items():
            if len(name) >= 3:
                message = f"表里“{name}”有{len(rows)}行，看不出分别是什么。"
                quotes = tuple(row.quote for row in rows)
                yield Tie(len(rows) == 1, quotes, message, "", name, remedy)


@relation("TXT050", "同一项目写成两个名称", Confidence.LIKELY)
def near_names(document: Document) -> Iterator[Tie]:
    """一个项目在全文只用一个名称。"""
    names, told = listed_names(document), set[str]()
    yield from _other_in_table(document, names)
    for text, name, start, other in _near(document, names if len(names) <= _MOST_NAMES else ()):
        end = start + len(other)
        behind = {one.value for one in text.figures if one.is_money and end <= one.start < end + _BESIDE}
        is_moved = sorted(other) == sorted(name) and len(name) >= _LONG
        is_same_end, is_meant = other[-2:] == name[-2:], _is_meant(text.clean, start, end, names)
        is_alike = (is_moved and is_same_end) or ((is_moved or is_same_end) and is_meant)
        is_typed = names_alike(other, name) and is_alike
        if (
            other not in told
            and (is_typed or behind & _amounts_of(document, name))
            and not any(other in one or one in other for one in names)
            and not _TOLD_OF_WORK.match(other)
            and not any(one.start < end and start < one.end for one in mentions(text, longest_first(names)))
        ):
            told.add(other)
            yield _one_name(other, name, text.quote(start, end), names[name])


_TOLD_OF_WORK = re.compile("抓好|做好|加强|推进|推动|落实|开展|完善|提升|强化|保障")


def _one_name(other: str, name: str, *quotes: Quote) -> Tie:
    return Tie(False, quotes, f"“{other}”与“{name}”像是同一个项目。", name, other, "请全文只用一个名称。")


def _other_in_table(document: Document, names: Mapping[str, Quote]) -> Iterator[Tie]:
    """A project that only the text lists and one that only the table lists, almost alike, with the same money."""
    rows = {bare_name(grid.name(row)) for grid in project_tables(document) for row in grid.data}
    facts = [one for one in project_facts(document) if one.measure is Measure.BUDGET]
    funds = {(one.name, one.figure.value) for one in facts if one.name not in rows}
    for name, value in sorted(funds) if len(names) <= _MOST_NAMES else ():
        for other in sorted(rows & names.keys()):
            amounts = [amount for _, _, amount, _ in row_values(document, other, Measure.BUDGET)]
            is_told = any(one.name == other for one in facts)
            short, long = sorted((_NO_NAME_ENDS.sub("", one) for one in (name, other)), key=len)
            signs = iter(long)
            is_short_for = all(sign in signs for sign in short)
            if value in amounts and is_variant(short, long) and not (is_told or is_short_for):
                is_usual = any(other in text.clean for text in document.paragraphs)
                wrong, right = (name, other) if is_usual else (other, name)
                yield _one_name(wrong, right, names[wrong], names[right])


def _near(document: Document, names: Collection[str]) -> Iterator[tuple[Paragraph, str, int, str]]:
    """Where the text has almost a name: it begins or ends like it. The name, the place and the words there."""
    begun: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name in names:
        if len(name) >= 5:
            begun[name[:2]].append((name, 0))
            begun[name[2:4]] += [(name, 2), (name, 0)]
    for text in document.paragraphs if begun else ():
        for at in range(len(text.clean) - 1):
            for name, lost in begun.get(text.clean[at : at + 2], ()):
                is_begun = not lost or (at >= lost and text.clean.startswith(name[lost:], at))
                other = _almost(text.clean, name, at - lost) if is_begun else ""
                if other:
                    yield text, name, at - lost, other


_BESIDE = 40
"""Characters between a name and its money."""


def _amounts_of(document: Document, name: str) -> set[Decimal]:
    """The amounts of a project in tables and sentences that few others can have."""
    rows = [each[2:] for measure in Measure for each in row_values(document, name, measure)]
    told = [(one.figure.value, one.figure.step) for one in project_facts(document) if one.name == name]
    return {value for value, step in rows + told if len(significant(value, step)) >= 3}


def _is_meant(text: str, start: int, end: int, names: Collection[str]) -> bool:
    """Whether words stand where a project is named: in quotation marks, before 项目, beside another project."""
    before, after = max(0, start - 1), text[end : end + 6]
    return (
        text[before:start] == "“"
        or (text[before:start] in ("为", "即") and after[:1] in ("，", "；", "。"))
        or (text[before:start] in ("", "。", "；") and after.startswith(("按", "因", "主要")))
        or bool(re.match(r"项目|[，。：]?(?:预算|资金|支出|[0-9.]+万?元)|将|和|、", after))
        or any(text.startswith(name, end + 1) or text.endswith(name, 0, before) for name in names)
    )


_NAME_ENDS = re.compile(r"项目|按|因|主要|[，。：；、”(]|预算|资金|支出|已|将|[0-9]|和|$")
_NO_NAME_ENDS = re.compile(r"(?:支出|预算|资金|经费|项目|收入|投入|安排|支付|拨付|共|已|将)$")


def _almost(text: str, name: str, start: int) -> str:
    """The words at a place that are almost a name, with a few characters lost, added or exchanged; "" where none are."""
    core = _NO_NAME_ENDS.sub("", name)
    for length in range(len(name) - 1, len(name) + 5):  # a shorter one is short for it
        other = text[start : start + length]
        if len(other) < length or _NOT_IN_NAMES.search(other):
            break
        is_own = core not in other and (not _NO_NAME_ENDS.search(other) or other[-2:] == name[-2:])
        is_whole = _NAME_ENDS.match(text, start + length) is not None
        if is_whole and is_own and other != name and is_variant(other, name):
            return other
    return ""


_NOT_IN_NAMES = re.compile(r"[，。；：、()和与及的0-9]")


@relation("TXT024", "元与万元混用", Confidence.POSSIBLE)
def mixed_units(document: Document) -> Iterator[Tie]:
    """同一份报告里，各项目的预算用同一个单位。"""
    facts = [one for one in project_facts(document) if one.measure is Measure.BUDGET]
    in_yuan = [one for one in facts if one.figure.unit == "元" and one.figure.value >= 10_000]
    for one in in_yuan[:1] if len(facts) - len(in_yuan) >= 2 else ():
        expected = f"{plain(one.figure.value / 10_000)}万元"
        if f"即{expected}" not in one.text.clean:
            message = f"“{one.name}”的预算用元，其他项目用万元。"
            remedy = "请用同一个单位。"
            yield tie(False, one.text, [one.figure], message, expected, one.figure, remedy=remedy)
