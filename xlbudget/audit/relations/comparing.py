"""Which of two amounts is the larger: words like 大于, 低于 against the numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure
from xlbudget.audit.finding import Confidence
from xlbudget.audit.interval import exactly
from xlbudget.audit.labels import facts, is_generic, is_name
from xlbudget.audit.paragraphs import Document, Paragraph
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.repeated import cells_told, core_of

_COMPARED = r"(?P<one>决算数?|支出决算数?|执行数|支出数)(?:比|较)?(?P<word>大于|小于|等于|高于|低于|超过|多于|少于|与)(?P<other>(?:年初|全年|调整后?|调整)?预算数?)(?P<even>持平|一致|相等)?"
_SIGNS = {"等于": 0, "小于": -1, "低于": -1, "少于": -1}
_WORDS = {1: "大于", 0: "等于", -1: "小于"}


@relation("TXT113", "大于、小于写反了")
def larger_or_smaller(document: Document) -> Iterator[Tie]:
    """“决算数大于预算数”的，决算数真的大于预算数；小于、等于也一样。"""
    for text in document.paragraphs:
        for match in re.finditer(_COMPARED, text.clean):
            pair = _pair_before(text, match.start(), match["other"])
            if pair is None or (match["word"] == "与" and not match["even"]):
                continue
            done, plan = pair
            gap = next((one for one in text.figures if one.start == match.end()), None)
            if gap is not None and not gap.exact.meets(exactly(abs(done.value - plan.value))):
                continue
            told = 0 if match["even"] else _SIGNS.get(match["word"], 1)
            sign = (done.value > plan.value) - (done.value < plan.value)
            message = f"决算数{text.written(done)}{_WORDS[sign]}预算数{text.written(plan)}，这里写“{match.group()}”。"
            quotes = (text.quote(*match.span()), text.span(done, plan))
            yield Tie(sign == told, quotes, message, _WORDS[sign], match.group())


_THAN = re.compile(r"^[，(]?(?P<word>高于|多于|超过|大于|低于|少于|小于)[^#，。；]{0,16}$")


@relation("TXT169", "高于、低于写反了", Confidence.LIKELY)
def above_another(document: Document) -> Iterator[Tie]:
    """“决算6.18万元，低于上年的7.42万元”：写高于的真的高，写低于的真的低。"""
    for text, at, other in document.figures:
        match = _THAN.search(other.lead) if at and other.is_money and not other.about else None
        before = [one for one in text.figures[:at] if one.is_like(other) and one.is_level and not one.depth]
        own = [one for one in before if one.statement == other.statement][-1:] if match else []
        is_beside = own and text.clean[own[0].end : other.clause] in ("，", "")
        is_only = len(before) == 1 and match and re.search(words.LAST_YEAR + "|20[0-9]{2}年", match[0])
        if match and own and (is_beside or is_only) and not own[0].about and own[0].value != other.value:
            sign = 1 if own[0].value > other.value else -1
            told, found = _SIGNS.get(match["word"], 1), text.written(other)
            if told < 0 and not is_only and not match[0].endswith("的"):
                continue  # 低于预算7.6万元 tells by how much
            message = f"{text.written(own[0])}{_WORDS[sign]}{found}，这里写“{match['word']}”。"
            quote = text.quote(other.start - len(match[0]), other.end)
            yield Tie(sign == told, (quote, text.span(own[0])), message, _WORDS[sign], match["word"])


_NAMED_PAIR = re.compile(
    r"(?:^|[，。；、：])(?P<one>[^，。；：、#0-9]{2,18}?)(?P<word>高于|低于|多于|少于|大于|小于)(?P<other>[^，。；：、#0-9]{2,18})(?=[，。；0-9]|$)"
)


@relation("TXT175", "两项支出谁多谁少写反了", Confidence.LIKELY)
def named_pair(document: Document) -> Iterator[Tie]:
    """“教育支出多于卫生健康支出”：两项各有一个数的，写多于的真的多，写少于的真的少。"""
    found = [(text, one) for text in document.paragraphs for one in _NAMED_PAIR.finditer(text.clean)]
    values: dict[str, set[Decimal]] = defaultdict(set)
    for fact in facts(document) if found else ():
        values[core_of(fact.label)].add(fact.figure.value)
    for cell in cells_told(document) if found else ():
        if not re.search("预算|上年|计划", cell.header) or re.search("决算|支出|执行", cell.header):
            values[cell.name].add(cell.value)
    for text, match in found:
        names = [core_of(match[name]) for name in ("one", "other")]
        own, other = (values.get(one, set()) for one in names)
        if (
            all(is_name(one) or not is_generic(one) for one in names)
            and len(own) == len(other) == 1
            and own != other
        ):
            sign = 1 if max(own) > max(other) else -1
            told = _SIGNS.get(match["word"], 1)
            message = f"“{match['one']}”{_WORDS[sign]}“{match['other']}”，这里写“{match['word']}”。"
            yield Tie(sign == told, (text.quote(*match.span()),), message, _WORDS[sign], match["word"])


def _pair_before(text: Paragraph, position: int, named: str) -> tuple[Figure, Figure] | None:
    """The last amount spent and the last of the plan before a place, where both are told side by side."""
    told = [one for one in text.figures if one.end <= position and not one.depth]
    before = [one for one in told if one.is_money and one.is_level]
    spent = [one for one in before if re.search(r"(?:决算|支出|执行)[^#，。；]{0,4}$", one.lead)]
    spent = [one for one in spent if "预算" not in one.lead[-8:]]
    planned = [one for one in before if re.search(r"预算[^#，。；]{0,4}$", one.lead)]
    if not spent or not planned or spent[-1].about or planned[-1].about:
        return None
    done, plan = spent[-1], planned[-1]
    first, last = sorted((done, plan), key=lambda one: one.start)
    wanted = named.removesuffix("数")
    is_other_plan = len(wanted) > 2 and wanted not in plan.lead and any(wanted in one.lead for one in before)
    is_apart = position - last.end > 60 or any(first.end <= one.start < last.start for one in before)
    return None if is_apart or is_other_plan else (done, plan)
