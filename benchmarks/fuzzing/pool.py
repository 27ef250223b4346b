"""Mutants run in forked children of a warm process: one that is killed costs only its one mutant."""

from __future__ import annotations

import io
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.fuzzing import judge
from benchmarks.fuzzing.mutants import Mutant
from xlbudget import cli

MB = 2**20
CHILD_LIFE = 200
"""So many mutants a child: nothing that a mutant leaves in memory lives long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of processor time and MB that a command may take; far above them it is killed."""

    seconds: float = 5
    killed: float = 20
    waiting: float = 90
    memory: int = 1024
    address_space: int = 4096


@dataclass(slots=True)
class Outcome:
    """What came of a mutant."""

    number: int
    label: str
    code: str
    offences: list[str] = field(default_factory=list)
    seconds: float = 0
    memory: float = 0
    trace: str = ""
    said: str = ""


def call(arguments: tuple[str, ...], logs: Path) -> tuple[int, str, str, str]:
    """The command line in this process: exit code, what it printed, and the trace of an error of ours."""
    streams = sys.stdout, sys.stderr
    made = [io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", write_through=True) for _ in streams]
    sys.argv, tempfile.tempdir = ["xlbudget", *arguments], str(logs)
    try:
        sys.stdout, sys.stderr = made
        code = cli._run()
    finally:
        sys.stdout, sys.stderr = streams
        tempfile.tempdir = None
    out, err = (one.buffer.getvalue().decode("utf-8", "replace") for one in made)  # type: ignore[attr-defined]
    traces = [path.read_text("utf-8", "replace") for path in logs.glob("xlbudget-*.log")]
    for path in logs.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return code, out, err, "".join(traces)


def _processor() -> float:
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _peak() -> float:
    """The most memory in MB since it was last asked, of this process and of its children."""
    text = Path("/proc/self/status").read_text("utf-8")
    mine = int(text.partition("VmHWM:")[2].split()[0]) / 1024
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    return max(mine, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def measured(
    outcome: Outcome, arguments: tuple[str, ...], logs: Path, limits: Limits
) -> tuple[int, str, str]:
    """Call a command and note what it took, and where it broke."""
    _peak()
    before = _processor()
    signal.setitimer(signal.ITIMER_PROF, limits.killed)
    signal.setitimer(signal.ITIMER_REAL, limits.waiting)
    code, out, err, trace = call(arguments, logs)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    seconds, memory = _processor() - before, _peak()
    outcome.seconds, outcome.memory = max(outcome.seconds, seconds), max(outcome.memory, memory)
    outcome.trace, outcome.said = outcome.trace or trace, outcome.said or (out + err)[-3000:]
    if code == 3:
        outcome.offences.append(f"exit 3: {judge.place_of(trace)}")
    if seconds > limits.seconds:
        outcome.offences.append(f"slow: more than {limits.seconds:g} s")
    if memory > limits.memory:
        outcome.offences.append(f"memory: more than {limits.memory} MB")
    outcome.offences += judge.of_words(arguments, code, out, err)
    return code, out, err


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
    known = {
        given[index + 1]
        for index, one in enumerate(given)
        if one in ("-o", "--docx", "--pdf", "--html", "--forms")
    }
    outcome.offences += [f"missing: {name}" for name in known if not (folder / name).exists()]
    before = mutant.files[mutant.target]
    for path in sorted(
        {folder / one for one in known if one.endswith(".docx")} | {*(folder / "forms").glob("*.docx")}
    ):
        source = before if given[0] == "audit" else path.read_bytes()
        outcome.offences += judge.damage(source, path.read_bytes())
    if given[0] == "run":
        name = (
            mutant.target
            if "--in-place" in given
            else f"out.{mutant.target[-4:] if 'own' not in given[1] else 'xlsx'}"
        )
        if "--in-place" in given:
            known |= {path.name for path in folder.glob("*备份*") if path.read_bytes() == before}
        source = mutant.files[given[1]]
        content = (folder / name).read_bytes()
        outcome.offences += judge.damage(source, content)
        if mutant.number % 10 == 0:
            outcome.offences += judge.openable(source, content)
        known |= {"again" + name[-5:]}
        outcome.offences += _again(content, folder, name, outcome, logs, limits)
    return known


def _again(
    content: bytes, folder: Path, name: str, outcome: Outcome, logs: Path, limits: Limits
) -> list[str]:
    """Run the result once more: it must work, and come out as it is."""
    again = "again" + name[-5:]
    second = Outcome(outcome.number, outcome.label, "?")
    code, _, err = measured(second, ("run", name, "-o", again), logs, limits)
    found = [f"second run: {one}" for one in second.offences]
    if code not in (0, 1):
        return [*found, f"second run: exit {code}: {err.strip()[:80]}"]
    if str(code) != outcome.code:
        found.append(f"second run: exit {outcome.code}, then {code}")
    if (folder / again).read_bytes() != content:
        found.append("second run: another result")
    return found


# -- children ------------------------------------------------------------------------------------------


def _child(pipe: Connection, make: Callable[[int], Mutant], limits: Limits) -> None:
    """Run mutants as they are asked for, until nobody asks or this child has done its share."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_space * MB,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    vars(sys)["stdout"] = vars(sys)["stderr"] = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        for _ in range(CHILD_LIFE):
            number = pipe.recv()
            if number is None:
                break
            folder, logs = base / "work", base / "logs"
            folder.mkdir()
            logs.mkdir(exist_ok=True)
            pipe.send(_safely(number, make, folder, logs, limits))
            os.chdir(base)
            shutil.rmtree(folder)
        os.chdir("/")
    pipe.close()
    os._exit(0)


def _safely(number: int, make: Callable[[int], Mutant], folder: Path, logs: Path, limits: Limits) -> Outcome:
    """A mutant's outcome; an error of this harness is told as such and hides nothing."""
    import traceback

    try:
        return run(make(number), folder, logs, limits)
    except BaseException:
        return Outcome(
            number,
            "?",
            "?",
            [f"harness: {judge.place_of(traceback.format_exc())}"],
            trace=traceback.format_exc(),
        )


class _Worker:
    """A child, and the mutant that it is at."""

    def __init__(self, make: Callable[[int], Mutant], limits: Limits) -> None:
        context = get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_child, args=(theirs, make, limits), daemon=False)
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.left = CHILD_LIFE

    def give(self, number: int | None) -> None:
        self.number = number
        self.left -= 1
        self.pipe.send(number)

    def close(self) -> str:
        """How it ended."""
        self.process.join(20)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            self.process.join()
        self.pipe.close()
        return signal.Signals(-code).name if code is not None and code < 0 else str(code)


_ENDS = {"SIGPROF": "hang: processor time", "SIGALRM": "hang: waits"}


def outcomes(
    numbers: Iterator[int],
    make: Callable[[int], Mutant],
    label: Callable[[int], str],
    jobs: int,
    limits: Limits,
) -> Iterator[Outcome]:
    """Run mutants in so many children at a time; outcomes as they come."""
    workers = [_Worker(make, limits) for _ in range(jobs)]
    for worker in [*workers]:
        _next(worker, numbers, workers)
    while workers:
        ready = connection.wait([worker.pipe for worker in workers], timeout=limits.waiting * 3)
        for worker in [one for one in workers if one.pipe in ready]:
            number = worker.number
            assert number is not None
            try:
                yield worker.pipe.recv()
            except (EOFError, OSError):
                end = worker.close()
                workers.remove(worker)
                yield Outcome(number, label(number), end, [_ENDS.get(end, f"crash: {end}")])
                workers.append(_Worker(make, limits))
                _next(workers[-1], numbers, workers)
                continue
            if worker.left <= 0:
                worker.close()
                workers.remove(worker)
                worker = _Worker(make, limits)  # noqa: PLW2901
                workers.append(worker)
            _next(worker, numbers, workers)
        if not ready:
            for worker in workers:
                worker.process.kill()


def _next(worker: _Worker, numbers: Iterator[int], workers: list[_Worker]) -> None:
    number = next(numbers, None)
    worker.give(number)
    if number is None:
        worker.close()
        workers.remove(worker)
