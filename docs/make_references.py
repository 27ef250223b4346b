"""Make every file anew that is made from the code: `uv run python docs/make_references.py`.

Reference pages, the table of profiles, the generated sources in vba/, the plain template. (Pictures: make_pictures.py.)
"""

from __future__ import annotations

from pathlib import Path

from xlbudget import app
from xlbudget.audit.reference import check_reference
from xlbudget.functions.reference import function_reference
from xlbudget.profiles.reference import with_table
from xlbudget.rules.reference import rule_reference
from xlbudget.vba.made import GENERATED

PAGES = {"rules.md": rule_reference, "functions.md": function_reference, "checks.md": check_reference}


def main() -> None:
    docs = Path(__file__).parent
    for name, page in PAGES.items():
        (docs / name).write_text(page(), encoding="utf-8")
    profiles = docs / "profiles.md"
    profiles.write_text(with_table(profiles.read_text("utf-8")), encoding="utf-8")
    for name, made in GENERATED.items():
        (docs.parent / "vba" / name).write_text(made(), encoding="utf-8")
    (docs.parent / "workbook" / "xlbudget.xlsx").write_bytes(app.new_workbook(None, sample=False))


if __name__ == "__main__":
    main()
