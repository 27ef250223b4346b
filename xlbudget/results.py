"""Results as plain data for JSON: the keys that other programs rely on (SPEC 8)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlbudget.audit.finding import AuditFinding, Claim
from xlbudget.domain.finding import Finding
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.money import in_wan, percent, plain
from xlbudget.domain.visible import visible
from xlbudget.domain.where import Where
from xlbudget.report.explain import Explanation


def _wan(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else in_wan(yuan)


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
        "execution_rate": percent(result.execution_rate),
        "achievement": percent(result.achievement),
        "forecast": percent(result.forecast),
        "forecast_execution_rate": percent(result.forecast_execution_rate),
        "forecast_flag": result.flag,
        "indicator_light": result.indicator_light,
        "budget_light": result.budget_light,
        "light": result.light,
        "band": result.band,
        "basis": result.basis,
    }


def _unit(case: Assessment) -> dict[str, Any]:
    unit, file = case.facts.unit, case.profile.own_file
    return {
        "full_name": unit.full_name,
        "department": unit.department,
        "year": unit.year,
        "cutoff_month": unit.cutoff_month,
        "profile": case.profile.id,
        "profile_file": file and file.name,
        "profile_hash": file and file.digest,
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
            "execution_rate": percent(totals.execution_rate),
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
                        "value": part.value,
                        "cells": _cells(part.cells),
                        "how": part.how,
                    }
                    for part in one.parts
                ],
                "formula": one.formula,
                "result": percent(one.result.achievement),
                "figures": [
                    {"what": f.what, "formula": f.formula, "result": f.result, "cells": _cells(f.cells)}
                    for f in one.figures
                ],
            }
            for one in explanations
        ]
    }


_text = json.JSONEncoder(ensure_ascii=False).encode


def dumps(value: object, indent: str = "\n") -> str:
    """A value as JSON, readable by people too. Decimals are written digit by digit: json knows only floats."""
    inner = f"{indent}  "
    if isinstance(value, dict):
        items = [f"{_string(key)}: {dumps(one, inner)}" for key, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{indent}}}" if items else "{}"
    if isinstance(value, list | tuple):
        items = [dumps(one, inner) for one in value]
        return f"[{inner}{f',{inner}'.join(items)}{indent}]" if items else "[]"
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | Decimal):
        return plain(value)
    raise TypeError(f"no JSON for {type(value)}")


def _string(text: str) -> str:
    """A JSON string; what must not reach a terminal as it is (controls, directions) is written as its number."""
    written = _text(text)
    return written if written.isprintable() else "".join(map(_sign, written))


def _sign(sign: str) -> str:
    return sign if visible(sign) == sign else json.dumps(sign)[1:-1]


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
