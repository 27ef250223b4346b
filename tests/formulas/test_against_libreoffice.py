"""What we put beside formulas is what LibreOffice computes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from tests.formulas.compare import SHEET, Formula, agree, corpus, ours, value, workbook
from tests.office.conftest import (
    Convert,
    convert,  # noqa: F401
)
from xlbudget.formulas.sight import sight_of
from xlbudget.formulas.tree import Unparsed, parse

pytestmark = pytest.mark.office

ONLY_LIBREOFFICE = {
    r'F\(.*"\*"': "counts numbers as * too; * stands for text only",
    r"数据!A1=TRUE|TRUE\)\)?$": "truth values are the numbers 1 and 0",
    r"^(LARGE|SMALL)\(数据!D1:D8,数据!A20\)$": "does not read a number with blanks around it where one is wanted",
}
"""Where LibreOffice is the odd one: pattern of the formula → what it does otherwise than Excel."""
MENDED = {
    r'TEXT\([\d./*]+,"0': "rounds the binary number; a format rounds its 15 digits (7.4, no more in 25.2)"
}


def theirs(path: Path, formulas: list[Formula], convert: Convert) -> dict[int, object]:  # noqa: F811
    """What LibreOffice computes, by row."""
    path = convert(path, "ods")  # another format, so that nothing is taken over
    shown = openpyxl.load_workbook(convert(path, "xlsx"), data_only=True)[SHEET]
    found = {row: shown.cell(row, 1).value for row in range(1, len(formulas) + 1)}
    return {row: to_excel(one) if isinstance(one, datetime) else one for row, one in found.items()}


def same(one: object, other: object) -> bool:
    """Whether we agree; it saves most kinds of errors as #VALUE!."""
    return agree(one, other) or (one in ("#NUM!", "#REF!", "#N/A") and other == "#VALUE!")


def looks_at_anything(text: str) -> bool:
    """Whether a formula can have another result than before: constants, and places that are none, are left as they are."""
    try:
        sight = sight_of(parse(text))
    except Unparsed:
        return True
    return bool(sight.needs)


def test_formulas_come_to_what_libreoffice_computes(
    produced: Path,
    tmp_path: Path,
    convert: Convert,  # noqa: F811
) -> None:
    formulas, path = corpus(), tmp_path / "源.xlsx"
    path.write_bytes(workbook((produced / "out.xlsx").read_bytes(), formulas))
    computed, failed = ours(path)
    shown = theirs(path, formulas, convert)
    wrong = [
        (formulas[row - 1].text, value(cell), shown[row])
        for row, cell in computed.items()
        if not same(value(cell), shown[row])
    ]
    known_ones = ONLY_LIBREOFFICE | MENDED
    assert [one for one in wrong if not any(re.search(known, one[0]) for known in known_ones)] == []
    unused = [known for known in ONLY_LIBREOFFICE if not any(re.search(known, one[0]) for one in wrong)]
    assert unused == []
    assert len(wrong) < 60
    kinds = Counter(type(value(cell)) for cell in computed.values())
    assert len(computed) > 4300
    assert min(kinds[float], kinds[str], kinds[bool]) > 100
    kept = {row for row, one in enumerate(formulas, 1) if not looks_at_anything(one.text)}
    assert set(computed) | set(failed) | kept == set(range(1, len(formulas) + 1))
    assert len(kept) < 400
    given_up = [formulas[row - 1] for row in failed if not str(shown[row]).startswith("#")]
    assert len(given_up) < 100
