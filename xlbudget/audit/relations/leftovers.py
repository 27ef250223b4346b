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
_ITSELF = re.compile(rf"(?<![比较与同])(?P<one>(?:19|20)[0-9]{{2}})年(?:度)?[^。；]{{0,80}}?(?:比|较|与|同)(?P<other>(?:19|20)[0-9]{{2}})年(?:度)?[^，。；0-9]{{0,8}}(?:{words.CHANGE}|持平|相比|一致)")  # fmt: skip
_YEAR_OF_PLAN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年(?:度|下半年|四季度)?[，、]?(?P<rest>[^，。；]{0,6})")  # fmt: skip
_AHEAD = re.compile("将|拟|计划|力争|确保|下一步|打算|继续|加快|抓好|努力")
_SELF = re.compile(
    "(?:各)?项目(?:绩效|支出|执行|预算)|绩效(?:运行)?监控|监控(?:期间|范围|情况|结果|工作)|自评|运行情况|执行情况|纳入监控"
)
_AS_OF = re.compile(r"以(?:(?P<year>(?:19|20)[0-9]{2})年)?(?P<month>[0-9]{1,2})月(?:[0-9]{1,2}日|底|末)为(?:时点|截止|节点|基准)")  # fmt: skip
_UP_TO = re.compile(
    r"截至(?P<month>[0-9]{1,2})月(?:底|末|3[01]日|28日)[^。；]{0,16}(?:各项目|项目|累计)[^。；]{0,6}(?:支出|执行)"
)
_OWN_YEAR = re.compile(r"对(?P<year>(?:19|20)[0-9]{2})年度?[^，。；]{0,20}(?:开展|进行)了?(?:绩效)?(?:自查|自评|监控)")  # fmt: skip


@relation("TXT117", "模板没有填完")
def template(document: Document) -> Iterator[Tie]:
    """“下降（增长）27%”“占 %”“××万元”：模板里的选择项要删去一个，空格要填数。"""
    for text in document.paragraphs:
        for match in _TEMPLATE.finditer(text.clean):
            message = f"“{match[0]}”像是模板里没有填、没有删的。"
            quote, remedy = text.quote(*match.span()), "请填上数，或者删去不用的选择项。"
            yield Tie(False, (quote,), message, "", match[0], remedy)


@relation("TXT118", "与自己的年份相比")
def compared_with_itself(document: Document) -> Iterator[Tie]:
    """“2024年预算与2023年预算持平”：比的是另一年，不是同一年。"""
    for text in document.paragraphs:
        for match in _ITSELF.finditer(text.clean):
            years = set(re.findall(r"((?:19|20)[0-9]{2})年", match[0]))
            holds = len(years) > 1 or re.search("年初|预算数?(?:相比|比)|调整", match[0][-16:]) is not None
            message = f"{match['one']}年的数与{match['other']}年相比，是同一年。"
            yield Tie(holds, (text.quote(*match.span()),), message, "", f"{match['one']}年")


@relation("TXT060", "期间与标题不一致", Confidence.LIKELY)
def period(document: Document) -> Iterator[Tie]:
    """正文说的监控期间、下一步打算的年份，与标题的一样。"""
    title = document.period
    if title is None or title.year is None:
        return
    body = [one for at, one in enumerate(document.paragraphs) if at != title.block]
    for text in body:
        yield from _other_period(text, title.year, title.month)
        for match in _YEAR_OF_PLAN.finditer(text.clean):
            is_order = re.search("下达|批复|通知|要求", text.clean[: match.start()][-20:])
            if int(match["year"]) < title.year and _AHEAD.match(match["rest"]) and not is_order:
                message = f"标题是{title.year}年，这里打算的是{match['year']}年的事。"
                quotes = (text.quote(*match.span()), title.quote)
                yield Tie(False, quotes, message, f"{title.year}年", f"{match['year']}年")


def _other_period(text: Paragraph, year: int, month: int | None) -> Iterator[Tie]:
    """The period of the report itself, told in the body with another year or month."""
    for match in PERIOD.finditer(text.clean) if month else ():
        told = month_of(match)
        sentence = text.clean[slice(*text.passage.sentence(match.start()))]
        is_own = _SELF.search(text.clean[match.end() : match.end() + 16])
        if (
            told
            and is_own
            and not re.search(f"同期|上年|去年|比(?![例重])|较(?![好高低大])|{_AHEAD.pattern}", sentence)
        ):
            holds = told == month and match["year"] in (None, f"{year}")
            message = f"标题是{year}年1—{month}月，这里写{match[0]}。"
            yield Tie(holds, (text.quote(*match.span()),), message, f"{year}年1—{month}月", match[0])


@relation("TXT061", "时点、年度与标题不一致", Confidence.LIKELY)
def as_of(document: Document) -> Iterator[Tie]:
    """监控的时点、自评（自查）的年度，与标题的一样。"""
    title = document.period
    if title is None:
        return
    for text in document.paragraphs:
        for match in _AS_OF.finditer(text.clean) if title.month else ():
            message = f"标题是1—{title.month}月，这里的时点是{match[0][1:]}。"
            holds = int(match["month"]) == title.month and match["year"] in (None, f"{title.year}")
            quotes = (text.quote(*match.span()), title.quote)
            yield Tie(holds, quotes, message, f"{title.month}月", match[0])
        for match in _UP_TO.finditer(text.clean) if title.month else ():
            sentence = text.clean[slice(*text.passage.sentence(match.start()))]
            if not re.search("上年|去年|同期|(?:19|20)[0-9]{2}年|比|较", sentence):
                message = f"标题到{title.month}月，这里写截至{match['month']}月。"
                quotes = (text.quote(*match.span()), title.quote)
                holds = int(match["month"]) == title.month
                yield Tie(holds, quotes, message, f"{title.month}月", f"{match['month']}月")
        for match in _OWN_YEAR.finditer(text.clean) if title.year else ():
            message = f"标题是{title.year}年度，这里写{match['year']}年度。"
            holds = int(match["year"]) == title.year or not re.search("决算|自评|监控|自查", title.quote.text)
            quotes = (text.quote(*match.span()), title.quote)
            yield Tie(holds, quotes, message, f"{title.year}年度", f"{match['year']}年度")
