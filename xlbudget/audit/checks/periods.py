"""The period of the title against the body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlbudget.audit.case import Case
from xlbudget.audit.facts import Measure, Whole
from xlbudget.audit.finding import Confidence, Quote
from xlbudget.audit.periods import month_of, periods_in
from xlbudget.audit.registry import Contradiction, check

_FIX = "请核对监控期间，全文写成一样。"
_COMPARES = re.compile(
    r"服务期|合同|期限|工期|同期|上年|去年|上一年|相比|同比|对比|比20|较20|往年|上次|上期|一季度|季度|环比"
)
_ABOUT_REPORT = re.compile(
    r"(?:份)?(?:的)?(?:部门|项目|本单位|我单位|全部|各)?(?:支出)?(?:预算|绩效|项目支出|财政|资金)[^，。]{0,16}(?:监控|执行|运行|实现|支出|完成)|(?:份)?监控|(?:份)?，?(?:共|累计|实际|已)?支出|底(?:绩效)?目标|以来"
)
_PLANNED = re.compile(r"[0-9]月(?:底|份|中旬|上旬|下旬)?前|下一步|下阶段|将于")
_LATER = re.compile(r"预计|计划|拟|将|下一步|到年底|全年|年底前")


@check("TXT060", "期间与标题不一致")
def period_of_title(case: Case) -> Iterator[Contradiction]:
    """正文说的监控期间，与标题的一样。"""
    title = case.period
    if title is None or title.month is None:
        return
    told: set[str] = set()
    for text in case.texts:
        for match in periods_in(text.passage):
            month = month_of(match)
            around = text.clean[max(0, match.start() - 14) : match.end() + 12]
            if (
                month is None
                or text.block == title.block
                or _COMPARES.search(around.replace(match.group(), ""))
            ):
                continue
            other_year = match["year"] and title.year and int(match["year"]) != title.year
            other_month = month != title.month and not (match["first"] or match["second"] or match["third"])
            if not (other_year or other_month) or match.group() in told:
                continue
            start, _ = text.passage.sentence(match.start())
            if _PLANNED.search(text.clean[start : match.start()]):
                continue
            after = text.clean[match.end() : match.end() + 24]
            before = text.clean[max(0, match.start() - 8) : match.start()]
            if _LATER.search(before) or not (
                _ABOUT_REPORT.match(after) or _is_whole_report(after) or month > title.month
            ):
                continue
            told.add(match.group())
            sure = Confidence.LIKELY
            message = f"这里写{match.group()}，标题是{title}。"
            quote = text.passage.quote(match.start(), match.end())
            yield Contradiction(sure, message, _FIX, (quote, title.quote), str(title), match.group())


def _is_whole_report(after: str) -> bool:
    return bool(
        re.match(r"(?:份)?，?(?:我|本|全)(?:单位|局|委|办|部门|镇|乡|校|院|县|街道|馆|会|中心|区|市)", after)
    )


@check("TXT062", "追加月份晚于监控期间")
def supplements_in_period(case: Case) -> Iterator[Contradiction]:
    """报告里的追加项目，是监控期间以内追加的。"""
    title = case.period
    for one in case.of(Measure.MONTH, Whole.PROJECT):
        if title is not None and title.month is not None and one.value > title.month:
            message = f"这里写{one.shown}追加，标题是{title}。"
            quotes = (one.quote, title.quote)
            yield Contradiction(Confidence.LIKELY, message, _FIX, quotes, f"{title.month}月以前", one.shown)


_HEAD_MONTH = re.compile(r"(?<![0-9-])([0-9]{1,2})月(?:份)?底")


@check("TXT061", "统计表的月份与标题不一致")
def month_of_table(case: Case) -> Iterator[Contradiction]:
    """统计表表头、正文“截至6月底”的月份，是标题里监控期间的最后一个月。"""
    title = case.period
    if title is None or title.month is None:
        return
    for table in case.project_tables:
        for column in table.columns:
            match = _HEAD_MONTH.search("".join(column.header.split()))
            if match and int(match[1]) not in (title.month, 12):
                message = f"表头写{match[1]}月底，标题是{title}。"
                quotes = (Quote(" ".join(column.header.split()), table.top), title.quote)
                yield Contradiction(
                    Confidence.LIKELY, message, _FIX, quotes, f"{title.month}月", f"{match[1]}月"
                )
    pattern = re.compile(
        r"(?:截至|截止)(?:到)?(?:(?P<year>20[0-9]{2})年)?(?P<month>[0-9]{1,2})月(?:份)?(?:底|末|3[01]日|30日)"
    )
    for text, match in case.matches(pattern):
        month, year = int(match["month"]), match["year"]
        around = text.clean[max(0, match.start() - 10) : match.end() + 6]
        wrong = month != title.month or (year and title.year and int(year) != title.year)
        if wrong and month != 12 and not _COMPARES.search(around) and text.block != title.block:
            sure = Confidence.LIKELY if month > title.month or year else Confidence.POSSIBLE
            message = f"这里写{match.group()}，标题是{title}。"
            quotes = (text.passage.quote(match.start(), match.end()), title.quote)
            yield Contradiction(sure, message, _FIX, quotes, f"{title.month}月", f"{month}月")
