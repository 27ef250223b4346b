"""Profiles: the shipped ones, a place's own, and what a broken one is told."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.rules.build import case_of
from xlbudget import app, profiles, results, terminal
from xlbudget.domain.finding import Severity
from xlbudget.domain.model import Light
from xlbudget.domain.profile import Method
from xlbudget.judge import judge
from xlbudget.report.document import Heading
from xlbudget.report.form import CONTENTS
from xlbudget.report.writer import CONTENT

DOCS = Path(__file__).parent.parent / "docs"
EXAMPLE = re.findall(r"```toml\n(.*?)```", (DOCS / "profiles.md").read_text("utf-8"), re.S)[0]


def test_shipped() -> None:
    found = profiles.shipped()
    methods = {
        "hebei-county": Method.EQUAL_MEAN,
        "central": Method.EQUAL_MEAN,
        "sichuan": Method.EQUAL_MEAN,
        "self-eval": Method.SELF_EVAL,
    }
    assert {name: found[name].method for name in methods} == methods
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


BLOCKS = re.findall(r"```toml\n(.*?)```", (DOCS / "profiles.md").read_text("utf-8"), re.S)


def test_the_form_for_a_place_of_ones_own() -> None:
    """It can be read as it stands, and each of its lines takes effect."""
    ours = app.sound(profiles.parse(BLOCKS[2], "本县.toml"))
    assert (ours.id, ours.checked, ours.decision_days) == ("ours", date(2026, 11, 30), 10)
    assert [(one.month, int(one.rate)) for one in ours.execution_floors] == [(6, 40)]
    assert ours.terms.empty_reasons == ("无", "正常", "暂无", "略")
    assert ours.terms.levels == profiles.load(None).terms.levels


DATED = BLOCKS[2] + BLOCKS[1]
"""A place's own, in force from 2026-01-01, with other numbers from 2026-07-01 on."""


@pytest.mark.parametrize(
    ("day", "gap", "floors", "days"),
    [
        (date(2025, 12, 31), None, [], None),
        (date(2026, 1, 1), 20, [40], 10),
        (date(2026, 6, 30), 20, [40], 10),
        (date(2026, 7, 1), 15, [45], 5),
    ],
)
def test_thresholds_in_force_on_a_day(
    day: date, gap: int | None, floors: list[int], days: int | None
) -> None:
    profile = profiles.parse(DATED, "本县.toml").on(day)
    assert (
        profile.achievement_gap,
        [int(one.rate) for one in profile.execution_floors],
        profile.decision_days,
    ) == (gap, floors, days)
    assert profile.over_achievement == 15


def test_a_version_that_has_ended_no_longer_counts() -> None:
    text = DATED.replace(
        "checked = 2026-11-30\nachievement_gap",
        "valid_until = 2026-12-31\nchecked = 2026-11-30\nachievement_gap",
    )
    assert profiles.parse(text, "本县.toml").on(date(2026, 12, 31)).achievement_gap == 15
    assert profiles.parse(text, "本县.toml").on(date(2027, 1, 1)).achievement_gap == 20


def test_shown_with_its_source_and_the_day_it_was_looked_up() -> None:
    shown = dict(terminal.profile_lines(profiles.parse(DATED, "本县.toml")))
    assert (shown["依据"], shown["最后核对"]) == ("某县财预〔2026〕12号", "2026-11-30")
    assert shown["确定处理意见"] == "报告报出后 10 个工作日内"
    assert shown["2026-07-01 起"] == "另有规定 3 项；某县财预〔2026〕12号，2026-11-30 核对"
    assert dict(terminal.profile_lines(profiles.load("sichuan")))["最后核对"] == "2026-11-30"


@pytest.mark.parametrize(("year", "month", "told"), [(2025, 8, True), (2025, 9, False), (2022, 6, True)])
def test_a_profile_of_another_time_is_told_and_its_floors_do_not_judge(
    year: int, month: int, told: bool
) -> None:
    changes = {
        "首页": {"监控口径": "sichuan", "预算年度": year, "监控截止月份": month},
        "项目": [{"累计支出": 1}],
    }
    codes = {one.code for one in judge(case_of(changes), strict=True).findings}
    assert ("PRF002" in codes) is told
    assert ("FND011" in codes) is (not told)


@pytest.mark.parametrize("wanted", ["hebei-county", "河北县级"])
def test_a_file_with_the_id_of_a_shipped_one_wins_by_either_name(wanted: str, tmp_path: Path) -> None:
    own = 'extends = "hebei-county"\nid = "hebei-county"\nname = "本县"\nover_achievement = 33\n'
    (tmp_path / "a.toml").write_text(own, "utf-8")
    assert profiles.load(wanted, tmp_path).over_achievement == 33


def test_every_name_leads_to_its_profile() -> None:
    assert {one.id: profiles.load(one.name).id for one in profiles.shipped().values()} == {
        name: name for name in profiles.shipped()
    }


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
        source,
        app.Destinations(tmp_path / "o.xlsx", {".docx": tmp_path / "r.docx", ".pdf": tmp_path / "r.pdf"}),
    )
    assert {label: len(rows) for label, rows in opened.case.bands} == {
        "80%（含）以上": 1, "60%（含）—80%": 0, "60%以下": 4, "工作未开展": 0,
    }  # fmt: skip
    document = opened.report
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


OWN = """extends = "{base}"
id = "{id}"
name = "{name}"
basis = "填报惯例"
valid_from = 2020-01-01
"""


def told(tmp_path: Path, name: str) -> tuple[app.Opened, dict[str, object], str, str]:
    """A run of the sample: what was read, JSON's unit, the report's last words, 所用口径 on 首页."""
    import openpyxl

    source = app.create(tmp_path / "s.xlsx", sample=True)
    book = openpyxl.load_workbook(source)
    book["首页"]["F4"] = name
    book.save(source)
    opened, (written, *_) = app.run(source, app.Destinations(tmp_path / "o.xlsx"))
    cells = [cell for row in openpyxl.load_workbook(written)["首页"].iter_rows() for cell in row]
    (state,) = [cell.offset(0, 1).value for cell in cells if cell.value == "所用口径"]
    unit = results.of_run(opened.case, opened.findings, [])["unit"]
    return opened, unit, list(opened.report.texts())[-1], state


@pytest.mark.parametrize(
    ("own", "named", "what"),
    [
        ({"id": "sichuan", "name": "某县"}, "sichuan", "代替了自带的口径"),
        ({"id": "my-county", "name": "四川"}, "四川", "代替了自带的口径"),
        ({"id": "my-county", "name": "某县"}, "某县", "不是自带的口径"),
    ],
)
def test_a_file_of_ones_own_is_told(tmp_path: Path, own: dict[str, str], named: str, what: str) -> None:
    """As INFO, on 首页, in JSON and in the report's small print."""
    content = OWN.format(base="sichuan", **own).encode()
    (tmp_path / "规定.toml").write_bytes(content)
    (tmp_path / "别的.toml").write_text("a = 1", encoding="utf-8")
    digest = hashlib.blake2s(content, digest_size=4).hexdigest()
    opened, unit, last, state = told(tmp_path, named)
    (finding,) = [one for one in opened.findings if one.code == "PRF001"]
    assert (finding.severity, str(finding.where)) == (Severity.INFO, "首页!F4")
    assert f"文件“规定.toml”（校验码 {digest}），{what}。" in finding.message
    assert (unit["profile"], unit["profile_file"], unit["profile_hash"]) == (own["id"], "规定.toml", digest)
    assert last == f"注：本报告按工作簿旁边的口径文件“规定.toml”（校验码 {digest}）计算。"
    assert state == f"{own['name']}（{own['id']}），文件“规定.toml”（校验码 {digest}）"


def test_a_shipped_profile_says_nothing_of_files(tmp_path: Path) -> None:
    (tmp_path / "规定.toml").write_text(OWN.format(base="sichuan", id="my-county", name="某县"), "utf-8")
    opened, unit, last, state = told(tmp_path, "sichuan")
    assert "PRF001" not in {one.code for one in opened.findings}
    assert (unit["profile_file"], unit["profile_hash"]) == (None, None)
    assert "口径文件" not in last
    assert state == "四川（sichuan）"


def test_other_content_has_another_hash(tmp_path: Path) -> None:
    text = OWN.format(base="sichuan", id="my-county", name="某县")
    found = set()
    for more in ("", "\n", "over_achievement = 15\n"):
        (tmp_path / "x.toml").write_text(text + more, encoding="utf-8")
        file = profiles.load("某县", tmp_path).own_file
        assert file is not None
        found.add(file.digest)
    assert len(found) == 3


def test_a_file_cannot_say_where_it_comes_from(tmp_path: Path) -> None:
    for key in ("own_file", "_own_file"):
        (tmp_path / "x.toml").write_text(
            f"{key} = 'y'\n" + OWN.format(base="sichuan", id="my-county", name="某县"), encoding="utf-8"
        )
        with pytest.raises(profiles.BrokenProfile, match="不认识这一项"):
            profiles.load("某县", tmp_path)


# -- files beside the workbook ---------------------------------------------------------------------------

HEBEI = EXAMPLE.replace('id = "my-county"', 'id = "hebei-county"')
SIGN = "# hebei-county\n"
"""So that the file is not passed over because the wanted id does not stand in it."""


def sized(text: str, size: int) -> bytes:
    """A profile file of so many bytes."""
    content = text.encode()
    return content + b"#" * (size - len(content) - 1) + b"\n"


UNRELATED: dict[str, bytes] = {
    "deep arrays": f"{SIGN}a = {'[' * 100_000}{']' * 100_000}".encode(),
    "deep tables": f"{SIGN}id = 'hebei-county'\na = {'{a=' * 50_000}1{'}' * 50_000}".encode(),
    "a long key": f"{SIGN}{'a.' * 250_000}a = 1".encode(),
    "a long head": f"{SIGN}[{'a.' * 250_000}a]\nid = 'hebei-county'".encode(),
    "a long key in quotes": (SIGN + '"a" . ' * 100_000 + "a = 1").encode(),
    "a long word": f"{SIGN}{'a' * 500_000}".encode(),
    "blanks": f"{SIGN}a{' ' * 500_000}".encode(),
    "a number that is too long": f"{SIGN}id = {'9' * 5000}".encode(),
    "an exponent that is too long": f"{SIGN}id = 1e{'9' * 30}".encode(),
    "no date": f"{SIGN}id = 2021-13-45".encode(),
    "GBK": f"{SIGN}id = '河北'".encode("gb18030"),
    "UTF-16": SIGN.encode("utf-16"),
    "bytes": bytes(range(256)) * 100,
    "empty": b"",
    "another id": EXAMPLE.encode(),
    "broken": f"{SIGN}[[[".encode(),
    "too large": sized(HEBEI, profiles.MAX_FILE + 1),
}


@pytest.mark.parametrize("content", UNRELATED.values(), ids=UNRELATED)
def test_files_that_are_no_profiles_are_passed_over(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    (tmp_path / "z.toml").write_text(HEBEI, encoding="utf-8")
    assert profiles.load(None, tmp_path).over_achievement == 20


def test_how_large_a_profile_file_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(sized(HEBEI, profiles.MAX_FILE))
    assert profiles.load(None, tmp_path).over_achievement == 20
    path.write_bytes(sized(HEBEI, profiles.MAX_FILE + 1))
    assert profiles.load(None, tmp_path).over_achievement == 15
    with pytest.raises(profiles.BrokenProfile, match="超过 1 MB"):
        profiles.read(path)


@pytest.mark.skipif(os.name != "posix", reason="needs pipes and links")
@pytest.mark.parametrize("stem", ["other", "hebei-county"])
def test_what_is_no_file_is_passed_over(stem: str, tmp_path: Path) -> None:
    """Also under the name of the profile that is asked for; nothing is opened that never ends."""
    makers: dict[str, Callable[[Path], object]] = {
        "a folder": Path.mkdir,
        "a pipe": os.mkfifo,
        "a device": lambda path: path.symlink_to("/dev/zero"),
        "a link to itself": lambda path: path.symlink_to(path.name),
        "a link to nowhere": lambda path: path.symlink_to("nowhere"),
        "a file of the system that never ends": lambda path: path.symlink_to("/proc/kmsg"),
    }
    for number, make in enumerate(makers.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        make(folder / f"{stem}.toml")
        assert profiles.load(None, folder).over_achievement == 15


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (UNRELATED["deep arrays"], "套得太深"),
        (UNRELATED["a long key"], "套得太深"),
        (UNRELATED["a number that is too long"], "读不出来"),
        (UNRELATED["GBK"], "不是 UTF-8"),
        (UNRELATED["broken"], "读不出来"),
        (UNRELATED["too large"], "超过 1 MB"),
        (HEBEI.replace("over_achievement = 20", "over_achievement = '多'").encode(), "over_achievement"),
        (HEBEI.replace('basis = "', r'basis = "\u0001').encode(), "basis：有不能显示的控制字符"),
        (HEBEI.replace('nothing = "', r'nothing = "\u001b').encode(), "report.wording.nothing：有不能显示"),
    ],
)
def test_a_broken_profile_that_is_asked_for_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "hebei-county.toml").write_bytes(content)
    with pytest.raises(profiles.BrokenProfile, match=said):
        profiles.load(None, tmp_path)


@pytest.mark.parametrize(
    "name", ["9" * 5000, "x" * 32_767, "长" * 300, "a/b", "..", "a\x00b", "", "__init__"]
)
def test_names_that_no_file_can_have(name: str, tmp_path: Path) -> None:
    if not name:
        assert profiles.load(name, tmp_path).id == profiles.DEFAULT
        return
    with pytest.raises(profiles.UnknownProfile) as told:
        profiles.load(name, tmp_path)
    assert len(str(told.value)) < 400


def test_a_text_with_dots_is_no_deep_key(tmp_path: Path) -> None:
    text = HEBEI.replace('basis = "', f'basis = "{"。一.二" * 40}')
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    assert profiles.load(None, tmp_path).over_achievement == 20
