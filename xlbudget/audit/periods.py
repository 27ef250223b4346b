"""The period that a report is about: 2022年1—6月, 上半年, 前三季度, 年度."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlbudget.audit.finding import Quote
from xlbudget.audit.passage import HEADING, Passage
from xlbudget.reading.numerals import chinese_integer

_MONTH = r"(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九])"
PERIOD = re.compile(
    rf"(?:(?P<year>(?:19|20)[0-9]{{2}})年度?(?:的)?)?(?:(?:1|一)(?:月份?)?[-至到](?P<month>{_MONTH})月(?:份)?(?P<end>底|末)?"
    r"|(?P<half>上半年)|(?P<quarters>前三季度)|(?P<first>第?一季度)|(?P<second>第?二季度)|(?P<third>第?三季度))"
)
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_TITLE = re.compile(r"公开|(?:部门|单位|经费)(?:预算|决算)|报告|自评|总结|情况|汇报|监控表|[通简]报|说明")
_TITLE_LENGTH = 60
_LOOK_AT = 10


@dataclass(frozen=True, slots=True)
class Period:
    """From January to `month` of `year`, as far as it is said."""

    year: int | None
    month: int | None
    quote: Quote
    block: int
    words: str
    """The whole title."""

    def __str__(self) -> str:
        year = f"{self.year}年" if self.year else ""
        return f"{year}1—{self.month}月" if self.month else f"{year.removesuffix('年')}年度"


def month_of(match: re.Match[str]) -> int | None:
    """The last month of a period that PERIOD found."""
    if match["month"]:
        word = match["month"]
        number = int(word) if word.isdigit() else chinese_integer(word)
        return number if number and 1 <= number <= 12 else None
    return 6 if match["half"] or match["second"] else 9 if match["quarters"] or match["third"] else 3


def title_period(passages: Sequence[Passage]) -> Period | None:
    """The period in the title; None where the first lines hold no title with a year or a period."""
    for block, passage in enumerate(passages[:_LOOK_AT]):
        text, following = passage.clean, [one.clean for one in passages[block + 1 : block + 3]]
        if following and not _TITLE.search(text) and not HEADING.match(text):
            text += following.pop(0)  # a title in two lines
        if following and re.fullmatch(r"\([^()]{4,20}\)", following[0]):
            text += following[0]
        if len(text) > _TITLE_LENGTH or not _TITLE.search(text) or "。" in text or HEADING.match(text):
            continue
        match = PERIOD.search(text)
        year = int(match["year"]) if match and match["year"] else _year(text)
        until = re.search(r"截?至(1[0-2]|[1-9])月(?:底|末)", text)
        month = month_of(match) if match else int(until[1]) if until else None
        if year or month:
            quote = passage.quote(0, len(passage.clean))
            return Period(year or _first_year(passages), month, quote, block, text)
    return None


_UNIT = re.compile(
    r"^(?:关于)?([^0-9。，：]{3,24}?(?:局|委员会|委|办公室|办|院|学校|小学|中学|校|镇|乡|馆|联合会|会|中心|街道|处|队|站|部|厅|大学|学院))"
)


def unit_of(passages: Sequence[Passage]) -> str:
    """The unit that the first lines name; "" where they name none."""
    for passage in passages[:_LOOK_AT]:
        match = _UNIT.match(passage.clean)
        if match and len(passage.clean) <= _TITLE_LENGTH:
            return match[1]
    return ""


def _year(text: str) -> int | None:
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def _first_year(passages: Sequence[Passage]) -> int | None:
    """The year that the body names first, for a title without one."""
    for passage in passages[:_LOOK_AT]:
        year = _year(passage.clean)
        if year:
            return year
    return None


def periods_in(passage: Passage) -> Iterator[re.Match[str]]:
    """Every period that begins in January."""
    yield from PERIOD.finditer(passage.clean)
