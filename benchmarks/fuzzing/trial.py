"""A mutant run in a folder, and judged."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

from benchmarks.fuzzing import judge
from benchmarks.fuzzing.command import Limits, Outcome, measured
from benchmarks.fuzzing.mutants import Mutant

_OUTPUTS = ("-o", "--docx", "--pdf", "--html", "--forms")


def lay_out(mutant: Mutant, folder: Path) -> None:
    for name, content in mutant.files.items():
        (folder / name).write_bytes(content)
    for name, make in mutant.special.items():
        make(folder / name)


def run(mutant: Mutant, folder: Path, logs: Path, limits: Limits) -> Outcome:
    """Run a mutant in a folder, and judge it."""
    lay_out(mutant, folder)
    os.chdir(folder)
    outcome = Outcome(mutant.number, mutant.label, "?")
    code, *_ = measured(outcome, mutant.arguments, logs, limits)
    outcome.code = str(code)
    known = {*mutant.files, *mutant.special}
    if code in (0, 1):
        known |= _judge_outputs(mutant, folder, outcome, logs, limits)
    if "--in-place" not in mutant.arguments or code not in (0, 1):
        outcome.offences += [
            f"input changed: {name}"
            for name, old in mutant.files.items()
            if (folder / name).read_bytes() != old
        ]
    outcome.offences += judge.leftovers(folder, known)
    outcome.offences = list(dict.fromkeys(outcome.offences))
    return outcome


def _judge_outputs(mutant: Mutant, folder: Path, outcome: Outcome, logs: Path, limits: Limits) -> set[str]:
    """Judge what a command wrote; the names of its outputs."""
    given = mutant.arguments
    wanted = {one: name for one, name in pairwise(given) if one in _OUTPUTS}
    outcome.offences += [f"missing: {name}" for name in wanted.values() if not (folder / name).exists()]
    known = {*wanted.values()}
    for path in [folder / wanted.get("--docx", "-"), *sorted((folder / "forms").glob("*.docx"))]:
        if path.exists():
            source = mutant.files[mutant.target] if given[0] == "audit" else path.read_bytes()
            outcome.offences += judge.damage(source, path.read_bytes())
    if given[0] != "run":
        return known
    source, name = mutant.files[given[1]], wanted.get("-o", given[1])
    if "--in-place" in given:
        known |= {path.name for path in folder.glob("*备份*") if path.read_bytes() == source}
    content = (folder / name).read_bytes()
    outcome.offences += judge.damage(source, content)
    if mutant.number % 10 == 0:
        outcome.offences += judge.apart(judge.openable, source, content)
    outcome.offences += run_again(content, folder, name, outcome, logs, limits)
    return known | {f"again{name[-5:]}"}


def run_again(
    content: bytes, folder: Path, name: str, outcome: Outcome, logs: Path, limits: Limits
) -> list[str]:
    """Run the result once more: it must work, and come out as it is.

    What somebody typed over a computed cell is told once, and a formula whose result was emptied has another reason for
    that when it is empty already; then the third run must come out as the second.
    """
    again = f"again{name[-5:]}"
    second = Outcome(outcome.number, outcome.label, "?")
    code, _, err = measured(second, ("run", name, "-o", again), logs, limits)
    found = [f"second run: {one}" for one in second.offences]
    if code not in (0, 1):
        return [*found, f"second run: exit {code}: {err.strip()[:80]}"]
    if str(code) != outcome.code:
        found.append(f"second run: exit {outcome.code}, then {code}")
    other = (folder / again).read_bytes()
    if other != content:
        found += [] if _tells(content, b"CEL013", b"CEL015") else ["second run: another result"]
        third = Outcome(outcome.number, outcome.label, "?")
        measured(third, ("run", again, "-o", name), logs, limits)
        found += [] if (folder / name).read_bytes() == other else ["third run: another result"]
    return found


def _tells(content: bytes, *codes: bytes) -> bool:
    """Whether a result's list of findings has one of some codes."""
    parts = (judge.parts_of(content) or {}).values()
    return any(code in part for part in parts for code in codes)
