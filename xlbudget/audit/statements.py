"""Facts in running text: what a number in a sentence measures, and of which projects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from xlbudget.audit.facts import NOT_STARTED, Band, Fact, Measure, Subject, Whole
from xlbudget.audit.names import Mention
from xlbudget.audit.passage import Passage, Span, clauses
from xlbudget.audit.quantities import Kind, Quantity

_MONEY_CUES = (
    (Measure.CONTRACT, r"合同(?:标的|总?金额|总?价款?|总?额)?|中标(?:价|金额)|成交(?:价|金额)"),
    (Measure.LEFT, r"结余|结转|剩余|余额|未支出|未执行|未使用|未支付|尚未(?:支出|支付|使用|拨付)|缺口|待支付|还需|尚需|需支付|拟支付|预计"),
    (Measure.SPENT, r"(?<!项目)(?<!基本)(?:支出|支付|使用资金|执行数?|拨付|花费|列支|已用|使用)(?:资金|金额|数|额)?(?!预算|进度|率|安排)"),
    (Measure.BUDGET, r"追加|预算|资金|安排|下达|批复|金额|总额|投入|到位"),
)  # fmt: skip
_MONEY_CUE = re.compile("|".join(f"(?P<{measure.name}>{pattern})" for measure, pattern in _MONEY_CUES))
_CHANGED = re.compile(
    r"调[增减]|原(?:批复|预算|定|计划|安排|来)|调整前|调整(?!后)|核[增减]|压减|收回|盘活|节约|节省|减少|增加(?!预算)|变动|相差|差额|退回|统筹|置换|每人|人均|每月|每年|每[个户次亩所校名]|单价|标准|罚款|补贴标准|不足|超过|超出|上限|限额|控制数"
)
_PERCENT_CUES = (
    (Measure.RATE, r"执行率|支出进度|支出率|支付进度|支付率|执行进度|使用率|执行比例|预算执行(?:了|达|完成)?|(?:已|累计|实际)(?:支出|支付|执行)(?:了|达|完成)?(?:预算)?的?"),
    (Measure.FORECAST, r"(?:预计|预测|到年底|全年预计)[^，；。]{0,16}(?:实现程度|完成程度|完成率|实现率)"),
    (Measure.ACHIEVEMENT, r"(?:绩效)?目标(?:的)?(?:总体|综合|平均)?(?:实现程度|完成程度|完成率|实现率|完成情况)|实现程度|绩效完成率"),
)  # fmt: skip
_PERCENT_CUE = re.compile("|".join(f"(?P<{measure.name}>{pattern})" for measure, pattern in _PERCENT_CUES))
_NOT_A_LEVEL = re.compile(
    r"同比|环比|增长|下降|减少|提高|降低|上升|增加|增幅|降幅|占|比重|相比|较上|比上|差距|高于|低于|超过|目标值|指标值|序时|应达|要求|时间进度|不低于|偏差|达标率|满意|回落|提升|比例|覆盖率|合格率|以内|相差"
)
_CLASS = re.compile(
    r"(?P<PARTLY>不能完全(?:实现|完成)|未能完全(?:实现|完成)|部分(?:实现|完成)|难以完全(?:实现|完成)|不能全部(?:实现|完成)|基本能)"
    r"|(?P<FAR>差距较大|不能(?:如期)?(?:实现|完成)|无法(?:如期)?(?:实现|完成)|难以(?:实现|完成))"
    r"|(?P<FULL>(?<!不)(?<!否)(?:能够?|可以?|可)(?:全部|如期|按期|按时|完全|全面|顺利|圆满)*(?:实现|完成|达到|达成))"
)
CLASS_NAMES = {"FULL": "能实现", "PARTLY": "不能完全实现", "FAR": "差距较大"}
_IN_CLASS_BRACKETS = re.compile(r"\((?:与|即|指)?[^()]*\)")
_BAND_BASE = re.compile(
    r"(?P<ACHIEVEMENT>实现程度|完成程度|目标完成率|目标实现率|绩效完成率)|(?P<RATE>执行率|支出进度|支出率|支付进度|执行进度)|(?P<OTHER>完成率|差距|偏差|比重|占)"
)
_BOUNDS = re.compile(
    r"(?P<lower>[0-9.]+)%?(?:\(含\))?[-至到](?P<upper>[0-9.]+)%(?:\(不?含\))?"
    r"|(?P<above>[0-9.]+)%(?:\(含本?数?\))?(?:及|\(含\))?以上"
    r"|(?:达到?|超过|大于等于|不低于|高于)(?P<reached>[0-9.]+)%(?!\(?含?\)?以下|-)"
    r"|(?P<below>[0-9.]+)%(?:\(不含\))?以下"
    r"|(?:低于|不足|不到|小于)(?P<under>[0-9.]+)%"
    r"|(?P<none>工作未开展|未开展(?:工作)?|尚未(?:开展|启动|实施)|未启动|没有开展|未实施)"
)
_PROJECT_BEFORE = re.compile(
    r"项目(?:支出)?(?:数量|总数|个数|数)?(?:共计|总共|合计|共有|共|总计|现有|设有|设|计有|有|为|达到?|是|：|仅|只有|安排|涉及|包括|\([^()]*\))*$"
)
_PROJECT_AFTER = re.compile(
    r"(?:(?:部门)?预算|绩效|支出|专项|部门|年初|追加|新增|监控|财政|本级|县级|市级|一般|纳入监控的?|年度|特定目标类|重点监控|其他运转类|的)*项目(?!负责|单位|名|审|建设|验收|库|评|资金的|申报|绩效目标表|化|法|法人|经理|前期|招|立|管|进|内|点)"
)
_WORK = re.compile(
    r"(?:审核|审批|验收|招标|开工|竣工|建成|实施(?!单位)|谋划|储备|申报|争取|完工|入库|签约|评审|检查|抽查|整改|督办|现场|调研|备案|投产|落地|复工|引进|培训|走访|抽取|选取|选择|评价|核查|约谈|通报)[^，；。]{0,8}$"
)
_SOME = re.compile(
    r"低于|高于|以上(?!项目)|以下(?!项目)|不足|超过|其中|有[0-9一二三四五六七八九十两]+个|另有|其余|剩余|还有|部分|个别|主要|偏差|滞后|缓慢|影响|偏低|较低|较慢|未达|问题|预警|红灯|黄灯|绿灯|蓝灯|红色|黄色|绿色|蓝色|重点|进展|正常|已完成|完成(?!绩效)|整改|调整|变更|结转|上年|去年|续建|延续|新建|一次性|经常性|民生|政府采购|合同|满意|未到期|暂停|终止|开展|支付完|执行完|中央|省级|市级|上级|基金|一般公共"
)
_ALL = re.compile(
    r"共计|总共|合计|共有|共|总计|总数|总额|全部|所有|纳入(?:绩效)?(?:运行)?监控|总预算|以上|上述|涉及|部门预算|总体|整体|全年|部门"
)
_INITIAL = re.compile(r"年初")
_ADDED = re.compile(r"追加|年中(?:新增|增加)|新增(?:预算)?|调增")
_OTHER_YEAR = re.compile(
    r"上年|去年|上一年|同期|往年|历年|以前年度|明年|下年|下一年|三年|两年|多年|一期|二期"
)
_LISTED = re.compile(r"[^。；]{0,20}(?:如下|分别[是为]|：|[即为是]“)")
_QUARTER = re.compile(r"(?:[一二三四]|第[一二三四])季度|当月|本月|[0-9]{1,2}月份?(?:当月)?(?:支出|支付)")

_SUBJECT_WITHIN = 8
"""A name so near the beginning of a sentence is what the next sentences are about."""
_PAID = re.compile(
    r"(?:\([^()]*\))?(?:已|全部|均已|已经|已全部|也已)*(?:拨付|支付|支出|兑付|发放|兑现|付清|结清|用于支付)"
)
_BARE = re.compile(r"”?(?:\((?!.*追加)[^()]*\))?(?:为|是|：)?$")


@dataclass
class _Reader:
    """Reads the sentences of one passage; what an earlier sentence speaks of holds until another project is named."""

    passage: Passage
    block: int
    found: Sequence[Quantity]
    named: Sequence[Mention]
    year: int | None
    topic: str = ""

    def read(self) -> Iterator[Fact]:
        for sentence in self.passage.sentences:
            inside = [one for one in self.found if sentence.start <= one.start < sentence.end]
            yield from self._sentence(sentence, inside)
            names = [one for one in self.named if sentence.start <= one.start < sentence.end]
            if names:
                first = names[0].start - sentence.start <= _SUBJECT_WITHIN
                self.topic = names[0].name if first and len({one.name for one in names}) == 1 else ""

    def _sentence(self, sentence: Span, inside: list[Quantity]) -> Iterator[Fact]:
        """Facts of a sentence, each read with the words since the last number of its kind."""
        last_whole: Subject | None = None
        since = sentence.start
        for position, one in enumerate(inside):
            lead = self._lead(sentence, inside, position)
            if one.kind is Kind.COUNT:
                fact = self._count(sentence, since, one)
                if fact is not None:
                    last_whole, since = fact.subject, one.end
                    yield fact
            elif one.kind is Kind.MONEY:
                fact = self._money(sentence, lead, one, last_whole, since)
                if fact is not None:
                    yield fact
            elif one.kind is Kind.PERCENT:
                fact = self._percent(sentence, lead, one)
                if fact is not None:
                    yield fact
            elif one.kind is Kind.MONTH:
                fact = self._month(sentence, one)
                if fact is not None:
                    yield fact

    def _lead(self, sentence: Span, inside: list[Quantity], position: int) -> str:
        """The words of the clause before a number, after the last number before it."""
        one = inside[position]
        start = max(
            (
                span.start
                for span in clauses(self.passage.clean, sentence.start, sentence.end)
                if span.start <= one.start
            ),
            default=sentence.start,
        )
        numbers = [
            other.end for other in inside[:position] if other.kind in (Kind.MONEY, Kind.PERCENT, Kind.COUNT)
        ]
        start = max([start, *numbers])
        return self.passage.clean[start : one.start]

    def _fact(self, measure: Measure, subject: Subject, one: Quantity, **more: Any) -> Fact:
        quote = self.passage.quote(one.start, one.end)
        return Fact(
            measure, subject, one.value, one.step, one.about, one.unit, quote, self.block, one.start, **more
        )

    # -- how many projects -----------------------------------------------------------------------------

    def _count(self, sentence: Span, since: int, one: Quantity) -> Fact | None:
        text = self.passage.clean
        if one.unit not in ("个", "项"):
            return None
        before, after = text[since : one.start], text[one.end : sentence.end]
        clause = re.split(r"[，；：。]", before)[-1]
        named = _PROJECT_BEFORE.search(before) or _PROJECT_AFTER.match(after)
        if not named and not (_BOUNDS.search(clause) or _CLASS.search(_IN_CLASS_BRACKETS.sub("", clause))):
            return None
        modifier = _PROJECT_AFTER.match(after)
        said = clause + (modifier.group() if modifier else "")
        listed = bool(_LISTED.match(after))
        whole = self._class_or_band(text[text.rfind("。", 0, one.start) + 1 : one.start], before, said)
        if whole is not None:
            subject, band = whole
            return self._fact(Measure.COUNT, subject, one, band=band)
        if not named or _BOUNDS.search(said) or _WORK.search(clause) or _OTHER_YEAR.search(clause):
            return None
        plain = _IN_CLASS_BRACKETS.sub("", said)
        if _ADDED.search(plain) and not _INITIAL.search(plain):
            return self._fact(Measure.COUNT, Subject(Whole.ADDED), one, listed=listed)
        if _INITIAL.search(plain) and not _ADDED.search(plain):
            return self._fact(Measure.COUNT, Subject(Whole.INITIAL), one, listed=listed)
        if _SOME.search(plain):
            return None
        stated = bool(re.search(r"共计|总共|共有|共|总计|合计|总数|全部|所有|纳入", plain))
        if stated or re.search(r"(?:预算|监控|绩效)[^，]{0,6}$", plain) or _PROJECT_BEFORE.search(clause):
            return self._fact(Measure.COUNT, Subject(Whole.ALL), one, listed=listed, together=stated)
        return None

    def _class_or_band(self, sentence: str, before: str, said: str) -> tuple[Subject, Band | None] | None:
        """The class or the band that the words before a count name; what a band is of may stand earlier in the sentence."""
        found = list(_BOUNDS.finditer(_IN_CLASS_BRACKETS.sub(_keep_inclusive, said)))
        base = list(_BAND_BASE.finditer(sentence))
        if found and (base or found[-1]["none"]):
            measure = base[-1].lastgroup if base else "ACHIEVEMENT"
            if found[-1]["none"]:
                return Subject(Whole.BAND, f"{Measure.ACHIEVEMENT}:工作未开展"), NOT_STARTED
            if measure in ("ACHIEVEMENT", "RATE"):
                band = _band(found[-1])
                return Subject(Whole.BAND, f"{Measure[measure]}:{band.label}"), band
            return None
        classes = list(_CLASS.finditer(_IN_CLASS_BRACKETS.sub("", before)))
        if classes and (classes[-1].lastgroup != "FULL" or re.search(r"目标|预计|年底", sentence)):
            return Subject(Whole.CLASS, CLASS_NAMES[str(classes[-1].lastgroup)]), None
        return None

    # -- money -----------------------------------------------------------------------------------------

    def _money(
        self, sentence: Span, lead: str, one: Quantity, whole: Subject | None, since: int
    ) -> Fact | None:
        bare = self._bare(one, lead)
        if bare is not None:
            return bare
        cues = list(_MONEY_CUE.finditer(lead))
        if (
            _PAID.match(self.passage.clean, one.end)
            or not cues
            or _CHANGED.search(lead)
            or self._of_another_year(lead)
        ):
            return None
        measure = Measure[str(cues[-1].lastgroup)]
        if measure is Measure.SPENT and _QUARTER.search(self.passage.clean[sentence.start : one.start]):
            return None
        subject = self._subject(sentence, lead, one, measure, whole, since)
        together = bool(re.search(r"共计|总共|合计|总计|共|总额|总", lead))
        return None if subject is None else self._fact(measure, subject, one, together=together)

    def _bare(self, one: Quantity, lead: str) -> Fact | None:
        """An amount right behind a project's name, as in a list of projects."""
        before = [m for m in self.named if m.end <= one.start][-1:]
        if (
            not before
            or not _BARE.fullmatch(self.passage.clean[before[0].end : one.start])
            or _CHANGED.search(lead)
        ):
            return None
        if _PAID.match(self.passage.clean, one.end) or re.search(
            "支出|支付|执行", self.passage.clean[max(0, before[0].start - 12) : before[0].start]
        ):
            return None
        return self._fact(Measure.BUDGET, Subject(Whole.PROJECT, before[0].name), one, bare=True)

    def _of_another_year(self, lead: str) -> bool:
        years = {int(year) for year in re.findall(r"((?:19|20)[0-9]{2})年", lead)}
        return bool(_OTHER_YEAR.search(lead)) or bool(
            years and self.year is not None and self.year not in years
        )

    def _subject(
        self, sentence: Span, lead: str, one: Quantity, measure: Measure, whole: Subject | None, since: int
    ) -> Subject | None:
        """Whose money or percentage it is; None where that is not certain."""
        before = self.passage.clean[sentence.start : one.start]
        if whole is not None and whole.whole in (Whole.CLASS, Whole.BAND):
            between = self.passage.clean[since : one.start]
            alone = not [m for m in self.named if since <= m.start < one.start] and len(between) < 24
            return whole if alone and measure is Measure.BUDGET else None
        names = [m for m in self.named if sentence.start <= m.start < one.start]
        if names:
            return self._project(names, lead, one, measure)
        if whole is not None and whole.whole in (Whole.ALL, Whole.INITIAL, Whole.ADDED):
            if measure is Measure.BUDGET and _INITIAL.search(lead) and whole.whole is Whole.ALL:
                return Subject(Whole.INITIAL)
            if measure is Measure.BUDGET and _ADDED.search(lead):
                return Subject(Whole.ADDED)
            if re.search("调整后", lead):
                return Subject(Whole.ALL)
            return None if re.search(r"其中|基本支出|人员|公用", before[-30:]) else whole
        if self.topic and not _ALL.search(lead):
            return self._batched(self.topic, lead, measure)
        if re.search(
            r"其中|基本支出|人员经费|公用经费|财政拨款|一般公共|基金|上级|中央|省级|市级|自筹|部分",
            before[-40:],
        ):
            return None
        if _ADDED.search(lead) and not _INITIAL.search(lead):
            return Subject(Whole.ADDED) if _ALL.search(before) else None
        if _INITIAL.search(lead):
            return Subject(Whole.INITIAL) if re.search("项目", before) or _ALL.search(lead) else None
        if re.search(r"项目|部门|单位|总|共|合计", before) and _ALL.search(before):
            return Subject(Whole.ALL)
        return None

    def _project(self, names: list[Mention], lead: str, one: Quantity, measure: Measure) -> Subject | None:
        """The project named last, unless several are spoken of together."""
        text = self.passage.clean
        nearest = names[-1]
        between = text[nearest.end : one.start]
        if re.search(r"用于|用来|主要|其中|包括|采购|购置|购买|每|按照?|需|标准|支付给", between):
            return None
        if re.search(
            r"(?:等|两|三|四|五|六|[0-9])个项目|合计|共计|总计|各项目|以上|上述|全部项目|部门|三项|两项|分别",
            between,
        ):
            return None
        together = [
            m
            for m in names[:-1]
            if re.fullmatch(r"”?(?:\([^()]*\))?[、和与及“]*", text[m.end : nearest.start])
        ]
        return None if together else self._batched(nearest.name, lead, measure)

    def _batched(self, name: str, lead: str, measure: Measure) -> Subject:
        if measure is Measure.BUDGET and _ADDED.search(lead):
            return Subject(Whole.PROJECT, name, Whole.ADDED)
        if measure is Measure.BUDGET and _INITIAL.search(lead):
            return Subject(Whole.PROJECT, name, Whole.INITIAL)
        return Subject(Whole.PROJECT, name)

    # -- percentages and months ------------------------------------------------------------------------

    def _percent(self, sentence: Span, lead: str, one: Quantity) -> Fact | None:
        text = self.passage.clean
        cues = list(_PERCENT_CUE.finditer(lead))
        after = text[one.end : one.end + 4]
        if (
            not cues
            or _NOT_A_LEVEL.search(lead[cues[-1].end() :])
            or _NOT_A_LEVEL.search(lead[max(0, cues[-1].start() - 6) : cues[-1].start()])
        ):
            return None
        if re.match(r"\(?含?\)?(?:以上|以下|-|及以|之间|的要求|的标准)", after) or self._of_another_year(
            lead
        ):
            return None
        measure = Measure[str(cues[-1].lastgroup)]
        if measure is Measure.RATE and _QUARTER.search(text[sentence.start : one.start]):
            return None
        subject = self._subject(sentence, lead, one, measure, None, sentence.start)
        return None if subject is None else self._fact(measure, subject, one)

    def _month(self, sentence: Span, one: Quantity) -> Fact | None:
        """The month in which a project was added."""
        text = self.passage.clean
        after = re.match(
            r"(?:份)?(?:[^0-9。；]{0,24}[，,])?(?:又|再次|再|新)?(?:追加|新增)", text[one.end : one.end + 40]
        )
        if not after or text[max(0, one.start - 1) : one.start] == "-":
            return None
        names = [m for m in self.named if one.end <= m.start < sentence.end] or [
            m for m in self.named if sentence.start <= m.start < one.start
        ][-1:]
        rest = text[sentence.end : sentence.end + 4]
        if not names and re.match("其中|分别|具体|即", rest):
            names = [m for m in self.named if m.start >= sentence.end]
            return (
                self._fact(
                    Measure.MONTH,
                    Subject(Whole.PROJECT, "、".join(dict.fromkeys(m.name for m in names))),
                    one,
                )
                if names
                else None
            )
        if not names and self.topic:
            return self._fact(Measure.MONTH, Subject(Whole.PROJECT, self.topic), one)
        if names and all(_listed_together(text, a, b) for a, b in pairwise(names)):
            return self._fact(
                Measure.MONTH, Subject(Whole.PROJECT, "、".join(dict.fromkeys(m.name for m in names))), one
            )
        return self._fact(Measure.MONTH, Subject(Whole.PROJECT, names[0].name), one) if names else None


def _keep_inclusive(match: re.Match[str]) -> str:
    return match.group() if "含" in match.group() and len(match.group()) <= 5 else ""


def _listed_together(text: str, one: Mention, other: Mention) -> bool:
    return bool(re.fullmatch(r"[”“、和与及]*", text[one.end : other.start]))


def _band(match: re.Match[str]) -> Band:
    def number(name: str) -> Decimal | None:
        return Decimal(match[name]) if match[name] else None

    lower = number("lower") if match["lower"] else number("above") or number("reached")
    upper = number("upper") if match["upper"] else number("below") or number("under")
    return Band(lower, upper)


def statements(
    passage: Passage, block: int, found: Sequence[Quantity], named: Sequence[Mention], year: int | None
) -> list[Fact]:
    """The facts that a passage states, in order."""
    return list(_Reader(passage, block, found, named, year).read())
