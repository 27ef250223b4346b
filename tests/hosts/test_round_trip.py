"""Any values written into any cells are read back by openpyxl and calamine, and nothing else changes."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.files import sample
from tests.rich.package import Parts
from xlbudget.hosts.package import Package
from xlbudget.layout.fill import CellWrite
from xlbudget.reading.table import Value

SAMPLE = sample()
SHEETS = ("首页", "项目", "指标", "文字说明")
NUMBERS = st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=3, allow_nan=False)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cs"]), min_size=1, max_size=40
)
ODD = st.sampled_from(
    ["=1+1", "+1", "-1", "@a", "'甲", " 两端 ", "一\n二", "_x000A_", "<a>&\"'", "001", "1e5", "√", "#N/A"]
)
VALUES: st.SearchStrategy[Value] = st.one_of(st.none(), NUMBERS, st.integers(-(10**9), 10**9), TEXTS, ODD)
HIDDEN = {
    (sheet.title, row, column)
    for sheet in openpyxl.load_workbook(io.BytesIO(SAMPLE))
    for merged in sheet.merged_cells.ranges
    for row, column in list(merged.cells)[1:]
}
"""Cells below a merge: openpyxl reads nothing in them, whatever they hold."""
PLACES = st.tuples(st.sampled_from(SHEETS), st.integers(1, 60), st.integers(1, 40)).filter(
    lambda place: place not in HIDDEN
)
WRITES = st.dictionaries(PLACES, VALUES, min_size=1, max_size=120)
"""Many cells a workbook: reading one again takes longer than any number of cells."""


def legal(text: str) -> str:
    """What a cell can hold of a text: XML knows no control characters and no two last code points of the plane."""
    return "".join(one for one in text if one in "\t\n" or (one >= " " and one not in "\ufffe\uffff"))


def write(content: bytes, writes: dict[tuple[str, int, int], Value]) -> bytes:
    host = Package(Path("a.xlsx"), content)
    host.write_cells(CellWrite(*place, value) for place, value in writes.items())
    return host.save()


def by_openpyxl(content: bytes) -> dict[tuple[str, int, int], Any]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def by_calamine(content: bytes) -> dict[tuple[str, int, int], Any]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        (name, row, column): value
        for name in book.sheet_names
        for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
        for column, value in enumerate(values, 1)
        if value != ""
    }


OLD = by_openpyxl(SAMPLE)


def expected(value: Value) -> Any:
    """What a reader finds; None and "" for nothing."""
    if isinstance(value, str):
        return legal(value) or None
    return None if value is None else float(value)


def agrees(found: Any, value: Value) -> bool:
    wanted = expected(value)
    if isinstance(wanted, float):
        return isinstance(found, int | float) and float(found) == wanted
    if (
        isinstance(found, str) and found != wanted
    ):  # of an inline string openpyxl shows Excel's escapes as they are
        found = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), found)
    return found == wanted or (found in (None, "") and wanted is None)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(WRITES)
def test_what_is_written_is_read(writes: dict[tuple[str, int, int], Value]) -> None:
    after = write(SAMPLE, writes)
    old, new = OLD, by_openpyxl(after)
    for place, value in writes.items():
        assert agrees(new.get(place), value), (place, value, new.get(place))
    assert {k: v for k, v in new.items() if k not in writes} == {
        k: v for k, v in old.items() if k not in writes
    }
    calamine = by_calamine(after)
    for place, value in writes.items():
        found = calamine.get(place)
        assert agrees(found, value), (place, value, found)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(WRITES)
def test_nothing_else_changes(writes: dict[tuple[str, int, int], Value]) -> None:
    before, after = Parts.of(SAMPLE), Parts.of(write(SAMPLE, writes))
    touched = {before.sheets()[sheet] for sheet, _, _ in writes}
    assert [name for name in before if name not in touched and before[name] != after[name]] == []
    assert list(before) == list(after)
    for part in touched:
        assert outside_data(before[part]) == outside_data(after[part])


def outside_data(content: bytes) -> list[bytes]:
    """A worksheet part without its cells and dimension."""
    root = Parts({"sheet": content}).root("sheet")
    kept = [one for one in root if not str(one.tag).endswith(("}sheetData", "}dimension"))]
    return [etree.tostring(one, method="c14n") for one in kept]


def test_the_comparison_notices(sample_bytes: bytes) -> None:
    """A reader that finds another value, or one cell too many, is noticed."""
    after = write(sample_bytes, {("项目", 5, 3): "甲"})
    assert by_openpyxl(after) != by_openpyxl(sample_bytes)
    assert not agrees("乙", "甲")
    assert not agrees(1.0000001, 1)
