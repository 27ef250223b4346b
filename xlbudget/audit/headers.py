"""What the columns of a table hold, told from the words of their headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from xlbudget.audit.passage import squeeze


class Role(StrEnum):
    """What a column holds."""

    NUMBER = "序号"
    DEPARTMENT = "部门"
    PROJECT = "项目"
    BATCH = "批次"
    MONTH = "月份"
    INITIAL = "年初预算"
    ADDED = "追加"
    BUDGET = "预算"
    SPENT = "支出"
    LEFT = "结余"
    CONTRACT = "合同"
    RATE = "执行率"
    ACHIEVEMENT = "实现程度"
    FORECAST = "预计实现程度"
    FULL = "能实现"
    PARTLY = "不能完全实现"
    FAR = "差距较大"
    FLAG = "预计实现情况"
    LIGHT = "预警"
    TARGET = "年度指标值"
    ACTUAL = "完成值"
    COMPLETION = "完成率"
    INDICATOR = "指标"
    COUNT = "个数"
    SHARE = "占比"
    BEFORE = "上年同期"
    NOW = "本期"
    GROWTH = "同比"
    FULL_YEAR = "全年预计完成值"
    LIKELIHOOD = "完成目标可能性"
    SCORE = "得分"
    WEIGHT = "权重"
    OTHER = "其他"


_PATTERNS: tuple[tuple[Role, str], ...] = (
    (Role.NUMBER, r"序号|编号|项目编[码号]|项目代码"),
    (Role.SHARE, r".*(占比|比重|占.*(比例|百分比)).*"),
    (Role.GROWTH, r".*(同比|增减(率|幅|%|比例)|增长(率|幅|%|比例)|变动(率|幅)|增幅|降幅).*"),
    (Role.BEFORE, r".*(上年|去年|同期).*"),
    (Role.NOW, r"(本期|今年|本年)(数|数量|完成|累计|实际)?.*"),
    (Role.PARTLY, r"不能完全|部分|.*(不能完全实现|不能完全完成|部分实现|难以完全).*"),
    (Role.FAR, r".*(差距较大|不能实现|难以实现|完全不能).*"),
    (Role.FULL, r"能|能够|.*(?<!不)(?<!否)能(够)?(全部|完全|如期)?(实现|完成)(?!情况|程度).*"),
    (Role.COUNT, r".*(项目)?(个数|项目数量?|数量\(个\)|项数)(\(.*\))?"),
    (Role.FORECAST, r".*(预计|预测|全年|年底|年末).*(实现程度|完成程度|完成率|完成比例|实现率).*"),
    (Role.LIKELIHOOD, r".*可能性.*"),
    (Role.FULL_YEAR, r".*(全年|年底|年末)?预计(全年)?完成(值|数|量)?(\(.*\))?"),
    (Role.FLAG, r".*(预计|预测).*(情况|能否|实现|完成|结论|判断).*|能否(实现|完成).*|目标实现预计"),
    (Role.RATE, r".*(执行率|支出进度|支出率|执行进度|支付进度|支付率|使用率|执行比例|支出比例).*"),
    (Role.ACHIEVEMENT, r".*(实现程度|目标完成程度|绩效.*完成率|目标.*完成率|目标实现率|完成程度|综合完成).*"),
    (Role.COMPLETION, r".*(完成率|完成比例|完成进度|完成百分比).*"),
    (Role.CONTRACT, r".*合同.*"),
    (Role.LEFT, r".*(结余|结转|剩余|余额|未支出|尚未).*"),
    (Role.SPENT, r".*(支出|执行|支付|拨付|使用|已支|已用)(数|额|金额|资金|情况|总额|合计|数额)?(\(.*\))?|.*(累计|实际|已).*(支出|执行|支付|使用).*|.*执行数.*|.*支出数.*"),
    (Role.ADDED, r".*(追加|调整(?!后)|调增|调减|增减额|调剂).*(?<!后)"),
    (Role.INITIAL, r".*(年初|期初|批复).*(预算|安排|资金|数|额).*|年初"),
    (Role.BUDGET, r".*(预算|资金数额|资金额|项目资金|资金总额|安排资金|资金规模|金额|资金量|下达资金|资金\(|总投资|到位).*|资金"),
    (Role.TARGET, r".*(指标值|目标值|年度目标|计划数|计划值|全年目标)(\(.*\))?|年度指标.*"),
    (Role.ACTUAL, r".*(完成值|实际值|实际完成|当前完成|完成数|完成情况).*"),
    (Role.WEIGHT, r".*(权重|分值|满分|标准分).*"),
    (Role.SCORE, r".*(得分|评分|自评分).*"),
    (Role.LIGHT, r".*(预警|红黄|亮灯|信号灯|灯).*"),
    (Role.BATCH, r"(预算|资金|下达|安排|项目)?(批次|类型|性质|类别)|安排时间|年初/追加"),
    (Role.MONTH, r".*(月份|时间).*"),
    (Role.INDICATOR, r".*指标(名称|内容)?|.*(一|二|三)级指标.*"),
    (Role.PROJECT, r"(项目|子项目|支出项目|预算项目|重点项目|专项|项目/资金|资金项目)(名称|内容)?|名称|.*项目名称.*|事项|工作事项|内容"),
    (Role.DEPARTMENT, r".*(部门|单位|科室|乡镇|学校|地区|股室|主管|责任).*"),
    (Role.OTHER, r".*(备注|说明|原因|措施|用途|来源|情况|问题|结果|完成时限|区间|分档|档次|等级|分类|进度|目标|合计|小计|内容|方式).*"),
)  # fmt: skip
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _PATTERNS)
MONEY = {Role.INITIAL, Role.ADDED, Role.BUDGET, Role.SPENT, Role.LEFT, Role.CONTRACT}
PERCENT = {Role.RATE, Role.ACHIEVEMENT, Role.FORECAST, Role.COMPLETION, Role.SHARE, Role.GROWTH}
CLASSES = (Role.FULL, Role.PARTLY, Role.FAR)
_UNIT = re.compile(r"[(：](?:单位：?)?(万元|亿元|千元|元|%|个|项)\)?|(万元|亿元)")
_HEADER_LENGTH = 24
_VALUE = re.compile(r"[≥≤<>=＞＜]|[0-9.,]+(?:[^0-9月年一-]{0,3})$|未到期")


@lru_cache(maxsize=1 << 12)
def role_of(header: str) -> Role | None:
    """What a header (of one or several joined header cells) says that its column holds; None where it is no header."""
    text = squeeze(header)
    if not text or len(text) > _HEADER_LENGTH * 2:
        return None
    bare = re.sub(r"\((?:万元|亿元|元|%|个|项|单位.*?)\)|[(（]?%[)）]?$|[①-⑳]|[0-9]+=.*$", "", text)
    for role, pattern in _COMPILED:
        if pattern.fullmatch(bare) or pattern.fullmatch(text):
            return role
    return None


@lru_cache(maxsize=1 << 12)
def is_header(cell: str) -> bool:
    """Whether a cell reads like a header."""
    text = squeeze(cell)
    if text.endswith("：") or "如下" in text or text.startswith(("单位：", "金额单位")):
        return False
    return bool(text) and len(text) <= _HEADER_LENGTH and not _VALUE.match(text) and role_of(text) is not None


def is_value(cell: str) -> bool:
    """Whether a cell holds a number or a target, as headers do not."""
    return bool(_VALUE.match(squeeze(cell)))


def is_header_row(cells: Sequence[str]) -> bool:
    """Whether cells are the header of a table: at least three, most of them headers, none a plain number."""
    filled = [squeeze(cell) for cell in cells if squeeze(cell)]
    if len(filled) < 2 or any(re.fullmatch(r"[0-9.,%]+|[√✓]", cell) for cell in filled):
        return False
    known = sum(is_header(cell) for cell in filled)
    return known >= 2 and known * 3 >= len(filled) * 2


def unit_in(header: str) -> str | None:
    """The unit that a header names: 万元, 元, 亿元, % …"""
    found = [one or other for one, other in _UNIT.findall(squeeze(header))]
    return found[-1] if found else None
