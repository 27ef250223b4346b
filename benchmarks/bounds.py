"""Whether small files that are heavy stay within bounds: `uv run python benchmarks/bounds.py [-k WORD] [--keep DIR]`.

Each file is given to our own program in a process of its own: at most 5 s of processor time and 400 MB, whether it is
read or refused with a reason (exit 2). The files are only for our own program: never open them with another.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import heavy_books
import heavy_formulas
import heavy_parts
import heavy_rows
import heavy_texts
from heavy import KINDS, Kind

SECONDS, MEGABYTES = 5.0, 400
_STOP_AFTER = int(os.environ.get("STOP", "30"))
"""Seconds after which a process is ended."""
_MOST = 3 * 2**30
"""Bytes that a process can have."""
_CHILD = """
import json, resource, subprocess, sys
def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (STOP, STOP + 1)); resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
done = subprocess.run(sys.argv[1:], capture_output=True, preexec_fn=limit)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, len(out), err[-300:]]))
""".replace("STOP", str(_STOP_AFTER)).replace("MOST", str(_MOST))
MODULES = (heavy_rows, heavy_parts, heavy_books, heavy_formulas, heavy_texts)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took, and how it ended."""

    code: int
    seconds: float
    megabytes: float
    printed: int
    said: str

    @property
    def holds(self) -> bool:
        told = self.code in (0, 1) or (self.code == 2 and bool(self.said.strip()))
        return told and self.seconds <= SECONDS and self.megabytes <= MEGABYTES


def measure(*command: str) -> Measured:
    """Run a command and measure it; a process between keeps its memory apart from ours."""
    import json

    child = subprocess.run(
        [sys.executable, "-c", _CHILD, *command], capture_output=True, check=True, text=True
    )
    return Measured(*json.loads(child.stdout))


def trials(kind: Kind, folder: Path) -> Iterator[tuple[str, Measured]]:
    """Each command on a file of a kind."""
    path = folder / f"{kind.name}{kind.suffix}"
    path.write_bytes(kind.make())
    for name, make in kind.beside.items():
        (folder / name).write_bytes(make())
    ours = (sys.executable, "-m", "xlbudget")
    for command in kind.commands:
        words = command.split()
        arguments = [*ours, *words, str(path)]
        if words[0] == "run":
            arguments += ["-o", str(folder / f"out{kind.suffix}")]
        if words[0] in ("run", "check", "audit"):
            arguments.append("--json")
        yield command, measure(*arguments)
    size = path.stat().st_size
    assert size < 20 * 2**20, (kind.name, size)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-k", default="", help="only kinds whose name contains one of these words")
    options.add_argument("--keep", type=Path, help="write the files into this folder and do nothing else")
    given = options.parse_args()
    chosen = [one for one in KINDS.values() if any(word in one.name for word in given.k.split(","))]
    if given.keep:
        given.keep.mkdir(exist_ok=True)
        for one in chosen:
            (given.keep / f"{one.name}{one.suffix}").write_bytes(one.make())
        return 0
    broken = 0
    print(
        f"{'file':<34} {'command':<8} {'exit':>4} {'s':>7} {'MB':>6} {'KB out':>7}  at most {SECONDS:g} s, {MEGABYTES} MB"
    )
    with tempfile.TemporaryDirectory() as work:
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(work) / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        warm = Path(work) / "warm"
        warm.mkdir()
        for one in chosen[:1]:
            list(trials(one, warm))
        for one in chosen:
            with tempfile.TemporaryDirectory(dir=work) as folder:
                for command, found in trials(one, Path(folder)):
                    broken += not found.holds
                    said = " ".join(found.said.split())[:150] if found.code not in (0, 1) else ""
                    print(
                        f"{one.name:<34} {command:<8} {found.code:>4} {found.seconds:7.2f} {found.megabytes:6.0f} "
                        f"{found.printed // 1024:>7}  {'holds' if found.holds else 'BROKEN'} {said}",
                        flush=True,
                    )
    print(f"{broken} beyond the bounds")
    return 1 if broken else 0


if __name__ == "__main__":
    assert all(module.__doc__ for module in MODULES)
    sys.exit(main())
