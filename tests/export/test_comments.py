"""Findings as comments in a Word document: on the words that they quote, and nothing else is changed."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.audited import finding, quote
from tests.office.conftest import Convert, Validate, convert, sdk_errors
from tests.readers.test_docx import BOX, DRAWN, NUMBERING, numbered
from tests.readers.word import STRICT_OFFICE, STRICT_W, W, field, p, r, source_of, tbl, tc, tr, word
from tests.word_text import no_space
from xlbudget.audit.finding import AuditFinding, Quote
from xlbudget.audit.source import Line, Place
from xlbudget.export.comments import AUTHOR, annotate
from xlbudget.files import CannotOpen
from xlbudget.readers import CannotRead

__all__ = ["convert", "sdk_errors"]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def document(content: bytes) -> etree._Element:
    return etree.fromstring(parts(content)["word/document.xml"])


def local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def commented(content: bytes) -> dict[str, str]:
    """For each comment the words between its marks, cells and paragraphs apart."""
    found: dict[str, str] = {}
    opened: set[str] = set()
    for element in document(content).iter():
        name = local(element)
        identity = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
        if name == "commentRangeStart":
            opened.add(identity)
            found[identity] = ""
        elif name == "commentRangeEnd":
            opened.remove(identity)
        elif name in ("t", "tc", "tab"):
            for one in opened:
                found[one] += (element.text or "") if name == "t" else " "
    assert not opened
    return {identity: " ".join(text.split()) for identity, text in found.items()}


def notes(content: bytes) -> dict[str, str]:
    """For each comment of ours what it says."""
    (name,) = [name for name in parts(content) if "comments" in name and "rels" not in name]
    return {
        str(one.get(one.tag.replace("}comment", "}id"))): "\n".join(
            "".join(map(str, para.itertext())) for para in one
        )
        for one in etree.fromstring(parts(content)[name])
        if AUTHOR in one.attrib.values()
    }


def annotated(body: str, *quotes: str, cell: bool = False) -> bytes:
    content = word(body)
    source = source_of(content)
    made = annotate(content, [finding(*(quote(source, one, cell=cell) for one in quotes))])
    assert source_of(made) == source
    return made


TEXT = "年初预算项目3个，预算资金6.41万元，具体如下："
BODIES = {
    "one run": p(TEXT),
    "many runs": p(*(r(sign, '<w:b/>') for sign in TEXT)),
    "tabs and breaks in runs": p("<w:r><w:tab/><w:t>年初预算</w:t><w:t>项目3个，预</w:t><w:br/><w:t>算资金6.41万元，具体如下：</w:t></w:r>"),
    "insertions": p("年初预算", f"<w:ins>{r('项目3')}</w:ins>", f"<w:ins>{r('个，')}{r('预算资金')}</w:ins>", "6.41万元"),
    "links": p("年初预算", f"<w:hyperlink>{r('项目3个，')}{r('预算')}</w:hyperlink>", "资金6.41万元"),
    "controls": p("年初", f"<w:sdt><w:sdtContent>{r('预算项目3个，')}</w:sdtContent></w:sdt>", "预算资金6.41万元"),
    "fields": p("年初预算项目", field(" X ", r("3")), "个，预算资金", field(" Y ", r("6.41")), "万元"),
    "deletions between": p("年初预算项目", "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>", "3个，预算资金6.41万元"),
    "blanks": p("年初 预算\t项目 3 个，预算资金6.41万元"),
    "a formula": p("年初预算项目", "<m:oMath><m:r><m:t>3</m:t></m:r></m:oMath>", "个，预算资金6.41万元"),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("words", ["预算项目3个", "3", "年初预算项目3个，预算资金", "个，预算资金6.41万元"])
def test_exactly_the_words(name: str, words: str) -> None:
    content = word(BODIES[name])
    source = source_of(content)
    made = annotate(content, [finding(Quote(words, Place(0, "第1段")))])
    assert source_of(made) == source
    assert {key: no_space(text) for key, text in commented(made).items()} == {"0": words}


def test_looks_stay() -> None:
    body = p(r("年初预算项目3个", "<w:b/><w:color w:val='FF0000'/>"))
    made = annotated(body, "项目3")
    runs = [one for one in document(made).iter() if local(one) == "r" and "".join(map(str, one.itertext()))]
    assert ["".join(map(str, one.itertext())) for one in runs] == ["年初预算", "项目3", "个"]
    assert {etree.tostring(one[0]) for one in runs} == {etree.tostring(runs[0][0])}
    assert b"FF0000" in etree.tostring(runs[0][0])


TABLE = tbl(
    tr("项目", "金额"), tr(tc("甲", "乙"), "13.91"), tr(tc("合计", properties='<w:gridSpan w:val="2"/>'))
)


def test_cells_and_rows() -> None:
    assert commented(annotated(TABLE, "13.91", cell=True)) == {"0": "13.91"}
    assert commented(annotated(TABLE, "甲 乙 13.91")) == {"0": "甲乙 13.91"}
    assert commented(annotated(TABLE, "合计")) == {"0": "合计"}


def test_a_quote_that_is_not_found_or_reaches_beyond() -> None:
    """The whole item is marked where its words differ, and what lies in it of a longer quote."""
    content = word(p("共有项目3个，") + p("资金6万元。") + TABLE)
    places = [Place(0, "第1段"), Place(1, "第2段"), Place(2, "表", 1, 1), Place(2, "表", 1), Place(2, "表")]
    texts = ["共有项目3个， 资金6万元。", "项目3个， 资金6万元。", "没有", "没有", "13.91"]
    made = annotate(content, [finding(Quote(text, place)) for text, place in zip(texts, places, strict=True)])
    assert commented(made) == {
        "0": "共有项目3个，",
        "1": "资金6万元。",
        "2": "13.91",
        "3": "甲乙 13.91",
        "4": "13.91",
    }


def test_numbers_that_word_writes_are_not_marked() -> None:
    content = word(p("项目情况", properties=numbered(0)), numbering=NUMBERING)
    made = annotate(content, [finding(quote(source_of(content), "一、项目"))])
    assert commented(made) == {"0": "项目"}


def test_text_boxes_and_notes_are_commented_where_they_are_shown() -> None:
    box = p("正文", DRAWN.format(BOX.format(p("框里3个"))), "续")
    note = p("又", '<w:r><w:footnoteReference w:id="1"/></w:r>')
    content = word(box + note, footnotes='<w:footnote w:id="1">' + p("脚注3个") + "</w:footnote>")
    source = source_of(content)
    made = annotate(content, [finding(quote(source, "框里3个"), quote(source, "脚注3个"))])
    assert source_of(made) == source
    root = document(made)
    starts = [one for one in root.iter() if local(one) == "commentRangeStart"]
    assert [local(parent) for one in starts if (parent := one.getparent()) is not None] == ["p", "p"]
    shown = [{local(one) for one in run.iter()} for start in starts if (run := start.getnext()) is not None]
    assert "txbxContent" in shown[0]
    assert "footnoteReference" in shown[1]
    assert "（指第1段旁的文本框里的“框里3个”）" in notes(made)["0"]
    assert "（指脚注1里的“脚注3个”）" in notes(made)["1"]


def test_what_comments_say() -> None:
    made = annotated(p(TEXT) + p("共5个项目。"), "预算项目3个", "共5个项目")
    assert notes(made) == {
        "0": "【1】错误：AUD001：文中说3个，表中有5个。\n请核对后改成一致。（AUD001）",
        "1": "【1】与第1段的“预算项目3个”对照，说明见同号批注。",
    }


def test_comments_of_others_stay() -> None:
    old = '<w:comment w:id="7" w:author="财政局">' + p("旧批注") + "</w:comment>"
    mark = '<w:commentRangeStart w:id="7"/>{}<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>'
    content = word("<w:p>" + mark.format(r("预算项目3个")) + "</w:p>", comments=old)
    made = annotate(content, [finding(quote(source_of(content), "项目3"))])
    assert commented(made) == {"7": "预算项目3个", "8": "项目3"}
    assert "旧批注".encode() in parts(made)["word/comments.xml"]
    assert notes(made).keys() == {"8"}


def test_everything_else_stays_byte_for_byte(produced: Path) -> None:
    content = (produced / "r.docx").read_bytes()
    source = source_of(content)
    made = annotate(content, [finding(quote(source, "13.91"))])
    before, after = parts(content), parts(made)
    changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert {name for name in before if before[name] != after.get(name)} == changed
    assert set(after) - set(before) == {"word/comments1.xml"}
    assert annotate(content, [finding(quote(source, "13.91"))]) == made
    assert annotate(content, []) == content


def test_strict_documents() -> None:
    content = word(p(TEXT), strict=True)
    made = annotate(content, [finding(quote(source_of(content), "项目3个"))])
    assert commented(made) == {"0": "项目3个"}
    assert f"{STRICT_OFFICE}/comments".encode() in parts(made)["word/_rels/document.xml.rels"]
    assert STRICT_W.encode() in parts(made)["word/comments1.xml"]
    assert W.encode() not in parts(made)["word/comments1.xml"]


def test_signed_and_other_files_are_refused() -> None:
    signed = io.BytesIO(word(p(TEXT)))
    with zipfile.ZipFile(signed, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<x/>")
    with pytest.raises(CannotOpen, match="带数字签名"):
        annotate(signed.getvalue(), [finding(Quote("3", Place(0, "")))])
    with pytest.raises((CannotOpen, CannotRead)):
        annotate(b"text", [])


SIGNS = st.text(st.sampled_from("预算3个\t"), min_size=1, max_size=6)


@given(runs=st.lists(SIGNS, min_size=1, max_size=6), data=st.data())
@settings(max_examples=150)
def test_any_words_of_any_runs(runs: list[str], data: st.DataObject) -> None:
    """Many overlapping comments in a paragraph and a cell: each on its words, the text as it was."""
    text = "".join(runs)
    if not text.strip():
        return
    inside = [r(one).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">') for one in runs]
    content = word(p(*inside) + tbl(tr(tc(p(*inside)), "x"), tr("y", "z")))
    source = source_of(content)
    wanted: list[str] = []
    findings: list[AuditFinding] = []
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        words = " ".join(text[start:end].split())
        if words:
            place = data.draw(st.sampled_from([Place(0, ""), Place(1, "", 0, 0)]))
            findings.append(finding(Quote(words, place)))
            wanted.append(no_space(words))
    made = annotate(content, findings)
    assert source_of(made) == source
    assert [
        no_space(one) for _, one in sorted(commented(made).items(), key=lambda pair: int(pair[0]))
    ] == wanted


# -- other programs ----------------------------------------------------------------------------------------


def whole(produced: Path) -> bytes:
    content = (produced / "r.docx").read_bytes()
    source = source_of(content)
    quotes = (
        "年初预算项目3个",
        "合计 5个项目 13.91",
        "预算资金13.91万元，截至",
        "13.91",
        "一、预算绩效",
        "能实现绩效目标的项目5个",
        "√",
    )
    return annotate(
        content,
        [finding(*(quote(source, one) for one in quotes)), finding(quote(source, "13.91", cell=True))],
    )


@pytest.mark.office
def test_the_validator_finds_nothing(produced: Path, tmp_path: Path, sdk_errors: Validate) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(whole(produced))
    assert sdk_errors(path) == []
    spoiled = re.sub(
        rb'(<w:commentReference) w:id="\d+"', rb"\1", parts(path.read_bytes())["word/document.xml"], count=1
    )
    with zipfile.ZipFile(path, "w") as package:
        for name, content in (parts(whole(produced)) | {"word/document.xml": spoiled}).items():
            package.writestr(name, content)
    assert sdk_errors(path) != []


@pytest.mark.office
def test_libreoffice_shows_them(produced: Path, tmp_path: Path, convert: Convert) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(whole(produced))
    shown = convert(path, "fodt").read_text("utf-8")
    assert shown.count("<office:annotation ") == len(notes(path.read_bytes())) == 8
    assert shown.count("<dc:creator>xlbudget 核对</dc:creator>") == 8
    assert re.sub("<[^>]*>", "", shown).count("请核对后改成一致。（AUD001）") == 2


def test_the_words_are_those_of_the_items(produced: Path) -> None:
    """Every line of a real report can be marked whole."""
    content = (produced / "r.docx").read_bytes()
    source = source_of(content)
    lines = [(number, item) for number, item in enumerate(source) if isinstance(item, Line)]
    made = annotate(
        content,
        [
            finding(Quote(" ".join(item.text.split())[:160], Place(number, item.label)))
            for number, item in lines
        ],
    )
    for (_, item), words in zip(
        lines, (commented(made)[str(number)] for number in range(len(lines))), strict=True
    ):
        assert no_space(item.text).endswith(no_space(words))
        assert len(no_space(words)) >= len(no_space(item.text)) - 4
