"""`check` over a folder of anybody's workbooks, and `run` with our sheets put into them: `uv run python -m benchmarks.foreign DIR`.

DIR holds workbooks (.xlsx, .xlsm, .xls and their like), one subfolder a source, such as the test data of other libraries.
None of them is one of ours, so `check` must say so (exit code 2), fast and within 1 GB. Then our filled input sheets are put
into each at the level of the zip, and `run` must end with 0, 1 or 2, give the sample's figures, lose no part, change only
what is ours (workbook, its relations, content types, looks added at the end), and open and run again to the same bytes.
Prints sources × exit codes and what is wrong; exit code 1 if anything is. The files stay where they are.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.fuzz import report
from benchmarks.fuzzing import graft, judge
from benchmarks.fuzzing.command import Limits, Outcome, measured
from benchmarks.fuzzing.pool import outcomes
from benchmarks.fuzzing.trial import run_again
from xlbudget import app

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xlsb", ".xls", ".xlt", ".et", ".ods")
GRAFTED = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")
OPENED_ONE_IN = 5
"""openpyxl takes longer than all the rest."""
FIGURES = ("projects", "totals", "bands", "forecast")


def _source(path: Path, root: Path) -> str:
    return (
        f"{path.relative_to(root).parts[0]} {path.suffix.lower()}"
        if path.parent != root
        else path.suffix.lower()
    )


def checked(path: Path, label: str, number: int, folder: Path, logs: Path, limits: Limits) -> Outcome:
    """`check` of a file as it is."""
    outcome = Outcome(number, f"check {label}", "?")
    content = path.read_bytes()
    os.chdir(folder)
    code, *_ = measured(outcome, ("check", str(path)), logs, limits)
    outcome.code = str(code)
    if path.read_bytes() != content:
        outcome.offences.append("input changed")
    return outcome


def run_grafted(path: Path, label: str, number: int, folder: Path, logs: Path, limits: Limits) -> Outcome:
    """`run` of the file with our sheets in it."""
    outcome = Outcome(number, f"run {label}", "?")
    try:
        content = graft.grafted(path.read_bytes(), SHEETS)
    except graft.CannotGraft as error:
        outcome.code, outcome.said = "no graft", str(error)
        return outcome
    suffix = ".xlsm" if path.suffix.lower() in (".xlsm", ".xltm", ".xlam") else ".xlsx"
    name, out = f"in{suffix}", f"out{suffix}"
    (folder / name).write_bytes(content)
    os.chdir(folder)
    code, said, _ = measured(outcome, ("run", name, "-o", out, "--json"), logs, limits)
    outcome.code = str(code)
    if code in (0, 1):
        made = (folder / out).read_bytes()
        outcome.offences += judge.apart(judge.damage, content, made)
        outcome.offences += judge.apart(graft.changes, content, made)
        if number % OPENED_ONE_IN == 0:
            outcome.offences += judge.apart(judge.openable, content, made)
        outcome.offences += run_again(made, folder, out, outcome, logs, limits)
        figures = json.loads(said)
        outcome.offences += [
            f"other {one} than the sample's" for one in FIGURES if figures[one] != EXPECTED[one]
        ]
        outcome.offences += [
            f"finding {one['code']} ({one['severity']})"
            for one in figures["findings"]
            if one["severity"] == "ERROR"
        ]
    outcome.offences = list(dict.fromkeys(outcome.offences))
    return outcome


def _prepared() -> tuple[dict[str, bytes], dict[str, object]]:
    """Our sheets, and the figures that come of them."""
    from xlbudget import results

    sample = app.new_workbook(None, sample=True)
    opened = app.open_workbook(Path("sample.xlsx"), sample)
    return graft.our_sheets(sample), json.loads(
        results.dumps(results.of_run(opened.case, opened.findings, []))
    )


SHEETS: dict[str, bytes] = {}
EXPECTED: dict[str, object] = {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=("check", "run"), help="only this command")
    parser.add_argument("--one", type=int, metavar="I", help="only file I, and say all about it")
    given = parser.parse_args()
    with ProcessPoolExecutor(1, get_context("fork")) as apart:
        sheets, expected = apart.submit(_prepared).result()
    SHEETS.update(sheets)
    EXPECTED.update(expected)
    root = given.folder.resolve()
    files = sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    tasks = [(checked, path) for path in files] if given.only != "run" else []
    tasks += (
        [(run_grafted, path) for path in files if path.suffix.lower() in GRAFTED]
        if given.only != "check"
        else []
    )
    numbers: Iterator[int] = iter(range(len(tasks)) if given.one is None else [given.one])

    def work(number: int, folder: Path, logs: Path, limits: Limits) -> Outcome:
        task, path = tasks[number]
        return task(path, _source(path, root), number, folder, logs, limits)

    def label(number: int) -> str:
        return f"{'check' if tasks[number][0] is checked else 'run'} {_source(tasks[number][1], root)}"

    found, start = [], time.monotonic()
    for outcome in outcomes(numbers, work, label, given.jobs, Limits(seconds=20, killed=60, waiting=300)):
        found.append(outcome)
        if outcome.offences:
            print(
                outcome.number,
                tasks[outcome.number][1].name,
                outcome.code,
                outcome.offences,
                file=sys.stderr,
                flush=True,
            )
        if len(found) % 500 == 0:
            print(f"{len(found)} after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    found.sort(key=lambda one: one.number)
    report(found, time.monotonic() - start)
    told = Counter(one.said.strip().split("\n")[0][:60] for one in found if one.code in ("2", "no graft"))
    print(
        "\nexit 2 or no graft, most often:",
        *(f"{count:6} {text}" for text, count in told.most_common(25)),
        sep="\n",
    )
    if given.one is not None:
        print(found[0].trace, found[0].said)
    return 1 if any(one.offences for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
