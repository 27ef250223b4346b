"""What monitoring reports count: projects by forecast class and by band, and judgements about all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Cell, Column, Grid, Row
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.interval import rounded
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.projects import Measure, measure_of, money_scale, project_tables
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.slips import slipped_to
from xlbudget.audit.values import shown

CLASSES = {
    "不能完全实现": r"不能完全(?:实现|完成)|未能完全(?:实现|完成)|部分(?:实现|完成)|难以完全(?:实现|完成)|不能全部(?:实现|完成)",
    "差距较大": r"差距较大|不能(?:如期)?(?:实现|完成)|无法(?:如期)?(?:实现|完成)",
    "能实现": r"(?<!不)(?<!否)能(?:够)?(?:全部|如期|按期|完全|全面|顺利)*(?:实现|完成)",
}
"""The classes of the forecast, in the order in which their words are tried."""
_EACH = ("个", "项")


def class_of(words: str) -> str | None:
    """Which class words speak of."""
    bare = re.sub(r"\((?:与|即|指)?[^()]*\)", "", words)
    return next((name for name, pattern in CLASSES.items() if re.search(pattern, bare)), None)


def is_slip_of(figure: Figure, value: Decimal, step: Decimal | None = None) -> bool:
    """Whether a figure is a value (printed with `step`, else as the figure is) by one slip."""
    meant = rounded(value, (figure.step if step is None else step) / 100)
    return value > 0 and slipped_to(figure.value, figure.step, meant) is not None


def _counts_things(one: Figure) -> bool:
    return one.is_count and one.unit in _EACH and not one.about


def _money_behind(text: Paragraph, at: int, lead: str) -> Figure | None:
    """The next figure of a sentence where it is money that certain words introduce."""
    behind = [one for one in text.figures[at + 1 : at + 2] if one.sentence == text.figures[at].sentence]
    return next((one for one in behind if one.is_money and re.search(lead, one.lead)), None)


@dataclass(frozen=True, slots=True)
class Classed:
    """How many projects are said to be in a class, and with how much money."""

    name: str
    count: Figure
    money: Figure | None
    text: Paragraph


def classed(document: Document) -> Iterator[Classed]:
    """Statements such as 预计年底能实现绩效目标的项目有7个，涉及资金27.75万元."""
    last: tuple[Paragraph, int] | None = None
    for text, at, one in document.figures:
        if not _counts_things(one):
            continue
        name = class_of(one.lead)
        is_other = re.search("其中|以上|执行率|[0-9]%$", one.lead[-6:])
        goes_on = last == (text, one.statement)
        if goes_on and not name and re.search("基本(?:能?实现|完成)", one.lead):
            name = "基本实现"
        if name and not is_other and (goes_on or re.search("项目|目标", one.lead + one.tail)):
            last = text, one.statement
            yield Classed(name, one, _money_behind(text, at, r"资金|金额|预算|^、$|^，$"), text)


_ALL = re.compile(r"共有?|总|全部|合计|所有|纳入")
_NOT_ALL = r"年初|追加|其中|偏差|滞后|缓慢|影响|重点|以上|以下|完成|未|整改|问题|[能难]|差距|低于|高于|部分|主要|上年|去年|新增|建设|检查|审批|审核|验收|备案|开工|储备|申报|评审"


def _counts_all(one: Figure, words: str) -> bool:
    """Whether a figure counts projects, and some words of it say that these are all."""
    named = re.search(r"项目[^#，。；]{0,6}$", one.lead) or re.match(r"(?:部门)?(?:预算|支出)?项目", one.tail)
    return bool(named and _ALL.search(words) and not re.search(_NOT_ALL, one.lead))


def told_counts(document: Document) -> dict[Decimal, Quote]:
    """How many projects there are in all, as the text says."""
    found: dict[Decimal, Quote] = {}
    for text, _, one in document.figures:
        if _counts_things(one) and _counts_all(one, one.lead[-14:] + one.tail[:4]):
            found.setdefault(one.value, text.span(one))
    return found


def whole_counts(document: Document) -> dict[Decimal, Quote]:
    """How many projects there are in all: as the text says, and by the rows of project tables."""
    found = told_counts(document)
    for grid in project_tables(document):
        if grid.of_kind(Holds.TICK) or column_of(grid, Measure.ACHIEVEMENT):
            found.setdefault(Decimal(len(grid.data)), (grid.data or grid.rows[:1])[-1].quote)
    return found


def column_of(grid: Grid, measure: Measure, *kinds: Holds) -> Column | None:
    """The only column that tells a measure."""
    wanted = kinds or (Holds.AMOUNT, Holds.PERCENT, Holds.SCORE)
    found = [one for one in grid.of_kind(*wanted) if measure_of(one.header) is measure]
    return found[0] if len(found) == 1 else None


def values_of(grid: Grid, column: Column | None) -> list[tuple[Row, Decimal]]:
    """The projects that have a number in a column, each with it."""
    at = column.at if column else None
    return [(row, row.numbers[at].value) for row in grid.data if at in row.numbers]


def _ticks(grid: Grid) -> list[tuple[str, Column]]:
    """The columns of ticks with their classes."""
    named = [(class_of(one.header.split(" ")[-1]), one) for one in grid.of_kind(Holds.TICK)]
    return [(name, one) for name, one in named if name]


def _rows_by_class(grid: Grid) -> dict[str, list[Row]] | None:
    """The rows of each class, by ticks or by the words of a column; None where not every row has just one."""
    ticks = _ticks(grid)
    rows: dict[str, list[Row]] = {name: [] for name in CLASSES}
    for row in grid.data:
        names = [name for name, column in ticks if column.at in row.texts]
        if not ticks:
            names = [name for text in row.texts.values() if len(text) <= 8 and (name := class_of(text))]
        if len(names) != 1:
            return None
        rows[names[0]].append(row)
    return rows if grid.data else None


def _class_table(document: Document) -> tuple[Grid, dict[str, list[Row]]] | None:
    """The only table with classes, and the rows of each; None where it lists only some projects by what the text tells."""
    tables = [(grid, rows) for grid in project_tables(document) if (rows := _rows_by_class(grid))]
    told = told_counts(document)
    sums = {sum((one.count.value for one in classed(document)), Decimal(0)), *told}
    return tables[0] if len(tables) == 1 and (not told or len(tables[0][0].data) in sums) else None


_ALL_TOGETHER = re.compile(r"(?:全部|所有)(?:预算|部门|支出)?项目(?:合计|共计|共|总计|总数)(?:有|为)?$")


def counts_against_table(document: Document) -> Iterator[Tie]:
    """全部项目共7个, where the only table that ticks each project, or has another number that is told of all, has 5 rows."""
    told = told_counts(document)
    tables = [grid for grid in project_tables(document) if _ticks(grid) or len(grid.data) in told]
    for text, _, one in document.figures if len(tables) == 1 else ():
        if _counts_things(one) and not one.depth and _ALL_TOGETHER.search(one.lead):
            listed = len(tables[0].data)
            message = f"这里写共{text.written(one)}，统计表列出{listed}个。"
            quote = tables[0].rows[-1].quote
            yield tie(one.value == listed, text, [one], message, f"{listed}个", one, quote)


_INITIAL = re.compile(r"年初[^#，。；]{0,10}项目[^#，。；]{0,6}$|年初[^#，。；]{0,10}$")
_SOME = re.compile(r"其中|差距|目标|偏差|滞后|完成|未|重点|除|以上|以下|低于|高于|追加|调整")


@relation("TXT001", "年初项目的个数、资金前后不一致")
def initial_projects(document: Document) -> Iterator[Tie]:
    """年初项目的个数和资金，前后各处要一样。"""
    counts: list[tuple[Paragraph, Figure]] = []
    money: list[tuple[Paragraph, Figure]] = []
    for text, at, one in document.figures:
        is_named = "项目" in one.lead or one.tail.startswith(("项目", "预算项目"))
        is_initial = _INITIAL.search(one.lead) and not _SOME.search(one.lead)
        if _counts_things(one) and not one.depth and is_named and is_initial:
            counts.append((text, one))
            following = _money_behind(text, at, r"资金|预算|金额")
            money += [(text, following)] if following and following.is_level else []
    for told in (counts, money):
        for text, one in told[1:]:
            first_text, first = told[0]
            expected = first_text.written(first)
            message = f"年初项目这里写{text.written(one)}，前面写{expected}。"
            holds = one.exact.meets(first.exact) or text is first_text
            remedy = "同一件事前后写得不一样，请核对后改成一样。"
            yield tie(holds, text, [one], message, expected, one, first_text.span(first), remedy=remedy)


@relation("TXT003", "各类项目个数加起来不等于总数", Confidence.LIKELY)
def classes_add_up(document: Document) -> Iterator[Tie]:
    """能实现、不能完全实现、差距较大三类加起来，等于全部项目。"""
    told = list(classed(document))
    names = [one.name for one in told]
    whole = whole_counts(document)
    if (
        len(names) < 2
        or len(set(names)) != len(names)
        or len(whole) != 1
        or (len(names) < 3 and not re.search("其余|另", told[-1].count.prefix))
        or any(_rows_by_class(grid) for grid in project_tables(document))
    ):
        return
    ((number, quote),) = whole.items()
    summed = sum((one.count.value for one in told), Decimal(0))
    text = told[0].text
    counts = [one.count for one in (told[0], told[-1]) if one.text is text]
    message = f"各类加起来是{summed}个，全部项目是{number}个。"
    yield Tie(summed == number, (text.span(*counts), quote), message, f"{number}个", f"{summed}个")


@relation("TXT004", "各类项目个数与统计表不符")
def classes_against_table(document: Document) -> Iterator[Tie]:
    """写明的各类个数，等于统计表里打勾的行数。"""
    _, rows = _class_table(document) or (None, {})
    quotes = [row.quote for some in rows.values() for row in some][:3]
    for one in classed(document) if rows else ():
        number = len(rows[one.name])
        message = f"“{one.name}”的项目这里写{one.text.written(one.count)}，统计表里有{number}个。"
        holds = one.count.value == number
        yield tie(holds, one.text, [one.count], message, f"{number}个", one.count, *quotes)


@relation("TXT013", "各类项目涉及资金与统计表不符")
def class_money(document: Document) -> Iterator[Tie]:
    """写明的各类项目资金，等于统计表里该类各行的资金之和；各类之和等于全部项目的资金。"""
    told = [(one, one.money) for one in classed(document) if one.money]
    table = _class_table(document)
    if table is None:
        yield from _money_of_all(document, told)
        return
    grid, rows = table
    column = column_of(grid, Measure.BUDGET, Holds.AMOUNT)
    values = {row.at: value for row, value in values_of(grid, column)}
    for one, money in told:
        places = [row.at for row in rows[one.name]]
        if column and values.keys() >= set(places):
            value = sum((values[at] for at in places), Decimal(0)) * money_scale(grid, column)
            expected = shown(value, money)
            message = f"“{one.name}”的项目涉及资金这里写{one.text.written(money)}，统计表里合计{expected}。"
            quotes = [row.quote for row in rows[one.name][:3]]
            holds = abs(money.value - value) <= money.step or value > money.value * 100
            yield tie(holds, one.text, [money], message, expected, money, *quotes)


def _money_of_all(document: Document, told: Sequence[tuple[Classed, Figure]]) -> Iterator[Tie]:
    """All classes together against the money of all projects, where only one total of it is told."""
    is_clear = len(told) >= 2 and len({one.name for one, _ in told}) == len(told)
    count = sum((one.count.value for one in classed(document)), Decimal(0))
    counts = [
        each
        for each in document.figures
        if each[2].is_count and each[2].value == count and not class_of(each[2].lead)
    ]
    of_all = [(text, at) for text, at, one in counts if re.search("项目", one.lead[-14:] + one.tail[:4])]
    found = [(text, _money_behind(text, at, r"资金|预算|金额|总额|^、|^，")) for text, at in of_all]
    wholes = {one.value: (text, one) for text, one in found if one}
    if not is_clear or len(wholes) != 1:
        return
    ((text, whole),) = wholes.values()
    summed = sum((money.value for _, money in told), Decimal(0))
    message = f"各类资金加起来是{shown(summed, whole)}，全部项目是{text.written(whole)}。"
    own = [money for _, money in told]
    others = [one.value for each in document.paragraphs for one in each.money if one not in own]
    holds = min(abs(summed - one) for one in others) <= whole.step * len(
        told
    )  # also all that is left after a change
    meant = [each for each in told if is_slip_of(each[1], whole.value - summed + each[1].value)]
    first = meant if len(meant) == 1 else []
    quotes = [one.text.span(money) for one, money in sorted(told, key=lambda each: each not in first)]
    yield Tie(holds, (*quotes, text.span(whole)), message, text.written(whole), shown(summed, whole))


_BOUNDS = re.compile(
    r"(?P<lower>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%?(?:\(含\))?[-至到](?P<upper>[0-9]+(?:\.[0-9]+)?)%"
    r"|(?:达到?|超过|不低于|高于)?(?P<above>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%(?:\(含本?数?\))?(?:及|\(含\))?(?:以上)?"
)
_BELOW = re.compile(r"(?P<below>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%(?:\(不含\))?以下")
_NOT_BEGUN = "未开展|未启动|尚无|未实施|暂不|没有实现程度"
_MEASURED = {Measure.ACHIEVEMENT: "实现程度|完成程度|完成率", Measure.RATE: "执行率|支出进度"}


@dataclass(frozen=True, slots=True)
class Banded:
    """How many projects are said to be in a band of percentages: from `lower` (counted in) to below `upper`."""

    lower: Decimal
    upper: Decimal | None
    count: Figure
    text: Paragraph
    measure: Measure

    def holds(self, cell: Cell) -> bool:
        return cell.value >= self.lower and (self.upper is None or cell.value < self.upper)


def banded(document: Document) -> list[list[Banded]]:
    """The bands of each sentence that has some."""
    found: dict[tuple[int, int], list[Banded]] = {}
    for text, at, one in document.figures:
        if one.is_count and one.unit in _EACH and (band := _band_before(text, at)):
            found.setdefault((text.block, one.statement), []).append(band)
    return list(found.values())


def _band_before(text: Paragraph, at: int) -> Banded | None:
    """The band that the words before a count tell of."""
    one = text.figures[at]
    start = max([one.clause, *(each.end for each in text.figures[:at] if each.is_count)])
    words = text.clean[start : one.start]
    statement = text.clean[text.clean.rfind("。", 0, one.start) + 1 : one.start]
    said = (statement, text.clean[: one.start])
    told = (name for words_of in said for name, pattern in _MEASURED.items() if re.search(pattern, words_of))
    measure = next(told, None)
    below, match = _BELOW.search(words), _BOUNDS.search(words)
    if measure is None:
        return None
    if below:
        return Banded(Decimal(0), Decimal(below["below"]), one, text, measure)
    if match is None or re.search("差距|目标值|低于|不足|占", words):
        return None
    upper = Decimal(match["upper"]) if match["upper"] else None
    return Banded(Decimal(match["lower"] or match["above"]), upper, one, text, measure)


@relation("TXT006", "分档个数与统计表不符", Confidence.LIKELY)
def bands_against_table(document: Document) -> Iterator[Tie]:
    """写明的各档个数，等于统计表里实现程度或执行率落在该档的行数。"""
    for bands, grid in product(banded(document), project_tables(document)):
        column = column_of(grid, bands[0].measure)
        cells = [row.numbers[column.at] for row in grid.data if column and column.at in row.numbers]
        numbers = [sum(map(one.holds, cells)) for one in bands]
        told = list(zip(bands, numbers, strict=True))
        if (
            not 3 <= len(cells) == len(grid.data)
            or len({one.lower for one in bands}) != len(bands)
            # Bands are told of the table's projects where they cover most of them, and are right or near.
            or any(abs(one.count.value - number) > 1 for one, number in told)
            or sum(numbers) < len(cells) - 1
        ):
            continue
        # Projects that are told apart as not begun are in no band.
        same = (each for each in bands[0].text.figures if each.statement == bands[0].count.statement)
        idle = next((each.value for each in same if re.search(_NOT_BEGUN, each.lead)), Decimal(0))
        wrong = [(one, number) for one, number in told if one.count.value != number]
        wrong = [(one, number) for one, number in wrong if one.lower or one.count.value != number - idle]
        if not wrong:
            yield Tie(True, (grid.rows[0].quote,))
            continue
        (first, number), (last, _) = wrong[0], wrong[-1]
        message = f"这一档这里写{first.text.written(first.count)}，统计表里有{number}个。"
        counts = [first.count, last.count]
        yield tie(False, first.text, counts, message, f"{number}个", first.count, grid.data[-1].quote)
