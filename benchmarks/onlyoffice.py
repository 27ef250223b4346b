"""Compare our results of formulas with another engine: `uv run python -m benchmarks.onlyoffice PYTHON`.

PYTHON is the interpreter of an environment in which the package `document-builder` is installed: ONLYOFFICE's engine, under
the AGPL, so it is asked in a process of its own and is no dependency. Every formula that the tests compare with LibreOffice
is computed by it too; what is printed differs, what it does not know is only counted. Exit code 1 where something differs
that is not known to be its own fault.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.files import sample
from tests.formulas.compare import SHEET, Formula, agree, corpus, ours, value, workbook
from tests.formulas.shapes import MODERN
from xlbudget import app
from xlbudget.hosts.package import Package

ONLY_ONLYOFFICE = {
    r"LENB|LEFTB|RIGHTB|MIDB": "counts a Chinese character as one byte",
}
"""Where ONLYOFFICE is the odd one: pattern of the formula → what it does otherwise than Excel."""
BATCH = 400
"""Formulas of a workbook; it computes so many at once, and leaves others for later."""
_ASK = """
import json, os, sys
import docbuilder
path, answer, sheet, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
builder = docbuilder.CDocBuilder()
builder.OpenFile(path, "")
context = builder.GetContext()
scope = context.CreateScope()
api = context.GetGlobal()["Api"]
api.Call("RecalculateAllFormulas")
cells = api.Call("GetSheet", sheet)
found = []
for row in range(1, count + 1):
    cell = cells.Call("GetRange", f"A{row}")
    found.append(cell.Call("GetValue2").ToString())
with open(answer, "w") as file:
    json.dump(found, file)
os._exit(0)  # its own end crashes
"""


def asked(python: str, formulas: Sequence[Formula], folder: Path) -> list[str]:
    """What ONLYOFFICE computes, as texts."""
    path, answer = folder / "算.xlsx", folder / "答.json"
    path.write_bytes(workbook(filled(), formulas))
    command = [python, "-c", _ASK, str(path), str(answer), SHEET, str(len(formulas))]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    found: list[str] = json.loads(answer.read_text())
    return found


def same(our: object, their: str) -> bool:
    """Whether a result of ours is theirs, which comes as a text."""
    if isinstance(our, bool):
        return str(our).upper() == their.upper()
    if isinstance(our, float):
        try:
            return agree(our, float(their))
        except ValueError:
            return False
    return our == their


@cache
def filled() -> bytes:
    """The sample after a run."""
    host = Package(Path("样例.xlsx"), sample())
    opened = app.open_host(host, None)
    app.fill_workbook(host, opened, Path())
    return host.save()


def main(python: str) -> int:
    formulas = [*corpus(), *(Formula(one, array=True) for one in MODERN)]
    random.Random(1).shuffle(formulas)  # of formulas that continue the one above it computes the first alone
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "源.xlsx"
        path.write_bytes(workbook(filled(), formulas))
        computed, failed = ours(path)
        batches = (formulas[n : n + BATCH] for n in range(0, len(formulas), BATCH))
        shown = [one for batch in batches for one in asked(python, batch, Path(folder))]
    counts: Counter[str] = Counter()
    for row, cell in computed.items():
        text, their = formulas[row - 1].text, shown[row - 1]
        if same(value(cell), their):
            counts["same"] += 1
        elif their == "#NAME?":
            counts["not known there"] += 1
        elif known := next((why for known, why in ONLY_ONLYOFFICE.items() if re.search(known, text)), ""):
            counts[f"differs as known: {known}"] += 1
        else:
            counts["differs"] += 1
            print(f"{text}: {value(cell)!r} here, {their!r} there")
    counts["not sure here"] = len(failed)
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    return 1 if counts["differs"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
