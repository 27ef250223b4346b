"""What monitoring reports count: projects by forecast class and by band, and judgements about all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Cell, Column, Grid, Row
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.interval import rounded
from xlbudget.audit.paragraphs import Document, Paragraph, is_money
from xlbudget.audit.projects import Measure, measure_of, money_scale, project_tables
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.slips import slipped_to
from xlbudget.audit.values import shown
from xlbudget.domain.money import plain

CLASSES = {
    "不能完全实现": re.compile(
        r"不能完全(?:实现|完成)|未能完全(?:实现|完成)|部分(?:实现|完成)|难以完全(?:实现|完成)|不能全部(?:实现|完成)"
    ),
    "差距较大": re.compile(r"差距较大|不能(?:如期)?(?:实现|完成)|无法(?:如期)?(?:实现|完成)"),
    "能实现": re.compile(r"(?<!不)(?<!否)能(?:够)?(?:全部|如期|按期|完全|全面|顺利)*(?:实现|完成)"),
}
"""The classes of the forecast, in the order in which their words are tried."""


def class_of(words: str) -> str | None:
    """Which class words speak of."""
    bare = re.sub(r"\((?:与|即|指)?[^()]*\)", "", words)
    return next((name for name, pattern in CLASSES.items() if pattern.search(bare)), None)


@dataclass(frozen=True, slots=True)
class Classed:
    """How many projects are said to be in a class, and with how much money."""

    name: str
    count: Figure
    money: Figure | None
    text: Paragraph


def classed(document: Document) -> list[Classed]:
    """Statements such as 预计年底能实现绩效目标的项目有7个，涉及资金27.75万元."""
    found = []
    for text in document.paragraphs:
        for at, one in enumerate(text.figures):
            if one.kind is not Kind.COUNT or one.unit not in ("个", "项") or one.about:
                continue
            words = one.lead
            name = class_of(words)
            if (
                name is None
                or not re.search("项目|目标", words + one.tail)
                or re.search("其中|以上|执行率|[0-9]%$", words[-6:])
            ):
                continue
            following = text.figures[at + 1] if at + 1 < len(text.figures) else None
            money = (
                following
                if following
                and is_money(following)
                and following.sentence == one.sentence
                and re.search(r"资金|金额|预算|^、$|^，$", following.lead)
                else None
            )
            found.append(Classed(name, one, money, text))
    return found


_ALL = re.compile(r"共有?|总|全部|合计|所有|纳入")
_NOT_ALL = re.compile(
    r"年初|追加|其中|偏差|滞后|缓慢|影响|重点|以上|以下|完成|未|整改|问题|[能难]|差距|低于|高于|部分|主要|上年|去年|新增|建设|检查|审批|审核|验收|备案|开工|储备|申报|评审"
)


def told_counts(document: Document) -> dict[Decimal, Quote]:
    """How many projects there are in all, as the text says."""
    found: dict[Decimal, Quote] = {}
    for text in document.paragraphs:
        for one in text.figures:
            words = one.lead
            if one.kind is not Kind.COUNT or one.unit not in ("个", "项") or one.about:
                continue
            named = re.search(r"项目[^#，。；]{0,6}$", words) or re.match(
                r"(?:部门)?(?:预算|支出)?项目", one.tail
            )
            if named and _ALL.search(words[-14:] + one.tail[:4]) and not _NOT_ALL.search(words):
                found.setdefault(one.value, text.quote(one.start, one.end))
    return found


def whole_counts(document: Document) -> dict[Decimal, Quote]:
    """How many projects there are in all: as the text says, and by the rows of project tables."""
    found = told_counts(document)
    for grid in project_tables(document):
        if any(one.kind is Holds.TICK for one in grid.columns) or _column(grid, Measure.ACHIEVEMENT):
            found.setdefault(
                Decimal(len(grid.data)), grid.data[-1].quote if grid.data else grid.rows[0].quote
            )
    return found


def _column(grid: Grid, measure: Measure, *kinds: Holds) -> Column | None:
    wanted = kinds or (Holds.AMOUNT, Holds.PERCENT, Holds.SCORE)
    found = [one for one in grid.columns if one.kind in wanted and measure_of(one.header) is measure]
    return found[0] if len(found) == 1 else None


def _ticked(grid: Grid) -> dict[str, list[Row]] | None:
    """The rows of each class, by ticks or by the words of a column; None where not every row has just one."""
    ticks = [
        (name, one)
        for one in grid.columns
        if one.kind is Holds.TICK and (name := class_of(one.header.split(" ")[-1]))
    ]
    rows: dict[str, list[Row]] = {name: [] for name in CLASSES}
    placed = 0
    for row in grid.data:
        names = [name for name, column in ticks if column.at in row.texts]
        if not ticks:
            names = [name for text in row.texts.values() if len(text) <= 8 and (name := class_of(text))]
        if len(names) != 1:
            return None
        rows[names[0]].append(row)
        placed += 1
    return rows if placed else None


# -- the projects of the beginning of the year ---------------------------------------------------------

_INITIAL = re.compile(r"年初[^#，。；]{0,10}项目[^#，。；]{0,6}$|年初[^#，。；]{0,10}$")
_SOME = re.compile(r"其中|差距|目标|偏差|滞后|完成|未|重点|除|以上|以下|低于|高于|追加|调整")


@relation("TXT001", "年初项目的个数、资金前后不一致")
def initial_projects(document: Document) -> Iterator[Tie]:
    """年初项目的个数和资金，前后各处要一样。"""
    counts: list[tuple[Paragraph, Figure]] = []
    money: list[tuple[Paragraph, Figure]] = []
    for text in document.paragraphs:
        for at, one in enumerate(text.figures):
            words = one.lead
            if (
                one.kind is not Kind.COUNT
                or one.unit not in ("个", "项")
                or one.about
                or _SOME.search(words)
                or one.depth
            ):
                continue
            if not _INITIAL.search(words) or not (
                "项目" in words or one.tail.startswith(("项目", "预算项目"))
            ):
                continue
            counts.append((text, one))
            following = text.figures[at + 1] if at + 1 < len(text.figures) else None
            if (
                following
                and is_money(following)
                and following.sentence == one.sentence
                and re.search(r"资金|预算|金额", following.lead)
                and following.is_level
            ):
                money.append((text, following))
    for told in (counts, money):
        for text, one in told[1:]:
            first_text, first = told[0]
            found, expected = text.written(one), first_text.written(first)
            quotes = (text.quote(one.start, one.end), first_text.quote(first.start, first.end))
            holds = one.exact.meets(first.exact) or text is first_text
            yield Tie(
                holds,
                quotes,
                f"年初项目这里写{found}，前面写{expected}。",
                expected,
                found,
                "同一件事前后写得不一样，请核对后改成一样。",
            )


# -- forecast classes ----------------------------------------------------------------------------------


@relation("TXT003", "各类项目个数加起来不等于总数", Confidence.LIKELY)
def classes_add_up(document: Document) -> Iterator[Tie]:
    """能实现、不能完全实现、差距较大三类加起来，等于全部项目。"""
    told = classed(document)
    names = [one.name for one in told]
    if (
        len(names) < 2
        or len(set(names)) != len(names)
        or any(_ticked(grid) for grid in project_tables(document))
    ):
        return
    whole = whole_counts(document)
    if len(whole) != 1 or (len(names) < 3 and not re.search("其余|另", told[-1].count.prefix)):
        return
    ((number, quote),) = whole.items()
    summed = sum((one.count.value for one in told), Decimal(0))
    text = told[0].text
    message = f"各类加起来是{summed}个，全部项目是{number}个。"
    yield Tie(
        summed == number,
        (
            text.quote(
                told[0].count.start, told[-1].count.end if told[-1].text is text else told[0].count.end
            ),
            quote,
        ),
        message,
        f"{number}个",
        f"{summed}个",
    )


@relation("TXT004", "各类项目个数与统计表不符")
def classes_against_table(document: Document) -> Iterator[Tie]:
    """写明的各类个数，等于统计表里打勾的行数。"""
    tables = [rows for grid in project_tables(document) if (rows := _ticked(grid))]
    if len(tables) != 1 or _is_selective(document, tables[0]):
        return
    for one in classed(document):
        number = len(tables[0][one.name])
        message = f"“{one.name}”的项目这里写{one.text.written(one.count)}，统计表里有{number}个。"
        rows = [row.quote for some in tables[0].values() for row in some]
        yield Tie(
            one.count.value == number,
            (one.text.quote(one.count.start, one.count.end), *rows[:3]),
            message,
            f"{number}个",
            one.text.written(one.count),
        )


def _is_selective(document: Document, rows: dict[str, list[Row]]) -> bool:
    """Whether a table lists only some projects: the text gives other numbers of all."""
    listed = Decimal(sum(map(len, rows.values())))
    told = told_counts(document)
    return bool(told) and listed not in told


@relation("TXT013", "各类项目涉及资金与统计表不符")
def class_money(document: Document) -> Iterator[Tie]:
    """写明的各类项目资金，等于统计表里该类各行的资金之和；各类之和等于全部项目的资金。"""
    tables = [(grid, rows) for grid in project_tables(document) if (rows := _ticked(grid))]
    told = [one for one in classed(document) if one.money is not None]
    if len(tables) == 1 and not _is_selective(document, tables[0][1]):
        grid, rows = tables[0]
        column = _column(grid, Measure.BUDGET, Holds.AMOUNT)
        for one in told if column else ():
            assert column is not None and one.money is not None
            cells = [row.numbers.get(column.at) for row in rows[one.name]]
            if any(cell is None for cell in cells):
                continue
            value = sum((cell.value for cell in cells if cell), Decimal(0)) * money_scale(grid, column)
            message = f"“{one.name}”的项目涉及资金这里写{one.text.written(one.money)}，统计表里合计{shown(value, one.money)}。"
            holds = abs(one.money.value - value) <= one.money.step
            quotes = [row.quote for row in rows[one.name]]
            yield Tie(
                holds,
                (one.text.quote(one.money.start, one.money.end), *quotes[:3]),
                message,
                shown(value, one.money),
                one.text.written(one.money),
            )
    elif len(told) >= 2 and len({one.name for one in told}) == len(told):
        yield from _money_of_all(document, told)


def _money_of_all(document: Document, told: list[Classed]) -> Iterator[Tie]:
    """All classes together against the money of all projects, where only one total of it is told."""
    counts = whole_counts(document)
    if sum((one.count.value for one in told), Decimal(0)) not in counts:
        return
    wholes = {
        one.value: (text, one)
        for text in document.paragraphs
        for one in text.figures
        if _is_all_money(text, one)
    }
    if len(wholes) != 1:
        return
    ((text, whole),) = wholes.values()
    summed = sum((one.money.value for one in told if one.money), Decimal(0))
    last = told[0]
    assert last.money is not None
    message = f"各类资金加起来是{shown(summed, whole)}，全部项目是{text.written(whole)}。"
    holds = abs(summed - whole.value) <= whole.step * len(told)
    rest = [(one, one.money, whole.value - summed + one.money.value) for one in told if one.money]
    meant = [
        one
        for one, money, value in rest
        if value > 0 and slipped_to(money.value, money.step, rounded(value, money.step / 100)) is not None
    ]
    told = sorted(told, key=lambda one: one not in meant[:1]) if len(meant) == 1 else told
    quotes = tuple(one.text.quote(one.money.start, one.money.end) for one in told if one.money)
    yield Tie(
        holds,
        (*quotes, text.quote(whole.start, whole.end)),
        message,
        text.written(whole),
        shown(summed, whole),
    )


def _is_all_money(text: Paragraph, one: Figure) -> bool:
    """Money that is said to be that of all projects: right behind their number."""
    at = text.figures.index(one)
    before = text.figures[at - 1] if at else None
    if (
        not is_money(one)
        or before is None
        or before.kind is not Kind.COUNT
        or before.sentence != one.sentence
    ):
        return False
    words = before.lead
    named = re.search(r"项目[^#，。；]{0,6}$", words) or re.match(r"(?:部门)?(?:预算|支出)?项目", before.tail)
    return (
        bool(named)
        and bool(_ALL.search(words[-14:]))
        and not _NOT_ALL.search(words)
        and bool(re.search(r"资金|预算|金额|总额|^、|^，", one.lead))
    )


# -- bands ---------------------------------------------------------------------------------------------

_BOUNDS = re.compile(
    r"(?P<lower>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%?(?:\(含\))?[-至到](?P<upper>[0-9]+(?:\.[0-9]+)?)%"
    r"|(?:达到?|超过|不低于|高于)?(?P<above>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%(?:\(含本?数?\))?(?:及|\(含\))?(?:以上)?"
)
_BELOW = re.compile(r"(?P<below>(?<![0-9.])[0-9]+(?:\.[0-9]+)?)%(?:\(不含\))?以下")


@dataclass(frozen=True, slots=True)
class Banded:
    """How many projects are said to be in a band of percentages: from `lower` (counted in) to below `upper`."""

    lower: Decimal
    upper: Decimal | None
    count: Figure
    text: Paragraph
    measure: Measure


def banded(document: Document) -> Iterator[list[Banded]]:
    """The bands of each sentence that has some."""
    for text in document.paragraphs:
        by_statement: dict[int, list[Banded]] = {}
        for at, one in enumerate(text.figures):
            if one.kind is Kind.COUNT and one.unit in ("个", "项"):
                found = _band_before(text, at)
                if found:
                    by_statement.setdefault(one.statement, []).append(found)
        yield from by_statement.values()


def _band_before(text: Paragraph, at: int) -> Banded | None:
    one = text.figures[at]
    start = max(
        one.clause, max((each.end for each in text.figures[:at] if each.kind is Kind.COUNT), default=0)
    )
    words = text.clean[start : one.start]
    statement = text.clean[text.clean.rfind("。", 0, one.start) + 1 : one.start]
    measure = next(
        (
            name
            for name in (Measure.ACHIEVEMENT, Measure.RATE)
            if re.search(
                {"实现程度": "实现程度|完成程度|完成率", "执行率": "执行率|支出进度"}[name.value], statement
            )
        ),
        None,
    )
    if measure is None or not re.search("项目|个", words + one.tail + "个"):
        return None
    below = _BELOW.search(words)
    if below:
        return Banded(Decimal(0), Decimal(below["below"]), one, text, measure)
    match = _BOUNDS.search(words)
    if match is None or re.search("差距|目标值|低于|不足|占", words):
        return None
    if match["lower"]:
        return Banded(Decimal(match["lower"]), Decimal(match["upper"]), one, text, measure)
    return Banded(Decimal(match["above"]), None, one, text, measure)


@relation("TXT006", "分档个数与统计表不符", Confidence.LIKELY)
def bands_against_table(document: Document) -> Iterator[Tie]:
    """写明的各档个数，等于统计表里实现程度或执行率落在该档的行数。"""
    tables = project_tables(document)
    for bands in banded(document):
        for grid in tables:
            column = _column(grid, bands[0].measure)
            cells = [row.numbers.get(column.at) for row in grid.data] if column else []
            if len(cells) < 3 or any(cell is None for cell in cells) or len(bands) < 2:
                continue
            numbers = [sum(_in_band(cell, one) for cell in cells if cell) for one in bands]
            wrong = [
                (one, number) for one, number in zip(bands, numbers, strict=True) if one.count.value != number
            ]
            idle = _not_begun(bands[0])
            wrong = [(one, number) for one, number in wrong if one.lower or one.count.value != number - idle]
            if len({one.lower for one in bands}) != len(bands) or not _cover(bands, numbers, len(cells)):
                continue
            for one, number in wrong[:1]:
                last = wrong[-1][0]
                message = f"这一档这里写{one.text.written(one.count)}，统计表里有{number}个。"
                yield Tie(
                    False,
                    (one.text.quote(one.count.start, last.count.end), grid.data[-1].quote),
                    message,
                    f"{number}个",
                    one.text.written(one.count),
                )
            if not wrong:
                yield Tie(True, (grid.rows[0].quote,))


def _not_begun(one: Banded) -> Decimal:
    """How many projects are told apart as not begun: they are in no band."""
    found = [
        each.value
        for each in one.text.figures
        if each.statement == one.count.statement
        and re.search("未开展|未启动|尚无|未实施|暂不|没有实现程度", each.lead)
    ]
    return found[0] if found else Decimal(0)


def _in_band(cell: Cell, one: Banded) -> bool:
    return cell.value >= one.lower and (one.upper is None or cell.value < one.upper)


def _cover(bands: list[Banded], numbers: list[int], rows: int) -> bool:
    """Whether bands are told of the table's projects: they cover most of them, and most bands are right or near."""
    near = sum(abs(one.count.value - number) <= 1 for one, number in zip(bands, numbers, strict=True))
    return near == len(bands) and sum(numbers) >= rows - 1


# -- judgements ----------------------------------------------------------------------------------------

_SUBJECT = r"(?:各|全部|所有|其余|[0-9一二三四五六七八九十]+个|上述|以上)(?:[0-9一二三四五六七八九十]+个)?(?:预算|支出|部门|单位|监控)?(?:项目|指标|单位)(?:的)?(?:资金|支出|预算|“三公”经费)*"
_ABOVE = re.compile(
    rf"{_SUBJECT}(?P<what>[^，。；#]{{0,10}}?)均?(?:在|达到|达|不低于|超过|高于)(?P<least>[0-9]+(?:\.[0-9]+)?)(?:%|分)(?:\(含\))?(?:以上|及以上)?"
)
_IN_TIME = re.compile(
    rf"(?<!其余)(?<!其中){_SUBJECT}[^，。；]{{0,12}}?(?:均|都|全部)?(?:达到|不低于|符合|快于|高于|达到或超过|达到了)(?:[0-9.]+%的)?(?:序时|时序)进度"
)
_DONE = re.compile(
    rf"{_SUBJECT}[^，。；]{{0,10}}?(?:均|都)(?:已)?[^，。；]{{0,12}}?(?:执行完毕|支付完毕|支出完毕|全部支付|使用完毕)"
)
_FINE = re.compile(
    r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)项目[^，。；]{0,6}?均?(?:能|已)?(?:按|按照)[^，。；]{0,10}?(?:正常|有序|顺利)?(?:执行|推进|实施)(?:，(?:不存在|未发现|没有)[^，。；]{0,12})?"
)
_ABLE = re.compile(
    r"(?:各|全部|所有|[0-9一二三四五六七八九十]+个)(?:预算)?项目[^，。；]{0,6}?均?(?:能|可|可以)(?:够)?(?:全部|如期|按期|完全)?(?:实现|完成)[^，。；]{0,8}目标"
)
_BEHIND = re.compile(
    r"(?P<count>[0-9]+)个项目?[^，。；]{0,10}?(?:进度缓慢|滞后|偏慢|缓慢|未开展|未达)|(?:项目|指标)有(?P<other>[0-9]+)个。?[^。]{0,12}?(?:进度缓慢|滞后|偏慢|缓慢)"
)
_AHEAD = re.compile(r"确保|力争|争取|将|计划|拟|预计到|推动|保证|要求|除|其余|促使")


def _stated(document: Document, pattern: re.Pattern[str]) -> Iterator[tuple[Paragraph, re.Match[str]]]:
    """Where a judgement is stated of what is, not of what shall be."""
    for text in document.paragraphs:
        for match in pattern.finditer(text.clean):
            start, _ = text.passage.sentence(match.start())
            before = text.clean[max(start, match.start() - 12) : match.start()]
            if not _AHEAD.search(before) or (pattern in (_ABOVE, _IN_TIME) and re.search("除|其余", before)):
                yield text, match


@relation("TXT073", "“均在……以上”与统计表不符")
def all_above(document: Document) -> Iterator[Tie]:
    """写“各项目执行率均在60%以上”的，统计表里没有低于60%的项目。"""
    for text, match in _stated(document, _ABOVE):
        least = Decimal(match["least"])
        wanted = match["what"]
        for grid in document.grids:
            columns = [
                one
                for one in grid.columns
                if one.kind in (Holds.PERCENT, Holds.SCORE) and _speaks_of(one, wanted)
            ]
            if len(columns) != 1 or len(grid.data) < 2:
                continue
            left_out = text.clean[max(0, match.start() - 40) : match.start()]
            below = [
                row
                for row in grid.data
                if not ("除" in left_out and grid.name(row)[:4] in left_out)
                and columns[0].at in row.numbers
                and row.numbers[columns[0].at].value < least
            ]
            message = f"这里写“{match.group()}”，表里有{len(below)}项低于{match['least']}。"
            quotes = (text.quote(match.start(), match.end()), *(row.quote for row in below[:3]))
            yield Tie(not below, quotes, message, "", match.group())


def _speaks_of(column: Column, words: str) -> bool:
    for pattern in (r"执行率|支付率|支出率|支出进度", r"实现程度|完成程度", r"得分|评分|分数", r"完成率"):
        if re.search(pattern, words):
            return bool(re.search(pattern, column.header))
    return False


@relation("TXT072", "与序时进度的比较不对")
def in_time(document: Document) -> Iterator[Tie]:
    """写“高于序时进度”“均达到序时进度”的，执行率要真的不低于已过月份所占的比例。"""
    title = document.period
    if title is None or title.month is None or title.month == 12:
        return
    due = Decimal(title.month) * 100 / 12
    for text, match in _stated(document, _IN_TIME):
        for grid in project_tables(document):
            column = _column(grid, Measure.RATE)
            behind = [
                row
                for row in grid.data
                if column and column.at in row.numbers and row.numbers[column.at].value < due - 1
            ]
            rows = [row for row in grid.data if column and column.at in row.numbers]
            left_out = text.clean[max(0, match.start() - 40) : match.start()]
            behind = [row for row in behind if not ("除" in left_out and grid.name(row)[:4] in left_out)]
            if len(rows) >= 2:
                message = (
                    f"{title.month}月的序时进度是{plain(round(due, 2))}%，表里有{len(behind)}个项目低于它。"
                )
                quotes = (text.quote(match.start(), match.end()), *(row.quote for row in behind[:3]))
                yield Tie(not behind, quotes, message, "", match.group())
    yield from _compared(document, due)


_THAN_DUE = re.compile(
    r"^，?(?:总体|整体)?(?P<word>高于|快于|超过|超|低于|慢于|落后于|滞后于|未达到?)(?:[0-9.]+%的)?序时进度"
)


def _compared(document: Document, due: Decimal) -> Iterator[Tie]:
    """执行率42.5%，高于序时进度."""
    for text in document.paragraphs:
        for one in text.figures:
            match = _THAN_DUE.match(text.clean[one.end : one.end + 30])
            if (
                one.kind is Kind.PERCENT
                and match
                and re.search("执行率|支出进度|支出率", one.prefix)
                and not one.about
            ):
                over = match["word"] in ("高于", "快于", "超过", "超")
                holds = one.value >= due - 1 if over else one.value <= due + 1
                message = f"序时进度是{plain(round(due, 2))}%，执行率{text.written(one)}，这里写{match['word']}序时进度。"
                yield Tie(
                    holds,
                    (text.quote(one.start, one.end + match.end()),),
                    message,
                    f"{round(due, 2)}%",
                    f"{match['word']}序时进度",
                )


@relation("TXT074", "“执行完毕”与统计表不符")
def all_spent(document: Document) -> Iterator[Tie]:
    """写“各项目资金均已执行完毕”的，统计表里没有支出少于预算的项目。"""
    for text, match in _stated(document, _DONE):
        for grid in project_tables(document):
            column = _column(grid, Measure.RATE)
            left = [
                row
                for row in grid.data
                if column and column.at in row.numbers and row.numbers[column.at].value < 100
            ]
            if column and len(grid.data) >= 2:
                message = f"这里写“{match.group()}”，表里有{len(left)}个项目没有支完。"
                yield Tie(
                    not left,
                    (text.quote(match.start(), match.end()), *(row.quote for row in left[:3])),
                    message,
                    "",
                    match.group(),
                )


@relation("TXT070", "结论与数字不符", Confidence.LIKELY)
def all_fine(document: Document) -> Iterator[Tie]:
    """写“各项目均正常执行”“不存在偏差”的，不能另有项目进度缓慢、执行率过低。"""
    behind = [
        (text, match)
        for text, match in _stated(document, _BEHIND)
        if int(match["count"] or match["other"]) > 0
    ]
    for text, match in _stated(document, _FINE):
        if "均" in match.group() or "全部" in match.group() or "各" in match.group()[:2]:
            quotes = (
                text.quote(match.start(), match.end()),
                *(where.quote(one.start(), one.end()) for where, one in behind[:2]),
            )
            told = behind[0][1].group() if behind else ""
            yield Tie(
                not behind,
                quotes,
                f"这里写“{match.group()}”，前面写“{told}”。",
                "",
                match.group(),
                "请核对结论，写明是哪些项目。",
            )


@relation("TXT071", "“均能实现”与分类不符", Confidence.LIKELY)
def all_able(document: Document) -> Iterator[Tie]:
    """写“各项目均能实现目标”的，不能另有项目不能完全实现或差距较大。"""
    others = [one for one in classed(document) if one.name != "能实现" and one.count.value]
    for text, match in _stated(document, _ABLE):
        if "均" in match.group():
            quotes = (
                text.quote(match.start(), match.end()),
                *(one.text.quote(one.count.start, one.count.end) for one in others[:2]),
            )
            told = f"{others[0].name}的有{others[0].text.written(others[0].count)}" if others else ""
            yield Tie(
                not others,
                quotes,
                f"这里写“{match.group()}”，前面写{told}。",
                "",
                match.group(),
                "请核对结论，写明是哪些项目。",
            )


@relation("TXT043", "预计实现情况勾了几项")
def one_tick(document: Document) -> Iterator[Tie]:
    """统计表每个项目在三类里勾选一类。"""
    for grid in project_tables(document):
        ticks = [
            one for one in grid.columns if one.kind is Holds.TICK and class_of(one.header.split(" ")[-1])
        ]
        for row in grid.data if len(ticks) >= 2 else ():
            count = sum(one.at in row.texts for one in ticks)
            yield Tie(
                count <= 1,
                (row.quote,),
                f"“{grid.name(row)}”勾了{count}项。",
                "1项",
                f"{count}项",
                "请只勾一项。",
            )
