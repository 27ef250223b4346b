"""Each button does what it says, also when the program fails in the middle; nothing of the user's is lost."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import xlwings as xw

from tests import files
from tests.engine import engine, state, windows
from tests.engine.com import ComError
from tests.engine.state import Excel
from xlbudget import __version__, app, layout
from xlbudget.addin import ribbon, troubles
from xlbudget.addin.ribbon import ACTIONS, press
from xlbudget.vba.buttons import BUTTONS

OUTPUTS = [sheet.name for sheet in layout.RESULT_SHEETS]
INPUTS = [sheet.name for sheet in layout.INPUT_SHEETS]
SETTINGS = ("calculation", "screen_updating", "enable_events", "display_alerts", "status_bar")
WRITERS = ("check", "compute", "report", "clear")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Logs go to a folder of the test's own."""
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    return tmp_path / "local" / "xlbudget"


@cache
def loaded(edited: Callable[[Any], None] | None = None) -> Excel:
    content = files.sample() if edited is None else files.edited(edited)
    return state.load(content, "C:\\填报\\监控.xlsx")


def opened(
    edited: Callable[[Any], None] | None = None, path: Path | str | None = None
) -> tuple[Excel, xw.Book]:
    """A fresh copy of the sample, perhaps edited, open in Excel."""
    excel = copy.deepcopy(loaded(edited))
    excel.path = str(path or excel.path)
    return excel, engine.book_of(excel)


def two_mistakes(book: Any) -> None:
    book["项目"]["I5"] = "两三万"
    book["指标"]["K7"] = "若干"


def values(excel: Excel, sheet: str) -> dict[tuple[int, int], object]:
    cells = excel.sheet(sheet).cells.items()
    return {place: one.formula or one.value for place, one in cells if one.value is not None or one.formula}


def texts(excel: Excel, sheet: str) -> str:
    return "\n".join(str(value) for value in values(excel, sheet).values())


def state_on_front(excel: Excel) -> list[object]:
    """错误, 警告, 提示 … on 首页."""
    front = values(excel, "首页")
    labels = {value: place for place, value in front.items()}
    places = [labels[label] for label in layout.STATE_LABELS.values()]
    return [front.get((row, column + 1)) for row, column in places]


def typed(excel: Excel) -> dict[str, dict[tuple[int, int], object]]:
    """What people filled in: input sheets without computed columns and the state on 首页."""
    found = {name: values(excel, name) for name in INPUTS}
    for sheet in layout.TABLE_SHEETS:
        computed = {n for n, column in enumerate(sheet.columns, 1) if column.computed}
        found[sheet.name] = {p: v for p, v in found[sheet.name].items() if p[1] not in computed or p[0] < 5}
    found["首页"] = {p: v for p, v in found["首页"].items() if not 13 < p[0] < 18}
    return found


# -- buttons and actions -------------------------------------------------------------------------------


def test_every_button_has_an_action_and_no_action_is_without_a_button() -> None:
    assert list(ACTIONS) == list(BUTTONS)


def test_check_lists_paints_and_counts() -> None:
    excel, book = opened(two_mistakes)
    told = press("check", book)
    assert told == "错误 2 项，警告 0 项，提示 9 项。已列在“校验结果”，有错误和警告的单元格已经着色。"
    assert excel.active == "校验结果"
    assert state_on_front(excel)[:3] == [2.0, 0.0, 9.0]
    assert "【错误】" in excel.sheet("项目").notes[5, 9].text
    numbers = [value for (_, column), value in values(excel, "_xlbudget").items() if column == 5]
    assert numbers == [2_000_000_500_009.0, 3_000_000_700_011.0]
    assert values(excel, "项目").keys() == values(opened(two_mistakes)[0], "项目").keys()


def test_check_says_when_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbudget.rules.check", lambda *_, **__: [])
    excel, book = opened()
    assert press("check", book) == "没有发现问题。"
    assert excel.active == "首页"


def test_compute_fills_columns_and_the_table() -> None:
    excel, book = opened()
    told = press("compute", book)
    assert told == "已经算好，填入计算列和“统计表”。错误 0 项，警告 0 项，提示 9 项。"
    assert excel.active == "统计表"
    assert values(excel, "项目")[5, 20] == 99.77
    assert "合计" in texts(excel, "统计表")
    assert "没有写完" not in texts(excel, "校验结果")


def test_compute_tells_that_an_older_report_is_still_there() -> None:
    _, book = opened()
    press("report", book)
    assert press("compute", book).endswith("“监控报告”还是上一次的，要更新请点“生成报告”。")


def test_report_writes_everything_and_says_draft() -> None:
    excel, book = opened(two_mistakes)
    told = press("report", book)
    assert told.endswith("还有 2 项错误，所以标为草稿。")
    assert excel.active == "监控报告"
    assert "（草稿）" in texts(excel, "监控报告") or "草稿" in texts(excel, "监控报告")
    for name in OUTPUTS:
        assert len(values(excel, name)) > 3, name


def test_clear_leaves_what_people_filled_in() -> None:
    excel, book = opened()
    before = copy.deepcopy(excel)
    excel.sheet("项目").notes[8, 2] = state.Note("财务科", "核对过")
    press("report", book)
    press("clear", book)
    assert {name: values(excel, name) for name in INPUTS} == {name: values(before, name) for name in INPUTS}
    assert [note.text for note in excel.sheet("项目").notes.values()] == ["核对过"]
    assert all(len(values(excel, name)) == 2 for name in OUTPUTS)
    assert excel.sheet("图表").charts == []


def test_a_second_press_changes_nothing() -> None:
    """Results of the first are neither taken for typed over nor piled up."""
    excel, book = opened()
    for button in ("report", "check", "compute", "report"):
        press(button, book)
        first = copy.deepcopy(excel)
        press(button, book)
        for old, new in zip(first.sheets, excel.sheets, strict=True):
            assert values(first, old.name) == values(excel, new.name)
            assert (old.merges, old.notes, old.links) == (new.merges, new.notes, new.links)
    assert "手工填" not in texts(excel, "校验结果")


def test_an_input_that_looks_at_results_settles() -> None:
    """A formula in an input cell follows the computed cell that it looks at; the report holds what it comes to."""

    def follow(excel: Excel) -> None:
        cells = excel.sheet("项目").cells
        cells[5, 12].value = float(excel.sheet("项目").cell((5, 18)).value or 0) / 2

    excel, book = opened()
    excel.sheet("项目").cell((5, 12)).formula = "=R5/2"
    follow(excel)
    excel.recalculate = follow
    press("report", book)
    budget = values(excel, "项目")[5, 18]
    assert excel.sheet("项目").cells[5, 12].value == float(str(budget)) / 2
    seen = state_on_front(excel)
    press("report", book)
    assert state_on_front(excel) == seen


def test_an_input_that_never_settles_is_named() -> None:
    excel, book = opened()
    excel.sheet("项目").cell((5, 11)).formula = "=S5/100+K5"

    def restless(excel: Excel) -> None:
        cell = excel.sheet("项目").cells[5, 11]
        cell.value = float(cell.value or 0) + 0.001

    excel.recalculate = restless
    assert "请直接填数字：项目!K5。" in press("compute", book)


# -- from one finding to the next ----------------------------------------------------------------------


def test_next_issue_walks_through_the_list_and_begins_again() -> None:
    excel, book = opened(two_mistakes)
    press("check", book)
    listed = [
        str(value)
        for (row, column), value in sorted(values(excel, "校验结果").items())
        if column == 4 and "!" in str(value)
    ]
    walked = []
    for _ in range(len(set(listed)) + 1):
        assert press("next_issue", book) == ""
        walked.append(f"{excel.active}!{excel.sheet(excel.active).selection.split(':')[0].replace('$', '')}")
    assert walked == [*dict.fromkeys(listed), listed[0]]
    assert str(excel.status_bar).startswith(f"xlbudget：第 1 个，共 {len(set(listed))} 个：{listed[0]}")


def test_next_issue_goes_on_from_where_one_is() -> None:
    excel, book = opened(two_mistakes)
    press("check", book)
    excel.active, excel.sheet("指标").selection = "指标", "A6"
    press("next_issue", book)
    assert (excel.active, excel.sheet("指标").selection) == ("指标", "$K$7:$K$7")


def test_next_issue_passes_over_hidden_sheets_and_asks_for_a_check() -> None:
    excel, book = opened(two_mistakes)
    assert "请先点“校验”" in press("next_issue", book)
    press("check", book)
    excel.sheet("项目").visible = 0
    press("next_issue", book)
    assert excel.active != "项目"


def test_the_bar_is_given_back_after_the_next_press() -> None:
    excel, book = opened(two_mistakes)
    press("check", book)
    press("next_issue", book)
    press("compute", book)
    assert excel.status_bar is False


def test_previous_issue_goes_back() -> None:
    excel, book = opened(two_mistakes)
    press("check", book)

    def at() -> str:
        return f"{excel.active}!{excel.sheet(excel.active).selection.split(':')[0].replace('$', '')}"

    walked = []
    for _ in range(3):
        press("next_issue", book)
        walked.append(at())
    press("previous_issue", book)
    assert at() == walked[1]
    press("previous_issue", book)
    press("previous_issue", book)
    assert at() not in walked  # the last of the list
    excel.active, excel.sheet("指标").selection = "指标", "A9"
    press("previous_issue", book)
    assert at() == "指标!K7"


# -- where figures come from, other rules, workbooks ---------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "cell", "names"),
    [
        ("项目", "K9", ["舆情处置经费"]),
        ("项目", "C6", ["网络安全公司聘请经费", "网络安全公司聘请经费"]),
        ("指标", "D5", ["网信工作专项经费"]),
        ("偏差整改", "C6", ["信息化项目初审经费"]),
    ],
)
def test_where_the_figures_of_a_row_come_from(sheet: str, cell: str, names: list[str]) -> None:
    excel, book = opened()
    excel.active, excel.sheet(sheet).selection = sheet, cell
    before = typed(excel)
    assert press("explain", book) == ""
    assert excel.active == "数从哪里来"
    shown = values(excel, "数从哪里来")
    heads = [
        str(value) for (_, column), value in sorted(shown.items()) if column == 1 and "（编号" in str(value)
    ]
    assert [head.split("（")[0] for head in heads] == names
    assert "预算执行率" in texts(excel, "数从哪里来")
    assert excel.sheet("数从哪里来").links
    assert typed(excel) == before


def test_where_all_figures_come_from() -> None:
    excel, book = opened()
    excel.active = "统计表"
    assert "没有选中哪个项目" in press("explain", book)
    assert texts(excel, "数从哪里来").count("（编号") == 5
    assert "99.77" in texts(excel, "数从哪里来")


def test_another_profile() -> None:
    excel, book = opened()
    assert "换成了“四川”" in press("profile", book, "sichuan")
    front = values(excel, "首页")
    place = next(place for place, value in front.items() if value == "监控口径*")
    assert front[place[0], place[1] + 1] == "四川"
    told = press("profile", book, "某省")
    assert "没有“某省”这个监控口径" in told
    assert values(excel, "首页")[place[0], place[1] + 1] == "四川"
    assert "没有改动" in press("profile", book, " ")


@pytest.mark.parametrize(("button", "projects"), [("new", 0), ("sample", 5)])
def test_a_new_workbook_is_made_and_opened(button: str, projects: int, tmp_path: Path) -> None:
    excel, book = opened()
    path = tmp_path / "新的.xlsm"
    assert "已新建并打开“新的.xlsm”" in press(button, book, str(path))
    assert excel.opened == [str(path)]
    filled = openpyxl.load_workbook(path)["项目"]
    assert sum(1 for row in filled.iter_rows(min_row=5, max_col=1, values_only=True) if row[0]) == projects
    assert "已经有了" in press(button, book, str(path))
    assert "没有新建" in press(button, book)
    assert len(excel.opened) == 1


def test_any_report_is_audited(tmp_path: Path) -> None:
    _, book = opened()
    report = tmp_path / "别人的报告.txt"
    report.write_text("2022年支出90万元，占年初预算100万元的80%。", "utf-8")
    told = press("audit_any", book, str(report))
    assert "错误 1 项" in told or "警告 1 项" in told
    assert (tmp_path / "别人的报告-核对.html").exists()
    report.write_text("2022年支出90万元，占年初预算100万元的90%。", "utf-8")
    assert "没有发现前后不一致" in press("audit_any", book, str(report))
    assert "没有核对" in press("audit_any", book)


def test_everything_in_one_go(tmp_path: Path) -> None:
    excel, book = opened(path=tmp_path / "监控.xlsx")
    told = press("all", book)
    assert told.startswith("报告写好了。")
    assert "“监控-监控报告.docx”" in told
    assert "“监控-监控报告.pdf”" in told
    assert {path.name for path in tmp_path.iterdir()} >= {"监控-监控报告.docx", "监控-监控报告.pdf"}
    assert "没有写完" not in texts(excel, "监控报告")


def test_forms_are_put_into_a_folder(tmp_path: Path) -> None:
    _, book = opened(path=tmp_path / "监控.xlsx")
    assert press("forms", book) == "4 份监控表存在“监控-监控表”文件夹里，在工作簿旁边。"
    made = sorted((tmp_path / "监控-监控表").iterdir())
    assert len(made) == 4
    word = docx.Document(str(made[0]))
    word.paragraphs[0].text = "改过"
    word.save(str(made[0]))
    assert "原来那份存成了" in press("forms", book)


# -- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("button", "suffix", "begin"), [("word", ".docx", b"PK"), ("pdf", ".pdf", b"%PDF")])
def test_exports_what_is_open_not_what_was_saved(
    button: str, suffix: str, begin: bytes, tmp_path: Path
) -> None:
    excel, book = opened(path=tmp_path / "监控 表.xlsx")
    before = copy.deepcopy(excel.sheets)
    excel.sheet("首页").cell((4, 3)).value = "改过名的单位"
    told = press(button, book)
    target = tmp_path / f"监控 表-监控报告{suffix}"
    assert told.startswith(f"已经存成“{target.name}”")
    assert target.read_bytes().startswith(begin)
    assert [path.name for path in tmp_path.glob("*.*")] == [target.name]
    if suffix == ".docx":
        from tests.word_text import paragraphs_of

        assert any("改过名的单位" in one for one in paragraphs_of(target))
    excel.sheet("首页").cell((4, 3)).value = before[0].cells[4, 3].value
    assert excel.sheets == before


@pytest.mark.parametrize("button", ["word", "pdf", "folder"])
@pytest.mark.parametrize(
    ("path", "words"),
    [("工作簿1", "请先保存"), ("https://contoso.sharepoint.com/a/监控.xlsx", "请另存到本机")],
)
def test_without_a_folder_one_is_asked_for(button: str, path: str, words: str) -> None:
    _, book = opened(path=path)
    assert words in press(button, book)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    _, book = opened(path=tmp_path / "a.xlsx")
    (tmp_path / "a-监控报告.docx").mkdir()
    assert "a-监控报告.docx" in press("word", book)


def test_a_profile_beside_the_workbook_is_used(tmp_path: Path) -> None:
    from importlib import resources

    shipped = resources.files("xlbudget.profiles").joinpath("hebei-county.toml").read_text("utf-8")
    own = shipped.replace('id = "hebei-county"', 'id = "ours"').replace(
        'name = "河北县级"', 'name = "本县口径"'
    )
    (tmp_path / "ours.toml").write_text(own, encoding="utf-8")
    excel, book = opened(path=tmp_path / "a.xlsx")
    for cell in excel.sheet("首页").cells.values():
        if cell.value == "河北县级":
            cell.value = "ours"
    assert "监控口径：本县口径（ours）" in press("about", book)


def test_the_folder_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(troubles, "open_folder", shown.append)
    _, book = opened(path=tmp_path / "a.xlsx")
    assert press("folder", book) == ""
    assert shown == [tmp_path]


# -- help ----------------------------------------------------------------------------------------------


def test_guide_and_functions_show_their_place() -> None:
    assert "点“新建”建一个 .xlsm 工作簿" in press("functions", opened()[1])
    excel = state.load(app.new_workbook(None, sample=True, macros=True), "C:\\填报\\监控.xlsm")
    book = engine.book_of(excel)
    assert press("functions", book) == ""
    row = int(excel.sheet("填报说明").selection.split("$")[-1])
    assert (excel.active, str(values(excel, "填报说明")[row, 1])[:2]) == ("填报说明", "函数")
    press("guide", book)
    assert excel.sheet("填报说明").selection == "$A$1:$A$1"


def test_about_tells_version_profile_and_licence() -> None:
    told = press("about", opened()[1])
    assert f"xlbudget {__version__}" in told
    assert "河北县级（hebei-county）" in told
    assert "Apache-2.0" in told


def test_doctor_reports_and_a_long_report_goes_to_a_file(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlbudget.machine import doctor

    monkeypatch.setattr(doctor, "report", lambda: "都好。")
    assert press("doctor", opened()[1]) == "都好。"
    monkeypatch.setattr(doctor, "report", lambda: "很长。" * 1000, raising=False)
    told = press("doctor", opened()[1])
    assert len(told) <= 1000
    assert (own_folder / "消息.txt").read_text("utf-8-sig") == "很长。" * 1000
    assert str(own_folder / "消息.txt") in told


@pytest.mark.parametrize("button", [one for one in ACTIONS if one not in ("folder", "doctor", "about")])
def test_a_workbook_that_is_not_ours_is_told_politely(button: str, tmp_path: Path) -> None:
    content = files.edited(files.no_sheet("首页", "填报说明"))
    excel = state.load(content, str(tmp_path / "别的.xlsx"))
    before = copy.deepcopy(excel.sheets)
    told = press(button, engine.book_of(excel))
    assert told
    assert "不是您的问题" not in told
    assert excel.sheets == before


def test_results_on_hidden_sheets_are_written_and_not_shown() -> None:
    excel, book = opened(two_mistakes)
    for name in ("校验结果", "填报说明"):
        excel.sheet(name).visible = 2
    assert "已列在“校验结果”" in press("check", book)
    assert "“填报说明”表隐藏了" in press("guide", book)
    assert (excel.active, len(values(excel, "校验结果")) > 10) == ("首页", True)


# -- xlwings' own engine for Windows -------------------------------------------------------------------


@pytest.mark.parametrize("path", ["监控.xlsx", "监控.xlsm"])
def test_the_same_happens_through_xlwings_engine_for_windows(path: str, tmp_path: Path) -> None:
    """Every button, in turn: the workbook is the same after each as through the engine of our own."""
    ours, our_book = opened(two_mistakes, tmp_path / path)
    windows_excel, _ = opened(two_mistakes, tmp_path / path)
    for excel in (ours, windows_excel):
        excel.sheets = [one for one in excel.sheets if one.name not in ("校验结果", "_xlbudget")]
    with windows.engine() as module:
        windows_book = windows.book_of(module, windows_excel)
        for button in [*(one for one in ACTIONS if one not in ("folder", "doctor")), "report"]:
            assert press(button, windows_book) == press(button, our_book), button
            assert windows_excel.sheets == ours.sheets, button
            assert (windows_excel.active, windows_excel.status_bar) == (ours.active, ours.status_bar)
            assert windows_excel.calculation == "automatic"


# -- when the program fails ----------------------------------------------------------------------------


class BoomError(Exception):
    pass


def failing(at: int, excel: Excel, *, for_good: bool = False) -> Callable[[str], None]:
    """Let the call of this number fail, or all from then on."""

    def watch(_: str) -> None:
        number = len(excel.calls)
        if number == at or (for_good and number > at):
            raise BoomError("Excel refuses")

    return watch


@cache
def done(button: str) -> tuple[Excel, int]:
    """The workbook of a computed sample with two mistakes after a press that went well, and its number of calls."""
    excel, book = before_press()
    excel.calls.clear()
    press(button, book)
    return excel, len(excel.calls)


@cache
def computed_sample() -> Excel:
    excel, book = opened(two_mistakes)
    press("report", book)
    cell = excel.sheet("项目").cell((6, 11))
    cell.value = 0.5
    excel.active = "项目"
    return excel


def before_press() -> tuple[Excel, xw.Book]:
    excel = copy.deepcopy(computed_sample())
    return excel, engine.book_of(excel)


STEPS = [
    pytest.param(button, share, id=f"{button}-{share}") for button in WRITERS for share in range(0, 100, 6)
]


@pytest.mark.parametrize(("button", "share"), STEPS)
def test_a_failing_call_leaves_nothing_that_misleads(button: str, share: int, own_folder: Path) -> None:
    """Settings are given back, inputs untouched, a message and a log are there; 首页 speaks of whole results only."""
    wanted, calls = done(button)
    excel, book = before_press()
    old = copy.deepcopy(excel)
    excel.calls.clear()
    excel.watch = failing(1 + calls * share // 100, excel)
    told = press(button, book)
    assert {name: getattr(excel, name) for name in SETTINGS} == {
        name: getattr(old, name) for name in SETTINGS
    }
    assert typed(excel) == typed(old)
    results = ["项目", "指标", *OUTPUTS]
    whole = all(values(excel, name) == values(wanted, name) for name in results)
    untouched = all(values(excel, name) == values(old, name) for name in results)
    assert whole or untouched or state_on_front(excel)[:3] == [None] * 3
    if "没有做完" in told:
        assert "BoomError" in (own_folder / "xlbudget.log").read_text("utf-8")
        assert str(own_folder / "xlbudget.log") in told
    else:
        assert whole or "保护" in told
    for name in OUTPUTS:
        found = values(excel, name)
        unfinished = "没有写完" in str(found.get((1, 1)))
        assert unfinished or found in ({}, values(old, name), values(wanted, name)), name
    excel.watch = lambda _: None
    press(button, book)
    assert all(values(excel, name) == values(wanted, name) for name in [*INPUTS, *OUTPUTS])


@pytest.mark.parametrize("button", WRITERS)
@pytest.mark.parametrize("share", [1, 30, 60, 95])
def test_an_excel_that_is_gone_is_told_of(button: str, share: int) -> None:
    """Every call fails from some point on, giving back settings too: still nothing is raised."""
    _, calls = done(button)
    excel, book = before_press()
    excel.calls.clear()
    excel.watch = failing(1 + calls * share // 100, excel, for_good=True)
    told = press(button, book)
    assert "没有做完" in told
    assert "Excel 的设置没能全部恢复" in told


def test_settings_of_the_users_own_are_given_back() -> None:
    excel, book = opened()
    excel.calculation, excel.enable_events, excel.status_bar = "manual", False, "别的程序"
    press("compute", book)
    assert (excel.calculation, excel.enable_events, excel.status_bar) == ("manual", False, "别的程序")


def test_an_excel_that_cannot_compute_is_told_of() -> None:
    excel, book = opened()
    excel.calculation = "manual"

    def watch(name: str) -> None:
        if name == "App.calculate":
            raise ComError("busy")

    excel.watch = watch
    assert "没有做完" in press("compute", book)
    assert (excel.calculation, excel.screen_updating, excel.status_bar) == ("manual", True, False)


def test_a_setting_that_does_not_come_back_is_told_and_the_others_come_back() -> None:
    excel, book = opened()
    tries = [0]

    def watch(name: str) -> None:
        if name == "App.calculation=":
            tries[0] += 1
            if tries[0] > 1:
                raise ComError("not now")

    excel.watch = watch
    told = press("compute", book)
    assert told.startswith("已经算好")
    assert "“计算选项”选“自动”" in told
    assert (excel.screen_updating, excel.enable_events, excel.display_alerts) == (True, True, True)


def test_progress_is_told_in_chinese() -> None:
    excel, book = opened()
    press("report", book)
    assert excel.said[0] == "xlbudget：正在读取和计算……"
    assert len(excel.said) >= 2


def test_no_other_excel_is_killed() -> None:
    _, book = opened()
    press("about", book)
    before = engine.Apps.killed
    for one in xw.engines:
        one.apps.cleanup()
    assert engine.Apps.killed == before


def test_an_unknown_button_is_our_fault(own_folder: Path) -> None:
    assert "不是您的问题" in press("nothing", opened()[1])
    assert "KeyError" in (own_folder / "xlbudget.log").read_text("utf-8")


def test_a_log_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "file"))
    told = press("nothing", opened()[1])
    assert "没有做完" in told
    assert "KeyError" in told


def test_a_log_does_not_grow_for_ever(own_folder: Path) -> None:
    own_folder.mkdir(parents=True)
    (own_folder / "xlbudget.log").write_text("x" * 1_000_001)
    press("nothing", opened()[1])
    assert (own_folder / "xlbudget.log").stat().st_size < 10_000
    assert (own_folder / "xlbudget-旧.log").exists()


@pytest.mark.parametrize("button", ["check", "compute", "report", "clear"])
def test_protected_sheets_are_named(button: str) -> None:
    """An input sheet that somebody protected, an output sheet with a password: told, not crashed into."""
    excel, book = opened(two_mistakes)
    excel.sheet("首页").protected = True
    if button != "clear":
        assert "“首页”表被保护了" in press(button, book)
        excel.sheet("首页").protected = False
    excel.sheet("校验结果").password = "secret"
    assert "“校验结果”表用密码保护了" in press(button, book)
    assert excel.sheet("校验结果").protected


def test_ribbon_exports_a_plain_function() -> None:
    assert ribbon.press.__annotations__["return"] == "str"


# -- audit ---------------------------------------------------------------------------------------------


def test_audit_asks_for_the_report_that_is_not_there(tmp_path: Path) -> None:
    _, book = opened(path=tmp_path / "a.xlsx")
    assert press("audit", book) == "工作簿旁边没有“a-监控报告.docx”。请先点“导出 Word”，改好、存盘，再核对。"


def test_audit_finds_what_was_changed_by_hand(tmp_path: Path) -> None:
    _, book = opened(path=tmp_path / "a.xlsx")
    press("word", book)
    report, marked = tmp_path / "a-监控报告.docx", tmp_path / "a-监控报告-核对.docx"
    assert press("audit", book) == "“a-监控报告.docx”前后一致，与工作簿也一致。"
    document = docx.Document(str(report))
    paragraph = next(one for one in document.paragraphs if "13.91" in one.text)
    paragraph.runs[0].text, *rest = paragraph.text.replace("13.91", "27.75"), *paragraph.runs[1:]
    for run in rest:
        run.text = ""
    document.save(str(report))
    assert "核对完：错误 " in press("audit", book)
    with zipfile.ZipFile(marked) as package:
        name = next(name for name in package.namelist() if "comments" in name)
        assert "13.91" in package.read(name).decode()
