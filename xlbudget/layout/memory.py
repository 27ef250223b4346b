"""What xlbudget remembers in the workbook: what it wrote into computed cells, and which cells have findings.

A hidden sheet holds, for each computed column, short hashes of the values written. A value that is neither
empty, nor a formula of ours, nor remembered was typed by somebody. Values are kept by column, not by
address, so that sorting and deleting rows does no harm.

Beside them stand the numbers of cells with findings, ascending: a conditional format finds its cell among them by
bisection. Looking the address up in 校验结果 instead takes minutes with 200 projects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest

from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.money import plain
from xlbudget.layout import INPUT_SHEETS, header_key
from xlbudget.layout.own_formulas import is_our_formula
from xlbudget.reading import formats
from xlbudget.reading.cells import cell_number
from xlbudget.reading.said import Refused
from xlbudget.reading.table import Cell, Table, Value

MEMORY_SHEET = "_xlbudget"
_PER_CELL = 3000
MARKED = {Severity.ERROR: ("xlb_errors", "E"), Severity.WARNING: ("xlb_warnings", "F")}
"""Severity → name and column of the numbers of its cells."""
_SHEETS = {sheet.name: number * 10**12 for number, sheet in enumerate(INPUT_SHEETS, 1)}
_ROW = 10**5

Memory = Mapping[tuple[str, str], frozenset[str]]


def digest(sheet: str, field: str, text: str) -> str:
    """Eight hexadecimal digits that stand for a value in a column."""
    return hashlib.blake2s(f"{sheet}\0{field}\0{text}".encode(), digest_size=4).hexdigest()


def is_marked(sheet: str, severity: Severity) -> str:
    """A formula that tells whether the cell that it stands in has a finding of this severity."""
    number, (name, _) = f"{_SHEETS[sheet]}+ROW()*{_ROW}+COLUMN()", MARKED[severity]
    return f"=LOOKUP({number},{name})={number}"


def _numbers(findings: Iterable[Finding], severity: Severity) -> list[int]:
    """Numbers of the cells of the input sheets that have a finding of this severity."""
    found = set()
    for one in findings:
        start = _SHEETS.get(header_key(one.where.sheet))
        if one.severity is severity and one.where.at and start:
            row, column = one.where.at
            found.add(start + row * _ROW + column)
    return sorted(found)


def remember(
    written: Mapping[tuple[str, str], Iterable[str]], findings: Sequence[Finding] = ()
) -> list[list[Value]]:
    """Rows of the memory sheet: sheet, field, hashes (as many rows as Excel's cell length asks for), -, numbers."""
    return _with_findings(_hashes(written), findings)


def remember_findings(old: Table | None, findings: Sequence[Finding]) -> list[list[Value]]:
    """Rows of the memory sheet where only the findings are new; what was written into computed cells stays."""
    rows = [[row[n].text for n in (1, 2, 3) if n in row] for row in (old.rows if old else {}).values()]
    kept = [texts for texts in rows if len(texts) == 3]
    return _with_findings([*_hashes({}), *kept], findings)


def _with_findings(lines: Sequence[Sequence[str]], findings: Sequence[Finding]) -> list[list[Value]]:
    marked = zip_longest(*(_numbers(findings, severity) for severity in MARKED))
    rows = zip_longest(lines, marked, fillvalue=())
    return [[*texts, *[None] * (4 - len(texts)), *numbers] for texts, numbers in rows]


def _hashes(written: Mapping[tuple[str, str], Iterable[str]]) -> list[list[str]]:
    rows = [["本表由 xlbudget 使用，用来分辨计算列里的数是算出来的还是手填的，并给有问题的单元格上色。"]]
    for (sheet, field), texts in sorted(written.items()):
        hashes = sorted({digest(sheet, field, text) for text in texts})
        chunks = range(0, len(hashes), _PER_CELL)
        rows.extend([sheet, field, " ".join(hashes[start : start + _PER_CELL])] for start in chunks)
    return rows


def recall(table: Table | None) -> Memory:
    """Read the memory sheet; whatever does not look like it is ignored."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in (table.rows if table else {}).values():
        texts = [row[column].text if column in row else "" for column in (1, 2, 3)]
        if texts[1] and texts[2]:
            found.setdefault((texts[0], texts[1]), set()).update(texts[2].split())
    return {key: frozenset(hashes) for key, hashes in found.items()}


def is_ours(memory: Memory, sheet: str, field: str, cell: Cell) -> bool:
    """Tell whether a computed cell holds what xlbudget wrote there (or in another row of the column)."""
    if cell.formula is not None:
        return is_our_formula(sheet, field, cell.formula)
    if cell.kind not in ("number", "text"):
        return False
    known = memory.get((sheet, field), ())
    return any(digest(sheet, field, text) in known for text in _written(cell))


def _written(cell: Cell) -> Iterator[str]:
    """What we may have written for a cell to read like this: in a workbook that counts from 1904 dates are read shifted."""
    if cell.kind != "number":
        yield cell.text
        return
    with suppress(Refused):
        number = cell_number(cell)
        yield plain(number)
        if formats.is_calendar(cell.format):
            yield plain(number - formats.DAYS_1904)
