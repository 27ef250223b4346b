"""JSON: amounts digit by digit, everything else as json itself writes it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.build import case_of
from xlbudget import app, results
from xlbudget.judge import judge
from xlbudget.report.explain import explain

AMOUNTS = [
    ("1234567890.12345", "1234567890.12345"),
    ("1234567890123.45元", "123456789.012345"),
    ("9999999999.99999", "9999999999.99999"),
    ("0.000001", "0.000001"),
    ("0.1", "0.1"),
    ("100", "100"),
    ("-0.5", "-0.5"),
]


@pytest.mark.parametrize(("typed", "printed"), AMOUNTS)
def test_amounts_are_exact(typed: str, printed: str) -> None:
    """Whatever a cell can hold."""
    case = case_of({"项目": [{"预算数": "900000000000", "累计支出": typed}]})
    text = results.dumps(results.of_run(case, judge(case).findings, []))
    assert re.findall(r'"spent_wan": (.*),', text) == [printed, printed]


def test_sums_are_exact() -> None:
    """Also those that no float holds."""
    first = {"预算数": "91234567890.1234", "累计支出": "1234567890.12345"}
    second = {"项目编号": "002", "项目名称": "堤防维修经费", "预算批次": "年初", "资金用途": "用于维修"}
    second |= {"预算数": "0.000056", "累计支出": "0.000006"}
    text = results.dumps(results.of_run(case_of({"项目": [first, second]}), [], []))
    (totals,) = re.findall(r'"totals": \{(.*?)\}', text, re.DOTALL)
    assert '"budget_wan": 91234567890.123456' in totals
    assert '"spent_wan": 1234567890.123456' in totals


def test_no_float_on_the_way(sample: Path) -> None:
    """Neither in what run and check print nor in what explain prints."""
    opened = app.open_workbook(sample)
    explained = [explain(opened.case, one) for one in opened.case.results]
    values: list[object] = [
        results.of_run(opened.case, opened.findings, []),
        results.of_explanations(explained),
    ]
    while values:
        value = values.pop()
        assert not isinstance(value, float)
        values += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    with pytest.raises(TypeError):
        results.dumps(0.1)


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["C", "Z"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
)


@given(_PLAIN)
def test_otherwise_as_json_writes_it(value: Any) -> None:
    assert json.loads(results.dumps(value)) == value
    if "\\u" not in results.dumps(value):
        assert results.dumps(value) == json.dumps(value, ensure_ascii=False, indent=2)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_keep_every_digit(number: Decimal) -> None:
    printed = results.dumps([number])
    assert json.loads(printed, parse_float=Decimal, parse_int=Decimal) == [number]
    assert "e" not in printed.lower()


@given(st.text(st.characters(codec="utf-8")))
def test_text_is_the_same_and_harmless(text: str) -> None:
    """Controls and directions are written as numbers, which mean the same."""
    printed = results.dumps(text)
    assert json.loads(printed) == text
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", printed)
