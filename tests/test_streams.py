"""Whoever does not read on is no finding; what people typed does not steer the terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import files
from tests.files import PROJECTS, label
from tests.test_files import Shell, plain_exports, shell  # noqa: F401  (fixtures)
from xlbudget import cli
from xlbudget.domain.visible import visible
from xlbudget.files.writing import file_name


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--json"), ("run",), ("explain", "--json"), ("audit",)]
)
def test_a_pipe_that_nobody_reads(sample: Path, arguments: tuple[str, ...], unbuffered: str) -> None:
    """Not 1, which would be findings, not 3, which would be our fault; and what was to be written is written."""
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "xlbudget", arguments[0], sample.name, *arguments[1:]]
    if arguments[0] == "audit":
        (sample.parent / "a.txt").write_text("年初预算项目3个。", encoding="utf-8")
        command[4] = "a.txt"
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(
        command, stdout=writes, stderr=subprocess.PIPE, cwd=sample.parent, env=environment, check=False
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (cli.NOBODY_READS, b"")
    assert (sample.parent / "样例-监控结果.xlsx").exists() == (arguments[0] == "run")


def test_messages_that_nobody_reads(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "xlbudget", "check", "没有.xlsx"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=writes, cwd=tmp_path, check=False)
    os.close(writes)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_an_output_that_is_full(sample: Path) -> None:
    command = [sys.executable, "-m", "xlbudget", "check", sample.name, "--json"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, cwd=sample.parent, check=False, encoding="utf-8"
        )
    assert done.returncode == 2
    assert done.stderr.startswith("结果显示不出来：磁盘满了。")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("项目", "项目"),
        ("甲\u3000乙\u00a0丙", "甲\u3000乙\u00a0丙"),
        ("\u202egnp.exe", "gnp.exe"),
        ("甲\u2066乙\u2069", "甲乙"),
        ("\x1b[2J\x1b]0;x\x07", "[2J]0;x"),
        ("\x9b31m红", "31m红"),
        ("甲\u200b\u200d\ufeff\u2060乙", "甲乙"),
        ("甲\t乙\u2028丙\u0085丁", "甲 乙 丙 丁"),
        ("两\n行", "两\n行"),
        ("甲\ud800乙\x00", "甲乙"),
        ("\u3164\u115f名", "名"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("🙂é", "🙂é"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("001 报告\u202exslx", "001 报告xslx"),
        ("甲\u200b乙\x9b\x07丙", "甲乙丙"),
        ("甲\n乙/丙", "甲_乙_丙"),
        ("\u2066\u2069", "_"),
    ],
)
def test_names_of_files_are_what_they_seem(title: str, name: str) -> None:
    assert file_name(title) == name


@pytest.mark.usefixtures("plain_exports")
def test_what_was_typed_does_not_steer_the_terminal(shell: Shell) -> None:  # noqa: F811
    """In findings, results and explanations, in the names of forms; in JSON it stands as its number."""

    def change(book: object) -> None:
        sheet = book[PROJECTS]  # type: ignore[index]
        head = label(sheet, "项目名称")
        sheet.cell(head.row + 1, head.column).value = "a\u202eb\u2028\u200bc"
        label(sheet, "累计支出").offset(1, 0).value = "五\u202e万\u0085多"

    shell.put("a.xlsx", files.edited(change))
    bad = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
    for arguments in (("check",), ("run", "--forms", "f"), ("explain",), ("check", "--json")):
        result = shell(arguments[0], "a.xlsx", *arguments[1:])
        assert result.code == 1
        assert not bad.search(result.out + result.err)
        assert "ab c" in result.out or arguments[0] == "check"
    names = [path.name for path in (shell.folder / "f").iterdir()]
    assert len(names) == 4
    assert not any(bad.search(name) for name in names)
    value = json.loads(result.out)
    assert visible(value["projects"][0]["name"]) == "ab c"
    assert not any(bad.search(one["message"] + one["remedy"]) for one in value["findings"])


def test_a_name_that_turns_around_is_told_as_it_is_spelt(shell: Shell) -> None:  # noqa: F811
    result = shell("check", "没有\u202exslx.x")
    assert result.code == 2
    assert "没有xslx.x" in result.err


LOCKS = {"Excel": "~${}", "WPS": ".~{}", "LibreOffice": ".~lock.{}#"}


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--json"), ("run",), ("run", "--json"), ("explain",)]
)
def test_a_workbook_that_is_open_elsewhere(shell: Shell, lock: str, arguments: tuple[str, ...]) -> None:  # noqa: F811
    """Said on stderr; the result is the same, to the byte in JSON."""
    shell.put("甲.xlsx")
    plain = shell(arguments[0], "甲.xlsx", *arguments[1:])
    assert plain.err == ""
    name = lock.format("甲.xlsx")
    (shell.folder / name).touch()
    locked = shell(arguments[0], "甲.xlsx", *arguments[1:])
    assert (locked.code, locked.out) == (plain.code, plain.out)
    for words in ("“甲.xlsx”", f"“{name}”", "没有保存的改动不在结果里"):
        assert words in locked.err


def test_locks_of_other_workbooks_say_nothing(shell: Shell) -> None:  # noqa: F811
    shell.put("甲.xlsx")
    for lock in LOCKS.values():
        (shell.folder / lock.format("乙.xlsx")).touch()
    assert shell("check", "甲.xlsx").err == ""
