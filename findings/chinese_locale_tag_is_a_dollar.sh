#!/usr/bin/env bash
# Believed: [$-804] in a number format only says which language the number is written in, so a reader that gives the
#           shown text either writes Chinese numerals or, if it can't, plain digits.
# True:     SheetJS puts a dollar sign in its place. Excel's own format for Chinese capital numerals,
#           [DBNum2][$-804]General, makes an amount of 600000 yuan come out as $600000, and any number format with the
#           tag does; a date format doesn't. The text is what sheet_to_csv, sheet_to_html and cell.w give, without a
#           warning. xlfmt gives the dollar for [$-804]0.00, too; numfmt leaves the tag out, as it should.
# Versions: xlsx 0.18.5, @e965/xlsx 0.20.3 (a newer SheetJS), numfmt 4.0.1, exceljs 4.4.0 (it writes the file), xlfmt
#           0.1.0, Node.js 20, CPython 3.11.
# Source:   ECMA-376 part 1, 18.8.31, has [$currency-language], and here the currency is empty; SheetJS issue 2696
#           shows Excel without a dollar for another language's tag; the rest was run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund xlsx@0.18.5 @e965/xlsx@0.20.3 numfmt@4.0.1 exceljs@4.4.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check xlfmt==0.1.0
cat >look.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import ExcelJS from "exceljs";
import { format } from "numfmt";
import SheetJS from "xlsx";
import Newer from "@e965/xlsx";

const EXPECTED = {
  "[DBNum2][$-804]General": "$600000",
  '[DBNum2][$-804]General"元整"': "$600000元整",
  '[$-804]#,##0.00"万元"': "$600,000.00万元",
  '[$-804]yyyy"年"': "3542年",
};
const book = new ExcelJS.Workbook();
const sheet = book.addWorksheet("Sheet1");
for (const code of Object.keys(EXPECTED)) sheet.addRow([600000]).getCell(1).numFmt = code;
await book.xlsx.writeFile("tag.xlsx");

const bytes = readFileSync("tag.xlsx");
const [older, newer] = [SheetJS, Newer].map((one) =>
  one.utils.sheet_to_csv(one.read(bytes).Sheets.Sheet1).trim().split("\n").map((line) => line.replaceAll('"', "")),
);
Object.entries(EXPECTED).forEach(([code, text], row) => {
  const other = format(code, 600000);
  console.log(`${code}  xlsx: ${older[row]}  @e965/xlsx: ${newer[row]}  numfmt: ${other}`);
  assert.strictEqual(older[row], text);
  assert.strictEqual(newer[row], text);
  assert.ok(!other.includes("$"));
});
JAVASCRIPT
node look.mjs
venv/bin/python - <<'PYTHON'
import xlfmt

text = xlfmt.format_value(600000, "[$-804]0.00")
print("xlfmt [$-804]0.00:", text)
assert text == "$600000.00", text
print("as described")
PYTHON
