"""The recipes of docs/adding.md, followed in a copy of the project: what they say is done, and the tests that they name are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "adding.md"
_STEP = re.compile(
    r"(?:[Nn]ew\s+file\s+`(?P<new>[^`]+)`"
    r"|[Aa]t the end of\s+`(?P<end>[^`]+)`"
    r"|[Bb]elow\s+`(?P<line>[^`]+)`\s+in\s+`(?P<below>[^`]+)`"
    r"|In\s+`(?P<file>[^`]+)`,\s+`(?P<old>[^`]+)`\s+becomes)[^:`]*:\n\n```\w*\n(?P<code>.*?)```\n",
    re.DOTALL,
)
_TESTS = re.compile(r"^Tests: (.+)\.$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a section of the page has one do, and the tests that it names."""

    title: str
    steps: tuple[re.Match[str], ...]
    tests: tuple[str, ...]


def recipes() -> list[Recipe]:
    found = []
    for section in re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        named = tuple(re.findall("`([^`]+)`", " ".join(_TESTS.findall(section))))
        found.append(Recipe(section.partition("\n")[0], tuple(_STEP.finditer(section)), named))
    return found


def follow(step: re.Match[str], project: Path) -> None:
    """Do what a step says. Fails where a line or a file is not there (or already there)."""
    code = step["code"]
    path = project / (step["new"] or step["end"] or step["below"] or step["file"])
    text = path.read_text("utf-8") if not step["new"] else ""
    if step["new"]:
        assert not path.exists(), path
        text = code
    elif step["end"]:
        text = f"{text.rstrip()}\n\n\n{code}" if path.suffix == ".py" else f"{text.rstrip()}\n{code}"
    else:
        old = step["line"] or step["old"]
        lines = [
            one for one in text.splitlines() if one == old or (step["file"] and one.strip() == old.strip())
        ]
        assert len(lines) == 1, f"{old!r} is not one line of {path.name}"
        text = text.replace(f"{lines[0]}\n", f"{lines[0]}\n{code}" if step["line"] else code, 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project."""
    project = tmp_path_factory.mktemp("copy")
    for name in ("xlbudget", "tests", "docs", "vba", "workbook", "benchmarks"):
        shutil.copytree(
            ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "corpus", "pictures")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project / name)
    return project


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    here = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, env=here, capture_output=True, text=True, check=False
    )


def suite(project: Path, *named: str) -> subprocess.CompletedProcess[str]:
    return run(project, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not office", *named)


def test_every_recipe_has_steps_and_tests() -> None:
    titles = {one.title: (len(one.steps), len(one.tests)) for one in recipes()}
    assert all(steps and named for steps, named in titles.values()), titles
    fences = PAGE.read_text("utf-8").count("\n```") // 2
    assert sum(len(one.steps) for one in recipes()) == fences - 1, (
        "a step is not understood, or a piece of code is no step"
    )


def test_the_recipes_work(copy: Path) -> None:
    """All of them, one after the other; a rule without its cases is noticed on the way."""
    named: dict[str, None] = {}
    for recipe in recipes():
        for step in recipe.steps:
            follow(step, copy)
            if step["end"] == "xlbudget/rules/families/funds.py":
                done = suite(copy, "tests/rules/test_cases.py", "-k", "failing_and_a_passing")
                assert done.returncode == 1, done.stdout
        named |= dict.fromkeys(recipe.tests)
    made = run(copy, "docs/make_references.py")
    assert made.returncode == 0, made.stderr
    for wanted in (("check",), ("format", "--check")):
        checked = run(copy, "-m", "ruff", *wanted, "xlbudget", "tests")
        assert checked.returncode == 0, checked.stdout
    done = suite(copy, *named)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "FND090" in (copy / "docs" / "rules.md").read_text("utf-8")
    assert "AMOUNT_YUAN" in (copy / "vba" / "XlbFunctions.bas").read_text("ascii")
