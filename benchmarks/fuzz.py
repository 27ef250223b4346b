"""Mutants of every input, run and judged: `uv run python -m benchmarks.fuzz [--count N] [--seed N] [--jobs N]`.

Each mutant is a small file of ours (workbook, .docx, .pdf, text, profile), changed in one way (benchmarks/fuzzing), given to
check, run, explain or audit in a forked child of a warm process. Nothing may end with exit code 3, crash, hang, take more
than 5 s of processor time or 1 GB, damage or lose a part, change its input, or leave anything behind; what `run` wrote must
open and run again to the same bytes. Prints kinds of mutation × exit codes, then the offenders by what is wrong with them;
exit code 1 if there are any. Mutant i of a seed is always the same: `--one i` makes and runs it again, `--keep DIR` keeps the
files of offenders. (No Windows: it has no fork.)
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.fuzzing.command import Limits, Outcome
from benchmarks.fuzzing.mutants import Base, Mutant, bases, mutant, plan
from benchmarks.fuzzing.pool import Work, outcomes
from benchmarks.fuzzing.trial import lay_out, run

KEPT = 3
"""So many offenders of one sort are kept."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--start", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", metavar="KIND", default="", help="mutants whose kind contains this")
    parser.add_argument("--one", type=int, metavar="I", help="make and run mutant I, and say all about it")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep files of offenders here")
    return parser.parse_args()


def report(all_outcomes: list[Outcome], seconds: float) -> None:
    """Print what came of them: first all, then what is wrong."""
    codes = sorted({one.code for one in all_outcomes})
    print(f"{'kind of mutation':<52}" + "".join(f"{code:>8}" for code in codes) + f"{'offend':>8}")
    for label in sorted({one.label for one in all_outcomes}):
        print(_line(label, [one for one in all_outcomes if one.label == label], codes))
    print(_line("all", all_outcomes, codes))
    slow, large = (max(all_outcomes, key=key) for key in (lambda one: one.seconds, lambda one: one.memory))
    print(
        f"slowest {slow.seconds:.1f} s (mutant {slow.number}), largest {large.memory:.0f} MB (mutant {large.number}); {seconds:.0f} s in all"
    )
    groups = Counter(offence for one in all_outcomes for offence in one.offences)
    for offence, count in groups.most_common():
        examples = [one for one in all_outcomes if offence in one.offences]
        kinds = Counter(one.label for one in examples)
        print(f"\n{count:5} × {offence}\n        {', '.join(f'{k} {n}' for k, n in kinds.most_common(4))}")
        print(f"        mutants {', '.join(str(one.number) for one in examples[:8])}")


def _line(label: str, some: list[Outcome], codes: list[str]) -> str:
    counts = Counter(one.code for one in some)
    return (
        f"{label:<52}"
        + "".join(f"{counts[code] or '':>8}" for code in codes)
        + f"{sum(bool(one.offences) for one in some) or '':>8}"
    )


def keep(outcome: Outcome, made: Mutant, folder: Path, seen: Counter[str]) -> None:
    """Keep the files of the first few offenders of each sort."""
    for offence in outcome.offences:
        seen[offence] += 1
        if seen[offence] <= KEPT:
            place = folder / re.sub(r"[^\w.]+", "-", offence)[:80] / str(outcome.number)
            place.mkdir(parents=True, exist_ok=True)
            lay_out(made, place)
            told = f"{made.label}\nxlbudget {' '.join(made.arguments)}\n\n{outcome.offences}\n\n{outcome.trace}\n{outcome.said}"
            (place / "_told.txt").write_text(told, "utf-8")


def chosen(given: argparse.Namespace, all_bases: list[Base]) -> Iterator[int]:
    for number in range(given.start, given.start + given.count):
        if given.only in plan(given.seed, number, all_bases).label:
            yield number


def main() -> int:
    given = options()
    with ProcessPoolExecutor(1, get_context("fork")) as apart:
        # What makes a PDF has threads of its own, which a fork of this process would wait for in vain.
        all_bases = apart.submit(bases).result()
    make: Callable[[int], Mutant] = lambda number: mutant(plan(given.seed, number, all_bases), all_bases)  # noqa: E731
    label: Callable[[int], str] = lambda number: plan(given.seed, number, all_bases).label  # noqa: E731
    numbers = chosen(given, all_bases) if given.one is None else iter([given.one])
    found: list[Outcome] = []
    seen: Counter[str] = Counter()
    start = time.monotonic()
    work: Work = lambda number, folder, logs, limits: run(make(number), folder, logs, limits)  # noqa: E731
    for outcome in outcomes(numbers, work, label, given.jobs if given.one is None else 1, Limits()):
        found.append(outcome)
        if given.keep and outcome.offences:
            keep(outcome, make(outcome.number), given.keep, seen)
        if len(found) % 1000 == 0:
            print(f"{len(found)} after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    found.sort(key=lambda one: one.number)
    report(found, time.monotonic() - start)
    if given.one is not None:
        print(" ".join(make(given.one).arguments), found[0].trace, found[0].said, sep="\n")
    return 1 if any(one.offences for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
