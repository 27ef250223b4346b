#!/usr/bin/env bash
# Believed: a reader of .xlsx knows which of Excel's built-in number formats are dates, so that a cell which shows
#           2022年7月10日 comes out as a date.
# True:     the built-in formats 27–36 and 50–58 (East Asian dates, e.g. 31 = yyyy年m月d日, 57 = yyyy年m月) have no code in
#           the file. openpyxl, and with it pandas' default engine, take them for General and give the bare serial number,
#           without a warning; calamine 0.9 gives dates for the same cells (0.6 did not).
# Versions: openpyxl 3.1.5, pandas 3.1.1, python-calamine 0.9.1, XlsxWriter 3.3.1 (it writes the file), CPython 3.11.
# Source:   ECMA-376 part 1, 18.8.30 numFmt, lists the ids for zh-cn; the rest was run on 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 pandas==3.1.1 python-calamine==0.9.1 XlsxWriter==3.3.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import datetime

import openpyxl
import pandas
import xlsxwriter
from python_calamine import CalamineWorkbook

SERIAL = 44752  # 2022-07-10
IDS = (14, 27, 31, 36, 50, 57, 58)
with xlsxwriter.Workbook("dates.xlsx") as book:
    sheet = book.add_worksheet("Sheet1")
    for row, number in enumerate(IDS):
        sheet.write_number(row, 0, SERIAL, book.add_format({"num_format": number}))

cells = [row[0] for row in openpyxl.load_workbook("dates.xlsx").active.iter_rows()]
frame = pandas.read_excel("dates.xlsx", header=None)[0].tolist()
calamine = [row[0] for row in CalamineWorkbook.from_path("dates.xlsx").get_sheet_by_name("Sheet1").to_python()]
print(f"{'id':>3}  {'openpyxl':<22}{'pandas':<22}calamine")
for number, cell, value, other in zip(IDS, cells, frame, calamine, strict=True):
    print(f"{number:>3}  {cell.value!s:<22}{value!s:<22}{other}")

assert isinstance(cells[0].value, datetime.datetime), "14 is a date to openpyxl"
for cell, value, other in list(zip(cells, frame, calamine, strict=True))[1:]:
    assert cell.value == SERIAL and cell.number_format == "General" and not cell.is_date, cell.number_format
    assert value == SERIAL, value
    assert other == datetime.date(2022, 7, 10), other
print("as described")
PYTHON
