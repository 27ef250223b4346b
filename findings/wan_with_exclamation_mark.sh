#!/usr/bin/env bash
# Believed: the usual way to show yuan as 万元, the format 0!.0,"万元", is read by every library that says it shows numbers
#           as Excel does. ("!" makes the next character a literal, as "\" does: 600000 is divided by 1000, its last
#           digit set behind a point that is text, and 60.0万元 shown.)
# True:     none of five takes "!" so. All see a decimal point and show a literal "!": SheetJS, numfmt, xlfmt and
#           LibreOffice 600!.0万元, excelize 600.!0万元: ten times too much, with a mark that looks like a misprint. With
#           "\" for "!" four of them are right, and SheetJS shows 6.00万元: ten times too little, and looking right.
# Versions: xlsx 0.18.5, @e965/xlsx 0.20.3, numfmt 4.0.1, excelize 0.1.0 (for Python), xlfmt 0.1.0, XlsxWriter 3.3.1 (it
#           writes the file), Node.js 20, CPython 3.11; LibreOffice 7.4, if soffice is there.
# Source:   what Excel shows is what Chinese guides teach (ExcelHome's forum, thread 1312477; qqso.net on 金额显示), while
#           ECMA-376 part 1, 18.8.31, only lists "!" among the characters that need no quotes; run on 2026-11-30.
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

CODES = ('0!.0,"万元"', '0\\.0,"万元"')
with xlsxwriter.Workbook("wan.xlsx") as book:
    sheet = book.add_worksheet("Sheet1")
    for row, code in enumerate(CODES):
        sheet.write_number(row, 0, 600000, book.add_format({"num_format": code}))

shown = [row[0] for row in excelize.open_file("wan.xlsx").get_rows("Sheet1")]
others = [xlfmt.format_value(600000, code) for code in CODES]
for code, text, other in zip(CODES, shown, others, strict=True):
    print(f"{code}  excelize: {text}  xlfmt: {other}")
assert shown == ["600.!0万元", "60.0万元"], shown
assert others == ["600!.0万元", "60.0万元"], others
PYTHON
cat >look.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { format } from "numfmt";
import SheetJS from "xlsx";
import Newer from "@e965/xlsx";

const bytes = readFileSync("wan.xlsx");
const [older, newer] = [SheetJS, Newer].map((one) => {
  const { Sheet1 } = one.read(bytes, { cellNF: true }).Sheets;
  return [Sheet1.A1, Sheet1.A2];
});
const third = older.map((cell) => format(cell.z, cell.v));
older.forEach((cell, row) => {
  console.log(`${cell.z}  xlsx: ${cell.w}  @e965/xlsx: ${newer[row].w}  numfmt: ${third[row]}`);
});
for (const cells of [older, newer]) {
  assert.deepStrictEqual(cells.map((cell) => cell.w), ["600!.0万元", "6.00万元"]);
}
assert.deepStrictEqual(third, ["600!.0万元", "60.0万元"]);
JAVASCRIPT
node look.mjs
if command -v soffice >/dev/null; then
  soffice "-env:UserInstallation=file://$folder/profile" --headless --convert-to html wan.xlsx >/dev/null 2>&1
  texts=$(grep -o '>[0-9.!]*万元<' wan.html | tr -d '<>' | tr '\n' ' ')
  echo "LibreOffice: $texts"
  [[ $texts == "600!.0万元 60.0万元 " ]]
fi
echo "as described"
