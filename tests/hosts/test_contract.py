"""A file and an open workbook are the same to everything above the hosts: what is read, and what stands there afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import bookkeepers, files
from tests.engine import state
from tests.engine.engine import open_book
from tests.engine.state import NORMAL, Excel
from tests.rich import rich_workbook
from tests.test_units import VARIANTS, filled
from tests.units import COUNTIES
from xlbudget import app, layout
from xlbudget.domain.told import Told
from xlbudget.domain.where import row_and_column
from xlbudget.hosts import Host
from xlbudget.hosts.charts import NAME
from xlbudget.hosts.live import Live
from xlbudget.hosts.package import Package
from xlbudget.layout import fill
from xlbudget.reading.cells import cell_number
from xlbudget.reading.table import Cell, Table

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
Step = Callable[[Host, app.Opened], None]
UNCACHED = {"wps"}
"""Workbooks with formulas that have no result; in Excel every formula has one."""
OUTPUTS = [sheet.name for sheet in layout.RESULT_SHEETS]


def _results(host: Host, opened: app.Opened) -> None:
    app.write_results(host, opened)


def _clear(host: Host, _: app.Opened) -> None:
    app.clear_results(host)


USES: dict[str, list[Step]] = {
    "findings": [app.write_findings],
    "figures": [app.write_figures],
    "results": [_results],
    "findings after results": [_results, app.write_findings],
    "cleared": [_results, _clear],
    "twice": [_results, _results],
}
RESULTS = USES["results"]


@cache
def _unit(index: int, variant: str, folder: Path) -> bytes:
    return filled(folder, COUNTIES[index], variant)[0].read_bytes()


def workbook(name: str, folder: Path) -> bytes:
    """A workbook by name: the sample, one with all that Excel can add, units as typed, what bookkeepers did wrong."""
    if name == "sample":
        return files.sample()
    if name == "rich":
        return rich_workbook(files.sample(), macros=False)
    if name == "no sheets":
        return files.edited(files.no_sheet("图表", "监控报告", "_xlbudget"))
    if name == "blanks":
        return files.retabbed({sheet: f"{sheet[0]}　{sheet[1:]} " for sheet in layout.SHEET_ORDER})
    if name in bookkeepers.NAMES:
        return bookkeepers.workbook(name).content
    index, _, variant = name.partition("-")
    return _unit(int(index), variant, folder)


UNITS = [f"{index}-{variant}" for index, variant in zip((0, 1, 2, 3), [*VARIANTS, "messy"], strict=True)]
WORKBOOKS = [name for name in ("sample", "rich", *UNITS, *bookkeepers.NAMES) if name not in UNCACHED]


# -- reading -------------------------------------------------------------------------------------------


def told(cell: Cell) -> tuple[object, ...]:
    """What a cell says; Excel gives no exact text of a number but its value, and formats count for numbers only."""
    if cell.kind == "number":
        return "number", cell_number(cell), cell.formula, cell.format
    return cell.kind, cell.text, cell.formula


def cells_of(table: Table) -> dict[tuple[int, int], tuple[object, ...]]:
    return {(row, n): told(cell) for row, cells in table.rows.items() for n, cell in cells.items()}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_same_is_read(name: str, tmp_path: Path) -> None:
    content = workbook(name, tmp_path)
    _, book = open_book(content)
    wanted = Package(Path("a.xlsx"), content).tables(app.INPUT_NAMES)
    found = Live(book).tables(app.INPUT_NAMES)
    assert list(found) == list(wanted)
    for sheet, table in wanted.items():
        assert cells_of(_with_shared(found[sheet], table)) == _cached(cells_of(table))
        assert list(found[sheet].rows) == sorted(found[sheet].rows)
        filled_rows = _hidden(table, table)
        known = _hidden(found[sheet], table)
        assert known == {place: to for place, to in filled_rows.items() if place in known}
        assert {to for to in filled_rows.values() if to in _filled(table)} <= {*known.values()}


def _hidden(table: Table, rows: Table) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells in rows that are filled which merges hide → the cell that shows for them."""
    places = [(row, column) for row in rows.rows for column in range(1, 60)]
    return {place: to for place in places if (to := table.merged.shown(*place))}


def _cached(cells: Mapping[Any, tuple[object, ...]]) -> dict[Any, tuple[object, ...]]:
    """Excel has a value for every formula."""
    return {place: told for place, told in cells.items() if told[0] != "uncached"}


def _with_shared(table: Table, file: Table) -> Table:
    """Of formulas that several cells share a file has the text once, Excel each."""
    for row, cells in file.rows.items():
        for column, cell in cells.items():
            if cell.formula == "":
                table.rows[row][column] = table.rows[row][column]._replace(formula="")
    return table


def _filled(table: Table) -> set[tuple[int, int]]:
    return {(row, column) for row, cells in table.rows.items() for column in cells}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_same_is_found(name: str, tmp_path: Path) -> None:
    content = workbook(name, tmp_path)
    folder = tmp_path if name in UNITS else None
    _, book = open_book(content)
    outcomes: list[tuple[object, ...]] = []
    for host in (Package(Path("a.xlsx"), content), Live(book)):
        try:
            opened = app.open_host(host, folder)
            found = [one for one in opened.findings if one.code != "CEL008"]
            outcomes.append((opened.bound.fingerprint, found, opened.case.totals))
        except Told as error:
            outcomes.append((str(error), [], None))
    assert outcomes[0] == outcomes[1]


# -- writing -------------------------------------------------------------------------------------------


def content_of(excel: Excel) -> dict[tuple[str, int, int], object]:
    """Every filled cell: its formula, else its value."""
    return {
        (sheet.name, *place): cell.formula or cell.value
        for sheet in excel.sheets
        for place, cell in sheet.cells.items()
        if cell.formula or cell.value not in (None, "")
    }


def looks_of(excel: Excel, of: Excel) -> dict[tuple[str, int, int], state.Look]:
    """Looks of the output sheets' cells that stand in another workbook's; what merges cover openpyxl forgets."""
    return {
        (name, *place): excel.sheet(name).look(place)
        for name in OUTPUTS
        if name in [sheet.name for sheet in of.sheets]
        for place, cell in of.sheet(name).cells.items()
        if cell.look != NORMAL and (of.sheet(name).merge_at(place) or place)[:2] == place
    }


def furniture_of(excel: Excel) -> dict[str, Any]:
    """What a sheet has beside cells."""
    found: dict[str, Any] = {}
    for sheet in excel.sheets:
        heights = {row: height for row, height in sheet.heights.items() if height != 15.0}
        notes = {place: note.text for place, note in sheet.notes.items()}
        kept = {
            "merges": sorted(sheet.merges),
            "links": sheet.links,
            "breaks": sheet.breaks,
            "heights": heights,
            "notes": notes,
            "visible": sheet.visible,
            "protected": sheet.protected,
            "colours": sorted(" ".join(sheet.colours).replace(",", " ").split()),
        }
        found |= {f"{sheet.name} {name}": value for name, value in kept.items()}
    return found


def both(content: bytes, steps: list[Step], folder: Path | None) -> tuple[Excel, Excel]:
    """The workbook after some steps: as a file that is read and saved each time, and as one that stays open."""
    excel, book = open_book(content)
    for step in steps:
        package, live = Package(Path("a.xlsx"), content), Live(book)
        for host in (package, live):
            step(host, app.open_host(host, folder))
        content = package.save()
    return state.load(content, "a.xlsx"), excel


AFTERWARDS = [
    *(("sample", use) for use in USES),
    *(("no sheets", use) for use in ("findings", "cleared")),
    ("rich", "twice"),
    ("blanks", "twice"),
    *((unit, "results") for unit in UNITS[1:]),
]


@pytest.mark.parametrize(("name", "use"), AFTERWARDS)
def test_the_same_stands_there_afterwards(name: str, use: str, tmp_path: Path) -> None:
    content = workbook(name, tmp_path)
    wanted, found = both(content, USES[use], tmp_path if name in UNITS else None)
    assert [one.name for one in found.sheets] == [one.name for one in wanted.sheets]
    assert content_of(found) == content_of(wanted)
    assert looks_of(found, wanted) == looks_of(wanted, wanted)
    assert furniture_of(found) == furniture_of(wanted)


@pytest.mark.parametrize("name", ["wan", "units"])
def test_the_same_stands_there_after_mistakes(name: str, tmp_path: Path) -> None:
    """Also after mistakes (of "structure", with its notes on merged cells, see tests/hosts/test_live.py)."""
    wanted, found = both(workbook(name, tmp_path), RESULTS, None)
    assert content_of(found) == content_of(wanted)
    assert furniture_of(found) == furniture_of(wanted)


def test_charts_show_the_same_cells() -> None:
    """Frames, series and their cells; the package host's are read from the file itself."""
    package = Package(Path("a.xlsx"), files.sample())
    _results(package, app.open_host(package, None))
    drawn = files.parts(package.save())
    excel, book = open_book(files.sample())
    live = Live(book)
    _results(live, app.open_host(live, None))
    frames = [
        re.findall(rf'name="{NAME}([^"]+)"', part.decode())
        for name, part in drawn.items()
        if "/drawing" in name
    ]
    live_frames = [[one["Name"].removeprefix(NAME) for one in sheet.charts] for sheet in excel.sheets]
    assert sorted(one for one in live_frames if one) == sorted(one for one in frames if one) != []
    formulas = sorted(
        formula.replace("&apos;", "'")
        for name, part in drawn.items()
        if name.startswith("xl/charts/chart")
        for formula in re.findall(r"<(?:c:)?f>([^<]+)</", part.decode())
    )
    live_formulas = sorted(
        formula
        for sheet in (layout.CHARTS.name, layout.REPORT.name)
        for chart in excel.sheet(sheet).charts
        for series in chart["series"]
        for formula in (
            series["Series.Name"].removeprefix("="),
            _reference(series["Series.XValues"]),
            _reference(series["Series.Values"]),
        )
    )
    assert live_formulas == formulas


def _reference(cells: Any) -> str:
    first, _, last = cells.get_Address().partition(":")
    return f"'{cells.sheet.name}'!{first}" + (f":{last}" if last != first else "")


# -- the comparison can fail ---------------------------------------------------------------------------

Spoil = Callable[[Excel], None]


def _value(excel: Excel) -> None:
    excel.sheet("统计表").cell((6, 3)).value = 1.0


def _row_more(excel: Excel) -> None:
    excel.sheet("校验结果").cell((60, 2)).value = "多"


def _note(excel: Excel) -> None:
    excel.sheet("项目").notes.popitem()


def _font(excel: Excel) -> None:
    excel.sheet("监控报告").cell((2, 1)).look["Font.Name"] = "Arial"


def _merge(excel: Excel) -> None:
    excel.sheet("监控报告").merges.pop()


@pytest.mark.parametrize("spoil", [_value, _row_more, _note, _font, _merge])
def test_the_comparison_can_fail(spoil: Spoil) -> None:
    wanted, found = both(files.sample(), RESULTS, None)
    spoil(found)
    same: Mapping[str, bool] = {
        "content": content_of(found) == content_of(wanted),
        "looks": looks_of(found, wanted) == looks_of(wanted, wanted),
        "furniture": furniture_of(found) == furniture_of(wanted),
    }
    assert not all(same.values())


def test_cells_with_typed_over_results_are_read_as_such() -> None:
    """A value of one's own in a computed column is seen by both hosts, and cleared by neither."""
    content = files.edited(lambda book: book["项目"].__setitem__("S5", 12.5))
    wanted, found = both(content, USES["findings"], None)
    assert content_of(found) == content_of(wanted)
    for host in (Package(Path("a.xlsx"), content), Live(open_book(content)[1])):
        opened = app.open_host(host, None)
        assert [str(one.where) for one in opened.findings if "手工填" in one.message] == ["项目!S5"]
        assert list(fill.cleared_cells(host.tables(app.INPUT_NAMES))) == []
        assert row_and_column("S5") == (5, 19)
