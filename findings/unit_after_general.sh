#!/usr/bin/env bash
# Believed: a cell that shows 600000万元 by the format General"万元" (Excel's G/通用格式"万元") is given as 600000万元 by a
#           reader that gives shown text, as one with 0"万元" is.
# True:     SheetJS and excelize see General and give the bare number, 600000: the unit is gone, and an amount in 万元
#           reads as one in yuan, ten thousand times less. SheetJS keeps it if text stands before General, too; excelize
#           doesn't. Both do right by 0"万元". numfmt and xlfmt keep the unit.
# Versions: xlsx 0.18.5, @e965/xlsx 0.20.3 (a newer SheetJS), numfmt 4.0.1, excelize 0.1.0 (for Python), xlfmt 0.1.0,
#           XlsxWriter 3.3.1 (it writes the file), Node.js 20, CPython 3.11.
# Source:   MS-OI29500 2.1.712 lets quoted text stand around the other parts of a format code, and LibreOffice 7.4 shows
#           600000万元; run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund xlsx@0.18.5 @e965/xlsx@0.20.3 numfmt@4.0.1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check excelize==0.1.0 xlfmt==0.1.0 XlsxWriter==3.3.1
venv/bin/python - <<'PYTHON'
import excelize
import xlfmt
import xlsxwriter

CODES = ('General"万元"', '"约"General"万元"', '0"万元"')
with xlsxwriter.Workbook("unit.xlsx") as book:
    sheet = book.add_worksheet("Sheet1")
    for row, code in enumerate(CODES):
        sheet.write_number(row, 0, 600000, book.add_format({"num_format": code}))

shown = [row[0] for row in excelize.open_file("unit.xlsx").get_rows("Sheet1")]
others = [xlfmt.format_value(600000, code) for code in CODES]
for code, text, other in zip(CODES, shown, others, strict=True):
    print(f"{code}  excelize: {text}  xlfmt: {other}")
assert shown == ["600000", "600000", "600000万元"], shown
assert others == ["600000万元", "约600000万元", "600000万元"], others
PYTHON
cat >look.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { format } from "numfmt";
import SheetJS from "xlsx";
import Newer from "@e965/xlsx";

const bytes = readFileSync("unit.xlsx");
const [older, newer] = [SheetJS, Newer].map((one) => {
  const { Sheet1 } = one.read(bytes, { cellNF: true }).Sheets;
  return ["A1", "A2", "A3"].map((name) => Sheet1[name]);
});
older.forEach((cell, row) => {
  console.log(`${cell.z}  xlsx: ${cell.w}  @e965/xlsx: ${newer[row].w}  numfmt: ${format(cell.z, cell.v)}`);
});
for (const cells of [older, newer]) {
  assert.deepStrictEqual(cells.map((cell) => cell.w), ["600000", "约600000万元", "600000万元"]);
}
assert.deepStrictEqual(older.map((cell) => format(cell.z, cell.v)), ["600000万元", "约600000万元", "600000万元"]);
console.log("as described");
JAVASCRIPT
node look.mjs
