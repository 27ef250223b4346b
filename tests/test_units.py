"""Seven units, tidily and messily filled in: every figure of `check` is the oracle's on what was meant."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import oracle
from tests.facts import computed, differences, expected, figures
from tests.units import COUNTIES, County, FilledUnit, Typist, header_name, header_row, unit_of, write
from xlbudget import app, results

PROFILE = "county-test"
VARIANTS = {"clean": (0.0, False), "messy": (0.4, False), "moved": (0.4, True)}
SAME_NAME = (
    "execution_rate", "achievement", "forecast", "forecast_execution_rate", "forecast_flag", "indicator_light",
    "budget_light", "light", "band", "basis",
)  # fmt: skip

counties = pytest.mark.parametrize("county", COUNTIES, ids=lambda county: county.name)
variants = pytest.mark.parametrize("variant", VARIANTS)


def filled(folder: Path, county: County, variant: str) -> tuple[Path, FilledUnit, int]:
    """A workbook of the unit, with the shipped profile under the county's method beside it; odd cells."""
    shipped = resources.files("xlbudget.profiles").joinpath("hebei-county.toml").read_text("utf-8")
    own = shipped.replace('id = "hebei-county"', f'id = "{PROFILE}"')
    own = own.replace('method = "equal_mean"', f'method = "{county.method}"')
    (folder / "own.toml").write_text(own, encoding="utf-8")
    content, odd = _typed(county, variant)
    path = folder / f"{county.name}.xlsx"
    path.write_bytes(content)
    return path, unit_of(county), odd


@cache
def _typed(county: County, variant: str) -> tuple[bytes, int]:
    """The workbook's bytes, and how many of its cells were typed in odd ways."""
    share, moved = VARIANTS[variant]
    typist = Typist(county, share)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlsx"
        write(path, unit_of(county), PROFILE, typist, moved=moved)
        return path.read_bytes(), typist.odd


def _wan(yuan: Fraction | None) -> Fraction | None:
    return None if yuan is None else yuan / 10_000


def wanted_json(unit: FilledUnit) -> dict[str, Any]:
    """The figures that `check --json` has to print, from the oracle."""
    wanted = expected(unit.facts, unit.county.method)
    rows = zip(unit.projects, wanted["rows"], strict=True)
    projects = [_wanted_row(project.fact.id, project.name, unit.county, row) for project, row in rows]
    for row, project in zip(projects, unit.projects, strict=True):
        row |= {"batch": project.fact.batch, "month": project.fact.month}
    totals = wanted["totals"]
    money = {"budget_wan": _wan(totals.pop("budget")), "spent_wan": _wan(totals.pop("spent"))}
    classes = wanted["forecast"].items()
    return {
        "projects": projects,
        "totals": totals | money,
        "bands": wanted["bands"],
        "forecast": {
            flag: {"projects": one["projects"], "amount_wan": _wan(one["amount"])} for flag, one in classes
        },
    }


def _wanted_row(number: str, name: str, county: County, row: oracle.Record) -> dict[str, Any]:
    about = {"id": number, "name": name, "department": county.name}
    money = {"budget_wan": _wan(row["budget"]), "spent_wan": _wan(row["spent"])}
    return about | money | {key: row[key] for key in SAME_NAME}


def parsed(text: str) -> dict[str, Any]:
    """JSON with its numbers as written."""
    value: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return value


def printed(path: Path) -> dict[str, Any]:
    opened = app.open_workbook(path, strict=True)
    return parsed(results.dumps(results.of_run(opened.case, opened.findings, [])))


def json_differences(found: dict[str, Any], unit: FilledUnit) -> list[str]:
    wanted = wanted_json(unit)
    return differences({key: found[key] for key in wanted}, wanted)


@variants
@counties
def test_figures_are_the_oracles(tmp_path: Path, county: County, variant: str) -> None:
    path, unit, _ = filled(tmp_path, county, variant)
    found = printed(path)
    assert [one for one in found["findings"] if one["severity"] == "ERROR"] == []
    assert json_differences(found, unit) == []
    assert found["unit"]["cutoff_month"] == county.month


@variants
@counties
def test_indicators_are_the_oracles(tmp_path: Path, county: County, variant: str) -> None:
    path, unit, _ = filled(tmp_path, county, variant)
    case = app.open_workbook(path, strict=True).case
    assert differences(computed(case), expected(unit.facts, county.method)) == []


@counties
def test_what_was_tidy_is_not_called_interpreted(tmp_path: Path, county: County) -> None:
    path, _, _ = filled(tmp_path, county, "clean")
    assert [one for one in printed(path)["findings"] if one["code"] == "CEL012"] == []


@counties
def test_findings_do_not_depend_on_how_it_is_typed(tmp_path: Path, county: County) -> None:
    """But for CEL012, which tells how a cell was read."""
    codes = []
    for variant in VARIANTS:
        folder = tmp_path / variant
        folder.mkdir()
        path, _, _ = filled(folder, county, variant)
        codes.append(Counter(one["code"] for one in printed(path)["findings"] if one["code"] != "CEL012"))
    assert codes[0] == codes[1] == codes[2]


@counties
def test_command_line_prints_the_same(tmp_path: Path, county: County) -> None:
    path, unit, _ = filled(tmp_path, county, "moved")
    before = path.read_bytes()
    command = [sys.executable, "-m", "xlbudget", "check", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert json_differences(parsed(done.stdout), unit) == []
    assert path.read_bytes() == before


def test_units_are_varied_and_messy(tmp_path: Path) -> None:
    """The units are worth testing with: enough rows, every band, flag, light and basis, many odd cells."""
    seen: Counter[str] = Counter()
    rows = odd = 0
    for county in COUNTIES:
        _, unit, odd_cells = filled(tmp_path, county, "messy")
        wanted = expected(unit.facts, county.method)
        seen.update(str(value) for row in (*wanted["rows"], *wanted["indicators"]) for value in row.values())
        rows, odd = rows + len(unit.projects), odd + odd_cells
    assert rows >= 120
    assert odd >= 2_000
    known = {*oracle.BANDS, *oracle.FLAGS, *oracle.BASES, *"红黄绿蓝灰", "None"}
    assert known - set(seen) == set()


def test_moved_headers_are_where_they_were_not(tmp_path: Path) -> None:
    path, _, _ = filled(tmp_path, COUNTIES[0], "moved")
    row, columns = header_row(openpyxl.load_workbook(path)["指标"])
    assert row > 4
    assert header_name("自用 备注*") in columns
    assert columns["项目编号"] > 1


def test_a_wrong_cell_is_noticed(tmp_path: Path) -> None:
    """The comparison sees one amount that is off by a 分."""
    path, unit, _ = filled(tmp_path, COUNTIES[0], "clean")
    first, *others = unit.projects
    off = replace(first.fact, spent=(first.fact.spent or Decimal(0)) + Decimal("0.01"))
    unit.projects = [first._replace(fact=off), *others]
    assert json_differences(printed(path), unit) != []


def test_enough_figures_are_compared() -> None:
    trees = [wanted_json(unit_of(county)) for county in COUNTIES]
    assert sum(len(list(figures(tree))) for tree in trees) >= 2_000
