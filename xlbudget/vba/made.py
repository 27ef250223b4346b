"""VBA and ribbon XML as text, made from the buttons and the registry; the files in vba/ are kept fresh by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import quoteattr

from xlbudget.functions.registry import CATEGORY, FUNCTIONS, Argument, Function
from xlbudget.profiles import shipped
from xlbudget.vba.buttons import BUTTONS, GROUPS, TAB, Button

SETTINGS_SHEET = "xlwings.conf"
"""xlwings reads its settings in columns A and B of a sheet of this name; our texts stand beside them."""
SETTINGS = (("UDF MODULES", "xlbudget.addin.udfs"), ("ADD_WORKBOOK_TO_PYTHONPATH", "False"))
"""Where Python is found is left to the user's own xlwings.conf: what stands in the sheet would win over it."""
MARK = "xlbudget"
"""Stands in C1 of the sheet: other workbooks that use xlwings have one of that name, too."""
TEXTS = {
    "title": TAB,
    "category": CATEGORY,
    "no_workbook": "请先打开要处理的工作簿，再按按钮。",
    "other_workbook": "没有做：这个按钮属于另一个工作簿。请点一下要处理的工作簿，再按它自己的按钮。",
    "failed": "没有做完：Python 没有启动，或者中途出了错。请打开“命令提示符”，运行 xlbudget addin doctor，照它说的办。"
    "修好以后，公式还显示 #VALUE! 的，请按 Ctrl+Alt+F9 重新计算。还不行，请把这个窗口拍照，发给维护人员。",
}
"""What VBA itself says."""
MOST = 255
"""Excel's function dialog takes so many characters."""
_NAMESPACES = {
    "customUI14.xml": "http://schemas.microsoft.com/office/2009/07/customui",
    "customUI.xml": "http://schemas.microsoft.com/office/2006/01/customui",
}
_MADE = "' Made from {} by docs/make_references.py. Do not edit.\n"


def callback(button: Button) -> str:
    """Name of the Sub behind a button."""
    return f"Xlb_{button.id}"


def ribbon(namespace: str) -> str:
    """The tab as ribbon XML, which is the same in both generations but for its namespace."""
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f'<customUI xmlns="{namespace}" onLoad="Xlb_onLoad">',
        "  <ribbon>",
        "    <tabs>",
        f'      <tab id="xlb_tab" label={quoteattr(TAB)} getVisible="Xlb_getVisible">',
        *_groups(),
        "      </tab>",
        "    </tabs>",
        "  </ribbon>",
        "</customUI>",
        "",
    ])  # fmt: skip


def _groups() -> Iterator[str]:
    for group in GROUPS:
        yield f'        <group id="xlb_group_{group.id}" label={quoteattr(group.label)}>'
        for button in group.buttons:
            if button.apart:
                yield f'          <separator id="xlb_before_{button.id}"/>'
            size = "large" if button.large else "normal"
            yield (
                f'          <button id="xlb_{button.id}" label={quoteattr(button.label)} '
                f"screentip={quoteattr(button.screentip)} supertip={quoteattr(button.supertip)} "
                f'keytip="{button.keytip}" imageMso="{button.icon}" size="{size}" '
                f'onAction="{callback(button)}"/>'
            )
        yield "        </group>"


def _pressed(button: Button) -> str:
    """The arguments of a press: which button, and what is asked before."""
    return f'"{button.id}", "{button.question.kind}"' if button.question else f'"{button.id}"'


def callbacks() -> str:
    """The module of ribbon callbacks, and of what other programs press: what is Public here is seen by all."""
    subs = [
        f"Public Sub {callback(button)}(control As IRibbonControl)\n    XlbButton control, {_pressed(button)}\nEnd Sub\n"
        for group in GROUPS
        for button in group.buttons
    ]
    return "\n".join([
        'Attribute VB_Name = "XlbRibbon"\nOption Explicit\n' + _MADE.format("xlbudget/vba/buttons.py"),
        "Public Sub Xlb_onLoad(ribbon As IRibbonUI)\n    XlbLoaded ribbon\nEnd Sub\n",
        "Public Sub Xlb_getVisible(control As IRibbonControl, ByRef visible As Variant)\n"
        "    visible = XlbVisible(control)\nEnd Sub\n",
        *subs,
        "' For programs: presses a button and gives its message back.\n"
        "Public Function XlbPress(ByVal button As String, Optional ByVal answer As String) As String\n"
        "    XlbPress = XlbAnswer(button, answer)\nEnd Function\n",
    ])  # fmt: skip


def _wrapper(one: Function) -> str:
    declared = ", ".join(f"{'Optional ' if a.optional else ''}{a.name} As Variant" for a in one.arguments)
    given = ", ".join(["XlbFolder()", *(f"XlbGiven({a.name})" for a in one.arguments)])
    return (
        f"Public Function {one.name}({declared}) As Variant\n"
        f'    {one.name} = XlbCall("{one.name}", Array({given}))\n'
        "End Function\n"
    )


def wrappers() -> str:
    """The module of worksheet functions."""
    head = 'Attribute VB_Name = "XlbFunctions"\nOption Explicit\n'
    head += _MADE.format("xlbudget/functions/worksheet")
    return "\n".join([head, *map(_wrapper, FUNCTIONS.values())])


GENERATED: dict[str, Callable[[], str]] = {
    "XlbRibbon.bas": callbacks,
    "XlbFunctions.bas": wrappers,
    "customUI14.xml": lambda: ribbon(_NAMESPACES["customUI14.xml"]),
    "customUI.xml": lambda: ribbon(_NAMESPACES["customUI.xml"]),
}
"""File in vba/ → what makes it."""


def description(one: Function) -> str:
    """What Excel's function dialog says about a function."""
    return f"{one.title}。{one.call.__doc__}"


def argument_help(one: Argument) -> str:
    """What it says about an argument."""
    return f"{one.label}{'（可不写）' if one.optional else ''}：{one.help}。"


def questions() -> dict[str, str]:
    """The words of what VBA asks, by the names that it looks them up by."""
    found: dict[str, str] = {}
    for button in BUTTONS.values():
        if button.question:
            one = button.question
            found[f"ask_{button.id}"] = one.words or _profile_question()
            found |= {
                f"{kind}_{button.id}": text
                for kind, text in (("filter", one.filter), ("name", one.name))
                if text
            }
    return found


def _profile_question() -> str:
    names = "、".join(one.name for one in shipped().values())
    return f"换成哪一套监控口径？请输入名称：{names}；自己的口径文件（和工作簿在同一个文件夹）输入它的编号。"


def settings_rows() -> list[list[str | None]]:
    """The hidden sheet: settings of xlwings in A and B, our mark in C, from D kind, name, text and help of arguments."""
    texts = [["text", name, text] for name, text in {**TEXTS, **questions()}.items()]
    texts += [
        ["function", one.name, description(one), *map(argument_help, one.arguments)]
        for one in FUNCTIONS.values()
    ]
    return [
        [*(SETTINGS[index] if index < len(SETTINGS) else (None, None)), None if index else MARK, *text]
        for index, text in enumerate(texts)
    ]
