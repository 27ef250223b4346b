"""What files are called that bear a text of the workbook: possible everywhere, none twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlbudget.export.docx
from tests import files
from xlbudget import app
from xlbudget.files.writing import file_name, file_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("001 网信工作专项经费", "001 网信工作专项经费"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("a\tb\x1fc\x7fd", "a bcd"),
        (" .甲. . ", "甲"),
        ("", "_"),
        ("...", "_"),
        ("CON", "_CON"),
        ("con.监控", "_con.监控"),
        ("Lpt1 .x", "_Lpt1 .x"),
        ("COM²", "_COM²"),
        ("COM10", "COM10"),
        ("CONTRACT", "CONTRACT"),
        ("甲" * 75, "甲" * 75),
        ("甲" * 76, "甲" * 75),
        ("𠀀" * 56, "𠀀" * 56),
        ("𠀀" * 57, "𠀀" * 56),
        ("甲" * 74 + " 乙", "甲" * 74),
    ],
)
def test_a_text_as_the_name_of_a_file(text: str, name: str) -> None:
    assert file_name(text) == name


LONG = "编" * 100


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["甲", "乙"], ["甲", "乙"]),
        (["甲", "甲", "甲"], ["甲", "甲-2", "甲-3"]),
        (["甲", "甲-2", "甲"], ["甲", "甲-2", "甲-3"]),
        (["甲", "甲", "甲-2"], ["甲", "甲-2", "甲-2-2"]),
        (["Ab", "aB", "AB."], ["Ab", "aB-2", "AB-3"]),
        (["\u00e9", "e\u0301"], ["\u00e9", "e\u0301-2"]),
        (["con", "CON"], ["_con", "_CON-2"]),
        (["a?", "a*"], ["a_", "a_-2"]),
        ([LONG + "一", LONG + "二"], ["编" * 75, "编" * 73 + "-2"]),
    ],
)
def test_no_two_files_have_one_name(texts: Sequence[str], names: Sequence[str]) -> None:
    assert list(file_names(texts)) == names


@given(
    st.lists(
        st.text(max_size=90) | st.sampled_from([LONG, LONG.lower(), "a", "A", "a-2", "𠀀" * 80]), max_size=30
    )
)
def test_names_are_apart_and_possible(texts: Sequence[str]) -> None:
    names = list(file_names(texts))
    assert len({name.casefold() for name in names}) == len(texts)
    assert all(0 < len(f"{name}.docx".encode()) <= 240 for name in names)
    assert all(name == name.strip(". ") and "/" not in name for name in names)


def test_many_equal_names_take_no_time_that_grows_with_their_square() -> None:
    names = list(file_names(["甲"] * 20_000))
    assert (len(set(names)), names[-1]) == (20_000, "甲-20000")


@pytest.mark.parametrize("kind", ["long", "equal", "capitals", "devices", "dots"])
def test_thirty_projects_get_thirty_forms(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlbudget.export.docx, "render_docx", lambda _: b"docx")

    def code(number: int) -> str:
        return {
            "long": f"{LONG}{number}",
            "equal": f"A?{'*' * number}",
            "capitals": "".join(c.upper() if number >> i & 1 else c for i, c in enumerate("abcde")),
            "devices": f"NUL{' ' * number}.{number}",
            "dots": f"0{'.' * number}",
        }[kind]

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["项目"]
        for number in range(30):
            row = {
                "A": code(number),
                "B": None if kind == "devices" else "名" * 100,
                "F": "年初",
                "I": 1,
                "K": 1,
            }
            for column, value in row.items():
                sheet[f"{column}{10 + number}"].value = value

    source = tmp_path / "s.xlsx"
    source.write_bytes(files.edited(change))
    known = app.open_workbook(source).case.results
    folder = tmp_path / "表"
    _, written = app.run(source, app.Destinations(tmp_path / "o.xlsx", forms=folder))
    made = sorted(folder.iterdir())
    assert len(made) == len({result.project.id for result in known}) == 34
    assert len({path.name.casefold() for path in made}) == 34
    assert set(made) == {path for path in written if path.suffix == ".docx"}
