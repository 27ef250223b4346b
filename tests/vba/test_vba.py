"""The sources in vba/: fresh, ASCII, without paths; every callback of the ribbon is there with its signature."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from pyopenvba.interpreter import VBACompileError, parse_module

from xlbudget.functions.registry import FUNCTIONS
from xlbudget.vba import made as vba
from xlbudget.vba.buttons import BUTTONS, GROUPS, Ask
from xlbudget.vba.project import macros, sources

VBA = Path(__file__).parent.parent.parent / "vba"
SIGNATURES = {
    "onAction": r"control As IRibbonControl",
    "onLoad": r"ribbon As IRibbonUI",
    "getVisible": r"control As IRibbonControl, ByRef \w+( As Variant)?",
}
"""Attribute of the ribbon → the arguments that Office gives its callback."""
PATH = re.compile(r"[A-Za-z]:\\|\\\\\w|/(home|root|tmp|usr|Users)/")


def callback_faults(ribbon: str, code: str) -> list[str]:
    """Callbacks of a ribbon that VBA lacks or that take other arguments."""
    faults = []
    for element in etree.fromstring(ribbon.encode()).iter():
        for attribute, value in ((str(key), str(value)) for key, value in element.attrib.items()):
            if attribute in SIGNATURES or attribute.startswith(("get", "on")):
                wanted = SIGNATURES.get(attribute)
                found = re.findall(rf"^Public Sub {value}\((.*)\)$", code, re.MULTILINE)
                if wanted is None or len(found) != 1 or not re.fullmatch(wanted, found[0]):
                    faults.append(f"{attribute}={value}")
    return faults


def double_ids(ribbon: str) -> list[str]:
    ids = [one.get("id", "") for one in etree.fromstring(ribbon.encode()).iter() if one.get("id")]
    return sorted({one for one in ids if ids.count(one) > 1})


def text_faults(source: str) -> list[str]:
    """What must not stand in a VBA source: other characters than ASCII, paths of a machine, lines VBA refuses."""
    faults = sorted(set(re.findall(r"[^\x00-\x7f]", source)))
    faults += [match[0] for match in PATH.finditer(source)]
    return faults + [f"line of {len(line)}" for line in source.splitlines() if len(line) > 1000]


def ours() -> dict[str, str]:
    return {
        path.name: path.read_text("utf-8")
        for path in sorted(VBA.iterdir())
        if path.suffix in (".bas", ".cls")
    }


@pytest.mark.parametrize("name", sorted(vba.GENERATED))
def test_generated_sources_are_fresh(name: str) -> None:
    """`uv run python docs/make_references.py` writes them."""
    assert (VBA / name).read_text("utf-8") == vba.GENERATED[name]()


def test_the_folder_holds_nothing_else() -> None:
    assert sources() == VBA
    assert {path.name for path in VBA.iterdir()} == {*vba.GENERATED, "XlbCore.bas", "ThisWorkbook.cls"}


@pytest.mark.parametrize("name", ["customUI14.xml", "customUI.xml"])
@pytest.mark.parametrize("addin", [False, True])
def test_every_callback_is_there(name: str, addin: bool) -> None:
    """In the project as it is built, of the workbook and of the add-in, where it has another name."""
    made = macros(addin=addin)
    code = "\n".join(made.modules.values()).replace("\r\n", "\n")
    assert callback_faults(made.ribbons[name], code) == []
    assert double_ids(made.ribbons[name]) == []
    others = "\n".join(macros(addin=not addin).modules.values()).replace("\r\n", "\n")
    assert len(callback_faults(made.ribbons[name], others)) == len(BUTTONS) + 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Xlb_check(", "Xlb_chek(", "onAction=Xlb_check"),
        ("Xlb_check(control As IRibbonControl)", "Xlb_check()", "onAction=Xlb_check"),
        ("Xlb_check(control As IRibbonControl)", "Xlb_check(control As String)", "onAction=Xlb_check"),
        ("ByRef visible As Variant", "visible", "getVisible=Xlb_getVisible"),
        ("ribbon As IRibbonUI", "control As IRibbonControl", "onLoad=Xlb_onLoad"),
        ("Public Sub Xlb_pdf", "Private Sub Xlb_pdf", "onAction=Xlb_pdf"),
    ],
)
def test_the_callback_check_can_fail(old: str, new: str, fault: str) -> None:
    code = "\n".join(ours().values())
    assert old in code
    assert callback_faults(vba.GENERATED["customUI.xml"](), code.replace(old, new)) == [fault]


def test_the_check_of_ids_and_of_unknown_callbacks_can_fail() -> None:
    ribbon = vba.GENERATED["customUI14.xml"]()
    assert double_ids(ribbon.replace('id="xlb_word"', 'id="xlb_pdf"')) == ["xlb_pdf"]
    other = ribbon.replace('imageMso="Help"', 'getImage="Xlb_picture"')
    assert callback_faults(other, "\n".join(ours().values())) == ["getImage=Xlb_picture"]


@pytest.mark.parametrize("name", ["customUI14.xml", "customUI.xml"])
def test_buttons_in_the_ribbon(name: str) -> None:
    """Each with its words and a keytip; what clears stands apart; what does not exist yet is not there."""
    root = etree.fromstring(vba.GENERATED[name]().encode())
    shown = list(root.iter("{*}button"))
    wanted = [one for group in GROUPS for one in group.buttons]
    assert [one.get("label") for one in shown] == [one.label for one in wanted]
    assert [one.get("supertip") for one in shown] == [one.supertip for one in wanted]
    assert not [one for one in root.iter() if one.get("enabled")]
    apart = [
        following.get("id") for one in root.iter("{*}separator") if (following := one.getnext()) is not None
    ]
    assert apart == ["xlb_clear"]


def test_words_of_buttons() -> None:
    """Screentips are short, supertips are sentences, keytips are told apart by the letters typed."""
    assert all(len(one.screentip) <= 12 for one in BUTTONS.values())
    assert all(one.supertip.endswith("。") and len(one.supertip) < 80 for one in BUTTONS.values())
    tips = [one.keytip for one in BUTTONS.values()]
    assert all(re.fullmatch("[A-Z]{2}", tip) for tip in tips)
    assert len(set(tips)) == len(tips)
    assert [group.label for group in GROUPS] == ["检查", "计算", "报告", "核对", "工作簿", "帮助"]


def test_the_questions_of_buttons_are_there() -> None:
    rows = {row[4]: row[5] for row in vba.settings_rows() if row[3] == "text"}
    for one in BUTTONS.values():
        if one.question:
            assert rows[f"ask_{one.id}"]
            assert f'XlbButton control, "{one.id}", "{one.question.kind}"' in vba.callbacks()
    assert "河北县级" in (rows["ask_profile"] or "")
    assert set(re.findall(r'Case "(\w+)"', ours()["XlbCore.bas"])) | {"text"} == set(Ask)


@pytest.mark.parametrize("name", sorted(ours()))
def test_sources_are_ascii_and_know_no_path(name: str) -> None:
    assert text_faults(ours()[name]) == []


@pytest.mark.parametrize(
    "text", ["' 校验", 'x = "C:\\Users\\me"', 'x = "/root/x"', "x = 1 + " + "1 + " * 300]
)
def test_the_check_of_sources_can_fail(text: str) -> None:
    assert text_faults(text)


def test_no_path_in_xlwings_module_either() -> None:
    """It names folders of a Mac and of a log file; none is of this machine."""
    module = macros().modules["xlwings"]
    assert "Copyright (C) 2014-present, Zoomer Analytics LLC." in module
    assert set(re.findall(r"[^\x00-\x7f]", module)) == set()
    assert not re.search(r"/(root|home|tmp/(?!xlwings\.log))", module)


def parses(source: str) -> bool:
    try:
        parse_module(source.replace("WithEvents ", ""), name="m")
    except VBACompileError:
        return False
    return True


@pytest.mark.parametrize("name", sorted(ours()))
def test_sources_are_vba(name: str) -> None:
    assert parses(ours()[name])
    assert not parses(ours()[name].replace("End Sub", "End Sup").replace("End Function", "End Fun"))


def test_every_function_has_a_wrapper_with_its_arguments() -> None:
    for one in FUNCTIONS.values():
        found = re.search(rf"^Public Function {one.name}\((.*)\) As Variant$", vba.wrappers(), re.MULTILINE)
        assert found
        given = found[1].split(", ")
        assert given == [f"{'Optional ' if a.optional else ''}{a.name} As Variant" for a in one.arguments]
        assert [a.optional for a in one.arguments] == sorted(a.optional for a in one.arguments)


def lengths(rows: list[list[str | None]]) -> list[int]:
    return [len(cell or "") for row in rows for cell in row]


def test_help_fits_the_function_dialog() -> None:
    rows = vba.settings_rows()
    assert max(lengths(rows)) <= vba.MOST
    assert {row[4] for row in rows if row[3] == "function"} == set(FUNCTIONS)
    assert all(row[5] for row in rows)


def test_settings_leave_the_place_of_python_to_the_user() -> None:
    """What stands in the sheet wins over the files beside the workbook and in the user's folder."""
    assert dict(vba.SETTINGS).keys() == {"UDF MODULES", "ADD_WORKBOOK_TO_PYTHONPATH"}
    rows = vba.settings_rows()
    assert [(row[0], row[1]) for row in rows[: len(vba.SETTINGS)]] == list(vba.SETTINGS)
    assert rows[len(vba.SETTINGS)][0] is None  # where xlwings stops to read


def test_vba_looks_for_the_mark_where_it_stands() -> None:
    cell, mark = re.findall(r'Private Const MARK\w* As String = "(\w+)"', ours()["XlbCore.bas"])
    assert (cell, mark) == ("C1", vba.MARK)
    assert [row[2] for row in vba.settings_rows()][:2] == [vba.MARK, None]


def test_texts_that_vba_asks_for_are_there() -> None:
    asked = set(re.findall(r'XlbText\("(\w+)"\)', ours()["XlbCore.bas"]))
    assert asked == set(vba.TEXTS)


@pytest.mark.parametrize("made", [vba.callbacks, vba.wrappers])
def test_modules_say_where_they_come_from(made: Callable[[], str]) -> None:
    assert "Do not edit" in made()
