"""Reading of 计算符号, alone or in one cell with its value: ≥ · 不低于 · ≥95% · 95%以上."""

from __future__ import annotations

import re

from xlbudget.domain.model import Comparison, RemarkKind
from xlbudget.sheets.numerals import half_width
from xlbudget.sheets.reading import Context, Refused, cell_text, check_sound, shorten
from xlbudget.sheets.table import Cell

_OPERATORS = {
    Comparison.AT_LEAST: ("≥", ">=", "=>", "≧", "⩾", "大于等于", "大于或等于", "不低于", "不少于", "不小于", "至少",
                          "达到", "高于等于"),
    Comparison.AT_MOST: ("≤", "<=", "=<", "≦", "⩽", "小于等于", "小于或等于", "不高于", "不超过", "不多于", "不大于",
                         "至多", "控制在", "低于等于"),
    Comparison.MORE: (">", "﹥", "〉", "大于", "高于", "多于", "超过"),
    Comparison.LESS: ("<", "﹤", "〈", "小于", "低于", "少于"),
    Comparison.EQUAL: ("=", "等于", "﹦"),
    Comparison.QUALITATIVE: ("定性", "定性指标", "文字描述"),
}  # fmt: skip
_BY_WORD = {word: comparison for comparison, words in _OPERATORS.items() for word in words}
_PREFIX = re.compile("|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True)))
_SUFFIX = (("及以上", Comparison.AT_LEAST), ("以上", Comparison.AT_LEAST), ("及以下", Comparison.AT_MOST),
           ("以下", Comparison.AT_MOST), ("以内", Comparison.AT_MOST), ("之内", Comparison.AT_MOST))  # fmt: skip
_INCLUSIVE = re.compile(r"\(含(?:本数)?\)")
_WITHIN = re.compile(r"\d\s*(?:个?工作日|天|日|个?小时|分钟|周|个?月|年)内$")


def split_comparison(text: str) -> tuple[Comparison | None, str]:
    """Split "≥95%", "不低于95%" or "95%以上" into comparison and value."""
    folded = half_width(text)
    match = _PREFIX.match(folded)
    if match:
        rest = folded[match.end() :].lstrip(": ")
        return _BY_WORD[match[0]], rest
    folded = _INCLUSIVE.sub("", folded)
    if _WITHIN.search(folded):
        return Comparison.AT_MOST, folded.removesuffix("内")
    for suffix, comparison in _SUFFIX:
        if folded.endswith(suffix) and len(folded) > len(suffix):
            return comparison, folded.removesuffix(suffix).strip()
    return None, text


def read_comparison(cell: Cell, context: Context) -> tuple[Comparison, str]:
    """The comparison, and a value when it stands in the same cell."""
    check_sound(cell)
    text = cell_text(cell)
    comparison, rest = split_comparison("".join(text.split()))
    if comparison is None or (comparison is Comparison.QUALITATIVE and rest):
        remedy = "请从下面选一个：≥、＞、＝、＜、≤、定性。"
        raise Refused(RemarkKind.UNKNOWN_OPTION, f"“{shorten(text)}”不是可选的内容。", remedy)
    if text != comparison and not rest:
        context.interpreted(text, comparison)
    return comparison, rest
