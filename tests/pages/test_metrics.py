"""Lines and heights: what is quick for most texts says the same as going through them character by character."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.pages.metrics import RENDERINGS, Rendering, row_height, wrapped

SIZES = st.sampled_from([9, 10, 11, 12, 16, 22])
POINTS = st.floats(10, 500)
TEXTS = st.text(st.one_of(st.sampled_from("预算（），。“”12.5% \nabc"), st.characters()), max_size=60)


def wide(text: str, size: float, letter: float) -> float:
    return sum(size if unicodedata.east_asian_width(one) in "WFA" else size * letter for one in text)


def tokens(paragraph: str) -> list[str]:
    return re.findall("[（《“‘【〔]*(?:[!-~]+|.)[，。、；：？！）】》〉」』”’〕…—％%·]*", paragraph)


def slowly(text: str, points: float, size: float, rendering: Rendering) -> list[str]:
    """Token by token, with no thought of texts that surely fit."""
    room = max(2 * size, points * rendering.stretch - 3.75 - 2)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for token in tokens(paragraph):
            whole = wide(token, size, rendering.letter) <= room
            for piece in [token] if whole else token:
                width = wide(piece, size, rendering.letter)
                if line and used + width > room:
                    lines, line, used = [*lines, line], "", 0.0
                line, used = line + piece, used + width
        lines.append(line)
    return lines


@given(TEXTS, POINTS, SIZES, st.sampled_from(RENDERINGS))
def test_lines_are_those_of_the_slow_way(text: str, points: float, size: float, rendering: Rendering) -> None:
    assert wrapped(text, points, size, rendering) == slowly(text, points, size, rendering)


@given(st.lists(st.tuples(TEXTS, POINTS), min_size=1, max_size=4), SIZES)
def test_height_is_that_of_the_neediest_text(texts: list[tuple[str, float]], size: float) -> None:
    needed = max(
        len(slowly(text, points, size, one)) * size * one.pitch
        for text, points in texts
        for one in RENDERINGS
    )
    assert row_height(texts, size=size, least=20) == min(409, max(20, round(needed + 4, 1)))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("五个字正好", ["五个字正好"]),
        ("六个字放不下", ["六个字放不", "下"]),
        ("上\n下", ["上", "下"]),
        ("四个字了（对）", ["四个字了", "（对）"]),
    ],
)
def test_lines_of_a_cell(text: str, lines: list[str]) -> None:
    assert wrapped(text, 55.75, 10) == lines
