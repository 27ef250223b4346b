"""Formulas in input cells that look at what is computed: read again until nothing changes, or named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlbudget import app
from xlbudget.domain.money import percent
from xlbudget.domain.where import row_and_column
from xlbudget.hosts import Host
from xlbudget.hosts.package import Package


def with_formulas(sample: Path, formulas: dict[str, tuple[str, int]]) -> Path:
    """The sample with formulas and their old results in cells of 项目."""
    host = Package(sample)
    for cell, (formula, result) in formulas.items():
        host.sheet("项目").set_formula(*row_and_column(cell), formula, result)
    host.parts.touch(host.workbook.sheets()["项目"])
    sample.write_bytes(host.save())
    return sample


def run(source: Path, out: Path) -> tuple[app.Opened, Any]:
    opened, _ = app.run(source, app.Destinations(out))
    return opened, openpyxl.load_workbook(out, data_only=True)["项目"]


def test_an_input_that_follows_a_result_counts_in_the_same_run(sample: Path, tmp_path: Path) -> None:
    """Spending planned for the year as twice the share that was spent: 25.33 % of 1.5 is 0.76."""
    source = with_formulas(sample, {"L9": ("ROUND(S9*2*I9/100,2)", 9)})
    opened, sheet = run(source, tmp_path / "o.xlsx")
    assert sheet["L9"].value == 0.76
    (project,) = [one for one in opened.case.results if one.project.id == "004"]
    assert percent(project.forecast_execution_rate) == Decimal("50.67")
    assert [one for one in opened.findings if one.code == "CEL015"] == []
    run(tmp_path / "o.xlsx", tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "o.xlsx").read_bytes()


def test_an_input_that_is_computed_from_itself_is_named(sample: Path, tmp_path: Path) -> None:
    source = with_formulas(sample, {"K9": ("S9*I9/100+0.01", 0)})
    opened, _ = run(source, tmp_path / "o.xlsx")
    told = [one for one in opened.findings if one.code == "CEL015"]
    assert [str(one.where) for one in told] == ["项目!K9"]
    assert told[0].remedy == "请直接填写数字，不要引用计算列。"


def test_other_formulas_cost_no_second_reading(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Host] = []
    opened = app.open_host

    def counted(host: Host, *rest: Any, **more: Any) -> app.Opened:
        read.append(host)
        return opened(host, *rest, **more)

    for module in ("running", "filling"):
        monkeypatch.setattr(f"xlbudget.app.{module}.open_host", counted)
    source = with_formulas(sample, {"Z9": ("S9*2", 0), "L9": ("1+0.5", 1)})
    _, sheet = run(source, tmp_path / "o.xlsx")
    assert sheet["Z9"].value == 50.66
    assert len(read) == 1
