"""Shapes of notes: numbered in blocks that no other drawing of the workbook has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import files
from xlbudget.hosts.package import Package
from xlbudget.layout.fill import Mark

NAMES = "xl/drawings/vmlDrawing{}.vml"


def noted(content: bytes, marks: Mapping[str, int]) -> bytes:
    """A workbook with so many notes of ours on each sheet, and none elsewhere."""
    host = Package(Path("a.xlsx"), content)
    host.write_marks(
        [Mark(sheet, (row, 1), "看") for sheet, number in marks.items() for row in range(5, 5 + number)]
    )
    return host.save()


def numbers(content: bytes) -> list[tuple[str, list[int]]]:
    """Of each drawing the blocks that it claims and the numbers of its shapes, drawings in the order of their names."""
    drawings = sorted((name, part) for name, part in files.parts(content).items() if name.endswith(".vml"))
    found = []
    for _, part in drawings:
        (data,) = re.findall(rb'idmap [^>]*data="([^"]*)"', part)
        found.append((data.decode(), sorted(map(int, re.findall(rb' id="_x0000_s(\d+)"', part)))))
    return found


def test_more_notes_than_a_block_holds() -> None:
    """1,023 numbers a block, since the first of it is the drawing's own."""
    (blocks, shapes), other = numbers(noted(files.sample(), {"项目": 1500, "指标": 1}))
    assert blocks == "1,2"
    assert shapes == [*range(1025, 2048), *range(2049, 2526)]
    assert other == ("3", [3073])


def test_a_second_run_takes_the_same_numbers() -> None:
    once = noted(files.sample(), {"项目": 1500, "指标": 1})
    assert numbers(noted(once, {"项目": 1500, "指标": 1})) == numbers(once)
    assert numbers(noted(once, {"项目": 2, "指标": 1})) == [("1", [1025, 1026]), ("3", [3073])]


def test_the_number_of_a_drawing_that_is_gone_is_not_given_twice() -> None:
    """Somebody deleted the notes of 项目 with their drawing; counting drawings would give 指标's block to the next one."""
    both = noted(files.sample(), {"项目": 1, "指标": 1})
    gone = files.repacked(
        {NAMES.format(1): None, "xl/comments1.xml": None, "xl/worksheets/_rels/sheet2.xml.rels": None}, both
    )
    assert numbers(gone) == [("2", [2049])]
    assert numbers(noted(gone, {"指标": 1, "重点工作": 1})) == [("1", [1025]), ("2", [2049])]


def renumbered(old: str, new: str) -> files.Edit:
    return lambda part: part.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("edit", "blocks"),
    [
        (renumbered('data="2"', 'data="1"'), (3, 4)),
        (renumbered("s2049", "s1025"), (3, 2)),
        (renumbered("_x0000_s2049", "shape_0"), (1, 2)),
        (renumbered('<o:idmap v:ext="edit" data="2"/>', ""), (1, 3)),
        (renumbered('data="2"', 'data="2,7"'), (1, 2)),
        (renumbered('data="2"', 'data=""'), (1, 3)),
    ],
    ids=["another's block", "a number in another's block", "LibreOffice's names", "no block", "two blocks", "an empty list"],
)  # fmt: skip
def test_what_others_or_earlier_versions_left_is_mended(edit: files.Edit, blocks: tuple[int, int]) -> None:
    """A block that two drawings have is left to neither; one that a drawing has for itself it keeps."""
    both = noted(files.sample(), {"项目": 1, "指标": 1})
    assert numbers(both) == [("1", [1025]), ("2", [2049])]
    left = files.repacked({NAMES.format(2): edit}, both)
    mended = noted(left, {"项目": 1, "指标": 1})
    assert numbers(mended) == [(str(block), [block * 1024 + 1]) for block in blocks]
    assert numbers(noted(mended, {"项目": 1, "指标": 1})) == numbers(mended)


def test_shapes_of_other_people_keep_their_numbers() -> None:
    """A button in the block that our note was in: it stays, and the drawing still claims its block."""
    button = (
        '<v:shape id="_x0000_s2050" o:spid="_x0000_s2050"><v:textbox/></v:shape><v:shape id="_x0000_s2049"'
    )
    both = noted(files.sample(), {"项目": 1, "指标": 1})
    with_button = files.repacked({NAMES.format(2): renumbered('<v:shape id="_x0000_s2049"', button)}, both)
    assert numbers(with_button)[1] == ("2", [2049, 2050])
    assert numbers(noted(with_button, {"指标": 2}))[1] == ("2", [2049, 2050, 2051])
    with_button = files.repacked({NAMES.format(1): renumbered('data="1"', 'data="2"')}, with_button)
    assert numbers(noted(with_button, {"项目": 1, "指标": 1})) == [("3", [3073]), ("2,4", [2050, 4097])]
