"""xlwings' own VBA module as it goes into a workbook: what starts its server, and nothing that a cell could call.

It is taken from the installed package, whose DLLs are of the same version, cut to what we use and closed. Its licence
(BSD-3) allows that as long as its text stays, which it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from xlbudget.domain.told import Told

ENTRY = "XLPy"
"""The one procedure that our modules call: it gives the object of xlwings' server."""
KEPT = frozenset({
    ENTRY, "XLPyLoadDLL", "XLPyCommand", "GetConfig", "GetConfigFromSheet", "GetConfigFromFile", "GetConfigFilePath",
    "GetDirectoryConfigFilePath", "GetDirectoryPath", "GetDirectory", "GetFullName", "ParentFolder", "FileExists",
    "FileExistsOnWindows", "SheetExists", "ExpandEnvironmentStrings", "WScript",
})  # fmt: skip
"""What that needs on Windows, read and known: it reads settings, and starts Python. The rest runs programs and writes files."""
_CONDITIONS = {"Mac": False, "Not Mac": True, "VBA7": True, 'App = "Microsoft Excel"': True}
"""Conditions of compilation that are the same wherever our files run; Excel has had VBA 7 since 2010."""
_OTHER_PROGRAM = re.compile(r'App = "Microsoft (Word|Access|PowerPoint)"')
_PROCEDURE = re.compile(r"^(?:Public |Private )?(Function|Sub) (\w+).*?^End \1$\n?", re.MULTILINE | re.DOTALL)
_DECLARE = re.compile(r"^ *(?:Public |Private )?(Declare PtrSafe Function (\w+).*)$", re.MULTILINE)
_CONSTANT = re.compile(r"^( *)(?:Public |Private )?(Const )", re.MULTILINE)
_EDITS = {
    # Without a sheet this is a range of the sheet in front, which a chart sheet does not have.
    "For Each cell In Range(": "For Each cell In sht.Range(",
    # Cells may name what is public; they cannot set what this asks.
    f"Function {ENTRY}()\n": f"Function {ENTRY}()\n    If Not XlbAsking Then Exit Function ' asked by a cell\n",
}
"""Changes of the text, each at exactly one place."""
_NOTE = "'Shortened and changed by xlbudget: only what starts the server is here, and no cell can call it.\n"


class OtherXlwings(Told):
    """The installed xlwings has a VBA module that we have not read."""


def installed() -> str:
    """xlwings' module as the installed package brings it."""
    found = find_spec("xlwings")  # without importing it, which takes half a second
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("xlwings.bas").read_text("ascii")


def version(module: str) -> str:
    """The xlwings version that a text of its module is of; empty where it names none."""
    found = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', module)
    return found[1] if found else ""


def closed(module: str) -> str:
    """The module cut to what we use, everything but its entry private. Raises OtherXlwings where it is not as known."""
    text = "".join(_compiled(module.splitlines(keepends=True)))
    procedures = {found[2]: found[0] for found in _PROCEDURE.finditer(text)}
    needed = _needed(ENTRY, procedures)
    if version(module) != metadata.version("xlwings") or needed != KEPT:
        raise _refusal(sorted(needed ^ KEPT))
    for name in procedures.keys() - KEPT:
        text = text.replace(procedures[name], "")
    for old, new in _EDITS.items():
        if text.count(old) != 1:
            raise _refusal([old.strip()])
        text = text.replace(old, new)
    text = _PROCEDURE.sub(lambda found: _scoped(found[0], found[2]), text)
    text = _DECLARE.sub(lambda found: f"Private {found[1]}" if _names(text, found[2]) else "", text)
    return _tidy(_CONSTANT.sub(r"\1Private \2", text))


def _refusal(differences: list[str]) -> OtherXlwings:
    told = f"（{'、'.join(differences)}）" if differences else ""
    return OtherXlwings(
        f"装着的 xlwings {metadata.version('xlwings')} 带的宏和 xlbudget 认得的不一样{told}，没有放进工作簿。"
        "请重新安装 xlbudget，不要单独升级 xlwings。"
    )


def _compiled(lines: list[str]) -> Iterator[str]:
    """What compilation leaves where our files run. Conditions that are not known there stay, with their branches."""
    taken: list[bool | None] = []
    """For each #If that is open whether its present branch is taken; None where that is not known."""
    done: list[bool] = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "#If":
            taken.append(_holds(rest))
            done.append(False)
        elif word in ("#ElseIf", "#Else") and taken[-1] is not None:
            done[-1] = done[-1] or taken[-1]
            taken[-1] = not done[-1] and (word == "#Else" or _holds(rest) is True)
        stays = not word.startswith("#") or (bool(taken) and taken[-1] is None)
        if stays and False not in taken:
            yield line
        if word == "#End":
            taken.pop()
            done.pop()


def _holds(condition: str) -> bool | None:
    condition = condition.partition(" Then")[0].strip()
    return False if _OTHER_PROGRAM.fullmatch(condition) else _CONDITIONS.get(condition)


def _names(text: str, name: str) -> bool:
    """Whether a text names something outside of declarations."""
    return re.search(rf"\b{name}\b", _DECLARE.sub("", text)) is not None


def _needed(entry: str, procedures: Mapping[str, str]) -> set[str]:
    """A procedure and all that it calls."""
    needed, ahead = set(), [entry]
    while ahead:
        name = ahead.pop()
        if name in needed or name not in procedures:
            continue
        needed.add(name)
        code = re.sub(r'"[^"\n]*"|\'[^\n]*', "", procedures[name])
        ahead += procedures.keys() & set(re.findall(r"\w+", code))
    return needed


def _scoped(procedure: str, name: str) -> str:
    scope = "Public" if name == ENTRY else "Private"
    return re.sub(r"^(Public |Private )?", f"{scope} ", procedure, count=1)


def _tidy(text: str) -> str:
    """With our note and options under the name, and without the gaps that the cut left."""
    name, _, rest = text.partition("\n")
    return re.sub(r"\n{3,}", "\n\n", f"{name}\nOption Private Module\n{_NOTE}{rest}")
