"""A command called in this process, within limits: what it gave, said and took."""

from __future__ import annotations

import io
import resource
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fuzzing import judge
from xlbudget import cli

MB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of processor time and MB that a command may take; far above them it is killed."""

    seconds: float = 5
    killed: float = 20
    waiting: float = 600
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
    out, err = (one.buffer.getvalue().decode("utf-8", "replace") for one in made)
    traces = [path.read_text("utf-8", "replace") for path in logs.glob("xlbudget-*.log")]
    for path in logs.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return code, out, err, "".join(traces)


def _processor() -> float:
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _peak() -> float:
    """The most memory in MB since it was last asked."""
    text = Path("/proc/self/status").read_text("utf-8")
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


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
