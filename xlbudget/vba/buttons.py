"""The ribbon's buttons, each declared once; ribbon XML, VBA callbacks and the manual come from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlbudget.domain.registry import declare

TAB = "预算绩效"


@dataclass(frozen=True, slots=True)
class Button:
    """A button as people see it. `id` is ASCII, names its VBA callback and its action in `ribbon.py`."""

    id: str
    label: str
    screentip: str
    icon: str
    """An imageMso, a picture that Excel brings."""
    large: bool = False
    ready: bool = True
    """False greys the button, for what does not exist yet."""


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons under one caption."""

    id: str
    label: str
    buttons: tuple[Button, ...]


GROUPS = (
    Group(
        "data",
        "数据",
        (
            Button("check", "校验", "逐行检查填报内容，有问题的单元格会着色，并列在“校验结果”里", "AcceptInvitation", True),
            Button("next_issue", "下一个问题", "跳到下一个有问题的单元格", "FindDialog"),
        ),
    ),
    Group(
        "compute",
        "计算",
        (
            Button("compute", "计算", "算出实现程度、执行率、预计和预警，填入计算列和统计表", "CalculateNow", True),
            Button("clear", "清除结果", "清空计算列、着色和各张结果表，填报的内容不动", "Clear"),
        ),
    ),
    Group(
        "report",
        "报告",
        (
            Button("report", "生成报告", "计算，并写好“监控报告”“监控表”和图表", "FileCreateDocumentWorkspace", True),
            Button("word", "导出 Word", "把报告存成 Word 文件，放在工作簿旁边", "ExportWord"),
            Button("pdf", "导出 PDF", "把报告存成 PDF 文件，放在工作簿旁边", "PublishToPdfOrEdoc"),
            Button("folder", "打开文件夹", "打开放报告的文件夹", "FileOpen"),
        ),
    ),
    Group(
        "audit",
        "审核与汇总",
        (
            Button("audit", "核对报告", "核对旁边的 Word 报告（导出后手工改过的）：前后是否一致，与工作簿是否一致", "ReviewCompareTwoVersions"),
            Button("collect", "汇总", "把许多单位的工作簿汇总成一份", "Consolidate", ready=False),
        ),
    ),
    Group(
        "help",
        "帮助",
        (
            Button("guide", "填报说明", "打开“填报说明”", "Help"),
            Button("functions", "函数", "看有哪些工作表函数，怎么写", "FunctionWizard"),
            Button("doctor", "诊断", "检查安装是否完好，哪里不对、怎么办", "AddInManager"),
            Button("about", "关于", "版本和监控口径", "Info"),
        ),
    ),
)  # fmt: skip
"""The tab, from left to right."""


def by_id(groups: Iterable[Group]) -> dict[str, Button]:
    """The buttons of groups. Raises ValueError for an id that two of them have."""
    found: dict[str, Button] = {}
    for group in groups:
        for button in group.buttons:
            declare(found, button.id, button)
    return found


BUTTONS = by_id(GROUPS)
