"""What a number is of: the words before it, without those that only introduce it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.paragraphs import Document, Paragraph, account_of, is_money, once
from xlbudget.audit.vocabulary import any_of

_MARK = re.compile(
    r"^(?:[0-9]{1,2}[.、]|\([0-9一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.]|[①-⑳]|--?|[●•·◆■★]|其中[：]?|包括|其：|主要[为是]|另外?|以及|[、和及与])+"
)
_TIME = re.compile(
    r"(?:(?:19|20)[0-9]{2}年?[-至到])?(?:19|20)[0-9]{2}(?:年度?|[./-])|(?:[0-9]{1,2}月?(?:份|底|末)?[-至到])?[0-9]{1,2}月(?:份|底|末|[0-9]{1,2}日)?|截至?(?:年末|年底|目前)?|今年以来|今年|本年度|当年|全年|本年|上半年|前三季度|[一二三四]季度|年末|年底|目前|累计|实际|共计|合计|总计|(?<!公)共(?!服|用|同|产)有?|总额|总数|总量|我[局部委办校院中单][门位心]?|本[部单][门位]|全部|分别|各|约|已|均|也"
)
_VERBS = re.compile(
    rf"{any_of('为 是 达 达到 完成 实现 安排 金额 资金 数 额 总 的 有 了 只有 仅 下达 计 列支 支付 发生 预计 ： “ ” （ ） ( ) 经费 规模 费用')}$"
)
_GENERIC = re.compile(
    rf"(?:{any_of('年初 预算 决算 支出 收入 执行 资金 金额 项目 财政 拨款 总 数 额 安排 批复 下达 到位 调整 后 全 年度 上级 本级 使用 完成 实现 其他 其它 合计 小计 部门 单位 经费 用于 投入 费用 追加 增加 减少 中央 省级 市级 县级 区级 地方 自筹 配套 补助 补贴 申请 计划 投资 总投资 缺口 结余 结转 余额 需 应 未 已 个 上年 去年 同期 比 较 与 的 人均 平均 每 标准 单价 合同 中标 月 日 年')})*"
)


@lru_cache(maxsize=1 << 13)
def bare(text: str) -> str:
    """Words without marks, years, months and what introduces a number."""
    text = _MARK.sub("", text)
    text = _TIME.sub("", text).strip("，、；：。")
    while (shorter := _VERBS.sub("", text)) != text:
        text = shorter
    return text.replace("“", "").replace("”", "")


@lru_cache(maxsize=1 << 12)
def is_generic(label: str) -> bool:
    """Whether a label says nothing of whose number it is."""
    return len(label) < 3 or _GENERIC.fullmatch(label) is not None


def is_name(label: str) -> bool:
    """Whether a short label names something: 殡葬, 教育."""
    return len(label) == 2 and _GENERIC.fullmatch(label) is None


@dataclass(frozen=True, slots=True)
class Fact:
    """An amount with its label: of what, of which year and account, in which section."""

    text: Paragraph
    figure: Figure
    label: str
    year: str
    account: str
    measure: str
    """预算 or 决算, where the words say which."""


_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_LAST_YEAR = re.compile(r"上年|去年|同期|上一年")
_SUBJECT = re.compile(r"^[^，。：；#0-9]{2,24}[。：]")


def subject_of(text: Paragraph) -> str:
    """What a paragraph is about, where it begins with that: 2.公务接待费。2024年……"""
    body = _MARK.sub("", text.clean)
    match = _SUBJECT.match(body)
    return bare(match.group()) if match else ""


@once
def facts(document: Document) -> Iterator[Fact]:
    """The amounts of the text, each with what it is of."""
    title = document.period
    usual = str(title.year) if title and title.year else ""
    for text in document.paragraphs:
        subject = subject_of(text)
        for one in text.figures:
            if is_money(one) and one.part is Part.LEVEL and not one.about:
                yield fact_of(text, one, subject, usual)


def fact_of(text: Paragraph, one: Figure, subject: str, usual: str) -> Fact:
    words = one.lead
    words = re.sub(r"\([^()]*\)", "", words)
    label = bare(words)
    if is_generic(label) and subject:
        label = subject + label
    start = text.clean.rfind("。", 0, one.start) + 1
    if text.clean.startswith("其中", start) and start:
        start = text.clean.rfind("。", 0, start - 1) + 1
    sentence = text.clean[start : one.start]
    return Fact(
        text,
        one,
        label,
        _year_of(sentence, text) or usual,
        account_of(words) or account_of("".join(text.headings[-1:])),
        _measure(sentence),
    )


def _year_of(sentence: str, text: Paragraph) -> str:
    found = [(match.start(), match[1]) for match in _YEAR.finditer(sentence)]
    last = [match.start() for match in _LAST_YEAR.finditer(sentence)]
    if last and (not found or last[-1] > found[-1][0]):
        return "last"
    return found[-1][1] if found else text.year


def _measure(sentence: str) -> str:
    found = re.findall("预算|决算|执行数|支出", sentence)
    return found[-1].replace("执行数", "决算") if found else ""
