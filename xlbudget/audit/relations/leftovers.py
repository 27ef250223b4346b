"""Leftovers: of a template, of another year's report."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from itertools import product

from xlbudget.audit import vocabulary as words
from xlbudget.audit.finding import Confidence
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.passage import Passage, passage
from xlbudget.audit.periods import PERIOD, month_of
from xlbudget.audit.quantities import decimal_of
from xlbudget.audit.relation import Tie, relation

_TEMPLATE = re.compile(
    r"(?P<choice>(?:增加|增长|上升|提高|大于|高于)\((?:减少|下降|降低|小于|低于)\)(?=[0-9_×，。；]|万?元|%)|(?:减少|下降|降低|小于|低于)\((?:增加|增长|上升|提高|大于|高于)\)(?=[0-9_×，。；]|万?元|%))"
    r"|(?P<empty>(?:占|占比|增加|减少|增长|下降|支出|预算|决算|收入|总额|共计)(?:了|为)?(?:%|万元|亿元|元)(?=[，。；、()]|$))"
    r"|(?P<blank>[×]{1,4}(?=万?元|%|个|份|人|年|月|项|次)|[XＸxx]{2,4}(?=万?元|%|[个份人年月项次辆台套户村亩名家所处场期件条]|局|单位|公里)|\((?:(?P<x>[^()/]{1,4})/[不未无](?P=x)|是/否|有/无|较?好/一般/较?差|优/良/中/差|高/中/低|良好/一般/较差)\)|(?<=[为：“])优/良/中/差|\(请选择\)|[XＸ]{4,}(?=[(。，；]|$)|_{2,}|\((?:此处|请(?:在此)?[填补]|待填|待补|填写|填报|填入)[^()]{0,12}\)|[×XＸ](?:年[×XＸ]+月|月[×XＸ]+日)|【[^】]{0,12}填[^】]{0,12}】)"
)
_ITSELF = re.compile(rf"(?<![比较与同])(?P<one>(?:19|20)[0-9]{{2}})年(?:度)?[^。；]{{0,80}}?(?:比|较|与|同)(?P<other>(?:19|20)[0-9]{{2}})年(?:度)?(?P<behind>[^，。；0-9]{{0,8}})(?:[0-9.,]+[万亿]?元)?(?:{words.CHANGE}|持平|相比|一致)")  # fmt: skip
_YEAR_OF_PLAN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年(?:度|下半年|四季度)?[，、]?(?P<rest>[^，。；]{0,6})")  # fmt: skip
_AHEAD = re.compile("将|拟|计划|力争|确保|下一步|打算|继续|加快|抓好|努力")
_SELF = re.compile(
    "(?:各|预算)?项目(?:绩效|支出|执行|预算|资金)|绩效(?:运行)?监控|(?:预算)?绩效目标(?:实现|完成)|监控(?:期间|范围|情况|结果|工作)|自评|运行情况|执行情况|纳入监控"
)
_Y, _M = r"(?P<year>(?:19|20)[0-9]{2})年", r"(?P<month>[0-9]{1,2})月"
_OWN = [
    re.compile(one)
    for one in (
        rf"以(?:{_Y})?{_M}(?:[0-9]{{1,2}}日|底|末)为(?:时点|截止|节点|基准)",
        rf"{_M}(?:底|末)(?:绩效)?目标(?:实现|完成)程度",
        rf"截?至{_M}(?:底|末|3[01]日|28日)[^。；]{{0,16}}(?:项目|累计)[^。；]{{0,6}}(?:支出|执行)",
        rf"对{_Y}度?[^，。；]{{0,20}}(?:开展|进行)了?(?:绩效)?(?:自查|自评|监控)",
        rf"(?:实施|评价|监控|自评)的?(?:期限?|期间|时段|年度)[为：是]*{_Y}(?:度|1月(?:1日)?[-至到](?:(?P=year)年)?12月(?:31日)?)",
        rf"(?:监控|评价|自评)的?(?:时点|截止时间|截止日期|基准日)[为：是]*(?:{_Y})?{_M}",
        rf"截至{_Y}(?:12月31日|底|末)，[^，。；结]{{0,12}}支出",
        rf"截至{_Y}(?P<same>[0-9]{{1,2}})月(?:[23][0-9]日|底|末)，[^，。；结同]{{0,12}}支出",
    )
]
_COMPARED = "同期|上年|去年|结转|比(?![例重])|较(?![好高低大])"
_OTHER_PART = re.compile("年初|预算数?(?:相比|比)|调整|口径|季度|半年|[末底]")
_SPENT = re.compile("[^，。；]{0,12}支出")
_OF_PAST = re.compile("决算|自评|监控|自查")
_OF_BUDGET = re.compile("(?=.*(?:预算|决算|“三公”))(?!.*[0-9]{4}.*[0-9]{4}).*")
_BEFORE = r"(?:[0-9(一二三四五六七八九十、.)]{{1,4}})?(?P<told>{0}年)度?[^，。；]{{0,24}}(?:预算|决算|支出|收入|总计)[^，。；]{{0,8}}[0-9.,]+[万亿]?元[^。]*(?:(?:比|较|与)上年|占本年|。上年\({0}年\))"


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
            is_done = re.search("决算|支出(?!预算)|执行|完成|实际", match[0])
            is_other = _OTHER_PART.search(match[0][-16:]) or (
                is_done and re.search("预算|计划", match["behind"])
            )
            holds = len(years) > 1 or bool(is_other)
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
        told, end = month_of(match), match.end()
        sentence = text.clean[slice(*text.passage.sentence(match.start()))]
        due = re.search(r"([0-9.]+)%的?序时进度", sentence)
        is_due = due and abs(float(due[1]) * 12 - (month or 0) * 100) < 6 and _SPENT.match(text.clean, end)
        is_told = _SELF.search(text.clean, end, end + 16) or "本报告" in text.clean[max(0, end - 24) : end]
        is_own = is_told and not re.search(f"{_COMPARED}|{_AHEAD.pattern}", sentence)
        periods = {(month_of(each), each["year"] or match["year"]) for each in PERIOD.finditer(sentence)}
        if told and len(periods) == 1 and (is_due or is_own):
            holds = told == month and match["year"] in (None, f"{year}")
            message = f"标题是{year}年1—{month}月，这里写{match[0]}。"
            yield Tie(holds, (text.quote(*match.span()),), message, f"{year}年1—{month}月", match[0])


@relation("TXT061", "时点、年度与标题不一致", Confidence.LIKELY)
def as_of(document: Document) -> Iterator[Tie]:
    """监控的时点、自评（自查）的年度，与标题的一样。"""
    title = document.period
    if title is None:
        return
    for each, pattern in product(_passages(document), _OWN):
        for match in pattern.finditer(each.clean):
            year, month, same = (match.groupdict().get(name) for name in ("year", "month", "same"))
            if same and (int(same) != title.month or title.year is None):
                continue
            start, end = each.sentence(match.start())
            around = each.clean[start : match.start()] + each.clean[match.end() : end + 60]
            is_own = title.month if month or same else title.year and _OF_PAST.search(title.words)
            other_year = rf"(?!{title.year if month else None})[0-9]{{4}}年"
            if is_own and not re.search(rf"{_COMPARED}|预计|{other_year}", around):
                is_own_year = (
                    year is None or f"{title.year}年" in match[0]
                )  # 2022年1月至2023年12月 ends in it
                holds = month in (None, f"{title.month}") and is_own_year
                quotes = (each.quote(*match.span()), title.quote)
                yield Tie(holds, quotes, f"标题是{title}，这里写{match[0]}。", f"{title}", match[0])
    before = re.compile(_BEFORE.format((title.year or 0) - 1))
    for text in document.paragraphs if _OF_BUDGET.fullmatch(title.words) else ():
        told = before.match(text.clean)
        if told and not re.search(
            f"{title.year}年|今年(?!预算)|执行情况|回顾", "".join((text.clean, *text.headings[-1:]))
        ):
            quotes = (text.quote(*told.span()), title.quote)
            yield Tie(
                False, quotes, f"标题是{title}，这里写{told['told']}。", f"{title.year}年", told["told"]
            )


def _passages(document: Document) -> Iterator[Passage]:
    """The paragraphs of a document, and the headers of its tables."""
    for block in document.blocks:
        if isinstance(block, Passage):
            yield block
        else:
            yield from (passage([(cell, block.places[0])]) for cell in block.rows[0])


_DATE = re.compile(r"(?:(20[0-9]{2})年)?(?<![0-9])(1[0-2]|[1-9])月([0-9]{1,2})日")
_NUMERAL = "([0-9〇零一二三四五六七八九十]{1,4})"
_SIGNED = re.compile(rf"[^0-9，。；]{{0,40}}?{_NUMERAL}年{_NUMERAL}月{_NUMERAL}日\)?")
_PAST = re.compile(
    r"(?:(?P<already>已经?[于在])|(?<![0-9年至到-]))(?P<month>1[0-2]|[1-9])月(?P<day>[0-9]{1,2}日|[上中下]旬|[底末])?(?!-|至|到|以?前)"
    r"(?(already)|(?<=日)[^。；]{0,20}?通过[^，。；]{0,6}验收)"
)
_PLANNED = re.compile(f"{_AHEAD.pattern}|{words.LAST_YEAR}|预计|预定|安排在|措施|建议|约定|要求|应")
_FIRST_DAYS = {"上旬": 1, "中旬": 11, "下旬": 21, "底": 25, "末": 25}


@relation("TXT157", "日期不存在")
def no_such_day(document: Document) -> Iterator[Tie]:
    """9月没有31日，2月没有30日。"""
    for text in document.paragraphs:
        for match in _DATE.finditer(text.clean):
            last = monthrange(int(match[1] or 2024), int(match[2]))[1]
            message, quote = f"{match[2]}月只有{last}天，这里写{match[0]}。", text.quote(*match.span())
            yield Tie(1 <= int(match[3]) <= last, (quote,), message, f"{match[2]}月{last}日", match[0])


_SPAN = re.compile(r"(20[0-9]{2})年(1[0-2]|[1-9])月(?:[0-9]{1,2}日)?[至到-](20[0-9]{2})年(1[0-2]|[1-9])月")


@relation("TXT176", "起止时间颠倒")
def ends_before_it_begins(document: Document) -> Iterator[Tie]:
    """“2022年1月至2022年12月”：结束的时间不早于开始的时间；没有再写年份的（2022年11月至3月）不比。"""
    for text in document.paragraphs:
        for match in _SPAN.finditer(text.clean):
            first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
            message = f"这里写{match[0]}，结束的时间早于开始的时间。"
            yield Tie(first <= last, (text.quote(*match.span()),), message, "", match[0])


@relation("TXT158", "写成已经过去的日期，在报告落款以后", Confidence.LIKELY)
def before_signed(document: Document) -> Iterator[Tie]:
    """“已于11月18日通过验收”的，报告落款不早于11月18日。"""
    signed = [(text, match) for text in document.paragraphs if (match := _SIGNED.fullmatch(text.clean))]
    for last, date in signed[-1:]:
        year, *day = (int(decimal_of(one) or 0) for one in date.groups())
        is_own = document.period is None or document.period.year in (None, year)
        found = [(text, one) for text in document.paragraphs for one in _PAST.finditer(text.clean)]
        for text, match in found if is_own else ():
            start, told = text.passage.sentence(match.start())[0], match["day"] or "1日"
            years = re.findall("20[0-9]{2}(?=年)", text.clean[: match.start()])
            around = "".join((*text.headings[-1:], text.clean[start : match.end()]))
            if years[-1:] in ([], [str(year)]) and not _PLANNED.search(around):
                first = [int(match["month"]), _FIRST_DAYS.get(told) or int(told[:-1])]
                quotes = (text.quote(*match.span()), last.quote(*date.span()))
                message = f"报告落款是{day[0]}月{day[1]}日，这里写{match[0]}。"
                yield Tie(first <= day, quotes, message, f"不晚于{day[0]}月{day[1]}日", match[0])
