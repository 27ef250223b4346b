"""The command line speaks Chinese: help of every command, and what is said of one that was typed wrongly."""

from __future__ import annotations

import re
from typing import Any

import pytest

from xlbudget.cli import command_line
from xlbudget.usage import usage_error

COMMAND = command_line()


def helps(command: Any, *path: str) -> list[tuple[str, ...]]:
    """The names of all commands, as they are typed."""
    below = [helps(one, *path, name) for name, one in getattr(command, "commands", {}).items()]
    return [path, *(one for group in below for one in group)]


@pytest.mark.parametrize("path", helps(COMMAND), ids=" ".join)
@pytest.mark.parametrize("name", ["-h", "--help"])
def test_help_has_no_english_words(
    path: tuple[str, ...], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    COMMAND([*path, name], prog_name="xlbudget", standalone_mode=False)
    shown = capsys.readouterr().out
    words = set(re.findall(r"(?<![-\w.])[A-Za-z]{3,}(?![-\w])", shown))
    commands = {one for each in helps(COMMAND) for one in each}
    assert words - commands <= KNOWN
    assert shown.startswith(f"用法：{' '.join(('xlbudget', *path))}")
    assert "选项：" in shown


KNOWN = {"xlbudget", "xlsx", "xlsm", "xlam", "Word", "PDF", "Excel", "JSON", "Python", "FILE", "DIR", "OUT", "DOC", "PROJECT",
         "NAME", "ZIP", "embeddable", "package", "wheel", "pip", "toml", "zip"}  # fmt: skip
"""File types, programs, and placeholders that SPEC gives."""

WRONG = [
    ("chek x", "没有“chek”这个命令。是不是 xlbudget check？用法见：xlbudget --help"),
    ("zzz", "没有“zzz”这个命令。用法见：xlbudget --help"),
    ("addin instal", "没有“instal”这个命令。是不是 xlbudget addin install？用法见：xlbudget addin --help"),
    ("check --jsno x", "没有 --jsno 这个选项。是不是 --json？用法见：xlbudget check --help"),
    ("check", "缺少 FILE。用法见：xlbudget check --help"),
    ("check a b", "多写了参数：b。用法见：xlbudget check --help"),
    ("run x --docx", "选项 --docx 后面要跟一个值，或者用法不对。用法见：xlbudget --help"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG, ids=[one for one, _ in WRONG])
def test_wrong_commands(typed: str, said: str) -> None:
    with pytest.raises(Exception, match=r"\S") as told:
        COMMAND(typed.split(), prog_name="xlbudget", standalone_mode=False)
    assert usage_error(told.value) == said
