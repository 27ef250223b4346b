"""The audit on the corpora: how much it finds, and whom it accuses wrongly. The held half is measured, never read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from benchmarks.precision import Measured, measured, totals
from tests.audit.corpus.truth import no_space, reports, truth_of
from xlbudget import readers
from xlbudget.audit.audit import audit
from xlbudget.audit.source import Table

LEAST = {"forms": 0.77, "open": 0.75, "more": 0.7, "held": 0.42}
"""The share of contradictions that is found at least, so that a change does not lose them unnoticed."""
PRECISION = {"forms": 0.99, "open": 1.0, "more": 1.0, "held": 0.95}
"""The share of accusations that are right."""


@cache
def half(name: str) -> list[Measured]:
    return [measured(report) for report in reports(name)]


CLEAN = [
    one for name in ("forms", "open", "more") for one in reports(name) if not truth_of(one).contradictions
]


@pytest.mark.parametrize("report", CLEAN, ids=lambda report: report.name)
def test_nobody_is_accused_where_nothing_is_wrong(report: Path) -> None:
    assert [one.quotes[0] for one in measured(report).score.false_alarms] == []


@pytest.mark.parametrize("name", LEAST)
def test_what_is_found_is_not_lost_again(name: str) -> None:
    made = totals(half(name))
    print(f"{name}: {made}")
    assert made.found >= LEAST[name] * made.planted
    assert made.found >= PRECISION[name] * (made.found + made.false)


def test_every_quote_is_in_the_document() -> None:
    """Quotes are words of the document, blanks aside; of a table the cells of one row."""
    for report in [*reports("open"), *reports("forms")[::7]]:
        source = readers.read(report)
        words = no_space(
            "".join(
                "".join("".join(row) for row in item.rows) if isinstance(item, Table) else item.text
                for item in source
            )
        )
        for one in audit(source).findings:
            for quote in one.quotes:
                assert no_space(quote.text) in words
                assert len(quote.text) <= 160
