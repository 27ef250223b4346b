"""What keeps the reading of hostile documents as quick as that of others."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.audit import source as sources
from xlbudget.audit.audit import audit
from xlbudget.audit.case import build_case, once
from xlbudget.audit.checks import projects
from xlbudget.audit.flat_tables import flat_table, may_begin
from xlbudget.audit.passage import Passage, passage, passages
from xlbudget.audit.quantities import quantities
from xlbudget.audit.source import Line, Place, Table, is_too_long
from xlbudget.audit.sums import near, near_one

HERE = Place(0, "第1段")
NUMBERS = st.integers(-50, 50).map(lambda tenths: Decimal(tenths) / 10)


def pieces(text: str) -> list[Passage]:
    return list(passages([(text, HERE)]))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("支出" + "9" * 38 + "元", 1),
        ("支出" + "9" * 41 + "元", 0),
        ("支出" + "一" * 41 + "元", 0),
        ("支出" + "1," * 30 + "1元", 1),
        ("支出" + "1." * 30 + "1元", 0),
        ("支出" + "9" * 400_000 + "元，预算5万元", 1),
    ],
)
def test_more_digits_than_any_number_has(text: str, numbers: int) -> None:
    found = [one for piece in pieces(text) for one in quantities(piece.clean)]
    assert len([one for one in found if one.unit in ("元", "万元")]) == numbers


def test_what_is_no_number_stays_in_the_quote() -> None:
    (one,) = pieces("共计支出" + "8" * 50 + "元。")
    assert one.quote(0, 2).text == "共计支出" + "8" * 50 + "元。"


def test_an_endless_paragraph_is_read_in_pieces_that_end_with_sentences() -> None:
    text = "本单位预算5万元，支出3万元。" * 1000
    found = pieces(text)
    assert "".join(piece.clean for piece in found) == text
    assert max(len(piece.clean) for piece in found) <= 4000
    assert {piece.clean[-1] for piece in found} == {"。"}
    assert {piece.quote(0, 3).text for piece in found} == {"本单位预算5万元，支出3万元。"}
    assert [len(piece.clean) for piece in pieces("字" * 9000)] == [4000, 4000, 1000]


def test_an_ordinary_paragraph_stays_whole() -> None:
    lines = [("预算" * 1000, HERE), ("支出" * 999, Place(1, "第2段"))]
    (one,) = passages(lines)
    assert one == passage(lines)


@given(st.lists(st.sampled_from(["甲", "乙丙", "，", "。", "：", "5万元", "项目"]), max_size=120), st.data())
def test_a_quote_is_the_clauses_about_it(words: list[str], data: st.DataObject) -> None:
    """They hold the words, begin behind a sign at least 50 characters before them, and end with the next sign."""
    text = "".join(words)
    (one,) = pieces(text)
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = min(len(text), start + 3)
    low, high = one._about(start, end)
    assert 0 <= low <= start
    assert end <= high <= len(text)
    sentence = one.sentence(start)
    if max(sentence[1], end) - sentence[0] > 120:
        signs = [at + 1 for at in range(sentence[0], start - 50) if text[at] in "，：。"]
        assert low == max(signs, default=sentence[0])
        assert high == next(
            (at + 1 for at in range(max(0, end - 1), max(sentence[1], end)) if text[at] in "，：。"),
            max(sentence[1], end),
        )


@given(st.lists(NUMBERS, max_size=8), NUMBERS, st.integers(0, 5).map(lambda tenths: Decimal(tenths) / 10))
def test_a_number_near_one_of_many(values: list[Decimal], number: Decimal, slack: Decimal) -> None:
    assert near_one(sorted(values), number, slack) == any(near(number, value, slack) for value in values)


def test_what_is_computed_of_a_case_is_computed_once() -> None:
    case, calls = build_case((Line("预算5万元。", "第1段"),)), []

    @once
    def number(of: object) -> int:
        calls.append(of)
        return 7

    assert (number(case), number(case), len(calls)) == (7, 7, 1)


def test_numbers_of_a_stretch() -> None:
    (text,) = build_case((Line("预算5万元，支出3万元，结余2万元。", "第1段"),)).texts
    starts = [one.start for one in text.quantities]
    assert [one.start for one in text.between(starts[0], starts[2])] == starts[:2]
    assert [one.start for one in text.between(starts[0] + 1, 99)] == starts[1:]


# -- documents that are too long --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "numbers", "expected"),
    [
        (sources.LONGEST - 5, 0, False),
        (sources.LONGEST - 4, 0, True),
        (0, sources.MOST_NUMBERS, False),
        (0, sources.MOST_NUMBERS + 1, True),
    ],
)
def test_length_and_numbers_of_a_document(length: int, numbers: int, expected: bool) -> None:
    assert is_too_long((Line("字" * length + "5元" * numbers, "第1段"),)) is expected


def test_cells_count_too() -> None:
    rows = tuple(("字" * 99,) * 10 for _ in range(sources.LONGEST // 1000))
    assert not is_too_long((Table(rows, "表"),))
    assert is_too_long((Table((*rows, ("字",)), "表"),))


# -- tables in lines --------------------------------------------------------------------------------------

HEADS = ["项目名称", "预算", "支出"]


def test_rows_below_heads_have_numbers_soon() -> None:
    row = ["宣传经费", "5", "3", "印刷经费", "2", "1"]
    table = flat_table([*HEADS, *row])
    assert table is not None
    assert len(table.rows) == 3
    assert flat_table([*HEADS, *["名称"] * 200, *row]) is None
    longer = flat_table([*HEADS, *row, *["其他"] * 200])
    assert longer is not None
    assert longer.length < 80


def test_a_line_that_is_no_row() -> None:
    assert may_begin("项目名称\t预算\t支出")
    assert not may_begin("项目名称\t预算\t支出" + "\t支出" * 900)


def test_a_total_that_many_rows_explain_is_looked_for_once() -> None:
    """All projects of one name: what the table says of it is collected once, not for each mention."""
    rows = (("项目名称", "预算（万元）", "支出（万元）"), *(("宣传经费", "5", "3") for _ in range(40)))
    lines = tuple(Line(f"宣传经费预算{n}万元，支出3万元。", f"第{n}段") for n in range(1, 41))
    found = audit((Table(rows, "第1个表"), *lines))
    case = found.case
    assert len(case.rows_by_name["宣传经费"]) == 40
    assert {one.code for one in found.findings} >= {"TXT044"}
    assert case.text_at[case.texts[3].block] is case.texts[3]
    assert sum(map(len, case.facts_at.values())) == len(case.facts)
    pattern = re.compile("预算")
    assert [id(match) for _, match in case.matches(pattern)] == [
        id(match) for _, match in case.matches(pattern)
    ]


def test_supplements_of_all_projects_are_gathered_once() -> None:
    case = build_case((Line("宣传经费6月追加5万元，7月追加3万元。", "第1段"),))
    assert projects._supplements(case) is projects._supplements(case)
