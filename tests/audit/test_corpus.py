"""The corpus of monitoring reports is itself sound: its truth is in the reports and its figures are right."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audit.corpus import make
from tests.audit.corpus.score import Accusation, meet, places, score, summary
from tests.audit.corpus.source import cells_of, read_source
from tests.audit.corpus.truth import (
    HALVES,
    KINDS,
    Truth,
    half_up,
    holds,
    no_space,
    reports,
    text_of,
    truth_of,
)
from xlbudget.domain.money import round_half_up

REPORTS = [path for part in (*HALVES, "more", "forms") for path in reports(part)]
BY_NAME = pytest.mark.parametrize("report", REPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")


def missing(truth: Truth, text: str) -> list[str]:
    """Quotes that are not in a text, blanks aside."""
    quotes = [*truth.quotes, *(one.other for one in truth.contradictions if one.other)]
    return [quote for quote in quotes if no_space(quote) not in no_space(text)]


@BY_NAME
def test_quotes_are_in_the_report(report: Path) -> None:
    assert missing(truth_of(report), text_of(report)) == []


@BY_NAME
def test_figures_are_right(report: Path) -> None:
    truth = truth_of(report)
    assert truth.checks
    assert [check for check in truth.checks if not holds(check)] == []


@BY_NAME
def test_accused_words_stand_once_and_apart_from_right_ones(report: Path) -> None:
    truth, text = truth_of(report), text_of(report)
    accused = {one.quote: places(one.quote, text) for one in truth.contradictions}
    assert len(accused) == len(truth.contradictions)
    assert [quote for quote, found in accused.items() if len(found) != 1] == []
    right = [place for one in truth.right for place in places(one.quote, text)]
    spans = [place for found in accused.values() for place in found]
    assert [(a, b) for a in spans for b in right if meet(a, b)] == []


@BY_NAME
def test_a_quote_fits_into_a_finding(report: Path) -> None:
    assert [quote for quote in truth_of(report).quotes if len(quote) > 160] == []


def test_identities_are_unique_and_kinds_known() -> None:
    found = [(report.stem, one) for report in REPORTS for one in truth_of(report).contradictions]
    assert max(Counter(one.id for _, one in found).values()) == 1
    assert [one.id for stem, one in found if not one.id.startswith(f"{stem}-")] == []
    assert {one.kind for _, one in found} == set(KINDS)
    stems = Counter(report.stem for report in REPORTS)
    assert max(stems.values()) == 1


def test_each_truth_has_a_report() -> None:
    written = {path.stem for half in (*HALVES, "more", "forms") for path in (make.HERE / half).glob("*.yaml")}
    assert written == {report.stem for report in REPORTS}


def mix(half: str) -> dict[str, int]:
    """What a half consists of."""
    found = reports(half)
    formats = Counter("text" if path.suffix in {".txt", ".md"} else path.suffix for path in found)
    clean = sum(not truth_of(path).contradictions for path in found)
    return {**formats, "clean": clean, "all": len(found)}


def test_the_halves_are_alike() -> None:
    assert mix("open") == mix("held") == {"text": 10, ".docx": 6, ".pdf": 5, "clean": 7, "all": 21}
    sizes = [sum(len(truth_of(path).contradictions) for path in reports(half)) for half in HALVES]
    assert abs(sizes[0] - sizes[1]) <= 3
    kinds = [{one.kind for path in reports(half) for one in truth_of(path).contradictions} for half in HALVES]
    assert len(kinds[0] & kinds[1]) >= 10


def needs_office(path: Path) -> bool:
    return "office" in read_source(path).options


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.office] if needs_office(path) else []) for path in make.sources()],
    ids=lambda path: path.stem,
)
def test_what_is_built_says_what_its_source_says(path: Path, tmp_path: Path) -> None:
    again = tmp_path / make.target(path).name
    again.write_bytes(make.build(path))
    assert no_space(text_of(again)) == no_space(text_of(make.target(path)))


@pytest.mark.parametrize("path", make.sources(), ids=lambda path: path.stem)
def test_nothing_of_a_source_is_lost(path: Path) -> None:
    said = no_space(text_of(make.target(path)))
    words = [block.text for block in read_source(path).blocks]
    words += [cell.text for block in read_source(path).blocks for cell in cells_of(block.rows)]
    lost = [one for one in words if any(part not in said for part in re.findall(r"\d+(?:\.\d+)?", one))]
    assert lost == []


def test_every_built_report_has_a_source() -> None:
    built = {path for path in REPORTS if path.suffix in {".docx", ".pdf"}}
    assert built == {make.target(path) for path in make.sources()}
    assert [path.name for path in built if path.stat().st_size > 100_000] == []


CULTURE = make.HERE / "open" / "culture-h1.txt"


def test_a_changed_report_is_noticed() -> None:
    truth, text = truth_of(CULTURE), text_of(CULTURE)
    changed = text.replace("5月份追加的", "4月份追加的")
    assert changed != text
    assert missing(truth, changed) == ["5月份追加的文物应急抢险经费"]


@pytest.mark.parametrize(
    ("check", "right"),
    [
        ("total(0.1, 0.2) == 0.3", True),
        ("percent(0.38, 1.5) == 25.33", True),
        ("percent(0.38, 1.5) == 25.34", False),
        ("growth(16, 41, 0) == -61", True),
        ("growth(16, 41, 0) == 61", False),
        ("percent(1, 8, 0) == 13", True),
        ("1 < 2 < 2", False),
    ],
)
def test_sums_can_be_wrong(check: str, right: bool) -> None:
    assert holds(check) is right


@given(st.fractions(-1000, 1000, max_denominator=400), st.integers(0, 4))
def test_two_ways_of_rounding_agree(value: Fraction, places: int) -> None:
    assert half_up(value, Fraction(places)) == Fraction(round_half_up(value, places))


@pytest.mark.parametrize("check", ["total(1, 2)", "__import__('os') == 1", "a == 1"])
def test_what_is_no_sum_is_refused(check: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        holds(check)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [(range(3), range(2, 5), True), (range(3), range(3, 5), False), (range(9), range(2, 4), True)],
)
def test_overlaps_are_noticed(one: range, other: range, together: bool) -> None:
    assert meet(one, other) is meet(other, one) is together


def accused(*quotes: str, sure: str = "certain") -> Accusation:
    return Accusation(quotes, sure)


@pytest.mark.parametrize(
    ("accusation", "found", "alarms", "against_right"),
    [
        (accused("5月份追加的文物应急抢险经费已完成支护"), ["culture-h1-4"], 0, 0),
        (accused("4月份追加项目2个", "5月份追加的"), ["culture-h1-4"], 0, 0),
        (accused("4月份追加项目2个"), [], 1, 1),
        (accused("局办公室牵头"), [], 1, 0),
        (accused("not in the report"), [], 1, 0),
    ],
)
def test_scores(accusation: Accusation, found: list[str], alarms: int, against_right: int) -> None:
    result = score(truth_of(CULTURE), text_of(CULTURE), [accusation])
    assert [one.id for one in result.found] == found
    assert len(result.found) + len(result.missed) == len(truth_of(CULTURE).contradictions)
    assert (len(result.false_alarms), len(result.against_right)) == (alarms, against_right)


@BY_NAME
def test_who_accuses_as_the_truth_does_scores_full(report: Path) -> None:
    truth, text = truth_of(report), text_of(report)
    accusations = [accused(one.quote, one.other, sure=one.sure) for one in truth.contradictions]
    result = score(truth, text, accusations)
    assert (result.found, result.missed, result.false_alarms) == (truth.contradictions, (), ())


def test_a_pair_without_other_words_is_not_hit_from_afar() -> None:
    report = make.HERE / "open" / "commerce-h1.txt"
    truth, text = truth_of(report), text_of(report)
    alone = next(one for one in truth.contradictions if not one.other)
    result = score(truth, text, [accused("合计460万元", alone.quote)])
    assert (result.found, len(result.false_alarms)) == ((), 1)


def test_a_summary_names_no_report() -> None:
    result = score(truth_of(CULTURE), text_of(CULTURE), [accused("局办公室牵头"), accused("5月份追加的")])
    assert summary([result, result]) == {
        "found": {"fact": 2},
        "missed": {"bands": 2, "forecast": 2, "name": 2},
        "false_alarms": {"certain": 2},
        "against_right": {},
    }
