"""Which sentences and content blocks a profile's report form consists of, and whether a form is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlbudget.domain.profile import ReportForm, Section
from xlbudget.report.labels import LABELS, PLACEHOLDERS

COMMON = ("单位全称", "单位", "年度", "月", "期间", "个数")
SENTENCES: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "initial": ("金额",),
    "initial_none": (),
    "initial_item": ("序号", "项目", "金额", "调整", "用途", "追加月份"),
    "supplementary": ("金额",),
    "supplementary_none": (),
    "supplementary_item": ("序号", "项目", "金额", "调整", "用途", "追加月份"),
    "adjusted": ("原预算", "增减", "调整额"),
    "increase": (),
    "decrease": (),
    "funds_total": ("批次", "金额", "支出", "执行率"),
    "batches": ("多批次", "各", "批次数"),
    "funds_rate": ("执行率",),
    "funds_incomplete": (),
    "contract": ("项目", "合同", "金额"),
    "contracts": ("份数", "各合同"),
    "contract_item": ("项目", "合同", "金额"),
    "overall_fine": (),
    "overall": ("正常个数", "偏差", "不明"),
    "overall_off": ("偏差个数",),
    "overall_unknown": ("不明个数",),
    "pace": ("执行率", "快慢"),
    "pace_higher": ("序时进度", "百分点"),
    "pace_lower": ("序时进度", "百分点"),
    "pace_same": ("序时进度",),
    "lights": ("预警", "预警个数", "项目"),
    "lights_none": (),
    "light_item": ("项目", "执行率"),
    "light_item_rate": ("执行率",),
    "bands": ("各档",),
    "band": ("分档",),
    "band_not_started": ("分档",),
    "bands_unknown": (),
    "forecast": (
        "差距", "能实现个数", "能实现金额", "不能完全实现个数", "不能完全实现金额", "差距较大个数", "差距较大金额",
    ),
    "forecast_unknown": (),
    "deviations": ("偏差个数", "说明个数", "已说明", "未说明个数", "未说明"),
    "deviations_none": (),
    "deviations_told": ("偏差个数", "已说明"),
    "deviations_silent": ("偏差个数", "未说明"),
    "cause": ("原因", "项目与分析"),
    "cause_item": ("项目", "分析"),
    "corrections": ("已整改", "整改中", "未整改"),
    "correction_item": ("序号", "项目", "措施", "责任", "时限", "结果", "建议"),
    "decide": ("工作日", "期限"),
    "responsible": ("责任人",),
    "deadline": ("时限",),
    "result_done": (),
    "result_going_on": (),
    "result_open": (),
    "advice": ("建议",),
    "work": ("事项", "数量", "单位", "同比", "说明"),
    "work_paragraph": ("类别", "各事项"),
    "year_on_year": ("上年", "单位", "增减", "百分比"),
    "year_on_year_same": (),
    "year_on_year_zero": (),
    "grew": (),
    "fell": (),
    "draft": (),
    "batch": ("批次",),
    "batch_initial": (),
    "batch_supplementary": ("追加月份",),
}  # fmt: skip
"""Sentence → the placeholders that it may use besides the common ones."""

CONTENTS = {
    "initial_projects": False,
    "supplementary_projects": False,
    "funds_total": False,
    "contracts": False,
    "notes": True,
    "text": True,
    "key_works": True,
    "bands": False,
    "forecast": False,
    "table": False,
    "charts": False,
    "deviations": True,
    "corrections": True,
}
"""Content block → whether it takes the unit's paragraphs of a 章节 (`block:章节`)."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _unknown_placeholders(where: str, sentence: str, allowed: tuple[str, ...]) -> Iterator[str]:
    for name in _PLACEHOLDER.findall(sentence):
        if name not in allowed:
            yield f"{where}：不能用 {{{name}}}，可用的有 {'、'.join(f'{{{one}}}' for one in allowed)}"


def _sections(sections: tuple[Section, ...], chapters: tuple[str, ...]) -> Iterator[str]:
    for section in sections:
        for entry in section.content:
            name, _, chapter = entry.partition(":")
            if name not in CONTENTS:
                yield f"report.sections“{section.heading}”：没有内容块 {name}，可用的有 {'、'.join(CONTENTS)}"
            elif CONTENTS[name] and chapter not in chapters:
                yield f"report.sections“{section.heading}”：{name} 后面要写章节，例如 {name}:{chapters[0]}"
            elif not CONTENTS[name] and chapter:
                yield f"report.sections“{section.heading}”：{name} 后面不能写章节"
        yield from _sections(section.sections, chapters)


def faults(form: ReportForm, chapters: tuple[str, ...]) -> list[str]:
    """What is wrong with a report form, each with its key; `chapters` are the 章节 of 文字说明."""
    found = list(_unknown_placeholders("report.title", form.title, COMMON))
    for key, allowed in SENTENCES.items():
        if key not in form.wording:
            found.append(f"report.wording.{key}：缺少这一句")
        else:
            found += _unknown_placeholders(f"report.wording.{key}", form.wording[key], (*allowed, *COMMON))
    found += [f"report.wording.{key}：不认识这一句" for key in form.wording if key not in SENTENCES]
    for chapter, text in form.standard_text.items():
        if chapter not in chapters:
            found.append(f"report.standard_text.{chapter}：没有这个章节，章节有 {'、'.join(chapters)}")
        found += _unknown_placeholders(f"report.standard_text.{chapter}", text, COMMON)
    for key, text in form.labels.items():
        if key not in LABELS:
            found.append(f"report.labels.{key}：不认识这一项，可用的有 {'、'.join(LABELS)}")
        found += _unknown_placeholders(f"report.labels.{key}", text, PLACEHOLDERS)
    found += _sections(form.sections, chapters)
    return found
