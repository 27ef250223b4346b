"""The measure of the audit (benchmarks/precision.py): it counts what is found, what is missed, and whom it accuses wrongly."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml

from benchmarks.precision import (
    Earned,
    Told,
    Totals,
    changed_digits,
    digits,
    earned,
    measured,
    precision_page,
    totals,
)
from tests.audit.corpus.truth import reports
from xlbudget.audit.finding import Confidence

TOO_DEEP = "办公费5万元，比上年下降120%。"


def label(folder: Path, name: str, text: str, *accused: str) -> None:
    """Write a report and its truth."""
    contradictions = [
        {"id": f"{name}-{at}", "kind": "fact", "quote": quote, "expected": "", "found": "", "sure": "certain"}
        for at, quote in enumerate(accused)
    ]
    truth = {"about": "", "contradictions": contradictions, "right": [], "checks": []}
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(truth, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One report with two contradictions, of which the audit can see one, and one that is right though it is accused."""
    label(tmp_path, "a", f"{TOO_DEEP}\n局长姓王。\n局长姓张。", "下降120%", "局长姓张")
    label(tmp_path, "b", TOO_DEEP)
    return tmp_path


def test_what_is_found_missed_and_accused_wrongly_is_counted(corpus: Path) -> None:
    made = [measured(report) for report in reports(corpus)]
    assert totals(made) == Totals(documents=2, planted=2, found=1, false=1, clean=1, untouched=0)
    assert [one.told for one in made] == [
        (Told("TXT104", Confidence.CERTAIN, True),),
        (Told("TXT104", Confidence.CERTAIN, False),),
    ]
    assert earned(made) == [Earned("TXT104", Confidence.CERTAIN, right=1, false=1)]


def test_the_page_names_no_report(corpus: Path) -> None:
    page = [line.split() for line in precision_page([str(corpus)])]
    assert page[1] == ["2", "2", "1", "50.0%", "1", "50.0%", "0", "of", "1", str(corpus)]
    assert ["TXT104", "1", "1", "50.0%", "确定：下降超过100%"] in page
    assert page[-1][:2] == ["1/2", "fact:"]


@pytest.mark.parametrize(
    ("sure", "right", "false", "marked"),
    [
        (Confidence.CERTAIN, 4, 1, True),
        (Confidence.LIKELY, 8, 1, True),
        (Confidence.CERTAIN, 9, 1, False),
        (Confidence.CERTAIN, 0, 4, False),
        (Confidence.POSSIBLE, 0, 9, False),
    ],
)
def test_who_accuses_without_having_earned_it_is_marked(
    sure: Confidence, right: int, false: int, marked: bool
) -> None:
    assert Earned("TXT104", sure, right, false).is_too_sure is marked


def test_a_changed_digit_is_noticed_where_there_is_more_to_accuse_than_before(tmp_path: Path) -> None:
    """One digit of each of three numbers that belong together, and of one that says nothing."""
    label(tmp_path, "a", "支出50万元，占总支出100万元的50%。")
    label(tmp_path, "b", "电话1234567。")
    made, noticed = digits(str(tmp_path))
    assert (made, noticed) == (4, 3)


def test_one_digit_is_changed_at_a_time() -> None:
    text = "支出12.50万元，共3项。"
    changed = list(changed_digits(text, random.Random(1)))
    assert len(changed) == 2
    for other in changed:
        (one,) = [(a, b) for a, b in zip(text, other, strict=True) if a != b]
        assert one[0].isdigit()
        assert one[1] in "123456789"
