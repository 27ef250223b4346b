"""Counts: of a list, of the parts of a whole, of what is left; quantity times price, and averages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, dropwhile, permutations, takewhile

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import Interval, exactly, total
from xlbudget.audit.labels import bare, is_generic
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.passage import mark_of
from xlbudget.audit.projects import named, project_tables
from xlbudget.audit.quantities import decimal_of
from xlbudget.audit.relation import Tie, relation, tie
from xlbudget.audit.relations.monitoring import counts_against_table
from xlbudget.audit.relations.totals import is_amount, sentences, sum_of_values
from xlbudget.audit.slips import digits_of, is_exchanged, significant, slipped_to
from xlbudget.audit.values import shown

PROJECTS = ("个", "项")
_NAMES = re.compile(r"[^，。；：、0-9()]{0,12}[，]?(?P<how>(?:分别[是为]|即|具体[是为])：?|：|包括：?|(?P<open>\())(?P<list>[^。；：0-9]{4,300}?)(?(open)\)|(?:[。；]|，(?![^、。；]*、)))")  # fmt: skip
_KINDS = tuple(re.compile(rf"(?:{one})$") for one in ("镇|乡|村|街道|社区|县|区|市|旗|苏木", "局|中心|站|所|队|办|室|院|馆|校|学|园|委|处|科|股|会|公司", "经费|补助|补贴|资金|项目|工程|费|建设|奖补|运转|运维|改造|维修|购置|贴息|保障"))  # fmt: skip
"""What the members of one list end with: places, offices, projects."""
_PARTIAL = re.compile("其中|含|除|主要|各|有关|相关|等|如")
_OTHERS = re.compile("其余|另|剩余|未列")
_NUMERALS = "一二三四五六七八九十"
_POINT = "(?:方面|方向|重点|举措|措施|任务|工作|问题|原因|特点|不足)"
_FEW = re.compile("(?<![0-9.第])([2-9]|[二两三四五六七八九])(?:[个项类条点大]|方面)")
_POINTS = re.compile(rf"{_POINT}?({_FEW.pattern})(?:(?:突出|主要|具体)?{_POINT}[^。；]{{0,14}}[：。]|(?<={_POINT}..)：)")  # fmt: skip
_ORDINALS = re.compile(rf"(?:^|[，。；：])([{_NUMERALS}]{{1,2}})是")
_LINES_FOLLOW = re.compile(r"(?:如下|分别[是为]|具体[是为]|包括)：?$|：$")
_OF_LINES = re.compile(r"[^，。；]{0,6}(?:项目|资金|经费|问题|方面)")
_WHOLE = re.compile(r"(?:项目|单位)[^#，。；]{0,8}(?:共计|总共|合计|共有|共|总数)(?:为|有)?$|共[^#，。；]{0,12}$")  # fmt: skip
_ADDED = re.compile("追加|年中|新增|增加")
_NO_BAND = re.compile(r"(?:未开展|未启动|尚无|没有|暂不|暂未|未到)[^#，。；]{0,14}$")
_BAND = re.compile(
    r"达到[0-9.]+%|[0-9.]+%?(?:\(不?含\))?(?:-|至|到|以上|以下|及以上)|以上|以下|未开展|未启动"
)
_BIGRAM = re.compile("[\u4e00-\u9fff]{2}")


@relation("TXT137", "同一个数的两位数字写颠倒", Confidence.LIKELY)
def exchanged_counts(document: Document) -> Iterator[Tie]:
    """“完成户厕改造326户”“改造的362户户厕”，一笔钱前后两处：说的是一件事，两位数字颠倒的，有一处写错了。"""
    known: dict[tuple[str, str], list[tuple[Paragraph, Figure]]] = defaultdict(list)
    for text in document.paragraphs:
        for one in (*text.counts, *text.money):
            label = _label(one)[-_SAME_END:] if one.is_money else one.unit
            if label and length_of(one) >= (4 if one.is_money else 3):
                known[label, "".join(sorted(digits_of(one.value, one.step)))].append((text, one))
    for (where, first), *again in known.values():
        for text, one in again:
            same = text is not where and one.step == first.step and one.value != first.value
            if (
                same
                and is_exchanged(one.value, one.step, exactly(first.value))
                and (one.is_money or _around(text, one) & _around(where, first))
                and not (one.is_money and _are_others(one, first))
            ):
                found, expected = text.written(one), where.written(first)
                message = f"这里写{found}，前面写{expected}，两位数字像是写颠倒了。"
                yield tie(False, text, [one], message, expected, one, where.span(first))


_LABEL_ENDS, _SAME_END = re.compile("(?:共|合计|总计|共计|完成|安排|为|达|实现|累计|金额|数|[：，])+$"), 2
_LONG = 5
_TIME = re.compile(rf"(?:19|20)[0-9]{{2}}年|[0-9]{{1,2}}月|上半年|季度|{words.LAST_YEAR}")


def _label(one: Figure) -> str:
    return _LABEL_ENDS.sub("", one.lead)


def _are_others(one: Figure, other: Figure) -> bool:
    """Whether two amounts are told of other years or months, or of other things."""
    short, long = sorted(map(_label, (one, other)), key=len)
    times = [set(_TIME.findall(each.prefix)) for each in (one, other)]
    is_last = [bool(re.search(words.LAST_YEAR, each.prefix)) for each in (one, other)]
    is_same = (long.endswith(short) and not is_generic(short)) or (
        bare(long) == bare(short) and length_of(one) > _LONG
    )
    return not is_same or is_last[0] != is_last[1] or (all(times) and not times[0] & times[1])


def _around(text: Paragraph, one: Figure) -> set[str]:
    """The pairs of characters beside a number, in its sentence."""
    before = re.split("[，。；：]", text.clean[max(0, one.start - 8) : one.start])[-1]
    after = re.split("[，。；：]", text.clean[one.end : one.end + 6])[0]
    return {
        words[at : at + 2]
        for words in (before, after)
        for at in range(len(words) - 1)
        if _BIGRAM.fullmatch(words, at, at + 2)
    }


_TABLE_FOLLOWS = re.compile(r"(?:见|如)下表?[：。]?$|下表[^。]{0,8}[：。]?$")
_LEFT = re.compile(r"[，；、]?(?:其余|剩余|尚余|余额|(?:尚有|仍有|还有)?结余|未[^#，。；]{1,4}|尚有|尚未[^#，。；]{1,4}|尚差|还差|余下|余|尚欠|还欠|欠)(?:的|资金|金额|款项)?(?:为)?")  # fmt: skip
_BALANCE = re.compile("(?:结余|差额)$")


def _counts(figures: Iterable[Figure], units: Sequence[str]) -> list[Figure]:
    """The exact counts in some units, changes among them."""
    return [one for one in figures if one.is_count and one.unit in units and not one.about]


def slips_to(one: Figure, meant: Interval) -> bool:
    """Whether one slip makes a number what it should be."""
    return slipped_to(one.value, one.step, meant) is not None


def length_of(one: Figure) -> int:
    """How many digits of a number say something."""
    return len(significant(one.value, one.step))


@relation("TXT008", "列举的个数不对")
def count_of_list(document: Document) -> Iterator[Tie]:
    """“5个派出法庭，分别为甲、乙、丙、丁、戊”：说几个，就列几个。"""
    yield from _ordinals(document)
    for text, _, one in document.figures:
        if not one.is_count or one.about or not 2 <= one.value <= 40 or one.value % 1:
            continue
        match = _NAMES.match(text.clean, one.end)
        if match and one.unit in ("个", "项", "家", "所", "类", "种", "名", "处", "座"):
            least, most, are_alike = _members(match["list"])
            is_told = match["how"][:2] in ("分别", "即", "具体")
            is_near = are_alike and 3 <= least == most and abs(one.value - least) == 1
            after = text.clean[match.end() : text.passage.sentence(match.end() - 1)[1]]
            is_near = is_near and not _PARTIAL.search(match["list"])
            is_near = is_near and (match["open"] is not None or not _OTHERS.search(after))
            if most >= 2 and (is_told or is_near):
                told, quote = text.written(one), text.quote(one.start, match.end())
                message = f"这里写{told}，列出的是{least}个。"
                sure = None if is_told else Confidence.LIKELY
                yield Tie(least <= one.value <= most, (quote,), message, f"{least}个", told, sure=sure)


def _members(listed: str) -> tuple[int, int, bool]:
    """How many things a list names: by 、 alone, and where 和 and 及 part things, too; whether all are of one kind."""
    listed = re.sub(r"\([^()]*\)|“[^”]*”", "项", listed)
    members = list(filter(None, listed.split("、")))
    is_one = len(members) < 2 and not re.search("[和及与]", listed.rpartition("、")[2])
    if is_one or "等" in listed[-6:] or "，" in listed.rstrip("，"):
        return 0, 0, False
    kinds = (*_KINDS, re.compile(re.escape(members[-1][-2:]) + "$"))
    kind = next((one for one in kinds if all(map(one.search, members))), None)
    pieces = [piece for one in members for piece in re.split("[和及与]", one)[:-1]]
    most = len(members) + sum(kind is None or kind.search(one) is not None for one in pieces)
    return len(members), most, kind is not None


def _ordinals(document: Document) -> Iterator[Tie]:
    """四个方面：一是……二是……, in one paragraph or in those that follow."""
    for at, text in enumerate(document.paragraphs):
        for match in _POINTS.finditer(text.clean):
            found = _ORDINALS.findall(text.clean, match.end() - 1)
            below = (_ORDINALS.match(one.clean) for one in document.paragraphs[at + 1 : at + 10])
            found += [one[1] for one in takewhile(bool, below) if one]
            if len(found) >= 2 and found == list(_NUMERALS)[: len(found)]:
                sentence = text.clean[text.passage.sentence(match.start())[0] : match.end()]
                holds = Decimal(len(found)) in map(decimal_of, _FEW.findall(sentence))
                message = f"这里写{match[1]}，下面说到“{found[-1]}是”。"
                yield Tie(holds, (text.quote(*match.span()),), message, f"{len(found)}个", match[1])


@relation("TXT007", "列举的项目与个数不符")
def count_of_lines(document: Document) -> Iterator[Tie]:
    """“3个项目，具体如下：”下面要列出3个；“甲、乙两个项目”要真有两个。"""
    yield from _names_before(document)
    paragraphs = document.paragraphs
    for at, text in enumerate(paragraphs[:-2]):
        is_next = paragraphs[at + 1].block == text.block + 1
        if not is_next or not _LINES_FOLLOW.search(text.clean.removesuffix("。")):
            continue
        for one in _counts(text.figures, ("个", "项", "类"))[-1:]:
            lines = _marked_lines(paragraphs[at + 1 :], mark_of(text.clean))
            if lines and _OF_LINES.match(text.clean, one.end) and "其余" not in one.lead:
                message = f"这里写{text.written(one)}，下面列出的是{lines}个。"
                holds = lines in (1, one.value) or abs(lines - one.value) > max(Decimal(2), one.value / 3)
                yield tie(holds, text, [one], message, f"{lines}个", one, sure=Confidence.LIKELY)


def _names_before(document: Document) -> Iterator[Tie]:
    """甲、乙两个项目: as many names of known projects, parted by 、 and 和, stand before the number."""
    for text, mentioned in named(document):
        for one in _counts(text.figures, ("个", "项")):
            end, number = one.start, 0
            for name in reversed([each for each in mentioned if each.end <= one.start]):
                if re.fullmatch(r"[”、和及与]*", text.clean[name.end : end]) is None:
                    break
                end, number = name.start - text.clean.startswith("“", max(0, name.start - 1)), number + 1
            if number >= 2 and one.tail.startswith("项目"):
                message = f"这里写{text.written(one)}项目，列出的是{number}个。"
                quote = text.quote(end, one.end)
                yield Tie(one.value == number, (quote,), message, f"{number}个", text.written(one))


def _marked_lines(paragraphs: Sequence[Paragraph], outer: str) -> int:
    """How many lines with the mark of the first follow, up to one without a mark or with that of the line above them."""
    marks: list[str] = []
    for one in paragraphs:
        mark = mark_of(one.clean)
        if mark in ("", outer):
            break
        marks.append(mark)
    return marks.count(marks[0]) if marks else 0


@relation("TXT002", "项目总数与各部分不符")
def initial_and_added(document: Document) -> Iterator[Tie]:
    """“项目共16个，年初8个，年中增加8个”：总数等于年初的加追加的；“项目共3个，见下表”：下表有3行。"""
    yield from _rows_below(document)
    yield from counts_against_table(document)
    for text, inside in sentences(document):
        counted = _counts(inside, PROJECTS)
        initial = [one for one in counted if "年初" in one.lead]
        others = [one for one in counted if "年初" not in one.lead]
        added = [one for one in others if _ADDED.search(one.lead)]
        whole = [one for one in others if not _ADDED.search(one.lead) and _WHOLE.search(one.lead)]
        if len(whole) == len(initial) == 1 and added and counted[0] is whole[0]:
            summed = sum_of_values([*initial, *added])
            told = text.written(whole[0])
            message = f"年初{text.written(initial[0])}加追加的，是{summed}个，这里写共{told}。"
            holds = summed == whole[0].value
            yield tie(holds, text, [whole[0], added[-1]], message, f"{summed}个", whole[0])


def _rows_below(document: Document) -> Iterator[Tie]:
    """项目共3个，情况见下表: the table right below has as many rows."""
    above = {text.block + 1: text for text in document.paragraphs if _TABLE_FOLLOWS.search(text.clean)}
    for grid in project_tables(document):
        rows = len(grid.data)
        if grid.position not in above or rows < 2:
            continue
        text = above[grid.position]
        told = _counts(text.figures, PROJECTS)
        for one in told if len(told) == 1 else ():
            of_all = re.search(r"项目[^#，。；]{0,6}$", one.lead) and not re.search(
                "其中|重点|主要|部分", text.clean[one.end :]
            )
            if of_all:
                message = f"这里写{text.written(one)}，下表有{rows}行。"
                yield tie(one.value == rows, text, [one], message, f"{rows}个", one, grid.rows[-1].quote)


@relation("TXT005", "分档没有包括全部项目", Confidence.LIKELY)
def bands(document: Document) -> Iterator[Tie]:
    """各档项目个数加起来，等于全部项目。"""
    counts = [(where, one) for where, _, one in document.figures if _counts_all(one)]
    rows = {Decimal(len(grid.data)) for grid in project_tables(document)}
    for text, inside in sentences(document):
        banded = _banded(text, inside)
        others = [one for _, one in counts if one not in banded and not re.search("年初|追加", one.prefix)]
        wholes = {one.value for one in others} or rows
        if not banded or len(wholes) != 1:
            continue
        whole, summed, quote = wholes.pop(), sum_of_values(banded), text.span(banded[0], banded[-1])
        if summed in rows and whole not in rows:
            where, one = next((where, one) for where, one in counts if one.value == whole)
            message = f"这里写{where.written(one)}，各档加起来、统计表里都是{summed}个。"
            yield tie(False, where, [one], message, f"{summed}个", one, quote)
        else:
            message = f"各档加起来是{summed}个，全部项目是{whole}个。"
            holds = whole in (summed, summed - banded[-1].value)
            yield Tie(holds, (quote,), message, f"{whole}个", f"{summed}个")


def _banded(text: Paragraph, inside: Sequence[Figure]) -> list[Figure]:
    """The counts of a sentence that has bands from 以下 to 以上; what has no band may stand behind the first."""
    rows = [one for one in inside if one.is_count and one.unit in PROJECTS]
    rows = list(dropwhile(lambda one: not _is_band(text, one), rows))
    banded = [one for one in rows if _is_band(text, one) or _NO_BAND.search(one.lead)]
    ends = " ".join(text.clean[max(0, one.start - 24) : one.start] for one in banded)
    return banded if len(banded) >= 3 and "以下" in ends and re.search("以上|达到", ends) else []


def _is_band(text: Paragraph, one: Figure) -> bool:
    before = text.clean[max(text.passage.sentence(one.start)[0], one.start - 30) : one.start]
    clause = before.rpartition("，")[2] or before
    about = clause + text.clean[one.end : one.end + 4]
    return _BAND.search(clause) is not None and ("项目" in about or "%" in clause)


def _counts_all(one: Figure) -> bool:
    if not one.is_count or one.unit not in PROJECTS:
        return False
    near = one.lead[-14:] + "#" + one.tail[:8]
    return bool(
        re.search(r"项目[^#]{0,6}(?:共|总)?#|#(?:预算|支出)?项目|项目#", near)
        and re.search("全部|共|合计|监控|纳入|所有", one.prefix + one.tail)
    )


@relation("TXT119", "余下的数不对")
def remainder(document: Document) -> Iterator[Tie]:
    """“共2130条，已整改2024条，未整改106条”：余下的等于总数减去其余的。"""
    for text, at, left in document.figures:
        is_left = _LEFT.fullmatch(left.lead) is not None
        if not is_amount(left) or not left.value or left.about or not (is_left or _BALANCE.search(left.lead)):
            continue
        near = [one for one in text.figures[:at] if one.sentence >= left.sentence - 1]
        before = [one for one in near if one.is_level and one.is_like(left) and not one.about]
        if len(before) < 2:
            continue
        others = [one for one in text.figures if one.kind is left.kind and one is not left]
        parts = [one for one in before if one.sentence == left.sentence]
        sums = [total(one.exact for one in (*parts[at:], left)) for at in range(len(parts) + 1)]
        known = [one.exact for one in others] + [a.exact - b.exact for a, b in permutations(others, 2)]
        if any(one.meets(each) for one in known for each in sums):
            yield Tie(True, (text.span(left),))
            continue
        pairs = [(a, b) for a, b in combinations(before, 2) if a.value > b.value]
        is_balance = [one.lead[-2:] for one in before[-2:]] == ["收入", "支出"] and before[
            -1
        ] is text.figures[at - 1]
        meant = [(a, b) for a, b in pairs if _is_meant_left(left, a, b, is_left or is_balance)]
        first = [(a, b) for a, b in meant if a is before[-2 if is_balance else 0]]
        planned = [(a, b) for a, b in meant if words.BUDGET.search(a.lead) and words.SPENT.search(b.lead)]
        if len(first) == 1 or len(planned) == len(meant) == 1:
            ((a, b),) = first or planned
            expected = shown(a.value - b.value, left)
            message = f"{text.written(a)}减去{text.written(b)}是{expected}，这里写{text.written(left)}。"
            yield tie(False, text, [left], message, expected, left, text.span(a, b))


def _is_meant_left(left: Figure, a: Figure, b: Figure, by_any_slip: bool) -> bool:
    """Whether what is left is a less b but for one slip: any, or only 万元 for 元."""
    meant = a.exact - b.exact
    if length_of(left) < 2 and by_any_slip:
        return False
    return slips_to(left, meant) and (by_any_slip or meant.low <= left.value / 10_000 <= meant.high)
