"""Results as cell writes: computed columns, what is left behind, the state on 首页, notes; and what is remembered of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.rules.build import case_of, tables
from xlbudget import layout
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.where import Where, address, row_and_column
from xlbudget.judge import judge
from xlbudget.layout import fill, memory
from xlbudget.layout.bind import bind
from xlbudget.layout.fill import CellWrite
from xlbudget.layout.memory import MEMORY_SHEET
from xlbudget.reading.table import Cell, Table, Value

INPUTS = {one.name: len(one.inputs) for one in layout.TABLE_SHEETS}


def computed(
    changes: Mapping[str, Any], *, functions: bool = False
) -> dict[tuple[str, int], list[CellWrite]]:
    """Writes of computed cells by sheet and row."""
    found: dict[tuple[str, int], list[CellWrite]] = {}
    for one in fill.computed_cells(
        case_of(changes), bind(tables(changes)).located, functions_of="首页" if functions else None
    ):
        found.setdefault((one.sheet, one.row), []).append(one)
    return found


def values(writes: list[CellWrite]) -> list[Value]:
    return [one.value for one in writes]


@pytest.mark.parametrize(
    ("changes", "budget"),
    [
        ({}, Decimal(10)),
        ({"项目": [{"调整额": "-0.5"}]}, Decimal("9.5")),
        ({"首页": {"金额单位": "元"}}, Decimal(10)),
        ({"项目": [{"预算数": "十来万"}]}, None),
    ],
)
def test_computed_columns(changes: dict[str, Any], budget: Decimal | None) -> None:
    found = computed(changes)
    known = budget is not None
    rate = Decimal(50) * 10 / budget if budget else None
    shown = values(found["项目", 5])
    assert shown[0] == budget
    assert shown[1] == (None if rate is None else rate.quantize(Decimal("0.01")))
    assert shown[3:6] == [100, "能实现", "绿"]
    assert shown[6] == ("绿" if known else None)
    assert values(found["指标", 5]) == [50, 100, "绿"]
    assert values(found["指标", 7]) == [None, 100, "灰"]
    first = INPUTS["项目"] + 1
    assert [one.column for one in found["项目", 5]] == list(range(first, first + 7))


def test_a_computed_column_that_is_missing_is_passed_over() -> None:
    found = computed({"缺表头": ["预算执行率(%)"]})
    assert values(found["项目", 5])[:2] == [10, Decimal("66.67")]
    assert len(found["项目", 5]) == 6


def test_values_and_functions() -> None:
    assert {one.formula for row in computed({}).values() for one in row} == {None}
    made = [one.formula or "" for one in computed({}, functions=True)["指标", 6]]
    assert [one.partition("(")[0] for one in made] == ["ACHIEVEMENT", "INDICATOR_FORECAST", "WARNING_LIGHT"]
    assert made[0].startswith("ACHIEVEMENT(A6:P6,A$4:P$4,")


def memory_table(rows: list[list[Value]]) -> Table:
    """The memory sheet as a host would read it."""
    texts = ({at: Cell("text", str(one)) for at, one in enumerate(row, 1) if one is not None} for row in rows)
    return Table(MEMORY_SHEET, dict(enumerate(texts, 1)))


def with_memory(changes: Mapping[str, Any], **remembered: str) -> dict[str, Table]:
    """Tables whose memory knows a value for each of these fields of 项目."""
    written = {("项目", field): {text} for field, text in remembered.items()}
    return tables(changes) | {MEMORY_SHEET: memory_table(memory.remember(written))}


def column_of(found: Mapping[str, Table], sheet: str, header: str) -> int:
    return next(n for n, one in found[sheet].rows[4].items() if one.text.rstrip("*") == header)


def test_what_is_ours_is_cleared_and_what_was_typed_stays() -> None:
    found = with_memory({}, execution_rate="50", flag="能实现")
    rate, flag = column_of(found, "项目", "预算执行率(%)"), column_of(found, "项目", "预计实现情况")
    found["项目"].rows[5] |= {rate: Cell("number", "50.0"), flag: Cell("text", "能实现")}
    found["项目"].rows[6] = {rate: Cell("number", "51"), flag: Cell("bool", "1")}
    found["项目"].rows[9] = {rate: Cell("number", "50"), flag: Cell("number", "1", "1+FORECAST_FLAG(A1)")}
    found["项目"].rows[3] = {rate: Cell("number", "50")}
    cleared = [(one.sheet, one.row, one.column, one.value, one.formula) for one in fill.cleared_cells(found)]
    assert cleared == [
        ("项目", row, column, None, None) for row, column in ((5, rate), (5, flag), (9, rate), (9, flag))
    ]
    del found["指标"], found["项目"].rows[4][rate]
    assert [(one.row, one.column) for one in fill.cleared_cells(found)] == [(5, flag), (9, flag)]


def test_what_was_left_behind_in_a_row_without_input_is_emptied() -> None:
    found = with_memory({}, execution_rate="50")
    rate = column_of(found, "项目", "预算执行率(%)")
    found["项目"].rows[8] = {rate: Cell("number", "50")}
    found["项目"].rows[9] = {rate: Cell("number", "51")}
    bound = bind(found)
    writes = [one for one in fill.computed_cells(case_of({}), bound.located) if one.row >= 8]
    assert [(one.sheet, one.row, one.column, one.value) for one in writes] == [("项目", 8, rate, None)]


def test_what_is_written_is_remembered() -> None:
    case = case_of({"项目": [{"预算数": "十来万"}]})
    rows = fill.memory_rows(case, [])
    fields = [(row[0], row[1]) for row in rows[1:]]
    assert ("项目", "budget") not in fields  # nothing was written
    assert ("指标", "light") in fields
    known = memory.recall(memory_table(rows))
    for sheet, field, one in (
        ("指标", "light", Cell("text", "绿")),
        ("指标", "achievement", Cell("number", "50.00")),
    ):
        assert memory.is_ours(known, sheet, field, one)
    for sheet, field, one in (
        ("指标", "light", Cell("text", "红")), ("项目", "light", Cell("text", "绿")), ("指标", "achievement", Cell("text", "绿")),
        ("指标", "light", Cell("error", "绿")), ("指标", "light", Cell("uncached", "", "A1")),
    ):  # fmt: skip
        assert not memory.is_ours(known, sheet, field, one)


# -- the memory sheet ----------------------------------------------------------------------------------


def test_many_values_are_remembered_in_several_rows() -> None:
    """A cell holds 32,767 characters."""
    texts = [str(number) for number in range(3001)]
    for count, lines in ((3000, 1), (3001, 2)):
        rows = memory.remember({("项目", "budget"): texts[:count]})
        assert len(rows) == 1 + lines
        assert max(len(str(row[2])) for row in rows[1:]) <= 32767
        assert len(memory.recall(memory_table(rows))["项目", "budget"]) == count


def test_the_order_in_which_values_were_written_does_not_matter() -> None:
    one = memory.remember({("项目", "budget"): ["1", "2"], ("指标", "light"): ["绿"]})
    assert one == memory.remember({("指标", "light"): ["绿"], ("项目", "budget"): ["2", "1", "2"]})


def test_what_does_not_look_like_the_memory_is_ignored() -> None:
    lines: dict[int, dict[int, Cell]] = {
        1: {1: Cell("text", "项目")}, 2: {1: Cell("text", "项目"), 2: Cell("text", "budget")},
        3: {1: Cell("text", "项目"), 3: Cell("text", "aa")}, 4: {2: Cell("text", "x"), 3: Cell("text", "bb cc")},
    }  # fmt: skip
    assert memory.recall(Table("x", lines)) == {("", "x"): {"bb", "cc"}}
    assert memory.recall(None) == {}


def finding(severity: Severity, sheet: str, cell: str | None) -> Finding:
    return Finding(
        code="X",
        severity=severity,
        title="",
        where=Where(sheet, *(row_and_column(cell) if cell else ())),
        message="甲。",
        remedy="乙。",
    )


def test_cells_with_findings_are_numbered_by_severity() -> None:
    findings = [
        finding(Severity.ERROR, "项目", "B6"),
        finding(Severity.ERROR, "项目", "A6"),
        finding(Severity.ERROR, "项目", "A6"),
        finding(Severity.ERROR, "首页", "C4"),
        finding(Severity.ERROR, " 项目*", "A7"),
        finding(Severity.WARNING, "指标", "AA5"),
        finding(Severity.INFO, "指标", "A5"),
        finding(Severity.ERROR, "指标", None),
        finding(Severity.ERROR, "我的表", "A1"),
    ]
    rows = memory.remember({("项目", "budget"): ["1"]}, findings)
    front, projects, indicators = (10**12 * number for number in (1, 2, 3))
    errors = [front + 4 * 10**5 + 3, projects + 600001, projects + 600002, projects + 700001]
    assert [row[4] for row in rows] == errors
    assert [row[5] for row in rows] == [indicators + 500027, None, None, None]
    assert [row[3] for row in rows] == [None] * 4
    assert rows[1][:2] == ["项目", "budget"]


def test_new_findings_leave_the_hashes() -> None:
    old = {
        1: {1: Cell("text", "本表…")},
        2: {n: Cell("text", one) for n, one in enumerate(("项目", "budget", "aa"), 1)},
    }
    old[2][5] = Cell("number", "1")
    rows = memory.remember_findings(Table("x", old), [finding(Severity.ERROR, "首页", "C4")])
    assert [row[:3] for row in rows[1:]] == [["项目", "budget", "aa"]]
    assert [row[4:] for row in rows] == [[10**12 + 400003, None], []]
    assert len(memory.remember_findings(None, [])) == 1


# -- notes and the state at a glance -------------------------------------------------------------------


def test_a_cell_has_one_note_with_all_its_findings() -> None:
    marks = fill.marks(
        [
            finding(Severity.ERROR, "项目", "B6"),
            finding(Severity.INFO, "指标", "B6"),
            finding(Severity.WARNING, "项目", "B6"),
            finding(Severity.ERROR, "项目", None),
        ]
    )
    assert [(one.sheet, address(*one.at), one.text) for one in marks] == [
        ("项目", "B6", "【错误】甲。\n乙。\n【警告】甲。\n乙。"),
        ("指标", "B6", "【提示】甲。\n乙。"),
    ]
    assert all(fill.is_our_note(one.text) for one in marks)
    assert not fill.is_our_note("请核对【错误】")


def test_the_state_stands_beside_its_labels() -> None:
    case = case_of({"项目": [{"累计支出": 11}]})
    state = fill.state_of(case, judge(case).findings, "9.9", "abc")
    labels = layout.STATE_LABELS
    assert set(state) == set(labels)
    assert (state["errors"], state["version"], state["fingerprint"]) == (1, "xlbudget 9.9", "abc")
    assert state["profile"] == "河北县级（hebei-county）"
    front = Table(
        "首页",
        {
            30: {2: Cell("text", f" {labels['errors']} "), 3: Cell("number", "7")},
            31: {4: Cell("error", labels["version"])},
        },
    )
    assert [(one.sheet, one.row, one.column, one.value) for one in fill.state_cells(front, state)] == [
        ("首页", 30, 3, 1)
    ]
