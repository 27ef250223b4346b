"""The harness of mutants (benchmarks/fuzz.py): it makes the same mutants again, and notices what it is there to notice."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.fuzzing import graft, judge
from benchmarks.fuzzing.command import MB, Limits, Outcome, _peak
from benchmarks.fuzzing.kinds import KINDS, PDF, RAW, TEXT, TOML, Dice, of
from benchmarks.fuzzing.mutants import Base, bases, mutant, plan
from benchmarks.fuzzing.packages import packed, unpacked
from benchmarks.fuzzing.pool import outcomes
from benchmarks.fuzzing.trial import run
from tests.files import sample

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="children are forks, their memory is read from /proc"
)


@pytest.fixture(scope="module")
def all_bases() -> list[Base]:
    return bases()


def test_a_mutant_is_made_again_from_its_number(all_bases: list[Base]) -> None:
    for number in range(60):
        one, other = (mutant(plan(1, number, all_bases), all_bases) for _ in range(2))
        assert (one.label, one.files, one.arguments) == (other.label, other.files, other.arguments)


def test_other_seeds_and_numbers_give_other_mutants(all_bases: list[Base]) -> None:
    made = [mutant(plan(seed, number, all_bases), all_bases) for seed in (1, 2) for number in range(20)]
    assert len({one.files[one.target] for one in made}) > 30


def test_each_kind_changes_what_it_is_given(all_bases: list[Base]) -> None:
    tried: dict[str, list[bool]] = {}
    for number in range(6000):
        one = plan(1, number, all_bases)
        if len(one.kinds) == 1 and len(tried.setdefault(one.label, [])) < 5 and not any(tried[one.label]):
            made = mutant(one, all_bases)
            after, before = made.files[made.target], one.base.content
            if one.kinds[0].level != RAW and judge.parts_of(after):
                tried[one.label].append(unpacked(after) != unpacked(before))
            else:
                tried[one.label].append(after != before)
    assert [label for label, changed in tried.items() if not any(changed)] == []
    assert len(tried) >= len(KINDS)


@pytest.mark.parametrize("level", [PDF, TEXT, TOML])
def test_a_kind_that_finds_nothing_makes_do(level: str) -> None:
    """What was changed before may have left nothing to change."""
    for one in of(level):
        for content in (b" ", b"x"):
            assert isinstance(one.change(Dice(one.name), content), bytes)


def test_a_few_mutants_do_no_harm(all_bases: list[Base], tmp_path: Path) -> None:
    for number in range(25):
        folder, logs = tmp_path / f"{number}", tmp_path / f"logs{number}"
        folder.mkdir()
        logs.mkdir()
        before = os.getcwd()
        try:
            outcome = run(
                mutant(plan(7, number, all_bases), all_bases), folder, logs, Limits(waiting=0, killed=0)
            )
        finally:
            os.chdir(before)
        assert (outcome.number, outcome.offences, outcome.trace) == (number, [], "")


def _parts(change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]) -> bytes:
    return packed(change(unpacked(sample())))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (_parts(lambda parts: parts), []),
        (_parts(lambda parts: [one for one in parts if one[0] != "docProps/app.xml"]), ["lost: docprops/app.xml"]),
        (_parts(lambda parts: [*parts, parts[0]]), [f"damaged: {unpacked(sample())[0][0]} twice"]),
        (_parts(lambda parts: [*parts, ("x.xml", b"<x>")]), ["damaged: x.xml does not parse"]),
        (b"PK", ["damaged: the package cannot be read"]),
    ],
    ids=["whole", "a part lost", "a part twice", "no XML", "no zip"],
)  # fmt: skip
def test_damage_is_noticed(after: bytes, told: list[str]) -> None:
    assert [one.partition(" (")[0] for one in judge.damage(sample(), after)] == told


@pytest.mark.parametrize(
    ("code", "out", "err", "told"),
    [
        (0, '{"a": 1.5}', "", []),
        (0, '{"a": NaN}', "", ["no JSON: ValueError"]),
        (1, "…", "", ["no JSON: JSONDecodeError"]),
        (0, '{"code": "SYS001"}', "", ["a rule crashed"]),
        (2, "", "打不开", []),
        (2, "", "", ["exit 2 without a message"]),
        (7, "", "", ["exit 7"]),
        (1, "{}", "Traceback (most recent call last)", ["traceback shown"]),
    ],
)
def test_words_are_judged(code: int, out: str, err: str, told: list[str]) -> None:
    assert judge.of_words(("check", "x.xlsx", "--json"), code, out, err) == told


def test_what_a_judgement_takes_is_not_counted() -> None:
    def heavy(size: int) -> list[str]:
        return [f"{len(bytearray(size))} 字节"]

    _peak()
    before = _peak()
    assert judge.apart(heavy, 200 * MB) == ["209715200 字节"]
    assert _peak() < before + 50


def test_children_that_die_or_wait_cost_only_their_own() -> None:
    def work(number: int, folder: Path, logs: Path, limits: Limits) -> Outcome:
        assert not [*folder.iterdir(), *logs.iterdir()]
        if number == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 2:
            raise ValueError("ours")
        if number == 3:
            signal.setitimer(signal.ITIMER_REAL, limits.waiting)
            time.sleep(60)
        return Outcome(number, "kind", "0")

    numbers: Iterator[int] = iter(range(6))
    found = {one.number: one for one in outcomes(numbers, work, str, 2, Limits(waiting=0.2))}
    assert {number: one.code for number, one in found.items()} == {
        0: "0",
        1: "SIGKILL",
        2: "?",
        3: "SIGALRM",
        4: "0",
        5: "0",
    }
    assert found[1].offences == ["crash: SIGKILL"]
    assert found[2].offences[0].startswith("harness: ValueError")
    assert found[3].offences == ["hang: waits"]


def test_a_graft_holds_our_sheets_and_changes_of_others_are_noticed(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "other.xlsx")
    made = graft.grafted((tmp_path / "other.xlsx").read_bytes(), graft.our_sheets(sample()))
    parts = unpacked(made)
    assert graft.changes(made, made) == []
    name = "xl/worksheets/sheet1.xml"
    result = [
        (one, part.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")) for one, part in parts
    ]
    other = [(one, part.replace(b"1+1", b"1+2") if one == name else part) for one, part in parts]
    assert dict(result) != dict(parts)
    assert graft.changes(made, packed(result)) == []
    assert graft.changes(made, packed(other)) == ["changed: xl/worksheets/sheet#.xml"]
    tabs = [(one, part.replace(b'name="Sheet"', b'name="Blatt"')) for one, part in parts]
    assert graft.changes(made, packed(tabs)) == ["tabs: sheets lost, changed or moved"]
    with pytest.raises(graft.CannotGraft):
        graft.grafted(made, graft.our_sheets(sample()))


def test_dice_give_the_same_again() -> None:
    assert Dice("1/2").random() == Dice("1/2").random() != Dice("1/3").random()
