"""What keeps the reading of hostile documents as quick as that of others."""

from __future__ import annotations

import os
from multiprocessing import parent_process

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbudget.audit import source as sources
from xlbudget.audit.audit import Audit, Part, audit, each_part
from xlbudget.audit.finding import Claim, Quote
from xlbudget.audit.flat_tables import flat_table, may_begin
from xlbudget.audit.paragraphs import once, read
from xlbudget.audit.passage import Passage, passage, passages
from xlbudget.audit.quantities import quantities
from xlbudget.audit.source import Line, Place, Table, is_too_long

HERE = Place(0, "第1段")


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


# -- long documents -----------------------------------------------------------------------------------------


def test_a_long_document_is_read_in_parts_that_begin_with_a_chapter() -> None:
    chapter = [
        Line("一、收入情况", "第1段"),
        *(Line("字" * 90 + f"支出{n}万元。", "第2段") for n in range(300)),
    ]
    source = tuple(chapter * 5)
    parts = list(sources.parts_of(source))
    assert tuple(item for _, part in parts for item in part) == source
    assert [first for first, _ in parts] == [0, *(first for first, _ in parts[1:])]
    assert {part[0].text for _, part in parts if isinstance(part[0], Line)} == {"一、收入情况"}
    assert len(parts) > 1


def test_a_part_is_audited_at_its_place_in_the_document() -> None:
    wrong = Line("商品和服务支出较上年减0.40万元，增5.00%。", "最后一段")
    source = (*(Line("字" * 1000, "第1段"),) * 90, Line("二、支出情况", "第91段"), wrong)
    found = audit(source)
    assert len(list(sources.parts_of(source))) == 2
    assert [(one.code, one.quotes[0].place.item) for one in found.findings] == [("TXT101", len(source) - 1)]


def test_several_processes_find_what_one_finds() -> None:
    """Many reports in one document, each with a contradiction."""
    wrong = Line("商品和服务支出较上年减0.40万元，增5.00%。", "第2段")
    chapter = (Line("一、支出情况", "第1段"), wrong, *(Line("支出" * 500, "第3段"),) * 42)
    alone, shared = (audit(chapter * 5, with_claims=True, processes=number) for number in (1, 2))
    assert (len(alone.findings), len(alone.claims)) == (5, 15)
    assert shared == alone


def dies_elsewhere(part: Part) -> Audit:
    """What a system does that runs out of memory."""
    if parent_process():
        os._exit(9)
    return Audit((), (Claim("count", str(part[0]), "个", Quote("", HERE)),))


def test_what_a_killed_process_was_to_read_is_read_here() -> None:
    made = each_part(dies_elsewhere, [(number, ()) for number in range(4)], processes=2)
    assert [one.claims[0].value for one in made] == ["0", "1", "2", "3"]


def test_what_is_found_once_is_not_looked_for_again() -> None:
    document, calls = read((Line("预算5万元。", "第1段"),)), []

    @once
    def numbers(of: object) -> list[int]:
        calls.append(of)
        return [7]

    assert (numbers(document), numbers(document), len(calls)) == ([7], [7], 1)
