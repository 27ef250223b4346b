"""Print ratios, measured in turn in one run: `uv run --with pandas python benchmarks/run.py`.

Whole processes against `python -c "import pandas, openpyxl, pydantic"`; times alone say little on a shared machine.
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make import workbook

from xlbudget import app

ROUNDS = 5


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return time.perf_counter() - start


def compare(name: str, command: list[str], base: list[str]) -> None:
    """Run two commands in turn and print the median of both and of their ratio."""
    pairs = [(seconds(command), seconds(base)) for _ in range(ROUNDS + 1)][1:]
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name:<44} {ours:6.2f} s   base {theirs:6.2f} s   ratio {ratio:5.2f}")


def render(folder: Path) -> None:
    """The sample's report as Word and PDF, in this process, the first time and again."""
    opened = app.open_workbook(app.create(folder / "sample.xlsx", sample=True))
    document = app.report_of(opened)
    for name in ("docx", "pdf"):
        start = time.perf_counter()
        module = importlib.import_module(f"xlbudget.export.{name}")
        make = getattr(module, f"render_{name}")
        make(document)
        first = time.perf_counter()
        make(document)
        print(
            f"{f'{name} of the sample':<44} {first - start:6.2f} s   again {time.perf_counter() - first:6.2f} s"
        )


def main() -> None:
    python = sys.executable
    base = [python, "-c", "import pandas, openpyxl, pydantic"]
    ours = [python, "-m", "xlbudget"]
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        small = str(workbook(folder / "small.xlsx", 20, 140))
        large = str(workbook(folder / "large.xlsx", 500, 5000))
        wrong = str(workbook(folder / "wrong.xlsx", 500, 5000, mistakes=1000))
        out = str(folder / "out.xlsx")
        print("base: python -c 'import pandas, openpyxl, pydantic'")
        compare("check, 20 projects, 140 indicators", [*ours, "check", small, "--json"], base)
        compare("run, 20 projects, 140 indicators", [*ours, "run", small, "-o", out, "--json"], base)
        render(folder)
        compare("check, 500 / 5,000, 1,000 mistakes", [*ours, "check", wrong, "--json"], base)
        compare("run, 500 / 5,000", [*ours, "run", large, "-o", out, "--json"], base)


if __name__ == "__main__":
    main()
