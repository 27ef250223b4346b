"""Reading of 计算符号, alone or in one cell with its value: ≥ · 不低于 · ≥95% · 95%以上."""

from __future__ import annotations

import re
from functools import lru_cache

from xlbudget.domain.model import Comparison, RemarkKind
from xlbudget.reading.cells import cell_text, check_sound
from xlbudget.reading.numerals import bare_words
from xlbudget.reading.said import Context, Reading, Refused, interpreted, shorten
from xlbudget.reading.table import Cell

_OPERATORS = {
    Comparison.AT_LEAST: ("≥", ">=", "=>", "≧", "⩾", "≥=", "大于等于", "大于或等于", "大于或者等于", "不低于", "不少于", "不小于",
                          "不得低于", "不得少于", "至少", "最少", "达到", "高于等于"),
    Comparison.AT_MOST: ("≤", "<=", "=<", "≦", "⩽", "≤=", "小于等于", "小于或等于", "小于或者等于", "不高于", "不超过", "不多于",
                         "不大于", "不得高于", "不得超过", "至多", "最多", "控制在", "低于等于"),
    Comparison.MORE: (">", "﹥", "〉", "大于", "高于", "多于", "超过"),
    Comparison.LESS: ("<", "﹤", "〈", "小于", "低于", "少于"),
    Comparison.EQUAL: ("=", "==", "等于", "﹦"),
    Comparison.QUALITATIVE: ("定性", "定性指标", "文字描述"),
}  # fmt: skip
_BY_WORD = {word: comparison for comparison, words in _OPERATORS.items() for word in words}
_PREFIX = re.compile("|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True)))
_SUFFIX = (("及以上", Comparison.AT_LEAST), ("以上", Comparison.AT_LEAST), ("及以下", Comparison.AT_MOST),
           ("以下", Comparison.AT_MOST), ("以内", Comparison.AT_MOST), ("之内", Comparison.AT_MOST))  # fmt: skip
_AGREEING = (
    {Comparison.AT_LEAST, Comparison.MORE},
    {Comparison.AT_MOST, Comparison.LESS},
)
"""Equality counts as reached under all four, so they may stand for each other."""
_INCLUSIVE = re.compile(r"\(含(?:本数)?\)")
_VALUE = re.compile("[0-9零〇一二两三四五六七八九十百]")
_WITHIN = re.compile(r"\d\s*(?:个?工作日|天|日|个?小时|分钟|周|个?月|年)内$")


def agree(one: Comparison, other: Comparison) -> bool:
    """Whether two comparisons may stand beside each other: 不低于 and 以上, ＞ and ≥."""
    return one is other or {one, other} in _AGREEING


@lru_cache(maxsize=1 << 10)
def split_comparison(text: str) -> tuple[Comparison | None, str]:
    """Split "≥95%", "95%以上" or "达到95%以上" into comparison and value."""
    folded = _INCLUSIVE.sub("", bare_words(text))
    match = _PREFIX.match(folded)
    rest = folded[match.end() :].lstrip(": ") if match else folded
    behind, value = _split_behind(rest)
    if match is None:
        return (behind, value) if behind else (None, text)
    comparison = _BY_WORD[match[0]]
    return comparison, value if behind and agree(comparison, behind) else rest


def _split_behind(folded: str) -> tuple[Comparison | None, str]:
    """The comparison that stands behind a value: 95%以上, 10天内."""
    if _WITHIN.search(folded):
        return Comparison.AT_MOST, folded.removesuffix("内")
    for suffix, comparison in _SUFFIX:
        if folded.endswith(suffix) and len(folded) > len(suffix):
            return comparison, folded.removesuffix(suffix).strip()
    return None, folded


def read_comparison(cell: Cell, _: Context) -> Reading[tuple[Comparison, str]]:
    """The comparison, and a value when it stands in the same cell."""
    check_sound(cell)
    text = cell_text(cell)
    comparison, rest = split_comparison("".join(text.split()))
    if comparison is None or (rest and (comparison is Comparison.QUALITATIVE or not _VALUE.search(rest))):
        remedy = "请从下面选一个：≥、＞、＝、＜、≤、定性。"
        raise Refused(RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”不是可选的内容。", remedy)
    said = () if text == comparison or rest else interpreted(text, comparison)
    return Reading((comparison, rest), said)
