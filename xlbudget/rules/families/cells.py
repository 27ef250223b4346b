"""CEL: what stands in single cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Project, RemarkKind
from xlbudget.rules.registry import Check, Family, Violation, rule
from xlbudget.rules.words import money, name

FAMILY = Family(1, "CEL", "单元格")


def _remarks(kind: RemarkKind, requirement: str) -> Check:
    """A check that hands on what reading had to say."""

    def check(case: Assessment) -> Iterator[Violation]:
        for remark in case.facts.remarks:
            if remark.kind is kind:
                yield Violation(remark.where, remark.message, remark.remedy)

    check.__doc__ = requirement
    return check


_READING = (
    ("CEL001", Severity.ERROR, RemarkKind.REQUIRED, "必填项没有填", "带 * 的栏目都要填写。"),
    ("CEL002", Severity.WARNING, RemarkKind.NO_ACTUAL, "当前完成值没有填",
     "当前完成值没有填时按 0 计算；没有到考核时点的应填“未到期”。"),
    ("CEL003", Severity.ERROR, RemarkKind.NO_MONTH, "追加项目没有填追加月份", "预算批次为“追加”时，要填追加月份。"),
    ("CEL004", Severity.ERROR, RemarkKind.UNREADABLE, "填的内容读不出来", "金额、数量、月份、日期要能读成数或日期。"),
    ("CEL005", Severity.ERROR, RemarkKind.UNKNOWN_OPTION, "不在可选范围内", "有下拉列表的栏目，要从列表里选。"),
    ("CEL006", Severity.ERROR, RemarkKind.MONTH_RANGE, "月份超出范围", "月份为 1 至 12。"),
    ("CEL008", Severity.ERROR, RemarkKind.NO_HEADER, "缺少表头", "各表的表头和首页的栏目名称不能删改。"),
    ("CEL009", Severity.ERROR, RemarkKind.NO_SHEET, "缺少工作表", "填报用的工作表不能删除或改名。"),
    ("CEL021", Severity.ERROR, RemarkKind.TWICE, "有两处重复", "表头、首页的栏目和填报用的工作表都只能有一处，隐藏的也算。"),
    ("CEL022", Severity.INFO, RemarkKind.PICTURE, "单元格里是图片", "图片和关联数据不是文字，读不出来，当作没有填。"),
    ("CEL011", Severity.ERROR, RemarkKind.CELL_ERROR, "错误值或未计算的公式",
     "单元格里不能是 #REF! 一类的错误值，公式要有计算结果。"),
    ("CEL012", Severity.INFO, RemarkKind.INTERPRETED, "按理解读取", "写法不规范但意思明确的，按理解读取，并说明读成了什么。"),
    ("CEL013", Severity.INFO, RemarkKind.OVERTYPED, "计算列里有手填内容", "计算列由程序填写，手工填写的会被替换。"),
    ("CEL014", Severity.WARNING, RemarkKind.SMALL_PERCENT, "百分数可能少乘了 100",
     "目标是 10% 以上的百分数，完成值却不超过 1，按原数计算并提醒。"),
    ("CEL015", Severity.INFO, RemarkKind.NOT_REFRESHED, "公式没有重新计算",
     "自己写的公式引用了计算结果、程序又算不准的，结果先清空，等 Excel 或 WPS 重新计算。"),
    ("CEL016", Severity.WARNING, RemarkKind.UNSEEN, "单元格里的数看不见",
     "数字格式把数显示为空白，或显示成什么看不懂的，按存的数计算并提醒。"),
)  # fmt: skip

for _code, _severity, _kind, _title, _requirement in _READING:
    rule(_code, _severity, title=_title)(_remarks(_kind, _requirement))


def without_zeros(known: Iterable[str | None]) -> Mapping[str, set[str]]:
    """Known numbers by what they are without their leading zeros."""
    found: dict[str, set[str]] = {}
    for one in known:
        if one:
            found.setdefault(one.lstrip("0"), set()).add(one)
    return found


def lost_zeros(number: str, known: Mapping[str, set[str]]) -> str | None:
    """The known number that this one becomes with its leading zeros back; None when there is not just one."""
    meant = known.get(number.lstrip("0"), ())
    return next(iter(meant)) if len(meant) == 1 else None


@rule("CEL007", Severity.ERROR, title="项目编号在“项目”表里找不到", needs=["项目.id"])
def unknown_project(case: Assessment) -> Iterator[Violation]:
    """指标的项目编号，要在“项目”表里有。"""
    known = {project.id for project in case.facts.projects}
    bare = without_zeros(known)
    for row in case.facts.indicators:
        if row.project_id is None or row.project_id in known:
            continue
        message = f"项目编号“{row.project_id}”在“项目”表里找不到，这个指标没有算进任何项目。"
        remedy = "请改成“项目”表里的编号，或在“项目”表补上这个项目。"
        meant = lost_zeros(row.project_id, bare)
        if meant:
            remedy = f"“项目”表里有“{meant}”，可能是前面的 0 丢了。请把单元格格式设为文本，再填“{meant}”。"
        yield Violation(row.where("project_id"), message, remedy)


_TEN_THOUSAND_TIMES = (Decimal(5_000), Decimal(20_000))
_AMOUNTS = {
    "amount": "预算数",
    "full_year_spending": "全年预计支出",
    "spent": "累计支出",
    "contract": "合同金额",
}
_COMPARED = (
    ("amount", "spent"),
    ("amount", "contract"),
    ("amount", "full_year_spending"),
    ("full_year_spending", "spent"),
    ("contract", "spent"),
    ("contract", "amount"),
)


def about_ten_thousand_times(large: Decimal, small: Decimal) -> bool:
    """Whether an amount looks like 元 typed as 万元, beside another one."""
    low, high = _TEN_THOUSAND_TIMES
    return small > 0 and low <= large / small <= high


def yuan_suspects(project: Project) -> dict[str, str]:
    """Amounts that look like 元 typed as 万元: field → the field that it is about 10,000 times of."""
    suspects: dict[str, str] = {}
    for large, small in _COMPARED:
        a, b = getattr(project, large), getattr(project, small)
        if a and b and about_ten_thousand_times(a, b):
            suspects.setdefault(large, small)
    return suspects


OUT_OF_SCALE = 1000
"""A contract that is so many times its budget is a mistake that no report may show."""


def out_of_scale(project: Project) -> bool:
    """Whether a row's contract is out of all proportion to its budget."""
    contract, budget = project.contract, project.budget
    return contract is not None and budget is not None and 0 < budget * OUT_OF_SCALE <= contract


@rule("CEL010", Severity.WARNING, title="金额可能多写了一万倍")
def typed_in_yuan(case: Assessment) -> Iterator[Violation]:
    """同一行里，一个金额是累计支出或合同金额的 5000 至 20000 倍时，可能把元当万元填了；合同金额达到预算一千倍的是错误。"""
    for project in case.facts.projects:
        for large, small in yuan_suspects(project).items():
            amounts = [money(case, getattr(project, field)) for field in (large, small)]
            message = (
                f"{name(project)}{_AMOUNTS[large]} {amounts[0]}，约为{_AMOUNTS[small]} {amounts[1]}的一万倍。"
            )
            remedy = f"请看是不是把元当成{case.facts.unit.amount_unit}填了；没有填错就不用改。"
            severity = Severity.ERROR if large == "contract" and out_of_scale(project) else None
            yield Violation(project.where(large), message, remedy, severity)
