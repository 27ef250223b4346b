"""Results as plain data for JSON: the keys that other programs rely on (SPEC 8)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from xlbudget.audit.finding import AuditFinding, Claim
from xlbudget.domain.finding import Finding, Where
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.money import in_wan, percent
from xlbudget.report.explain import Explanation


def number(value: Decimal | None) -> int | float | None:
    """A Decimal as a JSON number: exact, since it has at most 6 decimals and 15 significant digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _wan(yuan: Decimal | None) -> int | float | None:
    return None if yuan is None else number(in_wan(yuan))


def _percent(value: Fraction | None) -> int | float | None:
    return number(percent(value))


def _project(result: ProjectResult, department: str | None) -> dict[str, Any]:
    project = result.project
    return {
        "id": project.id,
        "name": project.name,
        "department": project.department or department,
        "batch": project.batch,
        "month": project.month,
        "budget_wan": _wan(project.budget),
        "spent_wan": _wan(project.spent),
        "execution_rate": _percent(result.execution_rate),
        "achievement": _percent(result.achievement),
        "forecast": _percent(result.forecast),
        "forecast_execution_rate": _percent(result.forecast_execution_rate),
        "forecast_flag": result.flag,
        "indicator_light": result.indicator_light,
        "budget_light": result.budget_light,
        "light": result.light,
        "band": result.band,
        "basis": result.basis,
    }


def _unit(case: Assessment) -> dict[str, Any]:
    unit = case.facts.unit
    return {
        "full_name": unit.full_name,
        "department": unit.department,
        "year": unit.year,
        "cutoff_month": unit.cutoff_month,
        "profile": case.profile.id,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.where.sheet,
        "cell": finding.where.cell,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def of_run(case: Assessment, findings: Iterable[Finding], outputs: Iterable[Path]) -> dict[str, Any]:
    """The object that `run` and `check` print."""
    totals, unit = case.totals, case.facts.unit
    return {
        "unit": _unit(case),
        "projects": [_project(result, unit.department) for result in case.results],
        "totals": {
            "projects": totals.projects,
            "budget_wan": _wan(totals.budget),
            "spent_wan": _wan(totals.spent),
            "execution_rate": _percent(totals.execution_rate),
            "incomplete": totals.incomplete,
        },
        "bands": {label: len(rows) for label, rows in case.bands} | {"unknown": len(case.unknown_band)},
        "forecast": {
            one.flag: {"projects": len(one.results), "amount_wan": _wan(one.amount)} for one in case.forecast
        },
        "findings": [_finding(finding) for finding in findings],
        "outputs": [str(path) for path in outputs],
    }


def _cells(cells: Iterable[Where]) -> list[str]:
    return list(dict.fromkeys(str(cell) for cell in cells))


def of_explanations(explanations: Iterable[Explanation]) -> dict[str, Any]:
    """The object that `explain` prints."""
    return {
        "projects": [
            {
                "id": one.result.project.id,
                "name": one.result.project.name,
                "batch": one.result.project.batch,
                "month": one.result.project.month,
                "parts": [
                    {
                        "what": part.what,
                        "value": number(part.value),
                        "cells": _cells(part.cells),
                        "how": part.how,
                    }
                    for part in one.parts
                ],
                "formula": one.formula,
                "result": _percent(one.result.achievement),
                "figures": [
                    {"what": f.what, "formula": f.formula, "result": f.result, "cells": _cells(f.cells)}
                    for f in one.figures
                ],
            }
            for one in explanations
        ]
    }


def dumps(value: dict[str, Any]) -> str:
    """One JSON object, readable by people too."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def of_audit(claims: Iterable[Claim], findings: Iterable[AuditFinding]) -> dict[str, Any]:
    """The JSON of `audit`; the accused quote comes first."""
    return {
        "claims": [
            {
                "kind": one.kind,
                "value": one.value,
                "unit": one.unit,
                "quote": one.quote.text,
                "place": one.quote.place.label,
            }
            for one in claims
        ],
        "findings": [
            {
                "code": one.code,
                "severity": one.severity,
                "confidence": one.confidence,
                "message": one.message,
                "remedy": one.remedy,
                "quotes": [quote.text for quote in one.quotes],
                "places": [quote.place.label for quote in one.quotes],
                "expected": one.expected,
                "found": one.found,
            }
            for one in findings
        ],
    }
