"""What the terminal shows fits its width, Chinese characters counting as two."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.audited import finding, quote
from tests.rules.build import case_of
from xlbudget import app, terminal
from xlbudget.audit.source import Line, Source
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.where import Where
from xlbudget.judge import judge


@pytest.mark.parametrize("width", [60, 80, 120])
def test_findings_fit_and_say_everything(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    findings = judge(
        case_of(
            {"项目": [{"累计支出": 11, "合同金额": "[red]十几万[/]"}], "指标": [{"当前完成值": "一半多"}]}
        )
    ).findings
    terminal.show_findings(findings)
    out = capsys.readouterr().out
    assert max(map(cell_len, out.splitlines())) <= width
    joined = "".join(re.sub(r"^\S+  \S+", "", line).strip() for line in out.splitlines())
    for one in findings:
        assert str(one.where) in out
        for text in (one.message, one.remedy):
            assert "".join(text.split()) in "".join(joined.split())
    assert "错误 3 项" in out
    assert out.index("错误 3 项") < out.index("提示 1 项")


def test_many_remarks_of_a_rule_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    one = found("PRJ009", Severity.INFO, "项目", 5)
    remarks = [one.model_copy(update={"where": Where("项目", row, 1)}) for row in range(5, 15)]
    error = found("CEL001", Severity.ERROR, "指标", 7)
    terminal.show_findings([*remarks, error])
    out = "".join(line.strip() for line in capsys.readouterr().out.splitlines())
    assert out.startswith("错误 1 项CEL001")
    assert "同类共 10 处，另有 项目!A6、项目!A7、项目!A8、项目!A9、项目!A10、项目!A11 等。" in out
    assert out.count("→") == 2
    assert "共 11 项：错误 1 项，警告 0 项，提示 10 项。" in out


def test_three_remarks_of_a_rule_are_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_findings([found("PRJ009", Severity.INFO, "项目", row) for row in (5, 6, 7)])
    assert capsys.readouterr().out.count("→") == 3


def found(code: str, severity: Severity, sheet: str, row: int) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        title="某类",
        where=Where(sheet, row, 1),
        message="问题。",
        remedy="办法。",
    )


@given(st.text("预算，。 \n12.50%ab:", max_size=60), st.integers(10, 40))
def test_wrapping_keeps_every_sign_and_cuts_no_number(text: str, width: int) -> None:
    lines = terminal.wrapped(text, width).split("\n")
    assert "".join(lines) == text.replace("\n", "")
    assert all(cell_len(line) <= width for line in lines)
    for number in re.findall(r"\d+\.\d+%|\d+", text):
        assert (
            any(number in line for line in lines)
            or len(number) > width
            or re.search(r"[\w.:%]" * (width + 1), text)
        )


def test_results_fit(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    opened = app.open_workbook(sample)
    terminal.show_run(opened.case, opened.findings, [])
    out = capsys.readouterr().out
    assert max(map(cell_len, out.splitlines())) <= 80
    for figure in ("99.77", "42.86", "46.48", "13.91", "19.78"):
        assert figure in out


def test_total_says_what_is_missing() -> None:
    case = case_of({"项目": [{"累计支出": "不清楚"}]})
    assert terminal.total_words(case).endswith("其中 1 个项目缺预算或支出，没有全部计入。")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_an_audit_fits_and_says_everything(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    source: Source = (
        Line("年初预算项目3个，其中[bold]重点[/]项目1个，资金合计6.41万元，均已下达。" * 3, "第1段"),
    )
    quoted = quote(source, "其中[bold]重点[/]项目1个")
    terminal.show_audit([finding(quoted, quoted), finding(quoted, severity=Severity.INFO)], 17)
    out = capsys.readouterr().out
    assert max(map(cell_len, out.splitlines())) <= width
    joined = "".join(line.strip("│ ") for line in out.splitlines()).replace(" ", "").replace("│", "")
    for words in ("第1段：“其中[bold]重点[/]项目1个”", "→请核对后改成一致。（AUD001）", "确定", "可能"):
        assert words in joined
    assert "读出 17 处数字和结论。共 2 项：错误 1 项，警告 0 项，提示 1 项。" in out.replace("\n", "")
    terminal.show_audit([], 0)
    assert capsys.readouterr().out.strip() == "读出 0 处数字和结论。没有发现前后不一致的地方。"
