"""Titles and heads of tables and forms, which a profile may word differently."""

from __future__ import annotations

from xlbudget.domain.measures import Assessment
from xlbudget.report.document import words
from xlbudget.report.wording import Value, fill

PLACEHOLDERS = ("年度", "月", "期间")
LABELS = {
    "achievement": "{月}月底绩效目标实现程度（%）",
    "forecast": "预计年底绩效目标实现情况",
    "stats_title": "预算绩效运行监控统计表",
    "stats_period": "{年度}年{期间}",
    "stats_forecast": "预计实现情况",
    "form_title": "项目支出绩效目标执行监控表",
    "form_spent": "{期间}执行数",
    "form_rate": "{期间}执行率（%）",
    "form_actual": "{期间}执行情况",
    "form_full_year": "全年预计执行数",
}
"""Label → its words where a profile says nothing; an empty `form_full_year` leaves out all that is foreseen."""
OWN_RULES = "注：本报告按工作簿旁边的口径文件{}计算。"
"""Said whenever the rules travel with the workbook; a profile cannot word it away."""


def period(month: int) -> str:
    """January to a month: 1—6月, 1月."""
    return f"1—{month}月" if month > 1 else "1月"


def label(case: Assessment, key: str) -> str:
    """A label in the words of the profile."""
    values: dict[str, Value] = {
        "年度": str(case.facts.unit.year or "（年度未填）"),
        "月": str(case.month),
        "期间": period(case.month),
    }
    return words(fill(case.profile.report.labels.get(key, LABELS[key]), values))
