"""Operators over many values at a time come to what they come to for each of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlbudget.formulas.operators import BINARY
from xlbudget.formulas.quick import quick
from xlbudget.formulas.values import NA, NotEvaluable, Scalar

VALUES = st.one_of(
    st.floats(-1e6, 1e6),
    st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.30000000000000004, 1e300, -1e300, True, False, None, "", "甲", "Ab", "aB", "7", NA]),
)  # fmt: skip


def singly(sign: str, ones: list[Scalar], others: list[Scalar]) -> list[Scalar] | None:
    try:
        return [BINARY[sign](*pair) for pair in zip(ones, others, strict=True)]
    except NotEvaluable:
        return None


@given(
    st.sampled_from(["+", "-", "*", "=", "<>", "<", ">", "<=", ">="]),
    st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6),
    VALUES,
)
def test_the_same_as_one_by_one(sign: str, pairs: list[tuple[Scalar, Scalar]], single: Scalar) -> None:
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    for first, second in ((ones, others), (ones, single), (single, ones)):
        found = quick(sign, first, second)
        if found is not None:
            whole = [first if isinstance(first, list) else [first] * len(ones)]
            whole += [second if isinstance(second, list) else [second] * len(ones)]
            expected = singly(sign, *whole)
            assert found == expected
            assert expected is not None
            assert [type(one) for one in found] == [type(one) for one in expected]


def test_plain_columns_are_had_quickly() -> None:
    assert quick("*", [1.0, None, True], [2.0, 3.0, 4.0]) == [2, 0, 4]
    assert quick("=", ["甲", None, 5.0], "甲") == [True, False, False]
    assert quick(">", [1.0, 3.0], 2.0) == [False, True]
    assert quick("*", ["x"], [1.0]) is None
    assert quick("=", [NA], "甲") is None
