"""Kill `run --in-place` at random moments and look at what is left: `uv run python benchmarks/kill.py [KILLS]`.

Half of the kills are spread over a whole run, the others over the few milliseconds in which files are written. Each
run is a fork of this process, in which everything is imported; one in twenty more is a process of its own. The file
must be the old or the new one, a backup whole, and the next run must succeed. (No Windows: it has no fork.)
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from xlbudget import app, cli
from xlbudget.app import running
from xlbudget.domain.told import Told
from xlbudget.files import writing as files

NAME = "监控.xlsx"
COMMAND = ("run", NAME, "--in-place", "--json")
PROCESS = (sys.executable, "-m", "xlbudget")
FULL_TIME = 1.05
"""Delays reach a little past a normal run, so that its very end is among the moments."""
WriteAll = Callable[..., None]


def become(arguments: tuple[str, ...], *, started: int, write_all: WriteAll) -> NoReturn:
    """Be `xlbudget ARGUMENTS` from here on; a byte into `started` tells when it begins to write."""

    def told(*given: object, **more: object) -> None:
        os.write(started, b"w")
        write_all(*given, **more)

    vars(running)["write_all"] = told
    sys.argv = ["xlbudget", *arguments]
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    code = 70
    try:
        cli.main()
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        os._exit(code)


def fault(folder: Path, old: bytes, new: bytes) -> str:
    """What is wrong with a folder in which a run was killed; empty when all is well."""
    known = {NAME}
    for path in folder.iterdir():
        ours = path.name.startswith(".xlbudget-") and path.suffix == ".tmp"
        if "备份" in path.name and path.read_bytes() == old:
            known.add(path.name)
        elif path.name not in known and not ours:
            return f"{path.name}: {path.stat().st_size} bytes that nobody knows"
    now = (folder / NAME).read_bytes() if (folder / NAME).exists() else b""
    if now not in (old, new):
        return f"{NAME}: {len(now)} bytes, neither old nor new"
    return f"{NAME} is new, and the old one is lost" if now == new and len(known) == 1 else ""


class Killer:
    """Runs the command again and again in a fresh folder, kills it, and judges what is left.

    Runs are forks of this process, in which `write_all` may be another one, or (`own`) processes of their own.
    """

    def __init__(self, work: Path, write_all: WriteAll = files.write_all, *, own: bool = False) -> None:
        self.work, self.write_all, self.own = work, write_all, own
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self._continued: set[tuple[str, ...]] = set()
        self.old = app.new_workbook(None, sample=True)
        start = time.perf_counter()
        self._run(self._fresh())
        self.before, self.writing = time.perf_counter() - start, 0.0
        self.new = (self.work / NAME).read_bytes()
        if not own:
            times = [self._timed() for _ in range(5)]
            self.before, self.writing = map(statistics.median, zip(*times, strict=True))

    def _fresh(self) -> Path:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        (self.work / NAME).write_bytes(self.old)
        return self.work

    def _run(self, folder: Path) -> None:
        """A run that nobody kills."""
        if self.own:
            subprocess.run([*PROCESS, *COMMAND], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        else:
            app.run(folder / NAME, app.Destinations(folder / NAME, in_place=True))

    def _start(self, folder: Path) -> tuple[int, int]:
        """Start a run; its process and the pipe that tells when it begins to write."""
        told, started = os.pipe()
        process = os.fork()
        if not process:
            os.chdir(folder)
            become(COMMAND, started=started, write_all=self.write_all)
        os.close(started)
        return process, told

    def _timed(self) -> tuple[float, float]:
        """Seconds of a whole run before it writes, and from there to its end."""
        start = time.perf_counter()
        process, told = self._start(self._fresh())
        os.read(told, 1)
        middle = time.perf_counter()
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os.close(told)
        assert code == 0, code
        return middle - start, time.perf_counter() - middle

    def kill_fork(self, dice: random.Random, *, while_writing: bool) -> bool:
        """Kill a run at a random moment, of all its time or of that in which it writes. False: it was over."""
        process, told = self._start(self._fresh())
        length = self.writing if while_writing else self.before + self.writing
        if while_writing:
            os.read(told, 1)
        time.sleep(dice.uniform(0, length * FULL_TIME))
        os.kill(process, signal.SIGKILL)
        status = os.waitpid(process, 0)[1]
        os.close(told)
        return self._judge(os.WIFSIGNALED(status))

    def kill_process(self, dice: random.Random) -> bool:
        """Kill a process of its own at a random moment. False: it was over."""
        with subprocess.Popen([*PROCESS, *COMMAND], cwd=self._fresh(), stdout=subprocess.DEVNULL) as process:
            time.sleep(dice.uniform(0, self.before * FULL_TIME))
            process.kill()
        return self._judge(process.returncode == -signal.SIGKILL)

    def _judge(self, killed: bool) -> bool:
        if not killed:
            self.counts["over before the kill"] += 1
        wrong = fault(self.work, self.old, self.new) or self._next_run()
        if wrong:
            self.faults.append(wrong)
        if killed:
            now = (self.work / NAME).read_bytes() if (self.work / NAME).exists() else b""
            self.counts["broken" if wrong else "new" if now == self.new else "old"] += 1
            self.counts["old, and something beside it"] += now == self.old and len(os.listdir(self.work)) > 1
        return killed

    def _next_run(self) -> str:
        """Run once more on what is left, once for each different thing that is; what was wrong with that."""
        left = sorted(path.name if path.suffix != ".tmp" else ".tmp" for path in self.work.iterdir())
        state = (*left, str((self.work / NAME).read_bytes() == self.new))
        if state in self._continued:
            return ""
        self._continued.add(state)
        copy = self.work.with_name(f"{self.work.name}-next")
        shutil.copytree(self.work, copy)
        try:
            self._run(copy)
            backups = [path.read_bytes() for path in copy.glob("*备份*")]
            whole = self.old in backups and set(backups) <= {self.old, self.new}
            return "" if whole and (copy / NAME).read_bytes() == self.new else f"wrong next run after {state}"
        except (Told, subprocess.CalledProcessError) as error:
            return f"no next run after {state}: {error}"
        finally:
            shutil.rmtree(copy)

    def kill(self, kills: int, seed: int = 1) -> None:
        """So many kills; those of forks in turn over the whole run and while it writes."""
        dice = random.Random(seed)
        done = 0
        while done < kills:
            if self.own:
                done += self.kill_process(dice)
            else:
                done += self.kill_fork(dice, while_writing=bool(done % 2))


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as work:
        killers = [Killer(Path(work) / "fork"), Killer(Path(work) / "own", own=True)]
        forks = killers[0]
        print(
            f"a fork: {forks.before * 1000:.0f} ms, then {forks.writing * 1000:.1f} ms of writing", flush=True
        )
        for killer, number in zip(killers, (kills, kills // 20), strict=True):
            killer.kill(number)
    for name in ("old", "old, and something beside it", "new", "broken", "over before the kill"):
        print(f"{name:<30} {sum(killer.counts[name] for killer in killers):5}")
    faults = {one for killer in killers for one in killer.faults}
    print(*sorted(faults), sep="\n", end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
