"""Generated pages are fresh, and the README's commands are those of CI."""

from __future__ import annotations

from pathlib import Path

from xlbudget.rules.reference import rule_reference

ROOT = Path(__file__).parent.parent


def test_rule_reference_is_fresh() -> None:
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == rule_reference()


def test_ci_runs_the_readme_commands() -> None:
    readme, ci = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".ci" / "run").read_text("utf-8")
    for command in ("pip install uv && uv run pytest", "uv run xlbudget demo"):
        assert command in readme
        assert command in ci
