"""Worksheet functions through xlwings' real call_udf: the same as the registry's, whatever comes from Excel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.addin import com
from tests.functions.test_functions import CASES, INDICATOR_HEADER, PROJECT_HEADER, indicator, project
from xlbudget.functions.blocks import ErrorValue, Session
from xlbudget.functions.registry import FUNCTIONS, evaluate
from xlbudget.reading.table import Cell

CODES = {"#VALUE!": -2146826273, "#N/A": -2146826246, "#REF!": -2146826265, "#DIV/0!": -2146826281}


@pytest.fixture(scope="module")
def server() -> Iterator[com.Server]:
    with com.server() as made:
        yield made


def _sent(value: Any) -> Any:
    """A value as VBA sends it: errors as numbers, numbers with a format as marked text."""
    if isinstance(value, Cell):
        assert value.kind == "number"
        return f"\x01{value.text}\x01{value.format}"
    if isinstance(value, str) and value in CODES:
        return CODES[value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    return value


def sent(argument: Any) -> Any:
    """An argument as it comes by COM: left out, a value, or rows of values."""
    if argument is None:
        return com.MISSING
    if not isinstance(argument, list):
        return _sent(argument)
    rows = argument if isinstance(argument[0], list) else [argument]
    return tuple(tuple(map(_sent, row)) for row in rows)


def plain(result: Any) -> Any:
    """A registry's result as VBA gets it from Python."""
    if isinstance(result, list):
        return [[plain(one)] for one in result]
    return float(result) if isinstance(result, Decimal) else str(result)


def agree(server: com.Server, name: str, given: list[Any]) -> None:
    wanted = plain(evaluate(name, given, Session()))
    missing = [com.MISSING] * (len(FUNCTIONS[name].arguments) - len(given))
    found = server.call(name, "", *map(sent, given), *missing)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("name", "given", "expected"), [one for one in CASES if len(one[1]) <= len(FUNCTIONS[one[0]].arguments)]
)
def test_functions_come_to_the_same(server: com.Server, name: str, given: list[Any], expected: Any) -> None:
    del expected
    if len(given) >= FUNCTIONS[name].least:
        agree(server, name, given)


def test_a_difference_is_noticed(server: com.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.udfs, "evaluate", lambda *_: Decimal(26))
    with pytest.raises(AssertionError):
        agree(server, "ACHIEVEMENT", [indicator()])


VALUES = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-200, 200),
    st.booleans(),
    st.sampled_from(["≥95%", "未到期", "达成", "20余次", "６", "", "  ", "6月", "确定能", "001", "#REF!", "#N/A", "年初", "追加"]),
    st.builds(lambda number, look: Cell("number", str(number), None, look),
              st.decimals(-5, 200, places=2), st.sampled_from(["0%", "0.00%", "000", "General_ ", "#,##0.00"])),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_the_cells(server: com.Server, data: st.DataObject) -> None:
    indicators = [
        indicator(target=data.draw(VALUES), actual=data.draw(VALUES), full_year=data.draw(VALUES))
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    money = [
        project(amount=data.draw(VALUES), spent=data.draw(VALUES))
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    agree(server, "ACHIEVEMENT", [indicators, INDICATOR_HEADER])
    agree(server, "INDICATOR_FORECAST", [indicators, data.draw(st.integers(0, 13))])
    agree(server, "EXECUTION_RATE", [money, PROJECT_HEADER, "元"])
    agree(server, "PROJECT_ACHIEVEMENT", [money, PROJECT_HEADER, indicators, INDICATOR_HEADER])


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (".95", "0.95"),
        ("-.5", "-0.5"),
        ("7", "7"),
        ("44742", "44742"),
        ("1.5E-05", "0.000015"),
        ("12.3456789012345",) * 2,
    ],
)
def test_numbers_as_vba_writes_them(server: com.Server, sent: str, text: str) -> None:
    assert server.udfs._cell(f"\x01{sent}\x010%") == Cell("number", text, None, "0%")


def test_errors_that_xlwings_does_not_know(server: com.Server) -> None:
    """#SPILL!, #CALC! and their like come as numbers; they are no amounts."""
    for code in (2045, 2050, 2043):
        assert server.call("AMOUNT_WAN", "", code - 2146828288, com.MISSING) == "#VALUE!"
    assert server.call("AMOUNT_WAN", "", -214682.0, com.MISSING) == -214682.0


def test_own_profiles_lie_beside_the_workbook(server: com.Server, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "hebei-county"\nid = "own"\nname = "本县"\n', "utf-8")
    row = sent(indicator())
    assert server.call("ACHIEVEMENT", str(tmp_path), row, com.MISSING, "本县") == 25
    for elsewhere in ("", str(tmp_path / "没有"), "https://example.invalid/x", None):
        assert server.call("ACHIEVEMENT", elsewhere, row, com.MISSING, "本县") == ErrorValue.NA


def test_a_changed_profile_counts_soon(
    server: com.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.udfs._shared.clear()
    now = [1000.0]
    monkeypatch.setattr(server.udfs.time, "monotonic", lambda: now[0])
    path = tmp_path / "own.toml"
    path.write_text(
        'extends = "hebei-county"\nid = "own"\nname = "本县"\n[grades]\n"部分达成" = 60\n', "utf-8"
    )
    given = (
        str(tmp_path),
        sent(indicator(comparison="定性", target="改善", actual="部分达成")),
        com.MISSING,
        "own",
    )
    assert server.call("ACHIEVEMENT", *given) == 60
    path.write_text('extends = "hebei-county"\nid = "other"\nname = "别县"\n', "utf-8")
    assert server.call("ACHIEVEMENT", *given) == 60
    now[0] += server.udfs.KEPT_SECONDS + 1
    assert server.call("ACHIEVEMENT", *given) == "#N/A"
    assert len(server.udfs._shared) == 1


def test_a_block_is_read_once_for_all_formulas(server: com.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.udfs._shared.clear()
    made: list[Any] = []
    real = server.udfs.block

    def counted(value: Any) -> Any:
        made.append(value)
        return real(value)

    monkeypatch.setattr(server.udfs, "block", counted)
    indicators, header = sent([indicator()] * 30), sent([INDICATOR_HEADER])
    for number in range(20):
        server.call("PROJECT_ACHIEVEMENT", "", sent(project(spent=number)), sent(PROJECT_HEADER), indicators, header,
                    com.MISSING, com.MISSING)  # fmt: skip
    assert len([one for one in made if len(one) == 30]) == 1
    server.call("AMOUNT_WAN", "", 1.0, com.MISSING)
    assert (
        server.call("AMOUNT_WAN", "", True, com.MISSING) == "#VALUE!"
    )  # 1 and TRUE are not the same content


def test_press_gets_the_button_and_the_workbook(server: com.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlbudget.addin import ribbon

    pressed: list[tuple[str, Any, str]] = []

    def pressing(button: str, book: Any, answer: str) -> str:
        pressed.append((button, book, answer))
        return "好了"

    monkeypatch.setattr(ribbon, "press", pressing)
    book = SimpleNamespace(Worksheets=())  # xlwings looks for sheets of PRO
    assert server.press("check", book) == "好了"
    ((button, given, answer),) = pressed
    assert (button, answer) == ("check", "")
    assert given.impl.xl is book


def test_a_formula_names_no_button(server: com.Server) -> None:
    """What VBA calls for formulas has functions only: else a cell could clear the workbook that was last worked on."""
    names = {name for name, one in vars(server.udfs).items() if hasattr(one, "__xlfunc__")}
    assert names == set(FUNCTIONS)
    with pytest.raises(AttributeError):
        server.call("press", "clear")


def test_other_excels_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """xlwings ends Excel processes when Python ends; our server takes that back."""
    spared: list[Any] = []
    monkeypatch.setattr("atexit.unregister", spared.append)
    with com.server() as server:
        assert spared == [server.xlwings._xlwindows.cleanup]
