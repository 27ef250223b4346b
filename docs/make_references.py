"""Write the reference pages, and the generated sources in vba/, from the code: `uv run python docs/make_references.py`."""

from __future__ import annotations

from pathlib import Path

from xlbudget.audit.reference import check_reference
from xlbudget.functions.reference import function_reference
from xlbudget.rules.reference import rule_reference
from xlbudget.vba.made import GENERATED

PAGES = {"rules.md": rule_reference, "functions.md": function_reference, "checks.md": check_reference}


def main() -> None:
    docs = Path(__file__).parent
    for name, page in PAGES.items():
        (docs / name).write_text(page(), encoding="utf-8")
    for name, made in GENERATED.items():
        (docs.parent / "vba" / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
