"""Five careless and four careful bookkeepers: every mistake is found at its cell, and nothing else is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.bookkeepers import CAREFUL, MESSY, Mistake, facts, mistakes, workbook
from xlbudget import app
from xlbudget.domain.finding import Finding, Severity

ALLOWED: dict[str, list[str]] = {}
"""Careful bookkeeper → findings at WARNING or above that are right nevertheless."""
PLANTED = [(name, one) for name in MESSY for one in mistakes(name)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bookkeepers")


@cache
def found(folder: Path, name: str) -> tuple[Finding, ...]:
    path = folder / f"{name}.xlsx"
    path.write_bytes(workbook(name).content)
    return app.open_workbook(path, strict=True).findings


def told(findings: tuple[Finding, ...]) -> list[str]:
    """What a bookkeeper has to act upon."""
    grave = (one for one in findings if one.severity is not Severity.INFO)
    return [f"{one.code} {one.where} {one.message}" for one in grave]


@pytest.mark.parametrize("name", CAREFUL)
def test_careful_bookkeepers_are_left_alone(folder: Path, name: str) -> None:
    assert told(found(folder, name)) == ALLOWED.get(name, [])


@pytest.mark.parametrize(("name", "one"), PLANTED, ids=[f"{name}-{one}" for name, one in PLANTED])
def test_mistake_is_found(folder: Path, name: str, one: Mistake) -> None:
    findings = found(folder, name)
    filled = workbook(name)
    here = [f"{x.code} {x.message}{x.remedy}" for x in findings if str(x.where).startswith(one.sheet)]
    assert [x.code for x in findings if filled.fits(x, one)], here


@pytest.mark.parametrize("name", MESSY)
def test_one_cause_one_finding(folder: Path, name: str) -> None:
    """Beside the mistakes (and what follows from them by the file's 连带) nothing is told."""
    filled = workbook(name)
    left = list(found(folder, name))
    for one in [*mistakes(name), *(Mistake(*row) for row in facts(name).get("连带", []))]:
        hit = next((x for x in left if filled.fits(x, one._replace(words=""))), None)
        if hit:
            left.remove(hit)
    assert told(tuple(left)) == []


def test_no_exceptions_are_needed() -> None:
    assert ALLOWED == {}


def test_enough_is_planted() -> None:
    assert len(MESSY) == 5
    assert len(CAREFUL) == 4
    assert all(len(mistakes(name)) >= 10 for name in MESSY)
