"""Texts whose numbers are none, or enormous: whatever stands there, the audit comes to an end without an error."""

from __future__ import annotations

import re

import pytest

from tests.audit.test_relations import BAD, GOOD, source_of
from xlbudget.audit.audit import audit

TEXTS = sorted({case["text"] for _, case in (*BAD, *GOOD)})
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@pytest.mark.parametrize(
    "odd",
    ["1.2.3", "1..2", ".", "5.", "2022.6.30", "1,2", "9" * 30, "0." + "0" * 30 + "1", "零" * 30, "0", "-1", "１", "²"],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_any_number_may_be_odd(odd: str) -> None:
    texts = [NUMBER.sub(odd, text) for text in TEXTS]
    texts += [NUMBER.sub(lambda one: odd if one.start() % 2 else one[0], text) for text in TEXTS]
    for text in texts:
        audit(source_of(text), with_claims=True)
