"""Sentences with {placeholders} filled by values that may carry their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from xlbudget.domain.money import plain, wan
from xlbudget.domain.where import Where
from xlbudget.report.document import Figure, Run, Runs, words

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

Value = str | int | Figure | Runs


class UnknownPlaceholder(Exception):  # noqa: N818
    """A sentence of a profile uses a {name} that is not provided there."""


def fill(sentence: str, values: Mapping[str, Value]) -> Runs:
    """Fill placeholders; neighbouring words are joined. Raises UnknownPlaceholder naming it."""
    runs: list[Run] = []
    for index, part in enumerate(_PLACEHOLDER.split(sentence)):
        if index % 2 == 0:
            runs.append(part)
        elif part in values:
            value = values[part]
            runs.extend(
                value if isinstance(value, tuple) else (value if isinstance(value, Figure) else str(value),)
            )
        else:
            known = "、".join(values)
            raise UnknownPlaceholder(f"“{sentence}”里的“{{{part}}}”不能用在这里，可用的有：{known}")
    return join(runs)


def join(parts: Iterable[Run | Runs]) -> Runs:
    """Put runs together, merging neighbouring words."""
    merged: list[Run] = []
    for part in parts:
        for run in part if isinstance(part, tuple) else (part,):
            if isinstance(run, str) and merged and isinstance(merged[-1], str):
                merged[-1] += run
            elif run != "":
                merged.append(run)
    return tuple(merged)


def without_breaks(runs: Runs) -> Runs:
    """The runs on one line."""
    return join(run.replace("\n", "") if isinstance(run, str) else run for run in runs)


def one_line(runs: Runs) -> str:
    return words(without_breaks(runs))


def separated(items: Iterable[Runs], separator: str) -> Runs:
    parts: list[Run | Runs] = []
    for item in items:
        parts.extend((separator, item) if parts else (item,))
    return join(parts)


def amount(yuan: Decimal, sources: Iterable[Where]) -> Figure:
    """An amount in 万元 with its cells."""
    return Figure(wan(yuan), tuple(sources))


def number(value: Decimal, sources: Iterable[Where]) -> Figure:
    return Figure(plain(value), tuple(sources))


def clause(text: str) -> str:
    """A text that a sentence goes on after: outer blanks and its full stop dropped, one line."""
    return re.sub(r"\s*\n\s*", "", text.strip()).rstrip("。；;，,.、 ")


_PREPOSITIONS = ("用于", "主要用于", "专项用于", "通过", "为", "根据", "按照", "按")
_VERBS = (
    "聘请", "聘用", "补足", "补助", "补贴", "补充", "开展", "组织", "购买", "购置", "采购", "支付", "发放", "资助", "保障", "改善", "改造",
    "建设", "新建", "改建", "扩建", "修建", "修缮", "修复", "更新", "完善", "举办", "编制", "编印", "制作", "安装", "清理", "落实", "解决",
    "支持", "扶持", "帮助", "慰问", "救助", "安置", "奖励", "兑现", "偿还", "归还", "实施", "推进", "加强", "提高", "提升", "做好", "处置",
    "应对", "租用", "租赁", "印制", "加固", "硬化", "铺设", "委托", "配备", "承担", "负担",
)  # fmt: skip
"""Verbs that say by themselves what is done, where a 资金用途 opens with one; words that are as often nouns are left out."""


def purpose(text: str) -> str:
    """资金用途 as a clause: with 用于 unless it opens with a preposition or a verb of its own."""
    bare = clause(text)
    return bare if bare.startswith((*_PREPOSITIONS, *_VERBS)) else f"用于{bare}"
