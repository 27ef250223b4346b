"""docProps/app.xml: its list of sheets names all of them, or goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import files
from xlbudget import app

APP = "docProps/app.xml"
TITLES = (
    b'<HeadingPairs xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"/>'
    b'<TitlesOfParts xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"/>'
)


def listed(content: bytes) -> bytes:
    """Properties as Excel writes them, with a list of sheets."""
    return content.replace(b"<Company", TITLES + b"<Company").replace(b"12.0000", b"16.0300")


def without_check(content: bytes) -> bytes:
    """The tabs of a workbook whose 校验结果 somebody deleted."""
    return re.sub(rb'<sheet name="[^"]*" sheetId="7"[^>]*/>', b"", content)


def test_a_new_workbook_lists_no_sheets() -> None:
    properties = files.parts(files.sample())[APP].decode()
    assert "TitlesOfParts" not in properties
    assert "HeadingPairs" not in properties
    assert "<Application>Microsoft Excel</Application>" in properties


@pytest.mark.parametrize(
    ("workbook", "kept"),
    [(lambda part: part, True), (without_check, False)],
    ids=["every sheet is there", "a sheet is added"],
)
def test_a_list_that_is_complete_stays(
    workbook: Callable[[bytes], bytes], kept: bool, produced: Path, tmp_path: Path
) -> None:
    content = files.repacked({APP: listed, files.WORKBOOK: workbook}, (produced / "out.xlsx").read_bytes())
    before = files.parts(content)[APP]
    (tmp_path / "a.xlsx").write_bytes(content)
    app.run(tmp_path / "a.xlsx", app.Destinations(tmp_path / "b.xlsx"))
    after = files.parts((tmp_path / "b.xlsx").read_bytes())[APP]
    assert (after == before) is kept
    assert (b"TitlesOfParts" in after) is kept
    assert b"16.0300" in after


def test_properties_that_nobody_can_read_stay(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(files.repacked({APP: b"<Properties><a", files.WORKBOOK: without_check}))
    app.run(source, app.Destinations(tmp_path / "b.xlsx"))
    assert files.parts((tmp_path / "b.xlsx").read_bytes())[APP] == b"<Properties><a"
