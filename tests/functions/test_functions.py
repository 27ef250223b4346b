"""Worksheet functions: input → expected, for one row, a block, blanks, errors, missing optional arguments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xlbudget import layout
from xlbudget.functions.blocks import ErrorValue, Session
from xlbudget.functions.registry import FUNCTIONS, evaluate
from xlbudget.reading.table import Cell

NA, VALUE = ErrorValue.NA, ErrorValue.VALUE
INDICATOR_HEADER = [column.label for column in layout.INDICATORS.inputs]
PROJECT_HEADER = [column.label for column in layout.PROJECTS.inputs]


def indicator(**values: Any) -> list[Any]:
    """An indicator row in the template's order."""
    given = {"project_id": "001", "level2": "数量指标", "comparison": "≥", "target": 20, "actual": 5} | values
    return [given.get(column.field) for column in layout.INDICATORS.inputs]


def project(**values: Any) -> list[Any]:
    given = {"id": "001", "name": "甲", "batch": "年初", "amount": 10, "spent": 4} | values
    return [given.get(column.field) for column in layout.PROJECTS.inputs]


ROW, EMPTY = indicator(), [None] * len(INDICATOR_HEADER)
MOVED = [ROW[-1], *ROW[:-1]]
MOVED_HEADER = [INDICATOR_HEADER[-1], *INDICATOR_HEADER[:-1]]
BLOCK = [ROW, indicator(actual=20), EMPTY, indicator(actual="不清楚"), indicator(actual="未到期")]
MONEY = (project(), PROJECT_HEADER, [ROW, indicator(actual=10)], INDICATOR_HEADER)
CASES: list[tuple[str, list[Any], Any]] = [
    ("ACHIEVEMENT", [ROW], 25),
    ("ACHIEVEMENT", [ROW, INDICATOR_HEADER], 25),
    ("ACHIEVEMENT", [MOVED, MOVED_HEADER], 25),
    ("ACHIEVEMENT", [ROW, None, "sichuan"], 25),
    ("ACHIEVEMENT", [ROW, None, "四川"], 25),
    ("ACHIEVEMENT", [ROW, None, "火星"], NA),
    ("ACHIEVEMENT", [ROW, ["随便", "写的"]], NA),
    ("ACHIEVEMENT", [ROW, [INDICATOR_HEADER, INDICATOR_HEADER]], VALUE),
    ("ACHIEVEMENT", [BLOCK, INDICATOR_HEADER], [25, 100, "", VALUE, ""]),
    ("ACHIEVEMENT", [EMPTY], ""),
    ("ACHIEVEMENT", [indicator(actual=None)], 0),
    ("ACHIEVEMENT", [indicator(actual=NA)], VALUE),
    ("ACHIEVEMENT", [indicator(actual="20余次", measure_unit="次")], 100),
    (
        "ACHIEVEMENT",
        [indicator(target="≥95%", comparison=None, actual=Cell("number", "0.95", None, "0%"))],
        100,
    ),
    ("ACHIEVEMENT", [indicator(comparison="定性", target="明显改善", actual="部分达成")], 70),
    ("ACHIEVEMENT", [indicator(target=None)], VALUE),
    ("ACHIEVEMENT", [indicator(actual=True)], VALUE),
    ("ACHIEVEMENT", [], VALUE),
    ("ACHIEVEMENT", [ROW, None, None, None], VALUE),
    ("INDICATOR_FORECAST", [ROW, 6], 50),
    ("INDICATOR_FORECAST", [ROW, "6月"], 50),
    ("INDICATOR_FORECAST", [ROW, 13], VALUE),
    ("INDICATOR_FORECAST", [ROW, None], VALUE),
    ("INDICATOR_FORECAST", [indicator(full_year=20), 6], 100),
    ("INDICATOR_FORECAST", [indicator(actual="未到期"), 6], ""),
    ("INDICATOR_FORECAST", [indicator(actual="未到期", likelihood="有可能"), 6], 85),
    ("INDICATOR_FORECAST", [BLOCK, 6], [50, 100, "", VALUE, ""]),
    ("WARNING_LIGHT", [ROW, 6], "红"),
    ("WARNING_LIGHT", [indicator(actual=10), 6], "绿"),
    ("WARNING_LIGHT", [indicator(actual="未到期"), 6], "灰"),
    ("WARNING_LIGHT", [BLOCK, 6, INDICATOR_HEADER], ["红", "蓝", "", VALUE, "灰"]),
    ("WARNING_LIGHT", [ROW, "夏天"], VALUE),
    ("ADJUSTED_BUDGET", [project(adjustment=-0.5)], Decimal("9.5")),
    ("ADJUSTED_BUDGET", [project(amount="60000元")], 6),
    ("ADJUSTED_BUDGET", [project(amount="6万"), None, "元"], 60000),
    ("ADJUSTED_BUDGET", [project(), None, "角"], VALUE),
    ("ADJUSTED_BUDGET", [project(amount="两三万")], VALUE),
    ("EXECUTION_RATE", [project()], 40),
    ("EXECUTION_RATE", [project(spent=12)], 120),
    ("EXECUTION_RATE", [project(amount=0)], ""),
    ("EXECUTION_RATE", [project(spent=None)], VALUE),
    ("EXECUTION_RATE", [project(amount="6万", spent=30000), None, "元"], 50),
    ("EXECUTION_RATE", [[project(), project(spent=0), [None] * 17], PROJECT_HEADER], [40, 0, ""]),
    ("PROJECT_ACHIEVEMENT", [*MONEY], Decimal("38.33")),
    ("PROJECT_ACHIEVEMENT", [*MONEY, "self-eval"], VALUE),
    (
        "PROJECT_ACHIEVEMENT",
        [project(id="1.0"), *MONEY[1:2], [indicator(project_id=1)], INDICATOR_HEADER],
        32.5,
    ),
    ("PROJECT_ACHIEVEMENT", [project(id="009"), *MONEY[1:]], NA),
    ("PROJECT_ACHIEVEMENT", [[project(), project(spent=0)], *MONEY[1:]], [Decimal("38.33"), 25]),
    ("PROJECT_FORECAST", [*MONEY, 6], 75),
    ("PROJECT_FORECAST", [*MONEY[:2], [indicator(actual="未到期")], INDICATOR_HEADER, 6], ""),
    ("PROJECT_FORECAST", [project(id="009"), *MONEY[1:], 6], NA),
    ("FORECAST_FLAG", [100], "能实现"),
    ("FORECAST_FLAG", [70], "不能完全实现"),
    ("FORECAST_FLAG", ["69.99%"], "差距较大"),
    ("FORECAST_FLAG", [""], ""),
    ("FORECAST_FLAG", [NA], NA),
    ("FORECAST_FLAG", ["很好"], VALUE),
    ("FORECAST_FLAG", [[[100], [None], ["#VALUE!"]]], ["能实现", "", VALUE]),
    ("PROJECT_LIGHT", [*MONEY, 6], "红"),
    ("PROJECT_LIGHT", [project(id="009"), *MONEY[1:], 6], NA),
    ("BUDGET_LIGHT", [project(), 6], "绿"),
    ("BUDGET_LIGHT", [project(spent=1), 6], "红"),
    ("BUDGET_LIGHT", [project(amount=0), 6], ""),
    ("BUDGET_LIGHT", [project(batch="追加", month=8), 6], "灰"),
    ("BUDGET_LIGHT", [project(batch="追加"), 6], VALUE),
    ("AMOUNT_WAN", ["60000元"], 6),
    ("AMOUNT_WAN", [6], 6),
    ("AMOUNT_WAN", [60000, "元"], 6),
    ("AMOUNT_WAN", ["1亿"], 10000),
    ("AMOUNT_WAN", [[["6万"], [None], ["若干"], [NA]]], [6, "", VALUE, NA]),
    ("AMOUNT_WAN", [[["6万", "7万"]]], VALUE),
    ("AMOUNT_WAN", [date(2024, 6, 1)], VALUE),
    ("YEAR_ON_YEAR", [7, 10], -30),
    ("YEAR_ON_YEAR", [16, 41], Decimal("-60.98")),
    ("YEAR_ON_YEAR", ["20余次", 16], 25),
    ("YEAR_ON_YEAR", [5, 5], 0),
    ("YEAR_ON_YEAR", [5, 0], NA),
    ("YEAR_ON_YEAR", [5, None], VALUE),
    ("YEAR_ON_YEAR", [[[5, 6]], 5], VALUE),
]


@pytest.mark.parametrize(
    ("name", "given", "expected"), CASES, ids=[f"{n}{i}" for i, (n, _, _) in enumerate(CASES)]
)
def test_function(name: str, given: list[Any], expected: Any) -> None:
    assert evaluate(name, given, Session()) == expected


def test_every_function_has_cases_good_and_bad() -> None:
    good = {name for name, _, expected in CASES if not isinstance(expected, ErrorValue)}
    bad = {name for name, _, expected in CASES if isinstance(expected, ErrorValue)}
    assert good == bad == set(FUNCTIONS)


@pytest.mark.parametrize("one", FUNCTIONS.values(), ids=FUNCTIONS)
def test_help_is_whole_and_fits_excels_dialog(one: Any) -> None:
    """Excel shows 255 characters of a description; required arguments come first, the profile last but for the unit."""
    assert one.call.__doc__.endswith("。")
    assert len(one.title) + len(one.call.__doc__) < 255
    assert all(len(argument.help) < 255 for argument in one.arguments)
    assert [argument.optional for argument in one.arguments] == sorted(a.optional for a in one.arguments)
    assert one.example.startswith(f"={one.name}(")
    names = [argument.name for argument in one.arguments if argument.name != "unit"]
    assert "profile" not in names[:-1]


def test_a_places_own_profile_lies_beside_the_workbook(tmp_path: Path) -> None:
    own = 'extends = "hebei-county"\nid = "own"\nname = "本县"\n[grades]\n"部分达成" = 60\n'
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    row = indicator(comparison="定性", target="改善", actual="部分达成")
    assert evaluate("ACHIEVEMENT", [row, None, "本县"], Session(tmp_path)) == 60
    assert evaluate("ACHIEVEMENT", [row, None, "本县"], Session()) == NA


def test_no_function_is_built_in_to_excel() -> None:
    """openpyxl lists Excel's functions; the engine that computes formulas refuses a name that it has itself."""
    import formualizer
    from openpyxl.utils import FORMULAE

    known = {str(name).upper() for name in FORMULAE}
    assert {"SUM", "VLOOKUP"} <= known
    assert known & FUNCTIONS.keys() == set()
    book = formualizer.Workbook()
    for name in FUNCTIONS:
        book.register_function(name, lambda *given: len(given), min_args=0, max_args=9)
    with pytest.raises(Exception, match=r"(?i)built"):
        book.register_function("SUM", lambda *given: len(given), min_args=0, max_args=9)
