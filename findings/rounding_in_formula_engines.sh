#!/usr/bin/env bash
# Believed: a package that computes a workbook's formulas rounds as Excel does, half away from zero on the number as it is
#           shown, so a score or a rate comes out as in the sheet.
# True:     formulas and pycel round some halves down. ROUND(0.285,2) is 0.28 in formulas (Excel: 0.29), and TEXT rounds
#           halves to even in both: TEXT(2.5,"0") is 2 (Excel: 3), TEXT(0.285,"0.00") 0.28 (Excel: 0.29). ROUND(2.5,0) is
#           3 in both, so the same cell can read 3 by ROUND and 2 by TEXT.
# Versions: formulas 1.3.4, pycel 1.0b30, openpyxl 3.1.5 (it writes the file), CPython 3.11; LibreOffice 7.4 gives what
#           Excel gives, if soffice is there.
# Source:   Microsoft's page on ROUND rounds a half away from zero; the rest was run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check formulas==1.3.4 pycel==1.0b30 openpyxl==3.1.5
venv/bin/python -W ignore - <<'PYTHON'
import formulas
import openpyxl
from pycel import ExcelCompiler

CASES = (
    ("=ROUND(2.5,0)", 3.0, 3.0),
    ("=ROUND(0.285,2)", 0.28, 0.29),
    ("=ROUND(1.005,2)", 1.0, 1.01),
    ('=TEXT(2.5,"0")', "2", "2"),
    ('=TEXT(0.285,"0.00")', "0.28", "0.28"),
)
book = openpyxl.Workbook()
for row, (formula, _, _) in enumerate(CASES, 1):
    book.active.cell(row, 1, formula)
book.active.title = "Sheet1"
book.save("round.xlsx")
compiler = ExcelCompiler("round.xlsx")
for row, (formula, first, second) in enumerate(CASES, 1):
    found = formulas.Parser().ast(formula)[1].compile()()
    found = found.item() if hasattr(found, "item") else found
    other = compiler.evaluate(f"Sheet1!A{row}")
    print(f"{formula}  formulas: {found}  pycel: {other}")
    assert found == first, found
    assert other == second, other
PYTHON
if command -v soffice >/dev/null; then
  soffice "-env:UserInstallation=file://$folder/profile" --headless --convert-to csv round.xlsx >/dev/null 2>&1
  texts=$(tr '\n' ' ' <round.csv)
  echo "LibreOffice: $texts"
  [[ $texts == "3 0.29 1.01 3 0.29 " ]]
fi
echo "as described"
