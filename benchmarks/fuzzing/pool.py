"""Work done in forked children of a warm process: a child that is killed costs only the one thing that it was at."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.fuzzing import judge
from benchmarks.fuzzing.command import MB, Limits, Outcome

Work = Callable[[int, Path, Path, Limits], Outcome]
"""From a number, an empty folder to work in and one for logs to what came of it."""
CHILD_LIFE = 200
"""So many a child: nothing that one leaves in memory lives long."""
_ENDS = {"SIGPROF": "hang: processor time", "SIGALRM": "hang: waits"}


def _child(pipe: Connection, work: Work, limits: Limits, scratch: Path) -> None:
    """Do what is asked for, until nobody asks."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_space * MB,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    vars(sys)["stdout"] = vars(sys)["stderr"] = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    folder, logs = scratch / "work", scratch / "logs"
    logs.mkdir()
    while (number := pipe.recv()) is not None:
        folder.mkdir()
        pipe.send(_safely(number, work, folder, logs, limits))
        os.chdir(scratch)
        shutil.rmtree(folder)
    os._exit(0)


def _safely(number: int, work: Work, folder: Path, logs: Path, limits: Limits) -> Outcome:
    """What came of it; an error of this harness is told as such and hides nothing."""
    try:
        return work(number, folder, logs, limits)
    except BaseException:
        trace = traceback.format_exc()
        return Outcome(number, "?", "?", [f"harness: {judge.place_of(trace)}"], trace=trace)


class _Worker:
    """A child, and the number that it is at."""

    def __init__(self, work: Work, limits: Limits) -> None:
        context = get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.scratch = Path(tempfile.mkdtemp(prefix="xlbudget-fuzz-"))
        self.process = context.Process(target=_child, args=(theirs, work, limits, self.scratch))
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.left = CHILD_LIFE

    def give(self, number: int | None) -> None:
        self.number = number
        self.left -= 1
        self.pipe.send(number)

    def outcome(self, label: Callable[[int], str]) -> Outcome | None:
        """What came of its number, also where it died of it; nothing yet while it works."""
        assert self.number is not None
        try:
            if self.pipe.poll():
                done = self.pipe.recv()
                assert isinstance(done, Outcome)
                return done
        except (EOFError, OSError):
            self.process.join(20)
        if self.process.is_alive():
            return None
        code = self.process.exitcode or 0
        end = signal.Signals(-code).name if code < 0 else f"exit {code}"
        self.left = 0
        return Outcome(self.number, label(self.number), end, [_ENDS.get(end, f"crash: {end}")])

    def close(self) -> None:
        if self.process.is_alive():
            self.give(None)
        self.process.join(20)
        self.process.kill()
        self.process.join()
        self.pipe.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


def outcomes(
    numbers: Iterator[int], work: Work, label: Callable[[int], str], jobs: int, limits: Limits
) -> Iterator[Outcome]:
    """Do the work for numbers in so many children at a time; outcomes as they come."""
    workers: list[_Worker] = []
    todo = next(numbers, None)
    while workers or todo is not None:
        while todo is not None and len(workers) < jobs:
            workers.append(_Worker(work, limits))
            workers[-1].give(todo)
            todo = next(numbers, None)
        connection.wait([worker.pipe for worker in workers], timeout=1)
        for worker in [*workers]:
            done = worker.outcome(label)
            if done is None:
                continue
            yield done
            if todo is None or worker.left <= 0:
                worker.close()
                workers.remove(worker)
            else:
                worker.give(todo)
                todo = next(numbers, None)
