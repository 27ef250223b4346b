"""The worksheet functions that computed columns hold in a workbook that keeps functions (.xlsm)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from xlbudget import layout
from xlbudget.domain.model import Unit
from xlbudget.domain.where import column_letter
from xlbudget.layout.formula import calls
from xlbudget.layout.located import Located

_INDICATORS = "{rows},{header},{indicator_rows},{indicator_header}"
FORMULAS: dict[tuple[str, str], str] = {
    (layout.PROJECTS.name, "budget"): "ADJUSTED_BUDGET({rows},{header},{unit})",
    (layout.PROJECTS.name, "execution_rate"): "EXECUTION_RATE({rows},{header},{unit})",
    (layout.PROJECTS.name, "achievement"): f"PROJECT_ACHIEVEMENT({_INDICATORS},{{profile}},{{unit}})",
    (layout.PROJECTS.name, "forecast"): f"PROJECT_FORECAST({_INDICATORS},{{month}},{{profile}},{{unit}})",
    (layout.PROJECTS.name, "flag"): "FORECAST_FLAG({forecast},{profile})",
    (layout.PROJECTS.name, "indicator_light"): f"PROJECT_LIGHT({_INDICATORS},{{month}},{{profile}})",
    (layout.PROJECTS.name, "budget_light"): "BUDGET_LIGHT({rows},{month},{header},{profile},{unit})",
    (layout.INDICATORS.name, "achievement"): "ACHIEVEMENT({rows},{header},{profile})",
    (layout.INDICATORS.name, "forecast"): "INDICATOR_FORECAST({rows},{month},{header},{profile})",
    (layout.INDICATORS.name, "light"): "WARNING_LIGHT({rows},{month},{header},{profile})",
}
"""Computed column → its formula; what stands in braces is a reference."""
SPARE_ROWS = 50
"""Rows below the last indicator that formulas look at too, so that one that is added counts at once."""

FormulaOf = Callable[[str, str, int], str | None]
"""Sheet, field and row → the formula; None where the columns that it needs are missing or lie as no range can."""


def is_our_formula(sheet: str, field: str, formula: str) -> bool:
    """Whether a formula in a computed column is the kind that we put there."""
    wanted = FORMULAS.get((sheet, field), "(").partition("(")[0]
    return wanted in calls(formula)


def _prefix(sheet: str) -> str:
    plain = re.fullmatch(r"[^\W\d]\w*", sheet)
    return f"{sheet}!" if plain else "'" + sheet.replace("'", "''") + "'!"


def _corners(place: Located) -> tuple[str, str] | None:
    """First and last input column; None where a computed column between them would make a formula look at itself."""
    columns = [place.columns[one.field] for one in place.sheet.inputs if one.field in place.columns]
    computed = [place.columns[one.field] for one in place.sheet.computed if one.field in place.columns]
    if not columns or any(min(columns) < one < max(columns) for one in computed):
        return None
    return column_letter(min(columns)), column_letter(max(columns))


def _from_front(unit: Unit, tab: str, field: str, value: str) -> str:
    """A value of 首页 as a reference, or as it is where its label is missing."""
    cell = unit.cells.get(field)
    if cell is None:
        return value
    row, column = cell
    return f"{_prefix(tab)}${column_letter(column)}${row}"


def own_formulas(unit: Unit, tab: str, located: Mapping[str, Located]) -> FormulaOf:
    """What formula each computed cell gets, wherever sheets and columns stand; `tab` is that of 首页."""
    front = {
        "month": _from_front(unit, tab, "cutoff_month", str(unit.cutoff_month)),
        "profile": _from_front(unit, tab, "profile", f'"{unit.profile or ""}"'),
        "unit": _from_front(unit, tab, "amount_unit", f'"{unit.amount_unit}"'),
    }
    indicators = located.get(layout.INDICATORS.name)
    corners = _corners(indicators) if indicators else None
    if indicators and corners:
        (left, right), header, prefix = corners, indicators.header_row, _prefix(indicators.name)
        last = max(indicators.rows, default=header) + SPARE_ROWS
        front["indicator_rows"] = f"{prefix}${left}${header + 1}:${right}${last}"
        front["indicator_header"] = f"{prefix}${left}${header}:${right}${header}"

    def formula(sheet: str, field: str, row: int) -> str | None:
        place = located[sheet]
        ends = _corners(place)
        pattern = FORMULAS[sheet, field]
        if ends is None or ("indicator_rows" in pattern and "indicator_rows" not in front):
            return None
        left, right = ends
        own = {
            "rows": f"{left}{row}:{right}{row}",
            "header": f"{left}${place.header_row}:{right}${place.header_row}",
        }
        if "{forecast}" in pattern:
            if "forecast" not in place.columns:
                return None
            own["forecast"] = f"{column_letter(place.columns['forecast'])}{row}"
        return pattern.format(**front, **own)

    return formula
