"""Results → cells of the input sheets: computed columns, the state on 首页, notes on cells with findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlbudget import layout
from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.indicators import IndicatorResult
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.money import YUAN_PER_WAN, percent, plain
from xlbudget.domain.where import Where
from xlbudget.layout import header_key
from xlbudget.layout.locate import find_table, locate
from xlbudget.layout.located import Located
from xlbudget.layout.memory import MEMORY_SHEET, is_ours, recall, remember
from xlbudget.layout.own_formulas import own_formulas
from xlbudget.reading.table import Table, Value


@dataclass(frozen=True, slots=True)
class CellWrite:
    """A value for a cell of an input sheet, or a formula with its result; the cell's look stays.

    Without a formula None empties the cell; with one it is a result that is still to be computed.
    """

    sheet: str
    row: int
    column: int
    value: Value
    formula: str | None = None


def _project_values(result: ProjectResult, amount_unit: str) -> dict[str, Value]:
    budget = result.project.budget
    if budget is not None and amount_unit == "万元":
        budget = budget / YUAN_PER_WAN
    return {
        "budget": None if budget is None else Decimal(plain(budget)),
        "execution_rate": percent(result.execution_rate),
        "achievement": percent(result.achievement),
        "forecast": percent(result.forecast),
        "flag": result.flag,
        "indicator_light": result.indicator_light,
        "budget_light": result.budget_light,
    }


def _indicator_values(result: IndicatorResult) -> dict[str, Value]:
    return {
        "achievement": percent(result.achievement),
        "forecast": percent(result.forecast),
        "light": result.light,
    }


def _rows(case: Assessment) -> Iterator[tuple[str, int, dict[str, Value]]]:
    unit = case.facts.unit.amount_unit
    for project in case.results:
        yield layout.PROJECTS.name, project.project.place.row, _project_values(project, unit)
    for indicator in case.indicators:
        yield layout.INDICATORS.name, indicator.indicator.place.row, _indicator_values(indicator)


def computed_cells(
    case: Assessment, located: Mapping[str, Located], *, functions_of: str | None = None
) -> Iterator[CellWrite]:
    """Values of all computed columns; empty for rows that were left behind.

    Where 首页 has a tab that worksheet functions can refer to, they stand beside the values.
    """
    formula = own_formulas(case.facts.unit, functions_of, located) if functions_of else None
    for sheet, row, values in _rows(case):
        place = located[sheet]
        for field, value in values.items():
            if field in place.columns:
                text = formula(sheet, field, row) if formula else None
                yield CellWrite(place.name, row, place.columns[field], value, text)
    for place in located.values():
        for row, field in place.stale:
            yield CellWrite(place.name, row, place.columns[field], None)


def cleared_cells(tables: Mapping[str, Table]) -> Iterator[CellWrite]:
    """Empty every computed cell that xlbudget wrote; what somebody typed over one stays."""
    memory = recall(find_table(tables, MEMORY_SHEET))
    for sheet in layout.TABLE_SHEETS:
        found = locate(tables, sheet, memory, [])
        if found is None:
            continue
        place, table = found
        for row, cells in table.rows.items():
            for column in sheet.computed if row > place.header_row else ():
                cell = cells.get(place.columns.get(column.field, 0))
                if cell and is_ours(memory, sheet.name, column.field, cell):
                    yield CellWrite(place.name, row, place.columns[column.field], None)


def memory_rows(case: Assessment, findings: Sequence[Finding]) -> list[list[Value]]:
    """What the memory sheet holds after these results are written."""
    written: dict[tuple[str, str], set[str]] = {}
    for sheet, _, values in _rows(case):
        for field, value in values.items():
            if value is not None:
                text = plain(value) if isinstance(value, Decimal) else str(value)
                written.setdefault((sheet, field), set()).add(text)
    return remember(written, findings)


def state_cells(front: Table, state: Mapping[str, Value]) -> Iterator[CellWrite]:
    """The state at a glance on 首页, to the right of its labels where they still stand."""
    fields = {label: field for field, label in layout.STATE_LABELS.items()}
    for row, cells in front.rows.items():
        for column, cell in cells.items():
            field = fields.get(header_key(cell.text)) if cell.kind == "text" else None
            if field:
                yield CellWrite(front.name, row, column + 1, state[field])


def state_of(
    case: Assessment, findings: Sequence[Finding], version: str, fingerprint: str
) -> dict[str, Value]:
    counts = Counter(finding.severity for finding in findings)
    profile, file = case.profile, case.profile.own_file
    return {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "report": _report_state(counts),
        "version": f"xlbudget {version}",
        "profile": f"{profile.name}（{profile.id}）" + (f"，文件{file}" if file else ""),
        "fingerprint": fingerprint,
    }


def _report_state(counts: Mapping[Severity, int]) -> str:
    """Whether the report may be handed in."""
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    if errors:
        return f"草稿：还有 {errors} 项错误要改正"
    return f"可以上报，先核对 {warnings} 项警告" if warnings else "可以上报"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the note of a cell says: every finding of the cell."""

    sheet: str
    at: tuple[int, int]
    """Row and column."""
    text: str


_BEGINNINGS = tuple(f"【{severity.label}】" for severity in Severity)


def is_our_note(text: str) -> bool:
    """Whether a note reads like one of ours: Excel signs ours with the user's name, LibreOffice with none."""
    return text.startswith(_BEGINNINGS)


def marks(findings: Sequence[Finding]) -> list[Mark]:
    """One mark for each cell with findings, in the order of the findings."""
    texts: dict[Where, list[str]] = {}
    for one in findings:
        if one.where.at:
            lines = texts.setdefault(one.where, [])
            lines.append(f"【{one.severity.label}】{one.message}\n{one.remedy}")
    return [Mark(one.sheet, one.at, "\n".join(lines)) for one, lines in texts.items() if one.at]
