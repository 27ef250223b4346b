"""Reports that somebody edited are kept, and that is told; those as we wrote them are replaced without a word."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.files import edited
from tests.office.conftest import Convert, convert
from xlbudget import app
from xlbudget.export.marks import made_by_us, untouched


def edit_word(path: Path) -> None:
    """As Word does it: a paragraph changed, everything saved anew."""
    word = docx.Document(str(path))
    word.paragraphs[5].text = "领导改过的一句话。"
    word.save(str(path))


def annotate(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n% a comment of a reader\n")


def run(folder: Path, source: Path) -> list[str]:
    told: list[str] = []
    reports = {".docx": folder / "报告.docx", ".pdf": folder / "报告.pdf"}
    app.run(source, app.Destinations(folder / "out.xlsx", reports, forms=folder / "监控表"), told.append)
    return told


__all__ = ["convert"]

EDITS: list[tuple[str, Callable[[Path], None]]] = [("报告.docx", edit_word), ("报告.pdf", annotate)]


@pytest.mark.parametrize(("name", "edit"), EDITS, ids=[name for name, _ in EDITS])
def test_an_edited_report_is_kept(
    name: str, edit: Callable[[Path], None], sample: Path, tmp_path: Path
) -> None:
    assert run(tmp_path, sample) == []
    report, kept = tmp_path / name, (tmp_path / name).with_name(f"报告-备份1{Path(name).suffix}")
    made = report.read_bytes()
    assert run(tmp_path, sample) == []
    assert report.read_bytes() == made
    assert not kept.exists()
    edit(report)
    changed = report.read_bytes()
    assert run(tmp_path, sample) == [
        f"“{name}”和程序写的不一样（有人改过，或者是以前的版本写的），原来那份存成了“{kept.name}”。"
    ]
    assert (report.read_bytes(), kept.read_bytes()) == (made, changed)
    edit(report)
    assert "-备份2" in run(tmp_path, sample)[0]
    assert run(tmp_path, sample) == []


def test_what_is_not_ours_is_replaced(sample: Path, tmp_path: Path) -> None:
    """SPEC 8: existing outputs are replaced."""
    word = docx.Document()
    word.add_paragraph("别人的文件")
    word.save(str(tmp_path / "报告.docx"))
    (tmp_path / "报告.pdf").write_bytes(b"not a PDF at all")
    assert run(tmp_path, sample) == []


def test_a_report_that_lost_its_identifier_is_still_known(sample: Path, tmp_path: Path) -> None:
    run(tmp_path, sample)
    word = docx.Document(str(tmp_path / "报告.docx"))
    word.core_properties.identifier = ""
    word.save(str(tmp_path / "报告.docx"))
    assert "报告-备份1.docx" in run(tmp_path, sample)[0]


@pytest.mark.office
def test_a_report_saved_by_libreoffice_is_kept(sample: Path, tmp_path: Path, convert: Convert) -> None:
    run(tmp_path, sample)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "r.docx").write_bytes((tmp_path / "报告.docx").read_bytes())
    saved = convert(tmp_path / "in" / "r.docx", "docx:MS Word 2007 XML")
    (tmp_path / "报告.docx").write_bytes(saved.read_bytes())
    assert "报告-备份1.docx" in run(tmp_path, sample)[0]


def test_forms_whose_project_is_gone_are_named(sample: Path, tmp_path: Path) -> None:
    run(tmp_path, sample)
    (tmp_path / "监控表" / "自己的.docx").write_bytes(b"")
    old = sorted((tmp_path / "监控表").glob("004*"))[0]
    renamed = tmp_path / "renamed.xlsx"
    renamed.write_bytes(edited(rename))
    told = run(tmp_path, renamed)
    assert len(told) == 1
    assert f"“{old.name}”" in told[0]
    assert "请核对后删除" in told[0]
    assert "自己的" not in told[0]
    assert old.exists()


def rename(book: object) -> None:
    book["项目"]["B9"] = "舆情应对经费"  # type: ignore[index]


def test_marks() -> None:
    assert not untouched(b"")
    assert not made_by_us(b"PK\x03\x04")
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    assert not made_by_us(buffer.getvalue())
