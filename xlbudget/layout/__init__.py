"""The workbook, declared once: sheets, columns, headers, options, widths, hints and examples.

The template, the reader, the writer and the guide sheet are all made from these declarations.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from xlbudget.domain.model import Batch, Comparison, Likelihood
from xlbudget.domain.visible import visible


class Kind(StrEnum):
    """What a column holds; reading.py has one reader for each."""

    TEXT = "text"
    NAME = "name"
    CODE = "code"
    AMOUNT = "amount"
    NUMBER = "number"
    YEAR = "year"
    MONTH = "month"
    OPTION = "option"
    OPTIONS = "options"
    FLAG = "flag"
    COMPARISON = "comparison"
    TARGET = "target"
    ACTUAL = "actual"
    FULL_YEAR = "full_year"
    WEIGHT = "weight"
    DATE = "date"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Column:
    """A column (or, on 首页, a label): its field in the model, header, kind and what people are told."""

    field: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    options: tuple[str, ...] = ()
    free: bool = False
    """Whether the options are only suggestions."""
    computed: bool = False
    later: bool = False
    """Whether earlier templates do not have it: nothing is said where it is missing."""
    width: float = 12
    hint: str = ""
    example: str = ""

    @property
    def label(self) -> str:
        return f"{self.header}*" if self.required else self.header


@dataclass(frozen=True)
class Sheet:
    """An input sheet: a title, one header row, data from the next row on."""

    name: str
    columns: tuple[Column, ...]
    purpose: str
    prepared: int = 0
    """Rows that dropdowns, hints and colours are prepared for."""
    most: int = 0
    """Rows that can be filled: more would take too long, and nobody has them."""
    landscape: bool = True
    page_ends: tuple[str, ...] = ()
    """Fields whose column is the last of a printed page across; the first columns stand on every page."""
    fixed: int = 1
    """First columns that stay in sight, on the screen and on paper."""

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.computed)

    @cached_property
    def computed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.computed)

    @cached_property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}


@dataclass(frozen=True, slots=True)
class OutputSheet:
    """A sheet that xlbudget writes whole: column widths and print set-up; content comes as a Grid."""

    name: str
    widths: tuple[float, ...]
    landscape: bool = False
    frozen_rows: int = 0
    margins_mm: tuple[float, float, float, float] = (20, 20, 18, 18)
    """Top, bottom, left, right."""
    tab: str = field(default="7F7F7F")
    numbers_outside: bool = False
    """Whether page numbers stand right on odd and left on even pages (GB/T 9704), and a page header may be set."""


TITLE_ROW, HINT_ROW, HEADER_ROW = 1, 2, 4
FIRST_ROW = HEADER_ROW + 1
HEADER_SEARCH_ROWS = 20

AMOUNT_UNITS = ("万元", "元")
FUNDING = ("一般公共预算拨款", "政府性基金", "上级转移支付", "其他资金")
LEVEL1 = ("成本指标", "产出指标", "效益指标", "满意度指标")
LEVEL2 = (
    "经济成本指标", "社会成本指标", "生态环境成本指标", "数量指标", "质量指标", "时效指标",
    "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标",
)  # fmt: skip
CAUSES = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")
YES_NO = ("是", "否")
RESULTS = ("已整改", "整改中", "未整改")
ADVICE = ("继续执行", "调剂", "调减", "收回", "暂停")
MODES = ("补充", "代替")
SECTIONS = (
    "资金情况补充", "监控工作开展情况", "重点监控工作情况", "偏差原因分析", "整改措施及整改结果", "下一步监控工作",
)  # fmt: skip

FRONT = Sheet(
    name="首页",
    purpose="单位和监控期间。先填这里，再填后面各表。",
    landscape=False,
    columns=(
        Column("full_name", "单位全称", kind=Kind.NAME, required=True, width=30, hint="报告标题用的全称。", example="某县某局"),
        Column("department", "部门名称", kind=Kind.NAME, required=True, hint="统计表“部门名称”一栏用的简称。", example="某局"),
        Column("budget_code", "单位预算编码", kind=Kind.CODE, hint="一体化平台上的单位编码。", example="101001"),
        Column("supervisor", "主管部门", hint="没有主管部门的不填。", example="某县人民政府"),
        Column("region", "行政区划", hint="所在县（市、区）。", example="某县"),
        Column("year", "预算年度", kind=Kind.YEAR, required=True, hint="四位数年份。", example="2022"),
        Column("cutoff_month", "监控截止月份", kind=Kind.MONTH, required=True, hint="填 1 至 12。填 6，就是监控 1—6 月。",
               example="6"),
        Column("amount_unit", "金额单位", kind=Kind.OPTION, required=True, options=AMOUNT_UNITS,
               hint="全部表格金额的单位。", example="万元"),
        Column("profile", "监控口径", required=True, hint="已填好，财政部门另有要求时从列表里选；自己的口径文件填编号。", example="河北县级"),
        Column("attachment_no", "附件编号", kind=Kind.NAME, hint="报告左上角的附件号，例如“附件4”；不需要就不填。", example="附件4"),
        Column("prepared_by", "填报人", hint="填表人姓名。", example="张某"),
        Column("reviewed_by", "审核人", hint="审核人姓名。", example="李某"),
        Column("head", "单位负责人", hint="负责人姓名。", example="王某"),
        Column("phone", "联系电话", kind=Kind.CODE, hint="便于财政部门核对。", example="0312-0000000"),
        Column("filled_on", "填报日期", kind=Kind.DATE, hint="年-月-日；报告落款用这个日期。", example="2022-07-10"),
    ),
)  # fmt: skip

PROJECTS = Sheet(
    name="项目",
    purpose="一个项目一个批次填一行。同一项目追加预算时，编号不变，另起一行。金额单位见首页。",
    prepared=200,
    most=2000,
    page_ends=("adjustment", "goal"),
    fixed=2,
    columns=(
        Column("id", "项目编号", kind=Kind.CODE, required=True, width=11,
               hint="同一项目各批次用同一个编号。", example="001"),
        Column("name", "项目名称", kind=Kind.NAME, required=True, width=24, hint="与预算批复一致。", example="宣传工作经费"),
        Column("department", "部门名称", kind=Kind.NAME, width=12, hint="与首页不同时再填。", example="某局"),
        Column("implementer", "实施单位", kind=Kind.NAME, width=12, hint="具体实施的科室或下属单位。", example="宣传科"),
        Column("funding", "资金来源", kind=Kind.OPTION, options=FUNDING, width=17, hint="从下拉列表选。",
               example=FUNDING[0]),
        Column("batch", "预算批次", kind=Kind.OPTION, required=True, options=tuple(Batch), width=10,
               hint="年初预算填“年初”，年中追加填“追加”。", example="年初"),
        Column("month", "追加月份", kind=Kind.MONTH, width=9, hint="批次为“追加”时必填，1 至 12。", example="6"),
        Column("document_no", "追加文号", width=14, hint="追加预算的文件号。", example="某财预〔2022〕10号"),
        Column("amount", "预算数", kind=Kind.AMOUNT, required=True, width=14,
               hint="单位见首页“金额单位”。", example="5"),
        Column("adjustment", "调整额", kind=Kind.AMOUNT, width=13, hint="年中调增填正数，调减填负数。", example="-0.5"),
        Column("spent", "累计支出", kind=Kind.AMOUNT, required=True, width=14,
               hint="年初至监控截止月末的支出，没有支出填 0。", example="2.3"),
        Column("full_year_spending", "全年预计支出", kind=Kind.AMOUNT, width=14, hint="预计到年底的支出。",
               example="5"),
        Column("contract", "合同金额", kind=Kind.AMOUNT, width=14, hint="已签合同的总金额，没有合同不填。", example="4.8"),
        Column("purpose", "资金用途", required=True, width=36, hint="一句话说明钱用来做什么，会写进报告。",
               example="用于开展全年宣传活动"),
        Column("goal", "年度总体目标", width=30, hint="与绩效目标申报表一致。", example="全年开展宣传活动 20 次"),
        Column("key_project", "是否重点监控", kind=Kind.FLAG, options=YES_NO, width=9, hint="重点监控项目填“是”。", example="否"),
        Column("remark", "备注", width=18, hint="需要说明的事，例如跨年合同的合同期。", example="合同期2021年11月至2022年10月"),
        Column("budget", "调整后预算", computed=True, width=14, hint="预算数＋调整额。"),
        Column("execution_rate", "预算执行率(%)", computed=True, width=11, hint="累计支出÷调整后预算×100。"),
        Column("achievement", "实现程度(%)", computed=True, width=11, hint="算法由监控口径规定。"),
        Column("forecast", "预计年底实现程度(%)", computed=True, width=13, hint="由各指标的年底预计得出。"),
        Column("flag", "预计实现情况", computed=True, width=13, hint="能实现、不能完全实现或差距较大。"),
        Column("indicator_light", "指标预警", computed=True, width=8, hint="该项目各指标预警中最重的一个。"),
        Column("budget_light", "资金预警", computed=True, width=8, hint="执行率与序时进度相比。"),
    ),
)  # fmt: skip

INDICATORS = Sheet(
    name="指标",
    purpose="一个绩效指标填一行，用项目编号与“项目”表对应。",
    prepared=2000,
    most=8000,
    page_ends=("actual",),
    fixed=4,
    columns=(
        Column("project_id", "项目编号", kind=Kind.CODE, required=True, width=9,
               hint="“项目”表中已有的编号。", example="001"),
        Column("level1", "一级指标", kind=Kind.OPTION, required=True, options=LEVEL1, width=10,
               hint="从下拉列表选。", example="产出指标"),
        Column("level2", "二级指标", kind=Kind.NAME, required=True, options=LEVEL2, free=True, width=13,
               hint="可从列表选，也可自填。", example="数量指标"),
        Column("level3", "三级指标", kind=Kind.NAME, required=True, width=24, hint="指标名称，与绩效目标表一致。",
               example="开展宣传活动次数"),
        Column("comparison", "计算符号", kind=Kind.COMPARISON, required=True, options=tuple(Comparison), width=9,
               hint="≥ ＞ ＝ ＜ ≤；文字目标选“定性”。", example="≥"),
        Column("target", "年度指标值", kind=Kind.TARGET, required=True, width=12,
               hint="全年目标；定性指标填文字。", example="20"),
        Column("measure_unit", "计量单位", kind=Kind.NAME, width=9, hint="次、人、%等。", example="次"),
        Column("weight", "权重", kind=Kind.WEIGHT, width=8, hint="监控口径按权重计算时才填；各指标合计一般为 90，以口径规定为准。", example="15"),
        Column("timed", "是否按序时考核", kind=Kind.FLAG, options=YES_NO, width=9,
               hint="不填时：数量指标为“是”，其他为“否”。", example="是"),
        Column("due_month", "计划完成月份", kind=Kind.MONTH, width=9, hint="不填按 12 月。", example="12"),
        Column("actual", "当前完成值", kind=Kind.ACTUAL, width=12,
               hint="截至监控月末的完成值。定性指标填达成、部分达成、未达成；没到考核时点填“未到期”。", example="12"),
        Column("full_year", "全年预计完成值", kind=Kind.FULL_YEAR, width=12, hint="预计到年底的完成值。",
               example="20"),
        Column("likelihood", "完成目标可能性", kind=Kind.OPTION, options=tuple(Likelihood), width=13,
               hint="确定能、有可能、完全不可能。", example="确定能"),
        Column("causes", "偏差原因", kind=Kind.OPTIONS, options=CAUSES, width=16,
               hint="可填多个，用“、”隔开。", example="经费保障、其他"),
        Column("reason", "原因说明", width=26, hint="偏差或超额完成的具体原因。", example="合同约定验收后付款"),
        Column("remark", "备注", width=16, hint="需要说明的事。", example="年底统一调查"),
        Column("achievement", "实现程度(%)", computed=True, width=11, hint="当前完成值与年度指标值相比。"),
        Column("forecast", "预计实现程度(%)", computed=True, width=12, hint="预计到年底的实现程度。"),
        Column("light", "预警", computed=True, width=8, hint="红黄绿蓝灰。蓝是快于进度，灰是没到时点或没有填。"),
    ),
)  # fmt: skip

KEY_WORKS = Sheet(
    name="重点工作",
    purpose="值得写进报告的工作，一件一行。填了上年同期，报告会写明同比。",
    prepared=200,
    most=2000,
    columns=(
        Column("category", "类别", kind=Kind.NAME, required=True, width=16, hint="同一类别的工作写成一段。", example="宣传教育"),
        Column("item", "工作事项", required=True, width=36, hint="做了什么。", example="开展线下宣传"),
        Column("quantity", "数量", kind=Kind.NUMBER, width=10, hint="只填数字。", example="20"),
        Column("measure_unit", "计量单位", kind=Kind.NAME, width=10, hint="次、期、家等。", example="次"),
        Column("before", "上年同期", kind=Kind.NUMBER, width=10, hint="只填数字，没有就不填。", example="16"),
        Column("note", "说明", width=40, hint="需要补充的话。", example="覆盖全部乡镇"),
    ),
)  # fmt: skip

CORRECTIONS = Sheet(
    name="偏差整改",
    purpose="预计年底不能完全实现目标，或者预警为红、黄的项目，逐个说明原因和措施。",
    prepared=200,
    most=2000,
    columns=(
        Column("project_id", "项目编号", kind=Kind.CODE, required=True, width=11, hint="“项目”表中已有的编号。",
               example="001"),
        Column("causes", "偏差原因", kind=Kind.OPTIONS, required=True, options=CAUSES, width=18,
               hint="可填多个，用“、”隔开。", example="经费保障"),
        Column("analysis", "原因分析", required=True, width=36, hint="具体原因。", example="合同约定验收后付款"),
        Column("measures", "整改措施", required=True, width=36, hint="准备怎么做。", example="九月底前完成验收并付款"),
        Column("responsible", "责任人", kind=Kind.NAME, width=10, hint="负责整改的人。", example="张某"),
        Column("deadline", "整改完成时限", kind=Kind.DEADLINE, width=14, hint="日期或月份。", example="2022-09-30"),
        Column("result", "整改结果", kind=Kind.OPTION, options=RESULTS, width=10, hint="从下拉列表选。",
               example="整改中"),
        Column("advice", "处理建议", kind=Kind.OPTION, options=ADVICE, width=10, hint="从下拉列表选。",
               example="继续执行"),
    ),
)  # fmt: skip

NOTES = Sheet(
    name="文字说明",
    purpose="报告里需要自己写的话。一段一行，同一章节可以写几段；不写的章节用固定用语或“无”。",
    prepared=200,
    most=2000,
    landscape=False,
    columns=(
        Column("section", "章节", kind=Kind.OPTION, required=True, options=SECTIONS, width=22,
               hint="从下拉列表选。", example="监控工作开展情况"),
        Column("text", "内容", required=True, width=70, hint="一行就是报告里的一段。",
               example="我单位组织业务科室逐个项目核对了支出和目标完成情况。"),
        Column("mode", "方式", kind=Kind.OPTION, options=MODES, later=True, width=9,
               hint="补充：加在程序写的后面；代替：不要程序写的。不填按补充。", example="补充"),
    ),
)  # fmt: skip

TABLE_SHEETS = (PROJECTS, INDICATORS, KEY_WORKS, CORRECTIONS, NOTES)
INPUT_SHEETS = (FRONT, *TABLE_SHEETS)

CHECK = OutputSheet("校验结果", widths=(6, 7, 9, 14, 44, 44), landscape=True, frozen_rows=2, tab="C00000")
STATS = OutputSheet("统计表", widths=(11, 27, 13, 11, 8, 8.5, 7.7), frozen_rows=0, tab="548235")
REPORT = OutputSheet(
    "监控报告",
    widths=(8, 17, 11, 8.8, 6, 7.7, 6),
    margins_mm=(37, 35, 28, 26),
    tab="1F4E79",
    numbers_outside=True,
)
FORMS = OutputSheet(
    "监控表",
    widths=(9, 11, 22, 11, 11, 11, 5.5, 5.5, 5.5, 5.5, 5.5, 22, 6, 6, 6, 12),
    landscape=True,
    margins_mm=(18, 15, 15, 15),
    tab="548235",
)
CHARTS = OutputSheet("图表", widths=(34, 18, 18), tab="548235")
GUIDE = OutputSheet("填报说明", widths=(10, 16, 6, 74, 30), landscape=True, frozen_rows=3)
EXPLAIN = OutputSheet("数从哪里来", widths=(24, 56, 14, 13, 13, 13, 13), landscape=True, frozen_rows=2)
RESULT_SHEETS = (CHECK, STATS, REPORT, FORMS, CHARTS)
"""Sheets that `run` writes. (EXPLAIN is made when somebody asks.)"""
OUTPUT_SHEETS = (*RESULT_SHEETS, GUIDE)
MOST_FORMS = 1000
"""Projects that 监控表 has a form of; with more it would be a sheet that nobody scrolls through."""
SHEET_ORDER = tuple(sheet.name for sheet in (*INPUT_SHEETS, *OUTPUT_SHEETS))

STATE_LABELS = {
    "errors": "错误",
    "warnings": "警告",
    "infos": "提示",
    "report": "报告状态",
    "profile": "所用口径",
    "version": "工具版本",
    "fingerprint": "数据指纹",
}
"""首页, below the inputs: the state at a glance; labels in a row, values to their right."""


@lru_cache(maxsize=1 << 12)
def header_key(text: str) -> str:
    """What headers are compared by: no *, blanks or line breaks; full- and half-width signs alike."""
    return "".join(visible(unicodedata.normalize("NFKC", text)).replace("*", "").split())


def sheet_name(tab: str) -> str:
    """The name that a tab is known by: that of our sheet which it is but for blanks, else its own."""
    key = header_key(tab)
    return key if key in SHEET_ORDER else tab


def linked_tab(tabs: Collection[str], name: str) -> str:
    """The tab that a link to a sheet leads to: one that is there or will be; empty where there is none."""
    return tab_of(tabs, name) or (name if any(name == sheet.name for sheet in OUTPUT_SHEETS) else "")


def tab_of(tabs: Collection[str], name: str) -> str | None:
    """The tab that is known by a name: the one that has just this name comes before others."""
    return name if name in tabs else next((tab for tab in tabs if sheet_name(tab) == name), None)
