"""The sample: a real county report's figures as a filled workbook, by sheet name and header."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib import resources
from typing import Any

SAMPLE = "county-2022H1.toml"


def load() -> dict[str, Any]:
    """Sheet → {label: value} for 首页, {"表头": [...], "行": [[...]]} for the others."""
    text = (resources.files(__package__) / SAMPLE).read_text("utf-8")
    return tomllib.loads(text, parse_float=Decimal)
