"""Generated pages are fresh, pictures are there, and the commands of the README and the manual do what they say."""

from __future__ import annotations

import itertools
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from xlbudget.audit.reference import check_reference
from xlbudget.functions.reference import function_reference
from xlbudget.profiles.reference import with_table
from xlbudget.rules.reference import rule_reference

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("page", "made"),
    [("rules.md", rule_reference), ("functions.md", function_reference), ("checks.md", check_reference)],
)
def test_references_are_fresh(page: str, made: Callable[[], str]) -> None:
    assert (ROOT / "docs" / page).read_text("utf-8") == made()


def test_the_table_of_profiles_is_fresh() -> None:
    page = (ROOT / "docs" / "profiles.md").read_text("utf-8")
    assert with_table(page) == page
    assert with_table(page.replace("河北县级", "河北")) == page


def test_ci_runs_the_readme_commands() -> None:
    readme, ci = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".ci" / "run").read_text("utf-8")
    for command in ("pip install uv && uv run pytest", "uv run xlbudget demo"):
        assert command in readme
        assert command in ci


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "README.zh-CN.md",
        "docs/rules.md",
        "docs/profiles.md",
        "docs/functions.md",
        "docs/audit.md",
        "docs/excel.md",
        "docs/excel.zh-CN.md",
        "docs/findings.md",
    ],
)
def test_every_picture_and_page_that_is_named_is_there(page: str) -> None:
    path = ROOT / page
    named = re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8"))
    assert [one for one in named if "://" not in one and not (path.parent / one).exists()] == []


def test_every_picture_is_a_sheet_or_page_of_ours() -> None:
    """docs/make_pictures.py makes them all; one that is left over was renamed."""
    kinds = {one.name.rpartition("-")[0] for one in (ROOT / "docs" / "pictures").glob("*.png")}
    made = (ROOT / "docs" / "make_pictures.py").read_text("utf-8")
    assert len(kinds) >= 14
    assert [one for one in kinds if f'"{one.removeprefix("before-")}"' not in made] == []


def test_every_finding_is_told_and_says_what_it_is() -> None:
    """The scripts are not run here: they install what they speak of."""
    page = (ROOT / "docs" / "findings.md").read_text("utf-8")
    scripts = sorted((ROOT / "findings").glob("*.sh"))
    assert sorted(re.findall(r"\]\(\.\./findings/(\w+\.sh)\)", page)) == [one.name for one in scripts]
    for script in scripts:
        lines = script.read_text("utf-8").split("\n")
        comments = list(itertools.takewhile(lambda line: line.startswith("# "), lines[1:]))
        heads = [line.split()[1] for line in comments if not line.startswith("#   ")]
        assert (lines[0], heads) == ("#!/usr/bin/env bash", ["Believed:", "True:", "Versions:", "Source:"]), (
            script.name
        )
        assert re.search(r"20\d\d-\d\d-\d\d", " ".join(comments)), f"{script.name} has no date"


def steps_apart(developers: str, people: str) -> set[str]:
    """Steps that only one of two texts has: the list of what only Excel can tell, and the steps that people are to make."""
    named = {
        number
        for found in re.findall(r"\((?:S[^)]*?, )?steps? ([\d, ]+)", developers)
        for number in found.replace(" ", "").strip(",").split(",")
    }
    return named ^ set(re.findall(r"^\| (\d+) \|", people, re.MULTILINE))


def test_what_only_excel_can_tell_is_tried_by_steps() -> None:
    developers, people = (
        (ROOT / "docs" / name).read_text("utf-8") for name in ("excel.md", "excel.zh-CN.md")
    )
    assert steps_apart(developers, people) == set()
    assert steps_apart(developers.replace("(steps 16, 17, 19)", ""), people) == {"16", "17", "19"}
    assert steps_apart(developers, people.replace("| 10 |", "")) == {"10"}


def test_the_manual_can_be_followed(tmp_path: Path, sample_bytes: bytes) -> None:
    """Its commands in their order, with the sample where a person would fill in the workbook."""
    manual = (ROOT / "README.zh-CN.md").read_text("utf-8")
    commands = re.findall(r"^    xlbudget (.+)$", manual, re.MULTILINE)
    commands += re.findall(r"`xlbudget (run .+?)`", manual)
    assert len(commands) >= 5
    for command in commands:
        words = [sys.executable, "-m", "xlbudget", *shlex.split(command)]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        if command.startswith("new"):
            (tmp_path / "监控.xlsx").write_bytes(sample_bytes)
        if "explain" in command:
            assert "累计支出 0.38 万元 ÷ 调整后预算 1.5 万元 × 100 = 25.33" in done.stdout
    made = {one.name for one in tmp_path.iterdir()}
    assert made == {
        "监控.xlsx",
        "监控-监控结果.xlsx",
        "监控-备份.xlsx",
        "监控-监控报告.docx",
        "监控-监控报告.pdf",
        "核对.docx",
    }
