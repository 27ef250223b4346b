"""Quantities times prices, and averages: of a sum by a count, of numbers that are listed, of the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Grid, Kind
from xlbudget.audit.interval import HUNDRED, exactly, rounded
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.quantities import decimal_of
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.counting import PROJECTS, length_of, slips_to
from xlbudget.audit.relations.totals import is_amount, sum_of_values
from xlbudget.audit.slips import is_exchanged, slipped_to
from xlbudget.audit.values import in_words, shown

_PRICE = re.compile(r"(?:每[^#，。；]{1,6}?(?:每年|每月)?|[亩户人]均|单价|均价|标准[为是]?|单位造价|造价)(?:补助|补贴|安排|综合造价|造价|投入|租金|奖励|资助|按)?(?:约|为|是)?$")  # fmt: skip
_AMOUNT = re.compile(r"^[，、]?(?:共计|合计|小计|共需|共|计|需|金额|总投资|年租金|总价|共?(?:应付|应发)|共(?:发放|兑付|补助|支付))(?:资金|金额|补贴|补助|经费|支出|[^#，。；]{0,3}费)?(?:约|为|共)?$")  # fmt: skip
_PAID_FOR = re.compile(r"(?:费用?|款|投资|投入|安排|金额|支出|发放|资金|补助|补贴)(?:约|为)?$")
_PART_PAID = re.compile("其中|另|上年|去年|预算|中央|省|市级|县级|自筹|累计|首|预付|已|剩|还|余|节约|缺口|差|配套|定金|保证金|到位|下达|争取|计划|目标|单价|每|均")  # fmt: skip
_MOST_FACTORS = 8
_AVERAGE = re.compile(r"(?P<unit>生|人|户|车|亩|村|家|校|月|季|日|次|场|件|台)均[^#，。；]{0,8}$|(?:平均每?|折合每|每(?=[^#，。；]{1,4}均))个?(?P<each>[^#，。；]{1,6}?)(?:年均?|有|受益|出动|接待|服务|支出|补助|发放|投入|参加|约|的|人数|用|[^#，。；]{1,8}费用?)*$")  # fmt: skip
_WORDS_OF = {"车": "辆", "校": "所", "日": "天"}
_LOOSE = [Decimal(one) for one in ("0.02", "0.02", "0.02", "0.005", "0.001")]
"""How far an average may be off by how many digits it has: the fewer, the rounder."""


@relation("TXT120", "数量乘单价不等于金额")
def product(document: Document) -> Iterator[Tie]:
    """“98台，单价0.45万元，计44.1万元”“每户2000元，2688户共537.6万元”：金额等于数量乘单价。"""
    for text, at, price in document.figures:
        for count, amount in _multiplied(text, at, price):
            value = count.exact * exactly(price.value * _months(text, price))
            is_exchange = is_exchanged(amount.value, amount.step, value)
            is_slip = slips_to(amount, value) and (length_of(amount) >= 4 or _PAID_FOR.search(amount.lead))
            is_told = price.start > count.end and _AMOUNT.search(amount.lead)
            meant = amount.value / price.value / _months(text, price) if price.value else Decimal(0)
            is_count = count.step == 1 and count.value >= HUNDRED and not amount.about
            is_count = is_count and is_exchanged(count.value, count.step, exactly(meant))
            if is_exchange or is_slip or is_told or is_count:
                expected = shown(count.value * price.value * _months(text, price), amount)
                told = text.written(amount)
                message = f"{text.written(count)}乘{text.written(price)}是{expected}，这里写{told}。"
                if is_count:
                    message += f"如果是{shown(meant, count)}，就对得上。"
                holds = _is_product(text, count, price, amount, is_exchange or is_count)
                yield tie(holds, text, [count, price, amount], message, expected, amount)


def _multiplied(text: Paragraph, at: int, price: Figure) -> Iterator[tuple[Figure, Figure]]:
    """The counts and the amount beside a price: count, price, amount, or price, count, amount."""
    by_unit = re.match(r"/([^，。；]{1,4})", price.tail)
    behind = [one for one in text.figures[at + 1 : at + 3] if one.sentence == price.sentence]
    if not price.is_money or not (by_unit or _PRICE.search(price.lead)) or not behind:
        return
    before = [one for one in text.figures[:at] if one.is_count]
    counts = [one for one in before if one.sentence == price.sentence and price.start - one.end <= 16][-1:]
    if by_unit:
        counts = [one for one in before if by_unit[1].startswith(one.unit)][-1:]
    if len(behind) == 2 and behind[0].is_count and _is_each(price.lead, behind[0]):
        counts, behind = behind[:1], behind[1:]
    prices = [one for one in text.figures if one.statement == price.statement and _PRICE.search(one.lead)]
    amount = behind[0]
    is_of_several = "合计" in amount.lead and any(
        one is not price for one in prices if one.sentence == price.sentence
    )
    is_part = _PART_PAID.search(amount.lead) or re.search(
        "一半|半数|减半|折", text.between(price.end, amount.start)
    )
    is_whole = amount.is_money and not amount.about and not is_part
    if (
        counts
        and is_whole
        and (len(prices) <= 1 or not re.search("共(?!需)", amount.lead))
        and not is_of_several
    ):
        yield counts[0], amount


def _is_each(lead: str, count: Figure) -> bool:
    """Whether a price is one of each of what is counted: 每户, 2688户; 每生, 2050人."""
    each = "每".join(lead.split("每")[-2:])
    return count.unit[0] in each or (count.unit in ("人", "名") and re.search("[生员岗户]", each) is not None)


def _months(text: Paragraph, price: Figure) -> Decimal:
    """How often a price is paid: once, or in each of the months that are told."""
    sentence = text.clean[slice(*text.passage.sentence(price.start))] if "月" in price.lead else ""
    told = re.search(r"(?<![0-9.])([0-9]{1,2})个月", sentence)
    return Decimal(told[1]) if told else Decimal(12 if "年" in sentence else 1)


def _is_product(text: Paragraph, count: Figure, price: Figure, amount: Figure, is_exchange: bool) -> bool:
    """Whether counts times price come to an amount, in some months, or to another one; exactly, where an exchange makes it so."""
    every = [one for one in text.figures if one.is_count and one.start < amount.start][-_MOST_FACTORS:]
    factors = [one.exact for one in every] + [a.exact * b.exact for a, b in combinations(every, 2)]
    each = price.exact if is_exchange and not price.about else price.range
    products = [one * each * exactly(Decimal(times)) for one in factors for times in range(1, 13)]
    others = [one for one in text.figures if one.is_money and one is not price and one is not amount]
    return (
        amount.depth != price.depth
        or any(one.meets(amount.range) for one in products)
        or any(count.exact * price.range == one.exact for one in others)
    )


@relation("TXT121", "平均数不对", Confidence.LIKELY)
def average(document: Document) -> Iterator[Tie]:
    """“4.92万人，41个行政村，平均每个行政村1200人”：平均数等于总数除以个数。"""
    for text, at, mean in document.figures:
        match = _AVERAGE.search(mean.lead)
        if match is None or not is_amount(mean) or not mean.is_level:
            continue
        near = [one for one in text.figures[:at] if one.statement >= mean.statement - 1]
        near += [one for one in text.figures[at + 1 : at + 3] if one.depth > mean.depth]
        means = [one for one in text.figures if _AVERAGE.search(one.lead) or _PRICE.search(one.lead)]
        sums = [one for one in near if one.is_level and not one.about and one not in means]
        sums = [one for one in sums if one.kind is mean.kind]
        sums = [one for one in sums if one.is_money or one.unit.startswith(mean.unit)]
        wrong = _by_counts(mean, sums, _divisors(document, text, mean, match))
        if wrong and not any(one.range.meets(exactly(wrong[1])) for one in means):
            one, value = wrong
            expected = in_words(value) if value >= one.value * 1000 else shown(value, mean)
            message = f"按平均数算，应该是{expected}，这里写{text.written(one)}。"
            yield tie(False, text, [one], message, expected, one)


_OF_YEARS = re.compile(
    "^[，、]?(?P<count>[两二三四五六七八九十3-9])[年个项所]平均(?:值|每年|支出|投入)?[^#，。；]{0,6}?$"
)
_OF_RUN = re.compile("，(?:算术|简单)?平均(?:值|数)?(?:为|是)?|，(?:算术|简单)平均(?:为|是)")
_JOINED = re.compile("、|和|及|与")
_OF_SCORES = re.compile("(?:自评|评价|绩效|项目)*平均(?:得分|分)?(?:为|是)?$")


@relation("TXT172", "平均数与所列各数不符", Confidence.LIKELY)
def mean_of_listed(document: Document) -> Iterator[Tie]:
    """“46.2万元、43.5万元、41.1万元，三年平均43.6万元”“10个项目平均得分94分”：等于所列各数、表里各行的平均。"""
    for text, at, one in document.figures:
        if not at or "均" not in one.lead:
            continue
        run = _run_before(text, at, one)
        if len(run) >= 2:
            mean = sum_of_values(run) / len(run)
            yield from _mean_tie(text, one, [mean], mean, text.span(*run))
        elif one.unit == "分" and _OF_SCORES.search(one.lead) and text.figures[at - 1].unit in PROJECTS:
            yield from _against_scores(document, text, text.figures[at - 1], one)


def _run_before(text: Paragraph, at: int, one: Figure) -> list[Figure]:
    """The numbers that an average is of: as many as it counts (三年平均), or those told after 分别, joined by 、 and 和."""
    match = _OF_YEARS.match(one.lead)
    if match:
        count = int(decimal_of(match["count"].replace("两", "二")) or 0)
        run = [each for each in text.figures[max(0, at - count) : at] if each.is_level]
        same = {(each.unit, each.statement) for each in (*run, one)}
        return run if len(run) == count and len(same) == 1 else []
    run = [text.figures[at - 1]]
    for each in reversed(text.figures[: at - 1]):
        if not _JOINED.fullmatch(text.between(each.end, run[0].start)):
            break
        run.insert(0, each)
    is_told = re.search("分别|依次", run[0].lead[-8:]) and _OF_RUN.fullmatch(
        text.between(run[-1].end, one.start)
    )
    return run if is_told and len({each.unit for each in (*run, one)}) == 1 else []


def _against_scores(document: Document, text: Paragraph, count: Figure, one: Figure) -> Iterator[Tie]:
    """An average of the points of all rows of the only table that has as many; or one weighted by an amount."""
    tables = [
        (grid, column)
        for grid in document.grids
        for column in grid.of_kind(Kind.SCORE, Kind.AMOUNT)
        if len(grid.data) == count.value
        and re.search("得分|评分|总分", column.header)
        and re.search("总|自评|评价|^得分", column.header)
        and all(column.at in row.numbers for row in grid.data)
    ]
    if len(tables) == 1:
        grid, column = tables[0]
        points = [row.cell(column).value for row in grid.data]
        mean = sum(points, Decimal(0)) / len(points)
        yield from _mean_tie(text, one, [mean, *_weighted(grid, points)], mean, grid.data[0].quote)


def _weighted(grid: Grid, points: Sequence[Decimal]) -> Iterator[Decimal]:
    """The averages of some numbers a row, by each column of amounts."""
    for column in grid.amounts:
        weights = [row.numbers[column.at].value if column.at in row.numbers else 0 for row in grid.data]
        if whole := sum(weights):
            yield sum((a * b for a, b in zip(points, weights, strict=True)), Decimal(0)) / whole


def _mean_tie(
    text: Paragraph, one: Figure, readings: Sequence[Decimal], mean: Decimal, quote: Quote
) -> Iterator[Tie]:
    """Whether an average is one of its readings; else it is accused where a slip makes it the plain one."""
    holds = any(one.range.meets(rounded(each, one.step)) for each in readings)
    is_weighable = one.is_percent and not re.search("算术|简单", one.lead)
    slip = is_exchanged if is_weighable else slipped_to
    if holds or slip(one.value, one.step, rounded(mean, one.step)):
        expected = shown(mean, one)
        message = f"所列各数平均是{expected}，这里写{text.written(one)}。"
        yield tie(holds, text, [one], message, expected, one, quote)


def _by_counts(
    mean: Figure, sums: Sequence[Figure], counts: Sequence[tuple[Decimal, int]]
) -> tuple[Figure, Decimal] | None:
    """The average and what it should be by the only sum and count that can be meant, or a sum in 元 for 万元."""
    pairs = [(a, sentence, a.value / value) for a in sums for value, sentence in counts if value]
    loose = mean.value * _LOOSE[3 if mean.about else min(length_of(mean), 4)]
    months = (1, 12) if re.search("[月年]", mean.prefix) else (1,)
    readings = {ratio * one for *_, ratio in pairs for month in months for one in (month, 1 / Decimal(month))}
    if any(abs(one - mean.value) < max(mean.step, loose) for one in readings):
        return None
    beside = [each for each in pairs if {each[0].sentence, each[1]} == {mean.sentence}]
    spent = [each for each in pairs if not words.BUDGET.search(each[0].lead)]
    found = [{ratio for *_, ratio in beside or some if _is_meant(mean, ratio)} for some in (spent, pairs)]
    meant = found[0] or found[1]
    for a, _, ratio in beside:
        if a.unit == "元" and abs(ratio * 10_000 - mean.value) <= loose:
            return a, a.value * 10_000
    return (mean, meant.pop()) if len(meant) == 1 else None


def _divisors(
    document: Document, text: Paragraph, mean: Figure, match: re.Match[str]
) -> list[tuple[Decimal, int]]:
    """What an average can be by, with its sentence: months, counts of the paragraph, or those told well before it."""
    if match["unit"] == "月":
        told = re.findall(r"1-([0-9]{1,2})月", text.clean[: mean.start]) or ["12"]
        return [(Decimal(one), mean.sentence) for one in told]
    if match["unit"] == "季":
        is_of_year = re.search("全年|年度|[0-9]年", text.clean[: mean.start])
        return [(Decimal(4), mean.sentence)] if is_of_year else []
    unit = _WORDS_OF.get(match["unit"], match["unit"]) or match["each"]
    far = unit == "生" or len(match["each"] or "") >= 2
    texts = [one for one in document.paragraphs if one is text or (far and one.block <= text.block)]
    return [
        (one.value, one.sentence if each is text else -1)
        for each in texts
        for one in each.counts
        if one.unit != mean.unit and _counts_unit(one, unit)
    ]


def _counts_unit(one: Figure, unit: str) -> bool:
    if unit == "生":
        return "生" in one.tail[:4] or re.search("生(?:总数)?$", one.lead) is not None
    is_told_behind = len(unit) > 1 and one.tail.startswith(unit[:2])
    return unit.startswith(one.unit) or one.unit.replace("名", "人").startswith(unit) or is_told_behind


def _is_meant(mean: Figure, ratio: Decimal) -> bool:
    """Whether an average is the right one but for a digit, a zero, or its unit."""
    if ratio.quantize(mean.step) == mean.value * 10_000 or ratio == mean.value / 10_000:
        return True
    return mean.value / 12 <= ratio <= mean.value * 12 and slips_to(mean, rounded(ratio, mean.step))
