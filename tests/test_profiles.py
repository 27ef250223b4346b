"""Profiles: the shipped ones, a place's own, and what a broken one is told."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from xlbudget import app, profiles
from xlbudget.domain.model import Light
from xlbudget.domain.profile import Method
from xlbudget.report.compose import CONTENT
from xlbudget.report.document import Heading
from xlbudget.report.form import CONTENTS

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLE = re.findall(r"```toml\n(.*?)```", (DOCS / "profiles.md").read_text("utf-8"), re.S)[0]


def test_shipped() -> None:
    found = profiles.shipped()
    assert {one.id: one.method for one in found.values()} == {
        "hebei-county": Method.EQUAL_MEAN,
        "central": Method.EQUAL_MEAN,
        "sichuan": Method.EQUAL_MEAN,
        "self-eval": Method.SELF_EVAL,
    }
    for one in found.values():
        app.sound(one)
    assert [(f.month, int(f.rate)) for f in found["sichuan"].execution_floors] == [
        (4, 25),
        (6, 40),
        (8, 60),
        (10, 80),
    ]
    assert found["sichuan"].achievement_gap == 10
    assert found["central"].usual_month == 7


def test_every_content_block_is_declared_and_made() -> None:
    assert set(CONTENT) == set(CONTENTS)


@pytest.mark.parametrize("name", ["hebei-county", "河北县级", " 河北县级 ", None])
def test_loading_by_id_or_name(name: str | None) -> None:
    assert profiles.load(name).id == "hebei-county"


def test_the_example_of_the_docs(tmp_path: Path) -> None:
    """Bands, limits, wording and sections of the example take effect in a run."""
    import openpyxl

    (tmp_path / "口径.toml").write_text(EXAMPLE, encoding="utf-8")
    source = app.create(tmp_path / "s.xlsx", sample=True)
    book = openpyxl.load_workbook(source)
    book["首页"]["F4"] = "某县"
    book.save(source)
    opened, _ = app.run(
        source, app.Destinations(tmp_path / "o.xlsx", tmp_path / "r.docx", tmp_path / "r.pdf")
    )
    assert {label: len(rows) for label, rows in opened.case.bands} == {
        "80%（含）以上": 1, "60%（含）—80%": 0, "60%以下": 4, "工作未开展": 0,
    }  # fmt: skip
    document = app.report_of(opened)
    assert document.title == "某县网信办2022年度1—6月绩效运行监控情况报告"
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == [
        "一、基本情况", "二、监控结果", "三、下一步打算",
    ]  # fmt: skip
    assert "到6月底，网信办5个项目的完成情况是：80%（含）以上的1个，" in "".join(document.texts())
    assert opened.case.profile.lights.yellow == Decimal("0.9")
    assert opened.case.profile.lights.red == Decimal("0.6")


def test_own_profile_of_a_shipped_id_wins(tmp_path: Path) -> None:
    text = EXAMPLE.replace('id = "my-county"', 'id = "sichuan"')
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.x]\nid = 'sichuan'\nnot toml", encoding="utf-8")
    assert profiles.load("sichuan", tmp_path).over_achievement == 20
    assert profiles.load("sichuan").over_achievement == 15


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("over_achievement = 20", "over_achievement = '多'"), "over_achievement：应为数字"),
        (("over_achievement = 20", "over_achievements = 20"), "over_achievements：不认识这一项"),
        (("lower = 80", "lower = 50"), "bands 须从高到低排列"),
        (("partly = 20", "partly = -1"), "forecast.partly：应不小于 0"),
        (('basis = "填报惯例"', 'basis = ""'), "basis：不能为空"),
        (("valid_from = 2024-01-01", "valid_from = '去年'"), "valid_from：应为日期"),
        (('extends = "hebei-county"', 'extends = "hebei"'), "没有自带的口径“hebei”"),
        (('extends = "hebei-county"', ""), "缺少这一项"),
        (("{期间}绩效", "{月份}绩效"), "report.title：不能用 {月份}"),
        (('nothing = "', 'nothin = "'), "report.wording.nothin：不认识这一句"),
        (('"funds_total"', '"fund_total"'), "没有内容块 fund_total"),
        (("text:监控工作开展情况", "text:开展情况"), "text 后面要写章节"),
        (("{各档}", "{各挡}"), "report.wording.bands：不能用 {各挡}"),
        (
            ("[report.wording]", "[report.labels]\nform_titel = '表'\n\n[report.wording]"),
            "report.labels.form_titel：不认识",
        ),
        (("[report.wording]", "[report.labels]\nform_spent = '{季}'\n\n[report.wording]"), "不能用 {季}"),
        (("[forecast]", "[forecast"), "读不出来（TOML）"),
        (("yellow = 0.9", "yellow = 0.5"), "红灯界限须小于黄灯界限"),
    ],
)
def test_a_broken_profile_names_the_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in EXAMPLE
    path = tmp_path / "p.toml"
    path.write_text(EXAMPLE.replace(*change), encoding="utf-8")
    with pytest.raises(profiles.BrokenProfile) as error:
        app.sound(profiles.read(path))
    assert said in str(error.value)


def test_unknown_profile_lists_those_there_are() -> None:
    with pytest.raises(profiles.UnknownProfile, match="hebei-county（河北县级）"):
        profiles.load("广东")


def test_lights_that_need_a_reason_can_differ() -> None:
    text = EXAMPLE.replace("over_achievement = 20", 'over_achievement = 20\nreasons_for = ["红"]')
    assert profiles.parse(text, "x").reasons_for == (Light.RED,)
