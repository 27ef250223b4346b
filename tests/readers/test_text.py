"""Text files: encodings, tables drawn with |, Markdown, broken lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.readers.word import source_of, tables, texts
from xlbudget.audit.source import Line
from xlbudget.readers import CannotRead

REPORT = (
    "某县网信办2022年1—6月预算绩效运行监控报告\r\n\r\n一、开展情况\r\n\t年初项目3个，资金6.41万元。   \r\n"
)
LINES = ["某县网信办2022年1—6月预算绩效运行监控报告", "一、开展情况", "\t年初项目3个，资金6.41万元。"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings(encoding: str) -> None:
    source = source_of(REPORT.encode(encoding), "报告.txt")
    assert texts(source) == LINES
    assert [item.label for item in source] == ["第1行", "第3行", "第4行"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_that_was_cut_keeps_its_encoding(encoding: str) -> None:
    whole = (REPORT * 20).encode(encoding)
    for length in range(len(whole) - 6, len(whole)):
        assert texts(source_of(whole[:length], "a.txt"))[: len(LINES)] == LINES
    damaged = whole[:4] + b"\xff" + whole[5:]
    assert texts(source_of(damaged, "a.txt"))[1:3] == LINES[1:]


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 40,
        b"\0\1\2\3" * 500,
        b"\x7fELF\2\1\1" + bytes(300),
        b"MZ\x90" + bytes(range(200)) * 9,
    ],
)
def test_what_is_no_text(content: bytes) -> None:
    with pytest.raises(CannotRead, match=r"“a\.txt”不是文本，也不是认得的文档。可以核对的有 Word"):
        source_of(content, "a.txt")


GRID = (("项目", "预算", "支出"), ("甲", "2.41", ""), ("乙|丙", "6", "3"))
DRAWN = {
    "Markdown": "| 项目 | 预算 | 支出 |\n|---|:--:|--:|\n| 甲 | 2.41 | |\n| 乙\\|丙 | 6 | 3 |",
    "without outer bars": "项目 | 预算 | 支出\n--- | --- | ---\n甲 | 2.41 |\n乙\\|丙 | 6 | 3",
    "without rule": "|项目|预算|支出|\n|甲|2.41||\n|乙\\|丙|6|3|",
    "drawn with +": "+---+---+---+\n|项目|预算|支出|\n+===+===+===+\n|甲|2.41||\n+---+---+---+\n|乙\\|丙|6|3|\n+---+---+---+",
    "drawn with lines": "┌──┬──┬──┐\n│项目│预算│支出│\n├──┼──┼──┤\n│甲│2.41││\n│乙\\|丙│6│3│\n└──┴──┴──┘",
    "full-width bars": "｜项目｜预算｜支出｜\n｜甲｜2.41｜｜\n｜乙\\|丙｜6｜3｜",
}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_drawn_tables(name: str, suffix: str) -> None:
    source = source_of(f"前言\n\n{DRAWN[name]}\n\n后记".encode(), f"a{suffix}")
    assert tables(source) == [GRID]
    assert texts(source) == ["前言", "后记"]


@pytest.mark.parametrize("text", ["甲|乙", "用|分开的一句话。", "完成率 -- 50%", "----\n甲|乙"])
def test_a_bar_makes_no_table(text: str) -> None:
    assert tables(source_of(text.encode(), "a.txt")) == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("## 一、开展情况 ##", "一、开展情况"), ("> 引用", "引用"), ("- 项目甲", "项目甲"), ("1. 项目甲", "1. 项目甲"),
        ("预算**2.41**万元，*其中*支出`1`万元", "预算2.41万元，其中支出1万元"), ("~~3~~5个", "35个"),
        ("[网址](http://a.b)和![图](a.png)", "网址和图"), ("3 * 4 * 5", "3 * 4 * 5"), ("\\*注\\_", "*注_"),
        ("**全***部*", "全部"), ("<u>重点</u><br>工作<!-- 旁注 -->", "重点 工作"), ("a < b，c > d", "a < b，c > d"),
        ("***", ""), ("---", ""), ("- [x] 已完成", "已完成"), ("2_3_4", "2_3_4"),
    ],
)  # fmt: skip
def test_marks_of_markdown(line: str, wanted: str) -> None:
    assert texts(source_of(f"首行\n\n{line}\n".encode(), "a.md")) == ["首行", *([wanted] if wanted else [])]
    plain = source_of(f"首行\n\n{line}\n".encode(), "a.txt")
    assert texts(plain) == ["首行", line]


PROSE = "我单位对照年初批复的绩效目标逐个项目核对了预算执行和目标完成情况，查看了合同、验收单、付款凭证等资料，共涉及项目12个、资金1358.6万元。"


def broken(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def test_lines_broken_at_a_margin_are_told() -> None:
    lines = [line for _ in range(4) for line in broken(PROSE, 30)]
    assert all(
        item.wrapped for item in source_of("\n".join(lines).encode(), "a.txt") if isinstance(item, Line)
    )
    whole = source_of("\n".join([PROSE, PROSE[:50] + "。", "一、标题", PROSE * 2] * 3).encode(), "a.txt")
    assert not any(item.wrapped for item in whole if isinstance(item, Line))
    cells = source_of("\n".join(["项目名称", "预算数", "网信工作专项经费", "2.41"] * 9).encode(), "a.txt")
    assert not any(item.wrapped for item in cells if isinstance(item, Line))


WORD = st.text(st.sampled_from("项目资金万元预算支出0123456789.%，。、（）“”—abc "), min_size=1, max_size=12)


@given(
    lines=st.lists(WORD, min_size=1, max_size=30), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"])
)
def test_every_line_comes_back(lines: list[str], encoding: str) -> None:
    wanted = [line.rstrip() for line in lines if line.strip()]
    content = "\n".join(lines).encode(encoding)
    if wanted:
        assert texts(source_of(content, "a.txt")) == wanted
    else:
        with pytest.raises(CannotRead, match=r"没有文字|空文件"):
            source_of(content, "a.txt")


@given(
    rows=st.lists(st.lists(WORD, min_size=2, max_size=5), min_size=2, max_size=8).filter(
        lambda rows: len({*map(len, rows)}) == 1
    )
)
def test_every_cell_comes_back(rows: list[list[str]]) -> None:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    assert tables(source_of("\n".join(lines).encode(), "a.txt")) == [
        tuple(tuple(cell.strip() for cell in row) for row in rows)
    ]


def test_the_name_of_a_missing_file(tmp_path: Path) -> None:
    from xlbudget.readers import read

    with pytest.raises(CannotRead, match="找不到文件"):
        read(tmp_path / "没有.txt")
    with pytest.raises(CannotRead, match="是文件夹"):
        read(tmp_path)
    (tmp_path / "空.txt").touch()
    with pytest.raises(CannotRead, match="是空文件"):
        read(tmp_path / "空.txt")
    with pytest.raises(CannotRead, match="不能用作文件名"):
        read(Path("a\0b.txt"))


@pytest.mark.parametrize(("rules", "lines"), [(4, []), (5, ["|---|---|"])])
def test_a_table_begins_with_so_many_rules(rules: int, lines: list[str]) -> None:
    found = source_of(("|---|---|\n" * rules + "|项目|预算|\n|宣传|5|\n").encode(), "a.txt")
    assert texts(found) == lines
    assert tables(found) == [(("项目", "预算"), ("宣传", "5"))]


@pytest.mark.parametrize(("length", "marked"), [(1990, False), (2001, True)])
def test_marks_stay_in_endless_lines_of_markdown(length: int, marked: bool) -> None:
    (line,) = source_of(("**预算**" + "字" * (length - 6)).encode(), "a.md")
    assert isinstance(line, Line)
    assert line.text.startswith("**") is marked
