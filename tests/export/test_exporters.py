"""Every kind of file that a report is written as: on the command line, as a button, and as bytes that stay the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from xlbudget import app
from xlbudget.addin.ribbon import ACTIONS
from xlbudget.cli import cli
from xlbudget.export.exporters import EXPORTERS, Exporter
from xlbudget.report.document import Document
from xlbudget.vba.buttons import BUTTONS


@pytest.fixture(scope="module")
def report(sample_bytes: bytes) -> Document:
    return app.open_workbook(Path("样例.xlsx"), sample_bytes).report


@pytest.mark.parametrize("one", EXPORTERS.values(), ids=list(EXPORTERS))
def test_it_renders_the_same_bytes(one: Exporter, report: Document) -> None:
    assert one.render(report) == one.render(report) != b""


@pytest.mark.parametrize("one", EXPORTERS.values(), ids=list(EXPORTERS))
def test_it_has_an_option_and_a_button(one: Exporter) -> None:
    run = typer.main.get_command(cli).commands["run"]  # type: ignore[attr-defined]
    (option,) = (option for option in run.params if option.name == one.option)
    assert (option.opts, option.required) == ([f"--{one.option}"], False)
    assert one.title in option.help
    assert BUTTONS[one.button].label == f"导出 {one.title}"
    assert one.button in ACTIONS


def test_a_path_of_another_kind_is_refused(sample: Path, tmp_path: Path) -> None:
    for suffix in EXPORTERS:
        to = app.Destinations(tmp_path / "b.xlsx", {suffix: tmp_path / "r.odt"})
        with pytest.raises(app.CannotGoOn, match=f"“r.odt”的扩展名应为 {suffix}"):
            app.run(sample, to)
