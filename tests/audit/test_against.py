"""A report against its workbook, our own report before it leaves, and the published report that started this."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.audit import mutants
from tests import files
from xlbudget import app, auditing, readers
from xlbudget.audit.audit import audit
from xlbudget.audit.finding import Confidence
from xlbudget.audit.own_report import own_report
from xlbudget.audit.source import Line, Source
from xlbudget.domain.finding import Severity
from xlbudget.domain.told import Told

PUBLISHED = Path(__file__).parents[3] / "shared" / "reference" / "county-report-2022H1.txt"


def opened(tmp_path: Path, edited: Any = None) -> app.Opened:
    path = tmp_path / "样例.xlsx"
    path.write_bytes(files.sample() if edited is None else files.edited(edited))
    return app.open_workbook(path, strict=True)


# -- our own report ------------------------------------------------------------------------------------


def test_the_sample_says_nothing_against_itself(tmp_path: Path) -> None:
    case = opened(tmp_path)
    source = own_report(case.report).source
    assert audit(source, auditing.witness_of(case)).findings == ()


def test_a_wrong_number_in_a_note_is_told_at_its_cell(tmp_path: Path) -> None:
    def noted(book: Any) -> None:
        book["文字说明"].append(["下一步监控工作", "我单位全部项目共7个，将继续推进。"])

    found = [one for one in opened(tmp_path, noted).findings if one.code.startswith("TXT")]
    assert [(one.code, one.severity, one.where.sheet) for one in found] == [
        ("TXT002", Severity.ERROR, "文字说明")
    ]
    assert "共7个" in found[0].message


def test_a_right_number_in_a_note_is_not_told(tmp_path: Path) -> None:
    def noted(book: Any) -> None:
        book["文字说明"].append(["下一步监控工作", "我单位全部项目共5个，将继续推进。"])

    assert [one.code for one in opened(tmp_path, noted).findings if one.code.startswith("TXT")] == []


# -- against the workbook ------------------------------------------------------------------------------


def test_nearly_every_changed_number_is_noticed(tmp_path: Path) -> None:
    case = opened(tmp_path)
    source, witness = own_report(case.report).source, auditing.witness_of(case)
    changed = list(mutants(source))
    noticed = sum(bool(audit(one, witness).findings) for one in changed)
    assert len(changed) > 90
    assert noticed >= 0.95 * len(changed)


def test_another_unit_s_report_is_told_by_its_title_and_projects(tmp_path: Path) -> None:
    text = "某县水利局2023年1—9月预算绩效运行监控报告\n项目名称\t资金数额（万元）\n舆情处置经费\t3\n河道清淤\t12\n"
    source: Source = tuple(Line(line, f"第{n}行") for n, line in enumerate(text.splitlines(), 1))
    codes = {one.code for one in audit(source, auditing.witness_of(opened(tmp_path))).findings}
    assert {"TXT081", "TXT082", "TXT083"} <= codes


# -- the published report ------------------------------------------------------------------------------

FOUND = {
    "TXT004": ("项目有7个", "5个"),
    "TXT013": ("27.75万元", "13.91万元"),
    "TXT005": ("达到50%的项目有1个", "5个"),
    "TXT022": ("5月份追加", "6月"),
    "TXT023": ("合同标的15万元", "8万元"),
    "TXT024": ("60000元", "6万元"),
    "TXT044": ("网络安全公司聘请经费", ""),
    "TXT050": ("聘经费", "网络安全公司聘请经费"),
    "TXT070": ("各项目均按预算目标正常执行", ""),
}
"""Code → words of the accused quote, what would be right."""


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published report is not part of the project")
def test_the_published_report() -> None:
    findings = audit(readers.read(PUBLISHED)).findings
    told = {one.code: one for one in findings}
    assert told.keys() == FOUND.keys()
    assert len(told) == len(findings)
    for code, (words, expected) in FOUND.items():
        quoted = re.sub(r"\s", "", told[code].quotes[0].text)
        assert words in quoted
        assert told[code].expected == expected
    errors = {one.code for one in findings if one.severity is Severity.ERROR}
    assert errors == {one.code for one in findings if one.confidence is Confidence.CERTAIN}


# -- what is said of files -----------------------------------------------------------------------------


def test_a_text_called_docx_is_named_and_not_commented(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_text("全部项目共3个。", encoding="utf-8")
    with pytest.raises(Told, match=r"报告\.docx"):
        auditing.audit_document(path, docx=tmp_path / "核对.docx")
    assert [one.name for one in tmp_path.iterdir()] == ["报告.docx"]
