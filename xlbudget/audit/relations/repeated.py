"""The same fact told twice: in the text, in the text and in a table, as an amount and as a difference."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, permutations

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part, unit_of
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.grid import Grid, Row
from xlbudget.audit.interval import exactly, rounded
from xlbudget.audit.labels import Fact, bare, facts, is_generic, is_name, subject_of
from xlbudget.audit.paragraphs import Document, Paragraph, account_of, joins, once
from xlbudget.audit.projects import listed_names, project_tables
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.monitoring import is_slip_of
from xlbudget.audit.relations.totals import adds_up, is_confirmed, wholes
from xlbudget.audit.slips import digits_of, is_exchanged, significant, slipped_to
from xlbudget.audit.values import in_words, shown

_OURS = re.compile(r"^(?:全|我|本)?(?:县|市|区|镇|乡|省|州|旗|部门|单位|局|街道|系统|年)(?!级|本级|属|直)")
_KINDS = "支出预算决费用"
_SAME = "同一件事前后写得不一样，请核对后改成一样。"


_IN_ALL = re.compile("年初(?:项目)?预算|(?:全部|各)?项目预算")


def _is_other_by_slip(one: Figure, other: Figure) -> bool:
    """Whether two figures differ beyond rounding, and one is the other by a slip."""
    step = max(one.step, other.step)
    if one.exact.meets(other.exact) or abs(one.value - other.value) < step:
        return False
    pairs = ((one, other), (other, one))
    return any(slipped_to(a.value, a.step, rounded(b.value, step / 100)) is not None for a, b in pairs)


@relation("TXT010", "同一金额前后不一致", Confidence.LIKELY)
def told_twice(document: Document) -> Iterator[Tie]:
    """同一年、同一口径的同一笔钱，前后各处写的一样。"""
    known: dict[tuple[str, str, str], list[Fact]] = {}
    names = listed_names(document)  # whose numbers are another relation's business
    for one in facts(document):
        is_of_all = _IN_ALL.fullmatch(one.label) and re.search("总额|合计|共", one.figure.lead)
        is_each = re.search("每|标准|目标|均(?!为)", one.label + one.figure.lead)
        is_subject = len(one.label) >= 4 and not is_generic(one.label) and not is_each
        if is_of_all or (is_subject and not any(name in one.label for name in names)):
            key = (re.sub("财政拨款|项目", "", one.label), one.year, one.account)
            known.setdefault(key, []).append(one)
    kept = [whole for whole in wholes(document) if adds_up(whole)]
    sound = {id(one) for whole in kept for one in (whole.total, *(part for _, part in whole.parts))}
    for first, *others in known.values():
        right = first
        for one in others:
            is_meant = one.measure == right.measure and one.text is not right.text
            if is_meant and _is_other_by_slip(right.figure, one.figure):
                is_sound = id(one.figure) in sound and id(right.figure) not in sound
                wrong, right = (right, one) if is_sound else (one, right)
                found, expected = wrong.text.written(wrong.figure), right.text.written(right.figure)
                message = f"{wrong.label}这里写{found}，另一处写{expected}。"
                yield _fact_tie(False, wrong, message, expected, right.text.span(right.figure))


def _fact_tie(
    holds: bool, one: Fact, message: str, expected: str, *more: Quote, group: Hashable = None
) -> Tie:
    figures, others = [one.figure], {"remedy": _SAME, "group": group}
    return tie(holds, one.text, figures, message, expected, one.figure, *more, **others)


_SAME_AGAIN = re.compile(r"[，(]?(?:即|也就是|折合|合)(?:人民币)?")
_PRICED = re.compile(r"每[^，。；]{0,4}$|单价|均价|人均|户均|亩均")


@relation("TXT138", "换算不对")
def converted(document: Document) -> Iterator[Tie]:
    """“36200万元，即3.62亿元”：换了单位，还是同一个数。"""
    for text, at, one in document.figures:
        last = text.figures[at - 1]
        if not at or not _SAME_AGAIN.fullmatch(text.clean[last.end : one.start]):
            continue
        is_money = one.is_money and last.is_money and one.unit != last.unit
        if is_money and not (one.about or last.about or _PRICED.search(last.lead)):
            expected = in_words(last.value)
            message = f"{text.written(last)}是{expected}，这里写{text.written(one)}。"
            holds = abs(one.value - last.value) <= max(one.step, last.step)
            yield tie(holds, text, [last, one], message, expected, one)


_ITEM_ENDS = re.compile(r"\((?:类|款|项|类级|款级|项级)\)|合计$|小计$|总计$|支出$|经费$|预算$|决算$")
_TITLE_FRAME = r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|[0-9]+[.、]|第[一二三四五六七八九十]+部分)+|单位：.*|\(.*?\)"
_TITLE_TIME = re.compile(r"(?:19|20)[0-9]{2}年度?|关于|具体")
_TITLE_END = re.compile(r"(?:总?表|情况(?:的)?(?:说明)?|说明|明细表|结构|总体)+$")


@lru_cache(maxsize=1 << 12)
def core_of(label: str) -> str:
    """What an item is called, without its kind, number and whose it is."""
    label = re.sub(r"\([^()]*\)", "", label)
    while (shorter := _ITEM_ENDS.sub("", label)) != label and len(shorter) >= 2:
        label = shorter
    return _OURS.sub("", bare(re.sub(r"^[0-9.、一二三四五六七八九十()]+", "", label)))


@lru_cache(maxsize=1 << 12)
def _title(line: str) -> str:
    """A title without its number, unit and what kind of page it is."""
    return _TITLE_END.sub("", _TITLE_TIME.sub("", re.sub(_TITLE_FRAME, "", line.strip())))


def _titles(grid: Grid) -> list[str]:
    return [title for line in grid.above.splitlines() if len(title := _title(line)) >= 4]


@relation("TXT020", "正文与表里同一项的数不符", Confidence.LIKELY)
def text_and_table(document: Document) -> Iterator[Tie]:
    """正文里一项的金额，是同一口径的表里该项的数。"""
    of_projects = {id(grid) for grid in project_tables(document)}
    tables = [grid for grid in document.grids if id(grid) not in of_projects]
    rows: dict[str, dict[Grid, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for grid in tables:
        for row in grid.rows:
            rows[core_of(row.label)][grid].append(row)
    known = list(facts(document))
    yield from _titled_totals(document, known)
    for one in known:
        core = core_of(one.label)
        if (is_generic(core) and not is_name(core)) or one.year == "last" or core not in rows:
            continue
        account = one.account or account_of("".join(one.text.headings))
        known_rows = rows[core]
        for grid, found in known_rows.items():
            is_only = not account and len(known_rows) == 1
            if len(found) == 1 and (is_only or account_of(grid.above) == account):
                yield from _against_row(document, grid, found[0], one)


def _titled_totals(document: Document, known: Sequence[Fact]) -> Iterator[Tie]:
    """基本支出 in the section 基本支出情况, against the rows of 基本支出表 where that has no total of its own."""
    for grid in document.grids:
        title = next(iter(_titles(grid)), "")
        has_total = any(row.label in ("合计", "总计") for row in grid.rows)
        if not title or grid.unit is None or len(grid.amounts) != 1 or has_total:
            continue
        at = grid.amounts[0].at
        value = sum((row.numbers[at].value for row in grid.rows if at in row.numbers), Decimal(0)) * grid.unit
        for one in (each for each in known if not is_generic(each.label)):
            is_headed = title in map(_title, one.text.headings)
            if (is_headed and title.endswith(core_of(one.label) + "支出决算")) or title == one.label + "决算":
                expected = shown(value, one.figure)
                message = f"{one.label}这里写{one.text.written(one.figure)}，表里各行加起来是{expected}。"
                holds = rounded(value, one.figure.step).meets(one.figure.range)
                rows = [row.quote for row in grid.rows[:3]]
                yield _fact_tie(holds, one, message, expected, *rows)


def _against_row(document: Document, grid: Grid, row: Row, one: Fact) -> Iterator[Tie]:
    """The amount of the text against the numbers of its row: one of them, or one of them by a slip."""
    figure, unit, group = one.figure, grid.unit or unit_of(one.figure), (grid.position, "text")
    cells = [row.numbers[each.at] for each in grid.amounts if each.at in row.numbers]
    if any(
        rounded(cell.value * each, max(cell.step * each, figure.step)).meets(figure.range)
        for each in ([unit] if grid.unit else [Decimal(10_000), Decimal(1)])
        for cell in cells
    ):
        yield Tie(True, (row.quote,), group=group)
        return
    is_aside = figure.depth or one.text.clean.startswith("(含", figure.end)
    if is_aside or figure.value / unit in document.cells:
        return
    is_titled = any(_title(head) in _titles(grid) for head in one.text.headings)
    meant = [cell for cell in cells if is_slip_of(figure, cell.value * unit, cell.step * unit)]
    if not meant and is_titled and len(cells) == 1:
        meant = cells
    if len({cell.value for cell in meant}) == 1:
        expected = shown(meant[0].value * unit, figure)
        message = f"{row.label or one.label}这里写{one.text.written(figure)}，表里是{expected}。"
        yield _fact_tie(False, one, message, expected, row.quote, group=None if is_titled else group)


_OTHER = re.compile("合同|中标|成交|采购|上年|去年|同期|其中|含")


@dataclass(frozen=True, slots=True)
class CellTold:
    """An amount that a table tells, by its row and column."""

    name: str
    header: str
    value: Decimal
    row: Row


@once
def cells_told(document: Document) -> Iterator[CellTold]:
    """The amounts of all rows of all tables but their totals."""
    for grid in document.grids:
        for row in (each for each in grid.rows if not each.is_total):
            name = core_of(grid.name(row)) or core_of(row.label)
            for column in (each for each in grid.amounts if each.at in row.numbers):
                value = row.numbers[column.at].value * (grid.unit or 10_000)
                yield CellTold(name, column.header, value, row)


@relation("TXT141", "正文与表里的数两位数字写颠倒", Confidence.LIKELY)
def exchanged_with_table(document: Document) -> Iterator[Tie]:
    """表里某项168.40，正文说到这一项写186.40，别处都没有这个数的，是两位数字写颠倒了。"""
    cells: dict[str, list[CellTold]] = {}
    for cell in cells_told(document):
        cells.setdefault(_digits(cell.value), []).append(cell)
    values = Counter(one.value for _, _, one in document.figures if one.is_money)
    values.update(cell.value for some in cells.values() for cell in some)
    for text, _, one in document.figures:
        known = cells.get(_digits(one.value), ()) if one.is_money and one.is_level else ()
        if not known or one.about or values[one.value] > 1 or is_confirmed(text, one):
            continue
        others = [cell for cell in known if all(each.value != cell.value for each in text.figures)]
        for cell in [each for each in others if _is_exchange(document, text, one, each)][:1]:
            expected, found = shown(cell.value, one), text.written(one)
            message = f"{cell.row.label}表里是{expected}，这里写{found}，两位数字像是写颠倒了。"
            yield tie(False, text, [one], message, expected, one, cell.row.quote)


def _digits(value: Decimal) -> str:
    return "".join(sorted(str(int(value * 100))))


def _is_exchange(document: Document, text: Paragraph, one: Figure, cell: CellTold) -> bool:
    """Whether the sentence, or what the paragraph is about, names the row of a cell, and no other thing, year or measure."""
    start, _ = text.passage.sentence(one.start)
    sentence = text.clean[start : one.start]
    before = subject_of(text) + sentence + "".join(text.headings[-1:])
    own = cell.header + (str(document.period.year) if document.period else "")
    years = re.findall("20[0-9]{2}(?=年)", sentence)
    names = [cell.name, cell.name[-4:]] if len(cell.name) > 4 else [cell.name]
    label = core_of(bare(re.sub("[该本]项目", "", one.lead)))
    is_long = len(digits_of(one.value, one.step)) >= 3
    return (
        len(cell.name) >= 3
        and is_exchanged(one.value, one.step, exactly(cell.value))
        and any(each in before for each in names)
        and ((is_generic(label) and not is_name(label)) or any(each in one.lead for each in names))
        and (is_long or any("".join(pair) in cell.header for pair in pairwise(one.lead)))
        and (not years or any(each in own for each in years))
        and (not _OTHER.search(one.lead) or _OTHER.search(cell.header) is not None)
    )


_GAP = re.compile(
    rf"(?P<own>[^，。；#]{{0,12}}?)(?:(?:比|较|与|同)(?P<other>[^，。；#]{{0,10}}?)#?(?:相比)?(?:{words.CHANGE}|节约|节支)[^，。；#]{{0,3}}"
    r"|(?:超出?|超过|低于|高于|小于|大于|少于|多于)(?P<than>[^，。；#]{1,8}))$"
)
_MOST_PAIRS = 4
_A_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")


@relation("TXT114", "两个数的差不对")
def differences(document: Document) -> Iterator[Tie]:
    """“比上年减少0.59万元”“支出比收入多80万元”：等于写明的两个数之差。"""
    known = [one for one in facts(document) if one.label]
    for text, at, gap in document.figures:
        if not gap.is_money or gap.about or not (gap.is_level or gap.part is Part.CHANGE):
            continue
        is_followed = any(one.part is Part.CHANGE for one in text.figures[at + 1 : at + 2])
        far = None if gap.is_level or is_followed else _compared(gap, known)
        beside = {abs(a.value - b.value): (a, b) for a, b in _gap_of(text, at)}
        is_told = len(significant(gap.value, gap.step)) >= 2 and len(beside) <= _MOST_PAIRS
        near = [pair for apart, pair in beside.items() if is_told and is_slip_of(gap, apart)]
        pair = far or (near[0] if len(near) == 1 else None)
        if pair is None:
            continue
        others = [one for one in text.figures if one.is_money and one is not gap]
        gaps = [gap.exact] if gap.sign else [gap.exact, -gap.exact]
        holds = any(
            (a.exact - b.exact).meets(each) for a, b in (pair, *permutations(others, 2)) for each in gaps
        )
        expected = shown(abs(pair[0].value - pair[1].value), gap)
        now, before = (shown(one.value, gap) for one in pair)
        message = f"{now}与{before}相差{expected}，这里写{text.written(gap)}。"
        yield tie(holds, text, [gap], message, expected, gap)


def _gap_of(text: Paragraph, at: int) -> list[tuple[Figure, Figure]]:
    """Which two amounts beside it a difference is of, as its words name them: 决算数比预算数多, 比上年减少, 超出预算."""
    gap = text.figures[at]
    match = _GAP.search(gap.prefix)
    if match is None:
        return []
    near = [one for one in text.figures if one is not gap and one.is_money and one.part is not Part.CHANGE]
    near = [one for one in near if one.sentence <= gap.sentence and one.statement >= gap.statement - 1]
    near = [one for one in near if one is text.figures[at - 1] or not _GAP.search(one.prefix)]
    own, other = bare(match["own"]), bare(match["other"] or match["than"] or "")
    last = max((year[1] for one in near if (year := _A_YEAR.search(one.lead))), default="")
    old = [one for one in near if _is_older(one, gap, last)]
    than = old if re.search(words.LAST_YEAR, other) else [one for one in near if other and other in one.lead]
    than = [text.figures[at - 1]] if "#" in match.group() else than
    rest = [one for one in near if one not in than and one not in old and one.end <= gap.start]
    same = [one for one in rest if one.statement == gap.statement] or rest
    now = [one for one in rest if own and own in one.lead] or (same[:1] if is_generic(own) else [])
    return [(a, b) for a in now for b in than if b not in old or _is_of_same(b, a, rest)]


def _is_of_same(old: Figure, one: Figure, others: Sequence[Figure]) -> bool:
    """Whether an amount of last year is of what another one is of: under its name, or without one behind it."""
    name = re.sub(rf"{words.LAST_YEAR}[末底]?", "", old.lead).rstrip("为是")
    if is_name(name) or not is_generic(name := bare(name)):
        return name in one.lead or name in bare(one.lead)
    before = [each for each in others if each.end <= old.start]
    named = [at for at, each in enumerate(before) if not is_generic(bare(each.lead))]
    return one in before[max(named, default=0) :]


def _is_older(one: Figure, gap: Figure, last: str) -> bool:
    year = _A_YEAR.search(one.lead)
    is_before = year is not None and (year[1] < last or one.start > gap.start)
    return is_before or re.search(words.LAST_YEAR, one.lead) is not None


def _compared(change: Figure, known: Sequence[Fact]) -> tuple[Figure, Figure] | None:
    """This year's and last year's amount of what changed, under the same label elsewhere."""
    subject = re.sub(rf"(?:{words.COMPARED}[^，。；#]*)?{words.CHANGE}.*$", "", change.lead)
    subject = bare(re.sub(r"(?:比|较|与|同)[^，。；#]*$", "", subject))
    if is_generic(subject):
        return None
    same = [one for one in known if one.label.rstrip(_KINDS) == subject.rstrip(_KINDS)]
    years = {one.year: one.figure for one in same}
    is_unclear = any(years[one.year].value != one.figure.value for one in same)
    if is_unclear or len(years) != 2 or not all(year.isdigit() for year in years):
        return None
    early, late = sorted(years)
    return years[late], years[early]


@relation("TXT122", "同一增减幅度前后不一致", Confidence.LIKELY)
def growth_told_twice(document: Document) -> Iterator[Tie]:
    """同一年、同一项的增减幅度，前后各处写的一样。"""
    known: dict[tuple[str, str], list[tuple[Paragraph, Figure]]] = {}
    for text, at, one in document.percents:
        if one.part is Part.CHANGE:
            label = _OURS.sub("", _changed(text, at))
            is_told = re.search("财政总|公共预算", label) or not is_generic(label)
            is_subject = is_told and re.search(words.CHANGE, label) is None
            if is_subject and not re.search("口径|月|季", text.clean[max(0, one.clause - 12) : one.start]):
                known.setdefault((label, text.year), []).append((text, one))
    for (label, _), same in known.items():
        (first_text, first), *others = same
        for text, one in others if len({each.value for _, each in same}) <= 2 else ():
            if text is not first_text and one.value * one.sign != first.value * first.sign:
                expected = first_text.written(first)
                message = f"{label}这里写{text.written(one)}，前面写{expected}。"
                yield tie(False, text, [one], message, expected, one, first_text.span(first), remedy=_SAME)


def _changed(text: Paragraph, at: int) -> str:
    """What a change is of: the words before it, or those before the amount that it follows."""
    one = text.figures[at]
    own = re.sub(words.CHANGE + r"[^#]*$", "", one.prefix)
    own = bare(re.sub(r"(?:比|较|与|同)[^#，。；]*$|同比$|环比$", "", own))
    if own or not at:
        return "" if "#" in one.prefix else own
    last = text.figures[at - 1]
    if last.is_level and last.sentence == one.sentence and joins(text.between(last.end, one.start)):
        return bare(last.lead)
    return ""


_GRAND_TOTAL = re.compile(r"(?:收入|支出|收支)(?:决算|预算)?总计(?:为|是)?$|收、支总计$")


@relation("TXT124", "总计小于其中的合计")
def grand_total(document: Document) -> Iterator[Tie]:
    """收入（支出）总计包括本年收入（支出）合计，不会比它小。"""
    known = [one for one in facts(document) if one.year != "last" and one.figure.value]
    parts = [one for one in known if re.search(r"本年(?:收入|支出)合计(?:为|是)?$", one.figure.lead)]
    for whole in known:
        if not _GRAND_TOTAL.search(whole.figure.lead) or re.search("上年|去年", whole.figure.lead):
            continue
        near = [one for one in parts if abs(one.text.block - whole.text.block) <= 3]
        for part in [one for one in near if one.account == whole.account][:1]:
            least, quote = part.text.written(part.figure), part.text.span(part.figure)
            message = f"总计写{whole.text.written(whole.figure)}，其中的合计写{least}。"
            holds = part.figure.exact.low <= whole.figure.exact.high
            yield tie(holds, whole.text, [whole.figure], message, f"不小于{least}", whole.figure, quote)
