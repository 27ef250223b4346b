"""The ribbon's buttons, each declared once; ribbon XML, VBA callbacks and the manual come from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xlbudget.domain.registry import declare

TAB = "预算绩效"


class Ask(StrEnum):
    """What VBA asks before Python begins; the answer goes to Python as a text."""

    CONFIRM = "confirm"
    OPEN = "open"
    SAVE = "save"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its words; of a file the filter (Excel's form) and the name that is proposed."""

    kind: Ask
    words: str
    filter: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button as people see it. `id` is ASCII, names its VBA callback and its action in `ribbon.py`."""

    id: str
    label: str
    screentip: str
    """A few words; `supertip` tells the rest."""
    supertip: str
    keytip: str
    """Two letters: after Alt and the tab's own letter they press the button."""
    icon: str
    """An imageMso, a picture that Excel brings."""
    large: bool = False
    apart: bool = False
    """Whether a line parts it from the button before."""
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons under one caption."""

    id: str
    label: str
    buttons: tuple[Button, ...]


_REPORTS = "报告 (*.docx;*.pdf;*.txt;*.md;*.xlsx;*.xlsm),*.docx;*.pdf;*.txt;*.md;*.xlsx;*.xlsm"
_WORKBOOKS = "带功能区的工作簿 (*.xlsm),*.xlsm,工作簿 (*.xlsx),*.xlsx"

GROUPS = (
    Group(
        "check",
        "检查",
        (
            Button("check", "校验", "逐行检查", "有问题的单元格会着色、带批注，并列在“校验结果”里。填的内容不动。",
                   "JY", "AcceptInvitation", large=True),
            Button("next_issue", "下一个问题", "跳到下一处", "跳到下一个有问题的单元格，状态栏说明是什么问题。", "XY", "FindDialog"),
            Button("previous_issue", "上一个问题", "跳到上一处", "跳到上一个有问题的单元格。", "SY", "ReviewPreviousComment"),
            Button("explain", "数从哪里来", "看算法和出处",
                   "选中一个项目或指标的任一格，列出各个数是怎么算的、用了哪些单元格，点一下就能跳过去。", "LY", "TracePrecedents"),
        ),
    ),
    Group(
        "compute",
        "计算",
        (
            Button("compute", "计算", "填计算列和统计表", "算出实现程度、执行率、预计和预警，填入计算列和“统计表”。", "JS", "CalculateNow",
                   large=True),
            Button("profile", "换监控口径", "换一套规定", "把首页的监控口径换成另一套，换好以后再点“计算”。", "KJ", "PropertySheet",
                   question=Question(Ask.TEXT, "")),
        ),
    ),
    Group(
        "report",
        "报告",
        (
            Button("all", "一键出报告", "校验、计算、出报告", "依次校验、计算、写好报告，并存成 Word 和 PDF，放在工作簿旁边。", "YJ",
                   "FileCreateDocumentWorkspace", large=True),
            Button("report", "生成报告", "写监控报告和监控表", "计算，并写好“监控报告”“监控表”和图表，不存文件。", "BG", "CreateReport"),
            Button("word", "导出 Word", "存成 Word", "把报告存成 Word 文件，放在工作簿旁边；手工改过的旧文件另存一份。", "WD", "ExportWord"),
            Button("pdf", "导出 PDF", "存成 PDF", "把报告存成 PDF 文件，放在工作簿旁边。", "PD", "PublishToPdfOrEdoc"),
            Button("forms", "导出监控表", "每个项目一份 Word", "给每个项目存一份 Word 监控表，放在工作簿旁边的文件夹里。", "DB",
                   "ExportMoreMenu"),
            Button("folder", "打开文件夹", "报告在哪里", "打开放工作簿和报告的文件夹。", "WJ", "FileOpen"),
        ),
    ),
    Group(
        "audit",
        "核对",
        (
            Button("audit", "核对报告", "核对旁边的 Word",
                   "核对旁边的 Word 报告（导出后手工改过的）：前后是否一致，与工作簿是否一致。", "HD", "ReviewCompareTwoVersions", large=True),
            Button("audit_any", "核对任意报告", "选一份报告来核对", "选一份报告（Word、PDF、文本、工作簿），核对它自己前后是否一致。", "RY",
                   "ReviewShowMarkupMenu",
                   question=Question(Ask.OPEN, "选一份要核对的报告", _REPORTS)),
        ),
    ),
    Group(
        "workbook",
        "工作簿",
        (
            Button("new", "新建", "新建空白工作簿", "新建一个空白的监控工作簿，存好并打开。", "XJ", "FileNew",
                   question=Question(Ask.SAVE, "新建的工作簿放在哪里", _WORKBOOKS, "预算绩效监控.xlsm")),
            Button("sample", "新建样例", "看看填好的样子", "新建一个填好的样例，存好并打开，可以随便试。", "YL", "FileNewDefault",
                   question=Question(Ask.SAVE, "样例放在哪里", _WORKBOOKS, "预算绩效监控-样例.xlsm")),
            Button("clear", "清除结果", "清空算出来的", "清空计算列、着色、批注和各张结果表，填报的内容不动。按之前会先问。", "QC", "Clear",
                   apart=True,
                   question=Question(Ask.CONFIRM, "要清空计算列、着色、批注和各张结果表吗？填报的内容不动，清空后不能撤销。")),
        ),
    ),
    Group(
        "help",
        "帮助",
        (
            Button("guide", "填报说明", "怎么填", "打开“填报说明”。", "SM", "Help"),
            Button("functions", "函数", "工作表函数", "看有哪些工作表函数，怎么写。", "HS", "FunctionWizard"),
            Button("doctor", "诊断", "查安装", "检查安装是否完好，哪里不对、怎么办。", "ZD", "AddInManager"),
            Button("about", "关于", "版本", "版本和监控口径。", "GY", "Info"),
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
