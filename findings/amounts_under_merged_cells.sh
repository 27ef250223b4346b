#!/usr/bin/env bash
# Believed: a merged range has one value, its first cell's, so a library may treat the other cells as empty, or as the
#           first, and saving a workbook that was only opened changes no total.
# True:     cells that were merged by copying a format (a common trick in Chinese tables) keep their own values in the
#           file, and SUM counts them. openpyxl drops them while it loads, exceljs gives the first one for each, pandas
#           and calamine read all. Opened and saved, the workbook is another: a total of 60 becomes 10.
# Versions: openpyxl 3.1.5 (but not with read_only), exceljs 4.4.0, pandas 3.1.1, python-calamine 0.9.1, XlsxWriter 3.3.1
#           (it writes the file), CPython 3.11, Node.js 20; LibreOffice 7.4 computes the totals, if soffice is there.
# Source:   ECMA-376 part 1, 18.3.1.55 mergeCell, says nothing of the other cells' values; run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund exceljs@4.4.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 pandas==3.1.1 python-calamine==0.9.1 XlsxWriter==3.3.1
venv/bin/python - <<'PYTHON'
import zipfile

import openpyxl
import pandas
import xlsxwriter
from python_calamine import CalamineWorkbook

AMOUNTS = [10, 20, 30]
with xlsxwriter.Workbook("plain.xlsx") as book:
    sheet = book.add_worksheet("Sheet1")
    for row, number in enumerate(AMOUNTS):
        sheet.write_number(row, 0, number)
    sheet.write_formula(3, 0, "=SUM(A1:A3)", value=60)
merged = '</sheetData><mergeCells count="1"><mergeCell ref="A1:A3"/></mergeCells>'
with zipfile.ZipFile("plain.xlsx") as old, zipfile.ZipFile("merged.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
    for name in old.namelist():
        part = old.read(name)
        new.writestr(name, part.replace(b"</sheetData>", merged.encode()) if "worksheets/" in name else part)

book = openpyxl.load_workbook("merged.xlsx")
usual = [row[0].value for row in book.active.iter_rows(max_row=3)]
reading = openpyxl.load_workbook("merged.xlsx", read_only=True).active
only = [row[0].value for row in reading.iter_rows(max_row=3)]
frame = pandas.read_excel("merged.xlsx", header=None, engine="openpyxl")[0].tolist()[:3]
calamine = [row[0] for row in CalamineWorkbook.from_path("merged.xlsx").get_sheet_by_name("Sheet1").to_python()][:3]
print("openpyxl:", usual, " read_only:", only, " pandas:", frame, " calamine:", calamine)
assert usual == [10, None, None], usual
assert only == frame == calamine == AMOUNTS, (only, frame, calamine)

book.save("saved.xlsx")
left = [row[0].value for row in openpyxl.load_workbook("saved.xlsx", read_only=True).active.iter_rows(max_row=3)]
print("saved by openpyxl:", left)
assert left == [10, None, None], left
PYTHON
cat >look.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import ExcelJS from "exceljs";

const book = new ExcelJS.Workbook();
await book.xlsx.readFile("merged.xlsx");
const values = [1, 2, 3].map((row) => book.worksheets[0].getCell(row, 1).value);
console.log("exceljs:", values, " their sum:", values.reduce((sum, value) => sum + value));
assert.deepStrictEqual(values, [10, 10, 10]);
JAVASCRIPT
node look.mjs
if command -v soffice >/dev/null; then
  for name in merged saved; do
    soffice "-env:UserInstallation=file://$folder/profile" --headless --convert-to csv "$name.xlsx" >/dev/null 2>&1
  done
  echo "SUM in LibreOffice: $(tail -n 1 merged.csv), after openpyxl: $(tail -n 1 saved.csv)"
  [[ $(tail -n 1 merged.csv) == 60 && $(tail -n 1 saved.csv) == 10 ]]
fi
echo "as described"
