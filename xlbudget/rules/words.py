"""How rules word projects and amounts: the name first, money in the workbook's own unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from xlbudget.domain.measures import Assessment
from xlbudget.domain.model import Indicator, Project
from xlbudget.domain.money import plain, wan


def name(row: Project | Indicator) -> str:
    """The project's or indicator's name in quotes; nothing where it is empty."""
    text = row.name if isinstance(row, Project) else row.level3
    return f"“{text}”" if text else ""


def money(case: Assessment, yuan: Decimal) -> str:
    """An amount with its unit, as people typed it."""
    return f"{wan(yuan)} 万元" if case.facts.unit.amount_unit == "万元" else f"{plain(yuan)} 元"


def project_named(case: Assessment) -> Callable[[str | None], str]:
    """How a project is called by its number: its name, else the number."""
    names = {project.id: project.name for project in reversed(case.facts.projects) if project.name}
    return lambda number: names.get(number) or number or ""


_SIGNS = re.compile(r"[\s\W_]+")


def bare(text: str) -> str:
    """A text without blanks and punctuation, to be compared with another."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text))


_SEVERAL_YEARS = re.compile(
    r"跨年|分年|分期|多年|(?<![0-9第])[两二三四五六2-6]\s*个?(?:整年|年度|年)"
    r"|(?<!\d)(?:1[3-9]|[2-9]\d)\s*个月|下一?年度|次年|明年|上年|以前年度"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)?(\d\d)\s*年")


def tells_of_several_years(project: Project) -> bool:
    """Whether 资金用途 or 备注 speaks of more than one year (or cannot be read)."""
    text = f"{project.purpose or ''}{project.remark or ''}"
    unknown = project.unknown("purpose") or project.unknown("remark")
    return unknown or bool(_SEVERAL_YEARS.search(text)) or len(set(_YEAR.findall(text))) > 1
