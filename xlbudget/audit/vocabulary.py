"""The words of budget documents by what they mean: one place for each, so that a new spelling is one word here."""

from __future__ import annotations

import re
from collections.abc import Sequence


def any_of(*words: str) -> str:
    """A pattern for one of some words, the longest first."""
    flat = {word for group in words for word in group.split()}
    return "(?:" + "|".join(sorted(flat, key=lambda word: (-len(word), word))) + ")"


UP = "增长 超收 增加 上升 提高 上涨 调增 增收 增支 递增 净增 净增加 上浮 扩大 多支出 追加 增列 核增 提升 增幅 增速 增长率 增长幅度 增加幅度 上升幅度 升幅 涨幅 增 多 高"
DOWN = "下降 短收 减少 降低 减收 减支 调减 压减 压缩 下浮 缩减 回落 负增长 少支出 核减 下滑 降幅 减幅 下降率 下降幅度 减少幅度 降低幅度 减 降 少 低"
_BEHIND = any_of(
    "了 额 额为 为 是 达 达到 约 约为 率为 幅度为 幅度达 数 数为 比例为 比例 率 幅度 ： 金额 金额为 金额约 资金 经费 支出"
)
CHANGE = rf"(?:{any_of(UP)}|{any_of(DOWN)})"
IS_UP = re.compile(any_of(UP))
CHANGED = re.compile(rf"(?P<word>{CHANGE})(?:{_BEHIND})?$")
"""The words before an amount or a percentage of change."""
NOT_CHANGED = re.compile(
    r"(?:(?:能力|水平|质量|效能|形象|品质|环境|设施|功能|素质|服务|产业|综合|改造|整治|治理|建设)(?:提升|提高)|新增|增加值|增值税|减免|减税|减灾|减排|减负|提高[^，。；]{1,6}|至少|多少|不少|最高|最低|不高|不低|较高|较低|高于|低于|中低|高|节约|追加|多)$"
)
"""Words that look like a change before an amount and are none."""
REACHED = re.compile(
    r"(?:增加|增长|提高|上升|调增|扩大|追加|提升)(?:到|至)(?:了)?$|(?:减少|下降|降低|调减|压减|降|回落|缩短|压缩)(?:到|至)(?:了)?$|(?:调整|变更|修正|核定|更改|调)(?:为|到|至)(?:了)?$"
)
FROM = re.compile(r"(?:由|从)(?!于|此)[^#]*$")
LAST_YEAR = any_of(
    "上年 去年 上一年 上年度 去年度 上一年度 上年同期 去年同期 上年同月 去年同月 同期 同月 上期 前一年 前年"
)
COMPARED = rf"(?:比|较|与|同)(?:{LAST_YEAR}|(?:19|20)[0-9]{{2}}年|年初|预算|上月|上季|计划|调整|批复|{any_of('全年 决算 执行')})"
COMPARED_WITH = re.compile(r"(?:(?<![占成])比(?![重例率])|较|与|同(?!时|比))[^#，。；]{0,22}$")
OF_LAST_YEAR = re.compile(
    rf"(?:^|[(，；])(?!比|较|与)(?:{LAST_YEAR}|上年末|年初)(?:的|为|是|共|仅|末|余额|完成|实现|支出|决算|执行|收入|数)*$"
)
"""An amount that the words give as that of the year before."""
SHARE = re.compile(
    r"(?:占|占到)[^#]*(?:#的?)?(?:比重|比例|比率|比|份额|百分比)?(?:的)?(?:约)?(?:为|是|达|达到)?(?:约)?$"
)
SHARE_WORD = re.compile(
    r"(?:占比|比重|比例|所占比例|所占比重|权重)(?:分别)?(?:约)?(?:为|是|达|达到|：)?(?:约)?$"
)
RATE = re.compile(
    r"(?:完成|达到?|为|占)[^#]{0,14}(?:预算|计划|任务|目标|安排|指标)[^#]{0,6}(?:#的?)?(?:的)?(?:约)?$"
    r"|(?:率|进度|完成比例|执行比例|完成度|实现程度|完成程度)(?:\([^()]*\))?(?:分别)?(?:约)?(?:为|是|达|达到|：|仅|仅为|已达)?(?:约)?$"
    r"|(?:支出|执行|完成|使用|拨付|到位|支付|实现)(?:了)?[^#]{0,4}(?:预算|资金|指标)?(?:的)$"
)
NEUTRAL = "同比 环比 同口径 可比口径 按 按可比口径 按同口径 比 较 与 同 相比 相比较 比较 对比 上年 去年 上一年 上年度 去年度 上一年度 同期 上年同期 去年同期 上年同月 去年同月 同月 上期 年初 年 年度 全年 度 决算 预算 执行 数 额 的 共 共计 合计 总计 总体 分别 均 各 也 又 略 有所 大幅 小幅 相应 收支 收入支出 收入 支出 总额 总数 总量 总 收 支 、 和 及 同时 并 并且 且 实际 完成 即 其中 本年 本年度 今年 当年 年末 这 主要 决算数 预算数 执行数 实际数 调整 情况 增减 变动 变化 幅度 口径 金额 资金 经费 水平 相 为 了 约 安排 实绩 基数 计划 批复 两项 各项 口 同比例 收支总计 收支各 累计 财政 本 级 部门 单位 机关 一般公共 公共 拨款 我 局 部 我局 我部门 我单位 本单位 本部门 月 份 全 口 - 至 截至 底"
NEUTRAL_ONLY = re.compile(
    rf"(?:{any_of(NEUTRAL)}|(?:19|20)[0-9]{{2}}|[0-9，,。、#；]|“三公”)*+(?:{CHANGE}(?:{_BEHIND})?)?"
)
"""Words between an amount and its change that name no other subject."""
TOTAL_WORDS = "合计 总计 共计 总额 总数 总量 总规模 总支出 总收入 总投入 总金额 总预算 总体 共 累计"
TOTAL = re.compile(rf"{any_of(TOTAL_WORDS)}")
PARTS_FOLLOW = re.compile(
    r"，?由(?=[^。；]{4,300}?(?:组成|构成))|(?<=[个家所户])[^，。；#]{0,8}中，|(?<=。)[^，。；0-9]{2,8}中，|按[^，。；#]{2,8}分(?:类|项)?[：，]|(?<=[万亿]元)中，|：(?=\(1\)|①|1[.、](?![0-9])|一是)|其中(?:[：，,]|主要[为是]|包括|有)?|(?:主要)?(?:包括|包含|分为|分别[为是]|用于以下方面|构成(?:为|情况)?|如下|具体[为是]|具体情况|分别用于|分[^，。；#]{1,8}(?:看|情况[是为]?)|情况如下|明细如下)[：，]?|[主要]*用于[：]|：$"
)
SPENT = re.compile(r"(?:支出|决算|执行|使用|拨付|支付|完成|花费|列支|实现|兑付|发放|报销|付出)")
BUDGET = re.compile(r"(?:预算|批复|安排|下达|到位|计划|概算|指标|额度|核定|资金规模|资金总额)")

COMPLETE_SETS = tuple(
    re.compile("|".join(words.split()))
    for words in (
        "中央 省 市 县 区 镇 乡 街道 上级 本级 国家",
        "基本支出 项目支出",
        "货物 工程 服务",
        "人员 公用 日常",
        "出国 公务用车 公车 接待 用车购置 运行维护",
        "税收 非税",
        "工资福利 商品和服务 对个人和家庭 资本性 项目支出",
        "行政 参公 事业 工勤",
        "编制内 编外 合同制 聘用",
        "财政拨款 公共预算 政府性基金 国有资本 事业收入 其他收入 结转",
        "优 良 中 差",
        "自理 失能 介助 介护 护理",
        "年初 追加 新增 年中",
    )
)
"""Kinds of parts that are all there are, once two of them are named."""
_CLASSES = 3
_REST = re.compile("其他|其余|其它|余下|剩余")


def is_complete(labels: Sequence[str]) -> bool:
    """Whether parts with these labels are all parts: the members of one family, or the last is the rest."""
    return bool(labels) and (is_family(labels) or _REST.search(labels[-1]) is not None)


def is_family(labels: Sequence[str]) -> bool:
    """Whether all labels belong to one family of parts, or are at least three classes (工程类、服务类、货物类)."""
    is_classes = len(labels) >= _CLASSES and all(one.rstrip("为有是共").endswith("类") for one in labels)
    return is_classes or any(all(one.search(label) for label in labels) for one in COMPLETE_SETS)
