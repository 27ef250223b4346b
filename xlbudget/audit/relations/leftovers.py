"""Leftovers: of a template, of another year's report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlbudget.audit import vocabulary as words
from xlbudget.audit.finding import Confidence
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.periods import PERIOD, month_of
from xlbudget.audit.relation import Tie, relation

_TEMPLATE = re.compile(
    r"(?P<choice>(?:增加|增长|上升|提高|大于|高于)\((?:减少|下降|降低|小于|低于)\)(?=[0-9_×]|万?元|%)|(?:减少|下降|降低|小于|低于)\((?:增加|增长|上升|提高|大于|高于)\)(?=[0-9_×]|万?元|%))"
    r"|(?P<empty>(?:占|占比|增加|减少|增长|下降|支出|预算|决算|收入)(?:了|为)?(?:%|万元|亿元|元)(?=[，。；、)]|$))"
    r"|(?P<blank>[×]{1,4}(?=万?元|%|个|份|人|年|月|项|次)|[XＸxx]{2,4}(?=万?元|%|个|份|人|年|月|项|次|局|单位)|_{2,}|\(此处[^()]{0,12}\)|【[^】]{0,12}填[^】]{0,12}】)"
)


@relation("TXT117", "模板没有填完")
def template(document: Document) -> Iterator[Tie]:
    """“下降（增长）27%”“占 %”“××万元”：模板里的选择项要删去一个，空格要填数。"""
    for text in document.paragraphs:
        for match in _TEMPLATE.finditer(text.clean):
            found = match.group()
            message = f"“{found}”像是模板里没有填、没有删的。"
            remedy = "请填上数，或者删去不用的选择项。"
            yield Tie(False, (text.quote(match.start(), match.end()),), message, "", found, remedy)


_AHEAD = re.compile(r"将|拟|计划|力争|确保|下一步|打算|继续|加快|抓好|努力")
_ITSELF = re.compile(
    rf"(?<![比较与同])(?P<one>(?:19|20)[0-9]{{2}})年(?:度)?[^。；]{{0,80}}?(?:比|较|与|同)(?P<other>(?:19|20)[0-9]{{2}})年(?:度)?[^，。；0-9]{{0,8}}(?:{words.CHANGE}|持平|相比|一致)"
)


@relation("TXT118", "与自己的年份相比")
def compared_with_itself(document: Document) -> Iterator[Tie]:
    """“2024年预算与2023年预算持平”：比的是另一年，不是同一年。"""
    for text in document.paragraphs:
        for match in _ITSELF.finditer(text.clean):
            years = re.findall(r"((?:19|20)[0-9]{2})年", match.group())
            same = (
                match["one"] == match["other"]
                and len(set(years)) == 1
                and not re.search("年初|预算数?(?:相比|比)|调整", match.group()[-16:])
            )
            message = f"{match['one']}年的数与{match['other']}年相比，是同一年。"
            yield Tie(not same, (text.quote(match.start(), match.end()),), message, "", f"{match['one']}年")


@relation("TXT060", "期间与标题不一致", Confidence.LIKELY)
def period(document: Document) -> Iterator[Tie]:
    """正文说的监控期间、下一步打算的年份，与标题的一样。"""
    title = document.period
    if title is None or title.year is None:
        return
    for text in document.paragraphs:
        if (
            text.passage is document.paragraphs[title.block].passage
            if title.block < len(document.paragraphs)
            else False
        ):
            continue
        yield from _other_period(text, title.year, title.month)
        for match in re.finditer(
            r"(?P<year>(?:19|20)[0-9]{2})年(?:度|下半年|四季度)?[，、]?(?P<rest>[^，。；]{0,6})", text.clean
        ):
            if (
                int(match["year"]) < title.year
                and _AHEAD.match(match["rest"])
                and not re.search("下达|批复|通知|要求", text.clean[: match.start()][-20:])
            ):
                message = f"标题是{title.year}年，这里打算的是{match['year']}年的事。"
                yield Tie(
                    False,
                    (text.quote(match.start(), match.end()), title.quote),
                    message,
                    f"{title.year}年",
                    f"{match['year']}年",
                )


_AS_OF = re.compile(
    r"以(?:(?P<year>(?:19|20)[0-9]{2})年)?(?P<month>[0-9]{1,2})月(?:[0-9]{1,2}日|底|末)为(?:时点|截止|节点|基准)"
)
_OWN_YEAR = re.compile(
    r"对(?P<year>(?:19|20)[0-9]{2})年度?[^，。；]{0,20}(?:开展|进行)了?(?:绩效)?(?:自查|自评|监控)"
)


@relation("TXT061", "时点、年度与标题不一致", Confidence.LIKELY)
def as_of(document: Document) -> Iterator[Tie]:
    """监控的时点、自评（自查）的年度，与标题的一样。"""
    title = document.period
    for text in document.paragraphs:
        for match in _AS_OF.finditer(text.clean) if title and title.month else ():
            assert title is not None and title.month is not None
            holds = int(match["month"]) == title.month and (
                not match["year"] or int(match["year"]) == title.year
            )
            message = f"标题是1—{title.month}月，这里的时点是{match.group()[1:]}。"
            yield Tie(
                holds,
                (text.quote(match.start(), match.end()), title.quote),
                message,
                f"{title.month}月",
                match.group(),
            )
        for match in _OWN_YEAR.finditer(text.clean) if title and title.year else ():
            assert title is not None
            message = f"标题是{title.year}年度，这里写{match['year']}年度。"
            holds = int(match["year"]) == title.year or not re.search("决算|自评|监控|自查", title.quote.text)
            yield Tie(
                holds,
                (text.quote(match.start(), match.end()), title.quote),
                message,
                f"{title.year}年度",
                f"{match['year']}年度",
            )


_SELF = re.compile(r"绩效(?:运行)?监控|监控(?:期间|范围|情况|结果|工作)|自评|运行情况|执行情况|纳入监控")


def _other_period(text: Paragraph, year: int, month: int | None) -> Iterator[Tie]:
    """The period of the report itself, told in the body with another year or month."""
    for match in PERIOD.finditer(text.clean):
        told = month_of(match)
        sentence = text.clean[slice(*text.passage.sentence(match.start()))]
        after = text.clean[match.end() : match.end() + 16]
        if (
            told is None
            or month is None
            or not _SELF.search(after)
            or re.search(r"同期|上年|去年|比|较", sentence)
        ):
            continue
        holds = told == month and (not match["year"] or int(match["year"]) == year)
        message = f"标题是{year}年1—{month}月，这里写{match.group()}。"
        yield Tie(
            holds, (text.quote(match.start(), match.end()),), message, f"{year}年1—{month}月", match.group()
        )
