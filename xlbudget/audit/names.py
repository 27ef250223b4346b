"""Names of projects: which there are, where a text mentions them, and which are nearly alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlbudget.audit.headers import Role
from xlbudget.audit.passage import Passage, squeeze
from xlbudget.audit.tables import ReadTable
from xlbudget.domain.names import names_alike

_ENDINGS = r"(?:经费|项目|资金|工程|补助|补贴|专项|费用|费|工作|建设|活动|计划|款|奖补|服务|购置|维修|改造|救助|保障)"
_QUOTED = re.compile(r"“([^“”]{3,40})”")
_MARK = r"(?:[0-9]{1,2}[.、．]|\([0-9一二三四五六七八九十]+\)|[①-⑳]|[一二三四五六七八九十]是)"
_LISTED = re.compile(
    rf"(?:^|[。；]){_MARK}“?([^，。；：“”()0-9]{{2,30}}?{_ENDINGS})”?(?:\([^()]*\))?[，：]?(?=[0-9.,]+万?元)"
)
_ITEM = re.compile(
    rf"(?:^|[。；：\n]){_MARK}?“?([^，。；：“”()]{{2,30}}?{_ENDINGS})”?(?:\([^()]*\))?"
    r"[，：]?(?:[0-9]{4}年)?(?:年初)?(?:安排)?(?:预算|资金|年初预算)"
)
_BATCH = re.compile(r"\((?:年初|追加|[0-9]{1,2}月(?:份)?追加|新增|年初批次|追加批次)\)$")
_NOT_A_NAME = re.compile(
    r"^(?:预算|资金|累计|支出|执行|财政|项目|拨付|下达|安排|一般公共|政府性|县级|市级|上级|中央|省)|(一个|各个|本部门|本单位|我单位|我局|全部|所有|其他|其余|其中|上述|以上|共|合计|总|年初|追加|部门预算|单位|涉及|安排|实现|完成|全年|今年|本年|截至|[0-9]{4}年|[0-9]个)"
)
_SHORTEST = 4
_LONGEST = 100
_SHORTEST_NEAR = 5
_SHORTEST_END = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a project."""

    name: str
    start: int
    end: int


def bare_name(name: str) -> str:
    """A name without blanks, quotation marks, and the batch that may stand behind it."""
    return _BATCH.sub("", squeeze(name).strip("“”\"'《》"))


def known_names(tables: Iterable[ReadTable], passages: Iterable[Passage]) -> tuple[str, ...]:
    """The names of projects that tables list and that texts introduce with an amount, in the order they appear."""
    names: dict[str, None] = {}
    for table in tables:
        column = table.only(Role.PROJECT)
        if table.is_project_table and column is not None:
            found = (bare_name(row.cells[column]) for row in table.data)
            names.update((name, None) for name in found if 2 <= len(name) <= _LONGEST)
    for text in passages:
        for match in (*_ITEM.finditer(text.clean), *_LISTED.finditer(text.clean)):
            name = bare_name(match[1])
            if len(name) >= _SHORTEST and not _NOT_A_NAME.search(name):
                names.setdefault(name)
        for name in _listed_names(text.clean):
            if not _NOT_A_NAME.search(name):
                names.setdefault(name)
        for match in _QUOTED.finditer(text.clean):
            name = bare_name(match[1])
            if (
                re.search(_ENDINGS + "$", name)
                and not _NOT_A_NAME.search(name)
                and _is_funded(text.clean, match.end())
            ):
                names.setdefault(name)
    return tuple(names)


_INTRODUCED = re.compile(r"(?:分别[是为]|具体[是为]|包括)：?|：")
_LIST_ITEM = re.compile(r"“?(?P<name>[^0-9“”()]{4,24}?)”?(?:\([^()]*\))?[0-9.,]+(?:万|亿)?元(?:\([^()]*\))?")
_SOURCE = re.compile(r"公共预算|基金|拨款|自筹|补助资金$|财政|收入|支出|预算$|资金$|基本|人员|公用")


def _listed_names(text: str) -> Iterator[str]:
    """Names in a list of projects with their money: 6个项目：甲经费12万元、乙补助3万元。"""
    for match in _INTRODUCED.finditer(text):
        if not re.search("项目", text[max(0, match.start() - 40) : match.start()]):
            continue
        end = text.find("。", match.end())
        items = re.split("[、，；和]", text[match.end() : end if end >= 0 else len(text)])
        found = [one for item in items if (one := _LIST_ITEM.fullmatch(item))]
        if len(found) >= 2 and len(found) * 5 >= len(items) * 3:
            names = [bare_name(one["name"]) for one in found]
            if not any(_SOURCE.search(name) for name in names):
                yield from names


def _is_funded(text: str, position: int) -> bool:
    """Whether an amount follows soon after a quoted name."""
    return bool(re.match(r"(?:项目)?[^。；“”]{0,14}?[0-9.,]+(?:万|亿)?元", text[position : position + 40]))


Spelled = Mapping[str, Mapping[int, Mapping[str, str]]]
"""The name meant by what texts call it, by its first two characters and by its length, longest first."""


def spellings(names: Sequence[str]) -> Spelled:
    """What texts call projects, and the name meant.

    A project is called by its name or by the end of it (without 社区, 县级 before it), where that is the end of no other.
    """
    known = {name: name for name in names}
    for name in names if len(names) <= _ORDINARY else ():
        for short in (name[2:], name[3:], name[4:]):
            if len(short) >= _SHORTEST_END and sum(short in other for other in names) == 1:
                known.setdefault(short, name)
    found: dict[str, dict[int, dict[str, str]]] = {}
    for spelling, name in sorted(known.items(), key=lambda one: len(one[0]), reverse=True):
        found.setdefault(spelling[:2], {}).setdefault(len(spelling), {})[spelling] = name
    return found


_NONE: Mapping[int, Mapping[str, str]] = {}


def mentions(text: str, spelled: Spelled) -> list[Mention]:
    """Where a clean text names projects; from left to right, the longest spelling first, none overlap."""
    found: list[Mention] = []
    at = 0
    while at < len(text):
        for length, names in spelled.get(text[at : at + 2], _NONE).items():
            name = names.get(text[at : at + length])
            if name is not None:
                found.append(Mention(name, at, at + length))
                at += length
                break
        else:
            at += 1
    return found


def by_head(names: Sequence[str]) -> dict[str, list[str]]:
    """Names long enough to be recognised when mistyped, by their first two characters."""
    found: dict[str, list[str]] = {}
    for name in names:
        if len(name) >= _SHORTEST_NEAR:
            found.setdefault(name[:2], []).append(name)
    return {head: some for head, some in found.items() if len(some) <= _ORDINARY}


def near_mentions(
    text: str, heads: Mapping[str, Sequence[str]], names: Collection[str], taken: Sequence[Mention]
) -> Iterator[tuple[str, Mention]]:
    """What reads almost like a known name but is none: the known name, and where it stands, under what it says."""
    inside = {at for one in taken for at in range(one.start, one.end)}
    for at in range(len(text) - 1):
        if at not in inside:
            for name in heads.get(text[at : at + 2], ()):
                span = _near_span(text, at, name, names)
                if span is not None and inside.isdisjoint(range(span.start, span.end)):
                    yield name, span


def mixed_up(text: str, names: Sequence[str], taken: Sequence[Mention]) -> Iterator[tuple[str, Mention]]:
    """Where the characters of a name stand in another order. Looked for in reports of ordinary length only."""
    inside = {at for one in taken for at in range(one.start, one.end)}
    for name in names if len(names) <= _ORDINARY else ():
        size, sorted_name = len(name), sorted(name)
        for at in range(len(text) - size + 1 if size >= _SHORTEST_END else 0):
            if (
                text[at] in name
                and text[at + size - 1] in name
                and sorted(text[at : at + size]) == sorted_name
            ):
                span = Mention(text[at : at + size], at, at + size)
                kept = span.name[:2] == name[:2] or span.name[-2:] == name[-2:]
                if (
                    kept
                    and span.name != name
                    and span.name not in names
                    and inside.isdisjoint(range(at, at + size))
                ):
                    yield name, span


_ORDINARY = 60


def _near_span(text: str, at: int, name: str, names: Collection[str]) -> Mention | None:
    """The stretch from `at` that ends like a name and is nearly as long, where it is nearly the name."""
    for change in (-1, 1, 0, -2, 2):
        other = text[at : at + len(name) + change]
        if other.endswith(name[-1]) and _is_near(other, name, names):
            return Mention(other, at, at + len(other))
    return None


_BREAK = re.compile(r"[，。；：、“”()和与及的]")


def _is_near(other: str, name: str, names: Collection[str]) -> bool:
    return (
        other not in names
        and not (_BREAK.search(other) and not _BREAK.search(name))
        and names_alike(other, name)
    )
