"""What a report says of its projects: in its tables and in its sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Quote
from xlbudget.audit.grid import Column, Grid, Row
from xlbudget.audit.grid import Kind as Holds
from xlbudget.audit.labels import bare, is_generic
from xlbudget.audit.paragraphs import Document, Paragraph, once
from xlbudget.audit.passage import squeeze
from xlbudget.audit.quantities import Kind


class Measure(StrEnum):
    """What is told of a project. Money is in 元, percentages on a 0–100 scale."""

    BUDGET = "预算"
    SPENT = "支出"
    LEFT = "结余"
    CONTRACT = "合同金额"
    RATE = "执行率"
    ACHIEVEMENT = "实现程度"


_HEADS = (
    (Measure.RATE, re.compile(r"执行率|支出进度|支出率|执行进度|支付率|支付进度|使用率|支出比例|执行比例")),
    (Measure.ACHIEVEMENT, re.compile(r"实现程度|完成程度|目标.*完成率|目标实现率|综合完成")),
    (Measure.LEFT, re.compile(r"结余|结转|剩余|余额|未支出")),
    (Measure.CONTRACT, re.compile(r"合同|中标")),
    (Measure.SPENT, re.compile(r"支出|执行|支付|拨付|使用|已支|已用")),
    (Measure.BUDGET, re.compile(r"预算|资金数额|资金|金额|安排|总投资|批复|下达|指标|追加|调整|调增|调减")),
)


@lru_cache(maxsize=1 << 10)
def measure_of(header: str) -> Measure | None:
    """What a column with a header tells of projects."""
    lowest = header.rsplit(" ", maxsplit=1)[-1]
    for words in (lowest, header.replace(" ", "")):
        for measure, pattern in _HEADS:
            if pattern.search(words):
                return measure
    return None


_BATCH = re.compile(r"\((?:年初|追加|[0-9]{1,2}月(?:份)?追加|新增)[^()]*\)$")


@lru_cache(maxsize=1 << 12)
def bare_name(name: str) -> str:
    """A name without blanks, marks, quotation marks, and the batch that may stand behind it."""
    text = re.sub(
        r"^(?:-+|[①-⑳]|[0-9]{1,2}[.、]|\([0-9一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、)",
        "",
        squeeze(name).strip("“”\"'《》"),
    )
    return _BATCH.sub("", text)


@once
def project_tables(document: Document) -> list[Grid]:
    """Tables with a row a project: named so, with money, percentages or ticks."""
    found = []
    for grid in document.grids:
        head = next((one.header for one in grid.columns if one.at == grid.name_column), "")
        told = any(measure_of(one.header) for one in grid.of_kind(Holds.AMOUNT, Holds.PERCENT))
        is_named = re.search("项目|专项|经费|资金", head) and not re.search("收入|支出|科目|指标", head)
        if is_named and told and not any(row.code for row in grid.rows):
            found.append(grid)
    return found


def money_scale(grid: Grid, column: Column) -> Decimal:
    """What a column of amounts is printed in; 万元 where nothing tells."""
    match = re.findall(r"(万元|亿元|千元|元)", column.header)
    units = {"万元": 10_000, "亿元": 100_000_000, "千元": 1000, "元": 1}
    return Decimal(units[match[-1]]) if match else grid.unit or Decimal(10_000)


_ENDINGS = r"(?:经费|项目|资金|工程|补助|补贴|专项|费|建设|活动|计划|款|奖补|服务|购置|维修|改造|救助|保障|运行|运维|管理|更新|试点)"
_QUOTED = re.compile(r"“([^“”]{3,40})”")
_LISTED = re.compile(
    rf"(?:^-*|[。；：、]|[0-9]{{1,2}}[.、]|\([0-9一二三四五六七八九十]+\)|[①-⑳])“?([^，。；：“”()0-9、]{{3,30}}?{_ENDINGS})”?(?:\([^()]*\))?[，：]?(?:(?:19|20)[0-9]{{2}}年)?(?:年初)?(?:安排)?(?:预算|资金|项目)?(?:资金|数|总额)?(?:为|是)?(?=[0-9.,]+万?元)"
)

_HEADED = re.compile(
    r"(?:-+|[0-9]{1,2}[.、]|\([0-9一二三四五六七八九十]{1,3}\)|[①-⑳])([^，。；：“”()0-9、]{4,24})(?:\([^()]*\))?[。：，](?:年初)?(?:安排)?(?:预算|资金)+(?:为)?[0-9.,]+万?元"
)
"""（五）古建筑修缮（年初）。预算100万元."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a project."""

    name: str
    start: int
    end: int


def listed_names(document: Document) -> dict[str, Quote]:
    """Projects that a table lists or that the text introduces with their money, with where that is."""
    return dict(_listed(document))


@once
def _listed(document: Document) -> Iterable[tuple[str, Quote]]:
    names: dict[str, Quote] = {}
    for grid in project_tables(document):
        for row in grid.data:
            name = bare_name(grid.name(row))
            if 3 <= len(name) <= 60 and not is_generic(name) and not name.endswith(("支出", "收入")):
                names.setdefault(name, row.quote)
    for text in document.paragraphs:
        for match in (
            _LISTED.finditer(text.clean) if _MARKED.match(text.clean) or "项目" in text.clean else ()
        ):
            name = bare_name(match[1])
            if len(name) >= 4 and not is_generic(name) and bare(name) and not _NOT_A_NAME.search(name):
                names.setdefault(name, text.quote(match.start(1), match.end(1)))
        headed = None if project_tables(document) else _HEADED.match(text.clean)
        if headed and not is_generic(headed[1]) and bare(headed[1]) and not _NOT_A_NAME.search(headed[1]):
            names.setdefault(headed[1], text.quote(headed.start(1), headed.end(1)))
        for match in _QUOTED.finditer(text.clean):
            if re.search(_ENDINGS + "$", match[1]) and re.match(
                r"(?:项目)?[^。；“”]{0,14}?[0-9.,]+(?:万|亿)?元", text.clean[match.end() : match.end() + 40]
            ):
                names.setdefault(bare_name(match[1]), text.quote(match.start(1), match.end(1)))
    return names.items()


_STEM = re.compile(r"(?:专项|补助|补贴)?(?:经费|资金|项目)$")
_MARKED = re.compile(r"-|[0-9]{1,2}[.、]|\([0-9一二三四五六七八九十]+\)|[①-⑳]|“")
_NOT_A_NAME = re.compile(
    r"人员经费|公用经费|基本支出|项目支出|公务|三公|(?:支出|收入)$|接待费|运行维护费|培训费$|会议费$|^(?:预算|资金|当年|到位|实际|累计|支出|执行|财政|项目|拨付|下达|安排|一般公共|政府性|县级|市级|上级|中央|省|其中|以上|合计|追加|年初|全部|本部门|我)|各个|全部|所有|其他|其余|共|合计|总"
)


def mentions(text: Paragraph, names: Iterable[str]) -> list[Mention]:
    """Where a paragraph names projects; of two names at one place the longer, if that comes first."""
    clean, taken = text.clean, list[Mention]()
    for name in names:
        at = clean.find(name)
        while at >= 0:
            if not any(one.start < at + len(name) and at < one.end for one in taken):
                taken.append(Mention(name, at, at + len(name)))
            at = clean.find(name, at + len(name))
    return sorted(taken, key=lambda one: one.start)


def longest_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def spoken_names(document: Document) -> dict[str, str]:
    """Listed projects by their names, and by what is short for one of them alone."""
    names = listed_names(document)
    stems = [(_STEM.sub("", name), name) for name in names]
    count = Counter(stem for stem, _ in stems)
    return {stem: name for stem, name in stems if len(stem) >= 5 and count[stem] == 1} | {
        one: one for one in names
    }


@once
def named(document: Document) -> Iterator[tuple[Paragraph, list[Mention]]]:
    """The paragraphs that name listed projects, with where."""
    names = spoken_names(document)
    every = longest_first(names)
    for text in document.paragraphs:
        found = mentions(text, every)
        if found:
            yield text, [replace(one, name=names[one.name]) for one in found]


@dataclass(frozen=True, slots=True)
class ProjectFact:
    """A number that the text tells of one project."""

    name: str
    measure: Measure
    figure: Figure
    text: Paragraph


_TOLD = (
    (Measure.CONTRACT, re.compile(r"(?:合同|中标|成交)[^#，。；]{0,8}$")),
    (Measure.LEFT, re.compile(r"(?:结余|结转|剩余|未支[出付]|缺口|还需|尚需)[^#，。；]{0,6}$")),
    (
        Measure.SPENT,
        re.compile(r"(?:支出|支付|拨付|使用|兑付|花费)(?:资金|金额|了|费用)?(?:共计|合计|共|为|约)?$"),
    ),
    (
        Measure.BUDGET,
        re.compile(
            r"(?:预算|安排|资金)(?:资金|总额|数|数额|金额|安排)?(?:共计|为|是|：)?$|^(?:”|项目|：|，|\s)*$"
        ),
    ),
)
_A_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_OTHER = re.compile(r"其中|每|人均|标准|单价|追加|调整|调增|调减|压减|上年|去年|合计|共|计划|预计|拟|还|需")


@once
def project_facts(document: Document) -> Iterator[ProjectFact]:
    """Numbers that stand behind the name of a project, in its sentence, before any other name."""
    for text, mentioned in named(document):
        for one in text.figures:
            if one.about or one.part not in (Part.LEVEL, Part.RATE) or one.depth:
                continue
            before = [each for each in mentioned if each.end <= one.start]
            if (
                not before
                or text.clean.find("。", _behind(text.clean, before[-1].end), one.start) >= 0
                or one.start - before[-1].end > 60
            ):
                continue
            last = before[-1]
            others = [text.between(each.end, last.start) for each in before[:-1]]
            is_row = any("。" not in each and "#" not in each for each in others)
            if is_row and text.clean[max(0, last.start - 1) : last.start] == "、":
                continue
            years = _A_YEAR.findall(text.clean[before[-1].end : one.start])
            if re.search("(?:上年|去年|同期)[^，。；]{0,4}$", text.clean[: last.start]):
                continue
            if years and document.period and document.period.year and str(document.period.year) not in years:
                continue
            measure = _told(text, one, before[-1])
            if measure is not None:
                yield ProjectFact(before[-1].name, measure, one, text)


def _behind(text: str, end: int) -> int:
    """Where the words behind a name begin; it may stand as a heading: （五）古建筑修缮（年初）。预算100万元."""
    match = re.compile(r"(?:\([^()]*\))?。?").match(text, end)
    return match.end() if match else end


_SPOKEN = re.compile(
    r"。?(?:[”“：，、]|#|(?:19|20)[0-9]{2}年度?|今年|本年度?|全年|年度|项目|上半年|前?三季度|[0-9]{1,2}月(?:份|底|末|[0-9]{1,2}日)?|1?[-至到]|截至?|底|末|累计|已|实际|共|计|合计|总|额|数|为|达到?|是|的|经费|有"
    r"|支出|支付|拨付|使用|执行|率|进度|完成|财政|已?签订|合同(?:标的|总?金额|总?价款?|额)?|中标(?:价|金额)|成交(?:价|金额)|预算|资金|安排|金额|下达|批复|年初|结余|剩余|绩效|目标|实现程度|完成程度|预算执行)*+"
)
_BARE = re.compile(r"(?:[”：，]|项目|经费)*")
_SPENDING = re.compile(r"支出|支付|拨付|使用|兑付")


def contracts(document: Document) -> Iterator[ProjectFact]:
    """Contracts of the only project that a statement (else the paragraph) names, whatever is told between."""
    for text, mentioned in named(document):
        for one in text.money:
            start, end = text.clean.rfind("。", 0, one.start), text.clean.find("。", one.start)
            near = [each for each in mentioned if start < each.start < max(end, one.start)] or mentioned
            if (
                len({each.name for each in near}) == 1
                and one.start > near[0].end
                and _TOLD[0][1].search(one.lead)
            ):
                yield ProjectFact(near[0].name, Measure.CONTRACT, one, text)


def _told(text: Paragraph, one: Figure, named: Mention) -> Measure | None:
    """What a number behind a name tells of it; None where other words come between."""
    between = text.between(named.end, one.start)
    lead = between.rpartition("#")[2]
    if between.count("#") > 2 or not _SPOKEN.fullmatch(between) or _OTHER.search(lead):
        return None
    if one.kind is Kind.PERCENT:
        found = [measure for measure, pattern in _HEADS[:2] if pattern.search(lead)]
        return (
            found[0]
            if found and not re.search("序时|目标值|指标值|应达|以上|以下", lead + one.tail)
            else None
        )
    if one.kind is not Kind.MONEY:
        return None
    if _BARE.fullmatch(lead) and "#" not in between:
        start = text.clean.rfind("。", 0, named.start) + 1
        if text.clean.startswith("其中", start) and start:
            start = text.clean.rfind("。", 0, start - 1) + 1
        before = text.clean[start : named.start]
        spent = [match.end() for match in _SPENDING.finditer(before)]
        planned = [match.end() for match in re.finditer("预算|安排|批复|下达", before)]
        return Measure.SPENT if spent and spent[-1] > max(planned, default=0) else Measure.BUDGET
    return next((measure for measure, pattern in _TOLD if pattern.search(lead)), None)


def row_values(document: Document, name: str, measure: Measure) -> list[tuple[Grid, Row, Decimal, Decimal]]:
    """What tables say of a project: values in 元 (percentages as they are) with one unit of their last digit."""
    found = []
    for grid in project_tables(document):
        for row in grid.data:
            if bare_name(grid.name(row)) != name:
                continue
            for column in grid.columns:
                if measure_of(column.header) is measure and column.at in row.numbers:
                    scale = money_scale(grid, column) if column.kind is Holds.AMOUNT else Decimal(1)
                    cell = row.numbers[column.at]
                    found.append((grid, row, cell.value * scale, cell.step * scale))
    return found
