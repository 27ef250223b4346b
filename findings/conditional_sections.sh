#!/usr/bin/env bash
# Believed: excelize gives a cell's text as Excel shows it, so a format with conditions, [=0]"未拨";0.00"万元" or one that
#           changes its unit when an amount is large, is safe to read.
# True:     the Python excelize takes the first section for every positive number, whatever its condition: 12.5 comes out
#           as 未拨 (nothing paid) and 12 as 0.00百万. Nothing warns. SheetJS and numfmt choose the section by its condition.
# Versions: excelize 0.1.0 (for Python), xlsx 0.18.5, numfmt 4.0.1, XlsxWriter 3.3.1 (it writes the file), Node.js 20,
#           CPython 3.11.
# Source:   ECMA-376 part 1, 18.8.31, on conditions in brackets; run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund xlsx@0.18.5 numfmt@4.0.1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check excelize==0.1.0 XlsxWriter==3.3.1
venv/bin/python - <<'PYTHON'
import excelize
import xlsxwriter

CELLS = (
    ('[=0]"未拨";0.00"万元"', 12.5, "未拨"),
    ('[=0]"未拨";0.00"万元"', 0, "未拨"),
    ('[>=1000000]0.00,,"百万";0.00', 12, "0.00百万"),
    ('[>=1000000]0.00,,"百万";0.00', 2500000, "2.50百万"),
)
with xlsxwriter.Workbook("sections.xlsx") as book:
    sheet = book.add_worksheet("Sheet1")
    for row, (code, number, _) in enumerate(CELLS):
        sheet.write_number(row, 0, number, book.add_format({"num_format": code}))

shown = [row[0] for row in excelize.open_file("sections.xlsx").get_rows("Sheet1")]
for (code, number, text), found in zip(CELLS, shown, strict=True):
    print(f"{code}  {number}  excelize: {found}")
    assert found == text, (code, number, found)
PYTHON
cat >look.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { format } from "numfmt";
import SheetJS from "xlsx";

const { Sheet1 } = SheetJS.read(readFileSync("sections.xlsx"), { cellNF: true }).Sheets;
["12.50万元", "未拨", "12.00", "2.50百万"].forEach((expected, row) => {
  const cell = Sheet1[`A${row + 1}`];
  console.log(`${cell.z}  ${cell.v}  xlsx: ${cell.w}  numfmt: ${format(cell.z, cell.v)}`);
  assert.strictEqual(cell.w, expected);
  assert.strictEqual(format(cell.z, cell.v), expected);
});
console.log("as described");
JAVASCRIPT
node look.mjs
