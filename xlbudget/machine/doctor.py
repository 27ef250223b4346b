"""The doctor: each thing that can be wrong between Excel and Python, what was found, and what to do.

A check is one function with the decorator `check`; its cases stand in tests/machine/test_doctor.py.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from xlbudget import __version__
from xlbudget.machine import checks_excel, checks_python
from xlbudget.machine.checkup import CHECKS, Check, Found, Patient, State
from xlbudget.machine.windows import this_machine

ROOMS = (checks_python, checks_excel)
"""Where checks are registered, by being imported."""


@dataclass(frozen=True, slots=True)
class Result:
    """A check with its outcome."""

    name: str
    state: State
    found: str
    remedy: str


def examine(patient: Patient) -> list[Result]:
    """Make all checks. One that fails itself is told as such, and the others go on."""
    results = []
    for name, (windows, function) in CHECKS.items():
        if windows and patient.machine.windows is None:
            found: Found | None = Found(State.UNCHECKED, "只在 Windows 上检查")
        else:
            found = _made(function, patient)
        if found:
            results.append(Result(name, found.state, found.found, found.remedy))
    return results


def _made(function: Check, patient: Patient) -> Found | None:
    try:
        return function(patient)
    except Exception as error:
        text = f"这一项检查时程序出错（{type(error).__name__}：{error}）"
        return Found(State.UNCHECKED, text, "这不是您的问题，请把这份诊断发给维护人员。")


def exit_code(results: Sequence[Result]) -> int:
    """0 all fine, 1 something to repair, 2 cannot go on."""
    states = {one.state for one in results}
    return 2 if State.STOP in states else 1 if State.BAD in states else 0


def text(results: Sequence[Result]) -> str:
    """The results as Chinese text: a block a check, a line that counts, a line that says what to do first."""
    lines = [f"xlbudget 诊断（版本 {__version__}）"]
    for one in results:
        lines.append(f"[{one.state.label}] {one.name}：{one.found}")
        if one.remedy:
            lines.append(f"    怎么办：{one.remedy}")
    tally = Counter(one.state.label for one in results)
    lines.append(
        f"共 {len(results)} 项：" + "，".join(f"{label} {count}" for label, count in tally.items()) + "。"
    )
    wrong = sorted((one for one in results if one.state in _WRONG), key=lambda one: _WRONG.index(one.state))
    lines.append(f"请先处理：{wrong[0].name}。" if wrong else _fine(results))
    return "\n".join(lines)


_WRONG = (State.STOP, State.BAD)


def _fine(results: Sequence[Result]) -> str:
    if any(one.state is State.UNCHECKED for one in results):
        return "检查过的都可以用；没有检查的，上面逐项写明了。"
    return "没有发现妨碍使用的问题。"


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    """For other programs."""
    items = [
        {"name": one.name, "state": one.state, "found": one.found, "remedy": one.remedy} for one in results
    ]
    return {"version": __version__, "checks": items, "exit_code": exit_code(results)}


# -- this machine --------------------------------------------------------------------------------------


def this_patient(workbook: Path | None = None) -> Patient:
    from xlbudget.export.typesetting import font_note
    from xlbudget.machine.build import build, built_with

    return Patient(
        this_machine(), build, built_with, _version_of, _requirements, _gen_py, font_note, workbook
    )


def report(workbook: Path | None = None) -> str:
    """The text that the ribbon's button 诊断 shows, perhaps with a look at a workbook."""
    return text(examine(this_patient(workbook)))


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _requirements() -> Sequence[str]:
    return metadata.requires("xlbudget") or ()


def _gen_py() -> Path | None:
    try:
        module: Any = importlib.import_module("win32com")
    except ImportError:
        return None
    return Path(module.__gen_path__)
