"""Each kind of claim: text in, value and unit out."""

from __future__ import annotations

import pytest

from tests.audit.test_relations import source_of
from xlbudget.audit.claims import KINDS, claims_of
from xlbudget.audit.paragraphs import read

TITLE = "青河县民政局2024年1—6月预算绩效运行监控报告\n"
CASES: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {
    "count": [("追加项目两个，检查20余次，十二个乡镇。", [("2", "个"), ("20", "次"), ("12", "个")])],
    "amount": [
        (
            "预算60000元，支出２.41万元，结余一百二十万元，共1,234.5万元。",
            [("60000", "元"), ("2.41", "万元"), ("120", "万元"), ("1234.5", "万元")],
        ),
        ("陆万元整，2.5亿元，二百一十六万八千元。", [("6", "万元"), ("2.5", "亿元"), ("2168000", "元")]),
    ],
    "percent": [("执行率25.33%，百分之三十，提高3个百分点。", [("25.33", "%"), ("30", "%"), ("3", "%")])],
    "comparison": [("接到投诉7件，同比下降30%。", [("下降30%", "%")])],
    "month": [("6月份追加，截至5月底。", [("6", "月"), ("5", "月")])],
    "period": [("上半年开展工作，1—9月继续。", [("1—6", "月"), ("1—9", "月")])],
    "project": [
        ("“临时救助经费”预算12万元。临时救助经费按计划执行。", [("临时救助经费", ""), ("临时救助经费", "")])
    ],
    "band": [
        (
            "绩效目标实现程度30%以下的项目2个，工作未开展的项目0个。",
            [("实现程度:30%以下：2", "个"), ("实现程度:工作未开展：0", "个")],
        )
    ],
    "class": [
        (
            "预计年底能实现绩效目标的项目有7个，涉及资金27.75万元。",
            [("能实现：7", "个"), ("能实现：27.75", "万元")],
        )
    ],
    "contract": [("“临时救助经费”预算12万元，合同金额11万元。", [("“临时救助经费”：11", "万元")])],
    "judgement": [("各项目均按预算目标正常执行。", [("各项目均按预算目标正常执行", "")])],
}


def test_every_kind_has_cases() -> None:
    assert CASES.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("kind", "text", "expected"), [(kind, *case) for kind, cases in CASES.items() for case in cases]
)
def test_claims(kind: str, text: str, expected: list[tuple[str, str]]) -> None:
    claims = claims_of(read(source_of(TITLE + text)))
    found = [(one.value, one.unit) for one in claims if one.kind == kind and "报告" not in one.quote.text]
    assert found == expected


def test_places_are_told() -> None:
    claims = claims_of(read(source_of(TITLE + "预算60000元。")))
    assert [one.quote.place.label for one in claims if one.kind == "amount"] == ["第2行"]
