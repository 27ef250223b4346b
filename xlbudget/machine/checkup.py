"""What a check of the doctor is: who is examined, what is found, and the decorator that registers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from xlbudget.domain.registry import declare
from xlbudget.machine.install import Build
from xlbudget.machine.windows import Machine


class State(StrEnum):
    """How a check ended. STOP: nothing works until that is mended; NOTE: it works, but should be known."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"
    STOP = "stop"
    UNCHECKED = "unchecked"

    @property
    def label(self) -> str:
        return {"good": "好", "note": "注意", "bad": "不行", "stop": "不行", "unchecked": "未检查"}[self]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found, and what to do about it."""

    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: the machine, the packages of this Python, and how the add-in is built."""

    machine: Machine
    build: Build
    built_with: Callable[[bytes], str | None]
    """The xlwings version whose VBA is in a built file."""
    version_of: Callable[[str], str | None]
    """The version of an installed package."""
    requirements: Callable[[], Sequence[str]]
    """What xlbudget needs, as its metadata say."""
    gen_py: Callable[[], Path | None]
    """Where pywin32 keeps generated code; None without pywin32."""
    font_note: Callable[[], str | None]
    """Which fonts are missing; None when all are there."""
    workbook: Path | None = None
    """A workbook that somebody has trouble with."""


Check = Callable[[Patient], Found | None]
"""None when there is nothing to check."""
CHECKS: dict[str, tuple[bool, Check]] = {}
"""Name → whether it is for Windows alone, and the check, in the order in which they are shown."""


def check(name: str, *, windows: bool = True) -> Callable[[Check], Check]:
    """Register a check under its Chinese name."""

    def register(function: Check) -> Check:
        declare(CHECKS, name, (windows, function))
        return function

    return register


def good(found: str) -> Found:
    return Found(State.GOOD, found)
