"""The live host by itself: what it asks Excel for, how often, and what of the user's it leaves alone."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from tests import bookkeepers, files
from tests.engine import state, windows
from tests.engine.engine import book_of, open_book
from tests.engine.sheets import SETUP
from tests.engine.state import Cell, Excel, Note
from xlbudget import app, layout
from xlbudget.domain.where import address
from xlbudget.files import CannotWrite
from xlbudget.hosts import live_cells
from xlbudget.hosts.live import Live
from xlbudget.hosts.live_cells import literal
from xlbudget.hosts.live_looks import area_address, colour, rectangles
from xlbudget.hosts.live_state import quiet, spare_other_programs
from xlbudget.hosts.package import Package
from xlbudget.layout.fill import CellWrite, Mark
from xlbudget.pages.grid import Grid, GridCell

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def sample() -> tuple[Excel, Live]:
    excel, book = open_book(files.sample())
    return excel, Live(book)


def run(live: Live) -> app.Opened:
    opened = app.open_host(live, None)
    app.write_results(live, opened)
    return opened


def many(projects: int) -> bytes:
    """The sample with more projects, each with an indicator."""

    def fill(book: Any) -> None:
        for n in range(projects):
            for name in ("项目", "指标"):
                sheet = book[name]
                for column in range(1, 17):
                    new, old = sheet.cell(30 + n, column), sheet.cell(5, column)
                    new.value, new.number_format = old.value, old.number_format
                sheet.cell(30 + n, 1).value = f"9{n:03}"
                sheet.cell(30 + n, 2 if name == "项目" else 4).value = f"事情{n}"

    return files.edited(fill)


# -- how often Excel is asked --------------------------------------------------------------------------


def calls(excel: Excel, work: Callable[[], object]) -> int:
    before = len(excel.calls)
    work()
    return len(excel.calls) - before


def test_reading_and_writing_cells_does_not_take_more_calls_for_more_rows() -> None:
    found = []
    for projects in (5, 150):
        excel, book = open_book(many(projects))
        live = Live(book)
        reading = calls(excel, lambda live=live: live.tables(app.INPUT_NAMES))  # type: ignore[misc]
        opened = app.open_host(live, None)
        writing = calls(excel, lambda live=live, opened=opened: app.write_computed(live, opened))  # type: ignore[misc]
        assert excel.sheet("项目").cells[30 + projects - 1, 20].value is not None
        found.append((reading, writing))
    assert found[0] == found[1]
    assert max(found[0]) < 250


def test_the_sheets_of_results_take_few_calls_a_row() -> None:
    """Merges, breaks, heights and looks go in bundles; links and notes take some calls each."""
    excel, book = open_book(many(60))
    live = Live(book)
    opened = app.open_host(live, None)
    assert calls(excel, lambda: app.write_findings(live, opened)) < 300 + 14 * len(opened.findings)
    taken = calls(excel, lambda: app.write_results(live, opened))
    assert taken < sum(len(excel.sheet(one.name).cells) for one in layout.RESULT_SHEETS) / 3


def test_formulas_that_stand_are_not_written_again() -> None:
    """In an .xlsm computed cells hold functions: Excel would call Python again for each that is written."""
    excel, book = open_book(files.sample(), "C:\\监控.xlsm")
    live = Live(book)
    run(live)
    formula = excel.sheet("项目").cells[5, 20].formula
    assert formula is not None
    assert formula.startswith("=PROJECT_ACHIEVEMENT(")
    for sheet in ("项目", "指标"):
        excel.sheet(sheet).protected = True
    opened = app.open_host(live, None)
    app.write_computed(live, opened)
    excel.sheet("项目").cells[5, 20].formula = "=1"
    opened = app.open_host(live, None)
    with pytest.raises(CannotWrite, match="“项目”表被保护了"):
        app.write_computed(live, opened)


# -- what is read --------------------------------------------------------------------------------------


def edited(change: Callable[[Any], None]) -> Live:
    return Live(open_book(files.edited(change))[1])


def test_cells_are_read_with_type_value_formula_and_format() -> None:
    def edit(book: Any) -> None:
        sheet = book["项目"]
        for column, value in enumerate((0.1, True, "#REF!", "=1", "001", "'", 1e21, "=not a formula"), 9):
            sheet.cell(5, column).value = value
        sheet["K5"].data_type = "e"
        sheet["L5"].value, sheet["L5"].data_type = "=1", "s"
        sheet["P5"].data_type = "s"
        sheet["I5"].number_format = "0.00%"

    row = edited(edit).tables(["项目"])["项目"].rows[5]
    assert (row[9].kind, row[9].format) == ("number", "0.00%")
    assert row[10][:3] == ("bool", "1", None)
    assert row[11][:3] == ("error", "#REF!", None)
    assert row[12][:3] == ("text", "=1", None)
    assert row[13][:3] == ("text", "001", None)
    assert row[15].text == "1e+21"
    assert row[16][:3] == ("text", "=not a formula", None)


def test_formats_that_differ_within_a_column_are_all_found() -> None:
    def edit(book: Any) -> None:
        for row in range(5, 45):
            book["指标"].cell(row, 6).value = row / 100
            book["指标"].cell(row, 6).number_format = ("0%", "0.00", "yyyy-mm-dd", "000")[row % 4]

    table = edited(edit).tables(["指标"])["指标"]
    assert [table.rows[row][6].format for row in range(5, 45)] == [
        ("0%", "0.00", "yyyy-mm-dd", "000")[row % 4] for row in range(5, 45)
    ]


def test_a_sheet_that_somebody_formatted_to_its_end_is_read_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_cells, "BLOCK", 10_000)
    excel, live = sample()
    excel.sheet("文字说明").cell((5_000, 24))
    assert list(live.tables(["文字说明"])["文字说明"].rows)[-1] < 200
    assert list(live.tables(["文字说明"])) == ["文字说明"]


def test_workbooks_of_old_macs_count_days_from_1904() -> None:
    excel, live = sample()
    excel.date1904 = True
    before = Package(Path("a.xlsx"), files.sample()).tables(["首页"])["首页"]
    dates = [
        (row, n)
        for row, cells in before.rows.items()
        for n, cell in cells.items()
        if "yy" in cell.format and cell.kind == "number"
    ]
    assert dates
    for row, column in dates:
        found = live.tables(["首页"])["首页"].rows[row][column]
        assert Decimal(found.text) == Decimal(before.rows[row][column].text) + 1462


# -- what is written -----------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    st.sampled_from(
        [
            "6月",
            "2022年6月",
            "1/2",
            "95%",
            "=1+1",
            "+1",
            "-",
            "@a",
            "TRUE",
            "#N/A",
            "'",
            "''",
            "1e5",
            "001",
            "红",
            "六月",
        ]
    ),
)


@settings(max_examples=200)
@given(TEXTS)
def test_a_text_stays_a_text(text: str) -> None:
    """Excel, which makes dates of 6月 and numbers of 001, is given what it takes for just this text."""
    assert state.entered(literal(text), "General") == (text, None)


@pytest.mark.parametrize("text", ["能实现", "红", "不能完全实现", "差距较大"])
def test_words_of_results_need_no_apostrophe(text: str) -> None:
    assert literal(text) == text


@pytest.mark.parametrize("text", ["6月", "二月", "一", "2022年", "上午9时", "123", "=A1", "TRUE"])
def test_what_excel_may_take_for_something_else_has_one(text: str) -> None:
    assert literal(text) == f"'{text}"


def test_numbers_are_written_as_what_com_carries() -> None:
    """No Decimal (COM rounds it to four decimals) and no whole number of more than 32 bits; the engine refuses both."""
    excel, live = sample()
    live.write_cells([CellWrite("项目", 5, 20, Decimal("0.000001")), CellWrite("项目", 6, 20, 10**12)])
    assert [excel.sheet("项目").cells[row, 20].value for row in (5, 6)] == [0.000001, 1e12]
    cells = excel.sheet("项目")
    with pytest.raises(TypeError):
        live.book.sheets["项目"].range("A1").raw_value = Decimal(1)
    assert cells.cells[1, 1].value == "项目"


def test_texts_too_long_for_a_block_are_written_alone() -> None:
    excel, live = sample()
    live.write_memory("_xlbudget", [["甲", "乙", "0123abcd " * 3000], ["丙"]])
    assert excel.sheet("_xlbudget").cells[1, 3].value == "0123abcd " * 3000
    assert excel.sheet("_xlbudget").cells[2, 1].value == "丙"


def test_memory_leaves_nothing_of_the_old_one() -> None:
    excel, live = sample()
    live.write_memory("_xlbudget", [["甲", None, None, None, 1, 2]] * 9)
    live.write_memory("_xlbudget", [["乙"]])
    assert {p: c.value for p, c in excel.sheet("_xlbudget").cells.items() if c.value is not None} == {
        (1, 1): "乙"
    }


def test_only_changed_blocks_are_written() -> None:
    excel, live = sample()
    run(live)
    opened = app.open_host(live, None)
    for name in ("项目", "指标"):
        excel.sheet(name).protected = True
    app.write_computed(live, opened)


@given(st.sets(st.tuples(st.integers(1, 12), st.integers(1, 8)), min_size=1))
def test_rectangles_cover_exactly_the_cells(cells: set[tuple[int, int]]) -> None:
    areas = rectangles(cells)
    covered = [
        (r, c)
        for top, left, bottom, right in areas
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    ]
    assert sorted(covered) == sorted(cells)


@pytest.mark.parametrize(
    ("cells", "areas"),
    [
        ({(1, 1), (1, 2), (2, 1), (2, 2)}, ["A1:B2"]),
        ({(1, 1), (3, 1)}, ["A1", "A3"]),
        ({(1, 1), (1, 2), (2, 1)}, ["A1:B1", "A2"]),
    ],
)
def test_rectangles_are_few(cells: set[tuple[int, int]], areas: list[str]) -> None:
    assert list(map(area_address, rectangles(cells))) == areas


def test_colours_have_blue_first() -> None:
    assert colour("FF8000") == 0x0080FF


# -- what is the user's --------------------------------------------------------------------------------


def of_ones_own(excel: Excel) -> None:
    """Formats, notes, a filter, hidden rows, a sheet and colours of a user's own."""
    projects = excel.sheet("项目")
    for place in ((5, 2), (6, 20), (8, 11)):
        projects.cell(place).look |= {"Interior": 255, "Font.Bold": True, "NumberFormat": "0.0000"}
    projects.notes[5, 2] = Note("财务科", "全称已核对")
    projects.notes[6, 11] = Note("财务科", "核对过")
    projects.heights[6] = 0
    projects.filter = "A4:X204"
    projects.colours.append("B5:B9")
    excel.sheet("校验结果").notes[2, 2] = Note("财务科", "打印时删去")
    excel.sheets.append(state.Sheet("我的表", cells={(1, 1): Cell(1.0), (2, 1): Cell(None, "=统计表!C6")}))


@pytest.mark.parametrize("clear", [False, True])
def test_what_is_the_users_own_stays(clear: bool) -> None:
    excel, book = open_book(files.sample())
    of_ones_own(excel)
    old = copy.deepcopy(excel)
    live = Live(book)
    run(live)
    if clear:
        app.clear_results(live)
    projects, before = excel.sheet("项目"), old.sheet("项目")
    assert {place: projects.look(place) for place in before.cells} == {
        place: before.look(place) for place in before.cells
    }
    assert before.notes.items() <= projects.notes.items()
    assert (projects.heights, projects.filter, projects.colours) == (
        before.heights,
        before.filter,
        before.colours,
    )
    assert excel.sheet("校验结果").notes == old.sheet("校验结果").notes
    assert excel.sheet("我的表") == old.sheet("我的表")
    assert excel.active == old.active


@pytest.mark.parametrize("hidden", [{6}, {5}, {5, 6, 7, 8, 9}, {7, 9}, set(range(5, 60))])
@pytest.mark.parametrize("path", ["a.xlsx", "a.xlsm"])
def test_rows_that_a_filter_hides_get_their_own_values(hidden: set[int], path: str) -> None:
    """Excel puts the first value of a block into every row that is seen where a filter hides others, and nothing into those."""
    written = []
    for rows in (set(), hidden):
        excel, book = open_book(files.sample(), path)
        live = Live(book)
        opened = app.open_host(live, None)
        for name in ("项目", "指标"):
            excel.sheet(name).filtered = set(rows)
        app.write_computed(live, opened)
        written.append({name: excel.sheet(name).cells for name in ("项目", "指标")})
    assert written[0] == written[1]
    assert excel.sheet("项目").filtered == hidden


def test_the_engine_writes_wrongly_across_a_filter() -> None:
    """As Excel does (xlwings' issues 679 and 747), so that the test above can fail."""
    excel, live = sample()
    excel.sheet("项目").filtered = {51}
    live.book.sheets["项目"].range((50, 1), (53, 1)).formula = [["a"], ["b"], ["c"], ["d"]]
    cells = excel.sheet("项目").cells
    assert [cells[row, 1].value if (row, 1) in cells else None for row in range(50, 54)] == [
        "a",
        None,
        "a",
        "a",
    ]


def test_a_filter_on_a_sheet_of_results_is_lifted() -> None:
    excel, live = sample()
    run(live)
    wanted = copy.deepcopy(excel.sheet("校验结果").cells)
    excel.sheet("校验结果").filtered = {5, 14}
    run(live)
    assert excel.sheet("校验结果").cells == wanted


def test_a_cell_with_somebodys_note_or_thread_keeps_that_one() -> None:
    excel, live = sample()
    excel.sheet("项目").notes[6, 11] = Note("财务科", "核对过")
    excel.sheet("项目").threads.add((7, 11))
    live.write_marks([Mark("项目", (row, 11), "【警告】没有支出") for row in (6, 7, 8)])
    notes = excel.sheet("项目").notes
    assert {place: note.text for place, note in notes.items()} == {
        (6, 11): "核对过",
        (8, 11): "【警告】没有支出",
    }
    assert (notes[8, 11].width, notes[8, 11].author) == (260.0, "张三")


def test_our_notes_go_when_signed_by_anybody_and_unchanged_ones_are_left() -> None:
    excel, live = sample()
    excel.sheet("项目").notes |= {
        (6, 11): Note("xlbudget", "【警告】旧的"),
        (7, 11): Note("李四", "【提示】同样的"),
    }
    before = excel.sheet("项目").notes[7, 11]
    live.write_marks([Mark("项目", (7, 11), "【提示】同样的")])
    assert excel.sheet("项目").notes == {(7, 11): before}
    assert excel.sheet("项目").notes[7, 11] is before


def test_notes_that_excel_signed_are_ours_in_a_file_too() -> None:
    """Checked in Excel, where notes bear the user's name, then by `run`: no note stays that is not true any more."""
    book = openpyxl.load_workbook(io.BytesIO(files.sample()))
    book["项目"]["I5"].comment = Comment("【错误】预算数：读不懂。\n请改。", "张三")
    book["项目"]["B5"].comment = Comment("全称已核对", "张三")
    package = Package(Path("a.xlsx"), files.saved(book))
    package.write_marks([])
    left = openpyxl.load_workbook(io.BytesIO(package.save()))["项目"]
    assert (left["I5"].comment, left["B5"].comment.text) == (None, "全称已核对")


def test_notes_on_merged_cells_are_on_the_one_that_shows() -> None:
    excel, book = open_book(bookkeepers.workbook("structure").content)
    live = Live(book)
    opened = app.open_host(live, None)
    app.write_findings(live, opened)
    for name in ("项目", "指标"):
        merges = live.tables([name])[name].merged
        assert [place for place in excel.sheet(name).notes if merges.shown(*place)] == []
    merged = [one.where for one in opened.findings if "合并" in one.message and one.where.cell]
    assert merged


def test_colours_reach_as_far_as_the_rows() -> None:
    excel, live = sample()
    assert any("A5:X204" in one for one in excel.sheet("项目").colours)
    live.grow("项目", 4, [5, 6, 400])
    assert any("A5:X400" in one for one in excel.sheet("项目").colours)
    before = list(excel.sheet("项目").colours)
    live.grow("项目", 4, [5, 6])
    assert excel.sheet("项目").colours == before


NUMBER = '&"宋体,常规"&14　— &P —　'


# -- sheets --------------------------------------------------------------------------------------------


def test_a_missing_sheet_is_made_with_all_that_belongs_to_it() -> None:
    excel, book = open_book(files.edited(files.no_sheet("图表", "监控报告", "校验结果", "_xlbudget")))
    excel.active = "项目"
    run(Live(book))
    names = [sheet.name for sheet in excel.sheets]
    assert [name for name in names if name != "_xlbudget"] == list(layout.SHEET_ORDER)
    assert excel.active == "项目"
    assert excel.sheet("_xlbudget").visible == 2
    report, check = excel.sheet("监控报告"), excel.sheet("校验结果")
    assert report.protected
    assert [report.widths[n] for n in range(1, 8)] == list(layout.REPORT.widths)
    assert report.setup["PageSetup.TopMargin"] == pytest.approx(37 / 25.4 * 72)
    assert report.setup["PageSetup.OddAndEvenPagesHeaderFooter"] is True
    known = {f"PageSetup.{name}" for name in SETUP.split() if name != "PrintTitleRows"}
    assert report.setup.keys() >= known
    assert (report.setup["PageSetup.RightFooter"], report.setup["PageSetup.CenterFooter"]) == (NUMBER, "")
    assert str(check.setup["PageSetup.PrintTitleRows"]).startswith("$")
    assert check.window["Window.SplitRow"] == layout.CHECK.frozen_rows
    assert check.setup["PageSetup.Orientation"] == 2


def test_without_a_printer_results_are_written_all_the_same() -> None:
    """Excel refuses to set up pages where no printer is installed."""
    excel, book = open_book(files.edited(files.no_sheet("监控报告")))

    def watch(name: str) -> None:
        if name.startswith("PageSetup.") or "PageBreaks" in name:
            raise RuntimeError("no printer")

    excel.watch = watch
    run(Live(book))
    assert excel.sheet("监控报告").protected
    assert excel.sheet("监控报告").cells[1, 1].value == "附件4"


def test_a_workbook_whose_structure_is_protected_is_told_of() -> None:
    excel, book = open_book(files.edited(files.no_sheet("校验结果")))
    excel.structure_protected = True
    with pytest.raises(CannotWrite, match="工作簿的结构被保护了，建不了“校验结果”表"):
        run(Live(book))


@pytest.mark.parametrize("gone", [("图表", "填报说明"), ("_xlbudget",), ("图表", "填报说明", "_xlbudget")])
def test_sheets_are_added_behind_the_last_that_is_seen(gone: tuple[str, ...]) -> None:
    """Through xlwings' engine for Windows, which moves sheets to get one to the end; Excel moves no hidden ones."""
    excel = state.load(files.edited(files.no_sheet(*gone)), "a.xlsm")
    excel.sheets.append(state.Sheet("xlwings.conf", 2))
    with windows.engine() as module:
        run(Live(windows.book_of(module, excel)))
    names = [sheet.name for sheet in excel.sheets]
    known = [name for name in layout.SHEET_ORDER if name not in gone or name != "填报说明"]
    assert [name for name in names if name in known] == known
    assert excel.active == "首页"


def test_a_protected_structure_does_no_harm_when_nothing_is_missing() -> None:
    excel, live = sample()
    excel.structure_protected = True
    run(live)
    assert excel.sheet("统计表").cells[6, 3].value is not None


def test_a_sheet_that_was_not_protected_stays_so() -> None:
    excel, live = sample()
    excel.sheet("统计表").protected = False
    run(live)
    assert not excel.sheet("统计表").protected
    assert excel.sheet("校验结果").protected


def test_a_chart_of_the_users_own_stays_and_ours_keep_their_look() -> None:
    excel, live = sample()
    run(live)
    charts = excel.sheet("图表").charts
    charts.append({"Name": "我的图", "series": [], "axes": {}})
    charts[0]["ChartGroup.GapWidth"] = 500
    run(live)
    assert [one["Name"] for one in charts][-1] == "我的图"
    assert charts[0]["ChartGroup.GapWidth"] == 500
    assert all(one["series"] for one in charts[:-1])
    app.clear_results(live)
    assert [one["Name"] for one in excel.sheet("图表").charts] == ["我的图"]


@pytest.mark.parametrize(("tab", "linked"), [("项目", True), ("项目 - 表格 1", False)])
def test_a_link_leads_to_a_sheet_that_is_there(tab: str, linked: bool) -> None:
    def change(book: Any) -> None:
        files.label(book["项目"], "预算数").offset(1, 0).value = "许多"
        book["项目"].title = tab

    excel, book = open_book(files.edited(change))
    run(Live(book))
    check = excel.sheet("校验结果")
    assert any(str(cell.value).startswith("项目") for cell in check.cells.values())
    assert any(target.startswith("'项目") for target in check.links.values()) is linked


def test_a_long_grid_is_addressed_in_pieces() -> None:
    """Excel takes no address of more than 255 characters; the engine refuses longer ones."""
    excel, live = sample()
    grid = Grid(layout.STATS)
    for number in range(300):
        grid.line(
            *(GridCell(number, ("head", "body")[(number + n) % 2]) for n in range(6)), height=20 + number % 3
        )
    live.write_grid(grid)
    assert excel.sheet("统计表").cells[300, 6].value == 299
    assert excel.sheet("统计表").look((300, 6))["Font.Bold"] is True
    assert excel.sheet("统计表").look((300, 5))["Font.Bold"] is False


# -- the program ---------------------------------------------------------------------------------------


def test_quiet_gives_back_also_after_an_exception() -> None:
    excel, book = open_book(files.sample())

    class BoomError(Exception):
        pass

    def work() -> None:
        with quiet(book.app) as held:
            held.tell("在做")
            assert (excel.calculation, excel.screen_updating) == ("manual", False)
            raise BoomError

    with pytest.raises(BoomError):
        work()
    assert (excel.calculation, excel.screen_updating, excel.enable_events, excel.status_bar) == (
        "automatic",
        True,
        True,
        False,
    )


def test_who_computes_by_hand_gets_everything_computed_before_it_is_read() -> None:
    excel, book = open_book(files.sample())
    cell = excel.sheet("项目").cell((5, 12))
    cell.formula, cell.value, excel.calculation = "=1+1", 1.0, "manual"

    def compute(_: Excel) -> None:
        cell.value = 2.0

    excel.recalculate = compute
    with quiet(book.app):
        assert Live(book).tables(["项目"])["项目"].rows[5][12].text == "2"
    assert excel.calculation == "manual"


def test_a_setting_that_cannot_be_read_is_left_alone() -> None:
    excel, book = open_book(files.sample())

    def watch(name: str) -> None:
        if name == "App.calculation":
            raise RuntimeError("no visible workbook")

    excel.watch = watch
    with quiet(book.app) as held:
        assert excel.calculation == "automatic"
    assert held.lost == []
    assert excel.screen_updating


def test_cleanup_of_xlwings_is_neutralised_for_every_engine() -> None:
    _, book = open_book(files.sample())
    spare_other_programs()
    kind = type(book.app.engine.impl.apps)
    assert kind.cleanup() is None
    assert kind.killed == 0


@pytest.mark.parametrize("spared", [True, False])
def test_the_engine_for_windows_kills_nobody(spared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither when it is asked to clean up nor when Python ends; without our word it would list and kill processes."""
    ran: list[object] = []
    with windows.engine() as module:
        monkeypatch.setattr(xw.engines, "engines", [xw.Engine(impl=module.engine)])
        monkeypatch.setattr(module.subprocess, "run", lambda *args, **_: ran.append(args))
        monkeypatch.setattr(module.subprocess, "CREATE_NO_WINDOW", 0, raising=False)
        if spared:
            spare_other_programs()
        module.cleanup()
    assert bool(ran) is not spared


def test_addresses_of_the_engine_are_excels() -> None:
    excel, _ = sample()
    book = book_of(excel)
    assert book.sheets["项目"].range((5, 3), (6, 4)).api.Address == "$C$5:$D$6"
    assert address(5, 3) == "C5"
