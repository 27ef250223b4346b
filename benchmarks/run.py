"""Print ratios, measured in turn in one run: `uv run --with pandas python benchmarks/run.py`.

Times are seconds of processor time, which other people's work on the machine disturbs least. Processes without
bytecode files compile all that they import; they run with and without. Whole processes run against `python -c "import pandas, openpyxl, pydantic"`,
regeneration in this process against openpyxl's load and save, and against unzipping and zipping, of the same file.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from make import functions, workbook

from xlbudget import app
from xlbudget.formulas.refresh import refresh
from xlbudget.functions.blocks import Session
from xlbudget.hosts.package import Package

ROUNDS = 3
SIZES = ((20, 140), (500, 5000))


def processor() -> float:
    """Seconds of processor time that this process and those that it waited for have taken."""
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def seconds(work: Callable[[], object]) -> float:
    start = processor()
    work()
    return processor() - start


def compare(name: str, ours: Callable[[], object], base: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Run two things in turn and print the median of both and of their ratio."""
    pairs = [(seconds(ours), seconds(base)) for _ in range(rounds + 1)][1:]
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name:<52} {mine:6.3f} s   base {theirs:6.3f} s   ratio {ratio:6.2f}")


def process(*command: str) -> Callable[[], object]:
    def work() -> None:
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()

    return work


def keep_bytecode(folder: Path) -> None:
    """Let processes find compiled modules, as those of an installed program do, whatever this machine has set."""
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def most_memory(*command: str) -> float:
    """Peak memory of a process in MB."""
    script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True); "
    script += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, check=True, text=True
    )
    return int(done.stdout) / 1024


def rezip(content: bytes) -> bytes:
    """The floor: every part unpacked and packed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for info in source.infolist():
            out.writestr(info.filename, source.read(info))
    return buffer.getvalue()


def regeneration(folder: Path) -> None:
    """`run` of a workbook that was computed before, in this process and without exports."""
    for projects, indicators in SIZES:
        computed, out = folder / f"c{projects}.xlsx", folder / f"o{projects}.xlsx"
        app.run(workbook(folder / f"s{projects}.xlsx", projects, indicators), app.Destinations(computed))
        content = computed.read_bytes()

        def ours(computed: Path = computed, out: Path = out) -> None:
            app.run(computed, app.Destinations(out))

        def with_openpyxl(computed: Path = computed, out: Path = out) -> None:
            openpyxl.load_workbook(computed).save(out)

        size, rounds = f"{projects} projects / {indicators} indicators", ROUNDS if projects < 100 else 1
        compare(f"regeneration, {size}, against openpyxl", ours, with_openpyxl, rounds)
        compare(f"regeneration, {size}, against re-zip", ours, lambda one=content: rezip(one), rounds)


def render(folder: Path) -> None:
    """The sample's report as Word and PDF, in this process, the first time and again."""
    opened = app.open_workbook(app.create(folder / "sample.xlsx", sample=True))
    document = opened.report
    for name in ("docx", "pdf"):
        start = processor()
        make = getattr(importlib.import_module(f"xlbudget.export.{name}"), f"render_{name}")
        make(document)
        first = processor()
        make(document)
        print(f"{f'{name} of the sample':<52} {first - start:6.3f} s   again {processor() - first:6.3f} s")


def whole_processes(folder: Path) -> None:
    """Commands with bytecode, then two of them as after an installation that could not write any."""
    python, out = sys.executable, str(folder / "out.xlsx")
    base = process(python, "-c", "import pandas, openpyxl, pydantic")
    ours = (python, "-m", "xlbudget")
    small = str(workbook(folder / "small.xlsx", 20, 140))
    large = str(workbook(folder / "large.xlsx", 500, 5000))
    wrong = str(workbook(folder / "wrong.xlsx", 500, 5000, mistakes=1000))
    run_small, run_large = ((*ours, "run", one, "-o", out, "--json") for one in (small, large))
    keep_bytecode(folder)
    print("whole processes; base: python -c 'import pandas, openpyxl, pydantic'")
    compare("check, 20 / 140", process(*ours, "check", small, "--json"), base)
    compare("run, 20 / 140", process(*run_small), base)
    compare("check, 500 / 5,000, 1,000 mistakes", process(*ours, "check", wrong, "--json"), base)
    compare("run, 500 / 5,000", process(*run_large), base)
    print(f"{'peak memory of run, 500 / 5,000':<52} {most_memory(*ours, 'run', large, '-o', out):6.0f} MB")
    os.environ["PYTHONDONTWRITEBYTECODE"], os.environ["PYTHONPYCACHEPREFIX"] = "1", str(folder / "nothing")
    compare("run, 20 / 140, without bytecode", process(*run_small), base)
    compare("run, 500 / 5,000, without bytecode", process(*run_large), base)


def refreshing(folder: Path) -> None:
    """2,000 cells with functions of ours on a sheet of the user's own, alone and with as many formulas on them."""
    for formulas in (False, True):
        path = functions(folder / "functions.xlsx", 2000, formulas=formulas)
        times = []
        for _ in range(ROUNDS):
            host = Package(path)
            book, session = host.book(), Session(folder)
            start = processor()
            refreshed = refresh(book, [], session)
            times.append(processor() - start)
            assert len(refreshed.writes) == 2000 * (1 + formulas), refreshed.failures[:1]
        name = "2,000 functions" + (", and 2,000 formulas on them," if formulas else "") + " refreshed"
        print(f"{name:<52} {statistics.median(times):6.3f} s")


def main() -> None:
    gc.disable()  # as the command does
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        regeneration(folder)
        refreshing(folder)
        render(folder)
        whole_processes(folder)


if __name__ == "__main__":
    main()
